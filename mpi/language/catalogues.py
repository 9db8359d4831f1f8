"""Catalogues of texts, one file a language, in gettext's form, which translators' tools know.

English is the language of the code and needs no file. A language is there as soon as its file `<language>.po` is: the
file holds its texts, the rule of its plurals (in its header) and, under the context `number`, the form of its numbers.
Babel reads the files; the standard library's gettext evaluates the rules of plurals.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Language = str  # a code of two letters, one of LANGUAGES
FOLDER = Path(__file__).parent
SOURCE = "en"  # the language of the code
LANGUAGES: tuple[Language, ...] = (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))
NUMBER = "number"  # the context of texts that say how numbers are written
# Where a process says what its user reads, the first that is set; as gettext takes them.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


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
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    texts = {}
    for message in read:
        english = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if english and all(forms):
            texts[message.context or "", english] = forms
    return Catalogue(language, texts, gettext.c2py(read.plural_expr))


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
