"""Coverage of programmes: exact loops over persons, what adds up, errors against the jackknife, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import isclose, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi.errors import ConfigError, DataError, UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.profile.marks import marks_of, places_of
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.loops import at_least_one

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
N, SEED, CUTOFF = 120, 3, Fraction(1, 3)
CODES = {1: True, 2: False, 9: None}
NAMES = ("transfer", "pension", "meals")  # of the household; for some of its members; of the person
DECLARED = """\
programmes:
  transfer: {column: transfer, codes: {1: yes, 2: no}}
  pension: {receives: {column: pension, codes: {1: yes, 2: no}}, for: age >= 50, title: {en: Pension}}
  meals: meal = 1
domains:"""


def survey(declared: str = DECLARED) -> Survey:
    codes = "missing_codes: {age: [99], transfer: [9], pension: [9], meal: [9]}"
    return village.survey(("missing_codes: {age: [99]}", codes), ("domains:", declared))


@cache
def data(households_: int = N) -> village.Tables:
    rng, tables = np.random.default_rng(11), village.tables(households_, SEED)
    persons, households = tables["persons"], tables["households"]
    for name, table, weights in (
        ("transfer", "households", [0.4, 0.5, 0.1]), ("pension", "households", [0.3, 0.6, 0.1]),
        ("meal", "persons", [0.5, 0.4, 0.1]),
    ):  # fmt: skip
        column = rng.choice(list(CODES), tables[table].num_rows, p=weights)
        tables = {**tables, table: tables[table].append_column(name, pa.array(column))}
    assert persons.num_rows > households.num_rows == households_
    return tables


@dataclass(frozen=True)
class Person:
    """A person: weight, place in the design, region, whether poor, and what is known of programmes."""

    weight: Fraction
    psu: tuple[int, int]
    region: str
    poor: bool
    receives: Mapping[str, bool | None]
    inside: Mapping[str, bool | None]


@cache
def people() -> tuple[Person, ...]:
    """Every person whose score is known, from the tables anew."""
    own, tables = village.measure(), data()
    weights = dict(zip(own.names, own.weights, strict=True))
    houses = {row["house"]: row for row in tables["households"].to_pylist()}
    scores: dict[int, Fraction] = {}
    for row in score(survey(), own, tables).to_pylist():
        flags = {name: row[name] for name in own.names}
        if None not in flags.values():
            scores[int(row["house"])] = sum((weights[n] for n, flag in flags.items() if flag), Fraction(0))
    found = []
    for row in tables["persons"].to_pylist():
        house = houses[row["house"]]
        if row["house"] not in scores or not house["weight"]:
            continue
        old = None if row["age"] == 99 else row["age"] >= 50
        receives = {
            "transfer": CODES[house["transfer"]],
            "pension": CODES[house["pension"]],
            "meals": CODES[row["meal"]],
        }
        found.append(
            Person(
                Fraction(house["weight"]), (house["stratum"], house["segment"]), house["region"],
                scores[row["house"]] >= CUTOFF, receives, {"transfer": True, "pension": old, "meals": True},
            )
        )  # fmt: skip
    return tuple(found)


def every_psu() -> set[tuple[int, int]]:
    return {(row["stratum"], row["segment"]) for row in data()["households"].to_pylist()}


Test = Callable[[Person], bool]


def share(y: Test, x: Test, region: str | None, *, total: bool = False) -> tuple[float, float] | None:
    """A share or total with its error between the PSUs of each stratum, in fractions; None of nobody."""
    own = [one for one in people() if region in (None, one.region)]
    above = sum((one.weight for one in own if y(one)), Fraction(0))
    below = sum((one.weight for one in own if x(one)), Fraction(0))
    if not below:
        return None
    value = above if total else above / below
    z = dict.fromkeys(every_psu(), Fraction(0))
    for one in own:
        z[one.psu] += one.weight * (y(one) if total else (y(one) - value * x(one)) / below)
    return float(value), sqrt(variance(z))


def variance(z: Mapping[tuple[int, int], Fraction]) -> Fraction:
    found = Fraction(0)
    for stratum in {h for h, _ in z}:
        own = [value for (h, _), value in z.items() if h == stratum]
        mean = sum(own, Fraction(0)) / len(own)
        found += Fraction(len(own), len(own) - 1) * sum(((value - mean) ** 2 for value in own), Fraction(0))
    return found


def counted(name: str) -> Test:
    """Whom a programme counts: whom it is for, where that and the receipt are known."""
    return lambda one: bool(one.inside[name]) and one.receives[name] is not None


def receives(name: str) -> Test:
    return lambda one: counted(name)(one) and bool(one.receives[name])


def both(*tests: Test) -> Test:
    return lambda one: all(test(one) for test in tests)


def poor(one: Person) -> bool:
    return one.poor


def not_poor(one: Person) -> bool:
    return not one.poor


def known_of(*names: str) -> Test:
    """Whether receipts are known: who is outside the target and has no answer receives nothing."""
    return lambda one: all(one.receives[n] is not None or one.inside[n] is False for n in names)


def number(one: Person) -> int:
    return sum(bool(one.receives[name]) for name in NAMES)


def wanted(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """A figure of one programme by its definition."""
    name, region = row["programme"], row["region"]
    r, c = receives(name), counted(name)

    def lacking(one: Person) -> bool:
        return one.inside[name] is None or (bool(one.inside[name]) and one.receives[name] is None)

    def base(one: Person) -> bool:
        return one.inside[name] is not False

    def outside(one: Person) -> bool:
        return one.inside[name] is False and bool(one.receives[name])

    everyone: Test = lambda one: True  # noqa: E731
    totals = {
        "recipients": r, "recipients_poor": both(r, poor), "recipients_not_poor": both(r, not_poor),
        "poor_not_reached": both(c, poor, lambda one: not r(one)), "receipt_unknown": lacking,
        "recipients_outside": outside,
    }  # fmt: skip
    shares = {
        "unknown": (lacking, base), "coverage_all": (r, c), "coverage": (both(r, poor), both(c, poor)),
        "undercoverage": (both(c, poor, lambda one: not r(one)), both(c, poor)),
        "coverage_not_poor": (both(r, not_poor), both(c, not_poor)),
        "leakage": (both(r, not_poor), r), "to_the_poor": (both(r, poor), r),
    }  # fmt: skip
    if row["figure"] in totals:
        return share(totals[row["figure"]], everyone, region, total=True)
    return share(*shares[row["figure"]], region)


@cache
def profile() -> DeprivationProfile:
    return mpi.deprivation_profile(survey(), village.measure(), data(), domains=["region", *NAMES])


@cache
def table() -> Any:
    own = village.measure()
    return [row for name in ("coverage", "programmes") for row in mpi.analyse(profile(), own, name, by="region")]


def rows(*figures: str) -> list[dict[str, Any]]:
    return [row for row in table() if row["figure"] in figures]


def near(row: Mapping[str, Any], value: tuple[float, float] | None) -> None:
    if value is None:
        assert (row["estimate"], row["se"]) == (None, None), row
        return
    assert isclose(row["estimate"], value[0], rel_tol=1e-12, abs_tol=1e-14), row
    if row["se"] is None and value[1]:
        assert row["note"], row
        return
    assert isclose(row["se"] or 0.0, value[1], rel_tol=1e-9, abs_tol=1e-11), row


DIRECT = (
    "unknown", "receipt_unknown", "recipients", "recipients_outside", "coverage_all", "coverage", "undercoverage",
    "coverage_not_poor", "leakage", "to_the_poor", "recipients_poor", "recipients_not_poor", "poor_not_reached",
)  # fmt: skip


@pytest.mark.parametrize("figure", DIRECT)
def test_each_figure_is_that_of_a_loop_over_persons(figure: str) -> None:
    for row in at_least_one(rows(figure)):
        near(row, wanted(row))


def test_where_nobody_is_in_the_denominator_it_is_said_so() -> None:
    own, formulas = village.measure(), ("targeting_differential", "cgh", "R0")
    for name in ("coverage", "programmes"):  # few are deprived in everything
        found = mpi.analyse(profile(), own, name, by="region", k="1").rows()
        for row in at_least_one([row for row in found if not row["n"] and row["figure"] not in formulas]):
            assert (row["estimate"], row["note"]) == (None, "unknown: nobody in the denominator"), row
        assert {row["note"] for row in found} >= {None, "unknown: nobody in the denominator"}


def test_the_differential_and_cgh_are_functions_of_shares_with_the_error_of_their_linear_form() -> None:
    for row in at_least_one(rows("targeting_differential", "cgh")):
        name, region = row["programme"], row["region"]
        r, c = receives(name), counted(name)
        pairs = [(both(r, poor), both(c, poor)), (both(r, not_poor), both(c, not_poor))]
        if row["figure"] == "cgh":
            pairs = [(both(r, poor), r), (both(c, poor), c)]
        own = [one for one in people() if region in (None, one.region)]
        (a, b), z = ratios(pairs, own)
        value = a - b if row["figure"] == "targeting_differential" else a / b
        slopes = (Fraction(1), Fraction(-1)) if row["figure"] == "targeting_differential" else (1 / b, -a / b**2)
        whole = {psu: sum((s * one[psu] for s, one in zip(slopes, z, strict=True)), Fraction(0)) for psu in z[0]}
        near(row, (float(value), sqrt(variance(whole))))


def ratios(pairs: list[tuple[Test, Test]], own: list[Person]) -> tuple[list[Fraction], list[dict[Any, Fraction]]]:
    """Ratios, and the linearised values of each by PSU."""
    values, influences = [], []
    for y, x in pairs:
        below = sum((one.weight for one in own if x(one)), Fraction(0))
        value = sum((one.weight for one in own if y(one)), Fraction(0)) / below
        z = dict.fromkeys(every_psu(), Fraction(0))
        for one in own:
            z[one.psu] += one.weight * (y(one) - value * x(one)) / below
        values.append(value)
        influences.append(z)
    return values, influences


def test_programmes_together_are_those_of_a_loop() -> None:
    inside = {"everyone": lambda one: True, "poor": poor, "not_poor": not_poor}
    whole = known_of(*NAMES)
    for row in at_least_one(rows("exactly", "some", "joint", "exactly_these", "mean_programmes")):
        group, region = inside[row["group"]], row["region"]
        base = both(group, whole)
        if row["figure"] == "exactly":
            near(row, share(both(base, lambda one, n=int(row["programmes"]): number(one) == n), base, region))
        elif row["figure"] == "some":
            near(row, share(both(base, lambda one: number(one) > 0), base, region))
        elif row["figure"] == "mean_programmes":
            own = [one for one in people() if region in (None, one.region) and base(one)]
            mean = sum(one.weight * number(one) for one in own) / sum((one.weight for one in own), Fraction(0))
            assert isclose(row["estimate"], float(mean), rel_tol=1e-12)
        else:
            names = row["programme"].split(" + ")
            base = both(group, known_of(*names)) if row["figure"] == "joint" else base
            exact = len(names) if row["figure"] == "exactly_these" else None

            def these(one: Person, names: list[str] = names, exact: int | None = exact) -> bool:
                return all(one.receives[n] for n in names) and exact in (None, number(one))

            near(row, share(both(base, these), base, region))


def test_r0_is_the_joint_rate_over_the_smaller_one() -> None:
    joint = {(r["programme"], r["group"], r["region"]): r["estimate"] for r in rows("joint")}
    inside = {"everyone": lambda one: True, "poor": poor, "not_poor": not_poor}
    for row in at_least_one(rows("R0")):
        names = row["programme"].split(" + ")
        base = both(inside[row["group"]], known_of(*names))
        rates = [share(both(base, lambda one, n=n: bool(one.receives[n])), base, row["region"]) for n in names]
        smaller = min(rate[0] for rate in rates if rate is not None)
        assert isclose(row["estimate"], joint[row["programme"], row["group"], row["region"]] / smaller, rel_tol=1e-12)


def test_what_adds_up() -> None:
    keys = ("figure", "programme", "group", "programmes", "region")
    found = {tuple(r.get(key) for key in keys): r["estimate"] for r in table()}
    regions = {r["region"] for r in table()}
    for region in regions:
        for name in NAMES:
            one = {
                key[0]: value for key, value in found.items() if key[1] == name and key[2] is None and key[4] == region
            }
            assert isclose(one["coverage"] + one["undercoverage"], 1)
            assert isclose(one["leakage"] + one["to_the_poor"], 1)
            assert isclose(one["recipients_poor"] + one["recipients_not_poor"], one["recipients"])
            assert isclose(one["targeting_differential"], one["coverage"] - one["coverage_not_poor"])
        for group in ("everyone", "poor", "not_poor"):
            exact = [v for k, v in found.items() if k[0] == "exactly" and k[2] == group and k[4] == region]
            assert len(exact) == len(NAMES) + 1
            assert isclose(sum(exact), 1)
    for figure in ("recipients", "poor_not_reached", "receipt_unknown"):
        for name in NAMES:
            parts = [v for k, v in found.items() if k[:2] == (figure, name) and k[4] is not None]
            assert isclose(sum(parts), found[figure, name, None, None, None])
    assert len(list(combinations(NAMES, 2))) == len({r["programme"] for r in rows("joint")})


def test_errors_are_near_the_jackknife() -> None:
    own = village.measure()
    made = mpi.deprivation_profile(survey(), own, data(900), domains=[*NAMES])
    pairs = []
    for name in ("coverage", "programmes"):
        linear, repeated = (mpi.analyse(made, own, name, variance=v) for v in ("design", "jackknife"))
        pairs += [(a, b) for a, b in zip(linear, repeated, strict=True) if a["se"] and b["se"]]
    for one, other in at_least_one(pairs):
        assert isclose(one["estimate"], other["estimate"], rel_tol=1e-12)
        assert isclose(one["se"], other["se"], rel_tol=0.12), one


def test_marks_change_no_figure_of_the_measure_and_outlive_files_sums_and_other_measures(tmp_path: Path) -> None:
    own, marked = village.measure(), profile()
    plain = mpi.deprivation_profile(survey(), own, data(), domains=["region"])
    assert not plain.marks
    for a, b in zip(mpi.estimate(plain, own, by="region"), mpi.estimate(marked, own, by="region"), strict=True):
        assert (a["estimate"] is None) == (b["estimate"] is None)
        assert a["estimate"] is None or isclose(a["estimate"], b["estimate"], rel_tol=1e-12, abs_tol=1e-15)
    marked.write(tmp_path / "p.parquet")
    back = DeprivationProfile.read(tmp_path / "p.parquet")
    assert [m.name for m in back.marks] == [m.name for m in marked.marks]
    narrower = own.without("crowding")
    again = mpi.analyse(back, narrower, "coverage").only("recipients")
    assert {r["programme"] for r in again} == set(NAMES)
    halves = [marked.filter(region=code) for code in marked.domains[0].labels]
    joined = mpi.analyse(mpi.merge_profiles(halves), own, "coverage", by="region")
    for a, b in zip(mpi.analyse(marked, own, "coverage", by="region"), joined, strict=True):
        assert a["estimate"] is None or isclose(a["estimate"], b["estimate"], rel_tol=1e-12, abs_tol=1e-15)
    with pytest.raises(DataError, match="programmes and children"):
        mpi.merge_profiles([marked, plain])


def test_nobody_poor_and_nobody_reached_are_null_not_0() -> None:
    tables = data()
    none = pa.array([2] * N)
    place = tables["households"].column_names.index("transfer")
    changed = {**tables, "households": tables["households"].set_column(place, "transfer", none)}
    made = mpi.deprivation_profile(survey(), village.measure(), changed, domains=["transfer"])
    found = {row["figure"]: row for row in mpi.analyse(made, village.measure(), "coverage")}
    assert found["coverage"]["estimate"] == 0
    for figure in ("leakage", "to_the_poor", "cgh"):
        assert found[figure]["estimate"] is None
        assert found[figure]["note"]


def test_all_programmes_are_in_a_profile_of_all_domains_and_those_named_in_others() -> None:
    own = village.measure()
    whole = mpi.deprivation_profile(survey(), own, data())
    assert {m.name for m in whole.marks} == {*(f"programme {name}" for name in NAMES), "target pension"}
    some = mpi.deprivation_profile(survey(), own, data(), domains=["transfer"])
    assert [m.name for m in some.marks] == ["programme transfer"]
    found = mpi.analyse(some, own, "coverage", unit="households").only("recipients")
    assert [row["unit"] for row in found] == ["households"]


def test_what_is_refused() -> None:
    own = village.measure()
    with pytest.raises(UsageError, match=r"MPI-E213.*no programme"):
        mpi.analyse(mpi.deprivation_profile(survey(), own, data(), domains=["region"]), own, "coverage")
    with pytest.raises(UsageError, match=r"MPI-E007.*'pension' differs between"):
        mpi.analyse(profile(), own, "coverage", unit="households")
    with pytest.raises(ConfigError, match=r"MPI-D014.*the programme transfer does not say yes or no"):
        mpi.deprivation_profile(survey("programmes: {transfer: transfer}\ndomains:"), own, data())
    with pytest.raises(ConfigError, match=r"MPI-D014.*the target of the programme transfer"):
        text = "programmes: {transfer: {receives: transfer = 1, for: age}}\ndomains:"
        mpi.deprivation_profile(survey(text), own, data())
    with pytest.raises(ConfigError, match=r"MPI-S007.*'region' is a programme and a domain"):
        survey("programmes: {region: transfer = 1}\ndomains:")
    with pytest.raises(ConfigError, match=r"MPI-S007.*cannot be called 'children'"):
        survey("programmes: {children: transfer = 1}\ndomains:")
    with pytest.raises(ConfigError, match=r"the key 'receives' is missing"):
        survey("programmes: {transfer: {for: age < 18}}\ndomains:")
    many = ", ".join(f"p{i}: transfer = {i}" for i in range(61))
    with pytest.raises(ConfigError, match=r"MPI-M004.*room for 60 programmes"):
        mpi.deprivation_profile(survey(f"programmes: {{{many}}}\ndomains:"), own, data())


def test_sixty_programmes_fit() -> None:
    own = village.measure()
    many = ", ".join(f"p{i}: transfer = {1 + i % 3}" for i in range(60))
    asked = [f"p{i}" for i in range(60)]
    made = mpi.deprivation_profile(survey(f"programmes: {{{many}}}\ndomains:"), own, data(), domains=asked)
    places = places_of(made.marks)
    households = data()["households"].to_pylist()
    sizes = {row["values"]: row["counts"] for row in data()["persons"]["house"].value_counts().to_pylist()}
    for i in range(60):
        true, known = marks_of(made.cells.pattern, made.cells.unknown, places[f"programme p{i}"])
        with_code = sum(row["weight"] * sizes[row["house"]] for row in households if row["transfer"] == 1 + i % 3)
        lacking = sum(row["weight"] * sizes[row["house"]] for row in households if row["transfer"] == 9)
        assert made.cells.person_weight[true].sum() == with_code
        assert made.cells.person_weight[~known].sum() == lacking > 0


def test_a_frame_names_its_programmes() -> None:
    frame = pa.table(
        {"house": [1, 1, 2, 3], "w": [2.0, 2.0, 1.0, 3.0], "a": [1, 1, 0, 1], "b": [1, 1, 0, 0], "r": [1, 1, 1, 0]}
    )
    own = mpi.measure(["a", "b"], k="1/2")
    read = mpi.survey(frame, weight="w", household="house", programmes={"transfer": "r = 1"})
    found = {row["figure"]: row["estimate"] for row in mpi.analyse(read, own, "coverage")}
    assert found["recipients"] == 5
    assert isclose(found["coverage"], 4 / 7)
    assert isclose(found["leakage"], 1 / 5)
    assert isclose(found["cgh"], (4 / 5) / (7 / 8))
