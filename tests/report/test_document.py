"""The report as a text file: all that the page has, as styles, tables and pictures that a word processor knows."""

import io
import sys
import zipfile
from functools import cache
from typing import Any

import pytest
from docx import Document

from mpi.drawing.widths import text_width
from mpi.errors import UsageError
from mpi.report import report_docx
from mpi.report.assembling import assembled
from mpi.report.blocks import Graphic, Table
from mpi.report.issue import issue_of
from mpi.report.word_styles import COUNTRIES
from mpi.report.word_tables import WIDE, _widths
from mpi.vocabulary.glossary import WORDS
from mpi.vocabulary.wording import LANGUAGES, Language, legible
from tests.report.test_rendering import MADE, PROVENANCE
from tests.support.loops import at_least_one
from tests.support.publications import HOSTILE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
every_file = pytest.mark.parametrize(
    ("name", "language"), [*(("single_round", one) for one in LANGUAGES), ("hostile", "es"), ("census", "en")]
)


@cache
def content(name: str, language: Language) -> bytes:
    return report_docx(MADE[name](), language, provenance=PROVENANCE)


@cache
def file(name: str, language: Language) -> Any:
    return Document(io.BytesIO(content(name, language)))


def text_of(document: Any) -> str:
    return "\n".join(
        "".join(node.text or "" for node in one.iter(f"{W}t")) for one in document.element.body.iter(f"{W}p")
    )


@every_file
def test_sections_are_headings_and_tables_are_those_of_the_page(name: str, language: Language) -> None:
    document = file(name, language)
    report = assembled(issue_of(MADE[name](), language, provenance=PROVENANCE))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads[:-1] == [f"{place} {one.title}" for place, one in enumerate(report.sections, start=1)]
    tables = [block for one in report.sections for block in one.blocks if isinstance(block, Table)]
    made = document.tables[1:]  # after that of the key figures
    assert len(made) == len(tables) > 5
    for block, table in zip(tables, made, strict=True):
        rows = table._tbl.findall(f"{W}tr")
        heads_of = 2 if block.groups else 1
        assert len(rows) == len(block.rows) + heads_of
        again = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert again == [True] * heads_of + [False] * len(block.rows)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        last = [cell.text for cell in table.rows[-1].cells]
        assert last[-1] == legible(block.rows[-1].cells[-1].text)


@every_file
def test_pictures_have_their_alternative_texts(name: str, language: Language) -> None:
    report = assembled(issue_of(MADE[name](), language, provenance=PROVENANCE))
    blocks = [report.opening.picture, *(block for one in report.sections for block in one.blocks)]
    figures = [block for block in blocks if isinstance(block, Graphic)]
    told = [
        (shape._inline.docPr.get("title"), shape._inline.docPr.get("descr"))
        for shape in file(name, language).inline_shapes
    ]
    assert told == [(legible(one.title), legible(one.sentence)) for one in at_least_one(figures)]


@every_file
def test_the_file_says_its_title_and_language_and_not_who_made_its_template(name: str, language: Language) -> None:
    document, publication = file(name, language), MADE[name]()
    assert document.core_properties.title == legible(publication.title(language))
    assert document.core_properties.language == language and not document.core_properties.comments
    languages = {one.get(f"{W}val") for one in document.styles.element.iter(f"{W}lang")}
    assert languages == {COUNTRIES[language]}
    names = zipfile.ZipFile(io.BytesIO(content(name, language))).namelist()
    assert "docProps/thumbnail.jpeg" not in names and len(names) == len(set(names))
    text = text_of(document)
    for word in WORDS.values():
        assert word.text[language] in text
    footer = document.sections[0].footer._element
    assert [one.get(f"{W}instr") for one in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


@every_file
def test_no_column_is_narrower_than_a_word_of_its_headings(name: str, language: Language) -> None:
    report = assembled(issue_of(MADE[name](), language, provenance=PROVENANCE))
    tables = [block for one in report.sections for block in one.blocks if isinstance(block, Table)]
    for block in at_least_one(tables):
        widths, size = _widths(block)
        assert sum(widths) == pytest.approx(WIDE, abs=len(widths))
        for heads in (block.groups, [(column.title, 1) for column in block.columns]):
            start = 0
            for title, span in heads:
                room = sum(widths[start : start + span]) / 20
                longest = max((text_width(word, size / 2, bold=True) for word in title.split()), default=0)
                assert longest <= room, (block.caption, title)
                start += span


def test_the_same_publication_gives_the_same_bytes() -> None:
    assert report_docx(MADE["single_round"](), "en", provenance=PROVENANCE) == content("single_round", "en")


def test_markup_in_names_stays_text() -> None:
    text = text_of(file("hostile", "es"))
    assert any(legible(name) in text for name in HOSTILE)


def test_without_python_docx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(UsageError, match=r"MPI-O014.*python-docx(?s:.)*install them: .*'\.\[publish\]'"):
        report_docx(MADE["single_round"](), "en")
