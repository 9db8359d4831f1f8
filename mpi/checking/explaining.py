"""Why one household is poor or not, rule by rule, with the values that each rule saw.

For the screen, never for a file: this is the one place where values of a household are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.checking.correcting import Correction, corrected
from mpi.columns.values import Number, Text, Truth, Values, take, where_label
from mpi.counting import Scores, scores
from mpi.errors import Fault, UsageError
from mpi.language import phrase
from mpi.lifting import Lifter
from mpi.pipeline.binding import Plan, bind
from mpi.pipeline.judging import compute, judge
from mpi.pipeline.passing import Data
from mpi.rules import Frame, Rule, aggregates, evaluate, names
from mpi.source import OpenedSurvey, blocks, column_name, open_survey, unchanged
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.survey import Survey

SEPARATOR = ","
Verdict = bool | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A variable that a rule read, with the values of the unit, or of all its members in their order.

    Attributes
    ----------
    rule : str
        The text of the rule if the measure derives the variable; what that rule read follows, one level deeper.
    depth : int
        0 for what the indicator's own rules read.
    """

    name: str
    values: tuple[str, ...]
    rule: str
    depth: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator of one unit.

    Attributes
    ----------
    deprived : bool or None
        The verdict of the rule; None is unknown.
    counts_as : bool or None
        The same after the measure's rules for what is unknown.
    eligible : tuple of str, or None
        For each member, or for the person alone, whether the rule sees it (yes, no, unknown).
    seen : tuple of Seen
    """

    indicator: Indicator
    deprived: Verdict
    counts_as: Verdict
    eligible: tuple[str, ...] | None
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one unit stands to one cutoff.

    Attributes
    ----------
    poor : bool or None
    distance : Fraction or None
        Score less cutoff; None, as `poor`, if the measure leaves the unit out.
    sets : tuple of tuple of str, or None
        Minimal sets of deprivations without which a poor unit would not be poor, the smallest first; None if there are
        too many to list.
    number : int or None
        How many there are.
    sinking : tuple of str
        Indicators each of which would make a unit poor that is not.
    """

    cutoff: Cutoff
    poor: Verdict
    distance: Fraction | None
    sets: tuple[tuple[str, ...], ...] | None = ()
    number: int | None = 0
    sinking: tuple[str, ...] = ()

    @property
    def lifting(self) -> tuple[str, ...]:
        """Indicators without each of which, known not to be deprived, a poor unit would not be poor."""
        return tuple(one[0] for one in self.sets or () if len(one) == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One unit (a household, or a person of it) with all its verdicts and its score.

    Attributes
    ----------
    members : tuple of str
        The key of each person inside the household; one under person identification, none without a table of persons.
    dimensions : tuple of (Dimension, bool or None)
        The verdicts of combined dimensions.
    score : Fraction or None
        None if the measure leaves the unit out.
    standings : tuple of Standing
        One per cutoff of the measure.
    corrected : Explained or None
        The same unit if data of it were corrected.
    """

    members: tuple[str, ...]
    judged: tuple[Judged, ...]
    dimensions: tuple[tuple[Dimension, Verdict], ...]
    score: Fraction | None
    standings: tuple[Standing, ...]
    corrected: Explained | None = field(default=None)


def explain(
    survey: Survey, measure: Measure, data: Data, household: str, corrections: Sequence[Correction] = ()
) -> list[Explained]:
    """Explain the verdicts on one household.

    Parameters
    ----------
    survey, measure, data
        As for `deprivation_profile`.
    household : str
        The household's key; the parts of a key of several columns are separated by commas.
    corrections : sequence of Correction
        Values that take the place of recorded ones; see `mpi.checking.correcting`.

    Returns
    -------
    list of Explained
        One unit under household identification, else one a person.

    Raises
    ------
    UsageError
        If there is no such household, or a correction does not fit it.
    """
    opened = open_survey(survey, data)
    with unchanged(opened.states):
        return _explained(opened, measure, household, corrections)


def _explained(
    opened: OpenedSurvey, measure: Measure, household: str, corrections: Sequence[Correction]
) -> list[Explained]:
    survey = opened.survey
    plan = bind(measure, opened, ())
    key = survey.tables["households"].key
    wanted = [part.strip() for part in household.split(SEPARATOR)] if len(key) > 1 else [household]
    if len(wanted) != len(key):
        text = phrase(
            "the key of a household has {number} parts ({names}), not {given}",
            number=len(key),
            names=", ".join(key),
            given=len(wanted),
        )
        raise UsageError(
            Fault(
                "MPI-U002", None, text, phrase("write --household {names} with their values", names=SEPARATOR.join(key))
            )
        )
    found = [frame for frame in blocks(opened, plan.needs, lambda f: _only(f, key, wanted)) if frame is not None]
    if not found:
        text = phrase(
            "no household has this key ({names}) inside the survey's `where:`"
            if opened.counts
            else "no household has this key ({names})",
            names=", ".join(key),
        )
        raise UsageError(Fault("MPI-U002", None, text, phrase("texts are compared exactly, with zeros and capitals")))
    raw = found[0]
    members = _members(raw, opened)
    frame, units = _units(raw, plan, measure, members)
    if not corrections:
        return units
    other = corrected(raw, frame, corrections, measure, members)
    return [
        replace(unit, corrected=new) for unit, new in zip(units, _units(other, plan, measure, members)[1], strict=True)
    ]


def _units(raw: Frame, plan: Plan, measure: Measure, members: tuple[str, ...]) -> tuple[Frame, list[Explained]]:
    """The units of a household, and its block with the plan's columns."""
    frame = Frame(raw.sizes, dict(raw.persons), dict(raw.households))
    compute(plan, frame)
    verdicts = judge(plan, frame, measure.level)
    words = zip(verdicts.pattern.tolist(), verdicts.unknown.tolist(), strict=True)
    return frame, [_unit(frame, measure, row, word, members) for row, word in enumerate(words)]


def _only(frame: Frame, key: Sequence[str], wanted: Sequence[str]) -> Frame | None:
    """The block cut down to one household, if it is there."""
    same = np.ones(len(frame.sizes), np.bool_)
    for column, text in zip(key, wanted, strict=True):
        same &= _equals(frame.households[column_name("households", column)], text)
    if not same.any():
        return None
    place = int(np.flatnonzero(same)[0])
    rows = slice(int(frame.starts[place]), int(frame.starts[place] + frame.sizes[place]))
    return Frame(
        frame.sizes[place : place + 1],
        {name: take(values, rows) for name, values in frame.persons.items()},
        {name: take(values, slice(place, place + 1)) for name, values in frame.households.items()},
    )


def _equals(values: Values, text: str) -> NDArray[np.bool_]:
    """Where a key column holds what a text says."""
    if isinstance(values, Text):
        return where_label(values, {text})
    try:
        number = int(text)
    except ValueError:
        return np.zeros(len(values), np.bool_)
    same: NDArray[np.bool_] = values.values == number if isinstance(values, Number) else values.true == number
    return same


def _members(frame: Frame, opened: OpenedSurvey) -> tuple[str, ...]:
    """The person's part of each member's key."""
    survey = opened.survey
    if not survey.has_persons:
        return ()
    reference = survey.tables["persons"].household or survey.tables["households"].key
    own = [frame.persons[column_name("persons", c)] for c in survey.tables["persons"].key if c not in reference]
    return tuple(SEPARATOR.join(_shown(values, row) for values in own) for row in range(frame.length))


def _unit(frame: Frame, measure: Measure, row: int, word: tuple[int, int], members: tuple[str, ...]) -> Explained:
    pattern, unknown = word
    found = _scored(measure, pattern, unknown)
    judged = tuple(
        Judged(
            indicator,
            None if unknown >> j & 1 else bool(pattern >> j & 1),
            bool(found.deprived[0, j]) if found.known[0, j] else None,
            _eligible(frame, measure, indicator, row),
            tuple(_seen(frame, measure, indicator, row)),
        )
        for j, indicator in enumerate(measure.indicators)
    )
    dimensions = tuple(
        (dimension, bool(found.dimension_deprived[0, d]) if found.dimension_known[0, d] else None)
        for d, dimension in enumerate(measure.dimensions)
        if dimension.at_least is not None
    )
    score = Fraction(int(found.units[0]), int(found.base[0])) if found.included[0] else None
    standings = tuple(_standing(measure, cutoff, found) for cutoff in measure.cutoffs)
    own = members if measure.level == "household" else members[row : row + 1]
    return Explained(members=own, judged=judged, dimensions=dimensions, score=score, standings=standings)


def _scored(measure: Measure, pattern: int, unknown: int) -> Scores:
    return scores(measure, np.array([pattern], np.uint64), np.array([unknown], np.uint64))


def _standing(measure: Measure, cutoff: Cutoff, scored: Scores) -> Standing:
    lifter = Lifter(measure, scored, cutoff)
    if not scored.included[0]:
        return Standing(cutoff=cutoff, poor=None, distance=None)
    lifting = lifter.lifting(0)
    sets = () if lifting is None else lifting.sets()
    number = len(sets) if sets is not None else None if lifting is None else lifting.number()
    return Standing(
        cutoff=cutoff,
        poor=bool(lifter.poor[0]),
        distance=lifter.distance(0),
        sets=None if sets is None else tuple(tuple(measure.names[j] for j in one) for one in sets),
        number=number,
        sinking=tuple(measure.names[j] for j in lifter.sinking(0) or ()),
    )


def _eligible(frame: Frame, measure: Measure, indicator: Indicator, row: int) -> tuple[str, ...] | None:
    if indicator.eligible is None:
        return None
    values = evaluate(indicator.eligible.expression, frame, "person")
    rows = range(frame.length) if measure.level == "household" else (row,)
    return tuple(_shown(values, i) for i in rows)


def _seen(frame: Frame, measure: Measure, indicator: Indicator, row: int) -> Iterator[Seen]:
    """What an indicator's rules read, each variable once, and below a derived one what its rule read."""
    met: set[str] = set()

    def read(rule: Rule, depth: int) -> Iterator[Seen]:
        everyone = measure.level == "household" or bool(aggregates(rule.expression))
        for name in names(rule.expression):
            if name in met:
                continue
            met.add(name)
            derived = measure.derived.get(name)
            yield Seen(name, _values(frame, name, None if everyone else row), derived.text if derived else "", depth)
            if derived is not None:
                yield from read(derived, depth + 1)

    for rule in (indicator.eligible, indicator.deprived):
        if rule is not None:
            yield from read(rule, 0)


def _values(frame: Frame, name: str, row: int | None) -> tuple[str, ...]:
    """A household's value, or that of one person (`row`) or of all."""
    if name in frame.households:
        return (_shown(frame.households[name], 0),)
    return tuple(_shown(frame.persons[name], i) for i in (range(frame.length) if row is None else (row,)))


def _shown(values: Values, row: int) -> str:
    if values.known is not None and not values.known[row]:
        return phrase("unknown")
    match values:
        case Number():
            return repr(values.values[row].item()).removesuffix(".0")
        case Text():
            return values.labels[int(values.codes[row])]
        case Truth():
            return phrase("yes") if values.true[row] else phrase("no")
