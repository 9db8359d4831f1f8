"""`--overwrite --only X` keeps what else an earlier run with the same inputs made, or says what differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.runs.keeping import output_of
from mpi.runs.verifying import verify
from mpi.vocabulary.options import OUTPUTS
from tests.support import commands
from tests.support.hamlet import study_of, write_hamlet

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`mpi run study.yaml -o out` with more options, beside the village's files."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("study.yaml").write_text(study_of("results", "workbook"), encoding="utf-8")

    def ran(*options: str) -> tuple[int, str]:
        code, _, err = commands.run(capsys, "run", "study.yaml", "--data", ".", "-o", "out", "-q", *options)
        return code, err

    return ran


def held() -> dict[str, bytes]:
    out = Path("out")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def said() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    return found


def test_the_rest_of_an_earlier_run_stays_and_the_manifest_is_of_both(run: Run) -> None:
    assert run()[0] == 0
    before = held()
    assert run("--overwrite", "--only", "results")[0] == 0
    assert held().keys() == before.keys()
    assert [name for name in before if held()[name] != before[name]] == ["manifest.json"]
    assert not verify(Path("out"), Path())
    assert said()["options"]["outputs"] == ["results", "workbook"]
    assert [one["outputs"] for one in said()["kept"]] == [["workbook"]]
    assert said()["kept"][0]["command"] == json.loads(before["manifest.json"])["command"]
    assert not [path for path in Path().iterdir() if path.name.startswith(".")]


def test_outputs_are_added_one_by_one_and_each_keeps_its_command(run: Run) -> None:
    assert run("--only", "workbook")[0] == 0
    assert run("--overwrite", "--only", "results")[0] == 0
    assert run("--overwrite", "--only", "report")[0] == 0
    assert {output_of(name) for name in held()} == {None, "workbook", "results", "report"}
    assert not verify(Path("out"), Path())
    assert [one["outputs"] for one in said()["kept"]] == [["workbook"], ["results"]]
    assert "workbook.en.xlsx" in held()["report.en.html"].decode()  # what lies beside it now
    assert run("--overwrite", "--only", "workbook", "--only", "report")[0] == 0
    assert [one["outputs"] for one in said()["kept"]] == [["results"]]
    assert not verify(Path("out"), Path())


def test_the_report_made_alone_is_that_of_the_whole_run(run: Run) -> None:
    study = mpi.load_study("study.yaml")
    mpi.run_study(study, "whole", data=".", only=("results", "workbook", "report"), command=["x"])
    mpi.run_study(study, "parts", data=".", only=("results", "workbook"), command=["x"])
    mpi.run_study(study, "parts", data=".", only=("report",), command=["x"], overwrite=True)
    for name in ("report.en.html", "results/total.csv", "workbook.en.xlsx"):
        assert (Path("whole") / name).read_bytes() == (Path("parts") / name).read_bytes()


def test_without_only_all_is_made_anew(run: Run) -> None:
    assert run("--only", "report")[0] == 0
    assert run("--overwrite")[0] == 0
    assert {output_of(name) for name in held()} == {None, "workbook", "results"}
    assert "kept" not in said()


def test_nothing_is_compared_where_nothing_stays(run: Run) -> None:
    assert run("--only", "results")[0] == 0
    edit("persons.csv", "004,2,27", "004,2,28")
    assert run("--overwrite", "--only", "results")[0] == 0
    assert not verify(Path("out"), Path())


def edit(name: str, before: str, after: str) -> None:
    text = Path(name).read_text(encoding="utf-8")
    assert before in text
    Path(name).write_text(text.replace(before, after), encoding="utf-8")


DIFFERENCES: dict[str, Callable[[], tuple[str, ...]]] = {
    "the input persons.csv": lambda: (edit("persons.csv", "004,2,27", "004,2,28"), ())[1],
    "the config measure": lambda: (edit("village.yaml", "crowd > 3", "crowd > 4"), ())[1],
    "the config survey village_2026": lambda: (edit("village_2026.yaml", "age: age", "age:  age"), ())[1],
    "the config study": lambda: (edit("study.yaml", "Nobody", "Somebody"), ())[1],
    "the study (hamlet, now other)": lambda: (edit("study.yaml", "study: hamlet", "study: other"), ())[1],
    "the config disclosure, the option disclosure (none, now standard)": lambda: ("--disclosure", "standard"),
}  # fmt: skip


@pytest.mark.parametrize("what", DIFFERENCES)
def test_what_rests_on_others_is_refused_with_what_differs(what: str, run: Run) -> None:
    assert run("--only", "results")[0] == 0
    before = held()
    options = DIFFERENCES[what]()
    code, err = run("--overwrite", "--only", "workbook", *options)
    assert code == 2
    assert err.startswith("error MPI-O152 out: --only would leave outputs of another run beside the new ones; ")
    assert what in err, err
    assert held() == before
    # The remedy, followed to the letter.
    assert run("--overwrite", *options)[0] == 0
    assert not verify(Path("out"), Path())


def test_another_version_is_another_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("--only", "results")[0] == 0
    monkeypatch.setattr("mpi.runs.manifest.versions", lambda: {**said()["versions"], "mpi": "9.9"})
    _, err = run("--overwrite", "--only", "workbook")
    assert f"what differs: the version of mpi ({mpi.__version__}, now 9.9)\n" in err


def test_inputs_are_compared_before_anything_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("--only", "results")[0] == 0
    edit("persons.csv", "004,2,27", "004,2,28")

    def read(*_: object) -> None:
        raise AssertionError("something was read")

    monkeypatch.setattr("mpi.publication.rounds.open_survey", read)
    assert run("--overwrite", "--only", "workbook")[0] == 2


def test_a_changed_or_foreign_file_is_refused_with_only_as_well(run: Run) -> None:
    assert run()[0] == 0
    Path("out/letter.txt").touch()
    assert "MPI-O150" in run("--overwrite", "--only", "results")[1]
    Path("out/letter.txt").unlink()
    Path("out/workbook.en.xlsx").write_bytes(b"edited")
    assert "MPI-O151" in run("--overwrite", "--only", "results")[1]
    assert Path("out/workbook.en.xlsx").read_bytes() == b"edited"


def test_every_output_has_names_of_its_own() -> None:
    names = {
        "results/total.csv": "results",
        "workbook.es.xlsx": "workbook",
        "charts/a.png": "charts",
        "maps/a.H.png": "maps",
        "map.a.html": "maps",
        "map_data/a.csv": "map_data",
        "report.es.html": "report",
        "report.es.docx": "docx",
        "report.es.pdf": "pdf",
        "areas/a.es.html": "areas",
        "board.es.html": "board",
        "sheets/a.pdf": "sheets",
        "sdmx.structure.json": "sdmx",
        "sdg.csv": "sdg",
        "index.html": None,
        "manifest.json": None,
    }
    assert {name: output_of(name) for name in names} == names
    assert set(names.values()) == {*OUTPUTS, None}
