"""The simplex of all weights, cut along the hyperplanes at which somebody's score equals the cutoff.

Inside a piece that no such hyperplane crosses, the poor are the same whatever the weights, so that a figure is a
constant (H) or linear in the weights (M0), and the order of two groups is known exactly. Pieces are simplices, cut in
two again and again; what is still crossed when the work ends is told as undecided.

References: the share of a simplex on one side of a hyperplane: Varsi (1973), SIAM Journal on Applied Mathematics 24,
436-439; Ali (1973), Pacific Journal of Mathematics 48, 301-311.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats

ROUNDING = 1e-12  # of sums of weights; scores of few axes differ from a cutoff by far more, or not at all
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
BATCH = 256  # pieces at once
MOST_AXES = 8
PIECES = np.array([[math.comb(a + b, a) for b in range(MOST_AXES + 1)] for a in range(MOST_AXES + 1)])


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """Which of two of G groups is poorer, for n pairs of them, under any weights of d axes.

    Attributes
    ----------
    deprived : float64, shape (p, d)
        How far each of p kinds of households is deprived on each axis, 0 to 1. The score is `deprived @ weights`.
    shares : float64, shape (G, p)
        Of the kinds in each group.
    k : float
        Poor is a score of k or more. Inside a piece no score is equal to it, save those that are k everywhere.
    poor_at_k : bool
        Whether a score of exactly k is poor.
    counted : bool
        Whether the figure is H; else it is M0.
    first, second : int64, shape (n,)
        The groups of each pair.
    """

    deprived: Floats
    shares: Floats
    k: float
    poor_at_k: bool
    counted: bool
    first: Places
    second: Places

    @cached_property
    def gains(self) -> Floats:
        """How much each kind's share is larger in the first group; shape (p, n)."""
        return np.maximum(self.shares[self.first] - self.shares[self.second], 0.0).T

    @cached_property
    def losses(self) -> Floats:
        """How much each kind's share is larger in the second group; shape (p, n)."""
        return np.maximum(self.shares[self.second] - self.shares[self.first], 0.0).T


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pieces:
    """m simplices of weights.

    Attributes
    ----------
    corners : float64, shape (m, d, d)
        The weights at each corner.
    volume : float64, shape (m,)
        As a share of all weights.
    asked : bool, shape (m, n)
        The pairs whose order in it is not known yet.
    """

    corners: Floats
    volume: Floats
    asked: Flags

    def take(self, which: Flags | Places | slice) -> Pieces:
        """Some of them."""
        return Pieces(corners=self.corners[which], volume=self.volume[which], asked=self.asked[which])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Judged:
    """What is known of the n pairs in each of m pieces.

    Attributes
    ----------
    difference : float64, shape (m, d, n)
        First less second at the corners; of those who are certainly poor.
    low, high : float64, shape (m, n)
        Bounds of the difference in the piece.
    crossed : bool, shape (m,)
        Whether somebody's score passes the cutoff in it.
    cut : float64, shape (m, d)
        The score less the cutoff, at the corners, of one kind of household whose score does.
    """

    difference: Floats
    low: Floats
    high: Floats
    crossed: Flags
    cut: Floats


def all_weights(axes: int, asked: Flags) -> Pieces:
    """The whole simplex as one piece, asked for some of the pairs."""
    return Pieces(corners=np.eye(axes)[None], volume=np.ones(1), asked=asked[None])


def judged(question: Question, corners: Floats) -> Judged:
    """What is known of the pairs inside pieces, from the scores at their corners."""
    score = corners @ question.deprived.T
    lowest, highest = score.min(axis=1), score.max(axis=1)
    poor = lowest >= question.k - ROUNDING
    level = poor & (highest <= question.k + ROUNDING)
    poor &= question.poor_at_k | ~level
    crossed = ~poor & ~level & (highest > question.k + ROUNDING)
    first, second = question.first, question.second
    if question.counted:
        sure = np.repeat((poor @ question.shares.T)[:, None], corners.shape[1], axis=1)
        height = crossed.astype(np.float64)
    else:
        sure = (score * poor[:, None]) @ question.shares.T
        height = crossed * np.minimum(highest, 1.0)
    difference = sure[:, :, first] - sure[:, :, second]
    return Judged(
        difference=difference,
        low=difference.min(axis=1) - height @ question.losses,
        high=difference.max(axis=1) + height @ question.gains,
        crossed=crossed.any(axis=1),
        cut=_best_cut(score - question.k, crossed),
    )


def _best_cut(above: Floats, crossed: Flags) -> Floats:
    """Of those who cross, the one whose hyperplane makes the fewest pieces; of these, the one nearest to the middle.

    The order decides how many pieces there are in the end: that of the largest shares makes ten times as many.
    """
    corners = (above > ROUNDING).sum(axis=1), (above < -ROUNDING).sum(axis=1)
    middle = np.minimum(above.max(axis=1), -above.min(axis=1))
    cost = np.where(crossed, PIECES[corners] - middle, np.inf)
    return above[np.arange(len(above)), :, cost.argmin(axis=1)]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cut:
    """Simplices cut so that a linear function has one sign in each.

    Attributes
    ----------
    corners : float64, shape (m, d, d)
    values : float64, shape (m, d)
        The function at the corners.
    origin : int64, shape (m,)
        The simplex that it was part of.
    part : float64, shape (m,)
        Its share of the volume of that.
    """

    corners: Floats
    values: Floats
    origin: Places
    part: Floats


