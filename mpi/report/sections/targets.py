"""The targets of the study: how many are met or on track, each with its figure, its verdict, and how fast it goes."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.claims.numbers import Capital
from mpi.claims.targets import (
    asked_text,
    label_text,
    outlook_text,
    pace_text,
    tally_of_verdicts,
    target_text,
    verdict_signs,
)
from mpi.language import Phrase, joined, phrase, strung
from mpi.publication.targets import Row as Goal
from mpi.publication.targets import rows_of, subject_title
from mpi.report.blocks import Block, Cell, Column, Heading, Items, Paragraph, Row, Section, Table, section, table_id
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.options import VERDICTS


def targets(issue: Issue) -> Section | None:
    """The targets of all units in sentences, then a table of each domain; no section where there are no targets."""
    rows = rows_of(issue.publication)
    if not rows:
        return None
    blocks: list[Block | None] = [Paragraph(_tally(issue, rows)), Paragraph(issue.say(_how_to_read()), "note")]
    sets = dict.fromkeys(tuple(row.codes) for row in rows)
    for names in sorted(sets, key=len):
        own = [row for row in rows if tuple(row.codes) == names]
        if names:
            blocks.append(Heading(issue.crossing(names), f"g-{table_id(names)[2:]}"))
            blocks.append(Paragraph(_tally(issue, own)))
        else:
            blocks.append(Items(tuple(_sentence(issue, row) for row in own)))
        if len(own) <= MOST_ROWS:
            blocks.append(_table(issue, names, own))
    return section("targets", issue.labels["s_targets"], blocks)


def _tally(issue: Issue, rows: Sequence[Goal]) -> str:
    verdicts = [row.aim.verdict for row in rows]
    return issue.say(tally_of_verdicts({one: verdicts.count(one) for one in VERDICTS}, verdicts.count(None)))


def _how_to_read() -> Phrase:
    return phrase(
        "A target is met if the figure is beyond it significantly (one-sided test at 5%); before its year a figure is "
        "on track or off track if it is significantly better or worse than the path from the baseline to the target. "
        "Where the sample does not tell, nothing is said. These are comparisons, not effects of any policy."
    )


def _sentence(issue: Issue, row: Goal) -> str:
    """What is told of a target of all units."""
    title = subject_title(issue, row)
    told = [target_text(row.aim), pace_text(row.aim), outlook_text(row.aim)]
    return f"{title}. {issue.say(joined([one for one in told if one], ' '))}"


def _table(issue: Issue, names: tuple[str, ...], rows: Sequence[Goal]) -> Table:
    columns = [
        Column(issue.crossing(names) if names else issue.labels["figure_of"], "text"),
        Column(issue.labels["estimate"]),
        Column(issue.interval),
        Column(issue.say(phrase("Target")), "text"),
        Column(issue.say(phrase("Verdict")), "text"),
        Column(issue.say(phrase("Observed and needed change")), "text"),
    ]
    made = [Row(_cells(issue, names, row)) for row in rows]
    caption = issue.say(phrase("Targets, {period}", period=issue.period))
    slug = table_id(names)[2:] if names else "all"
    return issue.with_legend(Table(id=f"t-target-{slug}", caption=caption, columns=tuple(columns), rows=tuple(made)))


def _cells(issue: Issue, names: tuple[str, ...], row: Goal) -> tuple[Cell, ...]:
    label = " \u00d7 ".join(issue.name(name, row.codes[name]) for name in names)
    subject = subject_title(issue, row)
    sign = verdict_signs(row.aim.verdict)
    return (
        Cell(strung([label, subject], ": ", issue.language), header=True),
        *issue.cells(row.aim.statistic, row.aim.figure),
        Cell(issue.say(Capital(asked_text(row.aim)))),
        Cell(f"{sign} {issue.say(label_text(row.aim))}"),
        Cell(issue.say(pace_text(row.aim))),
    )
