"""Areas on paper: the map, the frames of its insets and every border in points, once for all layers and languages.

Comes in: areas in their projection. Goes out: rings as pictures draw them, with y downwards, in the order of the areas.
Corners that no print shows are left out, and borders that neighbours share stay shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.scene import LEADING, MILLIMETRE, Box
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted, text_width
from mpi.maps import geometry
from mpi.maps.areas import Areas

Bools = NDArray[np.bool_]
MARGIN = 4.0  # points, around all
WIDE, HIGH = 0.71, 1.25  # the most that a map takes on paper, as shares of the width of the drawing
HIGH_ALONE = 1.6  # the same where the legend stands below it
FINEST = 0.1 * MILLIMETRE
FRAME, LEAST_FRAME = 0.16, 0.7  # longer side of an inset's frame as a share of the map's width; the least of that
ROOM = 1.25  # of a frame, as a multiple of its areas
TITLE_SIZE = 6.5
GAP = 3.0  # between a frame and anything else
COLUMN = 10.0  # between the map and the column of its legend
MOST_NAMED = 60  # areas whose names have room on a page
TRIES = 15  # places tried along each side


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Closed lines of some areas, without the closing points; holes turn the other way round.

    Attributes
    ----------
    points : float64, shape (n, 2)
        On paper, from the upper left corner of the map.
    sizes : int64, shape (r,)
        Points of each ring.
    area : int64, shape (r,)
        Place of its area.
    """

    points: Floats
    sizes: NDArray[np.int64]
    area: NDArray[np.int64]

    def of(self, chosen: Bools) -> tuple[Floats, NDArray[np.int64]]:
        """The points of the rings of some areas, and where each ring begins."""
        kept = chosen[self.area]
        sizes = self.sizes[kept]
        return self.points[np.repeat(kept, self.sizes)], np.cumsum(sizes) - sizes


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part:
    """The map itself, or the frame of an inset.

    Attributes
    ----------
    box : Box
        On paper, from the upper left corner of the map.
    members : bool, shape (areas,)
    rings, upper : Rings
        Of the members, and of the upper areas that hold them.
    scale : float
        Points in a unit of the projection.
    inset, beside : bool
        Whether it is one; whether it stands in the column of the legend, because there is no room on the map.
    title : mapping of str to str
        Of the inset.
    title_height : float
        Points that are kept free for it above the box.
    """

    box: Box
    members: Bools
    rings: Rings
    upper: Rings
    scale: float
    inset: bool = False
    beside: bool = False
    title: Mapping[str, str] = field(default_factory=dict)
    title_height: float = 0.0


def rings_of(shapes: geometry.Shapes, places: NDArray[np.int64]) -> Rings:
    """The rings of polygons, which are the areas of these places."""
    import shapely

    parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    points, of_point = shapely.get_coordinates(rings, return_index=True)
    last = np.append(of_point[1:] != of_point[:-1], len(of_point) > 0)
    sizes = np.bincount(of_point, minlength=len(rings)) - 1
    return Rings(points[~last[: len(points)]], sizes, places[of_part[of_ring]])


@lru_cache(maxsize=8)
def on_paper(areas: Areas, style: Style = HOUSE) -> tuple[Part, ...]:
    """The map, then its insets; a narrow one takes the whole width."""
    import shapely

    apart = np.zeros(len(areas), np.bool_)
    for inset in areas.insets:
        apart[inset.members] = True
    main = ~apart if not apart.all() else apart
    left, bottom, right, top = _bounds(areas.shapes[main])
    wide, high = (1 - 2 * MARGIN / style.width, HIGH_ALONE) if style.narrow else (WIDE, HIGH)
    scale = min(wide * style.width / (right - left), high * style.width / (top - bottom))
    box = Box(0.0, 0.0, (right - left) * scale, (top - bottom) * scale)
    found = [_part(areas, main, (left, top), scale, box)]
    tree = shapely.STRtree(_moved(areas.shapes[main], (left, top), scale, box))
    taken: list[Box] = []
    for inset in areas.insets:
        members = np.zeros(len(areas), np.bool_)
        members[inset.members] = True
        own = areas.shapes[members]
        x0, y0, x1, y1 = _bounds(own)
        true = ((x0 + x1) / 2 - left) * scale, (top - (y0 + y1) / 2) * scale
        shapes = geometry.drawn_together(own)
        frame = _frame(shapes, inset.title, FRAME * (box.right - box.left), style)
        place = _free_place(tree, box, (frame.wide, frame.high, frame.title), taken, true)
        if beside := place is None:
            ground = (
                min((one.box.top - one.title_height for one in found if one.beside), default=box.bottom + GAP) - GAP
            )
            x = 0.0 if style.narrow else box.right + COLUMN
            place = Box(x, ground - frame.high, x + frame.wide, ground)
        else:
            taken.append(place)
        made = _part(areas, members, frame.corner, frame.scale, place, drawn=None if shapes is own else shapes)
        found.append(replace(made, inset=True, beside=beside, title=inset.title, title_height=frame.title))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Frame:
    """An inset before it has its place: width, height and height of the title in points, its scale, its corner."""

    wide: float
    high: float
    title: float
    scale: float
    corner: tuple[float, float]


