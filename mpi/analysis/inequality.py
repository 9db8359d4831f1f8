"""Inequality among the poor, within and between groups, and the class M-gamma of the counting approach.

I = 4 V(c | poor) with the weight of the poor as divisor (Seth and Alkire 2014, 2017; Alkire et al. 2015, chapter 9.1);
M-gamma is the mean of the censored score to the power gamma: H at 0, M0 at 1, the squared count at 2 (Alkire and Foster
2016).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.estimates import Estimates, Request
from mpi.estimates.combining import Terms
from mpi.estimates.derived import Derived, Row
from mpi.estimates.slopes import Sloped, where
from mpi.profile import DeprivationProfile
from mpi.vocabulary.options import POWERS

BETA = 4.0  # so that I is at most 1
READ = ("poor", "A", "mean_square_poor")  # of each group, by the decomposition
NOISE = 1e-15  # of a mean square less a squared mean, which are at most 1


def inequality(profile: DeprivationProfile, request: Request) -> Derived:
    """Inequality of the deprivation scores among the poor.

    Returns
    -------
    Derived
        By cutoff: `M_gamma` for the powers in column `gamma`; `inequality_poor` (I, from 0, where all poor have one
        score, to 1); `mean_square_poor` (mean of the squared scores of the poor). For each item of `by` (column
        `groups`): `within` (share of the poor times I) and `between` (4 times share of the poor times the squared
        distance of A to that of all) of each group, and in rows without a domain their sums, which add up to
        `inequality_poor`; `between_share` is the share of the sum of `between` in it.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    powers = request.powers or tuple(map(Fraction, POWERS))
    return answer(profile, request, lambda patterns: _plan(patterns, powers), further=_by_groups)


def _plan(patterns: Patterns, powers: Sequence[Fraction]) -> Plan:
    plan, score = Plan(), patterns.scored.score
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        keys = {"k": cutoff.text, "gamma": None, "groups": None}
        for gamma in powers:
            own = {"figure": "M_gamma", **keys, "gamma": str(gamma)}
            above = poor if gamma == 0 else (score if gamma == 1 else score ** float(gamma)) * poor
            kind = "proportion" if gamma == 0 else "ratio"
            plan.figure(own, above, patterns.included, kind=kind, k=k, counts_units=gamma == 0)
        options = {"kind": "ratio", "k": k, "counts_units": False}
        mean = plan.figure({"figure": "A", **keys}, score * poor, poor, shown=False, **options)
        square = plan.figure({"figure": "mean_square_poor", **keys}, score**2 * poor, poor, **options)
        plan.figure({"figure": "poor", **keys}, poor, patterns.included, kind="total", k=k, shown=False)
        plan.formula({"figure": "inequality_poor", **keys}, [square, mean], _inequality)
    return plan


def _inequality(square: Sloped, mean: Sloped) -> Sloped:
    found = BETA * (square - mean * mean)
    return Sloped(np.where(np.abs(found.value) <= BETA * NOISE, 0.0, found.value), found.slopes)


def _within(poor: Sloped, mean: Sloped, square: Sloped, all_poor: Sloped, all_mean: Sloped) -> Sloped:
    return poor / all_poor * _inequality(square, mean)


def _between(poor: Sloped, mean: Sloped, square: Sloped, all_poor: Sloped, all_mean: Sloped) -> Sloped:
    return BETA * (poor / all_poor) * (mean - all_mean) * (mean - all_mean)


PARTS: Mapping[str, Callable[..., Sloped]] = {"within": _within, "between": _between}


def _by_groups(estimates: Estimates, plan: Plan) -> list[Row]:
    """What each group of an item of `by` adds to the inequality of all, and the sums over the groups."""
    basis, rows = estimates.basis, []
    size = len(basis.table.statistics)
    cutoffs = dict.fromkeys(one.keys["k"] for one in plan.figures)
    for number, names in enumerate(basis.sets):
        if not names:
            continue
        labels = basis.labels(number)
        first = basis.offsets[number] + np.arange(len(labels)) * size
        for k in cutoffs:
            at = {one.keys["figure"]: i for i, one in enumerate(plan.figures) if one.keys["k"] == k}
            own = np.array([at[name] for name in READ])
            whole = basis.offsets[0] + own[:2]
            places = np.column_stack([first[:, None] + own, np.tile(whole, (len(labels), 1))])
            groups = [dict(zip(names, label, strict=True)) for label in labels]
            every = np.concatenate([(first[:, None] + own).ravel(), whole, basis.offsets[0] + own[2:]])[None, :]
            for figure, value in PARTS.items():
                keys = {"figure": figure, "k": k, "gamma": None, "groups": ":".join(names)}
                rows.append(_row(estimates, keys, groups, places, value))
                rows.append(_row(estimates, keys, [{}], every, _summed(value)))
            keys = {"figure": "between_share", "k": k, "gamma": None, "groups": ":".join(names)}
            rows.append(_row(estimates, keys, [{}], every, _share))
    return rows


def _row(
    estimates: Estimates,
    keys: Mapping[str, str | None],
    groups: Sequence[Mapping[str, str]],
    places: np.typing.NDArray[np.int64],
    value: Callable[..., Sloped],
) -> Row:
    terms = Terms(estimates, places)
    unit = np.eye(places.shape[1])
    parts = [Sloped(terms.values[:, i], np.broadcast_to(unit[i], places.shape)) for i in range(len(unit))]
    return Row(keys=keys, groups=groups, terms=[terms], value=value(*parts))


def _summed(value: Callable[..., Sloped]) -> Callable[..., Sloped]:
    """The sum over all groups; those in which nobody is poor add nothing."""

    def summed(*figures: Sloped) -> Sloped:
        *own, all_poor, all_mean, _ = figures
        total = all_poor * 0.0 + all_mean * 0.0  # undefined where nobody is poor at all
        for first in range(0, len(own), len(READ)):
            part = value(*own[first : first + len(READ)], all_poor, all_mean)
            total += where(np.isfinite(part.value), part, all_poor * 0.0)
        return total

    return summed


def _share(*figures: Sloped) -> Sloped:
    *_, _, mean, square = figures
    return _summed(_between)(*figures) / _inequality(square, mean)
