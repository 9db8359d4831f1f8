"""Figures of a publication as plain rows for sheets: chosen by statistic and domains, never all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Mask, Text, where_known
from mpi.disclosure.publishable import Publishable
from mpi.publication.model import Publication
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import MARKS, Language, form_of, level_text, title_in
from mpi.workbook.sheets import Cell, Kind, text
from mpi.workbook.words import say

CROSS = " \u00d7 "
SCALE = {"percent": 100.0, "index": 1.0, "number": 1.0}


class Figure(NamedTuple):
    """One estimate; what is null is None."""

    unit: str
    period: str
    k: str | None
    statistic: str
    dimension: str | None
    indicator: str | None
    codes: tuple[str, ...]
    estimate: float | None
    low: float | None
    high: float | None
    cv: float | None
    n: int | None
    standing: str
    df: int | None
    deff: float | None


COLUMNS = ("unit", "period", "k", "statistic", "dimension", "indicator")
NUMBERS = ("estimate", "ci_low", "ci_high", "cv", "n", "standing", "df", "deff")


def figures_of(
    figures: Publishable, statistics: Sequence[str], domains: Sequence[str] = (), k: str | None = None
) -> list[Figure]:
    """The estimates of some statistics by some domains crossed, in the order of the table.

    Parameters
    ----------
    k : str, optional
        Only this cutoff, and what has none.
    """
    rows = chosen(figures, statistics, domains, k)
    head = [rows[name].to_pylist() for name in COLUMNS]
    tail = [rows[name].to_pylist() for name in NUMBERS]
    codes: list[Any] = [rows[name].to_pylist() for name in domains]
    crossed = list(zip(*codes, strict=True)) if codes else [()] * len(rows)
    return [Figure(*row) for row in zip(*head, crossed, *tail, strict=True)]


def chosen(figures: Publishable, statistics: Sequence[str], domains: Sequence[str], k: str | None) -> pa.Table:
    """The rows of some statistics by exactly some domains."""
    table = figures.table
    keep = _among(table["statistic"], statistics)
    for name in figures.domains:
        known = where_known(arrow.values_of(table[name]))
        keep &= known if name in domains else ~known
    if k is not None:
        keep &= _among(table["k"], (k,)) | ~where_known(arrow.values_of(table["k"]))
    return table.take(arrow.numbers(np.flatnonzero(keep)))


def _among(column: pa.ChunkedArray, words: Sequence[str]) -> Mask:
    texts = arrow.values_of(column)
    if not isinstance(texts, Text) or not texts.labels:
        return np.zeros(len(texts), np.bool_)
    wanted = np.array([label in words for label in texts.labels], np.bool_)
    found: Mask = wanted[texts.codes] & where_known(texts)
    return found


def figure_cells(figure: Figure | None) -> list[Cell | None]:
    """Estimate, lower and upper limit, CV and mark; a hidden figure is an x alone."""
    if figure is None:
        return [None] * 5
    kind: Kind = form_of(figure.statistic)
    scale, standing = SCALE[kind], figure.standing
    if figure.estimate is None:
        return [Cell(kind, MARKS[standing], standing), None, None, None, None]
    return [
        Cell(kind, scale * figure.estimate, standing),
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


def cases_cell(group: Mapping[str, Figure]) -> Cell | None:
    """The cases of a group, which its statistics share; none where all of them are hidden."""
    known = [figure.n for figure in group.values() if figure.n is not None]
    return Cell("count", known[0]) if known else None


def official(publication: Publication) -> str:
    """The official cutoff as the tables write it."""
    return publication.study.cutoffs[0].text


def crossings(publication: Publication) -> list[tuple[str, ...]]:
    """The domains and crossings that have sheets, in the order of the study."""
    known = set(publication.figures.domains)
    return list(dict.fromkeys(names for names in publication.study.sets if names and known.issuperset(names)))


def small(publication: Publication, most: int) -> list[tuple[str, ...]]:
    """The total, and the domains of few categories."""
    found: list[tuple[str, ...]] = [()]
    for names in crossings(publication):
        texts = arrow.values_of(publication.figures.table[names[0]])
        if len(names) == 1 and isinstance(texts, Text) and len(texts.labels) <= most:
            found.append(names)
    return found


def latest_first(publication: Publication) -> dict[str, int]:
    """The rank of each period, the published one first."""
    return {one.period: rank for rank, one in enumerate(reversed(publication.rounds))}


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
