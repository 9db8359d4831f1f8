"""Persons in no order, judged as they are read: each adds what it says to its household, of whom there is one row.

Nothing of the persons is kept or sorted. Where anything is unusual they are read in the usual way, which finds what is
wrong; the blocks are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from mpi.columns.runs import cuts
from mpi.columns.values import Ints
from mpi.rules import Frame
from mpi.source import unordered
from mpi.source.completeness import Seen
from mpi.source.folded import Fold, Gather, Piece, piece_of
from mpi.source.households import Households, Raw
from mpi.source.persons import Reader
from mpi.source.tables import Part

MOST_KEY = 63  # of a person within the household: those that have come are the bits of a word
LONG = 2**21  # rows of a part; one that is longer is not held as a whole
Placed: TypeAlias = tuple[Piece, Ints]


class Gathered:
    """The households of a survey with their verdicts, in the parts and blocks of `Scattered`."""

    def __init__(self, reader: Reader, above: Households, gather: Gather) -> None:
        self.reader, self.above, self.gather, self.sizes = reader, above, gather, gather.sizes
        self.seen = Seen(above, None)
        households = len(above.key[0])
        number = min(unordered.MOST, households, max(1, reader.table.rows // unordered.PART))
        self.size = -(-households // number)
        self.number = -(-households // self.size)

    def blocks(self, part: int) -> Iterator[Frame]:
        """The blocks of a part, in the order of the households."""
        first = part * self.size
        sizes = self.sizes[first : first + self.size]
        starts = np.cumsum(sizes) - sizes
        firsts = cuts(starts, self.reader.most)
        for low, high in zip(firsts, [*firsts[1:], len(sizes)], strict=True):
            rows = slice(first + low, first + high)
            columns = self.above.take(np.arange(rows.start, rows.stop))
            verdicts = self.gather.judge(rows, columns)
            if verdicts is None:
                raise UnusualError
            yield Frame(sizes[low:high], {}, columns, findings=self.seen.findings, verdicts=verdicts)

    def finish(self) -> None:
        """Refuse what was found when the last part has come."""
        self.seen.findings.refuse()


class UnusualError(Exception):
    """A household cannot be judged from what was gathered."""


def gathered(reader: Reader, fold: Fold) -> Gathered | None:
    """All persons, gathered by their households; None where they are to be read in the usual way.

    Raises
    ------
    DataError
        If persons have no household.
    """
    above = reader.above
    if not isinstance(above, Households) or reader.replicates is not None or reader.lifted or len(reader.own) != 1:
        return None
    gather: Gather | None = None
    for found in _pieces(reader, above):
        if found is None:
            return None
        piece, rows = found
        if gather is None:
            gather = fold.begin(piece, above.take(rows), len(above.key[0]))
        if gather is None or not gather.add(piece, rows):
            return None
        reader.running.advance(0)
    if gather is None or not gather.sizes.all():
        return None
    return Gathered(reader, above, gather)


def _pieces(reader: Reader, above: Households) -> Iterator[Placed | None]:
    """All persons with the rows of their households; read by several threads, if parts are so short that some fit."""
    if max(part.rows for part in reader.table.parts) > LONG:
        yield from (_placed(reader, above, batch) for batch in reader.read_raw())
        return

    def placed(part: Part) -> list[Placed | None]:
        return [_placed(reader, above, batch) for batch in reader.read_raw([part])]

    for pieces in reader.running.in_order(placed, reader.table.parts):
        yield from pieces


def _placed(reader: Reader, above: Households, batch: Raw) -> Placed | None:
    """Persons and the rows of their households; None if their own keys are no bits of a word."""
    piece = piece_of(reader, batch)
    if piece is None or not 0 <= piece.own.min(initial=0) <= piece.own.max(initial=0) <= MOST_KEY:
        return None
    return piece, reader.rows(reader.key(batch), above)
