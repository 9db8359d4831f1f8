"""The design of one block: checked weights, numbers of members, strata and PSUs, one row a household."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.binding import Plan
from mpi.errors import DataError, Fault, Place, counted
from mpi.measure import Identification
from mpi.rules import Frame
from mpi.values import Number, Text, Values, codes_as_text, crossed, differ, repeat, take, unknown_count


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of a block's h households and n persons.

    Attributes
    ----------
    persons : float64, shape (n,), or None
        None where each person has the weight of the household.
    households : float64, shape (h,)
    sizes : int64, shape (h,)
        Number of members of each household.
    """

    persons: NDArray[np.float64] | None
    households: NDArray[np.float64]
    sizes: NDArray[np.int64]

    @property
    def of_members(self) -> NDArray[np.float64]:
        """Weight of all members together, where they have that of their household."""
        return self.households * self.sizes

    @property
    def each(self) -> NDArray[np.float64]:
        """Weight of each person."""
        return np.repeat(self.households, self.sizes) if self.persons is None else self.persons


def weights_of(plan: Plan, frame: Frame, identification: Identification, place: Place | None) -> Weights:
    """Checked weights of persons and households.

    Raises
    ------
    DataError
        If weights are null or negative, or differ inside a household that is judged as a whole.
    """
    sizes = _sizes(plan, frame, place)
    if plan.weight is None:
        return Weights(None, np.ones(len(frame.sizes)), sizes)
    if plan.weight in frame.households:
        return Weights(None, _checked(frame.households[plan.weight], place), sizes)
    persons = _checked(frame.persons[plan.weight], place)
    if identification == "household":
        _of_household(plan.weight, frame, "the weight", place)
        return Weights(None, persons[frame.starts], sizes)
    return Weights(persons, persons[frame.starts], sizes)


def _sizes(plan: Plan, frame: Frame, place: Place | None) -> NDArray[np.int64]:
    if plan.members is None:
        return frame.sizes
    members = frame.households[plan.members]
    assert isinstance(members, Number)  # noqa: S101  the binding checked it
    wrong = (members.values < 1) | (members.values != np.floor(members.values))
    if members.known is not None:
        wrong = wrong | ~members.known
    if number := int(np.count_nonzero(wrong)):
        text = f"the number of members is not a whole number of at least 1 in {counted(number, 'household')}"
        raise DataError(Fault("MPI-D022", place, text, "mend the column, or the rule of `members:`"))
    return members.values.astype(np.int64)


def _checked(values: Values, place: Place | None) -> NDArray[np.float64]:
    assert isinstance(values, Number)  # noqa: S101  the binding checked it
    rows, remedy = counted(len(values), "row"), "every household and person needs a weight of 0 or more"
    faults = []
    if holes := unknown_count(values):
        faults.append(Fault("MPI-D020", place, f"the weight is null in {holes:,} of {rows}", remedy))
    if negative := int(np.count_nonzero(values.values < 0)):
        faults.append(Fault("MPI-D020", place, f"the weight is negative in {negative:,} of {rows}", remedy))
    if faults:
        raise DataError(*faults)
    return values.values.astype(np.float64)


def groups_of(names: tuple[str, ...], frame: Frame, what: str, place: Place | None) -> Text | None:
    """The code of each household's stratum, or PSU, from the columns that together name it; None without columns.

    Raises
    ------
    DataError
        If it is null, or differs inside a household.
    """
    if not names:
        return None
    parts = [_of_household(name, frame, what, place) for name in names]
    holes = sum(unknown_count(part) for part in parts)
    if holes:
        text = f"{what} is null in {counted(holes, 'household')}"
        raise DataError(Fault("MPI-D038", place, text, "every household needs its place in the design"))
    return crossed([part if isinstance(part, Text) else codes_as_text(part) for part in parts])


def _of_household(name: str, frame: Frame, what: str, place: Place | None) -> Values:
    """A column of the block with one row a household; a person's column must say the same for all members."""
    if name in frame.households:
        return frame.households[name]
    values = frame.persons[name]
    first = take(values, frame.starts)
    varies = differ(repeat(first, frame.sizes), values)
    if varies.any():
        number = int(np.bitwise_or.reduceat(varies, frame.starts).sum())
        text = f"{what} differs between the persons of {counted(number, 'household')}"
        raise DataError(Fault("MPI-D034", place, text, "is the household's key complete?"))
    return first
