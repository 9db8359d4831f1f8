"""A measure that is not official says so wherever its title stands: every output of a study, the screen, notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import mpi
from mpi.config import load_study
from mpi.runs import run_study
from tests.support.commands import run
from tests.support.loops import at_least_one

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
STUDY = """\
study: rights
title: {en: Rights, es: Derechos}
publisher: {en: Office, es: Oficina}
released: 2026-04-14
licence: CC0-1.0
measure: uruguay_derechos
surveys: [uruguay_demo_2018]
by: [departamento]
disclosure: none
languages: [en, es]
outputs: [report, workbook, maps, charts, results]
maps:
  departamento:
    boundaries: {path: boundaries/uruguay_departamentos.geojson, code: dpto, name: name, width: 2, pad: yes, source: x}
    projection: EPSG:32721
"""
MARKS = {
    "en": "Deprivation of social rights in Uruguay (reconstruction, not official)",
    "es": "Privación de derechos sociales en Uruguay (reconstrucción, no oficial)",
}
TITLES = {one: mark.split(" (")[0] for one, mark in MARKS.items()}


def test_a_reconstruction_says_so_in_every_output_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "rights.yaml").write_text(STUDY, encoding="utf-8")
    made = run_study(load_study(tmp_path / "rights.yaml"), tmp_path / "out", data=SAMPLE)
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for pattern in ("*.html", "*.svg")
        for path in made.folder.rglob(pattern)
    }
    for book in at_least_one(sorted(made.folder.rglob("*.xlsx"))):
        sheets = openpyxl.load_workbook(book, read_only=True)
        cells = (cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
        texts[book.name] = "\n".join(str(cell) for cell in cells if cell is not None)
    said = {name: (text.count(MARKS[one]), text.count(TITLES[one])) for name, text in texts.items() for one in MARKS}
    for name, text in at_least_one(sorted(texts.items())):
        for one, mark in MARKS.items():
            assert text.count(TITLES[one]) == text.count(mark), (name, one)
    assert {"report.en.html", "report.es.html", "map.departamento.html", "workbook.en.xlsx"} <= texts.keys()
    for name in ("report.en.html", "map.departamento.html", "workbook.en.xlsx"):
        assert MARKS["en"] in texts[name], said
    assert MARKS["es"] in texts["report.es.html"]
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    (notice,) = [one for one in manifest["notices"] if one["code"] == "MPI-N148"]
    assert "uruguay_derechos is a reconstruction" in notice["text"]


def test_estimates_check_and_explain_say_it_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "estimate", "uruguay_derechos", "uruguay_demo_2018", "--data", str(SAMPLE))
    assert told.code == 0 and "MPI-N148" in told.err and "is a reconstruction" in told.err
    strict = run(capsys, "estimate", "uruguay_derechos", "uruguay_demo_2018", "--data", str(SAMPLE), "--strict")
    assert strict.code == 0, "there is nothing to mend"
    checked = run(capsys, "check", "uruguay_derechos")
    assert MARKS["en"] in checked.out and "status: reconstruction, not official" in checked.out
    official = run(capsys, "estimate", "colombia_ipm", "colombia_demo_2025", "--data", str(SAMPLE))
    assert "MPI-N148" not in official.err


def test_a_variant_of_an_official_measure_is_not_official(tmp_path: Path) -> None:
    official = mpi.load_measure("colombia_ipm")
    assert official.status == "official"
    variants = (official.with_cutoff("1/2"), official.with_weights({"salud": "1/2"}), official.without("pisos"))
    assert [one.status for one in variants] == ["", "", ""]
    own = tmp_path / "own.yaml"
    own.write_text("measure: own\nlike: colombia_ipm\nk: 1/2\n", encoding="utf-8")
    assert mpi.load_measure(own).status == ""
    own.write_text("measure: own\nlike: colombia_ipm\nk: 1/2\nstatus: official\n", encoding="utf-8")
    assert mpi.load_measure(own).status == "official", "who decides it, says it"
    own.write_text("measure: own\nlike: uruguay_ipm\nk: 1/2\n", encoding="utf-8")
    assert mpi.load_measure(own).status == "reconstruction"
    assert mpi.load_measure("uruguay_ipm").with_cutoff("1/2").status == "reconstruction"
