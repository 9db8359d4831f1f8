"""Type and level of a rule, and every fault in it: numbers against texts, unknown names, persons left bare.

Levels: a household variable has one value a household, a person variable one a member; an aggregate lifts persons to
their household; a household value met in a person's rule is given to each member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from typing import Literal as Option

from mpi.errors import Fault, listed, nearest
from mpi.options import Level
from mpi.rules.syntax import (
    AGGREGATES,
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    Expression,
    In,
    IsNull,
    Junction,
    Literal,
    Name,
    Negative,
    Not,
    Origin,
    children,
)

Type = Option["number", "text", "truth", "null", "unsure"]
WORDS = {"number": "a number", "text": "a text", "truth": "a statement (true or false)", "null": "NULL"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What an expression is: its type, its level (None for constants) and the texts it can be, where declared."""

    type: Type
    level: Level | None = None
    labels: frozenset[str] | None = None


Scope: TypeAlias = Mapping[str, Kind]
UNSURE = Kind("unsure")
TRUTH: Final = "truth"
NUMBER: Final = "number"


def check(
    expression: Expression,
    scope: Scope,
    origin: Origin,
    *,
    level: Level = "person",
    expected: Type | None = None,
    persons: bool = True,
) -> tuple[Kind, list[Fault]]:
    """The kind of a rule and all its faults.

    Parameters
    ----------
    expression : Expression
        The tree.
    scope : mapping of str to Kind
        The variables that the rule may read.
    origin : Origin
        Where the rule stands, for messages.
    level : {"person", "household"}
        The level at which the rule is used: a household rule may read a person variable only inside an aggregate.
    expected : {"number", "text", "truth"}, optional
        The type that the rule must have.
    persons : bool
        Whether the survey has a table of persons, so that aggregates make sense.

    Returns
    -------
    Kind, list of Fault
    """
    checker = _Checker(scope, origin, persons)
    kind = checker.kind(expression, inside=None)
    if expected is not None and kind.type not in (expected, "unsure"):
        hint = "compare it: ... = 1" if expected == TRUTH and kind.type == NUMBER else ""
        hint = f"write {WORDS[expected]}: x = 1, TRUE or FALSE" if kind.type == "null" and expected == TRUTH else hint
        checker.fault("MPI-R013", expression, f"the rule gives {WORDS[kind.type]}, not {WORDS[expected]}", hint)
    if level == "household" and kind.level == "person":
        checker.bare(expression)
    return kind, checker.faults


