"""Countries side by side: what each is measured by, figures with intervals, differences where they compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mpi.disclosure.figures import NO_FIGURE
from mpi.disclosure.publishable import Publishable
from mpi.language import phrase
from mpi.publication.countries import MAIN, Country, countries_in, differences_in, figure, figures_of
from mpi.publication.country_words import VERDICTS, name_of, sentences, title_of, verdict
from mpi.publication.reference import COUNTRY_COLUMNS, country_references
from mpi.publication.sourcing import source_lines
from mpi.report.blocks import Block, Cell, Column, Graphic, Heading, Items, Paragraph, Row, Section, Table, section
from mpi.report.drawings import country_drawn, drawn_at
from mpi.report.issue import Issue
from mpi.report.sections.changes import p_text
from mpi.report.sections.domains import MOST_ROWS
from mpi.report.sections.headline import change_cells
from mpi.specs.study import COUNTRY_DOMAIN
from mpi.vocabulary.wording import UNITS, statistic_title

SHOWN = (
    "name",
    "title",
    "status",
    "k",
    "dimensions",
    "missing",
    "survey",
    "periods",
    "persons",
    "errors",
    "reliability",
)


def countries(issue: Issue) -> Section | None:
    """The section; None of a study of one country."""
    found = issue.publication.countries
    if found is None:
        return None
    own = countries_in(issue.publication)
    blocks: list[Block | None] = [Paragraph(issue.say(phrase(
        "Each country has its own survey, and is estimated and protected as if it were alone. The interval of a "
        "difference tells whether two countries differ, not whether their intervals overlap."
    )), "note")]  # fmt: skip
    drawn = [*drawn_at(issue, "countries"), *country_drawn(issue)]
    if not any(isinstance(picture, Graphic) for picture in drawn):  # else the picture has the sentences
        blocks.append(Items(tuple(sentences(issue))))
    blocks += drawn
    blocks += [_side_by_side(issue, found, own), _differences(issue)]
    blocks += [_of_country(issue, found, one) for one in own if one.spec.by]
    blocks += [Heading(issue.say(phrase("What each country is measured by")), "countries-reference"), _reference(issue)]
    surveys = [survey for one in own for survey in one.spec.surveys]
    source = source_lines(issue.publication, issue.language, surveys)[0]
    return replace(section("countries", issue.labels["s_countries"], blocks), source=source)


def _reference(issue: Issue) -> Table:
    rows = [
        Row(tuple(Cell(texts[name], header=not i) for i, name in enumerate(SHOWN)))
        for texts in country_references(issue)
    ]
    columns = tuple(Column(COUNTRY_COLUMNS[name][issue.language], "text") for name in SHOWN)
    caption = issue.say(phrase("The countries, with their measures and surveys"))
    return Table(id="t-countries-reference", caption=caption, columns=columns, rows=tuple(rows))


def _titled(issue: Issue, statistics: Sequence[str]) -> list[Column]:
    """Two columns of each statistic: the figure and its interval."""
    columns = []
    for name in statistics:
        title = statistic_title(name, issue.unit, issue.language)
        columns += [Column(issue.labels["estimate"], group=title), Column(issue.interval, group=title)]
    return columns


def _side_by_side(issue: Issue, found: Publishable, own: Sequence[Country]) -> Table:
    heads = [COUNTRY_COLUMNS[name][issue.language] for name in ("country", "measure")]
    heads += [issue.labels["unit"], issue.labels["period"]]
    columns = [Column(head, "text") for head in (*heads, "k")] + _titled(issue, MAIN)
    rows = []
    for one in own:
        figures = figures_of(found, one.measure)
        cells = [cell for name in MAIN for cell in issue.cells(name, figure(figures, one, name))]
        texts = (title_of(issue, one.measure), UNITS[one.unit][issue.language], one.period, one.measure.cutoffs[0].text)
        rows.append(Row((Cell(name_of(issue, one), header=True), *(Cell(text) for text in texts), *cells)))
    caption = issue.say(phrase("The countries side by side"))
    return issue.with_legend(Table(id="t-countries", caption=caption, columns=tuple(columns), rows=tuple(rows)))


def _differences(issue: Issue) -> Table | None:
    """Differences under one measure; None where no two countries have one."""
    rows = []
    for one in differences_in(issue.publication):
        cells = change_cells(issue, one.statistic, one.figure)
        texts = (name_of(issue, one.other), title_of(issue, one.one.measure), one.statistic)
        verdict_ = VERDICTS[verdict(one, issue.level)][issue.language]
        rows.append(Row((
            Cell(name_of(issue, one.one), header=True), *(Cell(text) for text in texts), *cells,
            Cell(p_text(issue, one.figure)), Cell(verdict_),
        )))  # fmt: skip
    if not rows:
        return None
    columns = (
        Column(COUNTRY_COLUMNS["country"][issue.language], "text"),
        Column(issue.say(phrase("Other country")), "text"),
        Column(COUNTRY_COLUMNS["measure"][issue.language], "text"),
        Column(issue.labels["figure_of"], "text"),
        Column(issue.say(phrase("Difference", context="of two groups"))),
        Column(issue.interval),
        Column("p"),
        Column(issue.say(phrase("The first is")), "text"),
    )
    note = issue.say(phrase(
        "Independent samples; p-values are corrected for the number of pairs (Holm). Only figures that are precise "
        "enough to be ranked are tested."
    ))  # fmt: skip
    caption = issue.say(phrase("Differences of countries under one measure"))
    table = Table(id="t-countries-differences", caption=caption, columns=columns, rows=tuple(rows), notes=(note,))
    return issue.with_legend(table)


def _of_country(issue: Issue, found: Publishable, one: Country) -> Table | None:
    """H, A and M0 of the groups of a country, by the domains and crossings that it names."""
    figures, rows = figures_of(found, one.measure), list[Row]()
    for names in one.spec.by:
        groups = {name: figures.groups(name, (COUNTRY_DOMAIN, *names), **one.asked) for name in MAIN}
        for code in sorted(code for code in groups["H"] if code[0] == one.spec.code):
            parts = (_group(issue, one, name, part) for name, part in zip(names, code[1:], strict=True))
            cells = [cell for name in MAIN for cell in issue.cells(name, groups[name].get(code, NO_FIGURE))]
            rows.append(Row((Cell(" \u00d7 ".join(parts), header=True), *cells)))
    if not 0 < len(rows) <= MOST_ROWS:
        return None
    columns = (Column(issue.say(phrase("Group", context="crossing")), "text"), *_titled(issue, MAIN))
    caption = phrase("{country}, {period}: groups", country=name_of(issue, one), period=one.period)
    slug = f"t-countries-{one.spec.code}"
    return issue.with_legend(Table(id=slug, caption=issue.say(caption), columns=columns, rows=tuple(rows)))


def _group(issue: Issue, one: Country, name: str, code: str) -> str:
    """The name of a group: names of codes are of the study's own country."""
    return issue.name(name, code) if one.spec.own else code
