"""What a pipeline relies on: the digest of a run, which is that of every equal run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import commands
from tests.support.commands import Ran
from tests.support.hamlet import study_of, write_hamlet

Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`mpi` with some arguments, beside the files of a hamlet."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("study.yaml").write_text(study_of("results", "report"), encoding="utf-8")

    def ran(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["mpi", *arguments])  # what the manifest tells
        return commands.run(capsys, *arguments)

    return ran


def said(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    return found


def held(folder: str) -> dict[str, bytes]:
    """The files of a run, the manifest apart."""
    place = Path(folder)
    files = (path for path in place.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def test_equal_runs_in_other_folders_have_the_same_digest_and_the_same_files(run: Run) -> None:
    assert run("run", "study.yaml", "--data", ".", "-o", "one").code == 0
    shutil.copytree(".", "elsewhere/copy", ignore=shutil.ignore_patterns("one", "elsewhere"))
    found = run("run", "elsewhere/copy/study.yaml", "--data=elsewhere/copy", "--output", "two", "-q", "--threads", "1")
    assert found.code == 0
    first, second = said("one"), said("two")
    assert first["command"] != second["command"]
    assert first["checksum"] != second["checksum"]
    assert first["digest"] == second["digest"]
    assert held("one") == held("two")
    assert "mpi run study.yaml --data DIR" in held("two")["report.en.html"].decode()
    assert first["digest"] in found.out.splitlines()[-1]
    checked = run("verify", "two", "--data", "elsewhere/copy")
    assert checked.code == 0
    assert first["digest"] in checked.out


def test_another_digest_tells_another_study_or_other_data(run: Run) -> None:
    assert run("run", "study.yaml", "--data", ".", "-o", "one").code == 0
    study = Path("study.yaml").read_text(encoding="utf-8")
    Path("study.yaml").write_text(f"{study}\nlevel: 90%\n", encoding="utf-8")
    assert run("run", "study.yaml", "--data", ".", "-o", "two").code == 0
    assert said("one")["digest"] != said("two")["digest"]
