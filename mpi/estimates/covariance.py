"""One covariance matrix for any estimates of one call, and its uses: contrasts, Wald tests, differences.

Estimates of different statistics, cutoffs, indicators and domains are functions of the same sample, so their errors
are correlated. If two domains share PSUs, two separate errors do not give the error of their difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from mpi.columns import arrow
from mpi.columns.values import Floats, not_none
from mpi.errors import Fault, UsageError, counted, listed, nearest, phrase
from mpi.errors.arguments import JUDGED, public
from mpi.estimates.basis import Basis
from mpi.estimates.contrasts import check_adjust, contrast_table
from mpi.estimates.joint_df import JointFreedom
from mpi.estimates.linearising import WholeDesign, scale_of
from mpi.estimates.replicated import replicate_estimates
from mpi.estimates.tidy import Placed
from mpi.inference.distributions import f_upper_tail
from mpi.inference.variance import replicate_covariance
from mpi.vocabulary.options import Adjust

Coefficients: TypeAlias = Annotated[ArrayLike, JUDGED]
MOST = 5_000  # estimates in one matrix: 200 MB
NO_RANK = 1e-10  # of the largest eigenvalue
NOISE = 1e-13  # of the variances without their covariance: what is left below it is rounding


@dataclass(frozen=True, slots=True)
class Wald:
    """A joint test that contrasts are 0.

    Attributes
    ----------
    f : float
        The Wald statistic over its rank.
    df1, df2 : int
        Rank of the contrasts' covariance; degrees of freedom of the design.
    p : float
        Of the F distribution.
    """

    f: float
    df1: int
    df2: int
    p: float


@dataclass(frozen=True, eq=False)
class Covariance:
    """The covariance matrix of m estimates.

    Attributes
    ----------
    estimates : Estimates
        The rows and columns of the matrix, in order.
    matrix : float64, shape (m, m)
        NaN in the rows and columns of estimates that are undefined or have no standard error.
    """

    estimates: Placed
    matrix: Floats

    def __repr__(self) -> str:
        return f"Covariance({len(self.estimates):,} estimates)"

    @property
    def values(self) -> Floats:
        """The estimates, NaN where undefined; shape (m,)."""
        return _values(self.estimates)

    @property
    def flat(self) -> NDArray[np.bool_]:
        """Estimates whose standard error is 0, as their sample does not vary: nothing can be tested with them."""
        zero: NDArray[np.bool_] = _column(self.estimates, "se") == 0
        return zero

    @public
    def contrast(self, coefficients: Coefficients, *, adjust: Adjust = "none") -> pa.Table:
        """Linear combinations of the estimates, each with its error, interval and test of being 0.

        Parameters
        ----------
        coefficients : float, shape (m,) or (c, m)
        adjust : {"none", "holm", "bh"}
            Correction of the p-values for their number.

        Returns
        -------
        pyarrow.Table
            Columns `estimate, se, ci_low, ci_high, t, df, p, p_adjusted, note`, one row a contrast. What cannot be said
            is null, with the reason in `note`: an estimate is undefined, has no standard error, or one of 0.

        References
        ----------
        Alkire et al. (2015), chapter 9.2; Korn and Graubard (1999), chapter 3.3.
        """
        matrix = _matrix(coefficients)
        self._check(matrix)
        check_adjust(adjust)
        used = np.where(matrix == 0, 0.0, self.values)
        estimate = (matrix * used).sum(axis=1)
        variance = np.array([self._variance(row) for row in matrix], np.float64)
        df = np.array([self.freedom.of(row != 0) for row in matrix], np.int64)
        flat = ((matrix != 0) & self.flat).any(axis=1)
        return contrast_table(estimate, variance, df, level=self.estimates.basis.level, adjust=adjust, flat=flat)

    @public
    def wald(self, coefficients: Coefficients | None = None, *, adjusted: bool = False) -> Wald:
        """Test that contrasts are all 0; without contrasts, that all estimates are equal.

        Parameters
        ----------
        coefficients : float, shape (c, m), optional
        adjusted : bool
            F = (df - q + 1) / (df q) W on (q, df - q + 1), as Stata; otherwise W / q on (q, df).

        Raises
        ------
        UsageError
            If an estimate or its error is undefined, or the contrasts do not vary, or no degrees of freedom are left.
        """
        m = len(self.values)
        matrix = np.hstack([np.ones((m - 1, 1)), -np.eye(m - 1)]) if coefficients is None else _matrix(coefficients)
        self._check(matrix)
        involved = (matrix != 0).any(axis=0)
        if m <= 1 or not np.isfinite(self.values[involved]).all():
            text = phrase("a Wald test needs two estimates or more, all of them defined")
            raise UsageError(Fault("MPI-E011", None, text, phrase("select others with `only` and `take`")))
        matrix, own = matrix[:, involved], self.matrix[np.ix_(involved, involved)]
        if not np.isfinite(own).all() or self.flat[involved].any():
            text = phrase("no Wald test: some of the estimates have no sampling error")
            raise UsageError(Fault("MPI-E011", None, text, phrase("see their `note`, and select others")))
        difference = matrix @ self.values[involved]
        inverse, rank = _inverse(matrix @ own @ matrix.T)
        df = self.freedom.of(involved)
        below = df - rank + 1 if adjusted else df
        if not rank or below <= 0:
            text = phrase(
                "no Wald test: {rank} independent contrasts and {degrees} of freedom",
                rank=rank,
                degrees=counted(df, "degree"),
            )
            raise UsageError(Fault("MPI-E011", None, text, phrase("test fewer contrasts, or give df= a number")))
        f = float(difference @ inverse @ difference) / rank * (below / df)
        return Wald(f, rank, below, float(f_upper_tail(np.array([f]), np.array([rank]), np.array([below]))[0]))

    @public
    def differences(self, *, against: Mapping[str, str | None] | None = None, adjust: Adjust = "holm") -> pa.Table:
        """Differences between domains, for each statistic, cutoff, dimension and indicator.

        Parameters
        ----------
        against : mapping of str to str or None, optional
            The domain that all others but the total are compared with, as `{"zona": "1"}`; `{}` is the total. All pairs
            of the same crossing of domains if left out.
        adjust : {"none", "holm", "bh"}
            Correction of the p-values of the whole table.

        Returns
        -------
        pyarrow.Table
            Columns `k, statistic, dimension, indicator`, for each domain column `x` also `x_other`, then those of
            `contrast`; the estimate is that of the domain less that of the other.
        """
        rows, domains = self.estimates.rows(), self.estimates.domains
        what = [tuple(row[name] for name in ("k", "statistic", "dimension", "indicator")) for row in rows]
        where = [tuple(row[name] for name in domains) for row in rows]
        pairs = _pairs(what, where, domains, against)
        if not pairs:
            text = phrase("no two of these estimates differ only in their domain")
            raise UsageError(
                Fault("MPI-E011", None, text, phrase("estimate with `by=`, and select statistics, not one domain"))
            )
        check_adjust(adjust)
        found = differences_of_pairs(self, *np.array(pairs, np.int64).T, adjust=adjust)
        made: dict[str, pa.Array] = {}
        for i, name in enumerate(("k", "statistic", "dimension", "indicator")):
            made[name] = pa.array([what[one][i] for one, _ in pairs], pa.string())
        for i, name in enumerate(domains):
            made[name] = pa.array([where[one][i] for one, _ in pairs], pa.string())
            made[f"{name}_other"] = pa.array([where[other][i] for _, other in pairs], pa.string())
        return arrow.table(made | {name: found[name].combine_chunks() for name in found.column_names})

    def _check(self, matrix: Floats) -> None:
        m = len(self.values)
        if matrix.shape[1:] != (m,) or not np.isfinite(matrix).all():
            text = phrase(
                "contrasts of shape {shape} do not fit {estimates}",
                shape=matrix.shape,
                estimates=counted(m, "estimate"),
            )
            raise UsageError(Fault("MPI-E011", None, text, phrase("give one finite coefficient for each estimate")))

    def _variance(self, row: Floats) -> float:
        used = np.flatnonzero(row)
        own = self.matrix[np.ix_(used, used)]
        variance, apart = row[used] @ own @ row[used], row[used] ** 2 @ np.diag(own)
        return 0.0 if variance <= NOISE * apart else float(variance)

    @cached_property
    def freedom(self) -> JointFreedom:
        """Degrees of freedom of any of these estimates together."""
        return JointFreedom(self.estimates.basis, self.estimates.places)


def differences_of_pairs(
    found: Covariance, one: NDArray[np.int64], other: NDArray[np.int64], *, adjust: Adjust
) -> pa.Table:
    """The contrasts one - other of many pairs of places, as `Covariance.contrast` has them, without its matrix."""
    basis, variance = found.estimates.basis, variance_of_pairs(found, one, other)
    df = found.freedom.of_pairs(one, other)
    estimate = found.values[one] - found.values[other]
    flat = found.flat[one] | found.flat[other]
    return contrast_table(estimate, variance, df, level=basis.level, adjust=adjust, flat=flat)


def variance_of_pairs(found: Covariance, one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    """Variances of the differences one - other of many pairs of places, 0 where they are rounding; shape (pairs,)."""
    diagonal = np.diag(found.matrix)
    apart = diagonal[one] + diagonal[other]
    variance = apart - 2 * found.matrix[one, other]
    return np.where(variance <= NOISE * apart, 0.0, variance)


def _matrix(coefficients: ArrayLike) -> Floats:
    """Contrasts as rows, whatever they were given as; shape (c, m)."""
    try:
        return np.atleast_2d(np.asarray(coefficients, np.float64))
    except (TypeError, ValueError):
        text = phrase(
            "the coefficients of contrasts are numbers, which this {name} does not contain",
            name=type(coefficients).__name__,
        )
        raise UsageError(
            Fault("MPI-E011", None, text, phrase("give one finite coefficient for each estimate"))
        ) from None


def covariance(estimates: Placed, whole: WholeDesign | None = None) -> Covariance:
    """The covariance matrix of estimates; see `Estimates.covariance`. Many matrices of one basis share its `whole`."""
    basis, m = estimates.basis, len(estimates)
    if basis.profile.sample.census:
        text = phrase("the survey is a census, so its estimates have no sampling error")
        raise UsageError(
            Fault("MPI-E010", None, text, phrase("compare the figures directly: their differences are exact"))
        )
    if not 0 < m <= MOST:
        text = phrase(
            "no covariance matrix of {estimates}: it takes 1 to {most:,}", estimates=counted(m, "estimate"), most=MOST
        )
        raise UsageError(Fault("MPI-E010", None, text, phrase('select some with `only("M0")` or `take(rows)`')))
    replicated = basis.replicates is not None
    found = _replicated(basis, estimates) if replicated else _linearised(whole or WholeDesign(basis), estimates)
    undefined = ~np.isfinite(_values(estimates)) | ~np.isfinite(_column(estimates, "se"))
    found[undefined] = np.nan
    found[:, undefined] = np.nan
    return Covariance(estimates, found)


def linearised_values(basis: Basis, places: NDArray[np.int64], whole: WholeDesign) -> Floats:
    """Linearised totals of the estimates at some places; shape (units, m), NaN where undefined."""
    of_set, domain, statistic = basis.located(places)
    z = np.empty((whole.units, len(places)))
    for number in np.unique(of_set).tolist():
        own = of_set == number
        z[:, own] = whole.values(whole.by(basis.sets[number]), domain[own], statistic[own])
    return z


def _linearised(whole: WholeDesign, estimates: Placed) -> Floats:
    basis = whole.basis
    z = linearised_values(basis, estimates.places, whole)
    of_set, domain, statistic = basis.located(estimates.places)
    statistics = [basis.table.statistics[s] for s in statistic.tolist()]
    met = whole.met(of_set, domain, statistic)
    return whole.covariance(np.nan_to_num(z), scale_of(statistics, _values(estimates)), met)


def replicate_values(basis: Basis, places: NDArray[np.int64]) -> Floats:
    """Replicate estimates at some places; shape (m, R), NaN where undefined."""
    of_set, domain, statistic = basis.located(places)
    replicates = not_none(basis.replicates)
    values = np.empty((len(places), replicates.number))
    for number in np.unique(of_set).tolist():
        rows = basis.rows(basis.sets[number])
        wanted = np.unique(statistic[of_set == number])
        found = replicate_estimates(rows, basis.whole, basis.table, wanted.tolist(), replicates, lines=basis.lines)
        for run, block in found:
            own = np.flatnonzero((of_set == number) & (domain >= run.start) & (domain < run.stop))
            values[own] = block[domain[own] - run.start, np.searchsorted(wanted, statistic[own])]
    return values


def _values(estimates: Placed) -> Floats:
    """The estimates, NaN for null; shape (m,)."""
    return _column(estimates, "estimate")


def _column(estimates: Placed, name: str) -> Floats:
    """A column of numbers, NaN for null; shape (m,)."""
    return np.array(estimates.table[name].to_numpy(), np.float64)


def _replicated(basis: Basis, estimates: Placed) -> Floats:
    how = not_none(basis.replicates)
    full = _values(estimates)
    good = np.flatnonzero(np.isfinite(full))
    found = np.full((len(full), len(full)), np.nan)
    values = replicate_values(basis, estimates.places[good])
    found[np.ix_(good, good)] = replicate_covariance(
        values, full[good], scale=how.scale, rscales=how.rscales, mse=how.mse
    )[0]
    return found


def _pairs(
    what: Sequence[tuple[Any, ...]],
    where: Sequence[tuple[Any, ...]],
    domains: Sequence[str],
    against: Mapping[str, str | None] | None,
) -> list[tuple[int, int]]:
    """Estimates that differ in their domain alone: all pairs of one crossing, or each with the reference."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for i, (own, place) in enumerate(zip(what, where, strict=True)):
        crossing = () if against is not None else tuple(level is None for level in place)
        alike.setdefault((own, crossing), []).append(i)
    if against is None:
        return [pair for rows in alike.values() for pair in itertools.combinations(rows, 2)]
    for name in against:
        if name not in domains:
            has = phrase("there are {names}", names=listed(domains)) if domains else phrase("estimate by it: by=...")
            remedy = nearest(name, domains) or has
            raise UsageError(
                Fault("MPI-E004", None, phrase("the estimates have no domain {name!r}", name=name), remedy)
            )
    reference = tuple(against.get(name) for name in domains)
    if reference not in where:
        shown = ", ".join(f"{name}={level}" for name, level in zip(domains, reference, strict=True) if level)
        text = phrase(
            "{value} is not among these estimates, so nothing can be compared with it",
            value=shown or phrase("the total"),
        )
        codes = {level for place in where for level in place if level is not None}
        hints = [nearest(level, sorted(codes)) for level in reference if level is not None and level not in codes]
        remedy = next((hint for hint in hints if hint), phrase("estimate by it, and keep its row in the selection"))
        raise UsageError(Fault("MPI-E011", None, text, remedy))
    pairs = []
    for rows in alike.values():
        others = [i for i in rows if where[i] == reference]
        # The total holds every domain: it is compared only if it is asked for.
        pairs += [(i, other) for other in others for i in rows if i != other and any(where[i])]
    return pairs


def _inverse(matrix: Floats) -> tuple[Floats, int]:
    """Generalised inverse of a covariance matrix, and its rank."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    good = values > NO_RANK * max(values.max(initial=0.0), 0.0)
    return (vectors[:, good] / values[good]) @ vectors[:, good].T, int(good.sum())
