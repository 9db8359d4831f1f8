"""P-values of many tests at once, adjusted: Holm for the family-wise error, Benjamini-Hochberg for false discoveries.

A comparison of every pair of departments is such a family; say in the table which adjustment was used. A p-value that
is not known (NaN) stays unknown and does not count as a test, as in R's `p.adjust`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats


def holm(p: Floats) -> Floats:
    """P-values adjusted so that the chance of any false rejection stays below the level, whatever the dependence.

    Parameters
    ----------
    p : float64, shape (t,)
        P-values of t tests; NaN where there is none.

    Returns
    -------
    float64, shape (t,)
        At least p, at most 1; NaN where p is.

    Raises
    ------
    ValueError
        If p is not one-dimensional, or a value is outside [0, 1].

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.06,  nan, 0.06])
    """
    known, ascending = _ascending(p)
    smallest = known[ascending]
    steps = np.arange(len(smallest), 0, -1)
    return _put_back(p, ascending, np.minimum(np.maximum.accumulate(steps * smallest), 1.0))


def benjamini_hochberg(p: Floats) -> Floats:
    """P-values adjusted so that the expected share of false rejections among all stays below the level.

    Valid for independent tests and for those with positive regression dependence.

    Parameters
    ----------
    p : float64, shape (t,)
        P-values of t tests; NaN where there is none.

    Returns
    -------
    float64, shape (t,)
        At least p, at most 1; NaN where p is.

    Raises
    ------
    ValueError
        If p is not one-dimensional, or a value is outside [0, 1].

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.04,  nan, 0.04])
    """
    known, ascending = _ascending(p)
    smallest = known[ascending]
    factor = len(smallest) / np.arange(1, len(smallest) + 1)
    lowered = np.minimum.accumulate((factor * smallest)[::-1])[::-1]
    return _put_back(p, ascending, np.minimum(lowered, 1.0))


def _ascending(p: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The known p-values, and their order from the smallest."""
    if p.ndim != 1:
        raise ValueError(f"p-values come as one column, not in shape {p.shape}")
    known = p[~np.isnan(p)]
    outside = np.count_nonzero((known < 0) | (known > 1))
    if outside:
        raise ValueError(f"{outside} of {len(known)} p-values lie outside [0, 1]")
    return known, np.argsort(known, kind="stable")


def _put_back(p: Floats, ascending: NDArray[np.int64], adjusted: Floats) -> Floats:
    """Values in ascending order of p, back at the places of p."""
    found = np.empty(len(adjusted))
    found[ascending] = adjusted
    result = np.full(p.shape, np.nan)
    result[~np.isnan(p)] = found
    return result
