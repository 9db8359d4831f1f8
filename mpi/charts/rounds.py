"""Charts of rounds: series, and slopes between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.changes.rounds import decimal_year
from mpi.charts.changes import change_points, signed, verdict
from mpi.charts.marks import (
    GRID,
    Mark,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    keys_of,
    mark_key,
    named,
    need_figures,
    standings_key,
)
from mpi.charts.reading import two_periods, view, words
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import DASHES, GREY, MARKERS
from mpi.drawing.plot import Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors.omissions import unmade
from mpi.language import phrase, strung, translated
from mpi.vocabulary.wording import Language, form_of, statistic_title

MOST_LINES = 8
HEIGHT, PANEL_HEIGHT, SLOPE_HEIGHT = 150.0, 130.0, 205.0  # points
CUT = Look(stroke=GREY, width=0.9, dash=(2, 2))
BREAK = translated("break of the series at {period}: {text}")


@checked
def series(
    figures: Publishable,
    *,
    statistic: str = "H",
    domain: str | None = None,
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    breaks: Mapping[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """A statistic by period, with intervals; no line over a period without a figure, nor over a break of the series.

    Parameters
    ----------
    domain : str, optional
        One line for each of its codes, at most 8; the total if left out.
    breaks : mapping of str to str, optional
        Periods from which on figures are not comparable with earlier ones, and why.
    """
    asked: dict[str, Any] = {"domain": domain, "where": where, "k": k, "unit": unit}
    found = _series(figures, statistic, breaks or {}, names, language, style=style, height=HEIGHT, asked=asked)
    found.plot.x.title = "\n".join([found.plot.x.title, *found.notes])
    keys = [*found.keys, interval_key(level, language), *standings_key(found.points, language)]
    return laid_out([[found.plot]], width=style.width, keys=keys_of([found.plot], keys))


class _Series(NamedTuple):
    """A plot of periods, the entries of its legend, what its breaks are, and its figures."""

    plot: Plot
    keys: list[Key]
    notes: list[str]
    points: list[Figure]


def _series(
    figures: Publishable,
    statistic: str,
    breaks: Mapping[str, str],
    names: Mapping[str, str] | None,
    language: Language,
    *,
    style: Style,
    height: float,
    asked: Mapping[str, Any],  # arguments of `view`
) -> _Series:
    periods = words(figures, "period")
    views = [view(figures, period=period, **asked) for period in periods]
    found = [one.points(statistic) for one in views]
    codes = list(dict.fromkeys(code for points in found for code in points))
    check_lines(len(codes))
    everything = [point for points in found for point in points.values()]
    need_figures(everything)
    years = [decimal_year(period) for period in periods]
    at = [float(i) for i in range(len(periods))] if None in years else [year for year in years if year is not None]
    plot = Plot(height)
    margin = 0.12 * ((max(at) - min(at)) or 1.0)
    plot.x.limit(min(at) - margin, max(at) + margin)
    plot.x.ticks = list(zip(at, periods, strict=True))
    from_zero(plot.y, everything)
    cuts = [cut_at(period, periods, at) for period in breaks]
    keys: list[Key] = []
    for i, code in enumerate(codes):
        mark, line = Mark(style.series[i], MARKERS[i]), Look(stroke=style.series[i], width=1.4, dash=DASHES[i])
        points = [one.get(code, NO_FIGURE) for one in found]
        for x, point in zip(at, points, strict=True):
            draw_point(plot, x, point, mark, upright=True, language=language)
        for run in runs_of(at, points, cuts):
            draw_run(plot, [at[j] for j in run], [points[j] for j in run], line)
        if asked.get("domain"):
            keys.append(mark_key(mark, named(names, code, language), line=line))
    for cut in cuts:
        if cut is not None:
            plot.rule(cut, CUT, gid="break")
    form = form_of(statistic)
    plot.y.numbers(form, language)
    plot.y.grid = GRID
    plot.title = axis_title(statistic_title(statistic, views[0].unit, language), form, language)
    plot.x.title, plot.x.title_at = f"k = {views[0].k}", "start"
    return _Series(plot, keys, break_notes(breaks, cuts, language), everything)


def draw_run(plot: Plot, at: Sequence[float], points: Sequence[Figure], line: Look) -> None:
    """A line through figures in a row, and the band of their intervals."""
    values, low, high = (_numbers([getattr(point, name) for point in points]) for name in ("value", "low", "high"))
    plot.line(at, values, line, gid="line")
    if np.isfinite(low).all():
        plot.band(at, low, high, Look(fill=line.stroke, opacity=0.15), gid="band")


@checked
def series_panels(
    figures: Publishable,
    *,
    statistics: Sequence[str] = ("H", "A", "M0"),
    breaks: Mapping[str, str] | None = None,
    language: Language = "en",
    level: float = 0.95,
    style: Style = HOUSE,
    **options: Any,  # of `series`
) -> Drawing:
    """Series of several statistics side by side, in panels of the same size; none for one without any figure."""
    two_periods(figures)
    asked: dict[str, Any] = {name: options[name] for name in ("domain", "where", "k", "unit") if name in options}
    views = [view(figures, period=period, **asked) for period in words(figures, "period")]
    met = {name: [point for own in views for point in own.points(name).values()] for name in statistics}
    points = [point for own in met.values() for point in own]
    need_figures(points)
    shown = [name for name in statistics if any(point.known for point in met[name])]
    cuts = breaks or {}
    made = [
        _series(figures, statistic, cuts, options.get("names"), language, style=style, height=PANEL_HEIGHT, asked=asked)
        for statistic in shown
    ]
    plots = [one.plot for one in made]
    keys = [*made[0].keys, interval_key(level, language), *standings_key(points, language)]
    rows = [[plot] for plot in plots] if style.narrow else [plots]
    return laid_out(rows, width=style.width, keys=keys_of(plots, keys), note="\n".join(made[0].notes))


def cut_at(period: str, periods: Sequence[str], at: Sequence[float]) -> float | None:
    """Where on the axis a break stands: between the last period before it and the first from it on."""
    time = decimal_year(period)
    for i in range(1, len(periods)):
        own, before = decimal_year(periods[i]), decimal_year(periods[i - 1])
        between = time is not None and own is not None and before is not None and before < time <= own
        if periods[i] == period or between:
            return (at[i - 1] + at[i]) / 2
    return None


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def runs_of(at: Sequence[float], points: Sequence[Figure], cuts: Sequence[float | None]) -> list[list[int]]:
    """Runs of periods that a line may join: two or more figures in a row without a break between."""
    runs: list[list[int]] = [[]]
    for i, point in enumerate(points):
        if runs[-1] and any(cut is not None and at[runs[-1][-1]] < cut < at[i] for cut in cuts):
            runs.append([])
        if point.known:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def break_notes(breaks: Mapping[str, str], cuts: Sequence[float | None], language: Language) -> list[str]:
    """What each break that stands on the axis is."""
    return [
        BREAK[language].format(period=period, text=text)
        for (period, text), cut in zip(breaks.items(), cuts, strict=True)
        if cut is not None
    ]


def check_lines(count: int) -> None:
    """Refuse a chart whose lines nobody could tell apart.

    Raises
    ------
    UnmadeError
    """
    if count > MOST_LINES:
        remedy = phrase("narrow the figures, or take the chart of changes")
        raise unmade("many", code="MPI-P004", remedy=remedy, count=count, most=MOST_LINES)


@checked
def slopes(
    figures: Publishable,
    *,
    domain: str,
    statistic: str = "H",
    periods: tuple[str, str] | None = None,
    changes: Publishable | None = None,
    names: Mapping[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """A statistic of at most 8 domains in two periods, with intervals.

    A change has `*` if its interval leaves out 0.

    Parameters
    ----------
    changes : Publishable, optional
        Changes between the periods: without them no line has a number.
    """
    pair = periods or two_periods(figures)
    found = [view(figures, domain=domain, period=period, k=k, unit=unit) for period in pair]
    before, after = (one.points(statistic) for one in found)
    codes = list(dict.fromkeys([*before, *after]))
    check_lines(len(codes))
    need_figures([*before.values(), *after.values()])
    moved: dict[str | None, Figure] = {}
    if changes:
        moved = change_points(changes, statistic, domain=domain, k=found[0].k, unit=found[0].unit, periods=pair)
    plot = Plot(SLOPE_HEIGHT)
    everything = [*before.values(), *after.values()]
    from_zero(plot.y, everything)
    plot.x.limit(-0.25, 1.08)
    plot.x.ticks = list(enumerate(pair))
    ends = []
    shift = [0.02 * (i - (len(codes) - 1) / 2) for i in range(len(codes))]
    for i, code in enumerate(codes):
        mark = Mark(style.series[i], MARKERS[i])
        points = (before.get(code, NO_FIGURE), after.get(code, NO_FIGURE))
        for x, point in zip((0, 1), points, strict=True):
            draw_point(plot, x + shift[i], point, mark, upright=True, language=language)
        if all(point.known for point in points):
            plot.line([shift[i], 1 + shift[i]], _numbers([point.value for point in points]),
                      Look(stroke=mark.colour, width=1.1, dash=DASHES[i]), gid="line", order=1)  # fmt: skip
        text = named(names, code, language)
        change = moved.get(code)
        if change is not None and change.value is not None:
            text += f"  {signed(change.value, statistic, language)}{'*' if verdict(change) != 'same' else ''}"
        last = points[1].value if points[1].known else points[0].value
        if last is not None:
            ends.append(_End(last, fitted(text, NAME_SIZE, NAME_ROOM), mark.colour, 1 + shift[i]))
    form = form_of(statistic)
    plot.y.numbers(form, language)
    _name_ends(plot, ends)
    plot.y.title = axis_title(statistic_title(statistic, found[0].unit, language), form, language)
    star = f"* {VERDICT_STAR[language]}" if moved else ""
    plot.x.title = strung([f"k = {found[0].k}", star], "; ", language)
    plot.x.title_at = "start"
    keys = [interval_key(level, language), *standings_key(everything, language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


VERDICT_STAR = translated("after a change: its interval leaves out 0")
NAME_SIZE, NAME_ROOM = 7.5, 150.0  # points


class _End(NamedTuple):
    """The right end of a line, and its name."""

    value: float
    text: str
    colour: str
    x: float


def _name_ends(plot: Plot, ends: Sequence[_End]) -> None:
    """Names at the right ends of lines, moved apart where they would collide, each with a thin line to its end."""
    each = (plot.y.high - plot.y.low) / plot.height  # units of the axis in a point
    lowest = -np.inf
    for one in sorted(ends, key=lambda end: end.value):
        half = 0.6 * NAME_SIZE * (one.text.count("\n") + 1)
        y = max(one.value, lowest + half * each)
        lowest = y + half * each
        plot.line([one.x, plot.x.high], [one.value, y], Look(stroke=one.colour, width=0.4), gid="leader")
        plot.text(np.inf, y, one.text, size=NAME_SIZE, across=2, ink=one.colour, gid="name")
