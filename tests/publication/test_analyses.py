"""The analyses of a study in its outputs: the figures of `mpi.analyse` in results, workbook, report and charts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.analysis.analysing import ANALYSES
from mpi.analysis.titles import ANALYSIS_TITLES, DERIVED
from mpi.columns.values import not_none
from mpi.disclosure import protect_analyses
from mpi.errors import ConfigError, Notice, UsageError
from mpi.language import phrase
from mpi.publication.analyses import VIEWS, like
from mpi.publication.analysing import _named, check_derived
from mpi.report.issue import issue_of
from mpi.report.sections.analyses import _parts, analyses
from mpi.specs.study import Study
from mpi.vocabulary.options import ANALYSES as NAMES
from mpi.vocabulary.options import ANALYSIS_COLUMNS, RANKINGS, STUDY_ANALYSES
from mpi.vocabulary.result_columns import MEANINGS
from mpi.vocabulary.wording import LANGUAGES, Language, form_of
from tests.support import hamlet
from tests.support.analyses import shown
from tests.support.loops import at_least_one
from tests.support.publications import DISCLOSURE

ASKED = (
    "analyses: [numbers, {analysis: bands, by: [valley], k: [1/4, 1/2]}, redundancy, bundles, overlap, classes, "
    "crossing, {analysis: inequality, by: [valley]}, {analysis: gaps, powers: [1, 3/2]}, coverage, programmes, "
    "children, {analysis: agreement, with: second.yaml}, {analysis: destitution, with: second.yaml, "
    "inclusion: report}]"
)
BETWEEN = """\
analyses:
  - {analysis: decomposition, by: [valley]}
  - analysis: robustness
    by: [valley]
    k: [1/4]
    without: [crowding]
    missing: [deprived]
    weights: {education first: {education: 3/4}}
  - {analysis: dominance, by: [valley], statistic: M0, lowest: 1/4, highest: 1/2}
  - {analysis: weights, by: [valley], draws: 50, seed: 3, statistic: H}
  - {analysis: orders, by: [valley], over: dimensions, norm: linf, draws: 50}
derive:
  band: {figure: "H[1/4] - H[1/2]", title: {en: Between both, es: Entre las dos líneas, pt: Entre as duas}, form: share}
  over: poor_share / population_share
  lacking: {figure: "poor[1/4] - poor", form: number}
"""
PROGRAMMES = """\
programmes:
  piped: {receives: {column: water, codes: {1: yes, 0: no}}, title: {en: Piped water, es: Acueducto, pt: Água encanada}}
  lessons: {receives: {column: attends, codes: {1: yes, 0: no}}, for: age BETWEEN 6 AND 14}
"""
CLASSES = """\
children: {child: age < 18, schooled: schooling >= 6}
income_poor: rooms < 2
classes:
  few_rooms: {rule: income_poor, title: {en: Fewer than two rooms, es: Menos de dos cuartos, pt: Menos de dois cômodos}}
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
    second = measure.read_text(encoding="utf-8").replace("measure: village", "measure: second")
    (folder / "second.yaml").write_text(second.replace("crowd > 3", "crowd > 2"), encoding="utf-8")
    survey = folder / "village_2026.yaml"
    survey.write_text(survey.read_text(encoding="utf-8") + PROGRAMMES, encoding="utf-8")
    text = hamlet.study_of(*outputs).replace("by: [valley]", f"by: [valley]\n{analyses}")
    path = folder / "study.yaml"
    path.write_text(text.replace("languages: [en]", "languages: [en, es, pt]"), encoding="utf-8")
    return mpi.load_study(path)


def test_the_registry_has_the_names_of_the_options() -> None:
    assert tuple(ANALYSES) == NAMES
    assert set(VIEWS) <= set(STUDY_ANALYSES)
    assert set(ANALYSIS_TITLES) == {*STUDY_ANALYSES, DERIVED}


