"""What each action of a plan does to H, M0 and the number of poor: its Shapley value among the actions.

The worth of some of the actions is the figure after these alone, in the plan's order; or, if all orders are asked for,
after they have really been run in an order, averaged over the orders. It is a mean over households, so the parts of
the whole are means of the parts of each row, which have errors like any figure. Parts add up to the whole change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.columns.values import Floats
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates import By, Request
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived
from mpi.estimates.slopes import Sloped
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.policies.asking import Asked, actions_of, asked, domains_of
from mpi.policies.effects import After
from mpi.policies.outcomes import Outcomes, Start, begun, outcomes_of, stepped
from mpi.policies.what_if import accounting, with_reading
from mpi.profile import DeprivationProfile
from mpi.specs.actions import Action
from mpi.specs.measure import Cutoff, K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import Adjust, DegreesOfFreedom, PlanOrders, PlanState, Unit, Variance

MOST_ACTIONS = 10  # whose subsets are all run: 1,024
MOST_ORDERED = 6  # whose orders are all run: 720
ORDERS = 200  # that are drawn, beyond these
WHOLE = "all"


@public
def plan_parts(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    actions: str | Action | Sequence[str | Action],
    *,
    orders: PlanOrders = "plan",
    state: PlanState = "before",
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    adjust: Adjust = "none",
) -> Derived:
    """What each action of a plan does to H, M0 and the number of poor, so that the parts add up to the whole change.

    Parameters
    ----------
    profile, measure, actions, state, by, k, unit, level, df, variance, replicates, adjust
        As for `mpi.what_if`.
    orders : {"plan", "all"}
        Shapley values over subsets that run in the plan's order; or over all orders, each really run. Exact for 10
        actions, or for 6 in all orders; beyond, over 200 orders drawn with `seed`.
    seed : int
        Of these orders, and of the bootstrap.

    Returns
    -------
    Derived
        Figures `H`, `M0`, `poor` by cutoff and domain: a row for each `action`, and `all` for their sum.

    Raises
    ------
    UsageError
        As `mpi.what_if`; or if an action changes whose score is known, so that parts would not add up.
    DataError
        As `mpi.estimate`.

    References
    ----------
    Shorrocks (2013), Journal of Economic Inequality 11, 99-126.
    """
    check_adjust(adjust)
    plan = actions_of([actions] if isinstance(actions, str | Action) else actions)
    made = profile_for(profile, measure, [*([by] if isinstance(by, str) else by), *domains_of(plan)])
    request = Request(
        measure=measure,
        rules=rules_for(made, "none"),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
        adjust=adjust,
    )
    return parts_of(made, request, plan, orders=orders, state=state)


def parts_of(
    profile: DeprivationProfile,
    request: Request,
    actions: Sequence[Action],
    *,
    orders: PlanOrders = "plan",
    state: PlanState = "before",
) -> Derived:
    """The table of the parts of a plan; see `plan_parts`."""
    measure, cutoffs = request.measure, cutoffs_of(request.measure, request.k)
    rows = asked(profile, measure, actions, state=state)
    _check_known(rows, measure, cutoffs[0], actions, state)
    game = _Game(measure, cutoffs, rows.start, tuple(actions), state)
    found = game.in_orders(request.seed) if orders == "all" else game.in_plan(request.seed)
    made = answer(rows.profile, request, lambda patterns: _plan(patterns, actions, found), distinct=rows.distinct)
    return with_reading(made, [accounting()])


def _check_known(rows: Asked, measure: Measure, cutoff: Cutoff, actions: Sequence[Action], state: PlanState) -> None:
    """Refuse a plan after which the score of some household is known, or unknown, that was not before."""
    none = After(measure, begun(rows.start, 0), len(rows.start.pattern))
    after = After(measure, outcomes_of(measure, cutoff, rows.start, actions, state), len(rows.start.pattern))
    if not np.allclose(none.included, after.included, rtol=0, atol=1e-12):
        text = phrase("the plan changes whose score is known, so its parts do not add up")
        remedy = phrase("take a measure with `missing: deprived` or `not_deprived`")
        raise UsageError(Fault("MPI-E250", None, text, remedy))


def _plan(patterns: Patterns, actions: Sequence[Action], found: Floats) -> Plan:
    """Each action's part, and the sum; `found` has shape (actions, cutoffs, 2, r)."""
    plan, included = Plan(), patterns.included
    names = [f"{place + 1}. {one.text}" for place, one in enumerate(actions)]
    for k, cutoff in enumerate(patterns.cutoffs):
        for figure, which, kind in (("H", 0, "ratio"), ("M0", 1, "ratio"), ("poor", 0, "total")):
            parts = [*found[:, k, which], found[:, k, which].sum(axis=0)]
            for name, column in zip([*names, WHOLE], parts, strict=True):
                keys = {"figure": figure, "k": cutoff.text, "action": name}
                options = {"kind": kind, "k": k, "counts_units": False, "shown": False}
                place = plan.figure(keys, column * included, included, **options)
                plan.formula(keys, [place], _itself)
    return plan


