"""`mpi check` of a study, a survey without data, and rule sets: what a run would refuse, before it is begun."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.errors import MpiError
from mpi.runs import run_study
from mpi.runs.rehearsal import rehearse
from tests.support import commands
from tests.support.hamlet import study_of, write_hamlet

SQUARES = {"north": 0, "south": 2}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(write_hamlet(tmp_path))
    return partial(commands.run, capsys)


def boundaries(codes: dict[str, int]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]]},
        }
        for code, x in codes.items()
    ]
    Path("valleys.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def study(text: str = "", *outputs: str) -> None:
    made = study_of(*(outputs or ("results",)))
    Path("study.yaml").write_text(made + text, encoding="utf-8")


MAP = "maps:\n  valley: {boundaries: {path: valleys.geojson, code: code, name: name}}\n"


@pytest.mark.parametrize(
    ("more", "by"),
    [
        ("", "[valley]"),
        ("units: [persons, households]\ncutoffs: [1/4]\n", "[valley]"),
        ("cutoffs: [1/4]\n", '[valley, sex, "valley:sex"]'),
    ],
)
def test_as_many_figures_are_expected_as_a_run_makes(run: Any, more: str, by: str) -> None:
    study(more)
    text = Path("study.yaml").read_text(encoding="utf-8").replace("by: [valley]", f"by: {by}")
    Path("study.yaml").write_text(text, encoding="utf-8")
    loaded = mpi.load_study("study.yaml")
    (expected,) = [line for line in rehearse(loaded, ".").lines if "expected" in line]
    run_study(loaded, "out", data=".", processes=1)
    figures = pq.read_table("out/results/results.parquet").num_rows
    assert f"  expected (an estimate): {figures:,} figures, " in expected


def test_a_study_that_would_run_is_told_in_short(run: Any) -> None:
    boundaries(SQUARES)
    study(MAP, "results", "maps", "map_data")
    done = run("check", "study.yaml", "--data", ".")
    assert done.code == 0
    codes = [line.split()[1] for line in done.err.splitlines()]
    assert codes == ["MPI-N210", "MPI-N034"]  # no words for indicators; squares in degrees
    assert done.out.splitlines()[:3] == [
        "hamlet: Hamlet",
        "  village_2026: rows of persons 12, households 5",
        "  map of valley: 2 areas, 2 with figures",
    ]
    assert not Path("out").exists()


def test_all_faults_are_told_at_once_with_the_code_of_a_run(run: Any) -> None:
    boundaries({"north": 0, "west": 2})
    study(MAP + "labels: {valley: {east: {en: East}}}\n", "results", "maps")
    text = Path("village_2026.yaml").read_text(encoding="utf-8").replace("rooms: rooms}", "rooms: roomz}")
    Path("village_2026.yaml").write_text(text, encoding="utf-8")
    done = run("check", "study.yaml", "--data", ".", "--format", "json")
    found = {one["code"]: one for one in map(json.loads, done.out.splitlines()) if one["code"]}
    assert {"MPI-D010", "MPI-G016", "MPI-N230"} <= set(found)
    assert "south" in found["MPI-G016"]["text"]
    assert found["MPI-N230"]["severity"] == "warning"
    with pytest.raises(MpiError) as refused:
        run_study(mpi.load_study("study.yaml"), "out", data=".", processes=1)
    assert done.code == refused.value.exit_code


def test_a_run_tells_names_of_codes_that_the_data_do_not_have_as_the_check_does(run: Any) -> None:
    study("labels: {valley: {north: {en: North}, east: {en: East}, far: Far}}\n")
    done = run("check", "study.yaml", "--data", ".", "--format", "json")
    checked = [one["text"] for one in map(json.loads, done.out.splitlines()) if one["code"] == "MPI-N230"]
    made = run_study(mpi.load_study("study.yaml"), "out", data=".", processes=1)
    told = [str(one.text) for one in made.publication.notices if one.code == "MPI-N230"]
    assert told == checked == ["labels: valley: the data do not have the codes east, far"]


def test_a_study_without_its_data_or_boundaries_is_refused(run: Any) -> None:
    study(MAP)
    assert run("check", "study.yaml").code == 2
    done = run("check", "study.yaml", "--data", ".")
    assert (done.code, "valleys.geojson" in done.err) == (1, True)


def test_strict_counts_the_notices_of_a_rehearsal(run: Any) -> None:
    study("labels: {valley: {east: {en: East}}}\n")
    assert run("check", "study.yaml", "--data", ".").code == 0
    assert run("check", "study.yaml", "--data", ".", "--strict").code == 3


def test_texts_that_lack_a_language_are_told_before_a_run(run: Any) -> None:
    study("note: {es: solo en español}\ncitation: of both\n")
    done = run("check", "study.yaml", "--data", ".", "--lang", "en")
    told = [line for line in done.err.splitlines() if "MPI-N160" in line or "MPI-N210" in line]
    made = run_study(mpi.load_study("study.yaml"), "out", data=".", processes=1).publication.notices
    assert [line.split(" ", 2)[1] for line in told] == [
        one.code for one in made if one.code in {"MPI-N160", "MPI-N210"}
    ]
    (note,) = [line for line in told if "study: note" in line]
    assert "texts without English" in note and "citation" not in done.err


def test_a_survey_is_proofread_without_data(run: Any) -> None:
    done = run("check", "village_2026.yaml")
    assert (done.code, done.err) == (0, "")
    assert "  persons: persons.csv, key house, number" in done.out
    assert "add --data DIR" in done.out
    assert run("check", "village_2026.yaml", "--data", ".").code == 2


def test_a_survey_without_data_is_held_against_a_measure(run: Any) -> None:
    assert run("check", "village.yaml", "village_2026.yaml").code == 0
    text = Path("village_2026.yaml").read_text(encoding="utf-8").replace(", rooms: rooms}", "}")
    Path("village_2026.yaml").write_text(text, encoding="utf-8")
    done = run("check", "village.yaml", "village_2026.yaml")
    assert (done.code, "MPI-S010" in done.err, "'rooms'" in done.err) == (2, True, True)


def test_labels_of_a_survey_without_data_are_those_of_the_measure(run: Any) -> None:
    done = run("check", "colombia_ipm", "colombia_ecv_2025")
    assert done.code == 0
    Path("s.yaml").write_text(
        "survey: s\nlike: colombia_ecv_2025\nvariables: {water_source: {column: A, codes: {1: nowhere}}}\n"
    )
    measure = mpi.load_measure("colombia_ipm")
    name = next(name for name, one in measure.variables.items() if one.kind.labels is not None)
    Path("s.yaml").write_text(Path("s.yaml").read_text().replace("water_source", name))
    done = run("check", "colombia_ipm", "s.yaml")
    assert (done.code, "MPI-S013" in done.err, "nowhere" in done.err) == (2, True, True)


@pytest.mark.parametrize("name", ["dane", "standard", "example", "colombia_demo_2025", "global_mpi"])
def test_every_kind_of_file_is_checked_by_its_name(run: Any, name: str) -> None:
    assert run("check", name).code == 0


def test_a_rule_set_with_a_fault_is_refused(run: Any) -> None:
    Path("r.yaml").write_text("reliability: r\ntitle: R\nrules: [{name: a}]\n")
    done = run("check", "r.yaml")
    assert (done.code, "MPI-C009" in done.err) == (2, True)


def test_strict_gives_3_where_more_than_a_twentieth_is_left_out(run: Any) -> None:
    done = run("check", "village.yaml", "village_2026.yaml", "--data", ".", "--strict")
    assert "MPI-N006" in done.err
    assert done.code == 3


def test_plans_and_targets_are_tried_before_a_run(run: Any) -> None:
    Path("costs.csv").write_text("valley,indicator,cost\nnorth,crowding,9\n", encoding="utf-8")
    plans = (
        "  - {plan: one, actions: [close crowding in valley=nroth]}\n"
        "  - {plan: two, actions: [close crowding if crowdin], costs: costs.csv, currency: pesos}\n"
        "  - {plan: three, actions: [close schooling_low], costs: costs.csv, currency: pesos}\n"
    )
    study(f"plans:\n{plans}targets: [{{statistic: H, value: 8%, year: 2030, domain: sex}}]\n")
    faults = rehearse(mpi.load_study("study.yaml"), ".").faults
    assert [fault.code for fault in faults] == ["MPI-E251", "MPI-E253", "MPI-E220", "MPI-E250"]
    assert [fault.place is not None for fault in faults] == [True] * 4


def test_a_study_with_plans_writes_them_and_finds_them_again(run: Any) -> None:
    costs = "costs: {crowding: 9}, currency: pesos"
    study(
        f"plans: [{{plan: one, actions: [close crowding in valley=north], by: [valley], {costs}}}]\n",
        "results",
        "workbook",
        "charts",
    )
    loaded = mpi.load_study("study.yaml")
    first, again = (run_study(loaded, name, data=".", processes=1, cache=Path("kept")) for name in ("out", "again"))
    assert first.digest == again.digest
    rows = pq.read_table("again/results/plans.parquet").to_pylist()
    assert {row["moment"] for row in rows} == {"before", "after", "change", None}
    assert {row["reading"] for row in rows} == {"accounting, not impact"}
    own = mpi.what_if(_profile(loaded), loaded.measure, "close crowding in valley=north")
    wanted = own.only("H", moment="after").rows()[0]["estimate"]
    (made,) = [r for r in rows if (r["figure"], r["moment"], r["valley"]) == ("H", "after", None)]
    assert made["estimate"] == wanted


def _profile(study: mpi.Study) -> mpi.DeprivationProfile:
    return mpi.deprivation_profile(study.surveys[-1], study.measure, data=".", domains=["valley"])
