"""What a worker is sent to do: read one span, and say who it is and what its files hold.

The errand travels by value and needs nothing of this package before it has looked whether it is there, in this
version: so a worker without it answers too, and says so.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from mpi.errors import MpiError
from mpi.errors.arguments import JUDGED
from mpi.errors.resources import said_by_system
from mpi.files.digests import digest_of
from mpi.language import phrase
from mpi.pipeline.passing import tally_of
from mpi.pipeline.preparing import Prepared, prepared
from mpi.profile import Tally
from mpi.source import Apart, Found, OpenedSurvey, OutOfOrder, identity, open_survey, unchanged
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey

Files: TypeAlias = Annotated[str | Path | Mapping[str, str | Path], JUDGED]
Holds: TypeAlias = tuple[tuple[str, str], ...]
Kind: TypeAlias = Literal["read", "no package", "version", "files", "not opened", "unexpected"]
# The host and process that answers, the kind of the answer, and a `Reading` or a text.
Answer: TypeAlias = tuple[str, Kind, Any]
KEPT = 2  # jobs whose files a worker keeps open


class Carrier(NamedTuple):
    """How a cluster turns objects into bytes: functions of its own package, which its workers have."""

    dumps: Callable[[object], bytes]
    loads: Callable[[bytes], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker needs to know to read any span.

    Attributes
    ----------
    span : int
        Persons in a span, at least.
    token : str
        Of this run: what a worker opened for another one is not used again, for files may have changed.
    holds : tuple of (str, str)
        What the files hold where the parts are put together; see `holds`.
    """

    survey: Survey
    measure: Measure
    data: Files
    domains: tuple[str, ...] | None
    span: int
    token: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worker made of a span.

    Attributes
    ----------
    found : Found of Tally, MpiError or OutOfOrder
        A refusal is an answer too, so that no cluster tries again what can only fail again.
    digests : list of (str, str)
        Of all that was read: see `mpi.source.Apart.digests`.
    """

    found: Found[Tally] | MpiError | OutOfOrder
    digests: list[tuple[str, str]]


class Elsewhere(Exception):
    """The worker's files are other ones, or cannot be read."""

    def __init__(self, kind: Kind, text: str) -> None:
        self.kind, self.text = kind, text
        super().__init__(text)


def holds(opened: OpenedSurvey) -> Holds:
    """What the files hold, each by its digest, and how their parts lie: any difference decides figures or refusals.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    found: list[tuple[str, str]] = []
    for name, table in opened.everything.items():
        found += [(file.name, identity(file)) for file in table.files]
        parts = [[part.label, part.rows, dict(part.constants)] for part in table.parts]
        found.append((phrase("the folders of the table {name}", name=name), digest_of(parts)))
    return tuple(found)


def version() -> str:
    """The version of this package."""
    return str(getattr(sys.modules.get("mpi"), "__version__", "unknown"))


@cache
def code() -> str:
    """A short digest of this package's modules, where they lie in files; else empty."""
    root = Path(__file__).parents[1]
    modules = [
        (str(file.relative_to(root)), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(root.rglob("*.py"))
    ]
    return digest_of(modules)[:8] if modules else ""


def read_span(job: Job, number: int) -> Reading:
    """What a worker makes of a span.

    Raises
    ------
    Elsewhere
        If its files are not those of the job.
    """
    ready, apart = _ready(job)
    try:
        with unchanged(ready.opened.states):
            return Reading(_found(ready, apart, number), apart.digests(number))
    except MpiError as error:
        raise _not_read(error) from None
    except OSError as error:
        raise Elsewhere(
            "not opened", phrase("the system refuses them ({reason})", reason=said_by_system(error))
        ) from None


def _found(ready: Prepared, apart: Apart, number: int) -> Found[Tally] | MpiError | OutOfOrder:
    try:
        return apart.read(number, partial(tally_of, ready))
    except (MpiError, OutOfOrder) as error:
        return error


def _not_read(error: MpiError) -> Elsewhere:
    return Elsewhere("not opened", error.faults[0].headline)


_opened: OrderedDict[str, tuple[Prepared, Apart]] = OrderedDict()
_opening = threading.Lock()  # a worker may have several threads


def _ready(job: Job) -> tuple[Prepared, Apart]:
    """The files of a job, opened once in each worker."""
    with _opening:
        if job.token not in _opened:
            _opened[job.token] = _open(job)
            while len(_opened) > KEPT:
                _opened.popitem(last=False)
        return _opened[job.token]


def _open(job: Job) -> tuple[Prepared, Apart]:
    try:
        ready = prepared(open_survey(job.survey, job.data), job.measure, job.domains)
        own = holds(ready.opened)
        if own != job.holds:
            raise Elsewhere("files", _difference(own, job.holds))
        return ready, Apart(ready.opened, ready.plan.needs, job.span)
    except MpiError as error:
        raise _not_read(error) from None
    except OSError as error:
        raise Elsewhere(
            "not opened", phrase("the system refuses them ({reason})", reason=said_by_system(error))
        ) from None


def _difference(own: Holds, wanted: Holds) -> str:
    """Where two sets of files begin to differ."""
    if [name for name, _ in own] != [name for name, _ in wanted]:
        return phrase(
            "their names or their number ({theirs}, here {ours}, with folders)", theirs=len(own), ours=len(wanted)
        )
    return next(name for (name, mine), (_, yours) in zip(own, wanted, strict=True) if mine != yours)


def unpacked(answer: tuple[str, Kind, Any], carrier: Carrier) -> Answer:
    """An answer with its reading."""
    host, kind, what = answer
    return host, kind, carrier.loads(what) if kind == "read" else what


def errand(job: Job, carrier: Carrier) -> Callable[[int], tuple[str, Kind, Any]]:
    """The function that a cluster's workers call with the number of a span.

    It is defined inside another one, so that it travels by value and not by its name. What was read it gives as bytes,
    which `unpacked` opens.
    """
    packed, loads, dumps, ours = carrier.dumps(job), carrier.loads, carrier.dumps, (version(), code())

    def run(number: int) -> tuple[str, Kind, Any]:
        import importlib
        import os
        import socket

        host = f"{socket.gethostname()} (process {os.getpid()})"
        try:
            package = importlib.import_module("mpi")  # whichever version the worker has
        except ImportError as error:
            return host, "no package", str(error.name)
        try:
            from mpi.distributed.errand import Elsewhere, code, read_span, version
            from mpi.distributed.refusals import where_of
        except ImportError:
            return host, "version", (str(getattr(package, "__version__", "unknown")), "")
        if version() != ours[0] or (code() != ours[1] and code() and ours[1]):
            return host, "version", (version(), code())
        try:
            return host, "read", dumps(read_span(loads(packed), number))
        except Elsewhere as error:
            return host, error.kind, error.text
        except Exception as error:  # noqa: BLE001  whatever it is, the answer names the host
            return host, "unexpected", where_of(error)

    return run
