"""`mpi init`: files that the readers take, that say what to fill in, and become whole when it is filled in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

import mpi
from mpi.starting.skeletons import FILL_IN, TABLES, write
from tests.support import commands


def persons(folder: Path) -> Path:
    """A file of persons whose households have their water beside them."""
    rows = [
        {"hogar": h, "orden": p, "edad": 20 + p, "anios": (h + p) % 12, "agua": 1 + h % 3, "fex": 10.5 + h,
         "age in years": 30}
        for h in range(1, 61) for p in range(1, 2 + h % 4)
    ]  # fmt: skip
    path = folder / "persons.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_a_measure_is_right_as_it_is(tmp_path: Path) -> None:
    made = mpi.load_measure(write("measure", "village", tmp_path / "m.yaml"))
    assert made.name == "village"
    assert sum(made.weights) == 1


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_every_key_stands_in_the_file(kind: str, language: str, tmp_path: Path) -> None:
    options = {"measure": "uruguay_ipm"} if kind == "survey" else {}
    path = write(kind, "village", tmp_path / "x.yaml", language=language, **options)  # type: ignore[arg-type]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# yaml-language-server: $schema=schemas/{kind}.json"
    keys = [line.removeprefix("# ").partition(":")[0] for line in lines]
    assert [key.name for key in TABLES[kind].keys if key.name not in keys] == []


def test_a_survey_from_data_is_read_and_gives_figures_when_filled_in(tmp_path: Path) -> None:
    measure = write("measure", "village", tmp_path / "m.yaml")
    path = write("survey", "village_2026", tmp_path / "s.yaml", measure=str(measure), data=[persons(tmp_path)])
    text = path.read_text(encoding="utf-8")
    assert "persons: {path: persons.csv, key: [hogar, orden]}" in text
    assert "households: {from: persons, key: [hogar], columns: [agua, fex, " in text
    assert f"weight: {FILL_IN}  # candidates: fex" in text
    assert "# candidates: age in years" in text
    mpi.load_survey(path)
    with pytest.raises(mpi.MpiError, match="no table has the column 'FILL_IN'"):
        mpi.deprivation_profile(mpi.load_survey(path), mpi.load_measure(measure), data=tmp_path)
    filled = {
        f"weight: {FILL_IN}": "weight: fex", f"stratum: {FILL_IN}": "stratum: null", f"psu: {FILL_IN}": "psu: null",
        f"period: {FILL_IN}": "period: 2026", f"age: {FILL_IN}": "age: edad",
        f"years_schooling: {FILL_IN}": "years_schooling: anios", f"column: {FILL_IN}": "column: agua",
        f"{FILL_IN}_": "",
    }  # fmt: skip
    for old, new in filled.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    found = mpi.deprivation_profile(mpi.load_survey(path), mpi.load_measure(measure), data=tmp_path)
    assert found.counts["households"] == 60


def test_a_study_names_what_to_fill_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "st.yaml"
    made = commands.run(capsys, "init", "study", "st", "--measure", "colombia_ipm", "-o", str(path))
    assert made.code == 0
    checked = commands.run(capsys, "check", str(path))
    assert checked.code == 2
    assert f"no survey is called '{FILL_IN}'" in checked.err


def test_a_file_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("mine", encoding="utf-8")
    refused = commands.run(capsys, "init", "measure", "village", "-o", str(path))
    assert (refused.code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "MPI-U231" in refused.err


@pytest.mark.parametrize("name", ["2026", "a b", "", "x: y", "../m"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(mpi.UsageError, match="MPI-U231"):
        write("measure", name, tmp_path / "m.yaml")
    assert list(tmp_path.iterdir()) == []


def test_many_columns_of_households_are_written_on_lines_that_can_be_read(tmp_path: Path) -> None:
    rows = pd.read_csv(persons(tmp_path))
    wide = {f"answer {number}, of all": 1 + rows["hogar"] % 3 for number in range(60)}
    pd.concat([rows, pd.DataFrame(wide)], axis=1).to_csv(tmp_path / "persons.csv", index=False)
    path = write("survey", "wide", tmp_path / "s.yaml", measure="uruguay_ipm", data=[tmp_path / "persons.csv"])
    text = path.read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines() if "answer" in line and "#" not in line) <= 112
    table = yaml.safe_load(text)["tables"]["households"]
    assert table["from"] == "persons" and table["key"] == ["hogar"]
    assert set(wide) <= set(table["columns"]) <= {"agua", "fex", "age in years", *wide}
    assert f"# {len(table['columns'])} columns have one value in every household: remove" in text
