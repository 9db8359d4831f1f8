"""Degrees of freedom of several estimates together: the PSUs and strata with a member in any of their domains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.estimates.basis import Basis
from mpi.estimates.linearising import WholeDesign
from mpi.estimates.quantities import proportion_bases, sorts

BLOCK = 8_000_000  # numbers at once: 64 MB


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Which sampling units have a member in each of some domains.

    Attributes
    ----------
    present : bool, shape (units, D)
    columns : int64, shape (m,)
        Domain of each estimate, into the columns of `present`.
    size : int64, shape (units,)
        PSUs in each unit: 1, or the households of a cell.
    stratum : int64, shape (units,)
    psus : int64, shape (H,)
    rule : str
    """

    present: NDArray[np.bool_]
    columns: NDArray[np.int64]
    size: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psus: NDArray[np.int64]
    rule: str

    def df(self, columns: NDArray[np.int64]) -> int:
        """Degrees of freedom of estimates in some of the domains together."""
        if self.rule == "design":
            return int(self.psus.sum() - np.count_nonzero(self.psus))
        inside = self.present[:, np.unique(columns)].any(axis=1)
        strata = np.unique(self.stratum[inside])
        psus = self.psus[strata].sum() if self.rule == "stata" else self.size[inside].sum()
        return int(psus - len(strata))

    def df_of_pairs(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same for many pairs of domains at once, each with its place in `present`; shape (pairs,)."""
        if self.rule == "design":
            return np.full(len(one), self.df(one[:0]), np.int64)
        strata = np.zeros((len(self.psus), self.present.shape[1]), np.bool_)
        np.logical_or.at(strata, self.stratum, self.present)
        sizes = _in_either(strata, self.psus) if self.rule == "stata" else _in_either(self.present, self.size)
        freedom: NDArray[np.int64] = (sizes - _in_either(strata, np.ones_like(self.psus)))[one, other]
        return freedom


def presence(basis: Basis, places: NDArray[np.int64]) -> Presence:
    """Where the members of each estimate's domain are; shares are about the whole population."""
    whole, sample = WholeDesign(basis), basis.profile.sample
    of_set, domain, statistic = basis.located(places)
    share = sorts(basis.table, "share")[statistic]
    bases, base = proportion_bases(basis.table)
    keys = np.stack([np.where(share, 0, of_set), np.where(share, 0, domain), base[statistic]])
    distinct, columns = np.unique(keys, axis=1, return_inverse=True)
    clustered = sample.clustered
    units = len(sample.psu_labels) if clustered else whole.units
    present = np.zeros((units, distinct.shape[1]), np.bool_)
    for number, which in {(s, b) for s, _, b in distinct.T.tolist()}:
        rows = whole.by(basis.sets[number])
        about = basis.table.values(bases[which]) > 0
        counted_in = np.add.reduceat(rows.count * about[rows.which], rows.starts) > 0
        place = rows.psu if clustered else rows.unit
        for column in np.flatnonzero((distinct[0] == number) & (distinct[2] == which)).tolist():
            run = slice(*np.searchsorted(rows.domain, [distinct[1, column], distinct[1, column] + 1]).tolist())
            present[place[run][counted_in[run]], column] = True
    cells = basis.profile.cells
    size = np.ones(units, np.int64) if clustered else cells.households
    stratum = sample.psu_stratum if clustered else cells.stratum
    return Presence(present, columns.ravel(), size, stratum, sample.psus, str(basis.rule))


def _in_either(present: NDArray[np.bool_], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sizes, added up over the rows in which the one or the other column holds; shape (D, D)."""
    domains = present.shape[1]
    alone, both = np.zeros(domains), np.zeros((domains, domains))
    step = max(1, BLOCK // max(1, domains))
    for first in range(0, len(present), step):
        # Floats hold whole numbers up to 2^53, and their products are fast.
        held, own = present[first : first + step].astype(np.float64), size[first : first + step]
        alone += own @ held
        both += (held * own[:, None]).T @ held
    return np.rint(alone[:, None] + alone - both).astype(np.int64)
