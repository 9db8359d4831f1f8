"""The targets of the areas of a map: which belong to one picture, and their verdicts for the map and its data."""

from __future__ import annotations

import re

from mpi.claims.targets import SIGNS, label_text
from mpi.disclosure.figures import read
from mpi.language import phrase
from mpi.maps.goals import Goal
from mpi.publication.edition import Edition
from mpi.publication.model import DrawnMap, Publication
from mpi.publication.targets import Row, rows_of, subject_title
from mpi.vocabulary.wording import Language


def verdict_maps(publication: Publication, domain: str) -> dict[str, list[Row]]:
    """The targets of the areas of a domain: by what they are of and their year, one row an area."""
    found: dict[str, list[Row]] = {}
    for row in rows_of(publication):
        if tuple(row.codes) == (domain,):
            of = row.target
            own = (
                of.statistic,
                of.indicator,
                of.dimension,
                of.by,
                "half" if of.halves else "",
                of.path,
                row.unit,
                row.k,
            )
            found.setdefault(".".join(re.sub(r"\W+", "_", part) for part in own if part), []).append(row)
    return found


def beside(publication: Publication, row: Row) -> tuple[str, str, str]:
    """What else tells the targets of a figure apart, where it is not the usual."""
    study, path = publication.study, row.target.path
    unit = "" if row.unit == study.units[0] else row.unit
    k = "" if row.k in ("", study.cutoffs[0].text) else row.k
    return "" if path == "linear" else path, unit, k


def goals_of(publication: Publication, drawn: DrawnMap) -> tuple[Goal, ...]:
    """The targets of the areas of a map, each figure and year once, with their verdicts."""
    found = []
    maps = verdict_maps(publication, drawn.spec.domain)
    plain = [(_subject(rows[0]), rows[0].target.by) for rows in maps.values()]
    for name, rows in maps.items():
        apart = plain.count((_subject(rows[0]), rows[0].target.by)) > 1
        by_code = {row.codes[drawn.spec.domain]: row for row in rows}
        own = [by_code.get(code) for code in drawn.areas.codes]
        met = {row.aim.verdict or "none": row for row in rows}
        editions = {language: _edition(publication, language) for language in publication.study.languages}
        found.append(
            Goal(
                name=name,
                title={language: _title(edition, rows[0], apart=apart) for language, edition in editions.items()},
                verdicts=[None if row is None else row.aim.verdict or "none" for row in own],
                targets=[None if row is None else row.aim.value for row in own],
                words={
                    verdict: {language: edition.say(label_text(row.aim)) for language, edition in editions.items()}
                    for verdict, row in met.items()
                },
                signs=SIGNS,
            )
        )
    return tuple(found)


def _edition(publication: Publication, language: Language) -> Edition:
    return Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)


def _subject(row: Row) -> tuple[str, str, str]:
    return row.target.statistic, row.target.indicator, row.target.dimension


def _title(edition: Edition, row: Row, *, apart: bool) -> str:
    """What the targets are of, their year, and what else tells them apart, where that is needed."""
    told = edition.say(phrase("{title}, target for {by}", title=subject_title(edition, row), by=row.target.by))
    return ", ".join([told, *filter(None, beside(edition.publication, row) if apart else ())])
