"""Persons whose households do not lie together: brought together in parts that stay in the cache.

Rows are dealt out by their household's place as they are read, and sorted part by part: sorting them all at once would
fetch every value from far away.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import concatenate, stable_order, take
from mpi.rules import Frame
from mpi.source.completeness import Seen
from mpi.source.households import Columns, Households
from mpi.source.keys import index
from mpi.source.persons import Reader, starts_of

PART = 150_000  # persons in a part, about
MOST = 2**16  # parts: numbers of 16 bits are dealt out fastest


class Scattered:
    """All persons, in parts of whole households.

    Attributes
    ----------
    reader : Reader
    number : int
        Of parts; never that of the threads.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.seen = Seen(reader.above, reader.replicates)
        self.number = 1
        self.held: list[tuple[Columns, NDArray[np.int64], NDArray[np.int64]]] = []
        if isinstance(reader.above, Households):
            households = len(reader.above.key[0])
            # Replicate weights are matched by one thread, in the order of the households.
            wanted = 1 if reader.replicates is not None else max(1, reader.table.rows // PART)
            self.number = min(MOST, households, wanted)
            size = -(-households // self.number)
            self.number = -(-households // size)
            for batch in reader.read():
                self._deal(batch, reader.rows(reader.key(batch), reader.above), size)
                reader.running.advance(0)
        else:
            batch = reader.joined(list(reader.read()))
            rows = index(reader.key(batch))[0].rows
            self.held.append(({c: take(batch[c], rows) for c in reader.columns}, rows[:0], np.array([0, len(rows)])))

    def _deal(self, batch: Columns, own: NDArray[np.int64], size: int) -> None:
        """Set a batch's rows apart by the part of their household, which is the row `own` of its table."""
        part = (own // size).astype(np.uint16)
        order = np.argsort(part, kind="stable")
        edges = np.searchsorted(part[order], np.arange(self.number + 1))
        self.held.append(({c: take(batch[c], order) for c in self.reader.columns}, own[order], edges))

    def blocks(self, part: int) -> Iterator[Frame]:
        """The blocks of a part, in the order of the households."""
        reader = self.reader
        pieces = [
            (columns, own, slice(int(edges[part]), int(edges[part + 1])))
            for columns, own, edges in self.held
            if edges[part] < edges[part + 1]
        ]
        if not pieces:
            return
        whole = {c: concatenate([take(columns[c], rows) for columns, _, rows in pieces]) for c in reader.columns}
        if isinstance(reader.above, Households):
            order = stable_order(np.concatenate([own[rows] for _, own, rows in pieces]))
            whole = {c: take(values, order) for c, values in whole.items()}
        yield from reader.cut(whole, starts_of(reader.key(whole)), self.seen)

    def finish(self) -> None:
        """Look at all households when the last part has come."""
        self.seen.finish(None)
