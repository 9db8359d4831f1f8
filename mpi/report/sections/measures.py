"""Several measures: what each is, what each says of all units and of groups, and of which deprivations it is made."""

from __future__ import annotations

from typing import Any

from mpi.disclosure.figures import NO_FIGURE, Figures, read
from mpi.language import Phrase, phrase
from mpi.publication.measures import measures_of
from mpi.publication.reference import COLUMNS, references
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.specs.measure import Measure
from mpi.specs.standing import shown_title
from mpi.vocabulary.wording import statistic_title

MAIN = ("H", "A", "M0")
SHOWN = ("title", "status", "edition", "k", "identification", "missing", "survey", "periods")


def measures(issue: Issue) -> Section | None:
    """A sheet of reference, tables of all measures side by side, and a part for each; none of a study of one."""
    study = issue.publication.study
    if not study.measures:
        return None
    found = {study.measure.name: issue.figures}
    found |= {name: read(figures) for name, figures in issue.publication.others.items()}
    blocks: list[Block | None] = [Paragraph(issue.say(_how_to_read()), "note"), _reference(issue)]
    blocks.append(_side_by_side(issue, found))
    blocks += [_by_domain(issue, found, names) for names in issue.sets]
    for one in measures_of(study):
        blocks += _of_measure(issue, one, found[one.name])
    return section("measures", issue.labels["s_measures"], blocks)


def _how_to_read() -> Phrase:
    return phrase(
        "All measures judge the same units, which were read once. Their levels differ because their rules, weights and "
        "cutoffs do: a difference of two measures is no change of poverty. Agreement and paired differences are under "
        "the analyses."
    )


def _reference(issue: Issue) -> Table:
    rows = [
        Row(tuple(Cell(one.texts[name], header=not i) for i, name in enumerate(SHOWN))) for one in references(issue)
    ]
    columns = tuple(Column(COLUMNS[name][issue.language], "text") for name in SHOWN)
    return Table(
        id="t-measures-reference", caption=issue.say(phrase("The measures")), columns=columns, rows=tuple(rows)
    )


def _title(issue: Issue, one: Measure) -> str:
    return issue.titled(shown_title(one), one.name)


def _unit(issue: Issue, one: Measure) -> str:
    return issue.unit if one.identification == "household" else "persons"


def _side_by_side(issue: Issue, found: dict[str, Figures]) -> Table:
    columns = [Column(COLUMNS["measure"][issue.language], "text"), Column("k", "text")]
    for name in MAIN:
        title = statistic_title(name, issue.unit, issue.language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = []
    for one in measures_of(issue.publication.study):
        asked: dict[str, Any] = {"period": issue.period, "unit": _unit(issue, one), "k": one.cutoffs[0].text}
        cells = [cell for name in MAIN for cell in issue.cells(name, found[one.name].one(name, **asked))]
        rows.append(Row((Cell(_title(issue, one), header=True), Cell(one.cutoffs[0].text), *cells)))
    caption = issue.say(phrase("All measures, {units}, {period}", units=issue.units, period=issue.period))
    table = Table(id="t-measures", caption=caption, columns=tuple(columns), rows=tuple(rows))
    return issue.with_legend(table)


def _by_domain(issue: Issue, found: dict[str, Figures], names: tuple[str, ...]) -> Table | None:
    """H of each group by each measure; None where there are too many groups."""
    own = measures_of(issue.publication.study)
    groups = {
        one.name: found[one.name].groups("H", names, period=issue.period, unit=_unit(issue, one), k=one.cutoffs[0].text)
        for one in own
    }
    codes = sorted({code for one in groups.values() for code in one})
    if not 0 < len(codes) <= MOST_ROWS:
        return None
    columns = [Column(issue.crossing(names), "text")]
    for one in own:
        title = f"H, {_title(issue, one)}"
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = []
    for code in codes:
        label = " \u00d7 ".join(issue.name(name, part) for name, part in zip(names, code, strict=True))
        cells = [cell for one in own for cell in issue.cells("H", groups[one.name].get(code, NO_FIGURE))]
        rows.append(Row((Cell(label, header=True), *cells)))
    caption = phrase(
        "Headcount ratio (H) by every measure, {domain}, {period}", domain=issue.crossing(names), period=issue.period
    )
    slug = table_id(names)[2:]
    table = Table(id=f"t-measures-{slug}", caption=issue.say(caption), columns=tuple(columns), rows=tuple(rows))
    return issue.with_legend(table)


def _of_measure(issue: Issue, one: Measure, figures: Figures) -> list[Block | None]:
    """Indicators of a measure: who is deprived, and who is poor and deprived."""
    columns = [Column(issue.say(phrase("Indicator")), "text"), Column(COLUMNS["weights"][issue.language], "text")]
    asked: dict[str, Any] = {"period": issue.period, "unit": _unit(issue, one), "k": one.cutoffs[0].text}
    names = ("uncensored_headcount", "censored_headcount")
    for name in names:
        title = statistic_title(name, issue.unit, issue.language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = []
    for indicator in one.indicators:
        cells = [
            cell
            for name in names
            for cell in issue.cells(name, figures.one(name, **{**asked, "indicator": indicator.name}))
        ]
        weight = str(indicator.weight) if indicator.weight else ""
        title = issue.titled(indicator.title, indicator.name)
        rows.append(Row((Cell(title, header=True), Cell(weight), *cells)))
    caption = issue.say(phrase("{measure}: indicators, {period}", measure=_title(issue, one), period=issue.period))
    table = Table(id=f"t-measure-{one.name}", caption=caption, columns=tuple(columns), rows=tuple(rows))
    return [Heading(_title(issue, one), f"measure-{one.name}"), issue.with_legend(table)]
