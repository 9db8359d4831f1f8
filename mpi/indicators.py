"""Deprivations of one block of complete households: variables, then each indicator's verdict, then packed patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi import kleene
from mpi.binding import Judgement, Plan, Step
from mpi.errors import DataError, Fault, Place, counted
from mpi.rules import Frame, Level, RuleOverflow, any_member, evaluate
from mpi.values import Mask, Text, Truth, Values, codes_as_text, differ, repeat, take


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Verdicts on the n units of a block (households, or persons under person identification).

    Attributes
    ----------
    verdicts : tuple of Truth
        One per indicator in bit order, n rows each.
    pattern, unknown : uint64, shape (n,)
        The same, packed: bit j is set where indicator j is deprived; is unknown.
    """

    verdicts: tuple[Truth, ...]
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]


def compute(plan: Plan, frame: Frame) -> None:
    """Add the plan's columns to a block, in their order.

    Raises
    ------
    DataError
        If a column holds codes that its list does not, or arithmetic overflows.
    """
    for step in plan.steps:
        values = _evaluated(step, frame)
        (frame.persons if step.level == "person" else frame.households)[step.name] = values


def judge(plan: Plan, frame: Frame, level: Level) -> Judged:
    """Every indicator's verdict on the units of a block to which the plan's columns were added."""
    verdicts = tuple(_verdict(judgement, frame, level) for judgement in plan.judgements)
    pattern = np.zeros(frame.rows(level), np.uint64)
    unknown = np.zeros(frame.rows(level), np.uint64)
    for j, verdict in enumerate(verdicts):
        pattern |= verdict.true.astype(np.uint64) << np.uint64(j)
        if verdict.known is not None:
            unknown |= (~verdict.known).astype(np.uint64) << np.uint64(j)
    return Judged(verdicts, pattern, unknown)


def _evaluated(step: Step, frame: Frame) -> Values:
    place = step.origin.at(0)
    try:
        values = evaluate(step.expression, frame, step.level)
    except RuleOverflow as error:
        raise DataError(Fault("MPI-D040", place, f"{step.name}: {error}", "scale the column down")) from None
    name = step.name.split(":")[-1]
    if step.codes is not None:
        return _labelled(name, values, step.codes, place)
    if step.as_code:
        return _coded(name, values, step.width, place)
    if step.declared is not None and isinstance(values, Text):
        strange = np.array([label not in step.declared for label in values.labels] or [False])[values.codes]
        _refuse_strange(name, strange, values.known, place, "texts that the measure does not declare")
    return values


def _coded(name: str, values: Values, width: int, place: Place) -> Values:
    try:
        return codes_as_text(values, width)
    except ValueError as error:
        raise DataError(Fault("MPI-D012", place, f"{name}: the column holds {error}, not codes")) from None


def _labelled(name: str, values: Values, codes: dict[str, str] | object, place: Place) -> Text:
    """A column's codes replaced by their labels; other codes are refused."""
    assert isinstance(codes, dict)  # noqa: S101  the config makes it so
    labels = tuple(dict.fromkeys(codes.values()))
    where = {label: i for i, label in enumerate(labels)}
    if isinstance(values, Text):
        mapping = np.array([where[codes[label]] if label in codes else -1 for label in values.labels] or [-1], np.int64)
        found = mapping[values.codes]
    else:
        numbers = values.true.astype(np.int64) if isinstance(values, Truth) else values.values
        keys = _numbers(name, codes, place)
        ordered = np.array(sorted(keys))
        mapping = np.array([where[codes[keys[number]]] for number in sorted(keys)], np.int64)
        at = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
        found = np.where(ordered[at] == numbers, mapping[at], -1)
    _refuse_strange(name, found < 0, values.known, place, "codes that its list does not hold")
    return Text(np.maximum(found, 0), labels, values.known)


def _numbers(name: str, codes: dict[str, str], place: Place) -> dict[float, str]:
    try:
        return {float(code): code for code in codes}
    except ValueError:
        text = f"{name}: the column holds numbers, its list of codes texts"
        raise DataError(Fault("MPI-D014", place, text, "write the codes as numbers")) from None


def _refuse_strange(name: str, strange: Mask, known: Mask | None, place: Place, what: str) -> None:
    if known is not None:
        strange = strange & known
    if number := int(np.count_nonzero(strange)):
        remedy = "add them to the list, or declare them under `missing_codes:`"
        raise DataError(Fault("MPI-D015", place, f"{name}: {counted(number, 'row')} in a block hold {what}", remedy))


def _verdict(judgement: Judgement, frame: Frame, level: Level) -> Truth:
    eligible = judgement.eligible
    try:
        if level == "person" or eligible is None:
            verdict = evaluate(judgement.deprived.expression, frame, level)
        else:
            verdict = evaluate(judgement.deprived.expression, frame, level, eligible.expression)
        someone = evaluate(eligible.expression, frame, "person") if eligible is not None else None
    except RuleOverflow as error:
        place = judgement.deprived.origin.at(0)
        raise DataError(Fault("MPI-D040", place, f"{judgement.name}: {error}", "scale the column down")) from None
    verdict = _as_truth(verdict)
    if someone is None:
        return verdict
    some = _as_truth(someone)
    if level == "household":
        some = any_member(frame, some)
    n = len(verdict)
    status = {"deprived": Truth(np.ones(n, np.bool_)), "not_deprived": Truth(np.zeros(n, np.bool_))}.get(
        judgement.nobody or "unknown", Truth(np.zeros(n, np.bool_), np.zeros(n, np.bool_))
    )
    return kleene.choose(some, verdict, status)


def _as_truth(values: Values) -> Truth:
    if isinstance(values, Truth):
        return values
    return Truth(np.zeros(len(values), np.bool_), np.zeros(len(values), np.bool_))


def household_values(names: Sequence[str], frame: Frame, what: str, place: Place | None) -> list[Values]:
    """Columns of the block with one row a household; a person's column must say the same for all members.

    Raises
    ------
    DataError
        If it does not.
    """
    found: list[Values] = []
    for name in names:
        if name in frame.households:
            found.append(frame.households[name])
            continue
        values = frame.persons[name]
        first = take(values, frame.starts)
        varies = differ(repeat(first, frame.sizes), values)
        if varies.any():
            number = int(np.bitwise_or.reduceat(varies, frame.starts).sum())
            text = f"{what} differs between the persons of {counted(number, 'household')}"
            raise DataError(Fault("MPI-D034", place, text, "is the household's key complete?"))
        found.append(first)
    return found
