"""Boundary files of the odd sort: codes, coordinate systems and shapes that no map can be made of."""

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from mpi.errors import ConfigError, DataError, Notice
from mpi.maps.areas import Areas
from mpi.maps.shaping import load_areas
from mpi.study import MapSpec
from tests.boundary_files import boundary_file, upper

SAME_PLACE = 1e-6  # metres: one library, asked twice
REAL = os.environ.get("MPI_REAL_DATA")
SQUARE = {"type": "Polygon", "coordinates": [[[-74, 4], [-73, 4], [-73, 5], [-74, 5], [-74, 4]]]}
NEXT = {"type": "Polygon", "coordinates": [[[-73, 4], [-72, 4], [-72, 5], [-73, 5], [-73, 4]]]}


def loaded(
    folder: Path, *rows: dict[str, Any], projection: str | None = "EPSG:9377", **file: Any
) -> tuple[Areas, tuple[Notice, ...]]:
    """The areas of a GeoJSON file with these properties, one square beside the other."""
    features = []
    for place, row in enumerate(rows or ({"code": "05001"},)):
        shape = row.pop("shape", (SQUARE, NEXT)[place])
        features.append({"type": "Feature", "properties": row, "geometry": shape})
    (folder / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    spec = MapSpec("municipio", boundary_file(**{"path": "a.geojson", "code": "code"} | file), projection=projection)
    areas, _, notices = load_areas(spec, folder, ["05001"])
    return areas, notices


def test_control_characters_of_names_become_blanks(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[-74, 4], [-73, 4], [-73, 5], [-74, 4]]]}
    one = {"type": "Feature", "properties": {"code": "05001", "name": "A\x01b\nc"}, "geometry": square}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [one]}))
    spec = MapSpec("municipio", boundary_file("a.geojson", "code", name="name"))
    assert load_areas(spec, tmp_path, ["05001"])[0].names == ("A b c",)


def test_a_known_point_lies_where_pyproj_puts_it(tmp_path: Path) -> None:
    at = (-74.0758, 4.5981)  # Bogotá, Plaza de Bolívar
    square = {"type": "Polygon", "coordinates": [[at, [-73.9, 4.5981], [-73.9, 4.7], at]]}
    one = {"type": "Feature", "properties": {"code": "11001"}, "geometry": square}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [one]}))
    spec = MapSpec("municipio", boundary_file("a.geojson", "code"), projection="EPSG:9377")
    shape = load_areas(spec, tmp_path, ["11001"])[0].shapes[0]
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:9377", always_xy=True).transform(*at)
    assert shape.distance(shapely.Point(x, y)) < SAME_PLACE
    # 5,000,000 east and 2,000,000 north lie at 73 W 4 N by the definition of Origen-Nacional.
    assert 4.87e6 < x < 4.89e6 and 2.06e6 < y < 2.07e6


@pytest.mark.parametrize("codes", [[["05001"], ["05002"]], [{"a": 1}, {"a": 2}], [True, False], ["05001", 5002]])
def test_a_column_of_neither_texts_nor_numbers_holds_no_codes(codes: list[Any], tmp_path: Path) -> None:
    for options in ({}, {"width": 5, "pad": True}):
        with pytest.raises(DataError, match="neither texts nor numbers alone") as caught:
            loaded(tmp_path, *({"code": code} for code in codes), **options)
        assert [fault.code for fault in caught.value.faults] == ["MPI-G005"]


@pytest.mark.parametrize("code", [5001.5, -501])
def test_numbers_that_are_no_codes_are_not_padded(code: float, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"MPI-G008.*: {code}"):
        loaded(tmp_path, {"code": code}, width=5, pad=True)


@pytest.mark.parametrize("name", ["EPSG:5773", "EPSG:4978", 'LOCAL_CS["x",UNIT["metre",1]]'])
def test_heights_and_other_systems_without_places_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MPI-G012.*neither degrees nor a projection"):
        loaded(tmp_path, projection=name)
    with pytest.raises(ConfigError, match=r"MPI-G012.*neither degrees nor a projection"):
        loaded(tmp_path, crs=name)


@pytest.mark.parametrize(("name", "flat"), [("EPSG:9518", "EPSG:4326"), ("EPSG:4979", "EPSG:4326")])
def test_heights_beside_places_are_left_out(name: str, flat: str, tmp_path: Path) -> None:
    areas, _ = loaded(tmp_path, projection=name)
    assert pyproj.CRS(areas.crs).equals(pyproj.CRS(flat), ignore_axis_order=True)
    assert areas.shapes[0].bounds == (-74, 4, -73, 5)


