"""The weights nearest to a measure's own under which the order of two groups turns.

With few axes the simplex of weights is cut as in `weight_regions`, nearest pieces first, until no piece that is left
could hold nearer ones: the distance is then exact. With more, it lies between a radius within which no household can
cross the cutoff in the numbers needed, and the nearest of many weights that were tried.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mpi.analysis.weight_regions import (
    BATCH,
    ROUNDING,
    Flags,
    Pieces,
    Places,
    Question,
    all_weights,
    cut,
    joined,
    judged,
    pieces_of,
)
from mpi.columns.values import Floats
from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase
from mpi.vocabulary.options import Norm

STEPS = 24  # between the own weights and others that are tried
HALVINGS = 40


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Search:
    """What is looked for: weights that turn the order of n pairs of groups, near to d own ones.

    Attributes
    ----------
    question : Question
    own : float64, shape (d,)
    sign : int64, shape (n,)
        1 where the first group is poorer under the own weights, -1 where the second is, 0 where none is.
    norm : {"l2", "l1", "linf"}
    """

    question: Question
    own: Floats
    sign: Places
    norm: Norm


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Nearest:
    """For n pairs of groups, the nearest weights that turn their order.

    Attributes
    ----------
    distance : float64, shape (n,)
        Infinite where none was found.
    at_least : float64, shape (n,)
        Nothing nearer turns the order; infinite where nothing does.
    weights : float64, shape (n, d)
    """

    distance: Floats
    at_least: Floats
    weights: Floats


def size(vectors: Floats, norm: Norm) -> Floats:
    """The length of vectors, along the last axis."""
    if norm == "l2":
        made: Floats = np.sqrt((vectors**2).sum(axis=-1))
        return made
    parts = np.abs(vectors)
    return np.asarray(parts.sum(axis=-1) if norm == "l1" else parts.max(axis=-1), dtype=np.float64)


def tried(search: Search, others: Floats) -> Nearest:
    """The nearest of weights on the lines from the own ones to others, by pair; nothing is known of nearer ones.

    Parameters
    ----------
    search : Search
    others : float64, shape (m, d)
    """
    question, own, sign, norm = search.question, search.own, search.sign, search.norm
    pairs = len(sign)
    distance, best, inner = np.full(pairs, np.inf), np.tile(own, (pairs, 1)), np.tile(own, (pairs, 1))
    for step in range(1, STEPS + 1):
        shares = step / STEPS, (step - 1) / STEPS
        for first in range(0, len(others), BATCH):
            lines = others[first : first + BATCH] - own
            turned = _differences(question, own + shares[0] * lines) * sign < -ROUNDING
            away = np.where(turned, (shares[0] * size(lines, norm))[:, None], np.inf)
            which = away.argmin(axis=0)
            nearer = away[which, np.arange(pairs)] < distance
            distance[nearer] = away[which, np.arange(pairs)][nearer]
            best[nearer] = own + shares[0] * lines[which[nearer]]
            inner[nearer] = own + shares[1] * lines[which[nearer]]
    found = np.isfinite(distance)
    for _ in range(HALVINGS):
        middle = (best + inner) / 2
        turned = (_own_differences(question, middle) * sign < -ROUNDING) & found
        best, inner = np.where(turned[:, None], middle, best), np.where(turned[:, None], inner, middle)
    distance[found] = size(best[found] - own, norm)
    return Nearest(distance=distance, at_least=np.zeros(pairs), weights=best)


def within(search: Search) -> Floats:
    """A radius within which no weights turn the order of a pair; shape (n,).

    Weights at a distance r change the score of a household by r times the dual norm of its deprivations at most.
    """
    question, sign, norm = search.question, search.sign, search.norm
    score = question.deprived @ search.own
    reach = _dual(question.deprived, norm)
    poor = _poor(question, score)
    difference = ((question.shares[question.first] - question.shares[question.second]) * sign[:, None]).T
    gains, losses = np.maximum(difference, 0.0), np.maximum(-difference, 0.0)
    start = (difference * (poor * (1.0 if question.counted else score))[:, None]).sum(axis=0)
    slope = 0.0 if question.counted else _dual((difference * poor[:, None]).T @ question.deprived, norm)

    def least(radius: Floats) -> Floats:
        """What is left of the difference at a radius, at least; shape (n,)."""
        far = radius * reach[:, None]
        lost = poor[:, None] & (score[:, None] - far <= question.k + ROUNDING)
        met = ~poor[:, None] & (score[:, None] + far >= question.k - ROUNDING)
        if question.counted:
            left: Floats = start - (lost * gains + met * losses).sum(axis=0)
            return left
        height = np.minimum(score[:, None] + far, 1.0)
        kept: Floats = start - radius * slope - (lost * gains * question.k + met * losses * height).sum(axis=0)
        return kept

    low, high = np.zeros(len(sign)), np.full(len(sign), 2.0)
    safe = (least(low) > ROUNDING) & (sign != 0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        kept = least(middle) > ROUNDING
        low, high = np.where(kept & safe, middle, low), np.where(kept, high, middle)
    return low


def nearest(search: Search, start: Nearest, most: int) -> Nearest:
    """The nearest weights, cutting the simplex into about so many pieces at most; `start` holds some to begin with.

    Where all pieces that matter were judged, `at_least` is `distance`.
    """
    best = Nearest(distance=start.distance.copy(), at_least=start.at_least.copy(), weights=start.weights.copy())
    own, norm = search.own, search.norm
    waiting, seen = all_weights(len(own), search.sign != 0), 0
    while True:
        bound = _box_distance(waiting.corners, own, norm)
        waiting = _worth(waiting, bound, best.distance)
        if not len(waiting.volume) or seen >= most:
            break
        order = np.argsort(_box_distance(waiting.corners, own, norm), kind="stable")
        now, waiting = waiting.take(order[:BATCH]), waiting.take(order[BATCH:])
        seen += len(now.volume)
        waiting = joined([waiting, _searched(search, best, now)])
    left = np.where(waiting.asked, _box_distance(waiting.corners, own, norm)[:, None], np.inf)
    at_least = np.minimum(best.distance, left.min(axis=0, initial=np.inf))
    return Nearest(distance=best.distance, at_least=np.maximum(at_least, start.at_least), weights=best.weights)


def _searched(search: Search, best: Nearest, now: Pieces) -> Pieces:
    """Take what pieces hold into the best that is known; what has to be cut further is given back."""
    own, sign, norm = search.own, search.sign, search.norm
    found = judged(search.question, now.corners)
    lowest = np.where(sign > 0, found.low, -found.high)
    highest = np.where(sign > 0, found.high, -found.low)
    turned = now.asked & (highest < -ROUNDING)
    asked = now.asked & ~turned & (lowest < -ROUNDING)
    whole = np.flatnonzero(turned.any(axis=1))
    if len(whole):
        away, points = _to_simplices(now.corners[whole], own, norm)
        away = np.where(turned[whole], away[:, None], np.inf)
        which = away.argmin(axis=0)
        _keep(best, np.arange(len(sign)), away[which, np.arange(len(sign))], points[which])
    at, pair = np.nonzero(asked & ~found.crossed[:, None])
    if len(at):
        made = cut(now.corners[at], found.difference[at, :, pair] * sign[pair, None])
        below = made.values.min(axis=1) < 0
        away, points = _to_simplices(made.corners[below], own, norm)
        for place in np.argsort(-away, kind="stable").tolist():  # the nearest last
            _keep(best, pair[made.origin[below][place : place + 1]], away[place : place + 1], points[place : place + 1])
    return pieces_of(now, asked & found.crossed[:, None], found.cut)


def _keep(best: Nearest, pair: Places, distance: Floats, weights: Floats) -> None:
    nearer = distance < best.distance[pair]
    best.distance[pair[nearer]] = distance[nearer]
    best.weights[pair[nearer]] = weights[nearer]


def _worth(pieces: Pieces, bound: Floats, distance: Floats) -> Pieces:
    """Pieces that may hold nearer weights of a pair that they are asked."""
    asked = pieces.asked & (bound[:, None] < distance - ROUNDING)
    kept = np.flatnonzero(asked.any(axis=1))
    return Pieces(corners=pieces.corners, volume=pieces.volume, asked=asked).take(kept)


def _box_distance(corners: Floats, own: Floats, norm: Norm) -> Floats:
    """The distance to the smallest box around a simplex: not more than that to the simplex."""
    return size(np.maximum(np.maximum(corners.min(axis=1) - own, own - corners.max(axis=1)), 0.0), norm)


def _to_simplices(corners: Floats, own: Floats, norm: Norm) -> tuple[Floats, Floats]:
    """The distance of the own weights to each simplex, and the nearest point of it; shapes (m,) and (m, d)."""
    if norm != "l2":
        made = [_by_programme(one, own, norm) for one in corners]
        return size(np.array(made).reshape(-1, len(own)) - own, norm), np.array(made).reshape(-1, len(own))
    away, points = np.full(len(corners), np.inf), np.zeros((len(corners), len(own)))
    for face in _faces(corners.shape[1]):
        base, edges = corners[:, face[0]], corners[:, face[1:]] - corners[:, face[:1]]
        along = (
            np.einsum("md,mde->me", own - base, np.linalg.pinv(edges)) if len(face) > 1 else np.zeros((len(base), 0))
        )
        point = base + np.einsum("me,med->md", along, edges)
        inside = (along >= -ROUNDING).all(axis=1) & (along.sum(axis=1) <= 1 + ROUNDING)
        distance = size(point - own, norm)
        nearer = inside & (distance < away)
        away[nearer], points[nearer] = distance[nearer], point[nearer]
    return away, points


def _faces(corners: int) -> Iterator[list[int]]:
    for number in range(1, corners + 1):
        yield from (list(face) for face in itertools.combinations(range(corners), number))


def _by_programme(corners: Floats, own: Floats, norm: Norm) -> Floats:
    """The nearest point of a simplex by a linear programme: weights of its corners, and a bound of each coordinate."""
    linprog = _linear_programmes()
    many = len(own)
    bounds = many if norm == "l1" else 1
    spread = np.eye(many) if norm == "l1" else np.ones((many, 1))
    above = np.vstack([np.hstack([corners.T, -spread]), np.hstack([-corners.T, -spread])])
    cost = np.r_[np.zeros(many), np.ones(bounds)]
    total = np.r_[np.ones(many), np.zeros(bounds)][None]
    found = linprog(cost, A_ub=above, b_ub=np.r_[own, -own], A_eq=total, b_eq=[1.0], method="highs")
    made: Floats = found.x[:many] @ corners
    return made


def _linear_programmes() -> Any:
    """The solver of scipy, which takes a while to import.

    Raises
    ------
    UsageError
    """
    try:
        from scipy.optimize import linprog
    except ModuleNotFoundError:
        text = phrase("distances in the norms l1 and linf need scipy")
        raise UsageError(Fault("MPI-O012", None, text, installing("plans"))) from None
    return linprog


def _dual(vectors: Floats, norm: Norm) -> Floats:
    """The most that a vector changes a sum of weights for each unit of their distance, as the weights add up to 1."""
    if norm == "l2":
        return size(vectors - vectors.mean(axis=-1, keepdims=True), "l2")
    if norm == "l1":
        return np.asarray((vectors.max(axis=-1) - vectors.min(axis=-1)) / 2, dtype=np.float64)
    return size(vectors - np.median(vectors, axis=-1, keepdims=True), "l1")


def _poor(question: Question, score: Floats) -> Flags:
    """Who is poor at weights that are not drawn but given; scores next to the cutoff count as equal to it."""
    if question.poor_at_k:
        return score >= question.k - ROUNDING
    return score > question.k + ROUNDING


def _censored(question: Question, weights: Floats) -> Floats:
    score = weights @ question.deprived.T
    poor = _poor(question, score)
    return np.where(poor, 1.0 if question.counted else score, 0.0)


def _differences(question: Question, weights: Floats) -> Floats:
    """First less second for m weights and all n pairs; shape (m, n)."""
    figures = _censored(question, weights) @ question.shares.T
    made: Floats = figures[:, question.first] - figures[:, question.second]
    return made


def _own_differences(question: Question, weights: Floats) -> Floats:
    """First less second of each pair under weights of its own; shape (n,)."""
    made: Floats = np.einsum(
        "np,np->n", _censored(question, weights), question.shares[question.first] - question.shares[question.second]
    )
    return made