class _Checker:
    def __init__(self, scope: Scope, origin: Origin, persons: bool) -> None:
        self.scope, self.origin, self.persons = scope, origin, persons
        self.faults: list[Fault] = []

    def fault(self, code: str, node: Expression, text: str, remedy: str = "") -> Kind:
        self.faults.append(self.origin.fault(code, node.at, text, remedy))
        return UNSURE

    def bare(self, expression: Expression) -> None:
        for name, at in _bare_persons(expression, self.scope).items():
            text = f"{name!r} differs between the members of a household"
            remedy = f"say whose it is: ANY(...), ALL(...), COUNT_IF(...), MEAN({name}), MIN({name}), ..."
            self.faults.append(self.origin.fault("MPI-R008", at, text, remedy))

    def kind(self, node: Expression, inside: str | None) -> Kind:
        match node:
            case Literal():
                return _literal(node)
            case Name():
                return self.name(node)
            case Negative():
                return self.expect(node.operand, NUMBER, inside, "minus")
            case Not():
                return self.expect(node.operand, TRUTH, inside, "NOT")
            case Arithmetic():
                return self.joint([node.left, node.right], NUMBER, NUMBER, inside, node.operator)
            case Junction():
                return self.joint(list(node.operands), TRUTH, TRUTH, inside, node.operator)
            case Comparison():
                return self.comparison(node, inside)
            case In():
                return self.membership(node, inside)
            case Between():
                return self.joint([node.operand, node.low, node.high], NUMBER, TRUTH, inside, "BETWEEN")
            case IsNull():
                return replace(self.kind(node.operand, inside), type=TRUTH, labels=None)
            case Case():
                return self.case(node, inside)
            case Call():
                return self.aggregate(node, inside) if node.function in AGGREGATES else self.function(node, inside)

    def name(self, node: Name) -> Kind:
        found = self.scope.get(node.name)
        if found is None:
            remedy = nearest(node.name, self.scope)
            return self.fault("MPI-R006", node, f"there is no variable {node.name!r}", remedy)
        return found

    def expect(self, node: Expression, wanted: Type, inside: str | None, user: str) -> Kind:
        kind = self.kind(node, inside)
        if kind.type not in (wanted, "unsure"):
            hint = _hint(node, kind, wanted)
            return replace(self.fault("MPI-R007", node, f"{user} takes {WORDS[wanted]}, not {WORDS[kind.type]}", hint),
                           level=kind.level)  # fmt: skip
        return replace(kind, type=wanted)

    def joint(self, nodes: list[Expression], wanted: Type, result: Type, inside: str | None, user: str) -> Kind:
        kinds = [self.expect(node, wanted, inside, user) for node in nodes]
        return Kind(result, _level(kinds))

    def comparison(self, node: Comparison, inside: str | None) -> Kind:
        left, right = self.kind(node.left, inside), self.kind(node.right, inside)
        level = _level([left, right])
        types = {left.type, right.type} - {"unsure"}
        if "null" in types:
            self.fault("MPI-R011", node, "a comparison with NULL is never true", "write IS NULL or IS NOT NULL")
        elif len(types) > 1:
            self.fault(
                "MPI-R007", node, f"{_named(node.left, left)} is compared with {_named(node.right, right)}",
                _unlike(left, right),
            )  # fmt: skip
        elif "truth" in types:
            self.fault("MPI-R007", node, "a statement is compared with a statement", "write x or NOT x")
        elif types == {"text"} and node.operator not in ("=", "<>"):
            self.fault("MPI-R007", node, f"texts have no order for {node.operator}", "list the texts: x IN ('a', 'b')")
        self.labels(node.left, left, [node.right])
        self.labels(node.right, right, [node.left])
        return Kind(TRUTH, level)

    def membership(self, node: In, inside: str | None) -> Kind:
        kind = self.kind(node.operand, inside)
        for item in node.items:
            found = _literal(item)
            if kind.type not in (found.type, "unsure"):
                self.fault("MPI-R007", item, f"{_named(node.operand, kind)} is compared with {_named(item, found)}",
                           _unlike(kind, found))  # fmt: skip
        self.labels(node.operand, kind, list(node.items))
        return Kind(TRUTH, kind.level)

    def labels(self, node: Expression, kind: Kind, against: list[Expression]) -> None:
        if kind.labels is None:
            return
        for other in against:
            if isinstance(other, Literal) and isinstance(other.value, str) and other.value not in kind.labels:
                remedy = nearest(other.value, kind.labels) or f"declared are {listed(sorted(kind.labels))}"
                text = f"{_named(node, kind)} is never {other.value!r}"
                self.fault("MPI-R012", other, text, remedy)

    def case(self, node: Case, inside: str | None) -> Kind:
        conditions = [self.expect(condition, TRUTH, inside, "WHEN") for condition, _ in node.branches]
        results = [value for _, value in node.branches] + ([node.otherwise] if node.otherwise is not None else [])
        kinds = [self.kind(value, inside) for value in results]
        return replace(self.common(node, results, kinds), level=_level([*conditions, *kinds]))

    def common(self, node: Expression, nodes: list[Expression], kinds: list[Kind]) -> Kind:
        types = {kind.type for kind in kinds} - {"null", "unsure"}
        if len(types) > 1:
            words = listed(sorted(WORDS[type_] for type_ in types))
            return self.fault("MPI-R007", node, f"the branches give different types: {words}", "make them alike")
        if not types:
            return Kind("unsure") if any(kind.type == "unsure" for kind in kinds) else Kind("null")
        labels = [kind.labels for kind in kinds if kind.type == "text"]
        known = frozenset().union(*(label for label in labels if label)) if labels and None not in labels else None
        return Kind(types.pop(), _level(kinds), known)

    def function(self, node: Call, inside: str | None) -> Kind:
        if node.function == "COALESCE":
            kinds = [self.kind(argument, inside) for argument in node.arguments]
            return replace(self.common(node, list(node.arguments), kinds), level=_level(kinds))
        return self.joint(list(node.arguments), NUMBER, NUMBER, inside, node.function)

    def aggregate(self, node: Call, inside: str | None) -> Kind:
        if inside is not None:
            self.fault("MPI-R009", node, f"{node.function} stands inside {inside}", "derive the inner one first")
        if not self.persons:
            self.fault("MPI-R010", node, f"{node.function} needs persons, and the survey has only households")
        wanted: Type = TRUTH if node.function in ("ANY", "ALL", "COUNT_IF") else NUMBER
        for argument in node.arguments:
            self.expect(argument, wanted, node.function, node.function)
        return Kind(TRUTH if node.function in ("ANY", "ALL") else NUMBER, "household")


