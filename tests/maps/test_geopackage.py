"""GeoPackages of unusual studies: names that clash, more columns than a table holds, projections without a code."""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyogrio.raw import read_arrow

from mpi.disclosure.publishable import STANDINGS
from mpi.maps.areas import Areas
from mpi.maps.attributes import PARTS, TAKEN, attributes, slices
from mpi.maps.data import write_map_data
from mpi.maps.geopackage import MOST
from mpi.maps.layers import Layer
from mpi.maps.qgis import style_of
from mpi.maps.shaping import load_areas
from mpi.specs.study import MapSpec
from mpi.vocabulary.options import MAP_FORMATS
from mpi.vocabulary.wording import LANGUAGES, MARK_MEANINGS, NOTHING_THERE, Language, mark_meanings
from tests.support.boundary_files import boundary_file, upper
from tests.support.loops import at_least_one

MOST_SECONDS = 2.5  # of processor: six times what was measured, for a busy machine
REAL = os.environ.get("MPI_REAL_DATA")
BREAKS = np.array([0, 0.2, 0.4, 0.6, 0.8, 1.0])
INDICATORS = st.lists(
    st.sampled_from(["agua", "Agua", "AGUA", "agua_low", "agua_standing", "agua_low_2", "a"]), min_size=1, unique=True
)


def areas(domain: str = "municipio", names: Sequence[str] = ("Uno", "Dos")) -> Areas:
    shapes = np.array([shapely.box(4.8e6 + 1e5 * i, 2e6, 4.9e6 + 1e5 * i, 2.1e6) for i in range(len(names))], object)
    codes = tuple(f"0500{i}" for i in range(len(names)))
    return Areas(
        domain=domain,
        codes=codes,
        names=tuple(names),
        shapes=shapes,
        crs="EPSG:9377",
        metres=True,
        upper=np.full(len(names), -1),
    )


def layer(indicator: str | None = None, cutoffs: tuple[str, ...] = ("",), *, value: float = 0.3, n: int = 2) -> Layer:
    """A layer with its own value in every area, larger by a thousandth at each cutoff."""
    estimate = value + np.arange(len(cutoffs))[:, None] / 1000 + np.zeros(n)
    statistic = "H" if indicator is None else "uncensored_headcount" if cutoffs == ("",) else "censored_headcount"
    name = statistic if indicator is None else f"{statistic}:{indicator}"
    return Layer(
        name=name,
        statistic=statistic,
        dimension=None,
        indicator=indicator,
        form="percent",
        cutoffs=cutoffs,
        estimate=estimate,
        ci_low=estimate - 0.1,
        ci_high=estimate + 0.1,
        standing=np.zeros(estimate.shape, np.int64),
        units=np.full(n, 100.0),
        scheme="fixed",
        breaks=BREAKS,
    )


@given(INDICATORS)
def test_no_two_columns_share_a_name_whatever_the_indicators_are_called(indicators: list[str]) -> None:
    layers = [layer(name, value=0.2 + i / 10) for i, name in enumerate(indicators)]
    parts = slices(layers, unit="persons", titles={})
    names = [f"{part.column}{ending}".casefold() for part in parts for ending, _ in PARTS.values()]
    assert len(set(names)) == len(names) == 4 * len(indicators) and not TAKEN & set(names)
    columns = attributes(areas(), parts)
    assert len(columns) == 3 + len(names)
    for part, own in zip(parts, layers, strict=True):
        assert columns[part.column].to_pylist() == own.estimate[0].tolist()


def test_indicators_of_one_title_have_a_view_each(tmp_path: Path) -> None:
    titles = {name: {"en": "No water", "es": "Sin agua"} for name in ("agua", "acueducto")}
    write_map_data(tmp_path, "m", areas(), [layer("agua"), layer("acueducto")], formats=["gpkg"], titles=titles)
    with closing(sqlite3.connect(tmp_path / "m.gpkg")) as connection:
        told = dict(connection.execute("SELECT table_name, identifier FROM gpkg_contents"))
    assert told["uncensored_agua"] == "Uncensored headcount ratio, No water (uncensored_agua)"
    assert told["uncensored_acueducto"] == "Uncensored headcount ratio, No water (uncensored_acueducto)"


@pytest.mark.parametrize("domain", ["columns", "layer_styles", "Layer_Styles", "h", "gpkg_area", "sqlite_area"])
def test_a_domain_called_like_another_table_gets_a_name_of_its_own(domain: str, tmp_path: Path) -> None:
    write_map_data(tmp_path, "m", areas(domain), [layer()], formats=["gpkg"])
    names = [name for name, kind in pyogrio.list_layers(tmp_path / "m.gpkg") if kind is not None]
    assert names == [f"areas_{domain}", "H"]
    assert read_arrow(tmp_path / "m.gpkg", layer=f"areas_{domain}")[1]["H"].to_pylist() == [0.3, 0.3]


