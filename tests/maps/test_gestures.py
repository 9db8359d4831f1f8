"""The interactive map under hands: wheel, mouse, fingers and keys; what fits on a phone; names, marks, comparisons.

One page for each device; a test starts it anew with an address of its own, which costs a tenth of another page.
"""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mpi.disclosure.publishable import STANDINGS
from mpi.maps.areas import Areas
from mpi.maps.interactive import Findings
from mpi.maps.page_layers import LayerChange, Period
from mpi.vocabulary.wording import figure
from tests.support import webmap
from tests.support.browser import axe_violations_of_map, browser, opened, settled
from tests.support.loops import at_least_one

__all__ = ["browser"]
DRIFT = 1.0  # pixels: what rounding of the view to hundredths of a grid step may move
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL_LAPTOP = {"viewport": {"width": 1366, "height": 768}}
HEADLINE = {"es": "El 9,9 % de las personas es pobre.", "en": "9.9% of persons are poor."}
# Of the first areas with a figure: what a test says of each beside its department, and beside the whole.
UPPER, TOTAL = "hl?", "lh?"


def areas() -> Areas:
    """Some municipalities of each department are enough to be touched."""
    return webmap.areas(few=True)


@cache
def with_figure(*, few: bool = True) -> tuple[str, ...]:
    """Codes of areas whose H is shown without a mark."""
    codes = webmap.areas(few=few).codes
    one = webmap.layer("H", "municipio", codes)
    shown = (one.standing[0] == STANDINGS.index("shown")) & ~np.isnan(one.estimate[0])
    return tuple(code for code, has in zip(codes, shown, strict=True) if has)


def letters(said: str, *, few: bool = True) -> str:
    told = dict(zip(with_figure(few=few), said, strict=False))
    return "".join(told.get(code, "?") for code in webmap.areas(few=few).codes)


