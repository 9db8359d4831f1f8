"""Inputs are opened and parsed once a run, and are the same before and after they are read, or are refused."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.checking.proofreading import survey_lines
from mpi.errors import DataError
from mpi.files.digests import input_file, sha256
from mpi.runs import gather
from mpi.source.items import Item
from mpi.source.readers import Reader, reader_of
from mpi.specs.data_files import Layout
from tests.support import commands
from tests.support.hamlet import study_of, write_hamlet

SURVEY = ("village.yaml", "village_2026.yaml", "--data", ".")
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line beside the village's files; gives what was said on stderr."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("study.yaml").write_text(study_of("results", "report"), encoding="utf-8")

    def ran(*arguments: str, code: int = 0) -> str:
        found, _, err = commands.run(capsys, *arguments)
        assert found == code, err
        return err

    return ran


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was opened to find out what it holds."""
    counts: Counter[str] = Counter()

    from mpi.source import table_opening

    def counting(name: str, layout: Layout) -> Reader | None:
        found = reader_of(name, layout)
        return found and replace(found, typed=counted(found.typed), cells=counted(found.cells))

    def counted(function: Callable[[Item], Any] | None) -> Callable[[Item], Any] | None:
        def read(item: Item) -> Any:
            assert function is not None
            counts[item.file.name] += 1
            return function(item)

        return function and read

    monkeypatch.setattr(table_opening, "reader_of", counting)
    return counts


def as_parquet() -> None:
    for name in ("persons", "households"):
        pq.write_table(pyarrow.csv.read_csv(f"{name}.csv"), f"{name}.parquet")
    text = Path("village_2026.yaml").read_text(encoding="utf-8")
    Path("village_2026.yaml").write_text(text.replace(".csv", ".parquet"), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize(
    "command",
    [("check", *SURVEY), ("profile", *SURVEY, "-o", "old.parquet", "--overwrite"),
     ("estimate", *SURVEY, "-o", "old.csv", "--overwrite"), ("score", *SURVEY, "-o", "old.csv", "--overwrite"),
     ("differences", *SURVEY, "--by", "valley"), ("explain", *SURVEY, "--household", "002"),
     ("run", "study.yaml", "--data", ".", "-o", "out", "--overwrite", "-q")],
    ids=lambda command: command[0],
)  # fmt: skip
def test_every_file_is_opened_and_parsed_once(
    command: tuple[str, ...], form: str, run: Run, opened: Counter[str]
) -> None:
    if form == "parquet":
        as_parquet()
    for name in ("old.csv", "old.parquet"):
        Path(name).touch()
    run(*command)
    assert opened == {f"persons.{form}": 1, f"households.{form}": 1}


@pytest.mark.slow
def test_a_study_hashes_its_inputs_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: Counter[str] = Counter()

    def counted(path: Path) -> str:
        hashed[path.name] += 1
        return sha256(path)

    monkeypatch.setattr("mpi.files.digests.sha256", counted)
    run("run", "study.yaml", "--data", ".", "-o", "out", "-q")
    assert hashed == {"persons.csv": 1, "households.csv": 1}


# Inputs that change.


def replaced(path: Path) -> None:
    """Another file of the same bytes takes the place of one."""
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)


