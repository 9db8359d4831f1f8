"""The page that leads to all files of a publication: true links, every language, nothing for programs alone."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mpi.claims import say
from mpi.config import load_study
from mpi.report.issue import issue_of
from mpi.runs import Made, run_study
from mpi.runs.index import INDEX
from mpi.runs.verifying import verify
from mpi.vocabulary.options import OUTPUTS
from mpi.vocabulary.wording import Language, legible
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.shared import run_once
from tests.support.situations import Situation, study_of

__all__ = ["browser"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    def ran(folder: Path) -> Made:
        study_of(Situation(map=True, outputs=OUTPUTS), folder)
        return run_study(load_study(folder / "study.yaml"), folder / "out", data=folder)

    return run_once(tmp_path_factory, "index", ran)


def text_of(made: Made) -> str:
    return (made.folder / INDEX).read_text(encoding="utf-8")


def part(text: str, language: str) -> str:
    return text.split(f'<article id="{language}"')[1].split("</article>", maxsplit=1)[0]


def test_every_link_and_picture_is_a_file_of_the_run_or_a_language(made: Made) -> None:
    text, languages = text_of(made), made.publication.study.languages
    for one in at_least_one(re.findall(r'(?:href|src)="([^"]+)"', text)):
        assert (
            one.removeprefix("#") in languages if one.startswith("#") else (made.folder / html.unescape(one)).is_file()
        )


def test_it_leads_to_what_a_reader_is_told_of_and_is_told_first(made: Made) -> None:
    assert next(iter(made.files)) == INDEX
    text = text_of(made)
    for name in at_least_one([name for name in made.files if name != INDEX]):
        assert f'href="{name}"' in text


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_language_has_its_own_sentence_and_files(made: Made, language: Language) -> None:
    other: dict[Language, Language] = {"es": "en", "en": "es"}
    own = html.unescape(part(text_of(made), language))
    assert legible(say(issue_of(made.publication, language).lead(), language)) in own
    assert f"report.{language}.html" in own
    assert f".{other[language]}." not in own


def test_the_manifest_knows_it_and_another_run_makes_it_anew(made: Made) -> None:
    assert not verify(made.folder)
    said = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert INDEX in {one["path"] for one in said["outputs"]}
    before = text_of(made)
    study = load_study(made.folder.parent / "study.yaml")
    run_study(study, made.folder, data=made.folder.parent, overwrite=True, only=["workbook"])
    assert text_of(made) == before
    assert not verify(made.folder)


def test_a_folder_for_programs_alone_has_none(tmp_path: Path) -> None:
    study_of(Situation(outputs=("results",)), tmp_path)
    alone = run_study(load_study(tmp_path / "study.yaml"), tmp_path / "out", data=tmp_path)
    assert not (tmp_path / "out" / INDEX).exists()
    assert INDEX not in alone.files


def test_a_browser_shows_the_readers_language_alone_and_axe_finds_nothing(made: Made, browser: Any) -> None:
    with opened(browser, made.folder / INDEX, locale="es-CO") as (shown, _):
        seen = "[...document.querySelectorAll('article')].filter(one => one.offsetParent).map(one => one.id)"
        assert shown.evaluate(seen) == ["es"]
        assert axe_violations(shown) == []
        top = shown.locator("article#es").bounding_box()["y"]  # the address scrolls to it
        assert top >= 16
        shown.click("text=English")
        assert shown.evaluate(seen) == ["en"]
        shown.set_viewport_size({"width": 390, "height": 844})
        assert shown.evaluate("document.documentElement.scrollWidth") == 390
