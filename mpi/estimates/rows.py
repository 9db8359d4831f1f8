"""Cells in the order of domain and PSU, and sums of quantities over them.

A row is one PSU in one domain: or one second-stage unit, where the design corrects for that stage; or all households of
a stratum, where every household is its own PSU; or a single cell, where those households must be kept separate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mpi.columns.runs import run_starts
from mpi.columns.values import Floats, distinct, stable_order
from mpi.errors import Fault, UsageError
from mpi.estimates.quantities import EVERYONE, Quantities
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.vocabulary.options import UNITS, Unit

FEW = 2**24  # values of cells times quantities that are added up one by one, in the order of the cells
MOST_FLAGS = 5  # that are counted together: one pass over the cells by all of their combinations
Grain = Literal["sampled", "cell"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    weight: Floats
    squares: Floats
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
        begins = np.ones(len(self.domain), np.bool_)
        np.not_equal(self.domain[1:], self.domain[:-1], out=begins[1:])
        begins[1:] |= self.psu[1:] != self.psu[:-1]
        return np.flatnonzero(begins)


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
    sorted_already = bool((key[1:] >= key[:-1]).all())
    order = np.arange(len(key)) if sorted_already else stable_order(key)

    def ordered(values: NDArray[Any]) -> NDArray[Any]:
        return values if sorted_already else values[order]

    starts = run_starts(ordered(key))
    first = order[starts]
    persons = unit == "persons"
    return Rows(
        starts=starts,
        domain=code[first],
        stratum=cells.stratum[first],
        psu=cells.psu[first],
        unit=place[first],
        order=order,
        cell_domain=ordered(code),
        which=ordered(which),
        weight=ordered(cells.person_weight if persons else cells.household_weight),
        squares=ordered(cells.person_squares if persons else cells.household_squares),
        count=ordered(cells.persons if persons else cells.households),
        households=ordered(cells.households),
        codes=codes,
    )


def _sampled(profile: DeprivationProfile) -> NDArray[np.int64]:
    """The last sampling unit that the design distinguishes, of each cell; shape (c,)."""
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
    present, own = distinct(code)
    return own, np.stack(np.unravel_index(present, sizes), axis=1).astype(np.int64)


def cell_sums(
    rows: Rows,
    table: Quantities,
    columns: Sequence[int],
    starts: NDArray[np.int64],
    weight: NDArray[Any] | None = None,
    *,
    cells: slice = slice(None),
) -> Floats:
    """Weighted sums of quantities over runs of cells.

    Parameters
    ----------
    rows : Rows
    table : Quantities
    columns : sequence of q int
        Places of the quantities.
    starts : int64, shape (m,)
        First cell of each run, counted from the first of `cells`.
    weight : float64, shape (c,), optional
        The unit's weights if left out.
    cells : slice, optional
        The cells that the runs cover; all of them if left out.

    Returns
    -------
    float64, shape (m, q), columns contiguous
        The same to rounding whatever else is asked for; exact where weights are whole and scores are not involved.
    """
    weight, which = (rows.weight if weight is None else weight)[cells], rows.which[cells]
    if not len(starts):
        return np.empty((0, len(columns)))
    if len(which) * len(columns) > FEW:
        return _sums_by_band(table, columns, *_by_pattern(starts, weight, which, len(table.band)))
    sums, values = np.empty((len(starts), len(columns)), order="F"), np.empty(len(which))
    for place, column in enumerate(columns):  # one by one: a column of patterns stays in the cache, all of them do not
        # Always in the same memory, and as floats, which numpy multiplies without converting them.
        np.take(table.values(column).astype(np.float64, copy=False), which, out=values, mode="clip")
        np.multiply(values, weight, out=values)
        np.add.reduceat(values, starts, out=sums[:, place])
    return sums


def _by_pattern(
    starts: NDArray[np.int64], weight: NDArray[Any], which: NDArray[np.int64], patterns: int
) -> tuple[NDArray[np.int64], NDArray[Any], NDArray[np.int64]]:
    """The cells of each run added up by pattern, where that leaves half of them or fewer; else the cells themselves."""
    runs = len(starts)
    if 2 * runs * patterns > len(which):
        return starts, weight, which
    pair = which + np.repeat(np.arange(runs) * patterns, np.diff(starts, append=len(which)))
    weight = np.bincount(pair, weight, runs * patterns)
    return np.arange(runs) * patterns, weight, np.tile(np.arange(patterns), runs)


def _sums_by_band(
    table: Quantities, columns: Sequence[int], starts: NDArray[np.int64], weight: NDArray[Any], which: NDArray[np.int64]
) -> Floats:
    """The sums of all cutoffs at once: sums by band, added from the highest down."""
    sums = np.empty((len(starts), len(columns)), order="F")
    places: dict[int, list[int]] = {}
    for place, column in enumerate(columns):
        places.setdefault(table.columns[column].base, []).append(place)
    runs = len(starts)
    row = np.repeat(np.arange(runs), np.diff(starts, append=len(which)))
    banded = [base for base, own in places.items() if any(table.columns[columns[place]].band for place in own)]
    from_band = _banded(table, banded, row, weight, which, runs=runs)
    for base, own in places.items():
        if base not in from_band:
            values = weight if base == EVERYONE else table.bases[base][which] * weight
            from_band[base] = np.add.reduceat(values, starts)[None]
        for place in own:
            quantity = table.columns[columns[place]]
            np.multiply(from_band[base][quantity.band], quantity.scale, out=sums[:, place])
    return sums


def _banded(
    table: Quantities,
    bases: Sequence[int],
    row: NDArray[np.int64],
    weight: NDArray[Any],
    which: NDArray[np.int64],
    *,
    runs: int,
) -> dict[int, NDArray[Any]]:
    """The sums of each base over the cells of each run from each band on; shape (bands, runs) each.

    Flags are counted some at a time, by all combinations of band and flags: their sums are then a product of few rows.
    """
    flags = [base for base in bases if table.bases[base].dtype == np.bool_]
    size = table.bands * runs
    room = len(which) // size  # no more combinations than there are cells
    together = min(MOST_FLAGS, max(1, room.bit_length() - 1))
    found: dict[int, NDArray[Any]] = {}
    for base in bases:
        if base not in flags:
            values = np.take(table.bases[base], which) * weight
            found[base] = np.bincount(np.take(table.band * runs, which) + row, values, size).reshape(-1, runs)
    for first in range(0, len(flags), together):
        own = flags[first : first + together]
        code = table.band * runs << len(own)
        for bit, base in enumerate(own):
            code += table.bases[base].astype(np.int64) << bit
        sums = np.bincount(np.take(code, which) + (row << len(own)), weight, size << len(own))
        for bit, base in enumerate(own):
            found[base] = sums.reshape(-1, runs, 1 << len(own) - bit - 1, 2, 1 << bit)[..., 1, :].sum(axis=(2, 3))
    for sums in found.values():
        for band in range(table.bands - 2, -1, -1):
            sums[band] += sums[band + 1]
    return found


def domain_sums(rows: Rows, table: Quantities, columns: Sequence[int], weight: NDArray[Any] | None = None) -> Floats:
    """Weighted sums of q quantities over the domains, with the unit's weights unless others are given; shape (g, q)."""
    first = run_starts(rows.cell_domain)
    sums = np.zeros((rows.domains, len(columns)))
    sums[rows.cell_domain[first]] = cell_sums(rows, table, columns, first, weight)
    return sums


