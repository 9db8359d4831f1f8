"""`mpi estimate`, `differences` and `change` as a user meets them: figures, formats, exit codes, messages."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.config import load_measure
from mpi.profile import DeprivationProfile, replication
from mpi.profile.norm import measure_rules
from tests.support import commands
from tests.support.commands import Ran
from tests.support.hamlet import SURVEY, write_hamlet
from tests.support.limits import MOST
from tests.support.loops import at_least_one
from tests.support.province import profile, province

ROOT = Path(__file__).resolve().parent.parent.parent
MEASURE = """\
measure: province
title: Poverty of the province
source: the test
identification: household
k: 1/2
missing: exclude
variables:
  household: {va: truth, vb: truth, vc: truth}
dimensions:
  health: {weight: 1/2, indicators: {a: {deprived: va}}}
  living: {weight: 1/2, indicators: {b: {deprived: vb}, c: {deprived: vc}}}
"""
ONE, TWO, THREE = "r2018.parquet", "r2020.parquet", "r2024.parquet"
VILLAGE = ("village.yaml", "village_2026.yaml", "--data", ".")
CHANGE = ("change", "province.yaml", ONE, THREE, "--rounds", "same_psu")
DIFFERENCES = ("differences", "province.yaml", ONE, "--by", "region")
ESTIMATE = ("estimate", "province.yaml", ONE)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, run beside three rounds of the province and the village's files."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("province.yaml").write_text(MEASURE, encoding="utf-8")
    for seed, name in ((1, ONE), (2, TWO), (3, THREE)):
        profile(province(seed), survey="province", period=name[1:5]).write(name)
    return partial(commands.run, capsys)


def rows(ran: Ran, name: str) -> list[dict[str, Any]]:
    """The rows of a result in JSON, which holds no NaN."""
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))[name]
    assert found
    return found


# What they compute.


def test_the_commands_give_the_figures_of_the_library(run: Run) -> None:
    measure = mpi.load_measure("province.yaml")
    made = [DeprivationProfile.read(name) for name in (ONE, THREE)]
    changes = mpi.change(
        made,
        measure,
        by="region",
        rounds="same_psu",
        level=0.9,
        df="stata",
        adjust="bh",
        reliability="dane",
        unit="households",
        k="1/4",
    )
    options = ("--by", "region", "--level", "0.9", "--df", "stata", "--unit", "households", "--k", "1/4")
    found = run(*CHANGE, *options, "--adjust", "bh", "--reliability", "dane", "--format", "json")
    assert rows(found, "changes") == changes.rows()
    table = (
        mpi.estimate(made[0], measure, by="region", level=0.9, df="stata", unit="households", k="1/4")
        .only("H")
        .covariance()
        .differences(against={"region": "n"}, adjust="bh")
    )
    found = run(
        *DIFFERENCES, *options[2:], "--statistic", "H", "--against", "region=n", "--adjust", "bh", "--format", "json"
    )
    assert rows(found, "differences") == table.to_pylist()


@pytest.mark.parametrize("how", ["jackknife", "bootstrap"])
def test_the_route_to_the_variance_and_the_rules_reach_the_estimates(how: Any, run: Run) -> None:
    options = ("--variance", how, "--replicates", "40", "--seed", "5", "--reliability", "cepal_2020")
    found = run(*ESTIMATE, *options, "--format", "json")
    made = DeprivationProfile.read(ONE)
    expected = mpi.estimate(
        made, mpi.load_measure("province.yaml"), variance=how, replicates=40, seed=5, reliability="cepal_2020"
    )
    assert rows(found, "estimates") == expected.rows()
    assert run(*ESTIMATE, *options, "--format", "json").out == found.out
    assert run(*ESTIMATE, "--format", "json").out != found.out


def test_differences_are_corrected_by_holm_and_changes_are_not_unless_asked(run: Run) -> None:
    differences = rows(run(*DIFFERENCES, "--format", "json"), "differences")
    assert [(row["region"], row["region_other"]) for row in differences] == [("n", "s"), ("n", "w"), ("s", "w")]
    assert {row["statistic"] for row in differences} == {"M0"}
    assert min(row["p_adjusted"] for row in differences) == pytest.approx(3 * min(row["p"] for row in differences))
    changes = rows(run(*CHANGE, "--format", "json"), "changes")
    assert all(row["p"] == row["p_adjusted"] for row in at_least_one(changes))


def test_all_pairs_one_reference_a_crossing_and_the_total(run: Run) -> None:
    by = ("--by", "region:zone", "--format", "json")
    crossed = rows(run(*DIFFERENCES, *by, "--against", "region=n", "--against", "zone=u"), "differences")
    assert {(row["region_other"], row["zone_other"]) for row in crossed} == {("n", "u")}
    total = rows(run(*DIFFERENCES, *by, "--against", "total"), "differences")
    assert {(row["region_other"], row["zone_other"]) for row in total} == {(None, None)}
    assert len(total) == len(crossed) + 1


def test_a_survey_is_read_for_differences_by_the_domains_that_are_asked_for(run: Run) -> None:
    found = run("differences", *VILLAGE, "--by", "valley", "--statistic", "H", "--k", "1/3", "--format", "json")
    one = rows(found, "differences")
    assert [(row["valley"], row["valley_other"], row["k"]) for row in one] == [("north", "south", "1/3")]
    # North: 30 of 70 weighted persons poor; south: 120 of 220.
    assert one[0]["estimate"] == pytest.approx(30 / 70 - 120 / 220, rel=1e-12)
    assert "MPI-N006" in found.err


def test_three_rounds_on_the_screen(run: Run) -> None:
    found = run("change", "province.yaml", THREE, ONE, TWO, "--rounds", "rotating")
    lines = found.out.splitlines()
    assert (found.code, found.err) == (0, "")
    assert lines[0] == "province: persons, absolute changes, confidence intervals of 95 %"
    assert lines[1] == "rounds: rotating PSUs, errors with the covariance of those shared"
    assert lines[3].split() == ["k", "statistic", "rounds", "before", "after", "change", "se", "interval", "p"]
    assert [line.split()[1:5] for line in lines[5:]] == [
        [statistic, *pair.split()]
        for statistic in ("H", "A", "M0")
        for pair in ("2018 to 2020", "2020 to 2024", "2018 to 2024")
    ]


def test_differences_on_the_screen(run: Run) -> None:
    found = run(*DIFFERENCES, "--against", "total")
    lines = found.out.splitlines()
    assert (found.code, found.err) == (0, "")
    assert lines[0] == "province, province, period 2018: persons, differences, confidence intervals of 95 %"
    assert lines[1].startswith("errors: linearised; ")
    assert lines[3].split() == [
        "k",
        "statistic",
        "region",
        "region_other",
        "difference",
        "se",
        "interval",
        "t",
        "df",
        "p",
        "p",
        "(Holm)",
    ]
    assert [line.split()[:4] for line in lines[5:]] == [["1/2", "M0", code, "all"] for code in ("n", "s", "w")]
    assert all(line.split()[4].startswith(("+", "-")) for line in lines[5:])


# Outputs.


@pytest.mark.parametrize(
    ("command", "name"), [(CHANGE, "changes"), (DIFFERENCES, "differences"), (ESTIMATE, "estimates")]
)
def test_every_format_goes_to_stdout_or_a_file(command: tuple[str, ...], name: str, run: Run) -> None:
    for form, path in (("table", "o.txt"), ("csv", "o.csv"), ("json", "o.json")):
        shown, written = run(*command, "--format", form), run(*command, "-o", path)
        assert (shown.code, shown.err, written.code, written.out) == (0, "", 0, "")
        assert Path(path).read_text(encoding="utf-8") == shown.out
    written = run(*command, "-o", "o.parquet")
    table = pq.read_table("o.parquet").to_pylist()
    noun = "estimate" if name == "estimates" else "row"
    assert written.err == f"{len(table):,} {noun}s: o.parquet\n"
    assert table == rows(run(*command, "--format", "json"), name)
    records = list(csv.DictReader(io.StringIO(Path("o.csv").read_text(encoding="utf-8"))))
    assert len(records) == len(table)
    for record, row in zip(records, table, strict=True):
        assert record.keys() == row.keys()
        for key, value in row.items():
            if isinstance(value, float):
                assert float(record[key]) == value
            else:
                assert record[key].removeprefix("'") == ("" if value is None else str(value))


@pytest.mark.parametrize("command", [CHANGE, DIFFERENCES, ESTIMATE])
def test_an_output_is_replaced_only_if_that_is_asked_for_and_never_an_input(command: tuple[str, ...], run: Run) -> None:
    Path("out.csv").write_text("mine", encoding="utf-8")
    found = run(*command, "-o", "out.csv")
    assert (found.code, found.err) == (
        2,
        "error MPI-O002 out.csv: this output exists\n  remove it, or add --overwrite\n",
    )
    assert Path("out.csv").read_text(encoding="utf-8") == "mine"
    assert run(*command, "-o", "out.csv", "--overwrite").code == 0
    before = Path(ONE).read_bytes()
    found = run(*command, "-o", ONE, "--overwrite")
    assert (found.code, found.err) == (
        2,
        f"error MPI-O003 {ONE}: this output is one of the inputs\n  choose another name\n",
    )
    assert Path(ONE).read_bytes() == before


@pytest.mark.parametrize("command", [CHANGE, DIFFERENCES, ESTIMATE])
@pytest.mark.parametrize(
    ("error", "code"), [(OSError(28, "full"), 1), (RuntimeError("66317"), 70), (KeyboardInterrupt(), 130)]
)
def test_a_write_that_fails_leaves_nothing_behind(
    command: tuple[str, ...], error: BaseException, code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object, path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise error

    Path("old.parquet").write_text("old", encoding="utf-8")
    before = sorted(Path().iterdir())
    monkeypatch.setattr("mpi.tables.writing.write_parquet", broken)
    for path in ("new.parquet", "old.parquet"):
        found = run(*command, "-o", path, "--overwrite")
        assert (found.code, found.out) == (code, "")
        assert "66317" not in found.err
    assert sorted(Path().iterdir()) == before
    assert Path("old.parquet").read_text(encoding="utf-8") == "old"


def test_a_killed_run_leaves_the_old_file_whole(run: Run, tmp_path: Path) -> None:
    assert run(*CHANGE, "-o", "out.parquet").code == 0
    before = Path("out.parquet").read_bytes()
    held = f"""
