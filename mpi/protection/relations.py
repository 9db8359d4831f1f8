"""How figures follow from one another: a domain is the sum of those that lie in it, whatever the property.

Hidden figures that would follow from shown ones are found here, and more are hidden until none follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.protection.facts import Facts

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
ZERO = 1e-7
NOT_INSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """Domains of a fine crossing that add up to those of a coarse one.

    Attributes
    ----------
    parent : int64, shape (m,)
        Node of the coarse crossing for each child.
    child : int64, shape (m,)
        Nodes of the fine crossing that hold a unit.
    direct : bool
        Whether no third crossing lies between the two: the others follow from the direct ones.
    """

    parent: Counts
    child: Counts
    direct: bool


def relations_of(facts: Facts) -> tuple[Relation, ...]:
    """Every pair of crossings of which one refines the other, as the cells of the profile show it."""
    number = len(facts.code)
    parents = {
        (coarse, fine): parent
        for coarse, fine in _pairs(number)
        if (parent := _parents(facts.code[coarse], facts.code[fine], int(np.diff(facts.first)[fine]))) is not None
    }
    finer = {pair for pair in parents if pair[::-1] not in parents}
    found = []
    for (coarse, fine), parent in parents.items():
        between = any((coarse, one) in finer and (one, fine) in finer for one in range(number))
        child = np.flatnonzero(parent != NOT_INSIDE)
        found.append(Relation(parent[child] + facts.first[coarse], child + facts.first[fine],
                              not ((coarse, fine) in finer and between)))  # fmt: skip
    return tuple(found)


def _pairs(number: int) -> Iterator[tuple[int, int]]:
    return ((coarse, fine) for coarse in range(number) for fine in range(number) if coarse != fine)


def _parents(coarse: Counts, fine: Counts, size: int) -> Counts | None:
    """The coarse domain that each fine one lies in; None if one of them lies in several."""
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, NOT_INSIDE)
    np.minimum.at(low, fine, coarse)
    np.maximum.at(high, fine, coarse)
    return high if bool((low >= high).all()) else None


def derivable(relations: Sequence[Relation], hidden: Flags) -> Flags:
    """Which hidden nodes follow exactly from the shown ones, for one property.

    Parameters
    ----------
    relations : sequence of Relation
    hidden : bool, shape (nodes,)

    Returns
    -------
    bool, shape (nodes,)

    Notes
    -----
    Every relation is an equation in its hidden nodes. One that holds a node which stands in no other equation settles
    nothing. From the rest a node follows if and only if every solution of the homogeneous equations is 0 there, which
    one random solution shows.
    """
    rows = _core(_equations([relation for relation in relations if relation.direct], hidden))
    found = np.zeros(len(hidden), np.bool_)
    if not rows:
        return found
    used = sorted(set().union(*(row.keys() for row in rows)))
    column = {node: i for i, node in enumerate(used)}
    matrix = np.zeros((len(rows), len(used)))
    for i, row in enumerate(rows):
        for node, sign in row.items():
            matrix[i, column[node]] = sign
    start = np.random.default_rng(len(used)).uniform(1, 2, len(used))
    solution = start - matrix.T @ np.linalg.lstsq(matrix.T, start, rcond=None)[0]
    found[np.array(used, np.int64)[np.abs(solution) < ZERO]] = True
    return found


def _equations(relations: Sequence[Relation], hidden: Flags) -> list[dict[int, int]]:
    """The hidden nodes of each relation that has any, with their signs."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for number, relation in enumerate(relations):
        for i in np.flatnonzero(hidden[relation.child]).tolist():
            parent, child = int(relation.parent[i]), int(relation.child[i])
            found.setdefault((number, parent), {})[child] = 1
        for parent in np.unique(relation.parent[hidden[relation.parent]]).tolist():
            found.setdefault((number, parent), {})[parent] = -1
    return list(found.values())


def _core(rows: list[dict[int, int]]) -> list[dict[int, int]]:
    """The equations that are left when those with a node of their own are dropped, again and again."""
    while rows:
        times: dict[int, int] = {}
        for row in rows:
            for node in row:
                times[node] = times.get(node, 0) + 1
        kept = [row for row in rows if all(times[node] > 1 for node in row)]
        # An equation of a single node settles it even if the node stands nowhere else.
        kept += [row for row in rows if len(row) == 1 and row not in kept]
        if len(kept) == len(rows):
            break
        rows = kept
    return rows
