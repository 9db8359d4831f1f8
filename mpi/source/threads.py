"""How a pass over the microdata runs: threads, and who is told of its progress.

Spans are worked on side by side and handed on in their order, so that no figure depends on the number of threads.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias, TypeVar

from mpi.source import memory

T = TypeVar("T")
S = TypeVar("S")
Report: TypeAlias = Callable[[str, int, int], None]
TICK = 0.1  # seconds between two looks at the workers


class Stopped(Exception):
    """The pass was called off while a worker was at it."""


@dataclass(slots=True, eq=False)
class Running:
    """How to run.

    Attributes
    ----------
    threads : int or None
        None: as many as the process may use cores.
    report : callable or None
        Is told the stage, the rows that are done, and their number; always by the thread that started the pass.
    memory : int or None
        Bytes that the process may take.
    """

    threads: int | None = None
    report: Report | None = None
    memory: int | None = None
    stage: str = field(init=False, default="")
    total: int = field(init=False, default=0)
    done: int = field(init=False, default=0)
    _stop: threading.Event = field(init=False, default_factory=threading.Event)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    @property
    def workers(self) -> int:
        """Number of threads."""
        return memory.threads_within(self.memory, self.threads or cores())

    def begin(self, stage: str, total: int) -> None:
        """Begin a stage of so many rows."""
        self.stage, self.total, self.done = stage, total, 0
        self.tell()

    def advance(self, rows: int) -> None:
        """Count rows that are done; by any thread.

        Raises
        ------
        Stopped
            If the pass was called off.
        UsageError
            If the process takes more memory than it may.
        """
        if self._stop.is_set():
            raise Stopped
        memory.check(self.memory)
        with self._lock:
            self.done += rows

    def tell(self) -> None:
        """Report where the pass is."""
        if self.report is not None:
            self.report(self.stage, self.done, self.total)

    def in_order(self, work: Callable[[S], T], tasks: Sequence[S]) -> Iterator[T]:
        """What some work makes of each task, in the order of the tasks; the first task that fails ends it.

        Parameters
        ----------
        work : callable
            Is called by several threads at once.
        tasks : sequence
        """
        workers = self.workers
        if workers == 1 or len(tasks) == 1:
            for task in tasks:
                yield work(task)
                self.tell()
            return
        with ThreadPoolExecutor(min(workers, len(tasks)), "mpi") as pool:
            left = iter(tasks)
            waiting: deque[Future[T]] = deque()
            try:
                while True:
                    # A few more than there are threads: results that wait for their turn take memory.
                    for task in islice(left, workers + 2 - len(waiting)):
                        waiting.append(pool.submit(work, task))
                    if not waiting:
                        return
                    while not wait([waiting[0]], TICK).done:
                        self.tell()
                    yield waiting.popleft().result(timeout=0)  # it is there
                    self.tell()
            finally:
                self._stop.set()
                for future in waiting:
                    future.cancel()
                pool.shutdown(cancel_futures=True)
                self._stop.clear()


def cores() -> int:
    """How many cores the process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
