"""The only module that knows the order of things: files, blocks, deprivations, then a profile or one row a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.binding import Plan, bind
from mpi.boundary import JUDGED, public
from mpi.counting import Scores, distinct_patterns, scores
from mpi.design import (
    Weights,
    auxiliaries_of,
    declared_of,
    design_weights_of,
    drawn_of,
    replicates_of,
    units_outside,
    weights_of,
)
from mpi.digests import digest_of
from mpi.errors import ConfigError, DataError, Fault, Notice, UsageError, counted, listed
from mpi.findings import Wrong
from mpi.indicators import Judged, compute, judge
from mpi.measure import Cutoff, K, Measure, cutoffs_of
from mpi.options import Level
from mpi.profile import (
    MISSING_LEVEL,
    DeprivationProfile,
    Tabulation,
    Tally,
    Units,
    build,
    checked,
    rules_of,
    with_drawn,
    with_levels,
)
from mpi.rules import Frame
from mpi.source import (
    OpenedSurvey,
    ReplicateWeights,
    Report,
    Running,
    blocks,
    bytes_of,
    column_name,
    open_survey,
    replicate_weights,
    spans,
    unchanged,
    uneven_weights,
)
from mpi.survey import Survey
from mpi.values import Mask, Text, Values, repeat, where_known, where_label

Data: TypeAlias = Annotated[str | Path | Mapping[str, object], JUDGED]


@public
def deprivation_profile(
    survey: Survey, measure: Measure, data: Data, *, domains: Sequence[str] | None = None,
    threads: int | None = None, report: Report | None = None, memory: int | str | None = None,
) -> DeprivationProfile:  # fmt: skip
    """The deprivation profile of a survey under a measure: the only pass over the microdata.

    Parameters
    ----------
    survey : Survey
    measure : Measure
    data : str, Path or mapping
        The folder of the survey's files; or for each table a path or frame (pandas, polars, pyarrow, DuckDB, ...).
    domains : sequence of str, optional
        Domains of the survey to keep apart; all of them if left out.
    threads : int, optional
        How many read and judge side by side; as many as the process may use cores if left out. The profile is the
        same, to the last bit, for any number.
    report : callable, optional
        Is told the stage, the rows that are done, and their number, now and then, by the calling thread.
    memory : int or str, optional
        What the process may take while it reads, in bytes or as `"2GB"`: fewer threads are used, and files in no order
        are split into temporary ones (in the folder for such files, readable by nobody else, removed at the end).

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
    return profile_of(open_survey(survey, data), measure, domains=domains, running=running)


def running_with(threads: int | None, report: Report | None, memory: int | str | None) -> Running:
    """How a pass runs; raises UsageError for what is no number of threads or no size."""
    most = None if memory is None else bytes_of(memory)
    if threads is not None and threads < 1:
        raise UsageError(Fault("MPI-U008", None, f"{threads} threads are not a number of threads", "give 1 or more"))
    return Running(threads, report, most)


def profile_of(
    opened: OpenedSurvey, measure: Measure, *, domains: Sequence[str] | None = None, running: Running | None = None
) -> DeprivationProfile:
    """The deprivation profile of a survey whose files are open; see `deprivation_profile`."""
    with unchanged(opened.states):
        passing = Pass.of(opened, measure, domains)
        return passing.finished(spans(opened, passing.plan.needs, passing.span, passing.profile,
                                      replicates=passing.replicates, running=running or Running()))  # fmt: skip


@public
def score(survey: Survey, measure: Measure, data: Data, *, k: K | Sequence[K] | None = None) -> pa.Table:
    """One row a unit: keys, domains, every flag, the deprivation score, who is poor, weights.

    Parameters
    ----------
    survey, measure, data
        As for `deprivation_profile`.
    k : str, Fraction or sequence, optional
        Cutoffs; those of the measure if left out. The columns `poor` and `censored_score` belong to the first, those
        of others carry the cutoff's name (`poor_severe`) or fraction (`poor_1_2`).

    Returns
    -------
    pyarrow.Table
        Units are households under household identification, else persons, in the order of the blocks. Flags are
        true, false or null (unknown); `score` (text, exact), `score_value` (float64) and `poor` are null where the
        measure leaves the unit out.
    """
    opened = open_survey(survey, data)
    cutoffs = cutoffs_of(measure, k)
    with unchanged(opened.states):
        plan = bind(measure, opened)
        passing = Pass(opened, measure, plan)
        parts = list(blocks(opened, plan.needs, lambda frame: passing.rows(frame, cutoffs)))
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def fingerprint(rules: Mapping[str, str]) -> str:
    """A short hash of all rules that made a profile, of the measure and of the survey."""
    return digest_of(dict(rules))[:16]


