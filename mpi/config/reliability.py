"""A reliability rule set from its YAML file, with all its faults: shape, levels, kinds, metrics and types of rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from mpi.config.composing import load
from mpi.config.keys import rule_sets as keys
from mpi.config.kinds import refuse_other_kinds
from mpi.config.locate import locate
from mpi.config.nodes import Node, within
from mpi.errors import Place
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.rules import Kind, Rule, aggregates, check, names
from mpi.specs.reliability import FLOOR, METRICS, Floor, Reliability, ReliabilityRule
from mpi.vocabulary.options import RELIABILITY_LEVELS, STATISTIC_KINDS, ReliabilityLevel, StatisticKind

UNDECIDED: Final[ReliabilityLevel] = "review"
SCOPE = {metric: Kind("number", "household") for metric in METRICS}


@public
def load_reliability(name: str | Path) -> Reliability:
    """A reliability rule set from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `cepal_2023`.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    root = load(locate(name, "reliability"))
    return replace(read_reliability(root), files=root.files)


def read_reliability(root: Node) -> Reliability:
    """The rule set that a file's root node describes; raises ConfigError with every fault."""
    refuse_other_kinds(root, "reliability")
    section = root.section(phrase("the rule set"), keys.RELIABILITY)
    name = section.read("reliability", Node.identifier, "")
    title: dict[str, str] = section.read("title", Node.titles, {})
    source: dict[str, str] = section.read("source", Node.titles, {})
    note = section.read("note", Node.text, "")
    undecided = section.choice("undecided", RELIABILITY_LEVELS) or UNDECIDED
    node = section.get("rules")
    rules = () if node is None else _rules(node)
    floor = _floor(section.get("floor"))
    root.faults.refuse()
    return Reliability(
        name=name,
        title=title,
        source=source,
        note=note,
        rules=rules,
        undecided=undecided,
        place=Place(root.place.file),
        floor=floor,
    )


def _floor(node: Node | None) -> Floor:
    """The floor below the rules; one that asks for less than the default needs a reason."""
    if node is None:
        return FLOOR
    section = node.section(phrase("the rule set: floor"), keys.FLOOR)
    least = {key: section.read(key, within(keys.COUNT), getattr(FLOOR, key)) for key in ("df", "units")}
    because = section.read("because", Node.text, "")
    for key, name in (("df", phrase("degrees of freedom")), ("units", phrase("sampled units"))):
        usual: int = getattr(FLOOR, key)
        if least[key] < usual and not because:
            text = phrase(
                "the floor of {least} {name} is lower than {usual}, and no reason is given",
                least=least[key],
                name=name,
                usual=usual,
            )
            remedy = phrase(
                "write {usual} or more, or give the reason: `because: ...`; every result will show it", usual=usual
            )
            section.found[key].wrong("MPI-C120", text, remedy)
    return Floor(least["df"], least["units"], because)


def _rules(node: Node) -> tuple[ReliabilityRule, ...]:
    if not node.is_list:
        node.wrong(
            "MPI-C005",
            phrase("rules is a list, not {sort}", sort=node.sort),
            phrase("write one `- {{name: ..., when: ..., ...}}` for each rule"),
        )
        return ()
    seen: dict[str, Place] = {}
    found = (_rule(item, seen) for item in node.items("rules"))
    return tuple(rule for rule in found if rule is not None)


def _rule(node: Node, seen: dict[str, Place]) -> ReliabilityRule | None:
    """The rule, or None after a fault that leaves none."""
    parts = node.section(phrase("a rule"), keys.RULE)
    name = parts.read("name", Node.identifier, "")
    if name in seen:
        parts.found["name"].wrong(
            "MPI-C020",
            phrase("the rule {name!r} is repeated, first in line {line}", name=name, line=seen[name].line),
            phrase("give each rule its own name"),
        )
    elif name:
        seen[name] = parts.found["name"].place
    level = parts.choice("level", RELIABILITY_LEVELS)
    of = _kinds(parts.get("of"))
    says: dict[str, str] = parts.read("says", Node.titles, {})
    when = parts.get("when")
    rule = None if when is None else when.rule(phrase("a rule: when"))
    if rule is None or level is None:
        return None
    _check(node, rule, of)
    return ReliabilityRule(name, rule, level, of, says)


def _kinds(node: Node | None) -> tuple[StatisticKind, ...]:
    """The kinds that `of` lists; all of them if it is left out."""
    if node is None:
        return STATISTIC_KINDS
    items = node.items("of")
    if node.is_list and not items:
        node.wrong(
            "MPI-C009", phrase("a rule: `of` does not name a kind of statistic"), phrase("leave `of` out for all kinds")
        )
    return tuple(kind for item in items if (kind := item.choice(phrase("a rule: of"), STATISTIC_KINDS)) is not None)


def _check(node: Node, rule: Rule, of: tuple[StatisticKind, ...]) -> None:
    """Report what is wrong with a condition: names, types, members of households, metrics that a kind lacks."""
    found = aggregates(rule.expression)
    for call in found:
        text = phrase(
            "{function} looks at members of a household, and a row here is an estimate", function=call.function
        )
        node.faults.append(
            rule.origin.fault("MPI-R010", call.at, text, phrase("use the metrics: {names}", names=", ".join(METRICS)))
        )
    if not found:
        node.faults.extend(check(rule.expression, SCOPE, rule.origin, level="household", expected="truth")[1])
    at = names(rule.expression).get("log_cv")
    others = [kind for kind in of if kind != "proportion"]
    if at is not None and others:
        text = phrase(
            "log_cv exists only for proportions, and the rule also applies to {names}", names=", ".join(others)
        )
        node.faults.append(
            rule.origin.fault("MPI-C021", at, text, phrase("add `of: [proportion]`, and a rule on cv for others"))
        )
