"""Agreement and destitution: loops over persons who are judged twice, the jackknife, inclusion, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import isclose, sqrt
from statistics import median
from typing import Any

import pytest

import mpi
from mpi.disclosure import protect_analyses
from mpi.disclosure.publishable import Publishable
from mpi.errors import UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from tests.support import naive, village
from tests.support.loops import at_least_one
from tests.support.publications import DISCLOSURE

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
ZERO = Fraction(0)
# Other rules under the same names, an indicator less, and another rule for unknowns: they disagree both ways.
SECOND = (
    ("measure: village", "measure: second"), ("missing: exclude", "missing: reweight"),
    ("COUNT() / rooms > 2", "COUNT() / rooms > 1"), ("MEAN(years) < 6.5", "MEAN(years) < 3"),
    ("      walls: {deprived: \"area = 'rural' AND wall = 'w2'\"}\n", "      floor: {deprived: \"wall = 'w1'\"}\n"),
    ("k: 1/3", "k: 1/2"),
)  # fmt: skip
# Deeper rules, each of which implies that of the measure.
DEEPER = (
    ("measure: village", "measure: deeper"), ("MEAN(years) < 6.5", "MEAN(years) < 5"),
    ("COUNT() / rooms > 2", "COUNT() / rooms > 3"), ("age < 18", "age < 12"),
)  # fmt: skip
WIDER = (("measure: village", "measure: deeper"), ("COUNT() / rooms > 2", "COUNT() / rooms > 1"))


def measure() -> Measure:
    return village.measure()


@cache
def data() -> village.Tables:
    return village.tables(150, 8)


@cache
def profile(*second: tuple[str, str]) -> DeprivationProfile:
    return mpi.deprivation_profile(village.survey(), measure(), data(), beside=village.measure(*second))


@cache
def table(name: str, *second: tuple[str, str], inclusion: Any = "refuse") -> tuple[dict[str, Any], ...]:
    found = mpi.analyse(
        profile(*second), measure(), name, other=village.measure(*second), by="region", inclusion=inclusion
    )
    return tuple(found.table.to_pylist())


@dataclass(frozen=True)
class Person:
    """A person by both measures: exact scores, None where unknown, and the flags after the rules for unknowns."""

    weight: Fraction
    psu: tuple[int, int]
    region: str
    scores: tuple[Fraction | None, Fraction | None]
    poor: tuple[bool, bool]
    flags: tuple[Mapping[str, bool | None], Mapping[str, bool | None]]

    @property
    def base(self) -> bool:
        """Whether both judge."""
        return None not in self.scores


@cache
def people(*second: tuple[str, str]) -> tuple[Person, ...]:
    """Every person with a weight, from the tables anew."""
    pair = (measure(), village.measure(*second))
    judged: list[dict[int, Any]] = []
    for own in pair:
        rows = score(village.survey(), own, data()).to_pylist()
        judged.append({row["house"]: tuple(row[name] for name in own.names) for row in rows})
    houses = {row["house"]: row for row in data()["households"].to_pylist()}
    found = []
    for row in data()["persons"].to_pylist():
        house = houses[row["house"]]
        flags = [one[row["house"]] for one in judged]
        if house["weight"]:
            found.append(
                Person(
                    Fraction(house["weight"]), (house["stratum"], house["segment"]), house["region"],
                    tuple(naive.score(own, flag) for own, flag in zip(pair, flags, strict=True)),  # type: ignore[arg-type]
                    tuple(naive.is_poor(own, own.cutoffs[0], flag) for own, flag in zip(pair, flags, strict=True)),  # type: ignore[arg-type]
                    tuple(
                        dict(zip(own.names, naive.resolved(own, flag), strict=True))
                        for own, flag in zip(pair, flags, strict=True)
                    ),  # type: ignore[arg-type]
                )
            )  # fmt: skip
    return tuple(found)


Amount = Callable[[Person], Fraction | bool | int]
Ratio = tuple[Amount, Amount]


def psus() -> set[tuple[int, int]]:
    return {(row["stratum"], row["segment"]) for row in data()["households"].to_pylist()}


def ratio(
    parts: Ratio, persons: Sequence[Person], weight: Callable[[Person], Fraction] = lambda one: one.weight
) -> Fraction | None:
    above, below = (sum((weight(one) * Fraction(part(one)) for one in persons), ZERO) for part in parts)
    return above / below if below else None


def linear(parts: Ratio, persons: list[Person]) -> dict[tuple[int, int], Fraction]:
    """The linearised ratio, added up by PSU."""
    value = ratio(parts, persons)
    assert value is not None
    below = sum((one.weight * Fraction(parts[1](one)) for one in persons), ZERO)
    z = dict.fromkeys(psus(), ZERO)
    for one in persons:
        z[one.psu] += one.weight * (Fraction(parts[0](one)) - value * Fraction(parts[1](one))) / below
    return z


def variance(z: Mapping[tuple[int, int], Fraction]) -> Fraction:
    found = ZERO
    for stratum in {h for h, _ in z}:
        own = [value for (h, _), value in z.items() if h == stratum]
        mean = sum(own, ZERO) / len(own)
        found += Fraction(len(own), len(own) - 1) * sum(((value - mean) ** 2 for value in own), ZERO)
    return found


def of_poor(i: int) -> Amount:
    return lambda one: one.base and one.poor[i]


def of_score(i: int) -> Amount:
    return lambda one: (one.scores[i] or ZERO) if one.base and one.poor[i] else ZERO


def base(one: Person) -> bool:
    return one.base


def both(one: Person) -> bool:
    return one.base and all(one.poor)


def only(i: int) -> Amount:
    return lambda one: one.base and one.poor[i] and not one.poor[1 - i]


def known(name: str) -> Amount:
    return lambda one: one.base and None not in (one.flags[0][name], one.flags[1][name])


def deprived(name: str, *wanted: bool | None) -> Amount:
    def amount(one: Person) -> bool:
        pairs = zip(wanted, one.flags, strict=True)
        return bool(known(name)(one)) and all(want is None or flags[name] is want for want, flags in pairs)

    return amount


SIDES = {"first": 0, "second": 1}


def agreement_of(row: Mapping[str, Any]) -> Ratio:
    """A figure of agreement that is one ratio, by its definition."""
    group, figure, name = row["group"], row["figure"], row["indicator"]
    groups: dict[str, Amount] = {
        "both": both, "only_first": only(0), "only_second": only(1), "first": of_poor(0), "second": of_poor(1),
        "neither": lambda one: one.base and not any(one.poor),
    }  # fmt: skip
    if figure == "share":
        return groups[group], base
    if figure.startswith("deprived_"):
        wants: dict[str, tuple[bool | None, bool | None]] = {
            "first": (True, None), "second": (None, True), "only_first": (True, False), "only_second": (False, True)
        }  # fmt: skip
        return deprived(name, *wants[figure.removeprefix("deprived_")]), known(name)
    if figure in ("M0", "A", "also_poor"):
        i = SIDES[group]
        below: Amount = base if figure == "M0" else of_poor(i)
        return (both if figure == "also_poor" else of_score(i)), below
    if figure == "agree":
        return (lambda one: one.base and one.poor[0] == one.poor[1]), base
    assert figure == "unjudged"
    return (lambda one: one.scores[0] is not None and not one.base), lambda one: one.scores[0] is not None


def destitution_of(row: Mapping[str, Any]) -> Ratio:
    """A figure of destitution that is one ratio, by its definition."""
    figure, name = row["figure"], row["indicator"]
    if figure == "share":
        groups: dict[str, Amount] = {
            "destitute": both, "poor_not_destitute": only(0), "destitute_not_poor": only(1),
            "not_poor": lambda one: one.base and not any(one.poor),
        }  # fmt: skip
        return groups[row["group"]], base
    plain, _, deeper = figure.partition("_")
    i = int(deeper == "D")
    if plain == "H":
        return of_poor(i), base
    if plain in ("M0", "A"):
        return of_score(i), base if plain == "M0" else of_poor(i)
    if plain == "deprived":
        i = int(figure == "deprived_second")
        return deprived(name, *((None, True) if i else (True, None))), known(name)
    if figure == "outside" and name:
        return deprived(name, False, True), deprived(name, None, True)
    if figure == "outside":
        return only(1), of_poor(1)
    assert figure == "unjudged"
    return (lambda one: one.scores[0] is not None and not one.base), lambda one: one.scores[0] is not None


def near(row: Mapping[str, Any], value: float, error: float) -> None:
    assert isclose(row["estimate"], value, rel_tol=1e-12, abs_tol=1e-14), row
    if row["se"] is None:
        assert row["note"], row
        return
    assert isclose(row["se"], error, rel_tol=1e-9, abs_tol=1e-11), row


def inside(row: Mapping[str, Any], *second: tuple[str, str]) -> list[Person]:
    return [one for one in people(*second) if row["region"] in (None, one.region)]


NUMBERS = ("number", "poor", "destitute")
CASES = [("agreement", SECOND, agreement_of), ("destitution", DEEPER, destitution_of)]


@pytest.mark.parametrize(("name", "second", "defined"), CASES, ids=["agreement", "destitution"])
def test_each_ratio_is_that_of_a_loop_over_persons(name: str, second: Any, defined: Callable[..., Ratio]) -> None:
    rows = [row for row in table(name, *second) if row["figure"] not in NUMBERS]
    direct = [row for row in rows if not row["figure"].startswith(("difference", "ratio", "kappa"))]
    seen = 0
    for row in at_least_one(direct):
        persons, parts = inside(row, *second), defined(row)
        value = ratio(parts, persons)
        if value is None:
            assert row["estimate"] is None
            continue
        near(row, float(value), sqrt(variance(linear(parts, persons))))
        seen += 1
    assert seen > 70


@pytest.mark.parametrize("figure", NUMBERS)
def test_numbers_are_sums_of_weights(figure: str) -> None:
    name, second = ("agreement", SECOND) if figure == "number" else ("destitution", DEEPER)
    for row in at_least_one([row for row in table(name, *second) if row["figure"] == figure]):
        asked = {**row, "figure": {"number": "share", "poor": "H", "destitute": "H_D"}[figure]}
        above, _ = (agreement_of if figure == "number" else destitution_of)(asked)
        assert isclose(row["estimate"], sum(one.weight * Fraction(above(one)) for one in inside(row, *second)))


def formulas(second: Any) -> list[tuple[dict[str, Any], list[Ratio], Callable[..., Fraction]]]:
    """Every figure over others, with the ratios that it reads and the function of these."""
    pairs: dict[str, list[Ratio]] = {
        "H": [(of_poor(0), base), (of_poor(1), base)],
        "M0": [(of_score(0), base), (of_score(1), base)],
        "A": [(of_score(0), of_poor(0)), (of_score(1), of_poor(1))],
    }
    found: list[tuple[dict[str, Any], list[Ratio], Callable[..., Fraction]]] = []
    if second == SECOND:
        same: Ratio = (lambda one: one.base and one.poor[0] == one.poor[1]), base
        for row in table("agreement", *second):
            kind, _, figure = row["figure"].partition("_")
            if kind == "difference":
                found.append((row, pairs[figure], lambda a, b: b - a))
            elif kind == "kappa":
                found.append((row, [same, *pairs["H"]], _kappa))
        return found
    for row in table("destitution", *second):
        kind, _, figure = row["figure"].partition("_")
        if kind == "ratio":
            name = row["indicator"]
            own = pairs[figure] if not name else [
                (deprived(name, True, None), known(name)), (deprived(name, None, True), known(name))
            ]  # fmt: skip
            found.append((row, own, lambda a, b: b / a))
    return found


def _kappa(same: Fraction, one: Fraction, two: Fraction) -> Fraction:
    chance = one * two + (1 - one) * (1 - two)
    return (same - chance) / (1 - chance)


@pytest.mark.parametrize("second", [SECOND, DEEPER], ids=["agreement", "destitution"])
def test_what_is_made_of_both_has_the_error_of_pairs(second: Any) -> None:
    """The value is exact; the error is that of the linear form, and near that of leaving out each PSU in turn."""
    seen = 0
    for row, parts, function in formulas(second):
        persons = inside(row, *second)
        values = [ratio(part, persons) for part in parts]
        if None in values or (not values[0] and row["figure"].startswith("ratio")):
            assert row["estimate"] is None
            continue
        exact = [value for value in values if value is not None]
        step = Fraction(1, 10**9)
        z = dict.fromkeys(psus(), ZERO)
        for i, part in enumerate(parts):
            up, down = (function(*(v + s * (i == j) for j, v in enumerate(exact))) for s in (step, -step))
            for psu, own in linear(part, persons).items():
                z[psu] += own * (up - down) / (2 * step)
        value = function(*exact)
        assert isclose(row["estimate"], value, rel_tol=1e-12, abs_tol=1e-13), row
        error = sqrt(variance(z))
        assert row["se"] is None or isclose(row["se"], error, rel_tol=1e-6, abs_tol=1e-10), row
        if row["region"] is None and error > 1e-9:
            assert isclose(jackknife(parts, function, persons), error, rel_tol=0.2), row
            seen += 1
    assert seen >= 4


def jackknife(
    parts: list[Ratio], function: Callable[..., Fraction], persons: Sequence[Person], *, about_mean: bool = False
) -> float:
    """The error by leaving out each PSU in turn (JKn), of exact figures: about the whole's, or their mean."""
    replicates, scales = [], []
    for left in psus():
        n = sum(h == left[0] for h, _ in psus())
        factor = Fraction(n, n - 1)

        def weight(one: Person, left: tuple[int, int] = left, factor: Fraction = factor) -> Fraction:
            return ZERO if one.psu == left else one.weight * (factor if one.psu[0] == left[0] else 1)

        replicates.append(function(*(ratio(part, persons, weight) for part in parts)))
        scales.append(Fraction(n - 1, n))
    whole = function(*(ratio(part, persons) for part in parts))
    centre = sum(replicates, ZERO) / len(replicates) if about_mean else whole
    return sqrt(sum(scale * (own - centre) ** 2 for scale, own in zip(scales, replicates, strict=True)))


