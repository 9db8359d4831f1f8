"""Boundary files of the odd sort: codes, coordinate systems and shapes that no map can be made of."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from pyogrio.raw import write_arrow

from mpi.errors import ConfigError, DataError, Notice
from mpi.maps.areas import Areas
from mpi.maps.shaping import load_areas
from mpi.specs.study import MapSpec
from tests.support.boundary_files import boundary_file, upper
from tests.support.limits import MOST

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
    spec = MapSpec(
        domain="municipio",
        boundaries=boundary_file(**{"path": "a.geojson", "code": "code"} | file),
        projection=projection,
    )
    areas, _, notices = load_areas(spec, folder, ["05001"])
    return areas, notices


def test_control_characters_of_names_become_blanks(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[-74, 4], [-73, 4], [-73, 5], [-74, 4]]]}
    one = {"type": "Feature", "properties": {"code": "05001", "name": "A\x01b\nc"}, "geometry": square}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [one]}))
    spec = MapSpec(domain="municipio", boundaries=boundary_file("a.geojson", "code", name="name"))
    assert load_areas(spec, tmp_path, ["05001"])[0].names == ("A b c",)


def test_a_known_point_lies_where_pyproj_puts_it(tmp_path: Path) -> None:
    at = (-74.0758, 4.5981)  # Bogotá, Plaza de Bolívar
    square = {"type": "Polygon", "coordinates": [[at, [-73.9, 4.5981], [-73.9, 4.7], at]]}
    one = {"type": "Feature", "properties": {"code": "11001"}, "geometry": square}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [one]}))
    spec = MapSpec(domain="municipio", boundaries=boundary_file("a.geojson", "code"), projection="EPSG:9377")
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


@pytest.mark.parametrize(("code", "told"), [(5001.5, "MPI-G210.* in 1 row"), (-501, "MPI-G008.*: -501")])
def test_numbers_that_are_no_codes_are_not_padded(code: float, told: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=told):
        loaded(tmp_path, {"code": code}, width=5, pad=True)


def squares(folder: Path, kind: str, codes: pa.Array, **others: list[str]) -> Path:
    """A file of two squares with these codes."""
    shapes = shapely.to_wkb([shapely.box(x, 4, x + 1, 5) for x in (-74, -73)]).tolist()
    table = pa.table({"code": codes, **others, "geometry": shapes})
    path = folder / f"a.{kind}"
    if kind == "parquet":
        about = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), path)
    else:
        write_arrow(
            table,
            path,
            driver={"gpkg": "GPKG", "shp": "ESRI Shapefile", "geojson": "GeoJSON"}[kind],
            geometry_name="geometry",
            geometry_type="Polygon",
            crs="EPSG:4326",
        )
    return path


@pytest.mark.parametrize(("type_", "codes", "wrong"), [
    (pa.float32(), [16777215, 5001], 0), (pa.float32(), [16777216, 5001], 1), (pa.float32(), [16777216, 16777218], 2),
    (pa.float64(), [2**53 - 1, 5001], 0), (pa.float64(), [2**53, 5001], 1), (pa.float64(), [5001.25, 5001], 1),
    (pa.float16(), [2047, 5], 0), (pa.float16(), [2048, 5], 1),
])  # fmt: skip
@pytest.mark.parametrize("above", [False, True])
def test_decimal_numbers_are_codes_where_each_is_one(
    type_: pa.DataType, codes: list[float], wrong: int, *, above: bool, tmp_path: Path
) -> None:
    values = np.array(codes, type_.to_pandas_dtype())
    own = pa.array(["1", "2"]) if above else pa.array(values)
    squares(tmp_path, "parquet", own, **({"region": pa.array(values)} if above else {}))
    file = boundary_file("a.parquet", "code", pad=not above, width=None if above else 16)
    spec = MapSpec(domain="municipio", boundaries=file, upper=upper("region") if above else None)
    told = ["1", "2"] if above else [f"{int(code):016}" for code in codes]
    if not wrong:
        areas, *_ = load_areas(spec, tmp_path, told)
        assert set(areas.upper_codes if above else areas.codes) == {
            str(int(c)) if above else f"{int(c):016}" for c in codes
        }
        return
    with pytest.raises(
        DataError, match=rf"MPI-G210 a.parquet: column '{'region' if above else 'code'}' .* in {wrong} row"
    ):
        load_areas(spec, tmp_path, told)


def test_a_number_that_is_missing_is_no_code_called_nan(tmp_path: Path) -> None:
    squares(tmp_path, "parquet", pa.array(np.array([7.0, np.nan])))
    spec = MapSpec(domain="municipio", boundaries=boundary_file("a.parquet", "code", width=2, pad=True))
    areas, *_ = load_areas(spec, tmp_path, ["07"])
    assert areas.codes == ("07",)


NUL_INSIDE = (["01\0A", "01\0B"], ["01\0 A", "02"])


@pytest.mark.parametrize("kind", ["gpkg", "shp", "geojson", "topojson", "zip of gpkg", "zip of shp"])
@pytest.mark.parametrize("codes", NUL_INSIDE)
def test_a_text_that_would_be_cut_at_a_nul_is_refused(kind: str, codes: list[str], tmp_path: Path) -> None:
    """The library that reads these files ends a text there: of two codes one would be left."""
    path = nul_inside(tmp_path, kind, codes)
    rows = sum("\0" in code for code in codes)
    with pytest.raises(
        DataError, match=rf"MPI-G211 {path.name}: column 'code' has a NUL inside its text in {rows} row"
    ):
        load_areas(MapSpec(domain="municipio", boundaries=boundary_file(path.name, "code")), tmp_path, ["01"])
    # The advice: another column.
    areas, *_ = load_areas(MapSpec(domain="municipio", boundaries=boundary_file(path.name, "other")), tmp_path, ["x"])
    assert areas.codes == ("x", "y")


def nul_inside(folder: Path, kind: str, codes: list[str]) -> Path:
    """A boundary file of two squares whose codes hold a NUL, in the way of its kind."""
    if kind.startswith("zip"):
        inside = nul_inside(folder, kind.removeprefix("zip of "), codes)
        with zipfile.ZipFile(folder / "a.zip", "w") as packed:
            for path in sorted(folder.glob("a.*")):
                if path.suffix != ".zip":
                    packed.write(path, f"in/{path.name}" if inside.suffix == ".shp" else path.name)
        return folder / "a.zip"
    plain = [code.replace("\0", "~") for code in codes]
    if kind == "topojson":
        ring = {"type": "Polygon", "arcs": [[0]]}
        rows = zip(codes, "xy", strict=True)
        shapes = [ring | {"properties": {"code": code, "other": other}} for code, other in rows]
        about = {
            "type": "Topology",
            "arcs": [SQUARE["coordinates"][0]],
            "objects": {"a": {"type": "GeometryCollection", "geometries": shapes}},
        }
        path = folder / "a.topojson"
        path.write_text(json.dumps(about))
        return path
    path = squares(folder, kind, pa.array(plain), other=["x", "y"])
    if kind == "gpkg":
        with closing(sqlite3.connect(path)) as opened:
            for old, new in zip(plain, codes, strict=True):
                # Without the triggers of the format, which call functions that only GDAL has.
                for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    opened.execute(f'DROP TRIGGER "{name}"')
                opened.execute("UPDATE a SET code = ? WHERE code = ?", (new, old))
            opened.commit()
    elif kind == "shp":
        table = path.with_suffix(".dbf")
        table.write_bytes(table.read_bytes().replace(b"~", b"\0"))
    else:
        path.write_text(path.read_text().replace("~", r"\u0000"))
    return path


def test_texts_of_a_shapefile_that_are_filled_up_with_nuls_are_read(tmp_path: Path) -> None:
    path = squares(tmp_path, "shp", pa.array(["01~~", "02~ "]), other=["x", "y"]).with_suffix(".dbf")
    path.write_bytes(path.read_bytes().replace(b"~", b"\0"))
    areas, *_ = load_areas(MapSpec(domain="municipio", boundaries=boundary_file("a.shp", "code")), tmp_path, ["01"])
    assert areas.codes == ("01", "02")


def test_a_backslash_before_u0000_is_no_nul(tmp_path: Path) -> None:
    areas, _ = loaded(tmp_path, {"code": "05001", "name": r"a\u0000"}, name="name")
    assert areas.names == (r"a\u0000",)


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
    return MapSpec(domain="municipio", boundaries=boundary_file("a.parquet", "code"))


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
    stated = MapSpec(
        domain="municipio", boundaries=boundary_file("a.parquet", "code", crs="EPSG:4326"), projection="EPSG:9377"
    )
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
    spec = MapSpec(domain="municipio", boundaries=file, upper=upper(above), projection="EPSG:9377", tolerance=2000.0)
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
        left = shapely.difference(shapely.boundary(whole), borders)  # with what misses them by rounding alone
        near = shapely.get_parts(borders)
        near = shapely.union_all(near[shapely.dwithin(near, left, 0.01)])
        off = shapely.length(shapely.difference(left, near.buffer(0.01)))
        assert off <= 1e-4 * shapely.length(shapely.boundary(whole))


@pytest.mark.parametrize(("is_mpi", "there"), [(True, False), (False, True)])
def test_only_the_command_line_reads_boundaries_without_pandas(is_mpi: bool, there: bool) -> None:
    code = f"""
import sys
from mpi.maps.gdal import import_gdal
is_mpi = {is_mpi}
import_gdal()
assert ("pandas" in sys.modules) == {there}, "pandas"
import pandas, pyogrio  # which who asks for it still has
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=MOST)
