"""What a sheet of the workbook holds, before any program of spreadsheets knows of it; names of sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mpi.errors import printable

Kind = Literal["text", "code", "percent", "index", "number", "count", "p", "plain", "mark", "wrapped", "link"]
MAX_NAME = 31  # characters that Excel takes in the name of a sheet
SMALL = 3  # letters of a word that does not end a name: y, de, of the, con
RESERVED = ("history", "historial")


class Cell(NamedTuple):
    """A cell: what it is, its value as it is written, and the standing of its figure.

    Percentages are in percent, not proportions. The number of a `marked` cell is shown with its mark, where no column
    beside it has the mark; it stays a number.
    """

    kind: Kind
    value: str | float | int
    standing: str = "shown"
    marked: bool = False


Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: one table, with one row of headings.

    Attributes
    ----------
    notes : tuple of str
        Lines between the title and the table; empty ones are left out.
    columns : tuple of str
        The headings; `draw` makes them unique.
    """

    name: str
    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...]
    rows: Sequence[Row]


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
    name, number = _short(plain, MAX_NAME), 1
    while name.casefold() in taken:
        number += 1
        name = f"{_short(plain, MAX_NAME - len(str(number)) - 1)} {number}"
    taken.add(name.casefold())
    return name


def _short(name: str, most: int) -> str:
    """The whole words of a name that have room, without a small one that leads to the next; of one long word a part."""
    if len(name) <= most:
        return name
    words = name[: most + 1].rsplit(" ", 1)[0].split(" ") if " " in name[: most + 1] else [name[:most]]
    while len(words) > 1 and len(words[-1]) <= SMALL and words[-1].islower():
        words.pop()
    return " ".join(words).rstrip(",;:")


def table_name(sheet: str, taken: set[str]) -> str:
    """A name for the Excel table of a sheet; it is added to `taken`.

    Examples
    --------
    >>> taken = set()
    >>> [table_name(name, taken) for name in ("Departamento \u00d7 Zona", "Departamento Zona", "\u00cdndice")]
    ['t_departamento_zona', 't_departamento_zona_2', 't_indice']
    """
    plain = unicodedata.normalize("NFKD", sheet).encode("ascii", "ignore").decode().lower()
    plain = "_".join(["t", *re.findall(r"[a-z0-9]+", plain)])
    return _free(plain, taken, "_")


def unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings of which no two are equal, whatever their case: an Excel table takes no others.

    Examples
    --------
    >>> unique(["Zone", "zone", "Code"])
    ('Zone', 'zone (2)', 'Code')
    """
    taken: set[str] = set()
    return tuple(_free(heading, taken, " (", ")") for heading in headings)


def _free(name: str, taken: set[str], before: str, after: str = "") -> str:
    """A name that is not taken, with a number if need be."""
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{name}{before}{number}{after}"
    taken.add(found.casefold())
    return found
