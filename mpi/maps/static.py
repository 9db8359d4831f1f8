"""A static map for print: areas in classes, hatched where figures are not reliable, with legend, scale and insets.

Comes in: areas and a layer. Goes out: matplotlib axes; `mpi.drawing.canvas.save` writes PNG, SVG or PDF. Classes and
marks are those of the interactive map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.canvas import GREY, INK, PAPER, WIDTH, drawn, new_figure, shades, wrapped
from mpi.drawing.classes import class_of
from mpi.errors import Fault, UsageError, phrase
from mpi.errors.omissions import unmade
from mpi.maps.areas import Areas
from mpi.maps.furniture import GROUND, HATCH, Drawn, ink_of, legend_of, north_arrow, scale_bar, source_of
from mpi.maps.layers import NO_DATA, Layer
from mpi.vocabulary.wording import Language, marks_told, title_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

LIGHT_INK = "#fff7e8"
HIGH = 1.25  # a map is at most so many times as high as it is wide


def drawn_classes(layer: Layer, place: int) -> Drawn:
    """The class and standing of each area at one cutoff: the first class closed, the others lower < x <= upper."""
    estimate, standing = layer.estimate[place], layer.standing[place]
    words = ["no_data" if one == NO_DATA else STANDINGS[one] for one in standing.tolist()]
    visible = np.isfinite(estimate) & np.array(
        [word in ("shown", "unjudged", "caution", "review") for word in words], np.bool_
    )
    return Drawn(class_of(np.where(visible, estimate, np.nan), layer.breaks), words)


@drawn
def draw_map(
    areas: Areas,
    layer: Layer,
    *,
    title: str = "",
    k: str | None = None,
    language: Language = "en",
    note: str = "",
    colours: Sequence[str] | None = None,
    meanings: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """A map of one layer at one cutoff.

    Parameters
    ----------
    areas : Areas
        Length n, in the order of the layer.
    layer : Layer
    title : str
        Above the map; the caller says what is shown.
    k : str, optional
        One of the layer's cutoffs; its first if left out.
    note : str
        Below the source.
    colours : sequence of str, optional
        One a class; ColorBrewer's YlOrBr if left out.
    meanings : mapping of str to str, optional
        What each mark means in the words of the rules that judged, as `Publication.mark_meanings` gives them.

    Raises
    ------
    UsageError
        If the layer has no such cutoff, or it is not of these areas.
    UnmadeError
        If no area has a figure.
    """
    if len(areas) != layer.estimate.shape[1]:
        text = phrase(
            "the layer {name!r} has {shape} areas, the map {number}",
            name=layer.name,
            shape=layer.estimate.shape[1],
            number=len(areas),
        )
        raise UsageError(Fault("MPI-P001", None, text, phrase("make the layer of these areas")))
    if k is not None and k not in layer.cutoffs:
        known = ", ".join(filter(None, layer.cutoffs))
        remedy = (
            phrase("there are {names}", names=known)
            if known
            else phrase("leave it out: the figures are the same at every cutoff")
        )
        raise UsageError(
            Fault("MPI-P001", None, phrase("the layer {name!r} has no cutoff {k!r}", name=layer.name, k=k), remedy)
        )
    found = drawn_classes(layer, layer.cutoffs.index(k) if k is not None else 0)
    if not (found.classes >= 0).any():
        raise unmade("areas")
    paint = list(colours or shades(len(layer.breaks) - 1))
    paths = [_path(shape) for shape in areas.shapes]
    apart = {int(i) for inset in areas.insets for i in inset.members}
    main = [i for i in range(len(areas)) if i not in apart]
    box = _bounds(paths, main or range(len(areas)))
    told = [*marks_told(set(found.standing), meanings, language), source_of(areas, language), note]
    lines = [line for text in told if text for line in wrapped(text, 125).split("\n")]
    axes = ax or _page(box, title, len(lines))
    _paint(axes, paths, found, paint, main)
    _borders(axes, areas, main)
    _fit(axes, box)
    axes.set_anchor("NW")
    for which, inset in enumerate(areas.insets):
        _inset(axes, areas, paths, found, paint, which=which, title=title_in(inset.title, language, ""), box=box)
    if title:
        axes.set_title(wrapped(title, 92), loc="left", fontsize=10)
    if areas.metres:
        scale_bar(axes, box, language)
    north_arrow(axes, language)
    legend_of(axes, layer, found, paint, language)
    if lines:
        axes.annotate(
            "\n".join(lines),
            (0, 0),
            (0, -4),
            xycoords="axes fraction",
            textcoords="offset points",
            va="top",
            fontsize=6.5,
            color=GREY,
            gid="source",
        )
    return axes


def _page(box: tuple[float, float, float, float], title: str, lines: int) -> Axes:
    """Axes as wide as the page and as high as the areas need, with a column at the right and some lines below."""
    x0, y0, x1, y1 = box
    wide = 0.7 * WIDTH
    high = min(max(wide * (y1 - y0) / max(x1 - x0, 1e-9), 0.45 * WIDTH), HIGH * WIDTH)
    return new_figure(high + (0.35 if title else 0.1) + (0.25 + 0.1 * lines if lines else 0.15)).add_subplot()


def _path(shape: Any) -> Path:  # a shapely polygon or multipolygon
    """All rings of an area as one path; holes stay holes because their rings turn the other way."""
    import shapely
    from matplotlib.path import Path

    rings = shapely.get_rings(shapely.get_parts(shapely.normalize(shape)))
    if not len(rings):
        return Path(np.zeros((0, 2)))
    points, which = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(points), Path.LINETO, np.uint8)
    first = np.flatnonzero(np.diff(which, prepend=-1))
    codes[first] = Path.MOVETO
    codes[np.append(first[1:], len(points)) - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def _bounds(paths: Sequence[Path], members: Sequence[int] | range) -> tuple[float, float, float, float]:
    corners = [np.asarray(paths[i].vertices) for i in members if paths[i].codes is not None]
    if not corners:
        return 0.0, 0.0, 1.0, 1.0
    points = np.concatenate(corners)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _paint(axes: Axes, paths: Sequence[Path], found: Drawn, colours: Sequence[str], members: Sequence[int]) -> None:
    """One collection a class, and one a standing for the hatches: a thousand areas are a dozen objects."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    def put(chosen: Sequence[int], gid: str, order: float, **look: Any) -> None:  # matplotlib's own options
        if chosen:
            axes.add_collection(
                PathCollection([paths[i] for i in chosen], zorder=order, gid=gid, **look), autolim=False
            )

    for i, shade in enumerate(colours):
        put(
            [m for m in members if found.classes[m] == i],
            f"class-{i}",
            1,
            facecolor=shade,
            edgecolor="#8c8c8c",
            linewidth=0.2,
        )
    for standing, hatch in HATCH.items():
        chosen = [m for m in members if found.standing[m] == standing]
        if not chosen:
            continue
        if ground := GROUND.get(standing):
            put(chosen, f"ground-{standing}", 1, facecolor=ground, edgecolor="#8c8c8c", linewidth=0.2)
        # All areas of a standing as one path: a printer draws their hatch once. On dark classes it is light.
        dark = [m for m in chosen if found.classes[m] >= max(len(colours) - 2, 1)]
        for some, ink in (([m for m in chosen if m not in dark], ink_of(standing)), (dark, LIGHT_INK)):
            if some:
                whole = Path.make_compound_path(*(paths[m] for m in some))
                axes.add_collection(
                    PathCollection(
                        [whole],
                        facecolor="none",
                        hatch=hatch,
                        hatchcolor=ink,
                        edgecolor="none",
                        linewidth=0,
                        zorder=2,
                        gid=f"hatch-{standing}",
                    ),
                    autolim=False,
                )


