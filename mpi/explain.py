"""Why one household is poor or not, rule by rule, with the values that each rule saw: for the screen, never for a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.binding import Plan, bind
from mpi.counting import scores
from mpi.errors import Fault, UsageError
from mpi.indicators import compute, judge
from mpi.measure import Cutoff, Indicator, Measure, Titles
from mpi.pipeline import Data
from mpi.rules import Frame, names
from mpi.source import OpenedSurvey, blocks, open_survey
from mpi.source.blocks import column_name
from mpi.survey import Survey
from mpi.values import Number, Text, Truth, Values, take

SEPARATOR = ","
VERDICTS = {True: "deprived", False: "not deprived", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator of one unit: its verdict, and the values of the variables that its rules read.

    Attributes
    ----------
    seen : tuple of (str, str)
        Variable and value; for a person's variable the values of all members, in their order.
    lifts : bool
        Whether the unit would not be poor if only this indicator were not deprived.
    """

    indicator: Indicator
    deprived: bool | None
    seen: tuple[tuple[str, str], ...]
    lifts: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """One unit (a household, or a person of it) with all its verdicts and its score.

    Attributes
    ----------
    score : Fraction or None
        None if the measure leaves the unit out.
    poor : tuple of (Cutoff, bool or None)
    distance : Fraction or None
        Score less the official cutoff: how far above (or below) the unit stands.
    """

    unit: str
    judged: tuple[Judged, ...]
    score: Fraction | None
    poor: tuple[tuple[Cutoff, bool | None], ...]
    distance: Fraction | None


def explain(survey: Survey, measure: Measure, data: Data, household: str) -> list[Explained]:
    """Explain the verdicts on one household.

    Parameters
    ----------
    survey, measure, data
        As for `deprivation_profile`.
    household : str
        The household's key; the parts of a key of several columns are separated by commas.

    Returns
    -------
    list of Explained
        One unit under household identification, else one a person.

    Raises
    ------
    UsageError
        If there is no such household.
    """
    opened = open_survey(survey, data)
    plan = bind(measure, opened)
    key = survey.tables["households"].key
    wanted = [part.strip() for part in household.split(SEPARATOR)]
    if len(wanted) != len(key):
        text = f"the key of a household has {len(key)} parts ({', '.join(key)}), not {len(wanted)}"
        raise UsageError(Fault("MPI-U002", None, text, "separate the parts by commas, without blanks"))
    found = [frame for frame in blocks(opened, _needs(plan, key), lambda f: _only(f, key, wanted)) if frame is not None]
    if not found:
        text = "there is no household with this key"
        raise UsageError(Fault("MPI-U002", None, text, f"its parts are: {', '.join(key)}"))
    return _explained(found[0], plan, measure, opened)


def _needs(plan: Plan, key: Sequence[str]) -> dict[str, tuple[str, ...]]:
    needs = dict(plan.needs)
    needs["households"] = tuple(dict.fromkeys([*needs.get("households", ()), *key]))
    return needs


def _only(frame: Frame, key: Sequence[str], wanted: Sequence[str]) -> Frame | None:
    """The block cut down to one household, if it is there."""
    same = np.ones(len(frame.sizes), np.bool_)
    for column, text in zip(key, wanted, strict=True):
        values = frame.households[column_name("households", column)]
        if isinstance(values, Text):
            same &= np.array([label == text for label in values.labels] or [False])[values.codes]
        elif isinstance(values, Number):
            same &= values.values == (int(text) if text.lstrip("-").isdigit() else -1)
    if not same.any():
        return None
    place = int(np.flatnonzero(same)[0])
    rows = slice(int(frame.starts[place]), int(frame.starts[place] + frame.sizes[place]))
    return Frame(
        frame.sizes[place : place + 1],
        {name: take(values, rows) for name, values in frame.persons.items()},
        {name: take(values, slice(place, place + 1)) for name, values in frame.households.items()},
    )


def _explained(frame: Frame, plan: Plan, measure: Measure, opened: OpenedSurvey) -> list[Explained]:
    compute(plan, frame)
    judged = judge(plan, frame, measure.level)
    units = frame.rows(measure.level)
    return [
        _unit(frame, measure, row, int(judged.pattern[row]), int(judged.unknown[row]), opened) for row in range(units)
    ]


