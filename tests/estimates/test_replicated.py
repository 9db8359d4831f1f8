"""Replicates, from the file or made of the design: a second route to the errors, and what it cannot be taken for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.claims.headline import WAYS
from mpi.errors import DataError, UsageError
from mpi.estimates import Estimates, joint_df
from mpi.estimates.replicated import MAKERS
from mpi.inference.variance import jackknife_factors
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile, replication, spaces
from mpi.vocabulary.options import VARIANCES
from tests.support.loops import at_least_one
from tests.support.province import HOUSEHOLDS, MEASURE, PSUS, STRATA, profile, province, rows_of
from tests.support.replicates import rao_wu_factors

RTOL = 1e-10
# The jackknife and linearisation differ by terms of order 1/n of the variance; 20 PSUs are few.
JACKKNIFE_BOUND = 0.25
REPLICATES = 2_000
# 4.5 standard errors of a bootstrap's standard error, sqrt((kurtosis - 1) / 4R) with kurtosis of 4.
MONTE_CARLO = 4.5 * math.sqrt(3 / (4 * REPLICATES))
N = STRATA * PSUS * HOUSEHOLDS
STRATUM = np.repeat(np.arange(STRATA), PSUS)
PSU = np.arange(N) // HOUSEHOLDS


def pairs(one: Estimates, other: Estimates, *statistics: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of both, those with an error, in the same order."""
    found = [
        (mine, theirs)
        for mine, theirs in zip(one.rows(), other.rows(), strict=True)
        if mine["se"] and (not statistics or mine["statistic"] in statistics)
    ]
    assert found
    assert all(mine["estimate"] == pytest.approx(theirs["estimate"], rel=RTOL) for mine, theirs in found)
    return found


# Made of the design.


