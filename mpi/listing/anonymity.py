"""How many rows of a list could be told apart by what others may know of them: k-anonymity.

Sweeney (2002), International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 557-570.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

USUAL = 5  # the k that is asked for if none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymity:
    """What a list lets others tell apart; numbers alone, never a class itself.

    Attributes
    ----------
    columns : tuple of str
        The quasi-identifiers: what others may know of a unit.
    least : int
        k: rows whose class has fewer are not anonymous.
    rows, classes : int
    small_classes, small_rows : int
        Classes of fewer than k rows, and the rows in them.
    unique_rows : int
        Rows that are alone in their class.
    """

    columns: tuple[str, ...]
    least: int
    rows: int
    classes: int
    small_classes: int
    small_rows: int
    unique_rows: int

    @property
    def holds(self) -> bool:
        """Whether no class is too small."""
        return not self.small_classes


def class_sizes(table: pa.Table, columns: Sequence[str]) -> NDArray[np.int64]:
    """The number of rows in the class of each row: those with equal values, unknown ones equal to one another.

    Returns
    -------
    int64, shape (rows,)
    """
    if not table.num_rows:
        return np.zeros(0, np.int64)
    code = np.zeros(table.num_rows, np.int64)
    for name in columns:
        column = table[name].combine_chunks()
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        indices = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
        code = np.unique(code * (len(column.dictionary) + 1) + indices, return_inverse=True)[1].astype(np.int64)
    return np.bincount(code)[code]


def anonymity_of(sizes: NDArray[np.int64], columns: Sequence[str], least: int) -> Anonymity:
    """The counts of a list from the sizes of its rows' classes."""
    small = sizes < least
    return Anonymity(
        columns=tuple(columns),
        least=least,
        rows=len(sizes),
        classes=round(float((1 / sizes).sum())) if len(sizes) else 0,
        small_classes=round(float((1 / sizes[small]).sum())) if small.any() else 0,
        small_rows=int(np.count_nonzero(small)),
        unique_rows=int(np.count_nonzero(sizes == 1)),
    )
