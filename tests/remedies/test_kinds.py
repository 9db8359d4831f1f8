"""Every remedy of a message about a file as offices have them, followed as it says."""

# ruff: noqa: E501  files stand here as they are written

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest

from mpi.source import packed
from tests.remedies.test_files import ONE, P, figures, hamlets
from tests.source.test_kinds import locked_workbook, locked_zip, other_method
from tests.support import hamlet, village
from tests.support.remedies import Doing, Row, follow

ROWS_OF_P = [line.split(",") for line in P.splitlines()]
SIZES = [max(len(row[j]) for row in ROWS_OF_P[1:]) for j in range(len(ROWS_OF_P[0]))]
FIXED = "".join(
    "".join(cell.rjust(size) for cell, size in zip(row, SIZES, strict=True)) + "\n" for row in ROWS_OF_P[1:]
)
PLACES = {name: (1 + sum(SIZES[:j]), SIZES[j]) for j, name in enumerate(ROWS_OF_P[0])}
STATED = "{" + ", ".join(f"{name}: [{start}, {width}]" for name, (start, width) in PLACES.items()) + "}"
DICTIONARY = "name,start,width\n" + "".join(f"{name},{start},{width}\n" for name, (start, width) in PLACES.items())

# What a dictionary says of its first column: a remedy, the heading, a cell that is refused and one as the remedy says.
TOLD = [
    ("write the place of the first character, from 1", "start", "one", "1"),
    ("write how many characters the column has", "width", "x", str(SIZES[0])),
    ("write the place of the last character", "end", "0", str(SIZES[0])),
    ("write number or text", "type", "date", "text"),
    ("write codes and labels such as 1 = Man; 2 = Woman", "labels", "Man", "1 = Man; 2 = Woman"),
    ("write codes and ranges such as 9; 98-99", "missing", "99-98", "9; 98-99"),
    ("write how many of the last digits are decimals", "decimals", "x", "0"),
]


def told(**cells: str) -> str:
    """A dictionary of the persons, with other cells for the first column."""
    heads = ["name", "start", "width", "end", "type", "labels", "missing", "decimals"]
    rows = [{"name": name, "start": str(start), "width": str(width)} for name, (start, width) in PLACES.items()]
    rows[0] |= {"width": "", "end": rows[0]["width"]} | cells if "width" not in cells else cells
    return "\n".join(["|".join(heads), *("|".join(row.get(head, "") for head in heads) for row in rows)])


def typed(cell: str) -> object:
    return None if not cell else int(cell) if cell.isdigit() else cell


def book(*sheets: str, above: int = 0, **changed: object) -> bytes:
    """The persons in sheets of a workbook; some cells, by address, hold something else."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in sheets or ("Hoja1",):
        sheet = made.create_sheet(name)
        for _ in range(above):
            sheet.append(["Cuadro", None])
        sheet.append(ROWS_OF_P[0])
        for row in ROWS_OF_P[1:]:
            sheet.append([row[0], *map(typed, row[1:])])
        for address, value in changed.items():
            sheet[address] = value
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def archive(members: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def made(make: object, tmp: str = "x") -> bytes:
    """What a maker of another test writes."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / tmp
        make(pd.read_csv(io.StringIO(P)), path)  # type: ignore[operator]
        return path.read_bytes()


def table(form: str, files: Mapping[str, bytes | str], *, same: bool = True) -> Doing:
    """The hamlet with another file of persons."""
    return hamlets((ONE, f"persons: {{path: {form},"), files=files, same=same)


def arrow() -> bytes:
    sink = pa.BufferOutputStream()
    rows = pd.read_csv(io.StringIO(P), dtype={"house": str})
    pyarrow.feather.write_feather(pa.Table.from_pandas(rows, preserve_index=False), sink)
    return sink.getvalue().to_pybytes()


