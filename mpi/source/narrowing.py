"""The narrowest type that holds every value of a column exactly, found batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Number

WHOLE = (np.int8, np.int16, np.int32, np.int64)
WORDS = pa.dictionary(pa.int32(), pa.string())
ARROW = {np.int8: pa.int8(), np.int16: pa.int16(), np.int32: pa.int32(), np.int64: pa.int64()}


class Narrowing:
    """A column of a file that is looked at once and written at a second reading.

    Attributes
    ----------
    stored : Counter of DataType
        The types that its batches came in.
    """

    def __init__(self, sort: arrow.Sort) -> None:
        self.sort = sort
        self.stored: Counter[pa.DataType] = Counter()
        self._low, self._high, self._whole, self._readable = 0, 0, True, True

    def look(self, array: pa.Array) -> None:
        """Take some rows into account."""
        self.stored[array.type] += 1
        if self.sort != "number" or not self._readable:
            return
        try:
            values = arrow.values_of(array)
        except arrow.Unreadable:
            self._readable = False
            return
        if not isinstance(values, Number) or not len(values):
            return
        data = values.values
        if data.dtype.kind == "f":
            below = arrow.exact_below(array.type)
            self._whole = self._whole and bool((np.abs(data) < below).all() and (data == np.rint(data)).all())
        if self._whole:  # what is unknown is 0 there
            self._low, self._high = min(self._low, int(data.min())), max(self._high, int(data.max()))

    @property
    def type(self) -> pa.DataType:
        """The type that is written; what is neither number nor text keeps its own."""
        if self.sort == "text":
            return WORDS
        own = next(iter(self.stored), pa.null())
        if self.sort != "number" or not self._readable:
            return own
        if not self._whole:
            return pa.float32() if set(self.stored) == {pa.float32()} else pa.float64()
        return next(ARROW[one] for one in WHOLE if np.iinfo(one).min <= self._low and self._high <= np.iinfo(one).max)

    def narrowed(self, array: pa.Array) -> pa.Array:
        """Some rows in the type of the whole column.

        Raises
        ------
        pyarrow.ArrowException
            If they do not fit, which they did when they were looked at.
        """
        wanted = self.type
        if wanted == WORDS:
            return array.cast(pa.string()).dictionary_encode()
        if self.sort == "number" and self._readable and not pa.types.is_float32(wanted):
            # As the rest of the package reads the column: decimals by way of their text, NaN unknown.
            return arrow.array_of(arrow.values_of(array)).cast(wanted)
        return array.cast(wanted)


def bytes_of_rows(types: Iterable[pa.DataType]) -> int:
    """About how many bytes a row takes in memory."""
    return sum(4 if pa.types.is_dictionary(one) else max(1, _bits(one) // 8) for one in types)


def _bits(type_: pa.DataType) -> int:
    try:
        return int(type_.bit_width)
    except ValueError:  # no fixed width
        return 256
