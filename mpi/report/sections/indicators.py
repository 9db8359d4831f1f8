"""Indicators: how many are deprived, how many of them are poor, what each adds to M0; bundles and scores."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa

from mpi.charts.captions import deprivations
from mpi.claims import Bundles, Contributions, Member, say
from mpi.columns.values import not_none
from mpi.language import catalogue, joined, phrase
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.vocabulary.statistics import DEFINITIONS, shown_in
from mpi.vocabulary.wording import MARKS, NOTHING, figure

RATES = shown_in("indicators", "percent")
MOST_SCORES = 60
TENTHS = 10


def indicators(issue: Issue) -> Section:
    """Deprivations by indicator, censored and not, and their contributions to M0."""
    blocks: list[Block | None] = [
        Paragraph(_sentence(issue)),
        *drawn_at(issue, "indicators"),
        _table(issue),
        Heading(issue.say(phrase("Contributions to M0")), "contributions"),
        Paragraph(_contributions(issue)),
        *drawn_at(issue, "contributions"),
        _dimensions(issue),
    ]
    if issue.bundles is not None:
        title = issue.say(phrase("Commonest combinations of deprivations"))
        claim = _claim(issue)
        blocks += [Heading(title, "bundles"), Paragraph(say(claim, issue.language))]
        if claim.shown:
            blocks += [*drawn_at(issue, "bundles"), _bundles(issue)]
    if issue.scores is not None:
        title = issue.say(phrase("Distribution of the deprivation score"))
        blocks += [Heading(title, "scores"), *drawn_at(issue, "scores")]
        blocks += [_scores(issue)] if _shown(issue.scores) else []
    return section("indicators", issue.labels["s_indicators"], blocks)


def _shown(table: pa.Table) -> bool:
    """Whether any row of a table has its share."""
    return bool(table["share"].null_count < len(table))


def _sentence(issue: Issue) -> str:
    """The indicators in which most people are poor and deprived."""
    explained = issue.say(
        phrase(
            "The censored headcount ratio counts those who are poor and deprived, the uncensored one "
            "all who are deprived. The distance between them is the deprivation of those who are not "
            "poor."
        )
    )
    return f"{say(deprivations(issue), issue.language)} {explained}"


def _table(issue: Issue) -> Table:
    labels, language = issue.labels, issue.language
    columns = (
        Column(labels["indicator"], "text"),
        Column(labels["weight"]),
        *(
            Column(title, group=DEFINITIONS[name].heading[language])
            for name in RATES
            for title in (labels["estimate"], issue.interval)
        ),
    )
    rows = []
    measure = issue.publication.measure
    for dimension in measure.dimensions:
        rows.append(Row((), part=issue.titled(dimension.title, dimension.name)))
        for one in measure.indicators:
            if one.dimension != dimension.name:
                continue
            where = {"dimension": one.dimension, "indicator": one.name}
            weight = figure(float(one.weight), "percent", language) if one.weight else NOTHING
            rows.append(
                Row(
                    (
                        Cell(issue.indicator(one), header=True),
                        Cell(weight),
                        *(cell for name in RATES for cell in issue.cells(name, issue.total(name, **where))),
                    )
                )
            )
    caption = phrase(
        "Headcount ratios by indicator, {period}, % of {units}", period=issue.period, units=issue.units
    ).to(language)
    note = phrase("Weight in % of the score. k = {k}.", k=issue.k).to(language)
    return issue.with_legend(
        Table(id="t-indicators", caption=caption, columns=columns, rows=tuple(rows), notes=(note,))
    )


def _contributions(issue: Issue) -> str:
    dimensions = tuple(
        Member(one.name, issue.titled(one.title, one.name), issue.total("percentage_contribution", dimension=one.name))
        for one in issue.publication.measure.dimensions
    )
    return say(Contributions(issue.basis, dimensions), issue.language)


def _dimensions(issue: Issue) -> Table:
    labels, language = issue.labels, issue.language
    absolute, relative = labels["contribution_absolute"], labels["contribution_percent"]
    columns = (
        Column(labels["dimension"], "text"),
        Column(labels["estimate"], group=absolute),
        Column(issue.interval, group=absolute),
        Column(labels["estimate"], group=relative),
        Column(issue.interval, group=relative),
    )
    rows = []
    measure = issue.publication.measure
    for dimension in measure.dimensions:
        where = {"dimension": dimension.name}
        title = issue.titled(dimension.title, dimension.name)
        rows.append(Row(_contributed(issue, title, where), strong=True))
        for one in measure.indicators:
            if one.dimension == dimension.name and one.weight:
                rows.append(Row(_contributed(issue, issue.indicator(one), where | {"indicator": one.name})))
    caption = phrase("Contributions to M0, {period}", period=issue.period).to(language)
    note = phrase(
        "{units}, k = {k}. Because of rounding, parts may not add up to the whole.",
        units=issue.units.capitalize(),
        k=issue.k,
    ).to(language)
    return issue.with_legend(
        Table(id="t-contributions", caption=caption, columns=columns, rows=tuple(rows), notes=(note,))
    )


def _contributed(issue: Issue, title: str, where: dict[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(title, header=True),
        *issue.cells("absolute_contribution", issue.total("absolute_contribution", **where)),
        *issue.cells("percentage_contribution", issue.total("percentage_contribution", **where)),
    )


def _bundle_names(issue: Issue, names: str | None) -> str:
    if names is None:
        return MARKS["hidden"]
    titles = {one.name: issue.indicator(one) for one in issue.publication.measure.indicators}
    return issue.say(joined([titles.get(name, name) for name in names.split()], "; "))


def _claim(issue: Issue) -> Bundles:
    titles = {one.name: issue.indicator(one) for one in issue.publication.measure.indicators}
    rows = not_none(issue.bundles).to_pylist()
    shown = tuple(
        (tuple(titles.get(name, name) for name in str(row["indicators"]).split()), float(row["share"]))
        for row in rows
        if row["share"] is not None
    )
    return Bundles(issue.basis, shown, len(rows) - len(shown))


def _bundles(issue: Issue) -> Table:
    columns = (Column(issue.labels["bundle"], "text"), Column(issue.say(phrase("% of the poor"))))
    rows = [
        Row((Cell(_bundle_names(issue, row["indicators"]), header=True), _share(issue, row)))
        for row in not_none(issue.bundles).to_pylist()
    ]
    caption = issue.say(phrase("Exact combinations of deprivations of the poor, {period}", period=issue.period))
    return issue.with_legend(Table(id="t-bundles", caption=caption, columns=columns, rows=tuple(rows)))


def _share(issue: Issue, row: dict[str, object]) -> Cell:
    share = row["share"]
    if not isinstance(share, float):
        return Cell(MARKS["hidden"], standing="hidden")
    return Cell(figure(share, "percent", issue.language))


def _scores(issue: Issue) -> Table | None:
    rows = not_none(issue.scores).to_pylist()
    columns = (
        Column(issue.labels["score"], "text"),
        Column("%"),
        Column(issue.labels["share_percent"].format(unit=issue.units)),
    )
    if len(rows) > MOST_SCORES:
        return _score_classes(issue, rows)
    made = [
        Row(
            (Cell(row["score"], header=True), Cell(figure(row["value"], "percent", issue.language)), _share(issue, row))
        )
        for row in rows
    ]
    caption = issue.say(phrase("Deprivation score, {period}", period=issue.period))
    return issue.with_legend(Table(id="t-scores", caption=caption, columns=columns, rows=tuple(made)))


def _score_classes(issue: Issue, rows: list[dict[str, object]]) -> Table:
    """Scores in classes of a tenth: with many weights there are too many exact ones to print.

    A class is the sum of its scores that are shown, so that the hidden ones cannot be deduced from it.
    """
    columns = (Column(issue.labels["score"], "text"), Column(issue.labels["share_percent"].format(unit=issue.units)))
    made = []
    for step in range(TENTHS):
        last = step == TENTHS - 1
        inside = [row for row in rows if min(int(TENTHS * Fraction(str(row["score"]))), TENTHS - 1) == step]
        shown = [row["share"] for row in inside if isinstance(row["share"], float)]
        if not inside:
            continue
        low, high = (figure(edge / TENTHS, "percent", issue.language, 0) for edge in (step, step + 1))
        high += catalogue(issue.language).percent
        name = issue.say(phrase("{low} to {high}" if last else "{low} to under {high}", low=low, high=high))
        made.append(Row((Cell(name, header=True), _share(issue, {"share": sum(shown) if shown else None}))))
    hidden = sum(row["share"] is None for row in rows)
    notes = (
        issue.say(
            phrase("Sums of the scores that are shown; {hidden} are not shown and not in the sums.", hidden=hidden)
        ),
    )
    caption = issue.say(phrase("Deprivation score in classes, {period}", period=issue.period))
    return issue.with_legend(
        Table(id="t-scores", caption=caption, columns=columns, rows=tuple(made), notes=notes if hidden else ())
    )
