"""Sampling errors at the size of a country: 10 indicators, 3 cutoffs, 100 strata, 2,000 PSUs, 1,000,000 persons.

Beside them the route of R's `survey`, written as well as one can in numpy: a linearised value for every household,
statistic and domain, added up by PSU. It must give the same standard errors before its time counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

import mpi

Floats = NDArray[np.float64]
MEASURE = mpi.load_measure("global_mpi")
UNITS = np.array([3, 3, 3, 3, 1, 1, 1, 1, 1, 1])  # eighteenths
DIMENSION = np.array([0, 0, 1, 1, 2, 2, 2, 2, 2, 2])
ATTAINED = {"1/3": 6, "1/5": 4, "1/2": 9}  # fewest eighteenths at or above k
DEPARTMENTS, MUNICIPALITIES, STRATA, PSUS = 32, 1_122, 100, 2_000
HOUSEHOLDS = 294_000  # of 3.4 persons
REPLICATES = 1_000
RTOL = 1e-10  # two orders of adding 300,000 products of similar size, and a square root
NOISE = 1e-11  # a standard error that is 0 in exact arithmetic
SAME_MEMORY = 1.05
GROUP = "1,000,000 persons: 10 indicators, 3 cutoffs, 100 strata, 2,000 PSUs"
URUGUAY = "1,000 columns of bootstrap weights, 40,000 households, 19 departments"


def flags(rng: np.random.Generator, latent: Floats) -> dict[str, NDArray[np.int8]]:
    """Deprivations of households that share a latent poverty."""
    high = np.array([1.6, 2.4, 1.5, 2.2, 1.0, 1.1, 1.3, 2.0, 1.2, 1.5])
    return {
        name: (0.8 * latent + rng.normal(size=len(latent)) > threshold).astype(np.int8)
        for name, threshold in zip(MEASURE.names, high, strict=True)
    }


def survey_round(seed: int, shift: float = 0.0) -> pa.Table:
    """Households of a stratified sample of PSUs in municipalities; PSUs reach into both zones.

    The design and the weights' strata do not depend on the seed: two rounds share their PSUs.
    """
    rng, design = np.random.default_rng(seed), np.random.default_rng(0)
    department = np.arange(MUNICIPALITIES) * DEPARTMENTS // MUNICIPALITIES
    first = np.searchsorted(department, np.arange(DEPARTMENTS))
    size = np.bincount(department)
    strata = np.where(np.arange(DEPARTMENTS) < STRATA - 3 * DEPARTMENTS, 4, 3)
    before = np.cumsum(strata) - strata
    inside = np.arange(MUNICIPALITIES) - first[department]
    stratum = before[department] + inside * strata[department] // size[department]
    second = design.permutation(MUNICIPALITIES)[: PSUS - MUNICIPALITIES]
    psu_municipality = np.sort(np.concatenate([np.arange(MUNICIPALITIES), second]))
    poverty = design.normal(0, 0.4, DEPARTMENTS)[department][psu_municipality] + design.normal(0, 0.5, PSUS)
    psu = np.arange(HOUSEHOLDS) * PSUS // HOUSEHOLDS
    urban = rng.random(HOUSEHOLDS) < design.uniform(0.2, 0.8, PSUS)[psu]
    latent = poverty[psu] - 0.4 * urban + shift + rng.normal(size=HOUSEHOLDS)
    municipality = psu_municipality[psu]
    return pa.table(
        {
            "department": department[municipality],
            "municipality": municipality,
            "zone": urban.astype(np.int8),
            "stratum": stratum[municipality],
            "psu": psu,
            "members": 1 + rng.poisson(2.4, HOUSEHOLDS),
            "weight": design.uniform(20, 200, PSUS)[psu] * rng.uniform(0.8, 1.25, HOUSEHOLDS),
            **flags(rng, latent),
        }
    )


def profile_of(table: pa.Table, year: int = 2024) -> mpi.DeprivationProfile:
    return mpi.DeprivationProfile.from_flags(
        table,
        MEASURE,
        weight="weight",
        by=["department", "municipality", "zone"],
        stratum="stratum",
        psu="psu",
        members="members",
        period=str(year),
        time=year,
    )


@cache
def rounds() -> tuple[pa.Table, pa.Table]:
    return survey_round(1), survey_round(2, -0.1)


@cache
def profiles() -> tuple[mpi.DeprivationProfile, mpi.DeprivationProfile]:
    first, second = rounds()
    return profile_of(first, 2024), profile_of(second, 2025)


@pytest.mark.benchmark(group=GROUP)
def test_profile(benchmark: BenchmarkFixture) -> None:
    table, _ = rounds()
    benchmark.pedantic(profile_of, (table,), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group=GROUP)
def test_estimates_with_errors_by_department(benchmark: BenchmarkFixture) -> None:
    profile, _ = profiles()
    found = benchmark.pedantic(mpi.estimate, (profile, MEASURE), {"by": "department"}, rounds=5, warmup_rounds=1)
    assert np.isfinite(column(found, "se")).sum() > 4_000


@pytest.mark.benchmark(group=GROUP)
def test_estimates_with_errors_in_2244_domains(benchmark: BenchmarkFixture) -> None:
    profile, _ = profiles()
    found = benchmark.pedantic(mpi.estimate, (profile, MEASURE), {"by": "municipality:zone"}, rounds=3)
    assert len(found.only("M0", k="1/3")) == 1 + 2 * MUNICIPALITIES


@pytest.mark.benchmark(group=GROUP)
@pytest.mark.parametrize("variance", ["jackknife", "bootstrap"])
def test_replicates_by_department(benchmark: BenchmarkFixture, variance: str) -> None:
    profile, _ = profiles()
    options = {"by": "department", "variance": variance, "replicates": 500}
    found = benchmark.pedantic(mpi.estimate, (profile, MEASURE), options, rounds=3)
    linear = mpi.estimate(profile, MEASURE, by="department").only("M0", k="1/3")
    np.testing.assert_allclose(column(found.only("M0", k="1/3"), "se"), column(linear, "se"), rtol=0.15)


@pytest.mark.benchmark(group=GROUP)
def test_covariance_and_differences_of_33_domains(benchmark: BenchmarkFixture) -> None:
    profile, _ = profiles()
    chosen = mpi.estimate(profile, MEASURE, by="department").only("M0", k="1/3")
    found = benchmark.pedantic(lambda: chosen.covariance().differences(), rounds=5, warmup_rounds=1)
    assert found.num_rows == DEPARTMENTS * (DEPARTMENTS - 1) // 2


@pytest.mark.benchmark(group=GROUP)
@pytest.mark.parametrize("relation", ["same_psu", "independent"])
def test_changes_by_department(benchmark: BenchmarkFixture, relation: str) -> None:
    options = {"by": "department", "rounds": relation}
    benchmark.pedantic(mpi.change, (profiles(), MEASURE), options, rounds=2)


@cache
def calibrated() -> mpi.DeprivationProfile:
    """The first round with weights calibrated to the persons of each department and of the urban zone."""
    table, _ = rounds()
    department, members = table["department"].to_numpy(), table["members"].to_numpy()
    design = table["weight"].to_numpy()
    final = design * np.random.default_rng(4).uniform(0.8, 1.2, DEPARTMENTS)[department]
    variables = {f"in_{one}": members * (department == one) for one in range(DEPARTMENTS)}
    variables["urban"] = members * table["zone"].to_numpy()
    columns = {name: table[name] for name in table.column_names} | {"weight": final, "design": design} | variables
    return mpi.DeprivationProfile.from_flags(
        pa.table(columns),
        MEASURE,
        weight="weight",
        design_weight="design",
        calibration=list(variables),
        by=["department", "municipality", "zone"],
        stratum="stratum",
        psu="psu",
        members="members",
    )


@pytest.mark.benchmark(group=GROUP)
def test_estimates_with_calibrated_errors_in_2244_domains(benchmark: BenchmarkFixture) -> None:
    found = benchmark.pedantic(mpi.estimate, (calibrated(), MEASURE), {"by": "municipality:zone"}, rounds=3)
    assert len(found.only("M0", k="1/3")) == 1 + 2 * MUNICIPALITIES
    assert np.isfinite(column(found, "se")).sum() > 100_000


@cache
def with_replicates() -> tuple[pa.Table, list[str]]:
    """40,000 households in 400 PSUs of 19 departments, with Rao-Wu bootstrap weights in 1,000 columns."""
    rng, n, psus = np.random.default_rng(3), 40_000, 400
    psu = np.arange(n) * psus // n
    department = psu * 19 // psus
    table = {
        "department": department,
        "members": 1 + rng.poisson(1.8, n),
        "weight": rng.uniform(10, 60, n),
        **flags(rng, rng.normal(0, 0.5, psus)[psu] + rng.normal(size=n)),
    }
    times = np.empty((psus, REPLICATES))
    for one in range(19):
        own = np.flatnonzero(np.arange(psus) * 19 // psus == one)
        drawn = rng.multinomial(len(own) - 1, np.full(len(own), 1 / len(own)), REPLICATES).T
        times[own] = drawn * len(own) / (len(own) - 1)
    names = [f"r{r:04}" for r in range(REPLICATES)]
    return pa.table(table | {name: table["weight"] * times[psu, r] for r, name in enumerate(names)}), names


def replicated_profile() -> mpi.DeprivationProfile:
    table, names = with_replicates()
    return mpi.DeprivationProfile.from_flags(
        table,
        MEASURE,
        weight="weight",
        by="department",
        members="members",
        replicates=names,
        replication=mpi.replication("bootstrap", REPLICATES),
        replicates_are="combined",
    )


@pytest.mark.benchmark(group=URUGUAY)
def test_profile_with_replicate_weights(benchmark: BenchmarkFixture) -> None:
    with_replicates()
    benchmark.pedantic(replicated_profile, rounds=3)


@pytest.mark.benchmark(group=URUGUAY)
def test_estimates_from_replicate_weights(benchmark: BenchmarkFixture) -> None:
    profile = replicated_profile()
    benchmark.pedantic(mpi.estimate, (profile, MEASURE), {"by": "department"}, rounds=2)


class RowByRow:
    """The rival: n rows of microdata, one linearised value a row for each statistic and domain."""

    def __init__(self, table: pa.Table, *, persons: bool) -> None:
        own = {name: table[name].to_numpy() for name in table.column_names}
        repeat = own["members"] if persons else np.ones(len(own["members"]), np.int64)
        order = np.repeat(np.argsort(own["department"], kind="stable"), repeat)  # sorted once, not in each domain
        self.weight = own["weight"][order] * (1 if persons else own["members"][order])
        self.psu, self.flags = own["psu"][order], [own[name][order] for name in MEASURE.names]
        self.edges = np.searchsorted(own["department"][order], np.arange(DEPARTMENTS + 1))
        stratum = np.zeros(PSUS, np.int64)
        stratum[own["psu"]] = own["stratum"]
        assert (np.diff(stratum) >= 0).all()
        self.first = np.flatnonzero(np.diff(stratum, prepend=-1))
        self.drawn = np.bincount(stratum)

    def variance(self, z: Floats, rows: slice) -> float:
        totals = np.bincount(self.psu[rows], z, PSUS)
        spread = np.add.reduceat(totals**2, self.first) - np.add.reduceat(totals, self.first) ** 2 / self.drawn
        return float((self.drawn / (self.drawn - 1) * spread).sum())

    def ratio(self, y: NDArray[np.generic], x: NDArray[np.generic] | None, rows: slice) -> float:
        weight, own = self.weight[rows], y[rows]
        if x is None:
            return self.variance(weight * own, rows)
        over = x[rows]
        below = weight @ over
        return self.variance(weight * (own - (weight @ own) / below * over) / below, rows)

    def share(self, y: NDArray[np.generic], rows: slice) -> float:
        """Of the domain in the total: the rows outside it count."""
        below = self.weight @ y
        z = self.weight * y * -(self.weight[rows] @ y[rows] / below)
        z[rows] += self.weight[rows] * y[rows]
        return self.variance(z / below, slice(None))

    def statistics(self) -> Iterator[tuple[tuple[str, ...], str, NDArray[np.generic], NDArray[np.generic] | None]]:
        everyone = np.ones(len(self.weight))
        score = sum(int(units) * flag for units, flag in zip(UNITS, self.flags, strict=True))
        for k, attained in ATTAINED.items():
            poor = (score >= attained).astype(np.float64)
            censored = poor * score / 18
            yield (k, "H", "", ""), "ratio", poor, everyone
            yield (k, "A", "", ""), "ratio", censored, poor
            yield (k, "M0", "", ""), "ratio", censored, everyone
            yield (k, "poor", "", ""), "ratio", poor, None
            yield (k, "poor_share", "", ""), "share", poor, None
            yield (k, "M0_share", "", ""), "share", censored, None
            for i, dimension in enumerate(MEASURE.dimensions):
                part = poor * sum(int(UNITS[j]) * self.flags[j] for j in np.flatnonzero(i == DIMENSION)) / 18
                yield (k, "absolute_contribution", dimension.name, ""), "ratio", part, everyone
                yield (k, "percentage_contribution", dimension.name, ""), "ratio", part, censored
            for flag, units, indicator in zip(self.flags, UNITS, MEASURE.indicators, strict=True):
                own, place = poor * flag, (indicator.dimension, indicator.name)
                yield (k, "censored_headcount", *place), "ratio", own, everyone
                yield (k, "absolute_contribution", *place), "ratio", own * (units / 18), everyone
                yield (k, "percentage_contribution", *place), "ratio", own * (units / 18), censored
        for flag, indicator in zip(self.flags, MEASURE.indicators, strict=True):
            place = (indicator.dimension, indicator.name)
            yield ("", "uncensored_headcount", *place), "ratio", flag.astype(np.float64), everyone
        yield ("", "population_share", "", ""), "share", everyone, None

    def errors(self) -> dict[tuple[str, ...], float]:
        """Standard errors by k, statistic, dimension, indicator and department ("" for the total)."""
        domains = {"": slice(None)} | {str(d): slice(*self.edges[d : d + 2]) for d in range(DEPARTMENTS)}
        found = {}
        for key, sort, y, x in self.statistics():
            for name, rows in domains.items():
                variance = self.share(y, rows) if sort == "share" else self.ratio(y, x, rows)
                found[(*key, name)] = max(variance, 0.0) ** 0.5
        return found


def check(rival: dict[tuple[str, ...], float]) -> None:
    """Hold the rival's standard errors against the engine's: all of them."""
    names = ("k", "statistic", "dimension", "indicator", "department")
    rows = mpi.estimate(profiles()[0], MEASURE, by="department").rows()
    own = {tuple(row[name] or "" for name in names): row["se"] for row in rows}
    left = {key[1] for key in own.keys() - rival.keys()}
    assert left == {"excluded", "unknown"}  # 0 everywhere, and free for the rival
    for key, se in rival.items():
        scale = NOISE * (1e8 if key[1] == "poor" else 1)
        assert own[key] == pytest.approx(se, rel=RTOL, abs=scale), key


@pytest.mark.benchmark(group=GROUP)
@pytest.mark.parametrize("rows", ["households", "persons"])
def test_row_by_row_by_department_in_numpy(benchmark: BenchmarkFixture, rows: str) -> None:
    table, _ = rounds()
    check(benchmark.pedantic(lambda: RowByRow(table, persons=rows == "persons").errors(), rounds=2))


MEMORY = """
import json, pathlib, sys, tracemalloc
import mpi
profile, measure = mpi.DeprivationProfile.read(sys.argv[1]), mpi.load_measure("global_mpi")
tracemalloc.start()
mpi.estimate(profile, measure, by="department")
peak = tracemalloc.get_traced_memory()[1]
# Not `ru_maxrss`: a child inherits its parent's on Linux.
most = next(line.split()[1] for line in pathlib.Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(json.dumps({"cells": len(profile.cells), "traced": peak / 2**20, "resident": int(most) / 2**10}))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak where Linux tells it")
@pytest.mark.benchmark(group="peak memory of the estimates by department")
def test_memory_does_not_grow_with_the_persons(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Four times the households of the same kinds: as many cells, as many megabytes."""
    table, _ = rounds()
    found = []
    for times in (1, 4):
        folder = tmp_path / f"times_{times}"
        profile_of(pa.concat_tables([table] * times)).write(folder)
        found.append(
            lambda folder=folder: json.loads(
                subprocess.run(
                    [sys.executable, "-c", MEMORY, str(folder)],
                    check=True,
                    capture_output=True,
                    text=True,
                    timeout=600,
                    env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                ).stdout
            )
        )
    once, more = benchmark.pedantic(lambda: [one() for one in found], rounds=1)
    benchmark.extra_info.update(once=once, more=more)
    assert once["cells"] == more["cells"]
    assert more["traced"] < SAME_MEMORY * once["traced"]
    assert more["resident"] < SAME_MEMORY * once["resident"]


def column(found: mpi.Estimates, name: str) -> Floats:
    return np.array(found.table[name].to_numpy(zero_copy_only=False), np.float64)
