"""A rule's value on a block of complete households, in three-valued logic, by whole columns.

What two rules share is computed once: the block keeps every subexpression it has met (`syntax.shared` makes equal
ones the same object). The operators' own work is
in `operations`, the aggregates' in `folding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns import kleene
from mpi.columns.values import Mask, Number, Text, Truth, Values, where_known
from mpi.rules import operations
from mpi.rules.checking import joint_level
from mpi.rules.folding import TOGETHER, answer_of, any_members, condition_of
from mpi.rules.frame import Evaluated, Frame
from mpi.rules.functions import FUNCTIONS, aggregates
from mpi.rules.operations import Overflow
from mpi.rules.syntax import (
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    Expression,
    In,
    IsNull,
    Junction,
    Literal,
    Name,
    Negative,
    Not,
    children,
)
from mpi.vocabulary.options import Level


def evaluate(
    expression: Expression,
    frame: Frame,
    level: Level,
    eligible: Expression | None = None,
    overflows: list[Overflow] | None = None,
) -> Values:
    """The value of a checked rule, one row for each unit of the level.

    Parameters
    ----------
    expression : Expression
        A tree that `check` found without fault.
    frame : Frame
        The block; it remembers what was computed.
    level : {"person", "household"}
        The level of the result.
    eligible : Expression, optional
        Which members the aggregates see.
    overflows : list, optional
        Takes what leaves the range, to be counted with `overflowing`; the values are of no use then.

    Raises
    ------
    RuleOverflow
        If integers leave 64 bits or numbers become infinite, and nothing counts where.
    TypeError
        If the rule was not checked, so that an operator meets a type that it does not take.
    """
    token = operations.GATHERED.set(overflows)
    try:
        with np.errstate(all="ignore"):
            found = _evaluate(expression, frame, eligible)
    finally:
        operations.GATHERED.reset(token)
    return _spread(frame.lift(found, level), frame.rows(level))


def overflowing(overflows: Iterable[Overflow], frame: Frame, level: Level) -> dict[str, int]:
    """The number of units of a level at which a rule left the range of numbers, by what happened."""
    units = frame.rows(level)
    found: dict[str, Mask] = {}
    for text, where in overflows:
        if len(where) == units:
            own = where
        elif len(where) == 1:  # of constants alone
            own = np.broadcast_to(where, units)
        elif level == "household":
            own = np.logical_or.reduceat(where, frame.starts)
        else:
            own = np.repeat(where, frame.sizes)
        found[text] = found[text] | own if text in found else own
    return {text: int(np.count_nonzero(where)) for text, where in found.items()}


def fold_together(wanted: Iterable[tuple[Expression, Expression | None]], frame: Frame) -> None:
    """Answer all ANY and ALL of some rules at once, so that `evaluate` finds them on the block.

    Parameters
    ----------
    wanted : iterable of (Expression, Expression or None)
        Checked rules, each with the condition of the members that its aggregates see.
    frame : Frame

    Raises
    ------
    RuleOverflow
        As `evaluate`; then nothing is answered.
    """
    calls = {
        (id(node), id(eligible)): (node, eligible)
        for expression, eligible in wanted
        for node in aggregates(expression)
        if node.function in TOGETHER
    }
    calls = {key: call for key, call in calls.items() if key not in frame.met}
    with np.errstate(all="ignore"):
        conditions = [condition_of(node.function, *_folded(node, frame, eligible)) for node, eligible in calls.values()]
    for (key, (node, eligible)), some in zip(calls.items(), any_members(frame, conditions), strict=True):
        frame.met[key] = (answer_of(node.function, some), "household"), node, eligible


def _folded(node: Call, frame: Frame, eligible: Expression | None) -> tuple[Values | None, Truth | None]:
    """What an aggregate is of, and which members it sees."""
    argument = _of_persons(node.arguments[0], frame) if node.arguments else None
    return argument, None if eligible is None else kleene.as_truth(_of_persons(eligible, frame))


def _evaluate(node: Expression, frame: Frame, eligible: Expression | None) -> Evaluated:
    key = (id(node), id(eligible))
    if key not in frame.met:
        # The nodes too, so that nothing else can get their places in memory while the block lives.
        frame.met[key] = (_compute(node, frame, eligible), node, eligible)
    return frame.met[key][0]


def _compute(node: Expression, frame: Frame, eligible: Expression | None) -> Evaluated:
    match node:
        case Literal():
            return operations.constant(node.value), None
        case Name():
            if node.name in frame.households:
                return frame.households[node.name], "household"
            return frame.persons[node.name], "person"
        case Call() if (fold := FUNCTIONS[node.function].fold) is not None:
            return fold(frame, *_folded(node, frame, eligible)), "household"
    found = [_evaluate(part, frame, eligible) for part in children(node)]
    level = joint_level(own for _, own in found)
    values = _apply(node, [frame.lift(part, level) for part in found])
    return _spread(values, len(values)), level


def _of_persons(node: Expression, frame: Frame) -> Values:
    return _spread(frame.lift(_evaluate(node, frame, None), "person"), frame.length)


def _apply(node: Expression, operands: list[Values]) -> Values:
    match node, operands:
        case Negative(), [Number() as a]:
            return operations.negative(a)
        case Not(), [a]:
            return kleene.not_(kleene.as_truth(a))
        case Arithmetic(), [Number() as a, Number() as b]:
            return operations.arithmetic(node.operator, a, b)
        case Comparison(), [a, b]:
            return operations.compare(node.operator, a, b)
        case Junction(), [first, *others]:
            joined = kleene.as_truth(first)
            for other in others:
                joined = (kleene.and_ if node.operator == "AND" else kleene.or_)(joined, kleene.as_truth(other))
            return joined
        case In(), [a]:
            found = operations.contains(a, node.items)
            return kleene.not_(found) if node.negated else found
        case Between(), [a, low, high]:
            inside = kleene.and_(operations.compare(">=", a, low), operations.compare("<=", a, high))
            return kleene.not_(inside) if node.negated else inside
        case IsNull(), [a]:
            known = where_known(a)
            return Truth(known if node.negated else ~known)
        case Case(), _:
            n = len(node.branches)
            conditions = [kleene.as_truth(values) for values in operands[0 : 2 * n : 2]]
            otherwise = operands[-1] if node.otherwise is not None else operations.constant(None)
            return operations.first_true(conditions, operands[1 : 2 * n : 2], otherwise)
        case Call(), _:
            function = FUNCTIONS[node.function]
            if function.apply is not None and (
                function.takes == "unsure" or all(isinstance(a, Number) for a in operands)
            ):
                return function.apply(operands)
    raise TypeError(f"{type(node).__name__} was not checked before it was evaluated")


def _spread(values: Values, rows: int) -> Values:
    """Constants, and what is known of them, over all rows; columns as they are."""
    known = values.known
    if len(values) == rows and (known is None or len(known) == rows):
        return values
    known = None if known is None else np.broadcast_to(known, rows)
    match values:
        case Number():
            spread: NDArray[Any] = np.broadcast_to(values.values, rows)
            return Number(spread, known)
        case Text():
            return Text(np.broadcast_to(values.codes, rows), values.labels, known)
        case Truth():
            return Truth(np.broadcast_to(values.true, rows), known)