def _borders(axes: Axes, areas: Areas, members: Sequence[int]) -> None:
    """Borders of the upper areas on top."""
    from matplotlib.collections import PathCollection

    if areas.upper_shapes is None:
        return
    inside = sorted({int(areas.upper[m]) for m in members if areas.upper[m] >= 0})
    axes.add_collection(
        PathCollection(
            [_path(areas.upper_shapes[i]) for i in inside],
            facecolor="none",
            edgecolor=INK,
            linewidth=0.55,
            zorder=3,
            gid="upper",
        ),
        autolim=False,
    )


def _fit(axes: Axes, box: tuple[float, float, float, float], *, margin: float = 0.02) -> None:
    x0, y0, x1, y1 = box
    room = margin * max(x1 - x0, y1 - y0)
    axes.set_xlim(x0 - room, x1 + room)
    axes.set_ylim(y0 - room, y1 + room)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _inset(
    axes: Axes,
    areas: Areas,
    paths: Sequence[Path],
    found: Drawn,
    colours: Sequence[str],
    *,
    which: int,
    title: str,
    box: tuple[float, float, float, float],
) -> None:
    """A frame in the corner where there is least of the map; the next one in the next corner."""
    members = areas.insets[which].members.tolist()
    side = 0.2
    corners = _emptiest(paths, box, side)
    left, bottom = corners[which % len(corners)]
    frame = axes.inset_axes((left, bottom, side, side), zorder=5)
    frame.set_facecolor(PAPER)
    _paint(frame, paths, found, colours, members)
    own = _bounds(paths, members)
    _borders(frame, areas, members)
    _fit(frame, own)
    # The frame has the proportions of the map; with limits of the same proportions its scale is equal both ways.
    across, up = (abs(high - low) for low, high in (axes.get_xlim(), axes.get_ylim()))
    wide = 1.25 * max(own[2] - own[0], (own[3] - own[1]) * across / up)
    frame.set_aspect("auto")
    for set_limits, low, high, size in (
        (frame.set_xlim, own[0], own[2], wide),
        (frame.set_ylim, own[1], own[3], wide * up / across),
    ):
        set_limits((low + high - size) / 2, (low + high + size) / 2)
    for spine in frame.spines.values():
        spine.set_visible(True)
        spine.set_linewidth(0.6)
    frame.set_title(wrapped(title, 22), fontsize=6.5, pad=2)


def _emptiest(paths: Sequence[Path], box: tuple[float, float, float, float], side: float) -> list[tuple[float, float]]:
    """Corners of the map for frames, those that cover the fewest vertices first."""
    x0, y0, x1, y1 = box
    points = np.concatenate([np.asarray(path.vertices) for path in paths if path.codes is not None])
    u = (points - (x0, y0)) / (max(x1 - x0, 1e-9), max(y1 - y0, 1e-9))
    corners = [(0.0, 1 - side - 0.04), (1 - side, 1 - side - 0.04), (0.0, 0.09), (1 - side, 0.09)]

    def covered(corner: tuple[float, float]) -> int:
        low = np.array(corner)
        return int(np.count_nonzero(((u >= low) & (u <= low + side + 0.04)).all(axis=1)))

    return sorted(corners, key=covered)
