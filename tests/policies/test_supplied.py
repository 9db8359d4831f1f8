"""Places against demand in a study: the figures of `mpi.supply_demand`, what is hidden, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.disclosure import protect_analyses
from mpi.errors import ConfigError, MpiError
from mpi.estimates import Request
from mpi.pipeline.estimating import rules_for
from mpi.policies.supplied import supplied
from mpi.publication.places import places_of
from mpi.specs.analyses import OfferSpec
from mpi.vocabulary.options import ANALYSIS_COLUMNS
from tests.policies.test_supplying import FRAME, MEASURE, PLACES
from tests.publication.test_analyses import study_in
from tests.support.publications import DISCLOSURE

OFFERED = dict(zip(PLACES["area"], map(float, PLACES["places"]), strict=True))
ASKED = "analyses: [{analysis: supply, by: [valley], places: {water_lacking: places.csv}}]"


def table_of(*offers: OfferSpec) -> tuple[mpi.DeprivationProfile, Any]:
    survey = mpi.survey(FRAME, weight="w", stratum="s", psu="p", household="house")
    profile = mpi.deprivation_profile(survey, MEASURE, domains=["area"])
    asked = Request(measure=MEASURE, rules=rules_for(profile, None), by=["area"], k=MEASURE.cutoffs[0])
    return profile, supplied(profile, asked, offers, {one.indicator: OFFERED for one in offers})


@pytest.mark.parametrize("demand", ["poor_and_deprived", "deprived"])
def test_figures_are_those_of_supply_demand(demand: Any) -> None:
    _, found = table_of(OfferSpec(indicator="a", table="", demand=demand))
    rows = {(row["area"], row["figure"]): row for row in found.table.to_pylist()}
    survey = mpi.survey(FRAME, weight="w", stratum="s", psu="p", household="house")
    own = mpi.supply_demand(survey, MEASURE, pa.table(PLACES), by="area", indicator="a", demand=demand)
    for row in own.table.to_pylist():
        need, lacking, ratio, supply = (
            rows[row["area"], name] for name in (demand, "places_lacking", "supply_ratio", "supply")
        )
        assert [need[name] for name in ("estimate", "se", "n")] == [row[name] for name in ("estimate", "se", "n")]
        assert supply["estimate"] == row["supply"]
        assert [supply[name] for name in ("se", "ci_low", "cv", "df", "p")] == [None] * 5
        assert lacking["estimate"] == row["gap"]
        assert ratio["estimate"] == row["ratio"]
        if row["gap"] is not None and row["se"]:
            assert isclose(lacking["se"], row["se"])
        if row["ratio_se"]:
            assert isclose(ratio["se"], row["ratio_se"])
    unknown = [rows["05003", name] for name in ("supply", "places_lacking", "supply_ratio")]
    assert [(row["estimate"], row["note"]) for row in unknown] == [(None, "no row in the table of places")] * 3
    assert rows[None, demand]["estimate"] > 0
    assert (None, "supply") not in rows
    assert {one.code for one in found.notices} >= {"MPI-N180"}


def test_several_indicators_have_their_own_rows() -> None:
    _, found = table_of(OfferSpec(indicator="a", table=""), OfferSpec(indicator="b", table="", demand="deprived"))
    lacking = [row for row in found.table.to_pylist() if row["figure"] == "places_lacking"]
    assert {row["indicator"] for row in lacking} == {"a", "b"}
    assert {row["k"] for row in lacking if row["indicator"] == "b"} == {None}


def test_a_group_that_the_tables_hide_has_no_row_with_a_figure() -> None:
    profile, found = table_of(OfferSpec(indicator="a", table=""))
    tables = [mpi.estimate(profile, MEASURE, by="area")]
    (shown,) = protect_analyses(tables, [found], DISCLOSURE)
    assert len(shown.table) == len(found)
    known = [row for row in shown.table.to_pylist() if row["area"] is not None and row["estimate"] is not None]
    assert known == []  # of eight households every area is too small


def places(folder: Path, rows: Sequence[str] = ("north,10", "south,400")) -> None:
    (folder / "places.csv").write_text("\n".join(["valley,places", *rows]) + "\n", encoding="utf-8")


def test_a_study_shows_them_in_results_report_and_workbook(tmp_path: Path) -> None:
    import openpyxl

    study = study_in(tmp_path, "results", "report", "workbook", "charts", analyses=ASKED)
    places(tmp_path)
    mpi.run_study(study, tmp_path / "out", data=tmp_path)
    rows = pq.read_table(tmp_path / "out/results/analyses.supply.parquet").to_pylist()
    names = list(rows[0])
    about = {"measure", "survey", "period", "unit", "figure", "k", "valley"}
    assert set(names[: names.index("estimate")]) - about == set(ANALYSIS_COLUMNS["supply"])
    supply = {row["valley"]: row["estimate"] for row in rows if row["figure"] == "supply"}
    assert supply == {"north": 10.0, "south": 400.0}
    need = {row["valley"]: row["estimate"] for row in rows if row["figure"] == "poor_and_deprived"}
    lacking = {row["valley"]: row["estimate"] for row in rows if row["figure"] == "places_lacking"}
    assert lacking == {name: need[name] - supply[name] for name in supply}
    for language, title in (("en", "Places lacking"), ("es", "Cupos que faltan"), ("pt", "Vagas que faltam")):
        page = (tmp_path / f"out/report.{language}.html").read_text(encoding="utf-8")
        assert 'id="t-analysis-supply"' in page and title in page
        book = openpyxl.load_workbook(tmp_path / f"out/workbook.{language}.xlsx", read_only=True)
        assert any(title in str(cell) for sheet in book.worksheets for row in sheet.values for cell in row)
    assert (tmp_path / "out/charts/analysis.supply.es.svg").is_file()
    assert "places.csv" in (tmp_path / "out/manifest.json").read_text(encoding="utf-8")


def test_another_number_of_places_is_another_figure(tmp_path: Path) -> None:
    study = study_in(tmp_path, "results", analyses=ASKED)
    for number in (1.0, 2.0):
        places(tmp_path, [f"north,{number:.0f}", "south,3"])
        mpi.run_study(study, tmp_path / "out", data=tmp_path, overwrite=True)
        rows = pq.read_table(tmp_path / "out/results/analyses.supply.parquet").to_pylist()
        assert number in [row["estimate"] for row in rows if row["figure"] == "supply"]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("[supply]", r"MPI-C171 .*which places are offered(.|\n)*MPI-C171 .*of which domain"),
        ("[{analysis: supply, by: [valley]}]", "MPI-C171 .*which places are offered"),
        ("[{analysis: supply, places: {water_lacking: p.csv}}]", "MPI-C171 .*of which domain"),
        ("[{analysis: supply, by: [valley], places: {}}]", "MPI-C009"),
        ("[{analysis: supply, by: [valley], places: {nothing: p.csv}}]", "MPI-C171 .*no indicator 'nothing'"),
        ("[{analysis: supply, by: [valley], places: {water_lacking: ../p.csv}}]", "MPI-S003"),
        ("[{analysis: supply, by: [valley], places: {water_lacking: {places: n}}}]", "MPI-C009 .*table"),
        ("[{analysis: supply, by: [valley], places: {water_lacking: {table: p.csv, demand: all}}}]", "MPI-C006"),
        ("[{analysis: numbers, by: [valley], places: {water_lacking: p.csv}}]", "MPI-C171 .*no `places`"),
        ("[{analysis: supply, by: [valley], k: [1/3], places: {water_lacking: p.csv}}]", "MPI-C171 .*no `k`"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(tmp_path: Path, asked: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        study_in(tmp_path, "results", analyses=f"analyses: {asked}")


@pytest.mark.parametrize(
    "rows", [["north,1", "north,2"], ["north,-1"], ["north,many"], [",3"]], ids=["twice", "below 0", "none", "no code"]
)
def test_tables_with_faults_are_refused_before_the_microdata_are_read(tmp_path: Path, rows: Sequence[str]) -> None:
    study = study_in(tmp_path, "results", analyses=ASKED)
    places(tmp_path, rows)
    (tmp_path / "persons.csv").unlink(missing_ok=True)
    with pytest.raises(MpiError, match="MPI-D148"):
        places_of(study, tmp_path)
    with pytest.raises(MpiError):
        mpi.run_study(study, tmp_path / "out", data=tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_table_that_is_not_there_is_told_by_the_check(tmp_path: Path) -> None:
    study = study_in(tmp_path, "results", analyses=ASKED)
    with pytest.raises(MpiError, match=r"places\.csv"):
        places_of(study, tmp_path)
