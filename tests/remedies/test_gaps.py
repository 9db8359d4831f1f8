"""Every remedy of a message about gaps of indicators, followed as it says."""

# ruff: noqa: E501  calls stand here as they are written

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mpi.analysis.analysing import analyse
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.support.province import DESIGN, MEASURE, profile, province
from tests.support.remedies import Doing, Row, follow
from tests.support.wells import GAPS, surveyed, tables, wells

TABLES = tables(households=75)


def gap(deprived: str = "income < line", **keys: object) -> Doing:
    """A profile of the wells, with another gap of money."""
    own = {"achievement": "income", "cutoff": "line", "bound": 0, **keys}
    return lambda folder: surveyed(wells({"money": {"deprived": deprived, "gap": own}}), TABLES)


def schooling(**keys: Any) -> Doing:
    return lambda folder: wells({"schooling": keys})


def gaps_of(measure: Measure, **columns: Any) -> Doing:
    return lambda folder: analyse(surveyed(measure, tables(9, 60, **columns)), measure, "gaps")


def flags(folder: Path) -> object:
    measure = wells()
    table = province().rename_columns(["schooling", "crowding", "money", *province().column_names[3:]])
    return analyse(
        DeprivationProfile.from_flags(table, measure, weight="w", members="members", **DESIGN), measure, "gaps"
    )  # type: ignore[arg-type]


def powers(*asked: str, name: str = "inequality") -> Doing:
    return lambda folder: analyse(profile(province()), MEASURE, name, powers=asked or None)


def no_powers(folder: Path) -> object:
    return analyse(profile(province()), MEASURE, "inequality", powers=[])


NONE = wells({name: {"gap": None} for name in GAPS})
DEPRIVED = wells({"money": {"missing": "deprived"}})
HALF = [None if i % 2 else 20.0 for i in range(60)]
NO_NOBODY = {"achievement": "MEAN(years)", "cutoff": 6, "bound": 0}
KNOWN_WORST = {"achievement": "MEAN(years)", "cutoff": 6, "bound": 0, "nobody": 0}
ROWS = [
    Row("MPI-D147", "write an achievement that is known wherever the rule `deprived` is, or leave `gap:` out", gap(achievement="CASE WHEN income < 0 THEN 1 END"), [gap(), lambda folder: surveyed(wells({"money": {"gap": None}}), TABLES)]),
    Row("MPI-D147", "give `bound:` a value that no cutoff has", gap(bound="line"), [gap(bound=0)]),
    Row("MPI-D147", "write the cutoff that the rule `deprived` has: those deprived are strictly below it", gap(cutoff="line - 5"), [gap(cutoff="line")]),
    Row("MPI-D147", "write the achievement and the cutoff that the rule `deprived` compares", gap(cutoff="line + 5"), [gap()]),
    Row("MPI-D147", "give `bound:` the worst value that there is, or write GREATEST or LEAST around the achievement", gap(bound=10), [gap(bound=0), gap(achievement="GREATEST(income, 10)", bound=10)]),
    Row("MPI-E214", "write `gap:` with `achievement:`, `cutoff:` and `bound:` for those with a cardinal achievement", gaps_of(NONE), [gaps_of(wells())]),
    Row("MPI-E214", "make the profile from microdata with this measure (`mpi profile`): ready-made flags have none", flags, [gaps_of(wells())]),
    Row("MPI-E214", "write `missing: exclude` in the measure, and no `missing:` for these indicators", gaps_of(DEPRIVED, income=HALF), [gaps_of(wells(), income=HALF)]),
    Row("MPI-M012", "give `bound:` the worst achievement that there is", gap(cutoff=40, bound=40, deprived="income < 40"), [gap(cutoff=40, bound=0, deprived="income < 40")]),
    Row("MPI-M012", "write `nobody:` under `gap:`, the achievement that they count with, such as the bound", schooling(gap=NO_NOBODY), [schooling(gap=KNOWN_WORST)]),
    Row("MPI-M012", "remove it", schooling(nobody="unknown"), [schooling(nobody="unknown", gap=NO_NOBODY)]),
    Row("MPI-E213", "leave them out; inequality, gaps have them", powers("1", name="bands"), [powers(name="bands"), powers("1"), lambda folder: analyse(surveyed(wells(), TABLES), wells(), "gaps", powers=["1"])]),
    Row("MPI-E213", "write a number from 0, such as 1/2 or 3", powers("x"), [powers("1/2"), powers("3"), powers("0")]),
    Row("MPI-E213", "leave it out for 0, 1 and 2", no_powers, [powers()]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_that_is_followed_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
