"""Sampling fractions and second stages: against loops over the formula, R's survey package, and cases by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.inference.variance import Stages, linearised_variance, second_stage_variance, share_variance, single_psu_strata
from mpi.vocabulary.options import SinglePsu

# Sums in another order; moments of shares cancel to about 1e-16 of the total's variance.
RTOL = 1e-10
ATOL_SHARE = 1e-14


def codes(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def column(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)[:, None]


def two_stages(psus: Any, fractions: Any, psu_stratum: Any, ssus: Any, ssu_fractions: Any, **options: Any) -> Stages:
    return Stages(
        psus=np.array(psus),
        fractions=np.array(fractions, dtype=np.float64),
        psu_stratum=np.array(psu_stratum),
        ssus=np.array(ssus),
        ssu_fractions=np.array(ssu_fractions, dtype=np.float64),
        **options,
    )


def random_stages(random: np.random.Generator) -> Stages:
    psus = random.integers(1, 5, size=random.integers(1, 6))
    psu_stratum = np.repeat(np.arange(psus.size), psus)
    ssus = random.integers(1, 5, size=psu_stratum.size)
    return two_stages(
        psus,
        random.choice([0.0, 0.1, 0.5, 1.0], size=psus.size),
        psu_stratum,
        ssus,
        random.choice([0.1, 0.7, 1.0], size=ssus.size),
        single_psu="certainty",
    )


def slow_second_stage(z: NDArray[np.float64], stages: Stages) -> float:
    """The formula, from z of every second-stage unit of the design, in order of PSUs."""
    assert stages.fractions is not None and stages.psu_stratum is not None
    assert stages.ssus is not None and stages.ssu_fractions is not None
    variance, at = 0.0, 0
    for i, m in enumerate(stages.ssus.tolist()):
        totals = [float(v) for v in z[at : at + m]]
        at += m
        mean = sum(totals) / m
        if m > 1:
            outer = stages.fractions[stages.psu_stratum[i]] * (1 - stages.ssu_fractions[i])
            variance += outer * m / (m - 1) * sum((v - mean) ** 2 for v in totals)
    return variance


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_variance_within_PSUs_is_the_formula_of_the_second_stage(seed: int) -> None:
    random = np.random.default_rng(seed)
    stages = random_stages(random)
    assert stages.ssus is not None
    ssu_psu = np.repeat(np.arange(stages.ssus.size), stages.ssus)
    present = random.random((4, ssu_psu.size)) < 0.6
    values = np.where(present[..., None], random.lognormal(3, 1, size=(4, ssu_psu.size, 2)), 0)
    domain, ssu = np.nonzero(present)
    order = random.permutation(domain.size)
    domain, ssu = domain[order], ssu[order]
    variance = second_stage_variance(domain, ssu_psu[ssu], values[domain, ssu], domains=4, stages=stages)
    expected = [[slow_second_stage(one, stages) for one in z.T] for z in values]
    np.testing.assert_allclose(variance, expected, rtol=RTOL, atol=0)


def test_a_second_stage_by_hand() -> None:
    stages = two_stages([2], [0.5], [0, 0], [2, 3], [0.25, 0.5])
    variance = second_stage_variance(codes(0, 0), codes(0, 1), column(4, 6), domains=2, stages=stages)
    first = 0.5 * 0.75 * 2 * (2**2 + 2**2)
    second = 0.5 * 0.5 * 3 / 2 * (4**2 + 2**2 + 2**2)
    assert variance.tolist() == [[first + second], [0]]


def test_a_single_second_stage_unit_out_of_several_is_refused_with_their_number() -> None:
    design: tuple[Any, ...] = ([2, 2], [0.5, 0.0], [0, 0, 1, 1], [1, 2, 1, 1])
    rows = (codes(0), codes(1), column(4))
    stages = two_stages(*design, [0.5, 0.5, 0.5, 0.5])
    with pytest.raises(ValueError, match=r"1 of 4 PSUs have one second-stage unit, drawn out of several \(indices 0\)"):
        second_stage_variance(*rows, domains=1, stages=stages)
    expected = 0.5 * 0.5 * 2 * (2**2 + 2**2)
    # Drawn alone but complete, or in a stratum drawn with replacement: nothing is missing.
    complete = two_stages(*design, [1, 0.5, 0.5, 0.5])
    assert second_stage_variance(*rows, domains=1, stages=complete) == expected
    certain = two_stages(*design, [0.5, 0.5, 0.5, 0.5], single_psu="certainty")
    assert second_stage_variance(*rows, domains=1, stages=certain) == expected


def test_a_complete_second_stage_adds_nothing() -> None:
    stages = two_stages([2], [0.5], [0, 0], [2, 3], [1, 1])
    assert second_stage_variance(codes(0, 0), codes(0, 1), column(4, 6), domains=1, stages=stages) == 0


def test_a_second_stage_is_refused_where_the_design_has_none() -> None:
    with pytest.raises(ValueError, match="no second stage"):
        second_stage_variance(codes(0), codes(0), column(1), domains=1, stages=Stages(psus=codes(2)))


def test_a_completely_drawn_stratum_adds_nothing_and_is_never_single() -> None:
    psus, fractions = codes(1, 2, 3), np.array([1.0, 1.0, 0.25])
    assert single_psu_strata(psus, fractions).size == 0
    rows, z = (codes(0, 0, 0, 0), codes(0, 1, 1, 2)), column(5, 1, 3, 6)
    expected = 0.75 * 3 / 2 * (4**2 + 2**2 + 2**2)
    for option in ("fail", "collapse", "certainty", "centered", "scaled"):
        # R's option "average" counts such a stratum among those with a variance, so nothing is scaled.
        assert (
            linearised_variance(*rows, z, domains=1, stages=Stages(psus=psus, single_psu=option, fractions=fractions))
            == expected
        )


def test_single_PSUs_with_a_sampling_fraction_follow_their_option() -> None:
    psus, fractions = codes(1, 2, 1), np.array([0.5, 0.0, 0.25])
    rows, z = (codes(0, 0), codes(0, 1)), column(8, 4)
    found = {
        option: float(
            linearised_variance(*rows, z, domains=1, stages=Stages(psus=psus, single_psu=option, fractions=fractions))[
                0, 0
            ]
        )
        for option in ("certainty", "centered", "scaled")
    }
    of_pair, mean = 2 * (2**2 + 2**2), 12 / 3  # the third stratum is not met
    assert found == {"certainty": of_pair, "centered": of_pair + 0.5 * (8 - mean) ** 2, "scaled": of_pair * 2}


def test_strata_that_were_to_be_collapsed_before_are_refused() -> None:
    stages = Stages(psus=codes(2, 1), single_psu="collapse")
    with pytest.raises(ValueError, match=r"1 of 2 strata have one PSU \(indices 1\)"):
        linearised_variance(codes(0), codes(0), column(1), domains=1, stages=stages)
    everyone = {"population_stratum": codes(0), "population_x": column(1)}
    with pytest.raises(ValueError, match="1 of 2 strata have one PSU"):
        share_variance(codes(0), codes(0), column(1), column(1), domains=1, stages=stages, **everyone)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, np.nan])
def test_sampling_fractions_outside_0_to_1_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"1 of 2 strata have a sampling fraction .* \(indices 1\)"):
        Stages(psus=codes(2, 2), fractions=np.array([0.5, wrong]))
    with pytest.raises(ValueError, match=r"1 of 2 PSUs have a sampling fraction .* \(indices 0\)"):
        two_stages([2], [0.5], [0, 0], [2, 3], [wrong, 0.5])


def test_stages_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="3 sampling fractions for 2 strata"):
        Stages(psus=codes(2, 2), fractions=np.array([0.5, 0.5, 0.5]))
    with pytest.raises(ValueError, match="needs the fractions of the first"):
        Stages(psus=codes(2), psu_stratum=codes(0, 0), ssus=codes(2, 2), ssu_fractions=np.array([0.5, 0.5]))
    with pytest.raises(ValueError, match="needs the fractions of the first"):
        Stages(psus=codes(2), fractions=np.array([0.5]), psu_stratum=codes(0, 0), ssus=codes(2, 2))
    with pytest.raises(ValueError, match="2 PSUs have a stratum, 3 second-stage units"):
        two_stages([2], [0.5], [0, 0], [2, 3, 1], [0.5, 0.5, 0.5])


# R 4.x, survey 4.1-1:
# d <- data.frame(s = c(1,1,1,1,1,2,2,2,2), p = c(1,1,2,2,2,3,3,4,4), h = 1:9, y = c(3,5,2,8,1,4,4,7,9),
#                 w = c(4,4,6,6,6,5,5,10,10), N = c(8,8,8,8,8,4,4,4,4), M = c(10,10,6,6,6,5,5,4,4))
# D <- svydesign(~p + h, strata = ~s, fpc = ~N + M, weights = ~w, data = d, nest = TRUE)
# format(vcov(svytotal(~y, D)), digits = 17)
R_TOTAL = 8373.2999999999993


def test_both_stages_together_are_R_s_variance_of_a_total() -> None:
    y, w = np.array([3, 5, 2, 8, 1, 4, 4, 7, 9.0]), np.array([4, 4, 6, 6, 6, 5, 5, 10, 10.0])
    psu, psu_stratum = codes(0, 0, 1, 1, 1, 2, 2, 3, 3), codes(0, 0, 1, 1)
    stages = two_stages([2, 2], [2 / 8, 2 / 4], psu_stratum, [2, 3, 2, 2], [2 / 10, 3 / 6, 2 / 5, 2 / 4])
    totals = np.bincount(psu, y * w)[:, None]
    zero = np.zeros(4, np.int64)
    between = linearised_variance(zero, psu_stratum, totals, domains=1, stages=stages)
    within = second_stage_variance(np.zeros(9, np.int64), psu, (y * w)[:, None], domains=1, stages=stages)
    np.testing.assert_allclose(between + within, R_TOTAL, rtol=1e-12)


# survey 4.1-1, options(survey.lonely.psu = ...), strata 0 and 4 with a single PSU, 2 with a certain one:
# d <- data.frame(s = c(1,2,2,3,4,4,4,5), p = 1:8, y = c(3,5,2,8,1,4,4,7), x = c(2,3,1,5,4,2,2,6),
#                 w = c(4,6,5,9,3,2,8,1), N = c(2,20,20,1,12,12,12,5))
# D <- svydesign(~p, strata = ~s, fpc = ~N, weights = ~w, data = d)
# vcov(svyratio(~y, ~x, D)), vcov(svytotal(~y, D)), and both for subset(D, s <= 3)
R_SINGLE: dict[SinglePsu, list[float]] = {
    "certainty": [2.4605877026726314e-02, 900.74999999999977, 2.2833043024531659e-04, 360.00000000000006],
    # R 4.1-1 centres totals at 0 under "adjust", where we take the mean: these are compared for ratios alone.
    "centered": [2.4894224858447816e-02, 3.2424743517928730e-04],
    "scaled": [4.1009795044543856e-02, 1501.2499999999998, 3.4249564536797489e-04, 540.00000000000011],
}


@pytest.mark.parametrize("single_psu", R_SINGLE)
def test_single_PSUs_with_and_without_a_sampling_fraction_are_treated_as_in_R(single_psu: SinglePsu) -> None:
    y, x, w = np.array([[3, 5, 2, 8, 1, 4, 4, 7.0], [2, 3, 1, 5, 4, 2, 2, 6], [4, 6, 5, 9, 3, 2, 8, 1]])
    stratum = codes(0, 1, 1, 2, 3, 3, 3, 4)
    stages = Stages(
        psus=codes(1, 2, 1, 3, 1), single_psu=single_psu, fractions=np.array([1 / 2, 2 / 20, 1, 3 / 12, 1 / 5])
    )
    found = []
    for inside in (stratum >= 0, stratum < 3):
        weight = w[inside]
        ratio = (weight @ y[inside]) / (weight @ x[inside])
        residual = weight * (y[inside] - ratio * x[inside]) / (weight @ x[inside])
        z = np.stack([residual, weight * y[inside]], axis=1)
        zero = np.zeros(weight.size, np.int64)
        found += linearised_variance(zero, stratum[inside], z, domains=1, stages=stages)[0].tolist()
    np.testing.assert_allclose(found[::2] if single_psu == "centered" else found, R_SINGLE[single_psu], rtol=1e-12)
