"""Write Colombia's departments and municipalities from DANE's Marco Geoestadístico Nacional (MGN) of 2018.

Usage: python sample_data/boundaries/make.py SOURCE. The source is a TopoJSON file of the MGN with the layer
`MGN_MPIO_POLITICO`; its columns are DANE's. Borders are simplified once, while neighbours share them, and
departments are unions of their municipalities, so that all lines coincide. Names are written as in prose.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import read_arrow
from pyproj import Transformer

LAYER = "MGN_MPIO_POLITICO"
TOLERANCE = 1000.0  # metres: below a pixel where the country is on a screen, a few where a department fills it
ISLANDS, ISLANDS_TOLERANCE = "88", 60.0  # drawn larger, in a frame of their own
DIGITS = 3  # of degrees: 0.001 is about 100 m
SMALL_WORDS = {"de", "del", "la", "las", "los", "el", "y"}
SPELLED = {
    "Bogotá, D.C.": "Bogotá, D. C.",
    "Quindio": "Quindío",
    "Archipiélago de San Andrés, Providencia y Santa Catalina": "San Andrés, Providencia y Santa Catalina",
}


def main(source: Path, folder: Path = Path(__file__).parent) -> None:
    """Write both files into a folder."""
    meta, table = read_arrow(source, layer=LAYER)
    rows = {name: table[name].to_pylist() for name in ("MPIO_CCNCT", "MPIO_CNMBR", "DPTO_CCDGO", "DPTO_CNMBR")}
    order = np.argsort(rows["MPIO_CCNCT"])
    codes, names, departments, titles = ([column[i] for i in order] for column in rows.values())
    shapes = shapely.from_wkb(table[meta["geometry_name"] or "wkb_geometry"].to_pylist())[order]
    drawn = simplified(shapes, np.array(departments))
    own = [
        {"mpio_code": code, "mpio_name": in_prose(name), "dpto_code": above, "dpto_name": in_prose(title)}
        for code, name, above, title in zip(codes, names, departments, titles, strict=True)
    ]
    write(folder / "colombia_municipios.geojson", own, drawn)
    upper = {one["dpto_code"]: {key: one[key] for key in ("dpto_code", "dpto_name")} for one in own}
    unions = [shapely.coverage_union_all(drawn[np.array(departments) == code]) for code in sorted(upper)]
    write(folder / "colombia_departamentos.geojson", [upper[code] for code in sorted(upper)], unions)


def simplified(shapes: Any, departments: Any) -> Any:
    """Polygons in degrees with fewer corners; the mainland and the islands each with its own tolerance."""
    forth, back = (
        Transformer.from_crs(*pair, always_xy=True) for pair in (("EPSG:4326", "EPSG:9377"), ("EPSG:9377", "EPSG:4326"))
    )
    metres = shapely.transform(shapes, forth.transform, interleaved=False)
    made = metres.copy()
    for members, tolerance in ((departments != ISLANDS, TOLERANCE), (departments == ISLANDS, ISLANDS_TOLERANCE)):
        made[members] = shapely.coverage_simplify(metres[members], tolerance)
    degrees = shapely.transform(made, back.transform, interleaved=False)
    degrees = shapely.transform(degrees, lambda points: np.round(points, DIGITS))
    degrees = without_repeats(degrees)
    if not shapely.is_valid(degrees).all() or not shapely.coverage_is_valid(degrees):
        raise SystemExit("rounding broke borders: take another tolerance or more digits")
    return shapely.orient_polygons(degrees)


def without_repeats(shapes: Any) -> Any:
    """Polygons without points that rounding put onto their neighbours, and without parts that it took the area of."""
    slim = shapely.remove_repeated_points(shapes)
    made = []
    for shape in slim:
        parts = [part for part in shapely.get_parts(shape) if part.area > 0]
        made.append(parts[0] if len(parts) == 1 else shapely.multipolygons(parts))
    return np.array(made, object)


def in_prose(name: str) -> str:
    """A name in capitals as it is written in a sentence."""
    words = re.split(r"( )", name.strip().lower())
    said = "".join(word if i and word in SMALL_WORDS else word[:1].upper() + word[1:] for i, word in enumerate(words))
    said = said.replace("D.c.", "D.C.")
    return SPELLED.get(said, said)


def write(path: Path, properties: Iterable[dict[str, str]], shapes: Iterable[Any]) -> None:
    """A GeoJSON file, one line a feature, so that differences can be read."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": own, "geometry": json.loads(shapely.to_geojson(shape))},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for own, shape in zip(properties, shapes, strict=True)
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