def test_a_difference_by_the_jackknife_is_that_of_leaving_out_each_psu() -> None:
    other = village.measure(*SECOND)
    made = mpi.analyse(profile(*SECOND), measure(), "agreement", other=other, variance="jackknife")
    (own,) = (row for row in made.table.to_pylist() if row["figure"] == "difference_A")
    wanted = [one for one in formulas(SECOND) if (one[0]["figure"], one[0]["region"]) == ("difference_A", None)]
    ((_, parts, function),) = wanted
    assert isclose(own["se"], jackknife(parts, function, people(*SECOND), about_mean=True), rel_tol=1e-9)


@pytest.mark.parametrize(("name", "second"), [case[:2] for case in CASES], ids=["agreement", "destitution"])
@pytest.mark.parametrize("variance", ["jackknife", "bootstrap"])
def test_errors_are_near_those_of_replicates(name: str, second: Any, variance: Any) -> None:
    repeated = mpi.analyse(
        profile(*second), measure(), name, other=village.measure(*second), variance=variance, replicates=400, seed=1
    ).table.to_pylist()
    linear = [row for row in table(name, *second) if row["region"] is None]
    pairs = [(one["se"], own["se"]) for one, own in zip(linear, repeated, strict=True) if one["se"] and own["se"]]
    assert median(own / one for one, own in at_least_one(pairs)) == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize(("name", "second"), [case[:2] for case in CASES], ids=["agreement", "destitution"])