def _frame(shapes: geometry.Shapes, titles: Mapping[str, str], side: float, style: Style) -> _Frame:
    """A frame whose longer side is `side`, or a little more: no word of its title is broken."""
    x0, y0, x1, y1 = _bounds(shapes)
    scale = side / (ROOM * max(x1 - x0, y1 - y0))
    size, least = style.size(TITLE_SIZE), LEAST_FRAME * side
    longest = max((text_width(word, size) for text in titles.values() for word in text.split(" ")), default=0.0)
    wide, high = max(ROOM * (x1 - x0) * scale, least, longest), max(ROOM * (y1 - y0) * scale, least)
    lines = max((fitted(text, size, wide).count("\n") + 1 for text in titles.values()), default=0)
    corner = ((x0 + x1 - wide / scale) / 2, (y0 + y1 + high / scale) / 2)
    return _Frame(wide, high, lines * LEADING * size, scale, corner)


def _bounds(shapes: geometry.Shapes) -> tuple[float, float, float, float]:
    """West, south, east and north, never on each other."""
    import shapely

    west, south, east, north = (float(bound) for bound in shapely.total_bounds(shapes))
    least = max(east - west, north - south) * 1e-3 or 1.0
    return west, south, max(east, west + least), max(north, south + least)


def _part(
    areas: Areas,
    members: Bools,
    corner: tuple[float, float],
    scale: float,
    box: Box,
    *,
    drawn: geometry.Shapes | None = None,
) -> Part:
    """Some areas on paper, without the corners that are too fine for it.

    `drawn` are their shapes if they are moved together; borders of upper areas would then lie elsewhere.
    """
    places = np.flatnonzero(members)
    own = areas.shapes[places] if drawn is None else drawn
    shapes = geometry.simplified(_moved(own, corner, scale, box), FINEST)
    above = np.unique(areas.upper[places])
    above = above[above >= 0] if areas.upper_shapes is not None and drawn is None else above[:0]
    borders: Any = areas.upper_shapes[above] if areas.upper_shapes is not None else areas.shapes[:0]
    borders = geometry.simplified(_moved(borders, corner, scale, box), FINEST) if len(borders) else borders
    return Part(box=box, members=members, rings=rings_of(shapes, places), upper=rings_of(borders, above), scale=scale)


def _moved(shapes: geometry.Shapes, corner: tuple[float, float], scale: float, box: Box) -> geometry.Shapes:
    """Shapes in points; `corner` of the projection comes to the upper left corner of the box."""
    import shapely

    onto = np.array([scale, -scale])
    moved: geometry.Shapes = shapely.transform(shapes, lambda points: (points - corner) * onto + box[:2])
    return moved


def _free_place(
    tree: Any, box: Box, size: tuple[float, float, float], taken: Sequence[Box], true: tuple[float, float]
) -> Box | None:
    """A place for a frame with its title above, on no area and on no other frame; None if there is none.

    `size` is width, height and the height of the title; `true` is where its areas would be on the map.
    """
    import shapely

    title = size[2]
    for x, y in _candidates(box, (size[0], size[1] + title), true):
        frame = Box(x, y + title, x + size[0], y + title + size[1])
        window = shapely.box(x - GAP, y - GAP, frame.right + GAP, frame.bottom + GAP)
        apart = not any(_meet(frame, other, title) for other in taken)
        if apart and not len(tree.query(window, predicate="intersects")):
            return frame
    return None


def _meet(one: Box, other: Box, title: float) -> bool:
    apart = title + GAP
    return (
        one.left < other.right + GAP
        and other.left < one.right + GAP
        and one.top < other.bottom + apart
        and other.top < one.bottom + apart
    )


def _candidates(box: Box, size: tuple[float, float], true: tuple[float, float]) -> list[tuple[float, float]]:
    """Upper left corners along all sides of the map, those first that are nearest to where the areas truly are."""
    rights = np.linspace(0, max(box.right - size[0], 0), TRIES).tolist()
    downs = np.linspace(0, max(box.bottom - size[1], 0), TRIES).tolist()
    found = [(x, y) for y in downs for x in (rights[0], rights[-1])]
    found += [(x, y) for x in rights for y in (downs[0], downs[-1])]

    def away(corner: tuple[float, float]) -> float:
        return float(np.hypot(corner[0] + size[0] / 2 - true[0], corner[1] + size[1] / 2 - true[1]))

    return sorted(found, key=away)


@lru_cache(maxsize=8)
def spots(areas: Areas, style: Style = HOUSE) -> tuple[tuple[str, float, float, float], ...]:
    """Names for the map, of the upper areas or else of its areas if they are few: name, place, and room around it.

    The place is the middle of the largest circle in the largest part of the area; all in points of the map. What lies
    in the frame of an inset has its name there.
    """
    import shapely

    shapes, names = areas.shapes, areas.names
    if areas.upper_shapes is not None:
        shapes, names = areas.upper_shapes, areas.upper_names
    if len(names) > MOST_NAMED:
        return ()
    main = on_paper(areas, style)[0]
    apart = ~main.members if main.members.any() else main.members
    framed = shapely.union_all(shapely.envelope(areas.shapes[apart])) if apart.any() else None
    left, top = _bounds(areas.shapes[main.members])[0], _bounds(areas.shapes[main.members])[3]
    found = []
    for shape, name in zip(shapes, names, strict=True):
        parts = shapely.get_parts(shape)
        largest = parts[np.argmax(shapely.area(parts))]
        if framed is not None and framed.intersects(largest):
            continue
        radius = shapely.maximum_inscribed_circle(largest, tolerance=float(largest.area) ** 0.5 * 0.05)
        (x, y), *_ = shapely.get_coordinates(radius).tolist()
        found.append((name, (x - left) * main.scale, (top - y) * main.scale, radius.length * main.scale))
    return tuple(found)
