"""Rows by their key: what a dictionary finds, whatever the columns hold and however large their product is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns.values import Number, Text, Values
from mpi.source import keys
from mpi.source.keys import distinct_index, index, lookup

MOST = st.sampled_from([keys.MAX_CODE, 5])  # beyond it products are coded anew
Row: TypeAlias = tuple[Any, ...]
NUMBERS = st.one_of(st.integers(0, 6), st.sampled_from([-(2**40), -3, 1000, 2**31, 2**40]))
TEXTS = st.sampled_from(["", "0", "01", "1", "a", "á", "z"])


def column(cells: Sequence[Any]) -> Values:
    known = np.array([cell is not None for cell in cells])
    some = None if known.all() else known
    if any(isinstance(cell, str) for cell in cells):
        labels = tuple(sorted({cell for cell in cells if cell is not None}, reverse=True))  # in no order that helps
        return Text(np.array([0 if cell is None else labels.index(cell) for cell in cells]), (*labels, "spare"), some)
    return Number(np.array([0 if cell is None else cell for cell in cells], np.int64), some)


def columns(rows: Sequence[Row]) -> list[Values]:
    return [column(cells) for cells in zip(*rows, strict=True)]


@st.composite
def tables(draw: st.DrawFn, *, unknown: bool = False) -> tuple[list[Row], list[Row]]:
    """Rows of a table and rows that ask, of one to three columns, each of numbers or of texts."""
    sorts = draw(st.lists(st.sampled_from([NUMBERS, TEXTS]), min_size=1, max_size=3))
    row = st.tuples(*(st.one_of(st.none(), sort) if unknown else sort for sort in sorts))
    rows = draw(st.lists(row, min_size=1, max_size=12))
    asked = draw(st.lists(st.one_of(row, st.sampled_from(rows)), min_size=1, max_size=12))
    order: Callable[[list[Row]], list[Row]] = draw(st.sampled_from([list, sorted])) if not unknown else list
    return order(rows), order(asked)


def alike(rows: Sequence[Row], asked: Sequence[Row]) -> bool:
    """Whether both have texts in the same columns: a column of unknowns alone has numbers."""
    return [type(values) for values in columns(rows)] == [type(values) for values in columns(asked)]


@given(data=st.data())
def test_each_key_has_the_row_that_a_dictionary_gives(data: st.DataObject) -> None:
    rows, asked = data.draw(tables())
    first: dict[Row, int] = {}
    for i, row in enumerate(rows):
        first.setdefault(row, i)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MAX_CODE", data.draw(MOST))
        found, repeated = index(columns(rows))
        assert repeated == len(rows) - len(first)
        wanted = [first.get(row, -1) for row in asked]
        assert distinct_index(columns(rows)).find(columns(asked)).tolist() == wanted
        if not repeated:
            assert found.find(columns(asked)).tolist() == wanted


@given(data=st.data())
def test_an_unknown_key_has_no_row_and_the_first_of_several_counts(data: st.DataObject) -> None:
    rows, asked = data.draw(tables(unknown=True).filter(lambda drawn: alike(*drawn)))
    first: dict[Row, int] = {}
    for i, row in enumerate(rows):
        if None not in row:
            first.setdefault(row, i)
    names = [str(i) for i in range(len(rows[0]))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MAX_CODE", data.draw(MOST))
        found = lookup(names, columns(rows)).find(names, columns(asked))
    assert [int(row) if row >= 0 else None for row in found] == [first.get(row) for row in asked]


@pytest.mark.parametrize("cell", [0, 7, "", "a"])
def test_a_table_of_one_row_lacks_every_other_key(cell: int | str) -> None:
    found = index([column([cell])])[0]
    others: list[Any] = [-1, 1, 6, 8, 2**60] if isinstance(cell, int) else ["b", "aa", "z"]
    for asked in ([*others, cell], [cell, *others], others):
        assert found.find([column(asked)]).tolist() == [0 if one == cell else -1 for one in asked]


def test_a_key_of_known_values_that_stand_together_in_no_row_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(i, i, i) for i in range(3)]
    asked = list(product(range(3), repeat=3))
    for most in (keys.MAX_CODE, 5, 2):
        monkeypatch.setattr(keys, "MAX_CODE", most)
        found = index(columns(rows))[0].find(columns(asked)).tolist()
        assert found == [a if a == b == c else -1 for a, b, c in asked]
