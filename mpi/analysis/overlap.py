"""Overlap of deprivations (MODA): in how many dimensions at once, and which together.

De Neubourg, Chai, de Milliano, Plavgo and Wei (2012), UNICEF Working Paper 2012-10; Alkire et al. (2015), chapter 7.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.columns import arrow
from mpi.columns.arrow import text_column
from mpi.columns.values import Text, where_known
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.profile import DeprivationProfile

MOST_SETS = 5  # of which all unions and intersections are made
Flags = NDArray[np.bool_]


def overlap(profile: DeprivationProfile, request: Request) -> Derived:
    """The number of dimensions in which units are deprived, and the overlaps of up to five of them.

    A unit is deprived in a dimension if it is in one of its indicators or more. Counted are units with all indicators
    known; weights and cutoffs play no part, so that there are no rows by `k`.

    Returns
    -------
    Derived
        `figure` is `exactly` and `at_least` (so many `dimensions`, a number), `mean` (dimensions a unit),
        `mean_deprived` (a unit deprived in one or more); for sets of dimensions (`sets`, joined by ` + `)
        `exactly_these` (and no others), `intersection` (at least these) and `union`; for one dimension `only_this`,
        `with_1`, `with_2`, ...: deprived in it and in so many others.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    return _defined(answer(profile, request, _plan))


def _defined(found: Derived) -> Derived:
    """Without a mark on the share of those deprived in no dimension or more, which is 1 by definition."""
    table = found.table
    figure, number, error = (table[name].to_pylist() for name in ("figure", "dimensions", "se"))
    judged = [one != "at_least" or n != "0" or se != 0 for one, n, se in zip(figure, number, error, strict=True)]
    for name in ("reliability", "note"):
        texts = text_column(table, name)
        kept = Text(texts.codes, texts.labels, where_known(texts) & np.array(judged))
        table = table.set_column(table.column_names.index(name), name, arrow.array_of(kept))
    return replace(found, table=table)


def _plan(patterns: Patterns) -> Plan:
    names, deprived, known = dimensions_deprived(patterns)
    plan, whole = Plan(), known.all(axis=1) & patterns.included
    deprived &= whole[:, None]
    count = deprived.sum(axis=1)
    for number in range(len(names) + 1):
        plan.figure(_keys("exactly", number), (count == number) & whole, whole)
    for number in range(len(names) + 1):
        plan.figure(_keys("at_least", number), (count >= number) & whole, whole)
    average = {"kind": "ratio", "counts_units": False}
    plan.figure(_keys("mean"), count.astype(np.float64), whole, **average)
    plan.figure(_keys("mean_deprived"), count.astype(np.float64), count > 0, **average)
    if len(names) <= MOST_SETS:
        for size in range(1, len(names) + 1):
            for chosen in itertools.combinations(range(len(names)), size):
                _set(plan, " + ".join(names[i] for i in chosen), deprived, list(chosen), whole)
    for i, name in enumerate(names):
        others = count - deprived[:, i]
        for number in range(len(names)):
            figure = "only_this" if number == 0 else f"with_{number}"
            plan.figure(_keys(figure, sets=name), deprived[:, i] & (others == number), whole)
    return plan


def _keys(figure: str, dimensions: int | None = None, sets: str | None = None) -> dict[str, str | None]:
    return {"figure": figure, "dimensions": None if dimensions is None else str(dimensions), "sets": sets, "k": None}


def _set(plan: Plan, name: str, deprived: Flags, chosen: list[int], whole: Flags) -> None:
    inside = deprived[:, chosen]
    every, some = np.logical_and.reduce(inside, axis=1), np.logical_or.reduce(inside, axis=1)
    others = np.logical_or.reduce(np.delete(deprived, chosen, axis=1), axis=1)
    plan.figure(_keys("exactly_these", sets=name), every & ~others, whole)
    plan.figure(_keys("intersection", sets=name), every, whole)
    plan.figure(_keys("union", sets=name), some, whole)


def dimensions_deprived(patterns: Patterns) -> tuple[tuple[str, ...], Flags, Flags]:
    """Names of the dimensions, who is deprived in an indicator of each, whose indicators are known; shape (p, D)."""
    measure, scored = patterns.measure, patterns.scored
    counted = [
        one for one in measure.dimensions if any(i.dimension == one.name and not i.monitor for i in measure.indicators)
    ]
    deprived, known = [], []
    for one in counted:
        own = [j for j, i in enumerate(measure.indicators) if i.dimension == one.name and not i.monitor]
        deprived.append(scored.deprived[:, own].any(axis=1))
        known.append(scored.known[:, own].all(axis=1))
    return tuple(one.name for one in counted), np.stack(deprived, axis=1), np.stack(known, axis=1)
