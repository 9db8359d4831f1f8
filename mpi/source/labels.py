"""What a file says of its columns beside their values: titles, labels of codes, codes that mean "unknown".

Stata, SPSS and SAS files have them; `mpi convert` writes them into the schema of a Parquet file, field by field.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from mpi.errors import Notice, Place, listed
from mpi.language import phrase

TITLE, VALUES, MISSING, COUNTS = b"mpi:title", b"mpi:labels", b"mpi:missing", b"mpi:missing_counts"
Bounds = tuple[float | str, float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a file says of a column.

    Attributes
    ----------
    title : str
    values : mapping of str to str
        From code, as text, to label; those of missing codes too.
    missing : tuple of (low, high)
        Ranges of codes that mean "unknown", ends included; for one code both are equal.
    counts : mapping of str to int
        For a converted file: how many cells held each missing code, as text; they are null now.
    """

    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Bounds, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, str]:
        """The labels of the codes that are answers."""
        return {code: label for code, label in self.values.items() if not self.is_missing(code)}

    def is_missing(self, code: str) -> bool:
        """Whether a code, as text, means "unknown": it is declared so, or a tag such as .a."""
        if is_tag(code):
            return True
        for low, high in self.missing:
            if isinstance(low, str) or isinstance(high, str):
                if code == low:
                    return True
            elif (number := _number(code)) is not None and low <= number <= high:
                return True
        return False


def is_tag(code: str) -> bool:
    """Whether a code is a missing value with a letter, as Stata and SAS have them: .a to .z, and ._."""
    return len(code) == 2 and code[0] == "." and (code[1].isalpha() or code[1] == "_")  # noqa: PLR2004  two letters


def _number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def text_of(value: float | str) -> str:
    """A code as text: whole numbers without a point."""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def metadata_of(labels: Labels) -> dict[bytes, bytes]:
    """A column's labels as the metadata of its field."""
    found = {
        TITLE: labels.title,
        VALUES: labels.values and json.dumps(dict(labels.values), ensure_ascii=False),
        MISSING: labels.missing and json.dumps(labels.missing, ensure_ascii=False),
        COUNTS: labels.counts and json.dumps(dict(labels.counts), ensure_ascii=False),
    }
    return {key: value.encode() for key, value in found.items() if value}


def labels_in(schema: pa.Schema) -> dict[str, Labels]:
    """The labels that the fields of a schema bring; metadata of others, or damaged, bring none."""
    found: dict[str, Labels] = {}
    for one in schema:
        own = one.metadata or {}
        if own.keys() & {TITLE, VALUES, MISSING, COUNTS}:
            try:
                found[one.name] = Labels(
                    title=own.get(TITLE, b"").decode(),
                    values=json.loads(own.get(VALUES, b"{}")),
                    missing=tuple((low, high) for low, high in json.loads(own.get(MISSING, b"[]"))),
                    counts=json.loads(own.get(COUNTS, b"{}")),
                )
            except (ValueError, TypeError):
                continue
    return found


def merged(files: Iterable[Mapping[str, Labels]]) -> dict[str, Labels]:
    """The labels over all files of a table: those of the first file that has a code, ranges of all."""
    found: dict[str, Labels] = {}
    for one in files:
        for name, labels in one.items():
            before = found.get(name)
            found[name] = labels if before is None else _both(before, labels)
    return found


def _both(one: Labels, other: Labels) -> Labels:
    return Labels(
        title=one.title or other.title,
        values={**other.values, **one.values},
        missing=tuple(dict.fromkeys((*one.missing, *other.missing))),
        counts=dict(Counter(one.counts) + Counter(other.counts)),
    )


class Tally:
    """How many cells hold each missing code, column by column, as parts are read; twice read counts once."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, str], Counter[str]] = {}
        self._lock = threading.Lock()

    def note(self, part: object, column: str, counts: Mapping[str, int]) -> None:
        """Note what a whole part holds of a column."""
        with self._lock:
            self._found[part, column] = Counter(counts)

    def counts(self, columns: Iterable[str] | None = None) -> dict[str, Counter[str]]:
        """The cells of each code in the columns that were read, as far as there are some."""
        total: dict[str, Counter[str]] = {}
        with self._lock:
            for (_, column), counts in self._found.items():
                if counts:
                    total.setdefault(column, Counter()).update(counts)
        return {name: total[name] for name in (total if columns is None else columns) if name in total}


def missing_said(name: str, label: str, tallies: Iterable[Tally]) -> list[Notice]:
    """How many cells of what was read of a table hold codes that its files declare missing, if there are some."""
    total: dict[str, Counter[str]] = {}
    for tally in tallies:
        for column, counts in tally.counts().items():
            total.setdefault(column, Counter()).update(counts)
    columns = [
        phrase(
            "{column} ({codes})",
            column=column,
            codes=listed([phrase("{code}: {cells:,}", code=code, cells=n) for code, n in sorted(counts.items())]),
        )
        for column, counts in sorted(total.items())
    ]
    text = phrase(
        "cells of {name} that hold codes which its files declare missing are unknown: {columns}",
        name=name,
        columns=listed(columns),
    )
    return [Notice("MPI-N131", text, Place(label))] if columns else []
