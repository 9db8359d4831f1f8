"""Disclosure control of tables: an example by hand for each rule, a slow twin, an intruder who solves for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mpi
from mpi.columns.values import Mask, Text
from mpi.config import load_disclosure
from mpi.disclosure import protect
from mpi.disclosure.auditing import hide_derivable
from mpi.disclosure.facts import BASE, facts_of
from mpi.disclosure.nesting import Relation
from mpi.disclosure.publishable import Publishable
from mpi.disclosure.rules import OTHERS, Rule
from mpi.disclosure.rules import RULES as RULES_OF_ROUNDS
from mpi.disclosure.rules import Units as RuleUnits
from mpi.disclosure.solving import PRIME, Equations, settled
from mpi.errors import UsageError
from mpi.estimates import Estimates
from mpi.profile import Declared, DeprivationProfile, Units, build
from mpi.specs.disclosure import THRESHOLDS, Disclosure
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.wording import LANGUAGES
from tests.support.intruder import Intruder, Span
from tests.support.loops import at_least_one
from tests.support.strategies import measure_of

RULES = Disclosure(
    name="test",
    title={},
    source="",
    note="",
    persons=4,
    households=2,
    numerator=3,
    all_or_none=6,
    complementary=True,
    profile_persons=None,
    profile_households=None,
)
PRIMARY = replace(RULES, complementary=False)
INDICATORS = replace(RULES, numerators=("poor", "indicators"))
K = (Cutoff(Fraction(3, 10)), Cutoff(Fraction(6, 10)))
MEASURE = measure_of(
    {"one": {"a": Fraction(1, 10), "b": Fraction(2, 10)}, "two": {"c": Fraction(3, 10), "d": Fraction(4, 10)}}, K
)
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "cv", "log_cv", "df", "deff", "n_eff", "n", "n_poor", "psus",
           "population")  # fmt: skip
LIGHT, HEAVY = "ab", "cd"  # poor at 3/10 only; poor at both


@dataclass(frozen=True)
class House:
    """A household: its domains, deprivations, members and weight."""

    domains: Mapping[str, str]
    lacks: str
    members: int = 1
    weight: int = 1


def profile_of(houses: Sequence[House], measure: Measure = MEASURE) -> DeprivationProfile:
    names = sorted({name for house in houses for name in house.domains})
    columns: dict[str, list[Any]] = {name: [house.domains[name] for house in houses] for name in names}
    columns |= {i.name: [int(i.name in house.lacks) for house in houses] for i in measure.indicators}
    columns |= {"n": [house.members for house in houses], "w": [house.weight for house in houses]}
    return DeprivationProfile.from_flags(pa.table(columns), measure, weight="w", members="n", by=names)


def estimated(houses: Sequence[House], by: Sequence[str], unit: Any = "persons", **others: Any) -> Estimates:
    return mpi.estimate(profile_of(houses), MEASURE, by=list(by), unit=unit, **others)


def town(code: str, poor: int, others: int, lacks: str = HEAVY, **domains: str) -> list[House]:
    return [House({"town": code, **domains}, lacks)] * poor + [House({"town": code, **domains}, "")] * others


def hidden(figures: Publishable, statistic: str = "H", **where: Any) -> dict[str | None, str | None]:
    """By town the rule that hides a figure."""
    rows = figures.only(statistic, **where).rows()
    return {row["town"]: row["hidden_by"] for row in rows}


def by_town(houses: Sequence[House], rules: Disclosure = PRIMARY) -> Publishable:
    (found,) = protect([estimated(houses, ["town"])], rules)
    return found


def test_a_small_base_hides_every_figure_of_a_domain() -> None:
    found = by_town([*town("A", 4, 5), *town("B", 1, 2)])
    rows = [row for row in found.rows() if row["town"] == "B"]
    assert len(rows) > 30
    assert {(row["standing"], row["hidden_by"]) for row in rows} == {("hidden", "small_base")}
    assert all(row[name] is None for row in rows for name in (*NUMBERS, "reliability", "note"))
    assert set(hidden(found).values()) == {None, "small_base"}


def test_a_base_of_few_households_is_small() -> None:
    large = House({"town": "B"}, HEAVY, members=9)
    assert hidden(by_town([*town("A", 4, 5), large]), k="3/10")["B"] == "small_base"
    assert hidden(by_town([*town("A", 4, 5), large, large]), k="3/10")["B"] is None


def test_a_domain_without_units_hides_nothing() -> None:
    profile = profile_of([*town("A", 4, 5), *town("B", 4, 5)])
    kept = profile.filter(town=["A"])
    (found,) = protect([mpi.estimate(kept, MEASURE, by=["town"])], RULES)
    assert hidden(found, k="3/10") == {None: None, "A": None, "B": None}
    assert found.row("H", town="B", k="3/10")["standing"] == "undefined"


@pytest.mark.parametrize(("poor", "others", "rule"), [
    (2, 20, "small_numerator"), (20, 2, "small_numerator"), (3, 3, None), (0, 20, None), (20, 0, None),
    (0, 5, "all_or_none"), (5, 0, "all_or_none"), (0, 6, None), (1, 4, "small_numerator"), (1, 2, "small_base"),
])  # fmt: skip
def test_rules_of_numerators(poor: int, others: int, rule: str | None) -> None:
    found = by_town([*town("A", 10, 10), *town("B", poor, others)])
    assert hidden(found, k="3/10")["B"] == rule
    assert hidden(found, "M0", k="3/10")["B"] == rule
    assert found.row("population_share", town="B")["hidden_by"] == ("small_base" if rule == "small_base" else None)


def test_a_new_rule_of_single_counts_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def thirteen(units: RuleUnits, _counted: Mask, _rules: Disclosure) -> Mask:
        return units.base == 13

    monkeypatch.setitem(RULES_OF_ROUNDS, "thirteen", Rule(title={"es": "trece", "en": "thirteen"}, holds=thirteen))
    found = by_town([*town("A", 10, 10), *town("B", 6, 7)])
    assert hidden(found, k="3/10") == {None: None, "A": None, "B": "thirteen"}
    assert any("thirteen" in notice.text for notice in found.notices)


def test_every_rule_is_called_something_in_each_language() -> None:
    for rule in at_least_one([*RULES_OF_ROUNDS.values(), *OTHERS.values()]):
        assert set(rule.title) == set(LANGUAGES)
        hidden_figures = rule.hidden(replace(RULES, difference=3)) if rule.hidden else rule.title
        assert hidden_figures is not None
        assert set(hidden_figures) == set(LANGUAGES)
    off = replace(RULES, **dict.fromkeys(THRESHOLDS, 0), complementary=False)
    assert not off.hides
    assert [rule.hidden(off) for rule in RULES_OF_ROUNDS.values() if rule.hidden] == [None] * 5


def test_indicators_are_judged_where_the_rules_say_so() -> None:
    houses = [*town("A", 10, 10), *town("B", 10, 10), *town("B", 1, 0, "a")]
    for statistic, k in (("uncensored_headcount", None), ("censored_headcount", "3/10")):
        where = {"town": "B", "indicator": "a", "k": k}
        assert by_town(houses).row(statistic, **where)["hidden_by"] is None
    found = by_town(houses, replace(INDICATORS, complementary=False))
    assert found.row("uncensored_headcount", town="B", indicator="a")["hidden_by"] == "small_numerator"
    assert found.row("censored_headcount", town="B", indicator="a", k="3/10")["hidden_by"] is None  # 0 of 21
    assert hidden(found, k="3/10")["B"] is None


def test_few_between_two_cutoffs_hide_the_later() -> None:
    houses = [*town("A", 10, 10), *town("A", 5, 0, LIGHT), *town("B", 10, 10), *town("B", 2, 0, LIGHT)]
    rules = replace(PRIMARY, difference=3)
    found = by_town(houses, rules)
    assert hidden(found, k="3/10") == {None: None, "A": None, "B": None}
    assert hidden(found, k="3/5") == {None: None, "A": None, "B": "small_difference"}
    assert not any(hidden(by_town(houses), k="3/5").values())


def test_the_next_smallest_child_is_hidden_beside_a_single_one() -> None:
    houses = [*town("A", 12, 12), *town("B", 9, 9), *town("C", 6, 6), *town("D", 1, 9)]
    found = by_town(houses, RULES)
    assert hidden(found, k="3/10") == {None: None, "A": None, "B": None, "C": "complementary", "D": "small_numerator"}


def test_hidden_children_together_are_no_small_numerator() -> None:
    # One poor in each of D and E: two of them together are few, and would be told by the total.
    houses = [*town("A", 12, 12), *town("C", 6, 6), *town("D", 1, 9), *town("E", 1, 9)]
    assert hidden(by_town(houses, RULES), k="3/10")["C"] == "complementary"
    houses = [*town("A", 12, 12), *town("C", 6, 6), *town("D", 2, 9), *town("E", 2, 9)]
    assert hidden(by_town(houses, RULES), k="3/10")["C"] is None


def test_a_parent_of_one_child_is_hidden_with_it() -> None:
    houses = [*town("A", 12, 12, region="N"), *town("B", 12, 12, region="N"), *town("C", 1, 12, region="S")]
    (found,) = protect([estimated(houses, ["region", "town"])], RULES)
    regions = {row["region"]: row["hidden_by"] for row in found.only("H", k="3/10", town=None).rows()}
    assert regions == {None: None, "N": "complementary", "S": "small_numerator"}


def test_nesting_is_found_though_it_is_not_crossed() -> None:
    houses = [
        *town("A", 12, 12, region="N"),
        *town("B", 12, 12, region="N"),
        *town("C", 1, 12, region="S"),
        *town("D", 12, 12, region="S"),
        *town("E", 20, 20, region="S"),
    ]
    (found,) = protect([estimated(houses, ["region", "town"])], RULES)
    assert hidden(found.only("H", k="3/10", region=None)) == {
        None: None,
        "A": None,
        "B": None,
        "C": "small_numerator",
        "D": "complementary",
        "E": None,
    }


def test_all_tables_of_a_round_are_hidden_alike() -> None:
    # Four of eight persons are poor in B, but in one household of five: its households tell it apart.
    houses = [*town("A", 10, 10), *town("C", 10, 10), House({"town": "B"}, HEAVY, members=2), *town("B", 0, 6)]
    both = [estimated(houses, ["town"], unit) for unit in ("persons", "households")]
    persons, households = protect(both, RULES)
    assert persons.table["hidden_by"].to_pylist() == households.table["hidden_by"].to_pylist()
    assert hidden(households, k="3/10")["B"] == "small_numerator"


def test_cutoffs_and_domains_of_tables_may_differ() -> None:
    houses = [
        *town("A", 12, 12, region="N"),
        *town("B", 9, 9, region="N"),
        *town("C", 1, 9, region="S"),
        *town("D", 9, 9, region="S"),
    ]
    towns = estimated(houses, ["town"], k="3/10")
    regions = estimated(houses, ["region"], "households", k=["3/10", "3/5"])
    one, other = protect([towns, regions], RULES)
    assert hidden(one) == {None: None, "A": None, "B": None, "C": "small_numerator", "D": "complementary"}
    assert {row["hidden_by"] for row in other.only("H").rows()} == {None}


def test_a_share_is_hidden_where_the_total_is() -> None:
    found = by_town([*town("A", 1, 20), *town("B", 1, 20)], RULES)
    assert {row["hidden_by"] for row in found.only("poor_share", k="3/10").rows()} == {"small_numerator"}
    houses = [*town("A", 2, 20, region="N"), *town("B", 12, 9, region="S")]
    (found,) = protect([estimated(houses, ["region"])], RULES)
    assert {row["hidden_by"] for row in found.only("population_share").rows()} == {None}


def test_a_part_of_M0_is_not_left_alone() -> None:
    houses = [
        *town("A", 30, 30),
        *town("B", 10, 20),
        *town("B", 5, 0, LIGHT),
        *town("B", 1, 0, "abc"),
        *town("C", 12, 30),
        *town("C", 8, 0, "abcd"),
    ]
    found = by_town(houses, INDICATORS)
    parts = {
        row["indicator"]: row["hidden_by"]
        for row in found.only("absolute_contribution", town="B", k="3/5").rows()
        if row["indicator"]
    }
    assert parts["a"] == "small_numerator"
    assert sum(rule is not None for rule in parts.values()) >= 2
    assert found.row("M0", town="B", k="3/5")["hidden_by"] is None


def test_a_dimension_that_counts_as_a_whole_is_judged_as_an_indicator() -> None:
    measure = measure_of(
        {"one": {"a": Fraction(1, 4), "b": Fraction(1, 4)}, "two": {"c": Fraction(1, 4), "d": Fraction(1, 4)}},
        K,
        at_least={"one": 1},
    )
    houses = [*town("A", 20, 20), *town("A", 9, 0, "acd"), *town("B", 20, 20), *town("B", 2, 0, "acd")]
    (found,) = protect(
        [mpi.estimate(profile_of(houses, measure), measure, by=["town"])], replace(INDICATORS, complementary=False)
    )
    for statistic, k in (
        ("uncensored_headcount", None),
        ("censored_headcount", "3/10"),
        ("absolute_contribution", "3/10"),
    ):
        row = found.row(statistic, town="B", dimension="one", indicator=None, k=k)
        assert row["hidden_by"] == "small_numerator"
        row = found.row(statistic, town="A", dimension="one", indicator=None, k=k)
        assert row["hidden_by"] is None


def test_a_small_base_of_known_answers_hides_the_indicator_alone() -> None:
    columns = {name: [False, True] * 15 for name in "abcd"} | {"town": ["A"] * 20 + ["B"] * 10}
    columns["a"] = [False, True] * 10 + [None] * 8 + [True, False]
    measure = replace(MEASURE, missing="reweight")
    profile = DeprivationProfile.from_flags(pa.table(columns), measure, weight=None, by="town")
    (found,) = protect([mpi.estimate(profile, measure, by=["town"])], PRIMARY)
    rules = {
        row["indicator"]: row["hidden_by"]
        for row in found.only("uncensored_headcount", town="B").rows()
        if row["indicator"]
    }
    assert rules == {"a": "small_base", "b": None, "c": None, "d": None}
    assert hidden(found, k="3/10")["B"] is None


def test_households_are_not_judged_where_members_of_one_lie_apart() -> None:
    columns = {name: [False, True] * 15 for name in "abcd"} | {"sex": ["h", "m"] * 15}
    measure = measure_of({"one": dict.fromkeys("abcd", Fraction(1, 4))}, K, identification="person")
    profile = DeprivationProfile.from_flags(pa.table(columns), measure, weight=None, by="sex")
    (found,) = protect([mpi.estimate(profile, measure, by=["sex"])], replace(PRIMARY, persons=15, households=15))
    assert {row["hidden_by"] for row in found.only("H").rows()} == {None}


def test_being_poor_and_a_deprivation_that_all_poor_must_have_are_hidden_alike() -> None:
    # At 7/10 nobody is poor without d, whose weight is 4/10.
    houses = [*town("A", 12, 12, "bcd"), *town("B", 9, 9, "bcd"), *town("C", 1, 12, "bcd")]
    (found,) = protect([estimated(houses, ["town"], k="7/10")], RULES)
    assert hidden(found, "censored_headcount", indicator="d") == hidden(found)
    assert hidden(found)["B"] == "complementary"


def test_a_strict_cutoff_forces_the_deprivation_without_which_the_score_only_reaches_it() -> None:
    # Above 3/5 nobody is poor without d: all the others together weigh 3/5.
    houses = [
        *town("A", 2, 5, "ad"),
        *town("B", 4, 9, "bcd"),
        *town("B", 4, 0, "ad"),
        *town("C", 2, 7, "bcd"),
        *town("C", 1, 0, "ad"),
    ]
    (found,) = protect([estimated(houses, ["town"], k=">3/5")], RULES)
    assert hidden(found) == {None: None, "A": "complementary", "B": "complementary", "C": "small_numerator"}
    assert hidden(found, "censored_headcount", indicator="d") == hidden(found)


@pytest.mark.parametrize("sizes", [(12, 9, 30), (30, 12, 9), (9, 30, 12)])
def test_the_smallest_shown_fact_is_given_up_for_a_hidden_one_that_follows(sizes: tuple[int, ...]) -> None:
    """One region of four towns, the last of them hidden: it is the region less the others, of which one is to go."""
    houses = [one for code, size in zip("ABC", sizes, strict=True) for one in town(code, size, size, region="r")]
    houses += town("D", 9, 9, region="r")
    facts = facts_of([estimated(houses, ["region", "town"]).basis])
    nodes = facts.first["town",] + np.arange(4)
    relation = Relation(np.full(4, facts.first["region",]), nodes, direct=True)
    poor = facts.place["poor", None, "3/10"]
    found = np.full(facts.persons.shape, -1, np.int64)
    found[nodes[3], poor] = 0
    assert hide_derivable(facts, [relation], found, rule=7)
    given_up = [code for code, node in zip("ABC", nodes, strict=False) if found[node, poor] == 7]
    assert given_up == ["ABC"[sizes.index(min(sizes))]]
    assert found[facts.first["region",], poor] == -1


@given(
    st.lists(
        st.dictionaries(st.integers(0, 6), st.sampled_from([1, -1, 2]), min_size=1, max_size=4), min_size=1, max_size=8
    )
)
@example([{0: 1, 1: 1}, {0: 1, 1: -1}])
@example([{0: 1, 1: 1}, {1: 1, 2: 1}, {0: 1, 2: 1}, {2: 1, 3: 1}])
def test_an_unknown_is_settled_where_it_lies_in_the_span_of_the_equations(rows: list[dict[int, int]]) -> None:
    span = Span([], [])
    for row in rows:
        span.add(np.array([row.get(u, 0) for u in range(7)]))
    entries = np.array([(e, u, f) for e, row in enumerate(rows) for u, f in row.items()], np.int64)
    found = settled(Equations(entries[:, 0], entries[:, 1], entries[:, 2] % PRIME), 7)
    assert found.tolist() == [one in span for one in np.eye(7, dtype=np.int64)]


@pytest.mark.parametrize("place", range(3))
def test_a_part_of_a_sum_is_not_hidden_alone_in_any_domain(place: int) -> None:
    """M0 is the sum of its dimensions' parts, in each town: with one hidden, another figure there is to go."""
    houses = [one for code in "ABC" for one in town(code, 12, 12, "abcd")]
    facts = facts_of([estimated(houses, ["town"]).basis])
    node = facts.first["town",] + place
    found = np.full(facts.persons.shape, -1, np.int64)
    found[node, facts.place["part", "two", "3/10"]] = 0
    assert hide_derivable(facts, [], found, rule=7)
    assert set(np.argwhere(found == 7)[:, 0]) == {node}


