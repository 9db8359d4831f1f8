"""Every remedy of a message about targets, followed as it says."""

# ruff: noqa: E501  a row a line

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import mpi
from mpi.cli import cli
from mpi.publication.targets import with_targets
from tests.remedies.test_outputs import studied
from tests.support import hamlet
from tests.support.province import MEASURE, profile, province
from tests.support.remedies import Doing, Row, follow

PLAIN = {"statistic": "H", "value": "8%", "year": "2030"}


def goal(**cells: str) -> Doing:
    """A table of one target; an empty cell takes what is usual away."""
    return goals([{**PLAIN, **cells}])


def goals(given: Any) -> Doing:
    def done(folder: Path) -> object:
        rounds = [profile(province(seed), period=str(year), time=float(year)) for seed, year in ((1, 2020), (2, 2024))]
        return mpi.progress(rounds, MEASURE, given(folder) if callable(given) else given, rounds="independent")

    return done


def file(name: str, text: str = "statistic,value,year\nH,8%,2030\n") -> Doing:
    def made(folder: Path) -> Path:
        path = folder / name
        if name.endswith(".parquet") and text:
            parquet.write_table(pa.table({"statistic": ["H"], "value": ["8%"], "year": ["2030"]}), path)
        elif text:
            path.write_text(text, encoding="utf-8")
        return path

    return goals(made)


def broken(folder: Path) -> object:
    (folder / "t.parquet").write_text("x")
    return goals(folder / "t.parquet")(folder)


def absent(name: str) -> Doing:
    return lambda folder: goals(folder / name)(folder)


def command(*words: str) -> Doing:
    """The command in a folder that has the hamlet's profile and a table."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        (folder / "t.csv").write_text("statistic,value,year\nH,8%,2030\n", encoding="utf-8")
        own = [str(folder / word) if word.endswith((".yaml", ".csv", ".parquet")) else word for word in words]
        here = [str(folder / name) for name in ("village.yaml", "village_2026.yaml")]
        made = ["profile", *here, "--data", str(folder), "-o", str(folder / "p.parquet")]
        cli.main(made, prog_name="mpi", standalone_mode=False)
        return cli.main(["progress", *own], prog_name="mpi", standalone_mode=False)

    return done


def published(target: str, *more: str, by: str = "valley") -> Doing:
    """The hamlet's study with a target, before its data are read."""
    head = "\n".join((f"by: [{by}]", *more))

    def done(folder: Path) -> object:
        study = studied("by: [valley]", f"{head}\ntargets: [{{statistic: H, value: 8%, year: 2030{target}}}]")(folder)
        assert isinstance(study, mpi.Study)
        return with_targets(study, folder)

    return done


def of_study(*words: str, targets: bool = True) -> Doing:
    """The command on the hamlet's study."""

    def done(folder: Path) -> object:
        new = "by: [valley]\ntargets: [{statistic: H, value: 8%, year: 2030}]" if targets else "by: [valley]"
        studied("by: [valley]", new)(folder)
        (folder / "t.csv").write_text("statistic,value,year\nH,8%,2030\n", encoding="utf-8")
        own = [
            str(folder / word) if word.endswith((".yaml", ".csv")) else word.replace("HERE", str(folder))
            for word in words
        ]
        return cli.main(["progress", *own], prog_name="mpi", standalone_mode=False)

    return done


