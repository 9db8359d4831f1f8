"""Deprivations of one block of complete households: variables, then each indicator's verdict, then packed patterns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.kleene import as_truth, choose
from mpi.columns.values import (
    Mask,
    Number,
    Text,
    Truth,
    Values,
    codes_as_text,
    differ,
    joined_codes,
    no_codes,
    not_none,
    where_known,
    where_label,
    word_for,
    zeroed,
)
from mpi.errors import Place
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.pipeline.binding import Judgement, Plan, Step
from mpi.rules import Expression, Frame, Overflow, RuleOverflow, evaluate, fold_together, overflowing
from mpi.source import SIGN
from mpi.vocabulary.options import Level

MAX_TABLE = 4096  # codes in a shorter range are looked up in a table


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
        If a column holds codes that its list does not, arithmetic overflows, or columns of one name in two tables
        differ; where findings are gathered they are noted instead.
    """
    note_doubled(plan, frame)
    add_columns(plan.steps, frame)


def note_doubled(plan: Plan, frame: Frame) -> None:
    """Note the rows in which columns of one name in two tables differ."""
    for own, other, wrong in plan.doubled:
        frame.note(wrong, _differing(frame, own, other))


def add_columns(steps: Iterable[Step], frame: Frame) -> None:
    """Add some of the plan's columns to a block, in their order, where they are not there yet; see `compute`."""
    for step in steps:
        columns = frame.persons if step.level == "person" else frame.households
        if step.name not in columns:
            columns[step.name] = _evaluated(step, frame)


def judge(plan: Plan, frame: Frame, level: Level) -> Judged:
    """Every indicator's verdict on the units of a block to which the plan's columns were added."""
    about = [(judgement, seen_by(judgement, level)) for judgement in plan.judgements]
    wanted = [(judgement.deprived.expression, seen) for judgement, seen in about]
    if level == "household":
        wanted += [(judgement.anyone, None) for judgement in plan.judgements if judgement.anyone is not None]
    with suppress(RuleOverflow):  # it comes again, where the rule is known
        fold_together(wanted, frame)
    verdicts = tuple(_verdict(judgement, frame, level) for judgement in plan.judgements)
    word = word_for(len(verdicts))
    pattern, unknown = np.zeros(frame.rows(level), word), np.zeros(frame.rows(level), word)
    for j, verdict in enumerate(verdicts):
        pattern |= verdict.true.astype(word) << word(j)
        if verdict.known is not None and not verdict.known.all():
            unknown |= (~verdict.known).astype(word) << word(j)
    return Judged(verdicts, pattern.astype(np.uint64), unknown.astype(np.uint64))


def _differing(frame: Frame, own: str, other: str) -> int:
    """The rows of which two columns say something else; a module says nothing of those that it does not have."""
    mine, theirs = (_lifted(frame, name) for name in (own, other))
    if len(mine) < len(theirs):
        mine = frame.lift((mine, "household"), "person")
    elif len(theirs) < len(mine):
        theirs = frame.lift((theirs, "household"), "person")
    differing = differ(mine, theirs)
    return int(np.count_nonzero(differing & where_known(theirs) if SIGN in other else differing))


def _lifted(frame: Frame, name: str) -> Values:
    return frame.households[name] if name in frame.households else frame.persons[name]


def _evaluated(step: Step, frame: Frame) -> Values:
    values = _values(step, frame)
    if step.lines is not None and isinstance(values, Text):
        return _lines(frame, step, values, step.lines)
    return _recoded(frame, step, values) if step.crosswalk is not None and isinstance(values, Text) else values


def _values(step: Step, frame: Frame) -> Values:
    place = step.origin.at(0)
    name = step.name.split(":")[-1]
    overflows: list[Overflow] = []
    values = evaluate(step.expression, frame, step.level, overflows=overflows)
    note_overflows(frame, name, place, step.level, overflows)
    if step.parts:
        columns = [(evaluate(part, frame, step.level), width) for part, width in step.parts]
        values = joined_codes([_coded(frame, step, column, width) for column, width in columns])
        return values if step.codes is None else _labelled(frame, name, values, step.codes, place)
    if step.codes is not None:
        text = _labelled(frame, name, values, step.codes, place)
        return text if step.yes is None else _truth(text, step.yes)
    if step.as_code:
        return _coded(frame, step, values, step.width)
    if step.declared is not None and isinstance(values, Text):
        strange = where_label(values, set(values.labels) - step.declared)
        remedy = phrase("add them to the measure's list, or declare them under `missing_codes:`")
        _note_strange(
            frame,
            values,
            strange,
            Wrong(
                code="MPI-D015",
                place=place,
                head=f"{name}:",
                noun="row",
                tail=phrase(" with texts that the measure does not declare"),
                remedy=remedy,
            ),
        )
    return values