def findings(*, few: bool = True) -> Findings:
    codes = webmap.areas(few=few).codes
    value, low, high = ([one] * len(codes) for one in (-0.015, -0.03, -0.001))
    now = webmap.layer("H", "municipio", codes)
    fewer = {name: 0.6 * getattr(now, name) for name in ("estimate", "ci_low", "ci_high")}
    earlier = Period(
        name="2024",
        layers=[replace(now, **fewer)],
        upper=[webmap.layer("H", "departamento", webmap.areas(few=few).upper_codes)],
        total=[webmap.layer("H", "", [""])],
    )
    return Findings(
        headline=HEADLINE,
        earlier=(earlier,),
        changes={"H": LayerChange(value=value, low=low, high=high, significant=[True] * len(codes))},
        verdicts={"layer": "H", "upper": letters(UPPER, few=few), "total": letters(TOTAL, few=few)},
        firm="1" * len(codes),
        upper_map="map.departamento.html",
        pages="areas/municipio",
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gestures") / "map.html"
    path.write_text(webmap.page(nasty=False, few=True, findings=findings()), "utf-8")
    return path


@pytest.fixture(scope="module")
def page(browser: Any, file: Path) -> Iterator[Any]:
    with opened(browser, file, **SMALL_LAPTOP) as (found, record):
        yield found
        assert record.nothing(), (record.requests, record.messages)


@pytest.fixture(scope="module")
def phone(browser: Any, file: Path) -> Iterator[Any]:
    with opened(browser, file, **PHONE) as (found, record):
        yield found
        assert record.nothing(), (record.requests, record.messages)


def restart(page: Any, address: str = "#lang=es") -> None:
    start = page.url.split("#")[0]
    page.goto("about:blank")
    page.goto(start + address)


def point_of(page: Any, code: str) -> tuple[float, float]:
    """The middle of an area on the screen."""
    place = areas().codes.index(code)
    box = page.locator(f'#areas path[data-i="{place}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


ON_GRID = """([x, y]) => {
  const map = document.getElementById("map");
  const at = new DOMPoint(x, y).matrixTransform(map.getScreenCTM().inverse());
  return [at.x, at.y, map.getScreenCTM().a];
}"""


def drift(page: Any, before: list[float], x: float, y: float) -> float:
    """How far the point that was at x, y is from there, in pixels."""
    after = page.evaluate(ON_GRID, [x, y])
    return float(np.hypot(after[0] - before[0], after[1] - before[1]) * after[2])


def somewhere(page: Any, side: float) -> tuple[float, float]:
    """The middle of an area that lies so far from the left of the map."""
    boxes = page.evaluate(
        "[...document.querySelectorAll('#areas path')].map((p) => p.getBoundingClientRect().toJSON())"
    )
    # Whole pixels, as a wheel tells where it turns.
    places = [(round(one["x"] + one["width"] / 2), round(one["y"] + one["height"] / 2)) for one in boxes]
    hit = [at for at in places if name_at(page, *at)]
    left, right = min(x for x, _ in hit), max(x for x, _ in hit)
    return min(hit, key=lambda at: abs(at[0] - left - side * (right - left)))


def name_at(page: Any, x: float, y: float) -> str:
    place = page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.getAttribute('data-i')", [x, y])
    return "" if place is None else areas().names[int(place)]


# Wheel and mouse.


@pytest.mark.parametrize("side", [0.2, 0.8])
def test_the_wheel_holds_the_point_under_the_cursor_and_the_tooltip_is_true(page: Any, side: float) -> None:
    restart(page)
    x, y = somewhere(page, side)
    page.mouse.move(x, y)
    before = page.evaluate(ON_GRID, [x, y])
    for notch in (-240, -240, -240, -240, 120):
        page.mouse.wheel(0, notch)
        settled(page)
        assert drift(page, before, x, y) < DRIFT
        assert page.inner_text("#tip strong") == name_at(page, x, y) != ""
    page.mouse.down()
    page.mouse.move(x + 80, y + 60, steps=4)
    page.mouse.up()
    assert drift(page, before, x + 80, y + 60) < DRIFT, "what is dragged stays under the mouse"
    # The map moves below a mouse that rests: by keys, by buttons, by another window.
    page.mouse.move(x, y)
    page.focus("#map")
    for key in ("ArrowRight", "ArrowRight", "-"):
        page.keyboard.press(key)
        assert (page.inner_text("#tip strong") if page.is_visible("#tip") else "") == name_at(page, x, y)
    page.set_viewport_size({"width": 1000, "height": 700})
    settled(page)
    assert (page.inner_text("#tip strong") if page.is_visible("#tip") else "") == name_at(page, x, y)
    page.set_viewport_size(SMALL_LAPTOP["viewport"])


def test_the_view_stays_within_the_map_and_comes_back(page: Any) -> None:
    restart(page)
    whole = page.get_attribute("#map", "viewBox")
    page.focus("#map")
    for key in ("+", "+", *["ArrowLeft"] * 40):
        page.keyboard.press(key)
    left, _, width, _ = map(float, page.get_attribute("#map", "viewBox").split())
    first, _, all_of_it, _ = map(float, whole.split())
    assert left == pytest.approx(first, abs=0.1) and width < all_of_it
    for key in "--":
        page.keyboard.press(key)
    assert page.get_attribute("#map", "viewBox") == whole


# What is seen first.


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_first_figure_and_the_map_are_seen_without_scrolling(request: pytest.FixtureRequest, device: str) -> None:
    found = request.getfixturevalue(device)
    restart(found)
    height = found.viewport_size["height"]
    headline, drawn = (found.locator(one).bounding_box() for one in ("#headline", "#map"))
    assert found.inner_text("#headline") == HEADLINE["es"]
    assert headline["y"] + headline["height"] < drawn["y"] < height / 2
    assert found.evaluate("document.documentElement.scrollWidth") == found.viewport_size["width"]
    # Another layer has its own figure of the whole.
    found.evaluate("location.hash = '#lang=en&layer=M0'")
    settled(found)
    total = webmap.layer("M0", "", [""])
    assert figure(total.estimate[0, 0], "index", "en") in found.inner_text("#headline")


def test_on_a_phone_a_tap_opens_the_figure_and_controls_are_folded(phone: Any) -> None:
    restart(phone)
    assert not phone.is_visible("#layer") and phone.is_visible("#controls-box summary")
    assert not phone.is_visible("#sheet") and phone.is_visible("#ramp")
    codes = areas().codes
    names = dict(zip(codes, areas().names, strict=True))
    hit = [code for code in with_figure() if name_at(phone, *point_of(phone, code)) == names[code]]
    code = max(hit, key=lambda one: phone.locator(f'#areas path[data-i="{codes.index(one)}"]').bounding_box()["height"])
    phone.touchscreen.tap(*point_of(phone, code))
    settled(phone)
    assert phone.is_visible("#sheet") and not phone.is_visible("#tip")
    sheet, drawn = phone.locator("#sheet").bounding_box(), phone.locator("#map").bounding_box()
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1) and drawn["y"] >= 0
    said = phone.inner_text("#sheet")
    one = webmap.layer("H", "municipio", areas().codes)
    at = areas().codes.index(code)
    ends = [figure(values[0, at], "percent", "es") for values in (one.ci_low, one.ci_high)]
    for wanted in (
        code,
        figure(one.estimate[0, at], "percent", "es"),
        *ends,
        "Calidad",
        "En 2024",
        "cambio significativo",
    ):
        assert wanted in said
    assert phone.get_attribute("#details .page a", "href") == f"areas/municipio/{code}.es.html"
    assert axe_violations_of_map(phone) == []
    phone.tap("#close")
    assert not phone.is_visible("#sheet")
    phone.tap("#controls-box summary")
    phone.fill("#search", with_figure()[5])
    phone.tap("#found li")
    assert phone.is_visible("#sheet") and with_figure()[5] in phone.inner_text("#sheet")


def test_three_languages_and_long_names_have_room_on_a_phone(phone: Any) -> None:
    restart(phone)
    phone.evaluate("""() => {
      const languages = document.querySelector(".languages");
      languages.append(Object.assign(languages.lastElementChild.cloneNode(), { textContent: "Portugu\u00eas" }));
      document.querySelector("#ends-lists li button").textContent = "Cundinamarca";
    }""")
    buttons = [one.bounding_box() for one in phone.locator(".settings button").all()]
    assert len(buttons) == 4 and max(one["x"] + one["width"] for one in buttons) <= 390 - 8
    lines = """one => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return range.getClientRects().length;
    }"""
    assert phone.locator("#ends-lists li button").first.evaluate(lines) == 1


def test_two_fingers_zoom_and_hold_what_is_between_them(phone: Any) -> None:
    restart(phone)
    phone.locator("#map").scroll_into_view_if_needed()
    x, y = somewhere(phone, 0.5)
    before = phone.evaluate(ON_GRID, [x, y])
    touch = phone.context.new_cdp_session(phone)

    def fingers(kind: str, *apart: float) -> None:
        points = [{"x": x + side * apart[0], "y": y, "id": side + 1} for side in (-1, 1)] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 30)
    for apart in (40, 55, 75, 90):
        fingers("touchMove", apart)
    fingers("touchEnd")
    settled(phone)
    assert phone.evaluate(ON_GRID, [x, y])[2] == pytest.approx(3 * before[2], rel=0.1)
    assert drift(phone, before, x, y) < 3 * DRIFT, "pointers arrive one after the other"
    assert not phone.is_visible("#sheet"), "a pinch is no tap"
    # One finger moves the map once it is larger than its box.
    before = phone.evaluate(ON_GRID, [x, y])
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (10, 20, 30):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + step, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(phone)
    assert drift(phone, before, x + 30, y) < DRIFT


