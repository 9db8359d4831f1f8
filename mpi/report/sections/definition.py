"""The definition: dimensions, indicators, exact weights, rules in words and as the configuration has them."""

from __future__ import annotations

from mpi.claims.numbers import percent
from mpi.language import phrase
from mpi.report.blocks import Block, Cell, Column, Definition, Heading, Paragraph, Row, Section, Table, Terms, section
from mpi.report.issue import Issue
from mpi.report.texts import INDICATOR_TREATMENTS, NOBODY, TREATMENTS
from mpi.specs.measure import Indicator
from mpi.vocabulary.wording import NOTHING, figure, told_in


def definition(issue: Issue) -> Section:
    """The measure in full: dimensions, indicators, their rules and weights, cutoffs, what is unknown."""
    measure, said = issue.publication.measure, issue.said
    note = issue.titled(measure.note)
    own = ((said["d_note"], note),) if measure.note.get(issue.language) else ()
    # A source quotes titles of books and laws; a note without the language stands as the file has it.
    source = issue.titled(measure.source)
    quoted = tuple(pair for pair in ((said["d_source"], source), (said["d_note"], note)) if pair[1] and pair not in own)
    blocks: list[Block | None] = [
        Terms(_terms(issue)),
        Terms(quoted, verbatim=True) if quoted else None,
        Terms(own) if own else None,
        Heading(said["d_weights"], "weights"),
        _weights(issue),
        Heading(said["d_indicators"], "definitions"),
    ]
    for dimension in measure.dimensions:
        blocks.append(Heading(issue.titled(dimension.title, dimension.name), f"dim-{dimension.name}", 4))
        blocks += [_definition(issue, one) for one in measure.indicators if one.dimension == dimension.name]
    if measure.derived:
        rows = tuple(
            Row((Cell(name, header=True, code=True), Cell(rule.text, code=True)))
            for name, rule in measure.derived.items()
        )
        columns = (Column(said["d_name"], "text"), Column(said["rule"], "text"))
        blocks += [
            Heading(said["d_variables"], "derived"),
            Paragraph(said["d_variables_note"]),
            Table(id="t-derived", caption=said["d_variables"], columns=columns, rows=rows),
        ]
    return section("definition", said["s_definition"], blocks)


def _terms(issue: Issue) -> tuple[tuple[str, str], ...]:
    measure, said = issue.publication.measure, issue.said
    cutoffs = "; ".join(
        f"{one.text} ({percent(float(one.k)).to(issue.language)})" + (f", {issue.own_cutoff}" if place == 0 else "")
        for place, one in enumerate(issue.publication.study.cutoffs)
    )
    strict = any(one.strict for one in issue.publication.study.cutoffs)
    rule = phrase("poor are those whose score is k or more").to(issue.language)
    if strict:
        rule += phrase("; with “>”, more than k").to(issue.language)
    found = [
        (said["measure"], issue.titled(measure.title, measure.name)),
        (said["d_identification"], said[measure.identification]),
        (said["d_cutoffs"], f"{cutoffs}: {rule}"),
        (said["d_missing"], TREATMENTS[measure.missing][issue.language]),
        (said["act"], issue.titled(issue.publication.study.official)),
    ]
    return tuple((name, text) for name, text in found if text)


def _weights(issue: Issue) -> Table:
    measure, said = issue.publication.measure, issue.said
    rows = []
    for dimension in measure.dimensions:
        name = issue.titled(dimension.title, dimension.name)
        if dimension.at_least is not None:
            count = len(dimension.indicators)
            name += phrase(
                " (counts from {at_least} of {count} deprivations on)", at_least=dimension.at_least, count=count
            ).to(issue.language)
        share = figure(float(dimension.weight), "percent", issue.language)
        rows.append(Row((Cell(name, header=True), Cell(str(dimension.weight)), Cell(share)), strong=True))
        for one in measure.indicators:
            if one.dimension == dimension.name:
                weight = (
                    (str(one.weight), figure(float(one.weight), "percent", issue.language))
                    if one.weight
                    else (NOTHING, NOTHING)
                )
                rows.append(Row((Cell(issue.indicator(one), header=True), Cell(weight[0]), Cell(weight[1]))))
    columns = (Column(said["indicator"], "text"), Column(said["weight_exact"]), Column(said["weight"] + ", %"))
    return Table(id="t-weights", caption=said["d_weights"], columns=columns, rows=tuple(rows))


def _definition(issue: Issue, one: Indicator) -> Definition:
    said = issue.said
    said_so = told_in(one.words, issue.language)
    terms = [(said["d_words"], said_so)] if said_so else []
    for word, titles in (("d_legal", one.legal_basis), ("d_note", one.note)):
        if text := issue.titled(titles):
            terms.append((said[word], text))
    if one.nobody:
        text = phrase("if nobody is eligible, the household counts as ").to(issue.language)
        terms.append((phrase("Nobody eligible").to(issue.language), text + NOBODY[one.nobody][issue.language]))
    if one.missing != "unknown":
        terms.append((said["d_missing"], INDICATOR_TREATMENTS[one.missing][issue.language]))
    if one.monitor:
        terms.append((said["weight"], said["d_monitor"]))
    written = []
    if one.eligible is not None:
        written.append(("eligible", one.eligible.text))
    written.append(("deprived", one.deprived.text))
    if one.nobody:
        written.append(("nobody", one.nobody))
    if one.missing != "unknown":
        written.append(("missing", one.missing))
    weight = f"{one.weight} ({percent(float(one.weight)).to(issue.language)})" if one.weight else NOTHING
    return Definition(
        f"def-{one.name}", issue.indicator(one), f"{said['weight']}: {weight}", tuple(terms), tuple(written)
    )
