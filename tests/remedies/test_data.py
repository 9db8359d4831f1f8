"""Every remedy of a message about data, followed: data or a survey mended as it says are then taken.

The wrong data are the cases of the tests of refusals, and texts of a small village; here stands what somebody does who
follows the remedy, all of its alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest

from mpi.specs.survey import Survey
from tests.source import test_refusals
from tests.source.test_refusals import (
    CANARY,
    DATA,
    DWELLINGS,
    INSIDE,
    Case,
    dwellings,
    poked,
    renamed,
    replaced,
    survey,
)
from tests.support import village
from tests.support.village import profile

CODES = ("{1: urban, 2: rural}", "{1: urban, 2: rural, 3: rural}")
Mended = tuple[Mapping[str, object], Survey | None]


def good(*replacements: tuple[str, str], **tables: object) -> Mended:
    """The village, some of its survey and tables replaced."""
    return {**DATA, **tables}, survey(*replacements) if replacements else None


GOOD = good()


def person(name: str, values: object) -> Mended:
    return replaced(DATA, "persons", name, values), None


def household(name: str, values: object, *replacements: tuple[str, str]) -> Mended:
    return replaced(DATA, "households", name, values), survey(*replacements) if replacements else None


def text(table: str, name: str) -> pa.ChunkedArray:
    return DATA[table].column(name).cast(pa.string())


def of_persons_weight() -> Mapping[str, object]:
    return {
        "persons": DATA["persons"].append_column("weight", pa.array(np.repeat(2.0, 204))),
        "households": DATA["households"].drop_columns("weight"),
    }


def added(table: str, rows: pa.Table, **columns: object) -> Mapping[str, object]:
    found = pa.concat_tables([DATA[table], rows])
    for name, values in columns.items():
        found = found.append_column(name, pa.array(values))
    return {**DATA, table: found}


def where(table: str, condition: str) -> tuple[str, str]:
    old = f"  {table}: {{path: {table}.parquet"
    return old, f'  {table}: {{where: "{condition}", path: {table}.parquet'


BARE, WIDE = ("{column: area, codes: {1: urban, 2: rural}}", "area"), ("width: 2", "width: 7")
AREA = ("{column: area, codes: {1: urban, 2: rural}}", "{column: area, table: households, codes: {1: urban, 2: rural}}")
FOLLOWED: Mapping[str, Sequence[Callable[[], Mended]]] = {
    "no row of persons": [lambda: GOOD],
    "a frame that does not support Arrow": [lambda: GOOD, lambda: good(persons=DATA["persons"].to_pandas())],
    "a frame with mixed types in a column": [
        lambda: GOOD,
        lambda: good(
            households=DATA["households"].set_column(0, "house", text("households", "house")),
            persons=DATA["persons"].set_column(0, "house", text("persons", "house")),
        ),
    ],
    "several tables at once": [lambda: GOOD],
    "two columns of one name": [lambda: GOOD],
    "a key column that is not there": [
        lambda: (
            renamed("persons", house="hous"),
            survey(("key: [house, person]", "key: [hous, person], household: [hous]")),
        )
    ],
    "two columns that are not there": [
        lambda: (
            renamed("persons", age="AGE", years="schooling"),
            survey(
                ("missing_codes: {age: [99]}", "missing_codes: {AGE: [99]}"),
                ("  age: age", "  age: AGE"),
                ("  years: years", "  years: schooling"),
            ),
        ),
        lambda: (
            renamed("persons", age="AGE", years="schooling"),
            survey(("missing_codes", "aliases: {age: [AGE], years: [schooling]}\nmissing_codes")),
        ),
    ],
    "a column of another table": [lambda: GOOD, lambda: good(AREA)],
    "missing codes of a column that is not there": [lambda: GOOD],
    "a column under two names": [lambda: GOOD],
    "a household column that is not among the persons'": [lambda: ({"persons": village.joined(DATA)}, survey(INSIDE))],
    "a column of dates": [lambda: GOOD],
    "infinite numbers": [lambda: GOOD],
    "a text weight": [lambda: GOOD],
    "a code list of texts for a column of numbers": [lambda: GOOD],
    "two codes of one number": [lambda: GOOD],
    "codes that the list does not hold": [
        lambda: (poked(DATA, "households", "area", (3, 3)), survey(CODES)),
        lambda: (poked(DATA, "households", "area", (3, 731)), survey(("{age: [99]}", "{age: [99], area: [731]}"))),
    ],
    "a code between two codes": [
        lambda: GOOD,
        lambda: household("area", [1, 2] * 30),
        lambda: household("area", ["01", "02"] * 30, ("{1: urban, 2: rural}", "{'01': urban, '02': rural}")),
    ],
    "texts that the list does not hold": [
        lambda: (
            poked(replaced(DATA, "households", "area", ["1"] * 60), "households", "area", (3, "77")),
            survey(("{1: urban, 2: rural}", "{1: urban, 2: rural, 77: rural}")),
        ),
        lambda: (
            poked(replaced(DATA, "households", "area", ["1"] * 60), "households", "area", (3, CANARY)),
            survey(("{age: [99]}", f"{{age: [99], area: [{CANARY}]}}")),
        ),
    ],
    "texts that the measure does not declare": [
        lambda: household("area", ["urban"] * 60, BARE, WIDE),
        lambda: household("area", ["suburb"] * 60, BARE, ("{age: [99]}", "{age: [99], area: [suburb]}")),
    ],
    "labels where codes are listed": [
        lambda: GOOD,
        lambda: household(
            "area", ["Town", "Country"] * 30, ("{1: urban, 2: rural}", "{Town: urban, Country: rural}"), WIDE
        ),
    ],
    "decimals where codes belong": [
        lambda: household("region", np.arange(60)),
        lambda: household("region", [str(code) for code in range(60)]),
    ],
    "a null and a negative weight": [lambda: GOOD],
    "weights of 0 only": [
        lambda: household("weight", np.zeros(60), ("weight: weight", "weight: house")),
        lambda: household("weight", np.zeros(60), ("weight: weight", "weight: none")),
    ],
    "a weight that differs inside a household": [lambda: (of_persons_weight(), None)],
    "a PSU that is null": [lambda: GOOD],
    "PSUs in two strata that are declared unique": [
        lambda: good(("psu: segment}", "psu: segment, psu_codes: nested}"))
    ],
    "keys that are null": [
        lambda: GOOD,
        lambda: (
            (poked(poked(DATA, "persons", "house", (0, None), (9, None)), "persons", "person", (7, None))),
            survey(where("persons", "house IS NOT NULL AND person IS NOT NULL")),
        ),
    ],
    "keys that are null in the table of households": [lambda: GOOD],
    "keys that are declared missing": [
        lambda: GOOD,
        lambda: (DATA, survey(("{age: [99]}", "{age: [99], person: [1]}"), where("persons", "person IS NOT NULL"))),
    ],
    "keys with decimals": [
        lambda: GOOD,
        lambda: good(
            households=DATA["households"].set_column(0, "house", text("households", "house")),
            persons=DATA["persons"].set_column(0, "house", text("persons", "house")),
        ),
    ],
    "keys that are yes or no": [lambda: GOOD, lambda: person("person", text("persons", "person"))],
    "persons that come twice": [
        lambda: GOOD,
        lambda: (
            added("persons", DATA["persons"].slice(0, 2), year=[1] * 204 + [2] * 2),
            survey(("key: [house, person]", "key: [house, person, year], household: [house]")),
        ),
    ],
    "households that come twice": [lambda: GOOD],
    "more than one person a household where the key says one": [lambda: GOOD],
    "keys that are text in one table and numbers in the other": [
        lambda: GOOD,
        lambda: good(
            households=DATA["households"].set_column(0, "house", text("households", "house")),
            persons=DATA["persons"].set_column(0, "house", text("persons", "house")),
        ),
    ],
    "household columns that differ between the persons": [
        lambda: ({"persons": village.joined(DATA)}, survey(INSIDE)),
        lambda: (
            {"persons": poked({"persons": village.joined(DATA)}, "persons", "region", (0, "77"))["persons"]},
            survey((INSIDE[0], INSIDE[1].replace("region, ", ""))),
        ),
    ],
    "households without persons": [lambda: GOOD],
    "persons without household": [lambda: GOOD],
    "households without dwelling": [lambda: (dwellings(), survey(DWELLINGS))],
    "dwellings that come twice": [lambda: (dwellings(), survey(DWELLINGS))],
    "a dwelling's key that is null": [lambda: (dwellings(), survey(DWELLINGS))],
    "dwellings' keys of another kind": [lambda: (dwellings(), survey(DWELLINGS))],
    "arithmetic beyond 64 bits": [lambda: good(("  rooms: rooms", "  rooms: rooms / 1000 * 9000000000000000"))],
}


def followed(data: Mapping[str, object], of: Survey | None) -> None:
    profile(data, of=of)


CASES = [(case, follow) for case in test_refusals.CASES for follow in FOLLOWED.get(case.says, ())]


@pytest.mark.parametrize(("case", "follow"), CASES, ids=[str(case) for case, _ in CASES])
def test_data_mended_as_the_remedy_says_are_taken(case: Case, follow: Callable[[], Mended]) -> None:
    followed(*follow())


def test_no_case_of_wrong_data_is_left_unfollowed() -> None:
    assert [case.says for case in test_refusals.CASES if case.says not in FOLLOWED] == []
