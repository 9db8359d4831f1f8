"""Figures before and after actions, and their paired change, as quantities of a profile's rows.

What is after is an expectation by row, so H after is a ratio of two totals like H before: both are figures of one
sample, and the error of the change is that of one linearised value, after less before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan
from mpi.columns.values import Floats
from mpi.counting import Scores, distinct_patterns, scores
from mpi.estimates.slopes import Sloped
from mpi.policies.outcomes import Outcomes
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import StatisticKind

STATISTICS = ("H", "A", "M0", "poor", "censored_headcount", "poor_and_deprived", "uncensored_headcount", "deprived")
MOMENTS = ("before", "after", "change")
Column = NDArray[np.bool_] | Floats


@dataclass(frozen=True, eq=False)
class After:
    """Expectations after actions, of each of r rows.

    Attributes
    ----------
    measure : Measure
    outcomes : Outcomes
    rows : int
    """

    measure: Measure
    outcomes: Outcomes
    rows: int

    @cached_property
    def _distinct(self) -> tuple[Scores, NDArray[np.int64]]:
        words = distinct_patterns(self.outcomes.pattern, self.outcomes.unknown)
        return scores(self.measure, words.pattern, words.unknown), words.which

    @property
    def scored(self) -> Scores:
        """Of the distinct patterns that rows come to."""
        return self._distinct[0]

    def each(self, values: Column) -> Column:
        """A quantity of the distinct patterns, of each outcome; shape (m,)."""
        return values[self._distinct[1]]

    def mean(self, values: Column) -> Floats:
        """Expectation by row of a quantity of the distinct patterns; shape (r,)."""
        return self.outcomes.mean(self.each(values), self.rows)

    @cached_property
    def included(self) -> Floats:
        """Those whose score is known; shape (r,)."""
        return self.mean(self.scored.included)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A figure's numerator and denominator in the scored patterns of a moment."""

    name: str
    keys: tuple[tuple[str, str | None], ...]
    above: Column
    below: Column
    kind: StatisticKind
    k: int | None
    counts_units: bool = True


def quantities_of(
    measure: Measure, scored: Scores, cutoffs: Sequence[Cutoff], wanted: Collection[str]
) -> list[Quantity]:
    """The figures of one moment, always in the same order.

    Parameters
    ----------
    measure : Measure
    scored : Scores
        Of p patterns.
    cutoffs : sequence of Cutoff
    wanted : collection of str
        Names of `STATISTICS`.
    """
    included, found = scored.included, []

    def add(name: str, keys: dict[str, str | None], above: Column, below: Column, **options: object) -> None:
        if name in wanted:
            found.append(
                Quantity(name=name, keys=tuple(keys.items()), above=above, below=below, **options)  # type: ignore[arg-type]
            )

    for k, cutoff in enumerate(cutoffs):
        poor, keys = scored.poor(cutoff), {"k": cutoff.text, "dimension": None, "indicator": None}
        add("H", keys, poor, included, kind="proportion", k=k)
        add("A", keys, scored.score * poor, poor, kind="ratio", k=k, counts_units=False)
        add("M0", keys, scored.score * poor, included, kind="ratio", k=k, counts_units=False)
        add("poor", keys, poor, included, kind="total", k=k)
        for j, one in enumerate(measure.indicators):
            own: dict[str, str | None] = {"k": cutoff.text, "dimension": one.dimension, "indicator": one.name}
            deprived = scored.deprived[:, j] & poor
            add("censored_headcount", own, deprived, included, kind="proportion", k=k)
            add("poor_and_deprived", own, deprived, included, kind="total", k=k)
    for j, one in enumerate(measure.indicators):
        own = {"k": None, "dimension": one.dimension, "indicator": one.name}
        deprived, known = scored.deprived[:, j] & included, scored.known[:, j] & included
        add("uncensored_headcount", own, deprived, known, kind="proportion", k=None)
        add("deprived", own, deprived, included, kind="total", k=None)
    return found


def plan_of(patterns: Patterns, after: After, wanted: Collection[str]) -> Plan:
    """The figures before, after, and their change, of rows whose patterns are `patterns`."""
    plan, measure = Plan(), patterns.measure
    before = quantities_of(measure, patterns.scored, patterns.cutoffs, wanted)
    later = quantities_of(measure, after.scored, patterns.cutoffs, wanted)
    same = np.array_equal(after.included, patterns.included)
    for one, other in zip(before, later, strict=True):
        above, below = after.mean(other.above), after.mean(other.below)
        below = one.below if np.array_equal(below, one.below) else below  # type: ignore[assignment]
        options = {"kind": one.kind, "k": one.k, "counts_units": one.counts_units}
        keys = {"figure": one.name, **dict(one.keys)}
        first = plan.figure({**keys, "moment": "before"}, one.above, one.below, **options)
        last = plan.figure({**keys, "moment": "after"}, above, below, **options)
        if same and below is one.below:
            # One linearised value, of the difference of both numerators: nothing cancels between two large errors.
            options |= {"kind": "total" if one.kind == "total" else "ratio", "shown": False}
            place = plan.figure({**keys, "moment": "change"}, above - one.above, one.below, **options)
            plan.formula({**keys, "moment": "change"}, [place], _itself)
        else:
            plan.formula({**keys, "moment": "change"}, [first, last], _difference)
    return plan


def _itself(change: Sloped) -> Sloped:
    return change


def _difference(before: Sloped, after: Sloped) -> Sloped:
    return after - before