def test_buttons_cover_nothing_of_the_map(page: Any, phone: Any) -> None:
    for found in (page, phone):
        restart(found)
        drawn, buttons = (found.locator(one).bounding_box() for one in ("#map", ".zoom"))
        assert buttons["x"] >= drawn["x"] + drawn["width"] or buttons["y"] + buttons["height"] <= drawn["y"]


# Names.

NAMES = """() => [...document.querySelectorAll("#names text")].map((text) => {
  const box = text.getBoundingClientRect();
  return { text: text.textContent, rank: Number(text.dataset.rank), box: [box.left, box.top, box.right, box.bottom] };
})"""


def test_names_of_departments_then_of_municipalities_and_none_on_another(page: Any) -> None:
    restart(page)
    upper = {name.replace(" ", "") for name in areas().upper_names}
    ranks = []
    for _ in range(5):
        named = page.evaluate(NAMES)
        for i, one in enumerate(at_least_one(named)):
            assert one["rank"] or one["text"].replace(" ", "") in upper
            for other in named[:i]:
                (a, b, c, d), (e, f, g, h) = one["box"], other["box"]
                assert a >= g - 1 or e >= c - 1 or b >= h - 1 or f >= d - 1, (one, other)
        ranks.append({one["rank"] for one in named})
        page.click("#zoom-in")
    assert 0 in ranks[0] and 2 in ranks[-1]
    assert page.get_attribute("#names", "paint-order") == "stroke"


