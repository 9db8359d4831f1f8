"""What programmes would change: each plan in sentences, its figures before and after, its actions, its groups."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.claims.numbers import Capital, between_change
from mpi.claims.plans import accounting_text, plan_text
from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED, PART
from mpi.publication.plans import PlanShown, plans_shown
from mpi.report.blocks import Block, Cell, Column, Heading, Items, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.wording import statistic_title

FIGURES = ("H", "A", "M0", "poor")
MOST_LISTED = 12  # actions that are listed in words where a table has them all


def plans(issue: Issue) -> Section | None:
    """Each plan of the study; no section where there are none."""
    found = plans_shown(issue)
    if not found:
        return None
    blocks: list[Block | None] = [Paragraph(issue.say(accounting_text()), "warning")]
    blocks += drawn_at(issue, "plans")
    for one in found:
        blocks.append(Heading(one.title, f"plan-{one.spec.name}"))
        blocks.append(_listed(issue, one))
        blocks.append(Paragraph(issue.say(plan_text(one.claim))))
        blocks.append(_effects(issue, one))
        blocks.append(_actions(issue, one))
        blocks += _by_group(issue, one)
        if source := issue.titled(one.spec.source):
            blocks.append(Paragraph(issue.say(phrase("Costs: {source}", source=source)), "note"))
    return section("plans", issue.labels["s_plans"], blocks)


def _listed(issue: Issue, one: PlanShown) -> Items | None:
    steps = one.steps()
    if not steps or len(steps) > MOST_LISTED:
        return None
    return Items(tuple(f"{issue.say(Capital(one.said(action)))}." for _, action in steps))


def _change(issue: Issue, statistic: str, figure: Figure) -> tuple[Cell, Cell]:
    """A change and its interval, which has so many digits that it does not read as 0."""
    cell, interval = issue.cells(statistic, figure)
    if figure.standing in ("hidden", "undefined"):
        return cell, interval
    return cell, Cell(issue.say(between_change(figure.low, figure.high, statistic)))


def _effects(issue: Issue, one: PlanShown) -> Table:
    """Before, after and change of the figures of all units."""
    columns = [Column(issue.say(phrase("Figure", context="column")), "text")]
    for title in _moments(issue):
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = []
    for name in FIGURES:
        before, after, change = (one.figure(name, moment) for moment in ("before", "after", "change"))
        cells = (*issue.cells(name, before), *issue.cells(name, after), *_change(issue, name, change))
        rows.append(Row((Cell(statistic_title(name, issue.unit, issue.language), header=True), *cells)))
    caption = phrase("{title}: before, after, change, {units}, {period}", title=one.title, units=issue.units,
                     period=issue.period)  # fmt: skip
    return _table(issue, one, "", caption=issue.say(caption), columns=columns, rows=rows)


def _moments(issue: Issue) -> tuple[str, str, str]:
    texts = (phrase("Before"), phrase("After"), phrase("Change"))
    return (issue.say(texts[0]), issue.say(texts[1]), issue.say(texts[2]))


def _actions(issue: Issue, one: PlanShown) -> Table | None:
    """Households lifted, cost and part of the change of H of each action; none of a single one without costs."""
    steps = one.steps()
    parted = any(entry.keys.get("moment") == PART for entry in one.entries)
    if not (one.priced or parted) or not 0 < len(steps) <= MOST_ROWS:
        return None
    columns = [Column(issue.say(phrase("Action")), "text")]
    if one.priced:
        cost = issue.say(phrase("Cost, {currency}", currency=issue.titled(one.spec.currency)))
        columns += [Column(issue.say(phrase("Households lifted"))), Column(cost), Column(issue.interval)]
    if parted:
        columns += [Column(issue.say(phrase("Part of the change of H"))), Column(issue.interval)]
    rows = []
    for name, text in [*((name, issue.say(Capital(one.said(action)))) for name, action in steps), (WHOLE, "")]:
        cells: list[Cell] = []
        if one.priced:
            cells.append(issue.cell("poor", one.figure(LIFTED, action=name)))
            cells += issue.cells("poor", one.figure(COST, action=name))
        if parted:
            cells += _change(issue, "H", one.figure("H", PART, action=name))
        label = text or issue.say(phrase("All together"))
        rows.append(Row((Cell(label, header=True), *cells), strong=name == WHOLE))
    notes = []
    if parted:
        notes.append(issue.say(phrase(
            "Parts are Shapley values: what each action adds, averaged over the actions that are already there. They "
            "add up to the whole change."
        )))  # fmt: skip
    caption = issue.say(phrase("{title}: actions, {period}", title=one.title, period=issue.period))
    return _table(issue, one, "-actions", caption=caption, columns=columns, rows=rows, notes=tuple(notes))


def _by_group(issue: Issue, one: PlanShown) -> list[Block | None]:
    sets = dict.fromkeys(tuple(codes) for codes in one.groups())
    made = [_of_domain(issue, one, names) for names in sets]
    return [table for table in made if len(table.rows) <= MOST_ROWS + 1]


def _of_domain(issue: Issue, one: PlanShown, names: tuple[str, ...]) -> Table:
    """H before and after, its change and the cost, by group."""
    moments = _moments(issue)
    columns = [Column(issue.crossing(names), "text")]
    columns += [Column(issue.labels["estimate"], group=f"{title} (H)") for title in moments[:2]]
    change = f"{moments[2]} (H)"
    columns += [Column(issue.labels["estimate"], group=change), Column(issue.interval, group=change)]
    if one.priced:
        columns.append(Column(issue.say(phrase("Cost, {currency}", currency=issue.titled(one.spec.currency)))))
    groups: list[Mapping[str, str]] = [{}, *(codes for codes in one.groups() if tuple(codes) == names)]
    rows = []
    for codes in groups:
        label = " \u00d7 ".join(issue.name(name, code) for name, code in codes.items()) or issue.labels["total"]
        cells = [issue.cell("H", one.figure("H", moment, codes=codes)) for moment in ("before", "after")]
        cells += _change(issue, "H", one.figure("H", "change", codes=codes))
        if one.priced:
            cells.append(issue.cell("poor", one.figure(COST, action=WHOLE, codes=codes)))
        rows.append(Row((Cell(label, header=True), *cells), strong=not codes))
    caption = phrase("{title}: {domain}, {units}, {period}", title=one.title, domain=issue.crossing(names),
                     units=issue.units, period=issue.period)  # fmt: skip
    return _table(issue, one, f"-{table_id(names)[2:]}", caption=issue.say(caption), columns=columns, rows=rows)


def _table(
    issue: Issue, one: PlanShown, slug: str, *, caption: str, columns: list[Column], rows: list[Row],
    notes: tuple[str, ...] = (),
) -> Table:  # fmt: skip
    own = Table(
        id=f"t-plan-{one.spec.name}{slug}", caption=caption, columns=tuple(columns), rows=tuple(rows), notes=notes
    )
    return issue.with_legend(own)
