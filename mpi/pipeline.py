"""The only module that knows the order of things: files to blocks, blocks to deprivations, deprivations to a profile
or to one row a unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.binding import Plan, bind
from mpi.counting import Scores, scores
from mpi.errors import DataError, Fault, Notice, Place, counted
from mpi.indicators import Judged, compute, household_values, judge
from mpi.measure import Cutoff, Measure
from mpi.profile import DeprivationProfile, Units, build, merge
from mpi.rules import Frame, Level
from mpi.source import OpenedSurvey, blocks, open_survey
from mpi.source.blocks import column_name
from mpi.survey import Survey
from mpi.values import Mask, Number, Text, Values, codes_as_text, crossed, repeat, unknown_count

Data = str | Path | Mapping[str, object]


def deprivation_profile(
    survey: Survey, measure: Measure, data: Data, *, domains: Sequence[str] | None = None
) -> DeprivationProfile:
    """The deprivation profile of a survey under a measure: the only pass over the microdata.

    Parameters
    ----------
    survey : Survey
    measure : Measure
    data : str, Path or mapping
        The folder of the survey's files; or for each table a path or frame (pandas, polars, pyarrow, DuckDB, ...).
    domains : sequence of str, optional
        Domains of the survey to keep apart; all of them if left out.

    Returns
    -------
    DeprivationProfile

    Raises
    ------
    ConfigError
        If measure, survey and files do not fit one another; with every misfit.
    DataError
        If the microdata are refused.
    """
    opened = open_survey(survey, data)
    plan = bind(measure, opened, domains)
    passing = _Pass(opened, measure, plan)
    profile = merge(blocks(opened, passing.needs, passing.profile))
    return passing.finished(profile)


def score(
    survey: Survey, measure: Measure, data: Data, *, k: Sequence[str | Fraction | Cutoff] | None = None
) -> pa.Table:
    """One row a unit: keys, domains, every flag, the deprivation score, who is poor, weights.

    Parameters
    ----------
    survey, measure, data
        As for `deprivation_profile`.
    k : sequence of str, optional
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
    plan = bind(measure, opened)
    cutoffs = [measure.cutoff(text) for text in k] if k is not None else list(measure.cutoffs)
    passing = _Pass(opened, measure, plan)
    parts = blocks(opened, passing.needs, lambda frame: passing.rows(frame, cutoffs))
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def judged_block(plan: Plan, frame: Frame, measure: Measure) -> Judged:
    """Verdicts of one block."""
    compute(plan, frame)
    return judge(plan, frame, measure.level)


def fingerprint(measure: Measure, survey: Survey) -> str:
    """A short hash of everything that decides a deprivation: the rules of the measure and of the survey."""
    parts = [measure.name, measure.identification]
    for indicator in measure.indicators:
        eligible = indicator.eligible.text if indicator.eligible else ""
        parts += [indicator.name, indicator.deprived.text, eligible, indicator.nobody or ""]
    parts += [f"{name}={rule.text}" for name, rule in measure.derived.items()]
    for name, derivation in survey.variables.items():
        parts.append(f"{name}={derivation.rule.text if derivation.rule else derivation.column}{derivation.codes or ''}")
    parts += [f"{column}!{codes}" for column, codes in survey.missing_codes.items()]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Weights:
    """Weights of the units of a block: of each person, and of each household."""

    persons: NDArray[np.float64] | None
    households: NDArray[np.float64]
    sizes: NDArray[np.int64]

    @property
    def of_members(self) -> NDArray[np.float64]:
        """Weight of all members of each household together."""
        if self.persons is None:
            return self.households * self.sizes
        return np.add.reduceat(self.persons, np.cumsum(self.sizes) - self.sizes)


