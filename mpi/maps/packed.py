"""Numbers of a page as short texts: rounded as they are printed, then variable-length bytes, then base64.

Comes in: arrays of layers. Goes out: texts that `page/data.js` reads back. Base64 needs no inflating, and the bytes are
the same with every version of every library.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.maps.layers import Layer
from mpi.vocabulary.statistics import Form

# Whole numbers in the page are estimates times this: what a reader sees is what the page holds.
PER_UNIT: dict[Form, int] = {"percent": 1000, "index": 1000, "number": 1}
_PRINTED: dict[Form, tuple[int, int]] = {"percent": (100, 1), "index": (1, 3), "number": (1, 0)}
NEAR_A_TIE = 1e-6
STANDING_BITS = 3
LARGEST = 2**53  # from there on a double is not every whole number


def whole(values: NDArray[np.float64], form: Form) -> NDArray[np.int64]:
    """Estimates as whole numbers of the last printed digit, rounded as `mpi.vocabulary.wording.figure` rounds.

    Parameters
    ----------
    values : float64, shape (n,)
        No NaN.

    Returns
    -------
    int64, shape (n,)

    Examples
    --------
    >>> whole(np.array([0.12345, 0.5]), "percent")
    array([123, 500])
    """
    scaled = values * PER_UNIT[form]
    found = np.rint(scaled).astype(np.int64)
    # Binary fractions near a half: the printed text decides, so that no two outputs differ in a digit.
    factor, digits = _PRINTED[form]
    for i in np.flatnonzero(np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < NEAR_A_TIE):
        found[i] = int(f"{factor * values[i]:.{digits}f}".replace(".", ""))
    return found


def zigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Signed numbers as unsigned ones, small where the number is small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)


def varints(numbers: NDArray[Any]) -> bytes:
    """Unsigned numbers as bytes of seven bits, the lowest first; the eighth bit says that more follow.

    Parameters
    ----------
    numbers : int64 or uint64, shape (n,)
        Not negative.

    Examples
    --------
    >>> list(varints(np.array([5, 300])))
    [5, 172, 2]
    """
    rest = np.asarray(numbers).astype(np.uint64)
    seven, low, more = np.uint64(7), np.uint64(127), np.uint64(128)
    columns, present = [], []
    here = np.ones(len(rest), np.bool_)
    while here.any():
        following = rest >> seven
        columns.append(np.where(following > 0, (rest & low) | more, rest & low).astype(np.uint8))
        present.append(here)
        rest, here = following, here & (following > 0)
    if not columns:
        return b""
    return np.stack(columns, axis=1)[np.stack(present, axis=1)].tobytes()


def text(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def doubles(values: NDArray[np.float64]) -> str:
    """Exact float64 numbers, little-endian, as base64; shape (n,)."""
    return text(np.asarray(values).astype("<f8").tobytes())


def counts(values: NDArray[np.float64]) -> str:
    """Whole numbers, each one more than it is; 0 stands for NaN. Shape (n,)."""
    return text(varints(np.where(np.isnan(values), 0, np.nan_to_num(values).round() + 1).astype(np.int64)))


def amounts(values: NDArray[np.float64]) -> dict[str, str]:
    """Weights, exactly: as short whole numbers where all are whole and not negative, else as doubles. Shape (n,)."""
    whole_ones = values.size and values.min() >= 0 and values.max() < LARGEST and not np.any(values % 1)
    return {"whole": text(varints(values.astype(np.int64)))} if whole_ones else {"doubles": doubles(values)}


def figures(layer: Layer) -> str:
    """Estimates, intervals and standings of a layer, cutoff by cutoff, area by area.

    First the standings in runs over all cutoffs: `16 (run - 1) + 8 known + s`, where s is the standing plus one and
    `known` says that there is an estimate. Then the known estimates, each as the signed step from the same area's at
    the cutoff before. Last the ends of the intervals of the known, if there is any: the distances of both ends from
    the estimate, each signed and plus one, 0 where there is none.

    Parameters
    ----------
    layer : Layer
        Of n areas.
    """
    estimate, low, high = (a.ravel() for a in (layer.estimate, layer.ci_low, layer.ci_high))
    known = ~np.isnan(estimate)
    between = known & ~np.isnan(low) & ~np.isnan(high)
    value = np.zeros(layer.estimate.size, np.int64)
    value[known] = whole(estimate[known], layer.form)
    kinds = (known << STANDING_BITS) | (layer.standing.ravel() + 1)
    starts = np.flatnonzero(np.diff(kinds, prepend=-1))
    runs = np.diff(starts, append=len(kinds))
    # What an area has no estimate for leaves its last one as it is, so that steps stay small.
    table = value.reshape(layer.estimate.shape)
    last = np.zeros(layer.estimate.shape[1], np.int64)
    steps = np.zeros_like(table)
    for c, own in enumerate(known.reshape(table.shape)):
        steps[c] = table[c] - last
        last = np.where(own, table[c], last)
    ends = np.zeros((2, len(estimate)), np.int64)
    for row, (end, sign) in enumerate(((low, -1), (high, 1))):
        ends[row, between] = zigzag(sign * (whole(end[between], layer.form) - value[between])) + 1
    parts = [((runs - 1) << (STANDING_BITS + 1)) | kinds[starts], zigzag(steps.ravel()[known])]
    parts += [ends[:, known].T.ravel()] if between.any() else []
    return text(varints(np.concatenate(parts)))
