"""The board: its cards say what the publication says, every state has a sign and words, nothing hidden is on it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mpi.board import board_html
from mpi.board.content import Card, cards_of
from mpi.board.rendering import SIGNS
from mpi.claims.targets import WORDS, reached, target_text
from mpi.disclosure.figures import Figure, read
from mpi.language import LANGUAGES, Language
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import Publication
from mpi.specs.study import Target
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.publications import HOSTILE, census, colombia, hostile, single_round

__all__ = ["browser"]
TARGETS = (
    Target(statistic="H", indicator="", value=Fraction(8, 100), by="2030", source={"es": "Plan", "en": "Plan"}),
    Target(statistic="M0", indicator="", value=Fraction(5, 100), by="2027"),
    Target(statistic="uncensored_headcount", indicator="analfabetismo", value=Fraction(75, 1000), by="2027"),
)


def edition(publication: Publication, language: Language = "en") -> Edition:
    return Edition(
        publication=publication, language=language, figures=read(publication.figures), changes=changes_of(publication)
    )


def with_targets(publication: Publication) -> Publication:
    return replace(publication, study=replace(publication.study, targets=TARGETS))


def cards(publication: Publication, language: Language = "en") -> Mapping[str, Card]:
    return {card.title: card for _, own in cards_of(edition(publication, language)) for card in own}


def test_cards_have_the_figures_and_changes_of_the_publication() -> None:
    found = cards(with_targets(colombia()))
    own = edition(colombia())
    assert len(found) == 3 + 15
    for card in at_least_one(found.values()):
        assert [point.period for point in card.points] == ["2024", "2025"]
        assert [point.at for point in card.points] == [0.0, 1.0]
    incidence, change = own.total("H"), own.change("H")
    card = found["Headcount ratio (H)"]
    assert card.points[-1].value == incidence.value
    assert card.points[0].value == own.total("H", period="2024").value
    assert change.significant(0.95)
    assert card.course == "fell"
    assert "significant" in card.change
    courses = {card.course for card in found.values()}
    assert courses == {"fell", "same"}


def test_a_target_is_judged_by_the_whole_interval() -> None:
    found = cards(with_targets(colombia()))
    states = {title: [state for state, _, _ in card.targets] for title, card in found.items() if card.targets}
    assert states == {
        "Headcount ratio (H)": ["missed"], "Adjusted headcount ratio (M0)": ["reached"], "Illiteracy": ["unsure"],
    }  # fmt: skip
    (_, text, source), *_ = found["Headcount ratio (H)"].targets
    assert (text, source) == ("Target for 2030, 8.0%: not reached yet.", "Plan")


@pytest.mark.parametrize(
    ("figure", "is_census", "wanted"),
    [
        (Figure(value=0.1, low=0.09, high=0.11, standing="shown", df=40), False, "missed"),
        (Figure(value=0.05, low=0.04, high=0.06, standing="shown", df=40), False, "reached"),
        (Figure(value=0.08, low=0.07, high=0.09, standing="shown", df=40), False, "unsure"),
        (Figure(value=0.05, low=0.04, high=0.06, standing="shown", df=3), False, "unsure"),
        (Figure(value=0.05, low=0.01, high=0.07, standing="review", df=40), False, "unsure"),
        (Figure(value=0.05, standing="shown"), False, "unsure"),
        (Figure(value=0.08), True, "reached"),
        (Figure(value=0.0801), True, "missed"),
        (Figure(standing="hidden", hidden_by="small_base"), False, "unknown"),
        (Figure(), True, "unknown"),
    ],
)
def test_every_state_of_a_target(figure: Figure, is_census: bool, wanted: str) -> None:
    assert reached(figure, 0.08, census=is_census) == wanted
    text = target_text("H", figure, 0.08, "2030", census=is_census)
    assert text.template in WORDS.values()
    assert text.to("es").startswith("Meta a 2030, 8,0")


def test_a_single_round_and_a_census_have_no_change_and_no_line() -> None:
    for publication in (single_round(), census()):
        found = cards(publication)
        assert {card.change for card in found.values()} == {""}
        text = board_html(edition(publication))
        assert "<svg" not in text
        assert not re.search(rf">[{SIGNS['fell']}{SIGNS['rose']}]<", text)


def test_hidden_figures_are_nowhere() -> None:
    whole = with_targets(colombia())
    table = whole.figures.table
    nothing = table.set_column(
        table.column_names.index("estimate"), "estimate", [[None] * len(table)]
    )  # fmt: skip
    for name in ("ci_low", "ci_high"):
        nothing = nothing.set_column(nothing.column_names.index(name), name, [[None] * len(table)])
    hidden = replace(whole, figures=replace(whole.figures, table=nothing.combine_chunks()), changes=None)
    for card in at_least_one(cards(hidden).values()):
        assert not any(sign.isdigit() for sign in card.value + card.interval)
        assert {state for state, _, _ in card.targets} <= {"unknown"}
        assert {point.value for point in card.points} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_needs_no_script_and_no_network(language: Language) -> None:
    text = board_html(edition(with_targets(hostile()), language))
    assert "<script" not in text
    assert 'href="http' not in text
    assert HOSTILE[0] not in text
    assert "style=" not in text


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_a_reader_sees_the_headline_first_and_axe_finds_nothing(
    browser: Any, tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "board.es.html"
    path.write_text(board_html(edition(with_targets(colombia()), "es")), encoding="utf-8")
    with opened(browser, path, viewport={"width": width, "height": height}) as (shown, record):
        for part in (".lead", ".figure"):
            box = shown.locator(part).first.bounding_box()
            assert box["y"] + box["height"] < height
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_violations(shown) == []
        assert record.nothing()
        if width > height:
            pages = shown.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1  # A4 landscape
