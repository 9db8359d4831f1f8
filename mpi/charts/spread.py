"""Charts of how deprivation is spread: scores, commonest bundles of the poor, indicators that go together.

Comes in: a table of `mpi.analysis.score_distribution` after `hide_small`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa

from mpi.charts.marks import LABEL_ROOM, gap_look, indicator_title, need_figures, of_rows, standings_key
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import DOTTED, GREY, INK, PALE, PAPER
from mpi.drawing.plot import EDGE, Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors import Fault, UsageError
from mpi.errors.omissions import unmade
from mpi.language import phrase, translated
from mpi.specs.exact import fraction
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import Language, figure

MOST_NARROW = 6  # bundles of a narrow drawing
MOST_PAIRED = 30  # indicators of a triangle whose numbers can be read
SCORES_HEIGHT, BARS_HEIGHT, LINE = 165.0, 95.0, 14.4  # points
NAME_ROOM = 120.0  # points, of the name of a column
PAIR_ROW, STRIPE = 19.0, Look(fill="#f2f2f2")
SCORE = translated("Deprivation score")
SHARE = translated("{unit} (%)")
POOR_SHARE = translated("Share of\nthe poor (%)")
UNIT = {"persons": translated("Persons"), "households": translated("Households")}
POOR = translated("poor at k = {k}")
NOT_POOR = translated("not poor")
JOINT = translated("Poor and deprived in both (%); on the diagonal: in one")  # fmt: skip
REDUNDANT = translated("Redundancy R0 (% of the rarer of the two)")


def rows_of(table: pa.Table) -> list[dict[str, object]]:
    """The rows of a table that went through `hide_small`.

    Raises
    ------
    UsageError
        If it did not.
    """
    if "standing" not in table.column_names:
        text = phrase("this table has not been through disclosure control")
        raise UsageError(
            Fault("MPI-P005", None, text, phrase("give it to mpi.analysis.score_distribution.hide_small first"))
        )
    found: list[dict[str, object]] = table.to_pylist()
    return found


def _point(row: Mapping[str, object], name: str = "share") -> Figure:
    value = row[name]
    hidden = row["standing"] == "hidden"
    return (
        Figure(value=float(value), standing="unjudged")
        if isinstance(value, float)
        else Figure(value=None, standing="hidden" if hidden else "undefined")
    )


@checked
def score_bars(
    table: pa.Table,
    *,
    k: str,
    marks: Sequence[str] = ("1/5", "1/2"),
    unit: str = "persons",
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """The share of units at each exact score; the poor hatched, the cutoff and other cuts marked.

    Parameters
    ----------
    table : pyarrow.Table
        From `mpi.analysis.score_distribution.score_distribution`, after `hide_small`.
    k : str
        The cutoff; `>` before it if it is strict.
    marks : sequence of str
        Other cuts, such as those of vulnerability (1/5) and severe poverty (1/2).
    """
    if unit not in UNIT:
        raise UsageError(
            Fault(
                "MPI-E007",
                None,
                phrase("the unit {unit!r} is not known", unit=unit),
                phrase("count persons or households"),
            )
        )
    rows = rows_of(table)
    need_figures([_point(row) for row in rows])
    plot = Plot(SCORES_HEIGHT)
    looks = {
        "not poor": Look(fill=style.light[0], stroke=INK, width=0.3),
        "poor": Look(fill=style.series[1], stroke=INK, width=0.3, hatch="//////"),
    }
    values = np.array([row["value"] for row in rows], np.float64)
    width = max(0.8 * float(np.min(np.diff(values))) if len(values) > 1 else 0.04, 0.004)
    cut, strict = _cut(k.removeprefix(">")), k.startswith(">")
    others = [other for other in marks if _cut(other) != cut]
    points = [_point(row) for row in rows]
    top = max((point.value or 0 for point in points), default=1.0) * 1.08
    plot.y.limit(0, top)
    plot.x.limit(-max(width, 0.01), max(1.0 if not len(values) else float(values.max()) + 0.03, 0.6))
    for row, point in zip(rows, points, strict=True):
        exact = Fraction(str(row["score"]))
        poor = "poor" if exact > cut or (exact == cut and not strict) else "not poor"
        if point.value is None:
            _gap(plot, float(exact) - width / 2, width, point)
        else:
            plot.rect(float(exact) - width / 2, 0, width, point.value, looks[poor], gid=poor)
    for mark, said, look in [
        (k.removeprefix(">"), f"k = {k}", Look(stroke=INK, width=1.1)),
        *((other, other, Look(stroke=GREY, width=0.8, dash=DOTTED)) for other in others),
    ]:
        at = float(_cut(mark)) - (width / 2 if not strict else -width / 2)
        plot.rule(at, look, gid=f"cut-{mark}", order=2)
        plot.text(at, EDGE, said, size=7.5, across=2, down=1, level="top", ink=look.stroke)
    plot.x.numbers("percent", language)
    plot.y.numbers("percent", language)
    plot.x.title = f"{SCORE[language]} (%)"
    plot.y.title = SHARE[language].format(unit=UNIT[unit][language])
    keys = [
        Key(label=NOT_POOR[language], patch=looks["not poor"]),
        Key(label=POOR[language].format(k=k), patch=looks["poor"]),
    ]
    return laid_out([[plot]], width=style.width, keys=[*keys, *standings_key(points, language, gaps=True)])


def _gap(plot: Plot, left: float, width: float, point: Figure) -> None:
    """The room of a bar whose share is not known, hatched as high as the plot, which no bar is."""
    plot.rect(left, 0, width, plot.y.high, gap_look(point.standing), gid=f"mark-{point.standing}", order=0)


def _cut(text: str) -> Fraction:
    """The exact score that a text names."""
    try:
        return fraction(text)
    except ValueError as error:
        raise UsageError(
            Fault(
                "MPI-E001",
                None,
                phrase("the cut {text!r} is {error}", text=text, error=error),
                phrase("write 1/3, 0.25 or 33%"),
            )
        ) from None


@checked
def bundle_matrix(table: pa.Table, measure: Measure, *, language: Language = "en", style: Style = HOUSE) -> Drawing:
    """The commonest bundles of the poor: a bar for each, and below it the indicators that it consists of."""
    rows = rows_of(table)[: MOST_NARROW if style.narrow else None]
    if not rows:
        raise unmade("nobody")
    need_figures([_point(row) for row in rows])
    names = [one.name for one in measure.indicators if not one.monitor]
    own = [set(str(row["indicators"]).split()) if row["indicators"] else set() for row in rows]
    met = [name for name in names if any(name in bundle for bundle in own)]
    points = [_point(row) for row in rows]
    bars = Plot(BARS_HEIGHT)
    bars.y.limit(0, max([point.value or 0 for point in points] or [1]) * 1.2 or 1)
    bars.y.numbers("percent", language)
    bars.y.title = POOR_SHARE[language].replace("\n", " ")
    for place, point in enumerate(points):
        if point.value is None:
            _gap(bars, place - 0.3, 0.6, point)
            continue
        bars.rect(place - 0.3, 0, 0.6, point.value, Look(fill=style.series[0]), gid="bar")
        text = figure(point.value, "percent", language)
        bars.text(place, point.value, text, down=-2, anchor="middle", level="bottom")
    matrix = of_rows([indicator_title(measure, name, language) for name in met], room=style.room(LABEL_ROOM), row=LINE)
    matrix.y.grid, matrix.x.line = None, False
    dots(matrix, met, own, style)
    for plot in (bars, matrix):
        plot.x.limit(-0.6, max(len(rows), 1) - 0.4)
    return laid_out([[bars], [matrix]], width=style.width, keys=standings_key(points, language, gaps=True))


def dots(plot: Plot, names: Sequence[str], bundles: Sequence[set[str]], style: Style) -> None:
    """For each bundle a column: large dots at what it consists of, joined by a line, small ones at the rest."""
    for line in range(0, len(names), 2):
        plot.rect(-0.6, line - 0.5, len(bundles) + 0.2, 1, STRIPE, order=0)
    inside, outside = Look(fill=style.series[0]), Look(fill=PALE)
    for place, bundle in enumerate(bundles):
        lines = [names.index(name) for name in bundle]
        if len(lines) > 1:
            plot.line([place] * 2, [min(lines), max(lines)], Look(stroke=style.series[0], width=1.3), order=1)
        for line in range(len(names)):
            if line in lines:
                plot.marker(place, line, "o", 6, inside, gid="in")
            else:
                plot.marker(place, line, "o", 3, outside, gid="out", order=0.5, inside=True)


@checked
def co_deprivation_triangle(
    table: pa.Table, measure: Measure, *, value: str = "share", language: Language = "en", style: Style = HOUSE
) -> Drawing:
    """How often two indicators are deprived together: joint rates with own rates on the diagonal, or R0.

    Parameters
    ----------
    value : {"share", "redundancy"}
    """
    if value not in ("share", "redundancy"):
        raise UsageError(
            Fault(
                "MPI-U110",
                None,
                phrase("there is no value {value!r}", value=value),
                phrase("give 'share' or 'redundancy'"),
            )
        )
    rows = rows_of(table)
    names = list(measure.names)
    if len(names) > MOST_PAIRED:
        remedy = phrase("take a measure of fewer indicators, or the chart of bundles")
        raise unmade("many", code="MPI-P004", remedy=remedy, count=len(names), most=MOST_PAIRED)
    need_figures([_point(row, value) for row in rows if value == "share" or row["first"] != row["second"]], zeros=False)
    titles = [indicator_title(measure, name, language) for name in names]
    plot = of_rows(titles, room=LABEL_ROOM, row=PAIR_ROW)
    plot.y.grid, plot.x.line = None, False
    plot.x.limit(-0.5, len(names) - 0.5)
    shown = [
        point.value
        for row in rows
        if (point := _point(row, value)).value is not None and (value == "share" or row["first"] != row["second"])
    ]
    most = max([one for one in shown if one is not None] or [1.0]) or 1.0
    shades, points = style.shades(5), []
    for row in rows:
        i, j = names.index(str(row["first"])), names.index(str(row["second"]))
        if value == "redundancy" and i == j:
            continue
        point = _point(row, value)
        points.append(point)
        place = None if point.value is None else min(int(5 * point.value / most), 4)
        look = gap_look(point.standing) if place is None else Look(fill=shades[place], stroke=PAPER, width=0.8)
        plot.rect(i - 0.5, j - 0.5, 1, 1, look, gid=f"cell-{i}-{j}")
        if point.value is not None and place is not None:
            text = figure(point.value, "percent", language, 0 if value == "redundancy" else 1)
            ink = style.ink_on(shades, place)
            plot.text(i, j, text, size=6.5, anchor="middle", bold=i == j, ink=ink, inside=True)
    for i, title in enumerate(titles):  # names of columns stand where the columns begin
        plot.text(i + 0.5, i, fitted(title, 7, NAME_ROOM), across=3, ink=GREY, gid="column")
    plot.x.title, plot.x.title_at = (JOINT if value == "share" else REDUNDANT)[language], "start"
    return laid_out([[plot]], width=style.width, keys=standings_key(points, language, gaps=True))
