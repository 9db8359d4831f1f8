"""A plot: elements in the units of two axes, and what stands around them. `mpi.drawing.layout` puts it on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mpi.columns.values import Floats
from mpi.drawing.palette import GREY, INK, PALE
from mpi.drawing.scene import Anchor, Element, Level, Look, Marker, Path, Rect, Text
from mpi.drawing.ticks import labels_of, round_ratios, round_values
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import Language

TICK_SIZE, TITLE_SIZE = 7.5, 8.0
RULE = Look(stroke=PALE, width=0.5)  # of a grid
SPINE = Look(stroke=GREY, width=0.6)
EDGE = math.inf  # as a coordinate: the right or upper edge of the plot; -EDGE the left or lower one


@dataclass(slots=True, kw_only=True)
class Axis:
    """One of the two axes of a plot.

    Attributes
    ----------
    low, high : float
        At the left and right, or at the bottom and top; `low` is the greater one where values run the other way.
    ticks : sequence of (float, str), or None
        Where there are labels, and which; None: none yet.
    title : str
    title_at : {"start", "middle"}
        Where along the axis.
    grid : Look or None
        Of lines through the plot at the ticks.
    line : bool
        Whether the axis has a line, with small strokes at its ticks.
    upright : bool
        Whether its labels read upwards.
    far : bool
        Whether its labels stand at the other side of the plot.
    log : bool
        Whether equal ways on it are equal ratios; then both ends are above 0.
    weight : float
        How long it is beside those of other plots in the row.
    bold : container of int
        Which ticks, by place, have bold labels.
    even : bool
        Whether ticks are a scale: where labels lack room, every second or fifth has one.
    """

    low: float = 0.0
    high: float = 1.0
    ticks: Sequence[tuple[float, str]] = ()
    title: str = ""
    title_at: Anchor = "middle"
    title_size: float = TITLE_SIZE
    grid: Look | None = None
    line: bool = True
    upright: bool = False
    far: bool = False
    log: bool = False
    weight: float = 1.0
    bold: frozenset[int] = frozenset()
    even: bool = False

    def limit(self, low: float, high: float) -> None:
        """Set what the axis shows."""
        self.low, self.high = low, high

    def numbers(self, form: Form, language: Language, *, signed: bool = False) -> None:
        """Ticks at round values between the limits."""
        ends = min(self.low, self.high), max(self.low, self.high)
        places = round_ratios(*ends) if self.log else round_values(*ends)
        self.ticks = list(zip(places, labels_of(places, form, language, signed=signed), strict=True))
        self.even = not self.log

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1; the ends for infinite ones."""
        if math.isinf(value):
            return 1.0 if value > 0 else 0.0
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """The value at a share of the way along the axis."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Placed:
    """An element whose coordinates are data, and a way on the paper from there (down is positive).

    Attributes
    ----------
    order : float
        Those of a smaller one are painted first.
    inside : bool
        Whether it is cut off at the edges of the plot.
    """

    element: Element
    order: float
    inside: bool
    across: float = 0.0
    down: float = 0.0


@dataclass(slots=True)
class Plot:
    """What is drawn between two axes, in their units.

    Attributes
    ----------
    height : float
        Points, of the plot alone.
    title : str
        Above the plot, at the left.
    """

    height: float
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    title: str = ""
    placed: list[Placed] = field(default_factory=list)

    def line(self, xs: Sequence[float] | Floats, ys: Sequence[float] | Floats, look: Look, *, gid: str = "",
             order: float = 2.0) -> None:  # fmt: skip
        """A line through points."""
        points = np.column_stack([np.asarray(xs, np.float64), np.asarray(ys, np.float64)])
        self._put(Path(points, look, gid=gid, data=points), order)

    def band(self, xs: Sequence[float], low: Sequence[float] | Floats, high: Sequence[float] | Floats, look: Look, *,
             gid: str = "", order: float = 1.0) -> None:  # fmt: skip
        """The area between two lines."""
        there = np.column_stack([np.asarray(xs, np.float64), np.asarray(low, np.float64)])
        back = np.column_stack([np.asarray(xs, np.float64), np.asarray(high, np.float64)])[::-1]
        points = np.concatenate([there, back])
        self._put(Path(points, look, closed=True, gid=gid, data=points), order)

    def rect(self, x: float, y: float, width: float, height: float, look: Look, *, gid: str = "",
             order: float = 1.0) -> None:  # fmt: skip
        """A rectangle; width and height may be negative."""
        data = np.array([[x, y], [x + width, y + height]])
        self._put(Rect(x, y, width, height, look, gid=gid, data=data), order)

    def rule(self, x: float, look: Look, *, gid: str = "", order: float = 1.0) -> None:
        """A vertical line through the plot."""
        self.line([x, x], [-EDGE, EDGE], look, gid=gid, order=order)

    def marker(self, x: float, y: float, kind: str, size: float, look: Look, *, gid: str = "", order: float = 3.0,
               inside: bool = False) -> None:  # fmt: skip
        """A sign at a point, whole even at the edge and over all lines, but for one that is `inside`."""
        self._put(Marker(x, y, kind, size, look, gid=gid, data=np.array([[x, y]])), order, inside=inside)

    def text(self, x: float, y: float, text: str, *, size: float = 7.0, across: float = 0.0, down: float = 0.0,
             anchor: Anchor = "start", level: Level = "middle", ink: str = INK, bold: bool = False, gid: str = "",
             inside: bool = False) -> None:  # fmt: skip
        """A text beside a point, so many points away from it; one that is `inside` never needs room beside the plot."""
        own = Text(x=x, y=y, text=text, size=size, ink=ink, anchor=anchor, level=level, bold=bold, leading=1.1,
                   gid=gid, data=np.array([[x, y]]))  # fmt: skip
        self.placed.append(Placed(own, 4.0, inside, across, down))

    def has(self, *gids: str) -> bool:
        """Whether there is an element of one of these kinds."""
        return any(one.element.gid in gids for one in self.placed)

    def _put(self, element: Element, order: float, *, inside: bool = True) -> None:
        self.placed.append(Placed(element, order, inside))