def note_overflows(frame: Frame, name: str, place: Place, level: Level, overflows: Sequence[Overflow]) -> None:
    """Note in how many units a rule left the range of numbers; what it gave there is of no use."""
    for text, number in overflowing(overflows, frame, level).items():
        remedy = phrase("divide its inputs first, such as x / 1000")
        head = phrase("{name}: {text} in", name=name, text=text)
        frame.note(Wrong(code="MPI-D040", place=place, head=head, noun=level, remedy=remedy), number)


def _coded(frame: Frame, step: Step, values: Values, width: int) -> Text:
    """Codes as texts, padded to a width; those that are longer, or no codes, are noted."""
    name, place = step.name.split(":")[-1], step.origin.at(0)
    if isinstance(values, Number) and values.values.dtype.kind == "i":
        numbers = values.values if values.known is None else zeroed(values.values, values.known)
        looked_up = step.texts.of(numbers, width)
        if looked_up is not None and not (width and looked_up[1].strange):
            return Text(looked_up[0], looked_up[1].labels, values.known)
    try:
        found = codes_as_text(values, width, step.exact)
    except ValueError as error:
        remedy = phrase("store codes as whole numbers or as text")
        bad = no_codes(values, step.exact)
        wrong = Wrong(
            code="MPI-D012",
            place=place,
            head=phrase("{name}: the column holds {error}, not codes, in", name=name, error=error),
            noun="row",
            remedy=remedy,
        )
        frame.note(wrong, int(np.count_nonzero(bad)) or len(values))
        return Text(np.zeros(len(values), np.int64), ("",))
    if width:
        strange = {label for label in found.labels if len(label) > width or label.startswith("-")}
        if not strange:
            return found
        long = where_label(found, strange)
        remedy = phrase("write the width that the codes have, or declare those that mean no answer as `missing_codes:`")
        head = phrase("{name}: codes longer than their width of {width}, or below 0, in", name=name, width=width)
        number = int(np.count_nonzero(long if found.known is None else long & found.known))
        frame.note(Wrong(code="MPI-D140", place=place, head=head, noun="row", remedy=remedy), number)
    return found


def _truth(text: Text, yes: Collection[str]) -> Truth:
    """Labels as truths: true where they are among those that say yes."""
    true = where_label(text, yes)
    return Truth(true if text.known is None else true & text.known, text.known)


def _recoded(frame: Frame, step: Step, text: Text) -> Text:
    """What a crosswalk makes of codes; those that it does not list stay, or are refused."""
    spec = not_none(step.crosswalk)
    if not spec.keep and (strange := {label for label in text.labels if label not in spec.codes}):
        remedy = phrase("add them to the crosswalk, or write `others: keep` if it lists only codes that change")
        wrong = Wrong(
            code="MPI-D142",
            place=step.origin.at(0),
            head=phrase("{name}:", name=step.name.split(":")[-1]),
            noun="row",
            tail=phrase(" with codes that the crosswalk does not list"),
            remedy=remedy,
        )
        _note_strange(frame, text, where_label(text, strange), wrong)
    labels = [spec.codes.get(label, label) for label in text.labels]
    distinct = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    places = np.array([distinct[label] for label in labels] or [0], np.int64)
    return Text(places[text.codes], tuple(distinct), text.known)


def _lines(frame: Frame, step: Step, text: Text, lines: Mapping[str, float]) -> Number:
    """The numbers that codes stand for; codes without one are refused."""
    numbers = np.array([lines.get(label, np.nan) for label in text.labels] or [np.nan])
    found: NDArray[np.float64] = numbers[text.codes]
    if strange := {label for label in text.labels if label not in lines}:
        wrong = Wrong(
            code="MPI-D146",
            place=step.origin.at(0),
            head=f"{step.name}:",
            noun="row",
            tail=phrase(" with codes that the file of lines does not list"),
            remedy=phrase("add them to the file, or declare those that mean no answer as `missing_codes:`"),
        )
        _note_strange(frame, text, where_label(text, strange), wrong)
        found = np.where(np.isnan(found), 0.0, found)
    return Number(found, text.known)


