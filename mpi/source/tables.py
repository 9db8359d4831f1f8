"""One table of a survey, in Parquet or CSV files or a frame: read part by part, typed and checked.

The types of a column must agree over all files; a column that a file lacks is an error. Nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.arrow import Sort
from mpi.columns.stored import Stored, stored_of
from mpi.columns.values import Number, Text, Truth, Values, concatenate
from mpi.errors import DataError, Fault, Place, counted, listed
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source import doubles
from mpi.source.labels import Labels, Tally

AT_ONCE = 2**20  # rows that are looked at together
AGAIN = phrase("copy it again from its source")
# What a damaged file or a wrong frame can raise; their messages quote values and are never passed on.
READING = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)


Range: TypeAlias = tuple[Any, Any]


def _no_range(_: str) -> Range | None:
    return None


def _no_digest(_: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows that can be read by themselves: a row group of a file, or a table in memory.

    Attributes
    ----------
    read : callable
        Takes column names and how many rows to give at most at once; gives record batches.
    constants : mapping of str to str or None
        Columns from the names of the partition's folders; None for null.
    range : callable
        The smallest and largest value of a column, as far as the file says; else None.
    digest : callable
        Of what the file holds of some columns; empty for what is in memory already.
    """

    label: str
    rows: int
    read: Callable[[Sequence[str], int], Iterable[pa.RecordBatch]]
    constants: Mapping[str, str | None] = field(default_factory=dict)
    range: Callable[[str], Range | None] = _no_range
    digest: Callable[[Sequence[str]], str] = _no_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query that gave the rows of a table: what a manifest says of it. Where its database is, is nobody's business.

    Attributes
    ----------
    table, database : str
    statement : str
        The SHA-256 of its text.
    rows : int
    content : str
        The SHA-256 of the rows.
    columns : mapping of str to str
        The sort of each column.
    """

    table: str
    database: str
    statement: str
    rows: int
    content: str
    columns: Mapping[str, Sort]


@dataclass(frozen=True, slots=True, kw_only=True)
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
        In the order of the rows.
    files : tuple of Path
        What was opened; empty for frames.
    remarks : tuple of str
        What was found out about the files (CSV dialect).
    refused : mapping of str to Fault
        Columns that are there, and cannot be read: not in every file, of two types, or with numbers that can be read
        in two ways. No fault as long as nobody reads them.
    nearly : mapping of str to Fault
        Columns of text that would be numbers but for some cells: what to do where numbers are wanted.
    floats : mapping of str to int
        Columns stored as decimal numbers: from which whole number on neighbours look alike (2^53, or less).
    keys : frozenset of str
        Columns of keys, whose decimal numbers are read as whole ones.
    labels : mapping of str to Labels
        What the files say of their columns: titles, labels of codes, missing codes.
    tallies : tuple of Tally
        How many cells of what was read hold missing codes that the files declare.
    content : str
        The hash of rows that came once; empty for files, which have their own.
    asked : Asked or None
        The query that gave the rows.
    """

    name: str
    label: str
    columns: dict[str, Sort]
    parts: list[Part]
    files: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: Mapping[str, Fault] = field(default_factory=dict)
    nearly: Mapping[str, Fault] = field(default_factory=dict)
    floats: Mapping[str, int] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    labels: Mapping[str, Labels] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    content: str = ""
    asked: Asked | None = None

    @property
    def rows(self) -> int:
        """Number of rows of all parts."""
        return sum(part.rows for part in self.parts)

    def batches(
        self, columns: Sequence[str], most: int | None = None, parts: Sequence[Part] | None = None
    ) -> Iterator[dict[str, Values]]:
        """The columns, part by part.

        Parameters
        ----------
        columns : sequence of str
        most : int, optional
            Rows to give at once; whole parts if left out.
        parts : sequence of Part, optional
            Some of the table's; all if left out.

        Raises
        ------
        DataError
            If a part cannot be read, has fewer rows than it declares, or holds what cannot be computed with.
        """
        for part in self.parts if parts is None else parts:
            yield from self._read(part, columns, part.rows if most is None else min(most, part.rows))

    def stored(
        self, columns: Sequence[str], some: Collection[str], most: int, parts: Sequence[Part] | None = None
    ) -> Iterator[dict[str, Values | Stored]]:
        """As `batches`; `some` of the columns come as they are stored, where they are whole numbers."""
        for part in self.parts if parts is None else parts:
            yield from self._read(part, columns, min(most, part.rows), some)

    def whole(self, columns: Sequence[str], parts: Sequence[Part] | None = None) -> dict[str, Values]:
        """The columns of all parts together, or of some."""
        found = list(self.batches(columns, parts=parts))
        return found[0] if len(found) == 1 else {name: concatenate([part[name] for part in found]) for name in columns}

    def raw(self, columns: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        """The columns as they are stored, part by part: dictionaries and folders' constants as what they stand for."""
        for part in self.parts:
            own = (name for name in self.columns if name not in self.refused and name not in part.constants)
            stored = [name for name in columns if name not in part.constants] or [next(own)]
            rows = 0
            for batch in _batches(part, stored, most):
                rows += batch.num_rows
                made = {name: _decoded(batch.column(name)) for name in stored if name in columns}
                made |= {
                    name: arrow.array_of(constant(part.constants[name], batch.num_rows)).dictionary_decode()
                    for name in columns
                    if name in part.constants
                }
                yield pa.RecordBatch.from_arrays([made[name] for name in columns], names=list(columns))
            self.check_rows(part, rows)

    def _read(
        self, part: Part, columns: Sequence[str], most: int, some: Collection[str] = ()
    ) -> Iterator[dict[str, Any]]:
        stored = [name for name in dict.fromkeys(columns) if name not in part.constants]
        if not stored:
            for low in range(0, part.rows, most):
                rows = min(most, part.rows - low)
                yield {name: constant(part.constants[name], rows) for name in columns}
            return
        rows = 0
        for batch in _batches(part, stored, most):
            rows += batch.num_rows
            yield {
                name: constant(part.constants[name], batch.num_rows)
                if name in part.constants
                else self._typed(name, batch.column(name), part.label, as_stored=name in some)
                for name in columns
            }
        self.check_rows(part, rows)

    def _typed(self, name: str, column: pa.Array, label: str, *, as_stored: bool) -> Values | Stored:
        if as_stored and self.columns[name] == "number" and (found := stored_of(column)) is not None:
            return found
        return self.typed(name, column, label)

    def check_rows(self, part: Part, rows: int) -> None:
        """Refuse a part of which other rows came than it declares."""
        if rows != part.rows:
            text = phrase("the file declares {rows} and contains {rows2:,}", rows=counted(part.rows, "row"), rows2=rows)
            raise DataError(Fault("MPI-D003", Place(part.label), text, AGAIN))

    def typed(self, name: str, column: pa.Array, label: str) -> Values:
        """A column's values, of the type that it has over all files."""
        place = Place(label)
        try:
            values = arrow.values_of(column)
        except arrow.Unreadable as error:
            if name in self.keys and name in self.floats:
                raise doubles.refused(self.name, self.label, name, self.raw([name], AT_ONCE)) from None
            raise DataError(
                Fault(
                    "MPI-D012",
                    place,
                    phrase("column {name!r} {error}", name=name, error=error),
                    phrase("store it as numbers or text"),
                )
            ) from None
        except READING as error:
            raise_scarce(error, label)
            text = phrase("column {name!r} is damaged: its values cannot be read", name=name)
            raise DataError(Fault("MPI-D003", place, text, AGAIN)) from None
        if name in self.keys and isinstance(values, Number) and values.values.dtype.kind == "f":
            whole = doubles.whole(values, column)
            if whole is None:
                raise doubles.refused(self.name, self.label, name, self.raw([name], AT_ONCE))
            return whole
        unknown = np.zeros(len(values), np.bool_)
        match self.columns[name], values:
            case "text", Number():
                return Text(np.zeros(len(values), np.int64), ("",), unknown)
            case "truth", Number():
                return Truth(unknown, unknown)
        return values


def _batches(part: Part, columns: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
    try:
        yield from part.read(columns, most)
    except READING as error:
        raise_scarce(error, part.label)
        text = phrase("the file is damaged: its data cannot be read")
        raise DataError(Fault("MPI-D003", Place(part.label), text, AGAIN)) from None


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def constant(value: str | None, rows: int) -> Text:
    """A column of the name of a folder."""
    return Text(np.zeros(rows, np.int64), (value or "",), np.zeros(rows, np.bool_) if value is None else None)


def in_memory(table: pa.Table) -> Callable[[Sequence[str], int], Iterable[pa.RecordBatch]]:
    """How to read a table that is in memory, chunk by chunk."""

    def read(names: Sequence[str], most: int) -> Iterable[pa.RecordBatch]:
        batches: Iterable[pa.RecordBatch] = table.select(names).to_batches(max_chunksize=most)
        return batches

    return read


def sorts(schema: pa.Schema, place: Place) -> dict[str, Sort]:
    """The sort of each column."""
    names = schema.names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        text = phrase("two columns are called {names}", names=listed(doubled))
        raise DataError(Fault("MPI-D011", place, text, phrase("rename one of them")))
    return {field.name: arrow.sort_of(field.type) for field in schema}


def with_constants(columns: dict[str, Sort], constants: Mapping[str, str | None], label: str) -> dict[str, Sort]:
    """The columns of a file with those that the names of its folders stand for."""
    both = sorted(columns.keys() & constants.keys())
    if both:
        text = phrase("{names} is both in the file and in the name of its folder", names=listed(both))
        raise DataError(Fault("MPI-D011", Place(label), text, phrase("rename one of them")))
    return {**columns, **dict.fromkeys(constants, "text")}
