"""An invented country of 1,122 municipalities: two rounds of its survey, and boundaries of 200,000 vertices.

The files have the names of the sample data, so that the study of the demonstration is run on them as it is
(`mpi run colombia_demo --data FOLDER`). A department is a block of tiles; borders are crooked, and neighbours share
them to the last digit. `python -m benchmarks.country FOLDER` writes the files.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.synthetic.colombia import TREND, colombia_survey
from mpi.synthetic.colombia_design import CAPITAL, OTHER_TOWNS
from mpi.synthetic.frame import DEPARTMENTS, Department
from mpi.synthetic.tables import write_parquet

HOUSEHOLDS = 120_000  # a round
SEED = 2026
BLOCK = 6  # tiles on each side of a department
ROWS = (*[(1,) * BLOCK] * (BLOCK - 1), (1, 1, 2, 2))  # widths of the municipalities in the rows of a block
EACH = sum(map(len, ROWS))  # municipalities of a department
ACROSS = 6  # departments beside one another
CORNERS = 44  # vertices of the border between two tiles
ISLAND = "88"
# North-western corner, width and height of a tile, in degrees: of the mainland and of the islands off its coast.
MAINLAND, SEA = (-78.9, 12.4, 0.32, -0.37), (-83.0, 14.0, 0.03, -0.03)

Corner = tuple[int, int]


def municipality_codes() -> list[str]:
    """The codes of all municipalities, ascending."""
    return [f"{department.code}{number:03d}" for department in DEPARTMENTS for number in range(1, EACH + 1)]


def municipalities() -> dict[str, Any]:
    """The municipalities as GeoJSON, one polygon each; properties as in the boundaries of the sample data."""
    features = []
    for department, (left, top) in _blocks():
        places = (
            (left + sum(widths[:i]), top + row, width)
            for row, widths in enumerate(ROWS)
            for i, width in enumerate(widths)
        )
        for number, (x, y, width) in enumerate(places, 1):
            named = {
                "mpio_code": f"{department.code}{number:03d}",
                "mpio_name": f"Municipio {department.code}-{number:03d}",
            }
            features.append(_feature(department, (x, y), (width, 1), named))
    return {"type": "FeatureCollection", "features": features}


def departments() -> dict[str, Any]:
    """The departments, each the union of its municipalities."""
    features = [_feature(department, corner, (BLOCK, BLOCK), {}) for department, corner in _blocks()]
    return {"type": "FeatureCollection", "features": features}


def _blocks() -> Iterator[tuple[Department, Corner]]:
    """Each department with the north-western corner of its block."""
    for i, department in enumerate(DEPARTMENTS):
        yield department, (i % ACROSS * BLOCK, i // ACROSS * BLOCK)


def _feature(department: Department, corner: Corner, size: Corner, named: dict[str, str]) -> dict[str, Any]:
    """A rectangle of tiles, its borders crooked."""
    (x, y), (width, height) = corner, size
    ring = [
        *((x, y + i) for i in range(height)),
        *((x + i, y + height) for i in range(width)),
        *((x + width, y + height - i) for i in range(height)),
        *((x + width - i, y) for i in range(width)),
        (x, y),
    ]
    west, north, wide, high = SEA if department.code == ISLAND else MAINLAND
    points = np.concatenate([_border(a, b) for a, b in pairwise(ring)]) * (wide, high) + (west, north)
    around = [*points.round(6).tolist(), points[0].round(6).tolist()]
    return {
        "type": "Feature",
        "properties": {**named, "dpto_code": department.code, "dpto_name": department.name},
        "geometry": {"type": "Polygon", "coordinates": [around]},
    }


def _border(a: Corner, b: Corner) -> NDArray[np.float64]:
    """The border between two corners of the grid, the same whichever tile draws it; without its end."""
    low, high = sorted([a, b])
    rng = np.random.default_rng([*low, *high])
    at = np.linspace(0, 1, CORNERS + 1)
    walk = np.cumsum(rng.normal(size=CORNERS + 1))
    # A walk from corner to corner, which near them stays within a cone: no border crosses another one.
    room = 0.8 * np.minimum(at, 1 - at)
    side = np.clip(0.02 * (walk - walk[0] - (walk[-1] - walk[0]) * at), -room, room)
    along = np.column_stack([at, side] if low[1] == high[1] else [side, at]) + low
    points: NDArray[np.float64] = (along if a == low else along[::-1])[:-1]
    return points


def write_country(folder: Path, *, households: int = HOUSEHOLDS, seed: int = SEED) -> None:
    """Write the survey of each round, and the boundaries, into a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    households : int
        Wanted households of a round.
    seed : int
    """
    for year, stream in zip(TREND, np.random.default_rng(seed).spawn(len(TREND)), strict=True):
        sample = colombia_survey(year, households, stream)
        tables = {"PERSONAS": sample.persons, "HOGARES": _placed(sample.households), "VIVIENDAS": sample.dwellings}
        for name, table in tables.items():
            write_parquet(table, folder / f"colombia_{year}" / f"{name}.parquet")
    write_boundaries(folder)


def write_boundaries(folder: Path) -> None:
    """Write the boundaries alone."""
    (folder / "boundaries").mkdir(parents=True, exist_ok=True)
    for name, made in (("municipios", municipalities()), ("departamentos", departments())):
        (folder / "boundaries" / f"colombia_{name}.geojson").write_text(json.dumps(made), encoding="utf-8")


def _placed(households: pa.Table) -> pa.Table:
    """Households in the municipalities of this country: a segment lies in one, and the first is the capital."""
    stratum, psu = (households[name].to_numpy() for name in ("ESTRATO", "UPM"))
    kind = stratum % 10
    number = np.select([kind == CAPITAL, kind == OTHER_TOWNS], [1, 2 + psu % (EACH - 1)], 1 + psu % EACH)
    codes = pa.array([f"{code:02d}{one:03d}" for code, one in zip(stratum // 10, number, strict=True)])
    return households.set_column(households.schema.get_field_index("MUNICIPIO"), "MUNICIPIO", codes)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.country", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS, help="of a round")
    asked = parser.parse_args(arguments)
    write_country(asked.folder, households=asked.households)


if __name__ == "__main__":
    main()
