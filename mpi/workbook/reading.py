"""Figures of a publication as plain rows for sheets: chosen by statistic and domains, never all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from mpi.disclosure.figures import Asked, Codes, Figure, Figures, read
from mpi.publication.model import Publication
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import MARKS, UNITS, Language, form_of, level_text, title_in
from mpi.workbook.sheets import Cell, Kind, text
from mpi.workbook.words import say

CROSS = " \u00d7 "
SCALE = {"percent": 100.0, "index": 1.0, "number": 1.0}


ByStatistic = Mapping[str, Figure]


def grouped(
    figures: Figures, statistics: Sequence[str], domains: Sequence[str], **asked: Unpack[Asked]
) -> Mapping[Codes, ByStatistic]:
    """The figures of some statistics by the codes of some domains; asked for as in `Figures.subject`."""
    made: dict[Codes, dict[str, Figure]] = {}
    for statistic in dict.fromkeys(name for name, _, _ in figures.parts if name in statistics):
        for codes, figure in figures.groups(statistic, domains, **asked).items():
            made.setdefault(codes, {})[statistic] = figure
    return made


def figure_cells(group: ByStatistic, statistic: str) -> list[Cell | None]:
    """Estimate, lower and upper limit, CV and mark; a hidden figure is an x alone, one that is not there nothing."""
    if statistic not in group:
        return [None] * 5
    figure = group[statistic]
    kind: Kind = form_of(statistic)
    scale, standing = SCALE[kind], figure.standing
    if figure.value is None:
        return [Cell(kind, MARKS[standing], standing), None, None, None, None]
    return [
        Cell(kind, scale * figure.value, standing),
        scaled(figure.low, kind),
        scaled(figure.high, kind),
        scaled(figure.cv, "percent"),
        Cell("mark", MARKS[standing], standing) if MARKS[standing] else None,
    ]


def scaled(value: float | None, kind: Kind) -> Cell | None:
    """A number as its kind is written, or none."""
    return None if value is None else Cell(kind, SCALE.get(kind, 1.0) * value)


def column_titles(kind: Kind, publication: Publication, language: Language) -> tuple[str, ...]:
    """Headings of the columns that `figure_cells` fills."""
    level = level_text(publication.study.level, language)
    return (
        say(kind, language),
        say("low", language, level=level),
        say("high", language, level=level),
        say("cv", language),
        say("mark", language),
    )


def cases_cell(group: ByStatistic) -> Cell | None:
    """The cases of a group, which its statistics share; none where all of them are hidden."""
    known = [figure.n for figure in group.values() if figure.n is not None]
    return Cell("count", known[0]) if known else None


def official(publication: Publication) -> str:
    """The official cutoff as the tables write it."""
    return publication.study.cutoffs[0].text


def units(publication: Publication) -> list[str]:
    """The units of a publication, persons first."""
    return [unit for unit in UNITS if unit in publication.study.units]


def crossings(publication: Publication) -> list[tuple[str, ...]]:
    """The domains and crossings that have sheets, in the order of the study."""
    known = set(publication.figures.domains)
    return list(dict.fromkeys(names for names in publication.study.sets if names and known.issuperset(names)))


def small(publication: Publication, most: int) -> list[tuple[str, ...]]:
    """The total, and the domains of few categories."""
    codes = read(publication.figures).codes
    return [(), *(names for names in crossings(publication) if len(names) == 1 and len(codes(names[0])) <= most)]


def domain_cells(
    publication: Publication, names: Sequence[str], codes: Sequence[str], language: Language
) -> list[Cell]:
    """Domain, code and name of a group, in one cell each whatever is crossed."""
    if not names:
        return [text(say("total", language)), Cell("code", ""), text(say("total", language))]
    titles = CROSS.join(publication.domain_title(name, language) for name in names)
    named = CROSS.join(publication.name_of(name, code, language) for name, code in zip(names, codes, strict=True))
    return [text(titles), Cell("code", CROSS.join(codes)), text(named)]


def part_titles(measure: Measure, language: Language) -> dict[str, str]:
    """Titles of the measure's dimensions and indicators by name."""
    titles = {part.name: title_in(part.title, language, part.name) for part in measure.dimensions}
    return titles | {part.name: title_in(part.title, language, part.name) for part in measure.indicators}
