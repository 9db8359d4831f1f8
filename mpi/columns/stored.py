"""Columns of whole numbers as Arrow holds them: what is known are bits, which only the kernels read as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns.values import Mask, Number, Values, take, zeroed

KINDS = {"int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64}


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Whole numbers.

    Attributes
    ----------
    values : int8, int16, int32 or int64, shape (n,)
        Anything where unknown.
    bits : uint8, or None
        The lowest bit of the first byte is row 0 of some array, of which these rows begin at `first`; 1 where known.
        None if all are known.
    first : int
    """

    values: NDArray[np.signedinteger[Any]]
    bits: NDArray[np.uint8] | None = None
    first: int = 0

    def __len__(self) -> int:
        return len(self.values)

    def number(self) -> Number:
        """The same numbers with a mask."""
        if self.bits is None:
            return Number(self.values)
        known = unpacked(self.bits, self.first, len(self))
        return Number(zeroed(self.values, known), known)

    def rows(self, some: slice) -> Stored:
        """Rows that follow one another."""
        return Stored(self.values[some], self.bits, self.first + (some.start or 0))


def stored_of(array: pa.Array) -> Stored | None:
    """An Arrow array of signed integers as it lies; None for other types."""
    kind = KINDS.get(str(array.type))
    if kind is None:
        return None
    bits, data = array.buffers()
    # With count and offset: the last bytes of a buffer may not be a complete number.
    values = np.frombuffer(data, kind, len(array), array.offset * np.dtype(kind).itemsize)
    if array.null_count == 0:
        return Stored(values)
    return Stored(values, np.frombuffer(bits, np.uint8), array.offset)


def unpacked(bits: NDArray[np.uint8], first: int, rows: int) -> Mask:
    """Bits of some rows as a mask."""
    packed = bits[first // 8 : -(-(first + rows) // 8)]
    return np.unpackbits(packed, bitorder="little")[first % 8 : first % 8 + rows].view(np.bool_)


def plain(values: Values | Stored) -> Values:
    """A column as the rules take it."""
    return values.number() if isinstance(values, Stored) else values


def before(columns: Mapping[str, Values | Stored], row: int) -> dict[str, Values | Stored]:
    """The rows of some columns up to one."""
    return {name: _rows(values, slice(0, row)) for name, values in columns.items()}


def behind(columns: Mapping[str, Values | Stored], row: int) -> dict[str, Values | Stored]:
    """The rows of some columns from one on."""
    return {name: _rows(values, slice(row, None)) for name, values in columns.items()}


def _rows(values: Values | Stored, some: slice) -> Values | Stored:
    return values.rows(some) if isinstance(values, Stored) else take(values, some)


def solid(columns: Mapping[str, Values | Stored]) -> dict[str, Values]:
    """Columns as the rules take them."""
    return {name: plain(values) for name, values in columns.items()}
