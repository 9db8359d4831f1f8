"""Too little memory, too few threads or open files: an error of its own, never a damaged file or a fault of ours."""

from __future__ import annotations

import errno
import importlib
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import mpi
from mpi import cli
from mpi.errors import DataError, ResourceError
from mpi.errors.resources import scarce
from mpi.files import write_whole
from mpi.source import Running
from tests.support import commands
from tests.support.hamlet import write_hamlet

ROOT = Path(__file__).resolve().parent.parent.parent
SURVEY = ("village.yaml", "village_2026.yaml", "--data", ".")
NO_THREAD = "Unknown error: Failed to launch worker thread: Resource temporarily unavailable"
ERRORS: dict[str, tuple[Exception, str]] = {
    "Python's memory": (MemoryError(), "MPI-U150"),
    "numpy's memory": (MemoryError("Unable to allocate 8.00 GiB for an array"), "MPI-U150"),
    "Arrow's memory": (pa.ArrowMemoryError("malloc of size 4096 failed"), "MPI-U150"),
    "the system's memory": (OSError(errno.ENOMEM, "Cannot allocate memory"), "MPI-U150"),
    "a library's memory": (ImportError("a.so: failed to map segment from shared object"), "MPI-U150"),
    "a library's pages": (ImportError("a.so: cannot map zero-fill pages"), "MPI-U150"),
    "a library's relocation": (
        ImportError("a.so: cannot apply additional memory protection after relocation: Cannot allocate memory"),
        "MPI-U150",
    ),
    "no words for want of memory": (
        SystemError("<built-in function __build_class__> returned NULL without setting an exception"),
        "MPI-U150",
    ),
    "a result beside an error": (SystemError("<method 'get'> returned a result with an exception set"), "MPI-U150"),
    "Arrow's thread": (pa.ArrowException(NO_THREAD), "MPI-U151"),
    "Python's thread": (RuntimeError("can't start new thread"), "MPI-U151"),
    "the system's process": (OSError(errno.EAGAIN, "Resource temporarily unavailable"), "MPI-U151"),
    "open files": (OSError(errno.EMFILE, "Too many open files", "persons.parquet"), "MPI-U152"),
    "open files of Arrow": (OSError("Failed to open local file: [errno 24] Too many open files"), "MPI-U152"),
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line beside the village's files, as Parquet."""
    monkeypatch.chdir(write_hamlet(tmp_path))
    for name in ("persons", "households"):
        pq.write_table(pyarrow.csv.read_csv(f"{name}.csv"), f"{name}.parquet")
    text = Path("village_2026.yaml").read_text(encoding="utf-8")
    Path("village_2026.yaml").write_text(text.replace(".csv", ".parquet"), encoding="utf-8")
    return partial(commands.run, capsys)


def raising(error: Exception) -> Callable[..., Any]:
    def raise_(*_: Any, **__: Any) -> Any:
        raise error

    return raise_


@pytest.mark.parametrize("name", ERRORS)
def test_what_the_machine_refuses_is_known_by_its_kind(name: str) -> None:
    error, code = ERRORS[name]
    refusal = scarce(error, "persons.parquet")
    assert refusal is not None
    assert (refusal.faults[0].code, refusal.exit_code) == (code, 4)
    assert str(refusal).startswith(f"{code} persons.parquet: the machine ")


@pytest.mark.parametrize(
    "error",
    [ValueError("can't start new thread"), OSError(errno.ENOSPC, "No space left"), pa.ArrowInvalid("no Parquet file"),
     RuntimeError("value 66317"), pa.ArrowMemoryError(f"malloc of size {2**45} failed")],
)  # fmt: skip
def test_other_errors_are_none_of_the_machine_s(error: Exception) -> None:
    assert scarce(error) is None


def test_an_import_that_breaks_down_is_the_machine_s_whatever_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "module_without_memory.py").write_text("raise SystemError('unknown')\n", encoding="utf-8")
    with pytest.raises(SystemError) as error:
        importlib.import_module("module_without_memory")
    refusal = scarce(error.value)
    assert refusal is not None
    assert refusal.faults[0].code == "MPI-U150"
    assert scarce(SystemError("unknown")) is None


def test_a_package_that_is_missing_for_want_of_memory_is_the_machine_s() -> None:
    error = ImportError("no support for this format")
    error.__cause__ = MemoryError()
    refusal = scarce(error)
    assert refusal is not None
    assert refusal.faults[0].code == "MPI-U150"
    error.__cause__ = error  # a ring ends
    assert scarce(error) is None


