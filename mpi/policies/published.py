"""A plan of a publication: its figures before and after, its parts and its costs in one table.

Comes in: a profile and the plan of a study. Goes out: the table, what was chosen where the plan was looked for, and
what disclosure control judges: whom the actions tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Mask, Text, distinct, not_none
from mpi.disclosure.facts import Kind
from mpi.disclosure.plans import Seen
from mpi.disclosure.publishable import Publishable
from mpi.errors import Notice, UsageError
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.policies.asking import Asked, asked
from mpi.policies.cheapest import CheapestPlan, cheapest_plan
from mpi.policies.costs import Costs, by_area, costs_by, costs_of
from mpi.policies.effects import STATISTICS, After
from mpi.policies.outcomes import Outcomes, outcomes_of
from mpi.policies.parts import MOST_ACTIONS, WHOLE, parts_of
from mpi.policies.what_if import changed_by
from mpi.profile import DeprivationProfile, collapsed, fitted
from mpi.specs.actions import Action
from mpi.specs.measure import Measure, cutoffs_of
from mpi.specs.plans import Aimed, PlanSpec
from mpi.vocabulary.options import RELIABILITY_LEVELS

PART, LIFTED, COST = "part", "lifted", "cost"
FEWEST_PARTS = 2
ABOUT = ("measure", "survey", "period", "unit", "reading")
KEYS = ("plan", "figure", "moment", "action", "k", "dimension", "indicator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a plan does, and how good it is where it was looked for.

    Attributes
    ----------
    actions : tuple of Action
    cost, bound, gap : float or None
        As `mpi.policies.cheapest.CheapestPlan` has them; None where the actions were given.
    after : float or None
        The statistic that was aimed at.
    exact : bool or None
        None where nothing was looked for, or what was found is hidden.
    """

    actions: tuple[Action, ...]
    after: float | None = None
    cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    exact: bool | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlanTable:
    """A plan that is computed.

    Attributes
    ----------
    spec : PlanSpec
    choice : Choice
    table : Derived
        Columns `plan, figure, moment, action, k, dimension, indicator`, the domains, and those of derived figures. Rows
        with a `moment` before, after or change are of the whole plan; of `part` its Shapley value by action; without
        one what it costs.
    seen : sequence of Seen
    """

    spec: PlanSpec
    choice: Choice
    table: Derived
    seen: Sequence[Seen]


def costs_of_plan(spec: PlanSpec, data: Path, measure: Measure, domains: Sequence[str]) -> Costs | None:
    """The unit costs of a plan; None if it has none.

    Raises
    ------
    DataError, UsageError
        If their table is faulty, or is of areas that are no domain of the study.
    """
    if not spec.priced:
        return None
    return costs_of(data / spec.cost_table if spec.cost_table else spec.costs, measure, domains)


def plan_table(profile: DeprivationProfile, request: Request, spec: PlanSpec, costs: Costs | None) -> PlanTable:
    """The figures of a plan.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
        Of the first cutoff alone; its domains are those of the plan.
    spec : PlanSpec
    costs : Costs or None

    Raises
    ------
    UsageError, DataError
        If the plan does not fit the profile, or no plan reaches its target.
    """
    made = collapsed(fitted(profile, request.measure))
    wanted = replace(request, by=spec.by)
    found = None if spec.aimed is None or costs is None else _found(made, wanted, spec.aimed, costs)
    actions = spec.actions if found is None else found.actions
    rows = asked(made, request.measure, actions, state=spec.state)
    outcomes = outcomes_of(request.measure, cutoffs_of(request.measure, request.k)[0], rows.start, actions, spec.state)
    effects = changed_by(made, wanted, actions, state=spec.state)
    notices: list[Notice] = [] if found is None else list(found.notices)
    pieces = [effects, *(_marked(one, effects) for one in _parts(made, wanted, spec, actions, notices))]
    treated = rows.region[rows.distinct.which]
    seen = [_seen(frozenset(STATISTICS), effects, rows, outcomes, actions, treated)]
    if costs is not None and any(one.kind != "raise" for one in actions):
        paid = costs_by(made, replace(wanted, unit="households"), actions, costs, state=spec.state)
        pieces.append(_few(_paid(paid), len(actions)))
        priced = by_area(rows, costs.area)
        cutoff = cutoffs_of(request.measure, request.k)[0]
        lifted = outcomes_of(request.measure, cutoff, priced.start, actions, spec.state)
        seen += [
            _seen(frozenset((LIFTED,)), paid, priced, lifted, actions, treated),
            _seen(frozenset((COST,)), paid, priced, lifted, actions, treated, costs),
        ]
    choice = Choice(actions=tuple(actions)) if found is None else Choice(
        actions=tuple(actions), after=found.after, cost=found.cost, bound=found.bound, gap=found.gap, exact=found.exact
    )  # fmt: skip
    return PlanTable(spec=spec, choice=choice, table=_together(spec, pieces, notices), seen=seen)


