"""Errors of functions of estimates by the delta method: the variance of sums of slopes times linearised values.

A function reads up to m figures: those of a group itself, of pinned domains, of the total. Figures of one sample have a
joint error; samples that are independent are given apart, and their variances add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.estimates.covariance import NOISE, linearised_values, replicate_values
from mpi.estimates.domain_values import DomainValues
from mpi.estimates.estimates import Estimates
from mpi.estimates.joint_df import JointFreedom
from mpi.estimates.linearising import WholeDesign, scale_of
from mpi.estimates.quantities import of_kind
from mpi.inference.variance import replicate_variance

BLOCK = 4_000_000  # combined values at once: 32 MB


@dataclass(frozen=True, eq=False)
class Terms:
    """The figures of one sample that c functions read.

    Attributes
    ----------
    estimates : Estimates
        The whole table of one call, in which a figure's row is its place.
    places : int64, shape (c, m)
        Rows of the table; -1 where there is no such figure, or none is read.
    """

    estimates: Estimates
    places: NDArray[np.int64]

    @cached_property
    def values(self) -> Floats:
        """The estimates, NaN where undefined; shape (c, m)."""
        return self.column("estimate")

    def column(self, name: str) -> Floats:
        """A column of numbers at the places, NaN for null; shape (c, m)."""
        numbers = np.array(self.estimates.table[name].to_numpy(), np.float64)
        return np.where(self.places < 0, np.nan, numbers[self.places])

    @property
    def census(self) -> bool:
        """Whether there is no sampling error."""
        return self.estimates.basis.profile.sample.census

    def variance(self, slopes: Floats) -> Floats:
        """Variances of the functions, of a sample.

        Parameters
        ----------
        slopes : float64, shape (c, m)
            Derivatives by each figure; 0 where it is not read.

        Returns
        -------
        float64, shape (c,)
        """
        own = np.where(self.places < 0, 0.0, np.nan_to_num(slopes))
        replicates, found = self.estimates.basis.replicates, np.zeros(len(own))
        if replicates is not None:
            for run in _blocks(np.arange(len(own)), replicates.number):
                found[run] = self._replicated(*_distinct(self.places[run]), own[run])
            return found
        home = self._homes(own)
        for run in _blocks(np.flatnonzero(home < 0), self._whole.units):
            found[run] = self._linearised(*_distinct(self.places[run]), own[run])
        lone = np.flatnonzero(home >= 0)
        width = -(-self._whole.units // max(1, len(np.unique(home[lone]))))  # sampling units of one domain, about
        for run in _blocks(lone, width):
            found[run] = self._by_domain(self.places[run], own[run], home[run])
        return found

    def _homes(self, slopes: Floats) -> NDArray[np.int64]:
        """First place of the only domain whose strata a function varies in; -1 where there are others; shape (c,)."""
        basis = self.estimates.basis
        of_set, domain, statistic = basis.located(np.maximum(self.places, 0))
        first = basis.offsets[of_set] + domain * len(basis.table.statistics)
        read = slopes != 0
        home = np.where(np.where(read.any(axis=1)[:, None], read, self.places >= 0), first, -1).max(axis=1)
        own = ~of_kind(basis.table, "share")[statistic] & (first == home[:, None])
        return np.where(self._whole.by_domain & (own | ~read).all(axis=1), home, -1)

    def _by_domain(self, places: NDArray[np.int64], slopes: Floats, home: NDArray[np.int64]) -> Floats:
        """Variances of functions of one domain each, from the sampling units of its strata: elsewhere z is 0."""
        basis, whole, found = self.estimates.basis, self._whole, np.zeros(len(slopes))
        of_set, domain, _ = basis.located(home)
        statistic = basis.located(np.where(slopes != 0, places, home[:, None]))[2]
        for number in np.unique(of_set).tolist():
            chosen = np.unique(statistic[of_set == number])
            statistics = [basis.table.statistics[s] for s in chosen.tolist()]
            values = DomainValues(whole, whole.by(basis.sets[number]), statistics)
            for g in np.unique(domain[of_set == number]).tolist():
                units = values.units(g)
                for run in _blocks(np.flatnonzero((of_set == number) & (domain == g)), len(units)):
                    read, which = _distinct(statistic[run])
                    z = values.of(g, np.searchsorted(chosen, read), units)
                    together = _combined(z, self._scale(home[run[0]] + read), which, slopes[run])
                    found[run] = whole.within(*together, units)
        return found

    @cached_property
    def _whole(self) -> WholeDesign:
        return WholeDesign(self.estimates.basis)

    def _linearised(self, distinct: NDArray[np.int64], which: NDArray[np.int64], slopes: Floats) -> Floats:
        basis, whole = self.estimates.basis, self._whole
        z = np.nan_to_num(linearised_values(basis, distinct, whole))
        of_set, domain, statistic = basis.located(distinct)
        scale = self._scale(distinct)
        met = whole.met(of_set, domain, statistic)
        if met is not None:  # each figure is centred over the strata of its own domain: only a matrix tells them apart
            matrices = (
                (whole.covariance(z[:, at], scale[at], met[:, at]), own) for at, own in zip(which, slopes, strict=True)
            )
            return np.array([_of_matrix(matrix, own) for matrix, own in matrices])
        return whole.variance(*_combined(z, scale, which, slopes))

    def _scale(self, places: NDArray[np.int64]) -> Floats:
        """Size of the figures at some places, as `scale_of` has it; shape (m,)."""
        basis = self.estimates.basis
        statistics = [basis.table.statistics[s] for s in basis.located(places)[2].tolist()]
        return scale_of(statistics, self._estimate[places])

    @cached_property
    def _estimate(self) -> Floats:
        return np.array(self.estimates.table["estimate"].to_numpy(), np.float64)

    def _replicated(self, distinct: NDArray[np.int64], which: NDArray[np.int64], slopes: Floats) -> Floats:
        how = not_none(self.estimates.basis.replicates)
        repeated = np.nan_to_num(replicate_values(self.estimates.basis, distinct))
        full = np.nan_to_num(self._estimate[distinct])
        combined = np.einsum("cmr,cm->cr", repeated[which], slopes)
        whole = np.einsum("cm,cm->c", full[which], slopes)
        return replicate_variance(combined, whole, scale=how.scale, rscales=how.rscales, mse=how.mse)[0]

    def freedom(self, used: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Degrees of freedom of functions of several figures: those of the sample in any of their domains.

        Parameters
        ----------
        used : bool, shape (c, m)

        Returns
        -------
        int64, shape (c,)
            0 where nothing is read.
        """
        distinct, which = _distinct(self.places)
        joint = JointFreedom(self.estimates.basis, distinct)
        alike: dict[bytes, int] = {}
        found = np.zeros(len(used), np.int64)
        for c in np.flatnonzero(used.any(axis=1)).tolist():
            at = which[c][used[c]]
            key = joint.alike(at)
            if key not in alike:
                alike[key] = joint.of(np.isin(np.arange(len(distinct)), at))
            found[c] = alike[key]
        return found


