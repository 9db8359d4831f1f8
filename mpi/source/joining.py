"""Files with other columns of the same rows, joined one to one by a key: the chapters of a questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Values
from mpi.errors import DataError, Fault, Place, counted, listed, nearest
from mpi.errors.findings import Wrong, refusal
from mpi.language import number_phrase, phrase
from mpi.source.households import SAME_SURVEY
from mpi.source.keys import index, is_key, keys_agree, lookup, repeated_keys, wrong_key
from mpi.source.labels import Tally, labels_in
from mpi.source.tables import Opened, Part, in_memory, sorts


def joined(tables: Sequence[tuple[Opened, pa.Table]], key: Sequence[str]) -> Opened:
    """The rows of the first table with the columns of all of them; what a table says of no row is unknown there.

    A column that the key does not name may be in several tables if its values are the same.

    Parameters
    ----------
    tables : sequence of (Opened, pyarrow.Table)
        Each as it was opened, and its columns in memory, each of one type, with its labels in the schema.
    key : sequence of str

    Raises
    ------
    DataError
        If a key is not there, null, repeated or of another type; a row belongs to no row of the first table; or a
        column has other values there than in another table.
    """
    (first, base), *others = tables
    key_of_base = _key(first, base, key)
    columns = {name: base.column(name) for name in base.schema.names}
    fields = {one.name: one for one in base.schema}
    remarks = list(first.remarks)
    for opened, table in others:
        rows = _rows(first, key_of_base, opened, _key(opened, table, key), key)
        remarks += [*opened.remarks, *_lacking(opened, rows)]
        taken = pa.array(rows, mask=rows < 0)
        for one in table.schema:
            if one.name in key:
                continue
            values = table.column(one.name).take(taken)
            if one.name not in columns:
                columns[one.name], fields[one.name] = values, one
            elif not _same(columns[one.name], values, rows):
                text = phrase("column {name!r} has other values than in {first}", name=one.name, first=first.label)
                remedy = phrase("rename it in one of the files, or remove it from one")
                raise DataError(Fault("MPI-D011", Place(opened.label), text, remedy))
    whole = pa.Table.from_arrays(list(columns.values()), schema=pa.schema(list(fields.values())))
    labels, tally = labels_in(whole.schema), Tally()
    for name, own in labels.items():
        tally.note("joined", name, own.counts)
    return Opened(
        name=first.name,
        label=first.label,
        columns=sorts(whole.schema, Place(first.label)),
        parts=[Part(label=first.label, rows=whole.num_rows, read=in_memory(whole))],
        files=tuple(file for opened, _ in tables for file in opened.files),
        remarks=tuple(remarks),
        floats=first.floats,
        labels=labels,
        tallies=(tally,),
    )


def _key(opened: Opened, table: pa.Table, key: Sequence[str]) -> list[Values]:
    """The key of each row, which tells the rows apart."""
    names = table.schema.names
    if lacking := [name for name in key if name not in names]:
        faults = [
            Fault(
                "MPI-D010",
                Place(opened.label),
                phrase("there is no column {name!r} to join by", name=name),
                nearest(name, names) or phrase("it has {names}", names=listed(names)),
            )
            for name in lacking
        ]
        raise DataError(*faults)
    found = [arrow.values_of(table.column(name).combine_chunks()) for name in key]
    if not is_key(found):
        raise wrong_key(opened.name, opened.label, key, [found])
    if repeated := index(found)[1]:
        raise repeated_keys(opened.name, opened.label, key, repeated)
    return found


def _rows(
    first: Opened, base: Sequence[Values], opened: Opened, own: Sequence[Values], key: Sequence[str]
) -> NDArray[np.int64]:
    """The row of a table for each row of the first, -1 for none; refused if it has rows of nobody."""
    for name, a, b in zip(key, base, own, strict=True):
        if (fault := keys_agree((name, a), (name, b), opened.label)) is not None:
            raise DataError(fault)
    lost = int(np.count_nonzero(lookup(key, base).find(key, own) < 0))
    if lost:
        tail = phrase(" of {label} without a row in {first}", label=opened.label, first=first.label)
        wrong = Wrong(code="MPI-D036", place=Place(opened.label), head="", noun="row", tail=tail, remedy=SAME_SURVEY)
        raise refusal(wrong, lost)
    return lookup(key, own).find(key, base)


def _lacking(opened: Opened, rows: NDArray[np.int64]) -> list[str]:
    lacking = int(np.count_nonzero(rows < 0))
    if not lacking:
        return []
    return [
        number_phrase(
            lacking,
            "{number:,} of {rows} has no row in {label}: unknown there",
            "{number:,} of {rows} have no row in {label}: unknown there",
            rows=counted(len(rows), "row"),
            label=opened.label,
        )
    ]


def _same(one: pa.ChunkedArray, other: pa.ChunkedArray, rows: NDArray[np.int64]) -> bool:
    """Whether two columns hold the same, where the second has a row."""
    there = pa.array(np.flatnonzero(rows >= 0))
    a, b = (arrow.listed(column.take(there)) for column in (one, other))
    return a == b
