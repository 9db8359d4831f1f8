"""`mpi export` and `mpi init --from` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.config import load_measure
from tests.support import commands


def test_a_measure_is_exported_and_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = commands.run(capsys, "export", "uruguay_ipm", "-o", "ipm.xlsx")
    assert (made.code, made.out, made.err) == (0, "", "ipm.xlsx\n")
    again = commands.run(capsys, "export", "uruguay_ipm", "-o", "ipm.xlsx")
    assert again.code == 2 and "MPI-O" in again.err and "--overwrite" in again.err
    assert commands.run(capsys, "export", "uruguay_ipm", "-o", "ipm.xlsx", "--overwrite").code == 0
    assert commands.run(capsys, "init", "measure", "uruguay_ipm", "--from", "ipm.xlsx").code == 0
    assert load_measure("uruguay_ipm.yaml") == load_measure("uruguay_ipm")
    assert commands.run(capsys, "check", "uruguay_ipm.yaml").code == 0


def test_options_of_a_spreadsheet_are_refused_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["--sheet", "a"], ["--heading", "words=A"], ["--weights", "written"]):
        found = commands.run(capsys, "init", "measure", "own", *words)
        assert found.code == 2 and found.err.startswith(
            "error MPI-U231 --sheet, --heading and --weights belong to --from"
        )
    found = commands.run(capsys, "init", "survey", "own", "--measure", "uruguay_ipm", "--from", "ipm.xlsx")
    assert found.code == 2 and "--from does not belong to `mpi init survey`" in found.err
    assert list(tmp_path.iterdir()) == []
