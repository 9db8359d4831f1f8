"""Units before they are added up: what the microdata, or a table of ready-made flags, say of each row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, take
from mpi.language import phrase
from mpi.vocabulary.options import Level

MOST_WEIGHT = 1e150  # of a block: the squares of its sums still are finite doubles
TOO_LARGE = phrase("is too large: its sum, or the sum of its squares, is no finite number")
SMALLER = phrase("divide the weights by one number")


def too_large(weights: NDArray[np.float64], times: NDArray[np.int64] | None = None) -> bool:
    """Whether weights, each for some units, would overflow once they are added up and squared."""
    most = 1 if times is None else int(times.max(initial=1))
    return not float(weights.max(initial=0.0)) * max(1, len(weights)) * most < MOST_WEIGHT


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Units:
    """One block of n rows, before they are added up: a row is a household, a person, or a group of persons.

    Attributes
    ----------
    domains : tuple of (str, level, Text)
        Name, level and code of each domain.
    stratum, psu : Text or None
        None where the design has none; without `psu` every row is a PSU of its own, and must be a whole household.
    pattern, unknown : uint64, shape (n,)
        Bit j: indicator j is deprived; is unknown.
    persons, households : int64, shape (n,)
        How many of them the row stands for.
    person_weight, household_weight : float64, shape (n,)
        Weight of all persons, and of all households, of the row.
    ssu : Text or None
        Second-stage unit, within its PSU, where the design corrects for a second stage.
    fpc, ssu_fpc : float64, shape (n,), or None
        Finite population corrections of the row's stratum and PSU, as `Declared` says.
    order, within : Text or None
        Place of the row's stratum in the order of strata, and its region, where strata are collapsed by an ordering.
    calibration : float64, shape (n, p), or None
        Calibration variables: of the row's household, or of each of its persons, by `Declared.calibration`.
    design_person_weight, design_household_weight : float64, shape (n,), or None
        As the weights, before calibration.
    person_replicates, household_replicates : float64, shape (n, R), or None
        As the weights, for each replicate.
    amounts : float64, shape (n, G), or None
        Numbers of the row's unit that its cell holds beside its pattern: the gap of each indicator that has one, 0
        where it is not deprived.
    line_sums, line_area, line_replicates
        As of `Cells`.
    """

    domains: tuple[tuple[str, Level, Text], ...]
    stratum: Text | None
    psu: Text | None
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    persons: NDArray[np.int64]
    households: NDArray[np.int64]
    person_weight: NDArray[np.float64]
    household_weight: NDArray[np.float64]
    ssu: Text | None = None
    fpc: NDArray[np.float64] | None = None
    ssu_fpc: NDArray[np.float64] | None = None
    order: Text | None = None
    within: Text | None = None
    calibration: NDArray[np.float64] | None = None
    design_person_weight: NDArray[np.float64] | None = None
    design_household_weight: NDArray[np.float64] | None = None
    person_replicates: NDArray[np.float64] | None = None
    household_replicates: NDArray[np.float64] | None = None
    amounts: NDArray[np.float64] | None = None
    line_sums: NDArray[np.float64] | None = None
    line_area: NDArray[np.int64] | None = None
    line_replicates: NDArray[np.float64] | None = None


def some(units: Units, rows: slice) -> Units:
    """Some of the rows."""
    found: dict[str, Any] = {}
    for one in fields(Units):
        values = getattr(units, one.name)
        if isinstance(values, Text):
            found[one.name] = take(values, rows)
        elif isinstance(values, np.ndarray):
            found[one.name] = values[rows]
        elif values is None:
            found[one.name] = None
        else:  # the domains
            found[one.name] = tuple((name, level, take(text, rows)) for name, level, text in values)
    return Units(**found)
