"""Blocks of complete households: persons and their household's and dwelling's columns, household by household.

Files whose households lie together are streamed, one part at a time, with the last household carried over to the
next part. Where a household turns up again later the reading starts anew and sorts all rows by household; the figures
are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Place, counted
from mpi.rules import Frame
from mpi.source.households import SAME_SURVEY, Columns, Households, Needs, column_name
from mpi.source.keys import check_key, index, repeated_keys
from mpi.source.opening import OpenedSurvey
from mpi.source.replicates import ROW, Matching, ReplicateWeights
from mpi.values import Number, Text, Values, concatenate, differ, repeat, take

Block: TypeAlias = Frame
T = TypeVar("T")
# Persons in a block: enough that a step costs more than its call, few enough that columns stay in the cache.
PERSONS = 200_000
REPLICATES = 2**24  # replicate weights in a block: persons times replicates


class _Scattered(Exception):
    """A household's persons do not lie together."""


def blocks(
    opened: OpenedSurvey, needs: Needs, work: Callable[[Block], T], replicates: ReplicateWeights | None = None
) -> list[T]:
    """Do some work on every block of complete households.

    Parameters
    ----------
    opened : OpenedSurvey
    needs : mapping of str to sequence of str
        For each table the columns to read; they stand in the block as `table.column`. Keys are read in any case.
    work : callable
        Takes a block; called again from the start if households turn out to be scattered over the file.
    replicates : ReplicateWeights, optional
        The blocks then hold the column `replicates:row`: of each household the row of its replicate weights, or of
        each person where they stand in the persons' file; and are small enough for a matrix of them.

    Returns
    -------
    list
        What `work` returned, in order.

    Raises
    ------
    DataError
        If keys are null, repeated or without a partner in the other table.
    """
    if not opened.survey.has_persons:
        households = Households(opened, needs)
        return [work(block) for block in _of_households(households, replicates)]
    reader = _Reader(opened, needs, replicates)
    try:
        return [work(block) for block in reader.streamed()]
    except _Scattered:
        return [work(block) for block in reader.sorted()]


