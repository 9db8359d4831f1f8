"""Degrees of freedom of the variances of domain estimates, by counting PSUs and strata."""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Ints
from mpi.inference.variance.groups import parts_of
from mpi.vocabulary.options import DegreesOfFreedom


def degrees_of_freedom(
    domain: Ints, stratum: Ints, psus_present: Ints, *, domains: int, psus: Ints, rule: DegreesOfFreedom
) -> Ints:
    """Degrees of freedom of each domain's variance.

    Parameters
    ----------
    domain, stratum, domains
        As in `linearised_variance`.
    psus : int64, shape (H,)
        Number of PSUs drawn in each stratum of the whole design, whatever their sampling fractions.
    psus_present : int64, shape (r,)
        Number of the row's PSUs with a member of positive weight: 0 or 1, or more where a row groups PSUs.
    rule : DegreesOfFreedom
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
    for part in parts_of(domain, stratum, psus, 1):
        present = part.sums(psus_present[part.rows, None].astype(np.float64))
        counted = present if rule == "domain" else part.drawn
        part.add_to_domains(np.where(present > 0, counted - 1.0, 0.0), freedom)
    return freedom[:, 0].astype(np.int64)
