"""Which households have come, so that none comes twice and none is left without persons."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Values, concatenate
from mpi.errors.findings import Findings
from mpi.source.households import Households, without_persons
from mpi.source.keys import index
from mpi.source.ordered import OutOfOrder, Streamed
from mpi.source.replicates import Matching, ReplicateWeights

Ends: TypeAlias = tuple[list[object], list[object]]


class LyingApart(Exception):
    """A household's persons do not lie together."""


class Seen:
    """Which households have come, so that none comes twice and none is left without persons.

    Attributes
    ----------
    findings : Findings
        What is wrong with rows so far, which the blocks note.
    """

    def __init__(self, above: Households | Streamed | None, replicates: ReplicateWeights | None) -> None:
        self.above = above
        self.findings = Findings()
        self.matching = None if replicates is None else Matching(replicates)
        self.rows = np.zeros(len(above.key[0]) if isinstance(above, Households) else 0, np.bool_)
        self.keys: list[list[Values]] = []
        self.lock = threading.Lock()

    def add_rows(self, rows: NDArray[np.int64]) -> None:
        """Households by their row in their table."""
        with self.lock:
            twice = not (rows[1:] > rows[:-1]).all() and len(np.unique(rows)) < len(rows)
            if twice or self.rows[rows].any():
                raise LyingApart
            self.rows[rows] = True

    def add_keys(self, heads: list[Values]) -> None:
        """Households by their key, where they have no table."""
        with self.lock:
            self.keys.append(heads)

    def finish(self, ends: Sequence[Ends] | None) -> None:
        """Look at them all when the last one has come, and refuse what was found.

        Parameters
        ----------
        ends : sequence of (list, list) or None
            The first and last key of each span of a stream.

        Raises
        ------
        DataError
            With the number of rows in all files of everything that is wrong.
        OutOfOrder, LyingApart
            If households lie otherwise.
        """
        if ends is not None:
            follow = all(before[1] <= after[0] for before, after in pairwise(ends))
            lacking = isinstance(self.above, Streamed) and self.above.matched != self.above.rows
            if not follow or lacking:
                raise OutOfOrder
        elif self.above is None:
            if index([concatenate(columns) for columns in zip(*self.keys, strict=True)])[1]:
                raise LyingApart
        elif isinstance(self.above, Households) and not self.rows.all():
            self.findings.add(without_persons(self.above.label), int((~self.rows).sum()))
        self.findings.refuse()
        if self.matching is not None:
            self.matching.finish()
