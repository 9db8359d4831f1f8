"""The analyses of a study in its outputs: the figures of `mpi.analyse` in results, workbook, report and charts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.analysis.analysing import ANALYSES
from mpi.disclosure import protect_analyses
from mpi.errors import ConfigError
from mpi.publication.analyses import VIEWS
from mpi.specs.study import Study
from mpi.vocabulary.options import ANALYSES as NAMES
from mpi.vocabulary.result_columns import MEANINGS
from tests.support import hamlet
from tests.support.publications import DISCLOSURE

ASKED = (
    "analyses: [numbers, {analysis: bands, by: [valley], k: [1/4, 1/2]}, redundancy, overlap, classes, crossing, "
    "inequality, gaps, coverage, programmes, children]"
)
PROGRAMMES = """\
programmes:
  piped: {receives: {column: water, codes: {1: yes, 0: no}}, title: {en: Piped water, es: Acueducto, pt: Água encanada}}
  lessons: {receives: {column: attends, codes: {1: yes, 0: no}}, for: age BETWEEN 6 AND 14}
"""
CLASSES = """\
children: {child: age < 18, schooled: schooling >= 6}
income_poor: rooms < 2
classes:
  few_rooms: income_poor
  only_poor: poor AND NOT income_poor
  neither: NOT poor AND NOT income_poor
