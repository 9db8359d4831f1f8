"""Numbers with their slopes: what the delta method needs of a formula, found while the formula is computed.

A formula is written once, as ordinary arithmetic on `Sloped`; its derivatives by every figure that it reads come along
(forward differentiation), so no formula has a second one, for its error, that could differ from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from mpi.columns.values import Floats

TIE = 1e-13  # relative: sums of the same weights in another order
Number: TypeAlias = "Sloped | float | Floats"


@dataclass(frozen=True, slots=True, eq=False)
class Sloped:
    """A value in each of g groups, and its derivatives by m figures.

    Attributes
    ----------
    value : float64, shape (g,)
        NaN where undefined, as 0 / 0 and the logarithm of 0.
    slopes : float64, shape (g, m)
    """

    value: Floats
    slopes: Floats

    __array_ufunc__ = None  # so that an array on the left leaves the operation to this class

    def __add__(self, other: Number) -> Sloped:
        value, slopes = _parts(other, self)
        return Sloped(self.value + value, self.slopes + slopes)

    __radd__ = __add__

    def __neg__(self) -> Sloped:
        return Sloped(-self.value, -self.slopes)

    def __sub__(self, other: Number) -> Sloped:
        return self + -other

    def __rsub__(self, other: Number) -> Sloped:
        return -self + other

    def __mul__(self, other: Number) -> Sloped:
        value, slopes = _parts(other, self)
        return Sloped(self.value * value, self.slopes * value[:, None] + slopes * self.value[:, None])

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Sloped:
        value, slopes = _parts(other, self)
        with np.errstate(divide="ignore", invalid="ignore"):
            below = np.where(value == 0, np.nan, value)
            found = self.value / below
            return Sloped(found, (self.slopes - found[:, None] * slopes) / below[:, None])

    def __rtruediv__(self, other: Number) -> Sloped:
        return constant(other, self) / self

    def __pow__(self, power: Number) -> Sloped:
        if isinstance(power, Sloped):
            return exp(power * log(self))
        value, _ = _parts(power, self)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(value == 0, 0.0, value * self.value ** (value - 1))
            return Sloped(_finite(self.value**value), _finite(slope)[:, None] * self.slopes)

    def __rpow__(self, base: Number) -> Sloped:
        return constant(base, self) ** self


def constant(number: Number, like: Sloped) -> Sloped:
    """A number that no figure changes, in as many groups as `like`."""
    if isinstance(number, Sloped):
        return number
    value, slopes = _parts(number, like)
    return Sloped(value, slopes)


def log(x: Sloped) -> Sloped:
    """Natural logarithm; NaN where it is none."""
    return _of(x, np.log, lambda value, _: 1 / value)


def exp(x: Sloped) -> Sloped:
    """The exponential function."""
    return _of(x, np.exp, lambda _, found: found)


def sqrt(x: Sloped) -> Sloped:
    """Square root; NaN below 0."""
    return _of(x, np.sqrt, lambda _, found: 0.5 / found)


def smaller(one: Sloped, other: Sloped) -> Sloped:
    """The smaller of two, with its slopes; with those of neither, NaN, where both are equal and their slopes are not.

    There the minimum has no derivative, so that no error follows from it.
    """
    first = one.value <= other.value
    slopes = np.where(first[:, None], one.slopes, other.slopes)
    near = np.abs(one.value - other.value) <= TIE * np.maximum(np.abs(one.value), np.abs(other.value))
    tie = near & (one.slopes != other.slopes).any(axis=1)
    slopes = np.where(tie[:, None], np.nan, slopes)
    return Sloped(
        np.where(np.isnan(one.value) | np.isnan(other.value), np.nan, np.minimum(one.value, other.value)), slopes
    )


def where(condition: np.typing.NDArray[np.bool_], one: Sloped, other: Sloped) -> Sloped:
    """One or the other by group; `condition` has shape (g,)."""
    return Sloped(np.where(condition, one.value, other.value), np.where(condition[:, None], one.slopes, other.slopes))


def _of(x: Sloped, function: Callable[[Floats], Floats], slope: Callable[[Floats, Floats], Floats]) -> Sloped:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = _finite(function(x.value))
        return Sloped(found, _finite(slope(x.value, found))[:, None] * x.slopes)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _parts(number: Number, like: Sloped) -> tuple[Floats, Floats]:
    if isinstance(number, Sloped):
        return number.value, number.slopes
    return np.broadcast_to(np.asarray(number, np.float64), like.value.shape), np.zeros((1, 1))
