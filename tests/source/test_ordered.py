"""Tables read as a stream, in the order of their keys: what each person is given is what a slow join gives.

A stream is given up for the whole tables in memory where rows do not lie as it needs them. Every layout of rows that
looks like order and is none is tried against the join, which knows no order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns.values import Text, Values, where_known
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import DataError
from mpi.rules import Frame
from mpi.source import Apart, OpenedSurvey, OutOfOrder, blocks, households_only, open_survey, span

SURVEY = """\
survey: estate_2026
period: 2026
tables:
  persons: {path: persons, key: [town, house, person]}
  households: {path: households, key: [town, house], dwelling: [lot]}
  dwellings: {path: dwellings, key: [lot]}
design: {weight: age}
variables: {age: age}
"""
NEEDS = {"persons": ["age"], "households": ["rooms"], "dwellings": ["wall"]}
COLUMNS = {
    "persons": ("town", "house", "person", "age"), "households": ("town", "house", "lot", "rooms"),
    "dwellings": ("lot", "wall"),
}  # fmt: skip
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Estate:
    """Rows of three tables in the order of their files, and how many of each make a row group."""

    persons: Rows
    households: Rows
    dwellings: Rows
    groups: tuple[int, int, int] = (2, 2, 2)
    files: int = 1
    statistics: bool = True

    def write(self, folder: Path) -> None:
        for (name, columns), group in zip(COLUMNS.items(), self.groups, strict=True):
            rows: Rows = getattr(self, name)
            (folder / name).mkdir()
            table = pa.table({column: [row[i] for row in rows] for i, column in enumerate(columns)})
            most = -(-len(rows) // self.files)
            for number, first in enumerate(range(0, len(rows), most)):
                pq.write_table(
                    table.slice(first, most),
                    folder / name / f"{number}.parquet",
                    row_group_size=group,
                    write_statistics=self.statistics,
                )

    def having(self, table: str, rows: Rows) -> Estate:
        """The same with other rows in one table."""
        return replace(self, **{table: rows})  # type: ignore[arg-type]  # the name of a table

    def joined(self) -> Rows:
        """What a slow join gives: each person with the household's rooms and the dwelling's wall."""
        houses = {(town, house): (lot, rooms) for town, house, lot, rooms in self.households}
        walls = dict(self.dwellings)
        found = []
        for town, house, person, age in self.persons:
            lot, rooms = houses[town, house]
            found.append((town, house, person, age, rooms, walls[lot]))
        return sorted(found)


def estate(houses: Sequence[tuple[Any, Any]], lots: Sequence[Any], sizes: Sequence[int] = ()) -> Estate:
    """An estate of some houses, two persons in each if no sizes are given, with their lots; the dwellings rise."""
    sizes = sizes or [2] * len(houses)
    persons = [(*house, person, 100 * i + person) for i, house in enumerate(houses) for person in range(sizes[i])]
    households = [(*house, lot, 100 + i) for i, (house, lot) in enumerate(zip(houses, lots, strict=True))]
    return Estate(persons, households, [(lot, f"wall {lot}") for lot in sorted({x for x in lots if x is not None})])


@pytest.fixture(autouse=True)
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:  # not the fixture: hypothesis runs a test many times
        patch.setattr(households_only, "SMALL", 0)
        patch.setattr(households_only, "PERSONS", 5)
        patch.setattr(span, "SPAN", 6)
        yield


def plain(values: Values) -> list[Any]:
    if isinstance(values, Text):
        cells: list[Any] = [values.labels[code] for code in values.codes]
    else:
        cells = values.values.tolist()  # type: ignore[union-attr]  # no Truth here
    return [cell if known else None for cell, known in zip(cells, where_known(values), strict=True)]


def told(block: Frame) -> Rows:
    """The persons of a block, each with what the block says of the household and the dwelling."""
    persons = [plain(block.persons[f"persons.{name}"]) for name in COLUMNS["persons"]]
    above = list(
        zip(plain(block.households["households.rooms"]), plain(block.households["dwellings.wall"]), strict=True)
    )
    repeated = [pair for pair, size in zip(above, block.sizes, strict=True) for _ in range(size)]
    return [(*own, *pair) for own, pair in zip(zip(*persons, strict=True), repeated, strict=True)]


def opened(of: Estate, folder: Path) -> OpenedSurvey:
    of.write(folder)
    return open_survey(read_survey([compose(SURVEY, "estate.yaml")]), folder)


def read(of: Estate) -> Rows:
    """As every reading goes: as a stream, and where it is given up, otherwise."""
    with TemporaryDirectory() as folder:
        return sorted(row for rows in blocks(opened(of, Path(folder)), NEEDS, told) for row in rows)


def streamed(of: Estate) -> Rows:
    """As a stream or not at all: spans in one process, put together in another."""
    with TemporaryDirectory() as folder:
        survey = opened(of, Path(folder))
        apart, together = (Apart(survey, NEEDS, 6) for _ in range(2))

        def work(some: Iterator[Frame]) -> Rows:
            return [row for block in some for row in told(block)]

        found = [apart.read(i, work) for i in range(len(apart))]
        return sorted(row for rows in together.joined(found, work) for row in rows)


def gives_up(of: Estate) -> bool:
    try:
        streamed(of)
    except OutOfOrder:
        return True
    return False


def as_text(of: Estate) -> Estate:
    """The same with keys of text, in the same order."""

    def written(row: tuple[Any, ...], keys: int) -> tuple[Any, ...]:
        return tuple(f"{cell:02}" if i < keys and cell is not None else cell for i, cell in enumerate(row))

    return replace(
        of,
        persons=[written(row, 2) for row in of.persons],
        households=[written(row, 3) for row in of.households],
        dwellings=[written(row, 1) for row in of.dwellings],
    )


ONE_TOWN = [(1, house) for house in range(1, 9)]


@pytest.mark.parametrize("group", [1, 2, 3, 50])
@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize(
    "lots", [range(8), [0, 0, 0, 1, 1, 1, 1, 2], [7] * 8, [0, 2, 4, 6, 8, 10, 12, 14]],
    ids=["own", "shared", "one", "gaps"],
)  # fmt: skip
def test_rows_in_order_are_read_as_a_stream(group: int, text: bool, lots: Sequence[int]) -> None:
    """Also where borders of row groups cut a town or a dwelling, and for keys of text."""
    several = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1)]
    for houses in (ONE_TOWN, several):
        made = replace(estate(houses, lots), groups=(group,) * 3, files=2)
        made = as_text(made) if text else made
        assert streamed(made) == made.joined()


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize(
    "lots", [[1, 5, 2, 6, 3, 7, 4, 8], [1, 2, 3, 4, 8, 7, 6, 5], [1, 1, 2, 5, 5, 3, 8, 8], [1, 8, 1, 8, 1, 8, 1, 8],
             [8, 7, 6, 5, 4, 3, 2, 1], [2, 8, 1, 4, 5, 3, 7, 6]],
)  # fmt: skip
def test_households_that_refer_to_dwellings_in_another_order_have_their_own(lots: list[int], text: bool) -> None:
    """Part by part, the dwellings would go to the households in the dwellings' order."""
    made = replace(estate(ONE_TOWN, lots), groups=(2, 8, 1))
    made = as_text(made) if text else made
    assert gives_up(made)
    assert read(made) == made.joined()


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("files", [1, 2])
def test_parts_of_one_town_in_the_wrong_order_are_found(text: bool, files: int) -> None:
    """The first column of the key says nothing of the order: it is the same on both sides of the border."""
    made = replace(estate(ONE_TOWN, range(8)), groups=(4, 4, 4), files=files)
    made = replace(made, households=made.households[4:] + made.households[:4])
    made = as_text(made) if text else made
    assert gives_up(made)
    assert read(made) == made.joined()


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("table", ["households", "dwellings"])
def test_a_key_on_both_sides_of_a_border_is_refused(text: bool, table: str) -> None:
    made = estate(ONE_TOWN, range(8))
    rows: Rows = getattr(made, table)
    made = replace(made, groups=(4, 4, 4)).having(table, [*rows[:4], rows[3], *rows[4:]])
    made = as_text(made) if text else made
    with pytest.raises(DataError, match=r"^MPI-D032 .* 1 row of .* with the key"):
        read(made)


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("lot", [0, 1, 5, 8])
def test_a_household_of_unknown_dwelling_is_refused(text: bool, lot: int) -> None:
    """Under an unknown stands 0, or the first of the texts: one of the dwellings has that key."""
    lots: list[int | None] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    lots[lot] = None
    made = estate([*ONE_TOWN, (1, 9)], lots)
    made = replace(made, dwellings=[(i, f"wall {i}") for i in range(9)])
    with pytest.raises(DataError, match=r"^MPI-D030 .* 'lot' of households is null in 1 row"):
        read(as_text(made) if text else made)


