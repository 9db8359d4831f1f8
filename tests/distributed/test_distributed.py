"""A census read by the workers of a cluster: the bytes of one machine, also when a worker dies on the way."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census.generator import Census, write_census
from mpi import distributed
from mpi.errors import DataError, UsageError
from mpi.profile import DeprivationProfile
from mpi.rules import Origin, Rule, parse
from mpi.source import households_only, reading
from tests.support import clusters
from tests.support.clusters import BENCH, MEASURE, SURVEY, with_null, written
from tests.support.limits import MOST

SPANS = 10
CHILDREN = "children: {child: age < 18, schooled: schooling >= 6}\n"
# Dask and Spark leave sockets to the garbage collector, and Spark warns of a pandas that it is not asked to use.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{what}")
    for what in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning", "FutureWarning")
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    dask = pytest.importorskip("distributed", reason="Dask is not installed")
    with (
        dask.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        dask.Client(cluster) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def turned(census: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The census with persons the other way round within a row group, which its statistics do not tell."""
    return clusters.turned_in(census, tmp_path_factory.mktemp("turned"))


def plugin(change: Callable[[], None]) -> Any:
    """What a worker does as it starts."""
    dask = pytest.importorskip("distributed", reason="Dask is not installed")

    class Plugin(dask.WorkerPlugin):  # type: ignore[name-defined, misc]
        def setup(self, worker: Any) -> None:
            change()

    return Plugin()


@pytest.fixture
def alone_bytes(census: Path, tmp_path: Path, _small: None) -> bytes:
    return written(mpi.deprivation_profile(SURVEY, MEASURE, data=census, threads=2), tmp_path / "alone.parquet")


def test_two_workers_give_the_bytes_of_one_machine(
    census: Path, client: Any, alone_bytes: bytes, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    profile = distributed.deprivation_profile(
        SURVEY, MEASURE, census, cluster=client, report=lambda *now: told.append(now)
    )
    assert written(profile, tmp_path / "p.parquet") == alone_bytes
    assert [done for _, done, _ in told[:-1]] == [4_000 * i for i in range(SPANS)]
    assert told[-1][1] == told[-1][2] > 39_000


def test_two_workers_count_those_inside_a_universe(census: Path, client: Any, tmp_path: Path) -> None:
    text = "age < 18"
    rule = Rule(text, parse(text, Origin("test")), Origin("test"))
    children = replace(MEASURE, universe=rule)
    alone = mpi.deprivation_profile(SURVEY, children, data=census, threads=2)
    profile = distributed.deprivation_profile(SURVEY, children, census, cluster=client)
    assert written(profile, tmp_path / "two.parquet") == written(alone, tmp_path / "alone.parquet")
    assert 0 < profile.cells.persons.sum() < profile.counts["persons"]


def test_threads_and_workers_give_the_bytes_of_one_thread_with_gaps_lines_classes_and_children(
    census: Path, client: Any, tmp_path: Path
) -> None:
    text = (BENCH / "measure.yaml").read_text(encoding="utf-8")
    gap = "nobody: deprived, gap: {achievement: MEAN(schooling), cutoff: 9, bound: 0, nobody: 0}}"
    classes = "{neither: NOT income_poor AND NOT poor, other: income_poor OR poor}"
    line = f"lines: {{line: {{income: rooms, relative: 0.6}}}}\nincome_poor: rooms < line\nclasses: {classes}\n"
    changed = text.replace("nobody: deprived}", gap).replace("\ndimensions:", f"\n{line}{CHILDREN}\ndimensions:")
    (tmp_path / "measure.yaml").write_text(changed, encoding="utf-8")
    measure = mpi.load_measure(tmp_path / "measure.yaml")
    asked = {"domains": ["zone", "children"]}
    found = [mpi.deprivation_profile(SURVEY, measure, data=census, threads=number, **asked) for number in (1, 3)]
    found.append(distributed.deprivation_profile(SURVEY, measure, census, cluster=client, **asked))
    one, *others = (written(profile, tmp_path / f"{place}.parquet") for place, profile in enumerate(found))
    assert others == [one, one]
    assert found[0].amounts and found[0].lines and found[0].marks


def test_a_scheduler_is_found_by_its_address(census: Path, client: Any, alone_bytes: bytes, tmp_path: Path) -> None:
    paths = {name: str(census / f"{name}.parquet") for name in ("persons", "households")}
    address = client.scheduler.address
    profile = distributed.deprivation_profile(SURVEY, MEASURE, paths, cluster=address)
    assert written(profile, tmp_path / "p.parquet") == alone_bytes


def test_some_domains_are_kept(census: Path, client: Any) -> None:
    kept = distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=client, domains=["zone"])
    assert [domain.name for domain in kept.domains] == ["zone"]


