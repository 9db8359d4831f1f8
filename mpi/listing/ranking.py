"""Who comes first, and who is taken: ranks by score, and quotas of areas that only the poor fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.vocabulary.options import Ties

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ranked:
    """The n rows of a list in their order.

    Attributes
    ----------
    order : int64, shape (n,)
        Row numbers: those with a score first, the deepest first; those without one last.
    rank : int64, shape (n,)
        From 1, by row; 0 for rows without a score.
    rank_in_area : int64, shape (n,)
        The same among the rows of the area; 0 too for rows in no area.
    tied : int64, shape (n,)
        Equal for rows of equal score and tie-break.
    """

    order: Ints
    rank: Ints
    rank_in_area: Ints
    tied: Ints


def ranked(depth: Ints, tie: NDArray[np.float64], keys: Sequence[Ints], area: Ints) -> Ranked:
    """Ranks by score descending, then tie-break descending, then key ascending.

    Parameters
    ----------
    depth : int64, shape (n,)
        Order of the exact scores, 0 the lowest; -1 where there is none.
    tie : float64, shape (n,)
        NaN, which comes last, where it is not known.
    keys : sequence of int64, shape (n,)
        Places of the keys in their order, the first key first.
    area : int64, shape (n,)
        Codes from 0; -1 for rows in no area.
    """
    number = len(depth)
    breaks = np.where(np.isnan(tie), -np.inf, tie)
    order = np.lexsort((*reversed(keys), -breaks, -depth)).astype(np.int64)
    place = np.empty(number, np.int64)
    place[order] = np.arange(number)
    scored = depth >= 0
    rank = np.where(scored, place + 1, 0)
    steps = np.zeros(number, np.int64)
    if number:
        first, later = order[:-1], order[1:]
        steps[1:] = (depth[first] != depth[later]) | (breaks[first] != breaks[later])
    tied = np.empty(number, np.int64)
    tied[order] = np.cumsum(steps)
    within = np.zeros(number, np.int64)
    rows = order[(area[order] >= 0) & scored[order]]
    rows = rows[np.argsort(area[rows], kind="stable")]
    within[rows] = _places(area[rows]) + 1
    return Ranked(order=order, rank=rank, rank_in_area=within, tied=tied)


def _places(group: Ints) -> Ints:
    """The place of each row within its group, from 0; groups lie together."""
    starts = np.flatnonzero(np.diff(group, prepend=group[:1] - 1)) if len(group) else np.zeros(0, np.int64)
    return np.arange(len(group)) - np.repeat(starts, np.diff([*starts, len(group)]))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Filled:
    """What became of the quotas of a areas.

    Attributes
    ----------
    quotas : int64, shape (a,)
        -1 where there is none.
    selected : bool, shape (n,)
    taken, left_at_tie : int64, shape (a,)
        Selected rows, and poor rows that would have fitted but for those tied with them.
    """

    quotas: Ints
    selected: Flags
    taken: Ints
    left_at_tie: Ints


def filled(found: Ranked, poor: Flags, area: Ints, quotas: Ints, ties: Ties) -> Filled:
    """Fill the quotas of areas with their poor in the order of their ranks; nobody else fills them.

    Parameters
    ----------
    found : Ranked
    poor : bool, shape (n,)
    area : int64, shape (n,)
    quotas : int64, shape (a,)
        By code of the area; -1 where there is none.
    ties : {"key", "all_or_none"}
        Of rows tied where a quota ends: in the order of their keys, or all or none of them.
    """
    selected = np.zeros(len(poor), np.bool_)
    taken, left = np.zeros(len(quotas), np.int64), np.zeros(len(quotas), np.int64)
    rows = found.order[poor[found.order] & (area[found.order] >= 0)]
    rows = rows[np.argsort(area[rows], kind="stable")]
    starts = np.searchsorted(area[rows], np.arange(len(quotas) + 1))
    for code in np.flatnonzero(quotas >= 0).tolist():
        own = rows[starts[code] : starts[code + 1]]
        cut = min(int(quotas[code]), len(own))
        if ties == "all_or_none" and 0 < cut < len(own) and found.tied[own[cut]] == found.tied[own[cut - 1]]:
            first = int(np.searchsorted(found.tied[own], found.tied[own[cut]]))
            left[code], cut = cut - first, first
        selected[own[:cut]] = True
        taken[code] = cut
    return Filled(quotas=quotas, selected=selected, taken=taken, left_at_tie=left)
