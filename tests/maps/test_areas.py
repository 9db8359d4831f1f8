"""Boundaries as files hold them, and areas as maps draw them: codes, shapes, projections, joins, refusals."""

import json
import os
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
import shapely
from pyogrio.raw import write_arrow

from mpi.errors import ConfigError, DataError, MpiError, UsageError
from mpi.maps import boundaries, geometry, rows
from mpi.maps.join import join_as_dict
from mpi.maps.shaping import load_areas
from mpi.rules import Origin, Rule, parse
from mpi.specs.study import AreaCode, InsetSpec, MapSpec
from tests.support.boundary_files import boundary_file, upper

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
SAME_AREA = 1e-9  # relative: sums of the same triangles in another order
MOST_SECONDS = 4.0  # of processor: twice what is wanted of 197,804 corners, for a busy machine
CODES = ("01001", "01002", "02001", "02002")
SQUARES = {"01001": (0, 0), "01002": (1, 0), "02001": (0, 1), "02002": (1, 1)}


def squares(**others: Any) -> dict[str, Any]:
    """Four squares of 10 km that share borders, in UTM 21S."""
    made = {
        code: shapely.box(5e5 + 1e4 * x, 6.1e6 + 1e4 * y, 5.1e5 + 1e4 * x, 6.11e6 + 1e4 * y)
        for code, (x, y) in SQUARES.items()
    }
    return made | others


def table(shapes: dict[str, Any], codes: list[Any] | None = None) -> pa.Table:
    names = list(shapes)
    return pa.table(
        {
            "code": pa.array(names if codes is None else codes),
            "name": [f"Área {code}" for code in names],
            "upper": [code[:2] for code in names],
            "geometry": shapely.to_wkb(np.array(list(shapes.values()), object)).tolist(),
        }
    )


def written(
    path: Path,
    shapes: dict[str, Any] | None = None,
    *,
    crs: str | None = "EPSG:32721",
    driver: str = "GPKG",
    layer: str | None = None,
    codes: list[Any] | None = None,
    append: bool = False,
) -> Path:
    kind = "Polygon" if driver == "ESRI Shapefile" else "Unknown"
    write_arrow(
        table(shapes or squares(), codes),
        path,
        driver=driver,
        layer=layer or path.stem,
        append=append,
        geometry_name="geometry",
        geometry_type=kind,
        crs=crs,
    )
    return path


def spec(path: Path | str, **file: Any) -> MapSpec:
    map_ = {
        name: file.pop(name) for name in ("projection", "tolerance", "insets", "unmatched", "upper") if name in file
    }
    own = boundary_file(**{"path": str(path), "code": "code", "name": "name", "width": 5} | file)
    return MapSpec(domain="municipio", boundaries=own, **({"upper": upper("upper")} | map_))


def refused(of: MapSpec, kind: type[MpiError] = DataError, codes: tuple[str, ...] = CODES) -> str:
    with pytest.raises(kind) as caught:
        load_areas(of, Path(), codes)
    return str(caught.value)


def as_geojson(path: Path) -> Path:
    return written(path, crs="EPSG:4326", driver="GeoJSON", shapes=degrees())


def degrees() -> dict[str, Any]:
    made = {code: shapely.box(x, y, x + 1, y + 1) for code, (x, y) in SQUARES.items()}
    return {code: shapely.transform(shape, lambda at: at + np.array([-58.0, -34.0])) for code, shape in made.items()}


def as_geoparquet(path: Path) -> Path:
    import pyarrow.parquet as pq
    import pyproj

    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Polygon"],
                "crs": pyproj.CRS("EPSG:32721").to_json_dict(),
            }
        },
    }
    pq.write_table(table(squares()).replace_schema_metadata({"geo": json.dumps(about)}), path)
    return path


def as_topojson(path: Path) -> Path:
    arcs, features = [], []
    for i, (code, (x, y)) in enumerate(SQUARES.items()):
        arcs.append([[x - 58, y - 34], [x - 57, y - 34], [x - 57, y - 33], [x - 58, y - 33], [x - 58, y - 34]])
        features.append(
            {"type": "Polygon", "arcs": [[i]], "properties": {"code": code, "name": code, "upper": code[:2]}}
        )
    objects = {"layer": {"type": "GeometryCollection", "geometries": features}}
    path.write_text(json.dumps({"type": "Topology", "arcs": arcs, "objects": objects}))
    return path


