"""Variances and degrees of freedom against R's survey package, a slow twin of loops, and cases by hand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mpi.inference.variance import (
    ShareSquares,
    Stages,
    degrees_of_freedom,
    joint_covariance,
    joint_variance,
    linearised_variance,
    share_variance,
    single_psu_strata,
)
from mpi.vocabulary.options import SinglePsu

GOLDEN = Path(__file__).parent.parent / "golden"
# R and numpy add in different orders; the worst seen is 6e-14.
RTOL_R = 1e-10
# Sums of products lose digits that the centred form keeps.
RTOL_SQUARES = 1e-9
RTOL_TWIN = 1e-11
# Below it R's standard errors are rounding, which we set to 0.
NOISE_R = 1e-12

UNITS = np.array([3, 3, 3, 3, 1, 1, 1, 1, 1, 1])
INDICATORS = [f"d{j}" for j in range(1, 11)]
DIMENSION = ["health"] * 2 + ["education"] * 2 + ["living"] * 6
CUTOFFS = {"1/3": (1, 3), "1/2": (1, 2), "1/5": (1, 5)}
SINGLE: dict[str, SinglePsu] = {
    "single_certainty": "certainty",
    "single_adjust": "centered",
    "single_average": "scaled",
}
SHARES = ("population_share", "M0_share")

Key = tuple[str, str, str, str]


@cache
def golden() -> dict[tuple[str, str, str], dict[Key, dict[str, float]]]:
    """R's figures by (design, unit, k), then (domain, statistic, dimension, indicator)."""
    runs: dict[tuple[str, str, str], dict[Key, dict[str, float]]] = {}
    with (GOLDEN / "estimates.csv").open() as file:
        for row in csv.DictReader(file):
            key = (row["domain"], row["statistic"], row["dimension"], row["indicator"])
            figures = {name: float(row[name] or "nan") for name in ("estimate", "se", "df")}
            runs.setdefault((row["design"], row["unit"], row["k"]), {})[key] = figures
    return runs


@dataclass(frozen=True)
class Design:
    """Households with the stratum (0 to H - 1) and PSU (0 to P - 1) of each, and what is estimated."""

    table: NDArray[Any]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    weight: NDArray[np.float64]
    psus: NDArray[np.int64]
    psu_stratum: NDArray[np.int64]
    poor: NDArray[np.float64]
    score: NDArray[np.float64]

    def inside(self, domain: str) -> NDArray[np.bool_]:
        conditions = [part.split("=") for part in domain.split("|") if part]
        return np.all([self.table[column] == int(level) for column, level in conditions] or [True], axis=0) & (
            self.weight >= 0
        )


def make_design(name: str, unit: str, k: str) -> Design:
    file = "households_single.csv" if name in SINGLE else "households.csv"
    table = np.genfromtxt(GOLDEN / file, delimiter=",", names=True)
    units = np.stack([table[j] for j in INDICATORS], axis=1).astype(np.int64) @ UNITS
    numerator, denominator = CUTOFFS[k]
    poor = units * denominator >= numerator * UNITS.sum()
    elements = name in ("srs", "stratified")
    in_strata = name not in ("srs", "clustered")
    _, psu = np.unique(table["household"] if elements else table["stratum"] * 100 + table["psu"], return_inverse=True)
    _, stratum = np.unique(table["stratum"] if in_strata else 0 * table["stratum"], return_inverse=True)
    psu_stratum = np.zeros(psu.max() + 1, dtype=np.int64)
    psu_stratum[psu] = stratum
    return Design(
        table,
        stratum,
        psu,
        table["weight"] * (table["members"] if unit == "person" else 1),
        np.bincount(psu_stratum),
        psu_stratum,
        poor.astype(np.float64),
        poor * units / UNITS.sum(),
    )


