"""Derived figures: linear ones are contrasts, others have the errors of numerical derivatives, whatever the design."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.errors import UsageError
from mpi.estimates import combining
from mpi.estimates.expressions import expression
from mpi.estimates.linearising import WholeDesign
from mpi.estimates.slopes import Sloped, exp, log, smaller, sqrt
from mpi.pipeline.estimating import derive, estimate
from mpi.profile import DeprivationProfile
from tests.estimates.test_covariance import DESIGNS, N
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province

NAMES = MEASURE.names
INDICATOR = NAMES[0]


def slopes_at(function: Callable[[Any], float], point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Central differences of a function of several numbers."""
    steps = 1e-5 * np.eye(len(point))
    return np.array([(function(point + step) - function(point - step)) / 2e-5 for step in steps])


def sampled(design: str = "stratified clustered") -> DeprivationProfile:
    rng = np.random.default_rng(3)
    more: dict[str, Any] = {"f": [0.25] * N, "g": [0.5] * N, "house": list(range(N)), "one": [1.0] * N}
    more |= {"d": rng.random(N) + 1} | {f"r{i}": rng.integers(0, 3, N) for i in range(12)}
    return profile(province(unknown=0.05, **more), **DESIGNS[design])


@pytest.mark.parametrize("design", DESIGNS)
def test_a_linear_expression_is_a_contrast(design: str) -> None:
    made = sampled(design)
    found = derive(made, MEASURE, {"gap": f"2*H[1/2] - M0[1/2] + uncensored_headcount[{INDICATOR}]/4"}, by="region")
    estimates = estimate(made, MEASURE, by="region", k="1/2")
    for row in at_least_one(found.rows()):
        where = {"region": row["region"]}
        places = [
            i
            for i, one in enumerate(estimates.rows())
            if one["region"] == row["region"]
            and (one["statistic"], one["indicator"]) in (("H", None), ("M0", None), ("uncensored_headcount", INDICATOR))
        ]
        order = [estimates.rows()[i]["statistic"] for i in places]
        weights = {"H": 2.0, "M0": -1.0, "uncensored_headcount": 0.25}
        contrast = estimates.take(places).covariance().contrast([weights[name] for name in order]).to_pylist()[0]
        assert row["estimate"] == pytest.approx(contrast["estimate"], rel=1e-12), where
        assert row["se"] == pytest.approx(contrast["se"], rel=1e-9), where
        assert row["df"] == contrast["df"], where
        assert row["ci_low"] == pytest.approx(contrast["ci_low"], rel=1e-8)


@pytest.mark.parametrize("design", ["stratified clustered", "two stages", "calibrated", "replicates", "households"])
def test_a_smooth_expression_has_the_error_of_its_numerical_derivatives(design: str) -> None:
    made = sampled(design)
    text = "log(M0[1/2] / H[region=n, 1/2]) + sqrt(A[1/2]) * H[total, 1/2]^2 - exp(-H[1/2])"
    (found,) = [row for row in derive(made, MEASURE, {"odd": text}, by="region").rows() if row["region"] == "s"]
    whole = estimate(made, MEASURE, by="region", k="1/2", statistics=["H", "A", "M0"])
    wanted = [("M0", "s"), ("H", "n"), ("A", "s"), ("H", None), ("H", "s")]
    rows = whole.rows()
    places = [next(i for i, r in enumerate(rows) if (r["statistic"], r["region"]) == one) for one in wanted]
    joint = whole.take(places).covariance()

    def value(x: Any) -> float:
        m0, h_n, a, h, h_s = x
        return math.log(m0 / h_n) + math.sqrt(a) * h**2 - math.exp(-h_s)

    slopes = slopes_at(value, joint.values)
    assert found["estimate"] == pytest.approx(value(joint.values), rel=1e-12)
    assert found["se"] == pytest.approx(math.sqrt(slopes @ joint.matrix @ slopes), rel=1e-7)


