"""Phrases in files: they come back as they were, and what is no phrase of ours stays the English of the file."""

from __future__ import annotations

import copy
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest

from mpi.language import Phrase, counted, joined, kept, listed, number_phrase, phrase, restored

PHRASES = [
    phrase("{name} is unknown for every unit", name="agua"),
    phrase("`where` of {name} excludes {left:,} of {rows}", name="hogares", left=3, rows=counted(1204, "row")),
    number_phrase(1, "{number} stratum has one PSU ({names})", "{number} strata have one PSU ({names})", names="a"),
    joined((phrase("fill it in"), "; ", phrase("remove the line"), 3)),
    phrase("two columns are called {names}", names=listed(list("abcdefg"))),
    phrase("{share:.1%} of the persons are left out: an indicator is unknown for them", share=0.125),
    phrase("{share:.1%} of the persons are left out: an indicator is unknown for them", share=np.float64(0.125)),
    phrase("unknown"),
    phrase("verdict", context="verdict"),
]


@pytest.mark.parametrize("text", PHRASES)
def test_a_phrase_comes_back_from_a_file(text: Phrase) -> None:
    found = restored(json.loads(json.dumps(kept(text))))
    for again in (found, copy.deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301  our own bytes
        assert again == text
        assert isinstance(again, Phrase)
        assert [again.to(language) for language in ("en", "es", "pt")] == [text.to(one) for one in ("en", "es", "pt")]
    assert kept(found) == kept(text)


def test_values_that_json_does_not_know_are_kept_as_they_are_said() -> None:
    text = phrase("{k} {path}", k=Fraction(1, 3), path=None)
    assert kept(text) == {"text": "1/3 None", "template": "{k} {path}", "values": {"k": "1/3", "path": None}}


@pytest.mark.parametrize("text", ["of an earlier format", ""])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert kept(text) == text
    assert restored(text) == text


def told(template: str, **values: object) -> str:
    return restored({"text": "the English of the file", "template": template, "values": values})


@pytest.mark.parametrize(
    "text",
    [
        told("a text of another version about {name}", name="agua"),
        told("{name} is unknown for every unit"),  # a value is lacking
        told("{share:.1%} of the persons are left out: an indicator is unknown for them", share="much"),
        told("{name.__class__}", name="agua"),
        told("{name:>999999999}", name="agua"),
        told("{0}", name="agua"),
        told("{", name="agua"),
    ],
)
def test_what_cannot_be_said_in_a_language_is_the_english_of_the_file(text: str) -> None:
    assert isinstance(text, Phrase)
    assert {text.to(language) for language in ("en", "es", "pt")} == {"the English of the file"}


@pytest.mark.parametrize("found", [7, None, {}, {"text": 7}, {"text": "a", "template": 7}, ["a"]])
def test_anything_else_is_a_text_as_it_stands(found: object) -> None:
    assert isinstance(restored(found), str)
