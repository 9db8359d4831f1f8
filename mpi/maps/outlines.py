"""Outlines of a page: polygons on a grid of whole numbers, far areas in frames, as short texts.

Comes in: areas in their projection. Goes out: rings as steps on one grid, so that shared borders stay shared, with y
downwards as screens have it. Frames of insets stand where the map has room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.maps import geometry, packed
from mpi.maps.areas import Areas

SIDE = 6000  # grid steps along the longer side of the map: finer than any screen shows it whole
MARGIN = 60
FRAME = 0.13  # longer side of an inset's frame, as a share of the map's
TRIES = 14  # places tried along each side
LEAST_FRAME = 0.6  # of that, for either side: a frame holds a title too
GAP = 40
TITLE = (480, 330)  # kept free for a title below a frame: least width, height
LEAST_RING = 3
NEAR = 0.05  # how exact the place of a name is, of the size of its area


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame of an inset on the grid: x, y, width, height, and how much larger it is drawn than the map."""

    x: int
    y: int
    width: int
    height: int
    enlarged: float
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """Outlines of n areas and u upper areas on the grid.

    Attributes
    ----------
    width, height : int
        Of the grid.
    unit : float
        Length of a grid step in units of the projection, outside the frames.
    areas, upper : str
        Rings as `rings` packs them.
    spots : str
        Where names go: x, y, and the radius of the room around it, of each area, then of each upper one.
    frames : tuple of Frame
        One for each inset, in their order.
    """

    width: int
    height: int
    unit: float
    areas: str
    upper: str
    spots: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class _Onto:
    """Where coordinates go: left and top of the source, grid steps per unit, left and top on the grid."""

    left: float
    top: float
    scale: float
    x: float
    y: float

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        across = (points[:, 0] - self.left) * self.scale + self.x
        down = (self.top - points[:, 1]) * self.scale + self.y
        return np.rint(np.stack([across, down], axis=1)).astype(np.int64)


