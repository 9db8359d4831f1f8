"""Phrases in files: as what JSON holds, and back, so that a stored notice can still be said in every language.

A file is not trusted. The English text is stored beside the template and is what is printed in English; in another
language the template is only looked up, and what is filled is the text of the catalogue. A template that the
catalogue does not have, of another version, stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mpi.language.catalogues import SOURCE, Language, catalogue
from mpi.language.phrases import Joined, Phrase, in_language, sayable

# Fields by name alone, with what our templates write after it: nothing reaches into a value or fills the memory.
SAFE = re.compile(r"(?:[^{}]|\{\{|\}\}|\{\w+(?:![rs])?(?::,?(?:\.\d)?[%fgd]?)?\})*")


def kept(text: str) -> object:
    """A text as JSON holds it: a phrase with its template and values, anything else as it is.

    Examples
    --------
    >>> kept(Phrase("no domain {name}", {"name": "zona"}))["values"]
    {'name': 'zona'}
    """
    if isinstance(text, Joined):
        return {"text": str(text), "parts": [_value(part) for part in text.parts], "separator": text.separator}
    if isinstance(text, Phrase):
        found: dict[str, object] = {"text": str(text), "template": text.template}
        found |= {"several": text.several} if text.several else {}
        found |= {"context": text.context} if text.context else {}
        return {**found, "values": {name: _value(value) for name, value in text.values.items()}}
    return str(text)


def _value(value: object) -> object:
    if isinstance(value, str):
        return kept(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    return in_language(value, SOURCE) if sayable(value) else str(value)


def restored(found: object) -> str:
    """The text that `kept` made JSON of; what is no such thing is a text as it stands."""
    if not isinstance(found, Mapping) or not isinstance(found.get("text"), str):
        return str(found)
    if isinstance(found.get("parts"), list):
        return _Parts(found["text"], tuple(_plain(part) for part in found["parts"]), str(found.get("separator", "")))
    values = found.get("values")
    template, several, context = (str(found.get(name, "")) for name in ("template", "several", "context"))
    if not template or not isinstance(values, Mapping):
        return str(found["text"])
    return _Kept(
        found["text"], template, {str(name): _plain(value) for name, value in values.items()}, several, context
    )


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else restored(value)


class _Kept(Phrase):
    """A phrase out of a file: its English is what the file says."""

    __slots__ = ()

    def __new__(cls, text: str, template: str, values: Mapping[str, object], several: str, context: str) -> _Kept:
        made = str.__new__(cls, text)
        made.template, made.several, made.values, made.context = template, several, values, context
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (str(self), self.template, self.values, self.several, self.context), {}

    def to(self, language: Language) -> str:
        """The text in a language; English where its catalogue lacks it, or the file's values do not fill it."""
        if language == SOURCE:
            return str(self)
        known = catalogue(language).text(self.template, self.context) is not None
        if not known and not (self.speaks(language) and SAFE.fullmatch(self.template)):
            return str(self)
        try:
            return super().to(language)
        except (LookupError, TypeError, ValueError):
            return str(self)


class _Parts(Joined):
    """Texts one after another out of a file."""

    __slots__ = ()

    def __new__(cls, text: str, parts: tuple[object, ...], separator: str) -> _Parts:
        made = str.__new__(cls, text)
        made.template, made.several, made.values, made.context = "", "", {}, ""
        made.parts, made.separator = parts, separator
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (str(self), self.parts, self.separator), {}

    def to(self, language: Language) -> str:
        """The texts in a language; in English what the file says."""
        return str(self) if language == SOURCE else super().to(language)
