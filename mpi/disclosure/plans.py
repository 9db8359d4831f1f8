"""The tables of a plan without what the rules hide: groups, and places that the plan treats in a way of their own.

A figure of a plan is of a group, but what changes in it changes in the places that actions are for: what a plan of one
department does to the country tells of that department. So a row is shown only if all hidden cells of its group and
those places are treated alike: then it is a sum of cells that may be shown and of all that are hidden together, which
tables tell, too. Of costs, cells are alike if they cost the same. Whom actions lift, and who leaves poverty or falls
into it, is judged as who is poor, or deprived.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints, Mask, distinct
from mpi.disclosure.facts import BASE, EVERYONE, Facts, Kind, Properties, facts_of
from mpi.disclosure.judging import SHOWN, judged
from mpi.disclosure.protecting import told
from mpi.disclosure.publishable import Publishable, publishable
from mpi.disclosure.rules import RULES, place_of
from mpi.estimates import Estimates
from mpi.estimates.basis import Basis
from mpi.estimates.derived import Derived
from mpi.estimates.rows import crossed
from mpi.specs.disclosure import Disclosure


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Seen:
    """What disclosure control judges of some figures of a plan.

    Attributes
    ----------
    figures : frozenset of str
    basis : Basis
        Of the figures: its rows are told apart by what actions are for.
    properties : sequence of (kind, bool of shape (p,))
        Of the rows: who may be lifted, leave poverty or fall into it.
    places : tuple of str
        Domains of the places that the plan tells apart.
    treated : int64, shape (c,)
        Cells with the same number are treated alike.
    """

    figures: frozenset[str]
    basis: Basis
    properties: Sequence[tuple[Kind, Mask]]
    places: tuple[str, ...]
    treated: NDArray[np.int64]


def protect_plans(
    tables: Sequence[Estimates],
    analyses: Sequence[Publishable],
    plans: Sequence[tuple[Derived, Sequence[Seen]]],
    disclosure: Disclosure,
    *,
    precision: bool = True,
) -> tuple[Publishable, ...]:
    """Plans of one round without the rows that the rules hide.

    Parameters
    ----------
    tables : sequence of Estimates
        All that is published of the round, by every crossing that a plan has.
    analyses : sequence of Publishable
        Those of the round that are published; what they hide, no plan shows.
    plans : sequence of (Derived, sequence of Seen)
        A table each, with the column `figure`, and what is judged of its figures.
    disclosure : Disclosure
    precision : bool
        Hide also what the reliability rules say to suppress.
    """
    bases = [one.basis for one in tables]
    known = _hidden(analyses) if disclosure.hides and plans else set()
    made = []
    for table, seen in plans:
        rule = np.full(len(table), SHOWN, np.int64)
        if disclosure.hides:
            figures = np.array(table.table["figure"].to_pylist(), object)
            for one in seen:
                own = np.isin(figures, list(one.figures))
                rule[own] = _of_rows(table, _judged(bases, one, known, disclosure))[own]
        made.append(told(publishable(table, rule, tuple(RULES), disclosure.name, precision=precision)))
    return tuple(made)


Group = frozenset[tuple[str, str]]
Groups = Mapping[Group, int]  # the rule that hides each


def _hidden(analyses: Sequence[Publishable]) -> set[Group]:
    """The groups that analyses hide by a rule."""
    found: set[Group] = set()
    for one in analyses:
        for row in one.table.select(["hidden_by", *one.domains]).to_pylist():
            if row.pop("hidden_by") not in (None, "precision"):
                found.add(frozenset((name, code) for name, code in row.items() if code is not None))
    return found


def _judged(tables: Sequence[Basis], seen: Seen, known: Collection[Group], rules: Disclosure) -> Groups:
    """The groups of the tables that figures of a plan may not be shown of, with the rule."""
    profile = seen.basis.profile
    sets = [names for one in tables for names in one.sets]
    own = [replace(seen.basis, sets=one.sets, groups=one.groups) for one in tables]
    further = _further(sets, seen.places)
    groups = [crossed(profile, names)[1] for names in further]
    whole = [*own, *([replace(seen.basis, sets=tuple(further), groups=tuple(groups))] if further else [])]
    plain = facts_of(own)
    before = (judged(plain, rules) != SHOWN).any(axis=1)
    facts = facts_of(whole, _properties(seen))
    gone = np.zeros(len(facts.persons), np.bool_)
    for names, first in plain.first.items():
        size = _size(own, names)
        gone[facts.first[names] : facts.first[names] + size] = before[first : first + size]
    for basis in own:
        for number, names in enumerate(basis.sets):
            for place, label in enumerate(basis.labels(number)):
                if frozenset(zip(names, label, strict=True)) in known:
                    gone[facts.first[names] + place] = True
    found = judged(facts, rules, gone)[:, BASE]
    return _alike(whole, seen, facts, found, {frozenset(names) for names in sets})


def _size(tables: Sequence[Basis], names: tuple[str, ...]) -> int:
    return next(len(group) for one in tables for own, group in zip(one.sets, one.groups, strict=True) if own == names)


def _further(sets: Sequence[tuple[str, ...]], places: Sequence[str]) -> list[tuple[str, ...]]:
    """Crossings of the groups with the places of a plan that no table has."""
    found: dict[frozenset[str], tuple[str, ...]] = {frozenset(names): names for names in sets}
    before = len(found)
    for names in sets:
        crossing = tuple(dict.fromkeys((*names, *places)))
        found.setdefault(frozenset(crossing), crossing)
    return list(found.values())[before:]


def _properties(seen: Seen) -> Properties:
    scored = seen.basis.scored
    made = Properties()
    made.add(("base", None, None), scored.included)
    made.add(("everyone", None, None), np.ones(len(scored.included), np.bool_))
    met = {column.tobytes() for column in made.columns}
    for kind, column in seen.properties:
        if column.tobytes() not in met and column.any():
            met.add(column.tobytes())
            made.add((kind, str(len(made.keys)), None), column, EVERYONE if (column & ~scored.included).any() else BASE)
    made.within = [tuple(range(1, len(made.keys))), *([(BASE,)] * (len(made.keys) - 1))]
    return made


def _alike(
    tables: Sequence[Basis], seen: Seen, facts: Facts, found: Ints, published: set[frozenset[str]]
) -> dict[frozenset[tuple[str, str]], int]:
    """Groups that are hidden themselves, or of whose hidden cells not all are treated alike."""
    profile, by_names = seen.basis.profile, {frozenset(n): n for one in tables for n in one.sets}
    made: dict[frozenset[tuple[str, str]], int] = {}
    for basis in tables:
        for number, names in enumerate(basis.sets):
            if frozenset(names) not in published:
                continue
            code = crossed(profile, names)[0]
            rule = found[facts.first[names] : facts.first[names] + len(basis.groups[number])].copy()
            cells = by_names[frozenset((*names, *seen.places))]
            first = facts.first[cells]
            hidden = found[first + crossed(profile, cells)[0]] != SHOWN
            pairs, _ = distinct(code[hidden] * (int(seen.treated.max(initial=0)) + 1) + seen.treated[hidden])
            of, times = np.unique(pairs // (int(seen.treated.max(initial=0)) + 1), return_counts=True)
            unlike = of[times > 1]
            rule[unlike] = np.where(rule[unlike] == SHOWN, place_of("complementary"), rule[unlike])
            for label, one in zip(basis.labels(number), rule.tolist(), strict=True):
                if one != SHOWN:
                    made[frozenset(zip(names, label, strict=True))] = one
    return made


def _of_rows(table: Derived, hidden: Groups) -> Ints:
    columns = {name: table.table[name].to_pylist() for name in table.domains}
    keys = [
        frozenset((name, column[i]) for name, column in columns.items() if column[i] is not None)
        for i in range(len(table))
    ]
    return np.array([hidden.get(key, SHOWN) for key in keys], np.int64)
