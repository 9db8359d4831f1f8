"""Other measures by which a pass judges the same units: their plans become part of the plan of the first.

Comes in: a plan, and that of another measure bound to the same files. Goes out: one plan that reads both's columns and
computes what both derive once; the verdicts of the other become marks of the profile, see `mpi.profile.marks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mpi.errors import ConfigError, Fault
from mpi.language import phrase
from mpi.pipeline.binding.marking import numbered
from mpi.pipeline.binding.plan import UNIVERSE, Beside, Judgement, Plan, Step
from mpi.pipeline.binding.planning import bind
from mpi.profile.marks import HIGHEST, Mark, MarkGroup, beside_name
from mpi.profile.norm import judged_by
from mpi.rules import Name, Rule, renamed
from mpi.source import OpenedSurvey
from mpi.specs.measure import Measure


def bind_all(measure: Measure, opened: OpenedSurvey, domains: Sequence[str] | None = None) -> Plan:
    """The plan for a measure with those beside it.

    Raises
    ------
    ConfigError
        As `bind`, of each; or if one of the others has an income line that the incomes decide, or a profile has no room
        for the indicators of all.
    """
    plan = bind(measure, opened, domains)
    for other in measure.beside:
        _refuse_lines(other)
        own = replace(other, classes=(), income_poor=None, children=None)
        plan = _with(plan, measure, other, bind(own, opened, ()))
    _refuse_many(plan, measure)
    return plan


def _refuse_lines(measure: Measure) -> None:
    if measure.lines:
        text = phrase("{name} has an income line that the incomes decide, so it cannot be second", name=measure.name)
        remedy = phrase("name it first, and the other measure beside it")
        raise ConfigError(Fault("MPI-M015", measure.place, text, remedy))


def _refuse_many(plan: Plan, measure: Measure) -> None:
    """Refuse more truths of a unit than a cell has room for."""
    marks = [mark for group in plan.marks for mark in group.marks] + [m for one in plan.beside for m in one.marks]
    most = HIGHEST + 1 - len(measure.indicators) - len(measure.states)
    if len(marks) > most and plan.beside:
        text = phrase(
            "a profile of {name} has room for {most} indicators of other measures and facts of programmes and "
            "children, and these are {number}",
            name=measure.name, most=most, number=len(marks),
        )  # fmt: skip
        raise ConfigError(
            Fault("MPI-M015", measure.place, text, phrase("compare fewer measures at once, or name fewer programmes"))
        )


def _with(plan: Plan, measure: Measure, other: Measure, own: Plan) -> Plan:
    """A plan with that of another measure in it."""
    names, more = _apart(plan.steps, own.steps, other.name)
    judgements = tuple(_renamed(one, names) for one in own.judgements)
    rule = judged_by(other)
    marks = tuple(Mark(beside_name(other.name, one.name), other.level, rule) for one in own.judgements)
    groups, domains, steps = list(plan.marks), list(plan.domains), [*plan.steps, *more]
    if own.universe is not None:
        group = MarkGroup(f"marks-{other.name}", (Mark(beside_name(other.name), own.universe, rule),))
        inside = Name(names.get(UNIVERSE, UNIVERSE))
        groups.append(group)
        domains.append((group.domain, own.universe))
        origin = next(step.origin for step in own.steps if step.name == UNIVERSE)
        target = f"domain:{group.domain}"
        steps.append(Step(name=target, level=own.universe, expression=numbered([inside]), origin=origin, as_code=True))
    alike = other.level == measure.level
    return replace(
        plan,
        needs=_joined(plan.needs, own.needs),
        steps=tuple(steps),
        judgements=(*plan.judgements, *(judgements if alike else ())),
        domains=tuple(domains),
        notices=tuple(dict.fromkeys([*plan.notices, *own.notices])),
        doubled=tuple({pair[:2]: pair for pair in [*plan.doubled, *own.doubled]}.values()),
        marks=tuple(groups),
        beside=(*plan.beside, Beside(other.level, judgements, marks)),
    )


def _joined(one: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    tables = dict.fromkeys([*one, *other])
    return {table: tuple(dict.fromkeys([*one.get(table, ()), *other.get(table, ())])) for table in tables}


def _apart(steps: Sequence[Step], others: Sequence[Step], measure: str) -> tuple[dict[str, str], list[Step]]:
    """What steps of another measure are called beside those of the first, and those that the first does not have.

    A name means the same in both if it is computed in the same way of what means the same; else it gets another one.
    """
    there = {step.name: step for step in steps}
    names: dict[str, str] = {}
    more: list[Step] = []
    for step in others:
        own = replace(
            step,
            expression=renamed(step.expression, names),
            parts=tuple((replace(part, name=names.get(part.name, part.name)), width) for part, width in step.parts),
        )
        met = there.get(step.name)
        if met is not None and replace(own, origin=met.origin) == met:
            continue
        if met is not None:
            names[step.name] = f"{measure}:{step.name}"
            own = replace(own, name=names[step.name])
        there[own.name] = own
        more.append(own)
    return names, more


def _renamed(one: Judgement, names: Mapping[str, str]) -> Judgement:
    def of(rule: Rule) -> Rule:
        return replace(rule, expression=renamed(rule.expression, names))

    return Judgement(
        one.name,
        of(one.deprived),
        None if one.eligible is None else of(one.eligible),
        None if one.anyone is None else renamed(one.anyone, names),
        one.nobody,
    )
