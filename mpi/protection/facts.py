"""What figures tell: how many units of the sample have a property in a domain, and which figures rest on that.

A fact is a property in a node, and a node is one domain of one crossing. Counts are unweighted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.estimates.basis import Basis
from mpi.estimates.rows import crossed

BASE = 0  # the first property: to be among those whom the measure includes
Counts = NDArray[np.int64]
Key = tuple[str, str | None, int | None]  # statistic's kind, dimension or indicator, cutoff


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The nodes of all s crossings of a publication's round, and f properties of their units.

    Attributes
    ----------
    properties : tuple of (str, str or None, int or None)
        `base`; `poor` at a cutoff; `deprived` and `poor_deprived` in an indicator; `combined`, `poor_combined` in a
        dimension.
    first : int64, shape (s + 1,)
        First node of each crossing.
    persons, households : int64, shape (nodes, f)
        Sampled units with the property; where households cannot be told apart, -1.
    base : int64, shape (f,)
        The property that is the base of each: whoever could have it.
    code : sequence of int64, shape (c,)
        For each crossing the domain of each cell of the profile.
    """

    properties: tuple[Key, ...]
    first: Counts
    persons: Counts
    households: Counts
    base: Counts
    code: tuple[Counts, ...]

    @property
    def place(self) -> dict[Key, int]:
        """Where each property stands."""
        return {key: i for i, key in enumerate(self.properties)}


def facts_of(basis: Basis) -> Facts:
    """Every fact that the figures of an estimation rest on.

    Parameters
    ----------
    basis : Basis
        Of the estimates of one round; the unit does not matter.
    """
    properties, columns, base = _properties(basis)
    cells = basis.profile.cells
    codes = tuple(crossed(basis.profile, names)[0] for names in basis.sets)
    sizes = [len(group) for group in basis.groups]
    persons, households = [], []
    levels = {domain.name: domain.level for domain in basis.profile.domains}
    apart = basis.profile.identification == "person"
    for names, code, size in zip(basis.sets, codes, sizes, strict=True):
        persons.append(_counted(code, size, basis.which, cells.persons, columns))
        unclear = apart or any(levels[name] == "person" for name in names)
        own = _counted(code, size, basis.which, cells.households, columns)
        households.append(np.full_like(own, -1) if unclear else own)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Facts(properties, first, np.concatenate(persons), np.concatenate(households), base, codes)


def _properties(basis: Basis) -> tuple[tuple[Key, ...], NDArray[np.bool_], Counts]:
    """Properties of p distinct patterns: their names, bool of shape (p, f), and the base of each."""
    found, measure = basis.scored, basis.measure
    keys: list[Key] = [("base", None, None)]
    columns = [found.included]
    base = [BASE]

    def add(key: Key, column: NDArray[np.bool_], own: int = BASE) -> int:
        keys.append(key)
        columns.append(column)
        base.append(own)
        return len(keys) - 1

    known = []
    for j, one in enumerate(measure.indicators):
        whole = bool(found.known[found.included, j].all())
        known.append(BASE if whole else add(("known", one.name, None), found.known[:, j] & found.included))
    combined = [(i, one) for i, one in enumerate(measure.dimensions) if one.at_least is not None]
    for j, indicator in enumerate(measure.indicators):
        add(("deprived", indicator.name, None), found.deprived[:, j] & found.included, known[j])
    for i, dimension in combined:
        add(("combined", dimension.name, None), found.dimension_deprived[:, i] & found.included)
    for k, poor in enumerate(basis.poor):
        add(("poor", None, k), poor)
        for j, indicator in enumerate(measure.indicators):
            add(("poor_deprived", indicator.name, k), found.deprived[:, j] & poor, known[j])
        for i, dimension in combined:
            add(("poor_combined", dimension.name, k), found.dimension_deprived[:, i] & poor)
    return tuple(keys), np.column_stack(columns), np.array(base, np.int64)


def _counted(
    code: Counts, size: int, which: Counts, units: Counts, columns: NDArray[np.bool_]
) -> Counts:  # fmt: skip
    """Units with each property in each domain of one crossing; shape (size, f)."""
    key = code * len(columns) + which
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    total = np.add.reduceat(units[order], starts) if len(order) else np.zeros(0, np.int64)
    domain, pattern = np.divmod(key[order[starts]], len(columns))
    found = np.zeros((size, columns.shape[1]), np.int64)
    # Domains ascend, so that the sums of each are a run.
    runs = np.flatnonzero(np.diff(domain, prepend=-1))
    if len(runs):
        found[domain[runs]] = np.add.reduceat(total[:, None] * columns[pattern], runs, axis=0)
    return found


def rests_on(facts: Facts, basis: Basis) -> Sequence[Sequence[int]]:
    """The properties that each statistic rests on, in the order of the basis's table."""
    place = facts.place
    made = []
    within = {d.name: d.indicators for d in basis.measure.dimensions if d.at_least is None}
    for one in basis.table.statistics:
        keys: list[Key] = [("base", None, None)]
        if one.k is not None:
            keys.append(("poor", None, one.k))
        named = one.indicator or one.dimension
        if one.name == "uncensored_headcount":
            keys.append(("deprived" if one.indicator else "combined", named, None))
        elif one.name in ("censored_headcount", "absolute_contribution", "percentage_contribution"):
            if one.indicator is None and one.dimension in within:
                keys += [("poor_deprived", name, one.k) for name in within[one.dimension]]
            else:
                keys.append(("poor_deprived" if one.indicator else "poor_combined", named, one.k))
        if one.indicator is not None:
            keys.append(("known", one.indicator, None))
        made.append([place[key] for key in keys if key in place])
    return made
