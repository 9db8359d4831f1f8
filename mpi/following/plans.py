"""The figures of each table of a panel, as plans over its sequences; `mpi.following.tables` makes the tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Plan
from mpi.analysis.bands import names_of
from mpi.columns.values import Floats
from mpi.estimates.slopes import Sloped
from mpi.following.seen import Course, Mask, Seen
from mpi.specs.measure import Cutoff

UNKNOWN, NEW, GONE = "unknown", "new", "gone"


def movements_plan(course: Course, cutoffs: Sequence[Cutoff]) -> Plan:
    """Who stayed, came and went; who left poverty and fell into it; exit and entry rates.

    Numbers are sums of weights. `followed` are the stayers whose score is known in both editions, of whom `ongoing`,
    `left`, `fell` and `never` add up. Those of whom it is not known are counted, by what is not; the bounds of the exit
    rate take all of them for stayers in poverty, and for leavers.
    """
    plan, first, last = Plan(), course.first, course.last
    stayers, followed = course.stayers, course.followed
    groups = {
        "earlier": course.first.there,
        "later": course.last.there,
        "stayers": stayers,
        "new": course.new,
        "gone": course.gone,
        "followed": followed,
        "unknown_earlier": stayers & ~first.known & last.known,
        "unknown_later": stayers & first.known & ~last.known,
        "unknown_both": stayers & ~first.known & ~last.known,
        "new_unknown": course.new & ~last.known,
        "gone_unknown": course.gone & ~first.known,
    }
    for name, group in groups.items():
        _total(plan, {"figure": name, "k": None}, group, course)
    for k, cutoff in enumerate(cutoffs):
        before, after = first.poor(cutoff), last.poor(cutoff)
        own = {
            "poor_earlier": before & (course.units | first.there),
            "poor_later": after & (course.units | last.there),
            "ongoing": followed & before & after,
            "left": followed & before & ~after,
            "fell": followed & ~before & after,
            "never": followed & ~before & ~after,
            "new_poor": course.new & after,
            "gone_poor": course.gone & before,
        }
        for name, group in own.items():
            _total(plan, {"figure": name, "k": cutoff.text}, group, course, k)
        for name in ("ongoing", "left", "fell", "never"):
            plan.figure({"figure": f"share_{name}", "k": cutoff.text}, own[name], followed, k=k)
        poor, rest = followed & before, followed & ~before
        plan.figure({"figure": "exit_rate", "k": cutoff.text}, own["left"], poor, k=k)
        plan.figure({"figure": "entry_rate", "k": cutoff.text}, own["fell"], rest, k=k)
        present = stayers & before
        plan.figure({"figure": "exit_rate_least", "k": cutoff.text}, own["left"], present, k=k)
        plan.figure({"figure": "exit_rate_most", "k": cutoff.text}, own["left"] | (present & ~last.known), present, k=k)
    return plan


def transitions_plan(course: Course, cutoffs: Sequence[Cutoff]) -> Plan:
    """From each band of the score to each: numbers, shares of the followed, and of those of the earlier band.

    Who has no known score is in the band `unknown`; who is new has the earlier band `new`, who is gone the later one
    `gone`.
    """
    plan = Plan()
    names = [name for name, _ in names_of(course.measure, cutoffs)[: len(cutoffs) + 1]]
    before, after = (bands_of(seen, cutoffs) for seen in (course.first, course.last))
    units = course.units
    rows = [
        *zip(names, before, strict=True),
        (UNKNOWN, units & course.first.there & ~course.first.known),
        (NEW, course.new),
    ]
    columns = [
        *zip(names, after, strict=True),
        (UNKNOWN, units & course.last.there & ~course.last.known),
        (GONE, course.gone),
    ]
    for own, here in rows:
        for other, there in columns:
            if (own, other) != (NEW, GONE):
                _total(plan, {"figure": "number", "earlier": own, "later": other}, units & here & there, course)
    for own, here in rows[:-2]:
        for other, there in columns[:-2]:
            both, keys = course.followed & here & there, {"earlier": own, "later": other}
            plan.figure({"figure": "share", **keys}, both, course.followed)
            plan.figure({"figure": "of_earlier", **keys}, both, course.followed & here)
    return plan


def deprivations_plan(course: Course, cutoffs: Sequence[Cutoff]) -> Plan:
    """Of each indicator how many stayers were deprived, how many of them still are, were lifted, or fell into it.

    `lifted`: deprived, then not; `fallen`: the reverse; among stayers of whom both are known. `unknown` are the others.
    By cutoff, `lifted_left` are those lifted among who left poverty, `fallen_fell` those fallen among who fell.
    """
    plan, first, last = Plan(), course.first, course.last
    for j, one in enumerate(course.measure.indicators):
        keys = {"dimension": one.dimension, "indicator": one.name}
        both = course.stayers & first.flag_known(j) & last.flag_known(j)
        before, after = both & first.deprived(j), both & last.deprived(j)
        numbers = {
            "deprived_earlier": before,
            "deprived_later": after,
            "kept": before & after,
            "lifted": before & ~after,
            "fallen": after & ~before,
            "unknown": course.stayers & ~both,
        }
        for name, group in numbers.items():
            _total(plan, {"figure": name, "k": None, **keys}, group, course)
        plan.figure({"figure": "lifted_rate", "k": None, **keys}, before & ~after, before)
        plan.figure({"figure": "fallen_rate", "k": None, **keys}, after & ~before, both & ~before)
        for k, cutoff in enumerate(cutoffs):
            poor, still = course.followed & first.poor(cutoff), course.followed & last.poor(cutoff)
            by_k = {"k": cutoff.text, **keys}
            _total(plan, {"figure": "lifted_left", **by_k}, before & ~after & poor & ~still, course, k)
            _total(plan, {"figure": "fallen_fell", **by_k}, after & ~before & still & ~poor, course, k)
    return plan


def change_plan(course: Course, cutoffs: Sequence[Cutoff]) -> Plan:
    """The change of M0, H and the number of poor: ongoing, entry and exit of stayers, new and gone units, exactly.

    Means: with f the mean of those followed, M = f + sum over the others of b (m - f), b being a group's share of the
    weight and m its mean. So stayers' parts are means over them, and new and gone units count by how they differ.
    `unknown` are stayers whose score is known in one edition alone; `reweighted` what their weights differ by.
    """
    plan = Plan()
    for k, cutoff in enumerate(cutoffs):
        before, after = course.first.poor(cutoff), course.last.poor(cutoff)
        values = {"M0": (course.first.score * before, course.last.score * after)}
        values["H"] = before.astype(np.float64), after.astype(np.float64)
        for statistic, (v1, v2) in values.items():
            _means(plan, course, {"statistic": statistic, "k": cutoff.text}, k, poor=(before, after), values=(v1, v2))
        _numbers(plan, course, {"statistic": "poor", "k": cutoff.text}, k, (before, after))
    return plan


def _itself(a: Sloped) -> Sloped:
    return a


def _difference(a: Sloped, b: Sloped) -> Sloped:
    return b - a


def _total(plan: Plan, keys: dict[str, str | None], group: Mask, course: Course, k: int | None = None) -> int:
    """A sum of weights."""
    return plan.figure(keys, group, np.ones(len(course.units), np.bool_), kind="total", k=k)


def bands_of(seen: Seen, cutoffs: Sequence[Cutoff]) -> list[Mask]:
    """Who is known to be in each band, from below the lowest cutoff on."""
    edges = [seen.known, *(seen.poor(cutoff) for cutoff in cutoffs), np.zeros_like(seen.known)]
    return [low & ~high for low, high in pairwise(edges)]


def _means(
    plan: Plan, course: Course, keys: dict[str, str], k: int, *, poor: tuple[Mask, Mask], values: tuple[Floats, Floats]
) -> None:
    """The change of a mean in parts; see `change_plan`."""
    (before, after), (v1, v2) = poor, values
    first, last, followed = course.first, course.last, course.followed
    hidden = {"kind": "ratio", "counts_units": False, "k": k, "shown": False}

    def mean(above: Floats | Mask, below: Mask) -> int:
        return plan.figure({"figure": "", **keys}, above, below, **hidden)

    m1, m2 = mean(v1 * first.known, first.known), mean(v2 * last.known, last.known)
    f1, f2 = mean(v1 * followed, followed), mean(v2 * followed, followed)
    plan.formula({"figure": "before", **keys}, [m1], _itself)
    plan.formula({"figure": "after", **keys}, [m2], _itself)
    plan.formula({"figure": "change", **keys}, [m1, m2], _difference)
    stay = {
        "ongoing": (v2 - v1) * (followed & before & after),
        "entry": v2 * (followed & ~before & after),
        "exit": -v1 * (followed & before & ~after),
    }
    for name, above in stay.items():
        plan.formula({"figure": name, **keys}, [mean(above, followed)], _itself)

    def apart(seen: Seen, value: Floats, group: Mask) -> list[int]:
        return [mean(value * group, seen.known), mean(group, seen.known)]

    def came(a: Sloped, b: Sloped, f: Sloped) -> Sloped:
        return a - b * f

    def went(a: Sloped, b: Sloped, f: Sloped) -> Sloped:
        return b * f - a

    plan.formula({"figure": "new", **keys}, [*apart(last, v2, course.new & last.known), f2], came)
    plan.formula({"figure": "gone", **keys}, [*apart(first, v1, course.gone & first.known), f1], went)
    lost = apart(first, v1, course.stayers & first.known & ~last.known)
    found = apart(last, v2, course.stayers & last.known & ~first.known)

    def either(*read: Sloped) -> Sloped:
        return went(*read[:3]) + came(*read[3:])

    plan.formula({"figure": "unknown", **keys}, [*lost, f1, *found, f2], either)
    lost = apart(first, v1, course.sequences.adjusts & first.known)
    found = apart(last, v2, course.sequences.adjusts & last.known)
    plan.formula({"figure": "reweighted", **keys}, [*lost, f1, *found, f2], either)


def _numbers(plan: Plan, course: Course, keys: dict[str, str], k: int, poor: tuple[Mask, Mask]) -> None:
    """The change of the number of poor in parts."""
    before, after = poor
    first, last, followed = course.first, course.last, course.followed
    adjusts = course.sequences.adjusts

    def total(group: NDArray[Any]) -> int:
        everyone = np.ones(len(course.units), np.bool_)
        return plan.figure({"figure": "", **keys}, group, everyone, kind="total", k=k, shown=False)

    one, other = total(before), total(after)
    plan.formula({"figure": "before", **keys}, [one], _itself)
    plan.formula({"figure": "after", **keys}, [other], _itself)
    plan.formula({"figure": "change", **keys}, [one, other], _difference)
    signed: dict[str, NDArray[Any]] = {
        "ongoing": np.zeros(len(before)),
        "entry": (followed & ~before & after) * 1.0,
        "exit": (followed & before & ~after) * -1.0,
        "new": (course.new & after) * 1.0,
        "gone": (course.gone & before) * -1.0,
        "unknown": (course.stayers & after & ~first.known) * 1.0 - (course.stayers & before & ~last.known) * 1.0,
        "reweighted": (adjusts & after) * 1.0 - (adjusts & before) * 1.0,
    }
    for name, group in signed.items():
        plan.formula({"figure": name, **keys}, [total(group)], _itself)
