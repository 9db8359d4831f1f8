"""Variants of a measure: other weights, other cutoffs, fewer indicators; every weight stays an exact fraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from mpi.errors import Fault, UsageError, listed, nearest
from mpi.language import Phrase, phrase
from mpi.specs.exact import fraction
from mpi.specs.indicators import Dimension, Indicator

CODE = "MPI-E005"
Weight = str | int | Fraction
Parts = tuple[tuple[Dimension, ...], tuple[Indicator, ...]]


def weighted(
    dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...], weights: Mapping[str, Weight]
) -> Parts:
    """Dimensions and indicators with other weights; see `Measure.with_weights`."""
    parts: Parts = dimensions, indicators
    leaves = _leaves(parts)
    wanted: dict[str, Fraction] = {}
    for name, weight in weights.items():
        within = _within(parts, name, leaves)
        if taken := [one for one in within if one in wanted]:
            text = phrase("the weight of {others} is given twice: alone and within its dimension", others=listed(taken))
            raise _refused(text, phrase("give the weight of a dimension, or those of its indicators"))
        wanted |= _shared(_exact(name, weight), within, leaves)
    others = [name for name in leaves if name not in wanted]
    rest = 1 - sum(wanted.values(), Fraction(0))
    if rest < 0 or (rest > 0) != bool(others):
        text = phrase("the weights add up to {sum}, not to 1", sum=1 - rest)
        if rest == 0:
            text = phrase(
                "the weights that are given add up to 1, and nothing is left for {names}", names=listed(others)
            )
        remedy = phrase("give weights whose sum is below 1 (the others share the rest), or all of them with the sum 1")
        raise _refused(text, remedy)
    return _weighted(parts, wanted | _shared(rest, others, leaves))


def narrowed(dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...], names: Sequence[str]) -> Parts:
    """Dimensions and indicators without some of them; see `Measure.without`."""
    gone: set[str] = set()
    for name in names:
        own = [one.name for one in indicators if name in {one.name, one.dimension}]
        if not own:
            known = [*(one.name for one in indicators), *(one.name for one in dimensions)]
            raise _unknown(name, known)
        gone.update(own)
    kept = [one for one in indicators if one.name not in gone]
    if all(one.monitor for one in kept):
        raise _refused(phrase("no indicator of the score is left"), phrase("leave fewer of them out"))
    scored = {one.dimension for one in kept if not one.monitor}
    rest = [_left(one, gone) for one in dimensions if one.name in scored]
    whole = sum((one.weight for one in rest), Fraction(0))
    shares = {one.name: one.weight / whole for one in rest}
    smaller: Parts = tuple(rest), tuple(one for one in kept if one.dimension in shares)
    leaves = _leaves(smaller)
    weights: dict[str, Fraction] = {}
    for name, share in shares.items():
        weights |= _shared(share, _within(smaller, name, leaves), leaves)
    return _weighted(smaller, weights)


def _leaves(parts: Parts) -> dict[str, Fraction]:
    """What carries weight of its own: indicators of the score, and dimensions that count as one."""
    dimensions, indicators = parts
    found = {one.name: one.weight for one in dimensions if one.at_least is not None}
    return found | {one.name: one.weight for one in indicators if not one.monitor and one.dimension not in found}


def _within(parts: Parts, name: str, leaves: Mapping[str, Fraction]) -> list[str]:
    """The leaves that a name stands for."""
    if name in leaves:
        return [name]
    dimensions, indicators = parts
    within = [one.name for one in indicators if one.dimension == name and one.name in leaves]
    if within:
        return within
    known = list(dict.fromkeys([*leaves, *(one.name for one in dimensions)]))
    if any(one.name == name for one in indicators):
        text = phrase("the indicator {name!r} has no weight of its own", name=name)
        raise _refused(text, phrase("there are {names}", names=listed(known, 40)))
    raise _unknown(name, known)


def _unknown(name: str, known: Sequence[str]) -> UsageError:
    text = phrase("the measure has no indicator or dimension {name!r}", name=name)
    return _refused(text, nearest(name, known) or phrase("there are {names}", names=listed(known, 40)))


def _shared(share: Fraction, names: Sequence[str], leaves: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """A share of the score among leaves, in the proportion of their weights."""
    whole = sum((leaves[name] for name in names), Fraction(0))
    return {name: share * leaves[name] / whole for name in names}


def _weighted(parts: Parts, weights: Mapping[str, Fraction]) -> Parts:
    """Dimensions and indicators with the weights of their leaves."""
    dimensions, indicators = parts
    indicators = tuple(replace(one, weight=weights.get(one.name, one.weight)) for one in indicators)

    def whole(dimension: Dimension) -> Fraction:
        own = sum((one.weight for one in indicators if one.dimension == dimension.name), Fraction(0))
        return weights.get(dimension.name, own)

    return tuple(replace(one, weight=whole(one)) for one in dimensions), indicators


def _left(dimension: Dimension, gone: set[str]) -> Dimension:
    """A dimension without some of its indicators; one that takes m of them has fewer to take."""
    left = tuple(name for name in dimension.indicators if name not in gone)
    needed = dimension.at_least
    if needed is not None and left and needed > len(left):
        text = phrase(
            "{name!r} counts from {number} indicators on, and {left} would be left",
            name=dimension.name,
            number=needed,
            left=len(left),
        )
        raise _refused(text, phrase("leave the whole dimension out, or fewer of its indicators"))
    return replace(dimension, indicators=left)


def _exact(name: str, weight: Weight) -> Fraction:
    if isinstance(weight, bool) or not isinstance(weight, str | int | Fraction):
        text = phrase("the weight of {name!r} is a {kind}", name=name, kind=type(weight).__name__)
        raise _refused(text, phrase("write it as a text such as '1/3', so that it is exact"))
    try:
        value = fraction(weight) if isinstance(weight, str) else Fraction(weight)
    except ValueError as error:
        text = phrase("the weight of {name!r} is {fault}", name=name, fault=error.args[0])
        raise _refused(text, phrase("write it as a text such as '1/3', so that it is exact")) from None
    if not 0 < value <= 1:
        text = phrase("the weight of {name!r} is {value}, outside (0, 1]", name=name, value=value)
        raise _refused(text, phrase("give a share of the score; `without` leaves an indicator out"))
    return value


def _refused(text: Phrase, remedy: Phrase | str) -> UsageError:
    return UsageError(Fault(CODE, None, text, remedy))
