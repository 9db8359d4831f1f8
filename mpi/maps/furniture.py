"""What surrounds a static map: the legend with classes and hatches, the scale bar, the north arrow, the source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mpi.drawing.canvas import BLANK, GREY, INK, PAPER, wrapped
from mpi.language import translated
from mpi.maps.areas import Areas
from mpi.maps.layers import Layer
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import MARK_MEANINGS, MARKS, NOTHING, NOTHING_THERE, Language, number, title_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HATCH = {"caution": "///", "review": "////////", "hidden": "xxxx", "undefined": "...", "no_data": r"\\"}
LIGHT = "#f4f4f4"
GROUND = {"hidden": PAPER, "undefined": LIGHT, "no_data": BLANK}
AREAS = translated("number of areas")
NORTH = translated("N")
SCHEMES = {
    "fixed": translated("fixed classes"),
    "quantiles": translated("quantiles"),
    "fisher_jenks": translated("natural breaks (Fisher-Jenks)"),
}
ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What becomes of the n areas of a map at one cutoff.

    Attributes
    ----------
    classes : int64, shape (n,)
        -1 where there is no number.
    standing : sequence of str
        One of `mpi.disclosure.publishable.STANDINGS`, or `no_data`.
    """

    classes: NDArray[np.int64]
    standing: Sequence[str]


def ink_of(standing: str) -> str:
    """The colour of the hatch of a standing."""
    return {"caution": "#555555", "review": "#333333", "hidden": "#777777"}.get(standing, "#9a9a9a")


def round_length(longest: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> round_length(380_000.0), round_length(0.7)
    (200000.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(longest))
    return max(factor * power for factor in ROUND if factor * power <= longest * (1 + 1e-9))


def scale_bar(axes: Axes, box: tuple[float, float, float, float], language: Language) -> None:
    """A bar of a round length in metres or kilometres, below the map at the left."""
    x0, y0, x1, _ = box
    length = round_length((x1 - x0) * 0.28)
    high = (axes.get_ylim()[1] - axes.get_ylim()[0]) * 0.006
    for i, colour in enumerate((INK, PAPER)):
        axes.fill_between(
            [x0 + length * i / 2, x0 + length * (i + 1) / 2],
            y0,
            y0 + high,
            facecolor=colour,
            edgecolor=INK,
            linewidth=0.5,
            zorder=6,
            gid="scale",
        )
    unit, each = ("km", 1000) if length >= 1000 else ("m", 1)  # noqa: PLR2004  metres in a kilometre
    digits = 0 if (length / 2 / each).is_integer() else 1
    for part in (0.0, 0.5, 1.0):
        value = length * part / each
        text = number(value, language, digits if 0 < part < 1 else 0)
        axes.annotate(
            text,
            (x0 + length * part, y0 + high),
            (0, 1.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=6.5,
            zorder=6,
            gid="scale-label",
        )
    axes.annotate(
        unit,
        (x0 + length, y0 + high / 2),
        (4, 0),
        textcoords="offset points",
        va="center",
        fontsize=6.5,
        zorder=6,
        gid="scale-unit",
    )


def north_arrow(axes: Axes, language: Language) -> None:
    """An arrow to the north, which is up in every projection that a map may have."""
    axes.annotate(
        "",
        (0.03, 0.125),
        (0.03, 0.075),
        xycoords="axes fraction",
        textcoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 0.8},
        zorder=6,
    )
    axes.annotate(
        NORTH[language], (0.03, 0.128), xycoords="axes fraction", ha="center", va="bottom", fontsize=7.5, gid="north"
    )


def legend_of(axes: Axes, layer: Layer, found: Drawn, colours: Sequence[str], language: Language) -> None:
    """Classes with their ranges and counts, then hatches with what they mean."""
    from matplotlib.patches import Patch

    handles = []
    for i, (shade, label) in enumerate(zip(colours, class_labels(layer.breaks, layer.form, language), strict=True)):
        count = int(np.count_nonzero(found.classes == i))
        handles.append(
            Patch(facecolor=shade, edgecolor="#8c8c8c", linewidth=0.4, label=f"{label}  ({number(count, language)})")
        )
    for standing in ("caution", "review", "hidden", "undefined", "no_data"):
        count = list(found.standing).count(standing)
        if count:
            meaning = NOTHING_THERE.get(standing, MARK_MEANINGS.get(standing, {}))[language]
            sign = "" if standing == "no_data" else f"{MARKS[standing]} "
            label = wrapped(f"{sign}{meaning} ({number(count, language)})", 24)
            handles.append(
                Patch(
                    facecolor=GROUND.get(standing, PAPER),
                    hatch=HATCH[standing],
                    hatchcolor=ink_of(standing),
                    edgecolor=GREY,
                    linewidth=0.4,
                    label=label,
                )
            )
    unit = {"percent": "%", "index": "", "number": ""}[layer.form]
    head = ", ".join(part for part in (unit, SCHEMES[layer.scheme][language]) if part)
    legend = axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.4,
        title_fontsize=7.5,
        title=f"{head}\n({AREAS[language]})",
        alignment="left",
        handleheight=1.1,
        handlelength=1.7,
    )
    legend.get_title().set_multialignment("left")


def class_labels(breaks: NDArray[np.float64], form: Form, language: Language) -> list[str]:
    r"""The range of each class in the language's numbers, with as few digits as tell the breaks apart.

    Examples
    --------
    >>> class_labels(np.array([0, 0.2, 0.225]), "percent", "es") == ["0,0 \u2013 20,0", "> 20,0 \u2013 22,5"]
    True
    """
    scaled = breaks * (100 if form == "percent" else 1)
    digits = next((d for d in range(5) if np.allclose(np.round(scaled, d), scaled, atol=1e-9)), None)
    if digits is None:
        digits = next((d for d in range(1, 5) if len(set(np.round(scaled, d).tolist())) == len(scaled)), 4)
    texts = [number(float(value), language, digits) for value in scaled]
    return [f"{'> ' if i else ''}{low} {NOTHING} {high}" for i, (low, high) in enumerate(pairwise(texts))]


def source_of(areas: Areas, language: Language) -> str:
    """Where the boundaries come from."""
    heads: Mapping[str, str] = translated("Boundaries")
    parts = [title_in(titles, language, "") for titles in (areas.source, areas.vintage, areas.licence)]
    return f"{heads[language]}: {'; '.join([*filter(None, parts), areas.crs])}" if any(parts) else ""
