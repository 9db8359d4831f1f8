"""The complete run on the sample survey, stage by stage, and the same figures written by hand in pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import mpi
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from tests.synthetic.test_synthetic import colombia_flags

DATA = Path(__file__).resolve().parent.parent / "sample_data"
FOLDER = DATA / "colombia_2025"
WEIGHTS = np.array([10, 10, 5, 5, 5, 5, 10, 10, 10, 10, 4, 4, 4, 4, 4])


@pytest.fixture(scope="module")
def measure() -> Measure:
    return mpi.load_measure("colombia_ipm")


@pytest.fixture(scope="module")
def survey() -> Survey:
    return mpi.load_survey("colombia_demo_2025")


@pytest.fixture(scope="module")
def profile(measure: Measure, survey: Survey) -> mpi.DeprivationProfile:
    return mpi.deprivation_profile(survey, measure, DATA, domains=["departamento"])


def by_hand() -> pd.DataFrame:
    """H and M0 by department in pandas: flags, integer scores, weighted means."""
    persons, households, dwellings = (
        pd.read_parquet(FOLDER / f"{name}.parquet") for name in ("PERSONAS", "HOGARES", "VIVIENDAS")
    )
    flags = colombia_flags(persons, households, dwellings)
    score = np.asarray(flags) @ WEIGHTS
    poor = 3 * score >= 100
    weight = households.FEX_C * households.PERSONAS
    table = pd.DataFrame({"w": weight, "h": weight * poor, "m": weight * poor * score / 100})
    sums = table.groupby(households.DEPARTAMENTO).sum()
    return sums.assign(H=sums.h / sums.w, M0=sums.m / sums.w)


def test_the_rival_gives_the_same_figures(profile: mpi.DeprivationProfile, measure: Measure) -> None:
    rival = by_hand()
    ours = mpi.estimate(profile, measure, by="departamento").to_pandas()
    for statistic in ("H", "M0"):
        own = ours[(ours.statistic == statistic) & ours.departamento.notna()].set_index("departamento").estimate
        np.testing.assert_allclose(own.to_numpy(), rival[statistic].loc[own.index.astype(str)].to_numpy(), rtol=1e-12)


@pytest.mark.benchmark(group="whole job: 30,000 households, 33 departments")
def test_files_to_figures_with_errors(benchmark: BenchmarkFixture, survey: Survey, measure: Measure) -> None:
    def job() -> mpi.Estimates:
        return mpi.estimate(
            mpi.deprivation_profile(survey, measure, DATA, domains=["departamento"]), measure, by="departamento"
        )

    benchmark.pedantic(job, rounds=7, warmup_rounds=1)


@pytest.mark.benchmark(group="whole job: 30,000 households, 33 departments")
def test_by_hand_in_pandas_without_errors(benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(by_hand, rounds=7, warmup_rounds=1)


@pytest.mark.benchmark(group="stages")
def test_reading_the_configs(benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(lambda: (mpi.load_measure("colombia_ipm"), mpi.load_survey("colombia_demo_2025")), rounds=7)


@pytest.mark.benchmark(group="stages")
def test_profile(benchmark: BenchmarkFixture, survey: Survey, measure: Measure) -> None:
    benchmark.pedantic(lambda: mpi.deprivation_profile(survey, measure, DATA, domains=["departamento"]), rounds=7)


@pytest.mark.benchmark(group="stages")
def test_estimates(benchmark: BenchmarkFixture, profile: mpi.DeprivationProfile, measure: Measure) -> None:
    benchmark.pedantic(lambda: mpi.estimate(profile, measure, by="departamento"), rounds=7)


@pytest.mark.benchmark(group="stages")
def test_one_row_a_household(benchmark: BenchmarkFixture, survey: Survey, measure: Measure) -> None:
    benchmark.pedantic(lambda: mpi.score(survey, measure, DATA), rounds=7)
