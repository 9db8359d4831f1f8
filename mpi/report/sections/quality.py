"""Quality: the sample, precision, what is unknown and what was done about it, what is hidden, joins, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mpi.claims import Errors, say
from mpi.claims.numbers import quoted
from mpi.disclosure.publishable import Publishable
from mpi.disclosure.rules import OTHERS, RULES
from mpi.errors.notices import said as said_notice
from mpi.language import joined, phrase, strung
from mpi.publication.model import Round
from mpi.report.blocks import Block, Cell, Column, Heading, Items, Paragraph, Row, Section, Table, section
from mpi.report.issue import Issue
from mpi.report.texts import INDICATOR_TREATMENTS, TREATMENTS
from mpi.specs.disclosure import Disclosure
from mpi.specs.reliability import Reliability
from mpi.vocabulary.wording import LEVELS, MARKS, NOTHING, STANDING_OF_LEVEL, figure, number

MOST_CODES = 20
BREAK = "MPI-N012"  # the section of changes has it in the language of the report
ARROW = "\u2192"


def quality(issue: Issue) -> Section:
    """The sample, its errors, the rules of precision and disclosure, and what they did."""
    labels = issue.labels
    notices = dict.fromkeys(
        said_notice(notice, issue.language) for notice in issue.publication.notices if notice.code != BREAK
    )
    blocks: list[Block | None] = [
        Heading(labels["q_sample"], "q-sample"),
        Paragraph(say(Errors(issue.basis.sampling), issue.language)),
        _note(issue),
        _sample(issue),
        Heading(labels["q_precision"], "q-precision"),
        *_precision(issue),
        Heading(labels["q_missing"], "q-missing"),
        Paragraph(TREATMENTS[issue.publication.measure.missing][issue.language]),
        _unknown(issue),
        Heading(labels["q_disclosure"], "q-disclosure"),
        *_disclosure(issue),
    ]
    if issue.publication.maps:
        blocks += [Heading(labels["q_join"], "q-join"), _joins(issue), *_codes(issue)]
    if notices:
        blocks.append(Heading(labels["q_notices"], "q-notices"))
        blocks.append(Items(tuple(text for text, own in notices if own == issue.language)))
        others = tuple(text for text, own in notices if own != issue.language)
        if others:
            blocks += [Paragraph(labels["q_notices_language"]), Items(others, "en")]
    return section("quality", labels["s_quality"], blocks)


def _note(issue: Issue) -> Paragraph | None:
    """The survey's own note."""
    note = issue.titled(issue.basis.sampling.note)
    return Paragraph(issue.say(joined([issue.labels["survey_note"], note], ": ")), "note") if note else None


def _sample(issue: Issue) -> Table:
    labels, language = issue.labels, issue.language
    rounds = issue.publication.rounds

    def row(title: str, values: list[str]) -> Row:
        return Row((Cell(title, header=True), *(Cell(value) for value in values)))

    def whole(value: float | None) -> str:
        return NOTHING if value is None else number(value, language)

    firsts = [issue.total("H", period=one.period) for one in rounds]
    rows = [
        row(labels["sampled_persons"], [whole(one.persons) for one in rounds]),
        row(labels["sampled_households"], [whole(one.households) for one in rounds]),
        row(labels["represented"], [whole(one.population) for one in rounds]),
        row(labels["strata"], [whole(one.strata) for one in rounds]),
        row(labels["psus"], [whole(one.psus) if one.survey.design.psu else NOTHING for one in rounds]),
        row(labels["zero_weight"], [whole(one.counts.get("zero_weight")) for one in rounds]),
        row(labels["excluded_persons"], [_excluded(issue, one) for one in rounds]),
        row(labels["df"], [whole(one.df) for one in firsts]),
        row(labels["deff"], [NOTHING if one.deff is None else number(one.deff, language, 2) for one in firsts]),
        row(labels["cv_H"], [NOTHING if one.cv is None else figure(one.cv, "percent", language) for one in firsts]),
    ]
    columns = (Column(labels["figure_of"], "text"), *(Column(one.period) for one in rounds))
    caption = phrase("Sample, design and precision of the total").to(language)
    return Table(id="t-sample", caption=caption, columns=columns, rows=tuple(rows))


def _excluded(issue: Issue, one: Round) -> str:
    excluded = issue.total("excluded", period=one.period, unit=_unit_known(issue))
    return (
        MARKS[excluded.standing]
        if excluded.standing == "hidden"
        else figure(excluded.value, "percent", issue.language, 2)
    )


def _unit_known(issue: Issue) -> str:
    units = issue.publication.study.units
    return "persons" if "persons" in units else units[0]


def _precision(issue: Issue) -> list[Block | None]:
    rules: Reliability | None = issue.publication.study.reliability
    meanings = issue.meanings
    marks = Table(
        id="t-marks",
        caption=issue.say(phrase("Marks of tables and charts")),
        columns=(Column(issue.labels["mark"], "text"), Column(issue.labels["meaning"], "text")),
        rows=tuple(
            Row((Cell(mark or issue.labels["no_mark"], header=True), Cell(meanings[name])))
            for name, mark in MARKS.items()
            if issue.basis.judged or name not in ("shown", "caution", "review")
        ),
    )
    if rules is None or not rules.rules:
        text = issue.say(
            phrase("No reliability rules were applied: it has not been assessed whether the figures are reliable.")
        )
        return [Paragraph(text), marks]
    levels = tuple(
        f"{issue.titled(rule.says, rule.name)} {ARROW} {LEVELS[rule.level][issue.language]}"
        + (f" ({mark})" if (mark := MARKS[STANDING_OF_LEVEL[rule.level]]) else "")
        for rule in rules.rules
    )
    title = issue.titled(rules.title, rules.name)
    text = issue.say(phrase("Rules applied: {title}. The first that holds decides.", title=quoted(title)))
    return [Paragraph(text), Items(levels), marks]