NESTED = np.repeat(["n", "n", "s", "w"], N // 4).tolist()  # regions of whole strata
LONE = np.repeat(["h0", "h1", "h2", "h3"], [64, 8, 48, 40]).tolist()  # h1 has one PSU
TEXTS = {
    "ratio": f"M0[1/2] / H[1/4] * uncensored_headcount[{INDICATOR}]", "number": "poor[1/2] + poor[1/4]",
    "unread": "1 / (H[1/2] - H[1/2])", "share": "poor_share[1/2] - population_share",
    "gap": "H[1/2] - H[region=n, 1/2]",
}  # fmt: skip


@pytest.mark.parametrize("block", [1, 100, 4_000_000])
@pytest.mark.parametrize("design", [*DESIGNS, "scaled", "certainty", "centered"])
def test_a_function_of_one_domain_varies_in_its_strata_alone(
    design: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, own = np.random.default_rng(5), DESIGNS.get(design, {"single_psu": design})
    more: dict[str, Any] = {"f": [0.25] * N, "g": [0.5] * N, "house": list(range(N)), "one": [1.0] * N}
    more |= {"d": rng.random(N) + 1} | {f"r{i}": rng.integers(0, 3, N) for i in range(12)}
    strata = {} if design in DESIGNS else {"stratum": LONE}
    made = profile(province(unknown=0.05, region=NESTED, **strata, **more), **own)
    asked = {"by": ["region", "region:zone"]}
    monkeypatch.setattr(WholeDesign, "by_domain", False)
    wanted = derive(made, MEASURE, TEXTS, **asked).rows()
    monkeypatch.undo()
    seen = []
    within = WholeDesign.within
    monkeypatch.setattr(WholeDesign, "within", lambda *given: seen.append(len(given[3])) or within(*given))
    monkeypatch.setattr(combining, "BLOCK", block)
    found = derive(made, MEASURE, TEXTS, **asked).rows()
    assert [row["note"] for row in found] == [row["note"] for row in wanted]
    assert {row["figure"] for row in at_least_one(found) if row["se"]} == {*TEXTS} - {"unread"}
    for row, other in zip(found, wanted, strict=True):
        assert (row["se"] or 0.0) == pytest.approx(other["se"] or 0.0, rel=1e-13), row
    whole = {"two stages", "calibrated", "replicates", "centered"}
    assert bool(seen) == (design not in whole)
    assert not seen or design in {"clustered", "households"} or min(seen) < max(seen)


def test_errors_are_near_those_of_the_jackknife() -> None:
    made = sampled()
    texts = {"ratio": "M0[1/2] / H[1/4]", "band": "H[1/4] - H[3/4]"}
    linear, repeated = (derive(made, MEASURE, texts, variance=how) for how in ("design", "jackknife"))
    for one, other in zip(at_least_one(linear.rows()), repeated.rows(), strict=True):
        assert one["se"] == pytest.approx(other["se"], rel=0.05)


def test_a_figure_with_an_open_cutoff_has_a_row_for_each() -> None:
    rows = derive(sampled(), MEASURE, {"rest": "1 - H"}, k=["1/4", "1/2"]).rows()
    assert [row["k"] for row in rows] == ["1/4", "1/2"]


def test_what_is_undefined_is_null_with_a_reason() -> None:
    made = sampled()
    (row,) = derive(made, MEASURE, {"none": "1 / (H[1/2] - H[1/2])"}).rows()
    assert (row["estimate"], row["se"], row["ci_low"]) == (None, None, None)
    assert row["note"] == "an estimate is undefined"


@pytest.mark.parametrize("text", ["exp(1000 * H[1/2])", "1 / (H[1/2] ^ 2000)"])
def test_what_is_too_large_for_an_error_is_undefined(text: str) -> None:
    (row,) = derive(sampled(), MEASURE, {"huge": text}).rows()
    assert (row["estimate"], row["se"], row["note"]) == (None, None, "an estimate is undefined")


def test_a_domain_called_as_a_column_of_the_results_is_refused() -> None:
    own = profile(province(t=["x", "y"] * 80), by=["t"])
    with pytest.raises(UsageError, match="MPI-E002 no figures by 't'"):
        derive(own, MEASURE, {"one": "H"}, by="t")


def test_a_census_has_no_errors() -> None:
    made = profile(province(), stratum=None, psu=None, weight=None, census=True)
    (row,) = derive(made, MEASURE, {"band": "H[1/4] - H[1/2]"}).rows()
    assert row["estimate"] is not None
    assert (row["se"], row["df"], row["note"]) == (None, None, "census: no sampling error")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("H[1/3", "the bracket is not closed"),
        ("(H", "the parenthesis is not closed"),
        ("H H", "'H' was not expected"),
        ("Hh", "there is no statistic 'Hh'"),
        ("1 + 2", "it reads no figure"),
        ("log H", "log is a function"),
        ("H & M0", "'&' is no part of an expression"),
        ("H +", "a number or figure is missing"),
        ("H[total, region=n]", "both the total and a domain are named"),
        ("(" * 60 + "H" + ")" * 60, "more than 50 levels"),
        ("censored_headcount", "none is named"),
        ("censored_headcount[nosuch]", "no indicator or dimension 'nosuch'"),
        ("H[1/3, 1/2]", "too much is named"),
        ("population_share[1/3]", "does not depend on a cutoff"),
        ("H[nonsense]", "nonsense"),
        ("H[region=zz]", "there is no such domain"),
        ("H[nowhere=1]", "nowhere"),
    ],
)
def test_what_cannot_be_derived_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"MPI-E0(40|0[1-4])") as refused:
        derive(sampled(), MEASURE, {"one": text}, by="region")
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["H", "2x", "", "a b"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be called"):
        expression(name, "H")


X = st.floats(0.1, 2.0)


@given(X, X, X)
def test_slopes_are_derivatives(a: float, b: float, c: float) -> None:
    def function(point: Any, log: Any, exp: Any, sqrt: Any) -> Any:
        x, y, z = point
        return log(x / y) * sqrt(z) - exp(-x) ** 2 / (1 + y * z) + 3 - z**2.5 + x**y

    point = np.array([a, b, c])
    unit = np.eye(3)
    parts = [Sloped(point[[i]], unit[[i]]) for i in range(3)]
    found = function(parts, log, exp, sqrt)
    wanted = slopes_at(lambda p: float(function(p, math.log, math.exp, math.sqrt)), point)
    assert found.value[0] == pytest.approx(function(point, math.log, math.exp, math.sqrt))
    np.testing.assert_allclose(found.slopes[0], wanted, rtol=1e-6, atol=1e-6)


def test_the_smaller_of_equal_figures_has_no_slope() -> None:
    one, other = (Sloped(np.array([0.5, 0.2]), np.eye(2)[[i, i]]) for i in range(2))
    found = smaller(one, Sloped(np.array([0.5, 0.3]), other.slopes))
    np.testing.assert_array_equal(found.value, [0.5, 0.2])
    np.testing.assert_array_equal(found.slopes, [[np.nan, np.nan], [1, 0]])
