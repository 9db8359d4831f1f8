"""Published series: the estimates beside what an office published, period by period, and by the study's domains."""

from __future__ import annotations

from mpi.language import phrase
from mpi.publication.official import name_of, provenance, rows_of, sentence
from mpi.publication.series import MAIN, Held, Series
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.wording import statistic_title


def published(issue: Issue) -> Section | None:
    """Each published series with its provenance, a sentence and tables; no section where the study names none."""
    series = issue.publication.official
    if not series:
        return None
    blocks: list[Block | None] = [*drawn_at(issue, "published")]
    for number, one in enumerate(series):
        blocks += _of_series(issue, one, number)
    return section("published", issue.labels["s_published"], blocks)


def _of_series(issue: Issue, one: Series, number: int) -> list[Block | None]:
    own = [name for name, indicator in one.statistics() if indicator is None and name in MAIN]
    blocks: list[Block | None] = [Heading(name_of(issue, one), f"published-{number + 1}")]
    if "H" in own:
        blocks.append(Paragraph(issue.say(sentence(issue, one))))
    blocks.append(Paragraph(" ".join(provenance(issue, one)), "note"))
    for statistic in own:
        rows = rows_of(issue, one, statistic)
        blocks.append(_table(issue, rows, statistic, f"{number + 1}-{statistic}", ()))
    for names in issue.sets:
        rows = [row for row in rows_of(issue, one, "H", names) if row.own.value is not None] if "H" in own else []
        last = [row for row in rows if row.period == issue.period]
        if last and len(last) <= MOST_ROWS:
            blocks.append(_table(issue, last, "H", f"{number + 1}-{table_id(names)[2:]}", names))
    return blocks


def _table(issue: Issue, rows: list[Held], statistic: str, slug: str, names: tuple[str, ...]) -> Table:
    title = statistic_title(statistic, issue.unit, issue.language)
    columns = (
        Column(issue.crossing(names) if names else issue.say(phrase("Period")), "text"),
        Column(issue.labels["estimate"], group=issue.say(phrase("This publication"))),
        Column(issue.interval, group=issue.say(phrase("This publication"))),
        Column(issue.labels["estimate"], group=issue.say(phrase("Published", context="series"))),
        Column(issue.interval, group=issue.say(phrase("Published", context="series"))),
        Column(issue.say(phrase("Published figure in the interval")), "text"),
    )
    made = []
    for row in rows:
        label = " \u00d7 ".join(issue.name(name, code) for name, code in row.codes) or row.period
        inside = None if row.inside is None else phrase("yes") if row.inside else phrase("no")
        cells = (*issue.cells(statistic, row.own), *issue.cells(statistic, row.published))
        made.append(Row((Cell(label, header=True), *cells, Cell("" if inside is None else issue.say(inside)))))
    caption = phrase("{title}, beside what is published", title=title)
    if names:
        caption = phrase(
            "{title}, beside what is published, {domain}, {period}",
            title=title,
            domain=issue.crossing(names),
            period=issue.period,
        )
    table = Table(id=f"t-published-{slug}", caption=issue.say(caption), columns=columns, rows=tuple(made))
    return issue.with_legend(table)
