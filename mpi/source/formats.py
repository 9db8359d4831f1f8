"""The kinds of files, known by their first bytes or their names; what is not read, and how to make of it what is.

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
TAR_MARK = 257  # where the mark of a tar archive stands
OLD_STATA = range(102, 116)  # first byte of Stata files before version 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    says : str
        What it is called.
    suffixes : tuple of str
        In lower case; the first one is recommended.
    name : str
        What files that are read from it are called, for the formats that are read.
    needs : str
        What `pip` has to install first; empty for nothing but this package.
    code : str
        Python that writes the Parquet file `{new}` from `{old}`; or a line for the shell, if `line`.
    """

    says: str
    suffixes: tuple[str, ...]
    code: str = ""
    needs: str = ""
    line: bool = False
    name: str = ""


def _statistical(reader: str, codes: str = "") -> str:
    return f'import pyreadstat; pyreadstat.{reader}("{{old}}"{codes})[0].to_parquet("{{new}}")'


def _pandas(call: str) -> str:
    return f'import pandas; pandas.{call}.to_parquet("{{new}}")'


CODES = ", apply_value_formats=False"
PARQUET = Format(says=phrase("a Parquet file"), suffixes=(".parquet",), name="Parquet")
CSV = Format(says=phrase("a CSV file"), suffixes=(".csv", ".tsv", ".txt"), name="CSV")
FIXED = Format(says=phrase("a text of fixed width"), suffixes=(), name=phrase("text of fixed width"))
STATA = Format(says=phrase("a Stata file"), suffixes=(".dta",), name="Stata")
SPSS = Format(says=phrase("an SPSS file"), suffixes=(".sav", ".zsav"), name="SPSS")
SAS = Format(says=phrase("a SAS file"), suffixes=(".sas7bdat",), name="SAS")
TRANSPORT = Format(says=phrase("a SAS transport file"), suffixes=(".xpt", ".xport"), name="SAS")
SHEET = Format(
    says=phrase("a spreadsheet"), suffixes=(".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"), name="Excel, OpenDocument"
)
FEATHER = Format(
    says=phrase("an Arrow or Feather file"), suffixes=(".arrow", ".feather", ".ipc", ".arrows"), name="Arrow"
)
GZIP = Format(says=phrase("compressed (gzip)"), suffixes=(".gz",), code="gunzip -k {old}", line=True)
BZIP = Format(says=phrase("compressed (bzip2)"), suffixes=(".bz2",), code="bunzip2 -k {old}", line=True)
XZ = Format(says=phrase("compressed (xz)"), suffixes=(".xz",), code="unxz -k {old}", line=True)
ZSTD = Format(says=phrase("compressed (zstd)"), suffixes=(".zst",), code="unzstd {old}", line=True)
ZIP = Format(says=phrase("a zip archive"), suffixes=(".zip",), name="zip")
OWN = PARQUET, CSV, STATA, SPSS, SAS, TRANSPORT, SHEET, FEATHER, ZIP
COMPRESSED = GZIP, BZIP, XZ, ZSTD  # read too, under a name with two endings: persons.csv.gz
PORTABLE = Format(
    says=phrase("a portable SPSS file"), suffixes=(".por",), code=_statistical("read_por", CODES), needs="pyreadstat"
)
DBF = Format(
    says=phrase("a dBase file"),
    suffixes=(".dbf",),
    code="import pyogrio as o, pyarrow.parquet as p; "
    'p.write_table(o.read_arrow("{old}", read_geometry=False)[1], "{new}")',
    needs="pyogrio",
)
JSON = Format(says=phrase("a JSON file"), suffixes=(".json",), code=_pandas('read_json("{old}")'), needs="pandas")
LINES = Format(
    says=phrase("a file of JSON lines"),
    suffixes=(".jsonl", ".ndjson"),
    code=_pandas('read_json("{old}", lines=True)'),
    needs="pandas",
)
R_DATA = Format(
    says=phrase("an R file"),
    suffixes=(".rds",),
    code='Rscript -e \'arrow::write_parquet(readRDS("{old}"), "{new}")\'',
    line=True,
)
R_SPACE = Format(
    says=phrase("an R workspace"),
    suffixes=(".rdata", ".rda"),
    code='Rscript -e \'x <- get(load("{old}")[1]); arrow::write_parquet(x, "{new}")\'',
    line=True,
)
SEVEN = Format(says=phrase("a 7-Zip archive"), suffixes=(".7z",), code="7z x {old}", line=True)
RAR = Format(says=phrase("a RAR archive"), suffixes=(".rar",), code="unrar x {old}", line=True)
LZ4 = Format(says=phrase("compressed (lz4)"), suffixes=(".lz4",), code="unlz4 {old}", line=True)
UNIX = Format(says=phrase("compressed (Unix compress)"), suffixes=(".z",), code="gunzip -k {old}", line=True)
TAR = Format(
    says=phrase("a tar archive"),
    suffixes=(".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"),
    code="tar -xf {old}",
    line=True,
)
FLAT = Format(
    says=phrase("a flat OpenDocument sheet"),
    suffixes=(".fods",),
    code="soffice --headless --convert-to ods {old}",
    line=True,
)
SHEET_2003 = Format(
    says=phrase("an XML spreadsheet of Excel 2003"),
    suffixes=(),
    code="soffice --headless --convert-to xlsx {old}",
    line=True,
)
SEALED = Format(says=phrase("an encrypted Parquet file"), suffixes=())
POINTER = Format(says=phrase("a pointer of Git LFS, not the file"), suffixes=())
PAGE = Format(says=phrase("a web page, not data"), suffixes=(".html", ".htm"), code="")
DATABASE = Format(
    says=phrase("a database (SQLite)"),
    suffixes=(".sqlite", ".db"),
    code='import sqlite3, pandas; c = sqlite3.connect("{old}"); '
    'pandas.read_sql("select * from TABLE", c).to_parquet("{new}")',
    needs="pandas",
)
PACKED = (*COMPRESSED, SEVEN, RAR, LZ4, UNIX, TAR, FLAT, SHEET_2003)
FORMATS = (PORTABLE, DBF, JSON, LINES, R_DATA, R_SPACE, *PACKED, PAGE, DATABASE)
SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"PAR1", PARQUET), (b"PARE", SEALED), (b"version https://git-lfs.github.com/spec/", POINTER),
    (b"\x04\x22\x4d\x18", LZ4), (b"\x1f\x9d", UNIX),
    (b"<stata_dta>", STATA), (b"$FL2@(#) SPSS", SPSS), (b"$FL3@(#) SPSS", SPSS), (b"HEADER RECORD****", TRANSPORT),
    (bytes(12) + b"\xc2\xea\x81\x60", SAS), (b"\xd0\xcf\x11\xe0\xa1\xb1", SHEET), (b"ARROW1\x00\x00", FEATHER),
    (b"\xff\xff\xff\xff", FEATHER),
    (b"FEA1", FEATHER), (b"\x1f\x8b", GZIP), (b"BZh", BZIP), (b"\xfd7zXZ\x00", XZ), (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"7z\xbc\xaf\x27\x1c", SEVEN), (b"Rar!\x1a\x07", RAR), (b"SQLite format 3\x00", DATABASE),
)  # fmt: skip


