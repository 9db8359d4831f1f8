"""The cards of a board: figures over the rounds, what changed, and how far their targets are.

Comes in: a publication in one language. Goes out: cards, of all units in the order of the statistics and indicators,
then of the groups that have targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mpi.board.lines import Course, Point, courses_of, places_of, span_of, years_of
from mpi.claims import Movement, say
from mpi.claims.numbers import between, details, in_brackets, interval_name, marked
from mpi.claims.targets import asked_text, label_text, outlook_text, pace_text, tally_of_verdicts
from mpi.disclosure.figures import NO_FIGURE, Figure
from mpi.language import Phrase, catalogue, phrase, strung
from mpi.publication.edition import Edition
from mpi.publication.targets import Row, rows_of
from mpi.vocabulary.options import VERDICTS, Verdict
from mpi.vocabulary.statistics import by_cutoff
from mpi.vocabulary.wording import form_of, statistic_title

Moved: TypeAlias = Literal["fell", "rose", "same", "unknown"]
HEADLINE = ("H", "A", "M0")
OF_INDICATORS = "uncensored_headcount"
OF_ALL: Mapping[str, Phrase] = {
    "persons": phrase("Deprivations, % of all persons, poor or not"),
    "households": phrase("Deprivations, % of all households, poor or not"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a card is about.

    Attributes
    ----------
    codes : tuple of (domain, code)
        Empty for all units.
    """

    statistic: str
    indicator: str = ""
    dimension: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    unit: str
    k: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target on a card.

    Attributes
    ----------
    state : a verdict, or `none` where there is no figure
    label, text, pace, outlook, source : str
        The verdict in a few words; what is asked; how fast it goes, and where that leads, empty where it is not known.
    """

    state: Verdict | Literal["none"]
    label: str
    text: str
    pace: str
    outlook: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure.

    Attributes
    ----------
    title, value, unit, interval, standing : str
    part : str
        The title of the dimension of an indicator, or of the statistic of a group.
    course : {"fell", "rose", "same", "unknown"}
        The change since the round before, where it is significant (or exact, in a census).
    change : str
        The same in words; empty with a single round.
    goals : tuple of Goal
    points : tuple of Point
    courses : tuple of Course
        The paths to the targets.
    ends : pair of str
        The first and the last year of the line.
    line : str
        The points in words, for those who do not see them.
    """

    title: str
    part: str
    value: str
    unit: str
    interval: str
    standing: str
    course: Moved
    change: str
    goals: tuple[Goal, ...]
    points: tuple[Point, ...]
    courses: tuple[Course, ...]
    ends: tuple[str, str]
    line: str


@dataclass(frozen=True, slots=True)
class Cards:
    """Some cards with a heading, and what is to be said of all of them."""

    title: str
    told: str
    cards: tuple[Card, ...]


def cards_of(edition: Edition) -> Iterator[Cards]:
    """The cards: the headline, the indicators by dimension, further targets of all units, and those of groups."""
    measure = edition.publication.measure
    aims: dict[Subject, list[Row]] = {}
    for row in rows_of(edition.publication):
        aims.setdefault(_subject(row), []).append(row)
    first = [_of_all(edition, name) for name in HEADLINE]
    yield Cards(
        edition.say(phrase("Key figures")), _tally(edition, [row for own in aims.values() for row in own]),
        tuple(_card(edition, one, aims.pop(one, [])) for one in first),
    )  # fmt: skip
    cards = []
    for dimension in measure.dimensions:
        part = edition.titled(dimension.title, dimension.name)
        own = [one.name for one in measure.indicators if one.dimension == dimension.name]
        subjects = [_of_all(edition, OF_INDICATORS, name) for name in own]
        cards += [_card(edition, one, aims.pop(one, []), part) for one in subjects]
    yield Cards(edition.say(OF_ALL[edition.unit]), "", tuple(cards))
    for names in dict.fromkeys(tuple(name for name, _ in one.codes) for one in aims):
        these = {one: rows for one, rows in aims.items() if tuple(name for name, _ in one.codes) == names}
        title = edition.crossing(names) if names else edition.say(phrase("Further targets"))
        told = _tally(edition, [row for rows in these.values() for row in rows]) if names else ""
        yield Cards(title, told, tuple(_card(edition, one, rows) for one, rows in these.items()))


def _of_all(edition: Edition, statistic: str, indicator: str = "") -> Subject:
    return Subject(
        statistic=statistic, indicator=indicator, unit=edition.unit, k=edition.k if by_cutoff(statistic) else ""
    )


def _subject(row: Row) -> Subject:
    one = row.target
    return Subject(
        statistic=one.statistic,
        indicator=one.indicator,
        dimension=one.dimension,
        codes=tuple(row.codes.items()),
        unit=row.unit,
        k=row.k,
    )


def _tally(edition: Edition, rows: Sequence[Row]) -> str:
    """How many of some targets have each verdict; nothing where there are no targets."""
    verdicts = [row.aim.verdict for row in rows]
    counts = {one: verdicts.count(one) for one in VERDICTS}
    return edition.say(tally_of_verdicts(counts, verdicts.count(None))) if rows else ""


