"""Notices as publications print them: in their language, or in English, which is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from mpi.config import load_disclosure, load_reliability, load_study
from mpi.config.locate import shipped
from mpi.errors import Notice
from mpi.errors.notices import said
from mpi.language import Phrase, joined, number_phrase, phrase
from mpi.publication.languages import lacking
from mpi.specs.texts import place_of
from mpi.vocabulary.wording import LANGUAGES


def test_a_notice_is_told_in_the_language_with_what_it_quotes() -> None:
    text = number_phrase(1204, "{number:,} row of {table}", "{number:,} rows of {table}", table="hogares")
    assert said(Notice("MPI-N001", text), "en") == ("1,204 rows of hogares", "en")
    text = phrase("{name} is unknown for every unit", name="agua")
    assert said(Notice("MPI-N005", text), "es") == ("agua es desconocido en todas las unidades", "es")


def test_a_text_that_the_catalogue_lacks_is_said_to_be_english() -> None:
    assert said(Notice("MPI-N006", "something else"), "es") == ("something else", "en")
    lost = Phrase("{name} is something else", {"name": "agua"})
    assert said(Notice("MPI-N006", lost), "es") == ("agua is something else", "en")
    assert said(Notice("MPI-N006", joined((lost, "; ", lost))), "es")[1] == "en"


def test_texts_that_lack_a_language_of_the_study_are_named() -> None:
    study = load_study("colombia_demo")
    assert lacking(study) == []
    # A plain text is for every language: only what is written by language can lack one.
    bare = replace(study, measure=replace(study.measure, note={"en": "only English"}, source={"": "in one language"}))
    (notice,) = lacking(bare)
    assert notice.code == "MPI-N160"
    assert notice.text == "texts without Spanish, printed as they are: colombia_ipm: note"
    assert lacking(replace(bare, languages=("en",))) == []
    silent = [
        replace(one, words=words)
        for one, words in zip(
            study.measure.indicators, ({}, {"en": "only English"}, {"": "of every language"}), strict=False
        )
    ]
    wordless = replace(study.measure, indicators=(*silent, *study.measure.indicators[3:]))
    found = lacking(replace(study, measure=wordless))
    assert [notice.code for notice in found] == ["MPI-N210", "MPI-N210"]
    at = [f"{one.name} (colombia_ipm.yaml:{place_of(one.title).line}:16)" for one in silent]
    assert [notice.text for notice in found] == [
        f"indicators without words in Spanish, of which the rule alone is printed: {at[0]}, {at[1]}",
        f"indicators without words in English, of which the rule alone is printed: {at[0]}",
    ]
    first, *others = study.maps
    borders = replace(first.boundaries, source={"": "squares"}, vintage={"es": "marco"}, licence={"": "CC0"})
    assert [notice.text for notice in lacking(replace(study, maps=(replace(first, boundaries=borders), *others)))] == [
        "texts without English, printed as they are: map of departamento: vintage"
    ]


def test_texts_that_lack_a_language_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    shipped = Path(load_study("colombia_demo").place.file)
    text = shipped.read_text("utf-8").replace("../../sample_data", str(shipped.parent.parent.parent / "sample_data"))
    assert "licence: CC0-1.0\n" in text
    path.write_text(text.replace("licence: CC0-1.0\n", "licence: CC0-1.0\ncitation: {es: Ejemplo}\n", 1), "utf-8")
    line = path.read_text("utf-8").split("\n").index("citation: {es: Ejemplo}") + 1
    (notice,) = lacking(load_study(path))
    assert notice.text == f"texts without English, printed as they are: study: citation (study.yaml:{line}:11)"
    assert notice.text.to("pt") == f"textos sem inglês, impressos como estão: study: citation (study.yaml:{line}:11)"


@pytest.mark.parametrize("name", shipped("reliability"))
def test_the_demo_can_be_published_in_every_language_with_every_rule_set(name: str) -> None:
    study = replace(load_study("colombia_demo"), languages=LANGUAGES, reliability=load_reliability(name))
    assert lacking(study) == []


@pytest.mark.parametrize("name", shipped("disclosure"))
def test_the_titles_of_every_disclosure_rule_set_are_in_every_language(name: str) -> None:
    assert lacking(replace(load_study("colombia_demo"), languages=LANGUAGES, disclosure=load_disclosure(name))) == []