def recognised(head: bytes, name: str) -> Format | None:
    """What a file is by its first bytes; None where they do not say, as those of a text.

    R's files are compressed by gzip, and known by their names too.
    """
    return _by_content(head, Path(name).suffix.lower())


def head_of(file: Path) -> bytes:
    """The first bytes of a file; none if it cannot be read."""
    try:
        with file.open("rb", buffering=0) as opened:  # of what is in a store, nothing more is fetched
            return opened.read(HEAD)
    except OSError:
        return b""


def foreign(file: Path) -> Format | None:
    """What a file is whose name is none of those that are read: by its first bytes, or else by its name.

    Returns
    -------
    Format or None
        None for no kind that is known here.
    """
    suffix = file.suffix.lower()
    if file.name.lower().endswith(TAR.suffixes):  # also compressed
        return TAR
    return recognised(head_of(file), file.name) or next((known for known in FORMATS if suffix in known.suffixes), None)


def _by_content(head: bytes, suffix: str) -> Format | None:
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            # R's files are compressed by gzip, and opened by R alone.
            return {".rds": R_DATA, ".rdata": R_SPACE, ".rda": R_SPACE}.get(suffix, found)
    if head[:1] and head[0] in OLD_STATA and head[1:4] in (b"\x01\x01\x00", b"\x02\x01\x00"):
        return STATA
    if head.startswith(b"PK\x03\x04"):  # workbooks are archives too
        inside = b"opendocument.spreadsheet" in head or b"[Content_Types].xml" in head
        return SHEET if inside or suffix in SHEET.suffixes else ZIP
    if b"SPSS PORT FILE" in head:
        return PORTABLE
    if head[TAR_MARK : TAR_MARK + 5] == b"ustar":
        return TAR
    if b'progid="Excel.Sheet"' in head:
        return SHEET_2003
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return PAGE
    return JSON if start.startswith((b'[{"', b'{"')) else None


def is_parquet(file: Path) -> bool:
    """Whether a file's name says that it is Parquet."""
    return file.name.lower().endswith(PARQUET.suffixes)


def misnamed(table: str, label: str, found: Format, taken: Format) -> Fault:
    """The fault of a file that holds another format than its name says."""
    if found not in (*OWN, *COMPRESSED):
        return fault_of(table, label, found)
    text = phrase(
        "this is {says}; by its name, the table {name} reads it as {taken}",
        says=found.says,
        name=table,
        taken=taken.name,
    )
    own = Path(label).suffix if found in COMPRESSED else ""
    remedy = phrase("give its name the ending {ending}, also in `path:`", ending=f"{own}{found.suffixes[0]}")
    return Fault("MPI-D004", Place(label), text, remedy)


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
        names=enumerated(list(dict.fromkeys(own.name for own in OWN)), "or"),
    )
    if found in OWN:
        new = str(Path(label).with_suffix(found.suffixes[0]))
        return Fault("MPI-D004", Place(label), what, phrase("call it {new}, also in `path:`", new=new))
    if (remedy := _by_hand(found, label)) is not None:
        return Fault("MPI-D004", Place(label), what, remedy)
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


def _by_hand(found: Format, label: str) -> str | None:
    """What to do with what no command makes into data; None for other kinds."""
    if found is PAGE and label.lower().endswith(SHEET.suffixes):
        return phrase("open it in a spreadsheet program and save it as .xlsx; or download the file itself")
    if found is PAGE:
        return phrase("the download failed: download the file itself")
    if found is SEALED:
        return phrase("write it anew without encryption, with the program that has its keys")
    if found is POINTER:
        return phrase("fetch the file itself: run `git lfs pull` in its repository")
    return None


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
