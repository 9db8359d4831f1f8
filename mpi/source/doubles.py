"""Keys that are stored as decimal numbers, as SPSS, Stata and pandas store them: whole ones are keys like any others.

From 2^53 on (2^24 in 32 bits) a decimal number stands for several whole ones, so that keys would be confused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from mpi.columns.arrow import exact_below
from mpi.columns.values import Number, no_codes, unknown_count
from mpi.errors import DataError, Fault, Place, counted, listed
from mpi.language import joined, phrase

FRACTION, NAN, INFINITE = phrase("with a fraction"), phrase("of NaN"), phrase("of infinity")


def stored(schema: pa.Schema) -> dict[str, int]:
    """The columns of a file that are stored as decimal numbers, and how exact they are."""
    found: dict[str, int] = {}
    for column in schema:
        type_ = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_floating(type_) or (pa.types.is_decimal(type_) and type_.scale > 0):
            found[column.name] = exact_below(type_)
    return found


def least_exact(files: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """For each column that some file stores as decimal numbers, how exact the least exact one is."""
    found: dict[str, int] = {}
    for one in files:
        for column, exact in one.items():
            found[column] = min(exact, found.get(column, exact))
    return found


def whole(values: Number, column: pa.Array) -> Number | None:
    """A key's decimal numbers as whole ones; None if one of them is none, is NaN or is too large.

    Parameters
    ----------
    values : Number
    column : pyarrow.Array
        The same, as it is stored.
    """
    if unknown_count(values) > column.null_count or no_codes(values, exact_below(column.type)).any():
        return None
    return Number(values.values.astype(np.int64), values.known)


def refused(table: str, label: str, name: str, batches: Iterable[pa.RecordBatch]) -> DataError:
    """The error for a key of decimal numbers that are no whole ones, with the number of rows of each sort.

    Parameters
    ----------
    table, label, name : str
        The table, what messages call it, and the column.
    batches : iterable of RecordBatch
        The column in the whole table, as it is stored.
    """
    import pyarrow.compute as pc

    counts: Counter[str] = Counter()
    for batch in batches:
        column, most = batch.column(0), exact_below(batch.column(0).type)
        # Decimals by way of their text: Arrow's own cast turns 99.99 into more.
        texts = column.cast(pa.string()) if pa.types.is_decimal(column.type) else column
        values = pc.fill_null(texts.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        nan, infinite = np.isnan(values), np.isinf(values)
        values = np.where(nan | infinite, 0.0, values)
        fraction = values != np.floor(values)
        for what, rows in (
            (FRACTION, fraction),
            (NAN, nan),
            (INFINITE, infinite),
            (
                phrase("too large to be distinguished from its neighbours ({most:,} or more)", most=most),
                (np.abs(values) >= most) & ~fraction,
            ),
        ):
            counts[what] += int(np.count_nonzero(rows))
    said = listed([joined((counted(number, "row"), what), " ") for what, number in counts.items() if number])
    text = phrase(
        "the key column {name!r} of {table} holds decimal numbers that cannot be keys: {said}",
        name=name,
        table=table,
        said=said,
    )
    return DataError(Fault("MPI-D031", Place(label), text, phrase("store keys as whole numbers or as text")))
