"""Rows that come once, as from a query: written down as they come, then read as a file of the same rows would be.

The file has no name, is seen by nobody else and goes with the process. So memory is bounded, rows are asked for once,
and a source that breaks off leaves nothing. A part is a batch of the file.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, MpiError, Place
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source import doubles
from mpi.source.agreeing import agreed
from mpi.source.tables import Opened, Part, Range, sorts

AT_ONCE = 2**17  # rows of a part
VIEWED = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}


@dataclass(frozen=True, slots=True)
class Stream:
    """Batches of one schema, which come once."""

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]


def spooled(name: str, label: str, streams: Iterable[Stream], failed: Callable[[Exception, int], Fault]) -> Opened:
    """A table from streams, one below the other, which must agree as files of one table must.

    Parameters
    ----------
    name, label : str
        The table's name, and what messages call it.
    streams : iterable of Stream
    failed : callable
        What to say of an exception of the source after so many rows. Its own message may quote values.

    Raises
    ------
    DataError
        If the source fails, has no row, or two columns of one name.
    ResourceError
        If memory or the disk is full.
    """
    files: list[_File] = []
    with ExitStack() as opened:  # each is mapped when it is complete, and needs no open file after that
        for schema, batch in _read(streams, failed):
            if not files or files[-1].given != schema:
                files.append(_File(schema, label, opened.enter_context(TemporaryFile())))
            files[-1].add(batch)
        parts = [part for file in files for part in file.finished()]
    if not parts:
        text = phrase("the table {name} has no row", name=name)
        raise DataError(Fault("MPI-D002", Place(label), text, phrase("look at what gives the rows")))
    place = Place(label)
    columns, refused = agreed(name, [(label, sorts(file.schema, place)) for file in files])
    return Opened(
        name=name,
        label=label,
        columns=columns,
        parts=parts,
        refused=refused,
        content=hashlib.sha256(" ".join(file.digest for file in files).encode()).hexdigest(),
        floats=doubles.least_exact([doubles.stored(file.schema) for file in files]),
    )


def _read(
    streams: Iterable[Stream], failed: Callable[[Exception, int], Fault]
) -> Iterator[tuple[pa.Schema, pa.RecordBatch]]:
    """Each batch with rows; whatever the source raises becomes one fault."""
    rows = 0
    try:
        for stream in streams:
            for batch in stream.batches:
                if batch.num_rows:
                    rows += batch.num_rows
                    yield stream.schema, batch
    except (MpiError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001  drivers and generators raise whatever they like
        raise_scarce(error)
        raise DataError(failed(error, rows)) from None


class _File:
    """A file without a name, to which batches of one schema are written."""

    def __init__(self, schema: pa.Schema, label: str, file: IO[bytes]) -> None:
        self.given, self.label = schema, label
        sorts(schema, Place(label))  # before anything is written by name
        self.schema = pa.schema([pa.field(field.name, _stored_type(field.type)) for field in schema])
        self.waiting: list[pa.RecordBatch] = []
        self.rows: list[int] = []
        self.values = hashlib.sha256(self.schema.serialize().to_pybytes())
        self.file = file
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self.writer = pa.ipc.new_file(self.file, self.schema, options=options)

    def add(self, batch: pa.RecordBatch) -> None:
        """Some rows; they are written when there are enough for a part."""
        columns = [_stored(batch.column(i), field.type) for i, field in enumerate(self.schema)]
        self.waiting.append(pa.RecordBatch.from_arrays(columns, schema=self.schema))
        if sum(one.num_rows for one in self.waiting) >= AT_ONCE:
            self._write(AT_ONCE)

    def _write(self, least: int) -> None:
        """Write parts of equal length, however the batches came, and keep the rest, less than `least` rows."""
        table = pa.Table.from_batches(self.waiting, self.schema).combine_chunks()
        self.waiting = []
        try:
            for part in table.to_batches(max_chunksize=AT_ONCE):
                if part.num_rows < least:
                    self.waiting.append(part)
                else:
                    self.writer.write_batch(part)
                    self._note(part)
                    self.rows.append(part.num_rows)
        except OSError as error:
            raise_scarce(error, self.label)
            raise

    def _note(self, part: pa.RecordBatch) -> None:
        """Add a part's values to the digest; what a driver leaves in memory behind a null is none of them."""
        for column in part.columns:
            self.values.update(np.packbits(column.is_valid().to_numpy(zero_copy_only=False)).tobytes())
            kept = column.cast(VIEWED.get(column.type, column.type))  # Arrow filters no views
            known = pa.RecordBatch.from_arrays([kept.drop_null()], ["known"])
            self.values.update(known.serialize().to_pybytes())

    @property
    def digest(self) -> str:
        """A hash of all values in their order."""
        return self.values.hexdigest()

    def finished(self) -> list[Part]:
        """Write the rest; a part for each batch."""
        if self.waiting:
            self._write(least=1)
        self.writer.close()
        self.file.flush()
        content = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)
        buffer = pa.py_buffer(content)
        return [
            Part(label=self.label, rows=rows, read=_reading(buffer, i), range=_ranging(buffer, i))
            for i, rows in enumerate(self.rows)
        ]


def _stored_type(type_: pa.DataType) -> pa.DataType:
    """The type that a column is written with: no dictionaries, which differ from batch to batch, no extensions."""
    if isinstance(type_, pa.BaseExtensionType):
        type_ = type_.storage_type
    while pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return type_


def _stored(column: pa.Array, type_: pa.DataType) -> pa.Array:
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    while pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if column.type == type_ else column.cast(type_)


def _batch(buffer: pa.Buffer, number: int, names: Sequence[str]) -> pa.RecordBatch:
    with pa.ipc.open_file(pa.BufferReader(buffer)) as reader:
        places = sorted({reader.schema.get_field_index(name) for name in names})
    options = pa.ipc.IpcReadOptions(included_fields=places)
    with pa.ipc.open_file(pa.BufferReader(buffer), options=options) as reader:
        return reader.get_batch(number).select(list(names))


def _reading(buffer: pa.Buffer, number: int) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
    def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        batch = _batch(buffer, number, names)
        for first in range(0, batch.num_rows, most):
            yield batch.slice(first, most)

    return read


def _ranging(buffer: pa.Buffer, number: int) -> Callable[[str], Range | None]:
    """The least and greatest value of a column of whole numbers or texts, found when it is asked for."""

    @cache
    def range_(name: str) -> Range | None:
        import pyarrow.compute as pc

        column = _batch(buffer, number, [name]).column(0)
        if not pa.types.is_integer(column.type) and arrow.sort_of(column.type) != "text":
            return None
        found = pc.min_max(column).as_py()
        return None if found["min"] is None else (found["min"], found["max"])

    return range_
