"""The profile of a survey whose files many machines read, through Dask or Spark.

Spans of row groups go to the workers of a cluster, and what each adds up to comes back, small, to be put together in
the order of the file.

Every worker runs what a thread of `mpi.deprivation_profile` runs, so the profile is the same, to the last bit.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mpi.errors import Fault, MpiError, UsageError
from mpi.measure import Measure
from mpi.pipeline import Pass
from mpi.pipeline import deprivation_profile as on_this_machine
from mpi.profile import DeprivationProfile, Tally
from mpi.source import SMALL, SPAN, Apart, Found, OutOfOrder, Report
from mpi.survey import Survey

Files: TypeAlias = str | Path | Mapping[str, str | Path]
STAGE = "reading persons"
KEPT = 2  # jobs whose files a worker keeps open
TIMEOUT = 10  # seconds that a scheduler may take to answer
RETRIES = 3  # times that a span is read again after its worker was lost


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know to read any span.

    Attributes
    ----------
    span : int
        Persons in a span, at least.
    token : str
        Of this run: what a worker opened for another one is not used again, for files may have changed.
    """

    survey: Survey
    measure: Measure
    data: Files
    domains: tuple[str, ...] | None
    span: int
    token: str


def deprivation_profile(
    survey: Survey, measure: Measure, data: Files, *, cluster: object, domains: Sequence[str] | None = None,
    report: Report | None = None,
) -> DeprivationProfile:  # fmt: skip
    """The deprivation profile of a survey, read by the workers of a cluster.

    Parameters
    ----------
    survey, measure, domains, report
        As for `mpi.deprivation_profile`.
    data : str, Path or mapping
        The folder of the survey's files, or the path of each table; every worker must see the same files there.
    cluster : dask.distributed.Client, str, int, or pyspark.sql.SparkSession
        Whose workers read: a client, the address of a Dask scheduler (`"tcp://host:8786"`), or a number of processes
        of this machine; or a Spark session.

    Returns
    -------
    DeprivationProfile
        That of `mpi.deprivation_profile`, to the last bit, whatever the number of workers and whichever are lost.

    Raises
    ------
    ConfigError, DataError
        As `mpi.deprivation_profile`; a worker's refusal arrives as it is.
    UsageError
        If the cluster is none, or the survey cannot be read in parts: households must lie in the order of their key.

    Notes
    -----
    A survey of up to 200,000 persons is read here. Local processes start the main module anew: a script calls this
    under `if __name__ == "__main__":`.
    """
    _check(survey, data)
    passing = Pass.opened_with(survey, measure, data, domains)
    if passing.opened.tables["persons"].rows <= SMALL:
        return on_this_machine(survey, measure, data, domains=domains, threads=1, report=report)
    kept = None if domains is None else tuple(domains)
    job = Job(survey, measure, _absolute(data), kept, SPAN, uuid.uuid4().hex)
    try:
        apart = Apart(passing.opened, passing.plan.needs, job.span)
        with _results(cluster, job, range(len(apart))) as results:
            told = _told(results, apart, report)
            return passing.finished(passing.profile(apart.joined(told, passing.span)))
    except OutOfOrder:
        text = "the files do not lie in the order of the households' key, so that no part can be read by itself"
        remedy = "sort persons and households by the household's key, with row groups; or read them on one machine"
        raise UsageError(Fault("MPI-U009", survey.place, text, remedy)) from None


def _check(survey: Survey, data: object) -> None:
    """Refuse what only one machine can read."""
    paths = data.values() if isinstance(data, Mapping) else [data]
    reasons = {
        "its data are frames in memory": not all(isinstance(path, str | Path) for path in paths),
        "it has no table of persons": not survey.has_persons,
        "replicate weights are matched with all rows": survey.design.replicates is not None,
    }
    for reason, holds in reasons.items():
        if holds:
            text = f"{survey.name} cannot be read in parts: {reason}"
            raise UsageError(Fault("MPI-U009", survey.place, text, "use mpi.deprivation_profile on one machine"))


def _absolute(data: Files) -> Files:
    if isinstance(data, Mapping):
        return {name: Path(path).absolute() for name, path in data.items()}
    return Path(data).absolute()


