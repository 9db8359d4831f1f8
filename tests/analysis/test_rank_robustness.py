"""Rankings and the cutoff: twins in scipy and in loops, and what hidden figures do."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mpi.analysis.rank_robustness import dominates, kendall_tau, order_kept, rank_robustness
from mpi.errors import UsageError
from tests.support.drawings import HIDDEN, figures

RTOL = 1e-12  # the same few integer sums
rankings = st.integers(2, 12).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 6), min_size=n, max_size=n) for _ in range(2)))
)


@given(rankings)
def test_tau_is_that_of_scipy(pair: tuple[list[int], list[int]]) -> None:
    x, y = (np.array(values, np.float64) for values in pair)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = stats.kendalltau(x, y, variant="b").statistic
    found = kendall_tau(x, y)
    assert np.isnan(found) == np.isnan(expected)
    if not np.isnan(found):
        assert found == pytest.approx(expected, rel=RTOL, abs=RTOL)


@given(rankings)
def test_orders_that_survive_are_counted_pair_by_pair(pair: tuple[list[int], list[int]]) -> None:
    x, y = pair
    same = [np.sign(x[i] - x[j]) == np.sign(y[i] - y[j]) for i, j in combinations(range(len(x)), 2)]
    assert order_kept(np.array(x, float), np.array(y, float)) == pytest.approx(sum(same) / len(same), rel=RTOL)


@given(
    st.integers(1, 4).flatmap(
        lambda c: st.lists(
            st.lists(st.one_of(st.integers(0, 3).map(float), st.just(float("nan"))), min_size=4, max_size=4),
            min_size=c,
            max_size=c,
        )
    )
)
def test_dominance_is_never_below_and_once_above(values: list[list[float]]) -> None:
    found = dominates(np.array(values))
    for i in range(4):
        for j in range(4):
            known = [(row[i], row[j]) for row in values if not np.isnan(row[i] + row[j])]
            assert found[i, j] == (all(a >= b for a, b in known) and any(a > b for a, b in known))
    assert not (found & found.T).any()


def test_hidden_domains_take_no_part() -> None:
    found = rank_robustness(figures(), domain="departamento")
    assert not set(HIDDEN) & set(found.codes) and len(found.codes) == 31
    assert found.cutoffs == ("1/4", "1/3", "2/5", "1/2")
    assert (found.pairs == 31 * 30 // 2).all()
    assert np.allclose(found.kept, found.kept.T) and np.allclose(np.diag(found.kept), 1)
    rows = {
        row["departamento"]: row["estimate"] for row in figures().only("M0", period="2025", k="1/4", zona=None).rows()
    }
    assert found.values[0].tolist() == [rows[code] for code in found.codes]


@pytest.mark.parametrize("domain", ["municipio", "nowhere"])
def test_a_domain_that_is_not_there_is_refused(domain: str) -> None:
    with pytest.raises(UsageError, match="MPI-P001"):
        rank_robustness(figures(), domain=domain)


@pytest.mark.parametrize(("x", "y"), [
    ([1.0, 2.0], [1.0, 2.0, 3.0]),  # one pair against three: numpy would repeat it
    ([1.0, 2.0, np.nan], [1.0, 2.0, 3.0]), ([[1.0, 2.0]], [[1.0, 2.0]]), ([], [1.0]),
])  # fmt: skip
def test_rankings_that_are_not_of_the_same_groups_give_no_number(x: list[float], y: list[float]) -> None:
    for measured in (kendall_tau, order_kept):
        with pytest.raises(UsageError, match="MPI-E210"):
            measured(np.array(x), np.array(y))
    with pytest.raises(UsageError, match="MPI-E210"):
        dominates(np.array([1.0, 2.0]))
