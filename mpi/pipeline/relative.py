"""Relative income lines: found in a reading of the incomes alone, before anybody is judged, and what units add to them.

The quantile is exact whatever the size of a survey: distinct incomes are added up as they come; where there are more of
them than memory may hold, they are counted by ranges, and only the range of the quantile is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.kleene import as_truth
from mpi.columns.values import Floats, Ints, Mask, number_of, text_of, where_known
from mpi.pipeline.binding import Plan, bind
from mpi.pipeline.design import Weights, weights_of
from mpi.pipeline.incomes import Incomes, Window, found_lines
from mpi.pipeline.judging import add_columns
from mpi.profile.lines import SUMS
from mpi.rules import Expression, Frame, Rule, evaluate, names
from mpi.source import OpenedSurvey, Running, spans
from mpi.specs.lines import FoundLine, RelativeLine
from mpi.specs.measure import Measure, with_lines
from mpi.vocabulary.options import Level


def measured(opened: OpenedSurvey, measure: Measure, running: Running | None = None) -> Measure:
    """The measure with its relative lines as the survey's incomes have them; itself, without such lines.

    Raises
    ------
    ConfigError, DataError
        As `mpi.deprivation_profile`.
    """
    if not measure.lines or measure.found_lines:
        return measure
    alone = replace(
        measure, dimensions=(), indicators=(), universe=None, income_poor=None, classes=(), derived=measure.derived
    )
    plan = bind(alone, opened, ())
    windows: list[Window | None] = [None] * len(measure.lines)
    while True:
        work = partial(_span, alone, plan, windows, opened)
        held: list[Incomes] = spans(opened, plan.needs, work, _joined, running=running)
        windows = [one.narrowed(line.quantile) for one, line in zip(held, measure.lines, strict=True)]
        if all(window is None for window in windows):
            return with_lines(measure, found_lines(measure.lines, held))
        windows = [window or one.window for window, one in zip(windows, held, strict=True)]


def _span(
    measure: Measure, plan: Plan, windows: Sequence[Window | None], opened: OpenedSurvey, frames: Iterator[Frame]
) -> list[Incomes]:
    """The incomes of the blocks of a span."""
    held = [Incomes(window=window) for window in windows]
    design, own = opened.survey.design, plan.design
    for frame in frames:
        _add(plan, [name for name in (own.weight, own.person_weight, own.members) if name], frame)
        weights = weights_of(plan.design, frame, measure.identification, design.place)
        for line, one in zip(measure.lines, held, strict=True):
            row: Level = "household" if _of_households(measure, line, plan) else "person"
            income, known = _income(plan, line, frame, row)
            weight, number = _base(plan, line, frame, row, weights)
            area = _areas(plan, line, frame, row)
            one.add(area[0], area[1], income, weight, np.where(known, number, 0))
    return held


def _joined(parts: Iterable[list[Incomes]]) -> list[Incomes]:
    whole: list[Incomes] | None = None
    for part in parts:
        if whole is None:
            whole = part
        else:
            for mine, theirs in zip(whole, part, strict=True):
                mine.absorb(theirs)
    return whole or []


def _of_households(measure: Measure, line: RelativeLine, plan: Plan) -> bool:
    """Whether all members of a household have one income, so that a household is a row."""
    level = {step.name: step.level for step in plan.steps}
    read = {name for rule in (line.income, line.by) if rule is not None for name in names(rule.expression)}
    return measure.identification == "household" and all(level.get(name) != "person" for name in read)


def _value(plan: Plan, rule: Rule, frame: Frame, level: Level) -> Any:
    _add(plan, names(rule.expression), frame)
    return evaluate(rule.expression, frame, level)


def _add(plan: Plan, some: Iterable[str], frame: Frame) -> None:
    """Add some of the plan's columns to a block, with those that they read."""
    steps, wanted, left = {step.name: step for step in plan.steps}, set[str](), list(some)
    while left:
        name = left.pop()
        if name in steps and name not in wanted:
            wanted.add(name)
            left += _read(steps[name].expression) + [part.name for part, _ in steps[name].parts]
    add_columns([step for step in plan.steps if step.name in wanted], frame)


def _read(expression: Expression) -> list[str]:
    return list(names(expression))


def _income(plan: Plan, line: RelativeLine, frame: Frame, row: Level) -> tuple[Floats, Mask]:
    """The income of each row, 0 where unknown, and where it is known."""
    values = number_of(_value(plan, line.income, frame, row))
    known = where_known(values)
    return np.where(known, values.values, 0).astype(np.float64), known


def _base(
    plan: Plan, line: RelativeLine, frame: Frame, row: Level, weights: Weights
) -> tuple[Floats, NDArray[np.int64]]:
    """The weight, and the number, of the persons of each row whose income counts."""
    if line.base is None:
        return (weights.each, _ones(weights.each)) if row == "person" else (weights.of_members, weights.counted)
    level: Level = "person" if frame.persons else row
    truth = as_truth(_value(plan, line.base, frame, level))
    inside = truth.true if truth.known is None else truth.true & truth.known
    if level == "household" or (row == "household" and not frame.persons):
        return weights.of_members * inside, weights.counted * inside
    each = weights.each * inside
    number = _ones(each)
    if row == "person":
        return each, number
    return np.add.reduceat(each, frame.starts), np.add.reduceat(number, frame.starts)


