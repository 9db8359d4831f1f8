"""Joined units become the cells of a panel: one place in domains and design, one weight, a sequence of patterns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints, Text
from mpi.following.books import Book, Books
from mpi.following.joining import ABSENT, Joined
from mpi.following.panel import Sequences, compressed
from mpi.profile import Declared, Tabulation, Tally, Units, selected
from mpi.vocabulary.options import EditionWeights, Level

EMPTY = np.uint64(0)


@dataclass(eq=False, kw_only=True)
class Adder:
    """Adds up the units of a panel, bucket by bucket.

    Attributes
    ----------
    books : Books
    declared : Declared
    domains : sequence of (str, level)
    weights, domains_of : {"earlier", "later"}
    clustered, stratified : bool
        What the design has.
    of_persons : bool
        Whether units are persons.
    """

    books: Books
    declared: Declared
    domains: Sequence[tuple[str, Level]]
    weights: EditionWeights
    domains_of: EditionWeights
    stratified: bool
    clustered: bool
    of_persons: bool

    def __post_init__(self) -> None:
        self.tally = Tally(self.declared)
        self.sequences = Book()
        self.counts: Counter[str] = Counter()
        self.labels = {name: tuple(book.labels()) for name, book in self.books.domains.items()}
        self.strata, self.psus = tuple(self.books.stratum.labels()), tuple(self.books.psu.labels())

    def add(self, joined: Joined) -> None:
        """Add the units of a bucket."""
        if not len(joined.rows):
            return
        rows = _Rows(joined)
        inside = rows.inside()
        weighed, placed = _source(inside, self.weights), _source(inside, self.domains_of)
        # Who is in no edition's universe was drawn all the same: its place in the design is that of any row of it.
        drawn = _source(joined.rows != ABSENT, self.weights)
        weighed, placed = np.where(weighed < 0, drawn, weighed), np.where(placed < 0, drawn, placed)
        patterns = np.where(inside, rows.matrix("pattern"), ABSENT)
        self._count(inside)
        numbers = {
            name: rows.at(name, weighed) for name in ("persons", "households", "person_weight", "household_weight")
        }
        self._units(rows, patterns, (weighed, placed), numbers, adjusts=False)
        self._adjusting(rows, inside, patterns, (weighed, placed), numbers)

    def _count(self, inside: NDArray[np.bool_]) -> None:
        number = inside.sum(axis=1)
        self.counts["in_all_editions"] += int(np.count_nonzero(number == inside.shape[1]))
        first, last = inside[:, 0], inside[:, -1]
        self.counts["stayers"] += int(np.count_nonzero(first & last))
        self.counts["gone"] += int(np.count_nonzero(first & ~last))
        self.counts["new"] += int(np.count_nonzero(last & ~first))

    def _adjusting(
        self,
        rows: _Rows,
        inside: NDArray[np.bool_],
        patterns: Ints,
        sources: tuple[Ints, Ints],
        numbers: dict[str, NDArray[np.float64]],
    ) -> None:
        """What the weight of units differs by in the editions of which it does not count."""
        weighed, placed = sources
        for t in range(inside.shape[1]):
            other = inside[:, t] & (weighed != t)
            at = np.where(other, t, weighed)
            own = {name: rows.at(name, at) - numbers[name] for name in ("person_weight", "household_weight")}
            if self.of_persons:  # with whom of a household it is counted, has no meaning for persons
                own["household_weight"] = np.zeros(len(inside))
            moved = np.flatnonzero(other & ((own["person_weight"] != 0) | (own["household_weight"] != 0)))
            if not len(moved):
                continue
            alone = np.full_like(patterns[moved], ABSENT)
            alone[:, t] = patterns[moved, t]
            zeros = np.zeros(len(moved))
            changes = {"persons": zeros, "households": zeros} | {name: values[moved] for name, values in own.items()}
            self._units(rows.some(moved), alone, (weighed[moved], placed[moved]), changes, adjusts=True)

    def _units(
        self,
        rows: _Rows,
        patterns: Ints,
        sources: tuple[Ints, Ints],
        numbers: dict[str, NDArray[np.float64]],
        *,
        adjusts: bool,
    ) -> None:
        weighed, placed = sources
        kinds = np.full(len(patterns), adjusts, np.int64)
        code = self.sequences.of_words(*patterns.T, kinds)
        texts = tuple(
            (name, level, Text(rows.at(f"domain:{name}", placed).astype(np.int64), self.labels[name]))
            for name, level in self.domains
        )
        stratum = Text(rows.at("stratum", weighed).astype(np.int64), self.strata) if self.stratified else None
        psu = Text(rows.at("psu", weighed).astype(np.int64), self.psus) if self.clustered else None
        self.tally.add(
            Units(
                domains=texts,
                stratum=stratum,
                psu=psu,
                pattern=code.astype(np.uint64),
                unknown=np.zeros(len(code), np.uint64),
                persons=numbers["persons"].astype(np.int64),
                households=numbers["households"].astype(np.int64),
                person_weight=numbers["person_weight"].astype(np.float64),
                household_weight=numbers["household_weight"].astype(np.float64),
            )
        )

    def finished(self) -> tuple[Tabulation, Sequences]:
        """The cells and sequences of all units, of which there is one at least."""
        held = self.tally.finished()
        words = np.array(self.books.patterns.labels() or [(0, 0)], np.uint64).reshape(-1, 2)
        table = np.array(self.sequences.labels(), np.int64)
        places, adjusts = table[:, :-1], table[:, -1].astype(np.bool_)
        present = places != ABSENT
        at = np.maximum(places, 0)
        sequences = Sequences(
            pattern=np.where(present, words[at, 0], EMPTY),
            unknown=np.where(present, words[at, 1], EMPTY),
            present=present,
            adjusts=adjusts,
        )
        somebody = present.any(axis=1)[held.cells.pattern.astype(np.int64)]
        return compressed(replace(held, cells=selected(held.cells, somebody)), sequences)


def _source(there: NDArray[np.bool_], which: EditionWeights) -> Ints:
    """The first edition that each unit is in, or the last; -1 if it is in none; shape (u,)."""
    order = there if which == "earlier" else there[:, ::-1]
    found = np.argmax(order, axis=1)
    found = found if which == "earlier" else there.shape[1] - 1 - found
    return np.where(there.any(axis=1), found, ABSENT)


class _Rows:
    """The columns of the units of a bucket by edition."""

    def __init__(self, joined: Joined, rows: Ints | None = None) -> None:
        self.tables, self.rows = joined.tables, joined.rows if rows is None else rows
        self._columns: dict[tuple[int, str], NDArray[np.float64]] = {}

    def some(self, which: Ints) -> _Rows:
        """Some of the units."""
        found = _Rows(Joined(self.tables, self.rows[which]))
        found._columns = self._columns
        return found

    def column(self, t: int, name: str) -> NDArray[np.float64]:
        """A column of an edition."""
        if (t, name) not in self._columns:
            self._columns[t, name] = self.tables[t].column(name).to_numpy()
        return self._columns[t, name]

    def at(self, name: str, edition: Ints) -> NDArray[np.float64]:
        """A column of each unit in the edition that is named for it; shape (u,)."""
        found = None
        for t in range(len(self.tables)):
            mine = np.flatnonzero(edition == t)
            own = self.column(t, name)
            if found is None:
                found = np.zeros(len(edition), np.result_type(*(self.column(i, name) for i in range(len(self.tables)))))
            if len(mine):
                found[mine] = own[self.rows[mine, t]]
        return found if found is not None else np.zeros(len(edition))

    def matrix(self, name: str) -> Ints:
        """A column of whole numbers in all editions, -1 where a unit is not; shape (u, T)."""
        found = np.full(self.rows.shape, ABSENT, np.int64)
        for t in range(len(self.tables)):
            there = np.flatnonzero(self.rows[:, t] != ABSENT)
            found[there, t] = self.column(t, name)[self.rows[there, t]]
        return found

    def inside(self) -> NDArray[np.bool_]:
        """Whether a unit is in each edition, and inside the measure's universe; shape (u, T)."""
        found = np.zeros(self.rows.shape, np.bool_)
        for t in range(len(self.tables)):
            there = np.flatnonzero(self.rows[:, t] != ABSENT)
            row = self.rows[there, t]
            found[there, t] = (self.column(t, "persons")[row] > 0) | (self.column(t, "households")[row] > 0)
        return found
