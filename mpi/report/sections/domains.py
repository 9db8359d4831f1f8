"""Domains: a table for each, ranked; a summary of those with many groups, since a list of a thousand tells little."""

from __future__ import annotations

import re
from itertools import pairwise

from mpi.claims import FEWEST_DF, rankable
from mpi.claims.numbers import pick
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure
from mpi.errors.omissions import Omission, reason
from mpi.report import drawings
from mpi.report.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, section
from mpi.report.issue import TIMES, Issue
from mpi.vocabulary.wording import MARKS, NOTHING, Language, figure, number, statistic_title

MOST_ROWS = 60  # of a table that is printed whole
ENDS = 10  # the highest and the lowest of a longer one
CLASSES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
STATISTICS = ("H", "A", "M0", "poor", "population_share")
Groups = dict[Codes, dict[str, Figure]]


def domains(issue: Issue) -> Section:
    """The section."""
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
        if not any(one.value is not None for found in groups.values() for one in found.values()):
            blocks.append(_nothing(issue, names, groups))
            continue
        incidence = {codes[0]: found.get("H", NO_FIGURE) for codes, found in groups.items()}
        if len(names) == 1:
            picture = drawings.ranked(issue, names[0], incidence, slug)
            blocks.append(picture or Paragraph(drawings.told_ranking(issue, names[0], incidence)))
        blocks.append(_table(issue, names, groups))
        if len(names) == 1:
            blocks.append(drawings.breadth_depth(issue, names[0], incidence, slug))
    if not blocks:
        text = pick(
            issue.language,
            "La publicación no tiene dominios: solo hay cifras del total.",
            "The publication has no domains: there are figures of the total only.",
        )
        blocks.append(Paragraph(text, "note"))
    return section("domains", issue.said["s_domains"], blocks)


def _nothing(issue: Issue, names: tuple[str, ...], groups: Groups) -> Paragraph:
    """The sentence that stands for the table and the charts of a domain of which nothing has a figure."""
    hidden = any(one.standing == "hidden" for found in groups.values() for one in found.values())
    issue.left_out.append(Omission(f"report#{table_id(names)}", reason("hidden" if hidden else "undefined")))
    return issue.left_out_note(issue.crossing(names))


def table_id(names: tuple[str, ...]) -> str:
    """The id of the table of a domain or a crossing."""
    return "t-" + "-".join(re.sub(r"\W", "_", name) for name in names)


def _columns(issue: Issue, names: tuple[str, ...]) -> tuple[Column, ...]:
    said = issue.said
    return (
        *(Column(issue.domain(name), "text") for name in names),
        Column(said["population_percent"]),
        Column("%", group="H"),
        Column(issue.interval, group="H"),
        Column("%", group="A"),
        Column(issue.interval, group="A"),
        Column(said["estimate"], group="M0"),
        Column(issue.interval, group="M0"),
        Column(statistic_title("poor", issue.unit, issue.language)),
        Column(said["n"]),
    )


def _numbers(issue: Issue, found: dict[str, Figure]) -> tuple[Cell, ...]:
    first = found.get("H", NO_FIGURE)
    hidden = first.standing == "hidden"
    count = Cell(MARKS["hidden"], standing="hidden") if hidden else Cell(number(first.n, issue.language))
    return (
        issue.cell("population_share", found.get("population_share", NO_FIGURE)),
        *(cell for name in ("H", "A", "M0") for cell in issue.cells(name, found.get(name, NO_FIGURE))),
        issue.cell("poor", found.get("poor", NO_FIGURE)),
        count,
    )


def _total(issue: Issue, names: tuple[str, ...]) -> Row:
    found = {name: issue.total(name) for name in STATISTICS}
    blank = tuple(Cell("") for _ in names[1:])
    return Row((Cell(issue.said["total"], header=True), *blank, *_numbers(issue, found)), strong=True)


