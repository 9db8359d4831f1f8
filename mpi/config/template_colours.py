"""The colours of a template: read, and refused where a reader could not read or tell them apart.

Contrast is that of WCAG 2.2, level AA: 4.5 of text, 3 of what is drawn. Two colours are told apart if they differ
enough in OKLab for eyes of every kind; house palettes (Okabe and Ito; ColorBrewer) pass with room to spare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from mpi.config.keys.templates import COLOURS
from mpi.config.nodes import Node
from mpi.language import Phrase, phrase, template
from mpi.specs.template import Colours
from mpi.vocabulary.colours import VISIONS, blended, contrast, difference, luminance
from mpi.vocabulary.options import MOST_CLASSES

PAPER = "#ffffff"
TEXT, DRAWN = 4.5, 3.0  # contrast
APART, STEP = 0.05, 0.03  # in OKLab: of two series, and of neighbours among most classes
FEWEST, MOST = 5, 8  # categorical colours: charts need so many at once
RAMP_FEWEST, RAMP_MOST, SECOND = 2, 9, 5
QUOTED = phrase('write colours in quotes, as "#0b3d66"')
SEEN = {
    "normal": template("to every eye"),
    "protanopia": template("to eyes without the cones of long waves (protanopia)"),
    "deuteranopia": template("to eyes without the cones of middle waves (deuteranopia)"),
    "tritanopia": template("to eyes without the cones of short waves (tritanopia)"),
}


def read_colours(node: Node, what: str) -> Colours:
    """The colours of a template, those that are good."""
    section = node.section(what, COLOURS)
    return Colours(
        accent=section.read("accent", _accent, ""),
        sequential=section.read("sequential", _ramp, ()),
        second=section.read("second", _ramp, ()),
        categorical=section.read("categorical", _series, ()),
    )


def _colour(node: Node, what: str) -> str | None:
    text = node.text(what)
    if text is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        node.wrong("MPI-C181", phrase("{what}: {value!r} is not a colour", what=what, value=text[:20]), QUOTED)
        return None
    return None if text is None else text.lower()


def _colours(node: Node, what: str, least: int, most: int) -> tuple[str, ...] | None:
    found = [_colour(item, what) for item in node.items(what)]
    if None in found:
        return None
    if not least <= len(found) <= most:
        text = phrase(
            "{what}: {count} colours, not {least} to {most}", what=what, count=len(found), least=least, most=most
        )
        node.wrong("MPI-C181", text, phrase("list {least} to {most} colours", least=least, most=most))
        return None
    return tuple(one for one in found if one is not None)


def _accent(node: Node, what: str) -> str | None:
    colour = _colour(node, what)
    if colour is None or not _pale(node, what, [colour], TEXT):
        return colour
    return None


def _pale(node: Node, what: str, colours: Iterable[str], least: float) -> bool:
    """Report colours that are too pale on paper; whether there are any."""
    bad = [(colour, contrast(colour, PAPER)) for colour in colours]
    bad = [(colour, ratio) for colour, ratio in bad if ratio < least]
    for colour, ratio in bad:
        text = phrase(
            "{what}: {colour} has a contrast of {ratio:.1f} on white, less than {least} (WCAG AA)",
            what=what,
            colour=colour,
            ratio=ratio,
            least=least,
        )
        node.wrong("MPI-C181", text, phrase("take a darker one"))
    return bool(bad)


def _series(node: Node, what: str) -> tuple[str, ...] | None:
    colours = _colours(node, what, FEWEST, MOST)
    if colours is None:
        return None
    pale = _pale(node, what, colours, DRAWN)
    alike = _alike(combinations(colours, 2), APART)
    if alike is not None:
        node.wrong("MPI-C181", _told(what, alike), phrase("make one of them lighter or darker, not only another hue"))
    return None if pale or alike is not None else colours


def _ramp(node: Node, what: str) -> tuple[str, ...] | None:
    colours = _colours(node, what, RAMP_FEWEST, RAMP_MOST)
    if colours is None:
        return None
    if any(luminance(after) >= luminance(before) for before, after in pairwise(colours)):
        text = phrase("{what}: the colours do not darken from the first to the last", what=what)
        node.wrong("MPI-C181", text, phrase("order them from the lightest to the darkest"))
        return None
    if _pale(node, what, colours[-1:], TEXT):  # numbers stand on it in white
        return None
    most = blended(colours, MOST_CLASSES)
    if (alike := _alike(pairwise(most), STEP)) is not None:
        text = phrase("{why}, of {classes} classes", why=_told(what, alike), classes=MOST_CLASSES)
        node.wrong("MPI-C181", text, phrase("take a lighter first colour or a darker last one"))
        return None
    return colours


def _alike(pairs: Iterable[Sequence[str]], least: float) -> tuple[str, str, str] | None:
    """The first pair that an eye takes for one colour, and the eye."""
    held = list(pairs)
    for vision in VISIONS:
        for one, other in held:
            if difference(one, other, vision) < least:
                return one, other, vision
    return None


def _told(what: str, alike: tuple[str, str, str]) -> Phrase:
    one, other, vision = alike
    return phrase(
        "{what}: {one} and {other} look alike {seen}", what=what, one=one, other=other, seen=phrase(SEEN[vision])
    )
