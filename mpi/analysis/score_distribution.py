"""The distribution of deprivations: scores of all units, most frequent combinations of the poor, joint deprivations.

Comes in: a profile and a measure. Goes out: small tidy Arrow tables of weighted shares with the unweighted units behind
them. They are not for publication before `hide_small`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Text, Truth
from mpi.counting import Scores, distinct_patterns, scores
from mpi.errors import Fault, UsageError, listed
from mpi.errors.arguments import public
from mpi.estimates.rows import check_unit
from mpi.language import phrase
from mpi.profile import DeprivationProfile, fitted
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import Unit

COUNTS = ("persons", "households")


@public
def score_distribution(profile: DeprivationProfile, measure: Measure, unit: Unit = "persons") -> pa.Table:
    """The weighted share of the units at each exact deprivation score.

    Returns
    -------
    pyarrow.Table
        Ascending by score, one row for each that occurs: `score` (exact text such as `1/3`), `value` (double), `share`
        of all units that the measure includes, `persons` and `households` (unweighted).

    References
    ----------
    Alkire et al. (2015), chapter 5.4.
    """
    check_unit(profile, measure, unit)
    profile = fitted(profile, measure)
    found, which = _scored(profile, measure)
    texts = found.text()
    kept = found.included
    exact = sorted({text for text, keep in zip(texts, kept, strict=True) if keep and text is not None}, key=Fraction)
    place = {text: i for i, text in enumerate(exact)}
    group = np.array([-1 if text is None else place[text] for text in texts], np.int64)
    sums = _sums(profile, unit, group[which], len(exact))
    return arrow.table(
        {
            "score": arrow.array_of(Text(np.arange(len(exact)), tuple(exact) or ("",))),
            "value": arrow.numbers(np.array([float(Fraction(text)) for text in exact], np.float64)),
            "share": arrow.numbers(sums[0] / max(sums[0].sum(), np.finfo(np.float64).tiny)),
            "persons": arrow.numbers(sums[1].astype(np.int64)),
            "households": arrow.numbers(sums[2].astype(np.int64)),
        }
    )


@public
def bundles(
    profile: DeprivationProfile, measure: Measure, k: str | Fraction | Cutoff, *, unit: Unit = "persons", most: int = 12
) -> pa.Table:
    """The commonest exact sets of deprivations among the poor.

    Returns
    -------
    pyarrow.Table
        At most `most` rows, the commonest first: `indicators` (names in the order of the measure, parted by blanks;
        monitored ones are left out), `share` of the poor, `persons` and `households` (unweighted).

    Raises
    ------
    UsageError
        If the unit is not known, no bundle is asked for, or the measure would give other patterns.
    """
    if most < 1:
        raise UsageError(
            Fault("MPI-E211", None, phrase("at most {most} bundles are none", most=most), phrase("ask for 1 or more"))
        )
    check_unit(profile, measure, unit)
    profile = fitted(profile, measure)
    found, which = _scored(profile, measure)
    counted = [j for j, indicator in enumerate(measure.indicators) if not indicator.monitor]
    flags = found.deprived[:, counted]
    sets, group = np.unique(flags, axis=0, return_inverse=True)
    group = np.where(found.poor(measure.cutoff(k)), group.ravel(), -1)
    sums = _sums(profile, unit, group[which], len(sets))
    total = sums[0].sum()
    # Of equal shares the one with the earlier indicators goes first, so that the order is always the same.
    order = sorted(np.flatnonzero(sums[0] > 0).tolist(), key=lambda i: (-sums[0][i], *(~sets[i]).tolist()))[:most]
    names = [" ".join(measure.names[counted[j]] for j in np.flatnonzero(sets[i])) for i in order]
    return arrow.table(
        {
            "indicators": arrow.array_of(Text(np.arange(len(order)), tuple(names) or ("",))),
            "share": arrow.numbers(sums[0][order] / total if order else np.zeros(0)),
            "persons": arrow.numbers(sums[1][order].astype(np.int64)),
            "households": arrow.numbers(sums[2][order].astype(np.int64)),
        }
    )


@public
def co_deprivation(
    profile: DeprivationProfile, measure: Measure, k: str | Fraction | Cutoff, *, unit: Unit = "persons"
) -> pa.Table:
    """How often two indicators are deprived together, in units that are poor.

    Returns
    -------
    pyarrow.Table
        One row a pair, `first` not after `second` in the measure: `share` of the units whose two indicators are known
        that are poor and deprived in both (of one indicator with itself: its censored headcount), `redundancy` (R0:
        the joint share over the smaller of the two own shares, null where that is 0), `persons`, `households`
        (unweighted, poor and deprived in both).

    References
    ----------
    Alkire et al. (2015), chapter 7.3: the measure of redundancy R0.
    """
    check_unit(profile, measure, unit)
    profile = fitted(profile, measure)
    found, which = _scored(profile, measure)
    poor = found.poor(measure.cutoff(k))
    d = len(measure.indicators)
    deprived = (found.deprived & poor[:, None]).astype(np.float64)
    known = (found.known & found.included[:, None]).astype(np.float64)
    by_pattern = _sums(profile, unit, which, len(poor))
    joint, base = ((flags * by_pattern[0][:, None]).T @ flags for flags in (deprived, known))
    persons, households = ((deprived * by_pattern[i][:, None]).T @ deprived for i in (1, 2))
    first, second = np.triu_indices(d)
    share = np.where(base > 0, joint / np.where(base > 0, base, 1), 0.0)
    least = np.minimum(np.diag(share)[first], np.diag(share)[second])
    redundancy = share[first, second] / np.where(least > 0, least, 1)
    return arrow.table(
        {
            "first": arrow.array_of(Text(first.astype(np.int64), measure.names)),
            "second": arrow.array_of(Text(second.astype(np.int64), measure.names)),
            "share": arrow.numbers(share[first, second]),
            "redundancy": arrow.numbers(redundancy, least > 0),
            "persons": arrow.numbers(np.rint(persons[first, second]).astype(np.int64)),
            "households": arrow.numbers(np.rint(households[first, second]).astype(np.int64)),
        }
    )


@public
def hide_small(table: pa.Table, *, persons: int, households: int, cutoffs: Sequence[Cutoff] = ()) -> pa.Table:
    """A table of this module without the numbers of rows that rest on too few units, but on some.

    The shares of scores add up to 1, and those between two cutoffs to the difference of the two headcount ratios. So
    among all scores, and among those between any two cutoffs, the hidden ones are more than one and rest on enough
    units together, or are all there are: the next smallest are hidden as well. What bundle a hidden row is about is
    hidden too. The column `standing` is `unjudged` or `hidden`.

    Parameters
    ----------
    table : pyarrow.Table
    persons, households : int
        The fewest that may be shown; 0 hides nothing.
    cutoffs : sequence of Cutoff
        Those whose headcount ratios are published beside a table of scores.

    Raises
    ------
    UsageError
        If it is another table, or a number is below 0.
    """
    lacking = [name for name in COUNTS if name not in table.column_names]
    if lacking or {"first", "second"} & set(table.column_names) not in ({"first", "second"}, set()):
        text = phrase("a table without {names} is none of these", names=listed(lacking or ["first", "second"]))
        raise UsageError(
            Fault("MPI-E212", None, text, phrase("give a table of score_distribution, bundles or co_deprivation"))
        )
    if min(persons, households) < 0:
        text = phrase(
            "the fewest that may be shown are {persons} persons and {households} households",
            persons=persons,
            households=households,
        )
        raise UsageError(Fault("MPI-E211", None, text, phrase("give 0, which hides nothing, or more")))
    counts = [np.array(table[name].to_numpy(), np.int64) for name in COUNTS]
    small = ((counts[0] < persons) | (counts[1] < households)) & (counts[0] > 0)
    if "score" in table.column_names:
        scores_ = [Fraction(text) for text in table["score"].to_pylist()]
        groups, before = _added_up(scores_, cutoffs), -1
        while before < (before := int(small.sum())):
            for group in groups:
                _hide_more(small, group, counts, (persons, households))
    if "first" in table.column_names:
        # Whoever has one deprivation of a pair but not the other is the difference of the pair and the diagonal.
        small |= _nearly_all(table, counts, persons, households)
    gone = arrow.array_of(Truth(small))
    made = {}
    for name in table.column_names:
        column = table[name]
        numbers = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        if (numbers and name != "value") or name == "indicators":
            column = pc.if_else(gone, pa.scalar(None, column.type), column)
        made[name] = column
    made["standing"] = arrow.array_of(Text(small.astype(np.int64), ("unjudged", "hidden")))
    return pa.table(made)


def _added_up(scores_: Sequence[Fraction], cutoffs: Sequence[Cutoff]) -> list[NDArray[np.int64]]:
    """Places of scores whose shares may add up to what is published: between any two cutoffs, and all.

    Cutoffs between two others count, as their headcount may be hidden.
    """
    above = np.array([sum(one > c.k or (one == c.k and not c.strict) for c in cutoffs) for one in scores_], np.int64)
    edges = itertools.combinations(range(int(above.max(initial=0)) + 2), 2)
    return [np.flatnonzero((above >= low) & (above < high)) for low, high in edges]


def _hide_more(
    small: NDArray[np.bool_], group: NDArray[np.int64], counts: list[NDArray[np.int64]], least: tuple[int, int]
) -> None:
    """Hide, in place, the next smallest of a group until what follows for its hidden rows together is not small."""
    for place in group[np.lexsort((counts[1][group], counts[0][group]))].tolist():
        hidden = group[small[group]]
        enough = all(int(count[hidden].sum()) >= few for count, few in zip(counts, least, strict=True))
        if not len(hidden) or (len(hidden) > 1 and enough):
            return
        small[place] |= counts[0][place] > 0


def _nearly_all(table: pa.Table, counts: list[NDArray[np.int64]], persons: int, households: int) -> NDArray[np.bool_]:
    """Pairs that nearly all who have one of their deprivations have; bool, shape (rows,)."""
    first, second = table["first"].to_pylist(), table["second"].to_pylist()
    found = np.zeros(len(first), np.bool_)
    for count, least in zip(counts, (persons, households), strict=True):
        own = {a: n for a, b, n in zip(first, second, count.tolist(), strict=True) if a == b}
        for i, (a, b) in enumerate(zip(first, second, strict=True)):
            apart = [own[name] - count[i] for name in (a, b) if a != b]
            found[i] |= any(0 < difference < least for difference in apart)
    return found


def _scored(profile: DeprivationProfile, measure: Measure) -> tuple[Scores, NDArray[np.int64]]:
    """The measure's results for the distinct patterns, and the pattern of each cell, shape (c,)."""
    own = np.uint64((1 << len(measure.indicators)) - 1)  # deprivations alone: classes read further bits
    distinct = distinct_patterns(profile.cells.pattern & own, profile.cells.unknown & own)
    return scores(measure, distinct.pattern, distinct.unknown), distinct.which


def _sums(profile: DeprivationProfile, unit: Unit, group: NDArray[np.int64], size: int) -> list[NDArray[np.float64]]:
    """Weights of the unit, persons and households by group, shape (size,) each; a group of -1 is left out."""
    cells, kept = profile.cells, group >= 0
    weight = cells.person_weight if unit == "persons" else cells.household_weight
    arrays: list[NDArray[Any]] = [weight, cells.persons, cells.households]
    return [
        np.bincount(group[kept], values[kept].astype(np.float64), minlength=size).astype(np.float64)
        for values in arrays
    ]
