"""One option in each domain, so that the fall is largest under a budget, or the cost least for a fall.

A multiple-choice knapsack. Small ones are solved exactly, by adding up options of one domain after the other and
keeping what none is better than (Nemhauser and Ullmann 1969); larger ones by HiGHS, with a bound. What comes out is
always a plan that keeps to its budget, or reaches its target, and a bound on the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase
from mpi.policies.levels import Options, frontier

MOST_STATES = 2_000_000  # sums of options of some domains
SLACK = 1e-12  # of the size of all costs, or falls: rounding of sums
NODES = 2_000  # of HiGHS: a bound that no clock moves


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """An option in each domain.

    Attributes
    ----------
    places : int64, shape (g,)
    cost, fall : float
    bound : float
        No choice falls by more under the budget, or costs less for the fall.
    exact : bool
        Whether it is proved to be the best.
    """

    places: NDArray[np.int64]
    cost: float
    fall: float
    bound: float
    exact: bool


def choose(domains: Sequence[Options], *, budget: float | None = None, fall: float | None = None) -> Chosen | None:
    """The best choice; None where no choice keeps to the budget, or reaches the fall.

    Parameters
    ----------
    domains : sequence of Options
    budget, fall : float
        One of them: the most that may be spent, or the fall that has to be reached; equality is enough for both.

    Raises
    ------
    UsageError
        If the plan is too large for what needs no solver, and scipy is not installed.
    """
    whole = not any(len(one.bound) for one in domains)
    cost_size, fall_size = (
        sum(float(np.abs(getattr(one, name)).max()) for one in domains) for name in ("cost", "fall")
    )
    most = None if budget is None else budget + SLACK * max(cost_size, abs(budget))
    least = None if fall is None else fall - SLACK * max(fall_size, abs(fall))
    made = _added_up(domains, most, least, SLACK * (fall_size if least is None else cost_size))
    if made is None:
        made = _solved(domains, most, least)
    if made is None or whole:
        return made
    bound = _bound(domains, most, least)
    limit = max(bound, made.fall) if least is None else min(bound, made.cost)
    return Chosen(made.places, made.cost, made.fall, limit, exact=limit == (made.fall if least is None else made.cost))


def _added_up(domains: Sequence[Options], most: float | None, least: float | None, slack: float) -> Chosen | None:
    """The best of all sums that none is better than; None where there are too many, or none fits.

    Of those that are equally good, but for `slack`, the best in the other respect.
    """
    cost, fall = np.zeros(1), np.zeros(1)
    rest = _rest(domains)
    parents: list[NDArray[np.int64]] = []
    for number, one in enumerate(domains):
        if len(cost) * len(one.cost) > MOST_STATES:
            return None
        sums = (cost[:, None] + one.cost).ravel(), (fall[:, None] + one.fall).ravel()
        kept = frontier(*sums)
        if most is not None:
            kept = kept[sums[0][kept] + rest[number + 1][0] <= most]
        if least is not None:
            kept = kept[sums[1][kept] + rest[number + 1][1] >= least]
        if not len(kept):
            return None
        cost, fall = sums[0][kept], sums[1][kept]
        parents.append(kept)
    # By cost and with rising falls: the last is the largest fall, the first reaches the target at the least cost.
    at = int(np.argmax(fall >= fall[-1] - slack)) if least is None else int(np.flatnonzero(cost <= cost[0] + slack)[-1])
    found = Chosen(np.zeros(len(domains), np.int64), float(cost[at]), float(fall[at]), 0.0, exact=True)
    for number in range(len(domains) - 1, -1, -1):
        at, found.places[number] = divmod(int(parents[number][at]), len(domains[number].cost))
    return Chosen(found.places, found.cost, found.fall, found.fall if least is None else found.cost, exact=True)


def _rest(domains: Sequence[Options]) -> list[tuple[float, float]]:
    """Of the domains from each on: the least cost and the largest fall."""
    found = [(0.0, 0.0)]
    for one in reversed(domains):
        found.append((found[-1][0] + float(one.cost.min()), found[-1][1] + float(one.fall.max())))
    return found[::-1]


def _solved(domains: Sequence[Options], most: float | None, least: float | None) -> Chosen | None:
    """By HiGHS: first the objective, then, at its value, the other one."""
    feasible = _rest(domains)[0]
    if (most is not None and feasible[0] > most) or (least is not None and feasible[1] < least):
        return None
    solver, constraint, matrix = _scipy()
    sizes = [len(one.cost) for one in domains]
    cost, fall = np.concatenate([one.cost for one in domains]), np.concatenate([one.fall for one in domains])
    rows = np.repeat(np.arange(len(sizes)), sizes)
    each = constraint(matrix((np.ones(len(cost)), (rows, np.arange(len(cost))))), 1, 1)
    scale = max(float(np.abs(cost).max()), 1e-300), max(float(np.abs(fall).max()), 1e-300)
    aim = -fall / scale[1] if least is None else cost / scale[0]
    limit = (
        constraint((cost / scale[0])[None], -np.inf, (most or 0.0) / scale[0])
        if least is None
        else constraint((fall / scale[1])[None], least / scale[1], np.inf)
    )
    result = solver(
        aim,
        integrality=np.ones(len(aim)),
        bounds=(0, 1),
        constraints=[each, limit],
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )
    lower = float(result.mip_dual_bound if result.mip_dual_bound is not None else -np.inf)
    found = None if result.x is None else _of(domains, sizes, result.x)
    if found is None or not _fits(found, most, least):
        found = _greedy(domains, most, least)
    bound = -lower * scale[1] if least is None else lower * scale[0]
    own = found.fall if least is None else found.cost
    bound = max(bound, own) if least is None else min(bound, own)
    return Chosen(found.places, found.cost, found.fall, bound, exact=abs(bound - own) <= 1e-9 * max(abs(own), 1e-300))


def _fits(found: Chosen, most: float | None, least: float | None) -> bool:
    return (most is None or found.cost <= most) and (least is None or found.fall >= least)


def _of(domains: Sequence[Options], sizes: Sequence[int], x: Floats) -> Chosen:
    starts = np.cumsum([0, *sizes])
    return _summed(domains, [int(np.argmax(x[first:last])) for first, last in pairwise(starts.tolist())])


def _summed(domains: Sequence[Options], places: Sequence[int]) -> Chosen:
    cost = float(sum(one.cost[at] for one, at in zip(domains, places, strict=True)))
    fall = float(sum(one.fall[at] for one, at in zip(domains, places, strict=True)))
    return Chosen(np.array(places, np.int64), cost, fall, 0.0, exact=False)


def _greedy(domains: Sequence[Options], most: float | None, least: float | None) -> Chosen:
    """From the cheapest options, always the step with the largest fall for its cost that still fits."""
    places = [0] * len(domains)
    if least is not None:  # from the largest falls downwards, always what saves most for the fall that it gives up
        places = [len(one.cost) - 1 for one in domains]
    while True:
        now, steps = _summed(domains, places), []
        for g, one in enumerate(domains):
            for at in range(places[g] + 1, len(one.cost)) if least is None else range(places[g]):
                cost, fall = one.cost[at] - one.cost[places[g]], one.fall[at] - one.fall[places[g]]
                fits = now.cost + cost <= (most or 0.0) if least is None else now.fall + fall >= least
                if fits:
                    ratio = fall / cost if cost else np.inf
                    steps.append((-ratio if least is None else ratio, g, at))
        if not steps:
            return now
        _, g, at = min(steps)
        places[g] = at


def _bound(domains: Sequence[Options], most: float | None, least: float | None) -> float:
    """A bound on all levels, of domains whose combinations were not all looked at: a fractional knapsack."""
    cost = fall = 0.0
    pieces: list[tuple[float, float]] = []
    for one in domains:
        if len(one.bound):
            cost, fall = cost + one.bound[0][0], fall + one.bound[0][1]
            pieces += one.bound[1:]
            continue
        hull = _hull(one)
        cost, fall = cost + hull[0][0], fall + hull[0][1]
        pieces += [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(hull)]
    for price, gain in sorted(pieces, key=lambda one: -(one[1] / one[0] if one[0] > 0 else np.inf)):
        if gain <= 0:
            continue
        if least is None:
            part = 1.0 if price <= 0 else min(1.0, max(0.0, ((most or 0.0) - cost) / price))
        else:
            part = min(1.0, max(0.0, (least - fall) / gain))
        cost, fall = cost + part * price, fall + part * gain
    return fall if least is None else cost


def _hull(one: Options) -> list[tuple[float, float]]:
    """The concave hull of options by cost and fall."""
    found: list[tuple[float, float]] = []
    for point in zip(one.cost.tolist(), one.fall.tolist(), strict=True):
        while len(found) > 1 and _turns(found[-2], found[-1], point):
            found.pop()
        found.append(point)
    return found


def _turns(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies below the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def _scipy() -> tuple[Any, Any, Any]:
    """Solver, constraints and matrices of scipy, which takes a while to import."""
    try:
        from scipy.optimize import LinearConstraint, milp
        from scipy.sparse import csr_matrix
    except ModuleNotFoundError:
        text = phrase("a plan of so many levels and domains needs scipy")
        raise UsageError(Fault("MPI-O012", None, text, installing("plans"))) from None
    return milp, LinearConstraint, csr_matrix
