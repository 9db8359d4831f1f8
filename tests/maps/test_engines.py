"""The interactive map in Firefox and in WebKit: wheel, mouse, keys and, where the driver has them, fingers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mpi.vocabulary.wording import figure
from tests.maps.test_gestures import DRIFT, HEADLINE, ON_GRID, findings, with_figure
from tests.support import webmap
from tests.support.engines import ENGINES, Engine, engine

HIT = """(() => {
  const at = (x, y) => document.elementFromPoint(x, y)?.getAttribute("data-i") ?? null;
  return [...document.querySelectorAll("#areas path")].map((path) => {
    const box = path.getBoundingClientRect();
    const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
    return [x, y, at(x, y) === path.getAttribute("data-i")];
  });
})()"""


@pytest.fixture(scope="module", params=ENGINES)
def started(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with engine(request.param) as ready:
        yield ready


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "map.html"
    path.write_text(webmap.page(nasty=False, findings=findings(few=False)), "utf-8")
    return path


@pytest.fixture
def page(started: Engine, file: Path) -> Engine:
    """The map on a small laptop, in Spanish."""
    started.size(1366, 768)
    started.go("about:blank")
    started.go(f"{file.as_uri()}#lang=es")
    started.settle()
    return started


def seen(page: Engine) -> list[tuple[int, int, str]]:
    """Points of the window where an area with a figure lies, and its code."""
    codes = webmap.areas().codes
    places = [(x, y, codes[i]) for i, (x, y, hit) in enumerate(page.run(HIT)) if hit]
    return [one for one in places if one[2] in with_figure(few=False)]


def on_grid(page: Engine, x: float, y: float) -> Any:
    return page.run(f"({ON_GRID})([{x}, {y}])")


def drift(page: Engine, before: Any, x: float, y: float) -> float:
    after = on_grid(page, x, y)
    return float(np.hypot(after[0] - before[0], after[1] - before[1]) * after[2])


def text(page: Engine, selector: str) -> str:
    return str(page.run(f"document.querySelector('{selector}').innerText"))


def visible(page: Engine, selector: str) -> bool:
    return bool(page.run(f"document.querySelector('{selector}').checkVisibility()"))


def test_the_page_says_its_figure_and_fits(page: Engine) -> None:
    assert text(page, "#headline") == HEADLINE["es"]
    for width, height in ((1366, 768), (768, 1024), (390, 844)):
        page.size(width, height)
        page.settle()
        assert page.run("document.documentElement.scrollWidth <= innerWidth"), width
        # A window of WebKit's small browser is never narrower than 450 pixels.
        drawn = page.run("document.getElementById('map').getBoundingClientRect().toJSON()")
        assert 0 < drawn["y"] < height / 2 and drawn["width"] <= page.run("innerWidth")


def test_the_wheel_holds_the_point_under_the_cursor_and_the_tooltip_is_true(page: Engine) -> None:
    names = dict(zip(webmap.areas().codes, webmap.areas(nasty=False).names, strict=True))
    x, y, code = seen(page)[0]
    page.pointer(x, y)
    before = on_grid(page, x, y)
    assert text(page, "#tip strong") == names[code]
    for notch in (-240, -240, -240, 120):
        page.wheel(x, y, notch)
        page.settle()
        assert drift(page, before, x, y) < DRIFT
    place = page.run(f"document.elementFromPoint({x}, {y})?.getAttribute('data-i') ?? null")
    assert text(page, "#tip strong") == webmap.areas(nasty=False).names[int(place)]
    assert on_grid(page, x, y)[2] > before[2], "the wheel has brought it nearer"


def test_keys_and_a_click_lead_to_the_figure_of_an_area(page: Engine) -> None:
    x, y, code = seen(page)[-1]
    page.pointer(x, y, "Down", "Up")
    page.settle()
    one = webmap.layer("H", "municipio", webmap.areas().codes)
    value = figure(one.estimate[0, webmap.areas().codes.index(code)], "percent", "es")
    assert code in text(page, "#details") and value in text(page, "#details")
    page.run("document.getElementById('map').focus()")
    scale = on_grid(page, x, y)[2]
    page.key("+")
    page.settle()
    assert on_grid(page, x, y)[2] > scale
    page.key("0")
    page.settle()
    assert on_grid(page, x, y)[2] == pytest.approx(scale)
    page.run("void (location.hash = '#lang=en&layer=M0')")
    page.settle()
    assert figure(webmap.layer("M0", "", [""]).estimate[0, 0], "index", "en") in text(page, "#headline")


def test_on_a_phone_a_tap_opens_the_sheet_and_two_fingers_zoom(page: Engine) -> None:
    if page.name == "webkit":
        pytest.skip("WebKitWebDriver has no fingers; WebKit takes the same pointer events")
    page.size(390, 844)
    page.settle()
    assert not visible(page, "#sheet")
    x, y, code = seen(page)[0]
    page.pointer(x, y, "Down", "Up", kind="touch")
    page.settle()
    assert visible(page, "#sheet") and code in text(page, "#sheet")
    page.run("document.getElementById('close').click()")
    box = page.run("document.getElementById('map').getBoundingClientRect().toJSON()")
    x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
    before = on_grid(page, x, y)
    page.act([finger(side, x, y) for side in (-1, 1)])
    page.settle()
    assert on_grid(page, x, y)[2] == pytest.approx(3 * before[2], rel=0.1)
    assert drift(page, before, x, y) < 3 * DRIFT, "pointers arrive one after the other"


def finger(side: int, x: int, y: int) -> dict[str, Any]:
    """From 30 to 90 pixels beside a point."""
    places = [{"type": "pointerMove", "x": x + side * apart, "y": y, "duration": 0} for apart in (30, 50, 70, 90)]
    steps = [places[0], {"type": "pointerDown", "button": 0}, *places[1:], {"type": "pointerUp", "button": 0}]
    return {"type": "pointer", "id": f"finger{side}", "parameters": {"pointerType": "touch"}, "actions": steps}
