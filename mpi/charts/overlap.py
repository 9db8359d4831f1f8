"""Pictures of sets of dimensions that are deprived at once: exact combinations as bars over a matrix of dots (UpSet).

Lex, Gehlenborg, Strobelt, Vuillemot and Pfister (2014), UpSet, IEEE Transactions on Visualization 20 (12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.charts.marks import (
    LABEL_ROOM,
    STROKE,
    dimension_title,
    from_zero,
    interval_key,
    keys_of,
    need_figures,
    of_rows,
    standings_key,
    written,
)
from mpi.charts.spread import BARS_HEIGHT, LINE, MOST_NARROW, dots
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import MARGIN, laid_out
from mpi.drawing.palette import INK
from mpi.drawing.plot import Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import text_width
from mpi.errors.omissions import unmade
from mpi.language import Language, Phrase, joined, number_phrase, phrase, translated
from mpi.publication.analyses import JOIN, Shown
from mpi.vocabulary.wording import MARK_MEANINGS

MOST = 15  # sets whose figures can be read side by side
HEIGHT = 1.5 * BARS_HEIGHT  # points, of the bars
NUMBER, BESIDE = 7.0, 2.0  # points, of a number on a bar, and between two of them
BAR = 0.3  # half the width of a bar, of a column
PERCENT = {"persons": translated("% of persons"), "households": translated("% of households")}
Sets = Mapping[tuple[str, ...], Figure]


def exact_sets(analysis: Shown) -> Sets:
    """The share of all units that are deprived in these dimensions and no others, by the names of the dimensions."""
    return {
        tuple(one.keys["sets"].split(JOIN)): one.figure
        for one in analysis.entries
        if one.name == "exactly_these" and not one.codes
    }


@checked
def overlap_sets(analysis: Shown, *, style: Style = HOUSE) -> Drawing:
    """An UpSet picture: the share of each exact combination of dimensions, and below it which ones it consists of.

    The largest shares come first. A combination that has no figure is named below in words, since a bar of no length
    would look like 0.

    Parameters
    ----------
    analysis : Shown
        Of `overlap`, with five dimensions or fewer.

    Raises
    ------
    UnmadeError
        If there are no combinations, or none is shown.
    """
    own, edition = exact_sets(analysis), analysis.edition
    if not own:
        raise unmade("absent")
    need_figures(own.values(), least=2, zeros=False)
    ordered = sorted(own, key=lambda names: (-(own[names].value or 0.0), len(names)))
    known = [names for names in ordered if own[names].value is not None]
    drawn = known[: _fitting([own[names] for names in known], edition.language, style)]
    points = [own[names] for names in drawn]
    measure, language = edition.publication.measure, edition.language
    met = [one.name for one in measure.dimensions if any(one.name in names for names in own)]
    titles = {name: dimension_title(measure, name, language) for name in met}
    matrix = of_rows(list(titles.values()), room=style.room(LABEL_ROOM), row=LINE)
    matrix.y.grid, matrix.x.line = None, False
    dots(matrix, met, [set(names) for names in drawn], style)
    bars = _bars(points, analysis, style)
    for plot in (bars, matrix):
        plot.x.limit(-0.6, max(len(drawn), 1) - 0.4)
    keys = [interval_key(edition.level, language, INK), *standings_key(points, language)]
    said = [*_further(len(known) - len(drawn)), *without_figure(own, titles, language)]
    note = "\n".join(edition.say(one) for one in said)
    return laid_out([[bars], [matrix]], width=style.width, keys=keys_of([bars], keys), note=note)


def _fitting(points: Sequence[Figure], language: Language, style: Style) -> int:
    """How many bars have room for their numbers, the first of them."""
    room = style.width - style.room(LABEL_ROOM) - 2 * MARGIN
    widths = [text_width(written(point, "H", language), NUMBER) + BESIDE for point in points]
    most = min(len(points), MOST_NARROW if style.narrow else MOST)
    return next((count for count in range(most, 1, -1) if max(widths[:count]) * (count + 0.2) <= room), 1)


def _bars(points: Sequence[Figure], analysis: Shown, style: Style) -> Plot:
    """Bars with their intervals, and above each what it says."""
    edition, plot = analysis.edition, Plot(HEIGHT)
    from_zero(plot.y, points)
    plot.y.limit(0, plot.y.high * 1.08)  # room for a number
    plot.y.numbers("percent", edition.language)
    plot.y.title = PERCENT[edition.unit][edition.language]
    for place, point in enumerate(points):
        value = point.value or 0.0
        plot.rect(place - BAR, 0, 2 * BAR, value, Look(fill=style.light[0]), gid="bar")
        if point.low is not None and point.high is not None:
            plot.line([place, place], [point.low, point.high], Look(stroke=INK, width=STROKE), gid="interval")
        top = max(value, point.high or 0.0)
        told = written(point, "H", edition.language)
        plot.text(place, top, told, size=NUMBER, down=-2, anchor="middle", level="bottom", gid="figure")
    return plot


def _further(count: int) -> list[Phrase]:
    """How many combinations have no room."""
    if not count:
        return []
    return [
        number_phrase(
            count,
            "One further combination, with a smaller share, is in the table of results.",
            "{number} further combinations, with smaller shares, are in the table of results.",
        )
    ]


def without_figure(own: Sets, titles: Mapping[str, str], language: Language) -> list[Phrase]:
    """The combinations that have no figure, and why."""
    found = []
    for standing in dict.fromkeys(one.standing for one in own.values() if one.value is None):
        sets = [JOIN.join(titles[name] for name in names) for names in own if own[names].standing == standing]
        found.append(
            phrase("{meaning}: {sets}", meaning=MARK_MEANINGS[standing][language].capitalize(), sets=joined(sets, "; "))
        )
    return found
