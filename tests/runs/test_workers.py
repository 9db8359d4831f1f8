"""Tasks in processes: the same files whoever makes them, nothing left where one is ended or an interrupt comes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast

import pytest

import mpi
from mpi.errors import DataError, Fault, ResourceError
from mpi.errors.omissions import Omission, reason
from mpi.language import phrase
from mpi.publication.gathering import Gathered
from mpi.runs import run_study, workers
from mpi.runs.tasks import Done, Task, Work
from mpi.runs.workers import run_tasks
from tests.support.hamlet import study_of as hamlet
from tests.support.hamlet import write_hamlet
from tests.support.limits import MOST
from tests.support.loops import at_least_one
from tests.support.situations import Situation, study_of

ROOT = Path(__file__).resolve().parent.parent.parent


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, int], dict[str, bytes]]:
    """Runs a study with a map and all outputs; gives its files without what differs from run to run."""
    folder = tmp_path_factory.mktemp("small")
    study = study_of(Situation(map=True, groups=2, languages=("en", "pt")), folder)

    def ran(out: Path, processes: int) -> dict[str, bytes]:
        run_study(study, out, data=folder, processes=processes, command=["x"])
        found = files(out)
        head, _, _ = found["manifest.json"].partition(b'"times"')
        return found | {"manifest.json": head}

    return ran


@pytest.fixture(scope="module")
def alone(small: Callable[[Path, int], dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return small(tmp_path_factory.mktemp("alone") / "out", 1)


@pytest.mark.parametrize(
    ("processes", "copied"),
    [pytest.param(2, True, marks=pytest.mark.alone), pytest.param(5, True, marks=pytest.mark.alone), (2, False)],
)
def test_the_files_are_the_same_for_any_number_of_processes(
    small: Callable[[Path, int], dict[str, bytes]],
    alone: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    processes: int,
    copied: bool,
) -> None:
    if not copied:
        monkeypatch.setattr(workers, "can_fork", lambda: False)
    found = small(tmp_path / "out", processes)
    assert found.keys() == alone.keys()
    assert not [name for name, content in found.items() if content != alone[name]]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# Tasks that need nothing of a publication, at the top of the module so that another process finds them.


def writes(gathered: Gathered, folder: Path, *, name: str) -> None:
    (folder / "of").mkdir()
    (folder / "of" / name).write_text(f"{name}, {len(gathered.left_out)} left out before", encoding="utf-8")


def leaves_out(gathered: Gathered, _: Path, *, name: str) -> None:
    gathered.left_out.append(Omission(name, reason("round")))


def ends(_: Gathered, folder: Path) -> None:
    (folder / "half").write_text("half", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(_: Gathered, folder: Path) -> None:
    raise DataError(Fault("MPI-O004", None, f"{folder / 'x'} cannot be written", phrase("name another")))


def fails(_: Gathered, __: Path) -> None:
    raise KeyError("a value that nobody should see")


def waits(_: Gathered, __: Path) -> None:
    time.sleep(MOST)


def work_of(folder: Path, *tasks: Task) -> Work:
    # What the tasks above take of it is the list alone.
    gathered = cast(Gathered, Gathered(**dict.fromkeys(Gathered.__slots__)))  # type: ignore[arg-type]
    return Work(gathered, folder, tasks)


def task(name: str, make: Callable[[Gathered, Path], None], *after: str) -> Task:
    return Task(name=name, output="charts", make=make, after=after)


def done_by(work: Work, processes: int) -> dict[int, Done]:
    found: dict[int, Done] = {}
    begun: list[int] = []
    run_tasks(work, range(len(work.tasks)), processes, found.__setitem__, begun.append)
    assert begun == list(range(len(work.tasks)))
    return found


@pytest.mark.alone
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_task_knows_what_those_before_it_left_out(tmp_path: Path, processes: int) -> None:
    work = work_of(
        tmp_path,
        task("one", partial(leaves_out, name="one")),
        task("two", partial(leaves_out, name="two")),
        task("three", partial(writes, name="three"), "one", "absent"),
        task("four", partial(writes, name="four"), "one", "two"),
    )
    found = done_by(work, processes)
    assert [one.part for one in found[0].left_out] == ["one"]
    assert (found[2], found[3]) == (Done(("of/three",)), Done(("of/four",)))
    assert (tmp_path / "of" / "three").read_text(encoding="utf-8") == "three, 1 left out before"
    assert (tmp_path / "of" / "four").read_text(encoding="utf-8") == "four, 2 left out before"
    assert [path.name for path in tmp_path.iterdir()] == ["of"]


@pytest.mark.alone
def test_a_process_that_the_system_ends_is_told_with_a_remedy(tmp_path: Path) -> None:
    work = work_of(tmp_path, task("ends", ends), *(task(f"waits{i}", waits) for i in range(3)))
    with pytest.raises(ResourceError, match=r"MPI-U153.* ended from outside \(signal 9\)"):
        done_by(work, 2)
    assert not multiprocessing.active_children()


@pytest.mark.alone
def test_what_a_task_refuses_is_raised_here_and_names_the_folder_that_was_given(tmp_path: Path) -> None:
    work = work_of(tmp_path, task("refuses", refuses), task("waits", waits))
    with pytest.raises(DataError) as caught:
        done_by(work, 2)
    (fault,) = caught.value.faults
    assert fault.text == f"{tmp_path / 'x'} cannot be written"
    assert phrase("name another").to("es") in fault.to("es")
    assert not multiprocessing.active_children()


@pytest.mark.alone
def test_a_fault_of_the_program_in_a_task_says_where_and_quotes_no_value(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"KeyError at test_workers\.py:\d+") as caught:
        done_by(work_of(tmp_path, task("fails", fails), task("waits", waits)), 2)
    assert "nobody should see" not in str(caught.value)
    assert "nobody should see" in caught.value.__notes__[0]  # MPI_DEBUG=1 shows it


@pytest.mark.alone
def test_a_machine_that_gives_no_processes_gets_the_work_done_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    work = work_of(tmp_path, *(task(name, partial(writes, name=name)) for name in ("one", "two")))
    assert done_by(work, 2) == {0: Done(("of/one",)), 1: Done(("of/two",))}


RUN = "import sys, mpi.__main__; sys.argv = ['mpi', *sys.argv[1:]]; mpi.__main__.main()"


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run of two processes that has begun to write."""
    write_hamlet(tmp_path)
    outputs = ("report", "charts", "workbook", "results")
    (tmp_path / "study.yaml").write_text(hamlet(*outputs), encoding="utf-8")
    wait = "import time; from mpi.runs import pictures; pictures._save = lambda *_, **__: time.sleep(600); "
    command = [sys.executable, "-c", wait + RUN, "run", "study.yaml", "--data", ".", "-o", "out", "--threads", "2"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="signals to a group of processes, and what is in /proc")
