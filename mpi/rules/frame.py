"""A block of complete households on which rules are evaluated, with what was already computed on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Values, repeat
from mpi.errors.findings import Findings, Wrong, refusal
from mpi.rules.syntax import Expression
from mpi.vocabulary.options import Level

Evaluated: TypeAlias = tuple[Values, Level | None]
Verdicts: TypeAlias = tuple[NDArray[np.uint64], NDArray[np.uint64]]


@dataclass(slots=True, eq=False)
class Frame:
    """A block of complete households.

    Attributes
    ----------
    sizes : int64, shape (h,)
        Number of persons of each household, in the order of the rows; at least 1 where there are persons.
    persons : dict of str to Values
        Columns with one row a person, household by household.
    households : dict of str to Values
        Columns with one row a household.
    findings : Findings or None
        Where rows that are wrong are noted; None: they are refused at once.
    verdicts : tuple of (uint64, uint64), shape (h,) each, or None
        Pattern and unknown of the households, where they were judged before; there are no columns of persons then.
    bounds : int64, shape (h + 1,)
        Household i has the persons from row bounds[i] to before row bounds[i + 1].
    starts : int64, shape (h,)
        Row of each household's first person.
    length : int
        Number of persons n.
    reach : list of (int, int8, shape (n,))
        Distances 1, 2, 4, ... below the size of the largest household; and -1 (all bits) for each person whose
        household has another one so far ahead, else 0.
    met : dict
        Value and level of every subexpression computed so far, by the identity of the expression and of the condition
        of the members that its aggregates see.

    Raises
    ------
    ValueError
        If a household has no person although there are columns of persons.
    """

    sizes: NDArray[np.int64]
    persons: dict[str, Values]
    households: dict[str, Values]
    findings: Findings | None = None
    verdicts: Verdicts | None = None
    bounds: NDArray[np.int64] = field(init=False)
    starts: NDArray[np.int64] = field(init=False)
    length: int = field(init=False)
    met: dict[tuple[int, int], tuple[Evaluated, Expression, Expression | None]] = field(
        init=False, default_factory=dict
    )
    _reach: list[tuple[int, NDArray[np.int8]]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.persons and self.sizes.min(initial=1) < 1:
            raise ValueError("a block of complete households has a household without persons")
        self.bounds = np.append(0, np.cumsum(self.sizes))
        self.starts = self.bounds[:-1]
        self.length = int(self.bounds[-1])

    @property
    def reach(self) -> list[tuple[int, NDArray[np.int8]]]:
        """Distances within households; see the class."""
        if self._reach is None:
            self._reach, far = [], 1
            most, ahead = int(self.sizes.max(initial=1)), np.full(self.length, -1, np.int8)
            ahead[self.bounds[1:] - 1] = 0
            while far < most:
                self._reach.append((far, ahead))
                farther = np.zeros_like(ahead)
                np.bitwise_and(ahead[:-far], ahead[far:], out=farther[:-far])
                ahead, far = farther, 2 * far
        return self._reach

    def note(self, wrong: Wrong, number: int, codes: Mapping[str, int] | None = None) -> None:
        """Note that something is wrong with so many rows, if there are any; with the codes that they hold.

        Raises
        ------
        DataError
            If the notes are not collected.
        """
        if not number:
            return
        if self.findings is not None:
            self.findings.add(wrong, number, codes)
        else:
            raise refusal(wrong, number, codes)

    def rows(self, level: Level) -> int:
        """Number of rows of a level in this block."""
        return self.length if level == "person" else len(self.sizes)

    def lift(self, found: Evaluated, level: Level | None) -> Values:
        """A household's value given to its persons, if `level` requires it; constants stay as they are."""
        values, own = found
        return repeat(values, self.sizes) if level == "person" and own == "household" else values
