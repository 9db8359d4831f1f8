"""The panel of a study: which editions it follows and how, with every fault where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from mpi.config.keys.panels import PANEL
from mpi.config.nodes import Node, Section
from mpi.errors import listed, nearest
from mpi.language import phrase
from mpi.specs.measure import Measure
from mpi.specs.panels import PanelSpec
from mpi.specs.survey import Survey
from mpi.vocabulary.options import EDITION_WEIGHTS, LINKS, MOVEMENT_TABLES, EditionWeights, Link, MovementTable

CROSS, TWO = ":", 2
WHAT = phrase("the panel")
BY, TAU, TABLES = (phrase("{what}: {name}", what="panel", name=name) for name in ("by", "tau", "tables"))
Several = Callable[[Node | None, str], list[Survey]]


def read_panel(
    node: Node | None,
    measure: Measure | None,
    rounds: Sequence[Survey],
    tables: Sequence[tuple[str, ...]],
    several: Several,
) -> PanelSpec | None:
    """The panel of a study.

    Parameters
    ----------
    node : Node or None
    measure : Measure or None
        None if it could not be read.
    rounds : sequence of Survey
        Those of the study.
    tables : sequence of tuple of str
        Domains and crossings of the study.
    several : callable
        Reads the surveys that a list names.
    """
    if node is None:
        return None
    section = node.section(WHAT, PANEL)
    named = section.get("surveys")
    surveys = list(rounds) if named is None else several(named, phrase("{what}: {name}", what="panel", name="surveys"))
    link: Link = section.choice("link", LINKS) or "persons"
    _check_editions(node if named is None else named, surveys, known=named is None or bool(surveys))
    _check_link(section, link, measure)
    by = _domains(section.get("by"), surveys, rounds, tables)
    weights: EditionWeights | None = section.choice("weights", EDITION_WEIGHTS)
    domains_of: EditionWeights | None = section.choice("domains_of", EDITION_WEIGHTS)
    return PanelSpec(
        surveys=tuple(surveys),
        link=link,
        key=_texts(section, "key"),
        member=_texts(section, "member"),
        head=section.read("head", Node.text, None),
        weights=weights or "earlier",
        domains_of=domains_of or "earlier",
        by=by,
        tau=_durations(section.get("tau")),
        tables=_tables(section.get("tables")),
        place=node.place,
    )


def _texts(section: Section, key: str) -> tuple[str, ...]:
    node, what = section.get(key), phrase("{what}: {name}", what="panel", name=key)
    return tuple(text for item in ([] if node is None else node.items(what)) if (text := item.text(what)) is not None)


def _check_editions(node: Node, surveys: Sequence[Survey], *, known: bool) -> None:
    if known and len(surveys) < TWO:
        text = phrase("panel: one edition cannot be followed")
        node.wrong("MPI-C174", text, phrase("name two surveys or more in `surveys:`, the earliest first"))
    periods = [one.period for one in surveys]
    if len(set(periods)) < len(periods):
        text = phrase("panel: two editions have the period {period}", period=_twice(periods))
        node.wrong("MPI-C174", text, phrase("give each survey its own `period:`"))


def _twice(periods: Sequence[str]) -> str:
    return next(one for place, one in enumerate(periods) if one in periods[:place])


def _check_link(section: Section, link: Link, measure: Measure | None) -> None:
    head, member, named = section.get("head"), section.get("member"), section.get("link")
    if link == "same_head" and head is None and named is not None:
        text = phrase("panel: who is the head of a household is not said")
        named.wrong("MPI-C174", text, phrase("add `head:` with a column and its code, as relation=1"))
    if head is not None:
        told = head.text(phrase("{what}: {name}", what="panel", name="head")) or ""
        if link != "same_head":
            head.wrong("MPI-C174", phrase("panel: `head` is for the link same_head alone"), phrase("remove it"))
        elif not all(part.strip() for part in told.partition("=")):
            text = phrase("panel: the head {head!r} is no column with a code", head=told)
            head.wrong("MPI-C174", text, phrase("write it as relation=1"))
    if member is not None and link != "same_key":
        member.wrong("MPI-C174", phrase("panel: `member` is for the link same_key alone"), phrase("remove it"))
    if measure is not None and measure.identification == "person" and link != "persons" and named is not None:
        text = phrase("panel: {name} identifies persons, so households cannot be followed", name=measure.name)
        named.wrong("MPI-C174", text, phrase("write link: persons"))


def _domains(
    node: Node | None, surveys: Sequence[Survey], rounds: Sequence[Survey], tables: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """What tables are by: domains of every edition; of rounds of the study, those that its own tables judge."""
    published = {one.name for one in rounds} & {one.name for one in surveys}
    known = {frozenset(names) for names in tables}
    found: dict[tuple[str, ...], None] = {}
    for item in [] if node is None else node.items(BY):
        text = item.text(BY)
        names = tuple((text or "").split(CROSS))
        if text is None:
            continue
        lacking = [one.name for one in surveys if any(name not in one.domains for name in names)]
        if lacking:
            there = [name for name in surveys[0].domains if all(name in one.domains for one in surveys)]
            remedy = nearest(text, there) or phrase("there are {names}", names=listed(there, 20))
            item.wrong(
                "MPI-C174", phrase("panel: {name!r} is no domain of {names}", name=text, names=listed(lacking)), remedy
            )
        elif published and frozenset(names) not in known:
            item.wrong(
                "MPI-C174",
                phrase("panel: the study has no table by {name!r}", name=text),
                phrase("add it to `by` of the study, or remove it"),
            )
        else:
            found[names] = None
    return tuple(found)


def _durations(node: Node | None) -> tuple[str, ...]:
    found = []
    for item in [] if node is None else node.items(TAU):
        value = item.fraction(TAU)
        if value is not None and not 0 < value <= 1:
            text = phrase("panel: the duration {tau} is no share of the editions", tau=str(value))
            item.wrong("MPI-C174", text, phrase("write a fraction above 0 and up to 1, such as 1/2"))
        elif value is not None:
            found.append(str(Fraction(value)))
    return tuple(dict.fromkeys(found))


def _tables(node: Node | None) -> tuple[MovementTable, ...]:
    if node is None:
        return MOVEMENT_TABLES
    chosen = {item.choice(TABLES, MOVEMENT_TABLES) for item in node.items(TABLES)}
    return tuple(one for one in MOVEMENT_TABLES if one in chosen)
