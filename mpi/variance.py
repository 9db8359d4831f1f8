"""Taylor-linearised variances of domain estimates, by stratum and PSU.

In come PSU totals of linearised variables, one row for each (domain, PSU) pair that has members; out go variances and
degrees of freedom by domain. The whole design is known from the number of PSUs drawn in each stratum, so PSUs without
a member of the domain count as zeros and are never dropped. Points, linearisation and intervals are left to others.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SinglePsu = Literal["fail", "certainty", "centered", "scaled", "collapse"]
DegreesOfFreedomRule = Literal["domain", "design", "stata"]

# A standard error below this share of its scale is rounding: equal totals leave about 1e-16 of their size.
SE_NOISE = 1e-12
# A sum of squares less a squared sum is off by about 1e-16 of the first for each addition: so little is no variance.
SQUARES_NOISE = 1e-12
# Values of PSU totals handled at once (2 MB): temporaries stay in the cache whatever the number of rows.
PART_VALUES = 2**18


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Some (domain, stratum) groups of rows, with `rows` to select them, in order, from the caller's arrays.

    Of each group, shape (groups,): first row within the part, number of rows, domain, stratum. `drawn`, of shape
    (groups, 1), is the number of PSUs of the stratum in the whole design.
    """

    rows: slice | Ints
    starts: Ints
    size: Ints
    domain: Ints
    stratum: Ints
    drawn: Ints

    def sums(self, values: Floats) -> Floats:
        """Sum over each group of `values`, shape (rows, q) of this part; shape (groups, q)."""
        return np.add.reduceat(values, self.starts, axis=0)

    def spread(self, values: Floats) -> Floats:
        """Each group's row of `values`, shape (groups, q), repeated for its rows; shape (rows, q)."""
        return np.repeat(values, self.size, axis=0)

    def add_to_domains(self, values: Floats, target: Floats) -> None:
        """Add `values`, shape (groups, q), to the domains' rows of `target`, shape (domains, q)."""
        first = np.flatnonzero(np.diff(self.domain, prepend=-1))
        target[self.domain[first]] += np.add.reduceat(values, first, axis=0)


@dataclass(frozen=True, slots=True)
class _Population:
    """Mean of x over each stratum's PSUs, with its sum of squared deviations, both of shape (H, q)."""

    x_mean: Floats
    xx: Floats


def single_psu_strata(psus: Ints) -> Ints:
    """Indices of the strata of which one PSU was drawn; `psus`, shape (H,), counts the whole design.

    Examples
    --------
    >>> single_psu_strata(np.array([4, 1, 2, 1]))
    array([1, 3])
    """
    return np.flatnonzero(psus == 1)


