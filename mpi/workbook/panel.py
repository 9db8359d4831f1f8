"""A sheet for each table of the panel that the study follows, with all its rows."""

from __future__ import annotations

from mpi.disclosure.figures import read
from mpi.publication.analyses import heading
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.movements import KEYS, Moved, moved
from mpi.vocabulary.wording import Language
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import CROSS, cases_cell, column_titles, figure_cells
from mpi.workbook.sheets import Cell, Row, Sheet, sheet_name, text
from mpi.workbook.words import say


def panel(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet for each table: a row a figure of all units, then of each group."""
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    return [_sheet(one, taken) for one in moved(edition)]


def _sheet(one: Moved, taken: set[str]) -> Sheet:
    publication, language = one.edition.publication, one.edition.language
    keys = [name for name in KEYS if any(name in row.keys for row in one.rows)]
    rows: list[Row] = []
    for row in one.rows:
        own = {row.like: row.value}
        told = [text(one.said(name, row.keys[name]) if name in row.keys else "") for name in keys]
        codes = CROSS.join(row.codes.values()) or say("total", language)
        group = [
            text(one.crossing(tuple(row.codes)) or say("total", language)),
            Cell("code", codes),
            text(one.group(row.codes) or say("total", language)),
        ]
        figure = text(one.word(row.figure))
        rows.append([text(row.span), *group, *told, figure, *figure_cells(own, row.like), cases_cell(own)])
    head = [heading("period", language), *(say(name, language) for name in ("domain", "code", "name"))]
    head += [*(heading(name, language) for name in keys), heading("figure", language)]
    return Sheet(
        name=sheet_name(one.title, taken),
        title=f"{one.title}, {one.units}, {one.spans[0]}",
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*head, *column_titles(publication, language), say("n", language)),
        rows=rows,
    )
