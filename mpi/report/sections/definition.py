"""The definition: dimensions, indicators, exact weights, rules in words and as the configuration has them."""

from __future__ import annotations

from mpi.claims.numbers import percent
from mpi.language import joined, phrase
from mpi.report.blocks import Block, Cell, Column, Definition, Heading, Paragraph, Row, Section, Table, Terms, section
from mpi.report.issue import Issue
from mpi.report.texts import INDICATOR_TREATMENTS, NOBODY, TREATMENTS
from mpi.specs.indicators import Indicator
from mpi.specs.standing import shown_title
from mpi.vocabulary.wording import NOTHING, figure, told_in


def definition(issue: Issue) -> Section:
    """The measure in full: dimensions, indicators, their rules and weights, cutoffs, what is unknown."""
    measure, labels = issue.publication.measure, issue.labels
    note = issue.titled(measure.note)
    own = ((labels["d_note"], note),) if measure.note.get(issue.language) else ()
    # A source quotes titles of books and laws; a note without the language is shown as the file has it.
    source = issue.titled(measure.source)
    quoted = tuple(
        pair for pair in ((labels["d_source"], source), (labels["d_note"], note)) if pair[1] and pair not in own
    )
    blocks: list[Block | None] = [
        Terms(_terms(issue)),
        Terms(quoted, verbatim=True) if quoted else None,
        Terms(own) if own else None,
        Heading(labels["d_weights"], "weights"),
        _weights(issue),
        Heading(labels["d_indicators"], "definitions"),
    ]
    for dimension in measure.dimensions:
        blocks.append(Heading(issue.titled(dimension.title, dimension.name), f"dim-{dimension.name}", 4))
        blocks += [_definition(issue, one) for one in measure.indicators if one.dimension == dimension.name]
    if measure.derived:
        rows = tuple(
            Row((Cell(name, header=True, code=True), Cell(rule.text, code=True)))
            for name, rule in measure.derived.items()
        )
        columns = (Column(labels["d_name"], "text"), Column(labels["rule"], "text"))
        blocks += [
            Heading(labels["d_variables"], "derived"),
            Paragraph(labels["d_variables_note"]),
            Table(id="t-derived", caption=labels["d_variables"], columns=columns, rows=rows),
        ]
    return section("definition", labels["s_definition"], blocks)


def _terms(issue: Issue) -> tuple[tuple[str, str], ...]:
    measure, labels = issue.publication.measure, issue.labels
    cutoffs = [
        f"{one.text} ({issue.say(percent(float(one.k)))})" + (f", {issue.own_cutoff}" if place == 0 else "")
        for place, one in enumerate(issue.publication.study.cutoffs)
    ]
    strict = any(one.strict for one in issue.publication.study.cutoffs)
    rule = phrase(
        "poor are those whose score is k or more; with “>”, more than k"
        if strict
        else "poor are those whose score is k or more"
    )
    terms = [
        (labels["measure"], issue.titled(shown_title(measure), measure.name)),
        (labels["d_identification"], labels[measure.identification]),
        (labels["d_cutoffs"], issue.say(joined([joined(cutoffs, "; "), rule], ": "))),
        (labels["d_missing"], TREATMENTS[measure.missing][issue.language]),
        (labels["act"], issue.titled(issue.publication.study.official)),
    ]
    return tuple((name, text) for name, text in terms if text)


def _weights(issue: Issue) -> Table:
    measure, labels = issue.publication.measure, issue.labels
    rows = []
    for dimension in measure.dimensions:
        name = issue.titled(dimension.title, dimension.name)
        if dimension.at_least is not None:
            name = issue.say(
                phrase(
                    "{name} (counts from {at_least} of {count} deprivations on)",
                    name=name,
                    at_least=dimension.at_least,
                    count=len(dimension.indicators),
                )
            )
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
    columns = (Column(labels["indicator"], "text"), Column(labels["weight_exact"]), Column(labels["weight"] + ", %"))
    return Table(id="t-weights", caption=labels["d_weights"], columns=columns, rows=tuple(rows))


def _definition(issue: Issue, one: Indicator) -> Definition:
    labels = issue.labels
    words = told_in(one.words, issue.language)
    terms = [(labels["d_words"], words)] if words else []
    for word, titles in (("d_legal", one.legal_basis), ("d_note", one.note)):
        if text := issue.titled(titles):
            terms.append((labels[word], text))
    if one.nobody:
        terms.append((issue.say(phrase("Nobody eligible")), NOBODY[one.nobody][issue.language]))
    if one.missing != "unknown":
        terms.append((labels["d_missing"], INDICATOR_TREATMENTS[one.missing][issue.language]))
    if one.monitor:
        terms.append((labels["weight"], labels["d_monitor"]))
    written = []
    if one.eligible is not None:
        written.append(("eligible", one.eligible.text))
    written.append(("deprived", one.deprived.text))
    if one.nobody:
        written.append(("nobody", one.nobody))
    if one.missing != "unknown":
        written.append(("missing", one.missing))
    weight = f"{one.weight} ({issue.say(percent(float(one.weight)))})" if one.weight else NOTHING
    return Definition(
        f"def-{one.name}",
        issue.indicator(one),
        issue.say(joined([labels["weight"], weight], ": ")),
        tuple(terms),
        tuple(written),
    )
