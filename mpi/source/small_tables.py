"""Small tables that people keep by hand, such as targets or costs: cells as texts, each with its place.

Comes in: a CSV file, a sheet of a workbook, a Parquet file, a frame, or rows as mappings. Goes out: texts by column, as
they are written, and where each stands, so that a fault names file, line and column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from math import isnan
from pathlib import Path
from typing import Any

import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, Place, UsageError
from mpi.errors.resources import said_by_system
from mpi.language import phrase
from mpi.source.csv import as_utf8, delimiter_of, read_csv
from mpi.source.items import Item
from mpi.source.sheets import open_book
from mpi.source.small_numbers import Numeral
from mpi.specs.data_files import Dialect

ENDINGS = (".csv", ".tsv", ".xlsx", ".ods", ".parquet")
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table of texts.

    Attributes
    ----------
    name : str
        The file, or what the table is called in messages.
    columns : mapping of str to sequence of str
        An empty cell is an empty text; blanks around a text are left out.
    lines : sequence of int
        Of each row; of a frame the number of the row, from 1.
    heads : mapping of str to int
        Number of each column, from 1.
    header : int or None
        The line of the names; None where they have none.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    heads: Mapping[str, int]
    header: int | None = 1

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, row: int, column: str | None = None) -> Place:
        """Where a row, or a cell of it, stands."""
        return Place(self.name, self.lines[row], None if column is None else self.heads.get(column))

    def head(self, column: str) -> Place:
        """Where the name of a column stands."""
        return Place(self.name, self.header, self.heads.get(column))


def small_table(given: object, what: str) -> SmallTable:
    """A small table from a file, a frame, or rows as mappings.

    Parameters
    ----------
    given : str, Path, frame (pandas, polars, Arrow), mapping of columns or sequence of mappings
    what : str
        What it is called in messages, where it is no file.

    Raises
    ------
    UsageError
        If it is none of these, or the file's ending is that of no table.
    DataError
        If the file cannot be read, or has no rows.
    """
    if isinstance(given, str | Path):
        made = _of_file(Path(given))
    elif isinstance(given, Sequence) and all(isinstance(row, Mapping) for row in given):
        names = dict.fromkeys(str(name) for row in given for name in row)
        made = _of_columns(what, {name: [row.get(name) for row in given] for name in names}, None)
    elif isinstance(given, Mapping) and _are_columns(list(given.values())):
        made = _of_columns(what, {str(name): list(column) for name, column in given.items()}, None)
    elif hasattr(given, "__arrow_c_stream__"):
        table = arrow.read_frame(given, what)
        made = _of_columns(what, {name: table[name].to_pylist() for name in table.column_names}, None)
    else:
        text = phrase("{what}: this is no table ({kind})", what=what, kind=type(given).__name__)
        raise UsageError(Fault("MPI-U190", None, text, phrase("give a file, a data frame, or a list of rows")))
    if not len(made) or len(made) > MOST_ROWS:
        text = phrase("this table has {rows:,} rows", rows=len(made))
        remedy = phrase("give it from 1 to {most:,} rows below the names of its columns", most=MOST_ROWS)
        raise DataError(Fault("MPI-D002", Place(made.name), text, remedy))
    return made


def _are_columns(columns: Sequence[object]) -> bool:
    """Whether these are columns of one length."""
    sizes = {len(one) if isinstance(one, Sized) and not isinstance(one, str | bytes) else -1 for one in columns}
    return len(sizes) == 1 and -1 not in sizes and all(isinstance(one, Iterable) for one in columns)


def _of_file(path: Path) -> SmallTable:
    place, ending = Place(str(path)), path.suffix.lower()
    if ending not in ENDINGS:
        text = phrase("a table like this is {endings}", endings=", ".join(ENDINGS))
        raise UsageError(Fault("MPI-U190", place, text, phrase("save it as one of these")))
    try:
        if ending == ".parquet":
            table = _parquet(path)
            return _of_columns(str(path), {name: table[name].to_pylist() for name in table.column_names}, None)
        raw = path.read_bytes()
    except OSError as error:
        text = phrase("the file cannot be read ({reason})", reason=said_by_system(error))
        raise DataError(Fault("MPI-D001", place, text, phrase("give the path of a file that exists"))) from None
    except pa.ArrowException:
        text = phrase("this is no complete Parquet file")
        raise DataError(Fault("MPI-D003", place, text, phrase("save it again, or as CSV"))) from None
    return _of_sheet(raw, path) if ending in (".xlsx", ".ods") else _of_csv(path)


def _parquet(path: Path) -> pa.Table:
    from pyarrow import parquet

    return parquet.read_table(path)


def _of_csv(path: Path) -> SmallTable:
    item = Item(table=path.stem, file=path, label=str(path), dialect=Dialect(), name=path.name, folder=path.parent)
    table = read_csv(item).table  # whatever sign between columns, and whatever encoding
    data, _ = as_utf8(item.content(), None, item.place)
    reader = csv.reader(StringIO(data.decode()), delimiter=delimiter_of(data))
    lines, last = [], 0
    for row in reader:
        if row:
            lines.append(last + 1)
        last = reader.line_num
    columns = {name: table[name].to_pylist() for name in table.column_names}
    found = _of_columns(str(path), columns, 1)
    return SmallTable(found.name, found.columns, lines[1:], found.heads) if len(lines) == len(found) + 1 else found


def _of_sheet(raw: bytes, path: Path) -> SmallTable:
    sheets = open_book(raw, Place(str(path)))
    rows = next(iter(sheets.values()))()
    filled = [number for number, row in enumerate(rows) if any(str(cell).strip() for cell in row)]
    names = [] if not filled else [_text(cell) for cell in rows[filled[0]]]
    heads = {name: place + 1 for place, name in enumerate(names) if name}
    body = filled[1:]
    columns = {name: [_text(rows[number][place - 1]) for number in body] for name, place in heads.items()}
    return SmallTable(str(path), columns, [number + 1 for number in body], heads, filled[0] + 1 if filled else 1)


def _of_columns(name: str, columns: Mapping[str, Sequence[Any]], header: int | None) -> SmallTable:
    texts = {column.strip(): [_text(cell) for cell in cells] for column, cells in columns.items()}
    number = max((len(cells) for cells in texts.values()), default=0)
    first = 1 if header is None else header + 1
    return SmallTable(name, texts, range(first, first + number), {c: i for i, c in enumerate(texts, 1)}, header)


def _text(cell: object) -> str:
    """A cell as it would be written: whole numbers without a point, nothing for nothing."""
    if cell is None or (isinstance(cell, float) and isnan(cell)):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return Numeral(int(cell)) if cell.is_integer() and abs(cell) < 2.0**53 else Numeral(repr(cell))
    if isinstance(cell, Numeral):
        return cell
    return Numeral(cell) if isinstance(cell, int | Decimal) else str(cell).strip()
