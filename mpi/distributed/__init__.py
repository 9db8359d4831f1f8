"""The profile of a survey whose files many machines read, through Dask or Spark.

Spans of row groups go to the workers of a cluster, and what each adds up to comes back, small, to be put together in
the order of the file.

Every worker runs what a thread of `mpi.deprivation_profile` runs, so the profile is the same, to the last bit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from mpi.distributed import refusals
from mpi.distributed.by_dask import read_by_dask
from mpi.distributed.by_spark import read_by_spark
from mpi.distributed.errand import Answer, Files, Job, code, holds, version
from mpi.distributed.waiting import PATIENCE, seconds_of
from mpi.errors import DataError, Fault, MpiError, Place, UsageError
from mpi.errors.arguments import public
from mpi.errors.resources import said_by_system
from mpi.files.stores import is_address, location
from mpi.language import phrase
from mpi.pipeline.passing import joint_tally, profile_from, profile_of, tally_of
from mpi.pipeline.preparing import prepared
from mpi.profile import DeprivationProfile, Tally
from mpi.source import SMALL, SPAN, Apart, Found, OutOfOrder, Report, Running, open_survey, unchanged
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey

__all__ = ["PATIENCE", "deprivation_profile"]
STAGE = phrase("reading persons")


@public
def deprivation_profile(
    survey: Survey,
    measure: Measure,
    data: Files,
    *,
    cluster: object,
    domains: Sequence[str] | None = None,
    report: Report | None = None,
    patience: float = PATIENCE,
) -> DeprivationProfile:
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
    patience : float
        Seconds for which no span may be finished; then the reading is refused, with the cause as far as the cluster
        tells it: no worker, a frozen one, a scheduler that does not answer.

    Returns
    -------
    DeprivationProfile
        That of `mpi.deprivation_profile`, to the last bit, whatever the number of workers and whichever are lost.

    Raises
    ------
    ConfigError, DataError
        As `mpi.deprivation_profile`; a worker's refusal arrives as it is.
    UsageError
        If the cluster is none, is lost on the way, gives nothing for as long as `patience` says, or a worker has
        other files, none, another version of this package or none; or the survey cannot be read in parts: households
        must lie in the order of their key.

    Notes
    -----
    A survey of up to 200,000 persons is read here. Whatever a worker reads is compared, by digests, with what the
    files hold here, which this machine reads for it as bytes while the workers are busy. Local processes start the main
    module anew: a script calls this under `if __name__ == "__main__":`.
    """
    seconds = seconds_of(patience)
    _check(survey, data)
    opened = open_survey(survey, data)
    if opened.tables["persons"].rows <= SMALL:
        return profile_of(opened, measure, domains=domains, running=Running(1, report))
    ready = prepared(opened, measure, domains, Running(1))
    kept = None if domains is None else tuple(domains)
    try:
        job = Job(
            survey=survey,
            measure=ready.measure,
            data=_absolute(data),
            domains=kept,
            span=SPAN,
            token=uuid.uuid4().hex,
            holds=holds(opened),
        )
        apart = Apart(opened, ready.plan.needs, job.span)
        progress = _Progress(apart, report)
        with unchanged(opened.states), _results(cluster, job, range(len(apart)), seconds, progress) as answers:
            tallies = apart.joined(_told(answers, apart, progress), partial(tally_of, ready))
            return profile_from(ready, joint_tally(ready, tallies))
    except OutOfOrder:
        text = phrase(
            "the files are not in the order of the households' key, so parts of them cannot be read separately"
        )
        remedy = phrase(
            "sort persons and households by the household's key, with row groups; or read them on one machine"
        )
        raise UsageError(Fault("MPI-U009", survey.place, text, remedy)) from None


def _check(survey: Survey, data: object) -> None:
    """Refuse what only one machine can read."""
    paths = data.values() if isinstance(data, Mapping) else [data]
    reasons = {
        phrase("its data are frames in memory"): not all(isinstance(path, str | Path) for path in paths),
        phrase("its files are in an object store"): any(
            is_address(str(path)) for path in (*paths, *(table.path or "" for table in survey.every_table.values()))
        ),
        phrase("a query gives its rows"): any(table.query is not None for table in survey.every_table.values()),
        phrase("it has no table of persons"): not survey.has_persons,
        phrase("replicate weights are matched with all rows"): survey.design.replicates is not None,
    }
    for reason, applies in reasons.items():
        if applies:
            text = phrase("{name} cannot be read in parts: {reason}", name=survey.name, reason=reason)
            raise UsageError(
                Fault("MPI-U009", survey.place, text, phrase("use mpi.deprivation_profile on one machine"))
            )


def _absolute(data: Files) -> Files:
    if isinstance(data, Mapping):
        return {name: location(path).absolute() for name, path in data.items()}
    return location(data).absolute()


class _Progress:
    """Rows that are read, told as spans are finished; never fewer than before."""

    def __init__(self, apart: Apart, report: Report | None) -> None:
        self.rows, self.report, self.done = [apart.rows(i) for i in range(len(apart))], report, -1
        self.finished(0)

    def finished(self, spans: int) -> None:
        """Tell that so many spans are finished."""
        done = sum(self.rows[:spans])
        if self.report is not None and done > self.done:
            self.report(STAGE, done, sum(self.rows))
        self.done = max(done, self.done)


def _results(
    cluster: object, job: Job, numbers: range, patience: float, progress: _Progress
) -> AbstractContextManager[Iterator[Answer]]:
    """What the workers make of each span, in the order of the spans."""
    if type(cluster).__module__.partition(".")[0] == "pyspark":
        return read_by_spark(cluster, job, numbers, patience, progress.finished)
    return read_by_dask(cluster, job, numbers, patience)


def _told(answers: Iterable[Answer], apart: Apart, progress: _Progress) -> Iterator[Found[Tally]]:
    """What was found, with the refusal of a worker raised here, and progress told."""
    for i, (host, kind, what) in enumerate(answers):
        yield _found(host, kind, what, apart, i)
        progress.finished(i + 1)


def _found(host: str, kind: str, what: Any, apart: Apart, i: int) -> Found[Tally]:
    """What a worker found in a span, once it is sure that it read what lies here."""
    match kind:
        case "no package":
            raise refusals.no_package(host, what)
        case "version":
            raise refusals.another_version(host, what, (version(), code()))
        case "files":
            raise refusals.other_files(host, what)
        case "not opened":
            raise refusals.files_not_opened(host, what)
        case "unexpected":
            raise refusals.unexpected(phrase("the worker on {host}", host=host), what)
    try:
        own = apart.digests(i)
    except OSError as error:
        place = None if error.filename is None else Place(str(error.filename))
        text = phrase("the file cannot be read back ({reason})", reason=said_by_system(error))
        raise DataError(Fault("MPI-D003", place, text, phrase("copy it again from its source"))) from None
    if own != what.digests:
        names = (mine[0] for mine, yours in zip(own, what.digests, strict=False) if mine != yours)
        raise refusals.other_files(
            host, phrase("{name}, of the same size and with other values in it", name=next(names, phrase("its parts")))
        )
    if isinstance(what.found, MpiError | OutOfOrder):
        raise what.found
    found: Found[Tally] = what.found
    return found
