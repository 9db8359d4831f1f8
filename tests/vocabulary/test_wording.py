"""Words and numbers of publications, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.disclosure.publishable import STANDINGS
from mpi.estimates import STATISTICS
from mpi.vocabulary.wording import (
    LANGUAGES,
    MARK_MEANINGS,
    MARKS,
    MINUS,
    NOTHING,
    THIN_SPACE,
    Language,
    figure,
    form_of,
    number,
    statistic_title,
    title_in,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statistic_and_every_standing_has_words(language: Language) -> None:
    for statistic in STATISTICS:
        assert statistic_title(statistic, "persons", language)
        assert form_of(statistic) in ("percent", "index", "number")
    assert tuple(MARKS) == tuple(MARK_MEANINGS) == STANDINGS
    assert all(MARK_MEANINGS[standing][language] for standing in STANDINGS)


def test_a_number_of_poor_households_is_not_called_persons() -> None:
    assert statistic_title("poor", "households", "es") == "Hogares en pobreza"
    assert statistic_title("poor", "persons", "es") == "Personas en pobreza"


def test_numbers_follow_the_language() -> None:
    assert number(1234567.891, "es", 2) == f"1{THIN_SPACE}234{THIN_SPACE}567,89"
    assert number(1234567.891, "en", 2) == "1,234,567.89"
    assert number(-0.5, "en", 1) == f"{MINUS}0.5"
    assert number(-0.04, "en", 1) == "0.0"  # a minus before a zero would say a direction that is not shown
    assert number(None, "es") == number(float("nan"), "es") == NOTHING


def test_an_index_has_three_digits_and_a_share_one() -> None:
    assert figure(0.1234, "percent", "en") == "12.3"
    assert figure(0.1234, "index", "es") == "0,123"
    assert figure(0.1234, "percent", "en", 2) == "12.34"


@given(value=st.floats(-1e12, 1e12), digits=st.integers(0, 4), language=st.sampled_from(LANGUAGES))
def test_a_written_number_reads_back_as_the_rounded_one(value: float, digits: int, language: Language) -> None:
    text = number(value, language, digits).replace(MINUS, "-")
    decimal, thousands = {"en": ".,", "es": "," + THIN_SPACE, "pt": ",.", "fr": "," + THIN_SPACE}[language]
    text = text.replace(thousands, "").replace(decimal, ".")
    assert float(text) == float(f"{value:.{digits}f}")


def test_a_title_falls_back_to_another_language_then_to_the_name() -> None:
    assert title_in({"es": "Zona"}, "en", "zona") == "Zona"
    assert title_in({"": "Zone", "es": "Zona"}, "en", "zona") == "Zone"
    assert title_in({}, "en", "zona") == "zona"
