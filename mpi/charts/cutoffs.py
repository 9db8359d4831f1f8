"""Charts of robustness: figures along the poverty cutoff, and how far rankings survive another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mpi.analysis.rank_robustness import RankRobustness
from mpi.charts.marks import (
    Mark,
    axis_title,
    draw_point,
    from_zero,
    interval_key,
    mark_key,
    named,
    need_figures,
    number_axis,
    put_legend,
    standings_key,
)
from mpi.charts.reading import view, words
from mpi.charts.rounds import check_lines
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import GREY, INK, MARKERS, SERIES, YLORBR, drawn, new_axes, wrapped
from mpi.errors import Fault, UsageError
from mpi.errors.omissions import unmade
from mpi.language import phrase, translated
from mpi.vocabulary.wording import NOTHING, Language, form_of, number, statistic_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CUTOFF = translated("Poverty cutoff k")
OFFICIAL = translated("the measure's k")
BETWEEN = translated("between computed cutoffs: inside the box")
SHADE = 0.16
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


@drawn
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
    ax: Axes | None = None,
) -> Axes:
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
    from matplotlib.patches import Rectangle

    check_lines(len(codes))
    need_figures([point for points in found for point in points.values()], zeros=False)
    at = [float(k_value(text)) for text in cutoffs]
    axes = ax or new_axes(3.4)
    width = (max(at) - min(at)) or 0.1
    key: list[Any] = []
    for i, code in enumerate(codes):
        mark = Mark(SERIES[i], MARKERS[i])
        shift = 0.006 * width * (i - (len(codes) - 1) / 2)
        points = [one.get(code, NO_FIGURE) for one in found]
        for x, point in zip(at, points, strict=True):
            draw_point(axes, x + shift, point, mark, upright=True)
        _bounds(axes, [x + shift for x in at], points, mark.colour)
        if domain:
            key.append(mark_key(mark, wrapped(named(names, code, language), 40)))
    line = axes.axvline(
        float(k_value(official or known[0])), color=GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0, gid="official"
    )
    line.set_label(f"{OFFICIAL[language]} = {official or known[0]}")
    axes.set_xticks(at, cutoffs)
    axes.set_xlim(min(at) - 0.08 * width, max(at) + 0.08 * width)
    from_zero(axes, "y", [point for one in found for point in one.values()])
    form = form_of(statistic)
    number_axis(axes, "y", form, language)
    axes.grid(visible=True, axis="y")
    axes.set_ylabel(axis_title(statistic_title(statistic, views[0].unit, language), form, language))
    axes.set_xlabel(f"{CUTOFF[language]}, {views[0].period}")
    everything = [point for one in found for point in one.values()]
    between = Rectangle((0, 0), 1, 1, facecolor=GREY, alpha=SHADE, linewidth=0, label=BETWEEN[language])
    key += [line, interval_key(level, language), between]
    put_legend(axes, [*key, *standings_key(everything, language)], own=ax is None)
    return axes


def _bounds(axes: Axes, at: Sequence[float], points: Sequence[Figure], colour: str) -> None:
    """Where a figure lies between two cutoffs: as k grows it never turns back, so inside the box of both."""
    from matplotlib.patches import Rectangle

    for (x, point), (next_x, after) in pairwise(zip(at, points, strict=True)):
        if point.value is not None and after.value is not None:
            low, high = sorted([point.value, after.value])
            axes.add_patch(
                Rectangle(
                    (x, low),
                    next_x - x,
                    high - low,
                    facecolor=colour,
                    alpha=SHADE,
                    linewidth=0,
                    zorder=1,
                    gid="between",
                )
            )


@drawn
def rank_heatmap(ranks: RankRobustness, *, language: Language = "en", ax: Axes | None = None) -> Axes:
    """Pairs of cutoffs: above the diagonal the pairs of domains in the same order, below it Kendall's tau.

    Parameters
    ----------
    ranks : RankRobustness
        From `mpi.analysis.rank_robustness.rank_robustness`.
    """
    from matplotlib.patches import Rectangle

    size = len(ranks.cutoffs)
    if size < FEWEST_CUTOFFS:
        raise unmade("cutoff")
    axes = ax or new_axes(0.9 + 0.42 * size, width=min(170 / 25.4, 1.6 + 0.85 * size))
    colours = YLORBR[5]
    for i in range(size):
        for j in range(size):
            if i == j:
                axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor="#eeeeee", edgecolor="white", linewidth=1))
                continue
            value = float(ranks.kept[i, j] if j > i else ranks.tau[i, j])
            # Agreement: the darker, the less survives, so that the eye goes where a ranking rests on the cutoff.
            shade = colours[int(np.clip((1 - value) * 10, 0, 4))] if np.isfinite(value) else "white"
            axes.add_patch(
                Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=shade, edgecolor="white", linewidth=1, gid="cell")
            )
            written = (
                NOTHING
                if not np.isfinite(value)
                else (number(100 * value, language, 1) if j > i else number(value, language, 2))
            )
            axes.text(
                j,
                i,
                written,
                ha="center",
                va="center_baseline",
                color="white" if shade == colours[4] else INK,
                gid="kept" if j > i else "tau",
            )
    axes.set_xticks(range(size), ranks.cutoffs)
    axes.set_yticks(range(size), [f"k = {k}" for k in ranks.cutoffs])
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel(f"{UPPER[language]}\n{LOWER[language]}", loc="left", fontsize=7.5)
    return axes
