r"""Hatches as lines: the same in an SVG, in a PDF and on pixels.

A hatch is a word of signs: `/`, `\`, `|`, `-`, `x` (both slanting), `+` (both straight) and `.` (dots). The more of
one sign, the closer its lines: those of n signs are 12 / n points apart, along each axis 24 / n if they slant.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.scene import OPEN, Element, Marker, Path, Rect, outline

APART = 12.0  # points between lines of one sign
LINE, DOT = 0.5, 1.2  # points: the width of lines, and of dots, which are as long as they are wide
ONE_RING = np.zeros(1, np.int64)
_TURN = np.linspace(0, 2 * np.pi, 64, endpoint=False)
CIRCLE = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
# The directions that a sign has: a line is where `a x + b y` is a multiple of its distance (y downwards).
DIRECTIONS: dict[str, tuple[tuple[int, int], ...]] = {
    "/": ((1, 1),), "\\": ((1, -1),), "|": ((1, 0),), "-": ((0, 1),), "x": ((1, 1), (1, -1)), "+": ((1, 0), (0, 1)),
    ".": ((0, 1),),
}  # fmt: skip


def stroke_of(hatch: str) -> float:
    """The width of a hatch's lines, in points."""
    return DOT if "." in hatch else LINE


def lines_of(one: Element, hatch: str) -> Floats:
    """The lines of a hatch inside a shape; of an open line, and of a text, there are none."""
    if isinstance(one, Rect):
        return segments(hatch, one.x, one.y, one.x + one.width, one.y + one.height)
    if isinstance(one, Path) and one.closed:
        return within(hatch, one.points, one.starts)
    if isinstance(one, Marker) and one.kind == "o":
        return within(hatch, CIRCLE * (one.size / 2) + (one.x, one.y), ONE_RING)
    if isinstance(one, Marker) and one.kind not in OPEN:
        return within(hatch, outline(one), ONE_RING)
    return np.zeros((0, 2, 2))


def segments(hatch: str, left: float, top: float, right: float, bottom: float) -> Floats:
    """The lines of a hatch in a box, from one edge to another; see `within`."""
    return within(hatch, np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), ONE_RING)


def within(hatch: str, points: Floats, starts: NDArray[np.int64]) -> Floats:
    """The lines of a hatch inside rings, cut at their borders: what is painted needs no clip.

    Parameters
    ----------
    hatch : str
    points : float64, shape (n, 2)
    starts : int64, shape (rings,)
        As those of `mpi.drawing.scene.Path`: a ring that turns the other way round is a hole.

    Returns
    -------
    float64, shape (m, 2, 2)
        Two points each. Lines of several areas on one paper continue each other.
    """
    sizes = np.diff(starts, append=len(points))
    following = np.arange(1, len(points) + 1)
    following[(starts + sizes - 1)[sizes > 0]] = starts[sizes > 0]
    found = [np.zeros((0, 2, 2))]
    for sign in sorted(set(hatch)):
        apart = APART / hatch.count(sign)
        for across, down in DIRECTIONS[sign]:
            length = across * across + down * down
            number = points @ (across / length / apart, down / length / apart)  # of the line through a corner
            along = points @ (-down / length, across / length)
            lines = _inside(number, along, following)
            line, low, high = _dotted(*lines, apart) if sign == "." else lines
            upon = np.outer(line * apart, (across, down))
            found.append(np.stack([upon + np.outer(end, (-down, across)) for end in (low, high)], axis=1))
    return np.concatenate(found)


def _inside(number: Floats, along: Floats, following: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """The parts of whole-numbered lines inside rings: the line of each, and where on it the part begins and ends."""
    step, way = number[following] - number, along[following] - along
    low, high = np.minimum(number, number[following]), np.maximum(number, number[following])
    count = (np.ceil(high) - np.ceil(low)).astype(np.int64)  # of lines that an edge crosses, its upper end left out
    edge = np.repeat(np.arange(len(count)), count)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)  # among the lines of its edge
    line = np.ceil(low)[edge] + rank.astype(np.float64)
    at = along[edge] + (line - number[edge]) / step[edge] * way[edge]
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    turns = np.cumsum(np.where(step[edge[order]] > 0, 1, -1))  # nought at the end of each line
    inner = np.flatnonzero(turns[:-1] != 0)
    return line[inner], at[inner], at[inner + 1]


def _dotted(line: Floats, low: Floats, high: Floats, apart: float) -> tuple[Floats, Floats, Floats]:
    """Dots in place of lines, whole or what of them is inside."""
    first, last = np.ceil((low - DOT / 2) / apart), np.floor((high + DOT / 2) / apart)
    count = np.maximum(last - first + 1, 0).astype(np.int64)
    part = np.repeat(np.arange(len(count)), count)
    middle = apart * (first[part] + np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count))
    return line[part], np.maximum(low[part], middle - DOT / 2), np.minimum(high[part], middle + DOT / 2)


@cache
def tile(hatch: str, side: float) -> str:
    """The lines of a square that can be repeated, as the path of an SVG; a little longer than the square."""
    lines = np.round(segments(hatch, -1, -1, side + 1, side + 1), 2).tolist()
    return "".join(f"M{a:g} {b:g}L{c:g} {d:g}" for (a, b), (c, d) in lines)
