"""Targets of a study: the proportions that a statistic is to reach, and by when."""

from __future__ import annotations

from fractions import Fraction

from mpi.config.keys.studies import TARGET
from mpi.config.nodes import Node
from mpi.errors import nearest, phrase
from mpi.specs.measure import Measure
from mpi.specs.study import Target
from mpi.vocabulary.options import TARGET_STATISTICS, TargetStatistic, Titles

OF_INDICATORS: TargetStatistic = "uncensored_headcount"
YEAR_DIGITS = 4


def read_targets(node: Node | None, measure: Measure | None) -> tuple[Target, ...]:
    """The targets of a list, each subject and year once."""
    found: dict[tuple[str, str, str], Target] = {}
    for item in [] if node is None else node.items("targets"):
        target = _target(item, measure)
        if target is None:
            continue
        key = target.statistic, target.indicator, target.by
        if key in found:
            text = phrase("targets: there are two targets of the same figure by {by}", by=target.by)
            item.wrong("MPI-C170", text, phrase("keep one of them"))
        found.setdefault(key, target)
    return tuple(found.values())


def _target(node: Node, measure: Measure | None) -> Target | None:
    section = node.section("targets", TARGET)
    statistic: TargetStatistic | None = section.choice("statistic", TARGET_STATISTICS)
    value, by = section.read("value", _proportion, None), section.read("by", _year, None)
    source: Titles = section.read("source", Node.titles, {})
    indicator = section.read("indicator", Node.text, "")
    if (
        statistic is None
        or value is None
        or by is None
        or not _fits(section.get("indicator"), node, statistic, measure)
    ):
        return None
    return Target(statistic=statistic, indicator=indicator, value=value, by=by, source=source)


def _proportion(node: Node, what: str) -> Fraction | None:
    value = node.fraction(what)
    if value is not None and not 0 <= value <= 1:
        fault = phrase("{what}: {content!s} is not between 0 and 1", what=what, content=node.content)
        node.wrong("MPI-C007", fault, phrase("write a proportion, such as 8% or 0.08"))
        return None
    return value


def _year(node: Node, what: str) -> str | None:
    text = node.text(what)
    if text is not None and not (text.isascii() and text.isdigit() and len(text) == YEAR_DIGITS):
        node.wrong("MPI-C007", phrase("{what}: this is not a year", what=what), phrase("write a year, such as 2030"))
        return None
    return text


def _fits(given: Node | None, node: Node, statistic: str, measure: Measure | None) -> bool:
    """Whether a target of a headcount ratio names an indicator of the measure, and no other target does."""
    if given is None:
        if statistic == OF_INDICATORS:
            text = phrase("targets: {statistic} is of one indicator, and none is named", statistic=statistic)
            node.wrong("MPI-C170", text, phrase("add `indicator:`"))
        return statistic != OF_INDICATORS
    if statistic != OF_INDICATORS:
        text = phrase("targets: {statistic} is of the whole measure, not of an indicator", statistic=statistic)
        given.wrong("MPI-C170", text, phrase("remove `indicator:`, or write `statistic: uncensored_headcount`"))
        return False
    name = given.text("targets: indicator")
    known = [] if measure is None else [one.name for one in measure.indicators]
    if name is None or (known and name not in known):
        fault = phrase("targets: the measure has no indicator {name!r}", name=name or "")
        given.wrong("MPI-C170", fault, nearest(name or "", known) or phrase("name an indicator of the measure"))
        return False
    return True
