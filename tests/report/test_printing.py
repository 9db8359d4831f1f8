"""The report as a PDF: what a screen reader finds in it, and that it is left out where its tools are not there."""

import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from mpi import run_study
from mpi.errors import UnmadeError
from mpi.report import report_pdf
from mpi.report.assembling import assembled
from mpi.report.blocks import Graphic, Table
from mpi.report.issue import issue_of
from mpi.vocabulary.wording import Language, legible
from tests.report.test_rendering import MADE, PROVENANCE
from tests.support.situations import Situation, study_of

every_file = pytest.mark.parametrize(
    ("name", "language"), [("single_round", "es"), ("single_round", "pt"), ("census", "en")]
)


@cache
def content(name: str, language: Language) -> bytes:
    return report_pdf(MADE[name](), language, provenance=PROVENANCE)


def elements(node: Any) -> Iterator[Any]:
    """The structure elements below a node, in the order of reading."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from elements(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


@every_file
def test_a_screen_reader_knows_language_title_headings_tables_and_pictures(name: str, language: Language) -> None:
    publication = MADE[name]()
    report = assembled(issue_of(publication, language, provenance=PROVENANCE))
    blocks = [block for one in report.sections for block in one.blocks]
    pictures = [one for one in [report.opening.picture, *blocks] if isinstance(one, Graphic)]
    tables = [one for one in blocks if isinstance(one, Table)]
    with pikepdf.open(io.BytesIO(content(name, language))) as file:
        root = file.Root
        assert str(root["/Lang"]) == language
        assert bool(root["/MarkInfo"]["/Marked"])
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
        assert "pdfuaid" in root["/Metadata"].read_bytes().decode()
        assert str(file.docinfo["/Title"]) == legible(f"{publication.title(language)}, {publication.period}")
        found = list(elements(root["/StructTreeRoot"]["/K"]))
        kinds = [str(one["/S"]) for one in found]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") >= len(report.sections) + 1  # and the glossary
        assert kinds.count("/Table") >= len(tables) > 5  # one that goes on over pages may be two
        headers = sum(len(one.columns) for one in tables)
        assert kinds.count("/TH") >= headers
        assert [str(one["/Alt"]) for one in found if one["/S"] == "/Figure"] == [legible(one.title) for one in pictures]
        with file.open_outline() as outline:
            chapters = [one.title for one in outline.root[0].children]
        told = [f"{place} {legible(one.title)}" for place, one in enumerate(report.sections, start=1)]
        assert chapters[: len(told)] == told


def test_the_same_publication_gives_the_same_bytes() -> None:
    assert report_pdf(MADE["census"](), "en", provenance=PROVENANCE) == content("census", "en")


@pytest.mark.parametrize(
    ("missing", "told"), [(None, "it needs WeasyPrint"), (OSError("cannot load library"), "WeasyPrint needs Pango")]
)
def test_without_its_tools_it_is_left_out_and_all_else_is_written(
    missing: OSError | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    if missing is None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
    else:
        monkeypatch.setattr(sys, "meta_path", [Broken(missing), *sys.meta_path])
    with pytest.raises(UnmadeError, match=told):
        report_pdf(MADE["census"](), "en")
    study = study_of(Situation(), tmp_path)
    made = run_study(study, tmp_path / "out", data=tmp_path, only=["board", "pdf"], threads=1)
    names = {path.name for path in made.folder.iterdir()}
    assert "board.es.html" in names
    assert not [name for name in names if name.endswith(".pdf")]
    assert [one.text for one in made.notices if one.code == "MPI-N170" and told in one.text and "pdf" in one.text]


class Broken:
    """Imports of WeasyPrint fail as they do where a library of the system is missing."""

    def __init__(self, error: OSError) -> None:
        self.error = error

    def find_spec(self, name: str, *_: object) -> None:
        if name == "weasyprint":
            raise self.error
