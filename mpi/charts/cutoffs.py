"""Charts of robustness: figures along the poverty cutoff, and how far rankings survive another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

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
)
from mpi.charts.reading import view, words
from mpi.charts.rounds import check_lines
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.layout import laid_out
from mpi.drawing.legend import Key
from mpi.drawing.palette import GREY, INK, MARKERS, PAPER, SERIES, YLORBR
from mpi.drawing.plot import Plot
from mpi.drawing.scene import WIDTH, Look
from mpi.errors import Fault, UsageError
from mpi.errors.omissions import unmade
from mpi.language import phrase, translated
from mpi.vocabulary.wording import NOTHING, Language, form_of, number, statistic_title

CUTOFF = translated("Poverty cutoff k")
OFFICIAL = translated("the measure's k")
BETWEEN = translated("between computed cutoffs: inside the box")
SHADE = 0.16  # opacity
HEIGHT = 175.0  # points
OFFICIAL_LINE = Look(stroke=GREY, width=0.9, dash=(2, 2))
CELL, DIAGONAL = 24.0, "#eeeeee"  # points
FEWEST_CUTOFFS = 2
UPPER = translated("above: pairs in the same order (%)")
LOWER = translated("below: Kendall's tau")


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
    period: str | None = None,
    unit: str | None = None,
    level: float = 0.95,
    language: Language = "en",
) -> Drawing:
    """A statistic at every cutoff that was computed, and where it lies between them; at most 8 codes of a domain.

    Parameters
    ----------
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
    width = (max(at) - min(at)) or 0.1
    plot = Plot(HEIGHT)
    plot.x.limit(min(at) - 0.08 * width, max(at) + 0.08 * width)
    plot.x.ticks = list(zip(at, cutoffs, strict=True))
    everything = [point for one in found for point in one.values()]
    from_zero(plot.y, everything)
    keys: list[Key] = []
    for i, code in enumerate(codes):
        mark = Mark(SERIES[i], MARKERS[i])
        shift = 0.006 * width * (i - (len(codes) - 1) / 2)
        points = [one.get(code, NO_FIGURE) for one in found]
        for x, point in zip(at, points, strict=True):
            draw_point(plot, x + shift, point, mark, upright=True)
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
        Key(label=BETWEEN[language], patch=Look(fill=GREY, opacity=SHADE)),
        *standings_key(everything, language),
    ]
    return laid_out([[plot]], keys=keys_of([plot], keys))


def _bounds(plot: Plot, at: Sequence[float], points: Sequence[Figure], colour: str) -> None:
    """Where a figure lies between two cutoffs: as k grows it never turns back, so inside the box of both."""
    for (x, point), (next_x, after) in pairwise(zip(at, points, strict=True)):
        if point.value is not None and after.value is not None:
            low, high = sorted([point.value, after.value])
            plot.rect(x, low, next_x - x, high - low, Look(fill=colour, opacity=SHADE), gid="between")


@checked
def rank_heatmap(ranks: RankRobustness, *, language: Language = "en") -> Drawing:
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
            _pair(plot, ranks, i, j, language)
    for axis, labels in ((plot.x, ranks.cutoffs), (plot.y, [f"k = {k}" for k in ranks.cutoffs])):
        axis.ticks, axis.line = list(enumerate(labels)), False
    plot.x.limit(-0.5, size - 0.5)
    plot.y.limit(size - 0.5, -0.5)
    plot.x.title, plot.x.title_at, plot.x.title_size = f"{UPPER[language]}\n{LOWER[language]}", "start", 7.5
    return laid_out([[plot]], width=min(WIDTH, 115 + 61 * size))


def _pair(plot: Plot, ranks: RankRobustness, i: int, j: int, language: Language) -> None:
    """The cell of two cutoffs."""
    corner = (j - 0.5, i - 0.5)
    if i == j:
        plot.rect(*corner, 1, 1, Look(fill=DIAGONAL, stroke=PAPER, width=1))
        return
    value = float(ranks.kept[i, j] if j > i else ranks.tau[i, j])
    # Agreement: the darker, the less survives, so that the eye goes where a ranking rests on the cutoff.
    colours = YLORBR[5]
    shade = colours[int(np.clip((1 - value) * 10, 0, 4))] if np.isfinite(value) else PAPER
    plot.rect(*corner, 1, 1, Look(fill=shade, stroke=PAPER, width=1), gid="cell")
    text = NOTHING
    if np.isfinite(value):
        text = number(100 * value, language, 1) if j > i else number(value, language, 2)
    ink = PAPER if shade == colours[4] else INK
    plot.text(j, i, text, size=8, anchor="middle", ink=ink, gid="kept" if j > i else "tau", inside=True)
