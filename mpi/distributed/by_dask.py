"""Spans read by the workers of a Dask cluster, with every wait bounded and every cause of a failure told apart."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from mpi.distributed import refusals
from mpi.distributed.errand import Answer, Carrier, Job, errand, unpacked
from mpi.distributed.waiting import ANSWER, TICK, bounded
from mpi.errors import Fault, UsageError, counted, installing
from mpi.language import phrase

BEATS = 5.0  # seconds: each worker that lives sends its scheduler several heartbeats in them
CLOSING = 30.0  # seconds to end a client, or processes
LOST = "scheduler-connection-lost"


@contextmanager
def read_by_dask(cluster: object, job: Job, numbers: range, patience: float) -> Iterator[Iterator[Answer]]:
    """What the workers make of each span, in the order of the spans.

    Raises
    ------
    UsageError
        If there is no cluster, or it gives nothing for as long as `patience` says, or gives up.
    """
    try:
        import distributed
        from distributed.protocol.pickle import dumps, loads
    except ImportError:
        text = phrase("Dask is not installed")
        raise UsageError(Fault("MPI-U010", None, text, installing("dask"))) from None
    if isinstance(cluster, distributed.Client):
        if cluster.asynchronous:
            raise refusals.asynchronous()
        opened = _given(cluster)
    elif isinstance(cluster, str):
        opened = _at(cluster)
    elif isinstance(cluster, int) and not isinstance(cluster, bool) and cluster > 0:
        opened = _started(cluster, patience)
    else:
        raise refusals.not_a_cluster(cluster)
    carrier = Carrier(dumps, loads)
    run = errand(job, carrier)
    with opened as client, closing(_Cluster(client, patience).answers(run, numbers)) as answers:
        yield (unpacked(answer, carrier) for answer in answers)


@contextmanager
def _given(client: Any) -> Iterator[Any]:
    """A client that its owner closes."""
    yield client


@contextmanager
def _at(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address."""
    import distributed

    connect: Any = distributed.Client  # Dask's functions have no types
    try:
        client = bounded(lambda: connect(address, timeout=ANSWER), 2 * ANSWER)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise refusals.no_scheduler(address, str(error) or phrase("no answer")) from None
    try:
        yield client
    finally:
        _close(client)


@contextmanager
def _started(number: int, patience: float) -> Iterator[Any]:
    """A client of processes of this machine, which end with it."""
    import dask
    import distributed

    start: Any = distributed.LocalCluster
    connect: Any = distributed.Client
    longest = max(patience, CLOSING)
    # Dask would close the supervisor of a process for good that is being started anew 15 s after its loss.
    with dask.config.set({"distributed.deploy.lost-worker-timeout": "1 day"}):
        try:
            workers = bounded(lambda: start(n_workers=number, threads_per_worker=1, dashboard_address=":0"), longest)
        except TimeoutError:
            raise refusals.not_started(number, phrase("{longest:g} s were too few", longest=longest)) from None
        except (OSError, RuntimeError) as error:
            raise refusals.not_started(
                number, phrase("one ended at once ({name})", name=type(error).__name__)
            ) from None
        try:
            client = bounded(lambda: connect(workers, timeout=longest), longest)
            try:
                yield client
            finally:
                _close(client)
        finally:
            _close(workers)


def _close(opened: Any) -> None:
    """End a client or processes; what does not end in time ends with this process."""
    with suppress(TimeoutError, OSError, RuntimeError):
        bounded(lambda: opened.close(timeout=CLOSING), CLOSING)


