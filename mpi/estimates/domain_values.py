"""Linearised values of one domain at a time, over the strata that it is in: the whole design has 0 everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.estimates.linearising import WholeDesign
from mpi.estimates.quantities import INCLUDED, Statistic
from mpi.estimates.rows import Rows, added_up, cell_sums


@dataclass(frozen=True, eq=False)
class DomainValues:
    """Linearised totals of some statistics, none of them a share, domain by domain where `WholeDesign.by_domain` holds.

    Attributes
    ----------
    whole : WholeDesign
    rows : Rows
        Of the set of domains.
    chosen : sequence of s Statistic
    """

    whole: WholeDesign
    rows: Rows
    chosen: Sequence[Statistic]

    def units(self, domain: int) -> NDArray[np.int64]:
        """All sampling units of the strata with a member of a domain, ascending; shape (k,)."""
        met = np.zeros(len(self.whole.stages.psus), np.bool_)
        met[self.rows.stratum[self._run(domain)]] = True
        return np.flatnonzero(met[self.whole.stratum])

    def of(self, domain: int, at: NDArray[np.int64], units: NDArray[np.int64]) -> Floats:
        """Those of m of the statistics in a domain, with 0 where undefined.

        Parameters
        ----------
        domain : int
        at : int64, shape (m,)
            Into `chosen`.
        units : int64, shape (k,)
            Those of the domain, as `units` has them.

        Returns
        -------
        float64, shape (k, m)
        """
        run, (y, x) = self._run(domain), self._read[:, at]
        sums, total, below = self._sums[run], self._totals[domain, y], self._totals[domain, x]
        defined = (below > 0) & (self._totals[domain, self._columns.index(INCLUDED)] > 0)
        divisor = np.where(defined, below, 1.0)
        ratio = (sums[:, y] - total / divisor * sums[:, x]) / divisor
        own = np.where(self._not_divided[at], sums[:, y], ratio)
        z = np.zeros((len(units), len(at)))
        z[np.searchsorted(units, self.rows.unit[run])] = np.where(defined, own, 0.0)
        return z

    def _run(self, domain: int) -> slice:
        return slice(*np.searchsorted(self.rows.domain, [domain, domain + 1]).tolist())

    @cached_property
    def _columns(self) -> list[int]:
        return list(dict.fromkeys([INCLUDED, *(column for s in self.chosen for column in (s.y, s.x))]))

    @cached_property
    def _read(self) -> NDArray[np.int64]:
        """Columns of y and of x of each statistic; shape (2, s)."""
        place = {column: i for i, column in enumerate(self._columns)}
        return np.array([[place[s.y] for s in self.chosen], [place[s.x] for s in self.chosen]], np.int64)

    @cached_property
    def _not_divided(self) -> NDArray[np.bool_]:
        return np.array([s.kind == "total" for s in self.chosen], np.bool_)

    @cached_property
    def _sums(self) -> Floats:
        """Sums over each row, shape (r, columns)."""
        return np.ascontiguousarray(cell_sums(self.rows, self.whole.basis.table, self._columns, self.rows.starts))

    @cached_property
    def _totals(self) -> Floats:
        """Sums over each domain, shape (g, columns)."""
        return added_up(self.rows, self._sums)