@pytest.mark.parametrize(("workers", "threads"), [(1, 1), (1, 3), (3, 1)])
def test_any_number_of_workers_and_threads_gives_the_bytes_of_one_machine(
    census: Path, alone_bytes: bytes, tmp_path: Path, workers: int, threads: int
) -> None:
    dask = pytest.importorskip("distributed", reason="Dask is not installed")
    with (
        dask.LocalCluster(n_workers=workers, threads_per_worker=threads, dashboard_address=":0") as cluster,
        dask.Client(cluster) as client,
    ):
        profile = distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=client)
    assert written(profile, tmp_path / "p.parquet") == alone_bytes


def test_a_number_starts_processes_and_ends_them(census: Path, alone_bytes: bytes, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    profile = distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=1)
    assert written(profile, tmp_path / "p.parquet") == alone_bytes


def test_a_worker_killed_while_it_reads_changes_nothing(census: Path, alone_bytes: bytes, tmp_path: Path) -> None:
    dask = pytest.importorskip("distributed", reason="Dask is not installed")
    killed = tmp_path / "killed"

    def dying() -> None:
        """Let the first worker that has read a block of the sixth span die of it, before it gives an answer."""
        read = reading.Apart.read

        def cut(frames: Iterator[Any]) -> Iterator[Any]:
            for frame in frames:
                yield frame
                if not killed.exists():
                    killed.write_text(str(os.getpid()))
                    os.kill(os.getpid(), signal.SIGKILL)

        def patched(self: Any, i: int, work: Any) -> Any:
            return read(self, i, (lambda frames: work(cut(frames))) if i == 5 else work)

        reading.Apart.read = patched  # type: ignore[method-assign]

    with (
        dask.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        dask.Client(cluster) as client,
    ):
        before = set(client.run(os.getpid).values())
        client.register_plugin(plugin(dying))
        profile = distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=client)
        assert int(killed.read_text()) in before
        client.wait_for_workers(2, timeout=MOST)
        assert int(killed.read_text()) not in set(client.run(os.getpid).values())
    assert written(profile, tmp_path / "p.parquet") == alone_bytes


