"""Areas of a list: how many units each has, and what became of its quota; and what a reader should know of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.errors import Notice, counted, listed
from mpi.language import phrase
from mpi.listing.anonymity import Anonymity
from mpi.listing.ranking import Filled


def areas_of(
    labels: Sequence[str], codes: NDArray[np.int64], poor: NDArray[np.bool_], known: NDArray[np.bool_], chosen: Filled
) -> pa.Table:
    """The table of areas; units in no area have a row without a name.

    Parameters
    ----------
    labels : sequence of str
    codes : int64, shape (n,)
        -1 for those in no area.
    poor, known : bool, shape (n,)
        Whether it is known who is poor.
    chosen : Filled
    """
    size = len(labels)
    within = np.where(codes < 0, size, codes)
    number = size + int((codes < 0).any())
    more = np.zeros(number - size, np.int64)
    quota, taken, left = (
        np.concatenate([own, more + empty])
        for own, empty in ((chosen.quotas, -1), (chosen.taken, 0), (chosen.left_at_tie, 0))
    )

    def count(which: NDArray[np.bool_]) -> pa.Array:
        return arrow.numbers(np.bincount(within[which], minlength=number).astype(np.int64))

    return arrow.table(
        {
            "area": arrow.texts([*labels, *[None] * len(more)]),
            "units": count(np.ones(len(codes), np.bool_)),
            "poor": count(poor),
            "not_known": count(~known),
            "quota": arrow.numbers(quota, quota >= 0),
            "selected": arrow.numbers(taken, quota >= 0),
            "unfilled": arrow.numbers(quota - taken, quota >= 0),
            "left_at_tie": arrow.numbers(left, quota >= 0),
        }
    )


def notices_of(areas: pa.Table, judged: Anonymity | None, *, by_area: bool) -> list[Notice]:
    """What a reader of a list should know.

    Parameters
    ----------
    areas : Table
        As `areas_of` makes it.
    judged : Anonymity or None
    by_area : bool
        Whether the quotas are those of areas.
    """
    found, rows = [], areas.to_pylist()
    if by_area:
        empty = [row["area"] for row in rows if row["quota"] is not None and not row["units"]]
        if empty:
            text = phrase("quotas of areas without a unit in the data: {names}", names=listed(empty))
            found.append(Notice("MPI-N255", text))
        without = [row["area"] for row in rows if row["area"] is not None and row["quota"] is None and row["poor"]]
        if without:
            text = phrase("areas with poor units and without a quota: {names}", names=listed(without))
            found.append(Notice("MPI-N255", text))
    unfilled = sum(row["unfilled"] or 0 for row in rows)
    if unfilled:
        text = phrase("{number:,} places of the quotas stay unfilled: no poor unit is left, or ties", number=unfilled)
        found.append(Notice("MPI-N255", text))
    if judged is not None and not judged.holds:
        text = phrase(
            "the list is not {k}-anonymous by {columns}: {rows} of {all:,} in classes of fewer, {unique:,} alone",
            k=judged.least,
            columns=listed(judged.columns),
            rows=counted(judged.small_rows, "row"),
            all=judged.rows,
            unique=judged.unique_rows,
        )
        found.append(Notice("MPI-N256", text))
    return found
