"""What every measure of the Alkire-Foster family must satisfy, whatever its weights, cutoffs and data.

References
----------
Alkire, Foster, Seth, Santos, Roche and Ballon (2015), Multidimensional Poverty Measurement and Analysis, chapters 2.5
and 5.6.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mpi.estimates import Estimates
from mpi.pipeline.estimating import estimate
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.strategies import cutoffs, households, measures, profile_of

RTOL_SUM = 1e-12  # sums of some dozen floats, in another order
Case = tuple[Measure, list[Household], Cutoff]


@st.composite
def cases(draw: st.DrawFn, *, complete: bool = False) -> Case:
    """A measure, households and a cutoff, often one that a household's score meets exactly."""
    measure = draw(measures())
    rows = draw(households(measure))
    if complete:
        rows = [replace(h, flags=tuple(flag is True for flag in h.flags)) for h in rows]
    k = draw(cutoffs([naive.score(measure, h.flags) or naive.ZERO for h in rows]))[0]
    return measure, rows, k


def poor(measure: Measure, k: Cutoff, h: Household) -> bool:
    return naive.is_poor(measure, k, h.flags)


def estimates(case: Case, **arguments: Any) -> Estimates:
    measure, rows, k = case
    return estimate(profile_of(measure, rows), measure, k=k, **arguments)


def value(found: Estimates, statistic: str, **where: str | None) -> float:
    """An estimate; 0 where it is 0/0, for sums."""
    return found.value(statistic, **where) or 0.0


def with_flag(h: Household, j: int, flag: bool) -> Household:
    return replace(h, flags=(*h.flags[:j], flag, *h.flags[j + 1 :]))


def scored_rows(found: Estimates, *statistics: str) -> list[dict[str, Any]]:
    rows = [row for statistic in statistics for row in found.only(statistic).rows()]
    assert rows
    return rows


@given(cases(complete=True), st.data())
def test_a_deprivation_of_the_non_poor_does_not_count(case: Case, data: st.DataObject) -> None:
    """Poverty focus: removing a deprivation of somebody who is not poor changes no censored figure."""
    measure, rows, k = case
    candidates = [
        (i, j) for i, h in enumerate(rows) for j, flag in enumerate(h.flags) if flag and not poor(measure, k, h)
    ]
    assume(candidates)
    i, j = data.draw(st.sampled_from(candidates))
    after = [*rows[:i], with_flag(rows[i], j, False), *rows[i + 1 :]]
    assume(not poor(measure, k, after[i]))
    focused = ("H", "A", "M0", "poor", "censored_headcount", "absolute_contribution", "percentage_contribution")
    before, later = estimates(case), estimates((measure, after, k))
    for one, other in zip(at_least_one(scored_rows(before, *focused)), scored_rows(later, *focused), strict=True):
        assert (
            one["estimate"] == pytest.approx(other["estimate"], rel=RTOL_SUM)
            if one["estimate"]
            else not other["estimate"]
        )


@given(cases())
def test_only_the_deprived_flags_matter(case: Case) -> None:
    """Deprivation focus: what is no deprivation of the score, such as a monitored indicator, changes nothing."""
    measure, rows, k = case
    watched = [j for j, indicator in enumerate(measure.indicators) if indicator.monitor]
    turned = [replace(h, flags=tuple(not f if j in watched else f for j, f in enumerate(h.flags))) for h in rows]
    before, after = estimates(case), estimates((measure, turned, k))
    for statistic in ("H", "A", "M0", "absolute_contribution"):
        for one, other in zip(at_least_one(before.only(statistic).rows()), after.only(statistic).rows(), strict=True):
            assert one["estimate"] == (
                None if other["estimate"] is None else pytest.approx(other["estimate"], rel=RTOL_SUM)
            )


