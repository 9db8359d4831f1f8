"""The profile of a survey whose files many machines read, through Dask or Spark.

Spans of row groups go to the workers of a cluster, and what each adds up to comes back, small, to be put together in
the order of the file.

Every worker runs what a thread of `mpi.deprivation_profile` runs, so the profile is the same, to the last bit.
"""

from __future__ import annotations

import sys
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mpi.digests import digest_of
from mpi.errors import Fault, MpiError, UsageError
from mpi.measure import Measure
from mpi.pipeline import Pass
from mpi.pipeline import deprivation_profile as on_this_machine
from mpi.profile import DeprivationProfile, Tally
from mpi.source import SMALL, SPAN, Apart, Found, OpenedSurvey, OutOfOrder, Report
from mpi.survey import Survey

Files: TypeAlias = str | Path | Mapping[str, str | Path]
STAGE = "reading persons"
KEPT = 2  # jobs whose files a worker keeps open
TIMEOUT = 10  # seconds that a scheduler may take to answer
# What comes back of a span: a refusal is an answer too, so that no cluster tries again what can only fail again.
Answer: TypeAlias = Found[Tally] | MpiError | OutOfOrder


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know to read any span.

    Attributes
    ----------
    span : int
        Persons in a span, at least.
    token : str
        Of this run: what a worker opened for another one is not used again, for files may have changed.
    seen : str
        What the files look like where the parts are put together; see `look`.
    """

    survey: Survey
    measure: Measure
    data: Files
    domains: tuple[str, ...] | None
    span: int
    token: str
    seen: str


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
        If the cluster is none, is lost on the way or has other files; or the survey cannot be read in parts:
        households must lie in the order of their key.

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
    job = Job(survey, measure, _absolute(data), kept, SPAN, uuid.uuid4().hex, look(passing.opened))
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


def look(opened: OpenedSurvey) -> str:
    """A hash of how the files look: their sizes, the rows of their parts, and the version that reads them."""
    version = str(getattr(sys.modules.get("mpi"), "__version__", ""))
    tables = {name: [[file.stat().st_size for file in table.files], [part.rows for part in table.parts]]
              for name, table in opened.tables.items()}  # fmt: skip
    return digest_of([version, tables])


def _told(results: Iterable[Answer], apart: Apart, report: Report | None) -> Iterator[Found[Tally]]:
    """The results, with the refusal of a worker raised here, and progress told."""
    done, total = 0, sum(apart.rows(i) for i in range(len(apart)))
    if report is not None:
        report(STAGE, 0, total)
    for i, found in enumerate(results):
        if isinstance(found, MpiError | OutOfOrder):
            raise found
        yield found
        done += apart.rows(i)
        if report is not None:
            report(STAGE, done, total)


_opened: OrderedDict[str, tuple[Pass, Apart]] = OrderedDict()
_opening = threading.Lock()  # a worker may have several threads


def _passing(job: Job) -> tuple[Pass, Apart]:
    """The files of a job, opened once in each worker."""
    with _opening:
        if job.token not in _opened:
            passing = Pass.opened_with(job.survey, job.measure, job.data, job.domains)
            if look(passing.opened) != job.seen:
                text = "a worker has other files than this machine, or another version of mpi-engine"
                raise UsageError(Fault("MPI-U010", None, text, "give all of them the same files at the same path"))
            _opened[job.token] = passing, Apart(passing.opened, passing.plan.needs, job.span)
            while len(_opened) > KEPT:
                _opened.popitem(last=False)
        return _opened[job.token]


def read_span(job: Job, number: int) -> Answer:
    """What a worker makes of a span."""
    try:
        passing, apart = _passing(job)
        return apart.read(number, passing.span)
    except (MpiError, OutOfOrder) as error:
        return error


@contextmanager
def _results(cluster: object, job: Job, numbers: range) -> Iterator[Iterator[Answer]]:
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


def _given_up(error: Exception) -> UsageError:
    """The refusal where a cluster gives up: workers that die again and again, or are gone."""
    text = f"the cluster gave up before every span was read ({type(error).__name__})"
    return UsageError(Fault("MPI-U010", None, text, "look into the logs of its workers: have they enough memory?"))


def _by_dask(client: Any, job: Job, numbers: range) -> Generator[Answer, None, None]:
    from distributed import CancelledError, KilledWorker
    from distributed.client import ClosedClientError

    futures: list[Any] = []
    try:
        futures += [client.submit(read_span, job, number, pure=False) for number in numbers]
        for i, future in enumerate(futures):
            found = future.result()
            futures[i] = None  # the worker may forget it
            future.release()
            yield found
    except (CancelledError, ClosedClientError, KilledWorker) as error:
        raise _given_up(error) from error
    finally:
        if client.status == "running":
            client.cancel([future for future in futures if future is not None])


def _by_spark(session: Any, job: Job, numbers: range) -> list[Answer]:
    from pyspark.errors import PySparkException
    from pyspark.serializers import CPickleSerializer

    # As Spark itself carries Python's objects; a column of bytes is what `mapInArrow` can return.
    carrier: Any = CPickleSerializer()
    try:
        wanted = session.range(0, len(numbers), 1, numPartitions=len(numbers))
        rows = wanted.mapInArrow(_spark_task(job), "span long, found binary").collect()
    except PySparkException as error:
        raise _given_up(error) from error
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
