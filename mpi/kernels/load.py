"""The compiled kernels in this process, if it is to use them: found, loaded by llvmlite in 0.04 s, or made on demand.

`MPI_KERNELS` says whether: `auto` (or nothing) for data of at least `WORTH` persons if the kernels are there, `on` for
any, compiled first where they are not there, `off` never. Without them numpy does the work, with the same figures.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from mpi.errors import Fault, UsageError
from mpi.kernels import places
from mpi.language import phrase

Kernel: TypeAlias = Callable[[int], int]  # takes the address of a call, gives how many numbers left their range
WAYS = ("auto", "on", "off")
WORTH = 3_000_000  # persons; for fewer than two million, loading takes as long as the kernels save
_lock = threading.Lock()
_failed: set[Path] = set()  # what could not be compiled; it is not tried again in this process


def chosen(persons: int) -> Kernel | None:
    """The kernels for data of so many persons; None where numpy does the work.

    Raises
    ------
    UsageError
        If MPI_KERNELS is something else than auto, on or off.
    """
    way = os.environ.get("MPI_KERNELS") or "auto"
    if way not in WAYS:
        text = phrase("MPI_KERNELS is {way!r}, which is none of {ways}", way=way, ways=", ".join(WAYS))
        raise UsageError(Fault("MPI-U012", None, text, phrase("set it to auto, on or off, or unset it")))
    if way == "off" or (way == "auto" and persons < WORTH):
        return None
    with _lock:  # of several threads that come first, one loads
        return found() or (_made() if way == "on" else None)


def found() -> Kernel | None:
    """The kernels that came with the package, or those in the user's cache."""
    if (kernel := loaded(places.shipped())) is not None:
        return kernel
    cached = places.cached()
    return None if cached is None else loaded(cached)


def _made() -> Kernel | None:
    """The kernels, compiled into the user's cache; None where that cannot be."""
    from mpi.kernels.building import build

    path, machine = places.cached(), places.machine()
    if path is None or path in _failed or machine not in places.BASELINE:
        return None
    print(phrase("compiling the kernels into {path} (once, some 10 s)", path=path), file=sys.stderr)
    try:
        build(path, machine)
    except (OSError, subprocess.SubprocessError):
        _failed.add(path)
        print(
            phrase("the kernels cannot be compiled here; numpy does the work, with the same figures"), file=sys.stderr
        )
        return None
    return loaded(path)


def loaded(path: Path) -> Kernel | None:
    """The kernels of a file; None if there is none, or none of these sources, or it cannot be loaded."""
    try:
        state = path.stat()
    except OSError:
        return None
    return _loaded(path, state.st_mtime_ns)


@cache
def _loaded(path: Path, _changed: int) -> Kernel | None:
    try:
        code = places.unmarked(path.read_bytes())
    except OSError:
        return None
    return None if code is None else _linked(code)


def _linked(code: bytes) -> Kernel | None:
    """The entry of an object file; None without llvmlite, or where it does not fit this machine."""
    try:
        import llvmlite.binding as llvm
    except (ImportError, OSError):
        return None
    try:
        if places.machine() == "x86_64" and not all(llvm.get_host_cpu_features().get(f) for f in places.FEATURES):
            return None
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple().create_target_machine(codemodel="large", jit=True)
        engine: Any = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
        engine.finalize_object()
        address = engine.get_function_address(places.ENTRY)
    except (RuntimeError, OSError):
        return None
    entry: Any = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(address)  # a call lets other threads run
    entry.engine = engine  # the code lives as long as its engine
    return entry if address else None
