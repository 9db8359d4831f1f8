"""What an office's template puts into pages: a style after the page's own, its logo, its texts. All text is escaped.

Comes in: a template, or none. Goes out: pieces of HTML and CSS; without a template every piece is empty.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from mpi.drawing.palette import PAPER
from mpi.language import Language, phrase, translated
from mpi.specs.template import GENERIC, Asset, Fonts, Template
from mpi.vocabulary.colours import blended, contrast
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import title_in

# How a page becomes dark: as the system asks, or by a button.
Dark: TypeAlias = Literal["asked", "button"]
DARK: dict[Dark, str] = {
    "asked": "@media screen and (prefers-color-scheme: dark) {{ :root {{ {rules} }} .logo {{ {logo} }} }}\n",
    "button": '@media screen {{ [data-theme="dark"]:root {{ {rules} }} [data-theme="dark"] .logo {{ {logo} }} }}\n',
}
NIGHT, READ_AT_NIGHT = "#1f2226", 7.0  # the lightest dark paper of all pages, and the contrast of the accent on it
FOREWORD = translated("Foreword")
PATCH = "padding: .2rem .4rem; background: #fff; border-radius: 3px;"  # a logo is made for white paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """What goes into a page.

    Attributes
    ----------
    style : str
        Behind the page's own style.
    head : str
        The logo, for the beginning of the header.
    foreword : str
        A section.
    foot : str
        Name, address and texts of the office, for the end of the footer.
    images, fonts : str
        For the content security policy.
    """

    style: str = ""
    head: str = ""
    foreword: str = ""
    foot: str = ""
    images: str = ""
    fonts: str = ""


NO_PARTS = PageParts()


def page_parts(
    template: Template | None, languages: Sequence[Language], *, dark: Dark = "asked", inlined: bool = True
) -> PageParts:
    """The pieces of a page.

    Parameters
    ----------
    template : Template or None
    languages : sequence of str
        Of the page; texts stand in all of them, of which the one is shown that the page is in.
    dark : {"asked", "button"}
    inlined : bool
        Whether the page carries the files of fonts.
    """
    if template is None:
        return NO_PARTS
    fonts = bool(inlined and template.fonts.regular)
    return PageParts(
        style="\n" + "".join(_style(template, languages, dark, inlined=inlined)),
        head=_logo(template, languages[0]),
        foreword="".join(_foreword(template, language) for language in languages),
        foot="".join(_foot(template, language) for language in languages),
        images="; img-src data:" if template.logo is not None else "",
        fonts="; font-src data:" if fonts else "",
    )


@cache
def _layout() -> str:
    return files("mpi.drawing").joinpath("office.css").read_text(encoding="utf-8")


def at_night(accent: str) -> str:
    """The accent so much lighter that it can be read on dark paper."""
    return next(one for one in blended((accent, PAPER), 21) if contrast(one, NIGHT) >= READ_AT_NIGHT)


def _style(template: Template, languages: Sequence[Language], dark: Dark, *, inlined: bool) -> Iterator[str]:
    yield _layout()
    if len(languages) > 1:
        for language in languages:
            yield f':root:not([lang="{language}"]) .office[lang="{language}"] {{ display: none; }}\n'
    accent, night = template.colours.accent, ""
    if accent:
        lighter = at_night(accent)
        night = f"--accent: {lighter}; --link: {lighter}; --bar: {lighter};"
        yield f":root {{ --accent: {accent}; --link: {accent}; --bar: {accent}; }}\na {{ color: var(--link); }}\n"
    yield DARK[dark].format(rules=night, logo=PATCH)
    yield from _fonts(template.fonts, inlined=inlined)


def _fonts(fonts: Fonts, *, inlined: bool) -> Iterator[str]:
    own = ("mpi-office",) if inlined and fonts.regular else ()
    for weight, file in ((400, fonts.regular), (700, fonts.bold)):
        if own and file is not None:
            address = _data_of(file)
            yield f"@font-face {{ font-family: {own[0]}; font-weight: {weight}; src: url({address}); }}\n"
    text, headings = (*own, *fonts.text), (*own, *fonts.headings)
    # `:where` keeps the rules as weak as a class, and the later of two holds.
    if text:
        chosen = "body, body :not(code, pre, svg, svg *)"
        yield f":root :where({chosen}) {{ font-family: {families(text)}, sans-serif; }}\n"
    if headings:
        titles = "h1, h2, h3, h4, h5, .lead, .headline"
        chosen = f"{titles}, :is({titles}) *"
        yield f":root :where({chosen}) {{ font-family: {families(headings)}, sans-serif; }}\n"


def families(names: Sequence[str]) -> str:
    """Names of font families as a style sheet has them.

    Examples
    --------
    >>> families(["Open Sans", "serif"])
    "'Open Sans', serif"
    """
    return ", ".join(name if name in GENERIC else f"'{name}'" for name in names)


def _data_of(asset: Asset) -> str:
    return f"data:{asset.media};base64,{base64.b64encode(asset.content).decode()}"


def _logo(template: Template, language: Language) -> str:
    if template.logo is None:
        return ""
    alt = html.escape(title_in(template.logo.alt, language, ""))
    return f'<img class="logo" src="{_data_of(template.logo.page)}" alt="{alt}">\n'


def _paragraphs(text: str) -> str:
    """A text as paragraphs, which empty lines divide."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return "".join(f"<p>{html.escape(' '.join(part.split()))}</p>\n" for part in parts)


def _foreword(template: Template, language: Language) -> str:
    text = title_in(template.foreword, language, "")
    if not text:
        return ""
    name = f"foreword-{language}"
    return (
        f'<section class="foreword" lang="{language}" aria-labelledby="{name}">\n'
        f'<h2 id="{name}">{html.escape(FOREWORD[language])}</h2>\n{_paragraphs(text)}</section>\n'
    )


def office_lines(template: Template, language: Language) -> list[str]:
    """Name, address and web of the office, contact, licence and note: a line each, those that there are."""
    named = [title_in(titles, language, "") for titles in (template.office, template.address)]
    first = ". ".join(one.strip().rstrip(".") for one in (*named, template.web) if one)
    return [one for one in (first, *_told(template, language)) if one]


def _told(template: Template, language: Language) -> Iterator[str]:
    for titles, text in (
        (template.contact, phrase("Contact: {text}", text=_line(template.contact, language))),
        (template.licence, phrase("Licence: {text}", text=_line(template.licence, language))),
    ):
        if title_in(titles, language, ""):
            yield text.to(language)
    yield _line(template.note, language)


def _line(titles: Titles, language: Language) -> str:
    return " ".join(title_in(titles, language, "").split())


def _foot(template: Template, language: Language) -> str:
    named = [html.escape(title_in(titles, language, "")) for titles in (template.office, template.address)]
    if template.web:
        shown = html.escape(template.web)
        named.append(f'<a href="{shown}">{shown}</a>')
    first = " · ".join(one for one in named if one)
    lines = ([f"<p>{first}</p>\n"] if first else []) + [_paragraphs(text) for text in _told(template, language)]
    content = "".join(lines)
    return f'<div class="office" lang="{language}">\n{content}</div>\n' if content else ""
