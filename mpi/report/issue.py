"""One issue of a report: a publication in a language, with all that its sections ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from mpi.claims import Basis, Estimate, Member
from mpi.claims.numbers import between, marked
from mpi.disclosure.publishable import Publishable
from mpi.errors.omissions import Omission
from mpi.publication.lookup import Differences, Lookup, differences, groups, lookup
from mpi.publication.model import Publication
from mpi.report.blocks import Cell, Paragraph, Table
from mpi.report.texts import texts
from mpi.specs.measure import Indicator
from mpi.vocabulary.statistics import HEADLINE, INDICATORS
from mpi.vocabulary.wording import MARKS, UNITS, Language, level_text, title_in

CHANGED = (*HEADLINE, *INDICATORS)
TIMES = "\u00d7"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """A publication in one language.

    Attributes
    ----------
    found : Lookup
    differences : Differences or None
        From the round before.
    scores, bundles : pyarrow.Table or None
        Of `mpi.analysis.score_distribution`, after `hide_small`.
    parts : mapping
        The figures of the leading unit by the domains of a table: a publication has a million rows, a table a few.
    said : mapping of str to str
        The fixed texts.
    left_out : list of Omission
        What could not be made; it grows while the sections are made.
    """

    publication: Publication
    language: Language
    found: Lookup
    differences: Differences | None
    provenance: Provenance
    scores: pa.Table | None
    bundles: pa.Table | None
    parts: Mapping[tuple[str, ...], Publishable]
    said: Mapping[str, str]
    left_out: list[Omission] = field(default_factory=list)

    @property
    def unit(self) -> str:
        """The first unit of the study, whose figures lead."""
        return self.publication.study.units[0]

    @property
    def units(self) -> str:
        """Its name in the plural."""
        return UNITS[self.unit][self.language]

    @property
    def k(self) -> str:
        """The measure's own cutoff as the table has it."""
        return self.publication.study.cutoffs[0].text

    @property
    def level(self) -> float:
        """Of the confidence intervals."""
        return self.publication.study.level

    @property
    def period(self) -> str:
        """The period that is published."""
        return self.publication.period

    @property
    def before(self) -> str | None:
        """The period of the round before, if there is one."""
        rounds = self.publication.rounds
        return rounds[-2].period if len(rounds) > 1 else None

    @property
    def basis(self) -> Basis:
        """What the figures stand on."""
        return self.publication.basis

    @property
    def meanings(self) -> dict[str, str]:
        """What each mark means."""
        return self.publication.mark_meanings(self.language)

    @property
    def own_cutoff(self) -> str:
        """What the measure's own cutoff is called: the official one only where an act says so."""
        return self.said["official" if self.basis.official else "own_cutoff"]

    @property
    def census(self) -> bool:
        """Whether the last round has no sampling errors."""
        return self.publication.rounds[-1].census

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The domains and crossings that have tables, in the order of the study; those of maps alone at the end."""
        study = self.publication.study
        return (*study.by, *(names for names in study.sets if names not in study.by))

    @property
    def interval(self) -> str:
        """The heading of a column of intervals."""
        return self.said["interval"].format(level=level_text(self.level, self.language))

    def total(self, statistic: str, **where: str | None) -> Estimate:
        """The estimate of all units of the published period, at the measure's own cutoff."""
        asked: dict[str, str] = {"period": self.period, "unit": self.unit, "k": self.k}
        asked |= {name: code for name, code in where.items() if code is not None}
        return self.found.total(statistic, **asked)

    def groups(self, domains: tuple[str, ...], *statistics: str) -> dict[tuple[str, ...], dict[str, Estimate]]:
        """The estimates of all groups of the published period, at the measure's own cutoff."""
        figures = self.narrowed(domains)
        return groups(figures, domains, statistics, period=self.period, unit=self.unit, k=self.k)

    def narrowed(self, domains: tuple[str, ...]) -> Publishable:
        """The figures of the leading unit in total and by the domains, crossed or not: what a chart reads."""
        found = self.parts.get(domains)
        return narrowed(self.publication.figures, self.unit, domains) if found is None else found

    def titled(self, titles: Mapping[str, str], name: str = "") -> str:
        """A title in the language of the report."""
        return title_in(titles, self.language, name)

    def domain(self, name: str) -> str:
        """The title of a domain."""
        return self.publication.domain_title(name, self.language)

    def crossing(self, domains: tuple[str, ...]) -> str:
        """The title of one domain, or of several that are crossed."""
        return f" {TIMES} ".join(self.domain(name) for name in domains)

    def name(self, domain: str, code: str) -> str:
        """The name of a code."""
        return self.publication.name_of(domain, code, self.language)

    def names(self, domain: str, codes: Iterable[str]) -> dict[str, str]:
        """Names by code."""
        return {code: self.name(domain, code) for code in codes}

    def indicator(self, indicator: Indicator) -> str:
        """The title of an indicator."""
        return self.titled(indicator.title, indicator.name)

    def members(self, domain: str, groups: Mapping[str, Estimate]) -> tuple[Member, ...]:
        """The groups of a domain as a claim takes them."""
        return tuple(Member(code, self.name(domain, code), one) for code, one in groups.items())

    def cells(self, statistic: str, estimate: Estimate) -> tuple[Cell, Cell]:
        """The cells of an estimate and of its interval."""
        return self.cell(statistic, estimate), self.interval_cell(statistic, estimate)

    def cell(self, statistic: str, estimate: Estimate) -> Cell:
        """The cell of an estimate, with its mark."""
        return Cell(marked(statistic, estimate, self.language), standing=estimate.standing)

    def interval_cell(self, statistic: str, estimate: Estimate) -> Cell:
        """The cell of an interval; a mark where the estimate is hidden."""
        if estimate.standing in ("hidden", "undefined"):
            return Cell(MARKS[estimate.standing], standing=estimate.standing)
        return Cell(between(estimate.low, estimate.high, statistic, self.language))

    def left_out_note(self, title: str) -> Paragraph:
        """The sentence that stands where the part that was left out last would stand."""
        last = self.left_out[-1]
        text = self.said["left_out"].format(title=title, why=last.why[self.language])
        return Paragraph(text, "warning" if last.fault else "note")

    def with_legend(self, table: Table) -> Table:
        """The table with the meanings of the marks that occur in it, without columns of intervals that hold none."""
        table = _without_empty(table, self.interval)
        found = {cell.standing for row in table.rows for cell in row.cells}
        legend = tuple((MARKS[name], self.meanings[name]) for name in MARKS if MARKS[name] and name in found)
        return Table(table.id, table.caption, table.columns, table.rows, table.notes, legend)


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


