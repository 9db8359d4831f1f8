"""The variables that the rules of a spreadsheet read: of persons or households, numbers, truths or labels.

A rule shows most of it: what stands inside an aggregate is a person's, what is compared with a text has labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mpi.rules import Origin, parse
from mpi.rules.functions import FUNCTIONS
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
from mpi.vocabulary.options import Level


@dataclass(slots=True)
class Guess:
    """A variable.

    Attributes
    ----------
    level : {"person", "household"}
    type : str
        number or truth; of labels, and where no rule shows it, empty.
    labels : list of str
    """

    level: Level
    type: str = ""
    labels: list[str] = field(default_factory=list)


def guessed(rules: Sequence[tuple[str, Level]], derived: Mapping[str, str]) -> dict[str, Guess]:
    """The variables of some rules, in the order of their first use.

    Parameters
    ----------
    rules : sequence of (str, {"person", "household"})
        Each with the level of what stands in no aggregate.
    derived : mapping of str to str
        Rules of derived variables, which are none of these.
    """
    found: dict[str, Guess] = {}
    trees = {name: parse(rule, Origin("")) for name, rule in derived.items()}

    def visit(node: Expression, type_: str, level: Level, within: frozenset[str]) -> None:
        if isinstance(node, Name) and node.name in trees:
            if node.name not in within:
                visit(trees[node.name], type_, level, within | {node.name})
        elif isinstance(node, Name):
            own = found.setdefault(node.name, Guess(level))
            own.level = "household" if "household" in (own.level, level) else "person"
            own.type = own.type or type_
        else:
            folds = isinstance(node, Call) and FUNCTIONS[node.function].fold is not None
            for part, asked in _parts(node, type_):
                visit(part, asked, "person" if folds else level, within)
            for name, labels in _labels(node):
                own = found.get(name) or Guess(level)
                own.labels += [label for label in labels if label not in own.labels]

    for rule, level in rules:
        visit(parse(rule, Origin("")), "truth", level, frozenset())
    return found


def _parts(node: Expression, type_: str) -> list[tuple[Expression, str]]:
    """The parts of an expression, and the type that each has in it; `type_` is that of the whole."""
    match node:
        case Comparison() | In() | Between():
            sides = _sides(node)
            values = [one.value for one in sides if isinstance(one, Literal)]
            texts, truths = (any(isinstance(value, kind) for value in values) for kind in (str, bool))
            return [(one, "" if texts else "truth" if truths else "number") for one in sides]
        case Arithmetic(left=left, right=right):
            return [(left, "number"), (right, "number")]
        case Negative(operand=operand):
            return [(operand, "number")]
        case Not(operand=operand):
            return [(operand, "truth")]
        case IsNull(operand=operand):
            return [(operand, "")]
        case Junction(operands=operands):
            return [(one, "truth") for one in operands]
        case Case(branches=branches, otherwise=otherwise):
            given = [value for _, value in branches] + ([] if otherwise is None else [otherwise])
            return [(condition, "truth") for condition, _ in branches] + [(value, type_) for value in given]
        case Call(function=name, arguments=arguments):
            takes = FUNCTIONS[name].takes
            return [(one, type_ if takes == "unsure" else takes) for one in arguments]
    return []


def _sides(node: Comparison | In | Between) -> list[Expression]:
    """What is compared with each other."""
    match node:
        case Comparison(left=left, right=right):
            return [left, right]
        case In(operand=operand, items=items):
            return [operand, *items]
    return [node.operand, node.low, node.high]


def _labels(node: Expression) -> list[tuple[str, list[str]]]:
    """The variables that are compared with texts, and these."""
    if not isinstance(node, Comparison | In):
        return []
    sides = _sides(node)
    texts = [one.value for one in sides if isinstance(one, Literal) and isinstance(one.value, str)]
    return [(one.name, texts) for one in sides if isinstance(one, Name)] if texts else []
