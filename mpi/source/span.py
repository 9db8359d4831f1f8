"""Runs of the persons' parts, each read by itself; the households that two of them share are set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.stored import before, behind, solid
from mpi.columns.values import take
from mpi.rules import Frame
from mpi.source.completeness import Ends, Seen
from mpi.source.folded import Fold, folded
from mpi.source.households import Columns, Raw
from mpi.source.ordered import value_at
from mpi.source.persons import Reader, Seam
from mpi.source.tables import Part

SPAN = 1_000_000  # persons in a span, at least; never the number of threads, for figures must not depend on it


class Span:
    """A run of the persons' parts, read by itself.

    Attributes
    ----------
    head, tail : Seam or None
        The first and the last household, which the spans beside it may share.
    ends : tuple of (list, list) or None
        The first and the last key of the span.
    begun : bool
        Whether its first household was looked for, before blocks are judged as they lie.
    """

    def __init__(
        self, reader: Reader, parts: Sequence[Part], *, first: bool, last: bool, fold: Fold | None = None
    ) -> None:
        self.fold = fold
        self.reader, self.parts, self.first, self.last = reader, parts, first, last
        self.begun = False
        self.head: Seam | None = None
        self.tail: Seam | None = None
        self.ends: Ends | None = None

    def counted(self, seen: Seen) -> Iterator[Frame]:
        """The blocks, counted as they are done by a thread."""
        for block in self.blocks(seen):
            yield block
            self.reader.running.advance(block.length)

    def blocks(self, seen: Seen) -> Iterator[Frame]:
        """Blocks of the households that lie wholly in the span, in the order of the file."""
        reader = self.reader
        waiting: list[Raw] = []
        for part in reader.read_raw(self.parts, raw=self.fold is not None):
            waiting.append(part)
            if sum(len(columns[reader.columns[0]]) for columns in waiting) < reader.most:
                continue
            if (found := self.folded(waiting, seen)) is not None:
                waiting = [found[1]]
                yield from found[0]
                continue
            batch, starts = self.joined(waiting)
            last = int(starts[-1])
            waiting = [behind(batch, last)]
            yield from reader.cut({c: take(batch[c], slice(0, last)) for c in reader.columns}, starts[:-1], seen)
        if not self.last and (found := self.folded(waiting, seen)) is not None:
            waiting = [found[1]]
            yield from found[0]
        batch, starts = self.joined(waiting)
        key = reader.key(batch)
        if reader.streamed and self.ends is not None:
            self.ends = (self.ends[0], [value_at(values, -1) for values in key])
        if not self.last:
            last = int(starts[-1])
            rows = reader.seam({c: take(batch[c], slice(last, None)) for c in reader.columns})
            if self.head is None and not self.first:
                self.head = rows
            else:
                self.tail = rows
            batch, starts = {c: take(batch[c], slice(0, last)) for c in reader.columns}, starts[:-1]
        elif self.head is None and not self.first:
            self.head, starts = reader.seam(batch), starts[:0]
        yield from reader.cut(batch, starts, seen)

    def folded(self, waiting: list[Raw], seen: Seen) -> tuple[list[Frame], Raw] | None:
        """The blocks of all households but the last, judged as they lie, and what is left; None if that cannot be.

        The first time the span's first household is taken out of the rows that wait.
        """
        if self.fold is None:
            return None
        if not self.begun:
            self.begun = True
            waiting[0] = behind(waiting[0], self.set_apart(waiting[0], self.reader.starts(waiting[0])))
        if self.head is None and not self.first:
            return None
        found = folded(self.reader, self.fold, waiting, seen)
        return None if found is None else (found[0], behind(waiting[-1], found[1]))

    def joined(self, waiting: Sequence[Raw]) -> tuple[Columns, NDArray[np.int64]]:
        """Rows one below the other and the starts of their households, without the span's first household."""
        batch = self.reader.joined([solid(rows) for rows in waiting])
        starts = self.reader.starts(batch)
        if own := self.set_apart(batch, starts):
            batch, starts = {c: take(values, slice(own, None)) for c, values in batch.items()}, starts[1:] - own
        return batch, starts

    def set_apart(self, batch: Raw | Columns, starts: NDArray[np.int64]) -> int:
        """Set the span's first household aside, where some rows hold the whole of it; how many of them are its."""
        reader = self.reader
        if reader.streamed and self.ends is None:
            head = [value_at(values, 0) for values in reader.key(batch)]
            self.ends = (head, head)
        if self.head is not None or self.first or not len(starts[1:]):
            return 0
        own = int(starts[1])
        self.head = reader.seam(solid(before(batch, own)))
        return own


def runs_of(parts: Sequence[Part], least: int) -> list[list[Part]]:
    """Parts in runs of at least so many rows."""
    runs: list[list[Part]] = []
    rows = least
    for part in parts:
        if rows >= least:
            runs.append([])
            rows = 0
        runs[-1].append(part)
        rows += part.rows
    return runs
