"""What the command line says: results to stdout, messages to stderr."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from mpi.cli.words import said
from mpi.errors import DataError, Fault, Notice, phrase
from mpi.errors.resources import said_by_system
from mpi.language import Phrase

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

STRICT = 3
SPACE = phrase("look at the free space and the permissions of the disk")
PATIENCE = 1.0  # seconds that pass without a bar


class Closed(Exception):
    """Whoever read stdout has read enough, such as `head`."""


def closed() -> DataError:
    """There is no stdout: it was closed when the program began."""
    reason = phrase("the result cannot be written to stdout (it is closed)")
    return DataError(Fault("MPI-O004", None, reason, phrase("open it, or name a file with -o")))


def say_result(text: str | bytes) -> None:
    """Write a result to stdout."""
    if sys.stdout is None:
        raise closed()
    try:
        click.echo(text)
    except BrokenPipeError:
        raise Closed from None
    except OSError as error:
        reason = phrase("the result cannot be written to stdout ({reason})", reason=said_by_system(error))
        raise DataError(Fault("MPI-O004", None, reason, SPACE)) from None


def say(text: str) -> None:
    """Write a message to stderr, if anybody listens."""
    with contextlib.suppress(OSError):  # closed, or full: the exit code says it as well
        if sys.stderr is not None:
            click.echo(text, err=True)


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def progress_to_terminal(quiet: bool = False) -> Callable[[str], None]:
    """Stages with the seconds since now, to a terminal; to nobody else, since logs and files want results."""
    if quiet or not _on_terminal():
        return lambda _: None
    start = time.monotonic()
    return lambda stage: say(f"{time.monotonic() - start:6.1f} s  {said(stage)}")


class RowsToTerminal:
    """A bar with rows, share and time left, on a terminal; nothing for what takes less than a second."""

    def __init__(self) -> None:
        self.stage, self.began = "", time.monotonic()
        self.bar: ProgressBar[int] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show where a stage is."""
        if stage != self.stage or done < (self.bar.pos if self.bar is not None else 0):
            self.close()
            self.stage, self.began = stage, time.monotonic()
        if self.bar is None and time.monotonic() - self.began >= PATIENCE:
            self.bar = click.progressbar(length=total, label=said(self.label(stage)), show_pos=True, file=sys.stderr)
            self.bar.render_progress()
        if self.bar is not None:
            self.bar.update(done - self.bar.pos)
            if done >= total:
                self.close()

    @staticmethod
    def label(stage: str) -> str:
        """What stands before the bar: a stage that names what it counts is a phrase, a table is not."""
        return stage if isinstance(stage, Phrase) else phrase("{stage} (rows)", stage=stage)

    def close(self) -> None:
        """End the bar's line."""
        if self.bar is not None:
            self.bar.render_finish()
        self.bar = None


@contextlib.contextmanager
def rows_to_terminal(quiet: bool = False) -> Iterator[RowsToTerminal | None]:
    """Who is told of rows that are read: a terminal, and nobody else."""
    if quiet or not _on_terminal():
        yield None
        return
    shown = RowsToTerminal()
    try:
        yield shown
    finally:
        shown.close()


def tell(notices: Sequence[Notice], strict: bool = False) -> int:
    """Print notices to stderr; the exit code that they give."""
    for notice in notices:
        say(said(phrase("note {notice}", notice=notice)))
    return STRICT if strict and not all(notice.remark for notice in notices) else 0
