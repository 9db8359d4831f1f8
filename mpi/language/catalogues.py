"""Catalogues of texts, one file a language, in gettext's form, which translators' tools know.

English is the language of the code and needs no file. A language is there as soon as its file `<language>.po` is: the
file holds its texts, the rule of its plurals (in its header) and, under the context `number`, the form of its numbers.
Babel writes the files; every command in another language than English reads one, so they are read here, in a fourth of
Babel's time. The standard library's gettext evaluates the rules of plurals.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Language = str  # a code of two letters, one of LANGUAGES
FOLDER = Path(__file__).parent
SOURCE = "en"  # the language of the code
LANGUAGES: tuple[Language, ...] = (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))
NUMBER = "number"  # the context of texts that say how numbers are written
PUNCTUATION = "punctuation"  # that of signs between texts
CONTRACTION = "contraction"  # that of texts that say what becomes one where a template meets a value
NONE, VOWEL = "-", "V"  # of a text of contractions: a language has none; any vowel
VOWELS = "aeiouàâäéèêëîïôöùûüœæ"
COLONS = (":", ";")
# Where a process says what its user reads, the first that is set; as gettext takes them.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

FIELD = re.compile(r'^(msg[a-z_]+)(?:\[\d\])? ((?:".*"\n?)+)', re.MULTILINE)  # obsolete entries begin with #~
QUOTED = re.compile(r'^"(.*)"$', re.MULTILINE)
PLURAL = re.compile(r"plural=([^;]+);")
ESCAPED, ESCAPES = re.compile(r"\\(.)"), {"n": "\n", "t": "\t", "r": "\r"}


def _one_or_several(number: int) -> int:
    return int(number != 1)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language.

    Attributes
    ----------
    language : str
    texts : mapping of (str, str) to tuple of str
        The forms of each text by its context and English; one form where the text has no plural.
    plural : callable
        Number to the place of the form that it takes.
    """

    language: Language
    texts: Mapping[tuple[str, str], tuple[str, ...]]
    plural: Callable[[int], int] = _one_or_several

    def text(self, english: str, context: str = "") -> str | None:
        """A text, or None where the catalogue has none."""
        forms = self.texts.get((context, english))
        return forms[0] if forms else None

    def plural_text(self, one: str, number: int, context: str = "") -> str | None:
        """The form of a text for a number, or None where the catalogue has none."""
        forms = self.texts.get((context, one))
        if not forms:
            return None
        return forms[min(self.plural(number), len(forms) - 1)]

    @property
    def signs(self) -> tuple[str, str]:
        """The decimal sign, and the sign between thousands."""
        return self.text(".", NUMBER) or ".", self.text(",", NUMBER) or ","

    @property
    def percent(self) -> str:
        """What follows a percentage: the sign, after the space that the language wants."""
        return self.text("%", NUMBER) or "%"

    @property
    def contractions(self) -> str:
        """What becomes one where a template meets a value, as "de le=du, a o=ao"; an empty text where nothing does."""
        told = self.text("of", CONTRACTION) or NONE
        return "" if told == NONE else told

    def punctuated(self, signs: str) -> str:
        """Signs between texts, such as ": ", with the space that the language wants before a colon or semicolon."""
        for sign in COLONS:
            if f"{sign} " in signs:
                signs = signs.replace(f"{sign} ", f"{self.text(sign, PUNCTUATION) or sign} ")
        return signs


@cache
def written_signs(language: Language) -> Mapping[int, str]:
    """What `str.translate` makes of a number in English: the same number as the language writes it."""
    decimal, thousands = catalogue(language).signs
    return {ord("."): decimal, ord(","): thousands}


@cache
def contractions(language: Language) -> tuple[tuple[str, str, str], ...]:
    """End of a template, beginning of the value after it, and what both become."""
    found = []
    for one in filter(None, catalogue(language).contractions.split(",")):
        before, _, after = one.partition("=")
        word, start = before.split()
        found.append((word, start, after))
    return tuple(found)


def contracted(literal: str, value: str, language: Language) -> tuple[str, str]:
    r"""The end of a template and the value after it, as the language writes them where they meet.

    A vowel is that of a word: an abbreviation, such as IC or H, has none.

    Examples
    --------
    >>> [tuple(map(ascii, contracted("celui de ", name, "fr"))) for name in ("Antioquia", "H")]
    [("'celui d\\u2019'", "'Antioquia'"), ("'celui de '", "'H'")]
    """
    for word, start, made in contractions(language):
        if not literal.endswith(f"{word} ") or literal[: -len(word) - 1][-1:].isalnum():
            continue
        head = literal[: -len(word) - 1]
        if start == VOWEL and value[:1].lower() in VOWELS and value[1:2].islower():
            return head + made, value
        if start != VOWEL and value.startswith(f"{start} "):
            return f"{head}{made} ", value[len(start) + 1 :]
    return literal, value


@cache
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language, read once.

    Raises
    ------
    KeyError
        There is no such language.
    """
    if language == SOURCE:
        return Catalogue(SOURCE, {})
    if language not in LANGUAGES:
        raise KeyError(language)
    entries = (FOLDER / f"{language}.po").read_text(encoding="utf-8").split("\n\n")
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in entries:
        english, context, forms = _fields(entry)
        if forms and all(forms):
            texts[context, english] = forms
    (header,) = texts.pop(("", ""))
    rule = PLURAL.search(header)
    return Catalogue(language, texts, gettext.c2py(rule[1]) if rule else _one_or_several)


def _fields(entry: str) -> tuple[str, str, tuple[str, ...]]:
    """English, context and forms of an entry."""
    english, context, forms = "", "", []
    for field, lines in FIELD.findall(entry):
        text = "".join(QUOTED.findall(lines))
        if "\\" in text:
            text = ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[1]), text)
        match field:
            case "msgid":
                english = text
            case "msgctxt":
                context = text
            case "msgstr":
                forms.append(text)
    return english, context, tuple(forms)


def preferred(environment: Mapping[str, str]) -> Language:
    """The language that a process' environment asks for; English where it asks for none that there is.

    Parameters
    ----------
    environment : mapping of str to str
        Such as `os.environ`; the first of LC_ALL, LC_MESSAGES and LANG that is set decides.

    Examples
    --------
    >>> preferred({"LANG": "es_CO.UTF-8"}), preferred({"LC_ALL": "C", "LANG": "es_CO.UTF-8"}), preferred({})
    ('es', 'en', 'en')
    """
    asked = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    language = asked.replace("-", "_").split("_")[0].split(".")[0].lower()
    return language if language in LANGUAGES else SOURCE
