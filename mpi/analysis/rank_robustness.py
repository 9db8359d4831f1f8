"""How much a ranking of domains rests on the poverty cutoff: orders that survive, Kendall's tau, dominance.

Comes in: publishable figures. Goes out: matrices by cutoff or by domain. Only figures that are shown take part,
and only the cutoffs that were computed are compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.disclosure.figures import NO_FIGURE, read
from mpi.disclosure.publishable import Publishable
from mpi.errors import Fault, UnmadeError, UsageError, counted, joined, phrase
from mpi.errors.arguments import public
from mpi.errors.omissions import reason


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RankRobustness:
    """How alike the rankings of n domains are at c cutoffs.

    Attributes
    ----------
    statistic, domain : str
    cutoffs : tuple of str, length c
        Ascending by k.
    codes : tuple of str, length n
        Of the domains that have a figure at some cutoff.
    values : float64, shape (c, n)
        The figures; NaN where none is shown.
    kept : float64, shape (c, c)
        Share of the pairs of domains that have the same order at both cutoffs; NaN without a pair.
    tau : float64, shape (c, c)
        Kendall's tau-b; NaN where all domains tie.
    pairs : int64, shape (c, c)
        Pairs of domains with figures at both cutoffs.
    """

    statistic: str
    domain: str
    cutoffs: tuple[str, ...]
    codes: tuple[str, ...]
    values: Floats
    kept: Floats
    tau: Floats
    pairs: NDArray[np.int64]


@public
def kendall_tau(x: Floats, y: Floats) -> float:
    """Kendall's tau-b of two rankings; NaN where one of them is all ties.

    Parameters
    ----------
    x, y : float64, shape (n,)
        Without NaN.

    Raises
    ------
    UsageError
        If they are not of one length, or hold NaN.

    References
    ----------
    Kendall (1945), Biometrika 33(3), 239-251.

    Examples
    --------
    >>> kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.333333
    """
    a, b = _pairs(x, y)
    size = math.sqrt(np.count_nonzero(a) * np.count_nonzero(b))
    return float((a * b).sum()) / size if size else float("nan")


@public
def order_kept(x: Floats, y: Floats) -> float:
    """The share of pairs that have the same order in both rankings, ties included; NaN without a pair.

    Parameters
    ----------
    x, y : float64, shape (n,)
        Without NaN.

    Raises
    ------
    UsageError
        If they are not of one length, or hold NaN.
    """
    a, b = _pairs(x, y)
    return float(np.count_nonzero(a == b)) / len(a) if len(a) else float("nan")


@public
def dominates(values: Floats) -> NDArray[np.bool_]:
    """Whether domain i is at least as poor as domain j at every cutoff, and poorer at one.

    Parameters
    ----------
    values : float64, shape (c, n)
        H or M0 at c cutoffs; NaN where none is shown.

    Raises
    ------
    UsageError
        If the array is not such a table.

    Returns
    -------
    bool, shape (n, n)
        False for pairs without a cutoff at which both have a figure.

    References
    ----------
    First-order dominance of the deprivation score: Lasso de la Vega (2010); Alkire et al. (2015), chapter 8.1.
    """
    if values.ndim != 2:  # noqa: PLR2004  cutoffs and groups
        text = phrase("an array of {axes} is not a table of figures", axes=counted(values.ndim, "axis", "axes"))
        raise UsageError(
            Fault("MPI-E210", None, text, phrase("give one row for each cutoff, one column for each group"))
        )
    above, below = (np.zeros((values.shape[1],) * 2, np.bool_) for _ in range(2))
    for row in values:
        difference = row[:, None] - row[None, :]
        above |= difference > 0
        below |= difference < 0
    found: NDArray[np.bool_] = above & ~below
    return found


@public
def rank_robustness(
    figures: Publishable, *, domain: str, statistic: str = "M0", period: str | None = None, unit: str | None = None
) -> RankRobustness:
    """How alike the rankings of a domain's groups are at the cutoffs that were computed.

    Parameters
    ----------
    figures : Publishable
    domain : str
    statistic : {"H", "M0", "A"}
    period, unit : str, optional
        The last period and the first unit of the table if left out.

    Raises
    ------
    UsageError
        If the figures hold no such domain.
    UnmadeError
        If fewer than two groups of it have a figure.
    """
    if domain not in figures.domains:
        text = phrase("the figures have no domain {domain!r}", domain=domain)
        has = (
            phrase("there are {names}", names=joined(figures.domains, ", "))
            if figures.domains
            else phrase("estimate by it: by=...")
        )
        raise UsageError(Fault("MPI-P001", None, text, has))
    held = read(figures)
    period, unit = period or next(reversed(held.met["period"]), ""), unit or next(iter(held.met["unit"]), "")
    by_cutoff = {
        k: held.groups(statistic, (domain,), period=period, unit=unit, k=k) for k in sorted(held.met["k"], key=_k)
    }
    cutoffs = tuple(k for k, own in by_cutoff.items() if own)
    found = [by_cutoff[k] for k in cutoffs]
    groups = dict.fromkeys(group for own in found for group in own)
    codes = tuple(group[0] for group in groups if any(own.get(group, NO_FIGURE).known for own in found))
    if len(codes) < 2:  # noqa: PLR2004  an order is between two
        text = phrase(
            "a ranking needs two groups of {domain!r} with figures, there are {number}",
            domain=domain,
            number=len(codes),
        )
        why = reason("groups", least=2, count=len(codes))
        raise UnmadeError(Fault("MPI-P001", None, text, phrase("estimate by another domain")), why)
    values = np.array([[own.get((code,), NO_FIGURE).value for code in codes] for own in found], np.float64)
    size = (len(cutoffs),) * 2
    kept, tau, pairs = np.full(size, np.nan), np.full(size, np.nan), np.zeros(size, np.int64)
    for i in range(len(cutoffs)):
        for j in range(len(cutoffs)):
            both = np.isfinite(values[i]) & np.isfinite(values[j])
            x, y = values[i, both], values[j, both]
            kept[i, j], tau[i, j], pairs[i, j] = order_kept(x, y), kendall_tau(x, y), len(x) * (len(x) - 1) // 2
    return RankRobustness(
        statistic=statistic, domain=domain, cutoffs=cutoffs, codes=codes, values=values, kept=kept, tau=tau, pairs=pairs
    )


def _pairs(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The order of each pair in two rankings of the same groups."""
    if x.ndim != 1 or x.shape != y.shape or not (np.isfinite(x).all() and np.isfinite(y).all()):
        text = phrase("two rankings are two arrays of one axis and one length, without NaN")
        raise UsageError(Fault("MPI-E210", None, text, phrase("give the figures of the groups that have both")))
    return _signs(x), _signs(y)


def _signs(values: Floats) -> NDArray[np.float64]:
    """The order of each pair: 1, 0 or -1; shape (n (n - 1) / 2,)."""
    first, second = np.triu_indices(len(values), 1)
    return np.sign(values[first] - values[second])


def _k(text: str) -> tuple[float, bool]:
    """Sorts texts of cutoffs: `1/4` before `1/3` before `>1/3`."""
    strict = text.startswith(">")
    top, _, bottom = text.removeprefix(">").partition("/")
    return float(top) / float(bottom or 1), strict