def linearised_variance(
    domain: Ints, stratum: Ints, z: Floats, *, domains: int, psus: Ints, single_psu: SinglePsu = "fail",
    squares: Floats | None = None, scale: float | Floats = 1.0,
) -> Floats:  # fmt: skip
    """Variance of totals of linearised variables in each domain, with the ultimate cluster estimator.

    V = sum over strata h of n_h / (n_h - 1) * sum over PSUs i of (z_hi - zbar_h)^2, without a finite population
    correction; PSUs of a stratum that have no row in the domain count as z = 0.

    Parameters
    ----------
    domain, stratum : int64, shape (r,)
        Domain, 0 to domains - 1, and stratum, 0 to H - 1, of each (domain, PSU) pair that has members; in any order,
        faster when ordered by domain, then stratum.
    z : float64, shape (r, q)
        PSU totals of q linearised variables, in units of the statistic.
    domains : int
        Number of domains; one without a row gets variance 0.
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum of the whole design.
    single_psu : SinglePsu
        What a stratum with one PSU in the whole design adds: "certainty" 0; "centered" (z_h1 - zgrand)^2, zgrand the
        mean of z over all PSUs of the design, also where the stratum has no row; "scaled" the mean of the domain's
        other strata, NaN where it has no other.
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
        When a stratum has one PSU with `single_psu` "fail", or more rows in a domain than PSUs in the design.

    References
    ----------
    Lumley (2010), Complex Surveys, chapter 2; R survey 4.1-1, `onestrat` (`lonely.psu` certainty, adjust, average);
    Stata SVY manual, "Variance estimation" (`singleunit` certainty, centered, scaled).

    Examples
    --------
    >>> z = np.array([[1.0], [3.0]])  # two of the stratum's three PSUs have members in the domain
    >>> linearised_variance(np.array([0, 0]), np.array([0, 0]), z, domains=1, psus=np.array([3]))
    array([[7.]])
    """
    _check_single_psus(psus, single_psu)
    factor = _stratum_factor(psus, single_psu)
    parts = _parts(domain, stratum, psus, z.shape[1])
    variance = np.zeros((domains, z.shape[1]))
    grand_mean = np.zeros_like(variance)
    if single_psu == "centered" and single_psu_strata(psus).size:
        grand_mean = _domain_sums(parts, z, domains) / psus.sum()
    for part in parts:
        total = part.sums(z[part.rows])
        centre = np.where(part.drawn == 1, grand_mean[part.domain], total / part.drawn)
        if squares is None:
            deviations = _squared_deviations(part, z[part.rows], centre)
        else:
            deviations = _deviations_of_sums(part, part.sums(squares[part.rows]), total, centre)
        part.add_to_domains(factor[part.stratum, None] * deviations, variance)
    strata, singles = _strata_present(parts, domains)
    variance += (single_psu_strata(psus).size - singles)[:, None] * grand_mean**2
    if single_psu == "scaled":
        variance *= _scaling(strata, singles)[:, None]
    return _without_noise(variance, scale)


def share_variance(
    domain: Ints, stratum: Ints, y: Floats, x: Floats, *, domains: int, psus: Ints, population_stratum: Ints,
    population_x: Floats, single_psu: SinglePsu = "fail", squares: ShareSquares | None = None,
) -> Floats:  # fmt: skip
    """Variance of each domain's share in a total of the full population: of the persons, the poor, or M0.

    The share R = Y_domain / X is a ratio over the full design, so every PSU counts, with z_hi = (y_hi - R x_hi) / X.
    PSUs where the domain has no member enter by the moments of x in their stratum, without a table of domains by PSUs.
    Near a share of 1 the moments cancel: the variance is off by about 1e-16 of that of the total.

    Parameters
    ----------
    domain, stratum, domains, psus, single_psu
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
    >>> share_variance(zeros[:2], zeros[:2], members, everyone[:2], domains=1, psus=np.array([3]),
    ...                population_stratum=zeros, population_x=everyone)
    array([[0.0633]])
    """
    _check_single_psus(psus, single_psu)
    factor = _stratum_factor(psus, single_psu)
    products = ShareSquares(y**2, y * x, population_x**2) if squares is None else squares
    grand_total = population_x.sum(axis=0)
    grand_total = np.where(grand_total == 0, np.nan, grand_total)
    population = _population(population_stratum, population_x, products.xx, psus)
    parts = _parts(domain, stratum, psus, y.shape[1])
    share = _domain_sums(parts, y, domains) / grand_total
    variance, xx_present = np.zeros_like(share), np.zeros_like(share)
    for part in parts:
        weight = factor[part.stratum, None]
        part.add_to_domains(weight * _share_deviations(part, y, products, share, population), variance)
        part.add_to_domains(weight * population.xx[part.stratum], xx_present)
    # Strata without a row: z = -R x / X, from what is left of the moments of x.
    xx_absent = np.maximum((factor[:, None] * population.xx).sum(axis=0) - xx_present, 0)
    strata, singles = np.array([np.count_nonzero(psus)]), np.array([single_psu_strata(psus).size])
    all_present = _strata_present(parts, domains)[0] == strata
    variance += share**2 * np.where(all_present[:, None], 0, xx_absent)
    if single_psu == "scaled":
        variance *= _scaling(strata, singles)
    return _without_noise(variance / grand_total**2, 1.0)


