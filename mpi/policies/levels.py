"""What levels of closing do in one domain: costs and falls of every combination of levels, from the corners alone.

At a level x each deprived household is lifted with probability x, independently by indicator, so the expected number of
poor is linear in each level: a weighted mean of the 2^d corners where every indicator is closed wholly or not at all.
It is not linear in all of them together: two closings together lift households that neither lifts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.counting import MAX_INT64_BASE, bits, counted_flags, integer_weights, least_units, scores
from mpi.policies.outcomes import Words
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import PlanStatistic

MOST_COMBINATIONS = 300_000  # of levels in one domain, which are all looked at
MOST_CLOSED = 16  # indicators of which all 2^d corners are looked at


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Group:
    """The units of one domain that a plan can reach, and those it cannot.

    Attributes
    ----------
    pattern, unknown : uint64, shape (p,)
    weight : float64, shape (p,)
        Of persons or households, of those whose score is known.
    reached : bool, shape (p,)
        Whether the condition holds.
    price : float64, shape (d,)
        Of closing each indicator wholly in this domain.
    levels : sequence of d float64 arrays
        Those that may be chosen, ascending from the lowest.
    """

    pattern: Words
    unknown: Words
    weight: Floats
    reached: NDArray[np.bool_]
    price: Floats
    levels: Sequence[Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Combinations of levels of one domain, none better than another in both cost and fall; by cost.

    Attributes
    ----------
    levels : float64, shape (o, d)
    cost, fall : float64, shape (o,)
        The fall of the weighted number of poor, or of their scores; ascending.
    bound : sequence of (float, float)
        Pieces (cost, fall) that together bound what any levels can do, where not all were looked at; else empty.
    """

    levels: Floats
    cost: Floats
    fall: Floats
    bound: Sequence[tuple[float, float]] = ()


def corners(measure: Measure, cutoff: Cutoff, group: Group, closed: Sequence[int], statistic: PlanStatistic) -> Floats:
    """What is left at each corner; float64, shape (2,) * d: axis i is indicator i, open or closed.

    Parameters
    ----------
    measure : Measure
    cutoff : Cutoff
    group : Group
    closed : sequence of d int
        Places of the indicators that may be closed.
    statistic : {"H", "M0", "poor"}
        Of M0 the weighted sum of the scores of the poor is left, else their weighted number.
    """
    number = len(measure.names)
    deprived, known = counted_flags(measure, bits(group.pattern, number), ~bits(group.unknown, number))
    can = deprived & known & group.reached[:, None]
    additive = all(one.at_least is None for one in measure.dimensions) and measure.missing != "reweight"
    if additive and integer_weights(measure)[2] <= MAX_INT64_BASE:
        return _sums(measure, cutoff, group, can[:, list(closed)], closed, statistic)
    found = np.empty(1 << len(closed))
    for corner in range(len(found)):
        pattern, unknown = group.pattern.copy(), group.unknown.copy()
        for i, j in enumerate(closed):
            if corner >> (len(closed) - 1 - i) & 1:
                bit = np.uint64(1 << j)
                pattern[can[:, j]] &= ~bit
                unknown[can[:, j]] &= ~bit
        scored = scores(measure, pattern, unknown)
        worth = scored.poor(cutoff) * (1.0 if statistic != "M0" else scored.score)
        found[corner] = (group.weight * worth).sum()
    return found.reshape((2,) * len(closed))


def _sums(  # noqa: PLR0917
    measure: Measure,
    cutoff: Cutoff,
    group: Group,
    can: NDArray[np.bool_],
    closed: Sequence[int],
    statistic: PlanStatistic,
) -> Floats:
    """Corners of a measure whose score is a sum of weights: what is closed is subtracted."""
    own, _, base = integer_weights(measure)
    least = least_units(cutoff, base)
    scored = scores(measure, group.pattern, group.unknown)
    weight = np.where(scored.included, group.weight, 0.0)
    poor = scored.poor(cutoff)  # who is not, is not after closing either
    units, weight, can = scored.units[poor].astype(np.int64), weight[poor], can[poor]
    found = np.empty(1 << len(closed))

    def fill(at: int, first: int, left: NDArray[np.int64]) -> None:
        if at == len(closed):
            still = left >= least
            found[first] = (weight * still).sum() if statistic != "M0" else (weight * still * left).sum() / base
            return
        fill(at + 1, first * 2, left)
        fill(at + 1, first * 2 + 1, left - own[closed[at]] * can[:, at])

    fill(0, 0, units)
    return found.reshape((2,) * len(closed))


