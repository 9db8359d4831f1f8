"""Blocks of complete households: persons and their household's and dwelling's columns, household by household.

Files whose households lie together are streamed, one part at a time, with the last household carried over to the
next part. Where a household turns up again later the reading starts anew and sorts all rows by household; the figures
are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Place, UsageError, counted
from mpi.rules import Frame
from mpi.source.keys import check_key, index, keys_agree, repeated_keys
from mpi.source.opening import OpenedSurvey
from mpi.values import Number, Text, Values, concatenate, differ, repeat, take

Block: TypeAlias = Frame
Needs: TypeAlias = Mapping[str, Sequence[str]]
Columns: TypeAlias = dict[str, Values]
T = TypeVar("T")
SORTED_BLOCK = 250_000  # persons in a block when all rows had to be sorted


class _Scattered(Exception):
    """A household's persons do not lie together."""


def blocks(opened: OpenedSurvey, needs: Needs, work: Callable[[Block], T]) -> list[T]:
    """Do some work on every block of complete households.

    Parameters
    ----------
    opened : OpenedSurvey
    needs : mapping of str to sequence of str
        For each table the columns to read; they stand in the block as `table.column`.
    work : callable
        Takes a block; called again from the start if households turn out to be scattered over the file.

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
        return [work(block) for block in _of_households(opened, needs)]
    reader = _Reader(opened, needs)
    try:
        return [work(block) for block in reader.streamed()]
    except _Scattered:
        return [work(block) for block in reader.sorted()]


def column_name(table: str, column: str) -> str:
    """What a raw column is called inside a block."""
    return f"{table}.{column}"


class _Reader:
    def __init__(self, opened: OpenedSurvey, needs: Needs) -> None:
        self.opened, self.needs = opened, needs
        survey = opened.survey
        self.label = opened.tables["persons"].label
        households = survey.tables["households"]
        self.inside = households.path is None
        self.reference = survey.tables["persons"].household or households.key
        self.own = [name for name in survey.tables["persons"].key if name not in self.reference]
        lifted = [c for c in needs.get("households", ()) if c not in households.key] if self.inside else []
        self.lifted = dict(zip(lifted, (opened.read_name("households", c) for c in lifted), strict=True))
        self.columns = list(dict.fromkeys([*self.reference, *self.own, *needs.get("persons", ()), *lifted]))
        self.above = None if self.inside else _Households(opened, needs)

    def read(self) -> Iterator[Columns]:
        """The persons' columns under the survey's names, part by part, with keys checked."""
        name = {c: self.opened.read_name("persons", c) for c in self.columns}
        for part in self.opened.tables["persons"].batches(list(name.values())):
            batch = {c: self.opened.cleaned("persons", c, part[name[c]]) for c in self.columns}
            key = [part[name[c]] for c in (*self.reference, *self.own)]
            faults = check_key("persons", self.label, (*self.reference, *self.own), key)
            if self.above is not None and not faults:
                faults = self.above.agree(self.reference, [batch[c] for c in self.reference], self.label)
            if faults:
                raise DataError(*faults)
            yield batch

    def streamed(self) -> Iterator[Block]:
        """Blocks in the order of the file; raises _Scattered if a household comes back."""
        carried: Columns | None = None
        seen = _Seen(self.above)
        for batch in self.read():
            if carried is not None:
                batch = {c: concatenate([carried[c], batch[c]]) for c in self.columns}
            starts = _starts([batch[c] for c in self.reference])
            last = int(starts[-1])
            carried = {c: take(batch[c], slice(last, None)) for c in self.columns}
            if len(starts) > 1:
                complete = {c: take(batch[c], slice(0, last)) for c in self.columns}
                yield self.block(complete, starts[:-1], seen)
        if carried is not None:
            yield self.block(carried, np.zeros(1, np.int64), seen)
        seen.finish(self)

    def sorted(self) -> Iterator[Block]:
        """Blocks after sorting all rows by household."""
        parts = list(self.read())
        whole = {c: concatenate([part[c] for part in parts]) for c in self.columns}
        key = [whole[c] for c in self.reference]
        if self.above is None:
            order = index(key)[0].rows
        else:
            order = np.argsort(self.above.rows(key, self), kind="stable")
        whole = {c: take(whole[c], order) for c in self.columns}
        starts = _starts([whole[c] for c in self.reference])
        seen = _Seen(self.above)
        ends = np.append(starts[1:], len(order))
        cut = np.flatnonzero(np.diff(starts // SORTED_BLOCK, prepend=-1))
        for first, after in zip(cut, [*cut[1:], len(starts)], strict=True):
            rows = slice(int(starts[first]), int(ends[after - 1]))
            batch = {c: take(whole[c], rows) for c in self.columns}
            yield self.block(batch, starts[first:after] - starts[first], seen)
        seen.finish(self)

    def block(self, batch: Columns, starts: NDArray[np.int64], seen: _Seen) -> Block:
        """One block from rows of complete households."""
        length = len(batch[self.columns[0]])
        sizes = np.diff(np.append(starts, length))
        heads = [take(batch[c], starts) for c in self.reference]
        self.check_persons(batch, sizes)
        households: Columns = {}
        if self.above is None:
            seen.add_keys(heads)
            key = self.opened.survey.tables["households"].key
            households = {column_name("households", k): v for k, v in zip(key, heads, strict=True)}
            for column in self.lifted:
                households[column_name("households", column)] = self.lift(column, batch[column], starts, sizes)
        else:
            rows = self.above.rows(heads, self)
            seen.add_rows(rows)
            households = self.above.take(rows)
        persons = {column_name("persons", c): batch[c] for c in self.columns if c not in self.lifted}
        return Frame(sizes, persons, households)

    def lift(self, column: str, values: Values, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Values:
        """A household's column from its first person, after making sure that all its persons say the same."""
        first = take(values, starts)
        varies = differ(repeat(first, sizes), values)
        if varies.any():
            number = int(np.bitwise_or.reduceat(varies, starts).sum())
            text = f"column {column!r} differs between the persons of {counted(number, 'household')}"
            raise DataError(Fault("MPI-D034", Place(self.label), text,
                                  "is the household's key complete? else declare the column for persons"))  # fmt: skip
        return first

    def check_persons(self, batch: Columns, sizes: NDArray[np.int64]) -> None:
        """Refuse persons that repeat the key of another person of their household."""
        if len(self.own) == 1 and isinstance(number := batch[self.own[0]], Number):
            rising = number.values[1:] > number.values[:-1]
            rising[np.cumsum(sizes)[:-1] - 1] = True
            if rising.all():
                return
        ordinal = Number(np.repeat(np.arange(len(sizes)), sizes))
        repeated = index([ordinal, *(batch[c] for c in self.own)])[1]
        if repeated:
            raise repeated_keys("persons", self.label, self.opened.survey.tables["persons"].key, repeated)

    def orphans(self) -> DataError:
        """The error for persons whose household is in no table, with their number in all files."""
        number = households = 0
        for batch in self.read():
            key = [batch[c] for c in self.reference]
            assert self.above is not None  # noqa: S101  only called with a table of households
            lost = self.above.index.find(key) < 0
            number += int(lost.sum())
            households += int(np.count_nonzero(lost[_starts(key)]))
        text = (f"{counted(number, 'person')} in {counted(households, 'household')} have no row in the table of "
                f"households ({', '.join(self.reference)})")  # fmt: skip
        return DataError(Fault("MPI-D036", Place(self.label), text, "are both files of the same survey and year?"))


