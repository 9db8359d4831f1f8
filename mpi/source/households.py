"""The table of households in memory, its dwellings' columns beside it, its rows found by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns.stored import Stored
from mpi.columns.values import Values, take
from mpi.errors import DataError, Fault, Place
from mpi.errors.findings import Wrong, refusal
from mpi.language import phrase
from mpi.source.keys import KeyIndex, index, is_key, keys_agree, repeated_keys, wrong_key
from mpi.source.opening import OpenedSurvey
from mpi.vocabulary.options import TableName

Needs: TypeAlias = Mapping[str, Sequence[str]]
Columns: TypeAlias = dict[str, Values]
Raw: TypeAlias = dict[str, Values | Stored]
SAME_SURVEY = phrase("give files of the same survey and year, with all rows of both")


def without_persons(label: str) -> Wrong:
    """The fault of households without persons."""
    tail = phrase(" without a person in the table of persons")
    remedy = phrase(
        "give files of the same survey and year, with all rows of both; if no interview was held in these households, "
        "leave them out by `where:` of the table of households"
    )
    return Wrong(code="MPI-D035", place=Place(label), head="", noun="household", tail=tail, remedy=remedy)


def orphaned(label: str, reference: Sequence[str]) -> Wrong:
    """The fault of persons without a household."""
    tail = phrase(" without a row in the table of households ({names})", names=", ".join(reference))
    return Wrong(
        code="MPI-D036", place=Place(label), head="", noun="person", tail=tail, remedy=SAME_SURVEY, within="household"
    )


def column_name(table: str, column: str) -> str:
    """What a raw column is called inside a block."""
    return f"{table}.{column}"


class Households:
    """All rows of the table of households.

    Attributes
    ----------
    columns : dict of str to Values
        Under their names in a block, those of the dwellings included.
    key : list of Values
        The columns of the key.
    index : KeyIndex
        Rows by key.
    """

    def __init__(self, opened: OpenedSurvey, needs: Needs) -> None:
        self.opened = opened
        self.label = opened.tables["households"].label
        self.names = opened.survey.tables["households"].key
        dwellings = opened.survey.tables.get("dwellings")
        reference = () if dwellings is None else opened.survey.tables["households"].dwelling or dwellings.key
        self.columns, self.key, self.index = _whole(opened, "households", (*needs.get("households", ()), *reference))
        if dwellings is not None:
            mine = [self.columns[column_name("households", name)] for name in reference]
            self.columns |= self.dwellings(needs, reference, mine)

    def dwellings(self, needs: Needs, names: Sequence[str], mine: Sequence[Values]) -> Columns:
        """The dwellings' columns, one row a household."""
        columns, key, found = _whole(self.opened, "dwellings", needs.get("dwellings", ()))
        if not is_key(mine):
            raise wrong_key("households", self.label, names, [mine])
        if faults := _disagreeing(names, mine, self.opened.survey.tables["dwellings"].key, key, self.label):
            raise DataError(*faults)
        rows = found.find(mine)
        if lost := int((rows < 0).sum()):
            tail = phrase(" without a row in the table of dwellings ({names})", names=", ".join(names))
            raise refusal(
                Wrong(
                    code="MPI-D036", place=Place(self.label), head="", noun="household", tail=tail, remedy=SAME_SURVEY
                ),
                lost,
            )
        return {name: take(values, rows) for name, values in columns.items()}

    def disagreeing(self, names: Sequence[str], key: Sequence[Values], label: str) -> list[Fault]:
        """Faults of another table's reference to this one's key."""
        return _disagreeing(names, key, self.names, self.key, label)

    def take(self, rows: NDArray[np.int64]) -> Columns:
        """The columns of some rows."""
        if len(rows) and (np.diff(rows) == 1).all():
            return {name: take(v, slice(int(rows[0]), int(rows[-1]) + 1)) for name, v in self.columns.items()}
        return {name: take(values, rows) for name, values in self.columns.items()}


def _whole(opened: OpenedSurvey, table: TableName, needed: Sequence[str]) -> tuple[Columns, list[Values], KeyIndex]:
    """A table's needed columns, its key, and its rows by key; every key is known and stands once."""
    label, names = opened.tables[table].label, opened.survey.tables[table].key
    wanted = list(dict.fromkeys([*names, *needed]))
    stored = {c: opened.read_name(table, c) for c in wanted}
    whole = opened.tables[table].whole(list(stored.values()))
    columns = {column_name(table, c): opened.cleaned(c, whole[stored[c]]) for c in wanted}
    key = [columns[column_name(table, name)] for name in names]
    if not is_key(key):
        raise wrong_key(table, label, names, [key])
    found, repeated = index(key)
    if repeated:
        raise repeated_keys(table, label, names, repeated)
    return columns, key, found


def _disagreeing(
    names: Sequence[str], key: Sequence[Values], others: Sequence[str], other: Sequence[Values], label: str
) -> list[Fault]:
    pairs = zip(names, key, others, other, strict=True)
    faults = (keys_agree((a, mine), (b, theirs), label) for a, mine, b, theirs in pairs)
    return [fault for fault in faults if fault is not None]