WHERE = {
    "opening": "pyarrow.parquet.ParquetFile.__init__", "reading": "pyarrow.parquet.ParquetFile.iter_batches",
    "values": "mpi.columns.arrow.values_of", "judging": "mpi.pipeline.units.judge",
}  # fmt: skip


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name", ["Arrow's memory", "Arrow's thread", "Python's memory", "open files"])
def test_a_whole_file_is_never_called_damaged_for_it(
    name: str, where: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, code = ERRORS[name]
    monkeypatch.setattr(WHERE[where], raising(error))
    found = run("estimate", *SURVEY, "-o", "e.csv")
    assert (found[0], found[1]) == (4, ""), found
    assert found[2].startswith(f"error {code} "), found
    assert found[2].count("error") == 1
    assert not Path("e.csv").exists()


@pytest.mark.parametrize("command", ["check", "score", "profile", "estimate", "differences", "explain"])
@pytest.mark.parametrize("name", ERRORS)
def test_every_command_tells_it_apart(command: str, name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    error, code = ERRORS[name]
    extra = {
        "score": ("-o", "o.csv"),
        "profile": ("-o", "o.parquet"),
        "differences": ("--by", "valley"),
        "explain": ("--household", "002"),
    }.get(command, ())
    monkeypatch.setattr("pyarrow.parquet.ParquetFile.iter_batches", raising(error))
    found = run(command, *SURVEY, *extra)
    assert found[0] == 4, found
    assert f"error {code} " in found[2]


def test_python_gets_the_same_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    measure, survey = mpi.load_measure("village.yaml"), mpi.load_survey("village_2026.yaml")
    monkeypatch.setattr("mpi.pipeline.units.compute", raising(MemoryError()))
    for call in (mpi.deprivation_profile, mpi.score):
        with pytest.raises(ResourceError, match="MPI-U150"):
            call(survey, measure, ".")


def test_where_arrow_gets_no_thread_it_reads_without(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run("estimate", *SURVEY, "--by", "valley", "--format", "csv")
    assert run("profile", *SURVEY, "-o", "p.parquet")[0] == 0
    saved = run("estimate", "village.yaml", "p.parquet", "--by", "valley", "--format", "csv")
    init, asked = pq.ParquetFile.__init__, []

    def opened(self: pq.ParquetFile, *arguments: Any, **options: Any) -> None:
        asked.append(options.get("pre_buffer", True))
        init(self, *arguments, **options)
        if asked[-1]:
            self.iter_batches = self.read = raising(pa.ArrowException(NO_THREAD))

    monkeypatch.setattr(pq.ParquetFile, "__init__", opened)
    assert run("estimate", *SURVEY, "--by", "valley", "--format", "csv") == before
    assert run("estimate", "village.yaml", "p.parquet", "--by", "valley", "--format", "csv") == saved
    assert set(asked) == {True, False}


def test_a_thread_that_cannot_be_started_is_told_and_one_thread_is_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", raising(RuntimeError("can't start new thread")))
    with pytest.raises(RuntimeError) as error:
        list(Running(2).in_order(lambda task: task, [1, 2, 3]))
    refusal = scarce(error.value)
    assert refusal is not None
    assert "--threads 1" in refusal.faults[0].remedy
    assert list(Running(1).in_order(lambda task: task, [1, 2, 3])) == [1, 2, 3]


def test_commands_that_read_microdata_in_threads_take_the_remedy() -> None:
    from mpi.cli import cli

    for name in ("check", "profile", "estimate", "differences", "run"):
        assert {"threads", "memory"} <= {parameter.name for parameter in cli.commands[name].params}, name


def test_a_study_is_read_with_the_threads_and_memory_that_are_given(run: Run) -> None:
    Path("study.yaml").write_text(
        "study: hamlet\ntitle: Hamlet\npublisher: Nobody\nreleased: 2026-04-14\nmeasure: village.yaml\n"
        "surveys: [village_2026.yaml]\ndisclosure: none\nlanguages: [en]\noutputs: [results]\n",
        encoding="utf-8",
    )
    command = ("run", "study.yaml", "--data", ".", "-q", "-o")
    assert run(*command, "one", "--threads", "1", "--memory", "8GB")[0] == 0
    assert run(*command, "usual")[0] == 0
    assert Path("one/results/total.csv").read_bytes() == Path("usual/results/total.csv").read_bytes()
    found = run(*command, "small", "--memory", "1MB")
    assert (found[0], "MPI-U011" in found[2]) == (2, True)
    assert not Path("small").exists()


def test_a_machine_that_refuses_while_a_file_is_written_is_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"MPI-U152 .*out\.txt"):
        write_whole(tmp_path / "out.txt", raising(OSError(errno.EMFILE, "Too many open files")))
    with pytest.raises(DataError, match="MPI-O004"):
        write_whole(tmp_path / "out.txt", raising(OSError(errno.ENOSPC, "No space left")))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [MemoryError(), SystemError("error return without exception set")])
def test_want_of_memory_while_it_is_told_is_told_once_there_is_some(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mpi.cli._run", raising(error))
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    assert stop.value.code == ResourceError.exit_code
    assert "MPI-U150" in capsys.readouterr().err
    monkeypatch.setattr("mpi.cli._run", raising(SystemError("unknown")))
    with pytest.raises(SystemError):
        cli.main(["--help"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound memory in other ways")
def test_under_any_bound_a_whole_file_is_read_or_the_machine_is_named(run: Run) -> None:
    command = f'"{sys.executable}" -m mpi estimate {" ".join(SURVEY)} --statistic H'
    outcomes = set()
    for kilobytes in (60_000, 150_000, 210_000, 222_000, 235_000, 4_000_000):
        for bound in ("-v", "-d"):
            line = f"ulimit {bound} {kilobytes}; exec {command}"
            found = subprocess.run(
                ["bash", "-c", line],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            )
            assert "MPI-D003" not in found.stderr
            assert "MPI-U900" not in found.stderr
            outcomes.add(found.returncode)
            if found.returncode == 0:
                assert "1/3  H" in found.stdout
    assert {0, 4} <= outcomes
