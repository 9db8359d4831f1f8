"""The tables of a panel without what disclosure control hides; see `mpi.disclosure.chained`.

Numbers of those who left, fell, or moved between bands are judged as numbers of poor are; numbers of deprivations
lifted and fallen into as numbers of deprived, which some rules do not judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import distinct
from mpi.counting import distinct_patterns
from mpi.disclosure.chained import Classes, protect_chain
from mpi.disclosure.publishable import Publishable, stacked
from mpi.errors.arguments import public
from mpi.estimates.basis import Basis
from mpi.estimates.derived import Derived
from mpi.following.panel import TWO, Panel, Sequences
from mpi.following.plans import bands_of
from mpi.following.seen import Course
from mpi.following.tables import fitted_panel
from mpi.specs.disclosure import Disclosure
from mpi.specs.measure import Cutoff, Measure

# From the coarsest to the finest: a group that one hides is hidden in those after it.
ORDER = ("movements", "change", "chronic", "transitions", "deprivations")


@public
def protect_movements(
    panel: Panel,
    measure: Measure,
    tables: Mapping[str, Sequence[Derived]],
    disclosure: Disclosure,
    rounds: Sequence[Publishable] = (),
) -> dict[str, Publishable]:
    """The tables of a panel without the groups that the rules hide.

    Parameters
    ----------
    panel : Panel
    measure : Measure
    tables : mapping of str to sequence of Derived
        By the name of a table what `movements` made of the panel, between one or several pairs of editions; all by the
        same domains.
    disclosure : Disclosure
    rounds : sequence of Publishable
        Tables of the editions that are published beside them, as `protect` gave them: what they hide of a group is
        hidden here too.

    Returns
    -------
    dict of str to Publishable
        In the order of `tables`; each with all pairs of editions.
    """
    names = [name for name in ORDER if name in tables]
    bases = [one.basis for name in names for one in tables[name] if one.basis is not None]
    if not bases:
        return {}
    own = fitted_panel(panel, measure)
    counted, classes = _judged(own, bases[0])
    made = protect_chain([tables[name] for name in names], counted, classes, disclosure, _gone(rounds))
    found = {name: stacked(parts) for name, parts in zip(names, made, strict=True)}
    return {name: found[name] for name in tables}


def _judged(panel: Panel, basis: Basis) -> tuple[Basis, Classes]:
    """The units that are counted, and the classes of patterns."""
    cells, sequences = basis.profile.cells, panel.sequences
    adjusts = sequences.adjusts[cells.pattern.astype(np.int64)]
    weight = cells.household_weight if basis.unit == "households" else cells.person_weight
    # By how much weights differ is told of one unit at least: of how many no cell knows.
    counted = adjusts & (weight != 0)
    numbers = {name: np.where(counted, 1, getattr(cells, name)) for name in ("persons", "households")}
    profile = replace(basis.profile, cells=replace(cells, **numbers))
    if panel.link == "persons":  # persons of one household move together or apart: they are not told apart
        profile = replace(profile, identification="person")
    patterns = distinct_patterns(cells.pattern, cells.unknown).pattern.astype(np.int64)
    course = Course(basis.measure, sequences.take(patterns))
    own = course.sequences
    plain = _classes([own.adjusts, *own.present.T, *own.unknown.T])
    seen = [course.edition(t) for t in range(own.editions)]
    scored = _classes([plain, *(one.score for one in seen)])

    def between(cutoffs: Sequence[Cutoff]) -> list[NDArray[np.bool_]]:
        return list(_between(basis.measure, own, sorted(cutoffs, key=lambda one: (one.k, one.strict))))

    return replace(basis, profile=profile), Classes(plain, scored, between)


def _between(measure: Measure, sequences: Sequences, cutoffs: Sequence[Cutoff]) -> Iterator[NDArray[np.bool_]]:
    """From each band between the cutoffs to each, of every two editions that may be compared.

    Figures at several cutoffs differ by these, so few units in one of them are told as a difference.
    """
    if len(cutoffs) < TWO:
        return
    last = sequences.editions - 1
    for ends in dict.fromkeys([(0, last), *pairwise(range(sequences.editions))]):
        course = Course(measure, sequences, ends)
        before, after = (bands_of(seen, cutoffs) for seen in (course.first, course.last))
        yield from (course.followed & here & there for here in before for there in after)
        yield from (course.gone & here for here in before)
        yield from (course.new & there for there in after)


def _classes(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """One number for each distinct row; shape of a column."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        own = np.unique(column, return_inverse=True)[1]
        code = distinct(code * (int(own.max(initial=0)) + 1) + own)[1]
    return code


def _gone(rounds: Sequence[Publishable]) -> dict[frozenset[str], set[frozenset[tuple[str, str]]]]:
    """The groups of which the tables of an edition hide a figure, by their domains."""
    found: dict[frozenset[str], set[frozenset[tuple[str, str]]]] = {}
    for one in rounds:
        hidden = [row for row in one.table.select([*one.domains, "standing", "hidden_by"]).to_pylist()
                  if row["standing"] == "hidden" and row["hidden_by"] != "precision"]  # fmt: skip
        for row in hidden:
            codes = frozenset((name, row[name]) for name in one.domains if row[name] is not None)
            found.setdefault(frozenset(name for name, _ in codes), set()).add(codes)
    return found