@given(cases(complete=True), st.data())
def test_another_deprivation_of_a_poor_household_raises_M0(case: Case, data: st.DataObject) -> None:
    """Dimensional monotonicity; strict where the indicator has a weight of its own."""
    measure, rows, k = case
    candidates = [
        (i, j)
        for i, h in enumerate(rows)
        for j, flag in enumerate(h.flags)
        if not flag and h.weight and poor(measure, k, h) and measure.indicators[j].weight
    ]
    assume(candidates)
    i, j = data.draw(st.sampled_from(candidates))
    after = [*rows[:i], with_flag(rows[i], j, True), *rows[i + 1 :]]
    before, later = estimates(case), estimates((measure, after, k))
    # A weight of 1e-15 of the score cannot be seen in a float sum.
    visible = measure.indicators[j].weight > Fraction(1, 10**6)
    assert value(later, "M0") > value(before, "M0") if visible else value(later, "M0") >= value(before, "M0")
    assert value(later, "H") == pytest.approx(value(before, "H"), rel=RTOL_SUM)


@given(cases(complete=True), st.data())
def test_another_deprivation_never_lowers_a_figure(case: Case, data: st.DataObject) -> None:
    """Weak monotonicity, combined dimensions included."""
    measure, rows, k = case
    i, j = data.draw(st.sampled_from([(i, j) for i, h in enumerate(rows) for j in range(len(h.flags))]))
    after = [*rows[:i], with_flag(rows[i], j, True), *rows[i + 1 :]]
    before, later = estimates(case), estimates((measure, after, k))
    for statistic in ("H", "M0"):
        assert value(later, statistic) >= value(before, statistic) * (1 - RTOL_SUM)


@given(cases())
def test_a_higher_cutoff_never_finds_more_poverty(case: Case) -> None:
    measure, rows, _ = case
    scores = sorted({score for h in rows if (score := naive.score(measure, h.flags))}) or [Fraction(1)]
    steps = [Cutoff(k, strict) for k in scores for strict in (False, True)]
    found = estimate(profile_of(measure, rows), measure, k=steps)
    for statistic in ("H", "M0", "poor"):
        values = [value(found, statistic, k=k.text) for k in steps]
        assert all(one >= other * (1 - RTOL_SUM) for one, other in at_least_one(itertools.pairwise(values)))


@given(cases())
def test_everybody_twice_leaves_the_points(case: Case) -> None:
    """Replication invariance: all households again, in PSUs of their own."""
    measure, rows, k = case
    twice = [*rows, *(replace(h, psu=f"again {h.psu}") for h in rows)]
    before, after = estimates(case, by="region"), estimates((measure, twice, k), by="region")
    for one, other in zip(at_least_one(before.rows()), after.rows(), strict=True):
        factor = 2 if one["statistic"] in ("poor", "poor_and_deprived") else 1
        assert other["n"] == 2 * one["n"]
        if one["estimate"] is None:
            assert other["estimate"] is None
        else:
            assert other["estimate"] == pytest.approx(factor * one["estimate"], rel=RTOL_SUM)


@given(cases(), st.sampled_from(["0.001", "7", "12345.678"]))
def test_the_scale_of_the_weights_does_not_matter(case: Case, factor: str) -> None:
    """Scale invariance of expansion factors, errors included; design effects know the population's size."""
    measure, rows, k = case
    scaled = [replace(h, weight=h.weight * Fraction(factor)) for h in rows]
    before, after = estimates(case, by="region"), estimates((measure, scaled, k), by="region")
    for one, other in zip(at_least_one(before.rows()), after.rows(), strict=True):
        if one["statistic"] in ("poor", "poor_and_deprived"):
            continue
        for figure in ("estimate", "n", "df"):
            same = None if one[figure] is None else pytest.approx(one[figure], rel=RTOL_SUM)
            assert other[figure] == same, (one, figure)
        if one["se"] is not None:
            # Shares near 1 are differences: an error of 1e-16 of the total's own, squared, shows in a tiny SE.
            assert other["se"] ** 2 == pytest.approx(one["se"] ** 2, rel=1e-9, abs=1e-12)


