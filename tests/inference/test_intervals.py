"""Quantiles against scipy and exact sums, intervals against R's survey package and cases by hand."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from mpi.inference.distributions import beta_quantile, student_quantiles
from mpi.inference.intervals import korn_graubard_interval, log_interval, logit_interval, t_interval
from tests.support.limits import MOST

GOLDEN = Path(__file__).parent.parent / "golden"
RTOL_QUANTILE = 1e-12
# scipy's own t quantile loses digits near the median for df = 4 (4e-4 at p = 0.5000001): the grid starts at 0.6,
# and the neighbourhood of the median is held against the density.
PROBABILITIES = (0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9995)
DEGREES = (1, 1.5, 2, 2.7, 3, 4, 5, 7, 10, 14.5, 20, 30, 61, 99.9, 100, 333.3, 1e3, 5e3, 12345.6, 1e5, 1e6)
SHAPES = (0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 15.9, 16.1, 30, 77.7, 100, 1e3, 1e4, 1e5, 1e6)
# The golden file prints 17 digits, so all that is left is the order of operations.
RTOL_R = 1e-12


def exact_tail(a: int, b: int, x: float) -> float:
    """I_x(a, b) for integers, as the binomial tail P(X >= a) of a + b - 1 trials, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        n, odds = a + b - 1, Decimal(x) / (1 - Decimal(x))
        term = math.comb(n, a) * Decimal(x) ** a * (1 - Decimal(x)) ** (n - a)
        total = Decimal(0)
        for j in range(a, n + 1):
            total += term
            term *= odds * (n - j) / (j + 1)
            if term < total * Decimal("1e-30") and j > n * x:
                break
        return float(total)


def assert_exact(p: float, a: int, b: int, x: float) -> None:
    """Hold the mass left of x to what a relative error of RTOL_QUANTILE in x may change."""
    slope = stats.beta.pdf(x, a, b) * x
    assert abs(exact_tail(a, b, x) - p) <= RTOL_QUANTILE * slope


@pytest.mark.parametrize("p", [*PROBABILITIES, 0.025, 1e-10])
def test_student_quantiles_are_those_of_scipy(p: float) -> None:
    own = [student_quantiles(p, df) for df in DEGREES]
    np.testing.assert_allclose(own, special.stdtrit(DEGREES, p), rtol=RTOL_QUANTILE)


@pytest.mark.parametrize("df", [1, 2, 4, 10, 1000])
def test_student_quantiles_keep_their_digits_near_the_median(df: float) -> None:
    p = 0.5 + 2.0**-30
    density = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    assert student_quantiles(p, df) == pytest.approx(2.0**-30 / density, rel=RTOL_QUANTILE)
    assert student_quantiles(1 - p, df) == -student_quantiles(p, df)
    assert student_quantiles(0.5, df) == 0


def test_student_quantiles_of_one_and_two_degrees_have_closed_forms() -> None:
    for p in (0.51, 0.6, 0.975, 0.9995):
        assert student_quantiles(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=RTOL_QUANTILE)
        closed = (2 * p - 1) / math.sqrt(2 * p * (1 - p))
        assert student_quantiles(p, 2) == pytest.approx(closed, rel=RTOL_QUANTILE)


def test_infinite_degrees_of_freedom_give_the_normal_quantile() -> None:
    for p in (1e-12, 0.025, 0.4, 0.5, 0.5001, 0.75, 0.975, 0.9999):
        assert student_quantiles(p, math.inf) == pytest.approx(special.ndtri(p), rel=RTOL_QUANTILE)


def test_no_student_quantile_without_degrees_of_freedom_or_at_a_sure_probability() -> None:
    assert math.isnan(student_quantiles(0.975, 0))
    assert math.isnan(student_quantiles(0.975, -2))
    for p in (0.0, 1.0, -0.1, math.nan):
        with pytest.raises(ValueError, match="strictly between 0 and 1"):
            student_quantiles(p, 5)


