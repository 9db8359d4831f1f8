"""Every remedy of the commands for who begins, followed as it says."""

# ruff: noqa: E501  tables stand here as they are written

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import mpi
from mpi.starting.grids import MOST_BYTES
from mpi.starting.skeletons import write
from tests.support.remedies import Doing, Row, follow


def described(name: str) -> Doing:
    """`mpi.describe` of a file beside another one."""

    def done(folder: Path) -> None:
        (folder / "a.csv").write_text("house,person\n1,1\n1,2\n", encoding="utf-8")
        mpi.describe(folder / name)

    return done


def started(kind: str, name: str = "village_2026", file: str = "new.yaml", **options: Any) -> Doing:
    """A file to begin with, beside one that is there."""

    def done(folder: Path) -> None:
        (folder / "old.yaml").touch()
        write(kind, name, folder / file, **options)

    return done


def surveyed(names: str) -> Doing:
    """A survey to begin with, from some files: of persons, and of units that are one row each."""

    def done(folder: Path) -> None:
        files = [folder / f"{name}.csv" for name in names]
        for file in files:
            persons = "house,person\n1,1\n1,2\n2,1\n" if file.stem == "a" else f"house,{file.stem}\n1,1\n2,2\n"
            file.write_text(persons, encoding="utf-8")
        write("survey", "village_2026", folder / "new.yaml", measure="global_mpi", data=files)

    return done


def begun(**options: Any) -> Doing:
    return lambda folder: mpi.init(**{"kind": "measure", "name": "own", "output": folder / "own.yaml"} | options)


HEAD = "Dimension,Indicator,Weight,Weight (%),Dimension weight,Rule"


def tabled(*rows: str, head: str = HEAD, content: bytes | None = None, **options: Any) -> Doing:
    """A measure from a table of indicators: CSV, or what is given."""

    def done(folder: Path) -> None:
        path = folder / "table.csv"
        path.write_bytes("\n".join([head, *rows]).encode() if content is None else content)
        mpi.init("measure", "own", folder / "own.yaml", **{"table": path, **options})

    return done