class _Households:
    """The table of households in memory, with its dwellings' columns beside it, and its rows by key."""

    def __init__(self, opened: OpenedSurvey, needs: Needs) -> None:
        survey = opened.survey
        self.opened = opened
        self.label = opened.tables["households"].label
        self.key = survey.tables["households"].key
        self.columns = _whole(opened, "households", needs, self.key)
        key = [self.columns[column_name("households", c)] for c in self.key]
        faults = check_key("households", self.label, self.key, key)
        if faults:
            raise DataError(*faults)
        self.index, repeated = index(key)
        self.heads = key
        if repeated:
            raise repeated_keys("households", self.label, self.key, repeated)
        if "dwellings" in survey.tables:
            self.columns |= self.dwellings(needs)

    def dwellings(self, needs: Needs) -> Columns:
        """The dwellings' columns, one row a household."""
        survey = self.opened.survey
        table = self.opened.tables["dwellings"]
        own = survey.tables["dwellings"].key
        columns = _whole(self.opened, "dwellings", needs, own)
        key = [columns[column_name("dwellings", c)] for c in own]
        faults = check_key("dwellings", table.label, own, key)
        reference = survey.tables["households"].dwelling or own
        mine = [self.columns.get(column_name("households", c)) or self.column(c) for c in reference]
        faults += check_key("households", self.label, reference, mine)
        for name, a, b in zip(reference, mine, key, strict=True):
            fault = keys_agree((name, a), (name, b), self.label)
            faults += [fault] if fault else []
        if faults:
            raise DataError(*faults)
        found, repeated = index(key)
        if repeated:
            raise repeated_keys("dwellings", table.label, own, repeated)
        rows = found.find(mine)
        if lost := int((rows < 0).sum()):
            text = f"{counted(lost, 'household')} have no row in the table of dwellings ({', '.join(reference)})"
            raise DataError(Fault("MPI-D036", Place(self.label), text, "are both files of the same survey and year?"))
        return {name: take(values, rows) for name, values in columns.items()}

    def column(self, name: str) -> Values:
        """A column that was not among the needed ones."""
        physical = self.opened.read_name("households", name)
        return self.opened.tables["households"].whole([physical])[physical]

    def agree(self, names: Sequence[str], key: Sequence[Values], label: str) -> list[Fault]:
        """Faults of the persons' key columns against this table's."""
        pairs = zip(names, key, self.key, self.heads, strict=True)
        faults = (keys_agree((a, mine), (b, other), label) for a, mine, b, other in pairs)
        return [fault for fault in faults if fault is not None]

    def rows(self, key: Sequence[Values], reader: _Reader) -> NDArray[np.int64]:
        """The row of each key; orphans are an error."""
        rows = self.index.find(key)
        if (rows < 0).any():
            raise reader.orphans()
        return rows

    def take(self, rows: NDArray[np.int64]) -> Columns:
        """The households' columns of some rows."""
        if len(rows) and (np.diff(rows) == 1).all():
            return {name: take(v, slice(int(rows[0]), int(rows[-1]) + 1)) for name, v in self.columns.items()}
        return {name: take(values, rows) for name, values in self.columns.items()}


