"""Orders under all weights of three indicators, against polygons in exact fractions, cut half-plane by half-plane."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import mpi
from mpi.analysis.weight_regions import positive_share
from mpi.counting import scores
from mpi.errors import UsageError
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province
from tests.support.strategies import measure_of

GROUPS = [f"g{i % 4}" for i in range(160)]
PROFILE = profile(province(3, region=GROUPS, unknown=0.1))
OWN = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))
PATTERNS = list(itertools.product((0, 1), repeat=3))
Point = tuple[Fraction, ...]
Polygon = list[Point]


@functools.cache
def exact_shares() -> dict[str, dict[tuple[int, ...], Fraction]]:
    """The share of each pattern in each group, of the floats that the profile holds."""
    cells = PROFILE.cells
    found = scores(MEASURE, cells.pattern, cells.unknown)
    labels = PROFILE.domains[PROFILE.domain("region")].labels
    sums: dict[str, dict[tuple[int, ...], Fraction]] = {label: dict.fromkeys(PATTERNS, Fraction(0)) for label in labels}
    for code, flags, weight, kept in zip(
        cells.domains[:, PROFILE.domain("region")], found.deprived, cells.person_weight, found.included, strict=True
    ):
        if kept:
            sums[labels[code]][tuple(int(flag) for flag in flags)] += Fraction(float(weight))
    return {label: {p: w / sum(of.values()) for p, w in of.items()} for label, of in sums.items()}


def value(line: Sequence[Fraction], point: Point) -> Fraction:
    return sum((a * b for a, b in zip(line, point, strict=True)), Fraction(0))


def clipped(polygon: Polygon, line: Sequence[Fraction]) -> Polygon:
    """The part of a convex polygon where a homogeneous function is 0 or more."""
    made: Polygon = []
    for one, other in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        a, b = value(line, one), value(line, other)
        if a >= 0:
            made.append(one)
        if a * b < 0:
            part = a / (a - b)
            made.append(tuple(x + part * (y - x) for x, y in zip(one, other, strict=True)))
    return made


def area(polygon: Polygon) -> Fraction:
    """Of a polygon of weights, as a share of all."""
    turns = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    return abs(sum((a[0] * b[1] - a[1] * b[0] for a, b in turns), Fraction(0)))


@functools.cache
def cells_of(k: Fraction) -> list[tuple[frozenset[tuple[int, ...]], Polygon]]:
    """Who is poor, and under which weights: all sets of patterns that are poor together somewhere."""
    mixed, made = [p for p in PATTERNS if 0 < sum(p) < 3], []
    for chosen in itertools.product((False, True), repeat=len(mixed)):
        polygon: Polygon = [tuple(Fraction(int(i == j)) for j in range(3)) for i in range(3)]
        for pattern, poor in zip(mixed, chosen, strict=True):
            line = [(x - k) * (1 if poor else -1) for x in pattern]
            polygon = clipped(polygon, line) if polygon else polygon
        if len(polygon) > 2 and area(polygon):
            made.append((frozenset([(1, 1, 1), *itertools.compress(mixed, chosen)]), polygon))
    return made


def gaps(statistic: str, poor: frozenset[tuple[int, ...]], gap: dict[tuple[int, ...], Fraction]) -> list[Fraction]:
    """The difference of two groups in a cell, as a homogeneous function of the weights."""
    if statistic == "H":
        return [sum((gap[p] for p in poor), Fraction(0))] * 3
    return [sum((gap[p] * p[j] for p in poor), Fraction(0)) for j in range(3)]


def distance(polygon: Polygon, norm: str) -> float:
    """From the own weights to a polygon: by its edges, or by a linear programme over its corners."""
    if norm != "l2":
        corners = np.array(polygon, dtype=float)
        m, size = len(corners), 3 if norm == "l1" else 1
        spread = np.eye(3) if norm == "l1" else np.ones((3, 1))
        above = np.vstack([np.hstack([way * corners.T, -spread]) for way in (1, -1)])
        own = np.array(OWN, dtype=float)
        total = [[1.0] * m + [0.0] * size]
        found = linprog([0.0] * m + [1.0] * size, A_ub=above, b_ub=np.r_[own, -own], A_eq=total, b_eq=[1.0])
        return float(found.fun)
    squares = []
    for one, other in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        edge = [b - a for a, b in zip(one, other, strict=True)]
        length = sum(x * x for x in edge)
        along = sum((o - a) * x for o, a, x in zip(OWN, one, edge, strict=True)) / length if length else Fraction(0)
        along = min(max(along, Fraction(0)), Fraction(1))
        squares.append(sum((o - a - along * x) ** 2 for o, a, x in zip(OWN, one, edge, strict=True)))
    return float(min(squares)) ** 0.5


def twin(statistic: str, k: Fraction, norm: str) -> dict[tuple[str, str], dict[str, Any]]:
    """For each pair, areas where one is higher, and the distance to the nearest polygon of the reversed order."""
    shares, made = exact_shares(), {}
    for first, second in itertools.combinations(shares, 2):
        gap = {p: shares[first][p] - shares[second][p] for p in PATTERNS}
        poor = {p for p in PATTERNS if value([Fraction(x) for x in p], OWN) >= k}
        own = value(gaps(statistic, frozenset(poor), gap), OWN)
        areas = dict.fromkeys((1, 0, -1), Fraction(0))
        nearest = float("inf")
        for who, polygon in cells_of(k):
            line = gaps(statistic, who, gap)
            for way in (1, -1):
                part = clipped(polygon, [x * way for x in line]) if any(line) else []
                if len(part) > 2 and area(part):
                    areas[way] += area(part)
                    if own * way < 0:
                        nearest = min(nearest, 0.0 if inside(part) else distance(part, norm))
        areas[0] = 1 - areas[1] - areas[-1]
        made[first, second] = {"own": own, "areas": areas, "nearest": nearest}
    return made


def inside(polygon: Polygon) -> bool:
    """Whether the own weights lie in a convex polygon or on its edge."""
    turns = []
    for a, b in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        turns.append((b[0] - a[0]) * (OWN[1] - a[1]) - (b[1] - a[1]) * (OWN[0] - a[0]))
    return all(x >= 0 for x in turns) or all(x <= 0 for x in turns)


@pytest.mark.parametrize("statistic", ["M0", "H"])
@pytest.mark.parametrize("k", ["1/2", "1/3", "2/5"])
@pytest.mark.parametrize("norm", ["l2", "l1", "linf"])
def test_shares_and_nearest_weights_are_those_of_exact_polygons(statistic: str, k: str, norm: Any) -> None:
    found = mpi.weight_orders(PROFILE, MEASURE, by="region", statistic=statistic, k=k, norm=norm, draws=500)
    exact = twin(statistic, Fraction(k), norm)
    for row in at_least_one(found.pairs.to_pylist()):
        own = exact[row["first"], row["second"]]
        assert row["poorer"] == ("first" if own["own"] > 0 else "second" if own["own"] < 0 else None)
        assert row["how"] == "exact"
        for name, way in (("first_higher", 1), ("equal", 0), ("second_higher", -1)):
            assert row[name] == pytest.approx(float(own["areas"][way]), abs=1e-12)
        holds = own["areas"][1 if own["own"] > 0 else -1 if own["own"] < 0 else 0]
        assert row["holds"] == row["holds_low"] == row["holds_high"] == pytest.approx(float(holds), abs=1e-12)
        if own["nearest"] == float("inf"):
            assert row["nearest"] is None
        else:
            assert row["nearest"] == pytest.approx(own["nearest"], abs=1e-9)
            assert row["nearest_low"] == pytest.approx(own["nearest"], abs=1e-9)
        assert row["nearest_how"] == "exact"
    assert any(row["nearest"] for row in found.pairs.to_pylist())


def test_the_nearest_weights_turn_the_order_a_step_further() -> None:
    """At the infimum itself the order may be kept or equal; just beyond it, on some side, it is reversed."""
    found = mpi.weight_orders(PROFILE, MEASURE, by="region", statistic="M0", k="2/5")
    axes = found.weights.to_pandas().groupby(["first", "second"], sort=False)
    pairs = {(row["first"], row["second"]): row for row in found.pairs.to_pylist()}
    rng = np.random.default_rng(0)
    for pair, table in at_least_one(list(axes)):
        assert table["nearest"].sum() == pytest.approx(1)
        assert ((table["nearest"] - table["own"]) ** 2).sum() ** 0.5 == pytest.approx(pairs[pair]["nearest"])
        tries = table["nearest"].to_numpy() + rng.normal(0, 1e-4, (200, 3))
        tries = np.abs(tries) / np.abs(tries).sum(axis=1, keepdims=True)
        assert any(_turned(pair, pairs[pair]["poorer"], weights) for weights in tries)


def _turned(pair: tuple[str, str], poorer: str, weights: Any) -> bool:
    shares = exact_shares()
    gap = sum(
        float(shares[pair[0]][p] - shares[pair[1]][p]) * float(np.dot(weights, p))
        for p in PATTERNS
        if np.dot(weights, p) >= 0.4
    )
    return gap < 0 if poorer == "first" else gap > 0


def flags(indicators: int, seed: int = 2) -> tuple[Any, Any]:
    """A profile of many indicators in 3 groups, and its measure of equal weights."""
    rng = np.random.default_rng(seed)
    names = [f"i{j}" for j in range(indicators)]
    table = province(seed).to_pandas()
    for j, name in enumerate(names):
        table[name] = rng.random(len(table)) < 0.2 + 0.5 * ((table["psu"].str[1:].astype(int) + j) % 5 == 0)
    table["region"] = [f"g{i % 3}" for i in range(len(table))]
    measure = measure_of(
        {f"d{d}": {n: Fraction(1, indicators) for n in names[d::3]} for d in range(3)}, [mpi.Cutoff(Fraction(1, 3))]
    )
    own = mpi.DeprivationProfile.from_flags(
        table, measure, weight="w", members="members", stratum="stratum", psu="psu", by=["region"]
    )
    return own, measure


@pytest.mark.parametrize(("indicators", "over"), [(5, "indicators"), (9, "dimensions"), (9, "indicators")])
@pytest.mark.parametrize("statistic", ["M0", "H"])
def test_bounds_hold_what_draws_find(indicators: int, over: Any, statistic: str) -> None:
    own, measure = flags(indicators)
    found = mpi.weight_orders(own, measure, by="region", statistic=statistic, over=over, draws=4_000, seed=1)
    drawn = mpi.weight_orders(own, measure, by="region", statistic=statistic, over=over, draws=4_000, pieces=0, seed=9)
    few = mpi.weight_orders(own, measure, by="region", statistic=statistic, over=over, draws=4_000, pieces=40, seed=9)
    assert {row["how"] for row in found.pairs.to_pylist()} == {
        "drawn" if over == "indicators" and indicators > 6 else "exact"
    }
    for row, other, rough in at_least_one(
        list(zip(found.pairs.to_pylist(), drawn.pairs.to_pylist(), few.pairs.to_pylist(), strict=True))
    ):
        assert row["holds"] == pytest.approx(
            other["first_higher" if row["poorer"] == "first" else "second_higher"], abs=0.025
        )
        assert row["first_higher"] + row["equal"] + row["second_higher"] == pytest.approx(1)
        for one in (row, rough):
            assert one["holds_low"] - 1e-12 <= one["holds"] <= one["holds_high"] + 1e-12
        if row["how"] == "exact":
            slack = 1e-12 if rough["how"] != "drawn" else 0.03  # of which one in a hundred misses
            assert rough["holds_low"] - slack <= row["holds"] <= rough["holds_high"] + slack
            if row["nearest"] is not None:
                assert (rough["nearest_low"] or 0) - 1e-9 <= row["nearest"] <= (rough["nearest"] or 9) + 1e-9
        elif row["nearest"] is not None:
            assert row["nearest_low"] <= row["nearest"]


def test_the_share_of_a_simplex_above_zero() -> None:
    rng = np.random.default_rng(4)
    for axes in (2, 3, 5):
        values = rng.normal(size=(5, axes))
        values[0, 0] = 0.0
        inside = rng.dirichlet(np.ones(axes), 60_000) @ values.T > 0
        assert positive_share(values) == pytest.approx(inside.mean(axis=0), abs=0.01)


def test_what_has_no_order_is_refused() -> None:
    with pytest.raises(UsageError, match="MPI-E213 over is 'zz'"):
        mpi.weight_orders(PROFILE, MEASURE, by="region", over="zz")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="MPI-E213 norm is 'l3'"):
        mpi.weight_orders(PROFILE, MEASURE, by="region", norm="l3")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="MPI-E211 0 draws"):
        mpi.weight_orders(PROFILE, MEASURE, by="region", draws=0)
    with pytest.raises(UsageError, match="MPI-E004 domains are not ranked by 'A'"):
        mpi.weight_orders(PROFILE, MEASURE, by="region", statistic="A")
