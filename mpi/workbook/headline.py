"""Sheets of the headline figures: the total, each domain or crossing, and all cutoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.disclosure.figures import Codes, read
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import HEADLINE
from mpi.vocabulary.wording import UNITS, Language, form_of, level_text, statistic_title
from mpi.workbook.reading import (
    CROSS,
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
from mpi.workbook.sheets import Cell, Group, Row, Sheet, sheet_name, text
from mpi.workbook.words import SHEETS, TITLES, marks_note, say

BY_CUTOFF = ("H", "A", "M0")


def headline_groups(publication: Publication, statistics: Sequence[str], language: Language) -> tuple[Group, ...]:
    """The cases, then a group of columns for each statistic."""
    groups = [Group(say("cases", language), (say("n", language),))]
    for statistic in statistics:
        title = statistic_title(statistic, publication.study.units[0], language)
        if statistic == "poor" and len(publication.study.units) > 1:
            title = say("both_poor", language)
        groups.append(Group(title, column_titles(form_of(statistic), publication, language)))
    return tuple(groups)


def interval_notes(publication: Publication, language: Language, cutoff: bool = True) -> tuple[str, str]:
    """The two lines under the title of a sheet of figures."""
    level = level_text(publication.study.level, language)
    first = [say("at_cutoff", language, k=official(publication))] if cutoff else []
    return " ".join([*first, say("intervals", language, level=level)]), marks_note(
        publication.mark_meanings(language), language
    )


def national(publication: Publication, language: Language) -> Sheet:
    """The total, all rounds and units."""
    rows: list[Row] = [
        [text(UNITS[unit][language]), text(one.period), *_figures(group, HEADLINE)]
        for unit in units(publication)
        for one in publication.rounds
        for group in _at(publication, HEADLINE, (), unit, one.period).values()
    ]
    columns = Group("", (say("unit", language), say("period", language)))
    return Sheet(
        name=SHEETS["national"][language],
        title=TITLES["national"][language],
        notes=interval_notes(publication, language),
        groups=(columns, *headline_groups(publication, HEADLINE, language)),
        rows=rows,
        keys=2,
    )


def of_domains(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet for each domain or crossing, named after the domains' titles."""
    return [_of(publication, names, language, taken) for names in crossings(publication)]


def _of(publication: Publication, names: tuple[str, ...], language: Language, taken: set[str]) -> Sheet:
    found = [
        (unit, one.period, codes, group)
        for unit in units(publication)
        for one in reversed(publication.rounds)
        for codes, group in _at(publication, HEADLINE, names, unit, one.period).items()
    ]
    named = [
        name
        for place, name in enumerate(names)
        if _has_names(publication, name, [codes[place] for _, _, codes, _ in found], language)
    ]
    above = {name: upper for name in names if (upper := _upper(publication, name, language))}
    titles = [publication.domain_title(name, language) for name in names]
    columns = [say("unit", language), say("period", language)]
    for name, title in zip(names, titles, strict=True):
        columns += [above[name][0]] if name in above else []
        columns += [f"{say('code', language)}: {title}"] if name in named else [title]
        columns += [title] if name in named else []
    rows: list[Row] = []
    for unit, period, codes, group in found:
        cells: list[Cell | None] = [text(UNITS[unit][language]), text(period)]
        for name, code in zip(names, codes, strict=True):
            cells += [text(above[name][1].get(code, ""))] if name in above else []
            cells.append(Cell("code", code))
            cells += [text(publication.name_of(name, code, language))] if name in named else []
        rows.append([*cells, *_figures(group, HEADLINE)])
    joined = CROSS.join(titles)
    return Sheet(
        name=sheet_name(CROSS.join(title.split(" (")[0] for title in titles), taken),
        title=f"{TITLES['domain'][language]} {joined}",
        notes=interval_notes(publication, language),
        groups=(Group("", tuple(columns)), *headline_groups(publication, HEADLINE, language)),
        rows=rows,
        keys=len(columns),
    )


def cutoffs(publication: Publication, language: Language) -> Sheet:
    """All cutoffs of the last round, for the total and every domain."""
    columns = ("unit", "domain", "code", "name", "k")
    rows: list[Row] = []
    for names in [(), *crossings(publication)]:
        for unit in units(publication):
            found = {
                cutoff.text: _at(publication, BY_CUTOFF, names, unit, publication.period, cutoff.text)
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
        title=f"{TITLES['cutoffs'][language]}: {publication.period}",
        notes=interval_notes(publication, language, cutoff=False),
        groups=(
            Group("", tuple(say(name, language) for name in columns)),
            *headline_groups(publication, BY_CUTOFF, language),
        ),
        rows=rows,
        keys=len(columns),
    )


def _at(  # noqa: PLR0917  what a row is about
    publication: Publication, statistics: Sequence[str], names: Sequence[str], unit: str, period: str, k: str = ""
) -> Mapping[Codes, ByStatistic]:
    """The groups of a unit and a period, at the official cutoff if none is named."""
    return grouped(read(publication.figures), statistics, names, unit=unit, period=period, k=k or official(publication))


def _figures(group: ByStatistic, statistics: Sequence[str]) -> list[Cell | None]:
    return [cases_cell(group), *(cell for statistic in statistics for cell in figure_cells(group, statistic))]


def _has_names(publication: Publication, domain: str, codes: Sequence[str], language: Language) -> bool:
    return any(publication.name_of(domain, code, language) != code for code in dict.fromkeys(codes))


def _upper(publication: Publication, domain: str, language: Language) -> tuple[str, dict[str, str]] | None:
    """Title of the areas above those of a domain, and the name of the one that contains each code, if a map has it."""
    for one in publication.maps:
        upper, areas = one.spec.upper, one.areas
        if areas.domain == domain and upper is not None and areas.upper_names:
            title = publication.domain_title(upper.domain or upper.name or upper.code.what, language)
            names = [
                publication.name_of(upper.domain, code, language) if upper.domain else name
                for code, name in zip(areas.upper_codes, areas.upper_names, strict=True)
            ]
            pairs = zip(areas.codes, areas.upper.tolist(), strict=True)
            return title, {code: names[place] for code, place in pairs if place >= 0}
    return None
