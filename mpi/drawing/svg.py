"""Drawings as SVG, written by ourselves: texts stay texts, no styles, the same bytes at every run.

Goes out: a file, or an element of a page that holds several pictures and forbids styles.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.hatches import stroke_of, tile
from mpi.drawing.palette import PAPER
from mpi.drawing.scene import OPEN, SHARE, Element, Group, Look, Marker, Path, Picture, Rect, Scene, Text, outline
from mpi.drawing.widths import text_width
from mpi.vocabulary.wording import legible

FONTS = "'DejaVu Sans', Verdana, Arial, sans-serif"
# Points, of a hatch: a multiple of all its distances, so its lines go on; browsers show the seams of small ones.
TILE = 48.0
MANY = 500  # corners of a path
_ZERO = re.compile(r"(?<!\d)0\.")  # which numbers may leave out before their point


def file_of(drawing: Scene) -> str:
    """A drawing as the text of a file, with what it says about itself."""
    told = drawing.told
    attributes = f' xml:lang="{told.language}"' if told.language else ""
    named, heads = _named(told.title, told.description, "") if told.title else ("", "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_root(drawing, "", attributes + named, heads)}\n'


def page_of(drawing: Scene, *, title: str, description: str = "", ids: str) -> str:
    """A drawing as an element of a page.

    Parameters
    ----------
    title, description : str
        The text for screen readers.
    ids : str
        Goes before every id, so that ids of several pictures in one page differ.
    """
    return _root(drawing, f"{ids}-", *_named(title, description, f"{ids}-"), digits=1)


def _named(title: str, description: str, prefix: str) -> tuple[str, str]:
    """The attributes of a picture that has a title, and the elements that hold it and its description."""
    told = {"title": legible(title), **({"desc": legible(description)} if description else {})}
    names = " ".join(f"{prefix}{name}" for name in told)
    heads = "".join(f'<{name} id="{prefix}{name}">{escape(text)}</{name}>' for name, text in told.items())
    return f' role="img" aria-labelledby="{names}"', heads


def _root(drawing: Scene, prefix: str, attributes: str, heads: str, *, digits: int = 2) -> str:
    wide, high = _short(drawing.width), _short(drawing.height)
    body, fonts = _Writer(prefix, digits), _families(drawing)
    content = "\n".join(body.elements(drawing.elements))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}" '
        f'stroke-linejoin="round" stroke-linecap="butt" font-family="{fonts}" xml:space="preserve"{attributes}>{heads}'
        f'{body.definitions()}<rect width="{wide}" height="{high}" fill="{PAPER}"/>\n{content}</svg>'
    )


def _families(drawing: Scene) -> str:
    """The families of the drawing, before those that have nearly the widths that it is laid out with."""
    own = () if drawing.face is None else drawing.face.families
    return "".join(f"'{name}', " for name in own) + FONTS


def _short(value: float) -> str:
    """A length with two digits at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Writer:
    """The elements of one picture as text; patterns and clips that they refer to are collected."""

    def __init__(self, prefix: str, digits: int) -> None:
        self.prefix, self.digits = prefix, digits  # of coordinates of paths, after the point
        self.made: dict[str, str] = {}  # definitions without their ids, which are their values
        self.looks: dict[Look, str] = {}

    def definitions(self) -> str:
        return f"<defs>{''.join(text.format(id=name) for text, name in self.made.items())}</defs>" if self.made else ""

    def elements(self, elements: Sequence[Element]) -> Iterator[str]:
        """The text of elements; neighbours that look alike share their attributes."""
        for shared, run in groupby(elements, self._attributes):
            members = [text for one in run for text in self._shapes(one)]
            if not shared:
                yield from members
            elif len(members) == 1:
                yield members[0].replace("@", shared, 1)
            else:
                yield f"<g {shared}>{''.join(text.replace(' @', '', 1) for text in members)}</g>"

    def _attributes(self, one: Element) -> str:
        if isinstance(one, Rect | Path | Marker):
            if one.look not in self.looks:
                self.looks[one.look] = self._painted(one.look)
            return self.looks[one.look]
        if isinstance(one, Text):
            bold, anchor = ' font-weight="bold"' if one.bold else "", one.align or one.anchor
            ends = f' text-anchor="{anchor}"' if anchor != "start" else ""
            fat = f' stroke="{one.ink}" stroke-width="{_short(2 * one.outline)}"' if one.outline else ""
            return f'font-size="{_short(one.size)}"{bold} fill="{one.ink}"{fat}{ends}'
        return ""

    def _painted(self, look: Look) -> str:
        fill = f"url(#{self._hatch(look)})" if look.hatch else look.fill or "none"
        parts = [f'fill="{fill}"']
        if look.stroke and look.width:
            parts.append(f'stroke="{look.stroke}" stroke-width="{_short(look.width)}"')
            if look.dash:
                parts.append(f'stroke-dasharray="{" ".join(_short(part * look.width) for part in look.dash)}"')
        if look.opacity < 1:
            parts.append(f'opacity="{look.opacity:g}"')
        return " ".join(parts)

    def _hatch(self, look: Look) -> str:
        ground = f'<rect width="{TILE:g}" height="{TILE:g}" fill="{look.fill}"/>' if look.fill else ""
        return self._defined(
            f'<pattern id="{{id}}" width="{TILE:g}" height="{TILE:g}" patternUnits="userSpaceOnUse">{ground}'
            f'<path d="{tile(look.hatch, TILE)}" fill="none" stroke="{look.hatch_ink}" '
            f'stroke-width="{stroke_of(look.hatch):g}"/></pattern>'
        )

    def _defined(self, text: str) -> str:
        """The id of a definition, which is made once."""
        return self.made.setdefault(text, f"{self.prefix}d{len(self.made) + 1}")

    def _shapes(self, one: Element) -> Iterator[str]:
        """The text of an element, in which `@` stands for what it shares with its neighbours."""
        if isinstance(one, Group):
            yield self._group(one)
        elif isinstance(one, Text):
            yield from _texts(one)
        elif isinstance(one, Picture):
            yield _image(one)
        elif isinstance(one, Rect):
            x, y, wide, high = (_short(value) for value in (one.x, one.y, one.width, one.height))
            yield f'<rect @ x="{x}" y="{y}" width="{wide}" height="{high}"/>'
        elif isinstance(one, Marker) and one.kind == "o":
            yield f'<circle @ cx="{_short(one.x)}" cy="{_short(one.y)}" r="{_short(one.size / 2)}"/>'
        elif isinstance(one, Marker):
            yield f'<path @ d="{_rings(outline(one), closed=one.kind not in OPEN, digits=2)}"/>'
        elif isinstance(one, Path):
            yield f'<path @ d="{_lines(one, self.digits)}"/>'

    def _group(self, one: Group) -> str:
        clip = ""
        if one.clip is not None:
            left, top = _short(one.clip.left), _short(one.clip.top)
            wide, high = _short(one.clip.right - one.clip.left), _short(one.clip.bottom - one.clip.top)
            shape = f'<rect x="{left}" y="{top}" width="{wide}" height="{high}"/>'
            name = self._defined(f'<clipPath id="{{id}}">{shape}</clipPath>')
            clip = f' clip-path="url(#{name})"'
        return f"<g{clip}>{''.join(self.elements(one.elements))}</g>"


