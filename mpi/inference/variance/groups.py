"""Rows of (domain, stratum) groups, taken in parts that stay in the cache, with the sums that all variances need.

In come the codes of rows; out go parts of them in order. A group is one stratum (at the second stage: one PSU) in one
domain; its PSUs without a row are zeros, known from the number drawn. Which factor a group has is left to others.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Floats, Ints
from mpi.inference.variance.stages import SE_NOISE

# A sum of squares less a squared sum is off by about 1e-16 of the first for each addition: so little is not a variance.
SQUARES_NOISE = 1e-12
# Values of PSU totals handled at once (2 MB): temporaries stay in the cache whatever the number of rows.
PART_VALUES = 2**18


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part:
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
        return np.repeat(values.T, self.size, axis=1).T

    def add_to_domains(self, values: Floats, target: Floats) -> None:
        """Add `values`, shape (groups, q), to the domains' rows of `target`, shape (domains, q)."""
        first = np.flatnonzero(np.diff(self.domain, prepend=-1))
        target[self.domain[first]] += np.add.reduceat(values, first, axis=0)


def parts_of(domain: Ints, stratum: Ints, drawn: Ints, width: int, *, values: int = PART_VALUES) -> list[Part]:
    """Groups of rows by (domain, stratum), in parts of about so many values that cut no group.

    Parameters
    ----------
    domain, stratum : int64, shape (r,)
        Of each row.
    drawn : int64, shape (H,)
        Number of PSUs drawn in each stratum.
    width : int
        Values of a row.
    values : int
        Values of a part.

    Returns
    -------
    list of Part

    Raises
    ------
    ValueError
        When a group has more rows than its stratum has PSUs: its rows cannot be distinct.
    """
    key = domain * drawn.size + stratum
    order = None if np.all(key[1:] >= key[:-1]) else np.argsort(key, kind="stable")
    ordered = key if order is None else key[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    edges = np.append(starts, key.size)
    group_domain, group_stratum = np.divmod(ordered[starts], drawn.size)
    _check_rows(np.diff(edges), group_domain, group_stratum, drawn)
    targets = np.arange(0, key.size, max(values // max(width, 1), 1))
    cuts = sorted({*np.searchsorted(starts, targets).tolist(), starts.size})
    parts = []
    for first, last in itertools.pairwise(cuts):
        rows, which = slice(int(edges[first]), int(edges[last])), slice(first, last)
        parts.append(
            Part(
                rows=rows if order is None else order[rows],
                starts=starts[which] - starts[first],
                size=np.diff(edges[first : last + 1]),
                domain=group_domain[which],
                stratum=group_stratum[which],
                drawn=drawn[group_stratum[which], None],
            )
        )
    return parts


def _check_rows(size: Ints, domain: Ints, stratum: Ints, drawn: Ints) -> None:
    excess = np.flatnonzero(size > drawn[stratum])
    if excess.size:
        i = excess[0]
        raise ValueError(
            f"stratum {stratum[i]} has {size[i]} rows in domain {domain[i]} but {drawn[stratum[i]]} PSUs; give one "
            "row for each (domain, PSU) pair, with the PSUs of the whole design"
        )


def domain_sums(parts: list[Part], values: Floats, domains: int) -> Floats:
    """Sum of each domain's rows of `values`, shape (r, q); shape (domains, q)."""
    sums = np.zeros((domains, values.shape[1]))
    for part in parts:
        part.add_to_domains(part.sums(values[part.rows]), sums)
    return sums


def strata_sums(parts: list[Part], values: Floats, domains: int) -> Floats:
    """Sum of `values` of strata, shape (H, q), over the strata with a row in each domain; shape (domains, q)."""
    sums = np.zeros((domains, values.shape[1]))
    for part in parts:
        part.add_to_domains(values[part.stratum], sums)
    return sums


def squared_deviations(part: Part, z: Floats, centre: Floats) -> Floats:
    """Sum of (z - centre)^2 over the PSUs of each group's stratum, absent ones as 0; shape (groups, q).

    Parameters
    ----------
    part : Part
    z : float64, shape (rows, q)
        Totals of the part's rows.
    centre : float64, shape (groups, q)
    """
    squared_centre = centre**2
    deviations = part.spread(centre)
    np.subtract(z, deviations, out=deviations)
    np.square(deviations, out=deviations)
    total = part.sums(deviations) + (part.drawn - part.size[:, None]) * squared_centre
    # Equal z leave rounding: small against their sum of squares, which is the deviations plus n * centre^2.
    total[total <= SE_NOISE**2 * (total + part.drawn * squared_centre)] = 0
    return total


def deviations_of_sums(part: Part, squares: Floats, total: Floats, centre: Floats) -> Floats:
    """The same from sums of z and of z squared, shape (groups, q); what cancels to rounding is 0."""
    n_squared_centre = part.drawn * centre**2
    deviations = squares - 2 * centre * total + n_squared_centre
    return np.where(deviations <= SQUARES_NOISE * (squares + n_squared_centre), 0, deviations)
