"""A study run from end to end: every output, the same bytes, nothing hidden in any of them, hostile names harmless."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.cli import cli
from mpi.config import load_study
from mpi.errors import DataError, UsageError
from mpi.runs import Made, run_study
from mpi.runs.keeping import output_of
from mpi.runs.verifying import verify
from mpi.synthetic.frame import DEPARTMENTS, municipality_codes
from mpi.vocabulary.options import OUTPUTS
from tests.support.commands import run
from tests.support.limits import MOST
from tests.support.loops import at_least_one
from tests.support.shared import made_once, run_once

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_data"
HOSTILE = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
MOST_WORDS = 20  # of a title, with its numbers and the names of two places
STUDY = """\
study: small
title: {es: Pobreza, en: Poverty}
publisher: {es: Oficina, en: Office}
note: {es: Cifras de prueba., en: Figures of a test.}
released: 2026-04-14
licence: CC0-1.0
measure: colombia_ipm
surveys: [colombia_demo_2024, colombia_demo_2025]
by: [zona, departamento]
changes_by: [zona]
cutoffs: [1/2]
disclosure: standard
languages: [es, en]
maps:
  municipio:
    boundaries: {path: municipios.geojson, code: mpio_code, name: mpio_name, width: 5, source: tiles}
    upper: {code: dpto_code, name: dpto_name, domain: departamento}
    projection: EPSG:9377
