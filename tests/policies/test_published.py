"""Plans of a study: their one table holds what each function gives alone; what is wrong is said first."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.config.composing import compose
from mpi.config.plans import read_plans
from mpi.errors import ConfigError, DataError, UsageError
from mpi.estimates import Request
from mpi.pipeline.estimating import rules_for
from mpi.policies.published import PlanTable, costs_of_plan, plan_table
from mpi.specs.plans import Aimed, PlanSpec
from mpi.specs.reliability import Reliability
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province

PROFILE = profile(province())
DOMAINS = [one.name for one in PROFILE.domains]
TABLES = [(name,) for name in DOMAINS]
COSTS = "costs: {a: 120, b: 30, c: 9}\n  currency: pesos"


def read(text: str) -> tuple[PlanSpec, ...]:
    root = compose(f"- {text.strip()}\n", "plans")
    found = read_plans(root, MEASURE, TABLES, DOMAINS)
    root.faults.refuse()
    return found


def made(text: str, rules: str | Reliability = "none") -> PlanTable:
    (spec,) = read(text)
    asked = Request(measure=MEASURE, rules=rules_for(PROFILE, rules), k=MEASURE.cutoffs[0])
    return plan_table(PROFILE, asked, spec, costs_of_plan(spec, Path(), MEASURE, DOMAINS))


PLAN = f"""
plan: p
  actions: ["reduce a by 1/3 in region=n,s if poor", close b]
  by: [region]
  {COSTS}