def _figure(edition: Edition, about: Subject, period: str) -> Figure:
    return edition.figures.one(
        about.statistic,
        dict(about.codes),
        period=period,
        unit=about.unit,
        k=about.k or edition.k,
        dimension=about.dimension or None,
        indicator=about.indicator or None,
    )


def _change(edition: Edition, about: Subject) -> Figure:
    if edition.changes is None or edition.before is None:
        return NO_FIGURE
    return edition.changes.one(
        about.statistic,
        dict(about.codes),
        period=(edition.before, edition.period),
        unit=about.unit,
        k=about.k or edition.k,
        dimension=about.dimension or None,
        indicator=about.indicator or None,
    )


def _card(edition: Edition, about: Subject, rows: Sequence[Row], part: str = "") -> Card:
    statistic = about.statistic
    figure, change = _figure(edition, about, edition.period), _change(edition, about)
    years = years_of(
        [one.period for one in edition.publication.rounds], [one.survey.time for one in edition.publication.rounds]
    )
    span = span_of(years, rows)
    points = tuple(_points(edition, about, places_of(len(edition.publication.rounds), years, span)))
    compared = edition.before is not None and edition.changes is not None
    told = compared and (not about.codes or change.known)
    title, part = _titles(edition, about, part)
    interval = ""
    if figure.interval:
        ends = between(figure.low, figure.high, statistic)
        interval = edition.say(phrase("{name}: {interval}", name=interval_name(edition.level), interval=ends))
    claim = Movement(edition.basis, statistic, change, str(edition.before), short=True)
    return Card(
        title=title,
        part=part,
        value=edition.say(marked(statistic, figure)),
        unit=catalogue(edition.language).percent if form_of(statistic) == "percent" and figure.known else "",
        interval=interval,
        standing=figure.standing,
        course=_course(change, edition) if compared else "unknown",
        change=say(claim, edition.language) if told else "",
        goals=tuple(_goal(edition, one) for one in sorted(rows, key=lambda row: row.target.year)),
        points=points,
        courses=tuple(courses_of(rows, span)),
        ends=_ends(edition, years, rows),
        line=_in_words(edition, statistic, points),
    )


def _titles(edition: Edition, about: Subject, part: str) -> tuple[str, str]:
    """The title of a card, and the smaller one above it."""
    title = statistic_title(about.statistic, about.unit, edition.language)
    measure = edition.publication.measure
    if about.indicator:
        (one,) = (one for one in measure.indicators if one.name == about.indicator)
        title, part = edition.indicator(one), part or title
    elif about.dimension:
        (of,) = (one for one in measure.dimensions if one.name == about.dimension)
        title, part = edition.titled(of.title, of.name), title
    if about.codes:
        part, title = title, " \u00d7 ".join(edition.name(name, code) for name, code in about.codes)
    if about.k not in ("", edition.k):
        part = f"{part} k = {about.k}".strip()
    return title, part


def _goal(edition: Edition, row: Row) -> Goal:
    return Goal(
        state=row.aim.verdict or "none",
        label=edition.say(label_text(row.aim)),
        text=edition.say(asked_text(row.aim)),
        pace=edition.say(pace_text(row.aim)),
        outlook=edition.say(outlook_text(row.aim)),
        source=edition.titled(row.target.source),
    )


def _ends(edition: Edition, years: Sequence[float] | None, rows: Sequence[Row]) -> tuple[str, str]:
    """What the ends of a line are called."""
    periods = [one.period for one in edition.publication.rounds]
    aims = [row for row in rows if row.aim.value is not None]
    if years is None:
        return periods[0], periods[-1]
    first, last = periods[0], periods[-1]
    begun = [row.start for row in aims if row.start is not None and row.baseline is not None]
    if begun and min(begun) < years[0]:
        first = f"{min(begun):g}"
    latest = max(aims, key=lambda row: row.target.year, default=None)
    if latest is not None and latest.target.year > years[-1]:
        last = latest.target.by
    return first, last


def _course(change: Figure, edition: Edition) -> Moved:
    known = change.significant(edition.level)
    if change.value is None or (known is None and not edition.census):
        return "unknown"
    if known is False or not change.value:
        return "same"
    return "fell" if change.value < 0 else "rose"


def _points(edition: Edition, about: Subject, places: Sequence[float]) -> Iterator[Point]:
    """The figures of all rounds, at their places."""
    rounds = edition.publication.rounds
    breaks = {period for one in rounds for period in one.breaks}
    for place, one in zip(places, rounds, strict=True):
        figure = _figure(edition, about, one.period)
        yield Point(
            period=one.period, at=place, value=figure.value, low=figure.low, high=figure.high, new=one.period in breaks
        )


def _in_words(edition: Edition, statistic: str, points: Sequence[Point]) -> str:
    """`2024: 11.5 (...); 2025: 9.9 (...)`."""
    parts = []
    for point in points:
        figure = Figure(value=point.value, low=point.low, high=point.high, standing="shown")
        brackets = in_brackets(details(statistic, figure, edition.level)) if figure.interval else ""
        text = marked(statistic, figure) if figure.known else phrase("no figure")
        parts.append(edition.say(phrase("{period}: {value}{brackets}", period=point.period, value=text,
                                        brackets=brackets)))  # fmt: skip
    return strung(parts, "; ", edition.language)
