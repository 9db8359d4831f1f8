"""Key figures: H, A, M0 and the number of the poor, their changes, and the series."""

from __future__ import annotations

from mpi.claims import Headline, Movement, say
from mpi.claims.numbers import between_change
from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table, section
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.vocabulary.wording import NOTHING, UNITS, form_of, level_text, statistic_title

MAIN = ("H", "poor", "A", "M0")
COMPARED = ("H", "A", "M0")


def key_figures(issue: Issue) -> Section:
    """H, A and M0 of the whole, with their intervals and the last change."""
    incidence, poor, intensity, adjusted = (issue.total(name) for name in MAIN)
    claim = Headline(issue.basis, incidence, poor, intensity, adjusted)
    blocks: list[Block | None] = [Paragraph(say(claim, issue.language))]
    if issue.before is None:
        text = issue.say(phrase("There is a single round, so no change can be measured."))
        blocks.append(Paragraph(text, "note"))
    elif issue.changes is None:
        blocks.append(Paragraph(_no_comparison(issue), "note"))
    else:
        blocks.append(Paragraph(" ".join(_changes(issue))))
    blocks += [_table(issue), *drawn_at(issue, "key")]
    return section("key", issue.labels["s_key"], blocks)


def _no_comparison(issue: Issue) -> str:
    return issue.say(phrase("The figures are not compared with those of {before}.", before=issue.before))


def _changes(issue: Issue) -> list[str]:
    return [movement(issue, name, short=False) for name in COMPARED]


def movement(issue: Issue, statistic: str, *, short: bool) -> str:
    """How a statistic moved since the round before, as a sentence or in a few words."""
    claim = Movement(issue.basis, statistic, issue.change(statistic), str(issue.before), short=short)
    return say(claim, issue.language)


def _table(issue: Issue) -> Table:
    labels = issue.labels
    periods = [one.period for one in issue.publication.rounds[-2:]]
    columns = [Column(labels["figure_of"], "text")]
    for period in periods:
        columns += [Column(labels["estimate"], group=period), Column(issue.interval, group=period)]
    if issue.changes is not None:
        both = f"{issue.before}{NOTHING}{issue.period}"
        columns += [Column(issue.say(phrase("Change")), group=both), Column(issue.interval, group=both)]
    rows = []
    for unit in issue.publication.study.units:
        for statistic in MAIN:
            title = statistic_title(statistic, unit, issue.language)
            percent = form_of(statistic) == "percent"
            cells = [Cell(f"{title}, %" if percent else title, header=True)]
            for period in periods:
                cells += issue.cells(statistic, issue.total(statistic, period=period, unit=unit))
            if issue.changes is not None:
                change = issue.change(statistic, unit=unit)
                cells += change_cells(issue, statistic, change)
            rows.append(Row(tuple(cells)))
        if len(issue.publication.study.units) > 1:
            rows.insert(len(rows) - len(MAIN), Row((), part=UNITS[unit][issue.language].capitalize()))
    level = level_text(issue.level, issue.language)
    notes = [f"k = {issue.k}."]
    if issue.changes is not None:
        notes.append(
            issue.say(
                phrase(
                    "Changes of H and A are in percentage points; because of rounding they may not equal the "
                    "difference of the values."
                )
            )
        )
    if not issue.census:
        notes.append(issue.say(phrase("CI: {level}% confidence interval.", level=level)))
    caption = issue.say(phrase("Key figures")) + f", {', '.join(periods)}"
    return issue.with_legend(
        Table(id="t-key", caption=caption, columns=tuple(columns), rows=tuple(rows), notes=tuple(notes))
    )


def change_cells(issue: Issue, statistic: str, change: Figure) -> tuple[Cell, Cell]:
    """The cells of a change and of its interval. Significance has no asterisk, which is a mark of precision."""
    cell, interval = issue.cells(statistic, change)
    if change.interval:
        interval = Cell(issue.say(between_change(change.low, change.high, statistic)))
    return cell, interval