def test_names_are_printed_and_go_into_the_picture(page: Any) -> None:
    restart(page)
    with page.expect_download() as found:
        page.click("#save-svg")
    picture = Path(found.value.path()).read_text("utf-8")
    assert any(f">{name}</tspan>" in picture for name in areas().upper_names)
    page.emulate_media(media="print")
    assert page.is_visible("#names text >> nth=0") and page.is_visible("#headline") and not page.is_visible("#ends")
    page.set_viewport_size({"width": 740, "height": 600})  # as wide as paper
    assert "2025" in page.inner_text("#layer-about") and page.is_visible("#layer-about")
    page.set_viewport_size(SMALL_LAPTOP["viewport"])
    page.emulate_media(media="null")


# Marks and comparisons.


def luminance(colour: str) -> float:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_weak_figures_lose_colour_and_the_order_of_classes_survives(page: Any) -> None:
    restart(page)
    one = webmap.layer("H", "municipio", areas().codes)
    weak = one.standing[0] == STANDINGS.index("review")
    classes = np.searchsorted(one.breaks[1:-1], np.nan_to_num(one.estimate[0]), side="left")
    fills = page.evaluate("[...document.querySelectorAll('#areas path')].map((path) => path.getAttribute('fill'))")
    firm_by_class = {int(c): fills[i] for i, c in enumerate(classes) if not weak[i] and one.standing[0, i] < 2}
    weak_by_class = {int(c): fills[i] for i, c in enumerate(classes) if weak[i]}
    shared = sorted(set(weak_by_class) & set(firm_by_class))
    assert len(shared) > 1
    for c in shared:
        assert weak_by_class[c] != firm_by_class[c]
    for kind in (weak_by_class, firm_by_class):
        shades = [luminance(kind[c]) for c in sorted(kind)]
        assert shades == sorted(shades, reverse=True) and len(set(shades)) == len(shades)
    assert page.locator("#classes .swatch path").count() == 5, "each class shows its weak form"


def test_a_map_of_weak_figures_says_so_and_offers_the_level_above(browser: Any, tmp_path: Path) -> None:
    codes = areas().codes
    one = webmap.layer("H", "municipio", codes, standings=False)
    weak = len(codes) * 3 // 4
    one.standing[:, :weak] = STANDINGS.index("review")
    from mpi.maps.interactive import map_page

    path = tmp_path / "map.html"
    beside = Findings(upper_map="map.departamento.html")
    path.write_text(
        map_page(areas(), [one], webmap.TEXTS, measure=webmap.measure(), period="2025", findings=beside), "utf-8"
    )
    with opened(browser, path, "#lang=en") as (found, record):
        assert found.inner_text("#weak").startswith(f"Not reliable: {weak} of the {len(codes)} figures")
        assert found.get_attribute("#weak a", "href") == "map.departamento.html"
        assert record.nothing(), record.messages


def test_an_area_is_higher_or_lower_only_as_the_test_says(page: Any) -> None:
    names = dict(zip(areas().upper_codes, areas().upper_names, strict=True))
    words = {"h": "Higher than {}", "l": "Lower than {}", "?": "Whether it is higher or lower than {} cannot be said"}
    for code, upper, total in zip(with_figure()[:3], UPPER, TOTAL, strict=True):
        restart(page, f"#lang=en&unit={code}")
        said = page.locator(".verdicts li").all_inner_texts()
        assert said == [words[upper].format(names[code[:2]]), words[total].format(webmap.TEXTS.total["en"])]
    restart(page, f"#lang=en&unit={webmap.NO_FIGURES}")
    assert not page.locator(".verdicts li").count()
    restart(page, f"#lang=en&unit={with_figure()[0]}&layer=M0")
    assert "has not been tested" in page.inner_text("#details .verdicts")


