"""Every table of a panel against its slow twin, exactly; the identities of panels as properties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.errors import UsageError
from tests.support import followed as twin
from tests.support.followed import SEVERE, Course, K
from tests.support.loops import at_least_one

RULES = ("same_key", "same_head", "majority", "pooled_majority")
SEEDS = (3, 14)


def panel_of(
    ledgers: Sequence[twin.Ledger], link: str = "persons", *, weighted: bool = False, **options: Any
) -> mpi.Panel:
    sample = options.pop("sample", False)
    rounds = [twin.microdata(one, str(2020 + t), weighted=weighted, sample=sample) for t, one in enumerate(ledgers)]
    key = {"same_key": [], "persons": ["cedula"]}.get(link, ["cedula"])
    if link == "same_head":
        options["head"] = "jefe=1"
    if link == "same_key":
        options["member"] = ["cedula"]
    return mpi.follow(rounds, twin.measure(), link=link, key=key, domains=["area"], **options)  # type: ignore[arg-type]


def figures(panel: mpi.Panel, table: str, **options: Any) -> dict[tuple[str | None, ...], float | None]:
    """Estimates by all that names them."""
    found = mpi.movements(panel, twin.measure(), table, **options).table  # type: ignore[arg-type]
    last = found.column_names.index("estimate")
    own = [name for name in found.column_names[4:last]]
    rows = zip(*(found[name].to_pylist() for name in own), strict=True)
    return dict(zip(rows, found["estimate"].to_pylist(), strict=True))


def same(found: float | None, exact: Fraction | None) -> bool:
    if found is None or exact is None:
        return found is None and exact is None
    return abs(found - float(exact)) < 1e-12 * max(1, abs(float(exact)))


def ratio(a: Fraction, b: Fraction) -> Fraction | None:
    return a / b if b else None


def stays(c: Course) -> bool:
    return c[0] is not None and c[-1] is not None


def known(c: Course, t: int) -> bool:
    state = c[t]
    return state is not None and state.score is not None


def poor(c: Course, t: int, k: Fraction) -> bool:
    state = c[t]
    return state is not None and bool(state.poor(k))


def expected_movements(courses: Sequence[Course], k: Fraction, which: str) -> dict[str, Fraction | None]:
    def total(keep: Callable[[Course], object]) -> Fraction:
        return twin.total(courses, keep, which)

    def in_edition(t: int, keep: Callable[[twin.State], object]) -> Fraction:
        return sum((c[t].weight for c in courses if c[t] is not None and keep(c[t])), Fraction(0))  # type: ignore[union-attr,arg-type]

    def followed(c: Course) -> bool:
        return stays(c) and known(c, 0) and known(c, -1)

    numbers: dict[str, Fraction | None] = {
        "earlier": in_edition(0, lambda s: True),
        "later": in_edition(-1, lambda s: True),
        "stayers": total(stays),
        "new": total(lambda c: c[0] is None and c[-1] is not None),
        "gone": total(lambda c: c[0] is not None and c[-1] is None),
        "followed": total(followed),
        "unknown_earlier": total(lambda c: stays(c) and not known(c, 0) and known(c, -1)),
        "unknown_later": total(lambda c: stays(c) and known(c, 0) and not known(c, -1)),
        "unknown_both": total(lambda c: stays(c) and not known(c, 0) and not known(c, -1)),
        "poor_earlier": in_edition(0, lambda s: s.poor(k)),
        "poor_later": in_edition(-1, lambda s: s.poor(k)),
        "ongoing": total(lambda c: followed(c) and poor(c, 0, k) and poor(c, -1, k)),
        "left": total(lambda c: followed(c) and poor(c, 0, k) and not poor(c, -1, k)),
        "fell": total(lambda c: followed(c) and not poor(c, 0, k) and poor(c, -1, k)),
        "never": total(lambda c: followed(c) and not poor(c, 0, k) and not poor(c, -1, k)),
        "new_poor": total(lambda c: c[0] is None and poor(c, -1, k)),
        "gone_poor": total(lambda c: c[-1] is None and poor(c, 0, k)),
    }
    left, all_poor = numbers["left"], total(lambda c: followed(c) and poor(c, 0, k))
    present = total(lambda c: stays(c) and poor(c, 0, k))
    assert left is not None
    numbers["exit_rate"] = ratio(left, all_poor)
    numbers["exit_rate_least"] = ratio(left, present)
    numbers["exit_rate_most"] = ratio(left + present - all_poor, present)
    rest = total(lambda c: followed(c) and not poor(c, 0, k))
    numbers["entry_rate"] = ratio(numbers["fell"] or Fraction(0), rest)
    return numbers


def check_movements(panel: mpi.Panel, courses: Sequence[Course], **options: Any) -> None:
    found = figures(panel, "movements", **options)
    for k in (K, SEVERE):
        for name, exact in expected_movements(courses, k, panel.weights).items():
            value = found.get((name, str(k)), found.get((name, None)))
            assert same(value, exact), (name, k, value, exact)


@pytest.mark.parametrize("weights", ["earlier", "later"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_movements_of_persons(seed: int, weighted: bool, weights: str) -> None:
    ledgers = twin.editions(seed, weighted=weighted)
    check_movements(panel_of(ledgers, weighted=weighted, weights=weights), twin.persons(ledgers))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", SEEDS)
def test_households_by_every_rule(seed: int, rule: str, weighted: bool) -> None:
    ledgers = twin.editions(seed, weighted=weighted)
    panel = panel_of(ledgers, rule, weighted=weighted)
    found, split, merged = twin.linked(*ledgers, rule)
    assert (panel.counts["stayers"], panel.counts["split"], panel.counts["merged"]) == (len(found), split, merged)
    assert panel.counts["gone"] == len(ledgers[0].houses) - len(found)
    check_movements(panel, twin.households(*ledgers, rule))
    check_movements(panel, twin.households(*ledgers, rule, by_member=True), unit="persons")


@pytest.mark.parametrize("domains_of", ["earlier", "later"])
def test_domains_are_those_of_the_edition_that_is_said(domains_of: str) -> None:
    ledgers = twin.editions(5)
    courses = twin.persons(ledgers)
    panel = panel_of(ledgers, domains_of=domains_of)
    found = figures(panel, "movements", by="area")

    def area(course: Course) -> str:
        states = [one for one in course if one is not None]
        return states[0 if domains_of == "earlier" else -1].area

    for place in at_least_one({area(one) for one in courses}):
        own = [one for one in courses if area(one) == place]
        for name, exact in at_least_one(expected_movements(own, K, "earlier").items()):
            value = found.get((name, str(K), place), found.get((name, None, place)))
            assert same(value, exact), (place, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_transitions_between_bands(seed: int) -> None:
    ledgers = twin.editions(seed)
    courses = twin.persons(ledgers)
    found = figures(panel_of(ledgers), "transitions")
    edges = {"not_vulnerable": (0, Fraction(1, 5)), "vulnerable": (Fraction(1, 5), K), "poor_not_severe": (K, SEVERE),
             "severe": (SEVERE, 2)}  # fmt: skip

    def band(c: Course, t: int) -> str:
        state = c[t]
        if state is None:
            return "gone" if t else "new"
        own = state.score
        return "unknown" if own is None else next(n for n, (low, high) in edges.items() if low <= own < high)

    cells = {(a, b): twin.total(courses, lambda c, a=a, b=b: (band(c, 0), band(c, -1)) == (a, b))  # type: ignore[misc]
             for a in (*edges, "unknown", "new") for b in (*edges, "unknown", "gone")}  # fmt: skip
    for (a, b), exact in cells.items():
        if (a, b) != ("new", "gone"):
            assert same(found["number", a, b, None], exact), (a, b)
    everyone = sum(cells[a, b] for a in edges for b in edges)
    for a in edges:
        row = sum(cells[a, b] for b in edges)
        for b in edges:
            assert same(found["share", a, b, None], ratio(cells[a, b], everyone))
            assert same(found["of_earlier", a, b, None], ratio(cells[a, b], row))
    assert sum(value for key, value in found.items() if key[0] == "number" and value) == len(courses)


@pytest.mark.parametrize("seed", SEEDS)
def test_deprivations_lifted_and_fallen_into(seed: int) -> None:
    ledgers = twin.editions(seed)
    courses = [c for c in twin.persons(ledgers) if stays(c)]
    found = figures(panel_of(ledgers), "deprivations")
    for j, name in enumerate(twin.INDICATORS):
        dimension = "services" if j < 2 else "living"

        def value(figure: str, k: str | None = None, dimension: str = dimension, name: str = name) -> float | None:
            return (
                found[figure, dimension, name, k]
                if (figure, dimension, name, k) in found
                else found[figure, k, dimension, name]
            )

        pairs = [(c[0].flags[j], c[-1].flags[j]) for c in courses]  # type: ignore[union-attr]
        number = {pair: Fraction(pairs.count(pair)) for pair in set(pairs)}
        lifted, fallen = number.get((True, False), Fraction(0)), number.get((False, True), Fraction(0))
        kept = number.get((True, True), Fraction(0))
        assert same(value("lifted"), lifted)
        assert same(value("fallen"), fallen)
        assert same(value("deprived_earlier"), kept + lifted)
        assert same(value("deprived_later"), kept + fallen)
        assert same(value("unknown"), Fraction(sum(None in pair for pair in pairs)))
        assert same(value("lifted_rate"), ratio(lifted, kept + lifted))
        left = [c for c in courses if known(c, 0) and known(c, -1) and poor(c, 0, K) and not poor(c, -1, K)]
        assert same(
            value("lifted_left", str(K)), Fraction(sum((c[0].flags[j], c[-1].flags[j]) == (True, False) for c in left))
        )  # type: ignore[union-attr]


PARTS = ("ongoing", "entry", "exit", "new", "gone", "unknown", "reweighted")


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    weighted=st.booleans(),
    link=st.sampled_from(["persons", *RULES]),
    weights=st.sampled_from(["earlier", "later"]),
)
def test_the_parts_are_the_change_and_editions_are_those_of_their_surveys(
    seed: int, weighted: bool, link: str, weights: str
) -> None:
    ledgers = twin.editions(seed, houses=25, weighted=weighted)
    panel = panel_of(ledgers, link, weighted=weighted, weights=weights)
    measure, unit = twin.measure(), "persons"
    found = figures(panel, "change", unit=unit)
    for t, name in enumerate(("before", "after")):
        own = mpi.estimate(
            twin.microdata(ledgers[t], "2020", weighted=weighted), measure, statistics=["H", "M0", "poor"]
        )
        for statistic in ("H", "M0", "poor"):
            for k in (K, SEVERE):
                rows = own.only(statistic).table.to_pylist()
                given_ = next(row["estimate"] for row in rows if row["k"] == str(k))
                assert found[name, statistic, str(k)] == pytest.approx(given_, abs=1e-12)
    for statistic in ("H", "M0", "poor"):
        for k in (K, SEVERE):
            parts = [found[name, statistic, str(k)] for name in PARTS]
            if None not in parts:
                assert sum(parts) == pytest.approx(found["change", statistic, str(k)], abs=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("link", ["persons", "majority"])
@pytest.mark.parametrize("weights", ["earlier", "later"])
def test_every_two_of_three_editions_are_compared_as_alone(weights: str, link: str) -> None:
    """Each edition is that of its survey, whatever the others are, and the parts add up to the change."""
    ledgers = twin.editions(21, number=3, houses=40, weighted=True)
    panel = panel_of(ledgers, link, weighted=True, weights=weights)
    rounds = [twin.microdata(one, "2020", weighted=True) for one in ledgers]
    own = [mpi.estimate(one, twin.measure(), statistics=["H", "M0", "poor"], k=["1/3"]) for one in rounds]
    for first, last in ((0, 1), (1, 2), (0, 2)):
        span = (str(2020 + first), str(2020 + last))
        found = figures(panel, "change", unit="persons", k="1/3", between=span)
        for name, t in (("before", first), ("after", last)):
            for statistic in ("H", "M0", "poor"):
                assert found[name, statistic, "1/3"] == pytest.approx(own[t].value(statistic), abs=1e-12)
        for statistic in ("H", "M0", "poor"):
            parts = [found[name, statistic, "1/3"] for name in PARTS]
            assert None not in parts
            assert sum(parts) == pytest.approx(found["change", statistic, "1/3"], abs=1e-9)  # type: ignore[arg-type]
        assert mpi.movements(panel, twin.measure(), "change", between=span).table["period"][0].as_py() == " - ".join(
            span
        )


@pytest.mark.parametrize("first", [0, 1])
def test_movements_between_two_of_three_editions(first: int) -> None:
    ledgers = twin.editions(22, number=3)
    found = figures(panel_of(ledgers), "movements", between=(str(2020 + first), str(2021 + first)))
    courses = [course[first : first + 2] for course in twin.persons(ledgers)]
    for name, exact in at_least_one(expected_movements(courses, K, "earlier").items()):
        assert same(found.get((name, str(K)), found.get((name, None))), exact), name


@pytest.mark.parametrize("between", [("2021", "2020"), ("2020", "2020"), ("2020", "2030"), ("2020",), ()])
def test_no_two_editions(between: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="no two editions of the panel"):
        mpi.movements(panel_of(twin.editions(3)), twin.measure(), between=between)


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_of_the_change_one_by_one(seed: int) -> None:
    ledgers = twin.editions(seed)
    courses = twin.persons(ledgers)
    found = figures(panel_of(ledgers), "change")
    followed = [c for c in courses if stays(c) and known(c, 0) and known(c, -1)]
    for k in (K, SEVERE):
        values = [[(twin.censored(k)(c[t])) for c in followed] for t in (0, -1)]  # type: ignore[arg-type]
        kinds = [(poor(c, 0, k), poor(c, -1, k)) for c in followed]
        n, before, after = len(followed), *values
        own = {
            "ongoing": sum(
                (b - a for a, b, kind in zip(before, after, kinds, strict=True) if kind == (True, True)), Fraction(0)
            ),
            "entry": sum((b for b, kind in zip(after, kinds, strict=True) if kind == (False, True)), Fraction(0)),
            "exit": -sum((a for a, kind in zip(before, kinds, strict=True) if kind == (True, False)), Fraction(0)),
        }
        for name, exact in own.items():
            assert same(found[name, "M0", str(k)], exact / n)
        means = [sum(own_values, Fraction(0)) / n for own_values in values]
        for name, t, sign, there in (("new", -1, 1, 0), ("gone", 0, -1, -1)):
            some = [c for c in courses if c[there] is None and known(c, t)]
            everyone = sum(known(c, t) for c in courses)
            part = sum((twin.censored(k)(c[t]) - means[t] for c in some), Fraction(0)) / everyone  # type: ignore[arg-type]
            assert same(found[name, "M0", str(k)], sign * part), name


@pytest.mark.parametrize("number", [2, 3, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_chronic_and_transient(seed: int, number: int) -> None:
    ledgers = twin.editions(seed, number=number, weighted=True)
    courses = [c for c in twin.persons(ledgers) if all(known(c, t) for t in range(number))]
    taus = [Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1)]
    found = figures(panel_of(ledgers, weighted=True), "chronic", tau=taus)
    key = lambda name, tau, k: (name, tau, k) if (name, tau, k) in found else (name, k, tau)  # noqa: E731
    everyone = twin.total(courses, lambda c: True)
    assert same(found[key("balanced", None, None)], everyone)
    for k in (K, SEVERE):
        times = {id(c): sum(poor(c, t, k) for t in range(number)) for c in courses}
        for tau in taus:
            chronic = [c for c in courses if times[id(c)] and Fraction(times[id(c)], number) >= tau]
            heads = twin.total(chronic, lambda c: True)
            mass = sum(
                (twin.weight(c) * sum(twin.censored(k)(s) for s in c if s is not None) for c in chronic), Fraction(0)
            )
            spells = sum((twin.weight(c) * times[id(c)] for c in chronic), Fraction(0))
            text = str(k)
            assert same(found[key("H_C", str(tau), text)], heads / everyone)
            assert same(found[key("A_C", str(tau), text)], ratio(mass, spells))
            assert same(found[key("D_C", str(tau), text)], ratio(spells / number, heads))
            assert same(found[key("M0_C", str(tau), text)], mass / number / everyone)
            transient = twin.total(courses, lambda c, t=times, own=chronic: t[id(c)] > 0 and c not in own)  # type: ignore[misc]
            assert same(found[key("transient", str(tau), text)], transient / everyone)


@pytest.mark.parametrize("link", ["persons", "same_key", "majority"])
@pytest.mark.parametrize("table", ["movements", "change", "transitions", "deprivations"])
def test_errors_are_those_of_the_jackknife(table: str, link: str) -> None:
    """Linearisation and the jackknife of the same sample agree, as both are exact for linear figures."""
    ledgers = twin.editions(11, houses=100, weighted=True)
    panel = panel_of(ledgers, link, weighted=True, sample=True)
    own, other = (
        mpi.movements(panel, twin.measure(), table, variance=how).table.to_pandas() for how in ("design", "jackknife")
    )
    assert own["se"].notna().any()
    both = own["se"].notna() & other["se"].notna()
    total = own["figure"].isin(["number", "stayers", "left", "fell", "new", "lifted", "fallen"])
    total &= own["statistic"].eq("poor") if table == "change" else True
    assert (own["se"][both & total] - other["se"][both & total]).abs().max() < 1e-9
    large = both & (own["n"] > 80) & (own["se"] > 1e-9)
    assert ((own["se"] / other["se"])[large] - 1).abs().median() < 0.05
