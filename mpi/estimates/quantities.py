"""The quantities of statistics, which depend on the pattern alone: each statistic is a ratio of two of their totals.

A new quantity is one entry of `_places`; the estimate, error and interval of its statistics follow. Whoever is poor at
a cutoff is poor at every lower one, so the poor of all cutoffs are the upper bands of one ranking, and a sum by band
serves every cutoff.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.counting import Scores
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import StatisticKind
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.statistics import Quantity as Name

Column = NDArray[np.bool_] | NDArray[np.float64]
Part: TypeAlias = tuple[str | None, str | None]  # dimension and indicator; the whole measure has neither
Places: TypeAlias = dict[tuple[Name, Part], int]
EVERYONE, INCLUDED = 0, 1
WHOLE: Part = (None, None)
POPULATIONS = ("everyone", "included", "known")  # whole at every cutoff: of others the poor's part counts


@dataclass(frozen=True, slots=True)
class LinePart:
    """How a statistic depends on a relative income line.

    Attributes
    ----------
    line : int
        Its place among the lines.
    y, x : int
        Columns: by how much the statistic's y and x are greater for a unit just below the line than just above it.
    area : int or None
        Where the statistic is the line of an area itself.
    value : float or None
        The line then; None where there is none.
    """

    line: int
    y: int
    x: int
    area: int | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One statistic: the ratio of the totals of two quantities over a domain.

    Attributes
    ----------
    k : int or None
        Place of the cutoff; None if it does not depend on one.
    y, x : int
        Columns of the quantities; x is the population for totals.
    kind : {"proportion", "ratio", "total", "share"}
        See `mpi.vocabulary.statistics.Definition`.
    moments : tuple of int
        Columns of y², yx and x², for the design effect.
    counts_units, of_data : bool
        As in `mpi.vocabulary.statistics.Definition`.
    lines : tuple of LinePart
        The relative income lines that it depends on.
    """

    name: str
    k: int | None
    y: int
    x: int
    kind: StatisticKind
    dimension: str | None
    indicator: str | None
    moments: tuple[int, int, int]
    counts_units: bool
    of_data: bool
    lines: tuple[LinePart, ...] = ()


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


@dataclass(slots=True, eq=False, kw_only=True)
class Quantities:
    """Quantities of p distinct patterns, and the statistics computed from them.

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
        table = cls(
            band=band,
            lowest=lowest,
            wanted=wanted,
            bases=[np.ones(len(included), np.bool_)],
            columns=[Quantity(EVERYONE, 0, 1.0)],
        )
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

    def statistic(self, name: str, y: int, x: int, k: int | None, part: Part) -> None:
        """Add the statistic with total y over total x, if it is wanted."""
        if self.wanted is None or name in self.wanted:
            one = DEFINITIONS[name]
            self.ratio(name, one.kind, y, x, k=k, part=part, counts_units=one.counts_units, of_data=one.of_data)

    def ratio(
        self,
        name: str,
        kind: StatisticKind,
        y: int,
        x: int,
        *,
        k: int | None = None,
        part: Part = WHOLE,
        counts_units: bool = True,
        of_data: bool = False,
        lines: tuple[LinePart, ...] = (),
    ) -> None:
        """Add a ratio, total or share of two quantities under any name."""
        moments = (self.product(y, y), self.product(y, x), self.product(x, x))
        dimension, indicator = part
        self.statistics.append(
            Statistic(
                name=name,
                k=k,
                y=y,
                x=x,
                kind=kind,
                dimension=dimension,
                indicator=indicator,
                moments=moments,
                counts_units=counts_units,
                of_data=of_data,
                lines=lines,
            )
        )


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
    places = _places(table, measure, found, unknown)
    parts = [
        (WHOLE, "whole"),
        *(((one.name, None), "dimension") for one in measure.dimensions),
        *(((one.dimension, one.name), "indicator") for one in measure.indicators),
    ]
    for k, band in enumerate(table.lowest):
        for part, kind in parts:
            for name, one in DEFINITIONS.items():
                if one.by_cutoff and kind in one.of:
                    _add(table, places, name, part, k=k, band=band)
    for name, one in DEFINITIONS.items():
        for part, kind in parts:
            if not one.by_cutoff and kind in one.of:
                _add(table, places, name, part)
    return table


def _add(table: Quantities, places: Places, name: str, part: Part, *, k: int | None = None, band: int = 0) -> None:
    """A statistic of a part, unless the part lacks the quantity: a dimension that is a sum has no headcount."""
    one = DEFINITIONS[name]
    above, below = (one.numerator, part), (one.denominator, part)
    if above in places:
        y, x = (
            places[own] if own[0] in POPULATIONS or not band else table.censored(places[own], band)
            for own in (above, below if below in places else (one.denominator, WHOLE))
        )
        table.statistic(name, y, x, k, part)


def _places(table: Quantities, measure: Measure, found: Scores, unknown: NDArray[np.bool_]) -> Places:
    """Columns of every quantity of the whole measure, of its dimensions and of its indicators, before any cutoff."""
    included = found.included
    indicators = [(j, one, (one.dimension, one.name)) for j, one in enumerate(measure.indicators)]
    dimensions = [(i, one, (one.name, None)) for i, one in enumerate(measure.dimensions)]
    combined = [(i, part) for i, one, part in dimensions if one.at_least is not None]
    places: Places = {("everyone", WHOLE): EVERYONE, ("included", WHOLE): INCLUDED, ("poor", WHOLE): INCLUDED}
    places["score", WHOLE] = table.column(found.score)
    places |= {("part", part): _part(table, measure, found, j) for j, one, part in indicators if one.weight}
    places |= {("deprived", part): table.column(found.deprived[:, j] & included) for j, _, part in indicators}
    places |= {("known", part): _known(table, found, j) for j, _, part in indicators}
    places |= {("part", part): table.column(found.dimension_part[:, i] * included) for i, _, part in dimensions}
    places |= {("deprived", part): table.column(found.dimension_deprived[:, i] & included) for i, part in combined}
    places |= {("known", part): INCLUDED for _, part in combined}
    places["excluded", WHOLE] = table.column(~included)
    return places | {("unknown", part): table.column(unknown[:, j]) for j, _, part in indicators}


def _part(table: Quantities, measure: Measure, found: Scores, j: int) -> int:
    """An indicator's part of the score: its weight where it is deprived, unless weights are redistributed."""
    if measure.missing == "reweight":
        return table.column(found.part[:, j] * found.included)
    return table.column(found.deprived[:, j] & found.included, float(measure.indicators[j].weight))


def _known(table: Quantities, found: Scores, j: int) -> int:
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
    own = [s.x if s.kind == "proportion" else INCLUDED for s in table.statistics]
    distinct = list(dict.fromkeys(own))
    return distinct, np.array([distinct.index(column) for column in own], np.int64)


def of_kind(table: Quantities, *which: StatisticKind) -> NDArray[np.bool_]:
    """Which statistics are of some kinds; shape (s,)."""
    return np.array([s.kind in which for s in table.statistics], np.bool_)
