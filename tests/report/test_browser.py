"""The report in Chromium: nothing for axe-core to mend, nothing asked of the network, nothing cut off by a screen."""

from pathlib import Path
from typing import Any

import pytest

from mpi.vocabulary.wording import LANGUAGES, Language
from tests.report.test_rendering import page
from tests.support.browser import axe_violations, browser, opened

__all__ = ["browser"]
WIDTHS = (390, 1000)
LEAST_LETTERS = 11.0  # pixels


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


def file_of(written: Path, name: str, language: Language) -> Path:
    path = written / f"{name}_{language}.html"
    if not path.exists():
        path.write_text(page(name, language), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["colombia", "single_round", "census", "hostile"])
def test_a_page_asks_for_nothing_and_axe_finds_nothing(
    browser: Any, written: Path, name: str, language: Language
) -> None:
    with opened(browser, file_of(written, name, language)) as (shown, record):
        assert record.nothing(), record
        assert axe_violations(shown, colours=language == LANGUAGES[0] and name != "hostile") == []


def test_at_night_texts_can_be_read_pictures_keep_their_paper_and_print_is_light(browser: Any, written: Path) -> None:
    with opened(browser, file_of(written, "colombia", "es"), color_scheme="dark") as (shown, record):
        assert record.nothing(), record
        assert axe_violations(shown, only=["color-contrast"]) == []
        colour = "one => getComputedStyle(document.querySelector(one)).backgroundColor"
        night = shown.evaluate(colour, "body")
        assert night == "rgb(22, 25, 29)"
        assert shown.evaluate(colour, ".drawing") == "rgb(255, 255, 255)"
        shown.emulate_media(media="print", color_scheme="dark")
        assert shown.evaluate(colour, "body") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_the_screen_and_its_styles_are_taken(browser: Any, written: Path, width: int) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, file_of(written, "colombia", "es"), viewport=size) as (shown, record):
        assert record.nothing(), record
        assert shown.evaluate("document.documentElement.scrollWidth") == width
        # The hash of the policy fits: without the style the skip link would stand on the page.
        assert shown.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_the_sentence_that_comes_first_and_its_picture_are_on_the_first_screen(
    browser: Any, written: Path, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    with opened(browser, file_of(written, "colombia", "es"), viewport=size) as (shown, _):
        ends = shown.evaluate(
            "['.lead', '.opening figure'].map(one => document.querySelector(one).getBoundingClientRect())"
        )
        assert ends[0]["bottom"] < height / 2
        assert ends[1]["top"] < height / 2


@pytest.mark.parametrize(("width", "shown_form"), [(390, "slim"), (1366, "paper")])
def test_no_figure_scrolls_and_its_letters_can_be_read(
    browser: Any, written: Path, width: int, shown_form: str
) -> None:
    size = {"width": width, "height": 844}
    with opened(browser, file_of(written, "colombia", "es"), viewport=size) as (shown, _):
        wide = "all => all.every(one => one.scrollWidth <= one.clientWidth)"
        assert shown.locator("figure").evaluate_all(wide)
        assert shown.locator(".drawing:visible").count() == shown.locator("figure").count() > 10
        assert shown.locator(f".drawing.{shown_form}:visible").count() == shown.locator("figure").count()
        if width == 390:
            sizes = shown.locator(".drawing:visible text").evaluate_all(
                "all => all.map(one => { const m = one.getScreenCTM();"
                " return parseFloat(getComputedStyle(one).fontSize) * Math.hypot(m.a, m.b); })"
            )
            assert len(sizes) > 300 and min(sizes) >= LEAST_LETTERS


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_a_word_is_explained_by_tap_and_by_key_and_stands_in_the_glossary(
    browser: Any, written: Path, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    with opened(browser, file_of(written, "colombia", "en"), viewport=size) as (shown, record):
        word = shown.locator(".lead .word").first
        entry = shown.locator(f"#{word.get_attribute('popovertarget')}")
        is_open = "one => one.matches(':popover-open')"
        assert word.get_attribute("aria-describedby") == entry.get_attribute("id")
        assert word.get_attribute("title") == entry.locator("dd").text_content()
        word.click()
        assert entry.evaluate(is_open)
        box = entry.bounding_box()
        assert box and box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
        # On a telephone drawings and tables have forms of their own, too.
        assert axe_violations(shown, within=None if width == 390 else f"#{entry.get_attribute('id')}") == []
        shown.keyboard.press("Escape")
        assert not entry.evaluate(is_open) and entry.is_visible()  # a part of the page again
        word.focus()
        shown.keyboard.press("Enter")
        assert entry.evaluate(is_open)
        assert record.nothing(), record


def test_a_section_explains_a_word_once(browser: Any, written: Path) -> None:
    with opened(browser, file_of(written, "colombia", "es")) as (shown, _):
        words = shown.evaluate(
            "[...document.querySelectorAll('.opening, section')]"
            ".map(one => [...one.querySelectorAll('.word')].map(word => word.getAttribute('popovertarget')))"
        )
        assert sum(map(len, words)) > 30
        assert all(len(own) == len(set(own)) for own in words)
        listed = shown.evaluate("[...document.querySelectorAll('.glossary > div')].map(one => one.id)")
        assert {word for own in words for word in own} == set(listed)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(browser: Any, written: Path) -> None:
    with opened(browser, file_of(written, "single_round", "en")) as (shown, _):
        shown.keyboard.press("Tab")
        assert shown.evaluate("document.activeElement.className") == "skip"
        shown.keyboard.press("Enter")
        assert shown.evaluate("document.activeElement.id") == "content"


def test_it_prints_on_paper_with_whole_figures(browser: Any, written: Path) -> None:
    with opened(browser, file_of(written, "colombia", "es")) as (shown, record):
        shown.emulate_media(media="print")
        assert shown.evaluate("getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
        assert shown.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
        assert shown.evaluate("getComputedStyle(document.querySelector('main a')).textDecorationLine") == "none"
        tallest = max(one.bounding_box()["height"] for one in shown.locator(".opening .drawing.paper svg").all())
        assert 0 < tallest <= 150 * 96 / 25.4 + 1  # millimetres: the first picture stays on the page of the headline
        assert len(shown.pdf(prefer_css_page_size=True)) > 50_000
        assert record.nothing(), record
