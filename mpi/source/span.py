"""Runs of the persons' parts, each read by itself; the households that two of them share are set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import take
from mpi.rules import Frame
from mpi.source.completeness import Ends, Seen
from mpi.source.folded import Fold, folded, left_of
from mpi.source.households import Columns
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
    """

    def __init__(
        self, reader: Reader, parts: Sequence[Part], *, first: bool, last: bool, fold: Fold | None = None
    ) -> None:
        self.fold = fold
        self.reader, self.parts, self.first, self.last = reader, parts, first, last
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
        waiting: list[Columns] = []
        for part in reader.read(self.parts):
            waiting.append(part)
            if sum(len(columns[reader.columns[0]]) for columns in waiting) < reader.most:
                continue
            if self.ends is not None and self.fold is not None:  # the first block of a span is no other's
                found = folded(reader, self.fold, waiting, seen)
                if found is not None:
                    blocks, last = found
                    waiting = [left_of(part, last)]
                    yield from blocks
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
            rows = reader.seam({c: take(batch[c], slice(last, None)) for c in reader.columns})
            if self.head is None and not self.first:
                self.head = rows
            else:
                self.tail = rows
            batch, starts = {c: take(batch[c], slice(0, last)) for c in reader.columns}, starts[:-1]
        elif self.head is None and not self.first:
            self.head, starts = reader.seam(batch), starts[:0]
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
            self.head = reader.seam({c: take(batch[c], slice(0, second)) for c in reader.columns})
            batch, starts = {c: take(batch[c], slice(second, None)) for c in reader.columns}, starts[1:] - second
        return batch, starts


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
