"""Changes whose figures are hidden, and profiles that a map may carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi.config import load_disclosure
from mpi.counting import bits
from mpi.disclosure import carried, protect, protect_changes
from mpi.disclosure.publishable import Publishable
from mpi.errors import UsageError
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.disclosure.test_protecting import MEASURE, RULES, House, profile_of, town
from tests.support.strategies import measure_of

NUMBERS = ("before", "after", "estimate", "se", "ci_low", "ci_high", "t", "df", "p", "p_adjusted")
FIRST = [*town("A", 12, 12), *town("B", 9, 9), *town("C", 6, 6), *town("D", 1, 9)]
SECOND = [*town("A", 12, 12), *town("B", 2, 16), *town("C", 6, 6), *town("D", 8, 9), *town("E", 9, 9)]


def rounds() -> list[DeprivationProfile]:
    made = []
    for period, houses in (("2020", FIRST), ("2022", SECOND)):
        one = profile_of(houses)
        made.append(replace(one, period=period, survey=f"s{period}", time=float(period)))
    return made


def changed(by: Sequence[str] = ("town",), judged_by: Sequence[str] = ("town",), **options: Any) -> Publishable:
    parts = [protect([mpi.estimate(one, MEASURE, by=list(judged_by), **options)], RULES)[0] for one in rounds()]
    changes = mpi.change(rounds(), MEASURE, by=list(by), rounds="independent")
    return protect_changes(changes, parts)


def by_town(found: Publishable, k: str = "3/10") -> dict[str | None, str | None]:
    rows = found.only("H", k=k, change="absolute").rows() if len(found) else []
    return {row["town"]: row["hidden_by"] for row in rows}


def test_a_change_is_hidden_where_either_figure_is() -> None:
    found = changed()
    # D and its companion C are hidden in the first round; B and the next smallest, C, in the second.
    assert by_town(found) == {
        None: None,
        "A": None,
        "B": "hidden_round",
        "C": "hidden_round",
        "D": "hidden_round",
        "E": None,
    }
    rows = [row for row in found.rows() if row["standing"] == "hidden"]
    assert len(rows) > 20
    assert all(row[name] is None for row in rows for name in NUMBERS)
    shown = found.row("H", town="A", k="3/10", change="absolute")
    assert shown["before"] == shown["after"] == 0.5
    (notice,) = [n for n in found.notices if n.code == "MPI-N020"]
    assert f"{len(rows):,} of {len(found):,} figures of the changes" in notice.text


def test_a_change_that_no_round_has_judged_is_hidden() -> None:
    found = changed(judged_by=())
    assert by_town(found) == {None: None, **dict.fromkeys("ABCDE", "not_judged")}
    (notice,) = [n for n in found.notices if n.code == "MPI-N021"]
    assert "the rounds have no figures by these domains and cutoffs" in notice.text
    assert by_town(changed(k="3/10"), "3/5")[None] == "not_judged"


def test_changes_need_rounds_under_one_rule_set() -> None:
    changes = mpi.change(rounds(), MEASURE, rounds="independent")
    one, other = (
        protect([mpi.estimate(rounds()[0], MEASURE)], load_disclosure(name))[0] for name in ("standard", "none")
    )
    for parts in ([], [one, other]):
        with pytest.raises(UsageError, match="MPI-E031"):
            protect_changes(changes, parts)


PROFILE = replace(RULES, profile_persons=4, profile_households=2)


def test_a_profile_is_carried_where_every_combination_has_enough_units() -> None:
    houses = [*town("A", 6, 6), *town("B", 4, 5, "a"), *town("B", 4, 0, "cd")]
    houses = [replace(house, weight=3) for house in houses]
    made, why = carried(profile_of(houses), MEASURE, "town", PROFILE)
    assert why == ""
    assert made is not None
    columns = (made.area, made.pattern, made.persons, made.households)
    cells = {
        (made.codes[area], pattern): tuple(units)
        for area, pattern, *units in zip(*(column.tolist() for column in columns), strict=True)
    }
    assert cells == {
        ("A", 0): (18, 18),
        ("A", 12): (18, 18),
        ("B", 0): (15, 15),
        ("B", 1): (12, 12),
        ("B", 12): (12, 12),
    }
    assert (made.pattern.dtype, made.area.dtype) == (np.uint64, np.int64)


@pytest.mark.parametrize(("houses", "says"), [
    ([*town("A", 6, 6), *town("B", 3, 9)], "1 combination of deprivations of 4 have fewer than 4 persons or 2 "
                                           "households in their area"),
    ([*town("A", 6, 6), *town("B", 0, 9), House({"town": "B"}, "a", members=9)],
     "1 combination of deprivations of 4 have fewer than 4 persons or 2 households in their area"),
    ([*town("A", 6, 6), *town("B", 0, 5)], "1 area with fewer than 6 persons would show what all or none of them lack"),
])  # fmt: skip
def test_a_profile_with_small_combinations_is_not_carried(houses: list[House], says: str) -> None:
    assert carried(profile_of(houses), MEASURE, "town", PROFILE) == (None, says)


def test_an_area_of_one_person_tells_what_that_person_lacks_where_one_may_be_carried() -> None:
    houses = [*town("A", 6, 6), *town("B", 0, 1)]
    rules = replace(PROFILE, profile_persons=1, profile_households=1)
    says = "1 area with fewer than 6 persons would show what all or none of them lack"
    assert carried(profile_of(houses), MEASURE, "town", rules) == (None, says)


def test_rules_and_measures_that_no_map_can_carry() -> None:
    profile = profile_of(town("A", 30, 30))
    assert carried(profile, MEASURE, "town", RULES) == (
        None,
        "the disclosure rules test do not allow maps with combinations of deprivations",
    )
    half = {"a": Fraction(1, 4), "b": Fraction(1, 4)}
    union = measure_of(
        {"one": half, "two": {"c": Fraction(1, 4), "d": Fraction(1, 4)}}, MEASURE.cutoffs, at_least={"one": 1}
    )
    assert carried(profile, union, "town", PROFILE)[1] == carried(profile, MEASURE, "town", PROFILE)[1]
    assert carried(profile, replace(MEASURE, missing="reweight"), "town", PROFILE)[1].startswith("units with unknown")
    with pytest.raises(UsageError, match="MPI-E002"):
        carried(profile, MEASURE, "country", PROFILE)


def flagged(measure: Measure, a: Sequence[bool | None]) -> DeprivationProfile:
    size = len(a)
    columns = {name: [False] * size for name in measure.names} | {"a": list(a), "town": ["A"] * size}
    return DeprivationProfile.from_flags(pa.table(columns), measure, weight=None, by="town")


def test_what_is_unknown_is_settled_or_left_out_as_the_measure_says() -> None:
    a = [True] * 6 + [False] * 6 + [None] * 5
    made, _ = carried(flagged(MEASURE, a), MEASURE, "town", PROFILE)
    assert made is not None
    assert made.persons.tolist() == [6, 6]
    counted = replace(MEASURE, missing="deprived")
    made, _ = carried(flagged(counted, a), counted, "town", PROFILE)
    assert made is not None
    assert bits(made.pattern, 1)[:, 0].tolist() == [False, True]
    assert made.persons.tolist() == [6, 11]


def test_public_microdata_are_carried_whole() -> None:
    houses = [*town("A", 1, 6), *town("B", 1, 1, "a")]
    made, why = carried(profile_of(houses), MEASURE, "town", load_disclosure("public_microdata"))
    assert (why, made is not None and made.persons.sum()) == ("", 9)
    for name in ("standard", "small_areas", "census", "none"):
        assert carried(profile_of(houses), MEASURE, "town", load_disclosure(name))[0] is None