import os, signal
import mpi.tables.writing, mpi.__main__, sys
def write(table, path):
    path.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
mpi.tables.writing.write_parquet = write
sys.argv = ["mpi", *{list(CHANGE)!r}, "-o", "out.parquet", "--overwrite"]
mpi.__main__.main()
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run([sys.executable, "-c", held], cwd=tmp_path, env=environment, timeout=MOST, check=False)
    assert found.returncode == -9
    assert Path("out.parquet").read_bytes() == before


# Usage.


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((*CHANGE, "--format", "parquet"), 2, "MPI-U003 Parquet is not written to stdout\n  name a file with -o"),
        ((*DIFFERENCES, "--format", "parquet"), 2, "MPI-U003 Parquet is not written to stdout\n  name a file with -o"),
        ((*CHANGE, "-o", "o.xlsx"), 2, "MPI-U004 o.xlsx: the ending '.xlsx' names no format of this output\n  "
         "end it in .txt, .csv, .json, .parquet"),
        ((*CHANGE, "--df", "0"), 2, "MPI-U006 --df: '0' is neither domain, design, stata nor a whole number from 1\n"
         "  leave it out for the usual: PSUs less strata of the domain"),
        ((*DIFFERENCES, "--df", "korn"), 2, "MPI-U006 --df: 'korn' is neither domain, design, stata nor a whole number "
         "from 1\n  leave it out for the usual: PSUs less strata of the domain"),
        ((*DIFFERENCES, "--against", "n"), 2,
         "MPI-U007 --against: 'n' is not a domain with its code\n  write zona=1, or total"),
        ((*DIFFERENCES, "--against", "=n"), 2,
         "MPI-U007 --against: '=n' is not a domain with its code\n  write zona=1, or total"),
        ((*DIFFERENCES, "--against", "region=n", "--against", "total"), 2,
         "MPI-U007 --against: 'total' is not a domain with its code\n  write zona=1, or total"),
        ((*DIFFERENCES, "--against", "region=n", "--against", "region=s"), 2,
         "MPI-U007 --against: 'region' is repeated\n  give one code for each domain that is crossed"),
        ((*DIFFERENCES, "--against", "regoin=n"), 2, "MPI-E004 the estimates have no domain 'regoin'\n  did you mean "
         "'region'?"),
        ((*DIFFERENCES, "--against", "region=N"), 2, "MPI-E011 region=N is not among these estimates, so nothing can "
         "be compared with it\n  did you mean 'n'? (look at capitals, blanks and accents)"),
        ((*DIFFERENCES, "--statistic", "m0"), 2, "MPI-E004 there is no statistic 'm0'\n  did you mean 'M0'? (look at "
         "capitals, blanks and accents)"),
        (("change", "province.yaml", ONE), 2, "MPI-E012 a change needs two rounds or more\n  give their profiles"),
        (("change", "province.yaml", ONE, ONE, "--rounds", "panel"), 2, "MPI-E012 two rounds have the same time: "
         "province 2018, province 2018\n  give different rounds, or their `time:`"),
        (("change", "province.yaml", ONE, TWO), 2, "MPI-E013 the surveys do not say how the samples of their rounds "
         "relate\n  write `rounds:` in their designs, or give it here: independent, same_psu, rotating, panel"),
        (("change", "province.yaml", ONE, "none.parquet", "--rounds", "panel"), 1,
         "MPI-D001 none.parquet: there is no such file"),
        (("change", "village.yaml", ONE, TWO, "--rounds", "panel"), 2,
         "MPI-E005 village.yaml: village has indicators that the profile does not contain: schooling_low, attendance, "
         "water_lacking, crowding\n  make the profile again with this measure (`mpi profile`), or take the measure "
         "that it was made with"),
        (("estimate", *VILLAGE, "--variance", "bootstrap", "--k", "1/3"), 2, "MPI-E009 no replicates can be made: the "
         "profile keeps no PSUs\n  declare the household's key as `psu:`"),
        ((*ESTIMATE, "--reliability", "dan"), 2, "did you mean 'dane'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    arguments: tuple[str, ...], code: int, text: str, run: Run
) -> None:
    found = run(*arguments)
    assert (found.code, found.out) == (code, "")
    if text.startswith("MPI-") and "no such file" not in text:
        assert found.err == f"error {text}\n"
    assert found.err.startswith("error MPI-")
    assert text in found.err


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (DIFFERENCES[:3], "Error: Missing option '--by'."),
        (("change", "province.yaml"), "Error: Missing argument 'PROFILES...'."),
        ((*CHANGE[:4], "--rounds", "same"),
         "Error: Invalid value for '--rounds': 'same' is not one of 'independent', 'same_psu', 'rotating', 'panel'."),
        ((*CHANGE, "--adjust", "bonferroni"),
         "Error: Invalid value for '--adjust': 'bonferroni' is not one of 'none', 'holm', 'bh'."),
        ((*ESTIMATE, "--variance", "boot"),
         "Error: Invalid value for '--variance': 'boot' is not one of 'design', 'jackknife', 'bootstrap'."),
        ((*ESTIMATE, "--replicates", "1"),
         "Error: Invalid value for '--replicates': 1 is not in the range 2<=x<=100000."),
        ((*ESTIMATE, "--seed", "-1"), "Error: Invalid value for '--seed': -1 is not in the range x>=0."),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(arguments: tuple[str, ...], last: str, run: Run) -> None:
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.splitlines()[-1] == last


