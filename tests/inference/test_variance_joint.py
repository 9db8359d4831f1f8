"""Joint covariances against loops over households, and against the variance of a domain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.inference.variance import (
    Stages,
    joint,
    joint_covariance,
    joint_second_stage,
    joint_second_stage_variance,
    joint_variance,
    linearised_variance,
    second_stage_variance,
)
from mpi.vocabulary.options import SinglePsu

# Sums in another order, against the root of the product of the variances.
RTOL = 1e-11
OPTIONS: tuple[SinglePsu, ...] = ("certainty", "centered", "scaled")


def codes(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def random_stages(random: np.random.Generator, option: SinglePsu) -> Stages:
    psus = random.integers(1, 6, size=random.integers(1, 7))
    fractions = random.choice([0.0, 0.05, 0.4, 1.0], size=psus.size) if random.random() < 0.7 else None
    return Stages(psus=psus, single_psu=option, fractions=fractions)


def slow_covariance(z: NDArray[np.float64], stages: Stages) -> NDArray[np.float64]:
    """The formula, from z of every PSU of the design in order of strata, shape (sum of psus, m)."""
    covariance, at, singles = np.zeros((z.shape[1], z.shape[1])), 0, 0
    grand_mean = z.mean(axis=0)
    for h, n in enumerate(stages.psus.tolist()):
        rows = z[at : at + n]
        at += n
        f = 0.0 if stages.fractions is None else stages.fractions[h]
        if n == 1:
            singles += f < 1
            if stages.single_psu == "centered":
                covariance += (1 - f) * np.outer(rows[0] - grand_mean, rows[0] - grand_mean)
            continue
        for row in rows:
            covariance += (1 - f) * n / (n - 1) * np.outer(row - rows.mean(axis=0), row - rows.mean(axis=0))
    if stages.single_psu == "scaled":
        strata = stages.psus.size
        covariance *= strata / (strata - singles) if strata > singles else np.nan
    return covariance


def assert_close(found: NDArray[np.float64], expected: NDArray[np.float64]) -> None:
    size = np.sqrt(np.outer(np.diagonal(expected), np.diagonal(expected)))
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    assert (np.abs(found - expected) <= RTOL * size)[~np.isnan(expected)].all()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(OPTIONS))
def test_the_joint_covariance_is_the_formula_with_absent_PSUs_as_zeros(seed: int, option: SinglePsu) -> None:
    random = np.random.default_rng(seed)
    stages = random_stages(random, option)
    stratum = np.repeat(np.arange(stages.psus.size), stages.psus)
    present = random.random(stratum.size) < 0.8
    z = np.where(present[:, None], random.normal(2, 3, size=(stratum.size, 4)), 0)
    order = random.permutation(np.flatnonzero(present))
    found = joint_covariance(stratum[order], z[order], stages=stages)
    assert_close(found, slow_covariance(z, stages))
    diagonal = joint_variance(stratum[order], z[order], stages=stages)
    np.testing.assert_allclose(diagonal, np.diagonal(found), rtol=RTOL)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_totals_of_domains_are_centered_at_the_strata_that_each_meets(seed: int) -> None:
    random = np.random.default_rng(seed)
    stages = random_stages(random, "centered")
    stratum = np.repeat(np.arange(stages.psus.size), stages.psus)
    inside = random.random((stratum.size, 4)) < random.choice([0.3, 0.7, 1.0], size=4)
    z = np.where(inside, random.normal(2, 3, size=inside.shape), 0)
    met = np.zeros((stages.psus.size, 4), np.bool_)
    np.logical_or.at(met, stratum, inside)
    found = joint_covariance(stratum, z, stages=stages, met=met)
    for j in range(4):
        row = np.flatnonzero(inside[:, j])
        alone = linearised_variance(0 * row, stratum[row], z[row, j : j + 1], domains=1, stages=stages)
        assert found[j, j] == pytest.approx(alone[0, 0], rel=RTOL, abs=1e-20)
    np.testing.assert_allclose(joint_variance(stratum, z, stages=stages, met=met), np.diagonal(found), rtol=RTOL)
    # That of a sum is that of the sum's values, each centred for itself.
    part = np.where(met, z.sum(axis=0) / np.maximum(stages.psus @ met, 1), 0)
    deviations = z - part[stratum]
    single = (stages.psus == 1)[stratum]
    expected = slow_covariance(z, Stages(psus=stages.psus, single_psu="certainty", fractions=stages.fractions))
    for i in np.flatnonzero(single):
        f = 0.0 if stages.fractions is None else stages.fractions[stratum[i]]
        expected += (1 - f) * np.outer(deviations[i], deviations[i])
    assert_close(found, expected)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(OPTIONS))
def test_rows_that_group_households_have_the_covariance_of_the_households(seed: int, option: SinglePsu) -> None:
    random = np.random.default_rng(seed)
    stages = random_stages(random, option)
    stratum = np.repeat(np.arange(stages.psus.size), stages.psus)
    pattern = random.integers(0, 3, size=stratum.size)
    weight, u = random.lognormal(2, 0.7, size=stratum.size), random.normal(1, 2, size=(3, 4))
    z = weight[:, None] * u[pattern]
    _, row = np.unique(stratum * 3 + pattern, return_inverse=True)
    total, squares = np.bincount(row, weight), np.bincount(row, weight**2)
    grouped, of_row = np.zeros((total.size, 4)), np.zeros(total.size, np.int64)
    np.add.at(grouped, row, z)
    of_row[row] = stratum
    arguments = {"stages": stages, "concentration": squares / total**2}
    assert_close(joint_covariance(of_row, grouped, **arguments), slow_covariance(z, stages))
    diagonal = joint_variance(of_row, grouped, **arguments)
    np.testing.assert_allclose(diagonal, np.diagonal(slow_covariance(z, stages)), rtol=1e-9, atol=1e-20)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(OPTIONS))
def test_the_diagonal_is_the_variance_of_a_domain_that_holds_every_stratum(seed: int, option: SinglePsu) -> None:
    random = np.random.default_rng(seed)
    stages = random_stages(random, option)
    stratum = np.repeat(np.arange(stages.psus.size), stages.psus)
    z = random.normal(2, 3, size=(stratum.size, 4))
    variance = linearised_variance(np.zeros_like(stratum), stratum, z, domains=1, stages=stages)[0]
    np.testing.assert_allclose(joint_variance(stratum, z, stages=stages), variance, rtol=RTOL)
    np.testing.assert_allclose(np.diagonal(joint_covariance(stratum, z, stages=stages)), variance, rtol=RTOL)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_the_second_stage_has_the_variances_of_sums_on_its_diagonal_and_by_them_its_covariances(seed: int) -> None:
    random = np.random.default_rng(seed)
    psus = random.integers(1, 5, size=3)
    psu_stratum = np.repeat(np.arange(3), psus)
    ssus = random.integers(1, 5, size=psu_stratum.size)
    fractions, ssu_fractions = random.random(3), random.choice([0.2, 0.6, 1.0], size=ssus.size)
    stages = Stages(
        psus=psus,
        single_psu="certainty",
        fractions=fractions,
        psu_stratum=psu_stratum,
        ssus=ssus,
        ssu_fractions=ssu_fractions,
    )
    psu = np.repeat(np.arange(ssus.size), ssus)[random.random(ssus.sum()) < 0.8]
    z = random.normal(2, 3, size=(psu.size, 3))
    # V(a + b) - V(a) - V(b) = 2 Cov(a, b), with variances from the function that has its own loop as a twin.
    pairs = np.stack([z[:, i] + z[:, j] for i in range(3) for j in range(3)], axis=1)
    zero = np.zeros_like(psu)
    of_pairs = second_stage_variance(zero, psu, pairs, domains=1, stages=stages)[0].reshape(3, 3)
    alone = second_stage_variance(zero, psu, z, domains=1, stages=stages)[0]
    found = joint_second_stage(psu, z, stages=stages)
    expected = (of_pairs - alone[:, None] - alone) / 2
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * max(alone.max(initial=0), 1))
    np.testing.assert_allclose(np.diagonal(found), alone, rtol=RTOL)
    np.testing.assert_allclose(joint_second_stage_variance(psu, z, stages=stages), alone, rtol=RTOL)


def test_blocks_do_not_change_the_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    stages = Stages(psus=np.array([40, 3, 60, 1, 7]), single_psu="centered", fractions=np.array([0.1, 0.2, 0, 0.5, 1]))
    stratum = np.repeat(np.arange(5), stages.psus)[3:-2]
    z = random.normal(3, 1, size=(stratum.size, 6))
    whole = joint_covariance(stratum, z, stages=stages)
    monkeypatch.setattr(joint, "BLOCK_VALUES", 30)
    assert_close(joint_covariance(stratum, z, stages=stages), whole)
    shuffled = random.permutation(stratum.size)
    assert_close(joint_covariance(stratum[shuffled], z[shuffled], stages=stages), whole)


def test_a_variable_without_spread_has_a_row_and_column_of_exact_zeros() -> None:
    z = np.array([[0.1e9, 1.0, 1e-14], [0.1e9, 2.0, 0.0], [0.1e9, 5.0, 3e-14]])
    found = joint_covariance(codes(0, 0, 0), z, stages=Stages(psus=codes(3)))
    assert found[1, 1] > 0
    assert np.count_nonzero(found) == 1
    scaled = joint_covariance(codes(0, 0, 0), z, stages=Stages(psus=codes(3)), scale=np.array([1, 1, 1e-9]))
    assert scaled[2, 2] > 0 and scaled[1, 2] == scaled[2, 1] > 0
    assert not scaled[0].any() and not scaled[:, 0].any()
    assert np.count_nonzero(joint_variance(codes(0, 0, 0), z, stages=Stages(psus=codes(3)))) == 1


def test_an_undefined_variable_makes_its_own_row_and_column_undefined_only() -> None:
    z = np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
    found = joint_covariance(codes(0, 0, 0), z, stages=Stages(psus=codes(3)))
    assert found[0, 0] == pytest.approx(7)
    assert np.isnan(found[[0, 1, 1], [1, 0, 1]]).all()


def test_no_rows_leave_no_covariance() -> None:
    assert joint_covariance(codes(), np.zeros((0, 2)), stages=Stages(psus=codes(2, 3))).tolist() == [[0, 0], [0, 0]]


def test_rows_that_cannot_be_of_the_design_are_refused() -> None:
    z = np.ones((2, 1))
    with pytest.raises(ValueError, match="stratum 0 has 2 rows in domain 0 but 1 PSUs"):
        joint_covariance(codes(0, 0), z, stages=Stages(psus=codes(1, 2), single_psu="certainty"))
    with pytest.raises(ValueError, match="rows of 12 effective units but 5 PSUs"):
        joint_covariance(codes(0, 0), z, stages=Stages(psus=codes(5)), concentration=np.array([0.1, 0.5]))
    with pytest.raises(ValueError, match="concentrations are above 0"):
        joint_variance(codes(0, 0), z, stages=Stages(psus=codes(5)), concentration=np.array([1, np.nan]))
    with pytest.raises(ValueError, match="1 of 2 strata have one PSU"):
        joint_covariance(codes(0, 0), z, stages=Stages(psus=codes(2, 1)))
    with pytest.raises(ValueError, match="no second stage"):
        joint_second_stage(codes(0, 0), z, stages=Stages(psus=codes(2)))
