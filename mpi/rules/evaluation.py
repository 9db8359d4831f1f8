"""A rule's value on a block of complete households, in three-valued logic, by whole columns.

Persons lie household by household, so that an aggregate is one segmented reduction. What two rules share is
computed once: the block keeps every subexpression it has met.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi import kleene
from mpi.rules.checking import Level
from mpi.rules.syntax import (
    AGGREGATES,
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
)  # fmt: skip
from mpi.values import Mask, Number, Text, Truth, Values, both_known, common_codes, repeat

MAX_INTEGER = 2**63 - 1
Evaluated = tuple[Values, Level | None]
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class RuleOverflow(ArithmeticError):
    """A rule's arithmetic leaves the range of 64-bit numbers."""


@dataclass(slots=True, eq=False)
class Frame:
    """A block of complete households.

    Attributes
    ----------
    sizes : int64, shape (h,)
        Number of persons of each household, in the order of the rows; at least 1 where there are persons.
    persons : dict of str to Values
        Columns with one row a person, household by household.
    households : dict of str to Values
        Columns with one row a household.
    """

    sizes: NDArray[np.int64]
    persons: dict[str, Values]
    households: dict[str, Values]
    starts: NDArray[np.int64] = field(init=False)
    length: int = field(init=False)
    met: dict[tuple[Expression, Expression | None], Evaluated] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.length = int(self.sizes.sum())

    def rows(self, level: Level) -> int:
        """Number of rows of a level in this block."""
        return self.length if level == "person" else len(self.sizes)

    def lift(self, found: Evaluated, level: Level | None) -> Values:
        """A household's value given to its persons, where `level` asks for it; constants stay as they are."""
        values, own = found
        return repeat(values, self.sizes) if level == "person" and own == "household" else values


