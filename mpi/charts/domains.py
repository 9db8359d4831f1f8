"""Charts of domains side by side: ranked dots, incidence against intensity, the sheet of one domain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mpi.charts.marks import (
    Mark,
    axis_title,
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
from mpi.charts.reading import view
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import GREY, INK, PAPER, SERIES, drawn, figure_of, new_axes, wrapped
from mpi.errors.omissions import unmade
from mpi.language import catalogue, phrase, translated
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import UNITS, Language, form_of, number, statistic_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS, FEWEST_ROWS = 60, 2
MOST_LISTED = 12
REFERENCE = translated("Total")
AREA = translated("area: number of poor {unit}")
SAME = translated("lines of equal M0")
DEPRIVED = translated("{unit} deprived")


def ranking(points: Mapping[str | None, Figure]) -> list[tuple[str | None, Figure]]:
    """Codes and points, the highest first; those without a number last, by code."""
    return sorted(points.items(), key=lambda one: (one[1].value is None, -(one[1].value or 0.0), one[0] or ""))


def check_rows(number_of_rows: int, most: int = MOST_ROWS) -> None:
    """Refuse a chart that nobody could read.

    Raises
    ------
    UnmadeError
    """
    if number_of_rows > most:
        remedy = phrase("narrow the figures, for instance to one upper area")
        raise unmade("many", code="MPI-P004", remedy=remedy, count=number_of_rows, most=most)


@drawn
def ranked(
    figures: Publishable,
    *,
    domain: str,
    statistic: str = "H",
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Domains from the highest figure to the lowest, with intervals and a line at the total.

    Parameters
    ----------
    figures : Publishable
    domain, statistic : str
    names : mapping of str to str, optional
        Of the codes.
    where : mapping of str to str, optional
        Codes of other domains: the line stands at their total.
    period, k, unit : str, optional
        The last period, the first cutoff and the first unit of the table if left out.
    level : float
        Of the intervals, for the legend.

    Raises
    ------
    UnmadeError
        If the figures have no such rows, or more than can be read, or no two groups have a number other than 0.
    """
    own = view(figures, domain=domain, where=where, period=period, k=k, unit=unit)
    rows = ranking(own.points(statistic))
    check_rows(len(rows))
    need_figures([point for _, point in rows], least=FEWEST_ROWS, zeros=False)
    total = view(figures, where=where, period=own.period, k=own.k, unit=own.unit).point(statistic)
    labels = [named(names, code, language) for code, _ in rows]
    form, title = form_of(statistic), statistic_title(statistic, own.unit, language)
    axes = ax or new_axes(height_of(labels))
    rows_axis(axes, labels)
    mark = Mark(SERIES[0])
    for place, (_, point) in enumerate(rows):
        draw_point(axes, place, point, mark)
    key = [*standings_key([point for _, point in rows], language)]
    if total.value is not None:
        line = axes.axvline(total.value, color=SERIES[1], linewidth=1.1, linestyle="--", zorder=1, gid="reference")
        sign = catalogue(language).percent if form == "percent" else ""
        line.set_label(f"{REFERENCE[language]} {written(total, statistic, language)}{sign}")
        key = [line, *key]
        if total.low is not None and total.high is not None:
            axes.axvspan(total.low, total.high, color=SERIES[1], alpha=0.15, linewidth=0, zorder=0)
    from_zero(axes, "x", [point for _, point in rows], least=total.value or 0.0)
    number_axis(axes, "x", form, language)
    axes.set_xlabel(f"{axis_title(title, form, language)}, {own.period}, k = {own.k}")
    put_legend(axes, [interval_key(level, language, SERIES[0]), *key], own=ax is None)
    return axes