def _found(profile: DeprivationProfile, request: Request, aimed: Aimed, costs: Costs) -> CheapestPlan:
    """The plan that is looked for."""
    return cheapest_plan(
        profile,
        request.measure,
        costs,
        budget=aimed.budget,
        target=aimed.target,
        statistic=aimed.statistic,
        indicators=aimed.indicators or None,
        domain=aimed.levels_by or None,
        condition=aimed.condition,
        bounds=aimed.bounds,
        steps=aimed.steps,
        k=cutoffs_of(request.measure, request.k)[0],
        unit=request.unit,
    )


def _parts(
    profile: DeprivationProfile, request: Request, spec: PlanSpec, actions: Sequence[Action], notices: list[Notice]
) -> list[Derived]:
    """What each action does; of many, or where parts would not add up, there are none, which is told."""
    if len(actions) < FEWEST_PARTS:
        return []
    if len(actions) > MOST_ACTIONS:
        text = phrase(
            "{plan}: the parts of more than {most} actions are not told apart", plan=spec.name, most=MOST_ACTIONS
        )
        notices.append(Notice("MPI-N253", text))
        return []
    try:
        made = parts_of(profile, request, actions, orders=spec.orders, state=spec.state)
    except UsageError as error:
        notices.append(Notice("MPI-N253", phrase("{plan}: {fault}", plan=spec.name, fault=error.faults[0].text)))
        return []
    moment = arrow.array_of(Text(np.zeros(len(made), np.int64), (PART,)))
    return [replace(made, table=made.table.append_column("moment", moment))]


def _marked(made: Derived, effects: Derived) -> Derived:
    """Parts with the mark of the change that they add up to: of a difference there is no coefficient of variation."""
    keys = ("figure", "k", *effects.domains)
    changes = [row for row in effects.rows() if row["moment"] == "change"]
    marks = {tuple(row[name] for name in keys): row["reliability"] for row in changes}
    columns = [made.table[name].to_pylist() for name in keys]
    return _with_marks(made, [marks.get(key) for key in zip(*columns, strict=True)])


def _paid(made: Derived) -> Derived:
    """Costs without marks where no action is for anybody: such a 0 has no sampling error."""
    marks = made.table["reliability"].to_pylist()
    sure = [value == 0 and not se for value, se in zip(*(made.table[name].to_pylist() for name in ("estimate", "se")),
            strict=True)]  # fmt: skip
    return _with_marks(made, [None if one else mark for one, mark in zip(sure, marks, strict=True)])


def _with_marks(made: Derived, marks: Sequence[str | None]) -> Derived:
    severity = np.array([-1 if mark is None else RELIABILITY_LEVELS.index(mark) for mark in marks], np.int64)
    column = arrow.array_of(Text(np.maximum(severity, 0), RELIABILITY_LEVELS, severity >= 0))
    place = made.table.column_names.index("reliability")
    return replace(made, table=made.table.set_column(place, "reliability", column))


def _few(paid: Derived, number: int) -> Derived:
    """Of many actions the costs of each in all units, and of all of them by group."""
    if number <= MOST_ACTIONS:
        return paid
    whole = np.ones(len(paid), np.bool_)
    for name in paid.domains:
        whole &= np.array([one is None for one in paid.table[name].to_pylist()])
    kept = whole | np.array([one == WHOLE for one in paid.table["action"].to_pylist()])
    return replace(paid, table=arrow.taken(paid.table, np.flatnonzero(kept)))


