"""Operators and functions of the language on columns: unknown in, unknown out, and no silent overflow.

Columns broadcast like numpy arrays: a constant has one row. A column without any known value comes as unknown
numbers, whatever type the rule wants of it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns import kleene
from mpi.columns.values import (
    Mask,
    Number,
    Text,
    Truth,
    Values,
    both_known,
    common_codes,
    where_known,
    where_label,
    zeroed,
)
from mpi.language import phrase
from mpi.rules.syntax import Literal

MAX_INTEGER = 2**63 - 1
SURELY_64_BITS = 2.0**63 * (1 - 1e-6)  # the margin is far more than the sum over a large household can round
FEW = 8  # items of a list that are compared one by one; more are searched
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
WIDER = {1: np.int16, 2: np.int32, 4: np.int64}  # by bytes of the wider operand
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class RuleOverflow(ArithmeticError):
    """A rule's arithmetic leaves the range of 64-bit numbers."""


Overflow: TypeAlias = tuple[str, Mask]
GATHERED: ContextVar[list[Overflow] | None] = ContextVar("mpi_overflows", default=None)


def _overflow(text: str, where: Mask) -> None:
    """Refuse results outside the range, or note where they are if they are counted."""
    gathered = GATHERED.get()
    if gathered is None:
        raise RuleOverflow(text)
    gathered.append((text, where))


def constant(value: float | str | bool | None) -> Values:
    """A literal as a column of one row; NULL is an unknown number."""
    match value:
        case None:
            return Number(np.zeros(1, np.int64), np.zeros(1, np.bool_))
        case bool():
            return Truth(np.array([value]))
        case str():
            return Text(np.zeros(1, np.int64), (value,))
        case int():
            return Number(np.array([value], narrowest(value)))
    return Number(np.array([value], np.float64))


def narrowest(value: int) -> type[np.signedinteger[Any]]:
    """The narrowest type that holds an integer, so that a narrow column stays one beside it."""
    for type_ in (np.int8, np.int16, np.int32):
        if np.iinfo(type_).min <= value <= np.iinfo(type_).max:
            return type_
    return np.int64


def largest(values: NDArray[Any]) -> int:
    """The largest magnitude among integers, as a Python integer; 0 if there are none."""
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))


def finite(values: NDArray[Any], known: Mask | None = None) -> NDArray[Any]:
    """The numbers, after making sure that those known are finite; 0 for others, where they are counted.

    Raises
    ------
    RuleOverflow
        If one is not.
    """
    if values.dtype.kind == "f":
        usable = np.isfinite(values)
        fine = usable if known is None else usable | ~known
        if not fine.all():
            _overflow(phrase("a number becomes infinite"), ~fine)
            return np.where(fine, values, 0.0)
    return values


def refuse_wide(approximate: NDArray[np.float64], text: str, known: Mask | None = None) -> None:
    """Refuse integer results outside 64 bits, as the double computed beside them shows.

    Raises
    ------
    RuleOverflow
        With the text, if a known result does, or comes so near that rounding hides which.
    """
    wide = np.abs(approximate) >= SURELY_64_BITS
    met = wide if known is None else wide & known
    if met.any():
        _overflow(text, met)


def arithmetic(name: str, a: Number, b: Number) -> Number:
    """`+ - * /` of two columns; a quotient by zero is unknown.

    Raises
    ------
    RuleOverflow
        If a known result leaves 64 bits or is infinite.
    """
    if name == "/":
        return _divide(a, b)
    known = both_known(a.known, b.known)
    apply = ARITHMETIC[name]
    if a.values.dtype.kind == b.values.dtype.kind == "i":
        wide = max(a.values.itemsize, b.values.itemsize)
        if type_ := WIDER.get(wide):  # nothing leaves a type twice as wide
            return Number(apply(a.values.astype(type_), b.values.astype(type_)), known)
        x, y = largest(a.values), largest(b.values)
        if (x * y if name == "*" else x + y) > MAX_INTEGER:
            refuse_wide(
                apply(a.values.astype(np.float64), b.values.astype(np.float64)),
                phrase("an integer leaves 64 bits"),
                known,
            )
    return Number(finite(apply(a.values, b.values), known), known)


def _divide(a: Number, b: Number) -> Number:
    known = both_known(a.known, b.known)
    zero = b.values == 0
    if zero.any():
        known = both_known(known, ~zero)
    quotient = np.divide(a.values, np.where(zero, 1, b.values), dtype=np.float64)
    return Number(finite(quotient, known), known)


def negative(a: Number) -> Number:
    """Minus a column."""
    return arithmetic("-", Number(np.zeros(1, np.int8)), a)


