"""Persons with their households: rows read and checked, cut into blocks of complete households."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.runs import cuts
from mpi.columns.stored import Stored, plain, solid
from mpi.columns.values import Number, Text, Values, concatenate, differ, repeat, take
from mpi.errors import DataError, Place
from mpi.errors.findings import Counted, Findings, Wrong, refusal
from mpi.language import phrase
from mpi.rules import Frame
from mpi.source.completeness import Seen
from mpi.source.households import Columns, Households, Needs, Raw, column_name, orphaned
from mpi.source.households_only import most_persons
from mpi.source.keys import index, is_key, repeating, wrong_key
from mpi.source.opening import OpenedSurvey
from mpi.source.ordered import OutOfOrder, Streamed, ranges_of, rising
from mpi.source.replicates import ROW, ReplicateWeights
from mpi.source.tables import Part
from mpi.source.threads import Running


@dataclass(frozen=True, slots=True, eq=False)
class Seam:
    """The rows of a household that spans may share, and its columns in a streamed table of households."""

    rows: Columns
    above: Columns


class Reader:
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
        self,
        opened: OpenedSurvey,
        needs: Needs,
        replicates: ReplicateWeights | None,
        running: Running,
        *,
        streamed: bool = False,
    ) -> None:
        self.opened, self.replicates, self.running, self.streamed = opened, replicates, running, streamed
        self.table = opened.tables["persons"]
        self.label, self.most = self.table.label, most_persons(self.table.rows, replicates)
        self.persons, self.households = (opened.survey.tables[name] for name in ("persons", "households"))
        inside = not self.households.apart
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
            self.above = (
                Streamed(opened, needs, "households", running.workers + 2) if streamed else (Households(opened, needs))
            )

    def shared(self, seams: Sequence[Seam], seen: Seen) -> Iterator[Frame]:
        """The households at the ends of spans, of which each may lie in several."""
        batch = self.joined([seam.rows for seam in seams])
        starts = self.starts(batch)
        if not isinstance(self.above, Streamed):
            yield from self.cut(batch, starts, seen)
            return
        ends = np.cumsum([len(seam.rows[self.columns[0]]) for seam in seams])
        which = np.searchsorted(ends, starts, "right")
        above = {name: take(concatenate([seam.above[name] for seam in seams]), which) for name in seams[0].above}
        yield self.block(batch, starts, seen, above)

    def seam(self, rows: Columns) -> Seam:
        """A household at the end of a span, with its columns in the table of households while these are at hand."""
        above: Columns = {}
        if isinstance(self.above, Streamed):
            above = self.above.match([take(values, slice(0, 1)) for values in self.key(rows)])
        return Seam(_copied(rows), _copied(above))

    def read(self, parts: Sequence[Part] | None = None) -> Iterator[Columns]:
        """The persons' columns under the survey's names, some rows at a time, with keys checked."""
        for rows in self.read_raw(parts, raw=False):
            yield solid(rows)

    def read_raw(self, parts: Sequence[Part] | None = None, *, raw: bool = True) -> Iterator[Raw]:
        """As `read`; whole numbers that are no keys come as they are stored, if `raw`."""
        stored = {c: self.opened.read_name("persons", c) for c in self.stored}
        names = (*self.reference, *self.own)
        row, coded = 0, self.opened.survey.missing_codes
        some = {stored[c] for c in self.stored if raw and c not in names and not coded.get(c)}
        for part in self.table.stored(list(stored.values()), some, self.most, parts):
            batch: Raw = {}
            for c in self.stored:
                own = part[stored[c]]
                batch[c] = own if isinstance(own, Stored) else self.opened.cleaned(c, own)
            if self.of_persons:
                batch[ROW] = Number(np.arange(row, row + len(batch[self.stored[0]])))
                row += len(batch[ROW])
            if not is_key([plain(batch[c]) for c in names]):
                raise wrong_key("persons", self.label, names, self.keys(names))
            if isinstance(self.above, Households) and (
                faults := self.above.disagreeing(self.reference, self.key(batch), self.label)
            ):
                raise DataError(*faults)
            yield batch

    def keys(self, names: Sequence[str]) -> Iterator[list[Values]]:
        """Columns of a key in the whole table, some rows at a time."""
        stored = [self.opened.read_name("persons", c) for c in names]
        for batch in self.table.batches(stored, self.most):
            yield [self.opened.cleaned(c, batch[own]) for c, own in zip(names, stored, strict=True)]

    def starts(self, batch: Mapping[str, Values | Stored]) -> NDArray[np.int64]:
        """Rows at which a household begins; in a streamed table each comes after the one before."""
        key = self.key(batch)
        starts = starts_of(key)
        if self.streamed and not rising([take(values, starts) for values in key]):
            raise OutOfOrder
        return starts

    def key(self, batch: Mapping[str, Values | Stored]) -> list[Values]:
        """The key of each person's household."""
        return [plain(batch[c]) for c in self.reference]

    def joined(self, parts: Sequence[Columns]) -> Columns:
        """Parts one below the other."""
        return parts[0] if len(parts) == 1 else {c: concatenate([part[c] for part in parts]) for c in self.columns}

    def cut(self, batch: Columns, starts: NDArray[np.int64], seen: Seen) -> Iterator[Frame]:
        """Blocks of about equal size from rows of complete households, of which each begins at one of `starts`."""
        if not len(starts):
            return
        length = len(batch[self.columns[0]])
        firsts = cuts(starts, self.most)
        for first, after in zip(firsts, [*firsts[1:], len(starts)], strict=True):
            rows = slice(int(starts[first]), int(starts[after]) if after < len(starts) else length)
            yield self.block({c: take(batch[c], rows) for c in self.columns}, starts[first:after] - rows.start, seen)

    def block(self, batch: Columns, starts: NDArray[np.int64], seen: Seen, above: Columns | None = None) -> Frame:
        """One block from rows of complete households; `above` are their columns, if they are known."""
        sizes = np.diff(starts, append=len(batch[self.columns[0]]))
        batch = self.in_order(batch, sizes, seen.findings)
        heads = [take(values, starts) for values in self.key(batch)]
        rows = None
        if self.above is None:
            if not self.streamed:
                seen.add_keys(heads)
            households = dict(zip(self.households.key, heads, strict=True))
            households |= {
                column: self.lift(column, batch[column], (starts, sizes), seen.findings) for column in self.lifted
            }
            above = {column_name("households", column): values for column, values in households.items()}
        elif isinstance(self.above, Streamed):
            above = self.above.match(heads) if above is None else above
            self.above.count(len(sizes))
        else:
            rows = self.rows(heads, self.above)
            seen.add_rows(rows)
            above = self.above.take(rows)
        if seen.matching is not None and not self.of_persons:
            above[ROW] = seen.matching.rows(self.reference, heads, rows)
        persons = {column_name("persons", c): batch[c] for c in self.stored if c not in self.lifted}
        if self.of_persons:
            persons[ROW] = batch[ROW]
        return Frame(sizes, persons, above, findings=seen.findings)

    def lift(
        self, column: str, values: Values, rows: tuple[NDArray[np.int64], NDArray[np.int64]], findings: Findings
    ) -> Values:
        """A household's column from its first person; where its persons differ, that is noted."""
        starts, sizes = rows
        first = take(values, starts)
        varies = differ(repeat(first, sizes), values)
        if varies.any():
            number = int(np.bitwise_or.reduceat(varies, starts).sum())
            head = phrase("column {column!r} differs between the persons of", column=column)
            remedy = phrase(
                "list all columns of the household's key under `key:`, or leave the column out of `columns:` to "
                "read it person by person"
            )
            findings.add(
                Wrong(code="MPI-D034", place=Place(self.label), head=head, noun="household", remedy=remedy), number
            )
        return first

    def in_order(self, batch: Columns, sizes: NDArray[np.int64], findings: Findings) -> Columns:
        """The rows of each household in the order of its persons' keys, so that no figure depends on that of the file.

        That a person repeats the key of another one of the household is noted.
        """
        if len(self.own) == 1 and isinstance(number := batch[self.own[0]], Number):
            rising = number.values[1:] > number.values[:-1]
            rising[np.cumsum(sizes)[:-1] - 1] = True
            if rising.all():
                return batch
        ordinal = Number(np.repeat(np.arange(len(sizes)), sizes))
        found, repeated = index([ordinal, *(batch[c] for c in self.own)])
        if repeated:
            findings.add(repeating("persons", self.label, self.persons.key), repeated)
        return {c: take(values, found.rows) for c, values in batch.items()}

    def rows(self, key: Sequence[Values], above: Households) -> NDArray[np.int64]:
        """The row of each key in the table of households; orphans are an error."""
        rows = above.index.find(key)
        if (rows < 0).any():
            raise self.orphans(above)
        return rows

    def orphans(self, above: Households) -> Counted:
        """The error for persons whose household is in no table, with their number in all files."""
        lost: list[list[Values]] = []
        for batch in self.read():
            rows = np.flatnonzero(above.index.find(self.key(batch)) < 0)
            lost.append([take(values, rows) for values in self.key(batch)])
        keys = [concatenate(columns) for columns in zip(*lost, strict=True)]
        number = len(keys[0])
        households = number - index(keys)[1]
        return refusal(orphaned(self.label, self.reference), number, outer=households)


def _copied(columns: Columns) -> Columns:
    """The columns by themselves: a slice would keep all rows that were read with it in memory."""
    return {name: take(values, np.arange(len(values))) for name, values in columns.items()}


def starts_of(key: Sequence[Values]) -> NDArray[np.int64]:
    """Rows at which the key differs from the row before."""
    changes = np.zeros(len(key[0]), np.bool_)
    changes[:1] = True
    for values in key:
        if isinstance(values, Text):
            changes[1:] |= values.codes[1:] != values.codes[:-1]
        elif isinstance(values, Number):
            changes[1:] |= values.values[1:] != values.values[:-1]
    return np.flatnonzero(changes)
