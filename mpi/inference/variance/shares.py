"""Variances of each domain's share in a total of the full population, between PSUs.

In come totals over the domain's members and over everybody, by PSU; out go variances by domain.
Units where the domain has no member enter by moments, so that no table of domains by units is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Floats, Ints
from mpi.inference.variance.groups import SQUARES_NOISE, Part, deviations_of_sums, domain_sums, parts_of, strata_sums
from mpi.inference.variance.stages import Stages, without_noise


@dataclass(frozen=True, slots=True, eq=False)
class ShareSquares:
    """Sums of products where a row groups several PSUs of one stratum, for `share_variance`.

    Attributes
    ----------
    yy, yx : float64, shape (r, q)
        For each row of a domain: sum over its PSUs of y squared; of y times the same PSU's x over the full population.
    xx : float64, shape (m, q)
        For each row of the full population: sum over its PSUs of x squared.
    """

    yy: Floats
    yx: Floats
    xx: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Population:
    """Mean of x over each stratum's PSUs, with its sum of squared deviations, both of shape (H, q)."""

    x_mean: Floats
    xx: Floats


def share_variance(
    domain: Ints,
    stratum: Ints,
    y: Floats,
    x: Floats,
    *,
    domains: int,
    stages: Stages,
    population_stratum: Ints,
    population_x: Floats,
    squares: ShareSquares | None = None,
) -> Floats:
    """Variance of each domain's share in a total of the full population: of the persons, the poor, or M0.

    The share R = Y_domain / X is a ratio over the full design, so every PSU counts, with z_hi = (y_hi - R x_hi) / X.
    PSUs where the domain has no member enter by the moments of x in their stratum, without a table of domains by PSUs.
    Near a share of 1 the moments cancel: the variance is off by about 1e-16 of that of the total.

    Parameters
    ----------
    domain, stratum, domains, stages
        As in `linearised_variance`, with its errors; a domain without a row has share 0. All strata of the design are
        present here, and the grand mean of z is 0.
    y : float64, shape (r, q)
        Weighted PSU totals over the domain's members (persons, poor persons, censored scores).
    x : float64, shape (r, q)
        Weighted totals over all persons of the same PSU; not read when `squares` is given.
    population_stratum : int64, shape (m,)
        Stratum of each PSU of the full population; PSUs without members may be left out.
    population_x : float64, shape (m, q)
        Weighted totals x over all persons of each of these PSUs.
    squares : ShareSquares, optional
        For designs where each household is a PSU: rows, of the domains and of the population, are then groups of PSUs
        of one stratum, with these sums of products.

    Returns
    -------
    float64, shape (domains, q)
        Variances of the shares (pure numbers); NaN where the population's total is 0.

    References
    ----------
    R survey 4.1-1, `svyratio` and `svymean` over the full design.

    Examples
    --------
    >>> members, everyone, zeros = np.array([[2.0], [1.0]]), np.array([[2.0], [3.0], [5.0]]), np.zeros(3, np.int64)
    >>> share_variance(zeros[:2], zeros[:2], members, everyone[:2], domains=1, stages=Stages(psus=np.array([3])),
    ...                population_stratum=zeros, population_x=everyone)
    array([[0.0633]])
    """
    products = ShareSquares(y**2, y * x, population_x**2) if squares is None else squares
    found = _of_shares(
        stages,
        domain,
        stratum,
        y,
        products,
        domains=domains,
        population_stratum=population_stratum,
        population_x=population_x,
    )
    return without_noise(found * stages.scaling, 1.0)


def _of_shares(
    stages: Stages,
    domain: Ints,
    stratum: Ints,
    y: Floats,
    products: ShareSquares,
    *,
    domains: int,
    population_stratum: Ints,
    population_x: Floats,
) -> Floats:
    """Sum over all strata of their factor times the squared deviations of z = (y - R x) / X; shape (domains, q)."""
    grand_total = population_x.sum(axis=0)
    grand_total = np.where(grand_total == 0, np.nan, grand_total)
    population = _population(stages, population_stratum, population_x, products.xx)
    parts = parts_of(domain, stratum, stages.psus, y.shape[1])
    share = domain_sums(parts, y, domains) / grand_total
    variance, xx_present = np.zeros_like(share), np.zeros_like(share)
    for part in parts:
        weight = stages.factor[part.stratum, None]
        part.add_to_domains(weight * _share_deviations(part, y, products, share, population), variance)
        part.add_to_domains(weight * population.xx[part.stratum], xx_present)
    # Strata without a row: z = -R x / X, from what is left of the moments of x.
    xx_absent = np.maximum((stages.factor[:, None] * population.xx).sum(axis=0) - xx_present, 0)
    present = strata_sums(parts, np.ones((stages.psus.size, 1)), domains)
    all_present = present == np.count_nonzero(stages.psus)
    variance += share**2 * np.where(all_present, 0, xx_absent)
    variance /= grand_total**2
    return variance


def _population(stages: Stages, stratum: Ints, x: Floats, xx: Floats) -> _Population:
    """Moments of x by stratum from sums of x and x squared, shape (m, q).

    Where one PSU was drawn its centre is the grand mean of z, which is 0, so the mean of x is set to 0.
    """
    moments = _Population(np.zeros((stages.psus.size, x.shape[1])), np.zeros((stages.psus.size, x.shape[1])))
    for part in parts_of(np.zeros_like(stratum), stratum, stages.psus, x.shape[1]):
        total = part.sums(x[part.rows])
        centre = np.where(part.drawn == 1, 0, total / part.drawn)
        moments.x_mean[part.stratum] = centre
        moments.xx[part.stratum] = deviations_of_sums(part, part.sums(xx[part.rows]), total, centre)
    return moments


def _share_deviations(part: Part, y: Floats, products: ShareSquares, share: Floats, of_x: _Population) -> Floats:
    """Sum of squared deviations of y - R x over the PSUs of each group's stratum: Syy - 2 R Syx + R^2 Sxx."""
    ratio = share[part.domain]
    total = part.sums(y[part.rows])
    y_mean = np.where(part.drawn == 1, 0, total / part.drawn)
    yy = deviations_of_sums(part, part.sums(products.yy[part.rows]), total, y_mean)
    yx = part.sums(products.yx[part.rows]) - total * of_x.x_mean[part.stratum]
    size = yy + ratio**2 * of_x.xx[part.stratum]
    deviations = size - 2 * ratio * yx
    return np.where(deviations <= SQUARES_NOISE * size, 0, deviations)
