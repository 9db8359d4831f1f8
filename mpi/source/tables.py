"""One table of a survey, whatever it lies in: many Parquet files, CSV, or a frame; read in batches, typed and checked.

The types of a column must agree over all files; a column that a file lacks is an error. Nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from mpi import arrow
from mpi.arrow import Sort
from mpi.errors import DataError, Fault, MpiError, Place, counted, listed
from mpi.source.csv import read_csv
from mpi.survey import Dialect
from mpi.values import Text, Values, concatenate

SUFFIXES = (".parquet", ".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Part:
    """One batch of rows that can be read by itself: a row group of a file, or a table in memory.

    Attributes
    ----------
    read : callable
        Takes column names, gives an Arrow table.
    constants : mapping of str to str
        Columns from the names of the partition's folders.
    """

    label: str
    rows: int
    read: Callable[[Sequence[str]], pa.Table]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that was opened and whose columns are known.

    Attributes
    ----------
    name : str
        persons, households or dwellings.
    label : str
        What messages call it.
    columns : dict of str to str
        Sort of each column: number, text, truth, empty (all null) or other.
    parts : list of Part
        Batches in order.
    files : tuple of Path
        What was opened; empty for frames.
    remarks : tuple of str
        What was found out about the files (CSV dialect).
    """

    name: str
    label: str
    columns: dict[str, Sort]
    parts: list[Part]
    files: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows of all parts."""
        return sum(part.rows for part in self.parts)

    def batches(self, columns: Sequence[str], *, decimal: bool = True) -> Iterator[dict[str, Values]]:
        """The columns, part by part.

        Raises
        ------
        DataError
            If a part cannot be read, has fewer rows than it declares, or holds what cannot be computed with.
        """
        for part in self.parts:
            yield self._read(part, columns, decimal)

    def whole(self, columns: Sequence[str], *, decimal: bool = True) -> dict[str, Values]:
        """The columns of all parts together."""
        parts = list(self.batches(columns, decimal=decimal))
        return {name: concatenate([part[name] for part in parts]) for name in columns}

    def _read(self, part: Part, columns: Sequence[str], decimal: bool) -> dict[str, Values]:
        wanted = [name for name in dict.fromkeys(columns) if name not in part.constants]
        try:
            table = part.read(wanted)
        except (pa.ArrowException, OSError, ValueError, MemoryError):
            text = "the file is damaged: its data cannot be read back"
            raise DataError(Fault("MPI-D003", Place(part.label), text, "copy it again from its source")) from None
        if table.num_rows != part.rows and wanted:
            text = f"the file declares {counted(part.rows, 'row')} and holds {table.num_rows:,}"
            raise DataError(Fault("MPI-D003", Place(part.label), text, "copy it again from its source"))
        found: dict[str, Values] = {}
        for name in wanted:
            try:
                found[name] = arrow.values_of(table.column(name), decimal=decimal)
            except (arrow.Unreadable, pa.ArrowException) as error:
                text = str(error) if isinstance(error, arrow.Unreadable) else "cannot be read as numbers"
                raise DataError(Fault("MPI-D012", Place(part.label), f"column {name!r} {text}")) from None
        for name in columns:
            if name in part.constants:
                found[name] = Text(np.zeros(part.rows, np.int64), (part.constants[name],))
        return found


def open_table(name: str, path: str, folder: Path, dialect: Dialect) -> Opened:
    """Open the files of a table and check that they agree.

    Parameters
    ----------
    name : str
        The table's name.
    path : str
        A file, a folder of files (also partitioned `column=value`), or a pattern, below `folder`.
    dialect : Dialect
        How CSV files are written, where the survey says so.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    files = find_files(name, path, folder)
    faults: list[Fault] = []
    opened: list[tuple[Path, dict[str, Sort], list[Part], tuple[str, ...]]] = []
    for file, constants in files:
        try:
            opened.append(_open_file(file, constants, folder, dialect))
        except MpiError as error:
            faults += error.faults
    columns = _agreed(name, [(file, sorts) for file, sorts, _, _ in opened], faults, folder)
    parts = [part for _, _, own, _ in opened for part in own]
    if not faults and not sum(part.rows for part in parts):
        faults.append(Fault("MPI-D002", Place(_label(files[0][0], folder)), f"the table {name} has no row"))
    if faults:
        raise DataError(*faults)
    label = _label(files[0][0], folder) if len(files) == 1 else f"{path} ({len(files)} files)"
    remarks = tuple(dict.fromkeys(remark for *_, own in opened for remark in own))
    return Opened(name, label, columns, parts, tuple(file for file, _ in files), remarks)


def open_frame(name: str, frame: object) -> Opened:
    """A table from an object that speaks Arrow."""
    try:
        table = arrow.read_frame(frame)
    except TypeError as error:
        text = f"the table {name}: {error}"
        raise DataError(
            Fault("MPI-D004", None, text, "give a path, or a pandas, polars, pyarrow or DuckDB table")
        ) from None
    doubled = {column for column in table.column_names if table.column_names.count(column) > 1}
    if doubled:
        raise DataError(Fault("MPI-D011", None, f"the table {name} has two columns called {listed(sorted(doubled))}"))
    if not table.num_rows:
        raise DataError(Fault("MPI-D002", None, f"the table {name} has no row"))
    columns = {field.name: arrow.sort_of(field.type) for field in table.schema}
    return Opened(name, f"the frame {name!r}", columns, [Part(name, table.num_rows, table.select)])