@given(cases())
def test_the_whole_is_the_sum_of_its_groups(case: Case) -> None:
    """Subgroup decomposability: M0 and H are means of the groups' with population shares; shares add up to 1."""
    found = estimates(case, by=["region", "region:zone"])
    groups = [[{"region": r, "zone": z} for r in "abc" for z in zones] for zones in ([None], ["u", "v"])]
    for group in groups:
        present = [where for where in group if len(found.only("H", **where))]
        if value(found, "population_share") == 0:
            continue
        for statistic in ("M0", "H"):
            total = sum(value(found, "population_share", **g) * value(found, statistic, **g) for g in present)
            assert total == pytest.approx(value(found, statistic), rel=RTOL_SUM)
        assert sum(value(found, "population_share", **g) for g in present) == pytest.approx(1)
        for share in ("M0_share", "poor_share"):
            expected = 1 if value(found, "H") else 0
            assert sum(value(found, share, **g) for g in present) == pytest.approx(expected)
        for g in present:
            if value(found, "M0"):
                own = value(found, "population_share", **g) * value(found, "M0", **g) / value(found, "M0")
                assert value(found, "M0_share", **g) == pytest.approx(own, rel=RTOL_SUM)
        assert sum(value(found, "poor", **g) for g in present) == pytest.approx(value(found, "poor"))


@given(cases())
def test_M0_is_H_times_A(case: Case) -> None:
    found = estimates(case, by="region")
    for region in (None, "a"):
        product = value(found, "H", region=region) * value(found, "A", region=region)
        assert value(found, "M0", region=region) == pytest.approx(product, rel=RTOL_SUM)


@given(cases())
def test_A_lies_between_k_and_1(case: Case) -> None:
    a = estimates(case).value("A")
    if a is not None:
        assert float(case[2].k) * (1 - RTOL_SUM) <= a <= 1 + RTOL_SUM


@given(cases())
def test_contributions_add_up(case: Case) -> None:
    """To M0 and to 1: those of the dimensions, and those of the indicators inside each weighted dimension."""
    measure, _, _ = case
    found = estimates(case)
    m0 = value(found, "M0")
    for statistic, whole in (("absolute_contribution", m0), ("percentage_contribution", 1 if m0 else 0)):
        of = {d.name: value(found, statistic, dimension=d.name) for d in measure.dimensions}
        assert sum(of.values()) == pytest.approx(whole, rel=RTOL_SUM)
        for dimension in at_least_one(measure.dimensions):
            own = [i.name for i in measure.indicators if i.dimension == dimension.name and i.weight]
            if dimension.at_least is None and own:
                total = sum(value(found, statistic, indicator=name) for name in own)
                assert total == pytest.approx(of[dimension.name], rel=RTOL_SUM)


@given(cases(complete=True))
def test_an_absolute_contribution_is_weight_times_censored_headcount(case: Case) -> None:
    measure, _, _ = case
    found = estimates(case)
    checked = 0
    for indicator in measure.indicators:
        if indicator.weight:
            own = float(indicator.weight) * value(found, "censored_headcount", indicator=indicator.name)
            assert value(found, "absolute_contribution", indicator=indicator.name) == pytest.approx(own, rel=RTOL_SUM)
            checked += 1
    assert checked == sum(bool(indicator.weight) for indicator in measure.indicators)


@given(cases())
def test_censored_headcounts_are_at_most_the_uncensored_ones_and_H(case: Case) -> None:
    measure, _, _ = case
    found = estimates(case)
    for indicator in at_least_one(measure.indicators):
        censored = value(found, "censored_headcount", indicator=indicator.name)
        assert censored <= value(found, "uncensored_headcount", indicator=indicator.name) * (1 + RTOL_SUM)
    assert value(found, "M0") <= value(found, "H") * (1 + RTOL_SUM)


@given(cases())
def test_households_of_one_person_are_persons(case: Case) -> None:
    measure, rows, k = case
    single = [replace(h, members=1) for h in rows]
    found: Sequence[Estimates] = [estimates((measure, single, k), by="zone", unit=u) for u in ("persons", "households")]
    for one, other in zip(at_least_one(found[0].rows()), found[1].rows(), strict=True):
        assert {**one, "unit": ""} == {**other, "unit": ""}
