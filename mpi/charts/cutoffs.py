"""Charts of robustness: figures along the poverty cutoff, and how far rankings survive another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyarrow as pa

from mpi.analysis.rank_robustness import RankRobustness
from mpi.charts.marks import (
    GRID,
    Mark,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    keys_of,
    mark_key,
    named,
    need_figures,
    standings_key,
    written,
)
from mpi.charts.reading import view, words
from mpi.charts.rounds import check_lines
from mpi.columns.values import Floats
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, INK, MARKERS, PAPER
from mpi.drawing.plot import Plot
from mpi.drawing.scene import Look
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors import Fault, UsageError
from mpi.errors.omissions import unmade
from mpi.language import catalogue, phrase, translated
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import NOTHING, Language, form_of, number, statistic_title

CUTOFF = translated("Poverty cutoff k")
OFFICIAL = translated("the measure's k")
EXACT = translated("exact at every k: a step at each score")
BETWEEN = translated("between computed cutoffs: inside the box")
SHADE = 0.16  # opacity
STEPPED = ("H", "A", "M0")  # what follows from the distribution of the scores
HEIGHT = 175.0  # points
OFFICIAL_LINE = Look(stroke=GREY, width=0.9, dash=(2, 2))
CELL, DIAGONAL = 24.0, "#eeeeee"  # points
FEWEST_CUTOFFS = 2
UPPER = translated("above: pairs in the same order (%)")
LOWER = translated("below: Kendall's tau")
# The darker, the less survives, so that the eye goes where a ranking rests on the cutoff; from these values on.
FROM = (0.9, 0.8, 0.7, 0.6, -1.0)
CELL_SIZE = 9.0
HEAD_ROOM = 100.0  # points, of what a line of the legend is about


def k_value(text: str) -> Fraction:
    """The number of a cutoff's text: of `1/3` or `>2/5`."""
    try:
        return Fraction(text.removeprefix(">"))
    except ValueError:
        raise UsageError(
            Fault("MPI-E001", None, phrase("{text!r} is not a cutoff", text=text), phrase("write 1/3, or >1/3"))
        ) from None


