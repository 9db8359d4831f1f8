"""Charts of domains side by side: ranked dots, and the sheet of one domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mpi.charts.marks import (
    LABEL_ROOM,
    Mark,
    axis_title,
    bar_key,
    draw_point,
    from_zero,
    indicator_title,
    interval_key,
    keys_of,
    mark_key,
    named,
    need_figures,
    of_rows,
    standings_key,
    written,
)
from mpi.charts.reading import view
from mpi.disclosure.figures import Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import DASHED, GREY, INK
from mpi.drawing.plot import EDGE
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import wrapped
from mpi.errors.omissions import unmade
from mpi.language import catalogue, phrase, translated
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import UNITS, Language, form_of, number, statistic_title

MOST_ROWS, FEWEST_ROWS = 60, 2
COLUMNS = (42.0, 105.0)  # points from the plot to the right ends of columns of numbers
REFERENCE = translated("Total")
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


@checked
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
    style: Style = HOUSE,
) -> Drawing:
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
    total = replace(own, domain=None).point(statistic)  # several countries have none
    form, title = form_of(statistic), statistic_title(statistic, own.unit, language)
    plot = of_rows([named(names, code, language) for code, _ in rows], room=style.room(LABEL_ROOM))
    from_zero(plot.x, [point for _, point in rows], least=total.value or 0.0)
    mark = Mark(style.series[0])
    for place, (_, point) in enumerate(rows):
        draw_point(plot, place, point, mark, beside=[] if total.value is None else [total.value], language=language)
    keys = [interval_key(level, language, style.series[0])]
    if total.value is not None:
        line = Look(stroke=style.series[1], width=1.1, dash=DASHED)
        plot.rule(total.value, line, gid="reference", order=0.5)
        sign = catalogue(language).percent if form == "percent" else ""
        keys.append(Key(label=f"{REFERENCE[language]} {written(total, statistic, language)}{sign}", line=line))
        if total.low is not None and total.high is not None:
            spread = Look(fill=style.series[1], opacity=0.15)
            plot.band([total.low, total.high], [-EDGE] * 2, [EDGE] * 2, spread, gid="reference-interval", order=0)
    plot.x.numbers(form, language)
    plot.x.title = f"{axis_title(title, form, language)}, {own.period}, k = {own.k}"
    keys += standings_key([point for _, point in rows], language)
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


@checked
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
    title: str = "",
    style: Style = HOUSE,
) -> Drawing:
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
    title : str
        Above the page.
    """
    own = view(figures, where={domain: code}, period=period, k=k, unit=unit)
    total, above = (
        view(figures, where=where, period=own.period, k=own.k, unit=own.unit)
        for where in (None, {upper[0]: upper[1]} if upper else None)
    )
    indicators = [one.name for one in measure.indicators]
    plot = of_rows([indicator_title(measure, one, language) for one in indicators])
    mark = Mark(style.series[0])
    points, references = [], []
    for place, indicator in enumerate(indicators):
        point = own.point("uncensored_headcount", indicator=indicator)
        points.append(point)
        for reference, colour, reach in ((above if upper else None, style.series[1], 0.32), (total, INK, 0.22)):
            other = reference.point("uncensored_headcount", indicator=indicator).value if reference else None
            if other is not None:
                references.append(other)
                plot.line([other] * 2, [place - reach, place + reach], Look(stroke=colour, width=1.8),
                          gid="upper" if reference is above else "total", order=1)  # fmt: skip
        draw_point(plot, place, point, mark, marked=False, language=language)
        for across, text in zip(COLUMNS, (written(point, "uncensored_headcount", language), _units(point, language)),
                                strict=True):  # fmt: skip
            plot.text(EDGE, place, text, size=7.5, across=across, anchor="end", gid="figure")
    need_figures([*points, *(Figure(value=value) for value in references)])
    heads = ("%", wrapped(DEPRIVED[language].format(unit=UNITS[own.unit][language]), 12))
    for across, text in zip(COLUMNS, heads, strict=True):
        plot.text(EDGE, EDGE, text, across=across, down=-2, anchor="end", level="bottom", ink=GREY)
    from_zero(plot.x, points, least=max(references, default=0.0))
    plot.x.numbers("percent", language)
    plot.x.title = (
        f"{axis_title(statistic_title('uncensored_headcount', own.unit, language), 'percent', language)}, {own.period}"
    )
    keys = [mark_key(mark, name or code), interval_key(level, language)]
    ticks = [(upper_name or upper[1], style.series[1])] if upper else []
    keys += [bar_key(colour, label) for label, colour in [*ticks, (REFERENCE[language], INK)]]
    keys += standings_key(points, language)
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys), head=title)


def _units(point: Figure, language: Language) -> str:
    """The number of units that a proportion stands for."""
    if point.value is None or point.population is None:
        return ""
    text = number(point.value * point.population, language)
    return f"[{text}]" if point.standing == "review" else text
