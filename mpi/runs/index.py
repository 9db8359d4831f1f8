"""Start here: one page that says how many are poor, and what each file of a publication is for.

Comes in: what was gathered, and the folder with its files. Goes out: `index.html`, in all languages of the study; a
browser shows the reader's own, and without scripts the first, with links to the others.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mpi.claims import say
from mpi.drawing.office import page_parts
from mpi.errors.omissions import attempted
from mpi.files import write_whole
from mpi.language import phrase, translated
from mpi.language.phrases import Translated
from mpi.publication.explaining import TITLE, glossary_html
from mpi.publication.gathering import Gathered
from mpi.publication.sourcing import source_lines
from mpi.runs.index_page import INDEX, Link, file_entry, heading, index_page, links
from mpi.runs.manifest import walked
from mpi.vocabulary.wording import Language

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
    Kind(r"report\.LANG\.docx", translated("Report to edit"), translated("The same as a text file for an office.")),
    Kind(
        r"report\.LANG\.pdf",
        translated("Report as PDF"),
        translated("The same to print and to send: bookmarks, and tags for screen readers."),
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
        r"sdmx\.csv(?:\.gz)?",
        translated("Figures as SDMX-CSV"),
        translated("For the exchange of statistics; `sdmx.structure.json` explains every code."),
    ),
    Kind(
        r"sdg\.csv",
        translated("SDG indicator 1.2.2"),
        translated("The series of the Sustainable Development Goals, in the columns of the global database."),
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


def write_index(gathered: Gathered, folder: Path, beside: Sequence[Link] = ()) -> None:
    """Write the page into a folder of outputs; not into one that holds files for programs alone."""
    names = [name for name, _ in walked(folder)]
    if not any(FOR_PEOPLE.match(name) for name in names):
        return
    text = attempted(
        "index", lambda: index_html(gathered, folder, [*names, "manifest.json"], beside), gathered.left_out
    )
    if text is not None:
        write_whole(folder / INDEX, lambda part: _put(part, text))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def index_html(gathered: Gathered, folder: Path, names: Sequence[str], beside: Sequence[Link] = ()) -> str:
    """The page.

    Parameters
    ----------
    gathered : Gathered
    folder : Path
    names : sequence of str
        Of files below the folder, with `/`; no other file is linked.
    beside : sequence of Link
        What lies beside the folder.
    """
    publication = gathered.publication
    languages = publication.study.languages
    title = f"{publication.title(languages[0])}, {publication.period}"
    part = partial(_part, gathered, folder, names, beside)
    return index_page(title, languages, part, publication.study.template)


def _part(gathered: Gathered, folder: Path, names: Sequence[str], beside: Sequence[Link], language: Language) -> str:
    """The page in one language."""
    publication, edition = gathered.publication, gathered.edition(language)
    office = page_parts(publication.study.template, [language])
    return (
        heading(
            publisher=edition.titled(publication.study.publisher),
            title=f"{publication.title(language)}, {publication.period}",
            lead=say(edition.lead(), language),
            lines=source_lines(publication, language),
            languages=publication.study.languages,
            language=language,
            head=office.head,
            foreword=office.foreword,
        )
        + '<ul class="files">\n'
        + "".join(_entries(gathered, names, language))
        + "</ul>\n"
        + links(beside, language)
        + _gallery(folder, names, language)
        + f'<h2 id="glossary-{language}">{html.escape(TITLE[language])}</h2>\n'
        + f"{glossary_html(language, opening=False)}\n{office.foot}"
    )


def _entries(gathered: Gathered, names: Sequence[str], language: Language) -> Iterator[str]:
    for kind in KINDS:
        pattern = re.compile(kind.pattern.replace("LANG", language))
        for name in names:
            if found := pattern.fullmatch(name):
                domains: Mapping[str, str] = found.groupdict()
                told = {key: gathered.publication.domain_title(one, language) for key, one in domains.items()}
                yield file_entry(name, kind.title[language].format(**told), kind.text[language])


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