def _unit(
    frame: Frame, measure: Measure, row: int, pattern: int, unknown: int, opened: OpenedSurvey
) -> Explained:
    def scored(word: int) -> tuple[Fraction | None, list[bool | None]]:
        found = scores(measure, _word(word), _word(unknown))
        if not found.included[0]:
            return None, [None] * len(measure.cutoffs)
        score = Fraction(int(found.units[0]), int(found.base[0]))
        return score, [bool(found.poor(cutoff)[0]) for cutoff in measure.cutoffs]

    score, poor = scored(pattern)
    judged = []
    for j, indicator in enumerate(measure.indicators):
        bit = 1 << j
        verdict = None if unknown & bit else bool(pattern & bit)
        lifts = bool(poor[0]) and bool(pattern & bit) and scored(pattern & ~bit)[1][0] is False
        judged.append(Judged(indicator, verdict, _seen(frame, indicator, row, measure), lifts))
    name = "household" if measure.level == "household" else f"person {row + 1} of {frame.length}"
    distance = None if score is None else score - measure.cutoffs[0].k
    return Explained(name, tuple(judged), score, tuple(zip(measure.cutoffs, poor, strict=True)), distance)


def _word(word: int) -> NDArray[np.uint64]:
    return np.array([word], np.uint64)


def _seen(frame: Frame, indicator: Indicator, row: int, measure: Measure) -> tuple[tuple[str, str], ...]:
    read: dict[str, None] = {}
    for rule in (indicator.eligible, indicator.deprived):
        read |= dict.fromkeys(names(rule.expression) if rule is not None else ())
    found = []
    for name in read:
        if name in frame.households:
            found.append((name, _shown(frame.households[name], 0)))
        elif measure.level == "person":
            found.append((name, _shown(frame.persons[name], row)))
        else:
            values = frame.persons[name]
            found.append((name, ", ".join(_shown(values, i) for i in range(frame.length))))
    return tuple(found)


def _shown(values: Values, row: int) -> str:
    if values.known is not None and not values.known[row]:
        return "unknown"
    match values:
        case Number():
            return f"{values.values[row]:g}" if values.values.dtype.kind == "f" else str(int(values.values[row]))
        case Text():
            return values.labels[values.codes[row]]
        case Truth():
            return "yes" if values.true[row] else "no"


def title_in(titles: Titles, language: str, name: str) -> str:
    """A title in a language, or in any, or the name itself."""
    return titles.get(language) or titles.get("") or next(iter(titles.values()), name)


def lines(units: Sequence[Explained], measure: Measure, language: str = "en") -> list[str]:
    """The explanation as lines for a screen."""
    made: list[str] = []
    for unit in units:
        made.append(f"{title_in(measure.title, language, measure.name)}: {unit.unit}")
        for item in unit.judged:
            weight = "monitored" if item.indicator.monitor else f"weight {item.indicator.weight}"
            if not item.indicator.monitor and not item.indicator.weight:
                weight = f"in {item.indicator.dimension}"
            title = title_in(item.indicator.title, language, item.indicator.name)
            made.append(f"  {item.indicator.name} ({title}; {weight}): {VERDICTS[item.deprived].upper()}")
            if item.indicator.eligible is not None:
                made.append(f"      eligible: {item.indicator.eligible.text}  (nobody: {item.indicator.nobody})")
            made.append(f"      rule: {item.indicator.deprived.text}")
            made += [f"      {name} = {value}" for name, value in item.seen]
        made += _verdict_lines(unit, measure)
    return made


def _verdict_lines(unit: Explained, measure: Measure) -> list[str]:
    if unit.score is None:
        return [f"  score: not known; the measure's rule is missing: {measure.missing}"]
    made = [f"  score: {unit.score} = {float(unit.score):.4f}"]
    for cutoff, poor in unit.poor:
        sign = ">" if cutoff.strict else ">="
        label = f" ({cutoff.name})" if cutoff.name else ""
        made.append(f"  {'poor' if poor else 'not poor'}{label}: score {sign} {cutoff.k} {'holds' if poor else 'fails'}")
    if unit.distance is not None:
        side = "above" if unit.distance > 0 else "below" if unit.distance < 0 else "exactly on"
        amount = "" if not unit.distance else f"{abs(unit.distance)} "
        made.append(f"  distance: {amount}{side} the cutoff")
    lifting = [item.indicator.name for item in unit.judged if item.lifts]
    if unit.poor[0][1]:
        made.append(f"  single indicators that would lift it out: {', '.join(lifting) or 'none'}")
    return made
