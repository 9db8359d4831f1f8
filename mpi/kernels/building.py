"""The kernels as an object file, compiled once; `python -m mpi.kernels.building` writes it into the user's cache.

With a folder as its argument it writes it there, as `make dist` does to ship it.

A process of its own compiles, because numba takes the processor that code is for from the environment, when it starts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from mpi.kernels.places import BASELINE, ENTRY, cached, file_name, machine, marked
from mpi.language import phrase

# Kernels own no memory, so that what would give it back is never called; the runtime of numba is not there to be asked.
DESTRUCTOR = "declare void @NRT_MemInfo_call_dtor(ptr)"
EMIT = "--emit"
MOST = 900  # seconds that compiling may take, on a machine however busy
NOTHING = "define internal void @NRT_MemInfo_call_dtor(ptr %0) { ret void }"


def build(path: Path, kind: str) -> None:
    """Compile the kernels for a kind of machine and write them to a file, completely or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    subprocess.SubprocessError
        If they cannot be compiled.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = {"NUMBA_CPU_NAME": BASELINE[kind], "NUMBA_CPU_FEATURES": "", "NUMBA_OPT": "0", "NUMBA_DISABLE_JIT": "0"}
    command = [sys.executable, "-m", "mpi.kernels.building", EMIT]
    made = subprocess.run(  # noqa: S603 -- this module
        command, check=True, capture_output=True, timeout=MOST, env={**os.environ, **own}
    )
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(made.stdout)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def emit() -> None:
    """Write the object file, behind its mark, to standard output; in the environment that `build` makes."""
    import llvmlite.binding as llvm

    from mpi.kernels.vm import kernel as compiled

    kernel: Any = compiled  # whose inner parts have no types

    # numba's own functions stay apart and are not made fast; together, with one way in, they are once.
    text = kernel._library.get_llvm_str().replace(kernel._wrapper_name, ENTRY).replace(DESTRUCTOR, NOTHING)
    module = llvm.parse_assembly(text)
    for function in module.functions:
        if not function.is_declaration and function.name != ENTRY:
            function.linkage = "internal"
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=os.environ["NUMBA_CPU_NAME"], opt=3, reloc="static", codemodel="large", jit=True
    )
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    sys.stdout.buffer.write(marked(target.emit_object(module)))


def main(arguments: list[str]) -> int:
    """Compile the kernels into a folder, or else into the user's cache, or emit them; the exit code."""
    if arguments == [EMIT]:
        emit()
        return 0
    folder = Path(arguments[0]) if arguments else cached()
    if folder is None or machine() not in BASELINE:
        print(
            phrase("the kernels cannot be compiled here; numpy does the work, with the same figures"), file=sys.stderr
        )
        return 1
    path = folder / file_name() if arguments else folder
    build(path, machine())
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
