"""What an analysis is asked for, and how it answers: figures of patterns, formulas over them, one tidy table.

An analysis is a list of figures, each the ratio of two quantities of a household's pattern of deprivations, and of
formulas over them. The machine of the estimates gives each its error, in every design; formulas get theirs from the
joint covariance. So an analysis has no arithmetic of sampling errors of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.counting import DistinctPatterns, Scores
from mpi.errors import Fault, UsageError
from mpi.estimates import Estimates, Request
from mpi.estimates.combining import Terms
from mpi.estimates.derived import Derived, Row, derived_of, tidy_of
from mpi.estimates.estimating import Scorer, made_estimates
from mpi.estimates.quantities import INCLUDED, LinePart, Quantities
from mpi.estimates.slopes import Sloped
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.profile.marks import Mark, marks_of, places_of
from mpi.specs.lines import FoundLine, crossed
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import StatisticKind

LINE_FIXED = "_line_fixed"  # of figures whose error takes a relative line as known
Keys = Mapping[str, str | None]
Column = NDArray[np.bool_] | Floats


@dataclass(frozen=True, eq=False)
class Patterns:
    """The p distinct patterns of a profile under a measure.

    Attributes
    ----------
    measure : Measure
    scored : Scores
    cutoffs : sequence of Cutoff
    unknown : bool, shape (p, d)
        Flags that are unknown in the data, before any rule for them.
    """

    measure: Measure
    scored: Scores
    cutoffs: Sequence[Cutoff]
    unknown: NDArray[np.bool_]

    @cached_property
    def poor(self) -> list[NDArray[np.bool_]]:
        """Who is poor at each cutoff; shape (p,) each."""
        return [self.scored.poor(cutoff) for cutoff in self.cutoffs]

    def mark(self, marks: Sequence[Mark], name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where a mark of the profile is true, and where it is known; bool, shape (p,) each."""
        return marks_of(self.scored.words, self.scored.words_unknown, places_of(marks)[name])

    @property
    def included(self) -> NDArray[np.bool_]:
        """Those whose score is known; shape (p,)."""
        return self.scored.included


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an analysis: a ratio of two quantities of patterns.

    Attributes
    ----------
    keys : mapping of str to str or None
        Columns that say what it is, `figure` among them.
    above, below : bool or float64, shape (p,)
        Numerator and denominator; without one, everybody who is included.
    kind : {"proportion", "ratio", "total"}
    k : int or None
        Place of its cutoff.
    counts_units : bool
        Whether its numerator is a number of units.
    shown : bool
        False for what only formulas read.
    line : tuple of (int, int, float or None), or None
        The relative line that the figure is itself: its place, that of its area, and its value. It has one row, of all.
    """

    keys: Keys
    above: Column
    below: Column | None = None
    kind: StatisticKind = "proportion"
    k: int | None = None
    counts_units: bool = True
    shown: bool = True
    line: tuple[int, int, float | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One figure of an analysis that is computed from others.

    Attributes
    ----------
    keys : mapping of str to str or None
    reads : sequence of int
        Places of the figures that it reads.
    value : callable
        From these, in order, to the figure.
    """

    keys: Keys
    reads: Sequence[int]
    value: Callable[..., Sloped]


@dataclass(slots=True, eq=False)
class Plan:
    """The figures and formulas of an analysis, in the order of its rows."""

    figures: list[Figure] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)

    def figure(self, keys: Keys, above: Column, below: Column | None = None, **options: object) -> int:
        """Add a figure; its place, for formulas."""
        self.figures.append(Figure(keys=keys, above=above, below=below, **options))  # type: ignore[arg-type]
        return len(self.figures) - 1

    def formula(self, keys: Keys, reads: Sequence[int], value: Callable[..., Sloped]) -> None:
        """Add a formula over figures that have places."""
        self.formulas.append(Formula(keys=keys, reads=reads, value=value))


