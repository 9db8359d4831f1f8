"""Findings are short, and say no more than the figures allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpi.claims import Deprivations, Member, Order, Ranking, Tally, findings
from mpi.claims.basis import Basis, Sampling
from mpi.disclosure.figures import Figure
from mpi.language import LANGUAGES, Language, Phrase

MOST_WORDS = 17  # with the numbers, in the longest language
BASIS = Basis(unit="persons", period="2025", k="1/3", level=0.95, sampling=Sampling(way="design"), judged=True)


def member(name: str, value: float | None, standing: str = "shown", df: int = 30) -> Member:
    ends = {} if value is None else {"low": value - 0.01, "high": value + 0.01}
    return Member(name, name, Figure(value=value, standing=standing, df=df, **ends))


def ranking(*members: Member) -> Phrase | None:
    return findings.ranking_finding(Ranking(BASIS, "H", members))


def test_the_ends_of_all_groups_are_told_and_of_some_that_they_are_some() -> None:
    every = ranking(member("North", 0.3), member("South", 0.1), member("East", 0.2))
    assert every == "The headcount ratio (H) ranges from 10.0% in South to 30.0% in North"
    some = ranking(member("North", 0.3), member("South", 0.1), member("West", 0.02, "review"), member("Far", 0.9, df=2))
    assert some == ("The headcount ratio (H) ranges from 10.0% in South to 30.0% in North (2 groups compared)")


def test_all_that_share_an_end_are_named_or_counted() -> None:
    ends = (member("North", 0.3), member("East", 0.3), member("South", 0.1))
    assert ranking(*ends) == "The headcount ratio (H) ranges from 10.0% in South to 30.0% in East and North"
    lowest = [member(name, 0.1) for name in ("B", "C", "D", "E")]
    assert ranking(member("A", 0.3), *lowest) == (
        "The headcount ratio (H) ranges from 10.0% in B, C and 2 more to 30.0% in A"
    )
    both = Deprivations(BASIS, Figure(value=0.2), (member("Work", 0.1), member("School", 0.1), member("Water", 0.05)))
    assert findings.deprivations_finding(both) == (
        "The commonest deprivations of the poor are \u201cWork\u201d and \u201cSchool\u201d: 50.0% in each"
    )
    assert findings.contributions_finding([member("Health", 0.5), member("Work", 0.5)]) == (
        "The dimensions that add most to M0 are \u201cHealth\u201d and \u201cWork\u201d: 50.0% each"
    )
    cells = [("Work", "North"), ("School", "North")]
    assert findings.cell_finding(cells, 0.4, all_ranked=True) == (
        "The highest rates are those of \u201cWork\u201d in North and \u201cSchool\u201d in North: 40.0%"
    )
    assert findings.pair_finding([("Work", "School"), ("Work", "Water")], 0.4) == (
        "The commonest pairs of deprivations are \u201cWork\u201d with \u201cSchool\u201d and "
        "\u201cWork\u201d with \u201cWater\u201d: 40.0% each"
    )


def test_an_order_at_all_cutoffs_needs_figures_at_all_of_them() -> None:
    claim = Order(basis=BASIS, groups=4, all_groups=5, sure=6, least=1.0)
    assert findings.order_finding(claim) == "100.0% of the pairs of groups have the same order at all cutoffs"
    assert findings.order_finding(replace(claim, whole=False)) is None


@pytest.mark.parametrize(
    "members",
    [
        (),
        (member("North", 0.3),),
        (member("North", 0.3), member("South", None, "hidden")),
        (member("North", 0.3), member("South", 0.1, "review")),
        (member("North", 0.3), member("South", 0.3)),
    ],
)
def test_without_two_groups_that_differ_there_is_no_highest(members: tuple[Member, ...]) -> None:
    assert ranking(*members) is None


def test_a_rate_of_the_poor_is_a_share_of_the_poor() -> None:
    claim = Deprivations(BASIS, Figure(value=0.1), (member("Work", 0.098), member("School", 0.02)))
    assert findings.deprivations_finding(claim) == (
        "98.0% of the poor are deprived in \u201cWork\u201d, more than in any other indicator"
    )
    assert findings.deprivations_finding(replace(claim, incidence=Figure())) is None


def change(value: float, p: float | None, ends: tuple[float, float] = (0.115, 0.099)) -> Figure:
    room = None if p is None else 0.005 if p < 0.05 else 2 * abs(value) + 0.01
    low, high = (None, None) if room is None else (value - room, value + room)
    return Figure(value=value, low=low, high=high, before=ends[0], after=ends[1], p=p, p_adjusted=p, standing="shown")


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (change(-0.016, 0.001), "The headcount ratio (H) fell from 11.5% in 2024 to 9.9% in 2025"),
        (change(0.016, 0.001, (0.099, 0.115)), "The headcount ratio (H) rose from 9.9% in 2024 to 11.5% in 2025"),
        (change(-0.016, 0.4), "The headcount ratio (H) did not change significantly: 11.5% in 2024, 9.9% in 2025"),
        (change(-0.016, None), "The headcount ratio (H) fell from 11.5% in 2024 to 9.9% in 2025"),
    ],
)
def test_a_change_that_is_not_significant_is_no_fall(moved: Figure, told: str) -> None:
    assert findings.movement_finding("H", moved, "2024", "2025", 0.95) == told


def test_groups_that_fell_and_rose_are_counted_by_their_tests() -> None:
    own = (("a", change(-0.1, 0.001)), ("b", change(-0.1, 0.5)), ("c", change(0.1, 0.001)), ("d", change(0.1, 0.001)))
    claim = Tally(BASIS, "H", own, "2024", "group")
    fell = "The headcount ratio (H) fell significantly in 1 of 4 groups and rose significantly in 2"
    assert findings.moved_finding(claim) == fell
    assert findings.moved_finding(replace(claim, changes=own[1:2])) is None
    assert findings.moved_finding(replace(claim, changes=own[2:])) == (
        "The headcount ratio (H) rose significantly in 2 of 2 groups"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_short_in_every_language(language: Language) -> None:
    made = [
        ranking(member("Norte", 0.3), member("Sur", 0.1), member("Este", None, "hidden")),
        findings.movement_finding("H", change(-0.016, 0.001), "2024", "2025", 0.95),
        findings.moved_finding(Tally(BASIS, "H", (("a", change(-0.1, 0.001)),), "2024", "group")),
        findings.cutoffs_finding("H", [("1/5", Figure(value=0.4)), ("1/2", Figure(value=0.01))]),
        findings.scores_finding(Figure(value=0.1), "persons", "1/3"),
        findings.bundles_finding([0.1, 0.2]),
        findings.spread_finding([0.1, 0.2], [0.3, 0.4]),
        findings.parts_finding(-0.0062, 0.0002),
        findings.cell_finding([("Trabajo informal", "Vichada")], 0.5, all_ranked=False),
        findings.pair_finding([("Trabajo informal", "Rezago")], 0.5),
    ]
    for one in made:
        assert one is not None
        text = one.to(language)
        assert len(text.split(" ")) <= MOST_WORDS and not text.endswith("."), text
        assert "{" not in text