def test_a_census_has_no_differences_to_test(run: Run) -> None:
    made = profile(province(), stratum=None, psu=None, weight=None, census=True)
    made.write("census.parquet")
    found = run("differences", "province.yaml", "census.parquet", "--by", "region")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        "error MPI-E010 the survey is a census, so its estimates have no sampling error\n"
        "  compare the figures directly: their differences are exact\n"
    )


# Notes.


def test_breaks_and_harmonised_rounds_are_told_on_stderr_and_count_under_strict(run: Run) -> None:
    made = DeprivationProfile.read(THREE)
    measure = load_measure("province.yaml")
    own = measure_rules(measure) | {f"variable {name}": "column" for name in measure.variables}
    replace(made, breaks={"2022": "new frame"}, rules=own | {"deprived a": "other"}).write("broken.parquet")
    replace(DeprivationProfile.read(ONE), rules=own).write("ruled.parquet")
    arguments = ("change", "province.yaml", "ruled.parquet", "broken.parquet", "--rounds", "independent")
    refused = run(*arguments)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("error MPI-E014 province.yaml: rounds were not measured by the rules of ")
    found = run(*arguments, "--harmonised")
    assert found.code == 0
    assert [line.split()[1] for line in found.err.splitlines()] == ["MPI-N011", "MPI-N012"]
    assert found.err.splitlines()[1] == "note MPI-N012 break of the series at 2022: new frame"
    assert run(*arguments, "--harmonised", "--strict").code == 3
    assert run(*CHANGE, "--strict").code == 0
    as_json = json.loads(run(*arguments, "--harmonised", "--format", "json").out)
    assert [notice["code"] for notice in as_json["notices"]] == ["MPI-N011", "MPI-N012"]


