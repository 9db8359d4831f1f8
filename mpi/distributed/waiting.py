"""Waits that end: a call that may hang is made by a thread of its own, and given up after a time."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import TypeVar

from mpi.errors import Fault, UsageError
from mpi.language import phrase

T = TypeVar("T")
PATIENCE = 300.0  # seconds; a worker that Dask restarts, or a frozen machine, may be back within some minutes
ANSWER = 10.0  # seconds that a scheduler or a driver may take to answer
TICK = 0.02  # seconds between two looks at what is ready


def seconds_of(patience: object) -> float:
    """How long a cluster may give nothing, once it is made sure that this is a number of seconds.

    Raises
    ------
    UsageError
        If it is not.
    """
    number = patience if isinstance(patience, int | float) and not isinstance(patience, bool) else math.nan
    if not 0 < number < math.inf:
        shown = f"{patience:g}" if isinstance(patience, float) else repr(patience)[:40]
        text = phrase("a patience of {shown} is not a number of seconds above 0", shown=shown)
        raise UsageError(
            Fault("MPI-U181", None, text, phrase("give seconds, such as {patience:.0f}", patience=PATIENCE))
        )
    return float(number)


def bounded(call: Callable[[], T], seconds: float) -> T:
    """What a call gives, or raises.

    Raises
    ------
    TimeoutError
        If it takes longer. It then goes on in a thread that does not keep the process alive.
    """
    given: list[T] = []
    raised: list[BaseException] = []
    ended = threading.Event()

    def made() -> None:
        try:
            given.append(call())
        except BaseException as error:  # noqa: BLE001  raised again by the thread that waits
            raised.append(error)
        finally:
            ended.set()

    threading.Thread(target=made, daemon=True, name="mpi-call").start()
    if not ended.wait(seconds):
        raise TimeoutError
    if raised:
        raise raised[0]
    return given[0]
