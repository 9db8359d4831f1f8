"""Figures inside sentences and cells, with units, intervals, marks and warnings; a text here has every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpi.disclosure.figures import Figure
from mpi.language import Language, Phrase, catalogue, enumerated, joined, noun, phrase, template
from mpi.language.phrases import Sayable
from mpi.vocabulary.options import Titles
from mpi.vocabulary.statistics import DEFINITIONS, Form
from mpi.vocabulary.wording import DOUBTS, MARKS, NOTHING, SCALES, digits_of, form_of, level_digits, number

MILLION = 1_000_000
MOST_DIGITS = 3  # beyond the usual ones, where an end of an interval would else read as 0
MOST_NAMED = 3
SINGULAR = {"persons": "person", "households": "household"}
# A clause for a figure that is not shown, by the reason.
NOT_SHOWN: Mapping[str, str] = {
    "precision": template("{subject} is not published, for lack of precision"),
    "hidden": template("{subject} is not published, for confidentiality"),
    "undefined": template("{subject} has no figure"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number that each language writes with its own signs; a dash for none."""

    value: float | None
    digits: int = 0

    def to(self, language: Language) -> str:
        """The number in a language."""
        return number(self.value, language, self.digits)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A proportion as a percentage with its sign."""

    value: float | None
    digits: int = 1

    def to(self, language: Language) -> str:
        """The percentage in a language."""
        scaled = None if self.value is None else 100 * self.value
        return number(scaled, language, self.digits) + catalogue(language).percent


@dataclass(frozen=True, slots=True)
class Title:
    """A text of a table of texts by language."""

    texts: Titles

    def to(self, language: Language) -> str:
        """The text in a language."""
        return self.texts[language]


@dataclass(frozen=True, slots=True)
class Capital:
    """A text with a capital at its start."""

    text: Sayable

    def to(self, language: Language) -> str:
        """The text in a language."""
        text = self.text.to(language)
        return text[:1].upper() + text[1:]


def name_of(statistic: str) -> Title:
    """What a statistic is called inside a sentence, with its article."""
    return Title(DEFINITIONS[statistic].phrase)


def percent(value: float | None, digits: int = 1) -> Percentage:
    r"""A proportion as a percentage with its sign.

    Examples
    --------
    >>> percent(0.1234).to("es"), percent(0.1234).to("en"), percent(0.1234).to("pt")
    ('12,3\u202f%', '12.3%', '12,3%')
    """
    return Percentage(value, digits)


def written(value: float | None, form: Form, digits: int) -> Number:
    """A figure as its form wants it, without a unit: percentages times 100."""
    return Number(None if value is None else SCALES[form] * value, digits)


def interval_name(level: float) -> Phrase:
    """What an interval is called: `95% CI`."""
    return phrase("{level}% CI", level=Number(100 * level, level_digits(level)))


def between(low: float | None, high: float | None, statistic: str) -> Phrase:
    """An interval: `11.2 to 13.4`; a dash if there is none."""
    if low is None or high is None:
        return joined([NOTHING])
    form, digits = form_of(statistic), digits_of(statistic)
    return phrase("{low} to {high}", low=written(low, form, digits), high=written(high, form, digits))


def between_change(low: float | None, high: float | None, statistic: str) -> Phrase:
    r"""The interval of a change, with so many digits that an end that is not 0 does not read as 0.

    Examples
    --------
    >>> between_change(-0.0077, -0.0004, "H"), between_change(-0.01, 0.02, "H")
    ('\u22120.77 to \u22120.04', '\u22121.0 to 2.0')
    """
    if low is None or high is None:
        return joined([NOTHING])
    form, digits = form_of(statistic), digits_of(statistic)
    for more in range(MOST_DIGITS):
        ends = [written(end, form, digits + more) for end in (low, high)]
        if all(end.value == 0 or _reads_as_other_than_0(end) for end in ends):
            break
    return phrase("{low} to {high}", low=ends[0], high=ends[1])


def _reads_as_other_than_0(one: Number) -> bool:
    return any(digit in "123456789" for digit in one.to("en"))


def value(statistic: str, estimate: Figure) -> Number | Percentage:
    """The number of an estimate with its unit, without its interval."""
    form = form_of(statistic)
    return percent(estimate.value) if form == "percent" else written(estimate.value, form, digits_of(statistic))


def details(statistic: str, estimate: Figure, level: float) -> Phrase:
    """What goes into brackets after a number: its interval, and a warning where its precision wants one."""
    parts: list[Sayable] = []
    if estimate.interval:
        ends = between(estimate.low, estimate.high, statistic)
        parts.append(phrase("{name}: {interval}", name=interval_name(level), interval=ends))
    if estimate.standing in DOUBTS:
        parts.append(Title(DOUBTS[estimate.standing]))
    return joined(parts, "; ")


def in_brackets(text: Phrase) -> Phrase:
    """A text in brackets after a space; nothing for an empty one."""
    return phrase(" ({text})", text=text) if text else joined([])


def with_interval(statistic: str, estimate: Figure, level: float) -> Phrase:
    """The number, and in brackets its interval and what its mark of precision means in words."""
    brackets = in_brackets(details(statistic, estimate, level))
    return phrase("{value}{brackets}", value=value(statistic, estimate), brackets=brackets)


def reason(hidden: Figure) -> str:
    """Why a figure has no number: a key of `NOT_SHOWN`."""
    if hidden.standing != "hidden":
        return "undefined"
    return "precision" if hidden.hidden_by == "precision" else "hidden"


def not_shown(subject: Sayable, hidden: Figure) -> Phrase:
    """The clause that takes the place of a number, without a full stop."""
    return phrase(NOT_SHOWN[reason(hidden)], subject=subject)


def marked(statistic: str, estimate: Figure) -> Phrase:
    """An estimate in a cell: in brackets where it is unreliable, with its mark; the mark alone without a number."""
    mark = MARKS[estimate.standing]
    if estimate.value is None:
        return joined([mark if estimate.standing in ("hidden", "undefined") else NOTHING])
    shown = written(estimate.value, form_of(statistic), digits_of(statistic))
    if estimate.standing == "review":
        return phrase("({number}){mark}", number=shown, mark=mark)
    return phrase("{number}{mark}", number=shown, mark=mark)


def count_of(amount: float, unit: str, *, exact: bool) -> Phrase:
    """A number of units in prose: exact in a census, in millions where it is so large.

    Examples
    --------
    >>> count_of(5_285_734, "persons", exact=False)
    '5.29 million persons'
    >>> count_of(1_285_734, "persons", exact=False).to("pt")
    '1,29 milhão de pessoas'
    """
    whole = round(amount)
    units = noun(SINGULAR[unit], whole)
    if exact or amount < MILLION:
        if whole and whole % MILLION == 0:
            return phrase("{number} {units}", context="whole millions", number=Number(amount), units=units)
        return phrase("{number} {units}", number=Number(amount), units=units)
    size = in_millions(amount)
    if below_two(size):
        return phrase("{number} million {units}", context="below two", number=size, units=units)
    return phrase("{number} million {units}", number=size, units=units)


def in_millions(amount: float) -> Number:
    """A number in millions with three digits or so."""
    return Number(amount / MILLION, 2 if amount < 10 * MILLION else 1)


def below_two(one: Number) -> bool:
    """Whether a number as it is printed is below 2, which takes a singular in Portuguese."""
    return round(one.value or 0, one.digits) < 2  # noqa: PLR2004


def amount(statistic: str, size: float) -> Sayable:
    """The size of a change: percentage points for proportions, else a number."""
    form = form_of(statistic)
    points = written(size, form, digits_of(statistic))
    if form != "percent":
        return points
    if points.to("en") == "1.0":
        return phrase("{size} percentage point", size=points)
    if below_two(points):
        return phrase("{size} percentage points", context="below two", size=points)
    return phrase("{size} percentage points", size=points)


def signed(statistic: str, size: float) -> Phrase:
    """A change with its sign and unit."""
    form = form_of(statistic)
    change = written(size, form, digits_of(statistic))
    plus = "+" if size > 0 and _reads_as_other_than_0(change) else ""
    if form == "percent":
        return phrase("{sign}{change} pp", sign=plus, change=change)
    return phrase("{sign}{change}", sign=plus, change=change)


def quoted(title: str) -> Phrase:
    """A title in the quotation marks of the language."""
    return phrase("\u201c{title}\u201d", context="quotation", title=title)


def some_of(names: Sequence[str], most: int = MOST_NAMED) -> Phrase:
    """A few names, and how many more there are."""
    if len(names) <= most:
        return enumerated(names)
    first = names[: most - 1]
    return phrase("{names} and {rest} more", names=joined(first, ", "), rest=len(names) - len(first))
