"""Plans under disclosure control: places that a plan tells apart, and an intruder who reads tables and plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import mpi
from mpi.disclosure import protect
from mpi.disclosure.plans import protect_plans
from mpi.disclosure.publishable import Publishable
from mpi.estimates import Request
from mpi.pipeline.estimating import rules_for
from mpi.policies.costs import Costs
from mpi.policies.published import PlanTable, plan_table, published
from mpi.specs.actions import action_of
from mpi.specs.disclosure import Disclosure
from mpi.specs.plans import Aimed, PlanSpec
from tests.disclosure.test_analyses import groups, renamed
from tests.disclosure.test_protecting import HEAVY, MEASURE, RULES, SOUGHT, House, profile_of, town
from tests.support.intruder import Form, Intruder
from tests.support.loops import at_least_one

SCALE = 1200  # of expectations with shares 1/2, and costs: whole numbers
FAR = Costs("P", {("x", "c"): 1.0, ("y", "c"): 2.0, ("z", "c"): 3.0, ("x", "d"): 5.0, ("y", "d"): 5.0, ("z", "d"): 5.0})
SAME = Costs(None, {(None, name): 3.0 for name in "abcd"})


def planned(houses: Sequence[House], actions: Sequence[str], by: Sequence[str], costs: Costs | None) -> PlanTable:
    profile = profile_of(houses)
    spec = PlanSpec(name="p", title={}, actions=tuple(map(action_of, actions)), by=tuple((name,) for name in by))
    asked = Request(measure=MEASURE, rules=rules_for(profile, "none"), k=MEASURE.cutoffs[0])
    return plan_table(profile, asked, spec, costs)


def protected(  # noqa: PLR0917
    houses: Sequence[House], tables: Sequence[str], actions: Sequence[str], by: Sequence[str], rules: Disclosure,
    costs: Costs | None = None,
) -> tuple[tuple[Publishable, ...], Publishable]:  # fmt: skip
    made = [mpi.estimate(profile_of(houses), MEASURE, by=list(tables))]
    plan = planned(houses, actions, by, costs)
    (own,) = protect_plans(made, [], [(plan.table, plan.seen)], rules)
    return protect(made, rules), own


def shown(table: Publishable, figure: str) -> set[tuple[str | None, ...]]:
    return {
        tuple(row[name] for name in table.domains)
        for row in table.rows() if row["figure"] == figure and row["standing"] != "hidden"
    }  # fmt: skip


TOWNS = [*town("A", 8, 9), *town("B", 1, 15), *town("C", 6, 20), *town("D", 8, 8), *town("E", 9, 9)]


def test_a_group_that_tables_hide_is_hidden_in_every_row_of_a_plan() -> None:
    tables, plan = protected(TOWNS, ["town"], ["close c"], ["town"], RULES)
    gone = groups(tables[0], hidden=True)
    assert ("B",) in gone
    assert groups(plan, hidden=True) >= gone
    assert (None,) in groups(plan, hidden=False)  # all are treated alike
    held = [row for row in plan.rows() if row["standing"] == "hidden"]
    assert {(row["estimate"], row["se"], row["n"]) for row in at_least_one(held)} == {(None, None, None)}


@pytest.mark.parametrize(("actions", "whole"), [
    (["close c in town=A"], True),  # of a town that is shown
    (["close c in town=B"], False),  # the change of the country would be that of a hidden town
    (["close c in town=A,C,D,E"], True),  # all but the hidden one and its companion: those stay as they are
    (["close c", "reduce d by 1/2 in town=B"], False),
])  # fmt: skip
def test_what_a_plan_does_in_a_hidden_place_is_not_told_by_the_whole(actions: list[str], whole: bool) -> None:
    tables, plan = protected(TOWNS, ["town"], actions, ["town"], RULES)
    hidden = {codes[0] for codes in groups(tables[0], hidden=True)}
    assert "B" in hidden
    assert len(hidden) > 1
    if actions[0].endswith("A,C,D,E"):
        whole = hidden & {"A", "C", "D", "E"} == set()
    assert ((None,) in shown(plan, "H")) == whole


def test_costs_that_differ_between_hidden_places_are_hidden() -> None:
    """Households lifted and their cost are two equations; of two hidden towns they would tell both."""
    prices = {("A", "c"): 1.0, ("C", "c"): 1.0, ("D", "c"): 1.0, ("E", "c"): 1.0, ("B", "c"): 2.0}
    _, apart = protected(TOWNS, ["town"], ["close c"], ["town"], RULES, Costs("town", prices))
    assert (None,) in shown(apart, "lifted")
    assert (None,) not in shown(apart, "cost")
    alike = Costs("town", dict.fromkeys(prices, 2.0))
    _, together = protected(TOWNS, ["town"], ["close c"], ["town"], RULES, alike)
    assert (None,) in shown(together, "cost")


def test_a_plan_of_a_place_without_tables_is_judged_by_the_crossing() -> None:
    """By region tables show all; the plan is for towns of them, one of which is small."""
    houses = [replace(one, domains={**one.domains, "R": "n" if one.domains["town"] in "AB" else "s"}) for one in TOWNS]
    tables, plan = protected(houses, ["R", "town"], ["close c in town=A,C"], ["R"], RULES)
    assert groups(tables[0], hidden=False) >= {("n", None), ("s", None)} or tables[0].domains != ("R", "town")
    assert ("n",) not in shown(plan, "H")


def test_few_who_leave_poverty_hide_a_group() -> None:
    few = [House({"town": "C"}, "ad")]  # poor by d and a; one person alone whom closing `b` cannot lift
    houses = [*town("A", 8, 9, "ab"), *town("C", 8, 9), *few, *town("D", 9, 8, "ab")]
    _, plan = protected(houses, ["town"], ["close a"], ["town"], RULES)
    assert (None,) in shown(plan, "H")
    _, of_few = protected([*town("A", 8, 9), *town("C", 8, 9), House({"town": "C"}, "ab")], ["town"], ["close a"],
                          ["town"], RULES)  # fmt: skip
    assert ("C",) not in shown(of_few, "H")  # one person would leave poverty


def test_without_rules_nothing_is_hidden() -> None:
    _, plan = protected(TOWNS, ["town"], ["close c in town=B"], ["town"], mpi.load_disclosure("none"))
    assert groups(plan, hidden=True) == set()


def test_what_was_found_by_hidden_figures_is_not_told() -> None:
    profile = profile_of(TOWNS)
    spec = PlanSpec(name="p", title={}, aimed=Aimed(budget=3.0, levels_by="town"))
    asked = Request(measure=MEASURE, rules=rules_for(profile, "none"), k=MEASURE.cutoffs[0])
    plan = plan_table(profile, asked, spec, SAME)
    assert plan.choice.actions
    (table,) = protect_plans([mpi.estimate(profile, MEASURE, by=["town"])], [], [(plan.table, plan.seen)], RULES)
    kept, choice = published(plan, table)
    if any(row["standing"] == "hidden" for row in table.rows()):
        assert (choice.actions, choice.cost, choice.exact) == ((), None, None)
        assert {row.get("action") for row in kept.rows()} <= {None, "all"}


def values_of(plan: PlanTable, atoms: Sequence[dict[str, str]], intruder: Intruder) -> dict[str, list[Form]]:
    """What every figure of a plan adds up, by atom and pattern, from a plan of one household of each."""
    made: dict[str, list[Form]] = {}
    for one in plan.seen:
        basis = one.basis
        cells = basis.profile.cells
        names = [domain.name for domain in basis.profile.domains]
        labels = [
            [domain.labels[code] for code in cells.domains[:, i]] for i, domain in enumerate(basis.profile.domains)
        ]
        bits = (cells.pattern[:, None] >> np.arange(4, dtype=np.uint64) & np.uint64(1)).astype(np.int64)
        place = np.zeros(len(cells), np.int64)
        for i in range(len(cells)):
            own = {name: column[i] for name, column in zip(names, labels, strict=True)}
            atom = next(a for a, atom in enumerate(atoms) if own.items() <= atom.items())
            pattern = int(np.flatnonzero((intruder.patterns == bits[i]).all(axis=1))[0])
            place[i] = atom * len(intruder.patterns) + pattern
        for column in sorted({i for figure in basis.table.statistics for i in (figure.y, figure.x)}):
            values = np.asarray(basis.table.values(column), np.float64)[basis.which]
            form: NDArray[np.int64] = np.zeros(len(atoms) * len(intruder.patterns), np.int64)
            form[place] = np.rint(values * SCALE).astype(np.int64)
            assert np.allclose(form[place], values * SCALE, atol=1e-6)
            for figure in one.figures:
                made.setdefault(figure, []).append(form)
    return made


def found_out(  # noqa: PLR0917
    houses: Sequence[House], tables: Sequence[str], actions: Sequence[str], by: Sequence[str], costs: Costs | None,
    rules: Disclosure, judged: Disclosure | None = None,
) -> tuple[int, int]:  # fmt: skip
    """How many hidden figures an intruder finds out who reads tables and plan, and how many he seeks."""
    shown_tables, _ = protected(houses, tables, actions, by, rules, costs)
    _, plan = protected(houses, tables, actions, by, judged or rules, costs)
    atoms = [dict(one) for one in sorted({tuple(sorted(house.domains.items())) for house in houses})]
    intruder = Intruder(MEASURE, atoms, shown_tables[0].domains)
    for table in shown_tables:
        intruder.read(table)
    every = [House(atom, "".join(n for n, flag in zip("abcd", bits, strict=True) if flag))
             for atom, bits in product(atoms, product((0, 1), repeat=4))]  # fmt: skip
    read: set[bytes] = set()
    values = values_of(planned(every, actions, by, costs), atoms, intruder)
    for figure, codes in {(row["figure"], tuple(row[name] for name in plan.domains)) for row in plan.rows()
                          if row["standing"] != "hidden"}:  # fmt: skip
        where = dict.fromkeys(intruder.domains) | dict(zip(plan.domains, codes, strict=True))
        inside = intruder.form(where, 1)
        span = intruder.weighted["persons"]  # weights of households are those of persons: each has one member
        for own in values.get(figure, []):
            if (told := (own * inside).tobytes()) not in read:
                read.add(told)
                span.add(own * inside)
    sought = [
        row for t in shown_tables for row in t.rows() if row["standing"] == "hidden" and row["statistic"] in SOUGHT
    ]
    return sum(map(intruder.knows, sought)), len(sought)


PLANS = [["close c"], ["close c in P=x"], ["close c in P=x,y", "reduce d by 1/2 in Q=u if poor"],
         ["raise a by 1/2 in Q=v"], ["close d in P=y Q=u"], ["reduce c by 1/2", "reduce d by 1/2 in P=z"]]  # fmt: skip
HOUSES = st.lists(
    st.builds(
        lambda p, q, lacks, weight: House({"p": p, "q": q}, lacks, 1, weight),
        st.sampled_from("xyz"), st.sampled_from("uv"), st.sampled_from(["", "ab", "cd", "d", "acd", "c"]),
        st.integers(1, 3),
    ), min_size=14, max_size=45,
)  # fmt: skip


def everywhere(houses: Sequence[House]) -> list[House]:
    """With a household in every place, so that actions find their codes."""
    more = [House({"p": p, "q": q}, "cd") for p, q in product("xyz", "uv")]
    return renamed([*houses, *more])


@settings(max_examples=5, deadline=None)
@given(
    HOUSES, st.sampled_from([("P", "Q"), ("P", "Q", "P:Q"), ("S", "P", "Q")]), st.sampled_from(PLANS),
    st.sampled_from([("P",), ("P", "Q"), ("Q",)]), st.sampled_from([None, FAR, SAME]),
)  # fmt: skip
def test_an_intruder_who_reads_tables_and_plans_finds_nothing_hidden(
    houses: list[House], tables: tuple[str, ...], actions: list[str], by: tuple[str, ...], costs: Costs | None
) -> None:
    lifting = costs if all(action.split()[1] in "cd" for action in actions) else None
    assert found_out(everywhere(houses), tables, actions, by, lifting, RULES)[0] == 0


def test_the_intruder_would_find_what_an_unprotected_plan_tells() -> None:
    """The test above can fail: of a plan that nothing is hidden of he learns a hidden place."""
    houses = everywhere([House({"p": p, "q": q}, lacks) for p, q in product("xyz", "uv")
                         for lacks in [HEAVY] * (6 if p != "y" else 0) + [""] * (8 if p != "y" else 1)])  # fmt: skip
    actions, none = ["close c in P=y", "close d in P=y"], mpi.load_disclosure("none")
    found, sought = found_out(houses, ["P", "Q"], actions, ["P"], None, RULES)
    assert (found, sought > 0) == (0, True)
    assert found_out(houses, ["P", "Q"], actions, ["P"], None, RULES, none)[0] > 0
