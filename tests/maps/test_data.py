"""Map data read back by other readers: sqlite3 and QGIS, pyogrio, pyarrow and shapely, csv and json."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely
from pyogrio.raw import read_arrow

from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.classes import class_of
from mpi.errors import UsageError
from mpi.maps.areas import Areas
from mpi.maps.attributes import attributes, meanings, slices
from mpi.maps.data import write_map_data
from mpi.maps.join import Join
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.qgis import style_of
from mpi.vocabulary.options import MAP_FORMATS
from tests.support.limits import MOST

SAME_PLACE = 0.2  # metres: six decimals of a degree
NASTY = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", 'Bogotá "D.C."; DROP TABLE municipio', "Ñuñoa")
CODES = ("05001", "05002", "11001", "88001")
WORDS = [("shown", "caution", "review", "hidden"), ("undefined", "hidden", "shown", "no_data")]
ESTIMATES = np.array([[0.1, 0.35, 0.9, np.nan], [np.nan, np.nan, 0.4, np.nan]])
HEADLINE = Path(__file__).resolve().parent.parent / "support" / "qgis_render.py"


def areas(names: tuple[str, ...] = NASTY) -> Areas:
    """Three squares of 100 km beside one another in Colombia, and two islands as one area."""
    boxes = [shapely.box(4.8e6 + 1e5 * i, 2e6, 4.9e6 + 1e5 * i, 2.1e6, ccw=True) for i in range(3)]
    islands = shapely.MultiPolygon(
        [shapely.box(4.2e6, 2.4e6, 4.25e6, 2.45e6), shapely.box(4.3e6, 2.4e6, 4.35e6, 2.45e6)]
    )
    shapes = np.array([*boxes, islands], object)
    upper = np.array([shapely.union_all(shapes[:2]), shapes[2], shapes[3]], object)
    return Areas(
        domain="municipio",
        codes=CODES,
        names=names,
        shapes=shapely.orient_polygons(shapes),
        crs="EPSG:9377",
        metres=True,
        upper=np.array([0, 0, 1, -1]),
        upper_codes=("05", "11", "88"),
        upper_names=("Antioquia", "Bogotá", "San Andrés"),
        upper_shapes=upper,
    )


def layers(cutoffs: tuple[str, ...] = ("1/3", "1/2")) -> tuple[Layer, ...]:
    standing = np.array([[NO_DATA if word == "no_data" else STANDINGS.index(word) for word in row] for row in WORDS])
    breaks = np.array([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    h = Layer(
        name="H",
        statistic="H",
        dimension=None,
        indicator=None,
        form="percent",
        cutoffs=cutoffs,
        estimate=ESTIMATES,
        ci_low=ESTIMATES - 0.05,
        ci_high=ESTIMATES + 0.05,
        standing=standing,
        units=np.array([500.0, 60, 30, np.nan]),
        scheme="fixed",
        breaks=breaks,
    )
    water = Layer(
        name="uncensored_headcount:agua",
        statistic="uncensored_headcount",
        dimension="vivienda",
        indicator="agua",
        form="percent",
        cutoffs=("",),
        estimate=ESTIMATES[:1],
        ci_low=ESTIMATES[:1],
        ci_high=ESTIMATES[:1],
        standing=standing[:1],
        units=h.units,
        scheme="fixed",
        breaks=breaks,
    )
    return h, water


TITLES = {"agua": {"es": "Sin agua", "en": "No water"}}
JOIN = Join(
    domain="municipio", boundaries="a.gpkg", matched=4, only_figures=(), only_boundaries=(), padded=0, names_differ=()
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    write_map_data(tmp_path, "municipio", areas(), layers(), JOIN, formats=MAP_FORMATS, language="es", titles=TITLES)
    return tmp_path


def expected() -> dict[str, list[Any]]:
    """The columns that every format must give back."""

    def known(row: np.ndarray[Any, Any]) -> list[float | None]:
        return [None if np.isnan(value) else float(value) for value in row]

    return {
        "code": list(CODES),
        "name": list(NASTY),
        "upper_code": ["05", "05", "11", None],
        "upper_name": ["Antioquia", "Antioquia", "Bogotá", None],
        "n": [500, 60, 30, None],
        "H_k33": known(ESTIMATES[0]),
        "H_k33_low": known(ESTIMATES[0] - 0.05),
        "H_k33_high": known(ESTIMATES[0] + 0.05),
        "H_k33_standing": list(WORDS[0]),
        "H_k50": known(ESTIMATES[1]),
        "H_k50_low": known(ESTIMATES[1] - 0.05),
        "H_k50_high": known(ESTIMATES[1] + 0.05),
        "H_k50_standing": list(WORDS[1]),
        "uncensored_agua": known(ESTIMATES[0]),
        "uncensored_agua_low": known(ESTIMATES[0]),
        "uncensored_agua_high": known(ESTIMATES[0]),
        "uncensored_agua_standing": list(WORDS[0]),
    }


def test_a_geopackage_read_back_by_gdal_is_what_was_written(made: Path) -> None:
    path = made / "municipio.gpkg"
    meta, table = read_arrow(path, layer="municipio")
    assert {name: table[name].to_pylist() for name in expected()} == expected()
    assert meta["crs"] == "EPSG:9377" and pa.types.is_string(table.schema.field("code").type)
    shapes = shapely.from_wkb(np.array(table["geom"].to_pylist(), object))
    assert shapely.equals(shapes, areas().shapes).all()
    assert {name for name, kind in pyogrio.list_layers(path) if kind} == {
        "municipio",
        "municipio_upper",
        "H_k33",
        "uncensored_agua",
    }
    _, view = read_arrow(path, layer="H_k33")
    assert view["estimate"].to_pylist() == expected()["H_k33"] and view["name"].to_pylist() == list(NASTY)
    assert read_arrow(path, layer="municipio_upper")[1]["name"].to_pylist() == ["Antioquia", "Bogotá", "San Andrés"]


def test_a_geopackage_is_sound_inside_and_knows_no_clock(made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with closing(sqlite3.connect(made / "municipio.gpkg")) as connection:
        run = connection.execute
        assert run("PRAGMA integrity_check").fetchone() == ("ok",)
        assert run("PRAGMA user_version").fetchone() == (10300,)
        assert {row[0] for row in run("SELECT last_change FROM gpkg_contents")} == {"2000-01-01T00:00:00.000Z"}
        kinds = dict(run("SELECT table_name, data_type FROM gpkg_contents"))
        assert kinds["layer_styles"] == kinds["columns"] == "attributes" and kinds["H_k33"] == "features"
        shown = dict(run("SELECT name, title FROM columns"))
        assert shown["uncensored_agua"] == "Privación sin censurar, Sin agua"
        assert shown["H_k33_low"] == "Incidencia (H), k = 1/3" and set(shown) == set(expected())
        styles = run("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles").fetchall()
    assert {name for name, *_ in styles} == set(kinds) - {"layer_styles", "columns"}
    for _, default, qml in styles:
        assert default == 1
        ElementTree.fromstring(qml.split("\n", 1)[1])  # noqa: S314  our own
    again = tmp_path_factory.mktemp("again")
    write_map_data(again, "municipio", areas(), layers(), JOIN, formats=MAP_FORMATS, language="es", titles=TITLES)
    names = sorted(path.name for path in made.iterdir())
    assert names == ["municipio.csv", "municipio.geojson", "municipio.gpkg", "municipio.join.json", "municipio.parquet"]
    for name in names:
        assert (made / name).read_bytes() == (again / name).read_bytes(), name


def test_geoparquet_holds_what_its_specification_asks_for(made: Path) -> None:
    table = pq.read_table(made / "municipio.parquet", page_checksum_verification=True)
    assert {name: table[name].to_pylist() for name in expected()} == expected()
    about = json.loads(table.schema.metadata[b"geo"])
    column = about["columns"][about["primary_column"]]
    assert about["version"] == "1.1.0" and column["encoding"] == "WKB"
    assert column["geometry_types"] == ["MultiPolygon", "Polygon"] and column["orientation"] == "counterclockwise"
    assert pyproj.CRS.from_json_dict(column["crs"]).to_epsg() == 9377
    shapes = shapely.from_wkb(np.array(table["geometry"].to_pylist(), object))
    assert shapely.equals(shapes, areas().shapes).all()
    assert column["bbox"] == shapely.total_bounds(shapes).tolist()
    assert column["covering"]["bbox"] == {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
    boxes = [[row[side] for side in ("xmin", "ymin", "xmax", "ymax")] for row in table["bbox"].to_pylist()]
    assert boxes == shapely.bounds(shapes).tolist()
    assert pq.ParquetFile(made / "municipio.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_geoparquet_can_be_the_boundary_file_of_another_map(made: Path) -> None:
    from mpi.maps.shaping import load_areas
    from mpi.specs.study import MapSpec
    from tests.support.boundary_files import boundary_file

    own = MapSpec(domain="municipio", boundaries=boundary_file("municipio.parquet", "code", name="name", width=5))
    found, join, _ = load_areas(own, made, CODES)
    assert join.matched == 4 and found.crs == "EPSG:9377" and shapely.equals(found.shapes, areas().shapes).all()


def test_geojson_is_in_degrees_with_outer_rings_counterclockwise(made: Path) -> None:
    text = (made / "municipio.geojson").read_text("utf-8")
    found = json.loads(text)
    assert "crs" not in found and [one["id"] for one in found["features"]] == list(CODES)
    assert found["features"][0]["properties"] == {name: column[0] for name, column in expected().items()}
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in found["features"]])
    assert all(part.exterior.is_ccw for part in shapely.get_parts(shapes)) and shapely.is_valid(shapes).all()
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:9377", always_xy=True)
    moved = shapely.transform(shapes, lambda at: np.column_stack(to_metres.transform(at[:, 0], at[:, 1])))
    assert shapely.hausdorff_distance(moved, areas().shapes).max() < SAME_PLACE
    points = shapely.get_coordinates(shapes)
    assert np.array_equal(points, np.round(points, 6)) and (points[:, 0] < -65).all()
    assert read_arrow(made / "municipio.geojson")[1]["code"].to_pylist() == list(CODES)


def test_a_csv_holds_texts_that_no_spreadsheet_runs(made: Path) -> None:
    with (made / "municipio.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["code"] for row in rows] == list(CODES)
    assert rows[1]["name"] == f"'{NASTY[1]}" and rows[2]["name"] == NASTY[2]
    assert [row["H_k33"] for row in rows] == ["0.1", "0.35", "0.9", ""] and rows[3]["n"] == ""
    kinds = meanings(areas(), slices(layers(), unit="persons", titles=TITLES))
    assert list(rows[0]) == list(kinds) == list(expected())
    for name, meaning in kinds.items():
        filled = [row[name] for row in rows if row[name]]
        assert filled and all(_is(value, meaning.type) for value in filled)


def _is(value: str, kind: str) -> bool:
    return kind == "string" or (int(value) >= 0 if kind == "integer" else float(value) <= 1)


def test_no_number_of_a_hidden_figure_is_in_any_file(made: Path) -> None:
    columns = attributes(areas(), slices(layers(), unit="persons", titles={}))
    assert columns["H_k33"].to_pylist()[3] is None and columns["H_k33_low"].to_pylist()[3] is None
    rows = json.loads((made / "municipio.geojson").read_text("utf-8"))["features"]
    hidden = [one["properties"] for one in rows if one["properties"]["H_k33_standing"] == "hidden"]
    assert hidden and all(row["H_k33"] is row["H_k33_low"] is row["H_k33_high"] is row["n"] is None for row in hidden)


def test_cutoffs_that_share_a_percentage_or_are_strict_have_names_of_their_own() -> None:
    def names(*cutoffs: str) -> list[str]:
        return [part.column for part in slices(layers(cutoffs)[:1], unit="persons", titles={})]

    assert names("1/3", "33/100") == ["H_k1_3", "H_k33_100"]
    assert names("2/5", ">2/5") == ["H_k40", "H_kgt40"]


def test_the_style_divides_as_the_classes_do() -> None:
    import xml.etree.ElementTree as Tree

    layer = layers()[0]
    rules = Tree.fromstring(style_of(layer, "estimate", "standing", "en").split("\n", 1)[1]).findall(".//rule")  # noqa: S314
    values = np.array([0.0, 0.2, np.nextafter(0.2, 1), 0.4, 0.5, 1.0])
    with closing(sqlite3.connect(":memory:")) as connection:
        for value, place in zip(values.tolist(), class_of(values, layer.breaks).tolist(), strict=True):
            fits = [
                connection.execute(f"SELECT {rule.get('filter')} FROM (SELECT ? AS estimate)", (value,)).fetchone()[0]
                for rule in rules[:5]
            ]
            assert fits.index(1) == place and sum(fits) == 1
    assert [rule.get("label") for rule in rules[:2]] == ["0 \u2013 20%", "> 20 \u2013 40%"]


def test_another_format_and_an_existing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"MPI-G022.*'shp'"):
        write_map_data(tmp_path, "m", areas(), layers(), formats=["shp"])  # type: ignore[list-item]
    write_map_data(tmp_path, "m", areas(), layers(), formats=["csv"])
    with pytest.raises(UsageError, match="MPI-O002"):
        write_map_data(tmp_path, "m", areas(), layers(), formats=["csv"])
    assert write_map_data(tmp_path, "m", areas(), layers(), formats=["csv"], overwrite=True) == (tmp_path / "m.csv",)


def test_areas_without_upper_areas_or_layers_are_written(tmp_path: Path) -> None:
    alone = Areas(
        domain="m", codes=CODES, names=NASTY, shapes=areas().shapes, crs=areas().crs, metres=True, upper=np.full(4, -1)
    )
    write_map_data(tmp_path, "m", alone, (), formats=MAP_FORMATS)
    assert read_arrow(tmp_path / "m.gpkg", layer="m")[1]["name"].to_pylist() == list(NASTY)


def qgis() -> str | None:
    """A Python that knows QGIS, if there is one."""
    for name in (os.environ.get("MPI_QGIS_PYTHON"), "/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            tried = subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False, timeout=MOST)
            if tried.returncode == 0:
                return name
    return None


@pytest.mark.skipif(qgis() is None, reason="no Python with QGIS; name one in MPI_QGIS_PYTHON")
def test_qgis_opens_the_geopackage_coloured_and_hatched(made: Path) -> None:
    picture = made / "map.png"
    ran = subprocess.run(
        [
            qgis() or "",
            str(HEADLINE),
            str(made / "municipio.gpkg"),
            str(picture),
            "municipio_upper",
            "H_k33",
            "municipio",
        ],
        capture_output=True,
        check=True,
        timeout=MOST,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    upper, view, whole = json.loads(ran.stdout)
    assert upper["renderer"] == "singleSymbol" and upper["features"] == 3
    for found in (view, whole):
        assert found["valid"] and found["crs"] == "EPSG:9377" and found["renderer"] == "RuleRenderer"
        assert not found["broken"] and found["labels"][0] == "0 \u2013 20\u202f%"
        # one area in each of the classes of 0.1, 0.35 and 0.9; then caution, review, hidden, no figure
        assert found["drawn"] == [1, 1, 0, 0, 1, 1, 1, 1, 0]
        assert found["patterns"][-2] == ["SimpleFill", "LinePatternFill", "LinePatternFill", "SimpleFill"]
    assert picture.stat().st_size > 5_000 and not zipfile.is_zipfile(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