def in_book(*rows: Sequence[Any], names: Sequence[str] = ("a",), **options: Any) -> Doing:
    """A measure from a workbook whose sheets have the same rows."""

    def done(folder: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name in names:
            page = made.create_sheet(name)
            for row in [HEAD.split(","), *rows]:
                page.append([*row])
        made.save(folder / "table.xlsx")
        mpi.init("measure", "own", folder / "own.yaml", table=folder / "table.xlsx", **options)

    return done


def exported(name: str) -> Doing:
    return lambda folder: mpi.export(mpi.load_measure("global_mpi"), folder / name)


def commanded(*words: str) -> Doing:
    """`mpi init measure` with a table beside it."""

    def done(folder: Path) -> None:
        (folder / "t.csv").write_text("Dimension,Thing,Weight\na,x,1\n", encoding="utf-8")
        told = [str(folder / word) if word == "t.csv" else word for word in words]
        _of_headings(told)

    return done


def _of_headings(words: Sequence[str]) -> None:
    from mpi.cli.starting_commands import init

    init.main(["measure", "own", "-o", f"{words[-1]}.yaml", *words[:-1]], standalone_mode=False)


def variabled(kind: str, name: str = "age") -> Doing:
    """A measure whose workbook declares a variable."""

    def done(folder: Path) -> None:
        made = openpyxl.Workbook()
        for row in (HEAD.split(","), ["a", "x", 1, None, None, "age < 1"]):
            made.active.append(row)
        page = made.create_sheet("v")
        for row in (["Variable", "Level", "Type"], [name, "person", kind]):
            page.append(row)
        made.save(folder / "table.xlsx")
        mpi.init("measure", "own", folder / "own.yaml", table=folder / "table.xlsx")

    return done


def dimensioned(combine: str) -> Doing:
    """A measure whose workbook says when a dimension counts."""

    def done(folder: Path) -> None:
        made = openpyxl.Workbook()
        for row in (HEAD.split(","), ["a", "x", None, None, None, "age < 1"]):
            made.active.append(row)
        page = made.create_sheet("d")
        for row in (["Dimension", "Weight", "Deprived indicators that are enough"], ["a", 1, combine]):
            page.append(row)
        made.save(folder / "table.xlsx")
        mpi.init("measure", "own", folder / "own.yaml", table=folder / "table.xlsx")

    return done


DAY = datetime.date(2026, 6, 1)
GOOD = tabled("a,x,1/2,,,v < 1", "a,y,1/2,,,v < 1")
TABLES = [
    Row("MPI-U231", "name a spreadsheet or a CSV file", tabled(table="/none.csv"), [GOOD]),
    Row("MPI-U231", "name the table of the measure", tabled(content=b"a" * (MOST_BYTES + 1)), [GOOD]),
    Row("MPI-U004", "write -o global_mpi.xlsx", exported("global_mpi.csv"), [exported("global_mpi.xlsx")]),
    Row("MPI-D002", "save it again as CSV", tabled(content=b'Dimension;Indicator\n"a;b\n'), [GOOD]),
    Row("MPI-D002", "save it as .xlsx, .ods or CSV (UTF-8)", tabled(content=bytes(range(256)) * 4), [GOOD]),
    Row("MPI-C200", "write one indicator in each row", tabled(content=b" \n"), [GOOD]),
    Row(
        "MPI-C200",
        "give the columns headings such as Dimension, Indicator",
        tabled("a,x,1", head="Dimension,Thing,Weight"),
        [
            tabled("a,x,1", head="Dimension,Indicator,Weight"),
            tabled("a,x,1", head="Dimension,Thing,Weight", headings={"Thing": "indicator"}),
        ],
    ),
    Row(
        "MPI-C200",
        "name one with --sheet",
        in_book(["a", "x", 1], names="ab"),
        [in_book(["a", "x", 1], names="ab", sheet="b")],
    ),
    Row(
        "MPI-C200",
        "it has the sheets 'a', 'b'",
        in_book(["a", "x", 1], names="ab", sheet="none"),
        [in_book(["a", "x", 1], names="ab", sheet="b")],
    ),
    Row(
        "MPI-C200",
        "did you mean 'long'?",
        in_book(["a", "x", 1], names=["long"], sheet="lonk"),
        [in_book(["a", "x", 1], names=["long"], sheet="long")],
    ),
    Row(
        "MPI-C200",
        "write one of: number, text, truth",
        variabled("integer"),
        [variabled("number"), variabled("yes or no")],
    ),
    Row(
        "MPI-C200",
        "use letters, digits and underscores",
        variabled("number", "age in years"),
        [variabled("number", "age_in_years")],
    ),
    Row(
        "MPI-C200",
        "write any, all or a number",
        dimensioned("some"),
        [dimensioned("any"), dimensioned("all"), dimensioned("1")],
    ),
    Row(
        "MPI-C200",
        "write a rule such as MEAN(schooling) < 6",
        tabled("a,x,1,,,v <"),
        [tabled("a,x,1,,,MEAN(schooling) < 6")],
    ),
    Row(
        "MPI-C200",
        "name the indicator, or empty the row",
        tabled("a,x,1/2,,,", ",,1/2,,,"),
        [tabled("a,x,1/2,,,", ",y,1/2,,,"), tabled("a,x,1,,,", ",,,,,")],
    ),
    Row(
        "MPI-C200",
        "write the dimension in its row or above it",
        tabled(",x,1,,,"),
        [tabled("a,x,1,,,"), tabled("a,,,,,", ",x,1,,,")],
    ),
    Row(
        "MPI-C200",
        "give one of them another name",
        tabled("a,x,1/2,,,", "a,x,1/2,,,"),
        [tabled("a,x,1/2,,,", "a,y,1/2,,,")],
    ),
    Row(
        "MPI-C200",
        "write the same in both, or empty the percentage",
        tabled("a,x,1/3,20%,,", "a,y,2/3,67%,,"),
        [tabled("a,x,1/3,33.333%,,", "a,y,2/3,66.667%,,"), tabled("a,x,1/3,,,", "a,y,2/3,,,")],
    ),
    Row("MPI-C201", "write a fraction such as 1/6", tabled("a,x,half,,,", "a,y,1/2,,,"), [GOOD]),
    Row(
        "MPI-C201",
        "format the column as text and write 1/6 again, or write =1/6",
        in_book(["a", "x", DAY], ["a", "y", "5/6"]),
        [in_book(["a", "x", "1/6"], ["a", "y", "5/6"]), in_book(["a", "x", 1 / 6], ["a", "y", "5/6"])],
    ),
    Row(
        "MPI-C201",
        "write `monitor` to report the indicator only",
        tabled("a,x,0,,,", "a,y,1,,,"),
        [tabled("a,x,monitor,,,", "a,y,1,,,")],
    ),
    Row(
        "MPI-C201",
        "give all of them one, or none for equal weights",
        tabled("a,x,1/2,,,", "a,y,,,,"),
        [GOOD, tabled("a,x,,,,", "a,y,,,,")],
    ),
    Row(
        "MPI-C201",
        "write it once, or the same in every row",
        tabled("a,x,1/2,,1,", "a,y,1/2,,1/2,"),
        [tabled("a,x,1/2,,1,", "a,y,1/2,,,"), tabled("a,x,1/2,,1,", "a,y,1/2,,1,")],
    ),
    Row(
        "MPI-C201",
        "write the sum, or the weights that make the total, or remove the row; if it is an indicator, write who is deprived",
        tabled("a,x,1/4,,,", ",Total,3/4,,,"),
        [tabled("a,x,1,,,", ",Total,1,,,"), tabled("a,x,1,,,"), tabled("a,x,1/4,,,", ",Total,3/4,,,a < 1")],
    ),
    Row("MPI-C201", "write fractions that add up to 1, such as 1/6", tabled("a,x,1/2,,,", "a,y,1/4,,,"), [GOOD]),
    Row(
        "MPI-C201",
        "write the fractions into the cells, or add `--weights fractions` to take them, or `--weights written` to take the decimals as they are",
        tabled("a,x,0.33,,,", "a,y,0.33,,,", "a,z,0.34,,,"),
        [tabled("a,x,1/3,,,", "a,y,1/3,,,", "a,z,1/3,,,")]
        + [tabled("a,x,0.33,,,", "a,y,0.33,,,", "a,z,0.34,,,", weights=way) for way in ("fractions", "written")],
    ),
    Row(
        "MPI-U231",
        "add --from with the spreadsheet, or leave them out",
        commanded("--sheet", "a", "t.csv"),
        [commanded("t.csv")],
    ),
    Row(
        "MPI-U231",
        "did you mean 'indicator'?",
        commanded("--from", "t.csv", "--heading", "indicatr=Thing", "t.csv"),
        [commanded("--from", "t.csv", "--heading", "indicator=Thing", "t.csv")],
    ),
    Row(
        "MPI-U231",
        "write one of: dimension, ",
        commanded("--from", "t.csv", "--heading", "xyzzy", "t.csv"),
        [commanded("--from", "t.csv", "--heading", "indicator=Thing", "t.csv")],
    ),
]
ROWS = [
    *TABLES,
    Row("MPI-U231", "did you mean 'measure'?", begun(kind="measurs"), [begun(kind="measure")]),
    Row(
        "MPI-U231",
        "write one of: ask, fractions, written",
        begun(weights="none"),
        [begun(weights=one) for one in ("ask", "fractions", "written")],
    ),
    Row("MPI-U230", "name a file of data that is there", described("b.csv"), [described("a.csv")]),
    Row("MPI-U231", "write a name such as village_2026", started("measure", "2026"), [started("measure")]),
    Row(
        "MPI-U231", "add --measure with its file or name", started("survey"), [started("survey", measure="global_mpi")]
    ),
    Row(
        "MPI-U231",
        "give a file of persons, of households and of dwellings at most",
        surveyed("abcd"),
        [surveyed("abc")],
    ),
    Row("MPI-U231", "leave it out", started("measure", survey="s.yaml"), [started("measure")]),
    Row("MPI-U231", "name another file with -o", started("measure", file="old.yaml"), [started("measure")]),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
