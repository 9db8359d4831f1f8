"""Worked examples run: what whoever knows the rule says of a household, against what the rules say.

The examples lie beside the measure as NAME.examples.yaml and are read by `mpi.config`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mpi.binding import Judgement, Plan, Step
from mpi.config import Example, ScoreExample, load_examples
from mpi.counting import scores
from mpi.errors import Place, counted
from mpi.indicators import compute, judge
from mpi.measure import Measure, rule_scope
from mpi.rules import Frame, names, order
from mpi.values import Number, Text, Truth, Values

WORDS = {True: "deprived", False: "not deprived", None: "unknown"}
POOR = {True: "poor", False: "not poor", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that the rules do not bear out: where it stands, and what differs."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many examples were run, which indicators have none, and what failed."""

    number: int
    without: tuple[str, ...]
    failures: tuple[Failure, ...]


def run_examples(measure: Measure) -> Outcome:
    """Run the worked examples beside a measure.

    Raises
    ------
    ConfigError
        If the file of examples cannot be understood.
    """
    examples, score_examples = load_examples(measure)
    failures = [found for example in examples if (found := _run(measure, example)) is not None]
    failures += [failure for example in score_examples for failure in _run_score(measure, example)]
    have = {example.indicator for example in examples}
    without = tuple(name for name in measure.names if name not in have)
    return Outcome(len(examples) + len(score_examples), without, tuple(failures))


def plan_of(measure: Measure) -> Plan:
    """The measure's own steps, for blocks that hold its variables already."""
    kinds, _ = rule_scope(measure.variables, measure.derived)
    steps = tuple(
        Step(name, kinds[name].level or "household", measure.derived[name].expression, measure.derived[name].origin)
        for name in order(measure.derived, measure.derived)[0]
    )
    judgements = tuple(Judgement(i.name, i.deprived, i.eligible, i.nobody) for i in measure.indicators)
    return Plan({}, steps, judgements, (), None, None, (), ())


def _run(measure: Measure, example: Example) -> Failure | None:
    plan = plan_of(measure)
    place = measure.names.index(example.indicator)
    used = {
        name
        for rule in (plan.judgements[place].deprived, plan.judgements[place].eligible)
        if rule is not None
        for name in names(rule.expression)
    }
    steps = order(measure.derived, sorted(used))[0]
    own = Plan({}, tuple(s for s in plan.steps if s.name in steps), (plan.judgements[place],), (), None, None, (), ())
    frame = _frame(measure, example)
    compute(own, frame)
    verdict = judge(own, frame, measure.level).verdicts[0]
    known = np.ones(len(verdict), np.bool_) if verdict.known is None else verdict.known
    said = [bool(t) if k else None for t, k in zip(verdict.true, known, strict=True)]
    expected = list(example.deprived) * (len(said) if len(example.deprived) == 1 else 1)
    if said == expected:
        return None
    found, wanted = (", ".join(WORDS[answer] for answer in answers) for answers in (said, expected))
    return Failure(example.place, f"{example.indicator}: {example.says}: the rule says {found}, the example {wanted}")


def _frame(measure: Measure, example: Example) -> Frame:
    persons: dict[str, Values] = {}
    household: dict[str, Values] = {}
    for name, variable in measure.variables.items():
        rows: Sequence[Mapping[str, object]] = example.persons if variable.kind.level == "person" else [example.household]
        values = _values(variable.kind.type, [row.get(name) for row in rows])
        (persons if variable.kind.level == "person" else household)[name] = values
    return Frame(np.array([len(example.persons)]), persons, household)


def _values(type_: str, cells: Sequence[object]) -> Values:
    known = np.array([cell is not None for cell in cells], np.bool_)
    mask = None if known.all() else known
    if type_ == "truth":
        return Truth(np.array([cell is True for cell in cells]), mask)
    if type_ == "text":
        labels = tuple(dict.fromkeys(str(cell) for cell in cells if cell is not None)) or ("",)
        return Text(np.array([labels.index(str(cell)) if cell is not None else 0 for cell in cells]), labels, mask)
    numbers = [cell if isinstance(cell, int | float) else 0 for cell in cells]
    whole = all(isinstance(number, int) for number in numbers)
    return Number(np.array(numbers, np.int64) if whole else np.array(numbers, np.float64), mask)


def _run_score(measure: Measure, example: ScoreExample) -> list[Failure]:
    pattern, unknown = (
        np.array([sum(1 << measure.names.index(name) for name in chosen)], np.uint64)
        for chosen in (example.deprived, example.unknown)
    )
    found = scores(measure, pattern, unknown)
    failures = []
    text = found.text()[0]
    expected = None if example.score is None else str(example.score)
    if text != expected:
        failures.append(Failure(example.place, f"{example.says}: the score is {text}, the example says {expected}"))
    for name, wanted in example.poor.items():
        cutoff = measure.cutoff(name) if name else measure.cutoffs[0]
        poor = bool(found.poor(cutoff)[0]) if found.included[0] else None
        if poor != wanted:
            said = f"at k={cutoff.text} {POOR[poor]}, the example says {POOR[wanted]}"
            failures.append(Failure(example.place, f"{example.says}: {said}"))
    return failures


def said(outcome: Outcome) -> str:
    """One line on how the examples went."""
    if not outcome.number:
        return "no worked examples lie beside this measure"
    bad = len(outcome.failures)
    return f"{counted(outcome.number, 'worked example')}, " + (f"{bad} not borne out" if bad else "all borne out")
