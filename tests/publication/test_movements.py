"""The panel of a study in every output: the figures of `mpi.movements`, sentences about them, and nothing hidden."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

import mpi
from mpi.charts.chart import Subject
from mpi.charts.panel_charts import PANEL_CHARTS
from mpi.config import load_study
from mpi.drawing.canvas import svg_text
from mpi.language import LANGUAGES, Language
from mpi.publication.gathering import Gathered, gather, inputs_of
from mpi.publication.movement_texts import sentence
from mpi.publication.movements import TABLES, Moved, moved
from mpi.report import report_html
from mpi.tables.results import write_results
from mpi.workbook.making import write_workbook
from tests.support.loops import at_least_one
from tests.support.publications import SAMPLE

STUDY = """\
study: register
title: {{es: Registro, en: Register, pt: Cadastro}}
publisher: Office
released: 2026-04-14
measure: colombia_ipm
surveys: [colombia_register_demo_2025]
by: [zona]
languages: [en, es, pt]
disclosure: {disclosure}
panel:
  surveys: [colombia_register_demo_2024, colombia_register_demo_2025]
  link: majority
  key: [ID_PERSONA]
  by: [{by}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("register")


def made(folder: Path, disclosure: str = "none") -> Gathered:
    path = folder / f"{disclosure}.yaml"
    path.write_text(STUDY.format(disclosure=disclosure, by="zona"), encoding="utf-8")
    return _gathered(path)


@cache
def _gathered(path: Path) -> Gathered:
    return gather(load_study(path), SAMPLE, lambda _: None)


@cache
def panel() -> mpi.Panel:
    editions = [mpi.load_survey(f"colombia_register_demo_{year}") for year in (2024, 2025)]
    return mpi.follow(
        editions, mpi.load_measure("colombia_ipm"), [SAMPLE] * 2, link="majority", key=["ID_PERSONA"], domains=["zona"]
    )


def test_the_figures_are_those_of_movements(folder: Path) -> None:
    measure = mpi.load_measure("colombia_ipm")
    for name, table in at_least_one(made(folder).publication.movements.items()):
        own = mpi.movements(panel(), measure, name, by="zona")  # type: ignore[arg-type]
        assert table.table["estimate"].to_pylist() == own.table["estimate"].to_pylist()
        assert table.table["figure"].to_pylist() == own.table["figure"].to_pylist()
    assert list(made(folder).publication.movements) == list(TABLES)


def test_every_figure_and_word_has_a_name_in_every_language(folder: Path) -> None:
    for language in LANGUAGES:
        for one in at_least_one(moved(made(folder).edition(language))):
            assert one.title
            for row in at_least_one(one.rows):
                assert one.word(row.figure)
                assert row.like in ("H", "M0", "poor")
                assert all(one.said(name, value) for name, value in row.keys.items())


def test_sentences_are_those_of_the_figures(folder: Path) -> None:
    told = {one.name: str(sentence(one).to("en")) for one in moved(made(folder).edition("en"))}
    assert told["movements"] == (
        "Of the households that were poor in 2024 and are in both editions, 18.1% had left poverty by 2025: 106. "
        "Of the households that were not poor, 4.3% had fallen into poverty: 70."
    )
    assert told["change"].startswith(
        "The number of poor households went from 653 to 603. Its parts: Entry into poverty, 70;"
    )
    assert told["chronic"] == (
        "Of the households that are in all editions, 29.9% were poor in 1/2 of them or more; 21.9% were poor in every "
        "one."
    )
    assert "“severely poor”, 72.9%" in told["transitions"]
    assert "“Critical overcrowding”, 135" in told["deprivations"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_every_table_and_names_the_editions_as_its_source(folder: Path, language: Language) -> None:
    gathered = made(folder)
    page = report_html(gathered.publication, language)
    section = page[page.index('<section aria-labelledby="panel">') :]
    section = section[: section.index("</section>")]
    for name in TABLES:
        assert f'id="t-panel-{name}"' in section
    assert 'id="f-panel-transitions"' in section
    sources = {"en": "edition of 2024", "es": "edición de 2024", "fr": "édition de 2024", "pt": "edição de 2024"}
    assert sources[language] in section
    assert sources[language] not in page.replace(section, "")


def test_results_and_workbook_hold_every_row(folder: Path) -> None:
    publication = made(folder).publication
    out = folder / "results"
    out.mkdir()
    write_results(publication, out)
    book = folder / "book.xlsx"
    write_workbook(publication, book, "en")
    sheets = load_workbook(book, read_only=True)
    for name, table in at_least_one(publication.movements.items()):
        assert parquet.read_table(out / f"panel.{name}.parquet").num_rows == len(table)
        (sheet,) = (one for one in sheets.worksheets if TABLES[name]["en"].startswith(one.title))
        assert sum(1 for _ in sheet.iter_rows()) >= len(table)


def test_the_matrix_of_transitions_shows_each_share(folder: Path) -> None:
    edition = made(folder).edition("en")
    (chart,) = PANEL_CHARTS
    drawn = svg_text(chart.drawn(Subject(edition)), title="", description="", ids="x")
    shares = [row for row in Moved(edition, "transitions").rows if row.figure == "of_earlier" and not row.codes]
    for row in at_least_one(shares):
        assert f">{100 * (row.value.value or 0):.1f}<" in drawn


def test_what_the_rules_hide_is_nowhere(folder: Path) -> None:
    """One family moved from the severely poor to the not vulnerable: no table tells it."""
    open_, hidden = (made(folder, rules).publication for rules in ("none", "census"))
    (one,) = (
        row for row in open_.movements["transitions"].rows()
        if (row["figure"], row["earlier"], row["later"], row["zona"]) == ("number", "severe", "not_vulnerable", None)
    )  # fmt: skip
    assert one["estimate"] == 1
    rows = hidden.movements["transitions"].rows()
    assert {row["standing"] for row in rows} == {"hidden"}
    assert {row["estimate"] for row in rows} == {None}
    page = report_html(hidden, "en")
    assert "f-panel-transitions" not in page.split('id="panel-transitions"')[1].split('id="panel-deprivations"')[0]
    assert sentence(Moved(made(folder, "census").edition("en"), "transitions")).to("en").startswith("No figure")


def test_files_of_the_editions_are_inputs(folder: Path) -> None:
    study = made(folder).publication.study
    names = set(inputs_of(study, SAMPLE))
    assert {"colombia_register_2024/PERSONAS.parquet", "colombia_register_2025/PERSONAS.parquet"} <= names
