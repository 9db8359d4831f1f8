"""Rows that Python holds or makes: data frames, and what gives its rows once, such as readers, queries and chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import Fault, Place, counted
from mpi.language import phrase
from mpi.source.spooling import AT_ONCE, Stream

Object = Any  # of whatever package


def is_tabular(data: object) -> bool:
    """Whether something is one table, and no mapping of tables."""
    return hasattr(data, "__arrow_c_stream__") or streams_of(data, "") is not None


def streams_of(data: Object, what: str) -> Iterable[Stream] | None:
    """The rows of something that gives them once, or piece by piece; None for what is in memory as a whole.

    Parameters
    ----------
    data : object
        A `pyarrow.RecordBatchReader`, dataset or scanner, a polars LazyFrame, a DuckDB relation, or a list or an
        iterator of frames, such as the chunks of `pandas.read_csv(..., chunksize=...)`.
    what : str
        What messages call it.
    """
    if isinstance(data, pa.RecordBatchReader):
        return [Stream(data.schema, data)]
    package = type(data).__module__.partition(".")[0]
    if package == "pyarrow" and hasattr(data, "to_reader"):  # a scanner; or a table, which is in memory
        return None if isinstance(data, pa.Table) else _opened(data.to_reader)
    if package == "pyarrow" and hasattr(data, "scanner"):
        return _opened(lambda: data.scanner().to_reader())
    if package == "polars" and hasattr(data, "collect_batches"):
        return _collected(data, what)
    if package in ("duckdb", "_duckdb") and hasattr(data, "__arrow_c_stream__"):
        return _opened(lambda: pa.RecordBatchReader.from_stream(data))
    if isinstance(data, Iterator | list | tuple) and not hasattr(data, "__arrow_c_stream__"):
        return _frames(data, what)
    return None


def _opened(make: Callable[[], pa.RecordBatchReader]) -> Iterator[Stream]:
    """A reader that is made when its rows are asked for: only then can it fail."""
    reader = make()
    yield Stream(reader.schema, reader)


def _collected(data: Object, what: str) -> Iterator[Stream]:
    """The batches of a polars LazyFrame, which is run when they are asked for."""
    yield from _frames(data.collect_batches(chunk_size=AT_ONCE, maintain_order=True), what)


def _frames(frames: Iterable[Object], what: str) -> Iterator[Stream]:
    piece = phrase("a piece of {table}", table=what)
    for frame in frames:
        table = pa.Table.from_batches([frame]) if isinstance(frame, pa.RecordBatch) else arrow.read_frame(frame, piece)
        yield Stream(table.schema, table.to_batches())


def broken(name: str) -> Callable[[Exception, int], Fault]:
    """What to say of a source that failed."""

    def failed(error: Exception, rows: int) -> Fault:
        text = phrase(
            "the rows of the table {name} broke off after {rows}, with a {kind}",
            name=name,
            rows=counted(rows, "row"),
            kind=type(error).__name__,
        )
        return Fault("MPI-D210", Place(phrase("the frame {name!r}", name=name)), text, phrase(
            "read all of its rows in Python alone, which shows the fault; a reader or iterator gives its rows only once"
        ))  # fmt: skip

    return failed
