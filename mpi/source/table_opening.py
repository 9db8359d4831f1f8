"""A table of a survey opened: its files, which must agree, or a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import not_none
from mpi.errors import DataError, Fault, MpiError, Place, ResourceError
from mpi.language import enumerated, phrase
from mpi.source import doubles
from mpi.source.agreeing import agreed
from mpi.source.csv import Cells
from mpi.source.delimited import typed as typed_cells
from mpi.source.files import NO_LAYOUT, find_files, label_of, partition
from mpi.source.formats import Format, misnamed, recognised
from mpi.source.items import Item
from mpi.source.labels import merged
from mpi.source.packed import unpacked
from mpi.source.readers import reader_of
from mpi.source.spooling import spooled
from mpi.source.streams import broken, streams_of
from mpi.source.tables import Opened, Part, in_memory, sorts, with_constants
from mpi.specs.data_files import Dialect, Layout


def open_table(
    name: str,
    path: str,
    folder: Path,
    dialect: Dialect,
    codes: Mapping[str, Sequence[str]] | None = None,
    *,
    layout: Layout = NO_LAYOUT,
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
    layout : Layout, optional
        What else the survey says of the files.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    return open_files(name, path, find_files(name, path, folder, layout), folder, dialect, codes=codes, layout=layout)


def open_files(
    name: str,
    path: str,
    files: Sequence[Path],
    folder: Path,
    dialect: Dialect,
    *,
    codes: Mapping[str, Sequence[str]] | None = None,
    layout: Layout = NO_LAYOUT,
) -> Opened:
    """As `open_table`, with the files that `path` stands for."""
    label = label_of(files[0], folder) if len(files) == 1 else f"{path} ({len(files)} files)"
    items = [
        Item(
            table=name,
            file=file,
            label=label_of(file, folder),
            dialect=dialect,
            name=file.name,
            folder=folder,
            constants=partition(file, folder),
            layout=layout,
            codes=codes or {},
        )
        for file in files
    ]
    opened, cells, faults = _read(items, Place(str(folder / path)))
    if faults:
        raise DataError(*faults)
    refused: dict[str, Fault] = {}
    nearly = {column: fault for one in opened for column, fault in one.nearly.items()}
    if cells:
        typed = typed_cells(name, label, cells, dialect, codes or {})
        refused = typed.refused
        nearly |= typed.nearly
        for one, table, said in zip(cells, typed.tables, typed.said, strict=True):
            try:
                opened.append(_of_cells(one, table, said, refused))
            except MpiError as error:
                faults += error.faults
    columns, disagreeing = agreed(name, [(one.label, one.columns) for one in opened])
    parts = [part for one in opened for part in one.parts]
    if not faults and not parts:
        faults.append(_no_row(name, Place(label)))
    if faults:
        raise DataError(*faults)
    return Opened(
        name=name,
        label=label,
        columns=columns,
        parts=parts,
        files=tuple(files),
        remarks=tuple(remark for one in opened for remark in one.remarks),
        refused={**refused, **disagreeing},
        nearly=nearly,
        floats=doubles.least_exact([one.floats for one in opened]),
        labels=merged([one.labels for one in opened]),
        tallies=tuple(tally for one in opened for tally in one.tallies),
    )


def _read(files: Sequence[Item], place: Place) -> tuple[list[Opened], list[Cells], list[Fault]]:
    """The files, or members of them, that know their types; those of texts; and what is wrong."""
    opened: list[Opened] = []
    cells: list[Cells] = []
    faults: list[Fault] = []
    kinds: dict[Format, None] = {}
    layout = files[0].layout
    for whole in files:
        try:
            for item in unpacked(whole, lambda inner: reader_of(inner, layout) is not None):
                reader = not_none(reader_of(item.name, layout))
                kinds[reader.format] = None
                if (found := recognised(item.head(), item.name)) not in (None, reader.format):
                    faults.append(misnamed(item.table, item.label, found, reader.format))
                elif reader.typed is not None:
                    opened.append(reader.typed(item))
                else:
                    cells.append(not_none(reader.cells)(item))
        except ResourceError:
            raise
        except MpiError as error:
            faults += error.faults
    if len(kinds) > 1:
        names = enumerated(sorted(kind.name for kind in kinds))
        text = phrase("the table {name} matches files of several kinds: {kinds}", name=files[0].table, kinds=names)
        faults.append(Fault("MPI-D004", place, text, phrase("make the path more specific")))
    return opened, cells, faults


def open_frame(name: str, frame: object) -> Opened:
    """A table from an object that speaks Arrow, or gives its rows piece by piece (see `streams.streams_of`).

    Raises
    ------
    DataError
        If it does not, has no row, two columns of one name, or breaks off.
    """
    what = phrase("the table {name}", name=name)
    streams = streams_of(frame, what)
    if streams is not None:
        return spooled(name, phrase("the frame {name!r}", name=name), streams, broken(name))
    table = arrow.read_frame(frame, what)
    columns = sorts(table.schema, Place(phrase("the frame {name!r}", name=name)))
    if not table.num_rows:
        raise DataError(_no_row(name, None))
    return Opened(
        name=name,
        label=phrase("the frame {name!r}", name=name),
        columns=columns,
        parts=[Part(label=phrase("the frame {name!r}", name=name), rows=table.num_rows, read=in_memory(table))],
        floats=doubles.stored(table.schema),
    )


def _no_row(name: str, place: Place | None) -> Fault:
    remedy = phrase("copy the file again, or name another one as the `path:` of the table")
    return Fault("MPI-D002", place, phrase("the table {name} has no row", name=name), remedy)


def _of_cells(cells: Cells, table: pa.Table, said: str, refused: Mapping[str, Fault]) -> Opened:
    """One file of texts whose columns have their types."""
    item = cells.item
    columns = sorts(table.schema, item.place)
    columns |= {column: "number" for column in refused if column in columns}
    part = Part(label=item.label, rows=table.num_rows, read=in_memory(table), constants=item.constants)
    return Opened(
        name="",
        label=item.label,
        columns=with_constants(columns, item.constants, item.label),
        parts=[part] if table.num_rows else [],
        files=(item.file,),
        remarks=(said,),
        floats=doubles.stored(table.schema),
        labels=cells.labels,
        tallies=(cells.tally,),
    )
