"""What surrounds a static map: the legend with classes and hatches, the scale bar, the north arrow, the source."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mpi.drawing.palette import BLANK, GREY, INK, PAPER, darkened, tinted
from mpi.drawing.scene import Box, Element, Look, Path, Rect, Text
from mpi.drawing.widths import fitted, text_width
from mpi.language import strung, translated
from mpi.maps.areas import Areas
from mpi.maps.layers import Layer
from mpi.maps.paper import Part
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import DOUBTS, MARK_MEANINGS, MARKS, NOTHING, NOTHING_THERE, Language, number, title_in

HATCH = {"caution": "///", "review": "////////", "hidden": "xxxx", "undefined": "...", "no_data": r"\\"}
BORDER = "#8c8c8c"
LIGHT = "#f4f4f4"
GROUND = {"hidden": PAPER, "undefined": LIGHT, "no_data": BLANK}
AREAS = translated("number of areas")
NORTH = translated("N")
SCHEMES = {
    "fixed": translated("fixed classes"),
    "quantiles": translated("quantiles"),
    "fisher_jenks": translated("natural breaks (Fisher-Jenks)"),
}
ROUND = (1, 2, 5)
FADED = 0.5  # of paper in the colour of an area whose figure is not reliable
PALE_GREEN = 200  # of 255: the green part of colours under which a hatch is darker than they
NAME, LEAST_NAME, HALO = 6.0, 34.0, 0.9  # points: size of names, least width that they get, paper around letters
INITIALS = re.compile(r"(?<=\b\w\.) (?=\w\.)")  # the space in `D. C.`
LEAST_BAR = 40.0  # points, of a scale bar with a label in its middle
STRIP, BAR, LABEL = 24.0, 3.0, 6.5  # points: height of the strip below the map, of the scale bar, of its numbers
ENTRY, SWATCH, APART = 7.5, (13.0, 7.5), 4.5  # of the legend: size of its texts, its swatches, what is between


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What becomes of the n areas of a map at one cutoff.

    Attributes
    ----------
    classes : int64, shape (n,)
        -1 where there is no number.
    standing : sequence of str
        One of `mpi.disclosure.publishable.STANDINGS`, or `no_data`.
    """

    classes: NDArray[np.int64]
    standing: Sequence[str]


def hatched(standing: str, shade: str = "") -> Look:
    """The hatch of a standing over an area of a class, or over its ground where it has no class.

    A hatch never makes a class look darker, as a higher one would: where a figure is not reliable, the colour fades
    below lines of its own; where it wants caution, lines are few and a little lighter or darker than the colour.
    """
    if standing == "review":
        return Look(fill=tinted(shade, FADED), hatch=HATCH[standing], hatch_ink=darkened(shade, 0.18))
    if standing == "caution":
        ink = darkened(shade, 0.25) if int(shade[3:5], 16) > PALE_GREEN else tinted(shade, 0.7)
        return Look(hatch=HATCH[standing], hatch_ink=ink)
    return Look(hatch=HATCH[standing], hatch_ink="#777777" if standing == "hidden" else "#9a9a9a")


def names_of(
    spots: Sequence[tuple[str, float, float, float]], left: float, top: float, right: float, size: float = NAME
) -> Iterator[Element]:
    """Names over their areas, those with the most room first; one that would cover another is moved or left out."""
    taken: list[Box] = []
    for name, x, y, room in sorted(spots, key=lambda spot: -spot[3]):
        longest = max(text_width(word, size) for word in name.split(" "))
        text = fitted(INITIALS.sub("\u00a0", name), size, max(2.4 * room, LEAST_NAME, longest))
        for across, down in ((0, 0), (0, size), (0, -size), (size, 0), (-size, 0), (0, 2 * size), (0, -2 * size)):
            own = Text(x=left + x + across, y=top + y + down, text=text, size=size, anchor="middle", level="middle",
                       leading=1.05, gid="area-name")  # fmt: skip
            covered = own.box()
            if covered.left < 0 or covered.right > right or any(_meet(covered, other) for other in taken):
                continue
            taken.append(covered)
            yield replace(own, ink=PAPER, outline=HALO, gid="halo")
            yield own
            break


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def lists_of(
    lists: Sequence[tuple[str, Sequence[str]]], end: float, box: Box, taken: float
) -> tuple[list[Element], float]:
    """Lists below the legend, and where they end; one that has no room above what is taken at the foot is left out."""
    found: list[Element] = []
    for head, lines in lists:
        y = end + 3 * APART
        title = Text(x=box.left, y=y, text=fitted(head, ENTRY, box.right - box.left, bold=True), size=ENTRY, bold=True,
                     level="top", gid="list-title")  # fmt: skip
        text = "\n".join(fitted(line, ENTRY, box.right - box.left) for line in lines)
        body = Text(x=box.left, y=title.box().bottom + 2, text=text, size=ENTRY, level="top", gid="list")
        if body.box().bottom > box.bottom - taken:
            break
        found += [title, body]
        end = body.box().bottom
    return found, end


