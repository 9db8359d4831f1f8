"""The panel of a study: what it reads, and every fault where it stands, with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.vocabulary.options import MOVEMENT_TABLES
from tests.config.test_studies import BASE, message, study_of

REGISTER = "surveys: [colombia_register_demo_2024, colombia_register_demo_2025]"


def panel(text: str) -> str:
    return f"{BASE}panel: {{{text}}}\n"


def test_a_panel_is_of_its_own_editions(tmp_path: Path) -> None:
    text = panel(f"{REGISTER}, link: majority, key: [ID_PERSONA], by: [programa, 'municipio:programa'], tau: [50%, 1]")
    found = study_of(text, tmp_path).panel
    assert found is not None
    assert (found.periods, found.link, found.key) == (("2024", "2025"), "majority", ("ID_PERSONA",))
    assert (found.by, found.domains) == ((("programa",), ("municipio", "programa")), ("programa", "municipio"))
    assert (found.tau, found.tables) == (("1/2", "1"), MOVEMENT_TABLES)
    assert found.spans == (("2024", "2025"),)


def test_the_rounds_of_the_study_are_followed_where_no_others_are_named(tmp_path: Path) -> None:
    found = study_of(panel("link: persons").replace("{link", "{tables: [chronic, movements], link"), tmp_path).panel
    assert found is not None
    assert [one.name for one in found.surveys] == ["colombia_demo_2024", "colombia_demo_2025"]
    assert found.tables == ("movements", "chronic")
    assert study_of(BASE, tmp_path).panel is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (f"{REGISTER}, link: same_head", "who is the head of a household is not said"),
        (f"{REGISTER}, head: P6051=1", "`head` is for the link same_head alone"),
        (f"{REGISTER}, link: same_head, head: P6051", "'P6051' is no column with a code"),
        (f"{REGISTER}, member: [ID_PERSONA]", "`member` is for the link same_key alone"),
        (f"{REGISTER}, by: [programme]", "'programme' is no domain of colombia_register_demo_2024"),
        (f"{REGISTER}, tau: [2]", "the duration 2 is no share of the editions"),
        ("by: [zona]", "the study has no table by 'zona'"),
        ("surveys: [colombia_demo_2024, colombia_demo_2024]", "two editions have the period 2024"),
        ("surveys: [colombia_demo_2024]", "one edition cannot be followed"),
    ],
)
def test_faults_of_a_panel(tmp_path: Path, given: str, told: str) -> None:
    found = message(panel(given), tmp_path)
    assert told in found
    assert "MPI-C174 s.yaml:8:" in found


def test_a_domain_of_rounds_must_be_one_that_the_study_judges(tmp_path: Path) -> None:
    assert study_of(BASE + "by: [zona]\npanel: {by: [zona]}\n", tmp_path).panel is not None


def test_one_survey_is_no_panel(tmp_path: Path) -> None:
    text = panel("link: persons").replace("[colombia_demo_2024, colombia_demo_2025]", "[colombia_demo_2025]")
    assert "one edition cannot be followed" in message(text, tmp_path)


def test_households_are_not_followed_where_persons_are_identified(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("measure: own\nlike: colombia_ipm\nidentification: person\n", encoding="utf-8")
    text = panel(f"{REGISTER}, link: same_key").replace("measure: colombia_ipm", "measure: m.yaml")
    assert "identifies persons, so households cannot be followed" in message(text, tmp_path)
