"""The countries of a study in the workbook: what each is measured by, all main figures, differences."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.disclosure.figures import read
from mpi.publication.countries import MAIN, Country, countries_in, differences_in, figures_of
from mpi.publication.country_words import VERDICTS, name_of, title_of, verdict
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.reference import COUNTRY_COLUMNS, country_references
from mpi.specs.study import COUNTRY_DOMAIN
from mpi.vocabulary.wording import UNITS, Language, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import CROSS, column_titles, domain_cells, figure_cells
from mpi.workbook.sheets import Cell, Row, Sheet, sheet_name, text
from mpi.workbook.words import TITLES, say


def countries(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """The reference sheet, the figures, and the differences; none of a study of one country."""
    if publication.countries is None:
        return []
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    made = [_reference(edition, taken), _figures(edition, taken)]
    differences = _differences(edition, taken)
    return [*made, differences] if differences.rows else made


def _reference(edition: Edition, taken: set[str]) -> Sheet:
    title = TITLES["countries_reference"][edition.language]
    return Sheet(
        name=sheet_name(title, taken),
        title=title,
        notes=(),
        columns=tuple(one[edition.language] for one in COUNTRY_COLUMNS.values()),
        rows=[[text(one[name]) for name in COUNTRY_COLUMNS] for one in country_references(edition)],
    )


def _figures(edition: Edition, taken: set[str]) -> Sheet:
    publication, language = edition.publication, edition.language
    rows: list[Row] = []
    for one in countries_in(publication):
        own = figures_of(publication.countries, one.measure) if publication.countries is not None else edition.figures
        for period in [period for period in own.met["period"] if period in {s.period for s in one.spec.surveys}]:
            for names in ((), *one.spec.by):
                for statistic in MAIN:
                    groups = own.groups(statistic, (COUNTRY_DOMAIN, *names), **{**one.asked, "period": period})
                    for codes, figure in groups.items():
                        if codes[0] == one.spec.code:
                            rows.append([
                                text(name_of(edition, one)), text(title_of(edition, one.measure)), text(period),
                                text(UNITS[one.unit][language]),
                                *group_cells(edition, one, names, codes[1:]),
                                text(statistic_title(statistic, one.unit, language)),
                                *figure_cells({statistic: figure}, statistic),
                            ])  # fmt: skip
    title = TITLES["countries"][language]
    heads = [COUNTRY_COLUMNS[name][language] for name in ("country", "measure")]
    heads += [say(name, language) for name in ("period", "unit", "domain", "code", "name", "statistic")]
    return Sheet(
        name=sheet_name(title, taken),
        title=title,
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*heads, *column_titles(publication, language)),
        rows=rows,
    )


def group_cells(edition: Edition, one: Country, names: Sequence[str], codes: Sequence[str]) -> list[Cell]:
    """Domain, code and name of a group; what the study calls codes is of its own country."""
    if one.spec.own or not names:
        return domain_cells(edition.publication, names, codes, edition.language)
    domains = one.spec.surveys[-1].domains
    titles = CROSS.join(edition.titled(domains[name].title, name) for name in names)
    return [text(titles), Cell("code", CROSS.join(codes)), text(CROSS.join(codes))]


def _differences(edition: Edition, taken: set[str]) -> Sheet:
    publication, language = edition.publication, edition.language
    rows: list[Row] = []
    for one in differences_in(publication):
        p = one.figure.p_adjusted
        rows.append([
            text(name_of(edition, one.one)), text(name_of(edition, one.other)),
            text(title_of(edition, one.one.measure)), text(statistic_title(one.statistic, one.one.unit, language)),
            *figure_cells({one.statistic: one.figure}, one.statistic),
            None if p is None else Cell("index", p), text(VERDICTS[verdict(one, edition.level)][language]),
        ])  # fmt: skip
    title = TITLES["countries_differences"][language]
    heads = [COUNTRY_COLUMNS["country"][language], say("other_country", language)]
    heads += [COUNTRY_COLUMNS["measure"][language], say("statistic", language)]
    return Sheet(
        name=sheet_name(title, taken),
        title=title,
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*heads, *column_titles(publication, language), "p", say("first_is", language)),
        rows=rows,
    )
