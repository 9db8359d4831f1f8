"""Errors of functions of estimates by the delta method: the variance of sums of slopes times linearised values.

A function reads up to m figures: those of a group itself, of pinned domains, of the total. Figures of one sample have a
joint error; samples that are independent are given apart, and their variances add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.estimates.covariance import NOISE, linearised_values, replicate_values
from mpi.estimates.estimates import Estimates
from mpi.estimates.joint_df import JointFreedom
from mpi.estimates.linearising import WholeDesign, scale_of
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
        basis = self.estimates.basis
        found = np.zeros(len(slopes))
        units = self._whole.units if basis.replicates is None else basis.replicates.number
        one = self._linearised if basis.replicates is None else self._replicated
        step = max(1, BLOCK // max(1, units))
        for first in range(0, len(slopes), step):
            run = slice(first, first + step)
            places, own = self.places[run], np.where(self.places[run] < 0, 0.0, np.nan_to_num(slopes[run]))
            distinct, which = np.unique(np.maximum(places, 0), return_inverse=True)
            found[run] = one(distinct, which.reshape(places.shape), own)
        return found

    @cached_property
    def _whole(self) -> WholeDesign:
        return WholeDesign(self.estimates.basis)

    def _linearised(self, distinct: NDArray[np.int64], which: NDArray[np.int64], slopes: Floats) -> Floats:
        basis, whole = self.estimates.basis, self._whole
        z = np.nan_to_num(linearised_values(basis, distinct, whole))
        of_set, domain, statistic = basis.located(distinct)
        values = np.array(self.estimates.table["estimate"].to_numpy(), np.float64)[distinct]
        scale = scale_of([basis.table.statistics[s] for s in statistic.tolist()], values)
        met = whole.met(of_set, domain)
        if met is not None:  # each figure is centred over the strata of its own domain: only a matrix tells them apart
            matrices = (
                (whole.covariance(z[:, at], scale[at], met[:, at]), own) for at, own in zip(which, slopes, strict=True)
            )
            return np.array([_of_matrix(matrix, own) for matrix, own in matrices])
        combined, size = np.zeros((len(z), len(slopes))), np.zeros(len(slopes))
        for i in range(which.shape[1]):
            combined += z[:, which[:, i]] * slopes[:, i]
            size += scale[which[:, i]] * np.abs(slopes[:, i])
        return whole.variance(combined, np.maximum(size, np.finfo(np.float64).tiny))

    def _replicated(self, distinct: NDArray[np.int64], which: NDArray[np.int64], slopes: Floats) -> Floats:
        how = not_none(self.estimates.basis.replicates)
        repeated = np.nan_to_num(replicate_values(self.estimates.basis, distinct))
        full = np.nan_to_num(np.array(self.estimates.table["estimate"].to_numpy(), np.float64)[distinct])
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
        distinct, which = np.unique(np.maximum(self.places, 0), return_inverse=True)
        which = which.reshape(self.places.shape)
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


def _of_matrix(matrix: Floats, slopes: Floats) -> float:
    variance, apart = slopes @ matrix @ slopes, slopes**2 @ np.diag(matrix)
    return 0.0 if variance <= NOISE * apart else float(variance)
