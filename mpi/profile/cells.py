"""The plain data of a profile: domains, the sample as drawn, and cells that count the units.

A cell counts the units of one domain, stratum, PSU and pattern, and of one second-stage unit or row of calibration
variables where the design has them, and of equal amounts where the measure has gaps. What was drawn is kept apart from
the cells: rows may vanish, PSUs never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import stable_order
from mpi.profile.labels import joint_code
from mpi.profile.sample import Sample
from mpi.profile.spaces import Spaces
from mpi.vocabulary.options import Level


@dataclass(frozen=True, slots=True)
class Domain:
    """A grouping of the units: its name, its level, and its codes as text, ascending."""

    name: str
    level: Level
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cells:
    """Units of one domain, stratum, PSU and pattern, added up; sorted by these keys, each once.

    Attributes
    ----------
    domains : int64, shape (c, number of domains)
        Code of each domain.
    stratum, psu : int64, shape (c,)
        Into `Sample.strata` and `Sample.psu_labels`; psu is 0 where households are their own PSUs.
    pattern, unknown : uint64, shape (c,)
        Bit j: indicator j is deprived; is unknown.
    persons, households : int64, shape (c,)
        Unweighted units with a positive weight.
    person_weight, household_weight : float64, shape (c,)
        Sums of weights over persons and over households.
    person_squares, household_squares : float64, shape (c,)
        Sums over households of the square of their weight (of all their persons together; of the household): the
        variance of households that are their own PSUs needs no more.
    ssu, calibration : int64, shape (c,), or None
        Into `Sample.ssu_labels` and the rows of `Sample.calibration`; None, like all that follows, where the design has
        none.
    design_person_weight, design_household_weight : float64, shape (c,), or None
        Sums of weights before calibration.
    person_replicates, household_replicates : float64, shape (c, R), or None
        Sums of the weights of each replicate.
    amounts : float64, shape (c, G), or None
        Part of the key: what each unit of the cell has of each amount of the profile. All of them have the same, so
        that sums of any function of it, and of its squares, follow for every unit, weight and replicate.
    line_sums : float64, shape (c, 4 L), or None
        Of each of L relative income lines, see `mpi.profile.lines`: what the persons whose income counts add to the
        error of the quantile, and to the density there; the densities of persons and of households at the line.
    line_area : int64, shape (c,), or None
        Into the areas of the lines; those of no area come last. None where there is one line for all.
    line_replicates : float64, shape (c, L R), or None
        The first of the sums with the weights of each replicate.
    """

    domains: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    persons: NDArray[np.int64]
    households: NDArray[np.int64]
    person_weight: NDArray[np.float64]
    household_weight: NDArray[np.float64]
    person_squares: NDArray[np.float64]
    household_squares: NDArray[np.float64]
    ssu: NDArray[np.int64] | None = None
    calibration: NDArray[np.int64] | None = None
    design_person_weight: NDArray[np.float64] | None = None
    design_household_weight: NDArray[np.float64] | None = None
    person_replicates: NDArray[np.float64] | None = None
    household_replicates: NDArray[np.float64] | None = None
    amounts: NDArray[np.float64] | None = None
    line_sums: NDArray[np.float64] | None = None
    line_area: NDArray[np.int64] | None = None
    line_replicates: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.pattern)


COLUMNS = tuple(field.name for field in fields(Cells))
KEYS = ("stratum", "psu", "ssu", "calibration", "line_area", "pattern", "unknown")  # after the domains, in this order
BLOCK = 4_000_000  # values of a matrix that are moved at once: 32 MB


@dataclass(frozen=True, slots=True, eq=False)
class Tabulation:
    """Units added up: the arrays of a profile, without the names of what was read.

    `spaces` are those of the replicate weights; None without them, or where the producer states degrees of freedom.
    """

    domains: tuple[Domain, ...]
    sample: Sample
    cells: Cells
    spaces: Spaces | None = None


def arrays(cells: Cells) -> dict[str, NDArray[Any]]:
    """The columns that the cells have, by name."""
    found = {name: getattr(cells, name) for name in COLUMNS}
    return {name: array for name, array in found.items() if array is not None}


def selected(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    """Some of the cells; `keep` has shape (c,)."""
    return Cells(**{name: array[keep] for name, array in arrays(cells).items()})


def concatenated(parts: Sequence[Cells]) -> Cells:
    """The cells of several one after the other; all have the same columns."""
    return Cells(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays(parts[0])})


def grouped(cells: Cells) -> Cells:
    """Cells with equal keys added up, sorted by their keys: domains first, then as in `KEYS`."""
    if not len(cells):
        return cells
    own = arrays(cells)
    keys = [*cells.domains.T, *(own[name] for name in KEYS if name in own)]
    code = joint_code(keys if cells.amounts is None else [*keys, *words_of(cells.amounts)])
    steps = np.diff(code, prepend=-1)
    if (steps > 0).all():
        return cells
    order = None
    if (steps < 0).any():
        order = stable_order(code)
        steps = np.diff(code[order], prepend=-1)
    first = np.flatnonzero(steps)
    head, kept = first if order is None else order[first], (*KEYS, "domains", "amounts")
    return Cells(
        **{
            name: np.take(array, head, axis=0) if name in kept else _summed(array, order, first)
            for name, array in own.items()
        }
    )


def words_of(amounts: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Columns of finite numbers from 0 as whole numbers of the same order: those of their bits; shape (c,) each."""
    return [np.ascontiguousarray(column).view(np.int64) for column in (amounts + 0.0).T]


def _summed(values: NDArray[Any], order: NDArray[np.int64] | None, first: NDArray[np.int64]) -> NDArray[Any]:
    """Sums of the rows between starts, once they are in order; a wide matrix some columns at a time."""
    if values.ndim == 1:
        total: NDArray[Any] = np.add.reduceat(values if order is None else values[order], first)
        return total
    if order is None:
        order = np.arange(len(values))
    found = np.empty((len(first), values.shape[1]))
    width = max(1, BLOCK // len(order))
    for start in range(0, values.shape[1], width):
        some = slice(start, start + width)
        np.add.reduceat(values[order, some], first, axis=0, out=found[:, some])
    return found


def stacked(codes: list[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """Codes of several domains, shape (n,) each, as contiguous columns; shape (n, 0) if there is no domain."""
    return np.stack(codes).T if codes else np.zeros((n, 0), np.int64)