def _labelled(frame: Frame, name: str, values: Values, codes: Mapping[str, str], place: Place) -> Text:
    """A column's codes replaced by their labels; other codes are refused."""
    labels = tuple(dict.fromkeys(codes.values()))
    label_of = {code: labels.index(label) for code, label in codes.items()}
    if isinstance(values, Text):
        found = np.array([label_of.get(code, -1) for code in values.labels] or [-1])[values.codes]
    elif values.known is not None and not values.known.any():
        found = np.zeros(len(values), np.int64)
    else:
        numbers = values.true.view(np.int8) if isinstance(values, Truth) else values.values
        found = _looked_up(numbers, {float(code): label for code, label in label_of.items()})
    text = Text(np.maximum(found, 0), labels, values.known)
    if not (found < 0).any():
        return text
    remedy = phrase("add them to the list, or declare them under `missing_codes:`")
    if isinstance(values, Text) and _are_numbers(codes) and not _are_numbers(values.labels, every=False):
        remedy = phrase(
            "these are labels, and the list is one of codes: write the file with codes (pandas: "
            "convert_categoricals=False), or list the labels"
        )
    _note_strange(
        frame,
        values,
        found < 0,
        Wrong(
            code="MPI-D015",
            place=place,
            head=f"{name}:",
            noun="row",
            tail=phrase(" with codes that its list does not hold"),
            remedy=remedy,
        ),
    )
    return text


def _looked_up(numbers: NDArray[Any], labels: Mapping[float, int]) -> NDArray[np.int64]:
    """The label of each number; -1 for those that have none."""
    codes = np.array(sorted(labels))
    label = np.array([labels[code] for code in codes.tolist()], np.int64)
    low, high = codes[0], codes[-1]
    if numbers.dtype.kind == "i" and high - low < MAX_TABLE and (codes == np.floor(codes)).all():
        table = np.full(int(high - low) + 3, -1, np.int64)  # one more at either end, for what lies outside
        table[(codes - low).astype(np.int64) + 1] = label
        found: NDArray[np.int64] = np.take(table, np.clip(numbers, int(low) - 1, int(high) + 1) - (int(low) - 1))
        return found
    at = np.minimum(np.searchsorted(codes, numbers), len(codes) - 1)
    return np.where(codes[at] == numbers, label[at], -1)


def _are_numbers(codes: Collection[str], *, every: bool = True) -> bool:
    """Whether codes are written as whole numbers: each of them, or any."""
    return (all if every else any)(code.strip().lstrip("-").isdigit() for code in codes)


def _note_strange(frame: Frame, values: Values, strange: Mask, wrong: Wrong) -> None:
    """Note rows with codes that do not belong there, and which these are."""
    if values.known is not None:
        strange = strange & values.known
    if not strange.any():
        return
    match values:
        case Text():
            counts = np.bincount(values.codes[strange], minlength=len(values.labels))
            found = {values.labels[code]: int(counts[code]) for code in np.flatnonzero(counts)}
        case _:
            numbers = values.true.view(np.int8) if isinstance(values, Truth) else values.values
            distinct, times = np.unique(numbers[strange], return_counts=True)
            found = {
                f"{number:g}" if isinstance(number, float) else str(number): n
                for number, n in zip(distinct.tolist(), times.tolist(), strict=True)
            }
    frame.note(wrong, int(np.count_nonzero(strange)), found)


def seen_by(judgement: Judgement, level: Level) -> Expression | None:
    """The condition of the members that a rule's aggregates see."""
    return judgement.eligible.expression if judgement.eligible is not None and level == "household" else None


def _verdict(judgement: Judgement, frame: Frame, level: Level) -> Truth:
    about = judgement.anyone if level == "household" or judgement.eligible is None else judgement.eligible.expression
    met: list[Overflow] = []
    verdict = as_truth(evaluate(judgement.deprived.expression, frame, level, seen_by(judgement, level), met))
    someone = None if about is None else as_truth(evaluate(about, frame, level, overflows=met))
    note_overflows(frame, judgement.name, judgement.deprived.origin.at(0), level, met)
    if someone is None:
        return verdict
    unknown = np.zeros(len(verdict), np.bool_) if judgement.nobody == "unknown" else None
    return choose(someone, verdict, Truth(np.full(len(verdict), judgement.nobody == "deprived"), unknown))
