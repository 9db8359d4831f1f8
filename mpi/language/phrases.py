"""Texts that can be said in every language: English in the code, as a template with the values that it quotes.

A `Phrase` is a `str`, its English, so that it goes wherever a text goes; `phrase.to("es")` fills the same values into
the template of that language. Values that are phrases themselves are said in the same language, and numbers with a
format are written as the language writes them.

    phrase("no domain {name}: the files have no column {columns}", name="zona", columns=listed(["z1", "z2"]))

`phrase`, `number_phrase` and `counted` are the marks by which the test of the catalogues finds every text: their
templates are literals, never f-strings (ruff's INT rules hold that).
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, TypeGuard

from mpi.language.catalogues import LANGUAGES, SOURCE, Language, catalogue, contracted, contractions, written_signs

MOST_LISTED = 5
MOST_TEMPLATES = 4096  # held with their fields: those of the code, in three languages, that one run fills
WORD, FIELD = re.compile(r"[^\W\d_]"), re.compile(r"\{[^{}]*\}")


class Sayable(Protocol):
    """What can be said in a language: a phrase, a figure, titles of a measure."""

    def to(self, language: Language) -> str:
        """The text in a language."""
        ...


_CAN_BE_SAID: dict[type, bool] = {}


def sayable(value: object) -> TypeGuard[Sayable]:
    """Whether a value can be said in a language; found once for each type, since phrases are filled by the thousand."""
    kind = type(value)
    if kind not in _CAN_BE_SAID:
        _CAN_BE_SAID[kind] = callable(getattr(kind, "to", None))
    return _CAN_BE_SAID[kind]


class Phrase(str):
    """A text in English that knows its template and values.

    Attributes
    ----------
    template : str
        The English template, in the form of `str.format`.
    several : str
        The template for other numbers than 1, or an empty text where the phrase has no number.
    values : mapping of str to object
        What fills the template.
    context : str
        Tells texts apart that are the same in English and not in other languages.
    """

    __slots__ = ("context", "several", "template", "values")
    template: str
    several: str
    values: Mapping[str, object]
    context: str

    def __new__(cls, template: str, values: Mapping[str, object], *, several: str = "", context: str = "") -> Phrase:
        """Fill the English template."""
        english = several if several and values["number"] != 1 else template
        made = super().__new__(cls, _filled(english, values, SOURCE))
        made.template, made.several, made.context = template, several, context
        made.values = {name: _said(value) for name, value in values.items()}
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:  # copies and other processes make it anew
        return (self.template, self.values), {"several": self.several, "context": self.context}

    def to(self, language: Language) -> str:
        """The text in a language; English where its catalogue lacks it."""
        if language == SOURCE:
            return str(self)
        texts = catalogue(language)
        number = self.values.get("number")
        if self.several and isinstance(number, int):
            template = texts.plural_text(self.template, number, self.context)
            fallback = self.several if number != 1 else self.template
        else:
            template, fallback = texts.text(self.template, self.context), self.template
        return _filled(template or texts.punctuated(fallback), self.values, language)

    def speaks(self, language: Language) -> bool:
        """Whether the text has a language: its own template, whatever the values are."""
        own = language == SOURCE or catalogue(language).text(self.template, self.context) is not None
        return own or not WORD.search(FIELD.sub("", self.template))


class Joined(Phrase):
    """Texts one after another, each in the language that is asked for."""

    __slots__ = ("parts", "separator")
    parts: tuple[object, ...]
    separator: str

    def __new__(cls, parts: Iterable[object], separator: str = "") -> Joined:
        """Join the English texts."""
        parts = tuple(parts)
        made = str.__new__(cls, separator.join(in_language(part, SOURCE) for part in parts))
        made.template, made.several, made.values, made.context = "", "", {}, ""
        made.parts, made.separator = parts, separator
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.parts, self.separator), {}

    def to(self, language: Language) -> str:
        """The texts in a language."""
        separator = self.separator if language == SOURCE else catalogue(language).punctuated(self.separator)
        return separator.join(in_language(part, language) for part in self.parts)

    def speaks(self, language: Language) -> bool:
        """Whether all texts that are phrases have a language."""
        return all(part.speaks(language) for part in self.parts if isinstance(part, Phrase))


class _Formatter(string.Formatter):
    """`str.format` whose values are said in a language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        return _written(value, format_spec, self.language)

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if conversion is not None and sayable(value):
            value = value.to(self.language)
        return super().convert_field(value, conversion)


