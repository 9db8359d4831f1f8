"""The compiled kernels for tests: compiled once for all runs of these sources, into the folder of things built."""

from __future__ import annotations

import fcntl
import os
from functools import cache
from pathlib import Path

from mpi.kernels import building, load, places

HOME = Path(__file__).resolve().parent.parent.parent / "build" / "kernels" / places.compiler()


@cache
def kernel() -> load.Kernel:
    """The kernels; raises where they cannot be compiled or loaded, for then nothing is tested."""
    path = HOME / places.file_name()
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:  # of workers side by side, one compiles
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = load.loaded(path)
        if found is None:
            building.build(path, places.machine())
            found = load.loaded(path)
    assert found is not None, "the kernels were compiled and cannot be loaded"
    return found


def cache_of(folder: Path) -> dict[str, str]:
    """The environment of a user whose cache is a folder that holds the kernels."""
    kernel()
    path = folder / "mpi-engine" / places.compiler() / places.file_name()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((HOME / places.file_name()).read_bytes())
    return {**os.environ, "XDG_CACHE_HOME": str(folder), "MPI_KERNELS": "on"}
