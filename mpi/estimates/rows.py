"""Cells in the order of domain and PSU, and sums of quantities over them.

A row is one PSU in one domain: or one second-stage unit, where the design corrects for that stage; or all households of
a stratum, where every household is its own PSU; or a single cell, where those households must be kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mpi.estimates.quantities import Column
from mpi.profile import DeprivationProfile

Unit = Literal["persons", "households"]
Grain = Literal["sampled", "cell"]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The c cells of a profile in r rows and g domains.

    Attributes
    ----------
    starts : int64, shape (r,)
        First cell of each row.
    domain, stratum, psu, unit : int64, shape (r,)
        Of each row, ascending; `unit` is the place of the PSU, second-stage unit, stratum or cell that the row is of.
    order : int64, shape (c,)
        The cells of the profile, in the order of the rows.
    cell_domain, which : int64, shape (c,)
        Domain and distinct pattern of each cell.
    weight, squares : float64, shape (c,)
        Sums of the unit's weights, and of their squares by household.
    count, households : int64, shape (c,)
        Unweighted units; households.
    codes : int64, shape (g, number of names)
        The level of each name in each domain.
    """

    starts: NDArray[np.int64]
    domain: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    unit: NDArray[np.int64]
    order: NDArray[np.int64]
    cell_domain: NDArray[np.int64]
    which: NDArray[np.int64]
    weight: FloatArray
    squares: FloatArray
    count: NDArray[np.int64]
    households: NDArray[np.int64]
    codes: NDArray[np.int64]

    @property
    def domains(self) -> int:
        """The number of domains, also those without a cell."""
        return len(self.codes)

    @property
    def psu_starts(self) -> NDArray[np.int64]:
        """First row of each PSU in each domain, of rows that may be second-stage units; shape (pairs,)."""
        changes = (np.diff(self.domain, prepend=-1) != 0) | (np.diff(self.psu, prepend=-1) != 0)
        return np.flatnonzero(changes)


def rows_of(
    profile: DeprivationProfile, names: Sequence[str], which: NDArray[np.int64], unit: Unit, grain: Grain = "sampled"
) -> Rows:
    """The rows of a profile by some of its domains, crossed.

    Parameters
    ----------
    profile : DeprivationProfile
    names : sequence of str
        One domain: all its levels, also those without a cell. Several: the crossings that occur. None: the total.
    which : int64, shape (c,)
        Distinct pattern of each cell of the profile.
    unit : {"persons", "households"}
    grain : {"sampled", "cell"}
        A row is a PSU or second-stage unit (a stratum, where households are PSUs); or each cell is a row.
    """
    cells = profile.cells
    code, codes = crossed(profile, names)
    place = np.arange(len(cells)) if grain == "cell" else _sampled(profile)
    key = code * (int(place.max(initial=0)) + 1) + place
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    first = order[starts]
    persons = unit == "persons"
    return Rows(
        starts, code[first], cells.stratum[first], cells.psu[first], place[first], order, code[order], which[order],
        (cells.person_weight if persons else cells.household_weight)[order],
        (cells.person_squares if persons else cells.household_squares)[order],
        (cells.persons if persons else cells.households)[order], cells.households[order], codes,
    )  # fmt: skip


def _sampled(profile: DeprivationProfile) -> NDArray[np.int64]:
    """The last sampling unit that the design tells apart, of each cell; shape (c,)."""
    cells = profile.cells
    if cells.ssu is not None:
        return cells.ssu
    return cells.psu if profile.sample.clustered else cells.stratum


def groups_of(profile: DeprivationProfile, names: Sequence[str]) -> NDArray[np.int64]:
    """The level of each name in each domain of a crossing; int64, shape (g, number of names)."""
    return crossed(profile, names)[1]


def crossed(profile: DeprivationProfile, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The domain of each cell, shape (c,), and the levels of each domain, shape (g, number of names)."""
    places = [profile.domain(name) for name in names]
    if not places:
        return np.zeros(len(profile.cells), np.int64), np.zeros((1, 0), np.int64)
    if len(places) == 1:
        return profile.cells.domains[:, places[0]], np.arange(len(profile.domains[places[0]].labels))[:, None]
    sizes = [max(1, len(profile.domains[place].labels)) for place in places]
    code = np.ravel_multi_index([profile.cells.domains[:, place] for place in places], sizes)
    present, own = np.unique(code, return_inverse=True)
    return own, np.stack(np.unravel_index(present, sizes), axis=1).astype(np.int64)


def cell_sums(
    rows: Rows, columns: Sequence[Column], starts: NDArray[np.int64], weight: NDArray[Any] | None = None, *,
    cells: slice = slice(None),
) -> FloatArray:  # fmt: skip
    """Weighted sums of quantities over runs of cells.

    Parameters
    ----------
    rows : Rows
    columns : sequence of q columns of shape (p,)
        Quantities of the distinct patterns.
    starts : int64, shape (m,)
        First cell of each run, counted from the first of `cells`.
    weight : float64, shape (c,), optional
        The unit's weights if left out.
    cells : slice, optional
        The cells that the runs cover; all of them if left out.

    Returns
    -------
    float64, shape (m, q)
    """
    weight, which = (rows.weight if weight is None else weight)[cells], rows.which[cells]
    sums = np.empty((len(starts), len(columns)), order="F")
    if not len(starts):
        return sums
    for place, column in enumerate(columns):  # one by one: a column of patterns stays in the cache, all of them do not
        sums[:, place] = np.add.reduceat(column[which] * weight, starts)
    return sums


def domain_sums(rows: Rows, columns: Sequence[Column]) -> FloatArray:
    """Weighted sums of q quantities over the domains; shape (g, q)."""
    first = np.flatnonzero(np.diff(rows.cell_domain, prepend=-1))
    sums = np.zeros((rows.domains, len(columns)))
    sums[rows.cell_domain[first]] = cell_sums(rows, columns, first)
    return sums


def added_up(rows: Rows, values: NDArray[Any]) -> NDArray[Any]:
    """Sums over each domain of values of rows, shape (r, q); shape (g, q)."""
    first = np.flatnonzero(np.diff(rows.domain, prepend=-1))
    sums = np.zeros((rows.domains, *values.shape[1:]), values.dtype)
    sums[rows.domain[first]] = np.add.reduceat(values, first, axis=0)
    return sums
