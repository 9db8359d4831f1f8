"""Decompositions of change: parts add up, Shapley values by all orders, errors by loops over households."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import mpi
from mpi.analysis.decomposition import decompose_change
from mpi.analysis.indicator_shares import shapley_of_patterns
from mpi.errors import DataError, UsageError
from mpi.specs.measure import Cutoff
from tests.changes.test_changing import rounds
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of
from tests.support.strategies import measure_of

TABLES = (province(1), province(2))
PAIR = rounds(*TABLES)


def values(found: Any, **where: str | None) -> dict[str, float]:
    return {
        row["figure"]: row["estimate"]
        for row in found.rows()
        if all(row[name] == value for name, value in where.items())
    }


@pytest.mark.parametrize("how", ["independent", "same_psu"])
@pytest.mark.parametrize("k", ["1/4", "1/2", "1"])
def test_parts_add_up(how: Any, k: str) -> None:
    found = decompose_change(PAIR, MEASURE, by=["region", "region:zone"], k=k, rounds=how)
    for region in at_least_one((None, "n", "s", "w")):
        own = values(found, region=region, zone=None, groups=None, dimension=None)
        assert own["incidence"] + own["intensity"] == pytest.approx(own["change_M0"], abs=1e-14)
        assert own["rate"] + own["population"] == pytest.approx(own["change_poor"], rel=1e-12)
        rows = [row for row in found.rows() if (row["region"], row["zone"]) == (region, None)]
        for figure, whole, part in at_least_one(
            (
                ("contribution", "change_M0", True),
                ("contribution", "change_M0", False),
                ("shapley_M0", "change_M0", True),
                ("shapley_H", "change_H", True),
            )
        ):
            parts = [r["estimate"] for r in rows if r["figure"] == figure and (r["indicator"] is not None) == part]
            assert math.fsum(parts) == pytest.approx(own[whole], abs=1e-14), figure
    whole = values(found, region=None, zone=None, groups=None, dimension=None)
    for groups in at_least_one(("region", "region:zone")):
        sums = {r["figure"]: r["estimate"] for r in found.rows() if r["groups"] == groups and r["region"] is None}
        assert sums["within"] + sums["demographic"] == pytest.approx(whole["change_M0"], abs=1e-14)
        if k != "1":  # at 1 nobody is poor in some groups, which have no intensity to change
            parts = sums["within_incidence"] + sums["within_intensity"]
            assert parts == pytest.approx(sums["within"], abs=1e-14)


def test_the_change_is_that_of_mpi_change() -> None:
    for how in at_least_one(("independent", "same_psu")):
        found = decompose_change(PAIR, MEASURE, by="region", rounds=how)  # type: ignore[arg-type]
        changes = mpi.change(PAIR, MEASURE, by="region", rounds=how)  # type: ignore[arg-type]
        for figure, statistic in (("change_M0", "M0"), ("change_H", "H"), ("change_poor", "poor")):
            for region in (None, "n", "s", "w"):
                (row,) = [r for r in found.only(figure).rows() if r["region"] == region]
                (own,) = [r for r in changes.only(statistic, change="absolute").rows() if r["region"] == region]
                assert row["estimate"] == pytest.approx(own["estimate"], rel=1e-11)
                assert row["se"] == pytest.approx(own["se"], rel=1e-9), (how, figure, region)
                assert row["df"] == own["df"]


def linearised(table: Any, region: str | None) -> tuple[dict[str, float], dict[str, NDArray[np.float64]], Any]:
    """H and A of a round in a region with the linearised values of its households."""
    rows = rows_of(table)
    inside = np.ones(len(rows["a"]), bool) if region is None else rows["region"] == region
    found, z = {}, {}
    for name, y, x in (("H", rows["poor"], 1.0), ("A", rows["score"] * rows["poor"], rows["poor"])):
        above, below = rows["person_weight"] * y * inside, rows["person_weight"] * x * inside
        found[name] = above.sum() / below.sum()
        z[name] = (above - found[name] * below) / below.sum()
    return found, z, rows


@pytest.mark.parametrize("region", [None, "n", "w"])
def test_the_error_of_incidence_is_that_of_both_samples(region: str | None) -> None:
    found = decompose_change(PAIR, MEASURE, by="region", rounds="independent")
    (one, z1, rows1), (two, z2, rows2) = (linearised(table, region) for table in TABLES)
    mean_a, change_h = (one["A"] + two["A"]) / 2, two["H"] - one["H"]
    parts = ((-mean_a * z1["H"] + change_h / 2 * z1["A"], rows1), (mean_a * z2["H"] + change_h / 2 * z2["A"], rows2))
    variance = sum(cluster_variance(z, rows["stratum"], rows["psu"]) for z, rows in parts)
    (row,) = [r for r in found.only("incidence").rows() if r["region"] == region]
    assert row["estimate"] == pytest.approx(change_h * mean_a, rel=1e-12)
    assert row["se"] == pytest.approx(math.sqrt(variance), rel=1e-9)


def shapley(weights: list[Fraction], cutoff: Cutoff) -> tuple[list[Fraction], list[Fraction]]:
    """By all orders: what each deprivation adds to being poor, and to the censored score, when it comes in."""
    number = len(weights)
    found = ([Fraction(0)] * number, [Fraction(0)] * number)
    for order in itertools.permutations(range(number)):
        score = Fraction(0)
        for j in order:
            after = score + weights[j]
            before_poor, poor = (c > cutoff.k or (c == cutoff.k and not cutoff.strict) for c in (score, after))
            found[0][j] += Fraction(int(poor) - int(before_poor), math.factorial(number))
            found[1][j] += (after * poor - score * before_poor) / math.factorial(number)
            score = after
    return found


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(1, 8), st.booleans())
def test_shapley_values_of_a_pattern_are_those_of_all_orders(parts: list[int], ninths: int, strict: bool) -> None:
    total = sum(parts)
    weights = [Fraction(part, total) for part in parts]
    cutoff = Cutoff(Fraction(ninths, 8), strict and ninths < 8)
    measure = measure_of({"all": {f"i{j}": weight for j, weight in enumerate(weights)}}, [cutoff])
    everything = np.ones((1, len(weights)), np.bool_)
    poor, score = shapley_of_patterns(measure, everything, cutoff)
    wanted = shapley(weights, cutoff)
    np.testing.assert_allclose(poor[0], [float(one) for one in wanted[0]], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(score[0], [float(one) for one in wanted[1]], rtol=1e-12, atol=1e-15)


def test_a_group_without_poor_has_null_incidence_and_the_sum_leaves_it_out() -> None:
    nobody = province(
        2, region=["none"] * 40 + ["n"] * 120, a=[False] * 40 + [True, False] * 60, b=[False] * 40 + [True] * 120
    )
    before = province(1, region=["none"] * 40 + ["n"] * 120)
    found = decompose_change(rounds(before, nobody), MEASURE, by="region", rounds="independent")
    rows = {r["figure"]: r for r in found.rows() if r["region"] == "none" and r["groups"] == "region"}
    assert rows["within_incidence"]["estimate"] is None
    assert rows["within"]["estimate"] is not None
    (total,) = [r for r in found.only("within_incidence").rows() if r["region"] is None]
    assert total["estimate"] is not None


def test_what_cannot_be_decomposed_is_refused() -> None:
    with pytest.raises(UsageError, match="MPI-E012 a decomposition is of the change between two rounds, not 1 round"):
        decompose_change(PAIR[:1], MEASURE, rounds="independent")
    with pytest.raises(UsageError, match="MPI-E013"):
        decompose_change(PAIR, MEASURE)
    other = profile(TABLES[1], single_psu="scaled", period="2030")
    with pytest.raises(DataError, match="MPI-D070 the covariance of the rounds is not known: their designs differ"):
        decompose_change([PAIR[0], other], MEASURE, rounds="same_psu")
