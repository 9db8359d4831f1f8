"""What estimates are computed from: the profile, its scored patterns and the request; enough to compute more.

Each row of the table of estimates has a position: the tables of the sets of domains follow one another; each has all
statistics of the first domain, then of the second. Covariances and changes identify estimates by this position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.counting import Scores
from mpi.estimates.line_errors import LineErrors
from mpi.estimates.quantities import Quantities
from mpi.estimates.replicated import Replicates
from mpi.estimates.rows import Rows, rows_of
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import DegreesOfFreedom, Unit


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Basis:
    """One call of `estimate`, with p distinct patterns in c cells.

    Attributes
    ----------
    profile : DeprivationProfile
        With collapsed strata, if the design asks for it.
    measure : Measure
    unit : {"persons", "households"}
    cutoffs : sequence of Cutoff
    level : float
        Of the confidence intervals.
    rule : str or int
        Of the degrees of freedom.
    table : Quantities
        The statistics.
    scored : Scores
        Of the distinct patterns.
    which : int64, shape (c,)
        Distinct pattern of each cell.
    sets : sequence of tuple of str
        The crossings of domains; the first is empty, the total.
    groups : sequence of int64, shape (g, number of names)
        For each set the level of each name in each domain.
    replicates : Replicates or None
        Where the variance comes from replicate weights.
    whole : Rows
        Of the total.
    lines : LineErrors or None
        Errors of relative income lines.
    """

    profile: DeprivationProfile
    measure: Measure
    unit: Unit
    cutoffs: Sequence[Cutoff]
    level: float
    rule: DegreesOfFreedom
    table: Quantities
    scored: Scores
    which: NDArray[np.int64]
    sets: Sequence[tuple[str, ...]]
    groups: Sequence[NDArray[np.int64]]
    replicates: Replicates | None
    whole: Rows
    lines: LineErrors | None = None

    @property
    def poor(self) -> list[NDArray[np.bool_]]:
        """Who is poor at each cutoff; shape (p,) each."""
        return [self.scored.poor(cutoff) for cutoff in self.cutoffs]

    def rows(self, names: Sequence[str]) -> Rows:
        """Rows by PSU (or second-stage unit) of a set of domains."""
        return rows_of(self.profile, names, self.which, self.unit)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """First place of each set, and the number of places; shape (sets + 1,)."""
        sizes = [len(group) * len(self.table.statistics) for group in self.groups]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def located(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Set, domain within the set, and statistic of each place; int64, shape (m,) each."""
        offsets = self.offsets
        of_set = np.searchsorted(offsets, places, side="right") - 1
        domain, statistic = np.divmod(places - offsets[of_set], len(self.table.statistics))
        return of_set, domain, statistic

    def labels(self, number: int) -> list[tuple[str, ...]]:
        """The levels of each domain of a set, as texts."""
        names = self.sets[number]
        levels = [self.profile.domains[self.profile.domain(name)].labels for name in names]
        return [tuple(levels[i][code] for i, code in enumerate(row)) for row in self.groups[number].tolist()]
