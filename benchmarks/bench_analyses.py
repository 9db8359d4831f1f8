"""Analyses of the sample survey by department, as ratios to the estimates of all statistics from the same profile.

`pytest benchmarks/bench_analyses.py`; the last test prints the ratios of processor seconds, the least of three each.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import mpi
from mpi.analysis.analysing import ANALYSES

ROOT = Path(__file__).parent.parent
MEASURE = mpi.load_measure("colombia_ipm")
BY = "departamento"
REPEATS = 3
OF_MEASURES = ("gaps", "classes", "crossing", "agreement", "destitution")  # that the measure does not have


@cache
def profile() -> mpi.DeprivationProfile:
    """Of the 30,000 households of the sample."""
    survey = mpi.load_survey("colombia_demo_2025")
    return mpi.deprivation_profile(survey, MEASURE, data=ROOT / "sample_data")


def analysis(name: str) -> Callable[[], object]:
    """One of the analyses by name."""
    return lambda: mpi.analyse(profile(), MEASURE, name, by=BY)


def in_years() -> mpi.Measure:
    """The measure with the gap of schooling, all other indicators being ordinal."""
    years = {"achievement": "MEAN(years_schooling)", "cutoff": 9, "bound": 0, "nobody": 0}
    gaps: dict[str, object] = {name: years if name == "logro_educativo" else "ordinal" for name in MEASURE.names}
    dimensions = {
        one.name: {"indicators": {name: {"gap": gaps[name]} for name in one.indicators}} for one in MEASURE.dimensions
    }
    about = {"measure": "in_years", "like": "colombia_ipm", "title": "In years"}
    return mpi.load_measure({**about, "dimensions": dimensions})


@cache
def profile_of_gaps() -> tuple[mpi.DeprivationProfile, mpi.Measure]:
    """The same households, with the gaps of schooling in the cells."""
    measure = in_years()
    return mpi.deprivation_profile(mpi.load_survey("colombia_demo_2025"), measure, data=ROOT / "sample_data"), measure


def in_classes() -> mpi.Measure:
    """The measure with a relative line of the household's years of schooling, which stand in for incomes."""
    classes = {"both": "income_poor AND poor", "rest": "NOT (income_poor AND poor)"}
    line = {"line": {"income": "SUM(years_schooling)", "relative": "0.6"}}
    about = {"measure": "in_classes", "like": "colombia_ipm", "title": "In classes"}
    return mpi.load_measure({**about, "lines": line, "income_poor": "SUM(years_schooling) < line", "classes": classes})


@cache
def profile_of_lines() -> tuple[mpi.DeprivationProfile, mpi.Measure]:
    """The same households, with a relative line."""
    measure = in_classes()
    return mpi.deprivation_profile(mpi.load_survey("colombia_demo_2025"), measure, data=ROOT / "sample_data"), measure


@cache
def profile_of_programmes() -> mpi.DeprivationProfile:
    """The same households, with who receives invented programmes, and children."""
    survey = mpi.load_survey("colombia_demo_programmes_2025")
    own = [BY, *survey.programmes, "children"]
    return mpi.deprivation_profile(survey, MEASURE, data=ROOT / "sample_data", domains=own)


@cache
def profile_of_two() -> tuple[mpi.DeprivationProfile, mpi.Measure]:
    """The same households, judged by a measure of half the indicators as well."""
    dimensions = {one.name: {"indicators": {name: None for name in one.indicators[1::2]}} for one in MEASURE.dimensions}
    about = {"measure": "fewer", "like": "colombia_ipm", "title": "Fewer"}
    other = mpi.load_measure({**about, "dimensions": dimensions})
    survey = mpi.load_survey("colombia_demo_2025")
    return mpi.deprivation_profile(survey, MEASURE, data=ROOT / "sample_data", beside=other), other


def of_two(name: str, **asked: str) -> object:
    """An analysis of two measures."""
    made, other = profile_of_two()
    return mpi.analyse(made, MEASURE, name, by=BY, other=other, **asked)  # type: ignore[arg-type]  # their own words


@cache
def earlier() -> mpi.DeprivationProfile:
    """The round before."""
    return mpi.deprivation_profile(mpi.load_survey("colombia_demo_2024"), MEASURE, data=ROOT / "sample_data")


WORK: Mapping[str, Callable[[], object]] = {
    **{name: analysis(name) for name, one in ANALYSES.items() if name not in OF_MEASURES and not one.reads},
    "classes": lambda: mpi.analyse(*profile_of_lines(), "classes", by=BY),
    "crossing with a relative line": lambda: mpi.analyse(*profile_of_lines(), "crossing", by=BY),
    **{
        name: (lambda name=name: mpi.analyse(profile_of_programmes(), MEASURE, name, by=BY))  # type: ignore[misc]
        for name in ("coverage", "programmes", "children")
    },
    "agreement": lambda: of_two("agreement"),
    "destitution": lambda: of_two("destitution", inclusion="report"),
    "decompose_change": lambda: mpi.decompose_change([earlier(), profile()], MEASURE, by=BY),
    "gaps": lambda: mpi.analyse(*profile_of_gaps(), "gaps", by=BY),
    "derive": lambda: mpi.derive(profile(), MEASURE, {"band": "H[1/5] - H[1/3]"}, by=BY, k=["1/5", "1/3"]),
    "robustness": lambda: mpi.robustness(profile(), MEASURE, by=BY, k=["1/5", "1/2"], without=["pisos", "paredes"]),
    "dominance": lambda: mpi.dominance(profile(), MEASURE, by=BY, lowest="1/5", highest="1/2"),
    "weight_draws": lambda: mpi.weight_draws(profile(), MEASURE, by=BY),
    "weight_orders": lambda: mpi.weight_orders(profile(), MEASURE, by=BY),
    "weight_orders of dimensions": lambda: mpi.weight_orders(profile(), MEASURE, by=BY, over="dimensions"),
}


@pytest.mark.parametrize("name", WORK)
def test_analysis(benchmark: BenchmarkFixture, name: str) -> None:
    """Once with everything warm."""
    profile()
    benchmark.pedantic(WORK[name], rounds=1, iterations=1, warmup_rounds=1)


def test_ratios_to_estimates(capsys: pytest.CaptureFixture[str]) -> None:
    """Processor seconds of each analysis over those of all statistics at the measure's cutoff."""
    whole = least(lambda: mpi.estimate(profile(), MEASURE, by=BY))
    with capsys.disabled():
        print(f"\nall statistics by {BY}: {whole:.2f} s")
        for name, work in WORK.items():
            spent = least(work)
            print(f"{name:28} {spent:6.2f} s {spent / whole:6.1f}")


def least(work: Callable[[], object]) -> float:
    """Processor seconds, the least of three."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)