@pytest.mark.parametrize("domain", ["zona rural", "código", "vereda's", 'a"b'])
def test_a_domain_of_any_letters_is_a_table(domain: str, tmp_path: Path) -> None:
    write_map_data(tmp_path, "m", areas(domain), [layer()], formats=["gpkg"])
    assert read_arrow(tmp_path / "m.gpkg", layer=domain)[1]["code"].to_pylist() == ["05000", "05001"]


def test_more_cutoffs_than_a_table_has_columns_follow_in_further_tables(tmp_path: Path) -> None:
    cutoffs = tuple(f"{i}/1000" for i in range(1, MOST + 2))
    layers = [layer(None, cutoffs, value=0.1), layer("agua", cutoffs, value=0.2)]
    write_map_data(tmp_path, "m", areas(), layers, formats=["gpkg", "csv"])
    path = tmp_path / "m.gpkg"
    found = dict(pyogrio.list_layers(path).tolist())
    assert found["municipio_2"] is found["municipio_3"] is None and "municipio_4" not in found
    tables = [read_arrow(path, layer=name)[1] for name in ("municipio", "municipio_2", "municipio_3")]
    assert all(table["code"].to_pylist() == ["05000", "05001"] for table in tables)
    whole = {name: table[name].to_pylist() for table in tables for name in table.column_names}
    parts = slices(layers, unit="persons", titles={})
    assert len(parts) == 2 * (MOST + 1)
    for part in parts:
        assert whole[part.column] == part.layer.estimate[part.cutoff].tolist()
    assert read_arrow(path, layer=parts[MOST + 1].column)[1]["estimate"].to_pylist() == [0.2, 0.2]


def test_a_projection_without_a_code_is_written_out_in_every_format(tmp_path: Path) -> None:
    own = pyproj.CRS("+proj=laea +lat_0=4 +lon_0=-74 +datum=WGS84")
    shapes = np.array([shapely.box(i * 1e4, 0, (i + 1) * 1e4, 1e4) for i in range(2)], object)
    write_map_data(tmp_path, "m", replace(areas(), shapes=shapes, crs=own.to_wkt()), [layer()], formats=MAP_FORMATS)
    found = pyproj.CRS(read_arrow(tmp_path / "m.gpkg", layer="municipio")[0]["crs"]).coordinate_operation
    assert found is not None and found.method_name == "Lambert Azimuthal Equal Area"
    about = json.loads(pq.read_schema(tmp_path / "m.parquet").metadata[b"geo"])
    assert pyproj.CRS.from_json_dict(about["columns"]["geometry"]["crs"]).equals(own, ignore_axis_order=True)
    first = json.loads((tmp_path / "m.geojson").read_text("utf-8"))["features"][0]["geometry"]["coordinates"][0]
    assert [-74.0, 4.0] in first
    for name, form in (("m.gpkg", "gpkg"), ("m.parquet", "parquet")):
        file = boundary_file(name, "code", layer="municipio" if form == "gpkg" else None, width=5)
        assert load_areas(MapSpec(domain="municipio", boundaries=file), tmp_path, ["05000"])[0].metres


def test_geoparquet_turns_rings_as_it_says(tmp_path: Path) -> None:
    clockwise = replace(areas(), shapes=shapely.reverse(shapely.orient_polygons(areas().shapes)))
    write_map_data(tmp_path, "m", clockwise, [layer()], formats=["parquet"])
    shapes = shapely.from_wkb(np.array(pq.read_table(tmp_path / "m.parquet")["geometry"].to_pylist(), object))
    assert [shape.exterior.is_ccw for shape in shapes] == [True, True]


