"""Faults and notices as records: every part a field of its own, for pipelines and annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from mpi.errors import Fault, Notice, printable
from mpi.language import Language, Phrase, in_language
from mpi.language.phrases import Joined

if TYPE_CHECKING:
    from logging import LogRecord

Severity = Literal["error", "warning", "note", "info", "debug"]
Record = Mapping[str, str | int | None]
# What a text says of its subject: the word before a field, in the English of its template.
SUBJECTS = {
    "table": re.compile(r"\btable \{(\w+)"),
    "column_name": re.compile(r"\bcolumn \{(\w+)|`(?=\{column\})\{(\w+)"),
    "key": re.compile(r"\bkey \{(\w+)"),
}


def record(message: Fault | Notice, language: Language) -> Record:
    """The parts of a message.

    Returns
    -------
    mapping
        `severity` ("error" for a fault, "warning" for a notice, "note" for one with nothing to mend), `code`, `file`,
        `line` and `column` (from 1), `table`, `column_name` and `key` where the text names one, `text`, `remedy` and
        the `language` of both; None where there is none.

    Examples
    --------
    >>> record(Fault("MPI-D010", None, "no such column", "name another"), "en")["severity"]
    'error'
    """
    place = message.place
    severity: Severity = "error" if isinstance(message, Fault) else "note" if message.remark else "warning"
    remedy = message.remedy if isinstance(message, Fault) else ""
    return {
        "severity": severity,
        "code": message.code,
        "file": None if place is None else printable(in_language(place.file, language)),
        "line": None if place is None else place.line,
        "column": None if place is None else place.column,
        **subjects(message.text),
        "text": printable(in_language(message.text, language)),
        "remedy": printable(in_language(remedy, language)) or None,
        "language": language,
    }


def remark(text: str, language: Language, *, file: str | None = None) -> Record:
    """What a command says without a code, in the same form."""
    nothing = dict.fromkeys(("code", "file", "line", "column", *SUBJECTS, "text", "remedy"))
    return {"severity": "info", **nothing, "file": file, "text": text, "language": language}


def logged(line: LogRecord, language: Language) -> Record:
    """A line of the log, in the same form; with its logger, and the time in seconds since 1970 as a text."""
    severity: Severity = "debug" if line.levelname == "DEBUG" else "info"
    said = remark(printable(in_language(line.msg, language)), language)
    return {**said, "severity": severity, "logger": line.name, "time": f"{line.created:.3f}"}


def subjects(text: str) -> dict[str, str | None]:
    """The table, column and key that a text names, as far as its template says so; the first of each.

    Examples
    --------
    >>> from mpi.language import phrase
    >>> subjects(phrase("the column {name!r} is not in the table {table}", name="age", table="persons"))
    {'table': 'persons', 'column_name': 'age', 'key': None}
    """
    found: dict[str, str | None] = dict.fromkeys(SUBJECTS)
    for part in _phrases(text):
        for kind, pattern in SUBJECTS.items():
            match = pattern.search(part.template)
            value = part.values.get(next(filter(None, match.groups()))) if match else None
            if found[kind] is None and isinstance(value, str):
                found[kind] = printable(str(value))
    return found


def _phrases(text: object) -> Iterator[Phrase]:
    """A phrase and those within it."""
    if isinstance(text, Joined):
        for part in text.parts:
            yield from _phrases(part)
    elif isinstance(text, Phrase):
        yield text
        for value in text.values.values():
            yield from _phrases(value)