def test_a_census_has_figures_of_both_and_no_errors(name: str, second: Any) -> None:
    census = village.survey(("{weight: weight, stratum: stratum, psu: segment}", "{weight: weight, census: true}"))
    other = village.measure(*second)
    whole = mpi.deprivation_profile(census, measure(), data(), beside=other)
    rows = mpi.analyse(whole, measure(), name, other=other, by="region").table.to_pylist()
    assert all(row["se"] is None and row["ci_low"] is None for row in at_least_one(rows))
    assert [row["estimate"] for row in rows] == pytest.approx([row["estimate"] for row in table(name, *second)])


def test_the_four_groups_add_up_and_differences_are_of_the_ones_alone() -> None:
    def one(figure: str, group: str | None, region: str | None) -> float:
        rows = table("agreement", *SECOND)
        (row,) = (
            r for r in rows if (r["figure"], r["group"], r["region"], r["indicator"]) == (figure, group, region, None)
        )
        return float(row["estimate"])

    for region in (None, "01", "02", "03"):
        parts = {name: one("share", name, region) for name in ("both", "only_first", "only_second", "neither")}
        assert isclose(sum(parts.values()), 1)
        assert isclose(one("difference_H", None, region), parts["only_second"] - parts["only_first"], abs_tol=1e-14)
        assert isclose(one("share", "first", region), parts["both"] + parts["only_first"])
        assert min(parts.values()) > 0


