"""Domains: a table for each; a summary of domains with many groups, which nobody would read in full."""

from __future__ import annotations

from itertools import pairwise

from mpi.charts.captions import ranking
from mpi.claims import FEWEST_DF, rankable
from mpi.claims.numbers import Number
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure
from mpi.errors.omissions import Omission, reason
from mpi.language import joined, phrase
from mpi.publication.edition import TIMES
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section, table_id
from mpi.report.drawings import drawn_at
from mpi.report.issue import Issue
from mpi.vocabulary.wording import MARKS, NOTHING, figure, number, statistic_title

MOST_ROWS = 60  # of a table that is printed whole
ENDS = 10  # the highest and the lowest of a longer one
CLASSES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
STATISTICS = ("H", "A", "M0", "poor", "population_share")
Groups = dict[Codes, dict[str, Figure]]


def domains(issue: Issue) -> Section:
    """Figures of each domain, ranked where their precision allows it."""
    blocks: list[Block | None] = []
    for names in issue.sets:
        groups = issue.groups(names, *STATISTICS)
        if not groups:
            continue
        slug = table_id(names)
        blocks.append(Heading(issue.crossing(names), f"d-{slug[2:]}"))
        if len(groups) > MOST_ROWS:
            blocks += _summary(issue, names, groups)
            continue
        if not any(one.value is not None for own in groups.values() for one in own.values()):
            blocks.append(_nothing(issue, names, groups))
            continue
        if len(names) == 1:
            blocks += drawn_at(issue, "ranking", names[0]) or [Paragraph(ranking(issue, names[0]))]
        blocks.append(_table(issue, names, groups))
        if len(names) == 1:
            blocks += drawn_at(issue, "domain", names[0])
    if not blocks:
        text = issue.say(phrase("The publication has no domains: there are figures of the total only."))
        blocks.append(Paragraph(text, "note"))
    return section("domains", issue.labels["s_domains"], blocks)


def _nothing(issue: Issue, names: tuple[str, ...], groups: Groups) -> Paragraph:
    """The note in place of the table and the charts of a domain of which nothing has a figure."""
    hidden = any(one.standing == "hidden" for own in groups.values() for one in own.values())
    issue.left_out.append(Omission(f"report#{table_id(names)}", reason("hidden" if hidden else "undefined")))
    return issue.left_out_note(issue.crossing(names))


def _columns(issue: Issue, names: tuple[str, ...]) -> tuple[Column, ...]:
    labels = issue.labels
    return (
        *_heads(issue, names),
        Column(labels["population_percent"]),
        Column("%", group="H"),
        Column(issue.interval, group="H"),
        Column("%", group="A"),
        Column(issue.interval, group="A"),
        Column(labels["estimate"], group="M0"),
        Column(issue.interval, group="M0"),
        Column(statistic_title("poor", issue.unit, issue.language)),
        Column(labels["n"]),
    )


def _coded(issue: Issue, names: tuple[str, ...]) -> bool:
    """Whether a table shows codes beside names, which say its order: of the areas of a map, by themselves."""
    return any(names == (drawn.spec.domain,) for drawn in issue.publication.maps)


def _heads(issue: Issue, names: tuple[str, ...]) -> tuple[Column, ...]:
    heads = tuple(Column(issue.domain(name), "text") for name in names)
    return (*heads, Column(issue.labels["code"], "text")) if _coded(issue, names) else heads


def _numbers(issue: Issue, figures: dict[str, Figure]) -> tuple[Cell, ...]:
    incidence = figures.get("H", NO_FIGURE)
    hidden = incidence.standing == "hidden"
    count = Cell(MARKS["hidden"], standing="hidden") if hidden else Cell(number(incidence.n, issue.language))
    return (
        issue.cell("population_share", figures.get("population_share", NO_FIGURE)),
        *(cell for name in ("H", "A", "M0") for cell in issue.cells(name, figures.get(name, NO_FIGURE))),
        issue.cell("poor", figures.get("poor", NO_FIGURE)),
        count,
    )


