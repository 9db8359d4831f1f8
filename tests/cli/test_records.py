"""`--format json`: every message is one object on a line, with the parts of its text as fields; exit codes stay."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.errors import Fault, MpiError, Notice, Place, phrase
from mpi.errors.records import record
from tests.support import commands
from tests.support.hamlet import write_hamlet
from tests.support.loops import at_least_one

VILLAGE = ("village.yaml", "village_2026.yaml", "--data", ".")
FIELDS = ["severity", "code", "file", "line", "column", "table", "column_name", "key", "text", "remedy", "language"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(write_hamlet(tmp_path))
    return partial(commands.run, capsys)


def records(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in at_least_one(text.splitlines())]
    assert all(list(one) == FIELDS for one in found)
    return found


def change(name: str, before: str, after: str) -> None:
    text = Path(name).read_text(encoding="utf-8")
    assert before in text
    Path(name).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_check_without_faults_is_information(run: Any) -> None:
    plain = run("check", *VILLAGE)
    done = run("check", *VILLAGE, "--format", "json")
    assert (done.code, done.err) == (plain.code, "")
    found = records(done.out)
    infos = [one for one in found if one["severity"] == "info"]
    assert "\n".join(one["text"] for one in infos) == plain.out.removesuffix("\n")
    assert [one["code"] for one in found if one not in infos] == [
        line.split(" ")[1] for line in plain.err.splitlines() if line.startswith("note MPI-")
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_fault_of_a_file_has_its_place_and_remedy(run: Any, language: str) -> None:
    change("village.yaml", "identification:", "identifcation:")
    plain = run("check", *VILLAGE, "--lang", language)
    done = run("check", *VILLAGE, "--lang", language, "--format=json")
    assert (done.code, plain.code, done.err) == (2, 2, "")
    found = records(done.out)
    unknown = next(one for one in found if one["code"] == "MPI-C003")
    assert (unknown["severity"], unknown["file"], unknown["line"], unknown["column"]) == ("error", "village.yaml", 5, 1)
    assert (unknown["key"], unknown["language"]) == ("identifcation", language)
    for one in found:
        assert one["text"] in plain.err
        assert one["remedy"] in plain.err
    assert len(found) == sum(line.startswith("error MPI-") for line in plain.err.splitlines())


def test_a_missing_column_is_a_field(run: Any) -> None:
    change("village_2026.yaml", "rooms: rooms}", "rooms: yearz}")
    done = run("check", *VILLAGE, "--format", "json")
    assert done.code == run("check", *VILLAGE).code == 2
    missing = [one for one in records(done.out) if one["severity"] == "error"]
    assert "yearz" in [one["column_name"] for one in missing]


def test_where_figures_are_the_result_messages_are_lines_on_stderr(run: Any) -> None:
    done = run("estimate", *VILLAGE, "--by", "vally", "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert [one["severity"] for one in records(done.err)] == ["error"]
    done = run("estimate", *VILLAGE, "--statistic", "H", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)
    if done.err:
        records(done.err)


def test_a_command_line_that_is_not_understood_is_an_object_too(run: Any) -> None:
    done = run("check", "--strickt", "--format", "json")
    (only,) = records(done.out)
    assert (done.code, only["code"], only["severity"]) == (2, "MPI-U014", "error")


def test_severities_follow_what_strict_counts() -> None:
    fault = Fault("MPI-D010", Place("a.csv"), phrase("the column {name!r} is missing", name="age"), "name another")
    severities = [record(one, "en")["severity"] for one in (fault, Notice("MPI-N006", "x"), Notice("MPI-N001", "x"))]
    assert severities == ["error", "warning", "note"]
    assert record(fault, "en")["column_name"] == "age"


def test_an_error_in_python_has_its_codes() -> None:
    error = MpiError(Fault("MPI-D010", None, "a"), Fault("MPI-D011", None, "b"), Fault("MPI-D010", None, "c"))
    assert (error.code, error.codes) == ("MPI-D010", ("MPI-D010", "MPI-D011"))
    with pytest.raises(mpi.ConfigError) as refused:
        mpi.load_measure("no_such_measure")
    assert refused.value.code == "MPI-C001"
