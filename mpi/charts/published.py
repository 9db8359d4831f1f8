"""The estimates of a publication beside published series: each its own line, none over a break of the series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mpi.changes.rounds import decimal_year
from mpi.charts.chart import Subject
from mpi.charts.marks import (
    GRID,
    Mark,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    keys_of,
    mark_key,
    need_figures,
    standings_key,
)
from mpi.charts.rounds import CUT, HEIGHT, break_notes, check_lines, cut_at, draw_run, runs_of
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.palette import DASHES, MARKERS
from mpi.drawing.plot import Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors.omissions import unmade
from mpi.language import joined, phrase
from mpi.publication.official import breaks_of, name_of, own_points, published_points
from mpi.vocabulary.options import Unit
from mpi.vocabulary.wording import Language, form_of, statistic_title

ROOM = 420.0  # points, of a name in the legend


class Line(NamedTuple):
    """A series of a chart: its name, its figures by period, and where they were published, if they were."""

    name: str
    points: Mapping[str, Figure]
    source: str = ""


@checked
def published_series(
    lines: Sequence[Line],
    *,
    statistic: str = "H",
    unit: Unit = "persons",
    breaks: Mapping[str, str] | None = None,
    level: float = 0.95,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """A statistic of all units by period: the estimates first, then each published series.

    Parameters
    ----------
    lines : sequence of Line
    breaks : mapping of str to str, optional
        Periods from which on figures are not comparable with earlier ones, and why.

    Raises
    ------
    UnmadeError
        If there are fewer than two periods.
    """
    periods = sorted(
        {period for line in lines for period in line.points}, key=lambda one: (decimal_year(one) or 0.0, one)
    )
    everything = [point for line in lines for point in line.points.values()]
    need_figures(everything)
    if len(periods) < 2:  # noqa: PLR2004  a line has two ends
        raise unmade("round")
    years = [decimal_year(period) for period in periods]
    at = [float(i) for i in range(len(periods))] if None in years else [year for year in years if year is not None]
    plot = Plot(HEIGHT)
    margin = 0.05 * ((max(at) - min(at)) or 1.0)
    plot.x.limit(min(at) - margin, max(at) + margin)
    step = 1 + len(periods) // (6 if style.narrow else 12)
    plot.x.ticks = list(zip(at, periods, strict=True))[::-step][::-1]
    from_zero(plot.y, everything)
    told = breaks or {}
    cuts = [cut_at(period, periods, at) for period in told]
    keys = []
    for i, line in enumerate(lines):
        mark, look = Mark(style.series[i], MARKERS[i]), Look(stroke=style.series[i], width=1.4, dash=DASHES[i])
        points = [line.points.get(period, NO_FIGURE) for period in periods]
        for x, period, point in zip(at, periods, points, strict=True):
            if period in line.points:
                draw_point(plot, x, point, mark, upright=True, language=language)
        for run in runs_of(at, points, cuts):
            draw_run(plot, [at[j] for j in run], [points[j] for j in run], look)
        keys.append(mark_key(mark, fitted(line.name, 7.5, style.room(ROOM)), line=look))
    for cut in cuts:
        if cut is not None:
            plot.rule(cut, CUT, gid="break")
    form = form_of(statistic)
    plot.y.numbers(form, language)
    plot.y.grid = GRID
    plot.title = axis_title(statistic_title(statistic, unit, language), form, language)
    keys += [interval_key(level, language), *standings_key(everything, language)]
    sources = joined(dict.fromkeys(line.source for line in lines if line.source), "; ")
    notes = [*break_notes(told, cuts, language)]
    notes += [phrase("Published series: {sources}", sources=sources).to(language)] if str(sources) else []
    note = "\n".join(notes)
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys), note=note)


def published_lines(subject: Subject) -> list[Line]:
    """The estimates of H, and each published series that has it."""
    edition = subject.edition
    own = Line(edition.publication.title(edition.language), own_points(edition, "H"))
    others = [
        Line(name_of(edition, one), points, edition.titled(one.about.source))
        for one in edition.publication.official
        if (points := published_points(one, "H"))
    ]
    check_lines(1 + len(others))
    return [own, *others]


def breaks_told(subject: Subject) -> dict[str, str]:
    """The breaks of the survey and of the published series."""
    return breaks_of(subject.edition)
