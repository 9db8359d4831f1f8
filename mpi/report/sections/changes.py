"""Changes from the round before: of the total, of the indicators, of the domains, with what breaks the comparison."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.charts.captions import changed, changes_by
from mpi.disclosure.figures import Codes, Figure
from mpi.language import joined, phrase, strung, template
from mpi.report.blocks import Block, Cell, Column, Heading, Items, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.report.sections.headline import change_cells
from mpi.vocabulary.wording import NOTHING, number, statistic_title

LEAST_P = 0.001
COMPARED = ("H", "A", "M0")


def changes(issue: Issue) -> Section | None:
    """The section; None with a single round, which the key figures mention."""
    if issue.before is None or issue.changes is None:
        return None
    blocks: list[Block | None] = [Paragraph(_how_to_read(issue)), *_breaks(issue), _main(issue)]
    title = issue.say(phrase("By indicator"))
    blocks += [Heading(title, "c-indicators"), *drawn_at(issue, "changes"), _indicators(issue)]
    for names in issue.sets:
        groups = changes_by(issue, names)
        if not groups:
            continue
        slug = f"t-change-{table_id(names)[2:]}"
        blocks.append(Heading(issue.crossing(names), f"c-{table_id(names)[2:]}"))
        charts = drawn_at(issue, "changes of a domain", names[0]) if len(names) == 1 else []
        blocks += charts or [Paragraph(changed(issue, names))]
        if len(groups) <= MOST_ROWS:
            blocks.append(_groups(issue, names, groups, slug))
    return section("changes", issue.labels["s_changes"], blocks)


# By the correction that a study asks for.
CORRECTIONS: Mapping[str, str] = {
    "none": template("The p-values are not corrected for the number of comparisons."),
    "holm": template("The p-values are corrected for the number of comparisons (Holm)."),
    "bh": template("The p-values are corrected for the number of comparisons (Benjamini and Hochberg)."),
}


def _how_to_read(issue: Issue) -> str:
    rounding = phrase("Because of rounding, a change may not equal the difference of the figures.")
    if issue.census:
        periods = phrase("Changes are from {before} to {period}.", before=issue.before, period=issue.period)
        return issue.say(joined([periods, rounding], " "))
    intervals = phrase(
        "Changes are from {before} to {period}. The interval is that of the difference: whether "
        "the intervals of two rounds overlap does not tell whether there was a change. A change "
        "is significant if its p-value is below {level}.",
        before=issue.before,
        period=issue.period,
        level=number(1 - issue.level, issue.language, 3).rstrip("0"),
    )
    return issue.say(joined([intervals, phrase(CORRECTIONS[issue.publication.study.adjust]), rounding], " "))


def _breaks(issue: Issue) -> list[Block]:
    """The breaks of the series between the rounds."""
    breaks = [
        strung([period, issue.titled(titles, period)], ": ", issue.language)
        for period, titles in sorted(issue.publication.rounds[-1].survey.breaks.items())
        if issue.before is not None and issue.before < period <= issue.period
    ]
    if not breaks:
        text = issue.say(
            phrase(
                "The survey declares no break of the series between {before} and {period}.",
                before=issue.before,
                period=issue.period,
            )
        )
        return [Paragraph(text, "note")]
    text = issue.say(phrase("The series is broken; figures before and after are not comparable:"))
    return [Paragraph(text, "warning"), Items(tuple(breaks))]


def p_text(issue: Issue, change: Figure) -> str:
    """The corrected p-value of a change or difference; a dash where there is none."""
    if change.p_adjusted is None:
        return NOTHING
    if change.p_adjusted < LEAST_P:
        return f"<{number(LEAST_P, issue.language, 3)}"
    return number(change.p_adjusted, issue.language, 3)


def _verdict(issue: Issue, change: Figure) -> str:
    known = change.significant(issue.level)
    return NOTHING if known is None else issue.labels["yes" if known else "no"]


def _cells(issue: Issue, statistic: str, change: Figure) -> tuple[Cell, ...]:
    return (*change_cells(issue, statistic, change), Cell(p_text(issue, change)), Cell(_verdict(issue, change)))


def _columns(issue: Issue, first: tuple[str, ...], group: str) -> tuple[Column, ...]:
    labels = issue.labels
    return (
        *(Column(title, "text") for title in first),
        Column(str(issue.before)),
        Column(issue.period),
        Column(labels["change_index" if not group else "change_points"]),
        Column(issue.interval),
        Column(labels["p"]),
        Column(labels["significant"], "text"),
    )


def _ends(issue: Issue, statistic: str, **where: str) -> tuple[Cell, Cell]:
    first, last = (issue.total(statistic, period=period, **where) for period in (issue.before, issue.period))
    return issue.cell(statistic, first), issue.cell(statistic, last)


def _main(issue: Issue) -> Table:
    rows = []
    for statistic in COMPARED:
        title = statistic_title(statistic, issue.unit, issue.language)
        name = title if statistic == "M0" else f"{title}, %"
        cells = (Cell(name, header=True), *_ends(issue, statistic), *_cells(issue, statistic, issue.change(statistic)))
        rows.append(Row(cells))
    caption = issue.say(
        phrase("Changes of H, A and M0, {before} to {period}", before=issue.before, period=issue.period)
    )
    note = issue.say(
        phrase("{units}, k = {k}. Changes of H and A in percentage points.", units=issue.units.capitalize(), k=issue.k)
    )
    columns = _columns(issue, (issue.labels["figure_of"],), "")
    return issue.with_legend(Table(id="t-change", caption=caption, columns=columns, rows=tuple(rows), notes=(note,)))


def _of_indicators(issue: Issue) -> list[tuple[str, Figure]]:
    return [
        (one.name, issue.change("censored_headcount", indicator=one.name))
        for one in issue.publication.measure.indicators
        if not one.monitor
    ]


def _indicators(issue: Issue) -> Table:
    known = {one.name: one for one in issue.publication.measure.indicators}
    rows = []
    for name, change in _of_indicators(issue):
        where = {"dimension": known[name].dimension, "indicator": name}
        cells = _ends(issue, "censored_headcount", **where)
        head = Cell(issue.indicator(known[name]), header=True)
        rows.append(Row((head, *cells, *_cells(issue, "censored_headcount", change))))
    caption = issue.say(
        phrase(
            "Changes of the censored headcount ratios, {before} to {period}, %",
            before=issue.before,
            period=issue.period,
        )
    )
    columns = _columns(issue, (issue.labels["indicator"],), "points")
    return issue.with_legend(Table(id="t-change-indicators", caption=caption, columns=columns, rows=tuple(rows)))


def _groups(issue: Issue, names: tuple[str, ...], groups: dict[Codes, dict[str, Figure]], slug: str) -> Table:
    labels = issue.labels
    rows = []
    points = f"H, {issue.say(phrase('pp'))}"
    columns = (
        *(Column(issue.domain(name), "text") for name in names),
        *(
            Column(title, "number" if place < 3 else "text", points)  # noqa: PLR2004
            for place, title in enumerate((labels["change_index"], issue.interval, labels["p"], labels["significant"]))
        ),
        *(
            Column(title, "number" if place < 3 else "text", "M0")  # noqa: PLR2004
            for place, title in enumerate((labels["change_index"], issue.interval, labels["p"], labels["significant"]))
        ),
    )
    for codes, own in groups.items():
        heads = tuple(Cell(issue.name(name, code), header=True) for name, code in zip(names, codes, strict=True))
        rows.append(Row((*heads, *_cells(issue, "H", own["H"]), *_cells(issue, "M0", own["M0"]))))
    caption = issue.say(
        phrase(
            "Changes of H and M0, {crossing}, {before} to {period}",
            crossing=issue.crossing(names),
            before=issue.before,
            period=issue.period,
        )
    )
    return issue.with_legend(Table(id=slug, caption=caption, columns=columns, rows=tuple(rows)))
