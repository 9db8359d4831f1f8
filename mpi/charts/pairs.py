"""A heat table of two deprivations that come together: redundancy R0 of each pair of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from mpi.charts.indicators import CELL_SIZE, HEAD_ROOM
from mpi.charts.marks import LABEL_ROOM, gap_look, indicator_title, need_figures, of_rows, standings_key
from mpi.charts.spread import MOST_PAIRED, REDUNDANT
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import MARGIN, laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, INK, PAPER
from mpi.drawing.plot import TICK_SIZE, Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted, text_width
from mpi.errors.omissions import unmade
from mpi.publication.analyses import Shown
from mpi.vocabulary.wording import MARKS, NOTHING, Language, number

CLASSES = 5  # of R0, each a fifth
ROW = 16.0  # points
BORDER = Look(stroke=INK, width=0.9)  # between dimensions
Pairs = Mapping[tuple[str, str], Figure]


def redundant_pairs(analysis: Shown) -> Pairs:
    """R0 of each two indicators, of all units, deprivations not censored."""
    return {
        (one.keys["first"], one.keys["second"]): one.figure
        for one in analysis.entries
        if one.name == "R0" and not one.codes and (one.keys["level"], one.keys["censored"]) == ("indicator", "no")
    }


@checked
def redundancy_table(analysis: Shown, *, style: Style = HOUSE) -> Drawing:
    """The redundancy R0 of each two indicators as a coloured cell with its number, lines between dimensions.

    Each pair is there twice, so that a row has all pairs of its indicator. The diagonal is empty. A number that has no
    room in its cell is left out; its mark of doubt is not.

    Parameters
    ----------
    analysis : Shown
        Of `redundancy`.

    Raises
    ------
    UnmadeError
        If none is shown, or there are more indicators than can be read.
    """
    own, measure, language = redundant_pairs(analysis), analysis.edition.publication.measure, analysis.edition.language
    indicators = [one for one in measure.indicators if any(one.name in pair for pair in own)]
    if not own:
        raise unmade("absent")
    if len(indicators) > MOST_PAIRED:
        raise unmade("many", count=len(indicators), most=MOST_PAIRED)
    need_figures(own.values(), zeros=False)
    names = [one.name for one in indicators]
    titles = [indicator_title(measure, name, language) for name in names]
    plot = of_rows(titles, room=style.room(LABEL_ROOM, 0.3), row=ROW)
    plot.y.grid, plot.x.line, plot.x.far = None, False, True
    plot.x.limit(-0.5, len(names) - 0.5)
    room = (style.width - style.room(LABEL_ROOM, 0.3) - 2 * MARGIN) / len(names)
    plot.x.ticks = [(place, _head(title, room)) for place, title in enumerate(titles)]
    shades = style.shades(CLASSES)
    for (first, second), point in own.items():
        i, j = names.index(first), names.index(second)
        for column, row in ((i, j), (j, i)):
            _cell(plot, (column, row), point, shades=shades, room=room, language=language)
    dimensions = [one.dimension for one in indicators]
    for place, (one, other) in enumerate(pairwise(dimensions)):
        if one != other:
            plot.line([place + 0.5] * 2, [-0.5, len(names) - 0.5], BORDER, gid="border")
            plot.line([-0.5, len(names) - 0.5], [place + 0.5] * 2, BORDER, gid="border")
    plot.x.title = REDUNDANT[language]
    keys = [*_classes(shades, language), *standings_key(list(own.values()), language, gaps=True)]
    return laid_out([[plot]], width=style.width, keys=keys)


def _head(title: str, room: float) -> str:
    """The name of a column in lines that have room side by side, the last of them cut off where there are more."""
    lines = fitted(title, TICK_SIZE, HEAD_ROOM).split("\n")
    most = max(int(room / (1.2 * TICK_SIZE)), 1)
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"])


def _classes(shades: tuple[str, ...], language: Language) -> list[Key]:
    ends = [100 * place // CLASSES for place in range(CLASSES + 1)]
    return [
        Key(
            label=NOTHING.join(number(end, language, 0) for end in (low, high)),
            patch=Look(fill=shade, stroke=GREY, width=0.4),
        )
        for shade, (low, high) in zip(shades, pairwise(ends), strict=True)
    ]


def _cell(
    plot: Plot, at: tuple[int, int], point: Figure, *, shades: tuple[str, ...], room: float, language: Language
) -> None:
    """A cell with its number and mark, with the mark alone, or hatched where there is no figure."""
    column, row = at
    if point.value is None:
        plot.rect(column - 0.5, row - 0.5, 1, 1, gap_look(point.standing), gid="empty")
        return
    place = min(int(CLASSES * point.value), CLASSES - 1)
    plot.rect(column - 0.5, row - 0.5, 1, 1, Look(fill=shades[place], stroke=PAPER, width=0.4), gid=f"class-{place}")
    value, mark = number(100 * point.value, language, 0), MARKS[point.standing]
    told = f"[{value}]{mark}" if point.standing == "review" else f"{value}{mark}"
    if text_width(told, CELL_SIZE) > room:
        told = mark
    if told:
        ink = Style.ink_on(shades, place)
        plot.text(column, row, told, size=CELL_SIZE, anchor="middle", ink=ink, inside=True, gid="figure")
