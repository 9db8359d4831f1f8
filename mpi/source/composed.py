"""Columns of keys that are made up of several, each part filled with zeros to its width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Text, Values, codes_as_text, joined_codes, where_label
from mpi.errors import DataError, Fault, Place, listed, nearest
from mpi.errors.findings import Wrong, refusal
from mpi.language import phrase
from mpi.source.tables import Opened, Part, constant
from mpi.specs.crosswalks import CodePart

Composed = Mapping[str, tuple[CodePart, ...]]
Cleaned = Callable[[str, Values], Values]


def with_codes(
    table: Opened, composed: Composed, columns: Sequence[str], physical: Mapping[str, str], cleaned: Cleaned
) -> Opened:
    """A table with the columns of its keys that are made up of several.

    Parameters
    ----------
    table : Opened
    composed : mapping of str to tuple of CodePart
    columns : sequence of str
        The table's columns under the survey's names.
    physical : mapping of str to str
        Their names in the files, where they differ.
    cleaned : callable
        Turns the missing codes of a column into unknowns.

    Raises
    ------
    DataError
        If it has no such column.
    """
    wanted = [part.column for parts in composed.values() for part in parts]
    faults = []
    for column in dict.fromkeys(wanted):
        if column not in columns:
            text = phrase("the table {name} has no column {column!r}, part of its key", name=table.name, column=column)
            remedy = nearest(column, columns) or phrase("the table has {names}", names=listed(list(columns)))
            faults.append(Fault("MPI-D010", Place(table.label), text, remedy))
        elif (fault := table.refused.get(physical.get(column, column))) is not None:
            faults.append(fault)
    if faults:
        raise DataError(*faults)
    stored = {column: physical.get(column, column) for column in wanted}
    parts = [_widened(table, part, composed, stored, cleaned) for part in table.parts]
    return replace(table, columns={**table.columns, **dict.fromkeys(composed, "text")}, parts=parts)


def _widened(table: Opened, part: Part, composed: Composed, stored: Mapping[str, str], cleaned: Cleaned) -> Part:
    def read_with(wanted: Sequence[str]) -> list[str]:
        """The stored columns behind some columns."""
        own = [stored[one.column] for name in wanted if name in composed for one in composed[name]]
        found = [name for name in wanted if name not in composed]
        return [name for name in dict.fromkeys([*found, *own]) if name not in part.constants] or [
            next(name for name in table.columns if name not in table.refused and name not in part.constants)
        ]

    def read(wanted: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        for batch in part.read(read_with(wanted), most):

            def values(column: str, own: pa.RecordBatch = batch) -> Values:
                name = stored[column]
                if name in part.constants:
                    return cleaned(column, constant(part.constants[name], own.num_rows))
                return cleaned(column, table.typed(name, own.column(name), part.label))

            arrays = [
                _code(table, name, composed[name], values) if name in composed else batch.column(name)
                for name in wanted
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=list(wanted))

    return replace(part, read=read, digest=lambda wanted: part.digest(read_with(wanted)))


def _code(table: Opened, name: str, parts: Sequence[CodePart], values: Callable[[str], Values]) -> pa.Array:
    texts: list[Text] = []
    for part in parts:
        try:
            text = codes_as_text(values(part.column), part.width)
        except ValueError as error:
            said = phrase(
                "the key column {column!r} of {name} holds {error}, not codes",
                column=part.column,
                name=table.name,
                error=error,
            )
            raise DataError(
                Fault("MPI-D012", Place(table.label), said, phrase("store codes as whole numbers"))
            ) from None
        long = where_label(text, {label for label in text.labels if len(label) > part.width or label.startswith("-")})
        if number := int(np.count_nonzero(long if text.known is None else long & text.known)):
            head = phrase(
                "{column}, part of the key {name}: codes longer than their width of {width}, or below 0, in",
                column=part.column,
                name=name,
                width=part.width,
            )
            remedy = phrase("write the width that the codes have")
            raise refusal(
                Wrong(code="MPI-D140", place=Place(table.label), head=head, noun="row", remedy=remedy), number
            )
        texts.append(text)
    return arrow.array_of(joined_codes(texts))
