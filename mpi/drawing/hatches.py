r"""Hatches as lines: the same in an SVG, in a PDF and on pixels.

A hatch is a word of signs: `/`, `\`, `|`, `-`, `x` (both slanting), `+` (both straight) and `.` (dots). The more of
one sign, the closer its lines: those of n signs are 12 / n points apart, along each axis 24 / n if they slant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from mpi.columns.values import Floats

APART = 12.0  # points between lines of one sign
LINE, DOT = 0.5, 1.2  # points: the width of lines, and of dots, which are as long as they are wide
# The directions that a sign has: a line is where `a x + b y` is a multiple of its distance (y downwards).
DIRECTIONS: dict[str, tuple[tuple[int, int], ...]] = {
    "/": ((1, 1),), "\\": ((1, -1),), "|": ((1, 0),), "-": ((0, 1),), "x": ((1, 1), (1, -1)), "+": ((1, 0), (0, 1)),
}  # fmt: skip


def stroke_of(hatch: str) -> float:
    """The width of a hatch's lines, in points."""
    return DOT if "." in hatch else LINE


def segments(hatch: str, left: float, top: float, right: float, bottom: float) -> Floats:
    """The lines of a hatch in a box, from one edge to another.

    Returns
    -------
    float64, shape (m, 2, 2)
        Two points each. Boxes on one paper have lines that continue each other.
    """
    found = list(_lines(hatch, left, top, right, bottom))
    return np.concatenate(found) if found else np.zeros((0, 2, 2))


def _lines(hatch: str, left: float, top: float, right: float, bottom: float) -> Iterator[Floats]:
    for sign in sorted(set(hatch)):
        apart = APART / hatch.count(sign)
        if sign == ".":
            x, y = (grid.ravel() for grid in np.meshgrid(_steps(left, right, apart), _steps(top, bottom, apart)))
            yield np.stack([np.column_stack([x - DOT / 2, y]), np.column_stack([x + DOT / 2, y])], axis=1)
            continue
        for across, down in DIRECTIONS[sign]:
            if not down:
                at = _steps(left, right, apart)
                yield np.stack([np.column_stack([at, 0 * at + top]), np.column_stack([at, 0 * at + bottom])], axis=1)
            elif not across:
                at = _steps(top, bottom, apart)
                yield np.stack([np.column_stack([0 * at + left, at]), np.column_stack([0 * at + right, at])], axis=1)
            else:
                ends = sorted((left + down * top, left + down * bottom, right + down * top, right + down * bottom))
                at = _steps(ends[0], ends[-1], 2 * apart)
                near, far = sorted((down * top, down * bottom))
                low, high = np.maximum(left, at - far), np.minimum(right, at - near)
                yield np.stack(
                    [np.column_stack([low, down * (at - low)]), np.column_stack([high, down * (at - high)])], axis=1
                )


def _steps(low: float, high: float, apart: float) -> Floats:
    """The multiples of a distance between two ends."""
    return apart * np.arange(np.ceil(low / apart), np.floor(high / apart) + 1)


@cache
def tile(hatch: str, side: float) -> str:
    """The lines of a square that can be repeated, as the path of an SVG; a little longer than the square."""
    lines = np.round(segments(hatch, -1, -1, side + 1, side + 1), 2).tolist()
    return "".join(f"M{a:g} {b:g}L{c:g} {d:g}" for (a, b), (c, d) in lines)
