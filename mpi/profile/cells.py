"""The plain data of a profile: domains, the sample as drawn, and cells that count the units.

A cell counts the units of one domain, stratum, PSU and pattern. The PSUs drawn are kept apart from the cells: rows may
vanish, PSUs never.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mpi.profile.sample import Sample
from mpi.rules import Level

MISSING_LEVEL = "(missing)"


@dataclass(frozen=True, slots=True)
class Domain:
    """A grouping of the units: its name, its level, and its codes as text, ascending."""

    name: str
    level: Level
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
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

    def __len__(self) -> int:
        return len(self.pattern)


COLUMNS = tuple(field.name for field in fields(Cells))


@dataclass(frozen=True, slots=True, eq=False)
class Tabulation:
    """Units added up: the arrays of a profile, without the names of what was read."""

    domains: tuple[Domain, ...]
    sample: Sample
    cells: Cells


def selected(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    """Some of the cells; `keep` has shape (c,)."""
    return Cells(*(getattr(cells, name)[keep] for name in COLUMNS))


def stacked(codes: list[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """Codes of several domains, shape (n,) each, as columns; shape (n, 0) if there is no domain."""
    return np.column_stack(codes) if codes else np.zeros((n, 0), np.int64)
