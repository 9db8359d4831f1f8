"""The regularised incomplete beta function with both of its tails, from which the distributions here follow.

In come parameters and a point with its complement; out go the mass on either side, each with its own digits.
"""

from __future__ import annotations

import math

import numpy as np

from mpi.columns.values import Floats

# It ends far sooner: within 545 terms for a, b up to 10^6 (measured).
FRACTION_TERMS = 10_000
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
HALF = 0.5


def incomplete_beta(a: Floats, b: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
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
    near = x < STIRLING_FROM
    small, place = np.unique(x[near], return_inverse=True)  # half of few degrees of freedom, which many rows have
    exact = [
        math.lgamma(value) - ((value - HALF) * math.log(value) - value + math.log(2 * math.pi) / 2)
        for value in small.tolist()
    ]
    result[near] = np.array(exact, np.float64)[place]
    return result
