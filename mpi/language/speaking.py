"""The language of what a command prints: that of the command line alone; English where Python calls."""

from __future__ import annotations

from contextvars import ContextVar

from mpi.language.catalogues import Language, written_signs
from mpi.language.phrases import in_language

LANGUAGE: ContextVar[Language] = ContextVar("language", default="en")


def spoken(text: object) -> str:
    """A text in the language of the command line.

    Examples
    --------
    >>> spoken("persons")
    'persons'
    """
    return in_language(text, LANGUAGE.get())


def figure(text: str) -> str:
    """A number in English digits with the signs of the command line's language, such as 1.234,5 for 1,234.5.

    Examples
    --------
    >>> figure("1,234.5")
    '1,234.5'
    """
    language = LANGUAGE.get()
    return text if language == "en" else text.translate(written_signs(language))