def _lines(path: Path, digits: int) -> str:
    """The commands of all lines or rings of a path; of a map they are kept for its picture in another language."""
    if len(path.points) < MANY:
        return _commands(path.points, path.starts, closed=path.closed, digits=digits)
    return _kept(path.points.tobytes(), path.starts.tobytes(), closed=path.closed, digits=digits)


@lru_cache(maxsize=16)
def _kept(points: bytes, starts: bytes, *, closed: bool, digits: int) -> str:
    return _commands(
        np.frombuffer(points).reshape(-1, 2), np.frombuffer(starts, np.int64), closed=closed, digits=digits
    )


def _commands(points: Floats, starts: NDArray[np.int64], *, closed: bool, digits: int) -> str:
    return "".join(_rings(part, closed=closed, digits=digits) for part in np.split(points, starts[1:]))


def _rings(points: Floats, *, closed: bool, digits: int) -> str:
    """A line or a ring as the commands of a path: where it begins, then the way from each point to the next."""
    if not len(points):
        return ""
    unit = 10**digits
    places = np.rint(np.asarray(points, np.float64) * unit)  # ways between rounded places add up to them
    ways = np.diff(places, axis=0)
    ways = ways[ways.any(axis=1)]
    start = "M{:g} {:g}".format(*(places[0] / unit).tolist())
    text = ("%g %g " * len(ways))[:-1] % tuple((ways / unit).ravel().tolist())
    text = f"{start}l{_ZERO.sub('.', text).replace(' -', '-')}" if len(ways) else f"{start}l0 0"
    return f"{text}{'Z' if closed else ''}"


def _image(one: Picture) -> str:
    x, y, wide, high = (_short(value) for value in (one.x, one.y, one.width, one.height))
    data = base64.b64encode(one.content.content).decode()
    return (
        f'<image x="{x}" y="{y}" width="{wide}" height="{high}" href="data:{one.content.media};base64,{data}">'
        f"<title>{escape(legible(one.alt))}</title></image>"
    )


def _texts(one: Text) -> Iterator[str]:
    share = SHARE[one.align or one.anchor]
    for x, y, line in one.lines():
        along = share * text_width(line, one.size, bold=one.bold)
        across, down = (x, y - along) if one.upright else (x + along, y)
        turn = f' transform="rotate(-90 {_short(across)} {_short(down)})"' if one.upright else ""
        yield f'<text @ x="{_short(across)}" y="{_short(down)}"{turn}>{escape(line)}</text>'
