"""Weights of one block: of households and persons, before calibration and for each replicate, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Values, number_of, unknown_count
from mpi.errors import DataError, Fault, Place
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.pipeline.binding import DesignColumns
from mpi.pipeline.design.columns import ONE_VALUE, of_household
from mpi.profile import SMALLER, TOO_LARGE, too_large
from mpi.rules import Frame
from mpi.source import ROW, ReplicateWeights
from mpi.vocabulary.options import Level

AT_ONCE = 2**20  # replicate weights compared at once


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of a block's h households and n persons, or r replicates of them.

    Attributes
    ----------
    persons : float64, shape (n,) or (n, r), or None
        None where each person has the weight of the household; else those of one household lie together.
    households : float64, shape (h,) or (h, r)
    sizes : int64, shape (h,)
        Number of members of each household.
    """

    persons: NDArray[np.float64] | None
    households: NDArray[np.float64]
    sizes: NDArray[np.int64]

    @property
    def of_members(self) -> NDArray[np.float64]:
        """Weight of all members together."""
        if self.persons is not None:
            return np.add.reduceat(self.persons, np.cumsum(self.sizes) - self.sizes, axis=0)
        sizes = self.sizes if self.households.ndim == 1 else self.sizes[:, None]
        return self.households * sizes

    @property
    def counted(self) -> NDArray[np.int64]:
        """Number of members of each household; of those with a weight, where each has his own."""
        if self.persons is None:
            return self.sizes
        return np.add.reduceat((self.persons > 0).astype(np.int64), np.cumsum(self.sizes) - self.sizes)

    @property
    def each(self) -> NDArray[np.float64]:
        """Weight of each person."""
        return np.repeat(self.households, self.sizes, axis=0) if self.persons is None else self.persons

    def at(self, heads: NDArray[np.int64]) -> NDArray[np.float64]:
        """Weight of the household with the person that it is counted with (1 in `heads`), 0 with the others."""
        rows = np.flatnonzero(heads)
        spread = np.zeros((len(heads), *self.households.shape[1:]))
        spread[rows] = self.households[np.searchsorted(np.cumsum(self.sizes), rows, side="right")]
        return spread


def weights_of(columns: DesignColumns, frame: Frame, identification: Level, place: Place | None) -> Weights:
    """Checked weights of persons and households.

    Raises
    ------
    DataError
        If weights are null or negative, or differ inside a household that is judged as a whole.
    """
    sizes = _sizes(columns, frame, place)
    if columns.weight is None:
        return Weights(None, np.ones(len(frame.sizes)), sizes)
    if columns.person_weight is not None:
        return _of_both(columns.weight, columns.person_weight, frame, sizes, place)
    found = _weights(columns.weight, frame, sizes, phrase("the weight"), identification=identification, place=place)
    return _finite(found, phrase("the weight"), place)


def _of_both(weight: str, person_weight: str, frame: Frame, sizes: NDArray[np.int64], place: Place | None) -> Weights:
    """Weights of households, each of one value, and of persons beside them."""
    of_households, of_persons = phrase("the weight"), phrase("the weight of persons")
    households = _weights(weight, frame, sizes, of_households, identification="household", place=place).households
    persons = _weights(person_weight, frame, sizes, of_persons, identification="person", place=place).each
    _finite(Weights(None, households, np.ones_like(sizes)), of_households, place)
    return _finite(Weights(persons, households, sizes), of_persons, place)


def design_weights_of(
    columns: DesignColumns, frame: Frame, identification: Level, place: Place | None
) -> Weights | None:
    """Checked weights before calibration; None where there is none."""
    if columns.design_weight is None:
        return None
    sizes = _sizes(columns, frame, place)
    what = phrase("the design weight")
    found = _weights(columns.design_weight, frame, sizes, what, identification=identification, place=place)
    return _finite(found, what, place)


def replicates_of(
    replicates: ReplicateWeights,
    frame: Frame,
    weights: Weights,
    identification: Level,
    place: Place | None,
    *,
    factors: bool,
) -> Weights:
    """Replicate weights of persons and households.

    Parameters
    ----------
    replicates : ReplicateWeights
    frame : Frame
        With the column of their rows.
    weights : Weights
        The weights that factors multiply.
    factors : bool
        Whether the replicates are factors.

    Raises
    ------
    DataError
        If those of persons differ inside a household that is judged as a whole.
    """
    with np.errstate(over="ignore"):  # refused as too large
        found = _replicates(replicates, frame, weights, identification, place, factors=factors)
    return _finite(found, phrase("a replicate weight"), place)


