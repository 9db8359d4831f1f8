"""From each band of the deprivation score to each: a matrix of coloured cells with the share of the earlier band."""

from __future__ import annotations

from itertools import pairwise

from mpi.charts.indicators import CELL_SIZE
from mpi.charts.marks import gap_look, need_figures, of_rows, standings_key
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import MARGIN, laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, PAPER
from mpi.drawing.plot import TICK_SIZE, Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted, text_width
from mpi.errors.omissions import unmade
from mpi.language import phrase
from mpi.publication.movement_texts import over
from mpi.publication.movements import Moved
from mpi.vocabulary.wording import MARKS, NOTHING, Language, number

CLASSES = 5  # of the share of the earlier band, each a fifth
ROW = 26.0  # points
ROOM = 150.0  # points, of the name of an earlier band


@checked
def transition_matrix(moved: Moved, *, style: Style = HOUSE) -> Drawing:
    """Of the units of each earlier band how many percent are in each later one, as coloured cells.

    Rows are earlier bands, from the least deprived to the most; columns later ones. Each row adds up to 100 %.

    Parameters
    ----------
    moved : Moved
        The transitions of a panel.

    Raises
    ------
    UnmadeError
        If none is shown.
    """
    language = moved.edition.language
    bands = list(dict.fromkeys(row.keys["earlier"] for row in moved.rows if row.figure == "of_earlier"))
    own = {
        (band, other): moved.one("of_earlier", {"earlier": band, "later": other}) for band in bands for other in bands
    }
    if not own:
        raise unmade("absent")
    need_figures(own.values(), zeros=False)
    titles = [moved.said("earlier", band) for band in bands]
    about = over(moved)
    plot = of_rows(titles, room=style.room(ROOM, 0.3), row=ROW)
    plot.y.grid, plot.x.line, plot.x.far = None, False, True
    plot.x.limit(-0.5, len(bands) - 0.5)
    room = (style.width - style.room(ROOM, 0.3) - 2 * MARGIN) / len(bands)
    plot.x.ticks = [(place, fitted(title, TICK_SIZE, room)) for place, title in enumerate(titles)]
    shades = style.shades(CLASSES)
    for (band, other), point in own.items():
        at = bands.index(other), bands.index(band)
        _cell(plot, at, point, shades=shades, room=room, language=language)
    told = phrase("in {later}, % of those in each band in {earlier}", earlier=about.earlier, later=about.later)
    plot.x.title = told.to(language)
    keys = [*_classes(shades, language), *standings_key(list(own.values()), language, gaps=True)]
    return laid_out([[plot]], width=style.width, keys=keys)


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
    """A cell with its number and mark, or hatched where there is no figure."""
    column, row = at
    if point.value is None:
        plot.rect(column - 0.5, row - 0.5, 1, 1, gap_look(point.standing), gid="empty")
        return
    place = min(int(CLASSES * point.value), CLASSES - 1)
    plot.rect(column - 0.5, row - 0.5, 1, 1, Look(fill=shades[place], stroke=PAPER, width=0.4), gid=f"class-{place}")
    value, mark = number(100 * point.value, language, 1), MARKS[point.standing]
    told = f"[{value}]{mark}" if point.standing == "review" else f"{value}{mark}"
    if text_width(told, CELL_SIZE) > room:
        told = mark
    if told:
        ink = Style.ink_on(shades, place)
        plot.text(column, row, told, size=CELL_SIZE, anchor="middle", ink=ink, inside=True, gid="figure")
