"""Shapes made fit for a map: repaired, projected, simplified so that neighbours keep one border, joined upwards.

Comes in: polygons of a file and what its coordinates are. Goes out: polygons of the projection. Codes and columns are
left to others.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mpi.errors import ConfigError, Fault, Place
from mpi.language import phrase, template

if TYPE_CHECKING:
    from pyproj import CRS

Shapes = NDArray[np.object_]
POLYGON, MULTIPOLYGON = 3, 6
LARGEST_LONGITUDE, LARGEST_LATITUDE = 360.0, 90.0
COARSEST = 0.1  # of the extent of the map: no border is left beyond it
MOST_MOVED = 4  # areas of an inset that are moved together, if they and what is between them are small
SPARSE, BETWEEN = 0.5, 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """Polygons that are valid, and what had to be done.

    Attributes
    ----------
    shapes : object, shape (n,)
    mended : int64, shape (m,)
        Places of shapes that crossed themselves.
    """

    shapes: Shapes
    mended: NDArray[np.int64]


def crs_of(text: str, place: Place | None) -> CRS:
    """A coordinate reference system by its name: degrees or a projection, without heights.

    Raises
    ------
    ConfigError
        If there is none of this name, or it has no places on a map.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old spellings that pyproj still understands
            found = CRS.from_user_input(text)
            flat = found.sub_crs_list[0] if found.is_compound else found
            if flat.is_geographic or flat.is_projected:
                return flat if len(flat.axis_info) == 2 else flat.to_2d()  # noqa: PLR2004  east and north
    except CRSError:
        wrong = template("no coordinate system {shown!r}")
    else:
        wrong = template("neither degrees nor a projection: {shown!r}")
    shown = text if len(text) <= 60 else f"{text[:60]}..."  # noqa: PLR2004  what fits a line
    remedy = phrase("write a code such as EPSG:4326 (degrees) or EPSG:9377 (Colombia, metres)")
    raise ConfigError(Fault("MPI-G012", place, phrase(wrong, shown=shown), remedy))


def crs_name(crs: CRS) -> str:
    """`EPSG:...` where it has such a code, else its whole text."""
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(crs.to_wkt())


def in_metres(crs: CRS) -> bool:
    """Whether the units of a projection are metres."""
    return bool(crs.is_projected and all(axis.unit_name in ("metre", "meter") for axis in crs.axis_info[:2]))


def repaired(shapes: Shapes) -> Repaired:
    """Polygons without crossings; what collapses to a line is dropped from them."""
    import shapely

    mended = np.flatnonzero(~shapely.is_valid(shapes))
    if len(mended):
        shapes = shapes.copy()
        shapes[mended] = shapely.make_valid(shapes[mended], method="structure", keep_collapsed=False)
    return Repaired(shapes, mended.astype(np.int64))


def misplaced(shapes: Shapes, source: CRS, target: CRS) -> str:
    """Why coordinates cannot be what they are said to be; an empty text if they can."""
    import shapely

    west, south, east, north = (float(bound) for bound in shapely.total_bounds(shapes))
    if not np.isfinite([west, south, east, north]).all():
        return phrase("some coordinates are no numbers")
    reach, height = max(abs(west), abs(east)), max(abs(south), abs(north))
    within = reach <= LARGEST_LONGITUDE and height <= LARGEST_LATITUDE
    if source.is_geographic and not within:
        return phrase(
            "coordinates reach {reach:,.0f} and {height:,.0f}, which are no degrees, as {crs} says",
            reach=reach,
            height=height,
            crs=crs_name(source),
        )
    if source.is_projected and within:
        return phrase(
            "coordinates reach {reach:,.1f} and {height:,.1f}: they look like degrees, not like {name}",
            reach=reach,
            height=height,
            name=source.name,
        )
    return _outside((west, south, east, north), source, target)


def _outside(bounds: tuple[float, float, float, float], source: CRS, target: CRS) -> str:
    """Whether a map lies wholly outside of the region that its projection is made for."""
    from pyproj import Transformer

    area = target.area_of_use
    if area is None:
        return ""
    to_degrees = Transformer.from_crs(source, "OGC:CRS84", always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*bounds)
    if not np.isfinite([west, south, east, north]).all():
        return phrase("coordinates are outside of {name}", name=source.name)
    apart = north < area.south or south > area.north
    if area.west <= area.east and west <= east:
        apart = apart or east < area.west or west > area.east
    return (
        phrase(
            "the areas lie at longitudes {west:.1f} to {east:.1f}, latitudes {south:.1f} to "
            "{north:.1f}, outside of {projection}, made for {area}",
            west=west,
            east=east,
            south=south,
            north=north,
            projection=target.name,
            area=area.name,
        )
        if apart
        else ""
    )


def projected(shapes: Shapes, source: CRS, target: CRS) -> Shapes:
    """Shapes in other coordinates, x to the east and y to the north."""
    import shapely
    from pyproj import Transformer

    transformer = Transformer.from_crs(source, target, always_xy=True)
    if transformer.definition == "noop" or source.equals(target, ignore_axis_order=True):
        return shapes

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    moved: Shapes = shapely.transform(shapes, move)
    return moved