def longer(path: Path) -> None:
    """A file grows; as if no time had passed."""
    before = path.stat()
    path.write_bytes(path.read_bytes() + b"\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def newer(path: Path) -> None:
    """A file is written anew, with as many bytes."""
    before = path.stat()
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def gone(path: Path) -> None:
    path.unlink()


CHANGES = (replaced, longer, newer, gone)


@contextmanager
def meddled(monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], where: str, path: str) -> Iterator[None]:
    """Inside, a file changes just before something is called for the first time; the test fails if it never is."""
    import importlib

    module, _, name = where.rpartition(".")
    holder = importlib.import_module(module)
    was, done = getattr(holder, name), []

    def called(*arguments: Any, **options: Any) -> Any:
        if not done:
            done.append(True)
            change(Path(path))
        return was(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(holder, name, called)
        yield
    assert done, f"{where} was not called, so nothing changed"


WHERE = (
    "mpi.source.opening._named",
    "mpi.pipeline.preparing.bind_all",
    "mpi.pipeline.units.compute",
)  # opening, before reading, while
COMMANDS = ("score", "profile", "estimate", "check", "run")


@pytest.mark.parametrize(
    ("command", "where", "change"),
    [*((command, where, replaced) for command in COMMANDS for where in WHERE),
     *(("estimate", WHERE[2], change) for change in CHANGES[1:])],
)  # fmt: skip
def test_an_input_that_changes_while_it_is_read_is_refused(
    command: str, where: str, change: Callable[[Path], None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_parquet()
    if where == WHERE[1]:
        where = {"check": "mpi.checking.proofreading.bind", "score": "mpi.pipeline.scoring.bind"}.get(command, where)
    extra = {"score": ("-o", "o.csv"), "profile": ("-o", "o.parquet"), "estimate": ("-o", "o.csv")}.get(command, ())
    words = ("run", "study.yaml", "--data", ".", "-o", "out", "-q") if command == "run" else (command, *SURVEY, *extra)
    with meddled(monkeypatch, change, where, "persons.parquet"):
        said = run(*words, code=1)
    assert said.count("error MPI-") == 1, said
    assert "MPI-D150 persons.parquet: the input changed while it was read" in said
    assert not [path for path in Path().iterdir() if path.name.startswith(("o.", "out", ".o"))]


def test_what_looks_damaged_because_it_changed_is_not_called_damaged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    as_parquet()

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:100])

    with meddled(monkeypatch, cut, WHERE[1], "households.parquet"):
        said = run("estimate", *SURVEY, code=1)
    assert "MPI-D150 households.parquet" in said
    assert "MPI-D003" not in said


def test_an_input_that_changes_while_it_is_hashed_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        meddled(monkeypatch, newer, "mpi.files.digests.sha256", "persons.csv"),
        pytest.raises(DataError, match="MPI-D150"),
    ):
        input_file(Path("persons.csv"))
    assert input_file(Path("persons.csv")).sha256 == sha256(Path("persons.csv"))


def test_an_input_that_changes_after_it_was_hashed_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with meddled(monkeypatch, replaced, "mpi.publication.rounds.open_survey", "persons.csv"):
        assert "MPI-D150" in run("run", "study.yaml", "--data", ".", "-o", "out", "-q", code=1)


def test_python_is_told_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    measure, survey = mpi.load_measure("village.yaml"), mpi.load_survey("village_2026.yaml")
    Path("second.yaml").write_text(
        Path("village.yaml").read_text(encoding="utf-8").replace("village", "second", 1), encoding="utf-8"
    )
    both = partial(mpi.deprivation_profile, beside=mpi.load_measure("second.yaml"))
    for call, where in (
        (mpi.deprivation_profile, "preparing.bind_all"),
        (both, "binding.beside._with"),  # the first measure fits the files; the second is looked at
        (mpi.score, "scoring.bind"),
    ):
        with (
            meddled(monkeypatch, replaced, f"mpi.pipeline.{where}", "persons.csv"),
            pytest.raises(DataError, match="MPI-D150"),
        ):
            call(survey, measure, ".")
    assert survey_lines(measure, survey, ".")


@pytest.mark.slow
def test_the_manifest_holds_the_configs_that_were_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Path("village.yaml").read_text(encoding="utf-8")

    def mended(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8").replace("crowd > 3", "crowd > 4"), encoding="utf-8")

    with meddled(monkeypatch, mended, "mpi.publication.rounds.open_survey", "village.yaml"):
        run("run", "study.yaml", "--data", ".", "-o", "out", "-q")
    assert Path("village.yaml").read_text(encoding="utf-8") != before
    said = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    held = {one["role"]: one for one in said["configs"]}
    assert held["measure"]["text"] == before


def test_a_boundary_file_is_an_input_with_all_its_parts(tmp_path: Path) -> None:
    from mpi.maps.boundaries import boundary_files
    from mpi.specs.study import BoundaryFile

    for name in ("a.shp", "a.shx", "a.DBF", "a.prj", "a.txt", "b.dbf"):
        (tmp_path / name).touch()
    found = boundary_files(BoundaryFile(path="a.shp", code="code"), tmp_path)
    assert [path.name for path in found] == ["a.shp", "a.DBF", "a.prj", "a.shx"]
    assert boundary_files(BoundaryFile(path="b.gpkg", code="code"), tmp_path) == [tmp_path / "b.gpkg"]


def test_gathering_alone_knows_its_inputs(run: Run) -> None:
    gathered = gather(mpi.load_study("study.yaml"), Path(), lambda _: None)
    assert {name: file.sha256 for name, file in gathered.inputs.items()} == {
        name: sha256(Path(name)) for name in ("persons.csv", "households.csv")
    }
