"""Alkire-Foster counting on patterns: exact scores, who is poor, and each indicator's part, once per distinct pattern.

Weights become integers over their common denominator, so that a score on the cutoff is on the cutoff. Patterns are
64-bit words: bit j is set where indicator j is deprived; a second word marks what is unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import distinct
from mpi.specs.exact import least_common_denominator
from mpi.specs.indicators import Dimension
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import IndicatorMissing

MAX_INT64_BASE = 2**53  # integers up to here are exact in float64 too, so that a score is one correct rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The results of a measure for p distinct patterns of d indicators in D dimensions.

    Attributes
    ----------
    included : bool, shape (p,)
        False where the score is not known and the measure leaves such units out.
    units, base : int64 or object (Python integers), shape (p,)
        The deprivation score is `units / base`, exactly; 0 where not included.
    score : float64, shape (p,)
        The same, rounded once.
    deprived, known : bool, shape (p, d)
        Flags after the measure's rules for unknowns; `deprived` is False where not known.
    part : float64, shape (p, d)
        Each indicator's part of the score; 0 for indicators of combined dimensions.
    dimension_part : float64, shape (p, D)
        Each dimension's part of the score.
    dimension_deprived, dimension_known : bool, shape (p, D)
        For combined dimensions whether the dimension counts as deprived; False for weighted sums.
    states, states_known : bool, shape (p, s)
        The conditions on variables that classes read; False where not known.
    words, words_unknown : uint64, shape (p,)
        The patterns as they came, with their marks.
    """

    included: NDArray[np.bool_]
    units: NDArray[Any]
    base: NDArray[Any]
    score: NDArray[np.float64]
    deprived: NDArray[np.bool_]
    known: NDArray[np.bool_]
    part: NDArray[np.float64]
    dimension_part: NDArray[np.float64]
    dimension_deprived: NDArray[np.bool_]
    dimension_known: NDArray[np.bool_]
    states: NDArray[np.bool_]
    states_known: NDArray[np.bool_]
    words: NDArray[np.uint64]
    words_unknown: NDArray[np.uint64]

    def poor(self, cutoff: Cutoff) -> NDArray[np.bool_]:
        """Who is poor at a cutoff, decided between integers.

        Parameters
        ----------
        cutoff : Cutoff
            k, with `>=` or `>`.

        Returns
        -------
        bool, shape (p,)
            False where not included.
        """
        bases, which = np.unique(self.base, return_inverse=True)
        least = np.array([least_units(cutoff, int(base)) for base in bases], self.base.dtype)
        met: NDArray[np.bool_] = (self.units >= least[which]).astype(np.bool_)
        return self.included & met

    def text(self) -> list[str | None]:
        """Each score as an exact fraction in lowest terms, None where not included."""
        return [
            str(Fraction(int(u), int(b))) if known else None
            for u, b, known in zip(self.units, self.base, self.included, strict=True)
        ]


def least_units(cutoff: Cutoff, base: int) -> int:
    """The smallest score that is poor, in units of 1 / base."""
    exact = cutoff.k * base
    return math.floor(exact) + 1 if cutoff.strict else math.ceil(exact)


def bits(words: NDArray[np.uint64], number: int) -> NDArray[np.bool_]:
    """The first bits of each word as columns.

    Parameters
    ----------
    words : uint64, shape (p,)
    number : int
        How many bits, at most 64.

    Returns
    -------
    bool, shape (p, number)

    Examples
    --------
    >>> bits(np.array([0b101], dtype=np.uint64), 3)
    array([[ True, False,  True]])
    """
    places = np.arange(number, dtype=np.uint64)
    return ((words[:, None] >> places) & np.uint64(1)).astype(np.bool_)


@dataclass(frozen=True, slots=True)
class DistinctPatterns:
    """The p distinct pairs of patterns and unknowns among n rows.

    Attributes
    ----------
    pattern, unknown : uint64, shape (p,)
        Ascending by pattern, then unknown.
    which : int64, shape (n,)
        The pair of each row.
    """

    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    which: NDArray[np.int64]


