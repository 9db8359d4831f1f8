"""What the command line says: results to stdout, messages to stderr."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mpi.cli.words import RECORDS, language, said
from mpi.errors import DataError, Fault, Notice, phrase
from mpi.errors.records import Record, record, remark
from mpi.errors.resources import said_by_system
from mpi.language import Phrase

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

STRICT = 3
# Commands whose result is their messages; the results of others are figures, which stand on stdout alone.
OF_MESSAGES = ("check", "verify", "run")
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


def records_wanted(words: Sequence[str]) -> Literal["out", "err"] | None:
    """The stream to which messages go as JSON, where a command line asks for it with `--format json`.

    Where the messages are the result, that is stdout.

    Examples
    --------
    >>> records_wanted(["check", "m.yaml", "--format", "json"]), records_wanted(["estimate", "--format=json"])
    ('out', 'err')
    """
    pairs = zip(words, [*words[1:], ""], strict=False)  # of no words there is none
    if not any(word == "--format=json" or (word, after) == ("--format", "json") for word, after in pairs):
        return None
    return "out" if any(word in OF_MESSAGES for word in words[:3]) else "err"


def _write(record: Record) -> None:
    """Write a message as one line of JSON."""
    line = json.dumps(record, ensure_ascii=False)
    if RECORDS.get() == "out":
        say_result(line)
        return
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            click.echo(line, err=True)


def say_error(fault: Fault) -> None:
    """Write a fault to stderr, or as JSON where it is wanted."""
    if RECORDS.get():
        _write(record(fault, language()))
    else:
        say(said(phrase("error {fault}", fault=fault)))


def say_report(text: str) -> None:
    """Write what a check has found, which is no message, to stdout."""
    if RECORDS.get():
        _write(remark(text, language()))
    else:
        say_result(text)


def say_files(folder: Path, files: Mapping[str, str]) -> None:
    """Name the files that were made, on stdout."""
    if RECORDS.get():
        for name, what in files.items():
            _write(remark(said(what), language(), file=str(folder / name)))
    elif files:
        say_result("\n".join(f"{folder / name}: {said(what)}" for name, what in files.items()))


def say(text: str) -> None:
    """Write a message to stderr, if anybody listens."""
    if RECORDS.get():
        _write(remark(text, language()))
        return
    with contextlib.suppress(OSError):  # closed, or full: the exit code says it as well
        if sys.stderr is not None:
            click.echo(text, err=True)


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def progress_to_terminal(quiet: bool = False) -> Callable[[str], None]:
    """Stages with the seconds since now, to a terminal; to nobody else, since logs and files want results."""
    if quiet or RECORDS.get() or not _on_terminal():
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
    if quiet or RECORDS.get() or not _on_terminal():
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
        if RECORDS.get():
            _write(record(notice, language()))
        else:
            say(said(phrase("note {notice}", notice=notice)))
    return STRICT if strict and not all(notice.remark for notice in notices) else 0
