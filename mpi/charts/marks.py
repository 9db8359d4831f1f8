"""Marks that all charts share: points with intervals and standings, axes with the language's numbers, legends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import GREY, INK, PAPER, drawn, figure_of, wrapped
from mpi.errors.omissions import unmade
from mpi.language import translated
from mpi.specs.measure import Measure
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import (
    DOUBTS,
    MARK_MEANINGS,
    MARKS,
    MINUS,
    Language,
    figure,
    form_of,
    marks_told,
    number,
    title_in,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

CI_TITLE = translated("{level}% CI")
TOTAL = translated("Total")
SIZE = 5.0  # points, of a marker
INTERVAL_KEY = "interval-key"  # of the legend's entry
MOST_LABEL_LINES = 4
ROW = 0.19  # inches, of a row of small text
NOTE_WIDTH, NOTE_LINE = 118, 0.12  # characters and inches of a line below a chart


@dataclass(frozen=True, slots=True)
class Mark:
    """How the points of a series look."""

    colour: str = INK
    marker: str = "o"
    size: float = SIZE


def draw_point(
    axes: Axes,
    place: float,
    point: Figure,
    mark: Mark,
    *,
    upright: bool = False,
    start: float = 0,
    beside: Sequence[float] = (),
    marked: bool = True,
) -> None:
    """One point with its interval; filled if it is shown, hollow with `*` or `[†]` if it is not reliable.

    Parameters
    ----------
    place : float
        On the axis of the groups: y, or x if `upright`.
    start : float
        Where on the other axis a text stands for a point without a number.
    beside : sequence of float
        Where other things stand on the other axis that the sign `*` or `†` must not cover.
    marked : bool
        Whether a hollow mark has that sign: not where it stands in a column of numbers.
    """
    if point.value is None:
        standing = MARKS[point.standing]
        at = (place, start) if upright else (start, place)
        axes.annotate(
            standing,
            at,
            (0, 4) if upright else (4, 0),
            textcoords="offset points",
            color=mark.colour,
            ha="center" if upright else "left",
            va="bottom" if upright else "center_baseline",
            fontsize=7.5,
            gid=f"mark-{point.standing}",
        )
        return
    if point.low is not None and point.high is not None:
        ends = [point.low, point.high]
        line = ([place, place], ends) if upright else (ends, [place, place])
        axes.plot(*line, color=mark.colour, linewidth=1.1, zorder=2, gid="interval")
    hollow = point.standing not in ("shown", "unjudged")
    at = (place, point.value) if upright else (point.value, place)
    axes.plot(
        *([value] for value in at),
        marker=mark.marker,
        markersize=mark.size,
        color=mark.colour,
        markerfacecolor=PAPER if hollow else mark.colour,
        markeredgewidth=1.1,
        linestyle="none",
        zorder=3,
        clip_on=False,
        gid="point",
    )
    if hollow and marked:
        end = point.value if point.high is None else max(point.high, point.value)
        room = 0.07 * abs((axes.get_ylim() if upright else axes.get_xlim())[1])
        for other in sorted(beside):
            end = other if end - room / 7 <= other <= end + room else end
        tip = (place, end) if upright else (end, place)
        axes.annotate(
            f"[{MARKS[point.standing]}]" if point.standing == "review" else MARKS[point.standing],
            tip,
            (0, 2) if upright else (3, 0),
            textcoords="offset points",
            color=mark.colour,
            fontsize=7,
            ha="center" if upright else "left",
            va="bottom" if upright else "center_baseline",
            gid=f"mark-{point.standing}",
            zorder=4,
        )


def need_figures(points: Iterable[Figure], *, least: int = 1, zeros: bool = True) -> None:
    """Refuse a chart that would be empty.

    Parameters
    ----------
    least : int
        Points with a number that the chart needs.
    zeros : bool
        Whether a chart of zeros alone says something.

    Raises
    ------
    UnmadeError
    """
    known = list(points)
    values = [point.value for point in known if point.value is not None]
    if not values:
        raise unmade("hidden" if any(point.standing == "hidden" for point in known) else "undefined")
    if len(values) < least:
        raise unmade("groups", least=least, count=len(values))
    if not zeros and not any(values):
        raise unmade("zero")


def from_zero(axes: Axes, which: str, points: Iterable[Figure], *, least: float = 0.0) -> None:
    """An axis from 0 to a little beyond the largest figure or end of an interval, and beyond `least`."""
    ends = [end for point in points for end in (point.value, point.high) if end is not None]
    top = max([*ends, least]) * 1.06 or 1.0
    (axes.set_xlim if which == "x" else axes.set_ylim)(0, top)


def number_axis(axes: Axes, which: str, form: Form, language: Language, *, signed: bool = False) -> None:
    """Numbers of an axis as the language writes them: percentages of proportions, or as they are."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))

    def text(value: float, _: int | None) -> str:
        scale = 100 if form == "percent" else 1
        places = axis.get_majorticklocs()
        step = abs(float(places[1] - places[0])) * scale if len(places) > 1 else 1.0
        # As few digits as tell the ticks apart exactly: steps are 1, 2, 2.5 or 5 times a power of ten.
        digits = next((d for d in range(5) if math.isclose(step * 10**d, round(step * 10**d), rel_tol=1e-6)), 4)
        written = number(value * scale, language, 0 if form == "number" else digits)
        return f"+{written}" if signed and value > 0 and not written.startswith(MINUS) else written

    axis.set_major_formatter(FuncFormatter(text))


def axis_title(title: str, form: Form, language: Language) -> str:
    """A title with its unit."""
    return f"{title} (%)" if form == "percent" and "%" not in title else title


