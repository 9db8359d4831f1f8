"""The text of a rule's tree, or of a part of it, on one line."""

from __future__ import annotations

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
)


def written(node: Expression) -> str:
    """A text that is read as this tree.

    Examples
    --------
    >>> from mpi.rules import Origin, parse
    >>> written(parse("NOT (income<line  and rooms in (1,2))", Origin("rule")))
    'NOT ((income < line) AND (rooms IN (1, 2)))'
    """
    match node:
        case Literal():
            return _literal(node.value)
        case Name():
            return node.name
        case Negative():
            return f"-{_inner(node.operand)}"
        case Not():
            return f"NOT {_inner(node.operand)}"
        case Arithmetic() | Comparison():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Junction():
            return f" {node.operator} ".join(_inner(part) for part in node.operands)
        case In():
            items = ", ".join(written(item) for item in node.items)
            return f"{_inner(node.operand)} {'NOT ' * node.negated}IN ({items})"
        case Between():
            return f"{_inner(node.operand)} {'NOT ' * node.negated}BETWEEN {_inner(node.low)} AND {_inner(node.high)}"
        case IsNull():
            return f"{_inner(node.operand)} IS {'NOT ' * node.negated}NULL"
        case Case():
            branches = " ".join(f"WHEN {written(a)} THEN {written(b)}" for a, b in node.branches)
            rest = "" if node.otherwise is None else f" ELSE {written(node.otherwise)}"
            return f"CASE {branches}{rest} END"
        case Call():
            return f"{node.function}({', '.join(written(part) for part in node.arguments)})"


def _inner(node: Expression) -> str:
    """A part, in parentheses unless it is a single word."""
    return written(node) if isinstance(node, Literal | Name | Call | Case) else f"({written(node)})"


def _literal(value: float | str | bool | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
