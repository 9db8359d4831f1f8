"""`mpi list`: a folder that only its maker reads, the quotas of a file, and nothing of a household on the screen."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.support import hamlet
from tests.support.commands import run

HERE = ("village.yaml", "village_2026.yaml", "--data", ".")


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hamlet.write_hamlet(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_whole_folder(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("list", *HERE, "-o", "out", "--area", "valley", "--quota", "1", "--as", "csv", "--as", "parquet")
    ran = run(capsys, *given)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "out/list.csv: the list: personal data",
        "out/list.parquet: the list: personal data",
        "out/areas.csv: units, poor, quotas and selected by area",
        "out/ACCESS.txt: who may read this folder",
    ]
    rows = pq.read_table("out/list.parquet").to_pylist()
    assert [(row["house"], row["rank"], row["selected"]) for row in rows] == [
        ("002", 1, True), ("001A", 2, True), ("001B", 3, False), ("004", 4, False), ("003", None, False),
    ]  # fmt: skip
    assert rows[0]["minimal_sets"] == ("schooling_low + attendance; schooling_low + crowding; attendance + crowding")
    assert rows[0]["words"] == (
        "Poor: score 3/4, cutoff 1/3. Deprived in: Little schooling, attendance and crowding. Would not be poor "
        "without: (1) Little schooling and attendance; (2) Little schooling and crowding; (3) attendance and crowding."
    )
    with Path("out/list.csv").open(encoding="utf-8") as file:
        assert [row["house"] for row in csv.DictReader(file)] == ["002", "001A", "001B", "004", "003"]
    assert run(capsys, "verify", "out", "--data", ".").code == 0
    said = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    assert said["options"]["personal_data"] is True
    assert said["counts"]["2026"] == {"rows": 5, "units": 5, "poor": 2, "not_known": 1, "selected": 2}


def test_nothing_of_a_household_is_printed(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "list", *HERE, "-o", "out", "--quasi", "persons", "--quasi", "valley", "--anonymity", "2")
    assert ran.code == 0
    assert "MPI-N256" in ran.err
    assert not any(house in ran.out + ran.err for house in ("001A", "001B", "002"))
    assert run(capsys, "list", *HERE, "-o", "two", "--quasi", "persons", "--anonymity", "2", "--strict").code == 3


def test_quotas_of_a_file_with_codes_that_a_spreadsheet_cut(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = Path("village_2026.yaml")
    coded = hamlet.SURVEY.replace("valley: valley", "valley: {column: zone, width: 2}")
    survey.write_text(coded, encoding="utf-8")
    houses = hamlet.HOUSEHOLDS.replace("valley", "zone").replace("north", "5").replace("south", "11")
    Path("households.csv").write_text(houses, encoding="utf-8")
    Path("q.csv").write_text("valley;quota\n5;1\n11;0\n", encoding="utf-8")
    assert run(capsys, "list", *HERE, "-o", "out", "--area", "valley", "--quotas", "q.csv").code == 0
    with Path("out/areas.csv").open(encoding="utf-8") as file:
        rows = [(row["area"], row["quota"], row["selected"]) for row in csv.DictReader(file)]
    assert rows == [("05", "1", "1"), ("11", "0", "0")]


def test_all_faults_of_a_file_of_quotas_at_once(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("q.csv").write_text("valley,quota\nnorth,-1\n,3\nsouth,2\nsouth,2\n", encoding="utf-8")
    ran = run(capsys, "list", *HERE, "-o", "out", "--area", "valley", "--quotas", "q.csv")
    assert ran.code == 2
    assert [line for line in ran.err.splitlines() if line.startswith("error")] == [
        "error MPI-U251 q.csv:2: the quota of north is no whole number from 0",
        "error MPI-U251 q.csv:3: there is no code of an area",
        "error MPI-U251 q.csv:5: the area south is there twice",
    ]
    assert not Path("out").exists()


def test_a_refusal_leaves_nothing(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "list", *HERE, "-o", "out", "--area", "vally")
    assert ran.code == 2
    assert "did you mean 'valley'?" in ran.err
    assert not Path("out").exists()
