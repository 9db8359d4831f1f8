"""Adjusted p-values against R's `p.adjust` and against what the procedures say of rejections."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from mpi.inference.multiple_tests import benjamini_hochberg, holm

Adjust = Callable[[NDArray[np.float64]], NDArray[np.float64]]
NAN = float("nan")
RTOL = 1e-15  # one product and one quotient of doubles
BOTH = pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
P_VALUES = st.lists(st.floats(0, 1), max_size=30).map(np.array)

# R 4.2.2: p <- c(...); p.adjust(p, "holm"); p.adjust(p, "BH"), printed with 17 digits.
GOLDEN = [
    (
        [0.01, 0.04, NAN, 0.03, 0.04, 0.2, 1, 0, 0.005, NAN, 0.5],
        [0.07, 0.2, NAN, 0.18, 0.2, 0.6, 1, 0, 0.04, NAN, 1],
        [0.03, 0.06, NAN, 0.06, 0.06, 0.25714285714285717, 1, 0, 0.0225, NAN, 0.5625],
    ),
    ([0.9, 0.8, 0.7, 0.6], [1, 1, 1, 1], [0.9, 0.9, 0.9, 0.9]),
    ([0.03], [0.03], [0.03]),
    ([NAN, NAN], [NAN, NAN], [NAN, NAN]),
    (
        [1e-12, 0.049, 0.0125, 0.02, 0.3],
        [5e-12, 0.098, 0.05, 0.06, 0.3],
        [5e-12, 0.06125, 0.03125, 0.033333333333333333, 0.3],
    ),
]


@pytest.mark.parametrize(("p", "by_holm", "by_benjamini_hochberg"), GOLDEN)
def test_the_values_are_those_of_R(p: list[float], by_holm: list[float], by_benjamini_hochberg: list[float]) -> None:
    assert_allclose(holm(np.array(p)), by_holm, rtol=RTOL)
    assert_allclose(benjamini_hochberg(np.array(p)), by_benjamini_hochberg, rtol=RTOL)


@BOTH
def test_no_test_at_all_gives_no_value(adjust: Adjust) -> None:
    assert adjust(np.array([])).shape == (0,)


@BOTH
@given(p=P_VALUES)
def test_a_value_never_falls_and_its_order_stays(adjust: Adjust, p: NDArray[np.float64]) -> None:
    adjusted = adjust(p)
    assert (adjusted >= p).all() and (adjusted <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


@BOTH
@given(data=st.data(), p=P_VALUES)
def test_neither_the_order_of_tests_nor_unknown_ones_matter(
    adjust: Adjust, data: st.DataObject, p: NDArray[np.float64]
) -> None:
    order = np.array(data.draw(st.permutations(range(len(p)))), np.int64)
    assert_array_equal(adjust(p[order]), adjust(p)[order])
    places = data.draw(st.lists(st.integers(0, len(p)), max_size=5))
    with_unknown = np.insert(p, places, np.nan)
    adjusted = adjust(with_unknown)
    assert_array_equal(np.isnan(adjusted), np.isnan(with_unknown))
    assert_array_equal(adjusted[~np.isnan(with_unknown)], adjust(p))


@BOTH
@given(p=P_VALUES)
def test_equal_values_stay_equal(adjust: Adjust, p: NDArray[np.float64]) -> None:
    twice = adjust(np.concatenate([p, p]))
    assert_array_equal(twice[: len(p)], twice[len(p) :])


@given(p=P_VALUES)
def test_holm_lies_between_benjamini_hochberg_and_bonferroni(p: NDArray[np.float64]) -> None:
    slack = 1 + 1e-12  # m / i times p and (m - i + 1) times p round differently where they are equal
    assert (benjamini_hochberg(p) <= holm(p) * slack).all()
    assert (holm(p) <= np.minimum(len(p) * p, 1) * slack).all()


@given(p=P_VALUES, level=st.floats(0.01, 0.5))
def test_holm_rejects_what_the_step_down_procedure_rejects(p: NDArray[np.float64], level: float) -> None:
    m, rejected = len(p), 0
    for value in np.sort(p):
        if (m - rejected) * value > level:
            break
        rejected += 1
    assert np.count_nonzero(holm(p) <= level) == rejected


@BOTH
@pytest.mark.parametrize("wrong", [[0.5, 1.1], [-0.1, 0.5], [0.2, np.inf]])
def test_what_is_no_p_value_is_refused(adjust: Adjust, wrong: list[float]) -> None:
    with pytest.raises(ValueError, match=r"1 of 2 p-values lie outside \[0, 1\]"):
        adjust(np.array(wrong))


@BOTH
def test_a_table_of_p_values_is_refused(adjust: Adjust) -> None:
    with pytest.raises(ValueError, match=r"one column, not in shape \(2, 2\)"):
        adjust(np.zeros((2, 2)))


@BOTH
def test_the_caller_s_values_are_not_touched(adjust: Adjust) -> None:
    p = np.array([0.3, 0.1, 0.2])
    adjust(p)
    assert_array_equal(p, [0.3, 0.1, 0.2])
