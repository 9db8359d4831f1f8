"""The analyses of the study: what each finds in a sentence, a chart, and a table or two."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.disclosure.figures import NO_FIGURE
from mpi.language import phrase
from mpi.publication.analyses import Line, Shown, heading, like, named, shown
from mpi.publication.analysis_views import View
from mpi.report.blocks import Block, Cell, Column, Graphic, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.options import RANKINGS

MOST_COLUMNS = 6  # of a table by group


def analyses(issue: Issue) -> Section | None:
    """Each analysis that the study asks for; no section where it asks for none."""
    blocks: list[Block | None] = []
    for one in shown(issue):
        blocks.append(Heading(one.title, f"analysis-{one.name}"))
        for place, view in enumerate(one.views):
            drawn = drawn_at(issue, "analyses", table=_id(one, place))
            if not any(isinstance(picture, Graphic) for picture in drawn):  # else the picture has the sentence
                blocks.append(Paragraph(issue.say(one.sentence(view))))
            blocks += drawn
            blocks.append(_table(issue, one, view, place))
        blocks += _by_group(issue, one, one.views[0])
    return section("analyses", issue.labels["s_analyses"], blocks) if blocks else None


def _table(issue: Issue, one: Shown, view: View, place: int) -> Table:
    """The figures of all units."""
    language = issue.language
    columns = [Column(heading(name, language), "text") for name in view.row]
    for name in view.figures:
        title = named(name, language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = [_row(issue, line, view) for line in one.lines(view)]
    caption = issue.say(
        phrase("{title}, {units}, {period}", title=issue.titled(view.title), units=issue.units, period=issue.period)
    )
    told = "k" in view.row or view.where.get("censored") == "no" or one.name in RANKINGS
    at_k = "k" in one.columns and not told
    notes = (_at_k(issue),) if at_k else ()
    return issue.with_legend(
        Table(id=_id(one, place), caption=caption, columns=tuple(columns), rows=tuple(rows), notes=notes)
    )


def _id(one: Shown, place: int) -> str:
    """Of the table of a view."""
    return f"t-analysis-{one.name}" + (f"-{place + 1}" if place else "")


def _at_k(issue: Issue) -> str:
    return issue.say(phrase("Poor at k = {k}.", k=issue.k))


def _row(issue: Issue, line: Line, view: View) -> Row:
    cells = [cell for name in view.figures for cell in issue.cells(like(name), line.figures.get(name, NO_FIGURE))]
    return Row((*(Cell(name, header=not i) for i, name in enumerate(line.names)), *cells))


def _by_group(issue: Issue, one: Shown, view: View) -> list[Block | None]:
    """A table for each domain of which the columns have room: groups in rows, the first figure of each row across."""
    if not 0 < len(one.lines(view)) <= MOST_COLUMNS:
        return []
    sets = dict.fromkeys(tuple(codes) for codes in one.groups() if codes)
    made = [_of_domain(issue, one, view, names) for names in sets]
    return [table for table in made if table is not None and len(table.rows) <= MOST_ROWS + 1]


def _of_domain(issue: Issue, one: Shown, view: View, names: tuple[str, ...]) -> Table:
    first, whole = view.figures[0], one.lines(view)
    title = named(first, issue.language)
    columns = [Column(issue.crossing(names), "text"), *(Column(line.names[0], group=title) for line in whole)]
    groups: list[Mapping[str, str]] = [{}, *(codes for codes in one.groups() if tuple(codes) == names)]
    rows = []
    for codes in groups:
        label = " \u00d7 ".join(issue.name(name, code) for name, code in codes.items()) or issue.labels["total"]
        found = {line.names: line.figures.get(first, NO_FIGURE) for line in one.lines(view, codes)}
        cells = [issue.cell(like(first), found.get(line.names, NO_FIGURE)) for line in whole]
        rows.append(Row((Cell(label, header=True), *cells), strong=not codes))
    caption = issue.say(
        phrase(
            "{title}, {units}, {domain}, {period}",
            title=issue.titled(view.title),
            units=issue.units,
            domain=issue.crossing(names),
            period=issue.period,
        )
    )
    slug = table_id(names)[2:]
    table = Table(id=f"t-analysis-{one.name}-{slug}", caption=caption, columns=tuple(columns), rows=tuple(rows))
    return issue.with_legend(table)