def old_stata(word: str, *, stated: str = "") -> Doing:
    """The hamlet with persons in a Stata file of version 114, whose names of water are in Latin-1."""

    def done(folder: Path) -> None:
        hamlet.write_hamlet(folder, survey=hamlet.SURVEY.replace(ONE, f"persons: {{path: persons.dta{stated},"))
        rows = pd.read_csv(io.StringIO(P), dtype={"house": str})
        rows["house"] = rows["house"].str.replace("001A", word)
        rows.to_stata(folder / "persons.dta", write_index=False, version=114)
        text = (folder / "households.csv").read_text(encoding="utf-8").replace("001A", word)
        (folder / "households.csv").write_text(text, encoding="utf-8")
        figures(folder)

    return done


def bomb(*, unpacked: bool = False) -> Doing:
    """Persons with blanks, compressed a thousand times; or as they are."""
    wide = P.replace("001A,1,", "001A,1" + " " * 10**6 + ",", 1)

    def done(folder: Path) -> None:
        with patch.object(packed, "FREE", 2**18):
            form, content = ("p.csv", wide.encode()) if unpacked else ("p.csv.gz", gzip.compress(wide.encode()))
            table(form, {form: content})(folder)

    return done


def without(package: str, form: str, files: Mapping[str, bytes | str]) -> Doing:
    def done(folder: Path) -> None:
        with patch.dict(sys.modules, {package: None}):
            table(form, files)(folder)

    return done


def village_with(codes: str) -> Doing:
    """The village, whose files have no labels, with another list of codes."""

    def done(_: Path) -> None:
        village.profile(village.tables(), of=village.survey(("codes: {1: man, 2: woman}", codes)))

    return done


