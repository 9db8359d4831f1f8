"""Which facts must not be shown: small ones, and those that small ones would follow from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mpi.columns.values import Ints, Mask
from mpi.disclosure.auditing import hide_derivable
from mpi.disclosure.facts import BASE, Facts
from mpi.disclosure.nesting import Relation, relations_of
from mpi.disclosure.rules import RULES, Units, place_of
from mpi.specs.disclosure import Disclosure

SMALL_DIFFERENCE, COMPLEMENTARY = place_of("small_difference"), place_of("complementary")
SHOWN = -1
OF_POOR = ("poor", "received")
OF_INDICATORS = ("deprived", "combined", "poor_deprived", "poor_combined", "part")


def judged(facts: Facts, rules: Disclosure, before: Mask | None = None) -> Ints:
    """The rule that hides each fact.

    Parameters
    ----------
    facts : Facts
        Of n nodes and f properties.
    rules : Disclosure
    before : bool, shape (n,), optional
        Nodes of which nothing is shown, whatever their counts.

    Returns
    -------
    int64, shape (n, f)
        Place in RULES; -1 where a fact may be shown.
    """
    units = Units(facts.persons, facts.persons[:, facts.base], facts.households[:, facts.base])
    counted = _counted(facts, rules)
    found = small(units, counted, rules)
    _hide_small_differences(facts, rules, found)
    if before is not None:
        found[before] = np.where(found[before] == SHOWN, COMPLEMENTARY, found[before])
    hide_along(facts, found)
    if not rules.complementary or not (found != SHOWN).any():
        return found
    relations = relations_of(facts.codes)
    direct = [relation for relation in relations if relation.direct]
    while True:
        size = np.count_nonzero(found != SHOWN)
        for relation in relations:
            _hide_in_relation(units, rules, relation, found, counted=counted)
        for whole, parts in facts.sums:
            _hide_in_sum(facts.persons, rules, found, whole, parts, counted=counted)
        hide_along(facts, found)
        if np.count_nonzero(found != SHOWN) == size and not hide_derivable(facts, direct, found, COMPLEMENTARY):
            return found


def _counted(facts: Facts, rules: Disclosure) -> Mask:
    """The properties whose numbers are judged, not only their bases; shape (f,)."""
    kinds = (OF_POOR if "poor" in rules.numerators else ()) + (
        OF_INDICATORS if "indicators" in rules.numerators else ()
    )
    return np.array([key[0] in kinds for key in facts.properties])


def small(units: Units, counted: Mask, rules: Disclosure) -> Ints:
    """The first rule of single counts that holds, as a place in RULES, or -1; shape of the units, (..., f)."""
    holding = [(place, rule.holds) for place, rule in enumerate(RULES.values()) if rule.holds is not None]
    conditions = [holds(units, counted, rules) for _, holds in holding]
    return np.select(conditions, [place for place, _ in holding], SHOWN).astype(np.int64)


def _hide_small_differences(facts: Facts, rules: Disclosure, found: Ints) -> None:
    """Of two cutoffs that few persons lie between the later is hidden."""
    if not rules.difference:
        return
    poor = [i for i, key in enumerate(facts.properties) if key[0] == "poor"]
    for place, column in enumerate(poor):
        for earlier in poor[:place]:
            between = np.abs(facts.persons[:, column] - facts.persons[:, earlier])
            few = (between > 0) & (between < rules.difference) & (found[:, earlier] == SHOWN)
            found[few & (found[:, column] == SHOWN), column] = SMALL_DIFFERENCE


def hide_along(facts: Facts, found: Ints) -> None:
    """Hide, in place, what is not shown without a hidden fact, and what is the same as one."""
    while True:
        before = np.count_nonzero(found != SHOWN)
        for column, holders in enumerate(facts.within):
            for holder in holders:
                _follow(found, holder, column)
        for one, other in facts.equal:
            _follow(found, one, other)
            _follow(found, other, one)
        if np.count_nonzero(found != SHOWN) == before:
            return


def _follow(found: Ints, one: int, other: int) -> None:
    gone = (found[:, one] != SHOWN) & (found[:, other] == SHOWN)
    found[gone, other] = found[gone, one]


def _hide_in_relation(units: Units, rules: Disclosure, relation: Relation, found: Ints, *, counted: Mask) -> None:
    """Hide one child more of each parent whose hidden children, added up, follow from the others and are small."""
    # Children of a parent ascend by their size, ties by their code.
    order = np.lexsort((relation.child, units.base[relation.child, BASE], relation.parent))
    child, parent = relation.child[order], relation.parent[order]
    starts = np.flatnonzero(np.diff(parent, prepend=-1))
    group = np.cumsum(np.diff(parent, prepend=parent[:1]) != 0)
    parents = parent[starts]
    hidden, above = found[child] != SHOWN, found[parents] != SHOWN
    busy = np.flatnonzero(hidden.any(axis=0) | above.any(axis=0))
    if not len(busy):
        return
    hidden, above, own = hidden[:, busy], above[:, busy], units[child][:, busy]
    number = np.add.reduceat(hidden, starts, axis=0, dtype=np.int64)
    together = Units(
        *(
            np.add.reduceat(np.where(hidden, values, 0), starts, axis=0)
            for values in (own.persons, own.base, np.maximum(own.households, 0))
        )
    )
    unclear = np.logical_or.reduceat(hidden & (own.households < 0), starts, axis=0)
    together = Units(together.persons, together.base, np.where(unclear, -1, together.households))
    weak = (number + above == 1) | (~above & (number > 0) & (small(together, counted[busy], rules) != SHOWN))
    at, column = np.nonzero(weak)
    if not len(at):
        return
    wanted = np.unique(column)
    open_ = ~hidden[:, wanted] & (own.base[:, wanted] > 0) & weak[:, wanted][group]
    enough = small(together[:, wanted][group] + own[:, wanted], counted[busy[wanted]], rules) == SHOWN
    size, place = len(child), np.arange(len(child))[:, None]
    # The smallest child that is enough; if none is, the largest.
    rank = np.where(open_, np.where(enough, place, 2 * size - place), 3 * size)
    best = np.minimum.reduceat(rank, starts, axis=0)
    chosen = np.where(best < size, best, 2 * size - best)
    for i, j in zip(*np.nonzero(weak[:, wanted]), strict=True):
        node = child[chosen[i, j]] if best[i, j] < 3 * size else parents[i]
        if found[node, busy[wanted[j]]] == SHOWN:
            found[node, busy[wanted[j]]] = COMPLEMENTARY


def _hide_in_sum(
    persons: Ints, rules: Disclosure, found: Ints, whole: int, parts: Sequence[int], *, counted: Mask
) -> None:
    """Hide one part more, or the whole, where a single hidden one of them would follow from the others."""
    columns = np.array([*parts, whole], np.int64)
    hidden = found[:, columns] != SHOWN
    number = hidden.sum(axis=1)
    weak = number == 1
    if counted[parts[0]]:
        together = np.where(hidden[:, :-1], persons[:, columns[:-1]], 0).sum(axis=1)
        weak |= (number > 0) & ~hidden[:, -1] & (together > 0) & (together < rules.numerator)
    rows = np.flatnonzero(weak)
    if not len(rows):
        return
    size = np.iinfo(np.int64).max
    counts = persons[np.ix_(rows, columns)]
    # A part that none of the poor lacks protects nothing, and the whole goes last.
    rank = np.where(counts > 0, counts, size - 2)
    rank[:, -1] = size - 1
    rank[hidden[rows]] = size
    best = np.argmin(rank, axis=1)
    free = rank[np.arange(len(rows)), best] < size
    found[rows[free], columns[best[free]]] = COMPLEMENTARY