@pytest.mark.parametrize(
    "options", [{}, {"fpc": ("fraction", "f")}, {"stratum": None}], ids=["plain", "corrected", "one"]
)
def test_of_totals_the_jackknife_is_linearisation(options: Mapping[str, Any]) -> None:
    made = profile(province(f=np.repeat([0.1, 0.5, 0.25, 0.9], N // STRATA)), **options)
    linear, jackknife = (
        estimate(made, MEASURE, by=["region", "zone"], variance=how) for how in ("design", "jackknife")
    )  # type: ignore[arg-type]
    found = pairs(linear, jackknife, "poor")
    assert len(found) == 6
    for mine, theirs in found:
        assert theirs["se"] == pytest.approx(mine["se"], rel=RTOL)


def test_the_jackknife_of_a_ratio_is_that_of_leaving_out_each_psu_in_turn() -> None:
    table = province()
    rows = rows_of(table)
    found = estimate(profile(table), MEASURE, variance="jackknife").row("M0")
    w, y, psu = rows["person_weight"], rows["score"] * rows["poor"], np.repeat(np.arange(20), HOUSEHOLDS)
    values = []
    for left in range(20):
        factor = np.where(psu // PSUS == left // PSUS, PSUS / (PSUS - 1), 1.0) * (psu != left)
        values.append((w * factor * y).sum() / (w * factor).sum())
    deviations = np.array(values) - np.mean(values)
    assert found["se"] == pytest.approx(math.sqrt((PSUS - 1) / PSUS * (deviations**2).sum()), rel=RTOL)
    # The replicates of each stratum add up to the same: 3 of 20 depend on the others, and the rank is 17.
    assert found["df"] == 17 - 1


def test_of_ratios_the_jackknife_is_near_linearisation() -> None:
    made = profile(province())
    linear, jackknife = (estimate(made, MEASURE, by="zone", variance=how) for how in ("design", "jackknife"))  # type: ignore[arg-type]
    ratios = [theirs["se"] / mine["se"] for mine, theirs in pairs(linear, jackknife, "H", "A", "M0", "M0_share")]
    assert len(ratios) > 8
    assert max(abs(ratio - 1) for ratio in ratios) < JACKKNIFE_BOUND
    assert np.mean(ratios) == pytest.approx(1, abs=JACKKNIFE_BOUND / 2)


@pytest.mark.parametrize("options", [{}, {"fpc": ("fraction", "f")}], ids=["plain", "corrected"])
def test_of_totals_the_bootstrap_of_rao_and_wu_is_linearisation_up_to_chance(options: Mapping[str, Any]) -> None:
    made = profile(province(f=np.repeat([0.1, 0.5, 0.25, 0.9], N // STRATA)), **options)
    linear = estimate(made, MEASURE, by=["region", "zone"])
    boot = estimate(made, MEASURE, by=["region", "zone"], variance="bootstrap", replicates=REPLICATES, seed=11)
    found = pairs(linear, boot, "poor")
    assert len(found) == 6
    for mine, theirs in found:
        assert theirs["se"] == pytest.approx(mine["se"], rel=MONTE_CARLO)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    made = profile(province())
    one, again, other = (
        estimate(made, MEASURE, by="region", variance="bootstrap", replicates=50, seed=seed) for seed in (7, 7, 8)
    )
    assert one.table.equals(again.table)
    assert one.row("M0", region=None)["se"] != other.row("M0", region=None)["se"]
    assert estimate(made, MEASURE, variance="bootstrap", replicates=50).table.equals(
        estimate(made, MEASURE, variance="bootstrap", replicates=50, seed=0).table
    )


def test_strata_that_are_taken_with_certainty_have_no_replicates() -> None:
    table = province(stratum=["alone"] * 8 + [f"h{i // 40}" for i in range(8, N)])
    made = profile(table, single_psu="certainty")
    linear, jackknife = (estimate(made, MEASURE, variance=how) for how in ("design", "jackknife"))  # type: ignore[arg-type]
    for mine, theirs in at_least_one(pairs(linear, jackknife, "poor")):
        assert theirs["se"] == pytest.approx(mine["se"], rel=RTOL)


def test_replicates_are_the_same_from_a_saved_profile(tmp_path: Path) -> None:
    made = profile(province(unknown=0.1))
    made.write(tmp_path / "made.parquet")
    read = DeprivationProfile.read(tmp_path / "made.parquet")
    for how in ("jackknife", "bootstrap"):
        one, other = (estimate(p, MEASURE, by=["region", "region:zone"], variance=how) for p in (made, read))  # type: ignore[arg-type]
        assert one.table.equals(other.table)
        np.testing.assert_array_equal(one.only("H").covariance().matrix, other.only("H").covariance().matrix)


def test_a_domain_as_group_and_as_filter_has_the_same_replicates() -> None:
    made = profile(province())
    grouped = estimate(made, MEASURE, by="region", variance="jackknife")
    filtered = estimate(made.filter(region="n"), MEASURE, variance="jackknife")
    for statistic in ("H", "A", "M0", "poor"):
        one, other = grouped.row(statistic, region="n"), filtered.row(statistic)
        assert (one["estimate"], one["df"]) == (pytest.approx(other["estimate"], rel=RTOL), other["df"])
        assert one["se"] == pytest.approx(other["se"], rel=RTOL)


# From the file.


def from_file(
    factors: np.ndarray[Any, Any], how: Any, *, combined: bool = False, rows: Any = None, **columns: Any
) -> DeprivationProfile:
    """The province with factors by PSU as its replicate weights, and nothing else of its design."""
    table = province(**columns)
    by_row = factors[np.arange(N) // HOUSEHOLDS]
    if combined:
        by_row = by_row * np.array(table["w"])[:, None]
    names = [f"r{i}" for i in range(factors.shape[1])]
    for i, name in enumerate(names):
        table = table.append_column(name, pa.array(by_row[:, i]))
    table = table if rows is None else table.take(pa.array(rows))
    are: Any = "combined" if combined else "factors"
    return profile(table, stratum=None, psu=None, replicates=names, replicates_are=are, replication=how)


@pytest.mark.parametrize("combined", [False, True])
def test_replicates_of_the_file_are_those_made_here_if_they_are_the_same(combined: bool) -> None:
    factors, rscales = jackknife_factors(STRATUM, np.full(STRATA, PSUS))
    jackknife = from_file(factors, replication("JKn", 20, rscales=rscales.tolist()), combined=combined)
    boot = rao_wu_factors(STRATUM, np.full(STRATA, PSUS), 40, np.random.default_rng(5))
    bootstrap = from_file(boot, replication("bootstrap", 40), combined=combined)
    made = profile(province())
    by = ["region", "region:zone"]
    for filed, own in (
        (jackknife, estimate(made, MEASURE, by=by, variance="jackknife")),
        (bootstrap, estimate(made, MEASURE, by=by, variance="bootstrap", replicates=40, seed=5)),
    ):
        found = estimate(filed, MEASURE, by=by)
        compared = pairs(own, found)
        assert len(compared) > 100
        for mine, theirs in compared:
            assert theirs["se"] == pytest.approx(mine["se"], rel=RTOL, abs=1e-13)
            assert theirs["psus"] is None
            # Of a file's weights only the rank is known; of those made here the PSUs of the domain are. It counts a
            # stratum that the domain cuts with all of its PSUs in the domain.
            assert STRATA * (PSUS - 1) >= theirs["df"] >= mine["df"]


def test_replicates_of_the_file_survive_a_saved_profile(tmp_path: Path) -> None:
    factors, rscales = jackknife_factors(STRATUM, np.full(STRATA, PSUS))
    made = from_file(factors, replication("JKn", 20, rscales=rscales.tolist(), mse=True), unknown=0.1)
    made.write(tmp_path / "made.parquet")
    read = DeprivationProfile.read(tmp_path / "made.parquet")
    one, other = (estimate(p, MEASURE, by=["region", "region:zone"]) for p in (made, read))
    assert one.table.equals(other.table)
    assert one.row("H", region=None, zone=None)["se"] > 0


def test_deviations_are_taken_from_the_mean_or_from_the_full_estimate() -> None:
    factors = np.random.default_rng(2).integers(0, 4, (20, 10)).astype(float)
    rows = rows_of(province())
    w = rows["person_weight"][:, None] * factors[np.arange(N) // HOUSEHOLDS]
    values = (w * rows["poor"][:, None]).sum(0) / w.sum(0)
    full = (rows["person_weight"] * rows["poor"]).sum() / rows["person_weight"].sum()
    for mse, centre in ((False, values.mean()), (True, full)):
        found = estimate(from_file(factors, replication("bootstrap", 10, mse=mse)), MEASURE).row("H")
        assert found["se"] == pytest.approx(math.sqrt(((values - centre) ** 2).sum() / 9), rel=RTOL)


def test_a_domain_has_the_rank_of_its_own_replicate_weights_less_1() -> None:
    region = np.array(["one", "two", "cut", "rest"])[np.select([PSU < 1, PSU < 5, PSU < 8], [0, 1, 2], 3)].tolist()
    factors, rscales = jackknife_factors(STRATUM, np.full(STRATA, PSUS))
    how = replication("JKn", 20, rscales=rscales.tolist())
    made = from_file(factors, how, region=region)
    by = ["region", "region:zone"]
    found = estimate(made, MEASURE, by=by, reliability="cepal_2023")
    weights = rows_of(province(region=region))["w"][:, None] * factors[PSU]
    checked = 0
    for row in found.only("H").rows():
        table = rows_of(province(region=region))
        inside = np.ones(N, np.bool_)
        for name in ("region", "zone"):
            inside &= (table[name] == row[name]) if row[name] is not None else True
        assert row["df"] == np.linalg.matrix_rank(weights[inside], tol=1e-4) - 1, row
        assert (row["se"] is None) == (row["df"] == 0)
        checked += 1
    assert checked == 1 + 4 + 8
    assert {row["df"] for row in estimate(made, MEASURE, by=by, df="design").only("H").rows()} == {16}
    # A part of the survey, and domains left out, keep them; so does a sum of parts.
    place = {row["region"]: row["df"] for row in found.only("H", zone=None).rows()}
    assert (place["one"], place[None]) == (0, 16)
    assert estimate(made.filter(region="cut"), MEASURE).row("H")["df"] == place["cut"]
    assert (
        estimate(made.filter(region=["cut", "two"]), MEASURE, by="region").row("H", region="two")["df"] == place["two"]
    )
    assert estimate(made.keep_domains(["region"]), MEASURE, by="region").row("H", region="cut")["df"] == place["cut"]
    parts = [from_file(factors, how, region=region, rows=rows) for rows in (np.arange(0, N, 2), np.arange(1, N, 2))]
    both = estimate(parts[0] + parts[1], MEASURE, by=by).only("H")
    assert both.table["df"].equals(found.only("H").table["df"])


def test_a_difference_has_the_rank_of_the_replicate_weights_of_both_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    region = np.array(["one", "two", "cut", "rest"])[np.select([PSU < 2, PSU < 5, PSU < 8], [0, 1, 2], 3)].tolist()
    factors, rscales = jackknife_factors(STRATUM, np.full(STRATA, PSUS))
    made = from_file(factors, replication("JKn", 20, rscales=rscales.tolist()), region=region)
    covariance = estimate(made, MEASURE, by="region").only("H").covariance()
    weights = rows_of(province(region=region))["w"][:, None] * factors[PSU]
    pairs = covariance.differences().to_pylist()
    assert len(pairs) == 6
    for row in pairs:
        inside = np.isin(region, [row["region"], row["region_other"]])
        assert row["df"] == np.linalg.matrix_rank(weights[inside], tol=1e-4) - 1, row
    codes = [row["region"] for row in covariance.estimates.rows()]
    three = [float(code in ("one", "two", "cut")) for code in codes]
    inside = np.isin(region, ["one", "two", "cut"])
    assert covariance.contrast(three)["df"].to_pylist() == [np.linalg.matrix_rank(weights[inside], tol=1e-4) - 1]
    monkeypatch.setattr(joint_df, "MOST_PAIRS", 1)
    own = {row["region"]: row["df"] for row in covariance.estimates.rows()}
    for row in estimate(made, MEASURE, by="region").only("H").covariance().differences().to_pylist():
        assert row["df"] == max(own[row["region"]], own[row["region_other"]])


def test_more_replicates_than_are_told_apart_give_the_same_ranks(monkeypatch: pytest.MonkeyPatch) -> None:
    factors = rao_wu_factors(STRATUM, np.full(STRATA, PSUS), 200, np.random.default_rng(5))
    how = replication("bootstrap", 200)
    exact = estimate(from_file(factors, how), MEASURE, by=["region", "region:zone"]).only("H")
    monkeypatch.setattr(spaces, "MOST", 40)
    mixed = from_file(factors, how)
    assert mixed.spaces is not None and mixed.spaces.rows.shape[1] == 40
    found = estimate(mixed, MEASURE, by=["region", "region:zone"]).only("H")
    assert found.table["df"].equals(exact.table["df"])
    assert len(set(found.table["df"].to_pylist())) > 2
    monkeypatch.setattr(spaces, "MOST", 4)  # a rank that cannot be told is that of the whole
    found = estimate(from_file(factors, how), MEASURE, by="region").only("H")
    assert set(found.table["df"].to_pylist()) == {exact.row("H", region=None, zone=None)["df"]}


def test_the_producers_degrees_of_freedom_or_a_number_replace_the_rank() -> None:
    factors, rscales = jackknife_factors(STRATUM, np.full(STRATA, PSUS))
    ranked = from_file(factors, replication("JKn", 20, rscales=rscales.tolist()))
    stated = from_file(factors, replication("JKn", 20, rscales=rscales.tolist(), df=12))
    assert estimate(ranked, MEASURE).row("H")["df"] == 16
    assert estimate(stated, MEASURE).row("H")["df"] == 12
    assert estimate(stated, MEASURE, df=5).row("H")["df"] == 5


# Undefined replicates.


def test_replicates_that_leave_nobody_are_counted_and_left_out() -> None:
    factors = np.random.default_rng(2).integers(1, 4, (20, 10)).astype(float)
    factors[0, :3] = 0  # region x is the first PSU, which three replicates leave out
    region = ["x"] * HOUSEHOLDS + ["y"] * (N - HOUSEHOLDS)
    found = estimate(from_file(factors, replication("bootstrap", 10), region=region), MEASURE, by="region")
    assert "3 replicates undefined" in found.row("M0", region="x")["note"]
    total = found.row("poor", region="x")
    assert "undefined" not in (total["note"] or "")  # a total of nobody is 0
    assert found.row("H", region="y")["note"] is None
    number = sum("replicates undefined" in (row["note"] or "") for row in found.rows())
    assert [str(notice) for notice in found.notices] == [
        f"MPI-N010 in {number} estimates some replicates have a denominator of 0 and are left out of the variance: "
        "see `note`"
    ]
    assert number > 5


def test_a_domain_with_a_single_defined_replicate_has_no_error() -> None:
    factors = np.ones((20, 4))
    factors[0, :3] = 0
    region = ["x"] * HOUSEHOLDS + ["y"] * (N - HOUSEHOLDS)
    for df, said in (
        (None, "no degrees of freedom: the variance has no estimate"),
        (3, "too few replicates are defined: no error"),
    ):
        made = from_file(factors, replication("bootstrap", 4, df=df), region=region)
        row = estimate(made, MEASURE, by="region").row("H", region="x")
        assert (row["se"], row["ci_low"], row["df"]) == (None, None, df or 0)
        assert row["note"] == f"{said}; 3 replicates undefined"


# Refusals.


def refused(made: DeprivationProfile, **options: Any) -> str:
    with pytest.raises((UsageError, DataError)) as caught:
        estimate(made, MEASURE, **options)
    return str(caught.value)


LINEAR = '\n  use variance="design"'
UNMADE: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "households": ({"psu": None}, "the profile keeps no PSUs\n  declare the household's key as `psu:`"),
    "census": ({"stratum": None, "psu": None, "weight": None, "census": True}, "the survey is a census" + LINEAR),
    "second stage": ({"fpc": ("fraction", "f"), "ssu": "house", "ssu_fpc": ("fraction", "f")},
                     "the design corrects for a second stage" + LINEAR),
    "calibrated": ({"calibration": ["f"], "design_weight": "w"},
                   "the weights are calibrated, and each replicate would have to be" + LINEAR),
    "single": ({"stratum": "lonely", "single_psu": "centered"}, "strata with one PSU cannot lose it\n"
               "  set `single_psu:` to certainty or collapse in the survey's design"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNMADE)
@pytest.mark.parametrize("how", ["jackknife", "bootstrap"])
def test_designs_of_which_no_replicates_can_be_made_are_refused(case: str, how: Any) -> None:
    options, text = UNMADE[case]
    lonely = ["alone"] * HOUSEHOLDS + [f"h{i // 40}" for i in range(HOUSEHOLDS, N)]
    made = profile(province(f=[0.5] * N, house=list(range(N)), lonely=lonely), **options)
    assert refused(made, variance=how) == f"MPI-E009 no replicates can be made: {text}"


def test_replicates_beside_those_of_the_file_are_refused() -> None:
    made = from_file(np.ones((20, 2)), replication("bootstrap", 2))
    assert refused(made, variance="bootstrap") == (
        "MPI-E009 no replicates can be made: the survey has replicate weights of its own" + LINEAR
    )


def test_a_single_psu_that_the_design_does_not_settle_is_told_first() -> None:
    lonely = ["alone"] * HOUSEHOLDS + [f"h{i // 40}" for i in range(HOUSEHOLDS, N)]
    assert refused(profile(province(stratum=lonely)), variance="jackknife").startswith(
        "MPI-D039 1 of 5 strata has one PSU"
    )


def test_a_jackknife_of_strata_that_were_taken_whole_is_refused() -> None:
    made = profile(province(f=[1.0] * N), fpc=("fraction", "f"))
    text = "MPI-E009 no replicates can be made: no stratum has PSUs that the jackknife could leave out"
    assert refused(made, variance="jackknife") == text + LINEAR
    assert estimate(made, MEASURE, variance="bootstrap").row("H")["se"] == 0


def test_every_variance_method_has_its_replicates_and_its_words() -> None:
    assert ("design", *MAKERS) == VARIANCES
    assert WAYS.keys() == set(VARIANCES)


def test_options_that_make_no_replicates_are_refused() -> None:
    made = profile(province())
    assert refused(made, variance="bootstrap", replicates=1) == (
        "MPI-E009 no variance can be made of 1 replicate\n  take 500 or more"
    )
    assert refused(made, variance="bootstrap", replicates=0).startswith(
        "MPI-E009 no variance can be made of 0 replicates"
    )
    assert refused(made, variance="bootstrap", seed=-1) == "MPI-E009 the seed -1 is below 0\n  take any number from 0"
    assert (
        refused(made, variance="boot") == "MPI-E009 there is no variance 'boot'\n  write design, jackknife, bootstrap"
    )


@pytest.mark.parametrize("df", [0, -3, 10**9, "korn"])
def test_degrees_of_freedom_that_are_none_are_refused(df: Any) -> None:
    assert refused(profile(province()), df=df) == (
        f"MPI-E008 there are no degrees of freedom {df!r}\n  write domain, design, stata or a whole number from 1"
    )


def test_a_vector_alone_in_its_domain_keeps_its_rank_beside_those_of_others() -> None:
    rows = np.array([[1, 0, 0], [0.6, 0.8, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1]], np.float32)
    domains = np.array([[0], [1], [1], [2], [2]])
    found = spaces.reduced(spaces.Spaces(domains, rows))
    assert sorted(found.domains[:, 0].tolist()) == [0, 1, 1, 2]
    assert spaces.ranks(found, found.domains[:, 0], 3).tolist() == [1, 2, 1]