@pytest.mark.parametrize("p", [0.0005, 0.025, 0.3, 0.5, 0.6, 0.975, 0.9995])
def test_beta_quantiles_are_those_of_scipy(p: float) -> None:
    a, b = (grid.ravel() for grid in np.meshgrid(SHAPES, SHAPES))
    own, scipys = beta_quantile(p, a, b), special.betaincinv(a, b, p)
    same = np.abs(own - scipys) <= RTOL_QUANTILE * scipys
    # Where one shape is far larger, scipy 1.17 is off by up to 3e-9 (a = 1000, b = 10^6): exact sums decide.
    assert same.mean() > 0.97
    for i in np.flatnonzero(~same):
        assert_exact(p, int(a[i]), int(b[i]), own[i])


@pytest.mark.parametrize(("a", "b"), [(1000, 10**6), (5, 10**6), (1000, 1000), (1, 7), (3, 40), (300, 20)])
@pytest.mark.parametrize("p", [0.0005, 0.025, 0.5, 0.975, 0.9995])
def test_beta_quantiles_give_back_their_probability_in_exact_sums(p: float, a: int, b: int) -> None:
    assert_exact(p, a, b, float(beta_quantile(p, a, b)))


def test_beta_quantiles_at_the_edges_of_their_shapes() -> None:
    assert beta_quantile(0.025, [0, 3], [3, 0]).tolist() == [0, 1]
    assert np.isnan(beta_quantile(0.5, [0, -1, np.nan, 2], [0, 2, 2, np.nan])).all()
    np.testing.assert_allclose(beta_quantile(0.975, 1, [1, 10, 1000]), -np.expm1(np.log(0.025) / [1, 10, 1000]))
    assert beta_quantile(0.025, 1e-3, 5) == pytest.approx(0, abs=1e-300)
    assert beta_quantile(0.5, np.ones((2, 1)), np.ones(3)).tolist() == [[0.5] * 3] * 2
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        beta_quantile(1, 2, 3)


