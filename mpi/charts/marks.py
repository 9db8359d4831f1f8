"""Marks that all charts share: points with intervals and standings, axes with the language's numbers, legends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mpi.claims.numbers import between
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import noted
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, INK, PALE, PAPER, tinted
from mpi.drawing.plot import EDGE, TICK_SIZE, Axis, Plot
from mpi.drawing.scene import Look
from mpi.drawing.widths import fitted, wrapped
from mpi.errors.omissions import unmade
from mpi.language import translated
from mpi.specs.measure import Measure
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import (
    DOUBTS,
    MARK_MEANINGS,
    MARKS,
    NOTHING,
    Language,
    digits_of,
    figure,
    form_of,
    marks_told,
    number,
    title_in,
)

CI_TITLE = translated("{level}% CI")
TOTAL = translated("Total")
SIZE = 5.0  # points, of a marker
GAPS = {"hidden": "xxxx", "undefined": "..."}  # hatches, as on maps
GAP_INK = "#9a9a9a"
SMALL, WORD = 7, 10  # points of words that stand for a figure, and signs in a line of them
CAUTION = 0.6  # of paper in the colour of a mark that wants caution
STROKE = 1.1  # points, of an interval and of the outline of a marker
INTERVAL = "interval"  # of the legend's entry
LABEL_ROOM = 170.0  # points, of a label of a row
MOST_LABEL_LINES = 4
ROW = 13.7  # points, of a row of small text
BETWEEN = 5.0  # points, of labels of several lines
KEY_ROOM = 280.0  # points, of an entry of a legend
# Of rows: faint lines that lead the eye.
LEADERS = Look(stroke=PALE, width=0.4, dash=(1, 3))
GRID = Look(stroke=PALE, width=0.5)


@dataclass(frozen=True, slots=True)
class Mark:
    """How the points of a series look."""

    colour: str = INK
    marker: str = "o"
    size: float = SIZE

    def look(self, standing: str = "shown") -> Look:
        """Of the marker: pale where a figure wants caution, hollow where it is not reliable."""
        fill = {"caution": tinted(self.colour, CAUTION), "review": PAPER}.get(standing, self.colour)
        return Look(fill=fill, stroke=self.colour, width=STROKE)


def draw_point(
    plot: Plot,
    place: float,
    point: Figure,
    mark: Mark,
    *,
    upright: bool = False,
    beside: Sequence[float] = (),
    marked: bool = True,
    language: Language = "en",
) -> None:
    """One point with its interval; filled if it is shown, pale with `*`, hollow with `[†]` if it is not reliable.

    What has no number says so in words: a sign would look like a value where the axis begins.

    Parameters
    ----------
    place : float
        On the axis of the groups: y, or x if `upright`.
    beside : sequence of float
        Where other things stand on the other axis that the sign `*` or `†` must not cover.
    marked : bool
        Whether a mark of doubt has that sign: not where it stands in a column of numbers.
    """
    if point.value is None:
        _draw_words(plot, place, point, language, upright=upright)
        return
    if point.low is not None and point.high is not None:
        ends, places = [point.low, point.high], [place, place]
        look = Look(stroke=mark.colour, width=STROKE)
        plot.line(*((places, ends) if upright else (ends, places)), look, gid="interval")
    at = (place, point.value) if upright else (point.value, place)
    plot.marker(*at, mark.marker, mark.size, mark.look(point.standing), gid="point")
    if point.standing in DOUBTS and marked:
        end = point.value if point.high is None else max(point.high, point.value)
        room = 0.07 * abs((plot.y if upright else plot.x).high)
        for other in sorted(beside):
            end = other if end - room / 7 <= other <= end + room else end
        sign = f"[{MARKS[point.standing]}]" if point.standing == "review" else MARKS[point.standing]
        _draw_sign(plot, place, end, sign=sign, point=point, mark=mark, upright=upright, away=3.0 if upright else 4.0)


def _draw_sign(
    plot: Plot, place: float, end: float, *, sign: str, point: Figure, mark: Mark, upright: bool, away: float
) -> None:
    """A mark of doubt."""
    gid = f"mark-{point.standing}"
    if upright:
        plot.text(place, end, sign, down=-away, anchor="middle", level="bottom", ink=mark.colour, gid=gid)
    else:
        plot.text(end, place, sign, across=away, ink=mark.colour, gid=gid)


def _draw_words(plot: Plot, place: float, point: Figure, language: Language, *, upright: bool) -> None:
    """Why there is no point, beside the beginning of the other axis."""
    said, gid = MARK_MEANINGS[point.standing][language], f"mark-{point.standing}"
    if upright:
        said = wrapped(said, WORD)
        plot.text(place, -EDGE, said, size=SMALL, down=-3, anchor="middle", level="bottom", ink=GREY, gid=gid)
    else:
        plot.text(-EDGE, place, said, size=SMALL, across=4, ink=GREY, gid=gid)


def gap_look(standing: str) -> Look:
    """Of what covers the room of a figure that is hidden or undefined: hatched as on maps, so that it is no value."""
    return Look(fill=PAPER, stroke=PALE, width=0.4, hatch=GAPS[standing], hatch_ink=GAP_INK)


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


def from_zero(axis: Axis, points: Iterable[Figure], *, least: float = 0.0) -> None:
    """An axis from 0 to a little beyond the largest figure or end of an interval, and beyond `least`."""
    ends = [end for point in points for end in (point.value, point.high) if end is not None]
    axis.limit(0, max([*ends, least]) * 1.06 or 1.0)


def around_zero(axis: Axis, points: Iterable[Figure]) -> None:
    """An axis that has 0, all figures and all intervals, and a little more at both sides."""
    ends = [0.0, *(end for point in points for end in (point.value, point.low, point.high) if end is not None)]
    low, high = min(ends), max(ends)
    room = 0.05 * (high - low) or 1.0
    axis.limit(low - room, high + room)


def axis_title(title: str, form: Form, language: Language) -> str:
    """A title with its unit."""
    return f"{title} (%)" if form == "percent" and "%" not in title else title


def of_rows(labels: Sequence[str], *, room: float = LABEL_ROOM, row: float = ROW) -> Plot:
    """A plot with a row for each label from the top down, high enough for all of them."""
    fit = [row_label(label, room) for label in labels]
    lines = [label.count("\n") + 1 for label in fit]
    # Neighbours share the space between them, so one long name does not spread all rows.
    pair = max((a + b for a, b in pairwise(lines)), default=2) / 2
    plot = Plot(max(28.0, len(labels) * max(row, BETWEEN + 1.05 * TICK_SIZE * pair)))
    plot.y.limit(len(labels) - 0.5, -0.5)
    plot.y.ticks = list(enumerate(fit))
    plot.y.line, plot.y.grid = False, LEADERS
    return plot


def row_label(label: str, room: float) -> str:
    """A label in lines, of which there are few: the table has the whole of it."""
    lines = fitted(label, TICK_SIZE, room).split("\n")
    return "\n".join(lines if len(lines) <= MOST_LABEL_LINES else [*lines[: MOST_LABEL_LINES - 1], "…"])


def standings_key(points: Sequence[Figure], language: Language, *, gaps: bool = False) -> list[Key]:
    """Legend entries of the standings that occur, apart from `shown`; with `gaps` also of what `gap_look` covers."""
    found = []
    met = {point.standing for point in points}
    for standing in DOUBTS:
        if standing in met:
            sign = "[†]" if standing == "review" else MARKS[standing]
            label = f"{sign} {MARK_MEANINGS[standing][language]}"
            found.append(Key(label=label, marker="o", look=Mark(GREY).look(standing), gid=standing))
    for standing in GAPS if gaps else ():
        if standing in met:
            found.append(Key(label=MARK_MEANINGS[standing][language], patch=gap_look(standing), gid=standing))
    return found


def mark_key(mark: Mark, label: str, *, line: Look | None = None) -> Key:
    """Legend entry of a mark, on a line if it has one."""
    label = fitted(label, TICK_SIZE, KEY_ROOM)
    return Key(label=label, marker=mark.marker, size=mark.size, look=mark.look(), line=line)


def bar_key(colour: str, label: str, *, width: float = 1.8) -> Key:
    """Legend entry of a short upright bar."""
    label = fitted(label, TICK_SIZE, KEY_ROOM)
    return Key(label=label, marker="|", size=8.0, look=Look(stroke=colour, width=width))


def interval_key(level: float, language: Language, colour: str = GREY) -> Key:
    """Legend entry of the interval."""
    return Key(label=interval_title(level, language), line=Look(stroke=colour, width=STROKE), gid=INTERVAL)


def interval_title(level: float, language: Language) -> str:
    """`95% CI`, as the language says it."""
    return CI_TITLE[language].format(level=number(100 * level, language, 0 if (100 * level).is_integer() else 1))


def keys_of(plots: Iterable[Plot], keys: Sequence[Key]) -> list[Key]:
    """The entries of a legend, without that of the interval where nothing has one, as in a census."""
    met = any(plot.has("interval", "band") for plot in plots)
    return [key for key in keys if met or key.gid != INTERVAL]


@checked
def explained(drawing: Drawing, meanings: Mapping[str, str], *, language: Language = "en") -> Drawing:
    """A chart with a line below for each mark of doubt in its legend, in the words of the rules that judged.

    Parameters
    ----------
    drawing : Drawing
        What a chart gives back.
    meanings : mapping of str to str
        What each standing means, as `Publication.mark_meanings` gives it.
    language : one of `mpi.language.LANGUAGES`
        Of the chart.
    """
    met = [name for name in DOUBTS if drawing.by_id(f"key-{name}")]
    lines = marks_told(met, meanings, language)
    return noted(drawing, "\n".join(lines)) if lines else drawing


def written(point: Figure, statistic: str, language: Language) -> str:
    """A point's number with its mark, in brackets if it is for review; the mark alone without a number."""
    mark = MARKS[point.standing]
    if point.value is None:
        return mark
    text = figure(point.value, form_of(statistic), language, digits_of(statistic))
    return f"[{text}]{mark}" if point.standing == "review" else f"{text}{mark}"


def with_ends(point: Figure, statistic: str, language: Language) -> str:
    r"""A point's number with its mark and the ends of its interval, if it has one.

    Examples
    --------
    >>> with_ends(Figure(value=0.1234, low=0.1, high=0.15, standing="caution"), "H", "en")
    '12.3* (10.0\u201315.0)'
    """
    text = written(point, statistic, language)
    if point.low is None or point.high is None or point.value is None:
        return text
    if point.low < 0:  # a dash and a minus sign are one too many
        return f"{text} ({between(point.low, point.high, statistic).to(language)})"
    form, digits = form_of(statistic), digits_of(statistic)
    return f"{text} ({NOTHING.join(figure(end, form, language, digits) for end in (point.low, point.high))})"


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
