"""What the replicate weights of a group of units span: enough to count the degrees of freedom of any domain.

R counts the rank of the replicate weights among the rows of a subset, less 1. Cells have added these rows up, so that a
basis of what they span is kept for each crossing of all domains; those of several crossings span what their rows do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Ints, stable_order
from mpi.profile.labels import joint_code
from mpi.profile.sample import RANK_TOLERANCE

Vectors = NDArray[np.float32]  # a tolerance of 1e-5 leaves room for their rounding
# Columns that are kept. More replicates are mixed into as many, which keeps every rank below it: with 511 degrees of
# freedom Student's quantile is 0.4 % above the normal one, so that there is no need to count further in a domain.
MOST = 512
SEED = 20261129  # of the mixing, which has to be the same in all blocks and files
ROWS = 4096  # that are multiplied at once


@dataclass(frozen=True, slots=True, eq=False)
class Spaces:
    """Bases of what replicate weights span, one below the other.

    Attributes
    ----------
    domains : int64, shape (m, number of domains)
        Code of each domain of the units that a vector stands for.
    rows : float32, shape (m, s)
        Vectors of length 1; those of equal codes are orthogonal. s is the number of replicates, 512 at most.
    """

    domains: Ints
    rows: Vectors


def spaces_of(domains: Ints, weights: Floats) -> Spaces:
    """The spaces of units, from the codes of their domains, shape (n, D), and their replicate weights, shape (n, R)."""
    replicates = weights.shape[1]
    if replicates > MOST:
        signs = np.random.default_rng(SEED).choice((-1.0, 1.0), size=(replicates, MOST))
        weights = weights @ signs
    length = np.linalg.norm(weights, axis=1)
    known = length > 0
    return reduced(Spaces(domains[known], (weights[known] / length[known, None]).astype(np.float32)))


def reduced(spaces: Spaces) -> Spaces:
    """The same spaces with one basis for each crossing of the domains."""
    if not len(spaces.rows):
        return spaces
    code = joint_code(list(spaces.domains.T)) if spaces.domains.shape[1] else np.zeros(len(spaces.rows), np.int64)
    order = stable_order(code)
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    size = np.diff(starts, append=len(order))
    alone = np.repeat(size == 1, size)
    domains, rows = [spaces.domains[order[alone]]], [spaces.rows[order[alone]]]
    for first, number in zip(starts[size > 1].tolist(), size[size > 1].tolist(), strict=True):
        own = order[first : first + number]
        rows.append(_basis(spaces.rows[own]))
        domains.append(np.repeat(spaces.domains[own[:1]], len(rows[-1]), axis=0))
    return Spaces(np.concatenate(domains), np.concatenate(rows))


def ranks(spaces: Spaces, group: Ints, groups: int) -> Ints:
    """Rank of the vectors of each group.

    Parameters
    ----------
    spaces : Spaces
    group : int64, shape (m,)
        Of each vector, 0 to groups - 1; below 0: none.
    groups : int

    Returns
    -------
    int64, shape (groups,)
    """
    found = np.zeros(groups, np.int64)
    order = stable_order(group)
    edges = np.searchsorted(group[order], np.arange(groups + 1))
    for i, (first, last) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        found[i] = last - first if last - first <= 1 else rank(spaces.rows[order[first:last]])
    return found


def rank(rows: Vectors) -> int:
    """Rank of vectors of length 1, shape (n, s), to the tolerance of R's `qr`."""
    values = np.linalg.eigvalsh(_gram(rows))
    return int(np.count_nonzero(values > RANK_TOLERANCE**2 * values.max(initial=0.0)))


def kept(spaces: Spaces, which: NDArray[np.bool_]) -> Spaces:
    """Some of the vectors."""
    return Spaces(spaces.domains[which], spaces.rows[which])


def joined_spaces(parts: Sequence[Spaces]) -> Spaces:
    """The spaces of several profiles, whose codes of domains are the same."""
    return reduced(Spaces(np.concatenate([one.domains for one in parts]), np.concatenate([one.rows for one in parts])))


def _gram(rows: Vectors) -> Floats:
    """Products of the rows, or of the columns if these are fewer."""
    n, columns = rows.shape
    if n <= columns:
        exact = rows.astype(np.float64)
        return exact @ exact.T
    found = np.zeros((columns, columns))
    for first in range(0, n, ROWS):
        exact = rows[first : first + ROWS].astype(np.float64)
        found += exact.T @ exact
    return found


def _surely_whole(gram: Floats) -> bool:
    """Whether no eigenvalue can be below the tolerance: a tenth of the work of finding them all."""
    least = RANK_TOLERANCE**2 * np.trace(gram)  # the largest is at most the trace
    try:
        np.linalg.cholesky(gram - least * np.eye(len(gram)))
    except np.linalg.LinAlgError:
        return False
    return True


def _basis(rows: Vectors) -> Vectors:
    """An orthonormal basis of what vectors of length 1 span, shape (rank, s)."""
    gram = _gram(rows)
    if len(rows) > rows.shape[1] and _surely_whole(gram):
        return np.eye(len(gram), dtype=np.float32)
    values, vectors = np.linalg.eigh(gram)
    good = values > RANK_TOLERANCE**2 * values.max(initial=0.0)
    if len(rows) > rows.shape[1]:
        return np.ascontiguousarray(vectors[:, good].T, np.float32)
    basis: Floats = (vectors[:, good] / np.sqrt(values[good])).T @ rows.astype(np.float64)
    return basis.astype(np.float32)
