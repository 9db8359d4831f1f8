"""Examples of pipelines run with plain functions in place of the scheduler's; the container's file keeps its rules."""

from __future__ import annotations

import contextlib
import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from mpi.cli import cli
from mpi.errors import REMARKS
from mpi.errors.codes import MEANINGS
from tests.support import commands
from tests.support.hamlet import study_of, write_hamlet

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
INSTRUCTION = re.compile(r"^([A-Z]+) (.*)$", re.M)


class Plain:
    """A decorator of a scheduler, with or without options, that leaves the function as it is."""

    def __call__(self, *functions: Callable[..., Any], **options: Any) -> Any:
        return functions[0] if functions else lambda function: function

    @property
    def short_circuit(self) -> Plain:
        return self


class Order:
    """What a task gives in Airflow: it can stand after another."""

    def __rshift__(self, other: object) -> object:
        return other


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    write_hamlet(tmp_path / "data")
    for name in ("village.yaml", "village.examples.yaml", "village_2026.yaml"):
        if (tmp_path / "data" / name).is_file():
            shutil.copy(tmp_path / "data" / name, tmp_path)
    (tmp_path / "study.yaml").write_text(study_of("results"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextlib.contextmanager
def modules(monkeypatch: pytest.MonkeyPatch, **names: dict[str, object]) -> Iterator[None]:
    """Modules of a scheduler that is not installed."""
    with monkeypatch.context() as patch:
        for name, parts in names.items():
            module = ModuleType(name.replace("__", "."))
            module.__dict__.update(parts)
            patch.setitem(sys.modules, name.replace("__", "."), module)
        yield


def in_process(words: list[str], *, check: bool, timeout: float) -> None:
    assert check
    assert timeout
    assert words[0] == "mpi"
    assert cli.main(words[1:], prog_name="mpi", standalone_mode=False) in (None, 0)


def test_the_flow_of_prefect_makes_a_publication(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with modules(monkeypatch, prefect={"task": Plain(), "flow": Plain()}):
        digest = runpy.run_path(str(EXAMPLES / "prefect_flow.py"))["publication"]()
    said = json.loads((here / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert said["digest"] == digest
    assert [one["path"] for one in said["inputs"]] == ["village_2026.parquet"]


def test_the_tasks_of_airflow_make_a_publication(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, object] = {"task": Plain(), "dag": lambda **_: lambda _: Order}
    with modules(monkeypatch, airflow={}, airflow__decorators=parts):
        tasks = runpy.run_path(str(EXAMPLES / "airflow_dag.py"))
    monkeypatch.setattr(subprocess, "run", in_process)
    tasks["check"]()
    digest = tasks["publish"]()
    assert digest == json.loads((here / "out" / "manifest.json").read_text(encoding="utf-8"))["digest"]
    assert tasks["has_changed"](digest)
    assert tasks["publish"]() == digest
    assert not tasks["has_changed"](digest)


def test_the_commands_of_the_action_do_what_its_steps_say(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = yaml.safe_load((EXAMPLES / "github-action.yml").read_text(encoding="utf-8"))
    steps = said["jobs"]["publication"]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines() if line.startswith("mpi ")]
    assert [shlex.split(line)[1] for line in lines] == ["check", "run", "verify"]
    assert said["permissions"] == {"contents": "read"}
    for line in lines:
        assert commands.run(capsys, *shlex.split(line)[1:]).code in ((0, 3) if "--strict" in line else (0,)), line


def test_the_container_s_file_keeps_its_rules() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    plain = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.M))
    instructions = INSTRUCTION.findall(plain)
    assert [rest.split()[0] for name, rest in instructions if name == "FROM"] == ["python:3.11-slim-bookworm"] * 2
    users = [rest for name, rest in instructions if name == "USER"]
    assert users
    assert int(users[-1]) > 0  # not root, and a number, which clusters can check
    copied = [rest.split()[:-1] for name, rest in instructions if name == "COPY" and "--from" not in rest]
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    sources = {source for each in copied for source in each}
    assert sources == allowed
    assert all((ROOT / source).exists() for source in sources)
    steps = [step for name, rest in instructions if name == "RUN" for step in rest.split("&&")]
    installs = [step for step in steps if "pip install" in step]
    assert len(installs) == 4
    assert all(any(word in step for word in ("--require-hashes", "--dry-run", "--no-deps")) for step in installs)
    assert "http" not in text
    assert "--index" not in text
    assert not {"ADD", "VOLUME"} & {name for name, _ in instructions}


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_has_nothing_to_say() -> None:
    subprocess.run(["hadolint", str(ROOT / "Dockerfile")], check=True, timeout=60)


def test_the_manual_says_of_each_notice_whether_it_counts_under_strict() -> None:
    text = (ROOT / "docs" / "en" / "pipelines.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(MPI-N\d+)` \| (.*) \| (yes|no) \|$", text, re.M)
    notices = {code: meaning for code, meaning in MEANINGS.items() if code.startswith("MPI-N")}
    assert {code: meaning for code, meaning, _ in rows} == notices
    assert {code for code, _, counts in rows if counts == "no"} == set(REMARKS)
