"""Maps of tables: every number at its area and in its class, nothing said that is not known, every fault clear."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyogrio.raw import write

import mpi
from mpi.choropleth import TableMap
from mpi.cli import main
from mpi.config import load_template
from mpi.drawing.classes import class_of
from mpi.errors import MpiWarning
from mpi.inference.intervals import log_interval, logit_interval
from mpi.maps.layers import NO_DATA
from mpi.runs.verifying import verify
from tests.support.browser import axe_violations_of_map, browser, opened, settled
from tests.support.drawings import by_id, texts
from tests.support.loops import at_least_one

__all__ = ["browser"]
ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "sample_data" / "published" / "ipm_municipal_2018"
CODES = ["05", "08", "44", "88"]
TABLE = pa.table(
    {"dpto": CODES, "rate": [17.1, 20.0, 55.4, 8.9], "lo": [16.0, 18.2, 51.9, None], "hi": [18.2, 21.9, 58.8, None]}
)


def drawn(table: object = TABLE, boundaries: str = "colombia_departamentos", **options: Any) -> TableMap:
    """A map, whatever it notices."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MpiWarning)
        return mpi.map_table(table, boundaries, **{"code": "dpto", "values": "rate", "form": "percent", **options})


def held(page: str) -> Any:
    return json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])


@pytest.fixture(scope="module")
def published() -> TableMap:
    return mpi.map_table(f"{PUBLISHED}.csv", "colombia_municipios", mapping=f"{PUBLISHED}.yaml")


