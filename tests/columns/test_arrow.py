"""The border to Arrow: every type both ways, slices, chunks, unknowns, and no pandas."""

from __future__ import annotations

import datetime
import subprocess
import sys
from decimal import Decimal
from typing import Any
from unicodedata import normalize

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns import arrow
from mpi.columns.arrow import Unreadable, array_of, numbers, numbers_at, read_frame, sort_of, table, texts, values_of
from mpi.columns.values import Number, Text, Truth, Values, where_known
from mpi.errors import DataError
from tests.support.limits import MOST

INTEGERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
FLOATS = [pa.float16(), pa.float32(), pa.float64()]
# Decimals of 32 and 64 bits are new in pyarrow 18.
SMALL = [make(7, 2) for name in ("decimal32", "decimal64") if (make := getattr(pa, name, None)) is not None]
DECIMALS = [*SMALL, pa.decimal128(20, 2), pa.decimal256(40, 2)]
TEXTS = [pa.string(), pa.large_string(), pa.string_view()]
OTHERS = [
    pa.date32(),
    pa.timestamp("s"),
    pa.time32("s"),
    pa.duration("s"),
    pa.binary(),
    pa.list_(pa.int8()),
    pa.struct([("a", pa.int8())]),
]


def listed(values: Values) -> list[Any]:
    match values:
        case Number():
            assert values.values.dtype in (np.int8, np.int16, np.int32, np.int64, np.float64)
            assert np.isfinite(values.values).all()
            found: list[Any] = values.values.tolist()
        case Truth():
            assert values.true.dtype == np.bool_
            assert not (values.true & ~where_known(values)).any()
            found = values.true.tolist()
        case Text():
            assert values.codes.dtype == np.int64
            assert len(set(values.labels)) == len(values.labels)
            found = [values.labels[code] if values.labels else None for code in values.codes.tolist()]
    return [value if sure else None for value, sure in zip(found, where_known(values).tolist(), strict=True)]


SAMPLES: list[tuple[pa.DataType, list[Any]]] = [
    *[(type_, [1, 2, None, 0, 7]) for type_ in INTEGERS],
    *[(type_, [0.5, None, 2.0, -1.0, 0.0]) for type_ in FLOATS],
    *[(type_, [Decimal("0.50"), None, Decimal("99.99"), Decimal("-1.00")]) for type_ in DECIMALS],
    *[(type_, ["b", "a", None, "b", ""]) for type_ in TEXTS],
    (pa.bool_(), [True, None, False, True, True, False, False, True, None, True, False]),
    (pa.null(), [None, None, None]),
    *[(pa.dictionary(index, pa.string()), ["x", None, "y", "x"]) for index in (pa.int8(), pa.uint32(), pa.int64())],
    (pa.dictionary(pa.int32(), pa.large_string()), ["x", None, "y", "x"]),
    (pa.dictionary(pa.int32(), pa.int64()), [5, None, 6, 5]),
    (pa.dictionary(pa.int32(), pa.float64()), [0.5, None, 0.25]),
]
IDS = [str(type_) for type_, _ in SAMPLES]


def built(rows: list[Any], type_: pa.DataType) -> pa.Array:
    """An array of any type; pyarrow before 21 makes some only from arrays, and keeps the widest index when asked."""
    if type_ == pa.float16():
        known = np.array([row is not None for row in rows], np.bool_)
        return pa.array(np.array([row or 0 for row in rows], np.float16), mask=~known)
    if pa.types.is_dictionary(type_):
        distinct = list(dict.fromkeys(row for row in rows if row is not None))
        codes = [None if row is None else distinct.index(row) for row in rows]
        return pa.DictionaryArray.from_arrays(pa.array(codes, type_.index_type), pa.array(distinct, type_.value_type))
    return pa.array(rows, type_)


@pytest.mark.parametrize(("type_", "rows"), SAMPLES, ids=IDS)
def test_every_type_is_read_with_its_nulls(type_: pa.DataType, rows: list[Any]) -> None:
    expected = [float(row) if isinstance(row, Decimal) else row for row in rows]
    assert listed(values_of(built(rows, type_))) == expected
    sure = [row for row in rows if row is not None]
    found = values_of(built(sure, type_))
    assert listed(found) == [row for row in expected if row is not None]
    assert found.known is None or not sure