def test_a_paired_difference_is_surer_than_that_of_two_samples() -> None:
    rows = {(row["figure"], row["group"]): row for row in table("agreement", *SECOND) if row["region"] is None}
    alone = sqrt(rows["share", "first"]["se"] ** 2 + rows["share", "second"]["se"] ** 2)
    assert 0 < rows["difference_H", None]["se"] < alone


def test_destitute_who_are_not_poor_are_counted_and_refused_or_reported() -> None:
    outside = [one for one in people(*WIDER) if one.base and one.poor[1] and not one.poor[0]]
    # Weights of 0 are of nobody, but their rows are looked at too: the rules are wrong there as well.
    persons = [row for row in data()["persons"].to_pylist()]
    assert len(outside) <= len(persons)
    with pytest.raises(UsageError, match=r"MPI-E216 .*persons of .* households are destitute by deeper and not poor"):
        table("destitution", *WIDER)
    other = village.measure(*WIDER)
    told = mpi.analyse(profile(*WIDER), measure(), "destitution", other=other, inclusion="report")
    notices = [str(notice.text) for notice in told.notices if notice.code == "MPI-N216"]
    assert any("not poor by village" in text for text in notices)
    assert any("crowding (" in text for text in notices)
    row = next(row for row in told.table.to_pylist() if row["figure"] == "outside" and row["indicator"] is None)
    weight = sum(one.weight for one in people(*WIDER) if of_poor(1)(one))
    assert isclose(row["estimate"], sum(one.weight for one in outside) / weight)
    assert row["estimate"] > 0


