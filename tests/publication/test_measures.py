"""Several measures in one study: each has the figures that it has alone, one table holds all, agreement is added."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.disclosure import protect, protect_analyses
from mpi.errors import ConfigError, UsageError
from mpi.profile.beside import seen_by
from mpi.specs.measure import Measure
from mpi.specs.study import Study
from tests.support import hamlet, village
from tests.support.loops import at_least_one
from tests.support.publications import DISCLOSURE

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
LANGUAGES = ("en", "es", "pt")


def study_in(folder: Path, *outputs: str, measures: str = "[village.yaml, second.yaml]") -> Study:
    hamlet.write_hamlet(folder)
    own = (folder / "village.yaml").read_text(encoding="utf-8")
    second = own.replace("measure: village", "measure: second").replace("crowd > 3", "crowd > 2")
    (folder / "second.yaml").write_text(second, encoding="utf-8")
    text = hamlet.study_of(*outputs).replace("measure: village.yaml", f"measures: {measures}")
    text = text.replace("languages: [en]", "languages: [en, es, pt]")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return mpi.load_study(folder / "study.yaml")


def test_each_measure_has_the_figures_that_it_has_alone(tmp_path: Path) -> None:
    study = study_in(tmp_path, "results", "report", "workbook")
    assert [one.name for one in study.analyses] == ["agreement"]
    made = mpi.run_study(study, tmp_path / "out", data=tmp_path, cache=tmp_path / "cache")
    table = pq.read_table(tmp_path / "out/results/measures.parquet")
    survey = mpi.load_survey(tmp_path / "village_2026.yaml")
    for name in ("village", "second"):
        own = mpi.load_measure(tmp_path / f"{name}.yaml")
        alone = mpi.estimate(
            mpi.deprivation_profile(survey, own, tmp_path), own, by=study.sets, k=own.cutoffs, reliability="none"
        )
        there = [row for row in table.to_pylist() if row["measure"] == name and row["unit"] == "persons"]
        wanted = {_key(row): row for row in alone.table.to_pylist()}
        found = {_key(row): row for row in at_least_one(there)}
        assert wanted.keys() <= found.keys()
        for key, row in at_least_one(wanted.items()):
            for number in ("estimate", "se", "n"):
                assert found[key][number] == pytest.approx(row[number], rel=1e-11, abs=1e-14), (key, number)
    assert set(table["measure"].to_pylist()) == {"village", "second"}
    rows = list(csv.DictReader((tmp_path / "out/results/measures_reference.csv").read_text("utf-8-sig").splitlines()))
    assert [row["measure"] for row in rows] == ["village", "second"]
    package = json.loads((tmp_path / "out/results/datapackage.json").read_text(encoding="utf-8"))
    assert {"measures.parquet", "measures_reference.csv"} <= {one["path"] for one in package["resources"]}
    for language in LANGUAGES:
        page = (tmp_path / f"out/report.{language}.html").read_text(encoding="utf-8")
        for part in ("t-measures-reference", "t-measures", "t-measure-second", "t-analysis-agreement"):
            assert f'id="{part}"' in page, part
        book = openpyxl.load_workbook(tmp_path / f"out/workbook.{language}.xlsx", read_only=True)
        assert len(book.worksheets) > 8
    again = mpi.run_study(study, tmp_path / "again", data=tmp_path, cache=tmp_path / "cache")
    assert again.digest == made.digest  # figures of an earlier run are found again, those of all measures too


def _key(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("unit", "k", "statistic", "dimension", "indicator", "valley"))


def test_a_measure_that_lies_in_the_first_gets_its_destitution_analysed(tmp_path: Path) -> None:
    study_in(tmp_path, "results")
    text = (tmp_path / "second.yaml").read_text("utf-8").replace("crowd > 2", "crowd > 4")
    (tmp_path / "second.yaml").write_text(text.replace("identification:", "deepens: village\nidentification:"))
    study = mpi.load_study(tmp_path / "study.yaml")
    assert [(one.name, [other.name for other in one.others]) for one in study.analyses] == [("destitution", ["second"])]
    mpi.run_study(study, tmp_path / "out", data=tmp_path, cache=False)
    rows = pq.read_table(tmp_path / "out/results/analyses.destitution.parquet").to_pylist()
    (outside,) = [row["estimate"] for row in rows if row["figure"] == "outside" and row["valley"] is None
                  and row["indicator"] is None]  # fmt: skip
    assert outside == 0
    (tmp_path / "second.yaml").write_text(text.replace("crowd > 4", "crowd > 0").replace(
        "identification:", "deepens: village\nidentification:"))  # fmt: skip
    with pytest.raises(UsageError, match="MPI-E216"):  # inclusion is checked of each unit
        mpi.run_study(mpi.load_study(tmp_path / "study.yaml"), tmp_path / "not", data=tmp_path, cache=False)


def test_a_variable_that_the_survey_has_for_one_measure_alone_is_read() -> None:
    data, whole = village.tables(60, 4), village.measure()
    own = ("domains:", "variables_for: {village: {rooms: rooms}}\ndomains:"), ("  rooms: rooms\n", "")
    alone = mpi.deprivation_profile(village.survey(*own), whole, data)
    usual = mpi.deprivation_profile(village.survey(), whole, data)
    assert mpi.estimate(alone, whole).table.equals(mpi.estimate(usual, whole).table)


def test_the_profile_by_a_second_measure_is_that_of_its_own_pass() -> None:
    data, other = village.tables(90, 3), village.measure(("measure: village", "measure: other"), ("> 2", "> 1"))
    both = mpi.deprivation_profile(village.survey(), village.measure(), data, beside=other)
    own, alone = seen_by(both, other), mpi.deprivation_profile(village.survey(), other, data)
    assert (own.measure, own.indicators) == (alone.measure, alone.indicators)
    for name in ("domains", "stratum", "psu", "pattern", "unknown", "persons", "households", "person_weight"):
        np.testing.assert_allclose(getattr(own.cells, name), getattr(alone.cells, name), rtol=1e-12)


def test_what_the_tables_of_a_second_measure_hide_no_comparison_shows() -> None:
    data = village.tables(90, 3)
    one = village.measure()
    other: Measure = village.measure(
        ("measure: village", "measure: other"), ("COUNT() / rooms > 2", "COUNT() / rooms > 9")
    )
    both = mpi.deprivation_profile(village.survey(), one, data, beside=other)
    made = mpi.analyse(both, one, "agreement", other=other, by="region")
    tables = [mpi.estimate(both, one, by="region")]
    beside = [mpi.estimate(seen_by(both, other), other, by="region")]
    poor = {row["region"]: row["n_poor"] for row in beside[0].table.to_pylist() if row["statistic"] == "H"}
    least = min(number for region, number in poor.items() if region and number) + 1
    rules = replace(DISCLOSURE, persons=1, households=1, numerator=least, all_or_none=0, difference=0)
    hidden = {
        row["region"]
        for row in protect(beside, rules)[0].table.to_pylist()
        if row["statistic"] == "H" and row["standing"] == "hidden"
    }
    assert hidden
    shown = protect_analyses(tables, [made], rules, beside=beside)[0].table.to_pylist()
    assert {row["standing"] for row in shown if row["region"] in hidden} == {"hidden"}


def test_measures_that_cannot_be_told_apart_or_are_of_others_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MPI-C176 .*two measures are called 'village'"):
        study_in(tmp_path, "results", measures="[village.yaml, village.yaml]")
    study_in(tmp_path, "results")
    text = (tmp_path / "second.yaml").read_text(encoding="utf-8")
    (tmp_path / "second.yaml").write_text(text + "universe: age < 18\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C176 .*second has a universe of its own"):
        mpi.load_study(tmp_path / "study.yaml")
