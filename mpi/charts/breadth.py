"""Incidence against intensity: how many are poor, and how much the poor lack."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from mpi.charts.domains import FEWEST_ROWS, check_rows
from mpi.charts.marks import (
    Mark,
    axis_title,
    interval_key,
    keys_of,
    mark_key,
    named,
    need_figures,
    standings_key,
    written,
)
from mpi.charts.reading import view
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import DOTTED, GREY, PAPER, SERIES
from mpi.drawing.plot import Plot
from mpi.drawing.scene import WIDTH, Box, Look
from mpi.drawing.ticks import round_values
from mpi.drawing.widths import text_width, wrapped
from mpi.language import translated
from mpi.vocabulary.wording import UNITS, Language, number, statistic_title

MOST_LISTED = 12
HEIGHT = 245.0  # points
AREA = translated("area: number of poor {unit}")
SAME = translated("lines of equal M0")
NAME_SIZE, NAME_LINE = 7.0, 9.0
PLOT_WIDTH = WIDTH - 45  # points: nearly what the labels leave, to see which names have room
SIDES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0))


class _Placed(NamedTuple):
    """A group with both figures, and the diameter of its mark in points."""

    name: str
    incidence: Figure
    intensity: Figure
    size: float


@checked
def incidence_intensity(
    figures: Publishable,
    *,
    domain: str,
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
) -> Drawing:
    """Incidence against intensity by domain, on lines of equal M0; the area of a mark is the number of poor.

    Parameters as `ranked`. Domains without both figures are listed below the axes. Names that would cover another one
    are left out: the table names all.
    """
    own = view(figures, domain=domain, where=where, period=period, k=k, unit=unit)
    incidence, intensity, poor = (own.points(statistic) for statistic in ("H", "A", "poor"))
    check_rows(len(incidence))
    both = [code for code in incidence if incidence[code].known and intensity.get(code, NO_FIGURE).known]
    need_figures(
        [
            incidence[code] if code in both else Figure(standing=_lost(incidence[code], intensity.get(code)))
            for code in incidence
        ],
        least=FEWEST_ROWS,
    )
    counts = {code: poor.get(code, NO_FIGURE).value or 0.0 for code in both}
    largest = max(counts.values(), default=0.0) or 1.0
    groups = [
        _Placed(named(names, code, language), incidence[code], intensity[code], 3.9 + 16.4 * (n / largest) ** 0.5)
        for code, n in counts.items()
    ]
    plot = Plot(HEIGHT)
    _frame(plot, groups)
    plot.x.numbers("percent", language)
    plot.y.numbers("percent", language)
    _equal_lines(plot, language)
    _marks(plot, groups)
    _names(plot, groups)
    title = axis_title(statistic_title("H", own.unit, language), "percent", language)
    plot.x.title = f"{title}, {own.period}, k = {own.k}"
    plot.y.title = axis_title(statistic_title("A", own.unit, language), "percent", language)
    lost = [(named(names, code, language), point) for code, point in incidence.items() if code not in both]
    if lost:
        text = "; ".join(f"{name}: {written(point, 'H', language)}" for name, point in lost[:MOST_LISTED])
        plot.x.title += f"\n{text}{' …' * (len(lost) > MOST_LISTED)}"
    keys = [
        mark_key(Mark(SERIES[0], size=6), AREA[language].format(unit=UNITS[own.unit][language])),
        Key(label=SAME[language], line=Look(stroke=GREY, width=0.8, dash=DOTTED)),
        interval_key(level, language),
    ]
    points = [point for code in incidence for point in (incidence[code], intensity.get(code, NO_FIGURE))]
    return laid_out([[plot]], keys=keys_of([plot], [*keys, *standings_key(points, language)]))


def _lost(incidence: Figure, intensity: Figure | None) -> str:
    """Why a group has not both figures."""
    return "hidden" if "hidden" in (incidence.standing, (intensity or NO_FIGURE).standing) else "undefined"


def _frame(plot: Plot, groups: list[_Placed]) -> None:
    """Limits: H from 0; A, which is never below k, from the five per cent below the smallest."""
    right = max((one.incidence.high or one.incidence.value or 0.0 for one in groups), default=1.0)
    low = min((one.intensity.low or one.intensity.value or 0.0 for one in groups), default=0.0)
    top = max((one.intensity.high or one.intensity.value or 1.0 for one in groups), default=1.0)
    plot.x.limit(0, min(1.0, right * 1.12) or 1.0)
    bottom, top = math.floor(low * 20) / 20, min(1.0, math.ceil(top * 20) / 20)
    plot.y.limit(bottom if bottom < top else top - 0.05, top)


def _equal_lines(plot: Plot, language: Language) -> None:
    """Curves of equal M0 = H A, each with its value at the upper or right edge."""
    right, bottom, top = plot.x.high, plot.y.low, plot.y.high
    for value in round_values(0, right * top, most=7, steps=(1, 2, 5, 10))[1:]:
        a = np.linspace(max(bottom, top / 100), top, 60)  # at A = 0 there is no H
        h = value / a
        inside = h <= right
        if not inside.any():
            continue
        plot.line(h[inside], a[inside], Look(stroke=GREY, width=0.7, dash=DOTTED), gid="equal-M0", order=0)
        text = f"M0 {number(value, language, 2 if 100 * value >= 1 else 3)}"
        plot.text(float(h[inside][-1]), float(a[inside][-1]), text, size=6.5, down=-3, anchor="middle", level="bottom",
                  ink=GREY, gid="equal-M0-label")  # fmt: skip


def _marks(plot: Plot, groups: list[_Placed]) -> None:
    """Intervals of both figures, and circles on them."""
    line = Look(stroke=GREY, width=0.6, opacity=0.8)
    for one in groups:
        h, a = one.incidence, one.intensity
        if h.low is not None and h.high is not None:
            plot.line([h.low, h.high], [a.value or 0.0] * 2, line, gid="interval")
        if a.low is not None and a.high is not None:
            plot.line([h.value or 0.0] * 2, [a.low, a.high], line, gid="interval")
        shown = {h.standing, a.standing} <= {"shown", "unjudged"}
        look = Look(fill=SERIES[0] if shown else PAPER, stroke=SERIES[0], width=1, opacity=0.75 if shown else 1)
        plot.marker(h.value or 0.0, a.value or 0.0, "o", one.size, look, gid="point")


def _names(plot: Plot, groups: list[_Placed]) -> None:
    """Names beside their marks where they cover no other name or mark; the outermost go first."""
    paper = Box(0, 0, PLOT_WIDTH, plot.height)
    taken = []
    for one in groups:
        (x, y), reach = _on_paper(plot, one), one.size / 2
        taken.append(Box(x - reach, y - reach, x + reach, y + reach))
    for one in sorted(groups, key=lambda group: -(group.incidence.value or 0)):
        text = wrapped(one.name, 24)
        away = 2.5 + one.size / 2
        for (side, up), box in zip(SIDES, _rooms(plot, one, text, away), strict=True):
            inside = box.left >= 0 and box.right <= paper.right and box.top >= 0 and box.bottom <= paper.bottom
            if not inside or any(_meet(box, other) for other in taken):
                continue
            taken.append(box)
            plot.text(
                one.incidence.value or 0.0,
                one.intensity.value or 0.0,
                text,
                size=NAME_SIZE,
                across=away * side,
                down=-2 * up,
                anchor="start" if side > 0 else "end",
                level="bottom" if up > 0 else "top" if up < 0 else "middle",
                gid="name",
            )
            break


def _on_paper(plot: Plot, one: _Placed) -> tuple[float, float]:
    """About where a mark stands, in points from the upper left corner of the plot."""
    x, y = plot.x.share(one.incidence.value or 0.0), plot.y.share(one.intensity.value or 0.0)
    return x * PLOT_WIDTH, (1 - y) * plot.height


def _rooms(plot: Plot, one: _Placed, text: str, away: float) -> Iterator[Box]:
    """What a name would cover at each side of its mark."""
    x, y = _on_paper(plot, one)
    wide = max(text_width(line, NAME_SIZE) for line in text.split("\n"))
    high = (text.count("\n") + 1) * NAME_LINE
    for side, up in SIDES:
        left = x + away if side > 0 else x - away - wide
        top = y - 2 - high if up > 0 else y + 2 if up < 0 else y - high / 2
        yield Box(left, top, left + wide, top + high)


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