"""


def data_folder(folder: Path) -> Path:
    """The sample data of every third department, with two municipalities of hostile names."""
    departments = DEPARTMENTS[::3]
    for name in ("colombia_2024", "colombia_2025"):
        (folder / name).mkdir()
        households = pq.read_table(SAMPLE / name / "HOGARES.parquet", columns=["DIRECTORIO", "DEPARTAMENTO"])
        codes = pa.array([one.code for one in departments])
        kept = households.filter(pc.is_in(households["DEPARTAMENTO"].cast(pa.string()), codes))["DIRECTORIO"]
        for path in at_least_one(sorted((SAMPLE / name).glob("*.parquet"))):
            table = pq.read_table(path)
            pq.write_table(
                table.filter(pc.is_in(table["DIRECTORIO"], kept.combine_chunks())), folder / name / path.name
            )
    text = (SAMPLE / "boundaries" / "colombia_municipios.geojson").read_text(encoding="utf-8")
    held = json.loads(text)
    reached = {code for department in departments for code in municipality_codes(department)}
    held["features"] = [one for one in held["features"] if one["properties"]["mpio_code"] in reached]
    held["features"][0]["properties"]["mpio_name"] = HOSTILE
    held["features"][1]["properties"]["mpio_name"] = FORMULA
    (folder / "municipios.geojson").write_text(json.dumps(held), encoding="utf-8")
    (folder / "small.yaml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = made_once(tmp_path_factory, "data_of_a_run", data_folder)
    return found


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    study = load_study(data / "small.yaml")
    return run_once(tmp_path_factory, "run", lambda folder: run_study(study, folder / "out", data=data))


@cache
def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_every_output_is_there(made: Made) -> None:
    found = set(files(made.folder))
    expected = {
        "report.es.html",
        "report.en.html",
        "workbook.es.xlsx",
        "workbook.en.xlsx",
        "map.municipio.html",
        "map_data/municipio.gpkg",
        "map_data/municipio.parquet",
        "map_data/municipio.csv",
        "map_data/municipio.join.json",
        "maps/municipio.H.es.png",
        "maps/municipio.M0.en.svg",
        "maps/municipio.poor.en.pdf",
        "charts/series.es.png",
        "charts/series.es.print.png",
        "charts/series.es.pdf",
        "charts/ranked.departamento.en.svg",
        "charts/changes.zona.es.svg",
        "results/results.parquet",
        "results/total.csv",
        "results/changes.total.csv",
        "results/datapackage.json",
        "index.html",
        "manifest.json",
    }
    assert expected <= found
    assert set(made.files) <= found
    assert not [name for name in found if not files(made.folder)[name]]
    assert {name for name in found if output_of(name) is None} == {"index.html", "manifest.json"}


def test_every_picture_says_what_it_shows_and_where_it_comes_from(made: Made) -> None:
    for name, content in at_least_one(
        [(name, one.decode()) for name, one in files(made.folder).items() if name.endswith(".svg")]
    ):
        language = name.split(".")[-2]
        words = html.unescape(re.sub(r"<[^>]+>", " ", content))
        told = re.search(r"<title id=\"title\">([^<]+)</title>(?:<desc id=\"desc\">([^<]+)</desc>)?", content)
        assert told is not None and told[1] != told[2], name
        assert len(told[1].split(" ")) <= MOST_WORDS, told[1]
        for text in {"es": ("Fuente: Oficina", "Cifras de prueba."), "en": ("Source: Office", "Figures of a test.")}[
            language
        ]:
            assert text in words, (name, text)


def test_the_same_inputs_give_the_same_bytes_but_for_the_times(made: Made, data: Path, tmp_path: Path) -> None:
    # The notices of these data are warnings of their own category; any other is an error.
    code = (
        "import sys, warnings, mpi; warnings.simplefilter('ignore', mpi.MpiWarning); "
        "mpi.run_study(mpi.load_study(sys.argv[1] + '/small.yaml'), sys.argv[2], data=sys.argv[1])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code, data, tmp_path / "out"], check=True, env=environment, timeout=MOST
    )
    first, second = files(made.folder), files(tmp_path / "out")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == ["manifest.json"]
    one, other = json.loads(first["manifest.json"]), json.loads(second["manifest.json"])
    assert one.pop("times")
    assert other.pop("times")
    assert one == other


def test_the_folder_is_what_the_manifest_says_until_it_is_changed(made: Made, data: Path, tmp_path: Path) -> None:
    assert not verify(made.folder, data)
    copy = tmp_path / "copy"
    for name, content in files(made.folder).items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    (copy / "report.es.html").write_bytes(files(made.folder)["report.es.html"].replace(b"0", b"1", 1))
    (copy / "map.municipio.html").unlink()
    (copy / "notes.txt").touch()
    assert {finding.file for finding in verify(copy)} == {"report.es.html", "map.municipio.html", "notes.txt"}


def test_the_manifest_names_no_folder_of_this_machine(made: Made, data: Path) -> None:
    text = files(made.folder)["manifest.json"].decode()
    assert str(data) not in text
    assert str(ROOT) not in text
    held = json.loads(text)
    assert {one["path"] for one in held["inputs"]} >= {"municipios.geojson", "colombia_2025/PERSONAS.parquet"}
    assert held["options"]["disclosure"] == "standard"


def test_the_report_names_every_input_and_the_rules_that_were_applied(made: Made) -> None:
    text = files(made.folder)["report.en.html"].decode()
    for name in ("colombia_2024/PERSONAS.parquet", "colombia_2025/PERSONAS.parquet", "municipios.geojson"):
        assert name in text, name
    assert "No precision rules" not in text
    assert "DANE" in text


def test_figures_of_the_tables_are_those_of_the_engine(made: Made, data: Path) -> None:
    table = pq.read_table(made.folder / "results" / "results.parquet")
    measure = mpi.load_measure("colombia_ipm")
    profile = mpi.deprivation_profile(mpi.load_survey("colombia_demo_2025"), measure, data)
    exact = mpi.estimate(profile, measure, by="departamento", k=["1/3", "1/2"])
    rows = {
        (row["k"], row["statistic"], row["departamento"], row["indicator"], row["dimension"]): row
        for row in exact.rows()
    }
    compared = 0
    table = table.filter((pc.field("period") == "2025") & (pc.field("unit") == "persons"))
    for row in table.filter(pc.field("zona").is_null() & pc.field("municipio").is_null()).to_pylist():
        own = rows[row["k"], row["statistic"], row["departamento"], row["indicator"], row["dimension"]]
        if row["standing"] != "hidden":
            # Sums of the same weights in another order: the last digits of a double.
            shown, expected = ([line[name] or 0 for name in ("estimate", "se", "n")] for line in (row, own))
            assert shown == pytest.approx(expected, rel=1e-9)
            compared += 1
    assert compared > 1_000


def test_hidden_figures_are_in_no_output(made: Made, data: Path) -> None:
    study = load_study(data / "small.yaml")
    profile = made.profiles[-1]
    exact = mpi.estimate(profile, study.measure, by=study.sets, k=study.cutoffs)
    table = made.publication.figures.table.to_pandas()
    table = table[(table.period == "2025") & (table.unit == "persons")].reset_index(drop=True)
    assert len(table) == len(exact)
    hidden = (table.standing == "hidden").to_numpy()
    assert 100 < hidden.sum() < 0.6 * len(table)
    numbers = [name for name in table if table[name].dtype.kind == "f" or table[name].dtype.kind == "i"]
    assert table.loc[hidden, numbers].isna().all(axis=None)
    values = exact.table["estimate"].to_numpy(zero_copy_only=False)
    # Ten digits are met by chance nowhere; formats that round show fewer, and hide the whole number as this one does.
    secret = {tail(value) for value in values[hidden].tolist() if np.isfinite(value)} - {None}
    # Another figure that is shown may have the same value; the tidy table itself has been looked at above.
    for name in numbers:
        values = made.publication.figures.table[name].unique().drop_null().to_pylist()
        secret -= {tail(float(f"{scale * value:.16g}")) for value in values for scale in (1, 100)}
        secret -= {tail(value) for value in values}  # a number of persons has few decimals, and all of its digits count
    assert len(secret) > 100
    for name, content in at_least_one(contents(made.folder).items()):
        met = {match[:10] for match in re.findall(r"\.(\d{10,})", content.decode("latin-1"))}
        assert not met & secret, name


def tail(value: float) -> str | None:
    """The first ten digits after the point of a number that has so many."""
    digits = repr(value).partition(".")[2]
    return digits[:10] if len(digits) > 12 and digits.isdigit() else None


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, with workbooks unpacked, and GeoPackage and Parquet as text."""
    made = {}
    for name, content in files(folder).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                made |= {f"{name}/{part}": packed.read(part) for part in packed.namelist()}
        elif name.endswith(".gpkg"):
            with sqlite3.connect(folder / name) as base:
                layers = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")]
                made[name] = repr([base.execute(f'SELECT * FROM "{layer}"').fetchall() for layer in layers]).encode()
        elif name.endswith(".parquet"):
            table = pq.read_table(folder / name)
            numbers = [one.name for one in table.schema if one.type in (pa.float64(), pa.int64())]
            sink = pa.BufferOutputStream()
            pyarrow.csv.write_csv(table.select(numbers), sink)
            made[name] = sink.getvalue().to_pybytes()
        elif not name.endswith((".png", ".pdf")):
            made[name] = content
    return made


