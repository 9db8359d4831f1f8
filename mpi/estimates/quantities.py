"""The table of statistics: each is a ratio of two totals of quantities that depend on the pattern alone.

A new statistic is one line here; its estimate, error and interval follow. Whoever is poor at a cutoff is poor at every
lower one, so the poor of all cutoffs are the upper bands of one ranking, and a sum by band serves every cutoff.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mpi.counting import Scores
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import StatisticKind

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
    sort: StatisticKind
    dimension: str | None
    indicator: str | None
    moments: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of the patterns from a band on: the base, times the scale; 0 in lower bands.

    Attributes
    ----------
    base : int
        Place in `Quantities.bases`.
    band : int
        The lowest band; 0 for all patterns.
    scale : float
    """

    base: int
    band: int
    scale: float


@dataclass(slots=True, eq=False)
class Quantities:
    """Quantities of p distinct patterns, and the statistics made of them.

    Attributes
    ----------
    band : int64, shape (p,)
        At how many different cutoffs a pattern is poor: those poor at a cutoff are the patterns from some band on.
    lowest : list of int
        For each cutoff the lowest band of its poor.
    bases : list of bool or float64, shape (p,) each
    columns : list of Quantity
        The quantities, each once.
    statistics : list of Statistic
    wanted : collection of str, or None
        Names of the statistics that are made; all if None.
    """

    band: NDArray[np.int64]
    lowest: list[int]
    wanted: Collection[str] | None = None
    bases: list[Column] = field(default_factory=list)
    columns: list[Quantity] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    _bases: dict[bytes, int] = field(default_factory=dict)
    _places: dict[Quantity, int] = field(default_factory=dict)
    _products: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, poor: Sequence[NDArray[np.bool_]], included: NDArray[np.bool_], wanted: Collection[str] | None
    ) -> Quantities:
        """Quantities that begin with EVERYONE and INCLUDED, which have their places even if they are equal."""
        band, lowest = bands_of(poor)
        band = band if poor else np.zeros(len(included), np.int64)
        table = cls(band, lowest, wanted, [np.ones(len(included), np.bool_)], [Quantity(EVERYONE, 0, 1.0)])
        table.column(included)
        table._bases.setdefault(_digest(table.bases[EVERYONE]), EVERYONE)
        table._places.setdefault(table.columns[EVERYONE], EVERYONE)
        return table

    @property
    def bands(self) -> int:
        """The number of bands, from 0 on."""
        return max(self.lowest, default=0) + 1

    def column(self, values: Column, scale: float = 1.0) -> int:
        """The place of a quantity of all patterns, which is added unless it is there."""
        return self._place(Quantity(self._base_of(values), 0, scale))

    def censored(self, column: int, band: int) -> int:
        """The place of a quantity in a band and all higher ones alone, which is added unless it is there."""
        whole = self.columns[column]
        return self._place(Quantity(whole.base, max(band, whole.band), whole.scale))

    def _base_of(self, values: Column) -> int:
        base = self._bases.setdefault(_digest(values), len(self.bases))
        if base == len(self.bases):
            self.bases.append(values)
        return base

    def _place(self, quantity: Quantity) -> int:
        place = self._places.setdefault(quantity, len(self.columns))
        if place == len(self.columns):
            self.columns.append(quantity)
        return place

    def values(self, column: int) -> Column:
        """A quantity of each pattern; shape (p,)."""
        quantity = self.columns[column]
        values = self.bases[quantity.base]
        values = values if quantity.scale == 1.0 else (values * quantity.scale).astype(np.float64)
        return values * (self.band >= quantity.band) if quantity.band else values

    def product(self, a: int, b: int) -> int:
        """The place of the product of two columns."""
        one, other = self.columns[a], self.columns[b]
        band, scale = max(one.band, other.band), one.scale * other.scale
        pair = (min(one.base, other.base), max(one.base, other.base))
        if pair not in self._products:
            self._products[pair] = self._base_of(self.bases[pair[0]] * self.bases[pair[1]])
        return self._place(Quantity(self._products[pair], band, scale))

    def statistic(
        self,
        name: str,
        y: int,
        x: int,
        sort: StatisticKind,
        *,
        k: int | None = None,
        dimension: str | None = None,
        indicator: str | None = None,
    ) -> None:
        """Add the statistic with total y over total x, if it is wanted."""
        if self.wanted is not None and name not in self.wanted:
            return
        moments = (self.product(y, y), self.product(y, x), self.product(x, x))
        self.statistics.append(Statistic(name, k, y, x, sort, dimension, indicator, moments))


def _digest(values: Column) -> bytes:
    return hashlib.sha256(values.dtype.str.encode() + values.tobytes()).digest()


