"""The scores that a measure's weights can add up to, and those of them that are nearest to a cutoff."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from mpi.counting import integer_weights, least_units
from mpi.specs.measure import Cutoff, Measure

MAX_BASE = 10**6  # up to here the attainable scores are the bits of one integer
MAX_SUMS = 1 << 16  # of half the weights, which are combined with those of the other half


def attainable(measure: Measure) -> list[Fraction] | None:
    """Every score that some pattern of known deprivations has, ascending; None if there are too many to list."""
    units, base = _units(measure)
    if base > MAX_BASE:
        return None
    reached = 1
    for unit in units:
        reached |= reached << unit
    shown = f"{reached:b}".zfill(base + 1)
    return [Fraction(i, base) for i in range(base + 1) if shown[base - i] == "1"]


def nearest_scores(
    measure: Measure, cutoff: Cutoff, number: int
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]] | None:
    """The attainable scores next to a cutoff: the highest that are not poor, and the lowest that are.

    Parameters
    ----------
    measure : Measure
    cutoff : Cutoff
    number : int
        How many on either side, at most.

    Returns
    -------
    tuple of Fraction, tuple of Fraction
        Ascending; None if the weights have too many sums even by halves.
    """
    units, base = _units(measure)
    least = least_units(cutoff, base)
    halves = _halves(units)
    if halves is None:
        return None
    one, other = halves
    below: set[int] = set()
    above: set[int] = set()
    for unit in one:
        place = bisect_left(other, least - unit)
        below.update(unit + own for own in other[max(0, place - number) : place])
        above.update(unit + own for own in other[place : place + number])
    return (
        tuple(Fraction(unit, base) for unit in reversed(heapq.nlargest(number, below))),
        tuple(Fraction(unit, base) for unit in heapq.nsmallest(number, above)),
    )


def _units(measure: Measure) -> tuple[list[int], int]:
    """Weights in the score over their common denominator, and that."""
    units, base = _all_units(measure)
    return [unit for unit in units if unit], base


def _all_units(measure: Measure) -> tuple[list[int], int]:
    """One weight for each indicator, then for each dimension, 0 where it has none of its own."""
    indicators, dimensions, base = integer_weights(measure)
    return [*indicators, *dimensions], base


def _halves(units: Sequence[int]) -> tuple[list[int], list[int]] | None:
    """All sums of two parts of the weights, ascending; None if either part has too many."""
    groups = sorted(Counter(units).items(), key=lambda group: group[1], reverse=True)
    sums: list[set[int]] = [{0}, {0}]
    for unit, times in groups:
        smaller = min(sums, key=len)
        made = {own + unit * i for own in smaller for i in range(times + 1)}
        if len(made) > MAX_SUMS:
            return None
        sums[sums.index(smaller)] = made
    return sorted(sums[0]), sorted(sums[1])


def reclassified(measure: Measure, cutoff: Cutoff, other: Measure, other_cutoff: Cutoff) -> bool:
    """Whether some pattern of known deprivations is poor under only one of two measures that differ in weights.

    Where there are too many pairs of scores to go through, it is taken to be so.
    """
    if (measure, cutoff) == (other, other_cutoff):
        return False
    (own, base), (others, other_base) = _all_units(measure), _all_units(other)
    least, other_least = least_units(cutoff, base), least_units(other_cutoff, other_base)
    sums = {(0, 0)}
    for unit, times in Counter(zip(own, others, strict=True)).items():
        sums = {(one + unit[0] * i, two + unit[1] * i) for one, two in sums for i in range(times + 1)}
        if len(sums) > MAX_SUMS:
            return True
    return any((one >= least) != (two >= other_least) for one, two in sums)
