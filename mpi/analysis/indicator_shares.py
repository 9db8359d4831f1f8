"""What each deprivation does to H and M0: the Shapley value over indicators of a pattern, exactly.

v(S) is H, or M0, when only the deprivations in S count, with weights and cutoff as they are. v is a mean over
households, so its Shapley value is the mean of the values of the households' patterns. That of a pattern is a weighted
voting game among its deprivations: the sets by size and weight are counted, no order is drawn.

References: Shorrocks (2013), Journal of Economic Inequality 11, 99-126; Shapley and Shubik (1954).
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.counting import integer_weights, least_units
from mpi.specs.measure import Cutoff, Measure


def shapley_of_patterns(measure: Measure, deprived: NDArray[np.bool_], cutoff: Cutoff) -> tuple[Floats, Floats]:
    """Each indicator's part of being poor, and of the censored score, in every pattern.

    Parameters
    ----------
    measure : Measure
        Whose score is a sum of weights: no dimension is combined.
    deprived : bool, shape (p, d)
    cutoff : Cutoff

    Returns
    -------
    float64, shape (p, d), twice
        Rows add up to whether the pattern is poor, and to its censored score.
    """
    units, _, base = integer_weights(measure)
    least = least_units(cutoff, base)
    sets, which = np.unique(deprived, axis=0, return_inverse=True)
    poor, score = (np.zeros(sets.shape) for _ in range(2))
    for row, members in enumerate(sets):
        own = np.flatnonzero(members)
        found = _values(tuple(units[j] for j in own.tolist()), least)
        for j, (by_count, by_score) in zip(own.tolist(), found, strict=True):
            poor[row, j], score[row, j] = by_count, by_score / base
    return poor[which.ravel()], score[which.ravel()]


@cache
def _values(weights: tuple[int, ...], least: int) -> tuple[tuple[float, float], ...]:
    """Shapley values of the members of a set with whole weights: of reaching `least`, and of the weight that counts."""
    total, number = sum(weights), len(weights)
    if total < least:
        return ((0.0, 0.0),) * number
    by_weight = {weight: _value(weight, weights, least) for weight in set(weights)}
    return tuple(by_weight[weight] for weight in weights)


def _value(own: int, weights: tuple[int, ...], least: int) -> tuple[float, float]:
    """Of one member: over the sets of the others, by size and weight, what joining them adds."""
    others = list(weights)
    others.remove(own)
    counts = _sets(tuple(sorted(others)))
    number, reached, weight = len(weights), 0.0, 0.0
    for size, row in enumerate(counts):
        chance = math.factorial(size) * math.factorial(number - size - 1) / math.factorial(number)
        for before, sets in row.items():
            if before + own >= least:
                reached += chance * sets * (before < least)
                weight += chance * sets * (own if before >= least else before + own)
    return reached, weight


@cache
def _sets(weights: tuple[int, ...]) -> tuple[dict[int, int], ...]:
    """How many sets of some weights there are, by size and by their sum."""
    counts: list[dict[int, int]] = [{0: 1}, *({} for _ in weights)]
    for weight in weights:
        for size in range(len(weights), 0, -1):
            for total, sets in counts[size - 1].items():
                counts[size][total + weight] = counts[size].get(total + weight, 0) + sets
    return tuple(counts)