def test_the_ends_are_those_that_may_be_ranked(page: Any) -> None:
    restart(page, "#lang=en")
    one = webmap.layer("H", "municipio", areas().codes)
    ranked = np.isin(one.standing[0], [STANDINGS.index(name) for name in ("shown", "unjudged", "caution")])
    values = np.sort(one.estimate[0][ranked & ~np.isnan(one.estimate[0])])
    shown = [text.split("%")[0] for text in page.locator("#ends .highest .figure").all_inner_texts()]
    assert 1 <= len(shown) <= 5 and shown == [figure(value, "percent", "en") for value in values[::-1][: len(shown)]]
    shown = [text.split("%")[0] for text in page.locator("#ends .lowest .figure").all_inner_texts()]
    assert shown == [figure(value, "percent", "en") for value in values[: len(shown)]]
    rest = int(np.isnan(one.estimate[0]).sum())
    assert rest and f"Areas without a figure, which are not compared: {rest}." in page.inner_text("#ends-note")
    page.click("#ends .lowest button >> nth=0")
    assert page.inner_text("#details-title") == page.inner_text("#ends .lowest button >> nth=0")


# Periods, colours of the page.


def test_the_slider_of_periods_shows_the_earlier_round(page: Any) -> None:
    restart(page, f"#lang=en&unit={with_figure()[0]}")
    page.locator("#period").press("Home")
    settled(page)
    assert "period=2024" in page.evaluate("location.hash") and "2024" in page.inner_text("#layer-about")
    assert "2024" in page.inner_text("#headline") and not page.locator(".change").count()
    page.locator("#period").press("End")
    assert "2025" in page.inner_text("#layer-about") and page.locator(".change").count() == 1
    page.select_option("#layer", "M0")  # a layer without that round shows the published one
    page.locator("#period").press("Home")
    assert page.locator("#classes .count").first.inner_text()


def test_dark_colours_follow_the_system_and_the_switch_and_paper_is_light(page: Any) -> None:
    restart(page, f"#lang=en&unit={with_figure()[0]}")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    settled(page)
    assert page.evaluate(ground) != light
    assert axe_violations_of_map(page, only=["color-contrast"]) == []
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == light
    page.emulate_media(media="null", color_scheme="dark")
    page.click("#theme")
    assert page.evaluate(ground) == light and page.get_attribute("#theme", "aria-pressed") == "false"
    page.emulate_media(color_scheme="light")


# Two periods beside each other.


def boxes(page: Any, *selectors: str) -> list[dict[str, float]]:
    return [page.locator(one).bounding_box() for one in selectors]


def test_two_periods_stand_beside_each_other_with_the_same_classes_and_move_together(page: Any) -> None:
    restart(page, f"#lang=en&unit={with_figure()[0]}")
    assert not page.is_visible("#second")
    page.select_option("#beside", label="2024")
    settled(page)
    first, second = boxes(page, "#map", "#second")
    assert second["x"] + second["width"] <= first["x"], "time runs from left to right"
    assert first["y"] == second["y"] and first["width"] == pytest.approx(second["width"], abs=1)
    assert (page.inner_text("#which"), page.inner_text("#which-second")) == ("2025", "2024")
    fills = "(id) => [...document.querySelectorAll(`#${id} path`)].map((path) => path.getAttribute('fill'))"
    shown, beside = page.evaluate(fills, "areas"), page.evaluate(fills, "second-areas")
    assert shown != beside
    address = page.evaluate("location.hash")
    assert "beside=2024" in address
    # What the second map shows is what the first shows of that period.
    restart(page, "#lang=en&period=2024")
    assert page.evaluate(fills, "areas") == beside
    restart(page, address)
    view = "(id) => document.getElementById(id).getAttribute('viewBox')"
    before = page.evaluate(view, "map")
    page.mouse.move(second["x"] + second["width"] / 2, second["y"] + second["height"] / 2)
    page.mouse.wheel(0, -600)
    settled(page)
    assert page.evaluate(view, "map") == page.evaluate(view, "second") != before
    assert axe_violations_of_map(page) == []
    page.click("#zoom-all")
    page.select_option("#beside", "-1")
    settled(page)
    assert not page.is_visible("#second") and page.locator("#map").bounding_box()["width"] > 1.4 * first["width"]


