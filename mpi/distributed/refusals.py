"""The refusals of a cluster: one text for each cause, with the host where it lies.

All have the code MPI-U010 but that of an exception which nobody foresaw.
"""

from __future__ import annotations

from pathlib import Path

from mpi.errors import Fault, UsageError, counted
from mpi.language import number_phrase, phrase


def _refusal(text: str, remedy: str, code: str = "MPI-U010") -> UsageError:
    return UsageError(Fault(code, None, text, remedy))


def not_a_cluster(what: object) -> UsageError:
    """What was given as a cluster is none."""
    remedy = phrase("give a Dask client, the address of a scheduler, a number of processes from 1, or a Spark session")
    if isinstance(what, int | float):
        return _refusal(phrase("{what!r} is not a cluster", what=what), remedy)
    return _refusal(phrase("a {kind} is not a cluster", kind=type(what).__name__), remedy)


def asynchronous() -> UsageError:
    """A client whose calls return before they are done."""
    return _refusal(
        phrase("the client is asynchronous"),
        phrase("give one made without `asynchronous=True`, or its scheduler's address"),
    )


def no_scheduler(address: str, why: str) -> UsageError:
    """Nobody answers at the address."""
    return _refusal(
        phrase("no Dask scheduler answers at {address}: {why}", address=address, why=why),
        phrase("give its address, as tcp://host:8786"),
    )


def not_started(number: int, why: str) -> UsageError:
    """Processes of this machine do not start."""
    text = phrase(
        "{processes} of this machine did not start: {why}", processes=counted(number, "process", "processes"), why=why
    )
    return _refusal(text, phrase('a script starts them under `if __name__ == "__main__":`; or start fewer'))


def no_package(host: str, module: str) -> UsageError:
    """A worker lacks this package, or one that it needs."""
    text = phrase(
        "the worker on {host} cannot import mpi-engine: it has no module {module!r}", host=host, module=module
    )
    return _refusal(
        text, phrase("install this package, from the same clone or wheel, in the Python that runs the workers")
    )


def another_version(host: str, theirs: tuple[str, str], ours: tuple[str, str]) -> UsageError:
    """A worker has another version of this package, or other code under the same number."""
    shown = [
        phrase("{version} (code {code})", version=number, code=code or phrase("unknown"))
        if theirs[0] == ours[0]
        else number
        for number, code in (theirs, ours)
    ]
    text = phrase(
        "the worker on {host} has another version of mpi-engine, {shown}, than this machine, {shown2}",
        host=host,
        shown=shown[0],
        shown2=shown[1],
    )
    return _refusal(text, phrase("install the same version on every machine, and restart the workers"))


def other_files(host: str, what: str) -> UsageError:
    """A worker's files hold something else."""
    return _refusal(
        phrase("the worker on {host} has other files than this machine: {what}", host=host, what=what),
        phrase("give all of them the same files at the same path"),
    )


def files_not_opened(host: str, fault: str) -> UsageError:
    """A worker cannot open what this machine has opened."""
    text = phrase("the worker on {host} cannot read the data that this machine reads: {fault}", host=host, fault=fault)
    return _refusal(text, phrase("give every worker the same files at the same path, with the right to read them"))


def unexpected(who: str, what: str) -> UsageError:
    """A worker met an exception that is no refusal; its text may quote data and stays there."""
    remedy = phrase("look at that worker's log, memory and disk; if nothing is wrong there, please report it")
    return _refusal(phrase("{who} met an unexpected {what}", who=who, what=what), remedy, "MPI-U180")


def workers_died(times: int | None, host: str, name: str) -> UsageError:
    """Workers die of the work again and again."""
    if times is None:
        text = phrase(
            "the cluster gave up: a worker died while reading the same span, the last on {host} ({name})",
            host=host,
            name=name,
        )
    else:
        text = number_phrase(
            times,
            "the cluster gave up: {number} worker died while reading a span, on {host} ({name})",
            "the cluster gave up: {number} workers died, one after the other, while reading the same span, "
            "the last on {host} ({name})",
            host=host,
            name=name,
        )
    remedy = phrase(
        "look into the logs of its workers: were they killed for want of memory? then give each more, or start fewer"
    )
    return _refusal(text, remedy)


def no_worker(seconds: float, lost: bool) -> UsageError:
    """Nobody is there to read."""
    text = phrase(
        "the cluster gave up: all its workers were lost, and none came back for {seconds:g} s"
        if lost
        else "the cluster gave up: no worker was there for {seconds:g} s",
        seconds=seconds,
    )
    remedy = phrase(
        "start workers, and look into the logs of its workers if they have ended; `patience` says how long to wait"
    )
    return _refusal(text, remedy)


def no_task(seconds: float) -> UsageError:
    """Spark tells of no task at work; it counts them late, so that this need not mean that no executor is there."""
    text = phrase(
        "the cluster gave up: no span was finished for {seconds:g} s, and Spark reports no task at work",
        seconds=seconds,
    )
    return _refusal(
        text,
        phrase(
            "see whether its session has executors and whether they answer, and look into their logs; "
            "`patience` says how long to wait"
        ),
    )


def scheduler_silent(where: str, seconds: float) -> UsageError:
    """The scheduler, or Spark's driver, is there and says nothing."""
    text = phrase(
        "the cluster gave up: {where} gave no answer, and no span was finished for {seconds:g} s",
        where=where,
        seconds=seconds,
    )
    return _refusal(text, phrase("look whether it is frozen or overloaded; `patience` says how long to wait"))


def scheduler_lost(where: str) -> UsageError:
    """The scheduler, or Spark's driver, has ended."""
    return _refusal(
        phrase("the cluster gave up: the connection to {where} was lost", where=where),
        phrase("look into its log, and start it again"),
    )


def called_off(why: str) -> UsageError:
    """Somebody else ended the work."""
    return _refusal(
        phrase("the cluster gave up: {why}", why=why), phrase("read again, with a client and a session that stay open")
    )


def worker_silent(hosts: str, seconds: float) -> UsageError:
    """A worker has a span and is not heard of."""
    text = phrase(
        "the cluster gave up: no span was finished for {seconds:g} s, and nothing is heard of the worker at {hosts}",
        seconds=seconds,
        hosts=hosts,
    )
    return _refusal(text, phrase("look whether it is frozen, and restart it; `patience` says how long to wait"))


def no_progress(workers: str, seconds: float) -> UsageError:
    """Workers answer, and finish nothing."""
    text = phrase(
        "the cluster gave up: no span was finished for {seconds:g} s, though {workers}",
        seconds=seconds,
        workers=workers,
    )
    remedy = phrase(
        "look into the logs of its workers, and at the storage that they read; `patience` says how long to wait"
    )
    return _refusal(text, remedy)


def where_of(error: BaseException) -> str:
    """Type, module and line of an exception; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    name = type(error).__name__
    return name if at is None else f"{name} at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
