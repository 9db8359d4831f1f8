"""Changes between rounds: points with the interval of the change, and the chart that shows which really changed."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.charts.domains import check_rows
from mpi.charts.marks import (
    LABEL_ROOM,
    Mark,
    around_zero,
    draw_point,
    indicator_title,
    interval_key,
    keys_of,
    mark_key,
    named,
    need_figures,
    of_rows,
    standings_key,
)
from mpi.charts.reading import words
from mpi.disclosure.figures import NO_FIGURE, Figure, read
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.palette import GREY, INK
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.errors import Fault, UsageError, joined, nearest, phrase
from mpi.errors.omissions import unmade
from mpi.language import translated
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import MINUS, NOTHING, Language, form_of, number, statistic_title

CHANGE = translated("Change in {title}")
POINTS = translated("percentage points")
VERDICTS = {
    "fall": translated("fell (interval below 0)"),
    "rise": translated("rose (interval above 0)"),
    "same": translated("no significant change"),
}
ZERO = Look(stroke=INK, width=0.8)


def change_points(
    changes: Publishable,
    statistic: str,
    *,
    domain: str | None = None,
    indicator: str | None = None,
    k: str | None = None,
    unit: str | None = None,
    periods: tuple[str, str] | None = None,
) -> dict[str | None, Figure]:
    """Absolute changes of a statistic by code, or of the total under None."""
    if domain is not None and domain not in changes.domains:
        has = (
            phrase("they have {names}", names=joined(changes.domains, ", "))
            if changes.domains
            else phrase("calculate the changes by it: by=...")
        )
        remedy = nearest(domain, changes.domains) or has
        raise UsageError(
            Fault("MPI-E002", None, phrase("the changes have no domain {domain!r}", domain=domain), remedy)
        )
    if not words(changes, "period"):
        raise unmade("absent")
    found = read(changes).groups(
        statistic,
        () if domain is None else (domain,),
        period=periods or words(changes, "period")[-1],
        unit=unit or words(changes, "unit")[0],
        k=k or words(changes, "k")[0],
        indicator=indicator,
    )
    return {codes[0] if codes else None: figure for codes, figure in found.items()}


def verdict(change: Figure) -> str:
    """`fall` or `rise` where the interval of a change leaves out 0, else `same`."""
    if change.high is not None and change.high < 0:
        return "fall"
    return "rise" if change.low is not None and change.low > 0 else "same"


def _verdict_marks(style: Style) -> dict[str, Mark]:
    fall, rise = style.series[:2]
    return {"fall": Mark(fall, "<", 6), "rise": Mark(rise, ">", 6), "same": Mark(GREY, "o", 4.5)}


def signed(value: float, statistic: str, language: Language) -> str:
    """A change with its sign, in percentage points of a share."""
    scale, digits = {"percent": (100, 1), "index": (1, 3), "number": (1, 0)}[form_of(statistic)]
    text = number(value * scale, language, digits)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


@checked
def changes_forest(
    changes: Publishable,
    *,
    statistic: str = "H",
    domain: str | None = None,
    measure: Measure | None = None,
    names: Mapping[str, str] | None = None,
    periods: tuple[str, str] | None = None,
    k: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """Absolute changes with the interval of the change: of the total and a domain's codes, or of all indicators.

    A triangle points where a figure moved if the interval leaves out 0; a dot stands for no significant change. As in
    all charts hollow marks are not reliable.

    Parameters
    ----------
    periods : tuple of str and str, optional
        Two rounds that there are changes between; the first and the last if left out.
    measure : Measure, optional
        With a statistic of indicators: rows are its indicators instead of domains.
    """
    if measure is not None:
        found = {
            one.name: change_points(changes, statistic, indicator=one.name, k=k, unit=unit, periods=periods).get(
                None, NO_FIGURE
            )
            for one in measure.indicators
        }
        rows = sorted(found.items(), key=lambda one: (one[1].value is None, one[1].value or 0.0))
        labelled = [(indicator_title(measure, name, language), point) for name, point in rows]
    else:
        total = change_points(changes, statistic, k=k, unit=unit, periods=periods)
        own = change_points(changes, statistic, domain=domain, k=k, unit=unit, periods=periods) if domain else {}
        ordered = sorted(own.items(), key=lambda one: (one[1].value is None, one[1].value or 0.0))
        labelled = [(named(names, code, language), point) for code, point in [*total.items(), *ordered]]
    if not labelled:
        raise unmade("absent", code="MPI-P001", remedy=phrase("estimate the changes of two rounds first"))
    need_figures([point for _, point in labelled])
    if measure is None:  # of a measure's indicators there is no end to be feared
        check_rows(len(labelled))
        need_figures(own.values() if domain else total.values())
    plot = of_rows([label for label, _ in labelled], room=style.room(LABEL_ROOM))
    plot.rule(0, ZERO)
    marks = _verdict_marks(style)
    for place, (_, point) in enumerate(labelled):
        draw_point(plot, place, point, marks[verdict(point)], language=language)
    around_zero(plot.x, [point for _, point in labelled])
    form = form_of(statistic)
    plot.x.numbers(form, language, signed=True)
    unit = unit or words(changes, "unit")[0]
    title = statistic_title(statistic, unit, language)
    title = CHANGE[language].format(title=title[:1].lower() + title[1:])
    first, last = periods or words(changes, "period")[-1]
    plot.x.title = (
        f"{title}{f' ({POINTS[language]})' if form == 'percent' else ''}, {first}{NOTHING}{last}, "
        f"k = {k or words(changes, 'k')[0]}"
    )
    met = {verdict(point) for _, point in labelled if point.known}
    key = [mark_key(mark, VERDICTS[name][language]) for name, mark in marks.items() if name in met]
    key += [interval_key(level, language), *standings_key([point for _, point in labelled], language)]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], key))