def estimates_for(
    profile: DeprivationProfile,
    request: Request,
    plan: Callable[[Patterns], Plan],
    *,
    distinct: DistinctPatterns | None = None,
    scored: Scorer | None = None,
) -> tuple[Estimates, Plan]:
    """The estimates of an analysis' figures, and the plan that they follow; the options as for `made_estimates`.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    made: list[Plan] = []

    def statistics(found: Scores, cutoffs: Sequence[Cutoff], unknown: NDArray[np.bool_]) -> Quantities:
        patterns = Patterns(request.measure, found, cutoffs, unknown)
        made.append(plan(patterns))
        if not made[0].figures:
            text = phrase("the measure {name} has nothing that this analysis is about", name=request.measure.name)
            raise UsageError(Fault("MPI-E213", None, text, phrase("give it two indicators or more")))
        table = Quantities.of(patterns.poor, found.included, None)
        parts = _line_parts(patterns, made[0].figures, plan, table) if profile.lines else []
        made[0].figures += _at_fixed_lines(made[0].figures, parts)
        for i, one in enumerate(made[0].figures):
            x = INCLUDED if one.below is None else table.column(one.below)
            lines = parts[i] if i < len(parts) else ()
            table.ratio(
                str(i), one.kind, table.column(one.above), x, k=one.k, counts_units=one.counts_units, lines=lines
            )
        return table

    return made_estimates(profile, request, statistics, distinct=distinct, scored=scored), made[0]


def _line_parts(
    patterns: Patterns, figures: Sequence[Figure], plan: Callable[[Patterns], Plan], table: Quantities
) -> list[tuple[LinePart, ...]]:
    """How each figure depends on the relative lines: the plan of units just below a line less that of those above."""
    found: list[list[LinePart]] = [[] for _ in figures]
    for line in range(len(patterns.measure.lines)):
        below, above = (plan(_beside(patterns, line, below=below)).figures for below in (True, False))
        for own, one, other, figure in zip(found, below, above, figures, strict=True):
            if figure.line is not None:
                own.extend([LinePart(line, 0, 0, *figure.line[1:])] if figure.line[0] == line else [])
                continue
            y = np.asarray(one.above, np.float64) - other.above
            x = np.zeros(len(y)) if one.below is None or other.below is None else (
                np.asarray(one.below, np.float64) - other.below
            )  # fmt: skip
            if y.any() or x.any():
                own.append(LinePart(line, table.column(y), table.column(x)))
    return [tuple(own) for own in found]


def _beside(patterns: Patterns, line: int, *, below: bool) -> Patterns:
    """The patterns if every known income lay just below a line, or just above it."""
    states = patterns.scored.states.copy()
    for i, rule in enumerate(patterns.measure.states):
        read = crossed(rule.expression, patterns.measure.lines)
        if read is not None and read[0] == line:
            states[:, i] = (read[1] == below) & patterns.scored.states_known[:, i]
    return replace(patterns, scored=replace(patterns.scored, states=states))


def _at_fixed_lines(figures: Sequence[Figure], parts: Sequence[tuple[LinePart, ...]]) -> list[Figure]:
    """The shares that depend on a relative line once more, with the errors that they have if it is taken as fixed."""
    return [
        replace(one, keys={**one.keys, "figure": f"{one.keys['figure']}{LINE_FIXED}"})
        for one, own in zip(figures, parts, strict=False)
        if own and one.line is None and one.shown and one.kind == "proportion"
    ]


def line_figures(plan: Plan, patterns: Patterns, lines: Sequence[FoundLine]) -> None:
    """Add the relative lines themselves as figures, by area where each has its own."""
    included = patterns.included
    for i, line in enumerate(lines):
        for a, (area, value) in enumerate(zip(line.areas, line.value, strict=True)):
            keys = {"figure": "line", "k": None, "line": line.name, "area": area or None}
            none = np.zeros(len(included), np.bool_)
            plan.figure(keys, none, included, kind="total", counts_units=False, line=(i, a, value))


def answer(
    profile: DeprivationProfile,
    request: Request,
    plan: Callable[[Patterns], Plan],
    *,
    distinct: DistinctPatterns | None = None,
    scored: Scorer | None = None,
    further: Callable[[Estimates, Plan], list[Row]] = lambda estimates, plan: [],
) -> Derived:
    """The tidy table of an analysis of one round: its figures, then its formulas, by domain, then further rows."""
    estimates, made = estimates_for(profile, request, plan, distinct=distinct, scored=scored)
    basis = estimates.basis
    domains = estimates.domains
    places, keys = _places_of(estimates, made.figures)
    direct = tidy_of(estimates.take(places), keys)
    rows = [formula_row(estimates, one, number) for number in range(len(basis.sets)) for one in made.formulas]
    rows += further(estimates, made)
    if not rows:
        return direct
    formulas = derived_of(rows, estimates, domains=domains, level=request.level, adjust=request.adjust)
    if not len(direct):
        return formulas
    both = pa.concat_tables([direct.table, formulas.table], promote_options="default")
    return replace(direct, table=both.unify_dictionaries().combine_chunks())


def _places_of(estimates: Estimates, figures: Sequence[Figure]) -> tuple[NDArray[np.int64], list[Keys]]:
    """Rows of the figures that are shown, in all domains, and their keys; lines in the first, the total, alone."""
    size = len(figures)
    domains = len(estimates) // size if size else 0
    pairs = [
        (g * size + i, one.keys)
        for g in range(domains)
        for i, one in enumerate(figures)
        if one.shown and (one.line is None or not g)
    ]
    return np.array([place for place, _ in pairs], np.int64), [keys for _, keys in pairs]


def formula_row(estimates: Estimates, formula: Formula, number: int) -> Row:
    """A formula in all domains of a set.

    Parameters
    ----------
    estimates : Estimates
        The whole table of the figures.
    formula : Formula
    number : int
        Of the set.
    """
    basis = estimates.basis
    labels, names = basis.labels(number), basis.sets[number]
    first = basis.offsets[number] + np.arange(len(labels)) * len(basis.table.statistics)
    terms = Terms(estimates, first[:, None] + np.array(formula.reads, np.int64))
    unit = np.eye(len(formula.reads))
    parts = [Sloped(terms.values[:, i], np.broadcast_to(unit[i], terms.places.shape)) for i in range(len(unit))]
    groups = [dict(zip(names, label, strict=True)) for label in labels]
    return Row(keys=formula.keys, groups=groups, terms=[terms], value=formula.value(*parts))