def _told(results: Iterable[Found[Tally] | MpiError], apart: Apart, report: Report | None) -> Iterator[Found[Tally]]:
    """The results, with the refusal of a worker raised here, and progress told."""
    done, total = 0, sum(apart.rows(i) for i in range(len(apart)))
    if report is not None:
        report(STAGE, 0, total)
    for i, found in enumerate(results):
        if isinstance(found, MpiError):
            raise found
        yield found
        done += apart.rows(i)
        if report is not None:
            report(STAGE, done, total)


_opened: OrderedDict[str, tuple[Pass, Apart]] = OrderedDict()


def read_span(job: Job, number: int) -> Found[Tally] | MpiError:
    """What a worker makes of a span; a refusal is a result, so that nobody tries again.

    Raises
    ------
    OutOfOrder
        If the files do not lie in order.
    """
    try:
        if job.token not in _opened:
            passing = Pass.opened_with(job.survey, job.measure, job.data, job.domains)
            _opened[job.token] = passing, Apart(passing.opened, passing.plan.needs, job.span)
            while len(_opened) > KEPT:
                _opened.popitem(last=False)
        passing, apart = _opened[job.token]
        return apart.read(number, passing.span)
    except MpiError as error:
        return error


@contextmanager
def _results(cluster: object, job: Job, numbers: range) -> Iterator[Iterator[Found[Tally] | MpiError]]:
    """What the workers make of each span, in the order of the spans."""
    if type(cluster).__module__.partition(".")[0] == "pyspark":
        yield iter(_by_spark(cluster, job, numbers))
        return
    try:
        import distributed
    except ImportError:
        text = "Dask is not installed"
        raise UsageError(Fault("MPI-U010", None, text, 'pip install "mpi-engine[dask]"')) from None
    # Dask's functions have no types.
    connect: Any = distributed.Client
    start: Any = distributed.LocalCluster
    if isinstance(cluster, distributed.Client):
        with closing(_by_dask(cluster, job, numbers)) as results:
            yield results
    elif isinstance(cluster, str):
        try:
            client = connect(cluster, timeout=TIMEOUT)
        except (OSError, ValueError) as error:
            text = f"no Dask scheduler answers at {cluster}: {error}"
            raise UsageError(Fault("MPI-U010", None, text, "give its address, as tcp://host:8786")) from None
        with client, closing(_by_dask(client, job, numbers)) as results:
            yield results
    elif isinstance(cluster, int) and not isinstance(cluster, bool) and cluster > 0:
        with (
            start(n_workers=cluster, threads_per_worker=1, dashboard_address=":0") as workers,
            connect(workers) as client,
            closing(_by_dask(client, job, numbers)) as results,
        ):
            yield results
    else:
        text = f"a {type(cluster).__name__} is no cluster"
        remedy = "give a Dask client, the address of a scheduler, a number of processes, or a Spark session"
        raise UsageError(Fault("MPI-U010", None, text, remedy))


def _by_dask(client: Any, job: Job, numbers: range) -> Generator[Found[Tally] | MpiError, None, None]:
    futures = [client.submit(read_span, job, number, pure=False, retries=RETRIES) for number in numbers]
    try:
        for i, future in enumerate(futures):
            yield future.result()
            futures[i] = None  # the worker may forget it
            future.release()
    finally:
        client.cancel([future for future in futures if future is not None])


def _by_spark(session: Any, job: Job, numbers: range) -> list[Found[Tally] | MpiError]:
    from pyspark.serializers import CPickleSerializer

    # As Spark itself carries Python's objects; a column of bytes is what `mapInArrow` can return.
    carrier: Any = CPickleSerializer()
    wanted = session.range(0, len(numbers), 1, numPartitions=len(numbers))
    rows = wanted.mapInArrow(_spark_task(job), "span long, found binary").collect()
    return [carrier.loads(bytes(row["found"])) for row in sorted(rows, key=lambda row: row["span"])]


def _spark_task(job: Job) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def task(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa
        from pyspark.serializers import CPickleSerializer

        carrier: Any = CPickleSerializer()
        for batch in batches:
            for number in batch.column(0).to_pylist():
                found = carrier.dumps(read_span(job, number))
                yield pa.RecordBatch.from_pydict(
                    {"span": pa.array([number], pa.int64()), "found": pa.array([found], pa.binary())}
                )

    return task
