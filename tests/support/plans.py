"""The slow twin of plans: every household splits into households with whole probabilities, one action after the other.

Written from the definitions: deprived is who counts as deprived; unknown stays unknown; conditions look at the data
before the plan, or at the state so far. All in exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.naive import Flags, Household

ONE = Fraction(1)
Condition = Callable[[Mapping[str, bool | None]], bool | None]


@dataclass(frozen=True)
class Step:
    """An action, with its condition as a function of deprivations and `poor`."""

    kind: str
    indicator: str
    share: Fraction = ONE
    where: Mapping[str, Sequence[str]] | None = None
    condition: Condition | None = None


def not_(a: bool | None) -> bool | None:
    return None if a is None else not a


def and_(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def or_(a: bool | None, b: bool | None) -> bool | None:
    return not_(and_(not_(a), not_(b)))


def known_of(measure: Measure, cutoff: Cutoff, flags: Flags) -> dict[str, bool | None]:
    """What a condition can read of a household."""
    found = dict(zip(measure.names, naive.resolved(measure, flags), strict=True))
    c = naive.score(measure, flags)
    found["poor"] = None if c is None else naive.is_poor(measure, cutoff, flags)
    return found


def split(
    measure: Measure, cutoff: Cutoff, household: Household, steps: Sequence[Step], *, so_far: bool = False
) -> dict[Flags, Fraction]:
    """The flags that a household comes to, with their probabilities."""
    states: dict[Flags, Fraction] = {household.flags: ONE}
    for step in steps:
        j, after = measure.names.index(step.indicator), {}
        inside = all(household.groups[name] in codes for name, codes in (step.where or {}).items())
        for flags, chance in states.items():
            looked = known_of(measure, cutoff, flags if so_far else household.flags)
            true = step.condition is None or step.condition(looked) is True
            now = naive.resolved(measure, flags)[j]
            hit = inside and true and now is (step.kind != "raise")
            changed = (*flags[:j], step.kind == "raise", *flags[j + 1 :])
            for end, part in ((changed, step.share), (flags, ONE - step.share)) if hit else ((flags, ONE),):
                if part:
                    after[end] = after.get(end, Fraction(0)) + chance * part
        states = after
    return states


def expanded(
    measure: Measure, cutoff: Cutoff, households: Sequence[Household], steps: Sequence[Step], *, so_far: bool = False
) -> list[Household]:
    """All households after the plan, with their weights times the probabilities."""
    return [
        replace(one, flags=flags, weight=one.weight * chance)
        for one in households
        for flags, chance in split(measure, cutoff, one, steps, so_far=so_far).items()
    ]


def linearised(
    measure: Measure, cutoff: Cutoff, households: Sequence[Household], name: str, where: Mapping[str, str]
) -> tuple[Fraction | None, dict[tuple[str, str], Fraction]]:
    """A figure of persons and its linearised values, added up by PSU."""

    def above(flags: Flags) -> Fraction:
        poor = Fraction(naive.is_poor(measure, cutoff, flags))
        return poor if name in ("H", "poor") else poor * (naive.score(measure, flags) or 0)

    def below(flags: Flags) -> Fraction:
        if name == "A":
            return Fraction(naive.is_poor(measure, cutoff, flags))
        return Fraction(naive.score(measure, flags) is not None)

    inside = [all(one.groups[g] == code for g, code in where.items()) for one in households]
    weight = [one.weight * one.members * own for one, own in zip(households, inside, strict=True)]
    y = [w * above(one.flags) for w, one in zip(weight, households, strict=True)]
    x = [w * below(one.flags) for w, one in zip(weight, households, strict=True)]
    if not sum(x):
        return None, {}
    ratio, scale = sum(y) / sum(x), sum(x)
    if name == "poor":
        estimate, z = sum(y), y
    else:
        estimate, z = ratio, [(a - ratio * b) / scale for a, b in zip(y, x, strict=True)]
    totals: dict[tuple[str, str], Fraction] = {}
    for one, value in zip(households, z, strict=True):
        key = (one.stratum, one.psu)
        totals[key] = totals.get(key, Fraction(0)) + value
    return estimate, totals


def variance(totals: Mapping[tuple[str, str], Fraction]) -> Fraction:
    """The ultimate cluster variance of totals by PSU."""
    strata: dict[str, list[Fraction]] = {}
    for (stratum, _), value in totals.items():
        strata.setdefault(stratum, []).append(value)
    found = Fraction(0)
    for own in strata.values():
        mean = sum(own, Fraction(0)) / len(own)
        found += Fraction(len(own), len(own) - 1) * sum(((v - mean) ** 2 for v in own), Fraction(0))
    return found


def difference(
    one: Mapping[tuple[str, str], Fraction], other: Mapping[tuple[str, str], Fraction]
) -> dict[tuple[str, str], Fraction]:
    return {key: other.get(key, Fraction(0)) - one.get(key, Fraction(0)) for key in {**one, **other}}