def test_a_hidden_municipality_has_no_number_in_the_map_data(made: Made) -> None:
    figures = made.publication.figures
    rows = {
        row["municipio"]: row
        for row in figures.only("H", k="1/3", unit="persons", period="2025").rows()
        if row["municipio"]
    }
    hidden = {code for code, row in rows.items() if row["standing"] == "hidden"}
    assert hidden
    read = {
        row["code"]: row
        for row in csv.DictReader(io.StringIO(files(made.folder)["map_data/municipio.csv"].decode("utf-8-sig")))
    }
    for code, row in at_least_one(read.items()):
        assert (row["H_k33"] == "") == (code in hidden), code


def test_the_types_of_the_map_s_csv_are_those_of_its_data_package(made: Made) -> None:
    package = json.loads(files(made.folder)["map_data/datapackage.json"])
    held = {one["path"]: one for one in package["resources"]}
    table = pq.read_table(made.folder / "map_data" / "municipio.parquet")
    fields = {one["name"]: one["type"] for one in held["municipio.csv"]["schema"]["fields"]}
    rows = list(csv.DictReader(io.StringIO(files(made.folder)["map_data/municipio.csv"].decode("utf-8-sig"))))
    assert list(fields) == list(rows[0])
    assert fields["code"] == "string"
    assert {row["code"] for row in rows} == set(table["code"].to_pylist())
    for name, type_ in fields.items():
        assert (type_ == "string") == (
            not pa.types.is_floating(table.schema.field(name).type)
            and not pa.types.is_integer(table.schema.field(name).type)
        ), name


def test_hostile_names_are_harmless_everywhere(made: Made) -> None:
    for name, content in at_least_one(contents(made.folder).items()):
        if name.endswith((".html", ".svg")):
            assert HOSTILE.encode() not in content, name
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
            assert not [cell for cell in cells if cell.startswith("=")], name
        if name.endswith(".xml") and "sheet" in name:
            assert b"<f>" not in content, name
    book = openpyxl.load_workbook(made.folder / "workbook.es.xlsx", read_only=True)
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert HOSTILE in texts
    assert FORMULA in texts


