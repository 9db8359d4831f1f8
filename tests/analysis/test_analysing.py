"""Each analysis against plain loops over households, with the ultimate cluster variance of linearised values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import mpi
from mpi.analysis.analysing import ANALYSES
from mpi.errors import UsageError
from mpi.estimates.derived import Derived
from mpi.vocabulary.options import OF_TWO
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of

TABLE = province()
ROWS = rows_of(TABLE)
W, SCORE = ROWS["person_weight"], ROWS["score"]
FLAGS = {name: ROWS[name].astype(bool) for name in "abc"}
DIMENSIONS = {"health": FLAGS["a"], "living": FLAGS["b"] | FLAGS["c"]}
ALL = np.ones(len(W), bool)
Floats = NDArray[np.float64]
# Others read what this measure does not have, or of a survey who receives programmes. A second measure is judged in the
# pass over microdata: see test_second_measure.py for the errors of replicates, and a census, of those that compare two.
OWN = ("classes", "crossing", "gaps", *OF_TWO)
PLAIN = [name for name, one in ANALYSES.items() if name not in OWN and not one.reads]


def made(name: str, **options: Any) -> Derived:
    return mpi.analyse(profile(TABLE), MEASURE, name, **options)


def ratio(y: Any, x: Any, inside: NDArray[np.bool_]) -> tuple[float, Floats]:
    """A weighted ratio over some households, and its linearised values."""
    above, below = (w * inside for w in (W * y, W * x))
    estimate = above.sum() / below.sum()
    return estimate, (above - estimate * below) / below.sum()


def error(z: Floats) -> float:
    return math.sqrt(cluster_variance(z, ROWS["stratum"], ROWS["psu"]))


def domains() -> Iterator[tuple[str | None, NDArray[np.bool_]]]:
    yield None, ALL
    for region in "nsw":
        yield region, ROWS["region"] == region


def equal(row: Any, estimate: float, z: Floats) -> None:
    assert row["estimate"] == pytest.approx(estimate, rel=1e-11, abs=1e-14)
    if row["df"] == 0 or "no standard error" in (row["note"] or ""):  # members in one PSU of each stratum
        assert row["se"] is None
    else:
        assert row["se"] == pytest.approx(error(z), rel=1e-8, abs=1e-12)


BANDS: dict[str, Callable[[Floats], Any]] = {
    "not_vulnerable": lambda c: c < 0.2,
    "vulnerable": lambda c: (c >= 0.2) & (c < 0.5),
    "poor": lambda c: c >= 0.5,
}


def test_bands_are_shares_numbers_and_mean_scores() -> None:
    found = made("bands", by="region")
    for region, inside in at_least_one(domains()):
        for name, band in BANDS.items():
            member = band(SCORE)
            share = found.only("share", region=region, band=name)[0]
            equal(share, *ratio(member, ALL, inside))
            number = found.only("number", region=region, band=name)[0]
            assert number["estimate"] == pytest.approx((W * member * inside).sum(), rel=1e-12)
            assert number["se"] == pytest.approx(error(W * member * inside), rel=1e-9)
            mean = found.only("mean_score", region=region, band=name)[0]
            if (member & inside & (SCORE > 0)).any():
                equal(mean, *ratio(SCORE * member, member, inside))


@pytest.mark.parametrize("k", [None, ["1/4"], ["1/4", "1/2", ">3/4", "1"]])
def test_bands_add_up_to_one(k: list[str] | None) -> None:
    found = made("bands", by="zone", k=k).only("share")
    for zone in (None, "u", "r"):
        *parts, poor = [row for row in found.rows() if row["zone"] == zone]
        assert (poor["band"], poor["scores"]) == ("poor", "[1/2, 1]")
        assert math.fsum(row["estimate"] for row in parts) == pytest.approx(1, abs=1e-12)


def test_numbers_and_rates_among_the_poor() -> None:
    found, poor = made("numbers", by="region"), ROWS["poor"]
    for region, inside in at_least_one(domains()):
        for name, flag in FLAGS.items():
            rows = {row["figure"]: row for row in found.rows() if (row["region"], row["indicator"]) == (region, name)}
            for figure, member in (("deprived", flag), ("poor_and_deprived", flag & poor)):
                assert rows[figure]["estimate"] == pytest.approx((W * member * inside).sum(), rel=1e-12)
                assert rows[figure]["se"] == pytest.approx(error(W * member * inside), rel=1e-9)
            (one, z1), (other, z2) = (ratio(flag & group, group, inside) for group in (poor, ~poor))
            equal(rows["among_poor"], one, z1)
            equal(rows["among_not_poor"], other, z2)
            if other:
                equal(rows["excess"], one / other, z1 / other - one / other**2 * z2)
            else:
                assert (rows["excess"]["estimate"], rows["excess"]["note"]) == (None, "an estimate is undefined")


@pytest.mark.parametrize("censored", ["no", "yes"])
def test_redundancy_of_indicators_and_of_dimensions(censored: str) -> None:
    found = made("redundancy", by="region")
    group = ROWS["poor"] if censored == "yes" else ALL
    for region, inside in at_least_one(domains()):
        for level, flags in (("indicator", FLAGS), ("dimension", DIMENSIONS)):
            for a, b in at_least_one(itertools.combinations(flags, 2)):
                one, other = flags[a] & group, flags[b] & group
                where = {"region": region, "level": level, "first": a, "second": b, "censored": censored}
                rows = {row["figure"]: row for row in found.rows() if where.items() <= row.items()}
                (p, zp), (h, zh), (g, zg) = (ratio(y, ALL, inside) for y in (one & other, one, other))
                equal(rows["joint"], p, zp)
                equal(rows["second_given_first"], *ratio(one & other, one, inside))
                equal(rows["first_given_second"], *ratio(one & other, other, inside))
                least, z = (h, zh) if h < g else (g, zg)
                equal(rows["R0"], p / least, zp / least - p / least**2 * z)
                root = math.sqrt(h * (1 - h) * g * (1 - g))
                v = (p - h * g) / root
                by_h = -g / root - v * (1 - 2 * h) / (2 * h * (1 - h))
                by_g = -h / root - v * (1 - 2 * g) / (2 * g * (1 - g))
                equal(rows["cramers_v"], v, zp / root + by_h * zh + by_g * zg)
                table = np.array([[p, h - p], [g - p, 1 - h - g + p]])
                chi = ((table - np.outer(table.sum(1), table.sum(0))) ** 2 / np.outer(table.sum(1), table.sum(0))).sum()
                assert v**2 == pytest.approx(chi, rel=1e-9)  # V of a 2 x 2 table is the root of chi squared over n


def test_r0_has_no_error_where_both_rates_are_equal() -> None:
    table = province(b=[True, False] * 80, c=[True, False] * 40 + [False, True] * 40, w=[1.0] * 160, members=[1] * 160)
    found = mpi.analyse(profile(table), MEASURE, "redundancy").only("R0", first="b", second="c", censored="no")[0]
    assert found["estimate"] == pytest.approx(0.5)
    assert found["se"] is None
    assert found["note"] == "an estimate has no standard error: its `note` says why"


def test_overlap_counts_dimensions_and_sets() -> None:
    found, count = made("overlap", by="region"), sum(flag.astype(int) for flag in DIMENSIONS.values())
    health, living = DIMENSIONS.values()
    wanted: dict[tuple[str, str | None, str | None], Any] = {
        **{("exactly", str(n), None): count == n for n in range(3)},
        **{("at_least", str(n), None): count >= n for n in (1, 2)},
        ("mean", None, None): count,
        ("exactly_these", None, "health"): health & ~living,
        ("exactly_these", None, "living"): living & ~health,
        ("exactly_these", None, "health + living"): health & living,
        ("intersection", None, "health"): health,
        ("union", None, "health + living"): health | living,
        ("only_this", None, "living"): living & ~health,
        ("with_1", None, "living"): living & health,
    }
    for region, inside in at_least_one(domains()):
        rows = {(row["figure"], row["dimensions"], row["sets"]): row for row in found.rows() if row["region"] == region}
        for key, member in at_least_one(wanted.items()):
            equal(rows[key], *ratio(member, ALL, inside))
        equal(rows["mean_deprived", None, None], *ratio(count, count > 0, inside))


def test_inequality_among_the_poor_is_four_times_their_variance() -> None:
    found, poor = made("inequality", by="region"), ROWS["poor"]
    for region, inside in at_least_one(domains()):
        rows = {(row["figure"], row["gamma"]): row for row in found.rows() if row["region"] == region}
        for gamma in (0, 1, 2):
            equal(rows["M_gamma", str(gamma)], *ratio(np.where(poor, SCORE**gamma, 0), ALL, inside))
        (q, zq), (a, za) = (ratio(y * poor, poor, inside) for y in (SCORE**2, SCORE))
        equal(rows["inequality_poor", None], 4 * (q - a**2), 4 * (zq - 2 * a * za))
        weights = (W * poor * inside) / (W * poor * inside).sum()
        assert rows["inequality_poor", None]["estimate"] == pytest.approx(4 * (weights * (SCORE - a) ** 2).sum())


OVER = {
    "over_poor": "poor_share / population_share",
    "over_M0": "M0_share / population_share",
    "same_poor": "H / H[total]",
    "same_M0": "M0 / M0[total]",
}


def test_the_over_share_of_a_group_is_its_share_of_the_poor_over_that_of_the_population() -> None:
    poor = ROWS["poor"]
    values = {"poor": poor.astype(float), "M0": np.where(poor, SCORE, 0)}
    found = mpi.derive(profile(TABLE), MEASURE, OVER, by="region")
    for region, inside in at_least_one([one for one in domains() if one[0] is not None]):
        for name, value in values.items():
            (share, z), (population, zp) = (ratio(y * inside, y, ALL) for y in (value, ALL.astype(float)))
            for figure in (f"over_{name}", f"same_{name}"):
                row = found.only(figure, region=region)[0]
                assert row["estimate"] == pytest.approx(share / population, rel=1e-11)
                assert row["se"] == pytest.approx(error(z / population - share / population**2 * zp), rel=1e-8)
    shares = [found.only("over_poor", region=region)[0]["estimate"] for region in "nsw"]
    weights = [(W * (ROWS["region"] == region)).sum() / W.sum() for region in "nsw"]
    assert math.fsum(a * b for a, b in zip(shares, weights, strict=True)) == pytest.approx(1, abs=1e-12)


def test_errors_of_over_shares_are_near_those_of_the_jackknife() -> None:
    linear, repeated = (
        mpi.derive(profile(TABLE), MEASURE, OVER, by="region", variance=variance).rows()
        for variance in ("design", "jackknife")
    )
    pairs = [
        (one["se"], other["se"])
        for one, other in zip(linear, repeated, strict=True)
        if one["region"] is not None and one["se"]
    ]
    ratios = np.array([other / one for one, other in at_least_one(pairs)])
    # A ratio of ratios of few PSUs: the jackknife is the larger, most of all where few of them have a poor member.
    assert np.median(ratios) == pytest.approx(1, abs=0.1)
    assert (ratios > 0.9).all()
    assert (ratios < 1.3).all()


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("variance", ["jackknife", "bootstrap"])
def test_errors_are_near_those_of_replicates(name: str, variance: Any) -> None:
    linear, repeated = (made(name, variance=how, replicates=400, seed=1) for how in ("design", variance))
    pairs = [
        (one["se"], other["se"])
        for one, other in zip(linear.rows(), repeated.rows(), strict=True)
        if one["se"] and one["n"] > 100
    ]
    ratios = np.array([other / one for one, other in at_least_one(pairs)])
    assert np.median(ratios) == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("name", PLAIN)
def test_a_census_has_figures_and_no_errors(name: str) -> None:
    whole = profile(TABLE, stratum=None, psu=None, weight=None, census=True)
    rows = mpi.analyse(whole, MEASURE, name, by="region").rows()
    assert all(row["se"] is None and row["ci_low"] is None for row in at_least_one(rows))
    assert any(row["estimate"] is not None for row in rows)


def test_an_analysis_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match=r"MPI-E213 there is no analysis 'overlapp'\n  did you mean 'overlap'"):
        made("overlapp")


@pytest.mark.parametrize(
    ("name", "domain"), [("redundancy", "level"), ("bands", "scores"), ("overlap", "t"), ("numbers", "figure")]
)
def test_a_domain_called_as_a_column_of_the_results_is_refused(name: str, domain: str) -> None:
    own = profile(province(**{domain: ["x", "y"] * 80}), by=[domain])
    with pytest.raises(UsageError, match=f"MPI-E002 no figures by '{domain}'"):
        mpi.analyse(own, MEASURE, name, by=domain)


def test_a_measure_of_one_indicator_has_no_pairs() -> None:
    one = MEASURE.without(["b", "c"])
    with pytest.raises(UsageError, match="MPI-E213 the measure"):
        mpi.analyse(profile(TABLE), one, "redundancy")
