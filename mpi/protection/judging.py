"""Which facts must not be shown: small ones, and those that small ones would follow from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.disclosure import Disclosure
from mpi.measure import Measure
from mpi.protection.facts import BASE, Facts
from mpi.protection.relations import Relation, derivable, relations_of

RULES = ("small_base", "small_numerator", "all_or_none", "complementary")
SMALL_BASE, SMALL_NUMERATOR, ALL_OR_NONE, COMPLEMENTARY = range(len(RULES))
SHOWN = -1
JUDGED = ("poor", "deprived", "poor_deprived", "combined", "poor_combined")  # of whom a small number tells something
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def judged(facts: Facts, rules: Disclosure, measure: Measure) -> Counts:
    """The rule that hides each fact.

    Parameters
    ----------
    facts : Facts
        Of n nodes and f properties.
    rules : Disclosure
    measure : Measure
        Whose indicators add up to M0.

    Returns
    -------
    int64, shape (n, f)
        Place in RULES; -1 where a fact may be shown.
    """
    bases = facts.persons[:, facts.base], facts.households[:, facts.base]
    found = _small(facts, rules, facts.persons, *bases)
    _hide_with_base(facts, found)
    if not rules.complementary or not (found != SHOWN).any():
        return found
    relations = relations_of(facts)
    while True:
        before = np.count_nonzero(found != SHOWN)
        _hide_with_base(facts, found)
        _alone_in_domain(facts, measure, found)
        for relation in relations:
            _alone_in_relation(facts, rules, relation, found)
        if np.count_nonzero(found != SHOWN) == before and not _hide_derivable(facts, relations, found):
            return found


def _small(facts: Facts, rules: Disclosure, units: Counts, base: Counts, households: Counts) -> Counts:
    """Rules of single counts, the first that holds; shape (n, f)."""
    judged_ = np.array([key[0] in JUDGED for key in facts.properties])
    small_base = (base > 0) & ((base < rules.persons) | ((households >= 0) & (households < rules.households)))
    others = base - units
    some = (units > 0) & (others > 0)
    small_numerator = judged_ & some & ((units < rules.numerator) | (others < rules.numerator))
    all_or_none = judged_ & ~some & (base > 0) & (base < rules.all_or_none)
    return np.select([small_base, small_numerator, all_or_none], [SMALL_BASE, SMALL_NUMERATOR, ALL_OR_NONE],
                     SHOWN).astype(np.int64)  # fmt: skip


def _hide_with_base(facts: Facts, found: Counts) -> None:
    """What a hidden base or number of poor would be read from is hidden with it."""
    place = facts.place
    for i, (kind, _, k) in enumerate(facts.properties):
        holders = [int(facts.base[i])] if i != BASE else []
        if kind in ("poor_deprived", "poor_combined"):
            holders.append(place["poor", None, k])
        for holder in (BASE, *holders):
            gone = (found[:, holder] != SHOWN) & (found[:, i] == SHOWN)
            found[gone, i] = found[gone, holder]


def _alone_in_domain(facts: Facts, measure: Measure, found: Counts) -> None:
    """A single hidden indicator of a domain would follow from M0 and the contributions of the others."""
    place = facts.place
    scored = [one.name for one in measure.indicators if one.weight]
    for k in sorted({key[2] for key in facts.properties if key[2] is not None}):
        columns = np.array([place["poor_deprived", name, k] for name in scored], np.int64)
        if len(columns) < 2:  # noqa: PLR2004  alone with M0: the same figure
            continue
        hidden = found[:, columns] != SHOWN
        alone = np.flatnonzero((hidden.sum(axis=1) == 1) & (found[:, place["poor", None, k]] == SHOWN))
        if len(alone):
            counts = np.where(hidden[alone], np.iinfo(np.int64).max, facts.persons[np.ix_(alone, columns)])
            # An indicator that none of the poor lacks protects nothing: its contribution is known to be 0.
            counts = np.where(counts == 0, np.iinfo(np.int64).max - 1, counts)
            found[alone, columns[np.argmin(counts, axis=1)]] = COMPLEMENTARY


def _alone_in_relation(facts: Facts, rules: Disclosure, relation: Relation, found: Counts) -> None:
    """Hide one child more, or the parent, where the hidden children together would still be too small."""
    parents, place = np.unique(relation.parent, return_inverse=True)
    child = relation.child
    hidden = found[child] != SHOWN

    def summed(values: Counts) -> Counts:
        total = np.zeros((len(parents), values.shape[1]), np.int64)
        np.add.at(total, place, values)
        return total

    number = summed(hidden.astype(np.int64))
    base_persons, base_households = facts.persons[:, facts.base], facts.households[:, facts.base]
    units, base = summed(np.where(hidden, facts.persons[child], 0)), summed(np.where(hidden, base_persons[child], 0))
    households = summed(np.where(hidden, base_households[child], 0))
    small = _small(facts, rules, units, base, households) != SHOWN
    weak = (number > 0) & ((number == 1) | small) & (found[parents] == SHOWN)
    for column in np.flatnonzero(weak.any(axis=0)).tolist():
        open_ = ~hidden[:, column] & (facts.persons[child, facts.base[column]] > 0)
        rank = np.where(open_, facts.persons[child, BASE], np.iinfo(np.int64).max)
        order = np.lexsort((child, rank, place))
        first = order[np.searchsorted(place[order], np.arange(len(parents)))]
        for i in np.flatnonzero(weak[:, column]).tolist():
            node = int(child[first[i]]) if open_[first[i]] else int(parents[i])
            found[node, column] = COMPLEMENTARY


def _hide_derivable(facts: Facts, relations: Sequence[Relation], found: Counts) -> bool:
    """Hide the parents of what would still follow from shown figures; whether there was any."""
    seen: dict[bytes, Flags] = {}
    changed = False
    for column in range(len(facts.properties)):
        hidden = found[:, column] != SHOWN
        if not hidden.any():
            continue
        key = hidden.tobytes()
        if key not in seen:
            seen[key] = derivable(relations, hidden)
        wrong = np.flatnonzero(seen[key])
        if len(wrong):
            changed |= _hide_neighbours(relations, wrong, found[:, column], facts.persons[:, BASE])
    return changed


def _hide_neighbours(relations: Sequence[Relation], wrong: Counts, column: Counts, persons: Counts) -> bool:
    """For each node that follows hide the smallest shown one of its sums, children first; whether there was any."""
    changed = False
    for node in wrong.tolist():
        siblings: list[int] = []
        parents: list[int] = []
        for relation in relations:
            own = relation.parent[relation.child == node]
            siblings += relation.child[np.isin(relation.parent, own)].tolist()
            siblings += relation.child[relation.parent == node].tolist()
            parents += own.tolist()
        for among in (siblings, parents):
            shown = [one for one in among if column[one] == SHOWN and persons[one] > 0]
            if shown:
                column[min(shown, key=lambda one: (int(persons[one]), one))] = COMPLEMENTARY
                changed = True
                break
    return changed
