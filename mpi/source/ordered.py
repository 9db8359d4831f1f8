"""A table whose rows lie in the order of their key, read part by part as its rows are asked for.

Memory does not grow with the file: a few parts are held, each decoded once. What does not lie in order, or does not
fit the rows that ask, raises `OutOfOrder`; the reading then starts anew with the whole table in memory, which knows
what to say of it.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Text, Values, concatenate, take, unknown_count
from mpi.source.households import Columns, Needs, column_name
from mpi.source.keys import KeyIndex, index, is_key, keys_agree
from mpi.source.opening import OpenedSurvey
from mpi.source.tables import Part, Range
from mpi.vocabulary.options import TableName


class OutOfOrder(Exception):
    """Rows do not lie in the order of their key, or a row has no partner."""


@dataclass(slots=True, eq=False)
class _Held:
    """One part in memory.

    Attributes
    ----------
    columns : dict of str to Values
        Under their names in a block.
    key : list of Values
        Rising from row to row.
    """

    columns: Columns
    key: list[Values]
    index: KeyIndex | None = None

    def rows(self, key: Sequence[Values]) -> NDArray[np.int64]:
        """The row of each key, -1 where there is none."""
        if self.index is None:
            self.index = index(self.key)[0]
        return self.index.find(key)

    def at(self, row: int) -> list[Any]:
        """The key of one row."""
        return [value_at(values, row) for values in self.key]


class Streamed:
    """A table of households, or of dwellings, read in the order of its key.

    Attributes
    ----------
    names : tuple of str
        The columns of its key.
    above : Streamed or None
        The table of dwellings whose columns are brought to the households.
    matched : int
        Rows that were asked for, where each is asked for once.
    """

    def __init__(self, opened: OpenedSurvey, needs: Needs, table: TableName, held: int) -> None:
        self.opened, self.table, self.keep = opened, table, held
        self.opened_table = opened.tables[table]
        self.names = opened.survey.tables[table].key
        dwellings = opened.survey.tables.get("dwellings") if table == "households" else None
        self.reference = () if dwellings is None else opened.survey.tables["households"].dwelling or dwellings.key
        wanted = dict.fromkeys([*self.names, *needs.get(table, ()), *self.reference])
        self.stored = {column: opened.read_name(table, column) for column in wanted}
        self.above = None if dwellings is None else Streamed(opened, needs, "dwellings", held)
        ranges = ranges_of(opened, table, self.names[0])
        if ranges is None:
            raise OutOfOrder
        self.low, self.high = ranges
        self.matched = 0
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._locks = [threading.Lock() for _ in self.low]
        self._lock = threading.Lock()

    @property
    def rows(self) -> int:
        """Number of rows of the table."""
        return self.opened_table.rows

    def match(self, key: Sequence[Values]) -> Columns:
        """The columns of the rows with some keys, which rise or stay.

        Households that refer to their dwelling come in their own order, not in that of the dwellings; and where keys
        of several columns have one first column on both sides of a border, parts can stand in the wrong order.

        Raises
        ------
        OutOfOrder
            If they do not, or a key is unknown, of another type, not there, or there twice.
        """
        if not is_key(key):
            raise OutOfOrder
        own = self._parts(key)
        unlike = any(keys_agree(("", mine), ("", theirs), "") for mine, theirs in zip(own[0].key, key, strict=True))
        if unlike or not all(before.at(-1) < after.at(0) for before, after in pairwise(own)):
            raise OutOfOrder
        if runs := _runs(own, key):
            return _below(runs)
        found = [(held, held.rows(key)) for held in own]
        where = np.array([rows >= 0 for _, rows in found])
        if not where.any(axis=0).all() or (np.diff(where.argmax(axis=0)) < 0).any():
            raise OutOfOrder
        pairs = [(held, rows[mine]) for (held, rows), mine in zip(found, where, strict=True) if mine.any()]
        return _below(pairs)

    def parts_between(self, ranges: Sequence[Range | None]) -> Iterator[tuple[TableName, Part, list[str]]]:
        """Each part that may hold keys of some ranges, here and in the table above, with the columns that are read."""
        parts = self.opened_table.parts
        known = [pair for pair in ranges if pair is not None]
        if known and len(known) == len(ranges):
            low, high = min(pair[0] for pair in known), max(pair[1] for pair in known)
            try:
                parts = parts[bisect_left(self.high, low) : bisect_right(self.low, high)]
            except TypeError:  # texts against numbers
                raise OutOfOrder from None
        for part in parts:
            yield self.table, part, sorted(self.stored.values())
        if self.above is not None:
            yield from self.above.parts_between([part.range(self.stored[self.reference[0]]) for part in parts])

    def count(self, rows: int) -> None:
        """Note that so many rows were asked for."""
        with self._lock:
            self.matched += rows

    def _parts(self, key: Sequence[Values]) -> list[_Held]:
        """The parts that may hold some keys."""
        first, last = value_at(key[0], 0), value_at(key[0], -1)
        try:
            own = range(bisect_left(self.high, first), bisect_right(self.low, last))
        except TypeError:  # texts against numbers
            raise OutOfOrder from None
        if not own:
            raise OutOfOrder
        return [self._part(i) for i in own]

    def _part(self, i: int) -> _Held:
        """A part, decoded if it is not held."""
        with self._locks[i]:
            with self._lock:
                if (held := self._held.get(i)) is not None:
                    self._held.move_to_end(i)
                    return held
            held = self._read(i)
            with self._lock:
                self._held[i] = held
                while len(self._held) > self.keep:
                    self._held.popitem(last=False)
            return held

    def _read(self, i: int) -> _Held:
        whole = self.opened_table.whole(list(self.stored.values()), [self.opened_table.parts[i]])
        columns = {column_name(self.table, c): self.opened.cleaned(c, whole[s]) for c, s in self.stored.items()}
        key = [columns[column_name(self.table, name)] for name in self.names]
        if not is_key(key) or not rising(key):
            raise OutOfOrder
        if self.above is not None:
            mine = [columns[column_name(self.table, name)] for name in self.reference]
            columns |= self.above.match(mine)
        return _Held(columns, key)


def ranges_of(opened: OpenedSurvey, table: TableName, column: str) -> tuple[list[Any], list[Any]] | None:
    """The smallest and the largest value of a column in each part; None if unknown, or if the parts do not follow."""
    stored = opened.read_name(table, column)
    found = [part.range(stored) for part in opened.tables[opened.stored(table)].parts]
    if column in opened.survey.missing_codes or any(pair is None for pair in found):
        return None
    low, high = ([pair[end] for pair in found if pair is not None] for end in (0, 1))
    try:
        if any(after < before for before, after in zip(high, low[1:], strict=False)):
            return None
    except TypeError:
        return None
    return low, high


def rising(key: Sequence[Values]) -> bool:
    """Whether each row's key is known and comes after that of the row before."""
    n = len(key[0])
    if any(unknown_count(values) for values in key):
        return False
    after, same = np.zeros(max(0, n - 1), np.bool_), np.ones(max(0, n - 1), np.bool_)
    for values in key:
        numbers = ranked(values)
        after |= same & (numbers[1:] > numbers[:-1])
        same &= numbers[1:] == numbers[:-1]
        if not same.any():
            break
    return bool(after.all())


