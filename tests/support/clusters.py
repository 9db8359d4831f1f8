"""A census for clusters to read, and workers that do what no worker should."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census.generator import Census, write_census
from mpi import distributed
from mpi.distributed import by_dask
from mpi.profile import DeprivationProfile
from mpi.source import households_only, span
from tests.support.limits import MOST

ROOT = Path(mpi.__file__).parents[1]
BENCH = ROOT / "benchmarks" / "census"
MEASURE = mpi.load_measure(BENCH / "measure.yaml")
SURVEY = mpi.load_survey(BENCH / "survey.yaml")
ROWS = 4_000  # of a row group, and the least of a span


def small_spans(patch: pytest.MonkeyPatch) -> None:
    """Let a small census be read as a large one is."""
    patch.setattr(households_only, "SMALL", 0)
    patch.setattr(distributed, "SMALL", 0)
    patch.setattr(span, "SPAN", ROWS)
    patch.setattr(distributed, "SPAN", ROWS)


@contextmanager
def patient() -> Iterator[None]:
    """Let Dask wait longer for its own processes: on a busy machine they are late, and that is not what is tested."""
    with pytest.MonkeyPatch.context() as patch, suppress(ImportError):
        import dask

        patch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", f"{MOST}s")
        patch.setattr(by_dask, "ANSWER", 30.0)
        with dask.config.set({"distributed.comm.timeouts.connect": f"{MOST}s"}):
            yield
            return
    yield


def census_in(folder: Path, persons: int = 40_000) -> Path:
    """A census whose row groups cut households."""
    write_census(Census(persons, unknown=0.01, row_group=ROWS), folder)
    return folder


def written(profile: DeprivationProfile, path: Path) -> bytes:
    profile.write(path, overwrite=True)
    return path.read_bytes()


def plain(census: Path, folder: Path, **columns: Any) -> Path:
    """A copy with pages as they are, so that other values have the same sizes; some columns of persons changed."""
    folder.mkdir(parents=True)
    for name in ("persons", "households"):
        table = pq.read_table(census / f"{name}.parquet")
        for column, values in columns.items() if name == "persons" else ():
            made = pa.array(values, table[column].type)
            table = table.set_column(table.schema.get_field_index(column), column, made)
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=ROWS, compression="none", use_dictionary=False)
    return folder


def with_null(census: Path, folder: Path) -> None:
    """The census with one person whose household is not known."""
    table = pq.read_table(census / "persons.parquet")
    keys = table["household"].to_pylist()
    keys[30_000] = None
    broken = table.set_column(table.schema.get_field_index("household"), "household", pa.array(keys, pa.int64()))
    pq.write_table(broken, folder / "persons.parquet", row_group_size=ROWS)
    shutil.copy(census / "households.parquet", folder / "households.parquet")


def turned_in(census: Path, folder: Path) -> Path:
    """The census with persons the other way round within a row group, which its statistics do not show."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pq.read_table(census / "persons.parquet")
    rows = list(range(table.num_rows))
    rows[30_001:30_601] = rows[30_600:30_000:-1]
    pq.write_table(table.take(rows), folder / "persons.parquet", row_group_size=ROWS)
    shutil.copy(census / "households.parquet", folder / "households.parquet")
    return folder


# What a worker's Python does as it starts.
NO_PACKAGE = "import sys\nsys.modules['mpi'] = None\n"
OLDER = "import mpi\nmpi.__version__ = '0.0.9'\n"
ELSEWHERE = """
from mpi.distributed import errand
real = errand.open_survey
errand.open_survey = lambda survey, data: real(survey, {!r})
"""
AT_READING = """
import os, signal, sys, time
from pathlib import Path
from mpi.source import reading
real = reading.Apart.read
def read(self, i, work):
    {}
    return real(self, i, work)
reading.Apart.read = read
"""
KILLED = AT_READING.format("os.kill(os.getpid(), signal.SIGKILL)")
FROZEN = AT_READING.format("os.kill(os.getpid(), signal.SIGSTOP)")
RAISES = AT_READING.format("raise KeyError('person 7')")


def kill(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGCONT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            process.send_signal(number)
    process.wait(MOST)


def starting(folder: Path, change: str) -> dict[str, str]:
    """The environment of a Python that begins with a change."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(change)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


@contextmanager
def started(folder: Path, *arguments: str, change: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask from its command line."""
    environment = starting(folder, change)
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            yield process
        finally:
            kill(process)


@contextmanager
def worker(address: str, folder: Path, change: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is not restarted."""
    with started(
        folder, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", change=change
    ) as process:
        yield process