def test_undefined_replicates_are_told_and_count_under_strict(run: Run) -> None:
    columns = {f"r{i}": [0.0 if i < 2 and row < 8 else 1.0 + i for row in range(160)] for i in range(6)}
    table = province(region=["x"] * 8 + ["y"] * 152, **columns)
    profile(
        table,
        stratum=None,
        psu=None,
        replicates=list(columns),
        replication=replication("bootstrap", 6),
        replicates_are="factors",
    ).write("thin.parquet")
    for command in (
        ("estimate", "province.yaml", "thin.parquet", "--by", "region"),
        ("differences", "province.yaml", "thin.parquet", "--by", "region"),
    ):
        found = run(*command, "--strict")
        assert found.code == 3
        assert found.err.startswith("note MPI-N010 in ")


@pytest.mark.parametrize("command", ["estimate", "differences"])
def test_refused_data_leave_no_value_on_the_screen(command: str, run: Run) -> None:
    text = Path("households.csv").read_text(encoding="utf-8")
    Path("households.csv").write_text(text.replace("004,1,1,south,50", "004,1,1,CANARYVALLEY,-66317"), encoding="utf-8")
    found = run(command, *VILLAGE, "--by", "valley", "-o", "o.csv")
    assert (found.code, found.out) == (1, "")
    assert not [canary for canary in ("CANARY", "66317") if canary in found.err]
    assert not Path("o.csv").exists()


