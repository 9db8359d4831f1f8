"""Taylor-linearised variances of domain estimates, by stratum and PSU, and within PSUs by second-stage unit.

In come totals of linearised variables, one row for each (domain, PSU) or (domain, second-stage unit) pair that has
members; out go variances by domain. The whole design is known from `Stages`, so units without a member of the domain
count as zeros and are never dropped. Points, linearisation and intervals are left to others.
"""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Floats, Ints
from mpi.inference.variance.groups import deviations_of_sums, domain_sums, parts_of, squared_deviations, strata_sums
from mpi.inference.variance.stages import Stages, scaling, without_noise


def linearised_variance(
    domain: Ints,
    stratum: Ints,
    z: Floats,
    *,
    domains: int,
    stages: Stages,
    squares: Floats | None = None,
    scale: float | Floats = 1.0,
) -> Floats:
    """Variance between PSUs of totals of linearised variables in each domain, with the ultimate cluster estimator.

    V = sum over strata h of (1 - f_h) n_h / (n_h - 1) * sum over PSUs i of (z_hi - zbar_h)^2; PSUs of a stratum that
    have no row in the domain count as z = 0. Strata without a row add nothing, and have no part in the mean of the PSUs
    at which "centered" centres.

    Parameters
    ----------
    domain, stratum : int64, shape (r,)
        Domain, 0 to domains - 1, and stratum, 0 to H - 1, of each (domain, PSU) pair that has members; in any order,
        faster when ordered by domain, then stratum.
    z : float64, shape (r, q)
        PSU totals of q linearised variables, in units of the statistic.
    domains : int
        Number of domains; one without a row gets variance 0.
    stages : Stages
        The whole design. Option "scaled" scales by the strata with a row in the domain, and gives NaN where it has
        single ones alone.
    squares : float64, shape (r, q), optional
        For designs where each household is a PSU: a row is then a group of PSUs of one stratum, z their sum and
        `squares` their sum of squared totals.
    scale : float or float64, broadcastable to (domains, q)
        Size of the statistic: 1 for ratios, the total itself for totals. A standard error below 1e-12 of it becomes 0.

    Returns
    -------
    float64, shape (domains, q)

    Raises
    ------
    ValueError
        When a stratum has a single PSU with option "fail" or "collapse", or more rows in a domain than PSUs.

    References
    ----------
    Lumley (2010), Complex Surveys, chapter 2; R survey 4.1-1, `onestrat` (`lonely.psu` certainty, average; adjust as
    from 4.2 on);
    Stata SVY manual, "Variance estimation" (`singleunit` certainty, centered, scaled).

    Examples
    --------
    >>> z = np.array([[1.0], [3.0]])  # two of the stratum's three PSUs have members in the domain
    >>> linearised_variance(np.array([0, 0]), np.array([0, 0]), z, domains=1, stages=Stages(psus=np.array([3])))
    array([[7.]])
    """
    factor, psus, singles = stages.factor, stages.psus, stages.singles
    parts = parts_of(domain, stratum, psus, z.shape[1])
    variance = np.zeros((domains, z.shape[1]))
    grand_mean = np.zeros_like(variance)
    if stages.single_psu == "centered" and singles.size:
        met = strata_sums(parts, psus[:, None].astype(np.float64), domains)
        grand_mean = domain_sums(parts, z, domains) / np.maximum(met, 1)
    for part in parts:
        total = part.sums(z[part.rows])
        centre = np.where(part.drawn == 1, grand_mean[part.domain], total / part.drawn)
        if squares is None:
            deviations = squared_deviations(part, z[part.rows], centre)
        else:
            deviations = deviations_of_sums(part, part.sums(squares[part.rows]), total, centre)
        part.add_to_domains(factor[part.stratum, None] * deviations, variance)
    if singles.size and stages.single_psu == "scaled":
        marks = np.ones((psus.size, 2))  # by stratum: that it is there, and whether it is single
        marks[:, 1] = np.isin(np.arange(psus.size), singles)
        present = strata_sums(parts, marks, domains)
        variance *= scaling(present[:, 0], present[:, 1])[:, None]
    return without_noise(variance, scale)


def second_stage_variance(
    domain: Ints, psu: Ints, z: Floats, *, domains: int, stages: Stages, scale: float | Floats = 1.0
) -> Floats:
    """Variance within PSUs of totals of linearised variables, to be added to that between PSUs.

    V = sum over strata h of f_h * sum over PSUs i of (1 - f_hi) m_hi / (m_hi - 1) * sum over second-stage units j of
    (z_hij - zbar_hi)^2; units of a PSU that have no row in the domain count as z = 0.

    Parameters
    ----------
    domain, psu : int64, shape (r,)
        Domain and PSU, 0 to P - 1, of each (domain, second-stage unit) pair that has members; in any order.
    z : float64, shape (r, q)
        Totals of q linearised variables over the unit.
    domains, scale
        As in `linearised_variance`.
    stages : Stages
        The whole design, with its second stage.

    Returns
    -------
    float64, shape (domains, q)

    Raises
    ------
    ValueError
        When there is no second stage; when a PSU has one second-stage unit out of several, and neither is its stratum
        drawn with replacement nor the option "certainty"; when a PSU has more rows in a domain than units.

    References
    ----------
    Saerndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, result 4.3.1; R survey 4.1-1, `multistage`.

    Examples
    --------
    >>> stages = Stages(psus=np.array([2]), fractions=np.array([0.5]), psu_stratum=np.array([0, 0]),
    ...                 ssus=np.array([2, 3]), ssu_fractions=np.array([0.25, 1]))
    >>> second_stage_variance(np.array([0, 0]), np.array([0, 1]), np.array([[4.0], [6.0]]), domains=1, stages=stages)
    array([[6.]])
    """
    factor = stages.ssu_factor
    ssus: Ints = np.zeros(0, np.int64) if stages.ssus is None else stages.ssus
    variance = np.zeros((domains, z.shape[1]))
    for part in parts_of(domain, psu, ssus, z.shape[1]):
        centre = part.sums(z[part.rows]) / part.drawn
        part.add_to_domains(factor[part.stratum, None] * squared_deviations(part, z[part.rows], centre), variance)
    return without_noise(variance, scale)
