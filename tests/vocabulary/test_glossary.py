"""The glossary of readers: complete, found where its words stand, and at one with that of developers."""

import re
from functools import cache
from pathlib import Path

import pytest

from mpi.vocabulary.glossary import WORDS, found_in, word_of
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import LANGUAGES, Language, statistic_title
from tests.support.loops import at_least_one

DEVELOPERS = Path(__file__).parents[2] / "docs" / "en" / "terms.md"
LONGEST = 260  # characters: what a reader takes in at a glance


@cache
def rows() -> dict[str, tuple[str, str]]:
    """The terms of developers, with what the field calls them in English and in Spanish."""
    found = [line.strip("| ").split(" | ") for line in DEVELOPERS.read_text("utf-8").splitlines() if "|" in line]
    found = [
        [cells[0], cells[1], cells[1] if "the same" in cells[2] else cells[2], cells[3]]
        for cells in found
        if len(cells) == 4
    ]
    return {cells[0]: (cells[2], cells[3]) for cells in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_short_explanation_and_a_form_belongs_to_one_word(language: Language) -> None:
    met: dict[str, str] = {}
    for name, word in WORDS.items():
        text = word.text[language]
        assert word.title[language] and text.endswith("."), name
        assert len(text) <= LONGEST and 1 <= len(re.findall(r"\.(?= [A-Z]|$)", text)) <= 2, (name, len(text))
        for form in (word.said or {language: ""})[language].split("|"):
            assert met.setdefault(form, name) == name, form


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_is_found_where_its_title_or_that_of_its_statistic_stands(language: Language) -> None:
    named = {"H", "A", "M0", "censored_headcount", "uncensored_headcount", "absolute_contribution"}
    for name in sorted(named & DEFINITIONS.keys()):
        title = statistic_title(name, "persons", language)
        assert [found for _, found in found_in(title, language) if found] == [word_of(name)], title


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("La incidencia (H) bajó 1,5 puntos porcentuales (IC\u202f95\u202f%)", "es", ["H", "points", "interval"]),
        ("A household; weights; Honduras; know", "en", []),
        ("Weight, % and another weight", "en", ["weight"]),
        ("95% CI", "en", ["interval"]),
        ("n.d. no hay dato; n: personas", "es", ["n"]),  # a letter of an abbreviation is no word
        ("k = 1/3", "pt", ["k"]),
    ],
)
def test_words_are_found_whole_and_once(text: str, language: Language, words: list[str]) -> None:
    pieces = list(found_in(text, language))
    assert "".join(piece for piece, _ in pieces) == text
    assert [name for _, name in pieces if name] == words


def test_both_glossaries_call_a_term_the_same() -> None:
    shared = {name: word for name, word in WORDS.items() if word.term}
    for name, word in at_least_one(shared.items()):
        assert word.term in rows(), f"{name}: docs/en/terms.md has no row {word.term!r}"
        english, spanish = rows()[word.term]
        for language, terms in (("en", english), ("es", spanish)):
            told = f"{word.title[language]} {word.text[language]} {(word.said or {}).get(language, '')}".lower()
            plain = re.sub(r"\s*\*\w+\*", "", terms.lower())  # without symbols
            own = [term for term in re.split(r"[,;] ?", plain) if term]
            assert not own or any(term in told for term in own), (name, language, own)


def test_the_glossary_of_developers_says_where_that_of_readers_is() -> None:
    assert "mpi/vocabulary/glossary.py" in DEVELOPERS.read_text("utf-8")
