"""Worked examples run: what whoever knows the rule says of a household, against what the rules say.

The examples lie beside the measure as NAME.examples.yaml and are read by `mpi.config`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Number, Text, Truth, Values
from mpi.config import Example, ScoreExample, load_examples
from mpi.counting import scores
from mpi.errors import Fault, counted, joined
from mpi.language import Phrase, phrase
from mpi.pipeline.binding import DesignColumns, Plan, Step, judgement_of
from mpi.pipeline.judging import compute, judge
from mpi.rules import Frame, names, order
from mpi.specs.indicators import Indicator
from mpi.specs.measure import Measure, rule_scope

VERDICTS = {
    True: phrase("deprived", context="verdict"), False: phrase("not deprived", context="verdict"),
    None: phrase("unknown"),
}  # fmt: skip
POOR = {
    True: phrase("poor", context="verdict"), False: phrase("not poor", context="verdict"),
    None: phrase("of unknown status"),
}  # fmt: skip
REMEDY = phrase("write in the example what the rule says, or change the rule")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many examples were run, which indicators have none, and a fault for each that the rules do not bear out."""

    number: int
    without: tuple[str, ...]
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> Phrase:
        """The number of examples and of those that fail, in words."""
        if not self.number:
            return phrase("there are no worked examples beside this measure")
        return phrase(
            "{examples}, {bad} not confirmed" if self.faults else "{examples}, all confirmed",
            examples=counted(self.number, "worked example"),
            bad=len(self.faults),
        )


def run_examples(measure: Measure) -> Outcome:
    """Run the worked examples beside a measure.

    Raises
    ------
    ConfigError
        If the file of examples cannot be understood.
    """
    examples, score_examples = load_examples(measure)
    faults = [fault for example in examples if (fault := _run(measure, example)) is not None]
    faults += [fault for example in score_examples if (fault := _run_score(measure, example)) is not None]
    have = {example.indicator for example in examples}
    without = tuple(name for name in measure.names if name not in have)
    return Outcome(len(examples) + len(score_examples), without, tuple(faults))


def _run(measure: Measure, example: Example) -> Fault | None:
    plan = _plan(measure, measure.indicators[measure.names.index(example.indicator)])
    frame = _frame(measure, example)
    compute(plan, frame)
    verdict = judge(plan, frame, measure.level).verdicts[0]
    known = np.ones(len(verdict), np.bool_) if verdict.known is None else verdict.known
    found = [bool(true) if sure else None for true, sure in zip(verdict.true, known, strict=True)]
    wanted = list(example.deprived) * (len(found) if len(example.deprived) == 1 else 1)
    if found == wanted:
        return None
    rule, said = (joined([VERDICTS[answer] for answer in answers], ", ") for answers in (found, wanted))
    text = phrase(
        "{indicator}: {says}: the rule says {rule}, the example {said}",
        indicator=example.indicator,
        says=example.says,
        rule=rule,
        said=said,
    )
    return Fault("MPI-X003", example.place, text, REMEDY)


def _plan(measure: Measure, indicator: Indicator) -> Plan:
    """One indicator's own steps, for blocks that hold the measure's variables already."""
    kinds, _ = rule_scope(measure.variables, measure.derived)
    rules = [rule for rule in (indicator.eligible, indicator.deprived) if rule is not None]
    derived = order(measure.derived, [name for rule in rules for name in names(rule.expression)])[0]
    steps = tuple(
        Step(
            name=name,
            level=kinds[name].level or "household",
            expression=measure.derived[name].expression,
            origin=measure.derived[name].origin,
        )
        for name in derived
    )
    return Plan(needs={}, steps=steps, judgements=(judgement_of(indicator),), domains=(), design=DesignColumns())


def _frame(measure: Measure, example: Example) -> Frame:
    persons: dict[str, Values] = {}
    household: dict[str, Values] = {}
    for name, variable in measure.variables.items():
        of_persons = variable.kind.level == "person"
        rows: Sequence[Mapping[str, object]] = example.persons if of_persons else [example.household]
        values = _values(variable.kind.type, [row.get(name) for row in rows])
        (persons if of_persons else household)[name] = values
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


def _run_score(measure: Measure, example: ScoreExample) -> Fault | None:
    pattern, unknown = (
        np.array([sum(1 << measure.names.index(name) for name in set(chosen))], np.uint64)
        for chosen in (example.deprived, example.unknown)
    )
    found = scores(measure, pattern, unknown)
    wrong: list[str] = []
    text = found.text()[0]
    if text != (None if example.score is None else str(example.score)):
        own, other = (VERDICTS[None] if score is None else score for score in (text, example.score))
        wrong.append(phrase("the score is {score}, the example says {wanted}", score=own, wanted=other))
    for name, wanted in example.poor.items():
        cutoff = measure.cutoff(name) if name else measure.cutoffs[0]
        poor = bool(found.poor(cutoff)[0]) if found.included[0] else None
        if poor != wanted:
            wrong.append(
                phrase(
                    "at k={k} the unit is {verdict}, the example says {wanted}",
                    k=cutoff.text,
                    verdict=POOR[poor],
                    wanted=POOR[wanted],
                )
            )
    return (
        Fault(
            "MPI-X003", example.place, phrase("{says}: {names}", says=example.says, names=joined(wrong, "; ")), REMEDY
        )
        if wrong
        else None
    )
