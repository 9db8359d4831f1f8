"""A drawing as a list of elements: what every picture is before it becomes SVG, PNG or PDF.

Lengths are points (1/72 inch); y grows downwards from the upper left corner. An element says what it is (`gid`) and
which figures it stands for (`data`), so that a drawing can be compared with the table that it was made from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.palette import INK
from mpi.drawing.widths import text_width
from mpi.specs.template import Asset
from mpi.vocabulary.wording import legible

MILLIMETRE = 72 / 25.4  # in points
WIDTH = 170 * MILLIMETRE  # the text of an A4 page
# Of a font's size: how far the letters reach over and under the line they stand on, and from one line to the next.
ASCENT, DESCENT, LEADING = 0.76, 0.236, 1.2
CAPITAL = 0.73  # height of capital letters, by which labels are centred

Anchor: TypeAlias = Literal["start", "middle", "end"]
Level: TypeAlias = Literal["baseline", "top", "middle", "bottom"]


class Box(NamedTuple):
    """A rectangle on the paper, or of data."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How an element is filled and outlined; no colour, no paint.

    Attributes
    ----------
    fill, stroke : str
        Colours as `#rrggbb`, or empty.
    width : float
        Of the stroke, in points.
    dash : tuple of float
        Strokes and gaps by turns, in widths of the stroke.
    opacity : float
    hatch : str
        Signs of `mpi.drawing.hatches`; the more of one sign, the denser.
    hatch_ink : str
    """

    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    hatch: str = ""
    hatch_ink: str = INK


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """What all elements have.

    Attributes
    ----------
    gid : str
        What it is: "point", "interval".
    data : float64, shape (n, 2), or None
        The figures that it shows: its points in the units of the axes, x before y.
    """

    gid: str = field(default="", kw_only=True)
    data: Floats | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Rect(Element):
    """A rectangle; width and height are not negative."""

    x: float
    y: float
    width: float
    height: float
    look: Look


@dataclass(frozen=True, slots=True, eq=False)
class Path(Element):
    """One or more lines, or rings if `closed`: a ring that turns the other way round is a hole.

    Attributes
    ----------
    points : float64, shape (n, 2)
    starts : int64, shape (rings,)
        Where in `points` each line or ring begins; a ring need not repeat its first point.
    """

    points: Floats
    look: Look
    closed: bool = False
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Marker(Element):
    """A sign of `mpi.drawing.palette.MARKERS`, or the bar `|`, around a point; `size` is its height."""

    x: float
    y: float
    kind: str
    size: float
    look: Look


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Text(Element):
    """A text, of one line or several, that ends where `anchor` and `level` say; turned to read upwards if `upright`.

    Letters are so many points fatter as `outline` says: one in the colour of the paper below another keeps it legible.
    """

    x: float
    y: float
    text: str
    size: float
    ink: str = INK
    anchor: Anchor = "start"
    level: Level = "baseline"
    bold: bool = False
    upright: bool = False
    leading: float = LEADING
    align: Anchor | None = None
    outline: float = 0.0

    def __post_init__(self) -> None:
        """No control signs: they are no signs of XML, and no font has them."""
        object.__setattr__(self, "text", legible(self.text))

    def lines(self) -> list[tuple[float, float, str]]:
        """Where on the paper each line begins on its baseline, and what it says; empty lines are left out."""
        return [(x, y, line) for x, y, line, _ in self._measured()]

    def box(self) -> Box:
        """What the text covers."""
        found = self._measured()
        if not found:
            return Box(self.x, self.y, self.x, self.y)
        up, down = ASCENT * self.size, DESCENT * self.size
        xs, ys = [x for x, *_ in found], [y for _, y, *_ in found]
        if self.upright:
            return Box(min(xs) - up, min(y - wide for _, y, _, wide in found), max(xs) + down, max(ys))
        return Box(min(xs), min(ys) - up, max(x + wide for x, _, _, wide in found), max(ys) + down)

    def _measured(self) -> list[tuple[float, float, str, float]]:
        """The lines, each with its width."""
        lines = self.text.split("\n")
        widths = [text_width(line, self.size, bold=self.bold) for line in lines]
        step, longest = self.leading * self.size, max(widths)
        first = self._first(step * (len(lines) - 1))
        left, share = -SHARE[self.anchor] * longest, SHARE[self.align or self.anchor]
        found = []
        for i, (line, width) in enumerate(zip(lines, widths, strict=True)):
            across, down = left + share * (longest - width), first + i * step
            x, y = (down, -across) if self.upright else (across, down)
            if line.strip():
                found.append((self.x + x, self.y + y, line, width))
        return found

    def _first(self, below: float) -> float:
        """How far below the text's place its first line stands, with so much to the last line."""
        match self.level:
            case "top":
                return ASCENT * self.size
            case "middle":
                return (CAPITAL * self.size - below) / 2
            case "bottom":
                return -below - DESCENT * self.size
        return 0.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Picture(Element):
    """A PNG at a place, such as a logo; `alt` says what it is."""

    x: float
    y: float
    width: float
    height: float
    content: Asset
    alt: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Group(Element):
    """Elements together, cut off at the edges of `clip` if there is one."""

    elements: tuple[Element, ...]
    clip: Box | None = None


