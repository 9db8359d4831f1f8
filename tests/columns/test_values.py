"""Columns with unknowns: taking, repeating, joining and comparing rows, and codes as texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns.values import (
    Number,
    Text,
    Values,
    both_known,
    codes_as_text,
    common_codes,
    concatenate,
    crossed,
    differ,
    repeat,
    stable_order,
    take,
    unknown_count,
    where_label,
)
from tests.support.columns import listed, number, text, truth

COLUMNS = [[1, None, 3], [0.5, None, 2.5], ["b", None, "a"], [True, None, False]]
MAKERS = [number, number, text, truth]
MADE = [pytest.param(maker, rows, id=str(rows)) for maker, rows in zip(MAKERS, COLUMNS, strict=True)]


@pytest.mark.parametrize(("maker", "rows"), MADE)
def test_rows_are_taken_repeated_and_joined_with_what_is_known_of_them(maker: Any, rows: list[Any]) -> None:
    column, sure = maker(*rows), maker(rows[0])
    assert len(column) == 3
    assert listed(take(column, np.array([2, 1, 1]))) == [rows[2], None, None]
    assert listed(take(column, slice(0, 2))) == rows[:2]
    assert listed(repeat(column, np.array([2, 1, 0]))) == [rows[0], rows[0], None]
    assert listed(concatenate([sure, column, sure])) == [rows[0], *rows, rows[0]]
    assert take(sure, slice(0, 1)).known is repeat(sure, np.array([3])).known is None
    assert concatenate([sure, sure]).known is None
    assert unknown_count(column) == 1
    assert unknown_count(sure) == 0


@pytest.mark.parametrize(("maker", "rows"), MADE)
def test_a_batch_without_any_known_value_takes_the_type_of_the_others(maker: Any, rows: list[Any]) -> None:
    for empty in (number(None, None), text(None, None), truth(None, None)):
        for parts in ([empty, maker(*rows)], [maker(*rows), empty]):
            joined = concatenate(parts)
            assert type(joined) is type(maker(*rows))
            assert sorted(map(str, listed(joined))) == sorted(map(str, [*rows, None, None]))


def test_batches_without_rows_or_without_anything_known_can_be_joined() -> None:
    assert listed(concatenate([number(), text("a")])) == ["a"]
    assert listed(concatenate([text("a"), number()])) == ["a"]
    assert listed(concatenate([number(), number()])) == []
    assert listed(concatenate([number(None), truth(None)])) == [None, None]


def test_batches_of_different_types_are_refused() -> None:
    with pytest.raises(TypeError, match=r"^columns of different types$"):
        concatenate([number(1, None), text("a")])
    with pytest.raises(TypeError, match=r"^columns of different types$"):
        differ(number(1), truth(True))


def test_common_codes_are_equal_where_the_texts_are() -> None:
    labels, (a, b) = common_codes([text("a", "b"), text("c", "b", None)])
    assert [labels[code] for code in a] == ["a", "b"]
    assert [labels[code] for code in b[:2]] == ["c", "b"]
    same = text("x", "y")
    assert common_codes([same, take(same, slice(0, 1))])[1][0] is same.codes
    assert common_codes([text(None), text("a")])[0] == ("a",)


@pytest.mark.parametrize(("maker", "rows"), MADE)
def test_two_unknowns_are_alike_and_a_known_differs_from_an_unknown(maker: Any, rows: list[Any]) -> None:
    a, b, _ = rows[0], rows[2], None
    one, other = maker(a, a, a, None, None), maker(a, b, None, a, None)
    assert differ(one, other).tolist() == [False, True, True, True, False]
    assert differ(maker(a, a), maker(a, b)).tolist() == [False, True]
    assert differ(maker(a, a), maker(a, None)).tolist() == [False, True]


def test_what_is_known_of_two_columns_is_what_is_known_of_both() -> None:
    mask = np.array([True, False])
    assert both_known(None, None) is None
    assert both_known(mask, None) is mask
    assert both_known(None, mask) is mask
    assert (both_known(mask, ~mask) == [False, False]).all()  # type: ignore[union-attr]


codes = st.sampled_from(["", "a", "|", "\\", "a|", "|b", "\\|", "b"])


@given(st.lists(st.tuples(codes, codes, codes), min_size=1, max_size=8))
def test_crossed_codes_are_equal_where_all_their_parts_are(rows: list[tuple[str, str, str]]) -> None:
    found = listed(crossed([text(*(row[i] for row in rows)) for i in range(3)]))
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            assert (found[i] == found[j]) == (one == other)


def test_crossed_codes_are_joined_by_a_bar_and_unknown_where_one_is() -> None:
    assert listed(crossed([text("1", "2", None), text("x", None, "y")])) == ["1|x", None, None]
    alone = text("a|b")
    assert crossed([alone]) is alone
    assert listed(crossed([text(None, None), text("a", "b")])) == [None, None]


@pytest.mark.parametrize(
    ("column", "width", "expected"),
    [
        (number(5, 11, None), 2, ["05", "11", None]),
        (number(5.0, None, -3.0), 0, ["5", None, "-3"]),
        (number(2**62), 0, [str(2**62)]),
        (number(2.0**53 - 1), 0, [str(2**53 - 1)]),
        (text("5", "011", None), 3, ["005", "011", None]),
        (text("a", "b"), 0, ["a", "b"]),
        (truth(True, False, None), 0, ["1", "0", None]),
        (number(), 2, []),
    ],
)
def test_codes_are_whole_numbers_padded_with_zeros(column: Values, width: int, expected: list[str | None]) -> None:
    assert listed(codes_as_text(column, width)) == expected


def test_an_unknown_code_may_hide_any_number() -> None:
    column = Number(np.array([0.5, 2.0, 1e300]), np.array([False, True, False]))
    assert listed(codes_as_text(column, 2)) == [None, "02", None]


def test_a_width_makes_one_code_of_texts_that_lost_their_zeros_and_of_those_that_kept_them() -> None:
    """Whether both stand in one block or in two, so that a profile does not hang on where blocks end."""
    whole = codes_as_text(text("5", "05", "11", " 5"), 2)
    assert [whole.labels[code] for code in whole.codes] == ["05", "05", "11", "05"]
    assert whole.labels == ("05", "11")
    parts = [codes_as_text(text(*part), 2) for part in (("5", "11"), ("05", " 5"))]
    assert [part.labels[code] for part in parts for code in part.codes] == ["05", "11", "05", "05"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (number(1.5, 2), "numbers with decimals"),
        (number(2.0**53), "decimal numbers of 9,007,199,254,740,992 or more, too large to be exact"),
        (number(-1e300), "decimal numbers of 9,007,199,254,740,992 or more, too large to be exact"),
    ],
)
def test_what_cannot_be_a_code_is_refused(column: Values, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        codes_as_text(column, 2)


@given(st.lists(st.integers(0, 2**62) | st.integers(0, 5), max_size=60))
def test_the_fast_order_is_that_of_a_stable_sort(codes: list[int]) -> None:
    array = np.array(codes, np.int64)
    np.testing.assert_array_equal(stable_order(array), np.argsort(array, kind="stable"))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.sets(st.integers(0, 40)))
def test_rows_with_some_labels_are_found_few_or_many(codes: list[int], wanted: set[int]) -> None:
    column = Text(np.array(codes, np.int8), tuple(f"l{i}" for i in range(31)))
    found = where_label(column, {f"l{i}" for i in wanted})
    assert found.tolist() == [code in wanted for code in codes]
