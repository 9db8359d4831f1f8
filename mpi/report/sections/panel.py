"""The units of the panel from edition to edition: each table in a sentence and in figures, then by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.publication.movement_texts import linked, sentence
from mpi.publication.movements import Moved, like, moved, panel_of
from mpi.publication.sourcing import source_lines
from mpi.report.blocks import Block, Cell, Column, Graphic, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS

GROUPED = ("poor_earlier", "left", "exit_rate", "fell", "entry_rate")  # of the table by group
WHOLE = (
    "stayers", "new", "gone", "followed", "poor_earlier", "poor_later", "ongoing", "left", "fell", "never", "new_poor",
    "gone_poor", "exit_rate", "entry_rate",
)  # fmt: skip
BY_CUTOFF = frozenset(WHOLE[4:]) | {"exit_rate", "entry_rate"}
DEPRIVATIONS = ("deprived_earlier", "lifted", "lifted_rate", "fallen", "fallen_rate", "deprived_later")
PARTS = ("before", "ongoing", "entry", "exit", "new", "gone", "unknown", "reweighted", "change", "after")
CHRONIC = ("H_C", "A_C", "D_C", "M0_C", "transient")
STATISTICS = ("poor", "H", "M0")


def panel(issue: Issue) -> Section | None:
    """What became of the same units; no section where the study follows none."""
    blocks: list[Block | None] = []
    for one in moved(issue):
        if not blocks:
            blocks.append(Paragraph(issue.say(linked(one)), "note"))
        blocks.append(Heading(one.title, f"panel-{one.name}"))
        drawn = drawn_at(issue, "panel", table=_id(one))
        if not any(isinstance(picture, Graphic) for picture in drawn):  # else the picture has the sentence
            blocks.append(Paragraph(issue.say(sentence(one))))
        blocks += [*drawn, *MAKERS[one.name](issue, one)]
    if not blocks:
        return None
    source = source_lines(issue.publication, issue.language, panel_of(issue).surveys)[0]
    return replace(section("panel", issue.labels["s_panel"], blocks), source=source)


def _id(one: Moved, more: str = "") -> str:
    return f"t-panel-{one.name}" + (f"-{more}" if more else "")


def _caption(issue: Issue, one: Moved, what: str = "", span: str | None = None) -> str:
    told = ", ".join(part for part in (one.title, what) if part)
    return issue.say(phrase("{title}, {units}, {period}", title=told, units=one.units, period=span or one.spans[0]))


def _table(
    issue: Issue, name: str, caption: str, columns: Iterable[Column], rows: Sequence[Row], *, at_k: bool = True
) -> Table:
    notes = (issue.say(phrase("Poor at k = {k}.", k=issue.k)),) if at_k else ()
    return issue.with_legend(Table(id=name, caption=caption, columns=tuple(columns), rows=tuple(rows), notes=notes))


def _columns(issue: Issue, one: Moved, names: Sequence[str]) -> list[Column]:
    titles = [one.word(name) for name in names]
    return [Column(title, group=own) for own in titles for title in (issue.labels["estimate"], issue.interval)]


def _cells(issue: Issue, one: Moved, figures: Mapping[str, Figure], statistic: str = "") -> list[Cell]:
    return [cell for name, figure in figures.items() for cell in issue.cells(statistic or like(one.name, name), figure)]


def _movements(issue: Issue, one: Moved) -> list[Block]:
    k = {"k": issue.k}

    def figure(name: str, codes: Mapping[str, str], span: str | None = None) -> Figure:
        return one.one(name, k if name in BY_CUTOFF else {}, codes=codes, span=span)

    head = [Column(issue.labels["figure_of"], "text"), Column(issue.labels["estimate"]), Column(issue.interval)]
    rows = [Row((Cell(one.word(name), header=True), *_cells(issue, one, {name: figure(name, {})}))) for name in WHOLE]
    made: list[Block] = [_table(issue, _id(one), _caption(issue, one), head, rows)]
    if len(one.spans) > 1:
        columns = [Column(issue.labels["period"], "text"), *_columns(issue, one, GROUPED)]
        rows = [
            Row(
                (Cell(span, header=True), *_cells(issue, one, {name: figure(name, {}, span) for name in GROUPED})),
                strong=not place,
            )
            for place, span in enumerate(one.spans)
        ]
        made.append(_table(issue, _id(one, "steps"), _caption(issue, one, issue.labels["period"]), columns, rows))
    for names in dict.fromkeys(tuple(codes) for codes in one.groups if codes):
        groups = [{}, *(codes for codes in one.groups if tuple(codes) == names)]
        columns = [Column(one.crossing(names), "text"), *_columns(issue, one, GROUPED)]
        rows = [
            Row(
                (
                    Cell(one.group(codes) or issue.labels["total"], header=True),
                    *_cells(issue, one, {name: figure(name, codes) for name in GROUPED}),
                ),
                strong=not codes,
            )
            for codes in groups
        ]
        if len(rows) <= MOST_ROWS + 1:
            caption = _caption(issue, one, one.crossing(names))
            made.append(_table(issue, _id(one, table_id(names)[2:]), caption, columns, rows))
    return made


def _transitions(issue: Issue, one: Moved) -> list[Block]:
    """From each band to each: of the earlier band, and numbers, with who is unknown, new or gone."""
    made: list[Block] = []
    for figure in ("of_earlier", "number"):
        rows_of, columns_of = (
            list(dict.fromkeys(row.keys[key] for row in one.rows if row.figure == figure and key in row.keys))
            for key in ("earlier", "later")
        )
        title = one.word("later")
        columns = [Column(one.word("earlier"), "text")]
        columns += [Column(one.said("later", band), group=title) for band in columns_of]
        rows = [
            Row(
                (
                    Cell(one.said("earlier", band), header=True),
                    *(
                        issue.cell(like(one.name, figure), one.one(figure, {"earlier": band, "later": other}))
                        for other in columns_of
                    ),
                )
            )
            for band in rows_of
        ]
        name = _id(one) if figure == "of_earlier" else _id(one, "numbers")
        made.append(_table(issue, name, _caption(issue, one, one.word(figure)), columns, rows, at_k=False))
    return made


def _deprivations(issue: Issue, one: Moved) -> list[Block]:
    columns = [Column(issue.labels["indicator"], "text"), *_columns(issue, one, DEPRIVATIONS)]
    rows = []
    for indicator in issue.publication.measure.indicators:
        keys = {"indicator": indicator.name, "dimension": indicator.dimension}
        figures = {name: one.one(name, keys) for name in DEPRIVATIONS}
        rows.append(Row((Cell(issue.indicator(indicator), header=True), *_cells(issue, one, figures))))
    return [_table(issue, _id(one), _caption(issue, one), columns, rows, at_k=False)]


def _change(issue: Issue, one: Moved) -> list[Block]:
    """The parts of the change of the number of poor, H and M0, one below the other."""
    titles = {"poor": phrase("Number of poor"), "H": phrase("H, %"), "M0": phrase("M0")}
    columns = [Column(issue.labels["figure_of"], "text")]
    columns += [
        Column(title, group=issue.say(titles[name]))
        for name in STATISTICS
        for title in (issue.labels["estimate"], issue.interval)
    ]
    rows = []
    for part in PARTS:
        cells: list[Cell] = []
        for name in STATISTICS:
            cells += issue.cells(name, one.one(part, {"k": issue.k, "statistic": name}))
        rows.append(Row((Cell(one.word(part), header=True), *cells), strong=part in ("before", "change", "after")))
    return [_table(issue, _id(one), _caption(issue, one), columns, rows)]


def _chronic(issue: Issue, one: Moved) -> list[Block]:
    columns = [Column(issue.say(phrase("Share of the editions")), "text"), *_columns(issue, one, CHRONIC)]
    rows = []
    for tau in one.values("tau"):
        figures = {name: one.one(name, {"k": issue.k, "tau": tau}) for name in CHRONIC}
        rows.append(Row((Cell(tau, header=True), *_cells(issue, one, figures))))
    return [_table(issue, _id(one), _caption(issue, one), columns, rows)]


MAKERS = {
    "movements": _movements,
    "transitions": _transitions,
    "deprivations": _deprivations,
    "change": _change,
    "chronic": _chronic,
}