def test_every_published_figure_is_at_its_municipality(published: TableMap) -> None:
    with Path(f"{PUBLISHED}.csv").open(encoding="utf-8") as file:
        rows = {row["mpio_code"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(published.areas) == published.join.matched == 1122
    for layer in at_least_one(published.layers):
        for code, value, standing in zip(published.areas.codes, layer.estimate[0], layer.standing[0], strict=True):
            cell = rows[code][layer.name]
            assert (standing == NO_DATA) == (cell == "") == np.isnan(value)
            assert not cell or value == pytest.approx(float(cell) / 100, abs=1e-12)
        assert np.isnan(layer.ci_low).all() and np.isnan(layer.units).all()
    assert [layer.name for layer in published.layers] == ["ipm_total", "ipm_cabecera", "ipm_rural"]
    assert not published.notices


def test_the_page_has_layers_of_no_measure(published: TableMap) -> None:
    page = published.page()
    data = held(page)
    assert not data["ofMeasure"] and data["cutoffs"] == [] and data["live"] is None and data["verdicts"] is None
    assert data["census"] and not data["act"].get("es")
    first = data["layers"][0]
    assert first["unit"] == {"es": "% de personas", "en": "% of persons"}
    assert first["finding"]["en"] == "Multidimensional poverty: from 4.5% in Sabaneta to 98.5% in Pana Pana"
    assert first["breaks"]["fixed"] == [0, 0.1, 0.2, 0.4, 0.6, 0.8, 1]
    assert "DANE" in data["texts"]["source"]["en"] and "MGN 2018" in data["texts"]["source"]["en"]
    assert "no sampling errors" in data["texts"]["note"]["en"]
    assert published.page() == page


def test_the_picture_has_the_classes_of_the_page(published: TableMap) -> None:
    layer = published.layers[0]
    picture = published.picture("ipm_total", "en")
    expected = class_of(layer.estimate[0], layer.breaks)
    for number in at_least_one(range(len(layer.breaks) - 1)):
        members = {int(row[0]) for part in by_id(picture, f"class-{number}") for row in part.data}
        assert members == set(np.flatnonzero(expected == number).tolist())
    assert picture.told is not None
    assert picture.told.title == "Multidimensional poverty: from 4.5% in Sabaneta to 98.5% in Pana Pana"


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow", "csv", "tsv", "semicolon", "parquet", "xlsx"])
def test_every_kind_of_table_gives_the_same_map(kind: str, tmp_path: Path) -> None:
    frame = TABLE.to_pandas()
    path = tmp_path / f"t.{ {'semicolon': 'csv'}.get(kind, kind) }"
    given: object = path
    if kind == "pandas":
        given = frame
    elif kind == "polars":
        given = pl.from_arrow(TABLE).fill_null(float("nan"))  # type: ignore[union-attr]  # of a table, a frame
    elif kind == "arrow":
        given = TABLE
    elif kind == "parquet":
        pq.write_table(TABLE, path)
    elif kind == "xlsx":
        frame.to_excel(path, index=False)
    elif kind == "semicolon":
        frame.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    else:
        frame.to_csv(path, sep="\t" if kind == "tsv" else ",", index=False)
    values = {"rate": {"low": "lo", "high": "hi"}}
    made, expected = drawn(given, values=values, title="T"), drawn(values=values, title="T")
    for one, other in zip(made.layers, expected.layers, strict=True):
        assert np.array_equal(one.estimate, other.estimate, equal_nan=True)
        assert np.array_equal(one.ci_low, other.ci_low, equal_nan=True)
    assert made.page() == expected.page()


def test_intervals_are_those_of_the_table_or_of_its_errors() -> None:
    stated = drawn(values={"rate": {"low": "lo", "high": "hi"}}).layers[0]
    at = [stated.estimate[0].tolist().index(value) for value in (0.171, 0.554)]
    assert stated.ci_low[0, at].tolist() == pytest.approx([0.16, 0.519])
    table = pa.table({"dpto": CODES, "rate": [17.1, 20.0, 55.4, 8.9], "e": [2.0, 3.0, 4.0, None]})
    shares, places = drawn(table, values={"rate": {"se": "e"}}), []
    places = [shares.areas.codes.index(code) for code in CODES]
    value, se = np.array([0.171, 0.2, 0.554]), np.array([0.02, 0.03, 0.04])
    low, high = logit_interval(value, se, np.inf)
    assert shares.layers[0].ci_low[0, places[:3]] == pytest.approx(low)
    assert shares.layers[0].ci_high[0, places[:3]] == pytest.approx(high)
    assert np.isnan(shares.layers[0].ci_low[0, places[3]])
    numbers = drawn(table, values={"rate": {"cv": "e"}}, form="number").layers[0]
    low, _ = log_interval(value * 100, value * se * 100, np.inf)
    assert numbers.ci_low[0, places[:3]] == pytest.approx(low)


def test_a_map_says_what_is_known_of_its_errors() -> None:
    def note(**options: Any) -> str:
        return str(held(drawn(**options).page())["texts"]["note"]["en"])

    assert note() == "The sampling errors of these figures are not known, so no difference can be called real."
    assert (
        note(values={"rate": {"low": "lo", "high": "hi"}})
        == "Whether differences between areas are real has not been tested."
    )
    assert note(census=True) == "Everybody was counted: these figures have no sampling errors."
    assert "Intervals (90%) are computed" in note(values={"rate": {"se": "lo"}}, level=0.9)


def test_what_numbers_are_decides_how_they_are_shown() -> None:
    table = pa.table(
        {"dpto": CODES, "a": [0.171, 0.2, 0.554, 0.089], "b": [12, 1000, 5, 70], "c": [-1.5, 2.25, 104.0, 0.0]}
    )
    forms = {"a": {"form": "proportion"}, "b": {"form": "number"}, "c": {"form": "index"}}
    made = drawn(table, values=forms, form=None)
    assert [layer.form for layer in made.layers] == ["percent", "number", "index"]
    assert [made.captions[name].finding["en"] for name in "abc"] == [
        "A: from 8.9% in San Andrés, Providencia y Santa Catalina to 55.4% in La Guajira",
        "B: from 5 in La Guajira to 1,000 in Atlántico",
        "C: from \u22121.500 in Antioquia to 104.000 in La Guajira",
    ]
    data = held(made.page())
    assert [layer["unit"]["en"] for layer in data["layers"]] == ["%", "number", "index"]


def test_a_column_without_a_title_is_called_by_the_map_or_by_its_name_as_words() -> None:
    alone = drawn(values={"rate": {}}, title={"en": "Homes without water", "es": "Hogares sin agua"})
    assert alone.captions["rate"].title == {"es": "Hogares sin agua", "en": "Homes without water"}
    told = alone.picture("rate", "es").told
    assert told is not None and told.title.startswith("Hogares sin agua: de ")
    subtitle = texts(alone.picture("rate", "es"), "frame-subtitle")[0]
    assert subtitle.count("Hogares sin agua") == 1
    two = TABLE.append_column("ipm_total", TABLE.column("rate"))
    made = drawn(two, values={"rate": {}, "ipm_total": {"title": "IPM"}}, title="T")
    assert [one.title["es"] for one in made.captions.values()] == ["Rate", "IPM"]
    assert drawn(two, values=["ipm_total"]).captions["ipm_total"].title["en"] == "Ipm total"


def test_an_office_gives_page_and_pictures_its_own_look() -> None:
    plain, own = drawn(values=["rate"]), drawn(values=["rate"], template="example")
    office = load_template("example")
    page = own.page()
    assert office.colours.accent in page and "Oficina de Estadística de Ejemplo" in page and 'class="logo"' in page
    assert office.colours.accent not in plain.page()
    picture = own.picture("rate", "es")
    assert any("Oficina de Estadística de Ejemplo" in text for text in texts(picture, "frame-source"))
    fills = {one.look.fill for drawing in (picture,) for one in by_id(drawing, "class-0")}
    assert fills == {office.colours.sequential[0]}
    assert {"template", "template logo", "template picture"} <= set(own.configs)


def test_a_long_table_has_a_layer_for_each_word_and_a_period_for_each_year(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "mapping: m\nperiod: {column: year}\ndomains:\n  dpto: {column: code, width: 2, pad: yes, none: CO}\n"
        "  zona: {column: zone, none: all}\nvalues: {column: v, form: percent, title: {en: Rate, es: Tasa}}\n",
        encoding="utf-8",
    )
    rows = ["code,zone,year,v", "CO,all,2019,1"]
    rows += [
        f"{int(code)},{zone},{year},{int(code) + 10 * (zone == 'rural') + year - 2017}"
        for code in ("05", "08")
        for zone in ("all", "rural")
        for year in (2018, 2019)
    ]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    made = drawn(tmp_path / "t.csv", mapping=tmp_path / "m.yaml", code="code", values=(), form=None)
    assert [made.captions[layer.name].title["en"] for layer in made.layers] == ["Rate", "Rate, zona: rural"]
    assert made.period == "2019" and [one.name for one in made.earlier] == ["2018"]
    place = made.areas.codes.index("05")
    assert made.layers[1].estimate[0, place] == pytest.approx(0.17)
    assert made.earlier[0].layers[1].estimate[0, place] == pytest.approx(0.16)
    assert held(made.page())["periods"] == ["2018", "2019"]


def test_codes_and_areas_that_do_not_fit_are_counted_and_named() -> None:
    table = pa.table({"dpto": [*CODES, "77", "76x"], "rate": [1.0, 2.0, 3.0, None, 5.0, 6.0]})
    with pytest.warns(MpiWarning) as caught:
        made = mpi.map_table(table, "colombia_departamentos", code="dpto", values="rate", form="percent")
    told = [str(one.message) for one in caught]
    assert any(text.startswith("MPI-N220") and "2 codes of the table without an area: 76x, 77" in text for text in told)
    assert any(text.startswith("MPI-N221") and "30 areas without a figure: " in text for text in told)
    assert made.join.only_figures == ("76x", "77")


def test_the_command_writes_a_folder_that_can_be_verified_and_replaced(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "t.parquet")
    options = ["--code", "dpto", "--value", "rate", "--form", "percent", "--language", "pt"]
    words = ["map", str(tmp_path / "t.parquet"), "colombia_departamentos", *options, "-o", str(tmp_path / "out")]
    assert ended(words) == 0
    names = {path.name for path in (tmp_path / "out" / "maps").iterdir()}
    assert names == {f"rate.pt.{ending}" for ending in ("png", "print.png", "svg", "pdf")}
    assert not verify(tmp_path / "out")
    before = (tmp_path / "out" / "map.html").read_bytes()
    assert ended(words) == 2
    assert ended([*words, "--overwrite", "--no-pictures"]) == 0
    assert (tmp_path / "out" / "map.html").read_bytes() == before
    assert not (tmp_path / "out" / "maps").exists()


def ended(words: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        main(words)
    return int(str(end.value.code))


@pytest.mark.parametrize(
    ("rows", "options", "code", "words"),
    [
        ("05,130", {}, "MPI-G220", "row 2: 130 in rate is no share of a whole"),
        ("05,-1", {}, "MPI-G220", "no share of a whole"),
        ("05,1.5", {"form": "proportion"}, "MPI-G220", "no share of a whole"),
        ("05,1\n05,2", {}, "MPI-U193", "row 3: there is another row for the code '05'"),
        ("05,many", {}, "MPI-U194", "row 2: the cell of rate is no number"),
        ("05,", {}, "MPI-G221", "no number is read"),
        ("", {}, "MPI-G221", "no row"),
        ("77,1", {}, "MPI-G015", "no code"),
        ("5,1", {}, "MPI-G015", "'5' has lost the zeros of '05'"),
        ("05,1", {"values": "raet"}, "MPI-U191", "no column 'raet'"),
        ("05,1", {"code": "dept"}, "MPI-U191", "no column 'dept'"),
        ("05,1", {"form": None}, "MPI-G220", "what the numbers of 'rate' are"),
        ("05,1", {"code": ""}, "MPI-G223", "which column has the codes"),
        ("05,1", {"values": {"rate": {"low": "rate", "high": "dpto"}}, "form": "number"}, "", ""),
        ("05,9", {"values": {"rate": {"low": "rate", "high": "dpto"}}, "form": "number"}, "MPI-G222", "does not hold"),
        ("05,1", {"boundaries": "colombia_municipioss"}, "MPI-C001", "did you mean"),
        ("05,1", {"area_code": "x"}, "MPI-G223", "--area-code of a file of shapes"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_fault_and_nothing_is_written(
    rows: str, options: dict[str, Any], code: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(f"dpto,rate\n{rows}\n", encoding="utf-8")
    if not code:
        assert drawn(tmp_path / "t.csv", **options).join.matched == 1
        return
    with pytest.raises(mpi.MpiError) as fault:
        drawn(tmp_path / "t.csv", out=tmp_path / "out", **options)
    assert [one.code for one in fault.value.faults] == [code]
    assert words in str(fault.value) and fault.value.faults[0].remedy
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_file_of_polygons_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    shapes = ROOT / "sample_data" / "boundaries" / "uruguay_departamentos.geojson"
    table = pa.table({"dpto": ["1", "2"], "rate": [1.0, 2.0]})
    with pytest.raises(mpi.DataError, match=r"--width 2 --pad"):
        drawn(table, str(shapes), area_name="name")
    made = drawn(table, str(shapes), area_name="name", width=2, pad=True)
    assert made.join.matched == 2 and made.areas.names[0]
    square = shapely.to_wkb(np.array([shapely.box(0, 0, 1, 1)]))
    unsaid = tmp_path / "s.shp"
    with pytest.warns(UserWarning, match="crs"):
        write(unsaid, square, [np.array(["1"])], ["dpto"], geometry_type="Polygon", crs=None)
    with pytest.raises(mpi.DataError, match="MPI-G011"):
        drawn(table, str(unsaid))
    assert drawn(table, str(unsaid), crs="EPSG:4326").join.matched == 1


@pytest.fixture(scope="module")
def file(published: TableMap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("table") / "map.html"
    path.write_text(published.page(), "utf-8")
    yield path


@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
def test_the_page_opens_with_its_finding_and_without_cutoffs(browser: Any, file: Path, size: tuple[int, int]) -> None:
    wide = {"width": size[0], "height": size[1]}
    with opened(browser, file, "#lang=en", viewport=wide, has_touch=size[0] < 500) as (page, record):
        settled(page)
        assert page.inner_text("#headline") == "Multidimensional poverty: from 4.5% in Sabaneta to 98.5% in Pana Pana"
        assert not page.is_visible("#cutoffs") and not page.is_visible("#badge") and not page.is_visible("#own")
        assert not page.is_visible("#periods")
        box = page.locator("#map").bounding_box()
        assert box["y"] < size[1] / 2
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert axe_violations_of_map(page, colours=size[0] > 390) == []
        page.select_option("#layer", "ipm_rural", force=True)
        settled(page)
        assert "rural" in page.inner_text("#headline") and "rural" in page.inner_text("#layer-title")
        assert record.nothing(), (record.requests, record.messages)


def test_a_selected_area_is_told_with_its_figure_and_no_verdict(browser: Any, file: Path) -> None:
    with opened(browser, file, "#lang=en&unit=44847") as (page, _):
        settled(page)
        details = page.inner_text("#details")
        assert "92.2%" in details and "Municipality 44847" in details and "% of persons" in details
        assert not any(word in details for word in ("Higher than", "Lower than", "cutoff", "k ="))
        assert "no difference" not in page.inner_text("#ends-note")  # a census: there is nothing to doubt
        page.locator("#figures").scroll_into_view_if_needed()
        page.wait_for_selector("#rows tr")
        heads = [text.split(" ")[0] for text in page.locator("#heads button").all_inner_texts()]
        assert "Estimate" in heads and not {"Low", "High", "n", "Quality"} & set(heads)  # nothing would fill them
        assert page.locator("#rows tr").first.locator("td, th").count() == len(heads)
        assert "interval" not in page.inner_text("#table-caption")


def test_a_page_without_errors_says_so_beside_its_highest_areas(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "m.html").write_text(drawn().page(), "utf-8")
    with opened(browser, tmp_path / "m.html", "#lang=en") as (page, _):
        settled(page)
        without, _, errors = page.inner_text("#ends-note").partition(". ")
        assert without == "Areas without a figure, which are not compared: 29"  # of 33 departments
        assert errors == "The sampling errors of these figures are not known, so no difference can be called real."
