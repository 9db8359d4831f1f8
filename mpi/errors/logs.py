"""What the stages of the work did, and how long they took: lines of the logger `mpi` of Python's `logging`.

Nobody hears of it unless a program asks: at level INFO one line a stage, at DEBUG one a file as well. A line counts
rows and names files, surveys, tables and domains; it never quotes a value of a person or household.
"""

from __future__ import annotations

import time
from typing import Literal

from mpi.language import phrase

LOGGER = "mpi"
Part = Literal["config", "files", "pipeline", "estimates", "changes", "following", "runs"]


def now() -> float:
    """When a stage begins, for `tell`; seconds of a clock that only runs forward."""
    return time.perf_counter()


def tell(part: Part, text: str, *, since: float | None = None, detail: bool = False) -> None:
    """One line of the logger `mpi.PART`.

    Parameters
    ----------
    part : str
        The package whose stage it is.
    text : str
        A phrase, so that the command line says it in its language.
    since : float, optional
        When the stage began: the line ends with its seconds.
    detail : bool
        Of level DEBUG, not INFO.
    """
    import logging  # a start of the command line that logs nothing imports nothing

    logger, level = logging.getLogger(f"{LOGGER}.{part}"), logging.DEBUG if detail else logging.INFO
    if logger.isEnabledFor(level):
        if since is not None:
            text = phrase("{stage} ({seconds:.2f} s)", stage=text, seconds=now() - since)
        logger.log(level, text, stacklevel=2)