def round_length(longest: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> round_length(380_000.0), round_length(0.7)
    (200000.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(longest))
    return max(factor * power for factor in ROUND if factor * power <= longest * (1 + 1e-9))


def scale_bar(x: float, y: float, part: Part, language: Language, size: float = LABEL) -> Iterator[Element]:
    """A bar of a round length in metres or kilometres, beside the north arrow."""
    length = round_length((part.box.right - part.box.left) / part.scale * 0.28)
    wide, x, bar = length * part.scale, x + 24, y + STRIP - BAR
    for i, colour in enumerate((INK, PAPER)):
        look = Look(fill=colour, stroke=INK, width=0.5)
        yield Rect(x + wide * i / 2, bar, wide / 2, BAR, look, gid="scale")
    unit, each = ("km", 1000) if length >= 1000 else ("m", 1)  # noqa: PLR2004  metres in a kilometre
    digits = 0 if (length / 2 / each).is_integer() else 1
    for share in (0.0, 0.5, 1.0) if wide > LEAST_BAR else (0.0, 1.0):
        text = number(length * share / each, language, digits if 0 < share < 1 else 0)
        yield Text(x=x + wide * share, y=bar - 1.5, text=text, size=size, anchor="middle", level="bottom",
                   gid="scale-label")  # fmt: skip
    yield Text(x=x + wide + 4, y=bar + BAR / 2, text=unit, size=size, level="middle", gid="scale-unit")


def north_arrow(x: float, y: float, language: Language) -> Iterator[Element]:
    """An arrow to the north, which is up in every projection that a map may have."""
    middle, head = x + 5, y + 9
    yield Path(np.array([[middle, head + 4], [middle, y + STRIP]]), Look(stroke=INK, width=0.8))
    tip = np.array([[middle, head], [middle + 2.2, head + 6], [middle - 2.2, head + 6]])
    yield Path(tip, Look(fill=INK), closed=True, gid="north-arrow")
    yield Text(x=middle, y=head - 2, text=NORTH[language], size=7.5, anchor="middle", gid="north")


def legend_of(
    layer: Layer, found: Drawn, colours: Sequence[str], language: Language, box: Box
) -> tuple[list[Element], float]:
    """Classes with their ranges and counts, then hatches with what they mean, in a column; and where it ends."""
    unit = {"percent": "%", "index": "", "number": ""}[layer.form]
    head = ", ".join(part for part in (unit, SCHEMES[layer.scheme][language]) if part)
    lines = [fitted(text, ENTRY, box.right - box.left) for text in (head, f"({AREAS[language]})")]
    title = Text(x=box.left, y=box.top, text="\n".join(lines), size=ENTRY, level="top", gid="legend-title")
    elements: list[Element] = [title]
    y = title.box().bottom + APART
    for looks, words, gid in _entries(layer, found, colours, language):
        text = fitted(words, ENTRY, box.right - box.left - SWATCH[0] - APART)
        label = Text(x=box.left + SWATCH[0] + APART, y=y, text=text, size=ENTRY, level="top", gid="legend-label")
        covered = label.box()
        middle = (covered.top + covered.bottom - SWATCH[1]) / 2
        wide = SWATCH[0] / len(looks)
        for i, look in enumerate(looks):
            name = "swatch-part" if i else gid
            elements.append(Rect(box.left + i * wide, middle, wide, SWATCH[1], look, gid=name))
        elements.append(label)
        y = covered.bottom + APART
    return elements, y - APART


def _entries(
    layer: Layer, found: Drawn, colours: Sequence[str], language: Language
) -> Iterator[tuple[list[Look], str, str]]:
    """Of each entry of the legend how the parts of its swatch look, its words, and its id."""
    for i, (shade, label) in enumerate(zip(colours, class_labels(layer.breaks, layer.form, language), strict=True)):
        count = int(np.count_nonzero(found.classes == i))
        look = Look(fill=shade, stroke=BORDER, width=0.4)
        yield [look], f"{label}  ({number(count, language)})", f"legend-class-{i}"
    for standing in ("caution", "review", "hidden", "undefined", "no_data"):
        if count := list(found.standing).count(standing):
            meaning = NOTHING_THERE.get(standing, MARK_MEANINGS.get(standing, {}))[language]
            sign = "" if standing == "no_data" else f"{MARKS[standing]} "
            # A hatch over a class is shown as it is over a pale and over a dark one.
            shown = [colours[len(colours) // 4], colours[-(len(colours) // 4) - 1]] if standing in DOUBTS else [""]
            looks = [_swatch(standing, shade) for shade in shown]
            yield looks, f"{sign}{meaning} ({number(count, language)})", f"legend-{standing}"


def _swatch(standing: str, shade: str) -> Look:
    own = hatched(standing, shade)
    return replace(own, fill=own.fill or GROUND.get(standing, shade), stroke=GREY, width=0.4)


def class_labels(breaks: NDArray[np.float64], form: Form, language: Language) -> list[str]:
    r"""The range of each class in the language's numbers, with as few digits as tell the breaks apart.

    Examples
    --------
    >>> class_labels(np.array([0, 0.2, 0.225]), "percent", "es") == ["0,0 \u2013 20,0", "> 20,0 \u2013 22,5"]
    True
    """
    scaled = breaks * (100 if form == "percent" else 1)
    digits = next((d for d in range(5) if np.allclose(np.round(scaled, d), scaled, atol=1e-9)), None)
    if digits is None:
        digits = next((d for d in range(1, 5) if len(set(np.round(scaled, d).tolist())) == len(scaled)), 4)
    texts = [number(float(value), language, digits) for value in scaled]
    return [f"{'> ' if i else ''}{low} {NOTHING} {high}" for i, (low, high) in enumerate(pairwise(texts))]


def source_of(areas: Areas, language: Language) -> str:
    """Where the boundaries come from."""
    heads: Mapping[str, str] = translated("Boundaries")
    parts = [title_in(titles, language, "") for titles in (areas.source, areas.vintage, areas.licence)]
    return strung([heads[language], strung([*parts, areas.crs], "; ", language)], ": ", language) if any(parts) else ""