def test_the_picture_of_two_periods_has_both_each_under_its_name(page: Any) -> None:
    restart(page, "#lang=en&beside=2024")
    with page.expect_download() as found:
        page.click("#save-svg")
    picture = ET.fromstring(Path(found.value.path()).read_text("utf-8"))  # noqa: S314  our own file
    maps = [one for one in picture.iter("{http://www.w3.org/2000/svg}svg") if one is not picture]
    assert len(maps) == 2 and float(maps[0].get("x", 0)) + float(maps[0].get("width", 0)) <= float(maps[1].get("x", 0))
    fills = [[path.get("fill") for path in one.iter("{http://www.w3.org/2000/svg}path")] for one in maps]
    live = "(id) => [...document.querySelectorAll(`#${id} path`)].map((path) => path.getAttribute('fill'))"
    for own, name in zip(fills, ("second-areas", "areas"), strict=True):  # time runs from left to right
        shown = page.evaluate(live, name)
        start = own.index(shown[0])
        assert own[start : start + len(shown)] == shown
    said = [one.text for one in picture if one.tag.endswith("text")]
    assert said.index("2024") < said.index("2025")
    assert any(text and "2024, 2025" in text for text in said)


def test_the_table_of_two_periods_that_is_taken_away_has_the_rows_of_both(page: Any) -> None:
    saved = {}
    for address in ("beside=2024", "period=2025", "period=2024"):
        restart(page, f"#lang=en&{address}")
        with page.expect_download() as found:
            page.click("#save-csv")
        saved[address] = list(csv.DictReader(io.StringIO(Path(found.value.path()).read_text("utf-8-sig"))))
    assert saved["beside=2024"] == saved["period=2025"] + saved["period=2024"]
    assert {row["period"] for row in saved["beside=2024"]} == {"2024", "2025"}


def test_the_highest_and_lowest_are_as_many_as_have_room_and_none_is_cut(page: Any) -> None:
    many = {}
    for height in (700, 768, 1100):
        page.set_viewport_size({"width": 1366, "height": height})
        restart(page, "#lang=es")
        assert "roomy" in page.get_attribute("#map-box", "class")
        settled(page)
        assert page.locator("#ends").evaluate("(ends) => ends.scrollHeight - ends.clientHeight") <= 1
        many[height] = page.locator("#ends .highest li").count()
        assert many[height] == page.locator("#ends .lowest li").count() >= 1
    assert many[700] < many[1100] == 5
    page.set_viewport_size(SMALL_LAPTOP["viewport"])


def test_an_area_that_is_chosen_on_one_map_is_chosen_on_both_with_its_change(page: Any) -> None:
    restart(page, "#lang=en&beside=2024")
    at = with_figure()[0]
    i = areas().codes.index(at)
    page.locator(f"#second-areas path[data-i='{i}']").dispatch_event("click")
    settled(page)
    outline = "(id) => [...document.querySelectorAll(`#${id} > path`)].at(-1).getAttribute('d')"
    assert page.evaluate(outline, "second") == page.evaluate(outline, "map") != ""
    assert "In 2024: " in page.inner_text("#details .change")


def test_two_maps_stand_below_each_other_on_a_telephone(browser: Any, file: Path) -> None:
    telephone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with opened(browser, file, "#lang=es&beside=2024", **telephone) as (found, record):
        settled(found)
        first, second = boxes(found, "#map", "#second")
        assert second["y"] + second["height"] <= first["y"] and first["y"] < 844
        assert found.evaluate("document.documentElement.scrollWidth") <= 390
        assert record.nothing(), record.messages
