"""Schematic boundaries for the Uruguayan sample: a tile map, one block of cells a department.

Comes in: nothing. Goes out: a GeoJSON feature collection. Every boundary runs along the lines of one lattice
and has a vertex at each crossing it touches, so that neighbours share their vertices exactly. The tiles show
roughly which areas are neighbours; they are not a map.
"""

from collections.abc import Sequence
from math import sin
from typing import Any

from mpi.synthetic.uruguay import DEPARTMENTS

Cell = tuple[int, int]
Point = tuple[int, int]

# Cells on each side of a department's block.
BLOCK = 6
URUGUAY_TILES = (
    "02  13  ..  ..  ..",
    "15  18  04  ..  ..",
    "11  12  06  19  ..",
    "17  07  08  09  14",
    "05  16  01  03  10",
)
# North-western corner, degrees; width and height of a cell, degrees.
URUGUAY_FRAME = (-58.4, -30.2, 0.16, -0.155)


def uruguay_departments() -> dict[str, Any]:
    """Feature collection of the 19 departments.

    Returns
    -------
    dict
        GeoJSON; properties dpto (INE's number), name.
    """
    features = [
        _feature({"dpto": number, "name": name}, _cells_of(f"{number:02d}"))
        for number, (name, *_) in enumerate(DEPARTMENTS, start=1)
    ]
    return {"type": "FeatureCollection", "features": features}


def _cells_of(code: str) -> list[Cell]:
    """Cells (column, row) of a department's block."""
    row, column = next((r, line.split().index(code)) for r, line in enumerate(URUGUAY_TILES) if code in line.split())
    left, top = column * BLOCK, row * BLOCK
    return [(left + i, top + j) for j in range(BLOCK) for i in range(BLOCK)]


def _ring(cells: Sequence[Cell]) -> list[Point]:
    """Closed outline of one piece of cells, counter-clockwise, with every lattice point it passes."""
    edges: dict[Point, Point] = {}
    inside = set(cells)
    for x, y in cells:
        # Rows run southwards: west side down, south side east, east side up, north side west.
        for start, end, beyond in (
            ((x, y), (x, y + 1), (x - 1, y)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
            ((x + 1, y + 1), (x + 1, y), (x + 1, y)),
            ((x + 1, y), (x, y), (x, y - 1)),
        ):
            if beyond not in inside:
                edges[start] = end
    ring = [min(edges)]
    while len(ring) == 1 or ring[-1] != ring[0]:
        ring.append(edges[ring[-1]])
    return ring


def _degrees(point: Point) -> list[float]:
    """Longitude and latitude of a lattice point, gently bent so that tiles look less like a chessboard."""
    x, y = point
    west, north, width, height = URUGUAY_FRAME
    bent_x, bent_y = (x + 0.35 * sin(0.9 * y) + 0.2 * sin(0.5 * x), y + 0.35 * sin(0.8 * x) + 0.2 * sin(0.6 * y))
    return [round(west + width * bent_x, 4), round(north + height * bent_y, 4)]


def _feature(properties: dict[str, Any], cells: Sequence[Cell]) -> dict[str, Any]:
    ring = [_degrees(point) for point in _ring(cells)]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