def test_inclusion_that_holds_says_nothing() -> None:
    made = mpi.analyse(profile(*DEEPER), measure(), "destitution", other=village.measure(*DEEPER))
    assert not [one for one in made.notices if "not poor" in str(one.text)]
    assert {row["estimate"] for row in made if row["figure"] == "outside" and row["indicator"] is None} == {0.0}


def test_other_weights_and_cutoffs_of_the_second_need_no_other_pass() -> None:
    other = village.measure(*SECOND).with_cutoff("1/4", name="second")
    rows = mpi.analyse(profile(*SECOND), measure(), "agreement", other=other).table.to_pylist()
    (row,) = (row for row in rows if (row["figure"], row["group"]) == ("share", "second"))
    own = [one for one in people(*SECOND) if one.base]
    poor = sum(one.weight for one in own if (one.scores[1] or 0) >= Fraction(1, 4))
    assert row["other_k"] == "1/4"
    assert isclose(row["estimate"], poor / sum(one.weight for one in own))


def test_a_profile_is_saved_with_both_measures_and_added(tmp_path: Any) -> None:
    profile(*SECOND).write(tmp_path / "p.parquet")
    again = DeprivationProfile.read(tmp_path / "p.parquet")
    made = mpi.analyse(again, measure(), "agreement", other=village.measure(*SECOND), by="region")
    assert made.table.to_pylist() == list(table("agreement", *SECOND))


def test_what_does_not_fit_is_refused() -> None:
    plain = village.profile(data())
    other = village.measure(*SECOND)
    with pytest.raises(UsageError, match=r"MPI-E215 .*the second is not named"):
        mpi.analyse(plain, measure(), "agreement")
    with pytest.raises(UsageError, match=r"MPI-E215 .*made without the second measure second"):
        mpi.analyse(plain, measure(), "agreement", other=other)
    changed = village.measure(*SECOND, ("MEAN(years) < 3", "MEAN(years) < 2"))
    with pytest.raises(UsageError, match=r"MPI-E215 .*other rules"):
        mpi.analyse(profile(*SECOND), measure(), "destitution", other=changed)
    with pytest.raises(UsageError, match=r"MPI-E215 .*is about one measure"):
        mpi.analyse(profile(*SECOND), measure(), "bands", other=other)


def hidden(name: str, second: Any, persons: int) -> Publishable:
    made = mpi.analyse(profile(*second), measure(), name, other=village.measure(*second), by="region")
    tables = [mpi.estimate(profile(*second), measure(), by="region")]
    rules = replace(DISCLOSURE, persons=1, households=1, numerator=persons, all_or_none=0, difference=0)
    return protect_analyses(tables, [made], rules)[0]


@pytest.mark.parametrize(("name", "second"), [("agreement", SECOND), ("destitution", DEEPER)])
def test_where_few_are_poor_by_the_second_alone_nothing_of_the_group_is_shown(name: str, second: Any) -> None:
    own = people(*second)
    few = {
        region: min(
            sum(1 for one in own if one.region == region and test(one))
            for test in (only(0), only(1), both)
            if any(one.region == region and test(one) for one in own)
        )
        for region in ("01", "02", "03")
    }
    least = min(few.values()) + 1
    shown = hidden(name, second, least).table.to_pylist()
    worst = min(few, key=lambda region: few[region])
    own_rows = at_least_one([row for row in shown if row["region"] == worst])
    assert {row["estimate"] for row in own_rows} == {None}
    assert any(row["estimate"] is not None for row in hidden(name, second, 1).table.to_pylist() if row["region"])
