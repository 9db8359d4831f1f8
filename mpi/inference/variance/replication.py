"""Variances from replicate weights, and the factors of replicates that are made from the design.

In come estimates of each replicate, or the strata of the PSUs; out go variances and covariances, or factors that
multiply the weights of a PSU's members. Estimates by replicate are the caller's, from the totals that are made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Ints
from mpi.inference.variance.stages import SE_NOISE, single_psu_strata
from mpi.vocabulary.options import SinglePsu

LEAST_REPLICATES = 2
ROWS = 256  # rows whose draws are made numbers of 8 bytes at once: of 1,000 replicates 2 MB
ONE_THREAD = 2**18  # multiplications of a product that OpenBLAS does in the thread that asks for it


def jackknife_factors(
    psu_stratum: Ints, psus: Ints, fractions: Floats | None = None, *, single_psu: SinglePsu = "fail"
) -> tuple[Floats, Floats]:
    """Factors of the stratified jackknife JKn, a replicate for each PSU; JK1 where there is one stratum.

    Parameters
    ----------
    psu_stratum : int64, shape (P,)
        Stratum of each PSU.
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum, those of `psu_stratum`.
    fractions : float64, shape (H,), optional
        Share of each stratum's PSUs that was drawn; where it is 1 the stratum has no replicates.
    single_psu : SinglePsu
        "certainty": a stratum with a single PSU has no replicate; otherwise it is refused.

    Returns
    -------
    factors : float64, shape (P, R)
        For the replicate that leaves out PSU i of stratum h: 0 for it, n_h / (n_h - 1) for the others of h, else 1.
    rscales : float64, shape (R,)
        Each (1 - f_h) (n_h - 1) / n_h; the scale is 1.

    Raises
    ------
    ValueError
        When `psus` does not count the PSUs, or a single PSU is refused.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, 4.5; R survey 4.1-1, `jknweights`.

    Examples
    --------
    >>> factors, rscales = jackknife_factors(np.array([0, 0, 1, 1]), np.array([2, 2]), np.array([0.5, 1]))
    >>> factors.T, rscales
    (array([[0., 2., 1., 1.], [2., 0., 1., 1.]]), array([0.25, 0.25]))
    """
    _check_psus(psu_stratum, psus, fractions, single_psu)
    left_out = 1.0 - (np.zeros(psus.size) if fractions is None else fractions)
    dropped = np.flatnonzero((psus[psu_stratum] > 1) & (left_out[psu_stratum] > 0))
    stratum = psu_stratum[dropped]
    size = psus[stratum]
    factors = np.where(psu_stratum[:, None] == stratum, size / (size - 1), 1.0)
    factors[dropped, np.arange(dropped.size)] = 0
    return factors, left_out[stratum] * (size - 1) / size


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """A bootstrap's draws of PSUs, an eighth of the memory of the factors, which are constant + slope * times.

    Attributes
    ----------
    times : unsigned integer, shape (P, R)
        How often each PSU was drawn in each replicate.
    slope, constant : float64, shape (P,)
    """

    times: NDArray[np.unsignedinteger[Any]]
    slope: Floats
    constant: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the factors."""
        return self.times.shape


def rao_wu_draws(
    psu_stratum: Ints,
    psus: Ints,
    replicates: int,
    rng: np.random.Generator,
    fractions: Floats | None = None,
    *,
    single_psu: SinglePsu = "fail",
) -> Draws:
    """Draws of the rescaling bootstrap of Rao and Wu: n_h - 1 PSUs in each stratum, with replacement.

    Factor 1 + sqrt(1 - f_h) (n_h / (n_h - 1) * times drawn - 1). The scale is 1 / R about the full estimate, or
    1 / (R - 1) about the mean of the replicates.

    Parameters
    ----------
    psu_stratum, psus, fractions
        As in `jackknife_factors`.
    replicates : int
        Their number R.
    rng : numpy Generator
        The same state gives the same draws.
    single_psu : SinglePsu
        "certainty": a single PSU has factor 1 in every replicate; otherwise it is refused.

    Raises
    ------
    ValueError
        As in `jackknife_factors`.

    References
    ----------
    Rao and Wu (1988), Journal of the American Statistical Association 83(401), 231-241; R survey 4.1-1,
    `subbootweights`.
    """
    _check_psus(psu_stratum, psus, fractions, single_psu)
    draws = np.maximum(psus - 1, 0)
    order = np.argsort(psu_stratum, kind="stable")
    ordered = np.array_equal(order, np.arange(order.size))
    times = np.empty((replicates, psu_stratum.size), np.min_scalar_type(draws.max(initial=0)))
    for row, drawn in zip(times, _drawn(psus, draws, replicates, rng), strict=True):
        row[slice(None) if ordered else order] = drawn
    root = np.where(psus > 1, np.sqrt(1 - (0.0 if fractions is None else fractions)), 0.0)
    slope = root * psus / np.maximum(draws, 1)
    return Draws(times.T, slope[psu_stratum], (1 - root)[psu_stratum])


