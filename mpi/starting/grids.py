"""Sheets as cells with their addresses: of a workbook (Excel, OpenDocument) or of one CSV file.

Tables of indicators are small, and their cells are of every kind; what is wrong with one is said with its address.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mpi.errors import ConfigError, DataError, Fault, Place, UsageError
from mpi.errors.resources import said_by_system
from mpi.language import phrase
from mpi.source.labels import text_of
from mpi.source.sheets import check_cells, letters, open_book

MOST_BYTES = 20_000_000
DELIMITERS = ";,\t|"
FIRST = 50  # rows that show which sign parts cells
BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
Cell: TypeAlias = Any  # a text, number, truth or date, or "" for nothing, as calamine gives it


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet.

    Attributes
    ----------
    file, sheet : str
        The sheet is empty for a CSV file.
    rows : list of list
        From A1 on.
    """

    file: str
    sheet: str
    rows: list[list[Cell]]

    def place(self, row: int | None = None, column: int = 0) -> Place:
        """The place of a cell, by its row and column from 0; of the sheet if none is given."""
        sheet = f" [{self.sheet}]" if self.sheet else ""
        return Place(f"{self.file}{sheet}" if row is None else f"{self.file}{sheet} {letters(column)}{row + 1}")

    def text(self, row: int, column: int) -> str:
        """A cell as text, without blanks around it; empty for nothing."""
        cells = self.rows[row]
        return said(cells[column]) if column < len(cells) else ""

    def is_empty(self, row: int) -> bool:
        """Whether a row has no text."""
        return not any(said(cell) for cell in self.rows[row])


def said(cell: Cell) -> str:
    """A cell as text."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return text_of(cell) if isinstance(cell, int | float) else str(cell).strip()


def read_grids(path: Path) -> list[Grid]:
    """The sheets of a file that have cells; those of a CSV file are texts.

    Raises
    ------
    UsageError
        If there is no such file, or it is no table.
    DataError
        If it is damaged, has a password, or cells with errors.
    ConfigError
        If it has no cell.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            text = phrase("the file is too large for a table of indicators")
            raise UsageError(Fault("MPI-U231", Place(str(path)), text, phrase("name the table of the measure")))
        raw = path.read_bytes()
    except OSError as error:
        text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
        remedy = phrase("name a spreadsheet or a CSV file")
        raise UsageError(Fault("MPI-U231", Place(str(path)), text, remedy)) from None
    grids = _workbook(path, raw) if raw.startswith(BOOKS) else [Grid(path.name, "", _delimited(path, raw))]
    filled = [one for one in grids if any(not one.is_empty(row) for row in range(len(one.rows)))]
    if not filled:
        text = phrase("the file has no filled cell")
        raise ConfigError(Fault("MPI-C200", Place(path.name), text, phrase("write one indicator in each row")))
    return filled


def _workbook(path: Path, raw: bytes) -> list[Grid]:
    faults: list[Fault] = []
    grids = []
    for name, cells in open_book(raw, Place(path.name)).items():
        grid = Grid(path.name, name, cells())
        try:
            check_cells(raw, name, grid.place())
        except DataError as error:
            faults += error.faults
        grids.append(grid)
    if faults:
        raise DataError(*faults)
    return grids


def _delimited(path: Path, raw: bytes) -> list[list[Cell]]:
    text = _decoded(path, raw)
    best = max(DELIMITERS, key=lambda sign: _evenness(_parted(text, sign, strict=False)))
    try:
        return _parted(text, best, strict=True)
    except csv.Error:
        fault = phrase("a quote in the file is not closed, or a line is too long")
        raise DataError(Fault("MPI-D002", Place(path.name), fault, phrase("save it again as CSV"))) from None


def _parted(text: str, sign: str, *, strict: bool) -> list[list[Cell]]:
    """The rows of a CSV file whose cells a sign parts; not strict only to look at them."""
    if not strict:
        text = "\n".join(text.splitlines()[:FIRST])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=strict)
    try:
        return [list(row) for row in reader]
    except csv.Error:
        if strict:
            raise
        return []


def _evenness(rows: Sequence[Sequence[Cell]]) -> int:
    """How much speaks for the sign that parts rows: most rows of a table have as many cells as each other."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max((width * times for width, times in widths.items()), default=0)


def _decoded(path: Path, raw: bytes) -> str:
    """The text: UTF-8, UTF-16 with its mark, or else as Excel writes CSV in Western Europe and the Americas."""
    encodings: Sequence[str] = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    fault = phrase("the file is neither a spreadsheet nor a text")
    remedy = phrase("save it as .xlsx, .ods or CSV (UTF-8)")
    raise DataError(Fault("MPI-D002", Place(path.name), fault, remedy))