@drawn
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
    ax: Axes | None = None,
) -> Axes:
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
    axes = ax or new_axes(4.6)
    largest = max((poor.get(code, NO_FIGURE).value or 0.0 for code in both), default=0.0) or 1.0
    area = {code: 12 + 320 * (poor.get(code, NO_FIGURE).value or 0.0) / largest for code in both}
    for code in both:
        h, a = incidence[code], intensity[code]
        for one, xs, ys in ((h, [h.low, h.high], [a.value] * 2), (a, [h.value] * 2, [a.low, a.high])):
            if one.low is not None and one.high is not None:
                axes.plot(np.array(xs), np.array(ys), color=GREY, linewidth=0.6, alpha=0.8, zorder=1, gid="interval")
        shown = {h.standing, a.standing} <= {"shown", "unjudged"}
        look: dict[str, Any] = {"facecolor": SERIES[0] if shown else PAPER, "edgecolor": SERIES[0]}
        axes.scatter(
            h.value or 0.0,
            a.value or 0.0,
            s=area[code],
            linewidth=1,
            zorder=2,
            gid="point",
            alpha=0.75 if shown else 1,
            **look,
        )
    _frame(axes, [incidence[code] for code in both], [intensity[code] for code in both])
    number_axis(axes, "x", "percent", language)
    number_axis(axes, "y", "percent", language)
    _equal_lines(axes, language)
    _names(axes, [(named(names, code, language), incidence[code], intensity[code], area[code]) for code in both])
    unit_title = UNITS[own.unit][language]
    axes.set_xlabel(
        f"{axis_title(statistic_title('H', own.unit, language), 'percent', language)}, {own.period}, k = {own.k}"
    )
    axes.set_ylabel(axis_title(statistic_title("A", own.unit, language), "percent", language))
    lost = [(named(names, code, language), point) for code, point in incidence.items() if code not in both]
    if lost:
        text = "; ".join(f"{name}: {written(point, 'H', language)}" for name, point in lost[:MOST_LISTED])
        axes.set_xlabel(f"{axes.get_xlabel()}\n{wrapped(text + ' …' * (len(lost) > MOST_LISTED), 110)}")
    from matplotlib.lines import Line2D

    circle = Mark(SERIES[0], size=6)
    key = [
        mark_key(circle, AREA[language].format(unit=unit_title), linewidth=None, linestyle="none", alpha=0.75),
        Line2D([], [], color=GREY, linestyle=":", linewidth=0.8, label=SAME[language]),
        interval_key(level, language),
    ]
    points = [point for code in incidence for point in (incidence[code], intensity.get(code, NO_FIGURE))]
    put_legend(axes, [*key, *standings_key(points, language)], own=ax is None)
    return axes


def _lost(incidence: Figure, intensity: Figure | None) -> str:
    """Why a group has not both figures."""
    return "hidden" if "hidden" in (incidence.standing, (intensity or NO_FIGURE).standing) else "undefined"


def _frame(axes: Axes, incidence: list[Figure], intensity: list[Figure]) -> None:
    """Limits: H from 0; A, which is never below k, from the ten per cent below the smallest."""
    right = max((point.high or point.value or 0.0 for point in incidence), default=1.0)
    low = min((point.low or point.value or 0.0 for point in intensity), default=0.0)
    top = max((point.high or point.value or 1.0 for point in intensity), default=1.0)
    axes.set_xlim(0, min(1.0, right * 1.12) or 1.0)
    axes.set_ylim(math.floor(low * 20) / 20, min(1.0, math.ceil(top * 20) / 20))