class _Pass:
    """One pass over a survey's blocks."""

    def __init__(self, opened: OpenedSurvey, measure: Measure, plan: Plan) -> None:
        self.opened, self.measure, self.plan, self.survey = opened, measure, plan, opened.survey
        self.place = self.survey.design.place
        self.person_domains = [name for name, level in plan.domains if level == "person"]
        design = self.survey.design
        splits = bool(self.person_domains) or measure.identification == "person"
        self.household_is_psu = splits and not plan.psu and not design.census
        self.needs = self.with_keys()

    def with_keys(self) -> dict[str, tuple[str, ...]]:
        needs = {table: tuple(columns) for table, columns in self.plan.needs.items()}
        households = self.survey.tables["households"]
        needs["households"] = tuple(dict.fromkeys([*needs.get("households", ()), *households.key]))
        return needs

    def profile(self, frame: Frame) -> DeprivationProfile:
        """The profile of one block."""
        judged = judged_block(self.plan, frame, self.measure)
        weights = self.weights(frame)
        design = self.survey.design
        counts = {
            "persons": int(weights.sizes.sum()), "households": len(frame.sizes),
            "zero_weight": int((weights.households == 0).sum()),
        }  # fmt: skip
        return build(
            self.units(frame, judged, weights), self.measure, fingerprint(self.measure, self.survey),
            survey=self.survey.name, period=self.survey.period, single_psu=design.single_psu, census=design.census,
            weighted=design.weight is not None, counts=counts,
        )  # fmt: skip

    def units(self, frame: Frame, judged: Judged, weights: _Weights) -> Units:
        """The rows that the cells are added up from."""
        stratum, psu = self.design(frame)
        if self.measure.identification == "household" and not self.person_domains:
            domains = tuple((name, level, self.code(frame, name)) for name, level in self.plan.domains)
            ones = np.ones(len(frame.sizes), np.int64)
            return Units(domains, stratum, psu, judged.pattern, judged.unknown, weights.sizes, ones,
                         weights.of_members, weights.households)  # fmt: skip
        return self.split(frame, judged, weights, stratum, psu)

    def split(self, frame: Frame, judged: Judged, weights: _Weights, stratum: Text | None, psu: Text | None) -> Units:
        """One row a person, each with its own domain; the household is counted with its first person."""
        lift = self.measure.identification == "household"
        pattern = np.repeat(judged.pattern, frame.sizes) if lift else judged.pattern
        unknown = np.repeat(judged.unknown, frame.sizes) if lift else judged.unknown
        domains = []
        for name, level in self.plan.domains:
            code = self.code(frame, name)
            domains.append((name, level, code if level == "person" else repeat(code, frame.sizes)))
        n = frame.length
        first = np.zeros(n, np.int64)
        first[frame.starts] = 1
        each = weights.persons if weights.persons is not None else np.repeat(weights.households, frame.sizes)
        household = np.zeros(n)
        household[frame.starts] = weights.households
        spread = [None if text is None else repeat(text, frame.sizes) for text in (stratum, psu)]
        return Units(
            tuple(domains), spread[0], spread[1], pattern, unknown, np.ones(n, np.int64), first, each, household  # type: ignore[arg-type]  # repeat keeps the type
        )  # fmt: skip

    def code(self, frame: Frame, name: str) -> Text:
        """A domain's codes."""
        column = f"domain:{name}"
        values = frame.persons.get(column, frame.households.get(column))
        assert values is not None  # noqa: S101  the plan computed it
        return values if isinstance(values, Text) else codes_as_text(values)

    def design(self, frame: Frame) -> tuple[Text | None, Text | None]:
        """Stratum and PSU of each household."""
        found: list[Text | None] = []
        for what, names in (("the stratum", self.plan.stratum), ("the PSU", self.plan.psu)):
            if not names:
                found.append(None)
                continue
            parts = household_values(names, frame, what, self.place)
            holes = sum(unknown_count(part) for part in parts)
            if holes:
                text = f"{what} is null in {counted(holes, 'household')}"
                raise DataError(Fault("MPI-D038", self.place, text, "every household needs its place in the design"))
            found.append(crossed([part if isinstance(part, Text) else codes_as_text(part) for part in parts]))
        stratum, psu = found
        if self.household_is_psu:
            psu = self.household_code(frame)
        return stratum, psu

    def household_code(self, frame: Frame) -> Text:
        """The household's key as one code."""
        keys = [frame.households[column_name("households", c)] for c in self.survey.tables["households"].key]
        return crossed([codes_as_text(key) for key in keys])

    def weights(self, frame: Frame) -> _Weights:
        """Checked weights of persons and households."""
        sizes = self.sizes(frame)
        if self.plan.weight is None:
            return _Weights(None, np.ones(len(frame.sizes)), sizes)
        name = self.plan.weight
        own = frame.persons.get(name, frame.households.get(name))
        each = _checked_weight(own, self.place)
        if name in frame.households:
            return _Weights(None, each, sizes)
        if self.measure.identification == "household":
            first = household_values([name], frame, "the weight", self.place)[0]
            return _Weights(None, _checked_weight(first, self.place), sizes)
        return _Weights(each, each[frame.starts], sizes)

    def sizes(self, frame: Frame) -> NDArray[np.int64]:
        """Number of members of each household."""
        if self.plan.members is None:
            return frame.sizes
        members = frame.households[self.plan.members]
        assert isinstance(members, Number)  # noqa: S101  the plan checked it
        wrong = (members.values < 1) | (members.values != np.floor(members.values))
        if members.known is not None:
            wrong |= ~members.known
        if wrong.any():
            text = (
                f"the number of members is not a whole number of at least 1 in {counted(int(wrong.sum()), 'household')}"
            )
            raise DataError(Fault("MPI-D022", self.place, text))
        return members.values.astype(np.int64)

    def finished(self, profile: DeprivationProfile) -> DeprivationProfile:
        """The whole survey's profile, with what only the whole can tell."""
        if not (profile.cells.person_weight > 0).any():
            raise DataError(Fault("MPI-D021", self.place, "the weight is 0 in every household"))
        if self.survey.design.psu_codes == "unique" and self.plan.psu:
            labels = profile.sample.psu_labels
            twice = len(labels) - len(set(labels))
            if twice:
                text = f"{counted(twice, 'PSU')} stand in more than one stratum, and are declared unique"
                raise DataError(Fault("MPI-D037", self.place, text, "write `psu_codes: nested` if codes restart"))
        notices = [*self.opened.notices, *self.plan.notices, *_never_or_always(profile, self.measure)]
        if zero := profile.counts.get("zero_weight", 0):
            notices.append(
                Notice("MPI-N003", f"{counted(zero, 'household')} have weight 0: their PSUs count, they do not")
            )
        return replace(profile, notices=tuple(notices))

    def rows(self, frame: Frame, cutoffs: Sequence[Cutoff]) -> pa.Table:
        """The per-unit table of one block."""
        judged = judged_block(self.plan, frame, self.measure)
        level = self.measure.level
        columns: dict[str, pa.Array] = {}
        for name, values in self.keys(frame, level):
            columns[name] = arrow.array_of(values)
        for name, own in self.plan.domains:
            if own == "household" or level == "person":
                code = self.code(frame, name)
                columns[name] = arrow.array_of(frame.lift((code, own), level))
        for indicator, verdict in zip(self.measure.indicators, judged.verdicts, strict=True):
            columns[indicator.name] = arrow.array_of(verdict)
        pair = np.stack([judged.pattern, judged.unknown], axis=1)
        distinct, which = np.unique(pair, axis=0, return_inverse=True)
        found = scores(self.measure, distinct[:, 0].copy(), distinct[:, 1].copy())
        columns |= _score_columns(found, which.ravel(), cutoffs)
        weights = self.weights(frame)
        if level == "household":
            columns["persons"] = arrow.numbers(weights.sizes)
            columns["weight"] = arrow.numbers(weights.households)
            columns["person_weight"] = arrow.numbers(weights.of_members)
        else:
            each = weights.persons if weights.persons is not None else np.repeat(weights.households, frame.sizes)
            columns["weight"] = arrow.numbers(each)
        return arrow.table(columns)

    def keys(self, frame: Frame, level: Level) -> list[tuple[str, Values]]:
        """The key columns of a unit."""
        households = self.survey.tables["households"].key
        found = [(c, frame.households[column_name("households", c)]) for c in households]
        if level == "household":
            return found
        reference = self.survey.tables["persons"].household or households
        own = [c for c in self.survey.tables["persons"].key if c not in reference]
        return [(c, repeat(v, frame.sizes)) for c, v in found] + [
            (c, frame.persons[column_name("persons", c)]) for c in own
        ]


