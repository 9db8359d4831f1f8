"""How a variable, domain or part of the design comes from raw columns, from its YAML."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.config.crosswalks import read_crosswalk, read_lines
from mpi.config.keys.derivations import CODE_PART, COMPOSED, DOMAIN, FROM_LABELS, NUMBER_FROM, WIDTH
from mpi.config.nodes import Node, Section, within
from mpi.language import phrase
from mpi.specs.crosswalks import CodePart
from mpi.specs.survey import Derivation


def derivation(name: str, node: Node, *, domain: bool = False) -> Derivation:
    """A variable, domain or part of the design: a rule, or one column with what is said of it; adds every fault.

    Parameters
    ----------
    name : str
        What messages call it.
    node : Node
    domain : bool
        Whether its column may be optional.
    """
    if not node.is_mapping:
        return Derivation(name=name, rule=node.rule(name), place=node.place)
    part = node.section(name, DOMAIN)
    column = part.get("column")
    if column is not None and column.is_list:
        text = phrase(
            "{name}: `column` is one column; several make up a code as `columns`, each with its width", name=name
        )
        column.wrong(
            "MPI-S006",
            text,
            phrase("write `columns: [{widths}]`, with the widths of the codes", widths=_widths(column)),
        )
        return Derivation(name=name, place=node.place)
    if sum(key in part for key in DOMAIN.one_of) != 1:
        node.wrong(
            "MPI-S006",
            phrase("{name}: give either a `rule` or a `column`", name=name),
            phrase("a rule may be one column's name"),
        )
    for key in ("codes", "table"):
        if key in part and "rule" in part:
            part.found[key].wrong(
                "MPI-S006",
                phrase("{name}: `{key}` can only be used with `column`", name=name, key=key),
                phrase("leave one of them out"),
            )
    labelled = "codes" in part and part.found["codes"].content == FROM_LABELS
    if labelled and "columns" in part:
        part.found["codes"].wrong(
            "MPI-S006",
            phrase("{name}: `{key}` can only be used with `column`", name=name, key=f"codes: {FROM_LABELS}"),
            phrase("leave one of them out"),
        )
    if "width" in part and "columns" in part:
        part.found["width"].wrong(
            "MPI-S006", phrase("{name}: each of `columns` has its own width", name=name), phrase("leave it out here")
        )
    if "optional" in part and not domain:
        part.found["optional"].wrong(
            "MPI-S006", phrase("{name}: only a domain can be optional", name=name), phrase("leave it out")
        )
    if "crosswalk" in part and not domain:
        part.found["crosswalk"].wrong(
            "MPI-S006", phrase("{name}: only a domain has a crosswalk", name=name), phrase("leave it out")
        )
    if "crosswalk" in part and "codes" in part:
        text = phrase("{name}: `codes` and `crosswalk` both change its codes", name=name)
        part.found["codes"].wrong("MPI-S006", text, phrase("leave out one of them; a study names codes by `labels:`"))
    if "lines" in part and (domain or "rule" in part or "codes" in part):
        text = phrase("{name}: only a variable that is a code has `lines`", name=name)
        part.found["lines"].wrong("MPI-S006", text, phrase("write `column:` or `columns:` beside it, and nothing else"))
    part.read("note", Node.text, "")
    return Derivation(
        name=name,
        rule=part.read("rule", Node.rule, None),
        column=part.read("column", Node.text, None),
        table=part.read("table", Node.text, None),
        codes=part.read("codes", _codes, None),
        width=part.read("width", within(WIDTH), None),
        optional=part.read("optional", Node.yes, False),
        title=part.read("title", Node.titles, {}),
        place=node.place,
        columns=part.read("columns", _parts, ()),
        crosswalk=part.read("crosswalk", read_crosswalk, None),
        lines=part.read("lines", read_lines, None),
        labelled=labelled,
    )


def number(node: Node, what: str) -> Derivation | None:
    """A number: a rule, or `{column: C, table: T}`; adds every fault."""
    if not node.is_mapping:
        rule = node.rule(what)
        return None if rule is None else Derivation(name=what, rule=rule, place=node.place)
    part = node.section(what, NUMBER_FROM)
    if ("rule" in part) == ("column" in part):
        node.wrong(
            "MPI-S006",
            phrase("{what}: give either a `rule` or a `column`", what=what),
            phrase("a rule may be one column's name"),
        )
    if "table" in part and "column" not in part:
        part.found["table"].wrong(
            "MPI-S006",
            phrase("{what}: `table` can only be used with `column`", what=what),
            phrase("leave one of them out"),
        )
    return Derivation(
        name=what,
        rule=part.read("rule", Node.rule, None),
        column=part.read("column", Node.text, None),
        table=part.read("table", Node.text, None),
        place=node.place,
    )


def _widths(node: Node) -> str:
    """How the columns of a list are written, each with a width."""
    return ", ".join(f"{{column: {item.content}, width: 2}}" for item in node.items("columns"))


def _parts(node: Node, what: str) -> tuple[CodePart, ...]:
    items = [item.section(what, CODE_PART) for item in node.items(what)]
    if node.is_list and not items:
        node.wrong(
            "MPI-S006",
            phrase("{what}: there is no column", what=what),
            phrase("write [{{column: A, width: 2}}, {{column: B, width: 3}}]"),
        )
    return tuple(
        CodePart(
            item.read("column", Node.text, ""),
            item.read("width", within(WIDTH), 1),
            item.read("table", Node.text, None),
        )
        for item in items
    )


def read_key(node: Node, what: str) -> tuple[str, ...]:
    """The columns of a key; one that is made up of several is called by their names."""
    return tuple(name for name, _ in _key(node, what))


def composed(part: Section, keys: Sequence[str]) -> dict[str, tuple[CodePart, ...]]:
    """The columns of a table's keys that are made up of several."""
    nodes = [(part.get(name), phrase("{what}: {name}", what=part.what, name=name)) for name in keys]
    return {name: parts for node, what in nodes if node is not None for name, parts in _key(node, what) if parts}


def _key(node: Node, what: str) -> list[tuple[str, tuple[CodePart, ...]]]:
    found: list[tuple[str, tuple[CodePart, ...]]] = []
    for item in [node] if node.is_mapping else node.items(what):
        if item.is_mapping:
            section = item.section(what, COMPOSED)
            parts: tuple[CodePart, ...] = section.read("columns", _parts, ())
            found.append(("+".join(one.column for one in parts), parts))
        elif (text := item.text(what)) is not None:
            found.append((text, ()))
    return found


def _codes(node: Node, what: str) -> dict[str, str] | None:
    if node.content == FROM_LABELS:
        return None
    if node.is_mapping and not node.content:
        node.wrong(
            "MPI-S006", phrase("{what}: the list of codes is empty", what=what), phrase("write {{1: first, 2: second}}")
        )
    pairs = ((code, value.text(what)) for code, _, value in node.pairs(what))
    return {code: label for code, label in pairs if label is not None}


def parts(name: str, node: Node) -> tuple[Derivation, ...]:
    """One derivation, or the list of those that together name a stratum, a PSU or a second-stage unit."""
    if node.is_mapping:
        return (derivation(name, node),)
    return tuple(
        derivation(name, item)
        if item.is_mapping
        else Derivation(name=name, rule=item.rule(phrase("design: {name}", name=name)), place=item.place)
        for item in node.items(name)
    )
