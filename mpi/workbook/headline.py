"""Sheets of the headline figures: the total, each domain or crossing, and all cutoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.disclosure.figures import Codes, read
from mpi.language import strung
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import HEADLINE
from mpi.vocabulary.wording import UNITS, Language, form_of, level_text, statistic_title
from mpi.workbook.keys import Keys
from mpi.workbook.reading import (
    BRIEF,
    CROSS,
    FULL,
    ByStatistic,
    cases_cell,
    column_titles,
    crossings,
    domain_cells,
    figure_cells,
    grouped,
    official,
    units,
)
from mpi.workbook.sheets import Cell, Row, Sheet, sheet_name, text
from mpi.workbook.words import SHEETS, TITLES, marks_note, say

# Columns of each statistic: H in full; all of the others stand in the tidy table.
OF_DOMAIN = {name: FULL if name == "H" else BRIEF for name in HEADLINE}
BY_CUTOFF = dict.fromkeys(("H", "A", "M0"), BRIEF)


def headline_columns(
    publication: Publication, columns: Mapping[str, Sequence[str]], language: Language
) -> tuple[str, ...]:
    """The cases, then the columns of each statistic."""
    found = [say("n", language)]
    for statistic, of in columns.items():
        found += column_titles(publication, language, of, statistic)
    return tuple(found)


def interval_notes(publication: Publication, language: Language, cutoff: bool = True) -> tuple[str, ...]:
    """The lines between the title and the table of a sheet of figures."""
    level = level_text(publication.study.level, language)
    first = [say("at_cutoff", language, k=official(publication))] if cutoff else []
    marks = marks_note(publication.mark_meanings(language), language)
    return " ".join([*first, say("intervals", language, level=level)]), marks, say("empty", language)


def national(publication: Publication, language: Language) -> Sheet:
    """The total, all rounds, units and statistics."""
    rows: list[Row] = [
        [
            text(UNITS[unit][language]),
            text(one.period),
            text(statistic_title(statistic, unit, language)),
            text(expressed(statistic, language)),
            *figure_cells(group, statistic),
            cases_cell(group),
        ]
        for unit in units(publication)
        for one in reversed(publication.rounds)
        for group in _at(publication, HEADLINE, (), unit, one.period).values()
        for statistic in HEADLINE
    ]
    keys = (say(name, language) for name in ("unit", "period", "statistic", "expressed"))
    return Sheet(
        name=SHEETS["national"][language],
        title=TITLES["national"][language],
        notes=interval_notes(publication, language),
        columns=(*keys, *column_titles(publication, language), say("n", language)),
        rows=rows,
    )


def expressed(statistic: str, language: Language) -> str:
    """What the numbers of a statistic are expressed in, where a column holds several."""
    return say({"percent": "in_percent", "index": "in_index", "number": "numbers"}[form_of(statistic)], language)


def of_domains(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet for each domain or crossing, named after the domains' titles."""
    return [_of(publication, names, language, taken) for names in crossings(publication)]


def _of(publication: Publication, names: tuple[str, ...], language: Language, taken: set[str]) -> Sheet:
    keys = Keys(publication, names, language)
    rows: list[Row] = []
    for unit in units(publication):
        for one in reversed(publication.rounds):
            found = {
                **_at(publication, HEADLINE, (), unit, one.period),
                **_at(publication, HEADLINE, names, unit, one.period),
            }
            rows += [
                [text(UNITS[unit][language]), text(one.period), *keys.cells(codes), *_figures(group, OF_DOMAIN)]
                for codes, group in found.items()
            ]
    columns = (say("unit", language), say("period", language), *keys.titles)
    return Sheet(
        name=sheet_name(CROSS.join(publication.domain_title(name, language).split(" (")[0] for name in names), taken),
        title=f"{TITLES['domain'][language]} {keys.title}",
        notes=(*interval_notes(publication, language), say("more", language, sheet=SHEETS["data"][language])),
        columns=(*columns, *headline_columns(publication, OF_DOMAIN, language)),
        rows=rows,
    )


def cutoffs(publication: Publication, language: Language) -> Sheet:
    """All cutoffs of the last round, for the total and every domain."""
    columns = ("unit", "domain", "code", "name", "k")
    rows: list[Row] = []
    for names in [(), *crossings(publication)]:
        for unit in units(publication):
            found = {
                cutoff.text: _at(publication, tuple(BY_CUTOFF), names, unit, publication.period, cutoff.text)
                for cutoff in publication.study.cutoffs
            }
            for codes in found[official(publication)]:
                shown = domain_cells(publication, names, codes, language)
                rows += [
                    [text(UNITS[unit][language]), *shown, Cell("code", k), *_figures(own[codes], BY_CUTOFF)]
                    for k, own in found.items()
                ]
    return Sheet(
        name=SHEETS["cutoffs"][language],
        title=strung([TITLES["cutoffs"][language], publication.period], ": ", language),
        notes=interval_notes(publication, language, cutoff=False),
        columns=(*(say(name, language) for name in columns), *headline_columns(publication, BY_CUTOFF, language)),
        rows=rows,
    )


def _at(  # noqa: PLR0917  what a row is about
    publication: Publication, statistics: Sequence[str], names: Sequence[str], unit: str, period: str, k: str = ""
) -> Mapping[Codes, ByStatistic]:
    """The groups of a unit and a period, at the official cutoff if none is named."""
    return grouped(read(publication.figures), statistics, names, unit=unit, period=period, k=k or official(publication))


def _figures(group: ByStatistic, columns: Mapping[str, Sequence[str]]) -> list[Cell | None]:
    return [cases_cell(group), *(cell for name, of in columns.items() for cell in figure_cells(group, name, of))]