BASED = {"baseline": "2020"}
OTHER = {"value": "", "halve": "yes"}
ROWS: Sequence[Row] = [
    Row("MPI-C170", "add `statistic: H`", goal(statistic=""), [goal()]),
    Row("MPI-C170", "did you mean 'living'?", goal(statistic="absolute_contribution", dimension="livin"), [goal(statistic="absolute_contribution", dimension="living")]),
    Row("MPI-C170", "name a dimension of the measure", goal(statistic="absolute_contribution", dimension="zzzzz"), [goal(statistic="absolute_contribution", dimension="living")]),
    Row("MPI-C172", "write one code for each domain", goal(domain="region", code="n:u"), [goal(domain="region:zone", code="n:u")]),
    Row("MPI-C172", "write `year: 2030`", goal(year=""), [goal(year="2030")]),
    Row("MPI-C172", "add `baseline_year:`", goal(baseline_value="9%"), [goal(baseline_value="9%", baseline_year="2010")]),
    Row("MPI-C172", "write an earlier `baseline_year:`", goal(baseline_value="9%", baseline_year="2030"), [goal(baseline_value="9%", baseline_year="2010")]),
    Row("MPI-C172", "remove `baseline:` or `baseline_value:`", goal(**BASED, baseline_value="9%", baseline_year="2010"), [goal(baseline_value="9%", baseline_year="2010"), goal(**BASED)]),
    Row("MPI-C172", "write one of them", goal(**BASED, halve="yes"), [goal(**BASED), goal(**BASED, **OTHER)]),
    Row("MPI-C172", "add `baseline:` or `baseline_value:`, or write a `value:`", goal(**OTHER), [goal(**OTHER, **BASED), goal(**OTHER, baseline_value="9%", baseline_year="2010"), goal()]),
    Row("MPI-C172", "write `path: linear`", goal(path="constant_rate", value="0"), [goal(path="linear", value="0")]),
    Row("MPI-C172", "write `path: linear`", goal(path="logistic", statistic="poor", value="9"), [goal(path="linear", statistic="poor", value="9")]),
    Row("MPI-E220", "did you mean 'region'?", goal(domain="regio"), [goal(domain="region")]),
    Row("MPI-E220", "make the profiles by this domain too", goal(domain="nowhere"), [goal(domain="zone")]),
    Row("MPI-E220", "write its code as the data have it, with leading zeros", goal(domain="region", code="77"), [goal(domain="region", code="n")]),
    Row("MPI-E220", "name one of 2020, 2024 as `baseline:`, or give a `baseline_value:` with its year", goal(baseline="1999"), [goal(baseline="2020"), goal(baseline="2024"), goal(baseline_value="9%", baseline_year="1999")]),
    Row("MPI-E220", "write a later `year:`, or an earlier baseline", goal(year="2022", baseline="2024"), [goal(year="2030", baseline="2024"), goal(year="2022", baseline="2020")]),
    Row("MPI-E220", "name a statistic that `mpi estimate` gives of it", goal(statistic="censored_headcount", dimension="living"), [goal(statistic="absolute_contribution", dimension="living")]),
    Row("MPI-E220", "add `sex` to its `by:`", published(", domain: sex"), [published(", domain: sex", by="valley, sex")]),
    Row("MPI-E220", "add `1/7` to its `cutoffs:`", published(", k: 1/7"), [published(", k: 1/7", "cutoffs: [1/7]")]),
    Row("MPI-E220", "add `households` to its `units:`", published(", unit: households"), [published(", unit: households", "units: [persons, households]")]),
    Row("MPI-U190", "give a file, a data frame, or a list of rows", goals(3), [goals([PLAIN]), goals(pa.table({"statistic": ["H"], "value": ["8%"], "year": ["2030"]})), file("t.csv")]),
    Row("MPI-U190", "save it as one of these", file("t.docx"), [file("t.csv"), file("t.parquet")]),
    Row("MPI-D001", "give the path of a file that exists", absent("t.csv"), [file("t.csv")]),
    Row("MPI-D002", "give it from 1 to 1,000,000 rows below the names of its columns", file("t.csv", "statistic,value,year\n"), [file("t.csv")]),
    Row("MPI-D003", "save it again, or as CSV", broken, [file("t.parquet"), file("t.csv")]),
    Row("MPI-U260", "give it by --targets, or name a study alone", command("village.yaml", "p.parquet"), [command("village.yaml", "p.parquet", "--targets", "t.csv"), of_study("study.yaml", "--data", "HERE")]),
    Row("MPI-U260", "name the profiles of the rounds after the measure", command("village.yaml", "--targets", "t.csv"), [command("village.yaml", "p.parquet", "--targets", "t.csv")]),
    Row("MPI-U260", "give it by --data", of_study("study.yaml"), [of_study("study.yaml", "--data", "HERE")]),
    Row("MPI-U260", "leave it out, or change the study", of_study("study.yaml", "--data", "HERE", "--level", "0.9"), [of_study("study.yaml", "--data", "HERE")]),
    Row("MPI-U260", "list them under `targets:`", of_study("study.yaml", "--data", "HERE", targets=False), [of_study("study.yaml", "--data", "HERE")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