def test_a_part_of_the_score_rests_on_the_poor_who_have_it() -> None:
    houses = [*town("A", 5, 7, LIGHT), *town("A", 4, 3, "abc"), *town("A", 2, 0, "a"), *town("B", 3, 3, "c")]
    facts = facts_of([estimated(houses, ["town"]).basis])
    place = [facts.place["part", dimension, "3/10"] for dimension in ("one", "two")]
    assert facts.persons[facts.first["town",] :, place].tolist() == [[9, 4], [0, 3]]


def test_households_of_domains_of_persons_are_not_counted() -> None:
    """Members of one household are in both: what an intruder would call a household is not one."""
    n, psu, sex = 40, Text(np.arange(40) // 2, tuple(map(str, range(20)))), Text(np.arange(40) % 2, ("man", "woman"))
    first, zone = 1 - sex.codes, Text(np.arange(40) // 20, ("u", "r"))
    units = Units(
        domains=(("sex", "person", sex), ("zone", "household", zone)),
        stratum=None,
        psu=psu,
        pattern=np.zeros(n, np.uint64),
        unknown=np.zeros(n, np.uint64),
        persons=np.ones(n, np.int64),
        households=first,
        person_weight=np.ones(n),
        household_weight=1.0 * first,
    )
    profile = build(units, MEASURE, "f", survey="s", period="", declared=Declared(single_psu="fail"))
    facts = facts_of([mpi.estimate(profile, MEASURE, by=["sex", "zone"]).basis])
    counts = facts.households[:, BASE]
    assert counts[facts.first["sex",] :][:2].tolist() == [-1, -1]
    assert counts[facts.first["zone",] :][:2].tolist() == [10, 10]


def test_selections_are_protected_as_the_whole() -> None:
    houses = [*town("A", 12, 12), *town("B", 9, 9), *town("C", 6, 6), *town("D", 1, 9)]
    whole = estimated(houses, ["town"])
    (found,) = protect([whole.only("H", k="3/10")], RULES)
    assert hidden(found) == hidden(by_town(houses, RULES), k="3/10")


def test_tables_of_different_rounds_are_refused() -> None:
    one, other = (estimated([*town("A", 12, 12), *town("B", 9, number)], ["town"]) for number in (9, 10))
    with pytest.raises(UsageError, match="MPI-E030"):
        protect([one, other], RULES)
    assert protect([], RULES) == ()


def test_a_notice_counts_what_is_hidden() -> None:
    found = by_town([*town("A", 12, 12), *town("B", 9, 9), *town("C", 6, 6), *town("D", 1, 9)], RULES)
    (notice,) = [notice for notice in found.notices if notice.code == "MPI-N020"]
    number = sum(row["standing"] == "hidden" for row in found.rows())
    assert notice.text.startswith(f"{number} of {len(found)} figures of ")
    assert "small_numerator" in notice.text
    assert "complementary" in notice.text
    assert not [n for n in by_town(town("A", 12, 12), RULES).notices if n.code == "MPI-N020"]


CODES = st.sampled_from("xyz")
HOUSES = st.lists(
    st.builds(
        House,
        st.fixed_dictionaries({"p": CODES, "q": st.sampled_from("uv"), "r": CODES}),
        st.sampled_from(["", "", "a", "c", LIGHT, HEAVY, "abc", "abcd"]),
        st.integers(1, 3),
        st.integers(1, 5),
    ),
    min_size=8,
    max_size=60,
)
TABLES = st.lists(st.sampled_from(["p", "q", "r", "p:q", "q:r", "p:r"]), min_size=1, max_size=4, unique=True)


def nested(houses: Sequence[House]) -> list[House]:
    """The same households, with a domain that p lies in."""
    return [
        replace(house, domains={**house.domains, "s": "1" if house.domains["p"] == "x" else "2"}) for house in houses
    ]


SOUGHT = ("H", "M0", "poor", "population_share", "uncensored_headcount", "censored_headcount", "poor_and_deprived",
          "absolute_contribution")  # fmt: skip


def found_out(houses: Sequence[House], tables: Sequence[str], rules: Disclosure) -> tuple[int, int]:
    """How many hidden figures an intruder finds out, and how many he seeks."""
    made = protect([estimated(houses, tables, unit) for unit in ("persons", "households")], rules)
    atoms = [dict(one) for one in {tuple(sorted(house.domains.items())) for house in houses}]
    intruder = Intruder(MEASURE, atoms, made[0].domains)
    for table in made:
        intruder.read(table)
    sought = [
        row for table in made for row in table.rows() if row["standing"] == "hidden" and row["statistic"] in SOUGHT
    ]
    found = sum(intruder.knows(row) or (row["statistic"] == "H" and intruder.knows_numbers(row)) for row in sought)
    return found, len(sought)


@settings(max_examples=25)
@given(HOUSES, TABLES, st.sampled_from([RULES, INDICATORS]), st.booleans())
def test_an_intruder_who_solves_for_hidden_figures_finds_none(
    houses: list[House], by: list[str], rules: Disclosure, with_parent: bool
) -> None:
    assert found_out(nested(houses), [*by, "s"] if with_parent else by, rules)[0] == 0


@settings(max_examples=25)
@given(HOUSES, TABLES, st.sampled_from([RULES, INDICATORS]))
def test_the_poor_and_deprived_are_hidden_with_their_share_and_by_the_same_rule(
    houses: list[House], by: list[str], rules: Disclosure
) -> None:
    for table in at_least_one(protect([estimated(houses, by, unit) for unit in ("persons", "households")], rules)):
        keys = (*table.domains, "k", "indicator")
        numbers, shares = ({tuple(row[key] for key in keys): row["hidden_by"] for row in table.only(name).rows()}
                           for name in ("poor_and_deprived", "censored_headcount"))  # fmt: skip
        assert len(numbers) >= len(MEASURE.indicators) * len(K)
        assert numbers == shares


def test_the_intruder_finds_what_is_not_protected_by_further_figures() -> None:
    houses = [*town("A", 12, 12), *town("B", 9, 9), *town("C", 6, 6), *town("D", 1, 9)]
    found, sought = found_out(houses, ["town"], PRIMARY)
    assert found == sought > 0
    found, sought = found_out(houses, ["town"], RULES)
    assert (found, sought > 0) == (0, True)


def test_a_bridge_through_both_margins_is_hidden_too() -> None:
    # Each row and each column with a hidden cell has two of them but the last: the cells form a path, not a ring.
    cells = {"11": 1, "12": 1, "21": 9, "22": 1, "31": 9, "32": 9, "13": 9, "23": 9, "33": 9}
    houses = [
        house
        for code, number in cells.items()
        for house in [House({"p": code[0], "q": code[1]}, HEAVY)] * number
        + [House({"p": code[0], "q": code[1]}, "")] * 12
    ]
    found, sought = found_out(houses, ["p", "q", "p:q"], PRIMARY)
    assert found == sought > 0
    found, sought = found_out(houses, ["p", "q", "p:q"], RULES)
    assert (found, sought > 0) == (0, True)


def shown_on_enough(houses: Sequence[House], by: list[str], rules: Disclosure) -> int:
    """How many figures are shown, of which each rests on as many persons and households as the rules want."""
    (found,) = protect([estimated(houses, by)], rules)
    shown = 0
    for row in at_least_one(found.rows()):
        if row["standing"] == "hidden":
            assert all(row[name] is None for name in NUMBERS)
            continue
        inside = [h for h in houses if all(row[d] in (None, h.domains[d]) for d in found.domains)]
        if not inside:
            continue
        shown += 1
        base = sum(house.members for house in inside)
        assert base >= rules.persons
        assert len(inside) >= rules.households
        having = [poor(house.lacks, row["k"]) for house in inside] if row["k"] else []
        counts = [sum(h.members for h, has in zip(inside, having, strict=True) if has)] if having else []
        if row["indicator"] and "indicators" in rules.numerators and row["statistic"] != "unknown":
            among = having or [True] * len(inside)
            counts.append(
                sum(h.members for h, has in zip(inside, among, strict=True) if has and row["indicator"] in h.lacks)
            )
        for count in counts:
            assert count in (0, base) or min(count, base - count) >= rules.numerator
            assert count not in (0, base) or base >= rules.all_or_none
    return shown


@settings(max_examples=40)
@given(HOUSES, TABLES, st.sampled_from([RULES, INDICATORS]))
def test_no_figure_that_is_shown_rests_on_few(houses: list[House], by: list[str], rules: Disclosure) -> None:
    shown_on_enough(houses, by, rules)


@pytest.mark.parametrize("rules", [RULES, INDICATORS])
def test_figures_that_rest_on_many_are_shown_and_looked_at(rules: Disclosure) -> None:
    houses = [House({"p": p, "q": "u", "r": p}, lacks) for p in "xy" for lacks in ("", "a", HEAVY) for _ in range(12)]
    assert shown_on_enough(houses, ["p"], rules) > 100


def poor(lacks: str, k: str) -> bool:
    weights = {i.name: i.weight for i in MEASURE.indicators}
    return sum((weights[name] for name in lacks), Fraction(0)) >= Fraction(k)


def test_the_sample_data_keep_what_matters() -> None:
    measure, survey = mpi.load_measure("colombia_ipm"), mpi.load_survey("colombia_demo_2025")
    profile = mpi.deprivation_profile(
        survey, measure, data="sample_data", domains=["zona", "departamento", "municipio"]
    )
    assert isinstance(profile, DeprivationProfile)
    estimates = mpi.estimate(profile, measure, by=["zona", "departamento", "departamento:zona", "municipio"])
    (found,) = protect([estimates], load_disclosure("standard"))
    where = np.array([row["municipio"] is not None for row in found.rows()])
    gone = np.array([row["standing"] == "hidden" for row in found.rows()])
    assert gone[where].mean() < 0.3
    assert gone[~where].mean() < 0.1
    (all_of_it,) = protect([estimates], load_disclosure("none"))
    assert all_of_it.disclosure == "none"
    assert not any(row["standing"] == "hidden" for row in all_of_it.rows())
