"""The table of statistics: each is a ratio of two totals of quantities that depend on the pattern alone.

A new statistic is one line here; its estimate, error and interval follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mpi.counting import Scores
from mpi.measure import Cutoff, Measure

Sort = Literal["proportion", "ratio", "total", "share"]
Column = NDArray[np.bool_] | NDArray[np.float64]
EVERYONE, INCLUDED = 0, 1


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic: the ratio of the totals of two quantities over a domain.

    Attributes
    ----------
    k : int or None
        Place of the cutoff; None if it does not depend on one.
    y, x : int
        Columns of the quantities; x is the population for totals.
    sort : str
        `proportion` (a share of the units of x, 0 and 1 possible), `ratio` (of other quantities, between 0 and 1),
        `total` (of y alone), `share` (of the domain in the total of x over all domains).
    moments : tuple of int
        Columns of y², yx and x², for the design effect.
    """

    name: str
    k: int | None
    y: int
    x: int
    sort: Sort
    dimension: str | None
    indicator: str | None
    moments: tuple[int, int, int]


@dataclass(slots=True)
class Quantities:
    """Quantities of p distinct patterns, one column each of shape (p,), and the statistics made of them."""

    columns: list[Column] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    _places: dict[bytes, int] = field(default_factory=dict)

    def column(self, values: Column) -> int:
        """The place of a column, which is added unless it is there."""
        digest = hashlib.sha256(values.dtype.str.encode() + values.tobytes()).digest()
        place = self._places.setdefault(digest, len(self.columns))
        if place == len(self.columns):
            self.columns.append(values)
        return place

    def product(self, a: int, b: int) -> int:
        """The place of the product of two columns."""
        return self.column(self.columns[a] * self.columns[b])

    def statistic(
        self, name: str, y: int, x: int, sort: Sort, *, k: int | None = None, dimension: str | None = None,
        indicator: str | None = None,
    ) -> None:  # fmt: skip
        """Add the statistic with total y over total x."""
        moments = (self.product(y, y), self.product(y, x), self.product(x, x))
        self.statistics.append(Statistic(name, k, y, x, sort, dimension, indicator, moments))


def quantities(measure: Measure, found: Scores, cutoffs: Sequence[Cutoff], unknown: NDArray[np.bool_]) -> Quantities:
    """All statistics of a measure at some cutoffs.

    Parameters
    ----------
    measure : Measure
    found : Scores
        Of p distinct patterns.
    cutoffs : sequence of Cutoff
    unknown : bool, shape (p, d)
        Flags that are unknown in the data, before any rule for them.

    References
    ----------
    Alkire, Foster, Seth, Santos, Roche and Ballon (2015), Multidimensional Poverty Measurement and Analysis,
    chapters 5.4-5.6 and 8.2.
    """
    table = Quantities()
    # EVERYONE stands first even if equal to INCLUDED: both have their places whatever the data.
    table.columns += [np.ones(len(found.included), np.bool_), found.included]
    for k, cutoff in enumerate(cutoffs):
        poor = found.poor(cutoff)
        rho, censored = table.column(poor), table.column(found.score * poor)
        _of_poverty(table, k, rho, censored)
        _of_dimensions(table, measure, found, poor, k=k, censored=censored)
        _of_indicators(table, measure, found, poor, k=k, censored=censored)
    _uncensored(table, measure, found)
    table.statistic("population_share", INCLUDED, INCLUDED, "share")
    table.statistic("excluded", table.column(~found.included), EVERYONE, "proportion")
    for j, indicator in enumerate(measure.indicators):
        own = table.column(unknown[:, j])
        table.statistic("unknown", own, EVERYONE, "proportion", dimension=indicator.dimension, indicator=indicator.name)
    return table


def _of_poverty(table: Quantities, k: int, rho: int, censored: int) -> None:
    """H, A, M0 and their like, from who is poor and the censored score."""
    table.statistic("H", rho, INCLUDED, "proportion", k=k)
    table.statistic("A", censored, rho, "ratio", k=k)
    table.statistic("M0", censored, INCLUDED, "ratio", k=k)
    table.statistic("poor", rho, INCLUDED, "total", k=k)
    table.statistic("poor_share", rho, rho, "share", k=k)
    table.statistic("M0_share", censored, censored, "share", k=k)


def _of_dimensions(
    table: Quantities, measure: Measure, found: Scores, poor: NDArray[np.bool_], *, k: int, censored: int
) -> None:
    for column, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            flag = table.column(found.dimension_deprived[:, column] & poor)
            table.statistic("censored_headcount", flag, INCLUDED, "proportion", k=k, dimension=dimension.name)
        own = table.column(found.dimension_part[:, column] * poor)
        _contribution(table, own, dimension.name, k=k, censored=censored)


def _of_indicators(
    table: Quantities, measure: Measure, found: Scores, poor: NDArray[np.bool_], *, k: int, censored: int
) -> None:
    for j, indicator in enumerate(measure.indicators):
        flag, base = table.column(found.deprived[:, j] & poor), _base(table, found, j)
        table.statistic("censored_headcount", flag, base, "proportion", k=k, dimension=indicator.dimension,
                        indicator=indicator.name)  # fmt: skip
        if indicator.weight:
            own = table.column(found.part[:, j] * poor)
            _contribution(table, own, indicator.dimension, indicator.name, k=k, censored=censored)


def _contribution(
    table: Quantities, own: int, dimension: str, indicator: str | None = None, *, k: int, censored: int
) -> None:
    for name, x in (("absolute_contribution", INCLUDED), ("percentage_contribution", censored)):
        table.statistic(name, own, x, "ratio", k=k, dimension=dimension, indicator=indicator)


def _uncensored(table: Quantities, measure: Measure, found: Scores) -> None:
    for column, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            flag = table.column(found.dimension_deprived[:, column] & found.included)
            table.statistic("uncensored_headcount", flag, INCLUDED, "proportion", dimension=dimension.name)
    for j, indicator in enumerate(measure.indicators):
        flag, base = table.column(found.deprived[:, j] & found.included), _base(table, found, j)
        table.statistic("uncensored_headcount", flag, base, "proportion", dimension=indicator.dimension,
                        indicator=indicator.name)  # fmt: skip


def _base(table: Quantities, found: Scores, j: int) -> int:
    """Those whose flag j is known, among the included; the included themselves where it always is."""
    known = found.known[:, j] & found.included
    return INCLUDED if np.array_equal(known, found.included) else table.column(known)


def proportion_bases(table: Quantities) -> tuple[list[int], NDArray[np.int64]]:
    """Whom each statistic is about: the units of x for proportions, the included for the others.

    Returns
    -------
    list of int, length b
        Distinct columns.
    int64, shape (s,)
        The place in this list for each statistic.
    """
    own = [s.x if s.sort == "proportion" else INCLUDED for s in table.statistics]
    distinct = list(dict.fromkeys(own))
    return distinct, np.array([distinct.index(column) for column in own], np.int64)


def sorts(table: Quantities, *which: Sort) -> NDArray[np.bool_]:
    """Which statistics are of some sorts; shape (s,)."""
    return np.array([s.sort in which for s in table.statistics], np.bool_)