def _said(value: object) -> object:
    """The value as a phrase keeps it: of an exception what it says, which may be a phrase."""
    return value.args[0] if isinstance(value, Exception) and len(value.args) == 1 else value


def _filled(template: str, values: Mapping[str, object], language: Language) -> str:
    parts = _plain_parts(template)
    if parts is None:
        return _Formatter(language).vformat(template, (), values)
    return "".join(
        [literal if name is None else _met(literal, values[name], form, language) for literal, name, form in parts]
    )


def _met(literal: str, value: Any, form: str, language: Language) -> str:
    """A literal and the value after it. A name of a file or column, which begins small, is never contracted."""
    text = _written(value, form, language)
    if contractions(language) and (sayable(value) or text[:1].isupper()):
        literal, text = contracted(literal, text, language)
    return literal + text


@lru_cache(maxsize=MOST_TEMPLATES)
def _plain_parts(template: str) -> tuple[tuple[str, str | None, str], ...] | None:
    """The texts of a template, each with the name and form of the field after it; None if a field asks for more.

    A publication fills the same templates by the hundred thousand, and the standard library parses them every time.
    """
    parts = [(literal, name, form or "", sign) for literal, name, form, sign in string.Formatter().parse(template)]
    if any(sign or "{" in form or not (name is None or name.isidentifier()) for _, name, form, sign in parts):
        return None
    return tuple((literal, name, form) for literal, name, form, _ in parts)


def _written(value: Any, form: str, language: Language) -> str:
    """A value as a field writes it, in a language."""
    if sayable(value):
        value = value.to(language)
    text = format(value, form)
    if language == SOURCE or not form or isinstance(value, str):
        return text
    return text.translate(written_signs(language))


def phrase(template: str, /, *, context: str = "", **values: object) -> Phrase:
    """A text with what it quotes.

    Parameters
    ----------
    template : str
        A literal in English, in the form of `str.format`, with named fields; braces of its own are doubled. Or a name
        or an entry of a table that holds a `template`.
    context : str, optional
        Tells texts apart that are the same in English and not in other languages.
    **values
        The value of each field: a text or number, a phrase, or anything else with a method `to(language)`.

    Examples
    --------
    >>> phrase("no domain {name!r}", name="zona")
    "no domain 'zona'"
    >>> phrase("{share:.1%} of {unit}", share=0.125, unit=counted(1204, "household")).to("en")
    '12.5% of 1,204 households'
    """
    return Phrase(template, values, context=context)


def template(text: str, /, *, context: str = "") -> str:
    """A template that a table holds and a call of `phrase` fills later: marks the text for the catalogues.

    Examples
    --------
    >>> phrase(template("it needs {least} groups"), least=2)
    'it needs 2 groups'
    """
    return text


class Translated(Mapping[Language, str]):
    """A text by language, as a mapping of all languages, for tables of titles.

    Without values, fields in braces stay as they are.
    """

    def __init__(self, english: str, context: str = "", values: Mapping[str, object] | None = None) -> None:
        self.english, self.context, self.quoted = english, context, values or {}

    def __getitem__(self, language: Language) -> str:
        """The text in a language; English where its catalogue lacks it."""
        if language not in LANGUAGES:
            raise KeyError(language)
        text = catalogue(language).text(self.english, self.context) or self.english
        return _filled(text, self.quoted, language) if self.quoted else text

    def __iter__(self) -> Iterator[Language]:
        """The languages."""
        return iter(LANGUAGES)

    def __len__(self) -> int:
        """How many languages there are."""
        return len(LANGUAGES)

    def __repr__(self) -> str:
        return f"translated({self.english!r})"


def translated(english: str, /, *, context: str = "", **values: object) -> Translated:
    """A text by language, for a table of titles: `translated("Value")["es"]`; fields are filled if values are given.

    Examples
    --------
    >>> translated("Value")["en"], translated("fewer than {least} cases")["en"], translated("at {k}", k="1/3")["en"]
    ('Value', 'fewer than {least} cases', 'at 1/3')
    """
    return Translated(english, context, values)


