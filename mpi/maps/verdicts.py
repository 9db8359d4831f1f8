"""A static map of verdicts on targets: a sign, a hatch and words besides the colour of each.

Comes in: areas, and the verdict of each. Goes out: a drawing. Whoever cannot tell the colours reads the hatches, and
the signs in the legend and on the map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mpi.drawing.canvas import Drawing, checked
from mpi.drawing.palette import GREY, INK, PAPER
from mpi.drawing.scene import Box, Element, Look, Rect, Text
from mpi.drawing.style import HOUSE, Style
from mpi.drawing.widths import fitted
from mpi.errors.omissions import unmade
from mpi.maps.areas import Areas
from mpi.maps.furniture import (
    APART,
    BORDER,
    ENTRY,
    LABEL,
    NAME,
    STRIP,
    SWATCH,
    names_of,
    north_arrow,
    scale_bar,
    source_of,
)
from mpi.maps.paper import COLUMN, GAP, MARGIN, Part, on_paper, spots
from mpi.maps.static import NOTE_SIZE, framed_part, path_of
from mpi.vocabulary.wording import Language, number

# In the order of the legend. Lightness differs as well as hue, and each hatch is one of its own.
LOOKS: Mapping[str, Look] = {
    "met": Look(fill="#1b7a66", stroke=BORDER, width=0.4),
    "on_track": Look(fill="#b9dfd4", stroke=BORDER, width=0.4, hatch="///", hatch_ink="#1b7a66"),
    "off_track": Look(fill="#e2883f", stroke=BORDER, width=0.4, hatch="xxxx", hatch_ink="#8a3f00"),
    "cannot_tell": Look(fill="#ececec", stroke=BORDER, width=0.4, hatch="...", hatch_ink="#8c8c8c"),
    "none": Look(fill=PAPER, stroke=BORDER, width=0.4),
}


@checked
def draw_verdicts(
    areas: Areas,
    verdicts: Sequence[str],
    words: Mapping[str, str],
    signs: Mapping[str, str],
    *,
    language: Language = "en",
    style: Style = HOUSE,
) -> Drawing:
    """A map of verdicts.

    Parameters
    ----------
    areas : Areas
    verdicts : sequence of str, length n
        Keys of LOOKS, in the order of the areas.
    words, signs : mapping of str to str
        What each means, and its sign.

    Raises
    ------
    UnmadeError
        If no area has a verdict.
    """
    if set(verdicts) <= {"none"}:
        raise unmade("areas")
    parts = on_paper(areas, style)
    bottom = MARGIN + parts[0].box.bottom
    strip = bottom + MARGIN
    column = Box(MARGIN + parts[0].box.right + COLUMN, MARGIN, style.width - MARGIN, bottom)
    if style.narrow:
        column = Box(MARGIN, strip + STRIP + 2 * MARGIN, style.width - MARGIN, math.inf)
    legend, end = _legend(verdicts, words, signs, language, column)
    tops = [MARGIN + part.box.top - part.title_height for part in parts if part.beside]
    lower = max((end + 3 * GAP - one for one in tops), default=0.0)
    elements: list[Element] = []
    for part in parts:
        down = MARGIN + max(lower, 0.0) if part.beside else MARGIN
        elements += _part(part, verdicts, down)
        if part.inset:
            elements += framed_part(part, language, down, style)
            end = max(end, down + part.box.bottom)
    right = style.width if style.narrow else column.left
    own = dict(zip(areas.names, verdicts, strict=True)) if areas.upper_shapes is None else {}
    signed = [
        (f"{signs[own[name]]} {name}" if name in own else name, x, y, room) for name, x, y, room in spots(areas, style)
    ]
    elements += names_of(signed, MARGIN, MARGIN, right, style.size(NAME))
    elements += [*legend, *north_arrow(MARGIN, strip, language)]
    if areas.metres:
        elements += scale_bar(MARGIN, strip, parts[0], language, style.size(LABEL))
    end = max(strip + STRIP, end)
    told = source_of(areas, language)
    if told:
        note = Text(x=MARGIN, y=end + 1.5 * MARGIN, text=fitted(told, style.size(NOTE_SIZE), style.width - 2 * MARGIN),
                    size=style.size(NOTE_SIZE), ink=GREY, level="top", gid="source")  # fmt: skip
        elements.append(note)
        end = note.box().bottom
    return Drawing(style.width, end + MARGIN, tuple(elements))


def _part(part: Part, verdicts: Sequence[str], top: float) -> list[Element]:
    """The areas of the map or of a frame: one path a verdict."""
    found: list[Element] = []
    if part.inset:
        box = part.box
        found.append(Rect(box.left + MARGIN, box.top + top, box.right - box.left, box.bottom - box.top,
                          Look(fill=PAPER), gid="frame-ground"))  # fmt: skip
    for name, look in LOOKS.items():
        chosen = np.array([one == name for one in verdicts], np.bool_) & part.members
        if chosen.any():
            data = np.column_stack([np.flatnonzero(chosen).astype(np.float64), np.zeros(int(chosen.sum()))])
            plain = replace(look, hatch="", hatch_ink="")
            found.append(replace(path_of(part.rings, chosen, plain, top), gid=f"verdict-{name}", data=data))
            if look.hatch:
                only = Look(hatch=look.hatch, hatch_ink=look.hatch_ink)
                found.append(replace(path_of(part.rings, chosen, only, top), gid=f"hatch-{name}", data=data))
    return found


def _legend(
    verdicts: Sequence[str], words: Mapping[str, str], signs: Mapping[str, str], language: Language, box: Box
) -> tuple[list[Element], float]:
    """The verdicts that occur, each with its look, sign, words and number of areas; and where that ends."""
    elements: list[Element] = []
    y = box.top
    for name, look in LOOKS.items():
        count = list(verdicts).count(name)
        if not count:
            continue
        told = f"{signs[name]} {words[name]} ({number(count, language)})"
        words_of = fitted(told, ENTRY, box.right - box.left - SWATCH[0] - APART)
        label = Text(x=box.left + SWATCH[0] + APART, y=y, text=words_of, size=ENTRY, level="top", ink=INK,
                     gid="legend-label")  # fmt: skip
        covered = label.box()
        middle = (covered.top + covered.bottom - SWATCH[1]) / 2
        elements += [Rect(box.left, middle, *SWATCH, look, gid=f"legend-{name}"), label]
        y = covered.bottom + APART
    return elements, y - APART
