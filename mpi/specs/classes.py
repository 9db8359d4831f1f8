"""Classes of units by deprivations and other variables: which conditions a profile keeps for them, and their values.

A class is a rule over `poor`, `score`, `income_poor`, `deprived_INDICATOR` and the measure's variables. Its
conditions on variables alone are the states: truths of a unit that a profile keeps beside its deprivations. Every
class is then a function of the pattern.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.errors import Fault, phrase
from mpi.rules import Expression, Kind, Literal, Name, Rule, check, names
from mpi.rules.syntax import Arithmetic, Between, Case, Comparison, Junction, Negative, Not
from mpi.specs.exact import fraction
from mpi.specs.indicators import Indicator
from mpi.vocabulary.options import Level, Titles

POOR, SCORE, INCOME_POOR, DEPRIVED = "poor", "score", "income_poor", "deprived_"
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PovertyClass:
    """One class of units: its name, the rule that says who is in it, and what people call it by language."""

    name: str
    rule: Rule
    title: Titles = field(default_factory=dict)


def own_names(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """The names that the rule of a class reads besides variables."""
    return (POOR, SCORE, INCOME_POOR, *(DEPRIVED + one.name for one in indicators))


def states_of(income_poor: Rule | None, classes: Sequence[PovertyClass]) -> tuple[Rule, ...]:
    """The conditions on variables alone that decide the classes, each once; `income_poor` is the first, as a whole."""
    found: dict[Expression, Rule] = {}
    if income_poor is not None:
        found[income_poor.expression] = income_poor
    for one in classes:
        for node in conditions(one.rule.expression):
            found.setdefault(node, Rule(one.rule.text, node, one.rule.origin))
    return tuple(found.values())


def conditions(node: Expression) -> Iterator[Expression]:
    """The parts of a class' rule that are conditions on variables, between its AND, OR, NOT and CASE."""
    parts = truths(node)
    if not parts and not isinstance(node, Literal) and not any(_is_own(name) for name in names(node)):
        yield node
    for part in parts:
        yield from conditions(part)


def truths(node: Expression) -> Sequence[Expression]:
    """The parts of a condition that are conditions themselves."""
    match node:
        case Not():
            return (node.operand,)
        case Junction():
            return node.operands
        case Case():
            parts = tuple(part for branch in node.branches for part in branch)
            return parts if node.otherwise is None else (*parts, node.otherwise)
    return ()


def _is_own(name: str) -> bool:
    return name in (POOR, SCORE, INCOME_POOR) or name.startswith(DEPRIVED)


def score_cuts(node: Expression) -> list[tuple[str, Fraction]] | None:
    """What a comparison asks of the score: operators and exact numbers that must all hold; None if it is none."""
    match node:
        case Comparison(operator=sign, left=Name(name=name), right=right) if name == SCORE:
            number = _number(right)
            return None if number is None else [(sign, number)]
        case Comparison(operator=sign, left=left, right=Name(name=name)) if name == SCORE:
            number = _number(left)
            return None if number is None else [(TURNED[sign], number)]
        case Between(operand=Name(name=name), low=low, high=high, negated=False) if name == SCORE:
            ends = _number(low), _number(high)
            return None if ends[0] is None or ends[1] is None else [(">=", ends[0]), ("<=", ends[1])]
    return None


def holds(sign: str, one: Fraction, other: Fraction) -> bool:
    """Whether two numbers compare so."""
    return {
        "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "=": one == other,
        "<>": one != other,
    }[sign]  # fmt: skip


def _number(node: Expression) -> Fraction | None:
    """The exact value of a constant, such as `1/3` or `0.25`."""
    match node:
        case Literal(value=bool() | str() | None):
            return None
        case Literal(value=value):
            return fraction(repr(value))
        case Negative(operand=operand):
            found = _number(operand)
            return None if found is None else -found
        case Arithmetic(operator=sign, left=left, right=right):
            one, other = _number(left), _number(right)
            if one is None or other is None or (sign == "/" and not other):
                return None
            return {"+": one + other, "-": one - other, "*": one * other, "/": one / (other or 1)}[sign]
    return None


def faults_of(
    income_poor: Rule | None,
    classes: Sequence[PovertyClass],
    indicators: Sequence[Indicator],
    kinds: Mapping[str, Kind],
    level: Level,
) -> list[Fault]:
    """Everything wrong in the rules of classes, before they are compared with one another."""
    faults: list[Fault] = []
    if income_poor is not None:
        faults += check(income_poor.expression, kinds, income_poor.origin, level=level, expected="truth")[1]
    own = {name: Kind("number" if name == SCORE else "truth", level) for name in own_names(indicators)}
    if income_poor is None:
        del own[INCOME_POOR]
    for name in sorted({*kinds} & {*own}) if classes else ():
        text = phrase("{name!r} is a variable too, so that the rules of classes could mean either", name=name)
        remedy = phrase("give the variable another name")
        faults.append(classes[0].rule.origin.fault("MPI-M011", 0, text, remedy))
    for one in classes:
        faults += _of_class(one, {**kinds, **own}, own, level)
    return faults


def _of_class(one: PovertyClass, scope: Mapping[str, Kind], own: Collection[str], level: Level) -> list[Fault]:
    rule, read = one.rule, names(one.rule.expression)
    lacking = {name: Kind("unsure", level) for name in read if _is_own(name) and name not in own}
    faults = check(rule.expression, {**scope, **lacking}, rule.origin, level=level, expected="truth")[1]
    for name, at in read.items():
        if _is_own(name) and name not in own:
            text = phrase("the rule of the class {name!r} reads {read!r}, which there is not", name=one.name, read=name)
            faults.append(rule.origin.fault("MPI-M011", at, text, _lacking(name, own)))
    for node in _strange(rule.expression):
        text = phrase("{read} is used in a way that the rule of a class does not take", read=", ".join(names(node)))
        remedy = phrase("compare the score with a number, `score >= 1/2`, and join conditions by AND, OR, NOT or CASE")
        faults.append(rule.origin.fault("MPI-M011", node.at, text, remedy))
    return list(dict.fromkeys(faults))


def _lacking(name: str, own: Collection[str]) -> str:
    if name == INCOME_POOR:
        return phrase("say with `income_poor:` whom income calls poor")
    return phrase("write one of {names}", names=", ".join(sorted(own)))


def _strange(node: Expression) -> Iterator[Expression]:
    """The parts of a class' rule that are neither conditions on variables nor forms that it may have."""
    if isinstance(node, Literal) or not any(_is_own(name) for name in names(node)):
        return
    if isinstance(node, Name):
        if node.name == SCORE:
            yield node
        return
    parts = truths(node)
    if not parts and score_cuts(node) is None:
        yield node
    for part in parts:
        yield from _strange(part)
