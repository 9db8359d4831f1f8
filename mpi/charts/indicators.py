"""Charts of what the poor lack: censored headcounts, contributions, domains by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from mpi.charts.domains import check_rows, ranking
from mpi.charts.marks import (
    Mark,
    axis_title,
    dimension_title,
    draw_point,
    from_zero,
    height_of,
    indicator_title,
    interval_key,
    mark_key,
    named,
    need_figures,
    number_axis,
    put_legend,
    rows_axis,
    series_key,
    standings_key,
    written,
)
from mpi.charts.reading import View, view, words
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import GREY, HATCHES, INK, MARKERS, PALE, SERIES, drawn, new_axes, shades, wrapped
from mpi.drawing.classes import class_of
from mpi.errors import Fault, UsageError
from mpi.language import catalogue, phrase
from mpi.specs.measure import Measure
from mpi.vocabulary.statistics import by_cutoff
from mpi.vocabulary.wording import MARKS, NOTHING, Language, figure, form_of, number, statistic_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PERIODS = 3
MOST_COLUMNS = 40  # of a heat map whose numbers can be read
# Under black hatches.
LIGHT = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00", "#d9d9d9")


@drawn
def censored_headcounts(
    figures: Publishable,
    measure: Measure,
    *,
    periods: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Censored headcount of every indicator, by dimension, the highest first; a tick marks the uncensored headcount.

    The gap between the tick and the point is the deprivation of those who are not poor.

    Parameters
    ----------
    figures : Publishable
    measure : Measure
    periods : sequence of str, optional
        At most 3, the oldest first; the last 3 of the table if left out. Ticks are of the last.
    where : mapping of str to str, optional
        Codes of domains, to look at one group.
    k, unit : str, optional
        The first of the table if left out.

    Raises
    ------
    UsageError
        If the figures lack what is asked, or there are too many periods.
    """
    shown = list(periods or words(figures, "period")[-MOST_PERIODS:])
    if len(shown) > MOST_PERIODS:
        text = phrase(
            "this chart shows at most {most_periods} periods, not {number}",
            most_periods=MOST_PERIODS,
            number=len(shown),
        )
        raise UsageError(Fault("MPI-P004", None, text, phrase("name the periods to show")))
    views = [view(figures, where=where, period=period, k=k, unit=unit) for period in shown]
    last = views[-1]
    rows = _by_dimension(measure, last)
    need_figures(
        [
            one.point(name, indicator=own.name)
            for own in measure.indicators
            for one in views
            for name in ("censored_headcount", "uncensored_headcount")
        ],
        zeros=False,
    )
    labels = [
        dimension_title(measure, name, language) if head else indicator_title(measure, name, language)
        for name, head in rows
    ]
    axes = ax or new_axes(height_of(labels, width=46, row=0.15 + 0.05 * len(shown)))
    rows_axis(axes, labels, width=46)
    for label, (_, head) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if head else "normal")
    offsets = np.linspace(-0.22, 0.22, len(shown)) if len(shown) > 1 else np.zeros(1)
    marks = {
        period: Mark(colour, marker, 4.5)
        for period, colour, marker in zip(shown, _newest_strongest(len(shown)), MARKERS, strict=False)
    }
    points, ticks = [], {}
    for name, head in rows:
        if not head:
            points += [one.point("censored_headcount", indicator=name) for one in views]
            ticks[name] = last.point("uncensored_headcount", indicator=name).value
    from_zero(axes, "x", points, least=max((tick or 0.0 for tick in ticks.values()), default=0.0))
    for place, (name, head) in enumerate(rows):
        if head:
            continue
        tick = ticks[name]
        for one, offset in zip(views, offsets, strict=True):
            draw_point(
                axes,
                place + float(offset),
                one.point("censored_headcount", indicator=name),
                marks[one.period],
                beside=[] if tick is None else [tick],
            )
        if tick is not None:
            axes.plot([tick] * 2, [place - 0.3, place + 0.3], color=INK, linewidth=1.6, zorder=1, gid="uncensored")
    number_axis(axes, "x", "percent", language)
    title = axis_title(statistic_title("censored_headcount", last.unit, language), "percent", language)
    axes.set_xlabel(f"{title}, k = {last.k}")
    tick_title = statistic_title("uncensored_headcount", last.unit, language) + (
        f", {last.period}" if len(shown) > 1 else ""
    )
    key = [*series_key(marks, level, language), mark_key(Mark(INK, "|", 8), tick_title, markeredgewidth=1.6)]
    put_legend(axes, [*key, *standings_key(points, language)], own=ax is None)
    return axes


