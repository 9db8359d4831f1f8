"""Rows that are kept on disk for several passes: their digest is of the values alone."""

from __future__ import annotations

from tempfile import TemporaryFile

import numpy as np
import pyarrow as pa

from mpi.source import spooling

SPOOL = spooling._File


def digest(*batches: pa.RecordBatch) -> str:
    with TemporaryFile() as file:
        spool = SPOOL(batches[0].schema, "persons", file)
        for batch in batches:
            spool.add(batch)
        spool.finished()
        found: str = spool.digest
    return found


def batch(behind: int, last: int = 3) -> pa.RecordBatch:
    """Three numbers of which the second is null, with some value in memory behind the null."""
    values = pa.py_buffer(np.array([1, behind, last], np.int64))
    numbers = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(bytes([0b101])), values])
    texts = pa.array(["a", None, "c"])
    return pa.RecordBatch.from_arrays([numbers, texts, pa.array([True, None, False])], ["x", "y", "z"])


def test_what_lies_behind_a_null_is_no_part_of_the_digest() -> None:
    assert digest(batch(0)) == digest(batch(77))
    assert digest(batch(0)) != digest(batch(0, last=4))


def test_the_digest_is_that_of_the_rows_however_they_came() -> None:
    whole = batch(5)
    assert digest(whole) == digest(whole.slice(0, 1), whole.slice(1))
    assert digest(whole) != digest(whole.slice(1), whole.slice(0, 1))
    assert digest(whole) != digest(whole.rename_columns(["x", "y", "w"]))