def test_under_the_usual_rules_no_map_carries_the_profile(made: Made) -> None:
    assert made.publication.maps[0].profile is None
    (told,) = [notice.text for notice in made.publication.notices if notice.code == "MPI-N024"]
    assert re.search(r"does not recompute: .* combinations of deprivations", told)


def test_one_output_alone_can_be_made(data: Path, tmp_path: Path) -> None:
    run_study(load_study(data / "small.yaml"), tmp_path / "out", data=data, only=["results"])
    assert {name.split("/")[0] for name in files(tmp_path / "out")} == {"results", "manifest.json"}


def test_sheets_have_a_page_for_each_area_and_the_same_bytes(data: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "boundaries" / "colombia_departamentos.geojson", data)
    drawn = "departamento:\n    boundaries: {path: colombia_departamentos.geojson, code: dpto_code, name: dpto_name}\n"
    text = STUDY[: STUDY.index("  municipio:")].replace("[es, en]", "[es]") + f"  {drawn}"
    (data / "sheets.yaml").write_text(text, encoding="utf-8")
    for out in ("one", "other"):
        run_study(load_study(data / "sheets.yaml"), tmp_path / out, data=data, only=["sheets"])
    content = files(tmp_path / "one")["sheets/departamento.es.pdf"]
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == len(DEPARTMENTS[::3])
    assert content == files(tmp_path / "other")["sheets/departamento.es.pdf"]


def test_codes_without_a_polygon_stop_the_run_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    held = json.loads((data / "municipios.geojson").read_text(encoding="utf-8"))
    held["features"] = held["features"][3:]
    (tmp_path / "municipios.geojson").write_text(json.dumps(held), encoding="utf-8")
    for name in ("colombia_2024", "colombia_2025"):
        shutil.copytree(data / name, tmp_path / name)
    study = load_study(data / "small.yaml")
    with pytest.raises(DataError, match="3 codes"):
        run_study(study, tmp_path / "out", data=tmp_path)
    assert not (tmp_path / "out").exists()


def test_faults_of_all_maps_are_told_before_the_microdata_are_read(data: Path, tmp_path: Path) -> None:
    second = "  departamento:\n    boundaries: {path: municipios.geojson, code: dpto, width: 2}\n"
    (data / "faulty.yaml").write_text(STUDY.replace("EPSG:9377", "EPSG:99999") + second, encoding="utf-8")
    stages: list[str] = []
    with pytest.raises(DataError) as error:
        run_study(load_study(data / "faulty.yaml"), tmp_path / "out", data=data, say=stages.append)
    assert [fault.code for fault in error.value.faults] == ["MPI-G012", "MPI-G004"]
    assert stages == ["reading boundaries of municipio", "reading boundaries of departamento"]


def test_without_a_folder_of_data_nothing_is_read(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MPI-U001"):
        run_study(load_study(data / "small.yaml"), tmp_path / "out")


def test_the_command_line_runs_and_verifies_a_study(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    study, held_in = str(data / "small.yaml"), str(data)
    asked = ("run", study, "--data", held_in, "-o", "out", "--only", "results", "--disclosure", "none")
    first = run(capsys, *asked)
    digest = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["digest"]
    assert (first.code, first.out) == (
        0,
        "out/results/total.csv: the figures of the whole for a spreadsheet; beside it those of each domain\n"
        f"digest of this run, equal for equal runs: {digest}\n",
    )
    again = run(capsys, *asked)
    assert again.code == 2
    assert again.err == "error MPI-O002 out: this output exists\n  remove it, or add --overwrite\n"
    assert run(capsys, *asked, "--overwrite").code == 0
    checked = run(capsys, "verify", "out", "--data", held_in)
    assert (checked.code, checked.out) == (
        0,
        f"out: all outputs are what was written, all inputs what was read\ndigest of the run: {digest}\n",
    )
    held = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert held["options"]["disclosure"] == "none"
    with (tmp_path / "out" / "results" / "total.csv").open("ab") as stream:
        stream.write(b"one more row\n")
    wrong = run(capsys, "verify", "out")
    assert wrong.code == 1
    assert "results/total.csv" in wrong.err


def test_the_command_line_knows_the_outputs_of_a_study() -> None:
    only = next(parameter for parameter in cli.commands["run"].params if parameter.name == "only")
    assert tuple(only.type.choices) == OUTPUTS  # type: ignore[attr-defined]
