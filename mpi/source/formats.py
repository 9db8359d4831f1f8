"""What a file is that is neither Parquet nor CSV, by its first bytes or its name, and how to make one of them from it.

The commands write codes, not their labels: rules and lists of codes are about codes.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from mpi.errors import Fault, Place
from mpi.language import enumerated, phrase

HEAD = 512  # bytes that are looked at
UNSAFE = set("\"$`\\!%'")  # signs that a shell or a quoted name would take for something else
OLD_STATA = range(102, 116)  # first byte of Stata files before version 13
OWN = "Parquet", "CSV"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    says : str
        What it is called.
    suffixes : tuple of str
    needs : str
        What `pip` has to install first; empty for nothing but this package.
    code : str
        Python that writes the Parquet file `{new}` from `{old}`; or a line for the shell, if `line`.
    """

    says: str
    suffixes: tuple[str, ...]
    code: str
    needs: str = ""
    line: bool = False


def _statistical(reader: str, codes: str = "") -> str:
    return f'import pyreadstat; pyreadstat.{reader}("{{old}}"{codes})[0].to_parquet("{{new}}")'


def _pandas(call: str) -> str:
    return f'import pandas; pandas.{call}.to_parquet("{{new}}")'


CODES = ", apply_value_formats=False"
WRITE = 'pyarrow.parquet as p; p.write_table({}, "{{new}}")'
STATA = Format(phrase("a Stata file"), (".dta",), _pandas('read_stata("{old}", convert_categoricals=False)'), "pandas")
SPSS = Format(phrase("an SPSS file"), (".sav", ".zsav"), _statistical("read_sav", CODES), "pyreadstat")
PORTABLE = Format(phrase("a portable SPSS file"), (".por",), _statistical("read_por", CODES), "pyreadstat")
SAS = Format(phrase("a SAS file"), (".sas7bdat",), _statistical("read_sas7bdat"), "pyreadstat")
TRANSPORT = Format(phrase("a SAS transport file"), (".xpt", ".xport"), _statistical("read_xport"), "pyreadstat")
EXCEL = Format(
    phrase("an Excel workbook"),
    (".xlsx", ".xlsm", ".xls", ".xlsb"),
    _pandas('read_excel("{old}")'),
    "pandas openpyxl xlrd",
)
SHEET = Format(phrase("an OpenDocument spreadsheet"), (".ods",), _pandas('read_excel("{old}")'), "pandas odfpy")
FEATHER = Format(
    phrase("an Arrow or Feather file"),
    (".feather", ".arrow", ".ipc"),
    "import pyarrow.feather as f, " + WRITE.format('f.read_table("{old}")'),
)
DBF = Format(
    phrase("a dBase file"),
    (".dbf",),
    "import pyogrio as o, " + WRITE.format('o.read_arrow("{old}", read_geometry=False)[1]'),
    "pyogrio",
)
JSON = Format(phrase("a JSON file"), (".json",), _pandas('read_json("{old}")'), "pandas")
LINES = Format(
    phrase("a file of JSON lines"), (".jsonl", ".ndjson"), _pandas('read_json("{old}", lines=True)'), "pandas"
)
R_DATA = Format(
    phrase("an R file"), (".rds",), 'Rscript -e \'arrow::write_parquet(readRDS("{old}"), "{new}")\'', line=True
)
R_SPACE = Format(
    phrase("an R workspace"),
    (".rdata", ".rda"),
    'Rscript -e \'x <- get(load("{old}")[1]); arrow::write_parquet(x, "{new}")\'',
    line=True,
)
GZIP = Format(phrase("compressed (gzip)"), (".gz",), "gunzip -k {old}", line=True)
BZIP = Format(phrase("compressed (bzip2)"), (".bz2",), "bunzip2 -k {old}", line=True)
XZ = Format(phrase("compressed (xz)"), (".xz",), "unxz -k {old}", line=True)
ZSTD = Format(phrase("compressed (zstd)"), (".zst",), "unzstd {old}", line=True)
ZIP = Format(phrase("a zip archive"), (".zip",), "unzip {old}", line=True)
SEVEN = Format(phrase("a 7-Zip archive"), (".7z",), "7z x {old}", line=True)
RAR = Format(phrase("a RAR archive"), (".rar",), "unrar x {old}", line=True)
PAGE = Format(phrase("a web page, not data"), (".html", ".htm"), "")
DATABASE = Format(
    phrase("a database (SQLite)"),
    (".sqlite", ".db"),
    'import sqlite3, pandas; c = sqlite3.connect("{old}"); '
    'pandas.read_sql("select * from TABLE", c).to_parquet("{new}")',
    "pandas",
)
PACKED = (GZIP, BZIP, XZ, ZSTD, ZIP, SEVEN, RAR)
FORMATS = (STATA, SPSS, PORTABLE, SAS, TRANSPORT, EXCEL, SHEET, FEATHER, DBF, JSON, LINES, R_DATA, R_SPACE, *PACKED,
           PAGE, DATABASE)  # fmt: skip
SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"<stata_dta>", STATA), (b"$FL2@(#) SPSS", SPSS), (b"$FL3@(#) SPSS", SPSS), (b"HEADER RECORD****", TRANSPORT),
    (bytes(12) + b"\xc2\xea\x81\x60", SAS), (b"\xd0\xcf\x11\xe0\xa1\xb1", EXCEL), (b"ARROW1\x00\x00", FEATHER),
    (b"FEA1", FEATHER), (b"\x1f\x8b", GZIP), (b"BZh", BZIP), (b"\xfd7zXZ\x00", XZ), (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"7z\xbc\xaf\x27\x1c", SEVEN), (b"Rar!\x1a\x07", RAR), (b"SQLite format 3\x00", DATABASE),
)  # fmt: skip


def foreign(file: Path) -> Format | None:
    """What a file is, if it is none that is read: by its first bytes, or else by its name.

    Returns
    -------
    Format or None
        None where the file may be Parquet or CSV, or is of no kind that is known here.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError:
        head = b""
    suffix = file.suffix.lower()
    return _by_content(head, suffix) or next((known for known in FORMATS if suffix in known.suffixes), None)


def _by_content(head: bytes, suffix: str) -> Format | None:
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            # R's files are compressed by gzip, and opened by R alone.
            return {".rds": R_DATA, ".rdata": R_SPACE, ".rda": R_SPACE}.get(suffix, found)
    if head[:1] and head[0] in OLD_STATA and head[1:4] in (b"\x01\x01\x00", b"\x02\x01\x00"):
        return STATA
    if head.startswith(b"PK\x03\x04"):  # workbooks are archives too
        return (
            SHEET
            if b"opendocument.spreadsheet" in head
            else EXCEL
            if (suffix in EXCEL.suffixes or b"[Content_Types].xml" in head)
            else ZIP
        )
    if b"SPSS PORT FILE" in head:
        return PORTABLE
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return PAGE
    return JSON if start.startswith((b'[{"', b'{"')) else None


def is_parquet_inside(file: Path) -> bool:
    """Whether a file begins as Parquet does, whatever it is called."""
    try:
        with file.open("rb") as opened:
            return opened.read(4) == b"PAR1"
    except OSError:
        return False


def fault_of(table: str, label: str, found: Format, number: int = 1) -> Fault:
    """The fault of a table whose files are of a kind that is not read, with the command that makes one that is.

    Parameters
    ----------
    table : str
    label : str
        The file's path below the data folder; of the first one, if there are several.
    found : Format
    number : int
        How many such files the table has.
    """
    what = phrase(
        "this is {says}; the table {table} is read from {names}",
        says=found.says,
        table=table,
        names=enumerated(OWN, "or"),
    )
    if found is PAGE:
        return Fault("MPI-D004", Place(label), what, phrase("the download failed: download the file itself"))
    again = phrase(", and likewise for the other {others}", others=number - 1) if number > 1 else ""
    if found in PACKED:
        command = _command(found, label, label)
        run = phrase("in the data folder run `{command}`{again}", command=command, again=again)
        return Fault("MPI-D004", Place(label), what, phrase("{run}, and write the resulting file in `path:`", run=run))
    new = str(Path(label).with_suffix(".parquet"))
    first = phrase("`pip install {needs}`, then ", needs=found.needs) if found.needs else ""
    remedy = phrase(
        "make a Parquet file once: in the data folder run {first}`{command}`{again}; then write `path: {new}`",
        first=first,
        command=_command(found, label, new),
        again=again,
        new=new,
    )
    return Fault("MPI-D004", Place(label), what, remedy)


def _command(found: Format, old: str, new: str) -> str:
    """The line to run in a shell."""
    if found.line:
        quoted = {"old": old, "new": new} if found in (R_DATA, R_SPACE) else {"old": shlex.quote(old), "new": new}
        return found.code.format(**quoted)
    if UNSAFE & set(old + new):
        return f"python -c {shlex.quote(found.code.format(old=_escaped(old), new=_escaped(new)))}"
    code = found.code.replace('"', "'").format(old=old, new=new)
    return f'python -c "{code}"'


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
