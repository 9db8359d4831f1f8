"""A study from saved profiles: the same files as from the microdata; profiles that it would not make are refused."""

# ruff: noqa: E501  a wrong profile is a line

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import mpi
from mpi.config import load_study
from mpi.errors import ConfigError, DataError, MpiError
from mpi.publication import rounds
from mpi.publication.rounds import saved_round
from mpi.runs import run_study
from mpi.runs.rehearsal import rehearse
from mpi.runs.verifying import verify
from mpi.specs.study import Study
from tests.support import commands
from tests.support.hamlet import study_of as hamlet_study
from tests.support.hamlet import write_hamlet
from tests.support.situations import Situation, study_of

SITUATIONS = {
    "rounds, maps, unknowns": Situation(rounds=2, map=True, missing=True, outputs=("report", "map_data", "results")),
    "replicates": Situation(design="replicates", outputs=("report", "results")),
    "calibrated": Situation(design="calibrated", outputs=("results", "workbook")),
    "census, households": Situation(design="census", units=("persons", "households"), outputs=("results",)),
    "persons": Situation(identification="person", outputs=("results",)),
}


def saved(study: Study, data: Path, *, domains: tuple[str, ...] | None = None) -> Study:
    """The study with a saved profile of each of its surveys."""
    named = {}
    for survey in study.surveys:
        made = mpi.deprivation_profile(survey, study.measure, data, domains=domains or study.domains)
        named[survey.name] = f"{survey.name}.parquet"
        made.write(data / named[survey.name], overwrite=True)
    return replace(study, profiles=named)


def outputs(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_files_are_those_of_a_run_from_the_microdata(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    study = replace(study_of(SITUATIONS[name], data), data=data)
    run_study(study, tmp_path / "one")
    again = saved(study, data)
    for path in [one for survey in study.surveys for one in rounds.files_of(survey, data)]:
        path.unlink()
    run_study(again, tmp_path / "two")
    one, two = outputs(tmp_path / "one"), outputs(tmp_path / "two")
    assert one.keys() == two.keys()
    # The report names the inputs with their hashes, which are the profiles.
    assert [file for file in one if one[file] != two[file]] == [file for file in one if file.startswith("report")]
    said = json.loads((tmp_path / "two" / "manifest.json").read_text(encoding="utf-8"))
    assert said["options"]["profiles"] == again.profiles
    assert set(again.profiles.values()) <= {each["path"] for each in said["inputs"]}
    assert not verify(tmp_path / "two", data)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "data").mkdir()
    folder = write_hamlet(tmp_path / "data")
    text = hamlet_study("results")
    (folder / "study.yaml").write_text(f"{text}profiles: {{village_2026: p.parquet}}\n", encoding="utf-8")
    found = load_study(folder / "study.yaml")
    mpi.deprivation_profile(found.surveys[0], found.measure, folder).write(folder / "p.parquet")
    return replace(found, data=folder)


def test_a_profile_of_more_domains_gives_the_figures_of_those_of_the_study(study: Study, tmp_path: Path) -> None:
    whole = saved_round(study, study.surveys[0], tmp_path / "data")
    assert [one.name for one in whole.domains] == ["valley"]
    made = run_study(study, tmp_path / "out")
    plain = run_study(replace(study, profiles={}), tmp_path / "plain")
    one, two = (each.publication.figures.table.to_pandas() for each in (made, plain))
    pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=1e-12, atol=0)  # sums are added in another order
    assert list(one["note"]) == list(two["note"])


def survey_with(study: Study, **changes: object) -> Study:
    (survey,) = study.surveys
    return replace(study, surveys=(replace(survey, **changes),))  # type: ignore[arg-type]


def other_file(text: str, other: str, name: str) -> Callable[[Study, Path], Study]:
    """The study after a change of one of its files."""

    def changed(study: Study, data: Path) -> Study:
        path = data / name
        before = path.read_text(encoding="utf-8")
        assert text in before
        path.write_text(before.replace(text, other), encoding="utf-8")
        return replace(load_study(data / "study.yaml"), data=data)

    return changed


def lacking(study: Study, data: Path) -> Study:
    return saved(study, data, domains=("sex",))


WRONG: dict[str, tuple[Callable[[Study, Path], Study], str, str]] = {
    "another period": (lambda study, _: survey_with(study, period="2027"), "MPI-E170", "of village_2026 2026, not of"),
    "another survey": (
        lambda study, data: replace(
            survey_with(study, name="hill"), profiles={"hill": "p.parquet"}
        ), "MPI-E170", "not of hill 2026"),
    "no such domain": (lacking, "MPI-E170", "lacks domains of the study: valley"),
    "a rule of the measure": (other_file("deprived: ", "deprived: NOT ", "village.yaml"), "MPI-E110", "`deprived:` of"),
    "a variable": (other_file("water: water = 1", "water: water = 2", "village_2026.yaml"), "MPI-E170", "the variable water"),
    "a domain": (other_file("valley: valley", "valley: {column: valley, codes: {north: n, south: s}}", "village_2026.yaml"), "MPI-E170", "the domain valley"),
    "the weights": (other_file("weight: weight", "weight: rooms", "village_2026.yaml"), "MPI-E170", "`weight:` of the survey's design"),
    "single PSUs": (other_file("{weight: weight}", "{weight: weight, single_psu: centered}", "village_2026.yaml"), "MPI-E170", "`single_psu:`"),
    "the time": (lambda study, _: survey_with(study, time=2026.5), "MPI-E170", "`time:`"),
    "no file": (lambda study, data: (data / "p.parquet").unlink() or study, "MPI-D001", "there is no such file"),
    "cut": (lambda study, data: (data / "p.parquet").write_bytes((data / "p.parquet").read_bytes()[:-50]) and study, "MPI-D051", "not a complete"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_profile_that_the_study_would_not_make_is_refused(name: str, study: Study, tmp_path: Path) -> None:
    change, code, words = WRONG[name]
    changed = change(study, tmp_path / "data")
    with pytest.raises(MpiError) as refused:
        run_study(changed, tmp_path / "out")
    assert code in refused.value.codes
    assert words in str(refused.value)
    assert "p.parquet" in str(refused.value) or "village_2026.parquet" in str(refused.value)
    assert not (tmp_path / "out").exists()
    rehearsed = rehearse(changed)
    assert rehearsed.refusal is not None
    assert str(rehearsed.refusal) == str(refused.value)


def test_a_profile_of_no_survey_of_the_study_is_a_fault_of_its_file(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "data" / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{village_2026:", "{village_2062:"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"MPI-C043 .*'village_2062' is not a survey of the study"):
        load_study(path)


def test_the_commands_take_the_profile(study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    (data / "persons.csv").unlink()
    checked = commands.run(capsys, "check", str(data / "study.yaml"), "--data", str(data))
    assert checked.code == 0, checked.err
    assert "village_2026: the profile p.parquet" in checked.out
    asked = ("run", str(data / "study.yaml"), "--data", str(data), "-o", str(tmp_path / "out"), "-q")
    assert commands.run(capsys, *asked).code == 0
    (data / "p.parquet").write_bytes(b"changed")
    verified = commands.run(capsys, "verify", str(tmp_path / "out"), "--data", str(data))
    assert (verified.code, "MPI-V008 p.parquet" in verified.err) == (1, True)
    out = commands.run(capsys, "run", str(data / "study.yaml"), "--data", str(data), "-o", str(data), "--overwrite")
    assert out.code == 2  # the profile is an input, which is not written over
    with pytest.raises(DataError):
        saved_round(study, study.surveys[0], data)
