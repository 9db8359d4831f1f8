"""The chart of countries under one measure, and what a map of them shows: their last figures as those of one period."""

from __future__ import annotations

from mpi.charts.chart import Caption, Chart, Need, Shown
from mpi.charts.domains import ranked
from mpi.charts.findings import measured
from mpi.drawing.canvas import Drawing
from mpi.drawing.style import Style
from mpi.errors.omissions import unmade
from mpi.language import phrase, strung
from mpi.maps.layers import layers_of
from mpi.maps.static import draw_map
from mpi.publication.countries import Compared, compared, countries_in
from mpi.publication.country_words import name_of, sentences, title_of
from mpi.publication.edition import Edition
from mpi.publication.model import DrawnMap
from mpi.specs.study import COUNTRY_DOMAIN

LEAST = 2


def compared_in(edition: Edition) -> Compared:
    """The figures of the countries that the measure of the study judges.

    Raises
    ------
    UnmadeError
        If that are fewer than two.
    """
    found = compared(edition.publication)
    if found is None or len(found.countries) < LEAST:
        raise unmade("few", least=LEAST, count=0 if found is None else len(found.countries))
    return found


def names_in(edition: Edition) -> dict[str, str]:
    """What the countries are called, by code."""
    return {one.spec.code: name_of(edition, one) for one in countries_in(edition.publication)}


def subtitle(edition: Edition, statistic: str = "H") -> str:
    """What is measured, by which measure, when and at which cutoff."""
    found = compared_in(edition)
    parts = [measured(edition, statistic), title_of(edition, edition.publication.measure), found.period]
    return strung([*parts, f"k\u00a0=\u00a0{edition.k}"], "; ", edition.language)


def caption(edition: Edition) -> Caption:
    """The title of a picture of countries, and what it says."""
    found = compared(edition.publication)
    title = phrase("Headcount ratio (H) by country, {period}", period="" if found is None else found.period)
    return Caption(edition.say(title), " ".join(sentences(edition)))


def country_map(edition: Edition, drawn: DrawnMap, style: Style) -> Drawing:
    """H by country under the measure of the study, with the marks of precision; others are areas without a figure.

    Raises
    ------
    UnmadeError
        If fewer than two countries have that measure.
    """
    found, spec = compared_in(edition), drawn.spec
    layers = layers_of(
        found.figures,
        COUNTRY_DOMAIN,
        drawn.areas.codes,
        unit=edition.unit,
        period=found.period,
        scheme=spec.scheme,
        classes=spec.classes,
        breaks=spec.breaks,
        statistics=("H",),
    )
    if not layers or not layers[0].drawn:
        raise unmade("areas")
    meanings = edition.meanings
    return draw_map(drawn.areas, layers[0], k=edition.k, language=edition.language, meanings=meanings, style=style)


NEEDS: dict[str, Need] = {
    "figures": lambda s: compared_in(s.edition).figures,
    "domain": lambda s: COUNTRY_DOMAIN,
    "names": lambda s: names_in(s.edition),
    "k": lambda s: s.edition.k,
    "unit": lambda s: s.edition.unit,
    "level": lambda s: s.edition.level,
    "language": lambda s: s.edition.language,
    "style": lambda s: s.edition.publication.style,
}
COUNTRY_CHARTS: tuple[Chart, ...] = (
    Chart(
        name="countries",
        draw=ranked,
        finding=lambda subject: None,
        subtitle=lambda subject: subtitle(subject.edition),
        needs=NEEDS,
        shown=Shown(
            place="countries", id="f-countries", table="t-countries", caption=lambda subject: caption(subject.edition)
        ),
        exists=lambda subject: subject.edition.publication.countries is not None,
        of_surveys=lambda subject: [
            survey for one in subject.edition.publication.study.countries for survey in one.surveys
        ],
    ),
)
