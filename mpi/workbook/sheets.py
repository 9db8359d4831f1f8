"""What a sheet of the workbook holds, before any program of spreadsheets knows of it; names of sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mpi.errors import printable

Kind = Literal["text", "code", "percent", "index", "number", "count", "p", "plain", "mark", "wrapped"]
MAX_NAME = 31  # characters that Excel takes in the name of a sheet
RESERVED = ("history", "historial")


class Cell(NamedTuple):
    """A cell: what it is, its value as it is written, and the standing of its figure.

    Percentages are in percent, not proportions.
    """

    kind: Kind
    value: str | float | int
    standing: str = "shown"


Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns under one heading; `title` is empty where there is none."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    keys : int
        Columns on the left that stay when one scrolls.
    notes : tuple of str
        Two lines under the title.
    """

    name: str
    title: str
    notes: tuple[str, str]
    groups: tuple[Group, ...]
    rows: Sequence[Row]
    keys: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of all columns."""
        return tuple(title for group in self.groups for title in group.columns)


def text(value: str) -> Cell:
    """A cell of text."""
    return Cell("text", value)


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has; it is added to `taken`, case folded.

    Examples
    --------
    >>> taken = {"nacional"}
    >>> sheet_name("Municipio (códigos ficticios)", taken), sheet_name("Nacional", taken), sheet_name("a/b:'c'", taken)
    ('Municipio', 'Nacional 2', 'a b c')
    """
    plain = re.sub(r"\s*\([^()]*\)\s*", " ", printable(title))
    plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]+", " ", plain)
    plain = " ".join(plain.split()) or "-"
    if plain.casefold() in RESERVED:
        plain = f"{plain} 1"
    name, number = plain[:MAX_NAME].strip(), 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: MAX_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(name.casefold())
    return name
