"""Keys of rows: found, compared across tables, checked for repeats, gaps and orphans; counts named, never values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Text, Values, not_none, number_of, stable_order, take, unknown_count, where_known
from mpi.errors import Fault, Place
from mpi.errors.findings import Counted, Findings, Wrong, refusal
from mpi.language import phrase

MAX_CODE = 2**62
MAX_TABLE = 2**31


@dataclass(frozen=True, eq=False)
class KeyColumn:
    """One column of an indexed key: its distinct values, ascending, as numbers or texts."""

    numbers: NDArray[np.int64] | None
    texts: dict[str, int] | None

    @property
    def ascending(self) -> NDArray[np.int64]:
        """The distinct numbers, of a column that holds numbers."""
        return not_none(self.numbers)

    @cached_property
    def table(self) -> NDArray[np.int32] | None:
        """The place of each number of the range, with -1 for gaps; None if the range is much longer than they are many.

        32 bits: the table is read in random order.
        """
        own = self.ascending
        low, high = int(own[0]), int(own[-1])
        if high - low >= 4 * len(own) + 1024 or len(own) >= MAX_TABLE:
            return None
        places = np.full(high - low + 1, -1, np.int32)
        places[own - low] = np.arange(len(own), dtype=np.int32)
        return places

    @property
    def whole(self) -> bool:
        """Whether there is no gap between the numbers, so that each is its own place."""
        return self.numbers is not None and int(self.numbers[-1]) - int(self.numbers[0]) == len(self.numbers) - 1

    def codes(self, values: Values) -> NDArray[np.int64]:
        """The place of each value among the indexed ones; -1 where it is not there."""
        if self.texts is not None and isinstance(values, Text):
            mapping = np.array([self.texts.get(label, -1) for label in values.labels] or [-1], np.int64)
            return np.take(mapping, values.codes)
        own = self.ascending
        low, high = int(own[0]), int(own[-1])
        numbers = number_of(values).values.astype(np.int64, copy=False)
        if self.whole or self.table is not None:
            all_inside = bool(numbers.min(initial=low) >= low and numbers.max(initial=low) <= high)
            inside = None if all_inside else (numbers >= low) & (numbers <= high)
            near = numbers - low if inside is None else np.where(inside, numbers - low, 0)
            if not self.whole and self.table is not None:
                near = self.table[near].astype(np.int64)
            return near if inside is None else np.where(inside, near, -1)
        place = np.minimum(np.searchsorted(own, numbers), len(own) - 1)
        return np.where(own[place] == numbers, place, -1).astype(np.int64)

    @property
    def size(self) -> int:
        """How many distinct values were indexed."""
        return len(self.texts) if self.texts is not None else len(self.numbers if self.numbers is not None else ())


@dataclass(frozen=True, eq=False)
class KeyIndex:
    """The rows of a table by their key.

    Attributes
    ----------
    columns : tuple of KeyColumn
    levels : tuple of int64 arrays
        Where the product of the columns' sizes leaves 62 bits: the distinct codes of the columns so far.
    ordered : int64, shape (n,)
        Codes of the keys, ascending.
    rows : int64, shape (n,)
        The row of each.
    """

    columns: tuple[KeyColumn, ...]
    levels: tuple[NDArray[np.int64] | None, ...]
    ordered: NDArray[np.int64]
    rows: NDArray[np.int64]

    @cached_property
    def direct(self) -> NDArray[np.int32] | None:
        """The row of each number of the range of a key that is one column of them, -1 for gaps; None for other keys."""
        column = self.columns[0]
        if len(self.columns) > 1 or column.numbers is None or column.table is None or len(self.rows) != column.size:
            return None
        table = column.table
        return np.where(table < 0, np.int32(-1), np.take(self.rows.astype(np.int32), table))

    def _looked_up(self, numbers: NDArray[np.int64], table: NDArray[np.int32]) -> NDArray[np.int64]:
        low = int(self.columns[0].ascending[0])
        near = numbers - low if low else numbers
        if near.min(initial=0) >= 0 and near.max(initial=0) < len(table):
            return np.take(table, near).astype(np.int64)
        inside = (near >= 0) & (near < len(table))
        return np.where(inside, table[np.where(inside, near, 0)], -1).astype(np.int64)

    def find(self, key: Sequence[Values]) -> NDArray[np.int64]:
        """The row with each key, -1 where there is none; runs of equal keys are looked up once."""
        if self.direct is not None and isinstance(key[0], Number):
            return self._looked_up(key[0].values.astype(np.int64, copy=False), self.direct)
        code = _joint(self.columns, self.levels, key)
        changes = code[1:] != code[:-1]
        head = None
        if 2 * np.count_nonzero(changes) < len(code):
            head = np.concatenate([[True], changes])
        wanted = code if head is None else code[head]
        n, first, last = len(self.ordered), int(self.ordered[0]), int(self.ordered[-1])
        if last - first == n - 1:  # no code between is missing: each is its own place
            place = wanted - first if first else wanted
            all_inside = wanted.min(initial=first) >= first and wanted.max(initial=first) <= last
            there = None if all_inside else (place >= 0) & (place < n)
        else:
            place = np.minimum(np.searchsorted(self.ordered, wanted), n - 1)
            there = self.ordered[place] == wanted
        row: NDArray[np.int64]
        row = np.take(self.rows, place) if there is None else np.where(there, self.rows[np.where(there, place, 0)], -1)
        if head is None:
            return row
        found: NDArray[np.int64] = row[np.cumsum(head) - 1]
        return found


def index(key: Sequence[Values]) -> tuple[KeyIndex, int]:
    """The index of a table's rows by key, and how many rows repeat a key that came before."""
    columns = tuple(_column(values) for values in key)
    levels: list[NDArray[np.int64] | None] = []
    size = 1
    code = np.zeros(len(key[0]), np.int64)
    for column, values in zip(columns, key, strict=True):
        level = None
        if size * max(1, column.size) >= MAX_CODE:
            level = np.unique(code)
            code, size = np.searchsorted(level, code), len(level)
        levels.append(level)
        code = code * max(1, column.size) + column.codes(values)
        size *= max(1, column.size)
    if (code[1:] > code[:-1]).all():
        return KeyIndex(columns, tuple(levels), code, np.arange(len(code))), 0
    if size == len(code) and (rows := _permuted(code)) is not None:
        return KeyIndex(columns, tuple(levels), np.arange(len(code)), rows), 0
    order = stable_order(code)
    ordered = code[order]
    repeated = int(np.count_nonzero(ordered[1:] == ordered[:-1]))
    return KeyIndex(columns, tuple(levels), ordered, order), repeated


