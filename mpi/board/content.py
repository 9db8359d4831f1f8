"""The cards of a board: figures of all units over the rounds, what changed, and how far their targets are.

Comes in: a publication in one language. Goes out: cards, in the order of the statistics and indicators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mpi.changes.rounds import decimal_year
from mpi.claims import Movement, say
from mpi.claims.numbers import between, details, in_brackets, interval_name, marked
from mpi.claims.targets import Reached, reached, target_text
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, catalogue, phrase
from mpi.publication.edition import Edition
from mpi.specs.study import Target
from mpi.vocabulary.wording import form_of, statistic_title

Course: TypeAlias = Literal["fell", "rose", "same", "unknown"]
HEADLINE = ("H", "A", "M0")
OF_INDICATORS = "uncensored_headcount"
OF_ALL: Mapping[str, Phrase] = {
    "persons": phrase("Deprivations, % of all persons, poor or not"),
    "households": phrase("Deprivations, % of all households, poor or not"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure of a round on the line of a card.

    Attributes
    ----------
    period : str
    at : float
        From 0, the first round, to 1, the last.
    value, low, high : float or None
    new : bool
        Whether the series breaks before it, so that no line leads to it.
    """

    period: str
    at: float
    value: float | None
    low: float | None
    high: float | None
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure.

    Attributes
    ----------
    title, value, unit, interval, standing : str
    part : str
        The title of the dimension of an indicator.
    course : {"fell", "rose", "same", "unknown"}
        The change since the round before, where it is significant (or exact, in a census).
    change : str
        The same in words; empty with a single round.
    targets : tuple of (state, text, source)
    goals : tuple of float
        The targets as proportions, for the line.
    points : tuple of Point
    line : str
        The points in words, for those who do not see them.
    """

    title: str
    part: str
    value: str
    unit: str
    interval: str
    standing: str
    course: Course
    change: str
    targets: tuple[tuple[Reached, str, str], ...]
    goals: tuple[float, ...]
    points: tuple[Point, ...]
    line: str


def cards_of(edition: Edition) -> Iterator[tuple[str, tuple[Card, ...]]]:
    """The cards by the title of their group: the headline, then the indicators in the order of their dimensions."""
    measure = edition.publication.measure
    yield edition.say(phrase("Key figures")), tuple(_card(edition, name, "") for name in HEADLINE)
    cards = []
    for dimension in measure.dimensions:
        part = edition.titled(dimension.title, dimension.name)
        own = [one.name for one in measure.indicators if one.dimension == dimension.name]
        cards += [_card(edition, OF_INDICATORS, name, part) for name in own]
    yield edition.say(OF_ALL[edition.unit]), tuple(cards)


def _card(edition: Edition, statistic: str, indicator: str, part: str = "") -> Card:
    figure = edition.total(statistic, indicator=indicator or None)
    targets = _targets(edition, statistic, indicator)
    points = tuple(_points(edition, statistic, indicator))
    change = edition.change(statistic, indicator=indicator or None)
    compared = edition.before is not None and edition.changes is not None
    title = statistic_title(statistic, edition.unit, edition.language)
    if indicator:
        (one,) = (one for one in edition.publication.measure.indicators if one.name == indicator)
        title = edition.indicator(one)
    interval = ""
    if figure.interval:
        ends = between(figure.low, figure.high, statistic)
        name = interval_name(edition.level)
        interval = edition.say(phrase("{name}: {interval}", name=name, interval=ends))
    claim = Movement(edition.basis, statistic, change, str(edition.before), short=True)
    return Card(
        title=title,
        part=part,
        value=edition.say(marked(statistic, figure)),
        unit=catalogue(edition.language).percent if form_of(statistic) == "percent" and figure.known else "",
        interval=interval,
        standing=figure.standing,
        course=_course(change, edition) if compared else "unknown",
        change=say(claim, edition.language) if compared else "",
        targets=tuple(_state(edition, statistic, figure, one) for one in targets),
        goals=tuple(float(one.value) for one in targets),
        points=points,
        line=_in_words(edition, statistic, points),
    )


def _targets(edition: Edition, statistic: str, indicator: str) -> list[Target]:
    found = [
        one for one in edition.publication.study.targets if (one.statistic, one.indicator) == (statistic, indicator)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.by)


def _state(edition: Edition, statistic: str, figure: Figure, target: Target) -> tuple[Reached, str, str]:
    goal, census = float(target.value), edition.census
    text = target_text(statistic, figure, goal, target.by, census=census)
    return reached(figure, goal, census=census), edition.say(text), edition.titled(target.source)


def _course(change: Figure, edition: Edition) -> Course:
    known = change.significant(edition.level)
    if change.value is None or (known is None and not edition.census):
        return "unknown"
    if known is False or not change.value:
        return "same"
    return "fell" if change.value < 0 else "rose"


def _points(edition: Edition, statistic: str, indicator: str) -> Iterator[Point]:
    """The figures of all rounds; at their years, or evenly where a period is not a year."""
    rounds = edition.publication.rounds
    periods = [one.period for one in rounds]
    breaks = {period for one in rounds for period in one.breaks}
    places = _places(periods)
    for place, period in zip(places, periods, strict=True):
        figure = edition.total(statistic, period=period, indicator=indicator or None)
        yield Point(period=period, at=place, value=figure.value, low=figure.low, high=figure.high, new=period in breaks)


def _places(periods: Sequence[str]) -> list[float]:
    years = [decimal_year(period) for period in periods]
    known = [year for year in years if year is not None]
    if len(known) < len(years) or len(set(known)) < len(years):
        known = [float(place) for place in range(len(periods))]
    span = max(known) - min(known)
    return [(year - min(known)) / span if span else 0.5 for year in known]


def _in_words(edition: Edition, statistic: str, points: Sequence[Point]) -> str:
    """`2024: 11.5 (...); 2025: 9.9 (...)`."""
    parts = []
    for point in points:
        figure = Figure(value=point.value, low=point.low, high=point.high, standing="shown")
        brackets = in_brackets(details(statistic, figure, edition.level)) if figure.interval else ""
        text = marked(statistic, figure) if figure.known else phrase("no figure")
        parts.append(edition.say(phrase("{period}: {value}{brackets}", period=point.period, value=text,
                                        brackets=brackets)))  # fmt: skip
    return "; ".join(parts)
