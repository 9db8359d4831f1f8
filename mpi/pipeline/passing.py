"""From the files of a survey to its deprivation profile: read this module from top to bottom for the order of things.

Files are opened and compared with the measure; blocks of households are judged, and their units added up span by span,
by threads here or by machines elsewhere; the tallies of all spans, in their order, are the profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

import numpy as np
import pyarrow as pa

from mpi.errors import Fault, UsageError, counted
from mpi.errors.arguments import JUDGED, public
from mpi.errors.logs import now, tell
from mpi.files.digests import digest_of
from mpi.language import phrase
from mpi.pipeline.compiled import judge_of
from mpi.pipeline.design import units_outside, weights_of
from mpi.pipeline.finishing import finished
from mpi.pipeline.folding import fold_of
from mpi.pipeline.judging import compute
from mpi.pipeline.preparing import Prepared, prepared
from mpi.pipeline.units import judged_block, units_of
from mpi.pipeline.universe import counted_outside, of_somebody
from mpi.profile import DeprivationProfile, Tabulation, Tally, build, rules_of, with_drawn, with_levels
from mpi.profile.marks import marked
from mpi.rules import Frame
from mpi.source import OpenedSurvey, Report, Running, bytes_of, open_survey, spans, unchanged
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey

Data: TypeAlias = Annotated[str | Path | Mapping[str, object], JUDGED]


@public
def deprivation_profile(
    survey: Survey | Microdata,
    measure: Measure,
    data: Data | None = None,
    *,
    domains: Sequence[str] | None = None,
    threads: int | None = None,
    report: Report | None = None,
    memory: int | str | None = None,
    beside: Measure | Sequence[Measure] = (),
) -> DeprivationProfile:
    """The deprivation profile of a survey under a measure: the only pass over the microdata.

    Parameters
    ----------
    survey : Survey or Microdata
        Microdata (a frame, see `mpi.survey`) come without `data`.
    measure : Measure
    data : str, Path or mapping
        The folder of the survey's files; or for each table a path or frame (pandas, polars, pyarrow, DuckDB, ...).
    domains : sequence of str, optional
        Domains of the survey to keep apart, and its programmes; all of them if left out. `children` keeps what
        the measure says of children.
    threads : int, optional
        How many read and judge side by side; as many as the process may use cores if left out. The profile is the
        same, to the last bit, for any number.
    report : callable, optional
        Is told the stage, the rows that are done, and their number, now and then, by the calling thread.
    memory : int or str, optional
        What the process may take while it reads, in bytes or as `"2GB"`: fewer threads are used, and files in no order
        are split into temporary ones (in the folder for such files, readable by nobody else, removed at the end).
    beside : Measure or sequence of Measure
        Others by which the same units are judged in the same pass, for the analyses `agreement` and `destitution`.

    Returns
    -------
    DeprivationProfile

    Raises
    ------
    ConfigError
        If measure, survey and files do not fit one another; with every misfit.
    DataError
        If the microdata are refused.
    UsageError
        If the number of threads is not one, or the pass takes more memory than it may.
    """
    running = running_with(threads, report, memory)
    measure = with_others(measure, beside)
    return profile_of(opened(survey, measure, data, domains), measure, domains=domains, running=running)


def with_others(measure: Measure, beside: Measure | Sequence[Measure]) -> Measure:
    """The measure with others beside it.

    Raises
    ------
    UsageError
        If two have one name.
    """
    others = (beside,) if isinstance(beside, Measure) else tuple(beside)
    names = [one.name for one in (measure, *others)]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        text = phrase("two measures are called {name!r}, so their figures could not be told apart", name=doubled[0])
        raise UsageError(Fault("MPI-E215", None, text, phrase("give one of them another name")))
    return replace(measure, beside=others) if others else measure


def opened(
    survey: Survey | Microdata, measure: Measure, data: Data | None, by: Sequence[str] | None = None
) -> OpenedSurvey:
    """The open files or frames of a survey, or the frame of microdata.

    Raises
    ------
    UsageError
        If a survey comes without data, or microdata with more of them.
    """
    if isinstance(survey, Microdata):
        if data is not None:
            text = phrase("the microdata are given twice: as a frame and as data")
            raise UsageError(Fault("MPI-U001", None, text, phrase("leave `data` out")))
        from mpi.pipeline.microdata import bound  # with the reader of survey files, which no other pass needs

        return open_survey(*bound(survey, measure, by or ()))
    if data is None:
        text = phrase("the data of the survey are not given")
        raise UsageError(Fault("MPI-U001", None, text, phrase("give data=FOLDER, or data={{'persons': ...}}")))
    return open_survey(survey, data)


def running_with(threads: int | None, report: Report | None, memory: int | str | None) -> Running:
    """How a pass runs; raises UsageError for what is no number of threads or no size."""
    most = None if memory is None else bytes_of(memory)
    if threads is not None and threads < 1:
        raise UsageError(
            Fault(
                "MPI-U008",
                None,
                phrase("{threads} threads are not a number of threads", threads=threads),
                phrase("give 1 or more"),
            )
        )
    return Running(threads, report, most)


def profile_of(
    opened: OpenedSurvey, measure: Measure, *, domains: Sequence[str] | None = None, running: Running | None = None
) -> DeprivationProfile:
    """The deprivation profile of a survey whose files are open; see `deprivation_profile`."""
    survey, began = opened.survey, now()
    with unchanged(opened.states):
        running = running or Running()
        ready = prepared(opened, measure, domains, running)
        tally = spans(
            opened,
            ready.plan.needs,
            partial(tally_of, ready),
            partial(joint_tally, ready),
            replicates=ready.replicates,
            running=running,
            fold=fold_of(ready, judge_of(ready)),
        )
        made = profile_from(ready, tally)
    told = phrase(
        "{survey} {period} read for {measure}: {persons}, {households}, {cells}; domains: {domains}",
        survey=survey.name,
        period=survey.period,
        measure=measure.name,
        persons=counted(made.counts.get("persons", 0), "person"),
        households=counted(made.counts.get("households", 0), "household"),
        cells=counted(len(made.cells), "cell"),
        domains=", ".join(one.name for one in made.domains) or "-",
    )
    tell("pipeline", told, since=began)
    return made


def tally_of(ready: Prepared, frames: Iterator[Frame]) -> Tally:
    """The units of the blocks of a span, added up; this is what threads and other machines do."""
    tally, judge = Tally(ready.declared, lines=bool(ready.measure.lines)), judge_of(ready)
    survey, measure, plan = ready.opened.survey, ready.measure, ready.plan
    for frame in frames:
        if judge is None:
            judged, weights = judged_block(survey, measure, plan, frame)
        else:
            judged = judge.judged(frame)
            weights = weights_of(plan.design, frame, measure.identification, survey.design.place)
        tally.counts.update(
            {
                "persons": int(weights.sizes.sum()),
                "households": len(frame.sizes),
                "zero_weight": int(np.count_nonzero(weights.households == 0)),
            }
        )
        tally.counts.update(counted_outside(plan, frame))
        units = units_of(ready, frame, judged, weights)
        if not frame.findings:  # else the rows are only looked at, and refused when all have come
            tally.add(units)
    return tally


def joint_tally(ready: Prepared, tallies: Iterable[Tally]) -> Tally:
    """The tallies of all spans as one, in their order."""
    whole = Tally(ready.declared, lines=bool(ready.measure.lines))
    for tally in tallies:
        whole.absorb(tally)
    return whole


def profile_from(ready: Prepared, tally: Tally) -> DeprivationProfile:
    """The profile of a survey, of which all units are added up.

    Raises
    ------
    DataError
        With every fault that only the whole survey shows.
    """
    pa.default_memory_pool().release_unused()  # what reading took, before the cells are put in order
    survey, rules = ready.opened.survey, rules_of(ready.measure, ready.opened.survey)
    tally.counts.update(ready.opened.counts)
    groups = ready.plan.marks
    found = marked(with_levels(_with_outside(ready, tally), survey.levels), groups)
    return finished(
        ready,
        build(
            found,
            ready.measure,
            fingerprint(rules),
            survey=survey.name,
            period=survey.period,
            declared=ready.declared,
            rules=rules,
            time=survey.time,
            breaks=_notes(survey.breaks),
            reliability=survey.reliability or None,
            counts=tally.counts,
            marks=(
                *(mark for group in groups for mark in group.marks),
                *(mark for one in ready.plan.beside for mark in one.marks),
            ),
            lines=ready.measure.found_lines,
        ),
    )


def _with_outside(ready: Prepared, tally: Tally) -> Tabulation:
    """The cells, with the households outside the survey's universe in the design."""
    inside = tally.finished()
    if ready.plan.universe is not None:
        inside = replace(inside, cells=of_somebody(inside.cells))
    household_is_psu = ready.declared.household_psus
    units, unplaced = units_outside(ready.opened, ready.plan, compute, household_is_psu=household_is_psu)
    tally.counts.update({"outside_unplaced": unplaced} if unplaced else {})
    if units is None or not len(units.pattern):
        return inside
    whole = with_drawn(inside, units, ready.declared)
    tally.counts["outside_psus"] = int(whole.sample.psus.sum() - inside.sample.psus.sum())
    return whole


def fingerprint(rules: Mapping[str, str]) -> str:
    """A short hash of all rules that made a profile, of the measure and of the survey."""
    return digest_of(dict(rules))[:16]


def _notes(breaks: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """One text a break of the series: the English one, or that for every language, else the first."""
    return {period: note.get("en") or next(iter(note.values())) for period, note in breaks.items() if note}
