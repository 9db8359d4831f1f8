"""Tasks of a publication in processes side by side, or one after another; the files are the same either way.

Comes in: work, and how many processes may be at it. A process gets the work once: on Linux it is a copy of this process
(fork), which costs nothing; elsewhere the work is pickled. After that numbers of tasks go one way, and what was done
comes back. Whatever stops this process stops the others first; one that the system ends is a fault with a remedy.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mpi.errors import Fault, MpiError, ResourceError
from mpi.errors.omissions import Omission, where
from mpi.language import phrase
from mpi.runs.tasks import Done, Work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Took = Callable[[int, Done], None]
PATIENCE = 5.0  # seconds in which a process that was told to end is gone


def can_fork() -> bool:
    """Whether a copy of this process is sound: Linux, and no thread of Python that could hold a lock.

    Arrow, BLAS and the allocators look after their own threads when a process is copied; on macOS its libraries do not.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def run_tasks(work: Work, order: Sequence[int], processes: int, took: Took, began: Callable[[int], None]) -> None:
    """Do tasks, in processes if there may be several.

    Parameters
    ----------
    work : Work
    order : sequence of int
        Places of the tasks, the most urgent first; every task comes after those that it names.
    processes : int
        At most so many are at it; 1: this one.
    took : callable
        Is told each task that is done, in this process, in whatever order they end.
    began : callable
        Is told each task that is begun.

    Raises
    ------
    MpiError, OSError, MemoryError
        As the tasks do; or because a process was ended from outside.
    """
    found: dict[str, Done] = {}
    _give_back()

    def take(place: int, done: Done) -> None:
        found[work.tasks[place].name] = done
        took(place, done)

    with _workers(work, min(processes, len(order))) as workers:
        if not workers:
            with _collecting_after() as done:
                for place in order:
                    began(place)
                    take(place, done(work, place, work.before(place, found)))
        else:
            _deal(work, list(order), workers, found, take=take, began=began)


def _deal(
    work: Work,
    waiting: list[int],
    workers: dict[Connection, BaseProcess],
    found: dict[str, Done],
    *,
    take: Took,
    began: Callable[[int], None],
) -> None:
    """Give each worker a task that is ready, until none is left."""
    from multiprocessing.connection import wait

    idle = list(workers)
    busy: dict[Connection, int] = {}  # the task that a worker is at
    open_ = {work.tasks[place].name for place in waiting}
    while waiting or busy:
        # The next one that is not ready is waited for: others would take the process that it needs soon.
        while idle and waiting and open_.isdisjoint(work.tasks[waiting[0]].after):
            place, pipe = waiting.pop(0), idle.pop()
            busy[pipe] = place
            began(place)
            with contextlib.suppress(OSError):  # it is dead: which is seen below
                pipe.send((place, work.before(place, found)))
        ready = set(wait(list(busy)))
        for pipe in [pipe for pipe in busy if pipe in ready]:
            try:
                answer = pipe.recv()
            except (EOFError, OSError):
                raise _lost(workers[pipe]) from None
            if isinstance(answer, BaseException):
                raise answer
            place = busy.pop(pipe)
            open_.discard(work.tasks[place].name)
            take(place, answer)
            idle.append(pipe)


@contextmanager
def _collecting_after() -> Iterator[Callable[[Work, int, Sequence[Omission]], Done]]:
    """Does tasks, and looks for garbage after each but not in it.

    A task makes up to a million objects, which live until it ends: Python would look through them again and again, for
    a third of a workbook's time. What was there before is never looked at, nor what a task leaves for those after it.
    """

    def done(work: Work, place: int, before: Sequence[Omission]) -> Done:
        try:
            return work.done(place, before)
        finally:
            gc.collect()
            gc.freeze()
            _give_back()

    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield done
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


@contextmanager
def _workers(work: Work, count: int) -> Iterator[dict[Connection, BaseProcess]]:
    """So many processes that wait for tasks, by the connection to each; none if one would do or none can be had."""
    workers: dict[Connection, BaseProcess] = {}
    try:
        if count > 1:
            _start(work, count, workers)
        yield workers
        for pipe in workers:
            pipe.close()  # at which they leave
    except BaseException:
        for process in workers.values():
            process.terminate()
        raise
    finally:
        for process in workers.values():
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()


def _give_back() -> None:
    """Give memory that computing the figures took, and nothing holds any more, back to the system."""
    import ctypes

    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError, TypeError):  # GNU's C library alone keeps so much, and has this
        ctypes.CDLL(None).malloc_trim(0)


def _start(work: Work, count: int, workers: dict[Connection, BaseProcess]) -> None:
    import multiprocessing

    fork = can_fork()
    context = multiprocessing.get_context("fork" if fork else "spawn")
    gc.freeze()  # what is there is looked at by no collector, so that its memory stays common to all
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            args = (work, theirs, [*workers, ours] if fork else [])  # a copy has all that this process has open
            process = context.Process(target=_serve, args=args, daemon=True)  # type: ignore[attr-defined]
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", DeprecationWarning
                )  # Python 3.12: of threads that look after themselves
                process.start()
            theirs.close()
            workers[ours] = process
    except OSError:  # the machine gives no more of them: those that there are will do, or this process alone
        pass
    finally:
        gc.unfreeze()


def _serve(work: Work, pipe: Connection, others: Sequence[Connection]) -> None:
    """Do the tasks that are asked for, until nobody asks any more."""
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells all of them; who asked for the work ends it
    for other in others:
        other.close()  # else they would stay open when this one's parent is gone
    with _collecting_after() as done:
        while True:
            try:
                place, before = pipe.recv()
            except (EOFError, OSError):
                return
            try:
                answer: Done | BaseException = done(work, place, before)
            except (MpiError, OSError, MemoryError) as error:
                answer = error
            except Exception as error:  # noqa: BLE001  told where it can be told, whatever it is
                answer = RuntimeError(where(error))
                answer.add_note(traceback.format_exc())
            try:
                pipe.send(answer)
            except OSError:
                return


def _lost(process: BaseProcess) -> ResourceError:
    """A process was ended from outside: by the system, most of the time."""
    process.join(PATIENCE)
    code = process.exitcode or 0
    text = (
        phrase("a process that wrote outputs was ended from outside (signal {number})", number=-code)
        if code < 0
        else (phrase("a process that wrote outputs ended by itself (exit code {code})", code=code))
    )
    remedy = phrase("the system does so where memory is short: close other programs, or use one process: --threads 1")
    return ResourceError(Fault("MPI-U153", None, text, remedy))