def degrees_of_freedom(
    domain: Ints, stratum: Ints, psus_present: Ints, *, domains: int, psus: Ints, rule: DegreesOfFreedomRule | int
) -> Ints:
    """Degrees of freedom of each domain's variance.

    Parameters
    ----------
    domain, stratum, domains, psus
        As in `linearised_variance`.
    psus_present : int64, shape (r,)
        Number of the row's PSUs with a member of positive weight: 0 or 1, or more where a row groups PSUs.
    rule : DegreesOfFreedomRule or int
        "domain": PSUs less strata, both with a member of positive weight; "design": all PSUs less all strata; "stata":
        all PSUs of the strata with such a member, less these strata; a number: that number.

    Returns
    -------
    int64, shape (domains,)

    Raises
    ------
    ValueError
        When the rule is none of these.

    References
    ----------
    Korn and Graubard (1999), Analysis of Health Surveys, p. 209; R survey 4.1-1, `degf` of a subset; Stata SVY manual,
    "Subpopulation estimation" (omitted strata).

    Examples
    --------
    >>> domain, stratum, present = np.array([0, 0, 0]), np.array([0, 0, 1]), np.array([1, 1, 1])
    >>> degrees_of_freedom(domain, stratum, present, domains=1, psus=np.array([4, 3, 5]), rule="stata")
    array([5])
    """
    if isinstance(rule, int):
        return np.full(domains, rule, dtype=np.int64)
    if rule == "design":
        return np.full(domains, psus.sum() - np.count_nonzero(psus), dtype=np.int64)
    if rule not in ("domain", "stata"):
        raise ValueError(f"degrees of freedom: no rule '{rule}'; give domain, design, stata or a number")
    freedom = np.zeros((domains, 1))
    for part in _parts(domain, stratum, psus, 1):
        present = part.sums(psus_present[part.rows, None].astype(np.float64))
        counted = present if rule == "domain" else part.drawn
        part.add_to_domains(np.where(present > 0, counted - 1.0, 0.0), freedom)
    return freedom[:, 0].astype(np.int64)


def _check_single_psus(psus: Ints, single_psu: SinglePsu) -> None:
    single = single_psu_strata(psus)
    if single_psu == "fail" and single.size:
        listed = ", ".join(str(h) for h in single[:5])
        raise ValueError(
            f"{single.size} of {psus.size} strata have one PSU (indices {listed}), so variance has no "
            "estimate there; give single_psu certainty, centered or scaled"
        )


def _stratum_factor(psus: Ints, single_psu: SinglePsu) -> Floats:
    """Factor of each stratum's squared deviations, shape (H,); a sampling fraction would come in here."""
    return np.where(psus > 1, psus / np.maximum(psus - 1, 1), 1.0 if single_psu == "centered" else 0.0)


