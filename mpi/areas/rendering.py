"""Pages of areas as HTML: no script, no network, one A4 sheet or two in print.

Comes in: the content of a page, and what lies beside it. Goes out: a text, the same for the same content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from mpi.areas.content import AreaPage, AreaPages, Bar
from mpi.claims import say
from mpi.claims.numbers import interval_name
from mpi.drawing.office import page_parts
from mpi.files.digests import content_hash
from mpi.language import phrase, strung, translated
from mpi.language.names import own_name
from mpi.language.phrases import Translated
from mpi.publication.edition import Edition
from mpi.publication.explaining import TITLE, Explainer, Markup, glossary_style
from mpi.publication.pages import page_style, page_template
from mpi.publication.sourcing import source_of
from mpi.vocabulary.wording import MARKS, Language, legible

LONGEST_NAME = 120  # characters of a file's name: some systems take 255 bytes, with the folders 260

WORDS: Mapping[str, Translated] = {
    "skip": translated("Skip to the content"),
    "provisional": translated("Provisional"),
    "incidence": translated("How many are poor"),
    "place": translated("Place"),
    "indicators": translated("What people lack"),
    "indicator": translated("Indicator"),
    "contributions": translated("What poverty consists of"),
    "contributions_hint": translated("Share of each dimension in the adjusted headcount ratio (M0), %."),
    "dimension": translated("Dimension"),
    "lifted": translated("Which deprivations keep most of the poor in poverty"),
    "lifted_hint": translated(
        "Share of the poor who would not be poor without this one deprivation, if all others stayed as they are. It "
        "says nothing about the effect or the cost of a programme; the shares do not add up."
    ),
    "quality": translated("How sure the figures are"),
    "more": translated("Where to find more"),
    "code": translated("Code"),
    "glossary": TITLE,
    "list_hint": translated("Share of the poor (H), %. A name opens the page of its area."),
}  # fmt: skip
INCIDENCE_HINT: Mapping[str, Translated] = {
    "persons": translated("Share of persons in multidimensional poverty (H), %."),
    "households": translated("Share of households in multidimensional poverty (H), %."),
}
INDICATORS_HINT: Mapping[str, Translated] = {
    "persons": translated("Share of all persons with the deprivation, poor or not, %."),
    "households": translated("Share of all households with the deprivation, poor or not, %."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Files beside the pages, relative to the folder of the publication; empty if there are none.

    Attributes
    ----------
    map, report, workbook, sheets : str
    languages : sequence of str
        In which there are pages.
    """

    map: str = ""
    report: str = ""
    workbook: str = ""
    sheets: str = ""
    languages: Sequence[Language] = ()


def list_html(pages: AreaPages, listed: Sequence[AreaPage], links: Links) -> str:
    """The list of the areas of a map, which lies at `areas/DOMAIN.LANGUAGE.html`."""
    edition = pages.edition
    groups: dict[str, list[tuple[str, ...]]] = {}
    for page in listed:
        own = page.incidence[0]
        target = f"{quote(pages.domain)}/{quote(file_name(page.code, edition.language))}"
        row = (page.code, page.name, own.text, own.interval.strip(), own.standing, target)
        groups.setdefault(page.upper, []).append(row)
    standings = {page.incidence[0].standing for page in listed}
    return _filled(
        "list.html",
        edition,
        heading=edition.domain(pages.domain),
        window=_window(edition, edition.domain(pages.domain)),
        lead=say(edition.lead(), edition.language),
        groups=sorted(groups.items()),
        marks=_marks(edition, standings),
        links=list(_links(pages, links, "", "../")),
    )


def _window(edition: Edition, name: str) -> str:
    """The title of the window of a page."""
    return strung([name, edition.publication.title(edition.language)], ": ", edition.language)


def page_html(pages: AreaPages, page: AreaPage, links: Links) -> str:
    """The page of an area, which lies at `areas/DOMAIN/CODE.LANGUAGE.html`."""
    bars = [bar for _, own in page.indicators for bar in own]
    return _filled(
        "area.html",
        pages.edition,
        page=page,
        window=_window(pages.edition, page.name),
        country=pages.country,
        most_incidence=_most(page.incidence),
        most_indicators=_most(bars),
        bar=bar_html,
        own=own_html,
        links=list(_links(pages, links, page.code, "../../")),
    )


