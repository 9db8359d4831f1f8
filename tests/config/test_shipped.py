"""Every measure and survey that ships with the package: it loads, is called like its file, and its examples load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from mpi.config import load_examples, load_measure, load_survey, shipped
from mpi.config.composing import load
from mpi.vocabulary.wording import LANGUAGES
from tests.support.loops import at_least_one

CONFIGS = Path(__file__).parents[2] / "configs"
MEASURES, SURVEYS = shipped("measures"), shipped("surveys")


def test_there_are_measures_and_surveys() -> None:
    assert {"colombia_ipm", "uruguay_ipm", "uruguay_derechos", "global_mpi"} <= set(MEASURES)
    assert {"colombia_ecv_2025", "uruguay_ech_2018"} <= set(SURVEYS)


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_config_is_read_alike_without_the_fast_reader(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same texts at the same places: libyaml is not there on every machine."""
    fast = load(path)
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert load(path) == fast


def texts(content: object) -> Iterator[dict[str, str]]:
    """Every text of a config that is written by language."""
    if isinstance(content, dict):
        if content and set(content) <= set(LANGUAGES):
            yield content
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_text_for_publications_is_in_every_language(path: Path) -> None:
    """Titles of a measure's variables, which the outputs do not print, are in English and Spanish alone."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = list(texts(yaml.load(path.read_text("utf-8"), loader)))  # noqa: S506  a safe one, of libyaml where there is it
    whole = ({"es", "pt", "fr"}, set(LANGUAGES))
    assert [text for text in found if not set(text) <= {"en", "es"} and set(text) not in whole] == []
    assert [text for text in found if "'" in text.get("fr", "").replace("Women's", "")] == []


@pytest.mark.parametrize("name", MEASURES)
def test_a_shipped_measure_loads_under_its_name_and_its_weights_add_up_to_1(name: str) -> None:
    measure = load_measure(name)
    assert measure.name == name
    assert sum((dimension.weight for dimension in measure.dimensions), Fraction(0)) == 1
    assert measure.title and measure.source
    for dimension in measure.dimensions:
        own = [i.weight for i in measure.indicators if i.dimension == dimension.name]
        assert dimension.at_least is not None or sum(own, Fraction(0)) == dimension.weight


@pytest.mark.parametrize("name", MEASURES)
def test_a_shipped_measure_has_examples_of_every_indicator(name: str) -> None:
    measure = load_measure(name)
    examples, scores = load_examples(measure)
    assert {example.indicator for example in examples} == set(measure.names)
    assert scores


@pytest.mark.parametrize("name", SURVEYS)
def test_a_shipped_survey_loads_under_its_name(name: str) -> None:
    survey = load_survey(name)
    assert survey.name == name
    assert survey.title and survey.source and survey.period
    assert survey.variables and survey.domains


def test_every_shipped_survey_says_how_its_rounds_relate_or_why_it_cannot() -> None:
    files = sorted((Path(__file__).parents[2] / "configs" / "surveys").glob("*.yaml"))
    assert len(files) > 3
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "rounds:" in text, f"{file.name}: declare `rounds:`, or say in a comment why it is not known"


@pytest.mark.parametrize("name", MEASURES)
def test_every_indicator_of_a_shipped_measure_says_in_its_languages_who_is_deprived(name: str) -> None:
    for one in at_least_one(load_measure(name).indicators):
        assert set(one.words) >= {"es", "en"}, one.name
        for text in one.words.values():
            assert text[0].isupper() and text.endswith(".") and len(text) > 20
        # Numbers of the rule are those of the words: ages and years are not told otherwise than they are judged.
        numbers = [set(re.findall(r"\d+", text)) for text in one.words.values()]
        assert len({frozenset(found) for found in numbers}) == 1, one.name
