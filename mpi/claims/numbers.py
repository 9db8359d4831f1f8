"""Figures inside sentences and cells: with their units, intervals, marks and what is to be known of their precision."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import (
    DOUBTS,
    MARKS,
    NOTHING,
    THIN_SPACE,
    Language,
    digits_of,
    figure,
    form_of,
    level_text,
    number,
)

MILLION = 1_000_000
MOST_DIGITS = 3  # beyond the usual ones, where an end of an interval would else read as 0
UNTOLD = {
    "precision": ("no se publica, por falta de precisión", "is not published, for lack of precision"),
    "hidden": ("no se publica, por confidencialidad", "is not published, for confidentiality"),
    "undefined": ("no tiene dato", "has no figure"),
}


def pick(language: Language, spanish: str, english: str) -> str:
    """The text of a language."""
    return spanish if language == "es" else english


def phrase_of(statistic: str, language: Language) -> str:
    """What a statistic is called inside a sentence."""
    return DEFINITIONS[statistic].phrase[language]


def percent(value: float | None, language: Language, digits: int = 1) -> str:
    r"""A proportion as a percentage with its sign.

    Examples
    --------
    >>> percent(0.1234, "es"), percent(0.1234, "en")
    ('12,3\u202f%', '12.3%')
    """
    return figure(value, "percent", language, digits) + pick(language, f"{THIN_SPACE}%", "%")


def interval_name(level: float, language: Language) -> str:
    """What an interval is called: `95% CI`."""
    of_level = level_text(level, language)
    return pick(language, f"IC {of_level}{THIN_SPACE}%", f"{of_level}% CI")


def between(low: float | None, high: float | None, statistic: str, language: Language) -> str:
    """An interval: `11.2 to 13.4`; a dash if there is none."""
    if low is None or high is None:
        return NOTHING
    ends = [figure(end, form_of(statistic), language, digits_of(statistic)) for end in (low, high)]
    return f"{ends[0]} {phrase('to').to(language)} {ends[1]}"


def between_change(low: float | None, high: float | None, statistic: str, language: Language) -> str:
    r"""The interval of a change, with so many digits that an end that is not 0 does not read as 0.

    Examples
    --------
    >>> between_change(-0.0077, -0.0004, "H", "en"), between_change(-0.01, 0.02, "H", "en")
    ('\u22120.77 to \u22120.04', '\u22121.0 to 2.0')
    """
    if low is None or high is None:
        return NOTHING
    form, digits, both = form_of(statistic), digits_of(statistic), (low, high)
    for more in range(MOST_DIGITS):
        ends = [figure(end, form, language, digits + more) for end in both]
        if all(end == 0 or any(sign in "123456789" for sign in text) for end, text in zip(both, ends, strict=True)):
            break
    return f"{ends[0]} {phrase('to').to(language)} {ends[1]}"


def value(statistic: str, estimate: Figure, language: Language) -> str:
    """The number of an estimate with its unit, without its interval."""
    if form_of(statistic) == "percent":
        return percent(estimate.value, language)
    return figure(estimate.value, form_of(statistic), language, digits_of(statistic))


def inside(statistic: str, estimate: Figure, level: float, language: Language) -> str:
    """What stands in brackets after a number: its interval, and a warning where its precision wants one."""
    parts = []
    if estimate.interval:
        told = between(estimate.low, estimate.high, statistic, language)
        parts.append(f"{interval_name(level, language)}: {told}")
    if estimate.standing in DOUBTS:
        parts.append(DOUBTS[estimate.standing][language])
    return "; ".join(parts)


def with_interval(statistic: str, estimate: Figure, level: float, language: Language, *, of: str = "") -> str:
    """The number, what it is a share of, and in brackets its interval and what its reliability mark means in words."""
    told = inside(statistic, estimate, level, language)
    return value(statistic, estimate, language) + (f" {of}" if of else "") + (f" ({told})" if told else "")


def untold(found: Figure, language: Language) -> str:
    """What is said in the place of a number."""
    if found.standing != "hidden":
        return pick(language, *UNTOLD["undefined"])
    return pick(language, *UNTOLD["precision" if found.hidden_by == "precision" else "hidden"])


def marked(statistic: str, estimate: Figure, language: Language) -> str:
    """An estimate in a cell: in brackets where it is unreliable, with its mark; the mark alone without a number."""
    mark = MARKS[estimate.standing]
    if estimate.value is None:
        return mark if estimate.standing in ("hidden", "undefined") else NOTHING
    told = figure(estimate.value, form_of(statistic), language, digits_of(statistic))
    return f"({told}){mark}" if estimate.standing == "review" else f"{told}{mark}"


def count_of(amount: float, language: Language, *, exact: bool, units: str) -> str:
    """A number of units in prose: exact in a census, in millions where it is so large.

    Examples
    --------
    >>> count_of(5_285_734, "en", exact=False, units="persons")
    '5.29 million persons'
    """
    if exact or amount < MILLION:
        linked = pick(language, " de ", " ") if amount >= MILLION and round(amount) % MILLION == 0 else " "
        return f"{number(amount, language)}{linked}{units}"
    return f"{millions(amount, language)} {phrase('million').to(language)} {units}"


def millions(amount: float, language: Language) -> str:
    """A number in millions with three digits or so."""
    return number(amount / MILLION, language, 2 if amount < 10 * MILLION else 1)


def amount(statistic: str, size: float, language: Language) -> str:
    """The size of a change: percentage points for proportions, else a number."""
    form = form_of(statistic)
    if form != "percent":
        return figure(size, form, language, digits_of(statistic))
    told = figure(size, "percent", language)
    one = told in ("1,0", "1.0")
    points = pick(
        language,
        "punto porcentual" if one else "puntos porcentuales",
        "percentage point" if one else "percentage points",
    )
    return f"{told} {points}"


def listed(names: Sequence[str], language: Language) -> str:
    """Names as a list in a sentence: `a, b and c`.

    Examples
    --------
    >>> listed(["a", "b", "c"], "en"), listed(["agua", "internet"], "es"), listed(["piso", "hielo"], "es")
    ('a, b and c', 'agua e internet', 'piso y hielo')
    """
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    bare = names[-1].lower().lstrip("«\u201c")
    sounds_i = bare.startswith(("i", "í", "hi", "hí")) and not bare.startswith(("hia", "hie", "hio"))
    word = pick(language, "e" if sounds_i else "y", "and")
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def quoted(title: str, language: Language) -> str:
    """A title in the quotation marks of the language."""
    return f"«{title}»" if language == "es" else f"\u201c{title}\u201d"


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def signed(statistic: str, size: float, language: Language) -> str:
    """A change with its sign and unit."""
    form = form_of(statistic)
    told = figure(size, form, language, digits_of(statistic))
    plus = "+" if size > 0 and any(sign in told for sign in "123456789") else ""
    return plus + told + (phrase(" pp").to(language) if form == "percent" else "")
