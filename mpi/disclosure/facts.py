"""What figures tell: how many units of the sample have a property in a domain, and which figures rest on that.

A fact is a property in a node, and a node is one domain of one crossing. Ints are unweighted. Comes in: what the
estimates of one round rest on. Goes out: counts, sums within a domain, and the facts behind each statistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np

from mpi.columns.values import Ints, Mask, distinct, stable_order
from mpi.counting import distinct_patterns
from mpi.disclosure.nesting import with_joins
from mpi.estimates.basis import Basis
from mpi.estimates.rows import crossed
from mpi.profile.marks import bit_of
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import Level
from mpi.vocabulary.statistics import DEFINITIONS

Kind = Literal[
    "base",
    "everyone",
    "known",
    "poor",
    "score",
    "part",
    "deprived",
    "combined",
    "poor_deprived",
    "poor_combined",
    "received",
]
Key = tuple[Kind, str | None, str | None]  # dimension or indicator; text of the cutoff
BASE, EVERYONE = 0, 1  # places of the first properties: to be among those whom the measure includes; to be there
AT_ONCE = 16  # properties that are counted together
Rests = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True, kw_only=True)
class Properties:
    """The f properties of p distinct patterns, in the making.

    Attributes
    ----------
    keys : list of (kind, name, cutoff)
    columns : list of bool, shape (p,)
    base : list of int
        The property of whoever could have it.
    within : list of tuple of int
        Properties without which it is not shown.
    sums : list of (int, tuple of int)
        Within each node the first is a weighted sum of the others.
    forced : list of (int, int)
        Who is poor, and a deprivation that all of them must have: nobody reaches the cutoff without it.
    """

    keys: list[Key] = field(default_factory=list)
    columns: list[Mask] = field(default_factory=list)
    base: list[int] = field(default_factory=list)
    within: list[tuple[int, ...]] = field(default_factory=list)
    sums: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    forced: list[tuple[int, int]] = field(default_factory=list)

    def add(self, key: Key, column: Mask, base: int | None = None, *within: int) -> int:
        """The place of a property, which is its own base if none is given."""
        self.keys.append(key)
        self.columns.append(column)
        self.base.append(len(self.keys) - 1 if base is None else base)
        self.within.append(tuple(dict.fromkeys(i for i in (*within, base) if i is not None)))
        return len(self.keys) - 1

    def equal(self) -> tuple[tuple[int, int], ...]:
        """Pairs of properties that are one and the same at these cutoffs, so that one tells the other."""
        found = []
        for i, (kind, name, _) in enumerate(self.keys):
            for j, (other, named, _) in enumerate(self.keys[:i]):
                alike = name == named and kind in (other, f"poor_{other}")
                if alike and np.array_equal(self.columns[i], self.columns[j]):
                    found.append((j, i))
        return ((BASE, EVERYONE), *self.forced, *found)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Facts:
    """n nodes of all crossings of a round, and f properties of their units.

    Attributes
    ----------
    properties : tuple of (kind, name, cutoff)
    base : int64, shape (f,)
        The property of whoever could have each.
    within : tuple of tuple of int
        For each property those without which it is not shown.
    sums : tuple of (int, tuple of int)
        Within each node the first property is a weighted sum of the others.
    equal : tuple of (int, int)
        Properties that are one and the same.
    first : mapping of tuple of str to int
        First node of each crossing.
    persons, households : int64, shape (n, f)
        Sampled units with the property; -1 where households cannot be told apart.
    codes : tuple of (int, int64 of shape (a,))
        For each crossing, and each grouping that follows from two of them, its first node, and the domain of each atom:
        units that no crossing tells apart.
    """

    properties: tuple[Key, ...]
    base: Ints
    within: tuple[tuple[int, ...], ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    equal: tuple[tuple[int, int], ...]
    first: dict[tuple[str, ...], int]
    persons: Ints
    households: Ints
    codes: tuple[tuple[int, Ints], ...]

    @property
    def place(self) -> dict[Key, int]:
        """Where each property stands."""
        return {key: i for i, key in enumerate(self.properties)}


def facts_of(tables: Sequence[Basis], properties: Properties | None = None) -> Facts:
    """Every fact that the figures of some tables rest on.

    Parameters
    ----------
    tables : sequence of Basis
        Of one profile and one measure; their units do not matter.
    properties : Properties, optional
        Others than those of the statistics of the tables.
    """
    basis = tables[0]
    found = _properties(tables) if properties is None else properties
    profile, cells = basis.profile, basis.profile.cells
    sizes = {names: len(group) for one in tables for names, group in zip(one.sets, one.groups, strict=True)}
    of_cell = [crossed(profile, names)[0] for names in sizes]
    joint = np.zeros(len(cells), np.int64)
    for code in of_cell:
        joint = distinct(joint * (int(code.max(initial=0)) + 1) + code)[1]
    head = np.zeros(int(joint.max(initial=-1)) + 1, np.int64)
    head[joint[::-1]] = np.arange(len(joint))[::-1]  # the first cell of each is written last
    codes = with_joins([code[head] for code in of_cell])
    number = [*sizes.values(), *(int(code.max(initial=-1)) + 1 for code in codes[len(sizes) :])]
    first = np.concatenate([[0], np.cumsum(number)]).tolist()
    columns = np.column_stack(found.columns)
    levels = {domain.name: domain.level for domain in profile.domains}
    unclear = [profile.identification == "person" or any(levels[name] == "person" for name in names) for names in sizes]
    unclear += [any(unclear)] * (len(codes) - len(sizes))
    persons, households = (
        _counted(joint, len(head), basis.which, units, columns) for units in (cells.persons, cells.households)
    )
    summed = [
        [_summed(code, size, own) for code, size in zip(codes, number, strict=True)] for own in (persons, households)
    ]
    hidden = [np.full_like(own, -1) if blind else own for own, blind in zip(summed[1], unclear, strict=True)]
    of_households = np.concatenate(hidden)
    of_households[:, rest_on(basis, columns, level="person")] = -1
    return Facts(
        properties=tuple(found.keys),
        base=np.array(found.base, np.int64),
        within=tuple(found.within),
        sums=tuple(found.sums),
        equal=found.equal(),
        first=dict(zip(sizes, first, strict=False)),
        persons=np.concatenate(summed[0]),
        households=of_households,
        codes=tuple(zip(first, codes, strict=False)),
    )


def rest_on(basis: Basis, columns: Mask, *, level: Level | None = None) -> Mask:
    """Which properties rest on marks, such as the receipt of a programme: units differ that are alike but for these.

    That an answer is unknown is no such property.

    Parameters
    ----------
    basis : Basis
    columns : bool, shape (p, f)
    level : {"person", "household"}, optional
        Of the marks; those of persons are what members of one household need not share.

    Returns
    -------
    bool, shape (f,)
    """
    own = [bit_of(place) for place, mark in enumerate(basis.profile.marks) if level in (None, mark.level)]
    if not own:
        return np.zeros(columns.shape[1], np.bool_)
    rest = ~np.bitwise_or.reduce(np.array(own, np.uint64))
    words = distinct_patterns(basis.scored.words & rest, basis.scored.words_unknown)
    number = np.bincount(words.which, minlength=len(words.pattern))
    with_it = np.stack([np.bincount(words.which, one, len(number)) for one in columns.T], axis=1)
    mixed: Mask = np.logical_or.reduce((with_it > 0) & (with_it < number[:, None]), axis=0)
    return mixed


def _properties(tables: Sequence[Basis]) -> Properties:
    """Properties of the distinct patterns, at the cutoffs of all tables."""
    basis = tables[0]
    scored, measure = basis.scored, basis.measure
    found = Properties()
    found.add(("base", None, None), scored.included)
    found.add(("everyone", None, None), np.ones(len(scored.included), np.bool_))
    known = []
    for j, indicator in enumerate(measure.indicators):
        whole = bool(scored.known[scored.included, j].all())
        column = scored.known[:, j] & scored.included
        known.append(BASE if whole else found.add(("known", indicator.name, None), column, None, BASE))
    for j, indicator in enumerate(measure.indicators):
        found.add(("deprived", indicator.name, None), scored.deprived[:, j] & scored.included, known[j], BASE)
    for i, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            column = scored.dimension_deprived[:, i] & scored.included
            found.add(("combined", dimension.name, None), column, BASE)
    for cutoff in {cutoff.text: cutoff for one in tables for cutoff in one.cutoffs}.values():
        _at_cutoff(found, basis, cutoff, known)
    return found


def _at_cutoff(found: Properties, basis: Basis, cutoff: Cutoff, known: Sequence[int]) -> None:
    """Who is poor, what the poor lack, and how the censored score is their sum."""
    scored, measure, k = basis.scored, basis.measure, cutoff.text
    poor = scored.poor(cutoff)
    poor_ = found.add(("poor", None, k), poor, BASE)
    score = found.add(("score", None, k), poor, BASE, poor_)
    parts: dict[str, list[int]] = {dimension.name: [] for dimension in measure.dimensions}
    for j, indicator in enumerate(measure.indicators):
        own = found.add(("poor_deprived", indicator.name, k), scored.deprived[:, j] & poor, known[j], BASE, poor_)
        if indicator.weight and _forced(measure, cutoff, indicator.weight):
            found.forced.append((poor_, own))
        if indicator.weight:
            parts[indicator.dimension].append(own)
    terms = []
    for i, dimension in enumerate(measure.dimensions):
        if dimension.at_least is not None:
            column = scored.dimension_deprived[:, i] & poor
            terms.append(found.add(("poor_combined", dimension.name, k), column, BASE, poor_))
            if _forced(measure, cutoff, dimension.weight):
                found.forced.append((poor_, terms[-1]))
            continue
        part = found.add(("part", dimension.name, k), (scored.dimension_part[:, i] > 0) & poor, BASE, poor_)
        terms.append(part)
        if parts[dimension.name]:
            found.sums.append((part, tuple(parts[dimension.name])))
    found.sums.append((score, tuple(terms)))


def _forced(measure: Measure, cutoff: Cutoff, weight: Fraction) -> bool:
    """Whether nobody is poor without a deprivation of some weight."""
    return measure.missing != "reweight" and (1 - weight < cutoff.k or (cutoff.strict and 1 - weight == cutoff.k))


def _counted(atom: Ints, size: int, which: Ints, units: Ints, columns: Mask) -> Ints:
    """Units with each property in each atom; shape (size, f)."""
    number = len(columns)
    pairs, place = distinct(atom * number + which)
    total = np.bincount(place, units, len(pairs))
    at, pattern = np.divmod(pairs, max(1, number))
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    if not len(starts):
        return np.zeros((size, columns.shape[1]), np.int64)
    made = np.zeros((len(starts), columns.shape[1]), np.int64)
    for first in range(0, columns.shape[1], AT_ONCE):  # there may be a hundred properties of a million pairs
        some = slice(first, first + AT_ONCE)
        made[:, some] = np.add.reduceat(total[:, None] * columns[pattern, some], starts, axis=0)
    return made


def _summed(code: Ints, size: int, values: Ints) -> Ints:
    """Sums of the atoms of each domain; shape (size, f)."""
    found = np.zeros((size, values.shape[1]), np.int64)
    order = stable_order(code)
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    if len(starts):
        found[code[order][starts]] = np.add.reduceat(values[order], starts, axis=0)
    return found


def rests_on(facts: Facts, basis: Basis) -> list[Rests]:
    """The properties that each statistic of a table rests on, in its domain and in the total."""
    place, made = facts.place, []
    for one in basis.table.statistics:
        k = None if one.k is None else basis.cutoffs[one.k].text
        definition = DEFINITIONS[one.name]
        own: list[Key] = [("base", None, None)]
        if k is not None:
            own.append(("poor", None, k))
            if "score" in (definition.numerator, definition.denominator):
                own.append(("score", None, k))
        if definition.numerator in ("deprived", "part"):
            own.append(_lacking(place, one.dimension, one.indicator, k))
        if one.indicator is not None and not definition.of_data:
            own.append(("known", one.indicator, None))
        total = own if definition.kind == "share" else []
        made.append((tuple(place[key] for key in own if key in place), tuple(place[key] for key in total)))
    return made


def _lacking(place: dict[Key, int], dimension: str | None, indicator: str | None, k: str | None) -> Key:
    if k is None:
        return ("combined", dimension, None) if indicator is None else ("deprived", indicator, None)
    if indicator is not None:
        return ("poor_deprived", indicator, k)
    combined: Key = ("poor_combined", dimension, k)
    return combined if combined in place else ("part", dimension, k)