@dataclass(slots=True)
class _Cluster:
    """A client, how long its cluster may give nothing, and whether it has had a worker."""

    client: Any
    patience: float
    had: bool = False

    def answers(self, run: Callable[[int], Any], numbers: range) -> Generator[Any, None, None]:
        """The answers in their order, while the spans behind are watched too."""
        from distributed.client import ClosedClientError

        futures: list[Any] = []
        try:
            with suppress(Exception):  # who does not answer now may later
                self.had = bool(self.workers())
            try:
                submit = self.client.submit
                futures += bounded(lambda: [submit(run, number, pure=False) for number in numbers], self.patience)
            except ClosedClientError:
                raise refusals.called_off(phrase("its client is closed")) from None
            except TimeoutError:
                raise self.silence() from None
            while futures:
                self.wait_for_first(futures)
                try:
                    answer = futures[0].result(timeout=self.patience)
                except TimeoutError:
                    raise self.silence() from None
                except Exception as error:  # its worker was lost between the look and the call
                    raise self.failure(error) from error
                futures.pop(0).release()  # the worker may forget it
                self.had = True
                yield answer
        finally:
            if self.client.status == "running" and futures:
                with suppress(TimeoutError, OSError, RuntimeError):
                    bounded(lambda: self.client.cancel(futures), ANSWER)

    def wait_for_first(self, futures: list[Any]) -> None:
        """Return when the first span is read; any span that has failed refuses all."""
        ready, since = -1, monotonic()
        while True:
            states = [future.status for future in futures]
            for future, state in zip(futures, states, strict=True):
                if state in ("error", "cancelled"):  # one that is "lost" is read again
                    raise self.failed(future)
            if states[0] == "finished":
                return
            if (count := states.count("finished")) != ready:
                ready, since = count, monotonic()
            elif monotonic() - since > self.patience:
                raise self.silence()
            sleep(TICK)

    def failed(self, future: Any) -> UsageError:
        """Why a span has failed."""
        try:
            future.result(timeout=ANSWER)
        except TimeoutError:
            return self.silence()
        except Exception as error:  # noqa: BLE001  told by its type
            return self.failure(error)
        return self.silence()

    def failure(self, error: BaseException) -> UsageError:
        """The refusal for what Dask says of a span."""
        from distributed import CancelledError, KilledWorker
        from distributed.scheduler import NoValidWorkerError, NoWorkerError

        match error:
            case KilledWorker():
                return refusals.workers_died(error.allowed_failures + 1, error.last_worker.address, "KilledWorker")
            case NoWorkerError() | NoValidWorkerError():
                return refusals.no_worker(float(error.timeout), lost=self.had)
            case CancelledError():
                reason = getattr(error, "reason", "")
                if reason == LOST or self.client.status != "running":
                    return refusals.scheduler_lost(self.name)
                return refusals.called_off(
                    phrase("its work was called off ({reason})", reason=reason or type(error).__name__)
                )
        return refusals.unexpected(phrase("a worker of {name}", name=self.name), refusals.where_of(error))

    @property
    def name(self) -> str:
        """What messages call the scheduler."""
        address = getattr(self.client.scheduler, "address", None) or phrase("an unknown address")
        return phrase("the scheduler at {address}", address=address)

    def silence(self) -> UsageError:
        """Why nothing comes, as far as the scheduler tells."""
        if self.client.status != "running":
            return refusals.scheduler_lost(self.name)
        try:
            before = self.workers()
            if not before:
                return refusals.no_worker(self.patience, lost=self.had)
            sleep(BEATS)
            after = self.workers()
        except Exception:  # noqa: BLE001  whatever it is, the scheduler does not tell
            return refusals.scheduler_silent(self.name, self.patience)
        silent = [address for address, seen in after.items() if before.get(address) == seen]
        if silent:
            return refusals.worker_silent(", ".join(silent[:5]), self.patience)
        return refusals.no_progress(
            phrase("{workers} can be reached", workers=counted(len(after), "worker")), self.patience
        )

    def workers(self) -> dict[str, float]:
        """When the scheduler last heard of each worker."""
        info = bounded(lambda: self.client.sync(self.client.scheduler.identity, n_workers=-1), ANSWER)
        return {address: worker["last_seen"] for address, worker in info["workers"].items()}
