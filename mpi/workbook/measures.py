"""The reference sheet of a study of several measures, and all of their main figures in one sheet."""

from __future__ import annotations

from mpi.disclosure.figures import read
from mpi.publication.edition import Edition
from mpi.publication.measures import measures_of
from mpi.publication.model import Publication
from mpi.publication.reference import COLUMNS, references
from mpi.vocabulary.wording import UNITS, Language, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import column_titles, domain_cells, figure_cells
from mpi.workbook.sheets import Row, Sheet, sheet_name, text
from mpi.workbook.words import TITLES, say

MAIN = ("H", "A", "M0", "poor")


def measures(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """The sheet of reference, then the figures; none of a study of one measure."""
    if not publication.study.measures:
        return []
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    return [_reference(edition, taken), _figures(edition, taken)]


def _reference(edition: Edition, taken: set[str]) -> Sheet:
    title = TITLES["measures_reference"][edition.language]
    return Sheet(
        name=sheet_name(title, taken),
        title=title,
        notes=(),
        columns=tuple(one[edition.language] for one in COLUMNS.values()),
        rows=[[text(one.texts[name]) for name in COLUMNS] for one in references(edition)],
    )


def _figures(edition: Edition, taken: set[str]) -> Sheet:
    publication, language = edition.publication, edition.language
    rows: list[Row] = []
    for measure in measures_of(publication.study):
        own = edition.figures if measure is publication.measure else read(publication.others[measure.name])
        for period in (one.period for one in publication.rounds):
            for unit in publication.study.units:
                for names in ((), *publication.study.sets):
                    for statistic in MAIN:
                        asked = {"period": period, "unit": unit, "k": measure.cutoffs[0].text}
                        for codes, figure in own.groups(statistic, names, **asked).items():
                            rows.append([
                                text(measure.name), text(period), text(UNITS[unit][language]),
                                *domain_cells(publication, names, codes, language),
                                text(statistic_title(statistic, unit, language)),
                                *figure_cells({statistic: figure}, statistic),
                            ])  # fmt: skip
    title = TITLES["measures"][language]
    heads = [COLUMNS["measure"][language], *(say(name, language) for name in ("period", "unit"))]
    heads += [say(name, language) for name in ("domain", "code", "name", "statistic")]
    return Sheet(
        name=sheet_name(title, taken),
        title=title,
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*heads, *column_titles(publication, language)),
        rows=rows,
    )
