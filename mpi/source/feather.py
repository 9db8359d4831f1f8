"""Arrow files: Feather and IPC, as files and as streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from mpi.errors import DataError, Fault
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source import doubles
from mpi.source.items import Content, Item
from mpi.source.labels import labels_in
from mpi.source.tables import AGAIN, READING, Opened, Part, sorts, with_constants

MAGIC = b"ARROW1"


def open_feather(item: Item) -> Opened:
    """An Arrow file, read batch by batch.

    Raises
    ------
    DataError
        If it is damaged, of Feather's first version, or has doubled columns.
    """
    head = item.head()
    if head.startswith(b"FEA1"):
        text = phrase("this is a Feather file of version 1, which is no Arrow file")
        raise DataError(Fault("MPI-D004", item.place, text, phrase("write it anew, as Feather 2 or Parquet")))
    source = item.readable()
    streamed = not head.startswith(MAGIC)
    try:
        with _opened(source, streamed) as reader:
            schema = reader.schema
            rows = sum(batch.num_rows for batch in _every(reader, streamed))
    except READING as error:
        raise_scarce(error, item.label)
        text = phrase("this is not a complete Arrow file")
        raise DataError(Fault("MPI-D003", item.place, text, AGAIN)) from None
    part = Part(label=item.label, rows=rows, read=_reading(source, streamed), constants=item.constants)
    return Opened(
        name=item.table,
        label=item.label,
        columns=with_constants(sorts(schema, item.place), item.constants, item.label),
        parts=[part] if rows else [],
        files=(item.file,),
        floats=doubles.stored(schema),
        labels=labels_in(schema),
    )


def _opened(source: str | Content, streamed: bool) -> Any:
    file = pa.memory_map(source) if isinstance(source, str) else pa.BufferReader(source)
    return pa.ipc.open_stream(file) if streamed else pa.ipc.open_file(file)


def _every(reader: Any, streamed: bool) -> Iterator[pa.RecordBatch]:
    if streamed:
        yield from reader
    else:
        yield from (reader.get_batch(i) for i in range(reader.num_record_batches))


def _reading(source: str | Content, streamed: bool) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
    def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        with _opened(source, streamed) as reader:
            for batch in _every(reader, streamed):
                wanted = batch.select(list(names))
                wanted.validate(full=True)
                for first in range(0, wanted.num_rows, most):
                    yield wanted.slice(first, most)

    return read
