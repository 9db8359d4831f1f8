"""The refusals of a cluster: one text for each cause, with the host where it lies.

All have the code MPI-U010 but that of an exception which nobody foresaw.
"""

from __future__ import annotations

from pathlib import Path

from mpi.errors import Fault, UsageError, counted
from mpi.language import phrase

LOGS = "look into the logs of its workers"


def _refusal(text: str, remedy: str, code: str = "MPI-U010") -> UsageError:
    return UsageError(Fault(code, None, text, remedy))


def not_a_cluster(what: object) -> UsageError:
    """What was given as a cluster is none."""
    shown = repr(what) if isinstance(what, int | float) else f"a {type(what).__name__}"
    remedy = phrase("give a Dask client, the address of a scheduler, a number of processes from 1, or a Spark session")
    return _refusal(f"{shown} is no cluster", remedy)


def asynchronous() -> UsageError:
    """A client whose calls return before they are done."""
    return _refusal(
        "the client is asynchronous", "give one made without `asynchronous=True`, or its scheduler's address"
    )


def no_scheduler(address: str, why: str) -> UsageError:
    """Nobody answers at the address."""
    return _refusal(f"no Dask scheduler answers at {address}: {why}", "give its address, as tcp://host:8786")


def not_started(number: int, why: str) -> UsageError:
    """Processes of this machine do not start."""
    text = phrase(
        "{processes} of this machine did not start: {why}", processes=counted(number, "process", "processes"), why=why
    )
    return _refusal(text, 'a script starts them under `if __name__ == "__main__":`; or start fewer')


def no_package(host: str, module: str) -> UsageError:
    """A worker lacks this package, or one that it needs."""
    text = phrase(
        "the worker on {host} cannot import mpi-engine: it has no module {module!r}", host=host, module=module
    )
    return _refusal(text, "install this package, from the same clone or wheel, in the Python that runs the workers")


def another_version(host: str, theirs: tuple[str, str], ours: tuple[str, str]) -> UsageError:
    """A worker has another version of this package, or other code under the same number."""
    shown = [
        f"{number} (code {code or 'unknown'})" if theirs[0] == ours[0] else number for number, code in (theirs, ours)
    ]
    text = phrase(
        "the worker on {host} has another version of mpi-engine, {shown}, than this machine, {shown2}",
        host=host,
        shown=shown[0],
        shown2=shown[1],
    )
    return _refusal(text, "install the same version on every machine, and restart the workers")


def other_files(host: str, what: str) -> UsageError:
    """A worker's files hold something else."""
    return _refusal(
        f"the worker on {host} has other files than this machine: {what}",
        "give all of them the same files at the same path",
    )


def files_not_opened(host: str, fault: str) -> UsageError:
    """A worker cannot open what this machine has opened."""
    text = phrase("the worker on {host} cannot read the data that this machine reads: {fault}", host=host, fault=fault)
    return _refusal(text, "give every worker the same files at the same path, with the right to read them")


def unexpected(who: str, what: str) -> UsageError:
    """A worker met an exception that is no refusal; its text may quote data and stays there."""
    remedy = phrase("look at that worker's log, memory and disk; if nothing is wrong there, please report it")
    return _refusal(f"{who} met an unexpected {what}", remedy, "MPI-U180")


def workers_died(times: int | None, host: str, name: str) -> UsageError:
    """Workers die of the work again and again."""
    tries = "a worker died" if times is None else f"{counted(times, 'worker')} died, one after the other,"
    text = phrase(
        "the cluster gave up: {tries} while reading the same span, the last on {host} ({name})",
        tries=tries,
        host=host,
        name=name,
    )
    return _refusal(text, f"{LOGS}: were they killed for want of memory? then give each more, or start fewer")


def no_worker(seconds: float, lost: bool) -> UsageError:
    """Nobody is there to read."""
    what = "all its workers were lost, and none came back" if lost else "no worker was there"
    text = phrase("the cluster gave up: {what} for {seconds:g} s", what=what, seconds=seconds)
    return _refusal(text, f"start workers, and {LOGS} if they have ended; `patience` says how long to wait")


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
    return _refusal(text, "look whether it is frozen or overloaded; `patience` says how long to wait")


def scheduler_lost(where: str) -> UsageError:
    """The scheduler, or Spark's driver, has ended."""
    return _refusal(f"the cluster gave up: the connection to {where} was lost", "look into its log, and start it again")


def called_off(why: str) -> UsageError:
    """Somebody else ended the work."""
    return _refusal(f"the cluster gave up: {why}", "read again, with a client and a session that stay open")


def worker_silent(hosts: str, seconds: float) -> UsageError:
    """A worker has a span and is not heard of."""
    text = phrase(
        "the cluster gave up: no span was finished for {seconds:g} s, and nothing is heard of the worker at {hosts}",
        seconds=seconds,
        hosts=hosts,
    )
    return _refusal(text, "look whether it is frozen, and restart it; `patience` says how long to wait")


def no_progress(workers: str, seconds: float) -> UsageError:
    """Workers answer, and finish nothing."""
    text = phrase(
        "the cluster gave up: no span was finished for {seconds:g} s, though {workers}",
        seconds=seconds,
        workers=workers,
    )
    return _refusal(text, f"{LOGS}, and at the storage that they read; `patience` says how long to wait")


def where_of(error: BaseException) -> str:
    """Type, module and line of an exception; its text may quote data."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    name = type(error).__name__
    return name if at is None else f"{name} at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
