"""The shell of a page that leads to files: style, script, one part for each language, links to other folders."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import quote

from mpi.drawing.office import page_parts
from mpi.files.digests import content_hash
from mpi.language import translated
from mpi.language.names import own_name
from mpi.publication.explaining import glossary_style
from mpi.specs.template import Template
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language, legible

INDEX = "index.html"
BESIDE = translated("Beside this")


class Link(NamedTuple):
    """A page outside of the folder: its path from there, what it is, and for whom."""

    href: str
    title: Titles
    text: Titles


def index_page(
    title: str, languages: Sequence[Language], part: Callable[[Language], str], template: Template | None = None
) -> str:
    """The page; a browser shows the part in the reader's language, without scripts the first.

    Parameters
    ----------
    title : str
    languages : sequence of str
    part : callable
        Gives what stands in the article of a language, as HTML.
    template : Template, optional
        Of the office.
    """
    page = files("mpi.runs") / "page"
    style, script = ((page / f"index.{ending}").read_text("utf-8").strip() for ending in ("css", "js"))
    office = page_parts(template, languages[:1])
    style += f"\n{glossary_style()}{office.style}"
    images = "'self' file:" + (" data:" if office.images else "")
    allowed = f"default-src 'none'; style-src '{content_hash(style)}'; script-src '{content_hash(script)}'; img-src {images}{office.fonts}; base-uri 'none'; form-action 'none'"  # noqa: E501
    articles = "".join(f'<article id="{one}" lang="{one}">\n{part(one)}</article>\n' for one in languages)
    return legible(
        f'<!DOCTYPE html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{articles}"
        f"</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def heading(
    *,
    publisher: str = "",
    title: str,
    lead: str,
    lines: Sequence[str],
    languages: Sequence[Language],
    language: Language,
    head: str = "",
    foreword: str = "",
) -> str:
    """What a part begins with: who publishes, the title, other languages, the finding, the source.

    Parameters
    ----------
    publisher, title, lead : str
    lines : sequence of str
        Of the source.
    languages : sequence of str
        Of the page.
    language : str
        Of the part.
    head, foreword : str
        HTML of an office's template.
    """
    others = " ".join(
        f'<a href="#{one}" lang="{one}" hreflang="{one}">{html.escape(own_name(one))}</a>'
        for one in languages
        if one != language
    )
    source = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    return (
        f'<header>\n{head}<p class="publisher">{html.escape(publisher)}</p>\n<h1>{html.escape(title)}</h1>\n'
        + (f'<p class="languages">{others}</p>\n' if others else "")
        + f'</header>\n<p class="lead">{html.escape(lead)}</p>\n{foreword}<div class="source">\n{source}</div>\n'
    )


def file_entry(name: str, title: str, text: str) -> str:
    """A file of the folder in the list."""
    shown = html.escape(name)
    return (
        f'<li><a href="{shown}">{html.escape(title)}</a> <span>{html.escape(text)}</span> <code>{shown}</code></li>\n'
    )


def links(beside: Sequence[Link], language: Language) -> str:
    """What lies beside the folder; nothing where there is nothing."""
    if not beside:
        return ""
    entries = "".join(
        f'<li><a href="{quote(one.href)}">{html.escape(one.title[language])}</a> '
        f"<span>{html.escape(one.text[language])}</span></li>\n"
        for one in beside
    )
    return f'<h2>{html.escape(BESIDE[language])}</h2>\n<ul class="files">\n{entries}</ul>\n'