@pytest.mark.parametrize(("type_", "rows"), SAMPLES, ids=IDS)
def test_every_slice_is_read_from_its_own_offset(type_: pa.DataType, rows: list[Any]) -> None:
    expected = [float(row) if isinstance(row, Decimal) else row for row in rows]
    whole = built(rows, type_)
    for first in range(len(rows) + 1):
        for last in range(first, len(rows) + 1):
            assert listed(values_of(whole.slice(first, last - first))) == expected[first:last]


@pytest.mark.parametrize(("type_", "rows"), SAMPLES, ids=IDS)
def test_chunks_are_read_one_below_the_other_and_none_is_an_empty_column(type_: pa.DataType, rows: list[Any]) -> None:
    expected = [float(row) if isinstance(row, Decimal) else row for row in rows]
    chunks = [built(part, type_) for part in (rows[:1], [], rows[1:], rows[::-1])]
    assert listed(values_of(pa.chunked_array(chunks, type_))) == expected + expected[::-1]
    assert listed(values_of(pa.chunked_array([], type_))) == []


@given(st.lists(st.sampled_from([True, False, None]), max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_bits_are_read_at_any_offset(rows: list[bool | None], first: int, length: int) -> None:
    column = pa.array(rows, pa.bool_()).slice(min(first, len(rows)), length)
    assert listed(values_of(column)) == rows[first : first + length]


def test_nan_is_unknown() -> None:
    column = pa.array([1.5, float("nan"), None], pa.float64(), from_pandas=False)
    assert column.null_count == 1
    assert listed(values_of(column)) == [1.5, None, None]
    assert listed(values_of(column.slice(0, 2))) == [1.5, None]
    assert listed(values_of(pa.array([np.float32("nan"), np.float32(1)], pa.float32(), from_pandas=False))) == [None, 1]


@pytest.mark.parametrize("type_", FLOATS)
@pytest.mark.parametrize("other", [None, 1.0, float("nan")])
def test_infinite_numbers_are_refused_without_showing_one(type_: pa.DataType, other: float | None) -> None:
    for infinite in (float("inf"), float("-inf")):
        column = pa.array(np.array([infinite, 1.0]).astype(type_.to_pandas_dtype()), type_)
        if other is None:
            column = pa.concat_arrays([column, pa.nulls(1, type_)])
        for decimal in (True, False):
            with pytest.raises(Unreadable, match=r"^holds infinite numbers$"):
                values_of(column, decimal=decimal)


@pytest.mark.parametrize("type_", [pa.float16(), pa.float32()])
def test_a_short_float_is_the_shortest_decimal_that_gives_it(type_: pa.DataType) -> None:
    rows = [99.99, 0.1, 1e-5, 12345.678, 7.0]
    if type_ == pa.float16():
        rows = [9.99, 0.1, 1e-5, 7.0]
    column = pa.array(np.array(rows).astype(type_.to_pandas_dtype()), type_)
    found = values_of(column)
    assert listed(found) == ([9.99, 0.1, 1e-5, 7.0] if type_ == pa.float16() else rows)
    widened = listed(values_of(column, decimal=False))
    assert widened == column.cast(pa.float64()).to_pylist()
    assert widened != rows


def test_decimals_are_the_nearest_doubles_and_whole_ones_are_integers() -> None:
    cents = pa.array([Decimal(i).scaleb(-2) for i in range(12_000)], pa.decimal128(10, 2))
    assert listed(values_of(cents)) == [i / 100 for i in range(12_000)]
    assert cents.cast(pa.float64())[9_999].as_py() != 99.99, "Arrow mended its cast: cast straight"
    whole = values_of(pa.array([Decimal(2**60 + 1), None], pa.decimal128(38, 0)))
    assert listed(whole) == [2**60 + 1, None]
    assert listed(values_of(pa.array([Decimal("7E3")], pa.decimal128(5, -3)))) == [7000]
    with pytest.raises(Unreadable, match=r"^holds integers of more than 63 bits$"):
        values_of(pa.array([Decimal(2**70)], pa.decimal128(38, 0)))


def test_integers_beyond_63_bits_are_refused_unless_they_are_null() -> None:
    for rows in ([2**63], [None, 2**64 - 1]):
        with pytest.raises(Unreadable, match=r"^holds integers of more than 63 bits$"):
            values_of(pa.array(rows, pa.uint64()))
    assert listed(values_of(pa.array([2**63 - 1], pa.uint64()))) == [2**63 - 1]
    data = pa.py_buffer(np.array([2**64 - 1, 5], np.uint64))
    hidden = pa.Array.from_buffers(pa.uint64(), 2, [pa.py_buffer(bytes([0b10])), data])
    assert listed(values_of(hidden)) == [None, 5]


LABELS = ["a", "b", "n\u0303", "\u00f1", None]


@given(
    st.permutations(LABELS), st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=20),
    st.integers(0, 9),
    st.sampled_from([pa.int8(), pa.int32(), pa.int64(), pa.uint8()]), st.sampled_from(["a", "\u00f1", "c", None]),
)  # fmt: skip
def test_a_text_is_found_where_it_stands(
    labels: list[str | None], codes: list[int | None], first: int, kind: pa.DataType, wanted: str | None
) -> None:
    array = pa.DictionaryArray.from_arrays(pa.array(codes, kind), pa.array(labels, pa.string())).slice(first)
    found = arrow.places_of(pa.chunked_array([array]), wanted)
    assert (found is None) == (kind == pa.uint8())
    if found is not None:
        stand = [None if text is None else normalize("NFC", text) for text in array.to_pylist()]
        assert found.tolist() == [text == wanted for text in stand]
        assert arrow.places_of(pa.chunked_array([array, array]), wanted) is None


def test_a_dictionary_may_hold_a_null_and_a_text_twice() -> None:
    indices = pa.array([0, 1, 2, 3, None], pa.int8())
    column = pa.DictionaryArray.from_arrays(indices, pa.array(["a", None, "b", "a"]))
    assert listed(values_of(column)) == ["a", None, "b", "a", None]
    assert listed(values_of(column.slice(1, 2))) == [None, "b"]
    assert values_of(column).labels.count("a") == 1  # type: ignore[union-attr]
    sure = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array([None, "b"]))
    assert listed(values_of(sure)) == [None, "b"]
    of_numbers = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array([4, None]))
    assert listed(values_of(of_numbers)) == [4, None, None]
    assert listed(values_of(pa.nulls(2, pa.dictionary(pa.int8(), pa.string())))) == [None, None]


