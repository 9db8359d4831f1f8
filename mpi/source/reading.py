"""Blocks of complete households: persons and their household's and dwelling's columns, household by household.

A table of persons is cut into spans, runs of row groups that are read side by side; the households that two spans
share are put together at the end. Where a table of households lies in the order of its key, as the persons do, both
are streamed; otherwise that of households is held in memory. Where a household turns up again later the reading
starts anew and sorts all rows by household. The figures are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Place, counted
from mpi.rules import Frame
from mpi.source import alone
from mpi.source.alone import most_persons, of_households
from mpi.source.households import SAME_SURVEY, Columns, Households, Needs, column_name
from mpi.source.keys import check_key, index, repeated_keys
from mpi.source.opening import OpenedSurvey
from mpi.source.replicates import ROW, ReplicateWeights
from mpi.source.running import Running
from mpi.source.seen import Ends, Scattered, Seen
from mpi.source.streamed import OutOfOrder, Streamed, ranges_of, rising, value_at
from mpi.source.tables import Part
from mpi.values import Number, Text, Values, concatenate, differ, repeat, take

Block: TypeAlias = Frame
T = TypeVar("T")
SPAN = 1_000_000  # persons in a span, at least; never the number of threads, for figures must not depend on it
STAGE = "reading persons"


def blocks(opened: OpenedSurvey, needs: Needs, work: Callable[[Block], T]) -> list[T]:
    """Do some work on every block of complete households, in the order of the file.

    Parameters
    ----------
    opened : OpenedSurvey
    needs : mapping of str to sequence of str
        For each table the columns to read; they stand in the block as `table.column`. Keys are read in any case.
    work : callable
        Takes a block; called again from the start if households turn out to be scattered over the file.

    Raises
    ------
    DataError
        If keys are null, repeated or without a partner in the other table.
    """
    found = spans(opened, needs, lambda some: [work(block) for block in some], whole=True)
    return [one for part in found for one in part]


def spans(
    opened: OpenedSurvey, needs: Needs, work: Callable[[Iterator[Block]], T],
    replicates: ReplicateWeights | None = None, running: Running | None = None, *, whole: bool = False,
) -> list[T]:  # fmt: skip
    """Do some work on every span of complete households.

    Parameters
    ----------
    opened, needs
        As for `blocks`.
    work : callable
        Takes the blocks of a span; called by several threads at once, and again from the start if households turn
        out to lie otherwise than the file promises.
    replicates : ReplicateWeights, optional
        The blocks then hold the column `replicates:row`: of each household the row of its replicate weights, or of
        each person where they stand in the persons' file; and are small enough for a matrix of them.
    running : Running, optional
        Threads and progress.
    whole : bool
        One span, in the order of the file.

    Returns
    -------
    list
        What `work` returned, in an order that depends on the files alone.

    Raises
    ------
    DataError
        If keys are null, repeated or without a partner in the other table.
    """
    running = running or Running()
    if not opened.survey.has_persons:
        running.begin(STAGE, opened.tables["households"].rows)
        return [work(_watched(of_households(Households(opened, needs), replicates), running))]
    rows = opened.tables["persons"].rows
    if rows > alone.SMALL and replicates is None:
        try:
            return _Reader(opened, needs, None, running, streamed=True).spans(work, whole=whole)
        except OutOfOrder:
            pass
    reader = _Reader(opened, needs, replicates, running)
    try:
        return reader.spans(work, whole=whole or replicates is not None)
    except Scattered:
        running.begin(STAGE, rows)
        return [work(_watched(reader.sorted(), running))]


def _watched(some: Iterator[Block], running: Running) -> Iterator[Block]:
    """Blocks, counted as they are done."""
    for block in some:
        yield block
        running.advance(block.length)
        running.tell()


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

    def __init__(
        self, opened: OpenedSurvey, needs: Needs, replicates: ReplicateWeights | None, running: Running, *,
        streamed: bool = False,
    ) -> None:  # fmt: skip
        self.opened, self.replicates, self.running, self.streamed = opened, replicates, running, streamed
        self.table = opened.tables["persons"]
        self.label, self.most = self.table.label, most_persons(self.table.rows, replicates)
        self.persons, self.households = (opened.survey.tables[name] for name in ("persons", "households"))
        inside = self.households.path is None
        self.reference = self.persons.household or self.households.key
        self.own = [name for name in self.persons.key if name not in self.reference]
        self.lifted = [c for c in needs.get("households", ()) if c not in self.households.key] if inside else []
        self.stored = list(dict.fromkeys([*self.reference, *self.own, *needs.get("persons", ()), *self.lifted]))
        self.of_persons = replicates is not None and replicates.table == "persons"
        self.columns = [*self.stored, ROW] if self.of_persons else self.stored
        self.above: Households | Streamed | None = None
        if streamed and ranges_of(opened, "persons", self.reference[0]) is None:
            raise OutOfOrder
        if not inside:
            self.above = Streamed(opened, needs, "households", running.workers + 2) if streamed else (
                Households(opened, needs))  # fmt: skip

    def spans(self, work: Callable[[Iterator[Block]], T], *, whole: bool) -> list[T]:
        """What some work makes of each span; raises Scattered or OutOfOrder if households lie otherwise."""
        self.running.begin(STAGE, self.table.rows)
        runs = [self.table.parts] if whole else _runs(self.table.parts)
        made = [_Span(self, run, first=i == 0, last=i == len(runs) - 1) for i, run in enumerate(runs)]
        seen = Seen(self.above, self.replicates)

        def done(span: _Span) -> T:
            return work(_watched(span.blocks(seen), self.running) if len(made) == 1 else span.counted(seen))

        found = list(self.running.in_order(done, made))
        seams = [columns for span in made for columns in (span.head, span.tail) if columns is not None]
        if seams:
            batch = self.joined(seams)
            found.append(work(_watched(self.cut(batch, self.starts(batch), seen), self.running)))
        ends = [span.ends for span in made if span.ends is not None]
        seen.finish(ends if self.streamed else None)
        return found

    def read(self, parts: Sequence[Part] | None = None) -> Iterator[Columns]:
        """The persons' columns under the survey's names, some rows at a time, with keys checked."""
        stored = {c: self.opened.read_name("persons", c) for c in self.stored}
        names = (*self.reference, *self.own)
        row = 0
        for part in self.table.batches(list(stored.values()), self.most, parts):
            batch = {c: self.opened.cleaned(c, part[stored[c]]) for c in self.stored}
            if self.of_persons:
                batch[ROW] = Number(np.arange(row, row + len(batch[self.stored[0]])))
                row += len(batch[ROW])
            faults = check_key("persons", self.label, names, [batch[c] for c in names])
            if isinstance(self.above, Households) and not faults:
                faults = self.above.disagreeing(self.reference, self.key(batch), self.label)
            if faults:
                raise DataError(*faults)
            yield batch

    def starts(self, batch: Columns) -> NDArray[np.int64]:
        """Rows at which a household begins; in a streamed table each comes after the one before."""
        key = self.key(batch)
        starts = _starts(key)
        if self.streamed and not rising([take(values, starts) for values in key]):
            raise OutOfOrder
        return starts

    def key(self, batch: Columns) -> list[Values]:
        """The key of each person's household."""
        return [batch[c] for c in self.reference]

    def sorted(self) -> Iterator[Block]:
        """Blocks after sorting all rows by household."""
        whole = self.joined(list(self.read()))
        key = self.key(whole)
        order = index(key)[0].rows if self.above is None else np.argsort(self.rows(key), kind="stable")
        whole = {c: take(whole[c], order) for c in self.columns}
        seen = Seen(self.above, self.replicates)
        yield from self.cut(whole, _starts(self.key(whole)), seen)
        seen.finish(None)

    def joined(self, parts: Sequence[Columns]) -> Columns:
        """Parts one below the other."""
        return parts[0] if len(parts) == 1 else {c: concatenate([part[c] for part in parts]) for c in self.columns}

    def cut(self, batch: Columns, starts: NDArray[np.int64], seen: Seen) -> Iterator[Block]:
        """Blocks of about equal size from rows of complete households, of which each begins at one of `starts`."""
        if not len(starts):
            return
        length = len(batch[self.columns[0]])
        firsts = np.flatnonzero(np.diff(starts // self.most, prepend=-1)).tolist()
        for first, after in zip(firsts, [*firsts[1:], len(starts)], strict=True):
            rows = slice(int(starts[first]), int(starts[after]) if after < len(starts) else length)
            yield self.block({c: take(batch[c], rows) for c in self.columns}, starts[first:after] - rows.start, seen)

    def block(self, batch: Columns, starts: NDArray[np.int64], seen: Seen) -> Block:
        """One block from rows of complete households."""
        sizes = np.diff(starts, append=len(batch[self.columns[0]]))
        batch = self.in_order(batch, sizes)
        heads = [take(values, starts) for values in self.key(batch)]
        rows = None
        if self.above is None:
            if not self.streamed:
                seen.add_keys(heads)
            households = dict(zip(self.households.key, heads, strict=True))
            households |= {column: self.lift(column, batch[column], starts, sizes) for column in self.lifted}
            above = {column_name("households", column): values for column, values in households.items()}
        elif isinstance(self.above, Streamed):
            above = self.above.match(heads)
            self.above.count(len(sizes))
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
        assert isinstance(self.above, Households)  # noqa: S101  only called with a table in memory
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


class _Span:
    """A run of the persons' parts, read by itself.

    Attributes
    ----------
    head, tail : dict of str to Values, or None
        Rows of the first and the last household, which the spans beside it may share.
    ends : tuple of (list, list) or None
        The first and the last key of the span.
    """

    def __init__(self, reader: _Reader, parts: Sequence[Part], *, first: bool, last: bool) -> None:
        self.reader, self.parts, self.first, self.last = reader, parts, first, last
        self.head: Columns | None = None
        self.tail: Columns | None = None
        self.ends: Ends | None = None

    def counted(self, seen: Seen) -> Iterator[Block]:
        """The blocks, counted as they are done by a thread."""
        for block in self.blocks(seen):
            yield block
            self.reader.running.advance(block.length)

    def blocks(self, seen: Seen) -> Iterator[Block]:
        """Blocks of the households that lie wholly in the span, in the order of the file."""
        reader = self.reader
        waiting: list[Columns] = []
        for part in reader.read(self.parts):
            waiting.append(part)
            if sum(len(columns[reader.columns[0]]) for columns in waiting) < reader.most:
                continue
            batch, starts = self.joined(waiting)
            last = int(starts[-1])
            waiting = [{c: take(batch[c], slice(last, None)) for c in reader.columns}]
            yield from reader.cut({c: take(batch[c], slice(0, last)) for c in reader.columns}, starts[:-1], seen)
        batch, starts = self.joined(waiting)
        key = reader.key(batch)
        if reader.streamed and self.ends is not None:
            self.ends = (self.ends[0], [value_at(values, -1) for values in key])
        if not self.last:
            last = int(starts[-1])
            rows = {c: take(batch[c], slice(last, None)) for c in reader.columns}
            if self.head is None and not self.first:
                self.head = rows
            else:
                self.tail = rows
            batch, starts = {c: take(batch[c], slice(0, last)) for c in reader.columns}, starts[:-1]
        elif self.head is None and not self.first:
            self.head, starts = batch, starts[:0]
        yield from reader.cut(batch, starts, seen)

    def joined(self, waiting: Sequence[Columns]) -> tuple[Columns, NDArray[np.int64]]:
        """Rows one below the other and the starts of their households, once the span's first household is set aside."""
        reader = self.reader
        batch = reader.joined(waiting)
        starts = reader.starts(batch)
        if reader.streamed and self.ends is None:
            head = [value_at(values, 0) for values in reader.key(batch)]
            self.ends = (head, head)
        if self.head is None and not self.first and len(starts) > 1:
            second = int(starts[1])
            self.head = {c: take(batch[c], slice(0, second)) for c in reader.columns}
            batch, starts = {c: take(batch[c], slice(second, None)) for c in reader.columns}, starts[1:] - second
        return batch, starts


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts in runs of a million rows or more."""
    runs: list[list[Part]] = []
    rows = SPAN
    for part in parts:
        if rows >= SPAN:
            runs.append([])
            rows = 0
        runs[-1].append(part)
        rows += part.rows
    return runs


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
