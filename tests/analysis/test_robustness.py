"""Robustness of orders against estimates made one by one, other libraries' rank correlations, and exact fractions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

import mpi
from mpi.analysis.robustness import spearman
from mpi.analysis.weight_draws import GRAINS, drawn_weights
from mpi.errors import UsageError
from mpi.specs.measure import Cutoff
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province
from tests.support.strategies import measure_of

GROUPS = [f"g{i % 8}" for i in range(160)]
PROFILE = profile(province(3, region=GROUPS, unknown=0.1))
ALONE = {"health": "1/3", "living": "2/3"}


def figures(measure: Any, k: str, statistic: str) -> Any:
    return mpi.estimate(PROFILE, measure, by="region", k=k).only(statistic, region=sorted(set(GROUPS)))


@pytest.mark.parametrize("statistic", ["M0", "H"])
@pytest.mark.parametrize("adjust", ["none", "holm"])
def test_every_alternative_is_its_own_estimate(statistic: str, adjust: Any) -> None:
    found = mpi.robustness(
        PROFILE, MEASURE, by="region", statistic=statistic, k="1/4", weights={"alone": ALONE}, without=["c"],
        missing=["deprived"], adjust=adjust,
    )  # fmt: skip
    first = figures(MEASURE, "1/2", statistic)
    base = first.covariance().differences(adjust=adjust).to_pylist()
    rows = found.alternatives.to_pylist()
    assert len(rows) == 2**4
    held = np.ones(len(base), bool)
    for row in at_least_one(rows):
        measure = MEASURE.with_weights(ALONE) if row["weights"] else MEASURE
        measure = measure.without("c") if row["without"] else measure
        measure = _missing(measure, row["missing"])
        own = figures(measure, row["k"] or "1/2", statistic)
        x, y = (np.array([r["estimate"] for r in one.rows()]) for one in (first, own))
        assert row["tau_b"] == pytest.approx(stats.kendalltau(x, y).statistic)
        assert row["spearman"] == pytest.approx(stats.spearmanr(x, y).statistic)
        other = own.covariance().differences(adjust=adjust).to_pylist()
        same = [np.sign(a["estimate"]) == np.sign(b["estimate"]) for a, b in zip(base, other, strict=True)]
        sure = [
            s and (a["p_adjusted"] or 1) < 0.05 and (b["p_adjusted"] or 1) < 0.05
            for s, a, b in zip(same, base, other, strict=True)
        ]
        assert (row["pairs"], row["kept"], row["kept_significantly"]) == (28, sum(same), sum(sure))
        held &= np.array(sure)
    pairs = found.pairs.to_pylist()
    assert [pair["kept_significantly"] for pair in pairs] == held.tolist()
    assert [pair["p"] for pair in pairs] == pytest.approx([row["p_adjusted"] for row in base])
    assert {pair["alternatives"] for pair in pairs} == {15}


def _missing(measure: Any, rule: str | None) -> Any:
    return measure if rule is None else replace(measure, missing=rule)


def test_ties_have_mean_ranks() -> None:
    x, y = np.array([1.0, 1.0, 2.0, 3.0, 3.0]), np.array([2.0, 1.0, 1.0, 5.0, 4.0])
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert np.isnan(spearman(np.ones(3), x[:3]))


@pytest.mark.parametrize("statistic", ["M0", "H"])
@pytest.mark.parametrize("k", ["1/2", "1/3", ">1/2"])
def test_drawn_figures_are_those_of_the_drawn_weights(statistic: str, k: str) -> None:
    domains, pairs = mpi.weight_draws(PROFILE, MEASURE, by="region", statistic=statistic, k=k, draws=12, seed=5)
    drawn = drawn_weights(np.random.default_rng(5), 12, 3)
    values = []
    for column in at_least_one(drawn.T):
        weights = [Fraction(int(grains), GRAINS) for grains in column]
        own = measure_of({"d": dict(zip("abc", weights, strict=True))}, [MEASURE.cutoff(k)])
        values.append([row["estimate"] for row in figures(own, k, statistic).rows()])
    table = np.array(values).T
    np.testing.assert_allclose(domains["lowest"].to_numpy(), table.min(axis=1), rtol=1e-12)
    np.testing.assert_allclose(domains["median"].to_numpy(), np.median(table, axis=1), rtol=1e-12)
    assert domains["estimate"].to_pylist() == pytest.approx(
        [r["estimate"] for r in figures(MEASURE, k, statistic).rows()]
    )
    for pair in at_least_one(pairs.to_pylist()):
        a, b = (table[int(pair[name][1:])] for name in ("first", "second"))
        assert pair["first_higher"] == pytest.approx(np.mean(a > b + 1e-12))
        assert pair["first_higher"] + pair["equal"] + pair["second_higher"] == pytest.approx(1)


def test_weights_are_uniform_over_the_simplex() -> None:
    """Of d weights that add up to 1 each is above t with probability (1 - t)^(d - 1)."""
    drawn = drawn_weights(np.random.default_rng(1), 40_000, 4) / GRAINS
    assert (drawn.sum(axis=0) == 1).all()
    for one, t in itertools.product(drawn, (0.1, 0.3, 0.6)):
        assert np.mean(one > t) == pytest.approx((1 - t) ** 3, abs=0.012)


def test_draws_are_the_same_for_the_same_seed() -> None:
    one, again, other = (mpi.weight_draws(PROFILE, MEASURE, by="region", draws=50, seed=seed)[0] for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_what_cannot_be_ranked_is_refused() -> None:
    combined = measure_of({"d": {name: Fraction(1, 3) for name in "abc"}}, [Cutoff(Fraction(1, 3))])
    with pytest.raises(UsageError, match="MPI-E004 domains are not ranked by 'A' here"):
        mpi.robustness(PROFILE, MEASURE, by="region", statistic="A")
    with pytest.raises(UsageError, match="MPI-E211 0 draws of weights"):
        mpi.weight_draws(PROFILE, MEASURE, by="region", draws=0)
    with pytest.raises(UsageError, match="MPI-E213 the score of test is not a sum"):
        mpi.weight_draws(profile(province()), _missing(combined, "reweight"), by="region")
    with pytest.raises(UsageError, match="MPI-E005 there is no rule for unknowns 'zz'"):
        mpi.robustness(PROFILE, MEASURE, by="region", missing=["zz"])  # type: ignore[list-item]
    for call in (mpi.robustness, mpi.weight_draws, mpi.dominance):
        with pytest.raises(UsageError, match="MPI-E002 the profile has no domain 'region:zone'"):
            call(PROFILE, MEASURE, by="region:zone")  # type: ignore[operator]
        with pytest.raises(UsageError, match="MPI-E002 no figures by 'estimate'"):
            call(profile(province(estimate=["x", "y"] * 80), by=["estimate"]), MEASURE, by="estimate")  # type: ignore[operator]
    for call in (mpi.robustness, mpi.weight_draws):
        with pytest.raises(UsageError, match="MPI-E210 a ranking by region needs two groups"):
            call(profile(province(region=["one"] * 160)), MEASURE, by="region")  # type: ignore[operator]