def as_zip(path: Path) -> Path:
    made = written(path.with_suffix(".shp"), driver="ESRI Shapefile")
    with zipfile.ZipFile(path, "w") as packed:
        for part in sorted(made.parent.glob(f"{made.stem}.*")):
            if part.suffix != ".zip":
                packed.write(part, f"inner/{part.name}")
    return path


FORMS: dict[str, Callable[[Path], Path]] = {
    "a.gpkg": written, "a.geojson": as_geojson, "a.topojson": as_topojson, "a.parquet": as_geoparquet,
    "a.shp": lambda path: written(path, driver="ESRI Shapefile"), "a.zip": as_zip,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_format_gives_the_same_areas(name: str, tmp_path: Path) -> None:
    areas, join, _ = load_areas(spec(FORMS[name](tmp_path / name), projection="EPSG:32721"), Path(), CODES)
    assert (areas.codes, join.matched, areas.crs, areas.metres) == (CODES, 4, "EPSG:32721", True)
    assert areas.upper_codes == ("01", "02") and areas.upper.tolist() == [0, 0, 1, 1]
    assert areas.upper_shapes is not None
    assert shapely.area(areas.upper_shapes).sum() == pytest.approx(shapely.area(areas.shapes).sum(), rel=SAME_AREA)
    assert shapely.coverage_is_valid(areas.shapes)
    assert all(shape.exterior.is_ccw for shape in areas.shapes)


def test_a_file_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg").rename(tmp_path / "a.geojson")
    assert load_areas(spec(path), Path(), CODES)[0].codes == CODES


@pytest.mark.parametrize("content", [
    b"", b"hello", b'{"type":"FeatureCollection","features":[', b"PK\x03\x04nothing", b"PAR1nothing",
    b"<OGRVRTDataSource></OGRVRTDataSource>", b'{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline"}',
    b'{"type":"FeatureCollection","features":5}',
])  # fmt: skip
def test_what_is_no_boundary_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    assert refused(spec(path)).startswith(("MPI-G002", "MPI-G003", "MPI-G006"))


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.shp", "a.zip", "a.topojson"])
def test_a_file_cut_short_is_refused_with_a_message(name: str, tmp_path: Path) -> None:
    path = FORMS[name](tmp_path / name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises(DataError, match=r"MPI-G00[236]|MPI-G010") as caught:
        load_areas(spec(path), Path(), CODES)
    assert str(tmp_path.parent) not in str(caught.value).replace(str(path), "")


def test_a_zip_with_several_files_or_with_other_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for names in (["a.vrt"], ["a.geojson", "b.geojson"]):
        with zipfile.ZipFile(path, "w") as packed:
            for name in names:
                packed.writestr(name, "{}")
        assert "MPI-G002" in refused(spec(path))


def test_empty_files_missing_files_and_layers_are_told(tmp_path: Path) -> None:
    empty = tmp_path / "a.geojson"
    empty.write_text('{"type":"FeatureCollection","features":[]}')
    assert "MPI-G00" in refused(spec(empty))
    none = tmp_path / "none.parquet"
    import pyarrow.parquet as pq

    whole = pq.read_table(as_geoparquet(none))
    pq.write_table(whole.slice(0, 0), none)
    assert "MPI-G006" in refused(spec(none))
    assert "MPI-G001" in refused(spec(tmp_path / "absent.gpkg"))
    two = written(tmp_path / "two.gpkg", layer="munis")
    written(two, layer="depts", append=True)
    told = refused(spec(two))
    assert "MPI-G003" in told and "depts" in told and "munis" in told
    assert "did you mean 'munis'" in refused(spec(two, layer="muni"))
    assert load_areas(spec(two, layer="munis"), Path(), CODES)[1].matched == 4


def test_all_missing_columns_are_told_at_once(tmp_path: Path) -> None:
    told = refused(spec(written(tmp_path / "a.gpkg"), code="cod", name="nam"))
    assert told.count("MPI-G004") == 2 and "did you mean 'code'" in told and "did you mean 'name'" in told


def test_parquet_without_geo_metadata_or_of_another_encoding_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(table(squares()), path)
    assert "does not say where its shapes are" in refused(spec(path))
    about = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "polygon"}}}
    pq.write_table(table(squares()).replace_schema_metadata({"geo": json.dumps(about)}), path)
    assert "stored as polygon" in refused(spec(path))