def floats(rows: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([float(row[name] or "nan") for row in rows])


def test_logit_and_t_intervals_are_those_of_R() -> None:
    with (GOLDEN / "estimates.csv").open() as file:
        rows = list(csv.DictReader(file))
    totals = np.array([row["statistic"] == "poor" for row in rows])
    # Degenerate t intervals aside, R's file has no interval where its standard error is missing.
    assert totals.any() and not totals.all()
    arguments = [floats(rows, name) for name in ("estimate", "se", "df")]
    for interval, here in ((logit_interval, ~totals), (t_interval, totals)):
        low, high = interval(*(values[here] for values in arguments))
        assert np.isfinite(low).mean() > 0.9
        np.testing.assert_allclose(low, floats(rows, "ci_low")[here], rtol=RTOL_R)
        np.testing.assert_allclose(high, floats(rows, "ci_high")[here], rtol=RTOL_R)


def test_logit_interval_holds_the_estimate_and_stays_between_0_and_1() -> None:
    p = np.array([1e-9, 0.02, 0.5, 0.98, 1 - 1e-9])
    low, high = logit_interval(p, np.array([1e-9, 0.05, 0.3, 0.05, 1e-9]), np.array([1, 2, 3, 4, 5]))
    assert np.all((low >= 0) & (low < p) & (p < high) & (high <= 1))
    mirrored_low, mirrored_high = logit_interval(1 - p[1:4], np.array([0.05, 0.3, 0.05]), np.array([2, 3, 4]))
    np.testing.assert_allclose(mirrored_low, 1 - high[1:4])
    np.testing.assert_allclose(mirrored_high, 1 - low[1:4])


@pytest.mark.parametrize(
    ("estimate", "se", "df"),
    [(0, 0.1, 9), (1, 0.1, 9), (0.5, 0, 9), (0.5, 1e-17, 9), (0.5, 0.1, 0), (0.5, 0.1, -1), (0.5, np.nan, 9)],
)
def test_no_logit_interval_at_the_edge_without_error_or_without_degrees_of_freedom(
    estimate: float, se: float, df: float
) -> None:
    ends = logit_interval(np.array([estimate, 0.5]), np.array([se, 0.1]), np.array([df, 9]))
    assert [np.isnan(end).tolist() for end in ends] == [[True, False]] * 2


def test_intervals_with_infinite_degrees_of_freedom_use_the_normal_quantile() -> None:
    z = special.ndtri(0.95)
    low, high = t_interval(np.array([10.0]), np.array([2.0]), np.array([np.inf]), 0.9)
    np.testing.assert_allclose([low[0], high[0]], [10 - 2 * z, 10 + 2 * z], rtol=RTOL_R)
    low, _ = logit_interval(np.array([0.5]), np.array([0.1]), np.array([np.inf]), 0.9)
    np.testing.assert_allclose(low, special.expit(-z * 0.1 / 0.25), rtol=RTOL_R)


def test_t_interval_broadcasts_degrees_of_freedom_over_statistics() -> None:
    low, high = t_interval(np.ones((2, 3)), np.ones((2, 3)), np.array([[4], [0]]))
    np.testing.assert_allclose(high[0] - low[0], 2 * stats.t.ppf(0.975, 4), rtol=RTOL_R)
    assert np.isnan(low[1]).all() and np.isnan(high[1]).all()


def test_log_interval_is_the_t_interval_of_the_logarithm() -> None:
    y, se, df = np.array([1e-3, 5.0, 2e6]), np.array([2e-3, 1.0, 3e5]), np.array([3, np.inf, 40])
    low, high = log_interval(y, se, df, 0.9)
    t = stats.t.ppf(0.95, df)
    np.testing.assert_allclose(low, np.exp(np.log(y) - t * se / y), rtol=RTOL_R * 10)
    np.testing.assert_allclose(high, np.exp(np.log(y) + t * se / y), rtol=RTOL_R * 10)
    assert ((low > 0) & (low < y) & (y < high)).all()


@pytest.mark.parametrize(
    ("estimate", "se", "df"),
    [(0, 1, 9), (-5, 1, 9), (1e6, 1e-7, 9), (5, 0, 9), (5, 1, 0), (5, np.nan, 9), (np.nan, 1, 9), (np.inf, 1, 9)],
)
def test_no_log_interval_without_a_positive_estimate_and_error(estimate: float, se: float, df: float) -> None:
    ends = log_interval(np.array([estimate, 0.5]), np.array([se, 0.1]), np.array([df, 9]))
    assert [np.isnan(end).tolist() for end in ends] == [[True, False]] * 2


def test_korn_graubard_interval_is_the_beta_interval_of_R_with_n_as_the_most() -> None:
    with (GOLDEN / "beta_intervals.csv").open() as file:
        rows = list(csv.DictReader(file))
    p, variance, n, df = (floats(rows, name) for name in ("estimate", "variance", "n", "df"))
    # R has no minimum with n: where it matters, n is so large that it does not bind and t_(n-1) is R's own.
    correction = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, df)) ** 2
    binds = p * (1 - p) / variance * correction > n
    assert not binds.all()
    ends = korn_graubard_interval(p, n, variance, df)
    for end, name in zip(ends, ("ci_low", "ci_high"), strict=True):
        np.testing.assert_allclose(end[~binds], floats(rows, name)[~binds], rtol=RTOL_R)


def test_korn_graubard_interval_without_variance_is_clopper_pearson() -> None:
    n = np.array([30, 30, 200])
    cases = np.array([0, 30, 7])
    low, high = korn_graubard_interval(cases / n, n, np.zeros(3), np.array([5, 5, 5]))
    for i in range(3):
        exact = stats.binomtest(int(cases[i]), int(n[i])).proportion_ci(0.95, "exact")
        # scipy's own root search stops at 1e-12.
        assert (low[i], high[i]) == pytest.approx((exact.low, exact.high), rel=1e-9)


def test_korn_graubard_interval_never_uses_more_than_n() -> None:
    p, n = np.array([0.3]), 50
    tight = korn_graubard_interval(p, n, np.array([1e-9]), 20)
    plain = korn_graubard_interval(p, n, np.array([0.0]), 20)
    assert tight == plain


@pytest.mark.parametrize(
    ("p", "n", "variance", "df"),
    [(np.nan, 9, 0.1, 4), (0.5, 9, np.nan, 4), (0.5, 9, 0.1, 0), (0.5, 0, 0.1, 4), (1.2, 9, 0.1, 4)],
)
def test_no_korn_graubard_interval_without_its_ingredients(p: float, n: int, variance: float, df: int) -> None:
    ends = korn_graubard_interval(np.array([p]), np.array([n]), np.array([variance]), np.array([df]))
    assert np.isnan(ends).all()


def test_intervals_do_not_import_scipy() -> None:
    code = "import sys, mpi.inference.intervals; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=MOST).returncode == 0
