"""Quality: the sample, precision, what is unknown and what was done about it, what is hidden, joins, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mpi.claims import Errors, say
from mpi.claims.numbers import quoted
from mpi.disclosure.publishable import Publishable
from mpi.disclosure.rules import OTHERS, RULES
from mpi.errors.notices import said as said_notice
from mpi.language import phrase
from mpi.publication.model import Round
from mpi.report.blocks import Block, Cell, Column, Heading, Items, Paragraph, Row, Section, Table, section
from mpi.report.issue import Issue
from mpi.report.texts import INDICATOR_TREATMENTS, TREATMENTS
from mpi.specs.disclosure import Disclosure
from mpi.specs.reliability import Reliability
from mpi.vocabulary.wording import LEVELS, MARKS, NOTHING, STANDING_OF_LEVEL, figure, number

MOST_CODES = 20
BREAK = "MPI-N012"  # told in the language of the report where the changes are
ARROW = "\u2192"


def quality(issue: Issue) -> Section:
    """The sample, its errors, the rules of precision and disclosure, and what they did."""
    said = issue.said
    notices = dict.fromkeys(
        said_notice(notice, issue.language) for notice in issue.publication.notices if notice.code != BREAK
    )
    blocks: list[Block | None] = [
        Heading(said["q_sample"], "q-sample"),
        Paragraph(say(Errors(issue.basis.sampling), issue.language)),
        _note(issue),
        _sample(issue),
        Heading(said["q_precision"], "q-precision"),
        *_precision(issue),
        Heading(said["q_missing"], "q-missing"),
        Paragraph(TREATMENTS[issue.publication.measure.missing][issue.language]),
        _unknown(issue),
        Heading(said["q_disclosure"], "q-disclosure"),
        *_disclosure(issue),
    ]
    if issue.publication.maps:
        blocks += [Heading(said["q_join"], "q-join"), _joins(issue), *_codes(issue)]
    if notices:
        blocks.append(Heading(said["q_notices"], "q-notices"))
        blocks.append(Items(tuple(text for text, own in notices if own == issue.language)))
        others = tuple(text for text, own in notices if own != issue.language)
        if others:
            blocks += [Paragraph(said["q_notices_language"]), Items(others, "en")]
    return section("quality", said["s_quality"], blocks)


def _note(issue: Issue) -> Paragraph | None:
    """What the survey says of itself."""
    note = issue.titled(issue.basis.sampling.note)
    return Paragraph(f"{issue.said['survey_note']}: {note}", "note") if note else None


def _sample(issue: Issue) -> Table:
    said, language = issue.said, issue.language
    rounds = issue.publication.rounds

    def row(title: str, values: list[str]) -> Row:
        return Row((Cell(title, header=True), *(Cell(value) for value in values)))

    def whole(value: float | None) -> str:
        return NOTHING if value is None else number(value, language)

    firsts = [issue.total("H", period=one.period) for one in rounds]
    rows = [
        row(said["sampled_persons"], [whole(one.persons) for one in rounds]),
        row(said["sampled_households"], [whole(one.households) for one in rounds]),
        row(said["represented"], [whole(one.population) for one in rounds]),
        row(said["strata"], [whole(one.strata) for one in rounds]),
        row(said["psus"], [whole(one.psus) if one.survey.design.psu else NOTHING for one in rounds]),
        row(said["zero_weight"], [whole(one.counts.get("zero_weight")) for one in rounds]),
        row(said["excluded_persons"], [_excluded(issue, one) for one in rounds]),
        row(said["df"], [whole(one.df) for one in firsts]),
        row(said["deff"], [NOTHING if one.deff is None else number(one.deff, language, 2) for one in firsts]),
        row(said["cv_H"], [NOTHING if one.cv is None else figure(one.cv, "percent", language) for one in firsts]),
    ]
    columns = (Column(said["figure_of"], "text"), *(Column(one.period) for one in rounds))
    caption = phrase("Sample, design and precision of the total").to(language)
    return Table(id="t-sample", caption=caption, columns=columns, rows=tuple(rows))


def _excluded(issue: Issue, one: Round) -> str:
    found = issue.total("excluded", period=one.period, unit=_unit_known(issue))
    return MARKS[found.standing] if found.standing == "hidden" else figure(found.value, "percent", issue.language, 2)


def _unit_known(issue: Issue) -> str:
    units = issue.publication.study.units
    return "persons" if "persons" in units else units[0]


def _precision(issue: Issue) -> list[Block | None]:
    rules: Reliability | None = issue.publication.study.reliability
    meanings = issue.meanings
    marks = Table(
        id="t-marks",
        caption=phrase("Marks of tables and charts").to(issue.language),
        columns=(Column(issue.said["mark"], "text"), Column(issue.said["meaning"], "text")),
        rows=tuple(
            Row((Cell(mark or issue.said["no_mark"], header=True), Cell(meanings[name])))
            for name, mark in MARKS.items()
            if issue.basis.judged or name not in ("shown", "caution", "review")
        ),
    )
    if rules is None or not rules.rules:
        text = phrase("No rules of precision were applied: nobody has judged whether the figures are reliable.").to(
            issue.language
        )
        return [Paragraph(text), marks]
    told = tuple(
        f"{issue.titled(rule.says, rule.name)} {ARROW} {LEVELS[rule.level][issue.language]}"
        + (f" ({mark})" if (mark := MARKS[STANDING_OF_LEVEL[rule.level]]) else "")
        for rule in rules.rules
    )
    title = issue.titled(rules.title, rules.name)
    text = phrase("Rules applied: {title}. The first that holds decides.", title=quoted(title)).to(issue.language)
    return [Paragraph(text), Items(told), marks]


def _unknown(issue: Issue) -> Table:
    said = issue.said
    unit = _unit_known(issue)
    rounds = issue.publication.rounds
    rows = []
    for one in issue.publication.measure.indicators:
        cells = []
        for each in rounds:
            where = {"dimension": one.dimension, "indicator": one.name}
            found = issue.total("unknown", period=each.period, unit=unit, **where)
            text = MARKS["hidden"] if found.standing == "hidden" else figure(found.value, "percent", issue.language, 2)
            cells.append(Cell(text, standing=found.standing if found.value is None else "shown"))
        treatment = INDICATOR_TREATMENTS[one.missing][issue.language]
        rows.append(Row((Cell(issue.indicator(one), header=True), *cells, Cell(treatment))))
    title = said["unknown_percent" if unit == "persons" else "unknown_percent_households"]
    columns = (
        Column(said["indicator"], "text"),
        *(Column(one.period, group=title) for one in rounds),
        Column(said["treatment"], "text"),
    )
    caption = phrase("Unknown indicators and their treatment").to(issue.language)
    return issue.with_legend(Table(id="t-unknown", caption=caption, columns=columns, rows=tuple(rows)))


def rules_in_words(rules: Disclosure, issue: Issue) -> list[str]:
    """What a set of disclosure rules hides."""
    said = [rule.hidden(rules) for rule in RULES.values() if rule.hidden is not None]
    return [texts[issue.language] for texts in said if texts is not None]


def _disclosure(issue: Issue) -> list[Block | None]:
    rules = issue.publication.study.disclosure
    told = rules_in_words(rules, issue)
    counts = _hidden_by_rule([issue.publication.figures, issue.publication.changes])
    blocks: list[Block | None] = []
    if told:
        text = phrase("Not shown are ({titled}):", titled=issue.titled(rules.title, rules.name)).to(issue.language)
        blocks += [Paragraph(text), Items(tuple(told))]
    else:
        text = phrase("No figure was hidden for disclosure control.").to(issue.language)
        blocks.append(Paragraph(text, "warning"))
    if counts:
        columns = (Column(issue.said["rule"], "text"), Column(issue.said["rows"]))
        rows = tuple(
            Row((Cell(_rule(name, issue), header=True), Cell(number(count, issue.language))))
            for name, count in counts.items()
        )
        caption = phrase("Figures that are not shown, in the whole publication").to(issue.language)
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
    """What a rule is called."""
    found = RULES.get(name) or OTHERS.get(name)
    return name if found is None else issue.titled(found.title, name)


def _joins(issue: Issue) -> Table:
    said = issue.said
    columns = (
        Column(said["boundaries"], "text"),
        Column(said["matched"]),
        Column(said["only_figures"]),
        Column(said["only_boundaries"]),
        Column(said["padded"]),
        Column(said["names_differ"]),
    )
    rows = []
    for one in issue.publication.maps:
        join = one.join
        counts = (join.matched, len(join.only_figures), len(join.only_boundaries), join.padded, len(join.names_differ))
        vintage = issue.titled(one.areas.vintage)
        name = f"{issue.domain(join.domain)}: {join.boundaries}" + (f" ({vintage})" if vintage else "")
        rows.append(Row((Cell(name, header=True), *(Cell(number(count, issue.language)) for count in counts))))
    caption = phrase("Join of the figures with the boundaries, by code").to(issue.language)
    return Table(id="t-join", caption=caption, columns=columns, rows=tuple(rows))


def _codes(issue: Issue) -> list[Block | None]:
    """The codes on one side alone, and names that differ."""
    told = []
    for one in issue.publication.maps:
        join = one.join
        title = issue.domain(join.domain)
        for word, codes in (("only_figures", join.only_figures), ("only_boundaries", join.only_boundaries)):
            if codes:
                told.append(f"{title}, {issue.said[word].lower()}: {_first(issue, codes)}")
        if join.names_differ:
            pairs = tuple(f"{code} ({first} / {second})" for code, first, second in join.names_differ)
            told.append(f"{title}, {issue.said['names_differ'].lower()}: {_first(issue, pairs)}")
    return [Items(tuple(told))] if told else []


def _first(issue: Issue, codes: tuple[str, ...]) -> str:
    more = len(codes) - MOST_CODES
    rest = phrase(" and {more} more", more=more).to(issue.language) if more > 0 else ""
    return ", ".join(codes[:MOST_CODES]) + rest