def outlines(areas: Areas) -> Outlines:
    """Areas and upper borders on one grid.

    Parameters
    ----------
    areas : Areas
        At least one.
    """
    import shapely

    inset_of = np.full(len(areas), -1, np.int64)
    for number, inset in enumerate(areas.insets):
        inset_of[inset.members] = number
    if (inset_of >= 0).all():  # nothing is far from nothing
        inset_of[:] = -1
    main = areas.shapes[inset_of < 0]
    left, bottom, right, top = shapely.total_bounds(main)
    extent = max(right - left, top - bottom) or 1.0
    scale = SIDE / extent
    width, height = (round((b - a) * scale) + 2 * MARGIN for a, b in ((left, right), (bottom, top)))
    members = [np.flatnonzero(inset_of == number) for number in range(len(areas.insets))]
    sketches = [_sketch(areas.shapes[own], scale) for own in members if len(own)]
    found = _free_places(main, _Onto(left, top, scale, MARGIN, MARGIN), (width, height), sketches)
    column = 0
    if found is None:  # no room on the map: the frames stand in a column of their own, left of it
        column = max(TITLE[0], *(sketch.width for sketch in sketches)) + MARGIN
        downs = np.cumsum([0, *(sketch.height + TITLE[1] for sketch in sketches)])
        found = [(MARGIN, MARGIN + int(down)) for down in downs[:-1]]
        width, height = width + column, max(height, MARGIN + int(downs[-1]))
    onto = [_Onto(left, top, scale, MARGIN + column, MARGIN)] * len(areas)
    frames = [
        Frame(
            x=x,
            y=y,
            width=sketch.width,
            height=sketch.height,
            enlarged=sketch.scale / scale,
            members=tuple(int(m) for m in own),
        )
        for sketch, (x, y), own in zip(sketches, found, [own for own in members if len(own)], strict=True)
    ]
    shapes = areas.shapes.copy()
    for sketch, frame in zip(sketches, frames, strict=True):
        for area, shape in zip(frame.members, sketch.shapes, strict=True):
            onto[area], shapes[area] = sketch.onto(frame.x, frame.y), shape
    drawn = [_rings(shape, own) for shape, own in zip(shapes, onto, strict=True)]
    far = [areas.shapes[list(frame.members)] for frame in frames]
    mainland = _Onto(left, top, scale, MARGIN + column, MARGIN)
    return Outlines(
        width=width,
        height=height,
        unit=1 / scale,
        areas=packed.text(_packed(drawn)),
        upper=_upper(areas, far, mainland),
        spots=_spots(shapes, onto, areas.upper_shapes, mainland),
        frames=tuple(frames),
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Sketch:
    """An inset before it has its place: its areas, its scale, the size of its frame.

    Attributes
    ----------
    middle : tuple of float
        Of the areas where they truly are.
    shapes : object, shape (m,)
        The areas as they are drawn, moved together if they lie far from one another.
    bounds : tuple of float
        Of these shapes.
    """

    middle: tuple[float, float]
    shapes: NDArray[Any]
    bounds: tuple[float, float, float, float]
    scale: float
    width: int
    height: int

    def onto(self, x: int, y: int) -> _Onto:
        """Into the middle of the frame at x, y."""
        left, bottom, right, top = self.bounds
        across, down = (right - left) * self.scale, (top - bottom) * self.scale
        return _Onto(left, top, self.scale, x + (self.width - across) / 2, y + (self.height - down) / 2)


def _sketch(shapes: NDArray[Any], scale: float) -> _Sketch:
    import shapely

    left, bottom, right, top = (float(bound) for bound in shapely.total_bounds(shapes))
    middle = (left + right) / 2, (bottom + top) / 2
    drawn = geometry.drawn_together(shapes)
    left, bottom, right, top = (float(bound) for bound in shapely.total_bounds(drawn))
    inner = SIDE * FRAME
    own = max(scale, inner / (max(right - left, top - bottom) or 1.0))
    least = round(inner * LEAST_FRAME)
    width, height = (max(round((b - a) * own) + 2 * MARGIN, least) for a, b in ((left, right), (bottom, top)))
    bounds = (left, bottom, right, top)
    return _Sketch(middle=middle, shapes=drawn, bounds=bounds, scale=own, width=width, height=height)


def _free_places(
    main: NDArray[Any], onto: _Onto, size: tuple[int, int], sketches: list[_Sketch]
) -> list[tuple[int, int]] | None:
    """A place for each frame, on no area and on no other frame; None if there is not room for all."""
    import shapely

    tree = shapely.STRtree(main)
    taken: list[tuple[int, int, int, int]] = []
    for one in sketches:
        for x, y in _candidates(size, one, onto):
            width, height = max(one.width, TITLE[0]), one.height + TITLE[1]
            apart = all(x + width < a or a + c < x or y + height < b or b + d < y for a, b, c, d in taken)
            left, right = (onto.left + (at - onto.x) / onto.scale for at in (x - GAP, x + width))
            top, bottom = (onto.top - (at - onto.y) / onto.scale for at in (y - GAP, y + height))
            window = shapely.box(left, bottom, right, top)
            if apart and not len(tree.query(window, predicate="intersects")):
                taken.append((x, y, width, height))
                break
        else:
            return None
    return [(x, y) for x, y, _, _ in taken]


def _candidates(size: tuple[int, int], frame: _Sketch, onto: _Onto) -> list[tuple[int, int]]:
    """Places along the edges of the map, those nearest to where the areas truly are first."""
    if max(frame.width, TITLE[0]) + 2 * MARGIN > size[0] or frame.height + TITLE[1] + 2 * MARGIN > size[1]:
        return []
    rights = np.linspace(MARGIN, size[0] - MARGIN - max(frame.width, TITLE[0]), TRIES).astype(int)
    downs = np.linspace(MARGIN, size[1] - MARGIN - frame.height - TITLE[1], TRIES).astype(int)
    places = [(int(x), int(y)) for y in downs for x in (rights[0], rights[-1])]
    places += [(int(x), int(y)) for x in rights for y in (downs[0], downs[-1])]
    true = np.clip(onto(np.array([frame.middle]))[0], 0, size)
    middle = np.array([frame.width, frame.height]) / 2
    return sorted(places, key=lambda place: float(np.hypot(*(place + middle - true))))


def _rings(shape: Any, onto: _Onto) -> list[NDArray[np.int64]]:
    """Rings of a shape on the grid, without the closing point and without points on top of each other."""
    import shapely

    rings, largest = [], np.zeros((0, 2), np.int64)
    for part in shapely.get_parts(shape):
        for line in shapely.get_rings(part):
            points = onto(shapely.get_coordinates(line)[:-1])
            moved = np.any(points != np.roll(points, 1, axis=0), axis=1)
            kept = points[moved]
            if len(kept) >= LEAST_RING:
                rings.append(kept)
            elif len(points) > len(largest):
                largest = points
    if not rings and len(largest):  # an area too small for the grid is still there to be found
        x, y = largest[0]
        rings.append(np.array([[x, y], [x + 1, y], [x, y + 1]], np.int64))
    return rings


def _packed(drawn: list[list[NDArray[np.int64]]]) -> bytes:
    """For each shape the number of rings; for each ring the number of points, then steps from the ring before."""
    parts: list[NDArray[np.int64]] = []
    at = np.zeros(2, np.int64)
    for rings in drawn:
        parts.append(np.array([len(rings)], np.int64))
        for ring in rings:
            steps = np.diff(ring, axis=0, prepend=at[None, :])
            parts += [np.array([len(ring)], np.int64), packed.zigzag(steps).ravel()]
            at = ring[0]
            # Steps inside a ring go from point to point; the next ring starts from this one's first point.
    return packed.varints(np.concatenate(parts)) if parts else b""


def _upper(areas: Areas, far: list[NDArray[Any]], onto: _Onto) -> str:
    """Borders of the upper areas, without those in frames: around an island they would cover its colour."""
    import shapely

    if areas.upper_shapes is None:
        return ""
    homes = [shapely.box(*shapely.total_bounds(shapes)) for shapes in far]
    drawn = []
    for shape in areas.upper_shapes:
        parts = shapely.get_parts(shape)
        framed = [any(home.contains(part.representative_point()) for home in homes) for part in parts]
        drawn.append(
            [ring for part, apart in zip(parts, framed, strict=True) if not apart for ring in _rings(part, onto)]
        )
    return packed.text(_packed(drawn))


def _spots(shapes: NDArray[Any], onto: list[_Onto], upper: NDArray[Any] | None, mainland: _Onto) -> str:
    """The largest circle in the largest part of each area, then of each upper one."""
    own = [*zip(shapes, onto, strict=True), *((shape, mainland) for shape in ([] if upper is None else upper))]
    return packed.text(packed.varints(np.concatenate([_spot(*one) for one in own])))


def _spot(shape: Any, onto: _Onto) -> NDArray[np.int64]:
    import shapely

    parts = shapely.get_parts(shape)
    largest = parts[np.argmax(shapely.area(parts))]
    radius = shapely.maximum_inscribed_circle(largest, tolerance=largest.area**0.5 * NEAR)
    at = onto(shapely.get_coordinates(radius)[:1])[0]
    return np.maximum([*at, round(radius.length * onto.scale)], 0)
