"""The border between Arrow and the package's columns, both ways, without copies where the bytes allow it.

`pa.array` and its like import pandas where it is installed (0.3 s at start-up), so arrays are made from buffers here.
NaN becomes unknown at the door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from unicodedata import normalize

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns.shortest import shortest
from mpi.columns.stored import stored_of, unpacked
from mpi.columns.values import LARGEST_EXACT, Mask, Number, Text, Truth, Values, concatenate, text_of, zeroed
from mpi.errors import DataError, Fault
from mpi.language import joined, phrase
from mpi.language.phrases import MOST_LISTED

Sort = Literal["number", "text", "truth", "empty", "other"]
# Arrow's names of types that numpy does not share, and the types that go out.
NUMPY = {"halffloat": np.float16, "float": np.float32, "double": np.float64}
ARROW = {
    "int64": pa.int64(), "int32": pa.int32(), "uint64": pa.uint64(), "float64": pa.float64(), "uint8": pa.uint8(),
    "int8": pa.int8(), "int16": pa.int16(),
}  # fmt: skip
NARROW = {"float": 2**24, "halffloat": 2**11}  # types whose whole numbers run out before 2^53
# Every integer of an unsigned type is one of these.
SIGNED = {"uint8": np.int16, "uint16": np.int32, "uint32": np.int64, "uint64": np.int64}
NO_TEXT = pa.nulls(1, pa.string())[0]  # `pa.scalar` imports pandas, as `pa.array`
MAX_OFFSET = 2**31 - 1  # bytes of text in an array with offsets of 32 bits
CONTINUES, CONTINUED = 0xC0, 0x80  # UTF-8: the bits by which bytes after the first of a character are known


class Unreadable(ValueError):
    """A column has a type that the package cannot compute with; the text names it, without values."""


def sort_of(type_: pa.DataType) -> Sort:
    """What a column of an Arrow type is to the rule language."""
    types = pa.types
    if types.is_dictionary(type_):
        return sort_of(type_.value_type)
    if types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_):
        return "number"
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return "text"
    if types.is_boolean(type_):
        return "truth"
    return "empty" if types.is_null(type_) else "other"


def exact_below(type_: pa.DataType) -> int:
    """Below which whole number each has its own decimal number in a type; 2^53 for types that are not narrow."""
    if pa.types.is_dictionary(type_):
        return exact_below(type_.value_type)
    return NARROW.get(str(type_), int(LARGEST_EXACT))


def values_of(column: pa.Array | pa.ChunkedArray, *, decimal: bool = True) -> Values:
    """An Arrow column as a column of the package.

    Parameters
    ----------
    column : pyarrow.Array or ChunkedArray
        Numbers, texts, booleans or nulls; dictionaries of them.
    decimal : bool
        Whether a float of 32 or 16 bits is read as the shortest decimal number that gives it, so that 99.99 is
        99.99; False widens its bits.

    Raises
    ------
    Unreadable
        If the type has no place in the rule language, or a number is infinite or beyond 64 bits.
    """
    if isinstance(column, pa.ChunkedArray):
        # Not combine_chunks: it imports pandas for no chunk at all, and texts of over 2 GiB do not fit one array.
        chunks = column.chunks or [pa.nulls(0, column.type)]
        if len(chunks) == 1:
            return values_of(chunks[0], decimal=decimal)
        return concatenate([values_of(chunk, decimal=decimal) for chunk in chunks])
    array = column
    sort = sort_of(array.type)
    if sort == "text":
        return _text(array)
    if sort == "empty":
        return Number(np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_))
    if sort == "other":
        raise Unreadable(phrase("has the type {type}, which is neither number nor text nor yes/no", type=array.type))
    while pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if sort == "truth":
        true, known = _bits(array, 1), _known(array)
        return Truth(true if known is None else true & known, known)
    return _number(array, decimal)


def numbers_at(array: pa.Array, rows: NDArray[np.int64]) -> Number:
    """Some numbers of an array by their places: what `values_of` makes of its method `take`, in a fraction of the time.

    Parameters
    ----------
    array : pyarrow.Array
        Of integers, or of floats of 64 bits.
    rows : int64, shape (n,)
    """
    validity, content = array.buffers()
    type_ = np.dtype(NUMPY.get(str(array.type), str(array.type)))
    data = np.frombuffer(content, type_, len(array), array.offset * type_.itemsize)[rows]
    known = None
    if array.null_count:
        bit = rows + array.offset
        known = (np.frombuffer(validity, np.uint8)[bit >> 3] >> (bit & 7) & 1).astype(np.bool_)
        known = None if known.all() else known
    if data.dtype.kind == "f":
        return _floats(data, known)
    whole: NDArray[Any] = data.astype(SIGNED.get(data.dtype.name, data.dtype), copy=False)
    return Number(whole if known is None else zeroed(whole, known), known)


def _known(array: pa.Array) -> Mask | None:
    return None if array.null_count == 0 else _bits(array, 0)


def _bits(array: pa.Array, buffer: int) -> Mask:
    return unpacked(np.frombuffer(array.buffers()[buffer], np.uint8), array.offset, len(array))


def _number(array: pa.Array, decimal: bool) -> Number:
    if pa.types.is_decimal(array.type):
        array = _of_decimals(array)
    known = _known(array)
    type_ = np.dtype(NUMPY.get(str(array.type), str(array.type)))
    # With count and offset: the last bytes of a buffer may not be a complete number.
    data = np.frombuffer(array.buffers()[1], type_, len(array), array.offset * type_.itemsize)
    if decimal and data.dtype == np.float32:
        data = shortest(data)
    elif decimal and data.dtype == np.float16:
        data = data.astype(np.str_)  # Arrow writes the widened bits
    if data.dtype.kind in "fU":
        return _floats(data.astype(np.float64, copy=False), known)
    if data.dtype == np.uint64 and (data if known is None else data[known]).max(initial=0) >= 2**63:
        raise Unreadable(phrase("holds integers of more than 63 bits"))
    whole: NDArray[Any] = data.astype(SIGNED.get(data.dtype.name, data.dtype), copy=False)
    return Number(whole if known is None else zeroed(whole, known), known)


def _of_decimals(array: pa.Array) -> pa.Array:
    """Whole decimals as integers, others as doubles by way of their text: Arrow's own cast turns 99.99 into more."""
    if array.type.scale > 0:
        return array.cast(pa.string()).cast(pa.float64())
    try:
        return array.cast(pa.int64())
    except pa.ArrowInvalid:
        raise Unreadable(phrase("holds integers of more than 63 bits")) from None


