"""Replication: factors against linearised variances of totals, variances and ranks against R, totals against loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.inference.variance import (
    Stages,
    jackknife_factors,
    joint_covariance,
    linearised_variance,
    rao_wu_draws,
    replicate_covariance,
    replicate_totals,
    replicate_variance,
    replication,
)
from tests.support.loops import at_least_one
from tests.support.replicates import rao_wu_factors

# Sums in another order.
RTOL = 1e-11
# R prints 17 digits.
RTOL_R = 1e-13


def codes(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def random_design(random: np.random.Generator) -> tuple[Any, Any, Any]:
    """Stratum of each PSU, in any order, PSUs and fractions by stratum."""
    psus = random.integers(2, 6, size=random.integers(1, 6))
    fractions = random.choice([0.0, 0.1, 0.6], size=psus.size)
    return random.permutation(np.repeat(np.arange(psus.size), psus)), psus, fractions


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_the_jackknife_of_totals_is_exactly_the_linearised_variance(seed: int, mse: bool) -> None:
    random = np.random.default_rng(seed)
    stratum, psus, fractions = random_design(random)
    z = random.normal(2, 3, size=(stratum.size, 3))
    factors, rscales = jackknife_factors(stratum, psus, fractions)
    assert factors.shape == (stratum.size, stratum.size)
    variance, undefined = replicate_variance(z.T @ factors, z.sum(axis=0), scale=1, rscales=rscales, mse=mse)
    stages = Stages(psus=psus, fractions=fractions)
    expected = linearised_variance(np.zeros_like(stratum), stratum, z, domains=1, stages=stages)[0]
    np.testing.assert_allclose(variance, expected, rtol=RTOL)
    assert undefined.tolist() == [0, 0, 0]
    covariance, dropped = replicate_covariance(z.T @ factors, z.sum(axis=0), scale=1, rscales=rscales, mse=mse)
    between = joint_covariance(stratum, z, stages=stages)
    np.testing.assert_allclose(covariance, between, rtol=0, atol=RTOL * between.max())
    assert dropped == 0


def test_a_jackknife_of_one_stratum_is_JK1() -> None:
    factors, rscales = jackknife_factors(codes(0, 0, 0), codes(3))
    assert factors.tolist() == [[0, 1.5, 1.5], [1.5, 0, 1.5], [1.5, 1.5, 0]]
    assert rscales.tolist() == [2 / 3] * 3


def test_certain_PSUs_have_no_replicate() -> None:
    stratum, psus = codes(0, 1, 1, 2, 2), codes(1, 2, 2)
    factors, rscales = jackknife_factors(stratum, psus, np.array([0.5, 1, 0.2]), single_psu="certainty")
    assert factors.T.tolist() == [[1, 1, 1, 0, 2], [1, 1, 1, 2, 0]]
    assert rscales.tolist() == [0.8 / 2] * 2
    drawn = rao_wu_factors(stratum, psus, 20, np.random.default_rng(1), np.array([0.5, 1, 0.2]), single_psu="certainty")
    assert (drawn[:3] == 1).all()
    assert {round(float(v), 12) for v in drawn[3]} == {round(1 - 0.8**0.5, 12), round(1 + 0.8**0.5, 12)}


def test_a_single_PSU_cannot_be_left_out() -> None:
    for option in ("fail", "centered", "scaled", "collapse"):
        with pytest.raises(ValueError, match="1 of 2 strata have one PSU"):
            jackknife_factors(codes(0, 1, 1), codes(1, 2), single_psu=option)
        with pytest.raises(ValueError, match="1 of 2 strata have one PSU"):
            rao_wu_draws(codes(0, 1, 1), codes(1, 2), 5, np.random.default_rng(1), single_psu=option)
    complete = jackknife_factors(codes(0, 1, 1), codes(1, 2), np.array([1, 0.5]))[0]
    assert complete.tolist() == [[1, 1], [0, 2], [2, 0]]


def test_PSUs_that_are_not_those_of_the_strata_are_refused() -> None:
    with pytest.raises(ValueError, match="3 PSUs are not the 4"):
        jackknife_factors(codes(0, 0, 1), codes(2, 2))
    with pytest.raises(ValueError, match="4 PSUs are not the 4"):
        rao_wu_draws(codes(0, 0, 0, 1), codes(2, 2), 5, np.random.default_rng(1))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_bootstrap_factors_are_whole_draws_that_keep_the_size_of_each_stratum(seed: int) -> None:
    random = np.random.default_rng(seed)
    stratum, psus, fractions = random_design(random)
    factors = rao_wu_factors(stratum, psus, 7, np.random.default_rng(seed), fractions)
    n, root = psus[stratum][:, None], np.sqrt(1 - fractions[stratum])[:, None]
    drawn = ((factors - 1) / root + 1) * (n - 1) / n
    np.testing.assert_allclose(drawn, drawn.round(), atol=1e-12)
    assert drawn.round().min() >= 0
    for h, size in enumerate(at_least_one(psus)):
        np.testing.assert_allclose(factors[stratum == h].sum(axis=0), size, rtol=1e-12)
    again = rao_wu_factors(stratum, psus, 7, np.random.default_rng(seed), fractions)
    np.testing.assert_array_equal(factors, again)


def test_the_bootstrap_s_mean_variance_of_totals_is_the_linearised_one() -> None:
    random = np.random.default_rng(20)
    psus, fractions = codes(2, 5, 3, 8), np.array([0.0, 0.3, 0.5, 0.1])
    stratum = np.repeat(np.arange(4), psus)
    z = random.normal(2, 3, size=(stratum.size, 2))
    expected = linearised_variance(
        np.zeros_like(stratum), stratum, z, domains=1, stages=Stages(psus=psus, fractions=fractions)
    )[0]
    seeds, replicates = 60, 200
    found = np.empty((seeds, 2))
    for seed in range(seeds):
        totals = z.T @ rao_wu_factors(stratum, psus, replicates, np.random.default_rng(seed), fractions)
        rscales = np.ones(replicates)
        found[seed] = replicate_variance(totals, z.sum(axis=0), scale=1 / replicates, rscales=rscales, mse=True)[0]
    # The expectation is exact for totals, so the mean of the seeds lies within 4 of its own standard errors.
    error = found.std(axis=0, ddof=1) / np.sqrt(seeds)
    assert (np.abs(found.mean(axis=0) - expected) < 4 * error).all()
    assert (error < 0.03 * expected).all()


@pytest.mark.parametrize("n", [2, 3, 25, 300])
def test_each_PSU_of_a_stratum_is_drawn_as_a_multinomial_distribution_draws_it(n: int) -> None:
    replicates = 20_000
    stratum = np.concatenate([codes(0), np.repeat(codes(1, 2), n)])
    draws = rao_wu_draws(stratum, codes(1, n, n), replicates, np.random.default_rng(n), single_psu="certainty")
    times = draws.times.astype(np.float64)
    assert (times[0] == 0).all()
    first, second = times[1 : n + 1], times[n + 1 :]
    assert (first.sum(axis=0) == n - 1).all()
    assert (second.sum(axis=0) == n - 1).all()
    # n - 1 draws with chance 1 / n: moments of the multinomial distribution, within 6 of their own standard errors.
    variance, bound = (n - 1) ** 2 / n**2, 6 / np.sqrt(replicates)
    np.testing.assert_allclose(times[1:].mean(axis=1), (n - 1) / n, atol=bound * np.sqrt(variance))
    np.testing.assert_allclose(times[1:].var(axis=1), variance, atol=bound * 2 * variance)
    between = np.corrcoef(first[0], first[1])[0, 1]
    assert between == pytest.approx(-1 / (n - 1), abs=bound)
    assert np.corrcoef(first[0], second[0])[0, 1] == pytest.approx(0, abs=bound)  # strata are drawn apart
    assert np.corrcoef(first[0, 1:], first[0, :-1])[0, 1] == pytest.approx(0, abs=bound)  # replicates too


def test_many_draws_of_one_PSU_are_counted_whole() -> None:
    assert rao_wu_draws(np.zeros(256, np.int64), codes(256), 2, np.random.default_rng(1)).times.dtype == np.uint8
    assert rao_wu_draws(np.zeros(257, np.int64), codes(257), 2, np.random.default_rng(1)).times.dtype == np.uint16


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), st.integers(1, 5))
def test_totals_of_draws_are_those_of_their_factors(seed: int, by_place: bool, rows: int) -> None:
    random = np.random.default_rng(seed)
    stratum, psus, fractions = random_design(random)
    draws = rao_wu_draws(stratum, psus, 7, np.random.default_rng(seed), fractions)
    factors = rao_wu_factors(stratum, psus, 7, np.random.default_rng(seed), fractions)
    place = random.integers(0, stratum.size, size=40) if by_place else None
    values = random.normal(size=(stratum.size if place is None else 40, 3))
    starts = np.sort(random.integers(0, len(values), size=4))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(replication, "ROWS", rows)
        found = replicate_totals(starts, values, draws, place)
    np.testing.assert_allclose(found, replicate_totals(starts, values, factors, place), rtol=0, atol=1e-12 * 40)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_totals_by_replicate_are_sums_over_the_rows_of_each_domain(seed: int, by_place: bool) -> None:
    random = np.random.default_rng(seed)
    starts = np.sort(random.integers(0, 12, size=4))
    values = random.normal(size=(12, 3))
    place = random.integers(0, 5, size=12)
    factors = random.random((5, 6)) if by_place else random.random((12, 6))
    found = replicate_totals(starts, values, factors, place if by_place else None)
    for i, (first, last) in enumerate(zip(starts, [*starts[1:], 12], strict=True)):
        for q in range(3):
            for r in range(6):
                rows = [values[k, q] * factors[place[k] if by_place else k, r] for k in range(first, last)]
                assert found[i, q, r] == pytest.approx(sum(rows), rel=1e-12, abs=1e-12)


THETA = np.array(
    [[1.5, 2, np.nan, 6, 3.25, 2.5], [0.1, 0.4, 0.2, np.nan, 0.3, 0.7], [7, 7, 8, 9, 7, 11]], dtype=np.float64
)
FULL = np.array([2, 0.3, 8])
RSCALES = np.array([1, 0.5, 2, 1, 0, 0.25])
# survey 4.1-1: survey:::svrVar(theta, 0.8, rscales, mse = , coef = full), by column and as a matrix.
R_VARIANCE = {False: [9.4500000000000011, 0.1115, 4.2480000000000011], True: [13.050000000000001, 0.084, 3.8]}
R_COVARIANCE = {
    False: [[0.25, 0.15, 0.8], [0.15, 0.09, 0.48], [0.8, 0.48, 3.555555555555557135]],
    True: [[0.25, 0.12, 0.7], [0.12, 0.068, 0.36], [0.7, 0.36, 3.0]],
}


@pytest.mark.parametrize("mse", [False, True])
def test_variances_and_covariances_of_replicates_are_those_of_R(mse: bool) -> None:
    variance, undefined = replicate_variance(THETA, FULL, scale=0.8, rscales=RSCALES, mse=mse)
    np.testing.assert_allclose(variance, R_VARIANCE[mse], rtol=RTOL_R)
    assert undefined.tolist() == [1, 1, 0]
    covariance, dropped = replicate_covariance(THETA, FULL, scale=0.8, rscales=RSCALES, mse=mse)
    np.testing.assert_allclose(covariance, R_COVARIANCE[mse], rtol=RTOL_R)
    assert dropped == 2
    stacked = np.stack([THETA, THETA[::-1]])
    both = replicate_variance(stacked, np.stack([FULL, FULL[::-1]]), scale=0.8, rscales=RSCALES, mse=mse)
    np.testing.assert_array_equal(both[0], [variance, variance[::-1]])


def test_a_statistic_with_fewer_than_two_replicates_has_no_variance() -> None:
    nan = np.nan
    estimates = np.array([[1, nan, nan], [1, 2, nan], [nan, nan, nan], [1, 2, 3]])
    full = np.array([1, 1.5, 1, nan])
    for mse in (False, True):
        variance, undefined = replicate_variance(estimates, full, scale=1, rscales=np.ones(3), mse=mse)
        assert np.isnan(variance).tolist() == [True, False, True, True]
        assert undefined.tolist() == [2, 1, 3, 0]
        covariance, dropped = replicate_covariance(
            estimates[[0, 1]], full[[0, 1]], scale=1, rscales=np.ones(3), mse=mse
        )
        assert np.isnan(covariance).all() and dropped == 2


def test_replicates_without_weight_in_the_mean_leave_no_centre() -> None:
    estimates, full, rscales = np.array([[1.0, 2.0, 3.0]]), np.array([2.0]), np.zeros(3)
    assert np.isnan(replicate_variance(estimates, full, scale=1, rscales=rscales, mse=False)[0]).all()
    assert np.isnan(replicate_covariance(estimates, full, scale=1, rscales=rscales, mse=False)[0]).all()
    assert replicate_variance(estimates, full, scale=1, rscales=rscales, mse=True)[0].tolist() == [0]


def test_a_statistic_that_is_undefined_drops_no_replicate_of_the_others() -> None:
    estimates = np.array([[1, 2, 4], [np.nan, np.nan, np.nan], [3, 3, 1]])
    full = np.array([2, np.nan, 2])
    covariance, dropped = replicate_covariance(estimates, full, scale=1, rscales=np.ones(3), mse=True)
    assert dropped == 0
    np.testing.assert_array_equal(covariance, [[5, np.nan, -3], [np.nan] * 3, [-3, np.nan, 3]])


def test_replicates_that_differ_by_rounding_have_no_variance() -> None:
    estimates = 1e7 * (1 + np.array([[1e-16, -3e-16, 4e-16, 0], [0, 0.1, 0.2, 0.3]]))
    variance, _ = replicate_variance(estimates, estimates[:, 0], scale=1, rscales=np.ones(4), mse=False)
    assert variance[0] == 0 < variance[1]
    covariance, _ = replicate_covariance(estimates, estimates[:, 0], scale=1, rscales=np.ones(4), mse=True)
    assert np.count_nonzero(covariance) == 1 and covariance[1, 1] > 0


def test_replicates_of_another_number_are_refused() -> None:
    arguments: dict[str, Any] = {"scale": 1, "rscales": np.ones(3), "mse": True}
    with pytest.raises(ValueError, match=r"3 replicates of estimates of shape \(2,\) do not fit an array \(2, 4\)"):
        replicate_variance(np.ones((2, 4)), np.ones(2), **arguments)
    with pytest.raises(ValueError, match="3 replicates"):
        replicate_covariance(np.ones((3, 3)), np.ones(2), **arguments)