SHARE: dict[Anchor, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file says about its picture, to who searches for it or does not see it.

    Attributes
    ----------
    title, description : str
        The text for screen readers.
    author : str
        Who publishes it.
    language : str
        Of the texts, as `mpi.language` names it.
    """

    title: str = ""
    description: str = ""
    author: str = ""
    language: str = ""


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The letters of a drawing in place of DejaVu Sans, by whose widths it is laid out all the same.

    Attributes
    ----------
    families : tuple of str
        For SVG, whose reader has fonts of his own.
    regular, bold : Asset or None
        TrueType, for pixels and pages; a line that would be longer than its room is set smaller.
    """

    families: tuple[str, ...] = ()
    regular: Asset | None = None
    bold: Asset | None = None

    def file(self, *, bold: bool) -> Asset | None:
        """The font of a weight; None: DejaVu Sans."""
        return (self.bold or self.regular) if bold else self.regular


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture: its size in points, its elements, the lowest first, what its file says about it, and its letters."""

    width: float
    height: float
    elements: tuple[Element, ...]
    told: Told = NOTHING_TOLD
    face: Face | None = None

    def walk(self) -> Iterator[Element]:
        """Every element, a group before what it holds."""
        waiting = list(reversed(self.elements))
        while waiting:
            one = waiting.pop()
            yield one
            if isinstance(one, Group):
                waiting.extend(reversed(one.elements))

    def by_id(self, gid: str) -> list[Element]:
        """The elements that are something, in the order of drawing."""
        return [one for one in self.walk() if one.gid == gid]

    def texts(self) -> list[Text]:
        """All texts, in the order of drawing."""
        return [one for one in self.walk() if isinstance(one, Text)]

    def extended(self, below: float, *elements: Element) -> Self:
        """The same with more paper below, for further elements."""
        return replace(self, height=self.height + below, elements=(*self.elements, *elements))


def moved(elements: Sequence[Element], across: float, down: float) -> tuple[Element, ...]:
    """Elements so many points further to the right and further down."""
    return tuple(_moved(one, across, down) for one in elements)


def _moved(one: Element, across: float, down: float) -> Element:
    if isinstance(one, Path):
        return replace(one, points=one.points + np.array([across, down]))
    if isinstance(one, Group):
        clip = one.clip
        if clip is not None:
            clip = Box(clip.left + across, clip.top + down, clip.right + across, clip.bottom + down)
        return replace(one, elements=moved(one.elements, across, down), clip=clip)
    if isinstance(one, Rect | Marker | Text | Picture):
        return replace(one, x=one.x + across, y=one.y + down)
    return one


def outline(marker: Marker) -> Floats:
    """The points of a marker on the paper; of any but the circle `o`."""
    return np.array(SHAPES[marker.kind]) * marker.size + (marker.x, marker.y)


OPEN = ("|", "_")
_D, _P, _X = math.sqrt(0.5), 1 / 6, 1 / 4
# In heights of the marker, y downwards.
SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "s": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "D": ((0, -_D), (_D, 0), (0, _D), (-_D, 0)),
    "^": ((0, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "v": ((0, 0.5), (-0.5, -0.5), (0.5, -0.5)),
    "<": ((-0.5, 0), (0.5, -0.5), (0.5, 0.5)),
    ">": ((0.5, 0), (-0.5, 0.5), (-0.5, -0.5)),
    "P": ((-_P, -0.5), (_P, -0.5), (_P, -_P), (0.5, -_P), (0.5, _P), (_P, _P), (_P, 0.5), (-_P, 0.5), (-_P, _P),
          (-0.5, _P), (-0.5, -_P), (-_P, -_P)),
    "X": ((-_X, -0.5), (0, -_X), (_X, -0.5), (0.5, -_X), (_X, 0), (0.5, _X), (_X, 0.5), (0, _X), (-_X, 0.5),
          (-0.5, _X), (-_X, 0), (-0.5, -_X)),
    "|": ((0, -0.5), (0, 0.5)),
    "_": ((-0.5, 0), (0.5, 0)),
}  # fmt: skip
