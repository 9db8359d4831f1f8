"""Plots on paper: margins from the measured labels, then every element at its place.

Comes in: plots in rows and columns, and the entries of a legend. Goes out: a drawing as high as all of it needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from mpi.drawing.canvas import Drawing
from mpi.drawing.legend import Key, legend
from mpi.drawing.palette import GREY, INK
from mpi.drawing.plot import SPINE, TICK_SIZE, Axis, Placed, Plot
from mpi.drawing.scene import WIDTH, Box, Element, Group, Look, Marker, Path, Rect, Text
from mpi.drawing.widths import fitted

MARGIN = 8.0  # points, around all
GAP = 12.0  # between plots
STROKE, TO_LABEL, TO_TITLE = 3.5, 2.5, 4.0
NOTE_SIZE, NOTE_GAP = 7.0, 3.0
TITLE_SIZE, HEAD_SIZE = 8.5, 12.0
ROUNDS = 4  # of finding margins, which depend a little on the width that they leave; two are mostly enough


def laid_out(
    rows: Sequence[Sequence[Plot]], *, width: float = WIDTH, keys: Sequence[Key] = (), head: str = "", note: str = ""
) -> Drawing:
    """A drawing of plots that share the page.

    Parameters
    ----------
    rows : sequence of sequence of Plot
        Plots of a row have one height, those of a column one width and one left edge; the shares of the first row hold.
    width : float
        Points, of the whole.
    keys : sequence of Key
        A legend above all.
    head : str
        A title above the legend.
    note : str
        A text below all.
    """
    found: list[Element] = []
    y = MARGIN
    if head:
        title = Text(x=MARGIN, y=y, text=fitted(head, HEAD_SIZE, width - 2 * MARGIN, bold=True), size=HEAD_SIZE,
                     bold=True, level="top", gid="head")  # fmt: skip
        found.append(title)
        y = title.box().bottom + TO_TITLE
    entries, high = legend(keys, MARGIN, y, width - 2 * MARGIN)
    found += entries
    y += high + (TO_TITLE if entries else 0)
    drawn, y = _grid(rows, y, width)
    found += drawn
    drawing = Drawing(width, y + MARGIN, tuple(found))
    return noted(drawing, note) if note else drawing


def noted(drawing: Drawing, note: str) -> Drawing:
    """A drawing with a text below it, in lines as wide as the drawing."""
    lines = [fitted(line, NOTE_SIZE, drawing.width - 2 * MARGIN) for line in note.split("\n")]
    text = Text(
        x=MARGIN, y=drawing.height + NOTE_GAP, text="\n".join(lines), size=NOTE_SIZE, ink=GREY, level="top", gid="note"
    )
    box = text.box()
    return drawing.extended(NOTE_GAP + box.bottom - box.top + MARGIN, text)


def _grid(rows: Sequence[Sequence[Plot]], top: float, width: float) -> tuple[list[Element], float]:
    """The plots of all rows below each other, and where they end."""
    shares = [plot.x.weight / sum(one.x.weight for one in rows[0]) for plot in rows[0]]
    room = width - 2 * MARGIN - GAP * (len(shares) - 1)
    wide, cells = room, [room * share for share in shares]
    for _ in range(ROUNDS):
        around = [
            [_overhang(plot, wide * share, cell) for plot, share, cell in zip(row, shares, cells, strict=True)]
            for row in rows
        ]
        columns = list(zip(*around, strict=True))
        left = [max(own.left for own in column) for column in columns]
        right = [max(own.right for own in column) for column in columns]
        before, wide = wide, max(room - sum(left) - sum(right), 40.0 * len(shares))
        cells = [wide * share + near + far for share, near, far in zip(shares, left, right, strict=True)]
        if math.isclose(before, wide, abs_tol=0.05):
            break
    found: list[Element] = []
    y = top
    for row, own in zip(rows, around, strict=True):
        y += max(one.top for one in own)
        x = MARGIN
        for i, plot in enumerate(row):
            box = Box(x + left[i], y, x + left[i] + wide * shares[i], y + plot.height)
            cell = (x, box.right + right[i])
            found.append(Group(tuple(_drawn(plot, box, cell)), gid="plot"))
            x = cell[1] + GAP
        y += max(plot.height for plot in row) + max(one.bottom for one in own)
        if row is not rows[-1]:
            y += GAP
    return found, y


def _overhang(plot: Plot, wide: float, room: float) -> Box:
    """How far what stands around a plot reaches over its edges, at each side."""
    box = Box(0, 0, wide, plot.height)
    reach = [0.0, 0.0, 0.0, 0.0]
    for one in [*_around(plot, box), *_outside(plot, box)]:
        own = one.box() if isinstance(one, Text) else _box_of(one)
        reach[0], reach[1] = max(reach[0], -own.left), max(reach[1], -own.top)
        reach[2], reach[3] = max(reach[2], own.right - wide), max(reach[3], own.bottom - plot.height)
    for text, (across, down) in _titles(plot, box, room):
        own = text.box()
        reach[1] = max(reach[1], -own.top) if down < 0 else reach[1]
        reach[3] = max(reach[3], own.bottom - plot.height) if down > 0 else reach[3]
        reach[0] = max(reach[0], -own.left) if across < 0 else reach[0]
    return Box(*reach)


def _box_of(one: Element) -> Box:
    if isinstance(one, Marker):
        reach = one.size / 2 + one.look.width / 2
        return Box(one.x - reach, one.y - reach, one.x + reach, one.y + reach)
    return Box(0, 0, 0, 0)


def _outside(plot: Plot, box: Box) -> Iterator[Element]:
    """Elements of the plot that may reach over its edges."""
    return (_moved(plot, one, box) for one in plot.placed if not one.inside)


def _drawn(plot: Plot, box: Box, cell: tuple[float, float]) -> Iterator[Element]:
    """All elements of a plot on paper, the lowest first."""
    limits = np.array([[plot.x.low, plot.y.low], [plot.x.high, plot.y.high]])
    yield Rect(box.left, box.top, box.right - box.left, box.bottom - box.top, Look(), gid="frame", data=limits)
    if plot.x.log:
        yield Group((), gid="log-x")
    yield from _rules(plot, box)
    ordered = sorted(plot.placed, key=lambda one: one.order)
    inside = tuple(_moved(plot, one, box) for one in ordered if one.inside and not isinstance(one.element, Text))
    if inside:
        yield Group(inside, clip=box)
    yield from _spines(plot, box)
    yield from (_moved(plot, one, box) for one in ordered if not one.inside or isinstance(one.element, Text))
    yield from _around(plot, box)
    yield from (text for text, _ in _titles(plot, box, cell[1] - cell[0], cell))


def _moved(plot: Plot, placed: Placed, box: Box) -> Element:
    """An element of data at its place on the paper."""
    one = placed.element
    wide, high = box.right - box.left, box.bottom - box.top

    def at(x: float, y: float) -> tuple[float, float]:
        return (box.left + plot.x.share(x) * wide + placed.across, box.bottom - plot.y.share(y) * high + placed.down)

    if isinstance(one, Path):
        return replace(one, points=np.array([at(x, y) for x, y in one.points.tolist()]))
    if isinstance(one, Rect):
        (x0, y0), (x1, y1) = at(one.x, one.y), at(one.x + one.width, one.y + one.height)
        return replace(one, x=min(x0, x1), y=min(y0, y1), width=abs(x1 - x0), height=abs(y1 - y0))
    if isinstance(one, Marker | Text):
        x, y = at(one.x, one.y)
        return replace(one, x=x, y=y)
    return one


def _rules(plot: Plot, box: Box) -> Iterator[Element]:
    for axis, upright in ((plot.x, True), (plot.y, False)):
        if axis.grid is not None:
            for value, _ in axis.ticks:
                yield Path(_through(axis, value, box, upright=upright), axis.grid, gid="grid")


def _through(axis: Axis, value: float, box: Box, *, upright: bool) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A line from one side of a plot to the other."""
    if upright:
        x = box.left + axis.share(value) * (box.right - box.left)
        return np.array([[x, box.top], [x, box.bottom]])
    y = box.bottom - axis.share(value) * (box.bottom - box.top)
    return np.array([[box.left, y], [box.right, y]])


