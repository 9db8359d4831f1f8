"""Publications in a language beside the first two: whole in it, with its numbers and dates, and nothing of another."""

from __future__ import annotations

import html
import json
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mpi.language import catalogue
from mpi.maps.page_texts import page_texts
from mpi.runs import Made, run_study
from mpi.vocabulary.wording import figure
from mpi.workbook.words import SHEETS
from tests.support.loops import at_least_one
from tests.support.situations import Situation, study_of
from tests.support.wanted_texts import found

WORDS = {"es": "El hogar no lo tiene.", "pt": "O domicílio não o tem."}
SHORTEST = 14  # of a piece of a template that can only come from it


def made_in(languages: tuple[str, ...], folder: Path, **more: Any) -> Made:
    study = study_of(Situation(languages=languages, rounds=2, map=True, reliability="dane", **more), folder)
    measure = replace(study.measure, indicators=tuple(replace(one, words=WORDS) for one in study.measure.indicators))
    return run_study(replace(study, measure=measure), folder / "out", data=folder)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made_in(("pt", "es"), tmp_path_factory.mktemp("both"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made_in(("pt",), tmp_path_factory.mktemp("alone"), disclosure="groups")


def report(made: Made, language: str) -> str:
    """What a report says, charts too, without its rules and its list of files and versions."""
    text = (made.folder / f"report.{language}.html").read_text("utf-8")
    text = re.sub(r"<(style|script|code|pre)\b.*?</\1>", " ", text, flags=re.S)
    return re.sub(r"[^\S\u202f]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def workbook(made: Made, language: str) -> str:
    book = openpyxl.load_workbook(made.folder / f"workbook.{language}.xlsx", read_only=True)
    read = [sheet for sheet in book if sheet.title != SHEETS["data"][language]]  # which is for programs
    cells = (cell for sheet in read for row in sheet.iter_rows(values_only=True) for cell in row)
    return " \n ".join([*book.sheetnames, *(cell for cell in cells if isinstance(cell, str))])


def charts(made: Made, language: str) -> str:
    names = sorted((made.folder / "charts").glob(f"*.{language}.svg"))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8"))) for path in at_least_one(names))


OUTPUTS = {"report": report, "workbook": workbook, "charts": charts}


def pieces(template: str) -> list[str]:
    """The longer stretches of words of a template, between its fields."""
    return [literal.strip() for literal, *_ in string.Formatter().parse(template) if len(literal.strip()) >= SHORTEST]


def templates(language: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Every text of a language with its key, in each of its forms."""
    for key, text in found().items():
        if language == "en":
            forms: tuple[str, ...] = tuple(filter(None, (text.english, text.several)))
        else:
            forms = catalogue(language).texts.get(key, ())
        yield from ((key, form) for form in forms)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("other", ["en", "es"])
def test_no_words_of_another_language_are_left(both: Made, output: str, other: str) -> None:
    text = OUTPUTS[output](both, "pt")
    own = " ".join(form for _, form in templates("pt"))
    foreign = {piece for _, form in templates(other) for piece in pieces(form) if piece not in own}
    held = [piece for piece in at_least_one(sorted(foreign)) if piece in text]  # most are not, not even inside words
    left = [piece for piece in held if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text)]
    assert not left


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_is_said_in_spanish_is_said_in_portuguese_too(both: Made, output: str) -> None:
    spanish, portuguese = (OUTPUTS[output](both, language) for language in ("es", "pt"))
    every = {form for _, form in templates("es")}
    said: dict[tuple[str, ...], list[str]] = {}  # the stretches of a Spanish text, and what it is in Portuguese
    own = dict(templates("pt"))
    for key, form in templates("es"):
        found = tuple(pieces(form))
        if not found or not all(piece in spanish for piece in found):
            continue
        if not any(piece in other for piece in found for other in every - {form}):  # it can only come from this text
            said.setdefault(found, []).append(own[key])
    for found, ways in at_least_one(said.items()):
        assert any(all(piece in portuguese for piece in pieces(form)) for form in ways), found


def test_numbers_and_dates_are_those_of_the_language(both: Made) -> None:
    text = report(both, "pt")
    row = both.publication.figures.row("H", period="2021", unit="persons", k="1/2")
    assert f"{figure(row['estimate'], 'percent', 'pt')}%" in text
    assert "1º de janeiro de 2026" in text
    said = text.rsplit("Reprodutibilidade", 1)[0]  # versions of packages follow
    assert not re.search(r"\d\.\d{1,2}\b(?!\.)", said) and re.search(r"\d,\d\b", said)


def test_every_file_is_there_in_each_language_and_in_no_other(both: Made, alone: Made) -> None:
    for made, languages in ((both, {"pt", "es"}), (alone, {"pt"})):
        files = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()}
        for language in languages:
            assert {f"report.{language}.html", f"workbook.{language}.xlsx"} <= files
        found = {match[1] for name in files if (match := re.search(r"\.(es|en|pt)\.\w+$", name))}
        assert found == languages
        assert "MPI-N160" not in {notice.code for notice in made.notices}


def test_what_is_stored_by_language_has_the_languages_of_the_study(both: Made, alone: Made) -> None:
    for made, languages in ((both, ["pt", "es"]), (alone, ["pt"])):
        package = json.loads((made.folder / "results" / "datapackage.json").read_text("utf-8"))
        for field in at_least_one([field for one in package["resources"] for field in one["schema"]["fields"]]):
            assert list(field["titles"]) == list(field["descriptions"]) == languages
        assert package["resources"][0]["titles"].keys() == set(languages)
    held = json.loads((alone.folder / "manifest.json").read_text("utf-8"))
    for one in at_least_one(held["left_out"]):
        assert list(one["why"]) == ["pt"]


def test_the_page_of_the_map_is_in_the_languages_of_the_study(both: Made) -> None:
    page = (both.folder / "map.valley.html").read_text("utf-8")
    data = json.loads(page.split('id="data">', 1)[1].split("</script>", 1)[0])
    assert data["languages"] == ["pt", "es"] and '<html lang="pt">' in page
    assert data["words"] == page_texts(("pt", "es"))
    assert data["texts"]["title"] == {"pt": "Pobreza", "es": "Pobreza"}
    assert data["texts"]["area"] == {"pt": "Vale", "es": "Valle"}
