"""Every remedy of `mpi map`, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

import mpi
from mpi.cli import cli
from tests.support.remedies import Doing, Row, follow

AREAS = "colombia_departamentos"
TABLE = "dpto,v,e,value\n05,10.5,2,1\n08,20,3,2\n"
SHAPES = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"dpto":"05"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}'
MAPPING = "mapping: m\nvalues: {column: v, form: percent}\ndomains: {dpto: {column: dpto}}\n"
BORDERS = "map: dpto\nboundaries: {path: s.geojson, code: dpto}\n"


def mapped(*words: str, table: str = TABLE, areas: str = AREAS, mapping: str = MAPPING) -> Doing:
    """`mpi map` of a table in an empty folder."""

    def done(folder: Path) -> None:
        before = Path.cwd()
        os.chdir(folder)
        try:
            Path("t.csv").write_text(table, encoding="utf-8")
            Path("s.geojson").write_text(SHAPES, encoding="utf-8")
            Path("m.yaml").write_text(mapping, encoding="utf-8")
            Path("b.yaml").write_text(BORDERS, encoding="utf-8")
            cli.main(args=["map", "t.csv", areas, "-o", "out", "--no-pictures", *words], standalone_mode=False)
        finally:
            os.chdir(before)

    return done


def called(**options: object) -> Doing:
    """`mpi.map_table`, which takes what the command does not."""

    def done(folder: Path) -> None:
        (folder / "t.csv").write_text(TABLE, encoding="utf-8")
        given = {"code": "dpto", "values": "v", "form": "percent", **options}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mpi.MpiWarning)  # of areas without a figure
            made = mpi.map_table(folder / "t.csv", AREAS, **given)  # type: ignore[arg-type]
            made.picture(str(options.get("title", "")))

    return done


CODE, VALUE, PERCENT = ("--code", "dpto"), ("--value", "v"), ("--form", "percent")
USUAL = (*CODE, *VALUE, *PERCENT)
LONG = "dpto,v,y\n05,1,2018\n05,2,2019\n"
ROWS = [
    Row("MPI-G220", "add --value COLUMN; there are dpto, v, e, value", mapped(*CODE, *PERCENT), [mapped(*USUAL)]),
    Row("MPI-G220", "say it by --form, or `form:` of the column", mapped(*CODE, *VALUE), [mapped(*USUAL), mapped("--map", "m.yaml")]),
    Row("MPI-G220", "say what the numbers are: percent, proportion, number or index; leave out a row", mapped(*USUAL, table="dpto,v\n05,130\n"), [mapped(*USUAL), mapped(*CODE, *VALUE, "--form", "index", table="dpto,v\n05,130\n"), mapped(*USUAL, "--only", "dpto=08", table="dpto,v\n05,130\n08,1\n")]),
    Row("MPI-G220", "there are se, cv, low, high, title, form, breaks", called(values={"v": {"quite_other": "e"}}), [called(values={"v": {"se": "e"}})]),
    Row("MPI-G220", "write percent, proportion, number or index", called(values={"v": {"form": "x"}}), [called(values={"v": {"form": "number"}})]),
    Row("MPI-G220", "write ascending numbers, such as [0, 20, 40, 60, 80, 100]", called(values={"v": {"breaks": "x"}}), [called(values={"v": {"breaks": [0, 20, 40, 60, 80, 100]}})]),
    Row("MPI-G220", "write a text, or texts by language", called(values={"v": {"title": 1}}), [called(values={"v": {"title": "T"}}), called(values={"v": {"title": {"es": "T"}}})]),
    Row("MPI-G220", "write the name of a column", called(values={"v": {"se": 1}}), [called(values={"v": {"se": "e"}})]),
    Row("MPI-D131", "say which it is: --decimal SIGN for decimals, --thousands SIGN for thousands", mapped(*CODE, *VALUE, "--form", "number", table="dpto,v\n05,1.250\n08,2.125\n"),
        [mapped(*CODE, *VALUE, "--form", "number", "--decimal", ".", table="dpto,v\n05,1.250\n08,2.125\n"), mapped(*CODE, *VALUE, "--form", "number", "--thousands", ".", table="dpto,v\n05,1.250\n08,2.125\n")]),
    Row("MPI-G221", "give one row for each area", mapped(*USUAL, table="dpto,v\n"), [mapped(*USUAL)]),
    Row("MPI-G221", "compare the columns that are named, and the words of `only:` and `codes:`, with the table", mapped(*USUAL, "--only", "dpto=none"), [mapped(*USUAL, "--only", "dpto=05")]),
    Row("MPI-G222", "name the columns of the lower and the upper limit", mapped(*USUAL, "--low", "v", "--high", "e"), [mapped(*USUAL, "--low", "e", "--high", "v")]),
    Row("MPI-G222", "name the column of standard errors", mapped(*USUAL, "--se", "e", table="dpto,v,e,s\n05,1,-1,1\n"), [mapped(*USUAL, "--se", "s", table="dpto,v,e,s\n05,1,-1,1\n")]),
    Row("MPI-G222", "name one --value, or describe each column in a file: --map", mapped(*USUAL, "--value", "e", "--se", "e"), [mapped(*USUAL, "--se", "e"), mapped("--map", "m.yaml")]),
    Row("MPI-G223", "add --code COLUMN", mapped(*VALUE, *PERCENT), [mapped(*USUAL)]),
    Row("MPI-G223", "add --code COLUMN: one of dpto, e", mapped("--map", "m.yaml", mapping=MAPPING.replace("}}", "}, z: {column: e}}")), [mapped("--map", "m.yaml", "--code", "dpto", mapping=MAPPING.replace("}}", "}, z: {column: e}}"))]),
    Row("MPI-G223", "add --width N", mapped(*USUAL, "--pad", areas="s.geojson"), [mapped(*USUAL, "--pad", "--width", "2", areas="s.geojson", table="dpto,v\n5,1\n")]),
    Row("MPI-G223", "write it into the file of boundaries", mapped(*USUAL, "--area-code", "dpto", areas="b.yaml"), [mapped(*USUAL, areas="b.yaml")]),
    Row("MPI-G223", "write --only COLUMN=WORD", mapped(*USUAL, "--only", "dpto"), [mapped(*USUAL, "--only", "dpto=05")]),
    Row("MPI-G015", "add --pad --width 2", mapped(*USUAL, table="dpto,v\n5,1\n"), [mapped(*USUAL, "--pad", "--width", "2", table="dpto,v\n5,1\n")]),
    Row("MPI-G001", "name a file of polygons that is there", mapped(*USUAL, areas="x.geojson"), [mapped(*USUAL, areas="s.geojson")]),
    Row("MPI-G020", "write them as 0,20,40,60,80,100", mapped(*USUAL, "--breaks", "x"), [mapped(*USUAL, "--breaks", "0,20,40,60,80,100")]),
    Row("MPI-G042", "there are v", called(title="quite_other"), [called(title="v")]),
    Row("MPI-G042", "did you mean 'value'?", called(values="value", title="valeu"), [called(values="value", title="value")]),
    Row("MPI-G220", "did you mean 'title'?", called(values={"v": {"titel": "T"}}), [called(values={"v": {"title": "T"}})]),
    Row("MPI-U193", "choose rows by --only COLUMN=WORD or `only:`", mapped(*USUAL, table=LONG), [mapped(*USUAL, "--only", "y=2018", table=LONG)]),
    Row("MPI-U110", "give some of en, es, fr, pt", called(languages=["xx"]), [called(languages=["pt"])]),
    Row("MPI-U110", "give one of percent, proportion, number, index", called(form="per cent"), [called(form="percent"), called(form="number")]),
    Row("MPI-C005", "write {width: 5, pad: yes}", mapped("--map", "m.yaml", mapping=MAPPING.replace("}}", ", width: 5}}")), [mapped("--map", "m.yaml", mapping=MAPPING.replace("}}", ", width: 2, pad: yes}}"))]),
    Row("MPI-C007", "write 0.95 for 95 %", mapped("--map", "m.yaml", mapping=f"{MAPPING}level: 95\n"), [mapped("--map", "m.yaml", mapping=f"{MAPPING}level: 0.95\n")]),
    Row("MPI-C040", "write [0, 20, 40, 60, 80, 100]", mapped("--map", "m.yaml", mapping=MAPPING.replace("percent", "percent, breaks: [1]")), [mapped("--map", "m.yaml", mapping=MAPPING.replace("percent", "percent, breaks: [0, 20, 40, 60, 80, 100]"))]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