@pytest.mark.parametrize(
    ("number", "everyone", "code"),
    [(signal.SIGINT, True, 130), (signal.SIGINT, False, 130), (signal.SIGTERM, False, 143)],
)
def test_an_interrupt_stops_all_processes_and_leaves_nothing(
    slow: subprocess.Popen[str], tmp_path: Path, number: signal.Signals, *, everyone: bool, code: int
) -> None:
    assert slow.stdout is not None
    shown = slow.stdout.readline()  # it can be opened while pictures are drawn
    assert shown == "out/index.html: start here: what is in this folder\n"
    assert "</html>" in (tmp_path / "out" / "report.en.html").read_text(encoding="utf-8")
    held = list(files(tmp_path / "out"))
    assert sorted(held) == ["index.html", "manifest.json", "report.en.html"]
    told = subprocess.run(
        [sys.executable, "-m", "mpi", "verify", "out"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=MOST,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    if everyone:
        os.killpg(slow.pid, number)
    else:
        slow.send_signal(number)
    assert slow.wait(MOST) == code
    assert not [path.name for path in tmp_path.iterdir() if path.name == "out" or path.name.startswith(".")]
    end = time.monotonic() + MOST  # a busy system takes a moment to bury them
    with pytest.raises(ProcessLookupError):  # nobody of its group is left
        while time.monotonic() < end:
            os.killpg(slow.pid, 0)
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="a pipe that nobody reads")
def test_a_stdout_that_nobody_reads_stops_no_run(tmp_path: Path) -> None:
    write_hamlet(tmp_path)
    (tmp_path / "study.yaml").write_text(hamlet("report", "results"), encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "mpi", "run", "study.yaml", "--data", ".", "-o", "out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with os.fdopen(writing, "wb") as stdout:
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=MOST
        )
    assert ended.returncode == 0, ended.stderr
    assert {"report.en.html", "results/results.parquet", "manifest.json"} <= files(tmp_path / "out").keys()


def test_the_first_files_are_told_once_they_can_be_opened_in_a_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("study.yaml").write_text(hamlet("report", "results"), encoding="utf-8")
    told: list[Mapping[str, str]] = []

    def first(names: Mapping[str, str]) -> None:
        assert all(Path("out", name).is_file() for name in at_least_one(names))
        told.append(names)

    made = run_study(mpi.load_study("study.yaml"), "out", data=".", first=first)
    assert [list(names) for names in told] == [["index.html", "report.en.html"]]
    assert set(made.files) == {"index.html", "report.en.html", "results/total.csv"}
    run_study(mpi.load_study("study.yaml"), "out", data=".", first=first, overwrite=True)
    assert len(told) == 1  # the earlier folder stays until the new one is whole


def test_a_run_that_fails_after_the_first_files_takes_them_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_hamlet(tmp_path))
    Path("study.yaml").write_text(hamlet("report", "results"), encoding="utf-8")

    def full(_: Mapping[str, str]) -> None:
        assert Path("out").is_dir()
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match="MPI-O004"):
        run_study(mpi.load_study("study.yaml"), "out", data=".", first=full)
    assert not [path.name for path in Path().iterdir() if path.name == "out" or path.name.startswith(".")]
