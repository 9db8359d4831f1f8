"""Parts of plans: Shapley values against subsets and orders that are run one by one; parts add up."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

import mpi
from mpi.errors import UsageError
from mpi.specs.measure import Cutoff
from tests.policies.test_what_if import HALF, MEASURES, profile_of
from tests.support.loops import at_least_one
from tests.support.province import province

PLAN = ["reduce a by 1/2 in region=n,s", "raise b by 1/3 if a", "close c if poor", "reduce b by 3/4"]
MEASURE = MEASURES["exclude"]


def worth(profile: Any, actions: list[str], figure: str, **options: Any) -> float:
    """The figure after some actions, by `what_if`."""
    chosen = actions or ["raise a by 0"]
    return float(
        next(
            row["estimate"]
            for row in mpi.what_if(profile, MEASURE, chosen, statistics=figure, **options).rows()
            if row["moment"] == "after"
        )
    )


@cache
def after(members: tuple[int, ...], state: str) -> Mapping[str, float]:
    """The figures after these actions of the plan in this order, by `what_if`."""
    chosen = [PLAN[i] for i in members] or ["raise a by 0"]
    rows = mpi.what_if(profile_of(province(4), MEASURE), MEASURE, chosen, statistics=["H", "M0", "poor"], state=state)
    return {row["figure"]: float(row["estimate"]) for row in rows.rows() if row["moment"] == "after"}


@pytest.mark.parametrize(
    ("orders", "state"), [("plan", "before"), ("plan", "so_far"), ("all", "before"), ("all", "so_far")]
)
@pytest.mark.parametrize("figure", ["H", "M0", "poor"])
def test_parts_are_means_over_orders(orders: str, state: str, figure: str) -> None:
    """By the definition: what an action adds to those before it, in every order."""
    profile = profile_of(province(4), MEASURE)

    def value(members: tuple[int, ...]) -> float:
        return after(members if orders == "all" else tuple(sorted(members)), state)[figure]

    parts = [0.0] * len(PLAN)
    for order in itertools.permutations(range(len(PLAN))):
        for place, i in enumerate(order):
            parts[i] += (value(order[: place + 1]) - value(order[:place])) / math.factorial(len(PLAN))
    found = [row for row in mpi.plan_parts(profile, MEASURE, PLAN, orders=orders, state=state).rows()]
    own = [row["estimate"] for row in found if row["figure"] == figure]
    assert own[:-1] == pytest.approx(parts, rel=1e-9, abs=1e-12)
    if orders == "plan":
        whole = value((0, 1, 2, 3)) - value(())
        assert own[-1] == pytest.approx(whole, rel=1e-10)


def test_parts_add_up_in_every_domain_with_the_error_of_the_whole() -> None:
    profile = profile_of(province(4), MEASURE)
    parts = mpi.plan_parts(profile, MEASURE, PLAN, by="region").rows()
    change = mpi.what_if(profile, MEASURE, PLAN, by="region", statistics=["H", "M0", "poor"]).rows()
    for row in at_least_one(row for row in change if row["moment"] == "change"):
        own = [one for one in parts if (one["figure"], one["region"]) == (row["figure"], row["region"])]
        assert math.fsum(one["estimate"] for one in own[:-1]) == pytest.approx(row["estimate"], rel=1e-9)
        assert own[-1]["action"] == "all"
        assert own[-1]["se"] == pytest.approx(row["se"], rel=1e-8)
    assert {row["reading"] for row in parts} == {"accounting, not impact"}


def test_more_actions_than_can_be_run_in_all_subsets_are_drawn_and_add_up() -> None:
    profile = profile_of(province(4), MEASURE)
    plan = [f"reduce {one} by 1/{n}" for n in range(2, 6) for one in "abc"]
    whole = worth(profile, plan, "H") - worth(profile, [], "H")
    one, again, other = (mpi.plan_parts(profile, MEASURE, plan, seed=seed).rows() for seed in (1, 1, 2))
    assert [row["estimate"] for row in one] == [row["estimate"] for row in again] != [row["estimate"] for row in other]
    own = [row["estimate"] for row in one if row["figure"] == "H"]
    assert own[-1] == pytest.approx(whole, rel=1e-9)
    assert math.fsum(own[:-1]) == pytest.approx(whole, rel=1e-9)


def test_parts_of_a_plan_that_changes_whose_score_is_known_are_refused() -> None:
    measure = MEASURES["combined"]
    with pytest.raises(UsageError, match="MPI-E250 the plan changes whose score is known"):
        mpi.plan_parts(profile_of(province(4, unknown=0.3), measure), measure, "close b", k=Cutoff(HALF))
