"""Analyses against R's `survey`: figures of patterns, formulas over them, and a relative income line.

tests/golden/README.md says how the values were made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

import mpi
from tests.support.golden_files import GOLDEN, NOISE_R, golden, measure, units
from tests.support.loops import at_least_one

ERROR, POINT = 1e-8, 1e-11
INDICATORS = [f"d{j}" for j in range(1, 11)]
ANALYSES = ("bands", "numbers", "redundancy", "overlap", "inequality", "crossing")
Key = tuple[str, str, str]


@cache
def tables(name: str) -> Mapping[Key, Mapping[str, Any]]:
    """Our rows by domain, figure and part, as R's file names them."""
    if name == "crossing":
        found = mpi.analyse(by_income(), relative(), name, by="region", k="1/3")
    else:
        made = mpi.DeprivationProfile.from_flags(
            units("households.csv"), measure(), weight="weight", members="members", by=["region"], stratum="stratum",
            psu="psu",
        )  # fmt: skip
        found = mpi.analyse(made, measure(), name, by="region", k=["1/5", "1/3", "1/2"] if name == "bands" else "1/3")
    rows = {}
    for row in found.rows():
        domain = "" if row["region"] is None else f"region={row['region']}"
        rows[domain, row["figure"], part_of(name, row)] = row
    return rows


def part_of(name: str, row: Mapping[str, Any]) -> str:
    if name == "redundancy":
        return f"{row['first']} {row['second']} {row['censored']}"
    columns = {
        "bands": ("band",),
        "numbers": ("indicator",),
        "overlap": ("dimensions", "sets"),
        "inequality": ("gamma", "groups"),
        "crossing": ("group",),
    }[name]
    return next((str(row[column]) for column in columns if row[column] is not None), "")


@cache
def relative() -> mpi.Measure:
    """The measure with an income line, from rules on the columns of the file."""
    weights = {"health": INDICATORS[:2], "education": INDICATORS[2:4], "living": INDICATORS[4:]}
    return mpi.load_measure(
        {
            "measure": "relative",
            "title": "With a relative line",
            "identification": "household",
            "k": "1/3",
            "missing": "exclude",
            "variables": {"household": {"income": "number", **dict.fromkeys(INDICATORS, "truth")}},
            "lines": {"line": {"income": "income", "relative": "0.6"}},
            "income_poor": "income < line",
            "dimensions": {
                name: {"indicators": {f"in_{one}": {"deprived": one} for one in own}} for name, own in weights.items()
            },
        }
    )


@cache
def by_income() -> mpi.DeprivationProfile:
    table = units("households.csv")
    income = pyarrow.csv.read_csv(GOLDEN / "analyses_income.csv")
    assert table["household"].equals(income["household"])
    for name in INDICATORS:
        flags = pa.array(np.asarray(table[name].to_numpy()) > 0)
        table = table.set_column(table.column_names.index(name), name, flags)
    region = pa.array([str(code) for code in table["region"].to_pylist()])
    table = table.set_column(table.column_names.index("region"), "region", region)
    table = table.append_column("income", income["income"])
    survey = mpi.survey(
        table, weight="weight", members="members", stratum="stratum", psu="psu_unique", domains=["region"]
    )
    return mpi.deprivation_profile(survey, relative(), domains=["region"])


@pytest.mark.filterwarnings("ignore:MPI-N003")  # a PSU whose weights are 0, on purpose
@pytest.mark.parametrize("name", ANALYSES)
def test_figures_and_errors_are_those_of_r(name: str) -> None:
    ours, compared = tables(name), 0
    for row in at_least_one(one for one in golden("analyses.csv") if one["analysis"] == name):
        mine = ours[row["domain"], row["figure"], row["part"]]
        estimate, se = float(row["estimate"]), float(row["se"])
        told = (row["domain"], row["figure"], row["part"])
        if np.isnan(estimate):
            assert mine["estimate"] is None, told
            continue
        assert mine["estimate"] == pytest.approx(estimate, rel=POINT, abs=1e-14), told
        if mine["se"] is None and (mine["df"] == 0 or "no standard error" in mine["note"]):
            continue  # members in one PSU of each stratum: R has an error without degrees of freedom
        if np.isfinite(se) and (mine["se"] is not None or se > NOISE_R):
            assert mine["se"] == pytest.approx(se, rel=ERROR, abs=NOISE_R), told
            compared += 1
    assert compared > 10
