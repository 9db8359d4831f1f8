"""Aggregates over the members of each household, in three-valued logic: columns of persons in, of households out.

ANY, ALL and counts are computed by doubling: each person takes the result of the next one of the household, then that
of the next two, then of the next four, until the first person has the result of all. Eight conditions are the bits of
one byte, so a block takes a fifth of the time of one running count for each condition. Sums of whole numbers are
differences of a running sum in 32 bits. Numbers that round are added household by household, so that a sum does not
depend on the households before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns import kleene
from mpi.columns.values import Mask, Number, Truth, Values, both_known, zeroed
from mpi.language import phrase
from mpi.rules.frame import Frame
from mpi.rules.operations import MAX_INTEGER, finite, largest, refuse_wide

TOGETHER = ("ANY", "ALL")  # what `any_members` answers, of many rules at once
MAX_NARROW = 2**31 - 1
BYTE = 8  # conditions in a byte, and bytes in a word
MAX_BYTE = 255


def any_of(frame: Frame, argument: Values | None, member: Truth | None) -> Truth:
    """ANY: whether a member meets a condition; false without members.

    Parameters
    ----------
    frame : Frame
        The block.
    argument : Values, n rows, or None
        What is aggregated; None for COUNT.
    member : Truth, n rows, or None
        Which persons are seen; None for all.

    Returns
    -------
    Truth, h rows
        Unknown where it depends on a person's unknown, as every aggregate.
    """
    return answer_of("ANY", any_member(frame, condition_of("ANY", argument, member)))


def all_of(frame: Frame, argument: Values | None, member: Truth | None) -> Truth:
    """ALL: whether every member meets a condition; true without members. See `any_of`."""
    return answer_of("ALL", any_member(frame, condition_of("ALL", argument, member)))


def count(frame: Frame, _argument: None, member: Truth | None) -> Number:
    """COUNT: how many members are seen."""
    return Number(frame.sizes) if member is None else _number_met(frame, member)


def count_if(frame: Frame, argument: Values, member: Truth | None) -> Number:
    """COUNT_IF: how many members meet a condition. See `any_of`."""
    return _number_met(frame, _seen(kleene.as_truth(argument), member))


def total(frame: Frame, argument: Values, member: Truth | None) -> Number:
    """SUM of a number over the members; 0 without members. See `any_of`.

    Raises
    ------
    RuleOverflow
        If a sum leaves 64 bits or becomes infinite.
    """
    values, own = _numbers("SUM", argument), _members(frame, argument, member)
    return Number(_sum(frame, values, own.counted), own.known)


def mean(frame: Frame, argument: Values, member: Truth | None) -> Number:
    """MEAN of a number over the members; unknown without members. See `total`."""
    values, own = _numbers("MEAN", argument), _members(frame, argument, member)
    return Number(_sum(frame, values, own.counted) / np.maximum(own.number, 1), own.some)


def smallest(frame: Frame, argument: Values, member: Truth | None) -> Number:
    """MIN of a number over the members; unknown without members. See `any_of`."""
    values, own = _numbers("MIN", argument), _members(frame, argument, member)
    extreme = _reduced(np.minimum, frame, np.where(own.counted, values, _limits(values).max))
    return Number(extreme if own.some is None else np.where(own.some, extreme, 0), own.some)


def greatest(frame: Frame, argument: Values, member: Truth | None) -> Number:
    """MAX of a number over the members; unknown without members. See `any_of`."""
    values, own = _numbers("MAX", argument), _members(frame, argument, member)
    extreme = _reduced(np.maximum, frame, np.where(own.counted, values, _limits(values).min))
    return Number(extreme if own.some is None else np.where(own.some, extreme, 0), own.some)


def condition_of(function: str, argument: Values | None, member: Truth | None) -> Truth:
    """The condition that some member meets or not, and that decides ANY or ALL."""
    if argument is None:
        raise TypeError(f"{function} was not checked before it was evaluated")
    condition = kleene.as_truth(argument)
    return _seen(kleene.not_(condition) if function == "ALL" else condition, member)


def answer_of(function: str, some: Truth) -> Truth:
    """The result of ANY or ALL where some member meets its condition."""
    return kleene.not_(some) if function == "ALL" else some


def any_member(frame: Frame, condition: Truth) -> Truth:
    """Whether any member meets a condition: unknown if none does and one is unknown.

    Parameters
    ----------
    frame : Frame
        The block.
    condition : Truth, n rows

    Returns
    -------
    Truth, h rows
    """
    return any_members(frame, [condition])[0]


def any_members(frame: Frame, conditions: Sequence[Truth]) -> list[Truth]:
    """Whether any member meets each of some conditions: as `any_member`, all of them at once."""
    partly = [condition.known for condition in conditions]
    masks = [None if known is None or known.all() else ~known for known in partly]
    some = iter(_some(frame, [*(condition.true for condition in conditions), *(m for m in masks if m is not None)]))
    true = [next(some) for _ in conditions]
    return [Truth(mine, None if mask is None else mine | ~next(some)) for mine, mask in zip(true, masks, strict=True)]


def _seen(condition: Truth, member: Truth | None) -> Truth:
    return condition if member is None else kleene.and_(member, condition)


def _number_met(frame: Frame, met: Truth) -> Number:
    return Number(_number_of(frame, met.true), None if met.known is None else ~_someone(frame, ~met.known))


@dataclass(frozen=True, slots=True, eq=False)
class _Members:
    """The members that an aggregate of numbers sees.

    `counted`, shape (n,): seen and known; `number`, shape (h,): how many are seen; `known`, shape (h,) or None (all):
    where none is in doubt; `some`: where moreover there is one.
    """

    counted: Mask
    number: NDArray[np.int64]
    known: Mask | None
    some: Mask | None


def _members(frame: Frame, values: Values, member: Truth | None) -> _Members:
    inside = np.ones(frame.length, np.bool_) if member is None else member.true
    missing = None if values.known is None else inside & ~values.known
    if member is not None and member.known is not None:
        missing = ~member.known if missing is None else missing | ~member.known
    known = None if missing is None else ~_someone(frame, missing)
    number = frame.sizes if member is None else _number_of(frame, inside)
    some = known if member is None else both_known(number > 0, known)
    return _Members(inside if values.known is None else inside & values.known, number, known, some)


def _numbers(function: str, argument: Values) -> NDArray[Any]:
    if not isinstance(argument, Number):
        raise TypeError(f"{function} was not checked before it was evaluated")
    return argument.values


def _sum(frame: Frame, values: NDArray[Any], summed: Mask) -> NDArray[Any]:
    terms = zeroed(values, summed)
    if terms.dtype.kind == "f":
        return finite(_reduced(np.add, frame, terms))
    most = largest(terms) * int(frame.sizes.max(initial=1))
    if most <= MAX_NARROW:
        return np.diff(_running(frame, terms, np.int32)).astype(np.int64)
    if most > MAX_INTEGER:
        refuse_wide(_reduced(np.add, frame, terms.astype(np.float64)), phrase("a sum of integers leaves 64 bits"))
    totals: NDArray[np.int64] = np.diff(_running(frame, terms, np.int64))
    return totals


def _limits(values: NDArray[Any]) -> np.iinfo[Any] | np.finfo[Any]:
    return np.iinfo(values.dtype) if values.dtype.kind == "i" else np.finfo(np.float64)


def _someone(frame: Frame, mask: Mask) -> Mask:
    """Which households have a person of the mask."""
    return _some(frame, [mask])[0]


def _some(frame: Frame, masks: Sequence[Mask]) -> list[Mask]:
    """Which households have a person of each mask."""
    if not frame.length:
        return [np.zeros(len(frame.sizes), np.bool_) for _ in masks]
    found: list[Mask] = []
    for first in range(0, len(masks), BYTE):
        few = masks[first : first + BYTE]
        packed = _doubled(frame, _packed(few), np.bitwise_or)
        found += [(packed & np.uint8(1 << bit)) != 0 for bit in range(len(few))]
    return found


def _packed(masks: Sequence[Mask]) -> NDArray[np.uint8]:
    """Up to eight masks as the bits of a byte."""
    packed = np.array(masks[0], np.bool_).view(np.uint8)
    whole = len(packed) // BYTE * BYTE
    words, shifted = packed[:whole].view(np.uint64), np.empty(whole // BYTE, np.uint64)
    for bit, mask in enumerate(masks[1:], 1):
        # Eight persons in a word: a byte of 0 or 1 moves by up to seven bits and stays within itself.
        bytes_ = np.ascontiguousarray(mask).view(np.uint8)
        np.left_shift(bytes_[:whole].view(np.uint64), np.uint64(bit), out=shifted)
        np.bitwise_or(words, shifted, out=words)
        packed[whole:] |= bytes_[whole:] << np.uint8(bit)
    return packed


def _doubled(frame: Frame, bytes_: NDArray[Any], join: np.ufunc) -> NDArray[Any]:
    """The combined bits of the persons of each household; changes its argument, one byte a person."""
    own = np.empty_like(bytes_)
    for far, ahead in frame.reach:
        theirs = own[:-far]
        np.bitwise_and(bytes_[far:], ahead[:-far].view(bytes_.dtype), out=theirs)
        join(bytes_[:-far], theirs, out=bytes_[:-far])
    joined: NDArray[Any] = bytes_.take(frame.starts)
    return joined


def _number_of(frame: Frame, mask: Mask) -> NDArray[np.int64]:
    """How many persons of the mask each household has."""
    if frame.sizes.max(initial=1) <= MAX_BYTE:
        return _doubled(frame, np.array(mask, np.bool_).view(np.uint8), np.add).astype(np.int64)
    return np.diff(_running(frame, mask, np.int32)).astype(np.int64)


def _running(frame: Frame, terms: NDArray[Any], dtype: type[np.int32 | np.int64]) -> NDArray[Any]:
    """The running sum at each bound of a household; where it wraps, its differences are right all the same."""
    total = np.zeros(frame.length + 1, dtype)
    np.cumsum(terms, out=total[1:])
    at_bounds: NDArray[Any] = total[frame.bounds]
    return at_bounds


def _reduced(ufunc: np.ufunc, frame: Frame, values: NDArray[Any]) -> NDArray[Any]:
    if not len(frame.sizes):
        return np.zeros(0, values.dtype)
    reduced: NDArray[Any] = ufunc.reduceat(values, frame.starts)
    return reduced
