"""Robustness: H and M0 at every cutoff, and whether domains keep their order when the cutoff changes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from mpi.analysis.rank_robustness import RankRobustness
from mpi.claims.numbers import percent
from mpi.errors.omissions import attempted, unmade
from mpi.language import phrase
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.domains import MOST_ROWS
from mpi.vocabulary.wording import NOTHING, figure, number

FEWEST = 3  # groups with figures for an order to mean something


def robustness(issue: Issue) -> Section:
    """How figures and ranks depend on the poverty cutoff k."""
    cutoffs = issue.publication.study.cutoffs
    if len(cutoffs) < 2:  # noqa: PLR2004
        text = issue.say(phrase("Only the cutoff k = {k} was computed, so robustness cannot be judged.", k=issue.k))
        return section("robustness", issue.labels["s_robustness"], [Paragraph(text, "note")])
    blocks: list[Block | None] = [*drawn_at(issue, "cutoffs"), _table(issue)]
    for names in issue.sets:
        groups = issue.groups(names, "M0").values()
        known = sum(own["M0"].value is not None for own in groups if "M0" in own)
        # The order of a thousand uncertain figures has no meaning.
        if len(names) == 1 and FEWEST <= len(groups) <= MOST_ROWS:
            blocks += _ranks(issue, names[0], known)
    return section("robustness", issue.labels["s_robustness"], blocks)


def _table(issue: Issue) -> Table:
    labels = issue.labels
    columns = [Column(labels["cutoff"], "text")]
    for title in ("H, %", "A, %", "M0"):
        columns += [Column(labels["estimate"], group=title), Column(issue.interval, group=title)]
    rows = []
    for k in issue.ordered_cutoffs:
        official = k == issue.k
        name = f"{k} ({issue.say(percent(_k(k)))})" + (f", {issue.own_cutoff}" if official else "")
        cells = [cell for name_ in ("H", "A", "M0") for cell in issue.cells(name_, issue.total(name_, k=k))]
        rows.append(Row((Cell(name, header=True), *cells), strong=official))
    caption = issue.say(
        phrase("H, A and M0 at each cutoff k, {units}, {period}", units=issue.units, period=issue.period)
    )
    return issue.with_legend(Table(id="t-k", caption=caption, columns=tuple(columns), rows=tuple(rows)))


def _k(text: str) -> float:
    return float(Fraction(text.removeprefix(">")))


def _ranks(issue: Issue, domain: str, known: int) -> list[Block | None]:
    """How many pairs of groups keep their order; which share are ordered the same at all cutoffs."""
    title = issue.say(phrase("Order by M0: {domain}", domain=issue.domain(domain)))
    slug = f"t-ranks-{table_id((domain,))[2:]}"

    def make() -> RankRobustness:
        if known < FEWEST:
            raise unmade("groups", least=FEWEST, count=known)
        return issue.ranks(domain)

    ranks = attempted(f"report#{slug}", make, issue.left_out)
    if ranks is None:
        return [issue.left_out_note(title)]
    return [
        Heading(title, f"r-{table_id((domain,))[2:]}"),
        *drawn_at(issue, "ranks", domain),
        _rank_table(issue, domain, ranks, slug),
    ]


def _rank_table(issue: Issue, domain: str, ranks: RankRobustness, slug: str) -> Table:
    official = ranks.cutoffs.index(issue.k) if issue.k in ranks.cutoffs else 0
    kept_title = issue.say(phrase("Pairs in the same order, %"))
    columns = (
        Column(issue.say(phrase("k = {k} against", k=issue.k)), "text"),
        Column(issue.say(phrase("Pairs"))),
        Column(kept_title),
        Column(issue.say(phrase("Kendall's tau"))),
    )
    rows = []
    for place, k in enumerate(ranks.cutoffs):
        if place == official:
            continue
        kept, tau = ranks.kept[official, place], ranks.tau[official, place]
        cells = (
            Cell(issue.say(phrase("Cutoff k = {k}", k=k)), header=True),
            Cell(number(int(ranks.pairs[official, place]), issue.language)),
            Cell(NOTHING if np.isnan(kept) else figure(float(kept), "percent", issue.language)),
            Cell(NOTHING if np.isnan(tau) else number(float(tau), issue.language, 2)),
        )
        rows.append(Row(cells))
    caption = issue.say(
        phrase("Stability of the order by M0, {domain}, {period}", domain=issue.domain(domain), period=issue.period)
    )
    return Table(id=slug, caption=caption, columns=columns, rows=tuple(rows))
