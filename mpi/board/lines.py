"""The line of a card: figures of the rounds, and the paths to their targets, over the years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mpi.changes.rounds import decimal_year
from mpi.publication.targets import Row
from mpi.targets.scales import unscaled

STEPS = 12  # pieces of a curved path


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure of a round on the line of a card.

    Attributes
    ----------
    period : str
    at : float
        From 0, the first year of the line, to 1, the last.
    value, low, high : float or None
    new : bool
        Whether the series breaks before it, so that no line leads to it.
    """

    period: str
    at: float
    value: float | None
    low: float | None
    high: float | None
    new: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The path to a target: places from 0 to 1 and values; without a baseline the target alone, over the whole line."""

    stops: tuple[tuple[float, float], ...]


def years_of(periods: Sequence[str], times: Sequence[float | None]) -> list[float] | None:
    """The decimal years of rounds; None where they are not known, or not all different."""
    found = [time if time is not None else decimal_year(period) for period, time in zip(periods, times, strict=True)]
    known = [year for year in found if year is not None]
    return known if len(set(known)) == len(found) else None


def span_of(years: Sequence[float] | None, rows: Sequence[Row]) -> tuple[float, float] | None:
    """The first and the last year of a line: of rounds, baselines and targets; None where years are not known."""
    if years is None:
        return None
    starts = [row.start for row in rows if row.start is not None and row.baseline is not None]
    ends = [row.target.year for row in rows if row.aim.value is not None]
    return min([*years, *starts]), max([*years, *ends])


def places_of(number: int, years: Sequence[float] | None, span: tuple[float, float] | None) -> list[float]:
    """Where rounds stand on a line: by their years, or evenly where these are not known."""
    if years is None or span is None:
        return [place / (number - 1) if number > 1 else 0.5 for place in range(number)]
    return [_at(year, span) for year in years]


def courses_of(rows: Sequence[Row], span: tuple[float, float] | None) -> Iterator[Course]:
    """The paths to the targets."""
    for row in rows:
        goal = row.aim.value
        if goal is None:
            continue
        if span is None or row.baseline is None or row.start is None:
            yield Course(((0.0, goal), (1.0, goal)))
            continue
        shares = np.linspace(0, 1, 2 if row.target.path == "linear" else STEPS + 1)
        values = _along(row, row.baseline, goal, shares)
        stops = zip((row.start + shares * (row.target.year - row.start)).tolist(), values, strict=True)
        yield Course(tuple((_at(year, span), value) for year, value in stops if np.isfinite(value)))


def _along(row: Row, start: float, goal: float, shares: np.typing.NDArray[np.float64]) -> list[float]:
    """Values of a path at some shares of its years."""
    path = row.target.path
    ends = np.array([start, goal])
    with np.errstate(divide="ignore", invalid="ignore"):
        if path == "constant_rate":
            ends = np.log(ends)
        elif path == "logistic":
            ends = np.log(ends / (1 - ends))
        found: list[float] = unscaled(ends[0] + shares * (ends[1] - ends[0]), path).tolist()
    return found


def _at(year: float, span: tuple[float, float]) -> float:
    first, last = span
    return (year - first) / (last - first) if last > first else 0.5
