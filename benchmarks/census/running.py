"""One program, one process: its CPU and wall seconds and its peak memory. Only the standard library is loaded here.

Linux counts the memory of the process that starts another one into the other's peak, so the starter has to stay small.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
THREADS = 2
VARIABLES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: CPU (user and system) and wall seconds, peak resident memory in MB."""

    cpu: float
    wall: float
    peak: float


def middle(costs: Sequence[Cost]) -> Cost:
    """The medians of some runs, each figure by itself."""
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in Cost.__dataclass_fields__))


def confine() -> None:
    """Keep this process and those it starts to two cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])


def run(module: str, *arguments: object) -> Cost:
    """Run a module of the repository as a program of two threads.

    Raises
    ------
    SystemExit
        If it fails; the reason is then on stderr.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(os.environ), stdout=subprocess.DEVNULL)
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{module} {' '.join(map(str, arguments))} ended with code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1e6)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [own.get("PYTHONPATH")])])
    own = {
        name: value for name, value in own.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # installed, all is compiled
    return {**own, "PYTHONPATH": path, **dict.fromkeys(VARIABLES, str(THREADS))}
