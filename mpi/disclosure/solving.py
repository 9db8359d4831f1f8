"""What follows from equations: which unknowns have one solution only, in exact arithmetic.

An unknown is settled if its unit vector is a combination of the equations, that is, if it is 0 in every solution of the
equations with 0 on the right. One such solution is drawn at random over a prime field, where fractions have exact
places: an unknown that is settled is 0 in it for sure, another is 0 with a chance of 1 in 2^61. So nothing that follows
is ever missed; at worst something is called settled that is not.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIME = 2**61 - 1
SEED = 20250101
Row = dict[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Equations:
    """Equations of u unknowns, one entry for each unknown of each equation; m entries.

    Attributes
    ----------
    equation, unknown : int64, shape (m,)
        Each pair once; unknowns are 0, 1, ..., u - 1.
    factor : int64, shape (m,)
        Modulo PRIME, not 0.
    """

    equation: NDArray[np.int64]
    unknown: NDArray[np.int64]
    factor: NDArray[np.int64]


def settled(equations: Equations, unknowns: int) -> NDArray[np.bool_]:
    """Which of the unknowns have one solution only; bool, shape (u,).

    Examples
    --------
    >>> a_plus_b, b = [0, 0, 1], [0, 1, 1]
    >>> settled(Equations(np.array(a_plus_b), np.array(b), np.ones(3, np.int64)), 3)
    array([ True,  True, False])
    """
    removed, core = _taken_off(equations)
    rows = _rows(equations)
    steps = [(pivot, rows[number]) for number, pivot in removed]
    steps += _echelon([rows[number] for number in core])
    draw = random.Random(SEED)  # noqa: S311  no secret: any point will do
    value = [draw.randrange(1, PRIME) for _ in range(unknowns)]
    for pivot, row in reversed(steps):  # a pivot is in no later equation, so those that hold are not disturbed
        rest = sum(factor * value[other] for other, factor in row.items() if other != pivot) % PRIME
        value[pivot] = -rest * _inverse(row[pivot]) % PRIME
    return np.array([one == 0 for one in value], np.bool_)


def _rows(equations: Equations) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    for e, u, f in zip(equations.equation.tolist(), equations.unknown.tolist(), equations.factor.tolist(), strict=True):
        rows.setdefault(e, {})[u] = f
    return rows


def _inverse(factor: int) -> int:
    return factor if factor in (1, PRIME - 1) else pow(factor, -1, PRIME)


def _taken_off(equations: Equations) -> tuple[list[tuple[int, int]], list[int]]:
    """Equations that hold an unknown of their own, with it, as they are taken off one by one; and those that stay."""
    equation, unknown = equations.equation, equations.unknown
    live = np.ones(len(equation), np.bool_)
    removed: list[tuple[int, int]] = []
    while live.any():
        held = np.bincount(unknown[live], minlength=int(unknown.max()) + 1)
        own = live & (held[unknown] == 1)
        if not own.any():
            break
        leaving, first = np.unique(equation[own], return_index=True)
        removed += zip(leaving.tolist(), unknown[own][first].tolist(), strict=True)
        live &= ~np.isin(equation, leaving)
    return removed, np.unique(equation[live]).tolist()


def _echelon(rows: list[Row]) -> list[tuple[int, Row]]:
    """Pivots and rows that say the same; none holds a pivot of an earlier one."""
    degree: dict[int, int] = {}
    for row in rows:
        for u in row:
            degree[u] = degree.get(u, 0) + 1
    made: list[tuple[int, Row]] = []
    order: dict[int, int] = {}
    for start in sorted(rows, key=len):
        row = dict(start)
        heap = [order[u] for u in row if u in order]
        heapq.heapify(heap)
        while heap:
            pivot, other = made[heapq.heappop(heap)]
            if pivot not in row:
                continue
            for u in _subtract(row, other, row[pivot] * _inverse(other[pivot]) % PRIME):
                if u in order:
                    heapq.heappush(heap, order[u])
        if row:
            pivot = min(row, key=lambda u: (degree[u], u))
            order[pivot] = len(made)
            made.append((pivot, row))
    return made


def _subtract(row: Row, other: Row, factor: int) -> list[int]:
    """Take a multiple of another row off a row, in place; the unknowns that it did not have."""
    new = []
    for u, f in other.items():
        before = row.get(u, 0)
        value = (before - factor * f) % PRIME
        if not before:
            new.append(u)
        if value:
            row[u] = value
        else:
            row.pop(u, None)
    return new
