"""A sheet for each published series: every figure of it beside the estimate of the same period and group."""

from __future__ import annotations

from mpi.disclosure.figures import read
from mpi.language import strung
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.official import name_of, provenance
from mpi.publication.series import Series, held
from mpi.vocabulary.wording import UNITS, Language, form_of, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import BRIEF, column_titles, domain_cells, figure_cells, scaled
from mpi.workbook.sheets import Row, Sheet, sheet_name, text
from mpi.workbook.words import TITLES, say


def published(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet a series; none where the study names none."""
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    return [_sheet(edition, one, taken) for one in publication.official]


def _sheet(edition: Edition, series: Series, taken: set[str]) -> Sheet:
    publication, language = edition.publication, edition.language
    rows: list[Row] = []
    indicators = {one.name: edition.indicator(one) for one in publication.measure.indicators}
    sets = dict.fromkeys(tuple(name for name, _ in key.domains) for key in series.entries)
    for names in sorted(sets, key=len):
        for statistic, indicator in series.statistics(names):
            kind = form_of(statistic)
            for row in held(series, edition.figures, statistic, names, k=edition.k, indicator=indicator):
                own = {statistic: row.own}
                there = row.published
                rows.append([
                    *domain_cells(publication, names, tuple(code for _, code in row.codes), language),
                    text(row.period),
                    text(statistic_title(statistic, series.unit(statistic), language)),
                    text(indicators.get(indicator or "", indicator or "")),
                    text(UNITS[series.unit(statistic)][language]),
                    *figure_cells(own, statistic, BRIEF),
                    scaled(there.value, kind),
                    scaled(there.low, kind),
                    scaled(there.high, kind),
                    scaled(row.difference, kind),
                ])  # fmt: skip
    title = TITLES["published"][language]
    heads = ("domain", "code", "name", "period", "statistic", "indicator", "unit")
    return Sheet(
        name=sheet_name(title, taken),
        title=strung([title, name_of(edition, series)], ": ", language),
        notes=(*provenance(edition, series), *interval_notes(publication, language, cutoff=False)),
        columns=(
            *(say(name, language) for name in heads),
            *column_titles(publication, language, BRIEF),
            *(say(name, language) for name in ("published", "published_low", "published_high", "difference")),
        ),
        rows=rows,
    )
