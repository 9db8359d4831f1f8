"""Tail probabilities of Student's t and the F distribution, with their digits however small they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mpi.columns.values import Floats
from mpi.inference.distributions.incomplete_beta import incomplete_beta

# Infinite degrees of freedom are taken as so many: the quantile differs by (t^2 + 1) / (4 df), far below rounding.
MANY_DEGREES = 1e20


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
    with np.errstate(over="ignore", under="ignore"):
        squared = np.square(np.asarray(t, np.float64))
    return f_upper_tail(squared, 1.0, df)


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
    >>> f_upper_tail([0.0, 4.0], 3, 20).round(6)
    array([1.      , 0.022077])
    """
    statistic, first, second = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (f, df1, df2)))
    valid = ~np.isnan(statistic) & (first > 0) & np.isfinite(first) & (second > 0)
    result = np.where(valid, np.where(statistic > 0, 0.0, 1.0), np.nan)
    inner = valid & (statistic > 0) & np.isfinite(statistic)
    value, a, b = statistic[inner], first[inner], np.minimum(second[inner], MANY_DEGREES)
    with np.errstate(over="ignore", under="ignore"):
        odds = value * (a / b)
        x, y = 1 / (1 + 1 / odds), 1 / (1 + odds)
        result[inner] = incomplete_beta(a / 2, b / 2, x, y)[1]
    return result