def statistics(design: Design) -> dict[tuple[str, str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Numerator and denominator of each statistic, by (statistic, dimension, indicator)."""
    one, c = np.ones_like(design.poor), design.score
    result = {("H", "", ""): (design.poor, one), ("M0", "", ""): (c, one), ("A", "", ""): (c, design.poor)}
    share = {}
    for j, (indicator, dimension) in enumerate(zip(INDICATORS, DIMENSION, strict=True)):
        g = design.table[indicator]
        result["uncensored_headcount", dimension, indicator] = (g, one)
        result["censored_headcount", dimension, indicator] = (g * design.poor, one)
        share[dimension, indicator] = UNITS[j] / UNITS.sum() * g * design.poor
    for dimension in dict.fromkeys(DIMENSION):
        share[dimension, ""] = sum(share[d, j] for d, j in list(share) if d == dimension and j)
    for (dimension, indicator), y in share.items():
        result["absolute_contribution", dimension, indicator] = (y, one)
        result["percentage_contribution", dimension, indicator] = (y, c)
    return result


@dataclass(frozen=True)
class Rows:
    """(domain, PSU) rows, as the engine would hand them over, with weighted totals of columns."""

    domain: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    totals: NDArray[np.float64]
    psus_present: NDArray[np.int64]


def psu_rows(design: Design, domains: list[str], columns: list[NDArray[np.float64]]) -> Rows:
    """Totals by domain and PSU of columns of shape (n, q), one set of columns for each domain."""
    parts = []
    for number, domain in enumerate(domains):
        inside = design.inside(domain)
        psu = np.unique(design.psu[inside])
        at = np.searchsorted(psu, design.psu[inside])
        totals = np.zeros((psu.size, columns[number].shape[1]))
        np.add.at(totals, at, columns[number][inside])
        positive = np.bincount(at, design.weight[inside] > 0, minlength=psu.size) > 0
        parts.append((np.full(psu.size, number), design.psu_stratum[psu], psu, totals, positive.astype(np.int64)))
    return Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def z_columns(design: Design, domain: str) -> NDArray[np.float64]:
    inside = design.inside(domain) * design.weight
    with np.errstate(invalid="ignore"):
        ratios = [inside * (y - (inside @ y) / (inside @ x) * x) / (inside @ x) for y, x in statistics(design).values()]
    return np.stack([*ratios, inside * design.poor], axis=1)


def assert_like_r(se: NDArray[np.float64], expected: NDArray[np.float64], rtol: float) -> None:
    assert expected.size > 0
    noise = expected < NOISE_R
    np.testing.assert_array_equal(se[noise], 0)
    np.testing.assert_allclose(se[~noise], expected[~noise], rtol=rtol, atol=0)


RUNS = sorted(golden())


@pytest.mark.parametrize("run", RUNS, ids="-".join)
def test_standard_errors_of_every_statistic_and_domain_are_those_of_R(run: tuple[str, str, str]) -> None:
    design, expected = make_design(*run), golden()[run]
    domains = list(dict.fromkeys(key[0] for key in expected))
    rows = psu_rows(design, domains, [z_columns(design, domain) for domain in domains])
    variance = linearised_variance(
        rows.domain,
        rows.stratum,
        rows.totals,
        domains=len(domains),
        stages=Stages(psus=design.psus, single_psu=SINGLE.get(run[0], "fail")),
    )
    names = [*statistics(design), ("poor", "", "")]
    if run[0] == "single_adjust":  # survey 4.1-1 centres totals at 0 there, so the golden file has none
        names = names[:-1]
    compared = [(domain, *name) for domain in domains for name in names]
    assert set(compared) == {key for key in expected if key[1] not in SHARES}
    se = np.sqrt(variance[:, : len(names)]).ravel()
    assert_like_r(se, np.array([expected[key]["se"] for key in compared]), RTOL_R)


@pytest.mark.parametrize("run", RUNS, ids="-".join)
def test_degrees_of_freedom_of_every_domain_are_those_of_R(run: tuple[str, str, str]) -> None:
    design, expected = make_design(*run), golden()[run]
    domains = list(dict.fromkeys(key[0] for key in expected))
    rows = psu_rows(design, domains, [np.zeros((design.psu.size, 1))] * len(domains))
    df = degrees_of_freedom(
        rows.domain, rows.stratum, rows.psus_present, domains=len(domains), psus=design.psus, rule="domain"
    )
    assert df.tolist() == [expected[domain, "H", "", ""]["df"] for domain in domains]


def shares(design: Design, regions: list[str]) -> tuple[Rows, NDArray[np.float64]]:
    """Rows with totals (members, scores) of each region, and the same totals of every PSU."""
    columns = np.stack([design.weight, design.weight * design.score], axis=1)
    everyone = np.zeros((design.psu_stratum.size, 2))
    np.add.at(everyone, design.psu, columns)
    return psu_rows(design, regions, [columns] * len(regions)), everyone


@pytest.mark.parametrize("run", RUNS, ids="-".join)
def test_standard_errors_of_the_shares_of_regions_are_those_of_R(run: tuple[str, str, str]) -> None:
    design, expected = make_design(*run), golden()[run]
    regions = [f"region={r}" for r in range(1, 7)]
    rows, everyone = shares(design, regions)
    variance = share_variance(
        rows.domain,
        rows.stratum,
        rows.totals,
        everyone[rows.psu],
        domains=len(regions),
        stages=Stages(psus=design.psus, single_psu=SINGLE.get(run[0], "fail")),
        population_stratum=design.psu_stratum,
        population_x=everyone,
    )
    keys = [(region, share, "", "") for region in regions for share in SHARES]
    assert_like_r(np.sqrt(variance).ravel(), np.array([expected[key]["se"] for key in keys]), RTOL_R)


@pytest.mark.parametrize("run", [run for run in RUNS if run[0] in ("srs", "stratified")], ids="-".join)
def test_rows_that_group_households_give_the_standard_errors_of_R(run: tuple[str, str, str]) -> None:
    design, expected = make_design(*run), golden()[run]
    domains = list(dict.fromkeys(key[0] for key in expected))
    rows = psu_rows(design, domains, [z_columns(design, domain) for domain in domains])
    batch = rows.psu % 5
    key, at = np.unique(np.stack([rows.domain, rows.stratum, batch], axis=1), axis=0, return_inverse=True)
    z, squares = np.zeros((2, len(key), rows.totals.shape[1]))
    np.add.at(z, at, rows.totals)
    np.add.at(squares, at, rows.totals**2)
    variance = linearised_variance(
        key[:, 0], key[:, 1], z, domains=len(domains), stages=Stages(psus=design.psus), squares=squares
    )
    names = [*statistics(design), ("poor", "", "")]
    wanted = np.array([expected[domain, *name]["se"] for domain in domains for name in names])
    assert_like_r(np.sqrt(variance).ravel(), wanted, RTOL_SQUARES)


@pytest.mark.parametrize("run", [run for run in RUNS if run[0] in ("srs", "stratified")], ids="-".join)
def test_shares_from_rows_that_group_households_have_the_standard_errors_of_R(run: tuple[str, str, str]) -> None:
    design, expected = make_design(*run), golden()[run]
    regions = [f"region={r}" for r in range(1, 7)]
    rows, everyone = shares(design, regions)
    key, at = np.unique(np.stack([rows.domain, rows.stratum, rows.psu % 3], axis=1), axis=0, return_inverse=True)
    y, yy, yx = np.zeros((3, len(key), 2))
    for target, values in ((y, rows.totals), (yy, rows.totals**2), (yx, rows.totals * everyone[rows.psu])):
        np.add.at(target, at, values)
    x, xx = np.zeros((2, design.psus.size, 2))
    np.add.at(x, design.psu_stratum, everyone)
    np.add.at(xx, design.psu_stratum, everyone**2)
    variance = share_variance(
        key[:, 0],
        key[:, 1],
        y,
        y,
        domains=len(regions),
        stages=Stages(psus=design.psus),
        population_stratum=np.arange(design.psus.size),
        population_x=x,
        squares=ShareSquares(yy, yx, xx),
    )
    keys = [(region, share, "", "") for region in regions for share in SHARES]
    wanted = np.array([expected[key]["se"] for key in keys])
    assert_like_r(np.sqrt(variance).ravel(), wanted, RTOL_SQUARES)


def slow_variance(
    z: NDArray[np.float64], psus: list[int], strata: set[int], single_psu: str, fractions: list[float] | None = None
) -> float:
    """Variance of one domain and statistic from z of every PSU of the design, in order of strata."""
    variance, at, singles = 0.0, 0, 0
    grand_mean = sum(z) / max(1, sum(n for h, n in enumerate(psus) if h in strata))
    for h, n in enumerate(psus):
        totals = [float(v) for v in z[at : at + n]]
        at += n
        f = fractions[h] if fractions else 0.0
        if n == 1:
            singles += h in strata and f < 1
            met = single_psu == "centered" and h in strata
            variance += (1 - f) * (totals[0] - grand_mean) ** 2 if met else 0.0
        else:
            mean = sum(totals) / n
            variance += (1 - f) * n / (n - 1) * sum((v - mean) ** 2 for v in totals)
    if single_psu == "scaled" and strata:
        if len(strata) == singles:
            return float("nan")
        variance *= len(strata) / (len(strata) - singles)
    return variance


@dataclass(frozen=True)
class Dense:
    """A random design with z, or y, of every domain and PSU; `present` tells which pairs have a row."""

    psus: NDArray[np.int64]
    stratum: NDArray[np.int64]
    present: NDArray[np.bool_]
    values: NDArray[np.float64]
    x: NDArray[np.float64]
    fractions: NDArray[np.float64]


def random_design(seed: int, *, domains: int = 5, q: int = 3) -> Dense:
    random = np.random.default_rng(seed)
    psus = random.integers(1, 6, size=random.integers(1, 9))
    stratum = np.repeat(np.arange(psus.size), psus)
    present = random.random((domains, stratum.size)) < random.choice([0.2, 0.6, 1.0], size=(domains, 1))
    x = random.lognormal(3, 1, size=(stratum.size, q))
    part = random.random((domains, stratum.size, 1)) ** 0.3
    fractions = random.choice([0.0, 0.05, 0.3, 0.9, 1.0], size=psus.size)
    return Dense(psus, stratum, present, present[..., None] * part * x, x, fractions)


def listed(fractions: NDArray[np.float64] | None) -> list[float] | None:
    return None if fractions is None else fractions.tolist()


SINGLE_OPTIONS: tuple[SinglePsu, ...] = ("certainty", "centered", "scaled")


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("single_psu", SINGLE_OPTIONS)
@pytest.mark.parametrize("seed", range(40))
def test_linearised_variance_equals_its_slow_twin(seed: int, single_psu: SinglePsu, corrected: bool) -> None:
    dense = random_design(seed)
    fractions = dense.fractions if corrected else None
    domain, psu = np.nonzero(dense.present)
    order = np.random.default_rng(seed).permutation(domain.size)
    domain, psu = domain[order], psu[order]
    variance = linearised_variance(
        domain,
        dense.stratum[psu],
        dense.values[domain, psu],
        domains=len(dense.present),
        stages=Stages(psus=dense.psus, single_psu=single_psu, fractions=fractions),
    )
    expected = [
        [
            slow_variance(column, dense.psus.tolist(), set(dense.stratum[here].tolist()), single_psu, listed(fractions))
            for column in z.T
        ]
        for z, here in zip(dense.values, dense.present, strict=True)
    ]
    np.testing.assert_allclose(variance, expected, rtol=RTOL_TWIN, atol=0)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("single_psu", SINGLE_OPTIONS)
@pytest.mark.parametrize("seed", range(40))
def test_share_variance_equals_its_slow_twin(seed: int, single_psu: SinglePsu, corrected: bool) -> None:
    dense = random_design(seed)
    fractions = dense.fractions if corrected else None
    domain, psu = np.nonzero(dense.present)
    y = dense.values[domain, psu]
    arguments: dict[str, Any] = {
        "domains": len(dense.present),
        "stages": Stages(psus=dense.psus, single_psu=single_psu, fractions=fractions),
        "population_stratum": dense.stratum,
        "population_x": dense.x,
    }
    variance = share_variance(domain, dense.stratum[psu], y, dense.x[psu], **arguments)
    every_stratum = set(range(dense.psus.size))
    expected = np.empty_like(variance)
    for number, totals in enumerate(dense.values):
        z = (totals - totals.sum(axis=0) / dense.x.sum(axis=0) * dense.x) / dense.x.sum(axis=0)
        for j in range(z.shape[1]):
            expected[number, j] = slow_variance(
                z[:, j], dense.psus.tolist(), every_stratum, single_psu, listed(fractions)
            )
    assert_variance(variance, expected, RTOL_TWIN)
    squares = ShareSquares(y**2, y * dense.x[psu], dense.x**2)
    grouped = share_variance(domain, dense.stratum[psu], y, y, squares=squares, **arguments)
    assert_variance(grouped, expected, RTOL_SQUARES)


def assert_variance(variance: NDArray[np.float64], expected: NDArray[np.float64], rtol: float) -> None:
    """Equal but for rounding: near a share of 1 the moments of x cancel and leave some 1e-16 of their size, about 1."""
    np.testing.assert_allclose(variance, expected, rtol=rtol, atol=2e-15)


def codes(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def column(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)[:, None]


def test_a_domain_in_one_PSU_of_a_larger_stratum_has_a_variance_without_degrees_of_freedom() -> None:
    rows = (codes(0), codes(1))
    variance = linearised_variance(*rows, column(6), domains=1, stages=Stages(psus=codes(2, 3)))
    assert variance.tolist() == [[3 / 2 * (4**2 + 2**2 + 2**2)]]
    assert degrees_of_freedom(*rows, codes(1), domains=1, psus=codes(2, 3), rule="domain").tolist() == [0]
    assert degrees_of_freedom(*rows, codes(1), domains=1, psus=codes(2, 3), rule="stata").tolist() == [2]


def test_a_domain_without_rows_has_no_variance_and_no_degrees_of_freedom() -> None:
    rows = (codes(0, 2), codes(0, 0))
    for option in SINGLE_OPTIONS:
        variance = linearised_variance(
            *rows, column(1, 1), domains=4, stages=Stages(psus=codes(2, 1), single_psu=option)
        )
        assert variance[[1, 3], 0].tolist() == [0, 0]
    for rule in ("domain", "stata"):
        df = degrees_of_freedom(*rows, codes(1, 1), domains=4, psus=codes(2, 1), rule=rule)
        assert df[[1, 3]].tolist() == [0, 0]


def test_no_rows_at_all_leave_every_domain_empty() -> None:
    rows = (codes(), codes())
    assert linearised_variance(*rows, np.zeros((0, 2)), domains=2, stages=Stages(psus=codes(2))).tolist() == [
        [0, 0],
        [0, 0],
    ]
    assert degrees_of_freedom(*rows, codes(), domains=2, psus=codes(2), rule="domain").tolist() == [0, 0]


def test_only_single_PSU_strata_leave_no_variance_to_scale() -> None:
    rows = (codes(0, 0, 1, 1), codes(0, 1, 1, 2))
    z = column(1, -1, 2, 5)
    psus = codes(1, 1, 2)
    scaled = linearised_variance(*rows, z, domains=2, stages=Stages(psus=psus, single_psu="scaled"))
    assert np.isnan(scaled[0, 0])
    assert scaled[1, 0] == 2 * 25
    certain = linearised_variance(*rows, z, domains=2, stages=Stages(psus=psus, single_psu="certainty"))
    assert certain.ravel().tolist() == [0, 25]
    design = share_variance(
        codes(0),
        codes(0),
        column(1),
        column(1),
        domains=1,
        stages=Stages(psus=codes(1, 1), single_psu="scaled"),
        population_stratum=codes(0, 1),
        population_x=column(1, 3),
    )
    assert np.isnan(design).all()


def test_strata_outside_the_domain_add_nothing_and_have_no_part_in_the_mean() -> None:
    stages = Stages(psus=codes(2, 1, 1), single_psu="centered")
    variance = linearised_variance(codes(0), codes(0), column(8), domains=1, stages=stages)
    assert variance[0, 0] == 2 * (4**2 + 4**2)
    variance = linearised_variance(codes(0, 0), codes(0, 1), column(8, 7), domains=1, stages=stages)
    assert variance[0, 0] == 2 * (4**2 + 4**2) + (7 - 15 / 3) ** 2


def test_single_PSU_strata_are_refused_by_name_unless_an_option_is_given() -> None:
    psus = codes(2, 1, 3, 1)
    assert single_psu_strata(psus).tolist() == [1, 3]
    with pytest.raises(ValueError, match=r"2 of 4 strata have one PSU \(indices 1, 3\)"):
        linearised_variance(codes(0), codes(0), column(1), domains=1, stages=Stages(psus=psus))
    with pytest.raises(ValueError, match="2 of 4 strata have one PSU"):
        share_variance(
            codes(0),
            codes(0),
            column(1),
            column(1),
            domains=1,
            stages=Stages(psus=psus),
            population_stratum=codes(0),
            population_x=column(1),
        )


def test_a_PSU_with_weightless_members_only_counts_in_the_design_but_not_in_the_degrees_of_freedom() -> None:
    rows = (codes(0, 0, 0), codes(0, 0, 0))
    psus = codes(3, 2)
    df = {
        rule: degrees_of_freedom(*rows, codes(1, 1, 0), domains=1, psus=psus, rule=rule).tolist()
        for rule in ("domain", "design", "stata", 7)
    }
    assert df == {"domain": [1], "design": [3], "stata": [2], 7: [7]}
    dropped = linearised_variance(*(code[:2] for code in rows), column(1, 2), domains=1, stages=Stages(psus=psus))
    assert linearised_variance(*rows, column(1, 2, 0), domains=1, stages=Stages(psus=psus)) == dropped


def test_a_stratum_of_weightless_members_only_is_not_counted() -> None:
    rows = (codes(0, 0, 0), codes(0, 0, 1))
    for rule, expected in (("domain", 1), ("stata", 2)):
        df = degrees_of_freedom(*rows, codes(1, 1, 0), domains=1, psus=codes(3, 5), rule=rule)
        assert df.tolist() == [expected]


def test_an_unknown_rule_for_degrees_of_freedom_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule 'satterthwaite'"):
        degrees_of_freedom(codes(), codes(), codes(), domains=1, psus=codes(2), rule="satterthwaite")  # type: ignore[arg-type]


def test_more_rows_than_PSUs_in_a_stratum_are_refused() -> None:
    with pytest.raises(ValueError, match="stratum 1 has 3 rows in domain 0 but 2 PSUs"):
        linearised_variance(codes(0, 0, 0), codes(1, 1, 1), column(1, 2, 3), domains=1, stages=Stages(psus=codes(2, 2)))


def test_equal_totals_leave_exactly_no_variance() -> None:
    z = column(0.1, 0.1, 0.1) * 1e9
    rows = (codes(0, 0, 0), codes(0, 0, 0))
    assert linearised_variance(*rows, z, domains=1, stages=Stages(psus=codes(3))) == 0
    assert linearised_variance(*rows, z, domains=1, stages=Stages(psus=codes(3)), squares=z**2) == 0


def test_a_standard_error_that_is_rounding_at_the_scale_of_the_statistic_becomes_zero() -> None:
    z = column(3e-17, -2e-17)
    rows = (codes(0, 0), codes(0, 0))
    assert linearised_variance(*rows, z, domains=1, stages=Stages(psus=codes(2))) == 0
    assert linearised_variance(*rows, z * 1e9, domains=1, stages=Stages(psus=codes(2))) > 0
    assert linearised_variance(*rows, z * 1e9, domains=1, stages=Stages(psus=codes(2)), scale=1e6) == 0


def test_the_share_of_everybody_has_no_variance() -> None:
    x = np.random.default_rng(3).lognormal(8, 1, size=(40, 2))
    stratum = np.repeat(np.arange(8), 5)
    variance = share_variance(
        np.zeros(40, dtype=np.int64),
        stratum,
        x,
        x,
        domains=1,
        stages=Stages(psus=np.full(8, 5)),
        population_stratum=stratum,
        population_x=x,
    )
    assert variance.tolist() == [[0, 0]]


def test_a_share_in_a_total_of_zero_is_not_a_number() -> None:
    variance = share_variance(
        codes(0),
        codes(0),
        column(0),
        column(0),
        domains=2,
        stages=Stages(psus=codes(2)),
        population_stratum=codes(0, 0),
        population_x=column(0, 0),
    )
    assert np.isnan(variance).all()


def test_the_caller_s_arrays_stay_as_they_were() -> None:
    dense = random_design(1)
    domain, psu = np.nonzero(dense.present)
    arrays = (domain, dense.stratum[psu], dense.values[domain, psu])
    copies = [array.copy() for array in arrays]
    linearised_variance(*arrays, domains=5, stages=Stages(psus=dense.psus, single_psu="centered"))
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_stratum_without_psus_takes_no_degree_of_freedom_of_the_design() -> None:
    found = degrees_of_freedom(codes(0), codes(0), codes(1), domains=2, psus=codes(4, 0, 3), rule="design")
    assert found.tolist() == [5, 5]


@pytest.mark.parametrize("size", [1.0, 1e3, 1e9])
def test_equal_values_that_rounding_tells_apart_do_not_vary(size: float) -> None:
    z = size * column(0.1 + 0.2, 0.3)
    assert 0 < z[0, 0] - z[1, 0] < 1e-15 * size
    stages, rows = Stages(psus=codes(2)), codes(0, 0)
    assert linearised_variance(rows, rows, z, domains=1, stages=stages)[0, 0] == 0
    assert (
        linearised_variance(
            codes(0), codes(0), z.sum(axis=0)[None], domains=1, stages=stages, squares=(z**2).sum(axis=0)[None]
        )[0, 0]
        == 0
    )
    assert joint_variance(rows, z, stages=stages)[0] == 0
    beside = joint_covariance(rows, np.hstack([z, column(1, 2)]), stages=stages)
    assert beside.ravel()[:3].tolist() == [0, 0, 0]
    assert beside[1, 1] == pytest.approx(1)


def test_what_is_small_beside_the_statistic_is_rounding_and_the_rest_is_not() -> None:
    z, stages, rows = column(1e-13, -1e-13), Stages(psus=codes(2)), codes(0, 0)
    for scale, varies in ((1.0, False), (1e-3, True)):
        assert (linearised_variance(rows, rows, z, domains=1, stages=stages, scale=scale)[0, 0] > 0) == varies
        assert (joint_variance(rows, z, stages=stages, scale=scale)[0] > 0) == varies
    # Beside what centring takes away: 1e-9 of it is no rounding.
    near = 1e6 * column(1, 1 + 1e-9)
    assert linearised_variance(rows, rows, near, domains=1, stages=stages)[0, 0] == pytest.approx(1e-6, rel=1e-4)
    assert joint_variance(rows, near, stages=stages)[0] == pytest.approx(1e-6, rel=1e-4)
