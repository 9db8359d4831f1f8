"""A static map for print: areas in classes, hatched where figures are not reliable, with legend, scale and insets.

Comes in: areas and a layer. Goes out: a drawing, of which `mpi.drawing.canvas.picture` makes PNG, SVG or PDF. Classes
and marks are those of the interactive map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.classes import class_of
from mpi.drawing.palette import GREY, INK, PAPER
from mpi.drawing.scene import Box, Element, Group, Look, Path, Rect, Text
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors import Fault, UsageError, phrase
from mpi.errors.omissions import unmade
from mpi.maps.areas import Areas
from mpi.maps.furniture import (
    BORDER,
    GROUND,
    HATCH,
    LABEL,
    NAME,
    STRIP,
    Drawn,
    hatched,
    legend_of,
    lists_of,
    names_of,
    north_arrow,
    scale_bar,
    source_of,
)  # fmt: skip
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.paper import COLUMN, GAP, MARGIN, TITLE_SIZE, Bools, Part, Rings, on_paper, spots
from mpi.vocabulary.wording import Language, marks_told, title_in

HEAD_SIZE, NOTE_SIZE = 10.0, 6.5
EDGE = Look(stroke=GREY, width=0.6)


def drawn_classes(layer: Layer, place: int) -> Drawn:
    """The class and standing of each area at one cutoff: the first class closed, the others lower < x <= upper."""
    estimate, standing = layer.estimate[place], layer.standing[place]
    words = ["no_data" if one == NO_DATA else STANDINGS[one] for one in standing.tolist()]
    visible = np.isfinite(estimate) & np.array(
        [word in ("shown", "unjudged", "caution", "review") for word in words], np.bool_
    )
    return Drawn(class_of(np.where(visible, estimate, np.nan), layer.breaks), words)


@checked
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
    beside: Sequence[tuple[str, Sequence[str]]] = (),
    style: Style = HOUSE,
) -> Drawing:
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
        One a class; those of the style if left out.
    meanings : mapping of str to str, optional
        What each mark means in the words of the rules that judged, as `Publication.mark_meanings` gives them.

    beside : sequence of (str, sequence of str)
        Lists below the legend, each with its head, as many as have room beside the map: such as the highest areas.

    Returns
    -------
    Drawing
        Elements with the ids `class-0` and so on, `ground-hidden`, `hatch-caution`, ...; their data are the places of
        the areas that they show, with the estimates.

    Raises
    ------
    UsageError
        If the layer has no such cutoff, or it is not of these areas.
    UnmadeError
        If no area has a figure.
    """
    _check(areas, layer, k)
    place = layer.cutoffs.index(k) if k is not None else 0
    found = drawn_classes(layer, place)
    if not (found.classes >= 0).any():
        raise unmade("areas")
    paint = list(colours or style.shades(len(layer.breaks) - 1))
    head = _text(title, MARGIN, HEAD_SIZE, INK, gid="title", width=style.width) if title else None
    top = MARGIN if head is None else head.box().bottom + MARGIN
    elements, end = _body(areas, layer, found, paint, place, language=language, top=top, beside=beside, style=style)
    told = [*marks_told(set(found.standing), meanings, language), source_of(areas, language), note]
    source = (
        _text(
            "\n".join(filter(None, told)),
            end + 1.5 * MARGIN,
            style.size(NOTE_SIZE),
            GREY,
            gid="source",
            width=style.width,
        )
        if any(told)
        else None
    )
    end = end if source is None else source.box().bottom
    return Drawing(style.width, end + MARGIN, tuple(one for one in (head, *elements, source) if one is not None))


def _text(text: str, y: float, size: float, ink: str, *, gid: str, width: float) -> Text:
    """Lines over the whole width of the page."""
    lines = [fitted(line, size, width - 2 * MARGIN) for line in text.split("\n")]
    return Text(x=MARGIN, y=y, text="\n".join(lines), size=size, ink=ink, level="top", gid=gid)