def _newest_strongest(count: int) -> list[str]:
    """Colours of periods, the last the strongest."""
    return {1: [SERIES[0]], 2: [SERIES[4], SERIES[0]]}.get(count, [SERIES[2], SERIES[4], SERIES[0]])


def _by_dimension(measure: Measure, last: View) -> list[tuple[str, bool]]:
    """Rows: each dimension as a head, then its indicators, the highest censored headcount first."""
    rows: list[tuple[str, bool]] = []
    for dimension in measure.dimensions:
        points: dict[str | None, Figure] = {
            name: last.point("censored_headcount", indicator=name) for name in dimension.indicators
        }
        rows.append((dimension.name, True))
        rows += [(str(name), False) for name, _ in ranking(points)]
    return rows


@drawn
def contributions(
    figures: Publishable,
    measure: Measure,
    *,
    kind: Literal["absolute", "percent"] = "absolute",
    domain: str | None = None,
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """What the dimensions contribute to M0: bars that add up to M0 (`absolute`), or to 100 % (`percent`).

    The total comes first, then the codes of a domain by M0. Bars of M0 have its interval at their end; shares of
    100 % have none, and M0 stands beside the name. A row with a part that is not shown has no bar.
    """
    views = [view(figures, where=where, period=period, k=k, unit=unit)]
    if domain:
        views.append(
            view(figures, domain=domain, where=where, period=views[0].period, k=views[0].k, unit=views[0].unit)
        )
    ordered = [(code, point) for one in views for code, point in ranking(one.points("M0"))]
    check_rows(len(ordered))
    statistic = "absolute_contribution" if kind == "absolute" else "percentage_contribution"
    parts = {
        one.name: {code: point for part in views for code, point in part.points(statistic, dimension=one.name).items()}
        for one in measure.dimensions
    }
    bars = {code: _contributed(point, [own.get(code, NO_FIGURE) for own in parts.values()]) for code, point in ordered}
    need_figures(bars.values(), zeros=False)
    need_figures([bar for code, bar in bars.items() if code or not domain])
    # M0 stands in brackets behind the name, so that a row stays one line.
    labels = [
        named(names, code, language) + (f" (M0\u00a0{written(point, 'M0', language)})" if kind == "percent" else "")
        for code, point in ordered
    ]
    axes = ax or new_axes(height_of(labels, width=44, row=0.215, extra=1.2))
    rows_axis(axes, labels, width=44)
    axes.grid(visible=False, axis="y")
    for place, (code, total) in enumerate(ordered):
        own = [parts[name].get(code, NO_FIGURE) for name in parts]
        if not bars[code].known:
            draw_point(axes, place, bars[code], Mark(GREY))
            continue
        start = 0.0
        for i, point in enumerate(own):
            axes.barh(
                place,
                point.value or 0.0,
                left=start,
                height=0.66,
                facecolor=LIGHT[i % len(LIGHT)],
                hatch=HATCHES[i % len(HATCHES)],
                edgecolor=INK,
                linewidth=0.5,
                gid="bar",
            )
            start += point.value or 0.0
        if kind == "absolute":
            draw_point(axes, place, total, Mark(INK, "|", 6))
    points = [point for _, point in ordered]
    if kind == "percent":
        axes.set_xlim(0, 1)
    else:
        from_zero(axes, "x", points)
    form = form_of(statistic)
    number_axis(axes, "x", form, language)
    title = axis_title(statistic_title(statistic, views[0].unit, language), form, language)
    axes.set_xlabel(f"{title}, {views[0].period}, k = {views[0].k}")
    from matplotlib.patches import Patch

    key = [
        Patch(
            facecolor=LIGHT[i % len(LIGHT)],
            hatch=HATCHES[i % len(HATCHES)],
            edgecolor=INK,
            linewidth=0.5,
            label=wrapped(dimension_title(measure, name, language), 48),
        )
        for i, name in enumerate(parts)
    ]
    intervals = [interval_key(level, language, INK)] if kind == "absolute" else []
    put_legend(axes, [*key, *intervals, *standings_key(points, language)], own=ax is None)
    return axes


def _contributed(total: Figure, parts: Sequence[Figure]) -> Figure:
    """The total of a bar; without a number where a part of it has none."""
    lost = next((point for point in [total, *parts] if not point.known), None)
    return total if lost is None else Figure(standing=lost.standing)


@drawn
def indicator_heatmap(
    figures: Publishable,
    measure: Measure,
    *,
    domain: str,
    breaks: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 1),
    statistic: Literal["censored_headcount", "uncensored_headcount"] = "censored_headcount",
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Headcounts of domains (rows, the highest M0 first) by indicator (columns), in the classes of the map.

    Parameters
    ----------
    breaks : sequence of float
        Proportions, ascending; the first class is closed, the others hold lower < x <= upper.
    """
    from matplotlib.patches import Patch, Rectangle

    own = view(figures, domain=domain, where=where, period=period, k=k, unit=unit)
    rows = [code for code, _ in ranking(own.points("M0"))]
    check_rows(len(rows))
    indicators = [one.name for one in measure.indicators]
    check_rows(len(indicators), MOST_COLUMNS)
    need_figures(
        [point for name in indicators for point in own.points(statistic, indicator=name).values()], zeros=False
    )
    edges = np.asarray(breaks, np.float64)
    if len(edges) < 2 or not (np.diff(edges) > 0).all():  # noqa: PLR2004  a class has two ends
        raise UsageError(
            Fault("MPI-U111", None, phrase("breaks are two proportions or more, ascending"), phrase("give (0, 0.5, 1)"))
        )
    colours = shades(len(edges) - 1)
    labels = [named(names, code, language) for code in rows]
    heads = [wrapped(indicator_title(measure, name, language), 32) for name in indicators]
    longest = max(len(line) for head in heads for line in head.split("\n"))
    axes = ax or new_axes(height_of(labels, extra=1.1 + 0.06 * longest, row=0.175))
    found: list[Figure] = []
    for column, indicator in enumerate(indicators):
        points = own.points(statistic, indicator=indicator)
        for place, code in enumerate(rows):
            point = points.get(code, NO_FIGURE)
            found.append(point)
            corner = (column - 0.5, place - 0.5)
            if point.value is None:
                axes.add_patch(Rectangle(corner, 1, 1, facecolor="white", edgecolor=PALE, linewidth=0.4, gid="empty"))
                axes.text(
                    column, place, MARKS[point.standing], fontsize=6, color=GREY, ha="center", va="center_baseline"
                )
                continue
            number_of_class = int(class_of(np.array([point.value]), edges)[0])
            hatch = {"caution": "///", "review": "xxxx"}.get(point.standing)
            axes.add_patch(
                Rectangle(
                    corner,
                    1,
                    1,
                    facecolor=colours[number_of_class],
                    edgecolor="white",
                    linewidth=0.4,
                    gid=f"class-{number_of_class}",
                )
            )
            text = figure(point.value, "percent", language, 0)
            dark = number_of_class >= len(colours) - 1
            text = {"caution": f"{text}*", "review": f"[{text}]"}.get(point.standing, text) if hatch else text
            axes.text(
                column, place, text, fontsize=6, ha="center", va="center_baseline", color="white" if dark else INK
            )
    rows_axis(axes, labels)
    axes.grid(visible=False)
    axes.set_xlim(-0.5, len(indicators) - 0.5)
    axes.set_xticks(range(len(indicators)), heads, rotation=90, linespacing=1.0)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    title = axis_title(statistic_title(statistic, own.unit, language), "percent", language)
    axes.set_xlabel(f"{title}, {own.period}" + (f", k = {own.k}" if by_cutoff(statistic) else ""))
    digits = 0 if np.allclose(edges * 100, np.rint(edges * 100)) else 1
    key = [
        Patch(
            facecolor=colour,
            edgecolor=GREY,
            linewidth=0.4,
            label=NOTHING.join(number(100 * edge, language, digits) for edge in (low, high))
            + catalogue(language).percent,
        )
        for colour, low, high in zip(colours, edges[:-1], edges[1:], strict=True)
    ]
    put_legend(axes, [*key, *standings_key(found, language)], own=ax is None)
    return axes
