"""Sheets on the composition of poverty and on its changes: indicators, contributions, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, product

from mpi.disclosure.figures import At, Codes, Figure, Figures, Part, read
from mpi.errors.omissions import unmade
from mpi.language import strung
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import CONTRIBUTIONS, HEADLINE, INDICATORS, shown_in
from mpi.vocabulary.wording import MARKS, UNITS, Language, form_of, level_text, number, statistic_title
from mpi.workbook.headline import expressed, interval_notes
from mpi.workbook.keys import Keys
from mpi.workbook.reading import (
    CROSS,
    SCALE,
    ByStatistic,
    cases_cell,
    column_titles,
    crossings,
    domain_cells,
    figure_cells,
    grouped,
    marked_cell,
    official,
    part_titles,
    scaled,
    small,
    units,
)
from mpi.workbook.sheets import Cell, Kind, Row, Sheet, sheet_name, text
from mpi.workbook.words import SHEETS, TITLES, marks_note, say

SMALL, MIDDLE = 10, 40  # categories of a domain that the sheets of parts show of all rounds, and of the last
KINDS = ("absolute", "relative")


def indicators(publication: Publication, language: Language) -> Sheet:
    """Who is deprived in each indicator, uncensored and censored, by round."""
    return _parts(publication, language, "indicators", INDICATORS, MIDDLE)


def contributions(publication: Publication, language: Language) -> Sheet:
    """Absolute and percentage contribution of each dimension and indicator, by round."""
    return _parts(publication, language, "contributions", CONTRIBUTIONS, SMALL)


def _parts(publication: Publication, language: Language, sheet: str, statistics: tuple[str, ...], most: int) -> Sheet:
    titles, measure = part_titles(publication.measure, language), publication.measure
    # Dimensions in the order of the measure, each before its indicators.
    parts = [(dimension.name, name) for dimension in measure.dimensions for name in (None, *dimension.indicators)]
    rows: list[Row] = []
    for names in small(publication, most):
        for unit, period in product(units(publication), _periods(publication, names)):
            at = At(unit=unit, period=period, k=official(publication))
            found = {
                (dimension, name): grouped(
                    read(publication.figures), statistics, names, dimension=dimension, indicator=name, **at
                )
                for dimension, name in parts
            }
            head = [text(UNITS[unit][language]), text(period)]
            for statistic in statistics:
                said = [text(statistic_title(statistic, unit, language)), text(expressed(statistic, language))]
                for codes in dict.fromkeys(codes for own in found.values() for codes in own):
                    domain = domain_cells(publication, names, codes, language)
                    for (dimension, name), own in found.items():
                        if codes in own:
                            part = [text(titles[dimension]), text(titles[name] if name else say("all", language))]
                            cells = figure_cells(own[codes], statistic)
                            rows.append([*head, *domain, *said, *part, *cells, cases_cell(own[codes])])
    keys = ("unit", "period", "domain", "code", "name", "statistic", "expressed", "dimension", "indicator")
    sizes = {"most": number(most, language), "few": number(SMALL, language)}
    return Sheet(
        name=SHEETS[sheet][language],
        title=TITLES[sheet][language],
        notes=(*interval_notes(publication, language), say("small", language, **sizes)),
        columns=(*(say(name, language) for name in keys), *column_titles(publication, language), say("n", language)),
        rows=rows,
    )


def _periods(publication: Publication, names: Sequence[str]) -> list[str]:
    """All periods, the last first; of a domain of many categories the last alone."""
    few = not names or len(read(publication.figures).codes(names[0])) <= SMALL
    return [one.period for one in reversed(publication.rounds)] if few else [publication.period]


def by_indicator(publication: Publication, language: Language, taken: set[str]) -> list[Sheet]:
    """One sheet for each domain or crossing: a row a group, a column an indicator."""
    return [_by_indicator(publication, names, language, taken) for names in crossings(publication)]


def _by_indicator(publication: Publication, names: tuple[str, ...], language: Language, taken: set[str]) -> Sheet:
    keys, found = Keys(publication, names, language), read(publication.figures)
    shares = shown_in("indicators", "percent")
    measured = [one.name for one in publication.measure.indicators]
    titles = part_titles(publication.measure, language)
    rows: list[Row] = []
    for unit, one, statistic in product(units(publication), reversed(publication.rounds), shares):
        head = [text(UNITS[unit][language]), text(one.period), text(statistic_title(statistic, unit, language))]
        at = At(unit=unit, period=one.period, k=official(publication))
        own = {
            name: {
                **found.groups(statistic, (), indicator=name, **at),
                **found.groups(statistic, names, indicator=name, **at),
            }
            for name in measured
        }
        for codes in dict.fromkeys(codes for groups in own.values() for codes in groups):
            cells = [marked_cell(_only(statistic, own[name].get(codes)), statistic) for name in measured]
            rows.append([*head, *keys.cells(codes), *cells])
    columns = (say(name, language) for name in ("unit", "period", "statistic"))
    label = CROSS.join(publication.domain_title(name, language).split(" (")[0] for name in names)
    indicators_ = SHEETS["indicators"][language]
    return Sheet(
        name=sheet_name(f"{indicators_} {label}", taken),
        title=f"{TITLES['by_indicator'][language]} {keys.title}",
        notes=(*interval_notes(publication, language), say("marked", language, sheet=indicators_)),
        columns=(*columns, *keys.titles, *(say("percent", language, symbol=titles[name]) for name in measured)),
        rows=rows,
    )


def _only(statistic: str, figure: Figure | None) -> ByStatistic:
    return {} if figure is None else {statistic: figure}


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
    level = level_text(publication.study.level, language)
    limits = (say("low", language, level=level), say("high", language, level=level))
    columns = (
        *(say(name, language) for name in (*keys, "before", "after", "change", "se")),
        *limits,
        *(say(name, language) for name in (*tested, "significant", "mark", "relative")),
        *(strung([say("relative", language), limit], ": ", language) for limit in limits),
    )
    tested_at = say("tested", language, alpha=number(alpha, language, 3).rstrip("0"))
    notes = (
        f"{say('at_cutoff', language, k=official(publication))} {tested_at}",
        marks_note(publication.mark_meanings(language), language),
        say("empty", language),
    )
    return Sheet(
        name=SHEETS["changes"][language], title=TITLES["changes"][language], notes=notes, columns=columns, rows=rows
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
        *_with_limits(absolute, form, scaled(absolute.se, form)),
        *(scaled(getattr(absolute, name), "p") for name in tested),
        verdict,
        Cell("mark", mark, absolute.standing) if mark else None,
    ]
    return [*cells, *_with_limits(relative, "percent")]


def _with_limits(figure: Figure, form: Kind, *error: Cell | None) -> Sequence[Cell | None]:
    """A change, its standard error where the sheet shows it, and its limits."""
    if figure.value is None:
        return [Cell(form, MARKS[figure.standing], figure.standing), *(None for _ in error), None, None]
    estimate = Cell(form, SCALE[form] * figure.value, figure.standing)
    return [estimate, *error, scaled(figure.low, form), scaled(figure.high, form)]