def _unknown(issue: Issue) -> Table:
    labels = issue.labels
    unit = _unit_known(issue)
    rounds, indicators = issue.publication.rounds, issue.publication.measure.indicators
    treatments = {one.missing for one in indicators}
    together = len(treatments) == 1  # then said once, not in every row
    rows = []
    for one in indicators:
        cells = []
        for each in rounds:
            where = {"dimension": one.dimension, "indicator": one.name}
            unknown = issue.total("unknown", period=each.period, unit=unit, **where)
            text = (
                MARKS["hidden"] if unknown.standing == "hidden" else figure(unknown.value, "percent", issue.language, 2)
            )
            cells.append(Cell(text, standing=unknown.standing if unknown.value is None else "shown"))
        own = () if together else (Cell(INDICATOR_TREATMENTS[one.missing][issue.language]),)
        rows.append(Row((Cell(issue.indicator(one), header=True), *cells, *own)))
    title = labels["unknown_percent" if unit == "persons" else "unknown_percent_households"]
    columns = (
        Column(labels["indicator"], "text"),
        *(Column(one.period, group=title) for one in rounds),
        *(() if together else (Column(labels["treatment"], "text"),)),
    )
    notes = tuple(
        issue.say(
            phrase("Treatment of what is unknown: {treatment}.", treatment=INDICATOR_TREATMENTS[one][issue.language])
        )
        for one in treatments
        if together
    )
    caption = issue.say(phrase("Unknown indicators and their treatment"))
    return issue.with_legend(Table(id="t-unknown", caption=caption, columns=columns, rows=tuple(rows), notes=notes))


def rules_in_words(rules: Disclosure, issue: Issue) -> list[str]:
    """What a set of disclosure rules hides."""
    texts = [rule.hidden(rules) for rule in RULES.values() if rule.hidden is not None]
    return [text[issue.language] for text in texts if text is not None]


def _disclosure(issue: Issue) -> list[Block | None]:
    rules = issue.publication.study.disclosure
    hidden = rules_in_words(rules, issue)
    counts = _hidden_by_rule([issue.publication.figures, issue.publication.changes])
    blocks: list[Block | None] = []
    if hidden:
        text = issue.say(phrase("Not shown are ({title}):", title=issue.titled(rules.title, rules.name)))
        blocks += [Paragraph(text), Items(tuple(hidden))]
    else:
        text = issue.say(phrase("No figure was hidden for disclosure control."))
        blocks.append(Paragraph(text, "warning"))
    if counts:
        columns = (Column(issue.labels["rule"], "text"), Column(issue.labels["rows"]))
        rows = tuple(
            Row((Cell(_rule(name, issue), header=True), Cell(number(count, issue.language))))
            for name, count in counts.items()
        )
        caption = issue.say(phrase("Figures that are not shown, in the whole publication"))
        blocks.append(Table(id="t-hidden", caption=caption, columns=columns, rows=rows))
    return blocks


def _hidden_by_rule(tables: Sequence[Publishable | None]) -> dict[str, int]:
    """Hidden rows of some tables by the rule that hides them, the most first."""
    counts: Counter[str] = Counter()
    for figures in tables:
        for one in [] if figures is None else figures.table["hidden_by"].value_counts().to_pylist():
            if one["values"] is not None:
                counts[one["values"]] += one["counts"]
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _rule(name: str, issue: Issue) -> str:
    """The title of a rule."""
    rule = RULES.get(name) or OTHERS.get(name)
    return name if rule is None else issue.titled(rule.title, name)


def _joins(issue: Issue) -> Table:
    labels = issue.labels
    columns = (
        Column(labels["boundaries"], "text"),
        Column(labels["matched"]),
        Column(labels["only_figures"]),
        Column(labels["only_boundaries"]),
        Column(labels["padded"]),
        Column(labels["names_differ"]),
    )
    rows = []
    for one in issue.publication.maps:
        join = one.join
        counts = (join.matched, len(join.only_figures), len(join.only_boundaries), join.padded, len(join.names_differ))
        vintage = issue.titled(one.areas.vintage)
        name = strung([issue.domain(join.domain), join.boundaries], ": ", issue.language) + (
            f" ({vintage})" if vintage else ""
        )
        rows.append(Row((Cell(name, header=True), *(Cell(number(count, issue.language)) for count in counts))))
    caption = issue.say(phrase("Join of the figures with the boundaries, by code"))
    return Table(id="t-join", caption=caption, columns=columns, rows=tuple(rows))


def _codes(issue: Issue) -> list[Block | None]:
    """The codes on one side alone, and names that differ."""
    lines = []
    for one in issue.publication.maps:
        join = one.join
        title = issue.domain(join.domain)
        for word, codes in (("only_figures", join.only_figures), ("only_boundaries", join.only_boundaries)):
            if codes:
                lines.append((f"{title}, {issue.labels[word].lower()}", _first(issue, codes)))
        if join.names_differ:
            pairs = tuple(f"{code} ({first} / {second})" for code, first, second in join.names_differ)
            lines.append((f"{title}, {issue.labels['names_differ'].lower()}", _first(issue, pairs)))
    return [Items(tuple(strung(line, ": ", issue.language) for line in lines))] if lines else []


def _first(issue: Issue, codes: tuple[str, ...]) -> str:
    """The first codes, and how many more there are."""
    more = len(codes) - MOST_CODES
    first = joined(codes[:MOST_CODES], ", ")
    return issue.say(phrase("{names} and {rest} more", names=first, rest=more) if more > 0 else first)
