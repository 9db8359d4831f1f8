"""The log: a line a stage, with counts and names and never a value; on the command line with `-v`."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.errors.logs import now, tell
from tests.support import commands, village
from tests.support.hamlet import write_hamlet
from tests.support.loops import at_least_one

VILLAGE = ("village.yaml", "village_2026.yaml", "--data", ".")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(write_hamlet(tmp_path))
    return partial(commands.run, capsys)


def test_each_stage_says_what_it_did_and_how_long_it_took(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mpi")
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    estimates = mpi.estimate(profile, village.measure(), by="region")
    assert [record.name for record in caplog.records] == ["mpi.pipeline", "mpi.estimates"]
    first, second = (record.getMessage() for record in caplog.records)
    assert f"{profile.counts['persons']:,} persons" in first and f"{len(profile.cells):,} cells" in first
    assert f"{len(estimates):,} rows of estimates of {village.measure().name}" in second
    assert all(line.endswith(" s)") for line in (first, second))


def test_changes_files_and_configs_are_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mpi")
    measure = mpi.load_measure("colombia_ipm")
    profile = mpi.deprivation_profile(village.survey(), village.measure(), village.tables())
    profile.write(tmp_path / "p.parquet")
    later = replace(profile, period="2027")
    mpi.change([profile, later], village.measure(), rounds="independent", statistic="H")
    told = {(record.name, record.levelname) for record in caplog.records}
    assert {("mpi.config", "DEBUG"), ("mpi.files", "DEBUG"), ("mpi.changes", "INFO")} <= told
    files = [record.getMessage() for record in caplog.records if record.levelname == "DEBUG"]
    assert f"{tmp_path / 'p.parquet'} written" in files
    assert measure.place is not None and f"{measure.place.file} read" in files


def test_nothing_is_said_unless_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    tell("runs", "nobody listens", since=now())
    assert capsys.readouterr() == ("", "")


def test_no_line_has_a_value_of_a_person(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mpi")
    tables = village.replaced(village.tables(), "households", "rooms", ["secret"] * 60)
    with pytest.raises(mpi.MpiError):
        mpi.deprivation_profile(village.survey(), village.measure(), tables)
    mpi.estimate(mpi.deprivation_profile(village.survey(), village.measure(), village.tables()), village.measure())
    assert caplog.records and "secret" not in caplog.text


def test_the_command_line_shows_the_log_where_it_is_asked_for(run: Any) -> None:
    _, out, err = run("estimate", *VILLAGE)
    for words in (("estimate", *VILLAGE, "-v"), ("-v", "estimate", *VILLAGE)):
        code, own, told = run(*words)
        assert (code, own) == (0, out)
        assert len(told.splitlines()) == len(err.splitlines()) + 2
        assert " mpi.pipeline " in told and " mpi.config " not in told
    assert " mpi.config village.yaml: leído" in run("estimate", *VILLAGE, "-vv", "--lang", "es")[2]
    assert run("estimate", *VILLAGE)[1:] == (out, err)  # no handler stays


def test_a_pipeline_reads_the_log_as_records(run: Any) -> None:
    code, out, err = run("estimate", *VILLAGE, "-v", "--format", "json")
    assert code == 0 and json.loads(out)["estimates"]
    lines = [json.loads(line) for line in at_least_one(err.splitlines())]
    logged = [line for line in lines if "logger" in line]
    assert [line["logger"] for line in logged] == ["mpi.pipeline", "mpi.estimates"]
    assert all(line["severity"] == "info" and float(line["time"]) > 0 for line in logged)
