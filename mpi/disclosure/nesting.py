"""Domains that are sums of other domains, found in the data: departments of municipalities, though never crossed.

Comes in: the domain of each atom in each crossing; an atom holds the units that no crossing tells apart. Goes out:
which crossings refine which. Where neither of two refines the other, as zones and regions that do not cut each other
everywhere, the finest grouping that both refine is added: its totals follow from either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Ints

MOST_GROUPINGS = 200  # of which those that are added; beyond it, sums of three crossings and more are left out


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """m domains of a fine crossing that add up to those of a coarse one.

    Attributes
    ----------
    parent, child : int64, shape (m,)
        Nodes; each child once.
    direct : bool
        Whether no third crossing lies between the two: the other relations follow from the direct ones.
    """

    parent: Ints
    child: Ints
    direct: bool


def with_joins(codes: Sequence[Ints]) -> list[Ints]:
    """The groupings of atoms, and the finest that any two of them refine, and so on.

    Parameters
    ----------
    codes : sequence of int64, shape (a,)
    """
    found = list(codes)
    seen = {_canonical(code).tobytes() for code in found}
    at = 0
    while at < len(found) and len(found) < MOST_GROUPINGS:
        for other in range(at):
            join = _canonical(_common(found[at], found[other]))
            if join.tobytes() not in seen:
                seen.add(join.tobytes())
                found.append(join)
        at += 1
    return found


def relations_of(codes: Sequence[tuple[int, Ints]]) -> list[Relation]:
    """Every pair of groupings of which one refines the other, those with the smallest sums first.

    Parameters
    ----------
    codes : sequence of (int, int64 of shape (a,))
        First node of each grouping, and the domain of each atom.
    """
    number = len(codes)
    pairs = {}
    for i, (_, coarse) in enumerate(codes):
        for j, (_, fine) in enumerate(codes):
            if i != j:
                own = np.unique(np.stack([fine, coarse]), axis=1)
                if len(np.unique(own[0])) == own.shape[1]:
                    pairs[i, j] = own
    # Two crossings into the same groups: the later is the finer, so that each equation stands once.
    finer = {(i, j) for i, j in pairs if (j, i) not in pairs or i < j}
    found = []
    for i, j in sorted(finer):
        between = any((i, m) in finer and (m, j) in finer for m in range(number))
        child, parent = pairs[i, j]
        found.append(Relation(parent + codes[i][0], child + codes[j][0], not between))
    return sorted(found, key=lambda relation: -len(np.unique(relation.parent)))


def _canonical(code: Ints) -> Ints:
    """The same grouping, its groups numbered by their first atom."""
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse.ravel()].astype(np.int64)


def _common(one: Ints, other: Ints) -> Ints:
    """The finest grouping of the atoms that both refine: the connected parts of their overlaps; shape (a,)."""
    label = one.copy()
    while True:
        before = label
        for codes in (other, one):
            least = np.full(int(codes.max(initial=0)) + 1, np.iinfo(np.int64).max)
            np.minimum.at(least, codes, label)
            label = least[codes]
        if np.array_equal(before, label):
            return label