@pytest.mark.parametrize("type_", OTHERS, ids=str)
def test_other_types_are_refused_by_name(type_: pa.DataType) -> None:
    assert sort_of(type_) == "other"
    with pytest.raises(Unreadable) as caught:
        values_of(pa.nulls(1, type_))
    assert str(caught.value) == f"has the type {type_}, which is neither number nor text nor yes/no"


@pytest.mark.parametrize(
    ("types", "sort"),
    [
        ([*INTEGERS, *FLOATS, *DECIMALS, pa.dictionary(pa.int8(), pa.int64())], "number"),
        ([*TEXTS, pa.dictionary(pa.int8(), pa.string())], "text"),
        ([pa.bool_(), pa.dictionary(pa.int8(), pa.bool_())], "truth"),
        ([pa.null()], "empty"),
    ],
)
def test_a_type_is_number_text_truth_or_empty(types: list[pa.DataType], sort: str) -> None:
    assert [sort_of(type_) for type_ in types] == [sort] * len(types)


KNOWN = np.array([True, False, True])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (Number(np.array([1, 2, 3])), [1, 2, 3]),
        (Number(np.array([1.5, 2, 3]), KNOWN), [1.5, None, 3.0]),
        (Truth(np.array([True, False, False]), KNOWN), [True, None, False]),
        (Truth(np.ones(9, np.bool_)), [True] * 9),
        (Text(np.array([1, 0, 0]), ("ñ", "b"), KNOWN), ["b", None, "ñ"]),
        (Text(np.zeros(1, np.int64), (), np.zeros(1, np.bool_)), [None]),
        (Number(np.broadcast_to(np.array([7]), 3), np.broadcast_to(np.array([False]), 3)), [None, None, None]),
        (Number(np.zeros(0)), []),
    ],
)
def test_a_column_goes_to_arrow_and_comes_back(values: Values, expected: list[Any]) -> None:
    array = array_of(values)
    array.validate(full=True)
    assert array.to_pylist() == expected
    assert listed(values_of(array)) == expected


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.int8, np.uint8, np.uint64, np.float64, np.bool_])
def test_numpy_arrays_become_arrow_arrays_of_their_type(kind: Any) -> None:
    array = numbers(np.array([1, 0, 1], kind)[::-1])
    array.validate(full=True)
    assert array.type == pa.from_numpy_dtype(kind)
    assert array.to_pylist() == [1, 0, 1]


