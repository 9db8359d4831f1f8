"""A table of a survey opened: its Parquet or CSV files, which must agree, or a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.arrow import Sort
from mpi.errors import DataError, Fault, MpiError, Place, ResourceError, listed
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source import doubles
from mpi.source.agreeing import agreed
from mpi.source.csv import RIGHTS, Cells, read_csv
from mpi.source.delimited import typed as typed_cells
from mpi.source.files import find_files, is_parquet, label_of, partition
from mpi.source.formats import fault_of, foreign
from mpi.source.groups import batches_of
from mpi.source.holding import digest_of_chunks
from mpi.source.tables import AGAIN, READING, Opened, Part, Range
from mpi.specs.survey import Dialect


def _in_memory(table: pa.Table) -> Callable[[Sequence[str], int], Iterable[pa.RecordBatch]]:
    """How to read a table that is in memory, chunk by chunk."""

    def read(names: Sequence[str], most: int) -> Iterable[pa.RecordBatch]:
        batches: Iterable[pa.RecordBatch] = table.select(names).to_batches(max_chunksize=most)
        return batches

    return read


def open_table(
    name: str, path: str, folder: Path, dialect: Dialect, codes: Mapping[str, Sequence[str]] | None = None
) -> Opened:
    """Open the files of a table and check that they agree.

    Parameters
    ----------
    name : str
        The table's name.
    path : str
        A file, a folder of files (also partitioned `column=value`), or a pattern, below `folder`.
    dialect : Dialect
        How CSV files are written, where the survey says so.
    codes : mapping of str to sequence of str, optional
        The codes that mean that the answer is unknown, by column.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    files = find_files(name, path, folder)
    label = label_of(files[0], folder) if len(files) == 1 else f"{path} ({len(files)} files)"
    faults: list[Fault] = []
    opened: list[Opened] = []
    cells: list[Cells] = []
    for file in files:
        try:
            if is_parquet(file):
                opened.append(_open_parquet(name, file, folder))
            else:
                cells.append(read_csv(name, file, label_of(file, folder), dialect))
        except ResourceError:
            raise
        except MpiError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    refused: dict[str, Fault] = {}
    nearly: dict[str, Fault] = {}
    if cells:
        found = typed_cells(name, label, cells, dialect, codes or {})
        refused, nearly = found.refused, found.nearly
        for one, table, said in zip(cells, found.tables, found.said, strict=True):
            try:
                opened.append(_of_cells(one, partition(one.file, folder), table, said, refused))
            except MpiError as error:
                faults += error.faults
    columns, disagreeing = agreed(name, [(one.label, one.columns) for one in opened])
    parts = [part for one in opened for part in one.parts]
    if not faults and not parts:
        faults.append(_no_row(name, Place(label)))
    if faults:
        raise DataError(*faults)
    remarks = tuple(remark for one in opened for remark in one.remarks)
    return Opened(
        name=name,
        label=label,
        columns=columns,
        parts=parts,
        files=tuple(files),
        remarks=remarks,
        refused={**refused, **disagreeing},
        nearly=nearly,
        floats=doubles.least_exact([one.floats for one in opened]),
    )


def open_frame(name: str, frame: object) -> Opened:
    """A table from an object that speaks Arrow.

    Raises
    ------
    DataError
        If it does not, has no row, or two columns of one name.
    """
    table = arrow.read_frame(frame, phrase("the table {name}", name=name))
    columns = _sorts(table.schema, Place(phrase("the frame {name!r}", name=name)))
    if not table.num_rows:
        raise DataError(_no_row(name, None))
    return Opened(
        name=name,
        label=phrase("the frame {name!r}", name=name),
        columns=columns,
        parts=[Part(label=phrase("the frame {name!r}", name=name), rows=table.num_rows, read=_in_memory(table))],
        floats=doubles.stored(table.schema),
    )


def _no_row(name: str, place: Place | None) -> Fault:
    remedy = phrase("copy the file again, or name another one as the `path:` of the table")
    return Fault("MPI-D002", place, phrase("the table {name} has no row", name=name), remedy)


def _sorts(schema: pa.Schema, place: Place) -> dict[str, Sort]:
    """The sort of each column."""
    names = schema.names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        text = phrase("two columns are called {names}", names=listed(doubled))
        raise DataError(Fault("MPI-D011", place, text, phrase("rename one of them")))
    return {field.name: arrow.sort_of(field.type) for field in schema}


def _of_cells(
    cells: Cells, constants: dict[str, str | None], table: pa.Table, said: str, refused: Mapping[str, Fault]
) -> Opened:
    """One CSV file whose columns have their types."""
    columns = _sorts(table.schema, Place(cells.label))
    columns |= {column: "number" for column in refused if column in columns}
    parts = (
        [Part(label=cells.label, rows=table.num_rows, read=_in_memory(table), constants=constants)]
        if table.num_rows
        else []
    )
    return Opened(
        name="",
        label=cells.label,
        columns=_with_constants(columns, constants, cells.label),
        parts=parts,
        files=(cells.file,),
        remarks=(said,),
        floats=doubles.stored(table.schema),
    )


def _with_constants(columns: dict[str, Sort], constants: Mapping[str, str | None], label: str) -> dict[str, Sort]:
    """The columns of a file with those that the names of its folders stand for."""
    both = sorted(columns.keys() & constants.keys())
    if both:
        text = phrase("{names} is both in the file and in the name of its folder", names=listed(both))
        raise DataError(Fault("MPI-D011", Place(label), text, phrase("rename one of them")))
    return {**columns, **dict.fromkeys(constants, "text")}


def _open_parquet(name: str, file: Path, folder: Path) -> Opened:
    import pyarrow.parquet as pq

    label, constants = label_of(file, folder), partition(file, folder)
    place = Place(label)
    try:
        with pq.ParquetFile(file) as reader:
            metadata, schema = reader.metadata, reader.schema_arrow
        rows = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        columns = _sorts(schema, place)
    except PermissionError:
        raise DataError(Fault("MPI-D001", place, phrase("the file cannot be read"), RIGHTS)) from None
    except READING as error:
        raise_scarce(error, label)
        if (found := foreign(file)) is not None:
            raise DataError(fault_of(name, label, found)) from None
        text = phrase("this is not a complete Parquet file ({st_size:,} bytes)", st_size=file.stat().st_size)
        raise DataError(Fault("MPI-D003", place, text, AGAIN)) from None
    if sum(rows) != metadata.num_rows or min(rows, default=0) < 0:
        text = phrase(
            "the file declares {num_rows:,} rows, its groups {number:,}", num_rows=metadata.num_rows, number=sum(rows)
        )
        raise DataError(Fault("MPI-D003", place, text, AGAIN))

    def reading(group: int) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
        def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
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
        name=name,
        label=label,
        columns=_with_constants(columns, constants, label),
        parts=parts,
        files=(file,),
        floats=doubles.stored(schema),
    )
