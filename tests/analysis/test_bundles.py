"""Bundles of deprivations, and inequality within and between groups, against exact loops over households."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import mpi
from mpi.errors import UsageError
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of

TABLE = province()
ROWS = rows_of(TABLE)
COLUMNS = ("w", "members", "a", "b", "c", "region")
EXACT = [
    {
        "w": Fraction(w) * int(m),
        "c": Fraction(int(a), 2) + Fraction(int(b), 4) + Fraction(int(c), 4),
        "region": region,
        "flags": tuple(name for name, flag in zip("abc", (a, b, c), strict=True) if flag),
    }
    for w, m, a, b, c, region in zip(*(TABLE[n].to_pylist() for n in COLUMNS), strict=True)
]
POOR = [one for one in EXACT if one["c"] >= Fraction(1, 2)]


def mean(rows: list[dict[str, Any]], value: Callable[[dict[str, Any]], Fraction]) -> Fraction:
    return Fraction(sum(one["w"] * value(one) for one in rows)) / sum(one["w"] for one in rows)


def inequality(rows: list[dict[str, Any]]) -> Fraction:
    centre = mean(rows, lambda one: one["c"])
    return 4 * mean(rows, lambda one: (one["c"] - centre) ** 2)


def jackknife(value: Callable[[np.ndarray[Any, Any]], float]) -> float:
    """The error of a figure of weights by leaving out one PSU at a time, centred at the mean of its stratum."""
    found = 0.0
    for stratum in np.unique(ROWS["stratum"]):
        own = np.unique(ROWS["psu"][ROWS["stratum"] == stratum])
        made = []
        for psu in own:
            factor = np.where(ROWS["stratum"] == stratum, len(own) / (len(own) - 1), 1.0)
            made.append(value(np.where(ROWS["psu"] == psu, 0.0, ROWS["person_weight"] * factor)))
        found += (len(own) - 1) / len(own) * float(((np.array(made) - np.mean(made)) ** 2).sum())
    return math.sqrt(found)


def test_inequality_is_within_and_between_groups_exactly() -> None:
    rows = mpi.analyse(profile(TABLE), MEASURE, "inequality", by="region").rows()
    found = {(row["figure"], row["region"]): row["estimate"] for row in rows if row["groups"] == "region"}
    total, centre = sum(one["w"] for one in POOR), mean(POOR, lambda one: one["c"])
    within, between = Fraction(0), Fraction(0)
    for region in at_least_one("nsw"):
        own = [one for one in POOR if one["region"] == region]
        share = sum(one["w"] for one in own) / total
        parts = share * inequality(own), 4 * share * (mean(own, lambda one: one["c"]) - centre) ** 2
        assert found["within", region] == pytest.approx(float(parts[0]), rel=1e-11, abs=1e-15)
        assert found["between", region] == pytest.approx(float(parts[1]), rel=1e-11, abs=1e-15)
        within, between = within + parts[0], between + parts[1]
    assert within + between == inequality(POOR)
    assert found["within", None] == pytest.approx(float(within), rel=1e-11)
    assert found["between", None] == pytest.approx(float(between), rel=1e-11)
    assert found["between_share", None] == pytest.approx(float(between / inequality(POOR)), rel=1e-11)


def test_errors_of_within_and_between_are_near_those_of_the_jackknife() -> None:
    poor, score, region = ROWS["poor"], ROWS["score"], ROWS["region"]

    def parts(weight: np.ndarray[Any, Any], figure: str) -> float:
        q = weight * poor
        centre = (q * score).sum() / q.sum()
        found = 0.0
        for name in "nsw":
            own = q * (region == name)
            a = (own * score).sum() / own.sum()
            spread = (own * (score - a) ** 2).sum() / own.sum() if figure == "within" else (a - centre) ** 2
            found += 4 * own.sum() / q.sum() * spread
        return float(found)

    rows = mpi.analyse(profile(TABLE), MEASURE, "inequality", by="region").rows()
    for figure in at_least_one(("within", "between")):
        (row,) = [one for one in rows if one["figure"] == figure and one["region"] is None]
        repeated = jackknife(lambda weight, own=figure: parts(weight, own))
        assert row["se"] == pytest.approx(repeated, rel=0.25)


def test_all_poor_of_one_score_are_equal() -> None:
    table = province(a=[True] * 160, b=[False] * 160, c=[False] * 160)
    rows = mpi.analyse(profile(table), MEASURE, "inequality", by="region").rows()
    equal = [row for row in rows if row["figure"] in ("inequality_poor", "within", "between")]
    assert all(row["estimate"] == pytest.approx(0, abs=1e-15) for row in at_least_one(equal))


def test_nobody_poor_is_null_with_a_reason() -> None:
    table = province(a=[False] * 160, b=[False] * 160, c=[False] * 160)
    rows = mpi.analyse(profile(table), MEASURE, "inequality", by="region").rows()
    parts = [row for row in rows if row["figure"] in ("inequality_poor", "within", "between", "between_share")]
    assert all(row["estimate"] is None and row["se"] is None and row["note"] for row in at_least_one(parts))
    with pytest.raises(UsageError, match="MPI-E213 nobody is poor at k = 1/2 with a set of deprivations"):
        mpi.analyse(profile(table), MEASURE, "bundles")


def test_bundles_are_shares_of_the_poor_with_errors() -> None:
    rows = mpi.analyse(profile(TABLE), MEASURE, "bundles", by="region").rows()
    sets = {one["flags"] for one in POOR}
    own = [row for row in rows if row["region"] is None and row["figure"] == "of_poor"]
    assert {tuple(row["bundle"].split(" + ")) for row in own} == sets
    assert [row["estimate"] for row in own] == sorted((row["estimate"] for row in own), reverse=True)
    assert math.fsum(row["estimate"] for row in own) == pytest.approx(1, abs=1e-12)
    total, everybody = sum(one["w"] for one in POOR), sum(one["w"] for one in EXACT)
    has = {name: np.array(["".join(one["flags"]) == name for one in EXACT]) for name in map("".join, sets)}
    for row in at_least_one(row for row in rows if row["region"] is None):
        name = row["bundle"].replace(" + ", "")
        weight = sum(one["w"] for one in POOR if "".join(one["flags"]) == name)
        exact = {"of_poor": weight / total, "share": weight / everybody, "number": weight}[row["figure"]]
        assert row["estimate"] == pytest.approx(float(exact), rel=1e-11)
        w, member, poor = ROWS["person_weight"], has[name], ROWS["poor"]
        below = {"of_poor": w * poor, "share": w, "number": None}[row["figure"]]
        z = w * member if below is None else (w * member - float(exact) * below) / below.sum()
        assert row["se"] == pytest.approx(math.sqrt(cluster_variance(z, ROWS["stratum"], ROWS["psu"])), rel=1e-8)
