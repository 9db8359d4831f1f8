"""`mpi rank` as a user meets it: the tables of Python, formats, options that do not belong, help in every language."""

from __future__ import annotations

import csv
import inspect
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.cli.ranking_commands import rank
from mpi.config import load_measure
from mpi.language import LANGUAGES, catalogue
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.cli.test_figure_commands import MEASURE, ONE
from tests.support import commands
from tests.support.commands import Ran
from tests.support.loops import at_least_one
from tests.support.province import profile, province

Run = Callable[..., Ran]
AREA = ("province.yaml", ONE, "--by", "region")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, run beside a round of the province."""
    monkeypatch.chdir(tmp_path)
    Path("province.yaml").write_text(MEASURE, encoding="utf-8")
    profile(province(1, unknown=0.1), survey="province", period="2018").write(ONE)
    return partial(commands.run, capsys, "rank")


def robust(made: DeprivationProfile, measure: Measure) -> Mapping[str, pa.Table]:
    found = mpi.robustness(
        made, measure, by="region", statistic="H", k=["3/4"], weights={"sick": {"health": "2/3", "living": "1/3"}},
        without=["c"], missing=["deprived"], unit="households", df="design", adjust="holm",
    )  # fmt: skip
    return {name: getattr(found, name) for name in ("alternatives", "pairs", "figures")}


def dominant(made: DeprivationProfile, measure: Measure) -> Mapping[str, pa.Table]:
    found = mpi.dominance(made, measure, by="region", statistic="M0", lowest="1/4", highest="3/4", level=0.9, df=7)
    return {"pairs": found.pairs, "curves": found.curves}


def drawn(made: DeprivationProfile, measure: Measure) -> Mapping[str, pa.Table]:
    domains, pairs = mpi.weight_draws(made, measure, by="region", k="1/3", draws=50, seed=3)
    return {"pairs": pairs, "domains": domains}


def ordered(made: DeprivationProfile, measure: Measure) -> Mapping[str, pa.Table]:
    found = mpi.weight_orders(made, measure, by="region", k="1/3", norm="linf", pieces=30, draws=50, seed=3)
    return {"pairs": found.pairs, "weights": found.weights}


RANKINGS = {
    "robustness": (
        robust,
        "--statistic H --k 3/4 --without c --missing deprived --unit households --df design --adjust holm",
        ["--weights", "sick: health = 2/3, living=1/3"],
    ),
    "dominance": (dominant, "--statistic M0 --lowest 1/4 --highest 3/4 --level 0.9 --df 7", []),
    "weights": (drawn, "--k 1/3 --draws 50 --seed 3", []),
    "orders": (ordered, "--k 1/3 --norm linf --pieces 30 --draws 50 --seed 3", []),
}


@pytest.mark.parametrize("name", RANKINGS)
def test_every_table_of_a_ranking_is_that_of_python_in_every_format(run: Run, name: str) -> None:
    own, options, more = RANKINGS[name]
    words = (name, *AREA, *options.split(), *more)
    made = own(DeprivationProfile.read(ONE), load_measure("province.yaml"))
    choices = next(one.type for one in rank.commands[name].params if one.name == "table")
    assert isinstance(choices, click.Choice)
    assert list(choices.choices) == list(made)
    for table, expected in made.items():
        assert len(expected)
        ran = run(*words, "--table", table, "--format", "json")
        found: dict[str, Any] = json.loads(ran.out, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
        assert (ran.code, found[table]) == (0, expected.to_pylist())
    first = next(iter(made))
    expected = made[first]
    for ending in ("csv", "parquet", "txt"):
        assert run(*words, "-o", f"first.{ending}").code == 0
    assert pq.read_table("first.parquet").to_pylist() == expected.to_pylist()
    lines = list(csv.DictReader(io.StringIO(Path("first.csv").read_text(encoding="utf-8"))))
    assert [[*line] for line in lines] == [expected.column_names] * len(expected)
    shown = Path("first.txt").read_text(encoding="utf-8")
    assert shown.startswith("province, province, period 2018: ")
    assert len(shown.splitlines()) == len(expected) + 4  # what it is about, an empty line, the heading, its rule


def test_a_screen_has_words_for_what_is_null_true_or_sure(run: Run) -> None:
    curves = run("dominance", *AREA, "--table", "curves").out.splitlines()
    assert curves[0] == "province, province, period 2018: persons, H by region, curves"
    assert curves[4].split()[0] == "all"
    pairs = run("robustness", *AREA, "--k", "3/4", "--table", "pairs").out.splitlines()
    assert {line.split()[-1] for line in pairs[4:]} <= {"yes", "no"}
    alternatives = run("robustness", *AREA, "--k", "3/4").out.splitlines()
    assert alternatives[2].split()[:3] == ["alternative", "k", "domains"]  # no column of weights, which none has
    assert alternatives[4].split()[:2] == ["baseline", "-"]


def test_weights_of_dimensions_vary_if_asked_and_a_table_may_be_empty(run: Run) -> None:
    words = ("orders", *AREA, "--k", "1/3", "--over", "dimensions", "--pieces", "30", "--draws", "50")
    found = mpi.weight_orders(
        DeprivationProfile.read(ONE), load_measure("province.yaml"), by="region", k="1/3", over="dimensions", pieces=30,
        draws=50,
    )  # fmt: skip
    assert json.loads(run(*words, "--format", "json").out)["pairs"] == found.pairs.to_pylist()
    assert not len(found.weights)
    assert run(*words, "--table", "weights").out.splitlines()[2:] == [
        "first  second  axis  own  nearest",
        "-----  ------  ----  ---  -------",
    ]
    assert run(*words, "--table", "weights", "-o", "none.parquet").code == 0
    assert pq.read_schema("none.parquet").field("axis").type == pa.string()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["orders", *AREA, "--lowest", "1/4"], "No such option '--lowest'."),
        (["dominance", *AREA, "--draws", "9"], "No such option '--draws'."),
        (["weights", "province.yaml", ONE], "Missing option '--by'."),
        (["weights", *AREA, "--table", "curves"], "'curves' is not one of 'pairs', 'domains'."),
        (["robustness", *AREA, "--weights", "health=1/2"], "error MPI-U007 --weights: 'health=1/2' is not a name"),
        (["robustness", *AREA, "--weights", "a: health"], "error MPI-U007 --weights: 'a: health' is not a name"),
        (["robustness", *AREA, "--weights", "a: b=1/4, b=1/2"], "error MPI-U007 --weights: 'a: b=1/4, b=1/2' is not"),
        (["robustness", *AREA, "--weights", "a: b=1/4", "--weights", "a: c=1/4"], "error MPI-U007 --weights: 'a' is"),
        (["robustness", *AREA, "--weights", "a: zz=1/4"], "error MPI-E005 the measure has no indicator"),
        (["orders", "province.yaml", ONE, "--by", "regio"], "error MPI-E002 the profile has no domain 'regio'"),
        (["orders", *AREA, "-o", "x.doc"], "error MPI-U004 x.doc"),
        (["orders", *AREA, "-o", ONE], "error MPI-"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_refused(run: Run, words: list[str], told: str) -> None:
    before = sorted(path.name for path in Path().iterdir())
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert sorted(path.name for path in Path().iterdir()) == before


@pytest.mark.parametrize("name", list(rank.commands))
def test_every_option_of_a_ranking_has_a_help_in_every_language(run: Run, name: str) -> None:
    own = rank.commands[name]
    helps = [own._help, *(one._help for one in own.params)]  # type: ignore[attr-defined]  # of words.py
    assert all(helps)
    for language in at_least_one([one for one in LANGUAGES if one != "en"]):
        texts = catalogue(language).texts
        assert all(("help", inspect.cleandoc(text)) in texts for text in helps)
        shown = run(name, "--help", "--lang", language)
        assert (shown.code, "if left out" in shown.out) == (0, False)


@pytest.mark.parametrize("name", list(rank.commands))
def test_an_option_of_a_ranking_that_is_empty_is_refused(run: Run, name: str) -> None:
    for one in at_least_one(rank.commands[name].params):
        if isinstance(one, click.Option) and not one.is_flag and not one.count:
            ran = run(name, *AREA, one.opts[0], "")
            assert (ran.code, ran.out) == (2, "")
            assert f"{one.opts[0]} is empty" in ran.err


@pytest.mark.parametrize("name", ["robustness", "dominance"])
def test_what_the_estimates_notice_is_told(name: str, run: Run) -> None:
    """Units that are left out, which `mpi estimate` tells, are told of rankings as well."""
    made, measure = DeprivationProfile.read(ONE), load_measure("province.yaml")
    expected = mpi.estimate(made, measure, by="region", statistics="M0").notices
    assert {notice.code for notice in expected} - {notice.code for notice in made.notices}
    assert set(getattr(mpi, name)(made, measure, by="region", statistic="M0").notices) >= set(expected)
    told = run(name, *AREA)
    assert told.code == 0
    assert all(notice.code in told.err for notice in expected)
    assert run(name, *AREA, "--strict").code == 3