def test_numbers_are_no_codes_unless_padding_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", codes=[int(code) for code in CODES])
    assert "MPI-G005" in refused(spec(path))
    areas, join, _ = load_areas(spec(path, pad=True), Path(), CODES)
    assert (areas.codes, join.padded) == (CODES, 4)
    floats = written(tmp_path / "b.gpkg", codes=[float(code) for code in CODES])
    assert load_areas(spec(floats, pad=True), Path(), CODES)[0].codes == CODES


def test_rows_that_no_figure_needs_stop_no_map_and_are_told(tmp_path: Path) -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    shapes = squares(a=line, b=None, c=shapely.Polygon(), d=squares()["01001"], e=squares()["01002"])
    path = written(tmp_path / "a.gpkg", shapes, codes=[*CODES, "03001", "03002", "03003", None, "123"])
    areas, join, notices = load_areas(spec(path), Path(), CODES)
    assert (areas.codes, join.matched, join.only_figures) == (CODES, 4, ())
    left = join.left_out
    assert (left.without_code, left.without_shape, left.other_shapes) == (1, ("03002", "03003"), ("03001",))
    assert left.other_width == ("123",)
    assert [notice.code for notice in notices] == ["MPI-N140"] * 4
    assert json.loads(json.dumps(join_as_dict(join)))["without_shape"] == ["03002", "03003"]


