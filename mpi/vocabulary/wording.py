"""Words and numbers as readers of a publication see them, in every language.

Statistics, units and marks have one wording here, which the map, the charts, the report and the workbook share;
sentences about figures are made in `mpi.claims`.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Collection, Mapping, Sequence

from mpi.language import LANGUAGES as LANGUAGES  # noqa: PLC0414
from mpi.language import Language as Language  # noqa: PLC0414
from mpi.language import Phrase, in_language, phrase, strung, translated
from mpi.language.catalogues import written_signs
from mpi.vocabulary.statistics import DEFINITIONS, Form

_ILLEGIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
THIN_SPACE = "\u202f"
MINUS = "\u2212"
NOTHING = "\u2013"  # an en dash, where there is no figure
LONG = 10_000  # characters

UNITS: Mapping[str, Mapping[str, str]] = {"persons": translated("persons"), "households": translated("households")}
# The marks of figures and their meanings: the same marks in every output.
MARKS: Mapping[str, str] = {"shown": "", "unjudged": "", "caution": "*", "review": "†", "hidden": "x",
                            "undefined": "n.d."}  # fmt: skip
# What a mark means under any rules: what the rules of a publication say themselves is added by `mark_meanings`.
MARK_MEANINGS: Mapping[str, Mapping[str, str]] = {
    "shown": translated("no objection from the rules of precision"),
    "unjudged": translated("precision not judged"),
    "caution": translated("use with caution"),
    "review": translated("unreliable, descriptive only"),
    "hidden": translated("not shown"),
    "undefined": translated("no figure", context="wording"),
}
# Why an area has no colour: the figures have it and no number, or have no row for it at all.
NOTHING_THERE: Mapping[str, Mapping[str, str]] = {
    "undefined": translated("no figure: nobody sampled, or nobody poor"),
    "no_data": translated("not among the figures"),
}
# How a figure is called inside a sentence.
DOUBTS: Mapping[str, Mapping[str, str]] = {
    "caution": translated("use with caution", context="wording"),
    "review": translated("unreliable figure"),
}
STANDING_OF_LEVEL: Mapping[str, str] = {
    "publish": "shown", "caution": "caution", "review": "review", "suppress": "hidden",
}  # fmt: skip
LEVELS: Mapping[str, Mapping[str, str]] = {
    "publish": translated("published without objection"),
    "caution": translated("use with caution"),
    "review": translated("unreliable"),
    "suppress": translated("not shown"),
}
# How a form is written: by what its value is multiplied, and the decimal digits.
SCALES: Mapping[Form, int] = {"percent": 100, "index": 1, "number": 1}
DIGITS: Mapping[Form, int] = {"percent": 1, "index": 3, "number": 0}
MOST_SAID = 3  # rules that a mark's meaning quotes


def legible(text: str) -> str:
    r"""A text without signs that XML, pages and spreadsheets do not have, or that turn a line round.

    Control signs but line feeds and tabs, halves of surrogate pairs, noncharacters, and the signs that embed, override
    or isolate a direction are written as their number; marks of direction and joiners, which scripts need, stay.

    Examples
    --------
    >>> legible("S" + chr(27) + "[31m"), legible("Ñandú")
    ('S\\u001b[31m', 'Ñandú')
    """
    if text.isprintable():  # as no such sign is
        return text
    # Of a page of megabytes the distinct signs are looked at: there are some hundreds.
    met = text if len(text) < LONG else "".join(set(text))
    return _ILLEGIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) if _ILLEGIBLE.search(met) else text


def title_in(titles: Mapping[str, str], language: str, name: str) -> str:
    """A title in a language, or in any, or the name itself."""
    return titles.get(language) or titles.get("") or next(iter(titles.values()), name)


def told_in(titles: Mapping[str, str], language: str) -> str:
    """A text in a language, or a text declared for every language; empty if there is neither.

    Examples
    --------
    >>> told_in({"": "EPSG"}, "es"), told_in({"en": "floor of earth"}, "es")
    ('EPSG', '')
    """
    return titles.get(language) or titles.get("", "")


def mark_meanings(
    rules: Sequence[tuple[str, Mapping[str, str]]] | None, language: Language, *, floor: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What each mark means in a publication, in the words of its own rules where they are few.

    Parameters
    ----------
    rules : sequence of (level, says), or None
        The level that each reliability rule gives, and its text; none: figures are not judged.
    floor : mapping of str to str, optional
        The text of the floor below the rules, which gives `review`.

    Examples
    --------
    >>> texts = mark_meanings([("caution", {"en": "CV above 15 and up to 30 %"})], "en")
    >>> texts["caution"], texts["shown"], texts["unjudged"]
    ('use with caution: CV above 15 and up to 30 %', 'no objection from the rules of precision', 'precision not judged')
    """
    made = {name: words[language] for name, words in MARK_MEANINGS.items()}
    if not rules:
        return made
    for name in ("shown", "caution", "review"):
        texts = [title_in(says, language, "") for level, says in rules if STANDING_OF_LEVEL[level] == name]
        texts = [text for text in dict.fromkeys(texts) if text]
        if len(texts) > MOST_SAID:
            texts = []
        if name == "review" and floor and (texts or not any(level == "review" for level, _ in rules)):
            texts.append(title_in(floor, language, ""))
        if texts:
            listed = in_language(functools.reduce(_or, texts), language)
            made[name] = listed if name == "shown" else strung([made[name], listed], ": ", language)
    return made


