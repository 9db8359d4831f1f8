"""Quantiles and tails of Student's t, the beta and the F distribution, from one incomplete beta function.

In come probabilities or statistics with their degrees of freedom; out go quantiles or probabilities, NaN where a
distribution has none. They are written here rather than taken from scipy, as importing `scipy.special` costs 0.22 s of
processor time, more than the command line can spend at start-up; the tests hold them against scipy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Both loops end far sooner: fractions within 545 terms for a, b up to 10^6 (measured), roots within 11 steps.
FRACTION_TERMS = 10_000
ROOT_STEPS = 200
# Newton's error after a step is about its square, bisection's about the step itself.
NEWTON_STEP = 1e-10
BISECTION_STEP = 1e-15
# A factor this near 1 ends the fraction; rounding keeps it from coming much nearer.
FRACTION_STEP = 1e-15
# Keeps Lentz's ratios from dividing by 0; far below any term.
TINY = 1e-300
# Above it the Stirling series below is exact to 1e-17; under it lgamma loses less than 1e-15.
STIRLING_FROM = 16.0
# B_2k / (2k (2k - 1)), Abramowitz and Stegun (1964), 6.1.40.
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
# Under it ln(1 + u) - u is summed as a series, which 1 - u^2/2 rounding would spoil.
SMALL = 0.25
SERIES_TERMS = 11
# Infinite degrees of freedom are taken as so many: the quantile differs by (t^2 + 1) / (4 df), far below rounding.
MANY_DEGREES = 1e20
HALF = 0.5
# A start this far out is far enough.
LARGEST_EXPONENT = 500.0

Gap = Callable[[Floats, Ints], tuple[Floats, Floats]]
"""Values and slopes of the functions with some indices, at a point each."""


def student_quantile(p: float, df: float) -> float:
    """Quantile of Student's t distribution, to about 14 digits.

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.
    df : float
        Degrees of freedom, above 0; infinity gives the normal quantile.

    Returns
    -------
    float
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
    >>> round(student_quantile(0.975, 10), 12)
    2.228138851986
    """
    return float(student_quantiles(p, df))


def student_quantiles(p: float, df: ArrayLike) -> Floats:
    """Quantiles of Student's t distribution, each computed once for its degrees of freedom.

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.
    df : float or int64, any shape
        Degrees of freedom, as in `student_quantile`.

    Returns
    -------
    float64, of the shape of df
        NaN where df is not above 0.

    Raises
    ------
    ValueError
        When p is not strictly between 0 and 1.
    """
    _check_probability(p)
    unique, where = np.unique(np.asarray(df, np.float64), return_inverse=True)
    found = _found_quantiles(p)
    degrees = unique.tolist()
    unknown = [free for free in degrees if free not in found]
    if unknown:
        found.update(zip(unknown, _student_quantiles(p, np.array(unknown)).tolist(), strict=True))
    return np.array([found[free] if free > 0 else np.nan for free in degrees])[where].reshape(np.shape(df))


def student_two_sided_p(t: ArrayLike, df: ArrayLike) -> Floats:
    """Probability that Student's t is at least so far from 0, P(|T| >= |t|), with its digits far in the tails.

    Parameters
    ----------
    t : float, any shape that broadcasts
        Statistics.
    df : float or int64, any shape that broadcasts
        Degrees of freedom, above 0; infinity gives the normal distribution.

    Returns
    -------
    float64, of the common shape
        NaN where t is NaN or df is not above 0.

    References
    ----------
    Abramowitz and Stegun (1964), 26.7.1.

    Examples
    --------
    >>> student_two_sided_p([0, 2.0], 10).round(6)
    array([1.      , 0.073388])
    """
    return f_upper_tail(np.square(np.asarray(t, np.float64)), 1.0, df)


def f_upper_tail(f: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Floats:
    """Probability that an F statistic is at least so large, P(F >= f), with its digits far in the tail.

    Parameters
    ----------
    f : float, any shape that broadcasts
        Statistics; 0 or less has probability 1.
    df1, df2 : float or int64, any shapes that broadcast
        Degrees of freedom of numerator and denominator, above 0; df2 infinite: chi-squared over its df1.

    Returns
    -------
    float64, of the common shape
        NaN where f is NaN, df1 is not above 0 and finite, or df2 is not above 0.

    References
    ----------
    Abramowitz and Stegun (1964), 26.6.2.

    Examples
    --------
    >>> f_upper_tail(4.0, 3, 20).round(6)
    array(0.022136)
    """
    statistic, first, second = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (f, df1, df2)))
    valid = ~np.isnan(statistic) & (first > 0) & np.isfinite(first) & (second > 0)
    result = np.where(valid, np.where(statistic > 0, 0.0, 1.0), np.nan)
    inner = valid & (statistic > 0) & np.isfinite(statistic)
    value, a, b = statistic[inner], first[inner], np.minimum(second[inner], MANY_DEGREES)
    with np.errstate(over="ignore", under="ignore"):
        odds = value * (a / b)
        x, y = 1 / (1 + 1 / odds), 1 / (1 + odds)
        result[inner] = _incomplete_beta(a / 2, b / 2, x, y)[1]
    return result


def beta_quantile(p: float, a: ArrayLike, b: ArrayLike) -> Floats:
    """Quantile of beta distributions, to about 13 digits.

    Parameters
    ----------
    p : float
        Probability, strictly between 0 and 1.
    a, b : float, any shapes that broadcast
        Parameters, 0 or more. With a = 0 all mass lies at 0, with b = 0 at 1.

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
    """Student quantiles at p that have been computed, by their df; a table asks for the same few again and again."""
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
        inside, tails, density = _incomplete_beta(np.full(i.size, HALF), free[i] / 2, x, y)
        mass, sign = (tails, -1.0) if use_tails else (inside, 1.0)
        # d x / d ln t = 2 x y, so the slope of the mass is 2 x y times the beta density.
        return sign * np.log(mass / target), 2 * density / mass

    t[df > 0] = math.copysign(1.0, p - HALF) * np.exp(_increasing_roots(gap, _near_student(central, free)))
    return t


