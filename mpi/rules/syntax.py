"""The tree of a rule: frozen nodes with their positions in the text.

Equality ignores the position, so that equal parts of different rules are computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal as Option
from typing import TypeAlias

from mpi.errors import Fault, Place
from mpi.language import phrase

Type = Option["number", "text", "truth", "null", "unsure"]
KEYWORDS = ("AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "CASE", "WHEN", "THEN", "ELSE", "END")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, TRUE, FALSE or NULL (None)."""

    value: int | float | str | bool | None
    at: int = field(compare=False, default=0)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and (type(self.value), self.value) == (type(other.value), other.value)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or column."""

    name: str
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus a number."""

    operand: Expression
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of a condition."""

    operand: Expression
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /` of two numbers."""

    operator: str
    left: Expression
    right: Expression
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`= <> < <= > >=` of two operands."""

    operator: str
    left: Expression
    right: Expression
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Junction:
    """Several conditions joined by AND, or by OR."""

    operator: str
    operands: tuple[Expression, ...]
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class In:
    """Whether an operand is one of a list of literals."""

    operand: Expression
    items: tuple[Literal, ...]
    negated: bool
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Between:
    """Whether a number is between two others, both included."""

    operand: Expression
    low: Expression
    high: Expression
    negated: bool
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether an operand is unknown; itself always known."""

    operand: Expression
    negated: bool
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Case:
    """The first branch whose condition is true, else `otherwise`, else unknown."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values, or an aggregate over the members of the household."""

    function: str
    arguments: tuple[Expression, ...]
    at: int = field(compare=False, default=0)


Expression: TypeAlias = (
    Literal | Name | Negative | Not | Arithmetic | Comparison | Junction | In | Between | IsNull | Case | Call
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The place of a rule's text in its file.

    `column` is that of the rule's first character; None if the text was folded or escaped, so that only the
    position inside the rule can be given.
    """

    file: str
    line: int | None = None
    column: int | None = None

    def at(self, offset: int) -> Place:
        """The place of the character at `offset` (from 0) of the rule."""
        if self.line is None or self.column is None:
            return Place(self.file, self.line)
        return Place(self.file, self.line, self.column + offset)

    def fault(self, code: str, offset: int, text: str, remedy: str = "") -> Fault:
        """A fault at the character at `offset` of the rule."""
        if self.column is None and (self.line is not None or offset):
            text = phrase("at character {position} of the rule: {fault}", position=offset + 1, fault=text)
        return Fault(code, self.at(offset), text, remedy)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written, its tree, and its place."""

    text: str
    expression: Expression
    origin: Origin = field(compare=False)


def children(node: Expression) -> tuple[Expression, ...]:
    """The direct parts of a node, in reading order."""
    match node:
        case Literal() | Name():
            return ()
        case Negative() | Not() | In() | IsNull():
            return (node.operand,)
        case Arithmetic() | Comparison():
            return (node.left, node.right)
        case Junction():
            return node.operands
        case Between():
            return (node.operand, node.low, node.high)
        case Case():
            parts = tuple(part for branch in node.branches for part in branch)
            return parts if node.otherwise is None else (*parts, node.otherwise)
        case Call():
            return node.arguments


def walk(node: Expression) -> Iterator[Expression]:
    """The node and everything below it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Expression) -> dict[str, int]:
    """The names that a rule reads, with the position of their first use."""
    found: dict[str, int] = {}
    for part in walk(node):
        if isinstance(part, Name):
            found.setdefault(part.name, part.at)
    return found


def renamed(node: Expression, names: Mapping[str, str]) -> Expression:
    """The same tree with some names replaced."""
    if isinstance(node, Name):
        return replace(node, name=names.get(node.name, node.name))
    return _with_parts(node, lambda part: renamed(part, names))


def shared(node: Expression, pool: dict[Expression, Expression]) -> Expression:
    """The same tree, in which parts equal to one in the pool are that one: blocks know them without comparing them."""
    node = _with_parts(node, lambda part: shared(part, pool))
    return pool.setdefault(node, node)


def _with_parts(node: Expression, made: Callable[[Expression], Expression]) -> Expression:
    """The same node with other parts."""
    match node:
        case Literal() | Name():
            return node
        case Negative() | Not() | In() | IsNull():
            return replace(node, operand=made(node.operand))
        case Arithmetic() | Comparison():
            return replace(node, left=made(node.left), right=made(node.right))
        case Junction():
            return replace(node, operands=tuple(made(part) for part in node.operands))
        case Between():
            return replace(node, operand=made(node.operand), low=made(node.low), high=made(node.high))
        case Case():
            branches = tuple((made(a), made(b)) for a, b in node.branches)
            return replace(node, branches=branches, otherwise=None if node.otherwise is None else made(node.otherwise))
        case Call():
            return replace(node, arguments=tuple(made(part) for part in node.arguments))
