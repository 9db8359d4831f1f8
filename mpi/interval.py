"""Confidence intervals of estimates: logit, t and Korn-Graubard, with the quantiles that they need.

In come estimates, standard errors or variances and degrees of freedom; out go lower and upper ends, NaN where a method
has none. The quantiles are written here rather than taken from scipy, as importing `scipy.special` costs 0.22 s of
processor time, more than the command line can spend at start-up; the tests hold them against scipy. Which interval a
statistic gets is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

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
# A standard error below it is rounding (R leaves 1e-17): no interval on the logit scale.
SE_NOISE = 1e-12
# Infinite degrees of freedom are taken as so many: the quantile differs by (t^2 + 1) / (4 df), far below rounding.
MANY_DEGREES = 1e20
HALF = 0.5

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
    return float(_student_quantiles(p, np.array([df], dtype=np.float64))[0])


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


def logit_interval(estimate: Floats, se: Floats, df: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of a share on the logit scale, so that it stays between 0 and 1.

    With l = ln(p / (1 - p)): l -+ t_df se / (p (1 - p)), transformed back.

    Parameters
    ----------
    estimate, se : float64, shape (n,)
        Shares, and their standard errors.
    df : float or int64, shape (n,) or broadcastable to it
        Degrees of freedom; infinity gives the normal quantile.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    low, high : float64, shape (n,)
        NaN where the estimate is not strictly between 0 and 1, se is below 1e-12, or df is 0 or less.

    References
    ----------
    R survey 4.1-1, `svyciprop` with method "xlogit"; Gutierrez (2023), CEPAL, chapter 19.

    Examples
    --------
    >>> low, high = logit_interval(np.array([0.2]), np.array([0.03]), 20)
    >>> low.round(6), high.round(6)
    (array([0.144623]), array([0.269891]))
    """
    usable = (estimate > 0) & (estimate < 1) & (se >= SE_NOISE)
    p = np.where(usable, estimate, np.nan)
    odds = np.log(p) - np.log1p(-p)
    half = _two_sided_quantiles(df, level) * se / (p * (1 - p))
    return _inverse_logit(odds - half), _inverse_logit(odds + half)


def t_interval(estimate: Floats, se: Floats, df: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval estimate -+ t_df se, for totals, differences and changes.

    Parameters
    ----------
    estimate, se : float64, shape (n,)
        In the unit of the statistic.
    df, level
        As in `logit_interval`.

    Returns
    -------
    low, high : float64, shape (n,)
        NaN where df is 0 or less.
    """
    half = _two_sided_quantiles(df, level) * se
    return estimate - half, estimate + half


def korn_graubard_interval(
    p: Floats, n: ArrayLike, variance: Floats, df: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Clopper-Pearson interval of a proportion with its effective sample size, which serves 0 and 1 too.

    The effective size is min(n, p (1 - p) / V (t_(n-1) / t_df)^2), and n where V is 0.

    Parameters
    ----------
    p : float64, shape (n,)
        Proportions.
    n : int64 or float, shape (n,) or broadcastable to it
        Rows behind each, unweighted.
    variance : float64, shape (n,)
        Sampling variances of p.
    df, level
        As in `logit_interval`.

    Returns
    -------
    low, high : float64, shape (n,)
        NaN where p is not between 0 and 1, the variance is NaN, n is 0 or df is 0 or less.

    References
    ----------
    Korn and Graubard (1998), Survey Methodology 24(2), 193-201; R survey 4.1-1, `svyciprop` with method "beta", which
    has no minimum with n.

    Examples
    --------
    >>> low, high = korn_graubard_interval(np.array([0.0]), 100, np.array([0.0]), 12)
    >>> low, high.round(6)
    (array([0.]), array([0.036217]))
    """
    size, free = np.asarray(n, np.float64), np.asarray(df, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = (_two_sided_quantiles(size - 1, level) / _two_sided_quantiles(free, level)) ** 2
        effective = np.where(variance > 0, np.fmin(size, p * (1 - p) / variance * correction), size)
    usable = (p >= 0) & (p <= 1) & (variance >= 0) & (size > 0) & (free > 0)
    effective = np.where(usable, effective, np.nan)
    tail = (1 - level) / 2
    low = beta_quantile(tail, effective * p, effective * (1 - p) + 1)
    high = beta_quantile(1 - tail, effective * p + 1, effective * (1 - p))
    return low, high


def _two_sided_quantiles(df: ArrayLike, level: float) -> Floats:
    """Student quantile at (1 + level) / 2, computed once for each df that occurs; NaN where df <= 0."""
    unique, where = np.unique(np.asarray(df, np.float64), return_inverse=True)
    return _student_quantiles((1 + level) / 2, unique)[where].reshape(np.shape(df))


def _check_probability(p: float) -> None:
    if not 0 < p < 1:
        raise ValueError(f"a quantile needs a probability strictly between 0 and 1, not {p}")


def _inverse_logit(odds: Floats) -> Floats:
    """1 / (1 + exp(-odds)) without overflow, exact for small values too."""
    small: Floats = np.exp(-np.abs(odds))
    return np.where(odds < 0, small, 1.0) / (1 + small)


def _student_quantiles(p: float, df: Floats) -> Floats:
    """Student quantile at p of each df, shape (n,).

    The smaller of the central mass P(|T| < t) and the tails is matched, in logarithms, as a function of ln t: both are
    near straight lines there, and a small mass keeps its digits.
    """
    _check_probability(p)
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

    t[df > 0] = math.copysign(1.0, p - HALF) * np.exp(_increasing_roots(gap, np.zeros(free.size)))
    return t


def _beta_quantiles(p: float, a: Floats, b: Floats) -> Floats:
    """Beta quantile at p for positive a and b, shape (n,).

    As for t, the smaller mass is matched, in logarithms, as a function of the log odds ln(x / (1 - x)).
    """

    def gap(odds: Floats, i: Ints) -> tuple[Floats, Floats]:
        lower, upper, density = _incomplete_beta(a[i], b[i], _inverse_logit(odds), _inverse_logit(-odds))
        mass, sign, target = (lower, 1.0, p) if p <= HALF else (upper, -1.0, 1 - p)
        return sign * np.log(mass / target), density / mass

    return _inverse_logit(_increasing_roots(gap, np.log(a / b)))


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