def _body(
    areas: Areas,
    layer: Layer,
    found: Drawn,
    colours: Sequence[str],
    place: int,
    *,
    language: Language,
    top: float,
    beside: Sequence[tuple[str, Sequence[str]]],
    style: Style,
) -> tuple[list[Element], float]:
    """The map with its frames, the legend beside it or below, arrow and scale below it; and where all of that ends."""
    parts = on_paper(areas, style)
    bottom = top + parts[0].box.bottom
    strip = bottom + MARGIN
    column = Box(MARGIN + parts[0].box.right + COLUMN, top, style.width - MARGIN, bottom)
    if style.narrow:
        column = Box(MARGIN, strip + STRIP + 2 * MARGIN, style.width - MARGIN, math.inf)
    legend, end = legend_of(layer, found, colours, language, column)
    listed, end = lists_of(beside, end, column, sum(part.box.bottom - part.box.top for part in parts if part.beside))
    legend += listed
    # Frames that have no room on the map stand below the legend, or level with the foot of the map.
    tops = [top + part.box.top - part.title_height for part in parts if part.beside]
    lower = max((end + 3 * GAP - one for one in tops), default=0.0)
    elements: list[Element] = []
    for part in parts:
        down = top + max(lower, 0.0) if part.beside else top
        elements += _part(part, found, colours, layer.estimate[place], down)
        if part.inset:
            elements += framed_part(part, language, down, style)
            end = max(end, down + part.box.bottom)
    elements += names_of(
        spots(areas, style), MARGIN, top, style.width if style.narrow else column.left, style.size(NAME)
    )
    elements += [*legend, *north_arrow(MARGIN, strip, language)]
    if areas.metres:
        elements += scale_bar(MARGIN, strip, parts[0], language, style.size(LABEL))
    return elements, max(strip + STRIP, end)


def _check(areas: Areas, layer: Layer, k: str | None) -> None:
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


def _part(
    part: Part, found: Drawn, colours: Sequence[str], estimate: np.ndarray[tuple[int], np.dtype[np.float64]], top: float
) -> Iterator[Element]:
    """The map, or the areas of a frame: one path a class, and one a standing for the hatches."""
    standing = np.array(found.standing)

    def path(chosen: Bools, gid: str, look: Look) -> Iterator[Element]:
        own = chosen & part.members
        if own.any():
            data = np.column_stack([np.flatnonzero(own), estimate[own]])
            yield replace(path_of(part.rings, own, look, top), gid=gid, data=data)

    if part.inset:
        yield replace(_rect(part.box, Look(fill=PAPER), top), gid="frame-ground")
    for i, shade in enumerate(colours):
        yield from path(found.classes == i, f"class-{i}", Look(fill=shade, stroke=BORDER, width=0.2))
    for word in HATCH:
        chosen = standing == word
        if ground := GROUND.get(word):
            yield from path(chosen, f"ground-{word}", Look(fill=ground, stroke=BORDER, width=0.2))
            yield from path(chosen, f"hatch-{word}", hatched(word))
            continue
        for i, shade in enumerate(colours):  # its colour fades, and its hatch never makes it look like a higher class
            yield from path(chosen & (found.classes == i), f"hatch-{word}", hatched(word, shade))
    if part.inset and part.members.any():  # small islands are seen by their outline
        yield replace(path_of(part.rings, part.members, Look(stroke=GREY, width=0.5), top), gid="frame-outline")
    if len(part.upper.area):  # an upper area may lie in the map and in a frame
        every = np.ones(int(part.upper.area.max()) + 1, np.bool_)
        borders = replace(path_of(part.upper, every, Look(stroke=INK, width=0.55), top), gid="upper")
        yield Group((borders,), clip=_grown(part.box, top))


def path_of(rings: Rings, chosen: Bools, look: Look, top: float) -> Path:
    """The outlines of some areas as one path; `top` is where the map begins on the page."""
    points, starts = rings.of(chosen)
    return Path(points + np.array([MARGIN, top]), look, closed=True, starts=starts)


def _grown(box: Box, top: float) -> Box:
    """A box on the page, with room for the lines at its edges."""
    return Box(box.left + MARGIN - 1, box.top + top - 1, box.right + MARGIN + 1, box.bottom + top + 1)


def _rect(box: Box, look: Look, top: float) -> Rect:
    return Rect(box.left + MARGIN, box.top + top, box.right - box.left, box.bottom - box.top, look)


def framed_part(part: Part, language: Language, top: float, style: Style) -> Iterator[Element]:
    """The frame of an inset, and its title above."""
    yield replace(_rect(part.box, EDGE, top), gid="frame")
    size = style.size(TITLE_SIZE)
    text = fitted(title_in(part.title, language, ""), size, part.box.right - part.box.left)
    middle = (part.box.left + part.box.right) / 2
    yield Text(x=MARGIN + middle, y=part.box.top + top - 1, text=text, size=size, anchor="middle",
               level="bottom", gid="frame-title")  # fmt: skip
