"""The board as one HTML page without script: a screen full of cards, or A4 landscape.

Comes in: a publication in one language. Goes out: a text. Every state has a sign and words besides its colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mpi.board.content import Card, Cards, cards_of
from mpi.board.lines import Point
from mpi.board.plans import plan_table
from mpi.claims import say
from mpi.claims.targets import SIGNS as VERDICT_SIGNS
from mpi.drawing.office import page_parts
from mpi.files.digests import content_hash
from mpi.language import joined, phrase, strung, translated
from mpi.language.phrases import Translated
from mpi.publication.edition import Edition
from mpi.publication.explaining import TITLE, Explainer, glossary_style
from mpi.publication.pages import page_style, page_template
from mpi.publication.sourcing import source_of
from mpi.vocabulary.wording import MARKS, legible

SIGNS: Mapping[str, str] = {
    "fell": "\u25bc", "rose": "\u25b2", "same": "\u25cf", "unknown": "?",
    **VERDICT_SIGNS,
}  # fmt: skip
WORDS: Mapping[str, Translated] = {
    "skip": translated("Skip to the content"),
    "board": translated("Board"),
    "provisional": translated("Provisional"),
    "glossary": TITLE,
}
MEANINGS: Mapping[str, Translated] = {
    "fell": translated("lower than in the round before"),
    "rose": translated("higher than in the round before"),
    "same": translated("no significant change"),
    "met": translated("target met: the figure is beyond it significantly"),
    "on_track": translated("on track: significantly better than the path from the baseline to the target"),
    "off_track": translated("off track: significantly worse than that path, or than the target in its year"),
    "cannot_tell": translated("the sample does not tell, or there is no baseline"),
}
MANY = 12  # cards of groups, from which on they begin on a page of their own
ROOM = 1.08  # above the highest point of a line


def board_html(edition: Edition) -> str:
    """The board of a publication in one language.

    Raises
    ------
    UsageError
        If jinja2 is not installed.
    """
    publication, study, language = edition.publication, edition.publication.study, edition.language
    groups = [(one, [(card, list(_drawn(card))) for card in one.cards]) for one in cards_of(edition)]
    office = page_parts(study.template, [language])
    style = f"{page_style('mpi.board', 'board.css')}\n{glossary_style()}{office.style}"
    rendered: str = page_template("mpi.board", "board.html").render(
        language=language,
        words={name: text[language] for name, text in WORDS.items()},
        explain=Explainer(language),
        style=style,
        style_hash=content_hash(style),
        office=office,
        title=publication.title(language),
        window=strung([WORDS["board"][language], publication.title(language)], ": ", language),
        publisher=edition.titled(study.publisher),
        period=edition.period,
        provisional=study.status == "provisional",
        lead=say(edition.lead(), language),
        note=edition.titled(study.note),
        groups=groups,
        plans=plan_table(edition),
        targets_from=_sources(edition, groups),
        many=MANY,
        signs=SIGNS,
        legend=list(_legend(edition, [card for _, cards in groups for card, _ in cards])),
        source=source_of(edition),
    )
    return legible(rendered)


def _sources(edition: Edition, groups: Sequence[tuple[Cards, Sequence[tuple[Card, object]]]]) -> str:
    """Where the targets are laid down, each once: on paper cards do not say it."""
    found = dict.fromkeys(goal.source for _, cards in groups for card, _ in cards for goal in card.goals if goal.source)
    return edition.say(phrase("Targets: {sources}", sources=joined(found, "; "))) if found else ""


def _legend(edition: Edition, cards: Sequence[Card]) -> Iterator[tuple[str, str]]:
    """The signs and marks that occur."""
    met = {card.course for card in cards if card.change} | {goal.state for card in cards for goal in card.goals}
    for name, text in MEANINGS.items():
        if name in met:
            yield SIGNS[name], text[edition.language]
    standings = {card.standing for card in cards}
    for name in MARKS:
        if MARKS[name] and name in standings:
            yield MARKS[name], edition.meanings[name]


def _drawn(card: Card) -> Iterator[tuple[str, str]]:
    """The paths of the line of a card, in a square of 100; none where fewer than two rounds have a figure."""
    known = [point for point in card.points if point.value is not None]
    if len(known) < 2 and not (known and card.courses):  # noqa: PLR2004
        return
    ends = [end for point in known for end in (point.value, point.high) if end is not None]
    most = ROOM * max([*ends, *(value for course in card.courses for _, value in course.stops)])
    if not most:
        return

    def along(at: float) -> str:
        return f"{3 + 94 * at:.1f}"

    def across(point: Point) -> str:
        return along(point.at)

    def down(value: float) -> str:
        return f"{100 - 100 * value / most:.1f}"

    yield (
        "goal",
        "".join(
            _line([(along(at), down(value), place == 0) for place, (at, value) in enumerate(course.stops)])
            for course in card.courses
        ),
    )
    aims = [course.stops[-1] for course in card.courses if course.stops]
    yield "aim", "".join(f"M{along(at)} {down(value)}h0" for at, value in aims)
    yield "cut", "".join(f"M{across(point)} 0V100" for point in card.points if point.new)
    held = [(point, point.low, point.high) for point in known if point.low is not None and point.high is not None]
    yield "band", "".join(f"M{across(point)} {down(low or 0)}V{down(high or 0)}" for point, low, high in held)
    yield "course", _line([(across(point), down(point.value or 0), _apart(card.points, point)) for point in known])
    yield "dot", "".join(f"M{across(point)} {down(point.value or 0)}h0" for point in known)


def _apart(points: Sequence[Point], point: Point) -> bool:
    """Whether no line leads to a point: the series breaks there, or the round before has no figure."""
    place = points.index(point)
    return place == 0 or point.new or points[place - 1].value is None


def _line(stops: Sequence[tuple[str, str, bool]]) -> str:
    return "".join(f"{'M' if apart else 'L'}{x} {y}" for x, y, apart in stops)
