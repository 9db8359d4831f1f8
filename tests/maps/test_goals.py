"""Verdicts on targets over the live map: their signs, their words of each area, and when they are away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mpi.claims.targets import SIGNS
from mpi.maps.goals import Goal
from mpi.maps.interactive import Findings
from mpi.maps.page_layers import Period
from mpi.vocabulary.options import VERDICTS
from tests.support import webmap
from tests.support.browser import axe_violations_of_map, browser, opened, settled
from tests.support.loops import at_least_one

__all__ = ["browser"]
WORDS = {
    "met": {"es": "Cumplida", "en": "Met"},
    "on_track": {"es": "En camino", "en": "On track"},
    "off_track": {"es": "Fuera de camino", "en": "Off track"},
    "cannot_tell": {"es": "No se puede afirmar", "en": "Cannot be said"},
    "none": {"es": "Sin base", "en": "No baseline"},
}
TITLE = {"es": "Incidencia (H), meta para 2030", "en": "Headcount ratio (H), target for 2030"}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
APART = """[...document.querySelectorAll('#goal-signs circle')].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2, box.width / 2];
})"""


def verdicts() -> list[str | None]:
    """Of each area in turn; one of six has no target."""
    told = (*VERDICTS, "none", None)
    return [told[place % len(told)] for place in range(len(webmap.areas(few=True).codes))]


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    own = verdicts()
    targets = [None if one is None else 0.1 for one in own]
    goal = Goal(name="H.2030", title=TITLE, verdicts=own, targets=targets, words=WORDS, signs=SIGNS)
    codes = webmap.areas(few=True).codes
    layers = [webmap.layer("H", "municipio", codes)]
    upper = [webmap.layer("H", "departamento", webmap.areas(few=True).upper_codes)]
    earlier = Period(name="2024", layers=layers, upper=upper, total=[webmap.layer("H", "", [""])])
    path = tmp_path_factory.mktemp("goals") / "map.html"
    path.write_text(webmap.page(nasty=False, few=True, findings=Findings(goals=(goal,), earlier=(earlier,))), "utf-8")
    with opened(browser, path, **LAPTOP) as (found, record):
        yield found
        assert record.nothing(), (record.requests, record.messages)


def start(page: Any, address: str) -> None:
    file = page.url.split("#")[0]
    page.goto("about:blank")
    page.goto(file + address)
    settled(page)


def legend(page: Any) -> str:
    return " ".join(page.inner_text(".legend").split())


def test_a_chosen_target_lays_its_signs_over_the_colours_and_counts_them(page: Any) -> None:
    start(page, "#lang=es")
    fills = "[...document.querySelectorAll('#areas path')].map((one) => one.getAttribute('fill'))"
    before = page.evaluate(fills)
    assert page.locator("#goal-signs text").count() == 0 and TITLE["es"] not in legend(page)
    assert page.locator("#goal option").all_inner_texts()[1:] == [TITLE["es"]]
    page.select_option("#goal", "0")
    settled(page)
    counts = Counter(one for one in verdicts() if one is not None)
    assert f"{TITLE['es']} {counts.total()}" in legend(page)
    for verdict, words in at_least_one(WORDS.items()):
        assert f"{SIGNS[verdict]} {words['es']} {counts[verdict]}" in legend(page)
    signs = page.locator("#goal-signs text").all_text_contents()
    assert set(signs) <= set(SIGNS.values()) and len(set(signs)) > 2
    assert page.evaluate(fills) == before, "the colours are those of the figures"
    assert "target=H.2030" in page.url
    places = np.array(page.evaluate(APART))
    gaps = np.hypot(*(places[:, None, :2] - places[None, :, :2]).transpose(2, 0, 1)) + 1e9 * np.eye(len(places))
    assert gaps.min() >= 2 * places[:, 2].max(), "no sign covers another"
    assert not axe_violations_of_map(page)


def test_an_address_with_a_target_tells_of_each_area_in_the_language_of_the_page(page: Any) -> None:
    start(page, "#lang=en&target=H.2030")
    codes, names, own = webmap.areas(few=True).codes, webmap.areas(few=True).names, verdicts()
    assert page.locator("thead th").last.inner_text().startswith(TITLE["en"])
    for verdict in at_least_one(WORDS):
        place = own.index(verdict)
        told = f"{SIGNS[verdict]} {WORDS[verdict]['en']}"
        start(page, f"#lang=en&target=H.2030&unit={codes[place]}")
        assert f"{TITLE['en']}: {told}" in page.inner_text("#details"), names[place]
    start(page, f"#lang=en&target=H.2030&unit={codes[own.index(None)]}")
    assert TITLE["en"] not in page.inner_text("#details")


def test_there_are_no_verdicts_where_the_figures_are_not_those_that_were_judged(page: Any) -> None:
    start(page, "#lang=en&target=H.2030&period=2024")
    assert page.is_disabled("#goal")
    assert page.locator("#goal-signs text").count() == 0 and TITLE["en"] not in legend(page)
    start(page, "#lang=en&target=H.2031")
    assert page.input_value("#goal") == "-1" and page.locator("#goal-signs text").count() == 0
