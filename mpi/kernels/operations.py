"""The operators and functions of rules as instructions; each has the value that `mpi.rules.operations` gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from mpi.kernels.codes import Kind, Op
from mpi.kernels.registers import ONES, Builder
from mpi.rules.operations import COMPARE, MAX_INTEGER, narrowest

KINDS: dict[np.dtype[Any], Kind] = {
    np.dtype(np.int8): Kind.INT8,
    np.dtype(np.int16): Kind.INT16,
    np.dtype(np.int32): Kind.INT32,
    np.dtype(np.int64): Kind.INT64,
    np.dtype(np.float64): Kind.DOUBLE,
}


class Unfit(Exception):
    """A rule, or part of one, that the kernels do not compute."""


class Numbers(NamedTuple):
    """A register of numbers, their type, and the mask of those known."""

    register: int
    kind: Kind
    known: int = ONES


class Condition(NamedTuple):
    """Where a condition is true, where it is false, and whether it is one of them everywhere."""

    true: int
    false: int
    total: bool


class Constant(NamedTuple):
    """A number, a truth value or NULL."""

    value: int | float | bool | None


Value: TypeAlias = Numbers | Condition | Constant
NULL = Constant(None)


def negated(one: Condition) -> Condition:
    """NOT: what is unknown stays so."""
    return Condition(one.false, one.true, one.total)


def truth(b: Builder, value: Value) -> Condition:
    """A value as a condition; raises Unfit for a number."""
    if isinstance(value, Constant) and value.value is None:
        zero = none(b)
        return Condition(zero, zero, False)
    if isinstance(value, Constant) and isinstance(value.value, bool):
        return fixed(b, value.value)
    if not isinstance(value, Condition):
        raise Unfit
    return value


def none(b: Builder) -> int:
    """The mask of zeros."""
    return b.emit(Op.NOT, gives=Kind.MASK)


def fixed(b: Builder, value: bool) -> Condition:
    """A truth value in every row."""
    zero = none(b)
    return Condition(ONES, zero, True) if value else Condition(zero, ONES, True)


def where_known(b: Builder, value: Value) -> int:
    """The mask of what is known of a value."""
    match value:
        case Numbers():
            return value.known
        case Condition():
            return ONES if value.total else b.emit(Op.OR, a=value.true, b=value.false, gives=Kind.MASK)
    return none(b) if value.value is None else ONES


def junction(b: Builder, operator: str, operands: Sequence[Condition]) -> Condition:
    """AND, OR: of what is true and what is false by themselves."""
    first, *others = operands
    of_true, of_false = (Op.AND, Op.OR) if operator == "AND" else (Op.OR, Op.AND)
    for other in others:
        true = b.emit(of_true, a=first.true, b=other.true, gives=Kind.MASK)
        false = b.emit(of_false, a=first.false, b=other.false, gives=Kind.MASK)
        first = Condition(true, false, first.total and other.total)
    return first


def compare(b: Builder, operator: str, left: Value, right: Value) -> Condition:
    """`= <> < <= > >=` of numbers; raises Unfit for others, and for constants alone."""
    if isinstance(left, Constant):
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        left, right, operator = right, left, turned.get(operator, operator)
    if NULL in (left, right):
        return truth(b, NULL)
    if not isinstance(left, Numbers) or isinstance(right, Condition) or operator not in COMPARE:
        raise Unfit
    op, turn = {"=": (0, False), "<>": (0, True), "<": (1, False), ">=": (1, True), "<=": (2, False)}.get(
        operator, (2, True)
    )
    if isinstance(right, Constant):
        kind = max(left.kind, _kind(right))
        one = widened(b, left, kind)
        constant = b.constant(kind, _number(right))
        true, false = b.emit_two(Op(Op.EQUAL_CONSTANT + op), kind, one.register, constant, left.known)
        found = Condition(true, false, left.known == ONES)
    else:
        kind = max(left.kind, right.kind)
        one, other = widened(b, left, kind), widened(b, right, kind)
        known = both(b, left.known, right.known)
        true, false = b.emit_two(Op(Op.EQUAL + op), kind, one.register, other.register, known)
        found = Condition(true, false, known == ONES)
    return negated(found) if turn else found


def contains(b: Builder, value: Value, items: Sequence[Any]) -> Condition:
    """IN: whether a number is one of a list; raises Unfit where numpy would round."""
    if not isinstance(value, Numbers) or any(isinstance(item, (str, bool)) or item is None for item in items):
        raise Unfit
    if value.kind == Kind.INT64 and any(isinstance(item, float) for item in items):
        raise Unfit  # numpy compares all as doubles, or one by one
    return junction(b, "OR", [compare(b, "=", value, Constant(item)) for item in items])


def between(b: Builder, value: Value, low: Value, high: Value) -> Condition:
    """BETWEEN, both ends included."""
    if isinstance(value, Numbers) and all(isinstance(end, Constant) and end.value is not None for end in (low, high)):
        ends = [end for end in (low, high) if isinstance(end, Constant)]
        kind = max(value.kind, *(_kind(end) for end in ends))
        if kind in (Kind.DOUBLE, value.kind):
            one = widened(b, value, kind)
            constants = b.constant(kind, *(_number(end) for end in ends))
            true, false = b.emit_two(Op.BETWEEN_CONSTANTS, kind, one.register, constants, value.known)
            return Condition(true, false, value.known == ONES)
    return junction(b, "AND", [compare(b, ">=", value, low), compare(b, "<=", value, high)])


def both(b: Builder, one: int, other: int) -> int:
    """The mask of rows in both masks."""
    if ONES in (one, other) or one == other:
        return other if one == ONES else one
    return b.emit(Op.AND, a=one, b=other, gives=Kind.MASK)


def widened(b: Builder, value: Numbers, kind: Kind) -> Numbers:
    """Numbers as those of a wider type."""
    if value.kind == kind:
        return value
    return value._replace(register=b.emit(Op.WIDEN, value.kind, value.register, gives=kind, n=kind), kind=kind)


def column(b: Builder, value: Value, kind: Kind | None = None) -> Numbers:
    """A value as numbers in every row, of a type that holds them."""
    if isinstance(value, Constant) and not isinstance(value.value, bool):
        own = Kind.INT8 if value.value is None else _kind(value)
        wide = max(own, kind or own)
        full = b.emit(Op.FULL, wide, b=b.constant(wide, _number(value)), gives=wide)
        return Numbers(full, wide, where_known(b, value))
    if not isinstance(value, Numbers):
        raise Unfit
    return value if kind is None else widened(b, value, max(kind, value.kind))


def arithmetic(b: Builder, operator: str, left: Value, right: Value) -> Numbers:
    """`+ - * /`; raises Unfit for whole numbers of 64 bits, which could overflow."""
    one, other = column(b, left), column(b, right)
    known = both(b, one.known, other.known)
    if operator == "/":
        one, other = widened(b, one, Kind.DOUBLE), widened(b, other, Kind.DOUBLE)
        quotient, some = b.emit_two(Op.DIVIDE, 0, one.register, other.register, known, gives=Kind.DOUBLE)
        b.check(quotient, some)
        return Numbers(quotient, Kind.DOUBLE, some)
    kind = max(one.kind, other.kind)
    if kind == Kind.INT64:
        raise Unfit  # which may overflow
    if kind != Kind.DOUBLE:
        kind = Kind(kind + 1)  # nothing leaves a type twice as wide
    one, other = widened(b, one, kind), widened(b, other, kind)
    op = {"+": Op.ADD, "-": Op.SUBTRACT, "*": Op.MULTIPLY}[operator]
    found = b.emit(op, kind, one.register, other.register, gives=kind)
    if kind == Kind.DOUBLE:
        b.check(found, known)
    return Numbers(found, kind, known)


def function(b: Builder, name: str, operands: list[Value]) -> Value:
    """A function of values; raises Unfit for one that is not known here."""
    if name == "COALESCE":
        return first_known(b, operands)
    if name == "ABS":
        operands.append(arithmetic(b, "-", Constant(0), operands[0]))
    elif name not in ("LEAST", "GREATEST"):
        raise Unfit
    found, *others = (column(b, operand) for operand in operands)
    for other in others:
        kind = max(found.kind, other.kind)
        one, two = widened(b, found, kind), widened(b, other, kind)
        known = both(b, one.known, two.known)
        less, _ = b.emit_two(Op.LESS, kind, one.register, two.register, known)
        first, second = (one, two) if name == "LEAST" else (two, one)
        picked = b.emit(Op.PICK, kind, first.register, second.register, less, gives=kind)
        found = Numbers(picked, kind, known)
    return found


def first_known(b: Builder, operands: Sequence[Value]) -> Value:
    """COALESCE, from the last operand to the first."""
    found = operands[-1]
    for one in reversed(operands[:-1]):
        found = picked(b, where_known(b, one), one, found, known=True)
    return found


def first_true(b: Builder, branches: Sequence[tuple[Condition, Value]], otherwise: Value) -> Value:
    """CASE, from the last branch to the first."""
    found = otherwise
    for condition, value in reversed(branches):
        found = picked(b, condition.true, value, found)
    return found


def picked(b: Builder, mask: int, one: Value, other: Value, *, known: bool = False) -> Value:
    """One value where a mask holds, which may be where it is known, another elsewhere."""
    if mask == ONES:
        return one
    if any(isinstance(v, Condition) or (isinstance(v, Constant) and isinstance(v.value, bool)) for v in (one, other)):
        a, c = truth(b, one), truth(b, other)
        true, false = merged(b, mask, a.true, c.true), merged(b, mask, a.false, c.false)
        return Condition(true, false, c.total and (known or a.total))
    x = column(b, one)
    y = column(b, other, x.kind)
    x = widened(b, x, y.kind)
    total = y.known == ONES and (known or x.known == ONES)
    return Numbers(
        b.emit(Op.PICK, x.kind, x.register, y.register, mask, gives=x.kind),
        x.kind,
        ONES if total else merged(b, mask, x.known, y.known),
    )


def merged(b: Builder, mask: int, one: int, other: int) -> int:
    """One mask where another holds, a third elsewhere."""
    mine = b.emit(Op.AND, a=mask, b=one, gives=Kind.MASK)
    theirs = b.emit(Op.AND_NOT, a=other, b=mask, gives=Kind.MASK)
    return b.emit(Op.OR, a=mine, b=theirs, gives=Kind.MASK)


def _kind(constant: Constant) -> Kind:
    """The narrowest type that holds a number; raises Unfit for what is none."""
    if constant.value is None or isinstance(constant.value, bool):
        raise Unfit
    if isinstance(constant.value, float):
        return Kind.DOUBLE
    if abs(constant.value) > MAX_INTEGER:
        raise Unfit
    return KINDS[np.dtype(narrowest(constant.value))]


def _number(constant: Constant) -> int | float:
    """The number, 0 for NULL."""
    return 0 if constant.value is None else constant.value
