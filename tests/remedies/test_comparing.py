"""Every remedy of `mpi compare`, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

import builtins
import os
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest

from mpi.cli import cli
from mpi.config.mappings import load_series
from tests.support.remedies import Doing, Row, follow

RESULTS = "statistic,unit,period,k,zona,estimate\nH,persons,2024,1/3,,0.2\nH,persons,2025,1/3,,0.1\n"
MAPPING = "mapping: m\nstatistic: H\nperiod: 2025\nvalues: H\nfactor: 0.01\n"
REAL_IMPORT = builtins.__import__


def compared(
    *arguments: str,
    mapping: str = MAPPING,
    table: str = "place,H\nall,10.0\n",
    results: str = RESULTS,
    lacking: str = "",
) -> Doing:
    """`mpi compare` beside results, a published table and a mapping."""

    def importing(name: str, *arguments: Any, **named: Any) -> Any:
        if name == lacking:
            raise ImportError(name)
        return REAL_IMPORT(name, *arguments, **named)

    def done(folder: Path) -> None:
        before = Path.cwd()
        os.chdir(folder)
        try:
            Path("r.csv").write_text(results, encoding="utf-8")
            Path("p.csv").write_text(table, encoding="utf-8")
            Path("p.txt").write_text(table, encoding="utf-8")
            Path("m.yaml").write_text(mapping, encoding="utf-8")
            Path("empty").mkdir()
            Path("out/results").mkdir(parents=True)
            Path("out/results/total.csv").write_text(results, encoding="utf-8")
            Path("broken.parquet").write_bytes(b"PAR1")
            book = openpyxl.Workbook()
            book.active.title = "IPM"
            for row in (["place", "H"], ["all", 10.0]):
                book.active.append(row)
            book.save("p.xlsx")
            with mock.patch.object(builtins, "__import__", importing):
                cli.main(args=["compare", *arguments], standalone_mode=False)
        finally:
            os.chdir(before)

    return done


BOTH = ("r.csv", "p.csv", "--map", "m.yaml")
XLSX = ("r.csv", "p.xlsx", "--map", "m.yaml")
OTHER = "estimate,what\n0.1,H\n"
TWO = "place,H\nall,10.0\nnorth,12.0\n"


def series(mapping: str) -> Doing:
    """Published figures of a study, from a mapping that names its table."""

    def loaded(folder: Path) -> object:
        (folder / "m.yaml").write_text(mapping, encoding="utf-8")
        (folder / "t.csv").write_text("place,H\nall,10.0\n", encoding="utf-8")
        return load_series(folder / "m.yaml")

    return loaded


ROWS = [
    Row("MPI-U190", "name a file, or a folder that `mpi run` made", compared("empty", *BOTH[1:]), [compared(*BOTH), compared("out", *BOTH[1:])]),
    Row("MPI-U190", "name a file that is there", compared("x.csv", *BOTH[1:]), [compared(*BOTH)]),
    Row("MPI-U190", "save it as one of these", compared("r.csv", "p.txt", *BOTH[2:]), [compared(*BOTH), compared(*XLSX)]),
    Row("MPI-U190", "save it again, as CSV in UTF-8 with a header", compared("broken.parquet", *BOTH[1:]), [compared(*BOTH)]),
    Row("MPI-U191", "say by --results-map how the table is read, or name results", compared(*BOTH, results=OTHER),
        [compared(*BOTH), compared(*BOTH, "--results-map", "m.yaml", results="H\n10.0\n")]),
    Row("MPI-U191", "write one of: place, H", compared(*BOTH, mapping=MAPPING.replace("values: H", "values: quite_other")), [compared(*BOTH)]),
    Row("MPI-U191", "write one of: IPM", compared(*XLSX, mapping=f"{MAPPING}sheet: quite_other\n"), [compared(*XLSX, mapping=f"{MAPPING}sheet: IPM\n")]),
    Row("MPI-U191", "did you mean 'place'?", compared(*BOTH, mapping=f"{MAPPING}only: {{plaec: all}}\n"), [compared(*BOTH, mapping=f"{MAPPING}only: {{place: all}}\n")]),
    Row("MPI-U191", "did you mean 'H'? (look at capitals", compared(*BOTH, mapping=MAPPING.replace("values: H", "values: h")), [compared(*BOTH)]),
    Row("MPI-U191", "add `table:`, or name the table and --map", compared("r.csv", "m.yaml"), [compared("r.csv", "m.yaml", mapping=f"{MAPPING}table: p.csv\n"), compared(*BOTH)]),
    Row("MPI-C175", "write `table: FILE`, beside the mapping", series(MAPPING), [series(f"{MAPPING}table: t.csv\n")]),
    Row("MPI-C175", "write `table: FILE`, beside the mapping", series(f"{MAPPING}table: u.csv\n"), [series(f"{MAPPING}table: t.csv\n")]),
    Row("MPI-U192", "compare the words of `only:` and `codes:` with those of the table",
        compared(*BOTH, mapping=f"{MAPPING}only: {{place: none}}\n"), [compared(*BOTH, mapping=f"{MAPPING}only: {{place: all}}\n")]),
    Row("MPI-U192", "compare what they are about: published H, 1999, persons; results H, 2024, persons",
        compared(*BOTH, mapping=MAPPING.replace("2025", "1999")), [compared(*BOTH)]),
    Row("MPI-U193", "choose rows by `only:`, or name the domain that tells them apart in `domains:`", compared(*BOTH, table=TWO),
        [compared(*BOTH, table=TWO, mapping=f"{MAPPING}only: {{place: all}}\n"),
         compared(*BOTH, table=TWO, mapping=f"{MAPPING}domains: {{zona: {{column: place, none: all}}}}\n")]),
    Row("MPI-U194", "write numbers with a decimal point", compared(*BOTH, table="place,H\nall,ten\n"), [compared(*BOTH)]),
    Row("MPI-D131", "say which in the mapping", compared(*BOTH, table="place,H\nall,9.125\n"),
        [compared(*BOTH, table="place,H\nall,9.125\n", mapping=f"{MAPPING}csv: {{decimal: '.'}}\n"),
         compared(*BOTH, table="place,H\nall,9.125\n", mapping=f"{MAPPING}csv: {{thousands: '.'}}\n")]),
    Row("MPI-U196", "write `period: 2025` into the mapping", compared(*BOTH, mapping=MAPPING.replace("period: 2025\n", "")), [compared(*BOTH)]),
    Row("MPI-U197", "save the sheet as CSV (UTF-8), or: pip install openpyxl", compared(*XLSX, lacking="openpyxl"), [compared(*BOTH, lacking="openpyxl"), compared(*XLSX)]),
    Row("MPI-U198", "name a published table, or write --self without one", compared("r.csv"), [compared(*BOTH), compared("r.csv", "--self")]),
    Row("MPI-C006", "write one of: H, A, M0", compared(*BOTH, mapping=MAPPING.replace("statistic: H", "statistic: Q")), [compared(*BOTH)]),
    Row("MPI-C007", "write 0.01 for percentages, 1 for proportions", compared(*BOTH, mapping=MAPPING.replace("0.01", "0")),
        [compared(*BOTH), compared(*BOTH, mapping=MAPPING.replace("0.01", "1"), table="place,H\nall,0.1\n")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
