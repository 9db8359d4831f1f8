"""Charts of what the poor lack: censored headcounts, contributions, domains by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from mpi.charts.domains import check_rows, ranking
from mpi.charts.marks import (
    Mark,
    axis_title,
    dimension_title,
    draw_point,
    from_zero,
    gap_look,
    indicator_title,
    interval_key,
    interval_title,
    keys_of,
    mark_key,
    named,
    need_figures,
    of_rows,
    standings_key,
    with_ends,
    written,
)
from mpi.charts.reading import View, view, words
from mpi.columns.values import Floats
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.classes import breaks_for, class_of
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, HATCHES, INK, MARKERS, PAPER, tinted
from mpi.drawing.plot import EDGE, Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted, text_width
from mpi.errors import Fault, UsageError
from mpi.language import catalogue, phrase, translated
from mpi.specs.measure import Measure
from mpi.vocabulary.statistics import by_cutoff
from mpi.vocabulary.wording import NOTHING, Language, figure, form_of, number, statistic_title

MOST_PERIODS = 3
MOST_COLUMNS = 40  # of a heat map whose numbers can be read
WIDE_LABELS = 200.0  # points
HEAD_ROOM = 140.0  # points, of the name of a column
CELL_SIZE = 6.0
WIDE_CELL = 24.0  # points, in which a digit more has room
FIGURE_ROOM = 66.0  # points, of a figure with its interval
INDEX_ROOM = 96.0
TITLE_ROOM = {"censored_headcount": 110.0, "uncensored_headcount": 100.0}
POOR_AND = translated("poor and deprived")
ANYBODY = translated("deprived, poor or not")


@checked
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
    style: Style = HOUSE,
) -> Drawing:
    """Censored headcount of every indicator, by dimension, the highest first, and beside it the uncensored headcount.

    Each has a scale of its own; what the second is larger is the deprivation of those who are not poor. The figure and
    its interval stand beside the points of the last period.

    Parameters
    ----------
    figures : Publishable
    measure : Measure
    periods : sequence of str, optional
        At most 3, the oldest first; the last 3 of the table if left out. Uncensored headcounts are of the last.
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
    plot = of_rows(labels, room=style.room(WIDE_LABELS), row=10.8 + 3.6 * len(shown))
    plot.y.bold = frozenset(place for place, (_, head) in enumerate(rows) if head)
    offsets = np.linspace(-0.22, 0.22, len(shown)) if len(shown) > 1 else np.zeros(1)
    marks = {
        period: Mark(colour, marker, 4.5)
        for period, colour, marker in zip(shown, _newest_strongest(len(shown), style), MARKERS, strict=False)
    }
    points = []
    for place, (name, head) in enumerate(rows):
        if head:
            continue
        own = [one.point("censored_headcount", indicator=name) for one in views]
        points += own
        for one, offset, point in zip(views, offsets, own, strict=True):
            draw_point(plot, place + float(offset), point, marks[one.period], marked=False, language=language)
        figures_told = with_ends(own[-1], "censored_headcount", language)
        plot.text(EDGE, place, figures_told, size=7, across=FIGURE_ROOM, anchor="end", gid="figure")
    from_zero(plot.x, points)
    beside = labels if style.narrow else [""] * len(rows)  # beside the first panel there are labels already
    all_of = _uncensored(
        rows, last, marks[shown[-1]].colour, labels=beside, room=style.room(WIDE_LABELS), language=language
    )
    plot.x.weight, all_of.height = 1.5, plot.height
    ends = f" ({interval_title(level, language)})" if any(point.interval for point in points) else ""
    plot.text(EDGE, EDGE, last.period + ends, across=FIGURE_ROOM, down=-2, anchor="end", level="bottom", ink=GREY)
    for panel, statistic in ((plot, "censored_headcount"), (all_of, "uncensored_headcount")):
        panel.x.numbers("percent", language)
        title = axis_title(statistic_title(statistic, last.unit, language), "percent", language)
        panel.title = fitted(title, 8.5, style.room(TITLE_ROOM[statistic], 0.27))
    plot.x.title = f"{POOR_AND[language]}\nk = {last.k}"
    all_of.x.title = f"{ANYBODY[language]}\n{last.period}"
    keys = [*(mark_key(mark, name) for name, mark in marks.items()), interval_key(level, language)]
    bars = f"{statistic_title('uncensored_headcount', last.unit, language)}, {last.period}"
    keys += [Key(label=bars, patch=_bar_look(marks[shown[-1]].colour)), *standings_key(points, language)]
    panels = [[plot], [all_of]] if style.narrow else [[plot, all_of]]
    return laid_out(panels, width=style.width, keys=keys_of([plot], keys))