def find_files(name: str, path: str, folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """The files that a path or pattern names, sorted, with the columns that their folders stand for.

    Raises
    ------
    DataError
        If there are none, or files of different or unknown formats.
    """
    exact = folder / path
    found = [exact] if exact.exists() else sorted(folder.glob(path))
    files: list[tuple[Path, dict[str, str]]] = []
    for item in found:
        files += [(item, {})] if item.is_file() else _walk(item)
    place = Place(str(folder / path))
    if not files:
        raise DataError(Fault("MPI-D001", place, f"no file of the table {name} is found there",
                              "look at --data and at the survey's `path:`"))  # fmt: skip
    suffixes = {file.suffix.lower() for file, _ in files}
    strange = [file.name for file, _ in files if file.suffix.lower() not in SUFFIXES]
    if strange or len({suffix == ".parquet" for suffix in suffixes}) > 1:
        what = f"files that are neither Parquet nor CSV: {listed(strange)}" if strange else "both Parquet and CSV files"
        raise DataError(Fault("MPI-D004", place, f"the table {name} matches {what}", "make the path narrower"))
    return files


def _walk(folder: Path) -> list[tuple[Path, dict[str, str]]]:
    found = []
    for file in sorted(folder.rglob("*")):
        below = file.relative_to(folder).parts
        if file.is_file() and not any(part.startswith((".", "_")) for part in below):
            constants = dict(part.split("=", 1) for part in below[:-1] if "=" in part)
            found.append((file, constants))
    return found


def _label(file: Path, folder: Path) -> str:
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else file.name


def _open_file(
    file: Path, constants: dict[str, str], folder: Path, dialect: Dialect
) -> tuple[Path, dict[str, Sort], list[Part], tuple[str, ...]]:
    label = _label(file, folder)
    if file.suffix.lower() == ".parquet":
        sorts, parts = _open_parquet(file, label, constants)
        remarks: tuple[str, ...] = ()
    else:
        table, said = read_csv(file, label, dialect)
        sorts = {field.name: arrow.sort_of(field.type) for field in table.schema}
        parts, remarks = [Part(label, table.num_rows, table.select, constants)], (said,)
    both = sorted(sorts.keys() & constants.keys())
    if both:
        text = f"{listed(both)} stands in the file and in the name of its folder"
        raise DataError(Fault("MPI-D011", Place(label), text, "rename one of them"))
    return file, {**sorts, **dict.fromkeys(constants, "text")}, parts, remarks  # type: ignore[dict-item]  # a Sort


def _open_parquet(file: Path, label: str, constants: dict[str, str]) -> tuple[dict[str, Sort], list[Part]]:
    import pyarrow.parquet as pq

    size = file.stat().st_size
    try:
        reader = pq.ParquetFile(file, page_checksum_verification=True)
        metadata, schema = reader.metadata, reader.schema_arrow
        rows = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        reason = f"not a whole Parquet file ({size:,} bytes)"
        raise DataError(Fault("MPI-D003", Place(label), reason, "copy it again from its source")) from None
    doubled = {name for name in schema.names if schema.names.count(name) > 1}
    if doubled:
        raise DataError(Fault("MPI-D011", Place(label), f"two columns are called {listed(sorted(doubled))}"))
    if sum(rows) != metadata.num_rows:
        raise DataError(
            Fault("MPI-D003", Place(label), f"the file declares {metadata.num_rows:,} rows, its groups {sum(rows):,}")
        )
    sorts = {field.name: arrow.sort_of(field.type) for field in schema}

    def reading(group: int) -> Callable[[Sequence[str]], pa.Table]:
        return lambda columns: reader.read_row_group(group, columns=list(columns), use_threads=False)

    return sorts, [Part(label, n, reading(i), constants) for i, n in enumerate(rows) if n]


def _agreed(
    name: str, opened: Sequence[tuple[Path, dict[str, Sort]]], faults: list[Fault], folder: Path
) -> dict[str, Sort]:
    """The sort of each column over all files; every file must have it, and of one sort (or all null)."""
    agreed: dict[str, Sort] = {}
    first: dict[str, str] = {}
    for file, sorts in opened:
        for column, sort in sorts.items():
            before = agreed.get(column)
            if before is None or before == "empty":
                agreed[column] = sort
                first[column] = _label(file, folder)
            elif sort not in (before, "empty"):
                text = f"column {column!r} of {name} holds {sort} here and {before} in {first[column]}"
                faults.append(Fault("MPI-D013", Place(_label(file, folder)), text, "make the files alike"))
    for column in agreed:
        lacking = [_label(file, folder) for file, sorts in opened if column not in sorts]
        if lacking:
            text = f"column {column!r} of {name} is in {first[column]} and not in {listed(lacking)}"
            faults.append(Fault("MPI-D013", None, text, "make the files alike"))
    return agreed
