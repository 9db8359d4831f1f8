"""CSV files as typed Arrow tables: their dialect stated by the survey, or found out and said.

Every column is read as text first and becomes a number only if every one of its values is one; codes with leading
zeros stay text.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed
from mpi.survey import Dialect

DELIMITERS = (",", ";", "\t", "|")
WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
INTEGER = r"^-?(0|[1-9]\d{0,17})$"
NUMBERS = {
    sign: rf"^-?((0|[1-9]\d*)({literal}\d+)?|{literal}\d+)([eE][+-]?\d{{1,3}})?$"
    for sign, literal in ((".", r"\."), (",", ","))
}
DECIMAL_COMMA = r"^-?\d+,\d+$"


def read_csv(file: Path, label: str, dialect: Dialect) -> tuple[pa.Table, str]:
    """A CSV file as a table, and what was taken as its dialect.

    Parameters
    ----------
    file : Path
    label : str
        The file's name in messages.
    dialect : Dialect
        What the survey states.

    Raises
    ------
    DataError
        If the file is empty, has rows of unequal length, doubled columns or an encoding that cannot be read.
    """
    place = Place(label)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(Fault("MPI-D001", place, f"the file cannot be read ({error.strerror})",
                              "look at its rights")) from None  # fmt: skip
    if not raw.strip():
        raise DataError(Fault("MPI-D002", place, f"the file is empty ({len(raw)} bytes)", "copy it again"))
    data, encoding = _as_utf8(raw, dialect.encoding, place)
    header = data[: data.find(b"\n") + 1 or len(data)].decode()
    delimiter = dialect.delimiter or max(DELIMITERS, key=header.count)
    table = _parsed(data, delimiter, place)
    decimal = dialect.decimal or ("," if delimiter != "," and _has_decimal_comma(table) else ".")
    typed = [_typed(column, decimal) for column in table.columns]
    said = f"{label}: read as {encoding}, {WORDS.get(delimiter, delimiter)} between columns, decimal {decimal!r}"
    return pa.Table.from_arrays(typed, names=table.column_names), said


def _as_utf8(raw: bytes, stated: str | None, place: Place) -> tuple[bytes, str]:
    """The file's text in UTF-8 without byte order mark, and the encoding that it was in."""
    guesses = ["utf-16"] if raw.startswith(UTF_16) else ["utf-8", "cp1252"]
    for encoding in [stated] if stated else guesses:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        data = raw if encoding == "utf-8" else text.encode()
        return data.removeprefix(codecs.BOM_UTF8), encoding
    text = f"the file is not {stated or ' or '.join(guesses)} text"
    raise DataError(Fault("MPI-D005", place, text, "state `csv: {encoding: ...}`"))


def _parsed(data: bytes, delimiter: str, place: Place) -> pa.Table:
    """Every column as text, empty ones null."""
    import pyarrow.csv as pc

    options = pc.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    remedy = "state `csv: {delimiter: ...}` if it is another one"
    if data.count(b'"') % 2:
        raise DataError(Fault("MPI-D005", place, "a quote is opened and not closed", "mend the file"))
    try:
        head = pc.read_csv(pa.BufferReader(data.split(b"\n", 1)[0] + b"\n"), parse_options=options)
        names = head.column_names
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise DataError(Fault("MPI-D011", place, f"two columns are called {listed(doubled)}", "rename one of them"))
        convert = pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""],
        )  # fmt: skip
        # In one thread, so that a fault names its row.
        return pc.read_csv(pa.BufferReader(data), parse_options=options, convert_options=convert,
                           read_options=pc.ReadOptions(use_threads=False))  # fmt: skip
    except pa.ArrowException as error:
        found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", str(error))
        what = f"row {found[1]} has {found[3]} columns, the header {found[2]}" if found else "this is no table in CSV"
        raise DataError(Fault("MPI-D005", place, what, remedy)) from None


def _has_decimal_comma(table: pa.Table) -> bool:
    import pyarrow.compute as pc

    return any(pc.any(pc.match_substring_regex(column, DECIMAL_COMMA)).as_py() for column in table.columns)


def _typed(column: pa.ChunkedArray, decimal: str) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column))])
    if pc.all(pc.match_substring_regex(column, INTEGER)).as_py():
        return column.cast(pa.int64())
    if pc.all(pc.match_substring_regex(column, NUMBERS[decimal])).as_py():
        return (pc.replace_substring(column, ",", ".") if decimal == "," else column).cast(pa.float64())
    return column