def _uncensored(
    rows: Sequence[tuple[str, bool]], last: View, colour: str, *, labels: Sequence[str], room: float, language: Language
) -> Plot:
    """The same rows on a scale of their own: the deprived, poor or not."""
    plot = of_rows(labels, room=room)
    plot.y.bold = frozenset(place for place, (_, head) in enumerate(rows) if head and labels[place])
    points = []
    for place, (name, head) in enumerate(rows):
        point = NO_FIGURE if head else last.point("uncensored_headcount", indicator=name)
        if point.value is not None:
            points.append(point)
            plot.rect(0, place - 0.2, point.value, 0.4, _bar_look(colour), gid="uncensored")
            plot.text(point.value, place, written(point, "uncensored_headcount", language), across=3, gid="figure")
    from_zero(plot.x, points)
    return plot


def _bar_look(colour: str) -> Look:
    return Look(fill=tinted(colour, 0.6))


def _newest_strongest(count: int, style: Style) -> list[str]:
    """Colours of periods, the last the strongest."""
    last, oldest, before = (style.series[place] for place in (0, 2, 4))
    return [oldest, before, last][-count:]


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


@checked
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
    style: Style = HOUSE,
) -> Drawing:
    """What the dimensions contribute to M0: bars that add up to M0 (`absolute`), or to 100 % (`percent`).

    The total comes first, then the codes of a domain by M0. Beside bars of M0 stands its figure with its interval;
    beside the names of shares of 100 %, M0. A row with a part that is not shown has no bar.
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
    plot = of_rows(labels, room=style.room(WIDE_LABELS), row=15.5)
    plot.y.grid = None
    _stack(plot, [code for code, _ in ordered], bars, list(parts.values()), style)
    for place, (code, total) in enumerate(ordered):
        if not bars[code].known:
            draw_point(plot, place, bars[code], Mark(GREY), language=language)
        if kind == "absolute" and total.known:
            text = written(total, "M0", language) if style.narrow else with_ends(total, "M0", language)
            plot.text(EDGE, place, text, size=7, across=style.room(INDEX_ROOM, 0.13), anchor="end", gid="figure")
    points = [point for _, point in ordered]
    if kind == "percent":
        plot.x.limit(0, 1)
    else:
        from_zero(plot.x, [Figure(value=point.value) for point in points])
        ends = any(point.interval for point in points) and not style.narrow
        head = f"M0 ({interval_title(level, language)})" if ends else "M0"
        plot.text(
            EDGE, EDGE, head, across=style.room(INDEX_ROOM, 0.13), down=-2, anchor="end", level="bottom", ink=GREY
        )
    form = form_of(statistic)
    plot.x.numbers(form, language)
    title = axis_title(statistic_title(statistic, views[0].unit, language), form, language)
    plot.x.title = f"{title}, {views[0].period}, k = {views[0].k}"
    keys = [
        Key(label=fitted(dimension_title(measure, name, language), 7.5, 200), patch=_part_look(i, style))
        for i, name in enumerate(parts)
    ]
    return laid_out([[plot]], width=style.width, keys=[*keys, *standings_key(points, language)])


def _part_look(place: int, style: Style) -> Look:
    """How the bars of a dimension look."""
    hatch = HATCHES[place % len(HATCHES)]
    return Look(fill=style.light[place % len(style.light)], stroke=INK, width=0.5, hatch=hatch)


def _stack(
    plot: Plot,
    codes: Sequence[str | None],
    bars: Mapping[str | None, Figure],
    parts: Sequence[Mapping[str | None, Figure]],
    style: Style,
) -> None:
    """The bars of rows with a number, one dimension after another, each from where the one before it ends."""
    starts = dict.fromkeys(codes, 0.0)
    for i, own in enumerate(parts):
        look = _part_look(i, style)
        for place, code in enumerate(codes):
            if bars[code].known:
                length = own.get(code, NO_FIGURE).value or 0.0
                plot.rect(starts[code], place - 0.33, length, 0.66, look, gid="bar", order=1 + i / 100)
                starts[code] += length


def _contributed(total: Figure, parts: Sequence[Figure]) -> Figure:
    """The total of a bar; without a number where a part of it has none."""
    lost = next((point for point in [total, *parts] if not point.known), None)
    return total if lost is None else Figure(standing=lost.standing)


@checked
def indicator_heatmap(
    figures: Publishable,
    measure: Measure,
    *,
    domain: str,
    breaks: Sequence[float] | None = None,
    statistic: Literal["censored_headcount", "uncensored_headcount"] = "censored_headcount",
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """Headcounts of domains (rows, the highest M0 first) by indicator (columns), in classes of their own.

    Parameters
    ----------
    breaks : sequence of float, optional
        Proportions, ascending; the first class is closed, the others hold lower < x <= upper. Natural breaks
        (Fisher-Jenks) of all the figures if left out.
    """
    own = view(figures, domain=domain, where=where, period=period, k=k, unit=unit)
    rows = [code for code, _ in ranking(own.points("M0"))]
    check_rows(len(rows))
    indicators = [one.name for one in measure.indicators]
    check_rows(len(indicators), MOST_COLUMNS)
    everything = [point for name in indicators for point in own.points(statistic, indicator=name).values()]
    need_figures(everything, zeros=False)
    edges = _natural(everything, statistic) if breaks is None else np.asarray(breaks, np.float64)
    if len(edges) < 2 or not (np.diff(edges) > 0).all():  # noqa: PLR2004  a class has two ends
        raise UsageError(
            Fault("MPI-U111", None, phrase("breaks are two proportions or more, ascending"), phrase("give (0, 0.5, 1)"))
        )
    colours = style.shades(len(edges) - 1)
    plot = of_rows([named(names, code, language) for code in rows], row=12.6)
    plot.y.grid, plot.x.line, plot.x.far = None, False, True
    plot.x.limit(-0.5, len(indicators) - 0.5)
    plot.x.ticks = [
        (place, fitted(indicator_title(measure, name, language), 7.5, HEAD_ROOM))
        for place, name in enumerate(indicators)
    ]
    found: list[Figure] = []
    decimal = int(
        (style.width - max(text_width(label, 7.5) for _, label in plot.y.ticks)) / len(indicators) > WIDE_CELL
    )
    for column, indicator in enumerate(indicators):
        points = own.points(statistic, indicator=indicator)
        for place, code in enumerate(rows):
            point = points.get(code, NO_FIGURE)
            found.append(point)
            _cell(plot, column, place, point, edges=edges, colours=colours, language=language, digits=decimal)
    title = axis_title(statistic_title(statistic, own.unit, language), "percent", language)
    plot.x.title = f"{title}, {own.period}" + (f", k = {own.k}" if by_cutoff(statistic) else "")
    digits = 0 if np.allclose(edges * 100, np.rint(edges * 100)) else 1
    keys = [
        Key(
            label=NOTHING.join(number(100 * edge, language, digits) for edge in (low, high))
            + catalogue(language).percent,
            patch=Look(fill=colour, stroke=GREY, width=0.4),
        )
        for colour, low, high in zip(colours, edges[:-1], edges[1:], strict=True)
    ]
    return laid_out([[plot]], width=style.width, keys=[*keys, *standings_key(found, language, gaps=True)])


def _natural(points: Sequence[Figure], statistic: str) -> Floats:
    """The breaks of classes that differ least inside."""
    values = np.array([[np.nan if point.value is None else point.value for point in points]])
    return breaks_for(values, statistic, "percent", scheme="fisher_jenks")[1]


def _cell(
    plot: Plot,
    column: int,
    place: int,
    point: Figure,
    *,
    edges: Floats,
    colours: Sequence[str],
    language: Language,
    digits: int,
) -> None:
    """A coloured square with its number, or with what stands instead of it."""
    corner = (column - 0.5, place - 0.5)
    if point.value is None:
        plot.rect(*corner, 1, 1, gap_look(point.standing), gid="empty")
        return
    place_of_class = int(class_of(np.array([point.value]), edges)[0])
    look = Look(fill=colours[place_of_class], stroke=PAPER, width=0.4)
    # Cells of one class are painted together.
    plot.rect(*corner, 1, 1, look, gid=f"class-{place_of_class}", order=1 + place_of_class / 100)
    text = figure(point.value, "percent", language, digits)
    text = {"caution": f"{text}*", "review": f"[{text}]"}.get(point.standing, text)
    ink = Style.ink_on(colours, place_of_class)
    plot.text(column, place, text, size=CELL_SIZE, anchor="middle", ink=ink, inside=True, gid="figure")