def _or(first: str, second: str) -> Phrase:
    return phrase("{first}; or {second}", first=first, second=second)


def marks_told(standings: Collection[str], meanings: Mapping[str, str] | None, language: Language) -> list[str]:
    """A line for each mark of doubt that stands in a picture, in the words of the rules; none where they say nothing.

    Examples
    --------
    >>> shown = mark_meanings([("caution", {"en": "CV above 15 and up to 30 %"})], "en")
    >>> marks_told({"shown", "caution", "review"}, shown, "en")
    ['* use with caution: CV above 15 and up to 30 %']
    """
    shown = {name: meanings[name] for name in DOUBTS if meanings and name in meanings and name in standings}
    return [f"{MARKS[name]} {text}" for name, text in shown.items() if text != MARK_MEANINGS[name][language]]


def statistic_title(statistic: str, unit: str, language: Language) -> str:
    """The title of a statistic of persons or of households."""
    one = DEFINITIONS[statistic]
    return (one.households if unit == "households" and one.households else one.title)[language]


def form_of(statistic: str) -> Form:
    """How a statistic is written: as a percentage, an index between 0 and 1, or a number of units."""
    return DEFINITIONS[statistic].form


def digits_of(statistic: str) -> int:
    """Decimal digits of a statistic as it is printed."""
    one = DEFINITIONS[statistic]
    return DIGITS[one.form] if one.digits is None else one.digits


def number(value: float | None, language: Language, digits: int = 0) -> str:
    r"""A number with the language's decimal sign and its sign between thousands; a dash for none.

    Examples
    --------
    >>> number(1234.56, "es", 1), number(-0.04, "en", 2), number(None, "en")
    ('1\u202f234,6', '\u22120.04', '\u2013')
    """
    if value is None or math.isnan(value):
        return NOTHING
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return (MINUS if negative else "") + text.translate(written_signs(language))


def level_text(level: float, language: Language) -> str:
    """A confidence level in percent, without the sign.

    Examples
    --------
    >>> level_text(0.95, "es"), level_text(0.975, "es")
    ('95', '97,5')
    """
    return number(100 * level, language, level_digits(level))


def level_digits(level: float) -> int:
    """Decimal digits of a confidence level in percent: 0 for 95, 1 for 97.5."""
    return 0 if abs(100 * level - round(100 * level)) < 1e-9 else 1  # noqa: PLR2004


def figure(value: float | None, form: Form, language: Language, digits: int | None = None) -> str:
    r"""An estimate as its form wants it, without a unit: a percentage with 1 digit, an index with 3, a whole number.

    Examples
    --------
    >>> figure(0.1234, "percent", "es"), figure(0.1234, "index", "en"), figure(1234.5, "number", "en")
    ('12,3', '0.123', '1,234')
    """
    if value is None:
        return NOTHING
    return number(SCALES[form] * value, language, DIGITS[form] if digits is None else digits)
