"""Tables of one panel without what the rules hide: groups of each table as a whole, from the coarsest to the finest.

Where a table has a number of a group that the rules hide, or an earlier table hides the group, the table does not show
it; further groups are hidden as in tables, so that what is hidden does not follow by subtraction. So what is shown of a
group in one table is what would be shown of it if the finer tables had not been made. A table whose total is hidden is
not shown at all, and the others are as if there were none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints
from mpi.disclosure.analyses import labelled, rules_of_groups, rules_of_rows
from mpi.disclosure.facts import BASE, Facts, Kind, Properties, facts_of
from mpi.disclosure.judging import SHOWN, judged
from mpi.disclosure.protecting import told
from mpi.disclosure.publishable import Publishable, publishable
from mpi.disclosure.rules import RULES
from mpi.estimates.basis import Basis
from mpi.estimates.derived import Derived
from mpi.specs.disclosure import Disclosure
from mpi.specs.measure import Cutoff

Groups = Mapping[frozenset[str], set[frozenset[tuple[str, str]]]]  # by the domains of a crossing, codes by domain


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of the p patterns.

    Attributes
    ----------
    plain : int64, shape (p,)
        By what is no property of a unit: whether it is there, and what of it is known.
    scored : int64, shape (p,)
        By its scores as well.
    between : callable
        From the cutoffs of tables to the sets of patterns that differences between them tell; bool, shape (p,) each.
    """

    plain: NDArray[np.int64]
    scored: NDArray[np.int64]
    between: Callable[[Sequence[Cutoff]], Sequence[NDArray[np.bool_]]]


def protect_chain(
    tables: Sequence[Sequence[Derived]], basis: Basis, classes: Classes, disclosure: Disclosure, gone: Groups
) -> list[list[Publishable]]:
    """The tables of a panel without the groups that the rules hide.

    Parameters
    ----------
    tables : sequence of sequence of Derived
        From the coarsest to the finest; those of one step hide the same groups. All of the same patterns and groups.
    basis : Basis
        Of one of them, with the counts of units that are judged.
    classes : Classes
    disclosure : Disclosure
    gone : mapping
        Groups that other tables of the same units hide.
    """
    facts = facts_of([basis], _properties([], classes, ()))
    before = _nodes(facts, basis, gone)
    made, cutoffs = [], dict[str, Cutoff]()
    for step in tables:
        hidden: dict[tuple[str, ...], Mapping[tuple[str, ...], int]] = {}
        if disclosure.hides:
            bases = [one.basis for one in step if one.basis is not None]
            own = cutoffs | {one.text: one for of in bases for one in of.cutoffs}
            facts = facts_of([basis], _properties(bases, classes, list(own.values())))
            found = judged(facts, disclosure, before)[:, BASE]
            if (rule := found[facts.first[()]]) != SHOWN:  # nothing of the step is shown, as if it had not been made
                found = np.where(found == SHOWN, rule, found)
            else:
                before, cutoffs = found != SHOWN, own
            hidden = {names: rules_of_groups(facts, found, names, codes) for names, codes in labelled(basis)}
        made.append([_publishable(one, rules_of_rows(one, hidden), disclosure) for one in step])
    return made


def _publishable(one: Derived, rule: Ints, disclosure: Disclosure) -> Publishable:
    return told(publishable(one, rule, tuple(RULES), disclosure.name))


def _nodes(facts: Facts, basis: Basis, gone: Groups) -> NDArray[np.bool_]:
    """The nodes of groups that are hidden already; shape (n,)."""
    found = np.zeros(len(facts.persons), np.bool_)
    for names, labels in labelled(basis):
        own = gone.get(frozenset(names), set())
        for place, codes in enumerate(labels):
            found[facts.first[names] + place] = frozenset(zip(names, codes, strict=True)) in own
    return found


def _properties(tables: Sequence[Basis], classes: Classes, cutoffs: Sequence[Cutoff]) -> Properties:
    """What units have that the figures of a step tell: every numerator within its denominator, all hidden together.

    What follows from being there and being known is no property that is judged by its own number. What follows from
    scores is judged as numbers of poor are, all else as numbers of deprived.
    """
    p = len(classes.plain)
    made = Properties()
    made.add(("base", None, None), np.ones(p, np.bool_))
    made.add(("everyone", None, None), np.ones(p, np.bool_))
    places = {(made.columns[BASE].tobytes(), BASE): BASE}

    def place_of(column: NDArray[np.bool_], base: int) -> int:
        key = (column.tobytes(), base)
        if key not in places:
            kind: Kind = "poor" if _follows(column, classes.scored) else "deprived"
            kind = "known" if _follows(column, classes.plain) else kind
            places[key] = made.add((kind, str(len(made.keys)), None), column, base)
        return places[key]

    for column in classes.between(cutoffs):
        place_of(column, BASE)
    for basis in tables:
        for one in basis.table.statistics:
            y, x = (np.asarray(basis.table.values(i)) != 0 for i in (one.y, one.x))
            base = place_of(x, BASE)
            place_of(x & y, base)
    made.within = [tuple(range(1, len(made.keys))), *([(BASE,)] * (len(made.keys) - 1))]
    return made


def _follows(column: NDArray[np.bool_], plain: NDArray[np.int64]) -> bool:
    """Whether the class of a pattern tells the property."""
    size = np.bincount(plain)
    with_it = np.bincount(plain, column, len(size))
    return bool(((with_it == 0) | (with_it == size)).all())