class Pass:
    """One pass over a survey's blocks."""

    def __init__(
        self, opened: OpenedSurvey, measure: Measure, plan: Plan, replicates: ReplicateWeights | None = None
    ) -> None:
        self.opened, self.measure, self.plan, self.survey = opened, measure, plan, opened.survey
        self.replicates = replicates
        design = self.survey.design
        self.place = design.place
        number = None if replicates is None else replicates.weights.shape[1]
        self.declared = declared_of(design, number)
        splits = measure.identification == "person" or any(level == "person" for _, level in plan.domains)
        self.by_person = splits or self.declared.calibration == "person"
        # Rows of one household, apart in the cells, still are one PSU where the design has none; and calibration
        # takes the residuals of households that have equal ones of its variables apart.
        apart = self.by_person or self.declared.calibration is not None
        self.household_is_psu = apart and not (plan.design.psu or plan.design.replicates or design.census)
        self.declared = replace(self.declared, household_psus=self.household_is_psu)

    @classmethod
    def opened_with(cls, survey: Survey, measure: Measure, data: Data, domains: Sequence[str] | None) -> Pass:
        """The pass for a profile, once the files are open and fit the measure; see `deprivation_profile`."""
        return cls.of(open_survey(survey, data), measure, domains)

    @classmethod
    def of(cls, opened: OpenedSurvey, measure: Measure, domains: Sequence[str] | None) -> Pass:
        """The pass for a profile of files that are open, if they fit the measure."""
        plan = bind(measure, opened, domains)
        columns = plan.design.replicates
        replicates, how = None, opened.survey.design.replicates
        if columns is not None and how is not None:
            replicates = replicate_weights(opened, columns.table, columns.columns, how.place)
        return cls(opened, measure, plan, replicates)

    def judged(self, frame: Frame) -> tuple[Judged, Weights]:
        """Verdicts and weights of one block."""
        compute(self.plan, frame)
        judged = judge(self.plan, frame, self.measure.level)
        return judged, weights_of(self.plan.design, frame, self.measure.identification, self.place)

    def span(self, frames: Iterator[Frame]) -> Tally:
        """The units of the blocks of a span, added up."""
        tally = Tally(self.declared)
        for frame in frames:
            judged, weights = self.judged(frame)
            tally.counts.update({
                "persons": int(weights.sizes.sum()), "households": len(frame.sizes),
                "zero_weight": int(np.count_nonzero(weights.households == 0)),
            })  # fmt: skip
            units = self.units(frame, judged, weights)
            if not frame.findings:  # else the rows are only looked at, and refused when all have come
                tally.add(units)
        return tally

    def profile(self, tallies: Iterable[Tally]) -> DeprivationProfile:
        """The profile of the tallies of all spans, in their order."""
        whole = Tally(self.declared)
        for tally in tallies:
            whole.absorb(tally)
        pa.default_memory_pool().release_unused()  # what reading took, before the cells are put in order
        rules = rules_of(self.measure, self.survey)
        found = with_levels(self.with_outside(whole.finished(), whole.counts), self.survey.levels)
        return build(
            found, self.measure, fingerprint(rules),
            survey=self.survey.name, period=self.survey.period, declared=self.declared,
            rules=rules, time=self.survey.time, breaks=_notes(self.survey.breaks),
            reliability=self.survey.reliability or None, counts=whole.counts,
        )  # fmt: skip

    def with_outside(self, found: Tabulation, counts: Counter[str]) -> Tabulation:
        """The cells, with the households outside the survey's universe in the design."""
        counts.update(self.opened.counts)
        units, unplaced = units_outside(self.opened, self.plan, compute, household_is_psu=self.household_is_psu)
        counts.update({"outside_unplaced": unplaced} if unplaced else {})
        if units is None or not len(units.pattern):
            return found
        whole = with_drawn(found, units, self.declared)
        counts["outside_psus"] = int(whole.sample.psus.sum() - found.sample.psus.sum())
        return whole

    def units(self, frame: Frame, judged: Judged, weights: Weights) -> Units:
        """One row a household; or a person, each with its own domain, the household counted with its first person."""
        columns, level = self.plan.design, self.measure.identification
        drawn = drawn_of(self.survey, columns, frame, household_is_psu=self.household_is_psu)
        before = design_weights_of(columns, frame, level, self.place)
        replicates, how = None, self.survey.design.replicates
        if self.replicates is not None and how is not None:
            factors = how.weights == "factors"
            replicates = replicates_of(self.replicates, frame, weights, level, how.place, factors=factors)
        row: Level = "person" if self.by_person else "household"
        domains = tuple((name, own, _text(frame.lift((self.code(frame, name), own), row)))
                        for name, own in self.plan.domains)  # fmt: skip
        pattern, unknown = judged.pattern, judged.unknown
        persons, households = weights.sizes, np.ones(len(frame.sizes), np.int64)
        if self.by_person:
            drawn = drawn.of_persons(frame.sizes)
            persons, households = np.ones(frame.length, np.int64), np.zeros(frame.length, np.int64)
            households[frame.starts] = 1
            if level == "household":
                pattern, unknown = (np.repeat(word, frame.sizes) for word in (pattern, unknown))
        whole, calibrated, repeated = (_by_row(one, row) for one in (weights, before, replicates))
        assert whole is not None  # noqa: S101  there are weights, if only of 1
        return Units(
            domains, drawn.stratum, drawn.psu, pattern, unknown, persons, households, *whole, ssu=drawn.ssu,
            fpc=drawn.fpc, ssu_fpc=drawn.ssu_fpc, order=drawn.order, within=drawn.within,
            calibration=auxiliaries_of(columns.auxiliaries, frame, row, self.place),
            design_person_weight=calibrated and calibrated[0], design_household_weight=calibrated and calibrated[1],
            person_replicates=repeated and repeated[0], household_replicates=repeated and repeated[1],
        )  # fmt: skip

    def code(self, frame: Frame, name: str) -> Text:
        """A domain's codes."""
        column = f"domain:{name}"
        text = _text(frame.households[column] if column in frame.households else frame.persons[column])
        head = f"{name}: the code {MISSING_LEVEL!r}, the word for those without one, stands in"
        remedy = "declare it for the column under `missing_codes:` if it means so, or give it another label by `codes:`"
        wrong = Wrong("MPI-D133", self.survey.domains[name].place, head, "row", remedy=remedy)
        frame.note(wrong, int(np.count_nonzero(where_label(text, {MISSING_LEVEL}) & where_known(text))))
        return text

    def finished(self, profile: DeprivationProfile) -> DeprivationProfile:
        """The whole survey's profile, with what only the whole can tell."""
        if not (profile.cells.person_weight > 0).any():
            remedy = "name another column as `weight:`, or write `weight: none` to count every household once"
            raise DataError(Fault("MPI-D021", self.place, "the weight is 0 in every household", remedy))
        if self.survey.design.psu_codes == "unique" and self.plan.design.psu:
            number = Counter(profile.sample.psu_labels)
            if twice := sum(strata > 1 for strata in number.values()):
                text = f"{counted(twice, 'PSU')} stand in more than one stratum, and are declared unique"
                raise DataError(Fault("MPI-D037", self.place, text, "write `psu_codes: nested` if codes restart"))
        strata = set(profile.sample.strata)
        lost = [target for stratum, target in self.declared.collapse if stratum in strata and target not in strata]
        if lost:
            text = f"`collapse` joins strata to {listed(lost)}, which is not in the data"
            raise DataError(Fault("MPI-D028", self.place, text, "write the codes as in the column, with their zeros"))
        notices = [*self.opened.notices, *self.plan.notices, *_never_or_always(profile, self.measure)]
        notices += uneven_weights(self.opened)
        if zero := profile.counts["zero_weight"]:
            text = f"{counted(zero, 'household')} have weight 0: their PSUs count, they do not"
            notices.append(Notice("MPI-N003", text))
        if alone := profile.counts.get("outside_psus", 0):
            text = f"{counted(alone, 'sampling unit')} without a household inside stay in the design, with zeros"
            notices.append(Notice("MPI-N142", text))
        if unplaced := profile.counts.get("outside_unplaced", 0):
            text = f"{counted(unplaced, 'household')} outside have no known place in the design, and leave it"
            notices.append(Notice("MPI-N142", text))
        return checked(replace(profile, notices=tuple(notices)))

    def rows(self, frame: Frame, cutoffs: Sequence[Cutoff]) -> pa.Table:
        """The per-unit table of one block."""
        judged, weights = self.judged(frame)
        level = self.measure.level
        columns = [(name, arrow.array_of(values)) for name, values in self.keys(frame, level)]
        columns += [(name, arrow.array_of(frame.lift((self.code(frame, name), own), level)))
                    for name, own in self.plan.domains if own == "household" or level == "person"]  # fmt: skip
        columns += [(name, arrow.array_of(verdict))
                    for name, verdict in zip(self.measure.names, judged.verdicts, strict=True)]  # fmt: skip
        distinct = distinct_patterns(judged.pattern, judged.unknown)
        columns += _score_columns(scores(self.measure, distinct.pattern, distinct.unknown), distinct.which, cutoffs)
        if level == "household":
            columns += [("persons", arrow.numbers(weights.sizes)), ("weight", arrow.numbers(weights.households)),
                        ("person_weight", arrow.numbers(weights.of_members))]  # fmt: skip
        else:
            columns.append(("weight", arrow.numbers(weights.each)))
        names = [name for name, _ in columns]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            text = f"two columns of the result would be called {listed(doubled)}: a key, domain, indicator or cutoff"
            raise ConfigError(Fault("MPI-S015", self.survey.place, text, "rename the domain or the indicator"))
        return arrow.table(dict(columns))

    def keys(self, frame: Frame, level: Level) -> list[tuple[str, Values]]:
        """The key columns of a unit."""
        households = self.survey.tables["households"].key
        found = [(c, frame.households[column_name("households", c)]) for c in households]
        if level == "household":
            return found
        persons = self.survey.tables["persons"]
        own = [c for c in persons.key if c not in (persons.household or households)]
        return [(c, repeat(values, frame.sizes)) for c, values in found] + [
            (c, frame.persons[column_name("persons", c)]) for c in own
        ]