def test_texts_become_an_arrow_array_with_null_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, type_ in ((arrow.MAX_OFFSET, pa.string()), (3, pa.large_string())):
        monkeypatch.setattr(arrow, "MAX_OFFSET", most)
        array = texts(["a", None, "", "ñandú"])
        array.validate(full=True)
        assert array.type == type_
        assert array.to_pylist() == ["a", None, "", "ñandú"]
    assert texts([]).to_pylist() == []


def test_a_table_has_its_columns_in_order_and_its_metadata() -> None:
    made = table({"b": texts(["x"]), "a": numbers(np.array([1]))}, {"k": "v"})
    assert made.column_names == ["b", "a"]
    assert made.schema.metadata == {b"k": b"v"}
    assert table({"a": numbers(np.array([1]))}).schema.metadata is None


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["b", None, "a", "b"]).dictionary_encode(),
        pa.array(["b", None, "a", "b"]).dictionary_encode().slice(1, 2),
        pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int8()), pa.array(["a", None])),
        pa.chunked_array([pa.array(["x", "y"]).dictionary_encode(), pa.array(["y", None]).dictionary_encode()]),
        pa.chunked_array([], pa.dictionary(pa.int32(), pa.string())),
        pa.array([0.1, None, float("nan")]),
        pa.chunked_array([[1], [None, 3]]),
        pa.array([True, None]),
        pa.nulls(2),
    ],
)
def test_a_list_of_a_column_is_arrows_own(column: pa.Array | pa.ChunkedArray) -> None:
    assert repr(arrow.listed(column)) == repr(column.to_pylist())


def test_whatever_speaks_arrow_is_read() -> None:
    columns = {"n": [1, None, 3], "t": ["a", "b", None]}
    made = pa.table(columns)
    frames = [
        made,
        made.to_batches()[0],
        pa.RecordBatchReader.from_batches(made.schema, made.to_batches()),
        pl.DataFrame(columns),
        pd.DataFrame({"n": [1.0, None, 3.0], "t": pd.Series(["a", "b", None], dtype="str")}),
        pd.DataFrame({"n": [1.0, None, 3.0], "t": pd.Categorical(["a", "b", None])}),
        duckdb.sql("SELECT * FROM made"),
    ]
    assert read_frame(made) is made
    for frame in frames:
        found = read_frame(frame)
        assert listed(values_of(found.column("n"))) == [1, None, 3]
        assert listed(values_of(found.column("t"))) == ["a", "b", None]


@pytest.mark.parametrize("frame", [[1, 2], {"a": [1]}, None, datetime.date(2024, 1, 1)])
def test_what_does_not_speak_arrow_is_refused(frame: object) -> None:
    with pytest.raises(
        DataError, match=rf"^MPI-D004 the table is a {type(frame).__name__} that does not support Arrow\n"
    ):
        read_frame(frame)