def distinct_patterns(pattern: NDArray[np.uint64], unknown: NDArray[np.uint64]) -> DistinctPatterns:
    """The distinct pairs of patterns and unknowns, so that scores are computed once for each.

    Parameters
    ----------
    pattern, unknown : uint64, shape (n,)

    Examples
    --------
    >>> words = np.array([3, 0, 3], dtype=np.uint64)
    >>> distinct_patterns(words, np.zeros(3, dtype=np.uint64)).which
    array([1, 0, 1])
    """
    patterns, of_pattern = distinct(pattern)
    unknowns, of_unknown = distinct(unknown)
    pairs, which = distinct(of_pattern * len(unknowns) + of_unknown)
    at_pattern, at_unknown = np.divmod(pairs, max(1, len(unknowns)))
    return DistinctPatterns(patterns[at_pattern], unknowns[at_unknown], which)


def scores(measure: Measure, patterns: NDArray[np.uint64], unknown: NDArray[np.uint64]) -> Scores:
    """Deprivation scores of distinct patterns under a measure, exactly.

    Parameters
    ----------
    measure : Measure
        Weights, dimensions and the rules for unknowns.
    patterns, unknown : uint64, shape (p,)
        Bit j: indicator j is deprived; is unknown. After the indicators, the measure's states.

    Returns
    -------
    Scores

    References
    ----------
    Alkire and Foster (2011), Journal of Public Economics 95(7-8), 476-487: the weighted count c_i.
    """
    number, number_of_states = len(measure.indicators), len(measure.states)
    none = np.zeros((len(patterns), 0), np.bool_)
    deprived, known = counted_flags(measure, bits(patterns, number), ~bits(unknown, number))
    dimension_deprived, dimension_known = _combined(measure, deprived, known)
    included = _included(measure, known, dimension_known)
    if measure.missing == "reweight":
        units, base, weight = _reweighted(measure, deprived, known, included)
        dimension_units = np.zeros((len(patterns), len(measure.dimensions)), np.float64)
    else:
        indicator_units, dimension_weights, common = integer_weights(measure)
        kind: Any = np.int64 if common <= MAX_INT64_BASE else object
        own = np.array(dimension_weights, kind)
        units = deprived.astype(kind) @ np.array(indicator_units, kind) + dimension_deprived.astype(kind) @ own
        base = np.full(len(patterns), common, kind)
        weight = np.broadcast_to(np.array([float(i.weight) for i in measure.indicators]), deprived.shape)
        dimension_units = dimension_deprived * np.array([float(d.weight) for d in measure.dimensions])
    units = np.where(included, units, 0)
    part = deprived * weight
    return Scores(
        included=included,
        units=units,
        base=base,
        score=(units / base).astype(np.float64),
        deprived=deprived,
        known=known,
        part=part,
        dimension_part=dimension_units + _by_dimension(measure, part),
        dimension_deprived=dimension_deprived,
        dimension_known=dimension_known,
        states=bits(patterns >> np.uint64(number), number_of_states) if number_of_states else none,
        states_known=~bits(unknown >> np.uint64(number), number_of_states) if number_of_states else none,
        words=patterns,
        words_unknown=unknown,
    )


