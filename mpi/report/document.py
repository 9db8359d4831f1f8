"""The report as a text file that an office can edit (DOCX): headings, real tables, pictures with alternative texts.

Comes in: a publication in one language. Goes out: the bytes of a file, the same for the same publication. Styles say
what everything is, so that an office changes its look in one place.
"""

from __future__ import annotations

import datetime
import functools
import io
from typing import Any

import pyarrow as pa

from mpi.drawing.canvas import picture
from mpi.errors import Fault, UsageError, installing
from mpi.errors.omissions import Omission
from mpi.language import catalogue, phrase, strung
from mpi.publication.model import Publication
from mpi.publication.sourcing import source_lines
from mpi.report.assembling import WITHOUT_SOURCE, Report, assembled
from mpi.report.blocks import Definition, Graphic, Heading, Items, KeyFigures, Paragraph, Section, Table, Terms
from mpi.report.issue import Issue, Provenance, issue_of
from mpi.report.word_styles import CODE, NOTE, NUMBER, SOURCE, TEXT, WARNING, dressed, footer, without_traces
from mpi.report.word_tables import FIGURE_CELL, table_of
from mpi.vocabulary.glossary import WORDS
from mpi.vocabulary.wording import THIN_SPACE, Language, legible

PICTURE_WIDTH = 17.0  # centimetres, of an A4 page with its margins
NARROW = 0.6  # of it
DPI = 200
TONES = {"plain": TEXT, "note": NOTE, "warning": WARNING}