def _floats(data: NDArray[np.float64], known: Mask | None) -> Number:
    usable = np.isfinite(data)
    if usable.all():
        return Number(data if known is None else np.where(known, data, 0.0), known)
    if np.isinf(data if known is None else data[known]).any():
        raise Unreadable(phrase("holds infinite numbers"))
    known = usable if known is None else usable & known
    return Number(np.where(known, data, 0.0), known)


def _text(array: pa.Array) -> Text:
    """A column of texts; those that differ only in how accents are encoded are equal, because they look the same."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    labels = array.dictionary.to_pylist()
    indices = _number(array.indices, False)
    known = indices.known
    if None in labels:
        hole = np.array([label is None for label in labels])[indices.values]
        known = ~hole if known is None else known & ~hole
    composed = ["" if label is None else label if label.isascii() else normalize("NFC", label) for label in labels]
    codes, unique = _distinct(composed, indices.values.astype(np.int64))
    return Text(codes if known is None else np.where(known, codes, 0), unique, known)


def places_of(column: pa.ChunkedArray, value: str | None) -> Mask | None:
    """Where a column holds a text, or null, without a copy of its codes.

    None where the column is not of one dictionary with signed codes: `values_of` reads any.
    """
    if column.num_chunks != 1 or not pa.types.is_dictionary(column.type):
        return None
    array = column.chunk(0)
    stored = stored_of(array.indices)
    if stored is None:
        return None
    labels = array.dictionary.to_pylist()
    composed = (label if label is None or label.isascii() else normalize("NFC", label) for label in labels)
    found = np.zeros(len(array), np.bool_)
    for place in [i for i, label in enumerate(composed) if label == value]:
        found |= stored.values == place
    if stored.bits is not None:
        known = unpacked(stored.bits, stored.first, len(stored))
        found = found | ~known if value is None else found & known
    return found


def _distinct(labels: Sequence[str], codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    place: dict[str, int] = {}
    mapping = [place.setdefault(label, len(place)) for label in labels]
    if len(place) == len(labels):
        return codes, tuple(labels)
    return np.array(mapping, np.int64)[codes], tuple(place)


def array_of(values: Values) -> pa.Array:
    """A column of the package as an Arrow array; texts become dictionaries."""
    match values:
        case Truth():
            return numbers(values.true, values.known)
        case Number():
            wide = values.values.astype(np.int64, copy=False) if values.values.dtype.kind == "i" else values.values
            return numbers(wide, values.known)
        case Text():
            codes = numbers(values.codes.astype(np.int32), values.known)
            return pa.DictionaryArray.from_arrays(codes, texts(values.labels))


def listed(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The values of a column as Python's, None for null; each word of a dictionary is made once, not once a row."""
    if isinstance(column, pa.ChunkedArray):
        return [value for chunk in column.chunks for value in listed(chunk)]
    if not pa.types.is_dictionary(column.type):
        values: list[Any] = column.to_pylist()
        return values
    words = column.dictionary.to_pylist()
    return [None if code is None else words[code] for code in column.indices.to_pylist()]


def numbers(data: NDArray[Any], known: Mask | None = None) -> pa.Array:
    """A numpy array of integers, floats or booleans as an Arrow array, with nulls where not known."""
    data = np.ascontiguousarray(data)
    if data.dtype == np.bool_:
        type_, raw = pa.bool_(), np.packbits(data, bitorder="little")
    else:
        type_, raw = ARROW[data.dtype.name], data
    validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(type_, len(data), [validity, pa.py_buffer(raw)])