def _near_student(central: float, df: Floats) -> Floats:
    """Logarithm of a t whose central mass is nearly this, from which Newton's steps are few; shape (n,).

    References
    ----------
    Abramowitz and Stegun (1964), 26.2.23; Wallace (1959), Annals of Mathematical Statistics 30(4), 1124-1130.
    """
    s = math.sqrt(-2 * math.log((1 - central) / 2))
    z = s - (2.515517 + s * (0.802853 + s * 0.010328)) / (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)))
    z = max(z, central)  # below the median's neighbourhood, where the series is no longer exact
    exponent = np.minimum((z * (8 * df + 3) / (8 * df + 1)) ** 2 / df, LARGEST_EXPONENT)
    return np.log(df * np.expm1(exponent)) / 2


def _beta_quantiles(p: float, a: Floats, b: Floats) -> Floats:
    """Beta quantile at p for positive a and b, shape (n,).

    As for t, the smaller mass is matched, in logarithms, as a function of the log odds ln(x / (1 - x)).
    """

    def gap(odds: Floats, i: Ints) -> tuple[Floats, Floats]:
        lower, upper, density = _incomplete_beta(a[i], b[i], inverse_logit(odds), inverse_logit(-odds))
        mass, sign, target = (lower, 1.0, p) if p <= HALF else (upper, -1.0, 1 - p)
        return sign * np.log(mass / target), density / mass

    return inverse_logit(_increasing_roots(gap, np.log(a / b)))


def _increasing_roots(gap: Gap, start: Floats) -> Floats:
    """Root of each of n increasing functions by Newton's steps, bisecting where one would leave the bracket.

    Parameters
    ----------
    gap : function of (float64, shape (m,); int64, shape (m,))
        Values and slopes of the functions with these indices at these points; -inf and inf are allowed as values.
    start : float64, shape (n,)

    Returns
    -------
    float64, shape (n,)
    """
    at = start.copy()
    low, high = np.full(start.size, -np.inf), np.full(start.size, np.inf)
    active = np.arange(start.size)
    # Far from the root a mass underflows to 0: its logarithm is -inf, Newton's step no number, and we bisect.
    with np.errstate(all="ignore"):
        for k in range(ROOT_STEPS):
            if active.size == 0:
                break
            here = at[active]
            value, slope = gap(here, active)
            low[active] = np.where(value <= 0, here, low[active])
            high[active] = np.where(value >= 0, here, high[active])
            newton = here - value / slope
            below, above = low[active], high[active]
            by_newton = (newton >= below) & (newton <= above)
            # An end that is not known yet is sought in strides that double.
            lower = np.where(np.isinf(below), above - 2.0**k, below)
            upper = np.where(np.isinf(above), below + 2.0**k, above)
            at[active] = np.where(by_newton, newton, (lower + upper) / 2)
            enough = np.where(by_newton, NEWTON_STEP, BISECTION_STEP * np.maximum(np.abs(here), 1))
            active = active[np.abs(at[active] - here) > enough]
    return at