def _by_row(weights: Weights | None, row: Level) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Weight of the persons, and of the households, of each row of the units."""
    if weights is None:
        return None
    if row == "household":
        return weights.of_members, weights.households
    return weights.each, weights.of_heads


def _notes(breaks: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """One text a break of the series: the English one, or that for every language, else the first."""
    return {period: note.get("en") or next(iter(note.values())) for period, note in breaks.items() if note}


def _text(values: Values) -> Text:
    assert isinstance(values, Text)  # noqa: S101  domains and parts of the design are codes
    return values


def _score_columns(found: Scores, which: NDArray[Any], cutoffs: Sequence[Cutoff]) -> list[tuple[str, pa.Array]]:
    texts = found.text()
    labels = tuple(dict.fromkeys(text for text in texts if text is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if text is None else place[text] for text in texts], np.int64)
    known: Mask | None = None if found.included.all() else found.included[which]
    columns = [("score", arrow.array_of(Text(codes[which], labels, known))),
               ("score_value", arrow.numbers(found.score[which], known))]  # fmt: skip
    for number, cutoff in enumerate(cutoffs):
        suffix = f"_{cutoff.name or _in_a_name(cutoff)}" if number else ""
        poor = found.poor(cutoff)
        censored = np.where(poor, found.score, 0.0)
        columns += [(f"poor{suffix}", arrow.numbers(poor[which], known)),
                    (f"censored_score{suffix}", arrow.numbers(censored[which], known))]  # fmt: skip
    return columns


def _in_a_name(cutoff: Cutoff) -> str:
    return f"{'above_' if cutoff.strict else ''}{cutoff.k.numerator}_{cutoff.k.denominator}"


def _never_or_always(profile: DeprivationProfile, measure: Measure) -> list[Notice]:
    cells, notices = profile.cells, []
    for j, indicator in enumerate(measure.indicators):
        bit = np.uint64(1) << np.uint64(j)
        known = (cells.unknown & bit) == 0
        deprived = (cells.pattern & bit) != 0
        place = indicator.deprived.origin.at(0)
        if not known.any():
            notices.append(Notice("MPI-N005", f"{indicator.name} is unknown for every unit", place))
        elif not deprived.any() or deprived[known].all():
            word = "deprives every unit" if deprived.any() else "deprives no unit"
            notices.append(Notice("MPI-N004", f"{indicator.name} {word}: is its rule right for these codes?", place))
    return notices