"""
ACTIONS = ["reduce a by 1/3 in region=n,s if poor", "close b"]


def values(rows: list[dict[str, Any]], *names: str) -> dict[tuple[object, ...], tuple[float, float]]:
    return {tuple(row.get(name) for name in names): (row["estimate"], row["se"]) for row in rows}


def test_the_table_of_a_plan_holds_what_each_function_gives_alone() -> None:
    rows = made(PLAN).table.rows()
    k = MEASURE.cutoffs[0]
    names = ("figure", "moment", "indicator", "k", "region")
    effects = [row for row in rows if row["moment"] in ("before", "after", "change")]
    assert values(effects, *names) == values(mpi.what_if(PROFILE, MEASURE, ACTIONS, by="region", k=k).rows(), *names)
    parts = [row for row in rows if row["moment"] == "part"]
    own = mpi.plan_parts(PROFILE, MEASURE, ACTIONS, by="region", k=k).rows()
    assert values(parts, "figure", "action", "region") == values(own, "figure", "action", "region")
    paid = [row for row in rows if row["moment"] is None]
    costs = mpi.plan_costs(PROFILE, MEASURE, ACTIONS, {"a": 120, "b": 30}, by="region", k=k).rows()
    assert values(paid, "figure", "action", "region") == values(costs, "figure", "action", "region")
    assert len(rows) == len(effects) + len(parts) + len(paid)
    assert {(row["plan"], row["reading"]) for row in rows} == {("p", "accounting, not impact")}


def test_a_plan_that_is_looked_for_is_the_cheapest_one() -> None:
    found = made(f"plan: p\n  target: 15%\n  levels_by: region\n  if: poor\n  bounds: {{b: [1/4, 1]}}\n  {COSTS}")
    best = mpi.cheapest_plan(
        PROFILE, MEASURE, {"a": 120, "b": 30, "c": 9}, target="15%", domain="region", condition="poor",
        bounds={"b": ("1/4", 1)}, k=MEASURE.cutoffs[0],
    )  # fmt: skip
    assert found.choice.actions == best.actions
    assert (found.choice.cost, found.choice.exact, found.choice.after) == (best.cost, best.exact, best.after)
    after = found.table.only("H", moment="after").rows()[0]["estimate"]
    assert after == pytest.approx(best.after, rel=1e-9)
    cost = found.table.only("cost", action="all").rows()[0]["estimate"]
    assert cost == pytest.approx(best.cost, rel=1e-9)


def test_a_target_that_is_met_needs_nothing() -> None:
    found = made(f"plan: p\n  target: 99%\n  {COSTS}")
    assert (found.choice.actions, found.choice.cost) == ((), 0)
    change = found.table.only("H", moment="change").rows()[0]
    assert change["estimate"] == 0


def test_parts_of_many_actions_are_left_out_and_told() -> None:
    actions = ", ".join(f"reduce a by 1/{number}" for number in range(2, 14))
    found = made(f"plan: p\n  actions: [{actions}]\n  by: [region]\n  {COSTS}")
    assert [one.code for one in found.table.notices].count("MPI-N253") == 1
    assert {row["moment"] for row in found.table.rows()} == {"before", "after", "change", None}
    places = {(row["action"], row["region"]) for row in found.table.rows() if row["figure"] == "cost"}
    assert {region for action, region in places if action != "all"} == {None}
    assert {region for action, region in places if action == "all"} > {None}


def test_parts_have_the_mark_of_the_change_and_costs_of_nobody_none() -> None:
    found = made(PLAN.replace("region=n,s", "region=n").replace(", close b", ", close b in region=n"), "dane")
    rows = found.table.rows()
    marks = {(row["figure"], row["region"]): row["reliability"] for row in rows if row["moment"] == "change"}
    parts = [row for row in rows if row["moment"] == "part"]
    assert all(row["reliability"] == marks[row["figure"], row["region"]] for row in at_least_one(parts))
    nothing = [row for row in rows if row["figure"] in ("lifted", "cost") and row["estimate"] == 0]
    assert {row["reliability"] for row in at_least_one(nothing)} == {None}


def test_what_a_study_says_of_a_plan() -> None:
    (spec,) = read(
        "plan: p\n  budget: 500\n  statistic: M0\n  levels_by: region\n  indicators: [a, b]\n  if: poor\n"
        f"  bounds: {{a: 1/2, b: [1/4, 1/2]}}\n  steps: 2\n  by: [region]\n  {COSTS}"
    )
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    assert spec.aimed == Aimed(
        budget=500.0, statistic="M0", levels_by="region", indicators=("a", "b"), condition="poor",
        bounds={"a": (Fraction(0), half), "b": (quarter, half)}, steps=2,
    )  # fmt: skip
    assert (spec.by, spec.domains, spec.priced) == ((("region",),), ("region",), True)


@pytest.mark.parametrize(("text", "told"), [
    ("plan: p", "either actions, or a target, or a budget"),
    (f"plan: p\n  target: 8%\n  budget: 9\n  {COSTS}", "either actions, or a target, or a budget"),
    ("plan: p\n  target: 8%", "needs costs"),
    ("plan: p\n  actions: [close a]\n  costs: {a: 1}", "what costs are counted in"),
    ("plan: p\n  actions: [close zzz]", "no indicator 'zzz'"),
    ("plan: p\n  actions: [\"close a\", \"mend a\"]", "begins with close, reduce or raise"),
    ("plan: p\n  actions: [close a in moon=1]", "no table by 'moon'"),
    ("plan: p\n  actions: [close a]\n  by: [moon]", "no table by 'moon'"),
    ("plan: p\n  actions: [close a]\n  steps: 3", "`steps:` does not go with `actions:`"),
    (f"plan: p\n  target: 8%\n  state: so_far\n  {COSTS}", "`state:` does not go with `target:`"),
    (f"plan: p\n  target: 120%\n  {COSTS}", "a target of H above 1"),
    (f"plan: p\n  target: 8%\n  bounds: {{a: [1/2, 1/4]}}\n  {COSTS}", "the bound of a is no level"),
    (f"plan: p\n  target: 8%\n  bounds: {{a: 2}}\n  {COSTS}", "the bound of a is no level"),
    ("plan: p\n  actions: [close a]\n  currency: pesos\n  costs: {a: -3}", "not a number such as"),
    ("plan: p\n  actions: [close a]\n- plan: p\n  actions: [close b]", "p is there twice"),
])  # fmt: skip
def test_what_is_wrong_with_a_plan_is_said_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(text)
    assert told in str(refused.value)
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].place is not None


def test_a_target_out_of_reach_is_refused() -> None:
    with pytest.raises(UsageError, match="no plan of these levels reaches the target"):
        made(f"plan: p\n  target: 0.0001\n  bounds: {{a: 1/10, b: 0, c: 0}}\n  {COSTS}")


def test_a_plan_for_a_target_that_is_met_says_that_it_is_empty() -> None:
    found = mpi.cheapest_plan(PROFILE, MEASURE, {"a": 1, "b": 1}, target="99%")
    assert (found.actions, found.cost) == ((), 0)
    assert [one.code for one in found.notices] == ["MPI-N250", "MPI-N254"]
    far = mpi.cheapest_plan(PROFILE, MEASURE, {"a": 1, "b": 1}, target="15%")
    assert "MPI-N254" not in [one.code for one in far.notices]
    with pytest.raises(UsageError, match="a target of H above 1"):
        mpi.cheapest_plan(PROFILE, MEASURE, {"a": 1, "b": 1}, target=8)


def test_costs_by_areas_that_figures_are_not_by_are_refused_as_such() -> None:
    table = {"moon": ["x", "y"], "indicator": ["a", "a"], "cost": ["1", "2"]}
    with pytest.raises(DataError, match="differs by moon, which is no domain of these figures") as refused:
        mpi.plan_costs(PROFILE, MEASURE, "close a", table)
    assert len(refused.value.faults) == 1