def _equal_lines(axes: Axes, language: Language) -> None:
    """Curves of equal M0 = H A, each with its value at the upper or right edge."""
    from matplotlib.ticker import MaxNLocator

    (_, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    middle = (bottom + top) / 2
    for value in MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(0, right * middle)[1:]:
        a = np.linspace(max(bottom, top / 100), top, 60)  # at A = 0 there is no H
        h = value / a
        inside = h <= right
        if not inside.any():
            continue
        axes.plot(h[inside], a[inside], color=GREY, linewidth=0.7, linestyle=":", zorder=0, gid="equal-M0")
        x, y = float(h[inside][-1]), float(a[inside][-1])
        axes.annotate(
            f"M0 {number(value, language, 2 if 100 * value >= 1 else 3)}",
            (x, y),
            (0, 2),
            textcoords="offset points",
            fontsize=6.5,
            color=GREY,
            ha="center",
            gid="equal-M0-label",
            annotation_clip=False,
        )


def _names(axes: Axes, marks: list[tuple[str, Figure, Figure, float]]) -> None:
    """Names beside their marks where they cover no other name or mark; the outermost go first."""
    figure = figure_of(axes)
    figure.draw_without_rendering()
    scale = figure.dpi / 72
    box = axes.get_window_extent()
    places = [axes.transData.transform((h.value or 0.0, a.value or 0.0)) for _, h, a, _ in marks]
    reach = [0.75 * (size / np.pi) ** 0.5 for *_, size in marks]
    taken = [
        (x - r * scale, y - r * scale, x + r * scale, y + r * scale) for (x, y), r in zip(places, reach, strict=True)
    ]
    for name, h, a, size in sorted(marks, key=lambda one: -(one[1].value or 0)):
        x, y = axes.transData.transform((h.value or 0.0, a.value or 0.0))
        out = 2.5 + 0.75 * (size / np.pi) ** 0.5
        text = wrapped(name, 24)
        wide = max(map(len, text.split("\n"))) * 4.3 * scale
        high = (text.count("\n") + 1) * 9 * scale
        for side, up in ((1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0)):
            left = x + out * scale if side > 0 else x - out * scale - wide
            bottom = y + (2 * scale if up > 0 else -high - 2 * scale if up < 0 else -high / 2)
            own = (left, bottom, left + wide, bottom + high)
            inside = own[0] >= box.x0 and own[2] <= box.x1 and own[1] >= box.y0 and own[3] <= box.y1
            if inside and not any(own[0] < o[2] and o[0] < own[2] and own[1] < o[3] and o[1] < own[3] for o in taken):
                taken.append(own)
                axes.annotate(
                    text,
                    (h.value or 0.0, a.value or 0.0),
                    (out * side, 2 * up),
                    textcoords="offset points",
                    fontsize=7,
                    ha="left" if side > 0 else "right",
                    zorder=4,
                    gid="name",
                    va="bottom" if up > 0 else "top" if up < 0 else "center",
                )
                break


@drawn
def sheet(
    figures: Publishable,
    measure: Measure,
    *,
    domain: str,
    code: str,
    name: str = "",
    upper: tuple[str, str] | None = None,
    upper_name: str = "",
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """One domain's page: every indicator's uncensored headcount beside that of its upper area and of the total.

    Parameters
    ----------
    figures : Publishable
    measure : Measure
    domain, code, name : str
        The domain that the sheet is of.
    upper : tuple of str and str, optional
        Domain and code of the area that it lies in.
    period, k, unit, level, language
        As in `ranked`.
    """
    own = view(figures, where={domain: code}, period=period, k=k, unit=unit)
    total, above = (
        view(figures, where=where, period=own.period, k=own.k, unit=own.unit)
        for where in (None, {upper[0]: upper[1]} if upper else None)
    )
    indicators = [one.name for one in measure.indicators]
    labels = [indicator_title(measure, one, language) for one in indicators]
    axes = ax or new_axes(height_of(labels, extra=1.0))
    rows_axis(axes, labels)
    mark = Mark(SERIES[0])
    points, references = [], []
    right = axes.get_yaxis_transform()
    for place, indicator in enumerate(indicators):
        point = own.point("uncensored_headcount", indicator=indicator)
        points.append(point)
        for reference, colour, reach in ((above if upper else None, SERIES[1], 0.32), (total, INK, 0.22)):
            other = reference.point("uncensored_headcount", indicator=indicator).value if reference else None
            if other is not None:
                references.append(other)
                axes.plot(
                    [other] * 2,
                    [place - reach, place + reach],
                    color=colour,
                    linewidth=1.8,
                    zorder=1,
                    gid="upper" if reference is above else "total",
                )
        draw_point(axes, place, point, mark, marked=False)
        for x, text in ((42, written(point, "uncensored_headcount", language)), (105, _units(point, language))):
            axes.annotate(
                text,
                (1, place),
                (x, 0),
                xycoords=right,
                textcoords="offset points",
                fontsize=7.5,
                ha="right",
                va="center_baseline",
                gid="figure",
            )
    need_figures([*points, *(Figure(value=value) for value in references)])
    for x, text in ((42, "%"), (105, wrapped(DEPRIVED[language].format(unit=UNITS[own.unit][language]), 12))):
        axes.annotate(
            text,
            (1, 1),
            (x, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=7,
            ha="right",
            va="bottom",
            color=GREY,
        )
    from_zero(axes, "x", points, least=max(references, default=0.0))
    number_axis(axes, "x", "percent", language)
    axes.set_xlabel(
        f"{axis_title(statistic_title('uncensored_headcount', own.unit, language), 'percent', language)}, {own.period}"
    )
    key = series_key({name or code: mark}, level, language)
    ticks = [(upper_name or upper[1], SERIES[1])] if upper else []
    key += [
        mark_key(Mark(colour, "|", 8), label, markeredgewidth=1.8)
        for label, colour in [*ticks, (REFERENCE[language], INK)]
    ]
    put_legend(axes, [*key, *standings_key(points, language)], own=ax is None)
    return axes


def _units(point: Figure, language: Language) -> str:
    """The number of units that a proportion stands for."""
    if point.value is None or point.population is None:
        return ""
    text = number(point.value * point.population, language)
    return f"[{text}]" if point.standing == "review" else text
