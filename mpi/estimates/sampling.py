"""Points, variances, design effects and counts of all statistics in all domains, as arrays.

Statistics are taken in blocks, so that memory stays bounded whatever the number of PSUs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.estimates.quantities import INCLUDED, Quantities, Statistic, proportion_bases, sorts
from mpi.estimates.rows import FloatArray, Rows, added_up, cell_sums, domain_sums
from mpi.profile import DeprivationProfile, Sample
from mpi.variance import (
    DegreesOfFreedomRule,
    ShareSquares,
    Stages,
    degrees_of_freedom,
    linearised_variance,
    share_variance,
)

BLOCK = 8_000_000  # values of rows times statistics at once: 64 MB an array
NO_SPREAD = 1e-12  # of the sum of squares: what rounding leaves of equal values


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """What one set of g domains yields for s statistics and b cutoffs; NaN where undefined.

    Attributes
    ----------
    estimate, variance, deff : float64, shape (g, s)
    df : int64, shape (g, s)
        Degrees of freedom.
    n, psus : int64, shape (g, s)
        Unweighted units whom the statistic is about; PSUs with one of them.
    population : float64, shape (g, s)
        Weight of these units.
    everyone : int64, shape (g,)
        Unweighted units, those with an unknown score too.
    n_poor : int64, shape (g, b)
        Unweighted poor units.
    """

    estimate: FloatArray
    variance: FloatArray
    deff: FloatArray
    df: NDArray[np.int64]
    n: NDArray[np.int64]
    psus: NDArray[np.int64]
    population: FloatArray
    everyone: NDArray[np.int64]
    n_poor: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Units of b bases in g domains, as in `Estimated`; shape (g, b)."""

    n: NDArray[np.int64]
    psus: NDArray[np.int64]
    population: FloatArray
    df: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Some statistics in g domains, as in `Estimated`, with the total that divides each (1 for totals)."""

    estimate: FloatArray
    variance: FloatArray
    divisor: FloatArray


def estimated(
    profile: DeprivationProfile, rows: Rows, whole: Rows, table: Quantities, poor: Sequence[NDArray[np.bool_]],
    *, rule: DegreesOfFreedomRule | int,
) -> Estimated:  # fmt: skip
    """Every statistic in every domain.

    Parameters
    ----------
    profile : DeprivationProfile
    rows, whole : Rows
        By the domains; of the total.
    table : Quantities
        Of p distinct patterns.
    poor : sequence of bool, shape (p,)
        Who is poor at each cutoff.
    rule : str or int
        Of the degrees of freedom.
    """
    sample = profile.sample
    bases, base = proportion_bases(table)
    counts = _counts(sample, rows, table, bases, rule)
    estimate, variance, deff = (np.full((rows.domains, len(base)), np.nan) for _ in range(3))
    for block in _blocks(table, max(len(rows.starts), rows.domains)):
        chosen = [table.statistics[s] for s in block]
        shares = chosen[0].sort == "share"
        found = _shares(sample, rows, whole, table, chosen) if shares else _ratios(sample, rows, table, chosen)
        estimate[:, block], variance[:, block] = found.estimate, found.variance
        if not shares and not sample.census:
            n, population = counts.n[:, base[block]], counts.population[:, base[block]]
            deff[:, block] = _deff(rows, table, chosen, found, n=n, population=population)
    df = counts.df[:, base]
    df[:, sorts(table, "share")] = _counts(sample, whole, table, [INCLUDED], rule).df
    everyone = added_up(rows, np.add.reduceat(rows.count, rows.starts))
    n_poor = np.column_stack([added_up(rows, _units(rows, flag)) for flag in poor])
    return Estimated(estimate, variance, deff, df, counts.n[:, base], counts.psus[:, base], counts.population[:, base],
                     everyone, n_poor)  # fmt: skip


def _blocks(table: Quantities, rows: int) -> Iterator[NDArray[np.int64]]:
    """Places of statistics that are computed together: shares apart, and not too many at once."""
    width = max(1, BLOCK // max(1, rows))
    shares = sorts(table, "share")
    for places in (np.flatnonzero(~shares), np.flatnonzero(shares)):
        for first in range(0, len(places), width):
            yield places[first : first + width]


def _units(rows: Rows, flag: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Unweighted units of each row whose pattern has a flag of shape (p,); shape (r,)."""
    found: NDArray[np.int64] = np.add.reduceat(rows.count * flag[rows.which], rows.starts)
    return found


def _counts(
    sample: Sample, rows: Rows, table: Quantities, bases: Sequence[int], rule: DegreesOfFreedomRule | int
) -> _Counts:
    n, psus, df = (np.zeros((rows.domains, len(bases)), np.int64) for _ in range(3))
    for b, column in enumerate(bases):
        flag = table.columns[column] > 0
        n[:, b] = added_up(rows, _units(rows, flag))
        # Under clustering a household may be split by its persons and is counted with the first: persons without it.
        households = np.where(flag[rows.which] & (rows.count > 0), np.maximum(rows.households, 1), 0)
        present: NDArray[np.int64] = np.add.reduceat(households, rows.starts)
        if sample.clustered:
            present = np.minimum(present, 1)
        psus[:, b] = added_up(rows, present)
        if sample.census:
            continue
        df[:, b] = degrees_of_freedom(rows.domain, rows.stratum, present, domains=rows.domains, psus=sample.psus,
                                      rule=rule)  # fmt: skip
    return _Counts(n, psus, domain_sums(rows, [table.columns[column] for column in bases]), df)