def _literal(node: Literal) -> Kind:
    match node.value:
        case None:
            return Kind("null")
        case bool():
            return Kind("truth")
        case str():
            return Kind("text", labels=frozenset([node.value]))
        case _:
            return Kind("number")


def joint_level(levels: Iterable[Level | None]) -> Level | None:
    """The level of what is made of parts: a person's if one part is, None if all are constants."""
    found = set(levels)
    return "person" if "person" in found else "household" if "household" in found else None


def _level(kinds: Iterable[Kind]) -> Level | None:
    return joint_level(kind.level for kind in kinds)


def _named(node: Expression, kind: Kind) -> str:
    if isinstance(node, Name):
        return f"{node.name!r}, {WORDS.get(kind.type, 'a value')},"
    if isinstance(node, Literal):
        return f"{WORDS[kind.type]} ({node.value!r})" if kind.type in ("number", "text") else WORDS[kind.type]
    return WORDS.get(kind.type, "a value")


def _hint(node: Expression, kind: Kind, wanted: Type) -> str:
    if wanted == TRUTH and kind.type == NUMBER and isinstance(node, Name):
        return f"compare it: {node.name} = 1"
    if wanted == NUMBER and kind.type == TRUTH:
        return "count with COUNT_IF(...), or write CASE WHEN ... THEN 1 ELSE 0 END"
    return ""


def _unlike(*kinds: Kind) -> str:
    """How to compare two things of different types."""
    types = {kind.type for kind in kinds}
    if "null" in types:
        return "write IS NULL or IS NOT NULL"
    if TRUTH in types:
        return "a statement is compared with nothing: write x or NOT x"
    labels = [kind.labels for kind in kinds if kind.type == "text" and kind.labels is not None]
    if len(labels) == 1 and len(labels[0]) > 1:  # of a variable, not a text in the rule
        return f"compare it with a text: {listed([repr(label) for label in sorted(labels[0])])}"
    return "write a text in quotes and a number without; no value is converted silently"


def _bare_persons(node: Expression, scope: Scope) -> dict[str, int]:
    """Person variables of a rule that stand outside every aggregate, with their positions."""
    if isinstance(node, Call) and node.function in AGGREGATES:
        return {}
    if isinstance(node, Name):
        kind = scope.get(node.name)
        return {node.name: node.at} if kind is not None and kind.level == "person" else {}
    found: dict[str, int] = {}
    for child in children(node):
        for name, at in _bare_persons(child, scope).items():
            found.setdefault(name, at)
    return found
