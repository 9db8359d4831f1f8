"""Some rows of an opened table, read as if there were no others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.source.tables import Opened, Part

Rows = list[NDArray[np.bool_]]


def view(table: Opened, keep: Rows) -> Opened:
    """The rows of a table for which a mask holds; one mask a part, shape (rows of the part,)."""
    pairs = zip(table.parts, keep, strict=True)
    parts = [part if own.all() else _some(table, part, own) for part, own in pairs if own.any()]
    return replace(table, parts=parts)


def _some(table: Opened, part: Part, keep: NDArray[np.bool_]) -> Part:
    """The kept rows of a part; the range of a column still holds them all."""
    mask = hashlib.sha256(np.packbits(keep).tobytes()).hexdigest()
    return replace(
        part,
        rows=int(np.count_nonzero(keep)),
        read=_reading(part, keep, table),
        digest=lambda columns: mask + part.digest(columns),
    )


def _reading(
    part: Part, keep: NDArray[np.bool_], table: Opened
) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
    def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        row = 0
        for batch in part.read(names, most):
            own = keep[row : row + batch.num_rows]
            row += batch.num_rows
            if own.any():
                yield batch if own.all() else batch.filter(pa.array(own))
        table.check_rows(part, row)

    return read
