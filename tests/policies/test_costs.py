"""What plans cost against sums over households; tables of costs of every kind, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mpi
from mpi.errors import DataError, UsageError
from mpi.policies.costs import costs_of
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of

TABLE = province()
ROWS = rows_of(TABLE)
PLAN = ["reduce a by 1/3 in region=n,s if poor", "close b", "raise c by 1/2", "reduce a by 1/2 in region=n"]
COSTS = {"n": {"a": 120.0, "b": 30.0}, "s": {"a": 100.0, "b": 25.5}, "w": {"a": 0.0, "b": 40.0}}
LONG = pd.DataFrame(
    [(code, name, cost) for code, own in COSTS.items() for name, cost in own.items()],
    columns=["region", "indicator", "cost"],
)
WIDE = pd.DataFrame([{"region": code, **own} for code, own in COSTS.items()])


def lifted() -> dict[str, np.ndarray[Any, Any]]:
    """The probability that each action lifts each household, by hand: the last finds a third of the poor lifted."""
    a, b, region, poor = ROWS["a"].astype(float), ROWS["b"].astype(float), ROWS["region"], ROWS["poor"]
    first = a * poor * np.isin(region, ["n", "s"]) / 3
    return {"1. " + PLAN[0]: first, "2. " + PLAN[1]: b, "4. " + PLAN[3]: (a - first) * (region == "n") / 2}


def test_costs_and_households_lifted_are_sums_over_households() -> None:
    found = mpi.plan_costs(profile(TABLE), MEASURE, PLAN, LONG, by="region")
    price = {name: np.array([COSTS[code][name] for code in ROWS["region"]]) for name in "ab"}
    own = {action: (moved, price["b" if "close" in action else "a"]) for action, moved in lifted().items()}
    for region in (None, *"nsw"):
        inside = np.ones(len(TABLE), bool) if region is None else ROWS["region"] == region
        total = np.zeros(len(TABLE))
        for action, (moved, each) in at_least_one(own.items()):
            for figure, values in (("lifted", moved), ("cost", moved * each)):
                row = found.only(figure, region=region, action=action).rows()[0]
                z = ROWS["w"] * values * inside
                assert row["estimate"] == pytest.approx(z.sum(), rel=1e-12, abs=1e-12)
                if row["se"]:
                    assert row["se"] == pytest.approx(
                        np.sqrt(cluster_variance(z, ROWS["stratum"], ROWS["psu"])), rel=1e-9
                    )
            total += moved * each
        row = found.only("cost", region=region, action="all").rows()[0]
        assert row["estimate"] == pytest.approx((ROWS["w"] * total * inside).sum(), rel=1e-12)
    assert found.table["unit"].to_pylist()[0] == "households"
    assert {row["reading"] for row in found.rows()} == {"accounting, not impact"}


def written(folder: Path, kind: str) -> object:
    if kind == "csv":
        LONG.to_csv(folder / "costs.csv", index=False)
        return folder / "costs.csv"
    if kind == "xlsx":
        WIDE.to_excel(folder / "costs.xlsx", index=False)
        return str(folder / "costs.xlsx")
    return LONG if kind == "long" else WIDE


@pytest.mark.parametrize("kind", ["csv", "xlsx", "long", "wide"])
def test_tables_of_costs_of_every_kind_are_one(kind: str, tmp_path: Path) -> None:
    one, other = (
        mpi.plan_costs(profile(TABLE), MEASURE, PLAN, given).only("cost").rows()
        for given in (LONG, written(tmp_path, kind))
    )
    assert [row["estimate"] for row in one] == [row["estimate"] for row in other]


def test_one_cost_everywhere() -> None:
    found = mpi.plan_costs(profile(TABLE), MEASURE, "close b", {"b": 7})
    number, cost = (found.only(name, action="all").rows()[0]["estimate"] for name in ("lifted", "cost"))
    assert cost == pytest.approx(7 * number, rel=1e-12)
    assert number == pytest.approx((ROWS["w"] * ROWS["b"]).sum(), rel=1e-12)


FAULTY: dict[str, tuple[Callable[[], object], str]] = {
    "area": (lambda: LONG[LONG.region != "s"], "no cost of a in region s"),
    "indicator": (lambda: LONG[LONG.indicator != "b"], "no cost of b"),
    "nothing everywhere": (lambda: {"a": 1}, "no cost of b"),
    "strange indicator": (lambda: pd.DataFrame({"indicator": ["x"], "cost": [1]}), "has no indicator 'x'"),
    "negative": (lambda: {"a": -1, "b": 1}, "a cost that is not a number of 0 or more"),
    "text": (lambda: {"a": "much", "b": 1}, "a cost that is not a number of 0 or more"),
    "Python's own": (lambda: {"a": "1_000", "b": 1}, "a cost that is not a number of 0 or more"),
    "infinite": (lambda: {"a": float("inf"), "b": 1}, "a cost that is not a number of 0 or more"),
    "twice": (lambda: pd.concat([LONG, LONG]), "a second cost of a for the same area"),
    "two domains": (lambda: LONG.assign(zone="u"), "has the codes of several domains: region, zone"),
    "no columns": (lambda: pd.DataFrame({"x": [1]}), "neither the columns indicator and cost nor a column"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_faults_of_a_table_of_costs(name: str) -> None:
    given, message = FAULTY[name]
    with pytest.raises(DataError, match=f"MPI-E253 .*{message}"):
        mpi.plan_costs(profile(TABLE), MEASURE, PLAN, given())


def test_costs_are_read_as_their_column_is_written() -> None:
    def of(*cells: object) -> list[float]:
        found = costs_of(pd.DataFrame({"indicator": ["a", "b"], "cost": cells}), MEASURE, [])
        return [found.unit[None, "a"], found.unit[None, "b"]]

    assert of("1.250,50", "3") == [1250.5, 3] and of("1,5", "0,25") == [1.5, 0.25] and of(1.125, 3.25) == [1.125, 3.25]
    assert costs_of({"a": 1.125, "b": 2}, MEASURE, []).unit[None, "a"] == 1.125
    with pytest.raises(DataError, match=r"MPI-D131 .*column 'cost' can be read in two ways: in 1 cell dots may part"):
        of("1.250", "3")


def test_all_faults_of_a_table_are_told_with_their_places(tmp_path: Path) -> None:
    LONG.assign(cost=-1).to_csv(tmp_path / "costs.csv", index=False)
    with pytest.raises(DataError, match=r"costs\.csv:2:3") as told:
        mpi.plan_costs(profile(TABLE), MEASURE, PLAN, tmp_path / "costs.csv")
    assert len(told.value.faults) == len(LONG)


def test_shocks_cost_nothing() -> None:
    with pytest.raises(UsageError, match="no action of the plan lifts anybody"):
        mpi.plan_costs(profile(TABLE), MEASURE, "raise a by 1/2", {"a": 1})
