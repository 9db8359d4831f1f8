"""Replicate weights: the factors of each method, and the rank that gives the degrees of freedom."""

from __future__ import annotations

import tempfile
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import hadamard

from mpi.errors import UsageError
from mpi.profile import Declared, DeprivationProfile, Replication, build, checked, merge, replication
from mpi.profile.sample import rank_less_one
from tests.support.designs import rows_of, units_of
from tests.support.strategies import equal_measure

Floats = NDArray[np.float64]
TWO = equal_measure(2)


@pytest.mark.parametrize(
    ("method", "known", "scale"),
    [
        ("JK1", {}, 9 / 10), ("JKn", {"rscales": [0.5] * 10}, 1.0), ("BRR", {}, 1 / 10), ("Fay", {"rho": 0.3}, 1 / 4.9),
        ("Fay", {"rho": 0}, 1 / 10), ("bootstrap", {}, 1 / 9), ("SDR", {}, 4 / 10), ("other", {"scale": 2.5}, 2.5),
        ("SDR", {"scale": 0.1}, 0.1),
    ],
)  # fmt: skip
def test_each_method_has_its_scale(method: Any, known: dict[str, Any], scale: float) -> None:
    made = replication(method, 10, **known)
    assert made.scale == pytest.approx(scale, rel=1e-15)
    assert made.rscales == tuple(known.get("rscales", [1.0] * 10))
    assert made == Replication(method=method, replicates=10, scale=made.scale, rscales=made.rscales, mse=False, df=None)


def test_factors_centre_and_degrees_of_freedom_are_kept() -> None:
    made = replication("BRR", 3, rscales=[1, 2, 0], mse=True, df=7)
    assert made == Replication(method="BRR", replicates=3, scale=1 / 3, rscales=(1.0, 2.0, 0.0), mse=True, df=7)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("JK2", 10, {}), "is one of JK1, JKn, BRR, Fay, bootstrap, SDR, other, not 'JK2'"),
        (("BRR", 1, {}), "at least 2 replicates, and at most 100,000, not 1"),
        (("Fay", 10, {}), "`rho` is missing for Fay"),
        (("Fay", 10, {"rho": 1}), "`rho` is at least 0 and below 1, not 1"),
        (("Fay", 10, {"rho": float("nan")}), "`rho` is at least 0 and below 1, not nan"),
        (("BRR", 10, {"rho": 0.5}), "`rho` belongs to Fay, not to BRR"),
        (("JKn", 10, {}), "JKn needs `rscales`"),
        (("other", 10, {}), "`other` needs `scale`"),
        (("other", 10, {"scale": 0}), "the `scale` of replicates is above 0, not 0"),
        (("other", 10, {"scale": float("inf")}), "not inf"),
        (("BRR", 10, {"rscales": [1] * 9}), "9 `rscales` for 10 replicates"),
        (("BRR", 2, {"rscales": [1, -1]}), "`rscales` are numbers of at least 0"),
        (("BRR", 2, {"df": 0}), "at least 1, not 0"),
    ],
)
def test_factors_that_are_missing_or_wrong_are_refused(arguments: tuple[Any, int, dict[str, Any]], text: str) -> None:
    method, replicates, known = arguments
    with pytest.raises(UsageError, match=f"MPI-U111 .*{text}"):
        replication(method, replicates, **known)


# Rank. W has one row a household: its weight times the factor of its PSU.


def jackknife(strata: list[int], rng: np.random.Generator) -> Floats:
    """JKn: one replicate a PSU."""
    stratum = np.repeat(np.arange(len(strata)), strata)
    same = stratum[:, None] == stratum
    size = np.array(strata)[stratum]
    factor = np.where(same, (size / (size - 1))[:, None], 1.0) * (1 - np.eye(len(stratum)))
    return np.repeat(factor, 5, axis=0) * rng.uniform(1, 2000, 5 * len(stratum))[:, None]


def balanced(strata: int, order: int, rho: float, rng: np.random.Generator) -> Floats:
    """BRR or Fay: two PSUs a stratum."""
    signs = hadamard(order)[:, 1 : strata + 1].T
    halves = np.stack([signs, -signs], axis=1).reshape(2 * strata, order)
    factor = 1 + (1 - rho) * halves
    return np.repeat(factor, 5, axis=0) * rng.uniform(1, 2000, 10 * strata)[:, None]


def bootstrap(strata: list[int], replicates: int, rng: np.random.Generator) -> Floats:
    """Rao-Wu: n - 1 PSUs drawn in each stratum."""
    parts = [rng.multinomial(n - 1, [1 / n] * n, replicates).T * n / (n - 1) for n in strata]
    factor = np.concatenate(parts)
    return np.repeat(factor, 5, axis=0) * rng.uniform(1, 2000, 5 * sum(strata))[:, None]


