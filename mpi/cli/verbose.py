"""What `-v` shows: the lines of the logger `mpi`, on stderr, in the language and form of the command's messages."""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress

import click

from mpi.errors import printable
from mpi.errors.logs import LOGGER
from mpi.errors.records import logged
from mpi.language import Language, in_language


class ToStderr(logging.Handler):
    """Lines of a log for a person, or, where messages are JSON, one object a line."""

    def __init__(self, language: Language, *, records: bool) -> None:
        super().__init__()
        self.language, self.records = language, records

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a stderr that takes none stops nothing."""
        if self.records:
            line = json.dumps(logged(record, self.language), ensure_ascii=False)
        else:
            clock = time.strftime("%H:%M:%S", time.localtime(record.created))
            line = f"{clock} {record.name} {printable(in_language(record.msg, self.language))}"
        with suppress(OSError, ValueError):
            click.echo(line, err=True)


def show(context: click.Context, times: int, language: Language, *, records: bool) -> None:
    """Show the log until the command ends: once for stages, twice for files as well."""
    logger, handler = logging.getLogger(LOGGER), ToStderr(language, records=records)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if times == 1 else logging.DEBUG)

    def end() -> None:
        logger.removeHandler(handler)
        logger.setLevel(before)

    context.call_on_close(end)