def _total(issue: Issue, names: tuple[str, ...]) -> Row:
    figures = {name: issue.total(name) for name in STATISTICS}
    blank = tuple(Cell("") for _ in _heads(issue, names)[1:])
    return Row((Cell(issue.labels["total"], header=True), *blank, *_numbers(issue, figures)), strong=True)


def _table(issue: Issue, names: tuple[str, ...], groups: Groups) -> Table:
    rows = []
    last: tuple[str, ...] = ()
    for codes, figures in groups.items():
        heads = []
        for place, (name, code) in enumerate(zip(names, codes, strict=True)):
            inner = place == len(names) - 1
            if inner or codes[: place + 1] != last[: place + 1]:
                span = 1 if inner else sum(other[: place + 1] == codes[: place + 1] for other in groups)
                heads.append(Cell(issue.name(name, code), header=True, rows=span))
        last = codes
        heads += [Cell(code) for code in codes if _coded(issue, names)]
        rows.append(Row((*heads, *_numbers(issue, figures))))
    rows.append(_total(issue, names))
    note = issue.say(
        phrase(
            "{title}, k = {k}. n: {units} in the sample, unweighted.",
            title=issue.units.capitalize(),
            k=issue.k,
            units=issue.units,
        )
    )
    caption = issue.say(
        phrase("H, A and M0, {crossing}, {period}", crossing=issue.crossing(names), period=issue.period)
    )
    notes = (note, *_nobody(issue, names, groups))
    return issue.with_legend(
        Table(id=table_id(names), caption=caption, columns=_columns(issue, names), rows=tuple(rows), notes=notes)
    )


def _nobody(issue: Issue, names: tuple[str, ...], groups: Groups) -> list[str]:
    """The note that names the groups in which nobody was sampled, if there are any."""
    empty = [codes for codes, figures in groups.items() if figures.get("H", NO_FIGURE).nobody]
    if not empty:
        return []
    titles = ", ".join(f" {TIMES} ".join(map(issue.name, names, codes)) for codes in empty)
    return [issue.say(phrase("Nobody in the sample: {names}.", names=titles))]


def _summary(issue: Issue, names: tuple[str, ...], groups: Groups) -> list[Block | None]:
    """How many groups are in which class, how many have which precision, and the ends of what is reliable."""
    incidence = {codes: figures.get("H", NO_FIGURE) for codes, figures in groups.items()}
    reliable = sorted(
        ((codes, one) for codes, one in incidence.items() if rankable(one, census=issue.census)),
        key=lambda item: (-float(item[1].value or 0), item[0]),
    )
    blocks: list[Block | None] = [
        Paragraph(_too_many(issue, len(groups))),
        _classes(issue, names, incidence),
        _precision(issue, names, incidence),
    ]
    if not reliable:
        text = phrase("No group has an H that is precise enough for a ranking: they are not ranked.")
        return [*blocks, Paragraph(issue.say(text), "warning")]
    warning = phrase(
        "Only {ranked} of the {groups} groups are ranked: those that are precise enough. "
        "Differences between neighbours have not been tested: their order is not established, "
        "and a rank is no figure.",
        ranked=Number(len(reliable)),
        groups=Number(len(groups)),
    )
    if issue.census:
        warning = phrase("This is a census: the order is that of the figures, without sampling error.")
    chosen = reliable if len(reliable) <= 2 * ENDS else [*reliable[:ENDS], *reliable[-ENDS:]]
    table = _ends(issue, names, chosen, groups, split=len(reliable) > 2 * ENDS)
    return [*blocks, Paragraph(issue.say(warning), "warning"), table]


def _too_many(issue: Issue, count: int) -> str:
    """That the domain has too many groups, and where its table is."""
    sentences = [
        phrase("There are {count} groups, too many for a printed table; this is a summary.", count=Number(count))
    ]
    if whole := issue.provenance.workbook or issue.provenance.results:
        sentences.append(phrase("The whole table is in {whole}.", whole=whole))
    return issue.say(joined(sentences, " "))


def _breaks(issue: Issue, names: tuple[str, ...]) -> tuple[float, ...]:
    """The classes of the map of the domain, if it has fixed ones."""
    for one in issue.publication.maps:
        breaks = one.spec.breaks.get("H")
        if breaks and (one.spec.domain,) == names:
            return tuple(value / 100 for value in breaks)
    return CLASSES


