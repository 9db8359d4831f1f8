"""Dominance over the cutoff against loops over cutoffs and pairs, with the t of each contrast."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

import mpi
from mpi.errors import UsageError
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province

GROUPS = [f"g{i % 4}" for i in range(160)]
# The groups differ: of g0 nearly nobody is deprived, of g3 nearly everybody.
RNG = np.random.default_rng(4)
RATE = np.array([int(group[1]) for group in GROUPS]) * 0.22 + 0.1
TABLE = province(4, region=GROUPS, **{name: (RNG.random(160) < RATE).tolist() for name in "abc"})
PROFILE = profile(TABLE)
SCORES = ("1/4", "1/2", "3/4", "1")


@pytest.mark.parametrize("statistic", ["H", "M0"])
def test_verdicts_are_those_of_every_cutoff(statistic: str) -> None:
    found = mpi.dominance(PROFILE, MEASURE, by="region", statistic=statistic)
    rows = {(row["first"], row["second"]): row for row in found.pairs.to_pylist()}
    assert len(rows) == 6
    verdicts = set()
    for a, b in at_least_one(itertools.combinations(["g0", "g1", "g2", "g3"], 2)):
        tests = []
        for k in SCORES:
            both = mpi.estimate(PROFILE, MEASURE, by="region", k=k).only(statistic, region=[a, b])
            tests.append(both.covariance().contrast([1.0, -1.0]).to_pylist()[0])
        differences = [one["estimate"] for one in tests]
        sign = 1 if min(differences) >= 0 and max(differences) > 0 else -1 if max(differences) <= 0 else 0
        row = rows[a, b]
        assert row["dominates"] == {1: "first", -1: "second", 0: None}[sign]
        verdicts.add(row["dominates"])
        if sign:
            least = min((one for one in tests if one["se"]), key=lambda one: sign * one["estimate"] / one["se"])
            t = sign * least["estimate"] / least["se"]
            assert row["least_t"] == pytest.approx(t)
            assert row["p"] == pytest.approx(stats.t.sf(t, least["df"]))
            assert row["significant"] == (row["p"] < 0.05)
        else:
            assert (row["least_t"], row["p"], row["significant"]) == (None, None, False)
    assert "second" in verdicts


def test_curves_are_the_estimates_at_every_score_that_occurs() -> None:
    found = mpi.dominance(PROFILE, MEASURE, by="region")
    own = mpi.estimate(PROFILE, MEASURE, by="region", k=list(SCORES)).only("H")
    for name in at_least_one(("region", "k", "estimate", "se", "ci_low", "ci_high")):
        assert found.curves[name].to_pylist() == own.table[name].to_pylist()


def test_a_range_of_cutoffs_leaves_out_what_lies_beyond() -> None:
    found = mpi.dominance(PROFILE, MEASURE, by="region", lowest="1/3", highest=Fraction(4, 5))
    assert sorted(set(found.curves["k"].to_pylist())) == ["1/2", "3/4"]
    with pytest.raises(UsageError, match="MPI-E001 0 scores occur from 4/5 to 9/10"):
        mpi.dominance(PROFILE, MEASURE, by="region", lowest="4/5", highest="9/10")


def test_a_census_has_verdicts_and_no_tests() -> None:
    whole = profile(TABLE, stratum=None, psu=None, weight=None, census=True)
    rows = mpi.dominance(whole, MEASURE, by="region").pairs.to_pylist()
    assert any(row["dominates"] for row in at_least_one(rows))
    assert all((row["least_t"], row["p"], row["significant"]) == (None, None, False) for row in rows)
