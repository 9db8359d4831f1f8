"""A census read by the executors of Spark: the bytes of one machine, progress, and each cause of a failure told."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi import distributed
from mpi.errors import DataError, UsageError
from tests.support import clusters
from tests.support.clusters import MEASURE, SURVEY, written
from tests.support.limits import MOST

SPANS = 10
HOST = re.escape(socket.gethostname())
# Before it reads a span, a worker of Spark does what stands in a file.
OBEDIENT = """
import os, signal, time
from pathlib import Path
from mpi.distributed import errand
real = errand.read_span
def read_span(job, number):
    exec(Path({!r}).read_text())
    return real(job, number)
errand.read_span = read_span
"""
# Spark leaves sockets to the garbage collector, and warns of a pandas that it is not asked to use.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{what}")
    for what in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning", "FutureWarning")
]


def lacking(what: str) -> None:
    """Skip, but where Spark is required."""
    (pytest.fail if os.environ.get("MPI_SPARK") == "required" else pytest.skip)(what)


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clusters.census_in(tmp_path_factory.mktemp("census"))


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What workers do before they read a span."""
    return tmp_path_factory.mktemp("spark") / "order.py"


@pytest.fixture(scope="module")
def session(order: Path) -> Iterator[Any]:
    try:
        from pyspark import sql
    except ImportError:
        lacking("Spark is not installed")
    if shutil.which("java") is None:
        lacking("Spark needs Java, which is not installed")
    order.write_text("")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in clusters.starting(order.parent, OBEDIENT.format(str(order))).items():
            patch.setenv(name, value)
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        made = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        yield made
        made.stop()


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, order: Path) -> Iterator[None]:
    clusters.small_spans(monkeypatch)
    yield
    order.write_text("")


def refused(data: Path, session: Any, why: str, patience: float = MOST) -> str:
    began = time.monotonic()
    with pytest.raises(UsageError, match=why) as refusal:
        distributed.deprivation_profile(SURVEY, MEASURE, data, cluster=session, patience=patience)
    assert time.monotonic() - began < MOST
    return str(refusal.value)


def test_spark_gives_the_bytes_of_one_machine_and_tells_its_progress(
    census: Path, session: Any, order: Path, tmp_path: Path
) -> None:
    order.write_text("time.sleep(0.5)")  # longer than two looks at the progress lie apart
    told: list[int] = []
    profile = distributed.deprivation_profile(
        SURVEY, MEASURE, census, cluster=session, report=lambda _, done, total: told.append(done)
    )
    alone = mpi.deprivation_profile(SURVEY, MEASURE, census, threads=2)
    assert written(profile, tmp_path / "spark.parquet") == written(alone, tmp_path / "alone.parquet")
    assert told == sorted(set(told))
    assert told[0] == 0
    assert told[-1] == alone.counts["persons"]
    assert len(told) > 3


def test_spark_refuses_as_one_machine_does(census: Path, session: Any, tmp_path: Path) -> None:
    turned = clusters.turned_in(census, tmp_path / "turned")
    with pytest.raises(UsageError, match=r"MPI-U009.*are not in the order of the households' key"):
        distributed.deprivation_profile(SURVEY, MEASURE, turned, cluster=session)
    clusters.with_null(turned, tmp_path)
    with pytest.raises(DataError, match=r"MPI-D030.*is null in 1 row"):
        distributed.deprivation_profile(SURVEY, MEASURE, tmp_path, cluster=session)


def test_a_python_of_spark_that_is_killed_is_named(census: Path, session: Any, order: Path) -> None:
    order.write_text("number == 3 and os.kill(os.getpid(), signal.SIGKILL)")
    refused(census, session, r"MPI-U010 the cluster gave up: a worker died .* on \S+ \(its Python")


def test_what_a_worker_of_spark_lacks_or_meets_is_told_with_its_host(census: Path, session: Any, order: Path) -> None:
    for text, why in (
        ("raise KeyError('person 7')", rf"MPI-U180 the worker on {HOST} \(process \d+\) met an unexpected KeyError at"),
        ("raise errand.Elsewhere('files', 'persons.parquet')", rf"MPI-U010 the worker on {HOST} .* has other files"),
    ):
        order.write_text(text)
        assert "person 7" not in refused(census, session, why)


def test_a_frozen_worker_of_spark_is_refused_in_time(census: Path, session: Any, order: Path, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    order.write_text(f"Path({str(frozen)!r}, str(os.getpid())).touch(); os.kill(os.getpid(), signal.SIGSTOP)")
    try:
        # Spark's count of tasks at work may be 10 s old.
        why = r"MPI-U010 the cluster gave up: no span was finished for 4 s, (though \d tasks? are|and Spark reports no)"
        refused(census, session, why, 4)
    finally:
        for name in frozen.iterdir():
            with suppress(ProcessLookupError):
                os.kill(int(name.name), signal.SIGKILL)


def test_a_stopped_session_is_refused(census: Path, session: Any) -> None:
    session.stop()
    refused(census, session, r"MPI-U010 the cluster gave up: its session is stopped")
