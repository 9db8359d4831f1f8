"""One file of microdata written as narrow Parquet, with what it says of its columns in the metadata of the fields.

It is read twice: once to find the narrowest types, once to write. Only a sorted file is held in memory whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed, nearest
from mpi.files.writing import write_parquet_parts, write_whole
from mpi.language import phrase
from mpi.source.convertible import Source
from mpi.source.joining import joined
from mpi.source.labels import Labels, metadata_of
from mpi.source.memory import told
from mpi.source.narrowing import WORDS, Narrowing, bytes_of_rows
from mpi.source.tables import AGAIN, Opened
from mpi.source.unchanged import states_of, unchanged
from mpi.specs.data_files import Dialect, Layout

AT_ONCE = 2**17  # rows that are looked at together
GROUP_ROWS, GROUP_BYTES = 2**20, 2**27  # of a row group, at most
COPIES = 3  # of a table that is sorted: itself, the order, the sorted one


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that was converted.

    Attributes
    ----------
    name : str
    before, after : str
        Its types, as Arrow calls them.
    labels : Labels
        Title, labels of codes, missing codes and how many cells held each.
    """

    name: str
    before: str
    after: str
    labels: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A file that was converted.

    Attributes
    ----------
    source, path : Path
        The original, and the Parquet file.
    rows : int
    columns : tuple of Column
    remarks : tuple of str
        How a text was read: encoding, delimiter, decimal sign; how many rows a joined file has no row for.
    """

    source: Path
    path: Path
    rows: int
    columns: tuple[Column, ...]
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The report as JSON takes it."""
        return {
            "source": str(self.source),
            "path": str(self.path),
            "rows": self.rows,
            "remarks": list(self.remarks),
            "columns": [
                {
                    "name": one.name,
                    "from": one.before,
                    "to": one.after,
                    "title": one.labels.title,
                    "labels": one.labels.known,
                    "missing": [list(bounds) for bounds in one.labels.missing],
                    "missing_counts": dict(one.labels.counts),
                }
                for one in self.columns
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How files are converted.

    Attributes
    ----------
    dialect : Dialect
    layout : Layout
    sort : sequence of str
        Columns by which rows are sorted.
    join : sequence of str
        The key by which the columns of several sources are joined.
    most : int
        Bytes that sorting and joining may take.
    inputs : sequence of Path
        All files that are read.
    overwrite : bool
    """

    dialect: Dialect
    layout: Layout
    sort: Sequence[str]
    join: Sequence[str]
    most: int
    inputs: Sequence[Path]
    overwrite: bool


def rewrite(sources: Sequence[Source], said: Path, target: Path, job: Job) -> Converted:
    """Write a source, or several that are joined, as Parquet.

    Parameters
    ----------
    sources : sequence of Source
    said, target : Path
        What the report calls them, and the new file, whose folder is made.
    job : Job

    Raises
    ------
    DataError
        If a file cannot be read, changes meanwhile, or the new one cannot be written.
    """
    with unchanged(states_of([file for one in sources for file in one.files])):
        tables = [_opened(one, job) for one in sources]
        table = tables[0] if len(tables) == 1 else _joined(tables, job)
        _check_sort(table, job.sort)
        columns, labels, schema = _narrowed(table)
        groups = _groups(table, columns, schema)
        if job.sort:
            _check_size(table, schema, job.most)
            groups = iter([_sorted(pa.concat_tables(groups), job.sort)])
        target.parent.mkdir(exist_ok=True)
        write_whole(
            target,
            lambda new: write_parquet_parts(schema, groups, new),
            overwrite=job.overwrite,
            inputs=job.inputs,
            private=True,
        )
    converted = tuple(
        Column(name=column, before=_types(one), after=_said(one.type), labels=labels[column])
        for column, one in columns.items()
    )
    return Converted(source=said, path=target, rows=table.rows, columns=converted, remarks=table.remarks)


def _types(column: Narrowing) -> str:
    """The types that a column came in."""
    return ", ".join(dict.fromkeys(_said(one) for one in column.stored))


def _said(type_: pa.DataType) -> str:
    return f"dictionary<{type_.value_type}>" if pa.types.is_dictionary(type_) else str(type_)


def _narrowed(table: Opened) -> tuple[dict[str, Narrowing], dict[str, Labels], pa.Schema]:
    """The columns in their narrowest types, what is said of them, and both as a schema."""
    columns = _looked_at(table)
    counts = _counts(table)
    labels = {column: replace(table.labels.get(column, Labels()), counts=counts.get(column, {})) for column in columns}
    fields = [
        pa.field(column, one.type, metadata=metadata_of(labels[column]) or None) for column, one in columns.items()
    ]
    return columns, labels, pa.schema(fields)


def _joined(tables: Sequence[Opened], job: Job) -> Opened:
    try:
        return joined([(one, _held(one, job)) for one in tables], job.join)
    except DataError as error:
        raise DataError(*(_with_option(fault) for fault in error.faults)) from None


def _held(table: Opened, job: Job) -> pa.Table:
    """A table in memory, to be joined."""
    columns, _, schema = _narrowed(table)
    _check_size(table, schema, job.most)
    return pa.concat_tables(_groups(table, columns, schema)).unify_dictionaries()


def _opened(source: Source, job: Job) -> Opened:
    """A source as a table; remedies are those of this command."""
    try:
        table = source.opened(job.dialect)
    except DataError as error:
        raise DataError(*(_with_option(fault) for fault in error.faults)) from None
    if table.refused:
        raise DataError(*(_with_option(fault) for fault in table.refused.values()))
    return table


def _with_option(fault: Fault) -> Fault:
    """A fault whose remedy is an option of the command instead of a key of a survey."""
    match fault.code:
        case "MPI-D131":
            remedy = phrase("say which it is: --decimal SIGN for decimals, --thousands SIGN for thousands")
            return Fault("MPI-D131", fault.place, fault.text, remedy)
        case "MPI-D005" if "`csv:" in fault.remedy:
            remedy = phrase("state how the file is written, with --delimiter or --encoding, or correct it")
            return Fault("MPI-D005", fault.place, fault.text, remedy)
        case "MPI-D013":
            remedy = phrase("convert them without --into, or join their columns by a key of their rows: --join house")
            return Fault("MPI-D013", fault.place, fault.text, remedy)
        case "MPI-D032":
            remedy = phrase("add to --join the columns that tell these rows apart, or remove repeated rows")
            return Fault("MPI-D032", fault.place, fault.text, remedy)
        case "MPI-D200":
            remedy = phrase("name the sheet with --sheet, the member of an archive or a pattern of them with --member")
            return Fault("MPI-D200", fault.place, fault.text, remedy)
    return fault


def _check_sort(table: Opened, sort: Sequence[str]) -> None:
    faults = [
        Fault(
            "MPI-D010",
            Place(table.label),
            phrase("there is no column {name!r} to sort by", name=name),
            nearest(name, table.columns) or phrase("it has {names}", names=listed(list(table.columns))),
        )
        for name in sort
        if name not in table.columns
    ]
    if faults:
        raise DataError(*faults)


def _looked_at(table: Opened) -> dict[str, Narrowing]:
    columns = {name: Narrowing(sort) for name, sort in table.columns.items()}
    for batch in table.raw(list(columns), AT_ONCE):
        for name, one in columns.items():
            one.look(batch.column(name))
    return columns


def _counts(table: Opened) -> dict[str, dict[str, int]]:
    """How many cells held each missing code, in the columns as they were read."""
    found: dict[str, dict[str, int]] = {}
    for tally in table.tallies:
        for name, counts in tally.counts().items():
            own = found.setdefault(name, {})
            for code, cells in counts.items():
                own[code] = own.get(code, 0) + cells
    return {name: dict(sorted(counts.items())) for name, counts in found.items()}


def _groups(table: Opened, columns: Mapping[str, Narrowing], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in the new types, gathered to row groups."""
    held: list[pa.RecordBatch] = []
    for batch in table.raw(list(columns), AT_ONCE):
        try:
            arrays = [one.narrowed(batch.column(name)) for name, one in columns.items()]
        except pa.ArrowException:
            text = phrase("the values of a column cannot be stored in one type")
            raise DataError(Fault("MPI-D003", Place(table.label), text, AGAIN)) from None
        held.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
        if sum(map(len, held)) >= GROUP_ROWS or sum(one.nbytes for one in held) >= GROUP_BYTES:
            yield pa.Table.from_batches(held, schema)
            held = []
    if held:
        yield pa.Table.from_batches(held, schema)


def _check_size(table: Opened, schema: pa.Schema, most: int) -> None:
    """Refuse to sort or join what does not fit."""
    need = COPIES * table.rows * bytes_of_rows(schema.types)
    if need > most:
        text = phrase(
            "sorting or joining the file takes some {need} of memory, more than {most}",
            need=told(need),
            most=told(most),
        )
        remedy = phrase("allow more with --memory, or convert it without --sort and --join")
        raise DataError(Fault("MPI-U211", Place(table.label), text, remedy))


def _sorted(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """The rows in the order of some columns, unknown last; equal ones in the order of the file."""
    import pyarrow.compute as pc

    keys = {name: table[name].cast(pa.string()) if table[name].type == WORDS else table[name] for name in by}
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in by])
    return table.unify_dictionaries().take(order)