def test_results_are_those_of_the_analyses(tmp_path: Path) -> None:
    mpi.run_study(study_in(tmp_path, "results"), tmp_path / "out", data=tmp_path)
    measure, survey = mpi.load_measure(tmp_path / "village.yaml"), mpi.load_survey(tmp_path / "village_2026.yaml")
    second = mpi.load_measure(tmp_path / "second.yaml")
    profile = mpi.deprivation_profile(
        survey, measure, data=tmp_path, domains=["valley", "piped", "lessons", "children"], beside=second
    )
    package = json.loads((tmp_path / "out/results/datapackage.json").read_text(encoding="utf-8"))
    described = {one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    options: dict[str, Any] = {
        "bands": {"by": ["valley"], "k": ["1/4", "1/2"]},
        "inequality": {"by": ["valley"]},
        "gaps": {"powers": ["1", "3/2"]},
        "agreement": {"other": second},
        "destitution": {"other": second, "inclusion": "report"},
    }
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
        assert {"en": "Fewer than two rooms", "es": "Menos de dos cuartos", "pt": "Menos de dois cômodos"}[
            language
        ] in page
        assert "few_rooms" not in page
    assert "Of all persons, by their deprivation score" in (tmp_path / "out/report.en.html").read_text(encoding="utf-8")
    assert (tmp_path / "out/charts/analysis.bands.es.svg").is_file()


def test_only_the_notice_of_hidden_figures_names_the_analysis() -> None:
    notices = (Notice("MPI-N020", phrase("hidden")), Notice("MPI-N148", phrase("a reconstruction")))
    named = _named("bands", replace(shown("bands").table, notices=notices))
    title = ANALYSIS_TITLES["bands"]["es"]
    assert [one.text.to("es") == notice.text.to("es") for one, notice in zip(named.notices, notices, strict=True)] == [
        False,
        True,
    ]
    assert title in named.notices[0].text.to("es")


def test_tables_are_parted_so_that_a_printed_page_holds_their_columns() -> None:
    for views in VIEWS.values():
        for view in views:
            parts = _parts(view)
            assert [name for part in parts for name in part.figures] == list(view.figures)
            for part in parts:
                numbers = sum(form_of(like(name)) == "number" for name in part.figures)
                assert 0 < len(part.figures) + numbers <= 5, part  # a number takes the room of two


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analysis_without_a_figure_is_one_sentence(language: Language) -> None:
    held = shown("bands", language, hidden=lambda row: True)
    blocks = not_none(analyses(issue_of(held.edition.publication, language))).blocks
    assert [type(one).__name__ for one in blocks] == ["Heading", "Paragraph"]


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


def two_rounds(folder: Path, *outputs: str, between: str = BETWEEN) -> Study:
    """A study of two rounds, the earlier one with less water."""
    study_in(folder, *outputs, analyses="")
    survey = (folder / "village_2026.yaml").read_text(encoding="utf-8")
    earlier = (
        survey.replace("village_2026", "village_2025").replace("2026", "2025").replace("households.csv", "h25.csv")
    )
    (folder / "village_2025.yaml").write_text(earlier, encoding="utf-8")
    rows = (folder / "households.csv").read_text(encoding="utf-8").splitlines()
    place = rows[0].split(",").index("water")
    cells = [row.split(",") for row in rows]
    changed = [",".join("0" if i == place and n else one for i, one in enumerate(row)) for n, row in enumerate(cells)]
    (folder / "h25.csv").write_text("\n".join(changed) + "\n", encoding="utf-8")
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("surveys: [", "surveys: [village_2025.yaml, ")
    path.write_text(f"{text}rounds: independent\n{between}", encoding="utf-8")
    return mpi.load_study(path)


@pytest.fixture(scope="module")
def of_both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rounds")
    mpi.run_study(two_rounds(folder, "results", "report", "workbook", "charts"), folder / "out", data=folder)
    return folder


def test_rankings_changes_in_parts_and_derived_figures_are_those_of_python(of_both: Path) -> None:
    measure = mpi.load_measure(of_both / "village.yaml")
    before, after = (
        mpi.deprivation_profile(
            mpi.load_survey(of_both / f"village_{year}.yaml"), measure, data=of_both, domains=["valley"]
        )
        for year in (2025, 2026)
    )

    def rows(name: str, figure: str) -> list[dict[str, Any]]:
        table = pq.read_table(of_both / f"out/results/analyses.{name}.parquet")
        assert {column for column in table.column_names if column != "valley"} <= set(MEANINGS)
        return [row for row in table.to_pylist() if row["figure"] == figure]

    parts = mpi.decompose_change([before, after], measure, by="valley", k="1/3", rounds="independent")
    for figure in at_least_one(("change_M0", "incidence", "within", "demographic", "shapley_H", "rate")):
        own = [(row["estimate"], row["se"]) for row in parts.only(figure).rows()]
        assert [(row["estimate"], row["se"]) for row in at_least_one(rows("decomposition", figure))] == own
    derived = mpi.derive(
        after, measure, {"band": "H[1/4] - H[1/2]", "over": "poor_share / population_share"}, by="valley"
    )
    for name, form in (("band", "share"), ("over", "index")):
        told = [row["estimate"] for row in rows("derived", f"derived_{form}") if row["expression"] == name]
        assert at_least_one(told) == [row["estimate"] for row in derived.only(name).rows()]
    asked = {"k": ["1/4"], "without": ["crowding"], "missing": ["deprived"]}
    found = mpi.robustness(after, measure, by="valley", weights={"education first": {"education": "3/4"}}, **asked)
    wanted = found.alternatives.to_pylist()
    kept = rows("robustness", "kept_share")
    assert [row["alternative"] for row in kept] == [row["alternative"] for row in wanted]
    assert [row["estimate"] for row in kept] == [row["kept"] / row["pairs"] for row in wanted]
    assert [row["estimate"] for row in rows("robustness", "tau_b")] == [row["tau_b"] for row in wanted]
    (pair,) = mpi.dominance(after, measure, by="valley", statistic="M0", lowest="1/4", highest="1/2").pairs.to_pylist()
    (told,) = rows("dominance", "least_t")
    assert (told["verdict"] == "neither") == (pair["dominates"] is None)
    assert sum(row["estimate"] for row in rows("dominance", "pair_share")) == 1
    _, pairs = mpi.weight_draws(after, measure, by="valley", draws=50, seed=3, statistic="H")
    assert rows("weights", "first_higher")[0]["estimate"] == pairs["first_higher"][0].as_py()
    orders = mpi.weight_orders(after, measure, by="valley", over="dimensions", norm="linf", draws=50).pairs.to_pylist()
    assert [row["estimate"] for row in rows("orders", "nearest")] == [row["nearest"] for row in orders]
    assert [row["estimate"] for row in rows("orders", "holds")] == [row["holds"] for row in orders]


def test_rankings_and_changes_in_parts_are_in_report_workbook_and_charts(of_both: Path) -> None:
    import openpyxl

    names = [name for name in ANALYSIS_TITLES if name not in (*NAMES, "supply")]
    assert names == [*RANKINGS, "decomposition", DERIVED]
    for language in ("en", "es", "pt"):
        page = (of_both / f"out/report.{language}.html").read_text(encoding="utf-8")
        book = openpyxl.load_workbook(of_both / f"out/workbook.{language}.xlsx", read_only=True)
        titles = [str(one["A1"].value) for one in book.worksheets]
        for name in at_least_one(names):
            assert f'id="t-analysis-{name}"' in page
            assert any(one.startswith(ANALYSIS_TITLES[name][language]) for one in titles)
    page = (of_both / "out/report.es.html").read_text(encoding="utf-8")
    assert "pesos: education first, sin crowding" in page
    assert "Entre las dos líneas" in page
    assert "sin error de muestreo" not in page
    for name in ("decomposition", "robustness", "dominance", "weights"):
        assert (of_both / f"out/charts/analysis.{name}.es.svg").is_file()


@pytest.mark.parametrize(
    ("between", "fault"),
    [
        ("analyses: [robustness]", r"MPI-C171 .*analyses: robustness does not say of which domain"),
        ("analyses: [{analysis: weights}]", r"MPI-C171 .*analyses: weights does not say of which domain"),
        ("analyses: [{analysis: bands, draws: 5}]", r"MPI-C171 .*analyses: bands has no `draws`"),
        ("analyses: [{analysis: orders, by: [valley], k: [1/3]}]", r"MPI-C171 .*analyses: orders has no `k`"),
        ("analyses: [{analysis: gaps, powers: [101]}]", r"MPI-C171 .*the power 101 is above 100"),
        ("analyses: [{analysis: robustness, by: [valley], without: [nothing]}]", r"MPI-C171 .*nothing"),
        ("analyses: [{analysis: robustness, by: [valley], weights: {a: {nothing: 1/2}}}]", r"MPI-C171 .*nothing"),
        ("analyses: [{analysis: robustness, by: [valley], k: [1/3], missing: [exclude]}]", r"MPI-C171 .*nothing to"),
        ("cutoffs: [1/3]\nanalyses: [{analysis: robustness, by: [valley]}]", r"MPI-C171 .*nothing to compare"),
        ("analyses: [{analysis: dominance, by: [valley], lowest: 7/2}]", "MPI-C041"),
        ("analyses: [{analysis: decomposition, k: [2/5]}]", r"MPI-C171 .*the study have no cutoff 2/5"),
        ("derive: {H: M0}", "MPI-E040"),
        ("derive: {band: {figure: H, form: percent}}", "MPI-C006"),
        ("derive: {band: 'H[1/5] -'}", "MPI-E040"),
        ("derive: {gap: 'H[sex=man] - H[sex=woman]'}", r"MPI-C171 .*derive: gap reads a group of sex"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused(tmp_path: Path, between: str, fault: str) -> None:
    with pytest.raises(ConfigError if "MPI-C" in fault and "reads a group" not in fault else UsageError, match=fault):
        check_derived(two_rounds(tmp_path, "results", between=between))


def test_robustness_that_names_nothing_takes_the_cutoffs_of_the_study(tmp_path: Path) -> None:
    asked = "cutoffs: [1/3, 1/4, 1/2]\nanalyses: [{analysis: robustness, by: [valley]"
    for more, wanted in (("}]", ["1/3", "1/4", "1/2"]), (", without: [crowding]}]", []), (", k: [1/5]}]", ["1/5"])):
        (one,) = two_rounds(tmp_path, "results", between=asked + more).analyses
        assert [cutoff.text for cutoff in one.k] == wanted


def test_a_decomposition_needs_two_rounds(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MPI-C171 .*two rounds, and the study has one"):
        study_in(tmp_path, "results", analyses="analyses: [decomposition]")


def test_a_domain_called_as_a_column_of_an_analysis_is_refused(tmp_path: Path) -> None:
    study_in(tmp_path, "results", analyses="")
    survey, study = tmp_path / "village_2026.yaml", tmp_path / "study.yaml"
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("domains: {valley:", "domains: {band:"), encoding="utf-8"
    )
    text = study.read_text(encoding="utf-8").replace("by: [valley]", "by: [band]")
    study.write_text(f"{text}analyses: [{{analysis: bands, by: [band]}}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C171 .*bands has a column 'band' of its own"):
        mpi.load_study(study)


def test_columns_of_analyses_are_those_of_their_tables(of_both: Path, tmp_path: Path) -> None:
    mpi.run_study(study_in(tmp_path, "results"), tmp_path / "out", data=tmp_path)
    about = {"measure", "survey", "period", "unit", "figure", "k", "valley"}
    for name, columns in at_least_one(ANALYSIS_COLUMNS.items()):
        if name == "supply":  # its study has a table of places: `tests/policies/test_supplied.py`
            continue
        folder = of_both if name == "decomposition" else tmp_path
        names = pq.read_table(folder / f"out/results/analyses.{name}.parquet").column_names
        met = set(names[: names.index("estimate")]) - about
        assert met <= set(columns), name


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