@pytest.mark.parametrize("lost", [None, shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)])])
def test_a_figure_whose_area_has_no_shape_is_a_code_without_a_polygon(lost: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", squares(**{"02002": lost}))
    told = refused(spec(path))
    assert "MPI-G016" in told and "without a polygon: 02002; in the file, but without one: 02002" in told
    areas, join, _ = load_areas(replace(spec(path), unmatched="allow"), Path(), CODES)
    assert (areas.codes, join.only_figures) == (CODES[:3], ("02002",))


def test_a_code_of_another_width_is_refused_where_a_figure_lacks_its_polygon(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", codes=["1001", *CODES[1:]])
    for unmatched in ("refuse", "allow"):
        told = refused(replace(spec(path), unmatched=unmatched))
        assert "MPI-G008" in told and "1 code not of 5 characters: 1001" in told and "`pad: yes`" in told
    assert load_areas(spec(path, pad=True), Path(), CODES)[1].matched == 4


def parts(tmp_path: Path, *names: str | None, upper: tuple[str, str] = ("01", "01")) -> Path:
    """Two squares, the second one in two rows of one code."""
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(3, 0, 3.5, 1)]
    made = pa.table(
        {
            "code": ["01001", "01002", "01002"],
            "name": pa.array(["Uno", *names], pa.string()),
            "upper": ["01", *upper],
            "geometry": shapely.to_wkb(np.array(boxes, object)).tolist(),
        }
    )
    path = tmp_path / "parts.geojson"
    write_arrow(
        made, path, driver="GeoJSON", layer="parts", geometry_name="geometry", geometry_type="Unknown", crs="EPSG:4326"
    )
    return path


@pytest.mark.parametrize("names", [("Dos", "Dos"), ("Dos", None), ("DOS ", "Dos"), (None, None)])
def test_rows_of_one_code_and_name_become_one_area(names: tuple[str | None, ...], tmp_path: Path) -> None:
    path = parts(tmp_path, *names)
    areas, join, notices = load_areas(spec(path), Path(), CODES[:2])
    assert (areas.codes, join.left_out.merged) == (CODES[:2], ("01002",))
    assert shapely.area(areas.shapes).tolist() == pytest.approx([1, 1.5])
    assert shapely.get_num_geometries(areas.shapes[1]) == 2 and areas.upper.tolist() == [0, 0]
    assert "1 area was put together from several rows: 01002" in notices[0].text


def test_parts_that_share_a_border_lose_it(tmp_path: Path) -> None:
    halves = {"01001": shapely.box(0, 0, 1, 1), "01": shapely.box(1, 0, 2, 1)}
    path = written(tmp_path / "a.gpkg", halves, codes=["01001", "01001"], crs="EPSG:4326")
    areas, *_ = load_areas(spec(path, name=None, merge=True), Path(), ["01001"])
    assert shapely.equals(areas.shapes[0], shapely.box(0, 0, 2, 1))


def test_one_code_of_two_names_or_upper_areas_is_refused_with_both(tmp_path: Path) -> None:
    for merge in (False, True):
        told = refused(spec(parts(tmp_path, "Dos", "Otra"), merge=merge))
        assert "MPI-G009" in told and "1 code with several names: 01002 (Dos / Otra)" in told
    assert "several upper areas: 01002 (01 / 02)" in refused(spec(parts(tmp_path, "Dos", "Dos", upper=("01", "02"))))


def test_without_a_name_to_compare_parts_are_merged_only_if_it_is_said(tmp_path: Path) -> None:
    path = parts(tmp_path, "Dos", "Otra")
    told = refused(spec(path, name=None), codes=CODES[:2])
    assert "MPI-G009" in told and "`parts: merge`" in told
    assert load_areas(spec(path, name=None, merge=True), Path(), CODES[:2])[1].left_out.merged == ("01002",)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_coordinate_that_is_no_number_is_refused_with_its_area(name: str, wrong: float, tmp_path: Path) -> None:
    path = FORMS[name](tmp_path / name)
    raw = boundaries.read_boundaries(spec(path).boundaries, Path(), ["code"])
    bent = raw.shapes.copy()
    bent[1] = shapely.transform(bent[1], lambda at: np.where(np.arange(len(at))[:, None] == 2, wrong, at))
    faults: list[Any] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows.sorted_out(replace(raw, shapes=bent), replace(spec(path).boundaries, name=None), None, faults, [])
    assert [fault.code for fault in faults] == ["MPI-G013"] and "01002" in faults[0].text


@pytest.mark.parametrize("wrong", ["NaN", "-Infinity"])
@pytest.mark.parametrize("name", ["a.geojson", "a.topojson"])
def test_such_a_coordinate_of_a_file_is_not_mended_away(name: str, wrong: str, tmp_path: Path) -> None:
    path = FORMS[name](tmp_path / name)
    text = path.read_text().replace("-56.0, -32.0", f"{wrong}, -32.0").replace("[-56, -32]", f"[{wrong}, -32]")
    assert wrong in text
    path.write_text(text)
    assert "MPI-G013" in refused(spec(path)) and "02002" in refused(spec(path))


def test_a_code_stands_in_several_columns_as_texts_or_numbers(tmp_path: Path) -> None:
    made = table(squares())
    for kind in (pa.string(), pa.int64(), pa.float64()):
        columns = {"one": [1, 1, 2, 2], "two": [1, 2, 1, 2]}
        both = made.append_column("one", pa.array(columns["one"]).cast(kind))
        both = both.append_column("two", pa.array(columns["two"]).cast(kind))
        path = tmp_path / f"{kind}.gpkg"
        write_arrow(
            both, path, driver="GPKG", layer="a", geometry_name="geometry", geometry_type="Unknown", crs="EPSG:32721"
        )
        code = AreaCode(("one", "two"), (2, 3), 5, True)
        areas, join, _ = load_areas(
            replace(spec(path), boundaries=replace(spec(path).boundaries, code=code)), Path(), CODES
        )
        assert (areas.codes, join.matched, join.padded) == (CODES, 4, 4)


def test_rows_of_a_file_are_chosen_by_a_condition(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    areas, join, _ = load_areas(spec(path, only=condition("upper = '01'")), Path(), CODES[:2])
    assert (areas.codes, join.only_boundaries) == (CODES[:2], ())
    assert "is true for no row" in refused(spec(path, only=condition("upper = '09'")))
    assert "MPI-R007" in refused(spec(path, only=condition("upper = 1")))
    assert "MPI-G004" in refused(spec(path, only=condition("uper = '01'")))
    holes = written(tmp_path / "b.gpkg", codes=["01001", None, "02001", "02002"])
    told = refused(spec(holes, only=condition("code <> '02002'")))
    assert "MPI-G140" in told and "unknown for 1 row" in told
    known = spec(holes, only=condition("code IS NOT NULL AND code <> '02002'"))
    assert load_areas(known, Path(), ("01001", "02001"))[0].codes == ("01001", "02001")
    known = spec(holes, only=condition("COALESCE(code <> '02002', FALSE)"))
    assert load_areas(known, Path(), ("01001", "02001"))[0].codes == ("01001", "02001")


def condition(text: str) -> Rule:
    origin = Origin("study.yaml", 1, 1)
    return Rule(text, parse(text, origin), origin)


def test_shapes_that_cross_themselves_are_mended_and_told(tmp_path: Path) -> None:
    at = 5.3e5 + np.array([0, 1e4, 0, 1e4]), 6.1e6 + np.array([0, 1e4, 1e4, 0])
    path = written(tmp_path / "a.gpkg", squares(**{"02003": shapely.Polygon(np.column_stack(at))}))
    areas, _, notices = load_areas(spec(path), Path(), CODES)
    assert [notice.code for notice in notices] == ["MPI-N032"] and "02003" in notices[0].text
    assert shapely.is_valid(areas.shapes).all()
    assert shapely.area(areas.shapes[-1]) == pytest.approx(5e7)


def test_borders_that_do_not_meet_are_told_and_drawn(tmp_path: Path) -> None:
    wide = shapely.box(5.19e5, 6.1e6, 5.3e5, 6.11e6)  # a kilometre of it lies on 01002
    path = written(tmp_path / "a.gpkg", squares(**{"02003": wide}))
    areas, _, notices = load_areas(spec(path, tolerance=100), Path(), CODES)
    assert [notice.code for notice in notices] == ["MPI-N033"]
    # 02002 is told as well: a corner of the new one lies on its border, where it has none itself.
    assert "3 areas" in notices[0].text and "01002, 02002, 02003" in notices[0].text
    assert shapely.is_valid(areas.shapes).all() and not shapely.is_empty(areas.shapes).any()


def test_what_coordinates_cannot_be_is_refused(tmp_path: Path) -> None:
    unknown = as_geojson(tmp_path / "a.geojson")
    metres = written(tmp_path / "a.gpkg")
    assert "look like degrees" in refused(spec(unknown, crs="EPSG:32721"))
    assert "are no degrees" in refused(spec(metres, crs="EPSG:4326"))
    assert "outside of" in refused(spec(metres, projection="EPSG:9377"))
    assert "MPI-G013" in refused(spec(metres, projection="EPSG:9377"))
    shapes = {code: shapely.transform(shape, lambda at: at[:, ::-1]) for code, shape in degrees().items()}
    swapped = written(tmp_path / "swapped.gpkg", shapes, crs="EPSG:4326")
    assert "outside of" in refused(spec(swapped, projection="EPSG:32721"))


def test_a_file_without_a_coordinate_system_needs_one_from_the_study(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", driver="ESRI Shapefile")
    path.with_suffix(".prj").unlink()
    assert "MPI-G011" in refused(spec(path)) and "crs:" in refused(spec(path))
    assert load_areas(spec(path, crs="EPSG:32721"), Path(), CODES)[0].metres
    assert "MPI-G012" in refused(spec(path, crs="EPSG:1"), ConfigError)
    assert "'EPSG:93777'" in refused(spec(path, crs="EPSG:32721", projection="EPSG:93777"), ConfigError)


def test_a_stated_system_goes_first_and_is_told(tmp_path: Path) -> None:
    _, _, notices = load_areas(spec(written(tmp_path / "a.gpkg"), crs="EPSG:5382"), Path(), CODES)
    assert [notice.code for notice in notices] == ["MPI-N031"]
    _, _, notices = load_areas(spec(as_geojson(tmp_path / "a.geojson")), Path(), CODES)
    assert [notice.code for notice in notices] == ["MPI-N034"]


def test_what_gdal_says_while_reading_becomes_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyogrio.raw

    whole = pyogrio.raw.read_arrow

    def warning(*given: Any, **named: Any) -> Any:
        warnings.warn("the ring of feature 3 was turned", RuntimeWarning, stacklevel=1)
        return whole(*given, **named)

    monkeypatch.setattr(pyogrio.raw, "read_arrow", warning)
    _, _, notices = load_areas(spec(written(tmp_path / "a.gpkg")), Path(), CODES)
    assert [str(notice)[:8] for notice in notices] == ["MPI-N030"]


def test_codes_are_joined_and_differences_reported(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    labels = {"01001": "AREA 01001!", "01002": "Otra", "99999": "Nada"}
    own = replace(spec(path), unmatched="allow")
    areas, join, _ = load_areas(own, Path(), ["01001", "01002", "99999"], labels)
    assert join.only_figures == ("99999",) and join.only_boundaries == ("02001", "02002") and join.matched == 2
    assert join.names_differ == (("01002", "Otra", "Área 01002"),)
    assert areas.names[0] == "Área 01001"
    told = json.loads(json.dumps(join_as_dict(join)))
    assert told["names_differ"] == [{"code": "01002", "figures": "Otra", "boundaries": "Área 01002"}]
    assert "MPI-G016" in refused(spec(path), codes=("01001", "99999"))


def test_boundaries_that_fit_nothing_are_refused_even_where_the_rest_is_allowed(tmp_path: Path) -> None:
    own = replace(spec(written(tmp_path / "a.gpkg")), unmatched="allow")
    told = refused(own, codes=("05",))
    assert "MPI-G015" in told and "look like '05', those of the file like '01001'" in told
    assert "no code of" in refused(own, codes=())


def test_insets_take_codes_and_beginnings_of_codes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    areas, *_ = load_areas(spec(path, insets=(InsetSpec({"es": "Norte"}, ("02*",)),)), Path(), CODES)
    assert areas.insets[0].members.tolist() == [2, 3]
    for codes in (("77*",), ("*",)):
        assert "MPI-G017" in refused(spec(path, insets=(InsetSpec({}, codes),)), ConfigError)
    twice = (InsetSpec({}, ("02*",)), InsetSpec({}, ("02001",)))
    assert "two insets: 02001" in refused(spec(path, insets=twice), ConfigError)


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 50_000.0])
def test_a_tolerance_that_leaves_no_map_is_refused(tolerance: float, tmp_path: Path) -> None:
    told = refused(spec(written(tmp_path / "a.gpkg"), tolerance=tolerance), ConfigError)
    assert "MPI-G018" in told


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="MPI-G019 maps need shapely, pyogrio, pyproj"):
        boundaries.need_packages()


def wavy(seed: int = 3, size: int = 8) -> np.ndarray[Any, Any]:
    """Cells of a grid with wavy shared borders, and an island of 300 m beside them."""
    lines = []
    rng = np.random.default_rng(seed)
    steps = np.linspace(0, 8e4, 8 * 40 + 1)
    for i in range(size + 1):
        wave = 1e4 * i + np.where((i in (0, size)), 0, 600 * np.sin(steps / 900) + rng.normal(0, 30, len(steps)))
        lines += [
            shapely.LineString(np.column_stack([steps, wave])),
            shapely.LineString(np.column_stack([wave, steps])),
        ]
    cells = shapely.get_parts(shapely.polygonize([shapely.node(shapely.multilinestrings(lines))]))
    return np.append(cells[shapely.area(cells) > 0], shapely.Point(2e5, 0).buffer(150))


def test_simplifying_leaves_no_slivers_and_keeps_borders_shared() -> None:
    shapes = wavy()
    assert shapely.coverage_is_valid(shapes)
    made = geometry.simplified(shapes, 800.0)
    assert shapely.get_num_coordinates(made).sum() < shapely.get_num_coordinates(shapes).sum() / 3
    assert shapely.coverage_is_valid(made) and shapely.is_valid(made).all()
    assert shapely.area(made).sum() == pytest.approx(shapely.area(shapely.union_all(made)), rel=SAME_AREA)
    assert not shapely.is_empty(made).any() and (shapely.area(made) > 0).all()


def test_an_inset_keeps_more_corners_than_the_map() -> None:
    shapes = wavy()
    island = np.array([len(shapes) - 1])
    alone, among = geometry.simplified(shapes, 800.0, [island])[-1], geometry.simplified(shapes, 800.0)[-1]
    assert shapely.get_num_coordinates(alone) > shapely.get_num_coordinates(among)


@pytest.mark.parametrize("name", ["colombia_municipios", "uruguay_departamentos"])
def test_the_sample_boundaries_can_be_drawn(name: str) -> None:
    colombia = name.startswith("colombia")
    file = boundary_file(
        f"boundaries/{name}.geojson", "mpio_code" if colombia else "dpto", width=5 if colombia else 2, pad=not colombia
    )
    codes = ["05001"] if colombia else ["01", "19"]
    areas, join, _ = load_areas(
        MapSpec(domain="d", boundaries=file, projection="EPSG:9377" if colombia else "EPSG:5382"), SAMPLE, codes
    )
    assert join.matched == len(codes) and areas.metres and len(areas) == (1122 if colombia else 19)


REAL = os.environ.get("MPI_REAL_DATA")
real = pytest.mark.skipif(not REAL, reason="needs the real boundaries: set MPI_REAL_DATA")


@real
def test_all_colombian_municipalities_join_and_keep_their_borders() -> None:
    folder = Path(REAL or "")
    census = pyarrow.csv.read_csv(
        folder / "colombia/census/ipm_municipal_2018.csv",
        convert_options=pyarrow.csv.ConvertOptions(column_types={"mpio_code": pa.string(), "dpto_code": pa.string()}),
    )
    codes = census["mpio_code"].to_pylist()
    file = boundary_file(
        "colombia/geo/colombia_mgn2018_full.topojson",
        "MPIO_CCNCT",
        layer="MGN_MPIO_POLITICO",
        name="MPIO_CNMBR",
        width=5,
    )
    own = MapSpec(
        domain="municipio",
        boundaries=file,
        upper=upper("DPTO_CCDGO", "DPTO_CNMBR"),
        projection="EPSG:9377",
        tolerance=1500.0,
        insets=(InsetSpec({"es": "San Andrés"}, ("88*",)),),
    )
    start = time.process_time()
    areas, join, notices = load_areas(
        own, folder, codes, dict(zip(codes, census["mpio_name"].to_pylist(), strict=True))
    )
    assert time.process_time() - start < MOST_SECONDS
    assert (join.matched, join.only_figures, join.only_boundaries, join.padded) == (1122, (), (), 0)
    assert not notices and len(areas.upper_codes) == 33
    assert shapely.get_num_coordinates(areas.shapes).sum() < 40_000
    assert shapely.coverage_is_valid(areas.shapes) and areas.upper_shapes is not None
    assert shapely.coverage_is_valid(areas.upper_shapes)
    assert shapely.area(areas.upper_shapes).sum() == pytest.approx(shapely.area(areas.shapes).sum(), rel=SAME_AREA)
    assert shapely.area(areas.shapes).sum() / 1e6 == pytest.approx(1_141_748, rel=0.01)  # km2, as DANE gives it


@real
def test_departments_of_uruguay_are_padded_and_the_disputed_strip_has_no_figures() -> None:
    file = boundary_file("uruguay/uruguay_departamentos.geojson", "dpto", name="name", width=2, pad=True)
    codes = [f"{i:02}" for i in range(1, 20)]
    _, join, _ = load_areas(
        MapSpec(domain="departamento", boundaries=file, projection="EPSG:5382", tolerance=500.0),
        Path(REAL or ""),
        codes,
    )
    assert (join.matched, join.only_boundaries, join.padded) == (19, ("00",), 10)


@real
def test_names_of_municipalities_are_no_codes() -> None:
    file = boundary_file("uruguay/uruguay_municipios_2020.geojson", "municipio")
    with pytest.raises(DataError, match=r"MPI-G009.*\n?.*La Paz, Quebracho"):
        load_areas(MapSpec(domain="municipio", boundaries=file, projection="EPSG:5382"), Path(REAL or ""), ["x"])


@real
def test_the_code_of_a_real_municipality_is_that_of_its_two_columns() -> None:
    geo = "colombia/geo/colombia_mgn2018_full.topojson"
    whole = boundary_file(geo, "MPIO_CCNCT", layer="MGN_MPIO_POLITICO", width=5)
    parts = replace(whole, code=AreaCode(("DPTO_CCDGO", "MPIO_CCDGO"), (2, 3), 5, True))
    folder = Path(REAL or "")
    one, other = (
        load_areas(MapSpec(domain="municipio", boundaries=file), folder, ["05001"])[0] for file in (whole, parts)
    )
    assert one.codes == other.codes and len(one) == 1122
    assert sum(code.startswith("0") for code in other.codes) == 148