def broken_borders(shapes: Shapes) -> NDArray[np.int64]:
    """Places of the shapes whose borders overlap, or fail to meet, those of their neighbours."""
    import shapely

    if shapely.coverage_is_valid(shapes):
        return np.zeros(0, np.int64)
    edges = shapely.coverage_invalid_edges(shapes)
    return np.flatnonzero(~(shapely.is_missing(edges) | shapely.is_empty(edges))).astype(np.int64)


def too_coarse(shapes: Shapes, tolerance: float) -> float:
    """The coarsest tolerance that leaves a map, where this one does not; else 0."""
    import shapely

    west, south, east, north = shapely.total_bounds(shapes)
    most = COARSEST * max(east - west, north - south)
    return float(most) if tolerance > most else 0.0


def simplified(shapes: Shapes, tolerance: float, insets: Sequence[NDArray[np.int64]] = ()) -> Shapes:
    """Shapes with fewer corners: borders that neighbours share stay shared, and no shape vanishes.

    Areas of an inset are drawn larger, so they keep more corners, if no area outside of the inset touches them.

    Parameters
    ----------
    shapes : object, shape (n,)
        Valid polygons.
    tolerance : float
        Roughly the size of what is left out, in units of the projection (the square root of Visvalingam's area).
    insets : sequence of int64
        Places of the areas of each inset.

    References
    ----------
    Visvalingam and Whyatt (1993), The Cartographic Journal 30(1), 46-51; GEOS, coverage simplification.
    """
    import shapely

    apart = [members for members in insets if len(members) and not _touched(shapes, members)]
    rest = np.setdiff1d(np.arange(len(shapes)), np.concatenate([[], *apart]).astype(np.int64))
    made = shapes.copy()
    for members in (rest, *apart):
        if len(members):
            scale = 1.0 if members is rest else min(1.0, _extent(shapes[members]) / _extent(shapes))
            made[members] = shapely.coverage_simplify(shapes[members], tolerance * scale)
    # An invalid coverage passes through with its faults; crossings are mended so that areas can be computed.
    made = repaired(made).shapes
    lost = shapely.is_empty(made) | (shapely.area(made) <= 0)
    made[lost] = shapes[lost]
    return made


def _extent(shapes: Shapes) -> float:
    import shapely

    west, south, east, north = shapely.total_bounds(shapes)
    return float(max(east - west, north - south))


def _touched(shapes: Shapes, members: NDArray[np.int64]) -> bool:
    import shapely

    tree = shapely.STRtree(shapes)
    near = tree.query(shapes[members], predicate="intersects")[1]
    return bool(np.setdiff1d(near, members).size)


def united(shapes: Shapes, group: NDArray[np.int64], groups: int, *, clean: bool) -> Shapes:
    """The union of the shapes of each group; object, shape (groups,).

    Parameters
    ----------
    group : int64, shape (n,)
        -1 for shapes of none.
    clean : bool
        Whether borders are known to meet, so that unions need no geometry but bookkeeping.
    """
    import shapely

    join = shapely.coverage_union_all if clean else shapely.union_all
    made = np.empty(groups, np.object_)
    for place in range(groups):
        made[place] = shapely.orient_polygons(_polygons(join(shapes[group == place])))
    return made


def together(parts: Shapes) -> object:
    """The parts of one area as one shape."""
    import shapely

    return _polygons(shapely.union_all(parts))


def _polygons(shape: object) -> object:
    """The polygons of what a union gave, without stray lines."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_type_id(parts) == POLYGON]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def drawn_together(shapes: Shapes) -> Shapes:
    """Areas, or the parts of them, that are small beside the sea between them: one below the other from north to south.

    They keep one scale. Those that fill their common box, or are many, stay where they are.
    """
    import shapely

    parts, owner = shapely.get_parts(shapes, return_index=True)
    if len(parts) > MOST_MOVED:
        parts, owner = shapes, np.arange(len(shapes))
    bounds = shapely.bounds(parts)
    sizes = bounds[:, 2:] - bounds[:, :2]
    whole = bounds[:, 2:].max(axis=0) - bounds[:, :2].min(axis=0)
    if not 1 < len(parts) <= MOST_MOVED or sizes[:, 1].sum() > whole.max() * SPARSE:
        return shapes
    moved, apart, y = parts.copy(), sizes.max() * BETWEEN, 0.0
    for i in np.argsort(-bounds[:, 3], kind="stable"):
        step = np.array([-(bounds[i, 0] + bounds[i, 2]) / 2, y - bounds[i, 3]])
        moved[i] = shapely.transform(parts[i], lambda points, step=step: points + step)
        y -= sizes[i, 1] + apart
    return np.array([_union(moved[owner == i]) for i in range(len(shapes))], object)


def _union(parts: Shapes) -> object:
    """Parts that do not touch as one shape."""
    import shapely

    return parts[0] if len(parts) == 1 else shapely.multipolygons(shapely.get_parts(parts))
