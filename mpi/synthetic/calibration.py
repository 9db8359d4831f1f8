"""Intended deprivations of households, made to reproduce published figures.

Comes in: an inclination of each household to each deprivation, published rates and headcount ratios. Goes
out: a matrix of flags. Turning them into answers is left to the modules of each survey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mpi.synthetic.population import Codes, Flags, Reals

# Rates settle in a few rounds; 24 halvings part any two households.
ROUNDS = 5
BISECTIONS = 24
SHIFT_LIMIT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the intended deprivations of n households have to reproduce.

    Attributes
    ----------
    zone : int64, shape (n,)
        Row of `rates` that applies to the household.
    rates : float64, shape (zones, d)
        Share of households deprived in each indicator.
    cell : int64, shape (n,)
        Entry of `headcount` that applies to the household.
    headcount : float64, shape (cells,)
        Share of persons who are poor.
    units : int64, shape (d,)
        Indicator weights in whole units.
    minimum : int
        The least score, in the same units, of a poor household.
    """

    zone: Codes
    rates: Reals
    cell: Codes
    headcount: Reals
    units: Codes
    minimum: int


class Implication(NamedTuple):
    """Deprivation `cause` brings deprivation `effect` with it `where` it is true, bool, shape (n,)."""

    cause: int
    effect: int
    where: Flags


def calibrated_flags(
    propensity: Reals, targets: Targets, weight: Reals, size: Codes, implications: Sequence[Implication] = ()
) -> Flags:
    """Deprivations that reproduce published rates and headcount ratios.

    A household is deprived where its propensity, shifted by the level of its cell, exceeds the indicator's
    threshold. Thresholds are quantiles that give the rates; shifts are found by bisection, since more shift
    can only add deprivations. The two are settled in turn, shifts last: headcount ratios hold most exactly.

    Parameters
    ----------
    propensity : float64, shape (n, d)
        Inclination to each deprivation; -inf where it is impossible, +inf where it is certain.
    targets : Targets
        The published figures.
    weight : float64, shape (n,)
        Household weights.
    size : int64, shape (n,)
        Members of each household.
    implications : sequence of Implication
        Pairs of deprivations that cannot be parted.

    Returns
    -------
    bool, shape (n, d)
        Intended deprivations.
    """
    persons = weight * size
    population = np.bincount(targets.cell, persons, targets.headcount.size)
    shift = np.zeros(targets.headcount.size)
    for _ in range(ROUNDS):
        threshold = _thresholds(propensity + shift[targets.cell][:, None], targets, weight)[targets.zone]
        low, high = np.full_like(shift, -SHIFT_LIMIT), np.full_like(shift, SHIFT_LIMIT)
        for _ in range(BISECTIONS):
            shift = (low + high) / 2
            flags = _flags(propensity, shift[targets.cell], threshold, implications)
            poor = flags @ targets.units >= targets.minimum
            short = np.bincount(targets.cell, persons * poor, shift.size) < targets.headcount * population
            low, high = np.where(short, shift, low), np.where(short, high, shift)
    return _flags(propensity, shift[targets.cell], threshold, implications)


def _flags(propensity: Reals, shift: Reals, threshold: Reals, implications: Sequence[Implication]) -> Flags:
    """Deprivations at given levels, bool, shape (n, d)."""
    flags = propensity + shift[:, None] > threshold
    for cause, effect, where in implications:
        flags[:, effect] |= flags[:, cause] & where
    return flags


def _thresholds(propensity: Reals, targets: Targets, weight: Reals) -> Reals:
    """The value exceeded by the wanted share of households, by zone and indicator, shape (zones, d)."""
    threshold = np.empty_like(targets.rates)
    for (zone, j), rate in np.ndenumerate(targets.rates):
        rows = targets.zone == zone
        value = propensity[rows, j]
        order = np.argsort(-value, kind="stable")
        share = np.cumsum(weight[rows][order]) / weight[rows].sum()
        last = min(int(np.searchsorted(share, rate)), order.size - 1)
        threshold[zone, j] = value[order[last]]
    # Finite, so that certain deprivations stay above the threshold whatever the rate.
    return np.minimum(threshold, 2 * SHIFT_LIMIT)