def issue(
    publication: Publication,
    language: Language,
    *,
    provenance: Provenance | None = None,
    scores: pa.Table | None = None,
    bundles: pa.Table | None = None,
    left_out: list[Omission] | None = None,
) -> Issue:
    """A publication in a language; what cannot be made is added to `left_out`."""
    rounds = publication.rounds
    found = None
    if len(rounds) > 1:
        found = differences(publication.changes, rounds[-2].period, rounds[-1].period, CHANGED)
    sets = ((), *publication.study.sets)
    parts = {names: narrowed(publication.figures, publication.study.units[0], names) for names in sets}
    return Issue(
        publication=publication,
        language=language,
        found=lookup(publication.figures),
        differences=found,
        provenance=provenance or Provenance(),
        scores=scores,
        bundles=bundles,
        parts=parts,
        said=texts(language),
        left_out=[] if left_out is None else left_out,
    )


def narrowed(figures: Publishable, unit: str, domains: tuple[str, ...]) -> Publishable:
    """The figures of a unit in total and by some domains, crossed or not."""
    keep = pc.equal(figures.table["unit"], unit)
    for name in figures.domains:
        if name not in domains:
            keep = pc.and_(keep, pc.is_null(figures.table[name]))
    return Publishable(figures.table.filter(keep), figures.domains, figures.notices, figures.disclosure)
