"""CSV files as typed Arrow tables: dialect stated by the survey or found out and said, codes with leading zeros as text.

Every column is read as text first and becomes a number only if every one of its values is one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed
from mpi.survey import Dialect

DELIMITERS = (",", ";", "\t", "|")
WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
INTEGER = r"^-?(0|[1-9]\d{0,17})$"
NUMBER = r"^-?((0|[1-9]\d*)(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?$"
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
    raw = file.read_bytes()
    if not raw.strip():
        raise DataError(Fault("MPI-D002", place, f"the file is empty ({len(raw)} bytes)"))
    text, encoding = _decoded(raw, dialect.encoding, place)
    header = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    delimiter = dialect.delimiter or max(DELIMITERS, key=header.count)
    table = _parsed(text, delimiter, place)
    decimal = dialect.decimal or ("," if delimiter == ";" and _has_decimal_comma(table) else ".")
    names = table.column_names
    typed = [_typed(table.column(i), decimal) for i in range(len(names))]
    said = f"{label}: read as {encoding}, {WORDS.get(delimiter, delimiter)} between columns, decimal {decimal!r}"
    return pa.Table.from_arrays(typed, names=names), said


def _decoded(raw: bytes, stated: str | None, place: Place) -> tuple[str, str]:
    encodings = [stated] if stated else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return text, "utf-8" if encoding == "utf-8-sig" else encoding
    raise DataError(
        Fault("MPI-D005", place, f"the file is not {' or '.join(encodings)} text", "state `csv: {encoding: ...}`")
    )


def _parsed(text: str, delimiter: str, place: Place) -> pa.Table:
    import pyarrow.csv as pc

    data = text.lstrip("\ufeff").encode()
    options = pc.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    try:
        names = pc.read_csv(
            pa.BufferReader(data.split(b"\n", 1)[0] + b"\n"), parse_options=options,
            read_options=pc.ReadOptions(autogenerate_column_names=False, use_threads=False),
            convert_options=pc.ConvertOptions(strings_can_be_null=True),
        ).column_names  # fmt: skip
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise DataError(Fault("MPI-D011", place, f"two columns are called {listed(doubled)}"))
        convert = pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""],
            quoted_strings_can_be_null=True,
        )  # fmt: skip
        return pc.read_csv(pa.BufferReader(data), parse_options=options, convert_options=convert)
    except pa.ArrowException as error:
        found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", str(error))
        what = (
            f"row {found[1]} has {found[3]} columns, the header {found[2]}" if found else "the file is not a CSV table"
        )
        raise DataError(Fault("MPI-D005", place, what, "state `csv: {delimiter: ...}` if it is another one")) from None


def _has_decimal_comma(table: pa.Table) -> bool:
    import pyarrow.compute as pc

    for column in table.columns:
        filled = column.drop_null()
        if len(filled) and pc.any(pc.match_substring_regex(filled, DECIMAL_COMMA)).as_py():
            return True
    return False


def _typed(column: pa.ChunkedArray, decimal: str) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column))])
    filled = column.drop_null()
    if pc.all(pc.match_substring_regex(filled, INTEGER)).as_py():
        return column.cast(pa.int64())
    plain = pc.replace_substring(filled, ",", ".") if decimal == "," else filled
    if pc.all(pc.match_substring_regex(plain, NUMBER)).as_py():
        return (pc.replace_substring(column, ",", ".") if decimal == "," else column).cast(pa.float64())
    return column
