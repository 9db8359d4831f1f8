"""What charts, report and workbook say of published series: lines, names and sentences, in an edition."""

from __future__ import annotations

from typing import Any

from mpi.claims.numbers import value
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, phrase
from mpi.publication.edition import Edition
from mpi.publication.series import Held, Series, held


def name_of(edition: Edition, series: Series) -> str:
    """The title of a published series."""
    return edition.titled(series.about.title, series.about.name)


def breaks_of(edition: Edition) -> dict[str, str]:
    """The breaks of the survey and of the published series, by period."""
    told: dict[str, str] = {}
    survey = edition.publication.rounds[-1].survey.breaks
    for breaks in (survey, *(one.about.breaks for one in edition.publication.official)):
        for period, titles in breaks.items():
            told.setdefault(period, edition.titled(titles, period))
    return dict(sorted(told.items()))


def own_points(edition: Edition, statistic: str) -> dict[str, Figure]:
    """The estimates of all units, by period."""
    return {one.period: edition.total(statistic, period=one.period) for one in edition.publication.rounds}


def published_points(series: Series, statistic: str) -> dict[str, Figure]:
    """The published figures of all units, by period."""
    found = {period: series.one(statistic, period)[0] for period in series.periods}
    return {period: point for period, point in found.items() if point.value is not None}


def rows_of(edition: Edition, series: Series, statistic: str, domains: tuple[str, ...] = ()) -> list[Held]:
    """The estimates beside what is published."""
    return held(series, edition.figures, statistic, domains, k=edition.k)


def provenance(edition: Edition, series: Series) -> list[str]:
    """Source, edition, licence and note of a published series, each a sentence."""
    about = series.about
    parts = [
        (phrase("Source: {source}.", source=edition.titled(about.source))) if about.source else None,
        (phrase("Edition: {edition}.", edition=edition.titled(about.edition))) if about.edition else None,
        (phrase("Licence: {licence}.", licence=edition.titled(about.licence))) if about.licence else None,
    ]
    told = [edition.say(one) for one in parts if one is not None]
    return [*told, *filter(None, [edition.titled(about.note)])]


def sentence(edition: Edition, series: Series, statistic: str = "H") -> Phrase:
    """What the last period of both says."""
    both = [one for one in rows_of(edition, series, statistic) if one.own.value is not None]
    name = name_of(edition, series)
    if not both:
        return phrase("“{series}” has no figure of a period of this publication.", series=name)
    last = both[-1]
    own, published = (value(statistic, one) for one in (last.own, last.published))
    said: dict[str, Any] = {"period": last.period, "own": own, "published": published, "series": name}
    if last.inside is None:
        return phrase("In {period} the estimate is {own}; “{series}” has {published}.", **said)
    if last.inside:
        return phrase(
            "In {period} the estimate is {own}; “{series}” has {published}, which is in the interval of the estimate.",
            **said,
        )
    return phrase(
        "In {period} the estimate is {own}; “{series}” has {published}, outside the interval of the estimate.", **said
    )