def _table(issue: Issue, names: tuple[str, ...], groups: Groups) -> Table:
    rows = []
    last: tuple[str, ...] = ()
    for codes, found in groups.items():
        heads = []
        for place, (name, code) in enumerate(zip(names, codes, strict=True)):
            inner = place == len(names) - 1
            if inner or codes[: place + 1] != last[: place + 1]:
                span = 1 if inner else sum(other[: place + 1] == codes[: place + 1] for other in groups)
                heads.append(Cell(issue.name(name, code), header=True, rows=span))
        last = codes
        rows.append(Row((*heads, *_numbers(issue, found))))
    rows.append(_total(issue, names))
    note = pick(
        issue.language,
        f"{issue.units.capitalize()}, k = {issue.k}. n: {issue.units} en la muestra, sin ponderar.",
        f"{issue.units.capitalize()}, k = {issue.k}. n: {issue.units} in the sample, unweighted.",
    )
    caption = pick(
        issue.language,
        f"H, A y M0, {issue.crossing(names)}, {issue.period}",
        f"H, A and M0, {issue.crossing(names)}, {issue.period}",
    )
    notes = (note, *_nobody(issue, names, groups))
    return issue.with_legend(Table(table_id(names), caption, _columns(issue, names), tuple(rows), notes))


def _nobody(issue: Issue, names: tuple[str, ...], groups: Groups) -> list[str]:
    """The note that names the groups in which nobody was sampled, if there are any."""
    empty = [codes for codes, found in groups.items() if found.get("H", NO_FIGURE).nobody]
    told = ", ".join(f" {TIMES} ".join(map(issue.name, names, codes)) for codes in empty)
    note = pick(issue.language, f"Sin casos en la muestra: {told}.", f"Nobody in the sample: {told}.")
    return [note] if empty else []


def _summary(issue: Issue, names: tuple[str, ...], groups: Groups) -> list[Block | None]:
    """How many groups lie in which class, how many have which precision, and the ends of what is reliable."""
    incidence = {codes: found.get("H", NO_FIGURE) for codes, found in groups.items()}
    reliable = sorted(
        ((codes, one) for codes, one in incidence.items() if rankable(one, census=issue.census)),
        key=lambda item: (-float(item[1].value or 0), item[0]),
    )
    whole = issue.provenance.workbook or issue.provenance.results
    language = issue.language
    told = pick(
        language,
        f"Hay {number(len(groups), language)} grupos, demasiados para una tabla impresa; aquí está el resumen.",
        f"There are {number(len(groups), language)} groups, too many for a printed table; this is a summary.",
    )
    if whole:
        told += pick(language, f" La tabla completa está en {whole}.", f" The whole table is in {whole}.")
    blocks: list[Block | None] = [
        Paragraph(told),
        _classes(issue, names, incidence),
        _precision(issue, names, incidence),
    ]
    if not reliable:
        text = pick(
            language,
            "Ningún grupo tiene una H con la precisión que un orden exige: no se ordenan.",
            "No group has an H that is precise enough for a ranking: they are not ranked.",
        )
        return [*blocks, Paragraph(text, "warning")]
    warning = pick(
        language,
        f"Solo se ordenan {number(len(reliable), language)} de los {number(len(groups), language)} grupos: los que"
        " tienen la precisión que un orden exige. Las diferencias entre vecinos no se han probado: su orden no está"
        " establecido, y un puesto no es una cifra.",
        f"Only {number(len(reliable), language)} of the {number(len(groups), language)} groups are ranked: those that"
        " are precise enough. Differences between neighbours have not been tested: their order is not established,"
        " and a rank is no figure.",
    )
    if issue.census:
        warning = pick(
            language,
            "Es un censo: el orden es el de las cifras, sin error de muestreo.",
            "This is a census: the order is that of the figures, without sampling error.",
        )
    chosen = reliable if len(reliable) <= 2 * ENDS else [*reliable[:ENDS], *reliable[-ENDS:]]
    return [*blocks, Paragraph(warning, "warning"), _ends(issue, names, chosen, groups, split=len(reliable) > 2 * ENDS)]


