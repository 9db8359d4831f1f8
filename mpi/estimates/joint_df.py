"""Degrees of freedom of several estimates together: the PSUs and strata with a member in any of their domains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.estimates.basis import Basis
from mpi.estimates.linearising import WholeDesign
from mpi.estimates.quantities import of_kind, proportion_bases
from mpi.estimates.replicated import Replicates, groups_of_spaces

BLOCK = 8_000_000  # numbers at once: 64 MB
MOST_PAIRS = 2_000  # pairs of domains whose ranks are counted together: some seconds


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    share = of_kind(basis.table, "share")[statistic]
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
    return Presence(
        present=present, columns=columns.ravel(), size=size, stratum=stratum, psus=sample.psus, rule=str(basis.rule)
    )


@dataclass(frozen=True, slots=True, eq=False)
class SpacesOfDomains:
    """Which rows of the replicate weights' spaces belong to each of D distinct domains.

    Attributes
    ----------
    replicates : Replicates
        With spaces.
    inside : bool, shape (D, rows of the spaces)
    columns : int64, shape (m,)
        Domain of each estimate.
    """

    replicates: Replicates
    inside: NDArray[np.bool_]
    columns: NDArray[np.int64]

    def df(self, involved: NDArray[np.bool_]) -> int:
        """Degrees of freedom of some of the estimates together, those of shape (m,)."""
        together = self.inside[np.unique(self.columns[involved])].any(axis=0)
        return int(self.replicates.freedom(np.where(together, 0, -1), 1)[0])

    def df_of_pairs(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same for many pairs of estimates; shape (pairs,). Beyond MOST_PAIRS the larger of both domains' own.

        A union has at least the rank of its parts, so these degrees of freedom are never too many.
        """
        domains = len(self.inside)
        a, b = self.columns[one], self.columns[other]
        pairs, which = np.unique(np.minimum(a, b) * domains + np.maximum(a, b), return_inverse=True)
        first, second = np.divmod(pairs, domains)
        if len(pairs) > MOST_PAIRS:
            own = np.array([self.replicates.freedom(np.where(inside, 0, -1), 1)[0] for inside in self.inside])
            larger: NDArray[np.int64] = np.maximum(own[first], own[second])[which]
            return larger
        found = [
            self.replicates.freedom(np.where(self.inside[i] | self.inside[j], 0, -1), 1)[0]
            for i, j in zip(first.tolist(), second.tolist(), strict=True)
        ]
        return np.array(found, np.int64)[which]


def spaces_of_domains(basis: Basis, places: NDArray[np.int64]) -> SpacesOfDomains | None:
    """Where the replicate weights of each estimate's domain are; None if degrees of freedom do not come from them."""
    replicates = basis.replicates
    if replicates is None or replicates.spaces is None:
        return None
    of_set, domain, statistic = basis.located(places)
    share = of_kind(basis.table, "share")[statistic]
    keys = np.stack([np.where(share, 0, of_set), np.where(share, 0, domain)])
    distinct, columns = np.unique(keys, axis=1, return_inverse=True)
    group = {
        number: groups_of_spaces(basis.profile, basis.sets[number], basis.groups[number])
        for number in np.unique(distinct[0]).tolist()
    }
    inside = np.stack([group[number] == place for number, place in distinct.T.tolist()])
    return SpacesOfDomains(replicates, inside, columns.ravel())


@dataclass(frozen=True, eq=False)
class JointFreedom:
    """Degrees of freedom of estimates of one call together.

    Attributes
    ----------
    basis : Basis
    places : int64, shape (m,)
        Of the estimates.
    """

    basis: Basis
    places: NDArray[np.int64]

    def of(self, involved: NDArray[np.bool_]) -> int:
        """Those of some of the estimates together; `involved` is of shape (m,)."""
        if self._same:
            return self._most
        if self._spaces is not None:
            return self._spaces.df(involved)
        return min(self._presence.df(self._presence.columns[involved]), self._most)

    def of_pairs(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of many pairs of estimates at once; shape (pairs,)."""
        if self._same:
            return np.full(len(one), self._most, np.int64)
        if self._spaces is not None:
            return self._spaces.df_of_pairs(one, other)
        columns = self._presence.columns
        return np.minimum(self._presence.df_of_pairs(columns[one], columns[other]), self._most)

    def alike(self, involved: NDArray[np.int64]) -> bytes:
        """What the degrees of freedom of some estimates, by place, depend on: those of equal keys are the same."""
        if self._same:
            return b""
        columns = self._presence.columns if self._spaces is None else self._spaces.columns
        return np.unique(columns[involved]).tobytes()

    @property
    def _same(self) -> bool:
        """Whether they are the same whatever estimates are involved."""
        replicates = self.basis.replicates
        of_file = replicates is not None and replicates.of_cells
        return isinstance(self.basis.rule, int) or (of_file and (self.basis.rule == "design" or self._spaces is None))

    @property
    def _most(self) -> int:
        """The number that was asked for, or that of the replicates; without these the whole design's."""
        basis = self.basis
        if isinstance(basis.rule, int):
            return basis.rule
        psus = basis.profile.sample.psus
        return int(psus.sum() - np.count_nonzero(psus)) if basis.replicates is None else basis.replicates.df

    @cached_property
    def _spaces(self) -> SpacesOfDomains | None:
        """What the survey's replicate weights span in each estimate's domain; None where they do not count."""
        return spaces_of_domains(self.basis, self.places)

    @cached_property
    def _presence(self) -> Presence:
        return presence(self.basis, self.places)


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
