"""Cheapest plans against all combinations of levels, tried one by one in exact fractions; bounds hold."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

import mpi
from mpi.errors import UsageError
from mpi.policies import choosing, levels
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.province import MEASURE as PROVINCE
from tests.support.province import profile as profile_of
from tests.support.province import province
from tests.support.strategies import measure_of

HALF, QUARTER, ZERO = Fraction(1, 2), Fraction(1, 4), Fraction(0)
MEASURE = measure_of({"health": {"a": HALF}, "living": {"b": QUARTER, "c": QUARTER}}, [Cutoff(HALF)])
COMBINED = measure_of(
    {"health": {"a": HALF}, "living": {"b": ZERO, "c": ZERO}},
    [Cutoff(HALF)],
    at_least={"living": 1},
    weights={"living": HALF},
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A handful of households in two domains, with prices, levels and what is asked."""

    households: Sequence[Household]
    prices: Mapping[str, int]
    steps: int
    low: Mapping[str, Fraction]
    high: Mapping[str, Fraction]
    dear: int  # how many times as much lifting costs in the second domain
    statistic: str
    condition: str
    measure: Any
    rural: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)  # bounds of their own in the second

    @property
    def profile(self) -> DeprivationProfile:
        own = self.households
        table = pa.table(
            {
                **{name: [one.flags[j] for one in own] for j, name in enumerate("abc")},
                "w": [float(one.weight) for one in own],
                "members": [one.members for one in own],
                "g": [one.groups["g"] for one in own],
            }
        )
        return DeprivationProfile.from_flags(table, self.measure, weight="w", members="members", by="g")

    @property
    def costs(self) -> dict[str, list[str]]:
        """What lifting costs in each domain."""
        rows = [
            (g, name, str(price * (self.dear if g == "2" else 1))) for g in "12" for name, price in self.prices.items()
        ]
        return {name: [row[i] for row in rows] for i, name in enumerate(("g", "indicator", "cost"))}

    def options(self) -> dict[str, Any]:
        return {
            "statistic": self.statistic,
            "domain": "g",
            "condition": self.condition,
            "bounds": {
                name: {"1": own, "2": self.rural[name]} if name in self.rural else own
                for name, own in ((name, (self.low[name], self.high[name])) for name in self.prices)
            },
            "steps": self.steps,
        }

    def all_plans(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Cost, and what is left of the statistic, of every combination of levels."""
        known = [one for one in self.households if naive.score(self.measure, one.flags) is not None]
        everyone = sum((one.weight * one.members for one in known), ZERO)
        share = 1 if self.statistic == "poor" else 1 / everyone
        # A household lives in one domain, and nothing that is done in the other reaches it.
        one, other = ([self._of_domain(g, chosen) for chosen in itertools.product(*self._grids(g))] for g in "12")
        for (cost, left), (cost_of_other, left_of_other) in itertools.product(one, other):
            yield cost + cost_of_other, (left + left_of_other) * share

    def _grids(self, domain: str) -> list[list[Fraction]]:
        """The levels of each indicator in a domain."""
        found = []
        for name in self.prices:
            low, high = self.rural.get(name, (self.low[name], self.high[name])) if domain == "2" else (
                self.low[name], self.high[name]
            )  # fmt: skip
            steps = (Fraction(i, self.steps) for i in range(self.steps + 1))
            found.append(sorted({low, high, *(one for one in steps if low <= one <= high)}))
        return found

    def _of_domain(self, domain: str, chosen: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        level = dict(zip(self.prices, chosen, strict=True))
        cost, left = ZERO, ZERO
        for one in self.households:
            if one.groups["g"] != domain:
                continue
            known, poor_now = state(self.measure is COMBINED, one.flags)
            reached = not self.condition or (known is not None and poor_now)
            can = [(j, level[name]) for j, name in enumerate("abc") if name in level and one.flags[j] and reached]
            dear = self.dear if domain == "2" else 1
            cost += one.weight * dear * sum((x * self.prices["abc"[j]] for j, x in can), ZERO)
            if known is None:
                continue
            for lifted in itertools.product((False, True), repeat=len(can)):
                chance, flags = Fraction(1), list(one.flags)
                for (j, x), gone in zip(can, lifted, strict=True):
                    chance *= x if gone else 1 - x
                    flags[j] = flags[j] and not gone
                score, poor = state(self.measure is COMBINED, tuple(flags))
                if chance and poor:
                    left += one.weight * one.members * chance * ((score or ZERO) if self.statistic == "M0" else 1)
        return cost, left


@cache
def state(combined: bool, flags: tuple[bool | None, ...]) -> tuple[Fraction | None, bool]:
    """Score, and whether poor: three indicators have 27 states, each judged once."""
    measure = COMBINED if combined else MEASURE
    return naive.score(measure, flags), naive.is_poor(measure, measure.cutoffs[0], flags)


def case(seed: int) -> Case:
    rng = random.Random(seed)  # noqa: S311
    unknown = 0.1 if seed % 3 == 0 else 0.0

    def flag() -> bool | None:
        return None if rng.random() < unknown else rng.random() < 0.6

    measure = COMBINED if seed % 5 == 4 and not unknown else MEASURE
    households = [
        Household(
            flags=(flag(), flag(), flag()),
            weight=Fraction(rng.randint(1, 6)),
            members=rng.randint(1, 4),
            groups={"g": rng.choice("12")},
        )
        for _ in range(9)
    ]
    households += [Household(flags=(True, True, False), weight=Fraction(1), groups={"g": g}) for g in "12"]
    prices = {name: rng.randint(1, 9) for name in rng.sample("abc", 2)}
    high = {name: rng.choice([Fraction(1), Fraction(1), Fraction(2, 3)]) for name in prices}
    low = {name: rng.choice([ZERO, ZERO, QUARTER]) for name in prices}
    return Case(
        households=households,
        prices=prices,
        steps=rng.choice([1, 2]),
        low=low,
        high=high,
        dear=rng.choice([1, 3]),
        statistic=rng.choice(["H", "M0", "poor"]),
        condition=rng.choice(["", "poor"]),
        measure=measure,
    )


def best(plans: Sequence[tuple[Fraction, Fraction]], budget: Fraction) -> tuple[Fraction, Fraction]:
    """The lowest statistic under a budget, and its least cost."""
    left, cost = min((left, cost) for cost, left in plans if cost <= budget)
    return cost, left


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_plans_are_the_best_of_all(first: int) -> None:
    for seed in range(first, first + 40):
        own = case(seed)
        plans = list(own.all_plans())
        rng = random.Random(seed)  # noqa: S311
        budget = rng.choice(plans)[0]
        cost, left = best(plans, budget)
        found = mpi.cheapest_plan(own.profile, own.measure, own.costs, budget=float(budget), **own.options())
        assert (found.after, found.cost) == pytest.approx((float(left), float(cost)), rel=1e-9, abs=1e-12), seed
        assert (found.exact, found.gap) == (True, 0.0)
        target = rng.choice(plans)[1]  # reached exactly by some plan: equality is enough
        cost, left = min((cost, left) for cost, left in plans if left <= target)
        text = f"{target.numerator}/{target.denominator}"
        found = mpi.cheapest_plan(own.profile, own.measure, own.costs, target=text, **own.options())
        assert (found.cost, found.after) == pytest.approx((float(cost), float(left)), rel=1e-9, abs=1e-12), seed


@pytest.mark.parametrize("seed", range(12))
def test_bounds_of_a_code_are_its_own(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    own = case(seed)
    own = replace(
        own, rural={rng.choice(list(own.prices)): rng.choice([(ZERO, ZERO), (QUARTER, HALF), (HALF, Fraction(1))])}
    )
    plans = list(own.all_plans())
    budget = rng.choice(plans)[0]
    cost, left = best(plans, budget)
    found = mpi.cheapest_plan(own.profile, own.measure, own.costs, budget=float(budget), **own.options())
    assert (found.after, found.cost) == pytest.approx((float(left), float(cost)), rel=1e-9, abs=1e-12)
    ((name, (low, high)),) = own.rural.items()
    (row,) = [row for row in found.rows() if row["g"] == "2" and row["indicator"] == name]
    assert low <= Fraction(row["share"]) <= high
    alone = {**own.options(), "bounds": {name: {"2": (low, high)}}}  # elsewhere, and of others, every level
    wide = replace(own, low=dict.fromkeys(own.prices, ZERO), high=dict.fromkeys(own.prices, Fraction(1)))
    cost, left = best(list(wide.all_plans()), Fraction(10**6))
    found = mpi.cheapest_plan(own.profile, own.measure, own.costs, budget=1e6, **alone)
    assert (found.after, found.cost) == pytest.approx((float(left), float(cost)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_not_looked_at_is_bounded_on_both_sides(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where levels are too many: the plan keeps to its budget or target, and the best lies between it and the bound."""
    monkeypatch.setattr(levels, "MOST_COMBINATIONS", 1)
    own = case(seed)
    plans = list(own.all_plans())
    budget = random.Random(seed).choice(plans)[0]  # noqa: S311
    cost, left = best(plans, budget)
    found = mpi.cheapest_plan(own.profile, own.measure, own.costs, budget=float(budget), **own.options())
    assert found.cost <= float(budget) * (1 + 1e-9)
    assert found.bound - 1e-9 <= float(left) <= found.after + 1e-9
    assert found.exact or "MPI-N252" in {notice.code for notice in found.notices}
    target = random.Random(seed).choice(plans)[1]  # noqa: S311
    cost, left = min((cost, left) for cost, left in plans if left <= target)
    text = f"{target.numerator}/{target.denominator}"
    found = mpi.cheapest_plan(own.profile, own.measure, own.costs, target=text, **own.options())
    assert found.after <= float(target) + 1e-9
    assert found.bound - 1e-9 <= float(cost) <= found.cost + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_the_solver_finds_what_adding_up_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("scipy")
    own = case(seed)
    plans = list(own.all_plans())
    rng = random.Random(seed)  # noqa: S311
    for asked in ({"budget": float(rng.choice(plans)[0])}, {"target": float(rng.choice(plans)[1]) + 1e-9}):
        exact = mpi.cheapest_plan(own.profile, own.measure, own.costs, **asked, **own.options())
        with monkeypatch.context() as patched:
            patched.setattr(choosing, "MOST_STATES", 0)
            found = mpi.cheapest_plan(own.profile, own.measure, own.costs, **asked, **own.options())
        if "budget" in asked:
            assert found.cost <= asked["budget"] * (1 + 1e-9)
            assert found.bound <= exact.after + 1e-7
            assert found.after == pytest.approx(exact.after, abs=1e-6)
        else:
            assert found.after <= asked["target"] + 1e-9
            assert found.bound <= exact.cost + 1e-6
            assert found.cost == pytest.approx(exact.cost, rel=1e-6)


def test_without_the_solver_large_plans_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(choosing, "MOST_STATES", 0)
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(UsageError, match="MPI-O012 a plan of so many levels and domains needs scipy"):
        mpi.cheapest_plan(profile_of(province()), PROVINCE, {"a": 3, "b": 1}, budget=500, domain="region")


def test_the_actions_of_a_plan_do_what_it_says() -> None:
    """The plan's own account against `what_if` and `plan_costs`, which know nothing of it."""
    profile = profile_of(province(3, unknown=0.1))
    for statistic in ("H", "M0", "poor"):
        plan = mpi.cheapest_plan(
            profile,
            PROVINCE,
            {"a": 90, "b": 20, "c": 35},
            budget=9000,
            domain="region",
            condition="poor",
            statistic=statistic,
        )
        assert plan.actions
        rows = {row["moment"]: row for row in mpi.what_if(profile, PROVINCE, plan.actions, statistics=statistic).rows()}
        assert (rows["before"]["estimate"], rows["after"]["estimate"]) == pytest.approx(
            (plan.before, plan.after), rel=1e-9
        )
        paid = mpi.plan_costs(profile, PROVINCE, plan.actions, {"a": 90, "b": 20, "c": 35})
        assert paid.only("cost", action="all").rows()[0]["estimate"] == pytest.approx(plan.cost, rel=1e-9)
        assert sum(plan.to_pandas()["cost"]) == pytest.approx(plan.cost, rel=1e-9)
        assert "accounting, not impact" in repr(plan)


def test_closing_two_together_lifts_more_than_each_alone() -> None:
    """A household with b and c at k = 1/2 is lifted by either: closings are not added up."""
    profile = profile_of(province(3))
    after = [
        mpi.cheapest_plan(profile, PROVINCE, {"a": 1, "b": 1, "c": 1}, budget=1e9, indicators=names).after
        for names in (["a"], ["b"], ["a", "b"])
    ]
    before = mpi.estimate(profile, PROVINCE).value("H")
    assert before is not None
    assert before - after[2] > (before - after[0]) + (before - after[1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "either a budget or a target"),
        ({"budget": 1, "target": "1/2"}, "either a budget or a target"),
        ({"budget": -1}, "a budget that is not a number of 0 or more"),
        ({"target": "x"}, "a target that is not a number of 0 or more"),
        ({"target": "0", "bounds": {"a": "1/4"}}, "no plan of these levels reaches the target: the lowest is 0.267721"),
        ({"budget": 1, "bounds": {"a": ("1/2", 1)}}, "the lowest levels alone cost"),
        ({"budget": 1, "bounds": {"a": ("1/2", "1/4")}}, "the lowest level is above the highest"),
        ({"budget": 1, "bounds": {"a": 2}}, "a level is a share from 0 to 1"),
        ({"budget": 1, "bounds": {"x": 1}}, "a bound of 'x', which the plan does not close"),
        ({"budget": 1, "bounds": {"a": {"n": 1}}}, "a: bounds by code, and the plan has levels for everybody"),
        ({"budget": 1, "domain": "region", "bounds": {"a": {"x": 1}}}, "a: region has no code 'x'"),
        ({"budget": 1, "domain": "region", "bounds": {"a": {"n": 2}}}, "a level is a share from 0 to 1"),
        ({"budget": 1, "indicators": []}, "a plan chooses among 1 to 16 indicators, not 0"),
        ({"budget": 1, "indicators": ["x"]}, "has no indicator 'x'"),
        ({"budget": 1, "statistic": "A"}, "a plan has no target of 'A'"),
        ({"budget": 1, "steps": 0}, "levels are in 1 to 1,000 steps, not 0"),
        ({"budget": 1, "condition": "rich"}, "names 'rich', which the measure does not have"),
    ],
)
def test_options_that_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        mpi.cheapest_plan(profile_of(province()), PROVINCE, {"a": 3, "b": 1, "c": 2}, **options)


def test_persons_cannot_be_paid_for_as_households() -> None:
    measure = measure_of({"health": {"a": HALF, "b": HALF}}, [Cutoff(HALF)], identification="person")
    profile = DeprivationProfile.from_flags(province(), measure, weight="w")
    with pytest.raises(UsageError, match="identifies persons, so households cannot be counted"):
        mpi.cheapest_plan(profile, measure, {"a": 1}, budget=1)
    own = profile_of(province())
    for row in at_least_one(mpi.cheapest_plan(own, PROVINCE, {"a": 1}, budget=1, unit="households").rows()):
        assert row["unit"] == "households"
