"""The covariance matrix of estimates: what it must be whatever the design, and what it refuses to be made for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mpi.errors import UsageError
from mpi.estimates import Covariance, Estimates
from mpi.estimates.joint_df import Presence
from mpi.pipeline.estimating import estimate
from mpi.profile import replication
from tests.support.naive import Household
from tests.support.province import MEASURE, PSUS, STRATA, cluster_variance, profile, province, rows_of
from tests.support.strategies import equal_measure, households, profile_of

RTOL = 1e-11  # sums of 160 rows in another order
# A matrix of rank r has eigenvalues of rounding size, some of them below 0.
NEGATIVE = 1e-12
DESIGNS: Mapping[str, Mapping[str, Any]] = {
    "households": {"stratum": None, "psu": None},
    "stratified households": {"psu": None},
    "stratified clustered": {},
    "clustered": {"stratum": None},
    "with a correction": {"fpc": ("fraction", "f")},
    "two stages": {"fpc": ("fraction", "f"), "ssu": "house", "ssu_fpc": ("fraction", "g")},
    "calibrated": {"calibration": ["one", "members"], "design_weight": "d"},
    "replicates": {
        "stratum": None, "psu": None, "replicates": [f"r{i}" for i in range(12)], "replicates_are": "factors",
        "replication": replication("bootstrap", 12),
    },
}  # fmt: skip
N = 160


def estimates(design: str = "stratified clustered", **options: Any) -> Estimates:
    rng = np.random.default_rng(3)
    more = {"f": [0.25] * N, "g": [0.5] * N, "house": list(range(N)), "one": [1.0] * N, "d": rng.random(N) + 1}
    more |= {f"r{i}": rng.integers(0, 3, N) for i in range(12)}
    return estimate(
        profile(province(unknown=0.05, **more), **DESIGNS[design]),
        MEASURE,
        by=["region", "zone", "region:zone"],
        **options,
    )


def some(whole: Estimates, *statistics: str) -> Estimates:
    """The rows of some statistics in regions and in total."""
    keep = [i for i, row in enumerate(whole.rows()) if row["statistic"] in statistics and row.get("zone") is None]
    return whole.take(np.array(keep))


# The matrix.


@pytest.mark.parametrize("design", DESIGNS)
def test_a_covariance_matrix_is_symmetric_and_never_makes_a_negative_variance(design: str) -> None:
    whole = estimates(design)
    part = whole.take(np.flatnonzero([row["estimate"] is not None for row in whole.rows()]))
    matrix = part.covariance().matrix
    assert matrix.shape == (len(part), len(part))
    assert len(part) > 200
    assert np.array_equal(matrix, matrix.T)
    size = np.sqrt(np.diag(matrix))
    assert not matrix[size == 0].any()
    sizes = np.where(size > 0, size, 1.0)
    correlation = matrix / np.outer(sizes, sizes)
    assert np.linalg.eigvalsh(correlation).min() > -NEGATIVE * len(part)
    assert np.abs(correlation).max() < 1 + 1e-9


@pytest.mark.parametrize("design", DESIGNS)
def test_the_matrix_of_a_selection_is_the_part_of_the_whole(design: str) -> None:
    whole = some(estimates(design), "H", "A", "M0", "poor", "M0_share", "unknown")
    rows = np.array([17, 2, 9, 3])
    full, part = whole.covariance().matrix, whole.take(rows).covariance().matrix
    np.testing.assert_allclose(part, full[np.ix_(rows, rows)], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_contrast_of_one_estimate_is_that_estimate_with_its_error_and_degrees_of_freedom(design: str) -> None:
    whole = some(
        estimates(design), "H", "M0", "poor", "M0_share", "population_share", "excluded", "uncensored_headcount"
    )
    table = whole.covariance().contrast(np.eye(len(whole))).to_pylist()
    assert len(table) > 20
    for mine, own in zip(table, whole.rows(), strict=True):
        assert mine["estimate"] == own["estimate"]
        assert mine["df"] == own["df"], own
        assert mine["se"] == pytest.approx(own["se"], rel=1e-9, abs=1e-12)
        if own["statistic"] == "poor" and mine["ci_low"] >= 0:
            assert mine["ci_low"] == pytest.approx(own["ci_low"], rel=1e-9)


def test_a_linear_combination_is_that_of_the_rows_added_up_by_psu() -> None:
    """Of H in region n, and half of M0 everywhere, worked out from the rows."""
    table = province()
    rows = rows_of(table)
    whole = estimate(profile(table), MEASURE, by="region")
    keep = [i for i, row in enumerate(whole.rows()) if (row["statistic"], row["region"]) in (("H", "n"), ("M0", None))]
    part = whole.take(np.array(keep))
    assert [row["statistic"] for row in part.rows()] == ["M0", "H"]
    found = part.covariance().contrast([0.5, -2.0]).to_pylist()[0]
    w, inside = rows["person_weight"], rows["region"] == "n"
    m0 = (w * rows["score"] * rows["poor"]).sum() / w.sum()
    h = (w * rows["poor"])[inside].sum() / w[inside].sum()
    z = 0.5 * w * (rows["score"] * rows["poor"] - m0) / w.sum()
    z -= 2 * np.where(inside, w * (rows["poor"] - h) / w[inside].sum(), 0.0)
    se, df = math.sqrt(cluster_variance(z, rows["stratum"], rows["psu"])), STRATA * PSUS - STRATA
    assert found["estimate"] == pytest.approx(0.5 * m0 - 2 * h, rel=RTOL)
    assert found["se"] == pytest.approx(se, rel=RTOL)
    assert found["df"] == df
    assert found["t"] == pytest.approx(found["estimate"] / se, rel=RTOL)
    assert found["p"] == pytest.approx(2 * stats.t.sf(abs(found["t"]), df), rel=1e-9)
    assert found["ci_high"] == pytest.approx(found["estimate"] + stats.t.ppf(0.975, df) * se, rel=1e-9)


def test_the_shares_of_all_regions_add_up_to_1_without_error() -> None:
    shares = estimates().only("population_share", zone=None)
    part = shares.take(np.array([i for i, row in enumerate(shares.rows()) if row["region"] is not None]))
    found = part.covariance().contrast(np.ones(3)).to_pylist()[0]
    assert found["estimate"] == pytest.approx(1, rel=RTOL)
    assert (found["se"], found["t"], found["p"], found["ci_low"]) == (0, None, None, None)


def test_what_is_undefined_has_no_covariance_and_spoils_only_the_contrasts_it_is_in() -> None:
    table = province(a=[False] * N, b=[False] * N)  # nobody is poor, so A is undefined
    whole = estimate(profile(table), MEASURE)
    part = whole.take(
        np.array([i for i, row in enumerate(whole.rows()) if row["statistic"] in ("H", "A", "uncensored_headcount")])
    )
    undefined = [row["estimate"] is None for row in part.rows()]
    assert undefined.count(True) == 1
    own = part.covariance()
    place = undefined.index(True)
    assert np.isnan(own.matrix[place]).all()
    assert np.isfinite(np.delete(np.delete(own.matrix, place, 0), place, 1)).all()
    row = np.zeros(len(part))
    row[-1] = 1
    spoilt = row.copy()
    spoilt[place] = 1e-300
    found = own.contrast([row, spoilt])
    assert found["se"].to_pylist()[0] > 0
    nothing = {
        **dict.fromkeys(["estimate", "se", "ci_low", "ci_high", "t", "p", "p_adjusted"]),
        "df": 16,
        "note": "an estimate is undefined",
    }
    assert found.to_pylist()[1] == nothing
    for name in found.drop_columns(["note"]).column_names:
        values = found[name].drop_null().to_numpy()
        assert not np.isnan(values.astype(np.float64)).any(), name


ALONE = "an estimate has no standard error: its `note` says why"
FLAT = "an estimate has a standard error of 0: no test"


def test_what_stands_in_one_psu_or_does_not_vary_is_tested_with_nothing() -> None:
    psus = np.repeat(np.arange(N // 8), 8)
    codes = np.where(psus == 0, "lone", np.where(psus < 6, "flat", np.where(psus < 12, "one", "other")))
    table = province(region=codes.tolist(), a=(codes == "flat") | (np.arange(N) % 3 == 0))
    part = estimate(profile(table, stratum=None), MEASURE, by="region").only("H")
    own = {row["region"]: row for row in part.rows()}
    assert (own["lone"]["se"], own["flat"]["se"], own["flat"]["estimate"]) == (None, 0, 1)
    covariance = part.covariance()
    for adjust in ("none", "holm", "bh"):
        found = covariance.differences(adjust=adjust).to_pylist()
        assert len(found) == 6
        tested = [row for row in found if row["p"] is not None]
        assert [(row["region"], row["region_other"]) for row in tested] == [("one", "other")]
        assert tested[0]["p_adjusted"] == tested[0]["p"]  # of one test: what cannot be tested counts for nothing
        for row in found:
            pair = {row["region"], row["region_other"]}
            said = ALONE if "lone" in pair else FLAT if "flat" in pair else None
            assert row["note"] == said, pair
            assert row["estimate"] == own[row["region"]]["estimate"] - own[row["region_other"]]["estimate"]
            assert (row["se"] is None) == ("lone" in pair)
            if said:
                assert row["ci_low"] is row["ci_high"] is row["t"] is row["p"] is row["p_adjusted"] is None
    places = {row["region"]: i for i, row in enumerate(part.rows())}
    for pair in (("lone", "one"), ("flat", "one")):
        with pytest.raises(UsageError, match="no Wald test: some of the estimates have no sampling error"):
            part.take(np.array([places[name] for name in pair])).covariance().wald()
    assert part.take(np.array([places["one"], places["other"]])).covariance().wald().p < 1


def test_numbers_of_domains_are_centered_at_the_strata_that_each_meets() -> None:
    table = province()
    lone = [f"h{4 + (i % 2)}" if i >= N - 16 else h for i, h in enumerate(table["stratum"].to_pylist())]
    psus = [h if h > "h3" else p for h, p in zip(lone, table["psu"].to_pylist(), strict=True)]
    codes = ["west" if h in ("h0", "h4") else "east" for h in lone]
    table = province(stratum=lone, psu=psus, region=codes)
    whole = estimate(profile(table, single_psu="centered"), MEASURE, by="region").only("poor")
    rows = rows_of(table)
    total = rows["person_weight"] * rows["poor"]
    for row in whole.rows():
        inside = np.ones(N, np.bool_) if row["region"] is None else rows["region"] == row["region"]
        strata = {
            h: [
                total[inside & (rows["stratum"] == h) & (rows["psu"] == p)].sum()
                for p in np.unique(rows["psu"][rows["stratum"] == h])
            ]
            for h in np.unique(rows["stratum"][inside])
        }
        mean = np.mean([z for own in strata.values() for z in own])
        expected = sum(
            len(z) / (len(z) - 1) * np.sum((z - np.mean(z)) ** 2) if len(z) > 1 else (z[0] - mean) ** 2
            for z in strata.values()
        )
        assert row["se"] == pytest.approx(np.sqrt(expected), rel=1e-12), row["region"]
    variances = np.diag(whole.covariance().matrix)
    np.testing.assert_allclose(np.sqrt(variances), whole.table["se"].to_numpy(), rtol=1e-12)


# Degrees of freedom.


@pytest.mark.parametrize(("rule", "df"), [("domain", 16), ("design", 16), ("stata", 16), (7, 7)])
def test_contrasts_of_everyone_have_the_degrees_of_freedom_of_the_rule(rule: Any, df: int) -> None:
    found = estimates(df=rule).only("H", region=None, zone=None).covariance().contrast([1.0])
    assert found["df"].to_pylist() == [df]


def test_a_difference_has_the_psus_and_strata_of_both_its_domains() -> None:
    # region x lies in the first stratum and y in the first two.
    region = ["x"] * 16 + ["y"] * 64 + ["z"] * 80
    made = profile(province(region=region))
    found = {
        rule: estimate(made, MEASURE, by="region", df=rule).only("H").covariance().differences()  # type: ignore[arg-type]
        for rule in ("domain", "stata", "design", 3)
    }
    pairs = [(row["region"], row["region_other"]) for row in found["domain"].to_pylist()]
    assert pairs == [("x", "y"), ("x", "z"), ("y", "z")]
    # PSUs of x: 2 of stratum 1; of y: the 3 others and 5 of stratum 2; of z: 10 of strata 3 and 4.
    assert found["domain"]["df"].to_pylist() == [10 - 2, 12 - 3, 18 - 4]
    assert found["stata"]["df"].to_pylist() == [10 - 2, 15 - 3, 20 - 4]
    assert found["design"]["df"].to_pylist() == [16, 16, 16]
    assert found[3]["df"].to_pylist() == [3, 3, 3]


@st.composite
def presences(draw: st.DrawFn) -> Presence:
    """Which units, in cells of one PSU or more, have members in each of some domains."""
    strata, domains = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    units = draw(st.integers(1, 12))
    stratum = np.array(draw(st.lists(st.integers(0, strata - 1), min_size=units, max_size=units)), np.int64)
    size = np.array(draw(st.lists(st.integers(1, 4), min_size=units, max_size=units)), np.int64)
    flags = st.lists(st.lists(st.booleans(), min_size=domains, max_size=domains), min_size=units, max_size=units)
    missed = draw(st.lists(st.integers(0, 3), min_size=strata, max_size=strata))
    psus = np.bincount(stratum, size, strata).astype(np.int64) + np.array(missed)
    rule = draw(st.sampled_from(["domain", "design", "stata"]))
    return Presence(
        present=np.array(draw(flags)), columns=np.arange(domains), size=size, stratum=stratum, psus=psus, rule=rule
    )


@settings(max_examples=200)
@given(presences(), st.data())
def test_degrees_of_freedom_are_those_of_sets_of_psus(own: Presence, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, own.present.shape[1] - 1), min_size=1, max_size=4))
    psus = {(u, i) for u in range(len(own.size)) for i in range(own.size[u]) if any(own.present[u, d] for d in chosen)}
    strata = {own.stratum[u] for u, _ in psus}
    expected = {
        "domain": len(psus) - len(strata),
        "stata": sum(own.psus[h] for h in strata) - len(strata),
        "design": sum(own.psus) - sum(n > 0 for n in own.psus),
    }[own.rule]
    assert own.df(np.array(chosen)) == expected
    one, other = np.array(chosen[:1]), np.array(chosen[-1:])
    assert own.df_of_pairs(one, other).tolist() == [own.df(np.concatenate([one, other]))]


@settings(max_examples=25)
@given(st.data())
def test_the_degrees_of_freedom_of_contrasts_are_those_of_the_households_involved(data: st.DataObject) -> None:
    measure = equal_measure(2)
    rows: list[Household] = data.draw(households(measure))
    clustered = data.draw(st.booleans())
    found = estimate(profile_of(measure, rows, clustered=clustered), measure, by=["region", "zone"]).only("H")
    places = data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=3, unique=True))
    part = found.take(np.array(places))
    involved = [{name: row[name] for name in ("region", "zone") if row[name] is not None} for row in part.rows()]
    psus = {
        (h.stratum, h.psu if clustered else i)
        for i, h in enumerate(rows)
        if h.weight and None not in h.flags
        if any(all(h.groups[name] == code for name, code in where.items()) for where in involved)
    }
    expected = len(psus) - len({stratum for stratum, _ in psus})
    assert part.covariance().contrast(np.ones(len(places)))["df"].to_pylist() == [expected]


# Differences.


def test_each_pair_of_one_crossing_is_compared_once() -> None:
    table = estimates().only("M0").covariance().differences(adjust="none").to_pylist()
    pairs = [tuple(row[name] for name in ("region", "zone", "region_other", "zone_other")) for row in table]
    regions, zones = ["n", "s", "w"], ["r", "u"]
    expected = [(a, None, b, None) for a, b in itertools.combinations(regions, 2)]
    expected += [(None, "r", None, "u")]
    crossed = list(itertools.product(regions, zones))
    expected += [(*a, *b) for a, b in itertools.combinations(crossed, 2)]
    assert sorted(map(str, pairs)) == sorted(map(str, expected))


@pytest.mark.parametrize(("design", "variance"), [
    *((design, "design") for design in DESIGNS), ("stratified clustered", "jackknife"),
    ("stratified clustered", "bootstrap"),
])  # fmt: skip
@pytest.mark.parametrize("df", ["domain", "stata", 6])
def test_differences_are_contrasts(design: str, variance: Any, df: Any) -> None:
    part = some(estimates(design, variance=variance, replicates=15, df=df), "H", "censored_headcount", "poor")
    own = part.covariance()
    rows = part.rows()
    table = own.differences(against={}, adjust="bh").to_pylist()
    matrix = []
    for row in table:
        coefficients = np.zeros(len(part))
        for i, one in enumerate(rows):
            if all(one[name] == row[name] for name in ("k", "statistic", "dimension", "indicator")):
                coefficients[i] = (one["region"] == row["region"]) - (one["region"] is None)
        matrix.append(coefficients)
    expected = own.contrast(matrix, adjust="bh")
    assert len(table) == 3 * 5
    assert [row["note"] for row in table] == expected["note"].to_pylist()
    for name in expected.drop_columns(["note"]).column_names:
        np.testing.assert_allclose([row[name] for row in table], expected[name].to_pylist(), rtol=1e-9, err_msg=name)


def test_differences_with_one_domain_or_the_total_say_which_is_which() -> None:
    part = estimates().only("H")
    values = {(row["region"], row["zone"]): row["estimate"] for row in part.rows()}
    own = part.covariance()
    for against, reference in (
        ({"region": "s"}, ("s", None)),
        ({}, (None, None)),
        ({"region": "w", "zone": "u"}, ("w", "u")),
    ):
        table = own.differences(against=against).to_pylist()
        # The total is compared only where it is asked for.
        assert len(table) == len(values) - (1 if not against else 2)
        assert against == {} or all(row["region"] or row["zone"] for row in table)
        for row in table:
            assert (row["region_other"], row["zone_other"]) == reference
            expected = values[row["region"], row["zone"]] - values[reference]
            assert row["estimate"] == pytest.approx(expected, rel=RTOL, abs=1e-15)


def test_a_difference_with_the_total_counts_those_that_are_in_both() -> None:
    """H of region n less H of everyone: the rows of n enter twice."""
    table = province()
    rows = rows_of(table)
    part = estimate(profile(table), MEASURE, by="region").only("H")
    row = next(row for row in part.covariance().differences(against={}).to_pylist() if row["region"] == "n")
    w, inside = rows["person_weight"], rows["region"] == "n"
    own, all_ = (w * rows["poor"])[inside].sum() / w[inside].sum(), (w * rows["poor"]).sum() / w.sum()
    z = np.where(inside, w * (rows["poor"] - own) / w[inside].sum(), 0.0) - w * (rows["poor"] - all_) / w.sum()
    assert row["estimate"] == pytest.approx(own - all_, rel=RTOL)
    assert row["se"] == pytest.approx(math.sqrt(cluster_variance(z, rows["stratum"], rows["psu"])), rel=RTOL)


def test_a_domain_that_is_everyone_differs_from_the_total_by_0_without_error() -> None:
    part = estimate(profile(province(region=["n"] * N)), MEASURE, by="region").only("M0")
    row = part.covariance().differences(against={}).to_pylist()[0]
    assert (row["estimate"], row["se"], row["t"], row["p"]) == (0, 0, None, None)


def test_a_domain_as_group_and_as_filter_has_the_same_contrasts() -> None:
    made = profile(province())
    grouped = some(estimate(made, MEASURE, by="region"), "H", "A", "M0")
    grouped = grouped.take(np.flatnonzero([row["region"] == "s" for row in grouped.rows()]))
    filtered = some(estimate(made.filter(region="s"), MEASURE, by="zone"), "H", "A", "M0")
    assert (
        [row["statistic"] for row in grouped.rows()]
        == [row["statistic"] for row in filtered.rows()]
        == ["H", "A", "M0"]
    )
    coefficients = [[1, 0, -1], [1, 2, 3]]
    one, other = (part.covariance().contrast(coefficients) for part in (grouped, filtered))
    names = one.drop_columns(["note"]).column_names
    assert names
    for name in names:
        np.testing.assert_allclose(one[name].to_numpy(), other[name].to_numpy(), rtol=1e-12, err_msg=name)


def test_many_pairs_need_no_matrix_of_all_their_coefficients(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [f"m{i:03}" for i in range(N)]
    part = estimate(profile(province(region=codes), psu=None), MEASURE, by="region").only("H")
    asked: list[int] = []
    monkeypatch.setattr(Covariance, "_variance", lambda *_: asked.append(1))
    table = part.covariance().differences(adjust="bh")
    assert table.num_rows == N * (N - 1) // 2
    assert not asked


def test_corrected_p_values_grow_with_the_number_of_differences() -> None:
    part = some(estimates(), "H", "M0")
    none, holm, bh = (part.covariance().differences(adjust=adjust) for adjust in ("none", "holm", "bh"))  # type: ignore[arg-type]
    p = none["p"].to_numpy()
    assert len(p) == 6
    assert none["p_adjusted"].equals(none["p"])
    assert holm["p_adjusted"].to_numpy().min() == pytest.approx(6 * p.min(), rel=1e-12)
    assert (bh["p_adjusted"].to_numpy() <= holm["p_adjusted"].to_numpy()).all()


# Tests.


def test_a_wald_test_of_one_contrast_is_its_t_test() -> None:
    own = some(estimates(), "H").covariance()
    row = [0, 1, -1, 0]
    one = own.contrast(row).to_pylist()[0]
    for adjusted in (False, True):
        found = own.wald(row, adjusted=adjusted)
        assert (found.df1, found.df2) == (1, one["df"])
        assert found.f == pytest.approx(one["t"] ** 2, rel=1e-9)
        assert found.p == pytest.approx(one["p"], rel=1e-8)


def test_a_wald_test_does_not_depend_on_how_its_hypothesis_is_written() -> None:
    part = some(estimates(), "M0")
    part = part.take(np.flatnonzero([row["region"] is not None for row in part.rows()]))
    own = part.covariance()
    found = own.wald()
    others = [[1, -1, 0], [0, 2, -2]], [[1, -1, 0], [0, 1, -1], [-1, 0, 1]]  # the last with one too many
    for coefficients in others:
        again = own.wald(coefficients)
        assert (again.df1, again.df2) == (found.df1, found.df2) == (2, 16)
        assert again.f == pytest.approx(found.f, rel=1e-8)


# Refusals.


def refused(call: Any) -> str:
    with pytest.raises(UsageError) as caught:
        call()
    return str(caught.value)


def test_a_census_has_no_covariance() -> None:
    made = profile(province(), stratum=None, psu=None, weight=None, census=True)
    text = refused(estimate(made, MEASURE).only("H").covariance)
    assert text == (
        "MPI-E010 the survey is a census, so its estimates have no sampling error\n"
        "  compare the figures directly: their differences are exact"
    )


def test_a_matrix_of_no_or_too_many_estimates_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = estimates().only("H")
    none = whole.take(np.zeros(0, np.int64))
    remedy = '\n  select some with `only("M0")` or `take(rows)`'
    assert refused(none.covariance) == "MPI-E010 no covariance matrix of 0 estimates: it takes 1 to 5,000" + remedy
    monkeypatch.setattr("mpi.estimates.covariance.MOST", 11)
    assert refused(whole.covariance) == "MPI-E010 no covariance matrix of 12 estimates: it takes 1 to 11" + remedy


@pytest.mark.parametrize(
    "coefficients", [[1.0], [[1.0, 2.0]], np.ones((2, 4, 4)), [1, 2, 3, math.nan], [1, 2, 3, math.inf]]
)
def test_coefficients_that_do_not_fit_are_refused(coefficients: Any) -> None:
    own = some(estimates(), "H").covariance()
    shape = np.atleast_2d(coefficients).shape
    expected = (
        f"MPI-E011 contrasts of shape {shape} do not fit 4 estimates\n  give one finite coefficient for each estimate"
    )
    assert refused(lambda: own.contrast(coefficients)) == expected
    assert refused(lambda: own.wald(coefficients)) == expected


def test_an_unknown_correction_of_p_values_is_refused() -> None:
    own: Any = some(estimates(), "H").covariance()
    expected = "MPI-E011 there is no correction of p-values 'bonferroni'\n  write none, holm, bh"
    assert refused(lambda: own.contrast([1, 0, 0, 0], adjust="bonferroni")) == expected
    assert refused(lambda: own.differences(adjust="bonferroni")) == expected


def test_wald_tests_of_one_estimate_of_nothing_or_without_freedom_are_refused() -> None:
    whole = some(estimates(), "H")
    alone = refused(whole.take(np.array([0])).covariance().wald)
    assert alone == (
        "MPI-E011 a Wald test needs two estimates or more, all of them defined\n  select others with `only` and `take`"
    )
    nothing = refused(lambda: whole.covariance().wald(np.zeros((1, 4))))
    assert nothing.startswith("MPI-E011 no Wald test: 0 independent contrasts and 0 degrees of freedom\n")
    few = some(estimates(df=2), "H", "M0").covariance()
    assert refused(lambda: few.wald(adjusted=True)) == (
        "MPI-E011 no Wald test: 7 independent contrasts and 2 degrees of freedom\n"
        "  test fewer contrasts, or give df= a number"
    )


def test_a_wald_test_of_estimates_without_errors_is_refused() -> None:
    # One PSU a stratum everywhere: `scaled` has nothing to scale.
    made = profile(province(stratum=[f"h{i // 8}" for i in range(N)]), single_psu="scaled")
    part = estimate(made, MEASURE, by="region").only("H")
    assert {row["se"] for row in part.rows()} == {None}
    assert refused(part.covariance().wald) == (
        "MPI-E011 no Wald test: some of the estimates have no sampling error\n  see their `note`, and select others"
    )
    assert part.covariance().differences()["se"].null_count == 3


def test_differences_that_cannot_be_meant_are_refused_with_a_hint() -> None:
    own = some(estimates(), "H").covariance()
    assert refused(lambda: own.differences(against={"regoin": "n"})) == (
        "MPI-E004 the estimates have no domain 'regoin'\n  did you mean 'region'?"
    )
    assert refused(lambda: own.differences(against={"region": "N"})) == (
        "MPI-E011 region=N is not among these estimates, so nothing can be compared with it\n"
        "  did you mean 'n'? (look at capitals, blanks and accents)"
    )
    total = refused(lambda: estimates().only("H", region="n").covariance().differences(against={}))
    assert total == (
        "MPI-E011 the total is not among these estimates, so nothing can be compared with it\n"
        "  estimate by it, and keep its row in the selection"
    )
    alone = refused(estimate(profile(province()), MEASURE).only("H").covariance().differences)
    assert alone == (
        "MPI-E011 no two of these estimates differ only in their domain\n"
        "  estimate with `by=`, and select statistics, not one domain"
    )
