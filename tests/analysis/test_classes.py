"""Classes and the income crossing: exact loops over households, proofs of partition, errors against the jackknife."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isclose, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.classifying import check_classes
from mpi.errors import ConfigError, UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.vocabulary.options import Unit
from tests.support import village
from tests.support.kernels import cache_of
from tests.support.loops import at_least_one

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
N = 120
RNG = np.random.default_rng(4)
INCOME = pa.array(np.round(RNG.gamma(2, 100, N)), mask=RNG.random(N) < 0.05)
DATA = {name: table if name == "persons" else table.append_column("income", INCOME)
        for name, table in village.tables(N, 3).items()}  # fmt: skip
SURVEY = village.survey(("  rooms: rooms", "  rooms: rooms\n  income: income"))
QUADRANTS = {
    "poor": "poor AND income_poor",
    "by_deprivations": "poor AND NOT income_poor",
    "by_income": "income_poor AND NOT poor",
    "neither": "NOT income_poor AND NOT poor",
}
# CONEVAL (2019): poor, vulnerable by rights or by income, neither; poverty is extreme under a second line.
MEXICO = {
    "extreme": "income < 60 AND income_poor AND score >= 1/2",
    "moderate": "income_poor AND score > 0 AND NOT (income < 60 AND score >= 1/2)",
    "vulnerable_by_deprivations": "NOT income_poor AND score > 0",
    "vulnerable_by_income": "income_poor AND score = 0",
    "neither": "NOT income_poor AND score = 0",
}
SEVEN = {  # the parts of a union of three
    "".join(parts) or "none": " AND ".join(
        name if letter in parts else f"NOT {name}"
        for letter, name in zip("iwd", ("income_poor", "rooms < 2", "poor"), strict=True)
    )
    for size in range(4) for parts in itertools.combinations("iwd", size)
}  # fmt: skip
Truths = Mapping[str, bool | None]


def measure(classes: Mapping[str, str] = QUADRANTS, *more: tuple[str, str], income: str = "income < 150") -> Measure:
    text = f"missing: exclude\nincome_poor: {income}\nclasses:\n"
    text += "".join(f'  {name}: "{rule}"\n' for name, rule in classes.items())
    return village.measure(("missing: exclude\n", text), ("wall: text", "wall: text, income: number"), *more)


def rows() -> list[dict[str, Any]]:
    """Every household: its score and weight, its income and rooms from the tables anew; null is unknown."""
    own = village.measure()
    scored = score(SURVEY, measure(), DATA).to_pylist()
    design = DATA["households"].to_pylist()
    assert [row["house"] for row in scored] == [row["house"] for row in design]
    weights = dict(zip(own.names, own.weights, strict=True))
    found = []
    for row, of in zip(scored, design, strict=True):
        flags = {name: row[name] for name in own.names}
        sure = None not in flags.values()
        total = sum((weights[name] for name, flag in flags.items() if flag), Fraction(0)) if sure else None
        found.append({**of, "score": total, "persons": row["persons"]})
    return found


ROWS = rows()


def three(value: float | None, test: Callable[[float], bool]) -> bool | None:
    return None if value is None else test(value)


def class_by_hand(row: Mapping[str, Any], classes: str) -> str | None:
    """The class of a household, written from the definitions."""
    c, income, few = row["score"], row["income"], three(row["rooms"], lambda n: n < 2)
    if c is None:
        return None
    poor = c >= Fraction(1, 3)
    if classes == "seven":
        if income is None or few is None:
            return None
        return "".join(letter for letter, met in zip("iwd", (income < 150, few, poor), strict=True) if met) or "none"
    if income is None:
        return None
    if classes == "mexico":
        if income < 150:
            return (
                "vulnerable_by_income" if c == 0 else "extreme" if income < 60 and c >= Fraction(1, 2) else "moderate"
            )
        return "neither" if c == 0 else "vulnerable_by_deprivations"
    if poor:
        return "poor" if income < 150 else "by_deprivations"
    return "by_income" if income < 150 else "neither"


def figure(
    y: Callable[[Any], bool], x: Callable[[Any], bool], unit: Unit, *, total: bool = False
) -> tuple[float, float]:
    """A share or total with its standard error: the variance between the PSUs of each stratum, in exact fractions."""
    w = [Fraction(r["weight"]) * (r["persons"] if unit == "persons" else 1) for r in ROWS]
    above = sum((a for a, r in zip(w, ROWS, strict=True) if y(r)), Fraction(0))
    below = sum((a for a, r in zip(w, ROWS, strict=True) if x(r)), Fraction(0))
    estimate, divisor = (above, Fraction(1)) if total else (above / below, below)
    psus: dict[tuple[int, int], Fraction] = {}
    for a, r in zip(w, ROWS, strict=True):
        z = a * (y(r) - (0 if total else estimate * x(r))) / divisor
        place = r["stratum"], r["segment"]
        psus[place] = psus.get(place, Fraction(0)) + z
    variance = Fraction(0)
    for stratum in {h for h, _ in psus}:
        own = [z for (h, _), z in psus.items() if h == stratum]
        mean = sum(own, Fraction(0)) / len(own)
        variance += Fraction(len(own), len(own) - 1) * sum(((z - mean) ** 2 for z in own), Fraction(0))
    return float(estimate), sqrt(variance)


@pytest.mark.parametrize("unit", ["persons", "households"])
@pytest.mark.parametrize(("name", "classes"), [("quadrants", QUADRANTS), ("mexico", MEXICO), ("seven", SEVEN)])
def test_classes_are_those_of_a_loop_over_households(name: str, classes: Mapping[str, str], unit: Unit) -> None:
    own = measure(classes)
    table = mpi.analyse(village.profile(DATA, of=SURVEY, by=own), own, "classes", unit=unit)

    def known(row: Any) -> bool:
        return class_by_hand(row, name) is not None

    shares = 0.0
    for row in at_least_one(r for r in table if r["figure"] in ("share", "number")):
        total = row["figure"] == "number"
        wanted = figure(lambda r, c=row["class"]: class_by_hand(r, name) == c, known, unit, total=total)
        assert isclose(row["estimate"], wanted[0], rel_tol=1e-12, abs_tol=1e-15), row["class"]
        assert isclose(row["se"] or 0.0, wanted[1], rel_tol=1e-9, abs_tol=1e-12), row["class"]
        shares += 0 if total else row["estimate"]
    assert isclose(shares, 1, rel_tol=1e-12)
    (unknown,) = [r for r in table if r["figure"] == "unknown"]
    wanted = figure(lambda r: r["score"] is not None and not known(r), lambda r: r["score"] is not None, unit)
    assert isclose(unknown["estimate"], wanted[0], rel_tol=1e-12, abs_tol=1e-15)


@pytest.mark.parametrize("unit", ["persons", "households"])
def test_the_crossing_is_that_of_a_loop_over_households(unit: Unit) -> None:
    own = measure()
    table = mpi.analyse(village.profile(DATA, of=SURVEY, by=own), own, "crossing", unit=unit)

    def is_known(row: Any) -> bool:
        return row["score"] is not None and row["income"] is not None

    def poor(row: Any) -> bool:
        return is_known(row) and row["score"] >= Fraction(1, 3)

    def income(row: Any) -> bool:
        return is_known(row) and row["income"] < 150

    groups: dict[str, Callable[[Any], bool]] = {
        "both": lambda r: poor(r) and income(r),
        "only_multidimensional": lambda r: poor(r) and not income(r),
        "only_income": lambda r: income(r) and not poor(r),
        "neither": lambda r: is_known(r) and not poor(r) and not income(r),
        "multidimensional": poor,
        "income": income,
        "either": lambda r: poor(r) or income(r),
    }
    for row in at_least_one(table):
        if row["figure"] == "missed_by_income":
            wanted = figure(groups["only_multidimensional"], poor, unit)
        elif row["figure"] == "missed_by_multidimensional":
            wanted = figure(groups["only_income"], income, unit)
        else:
            wanted = figure(groups[row["group"]], is_known, unit, total=row["figure"] == "number")
        assert isclose(row["estimate"], wanted[0], rel_tol=1e-12), row
        assert isclose(row["se"], wanted[1], rel_tol=1e-9), row


def test_errors_are_near_the_jackknife() -> None:
    own = measure(MEXICO)
    profile = village.profile(DATA, of=SURVEY, by=own)
    linear, repeated = (mpi.analyse(profile, own, "classes", variance=v) for v in ("design", "jackknife"))
    pairs = [(a, b) for a, b in zip(linear, repeated, strict=True) if a["se"] and a["figure"] == "share"]
    for one, other in at_least_one(pairs):
        assert one["estimate"] == other["estimate"]
        assert isclose(one["se"], other["se"], rel_tol=0.1), one["class"]


def by_brute_force(own: Measure, classes: Mapping[str, Callable[[Truths, Fraction], bool]]) -> bool:
    """Whether every pattern of deprivations, and every truth of the two conditions, is in exactly one class."""
    for flags in itertools.product((False, True), repeat=len(own.indicators)):
        c = sum((i.weight for i, flag in zip(own.indicators, flags, strict=True) if flag), Fraction(0))
        for income, extreme in ((False, False), (True, False), (True, True)):  # extreme is below the other line
            truths = {"income": income, "extreme": extreme, "poor": c >= own.cutoffs[0].k}
            truths |= {f"d_{name}": flag for name, flag in zip(own.names, flags, strict=True)}
            if sum(rule(truths, c) for rule in classes.values()) != 1:
                return False
    return True


ATOMS: dict[str, Callable[[Truths, Fraction], bool]] = {
    "poor": lambda t, c: bool(t["poor"]),
    "score >= 1/2": lambda t, c: c >= Fraction(1, 2),
    "score = 0": lambda t, c: c == 0,
    "3/4 > score": lambda t, c: Fraction(3, 4) > c,
    "income_poor": lambda t, c: bool(t["income"]),
    "income < 60": lambda t, c: bool(t["extreme"]),
    "deprived_walls": lambda t, c: bool(t["d_walls"]),
    "deprived_schooling": lambda t, c: bool(t["d_schooling"]),
}


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, Callable[[Truths, Fraction], bool]]:
    text = draw(st.sampled_from(sorted(ATOMS)))
    if draw(st.booleans()):
        return f"NOT ({text})", lambda t, c: not ATOMS[text](t, c)
    other, sign = draw(st.sampled_from(sorted(ATOMS))), draw(st.sampled_from(["AND", "OR"]))
    join = all if sign == "AND" else any
    return f"({text}) {sign} ({other})", lambda t, c: join([ATOMS[text](t, c), ATOMS[other](t, c)])


@given(rules(), rules(), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_the_proof_of_a_partition_is_that_of_all_patterns(one: Any, two: Any, shape: int) -> None:
    (a, is_a), (b, is_b) = one, two
    shapes: list[dict[str, tuple[str, Callable[[Truths, Fraction], bool]]]] = [
        {"a": one, "b": two},
        {"a": one, "rest": (f"NOT ({a})", lambda t, c: not is_a(t, c))},
        {"a": one, "b": (f"({b}) AND NOT ({a})", lambda t, c: is_b(t, c) and not is_a(t, c)),
         "rest": (f"NOT ({a}) AND NOT ({b})", lambda t, c: not is_a(t, c) and not is_b(t, c))},
        {"a": (f"({a}) AND ({b})", lambda t, c: is_a(t, c) and is_b(t, c)),
         "rest": (f"NOT ({a})", lambda t, c: not is_a(t, c))},
    ]  # fmt: skip
    chosen = shapes[shape]
    own = measure({name: text for name, (text, _) in chosen.items()})
    wanted = by_brute_force(own, {name: rule for name, (_, rule) in chosen.items()})
    try:
        check_classes(own)
    except ConfigError as refused:
        assert not wanted, refused
        assert "MPI-M011" in str(refused)
    else:
        assert wanted


def test_a_gap_and_an_overlap_are_named() -> None:
    with pytest.raises(ConfigError, match=r"MPI-M011.*no class has the state score: 0, income < 150: false"):
        check_classes(measure({"one": "income_poor", "two": "NOT income_poor AND score > 0"}))
    with pytest.raises(ConfigError, match=r"MPI-M011.*one and two overlap.*income < 150: true"):
        village.profile(DATA, of=SURVEY, by=measure({"one": "income_poor", "two": "score >= 0"}))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("score + 1 > 2", "MPI-M011"), ("poor = TRUE", "MPI-M011"), ("score < income", "MPI-M011"),
        ("deprived_nothing", "MPI-M011"), ("income", "MPI-R013"), ("incomes < 3", "MPI-R006"), ("age < 3", "MPI-R008"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_classes_are_refused(rule: str, code: str) -> None:
    with pytest.raises(ConfigError) as refused:
        measure({"one": rule, "two": f"NOT ({rule})"})
    assert code in {fault.code for fault in refused.value.faults}


def test_income_poor_is_to_be_said_before_classes_read_it() -> None:
    with pytest.raises(ConfigError, match=r"MPI-M011.*income_poor"):
        village.measure(("missing: exclude\n", "missing: exclude\nclasses: {one: income_poor, two: NOT income_poor}\n"))


def same(one: DeprivationProfile, other: DeprivationProfile) -> bool:
    names = ("domains", "stratum", "psu", "pattern", "unknown", "persons", "person_weight", "household_squares")
    return all(getattr(one.cells, name).tobytes() == getattr(other.cells, name).tobytes() for name in names)


def test_kernels_numpy_and_spans_give_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.write(tmp_path, DATA, rows=50)
    own, made = measure(SEVEN), []
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path / "cache")["XDG_CACHE_HOME"])
    for kernels, threads in (("off", 1), ("on", 1), ("on", 3)):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        made.append(mpi.deprivation_profile(SURVEY, own, tmp_path, threads=threads))
    village.small_spans(monkeypatch)
    made.append(mpi.deprivation_profile(SURVEY, own, tmp_path, threads=2))
    assert [same(made[0], one) for one in made[1:]] == [True] * 3


def test_ordinary_figures_are_those_of_the_measure_without_classes() -> None:
    own, plain = measure(MEXICO), village.measure()
    one = mpi.estimate(village.profile(DATA, of=SURVEY, by=own), own, by="region")
    other = mpi.estimate(village.profile(DATA, of=SURVEY), plain, by="region")
    for name in ("estimate", "se", "df", "n"):
        mine, theirs = (np.array(t.table[name].to_pylist(), float) for t in (one, other))
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-14)


def test_profiles_keep_their_conditions(tmp_path: Path) -> None:
    own = measure(MEXICO)
    profile = village.profile(DATA, of=SURVEY, by=own)
    profile.write(tmp_path / "p.parquet")
    read = DeprivationProfile.read(tmp_path / "p.parquet")
    assert mpi.analyse(read, own, "classes").table.equals(mpi.analyse(profile, own, "classes").table)
    other = measure(MEXICO, income="income < 200")
    for wrong, made in ((other, read), (own, village.profile(DATA, of=SURVEY))):
        with pytest.raises(UsageError, match=r"MPI-E110.*condition 1"):
            mpi.analyse(made, wrong, "classes")
    # Classes that read the same conditions otherwise need no new pass; fewer indicators neither.
    again = measure(QUADRANTS)
    assert len(mpi.analyse(read, again, "crossing")) == 16
    fewer = mpi.analyse(read, again.without("walls"), "crossing")
    direct = again.without("walls")
    made = mpi.analyse(village.profile(DATA, of=SURVEY, by=direct), direct, "crossing")
    np.testing.assert_allclose(fewer.table["estimate"].to_numpy(), made.table["estimate"].to_numpy(), rtol=1e-12)


def test_what_has_no_classes_is_refused() -> None:
    plain = village.measure()
    profile = village.profile(DATA, of=SURVEY)
    for name, words in (("classes", "has no classes"), ("crossing", "who is income poor")):
        with pytest.raises(UsageError, match=f"MPI-E213.*{words}"):
            mpi.analyse(profile, plain, name)
    own = measure()
    flags = pa.table({name: [1, 0, 1] for name in own.names} | {"w": [1.0, 2.0, 1.0], "p": [1, 2, 3]})
    ready = DeprivationProfile.from_flags(flags, own, weight="w", psu="p")
    with pytest.raises(UsageError, match=r"MPI-E213.*ready-made"):
        mpi.analyse(ready, own, "crossing")
    reads = measure({"one": "deprived_walls", "two": "NOT deprived_walls"})
    with pytest.raises(UsageError, match=r"MPI-E213.*deprived_walls"):
        mpi.analyse(village.profile(DATA, of=SURVEY, by=reads), reads.without("walls"), "classes")


def test_a_share_of_nobody_is_null_with_a_reason() -> None:
    own = measure(income="income < 0")
    table = mpi.analyse(village.profile(DATA, of=SURVEY, by=own), own, "crossing")
    (missed,) = [r for r in table if r["figure"] == "missed_by_multidimensional"]
    assert missed["estimate"] is None
    assert missed["note"]
