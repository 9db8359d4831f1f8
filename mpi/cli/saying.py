"""What the command line says: results to stdout, messages to stderr."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Sequence

import click

from mpi.errors import DataError, Fault, Notice

STRICT = 3
REMARKS = ("MPI-N001", "MPI-N002")  # how a file was read, which optional domain it lacks: nothing to mend


class Closed(Exception):
    """Whoever read stdout has read enough, such as `head`."""


def say_result(text: str | bytes) -> None:
    """Write a result to stdout."""
    try:
        click.echo(text)
    except BrokenPipeError:
        raise Closed from None
    except OSError as error:
        reason = f"the result cannot be written to stdout ({error.strerror})"
        raise DataError(Fault("MPI-O004", None, reason, "look at the disk's space and rights")) from None


def say(text: str) -> None:
    """Write a message to stderr, if anybody listens."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(text, err=True)


def progress_to_terminal(quiet: bool = False) -> Callable[[str], None]:
    """Stages with the seconds since now, to a terminal; to nobody else, since logs and files want results."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    start = time.monotonic()
    return lambda stage: say(f"{time.monotonic() - start:6.1f} s  {stage}")


def tell(notices: Sequence[Notice], strict: bool = False) -> int:
    """Print notices to stderr; the exit code that they give."""
    for notice in notices:
        say(f"note {notice}")
    return STRICT if strict and any(notice.code not in REMARKS for notice in notices) else 0