@checked
def k_curves(
    figures: Publishable,
    *,
    statistic: str = "H",
    domain: str | None = None,
    names: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    official: str | None = None,
    scores: pa.Table | None = None,
    period: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """A statistic at every cutoff that was computed, and between them; at most 8 codes of a domain.

    With the distribution of the scores, the exact steps of H, A or M0 of all units are drawn, interrupted where hidden
    scores leave them unknown; without it, the boxes in which a curve lies between two cutoffs.

    Parameters
    ----------
    scores : pyarrow.Table, optional
        From `mpi.analysis.score_distribution.score_distribution`, after `hide_small`, of the period and unit of
        the figures; of no use for a domain.
    official : str, optional
        The cutoff that a line marks; the first of the table if left out.
    """
    known = words(figures, "k")
    if len(known) < FEWEST_CUTOFFS:
        raise unmade("cutoff")
    cutoffs = sorted(known, key=lambda text: (k_value(text), text.startswith(">")))
    views = [view(figures, domain=domain, where=where, period=period, k=k, unit=unit) for k in cutoffs]
    found = [one.points(statistic) for one in views]
    codes = list(dict.fromkeys(code for points in found for code in points))
    check_lines(len(codes))
    need_figures([point for points in found for point in points.values()], zeros=False)
    at = [float(k_value(text)) for text in cutoffs]
    span = (max(at) - min(at)) or 0.1
    plot = Plot(HEIGHT)
    steps = None
    if scores is not None and not domain and not where and statistic in STEPPED:
        held = {name: [one.points(name).get(None, NO_FIGURE).value for one in views] for name in ("H", "M0")}
        steps = steps_of(scores, statistic, cutoffs, held)
    right = max(at) + 0.08 * span
    plot.x.limit(min(at) - 0.08 * span if steps is None else 0.0, right)
    plot.x.ticks = list(zip(at, cutoffs, strict=True))
    everything = [point for one in found for point in one.values()]
    from_zero(plot.y, everything)
    if steps is not None:
        _values(plot, at, [one.get(None, NO_FIGURE) for one in found], statistic, language)
        plot.y.limit(0, max(plot.y.high, 1.06 * float(np.nanmax(steps[:, 1], initial=0))))
        for piece in pieces_of(steps):
            plot.line(piece[:, 0], piece[:, 1], Look(stroke=style.series[0], width=1.2), gid="steps", order=1)
    keys: list[Key] = []
    for i, code in enumerate(codes):
        mark = Mark(style.series[i], MARKERS[i])
        shift = 0.006 * span * (i - (len(codes) - 1) / 2)
        points = [one.get(code, NO_FIGURE) for one in found]
        for x, point in zip(at, points, strict=True):
            draw_point(plot, x + shift, point, mark, upright=True, language=language)
        if steps is None:
            _bounds(plot, [x + shift for x in at], points, mark.colour)
        if domain:
            keys.append(mark_key(mark, named(names, code, language)))
    chosen = official or known[0]
    plot.rule(float(k_value(chosen)), OFFICIAL_LINE, gid="official", order=0)
    form = form_of(statistic)
    plot.y.numbers(form, language)
    plot.y.grid = GRID
    plot.y.title = axis_title(statistic_title(statistic, views[0].unit, language), form, language)
    plot.x.title = f"{CUTOFF[language]}, {views[0].period}"
    keys += [
        Key(label=f"{OFFICIAL[language]} = {chosen}", line=OFFICIAL_LINE),
        interval_key(level, language),
        Key(label=EXACT[language], line=Look(stroke=style.series[0], width=1.2))
        if steps is not None
        else Key(label=BETWEEN[language], patch=Look(fill=GREY, opacity=SHADE)),
        *standings_key(everything, language),
    ]
    return laid_out([[plot]], width=style.width, keys=keys_of([plot], keys))


def _values(plot: Plot, at: Sequence[float], points: Sequence[Figure], statistic: str, language: Language) -> None:
    """The figure of each cutoff above the curve."""
    for x, point in zip(at, points, strict=True):
        if point.value is not None:
            text = written(point, statistic, language)
            plot.text(x, point.value, text, across=4, down=-4, level="bottom", gid="figure")


def steps_of(
    scores: pa.Table, statistic: str, cutoffs: Sequence[str], held: Mapping[str, Sequence[float | None]]
) -> Floats:
    """The corners of the steps of H, A or M0 over the cutoff k, from 0 to the highest score.

    A step differs from the next by what the units at one score add. Where that is hidden, the steps go on from the
    nearest figure that is shown: what a reader of both could add up.

    Parameters
    ----------
    scores : pyarrow.Table
        The distribution of the scores, in their order; null where hidden.
    cutoffs : sequence of str
        At which figures are known.
    held : mapping of {"H", "M0"} to sequence of (float or None)
        The figures at the cutoffs.

    Returns
    -------
    float64, shape (2 n, 2)
        Cutoffs and figures; NaN where a figure is unknown.
    """
    values = np.array(scores["value"].to_pylist(), np.float64)
    shares = np.array([np.nan if one is None else one for one in scores["share"].to_pylist()], np.float64)
    exact = [Fraction(text) for text in scores["score"].to_pylist()]
    own = [sum(one < k_value(k) or (one == k_value(k) and k.startswith(">")) for one in exact) for k in cutoffs]
    heights = {}
    for name, added in (("H", shares), ("M0", values * shares)):
        anchors = {place: value for place, value in zip(own, held[name], strict=True) if value is not None}
        heights[name] = _added_up(added, anchors | ({0: 1.0} if name == "H" else {}))
    with np.errstate(invalid="ignore", divide="ignore"):
        heights["A"] = heights["M0"] / heights["H"]
    starts = np.concatenate([[0.0], values[:-1]])  # a step holds the cutoffs above the score before it
    return np.column_stack([np.column_stack([starts, values]).ravel(), np.repeat(heights[statistic], 2)])


def _added_up(added: Floats, anchors: Mapping[int, float]) -> Floats:
    """The height of each step: above the last score 0, elsewhere known figures and what lies between them.

    Parameters
    ----------
    added : float64, shape (n,)
        By what each step is higher than the next; NaN where unknown.
    anchors : mapping of int to float
        Steps whose height is known.
    """
    heights = np.full(len(added) + 1, np.nan)
    heights[-1] = 0.0
    for place in range(len(added) - 1, -1, -1):
        sum_of_above = heights[place + 1] + added[place]
        heights[place] = anchors.get(place, np.nan) if np.isnan(sum_of_above) else sum_of_above
    for place in range(1, len(added)):
        if np.isnan(heights[place]):
            heights[place] = heights[place - 1] - added[place - 1]
    return heights[:-1]


def pieces_of(steps: Floats) -> list[Floats]:
    """The stretches of a curve that are known."""
    known = ~np.isnan(steps[:, 1])
    ends = np.flatnonzero(np.diff(known)) + 1
    return [piece for piece in np.split(steps, ends) if not np.isnan(piece[0, 1])]


def _bounds(plot: Plot, at: Sequence[float], points: Sequence[Figure], colour: str) -> None:
    """Where a figure lies between two cutoffs: as k grows it never turns back, so inside the box of both."""
    for (x, point), (next_x, after) in pairwise(zip(at, points, strict=True)):
        if point.value is not None and after.value is not None:
            low, high = sorted([point.value, after.value])
            plot.rect(x, low, next_x - x, high - low, Look(fill=colour, opacity=SHADE), gid="between")


@checked
def rank_heatmap(ranks: RankRobustness, *, language: Language = "en", style: Style = HOUSE) -> Drawing:
    """Pairs of cutoffs: above the diagonal the pairs of domains in the same order, below it Kendall's tau.

    Parameters
    ----------
    ranks : RankRobustness
        From `mpi.analysis.rank_robustness.rank_robustness`.
    """
    size = len(ranks.cutoffs)
    if size < FEWEST_CUTOFFS:
        raise unmade("cutoff")
    plot = Plot(CELL * size)
    for i in range(size):
        for j in range(size):
            _pair(plot, ranks, i, j, language=language, style=style)
    for axis, labels in ((plot.x, ranks.cutoffs), (plot.y, [f"k = {k}" for k in ranks.cutoffs])):
        axis.ticks, axis.line = list(enumerate(labels)), False
    plot.x.limit(-0.5, size - 0.5)
    plot.y.limit(size - 0.5, -0.5)
    upper = _shade_keys(UPPER, style.shades(len(FROM)), "percent", language)
    lower = _shade_keys(LOWER, style.second, "index", language)
    # In two rows, or, on a narrow page, one scale after the other.
    keys = [*upper, *lower] if style.narrow else [key for pair in zip(upper, lower, strict=True) for key in pair]
    return laid_out([[plot]], width=style.width, keys=keys)


def _shade_keys(head: Mapping[Language, str], colours: Sequence[str], form: Form, language: Language) -> list[Key]:
    """A line of the legend: what the numbers are, and the shade of each class."""
    scale, digits, sign = (100, 0, catalogue(language).percent) if form == "percent" else (1, 1, "")
    texts = [number(scale * one, language, digits) + sign for one in FROM[:-1]]
    labels = [f"\u2265 {text}" for text in texts] + [f"< {texts[-1]}"]
    shades = [Key(label=text, patch=Look(fill=colour, stroke=GREY, width=0.4))
              for text, colour in zip(labels, colours, strict=True)]  # fmt: skip
    return [Key(label=fitted(head[language], 7.5, HEAD_ROOM)), *shades]


def _pair(plot: Plot, ranks: RankRobustness, i: int, j: int, *, language: Language, style: Style) -> None:
    """The cell of two cutoffs."""
    corner = (j - 0.5, i - 0.5)
    if i == j:
        plot.rect(*corner, 1, 1, Look(fill=DIAGONAL, stroke=PAPER, width=1))
        return
    value = round(float(ranks.kept[i, j] if j > i else ranks.tau[i, j]), 3 if j > i else 2)  # as printed
    colours = style.shades(len(FROM)) if j > i else style.second
    place = next((place for place, least in enumerate(FROM) if value >= least), None)  # none: not a number
    plot.rect(*corner, 1, 1, Look(fill=PAPER if place is None else colours[place], stroke=PAPER, width=1), gid="cell")
    text = NOTHING
    if np.isfinite(value):
        text = number(100 * value, language, 1) if j > i else number(value, language, 2)
    ink = INK if place is None else style.ink_on(colours, place)
    plot.text(j, i, text, size=CELL_SIZE, anchor="middle", ink=ink, gid="kept" if j > i else "tau", inside=True)