def _incomplete_beta(a: Floats, b: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Regularised incomplete beta function I_x(a, b), 1 - I_x(a, b), and x^a y^b / B(a, b), all of shape (n,).

    y is 1 - x with its own digits; the third is the slope of the first in ln(x / y).
    """
    power = _beta_power(a, b, x, y)
    left = x < (a + 1) / (a + b + 2)
    first, second = np.where(left, a, b), np.where(left, b, a)
    fraction = power / _beta_fraction(first, second, np.where(left, x, y), np.where(left, y, x))
    rest = 1 - fraction
    return np.where(left, fraction, rest), np.where(left, rest, fraction), power


def _beta_fraction(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    """Continued fraction x^a y^b / (B(a, b) I_x(a, b)), by Lentz's method; shape (n,).

    It is quick for x < (a + 1) / (a + b + 2), and a y - b x keeps the digits of y where x is near 1.

    References
    ----------
    Didonato and Morris (1992); Press et al. (2007), Numerical Recipes, 5.2.
    """
    result = np.full_like(x, np.nan)
    active = np.arange(x.size)
    c = a * (a * y - b * x + 1) / (a + 1)
    d = np.zeros_like(x)
    fraction = c.copy()
    for m in range(1, FRACTION_TERMS):
        if active.size == 0:
            break
        s = a + 2 * m - 1
        numerator = (a + m - 1) / s * ((a + b + m - 1) / s) * m * (b - m) * x * x
        partial = m + m * (b - m) * x / s + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (s + 2)
        d = 1 / _not_zero(partial + numerator * d)
        c = _not_zero(partial + numerator / c)
        fraction = fraction * (c * d)
        keep = np.abs(c * d - 1) >= FRACTION_STEP
        if not keep.all():
            result[active[~keep]] = fraction[~keep]
            active = active[keep]
            a, b, x, y, c, d, fraction = (v[keep] for v in (a, b, x, y, c, d, fraction))
    return result


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < TINY, TINY, values)


def _beta_power(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    """x^a y^b / B(a, b) about its mode a / (a + b), where logarithms of gamma functions would cancel.

    References
    ----------
    Didonato and Morris (1992); Loader (2000), Fast and accurate computation of binomial probabilities.
    """
    total = a + b
    away = np.where(x <= y, x - a / total, b / total - y)
    exponent = a * _log1p_less(away * total / a, x * total / a) + b * _log1p_less(-away * total / b, y * total / b)
    stirling = _stirling_error(total) - _stirling_error(a) - _stirling_error(b)
    return np.sqrt(a / total * b / (2 * math.pi)) * np.exp(exponent + stirling)


def _log1p_less(u: Floats, one_plus_u: Floats) -> Floats:
    """ln(1 + u) - u, shape (n,), with 1 + u given too, as u near -1 has lost its digits.

    Near 0 with r = u / (2 + u): ln(1 + u) = 2 (r + r^3/3 + r^5/5 + ...) and u - 2 r = r u.
    """
    near = np.abs(u) < SMALL
    r = np.where(near, u, 0) / (2 + np.where(near, u, 0))
    series = np.zeros_like(u)
    for k in range(SERIES_TERMS, 0, -1):
        series = (series + 2 / (2 * k + 1)) * r * r
    far = np.log(np.where(near, 1, one_plus_u)) - u
    return np.where(near, r * (series - u), far)


def _stirling_error(x: Floats) -> Floats:
    """Error of Stirling's formula: ln Gamma(x) less (x - 1/2) ln x - x + ln(2 pi) / 2, for x > 0."""
    large = np.maximum(x, STIRLING_FROM)
    result = np.zeros_like(x)
    for coefficient in reversed(STIRLING):
        result = result / large**2 + coefficient
    result /= large
    for i in np.flatnonzero(x < STIRLING_FROM):
        value = float(x[i])
        result[i] = math.lgamma(value) - ((value - HALF) * math.log(value) - value + math.log(2 * math.pi) / 2)
    return result
