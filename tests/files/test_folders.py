"""A folder of outputs appears whole or not at all, and only what an earlier run made is ever replaced."""

from __future__ import annotations

import errno
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mpi.errors import DataError, Fault, MpiError, Place, UsageError
from mpi.files import folders, write_folder
from tests.support.limits import MOST

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
    assert said(tmp_path / "out") == "MPI-O002 out: this output exists\n  remove it, or add --overwrite"
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
        "import sys, time; from pathlib import Path; from mpi.files import write_folder\n"
        "def fill(folder):\n"
        "    (folder / 'a').touch(); print('half', flush=True); time.sleep(60)\n"
        "write_folder(Path(sys.argv[1]), fill, mark='manifest.json')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path / "out"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"half\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(MOST)
    process.stdout.close()
    time.sleep(0.05)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit(143), OSError(28, "no space"), MemoryError])
@pytest.mark.parametrize("number", [0, 1])
def test_whatever_stops_it_between_the_renames_the_earlier_folder_is_put_back(
    number: int, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out", "old")
    rename, calls = Path.rename, []

    def stopped(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == number + 1:
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(BaseException) as raised:  # each of them, as it is
        put(tmp_path / "out", overwrite=True)
    assert isinstance(raised.value, DataError if isinstance(error, OSError) else type(error)) or (
        raised.value is error or raised.type is error
    )
    assert held(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_signal_at_any_time_leaves_one_whole_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from mpi.files import write_folder\n"
        "def fill(folder):\n    (folder / 'manifest.json').write_text('x' * 100)\n    (folder / 'a').touch()\n"
        "while True:\n    write_folder(Path(sys.argv[1]), fill, overwrite=True, mark='manifest.json')\n"
        "    print('go', flush=True)\n"
    )
    for number in (signal.SIGINT, signal.SIGKILL) * 4:
        command = [sys.executable, "-c", code, tmp_path / "out"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"go\n"
            time.sleep(secrets.randbelow(1000) / 10_000)
            process.send_signal(number)
            process.wait(MOST)
        if number == signal.SIGINT:
            shown = [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")]
            assert shown == ["out"]
            assert len((tmp_path / "out" / MARK).read_text(encoding="utf-8")) == 100
    put(tmp_path / "out", overwrite=True)
    assert held(tmp_path / "out") == "new"
    left = [path for path in tmp_path.iterdir() if path.name != "out"]
    assert not [path for path in left if list(path.iterdir())]  # one that was empty may be about to be filled


def test_what_a_killed_run_set_aside_is_put_back_before_the_next_begins(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")
    (tmp_path / "out").rename(tmp_path / ".out.0123abcd.old")
    (tmp_path / ".out.0123abcd.part").mkdir()
    (tmp_path / ".out.0123abcd.part" / "half").touch()
    assert "MPI-O002" in said(tmp_path / "out")
    assert held(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_run_no_longer_needed_is_removed_only_if_it_is_the_run_s(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")
    for name in (".out.0123abcd.old", ".out.0123abce.gone", ".out.0123abcf.gone"):
        put(tmp_path / name[1:], "older")
        (tmp_path / name[1:]).rename(tmp_path / name)
    (tmp_path / ".out.0123abcf.gone" / "letter.txt").touch()

    def owned(folder: Path) -> list[str]:
        if (folder / "letter.txt").exists():
            raise UsageError(Fault("MPI-O150", Place(str(folder)), "not its own"))
        return ["deep/a.txt", MARK]

    def fill(folder: Path) -> None:
        (folder / MARK).touch()

    write_folder(tmp_path / "out", fill, overwrite=True, mark=MARK, owned=owned)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.0123abcf.gone", "out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == [MARK]


def test_a_file_that_came_in_while_a_run_wrote_is_not_removed(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")

    def owned(folder: Path) -> list[str]:
        if (folder / "letter.txt").exists():
            raise UsageError(Fault("MPI-O150", Place(str(folder)), "not its own"))
        return ["deep/a.txt", MARK]

    def fill(folder: Path) -> None:
        (folder / MARK).touch()
        (tmp_path / "out" / "letter.txt").touch()

    with pytest.raises(UsageError, match="MPI-O150"):
        write_folder(tmp_path / "out", fill, overwrite=True, mark=MARK, owned=owned)
    assert held(tmp_path / "out") == "old"
    assert (tmp_path / "out" / "letter.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_input_inside_is_not_removed(tmp_path: Path) -> None:
    put(tmp_path / "out", "old")
    (tmp_path / "link").symlink_to(tmp_path / "out" / "deep")
    for source in (tmp_path / "out" / "deep" / "a.txt", tmp_path / "link" / "a.txt"):
        with pytest.raises(UsageError, match=r"MPI-O003 .*contains an input, deep/a.txt, which would be removed"):
            write_folder(tmp_path / "out", lambda _: None, overwrite=True, mark=MARK, inputs=[source])
    assert held(tmp_path / "out") == "old"


def test_messages_name_the_folder_that_was_given(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        raise DataError(Fault("MPI-O004", Place(str(folder / "deep" / "a.txt")), "the file cannot be written"))

    with pytest.raises(DataError) as error:
        write_folder(tmp_path / "out", fill, mark=MARK)
    assert str(error.value) == f"MPI-O004 {tmp_path}/out/deep/a.txt: the file cannot be written"


def test_every_file_is_flushed_and_a_refusal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(20):
        (tmp_path / f"part{place % 3}").mkdir(exist_ok=True)
        (tmp_path / f"part{place % 3}" / f"{place}.txt").write_text("figures", encoding="utf-8")
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    folders._sync(tmp_path)
    assert sorted(flushed) == sorted(path.stat().st_ino for path in tmp_path.rglob("*.txt"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        folders._sync(tmp_path)
