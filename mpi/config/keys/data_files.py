"""The keys of files of data: where they are, and how CSV is written."""

from __future__ import annotations

from mpi.config.keys.shapes import ListOf, MapOf, OneOf, Text, key, keys
from mpi.language import template

DECIMALS = (".", ",")
_DECIMAL = key("decimal", OneOf(DECIMALS), template("the decimal sign"))
_THOUSANDS = key("thousands", Text("[.,' \u2019\u00a0\u2007\u2009\u202f]"), template(
    "the sign between thousands: dot, comma, blank or apostrophe"
))  # fmt: skip
SIGNS = keys("signs", template("the signs of one column"), (_DECIMAL, _THOUSANDS))
DIALECT = keys("csv", template("how a CSV file is written"), (
    key("delimiter", Text('[^"\r\n\u0080-\uffff]'), template("the character between cells"), examples=(";",)),
    _DECIMAL,
    key("encoding", Text(), template("the encoding: utf-8, cp1252, latin-1, ..."), examples=("cp1252",)),
    _THOUSANDS,
    key("missing", ListOf(Text()), template("cells that mean that a value is missing"), examples=(["NA", "."],)),
    key("columns", MapOf(SIGNS), template("the signs of single columns")),
))  # fmt: skip

PATH = key("path", Text(r"(?![/\\~])(?!(.*[/\\])?\.\.([/\\]|$))[^:]*"), template(
    "a file, a folder, or a pattern below `--data`"
), examples=("persons.parquet", "persons_*.csv"))  # fmt: skip
