"""One issue of a report: a publication in a language, with all that its sections ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from mpi.claims import Basis, Member
from mpi.claims.numbers import between, marked
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure, Figures, read
from mpi.errors.omissions import Omission
from mpi.publication.model import Publication
from mpi.report.blocks import Cell, Paragraph, Table
from mpi.report.texts import texts
from mpi.specs.measure import Indicator
from mpi.vocabulary.wording import MARKS, UNITS, Language, level_text, title_in

TIMES = "\u00d7"


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
class Issue:
    """A publication in one language.

    Attributes
    ----------
    figures : Figures
        Estimates of all rounds.
    changes : Figures or None
        If there are some from the round before.
    scores, bundles : pyarrow.Table or None
        Of `mpi.analysis.score_distribution`, after `hide_small`.
    said : mapping of str to str
        The fixed texts.
    left_out : list of Omission
        What could not be made; it grows while the sections are made.
    """

    publication: Publication
    language: Language
    figures: Figures
    changes: Figures | None
    provenance: Provenance
    scores: pa.Table | None
    bundles: pa.Table | None
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

    def total(
        self,
        statistic: str,
        *,
        period: str | None = None,
        unit: str | None = None,
        k: str | None = None,
        dimension: str | None = None,
        indicator: str | None = None,
    ) -> Figure:
        """The estimate of all units; of the published period, the first unit, the measure's own cutoff if left out."""
        return self.figures.one(
            statistic,
            period=period or self.period,
            unit=unit or self.unit,
            k=k or self.k,
            dimension=dimension,
            indicator=indicator,
        )

    def groups(self, domains: tuple[str, ...], *statistics: str) -> dict[Codes, dict[str, Figure]]:
        """The estimates of all groups of the published period, at the measure's own cutoff, by codes and statistic."""
        made: dict[Codes, dict[str, Figure]] = {}
        for statistic in statistics:
            own = self.figures.groups(statistic, domains, period=self.period, unit=self.unit, k=self.k)
            for codes, figure in own.items():
                made.setdefault(codes, {})[statistic] = figure
        return dict(sorted(made.items()))

    def change(
        self,
        statistic: str,
        codes: Mapping[str, str] | None = None,
        *,
        unit: str | None = None,
        indicator: str | None = None,
    ) -> Figure:
        """The change of a statistic from the round before, of all units or of a group."""
        if self.changes is None or self.before is None:
            return NO_FIGURE
        return self.changes.one(
            statistic, codes, period=(self.before, self.period), unit=unit or self.unit, k=self.k, indicator=indicator
        )

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

    def members(self, domain: str, groups: Mapping[str, Figure]) -> tuple[Member, ...]:
        """The groups of a domain as a claim takes them."""
        return tuple(Member(code, self.name(domain, code), one) for code, one in groups.items())

    def cells(self, statistic: str, estimate: Figure) -> tuple[Cell, Cell]:
        """The cells of an estimate and of its interval."""
        return self.cell(statistic, estimate), self.interval_cell(statistic, estimate)

    def cell(self, statistic: str, estimate: Figure) -> Cell:
        """The cell of an estimate, with its mark."""
        return Cell(marked(statistic, estimate, self.language), standing=estimate.standing)

    def interval_cell(self, statistic: str, estimate: Figure) -> Cell:
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
    changes = None if publication.changes is None else read(publication.changes)
    pair = tuple(one.period for one in publication.rounds[-2:])
    return Issue(
        publication=publication,
        language=language,
        figures=read(publication.figures),
        changes=changes if changes is not None and pair in changes.met["period"] else None,
        provenance=provenance or Provenance(),
        scores=scores,
        bundles=bundles,
        said=texts(language),
        left_out=[] if left_out is None else left_out,
    )
