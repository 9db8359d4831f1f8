"""Children: loops over households written from the definitions, what adds up, errors against the jackknife."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import isclose
from typing import Any

import pytest

import mpi
from mpi.errors import ConfigError, UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.support import village
from tests.support.loops import at_least_one

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
N, SEED, CUTOFF, SCHOOLED = 150, 8, Fraction(1, 3), 6
DECLARED = """\
children:
  child: age < 18
  girl: sex = 'woman'
  schooled: years >= 6
  deprived: {crowding: "years < 3"}
dimensions:"""


def measure(declared: str = DECLARED) -> Measure:
    return village.measure(("dimensions:", declared))


@dataclass
class Person:
    """A member: age and schooling, None where unknown, sex, and by indicator whether deprived itself."""

    age: int | None
    girl: bool
    years: float | None
    own: dict[str, bool | None] = field(default_factory=dict)

    @property
    def child(self) -> bool | None:
        return None if self.age is None else self.age < 18


@dataclass
class House:
    weight: Fraction
    region: str
    poor: bool
    members: list[Person]


@cache
def houses() -> tuple[House, ...]:
    """The households whose score is known, from the tables anew."""
    own, tables = measure(), village.tables(N, SEED)
    weights = dict(zip(own.names, own.weights, strict=True))
    scores: dict[int, Fraction] = {}
    for row in score(village.survey(), own, tables).to_pylist():
        flags = {name: row[name] for name in own.names}
        if None not in flags.values():
            scores[int(row["house"])] = sum((weights[n] for n, flag in flags.items() if flag), Fraction(0))
    members: dict[int, list[Person]] = {}
    for row in tables["persons"].to_pylist():
        one = Person(None if row["age"] == 99 else row["age"], row["sex"] == 2, row["years"])
        one.own["attendance"] = None if row["school"] is None else row["school"] != 1
        one.own["crowding"] = None if row["years"] is None else row["years"] < 3
        members.setdefault(row["house"], []).append(one)
    return tuple(
        House(Fraction(row["weight"]), row["region"], scores[row["house"]] >= CUTOFF, members[row["house"]])
        for row in tables["households"].to_pylist() if row["house"] in scores
    )  # fmt: skip


Test = Callable[[Person, House], bool]


def total(test: Test, region: str | None) -> Fraction:
    return sum((h.weight for h in houses() if region in (None, h.region) for p in h.members if test(p, h)), Fraction(0))


def eligible(one: Person) -> bool:
    """Attendance and the declared rule are both about children."""
    return one.child is True


def siblings(one: Person, house: House, name: str) -> list[bool | None] | None:
    """The own deprivations of the other children of the household; None if it is not known who is one."""
    others = [p for p in house.members if p is not one]
    return None if None in [p.child for p in others] else [p.own[name] for p in others if p.child]


def sibling_class(one: Person, house: House, name: str) -> str | None:
    """Of a deprived child; None where it is not known."""
    surely = [p for p in house.members if p is not one and p.child and p.own[name] is False]
    others = siblings(one, house, name)
    if others is None:  # it has a sibling for sure who is not deprived, but their number is not known
        return "with_spared_of_unknown_number" if surely else None
    if surely:
        return "with_spared"
    if None in others:
        return None
    return "siblings_deprived" if others else "without_siblings"


def adults(house: House) -> list[Person]:
    return [p for p in house.members if p.child is False]


def no_adult_is_schooled(house: House) -> bool:
    """Known for sure: nobody who is or may be an adult has the schooling, or may have it."""
    return all((p.years is not None and p.years < SCHOOLED) or p.child is True for p in house.members)


def wanted(row: dict[str, Any]) -> Fraction | None:
    name, region = row["indicator"], row["region"]

    def own(p: Person, _: House) -> bool:
        return eligible(p) and p.own[name] is True

    def base(p: Person, _: House) -> bool:
        return eligible(p) and p.own[name] is not None

    def poor(_: Person, h: House) -> bool:
        return h.poor

    def both(*tests: Test) -> Test:
        return lambda p, h: all(test(p, h) for test in tests)

    def no(test: Test) -> Test:
        return lambda p, h: not test(p, h)

    def sorted_as(*words: str) -> Test:
        return both(own, lambda p, h: sibling_class(p, h, name) in words)

    def mixed(_: Person, h: House) -> bool:
        return {p.girl for p in h.members if eligible(p)} == {True, False}

    child: Test = lambda p, _: p.child is True  # noqa: E731
    girl: Test = lambda p, _: p.girl  # noqa: E731
    placed = sorted_as("with_spared", "siblings_deprived", "without_siblings")
    behind: Test = lambda p, h: child(p, h) and bool(adults(h)) and no_adult_is_schooled(h) and p.years is not None  # noqa: E731
    pioneer: Test = lambda p, h: behind(p, h) and (p.years or 0) >= SCHOOLED  # noqa: E731
    alone: Test = lambda p, h: child(p, h) and all(q.child for q in h.members)  # noqa: E731
    totals = {
        "children": child, "children_poor": both(child, poor), "deprived_children": own, "in_poor": both(own, poor),
        "in_not_poor": both(own, no(poor)), "pioneers": pioneer, "without_adults": alone,
    }  # fmt: skip
    ratios = {
        "child_poverty": (both(child, poor), child), "deprived_share": (own, base),
        "with_spared": (sorted_as("with_spared"), placed),
        "siblings_deprived": (sorted_as("siblings_deprived"), placed),
        "without_siblings": (sorted_as("without_siblings"), placed),
        "share_in_not_poor": (both(own, no(poor)), own), "rate_poor": (both(own, poor), both(base, poor)),
        "rate_not_poor": (both(own, no(poor)), both(base, no(poor))),
        "rate_girls": (both(own, girl), both(base, girl)), "rate_boys": (both(own, no(girl)), both(base, no(girl))),
        "rate_girls_within": (both(own, girl, mixed), both(base, girl, mixed)),
        "rate_boys_within": (both(own, no(girl), mixed), both(base, no(girl), mixed)),
        "pioneer_share": (pioneer, behind), "pioneers_poor": (both(pioneer, poor), pioneer),
    }  # fmt: skip
    if row["figure"] in totals:
        return total(totals[row["figure"]], region)
    above, below = (total(test, region) for test in ratios[row["figure"]])
    return above / below if below else None


@cache
def profile(households: int = N) -> DeprivationProfile:
    return mpi.deprivation_profile(
        village.survey(), measure(), village.tables(households, SEED), domains=["region", "children"]
    )


FORMULAS = {"gap": ("rate_girls", "rate_boys"), "gap_within": ("rate_girls_within", "rate_boys_within")}


def test_every_figure_is_that_of_a_loop_over_households() -> None:
    table = list(mpi.analyse(profile(), measure(), "children", by="region"))
    met = set()
    for row in at_least_one(table):
        if row["figure"] in FORMULAS:
            continue
        value = wanted(row)
        met.add(row["figure"])
        if value is None:
            assert row["estimate"] is None, row
            assert row["note"], row
        else:
            assert isclose(row["estimate"], float(value), rel_tol=1e-12, abs_tol=1e-14), row
    assert len(met) == 21
    found = {(r["figure"], r["indicator"], r["region"]): r["estimate"] for r in table}
    for (figure, name, region), value in found.items():
        if figure in FORMULAS and value is not None:
            one, other = (found[part, name, region] for part in FORMULAS[figure])
            assert isclose(value, one - other, abs_tol=1e-14)


def test_what_adds_up() -> None:
    found = {(r["figure"], r["indicator"]): r["estimate"] for r in mpi.analyse(profile(), measure(), "children")}
    for name in ("attendance", "crowding"):
        assert isclose(found["in_poor", name] + found["in_not_poor", name], found["deprived_children", name])
        parts = [found[part, name] for part in ("with_spared", "siblings_deprived", "without_siblings")]
        assert isclose(sum(parts), 1)
        assert parts[0]
    assert isclose(found["children_poor", None], found["children", None] * found["child_poverty", None])
    assert found["pioneers", None] > 0


def test_errors_are_near_the_jackknife() -> None:
    made, own = profile(900), measure()
    linear, repeated = (mpi.analyse(made, own, "children", variance=v) for v in ("design", "jackknife"))
    pairs = [(a, b) for a, b in zip(linear, repeated, strict=True) if a["se"] and b["se"]]
    for one, other in at_least_one(pairs):
        assert isclose(one["estimate"], other["estimate"], rel_tol=1e-12, abs_tol=1e-15)
        assert isclose(one["se"], other["se"], rel_tol=0.12), one


def test_own_rules_follow_from_any_and_from_measures_of_persons() -> None:
    own = measure().children
    assert own is not None
    assert set(own.own) == {"attendance", "crowding"}  # schooling is a mean, walls are the household's
    some = measure(DECLARED.replace("  deprived:", "  indicators: [attendance]\n  deprived:")).children
    assert some is not None
    assert list(some.own) == ["attendance", "crowding"]
    persons = mpi.load_measure({
        "measure": "pupils", "title": "Pupils", "identification": "person", "k": "1/2", "missing": "exclude",
        "variables": {"person": {"age": "number", "attends": "truth", "years": "number"}},
        "children": {"child": "age < 18"},
        "dimensions": {"d": {"indicators": {"out": {"deprived": "NOT attends"}, "behind": {"deprived": "years < 3"}}}},
    })  # fmt: skip
    tables = village.tables(N, SEED)
    made = mpi.deprivation_profile(village.survey(), persons, tables, domains=["children"])
    found = {(r["figure"], r["indicator"]): r["estimate"] for r in mpi.analyse(made, persons, "children")}
    rows = tables["persons"].to_pylist()
    weights = {row["house"]: row["weight"] for row in tables["households"].to_pylist()}
    known = [r for r in rows if r["age"] < 18 and r["school"] is not None and r["years"] is not None]
    assert isclose(found["deprived_children", "out"], sum(weights[r["house"]] for r in known if r["school"] != 1))


def test_what_is_refused() -> None:
    own = measure()
    with pytest.raises(UsageError, match=r"MPI-E213.*does not say who is a child"):
        mpi.analyse(profile(), village.measure(), "children")
    with pytest.raises(  # a misfit of the measure and the survey, told with the others
        ConfigError, match=r"MPI-E213.*does not say who is a child\n  write `children: \{child: age < 18\}`"
    ):
        mpi.deprivation_profile(village.survey(), village.measure(), village.tables(N, SEED), domains=["children"])
    plain = mpi.deprivation_profile(village.survey(), own, village.tables(N, SEED), domains=["region"])
    with pytest.raises(UsageError, match=r"MPI-E213.*made without what the measure says of children"):
        mpi.analyse(plain, own, "children")
    with pytest.raises(UsageError, match=r"MPI-E213.*made without what the measure says of children"):
        mpi.analyse(profile(), measure(DECLARED.replace("age < 18", "age < 15")), "children")
    with pytest.raises(UsageError, match="MPI-E007"):
        mpi.analyse(profile(), own, "children", unit="households")
    with pytest.raises(ConfigError, match=r"MPI-M014.*no indicator 'attendence'"):
        measure(DECLARED.replace("deprived:", "indicators: [attendence]\n  deprived:"))
    with pytest.raises(ConfigError, match=r"MPI-M014.*the rule of 'schooling' does not say who"):
        measure(DECLARED.replace("deprived:", "indicators: [schooling]\n  deprived:"))
    with pytest.raises(ConfigError, match="MPI-R"):
        measure(DECLARED.replace("age < 18", "agee < 18"))
