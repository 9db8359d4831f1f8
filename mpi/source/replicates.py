"""Replicate weights: a thousand columns of one table as one matrix, and the row of each household in it.

They are no columns of the rule language: read as such, they would cost several times their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Values, not_none
from mpi.errors import DataError, Fault, Place, counted
from mpi.language import phrase
from mpi.source.households import SAME_SURVEY
from mpi.source.keys import KeyIndex, index, is_key, keys_agree, repeated_keys, wrong_key
from mpi.source.opening import OpenedSurvey
from mpi.vocabulary.options import TableName

ROW = "replicates:row"  # the block's column of rows in the matrix
AT_ONCE = 2**21  # values read together: few, so that the file's own copy of them stays small


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReplicateWeights:
    """The replicate weights of a survey.

    Attributes
    ----------
    table : str
        The table in whose files they stand: persons, households or replicates.
    label : str
        What messages call it.
    weights : float64, shape (n, r)
        A row for each row of the table, a column for each replicate; 0 or more.
    names : tuple of str
        For a table of replicates, the columns of its key.
    key : tuple of Values
        The same columns.
    index : KeyIndex or None
        Its rows by key.
    """

    table: str
    label: str
    weights: NDArray[np.float64]
    names: tuple[str, ...] = ()
    key: tuple[Values, ...] = ()
    index: KeyIndex | None = None


def replicate_weights(
    opened: OpenedSurvey, table: TableName, columns: Sequence[str], place: Place | None
) -> ReplicateWeights:
    """The replicate weights of an opened survey.

    Parameters
    ----------
    opened : OpenedSurvey
    table : str
        The table that has the columns.
    columns : sequence of str, length r
    place : Place or None
        Where they are declared.

    Raises
    ------
    DataError
        If one is null or negative, or the key of a table of replicates is null or repeats.
    """
    stored = opened.stored(table)
    matrix = _matrix(opened, stored, columns, place)
    label = opened.tables[stored].label
    if table != "replicates":
        return ReplicateWeights(table=stored, label=label, weights=matrix)
    names = opened.survey.tables[table].key
    physical = [opened.read_name(table, name) for name in names]
    whole = opened.tables[table].whole(physical)
    key = tuple(opened.cleaned(name, whole[own]) for name, own in zip(names, physical, strict=True))
    if not is_key(key):
        raise wrong_key(table, label, names, [key])
    found, repeated = index(key)
    if repeated:
        raise repeated_keys(table, label, names, repeated)
    return ReplicateWeights(table=stored, label=label, weights=matrix, names=names, key=key, index=found)


def _matrix(opened: OpenedSurvey, table: str, columns: Sequence[str], place: Place | None) -> NDArray[np.float64]:
    rows = opened.tables[table].rows
    matrix = np.empty((rows, len(columns)))
    null, negative = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    most = max(1, AT_ONCE // max(part.rows for part in opened.tables[table].parts))
    for first in range(0, len(columns), most):
        names = columns[first : first + most]
        stored = [opened.read_name(table, name) for name in names]
        row = 0
        for batch in opened.tables[table].batches(stored):
            size = len(batch[stored[0]])
            part = slice(row, row + size)
            # Columns one below the other first: written one by one into the matrix they take four times as long.
            block = np.empty((len(names), size))
            for j, (name, own) in enumerate(zip(names, stored, strict=True)):
                values = opened.cleaned(name, batch[own])
                if isinstance(values, Number):
                    block[j] = values.values
                if values.known is not None:
                    null[part] |= ~values.known
            negative[part] |= block.min(axis=0) < 0
            matrix[part, first : first + len(names)] = block.T
            row += size
    faults = []
    for wrong, what in ((null, phrase("null")), (negative & ~null, phrase("negative"))):
        if number := int(np.count_nonzero(wrong)):
            text = phrase(
                "a replicate weight is {what} in {rows} of {rows2:,} of {table}",
                what=what,
                rows=counted(number, "row"),
                rows2=rows,
                table=table,
            )
            faults.append(Fault("MPI-D025", place, text, phrase("every row needs replicate weights of 0 or more")))
    if faults:
        raise DataError(*faults)
    return matrix


class Matching:
    """Which rows of the replicate weights belong to the households that come.

    Attributes
    ----------
    met : bool, shape (n,)
        Rows of a table of replicates whose household came.
    lost : int
        Households without a row.
    """

    def __init__(self, replicates: ReplicateWeights) -> None:
        self.replicates = replicates
        self.met = np.zeros(len(replicates.weights), np.bool_)
        self.lost = 0

    def rows(self, names: Sequence[str], heads: Sequence[Values], own: NDArray[np.int64] | None) -> Number:
        """The row of each household of a block; an arbitrary one where there is none, which `finish` refuses.

        Parameters
        ----------
        names : sequence of str
            The columns of the households' key.
        heads : sequence of Values
            The key of each household.
        own : int64 or None
            The row of each in the table of households.
        """
        found = self.replicates.index
        if found is None:
            return Number(not_none(own))  # the weights stand in the table of households
        pairs = zip(names, heads, self.replicates.names, self.replicates.key, strict=True)
        faults = (keys_agree((a, mine), (b, theirs), self.replicates.label) for a, mine, b, theirs in pairs)
        if wrong := [fault for fault in faults if fault is not None]:
            raise DataError(*wrong)
        rows = found.find(heads)
        known = rows >= 0
        self.lost += int(len(rows) - np.count_nonzero(known))
        self.met[rows[known]] = True
        return Number(np.maximum(rows, 0))

    def finish(self) -> None:
        """Look at them all when the last household has come.

        Raises
        ------
        DataError
            If a household has no row in the table of replicates, or a row no household.
        """
        if self.replicates.index is None:
            return
        faults = []
        place, key = Place(self.replicates.label), ", ".join(self.replicates.names)
        if self.lost:
            text = phrase(
                "{households} have no row in the table of replicates ({key})",
                households=counted(self.lost, "household"),
                key=key,
            )
            faults.append(Fault("MPI-D026", place, text, SAME_SURVEY))
        if extra := int(np.count_nonzero(~self.met)):
            text = phrase("{rows} of replicates belong to no household ({key})", rows=counted(extra, "row"), key=key)
            faults.append(Fault("MPI-D036", place, text, SAME_SURVEY))
        if faults:
            raise DataError(*faults)
