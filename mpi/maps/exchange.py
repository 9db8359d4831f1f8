"""Map data for programs: GeoParquet 1.1, GeoJSON as RFC 7946 has it, and a CSV without shapes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.files import safe_cell
from mpi.maps.areas import Areas
from mpi.maps.geometry import crs_of, projected
from mpi.maps.geopackage import coded

DECIMALS = 6  # of a degree: a tenth of a metre
SIDES = ("xmin", "ymin", "xmax", "ymax")


def write_geoparquet(path: Path, areas: Areas, columns: Mapping[str, pa.Array]) -> None:
    """Write a GeoParquet 1.1 file: well-known binary, a box for each area, the projection in full.

    References
    ----------
    GeoParquet specification 1.1.0, https://geoparquet.org/releases/v1.1.0/
    """
    import pyarrow.parquet as pq
    import shapely

    shapes = shapely.orient_polygons(areas.shapes)
    boxes = shapely.bounds(shapes)
    sides = [arrow.numbers(np.ascontiguousarray(boxes[:, i])) for i in range(4)]
    box = pa.StructArray.from_arrays(sides, names=list(SIDES))
    kinds = {3: "Polygon", 6: "MultiPolygon"}
    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": sorted({kinds[int(kind)] for kind in shapely.get_type_id(shapes)}),
                "crs": crs_of(areas.crs, None).to_json_dict(),
                "edges": "planar",
                "orientation": "counterclockwise",
                "bbox": [float(bound) for bound in shapely.total_bounds(shapes)],
                "covering": {"bbox": {side: ["bbox", side] for side in SIDES}},
            }
        },
    }
    table = arrow.table({**columns, "bbox": box, "geometry": coded(shapes)}, {"geo": json.dumps(about)})
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def write_geojson(path: Path, areas: Areas, columns: Mapping[str, pa.Array]) -> None:
    """Write GeoJSON: degrees of WGS 84, outer rings counterclockwise, the code as the id of a feature.

    References
    ----------
    Butler et al. (2016), The GeoJSON Format, RFC 7946.
    """
    import shapely

    degrees = projected(areas.shapes, crs_of(areas.crs, None), crs_of("OGC:CRS84", None))

    def rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(points, DECIMALS)

    # Rounding may turn a tiny ring over or flatten it, so rings are turned afterwards.
    shapes = shapely.orient_polygons(shapely.transform(degrees, rounded))
    names = list(columns)
    rows = zip(*(columns[name].to_pylist() for name in names), strict=True)
    lines = []
    for text, row in zip(shapely.to_geojson(shapes).tolist(), rows, strict=True):
        values = dict(zip(names, row, strict=True))
        feature = {"type": "Feature", "id": values["code"], "properties": values, "geometry": json.loads(text)}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8", newline="\n")


def write_csv(path: Path, columns: Mapping[str, pa.Array]) -> None:
    """Write the table without shapes: UTF-8, commas, a point as decimal sign, nothing where there is no figure.

    Texts are in quotes, as in the results.
    """
    import pyarrow.csv

    pyarrow.csv.write_csv(arrow.table({name: _safe(column) for name, column in columns.items()}), path)


def _safe(column: pa.Array) -> pa.Array:
    """A column of which no text is taken for a formula."""
    if not pa.types.is_string(column.type) or all(
        one is None or safe_cell(one) == one for one in column.unique().to_pylist()
    ):
        return column
    return arrow.texts([None if one is None else safe_cell(one) for one in column.to_pylist()])