def test_processes_of_this_machine_that_all_die_are_refused(
    census: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where Dask, left alone, would not start them again, as it happens under load.

    It gives up after four, which take some seconds each to start; here after two.
    """
    dask = pytest.importorskip("dask", reason="Dask is not installed")
    for name, value in clusters.starting(tmp_path, clusters.KILLED).items():
        monkeypatch.setenv(name, value)
    with (
        dask.config.set(
            {"distributed.deploy.lost-worker-timeout": "100ms", "distributed.scheduler.allowed-failures": 1}
        ),
        pytest.raises(UsageError, match=r"MPI-U010 the cluster gave up: 2 workers died, .* on tcp://127.* \(KilledWor"),
    ):
        distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=1, patience=MOST)


def test_an_asynchronous_client_is_refused(census: Path, client: Any) -> None:
    async def read() -> None:
        async with type(client)(client.scheduler.address, asynchronous=True) as own:
            distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=own)

    # In a thread of its own: the browser of other tests keeps a loop of this one running.
    with ThreadPoolExecutor(1) as pool, pytest.raises(UsageError, match=r"MPI-U010 the client is asynchronous"):
        pool.submit(lambda: asyncio.run(read())).result(MOST)


def test_processes_that_end_as_they_start_are_refused(
    census: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    ends = "import os, sys\nif 'spawn_main' in ' '.join(sys.orig_argv):\n    os._exit(3)\n"
    for name, value in clusters.starting(tmp_path, ends).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=r"MPI-U010 1 process of this machine did not start: one ended at once"):
        distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=1)


def test_a_client_that_is_closed_is_refused(census: Path, client: Any) -> None:
    closed = type(client)(client.scheduler.address)
    closed.close()
    with pytest.raises(UsageError, match=r"MPI-U010 the cluster gave up: its client is closed"):
        distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=closed)


def test_files_that_change_while_workers_read_are_refused(
    census: Path, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(census, tmp_path, dirs_exist_ok=True)
    results = distributed._results

    def other(*arguments: Any) -> Any:
        """As many rows in as many groups, but all of one age."""
        table = pq.read_table(tmp_path / "persons.parquet")
        ages = pa.array([30] * table.num_rows, table["age"].type)
        table = table.set_column(table.schema.get_field_index("age"), "age", ages)
        pq.write_table(table, tmp_path / "persons.parquet", row_group_size=4_000)
        return results(*arguments)

    monkeypatch.setattr(distributed, "_results", other)
    with pytest.raises(DataError, match=r"MPI-D150 .*persons.parquet: the input changed while it was read"):
        distributed.deprivation_profile(SURVEY, MEASURE, tmp_path, cluster=client)


def test_a_refusal_is_worked_out_once(turned: Path, tmp_path: Path) -> None:
    def counting(folder: Path = tmp_path) -> None:
        read = reading.Apart.read

        def patched(self: Any, i: int, work: Any) -> Any:
            with (folder / "calls").open("a") as calls:
                calls.write(f"{i}\n")
            return read(self, i, work)

        reading.Apart.read = patched  # type: ignore[method-assign]

    dask = pytest.importorskip("distributed", reason="Dask is not installed")
    with (
        dask.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster,
        dask.Client(cluster) as own,
    ):
        own.register_plugin(plugin(counting))
        with pytest.raises(UsageError, match=r"MPI-U009.*are not in the order of the households' key"):
            distributed.deprivation_profile(SURVEY, MEASURE, turned, cluster=own)
    calls = (tmp_path / "calls").read_text().split()
    assert calls and len(calls) == len(set(calls))


def test_a_workers_refusal_arrives_as_it_is(census: Path, client: Any, tmp_path: Path) -> None:
    with_null(census, tmp_path)
    with pytest.raises(DataError, match=r"MPI-D030.*is null in 1 row") as refused:
        distributed.deprivation_profile(SURVEY, MEASURE, tmp_path, cluster=client)
    assert "30000" not in str(refused.value)


def test_files_in_no_order_are_refused(client: Any, tmp_path: Path) -> None:
    write_census(Census(20_000, shuffled=True, row_group=4_000), tmp_path)
    with pytest.raises(UsageError, match=r"MPI-U009.*are not in the order of the households' key"):
        distributed.deprivation_profile(SURVEY, MEASURE, tmp_path, cluster=client)


def test_frames_and_what_is_no_cluster_are_refused(census: Path) -> None:
    frames: Any = {name: pq.read_table(census / f"{name}.parquet") for name in ("persons", "households")}
    with pytest.raises(UsageError, match=r"MPI-U009.*frames in memory"):
        distributed.deprivation_profile(SURVEY, MEASURE, frames, cluster=1)
    pytest.importorskip("distributed", reason="Dask is not installed")
    for wrong in (0, 2.5, True):
        with pytest.raises(UsageError, match=r"MPI-U010.*is not a cluster"):
            distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=wrong)


@pytest.mark.parametrize("patience", [0, -1, float("nan"), float("inf")])
def test_a_patience_that_is_no_time_is_refused(census: Path, patience: Any) -> None:
    with pytest.raises(UsageError, match=r"MPI-U181 a patience of .* is not a number of seconds above 0"):
        distributed.deprivation_profile(SURVEY, MEASURE, census, cluster=1, patience=patience)


def test_a_small_survey_is_read_here(census: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(distributed, "SMALL", 200_000)
    monkeypatch.setattr(households_only, "SMALL", 200_000)
    found = distributed.deprivation_profile(SURVEY, MEASURE, census, cluster="tcp://127.0.0.1:1")
    assert written(found, tmp_path / "a") == written(mpi.deprivation_profile(SURVEY, MEASURE, census), tmp_path / "b")


def test_the_command_line_lets_a_cluster_read(
    census: Path, client: Any, tmp_path: Path, alone_bytes: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    from mpi.cli import main

    output = tmp_path / "cluster.parquet"
    arguments = [str(BENCH / "measure.yaml"), str(BENCH / "survey.yaml"), "--data", str(census), "-o", str(output)]
    with pytest.raises(SystemExit) as stop:
        main(["profile", *arguments, "--cluster", client.scheduler.address])
    assert not stop.value.code, capsys.readouterr().err
    assert DeprivationProfile.read(output).counts == DeprivationProfile.read(tmp_path / "alone.parquet").counts
    assert output.read_bytes() == alone_bytes


@pytest.mark.parametrize("bound", [("--threads", "2"), ("--memory", "2GB")])
def test_bounds_on_this_machine_are_refused_beside_a_cluster(
    census: Path, tmp_path: Path, bound: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from mpi.cli import main

    arguments = [str(BENCH / "measure.yaml"), str(BENCH / "survey.yaml"), "--data", str(census)]
    with pytest.raises(SystemExit) as stop:
        main(["profile", *arguments, "-o", str(tmp_path / "p.parquet"), "--cluster", "2", *bound])
    assert stop.value.code == 2
    assert f"MPI-U010 {bound[0]} is not used here" in capsys.readouterr().err


def test_the_command_line_waits_for_a_cluster_alone(
    census: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from mpi.cli import main

    arguments = [str(BENCH / "measure.yaml"), str(BENCH / "survey.yaml"), "--data", str(census)]
    for given, why in (
        (["--patience", "20"], "MPI-U010 --patience is not used here"),
        (["--patience", "nan", "--cluster", "1"], "MPI-U181 a patience of nan is not a number"),
    ):
        with pytest.raises(SystemExit) as stop:
            main(["profile", *arguments, "-o", str(tmp_path / "p.parquet"), *given])
        assert stop.value.code == 2
        assert why in capsys.readouterr().err