def _itself(part: Sloped) -> Sloped:
    return part


class _Game:
    """The worth of subsets and orders of actions, by row: being poor, and the censored score, at each cutoff."""

    def __init__(
        self, measure: Measure, cutoffs: Sequence[Cutoff], start: Start, actions: tuple[Action, ...], state: PlanState
    ) -> None:
        self.measure, self.cutoffs, self.start = measure, cutoffs, start
        self.actions, self.state, self.rows = actions, state, len(start.pattern)

    def worth(self, outcomes: Outcomes) -> Floats:
        """Expectations after some actions; shape (cutoffs, 2, r)."""
        after = After(self.measure, outcomes, self.rows)
        scored, found = after.scored, np.empty((len(self.cutoffs), 2, self.rows))
        for k, cutoff in enumerate(self.cutoffs):
            poor = scored.poor(cutoff)
            found[k, 0], found[k, 1] = after.mean(poor), after.mean(scored.score * poor)
        return found

    def step(self, outcomes: Outcomes, number: int) -> Outcomes:
        """One action more."""
        return stepped(self.measure, self.cutoffs[0], self.start, outcomes, number, self.actions[number], self.state)

    def empty(self) -> Floats:
        """Parts that are all 0; shape (actions, cutoffs, 2, r)."""
        return np.zeros((len(self.actions), len(self.cutoffs), 2, self.rows))

    def in_plan(self, seed: int) -> Floats:
        """Shapley values over subsets in the plan's order."""
        number = len(self.actions)
        if number > MOST_ACTIONS:
            return self._along([tuple(order) for order in self._drawn(seed)], sort=True)
        found = self.empty()
        chance = [math.factorial(s) * math.factorial(number - s - 1) / math.factorial(number) for s in range(number)]
        for members, outcomes in self._subsets(begun(self.start, number), 0, ()):
            worth, size = self.worth(outcomes), len(members)
            for i in range(number):
                if i in members:
                    found[i] += chance[size - 1] * worth
                else:
                    found[i] -= chance[size] * worth
        return found

    def _subsets(
        self, outcomes: Outcomes, at: int, members: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], Outcomes]]:
        """Every subset of the actions with its outcomes; what two subsets begin with is run once."""
        if at == len(self.actions):
            yield members, outcomes
            return
        yield from self._subsets(outcomes, at + 1, members)
        yield from self._subsets(self.step(outcomes, at), at + 1, (*members, at))

    def in_orders(self, seed: int) -> Floats:
        """Means over orders in which the actions are really run."""
        number = len(self.actions)
        orders = list(permutations(range(number))) if number <= MOST_ORDERED else self._drawn(seed)
        return self._along(orders, sort=False)

    def _drawn(self, seed: int) -> list[tuple[int, ...]]:
        generator = np.random.Generator(np.random.PCG64(seed))
        return [tuple(generator.permutation(len(self.actions)).tolist()) for _ in range(ORDERS)]

    def _along(self, orders: Sequence[tuple[int, ...]], *, sort: bool) -> Floats:
        """Means over orders of what each action adds; with `sort` those before it run in the plan's order."""
        found, number = self.empty(), len(self.actions)
        nothing = self.worth(begun(self.start, number))
        for order in orders:
            before, outcomes = nothing, begun(self.start, number)
            for place, i in enumerate(order):
                if sort:
                    outcomes = begun(self.start, number)
                    for j in sorted(order[: place + 1]):
                        outcomes = self.step(outcomes, j)
                else:
                    outcomes = self.step(outcomes, i)
                worth = self.worth(outcomes)
                found[i] += worth - before
                before = worth
        return found / len(orders)
