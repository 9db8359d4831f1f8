"""Spans read by the executors of a Spark session, with progress, and with every wait bounded.

Spark's own calls know no time limit: they are made by threads that may be left behind, and the job is cancelled.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from mpi.distributed import refusals
from mpi.distributed.errand import Answer, Carrier, Job, errand, unpacked
from mpi.distributed.waiting import ANSWER, bounded
from mpi.errors import UsageError, counted
from mpi.language import phrase

LOOK = 0.2  # seconds between two looks at Spark's progress
LOST_TASK = re.compile(r"Lost task \S+ in stage \S+ \(TID \d+\) \(([^\s)]+)[^)]*\): ([\w.$]*)(.*)")
CRASHED = ("Python worker exited unexpectedly", "Python worker crashed", "ExecutorLostFailure", "ExecutorLost")


@contextmanager
def read_by_spark(
    session: Any, job: Job, numbers: range, patience: float, progress: Callable[[int], None]
) -> Iterator[Iterator[Answer]]:
    """What the executors make of each span, in the order of the spans, once all are read.

    Raises
    ------
    UsageError
        If Spark gives up, or finishes no span for as long as `patience` says.
    """
    from pyspark.serializers import CPickleSerializer

    serializer: Any = CPickleSerializer()  # as Spark itself carries Python's objects
    carrier = Carrier(serializer.dumps, serializer.loads)
    running = _Job(session, job.token, _task(errand(job, carrier), carrier), len(numbers))
    try:
        _wait(running, patience, progress)
    finally:
        if not running.ended.is_set():
            running.cancel()
    rows = sorted(running.rows, key=lambda row: int(row["span"]))
    yield (unpacked(carrier.loads(bytes(row["found"])), carrier) for row in rows)


def _task(run: Callable[[int], Any], carrier: Carrier) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What `mapInArrow` calls on an executor: a column of bytes is what it can return."""

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column(0).to_pylist():
                found = {"span": pa.array([number], pa.int64()), "found": pa.array([carrier.dumps(run(number))])}
                yield pa.RecordBatch.from_pydict(found)

    return task


class _Job:
    """A job of Spark in threads of its own: one waits for its rows, one looks how far it is."""

    def __init__(self, session: Any, group: str, task: Any, spans: int) -> None:
        self.session, self.group, self.task, self.spans = session, group, task, spans
        self.connect = ".connect." in type(session).__module__  # Spark Connect: no context, and progress is sent
        self.rows: list[Any] = []
        self.error: Exception | None = None
        self.done, self.active, self.heard = 0, 0, monotonic()
        self.ended = threading.Event()
        for work in (self.collect,) if self.connect else (self.collect, self.look):
            threading.Thread(target=work, daemon=True, name="mpi-spark").start()

    def collect(self) -> None:
        """Run the job to its end."""
        try:
            if self.connect:
                self.session.addTag(self.group)
                self.session.registerProgressHandler(self.told)
            else:
                self.session.sparkContext.setJobGroup(self.group, "mpi-engine reads persons", interruptOnCancel=False)
            wanted = self.session.range(0, self.spans, 1, numPartitions=self.spans)
            self.rows = wanted.mapInArrow(self.task, "span long, found binary").collect()
        except Exception as error:  # noqa: BLE001  raised by the thread that waits
            self.error = error
        finally:
            if self.connect:
                with suppress(Exception):
                    self.session.removeProgressHandler(self.told)
                    self.session.removeTag(self.group)
            self.ended.set()

    def told(self, stages: Any, inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        """Keep in mind what a server of Spark Connect tells, of whichever job has as many tasks."""
        own = [stage.num_completed_tasks for stage in stages or () if stage.num_tasks == self.spans]
        self.done, self.active, self.heard = max([self.done, *own]), inflight_tasks, monotonic()

    def look(self) -> None:
        """Keep in mind how many tasks are finished, until the job ends."""
        with suppress(Exception):  # whoever cannot be asked has not been heard of
            tracker = self.session.sparkContext.statusTracker()
            while not self.ended.wait(LOOK):
                jobs = [tracker.getJobInfo(one) for one in tracker.getJobIdsForGroup(self.group)]
                stages = [tracker.getStageInfo(one) for job in jobs if job is not None for one in job.stageIds]
                known = [stage for stage in stages if stage is not None]
                self.done = max(self.done, sum(stage.numCompletedTasks for stage in known))
                self.active = sum(stage.numActiveTasks for stage in known)
                self.heard = monotonic()

    def cancel(self) -> None:
        """Call the job off, as far as Spark still listens."""
        with suppress(Exception):
            if self.connect:
                bounded(lambda: self.session.interruptTag(self.group), ANSWER)
            else:
                bounded(lambda: self.session.sparkContext.cancelJobGroup(self.group), ANSWER)


def _wait(job: _Job, patience: float, progress: Callable[[int], None]) -> None:
    """Return when all tasks have ended, and tell of them."""
    done, since = 0, monotonic()
    while not job.ended.wait(LOOK):
        if job.done > done:
            done, since = job.done, monotonic()
            progress(done)
        elif monotonic() - since > patience:
            raise _silence(job, patience)
    if job.error is not None:
        raise _given_up(job.error) from job.error


def _silence(job: _Job, patience: float) -> UsageError:
    """Why no task ends, as far as Spark tells."""
    if monotonic() - job.heard > min(patience, ANSWER):
        return refusals.scheduler_silent(phrase("the driver of Spark"), patience)
    if job.active == 0:
        return refusals.no_task(patience)
    return refusals.no_progress(phrase("{tasks} are at work", tasks=counted(job.active, "task")), patience)


def _given_up(error: Exception) -> UsageError:
    """The refusal for what Spark says, whose text may be pages of Java, and may quote data."""
    from py4j.protocol import Py4JNetworkError

    text = str(error)
    if found := LOST_TASK.search(text):
        host, kind, rest = found.groups()
        if any(word in kind + rest for word in CRASHED):
            return refusals.workers_died(None, host, phrase("its Python or Java process ended"))
        return refusals.unexpected(
            phrase("the worker on {host}", host=host), kind.rsplit(".", 1)[-1] or type(error).__name__
        )
    if isinstance(error, Py4JNetworkError | ConnectionError | EOFError):
        return refusals.scheduler_lost(phrase("the driver of Spark"))
    # A session that is stopped has no context; its methods fail on None.
    stopped = isinstance(error, AttributeError) and "NoneType" in text
    if stopped or "SparkContext was shut down" in text or "stopped SparkContext" in text:
        return refusals.called_off(phrase("its session is stopped"))
    if "cancelled" in text:
        return refusals.called_off(phrase("its work was called off"))
    return refusals.unexpected("Spark", refusals.where_of(error))