def _most(replicates: ReplicateWeights | None) -> int:
    """Persons in a block."""
    return PERSONS if replicates is None else min(PERSONS, REPLICATES // replicates.weights.shape[1] + 1)


def _of_households(households: Households, replicates: ReplicateWeights | None) -> Iterator[Block]:
    """Blocks of a survey that has no table of persons."""
    n, most = len(households.key[0]), _most(replicates)
    matching = None if replicates is None else Matching(replicates)
    for first in range(0, n, most):
        rows = slice(first, min(first + most, n))
        columns = {name: take(values, rows) for name, values in households.columns.items()}
        if matching is not None:
            heads = [take(values, rows) for values in households.key]
            columns[ROW] = matching.rows(households.names, heads, np.arange(rows.start, rows.stop))
        yield Frame(np.ones(rows.stop - rows.start, np.int64), {}, columns)
    if matching is not None:
        matching.finish()


class _Reader:
    """Persons with their households.

    Attributes
    ----------
    reference : tuple of str
        The persons' columns that hold their household's key.
    own : list of str
        The other columns of their key.
    lifted : list of str
        Columns of households that lie inside the persons' file.
    above : Households or None
        The table of households, where it is a table of its own.
    replicates : ReplicateWeights or None
    most : int
        Persons in a block.
    """

    def __init__(self, opened: OpenedSurvey, needs: Needs, replicates: ReplicateWeights | None) -> None:
        self.opened, self.replicates, self.most = opened, replicates, _most(replicates)
        self.label = opened.tables["persons"].label
        self.persons, self.households = (opened.survey.tables[name] for name in ("persons", "households"))
        inside = self.households.path is None
        self.reference = self.persons.household or self.households.key
        self.own = [name for name in self.persons.key if name not in self.reference]
        self.lifted = [c for c in needs.get("households", ()) if c not in self.households.key] if inside else []
        self.stored = list(dict.fromkeys([*self.reference, *self.own, *needs.get("persons", ()), *self.lifted]))
        self.of_persons = replicates is not None and replicates.table == "persons"
        self.columns = [*self.stored, ROW] if self.of_persons else self.stored
        self.above = None if inside else Households(opened, needs)

    def read(self) -> Iterator[Columns]:
        """The persons' columns under the survey's names, part by part, with keys checked."""
        stored = {c: self.opened.read_name("persons", c) for c in self.stored}
        names = (*self.reference, *self.own)
        row = 0
        for part in self.opened.tables["persons"].batches(list(stored.values())):
            batch = {c: self.opened.cleaned(c, part[stored[c]]) for c in self.stored}
            if self.of_persons:
                batch[ROW] = Number(np.arange(row, row + len(batch[self.stored[0]])))
                row += len(batch[ROW])
            faults = check_key("persons", self.label, names, [batch[c] for c in names])
            if self.above is not None and not faults:
                faults = self.above.disagreeing(self.reference, self.key(batch), self.label)
            if faults:
                raise DataError(*faults)
            yield batch

    def key(self, batch: Columns) -> list[Values]:
        """The key of each person's household."""
        return [batch[c] for c in self.reference]

    def streamed(self) -> Iterator[Block]:
        """Blocks in the order of the file; raises _Scattered if a household comes back."""
        waiting: list[Columns] = []
        seen = _Seen(self.above, self.replicates)
        for part in self.read():
            waiting.append(part)
            if sum(len(columns[self.columns[0]]) for columns in waiting) < self.most:
                continue
            batch = self.joined(waiting)
            starts = _starts(self.key(batch))
            last = int(starts[-1])
            waiting = [{c: take(batch[c], slice(last, None)) for c in self.columns}]
            yield from self.cut({c: take(batch[c], slice(0, last)) for c in self.columns}, starts[:-1], seen)
        batch = self.joined(waiting)
        yield from self.cut(batch, _starts(self.key(batch)), seen)
        seen.finish(self)

    def sorted(self) -> Iterator[Block]:
        """Blocks after sorting all rows by household."""
        whole = self.joined(list(self.read()))
        key = self.key(whole)
        order = index(key)[0].rows if self.above is None else np.argsort(self.rows(key), kind="stable")
        whole = {c: take(whole[c], order) for c in self.columns}
        seen = _Seen(self.above, self.replicates)
        yield from self.cut(whole, _starts(self.key(whole)), seen)
        seen.finish(self)

    def joined(self, parts: Sequence[Columns]) -> Columns:
        """Parts one below the other."""
        return parts[0] if len(parts) == 1 else {c: concatenate([part[c] for part in parts]) for c in self.columns}

    def cut(self, batch: Columns, starts: NDArray[np.int64], seen: _Seen) -> Iterator[Block]:
        """Blocks of about equal size from rows of complete households, of which each begins at one of `starts`."""
        if not len(starts):
            return
        length = len(batch[self.columns[0]])
        firsts = np.flatnonzero(np.diff(starts // self.most, prepend=-1)).tolist()
        for first, after in zip(firsts, [*firsts[1:], len(starts)], strict=True):
            rows = slice(int(starts[first]), int(starts[after]) if after < len(starts) else length)
            yield self.block({c: take(batch[c], rows) for c in self.columns}, starts[first:after] - rows.start, seen)

    def block(self, batch: Columns, starts: NDArray[np.int64], seen: _Seen) -> Block:
        """One block from rows of complete households."""
        sizes = np.diff(starts, append=len(batch[self.columns[0]]))
        batch = self.in_order(batch, sizes)
        heads = [take(values, starts) for values in self.key(batch)]
        rows = None
        if self.above is None:
            seen.add_keys(heads)
            households = dict(zip(self.households.key, heads, strict=True))
            households |= {column: self.lift(column, batch[column], starts, sizes) for column in self.lifted}
            above = {column_name("households", column): values for column, values in households.items()}
        else:
            rows = self.rows(heads)
            seen.add_rows(rows)
            above = self.above.take(rows)
        if seen.matching is not None and not self.of_persons:
            above[ROW] = seen.matching.rows(self.reference, heads, rows)
        persons = {column_name("persons", c): batch[c] for c in self.stored if c not in self.lifted}
        if self.of_persons:
            persons[ROW] = batch[ROW]
        return Frame(sizes, persons, above)

    def lift(self, column: str, values: Values, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Values:
        """A household's column from its first person, after making sure that all its persons say the same."""
        first = take(values, starts)
        varies = differ(repeat(first, sizes), values)
        if varies.any():
            number = int(np.bitwise_or.reduceat(varies, starts).sum())
            text = f"column {column!r} differs between the persons of {counted(number, 'household')}"
            remedy = "is the household's key complete? else declare the column for persons"
            raise DataError(Fault("MPI-D034", Place(self.label), text, remedy))
        return first

    def in_order(self, batch: Columns, sizes: NDArray[np.int64]) -> Columns:
        """The rows of each household in the order of its persons' keys, so that no figure depends on that of the file.

        Raises
        ------
        DataError
            If a person repeats the key of another one of the household.
        """
        if len(self.own) == 1 and isinstance(number := batch[self.own[0]], Number):
            rising = number.values[1:] > number.values[:-1]
            rising[np.cumsum(sizes)[:-1] - 1] = True
            if rising.all():
                return batch
        ordinal = Number(np.repeat(np.arange(len(sizes)), sizes))
        found, repeated = index([ordinal, *(batch[c] for c in self.own)])
        if repeated:
            raise repeated_keys("persons", self.label, self.persons.key, repeated)
        return {c: take(values, found.rows) for c, values in batch.items()}

    def rows(self, key: Sequence[Values]) -> NDArray[np.int64]:
        """The row of each key in the table of households; orphans are an error."""
        assert self.above is not None  # noqa: S101  only called with a table of households
        rows = self.above.index.find(key)
        if (rows < 0).any():
            raise self.orphans(self.above)
        return rows

    def orphans(self, above: Households) -> DataError:
        """The error for persons whose household is in no table, with their number in all files."""
        number = households = 0
        for batch in self.read():
            lost = above.index.find(self.key(batch)) < 0
            number += int(lost.sum())
            households += int(np.count_nonzero(lost[_starts(self.key(batch))]))
        text = (f"{counted(number, 'person')} in {counted(households, 'household')} have no row in the table of "
                f"households ({', '.join(self.reference)})")  # fmt: skip
        return DataError(Fault("MPI-D036", Place(self.label), text, SAME_SURVEY))


class _Seen:
    """Which households have come, so that none comes twice and none is left without persons."""

    def __init__(self, above: Households | None, replicates: ReplicateWeights | None) -> None:
        self.above = above
        self.matching = None if replicates is None else Matching(replicates)
        self.rows = np.zeros(0 if above is None else len(above.key[0]), np.bool_)
        self.number = 0
        self.keys: list[list[Values]] = []

    def add_rows(self, rows: NDArray[np.int64]) -> None:
        """Households by their row in their table."""
        self.rows[rows] = True
        self.number += len(rows)
        if np.count_nonzero(self.rows) < self.number:
            raise _Scattered

    def add_keys(self, heads: list[Values]) -> None:
        """Households by their key, where they have no table."""
        self.keys.append(heads)

    def finish(self, reader: _Reader) -> None:
        """Look at them all when the last one has come."""
        if self.above is None:
            if index([concatenate(columns) for columns in zip(*self.keys, strict=True)])[1]:
                raise _Scattered
        elif not self.rows.all():
            text = f"{counted(int((~self.rows).sum()), 'household')} have no person in the table of persons"
            raise DataError(Fault("MPI-D035", Place(self.above.label), text, f"{SAME_SURVEY[:-1]}, and whole?"))
        if self.matching is not None:
            self.matching.finish()


def _starts(key: Sequence[Values]) -> NDArray[np.int64]:
    """Rows at which the key differs from the row before."""
    changes = np.zeros(len(key[0]), np.bool_)
    changes[:1] = True
    for values in key:
        if isinstance(values, Text):
            changes[1:] |= values.codes[1:] != values.codes[:-1]
        elif isinstance(values, Number):
            changes[1:] |= values.values[1:] != values.values[:-1]
    return np.flatnonzero(changes)
