"""What contradicts a gap, or leaves it without a meaning: unknowns, faulty rules, ordinal indicators, powers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

import mpi
from mpi.errors import UsageError
from mpi.profile import DeprivationProfile
from tests.support.province import DESIGN as FLAGS_DESIGN
from tests.support.province import MEASURE, profile, province
from tests.support.wells import GAPS, only, surveyed, tables, wells

NAMES = tuple(GAPS)
TABLES = tables(households=75)


def test_unknowns_leave_as_the_rule_says_or_are_refused() -> None:
    income = [None if i % 7 == 0 else 20.0 for i in range(60)]
    data = tables(9, 60, income=pa.array(income, pa.float64()))
    made = mpi.analyse(surveyed(wells(), data), wells(), "gaps")
    known = {
        name: table.filter(pa.compute.is_valid(table["income"])) for name, table in data.items() if name != "persons"
    }
    ids = known["households"]["hid"]
    known["persons"] = data["persons"].filter(pa.compute.is_in(data["persons"]["hid"], ids.combine_chunks()))
    for mine, theirs in zip(made.rows(), mpi.analyse(surveyed(wells(), known), wells(), "gaps").rows(), strict=True):
        assert mine["estimate"] == pytest.approx(theirs["estimate"], rel=1e-12)
    deprived = wells({"money": {"missing": "deprived"}})
    with pytest.raises(UsageError, match=r"MPI-E214 .*money"):
        mpi.analyse(surveyed(deprived, data), deprived, "gaps")
    spared = wells({"money": {"missing": "not_deprived"}})
    zero = mpi.analyse(surveyed(spared, data), spared, "gaps")
    assert only(zero, "M_alpha", alpha="0", k="1/4")["n"] == sum(data["households"]["members"].to_pylist())
    shared = wells(missing="reweight", dimensions={"all": {"indicators": {
        name: {key: value for key, value in own.items()} for name, own in REWEIGHTED.items()}}})  # fmt: skip
    made = mpi.analyse(surveyed(shared, data), shared, "gaps")
    for k in ("1/4", "1/2"):
        parts = [
            row["estimate"]
            for row in made.rows()
            if (row["figure"], row["k"], row["alpha"]) == ("contribution", k, "1")
        ]
        assert math.fsum(parts) == pytest.approx(only(made, "M_alpha", alpha="1", k=k)["estimate"], rel=1e-12)


REWEIGHTED = {
    "crowding": {"deprived": "members / rooms > 3", "gap": {"achievement": "members / rooms", "cutoff": 3, "bound": 8}},
    "money": {"deprived": "income < line", "gap": {"achievement": "income", "cutoff": "line", "bound": 0}},
}

CONTRADICTIONS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "deprived at the cutoff": (
        {"deprived": "income <= line", "gap": {"achievement": "income", "cutoff": "line", "bound": 0}},
        "2 households deprived by the rule with an achievement at the cutoff or better",
    ),
    "short and not deprived": (
        {"deprived": "income < line - 10", "gap": {"achievement": "income", "cutoff": "line", "bound": 0}},
        "1 household not deprived by the rule with an achievement worse than the cutoff",
    ),
    "beyond the bound": (
        {"deprived": "income < line", "gap": {"achievement": "income", "cutoff": "line", "bound": 8}},
        "1 household deprived by the rule with an achievement beyond the bound",
    ),
    "unknown achievement": (
        {
            "deprived": "income < line OR rooms < 2",
            "gap": {"achievement": "income + asked", "cutoff": "line", "bound": 0},
        },
        "3 households deprived by the rule whose achievement is not known",
    ),
    "no room for a gap": (
        {"deprived": "income < line", "gap": {"achievement": "income", "cutoff": "line", "bound": "line - 0 * rooms"}},
        "8 households whose bound is the cutoff",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_gap_that_contradicts_its_rule_is_counted_and_refused(name: str) -> None:
    own, told = CONTRADICTIONS[name]
    measure = mpi.load_measure({
        "measure": "money", "title": "Money", "identification": "household", "k": "1", "missing": "exclude",
        "variables": {"household": {"income": "number", "line": "number", "rooms": "number", "asked": "number"}},
        "dimensions": {"money": {"indicators": {"money": own}}},
    })  # fmt: skip
    data = tables(2, 8, income=[0.0, 35, 40, 40, 90, 90, 90, 90], line=[40.0] * 8, rooms=[2] * 8,
                  asked=pa.array([None] * 3 + [0.0] * 5, pa.float64()), psu=[0, 0, 1, 1, 2, 2, 3, 3],
                  stratum=[0, 0, 0, 0, 1, 1, 1, 1])  # fmt: skip
    variables = {one: one for one in ("income", "line", "rooms", "asked")}
    if name == "unknown achievement":
        data = {**data, "households": data["households"].set_column(
            data["households"].column_names.index("rooms"), "rooms", pa.array([1, 1, 1, 2, 2, 2, 2, 2]))}  # fmt: skip
    with pytest.raises(mpi.MpiError, match="MPI-D147") as met:
        surveyed(measure, data, variables=variables)
    assert told in str(met.value)
    assert "money" in str(met.value)


FAULTY: Mapping[str, tuple[Mapping[str, Mapping[str, object]], str]] = {
    "bound at the cutoff": (
        {"money": {"gap": {"achievement": "income", "cutoff": 3, "bound": 3}}},
        "its bound at the cutoff",
    ),
    "nobody is deprived without an achievement": (
        {"schooling": {"gap": {"achievement": "MEAN(years)", "cutoff": 6, "bound": 0}}},
        "does not say how far",
    ),
    "nobody who is not deprived": (
        {"schooling": {"nobody": "not_deprived"}},
        "no unit without anybody eligible is deprived",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_gaps_that_make_no_sense_are_refused(name: str) -> None:
    changes, told = FAULTY[name]
    with pytest.raises(mpi.MpiError, match="MPI-M012") as met:
        wells(changes)
    assert told in str(met.value)


def test_a_gap_has_to_be_a_number() -> None:
    with pytest.raises(mpi.MpiError, match="MPI-R013"):
        wells({"money": {"gap": {"achievement": "income < 3", "cutoff": "line", "bound": 0}}})


def test_an_ordinal_indicator_keeps_m_alpha_from_being_given() -> None:
    part = wells({"money": {"gap": None}})
    made = mpi.analyse(surveyed(part, TABLES), part, "gaps")
    assert {(row["alpha"], row["indicator"]) for row in made.only("M_alpha").rows()} == {("0", None)}
    assert {row["indicator"] for row in made.only("average_gap").rows()} == {"schooling", "crowding"}
    assert not any(row["figure"] in ("contribution", "share") for row in made.rows())
    (notice,) = [one for one in made.notices if one.code == "MPI-N150"]
    assert "money" in notice.text
    mixed = wells({"money": {"gap": "ordinal"}})
    given_all = mpi.analyse(surveyed(mixed, TABLES), mixed, "gaps")
    ordinal = only(given_all, "average_gap", indicator="money", alpha="1", k="1/4")
    assert ordinal["estimate"] == 1
    (notice,) = [one for one in given_all.notices if one.code == "MPI-N150"]
    assert "mixed" in notice.text
    whole = wells()
    exact = mpi.analyse(surveyed(whole, TABLES), whole, "gaps")
    for name in ("schooling", "crowding"):
        one, other = (only(own, "average_gap", indicator=name, alpha="1", k="1/2") for own in (exact, made))
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-12)
        assert one["se"] == pytest.approx(other["se"], rel=1e-9)


def test_what_has_no_gaps_is_refused() -> None:
    none = wells({name: {"gap": None} for name in NAMES})
    with pytest.raises(UsageError, match=r"MPI-E214 .*no indicator of wells has a gap"):
        mpi.analyse(surveyed(none, TABLES), none, "gaps")
    with pytest.raises(UsageError, match=r"MPI-E110 .*`gap:` of money"):
        mpi.analyse(surveyed(none, TABLES), wells(), "gaps")
    flags = mpi.load_measure({
        "measure": "test", "title": "Test", "identification": "household", "k": "1/2", "missing": "exclude",
        "variables": {"household": {"x": "number"}},
        "dimensions": {"one": {"indicators": {
            name: {"deprived": "x < 1", "gap": {"achievement": "x", "cutoff": 1, "bound": 0}} for name in "abc"}}},
    })  # fmt: skip
    made = DeprivationProfile.from_flags(province(), flags, weight="w", members="members", **FLAGS_DESIGN)
    with pytest.raises(UsageError, match=r"MPI-E214 .*gap a"):
        mpi.analyse(made, flags, "gaps")


@pytest.mark.parametrize("powers", [["-1"], ["x"], [], ["101"]])
def test_powers_are_numbers_from_0(powers: list[str]) -> None:
    with pytest.raises(UsageError, match="MPI-E213"):
        mpi.analyse(profile(province()), MEASURE, "inequality", powers=powers)


def test_powers_of_scores_and_of_analyses_without_them() -> None:
    held = profile(province())
    made = mpi.analyse(held, MEASURE, "inequality", powers=["1", "3/2"])
    one, other = made.only("M_gamma").rows()
    assert (one["gamma"], other["gamma"]) == ("1", "3/2")
    poor = mpi.estimate(held, MEASURE, statistics=["M0"])
    assert one["estimate"] == pytest.approx(poor.rows()[0]["estimate"], rel=1e-14)
    assert other["estimate"] < one["estimate"]
    with pytest.raises(UsageError, match="MPI-E213 the analysis bands has no powers"):
        mpi.analyse(held, MEASURE, "bands", powers=["1"])