def _breaks(issue: Issue, names: tuple[str, ...]) -> tuple[float, ...]:
    """The classes of the map of the domain, if it has fixed ones."""
    for one in issue.publication.maps:
        found = one.spec.breaks.get("H")
        if found and (one.spec.domain,) == names:
            return tuple(value / 100 for value in found)
    return CLASSES


def _classes(issue: Issue, names: tuple[str, ...], incidence: dict[Codes, Figure]) -> Table:
    said, language = issue.said, issue.language
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
            else pick(language, f"más de {edges[0]} hasta {edges[1]}", f"above {edges[0]}, up to {edges[1]}")
        )
        rows.append(Row((Cell(name, header=True), Cell(number(count, language)))))
    for standing, word in (("hidden", "not_shown_class"), ("undefined", "undefined_class")):
        count = sum(one.standing == standing for one in incidence.values())
        if count:
            rows.append(Row((Cell(said[word], header=True), Cell(number(count, language)))))
    rows.append(Row((Cell(said["total"], header=True), Cell(number(len(incidence), language))), strong=True))
    caption = pick(
        language,
        f"Número de grupos por clase de H, {issue.crossing(names)}, {issue.period}",
        f"Number of groups by class of H, {issue.crossing(names)}, {issue.period}",
    )
    note = pick(
        language,
        "La clase es la de la estimación puntual; las de precisión baja pueden estar en una clase vecina.",
        "By point estimate; those of low precision may belong to a neighbouring class.",
    )
    columns = (Column(said["class_H"], "text"), Column(said["areas"]))
    return Table(f"{table_id(names)}-classes", caption, columns, tuple(rows), () if issue.census else (note,))


def _precision(issue: Issue, names: tuple[str, ...], incidence: dict[Codes, Figure]) -> Table:
    said, language = issue.said, issue.language
    rows = [
        Row(
            (
                Cell(_capital(issue.meanings[name]), header=True),
                Cell(MARKS[name] or said["no_mark"]),
                Cell(number(count, language)),
            )
        )
        for name in MARKS
        if (count := sum(one.standing == name for one in incidence.values()))
    ]
    caption = pick(
        language,
        f"Precisión de H, {issue.crossing(names)}, {issue.period}",
        f"Precision of H, {issue.crossing(names)}, {issue.period}",
    )
    columns = (Column(said["meaning"], "text"), Column(said["mark"], "text"), Column(said["areas"]))
    return Table(f"{table_id(names)}-precision", caption, columns, tuple(rows))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ends(
    issue: Issue, names: tuple[str, ...], chosen: list[tuple[tuple[str, ...], Figure]], groups: Groups, *, split: bool
) -> Table:
    language: Language = issue.language
    rows: list[Row] = []
    for place, (codes, _) in enumerate(chosen):
        if split and place in (0, ENDS):
            word = "highest" if place == 0 else "lowest"
            rows.append(Row((), part=f"{issue.said[word]} ({ENDS})"))
        heads = tuple(Cell(issue.name(name, code), header=True) for name, code in zip(names, codes, strict=True))
        rows.append(Row((*heads, *_numbers(issue, groups[codes]))))
    caption = pick(
        language,
        f"Grupos con H más alta y más baja, {issue.crossing(names)}, {issue.period}",
        f"Groups with the highest and the lowest H, {issue.crossing(names)}, {issue.period}",
    )
    if not split:
        caption = pick(
            language,
            f"Grupos que se pueden ordenar por H, {issue.crossing(names)}, {issue.period}",
            f"Groups that can be ranked by H, {issue.crossing(names)}, {issue.period}",
        )
    note = f"{issue.units.capitalize()}, k = {issue.k}."
    if not issue.census:
        note += pick(
            language,
            f" Solo grupos cuya H se publica sin el signo † y con {FEWEST_DF} grados de libertad o más.",
            f" Only groups whose H bears no † and has {FEWEST_DF} degrees of freedom or more.",
        )
    return issue.with_legend(Table(f"{table_id(names)}-ends", caption, _columns(issue, names), tuple(rows), (note,)))
