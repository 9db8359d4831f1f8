"""Whether a hidden fact still follows from shown ones: every sum is an equation, solved exactly.

Unknowns are the hidden facts. What is shown is known to the reader, so that an equation among shown facts tells
nothing, and one with hidden facts tells their sum. Weights of indicators are taken into the unknowns, so that all
factors are 1 and -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mpi.columns.values import Ints, Mask
from mpi.disclosure.facts import BASE, Facts
from mpi.disclosure.nesting import Relation
from mpi.disclosure.solving import PRIME, Equations, settled

SHOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Facts of all equations: the number of the equation, the fact (node times f plus property), its factor."""

    equation: Ints
    fact: Ints
    factor: Ints


def hide_derivable(facts: Facts, relations: Sequence[Relation], found: Ints, rule: int) -> bool:
    """Hide, in place, one shown fact more of an equation of each hidden fact that follows; whether there was any.

    Parameters
    ----------
    facts : Facts
    relations : sequence of Relation
        The direct ones.
    found : int64, shape (n, f)
        -1 where shown.
    rule : int
        What is written for the facts hidden here.
    """
    hidden = found.ravel() != SHOWN
    terms = terms_of(facts, relations, found != SHOWN)
    inside = hidden[terms.fact]
    unknown, place = np.unique(terms.fact[inside], return_inverse=True)
    equations = Equations(terms.equation[inside], place.ravel(), terms.factor[inside])
    wrong = unknown[settled(equations, len(unknown))]
    changed = False
    for fact in wrong.tolist():
        near = _nearest_shown(terms, hidden, facts, fact)
        if near is not None:
            found.ravel()[near] = rule
            hidden[near] = changed = True
    return changed


def terms_of(facts: Facts, relations: Sequence[Relation], hidden: Mask) -> Terms:
    """Every equation that holds a hidden fact, with its shown facts as well.

    Parameters
    ----------
    facts : Facts
    relations : sequence of Relation
    hidden : bool, shape (n, f)
    """
    number = hidden.shape[1]
    made: list[tuple[Ints, Ints, Ints]] = []
    offset = 0
    columns = np.flatnonzero(hidden.any(axis=0))
    for relation in relations:
        parents, place = np.unique(relation.parent, return_inverse=True)
        node = np.concatenate([relation.child, parents])
        group = np.concatenate([place.ravel(), np.arange(len(parents))])
        sign = np.concatenate([np.ones(len(place), np.int64), np.full(len(parents), PRIME - 1)])
        busy = np.zeros((len(parents), len(columns)), np.bool_)
        at, column = np.nonzero(hidden[np.ix_(node, columns)])
        busy[group[at], column] = True
        at, column = np.nonzero(busy[group])
        made.append((offset + group[at] * number + columns[column], node[at] * number + columns[column], sign[at]))
        offset += len(parents) * number
    same = [(one, (other,)) for one, other in facts.equal if _scaled_alike(facts, one, other)]
    for whole, parts in [*facts.sums, *same]:
        own = np.array([*parts, whole], np.int64)
        rows = np.flatnonzero(hidden[:, own].any(axis=1))
        fact = rows[:, None] * number + own
        sign = np.ones(fact.shape, np.int64)
        sign[:, -1] = PRIME - 1
        made.append((np.repeat(offset + rows, len(own)), fact.ravel(), sign.ravel()))
        offset += len(hidden)
    return Terms(*(np.concatenate(part) if made else np.zeros(0, np.int64) for part in zip(*made, strict=True)))


def _scaled_alike(facts: Facts, one: int, other: int) -> bool:
    """Who is poor is counted plainly, while whoever is poor and deprived carries the indicator's weight."""
    return not (facts.properties[one][0] == "poor" and facts.properties[other][0] != "poor")


def _nearest_shown(terms: Terms, hidden: Mask, facts: Facts, fact: int) -> int | None:
    """The smallest shown fact in an equation of this one; if there is none, of those in its equations, and so on."""
    number = facts.persons.shape[1]
    seen = np.array([fact])
    while True:
        equations = np.unique(terms.equation[np.isin(terms.fact, seen)])
        around = np.unique(terms.fact[np.isin(terms.equation, equations)])
        shown = around[~hidden[around]]
        shown = shown[facts.persons.ravel()[shown // number * number + BASE] > 0]
        if len(shown):
            size = facts.persons[shown // number, BASE]
            filled = facts.persons.ravel()[shown] > 0
            return int(shown[np.lexsort((shown, size, ~filled))[0]])
        if len(around) == len(seen):
            return None
        seen = around
