"""Conditions of actions: `poor`, deprivations by name, AND, OR, NOT; true, false or unknown for each pattern."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mpi.columns.kleene import and_, not_, or_
from mpi.columns.values import Truth
from mpi.counting import bits, counted_flags, scores
from mpi.errors import Fault, listed, nearest
from mpi.language import phrase
from mpi.rules import Expression, Literal, Name, Origin, parse
from mpi.rules.syntax import Junction, Not
from mpi.rules.tokens import RuleSyntaxError
from mpi.specs.measure import Cutoff, Measure

POOR = "poor"
ORIGIN = Origin("condition")


def faults_of_condition(text: str, measure: Measure) -> list[Fault]:
    """What is wrong with a condition, all of it."""
    try:
        node = parse(text, ORIGIN)
    except RuleSyntaxError as error:
        fault = error.fault
        return [
            Fault(
                "MPI-E251", None, phrase("the condition {text!r}: {fault}", text=text, fault=fault.text), fault.remedy
            )
        ]
    found: list[Fault] = []
    _check(node, text, measure, found)
    return found


def _check(node: Expression, text: str, measure: Measure, found: list[Fault]) -> None:
    known = [*measure.names, POOR]
    if isinstance(node, Junction):
        for one in node.operands:
            _check(one, text, measure, found)
    elif isinstance(node, Not):
        _check(node.operand, text, measure, found)
    elif isinstance(node, Name):
        if node.name not in known:
            wrong = phrase(
                "the condition {text!r} names {name!r}, which the measure does not have", text=text, name=node.name
            )
            remedy = nearest(node.name, known) or phrase("there are {names}", names=listed(known))
            found.append(Fault("MPI-E251", None, wrong, remedy))
    elif not (isinstance(node, Literal) and isinstance(node.value, bool)):
        wrong = phrase("the condition {text!r} has more than deprivations, `poor`, AND, OR and NOT", text=text)
        remedy = phrase("a profile knows nothing else of a household: take a domain instead, as in `in zone=1`")
        found.append(Fault("MPI-E251", None, wrong, remedy))


def holds(
    text: str, measure: Measure, cutoff: Cutoff, pattern: NDArray[np.uint64], unknown: NDArray[np.uint64]
) -> Truth:
    """Whether a condition holds for patterns.

    Parameters
    ----------
    text : str
        Without faults; empty: it holds for all.
    measure : Measure
    cutoff : Cutoff
        At which `poor` is judged.
    pattern, unknown : uint64, shape (p,)

    Returns
    -------
    Truth, shape (p,)
        Deprivations as the measure counts them, once its rules for unknowns have spoken.
    """
    if not text:
        return Truth(np.ones(len(pattern), np.bool_))
    number = len(measure.names)
    deprived, known = counted_flags(measure, bits(pattern, number), ~bits(unknown, number))
    found = {name: Truth(deprived[:, j] & known[:, j], known[:, j]) for j, name in enumerate(measure.names)}
    if POOR not in found:
        scored = scores(measure, pattern, unknown)
        found[POOR] = Truth(scored.poor(cutoff), scored.included)

    def value(node: Expression) -> Truth:
        if isinstance(node, Junction):
            parts = [value(one) for one in node.operands]
            made = parts[0]
            for part in parts[1:]:
                made = and_(made, part) if node.operator == "AND" else or_(made, part)
            return made
        if isinstance(node, Not):
            return not_(value(node.operand))
        if isinstance(node, Literal):
            return Truth(np.full(len(pattern), bool(node.value)))
        assert isinstance(node, Name)  # noqa: S101  what else there is has been refused
        return found[node.name]

    return value(parse(text, ORIGIN))
