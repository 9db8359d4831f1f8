"""Clusters that fail: each cause is refused in time, with the host and the cause, and no figure is given."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mpi import distributed
from mpi.distributed import by_dask as asking
from mpi.errors import UsageError
from mpi.source import identity
from tests.support import clusters
from tests.support.clusters import MEASURE, SURVEY, worker
from tests.support.limits import MOST

dask = pytest.importorskip("distributed", reason="Dask is not installed")
HOST = re.escape(socket.gethostname())
PATIENCE = 12  # seconds; what a worker does before it fails takes one on a quiet machine
# Dask leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{what}")
    for what in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning", "FutureWarning")
]


@pytest.fixture(scope="module")
def bare() -> Iterator[Any]:
    """The client of a scheduler without workers."""
    with dask.LocalCluster(n_workers=0, dashboard_address=":0") as cluster, dask.Client(cluster) as made:
        yield made


@pytest.fixture
def client(bare: Any) -> Any:
    """The same, once those of the test before are gone."""
    until(lambda: not bare.sync(bare.scheduler.identity)["workers"])
    return bare


def until(holds: Callable[[], object]) -> None:
    """Wait, not for ever."""
    end = time.monotonic() + MOST
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def refused(data: Path, client: Any, why: str, patience: float = MOST) -> str:
    """The refusal, once it is sure that it came in time."""
    began = time.monotonic()
    with pytest.raises(UsageError, match=why) as refusal:
        distributed.deprivation_profile(SURVEY, MEASURE, data, cluster=client, patience=patience)
    assert time.monotonic() - began < MOST
    assert refusal.value.exit_code == 2
    return str(refusal.value)


def swap(values: list[int | None], low: int) -> None:
    """Let the first two values from a place on that differ, and are neither unknown nor 0, change places."""
    known = [i for i in range(low, low + clusters.ROWS // 2) if values[i]]
    first, second = known[0], next(i for i in known if values[i] != values[known[0]])
    values[first], values[second] = values[second], values[first]


@pytest.mark.parametrize("within", [False, True])
def test_a_worker_with_other_values_in_files_of_equal_size_is_refused(
    census: Path, client: Any, tmp_path: Path, within: bool
) -> None:
    ours = clusters.plain(census, tmp_path / "ours")
    schooling = pq.read_table(census / "persons.parquet")["schooling"].to_pylist()
    if within:  # two persons of each row group change places: no statistics tell
        for low in range(0, len(schooling) - clusters.ROWS, clusters.ROWS):
            swap(schooling, low)
    else:
        schooling = [years and min(years, 3) for years in schooling]
    theirs = clusters.plain(census, tmp_path / "theirs", schooling=schooling)
    files = [folder / "persons.parquet" for folder in (ours, theirs)]
    assert files[0].stat().st_size == files[1].stat().st_size
    assert (identity(files[0]) == identity(files[1])) is within
    address = client.scheduler.address
    with (
        worker(address, tmp_path / "a", clusters.AT_READING.format("time.sleep(1)")),  # so that each reads some
        worker(address, tmp_path / "b", clusters.ELSEWHERE.format(str(theirs))),
    ):
        client.wait_for_workers(2, timeout=MOST)
        found = refused(ours, client, r"MPI-U010 the worker on .* has other files than this machine: persons.parquet")
    assert re.search(rf"on {HOST} \(process \d+\)", found)
    assert ("with other values in it" in found) is within


def test_a_worker_without_the_data_is_named(census: Path, client: Any, tmp_path: Path) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.ELSEWHERE.format("/nowhere")):
        refused(
            census,
            client,
            rf"MPI-U010 the worker on {HOST} .* cannot read the data that this machine reads: "
            r"MPI-U001 /nowhere: the data folder does not exist",
        )


def test_a_worker_without_the_package_is_named(census: Path, client: Any, tmp_path: Path) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.NO_PACKAGE):
        refused(census, client, rf"MPI-U010 the worker on {HOST} .* cannot import mpi-engine: it has no module 'mpi'")


def test_a_worker_with_another_version_is_named(census: Path, client: Any, tmp_path: Path) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.OLDER):
        refused(census, client, rf"MPI-U010 the worker on {HOST} .* has another version of mpi-engine, 0\.0\.9, than")


def test_an_unforeseen_exception_of_a_worker_names_it_and_quotes_nothing(
    census: Path, client: Any, tmp_path: Path
) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.RAISES):
        found = refused(census, client, rf"MPI-U180 the worker on {HOST} .* met an unexpected KeyError at sitecustom")
    assert "person 7" not in found


def test_a_cluster_without_a_worker_is_refused_in_time(census: Path, client: Any) -> None:
    began = time.monotonic()
    refused(census, client, r"MPI-U010 the cluster gave up: no worker was there for 12 s", PATIENCE)
    assert time.monotonic() - began >= PATIENCE


def test_a_cluster_whose_workers_are_lost_for_good_is_refused_in_time(
    census: Path, client: Any, tmp_path: Path
) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.KILLED):
        client.wait_for_workers(1, timeout=MOST)
        refused(
            census,
            client,
            r"MPI-U010 the cluster gave up: all its workers were lost, and none came back for 12 s",
            PATIENCE,
        )


def test_a_frozen_worker_is_named_in_time(census: Path, client: Any, tmp_path: Path) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.FROZEN):
        client.wait_for_workers(1, timeout=MOST)
        (address,) = client.scheduler_info()["workers"]
        refused(
            census,
            client,
            r"MPI-U010 the cluster gave up: no span was finished for 12 s, and nothing is heard of "
            rf"the worker at {address}",
            PATIENCE,
        )


def test_a_worker_that_answers_and_finishes_nothing_is_refused_in_time(
    census: Path, client: Any, tmp_path: Path
) -> None:
    with worker(client.scheduler.address, tmp_path, clusters.AT_READING.format("time.sleep(600)")):
        client.wait_for_workers(1, timeout=MOST)
        refused(census, client, r"MPI-U010 .* no span was finished for 12 s, though 1 worker can be reached", PATIENCE)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (
            "SIGSTOP",
            r"MPI-U010 the cluster gave up: the scheduler at .* gave no answer, and no span was finished for 12",
        ),
        ("SIGKILL", r"MPI-U010 the cluster gave up: the connection to the scheduler at .* was lost"),
    ],
)
def test_a_scheduler_that_ends_or_freezes_on_the_way_is_refused_in_time(
    census: Path, tmp_path: Path, sent: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ANSWER", 10.0)
    at = tmp_path / "at.json"
    with clusters.started(
        tmp_path / "s", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(at)
    ) as scheduler:
        until(at.exists)
        with dask.Client(scheduler_file=str(at)) as client:
            address = client.scheduler.address
            end = clusters.AT_READING.format(f"os.kill({scheduler.pid}, signal.{sent})")
            with worker(address, tmp_path / "w", end):
                client.wait_for_workers(1, timeout=MOST)
                client.close()
                refused(census, address, why, PATIENCE)