def _permuted(code: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The row of each code, of n codes below n; None if one comes twice."""
    rows = np.full(len(code), -1, np.int64)
    rows[code] = np.arange(len(code))
    return None if (rows < 0).any() else rows


def distinct_index(key: Sequence[Values]) -> KeyIndex:
    """The index of the first row of each key, where keys may stand on several rows."""
    found, repeated = index(key)
    if not repeated:
        return found
    head = np.concatenate([[True], found.ordered[1:] != found.ordered[:-1]])
    return KeyIndex(found.columns, found.levels, found.ordered[head], found.rows[head])


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Rows of a table by keys that may be unknown, or stand on several rows; the first of them counts.

    Attributes
    ----------
    names : tuple of str
    key : list of Values
        Of the rows whose key is known.
    known : int64
        These rows.
    index : KeyIndex or None
        None where there is none, or the columns are no keys.
    """

    names: tuple[str, ...]
    key: list[Values]
    known: NDArray[np.int64]
    index: KeyIndex | None

    def find(self, names: Sequence[str], key: Sequence[Values]) -> NDArray[np.int64]:
        """The row of each key; -1 where there is none, or no key."""
        asked = np.logical_and.reduce([where_known(values) for values in key])
        if self.index is None:
            return np.full(len(asked), -1, np.int64)
        unlike = any(
            keys_agree((a, mine), (b, theirs), "")
            for a, mine, b, theirs in zip(names, key, self.names, self.key, strict=True)
        )
        if unlike:
            return np.full(len(asked), -1, np.int64)
        there = np.flatnonzero(asked)
        found = np.full(len(asked), -1, np.int64)
        some = [take(values, there) for values in key]
        if len(there) and is_key(some):
            rows = self.index.find(some)
            found[there] = np.where(rows >= 0, self.known[np.maximum(rows, 0)], -1)
        return found


def lookup(names: Sequence[str], key: Sequence[Values]) -> Lookup:
    """The rows of a table by their keys, whatever these are."""
    known = np.flatnonzero(np.logical_and.reduce([where_known(values) for values in key]))
    kept = [take(values, known) for values in key]
    good = len(known) and is_key(kept)
    return Lookup(tuple(names), kept, known, distinct_index(kept) if good else None)


def _column(values: Values) -> KeyColumn:
    if isinstance(values, Text):
        present = np.flatnonzero(np.bincount(values.codes, minlength=len(values.labels)))
        ranked = sorted(values.labels[code] for code in present)
        return KeyColumn(None, {label: i for i, label in enumerate(ranked)})
    numbers = number_of(values).values.astype(np.int64, copy=False)
    if (numbers[1:] >= numbers[:-1]).all():
        return KeyColumn(numbers[np.concatenate([[True], numbers[1:] != numbers[:-1]])], None)
    low, high = int(numbers.min()), int(numbers.max())
    if high - low == len(numbers) - 1 and _permuted(numbers - low) is not None:
        return KeyColumn(np.arange(low, high + 1), None)
    numbers = np.sort(numbers)  # faster than `unique`, which hashes
    return KeyColumn(numbers[np.concatenate([[True], numbers[1:] != numbers[:-1]])], None)


def _joint(
    columns: Sequence[KeyColumn], levels: Sequence[NDArray[np.int64] | None], key: Sequence[Values]
) -> NDArray[np.int64]:
    if len(columns) == 1 and levels[0] is None:
        return columns[0].codes(key[0])
    code = np.zeros(len(key[0]), np.int64)
    lost = np.zeros(len(code), np.bool_)
    for column, level, values in zip(columns, levels, key, strict=True):
        if level is not None:
            place = np.minimum(np.searchsorted(level, code), len(level) - 1)
            lost |= level[place] != code
            code = place.astype(np.int64)
        own = column.codes(values)
        lost |= own < 0
        code = code * max(1, column.size) + own
    return np.where(lost, -1, code)


def is_key(key: Sequence[Values]) -> bool:
    """Whether all values are known, and are texts or whole numbers."""
    return not any(unknown_count(values) or not _has_type(values) for values in key)


def _has_type(values: Values) -> bool:
    return isinstance(values, Text) or (isinstance(values, Number) and values.values.dtype.kind == "i")


def wrong_key(table: str, label: str, names: Sequence[str], blocks: Iterable[Sequence[Values]]) -> Counted:
    """The error for a table's key that is null or of a wrong type, with the numbers of rows in all its blocks."""
    found = Findings()
    for key in blocks:
        for name, values in zip(names, key, strict=True):
            head = phrase("the key column {name!r} of {table} is null in", name=name, table=table)
            null = Wrong(code="MPI-D030", place=Place(label), head=head, noun="row", remedy=_filled(table, name))
            if holes := unknown_count(values):
                found.add(null, holes)
            if not _has_type(values):
                head = phrase("the key column {name!r} of {table} is yes or no in", name=name, table=table)
                remedy = phrase("store keys as whole numbers or as text")
                found.add(Wrong(code="MPI-D031", place=Place(label), head=head, noun="row", remedy=remedy), len(values))
    return Counted(found)


def _filled(table: str, name: str) -> str:
    """The way out of a null key: persons without one may be left out; households have persons who name them."""
    parts = [part if part.isidentifier() else f'"{part}"' for part in name.split("+")]
    condition = " AND ".join(f"{part} IS NOT NULL" for part in parts)
    if table == "persons":
        return phrase("fill it in, or leave these rows out: `where: {condition}` of the table", condition=condition)
    return phrase("fill it in")


def repeated_keys(table: str, label: str, names: Sequence[str], number: int) -> Counted:
    """The error for rows that repeat a key."""
    return refusal(repeating(table, label, names), number)


def repeating(table: str, label: str, names: Sequence[str]) -> Wrong:
    """The fault of rows that repeat a key."""
    remedy = phrase(
        "remove files and rows that are there twice, or add to `key:` the columns that tell them apart (year, "
        "municipality)"
    )
    tail = phrase(" of {table} with the key ({names}) of another row", table=table, names=", ".join(names))
    return Wrong(code="MPI-D032", place=Place(label), head="", noun="row", tail=tail, remedy=remedy)


def keys_agree(a: tuple[str, Values], b: tuple[str, Values], label: str) -> Fault | None:
    """The fault of two key columns that do not hold the same sort of value."""
    if isinstance(a[1], Text) == isinstance(b[1], Text):
        return None
    words = {True: phrase("text"), False: phrase("numbers")}
    text = phrase(
        "the key column {a!r} holds {words}, {b!r} in the other table {words2}",
        a=a[0],
        words=words[isinstance(a[1], Text)],
        b=b[0],
        words2=words[isinstance(b[1], Text)],
    )
    return Fault("MPI-D033", Place(label), text, phrase("store the key the same way in both tables"))
