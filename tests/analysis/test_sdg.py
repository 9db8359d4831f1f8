"""The series of indicator 1.2.2 against the estimates of each measure alone, and what is no measure of children."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

import mpi
from mpi.errors import UsageError
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff
from tests.support import village
from tests.support.loops import at_least_one
from tests.support.strategies import measure_of

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
CHILDREN = (
    ("measure: village", "measure: kids\nkind: children\nuniverse: age < 18"),
    ("missing: exclude", "missing: reweight"), ("k: 1/3", "k: 1/2"),
)  # fmt: skip


@cache
def data() -> village.Tables:
    return village.tables(150, 8)


@cache
def alone(*second: tuple[str, str]) -> DeprivationProfile:
    return mpi.deprivation_profile(village.survey(), village.measure(*second), data())


@cache
def table() -> Any:
    kids = village.measure(*CHILDREN)
    both = mpi.deprivation_profile(village.survey(), village.measure(), data(), beside=kids)
    return mpi.analyse(both, village.measure(), "sdg", by="region", other=kids)


def test_the_five_series_are_the_estimates_of_each_measure_alone() -> None:
    series = {
        "SD_MDP_MUHC": ("H", "persons", ()), "SD_MDP_ANDI": ("A", "persons", ()),
        "SD_MDP_MUHHC": ("H", "households", ()), "SD_MDP_ANDIHH": ("A", "households", ()),
        "SD_MDP_CSMP": ("H", "persons", CHILDREN),
    }  # fmt: skip
    assert {row["series"] for row in table()} == set(series)
    for row in at_least_one(list(table())):
        statistic, unit, second = series[row["series"]]
        own = village.measure(*second)
        found = mpi.estimate(alone(*second), own, by="region", unit=unit)  # type: ignore[arg-type]
        named = {} if row["region"] is None else {"region": row["region"]}
        (wanted,) = [one for one in found.only(statistic, region=row["region"]).rows() if named.items() <= one.items()]
        assert (row["measure"], row["unit"], row["figure"], row["k"]) == (
            own.name,
            unit,
            statistic,
            own.cutoffs[0].text,
        )
        for name in ("estimate", "se", "ci_low", "ci_high"):
            assert row[name] == pytest.approx(wanted[name], rel=1e-9, abs=1e-12), (row["series"], name)
        assert row["n"] == wanted["n"]


def test_a_measure_of_children_has_its_own_series_alone() -> None:
    own = village.measure(*CHILDREN)
    found = mpi.analyse(alone(*CHILDREN), own, "sdg").rows()
    assert [(row["series"], row["unit"]) for row in found] == [("SD_MDP_CSMP", "persons")]
    assert found[0]["estimate"] == mpi.estimate(alone(*CHILDREN), own).value("H")


def test_a_measure_of_persons_has_no_series_of_households() -> None:
    own = measure_of({"x": {"a": Fraction(1)}}, [Cutoff(Fraction(1))], identification="person")
    made = DeprivationProfile.from_flags(pa.table({"a": [True, False], "w": [1.0, 2.0]}), own, weight="w")
    assert {row["series"] for row in mpi.analyse(made, own, "sdg")} == {"SD_MDP_MUHC", "SD_MDP_ANDI"}


def test_another_measure_beside_must_be_of_children() -> None:
    other = village.measure(("measure: village", "measure: other"))
    both = mpi.deprivation_profile(village.survey(), village.measure(), data(), beside=other)
    with pytest.raises(UsageError, match=r"MPI-E215 .*other is not one of children, which SD_MDP_CSMP is of"):
        mpi.analyse(both, village.measure(), "sdg", other=other)
