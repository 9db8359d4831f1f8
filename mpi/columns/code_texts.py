"""Codes of block after block as texts: those that came in an earlier block are looked up in a table."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import distinct

MOST = 2**20  # numbers from the smallest code to the largest


class Known(NamedTuple):
    """The codes that have come so far.

    Attributes
    ----------
    low : int
        The smallest.
    place : int32
        Of each number from it on its place among the labels, -1 for those that have not come.
    labels : tuple of str
        In the order in which they came.
    strange : set of str
        Those that are longer than the width, or below 0.
    """

    low: int
    place: NDArray[np.int32]
    labels: tuple[str, ...]
    strange: frozenset[str]


class CodeTexts:
    """The codes that have come so far, for each width that they are padded to.

    Any thread may ask: what is known is replaced as a whole, and learnt again where two of them learn at once.
    """

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}

    def of(self, numbers: NDArray[Any], width: int) -> tuple[NDArray[np.int32], Known] | None:
        """The place of each code among the labels; None for no codes, or where they are too far from one another."""
        if not len(numbers):
            return None
        known = self._known.get(width)
        codes = None if known is None else _looked_up(known, numbers)
        if codes is None:
            known = _with(known, distinct(numbers.astype(np.int64))[0], width)
            codes = None if known is None else _looked_up(known, numbers)
        if codes is None or known is None:
            return None
        self._known[width] = known
        return codes, known


def _looked_up(known: Known, numbers: NDArray[Any]) -> NDArray[np.int32] | None:
    """The place of each number; None if one has not come yet."""
    near = np.subtract(numbers, known.low, dtype=np.int64)
    if near.min() < 0 or near.max() >= len(known.place):
        return None
    codes: NDArray[np.int32] = np.take(known.place, near)
    return None if codes.min() < 0 else codes


def _with(known: Known | None, codes: NDArray[np.int64], width: int) -> Known | None:
    """What is known, and some codes, ascending; None if they are too far from one another."""
    low, high = int(codes[0]), int(codes[-1])
    if known is not None:
        low, high = min(low, known.low), max(high, known.low + len(known.place) - 1)
    if high - low >= MOST:
        return None
    place = np.full(high - low + 1, -1, np.int32)
    labels: tuple[str, ...] = ()
    if known is not None:
        place[known.low - low :][: len(known.place)] = known.place
        labels = known.labels
    new = codes[place[codes - low] < 0]
    place[new - low] = np.arange(len(labels), len(labels) + len(new))
    texts = tuple(str(number).zfill(width) for number in new.tolist())
    strange = {text for text in texts if len(text) > width or text.startswith("-")}
    return Known(low, place, (*labels, *texts), (known.strange if known is not None else frozenset()) | strange)
