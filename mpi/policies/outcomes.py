"""What becomes of patterns of deprivations under actions: each splits into patterns with probabilities, exactly.

The actions run in their order. All members of a household share the draw; households, indicators and actions are
independent of one another. So the patterns that a household can come to, with their probabilities, follow from its
pattern and from which actions are for its domains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Mask, Truth
from mpi.counting import bits, counted_flags
from mpi.policies.conditions import holds
from mpi.specs.actions import Action
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import PlanState

Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The r distinct rows of a profile: a pattern in a region, which says which actions are for its domains.

    Attributes
    ----------
    pattern, unknown : uint64, shape (r,)
    inside : bool, shape (a, r)
        Whether each action is for the row's domains.
    """

    pattern: Words
    unknown: Words
    inside: Mask


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outcomes:
    """The patterns that rows come to.

    Attributes
    ----------
    origin : int64, shape (m,)
        Row of each outcome, ascending.
    pattern, unknown : uint64, shape (m,)
    chance : float64, shape (m,)
        They add up to 1 over the outcomes of a row.
    moved : float64, shape (a, r)
        Probability that an action changes the deprivation of a household of the row.
    unsure : bool, shape (a, r)
        Rows that an action leaves as they are because its condition is unknown.
    """

    origin: NDArray[np.int64]
    pattern: Words
    unknown: Words
    chance: Floats
    moved: Floats
    unsure: Mask

    def mean(self, values: NDArray[np.bool_] | Floats, rows: int) -> Floats:
        """Expectation by row of a quantity of outcomes; shape (r,)."""
        return np.bincount(self.origin, self.chance * values, rows).astype(np.float64, copy=False)


def outcomes_of(
    measure: Measure, cutoff: Cutoff, start: Start, actions: Sequence[Action], state: PlanState = "before"
) -> Outcomes:
    """The outcomes of actions in their order.

    Parameters
    ----------
    measure : Measure
    cutoff : Cutoff
        At which conditions judge who is poor.
    start : Start
        Rows; `inside` has a row for each action.
    actions : sequence of Action
    state : {"before", "so_far"}
        Conditions look at the data before the plan, or at what the actions before have made of them.

    Notes
    -----
    Deprived is who counts as deprived once the measure's rules for unknowns have spoken. Whoever is unknown still is
    neither deprived nor not, and stays unknown.
    """
    made = begun(start, len(actions))
    for number, action in enumerate(actions):
        made = stepped(measure, cutoff, start, made, number, action, state)
    return made


def begun(start: Start, actions: int) -> Outcomes:
    """Rows to which nothing has been done yet, for so many actions."""
    rows = len(start.pattern)
    return Outcomes(
        origin=np.arange(rows),
        pattern=start.pattern,
        unknown=start.unknown,
        chance=np.ones(rows),
        moved=np.zeros((actions, rows)),
        unsure=np.zeros((actions, rows), np.bool_),
    )


def stepped(  # noqa: PLR0917  one action in its place
    measure: Measure,
    cutoff: Cutoff,
    start: Start,
    now: Outcomes,
    number: int,
    action: Action,
    state: PlanState = "before",
) -> Outcomes:
    """The outcomes after one more action, the one with a number."""
    if state == "before":
        looked = holds(action.condition, measure, cutoff, start.pattern, start.unknown)
        known = None if looked.known is None else looked.known[now.origin]
        condition = Truth(looked.true[now.origin], known)
    else:
        condition = holds(action.condition, measure, cutoff, now.pattern, now.unknown)
    return _after(measure, start, now, number, action, condition=condition)


def _after(measure: Measure, start: Start, now: Outcomes, number: int, action: Action, *, condition: Truth) -> Outcomes:
    """The outcomes after one more action, whose condition is known of each outcome."""
    j, true, sure = measure.names.index(action.indicator), condition.true, condition.known
    flags = bits(now.pattern, len(measure.names)), ~bits(now.unknown, len(measure.names))
    deprived, known = counted_flags(measure, *flags)
    can = start.inside[number][now.origin] & known[:, j]
    can &= ~deprived[:, j] if action.kind == "raise" else deprived[:, j]
    hit = can & true
    if sure is not None:
        now.unsure[number, now.origin[can & ~sure]] = True
    share = float(action.share)
    now.moved[number] = np.bincount(now.origin[hit], now.chance[hit] * share, len(start.pattern))
    if not hit.any() or not share:
        return now
    bit = np.uint64(1 << j)
    pattern = now.pattern[hit] | bit if action.kind == "raise" else now.pattern[hit] & ~bit
    unknown = now.unknown[hit] & ~bit
    if action.share == 1:
        after, without = now.pattern.copy(), now.unknown.copy()
        after[hit], without[hit] = pattern, unknown
        return _grouped(now, now.origin, after, without, now.chance)
    stays = now.chance.copy()
    stays[hit] *= float(1 - action.share)
    return _grouped(
        now,
        np.concatenate([now.origin, now.origin[hit]]),
        np.concatenate([now.pattern, pattern]),
        np.concatenate([now.unknown, unknown]),
        np.concatenate([stays, now.chance[hit] * share]),
    )


def _grouped(like: Outcomes, origin: NDArray[np.int64], pattern: Words, unknown: Words, chance: Floats) -> Outcomes:
    """Outcomes with equal ones added up, in order."""
    order = np.lexsort((unknown, pattern, origin))
    origin, pattern, unknown, chance = origin[order], pattern[order], unknown[order], chance[order]
    new = np.ones(len(origin), np.bool_)
    new[1:] = (origin[1:] != origin[:-1]) | (pattern[1:] != pattern[:-1]) | (unknown[1:] != unknown[:-1])
    first = np.flatnonzero(new)
    return Outcomes(
        origin=origin[first],
        pattern=pattern[first],
        unknown=unknown[first],
        chance=np.add.reduceat(chance, first),
        moved=like.moved,
        unsure=like.unsure,
    )