def units_from_band(rows: Rows, table: Quantities) -> NDArray[np.int64]:
    """Unweighted units of each domain whose pattern is in a band or a higher one; int64, shape (g, bands)."""
    bands = table.bands
    counts = np.bincount(rows.cell_domain * bands + table.band[rows.which], rows.count, rows.domains * bands)
    whole = np.rint(counts).astype(np.int64).reshape(-1, bands)  # floats hold whole numbers up to 2^53
    return np.cumsum(whole[:, ::-1], axis=1)[:, ::-1]


def added_up(rows: Rows, values: NDArray[Any]) -> NDArray[Any]:
    """Sums over each domain of values of rows, shape (r, q); shape (g, q)."""
    first = run_starts(rows.domain)
    sums = np.zeros((rows.domains, *values.shape[1:]), values.dtype)
    sums[rows.domain[first]] = np.add.reduceat(values, first, axis=0)
    return sums


def check_unit(profile: DeprivationProfile, measure: Measure, unit: Unit) -> None:
    """Refuse a unit that is none, or households of a measure of persons."""
    if unit not in UNITS:
        raise UsageError(
            Fault(
                "MPI-E007",
                None,
                phrase("the unit {unit!r} is not known", unit=unit),
                phrase("count persons or households"),
            )
        )
    if unit == "households" and profile.identification == "person":
        text = phrase("{name} identifies persons, so households cannot be counted", name=measure.name)
        raise UsageError(Fault("MPI-E007", None, text, phrase("use unit=persons")))