def _together(spec: PlanSpec, pieces: Sequence[Derived], notices: Sequence[Notice]) -> Derived:
    """The tables of a plan one below the other."""
    domains = pieces[0].domains
    table = pa.concat_tables([one.table for one in pieces], promote_options="default")
    plan = arrow.array_of(Text(np.zeros(len(table), np.int64), (spec.name,)))
    table = table.append_column("plan", plan)
    about = [name for name in ABOUT if name in table.column_names]
    keys = [name for name in KEYS if name in table.column_names]
    rest = [name for name in table.column_names if name not in (*about, *keys, *domains, "note")]
    order = [*about, *keys, *domains, *rest, "note"]
    own = tuple(dict.fromkeys(notice for one in pieces for notice in one.notices))
    whole = table.select(order).unify_dictionaries().combine_chunks()
    return Derived(arrow.table({name: whole[name].combine_chunks() for name in order}), domains, (*own, *notices), None)


def _seen(  # noqa: PLR0917
    figures: frozenset[str],
    table: Derived,
    rows: Asked,
    outcomes: Outcomes,
    actions: Sequence[Action],
    treated: NDArray[np.int64],
    costs: Costs | None = None,
) -> Seen:
    """Whom a plan tells apart: `treated` by its actions, with costs also by what they are in each area."""
    basis = not_none(table.basis)
    measure, scored = basis.measure, basis.scored
    after = After(measure, outcomes, len(rows.start.pattern))
    poor = scored.poor(basis.cutoffs[0])
    chance = after.mean(after.scored.poor(basis.cutoffs[0]))
    properties: list[tuple[Kind, Mask]] = [
        ("poor", poor),
        ("poor", chance > 0),
        ("poor", poor & (chance < 1)),
        ("poor", ~poor & (chance > 0)),
    ]
    properties += [("deprived", outcomes.moved[number] > 0) for number in range(len(actions))]
    places = tuple(dict.fromkeys(name for one in actions for name, _ in one.where))
    if costs is not None and costs.area is not None:
        treated = distinct(treated * (1 << 32) + _prices(costs, rows.profile, actions))[1]
        places = tuple(dict.fromkeys((*places, costs.area)))
    return Seen(figures=figures, basis=basis, properties=properties, places=places, treated=treated)


def _prices(costs: Costs, profile: DeprivationProfile, actions: Sequence[Action]) -> NDArray[np.int64]:
    """Cells of areas with the same costs have the same number; int64, shape (c,)."""
    place = profile.domain(not_none(costs.area))
    labels = profile.domains[place].labels
    indicators = sorted({one.indicator for one in actions})
    prices = [tuple(costs.unit.get((label, name)) for name in indicators) for label in labels]
    number = {price: i for i, price in enumerate(dict.fromkeys(prices))}
    of_label = np.array([number[price] for price in prices] or [0], np.int64)
    return of_label[profile.cells.domains[:, place]]


def published(made: PlanTable, table: Publishable) -> tuple[Publishable, Choice]:
    """A plan as it may be shown: where the figures of all units are hidden, nothing is told that was found by them."""
    whole = np.ones(len(table), np.bool_)
    for name in table.domains:
        whole &= np.array([one is None for one in table.table[name].to_pylist()])
    hidden = np.array([one == "hidden" for one in table.table["standing"].to_pylist()])
    by_rules = hidden & np.array([one != "precision" for one in table.table["hidden_by"].to_pylist()])
    if made.spec.aimed is None or not (whole & by_rules).any():
        return table, made.choice
    single = np.zeros(len(table), np.bool_)
    if "action" in table.table.column_names:
        single = np.array([one not in (None, WHOLE) for one in table.table["action"].to_pylist()])
    kept = replace(table, table=arrow.taken(table.table, np.flatnonzero(~single)))
    return kept, Choice(actions=())