def bands_of(poor: Sequence[NDArray[np.bool_]]) -> tuple[NDArray[np.int64], list[int]]:
    """Bands of patterns by the cutoffs at which they are poor, and the lowest band of the poor of each cutoff.

    Parameters
    ----------
    poor : sequence of bool, shape (p,) each
        Of each cutoff; of any two, the one holds the other.

    Examples
    --------
    >>> bands_of([np.array([False, True, True]), np.array([False, False, True])])
    (array([0, 1, 2]), [1, 2])
    """
    sizes = [int(np.count_nonzero(flag)) for flag in poor]
    ranked = sorted(set(sizes), reverse=True)
    lowest = [ranked.index(size) + 1 for size in sizes]
    band = np.zeros(len(poor[0]) if poor else 0, np.int64)
    for rank, flag in {rank: flag for rank, flag in zip(lowest, poor, strict=True)}.items():
        band[flag] = np.maximum(band[flag], rank)
    return band, lowest


def quantities(
    measure: Measure,
    found: Scores,
    cutoffs: Sequence[Cutoff],
    unknown: NDArray[np.bool_],
    wanted: Collection[str] | None = None,
) -> Quantities:
    """The statistics of a measure at some cutoffs.

    Parameters
    ----------
    measure : Measure
    found : Scores
        Of p distinct patterns.
    cutoffs : sequence of Cutoff
    unknown : bool, shape (p, d)
        Flags that are unknown in the data, before any rule for them.
    wanted : collection of str, optional
        Names of statistics; all if left out.

    References
    ----------
    Alkire, Foster, Seth, Santos, Roche and Ballon (2015), Multidimensional Poverty Measurement and Analysis,
    chapters 5.4-5.6 and 8.2.
    """
    table = Quantities.of([found.poor(cutoff) for cutoff in cutoffs], found.included, wanted)
    score, parts = table.column(found.score), _parts(table, measure, found)
    flags = [table.column(found.deprived[:, j] & found.included) for j in range(len(measure.indicators))]
    bases = [_base(table, found, j) for j in range(len(measure.indicators))]
    whole = [table.column(found.dimension_part[:, i] * found.included) for i in range(len(measure.dimensions))]
    combined = [
        None if dimension.at_least is None else table.column(found.dimension_deprived[:, i] & found.included)
        for i, dimension in enumerate(measure.dimensions)
    ]
    for k, band in enumerate(table.lowest):
        rho, censored = table.censored(INCLUDED, band), table.censored(score, band)
        _of_poverty(table, k, rho, censored)
        for dimension, flag, part in zip(measure.dimensions, combined, whole, strict=True):
            if flag is not None:
                table.statistic(
                    "censored_headcount",
                    table.censored(flag, band),
                    INCLUDED,
                    "proportion",
                    k=k,
                    dimension=dimension.name,
                )
            _contribution(table, table.censored(part, band), dimension.name, k=k, censored=censored)
        for indicator, own, part in zip(measure.indicators, flags, parts, strict=True):
            where = {"dimension": indicator.dimension, "indicator": indicator.name}
            # Of all who are counted, known in this indicator or not: the poor are, so that no part of them exceeds H.
            table.statistic("censored_headcount", table.censored(own, band), INCLUDED, "proportion", k=k, **where)
            if indicator.weight:
                _contribution(table, table.censored(part, band), k=k, censored=censored, **where)
    for dimension, flag in zip(measure.dimensions, combined, strict=True):
        if flag is not None:
            table.statistic("uncensored_headcount", flag, INCLUDED, "proportion", dimension=dimension.name)
    for indicator, own, base in zip(measure.indicators, flags, bases, strict=True):
        table.statistic(
            "uncensored_headcount", own, base, "proportion", dimension=indicator.dimension, indicator=indicator.name
        )
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


def _contribution(
    table: Quantities, own: int, dimension: str, indicator: str | None = None, *, k: int, censored: int
) -> None:
    for name, x in (("absolute_contribution", INCLUDED), ("percentage_contribution", censored)):
        table.statistic(name, own, x, "ratio", k=k, dimension=dimension, indicator=indicator)


def _parts(table: Quantities, measure: Measure, found: Scores) -> list[int]:
    """Columns of each indicator's part of the score: its weight where it is deprived, unless weights are shared out."""
    return [
        table.column(found.part[:, j] * found.included)
        if measure.missing == "reweight"
        else table.column(found.deprived[:, j] & found.included, float(indicator.weight))
        for j, indicator in enumerate(measure.indicators)
    ]


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


def sorts(table: Quantities, *which: StatisticKind) -> NDArray[np.bool_]:
    """Which statistics are of some sorts; shape (s,)."""
    return np.array([s.sort in which for s in table.statistics], np.bool_)
