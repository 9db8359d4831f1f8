"""Figures of a publication as plain rows for sheets: chosen by statistic and domains, never all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from mpi.disclosure.figures import Asked, Codes, Figure, Figures, read
from mpi.language import strung
from mpi.publication.model import Publication
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import MARKS, UNITS, Language, form_of, level_text, statistic_title, title_in
from mpi.workbook.sheets import Cell, Kind, text
from mpi.workbook.words import say

CROSS = " \u00d7 "
SCALE = {"percent": 100.0, "index": 1.0, "number": 1.0}
FULL = ("estimate", "se", "cv", "low", "high", "df", "mark")  # the columns of a figure
BRIEF = ("estimate", "low", "high", "mark")
LIMITS = ("low", "high")
OWN_KIND: Mapping[str, Kind] = {"cv": "percent", "df": "count"}  # of columns that are no statistic themselves


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


def figure_cells(group: ByStatistic, statistic: str, of: Sequence[str] = FULL) -> list[Cell | None]:
    """Some of the columns of a figure; a hidden figure is an x alone, one that is not there nothing."""
    if statistic not in group:
        return [None] * len(of)
    figure = group[statistic]
    kind: Kind = form_of(statistic)
    standing = figure.standing
    if figure.value is None:
        return [Cell(kind, MARKS[standing], standing), *[None] * (len(of) - 1)]
    made: list[Cell | None] = []
    for name in of:
        if name == "estimate":
            made.append(Cell(kind, SCALE[kind] * figure.value, standing))
        elif name == "mark":
            made.append(Cell("mark", MARKS[standing], standing) if MARKS[standing] else None)
        else:
            own: Kind = OWN_KIND.get(name, kind)
            made.append(scaled(getattr(figure, name), own))
    return made


def marked_cell(group: ByStatistic, statistic: str) -> Cell | None:
    """The estimate alone, shown with its mark."""
    cell = figure_cells(group, statistic, ("estimate",))[0]
    return None if cell is None else cell._replace(marked=True)


def scaled(value: float | None, kind: Kind) -> Cell | None:
    """A number as its kind is written, or none."""
    return None if value is None else Cell(kind, SCALE.get(kind, 1.0) * value)


def column_titles(
    publication: Publication, language: Language, of: Sequence[str] = FULL, statistic: str = ""
) -> tuple[str, ...]:
    """Headings of the columns that `figure_cells` fills: of one statistic, or of any that the row names."""
    level = level_text(publication.study.level, language)
    names = {name: say(name, language, level=level) if name in LIMITS else say(name, language) for name in of}
    if not statistic:
        return tuple(names.values())
    symbol = symbol_of(statistic, publication, language)
    first = say(form_of(statistic), language, symbol=symbol)
    return tuple(
        first if name == "estimate" else strung([symbol, title], ": ", language) for name, title in names.items()
    )


def symbol_of(statistic: str, publication: Publication, language: Language) -> str:
    """A short name of a statistic, for headings."""
    if statistic != "poor":
        return statistic
    units = publication.study.units
    return say("both_poor", language) if len(units) > 1 else statistic_title(statistic, units[0], language)


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
        return [text(say("total", language)), Cell("code", say("total", language)), text(say("total", language))]
    titles = CROSS.join(publication.domain_title(name, language) for name in names)
    named = CROSS.join(publication.name_of(name, code, language) for name, code in zip(names, codes, strict=True))
    return [text(titles), Cell("code", CROSS.join(codes)), text(named)]


def part_titles(measure: Measure, language: Language) -> dict[str, str]:
    """Titles of the measure's dimensions and indicators by name."""
    titles = {part.name: title_in(part.title, language, part.name) for part in measure.dimensions}
    return titles | {part.name: title_in(part.title, language, part.name) for part in measure.indicators}
