"""Files appear whole or not at all, never over an input, and no cell runs as a formula."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.errors import DataError, Fault, MpiError, Place, UsageError
from mpi.files import check_file, safe_cell, write_parquet, write_whole
from tests.support.limits import MOST


def put(path: Path, content: str = "new", **options: object) -> None:
    write_whole(path, lambda temporary: temporary.write_text(content, encoding="utf-8"), **options)  # type: ignore[arg-type]


def said(path: Path, **options: object) -> str:
    with pytest.raises(MpiError) as error:
        put(path, **options)
    return str(error.value).replace(f"{path.parent}/", "")


def test_a_file_is_written_whole_with_the_rights_of_any_new_file(tmp_path: Path) -> None:
    put(tmp_path / "out.txt")
    (tmp_path / "other.txt").touch()
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "out.txt").stat().st_mode == (tmp_path / "other.txt").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.txt", "out.txt"]


def test_a_file_that_exists_is_replaced_only_where_that_is_allowed(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")
    assert said(target) == "MPI-O002 out.txt: this output exists\n  remove it, or add --overwrite"
    assert target.read_text(encoding="utf-8") == "old"
    put(target, overwrite=True)
    assert target.read_text(encoding="utf-8") == "new"


def test_a_folder_or_a_dead_link_is_no_target(tmp_path: Path) -> None:
    expected = "MPI-O002 out: this output is a folder, a device or a dead link\n  name a file"
    (tmp_path / "out").mkdir()
    assert said(tmp_path / "out", overwrite=True) == expected
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert said(tmp_path / "link", overwrite=True) == expected.replace("out:", "link:")
    assert not (tmp_path / "nowhere").exists()


def test_a_device_is_no_target() -> None:
    assert "this output is a folder, a device or a dead link" in said(Path(os.devnull), overwrite=True)
    assert Path(os.devnull).is_char_device()


def test_the_folder_must_be_there(tmp_path: Path) -> None:
    target = tmp_path / "no" / "out.txt"
    assert said(target) == "MPI-O001 out.txt: the folder of this output does not exist\n  make it first"
    with pytest.raises(UsageError):
        put(target)


def test_an_input_is_never_written_over_under_whatever_name(tmp_path: Path) -> None:
    source, other = tmp_path / "data.txt", tmp_path / "other.txt"
    source.write_text("data", encoding="utf-8")
    other.hardlink_to(source)
    (tmp_path / "link.txt").symlink_to(source)
    for target in (source, other, tmp_path / "link.txt"):
        expected = f"MPI-O003 {target.name}: this output is one of the inputs\n  choose another name"
        assert said(target, overwrite=True, inputs=[tmp_path / "gone.txt", source]) == expected
    assert source.read_text(encoding="utf-8") == "data"


def test_a_link_to_another_file_is_replaced_and_the_file_is_not(tmp_path: Path) -> None:
    other, link = tmp_path / "other.txt", tmp_path / "link.txt"
    other.write_text("other", encoding="utf-8")
    link.symlink_to(other)
    put(link, overwrite=True)
    assert other.read_text(encoding="utf-8") == "other"
    assert link.read_text(encoding="utf-8") == "new" and not link.is_symlink()


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 10,000 bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(DataError) as error:
        put(target, "x" * 100_000, overwrite=True)
    assert str(error.value) == (
        f"MPI-O004 {target}: the file cannot be written (File too large)\n"
        "  look at the free space and the permissions of the disk"
    )
    table = pa.table({"a": [os.urandom(50_000)]})
    with pytest.raises(DataError, match="MPI-O004"):
        write_whole(tmp_path / "out.parquet", lambda path: write_parquet(table, path))
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert target.read_text(encoding="utf-8") == "old"


def test_a_fault_of_another_kind_leaves_nothing_either(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "out.txt", fail)
    assert not list(tmp_path.iterdir())


def test_an_error_without_a_number_is_told_without_one(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("canary-7f3a")

    with pytest.raises(DataError) as error:
        write_whole(tmp_path / "out.txt", fail)
    assert "(the disk refuses)" in str(error.value) and "canary" not in str(error.value)


def test_a_killed_process_leaves_no_file_of_the_target_s_name(tmp_path: Path) -> None:
    target, ready = tmp_path / "out.txt", tmp_path / "ready"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom mpi.files import write_whole\n"
        "def slow(path):\n    path.write_text('half')\n    Path(sys.argv[2]).touch()\n    time.sleep(600)\n"
        "write_whole(Path(sys.argv[1]), slow, overwrite=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(target), str(ready)])
    end = time.monotonic() + MOST
    while not ready.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert ready.exists()
    process.send_signal(signal.SIGKILL)
    process.wait(MOST)
    assert not target.exists()
    put(target)
    assert target.read_text(encoding="utf-8") == "new"


def test_two_writers_of_one_target_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    names = set()

    def outer(path: Path) -> None:
        names.add(path)
        write_whole(tmp_path / "out.txt", lambda inner: (names.add(inner), inner.write_text("inner"))[0])  # type: ignore[func-returns-value]
        path.write_text("outer", encoding="utf-8")

    write_whole(tmp_path / "out.txt", outer)
    assert len(names) == 2
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "outer"


def test_parquet_is_written_with_page_checksums(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_parquet(pa.table({"a": ["x" * 1000]}), path)
    raw = bytearray(path.read_bytes())
    raw[20] ^= 1
    path.write_bytes(raw)
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(path, page_checksum_verification=True)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit(143), MemoryError, ZeroDivisionError])
def test_the_earlier_file_outlives_every_exception(error: BaseException, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise error

    (tmp_path / "out.txt").write_text("old", encoding="utf-8")
    with pytest.raises(BaseException):  # noqa: B017  each of them, as it is
        write_whole(tmp_path / "out.txt", fail, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "old"


def test_no_message_names_the_hidden_file(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise DataError(Fault("MPI-O012", Place(str(path), 3), f"cannot write {path}", f"look at {path.name}"))

    with pytest.raises(DataError) as error:
        write_whole(tmp_path / "out.txt", fail)
    assert str(error.value) == f"MPI-O012 {tmp_path}/out.txt:3: cannot write {tmp_path}/out.txt\n  look at out.txt"


def test_rows_of_persons_are_readable_by_nobody_else_from_the_first_byte(tmp_path: Path) -> None:
    modes = []

    def write(path: Path) -> None:
        modes.append(path.stat().st_mode & 0o777)
        write_parquet(pa.table({"a": [1]}), path)
        modes.append(path.stat().st_mode & 0o777)

    (tmp_path / "units.parquet").touch(mode=0o644)
    write_whole(tmp_path / "units.parquet", write, private=True, overwrite=True)
    modes.append((tmp_path / "units.parquet").stat().st_mode & 0o777)
    assert modes == [0o600] * 3


@pytest.mark.parametrize(
    ("name", "code"),
    [("no/out.txt", "MPI-O001"), ("file/out.txt", "MPI-O001"), ("here", "MPI-O002"), ("file", "MPI-O002"),
     ("link", "MPI-O003"), ("hard", "MPI-O003"), ("HARD", "MPI-O003"), ("n" * 256, "MPI-O004"), ("a\0b", "MPI-O004")],
)  # fmt: skip
def test_the_guard_alone_refuses_every_place_that_a_write_would(name: str, code: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for file in (source, tmp_path / "file"):
        file.write_text("kept", encoding="utf-8")
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "hard").hardlink_to(source)
    (tmp_path / "HARD").hardlink_to(source)  # on a disk that knows no capitals, as `hard` itself
    for overwrite in (False, True):
        if name == "file" and overwrite:
            check_file(tmp_path / name, overwrite=True, inputs=[source])
            continue
        with pytest.raises(MpiError) as error:
            check_file(tmp_path / name, overwrite=overwrite, inputs=[source])
        assert [fault.code for fault in error.value.faults] == [code]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_folder_that_may_not_be_written_to_is_told_of_at_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match=r"MPI-O004 .*may not be written to"):
        check_file(tmp_path / "out.txt")
    tmp_path.chmod(0o700)


def test_a_name_of_any_length_that_the_disk_takes_is_written(tmp_path: Path) -> None:
    for name in ("n" * 255, "\N{GRINNING FACE}" * 63):
        put(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == "new"


def test_what_a_killed_writer_left_is_removed_by_the_next_and_nothing_else_is(tmp_path: Path) -> None:
    kept = [".out.txt.part", ".out.txt.0123abcd.part.txt", ".other.txt.0123abcd.part", ".out.txt.0123abcx.part"]
    for name in (*kept, ".out.txt.0123abcd.part"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    (tmp_path / ".out.txt.0123abce.part").touch()  # its writer may be about to hold it
    put(tmp_path / "out.txt")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([*kept, ".out.txt.0123abce.part", "out.txt"])
    os.utime(tmp_path / ".out.txt.0123abce.part", (0, 0))
    put(tmp_path / "out.txt", overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, "out.txt"])
