"""Quantiles of Student's t and the beta distribution.

In come probabilities with degrees of freedom or parameters; out go quantiles, NaN where there are none. The smaller of
two masses is matched, in logarithms, so that it keeps its digits.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from mpi.columns.values import Floats, Ints
from mpi.inference.distributions.incomplete_beta import HALF, incomplete_beta
from mpi.inference.distributions.roots import increasing_roots
from mpi.inference.distributions.tails import MANY_DEGREES

# A start this far out is far enough.
LARGEST_EXPONENT = 500.0


def student_quantiles(p: float, df: ArrayLike) -> Floats:
    """Quantiles of Student's t distribution to about 14 digits, each computed once for its degrees of freedom.

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.
    df : float or int64, any shape
        Degrees of freedom; infinity gives the normal quantile.

    Returns
    -------
    float64, of the shape of df
        NaN where df is not above 0.

    Raises
    ------
    ValueError
        When p is not strictly between 0 and 1.

    References
    ----------
    Abramowitz and Stegun (1964), 26.7.1: the tails are an incomplete beta function.

    Examples
    --------
    >>> student_quantiles(0.975, [10, np.inf]).round(12)
    array([2.22813885, 1.95996398])
    """
    _check_probability(p)
    unique, where = np.unique(np.asarray(df, np.float64), return_inverse=True)
    found = _found_quantiles(p)
    degrees = unique.tolist()
    unknown = [free for free in degrees if free not in found]
    if unknown:
        found.update(zip(unknown, _student_quantiles(p, np.array(unknown)).tolist(), strict=True))
    return np.array([found[free] if free > 0 else np.nan for free in degrees])[where].reshape(np.shape(df))


def beta_quantile(p: float, a: ArrayLike, b: ArrayLike) -> Floats:
    """Quantile of beta distributions, to about 13 digits.

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.
    a, b : float, any shapes that broadcast
        Parameters, 0 or more. With a = 0 all mass is at 0, with b = 0 at 1.

    Returns
    -------
    float64, of the common shape
        NaN where a or b is negative or NaN, or both are 0.

    Raises
    ------
    ValueError
        When p is not strictly between 0 and 1.

    References
    ----------
    Didonato and Morris (1992), ACM Transactions on Mathematical Software 18(3), 360-373.

    Examples
    --------
    >>> beta_quantile(0.5, [1, 2], [1, 1]).round(8)
    array([0.5       , 0.70710678])
    """
    _check_probability(p)
    shape_a, shape_b = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    result = np.where((shape_a == 0) & (shape_b > 0), 0.0, np.where((shape_b == 0) & (shape_a > 0), 1.0, np.nan))
    inner = (shape_a > 0) & (shape_b > 0)
    pairs, where = np.unique(np.stack([shape_a[inner], shape_b[inner]]), axis=1, return_inverse=True)
    result[inner] = _beta_quantiles(p, pairs[0], pairs[1])[where.ravel()]
    return result


def _check_probability(p: float) -> None:
    if not 0 < p < 1:
        raise ValueError(f"a quantile needs a probability strictly between 0 and 1, not {p}")


def inverse_logit(odds: Floats) -> Floats:
    """1 / (1 + exp(-odds)) without overflow, exact for small values too."""
    small: Floats = np.exp(-np.abs(odds))
    return np.where(odds < 0, small, 1.0) / (1 + small)


@lru_cache(maxsize=16)
def _found_quantiles(p: float) -> dict[float, float]:
    """Student quantiles at p that have been computed, by their df; a table needs the same few many times."""
    return {}


def _student_quantiles(p: float, df: Floats) -> Floats:
    """Student quantile at p of each df, shape (n,).

    The smaller of the central mass P(|T| < t) and the tails is matched, in logarithms, as a function of ln t: both are
    near straight lines there, and a small mass keeps its digits.
    """
    t = np.where(df > 0, 0.0, np.nan)
    if p == HALF or not (df > 0).any():
        return t
    central, free = abs(2 * p - 1), np.minimum(df[df > 0], MANY_DEGREES)
    use_tails = central > HALF
    target = 2 * min(p, 1 - p) if use_tails else central

    def gap(log_t: Floats, i: Ints) -> tuple[Floats, Floats]:
        squared = np.exp(2 * log_t)
        x, y = squared / (free[i] + squared), free[i] / (free[i] + squared)
        inside, tails, density = incomplete_beta(np.full(i.size, HALF), free[i] / 2, x, y)
        mass, sign = (tails, -1.0) if use_tails else (inside, 1.0)
        # d x / d ln t = 2 x y, so the slope of the mass is 2 x y times the beta density.
        return sign * np.log(mass / target), 2 * density / mass

    t[df > 0] = math.copysign(1.0, p - HALF) * np.exp(increasing_roots(gap, _near_student(central, free)))
    return t


def _near_student(central: float, df: Floats) -> Floats:
    """Logarithm of a t whose central mass is nearly this, from which Newton's steps are few; shape (n,).

    References
    ----------
    Abramowitz and Stegun (1964), 26.2.23; Wallace (1959), Annals of Mathematical Statistics 30(4), 1124-1130.
    """
    s = math.sqrt(-2 * math.log((1 - central) / 2))
    z = s - (2.515517 + s * (0.802853 + s * 0.010328)) / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)))
    z = max(z, central)  # near the median the formula is too rough
    exponent = np.minimum((z * (8 * df + 3) / (8 * df + 1)) ** 2 / df, LARGEST_EXPONENT)
    return np.log(df * np.expm1(exponent)) / 2


def _beta_quantiles(p: float, a: Floats, b: Floats) -> Floats:
    """Beta quantile at p for positive a and b, shape (n,).

    As for t, the smaller mass is matched, in logarithms, as a function of the log odds ln(x / (1 - x)).
    """

    def gap(odds: Floats, i: Ints) -> tuple[Floats, Floats]:
        lower, upper, density = incomplete_beta(a[i], b[i], inverse_logit(odds), inverse_logit(-odds))
        mass, sign, target = (lower, 1.0, p) if p <= HALF else (upper, -1.0, 1 - p)
        return sign * np.log(mass / target), density / mass

    return inverse_logit(increasing_roots(gap, np.log(a / b)))