def evaluate(expression: Expression, frame: Frame, level: Level, eligible: Expression | None = None) -> Values:
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

    Raises
    ------
    RuleOverflow
        If integers leave 64 bits or numbers become infinite.
    """
    with np.errstate(all="ignore"):
        found = _evaluate(expression, frame, eligible)
    return _full(frame.lift(found, level), frame.rows(level))


def any_member(frame: Frame, condition: Truth) -> Truth:
    """Whether any member meets a condition: unknown if none does and one is unknown.

    Parameters
    ----------
    frame : Frame
        The block.
    condition : Truth, one row a person

    Returns
    -------
    Truth, one row a household
    """
    true = _reduce(np.bitwise_or, condition.true.view(np.uint8), frame).view(np.bool_)
    if condition.known is None:
        return Truth(true)
    unsure = _reduce(np.bitwise_or, (~condition.known).view(np.uint8), frame).view(np.bool_)
    return Truth(true, true | ~unsure)


def _evaluate(node: Expression, frame: Frame, eligible: Expression | None) -> Evaluated:
    key = (node, eligible)
    if key not in frame.met:
        frame.met[key] = _compute(node, frame, eligible)
    return frame.met[key]


def _compute(node: Expression, frame: Frame, eligible: Expression | None) -> Evaluated:
    match node:
        case Literal():
            return _constant(node.value), None
        case Name():
            if node.name in frame.households:
                return frame.households[node.name], "household"
            return frame.persons[node.name], "person"
        case Call() if node.function in AGGREGATES:
            return _aggregate(node, frame, eligible), "household"
    operands, level = _operands(_parts(node), frame, eligible)
    return _apply(node, operands), level


def _parts(node: Expression) -> tuple[Expression, ...]:
    from mpi.rules.syntax import children

    return children(node)


def _operands(
    nodes: tuple[Expression, ...], frame: Frame, eligible: Expression | None
) -> tuple[list[Values], Level | None]:
    found = [_evaluate(node, frame, eligible) for node in nodes]
    levels = {level for _, level in found}
    level: Level | None = "person" if "person" in levels else "household" if "household" in levels else None
    return [frame.lift(values, level) for values in found], level


def _apply(node: Expression, operands: list[Values]) -> Values:
    match node, operands:
        case Negative(), [Number() as a]:
            return _number(-a.values, a.known)
        case Not(), [Truth() as a]:
            return kleene.not_(a)
        case Arithmetic(), [Number() as a, Number() as b]:
            return _divide(a, b) if node.operator == "/" else _arithmetic(node.operator, a, b)
        case Comparison(), [a, b]:
            return _compare(node.operator, a, b)
        case Junction(), [first, *rest]:
            joined = _truth(first)
            for other in rest:
                joined = (kleene.and_ if node.operator == "AND" else kleene.or_)(joined, _truth(other))
            return joined
        case In(), [a]:
            found = _contains(a, node)
            return kleene.not_(found) if node.negated else found
        case Between(), [a, low, high]:
            inside = kleene.and_(_compare(">=", a, low), _compare("<=", a, high))
            return kleene.not_(inside) if node.negated else inside
        case IsNull(), [a]:
            known = np.ones(len(a), np.bool_) if a.known is None else a.known
            return Truth(known if node.negated else ~known)
        case Case(), values:
            return _case(node, values)
        case Call(), values:
            return _function(node.function, values)
    raise TypeError(f"{type(node).__name__} was not checked before it was evaluated")


def _constant(value: float | str | bool | None) -> Values:
    match value:
        case None:
            return Number(np.zeros(1, np.int64), np.zeros(1, np.bool_))
        case bool():
            return Truth(np.array([value]))
        case str():
            return Text(np.zeros(1, np.int64), (value,))
        case int():
            return Number(np.array([value], np.int64))
        case _:
            return Number(np.array([value], np.float64))


def _truth(values: Values) -> Truth:
    if isinstance(values, Truth):
        return values
    return Truth(np.zeros(len(values), np.bool_), np.zeros(len(values), np.bool_))


def _number(values: NDArray[Any], known: Mask | None) -> Number:
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        if not (finite if known is None else finite | ~known).all():
            raise RuleOverflow("a number becomes infinite")
    return Number(values, known)


def _largest(a: Number) -> int:
    return max(abs(int(a.values.max())), abs(int(a.values.min()))) if len(a.values) else 0


def _arithmetic(name: str, a: Number, b: Number) -> Number:
    if a.values.dtype.kind == "i" and b.values.dtype.kind == "i":
        x, y = _largest(a), _largest(b)
        if (x * y if name == "*" else x + y) > MAX_INTEGER:
            raise RuleOverflow("an integer leaves 64 bits")
    return _number(ARITHMETIC[name](a.values, b.values), both_known(a.known, b.known))


def _divide(a: Number, b: Number) -> Number:
    zero = b.values == 0
    known = both_known(a.known, b.known)
    if zero.any():
        known = ~zero if known is None else known & ~zero
        known = np.broadcast_to(known, np.broadcast_shapes(known.shape, a.values.shape))
    quotient = np.divide(a.values, np.where(zero, 1, b.values))
    return _number(quotient, known)


def _compare(name: str, a: Values, b: Values) -> Truth:
    match a, b:
        case Number(), Number():
            return kleene.truth(COMPARE[name](a.values, b.values), a.known, b.known)
        case Text(), Text():
            labels, codes = common_codes([a, b])
            return kleene.truth(COMPARE[name](codes[0], codes[1]), a.known, b.known)
    return _truth(a if b.known is None else b)  # one side is a column without any known value


def _contains(a: Values, node: In) -> Truth:
    if isinstance(a, Text):
        wanted = {item.value for item in node.items}
        chosen = np.array([label in wanted for label in a.labels] or [False])
        return kleene.truth(chosen[a.codes], a.known)
    if not isinstance(a, Number):
        raise TypeError("IN was not checked before it was evaluated")
    values = [item.value for item in node.items]
    if len(values) > 8:
        return kleene.truth(np.isin(a.values, np.array(values)), a.known)
    found = a.values == values[0]
    for value in values[1:]:
        found |= a.values == value
    return kleene.truth(found, a.known)


def _case(node: Case, operands: list[Values]) -> Values:
    conditions = [_truth(values) for values in operands[0 : 2 * len(node.branches) : 2]]
    results = operands[1 : 2 * len(node.branches) : 2]
    tail = operands[2 * len(node.branches) :] or [_constant(None)]
    chosen: list[Mask] = []
    open_ = np.ones(1, np.bool_)
    for condition in conditions:
        chosen.append(open_ & condition.true)
        open_ = open_ & ~condition.true
    return _select([*chosen, open_], [*results, *tail])


def _select(masks: list[Mask], results: list[Values]) -> Values:
    """Row by row the result whose mask is true; the masks exclude one another and one holds on every row."""
    shape = np.broadcast_shapes(*(mask.shape for mask in masks), *((len(values),) for values in results))
    known = np.zeros(shape, np.bool_)
    for mask, values in zip(masks, results, strict=True):
        known |= mask if values.known is None else mask & values.known
    if any(isinstance(values, Text) for values in results):
        texts = [values if isinstance(values, Text) else _no_text(len(values)) for values in results]
        labels, codes = common_codes(texts)
        return Text(_merge(masks, codes, known, shape), labels, known)
    if any(isinstance(values, Truth) for values in results):
        return Truth(_merge(masks, [_truth(values).true for values in results], known, shape), known)
    return _number(_merge(masks, [values.values for values in results if isinstance(values, Number)], known, shape),
                   known)  # fmt: skip


def _no_text(n: int) -> Text:
    return Text(np.zeros(n, np.int64), ("",), np.zeros(n, np.bool_))


def _merge(masks: list[Mask], parts: list[Any], known: Mask, shape: tuple[int, ...]) -> NDArray[Any]:
    merged = np.zeros(shape, np.result_type(*parts))
    for mask, part in zip(masks, parts, strict=True):
        np.copyto(merged, part, where=mask & known)
    return merged


def _function(name: str, operands: list[Values]) -> Values:
    if name == "COALESCE":
        masks, open_ = [], np.ones(1, np.bool_)
        for values in operands:
            known = np.ones(len(values), np.bool_) if values.known is None else values.known
            masks.append(open_ & known)
            open_ = open_ & ~known
        return _select([*masks, open_], [*operands, _constant(None)])
    numbers = [values for values in operands if isinstance(values, Number)]
    if name == "ABS":
        return _number(np.abs(numbers[0].values), numbers[0].known)
    choose = np.minimum if name == "LEAST" else np.maximum
    values, known = numbers[0].values, numbers[0].known
    for other in numbers[1:]:
        values, known = choose(values, other.values), both_known(known, other.known)
    return Number(values, known)


def _aggregate(node: Call, frame: Frame, eligible: Expression | None) -> Values:
    member = _persons(eligible, frame) if eligible is not None else Truth(np.ones(1, np.bool_))
    if node.function in ("ANY", "ALL", "COUNT_IF"):
        condition = _persons(node.arguments[0], frame)
        if node.function == "ALL":
            broken = kleene.and_(member, kleene.not_(condition))
            return kleene.not_(any_member(frame, _whole(broken, frame)))
        met = _whole(kleene.and_(member, condition), frame)
        return any_member(frame, met) if node.function == "ANY" else _count(met, frame)
    if node.function == "COUNT":
        return _count(_whole(member, frame), frame)
    found = _evaluate(node.arguments[0], frame, None)
    values = _full(frame.lift(found, "person"), frame.length)
    if not isinstance(values, Number):
        raise TypeError("an aggregate was not checked before it was evaluated")
    return _fold(node.function, values, _whole(member, frame), frame)


def _persons(node: Expression, frame: Frame) -> Truth:
    return _truth(frame.lift(_evaluate(node, frame, None), "person"))


def _whole(values: Truth, frame: Frame) -> Truth:
    full = _full(values, frame.length)
    assert isinstance(full, Truth)  # noqa: S101  _full keeps the type
    return full


def _count(met: Truth, frame: Frame) -> Number:
    number = _reduce(np.add, met.true.astype(np.int64), frame)
    return Number(number, None if met.known is None else _none(~met.known, frame))


def _fold(function: str, values: Number, member: Truth, frame: Frame) -> Number:
    unsure = kleene.truth(member.true, member.known, None)
    missing = np.zeros(frame.length, np.bool_) if unsure.known is None else ~unsure.known
    if values.known is not None:
        missing = missing | (member.true & ~values.known)
    known = _none(missing, frame)
    number = _reduce(np.add, member.true.astype(np.int64), frame)
    if function in ("SUM", "MEAN"):
        if values.values.dtype.kind == "i" and _largest(values) * max(1, int(frame.sizes.max(initial=1))) > MAX_INTEGER:
            raise RuleOverflow("a sum of integers leaves 64 bits")
        total = _reduce(np.add, np.where(member.true, values.values, 0), frame)
        if function == "SUM":
            return _number(total, known)
        return _number(total / np.maximum(number, 1), known & (number > 0))
    whole = values.values.dtype.kind == "i"
    limits = np.iinfo(np.int64) if whole else np.finfo(np.float64)
    fill = limits.max if function == "MIN" else limits.min
    reduced = _reduce(
        np.minimum if function == "MIN" else np.maximum, np.where(member.true, values.values, fill), frame
    )
    some = known & (number > 0)
    return Number(np.where(some, reduced, 0), some)


def _none(mask: Mask, frame: Frame) -> Mask:
    return ~_reduce(np.bitwise_or, mask.view(np.uint8), frame).view(np.bool_)


def _reduce(ufunc: np.ufunc, values: NDArray[Any], frame: Frame) -> NDArray[Any]:
    if not len(frame.sizes):
        return np.zeros(0, values.dtype)
    reduced: NDArray[Any] = ufunc.reduceat(np.ascontiguousarray(values), frame.starts)
    return reduced


def _full(values: Values, rows: int) -> Values:
    """Constants spread over all rows; columns as they are."""
    if len(values) == rows:
        known = None if values.known is None else np.broadcast_to(values.known, (rows,))
    else:
        known = None if values.known is None else np.broadcast_to(values.known, (rows,))
    match values:
        case Number():
            return Number(np.broadcast_to(values.values, (rows,)), known)
        case Text():
            return Text(np.broadcast_to(values.codes, (rows,)), values.labels, known)
        case Truth():
            return Truth(np.broadcast_to(values.true, (rows,)), known)
