"""Texts in every language: English stands in the code, each other language is one catalogue file beside this one."""

from __future__ import annotations

from mpi.language.catalogues import LANGUAGES, Catalogue, Language, catalogue, preferred
from mpi.language.keeping import kept, restored
from mpi.language.phrases import (
    Phrase,
    counted,
    enumerated,
    in_language,
    joined,
    listed,
    noun,
    number_phrase,
    phrase,
    strung,
    template,
    translated,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "Language",
    "Phrase",
    "catalogue",
    "counted",
    "enumerated",
    "in_language",
    "joined",
    "kept",
    "listed",
    "noun",
    "number_phrase",
    "phrase",
    "preferred",
    "restored",
    "strung",
    "template",
    "translated",
]
