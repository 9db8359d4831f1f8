"""The board: its cards say what the publication says, every state has a sign and words, nothing hidden is on it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

import mpi
from mpi.board import board_html
from mpi.board.content import Card, cards_of
from mpi.board.plans import plan_table
from mpi.board.rendering import SIGNS
from mpi.claims.targets import Aim, label_text, target_text
from mpi.columns.values import not_none
from mpi.disclosure.figures import Figure, read
from mpi.estimates import Request
from mpi.language import LANGUAGES, Language
from mpi.pipeline.estimating import rules_for
from mpi.policies.costs import Costs
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import Publication
from mpi.publication.planning import plans_of
from mpi.specs.actions import action_of
from mpi.specs.plans import PlanSpec
from mpi.specs.targets import Baseline, Target
from mpi.targets.progress import progress_of
from mpi.targets.protecting import protect_progress
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.publications import (
    HIDDEN_DEPARTMENTS,
    HOSTILE,
    ROUNDS,
    census,
    colombia,
    hostile,
    profile,
    single_round,
)

__all__ = ["browser"]
UNCENSORED = "uncensored_headcount"
PLAN = {"es": "Plan", "en": "Plan"}
BASED = Baseline(period="2024")
TARGETS = (
    Target(statistic="H", value=Fraction(8, 100), by="2030", year=2030, baseline=BASED, source=PLAN),
    Target(statistic="M0", value=Fraction(5, 100), by="2027", year=2027, path="constant_rate", baseline=BASED),
    Target(statistic=UNCENSORED, indicator="analfabetismo", value=Fraction(75, 1000), by="2027", year=2027),
    Target(statistic="poor", value=Fraction(4_000_000), by="2030", year=2030, baseline=BASED),
    Target(statistic="H", domains=("departamento",), value=None, by="2030", year=2030, baseline=BASED),
)


def edition(publication: Publication, language: Language = "en") -> Edition:
    return Edition(
        publication=publication, language=language, figures=read(publication.figures), changes=changes_of(publication)
    )


@cache
def with_targets() -> Publication:
    """A publication of two rounds, with hidden departments, and targets."""
    publication = colombia()
    profiles = [profile(name) for name in ROUNDS]
    rules = [rules_for(one, "dane") for one in profiles]
    found = progress_of(profiles, TARGETS, Request(measure=publication.measure, rules=rules[-1]), rules)
    return replace(
        publication,
        study=replace(publication.study, targets=TARGETS),
        progress=protect_progress(found, [publication.figures]),
    )


def cards(publication: Publication, language: Language = "en") -> Mapping[str, Card]:
    return {card.title: card for own in cards_of(edition(publication, language)) for card in own.cards}


def test_cards_have_the_figures_and_changes_of_the_publication() -> None:
    found = cards(with_targets())
    own = edition(colombia())
    assert len(found) == 3 + 15 + 1 + 33
    for card in at_least_one(found.values()):
        assert [point.period for point in card.points] == ["2024", "2025"]
    assert [point.at for point in found["Intensity (A)"].points] == [0.0, 1.0]
    assert [point.at for point in found["Headcount ratio (H)"].points] == [0.0, pytest.approx(1 / 6)]
    incidence, change = own.total("H"), own.change("H")
    card = found["Headcount ratio (H)"]
    assert card.points[-1].value == incidence.value
    assert card.points[0].value == own.total("H", period="2024").value
    assert change.significant(0.95)
    assert card.course == "fell"
    assert "significant" in card.change
    courses = {card.course for card in found.values()}
    assert courses == {"fell", "same", "unknown"}  # the last of hidden departments


def test_cards_have_the_verdicts_of_the_table() -> None:
    publication = with_targets()
    found = cards(publication)
    rows = {row["target_number"]: row for row in not_none(publication.progress).rows() if row["departamento"] is None}
    titles = {1: "Headcount ratio (H)", 2: "Adjusted headcount ratio (M0)", 3: "Illiteracy", 4: "Persons in poverty"}
    for number, title in titles.items():
        (goal,) = found[title].goals
        assert goal.state == rows[number]["verdict"]
    (goal,) = found["Headcount ratio (H)"].goals
    assert (goal.label, goal.text, goal.source) == ("On track", "Target for 2030: at most 8.0%", "Plan")
    assert "needed from now: \u22120.4 pp" in goal.pace
    assert goal.outlook == "If it goes on so: 2.3% (0.0 to 5.8) in 2030."
    assert found["Illiteracy"].goals[0].label == "No baseline to judge by"
    course = found["Headcount ratio (H)"].courses[0].stops
    assert course == ((0.0, pytest.approx(0.1148, abs=1e-4)), (1.0, 0.08))
    assert len(found["Adjusted headcount ratio (M0)"].courses[0].stops) == 13  # a curve
    assert found["Headcount ratio (H)"].ends == ("2024", "2030")


def test_hidden_departments_have_no_verdict_and_no_number() -> None:
    publication = with_targets()
    rows = [row for row in not_none(publication.progress).rows() if row["departamento"] in HIDDEN_DEPARTMENTS]
    assert len(rows) == len(HIDDEN_DEPARTMENTS) > 0
    for row in rows:
        assert (row["verdict"], row["standing"], row["hidden_by"]) == (None, "hidden", "hidden_round")
        numbers = [row[name] for name in row if isinstance(row[name], float | int)]
        assert set(numbers) <= {row["target_number"], 2030.0, 2024.0}  # what the table of targets says itself
    names = {publication.name_of("departamento", code, "en") for code in HIDDEN_DEPARTMENTS}
    found = cards(publication)
    for name in at_least_one(names):
        card = found[name]
        assert [goal.state for goal in card.goals] == ["none"]
        said = " ".join((card.value, card.interval, card.change, card.line, *(g.text + g.pace for g in card.goals)))
        assert not any(sign.isdigit() for sign in re.sub(r"20\d\d", "", said)), said
        assert not card.courses


@pytest.mark.parametrize(
    ("aim", "label", "text"),
    [
        ({"verdict": "met"}, "Met", "Target for 2030: at most 8.0%: met."),
        ({"verdict": "on_track"}, "On track", "Target for 2030: at most 8.0%: not met yet, on track."),
        ({"verdict": "off_track"}, "Off track", "Target for 2030: at most 8.0%: off track."),
        ({"verdict": "off_track", "due": True}, "Not met", "Target for 2030: at most 8.0%: not met."),
        ({"verdict": "cannot_tell", "due": True}, "The sample does not tell", "the sample does not tell whether it is"),
        ({"verdict": "cannot_tell", "based": False}, "No baseline to judge by", "without a baseline"),
        ({}, "No figure that tells", "there is no figure that tells."),
        ({"verdict": "met", "direction": "at_least"}, "Met", "Target for 2030: at least 8.0%: met."),
        ({"verdict": "met", "halves": True}, "Met", "at most 8.0%, half of the baseline: met."),
    ],
)
def test_every_state_of_a_target(aim: dict[str, Any], label: str, text: str) -> None:
    one = Aim(statistic="H", figure=Figure(), by="2030", value=0.08, **aim)
    assert label_text(one).to("en") == label
    assert text in target_text(one).to("en")
    for language in LANGUAGES:
        assert "2030" in target_text(one).to(language)
        assert label_text(one).to(language)


def test_a_single_round_and_a_census_have_no_change_and_no_line() -> None:
    for publication in (single_round(), census()):
        found = cards(publication)
        assert {card.change for card in found.values()} == {""}
        text = board_html(edition(publication))
        assert "<svg" not in text
        assert not re.search(rf">[{SIGNS['fell']}{SIGNS['rose']}]<", text)


def test_hidden_figures_are_nowhere() -> None:
    whole = with_targets()
    table = whole.figures.table
    nothing = table.set_column(
        table.column_names.index("estimate"), "estimate", [[None] * len(table)]
    )  # fmt: skip
    for name in ("ci_low", "ci_high"):
        nothing = nothing.set_column(nothing.column_names.index(name), name, [[None] * len(table)])
    hidden = replace(whole, figures=replace(whole.figures, table=nothing.combine_chunks()), changes=None, progress=None)
    for card in at_least_one(cards(hidden).values()):
        assert not any(sign.isdigit() for sign in card.value + card.interval)
        assert not card.goals
        assert {point.value for point in card.points} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_needs_no_script_and_no_network(language: Language) -> None:
    text = board_html(edition(hostile(with_targets), language))
    assert "<script" not in text
    assert 'href="http' not in text
    assert HOSTILE[0] not in text
    assert "style=" not in text


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_a_reader_sees_the_headline_first_and_axe_finds_nothing(
    browser: Any, tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "board.es.html"
    path.write_text(board_html(edition(with_targets(), "es")), encoding="utf-8")
    with opened(browser, path, viewport={"width": width, "height": height}) as (shown, record):
        for part in (".lead", ".figure"):
            box = shown.locator(part).first.bounding_box()
            assert box["y"] + box["height"] < height
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_violations(shown) == []
        assert record.nothing()
        if width > height:
            pages = shown.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", pages)) <= 4  # A4 landscape: key figures, then departments


@cache
def with_plans() -> Publication:
    """Targets of all units alone, and two plans."""
    publication = with_targets()
    progress = publication.progress
    assert progress is not None
    few = progress.table.filter(pc.less(progress.table["target_number"], len(TARGETS)))
    currency = {"en": "million pesos"}
    plans = (
        PlanSpec(
            name="one",
            title={"en": "Adults read"},
            actions=(action_of("close analfabetismo if poor"),),
            costs={"analfabetismo": 2.0},
            currency=currency,
        ),
        PlanSpec(name="two", title={"en": "A shock"}, actions=(action_of("raise empleo_formal by 10%"),)),
    )
    study = replace(publication.study, targets=TARGETS[:-1], plans=plans, disclosure=mpi.load_disclosure("none"))
    costs = {"one": Costs(None, {(None, "analfabetismo"): 2.0})}
    own, choices = plans_of(study, profile(ROUNDS[-1]), [], {}, costs, lambda _: None)
    return replace(publication, study=study, progress=replace(progress, table=few), plans=own, choices=choices)


def test_plans_stand_on_the_board_with_their_figures() -> None:
    found = plan_table(edition(with_plans()))
    assert found is not None
    assert "accounting, not impact" in found.title
    own = mpi.what_if(profile(ROUNDS[-1]), with_plans().measure, "close analfabetismo if poor", k="1/3").only("H")
    before, after, _ = (row["estimate"] for row in own.rows())
    assert found.rows[0][:3] == ("Adults read", f"{100 * before:.1f}", f"{100 * after:.1f}")
    assert found.rows[0][-1].endswith("million pesos")
    assert found.rows[1][-2:] == ("", "")
    assert plan_table(edition(with_targets())) is None


def test_a_board_of_a_usual_number_of_targets_is_one_page_of_paper(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "board.html"
    path.write_text(board_html(edition(with_plans(), "es")), encoding="utf-8")
    with opened(browser, path, viewport={"width": 1366, "height": 768}) as (shown, _):
        assert axe_violations(shown) == []
        pages = shown.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1