@pytest.mark.parametrize("column", [pa.chunked_array([[1]]), pl.Series([1])])
def test_a_single_column_is_no_frame(column: object) -> None:
    with pytest.raises(
        DataError, match=rf"^MPI-D004 the table is one column, a {type(column).__name__}, not a table\n"
    ):
        read_frame(column)


@pytest.mark.parametrize(
    ("columns", "named"),
    [({"a": [1, "0"], "b": [1, 0]}, "column 'a'"), ({"b": [1, 0], "a": [b"x", 2.5]}, "column 'a'"),
     ({"a": [1, "0"], "b": [[1], 0], "c": ["x", "y"]}, "column 'a', column 'b'"),
     ({"a": [1j, 2], "b": [1, 0]}, "column 'a'")],
)  # fmt: skip
def test_a_column_that_mixes_types_is_named(columns: dict[str, list[object]], named: str) -> None:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    with pytest.raises(DataError) as caught:
        read_frame(frame)
    assert str(caught.value) == (
        f"MPI-D004 the table cannot be read: {named} of its DataFrame mixes types, or has no Arrow type\n"
        "  make each column only numbers, or only texts"
    )


WITHOUT_PANDAS = """
import sys
import numpy as np
import pyarrow as pa
import mpi, mpi.rules
from mpi.columns.arrow import array_of, numbers, read_frame, table, texts, values_of
known = np.array([True, False])
columns = {"t": texts(["a", None]), "n": numbers(np.array([1, 2])), "f": numbers(np.array([0.5, 1.0]), known)}
columns["f32"] = columns["f"].cast(pa.float32())
columns["d"] = columns["f"].cast(pa.decimal128(5, 2))
columns["c"] = columns["t"].dictionary_encode()
for column in read_frame(table(columns)).columns:
    values = values_of(column)
    assert len(array_of(values)) == 2
    values_of(pa.chunked_array([], column.type))
assert "pandas" not in sys.modules, "pandas was imported"
"""


def test_neither_importing_nor_converting_imports_pandas() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_PANDAS], check=True, timeout=MOST)


@pytest.mark.parametrize("rows", [[], [0], [4, 4, 1, 0], [2, 3]], ids=str)
@pytest.mark.parametrize("part", [slice(0, 5), slice(3, 8)], ids=["all", "slice"])
def test_rows_are_taken_as_arrow_takes_them(rows, part):
    values = [1, None, 3, 4, None, 6, 7, 8]
    columns = {str(type_): pa.array(values).cast(type_) for type_ in [*INTEGERS, *FLOATS, pa.string(), pa.bool_()]}
    words = pa.array(["a", None, "b", "a", "c", None, "c", "b"])
    ordered = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 1, 0, 0, 1, 1]), ["x", "y"], ordered=True)
    columns |= {"words": words.dictionary_encode(), "ordered": ordered, "large": words.cast(pa.large_string())}
    made = table(columns, {"source": "test"}).slice(part.start, part.stop - part.start)
    for whole in (made, pa.concat_tables([made, made])):
        found, expected = arrow.taken(whole, np.array(rows, np.int64)), whole.take(pa.array(rows, pa.int64()))
        assert found.equals(expected, check_metadata=True)


@given(data=st.data(), type_=st.sampled_from([*INTEGERS, pa.float64()]))
def test_numbers_by_their_places_are_those_of_take(data: st.DataObject, type_: pa.DataType) -> None:
    one = st.integers(0, 100) if pa.types.is_integer(type_) else st.floats(allow_infinity=False)
    cells = data.draw(st.lists(st.none() | one, min_size=1, max_size=40))
    whole = pa.array(cells, type_, from_pandas=False)
    first = data.draw(st.integers(0, len(cells) - 1))
    part = whole.slice(first)
    rows = np.array(data.draw(st.lists(st.integers(0, len(part) - 1), max_size=60)), np.int64)
    found, wanted = numbers_at(part, rows), values_of(part.take(numbers(rows)))
    assert isinstance(wanted, Number)
    assert found.values.dtype == wanted.values.dtype
    assert found.values.tolist() == wanted.values.tolist()
    assert where_known(found).tolist() == where_known(wanted).tolist()
    assert (found.known is None) == (wanted.known is None)
