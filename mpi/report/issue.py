"""One issue of a report: a publication in a language, with all that its sections ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from mpi.claims.numbers import between, marked
from mpi.disclosure.figures import Figure, read
from mpi.errors.omissions import Omission
from mpi.publication.edition import Edition, changes_of
from mpi.publication.model import Publication
from mpi.report.blocks import Cell, Paragraph, Table
from mpi.report.texts import texts
from mpi.vocabulary.wording import MARKS, Language, level_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the figures come from and what comes with them, for the reader who wants to make them again.

    Attributes
    ----------
    versions : mapping of str to str
        Programs and libraries, with their versions.
    inputs : mapping of str to str
        Names of input files, without folders, with their SHA-256.
    command : str
        The command that makes the publication.
    workbook, results : str
        Names of files beside the report; empty if there are none.
    maps : mapping of str to str
        By domain the file of the interactive map.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    workbook: str = ""
    results: str = ""
    maps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Issue(Edition):
    """A publication in one language as a report: with its fixed texts and what could not be made.

    Attributes
    ----------
    labels : mapping of str to str
        The fixed texts by name.
    left_out : list of Omission
        What could not be made; it grows while the sections are made.
    """

    provenance: Provenance
    labels: Mapping[str, str]
    left_out: list[Omission] = field(default_factory=list)

    @property
    def own_cutoff(self) -> str:
        """What the measure's own cutoff is called; official only if an act makes it so."""
        return self.labels["official" if self.basis.official else "own_cutoff"]

    @property
    def interval(self) -> str:
        """The heading of a column of intervals."""
        return self.labels["interval"].format(level=level_text(self.level, self.language))

    def cells(self, statistic: str, estimate: Figure) -> tuple[Cell, Cell]:
        """The cells of an estimate and of its interval."""
        return self.cell(statistic, estimate), self.interval_cell(statistic, estimate)

    def cell(self, statistic: str, estimate: Figure) -> Cell:
        """The cell of an estimate, with its mark."""
        return Cell(self.say(marked(statistic, estimate)), standing=estimate.standing)

    def interval_cell(self, statistic: str, estimate: Figure) -> Cell:
        """The cell of an interval; a mark where the estimate is hidden."""
        if estimate.standing in ("hidden", "undefined"):
            return Cell(MARKS[estimate.standing], standing=estimate.standing)
        return Cell(self.say(between(estimate.low, estimate.high, statistic)))

    def left_out_note(self, title: str) -> Paragraph:
        """The note in place of the part that was left out last."""
        last = self.left_out[-1]
        text = self.labels["left_out"].format(title=title, why=last.why[self.language])
        return Paragraph(text, "warning" if last.fault else "note")

    def with_legend(self, table: Table) -> Table:
        """The table with the meanings of the marks that occur in it, without columns of intervals that hold none."""
        table = _without_empty(table, self.interval)
        standings = {cell.standing for row in table.rows for cell in row.cells}
        legend = tuple((MARKS[name], self.meanings[name]) for name in MARKS if MARKS[name] and name in standings)
        return Table(
            id=table.id, caption=table.caption, columns=table.columns, rows=table.rows, notes=table.notes, legend=legend
        )


def _without_empty(table: Table, title: str) -> Table:
    """The table without the columns of a title in which no cell holds a number: a census has no intervals."""
    full = [row for row in table.rows if row.cells]
    places = [place - len(table.columns) for place, column in enumerate(table.columns) if column.title == title]
    gone = {place for place in places if full and not any(any(map(str.isdigit, row.cells[place].text)) for row in full)}
    if not gone:
        return table
    columns = tuple(one for place, one in enumerate(table.columns, start=-len(table.columns)) if place not in gone)
    rows = tuple(
        replace(row, cells=tuple(c for place, c in enumerate(row.cells, start=-len(row.cells)) if place not in gone))
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def issue_of(
    publication: Publication,
    language: Language,
    *,
    provenance: Provenance | None = None,
    scores: pa.Table | None = None,
    bundles: pa.Table | None = None,
    left_out: list[Omission] | None = None,
) -> Issue:
    """A publication in a language; what cannot be made is added to `left_out`."""
    return Issue(
        publication=publication,
        language=language,
        figures=read(publication.figures),
        changes=changes_of(publication),
        provenance=provenance or Provenance(),
        scores=scores,
        bundles=bundles,
        labels=texts(language),
        left_out=[] if left_out is None else left_out,
    )