def test_names_that_are_code_elsewhere_are_plain_text_in_styles_and_tables(tmp_path: Path) -> None:
    names = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0")
    write_map_data(
        tmp_path,
        "m",
        areas(names=names),
        [layer("agua")],
        formats=MAP_FORMATS,
        titles={"agua": {"en": "<script>alert(2)</script>"}},
    )
    with closing(sqlite3.connect(tmp_path / "m.gpkg")) as connection:
        styles = [row[0] for row in connection.execute("SELECT styleQML FROM layer_styles")]
    assert styles and not any("alert" in style for style in styles)
    assert read_arrow(tmp_path / "m.gpkg", layer="municipio")[1]["name"].to_pylist() == list(names)
    assert '\n"05001","\'=cmd' in (tmp_path / "m.csv").read_text("utf-8")
    nasty = style_of(layer(), 'a"<b', "s", "en").split("\n", 1)[1]
    filters = [rule.get("filter") for rule in ElementTree.fromstring(nasty).findall(".//rule")]  # noqa: S314  our own
    assert filters[0] == '"a""<b" <= 0.2'


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_in_qgis_speaks_in_the_words_of_the_rules(language: Language, tmp_path: Path) -> None:
    told = mark_meanings([("caution", {"es": "CV mayor de 15 %", "en": "CV above 15 % <&>"})], language)
    write_map_data(tmp_path, "m", areas(), [layer("agua")], formats=["gpkg"], language=language, marks=told)
    with closing(sqlite3.connect(tmp_path / "m.gpkg")) as connection:
        styles = [
            row[0] for row in connection.execute("SELECT styleQML FROM layer_styles WHERE styleName <> 'outline'")
        ]
    for style in at_least_one(styles):
        rules = ElementTree.fromstring(style.split("\n", 1)[1]).findall(".//rule")  # noqa: S314  our own
        labels = {str(rule.get("filter")).split(" = ", 1)[-1]: rule.get("label") for rule in rules}
        assert labels["'caution'"] == told["caution"] != MARK_MEANINGS["caution"][language]
        assert labels["'review'"] == MARK_MEANINGS["review"][language]
        # Of two reasons for no colour each has its own entry.
        nothing = [label for words, label in labels.items() if "undefined" in words or "no_data" in words]
        assert nothing == [NOTHING_THERE[name][language] for name in ("undefined", "no_data")]


def test_borders_are_drawn_after_hatches_and_hatches_after_colours() -> None:
    style = ElementTree.fromstring(style_of(layer(), "estimate", "standing", "es").split("\n", 1)[1])  # noqa: S314  our own
    symbols = style.findall(".//symbols/symbol")
    turns = [[part.get("pass") for part in symbol.findall("layer")] for symbol in symbols]
    assert turns[:5] == [["0", "2"]] * 5  # classes: a colour and a border
    assert [set(turn) for turn in turns[5:]] == [{"1"}, {"1"}, *[{"0", "1", "2"}] * 3]
    found = style.find("renderer-v2")
    assert found is not None and found.get("symbollevels") == "1"
    borders = [
        option.get("value")
        for symbol in symbols[:5]
        for option in symbol.findall("layer[@pass='2']/Option/Option[@name='outline_color']")
    ]
    assert borders == ["80,80,80,255"] * 4 + ["255,235,210,255"]  # the darkest has pale ones


@pytest.mark.skipif(not REAL, reason="needs the real boundaries: set MPI_REAL_DATA")
def test_all_municipalities_with_34_statistics_at_4_cutoffs_are_written_soon(tmp_path: Path) -> None:
    folder = Path(REAL or "") / "colombia"
    text = pyarrow.csv.ConvertOptions(column_types={"mpio_code": pyarrow.string()})
    census = pyarrow.csv.read_csv(folder / "census/ipm_municipal_2018.csv", convert_options=text)
    file = boundary_file("geo/municipios_mgn2018.geojson", "mpio_code", name="mpio_name", width=5)
    spec = MapSpec(
        domain="municipio",
        boundaries=file,
        upper=upper("dpto_code", "dpto_name"),
        projection="EPSG:9377",
        tolerance=1000.0,
    )
    found, join, _ = load_areas(spec, folder, census["mpio_code"].to_pylist())
    assert join.matched == len(found) == 1122 and not join.only_figures and not join.only_boundaries
    share = dict(zip(census["mpio_code"].to_pylist(), census["ipm_total"].to_pylist(), strict=True))
    h = np.array([share[code] for code in found.codes]) / 100
    cutoffs = ("1/3", "1/4", "2/5", "1/2")
    standing = np.arange(1122) % len(STANDINGS)
    own = layer(None, cutoffs, n=1122)
    estimate = np.where(standing < STANDINGS.index("hidden"), np.tile(h, (4, 1)), np.nan)
    own = replace(own, estimate=estimate, ci_low=estimate, ci_high=estimate, standing=np.tile(standing, (4, 1)))
    layers = [own, *(replace(layer(f"i{i:02}", cutoffs, n=1122), estimate=estimate) for i in range(33))]
    began = time.process_time()
    made = write_map_data(tmp_path, "municipio", found, layers, join)
    assert time.process_time() - began < MOST_SECONDS and len(made) == 4
    shown = read_arrow(tmp_path / "municipio.gpkg", layer="H_k33")[1]
    read = [shown[name].to_pylist() for name in ("code", "estimate", "standing")]
    for code, value, word in at_least_one(zip(*read, strict=True)):
        assert value == (None if word in ("hidden", "undefined") else share[code] / 100)
