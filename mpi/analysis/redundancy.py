"""Redundancy and association of deprivations: joint and conditional rates, R0, Cramer's V, for all and for the poor.

Alkire et al. (2015), chapter 7.3; of indicators and of dimensions, by any domain.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Keys, Patterns, Plan, answer
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.estimates.slopes import Sloped, smaller, sqrt
from mpi.profile import DeprivationProfile

Flags = NDArray[np.bool_]


def redundancy(profile: DeprivationProfile, request: Request) -> Derived:
    """How often two deprivations come together, between indicators and between dimensions.

    Returns
    -------
    Derived
        `level` is `indicator` or `dimension` (deprived in one of its indicators or more), `first` and `second` are a
        pair, `censored` is `no`, or `yes`: deprivations of the poor at `k` alone, over everybody. `figure` is `joint`
        (share of the units whose both are known that are deprived in both), `second_given_first`,
        `first_given_second`, `R0` (the joint rate over the smaller of both rates; without an error where these are
        equal), `cramers_v` (signed).

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    return answer(profile, request, _plan)


def _plan(patterns: Patterns) -> Plan:
    plan = Plan()
    for level, names, deprived, known in _levels(patterns):
        for i, j in itertools.combinations(range(len(names)), 2):
            both = known[:, i] & known[:, j] & patterns.included
            keys = {"level": level, "first": names[i], "second": names[j]}
            _pair(plan, {**keys, "censored": "no", "k": None}, (deprived[:, i] & both, deprived[:, j] & both), both)
            for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
                own = {**keys, "censored": "yes", "k": cutoff.text}
                _pair(plan, own, (deprived[:, i] & both & poor, deprived[:, j] & both & poor), both, k)
    return plan


def _levels(patterns: Patterns) -> Iterator[tuple[str, tuple[str, ...], Flags, Flags]]:
    """Indicators, then dimensions: names, who is deprived and whose deprivation is known."""
    measure, scored = patterns.measure, patterns.scored
    yield "indicator", measure.names, scored.deprived, scored.known
    deprived, known = [], []
    for one in measure.dimensions:
        own = [
            j
            for j, indicator in enumerate(measure.indicators)
            if indicator.dimension == one.name and not indicator.monitor
        ]
        some = scored.deprived[:, own].any(axis=1)
        deprived.append(some)
        known.append(some | scored.known[:, own].all(axis=1))
    yield "dimension", tuple(one.name for one in measure.dimensions), np.stack(deprived, 1), np.stack(known, 1)


def _pair(plan: Plan, keys: Keys, flags: tuple[Flags, Flags], base: Flags, k: int | None = None) -> None:
    one, other = flags

    def place(figure: str, above: Flags, below: Flags, *, shown: bool) -> int:
        return plan.figure({"figure": figure, **keys}, above, below, k=k, shown=shown)

    joint = place("joint", one & other, base, shown=True)
    place("second_given_first", one & other, one, shown=True)
    place("first_given_second", one & other, other, shown=True)
    rates = [place("rate", flag, base, shown=False) for flag in (one, other)]
    plan.formula({"figure": "R0", **keys}, [joint, *rates], _r0)
    plan.formula({"figure": "cramers_v", **keys}, [joint, *rates], _cramers_v)


def _r0(joint: Sloped, one: Sloped, other: Sloped) -> Sloped:
    return joint / smaller(one, other)


def _cramers_v(joint: Sloped, one: Sloped, other: Sloped) -> Sloped:
    """(p11 p00 - p10 p01) / sqrt(p1+ p0+ p+1 p+0), which is (p11 - p1+ p+1) over the same root."""
    return (joint - one * other) / sqrt(one * (1 - one) * other * (1 - other))
