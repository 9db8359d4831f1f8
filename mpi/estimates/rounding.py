"""Weights and cutoffs that look like rounded fractions, and the exact fractions that they may represent.

Thirds written 0.33, 0.33 and 0.34 add up to 1, and a unit deprived in one third then misses a cutoff of 1/3. Numbers
count as written; but if exact numbers would decide otherwise, the reader of the figures has to know.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mpi.errors import listed
from mpi.language import enumerated, phrase
from mpi.specs.measure import Cutoff, Measure

MOST_READABLE = 10**4  # denominators; beyond it a decimal is shorter to read
LEAST_DIGITS = 2  # 0.3 is three tenths; 0.33 may be a third
MOST_DIGITS = 40
SIMPLER = 2  # how many times smaller a denominator makes a fraction the likelier meaning


def unrounded(weights: Sequence[Fraction]) -> tuple[Fraction, ...] | None:
    """Simpler fractions with the same sum that round to these weights, one of which may have taken up the differences.

    Parameters
    ----------
    weights : sequence of Fraction, length m
        Positive.

    Returns
    -------
    tuple of Fraction, length m
        None if the weights do not look rounded.

    Examples
    --------
    >>> unrounded([Fraction("0.33"), Fraction("0.33"), Fraction("0.34")])
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    >>> unrounded([Fraction("0.1"), Fraction("0.4"), Fraction("0.5")])
    """
    digits = max((found for weight in weights if (found := decimals(weight)) is not None), default=0)
    if digits < LEAST_DIGITS:
        return None
    unit = Fraction(1, 10**digits)
    total = sum(weights, Fraction(0))
    simple = {weight: simpler(weight, unit / 2) or weight for weight in set(weights)}
    changed = {weight for weight, own in simple.items() if own != weight}
    if changed and sum(simple[weight] for weight in weights) == total:
        return tuple(simple[weight] for weight in weights)
    solutions: list[tuple[Fraction, ...]] = []
    for odd in sorted(simple):  # which took up the differences of the others
        most = max((simple[weight].denominator for weight in changed - {odd}), default=0)
        times = weights.count(odd)
        share = (total - sum(simple[weight] for weight in weights if weight != odd)) / times
        if share > 0 and share.denominator <= most and abs(share - odd) <= len(weights) * unit / 2:
            solutions.append(tuple(share if weight == odd else simple[weight] for weight in weights))
    return min(solutions, key=lambda own: max(weight.denominator for weight in own), default=None)


def unrounded_measure(measure: Measure) -> Measure | None:
    """The measure with the exact weights that its weights may represent; None if they do not look rounded.

    The weights of all indicators are looked at together, and if that explains nothing, those of the dimensions and
    those inside each dimension.
    """
    return _all_together(measure) or _by_dimension(measure)


def unrounded_cutoff(cutoff: Cutoff) -> Cutoff | None:
    """The simpler cutoff that a written one may represent, such as 1/3 for 0.33 or 0.334; None if it looks exact."""
    digits = decimals(cutoff.k)
    if digits is None or digits < LEAST_DIGITS:
        return None
    simple = simpler(cutoff.k, Fraction(1, 10**digits))
    return None if simple is None or simple > 1 else replace(cutoff, k=simple)


def standing_for(measure: Measure, exact: Measure) -> str:
    """The weights that look rounded, with what they may represent: `33/100 and 17/50 for 1/3`."""
    pairs = [(i.weight, other.weight) for i, other in zip(measure.indicators, exact.indicators, strict=True)]
    pairs += [(d.weight, other.weight) for d, other in zip(measure.dimensions, exact.dimensions, strict=True)]
    meant: dict[Fraction, list[Fraction]] = {}
    for own, other in pairs:
        if own != other and own not in meant.setdefault(other, []):
            meant[other].append(own)
    texts = [
        phrase("{weights} for {exact}", weights=enumerated(list(map(_short, own))), exact=other)
        for other, own in meant.items()
    ]
    return listed(texts)


def _short(weight: Fraction) -> str:
    """A fraction, or a decimal where that is shorter to read."""
    return str(weight) if weight.denominator <= MOST_READABLE else f"{float(weight):.16g}"


def decimals(value: Fraction) -> int | None:
    """How many decimals the value has; None if they do not end.

    Examples
    --------
    >>> decimals(Fraction("0.25")), decimals(Fraction(1, 3)), decimals(Fraction(2))
    (2, None, 0)
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    digits = max(twos, fives)
    return digits if rest == 1 and digits <= MOST_DIGITS else None


def simpler(value: Fraction, within: Fraction) -> Fraction | None:
    """The simplest fraction near a value, if it is so simple that hardly any value has one so near.

    An interval of length L holds a fraction of denominator q for most values once q is above 1 / sqrt(L).
    """
    if value <= within:
        return None
    found = _simplest(value - within, value + within)
    surprising = found.denominator**2 * 2 * within <= 1
    return found if surprising and found.denominator * SIMPLER <= value.denominator else None


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator in [low, high], 0 < low; by continued fractions."""
    whole = math.floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _all_together(measure: Measure) -> Measure | None:
    scored = [indicator for indicator in measure.indicators if indicator.weight]
    combined = [dimension for dimension in measure.dimensions if dimension.at_least]
    found = unrounded([*(i.weight for i in scored), *(d.weight for d in combined)])
    if found is None:
        return None
    own = dict(zip((i.name for i in scored), found, strict=False))
    whole = dict(zip((d.name for d in combined), found[len(scored) :], strict=True))
    for dimension in measure.dimensions:
        whole.setdefault(
            dimension.name, sum((own.get(name, Fraction(0)) for name in dimension.indicators), Fraction(0))
        )
    return _with(measure, own, whole)


def _by_dimension(measure: Measure) -> Measure | None:
    shares = unrounded([dimension.weight for dimension in measure.dimensions])
    whole = {d.name: d.weight for d in measure.dimensions}
    whole |= dict(zip(whole, shares, strict=True)) if shares is not None else {}
    own: dict[str, Fraction] = {}
    inner = False
    for dimension in measure.dimensions:
        scored = [i for i in measure.indicators if i.dimension == dimension.name and i.weight]
        relative = [indicator.weight / dimension.weight for indicator in scored]
        exact = unrounded(relative) if scored else None
        inner = inner or exact is not None
        own |= {i.name: share * whole[dimension.name] for i, share in zip(scored, exact or relative, strict=True)}
    return _with(measure, own, whole) if inner or shares is not None else None


def _with(measure: Measure, own: dict[str, Fraction], whole: dict[str, Fraction]) -> Measure:
    indicators = tuple(replace(i, weight=own.get(i.name, i.weight)) for i in measure.indicators)
    dimensions = tuple(replace(d, weight=whole[d.name]) for d in measure.dimensions)
    return replace(measure, indicators=indicators, dimensions=dimensions)
