"""Which kernels a process uses, and what it does without them."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from mpi.errors import UsageError
from mpi.kernels import building, load, places
from tests.support.kernels import HOME, cache_of, kernel
from tests.support.limits import MOST

LARGE = load.WORTH


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user whose cache holds the kernels; nothing is shipped."""
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path)["XDG_CACHE_HOME"])
    monkeypatch.setattr(places, "shipped", lambda: tmp_path / "none")
    path = places.cached()
    assert path is not None
    return path


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize(
    ("way", "persons", "used"),
    [("auto", LARGE, True), ("", LARGE, True), ("auto", LARGE - 1, False), ("on", 1, True), ("off", LARGE, False)],
)
def test_kernels_are_used_where_they_pay_or_are_wanted(
    monkeypatch: pytest.MonkeyPatch, way: str, persons: int, used: bool
) -> None:
    monkeypatch.setenv("MPI_KERNELS", way)
    assert (load.chosen(persons) is not None) == used


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_KERNELS", "yes")
    with pytest.raises(UsageError, match=r"MPI-U012.*'yes', which is none of auto, on, off") as error:
        load.chosen(1)
    assert "set it to auto, on or off, or unset it" in str(error.value)


def test_a_file_of_other_sources_or_a_damaged_one_is_not_used(cached: Path) -> None:
    whole = cached.read_bytes()
    assert load.loaded(cached) is not None
    for number, content in enumerate((b"", whole[:-1], b"?" + whole[1:], whole[:40] + b"????" + whole[44:])):
        damaged = cached.with_name(str(number))
        damaged.write_bytes(content)
        assert load.loaded(damaged) is None


def test_kernels_that_another_numba_compiled_are_not_used(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load.found() is not None
    monkeypatch.setattr("importlib.metadata.version", lambda _: "0.61.2")
    assert load.found() is None and places.cached() != cached


def test_without_numba_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    monkeypatch.setattr(places, "shipped", lambda: Path("nowhere"))
    monkeypatch.setenv("MPI_KERNELS", "on")
    assert places.cached() is None and load.chosen(1) is None


def test_kernels_that_are_shipped_come_first(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "shipped", lambda: HOME / places.file_name())
    cached.unlink()
    assert load.found() is not None


def test_a_machine_without_the_instructions_is_left_to_numpy(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = places.unmarked(cached.read_bytes())
    assert code is not None and load._linked(code) is not None
    monkeypatch.setattr(places, "machine", lambda: "x86_64")
    monkeypatch.setattr(places, "FEATURES", ("instructions of another age",))
    assert load._linked(code) is None


def test_without_llvmlite_numpy_does_the_work(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = places.unmarked(cached.read_bytes())
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    assert code is not None and load._linked(code) is None


def test_a_user_without_a_home_has_the_kernels_that_are_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr(places, "shipped", lambda: Path("nowhere"))
    monkeypatch.setenv("MPI_KERNELS", "on")
    assert places.cached() is None and load.chosen(1) is None
    monkeypatch.setattr(places, "shipped", lambda: HOME / places.file_name())
    kernel()
    assert load.chosen(1) is not None


def test_a_cache_that_cannot_be_written_leaves_the_work_to_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(places, "shipped", lambda: tmp_path / "none")
    monkeypatch.setenv("MPI_KERNELS", "on")
    assert load.chosen(1) is None
    told = capsys.readouterr().err
    assert "compiling the kernels into" in told and "numpy does the work, with the same figures" in told
    assert load.chosen(1) is None and capsys.readouterr().err == ""  # it is tried and told once


def test_nothing_is_compiled_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(places, "shipped", lambda: tmp_path / "none")
    monkeypatch.setattr(building, "build", lambda *_: pytest.fail("compiles"))
    monkeypatch.setenv("MPI_KERNELS", "auto")
    assert load.chosen(LARGE) is None


def test_a_pass_with_kernels_imports_no_numba(tmp_path: Path) -> None:
    code = (
        "import sys, mpi; m = mpi.load_measure('colombia_ipm'); s = mpi.load_survey('colombia_demo_2025');"
        "mpi.deprivation_profile(s, m, 'sample_data');"
        "print('llvmlite' in sys.modules, 'numba' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    root = HOME.parents[2]
    ran = subprocess.run(
        command, cwd=root, env=cache_of(tmp_path), check=True, capture_output=True, text=True, timeout=MOST
    )
    assert ran.stdout.split() == ["True", "False"]