def _spines(plot: Plot, box: Box) -> Iterator[Element]:
    """The lines of the axes, with a small stroke at each tick."""
    if plot.x.line:
        yield Path(np.array([[box.left, box.bottom], [box.right, box.bottom]]), SPINE, gid="spine")
        for value, _ in plot.x.ticks:
            x = box.left + plot.x.share(value) * (box.right - box.left)
            yield Path(np.array([[x, box.bottom], [x, box.bottom + STROKE]]), SPINE, gid="stroke")
    if plot.y.line:
        yield Path(np.array([[box.left, box.top], [box.left, box.bottom]]), SPINE, gid="spine")
        for value, _ in plot.y.ticks:
            y = box.bottom - plot.y.share(value) * (box.bottom - box.top)
            yield Path(np.array([[box.left - STROKE, y], [box.left, y]]), SPINE, gid="stroke")


def _around(plot: Plot, box: Box) -> list[Text]:
    """The labels of both axes."""
    return [*_labels_across(plot.x, box), *_labels_up(plot.y, box)]


def _labels_across(axis: Axis, box: Box) -> Iterator[Text]:
    down = box.bottom + (STROKE if axis.line else 0) + TO_LABEL
    labels = [
        Text(x=box.left + axis.share(value) * (box.right - box.left), y=down, text=label, size=TICK_SIZE,
             anchor="middle", level="top", leading=1.05, bold=place in axis.bold, gid="x-label",
             data=np.array([[value, np.nan]]))
        for place, (value, label) in enumerate(axis.ticks)
    ]  # fmt: skip
    if axis.far:
        for own in labels:
            yield replace(own, y=box.top - TO_LABEL, anchor="start", level="middle", upright=True)
        return
    if axis.even:
        labels = _thinned(labels)
    ends = [-math.inf, -math.inf]  # of the labels on the first line and on the second
    for own in labels:
        # A label that would cover its neighbour stands lower; one that has no room there either is left out.
        line = next((i for i, end in enumerate(ends) if own.box().left > end + 2), None)
        if line is not None:
            ends[line] = own.box().right
            yield replace(own, y=down + line * 1.2 * TICK_SIZE)


