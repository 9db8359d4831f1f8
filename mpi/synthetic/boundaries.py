"""Schematic boundaries for the sample data: a tile map, one block of cells a department.

Comes in: nothing. Goes out: GeoJSON feature collections. Every boundary runs along the lines of one lattice
and has a vertex at each crossing it touches, so that neighbours share their vertices exactly and departments
are unions of their municipalities. The tiles show roughly which areas are neighbours; they are not a map.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import sin
from typing import Any

from mpi.synthetic.frame import DEPARTMENTS, municipality_codes
from mpi.synthetic.uruguay import DEPARTMENTS as URUGUAY_DEPARTMENTS

Cell = tuple[int, int]
Point = tuple[int, int]
Frame = tuple[float, float, float, float]

# Cells on each side of a department's block.
BLOCK = 6
ISLAND = "88"
COLOMBIA_TILES = (
    "..  ..  08  47  44  ..",
    "..  70  13  20  54  ..",
    "23  05  68  15  81  ..",
    "27  17  25  11  85  99",
    "66  63  73  50  95  94",
    "76  19  41  18  97  ..",
    "..  52  86  91  ..  ..",
)
URUGUAY_TILES = (
    "02  13  ..  ..  ..",
    "15  18  04  ..  ..",
    "11  12  06  19  ..",
    "17  07  08  09  14",
    "05  16  01  03  10",
)
# North-western corner, degrees; width and height of a cell, degrees.
COLOMBIA_FRAME = (-78.9, 12.4, 0.32, -0.37)
URUGUAY_FRAME = (-58.4, -30.2, 0.16, -0.155)
# San Andrés is about 700 km off the coast: cells north-west of the corner.
ISLAND_CORNER = (-14, -4)
ISLAND_CELLS = 2


def colombia_municipalities() -> dict[str, Any]:
    """Feature collection of the fictitious municipalities of `frame`, one polygon each.

    Returns
    -------
    dict
        GeoJSON; properties mpio_code, mpio_name, dpto_code, dpto_name.
    """
    features = []
    for department in DEPARTMENTS:
        codes = municipality_codes(department)
        parts = _shares(_cells_of(department.code, COLOMBIA_TILES), len(codes))
        for code, cells in zip(codes, parts, strict=True):
            properties = {
                "mpio_code": code,
                "mpio_name": f"Municipio {code[:2]}-{code[2:]}",
                "dpto_code": department.code,
                "dpto_name": department.name,
            }
            features.append(_feature(properties, cells, COLOMBIA_FRAME))
    return _collection(features)


def colombia_departments() -> dict[str, Any]:
    """Feature collection of the 33 departments, each the union of its municipalities.

    Returns
    -------
    dict
        GeoJSON; properties dpto_code, dpto_name.
    """
    return _collection(
        _feature(
            {"dpto_code": department.code, "dpto_name": department.name},
            _cells_of(department.code, COLOMBIA_TILES),
            COLOMBIA_FRAME,
        )
        for department in DEPARTMENTS
    )


def uruguay_departments() -> dict[str, Any]:
    """Feature collection of the 19 departments.

    Returns
    -------
    dict
        GeoJSON; properties dpto (INE's number), name.
    """
    return _collection(
        _feature({"dpto": number, "name": name}, _cells_of(f"{number:02d}", URUGUAY_TILES), URUGUAY_FRAME)
        for number, (name, *_) in enumerate(URUGUAY_DEPARTMENTS, start=1)
    )


def _cells_of(code: str, tiles: Sequence[str]) -> list[Cell]:
    """Cells (column, row) of a department's block, in a snake from row to row, each beside the one before."""
    if code == ISLAND:
        (left, top), side = ISLAND_CORNER, ISLAND_CELLS
    else:
        row, column = next((r, line.split().index(code)) for r, line in enumerate(tiles) if code in line.split())
        left, top, side = column * BLOCK, row * BLOCK, BLOCK
    return [(left + (i if row % 2 == 0 else side - 1 - i), top + row) for row in range(side) for i in range(side)]


def _shares(cells: list[Cell], number: int) -> list[list[Cell]]:
    """The cells cut into runs of nearly equal length; a run of a snake is one piece without holes."""
    cuts = [len(cells) * i // number for i in range(number + 1)]
    return [cells[start:end] for start, end in pairwise(cuts)]


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


def _degrees(point: Point, frame: Frame) -> list[float]:
    """Longitude and latitude of a lattice point, gently bent so that tiles look less like a chessboard."""
    x, y = point
    west, north, width, height = frame
    bent_x, bent_y = (x + 0.35 * sin(0.9 * y) + 0.2 * sin(0.5 * x), y + 0.35 * sin(0.8 * x) + 0.2 * sin(0.6 * y))
    return [round(west + width * bent_x, 4), round(north + height * bent_y, 4)]


def _feature(properties: dict[str, Any], cells: Sequence[Cell], frame: Frame) -> dict[str, Any]:
    ring = [_degrees(point, frame) for point in _ring(cells)]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