def together(terms: Sequence[Terms]) -> Terms:
    """Functions of the same sample, one after the other."""
    width = max(one.places.shape[1] for one in terms)
    places = [np.pad(one.places, ((0, 0), (0, width - one.places.shape[1])), constant_values=-1) for one in terms]
    return Terms(terms[0].estimates, np.concatenate(places))


def _blocks(functions: NDArray[np.int64], width: int) -> Iterator[NDArray[np.int64]]:
    """Some functions, as many at once as a block has room for, each with so many combined values."""
    step = max(1, BLOCK // max(1, width))
    return (functions[first : first + step] for first in range(0, len(functions), step))


def _distinct(places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each place once, and where they are in it, in the shape of `places`."""
    distinct, which = np.unique(np.maximum(places, 0), return_inverse=True)
    return distinct, which.reshape(places.shape)


def _combined(z: Floats, scale: Floats, which: NDArray[np.int64], slopes: Floats) -> tuple[Floats, Floats]:
    """Slopes times linearised values, shape (units, c), and the size of each function, shape (c,)."""
    combined, size = np.zeros((len(z), len(slopes))), np.zeros(len(slopes))
    for i in range(which.shape[1]):
        combined += z[:, which[:, i]] * slopes[:, i]
        size += scale[which[:, i]] * np.abs(slopes[:, i])
    return combined, np.maximum(size, np.finfo(np.float64).tiny)


def _of_matrix(matrix: Floats, slopes: Floats) -> float:
    variance, apart = slopes @ matrix @ slopes, slopes**2 @ np.diag(matrix)
    return 0.0 if variance <= NOISE * apart else float(variance)
