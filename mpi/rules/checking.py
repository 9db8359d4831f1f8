"""Type and level of a rule, and every fault in it: numbers against texts, unknown names, persons left bare.

Levels: a household variable has one value a household, a person variable one a member; an aggregate lifts persons to
their household; a household value met in a person's rule is given to each member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from mpi.errors import Fault, listed, nearest
from mpi.language import Phrase, phrase
from mpi.rules.functions import FUNCTIONS, Function, is_aggregate
from mpi.rules.syntax import (
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
    Type,
    children,
)
from mpi.vocabulary.options import Level

WORDS: Mapping[Type, Phrase] = {
    "number": phrase("a number"),
    "text": phrase("a text"),
    "truth": phrase("a condition (true or false)"),
    "null": phrase("NULL"),
    "unsure": phrase("a value"),
}


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
NULLS = phrase("write IS NULL or IS NOT NULL")


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
        Place of the rule, for messages.
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
        hint: str = phrase("compare it: ... = 1") if expected == TRUTH and kind.type == NUMBER else ""
        if kind.type == "null" and expected == TRUTH:
            hint = phrase("write a condition (true or false): x = 1, TRUE or FALSE")
        text = phrase("the rule gives {given}, not {expected}", given=WORDS[kind.type], expected=WORDS[expected])
        checker.fault("MPI-R013", expression, text, hint)
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
            text = phrase("{name!r} differs between the members of a household", name=name)
            remedy = phrase(
                "use an aggregate: ANY(...), ALL(...), COUNT_IF(...), MEAN({name}), MIN({name}), ...", name=name
            )
            self.faults.append(self.origin.fault("MPI-R008", at, text, remedy))

    def kind(self, node: Expression, inside: str | None) -> Kind:
        match node:
            case Literal():
                return _literal(node)
            case Name():
                return self.name(node)
            case Negative():
                return self.expect(node.operand, NUMBER, inside, "-")
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
                function = FUNCTIONS[node.function]
                return (self.function if function.fold is None else self.aggregate)(node, function, inside)

    def name(self, node: Name) -> Kind:
        found = self.scope.get(node.name)
        if found is None:
            remedy = nearest(node.name, self.scope)
            return self.fault("MPI-R006", node, phrase("there is no variable {name!r}", name=node.name), remedy)
        return found

    def expect(self, node: Expression, wanted: Type, inside: str | None, user: str) -> Kind:
        kind = self.kind(node, inside)
        if kind.type not in (wanted, "unsure"):
            hint = _hint(node, kind, wanted)
            words = {"operator": user, "wanted": WORDS[wanted], "given": WORDS[kind.type]}
            text = phrase("{operator} takes {wanted}, not {given}", **words)
            return replace(self.fault("MPI-R007", node, text, hint), level=kind.level)
        return replace(kind, type=wanted)

    def joint(self, nodes: list[Expression], wanted: Type, result: Type, inside: str | None, user: str) -> Kind:
        kinds = [self.expect(node, wanted, inside, user) for node in nodes]
        return Kind(result, _level(kinds))

    def comparison(self, node: Comparison, inside: str | None) -> Kind:
        left, right = self.kind(node.left, inside), self.kind(node.right, inside)
        level = _level([left, right])
        types = {left.type, right.type} - {"unsure"}
        if "null" in types:
            self.fault("MPI-R011", node, phrase("a comparison with NULL is never true"), NULLS)
        elif len(types) > 1:
            self.fault("MPI-R007", node, _compared(node.left, left, node.right, right), _unlike(left, right))
        elif "truth" in types:
            text = phrase("a condition is compared with a condition")
            self.fault("MPI-R007", node, text, phrase("write x or NOT x"))
        elif types == {"text"} and node.operator not in ("=", "<>"):
            text = phrase("texts have no order for {operator}", operator=node.operator)
            self.fault("MPI-R007", node, text, phrase("list the texts: x IN ('a', 'b')"))
        self.labels(node.left, left, [node.right])
        self.labels(node.right, right, [node.left])
        return Kind(TRUTH, level)

    def membership(self, node: In, inside: str | None) -> Kind:
        kind = self.kind(node.operand, inside)
        for item in node.items:
            found = _literal(item)
            if kind.type not in (found.type, "unsure"):
                self.fault("MPI-R007", item, _compared(node.operand, kind, item, found), _unlike(kind, found))
        self.labels(node.operand, kind, list(node.items))
        return Kind(TRUTH, kind.level)

    def labels(self, node: Expression, kind: Kind, against: list[Expression]) -> None:
        if kind.labels is None:
            return
        for other in against:
            if isinstance(other, Literal) and isinstance(other.value, str) and other.value not in kind.labels:
                declared = phrase("the declared texts are {texts}", texts=listed(sorted(kind.labels)))
                remedy = nearest(other.value, kind.labels) or declared
                text = phrase("{what} is never {text!r}", what=_named(node, kind), text=other.value)
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
            text = phrase("the branches give different types: {types}", types=words)
            return self.fault("MPI-R007", node, text, phrase("give them one type"))
        if not types:
            return Kind("unsure") if any(kind.type == "unsure" for kind in kinds) else Kind("null")
        labels = [kind.labels for kind in kinds if kind.type == "text"]
        known = frozenset().union(*(label for label in labels if label)) if labels and None not in labels else None
        return Kind(types.pop(), _level(kinds), known)

    def function(self, node: Call, function: Function, inside: str | None) -> Kind:
        if function.takes == "unsure":
            kinds = [self.kind(argument, inside) for argument in node.arguments]
            return replace(self.common(node, list(node.arguments), kinds), level=_level(kinds))
        return self.joint(list(node.arguments), function.takes, function.gives, inside, node.function)

    def aggregate(self, node: Call, function: Function, inside: str | None) -> Kind:
        if inside is not None:
            text = phrase("{inner} is inside {outer}", inner=node.function, outer=inside)
            self.fault("MPI-R009", node, text, phrase("derive the inner one first"))
        if not self.persons:
            text = phrase("{function} needs persons, and the survey has only households", function=node.function)
            self.fault("MPI-R010", node, text)
        for argument in node.arguments:
            self.expect(argument, function.takes, node.function, node.function)
        return Kind(function.gives, "household")


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
    """The level of an expression with parts: a person's if one part is, None if all are constants."""
    found = set(levels)
    return "person" if "person" in found else "household" if "household" in found else None


