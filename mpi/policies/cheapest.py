"""The cheapest way to a target, and the largest fall for a budget: levels of closing by indicator and domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Floats, Text
from mpi.errors import Fault, Notice, UsageError
from mpi.errors.arguments import public
from mpi.estimates.tidy import Tidy
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for
from mpi.policies.choosing import Chosen, choose
from mpi.policies.costs import costs_of
from mpi.policies.levels import Options, corners, options
from mpi.policies.questions import Bounds, Question, check_question, closed_by, grids_of, groups_of, rows_for, target_of
from mpi.policies.what_if import READING, accounting
from mpi.profile import DeprivationProfile, collapsed, fitted
from mpi.specs.actions import Action
from mpi.specs.measure import K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import PlanKind, PlanStatistic, Unit


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CheapestPlan(Tidy):
    """A plan of closings as a tidy table, with what it costs and does.

    Attributes
    ----------
    table : pyarrow.Table
        A row for each indicator and domain: `indicator`, the domain's code, `level` closed, `share` (the same as an
        exact fraction), `households` lifted and `cost`, both sums of weights; `measure, survey, period, unit, reading`.
    actions : tuple of Action
        The plan, for `mpi.what_if`, which gives its figures with errors.
    statistic : str
    before, after : float
        The statistic of the whole.
    cost : float
    bound : float
        No plan of these levels costs less for the target; or brings the statistic lower under the budget.
    gap : float
        Between the plan and the bound, over the larger of both in size; 0: it is proved to be the best.
    exact : bool
        Whether it is proved to be the best.
    """

    actions: tuple[Action, ...]
    statistic: str
    before: float
    after: float
    cost: float
    bound: float
    gap: float
    exact: bool

    def __repr__(self) -> str:
        proved = "the best" if self.exact else f"at most {self.gap:.2%} from the best"
        return (
            f"CheapestPlan: {self.statistic} {self.before:.6g} -> {self.after:.6g}, cost {self.cost:,.6g}, {proved}, "
            f"{len(self.actions)} actions; {READING}"
        )

    @property
    def _named_by(self) -> str:
        return "indicator"

    def _check_name(self, name: str) -> None:
        """Any indicator."""


@public
def cheapest_plan(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    costs: object,
    *,
    budget: float | None = None,
    target: str | Fraction | float | None = None,
    statistic: PlanStatistic = "H",
    indicators: Sequence[str] | None = None,
    domain: str | None = None,
    condition: str = "",
    bounds: Bounds | None = None,
    steps: int = 4,
    k: K | None = None,
    unit: Unit = "persons",
) -> CheapestPlan:
    """The levels of closing that reach a target at the least cost, or make a statistic fall most under a budget.

    Parameters
    ----------
    profile, measure
        As for `mpi.estimate`; the profile holds `domain`, and the domain of the areas that the costs name.
    costs
        As for `mpi.plan_costs`.
    budget : float, optional
        The most that may be spent: the statistic falls as far as it can; of equal falls the cheapest.
    target : str, Fraction or float, optional
        What the statistic shall be at most, equality is enough: at the least cost; of equal costs the largest fall.
    statistic : {"H", "M0", "poor"}
    indicators : sequence of str, optional
        That may be closed; those that have a cost, if left out. At most 16.
    domain : str, optional
        Levels are chosen for each of its codes; for everybody if left out.
    condition : str
        Whom the plan may reach, as in actions: `poor`.
    bounds : mapping of str to share, to a pair of shares, or to a mapping of codes to these
        The highest level of an indicator, or the lowest and the highest; by codes of `domain` where they differ. 0 to 1
        if left out.
    steps : int
        Levels are multiples of 1 / steps, and the bounds.
    k, unit
        As for `mpi.estimate`; one cutoff, the measure's first if left out.

    Returns
    -------
    CheapestPlan
        Exact where all combinations of levels could be looked at; otherwise with a bound: the best lies between.

    Raises
    ------
    UsageError
        If options contradict one another, no plan reaches the target, or scipy is needed and not installed (`plans`).
    DataError
        As `mpi.plan_costs`.

    Notes
    -----
    The fall is not linear in levels: closing two deprivations lifts households out of poverty that neither lifts alone.
    Levels are reached in expectation; independent between indicators.

    References
    ----------
    Nemhauser and Ullmann (1969), Management Science 15(9), 494-505; Huangfu and Hall (2018), HiGHS.
    """
    names = [domain] if domain else []
    if not isinstance(profile, DeprivationProfile):
        table = costs_of(costs, measure, list(profile.domains) or list(profile.table.column_names))
        names += [table.area] if table.area and table.area != domain else []
    made = collapsed(fitted(profile_for(profile, measure, names), measure))
    paid = costs_of(costs, measure, [one.name for one in made.domains])
    closed = closed_by(measure, paid, indicators)
    asked = Question(
        measure=measure,
        cutoff=cutoffs_of(measure, k)[0],
        costs=paid,
        closed=closed,
        grids=grids_of(closed, {} if bounds is None else bounds, steps, domain, _codes(made, domain)),
        domain=domain,
        condition=condition,
        unit=unit,
        statistic=statistic,
    )
    check_question(asked, made, budget=budget, target=target)
    groups, households = groups_of(asked, rows_for(made, domain))
    places = [measure.names.index(name) for name in closed]
    at = [corners(measure, asked.cutoff, one, places, statistic) for one in groups]
    found = [options(own, one) for own, one in zip(at, groups, strict=True)]
    left = sum(float(own.flat[0]) for own in at)
    scale = 1.0 if statistic == "poor" else sum(float(one.weight.sum()) for one in groups)
    chosen = choose(found, budget=budget, fall=None if target is None else left - target_of(target) * scale)
    if chosen is None:
        raise UsageError(_unreached(found, left, scale, budget=budget))
    levels = np.stack([one.levels[place] for one, place in zip(found, chosen.places.tolist(), strict=True)])
    table, actions = _rows(asked, made, levels, households, np.stack([one.price for one in groups]))
    after = (left - chosen.fall) / scale
    bound = chosen.bound if budget is None else (left - chosen.bound) / scale
    own = chosen.cost if budget is None else after
    size = max(abs(own), abs(bound))
    gap = 0.0 if chosen.exact or not size else abs(own - bound) / size
    return CheapestPlan(
        table=table,
        domains=() if domain is None else (domain,),
        notices=tuple(_notices(chosen, own, bound, needless=target is not None and not actions)),
        actions=tuple(actions),
        statistic=statistic,
        before=left / scale,
        after=after,
        cost=chosen.cost,
        bound=bound,
        gap=gap,
        exact=chosen.exact,
    )


def _notices(chosen: Chosen, own: float, bound: float, *, needless: bool) -> list[Notice]:
    if needless:
        return [accounting(), Notice("MPI-N254", phrase("the target is met without any action: the plan is empty"))]
    if chosen.exact:
        return [accounting()]
    low, high = sorted((own, bound))
    text = phrase(
        "the plan is not proved to be the best: the best lies between {plan:.6g} and {bound:.6g}", plan=low, bound=high
    )
    return [accounting(), Notice("MPI-N252", text)]


def _unreached(found: Sequence[Options], whole: float, scale: float, *, budget: float | None) -> Fault:
    if budget is not None:
        least = sum(float(one.cost.min()) for one in found)
        text = phrase("the lowest levels alone cost {cost:,.0f}, more than the budget", cost=least)
        return Fault("MPI-E254", None, text, phrase("raise the budget, or lower the bounds"))
    lowest = (whole - sum(float(one.fall.max()) for one in found)) / scale
    text = phrase("no plan of these levels reaches the target: the lowest is {lowest:.6g}", lowest=lowest)
    return Fault("MPI-E254", None, text, phrase("raise the target or the bounds, or close more indicators"))


def _codes(profile: DeprivationProfile, domain: str | None) -> Sequence[str]:
    """The codes whose levels are chosen; one empty one where levels are for everybody."""
    return ("",) if domain is None else profile.domains[profile.domain(domain)].labels or ("",)


def _rows(
    asked: Question, profile: DeprivationProfile, levels: Floats, households: Floats, price: Floats
) -> tuple[pa.Table, list[Action]]:
    """The table of a plan, and its actions; `levels`, `households` and `price` have shape (domains, indicators)."""
    domain = asked.domain
    labels = _codes(profile, domain)
    names, codes, shares, actions = [], [], [], []
    for i, name in enumerate(asked.closed):
        for g, label in enumerate(labels[: len(levels)]):
            share = next(one for one in asked.grids[g][i] if float(one) == levels[g, i])
            names.append(name)
            codes.append(label)
            shares.append(share)
            if share and households[g, i]:
                where = ((domain, (label,)),) if domain is not None else ()
                kind: PlanKind = "close" if share == 1 else "reduce"
                actions.append(Action(kind=kind, indicator=name, share=share, where=where, condition=asked.condition))
    about = {
        "measure": asked.measure.name,
        "survey": profile.survey,
        "period": profile.period,
        "unit": asked.unit,
        "reading": str(READING),
    }
    none = np.zeros(len(names), np.int64)
    columns = {name: arrow.array_of(Text(none, (text,))) for name, text in about.items()}
    columns["indicator"] = arrow.texts(names)
    if domain is not None:
        columns[domain] = arrow.texts(codes)
    columns["level"] = pa.array([float(one) for one in shares], pa.float64())
    columns["share"] = arrow.texts([str(one) for one in shares])
    columns["households"] = pa.array((levels * households).T.ravel(), pa.float64())
    columns["cost"] = pa.array((levels * price).T.ravel(), pa.float64())
    return arrow.table(columns), actions