def compare(name: str, a: Values, b: Values) -> Truth:
    """`= <> < <= > >=` of two columns of one type."""
    match a, b:
        case Number(), Number():
            return kleene.truth(COMPARE[name](a.values, b.values), a.known, b.known)
        case Text(), Text():
            for text, other in ((a, b), (b, a)):
                if len(other) == 1 and other.known is None and name in ("=", "<>"):  # a constant
                    same = where_label(text, {other.labels[int(other.codes[0])]})
                    return kleene.truth(same if name == "=" else ~same, text.known)
            return kleene.truth(COMPARE[name](*common_codes([a, b])[1]), a.known, b.known)
    return _unknown(max(len(a), len(b)))


def contains(a: Values, items: Sequence[Literal]) -> Truth:
    """Whether each row is one of a list of literals."""
    wanted = [item.value for item in items]
    if isinstance(a, Text):
        return kleene.truth(where_label(a, {str(value) for value in wanted}), a.known)
    if not isinstance(a, Number) or isinstance(wanted[0], str):
        return _unknown(len(a))
    if len(wanted) > FEW:
        return kleene.truth(np.isin(a.values, np.array(wanted)), a.known)
    found: Mask = a.values == wanted[0]
    for value in wanted[1:]:
        found |= a.values == value
    return kleene.truth(found, a.known)


def _unknown(n: int) -> Truth:
    return Truth(np.zeros(n, np.bool_), np.zeros(n, np.bool_))


def first_true(conditions: Sequence[Truth], results: Sequence[Values], otherwise: Values) -> Values:
    """CASE: row by row the result of the first condition that is true; an unknown condition is passed over."""
    chosen: list[Mask] = []
    left = np.ones(1, np.bool_)
    for condition in conditions:
        chosen.append(left & condition.true)
        left = left & ~condition.true
    return _select([*chosen, left], [*results, otherwise])


def first_known(operands: Sequence[Values]) -> Values:
    """COALESCE: row by row the first known value."""
    first, *others = operands
    if len(first) >= max(map(len, others), default=0) and (first.known is None or first.known.all()):
        return first
    match first, others:
        case Number(), [Number(known=None) as constant] if len(constant) == 1:
            return Number(_filled(first.values, where_known(first), constant.values))
    chosen: list[Mask] = []
    left = np.ones(1, np.bool_)
    for values in operands:
        known = where_known(values)
        chosen.append(left & known)
        left = left & ~known
    return _select(chosen, operands)


def _filled(values: NDArray[Any], known: Mask, constant: NDArray[Any]) -> NDArray[Any]:
    """The values where known, else a constant."""
    type_ = np.result_type(values, constant)
    if type_.kind == "f":
        return np.where(known, values, constant)
    filled: NDArray[Any] = zeroed(values.astype(type_, copy=False), known)
    filled += zeroed(constant.astype(type_), ~known)
    return filled


def _select(masks: Sequence[Mask], results: Sequence[Values]) -> Values:
    """Row by row the result whose mask is true, unknown where none is; the masks exclude one another."""
    shape = np.broadcast_shapes(*(mask.shape for mask in masks), *((len(values),) for values in results))
    known = np.zeros(shape, np.bool_)
    for mask, values in zip(masks, results, strict=True):
        known |= mask if values.known is None else mask & values.known
    if any(isinstance(values, Text) for values in results):
        texts = [values if isinstance(values, Text) else _no_text(len(values)) for values in results]
        labels, codes = common_codes(texts)
        return Text(_merged(masks, codes, known), labels, known)
    if any(isinstance(values, Truth) for values in results):
        return Truth(_merged(masks, [kleene.as_truth(values).true for values in results], known), known)
    return Number(_merged(masks, [values.values for values in results if isinstance(values, Number)], known), known)


def _no_text(n: int) -> Text:
    return Text(np.zeros(n, np.int64), ("",), np.zeros(n, np.bool_))


def _merged(masks: Sequence[Mask], parts: Sequence[NDArray[Any]], known: Mask) -> NDArray[Any]:
    merged = np.zeros(known.shape, np.result_type(*parts))
    for mask, part in zip(masks, parts, strict=True):
        np.copyto(merged, part, where=mask & known)
    return merged


def absolute(numbers: Sequence[Number]) -> Number:
    """ABS of the only operand."""
    (a,) = numbers
    return Number(np.maximum(a.values, negative(a).values), a.known)


def least(numbers: Sequence[Number]) -> Number:
    """LEAST: row by row the smallest, unknown where an operand is."""
    return _chosen(np.minimum, numbers)


def greatest(numbers: Sequence[Number]) -> Number:
    """GREATEST: row by row the largest, unknown where an operand is."""
    return _chosen(np.maximum, numbers)


def _chosen(choose: np.ufunc, numbers: Sequence[Number]) -> Number:
    first, *others = numbers
    values, known = first.values, first.known
    for other in others:
        values, known = choose(values, other.values), both_known(known, other.known)
    return Number(values, known)
