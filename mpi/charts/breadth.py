"""Incidence against intensity: how many are poor, and how much the poor lack."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mpi.charts.domains import FEWEST_ROWS, check_rows
from mpi.charts.marks import Mark, axis_title, interval_key, keys_of, mark_key, named, need_figures, standings_key
from mpi.charts.reading import view
from mpi.claims.numbers import some_of
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.naming import SIZE, named_marks
from mpi.drawing.palette import DOTTED, GREY
from mpi.drawing.plot import Plot
from mpi.drawing.scene import Box, Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.ticks import round_values
from mpi.drawing.widths import text_width, wrapped
from mpi.language import translated
from mpi.vocabulary.wording import UNITS, Language, number, statistic_title

MOST_LISTED = 12
UNNAMED = translated("On the chart without their name: {names}")
UNPLACED = {"hidden": translated("Not shown: {names}"), "undefined": translated("Without a figure: {names}")}
SMALLEST, LARGER = 3.0, 12.0  # points: a mark of nobody, and how much larger that of most poor is
MANY_TIMES = 6  # of the least H: from there on, equal ways are equal ratios
HEIGHT = 300.0  # points
AREA = translated("area: number of poor {unit}")
RATIOS = translated("logarithmic scale")
SAME = translated("lines of equal M0")
BESIDE = 45.0  # points: nearly what labels take beside the plot, to see which names have room


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
    style: Style = HOUSE,
) -> Drawing:
    """Incidence against intensity by domain, on lines of equal M0; the area of a mark is the number of poor.

    Parameters as `ranked`. Domains without both figures are listed below the axes. Names that have
    no room beside their mark have a line to it; those that have none at all are listed below the axes.
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
    most = max(counts.values(), default=0.0) or 1.0
    groups = [
        _Placed(named(names, code, language), incidence[code], intensity[code], SMALLEST + LARGER * (n / most) ** 0.5)
        for code, n in counts.items()
    ]
    plot = Plot(HEIGHT)
    _frame(plot, groups)
    plot.x.numbers("percent", language)
    plot.y.numbers("percent", language)
    _equal_lines(plot, language, style)
    _marks(plot, groups, style)
    unnamed = _names(plot, groups, style.width - BESIDE)
    title = axis_title(statistic_title("H", own.unit, language), "percent", language)
    scale = f", {RATIOS[language]}" if plot.x.log else ""
    plot.x.title = f"{title}, {own.period}, k = {own.k}{scale}"
    plot.y.title = axis_title(statistic_title("A", own.unit, language), "percent", language)
    lost = [(named(names, code, language), point) for code, point in incidence.items() if code not in both]
    if unnamed:
        plot.x.title += "\n" + UNNAMED[language].format(names=some_of(unnamed, MOST_LISTED).to(language))
    plot.x.title += "".join(f"\n{line}" for line in _unplaced(lost, language))
    keys = [
        mark_key(Mark(style.series[0], size=6), AREA[language].format(unit=UNITS[own.unit][language])),
        Key(label=SAME[language], line=Look(stroke=GREY, width=0.8, dash=DOTTED)),
        interval_key(level, language),
    ]
    points = [point for code in incidence for point in (incidence[code], intensity.get(code, NO_FIGURE))]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], [*keys, *standings_key(points, language)]))


def _unplaced(lost: Sequence[tuple[str, Figure]], language: Language) -> Iterator[str]:
    """Who has no place on the axes, and why."""
    for standing, text in UNPLACED.items():
        names = [name for name, point in lost if (point.standing == "undefined") == (standing == "undefined")]
        if names:
            yield text[language].format(names=some_of(names, MOST_LISTED).to(language))


def _lost(incidence: Figure, intensity: Figure | None) -> str:
    """Why a group has not both figures."""
    return "hidden" if "hidden" in (incidence.standing, (intensity or NO_FIGURE).standing) else "undefined"


