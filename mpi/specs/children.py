"""Children in a measure: who is one, which deprivations are their own, and the truths of each child that follow.

An indicator of households that deprives the household where ANY member is deprived says of each member whether the
deprivation is theirs. The rules here are composed of its parts, so that a measure does not say them twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mpi.rules import Call, Expression, Literal, Rule, aggregates
from mpi.rules.syntax import Comparison, Junction, Not
from mpi.specs.indicators import Indicator
from mpi.vocabulary.options import Level

CHILDREN = "children"  # the word for these marks among the domains of a pass
CHILD, GIRL, SCHOOLED, ADULT, SCHOOLED_ADULT = "child", "girl", "schooled", "adult", "schooled adult"
ELIGIBLE, OWN, SPARED, SEVERAL, BOTH = "eligible ", "own ", "spared ", "several ", "both "


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """What a measure says of children.

    Attributes
    ----------
    child : Rule
        Who is one.
    girl : Rule or None
        Who of them is a girl; all others are boys.
    schooled : Rule or None
        Who has the schooling of a pioneer.
    own : mapping of str to Rule
        By indicator, when a child is deprived itself.
    """

    child: Rule
    girl: Rule | None = None
    schooled: Rule | None = None
    own: Mapping[str, Rule] = field(default_factory=dict)


def own_rule(indicator: Indicator, level: Level) -> Rule | None:
    """When a member is deprived itself, of an indicator of households that is ANY(...); None of any other.

    Of a measure of persons it is the rule itself.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from mpi.rules import Origin, parse, written
    >>> from mpi.specs.indicators import Indicator
    >>> rule = Rule("ANY(NOT attends)", parse("ANY(NOT attends)", Origin("measure")), Origin("measure"))
    >>> school = Indicator(name="school", dimension="d", title={}, weight=Fraction(1), deprived=rule)
    >>> written(own_rule(school, "household").expression)
    'NOT attends'
    """
    rule = indicator.deprived
    if level == "person":
        return None if aggregates(rule.expression) else rule
    match rule.expression:
        case Call(function="ANY", arguments=(inner,)) if not aggregates(inner):
            return Rule(rule.text, inner, rule.origin)
    return None


def child_marks(said: Children | None, indicators: Sequence[Indicator]) -> dict[str, Rule]:
    """The truths that a profile keeps of children and their households, by name.

    For each indicator whose deprivation can be a child's own: `eligible NAME` (a child to whom it applies), `own NAME`
    (deprived itself), `spared NAME` (such a child of the household is not deprived), `several NAME` (the household has
    two such children or more), and with a rule of girls `both NAME` (girls and boys).
    """
    if said is None:
        return {}
    child, made = said.child.expression, {CHILD: said.child}

    def add(name: str, expression: Expression, like: Rule) -> None:
        made[name] = Rule(like.text, expression, like.origin)

    if said.girl is not None:
        made[GIRL] = said.girl
    if said.schooled is not None:
        made[SCHOOLED] = said.schooled
        add(ADULT, _any(Not(child)), said.child)
        add(SCHOOLED_ADULT, _any(_and(Not(child), said.schooled.expression)), said.schooled)
    limits = {one.name: one.eligible for one in indicators}
    for name, rule in said.own.items():
        if name not in limits:
            continue
        limit = limits[name]
        eligible = child if limit is None else _and(child, limit.expression)
        add(f"{ELIGIBLE}{name}", eligible, rule)
        made[f"{OWN}{name}"] = rule
        add(f"{SPARED}{name}", _any(_and(eligible, Not(rule.expression))), rule)
        add(f"{SEVERAL}{name}", Comparison(">=", Call("COUNT_IF", (eligible,)), Literal(2)), rule)
        if said.girl is not None:
            girl = said.girl.expression
            add(f"{BOTH}{name}", _and(_any(_and(eligible, girl)), _any(_and(eligible, Not(girl)))), rule)
    return made


def _and(*parts: Expression) -> Expression:
    return Junction("AND", parts)


def _any(condition: Expression) -> Expression:
    return Call("ANY", (condition,))