def bar_html(one: Bar, most: float, *, ticks: bool = False) -> Markup:
    """A figure as a bar with its interval, and the ticks of the wholes beside it, on a scale that ends at `most`.

    Made here and not by the template: a page has thirty of them.
    """
    parts = ['<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">']
    if one.share is not None:
        look = "w" if one.standing == "review" else "v"
        parts.append(f'<path class="{look}" d="M0 5H{100 * one.share / most:.1f}"/>')
    if one.low is not None and one.high is not None:
        parts.append(f'<path class="i" d="M{100 * one.low / most:.1f} 5H{100 * one.high / most:.1f}"/>')
    for name, (_, at) in (("u", one.upper), ("t", one.total)) if ticks else ():
        if at is not None:
            parts.append(f'<path class="{name}" d="M{100 * at / most:.1f} 0V10"/>')
    return Markup("".join([*parts, "</svg>"]))


def own_html(one: Bar) -> Markup:
    """The cell of a figure, with its interval."""
    interval = f'<span class="interval">{escape(one.interval.strip())}</span>' if one.interval else ""
    return Markup(f'<td class="own {one.standing}">{escape(one.text)}{interval}</td>')


def file_name(code: str, language: Language) -> str:
    """The file of the page of an area; a code may hold signs that no file name can.

    Examples
    --------
    >>> file_name("05001", "es"), file_name("a/b", "es")
    ('05001.es.html', 'a%2Fb.es.html')
    """
    name = quote(code, safe=" ")
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{hashlib.sha256(code.encode()).hexdigest()[:12]}"
    return f"{name}.{language}.html"


def _most(bars: Sequence[Bar]) -> float:
    """The proportion at the end of a scale: the next full tenth."""
    ends = [
        end
        for bar in bars
        for end in (bar.share, bar.high, bar.upper[1], bar.total[1])
        if end is not None
    ]  # fmt: skip
    return max(1, -(-max(ends, default=1.0) * 10 // 1)) / 10


def _marks(edition: Edition, standings: set[str]) -> list[tuple[str, str]]:
    return [(MARKS[name], edition.meanings[name]) for name in MARKS if MARKS[name] and name in standings]


def _links(pages: AreaPages, links: Links, code: str, back: str) -> Iterator[tuple[str, str]]:
    """What lies beside a page, with its address."""
    edition, domain = pages.edition, pages.domain
    own = edition.language
    if code:
        text = phrase("All areas: {domain}", domain=edition.domain(domain))
        yield edition.say(text), f"../{quote(f'{domain}.{own}.html')}"
    if links.map:
        unit = f"&unit={quote(code)}" if code else ""
        yield (
            edition.say(phrase("The map, with every measure and cutoff")),
            f"{back}{quote(links.map)}#lang={own}{unit}",
        )
    if links.report:
        yield edition.say(phrase("The report, with the rules of the measure")), f"{back}{quote(links.report)}"
    if links.workbook:
        yield edition.say(phrase("The tables")), f"{back}{quote(links.workbook)}"
    if links.sheets:
        yield edition.say(phrase("A sheet for print of each area")), f"{back}{quote(links.sheets)}"
    for language in links.languages:
        if language != own:
            target = file_name(code, language) if code else f"{domain}.{language}.html"
            yield own_name(language), quote(target)


def _filled(template: str, edition: Edition, **values: Any) -> str:
    study, publication = edition.publication.study, edition.publication
    words = {name: text[edition.language] for name, text in WORDS.items()}
    words["incidence_hint"] = INCIDENCE_HINT[edition.unit][edition.language]
    if not edition.census:
        level = edition.say(phrase("In brackets: {interval}.", interval=interval_name(edition.level)))
        words["incidence_hint"] += f" {level}"
    words["indicators_hint"] = INDICATORS_HINT[edition.unit][edition.language]
    office = page_parts(study.template, [edition.language], inlined=False)
    style = f"{page_style('mpi.areas', 'area.css')}\n{glossary_style()}{office.style}"
    made: str = page_template("mpi.areas", template).render(
        language=edition.language,
        words=words,
        title=publication.title(edition.language),
        publisher=edition.titled(study.publisher),
        period=edition.period,
        provisional=study.status == "provisional",
        note=edition.titled(study.note),
        source=source_of(edition),
        explain=Explainer(edition.language),
        style=style,
        style_hash=content_hash(style),
        office=office,
        **values,
    )
    return legible(made)
