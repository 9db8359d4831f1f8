"""Editions of a small register with its slow twin: persons move, households split and merge, in exact fractions.

Written from the definitions (Alkire et al. 2015, chapter 9.3.1 and 9.4), with dicts and Fractions, not from the code.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import pyarrow as pa

import mpi
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata

K, SEVERE = Fraction(1, 3), Fraction(1, 2)
INDICATORS = ("water", "school", "work", "floor")
WEIGHTS = (Fraction(1, 6), Fraction(1, 6), Fraction(1, 3), Fraction(1, 3))
ZERO = Fraction(0)


def measure() -> Measure:
    """The measure of the register; scores of 1/6, 1/3, 1/2, ... lie on its cutoffs."""
    given = {"services": {"water": "1/6", "school": "1/6"}, "living": {"work": "1/3", "floor": "1/3"}}
    rules = {name: f"{name}_flag = 1" for name in INDICATORS}
    variables = {"household": {f"{name}_flag": "number" for name in INDICATORS}}
    return mpi.measure(given, k={"poor": "1/3", "severe": "1/2"}, rules=rules, variables=variables, name="ledger")


@dataclass(frozen=True)
class House:
    flags: tuple[bool | None, ...]
    area: str
    weight: Fraction
    stratum: str
    psu: str


@dataclass(frozen=True)
class Ledger:
    """One edition: households by key, and the household of each person."""

    houses: Mapping[int, House]
    homes: Mapping[int, int]
    heads: frozenset[int] = frozenset()

    def members(self, house: int) -> set[int]:
        return {person for person, own in self.homes.items() if own == house}


def editions(seed: int, *, number: int = 2, houses: int = 40, weighted: bool = False, areas: int = 3) -> list[Ledger]:
    """Editions of a register in which persons move, come and go, and flags change or are unknown."""
    draw = random.Random(seed)  # noqa: S311  a seeded test
    found = [_first(draw, houses, weighted, areas)]
    for _ in range(number - 1):
        found.append(_next(draw, found[-1], weighted, areas))
    return found


def _house(draw: random.Random, weighted: bool, areas: int) -> House:
    flags = tuple(None if draw.random() < 0.06 else draw.random() < 0.4 for _ in INDICATORS)
    psu = draw.randrange(8)
    weight = Fraction(draw.choice([1, 2, 3, 5]) if weighted else 1)
    return House(flags, f"0{draw.randrange(areas) + 5}001", weight, f"e{psu // 4}", f"u{psu}")


def _first(draw: random.Random, houses: int, weighted: bool, areas: int) -> Ledger:
    own = {100 + i: _house(draw, weighted, areas) for i in range(houses)}
    homes, person = {}, 1000
    for house in own:
        for _ in range(draw.randint(1, 4)):
            homes[person] = house
            person += 1
    return Ledger(own, homes, _heads(homes))


def _heads(homes: Mapping[int, int]) -> frozenset[int]:
    first: dict[int, int] = {}
    for person in sorted(homes):
        first.setdefault(homes[person], person)
    return frozenset(first.values())


def _next(draw: random.Random, earlier: Ledger, weighted: bool, areas: int) -> Ledger:
    homes = {p: h for p, h in earlier.homes.items() if draw.random() > 0.1}
    free = max(earlier.houses) + 1
    for person in list(homes):
        chance = draw.random()
        if chance < 0.08:
            homes[person] = draw.choice(sorted(earlier.houses))
        elif chance < 0.14:
            homes[person], free = free, free + 1
    born = max(earlier.homes) + 1
    for i in range(len(homes) // 8):
        homes[born + i] = draw.choice(sorted(set(homes.values())))
    own = {}
    for house in sorted(set(homes.values())):
        before = earlier.houses.get(house)
        if before is None:
            own[house] = _house(draw, weighted, areas)
            continue
        flags = tuple(
            (None if draw.random() < 0.05 else draw.random() < 0.4) if draw.random() < 0.4 else flag
            for flag in before.flags
        )
        moved = replace(before, flags=flags, weight=_house(draw, weighted, areas).weight if weighted else before.weight)
        own[house] = replace(moved, area=_house(draw, weighted, areas).area) if draw.random() < 0.1 else moved
    return Ledger(own, homes, _heads(homes))


def microdata(
    ledger: Ledger, period: str, *, weighted: bool = False, sample: bool = False, text: bool = False
) -> Microdata:
    """An edition as a frame of persons."""
    people = sorted(ledger.homes, key=lambda person: (ledger.homes[person], person))
    houses = [ledger.houses[ledger.homes[person]] for person in people]
    columns: dict[str, object] = {
        "ficha": [ledger.homes[person] for person in people],
        "cedula": [f"c{person:07d}" if text else person for person in people],
        "jefe": [1 if person in ledger.heads else 2 for person in people],
        "area": [own.area for own in houses],
        "estrato": [own.stratum for own in houses],
        "upm": [own.psu for own in houses],
        "peso": [float(own.weight) for own in houses],
    }
    for j, name in enumerate(INDICATORS):
        columns[f"{name}_flag"] = [None if own.flags[j] is None else int(own.flags[j]) for own in houses]
    design = {} if sample else {"census": True}
    more: dict[str, object] = {"stratum": "estrato", "psu": "upm"} if sample else {}
    return mpi.survey(
        pa.table(columns),
        weight="peso" if weighted else None,
        household="ficha",
        domains=["area"],
        design=design,
        name="register",
        period=period,
        **more,
    )


def score(flags: Sequence[bool | None]) -> Fraction | None:
    """The score; None where a flag is unknown."""
    if None in flags:
        return None
    return sum((w for w, flag in zip(WEIGHTS, flags, strict=True) if flag), ZERO)


@dataclass(frozen=True)
class State:
    """A unit in an edition."""

    flags: tuple[bool | None, ...]
    area: str
    weight: Fraction
    place: tuple[str, str]

    @property
    def score(self) -> Fraction | None:
        return score(self.flags)

    def poor(self, k: Fraction) -> bool | None:
        return None if self.score is None else self.score >= k


Course = tuple[State | None, ...]


def persons(ledgers: Sequence[Ledger]) -> list[Course]:
    """Each person in all editions."""
    everyone = sorted({person for one in ledgers for person in one.homes})
    return [tuple(_state(one, one.homes.get(person)) for one in ledgers) for person in everyone]


def _state(ledger: Ledger, house: int | None, times: int = 1) -> State | None:
    if house is None:
        return None
    own = ledger.houses[house]
    return State(own.flags, own.area, own.weight * times, (own.stratum, own.psu))


def linked(earlier: Ledger, later: Ledger, rule: str) -> tuple[dict[int, int], int, int]:
    """Later household of each earlier one that is linked, and how many split and merged."""
    pairs: dict[tuple[int, int], int] = Counter(
        (earlier.homes[p], later.homes[p]) for p in earlier.homes if p in later.homes
    )
    ways, back = defaultdict(set), defaultdict(set)
    for one, other in pairs:
        ways[one].add(other)
        back[other].add(one)
    split, merged = sum(len(own) > 1 for own in ways.values()), sum(len(own) > 1 for own in back.values())
    found: dict[int, int] = {}
    if rule == "same_key":
        found = {house: house for house in earlier.houses if house in later.houses}
    elif rule == "same_head":
        found = {earlier.homes[p]: later.homes[p] for p in earlier.heads & later.heads}
    else:
        for (one, other), shared in pairs.items():
            before, after = len(earlier.members(one)), len(later.members(other))
            pooled = 2 * shared > before + after - shared
            if pooled if rule == "pooled_majority" else 2 * shared > before and 2 * shared > after:
                found[one] = other
    return found, split, merged


def households(earlier: Ledger, later: Ledger, rule: str, *, by_member: bool = False) -> list[Course]:
    """Each household in both editions; with the weight of its members."""

    def state(ledger: Ledger, house: int | None) -> State | None:
        return _state(ledger, house, len(ledger.members(house)) if by_member and house is not None else 1)

    found = linked(earlier, later, rule)[0]
    courses: list[Course] = [(state(earlier, one), state(later, found.get(one))) for one in earlier.houses]
    after = set(found.values())
    return [*courses, *((None, state(later, other)) for other in later.houses if other not in after)]


def weight(course: Course, which: str = "earlier") -> Fraction:
    states = [state for state in course if state is not None]
    return states[0 if which == "earlier" else -1].weight


def total(courses: Iterable[Course], keep: Callable[[Course], object], which: str = "earlier") -> Fraction:
    """The sum of the weights of some."""
    return sum((weight(course, which) for course in courses if keep(course)), ZERO)


def mean(courses: Sequence[Course], t: int, value: Callable[[State], Fraction]) -> Fraction:
    """A mean of an edition by its own weights, of who is there with a known score."""
    own = [course[t] for course in courses]
    known = [state for state in own if state is not None and state.score is not None]
    return sum((state.weight * value(state) for state in known), ZERO) / sum((state.weight for state in known), ZERO)


def censored(k: Fraction) -> Callable[[State], Fraction]:
    return lambda state: state.score if state.poor(k) else ZERO  # type: ignore[return-value]


MEASURE = measure()


@cache
def rounds() -> list[Microdata]:
    """Two editions as frames."""
    return [microdata(one, str(2020 + t)) for t, one in enumerate(editions(8))]


@cache
def panel() -> mpi.Panel:
    """Their persons, linked."""
    return mpi.follow(rounds(), MEASURE, key=["cedula"], domains=["area"])