def ranked(values: Values) -> NDArray[Any]:
    """A key column as numbers that are ordered like it."""
    if isinstance(values, Text):
        rank = np.empty(max(1, len(values.labels)), np.int64)
        rank[sorted(range(len(values.labels)), key=values.labels.__getitem__)] = np.arange(len(values.labels))
        return np.take(rank, values.codes)
    return numbers_of(values)


def numbers_of(values: Values) -> NDArray[Any]:
    """The numbers of a key column."""
    if not isinstance(values, Number) or values.values.dtype.kind != "i":
        raise OutOfOrder
    return values.values


def value_at(values: Values, row: int) -> Any:
    """One value of a key column."""
    return values.labels[int(values.codes[row])] if isinstance(values, Text) else numbers_of(values)[row].item()


def _below(pairs: Sequence[tuple[_Held, NDArray[np.int64] | slice]]) -> Columns:
    """Some rows of each part, one part's below the other's."""
    taken = [{name: take(values, rows) for name, values in held.columns.items()} for held, rows in pairs]
    return taken[0] if len(taken) == 1 else {name: concatenate([own[name] for own in taken]) for name in taken[0]}


def _runs(held: Sequence[_Held], key: Sequence[Values]) -> list[tuple[_Held, slice]]:
    """The consecutive rows that have some keys of whole numbers, part by part; none if they are not consecutive."""
    if not all(isinstance(values, Number) for values in (*key, *held[0].key)):
        return []
    found: list[tuple[_Held, slice]] = []
    wanted, n = 0, len(key[0])
    for part in held:
        if wanted == n:
            break
        first = _place(part.key, [take(values, slice(wanted, n)) for values in key])
        run = slice(first, min(len(part.key[0]), first + n - wanted))
        asked = slice(wanted, wanted + run.stop - run.start)
        if any(
            not np.array_equal(numbers_of(mine)[run], numbers_of(theirs)[asked])
            for mine, theirs in zip(part.key, key, strict=True)
        ):
            return []
        if asked.stop > wanted:
            found.append((part, run))
        wanted = asked.stop
    return found if wanted == n else []


def _place(key: Sequence[Values], wanted: Sequence[Values]) -> int:
    """The row at which the first of some keys stands, or would."""
    low, high = 0, len(key[0])
    for mine, theirs in zip(key, wanted, strict=True):
        numbers, first = numbers_of(mine)[low:high], numbers_of(theirs)[0]
        low, high = low + int(np.searchsorted(numbers, first)), low + int(np.searchsorted(numbers, first, "right"))
    return low
