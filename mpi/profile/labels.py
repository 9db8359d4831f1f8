"""Codes as labels in their natural order, and the order of rows by several keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text

MISSING_LEVEL = "(missing)"
MAX_KEY = 2**31
MAX_CODE = 2**62

_DIGITS = re.compile(r"([0-9]+)")


def levels(text: Text) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Labels in natural order, only those that occur, and each row's code; unknown is a level of its own, last.

    Returns
    -------
    tuple of str
    int64, shape (n,)

    Examples
    --------
    >>> levels(Text(np.array([2, 0, 2]), ("b", "unused", "a")))
    (('a', 'b'), array([0, 1, 0]))
    """
    codes, labels = text.codes, text.labels
    if text.known is not None and not text.known.all():
        if MISSING_LEVEL not in labels:
            labels = (*labels, MISSING_LEVEL)
        codes = np.where(text.known, codes, labels.index(MISSING_LEVEL))
    present = np.flatnonzero(np.bincount(codes, minlength=len(labels))).tolist()
    ranked = sorted(present, key=lambda code: rank_of(labels[code]))
    mapping = np.zeros(max(1, len(labels)), np.int64)
    mapping[ranked] = np.arange(len(ranked))
    return tuple(labels[code] for code in ranked), mapping[codes]


def rank_of(label: str) -> tuple[bool, list[tuple[int, str]], str]:
    """The place of a label: its numbers count as numbers, so that 6-17 stands before 18-28; missing comes last."""
    # A longer number is larger: `int` would refuse more than 4,300 digits. Every second part is a number.
    parts = [part.lstrip("0") if i % 2 else part for i, part in enumerate(_DIGITS.split(label))]
    return label == MISSING_LEVEL, [(len(part) if i % 2 else 0, part) for i, part in enumerate(parts)], label


def union(labels: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The labels of several lists in natural order, each once."""
    return tuple(sorted(set().union(*labels), key=rank_of))


def places(labels: Sequence[str], among: Sequence[str]) -> NDArray[np.int64]:
    """Where each label stands among others that hold it; shape (number of labels,)."""
    place = {label: i for i, label in enumerate(among)}
    return np.array([place[label] for label in labels], np.int64)


def joint_code(keys: Sequence[NDArray[np.int64] | NDArray[np.uint64]]) -> NDArray[np.int64]:
    """One integer of 0 or more a row, ordered like the keys from first to last; shape (c,)."""
    code = np.zeros(len(keys[0]), np.int64)
    size = 1
    for key in keys:
        top = int(key.max()) + 1
        if top == 1:
            continue
        narrow, top = _ranks(key) if top > MAX_KEY else (key.astype(np.int64), top)
        if size * top >= MAX_CODE:
            code, size = _ranks(code)
        code = code * top + narrow
        size *= top
    return code


def _ranks(key: NDArray[np.int64] | NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """The rank of each value among the distinct ones, and how many there are."""
    distinct, rank = np.unique(key, return_inverse=True)
    return rank, len(distinct)
