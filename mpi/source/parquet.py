"""Parquet files as tables: their footers are checked at once, their row groups are read when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from mpi.errors import DataError, Fault
from mpi.errors.resources import raise_scarce
from mpi.files.stores import arrow_source, telling
from mpi.language import phrase
from mpi.source import doubles
from mpi.source.formats import SEALED, fault_of
from mpi.source.groups import batches_of
from mpi.source.holding import TAIL, digest_of_chunks
from mpi.source.items import RIGHTS, Item
from mpi.source.labels import Labels, Tally, labels_in
from mpi.source.tables import AGAIN, READING, Opened, Part, Range, in_memory, sorts, with_constants

SIGNATURE = 28  # bytes of a signed footer: its nonce and its tag


def open_parquet(item: Item) -> Opened:
    """A Parquet file with a part for each row group.

    Raises
    ------
    DataError
        If it cannot be read, is damaged, has doubled columns, or is of another kind.
    """
    import pyarrow.parquet as pq

    if item.packed is not None:
        return _in_archive(item)
    file, label, constants, place = item.file, item.label, item.constants, item.place
    try:
        with telling(file), pq.ParquetFile(arrow_source(file)) as reader:
            metadata, schema = reader.metadata, reader.schema_arrow
        # Before anything is asked of a column: Arrow ends the process where it is a sealed one.
        if _is_sealed(file, metadata.serialized_size):
            raise DataError(fault_of(item.table, label, SEALED))
        rows = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        columns = sorts(schema, place)
    except PermissionError:
        raise DataError(Fault("MPI-D001", place, phrase("the file cannot be read"), RIGHTS)) from None
    except READING as error:
        raise_scarce(error, label)
        text = phrase("this is not a complete Parquet file ({st_size:,} bytes)", st_size=file.stat().st_size)
        raise DataError(Fault("MPI-D003", place, text, AGAIN)) from None
    if sum(rows) != metadata.num_rows or min(rows, default=0) < 0:
        text = phrase(
            "the file declares {num_rows:,} rows, its groups {number:,}", num_rows=metadata.num_rows, number=sum(rows)
        )
        raise DataError(Fault("MPI-D003", place, text, AGAIN))

    labels, tally = labels_in(schema), Tally()

    def reading(group: int) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
        def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
            _noting(tally, labels, names)
            # Opened anew, so that a survey of thousands of files never has them all open.
            return batches_of(file, metadata, group, names, most)

        return read

    places = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}

    def ranging(group: int) -> Callable[[str], Range | None]:
        def range_(name: str) -> Range | None:
            if name not in places:
                return None
            found = metadata.row_group(group).column(places[name]).statistics
            return (found.min, found.max) if found is not None and found.has_min_max else None

        return range_

    def digesting(group: int) -> Callable[[Sequence[str]], str]:
        return lambda names: digest_of_chunks(file, metadata.row_group(group), names)

    parts = [
        Part(label=label, rows=n, read=reading(i), constants=constants, range=ranging(i), digest=digesting(i))
        for i, n in enumerate(rows)
        if n
    ]
    return Opened(
        name=item.table,
        label=label,
        columns=with_constants(columns, constants, label),
        parts=parts,
        files=(file,),
        floats=doubles.stored(schema),
        labels=labels,
        tallies=(tally,),
    )


def _is_sealed(file: Path, size: int) -> bool:
    """Whether columns of a file are encrypted, though its footer is not, which is signed then, by bytes after it."""
    with telling(file), file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - TAIL))
        return int.from_bytes(stream.read(TAIL)[:4], "little") - size == SIGNATURE


def _noting(tally: Tally, labels: Mapping[str, Labels], names: Sequence[str]) -> None:
    """Note how many cells of some columns held missing codes before the file was converted."""
    for name in names:
        if name in labels:
            tally.note("converted", name, labels[name].counts)


def _in_archive(item: Item) -> Opened:
    """A Parquet file that is a member of an archive, in memory."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(item.content()), page_checksum_verification=True, use_threads=False)
    except READING as error:
        raise_scarce(error, item.label)
        text = phrase("this is not a complete Parquet file")
        raise DataError(Fault("MPI-D003", item.place, text, AGAIN)) from None
    part = Part(label=item.label, rows=table.num_rows, read=in_memory(table), constants=item.constants)
    return Opened(
        name=item.table,
        label=item.label,
        columns=with_constants(sorts(table.schema, item.place), item.constants, item.label),
        parts=[part] if table.num_rows else [],
        files=(item.file,),
        floats=doubles.stored(table.schema),
        labels=labels_in(table.schema),
    )