def report_docx(
    publication: Publication,
    language: Language,
    *,
    provenance: Provenance | None = None,
    scores: pa.Table | None = None,
    bundles: pa.Table | None = None,
    left_out: list[Omission] | None = None,
) -> bytes:
    """The report of a publication as a DOCX file.

    Parameters as `mpi.report.rendering.report_html`.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    issue = issue_of(publication, language, provenance=provenance, scores=scores, bundles=bundles, left_out=left_out)
    return _Writer(issue, assembled(issue)).written()


def _new_document() -> Any:
    try:
        from docx import Document
    except ImportError:
        text = phrase("a report to edit needs python-docx, which is not installed")
        raise UsageError(Fault("MPI-O014", None, text, installing("publish"))) from None
    return Document()


class _Writer:
    """Writes the blocks of a report one after another."""

    def __init__(self, issue: Issue, report: Report) -> None:
        publication = issue.publication
        self.issue, self.report = issue, report
        self.title = publication.title(issue.language)
        self.source = self.sources = source_lines(publication, issue.language)[0]
        self.document = _new_document()
        dressed(self.document, issue.language, publication.study.template)

    def written(self) -> bytes:
        """The whole file."""
        self._front()
        for place, one in enumerate(self.report.sections, start=1):
            self._section(place, one)
        self._glossary(len(self.report.sections) + 1)
        study, told = self.issue.publication.study, self.document.core_properties
        told.title, told.author = legible(self.title), legible(self.issue.titled(study.publisher))
        told.subject, told.language = legible(self.report.opening.lead), self.issue.language
        moment = datetime.datetime.combine(study.released, datetime.time())
        told.created = told.modified = moment
        footer(self.document, legible(f"{self.title}, {self.issue.period}"))
        content = io.BytesIO()
        self.document.save(content)
        return without_traces(content.getvalue())

    def _front(self) -> None:
        issue, opening = self.issue, self.report.opening
        study = issue.publication.study
        self._say(issue.titled(study.publisher), NOTE)
        self._say(self.title, "Title")
        status = f", {issue.labels[study.status].lower()}" if study.status == "provisional" else ""
        self._say(f"{issue.period}{status}", "Subtitle")
        self._say(opening.lead, "Intense Quote")
        for block in (*opening.caveats, *opening.notes):
            self._paragraph(block)
        self._key_figures(opening.figures)
        self._say(issue.labels["contents"], NOTE)
        names = [*(one.title for one in self.report.sections), issue.labels["glossary"]]
        for place, name in enumerate(names, start=1):
            self._say(f"{place}. {name}", NOTE)
        if opening.picture is not None:
            self._figure(opening.picture)

    def _section(self, place: int, one: Section) -> None:
        self._say(f"{place} {one.title}", "Heading 1")
        self.source = one.source or self.sources
        for block in one.blocks:
            if isinstance(block, Table):
                self._table(block, sourced=one.id not in WITHOUT_SOURCE)
            else:
                self._put(block)

    @functools.singledispatchmethod
    def _put(self, block: Any) -> None:
        raise TypeError(f"a {type(block).__name__} is no block of a report")

    @_put.register
    def _paragraph(self, block: Paragraph) -> None:
        self._say(block.text, TONES[block.tone])

    @_put.register
    def _heading(self, block: Heading) -> None:
        self._say(block.text, f"Heading {block.level - 1}")

    @_put.register
    def _items(self, block: Items) -> None:
        for text in block.items:
            self._say(text, "List Bullet")

    @_put.register
    def _terms(self, block: Terms) -> None:
        for name, text in block.terms:
            self._term(name, text, code=block.code)

    @_put.register
    def _figure(self, block: Graphic) -> None:
        from docx.shared import Cm

        self._caption(f"{self.issue.labels['figure']}{THIN_SPACE}{block.number}", block.title)
        width = PICTURE_WIDTH * (NARROW if block.narrow else 1)
        content = picture(block.drawing, ".png", dpi=DPI)
        paragraph = self.document.add_paragraph(style=TEXT)
        paragraph.paragraph_format.keep_with_next = True
        told = paragraph.add_run().add_picture(io.BytesIO(content), width=Cm(width))._inline.docPr
        told.set("title", legible(block.title))
        told.set("descr", legible(block.sentence))
        see = f" {self.issue.labels['see_table']} {self.report.captions[block.table]}." if block.table else ""
        self._say(block.sentence + see, TEXT)
        self._say(self.source, SOURCE)

    @_put.register
    def _key_figures(self, block: KeyFigures) -> None:
        columns = [
            [(one.title, NUMBER), (f"{one.value}{one.unit}", FIGURE_CELL), (one.interval, SOURCE), (one.change, SOURCE)]
            for one in block.figures
        ]
        table = self.document.add_table(rows=1, cols=len(columns))
        for cell, lines in zip(table.rows[0].cells, columns, strict=True):
            for place, (text, style) in enumerate(line for line in lines if line[0]):
                paragraph = cell.paragraphs[0] if not place else cell.add_paragraph()
                paragraph.style = style
                paragraph.add_run(legible(text))
        self._say("", SOURCE)

    @_put.register
    def _definition(self, block: Definition) -> None:
        self._say(block.title, "Heading 4")
        self._say(block.weight, NOTE)
        for name, text in block.terms:
            self._term(name, text)
        self._say(self.issue.labels["d_written"], NOTE)
        for name, text in block.written:
            self._say(f"{name}: {text}", CODE)

    def _table(self, block: Table, *, sourced: bool) -> None:
        self._caption(self.report.captions[block.id], block.caption)
        self.document.element.body.insert(-1, table_of(block))
        marks = strung([f"{mark} {meaning}" for mark, meaning in block.legend], "; ", self.issue.language)
        told = [*block.notes, *([f"{self.issue.labels['marks']} {marks}."] if marks else [])]
        if told:
            self._say(" ".join(told), SOURCE)
        if sourced and any(column.align == "number" for column in block.columns):
            self._say(self.source, SOURCE)
        elif not told:
            self._say("", SOURCE)  # two tables that touch would become one

    def _glossary(self, place: int) -> None:
        language = self.issue.language
        self._say(f"{place} {self.issue.labels['glossary']}", "Heading 1")
        for word in WORDS.values():
            self._term(word.title[language], word.text[language])

    def _caption(self, name: str, text: str) -> None:
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.add_run(legible(f"{name}. "))
        paragraph.add_run(legible(text)).bold = False

    def _term(self, name: str, text: str, *, code: bool = False) -> None:
        paragraph = self.document.add_paragraph(style=TEXT)
        paragraph.add_run(legible(name + catalogue(self.issue.language).punctuated(": "))).bold = True
        run = paragraph.add_run(legible(text))
        if code:
            run.style = f"{CODE} Char"

    def _say(self, text: str, style: str) -> None:
        self.document.add_paragraph(legible(text), style=style)
