"""A sheet for each analysis of the study, with all its rows."""

from __future__ import annotations

from mpi.analysis.titles import ANALYSIS_TITLES
from mpi.disclosure.figures import read
from mpi.publication.analyses import Shown, heading, like, named, shown
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.vocabulary.wording import UNITS, Language
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import cases_cell, column_titles, domain_cells, figure_cells
from mpi.workbook.sheets import Row, Sheet, sheet_name, text
from mpi.workbook.words import say


def analyses(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet for each analysis: a row a figure of all units, then of each group."""
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    return [_sheet(one, taken) for one in shown(edition)]


def _sheet(one: Shown, taken: set[str]) -> Sheet:
    edition, publication, language = one.edition, one.edition.publication, one.edition.language
    keys = one.columns
    rows: list[Row] = []
    for entry in one.entries:
        names = tuple(entry.codes)
        domain = domain_cells(publication, names, tuple(entry.codes.values()), language)
        told = [text(one.said(name, entry.keys[name]) if name in entry.keys else "") for name in keys]
        written = like(entry.name)
        figure = text(named(entry.name, language))
        own = {written: entry.figure}
        rows.append([*domain, *told, figure, *figure_cells(own, written), cases_cell(own)])
    head = [say(name, language) for name in ("domain", "code", "name")]
    head += [*(heading(name, language) for name in keys), heading("figure", language)]
    title = ANALYSIS_TITLES[one.name][language]
    return Sheet(
        name=sheet_name(title, taken),
        title=f"{title}, {UNITS[edition.unit][language]}, {edition.period}",
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*head, *column_titles(publication, language), say("n", language)),
        rows=rows,
    )
