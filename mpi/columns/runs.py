"""Runs of equal codes, and rows in order cut into parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints


def run_starts(codes: NDArray[Any]) -> Ints:
    """The rows at which a run of equal codes begins.

    Examples
    --------
    >>> run_starts(np.array([7, 7, 2, 7])).tolist()
    [0, 2, 3]
    """
    begins = np.ones(len(codes), np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def cuts(starts: Ints, most: int) -> list[int]:
    """Which of some households are the first of a block, where a block begins every `most` persons or just after.

    Parameters
    ----------
    starts : int64, shape (h,)
        The first person of each, ascending; one household at least.

    Examples
    --------
    >>> cuts(np.array([0, 3, 5, 9, 30]), 4)
    [0, 2, 3, 4]
    """
    bounds = np.arange(int(starts[-1]) // most + 1) * most
    # Not `np.unique`, which imports masked arrays: 10 ms at every start.
    found: list[int] = list(dict.fromkeys(np.searchsorted(starts, bounds).tolist()))
    return found
