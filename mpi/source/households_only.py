"""Blocks of a survey without a table of persons, and how large a block is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mpi.columns.values import take
from mpi.errors.findings import Findings
from mpi.rules import Frame
from mpi.source.households import Households
from mpi.source.replicates import ROW, Matching, ReplicateWeights

SMALL = 200_000  # persons that are one block
# Persons in a block of a larger table: enough that a step costs more than its call, few enough that columns stay in
# the cache.
PERSONS = 131_072
REPLICATES = 2**24  # replicate weights in a block: persons times replicates


def most_persons(rows: int, replicates: ReplicateWeights | None) -> int:
    """Persons in a block."""
    most = SMALL if rows <= SMALL or replicates is not None else PERSONS
    return most if replicates is None else min(most, REPLICATES // replicates.weights.shape[1] + 1)


def of_households(households: Households, replicates: ReplicateWeights | None) -> Iterator[Frame]:
    """Blocks of a survey that has no table of persons."""
    n = len(households.key[0])
    most = most_persons(n, replicates)
    matching, findings = None if replicates is None else Matching(replicates), Findings()
    for first in range(0, n, most):
        rows = slice(first, min(first + most, n))
        columns = {name: take(values, rows) for name, values in households.columns.items()}
        if matching is not None:
            heads = [take(values, rows) for values in households.key]
            columns[ROW] = matching.rows(households.names, heads, np.arange(rows.start, rows.stop))
        yield Frame(np.ones(rows.stop - rows.start, np.int64), {}, columns, findings=findings)
    findings.refuse()
    if matching is not None:
        matching.finish()
