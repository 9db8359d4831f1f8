"""How much memory a pass may take, and how much the process takes."""

from __future__ import annotations

import os
import re
import sys
from math import ceil
from pathlib import Path

from mpi.errors import Fault, UsageError
from mpi.language import phrase

UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*", re.I)
STATE = Path("/proc/self/statm")  # pages in all, pages in memory, ...
MOST_PARTS = 200  # files that are open at once
A_THREAD = 160_000_000  # bytes that a thread's blocks take: measured 120 to 170 MB with 20 columns
SHARE = 0.45  # of the memory that is left for rows; the rest is for cells, and for what is freed late


def bytes_of(memory: int | str) -> int:
    """A size in bytes, or as text: 800MB, 2 GB, 1.5g.

    Raises
    ------
    UsageError
        If it is no size, or 0.
    """
    size = memory if isinstance(memory, int) else 0
    if isinstance(memory, str) and (match := SIZE.fullmatch(memory)):
        size = int(float(match[1]) * UNITS[match[2].lower()])
    if size <= 0 or isinstance(memory, bool):
        raise UsageError(
            Fault(
                "MPI-U011",
                None,
                phrase("{memory!r} is not a size of memory", memory=memory),
                phrase("write 800MB, 2GB, or a number of bytes"),
            )
        )
    return size


def told(size: int) -> str:
    """A size in words.

    Examples
    --------
    >>> told(1_250_000_000), told(80_000_000)
    ('1.2 GB', '80 MB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{size / 1e6:.0f} MB"


def resident() -> int:
    """Bytes that the process holds now; the most that it ever held where the system does not say; 0 if neither."""
    try:
        return int(STATE.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def threads_within(memory: int | None, threads: int) -> int:
    """How many threads fit, one at least."""
    if memory is None:
        return threads
    return max(1, min(threads, (memory - resident()) // A_THREAD))


def parts_within(memory: int | None, need: int, threads: int) -> int:
    """Into how many parts rows that need so much must be split, so that each thread can hold one.

    Raises
    ------
    UsageError
        If the process takes more than it may already.
    """
    if memory is None:
        return 1
    check(memory)
    room = max(1.0, (memory - resident()) * SHARE)
    return 1 if need <= room else min(MOST_PARTS, ceil(need * threads / room))


def check(memory: int | None) -> None:
    """Refuse to take more than is allowed.

    Raises
    ------
    UsageError
    """
    if memory is not None and (size := resident()) > memory:
        text = phrase(
            "the run uses {told} of memory, more than the {told2} allowed", told=told(size), told2=told(memory)
        )
        remedy = phrase("allow more, or use one thread and fewer domains: --threads 1, --domain")
        raise UsageError(Fault("MPI-U011", None, text, remedy))