def _by_dimension(measure: Measure, part: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of indicators' parts over each dimension, in their order; shape (p, D).

    Not as a product of matrices: that library's idle threads would go on spinning for longer than all scores take.
    """
    places = {dimension.name: place for place, dimension in enumerate(measure.dimensions)}
    sums = np.zeros((len(part), len(places)))
    for j, indicator in enumerate(measure.indicators):
        sums[:, places[indicator.dimension]] += part[:, j]
    return sums


def integer_weights(measure: Measure) -> tuple[list[int], list[int], int]:
    """Weights as integers over their least common denominator.

    Returns
    -------
    list of int
        One per indicator; 0 in combined dimensions and for monitored indicators.
    list of int
        One per dimension; 0 for weighted sums.
    int
        The denominator: all weights in the score add up to it.
    """
    own = [dimension.weight if dimension.at_least else Fraction(0) for dimension in measure.dimensions]
    base = least_common_denominator([*measure.weights, *own])
    return [int(w * base) for w in measure.weights], [int(w * base) for w in own], base


def _scored(measure: Measure, dimension: Dimension) -> list[int]:
    """Bits of a dimension's indicators, without the monitored ones."""
    return [j for j, i in enumerate(measure.indicators) if i.dimension == dimension.name and not i.monitor]


def counted_flags(
    measure: Measure, deprived: NDArray[np.bool_], known: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Flags once the rules for unknowns have spoken: the indicator's own first, then the measure's."""
    deprived, known = deprived & known, known.copy()
    for j, indicator in enumerate(measure.indicators):
        rule: IndicatorMissing = indicator.missing
        if rule == "unknown" and not indicator.monitor and measure.missing in ("deprived", "not_deprived"):
            rule = measure.missing
        if rule != "unknown":
            deprived[:, j] |= ~known[:, j] & (rule == "deprived")
            known[:, j] = True
    return deprived, known


def _combined(
    measure: Measure, deprived: NDArray[np.bool_], known: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Kleene verdicts of combined dimensions: at least m deprived, whatever the unknown ones are."""
    shape = (len(deprived), len(measure.dimensions))
    verdict, sure = np.zeros(shape, np.bool_), np.ones(shape, np.bool_)
    for column, dimension in enumerate(measure.dimensions):
        if dimension.at_least is None:
            continue
        own = _scored(measure, dimension)
        count = deprived[:, own].sum(axis=1)
        possible = count + (~known[:, own]).sum(axis=1)
        verdict[:, column] = count >= dimension.at_least
        sure[:, column] = verdict[:, column] | (possible < dimension.at_least)
    return verdict, sure


def _included(measure: Measure, known: NDArray[np.bool_], dimension_known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whose score is known: every weighted flag is, or one in each dimension where the others are reweighted."""
    included: NDArray[np.bool_] = np.logical_and.reduce(dimension_known, axis=1)
    for dimension in measure.dimensions:
        own = _scored(measure, dimension)
        if dimension.at_least is None and own:
            enough = np.logical_or if measure.missing == "reweight" else np.logical_and
            included &= enough.reduce(known[:, own], axis=1)
    return included


def _reweighted(
    measure: Measure, deprived: NDArray[np.bool_], known: NDArray[np.bool_], included: NDArray[np.bool_]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Units, bases and weights when the known indicators of a dimension share out its weight.

    One mask of unknowns at a time: there are few. The config refuses combined dimensions here.
    """
    units, base = np.zeros(len(deprived), object), np.ones(len(deprived), object)
    weight = np.zeros(deprived.shape)
    masks, which = np.unique(known, axis=0, return_inverse=True)
    for number, mask in enumerate(masks):
        rows = np.flatnonzero((which == number) & included)
        if not len(rows):
            continue
        weights = shared_out(measure, mask)
        common = least_common_denominator(weights)
        units[rows] = deprived[rows].astype(object) @ np.array([int(w * common) for w in weights], object)
        base[rows] = common
        weight[rows] = [float(w) for w in weights]
    if base.max(initial=1) <= MAX_INT64_BASE:
        return units.astype(np.int64), base.astype(np.int64), weight
    return units, base, weight


def shared_out(measure: Measure, known: NDArray[np.bool_]) -> list[Fraction]:
    """Weights when each dimension's weight is shared among its known indicators, in proportion to their own."""
    weights = list(measure.weights)
    for dimension in measure.dimensions:
        own = _scored(measure, dimension)
        left = sum((weights[j] for j in own if known[j]), Fraction(0))
        for j in own:
            weights[j] = weights[j] * dimension.weight / left if known[j] else Fraction(0)
    return weights