def texts(labels: Sequence[str | None]) -> pa.Array:
    """A list of texts as an Arrow array; None becomes null."""
    filled = ["" if label is None else label for label in labels]
    whole = "".join(filled)
    data = whole.encode()
    ends = np.zeros(len(filled) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, filled), np.int64, len(filled)), out=ends[1:])  # in characters
    if len(data) > len(whole):
        first = (np.frombuffer(data, np.uint8) & CONTINUES) != CONTINUED  # bytes with which a character begins
        ends = np.append(np.flatnonzero(first), len(data))[ends]
    type_, offsets = (pa.string(), ends.astype(np.int32)) if ends[-1] <= MAX_OFFSET else (pa.large_string(), ends)
    known = np.array([label is not None for label in labels], np.bool_) if None in labels else None
    validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(type_, len(labels), buffers)


def table(columns: Mapping[str, pa.Array], metadata: Mapping[str, str] | None = None) -> pa.Table:
    """An Arrow table of named columns."""
    made = pa.Table.from_arrays(list(columns.values()), names=list(columns))
    return made.replace_schema_metadata(dict(metadata)) if metadata else made


def taken(table: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    """Rows of a table, by their numbers from 0, in any order.

    As its method `take`, which imports `pyarrow.compute`: a tenth of what a command on a small survey takes.
    """
    return pa.Table.from_arrays([_taken(column, rows) for column in table.columns], schema=table.schema)


def _taken(column: pa.ChunkedArray, rows: NDArray[np.int64]) -> pa.Array | pa.ChunkedArray:
    dictionary = pa.types.is_dictionary(column.type)
    stored = column.type.index_type if dictionary else column.type
    if column.num_chunks != 1 or not len(column) or stored not in ARROW.values():
        return column.take(numbers(rows))
    whole = column.chunk(0)
    array = whole.indices if dictionary else whole
    type_, known = np.dtype(NUMPY.get(str(stored), str(stored))), _known(array)
    data = np.frombuffer(array.buffers()[1], type_, len(array), array.offset * type_.itemsize)
    found = numbers(data[rows], None if known is None else known[rows])
    if not dictionary:
        return found
    return pa.DictionaryArray.from_arrays(found, whole.dictionary, ordered=column.type.ordered)


def text_column(table: pa.Table, name: str) -> Text:
    """A table's column that the caller knows to be texts; raises TypeError if it is not."""
    return text_of(values_of(table[name]))


def read_frame(frame: object, what: str = phrase("the table")) -> pa.Table:
    """Any object that supports the Arrow capsule protocol, as an Arrow table.

    Parameters
    ----------
    frame : object
    what : str
        What the message calls it.

    Raises
    ------
    DataError
        If it has no `__arrow_c_stream__`, is one column, or a column mixes types; which, is named.
    """
    if isinstance(frame, pa.Table):
        return frame
    kind = type(frame).__name__
    if doubled := _doubled(frame):
        text = phrase("{what}: two columns are called {names}", what=what, names=joined(doubled[:MOST_LISTED], ", "))
        raise DataError(Fault("MPI-D011", None, text, phrase("rename one of them")))
    if not hasattr(frame, "__arrow_c_stream__"):
        raise _no_table(phrase("{what} is a {kind} that does not support Arrow", what=what, kind=kind))
    try:
        return pa.RecordBatchReader.from_stream(frame).read_all()
    except MemoryError:
        raise
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        mixed = _unreadable(frame)
    if mixed is None:
        raise _no_table(phrase("{what} is one column, a {kind}, not a table", what=what, kind=kind))
    columns = joined([phrase("column {name}", name=name) for name in mixed[:MOST_LISTED]], ", ")
    column = columns if mixed else phrase("a column")
    text = phrase(
        "{what} cannot be read: {column} of its {kind} mixes types, or has no Arrow type",
        what=what,
        column=column,
        kind=kind,
    )
    raise DataError(Fault("MPI-D004", None, text, phrase("make each column only numbers, or only texts")))


def _no_table(text: str) -> DataError:
    return DataError(Fault("MPI-D004", None, text, phrase("give a path, or a pandas, polars, pyarrow or DuckDB table")))


def _doubled(frame: Any) -> list[str]:  # whatever package it is of
    """Names that several columns of a pandas frame have; Arrow refuses them without saying so."""
    columns = getattr(frame, "columns", None)
    again = getattr(columns, "duplicated", None)
    return sorted({str(name) for name in columns[again()]}) if columns is not None and callable(again) else []


def _unreadable(frame: Any) -> list[str] | None:  # whatever package it is of
    """The columns of a frame that Arrow cannot read; None if it has no columns that could be distinguished."""
    found: list[str] = []
    for name in getattr(frame, "columns", ()):
        try:
            pa.RecordBatchReader.from_stream(frame[[name]]).read_all()
        except (pa.ArrowException, TypeError, ValueError, OverflowError, KeyError):
            found.append(repr(name))
    return found if hasattr(frame, "columns") else None