def test_a_declared_relation_is_read_from_the_survey(run: Run, tmp_path: Path) -> None:
    design = "design: {weight: weight, psu: house_code, rounds: panel}"
    for year in (2024, 2026):
        text = SURVEY.replace("design: {weight: weight}", design).replace("period: 2026", f"period: {year}")
        text = text.replace("survey: village_2026", f"survey: village_{year}")
        (tmp_path / f"village_{year}.yaml").write_text(text, encoding="utf-8")
    households = Path("households.csv").read_text(encoding="utf-8").splitlines()
    coded = [f"{line},{'house_code' if i == 0 else f'H{i}'}" for i, line in enumerate(households)]
    Path("households.csv").write_text("\n".join(coded) + "\n", encoding="utf-8")
    for year in (2024, 2026):
        made = run("profile", "village.yaml", f"village_{year}.yaml", "--data", ".", "-o", f"{year}.parquet")
        assert made.code == 0, made.err
    found = rows(run("change", "village.yaml", "2024.parquet", "2026.parquet", "--format", "json"), "changes")
    h = next(row for row in found if (row["statistic"], row["change"], row["k"]) == ("H", "absolute", "1/3"))
    assert (h["estimate"], h["se"], h["years"], h["from"]) == (0, 0, 2, "2024")


# Derived figures, analyses, decompositions.


def test_derived_figures_are_those_of_python_and_domains_in_brackets_are_read(run: Run) -> None:
    texts = {"gap": "H[valley=north] - H[valley=south]", "band": "M0 / H"}
    options = [part for name, text in texts.items() for part in ("--derive", f"{name}: {text}")]
    found = rows(run("estimate", *VILLAGE, "--format", "json", *options), "derived")
    survey, measure = mpi.load_survey("village_2026.yaml"), load_measure("village.yaml")
    own = mpi.derive(mpi.deprivation_profile(survey, measure, ".", domains=["valley"]), measure, texts).rows()
    assert found == own
    assert {row["figure"] for row in found} == {"gap", "band"}


@pytest.mark.parametrize("name", ["bands", "numbers", "redundancy", "overlap", "inequality"])
def test_an_analysis_is_that_of_python(run: Run, name: str) -> None:
    found = rows(run("analyse", name, "province.yaml", ONE, "--by", "region", "--format", "json"), name)
    own = mpi.analyse(DeprivationProfile.read(ONE), load_measure("province.yaml"), name, by="region")
    assert found == own.rows()
    shown = run("analyse", name, "province.yaml", ONE)
    assert shown.code == 0
    assert "province" in shown.out.splitlines()[0]


def test_a_decomposition_is_that_of_python(run: Run) -> None:
    found = rows(run(*CHANGE, "--by", "region", "--decompose", "--format", "json"), "decomposition")
    rounds = [DeprivationProfile.read(path) for path in (ONE, THREE)]
    own = mpi.decompose_change(rounds, load_measure("province.yaml"), by="region", rounds="same_psu")
    assert found == own.rows()
    assert "within" in run(*CHANGE, "--by", "region", "--decompose").out