def _ratios(sample: Sample, rows: Rows, table: Quantities, chosen: Sequence[Statistic]) -> _Points:
    """Ratios and totals over the domains, linearised: z = (y - R x) / X, and z = y for totals."""
    columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))
    place = {column: i for i, column in enumerate(columns)}
    at_y, at_x = [place[s.y] for s in chosen], [place[s.x] for s in chosen]
    sums = cell_sums(rows, [table.columns[column] for column in columns], rows.starts)
    totals = added_up(rows, sums)
    total = np.array([s.sort == "total" for s in chosen])
    defined = totals[:, at_x] > 0
    divisor = np.where(total | ~defined, 1.0, totals[:, at_x])
    estimate = np.where(defined, totals[:, at_y] / divisor, np.nan)
    if sample.census:
        return _Points(estimate, np.full_like(estimate, np.nan), divisor)
    ratio = np.where(total | ~defined, 0.0, estimate)
    size = np.bincount(rows.domain, minlength=rows.domains)
    z = np.empty((len(rows.starts), len(chosen)))
    for i, (y, x) in enumerate(zip(at_y, at_x, strict=True)):  # by columns: temporaries of one column stay small
        z[:, i] = (sums[:, y] - np.repeat(ratio[:, i], size) * sums[:, x]) / np.repeat(divisor[:, i], size)
    variance = linearised_variance(
        rows.domain, rows.stratum, z, domains=rows.domains, stages=Stages(sample.psus, sample.single_psu),
        squares=None if sample.clustered else _squares(rows, table, chosen, ratio, divisor),
        scale=np.where(total, np.maximum(totals[:, at_y], 1.0), 1.0),
    )  # fmt: skip
    return _Points(estimate, np.where(defined, variance, np.nan), divisor)


def _squares(
    rows: Rows, table: Quantities, chosen: Sequence[Statistic], ratio: FloatArray, divisor: FloatArray
) -> FloatArray:
    """Sums over households of the squares of their linearised totals, where each is its own PSU; shape (r, s)."""
    squares = np.empty((len(rows.starts), len(chosen)))
    for place, statistic in enumerate(chosen):
        y, x = table.columns[statistic.y], table.columns[statistic.x]
        residual = y[rows.which] - ratio[rows.cell_domain, place] * x[rows.which]
        squares[:, place] = np.add.reduceat(rows.squares * residual**2, rows.starts)
    return squares / divisor[rows.domain] ** 2


def _deff(
    rows: Rows, table: Quantities, chosen: Sequence[Statistic], found: _Points, *,
    n: NDArray[np.int64], population: FloatArray,
) -> FloatArray:  # fmt: skip
    """Variance over that of a simple random sample of as many units, without replacement; shape (g, s).

    References
    ----------
    Kish (1965), Survey Sampling, 8.2; R survey, `svymean(deff = TRUE)`.
    """
    columns = list(dict.fromkeys(column for s in chosen for column in s.moments))
    place = {column: i for i, column in enumerate(columns)}
    sums = domain_sums(rows, [table.columns[column] for column in columns])
    yy, yx, xx = (sums[:, [place[s.moments[i]] for s in chosen]] for i in range(3))
    total = np.array([s.sort == "total" for s in chosen])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(total, found.estimate / population, found.estimate)
        size = yy + mean**2 * xx
        spread = size - 2 * mean * yx
        simple = np.where(spread > NO_SPREAD * size, spread, np.nan) * (population - n) / (n - 1) / found.divisor**2
        return np.where((population > n) & (n > 1), found.variance / simple, np.nan)


def _shares(sample: Sample, rows: Rows, whole: Rows, table: Quantities, chosen: Sequence[Statistic]) -> _Points:
    """Shares of each domain in the total of x over all domains, over the full design."""
    y, x = [table.columns[s.y] for s in chosen], [table.columns[s.x] for s in chosen]
    own, everyone = cell_sums(rows, y, rows.starts), cell_sums(whole, x, whole.starts)
    overall = everyone.sum(axis=0)
    defined = (domain_sums(rows, [table.columns[INCLUDED]]) > 0) & (overall > 0)
    divisor = np.where(defined, overall, 1.0)
    estimate = np.where(defined, added_up(rows, own) / divisor, np.nan)
    if sample.census:
        return _Points(estimate, np.full_like(estimate, np.nan), divisor)
    matched, squares = np.zeros_like(own), None
    if sample.clustered:
        place = np.zeros(len(sample.psu_labels), np.int64)
        place[whole.psu] = np.arange(len(whole.psu))
        matched = everyone[place[rows.psu]]
    else:
        squares = ShareSquares(
            cell_sums(rows, [a * a for a in y], rows.starts, rows.squares),
            cell_sums(rows, [a * b for a, b in zip(y, x, strict=True)], rows.starts, rows.squares),
            cell_sums(whole, [b * b for b in x], whole.starts, whole.squares),
        )
    variance = share_variance(rows.domain, rows.stratum, own, matched, domains=rows.domains,
                              stages=Stages(sample.psus, sample.single_psu), population_stratum=whole.stratum,
                              population_x=everyone, squares=squares)  # fmt: skip
    return _Points(estimate, np.where(defined, variance, np.nan), divisor)
