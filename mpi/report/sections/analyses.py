"""The analyses of the study: what each finds in a sentence, a chart, and a table or two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mpi.disclosure.figures import NO_FIGURE
from mpi.language import phrase
from mpi.publication.analyses import Line, Shown, heading, like, named, shown
from mpi.publication.analysis_views import View
from mpi.report.blocks import Block, Cell, Column, Graphic, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.options import RANKINGS
from mpi.vocabulary.wording import NOTHING, form_of

MOST_COLUMNS = 6  # of a table by group
MOST_ROOM, LARGE = 4, 2  # percentages with intervals that a printed page holds side by side; a number takes two


def analyses(issue: Issue) -> Section | None:
    """Each analysis that the study asks for; no section where it asks for none."""
    blocks: list[Block | None] = []
    for one in shown(issue):
        blocks.append(Heading(one.title, f"analysis-{one.name}"))
        if one.name not in RANKINGS and all(entry.figure.value is None for entry in one.entries):
            blocks.append(Paragraph(issue.say(phrase("No figure of this analysis may be shown.")), "note"))
            continue
        for place, view in enumerate(one.views):
            drawn = drawn_at(issue, "analyses", table=_id(one, place))
            if not any(isinstance(picture, Graphic) for picture in drawn):  # else the picture has the sentence
                blocks.append(Paragraph(issue.say(one.sentence(view))))
            blocks += drawn
            blocks += [_table(issue, one, part, place, i) for i, part in enumerate(_parts(view))]
        blocks += _by_group(issue, one, one.views[0])
    return section("analyses", issue.labels["s_analyses"], blocks) if blocks else None


def _parts(view: View) -> list[View]:
    """The view in as many as it takes for the columns of each to have room on a printed page."""
    sizes = [LARGE if form_of(like(name)) == "number" else 1 for name in view.figures]
    count = -(-sum(sizes) // MOST_ROOM)
    ends = np.cumsum(sizes) - np.array(sizes) / 2  # the middle of each says in which part it is
    which = (ends * count / sum(sizes)).astype(int)
    return [
        replace(view, figures=tuple(name for name, own in zip(view.figures, which, strict=True) if own == i))
        for i in range(count)
    ]


def _table(issue: Issue, one: Shown, view: View, place: int, part: int = 0) -> Table:
    """The figures of all units; of many columns a part."""
    language = issue.language
    columns = [Column(heading(name, language), "text") for name in view.row]
    for name in view.figures:
        title = named(name, language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = [_row(issue, line, view) for line in one.lines(view)]
    caption = issue.say(
        phrase("{title}, {units}, {period}", title=issue.titled(view.title), units=issue.units, period=issue.period)
    )
    if part:
        caption = issue.say(phrase("{title}, continued", title=caption))
    told = "k" in view.row or view.where.get("censored") == "no" or one.name in RANKINGS
    at_k = "k" in one.columns and not told
    lacking = any(name not in line.figures for line in one.lines(view) for name in view.figures)
    notes = (*((_at_k(issue),) if at_k else ()), *((_no_such(issue),) if lacking else ()))
    return issue.with_legend(
        Table(
            id=_id(one, place) + (f"-part-{part + 1}" if part else ""),
            caption=caption,
            columns=tuple(columns),
            rows=tuple(rows),
            notes=notes,
        )
    )


def _id(one: Shown, place: int) -> str:
    """Of the table of a view."""
    return f"t-analysis-{one.name}" + (f"-{place + 1}" if place else "")


def _at_k(issue: Issue) -> str:
    return issue.say(phrase("Poor at k = {k}.", k=issue.k))


def _no_such(issue: Issue) -> str:
    return issue.say(phrase("{sign}: there is no such figure of this row.", sign=NOTHING))


def _row(issue: Issue, line: Line, view: View) -> Row:
    cells: list[Cell] = []
    for name in view.figures:
        figure = line.figures.get(name)
        cells += [Cell(NOTHING)] * 2 if figure is None else issue.cells(like(name), figure)
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
