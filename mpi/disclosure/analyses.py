"""The analyses of a publication without what the rules hide: in all of them the same groups, each as a whole.

An analysis has hundreds of figures of a group, which are tied to one another and to those of the tables in ways that no
list of sums names: bands are differences of headcounts, an intersection is a sum less a union. So nothing is hidden
within a group: where the tables hide a figure of a group, or an analysis has a number that the rules hide, no analysis
shows the group, and further groups are hidden as in tables, so that what is hidden does not follow by subtraction.
What remains tells of a hidden group no more than the tables do: sums over all hidden groups, which the rules allow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from mpi.columns.values import Ints, Mask
from mpi.counting import distinct_patterns, scores
from mpi.disclosure.facts import BASE, Facts, Kind, Properties, facts_of, rest_on
from mpi.disclosure.judging import SHOWN, judged
from mpi.disclosure.protecting import told
from mpi.disclosure.publishable import Publishable, publishable
from mpi.disclosure.rules import RULES
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates import Estimates
from mpi.estimates.basis import Basis
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.specs.disclosure import Disclosure

Group: TypeAlias = frozenset[tuple[str, str]]  # domains and codes
Hidden = Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]]  # by crossing and codes the place of the rule


@public
def protect_analyses(
    tables: Sequence[Estimates],
    analyses: Sequence[Derived],
    disclosure: Disclosure,
    *,
    precision: bool = True,
    reading: Mapping[str, Mapping[str, Collection[Group]]] | None = None,
    beside: Sequence[Estimates] = (),
) -> tuple[Publishable, ...]:
    """The analyses of one round without the groups that the rules hide.

    Parameters
    ----------
    tables : sequence of Estimates
        All that is published of the round beside them, by every crossing that an analysis has.
    analyses : sequence of Derived
        Of the same profile and measure.
    disclosure : Disclosure
    precision : bool
        Hide also what the reliability rules say to suppress.
    reading : mapping of str to mapping, optional
        By a column and its words, the groups (domains and codes) that rows read beside their own, as derived figures
        do: a row is hidden where one of these is.

    Raises
    ------
    UsageError
        If an analysis is by a crossing that no table has.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4, on linked tables.
    """
    bases = [one.basis for one in analyses if one.basis is not None]
    own_tables = [one.basis for one in tables] or [_of_patterns(one) for one in bases]
    hidden = _hidden(own_tables, bases, disclosure, [one.basis for one in beside]) if disclosure.hides and bases else {}
    made = []
    for one in analyses:
        rule = _of_lines(one, _of_reading(one, rules_of_rows(one, hidden), hidden, reading or {}), disclosure)
        made.append(told(publishable(one, rule, tuple(RULES), disclosure.name, precision=precision)))
    return tuple(made)


def _hidden(tables: Sequence[Basis], analyses: Sequence[Basis], rules: Disclosure, beside: Sequence[Basis]) -> Hidden:
    """The groups that no analysis shows."""
    facts = facts_of(tables)
    by_tables = (judged(facts, rules) != SHOWN).any(axis=1)
    for one in beside:  # groups whose figures by another measure are hidden
        others = (judged(facts_of([one]), rules) != SHOWN).any(axis=1)
        size = min(len(others), len(by_tables))
        by_tables[:size] |= others[:size]
    own = facts_of(tables, _properties(analyses, rules))
    before = np.zeros(len(own.persons), np.bool_)
    before[: len(by_tables)] = by_tables  # the same crossings, and the same groupings that follow from them
    found = judged(own, rules, before)[:, BASE]
    groups = {names: labels for basis in tables for names, labels in labelled(basis)}
    return {names: rules_of_groups(own, found, names, labels) for names, labels in groups.items()}


def labelled(basis: Basis) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """The crossings of a table, each with the codes of its groups."""
    return [(names, basis.labels(number)) for number, names in enumerate(basis.sets)]


def rules_of_groups(
    facts: Facts, found: Ints, names: tuple[str, ...], labels: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], int]:
    """The rule that hides each of some groups of a crossing, of those that one hides."""
    first = facts.first[names]
    rules = found[first : first + len(labels)].tolist()
    return {label: rule for label, rule in zip(labels, rules, strict=True) if rule != SHOWN}


def _properties(analyses: Sequence[Basis], rules: Disclosure) -> Properties:
    """What units have that the rules judge: each set of patterns behind a figure once; all hidden together.

    Receipt of a programme is judged as poverty is.
    """
    scored = _of_patterns(analyses[0]).scored
    made = Properties()
    made.add(("base", None, None), scored.included)
    made.add(("everyone", None, None), np.ones(len(scored.included), np.bool_))
    seen = {column.tobytes() for column in made.columns}
    for basis in analyses:
        plain = _of_patterns(basis)
        whose = np.zeros(len(plain.scored.included), np.int64)
        whose[plain.which] = basis.which  # whether a figure is above 0 depends on the flags alone
        for place in dict.fromkeys(i for one in basis.table.statistics for i in (one.y, one.x)):
            column = (np.asarray(basis.table.values(place), np.float64)[whose] > 0) & scored.included
            of_score = _follows_from(scored.score, column, scored.included)
            received = bool(rest_on(plain, column[:, None])[0])
            judge = "indicators" in rules.numerators or of_score or received
            if column.tobytes() in seen or not judge:
                continue
            seen.add(column.tobytes())
            name = str(len(made.keys))
            kind: Kind = "received" if received else "poor" if of_score else "deprived"
            made.add((kind, name, None), column, BASE)
    made.within = [tuple(range(1, len(made.keys))), *([(BASE,)] * (len(made.keys) - 1))]
    return made


def _of_patterns(basis: Basis) -> Basis:
    """A basis whose patterns differ in their flags alone, as those of tables do."""
    distinct = distinct_patterns(basis.profile.cells.pattern, basis.profile.cells.unknown)
    if len(distinct.pattern) == len(basis.scored.included):
        return basis
    scored = scores(basis.measure, distinct.pattern, distinct.unknown)
    return replace(basis, scored=scored, which=distinct.which)


def _follows_from(score: np.typing.NDArray[np.float64], column: Mask, included: Mask) -> bool:
    """Whether the score tells who has a property, as it tells who is poor."""
    _, of = np.unique(score[included], return_inverse=True)
    size = np.bincount(of)
    with_it = np.bincount(of, column[included], len(size))
    return bool(((with_it == 0) | (with_it == size)).all())


def _of_lines(one: Derived, rule: Ints, rules: Disclosure) -> Ints:
    """The rules of rows, with the lines hidden that rest on the incomes of few persons: a line tells an income."""
    if one.basis is None or not one.basis.profile.lines or not rules.hides:
        return rule
    few = {
        (line.name, area or None)
        for line in one.basis.profile.lines
        for area, persons in zip(line.areas, line.persons, strict=True)
        if persons < rules.persons
    }
    for i, row in enumerate(one.table.select(["figure", "line", "area"]).to_pylist() if few else ()):
        if row["figure"] == "line" and (row["line"], row["area"]) in few:
            rule[i] = list(RULES).index("small_base")
    return rule


def _of_reading(
    one: Derived, rule: Ints, hidden: Hidden, reading: Mapping[str, Mapping[str, Collection[Group]]]
) -> Ints:
    """The rules of rows, with those hidden that read a hidden group beside their own."""
    gone = {
        frozenset(zip(names, codes, strict=True)): number
        for names, own in hidden.items()
        for codes, number in own.items()
    }
    for column, groups in reading.items():
        if column not in one.table.column_names:
            continue
        read = {word: next((gone[group] for group in own if group in gone), SHOWN) for word, own in groups.items()}
        for i, word in enumerate(one.table[column].to_pylist()):
            if rule[i] == SHOWN and word in read:
                rule[i] = read[word]
    return rule


def rules_of_rows(one: Derived, hidden: Hidden) -> Ints:
    """The rule that hides each row; -1 where none does."""
    rule = np.full(len(one), SHOWN, np.int64)
    if not hidden:
        return rule
    known = {frozenset(names): (names, own) for names, own in hidden.items()}
    columns = {name: one.table[name].to_pylist() for name in one.domains}
    for i in range(len(one)):
        codes = {name: column[i] for name, column in columns.items() if column[i] is not None}
        if frozenset(codes) not in known:
            text = phrase("an analysis is by {domains}, and no table is", domains=":".join(codes))
            raise UsageError(Fault("MPI-E030", None, text, phrase("give tables by it, too: mpi.estimate(..., by=...)")))
        names, own = known[frozenset(codes)]
        rule[i] = own.get(tuple(codes[name] for name in names), SHOWN)
    return rule
