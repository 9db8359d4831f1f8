"""Sheets on the composition of poverty and on its changes: indicators, contributions, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, product

from mpi.disclosure.figures import At, Codes, Figure, Figures, Part, read
from mpi.errors.omissions import unmade
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import CONTRIBUTIONS, HEADLINE, INDICATORS
from mpi.vocabulary.wording import MARKS, UNITS, Language, form_of, number, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import (
    SCALE,
    cases_cell,
    column_titles,
    crossings,
    domain_cells,
    figure_cells,
    grouped,
    official,
    part_titles,
    scaled,
    small,
    units,
)
from mpi.workbook.sheets import Cell, Group, Kind, Row, Sheet, text
from mpi.workbook.words import SHEETS, TITLES, marks_note, say

SMALL = 10  # categories of a domain that the sheets of parts still show
KINDS = ("absolute", "relative")


def indicators(publication: Publication, language: Language) -> Sheet:
    """Who is deprived in each indicator, uncensored and censored, by round."""
    return _parts(publication, language, "indicators", INDICATORS)


def contributions(publication: Publication, language: Language) -> Sheet:
    """Absolute and percentage contribution of each dimension and indicator, by round."""
    return _parts(publication, language, "contributions", CONTRIBUTIONS)


def _parts(publication: Publication, language: Language, sheet: str, statistics: tuple[str, ...]) -> Sheet:
    titles, measure = part_titles(publication.measure, language), publication.measure
    # Dimensions in the order of the measure, each before its indicators.
    parts = [(dimension.name, name) for dimension in measure.dimensions for name in (None, *dimension.indicators)]
    rows: list[Row] = []
    for names in small(publication, SMALL):
        for unit, one in product(units(publication), reversed(publication.rounds)):
            at = At(unit=unit, period=one.period, k=official(publication))
            found = {
                (dimension, name): grouped(
                    read(publication.figures), statistics, names, dimension=dimension, indicator=name, **at
                )
                for dimension, name in parts
            }
            for codes in dict.fromkeys(codes for own in found.values() for codes in own):
                head = [text(UNITS[unit][language]), text(one.period)]
                head += domain_cells(publication, names, codes, language)
                for (dimension, indicator), own in found.items():
                    if codes in own:
                        part = [text(titles[dimension]), text(titles[indicator] if indicator else say("all", language))]
                        cells = [cell for name in statistics for cell in figure_cells(own[codes], name)]
                        rows.append([*head, *part, cases_cell(own[codes]), *cells])
    keys = tuple(say(name, language) for name in ("unit", "period", "domain", "code", "name", "dimension", "indicator"))
    first, second = interval_notes(publication, language)
    headings = [
        Group(statistic_title(name, "persons", language), column_titles(form_of(name), publication, language))
        for name in statistics
    ]
    return Sheet(
        name=SHEETS[sheet][language],
        title=TITLES[sheet][language],
        notes=(f"{first} {say('small', language, most=str(SMALL))}", second),
        groups=(Group("", keys), Group(say("cases", language), (say("n", language),)), *headings),
        rows=rows,
        keys=len(keys),
    )


def changes(publication: Publication, language: Language) -> Sheet:
    """Changes between rounds at the official cutoff.

    Raises
    ------
    UnmadeError
        If there is a single round.
    """
    if publication.changes is None:
        raise unmade("round")
    titles = part_titles(publication.measure, language)
    alpha = 1 - publication.study.level
    tested = ("p",) if publication.study.adjust == "none" else ("p", "p_adjusted")
    rows: list[Row] = []
    found = read(publication.changes)
    for names in [(), *(names for names in crossings(publication) if set(found.domains).issuperset(names))]:
        parts = [part for part in found.parts if part[0] in (HEADLINE if names else (*HEADLINE, *INDICATORS))]
        for unit, pair in product(publication.study.units, found.met["period"]):
            at = At(unit=unit, period=pair, k=official(publication))
            absolute, relative = (_by_part(found, parts, names, kind, at) for kind in KINDS)
            groups = dict.fromkeys(chain.from_iterable(absolute.values()))
            for codes, part in ((codes, part) for codes in groups for part in parts if codes in absolute[part]):
                statistic, *of = part
                head = [text(UNITS[unit][language]), *domain_cells(publication, names, codes, language)]
                labels = [statistic_title(statistic, unit, language), *(titles[name] if name else "" for name in of)]
                both = absolute[part][codes], relative[part][codes]
                cells = _change_cells(*both, form_of(statistic), language, alpha=alpha, tested=tested)
                rows.append([*head, *map(text, (*labels, *pair)), *cells])
    keys = ("unit", "domain", "code", "name", "statistic", "dimension", "indicator", "from", "to", "expressed")
    level = f"{100 * publication.study.level:g}"
    limits = (say("low", language, level=level), say("high", language, level=level))
    groups_of = (
        Group("", tuple(say(name, language) for name in keys)),
        Group(say("levels", language), (say("before", language), say("after", language))),
        Group(
            say("absolute", language),
            (say("change", language), *limits, *(say(name, language) for name in (*tested, "significant", "mark"))),
        ),
        Group(say("relative", language), (say("change", language), *limits)),
    )
    tested_at = say("tested", language, alpha=number(alpha, language, 3).rstrip("0"))
    notes = (
        f"{say('at_cutoff', language, k=official(publication))} {tested_at}",
        marks_note(publication.mark_meanings(language), language),
    )
    return Sheet(
        name=SHEETS["changes"][language],
        title=TITLES["changes"][language],
        notes=notes,
        groups=groups_of,
        rows=rows,
        keys=4,
    )


def _by_part(
    figures: Figures, parts: Sequence[Part], names: Sequence[str], change: str, at: At
) -> dict[Part, Mapping[Codes, Figure]]:
    """The changes of a kind of each part of the measure, by group."""
    return {
        part: figures.groups(part[0], names, dimension=part[1], indicator=part[2], change=change, **at)
        for part in parts
    }


def _change_cells(
    absolute: Figure, relative: Figure, form: Kind, language: Language, *, alpha: float, tested: Sequence[str]
) -> list[Cell | None]:
    expressed = {"percent": "points", "index": "index_points"}.get(form, "numbers")
    cells: list[Cell | None] = [
        text(say(expressed, language)),
        scaled(absolute.before, form),
        scaled(absolute.after, form),
    ]
    p = absolute.p if absolute.p_adjusted is None else absolute.p_adjusted
    verdict = None if p is None else text(say("yes" if p < alpha else "no", language))
    mark = MARKS[absolute.standing] if absolute.known else ""
    cells += [
        *_with_limits(absolute, form),
        *(scaled(getattr(absolute, name), "p") for name in tested),
        verdict,
        Cell("mark", mark, absolute.standing) if mark else None,
    ]
    return [*cells, *_with_limits(relative, "percent")]


def _with_limits(figure: Figure, form: Kind) -> Sequence[Cell | None]:
    if figure.value is None:
        return [Cell(form, MARKS[figure.standing], figure.standing), None, None]
    estimate = Cell(form, SCALE[form] * figure.value, figure.standing)
    return [estimate, scaled(figure.low, form), scaled(figure.high, form)]