def cut(corners: Floats, values: Floats) -> Cut:
    """Cut simplices where a linear function is 0.

    Parameters
    ----------
    corners : float64, shape (m, d, d)
    values : float64, shape (m, d)
        The function at the corners; what rounds to 0 is 0.
    """
    values = np.where(np.abs(values) <= ROUNDING, 0.0, values)
    open_ = Cut(corners=corners, values=values, origin=np.arange(len(values)), part=np.ones(len(values)))
    done = []
    while True:
        mixed = (open_.values.min(axis=1, initial=0) < 0) & (open_.values.max(axis=1, initial=0) > 0)
        done.append(_taken(open_, ~mixed))
        if not mixed.any():
            return _together(done)
        open_ = _halves(_taken(open_, mixed))


def _halves(whole: Cut) -> Cut:
    """Each simplex cut in two where the edge from its highest to its lowest corner crosses 0."""
    at = np.arange(len(whole.part))
    high, low = whole.values.argmax(axis=1), whole.values.argmin(axis=1)
    above, below = whole.values[at, high], -whole.values[at, low]
    share = below / (above + below)  # of the higher corner in the new one
    middle = share[:, None] * whole.corners[at, high] + (1 - share)[:, None] * whole.corners[at, low]
    made = []
    for gone, part in ((high, share), (low, 1 - share)):
        corners, values = whole.corners.copy(), whole.values.copy()
        corners[at, gone], values[at, gone] = middle, 0.0
        made.append(Cut(corners=corners, values=values, origin=whole.origin, part=whole.part * part))
    return _together(made)


def _taken(one: Cut, which: Flags) -> Cut:
    return Cut(corners=one.corners[which], values=one.values[which], origin=one.origin[which], part=one.part[which])


def _together(parts: Sequence[Cut]) -> Cut:
    return Cut(
        corners=np.concatenate([one.corners for one in parts]),
        values=np.concatenate([one.values for one in parts]),
        origin=np.concatenate([one.origin for one in parts]),
        part=np.concatenate([one.part for one in parts]),
    )


def pieces_of(pieces: Pieces, asked: Flags, along: Floats) -> Pieces:
    """Pieces cut along a function, shape (m, d), each asked what is still not known of it."""
    rest = np.flatnonzero(asked.any(axis=1))
    made = cut(pieces.corners[rest], along[rest])
    origin = rest[made.origin]
    return Pieces(corners=made.corners, volume=pieces.volume[origin] * made.part, asked=asked[origin])


def joined(parts: Sequence[Pieces]) -> Pieces:
    """All pieces of several lots, of which there is one at least."""
    return Pieces(
        corners=np.concatenate([one.corners for one in parts]),
        volume=np.concatenate([one.volume for one in parts]),
        asked=np.concatenate([one.asked for one in parts]),
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Volumes:
    """Shares of all weights, for n pairs: float64, shape (n,) each; the four add up to 1."""

    first_higher: Floats
    equal: Floats
    second_higher: Floats
    undecided: Floats


def volumes(question: Question, most: int) -> Volumes:
    """In which share of all weights each of two groups is poorer, judging about so many pieces, the largest first."""
    pairs = len(question.first)
    higher, equal, lower = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    waiting, seen = all_weights(question.deprived.shape[1], np.ones(pairs, np.bool_)), 0
    while len(waiting.volume) and seen < most:
        now, waiting = _largest(waiting, most - seen)
        seen += len(now.volume)
        cut_ = [waiting]
        for first in range(0, len(now.volume), BATCH):
            lot = now.take(slice(first, first + BATCH))
            found = judged(question, lot.corners)
            above, below = lot.asked & (found.low > ROUNDING), lot.asked & (found.high < -ROUNDING)
            level = lot.asked & (found.low >= -ROUNDING) & (found.high <= ROUNDING)
            asked = lot.asked & ~above & ~below & ~level
            at, pair = np.nonzero(asked & ~found.crossed[:, None])
            part = positive_share(found.difference[at, :, pair])
            higher += lot.volume @ above + np.bincount(pair, part * lot.volume[at], pairs)
            lower += lot.volume @ below + np.bincount(pair, (1 - part) * lot.volume[at], pairs)
            equal += lot.volume @ level
            cut_.append(pieces_of(lot, asked & found.crossed[:, None], found.cut))
        waiting = joined(cut_)
    return Volumes(first_higher=higher, equal=equal, second_higher=lower, undecided=waiting.volume @ waiting.asked)


def _largest(pieces: Pieces, most: int) -> tuple[Pieces, Pieces]:
    """At most so many pieces, the largest, and the others."""
    if len(pieces.volume) <= most:
        return pieces, pieces.take(slice(0))
    order = np.argsort(-pieces.volume, kind="stable")
    return pieces.take(order[:most]), pieces.take(order[most:])


def positive_share(values: Floats) -> Floats:
    """The share of a simplex in which a linear function is above 0, from its values at the corners.

    Parameters
    ----------
    values : float64, shape (m, d)

    Returns
    -------
    float64, shape (m,)

    Examples
    --------
    >>> positive_share(np.array([[3.0, -1.0], [1.0, 2.0], [-1.0, -1.0]])).tolist()
    [0.75, 1.0, 0.0]
    """
    ordered = np.sort(values, axis=1)
    below = (ordered < 0).sum(axis=1)
    share = np.empty(len(values))
    for number in np.unique(below).tolist():
        which = below == number
        share[which] = _share_above(ordered[which], number)
    return share


def _share_above(ordered: Floats, below: int) -> Floats:
    """Varsi's recurrence, for values in ascending order of which the first so many are below 0."""
    made = [np.ones(len(ordered)) for _ in range(ordered.shape[1] - below + 1)]
    for low in ordered[:, :below].T:
        made[0] = np.zeros(len(ordered))
        for place, high in enumerate(ordered[:, below:].T, start=1):
            made[place] = (high * made[place] - low * made[place - 1]) / (high - low)
    return made[-1]