def _classes(issue: Issue, names: tuple[str, ...], incidence: dict[Codes, Figure]) -> Table:
    labels, language = issue.labels, issue.language
    breaks = _breaks(issue, names)
    rows = []
    for place, (low, high) in enumerate(pairwise(breaks)):
        count = sum(
            one.value is not None and (low < one.value <= high or (place == 0 and one.value == low))
            for one in incidence.values()
        )
        edges = [figure(edge, "percent", language, 0 if float(100 * edge).is_integer() else 1) for edge in (low, high)]
        name = (
            f"{edges[0]}{NOTHING}{edges[1]}"
            if place == 0
            else phrase("above {low}, up to {high}", low=edges[0], high=edges[1]).to(language)
        )
        rows.append(Row((Cell(name, header=True), Cell(number(count, language)))))
    for standing, word in (("hidden", "not_shown_class"), ("undefined", "undefined_class")):
        count = sum(one.standing == standing for one in incidence.values())
        if count:
            rows.append(Row((Cell(labels[word], header=True), Cell(number(count, language)))))
    rows.append(Row((Cell(labels["total"], header=True), Cell(number(len(incidence), language))), strong=True))
    caption = phrase(
        "Number of groups by class of H, {crossing}, {period}", crossing=issue.crossing(names), period=issue.period
    ).to(language)
    note = phrase("By point estimate; those of low precision may belong to a neighbouring class.").to(language)
    columns = (Column(labels["class_H"], "text"), Column(labels["areas"]))
    return Table(
        id=f"{table_id(names)}-classes",
        caption=caption,
        columns=columns,
        rows=tuple(rows),
        notes=() if issue.census else (note,),
    )


def _precision(issue: Issue, names: tuple[str, ...], incidence: dict[Codes, Figure]) -> Table:
    labels, language = issue.labels, issue.language
    rows = [
        Row(
            (
                Cell(_capital(issue.meanings[name]), header=True),
                Cell(MARKS[name] or labels["no_mark"]),
                Cell(number(count, language)),
            )
        )
        for name in MARKS
        if (count := sum(one.standing == name for one in incidence.values()))
    ]
    caption = phrase("Precision of H, {crossing}, {period}", crossing=issue.crossing(names), period=issue.period).to(
        language
    )
    columns = (Column(labels["meaning"], "text"), Column(labels["mark"], "text"), Column(labels["areas"]))
    return Table(id=f"{table_id(names)}-precision", caption=caption, columns=columns, rows=tuple(rows))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ends(
    issue: Issue, names: tuple[str, ...], chosen: list[tuple[tuple[str, ...], Figure]], groups: Groups, *, split: bool
) -> Table:
    rows: list[Row] = []
    for place, (codes, _) in enumerate(chosen):
        if split and place in (0, ENDS):
            word = "highest" if place == 0 else "lowest"
            rows.append(Row((), part=f"{issue.labels[word]} ({ENDS})"))
        heads = tuple(Cell(issue.name(name, code), header=True) for name, code in zip(names, codes, strict=True))
        shown = [Cell(code) for code in codes if _coded(issue, names)]
        rows.append(Row((*heads, *shown, *_numbers(issue, groups[codes]))))
    caption = phrase(
        "Groups with the highest and the lowest H, {crossing}, {period}"
        if split
        else "Groups that can be ranked by H, {crossing}, {period}",
        crossing=issue.crossing(names),
        period=issue.period,
    )
    notes: list[object] = [f"{issue.units.capitalize()}, k = {issue.k}."]
    if not issue.census:
        notes.append(
            phrase("Only groups whose H bears no † and has {least} degrees of freedom or more.", least=FEWEST_DF)
        )
    return issue.with_legend(
        Table(
            id=f"{table_id(names)}-ends",
            caption=issue.say(caption),
            columns=_columns(issue, names),
            rows=tuple(rows),
            notes=(issue.say(joined(notes, " ")),),
        )
    )
