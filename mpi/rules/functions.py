"""The functions of the language: how many arguments each takes, of what type, what it gives and how it is computed.

A new function is one entry of `FUNCTIONS`; the parser, the check and the evaluation read it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpi.columns.values import Values
from mpi.rules import folding, operations
from mpi.rules.syntax import Call, Expression, Type, walk

MOST_ARGUMENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of values, or an aggregate over the members of the household.

    Attributes
    ----------
    arguments : (int, int)
        The fewest and the most.
    takes : {"number", "truth", "unsure"}
        The type of its arguments; `unsure`: one type, whatever it is, which is also what the function gives.
    gives : {"number", "truth", "unsure"}
    apply : callable, optional
        Of a function of values: from one column an argument to a column.
    fold : callable, optional
        Of an aggregate: from the block, the column of its argument (None for COUNT) and which members are seen (None
        for all) to a column of households.
    """

    arguments: tuple[int, int] = (1, 1)
    takes: Type = "number"
    gives: Type = "number"
    apply: Callable[[list[Any]], Values] | None = None
    fold: Callable[..., Values] | None = None


FUNCTIONS: dict[str, Function] = {
    "ANY": Function(takes="truth", gives="truth", fold=folding.any_of),
    "ALL": Function(takes="truth", gives="truth", fold=folding.all_of),
    "COUNT": Function(arguments=(0, 0), fold=folding.count),
    "COUNT_IF": Function(takes="truth", fold=folding.count_if),
    "SUM": Function(fold=folding.total),
    "MEAN": Function(fold=folding.mean),
    "MIN": Function(fold=folding.smallest),
    "MAX": Function(fold=folding.greatest),
    "COALESCE": Function(arguments=(2, MOST_ARGUMENTS), takes="unsure", gives="unsure", apply=operations.first_known),
    "ABS": Function(apply=operations.absolute),
    "LEAST": Function(arguments=(2, MOST_ARGUMENTS), apply=operations.least),
    "GREATEST": Function(arguments=(2, MOST_ARGUMENTS), apply=operations.greatest),
}


def is_aggregate(node: Expression) -> bool:
    """Whether a node is an aggregate over the members of the household."""
    return isinstance(node, Call) and FUNCTIONS[node.function].fold is not None


def aggregates(node: Expression) -> list[Call]:
    """The household aggregates of a rule, in reading order."""
    return [part for part in walk(node) if isinstance(part, Call) and is_aggregate(part)]
