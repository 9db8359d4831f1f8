"""Pages of areas: their figures are those of the publication, what is hidden is nowhere, and a reader can use them."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from mpi.areas import AreaPages, Links, file_name, list_html, page_html, pages_of
from mpi.areas.content import AreaPage
from mpi.claims import rankable
from mpi.disclosure.figures import read
from mpi.language import LANGUAGES, Language
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import Publication
from tests.support.browser import axe_violations, browser, opened
from tests.support.loops import at_least_one
from tests.support.publications import HIDDEN_DEPARTMENTS, HOSTILE, colombia, hostile

__all__ = ["browser"]
LINKS = Links(map="map.departamento.html", report="report.es.html", workbook="workbook.es.xlsx", languages=("es", "en"))


def pages(domain: str, language: Language = "es", publication: Publication | None = None) -> AreaPages:
    found = publication or colombia()
    edition = Edition(
        publication=found, language=language, figures=read(found.figures), changes=changes_of(found)
    )  # fmt: skip
    (drawn,) = (one for one in found.maps if one.spec.domain == domain)
    return pages_of(edition, drawn)


@pytest.fixture(scope="module")
def departments() -> Mapping[str, AreaPage]:
    return {page.code: page for page in pages("departamento")}


def number(text: str) -> float:
    return float(re.sub(r"[()*\u2020]", "", text).replace(",", "."))


def test_every_figure_is_that_of_the_publication(departments: Mapping[str, AreaPage]) -> None:
    publication = colombia()
    figures, asked = read(publication.figures), {"period": publication.period, "unit": "persons", "k": "1/3"}
    assert len(departments) == 33
    for code, page in departments.items():
        incidence = figures.one("H", {"departamento": code}, **asked)
        if incidence.value is None:
            continue
        assert number(page.incidence[0].text) == pytest.approx(100 * incidence.value, abs=0.0501)
        bars = [bar for _, own in page.indicators for bar in own]
        names = [one.name for one in sorted(publication.measure.indicators, key=lambda one: order(one.dimension))]
        assert len(bars) == len(names) == 15
        for name, bar in zip(names, bars, strict=True):
            own = figures.one("uncensored_headcount", {"departamento": code}, indicator=name, **asked)
            total = figures.one("uncensored_headcount", indicator=name, **asked)
            assert (bar.share, bar.low, bar.high, bar.standing) == (own.value, own.low, own.high, own.standing)
            assert number(bar.total[0]) == pytest.approx(100 * (total.value or 0), abs=0.0501)
        assert sum(bar.share or 0 for bar in page.contributions) == pytest.approx(1)


def order(dimension: str) -> int:
    return [one.name for one in colombia().measure.dimensions].index(dimension)


def test_what_is_hidden_stands_nowhere(departments: Mapping[str, AreaPage]) -> None:
    for code in at_least_one(HIDDEN_DEPARTMENTS):
        page = departments[code]
        assert not any(sign.isdigit() for sign in page.lead.replace("M0", ""))
        assert page.compared == page.lifted == page.contributions == ()
        bars = [page.incidence[0], *(bar for _, own in page.indicators for bar in own)]
        assert {(bar.text, bar.interval, bar.share) for bar in bars} == {("x", "", None)}
    text = list_html(pages("departamento"), list(departments.values()), LINKS)
    for code in HIDDEN_DEPARTMENTS:
        assert re.search(rf">{code}</td><td class=.own hidden.>x</td>", text)


def test_an_area_is_compared_only_where_the_sample_can_tell(departments: Mapping[str, AreaPage]) -> None:
    publication = colombia()
    incidence = read(publication.figures).groups(
        "H", ("departamento",), period=publication.period, unit="persons", k="1/3"
    )
    said = {"higher": "más alta", "lower": "más baja", "unsure": "Sin diferencia significativa", None: "No se puede"}
    met = set()
    for code, page in at_least_one(departments.items()):
        if incidence[(code,)].value is None:
            continue
        one = publication.comparisons["departamento"].get(code, {}).get("total")
        verdict = one.verdict(0.95) if one is not None else None
        met.add(verdict)
        (text,) = page.compared
        assert said[verdict] in text
        assert (one is None) == (not rankable(incidence[(code,)], census=False))
    assert {"higher", "lower", "unsure"} <= met


def test_a_municipality_stands_beside_its_department() -> None:
    own = pages("municipio", "en")
    page = next(page for page in own if page.upper == "Antioquia" and page.incidence[0].share is not None)
    assert [bar.title for bar in page.incidence[1:]] == ["Antioquia", "Total"]
    assert len(page.compared) == 2
    above = {one.code: one for one in pages("departamento", "en")}["05"]
    assert page.incidence[1].text == above.incidence[0].text


class Reader(HTMLParser):
    """Tags, addresses and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_no_script_and_links_only_what_lies_beside_it(language: Language) -> None:
    own = pages("departamento", language)
    listed = list(own)
    for text in [list_html(own, listed, LINKS), *(page_html(own, page, LINKS) for page in at_least_one(listed[:3]))]:
        read_ = Reader(text)
        assert "script" not in read_.tags
        assert not [link for link in read_.links if ":" in link]
        assert any(link.endswith("report.es.html") for link in read_.links)


def test_hostile_names_are_texts() -> None:
    own = pages("departamento", "es", hostile())
    listed = list(own)
    for page in at_least_one(listed[:4]):
        text = page_html(own, page, LINKS)
        assert HOSTILE[0] not in text
        assert "<img" not in text
        Reader(text)
    assert HOSTILE[0] not in list_html(own, listed, LINKS)


def test_names_of_files_are_safe_and_short() -> None:
    codes = ("05001", "a/b", "..", "ñ" * 300, "ñ" * 299, 'x"<>|?*:\\', "a b")
    names = [file_name(code, "es") for code in codes]
    assert len(set(names)) == len(codes)
    for name in names:
        assert len(name) < 150
        assert not set(name) & set('/\\"<>|?*:')


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_the_headline_is_on_the_first_screen_and_nothing_is_cut(
    browser: Any, tmp_path: Path, width: int, height: int
) -> None:
    own = pages("municipio")
    page = next(page for page in own if page.lead and page.incidence[0].share is not None)
    path = tmp_path / "05001.es.html"
    path.write_text(page_html(own, page, LINKS), encoding="utf-8")
    with opened(browser, path, viewport={"width": width, "height": height}) as (shown, record):
        box = shown.locator(".lead").bounding_box()
        assert box["y"] + box["height"] < height
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        room = shown.locator(".facts").bounding_box()["width"]
        assert all(one.bounding_box()["width"] > room / 2 for one in shown.locator(".facts dd").all())
        assert axe_violations(shown) == []
        assert record.nothing()
