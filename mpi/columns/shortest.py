"""Floats of 32 bits as the decimal numbers that they were: 99.99, not the double next to what its bits say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MOST_DECIMALS = 8  # ten to this power times 24 bits is exact in a double
BELOW = 2.0**24  # whole numbers from here on may be written with fewer digits than they have
BLOCK = 2**13  # values at once: they stay in the processor's cache


def shortest(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """The double nearest to the shortest decimal number that a float of 32 bits is read from.

    Parameters
    ----------
    values : float32, shape (n,)

    Returns
    -------
    float64, shape (n,)
        As through their texts, which take several times as long.

    Examples
    --------
    >>> shortest(np.array([99.99, 1 / 3], dtype=np.float32))
    array([99.99     ,  0.33333334])
    """
    found = np.empty(len(values))
    for first in range(0, len(values), BLOCK):
        part = slice(first, first + BLOCK)
        found[part] = _shortest(values[part])
    return found


def _shortest(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """With the fewest decimals that lead back to the same float; by way of texts if these are more than eight."""
    found = values.astype(np.float64)
    exact, tried = found.copy(), np.empty_like(found)
    with np.errstate(invalid="ignore", over="ignore"):  # infinite ones are for the caller to refuse
        near = np.abs(exact) < BELOW
        done = near & (exact == np.rint(exact))
        for decimals in range(1, MOST_DECIMALS + 1):
            if done.all():
                return found
            np.multiply(exact, 10.0**decimals, out=tried)
            np.divide(np.rint(tried, out=tried), 10.0**decimals, out=tried)
            back = (tried.astype(np.float32) == values) & near & ~done
            np.copyto(found, tried, where=back)
            done |= back
    left = np.flatnonzero(~done)
    if left.size:
        narrow = np.ascontiguousarray(values[left])
        texts = pa.Array.from_buffers(pa.float32(), len(narrow), [None, pa.py_buffer(narrow)])
        found[left] = texts.cast(pa.string()).cast(pa.float64()).to_numpy()
    return found
