"""A folder of outputs appears whole or not at all, and only what an earlier run made is ever replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mpi.errors import DataError, MpiError, UsageError
from mpi.writing import write_folder

MARK = "manifest.json"


def put(path: Path, content: str = "new", **options: bool) -> None:
    def fill(folder: Path) -> None:
        (folder / "deep").mkdir()
        (folder / "deep" / "a.txt").write_text(content, encoding="utf-8")
        (folder / MARK).write_text("{}", encoding="utf-8")

    write_folder(path, fill, mark=MARK, **options)


def held(path: Path) -> str:
    return (path / "deep" / "a.txt").read_text(encoding="utf-8")


def said(path: Path, **options: bool) -> str:
    with pytest.raises(MpiError) as error:
        put(path, **options)
    return str(error.value).replace(f"{path.parent}/", "")


def test_a_folder_is_written_whole_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "out")
    assert held(tmp_path / "out") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    put(tmp_path / "out")
    assert held(tmp_path / "out") == "new"


def test_an_earlier_run_is_replaced_only_where_that_is_allowed(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")
    (tmp_path / "out" / "stale.txt").touch()
    assert said(tmp_path / "out") == "MPI-O002 out: this output exists\n  remove it, or allow --overwrite"
    assert held(tmp_path / "out") == "old"
    put(tmp_path / "out", overwrite=True)
    assert held(tmp_path / "out") == "new"
    assert not (tmp_path / "out" / "stale.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_no_run_made_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    put(tmp_path / "out")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for name in ("papers", "file", "link"):
        assert said(tmp_path / name, overwrite=True) == (
            f"MPI-O002 {name}: this output exists and was not made by an earlier run (it has no manifest.json)\n"
            "  name a new folder with -o"
        )
    assert (tmp_path / "papers" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_the_folder_that_holds_it_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MPI-O001"):
        put(tmp_path / "nowhere" / "out")


def test_a_fault_half_way_leaves_the_earlier_run_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")

    def fill(folder: Path) -> None:
        (folder / "half.txt").touch()
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match="the folder cannot be written \\(No space left on device\\)"):
        write_folder(tmp_path / "out", fill, overwrite=True, mark=MARK)
    assert held(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_killed_process_leaves_no_folder_of_the_target_s_name(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from mpi.writing import write_folder\n"
        "def fill(folder):\n"
        "    (folder / 'a').touch(); print('half', flush=True); time.sleep(60)\n"
        "write_folder(Path(sys.argv[1]), fill, mark='manifest.json')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path / "out"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    time.sleep(0.05)
    assert not (tmp_path / "out").exists()
