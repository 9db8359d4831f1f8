"""Errors of functions of estimates by the delta method: the variance of sums of slopes times linearised values.

A function reads m figures in each of g groups: those of the group itself, of pinned domains, of the total. Figures of
one sample have a joint error; samples that are independent are given apart, and their variances add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.estimates.covariance import linearised_values, replicate_values
from mpi.estimates.estimates import Estimates
from mpi.estimates.joint_df import JointFreedom
from mpi.estimates.linearising import WholeDesign, scale_of
from mpi.inference.variance import replicate_variance

BLOCK = 4_000_000  # linearised values at once: 32 MB
NOISE = 1e-13  # of the variances without their covariance: what is left below it is rounding


@dataclass(frozen=True, eq=False)
class Terms:
    """The figures of one sample that functions read.

    Attributes
    ----------
    estimates : Estimates
        The whole table of one call, in which a figure's row is its place.
    places : int64, shape (g, m)
        Rows of the table; -1 where a group has no such figure.
    """

    estimates: Estimates
    places: NDArray[np.int64]

    @cached_property
    def values(self) -> Floats:
        """The estimates, NaN where undefined; shape (g, m)."""
        return self.column("estimate")

    def column(self, name: str) -> Floats:
        """A column of numbers at the places, NaN for null; shape (g, m)."""
        numbers = np.array(self.estimates.table[name].to_numpy(), np.float64)
        return np.where(self.places < 0, np.nan, numbers[self.places])

    def unsure(self, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where a figure that is used has no standard error; `used` is of shape (g, m, n), the result (g, n)."""
        lacking = ~np.isfinite(self.column("se"))
        found: NDArray[np.bool_] = np.any(used & lacking[..., None], axis=1)
        return found

    def flat(self, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where one that is used has a standard error of 0, as its sample does not vary; shape (g, n)."""
        zero = self.column("se") == 0
        found: NDArray[np.bool_] = np.any(used & zero[..., None], axis=1)
        return found

    def variance(self, slopes: Floats) -> Floats:
        """Variances of n functions of the figures in each group.

        Parameters
        ----------
        slopes : float64, shape (g, m, n)
            Derivatives by each figure; 0 where it is not read.

        Returns
        -------
        float64, shape (g, n)
            0 for a census, which has no sampling error.
        """
        found = np.zeros((len(slopes), slopes.shape[2]))
        basis = self.estimates.basis
        if basis.profile.sample.census:
            return found
        units = self._whole.units if basis.replicates is None else basis.replicates.number
        step = max(1, BLOCK // max(1, units * max(slopes.shape[1:])))
        for first in range(0, len(slopes), step):
            run = slice(first, first + step)
            own = self._replicated if basis.replicates is not None else self._linearised
            found[run] = own(self.places[run], self.values[run], np.nan_to_num(slopes[run]))
        return found

    @cached_property
    def _whole(self) -> WholeDesign:
        return WholeDesign(self.estimates.basis)

    def _linearised(self, places: NDArray[np.int64], values: Floats, slopes: Floats) -> Floats:
        basis, whole = self.estimates.basis, self._whole
        distinct, which = np.unique(np.maximum(places, 0), return_inverse=True)
        which = which.reshape(places.shape)
        z = np.nan_to_num(linearised_values(basis, distinct, whole))
        of_set, domain, statistic = basis.located(distinct)
        statistics = [basis.table.statistics[s] for s in statistic.tolist()]
        scale = scale_of(statistics, self._of(distinct))
        met = whole.met(of_set, domain)
        groups, _, functions = slopes.shape
        sizes = np.einsum("gm,gmn->gn", scale[which], np.abs(slopes))
        if met is not None:  # each figure is centred over the strata of its own domain: only a matrix tells them apart
            return np.stack(
                [_of_matrix(whole.covariance(z[:, at], scale[at], met[:, at]), slopes[g]) for g, at in enumerate(which)]
            )
        combined = np.empty((len(z), groups, functions))
        for g in range(groups):
            combined[:, g] = z[:, which[g]] @ slopes[g]
        flat = combined.reshape(len(z), groups * functions)
        return whole.variance(flat, np.maximum(sizes.ravel(), np.finfo(float).tiny)).reshape(groups, functions)

    def _of(self, places: NDArray[np.int64]) -> Floats:
        return np.array(self.estimates.table["estimate"].to_numpy(), np.float64)[places]

    def _replicated(self, places: NDArray[np.int64], values: Floats, slopes: Floats) -> Floats:
        how = not_none(self.estimates.basis.replicates)
        distinct, which = np.unique(np.maximum(places, 0), return_inverse=True)
        which = which.reshape(places.shape)
        repeated = np.nan_to_num(replicate_values(self.estimates.basis, distinct))
        combined = np.stack([slopes[g].T @ repeated[which[g]] for g in range(len(slopes))])
        full = np.einsum("gm,gmn->gn", np.nan_to_num(values), slopes)
        return replicate_variance(combined, full, scale=how.scale, rscales=how.rscales, mse=how.mse)[0]

    def freedom(self, used: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Degrees of freedom of functions of several figures: those of the sample in any of their domains.

        Parameters
        ----------
        used : bool, shape (g, m, n)

        Returns
        -------
        int64, shape (g, n)
        """
        found = np.zeros((len(used), used.shape[2]), np.int64)
        if self.estimates.basis.profile.sample.census:
            return found
        distinct, which = np.unique(np.maximum(self.places, 0), return_inverse=True)
        which = which.reshape(self.places.shape)
        joint = JointFreedom(self.estimates.basis, distinct)
        alike: dict[bytes, int] = {}
        for g, n in np.ndindex(found.shape):
            involved = np.zeros(len(distinct), np.bool_)
            involved[which[g][used[g, :, n]]] = True
            key = joint.alike(involved)
            if key not in alike:
                alike[key] = joint.of(involved)
            found[g, n] = alike[key]
        return found


def variance_of(terms: Sequence[Terms], slopes: Sequence[Floats]) -> Floats:
    """Variances of functions of figures of independent samples, added up; shape (g, n)."""
    found: Floats = np.sum([one.variance(own) for one, own in zip(terms, slopes, strict=True)], axis=0)
    return found


def freedom_of(terms: Sequence[Terms], used: Sequence[NDArray[np.bool_]]) -> NDArray[np.int64]:
    """Degrees of freedom over independent samples, added up over those that are read; shape (g, n)."""
    found: NDArray[np.int64] = np.sum([one.freedom(own) for one, own in zip(terms, used, strict=True)], axis=0)
    return found


def _of_matrix(matrix: Floats, slopes: Floats) -> Floats:
    variance = np.einsum("mn,mk,kn->n", slopes, matrix, slopes)
    apart = np.einsum("mn,m->n", slopes**2, np.diag(matrix))
    return np.where(variance <= NOISE * apart, 0.0, variance)