def _thinned(labels: list[Text]) -> list[Text]:
    """Every label of a scale, or every second or fifth, that of 0 among them, so that none covers its neighbour."""
    zero = next((place for place, one in enumerate(labels) if one.data is not None and one.data[0, 0] == 0), 0)
    for step in (1, 2, 5):
        kept = labels[zero % step :: step]
        if all(one.box().right + 2 < after.box().left for one, after in pairwise(kept)):
            return kept
    return labels


def _labels_up(axis: Axis, box: Box) -> Iterator[Text]:
    across = box.left - STROKE - TO_LABEL  # also without strokes: a sign at the edge keeps off the label
    for place, (value, label) in enumerate(axis.ticks):
        y = box.bottom - axis.share(value) * (box.bottom - box.top)
        yield Text(x=across, y=y, text=label, size=TICK_SIZE, anchor="end", level="middle", leading=1.05,
                   bold=place in axis.bold, gid="y-label", data=np.array([[np.nan, value]]))  # fmt: skip


def _titles(
    plot: Plot, box: Box, room: float, cell: tuple[float, float] | None = None
) -> Iterator[tuple[Text, tuple[int, int]]]:
    """The titles of the plot and its axes, each with the side on which it stands."""
    labels = _around(plot, box)
    lowest = max([box.bottom, *(one.box().bottom for one in labels)])
    first = min([box.left, *(one.box().left for one in labels)])
    if plot.x.title:
        text = "\n".join(fitted(line, plot.x.title_size, room) for line in plot.x.title.split("\n"))
        middle = plot.x.title_at == "middle"
        own = Text(x=(box.left + box.right) / 2 if middle else box.left, y=lowest + TO_TITLE, text=text,
                   size=plot.x.title_size, anchor=plot.x.title_at, level="top", gid="x-title")  # fmt: skip
        yield _between(own, cell), (0, 1)
    if plot.y.title:
        text = fitted(plot.y.title, plot.y.title_size, max(box.bottom - box.top, 60))
        own = Text(x=0, y=(box.top + box.bottom) / 2, text=text, size=plot.y.title_size, anchor="middle",
                   upright=True, level="bottom", gid="y-title")  # fmt: skip
        yield replace(own, x=first - TO_TITLE), (-1, 0)
    if plot.title:
        text = fitted(plot.title, TITLE_SIZE, room)
        own = Text(x=box.left, y=box.top - TO_TITLE, text=text, size=TITLE_SIZE, ink=INK, level="bottom", gid="title")
        yield _between(own, cell), (0, -1)


def _between(text: Text, cell: tuple[float, float] | None) -> Text:
    """A text moved so that it ends where its part of the page ends."""
    if cell is None:
        return text
    own = text.box()
    late = max(own.right - cell[1], 0.0)
    early = max(cell[0] - (own.left - late), 0.0)
    return replace(text, x=text.x - late + early)
