"""Names beside the marks of a cloud of points, or further away with a line to the mark where it has no room.

Comes in: where marks are on the paper, how large they are, and their names. Goes out: where each name begins. No name
covers another name or a mark, and no line crosses a name or another line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.scene import Box
from mpi.drawing.widths import text_width

SIZE, LINE = 7.0, 8.4  # points, of names and from one of their lines to the next
NEAR = 2.5  # points between a mark and the name beside it
FAR = (9.0, 16.0, 24.0, 34.0, 46.0, 60.0, 76.0, 94.0, 114.0, 136.0, 160.0)
CROWD = 60.0  # points within which others are around a mark
THROUGH = 12.0  # points
ROUNDS = 4
ANGLES = np.deg2rad(np.arange(0, 360, 15))
Bools = NDArray[np.bool_]


class Name(NamedTuple):
    """A name on the paper: what it covers, and the end of its line, if it has one."""

    text: str
    box: Box
    line: tuple[float, float] | None


def named_marks(at: Floats, sizes: Floats, names: Sequence[str], room: Box) -> list[Name | None]:
    """A place for each name; None for one that has no room.

    Names of marks that have most others around them are placed first, since they must leave the crowd. Where some find
    no room, these go first in another round; the round with the most names stays.

    Parameters
    ----------
    at : float64, shape (n, 2)
        Centres of the marks, y downwards, in points.
    sizes : float64, shape (n,)
        Their diameters.
    names : sequence of str, length n
        With line breaks where they are long.
    room : Box
        Which no name leaves.
    """
    centres, diameters = (np.asarray(one, np.float64).tobytes() for one in (at, sizes))
    return list(_named(centres, diameters, tuple(names), room))


@lru_cache(maxsize=16)
def _named(centres: bytes, diameters: bytes, names: Sequence[str], room: Box) -> list[Name | None]:
    """Kept for the same chart in another language, and in the report."""
    at, sizes = np.frombuffer(centres).reshape(-1, 2), np.frombuffer(diameters)
    crowd = (np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) < CROWD).sum(axis=1)
    order = np.argsort(-crowd, kind="stable").tolist()
    best: dict[int, Name] = {}
    for _ in range(ROUNDS):
        paper = _Paper(at, sizes, room)
        found = {place: name for place in order if (name := paper.put(place, names[place])) is not None}
        best = max(best, found, key=len)
        lost = [place for place in order if place not in found]
        if not lost:
            break
        order = lost + [place for place in order if place in found]
    return [best.get(place) for place in range(len(names))]


class _Paper:
    """The marks, the names that have a place, and their lines."""

    def __init__(self, at: Floats, sizes: Floats, room: Box) -> None:
        self.at, self.reach, self.room = at, sizes / 2, room
        self.marks = np.column_stack([at - self.reach[:, None], at + self.reach[:, None]])
        self.names, self.lines = np.zeros((0, 4)), np.zeros((0, 4))

    def put(self, place: int, name: str) -> Name | None:
        """The name of a mark, put where it is nearest to it; a line through other marks counts as longer."""
        wide, high = max(text_width(line, SIZE) for line in name.split("\n")), (name.count("\n") + 1) * LINE
        at, reach = self.at[place], float(self.reach[place])
        boxes = _beside(at, reach, wide, high)
        free = np.flatnonzero(self._free(boxes))
        if len(free):
            return self._keep(name, boxes[free[0]], None)
        boxes, ends = _away(at, reach, wide, high)
        own = np.column_stack([np.broadcast_to(at, ends.shape), ends])
        fits = self._free(boxes) & ~(_cross(self.names, own).any(axis=0) | _meet(own, self.lines).any(axis=1))
        if not fits.any():
            return None
        through = _cross(np.delete(self.marks, place, axis=0), own).sum(axis=0)
        length = np.hypot(*(ends - at).T) + THROUGH * through
        best = int(np.argmin(np.where(fits, length, np.inf)))
        self.lines = np.vstack([self.lines, own[best]])
        return self._keep(name, boxes[best], (float(ends[best, 0]), float(ends[best, 1])))

    def _free(self, boxes: Floats) -> Bools:
        """Which boxes are in the room, and cover no mark, no name and no line."""
        free = (boxes[:, 0] >= self.room.left) & (boxes[:, 2] <= self.room.right)
        free &= (boxes[:, 1] >= self.room.top) & (boxes[:, 3] <= self.room.bottom)
        free &= ~_overlap(boxes, np.vstack([self.marks, self.names])).any(axis=1)
        free &= ~_cross(boxes, self.lines).any(axis=1)
        return free

    def _keep(self, name: str, box: Floats, end: tuple[float, float] | None) -> Name:
        self.names = np.vstack([self.names, box])
        return Name(name, Box(*box.tolist()), end)


def _beside(at: Floats, reach: float, wide: float, high: float) -> Floats:
    """Boxes for a name next to its mark, the best first."""
    boxes, away = [], reach + NEAR
    for side, up in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1)):
        x = at[0] + side * away * (0.8 if up else 1)
        left = x if side > 0 else x - wide if side < 0 else at[0] - wide / 2
        apart = 1 if side else away
        top = {0: at[1] - high / 2, 1: at[1] - apart - high, -1: at[1] + apart}[up]
        boxes.append((left, top, left + wide, top + high))
    return np.array(boxes)


def _away(at: Floats, reach: float, wide: float, high: float) -> tuple[Floats, Floats]:
    """Boxes for a name at the ends of lines from its mark, the nearest first, and these ends."""
    far = reach + np.array(FAR)[:, None]
    x, y = (at[0] + far * np.cos(ANGLES)).ravel(), (at[1] + far * np.sin(ANGLES)).ravel()
    left = np.where(np.tile(np.cos(ANGLES), len(FAR)) >= 0, x + 1, x - 1 - wide)
    top = y - high / 2
    return np.column_stack([left, top, left + wide, y + high / 2]), np.column_stack([x, y])


def _overlap(some: Floats, others: Floats) -> Bools:
    """Whether boxes of a list cover those of another, shape (n, m)."""
    a, b = some[:, None, :], others[None, :, :]
    apart = (a[..., 0] >= b[..., 2]) | (b[..., 0] >= a[..., 2]) | (a[..., 1] >= b[..., 3]) | (b[..., 1] >= a[..., 3])
    found: Bools = ~apart
    return found


def _cross(boxes: Floats, lines: Floats) -> Bools:
    """Whether lines go through boxes, shape (boxes, lines): by the part of the line between each pair of edges."""
    enter = np.full((len(boxes), len(lines)), -np.inf)
    leave, crossed = np.full_like(enter, np.inf), np.ones(enter.shape, np.bool_)
    for axis in (0, 1):
        start = lines[:, axis]
        way = lines[:, axis + 2] - start
        with np.errstate(divide="ignore", invalid="ignore"):
            first, last = (boxes[:, axis, None] - start) / way, (boxes[:, axis + 2, None] - start) / way
        low, high = np.fmin(first, last), np.fmax(first, last)
        crossed &= (low < 1) & (high > 0)
        enter, leave = np.fmax(enter, low), np.fmin(leave, high)
    found: Bools = crossed & (enter < leave)
    return found


def _meet(some: Floats, others: Floats) -> Bools:
    """Whether lines of a list cross those of another, shape (n, m)."""

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        first, second = b - a, c - a
        turned: Floats = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
        return turned

    p, q = some[:, None, :2], some[:, None, 2:]
    r, s = others[None, :, :2], others[None, :, 2:]
    found: Bools = (side(p, q, r) * side(p, q, s) < 0) & (side(r, s, p) * side(r, s, q) < 0)
    return found