RNG = np.random.default_rng(7)
MATRICES = {
    "JKn": jackknife([2, 3, 4, 10], RNG), "JKn of pairs": jackknife([2] * 40, RNG), "JK1": jackknife([60], RNG),
    "JK1 of 400": jackknife([400], RNG), "BRR": balanced(11, 16, 0.0, RNG), "BRR in full": balanced(15, 16, 0.0, RNG),
    "Fay": balanced(20, 32, 0.5, RNG), "Fay of 0.99": balanced(20, 32, 0.99, RNG),
    "bootstrap of few": bootstrap([3, 3, 4], 50, RNG), "bootstrap of many": bootstrap([4] * 60, 100, RNG),
    "bootstrap of 500": bootstrap([3] * 100, 500, RNG),
    "doubled columns": np.repeat(bootstrap([4] * 20, 30, RNG), 2, axis=1),
    "a column of zeros": np.column_stack([bootstrap([4] * 20, 30, RNG), np.zeros(400)]),
    "columns of other units": bootstrap([4] * 20, 30, RNG) * 10.0 ** np.arange(-3, 3).repeat(5),
}  # fmt: skip


@pytest.mark.parametrize("name", MATRICES)
def test_the_rank_of_the_gram_matrix_is_that_of_the_weights(name: str) -> None:
    weights = MATRICES[name]
    assert rank_less_one(weights.T @ weights) == np.linalg.matrix_rank(weights) - 1


def test_the_rank_of_known_designs() -> None:
    """For the jackknife PSUs - strata, the degrees of freedom of the design itself."""
    for name, df in (("JKn", 19 - 4), ("JKn of pairs", 40), ("JK1", 59), ("JK1 of 400", 399), ("BRR in full", 15)):
        weights = MATRICES[name]
        assert rank_less_one(weights.T @ weights) == df, name


# Profiles


def profile(rows: list[int] | None = None, **known: Any) -> DeprivationProfile:
    units = units_of("replicates", 3, 30)
    units = units if rows is None else rows_of(units, rows)
    declared = Declared(replication=replication("bootstrap", 5, **known))
    return build(units, TWO, "f", survey="s", period="", declared=declared)


def test_the_degrees_of_freedom_come_from_the_rank_unless_they_are_stated(tmp_path: Path) -> None:
    weights = units_of("replicates", 3, 30).household_replicates
    assert weights is not None
    assert profile().sample.replicate_df is None
    assert checked(profile()).sample.replicate_df == np.linalg.matrix_rank(weights) - 1 == 4
    assert checked(profile(df=9)).sample.replicate_df == profile(df=9).sample.replicate_df == 9
    assert profile(df=9).sample.gram is None


@pytest.mark.slow
@given(st.lists(st.integers(0, 3), min_size=30, max_size=30), st.permutations(range(4)))
@settings(max_examples=40)
def test_profiles_added_through_files_have_the_degrees_of_freedom_of_the_whole(
    part: list[int], order: list[int]
) -> None:
    rows = [[i for i in range(30) if part[i] == number] for number in order]
    rows = [own for own in rows if own]
    whole = checked(profile([i for own in rows for i in own])).sample.replicate_df
    with tempfile.TemporaryDirectory() as folder:
        read = []
        for number, own in enumerate(rows):
            checked(profile(own)).write(Path(folder, str(number)))
            read.append(DeprivationProfile.read(Path(folder, str(number))))
    assert merge(read).sample.replicate_df == reduce(DeprivationProfile.__add__, read).sample.replicate_df == whole == 4


def test_parts_of_a_lower_rank_than_the_whole_are_added_to_its_rank_and_no_further(tmp_path: Path) -> None:
    weights = units_of("replicates", 3, 30).household_replicates
    assert weights is not None
    heavy = np.flatnonzero(weights.any(axis=1)).tolist()
    rows = [heavy[:2], heavy[2:4], heavy[:2]]
    rank = [int(np.linalg.matrix_rank(weights[own])) - 1 for own in (*rows, heavy[:4])]
    assert max(rank[:3]) < rank[3]
    parts = []
    for number, own in enumerate(rows):
        part = checked(profile(own))
        part.write(tmp_path / str(number))
        back = DeprivationProfile.read(tmp_path / str(number))
        assert back.sample.gram is not None
        assert np.array_equal(back.sample.gram, part.sample.gram)
        assert back.sample.replicate_df == rank[number]
        parts.append(back)
    assert (parts[0] + parts[1]).sample.replicate_df == rank[3]
    assert (parts[0] + parts[2]).sample.replicate_df == rank[0]  # equal households bring nothing new
    # Beside a part of which nothing is known yet: that of a block that is still to be checked.
    assert (parts[0] + profile(rows[1])).sample.replicate_df == rank[3]


def test_degrees_of_freedom_that_the_producer_states_stay_when_profiles_are_added(tmp_path: Path) -> None:
    for number, rows in enumerate(([0, 1], [2, 3])):
        checked(profile(rows, df=9)).write(tmp_path / str(number))
    one, other = (DeprivationProfile.read(tmp_path / name) for name in "01")
    assert one.sample.gram is None
    assert (one + other).sample.replicate_df == 9
