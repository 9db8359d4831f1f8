"""Confidence intervals of estimates: logit, logarithmic, t and Korn-Graubard.

In come estimates, standard errors or variances and degrees of freedom; out go lower and upper ends, NaN where a method
has none. Quantiles are left to `distributions`; which interval a statistic gets is decided elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mpi.columns.values import Floats
from mpi.inference.distributions import beta_quantile, inverse_logit, student_quantiles

# A standard error below it is rounding (R leaves 1e-17): no interval on the logit scale, or beside a total.
SE_NOISE = 1e-12


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
    return inverse_logit(odds - half), inverse_logit(odds + half)


def log_interval(estimate: Floats, se: Floats, df: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of a positive number on the logarithmic scale, so that it stays above 0.

    With l = ln(y): l -+ t_df se / y, transformed back.

    Parameters
    ----------
    estimate, se : float64, shape (n,)
        Totals, ratios or other positive numbers, and their standard errors.
    df, level
        As in `logit_interval`.

    Returns
    -------
    low, high : float64, shape (n,)
        NaN where the estimate is not above 0, se is below 1e-12 of it, or df is 0 or less.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, 6.2 and appendix C.

    Examples
    --------
    >>> low, high = log_interval(np.array([200.0]), np.array([30.0]), 20)
    >>> low.round(4), high.round(4)
    (array([146.2654]), array([273.4755]))
    """
    usable = (estimate > 0) & (se >= SE_NOISE * estimate) & np.isfinite(estimate)
    y = np.where(usable, estimate, np.nan)
    factor = np.exp(_two_sided_quantiles(df, level) * se / y)
    return y / factor, y * factor


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
    """Student quantile at (1 + level) / 2; NaN where df <= 0."""
    return student_quantiles((1 + level) / 2, df)
