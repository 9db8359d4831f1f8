"""A publication as one workbook: which sheets, in which order, and the file.

Comes in: a publication. Goes out: an .xlsx file that is the same byte by byte in every run. Sheets are drawn in
`mpi.workbook.drawing`; what is on them is made beside this module.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.claims import say as claimed
from mpi.claims.dates import date_text
from mpi.columns import arrow
from mpi.columns.values import Text, not_none
from mpi.disclosure.figures import read
from mpi.drawing.office import office_lines
from mpi.errors import Fault, UsageError, installing
from mpi.errors.omissions import Omission, attempted
from mpi.estimates.notes import note_in
from mpi.files import write_whole
from mpi.language import phrase, strung
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import Publication
from mpi.specs.study import Study
from mpi.specs.template import Template
from mpi.vocabulary.statistics import HEADLINE
from mpi.vocabulary.wording import Language, legible, number, title_in
from mpi.workbook.analyses import analyses
from mpi.workbook.countries import countries
from mpi.workbook.describing import dictionary, disclosure_title, metadata, quality, signs
from mpi.workbook.drawing import Formats, draw, draw_data
from mpi.workbook.grid import grid_class
from mpi.workbook.headline import cutoffs, national, of_domains
from mpi.workbook.measures import measures
from mpi.workbook.panel import panel
from mpi.workbook.parts import by_indicator, changes, contributions, indicators
from mpi.workbook.plans import plans
from mpi.workbook.published import published
from mpi.workbook.reading import official
from mpi.workbook.sheets import Cell, Row, Sheet, table_name
from mpi.workbook.targets import targets
from mpi.workbook.words import NOTES, SHEETS, TITLES, say

# A row of the tidy table costs 50 microseconds, and 10,000 of them 1 MB: beyond this the sheet would be most of the
# file. Then it has the headline figures alone, up to what Excel takes; the files of results serve programs better.
MOST_ROWS = 20_000
MOST_LINES = 1_048_575
LOGO_HEIGHT = 40  # pixels
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(
    publication: Publication,
    path: Path,
    language: Language,
    *,
    versions: Mapping[str, str] | None = None,
    overwrite: bool = False,
    left_out: list[Omission] | None = None,
) -> None:
    """Write the workbook of a publication in one language.

    A sheet that cannot be made is left out; the contents list it with the reason.

    Parameters
    ----------
    publication : Publication
    path : Path
        Of the .xlsx file; its folder must exist.
    language : one of `mpi.language.LANGUAGES`
    versions : mapping of str to str, optional
        Versions of the programs, for the sheet about the publication.
    overwrite : bool
        Whether an existing file may be replaced.
    left_out : list of Omission, optional
        What could not be made is added to it.

    Raises
    ------
    UsageError
        If XlsxWriter is not installed, or the file exists.
    DataError
        If the disk refuses.
    """
    try:
        import xlsxwriter  # noqa: F401  looked for before anything is computed
    except ImportError:
        remedy = phrase("{installing}; or leave the workbook out of the outputs", installing=installing("publish"))
        raise UsageError(Fault("MPI-O012", None, phrase("the workbook needs XlsxWriter"), remedy)) from None
    missing: list[Omission] = []
    sheets = sheets_of(publication, language, versions or {}, missing)
    write_whole(path, lambda temporary: _write(publication, temporary, language, sheets, missing), overwrite=overwrite)
    if left_out is not None:
        left_out += missing


def sheets_of(
    publication: Publication, language: Language, versions: Mapping[str, str], left_out: list[Omission]
) -> Iterator[Sheet]:
    """All sheets but the contents and the tidy table, in their order; those that cannot be made go to `left_out`."""
    taken = {names[language].casefold() for names in SHEETS.values()}
    makers: dict[str, Callable[[Publication, Language], Sheet | list[Sheet]]] = {
        "signs": signs,
        "national": national,
        "domain": partial(of_domains, taken=taken),
        "by_indicator": partial(by_indicator, taken=taken),
        "indicators": indicators,
        "contributions": contributions,
        "analyses": partial(analyses, taken=taken),
        "changes": changes,
        "panel": partial(panel, taken=taken),
        "targets": partial(targets, taken=taken),
        "plans": partial(plans, taken=taken),
        "published": partial(published, taken=taken),
        "measures": partial(measures, taken=taken),
        "countries": partial(countries, taken=taken),
        "cutoffs": cutoffs,
        "quality": quality,
        "dictionary": dictionary,
        "metadata": partial(metadata, versions=versions),
    }
    for name, make in makers.items():
        found = attempted(f"workbook#{name}", partial(make, publication, language), left_out)
        yield from [] if found is None else found if isinstance(found, list) else [found]


def _title(part: str, language: Language) -> str:
    return TITLES[part.partition("#")[2]][language]


def _write(
    publication: Publication, path: Path, language: Language, sheets: Iterator[Sheet], left_out: Sequence[Omission]
) -> None:
    """Write the file; each sheet is made when it is drawn, and what was left out is known when all are."""
    import xlsxwriter

    index, data = SHEETS["index"][language], SHEETS["data"][language]
    names: set[str] = set()  # of tables
    # Through a stream: the name of the temporary file has another ending.
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"in_memory": True, **OPTIONS}) as book:
        book.set_properties(_properties(publication, language))
        template = publication.study.template
        accent = "" if template is None else template.colours.accent
        formats, listed = Formats(book, accent), list[Row]()
        first = book.add_worksheet(index, grid_class())
        own, back = table_name(index, names), (index, say("back", language))
        for sheet in sheets:
            page = book.add_worksheet(sheet.name, grid_class())
            draw(page, sheet, formats, table=table_name(sheet.name, names), back=back)
            listed.append(_entry(sheet.name, sheet.title, len(sheet.rows)))
        figures, note = _data(publication, language)
        title = TITLES["data"][language]
        draw_data(book.add_worksheet(data, grid_class()), figures, formats, table=table_name(data, names), title=title)
        listed.append(_entry(data, title, len(figures)))
        omitted = (
            say("left_out", language, title=_title(one.part, language), why=one.why[language]) for one in left_out
        )
        contents = _contents(publication, listed, language, (note, *omitted))
        header = draw(first, contents, formats, table=own, back=("", ""))
        for line, row in enumerate(listed, start=header + 1):
            name = not_none(row[0])  # every line of the contents names a sheet
            first.write_url(line, 0, f"internal:'{name.value}'!A1", formats.link, str(name.value))
        _logo(first, template, language, len(contents.columns))
        first.activate()


def _logo(page: Any, template: Template | None, language: Language, column: int) -> None:  # XlsxWriter's
    """The logo of the office beside the contents, with what it is."""
    logo = None if template is None else template.logo
    if logo is None or logo.picture is None:
        return
    scale = LOGO_HEIGHT / logo.picture.height
    told = {"description": legible(title_in(logo.alt, language, "")), "x_scale": scale, "y_scale": scale}
    page.insert_image(0, column, "logo.png", {"image_data": io.BytesIO(logo.picture.content), **told})


def _properties(publication: Publication, language: Language) -> dict[str, object]:
    """What a file manager shows of the file."""
    study = publication.study
    properties = {
        "title": publication.title(language),
        "author": title_in(study.publisher, language, study.name),
        "company": title_in(study.publisher, language, ""),
        "comments": study.licence,
    }
    released = datetime.datetime.combine(study.released, datetime.time(), datetime.UTC).replace(tzinfo=None)
    return {**{name: legible(words) for name, words in properties.items()}, "created": released}


def _entry(name: str, title: str, rows: int) -> Row:
    """A line of the contents."""
    return [Cell("link", name), Cell("wrapped", title), Cell("count", rows)]


def _data(publication: Publication, language: Language) -> tuple[pa.Table, str]:
    """The rows of the tidy sheet: all, or of many what most are asked for; and what is to be said of them."""
    table = publication.figures.table
    if len(table) <= MOST_ROWS:
        return _noted(table, publication, language), ""
    found = read(publication.figures)
    rows = [
        own
        for subject, own in found.subjects.items()
        if subject.statistic in HEADLINE and subject.k == official(publication)
    ]
    places = np.sort(np.concatenate(rows))[:MOST_LINES]
    sizes = {"rows": number(len(places), language), "all": number(len(table), language)}
    told = say("some_data", language, sheet=SHEETS["data"][language], k=official(publication), **sizes)
    chosen = table.take(arrow.numbers(places))
    empty = [name for name in chosen.column_names if chosen[name].null_count == len(chosen)]
    return _noted(chosen, publication, language).drop_columns(empty), told


def _noted(table: pa.Table, publication: Publication, language: Language) -> pa.Table:
    """The rows with their notes in the language of the workbook; they are English in files of results."""
    notes, place = arrow.text_column(table, "note"), table.column_names.index("note")
    said = [note_in(note, publication.study.reliability, language) for note in notes.labels]
    return table.set_column(place, "note", arrow.array_of(Text(notes.codes, tuple(said), notes.known)))


def _contents(publication: Publication, listed: list[Row], language: Language, further: Sequence[str]) -> Sheet:
    """The first sheet: what the figures say in a sentence, where they come from, and what is where."""
    edition = Edition(
        publication=publication, language=language, figures=read(publication.figures), changes=changes_of(publication)
    )
    lead = strung([publication.period, claimed(edition.lead(), language)], ": ", language)
    return Sheet(
        name=SHEETS["index"][language],
        title=publication.title(language),
        notes=(lead, _source(publication, language), *_told(publication.study, language), *further),
        columns=tuple(say(name, language) for name in ("sheet", "content", "rows")),
        rows=listed,
    )


def _told(study: Study, language: Language) -> list[str]:
    """The note of a study, and who its office is."""
    office = [] if study.template is None else office_lines(study.template, language)
    return [title_in(study.note, language, ""), *office]


def _source(publication: Publication, language: Language) -> str:
    study = publication.study
    surveys = dict.fromkeys(title_in(one.survey.title, language, one.survey.name) for one in publication.rounds)
    source = NOTES["from_source"][language].format(
        publisher=title_in(study.publisher, language, study.name),
        surveys=strung(surveys, "; ", language),
        status=say(study.status, language),
        released=date_text(study.released).to(language),
    )
    return f"{source} {NOTES['applied'][language].format(name=disclosure_title(publication, language))}"