def _frame(plot: Plot, groups: list[_Placed]) -> None:
    """Limits: H from 0, or of equal ratios where groups differ many times; A from the five per cent below the least."""
    right = max((one.incidence.high or one.incidence.value or 0.0 for one in groups), default=1.0)
    least = min((one.incidence.low or 0.0 for one in groups), default=0.0)
    plot.x.log = least > 0 and right > MANY_TIMES * least
    low = min((one.intensity.low or one.intensity.value or 0.0 for one in groups), default=0.0)
    top = max((one.intensity.high or one.intensity.value or 1.0 for one in groups), default=1.0)
    plot.x.limit(0.9 * least if plot.x.log else 0.0, min(1.0, right * 1.12) or 1.0)
    bottom, top = math.floor(low * 20) / 20, min(1.0, math.ceil(top * 20) / 20)
    plot.y.limit(bottom if bottom < top else top - 0.05, top)


def _equal_lines(plot: Plot, language: Language, style: Style) -> None:
    """Curves of equal M0 = H A, each with its value at the upper or right edge."""
    right, bottom, top = plot.x.high, plot.y.low, plot.y.high
    last = -math.inf  # where the label before is, which a narrow drawing keeps apart from the next
    for value in round_values(0, right * top, most=7, steps=(1, 2, 5, 10))[1:]:
        a = np.linspace(max(bottom, top / 100), top, 60)  # at A = 0 there is no H
        h = value / a
        inside = (h <= right) & (h >= plot.x.low)
        if not inside.any():
            continue
        plot.line(h[inside], a[inside], Look(stroke=GREY, width=0.7, dash=DOTTED), gid="equal-M0", order=0)
        text = f"M0 {number(value, language, 2 if 100 * value >= 1 else 3)}"
        at, size = float(h[inside][-1]), style.size(6.5)
        across = plot.x.share(at) * (style.width - BESIDE)
        if style.narrow and across - last < text_width(text, size) + 8:
            continue
        last = across
        plot.text(at, float(a[inside][-1]), text, size=size, down=-3, anchor="middle", level="bottom", ink=GREY,
                  gid="equal-M0-label")  # fmt: skip


def _marks(plot: Plot, groups: list[_Placed], style: Style) -> None:
    """Intervals of both figures, and circles on them."""
    line = Look(stroke=GREY, width=0.6, opacity=0.35)
    for one in groups:
        h, a = one.incidence, one.intensity
        if h.low is not None and h.high is not None:
            plot.line([h.low, h.high], [a.value or 0.0] * 2, line, gid="interval")
        if a.low is not None and a.high is not None:
            plot.line([h.value or 0.0] * 2, [a.low, a.high], line, gid="interval")
        worse = next((word for word in ("review", "caution") if word in (h.standing, a.standing)), "shown")
        look = replace(Mark(style.series[0]).look(worse), width=1, opacity=0.8)
        plot.marker(h.value or 0.0, a.value or 0.0, "o", one.size, look, gid="point")


def _names(plot: Plot, groups: list[_Placed], wide: float) -> list[str]:
    """Names beside their marks, or further away with a line to it, the outermost first; gives those without room."""
    unnamed = []
    ordered = sorted(groups, key=lambda group: -(group.incidence.value or 0))
    at = np.array([_on_paper(plot, one, wide) for one in ordered])
    sizes = np.array([one.size for one in ordered])
    names = [wrapped(one.name, 24) for one in ordered]
    leader = Look(stroke=GREY, width=0.4)
    for one, name in zip(ordered, named_marks(at, sizes, names, Box(0, 0, wide, plot.height)), strict=True):
        if name is None:
            unnamed.append(one.name)
            continue
        if name.line is not None:
            x, y = _in_data(plot, *name.line, wide)
            plot.line([one.incidence.value or 0.0, x], [one.intensity.value or 0.0, y], leader, gid="leader", order=2.5)
        x, y = _in_data(plot, name.box.left, (name.box.top + name.box.bottom) / 2, wide)
        plot.text(x, y, name.text, size=SIZE, gid="name")
    return unnamed


def _on_paper(plot: Plot, one: _Placed, wide: float) -> tuple[float, float]:
    """About where a mark stands, in points from the upper left corner of the plot."""
    x, y = plot.x.share(one.incidence.value or 0.0), plot.y.share(one.intensity.value or 0.0)
    return x * wide, (1 - y) * plot.height


def _in_data(plot: Plot, x: float, y: float, wide: float) -> tuple[float, float]:
    """The figures at a place on the paper."""
    return plot.x.value(x / wide), plot.y.value(1 - y / plot.height)
