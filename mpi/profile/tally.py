"""Units of many blocks added up as they come: codes by dictionaries that grow, equal keys joined block by block.

A tally of one span absorbs that of the next; done in the order of the spans, sums do not depend on who made them.

For designs of strata and PSUs, or of none: what else a design may have is tabulated block by block and joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.runs import run_starts
from mpi.columns.values import BITS, Ints, Text, stable_order
from mpi.profile.adding import joined, tabulated
from mpi.profile.cells import Cells, Domain, Tabulation, words_of
from mpi.profile.drawn import check_units
from mpi.profile.labels import MISSING_LEVEL, joint_code, places, rank_of
from mpi.profile.sample import Declared, Sample
from mpi.profile.units import Units, some

Summed = dict[str, NDArray[Any]]
FEW = 200_000  # units that are added up in one go
AT_ONCE = 2**21  # units of more that are
HELD = 2**20  # rows that are held before they are joined with all that came before
TELLING = 2**12  # units of a block that tells whether sorting others like it is worth while
SUMS = ("persons", "households", "person_weight", "household_weight", "person_squares", "household_squares")
COUNTS = ("persons", "households", "person_squares")  # without weights these hold the rest


@dataclass(slots=True)
class _Book:
    """The codes of one grouping, in the order in which they came."""

    codes: dict[str, int] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    mapping: NDArray[np.int32] = field(default_factory=lambda: np.full(1, -1, np.int32))

    def codes_of(self, text: Text) -> NDArray[np.int32]:
        """The code of each row; an unknown is a level of its own."""
        book = self.codes
        if text.labels is not self.labels:
            self.labels = text.labels
            self.mapping = np.array([book.get(label, -1) for label in text.labels] or [-1], np.int32)
        mapping = self.mapping
        found: NDArray[np.int32] = np.take(mapping, text.codes)
        if found.min(initial=0) < 0:
            present = np.bincount(text.codes if text.known is None else text.codes[text.known], minlength=len(mapping))
            for i in np.flatnonzero((mapping < 0) & (present > 0)).tolist():
                mapping[i] = book.setdefault(text.labels[i], len(book))
            found = np.take(mapping, text.codes)
        if text.known is not None and not text.known.all():
            found[~text.known] = book.setdefault(MISSING_LEVEL, len(book))
        return found

    def places_of(self, other: _Book) -> NDArray[np.int32]:
        """The code of each label of another book, which are added here."""
        return np.array([self.codes.setdefault(label, len(self.codes)) for label in other.codes], np.int32)

    @property
    def bits(self) -> int:
        """How many bits a code takes."""
        return max(0, len(self.codes) - 1).bit_length()


def same(mapping: NDArray[np.int32]) -> bool:
    """Whether every code stays as it is."""
    return bool((mapping == np.arange(len(mapping))).all())


def tallied(units: Units, declared: Declared) -> Tabulation:
    """The cells and the design of units of any number; many are added up some at a time.

    Raises
    ------
    DataError, ValueError
        As `tabulated`.
    """
    tally, n = Tally(declared), len(units.pattern)
    if n <= FEW or not tally.plain:
        return tabulated(units, declared)
    for first in range(0, n, AT_ONCE):
        tally.add(some(units, slice(first, first + AT_ONCE)))
    return tally.finished()


class Tally:
    """Adds up the units of one span, in their order.

    Attributes
    ----------
    declared : Declared
    plain : bool
        Whether units are added up as they come; else block by block: those with columns for `lines` too.
    counts : Counter of str
        Rows at every stage, kept by whoever adds the units.
    held : list of (list of arrays, dict of arrays)
        Rows by their keys (codes of domains, stratum and PSU, then pattern and unknown), and what is summed of them.
    loose : bool
        Whether they may be as they came, equal keys not added up.
    """

    def __init__(self, declared: Declared, *, lines: bool = False) -> None:
        self.declared = declared
        made = (declared.replication, declared.fpc, declared.ssu_fpc, declared.calibration)
        self.plain = not lines and all(part is None for part in made) and declared.single_psu != "collapse"
        self.parts: list[Tabulation] = []
        self.books: list[_Book] = []
        self.names: list[Domain] = []
        self.stratified = self.clustered = False
        self.rows_of_stratum = np.zeros(1, np.int64)
        self.counts: Counter[str] = Counter()
        self.held: list[tuple[list[NDArray[Any]], Summed]] = []
        self.rows = self.joined_rows = 0
        self.loose = False

    def add(self, units: Units) -> None:
        """Add a block of units.

        Raises
        ------
        DataError, ValueError
            As `tabulated`.
        """
        if not self.plain:
            self.parts.append(tabulated(units, self.declared))
            return
        check_units(units, self.declared)
        census = self.declared.census
        stratum, psu = (None, None) if census else (units.stratum, units.psu)
        if not self.books:
            self.names = [Domain(name, level, ()) for name, level, _ in units.domains]
            self.stratified, self.clustered = stratum is not None, psu is not None
            self.books = [_Book() for _ in range(len(self.names) + self.stratified + self.clustered)]
        texts: list[Text] = [one[2] for one in units.domains] + [text for text in (stratum, psu) if text is not None]
        codes = [book.codes_of(text) for book, text in zip(self.books, texts, strict=True)]
        if not census:
            own = codes[len(self.names)] if self.stratified else np.zeros(len(units.pattern), np.int32)
            number = np.bincount(own, minlength=len(self.rows_of_stratum))
            self.rows_of_stratum = number + np.pad(self.rows_of_stratum, (0, len(number) - len(self.rows_of_stratum)))
        keys: list[NDArray[Any]] = [*codes, units.pattern, units.unknown]
        keys += [] if units.amounts is None else words_of(units.amounts)
        sums = self.summed(units)
        found = (keys, sums) if self.loose else self.added(keys, sums)
        # Sums of whole numbers are the same in any order: blocks that sorting leaves as long are sorted later, once.
        n = len(units.pattern)
        self.loose = self.loose or (not self.declared.weighted and n >= TELLING and 2 * len(found[0][-1]) > n)
        self.held.append(found)
        self.rows += len(found[0][-1])
        if self.rows > max(HELD, self.joined_rows + HELD // 2):
            self.join()

    def absorb(self, other: Tally) -> None:
        """Add all that another tally of the same survey holds, after what this one holds."""
        self.parts += other.parts
        self.counts.update(other.counts)
        if not other.held:
            return
        if not self.books:
            self.names, self.stratified, self.clustered = other.names, other.stratified, other.clustered
            self.books = [_Book() for _ in other.books]
        maps = [mine.places_of(theirs) for mine, theirs in zip(self.books, other.books, strict=True)]
        if not self.declared.census:
            own = maps[len(self.names)] if self.stratified else np.zeros(1, np.int32)
            number = np.zeros(max(len(self.rows_of_stratum), int(own.max(initial=0)) + 1), np.int64)
            number[: len(self.rows_of_stratum)] = self.rows_of_stratum
            np.add.at(number, own, other.rows_of_stratum[: len(own)])
            self.rows_of_stratum = number
        for keys, sums in other.held:
            codes = [key if same(mapping) else np.take(mapping, key) for mapping, key in zip(maps, keys, strict=False)]
            self.held.append(([*codes, *keys[len(maps) :]], sums))
            self.rows += len(keys[-1])
        self.loose = self.loose or other.loose
        if self.rows > max(HELD, self.joined_rows + HELD // 2):
            self.join()

    def summed(self, units: Units) -> Summed:
        """The columns to add up."""
        if not self.declared.weighted:
            persons = units.persons
            return {"persons": persons, "households": units.households, "person_squares": persons * persons}
        return {
            "persons": units.persons * (units.person_weight > 0),
            "households": units.households * (units.household_weight > 0),
            "person_weight": units.person_weight,
            "household_weight": units.household_weight,
            "person_squares": units.person_weight**2,
            "household_squares": units.household_weight**2,
        }

    def added(self, keys: Sequence[NDArray[Any]], sums: Summed) -> tuple[list[NDArray[Any]], Summed]:
        """Rows with equal keys as one, sorted by them; sums are taken in the order of the rows."""
        if not len(keys[-1]):
            return list(keys), sums
        order, first = self.order(keys)
        head = np.take(order, first)
        found = [np.take(key, head) for key in keys]
        return found, {name: np.add.reduceat(np.take(column, order), first) for name, column in sums.items()}

    def order(self, keys: Sequence[NDArray[Any]]) -> tuple[Ints, Ints]:
        """The rows in the order of their keys, and where each key begins in it."""
        codes, words = keys[: len(self.books)], keys[len(self.books) :]
        n = len(words[0])
        bits = [book.bits for book in self.books] + [int(word.max()).bit_length() for word in words]
        within = (n - 1).bit_length()
        if sum(bits) + within > BITS:
            code = joint_code([key.astype(np.int64) if key.dtype == np.int32 else key for key in keys])
            order = stable_order(code)
            return order, run_starts(code[order])
        # The row's own number in the lowest bits makes the fast sort of whole numbers a stable one.
        packed = np.zeros(n, np.int64)
        for key, wide in zip([*codes, *words], bits, strict=True):
            if wide:
                packed <<= wide
                packed |= key.view(np.int64) if key.dtype == np.uint64 else key
        packed <<= within
        packed |= np.arange(n)
        packed.sort()
        order = packed & ((1 << within) - 1)
        packed >>= within
        return order, run_starts(packed)

    def join(self) -> None:
        """Join all rows that are held."""
        if len(self.held) > 1:
            held, self.held = self.held, []
            keys = [np.concatenate(columns) for columns in zip(*(keys for keys, _ in held), strict=True)]
            parts = [sums for _, sums in held]
            del held  # what was joined is given back column by column, so that rows never take twice their memory
            order, first = self.order(keys) if len(keys[-1]) else (np.zeros(0, np.int64),) * 2
            head = np.take(order, first)
            for i, key in enumerate(keys):
                keys[i] = np.take(key, head)
            sums = {}
            for name in list(parts[0]):
                column = np.concatenate([part.pop(name) for part in parts])
                sums[name] = np.add.reduceat(np.take(column, order), first) if len(first) else column
            self.held, self.loose = [(keys, sums)], False
        self.rows = self.joined_rows = len(self.held[0][0][-1])

    def finished(self) -> Tabulation:
        """The cells and the design of all units, of which there is a block at least."""
        if not self.plain:
            return joined(self.parts)
        ranked = self.rank()
        keys, sums = self.held.pop()
        own, (pattern, unknown, *amounts) = keys[: len(self.books)], keys[len(self.books) :]
        d, zeros = len(self.names), np.zeros(len(pattern), np.int64)
        domains = tuple(
            Domain(one.name, one.level, tuple(labels)) for one, labels in zip(self.names, ranked[:d], strict=True)
        )
        stratum = own[d] if self.stratified else zeros
        strata: tuple[str, ...] = tuple(ranked[d]) if self.stratified else ("",)
        psu, psu_stratum, psu_labels = zeros, zeros[:0], tuple[str, ...]()
        number = np.zeros(len(strata), np.int64)
        if self.clustered:
            distinct, psu = np.unique(stratum.astype(np.int64) * len(ranked[-1]) + own[-1], return_inverse=True)
            psu_stratum, label = np.divmod(distinct, len(ranked[-1]))
            psu_labels = tuple(ranked[-1][code] for code in label.tolist())
            number = np.bincount(psu_stratum, minlength=len(strata)).astype(np.int64)
        elif self.stratified:
            number = self.rows_of_stratum[: len(strata)]
        elif not self.declared.census:
            number = self.rows_of_stratum
        declared = self.declared
        if declared.census:
            declared = Declared(
                single_psu=declared.single_psu, census=True, weighted=declared.weighted, rounds=declared.rounds
            )
        columns = np.empty((len(pattern), d), np.int64)
        for i in range(d):
            columns[:, i] = own[i]
        cells = Cells(
            domains=columns,
            stratum=stratum.astype(np.int64, copy=False),
            psu=psu,
            pattern=pattern,
            unknown=unknown,
            amounts=np.column_stack([word.view(np.float64) for word in amounts]) if amounts else None,
            **_all(sums),
        )
        return Tabulation(
            domains,
            Sample(strata=strata, psus=number, psu_stratum=psu_stratum, psu_labels=psu_labels, declared=declared),
            cells,
        )

    def rank(self) -> list[list[str]]:
        """Join all rows, with codes in the natural order of their labels; the labels of each grouping."""
        ranked = [sorted(book.codes, key=rank_of) for book in self.books]
        maps = [
            places(list(book.codes), labels).astype(np.int32) for book, labels in zip(self.books, ranked, strict=True)
        ]
        moved = any((np.diff(mapping) < 0).any() for mapping in maps)
        if moved:
            if self.stratified and not self.declared.census:
                stratum = maps[len(self.names)]
                number = np.zeros_like(self.rows_of_stratum)
                number[stratum] = self.rows_of_stratum[: len(stratum)]
                self.rows_of_stratum = number
            for i, (keys, sums) in enumerate(self.held):
                codes = [np.take(mapping, key) for mapping, key in zip(maps, keys, strict=False)]
                self.held[i] = ([*codes, *keys[len(maps) :]], sums)
            self.books = [_Book({label: i for i, label in enumerate(labels)}) for labels in ranked]
        if (moved or self.loose) and not self.held[1:]:
            self.held = [self.added(*self.held[0])]
        self.join()
        return ranked


def _all(sums: Summed) -> Summed:
    """All sums of the cells; without weights, counts are weights."""
    if len(sums) == len(SUMS):
        return sums
    persons, households, squares = (sums[name] for name in COUNTS)
    return {
        "persons": persons,
        "households": households,
        "person_weight": persons.astype(np.float64),
        "household_weight": households.astype(np.float64),
        "person_squares": squares.astype(np.float64),
        "household_squares": households.astype(np.float64),
    }
