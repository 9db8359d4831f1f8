"""Tables of targets: every kind of file says the same, and every fault has its line and column."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from mpi.errors import DataError, UsageError
from mpi.specs.targets import Baseline, Target
from mpi.targets.reading import targets_of
from tests.support.loops import at_least_one
from tests.support.province import MEASURE

ROWS: list[dict[str, Any]] = [
    {"statistic": "H", "value": "8%", "year": "2030", "baseline": "2024", "source_es": "Plan", "source_en": "A plan"},
    {"indicator": "a", "value": "0.08", "year": "2030.5", "domain": "region:zone", "code": "n:u"},
    {"statistic": "M0", "halve": "yes", "year": "2030/31", "baseline_year": "2015", "baseline_value": "1/5",
     "path": "logistic"},
    {"statistic": "poor", "value": "4000000", "year": "2030", "direction": "at_least", "unit": "households",
     "domain": "region", "code": "all", "k": "50%"},
]  # fmt: skip
NAMES = list(dict.fromkeys(name for row in ROWS for name in row))
WANTED = (
    Target(statistic="H", value=Fraction(8, 100), by="2030", year=2030, baseline=Baseline(period="2024"),
           source={"es": "Plan", "en": "A plan"}),
    Target(statistic="uncensored_headcount", indicator="a", value=Fraction(8, 100), by="2030.5", year=2030.5,
           domains=("region", "zone"), codes=("n", "u")),
    Target(statistic="M0", value=None, by="2030/31", year=2030.5, path="logistic",
           baseline=Baseline(year=2015, value=Fraction(1, 5))),
    Target(statistic="poor", value=Fraction(4_000_000), by="2030", year=2030, direction="at_least",
           unit="households", domains=("region",), k="1/2"),
)  # fmt: skip


def texts() -> dict[str, list[str]]:
    return {name: [row.get(name, "") for row in ROWS] for name in NAMES}


def csv(folder: Path, sign: str = ",", encoding: str = "utf-8") -> Path:
    path = folder / "targets.csv"
    lines = [sign.join(NAMES), *(sign.join(row.get(name, "") for name in NAMES) for row in ROWS)]
    path.write_text("\n".join([lines[0], "", *lines[1:]]) + "\n", encoding=encoding)
    return path


def numbers() -> pd.DataFrame:
    """As a program would have them: years and values as numbers."""
    frame = pd.DataFrame(texts()).replace("", None)
    for name in ("value", "baseline_value"):
        frame[name] = [0.08, 0.08, None, 4e6] if name == "value" else [None, None, 0.2, None]
    return frame


def test_every_kind_of_table_says_the_same(tmp_path: Path) -> None:
    parquet.write_table(pa.table(texts()), tmp_path / "targets.parquet")
    numbers().to_excel(tmp_path / "targets.xlsx", index=False)
    given: dict[str, Any] = {
        "rows": ROWS,
        "columns": texts(),
        "pandas": numbers(),
        "polars": pl.DataFrame(texts()),
        "arrow": pa.table(texts()),
        "csv": csv(tmp_path),
        "parquet": tmp_path / "targets.parquet",
        "xlsx": str(tmp_path / "targets.xlsx"),
    }
    for name, one in at_least_one(list(given.items())):
        assert targets_of(one, MEASURE) == WANTED, name
    assert targets_of(csv(tmp_path, ";", "utf-8-sig"), MEASURE) == WANTED
    assert targets_of(WANTED, MEASURE) == WANTED
    assert targets_of(WANTED[0], MEASURE) == WANTED[:1]


def test_all_faults_of_a_table_have_their_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "statistic,indicator,value,halve,year,path,baseline,baseline_year,baseline_value,extra\n"
        "HH,,8%,,2030,,,,,\n"
        "\n"
        "H,,8,,soon,,,,,\n"
        '"H",zzz,8%,yes,2030,steep,2024,2031,9,\n'
        "H,,,,2030,,,,,x\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as error:
        targets_of(path, MEASURE)
    found = [(fault.code, fault.place.line, fault.place.column) for fault in error.value.faults if fault.place]
    assert found == [
        ("MPI-C003", 1, 10),
        ("MPI-C006", 2, 1),
        ("MPI-C007", 4, 5),
        ("MPI-C170", 5, 2),
        ("MPI-C006", 5, 6),
        ("MPI-C172", 5, 7),
        ("MPI-C172", 5, 8),
    ]
    assert all(str(fault.place).startswith(str(path)) for fault in error.value.faults)


@pytest.mark.parametrize(
    ("cells", "code", "remedy"),
    [
        ({"value": "8%", "year": 2030}, "MPI-C170", "add `statistic: H`"),
        ({"statistic": "percentage_contribution", "value": "8%", "year": 2030}, "MPI-C170", "add `indicator:`"),
        ({"dimension": "livin", "value": "8%", "year": 2030}, "MPI-C170", "did you mean 'living'?"),
        ({"statistic": "H", "value": "8%", "halve": "yes", "year": 2030, "baseline": 2024}, "MPI-C172", "write one of"),
        ({"statistic": "H", "year": 2030, "baseline": 2024}, "MPI-C172", "write one of them"),
        ({"statistic": "H", "value": "8%"}, "MPI-C172", "write `year: 2030`"),
        ({"statistic": "H", "value": "8%", "year": 2030, "by": 2030}, "MPI-C172", "write `year: 2030`"),
        ({"statistic": "H", "halve": "yes", "year": 2030}, "MPI-C172", "add `baseline:`"),
        ({"statistic": "H", "halve": "yes", "year": 2030, "baseline": 2024, "direction": "at_least"},
         "MPI-C172", "add"),
        ({"statistic": "H", "value": "8%", "year": 2030, "baseline_value": "9%"}, "MPI-C172", "add `baseline_year:`"),
        ({"statistic": "H", "value": "8%", "year": 2030, "baseline_year": 2030}, "MPI-C172", "write an earlier"),
        ({"statistic": "H", "value": "8%", "year": 2030, "baseline": 2024, "baseline_value": "9%",
          "baseline_year": 2020}, "MPI-C172", "remove `baseline:`"),
        ({"statistic": "H", "value": "0", "year": 2030, "path": "constant_rate"}, "MPI-C172", "write `path: linear`"),
        ({"statistic": "H", "value": "1", "year": 2030, "path": "logistic"}, "MPI-C172", "write `path: linear`"),
        ({"statistic": "poor", "value": "7", "year": 2030, "path": "logistic"}, "MPI-C172", "write `path: linear`"),
        ({"statistic": "H", "value": "8%", "year": 2030, "code": "n"}, "MPI-C172", "write one code for each domain"),
        ({"statistic": "H", "value": "8%", "year": 2030, "k": "x"}, "MPI-C041", "1/3"),
        ({"statistic": "H", "value": "8", "year": 2030}, "MPI-C172", "write a proportion"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(cells: dict[str, Any], code: str, remedy: str) -> None:
    with pytest.raises(DataError) as error:
        targets_of([cells], MEASURE)
    assert [fault.code for fault in error.value.faults] == [code]
    assert remedy in error.value.faults[0].remedy


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.docx").write_text("x")
    (tmp_path / "t.parquet").write_text("x")
    (tmp_path / "e.csv").write_text("statistic,value,year\n")
    for given, kind, code in (
        (3, UsageError, "MPI-U190"),
        (tmp_path / "t.docx", UsageError, "MPI-U190"),
        (tmp_path / "t.parquet", DataError, "MPI-D003"),
        (tmp_path / "none.csv", DataError, "MPI-D001"),
        (tmp_path / "none.parquet", DataError, "MPI-D001"),
        (tmp_path / "e.csv", DataError, "MPI-D002"),
        ([], DataError, "MPI-D002"),
    ):
        with pytest.raises(kind, match=code):
            targets_of(given, MEASURE)
