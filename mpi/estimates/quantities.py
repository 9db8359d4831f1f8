"""The table of statistics: each is a ratio of two totals of quantities that depend on the pattern alone.

A new statistic is one line here; its estimate, error and interval follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mpi.counting import Scores
from mpi.measure import Cutoff, Measure

Sort = Literal["proportion", "ratio", "total", "share"]


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
        `proportion` (a share of units, 0 and 1 possible), `ratio` (of other quantities, between 0 and 1), `total`
        (of y alone), `share` (of the domain in the total of x over all domains).
    nothing : str
        The reason that is given where the total of x is 0.
    """

    name: str
    k: int | None
    y: int
    x: int
    sort: Sort
    dimension: str | None = None
    indicator: str | None = None
    nothing: str = "nobody is poor"


@dataclass(slots=True)
class Quantities:
    """Quantities of p distinct patterns, one column each, and the statistics made of them."""

    columns: list[NDArray[np.float64]] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)

    def add(self, values: NDArray[np.bool_] | NDArray[np.float64]) -> int:
        """Add a column, or find it if it is there; gives its place."""
        column = np.ascontiguousarray(values, dtype=np.float64)
        for place, other in enumerate(self.columns[:4]):
            if np.array_equal(column, other):
                return place
        self.columns.append(column)
        return len(self.columns) - 1


EVERYONE, INCLUDED = 0, 1


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
    table = Quantities([np.ones(len(found.included)), found.included.astype(np.float64)])
    included = found.included
    for number, cutoff in enumerate(cutoffs):
        _of_poverty(table, measure, found, number, found.poor(cutoff))
    _uncensored(table, measure, found)
    table.statistics.append(Statistic("population_share", None, INCLUDED, INCLUDED, "share", nothing="no unit"))
    excluded = table.add(~included)
    table.statistics.append(Statistic("excluded", None, excluded, EVERYONE, "proportion", nothing="no unit"))
    for j, indicator in enumerate(measure.indicators):
        table.statistics.append(
            Statistic("unknown", None, table.add(unknown[:, j]), EVERYONE, "proportion", indicator.dimension,
                      indicator.name, "no unit")
        )  # fmt: skip
    return table


def _of_poverty(table: Quantities, measure: Measure, found: Scores, k: int, poor: NDArray[np.bool_]) -> None:
    rho, censored = table.add(poor), table.add(found.score * poor)
    table.statistics += [
        Statistic("H", k, rho, INCLUDED, "proportion", nothing="no unit"),
        Statistic("A", k, censored, rho, "ratio"),
        Statistic("M0", k, censored, INCLUDED, "ratio", nothing="no unit"),
        Statistic("poor", k, rho, INCLUDED, "total", nothing="no unit"),
        Statistic("poor_share", k, rho, rho, "share"),
        Statistic("M0_share", k, censored, censored, "share"),
    ]
    for column, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            headcount = table.add(found.dimension_deprived[:, column] & poor)
            table.statistics.append(
                Statistic("censored_headcount", k, headcount, INCLUDED, "proportion", dimension.name, nothing="no unit")
            )
        _contribution(table, found.dimension_part[:, column] * poor, censored, k, dimension.name, None)
    for j, indicator in enumerate(measure.indicators):
        flag, base = table.add(found.deprived[:, j] & poor), _base(table, found, j)
        table.statistics.append(
            Statistic("censored_headcount", k, flag, base, "proportion", indicator.dimension, indicator.name, "no unit")
        )
        if indicator.weight:
            _contribution(table, found.part[:, j] * poor, censored, k, indicator.dimension, indicator.name)


def _contribution(
    table: Quantities, part: NDArray[np.float64], censored: int, k: int, dimension: str, indicator: str | None
) -> None:
    own = table.add(part)
    table.statistics += [
        Statistic("absolute_contribution", k, own, INCLUDED, "ratio", dimension, indicator, "no unit"),
        Statistic("percentage_contribution", k, own, censored, "ratio", dimension, indicator),
    ]


def _uncensored(table: Quantities, measure: Measure, found: Scores) -> None:
    for column, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            flag = table.add(found.dimension_deprived[:, column] & found.included)
            table.statistics.append(
                Statistic("uncensored_headcount", None, flag, INCLUDED, "proportion", dimension.name, nothing="no unit")
            )
    for j, indicator in enumerate(measure.indicators):
        flag = table.add(found.deprived[:, j] & found.included)
        table.statistics.append(
            Statistic("uncensored_headcount", None, flag, _base(table, found, j), "proportion", indicator.dimension,
                      indicator.name, "no unit")
        )  # fmt: skip


def _base(table: Quantities, found: Scores, j: int) -> int:
    """Those whose flag j is known, among the included; the included themselves where it always is."""
    known = found.known[:, j] & found.included
    return INCLUDED if np.array_equal(known, found.included) else table.add(known)