"""


GAPS = {
    "deprived: MEAN(schooling) < 6": "gap: {achievement: MEAN(schooling), cutoff: 6, bound: 0, nobody: 0}",
    "deprived: crowd > 3": "gap: {achievement: crowd, cutoff: 3, bound: 20}",
    "deprived: NOT water": "gap: ordinal",
    "deprived: ANY(NOT attends)": "gap: ordinal",
}


def with_gaps(measure: str) -> str:
    """The measure of the village with a gap of each indicator."""
    for rule, gap in GAPS.items():
        assert rule in measure
        apart = "\n        " if f"{rule}\n" in measure else ", "
        measure = measure.replace(rule, f"{rule}{apart}{gap}")
    return measure


def study_in(folder: Path, *outputs: str, analyses: str = ASKED) -> Study:
    hamlet.write_hamlet(folder)
    measure = folder / "village.yaml"
    measure.write_text(with_gaps(measure.read_text(encoding="utf-8")) + CLASSES, encoding="utf-8")
    survey = folder / "village_2026.yaml"
    survey.write_text(survey.read_text(encoding="utf-8") + PROGRAMMES, encoding="utf-8")
    text = hamlet.study_of(*outputs).replace("by: [valley]", f"by: [valley]\n{analyses}")
    path = folder / "study.yaml"
    path.write_text(text.replace("languages: [en]", "languages: [en, es, pt]"), encoding="utf-8")
    return mpi.load_study(path)


def test_the_registry_has_the_names_of_the_options() -> None:
    assert tuple(ANALYSES) == NAMES
    assert set(VIEWS) <= set(NAMES)


def test_results_are_those_of_the_analyses(tmp_path: Path) -> None:
    mpi.run_study(study_in(tmp_path, "results"), tmp_path / "out", data=tmp_path)
    measure, survey = mpi.load_measure(tmp_path / "village.yaml"), mpi.load_survey(tmp_path / "village_2026.yaml")
    profile = mpi.deprivation_profile(
        survey, measure, data=tmp_path, domains=["valley", "piped", "lessons", "children"]
    )
    package = json.loads((tmp_path / "out/results/datapackage.json").read_text(encoding="utf-8"))
    described = {one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    options = {"bands": {"by": ["valley"], "k": ["1/4", "1/2"]}}
    for name in NAMES:
        own = mpi.analyse(profile, measure, name, **options.get(name, {}))
        table = pq.read_table(tmp_path / f"out/results/analyses.{name}.parquet")
        kept = [column for column in own.table.column_names if column not in ("note",)]
        assert table.select(kept).to_pylist() == own.table.select(kept).to_pylist()
        assert len(table) > 1
        assert described[f"analyses.{name}.parquet"] == described[f"analyses.{name}.csv"] == table.column_names
        assert {column for column in table.column_names if column != "valley"} <= set(MEANINGS)


def test_report_and_workbook_show_them_in_every_language(tmp_path: Path) -> None:
    import openpyxl

    mpi.run_study(study_in(tmp_path, "report", "workbook", "charts"), tmp_path / "out", data=tmp_path)
    for language in ("en", "es", "pt"):
        page = (tmp_path / f"out/report.{language}.html").read_text(encoding="utf-8")
        book = openpyxl.load_workbook(tmp_path / f"out/workbook.{language}.xlsx", read_only=True)
        for name in NAMES:
            title = ANALYSES[name].title[language]
            assert f'id="t-analysis-{name}"' in page
            assert title in page
            sheet = next(one for one in book.worksheets if str(one["A1"].value).startswith(title))
            assert sheet.max_row > 5
    assert "Of all persons, by their deprivation score" in (tmp_path / "out/report.en.html").read_text(encoding="utf-8")
    assert (tmp_path / "out/charts/analysis.bands.es.svg").is_file()


def test_a_study_without_analyses_has_none_of_it(tmp_path: Path) -> None:
    mpi.run_study(study_in(tmp_path, "results", "report", "charts", analyses=""), tmp_path / "out", data=tmp_path)
    assert not list((tmp_path / "out").rglob("*analys*"))
    assert 'id="analyses"' not in (tmp_path / "out/report.en.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert "analys" not in json.dumps(told.get("left_out", []))


def test_a_domain_that_is_no_table_of_the_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MPI-C171 .*no table by 'sex'"):
        study_in(tmp_path, "results", analyses="analyses: [{analysis: bands, by: [sex]}]")
    with pytest.raises(ConfigError, match="MPI-C041"):
        study_in(tmp_path, "results", analyses="analyses: [{analysis: bands, k: [7/2]}]")
    with pytest.raises(ConfigError, match=r"MPI-C171 .*bands is there twice"):
        study_in(tmp_path, "results", analyses="analyses: [bands, bands]")


RELATIVE = """\
lines: {line: {income: rooms, relative: 0.6, of: 0.9}}
income_poor: rooms < line
classes: {below: income_poor OR poor, not_below: NOT (income_poor OR poor)}
"""


def test_relative_lines_are_a_table_of_the_report(tmp_path: Path) -> None:
    study = study_in(tmp_path, "results", "report", "workbook", "charts", analyses="analyses: [classes, crossing]")
    measure = tmp_path / "village.yaml"
    measure.write_text(measure.read_text(encoding="utf-8").replace(CLASSES, RELATIVE), encoding="utf-8")
    study = mpi.load_study(tmp_path / "study.yaml")
    mpi.run_study(study, tmp_path / "out", data=tmp_path)
    table = pq.read_table(tmp_path / "out/results/analyses.crossing.parquet")
    assert {column for column in table.column_names if column != "valley"} <= set(MEANINGS)
    (line,) = [row for row in table.to_pylist() if row["figure"] == "line"]
    assert line["line"] == "line"
    assert line["estimate"] is not None or line["hidden_by"] is not None
    for language, title in (("en", "Relative income lines"), ("es", "Líneas de ingreso relativas"),
                            ("pt", "Linhas de renda relativas")):  # fmt: skip
        page = (tmp_path / f"out/report.{language}.html").read_text(encoding="utf-8")
        assert page.count(f"{title}, ") >= 2
        assert 'id="t-analysis-crossing-3"' in page
        assert 'id="t-analysis-classes-2"' in page


def test_a_line_of_few_persons_is_hidden(tmp_path: Path) -> None:
    hamlet.write_hamlet(tmp_path)
    path = tmp_path / "village.yaml"
    path.write_text(path.read_text(encoding="utf-8") + RELATIVE.replace("of: 0.9", "base: age >= 40"), encoding="utf-8")
    measure, survey = mpi.load_measure(path), mpi.load_survey(tmp_path / "village_2026.yaml")
    profile = mpi.deprivation_profile(survey, measure, data=tmp_path, domains=["valley"])
    (persons,) = profile.lines[0].persons
    tables, made = mpi.estimate(profile, measure), mpi.analyse(profile, measure, "crossing")
    for most, hidden in ((persons, None), (persons + 1, "small_base")):
        (shown,) = protect_analyses(
            [tables],
            [made],
            replace(DISCLOSURE, persons=most, households=0, numerator=0, all_or_none=0),
            precision=False,
        )
        (line,) = [row for row in shown.table.to_pylist() if row["figure"] == "line"]
        assert line["hidden_by"] == hidden
        assert (line["estimate"] is None) == (hidden is not None)
