"""The keys of files of data: where they are, and how CSV is written."""

from __future__ import annotations

from mpi.config.keys.shapes import AnyOf, ListOf, MapOf, OneOf, Text, Whole, key, keys
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

STORES = "s3a?|gc?s|abfss?|hdfs"
PATH = key("path", Text(rf"({STORES})://.+|(?!({STORES}):)(?![/\\~])(?!(.*[/\\])?\.\.([/\\]|$))[^:]*"), template(
    "a file, a folder, or a pattern below `--data`, or the address of one in a store; see [stores](#stores)"
), examples=("persons.parquet", "persons_*.csv", "s3://bucket/persons/"))  # fmt: skip

QUERY = (
    key("sql", Text(), template("instead of `path`: one SELECT, whose rows are the table; see [databases](#databases)"),
        examples=("select * from persons order by house",)),
    key("database", Text("[A-Za-z_][A-Za-z0-9_]*"), template(
        "the database of `sql`; its address is in the environment (`MPI_DATABASE_NAME`) or in a PostgreSQL service file"
    ), examples=("census",)),
)  # fmt: skip
OF_QUERY = {"sql": "database", "database": "sql"}  # each needs the other

ROWS, PLACES = Whole(1, 10**6), Whole(1, 10**5)
# What the survey says of the files of a table, whatever their kind.
FILES = (
    key("encoding", Text(), template(
        "the encoding of the texts in Stata, SPSS or SAS files that state a wrong one, or of a text of fixed width"
    ), examples=("cp1252",)),
    key("sheet", Text(), template("the sheet of a spreadsheet; needed if there are several")),
    key("header", ROWS, template(
        "the row of a sheet with the names of the columns, from 1; the first row with cells if left out"
    )),
    key("member", Text(), template(
        "a member of a zip archive, or a pattern of several; needed if there are several"
    ), examples=("persons.csv",)),
    key("fixed", AnyOf((PATH.shape, MapOf(ListOf(PLACES, least=2, strict=True), least=1))), template(
        "for a text of fixed width: `{{NAME: [start, width]}}` for each column, or a dictionary below `--data`: a CSV "
        "file, a spreadsheet or a Stata dictionary (`.dct`)"
    ), examples=({"age": [12, 2]}, "dictionary.csv")),
)  # fmt: skip