def _score_columns(found: Scores, which: NDArray[Any], cutoffs: Sequence[Cutoff]) -> dict[str, pa.Array]:
    texts = found.text()
    labels = tuple(dict.fromkeys(text for text in texts if text is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([place[text] if text is not None else 0 for text in texts], np.int64)
    known: Mask | None = None if found.included.all() else found.included[which]
    columns = {
        "score": arrow.array_of(Text(codes[which], labels, known)),
        "score_value": arrow.numbers(found.score[which], known),
    }
    for number, cutoff in enumerate(cutoffs):
        suffix = "" if number == 0 else f"_{cutoff.name or _in_a_name(cutoff)}"
        poor = found.poor(cutoff)
        columns[f"poor{suffix}"] = arrow.numbers(poor[which], known)
        columns[f"censored_score{suffix}"] = arrow.numbers(np.where(poor, found.score, 0.0)[which], known)
    return columns


def _in_a_name(cutoff: Cutoff) -> str:
    return f"{'above_' if cutoff.strict else ''}{cutoff.k.numerator}_{cutoff.k.denominator}"


def _checked_weight(values: Values | None, place: Place | None) -> NDArray[np.float64]:
    if not isinstance(values, Number):
        raise DataError(Fault("MPI-D012", place, "the weight does not hold numbers"))
    faults = []
    n = len(values)
    if holes := unknown_count(values):
        faults.append(Fault("MPI-D020", place, f"the weight is null in {holes:,} of {counted(n, 'row')}"))
    if negative := int((values.values < 0).sum()):
        faults.append(Fault("MPI-D020", place, f"the weight is negative in {negative:,} of {counted(n, 'row')}"))
    if faults:
        raise DataError(*faults)
    return values.values.astype(np.float64)


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
