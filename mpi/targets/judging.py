"""The arithmetic of targets: tests of figures against targets and paths, needed changes, projections, years.

Definitions: met where the figure is beyond the target significantly (one-sided t at 5 %); otherwise, before the target
year, on track where it is significantly better than the path from the baseline, off track where worse. With a linear
path, distance to the path, observed against needed change, and projection against target are one test: they differ by
factors that have no error. Registers have no error, and the sign decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Floats, Ints, Mask
from mpi.estimates.slopes import Sloped, constant
from mpi.inference.distributions import student_two_sided_p
from mpi.inference.intervals import t_interval
from mpi.targets.errors_of_rounds import Spread
from mpi.targets.scales import rate, scaled, unscaled
from mpi.vocabulary.options import VERDICTS, TargetPath

ALPHA = 0.05
TOLERANCE = 1e-12  # of numbers without an error: what rounds to a target is at it
MET, ON_TRACK, OFF_TRACK, CANNOT_TELL = range(len(VERDICTS))
Errors = Callable[[Floats], Spread]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Asked:
    """Figures and targets of c rows that have one kind of path and of baseline.

    Attributes
    ----------
    before, after : Sloped
        Figures at the baseline and now, by the figures of two rounds; a given baseline has no slopes. Without a
        baseline NaN.
    target : float64, shape (c,)
        NaN: half of the baseline.
    sign : float64, shape (c,)
        1 where the figure is to be at most the target, -1 where at least.
    start, now, due : float64, shape (c,)
        Decimal years of the baseline, of the figures and of the target; NaN where they are not known.
    path : {"linear", "constant_rate", "logistic"}
    halves : bool
    level : float
        Of the intervals.
    errors : callable
        From slopes by both figures to errors.
    """

    before: Sloped
    after: Sloped
    target: Floats
    sign: Floats
    start: Floats
    now: Floats
    due: Floats
    path: TargetPath
    halves: bool
    level: float
    errors: Errors


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tested:
    """A difference that is good where it is below 0, and its test; shape (c,), NaN where there is none.

    Attributes
    ----------
    value, se, t, p : float64
        `p` is one-sided, of being below 0.
    df : int64
    better, worse : bool
        Significantly; by the sign where nothing has an error.
    exact, flat : bool
    """

    value: Floats
    se: Floats
    df: Ints
    t: Floats
    p: Floats
    better: Mask
    worse: Mask
    exact: Mask
    flat: Mask


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Judged:
    """What is told of c rows; float64 of shape (c,), NaN where undefined.

    Attributes
    ----------
    target : the number, half of the baseline where that is asked for
    verdict : int64, into VERDICTS; -1 where there is no figure
    distance : figure less target
    path : where the path is now, as a figure
    off_path : figure less path, on the path's own scale
    yearly, yearly_low, yearly_high : observed change a year; of constant rates relative, of log odds where logistic
    needed, needed_from_start : change a year from now, and from the baseline, to the target
    projection, projection_low, projection_high : in the target year, if it goes on so
    reached : the decimal year in which the target is reached, if it goes on so
    """

    target: Floats
    verdict: Ints
    distance: Tested
    path: Floats
    off_path: Tested
    yearly: Floats
    yearly_low: Floats
    yearly_high: Floats
    needed: Floats
    needed_from_start: Floats
    projection: Floats
    projection_low: Floats
    projection_high: Floats
    reached: Floats


def judged(asked: Asked) -> Judged:
    """Everything that is told of figures and their targets."""
    path = asked.path
    target = asked.before * 0.5 if asked.halves else constant(asked.target, asked.after)
    first, last, goal = (scaled(one, path) for one in (asked.before, asked.after, target))
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.where(asked.now > asked.start, asked.now - asked.start, np.nan)
        left = np.where(asked.due > asked.now, asked.due - asked.now, np.nan)
        passed = years / (asked.due - asked.start)
    distance = asked.after - target
    course = first + (goal - first) * passed
    yearly = (last - first) * (1 / years)
    ahead = last + yearly * left
    off_target, off_path = _tested(distance, asked), _tested(last - course, asked)
    change, projected = _interval(yearly, asked), _interval(ahead, asked)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = (goal.value - last.value) / left
        from_start = (goal.value - first.value) / (asked.due - asked.start)
    return Judged(
        target=target.value,
        verdict=_verdict(asked, off_target, off_path),
        distance=off_target,
        path=unscaled(course.value, path),
        off_path=off_path,
        yearly=rate(change[0], path),
        yearly_low=rate(change[1], path),
        yearly_high=rate(change[2], path),
        needed=rate(needed, path),
        needed_from_start=rate(from_start, path),
        projection=unscaled(projected[0], path),
        projection_low=unscaled(projected[1], path),
        projection_high=unscaled(projected[2], path),
        reached=_reached(asked, first.value, last.value, goal.value, years),
    )


def _tested(difference: Sloped, asked: Asked) -> Tested:
    """The test of a difference that is good where it is below 0, or above for `at_least`."""
    found = asked.errors(difference.slopes)
    value, known = difference.value, np.isfinite(difference.value)
    se = np.where(known, found.se, np.nan)
    usable = known & np.isfinite(se) & (se > 0) & (found.df > 0) & ~found.flat
    t, p = np.full(len(value), np.nan), np.full(len(value), np.nan)
    t[usable] = value[usable] / se[usable]
    signed = asked.sign * t
    both = student_two_sided_p(t[usable], found.df[usable])
    p[usable] = np.where(signed[usable] < 0, both / 2, 1 - both / 2)
    exact = known & found.exact
    equal = np.abs(value) <= TOLERANCE * np.maximum(1.0, np.abs(asked.after.value))
    with np.errstate(invalid="ignore"):
        good = equal | (asked.sign * value < 0)
        better = np.where(exact, good, p < ALPHA)
        worse = np.where(exact, ~good, 1 - p < ALPHA)
    return Tested(value=value, se=se, df=found.df, t=t, p=p, better=better, worse=worse, exact=exact, flat=found.flat)


def _interval(value: Sloped, asked: Asked) -> tuple[Floats, Floats, Floats]:
    """A value and its confidence interval by t; of an exact one both ends are NaN."""
    found = asked.errors(value.slopes)
    known = np.isfinite(value.value)
    usable = known & np.isfinite(found.se) & (found.se > 0) & (found.df > 0) & ~found.flat
    low, high = np.full(len(known), np.nan), np.full(len(known), np.nan)
    low[usable], high[usable] = t_interval(value.value[usable], found.se[usable], found.df[usable], asked.level)
    return value.value, low, high


def _verdict(asked: Asked, target: Tested, path: Tested) -> Ints:
    """Met, on track, off track or not to be told; -1 without a figure or a target."""
    ahead = asked.due > asked.now
    past = asked.due <= asked.now
    on = ahead & path.better
    off = (ahead & path.worse) | (past & target.worse)
    found = np.select([target.better, on, off], [MET, ON_TRACK, OFF_TRACK], CANNOT_TELL)
    return np.where(np.isfinite(target.value), found, -1).astype(np.int64)


def _reached(asked: Asked, first: Floats, last: Floats, goal: Floats, years: Floats) -> Floats:
    """The year in which the line from the baseline to the figure meets the target.

    NaN where the figure does not move towards the target, or was there before the baseline.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        yearly = (last - first) / years
        year = asked.now + (goal - last) / yearly
        towards = (asked.sign * yearly < 0) & (asked.sign * (first - goal) >= 0)
    return np.where(towards & np.isfinite(year), year, np.nan)
