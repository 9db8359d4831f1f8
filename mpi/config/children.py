"""What a measure says of children, from its YAML file: who is one, and which deprivations are their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.config.keys.measures import CHILDREN
from mpi.config.nodes import Node, Section
from mpi.errors import nearest
from mpi.language import phrase
from mpi.rules import Kind, Rule, check
from mpi.specs.children import Children, child_marks, own_rule
from mpi.specs.indicators import Indicator
from mpi.vocabulary.options import Level


def read_children(
    section: Section, indicators: Sequence[Indicator], kinds: Mapping[str, Kind], level: Level
) -> Children | None:
    """What a measure says of children; adds every fault of its rules.

    Parameters
    ----------
    section : Section
        Of the measure.
    indicators : sequence of Indicator
    kinds : mapping of str to Kind
        What rules may read.
    level : {"household", "person"}
        Of the measure.
    """
    node = section.get("children")
    if node is None:
        return None
    own = node.section("children", CHILDREN)
    child = own.read("child", Node.rule, None)
    found = None if child is None else Children(
        child=child,
        girl=own.read("girl", Node.rule, None),
        schooled=own.read("schooled", Node.rule, None),
        own=_own(own, indicators, level),
    )  # fmt: skip
    if found is None:
        return None
    for rule in child_marks(found, indicators).values():
        faults = check(rule.expression, kinds, rule.origin, expected="truth")[1]
        node.faults.extend(dict.fromkeys(faults))
    return found


def _own(section: Section, indicators: Sequence[Indicator], level: Level) -> dict[str, Rule]:
    """By indicator when a child is deprived itself: what the file says, else what follows from the indicator's rule."""
    by_name, said = {one.name: one for one in indicators}, dict[str, Rule]()
    node = section.get("deprived")
    for name, key, value in node.pairs("children: deprived") if node is not None else ():
        _known(name, key, by_name)
        rule = value.rule(phrase("children: {name}", name=name))
        if rule is not None:
            said[name] = rule
    listed = section.get("indicators")
    chosen = [*by_name] if listed is None else []
    for item in [] if listed is None else listed.items("children: indicators"):
        name = item.text("children: indicators") or ""
        _known(name, item, by_name)
        if name in by_name and name not in said and own_rule(by_name[name], level) is None:
            text = phrase("children: the rule of {name!r} does not say who of the members is deprived", name=name)
            item.wrong("MPI-M014", text, phrase("say it under `deprived:`, as `{name}: NOT attends`", name=name))
        chosen.append(name)
    follows = {name: own_rule(by_name[name], level) for name in chosen if name in by_name}
    return {name: rule for name, rule in {**follows, **said}.items() if rule is not None and name in by_name}


def _known(name: str, node: Node, indicators: Mapping[str, Indicator]) -> None:
    if name not in indicators:
        remedy = nearest(name, indicators) or phrase("write one of {names}", names=", ".join(indicators))
        node.wrong("MPI-M014", phrase("children: there is no indicator {name!r}", name=name), remedy)
