"""`mpi schema`: the schema on stdout is JSON alone; files are written, and not written over."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mpi.config import schemas
from tests.support import commands


def test_a_schema_on_stdout_is_its_text_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    done = commands.run(capsys, "schema", "measure", "--lang", "es")
    assert (done.code, done.err) == (0, "")
    assert done.out == schemas.text_of("measure", "es")
    shown = json.loads(done.out)
    jsonschema.Draft202012Validator.check_schema(shown)
    assert shown["title"] == "una medida de pobreza multidimensional"


def test_without_a_kind_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    done = commands.run(capsys, "schema", "--lang", "en")
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == [*schemas.KINDS]
    assert "study: a study: everything that an office publishes" in done.out


def test_schemas_are_written_into_a_new_folder_and_not_over_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "schemas"
    assert commands.run(capsys, "schema", "--write", str(folder)).code == 0
    assert sorted(path.stem for path in folder.iterdir()) == sorted(schemas.KINDS)
    (folder / "study.json").write_text("mine")
    refused = commands.run(capsys, "schema", "study", "--write", str(folder))
    assert (refused.code, "MPI-O002" in refused.err) == (2, True)
    assert (folder / "study.json").read_text() == "mine"
    assert commands.run(capsys, "schema", "study", "--write", str(folder), "--overwrite").code == 0
    assert (folder / "study.json").read_text(encoding="utf-8") == schemas.text_of("study", "en")