def _drawn(psus: Ints, draws: Ints, replicates: int, rng: np.random.Generator) -> Iterator[Ints]:
    """How often each PSU is drawn in each replicate, stratum by stratum; all of a stratum are as likely.

    A draw is the upper half of 32 random bits times the number of PSUs: a quarter of the time of a random float, and
    as likely for each PSU to 1e-5 in strata of up to 40,000.
    """
    number, half = int(draws.sum()), np.uint64(32)
    size = np.repeat(psus.astype(np.uint64), draws)
    first = np.repeat((np.cumsum(psus) - psus).astype(np.uint64), draws) << half
    place = np.empty(number, np.uint64)  # one for all: new memory would cost more
    for _ in range(replicates):
        bits = rng.bit_generator.random_raw((number + 1) // 2).view(np.uint32)[:number]
        np.multiply(bits, size, out=place)
        np.add(place, first, out=place)
        yield np.bincount(np.right_shift(place, half, out=place).view(np.int64), minlength=int(psus.sum()))


def replicate_totals(starts: Ints, values: Floats, factors: Floats | Draws, place: Ints | None = None) -> Floats:
    """Totals of values over each domain in each replicate.

    Parameters
    ----------
    starts : int64, shape (g,)
        First row of each domain, ascending; two equal ones are a domain without rows. Rows before the first are left
        out.
    values : float64, shape (r, q)
        Weighted totals of the rows, in the order of domains. For replicate weights instead of factors: values without
        weights.
    factors : float64 or Draws, shape (r, R), or (P, R) with `place`
        Factor, or weight, of each row in each replicate.
    place : int64, shape (r,), optional
        Row of `factors`, such as the PSU, of each row of `values`.

    Returns
    -------
    float64, shape (g, q, R)
        A caller bounds its size by taking fewer domains or columns at a time; a domain's factors are the only copy, of
        draws those of some of its rows.
    """
    place = np.arange(len(values)) if place is None else place
    totals = np.zeros((starts.size, values.shape[1], factors.shape[1]))
    ends = np.append(starts[1:], len(values))
    for total, first, last in zip(totals, starts.tolist(), ends.tolist(), strict=True):
        own = values[first:last], place[first:last]
        if isinstance(factors, Draws):
            _add_drawn(total, *own, factors)
        else:
            np.matmul(own[0].T, _rows(factors, own[1]), out=total)
    return totals


def _add_drawn(total: Floats, values: Floats, place: Ints, draws: Draws) -> None:
    """Add to a total, shape (q, R), what some rows have in each replicate."""
    q, number = total.shape
    sloped = values * draws.slope[place, None]
    # One product of several threads would wait for them in each block, and for other programs on a busy machine.
    wide = max(1, ONE_THREAD // (q * min(ROWS, max(1, place.size))))
    stacked = -(-number // wide)
    room, added = np.zeros(stacked * wide * min(ROWS, place.size)), np.empty((stacked, wide, q))
    found = np.zeros_like(added)
    for first in range(0, place.size, ROWS):
        own = place[first : first + ROWS]
        times = room[: stacked * wide * own.size].reshape(stacked * wide, own.size)
        times[:number] = _rows(draws.times, own).T
        found += np.matmul(times.reshape(stacked, wide, own.size), sloped[first : first + ROWS], out=added)
    total += found.reshape(-1, q)[:number].T
    total += (draws.constant[place] @ values)[:, None]


def _rows(values: NDArray[Any], place: Ints) -> NDArray[Any]:
    """Some rows of an array; a view of them where they follow one another, as PSUs do that are numbered by region."""
    first = int(place[0]) if place.size else 0
    if np.array_equal(place, np.arange(first, first + place.size)):
        return values[first : first + place.size]
    return values[place] if values.flags.c_contiguous else values.T.take(place, axis=1).T


def replicate_variance(
    estimates: Floats, full: Floats, *, scale: float, rscales: Floats, mse: bool
) -> tuple[Floats, Ints]:
    """Variance of statistics from their replicates: scale times the sum of rscales_r (theta_r - centre)^2.

    Parameters
    ----------
    estimates : float64, shape (..., R)
        NaN where a replicate leaves the statistic undefined: it is dropped, and nothing is rescaled.
    full : float64, shape (...)
        Estimates with the full weights.
    scale : float
    rscales : float64, shape (R,)
    mse : bool
        Centre at `full`; otherwise at the mean of the defined replicates whose rscale is above 0.

    Returns
    -------
    variance : float64, shape (...)
        NaN where the full estimate is undefined or fewer than 2 replicates are left. A standard error below 1e-12 of
        the estimate, or below 1e-12, is 0.
    undefined : int64, shape (...)
        Number of replicates that were dropped.

    Raises
    ------
    ValueError
        When the numbers of replicates, or of estimates, differ.

    References
    ----------
    R survey 4.1-1, `svrVar`.

    Examples
    --------
    >>> estimates = np.array([1.0, 2.0, np.nan, 6.0])
    >>> variance, undefined = replicate_variance(estimates, np.array(3.0), scale=0.5, rscales=np.ones(4), mse=False)
    >>> float(variance), int(undefined)
    (7.0, 1)
    """
    _check_replicates(estimates, full, rscales)
    defined = ~np.isnan(estimates)
    centre = full if mse else _mean(estimates, defined & (rscales > 0))
    deviations = np.where(defined, estimates - centre[..., None], 0)
    variance = scale * (deviations**2 @ rscales)
    variance = np.where(variance <= _least_variance(full), 0, variance)
    usable = (defined.sum(axis=-1) >= LEAST_REPLICATES) & ~np.isnan(full) & ~np.isnan(centre)
    return np.where(usable, variance, np.nan), np.sum(~defined, axis=-1, dtype=np.int64)


def replicate_covariance(
    estimates: Floats, full: Floats, *, scale: float, rscales: Floats, mse: bool
) -> tuple[Floats, int]:
    """Covariance matrix of m statistics from the replicates in which all of them are defined.

    Parameters
    ----------
    estimates : float64, shape (m, R)
    full : float64, shape (m,)
        A statistic that is NaN here has a row and column of NaN, and its replicates drop nothing.
    scale, rscales, mse
        As in `replicate_variance`, with its errors.

    Returns
    -------
    covariance : float64, shape (m, m)
        NaN where fewer than 2 replicates are left.
    dropped : int
        Number of replicates that were dropped.

    References
    ----------
    R survey 4.1-1, `svrVar` of several statistics, where a replicate with any NA is dropped.
    """
    _check_replicates(estimates, full, rscales)
    known = ~np.isnan(full)
    kept = ~np.isnan(estimates[known]).any(axis=0)
    centred_on = kept & (rscales > 0)
    dropped = int(np.count_nonzero(~kept))
    covariance = np.full((full.size, full.size), np.nan)
    if np.count_nonzero(kept) < LEAST_REPLICATES or not (mse or centred_on.any()):
        return covariance, dropped
    own = estimates[known]
    centre = full[known] if mse else own[:, centred_on].mean(axis=1)
    deviations = (own[:, kept] - centre[:, None]) * np.sqrt(rscales[kept])
    inner = scale * (deviations @ deviations.T)
    noise = np.diagonal(inner) <= _least_variance(full[known])
    inner[noise, :] = 0
    inner[:, noise] = 0
    covariance[np.ix_(known, known)] = inner
    return covariance, dropped


def _mean(estimates: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Mean over the counted replicates, shape (...); NaN where there are none."""
    number = counted.sum(axis=-1)
    total = np.where(counted, estimates, 0).sum(axis=-1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _least_variance(full: Floats) -> Floats:
    """Variance that is rounding beside the estimate: one whose standard error is 1e-12 of it, or 1e-12."""
    return np.fmax(SE_NOISE, SE_NOISE * np.abs(full)) ** 2


def _check_psus(psu_stratum: Ints, psus: Ints, fractions: Floats | None, single_psu: SinglePsu) -> None:
    if not np.array_equal(np.bincount(psu_stratum, minlength=psus.size), psus):
        raise ValueError(f"{psu_stratum.size} PSUs are not the {psus.sum()} that were drawn in the strata")
    single = single_psu_strata(psus, fractions)
    if single.size and single_psu != "certainty":
        raise ValueError(
            f"{single.size} of {psus.size} strata have one PSU, which no replicate can leave out; merge them, or give "
            "single_psu certainty"
        )


def _check_replicates(estimates: Floats, full: Floats, rscales: Floats) -> None:
    if estimates.shape != (*full.shape, rscales.size):
        raise ValueError(
            f"{rscales.size} replicates of estimates of shape {full.shape} do not fit an array {estimates.shape}"
        )
