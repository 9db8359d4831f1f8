"""Charts of how deprivation is spread: scores, commonest bundles of the poor, indicators that go together.

Comes in: a table of `mpi.analysis.score_distribution` after `hide_small`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from mpi.charts.marks import Mark, draw_point, indicator_title, need_figures, number_axis, put_legend, standings_key
from mpi.disclosure.figures import Figure
from mpi.drawing.canvas import GREY, INK, PALE, SERIES, YLORBR, drawn, new_axes, new_figure, wrapped
from mpi.errors import Fault, UsageError
from mpi.errors.omissions import unmade
from mpi.language import phrase, translated
from mpi.specs.exact import fraction
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import MARKS, Language, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PAIRED = 30  # indicators of a triangle whose numbers can be read
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


@drawn
def score_bars(
    table: pa.Table,
    *,
    k: str,
    marks: Sequence[str] = ("1/5", "1/2"),
    unit: str = "persons",
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
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
    from matplotlib.patches import Patch

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
    axes = ax or new_axes(3.2)
    values = np.array([row["value"] for row in rows], np.float64)
    step = float(np.min(np.diff(values))) if len(values) > 1 else 0.05
    width = max(0.8 * step, 0.004)
    cut, strict = _cut(k.removeprefix(">")), k.startswith(">")
    others = [other for other in marks if _cut(other) != cut]
    points = [_point(row) for row in rows]
    for row, point in zip(rows, points, strict=True):
        exact = Fraction(str(row["score"]))
        poor = exact > cut or (exact == cut and not strict)
        if point.value is None:
            draw_point(axes, float(exact), point, Mark(GREY), upright=True)
        else:
            axes.bar(
                float(exact),
                point.value,
                width=width,
                color=SERIES[1] if poor else SERIES[5],
                hatch="//////" if poor else "",
                edgecolor=INK,
                linewidth=0.3,
                gid="poor" if poor else "not poor",
            )
    top = max((point.value or 0 for point in points), default=1.0) * 1.08
    for mark, colour in [(k.removeprefix(">"), INK), *((other, GREY) for other in others)]:
        at = float(_cut(mark)) - (width / 2 if not strict else -width / 2)
        axes.axvline(
            at,
            color=colour,
            linewidth=1.1 if colour == INK else 0.8,
            linestyle="-" if colour == INK else ":",
            gid=f"cut-{mark}",
        )
        axes.annotate(
            f"k = {k}" if colour == INK else mark,
            (at, top),
            (2, 0),
            textcoords="offset points",
            fontsize=7.5,
            color=colour,
            va="top",
            annotation_clip=False,
        )
    axes.set_ylim(0, top)
    axes.set_xlim(-max(width, 0.01), max(1.0 if not len(values) else float(values.max()) + 0.03, 0.6))
    number_axis(axes, "x", "percent", language)
    number_axis(axes, "y", "percent", language)
    axes.set_xlabel(f"{SCORE[language]} (%)")
    axes.set_ylabel(SHARE[language].format(unit=UNIT[unit][language]))
    key = [
        Patch(facecolor=SERIES[5], edgecolor=INK, linewidth=0.3, label=NOT_POOR[language]),
        Patch(facecolor=SERIES[1], hatch="//////", edgecolor=INK, linewidth=0.3, label=POOR[language].format(k=k)),
    ]
    put_legend(axes, [*key, *standings_key(points, language)], own=ax is None)
    return axes


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


@drawn
def bundle_matrix(table: pa.Table, measure: Measure, *, language: Language = "en") -> list[Axes]:
    """The commonest bundles of the poor: a bar for each, and below it the indicators that it consists of.

    Returns
    -------
    list of Axes
        Of the bars, and of the matrix.
    """
    rows = rows_of(table)
    if not rows:
        raise unmade("nobody")
    need_figures([_point(row) for row in rows])
    names = [one.name for one in measure.indicators if not one.monitor]
    own = [set(str(row["indicators"]).split()) if row["indicators"] else set() for row in rows]
    met = [name for name in names if any(name in bundle for bundle in own)]
    sheet = new_figure(1.7 + 0.2 * max(len(met), 3))
    bars, matrix = sheet.subplots(2, 1, sharex=True, height_ratios=[1.2, 0.2 * max(len(met), 3)])
    points = [_point(row) for row in rows]
    for place, point in enumerate(points):
        if point.value is None:
            draw_point(bars, place, point, Mark(GREY), upright=True)
            continue
        bars.bar(place, point.value, width=0.6, color=SERIES[0], gid="bar")
        bars.annotate(
            figure(point.value, "percent", language),
            (place, point.value),
            (0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=7,
        )
    bars.set_ylim(0, max([point.value or 0 for point in points] or [1]) * 1.2 or 1)
    number_axis(bars, "y", "percent", language)
    bars.set_ylabel(POOR_SHARE[language])
    bars.tick_params(axis="x", length=0, labelbottom=False)
    for line, name in enumerate(met):
        if line % 2 == 0:
            matrix.axhspan(line - 0.5, line + 0.5, color="#f2f2f2", zorder=0, linewidth=0)
        for place, bundle in enumerate(own):
            inside = name in bundle
            matrix.plot(
                [place],
                [line],
                marker="o",
                markersize=6 if inside else 3,
                color=SERIES[0] if inside else PALE,
                linestyle="none",
                gid="in" if inside else "out",
                zorder=2,
            )
    for place, bundle in enumerate(own):
        lines = [met.index(name) for name in bundle]
        if len(lines) > 1:
            matrix.plot([place] * 2, [min(lines), max(lines)], color=SERIES[0], linewidth=1.3, zorder=1)
    matrix.set_yticks(range(len(met)), [wrapped(indicator_title(measure, name, language), 46) for name in met])
    matrix.set_ylim(max(len(met), 1) - 0.5, -0.5)
    matrix.set_xlim(-0.6, max(len(rows), 1) - 0.4)
    matrix.tick_params(length=0, labelbottom=False)
    for spine in matrix.spines.values():
        spine.set_visible(False)
    put_legend(bars, standings_key(points, language), own=True)
    return [bars, matrix]


@drawn
def co_deprivation_triangle(
    table: pa.Table, measure: Measure, *, value: str = "share", language: Language = "en", ax: Axes | None = None
) -> Axes:
    """How often two indicators are deprived together: joint rates with own rates on the diagonal, or R0.

    Parameters
    ----------
    value : {"share", "redundancy"}
    """
    from matplotlib.patches import Rectangle

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
    axes = ax or new_axes(0.8 + 0.27 * len(names))
    shown = [
        point.value
        for row in rows
        if (point := _point(row, value)).value is not None and (value == "share" or row["first"] != row["second"])
    ]
    most = max([one for one in shown if one is not None] or [1.0]) or 1.0
    points = []
    for row in rows:
        i, j = names.index(str(row["first"])), names.index(str(row["second"]))
        if value == "redundancy" and i == j:
            continue
        point = _point(row, value)
        points.append(point)
        shade = "white" if point.value is None else YLORBR[5][min(int(5 * point.value / most), 4)]
        axes.add_patch(
            Rectangle((i - 0.5, j - 0.5), 1, 1, facecolor=shade, edgecolor="white", linewidth=0.8, gid=f"cell-{i}-{j}")
        )
        text = (
            MARKS[point.standing]
            if point.value is None
            else figure(point.value, "percent", language, 0 if value == "redundancy" else 1)
        )
        axes.text(
            i,
            j,
            text,
            ha="center",
            va="center_baseline",
            fontsize=6.5,
            fontweight="bold" if i == j else "normal",
            color="white" if shade == YLORBR[5][4] else INK if point.known else GREY,
        )
    titles = [wrapped(indicator_title(measure, name, language), 30) for name in names]
    axes.set_yticks(range(len(names)), titles, linespacing=1.0)
    for i, title in enumerate(titles):  # names of columns stand where the columns begin
        axes.annotate(
            title,
            (i + 0.5, i),
            (3, 0),
            textcoords="offset points",
            fontsize=7,
            va="center",
            color=GREY,
            linespacing=1.0,
            annotation_clip=False,
        )
    axes.set_xticks([])
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel((JOINT if value == "share" else REDUNDANT)[language], loc="left")
    put_legend(axes, standings_key(points, language), own=ax is None)
    return axes
