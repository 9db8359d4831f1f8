"""Any table of a file as texts by column: CSV, Parquet, or a sheet of a workbook."""

from __future__ import annotations

import json
import re
import zipfile
from decimal import Decimal
from math import isnan
from pathlib import Path

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, UsageError, listed, nearest
from mpi.language import phrase
from mpi.source.csv import read_csv
from mpi.source.items import Item
from mpi.source.small_numbers import UNSTATED, Numeral
from mpi.specs.data_files import Dialect
from mpi.vocabulary.result_columns import MEANINGS

ENDINGS = (".csv", ".csv.gz", ".tsv", ".parquet", ".xlsx")
TOTAL = "total.csv"  # beside it the files of the domains
RESULTS = ("results/results.parquet", "results.parquet", f"results/{TOTAL}", TOTAL, "results/results.csv.gz")


def file_of(path: Path) -> Path:
    """The file itself, or the results in the folder of a publication.

    Raises
    ------
    UsageError
        If there is none, or its ending is that of no table.
    """
    place = Place(str(path))
    if path.is_dir():
        found = next((path / name for name in RESULTS if (path / name).is_file()), None)
        if found is None:
            text = phrase("the folder has no results")
            raise UsageError(Fault("MPI-U190", place, text, phrase("name a file, or a folder that `mpi run` made")))
        return found
    if not path.is_file():
        raise UsageError(Fault("MPI-U190", place, phrase("there is no such file"), phrase("name a file that is there")))
    if not path.name.lower().endswith(ENDINGS):
        text = phrase("a table to compare is {endings}", endings=", ".join(ENDINGS))
        raise UsageError(Fault("MPI-U190", place, text, phrase("save it as one of these")))
    return path


def typed(path: Path) -> pa.Table:
    """A table of results of this program: numbers in the columns that hold numbers, texts in all others.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    from pyarrow import parquet

    try:
        if path.suffix.lower() == ".parquet":
            found = parquet.read_table(path)
            return pa.table(
                {
                    name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
                    for name, column in zip(found.column_names, found.columns, strict=True)
                }
            )
        return pa.concat_tables([_typed(one) for one in _parts(path)], promote_options="default")
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:
        raise _damaged(path, error) from None


def _parts(path: Path) -> list[Path]:
    """The file itself; for the total of a publication also the files of its domains, as its data package says."""
    package = path.parent / "datapackage.json"
    if path.name != TOTAL or not package.is_file():
        return [path]
    said = json.loads(package.read_text(encoding="utf-8"))
    names = [
        one["path"]
        for one in said["resources"]
        if re.fullmatch(r"(?!changes\.|targets\.csv|analyses\.)[^/]+\.csv(\.gz)?", one["path"])
    ]
    return [path.parent / name for name in names]


def _typed(path: Path) -> pa.Table:
    from pyarrow import csv

    names = csv.read_csv(path, csv.ReadOptions(block_size=1 << 20)).column_names
    numbers = {name for name, one in MEANINGS.items() if one.type != "string"}
    types = {name: pa.float64() if name in numbers else pa.string() for name in names}
    chosen = csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True)
    return csv.read_csv(path, convert_options=chosen)


def texts(path: Path, *, sheet: str = "", header: int = 1, dialect: Dialect = UNSTATED) -> dict[str, list[str]]:
    """A table as texts by column, as they are written; an empty cell is an empty text.

    Raises
    ------
    UsageError
        If a spreadsheet cannot be read here, or lacks the sheet.
    DataError
        If the file is damaged.
    """
    from pyarrow import csv, parquet

    try:
        if path.suffix.lower() == ".xlsx":
            return _of_sheet(path, sheet, header)
        if path.suffix.lower() == ".parquet":
            table = parquet.read_table(path)
        elif path.suffix.lower() == ".gz":
            names = csv.read_csv(path).column_names
            table = csv.read_csv(
                path, convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
            )
        else:  # with whatever sign between columns, and in whatever encoding
            item = Item(
                table=path.stem, file=path, label=str(path), dialect=dialect, name=path.name, folder=path.parent
            )
            table = read_csv(item).table
    except (pa.ArrowException, OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise _damaged(path, error) from None
    return texts_of(table)


def texts_of(table: pa.Table) -> dict[str, list[str]]:
    """The cells of a table as texts by column."""
    columns = zip(table.column_names, table.columns, strict=True)
    return {name: [_text(cell) for cell in column.to_pylist()] for name, column in columns}


def _of_sheet(path: Path, sheet: str, header: int) -> dict[str, list[str]]:
    try:
        import openpyxl
    except ImportError:
        text = phrase("reading a spreadsheet needs openpyxl")
        remedy = phrase("save the sheet as CSV (UTF-8), or: pip install openpyxl")
        raise UsageError(Fault("MPI-U197", Place(str(path)), text, remedy)) from None
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if sheet and sheet not in book.sheetnames:
            text = phrase("no sheet is called {name!r}", name=sheet)
            hint = nearest(sheet, book.sheetnames) or phrase("write one of: {options}", options=listed(book.sheetnames))
            raise UsageError(Fault("MPI-U191", Place(str(path)), text, hint))
        page = book[sheet] if sheet else book.worksheets[0]
        rows = [[_text(cell) for cell in row] for row in page.iter_rows(min_row=header, values_only=True)]
    finally:
        book.close()
    names = rows[0] if rows else []
    body = [row for row in rows[1:] if any(row)]
    return {name: [row[place] for row in body] for place, name in enumerate(names) if name}


def _text(cell: object) -> str:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return "" if cell is None else str(cell).strip()
    if isinstance(cell, float):
        return "" if isnan(cell) else Numeral(repr(cell))
    return Numeral(cell)


def _damaged(path: Path, error: Exception) -> DataError:
    kind = phrase("this is no table that can be read ({reason})", reason=str(error).split("\n")[0][:120])
    return DataError(Fault("MPI-U190", Place(str(path)), kind, phrase("save it again, as CSV in UTF-8 with a header")))
