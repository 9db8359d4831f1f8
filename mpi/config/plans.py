"""The plans of a study: actions in their order, or what a cheapest plan is asked for; and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mpi.config.analyses import read_tables
from mpi.config.data_files import read_path
from mpi.config.keys.plans import PLAN
from mpi.config.keys.shapes import Whole
from mpi.config.nodes import Node, Section, within
from mpi.errors import listed, nearest
from mpi.language import phrase
from mpi.specs.actions import Action, action_of
from mpi.specs.measure import Measure
from mpi.specs.plans import MOST_STEPS, Aimed, Level, PlanSpec
from mpi.vocabulary.options import PLAN_ORDERS, PLAN_STATES, PLAN_STATISTICS

OF_AIMED = ("statistic", "levels_by", "indicators", "if", "bounds", "steps")
OF_ACTIONS = ("state", "orders")
STEPS = 4
PAIR = 2


def read_plans(
    node: Node | None, measure: Measure | None, tables: Sequence[tuple[str, ...]], domains: Sequence[str]
) -> tuple[PlanSpec, ...]:
    """The plans of a list, each name once.

    Parameters
    ----------
    node : Node or None
    measure : Measure or None
    tables : sequence of tuple of str
        Domains and crossings of the study's `by`: what a plan shows of others could tell what these hide.
    domains : sequence of str
        Every domain of a table or map of the study.
    """
    found: dict[str, PlanSpec] = {}
    for item in [] if node is None else node.items("plans"):
        one = _plan(item, measure, tables, domains)
        if one is not None and one.name in found:
            item.wrong("MPI-C173", phrase("plans: {name} is there twice", name=one.name), phrase("rename one of them"))
        if one is not None:
            found.setdefault(one.name, one)
    return tuple(found.values())


def _plan(
    node: Node, measure: Measure | None, tables: Sequence[tuple[str, ...]], domains: Sequence[str]
) -> PlanSpec | None:
    before = len(node.faults)
    part = node.section("plans", PLAN)
    name = part.read("plan", Node.identifier, "")
    given = [one for one in ("actions", "target", "budget") if one in part]
    if len(given) != 1:
        text = phrase("plans: {name}: a plan has either actions, or a target, or a budget", name=name)
        node.wrong("MPI-C173", text, phrase("write one of `actions:`, `target:` and `budget:`"))
    aimed = "actions" not in part
    for one in OF_ACTIONS if aimed else OF_AIMED:
        if one in part and len(given) == 1:
            text = phrase("plans: `{key}:` does not go with `{other}:`", key=one, other=given[0])
            part.found[one].wrong("MPI-C173", text, phrase("remove it"))
    costs, table = _costs(part, measure)
    if aimed and not (costs or table) and given:
        text = phrase("plans: {name}: a plan with a {key} needs costs", name=name, key=given[0])
        part.found[given[0]].wrong("MPI-C173", text, phrase("add `costs:`, the cost of lifting one household"))
    if "costs" in part and "currency" not in part:
        text = phrase("plans: {name}: nothing says what costs are counted in", name=name)
        part.found["costs"].wrong("MPI-C173", text, phrase("add `currency:`, such as `{{en: pesos}}`"))
    made = PlanSpec(
        name=name,
        title=part.read("title", Node.titles, {}),
        actions=_actions(part, measure, domains),
        aimed=_aimed(part, measure, domains) if aimed else None,
        by=read_tables(part.get("by"), tables, "plans"),
        state=part.choice("state", PLAN_STATES) or "before",
        orders=part.choice("orders", PLAN_ORDERS) or "plan",
        costs=costs,
        cost_table=table,
        currency=part.read("currency", Node.titles, {}),
        source=part.read("source", Node.titles, {}),
        place=node.place,
    )
    return made if len(node.faults) == before else None


def _actions(part: Section, measure: Measure | None, domains: Sequence[str]) -> tuple[Action, ...]:
    found = []
    node = part.get("actions")
    for item in [] if node is None else node.items("actions"):
        text = item.text("actions")
        if text is None:
            continue
        try:
            one = action_of(text)
        except ValueError as error:
            wrong = phrase("plans: the action {text!r}: {fault}", text=text, fault=error.args[0])
            remedy = phrase("write for example `close water in zone=1`; put an action with a comma in double quotes")
            item.wrong("MPI-C173", wrong, remedy)
            continue
        _check_indicators(item, [one.indicator], measure)
        for name, _ in one.where:
            _check_domain(item, name, domains)
        found.append(one)
    return tuple(found)


def _aimed(part: Section, measure: Measure | None, domains: Sequence[str]) -> Aimed:
    budget: Fraction | None = part.read("budget", Node.fraction, None)
    target: Fraction | None = part.read("target", Node.fraction, None)
    statistic = part.choice("statistic", PLAN_STATISTICS) or "H"
    if target is not None and target > 1 and statistic != "poor":
        text = phrase("plans: a target of {statistic} above 1", statistic=statistic)
        part.found["target"].wrong("MPI-C173", text, phrase("write a proportion, such as 8% or 0.08"))
    levels_by: str = part.read("levels_by", Node.text, "")
    if levels_by:
        _check_domain(part.found["levels_by"], levels_by, domains)
    indicators: tuple[str, ...] = part.read("indicators", Node.texts, ())
    if indicators:
        _check_indicators(part.found["indicators"], indicators, measure)
    return Aimed(
        budget=None if budget is None else float(budget),
        target=target,
        statistic=statistic,
        levels_by=levels_by,
        indicators=tuple(dict.fromkeys(indicators)),
        condition=part.read("if", Node.text, ""),
        bounds=_bounds(part, measure),
        steps=part.read("steps", within(Whole(1, MOST_STEPS)), STEPS),
    )


def _bounds(part: Section, measure: Measure | None) -> dict[str, Level | dict[str, Level]]:
    found: dict[str, Level | dict[str, Level]] = {}
    node = part.get("bounds")
    for name, key, value in [] if node is None else node.pairs("bounds"):
        _check_indicators(key, [name], measure)
        if not value.is_mapping:
            found[name] = _bound(value, name)
            continue
        if "levels_by" not in part:
            text = phrase("plans: {name}: bounds by code, and the plan has levels for everybody", name=name)
            value.wrong("MPI-C173", text, phrase("add `levels_by:`, or give one bound"))
        found[name] = {code: _bound(own, f"{name}: {code}") for code, _, own in value.pairs(name)}
        if not found[name]:
            text = phrase("plans: the bound of {name} names no code", name=name)
            value.wrong("MPI-C009", text, phrase("give it a value, or leave the key out"))
    if node is not None and node.is_mapping and not found:
        node.wrong(
            "MPI-C009", phrase("plans: `bounds:` names no indicator"), phrase("give it a value, or leave the key out")
        )
    return found


def _bound(value: Node, name: str) -> Level:
    """The lowest and the highest level of a bound."""
    given = [number for item in value.items(name) if (number := item.fraction(name)) is not None]
    low, high = (Fraction(0), *given) if len(given) == 1 else (*given, *[Fraction(0)] * PAIR)[:PAIR]
    if len(given) != (PAIR if value.is_list else 1) or not 0 <= low <= high <= 1:
        text = phrase("plans: the bound of {name} is no level from 0 to 1, nor the lowest and the highest", name=name)
        last = name.rpartition(": ")[2]
        value.wrong("MPI-C173", text, phrase("write `{name}: 1/2`, or `{name}: [1/4, 1/2]`", name=last))
    return low, high


def _costs(part: Section, measure: Measure | None) -> tuple[dict[str, float], str]:
    """Costs by indicator, or the file of a table of them."""
    node = part.get("costs")
    if node is None:
        return {}, ""
    if not node.is_mapping:
        return {}, read_path(node, phrase("plans: costs")) or ""
    found = {}
    for name, key, value in node.pairs("costs"):
        _check_indicators(key, [name], measure)
        number = value.fraction(phrase("{what}: {name}", what="costs", name=name))
        found[name] = 0.0 if number is None else float(number)
    if not found:
        node.wrong(
            "MPI-C009", phrase("plans: `costs:` names no indicator"), phrase("give it a value, or leave the key out")
        )
    return found, ""


def _check_indicators(node: Node, names: Sequence[str], measure: Measure | None) -> None:
    known = [] if measure is None else list(measure.names)
    for name in names:
        if known and name not in known:
            text = phrase("plans: the measure has no indicator {name!r}", name=name)
            node.wrong("MPI-C173", text, nearest(name, known) or phrase("there are {names}", names=listed(known, 20)))


def _check_domain(node: Node, name: str, domains: Sequence[str]) -> None:
    if name not in domains:
        text = phrase("plans: the study has no table by {name!r}", name=name)
        remedy = nearest(name, domains) or phrase("add `{name}` to `by` of the study", name=name)
        node.wrong("MPI-C173", text, remedy)
