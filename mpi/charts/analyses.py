"""Charts of analyses: shares that add up as bars, one for each group; all else as points with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.charts.domains import MOST_ROWS
from mpi.charts.marks import (
    Mark,
    around_zero,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    keys_of,
    need_figures,
    of_rows,
    standings_key,
    with_ends,
    written,
)
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, HATCHES, INK, PAPER
from mpi.drawing.plot import EDGE, Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted, text_width
from mpi.publication.analyses import Line, Shown, like, named
from mpi.publication.analysis_views import View
from mpi.vocabulary.wording import form_of

ROOM = 190.0  # points, of a label of a row
FIGURE_ROOM = 84.0  # points, of a figure with its interval
BAR, TAG_HEIGHT = 0.66, 0.5  # of a row: a bar, and the ground of the number on it, so that hatches do not cross it
TAG = 4.0  # points, how much wider that is than the number
FEWEST = 2  # points, or groups, to compare
LINE = 15.5  # points, of a row with a bar


@checked
def analysis_chart(analysis: Shown, *, style: Style = HOUSE) -> Drawing:
    """The first figures of an analysis: of parts of a whole bars of all units and of groups, else points by row.

    Parameters
    ----------
    analysis : Shown

    Raises
    ------
    UnmadeError
        If nothing is shown.
    """
    view = analysis.views[0]
    return _bars(analysis, view, style) if view.parts else _points(analysis, view, style)


def _points(analysis: Shown, view: View, style: Style) -> Drawing:
    edition, first = analysis.edition, view.figures[0]
    lines = analysis.lines(view)[:MOST_ROWS]
    points = [line.figures.get(first, NO_FIGURE) for line in lines]
    need_figures(points, least=FEWEST, zeros=False)
    plot = of_rows([line.name(view) for line in lines], room=style.room(ROOM))
    for place, point in enumerate(points):
        draw_point(plot, place, point, Mark(style.series[0]), marked=False, language=edition.language)
        short = style.narrow or form_of(like(first)) == "number"
        told = (written if short else with_ends)(point, like(first), edition.language)
        plot.text(EDGE, place, told, size=7, across=style.room(FIGURE_ROOM, 0.13), anchor="end", gid="figure")
    signed = any((end or 0.0) < 0 for point in points for end in (point.value, point.low))
    if signed:  # changes: from 0 alone the points would lie beside the plot
        around_zero(plot.x, points)
        plot.rule(0, Look(stroke=INK, width=0.8), gid="zero")
    else:
        from_zero(plot.x, points)
    form = form_of(like(first))
    plot.x.numbers(form, edition.language, signed=signed)
    plot.x.title = f"{axis_title(named(first, edition.language), form, edition.language)}, {analysis.when}"
    keys = [interval_key(edition.level, edition.language), *standings_key(points, edition.language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


def _bars(analysis: Shown, view: View, style: Style) -> Drawing:
    edition, first = analysis.edition, view.figures[0]
    whole = analysis.lines(view)
    rows = [("", whole), *_groups(analysis, view)]
    found = [[_of(line, lines, first) for line in whole] for _, lines in rows]
    need_figures(found[0], zeros=False)
    total = edition.titled(edition.publication.study.total, "")
    plot = of_rows([label or total for label, _ in rows], room=style.room(ROOM), row=LINE)
    plot.y.grid = None
    for place, points in enumerate(found):
        _stack(plot, place, points, analysis, style)
    plot.x.limit(0, 1)
    plot.x.numbers("percent", edition.language)
    plot.x.title = f"{axis_title(named(first, edition.language), 'percent', edition.language)}, {edition.period}"
    keys = [Key(label=fitted(" ".join(line.names), 7.5, 200), patch=_look(i, style)) for i, line in enumerate(whole)]
    shown = [point for points in found for point in points]
    return laid_out([[plot]], width=style.width, keys=[*keys, *standings_key(shown, edition.language)])


def _groups(analysis: Shown, view: View) -> list[tuple[str, Sequence[Line]]]:
    """The groups of the first domain that has room, those with the largest last parts first."""
    own: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for codes in analysis.groups():
        if codes:
            own.setdefault(tuple(codes), []).append(codes)
    fitting = [groups for groups in own.values() if FEWEST <= len(groups) < MOST_ROWS]
    if not fitting:
        return []
    groups = max(fitting, key=len)
    made = [(_name(analysis, codes), analysis.lines(view, codes)) for codes in groups]
    first = view.figures[0]
    out = analysis.lines(view)[0]  # the share of those outside all other parts

    def inside(row: tuple[str, Sequence[Line]]) -> tuple[bool, float, str]:
        point = _of(out, row[1], first)
        return point.value is None, point.value or 0.0, row[0]

    return sorted(made, key=inside)


def _name(analysis: Shown, codes: Mapping[str, str]) -> str:
    return " \u00d7 ".join(analysis.edition.name(domain, code) for domain, code in codes.items())


def _of(line: Line, lines: Sequence[Line], figure: str) -> Figure:
    """The figure of the row that has the names of another."""
    return next((one.figures.get(figure, NO_FIGURE) for one in lines if one.names == line.names), NO_FIGURE)


def _look(place: int, style: Style) -> Look:
    hatch = HATCHES[place % len(HATCHES)]
    return Look(fill=style.light[place % len(style.light)], stroke=INK, width=0.5, hatch=hatch)


def _stack(plot: Plot, place: int, points: Sequence[Figure], analysis: Shown, style: Style) -> None:
    """The bar of a row, with the shares that have room in it; words in its place where a part has no number."""
    lost = next((point for point in points if point.value is None), None)
    if lost is not None:
        draw_point(plot, place, Figure(standing=lost.standing), Mark(GREY), language=analysis.edition.language)
        return
    start = 0.0
    for i, point in enumerate(points):
        length = point.value or 0.0
        plot.rect(start, place - BAR / 2, length, BAR, _look(i, style), gid="bar", order=1 + i / 100)
        told = written(point, "H", analysis.edition.language)
        room = (text_width(told, 7) + TAG) / (style.width - style.room(ROOM))  # of the axis, about
        if length > room:
            plot.rect(start + (length - room) / 2, place - TAG_HEIGHT / 2, room, TAG_HEIGHT, Look(fill=PAPER), order=2)
            plot.text(start + length / 2, place, told, size=7, anchor="middle", gid="figure")
        start += length
