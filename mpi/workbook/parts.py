"""Sheets of what poverty is made of, and of how it changed: indicators, contributions, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mpi.errors.omissions import unmade
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import CONTRIBUTIONS, HEADLINE, INDICATORS
from mpi.vocabulary.wording import MARKS, UNITS, Language, form_of, number, statistic_title
from mpi.workbook.headline import interval_notes
from mpi.workbook.reading import (
    SCALE,
    Figure,
    cases_cell,
    chosen,
    column_titles,
    crossings,
    domain_cells,
    figure_cells,
    figures_of,
    latest_first,
    official,
    part_titles,
    scaled,
    small,
)
from mpi.workbook.sheets import Cell, Group, Kind, Row, Sheet, text
from mpi.workbook.words import SHEETS, TITLES, marks_note, say

SMALL = 10  # categories of a domain that the sheets of parts still show
KINDS = ("absolute", "relative", "absolute_per_year")


def indicators(publication: Publication, language: Language) -> Sheet:
    """Who is deprived in each indicator, uncensored and censored, by round."""
    return _parts(publication, language, "indicators", INDICATORS)


def contributions(publication: Publication, language: Language) -> Sheet:
    """Absolute and percentage contribution of each dimension and indicator, by round."""
    return _parts(publication, language, "contributions", CONTRIBUTIONS)


def _parts(publication: Publication, language: Language, sheet: str, statistics: tuple[str, ...]) -> Sheet:
    titles, measure = part_titles(publication.measure, language), publication.measure
    # Dimensions in the order of the measure, each before its indicators.
    place = {
        part: i
        for i, part in enumerate(
            part
            for dimension in measure.dimensions
            for part in [(dimension.name, None), *((dimension.name, name) for name in dimension.indicators)]
        )
    }
    rank = latest_first(publication)
    units = list(UNITS)
    rows: list[Row] = []
    for names in small(publication, SMALL):
        groups: dict[tuple[Any, ...], dict[str, Figure]] = {}
        for figure in figures_of(publication.figures, statistics, names, official(publication)):
            key = (figure.unit, figure.period, figure.codes, figure.dimension, figure.indicator)
            groups.setdefault(key, {})[figure.statistic] = figure
        codes = {own: i for i, own in enumerate(dict.fromkeys(key[2] for key in groups))}
        ordered = sorted(
            groups,
            key=lambda key: (units.index(key[0]), rank[key[1]], codes[key[2]], place.get((key[3], key[4]), len(place))),
        )
        for key in ordered:
            unit, period, own, dimension, indicator = key
            cells: list[Cell | None] = [text(UNITS[unit][language]), text(period)]
            cells += domain_cells(publication, names, own, language)
            cells.append(text(titles.get(dimension or "", dimension or "")))
            cells.append(text(titles.get(indicator, indicator) if indicator else say("all", language)))
            rows.append(
                [
                    *cells,
                    cases_cell(groups[key]),
                    *(cell for name in statistics for cell in figure_cells(groups[key].get(name))),
                ]
            )
    keys = tuple(say(name, language) for name in ("unit", "period", "domain", "code", "name", "dimension", "indicator"))
    first, second = interval_notes(publication, language)
    headings = [
        Group(statistic_title(name, "persons", language), column_titles(form_of(name), publication, language))
        for name in statistics
    ]
    return Sheet(
        SHEETS[sheet][language],
        TITLES[sheet][language],
        (f"{first} {say('small', language, most=str(SMALL))}", second),
        (Group("", keys), Group(say("cases", language), (say("n", language),)), *headings),
        rows,
        len(keys),
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
    known = set(publication.changes.domains)
    for names in [(), *(names for names in crossings(publication) if known.issuperset(names))]:
        statistics = HEADLINE if names else (*HEADLINE, *INDICATORS)
        table = chosen(publication.changes, statistics, names, official(publication))
        groups: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = {}
        for row in table.to_pylist():
            codes = tuple(row[name] for name in names)
            key = (row["unit"], row["statistic"], row["dimension"], row["indicator"], codes, row["from"], row["to"])
            groups.setdefault(key, {}).setdefault(row["change"], row)
        for (unit, statistic, dimension, indicator, codes, first, last), kinds in groups.items():
            if not set(kinds).issuperset(KINDS[:2]):
                continue
            head = [text(UNITS[unit][language]), *domain_cells(publication, names, codes, language)]
            head += [
                text(statistic_title(statistic, unit, language)),
                text(titles.get(dimension, dimension) if dimension else ""),
                text(titles.get(indicator, indicator) if indicator else ""),
                text(first),
                text(last),
            ]
            rows.append([*head, *_change_cells(kinds, form_of(statistic), alpha, language, tested=tested)])
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
    return Sheet(SHEETS["changes"][language], TITLES["changes"][language], notes, groups_of, rows, 4)


def _change_cells(
    kinds: Mapping[str, Mapping[str, Any]], form: Kind, alpha: float, language: Language, *, tested: Sequence[str]
) -> list[Cell | None]:
    own, relative = kinds["absolute"], kinds["relative"]
    expressed = {"percent": "points", "index": "index_points"}.get(form, "numbers")
    cells: list[Cell | None] = [text(say(expressed, language)), scaled(own["before"], form), scaled(own["after"], form)]
    p = own["p"] if own["p_adjusted"] is None else own["p_adjusted"]
    verdict = None if p is None else text(say("yes" if p < alpha else "no", language))
    mark = MARKS[own["standing"]] if own["estimate"] is not None else ""
    cells += [
        *_with_limits(own, form),
        *(scaled(own[name], "p") for name in tested),
        verdict,
        Cell("mark", mark, own["standing"]) if mark else None,
    ]
    return [*cells, *_with_limits(relative, "percent")]


def _with_limits(row: Mapping[str, Any], form: Kind) -> Sequence[Cell | None]:
    if row["estimate"] is None:
        return [Cell(form, MARKS[row["standing"]], row["standing"]), None, None]
    estimate = Cell(form, SCALE[form] * row["estimate"], row["standing"])
    return [estimate, scaled(row["ci_low"], form), scaled(row["ci_high"], form)]