LOCKED = made(locked_zip)
HALVES = {
    "p1.csv": "".join(P.splitlines(keepends=True)[:7]),
    "p2.csv": "".join([P.splitlines(keepends=True)[0], *P.splitlines(keepends=True)[7:]]),
}
GOOD = table("b.xlsx", {"b.xlsx": book()})
ROWS = [
    Row("MPI-D001", "look at `fixed:`", table("p.txt, fixed: x.csv", {"p.txt": FIXED}), [table("p.txt, fixed: x.csv", {"p.txt": FIXED, "x.csv": DICTIONARY}), table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED})]),
    Row("MPI-D002", "such as `header: 1`", table("b.xlsx, header: 99", {"b.xlsx": book()}), [table("b.xlsx, header: 1", {"b.xlsx": book()})]),
    Row("MPI-D004", "an archive with data", table("p.zip", {"p.zip": archive({"a.exe": "x"})}), [table("p.zip", {"p.zip": archive({"a.csv": P})})]),
    Row("MPI-D002", "an archive with data", table("p.zip", {"p.zip": archive({})}), [table("p.zip", {"p.zip": archive({"a.csv": P})})]),
    Row("MPI-D004", "unpack it, and name", table("p.zip", {"p.zip": made(other_method)}), [table("p.csv", {"p.csv": P})]),
    Row("MPI-D004", "save it as .xlsx", hamlets((ONE, "persons: {path: p.xls,"), files={"p.xls": "<html></html>"}), [hamlets(), hamlets((ONE, "persons: {path: b.xlsx,"), files={"b.xlsx": book()})]),
    Row("MPI-D004", "save it without one", table("b.xlsx", {"b.xlsx": made(locked_workbook)}), [GOOD]),
    Row("MPI-D004", "unpack it with the password", table("p.zip", {"p.zip": LOCKED}), [table("p.csv", {"p.csv": P})]),
    Row("MPI-D004", "as Feather 2 or Parquet", table("p.feather", {"p.feather": b"FEA1" + bytes(99)}), [table("p.feather", {"p.feather": arrow()})]),
    Row("MPI-D005", "the dictionary that belongs to it", table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED[:-9]}), [table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED})]),
    *(
        Row("MPI-D005", remedy, table("p.txt, fixed: x.csv", {"p.txt": FIXED, "x.csv": told(**{heading: wrong})}), [table("p.txt, fixed: x.csv", {"p.txt": FIXED, "x.csv": told(**{heading: right})})])
        for remedy, heading, wrong, right in TOLD
    ),
    Row("MPI-D005", "give a CSV file or a sheet with the columns", table("p.txt, fixed: x.csv", {"p.txt": FIXED, "x.csv": "a,b\n1,2\n"}), [table("p.txt, fixed: x.csv", {"p.txt": FIXED, "x.csv": DICTIONARY})]),
    Row("MPI-D005", "remove it, or copy", table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED.replace("\n", "\n\n", 1)}), [table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED})]),
    Row("MPI-D005", "write `header: ROW`", table("b.xlsx", {"b.xlsx": book(above=1)}), [table("b.xlsx, header: 2", {"b.xlsx": book(above=1)}), GOOD]),
    Row("MPI-D005", "such as `encoding: cp1252`", old_stata("ñA", stated=", encoding: utf-8"), [old_stata("ñA", stated=", encoding: cp1252")]),
    Row("MPI-D014", "write the codes: {1: first", village_with("codes: from labels"), [village_with("codes: {1: man, 2: woman}")]),
    Row("MPI-D132", "write numbers there", table("b.xlsx", {"b.xlsx": book(E2="ns")}), [GOOD, hamlets((ONE, "persons: {path: b.xlsx,"), ("design:", "missing_codes: {schooling: [ns]}\ndesign:"), files={"b.xlsx": book(E2="ns")}, same=False)]),
    Row("MPI-D200", "did you mean 'a.csv'?", table("p.zip, member: b.csv", {"p.zip": archive({"a.csv": P})}), [table("p.zip, member: a.csv", {"p.zip": archive({"a.csv": P})})]),
    Row("MPI-D200", "it has a.csv", table("p.zip, member: personas_2018.sav", {"p.zip": archive({"a.csv": P})}), [table("p.zip, member: a.csv", {"p.zip": archive({"a.csv": P})})]),
    Row("MPI-D200", "it has the sheets 'Hoja1'", table("b.xlsx, sheet: Viviendas", {"b.xlsx": book()}), [table("b.xlsx, sheet: Hoja1", {"b.xlsx": book()})]),
    Row("MPI-D200", "name one, or a pattern", table("p.zip", {"p.zip": archive(HALVES)}), [table("p.zip, member: 'p?.csv'", {"p.zip": archive(HALVES)})]),
    Row("MPI-D200", "write `sheet: A`", table("b.xlsx", {"b.xlsx": book("A", "B")}), [table("b.xlsx, sheet: A", {"b.xlsx": book("A", "B")})]),
    Row("MPI-D201", "empty the cell", table("b.xlsx", {"b.xlsx": book(E2="#N/A")}), [GOOD, table("b.xlsx", {"b.xlsx": book(E2=None)}, same=False)]),
    Row("MPI-D201", "save it, or store values", table("b.xlsx", {"b.xlsx": book(E2="=2+3")}), [GOOD]),
    Row("MPI-D202", "get the archive from its source", table("p.zip", {"p.zip": archive({"../a.csv": P})}), [table("p.zip", {"p.zip": archive({"a.csv": P})})]),
    Row("MPI-D202", "unpack it yourself", bomb(), [bomb(unpacked=True)]),
    Row("MPI-S014", "such as [12, 2]", table("p.txt, fixed: {house: [1]}", {"p.txt": FIXED}), [table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED})]),
    Row("MPI-S014", "write {NAME: [1, 2]}", table("p.txt, fixed: {}", {"p.txt": FIXED}), [table(f"p.txt, fixed: {STATED}", {"p.txt": FIXED})]),
    Row("MPI-U210", "install them", without("python_calamine", "b.xlsx", {"b.xlsx": book()}), [GOOD]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_file_mended_as_the_remedy_says_is_taken(tmp_path: Path, row: Row) -> None:
    follow(row, tmp_path)