@pytest.mark.parametrize(("column", "at"), [("town", 0), ("house", 1), ("lot", 2)])
def test_keys_of_two_types_are_refused_whichever_column_has_them(column: str, at: int) -> None:
    made = estate(ONE_TOWN, range(8))
    rows = [tuple(str(cell) if i == at else cell for i, cell in enumerate(row)) for row in made.households]
    with pytest.raises(DataError, match=rf"^MPI-D033 .* {column!r} holds (text|numbers)"):
        read(replace(made, households=rows))


def test_a_key_of_yes_and_no_is_refused() -> None:
    made = estate([(town, 1) for town in range(1, 9)], range(8))
    rows = [(town, True, *others) for town, _, *others in made.households]
    with pytest.raises(DataError, match=r"^MPI-D031 .* 'house' of households is yes or no in 8 rows"):
        read(replace(made, households=rows))


@pytest.mark.parametrize("lot", [1, 4, 8])
def test_a_household_whose_dwelling_is_lacking_is_refused(lot: int) -> None:
    made = estate(ONE_TOWN, range(1, 9))
    with pytest.raises(DataError, match=r"^MPI-D036 .* 1 household without a row in the table of dwellings"):
        read(replace(made, dwellings=[row for row in made.dwellings if row[0] != lot]))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Tables in an order of their own each, in row groups and files of any size, with or without statistics.

    The largest households fill several spans.
    """
    houses = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 12)), min_size=1, max_size=9, unique=True))
    houses = draw(st.sampled_from([sorted(houses), houses]))
    lots = draw(st.lists(st.integers(0, 11), min_size=len(houses), max_size=len(houses)))
    sizes = draw(st.lists(st.sampled_from([1, 2, 3, 20]), min_size=len(houses), max_size=len(houses)))
    made = estate(houses, draw(st.sampled_from([sorted(lots), lots])), sizes)
    made = as_text(made) if draw(st.booleans()) else made
    for name in COLUMNS:
        rows: Rows = getattr(made, name)
        if draw(st.integers(0, 3)) == 0:
            cut = draw(st.integers(0, len(rows)))
            made = made.having(name, rows[cut:] + rows[:cut])
    return replace(
        made,
        groups=draw(st.tuples(*[st.integers(1, 4)] * 3)),
        files=draw(st.integers(1, 2)),
        statistics=draw(st.integers(0, 4)) > 0,
    )


@pytest.mark.slow
@given(made=estates())
def test_each_person_has_the_own_household_and_dwelling_however_rows_lie(made: Estate) -> None:
    assert read(made) == made.joined()