def rows_axis(axes: Axes, labels: Sequence[str], *, width: int = 34) -> None:
    """Labels of rows from the top down, wrapped, with faint lines that lead the eye."""
    axes.set_yticks(range(len(labels)), [row_label(label, width) for label in labels], linespacing=1.0)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="y", linewidth=0.4, linestyle=(0, (1, 3)))
    axes.spines["left"].set_visible(False)


def row_label(label: str, width: int) -> str:
    """A label in lines, of which there are few: the table has the whole of it."""
    lines = wrapped(label, width).split("\n")
    return "\n".join(lines if len(lines) <= MOST_LABEL_LINES else [*lines[: MOST_LABEL_LINES - 1], "…"])


def height_of(labels: Sequence[str], *, width: int = 34, row: float = ROW, extra: float = 0.75) -> float:
    """Inches that rows with these labels need."""
    lines = [row_label(label, width).count("\n") + 1 for label in labels]
    # Neighbours share the space between them, so one long name does not spread all rows.
    pair = max((a + b for a, b in pairwise(lines)), default=2) / 2
    return max(1.6, extra + len(labels) * max(row, 0.03 + 0.122 * pair))


def standings_key(points: Sequence[Figure], language: Language) -> list[Artist]:
    """Legend entries of the standings that occur, apart from `shown`."""
    found = []
    for standing in ("caution", "review", "hidden", "undefined"):
        if not any(point.standing == standing for point in points):
            continue
        sign = "[†]" if standing == "review" else MARKS[standing]
        label = f"{sign} {MARK_MEANINGS[standing][language]}"
        mark = Mark(GREY, "o" if standing in ("caution", "review") else "")
        found.append(mark_key(mark, label, markerfacecolor=PAPER, linewidth=None, linestyle="none"))
    return found


def mark_key(mark: Mark, label: str, **look: Any) -> Artist:  # look: of matplotlib's Line2D
    """Legend entry of a mark."""
    from matplotlib.lines import Line2D

    usual = {"color": mark.colour, "marker": mark.marker, "markersize": mark.size, "linewidth": 0}
    return Line2D([], [], label=label, **{**usual, **look})


def series_key(marks: Mapping[str, Mark], level: float, language: Language) -> list[Artist]:
    """Legend entries of series with their markers, and of the interval."""
    made = [mark_key(mark, wrapped(name, 60)) for name, mark in marks.items()]
    return [*made, interval_key(level, language)]


def interval_key(level: float, language: Language, colour: str = GREY) -> Artist:
    """Legend entry of the interval."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, linewidth=1.1, label=interval_title(level, language), gid=INTERVAL_KEY)


def interval_title(level: float, language: Language) -> str:
    """`95% CI`, as the language says it."""
    return CI_TITLE[language].format(level=number(100 * level, language, 0 if (100 * level).is_integer() else 1))


def put_legend(axes: Axes, handles: Sequence[Artist], *, own: bool) -> None:
    """A legend above the drawing, aligned left: above the whole figure if it is the chart's own."""
    met = {artist.get_gid() for artist in figure_of(axes).findobj()}
    if not met & {"interval", "band"}:  # a census has none
        handles = [handle for handle in handles if handle.get_gid() != INTERVAL_KEY]
    if not handles:
        return
    longest = max((max(map(len, str(handle.get_label()).split("\n"))) for handle in handles), default=1)
    columns = max(1, min(len(handles), int(118 / (longest + 6))))
    if own:
        figure_of(axes).legend(handles=list(handles), loc="outside upper left", ncols=columns)
    else:
        axes.legend(handles=list(handles), loc="lower left", bbox_to_anchor=(0, 1), ncols=columns)


@drawn
def explained(drawing: Any, meanings: Mapping[str, str], *, language: Language = "en") -> Any:  # see figure_of
    """A chart with a line below for each mark of doubt in its legend, in the words of the rules that judged.

    Parameters
    ----------
    drawing : Axes, list of Axes or Figure
        What a chart gives back.
    meanings : mapping of str to str
        What each standing means, as `Publication.mark_meanings` gives it.
    language : one of `mpi.language.LANGUAGES`
        Of the chart.
    """
    from matplotlib.text import Text

    sheet = figure_of(drawing)
    said = [str(text.get_text()) for text in sheet.findobj(Text)]
    met = [name for name in DOUBTS if any(text.endswith(MARK_MEANINGS[name][language]) for text in said)]
    lines = [line for text in marks_told(met, meanings, language) for line in wrapped(text, NOTE_WIDTH).split("\n")]
    if lines:
        wide, high = sheet.get_size_inches()
        sheet.set_size_inches(wide, high + NOTE_LINE * len(lines))
        note = "\n".join(filter(None, [sheet.get_supxlabel(), *lines]))
        sheet.supxlabel(note, x=0.01, ha="left", fontsize=7, color=GREY)
    return drawing


def written(point: Figure, statistic: str, language: Language) -> str:
    """A point's number with its mark, in brackets if it is for review; the mark alone without a number."""
    mark = MARKS[point.standing]
    if point.value is None:
        return mark
    text = figure(point.value, form_of(statistic), language)
    return f"[{text}]{mark}" if point.standing == "review" else f"{text}{mark}"


def named(names: Mapping[str, str] | None, code: str | None, language: Language) -> str:
    """The name of a code; `Total` for the total."""
    if code is None:
        return TOTAL[language]
    return (names or {}).get(code, code)


def indicator_title(measure: Measure, name: str, language: Language) -> str:
    """The title of an indicator."""
    return next((title_in(one.title, language, name) for one in measure.indicators if one.name == name), name)


def dimension_title(measure: Measure, name: str, language: Language) -> str:
    """The title of a dimension."""
    return next((title_in(one.title, language, name) for one in measure.dimensions if one.name == name), name)