def _level(kinds: Iterable[Kind]) -> Level | None:
    return joint_level(kind.level for kind in kinds)


def _named(node: Expression, kind: Kind) -> Phrase:
    if isinstance(node, Name):
        return phrase("{name!r}, {type},", name=node.name, type=WORDS[kind.type])
    if isinstance(node, Literal) and kind.type in ("number", "text"):
        return phrase("{type} ({value!r})", type=WORDS[kind.type], value=node.value)
    return WORDS[kind.type]


def _compared(left: Expression, left_kind: Kind, right: Expression, right_kind: Kind) -> Phrase:
    one, other = _named(left, left_kind), _named(right, right_kind)
    return phrase("{left} is compared with {right}", left=one, right=other)


def _hint(node: Expression, kind: Kind, wanted: Type) -> str:
    if wanted == TRUTH and kind.type == NUMBER and isinstance(node, Name):
        return phrase("compare it: {name} = 1", name=node.name)
    if wanted == NUMBER and kind.type == TRUTH:
        return phrase("count with COUNT_IF(...), or write CASE WHEN ... THEN 1 ELSE 0 END")
    return ""


def _unlike(*kinds: Kind) -> str:
    """How to compare two things of different types."""
    types = {kind.type for kind in kinds}
    if "null" in types:
        return NULLS
    if TRUTH in types:
        return phrase("a condition is not compared: write x or NOT x")
    labels = [kind.labels for kind in kinds if kind.type == "text" and kind.labels is not None]
    if len(labels) == 1 and len(labels[0]) > 1:  # of a variable, not a text in the rule
        texts = listed([repr(label) for label in sorted(labels[0])])
        return phrase("compare it with a text: {texts}", texts=texts)
    return phrase("write a text in quotes and a number without; no value is converted silently")


def _bare_persons(node: Expression, scope: Scope) -> dict[str, int]:
    """Person variables of a rule that are outside every aggregate, with their positions."""
    if is_aggregate(node):
        return {}
    if isinstance(node, Name):
        kind = scope.get(node.name)
        return {node.name: node.at} if kind is not None and kind.level == "person" else {}
    found: dict[str, int] = {}
    for child in children(node):
        for name, at in _bare_persons(child, scope).items():
            found.setdefault(name, at)
    return found