class _Seen:
    """Which households have come, so that none comes twice and none is left without persons."""

    def __init__(self, above: _Households | None) -> None:
        self.above = above
        self.rows = np.zeros(0 if above is None else len(above.heads[0]), np.bool_)
        self.keys: list[list[Values]] = []

    def add_rows(self, rows: NDArray[np.int64]) -> None:
        before = np.count_nonzero(self.rows)
        self.rows[rows] = True
        if np.count_nonzero(self.rows) - before < len(rows):
            raise _Scattered

    def add_keys(self, heads: list[Values]) -> None:
        self.keys.append(heads)

    def finish(self, reader: _Reader) -> None:
        if self.above is None:
            whole = [concatenate([heads[i] for heads in self.keys]) for i in range(len(reader.reference))]
            if index(whole)[1]:
                raise _Scattered
        elif not self.rows.all():
            number = int((~self.rows).sum())
            text = f"{counted(number, 'household')} have no person in the table of persons"
            raise DataError(Fault("MPI-D035", Place(self.above.label), text,
                                  "are both files of the same survey and year, and whole?"))  # fmt: skip


def _of_households(opened: OpenedSurvey, needs: Needs) -> Iterator[Block]:
    """Blocks of a survey that has only a table of households."""
    table = opened.tables["households"]
    key = opened.survey.tables["households"].key
    columns = list(dict.fromkeys([*key, *needs.get("households", ())]))
    names = {c: opened.read_name("households", c) for c in columns}
    keys: list[list[Values]] = []
    for part in table.batches(list(names.values())):
        own = [part[names[c]] for c in key]
        faults = check_key("households", table.label, key, own)
        if faults:
            raise DataError(*faults)
        keys.append(own)
        households = {column_name("households", c): opened.cleaned("households", c, part[names[c]]) for c in columns}
        yield Frame(np.ones(len(own[0]), np.int64), {}, households)
    repeated = index([concatenate([own[i] for own in keys]) for i in range(len(key))])[1]
    if repeated:
        raise repeated_keys("households", table.label, key, repeated)


def _whole(opened: OpenedSurvey, table: str, needs: Needs, key: Sequence[str]) -> Columns:
    wanted = list(dict.fromkeys([*key, *needs.get(table, ())]))
    names = {c: opened.read_name(table, c) for c in wanted}
    whole = opened.tables[table].whole(list(names.values()))
    return {column_name(table, c): opened.cleaned(table, c, whole[names[c]]) for c in wanted}


def _starts(key: Sequence[Values]) -> NDArray[np.int64]:
    """Rows at which the key differs from the row before."""
    changes = np.zeros(len(key[0]), np.bool_)
    changes[:1] = True
    for values in key:
        codes = values.codes if isinstance(values, Text) else values.values if isinstance(values, Number) else None
        if codes is None:
            raise UsageError(Fault("MPI-D031", None, "a key cannot be yes/no"))
        changes[1:] |= codes[1:] != codes[:-1]
    return np.flatnonzero(changes)
