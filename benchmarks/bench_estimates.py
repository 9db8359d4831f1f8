"""Estimates at the size of a country, beside what an analyst would write, which must give the same figures first.

Flags of 10,000,000 persons in 1,122 municipalities, 15 cutoffs: the profile from flags in memory and its headcounts,
against the idioms of polars, pandas and numpy. 1,000,000 households in 50,000 PSUs: sampling errors of 1,122
municipalities at 15 cutoffs. And what 100 cutoffs cost over one.

`pytest benchmarks/bench_estimates.py`; the environment variable `MPI_BENCH_PERSONS` makes it smaller.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import NormalDist, median

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

import mpi

Floats = NDArray[np.float64]
MEASURE = mpi.load_measure(Path(__file__).parent / "census" / "measure.yaml")
PERSONS = int(os.environ.get("MPI_BENCH_PERSONS", "10000000"))
HOUSEHOLDS = PERSONS // 10
MUNICIPALITIES, PSUS = 1_122, 50_000
CUTOFFS = [f"{i}/20" for i in range(2, 17)]  # 15 of them
WANTED = ("H", "censored_headcount")
WEIGHTS = np.array([float(weight) for weight in MEASURE.weights])
RATES = np.linspace(0.05, 0.4, len(MEASURE.names))
REPEATS = 3
RTOL = 1e-10


def flags(rng: np.random.Generator, size: int, shift: Floats) -> dict[str, NDArray[np.int8]]:
    """Correlated deprivations of rows whose latent poverty has a mean."""
    latent = 0.7 * (rng.normal(size=size) + shift)
    spread = NormalDist(0, 1.5)
    return {
        name: (latent + rng.normal(size=size) < spread.inv_cdf(rate)).astype(np.int8)
        for name, rate in zip(MEASURE.names, RATES, strict=True)
    }


@cache
def census() -> pa.Table:
    """Flags of persons, in no order of municipalities."""
    rng = np.random.default_rng(5)
    municipality = rng.integers(0, MUNICIPALITIES, PERSONS).astype(np.int16)
    shift = rng.normal(0, 0.5, MUNICIPALITIES)[municipality]
    return pa.table({"municipality": municipality, **flags(rng, PERSONS, shift)})


@cache
def sample() -> mpi.DeprivationProfile:
    """A profile of households in PSUs inside municipalities, with fractional weights."""
    rng = np.random.default_rng(6)
    psu = np.sort(rng.integers(0, PSUS, HOUSEHOLDS))
    municipality = psu * MUNICIPALITIES // PSUS
    table = pa.table(
        {
            "municipality": municipality,
            "stratum": municipality * 33 // MUNICIPALITIES,
            "psu": psu,
            "members": rng.integers(1, 8, HOUSEHOLDS),
            "weight": rng.gamma(4, 5, HOUSEHOLDS),
            **flags(rng, HOUSEHOLDS, rng.normal(0, 0.5, PSUS)[psu]),
        }
    )
    return mpi.DeprivationProfile.from_flags(
        table, MEASURE, weight="weight", by="municipality", stratum="stratum", psu="psu", members="members"
    )


def ours() -> Floats:
    """H of each municipality at each cutoff, through the profile; shape (15, municipalities)."""
    profile = mpi.DeprivationProfile.from_flags(census(), MEASURE, weight=None, by="municipality", census=True)
    found = mpi.estimate(profile, MEASURE, by="municipality", k=CUTOFFS, statistics=WANTED)
    table = found.only("H").table.to_pandas().dropna(subset="municipality")
    return table.pivot(index="k", columns="municipality", values="estimate").loc[_texts(), _codes()].to_numpy()


def by_polars() -> Floats:
    """One lazy query: the score, then a mean for each cutoff and each censored headcount."""
    frame = pl.from_arrow(census())
    assert isinstance(frame, pl.DataFrame)
    score = pl.sum_horizontal(pl.col(name) * weight for name, weight in zip(MEASURE.names, WEIGHTS, strict=True))
    made = []
    for i, k in enumerate(_floats()):
        poor = pl.col("score") >= k - 1e-9
        made.append(poor.mean().alias(f"H{i}"))
        made += [(poor & (pl.col(name) == 1)).mean().alias(f"{name}{i}") for name in MEASURE.names]
    found = (
        frame.lazy().with_columns(score.alias("score")).group_by("municipality").agg(made).collect(engine="streaming")
    )
    return found.sort("municipality").select([f"H{i}" for i in range(len(CUTOFFS))]).to_numpy().T


def by_pandas() -> Floats:
    """The score as a column; for each cutoff a grouped mean of the censored flags."""
    frame = census().to_pandas()
    matrix = frame[list(MEASURE.names)].to_numpy()
    score, group = matrix @ WEIGHTS, frame["municipality"]
    found = []
    for k in _floats():
        poor = score >= k - 1e-9
        censored = pd.DataFrame(matrix & poor[:, None].view(np.int8), columns=list(MEASURE.names))
        censored["H"] = poor
        found.append(censored.groupby(group.to_numpy()).mean()["H"].to_numpy())
    return np.stack(found)


def by_numpy() -> Floats:
    """The score as a column; for each cutoff and flag a weighted `bincount` by municipality."""
    group = census()["municipality"].to_numpy()
    columns = [census()[name].to_numpy() for name in MEASURE.names]
    score = sum(column * weight for column, weight in zip(columns, WEIGHTS, strict=True))
    size, found = np.bincount(group), []
    for k in _floats():
        poor = score >= k - 1e-9
        found.append(np.bincount(group, poor) / size)
        for column in columns:
            np.bincount(group, column * poor)
    return np.stack(found)


def _floats() -> list[float]:
    return [float(MEASURE.cutoff(k).k) for k in CUTOFFS]


def _texts() -> list[str]:
    return [MEASURE.cutoff(k).text for k in CUTOFFS]


def _codes() -> list[str]:
    return [str(code) for code in range(MUNICIPALITIES)]


def cpu(job: Callable[[], object]) -> float:
    """CPU seconds of a job, of all threads."""
    started = time.process_time()
    job()
    return time.process_time() - started


@pytest.mark.parametrize("rival", [by_polars, by_pandas, by_numpy])
def test_bench_headcounts_of_15_cutoffs_by_1122_groups(
    benchmark: BenchmarkFixture, rival: Callable[[], Floats]
) -> None:
    np.testing.assert_allclose(rival(), ours(), rtol=RTOL)
    pairs = [(cpu(ours), cpu(rival)) for _ in range(REPEATS)]
    benchmark.extra_info["rival's CPU / ours"] = median(other / own for own, other in pairs)
    benchmark.pedantic(ours, rounds=REPEATS)


def test_bench_errors_of_15_cutoffs_by_1122_domains_in_50000_psus(benchmark: BenchmarkFixture) -> None:
    profile = sample()
    found = benchmark.pedantic(
        mpi.estimate,
        (profile, MEASURE),
        {"by": "municipality", "k": CUTOFFS, "statistics": WANTED},
        rounds=REPEATS,
        warmup_rounds=1,
    )
    assert found.table["se"].null_count < len(found) / 50
    benchmark.extra_info["cells"] = len(profile.cells)


def test_bench_1000_bootstrap_replicates_of_50000_psus(benchmark: BenchmarkFixture) -> None:
    profile = sample()

    def run(variance: str) -> mpi.Estimates:
        return mpi.estimate(profile, MEASURE, variance=variance, replicates=1_000)

    pairs = [(cpu(lambda: run("design")), cpu(lambda: run("bootstrap"))) for _ in range(REPEATS)]
    benchmark.extra_info["CPU s of the replicates alone"] = median(other - own for own, other in pairs)
    found = benchmark.pedantic(run, ("bootstrap",), rounds=REPEATS)
    linear = run("design")
    own, other = (one.only("M0", k="1/3").table["se"][0].as_py() for one in (found, linear))
    assert abs(own / other - 1) < 0.1


def test_bench_100_cutoffs_cost_less_than_twice_one(benchmark: BenchmarkFixture) -> None:
    profile = mpi.DeprivationProfile.from_flags(census(), MEASURE, weight=None, by="municipality", census=True)
    many = [f"{i}/101" for i in range(1, 101)]

    def run(k: list[str]) -> mpi.Estimates:
        return mpi.estimate(profile, MEASURE, by="municipality", k=k, statistics=WANTED)

    pairs = [(cpu(lambda: run(["1/3"])), cpu(lambda: run(many))) for _ in range(REPEATS)]
    benchmark.extra_info["100 cutoffs / one"] = median(other / own for own, other in pairs)
    benchmark.pedantic(run, (many,), rounds=REPEATS)
