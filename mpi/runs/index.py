"""Start here: one page that says how many are poor, and what each file of a publication is for.

Comes in: what was gathered, and the folder with its files. Goes out: `index.html`, in all languages of the study; a
browser shows the reader's own, and without scripts the first, with links to the others.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from mpi.claims import say
from mpi.drawing.office import page_parts
from mpi.errors.omissions import attempted
from mpi.files import write_whole
from mpi.files.digests import content_hash
from mpi.language import phrase, translated
from mpi.language.names import own_name
from mpi.language.phrases import Translated
from mpi.publication.explaining import TITLE, glossary_html, glossary_style
from mpi.publication.gathering import Gathered
from mpi.publication.sourcing import source_lines
from mpi.runs.manifest import walked
from mpi.vocabulary.wording import Language, legible

INDEX = "index.html"
TOLD = phrase("start here: what is in this folder")
HEAD = 4096  # of a picture, which says its title in its first lines


class Kind(NamedTuple):
    """Files for one use: a pattern of their names, where `LANG` is a language, what they are, and for whom."""

    pattern: str
    title: Translated
    text: Translated


KINDS: Sequence[Kind] = (
    Kind(
        r"report\.LANG\.html",
        translated("Report"),
        translated("The publication to read and to print: key figures, maps, changes, quality, definition."),
    ),
    Kind(
        r"board\.LANG\.html", translated("Board"), translated("Key figures and targets on one page, over all rounds.")
    ),
    Kind(
        r"map\.(?P<domain>\w+)\.html",
        translated("Interactive map: {domain}"),
        translated("Every area with its figure; opens in a browser without a network, on a telephone, too."),
    ),
    Kind(
        r"areas/(?P<domain>\w+)\.LANG\.html",
        translated("A page for each area: {domain}"),
        translated("For mayors and planners: the figures of their own area beside those of the whole."),
    ),
    Kind(
        r"sheets/(?P<domain>\w+)\.LANG\.pdf",
        translated("Sheets to print: {domain}"),
        translated("A page for each area, in one file."),
    ),
    Kind(
        r"workbook\.LANG\.xlsx",
        translated("Workbook"),
        translated("All tables for a spreadsheet, with intervals and notes."),
    ),
    Kind(r"map_data/(?P<domain>\w+)\.gpkg", translated("Map data: {domain}"), translated("Opens coloured in QGIS.")),
    Kind(
        r"results/total\.csv",
        translated("Figures for a spreadsheet"),
        translated("Those of the whole; beside it a file for each domain, one row a figure."),
    ),
    Kind(
        r"results/results\.parquet",
        translated("All figures for programs"),
        translated("One row a figure; the data package beside it explains every column."),
    ),
    Kind(
        r"manifest\.json",
        translated("How it was made"),
        translated("Inputs, rules and versions, with the checksum of every file; `mpi verify` checks them."),
    ),
)
PICTURES = r"(?:charts|maps)/[^/]+\.LANG\.svg"
GALLERY = translated("Pictures")
GALLERY_TEXT = translated("Each says its source and can be used alone: PNG for pages and for print, SVG and PDF.")
FOR_PEOPLE = re.compile(r"(?:report|board|map|workbook)\.|(?:areas|sheets|charts|maps)/")


def write_index(gathered: Gathered, folder: Path) -> None:
    """Write the page into a folder of outputs; not into one that holds files for programs alone."""
    names = [name for name, _ in walked(folder)]
    if not any(FOR_PEOPLE.match(name) for name in names):
        return
    text = attempted("index", lambda: index_html(gathered, folder, [*names, "manifest.json"]), gathered.left_out)
    if text is not None:
        write_whole(folder / INDEX, lambda part: _put(part, text))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def index_html(gathered: Gathered, folder: Path, names: Sequence[str]) -> str:
    """The page.

    Parameters
    ----------
    gathered : Gathered
    folder : Path
    names : sequence of str
        Of files below the folder, with `/`; no other file is linked.
    """
    languages = gathered.publication.study.languages
    page = files("mpi.runs") / "page"
    style, script = ((page / f"index.{ending}").read_text("utf-8").strip() for ending in ("css", "js"))
    office = page_parts(gathered.publication.study.template, languages[:1])
    style += f"\n{glossary_style()}{office.style}"
    images = "'self' file:" + (" data:" if office.images else "")
    allowed = f"default-src 'none'; style-src '{content_hash(style)}'; script-src '{content_hash(script)}'; img-src {images}{office.fonts}; base-uri 'none'; form-action 'none'"  # noqa: E501
    title = f"{gathered.publication.title(languages[0])}, {gathered.publication.period}"
    return legible(
        f'<!DOCTYPE html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        + "".join(_part(gathered, folder, names, language) for language in languages)
        + f"</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _part(gathered: Gathered, folder: Path, names: Sequence[str], language: Language) -> str:
    """The page in one language."""
    publication, edition = gathered.publication, gathered.edition(language)
    others = "".join(
        f'<a href="#{one}" lang="{one}" hreflang="{one}">{html.escape(own_name(one))}</a> '
        for one in publication.study.languages
        if one != language
    )
    source = "".join(f"<p>{html.escape(line)}</p>\n" for line in source_lines(publication, language))
    office = page_parts(publication.study.template, [language])
    return (
        f'<article id="{language}" lang="{language}">\n<header>\n{office.head}'
        f'<p class="publisher">{html.escape(edition.titled(publication.study.publisher))}</p>\n'
        f"<h1>{html.escape(publication.title(language))}, {publication.period}</h1>\n"
        + (f'<p class="languages">{others.strip()}</p>\n' if others else "")
        + f'</header>\n<p class="lead">{html.escape(say(edition.lead(), language))}</p>\n{office.foreword}'
        f'<div class="source">\n{source}</div>\n<ul class="files">\n'
        + "".join(_entries(gathered, names, language))
        + "</ul>\n"
        + _gallery(folder, names, language)
        + f'<h2 id="glossary-{language}">{html.escape(TITLE[language])}</h2>\n'
        + f"{glossary_html(language, opening=False)}\n"
        + f"{office.foot}</article>\n"
    )


def _entries(gathered: Gathered, names: Sequence[str], language: Language) -> Iterator[str]:
    for kind in KINDS:
        pattern = re.compile(kind.pattern.replace("LANG", language))
        for name in names:
            if found := pattern.fullmatch(name):
                domains: Mapping[str, str] = found.groupdict()
                told = {key: gathered.publication.domain_title(one, language) for key, one in domains.items()}
                title = html.escape(kind.title[language].format(**told))
                text = html.escape(kind.text[language])
                yield f'<li><a href="{html.escape(name)}">{title}</a> <span>{text}</span> <code>{name}</code></li>\n'


def _gallery(folder: Path, names: Sequence[str], language: Language) -> str:
    """A small picture of each chart and map, under what it shows."""
    pattern = re.compile(PICTURES.replace("LANG", language))
    # Maps lead, and of these incidence.
    shown = sorted(
        filter(pattern.fullmatch, names), key=lambda name: (name.startswith("charts"), ".H." not in name, name)
    )
    entries = "".join(
        f'<li><a href="{html.escape(name)}">'
        f'<img src="{html.escape(name.removesuffix("svg"))}png" alt="" loading="lazy">'
        f"<span>{_title(folder / name)}</span></a></li>\n"
        for name in shown
    )
    if not entries:
        return ""
    return (
        f"<h2>{html.escape(GALLERY[language])}</h2>\n<p>{html.escape(GALLERY_TEXT[language])}</p>\n"
        f'<ul class="pictures">\n{entries}</ul>\n'
    )


def _title(path: Path) -> str:
    """What a picture says that it shows, as markup; its name if it says nothing."""
    with path.open(encoding="utf-8") as file:
        found = re.search(r"<title[^>]*>([^<]+)</title>", file.read(HEAD))
    return found[1] if found else html.escape(path.name)