def _ones(weight: Floats) -> NDArray[np.int64]:
    return (weight > 0).astype(np.int64)


def _areas(plan: Plan, line: RelativeLine, frame: Frame, row: Level) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The area of each row as a place among the labels; -1 where it is not known."""
    if line.by is None:
        return np.zeros(frame.rows(row), np.int64), ("",)
    text = text_of(_value(plan, line.by, frame, row))
    return np.where(where_known(text), text.codes, -1).astype(np.int64), text.labels


def sums_of(
    measure: Measure, plan: Plan, frame: Frame, row: Level, weights: Weights, *, households: Floats
) -> tuple[Floats, Ints | None]:
    """What the rows of a block add to the errors of the lines.

    Parameters
    ----------
    measure : Measure
        With its lines found.
    row : {"person", "household"}
    weights : Weights
    households : float64, shape (n,)
        Weight of the households of each row.

    Returns
    -------
    float64, shape (n, 4 L)
        Of each line: the sum over the base of w (1[y <= q] - p), of w K((q - y) / h) / h; of the unit's persons, and of
        its households, w K((l - y) / h) / h.
    int64, shape (n,), or None
        The place of the area, those of no area last; None if there is one line for all.

    References
    ----------
    Deville (1999), Survey Methodology 25, 193-203; Osier (2009), Survey Research Methods 3, 167-195.
    """
    n = frame.rows(row)
    made, place = np.zeros((n, SUMS * len(measure.lines))), None
    for i, (line, found) in enumerate(zip(measure.lines, measure.found_lines, strict=True)):
        income, known = _income(plan, line, frame, row)
        base, _ = _base(plan, line, frame, row, weights)
        own = _places(plan, line, found, frame, row)
        place = own if line.by is not None else place
        at, value, width = (np.array([*column, np.nan], np.float64)[own] for column in _numbers(found))
        counts = known & np.isfinite(at)
        p = float(line.quantile)
        part = slice(SUMS * i, SUMS * (i + 1))
        persons = weights.each if row == "person" else weights.of_members
        made[:, part] = np.column_stack(
            [
                np.where(counts, base * ((income <= at) - p), 0.0),
                base * _kernel(at - income, width, counts),
                persons * _kernel(value - income, width, counts),
                households * _kernel(value - income, width, counts),
            ]
        )
    return made, place


def below_of(measure: Measure, plan: Plan, frame: Frame, row: Level, repeated: Weights) -> Floats:
    """The first of the sums with each of R replicate weights; float64, shape (n, L R)."""
    made = []
    for line, found in zip(measure.lines, measure.found_lines, strict=True):
        income, known = _income(plan, line, frame, row)
        at = np.array([*_numbers(found)[0], np.nan], np.float64)[_places(plan, line, found, frame, row)]
        base, _ = _base_of_many(plan, line, frame, row, repeated)
        factor = np.where(known & np.isfinite(at), (income <= at) - float(line.quantile), 0.0)
        made.append(base * factor[:, None])
    return np.concatenate(made, axis=1)


def _base_of_many(plan: Plan, line: RelativeLine, frame: Frame, row: Level, repeated: Weights) -> tuple[Floats, None]:
    if line.base is None:
        return (repeated.each if row == "person" else repeated.of_members), None
    level: Level = "person" if frame.persons else row
    truth = as_truth(_value(plan, line.base, frame, level))
    inside = truth.true if truth.known is None else truth.true & truth.known
    if level == "household":
        return repeated.of_members * inside[:, None], None
    each = repeated.each * inside[:, None]
    return (each if row == "person" else np.add.reduceat(each, frame.starts, axis=0)), None


def _places(plan: Plan, line: RelativeLine, found: FoundLine, frame: Frame, row: Level) -> NDArray[np.int64]:
    codes, labels = _areas(plan, line, frame, row)
    places = {area: i for i, area in enumerate(found.areas)}
    own = np.array([*(places.get(label, len(places)) for label in labels), len(places)], np.int64)
    return own[codes]


def _numbers(found: FoundLine) -> tuple[list[float], list[float], list[float]]:
    def numbers(values: Iterable[float | None]) -> list[float]:
        return [np.nan if value is None else value for value in values]

    return numbers(found.at), numbers(found.value), list(found.bandwidth)


def _kernel(distance: Floats, width: Floats, counts: Mask) -> Floats:
    """The Gaussian kernel of a bandwidth at a distance; 0 where nothing counts or incomes do not vary."""
    good = counts & (width > 0)
    h = np.where(good, width, 1.0)
    u = np.where(good, distance, 0.0) / h
    return np.where(good, np.exp(-0.5 * u * u) / (np.sqrt(2 * np.pi) * h), 0.0)
