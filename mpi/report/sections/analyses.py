"""The analyses of the study: what each finds in a sentence, a chart, and a table or two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mpi.disclosure.figures import NO_FIGURE
from mpi.language import phrase
from mpi.publication.analyses import Line, Shown, heading, like, named, shown
from mpi.publication.analysis_views import PLACE, View
from mpi.report.blocks import Block, Cell, Column, Graphic, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.options import RANKINGS
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import NOTHING, form_of

MOST_COLUMNS = 6  # of a table by group
MOST_ROOM = 4  # percentages with intervals that a printed page holds side by side
SIZES: Mapping[Form, float] = {"percent": 1, "index": 1.3, "number": 2}  # in percentages


def analyses(issue: Issue) -> Section | None:
    """Each analysis that the study asks for; no section where it asks for none."""
    blocks: list[Block | None] = []
    for one in shown(issue):
        blocks.append(Heading(one.title, f"analysis-{one.name}"))
        if one.name not in RANKINGS and all(entry.figure.value is None for entry in one.entries):
            blocks.append(Paragraph(issue.say(phrase("No figure of this analysis may be shown.")), "note"))
            continue
        for place, view in enumerate(one.views):
            if not _tells(one, view):
                continue
            drawn = drawn_at(issue, "analyses", table=_id(one, place))
            if not any(isinstance(picture, Graphic) for picture in drawn):  # else the picture has the sentence
                blocks.append(Paragraph(issue.say(one.sentence(view))))
            blocks += drawn
            blocks += [
                _table(issue, one, view, part, place, i)
                for i, part in enumerate(_parts(view, ends=_has_ends(one, view)))
            ]
        blocks += _by_group(issue, one, one.views[0])
        if isinstance(blocks[-1], Heading):
            blocks.append(Paragraph(issue.say(phrase("There is nothing to compare.")), "note"))
    return section("analyses", issue.labels["s_analyses"], blocks) if blocks else None


def _tells(one: Shown, view: View) -> bool:
    """Whether a view has rows, and a ranking a figure in them: without alternatives nothing can turn."""
    firsts = [line.figures.get(view.figures[0], NO_FIGURE) for line in one.lines(view)]
    return any(figure.value is not None for figure in firsts) if one.name in RANKINGS else bool(firsts)


def _has_ends(one: Shown, view: View) -> bool:
    """Whether figures of a view have intervals, and so two columns each."""
    return any(figure.interval for line in one.lines(view) for figure in line.figures.values())


def _parts(view: View, *, ends: bool = True) -> list[View]:
    """The view in as many as it takes for the columns of each to have room on a printed page."""
    sizes = [SIZES[form_of(like(name))] / (1 if ends else 2) for name in view.figures]
    count = math.ceil(sum(sizes) / MOST_ROOM)
    middles = np.cumsum(sizes) - np.array(sizes) / 2  # the middle of each says in which part it is
    which = (middles * count / sum(sizes)).astype(int)
    return [
        replace(view, figures=tuple(name for name, own in zip(view.figures, which, strict=True) if own == i))
        for i in range(count)
    ]


def _table(  # noqa: PLR0917
    issue: Issue, one: Shown, whole: View, view: View, place: int, part: int
) -> Table:
    """The figures of all units; of many columns a part, whose rows are in the order of the whole."""
    language = issue.language
    columns = [Column(_head(one, view, name), "text") for name in view.row]
    for name in view.figures:
        title = named(name, language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    lines = one.lines(whole)
    rows = [_row(issue, line, view) for line in lines]
    caption = issue.say(
        phrase("{title}, {units}, {period}", title=issue.titled(view.title), units=issue.units, period=one.when)
    )
    if part:
        caption = issue.say(phrase("{title}, continued", title=caption))
    told = "k" in view.row or view.where.get("censored") == "no" or one.name in RANKINGS
    at_k = "k" in one.columns and not told
    lacking = any(name not in line.figures for line in lines for name in view.figures)
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


def _head(one: Shown, view: View, name: str) -> str:
    """The heading of the names of rows: of a ranking of groups, what the groups are."""
    return one.groups_title if view.row == ("first",) or name == PLACE else heading(name, one.edition.language)


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
    if PLACE in view.row or not 0 < len(one.lines(view)) <= MOST_COLUMNS:
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
            period=one.when,
        )
    )
    slug = table_id(names)[2:]
    table = Table(id=f"t-analysis-{one.name}-{slug}", caption=caption, columns=tuple(columns), rows=tuple(rows))
    return issue.with_legend(table)