def number_phrase(number: int, one: str, several: str, /, *, context: str = "", **values: object) -> Phrase:
    """A text in the form that its number wants, which is the field `number`.

    Examples
    --------
    >>> number_phrase(2, "{number} row has no {column}", "{number} rows have no {column}", column="peso")
    '2 rows have no peso'
    """
    return Phrase(one, {**values, "number": number}, several=several, context=context)


def counted(number: int, singular: str, plural: str = "", /) -> Phrase:
    """A number with its noun in the right form.

    Parameters
    ----------
    number : int
    singular, plural : str
        Literals, or for the singular a name that holds one of `NOUNS`. The plural is that of `NOUNS`, or has an s,
        where none is given.

    Examples
    --------
    >>> counted(1, "household"), counted(1204, "household"), counted(2, "stratum")
    ('1 household', '1,204 households', '2 strata')
    """
    return Phrase("{number:,} {noun}", {"number": number, "noun": noun(singular, number, plural)})


def noun(singular: str, number: int, plural: str = "", /) -> Phrase:
    """A noun in the form that a number wants, without the number; see `counted`."""
    several = plural or NOUNS.get(singular, f"{singular}s")
    return Phrase(singular, {"number": number}, several=several, context=COUNTED)


COUNTED = "counted"  # the context of nouns after a number
# Nouns that a name can hold where things are counted, with their plurals.
NOUNS: Mapping[str, str] = {
    "code": "codes",
    "household": "households",
    "person": "persons",
    "PSU": "PSUs",
    "row": "rows",
    "stratum": "strata",
}


def joined(parts: Iterable[object], separator: str = "") -> Phrase:
    """Texts one after another as one phrase.

    Examples
    --------
    >>> joined([phrase("one"), "two"], "; ")
    'one; two'
    """
    return Joined(parts, separator)


def strung(texts: Iterable[str], separator: str, language: Language) -> str:
    r"""Texts of a language one after another, with the signs between them as it writes them; empty ones are left out.

    Examples
    --------
    >>> strung(["Source", "", "INE"], ": ", "fr")
    'Source\xa0: INE'
    """
    return joined(filter(None, texts), separator).to(language)


def listed(names: Sequence[str], most: int = MOST_LISTED) -> Phrase:
    """Up to five names and the count of the rest, for a message.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    >>> listed(list("abcdefg"))
    'a, b, c, d, e, and 2 more'
    """
    shown = joined(names[:most], ", ")
    if len(names) <= most:
        return shown
    return phrase("{names}, and {rest} more", names=shown, rest=len(names) - most)


AND, OR = template("{names} and {last}"), template("{names} or {last}")
# Spanish has another word before these sounds ("e", "u"); the catalogues say under the context which languages do.
SOUNDS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    template("{names} and {last}", context="before the sound i"): (
        "before the sound i", re.compile(r"\W*(?!hi[aeo])h?[ií]", re.IGNORECASE)
    ),
    template("{names} or {last}", context="before the sound o"): (
        "before the sound o", re.compile(r"\W*h?[oó]", re.IGNORECASE)
    ),
}  # fmt: skip


class Enumerated(Phrase):
    """Names with a word before the last, which depends on the sound that follows it in the language."""

    __slots__ = ()

    def to(self, language: Language) -> str:
        """The names in a language."""
        context, sound = SOUNDS[self.template]
        if not sound.match(in_language(self.values["last"], language)):
            return super().to(language)
        return Phrase(self.template, self.values, context=context).to(language)


def enumerated(names: Sequence[object], last: str = "and") -> Phrase:
    """Names with a word before the last: `a, b and c`.

    Parameters
    ----------
    names : sequence
    last : {"and", "or"}

    Examples
    --------
    >>> enumerated(["a", "b", "c"]), enumerated(["a", "b"], "or")
    ('a, b and c', 'a or b')
    >>> enumerated(["agua", "internet"]).to("es"), enumerated(["piso", "hielo"]).to("es")
    ('agua e internet', 'piso y hielo')
    """
    if len(names) < 2:  # noqa: PLR2004
        return joined(names)
    values = {"names": joined(names[:-1], ", "), "last": names[-1]}
    return Enumerated(OR if last == "or" else AND, values)


def in_language(text: object, language: Language) -> str:
    """Anything that is printed, in a language: a phrase or what else has one, and other things as they are."""
    return text.to(language) if sayable(text) else str(text)