def _replicates(
    replicates: ReplicateWeights,
    frame: Frame,
    weights: Weights,
    identification: Level,
    place: Place | None,
    *,
    factors: bool,
) -> Weights:
    if ROW in frame.households:
        heads = _rows(frame.households[ROW])
        rows, apart = np.repeat(heads, frame.sizes), factors and weights.persons is not None
    else:
        rows = _rows(frame.persons[ROW])
        heads, apart = rows[frame.starts], identification == "person" or weights.persons is not None
        if identification == "household":
            _check_constant(replicates.weights, rows, frame, place)
    of_households = replicates.weights[heads]
    if factors:
        of_households *= weights.households[:, None]
    if not apart:
        return Weights(None, of_households, weights.sizes)
    persons = replicates.weights[rows]
    if factors:
        persons *= weights.each[:, None]
    return Weights(persons, of_households, weights.sizes)


def _finite(weights: Weights, what: str, place: Place | None) -> Weights:
    """The weights, unless they overflow once they are added up and squared."""
    parts = [weights.households] if weights.persons is None else [weights.households, weights.persons]
    if any(too_large(part, weights.sizes) for part in parts):
        raise DataError(Fault("MPI-D040", place, phrase("{what} {too_large}", what=what, too_large=TOO_LARGE), SMALLER))
    return weights


def _rows(values: Values) -> NDArray[np.int64]:
    return number_of(values).values.astype(np.int64, copy=False)


def _check_constant(matrix: NDArray[np.float64], rows: NDArray[np.int64], frame: Frame, place: Place | None) -> None:
    first = np.repeat(rows[frame.starts], frame.sizes)
    varies = np.zeros(len(rows), np.bool_)
    for low in range(0, len(rows), step := max(1, AT_ONCE // matrix.shape[1])):
        part = slice(low, low + step)
        varies[part] = (matrix[rows[part]] != matrix[first[part]]).any(axis=1)
    if varies.any():
        number = int(np.bitwise_or.reduceat(varies, frame.starts).sum())
        head = phrase("a replicate weight differs between the persons of")
        frame.note(Wrong(code="MPI-D034", place=place, head=head, noun="household", remedy=ONE_VALUE), number)


def _weights(
    column: str, frame: Frame, sizes: NDArray[np.int64], what: str, *, identification: Level, place: Place | None
) -> Weights:
    if column in frame.households:
        return Weights(None, _checked(frame, frame.households[column], what, place), sizes)
    persons = _checked(frame, frame.persons[column], what, place)
    if identification == "household":
        of_household(column, frame, what, place)
        return Weights(None, persons[frame.starts], sizes)
    return Weights(persons, persons[frame.starts], sizes)


def _sizes(columns: DesignColumns, frame: Frame, place: Place | None) -> NDArray[np.int64]:
    if columns.members is None:
        return frame.sizes
    members = number_of(frame.households[columns.members])
    wrong = (members.values < 1) | (members.values != np.floor(members.values))
    if members.known is not None:
        wrong = wrong | ~members.known
    head, remedy = (
        phrase("the number of members is not a whole number of at least 1 in"),
        phrase("give each a whole number from 1, or write as `members:` a column or rule that does"),
    )
    frame.note(
        Wrong(code="MPI-D022", place=place, head=head, noun="household", remedy=remedy), int(np.count_nonzero(wrong))
    )
    return np.where(wrong, 1, members.values).astype(np.int64)


def _checked(frame: Frame, column: Values, what: str, place: Place | None) -> NDArray[np.float64]:
    values = number_of(column)
    remedy = phrase("every household and person needs a weight of 0 or more")
    frame.note(
        Wrong(code="MPI-D020", place=place, head=phrase("{what} is null in", what=what), noun="row", remedy=remedy),
        unknown_count(values),
    )
    negative = values.values < 0
    frame.note(
        Wrong(code="MPI-D020", place=place, head=phrase("{what} is negative in", what=what), noun="row", remedy=remedy),
        int(np.count_nonzero(negative)),
    )
    return np.where(negative, 0.0, values.values)