def _parts(domain: Ints, stratum: Ints, psus: Ints, width: int) -> list[_Part]:
    """Groups of rows by (domain, stratum), in parts of about PART_VALUES values that cut no group.

    A group with more rows than its stratum has PSUs is refused: its rows cannot be distinct.
    """
    key = domain * psus.size + stratum
    order = None if np.all(key[1:] >= key[:-1]) else np.argsort(key, kind="stable")
    ordered = key if order is None else key[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    edges = np.append(starts, key.size)
    group_domain, group_stratum = np.divmod(ordered[starts], psus.size)
    _check_rows(np.diff(edges), group_domain, group_stratum, psus)
    targets = np.arange(0, key.size, max(PART_VALUES // max(width, 1), 1))
    cuts = np.unique(np.append(np.searchsorted(starts, targets), starts.size)).tolist()
    parts = []
    for first, last in itertools.pairwise(cuts):
        rows, which = slice(int(edges[first]), int(edges[last])), slice(first, last)
        parts.append(_Part(rows if order is None else order[rows], starts[which] - starts[first],
                           np.diff(edges[first:last + 1]), group_domain[which], group_stratum[which],
                           psus[group_stratum[which], None]))  # fmt: skip
    return parts


def _check_rows(size: Ints, domain: Ints, stratum: Ints, psus: Ints) -> None:
    excess = np.flatnonzero(size > psus[stratum])
    if excess.size:
        i = excess[0]
        raise ValueError(
            f"stratum {stratum[i]} has {size[i]} rows in domain {domain[i]} but {psus[stratum[i]]} PSUs; give one "
            "row for each (domain, PSU) pair, with the PSUs of the whole design"
        )


def _squared_deviations(part: _Part, z: Floats, centre: Floats) -> Floats:
    """Sum of (z - centre)^2 over the PSUs of each group's stratum, absent ones as 0; shape (groups, q)."""
    squared_centre = centre**2
    deviations = part.spread(centre)
    np.subtract(z, deviations, out=deviations)
    np.square(deviations, out=deviations)
    total = part.sums(deviations) + (part.drawn - part.size[:, None]) * squared_centre
    # Equal z leave rounding: small against their sum of squares, which is the deviations plus n * centre^2.
    total[total <= SE_NOISE**2 * (total + part.drawn * squared_centre)] = 0
    return total


def _deviations_of_sums(part: _Part, squares: Floats, total: Floats, centre: Floats) -> Floats:
    """The same from sums of z and of z squared, shape (groups, q); what cancels to rounding is 0."""
    n_squared_centre = part.drawn * centre**2
    deviations = squares - 2 * centre * total + n_squared_centre
    return np.where(deviations <= SQUARES_NOISE * (squares + n_squared_centre), 0, deviations)


def _population(stratum: Ints, x: Floats, xx: Floats, psus: Ints) -> _Population:
    """Moments of x by stratum from sums of x and x squared, shape (m, q).

    Where one PSU was drawn its centre is the grand mean of z, which is 0, so the mean of x is set to 0.
    """
    moments = _Population(np.zeros((psus.size, x.shape[1])), np.zeros((psus.size, x.shape[1])))
    for part in _parts(np.zeros_like(stratum), stratum, psus, x.shape[1]):
        total = part.sums(x[part.rows])
        centre = np.where(part.drawn == 1, 0, total / part.drawn)
        moments.x_mean[part.stratum] = centre
        moments.xx[part.stratum] = _deviations_of_sums(part, part.sums(xx[part.rows]), total, centre)
    return moments


def _share_deviations(part: _Part, y: Floats, products: ShareSquares, share: Floats, of_x: _Population) -> Floats:
    """Sum of squared deviations of y - R x over the PSUs of each group's stratum: Syy - 2 R Syx + R^2 Sxx."""
    ratio = share[part.domain]
    total = part.sums(y[part.rows])
    y_mean = np.where(part.drawn == 1, 0, total / part.drawn)
    yy = _deviations_of_sums(part, part.sums(products.yy[part.rows]), total, y_mean)
    yx = part.sums(products.yx[part.rows]) - total * of_x.x_mean[part.stratum]
    size = yy + ratio**2 * of_x.xx[part.stratum]
    deviations = size - 2 * ratio * yx
    return np.where(deviations <= SQUARES_NOISE * size, 0, deviations)


def _domain_sums(parts: list[_Part], values: Floats, domains: int) -> Floats:
    """Sum of each domain's rows of `values`, shape (r, q); shape (domains, q)."""
    sums = np.zeros((domains, values.shape[1]))
    for part in parts:
        part.add_to_domains(part.sums(values[part.rows]), sums)
    return sums


def _strata_present(parts: list[_Part], domains: int) -> tuple[Ints, Ints]:
    """Strata with a row in each domain, and those of them with one PSU in the design; shape (domains,)."""
    counts = np.zeros((domains, 2))
    for part in parts:
        part.add_to_domains(np.hstack([np.ones_like(part.drawn), part.drawn == 1]).astype(np.float64), counts)
    return counts[:, 0].astype(np.int64), counts[:, 1].astype(np.int64)


def _scaling(strata: Ints, singles: Ints) -> Floats:
    """L / (L - L_single), the factor of option "scaled"; NaN where all strata are single, 1 where L is 0."""
    others = strata - singles
    return np.where(others > 0, strata / np.maximum(others, 1), np.where(strata > 0, np.nan, 1.0))


def _without_noise(variance: Floats, scale: float | Floats) -> Floats:
    """The variances, 0 where the standard error is below SE_NOISE of the scale; shape (domains, q)."""
    return np.where(variance < (SE_NOISE * np.asarray(scale)) ** 2, 0, variance)