def test_a_projection_with_north_first_is_drawn_with_east_first(tmp_path: Path) -> None:
    assert pyproj.CRS("EPSG:3116").axis_info[0].direction == "north"
    west, south, east, north = loaded(tmp_path, projection="EPSG:3116")[0].shapes[0].bounds
    assert 0.99e6 < west < east < 1.2e6 and 0.9e6 < south < north < 1.1e6


@pytest.mark.parametrize("rings", [
    [[[-74, 4], [-73, 4], [-74, 4], [-74, 4]]], [[[-74, 4], [-73, 4], [-73, 5]]], [[[-74, 4], [-73, 4]]],
    [[[float("nan"), 4], [-73, 4], [-73, 5], [float("nan"), 4]]], [[[1e400, 4], [-73, 4], [-73, 5], [1e400, 4]]],
])  # fmt: skip
def test_rings_that_hold_nothing_are_refused(rings: list[list[list[float]]], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"MPI-G002|MPI-G010|MPI-G013"):
        loaded(tmp_path, {"code": "05001", "shape": {"type": "Polygon", "coordinates": rings}})


def test_heights_of_corners_are_left_out_and_collections_are_no_polygons(tmp_path: Path) -> None:
    high = {"type": "Polygon", "coordinates": [[[-74, 4, 9], [-73, 4, 9], [-73, 5, 9], [-74, 4, 9]]]}
    assert not shapely.has_z(loaded(tmp_path, {"code": "05001", "shape": high})[0].shapes).any()
    collection = {"type": "GeometryCollection", "geometries": [SQUARE]}
    with pytest.raises(DataError, match=r"MPI-G014.*no shape of this file is a polygon: 05001"):
        loaded(tmp_path, {"code": "05001", "shape": collection})


def geoparquet(folder: Path, column: Any, about: Any) -> MapSpec:
    table = pa.table({"code": ["05001"], "geometry": column})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), folder / "a.parquet")
    return MapSpec("municipio", boundary_file("a.parquet", "code"))


@pytest.mark.parametrize(("column", "primary"), [
    ([1], "geometry"), (["POINT (0 0)"], "geometry"), ([b"xx"], "geometry"), ([b""], "geometry"), ([b"xx"], "shape"),
])  # fmt: skip
def test_geoparquet_that_holds_no_shapes_where_it_says_is_damaged(column: Any, primary: str, tmp_path: Path) -> None:
    about = {"primary_column": primary, "columns": {primary: {"encoding": "WKB"}}}
    with pytest.raises(DataError, match="MPI-G002"):
        load_areas(geoparquet(tmp_path, column, about), tmp_path, ["05001"])


@pytest.mark.parametrize("crs", [{"a": 1}, 5, ["x"]])
def test_geoparquet_of_a_nameless_projection_is_refused_unless_the_study_names_one(crs: Any, tmp_path: Path) -> None:
    about = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "crs": crs}}}
    own = geoparquet(tmp_path, [shapely.to_wkb(shapely.box(-74, 4, -73, 5))], about)
    with pytest.raises(DataError, match="MPI-G012"):
        load_areas(own, tmp_path, ["05001"])
    stated = MapSpec("municipio", boundary_file("a.parquet", "code", crs="EPSG:4326"), projection="EPSG:9377")
    assert load_areas(stated, tmp_path, ["05001"])[0].metres


@pytest.mark.skipif(not REAL, reason="needs the real boundaries: set MPI_REAL_DATA")
@pytest.mark.parametrize(("path", "layer", "code", "above"), [
    ("geo/municipios_mgn2018.geojson", None, "mpio_code", "dpto_code"),
    ("geo/colombia_mgn2018_full.topojson", "MGN_MPIO_POLITICO", "MPIO_CCNCT", "DPTO_CCDGO"),
])  # fmt: skip
def test_departments_are_made_of_the_borders_of_their_municipalities(
    path: str, layer: str | None, code: str, above: str
) -> None:
    file = boundary_file(path, code, layer=layer, width=5)
    spec = MapSpec("municipio", file, upper(above), "EPSG:9377", 2000.0)
    areas, *_ = load_areas(spec, Path(REAL or "") / "colombia", ["05001"])
    assert areas.upper_shapes is not None and len(areas.upper_shapes) == 33
    own = [code[:2] for code in areas.codes]
    assert [areas.upper_codes[place] for place in areas.upper] == own
    for place, whole in enumerate(areas.upper_shapes):
        parts = areas.shapes[areas.upper == place]
        overlaps = shapely.area(parts).sum() - shapely.area(whole)
        assert abs(overlaps) <= 1e-4 * shapely.area(whole)  # the first file has borders of its own that overlap
        # No border of a department lies off the borders of its municipalities.
        borders = shapely.union_all(shapely.boundary(parts))
        off = shapely.length(shapely.difference(shapely.boundary(whole), borders.buffer(0.01)))
        assert off <= 1e-4 * shapely.length(shapely.boundary(whole))