def on_grid(at_corners: Floats, levels: Sequence[Floats]) -> Floats:
    """What is left at every combination of levels; shape (L1, ..., Ld)."""
    left = at_corners
    for axis, own in enumerate(levels):
        mixed = np.stack([1 - own, own], axis=1)
        left = np.moveaxis(np.tensordot(mixed, left, axes=(1, axis)), 0, axis)
    return left


def options(at_corners: Floats, group: Group) -> Options:
    """The combinations of levels that none is better than, or, of too many, those along a way of steepest falls."""
    if np.prod([float(len(own)) for own in group.levels]) > MOST_COMBINATIONS:
        return _along(at_corners, group)
    left = on_grid(at_corners, group.levels)
    cost: Floats = np.zeros(left.shape)
    for axis, (own, price) in enumerate(zip(group.levels, group.price, strict=True)):
        cost += (own * price).reshape([-1 if i == axis else 1 for i in range(left.ndim)])
    cost, fall = cost.ravel(), at_corners.flat[0] - left.ravel()
    kept = frontier(cost, fall)
    places = np.unravel_index(kept, left.shape)
    chosen = np.stack([own[place] for own, place in zip(group.levels, places, strict=True)], axis=1)
    return Options(chosen, cost[kept], fall[kept])


def frontier(cost: Floats, fall: Floats) -> NDArray[np.int64]:
    """Places of those that none is better than: by cost, with rising falls; of equal ones the first."""
    order = np.lexsort((np.arange(len(cost)), -fall, cost))
    best = np.maximum.accumulate(fall[order])
    kept = np.ones(len(order), np.bool_)
    kept[1:] = fall[order][1:] > best[:-1]
    return order[kept]


def _along(at_corners: Floats, group: Group) -> Options:
    """From the lowest levels, always the next step with the largest fall for its cost; and a bound on all others.

    The fall by one indicator's level is a weighted mean of its falls at the corners, so no level falls by more than the
    largest of them.
    """
    place = [0] * len(group.levels)

    def left(at: Sequence[int]) -> float:
        found = at_corners
        for own, i in zip(group.levels, at, strict=True):
            found = (1 - own[i]) * found[0] + own[i] * found[1]
        return float(found)

    def paid(at: Sequence[int]) -> float:
        return float(sum(own[i] * price for own, i, price in zip(group.levels, at, group.price, strict=True)))

    ways = [tuple(place)]
    now = left(place)
    while True:
        steps = []
        for axis, own in enumerate(group.levels):
            if place[axis] + 1 < len(own):
                after = [i + (n == axis) for n, i in enumerate(place)]
                gain, price = now - left(after), paid(after) - paid(place)
                steps.append((-(gain / price if price > 0 else np.inf), axis, after))
        if not steps:
            break
        place = min(steps)[2]
        now = left(place)
        ways.append(tuple(place))
    cost = np.array([paid(at) for at in ways])
    fall = np.array([float(at_corners.flat[0]) - left(at) for at in ways])
    chosen = np.array([[own[i] for own, i in zip(group.levels, at, strict=True)] for at in ways])
    kept = frontier(cost, fall)
    most = [
        float((np.take(at_corners, 0, axis) - np.take(at_corners, 1, axis)).max()) for axis in range(at_corners.ndim)
    ]
    low = paid([0] * len(group.levels)), float(at_corners.flat[0]) - left([0] * len(group.levels))
    pieces = [
        ((own[-1] - own[0]) * price, (own[-1] - own[0]) * slope)
        for own, price, slope in zip(group.levels, group.price, most, strict=True)
    ]
    return Options(chosen[kept], cost[kept], fall[kept], (low, *pieces))
