"""Charts of rounds: series, and slopes between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mpi.changes.rounds import decimal_year
from mpi.charts.changes import change_points, signed, verdict
from mpi.charts.marks import (
    Mark,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    mark_key,
    named,
    need_figures,
    number_axis,
    put_legend,
    standings_key,
)
from mpi.charts.reading import two_periods, view, words
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import DASHES, GREY, MARKERS, SERIES, drawn, new_axes, new_figure, wrapped
from mpi.errors.omissions import unmade
from mpi.language import phrase, translated
from mpi.vocabulary.wording import Language, form_of, statistic_title

if TYPE_CHECKING:
    import matplotlib.figure
    from matplotlib.axes import Axes

MOST_LINES = 8
BREAK = translated("break of the series at {period}: {text}")


@drawn
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
    ax: Axes | None = None,
    legend: bool = True,
) -> Axes:
    """A statistic by period, with intervals; no line over a period without a figure, nor over a break of the series.

    Parameters
    ----------
    domain : str, optional
        One line for each of its codes, at most 8; the total if left out.
    breaks : mapping of str to str, optional
        Periods from which on figures are not comparable with earlier ones, and why.
    legend : bool
        Whether a legend is put.
    """
    periods = words(figures, "period")
    views = [view(figures, domain=domain, where=where, period=period, k=k, unit=unit) for period in periods]
    found = [one.points(statistic) for one in views]
    codes = list(dict.fromkeys(code for points in found for code in points))
    check_lines(len(codes))
    need_figures([point for points in found for point in points.values()])
    years = [decimal_year(period) for period in periods]
    at = [float(i) for i in range(len(periods))] if None in years else [year for year in years if year is not None]
    axes = ax or new_axes(3.0)
    cuts = [_cut(period, periods, at) for period in breaks or {}]
    key: list[Any] = []
    for i, code in enumerate(codes):
        points = [one.get(code, NO_FIGURE) for one in found]
        mark = Mark(SERIES[i], MARKERS[i])
        for x, point in zip(at, points, strict=True):
            draw_point(axes, x, point, mark, upright=True)
        for run in _runs(at, points, cuts):
            xs = [at[j] for j in run]
            ys, low, high = (_numbers([getattr(points[j], name) for j in run]) for name in ("value", "low", "high"))
            axes.plot(xs, ys, color=mark.colour, linestyle=DASHES[i], gid="line")
            if np.isfinite(low).all():
                axes.fill_between(xs, low, high, color=mark.colour, alpha=0.15, linewidth=0, gid="band")
        if domain:
            label = wrapped(named(names, code, language), 40)
            key.append(mark_key(mark, label, linewidth=None, linestyle=DASHES[i]))
    for cut in cuts:
        if cut is not None:
            axes.axvline(cut, color=GREY, linewidth=0.9, linestyle=(0, (2, 2)), gid="break")
    axes.set_xticks(at, periods)
    margin = 0.12 * ((max(at) - min(at)) or 1.0)
    axes.set_xlim(min(at) - margin, max(at) + margin)
    from_zero(axes, "y", [point for one in found for point in one.values()])
    form = form_of(statistic)
    number_axis(axes, "y", form, language)
    axes.grid(visible=True, axis="y")
    axes.set_title(axis_title(statistic_title(statistic, views[0].unit, language), form, language), loc="left")
    notes = _break_notes(breaks, periods, cuts, language)
    axes.set_xlabel("\n".join([f"k = {views[0].k}", *notes]), loc="left")
    if legend:
        everything = [point for one in found for point in one.values()]
        put_legend(axes, [*key, interval_key(level, language), *standings_key(everything, language)], own=ax is None)
    return axes


@drawn
def series_panels(
    figures: Publishable,
    *,
    statistics: Sequence[str] = ("H", "A", "M0"),
    breaks: Mapping[str, str] | None = None,
    language: Language = "en",
    level: float = 0.95,
    **options: Any,  # of `series`
) -> matplotlib.figure.Figure:
    """Series of several statistics side by side, in panels of the same size; none for one without any figure."""
    two_periods(figures)
    asked = {name: options[name] for name in ("domain", "where", "k", "unit") if name in options}
    views = [view(figures, period=period, **asked) for period in words(figures, "period")]
    met = {name: [point for own in views for point in own.points(name).values()] for name in statistics}
    points = [point for own in met.values() for point in own]
    need_figures(points)
    shown = [name for name in statistics if any(point.known for point in met[name])]
    sheet = new_figure(2.9)
    panels = sheet.subplots(1, len(shown), squeeze=False)[0]
    for axes, statistic in zip(panels, shown, strict=True):
        series(figures, statistic=statistic, breaks=breaks, language=language, ax=axes, legend=False, **options)
        axes.set_title(wrapped(axes.get_title(loc="left"), 28), loc="left", fontsize=8)
        note = axes.get_xlabel().split("\n", 1)
        axes.set_xlabel(note[0], loc="left")
    if len(note) > 1:
        sheet.supxlabel(wrapped(note[1].replace("\n", " "), 118), x=0.01, ha="left", fontsize=7)
    put_legend(panels[0], [interval_key(level, language), *standings_key(points, language)], own=True)
    return sheet


def _cut(period: str, periods: Sequence[str], at: Sequence[float]) -> float | None:
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


def _runs(at: Sequence[float], points: Sequence[Figure], cuts: Sequence[float | None]) -> list[list[int]]:
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


def _break_notes(
    breaks: Mapping[str, str] | None, periods: Sequence[str], cuts: Sequence[float | None], language: Language
) -> list[str]:
    return [
        wrapped(BREAK[language].format(period=period, text=text), 100)
        for (period, text), cut in zip((breaks or {}).items(), cuts, strict=True)
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


@drawn
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
    ax: Axes | None = None,
) -> Axes:
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
    axes = ax or new_axes(3.8)
    ends = []
    shift = [0.02 * (i - (len(codes) - 1) / 2) for i in range(len(codes))]
    for i, code in enumerate(codes):
        mark = Mark(SERIES[i], MARKERS[i])
        points = (before.get(code, NO_FIGURE), after.get(code, NO_FIGURE))
        for x, point in zip((0, 1), points, strict=True):
            draw_point(axes, x + shift[i], point, mark, upright=True)
        if all(point.known for point in points):
            axes.plot(
                [shift[i], 1 + shift[i]],
                _numbers([point.value for point in points]),
                color=mark.colour,
                gid="line",
                linestyle=DASHES[i],
                linewidth=1.1,
                zorder=1,
            )
        change = moved.get(code)
        text = named(names, code, language)
        if change is not None and change.value is not None:
            text += f"  {signed(change.value, statistic, language)}{'*' if verdict(change) != 'same' else ''}"
        last = points[1].value if points[1].known else points[0].value
        if last is not None:
            ends.append((last, wrapped(text, 34), mark.colour, shift[i]))
    from_zero(axes, "y", [*before.values(), *after.values()])
    form = form_of(statistic)
    number_axis(axes, "y", form, language)
    axes.set_xticks([0, 1], list(pair))
    axes.set_xlim(-0.25, 1.15)
    _spread_labels(axes, ends)
    axes.set_ylabel(axis_title(statistic_title(statistic, found[0].unit, language), form, language))
    axes.set_xlabel(f"k = {found[0].k}" + (f"; * {VERDICT_STAR[language]}" if moved else ""), loc="left")
    everything = [*before.values(), *after.values()]
    put_legend(axes, [interval_key(level, language), *standings_key(everything, language)], own=ax is None)
    return axes


VERDICT_STAR = translated("after a change: its interval leaves out 0")


def _spread_labels(axes: Axes, ends: list[tuple[float, str, str, float]]) -> None:
    """Names at the right ends of lines, moved apart where they would collide."""
    bottom, top = axes.get_ylim()
    gap = (top - bottom) * 0.062
    placed: list[float] = []
    for value, text, colour, shift in sorted(ends, key=lambda end: end[0]):
        y = max(value, placed[-1] + gap) if placed else value
        placed.append(y + gap * text.count("\n"))
        axes.annotate(
            text,
            (1 + shift, value),
            (1.16, y),
            textcoords=axes.transData,
            color=colour,
            fontsize=7.5,
            va="center_baseline",
            annotation_clip=False,
            gid="name",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.4},
        )
    if placed and placed[-1] > top:
        axes.set_ylim(bottom, placed[-1] + gap)
