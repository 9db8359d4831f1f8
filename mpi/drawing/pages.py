"""Drawings as pages of a PDF, by reportlab: texts stay texts, in the part of DejaVu Sans that they need."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import chain, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.fonts import font_file, need
from mpi.drawing.hatches import lines_of, stroke_of
from mpi.drawing.scene import OPEN, SHARE, Element, Face, Group, Look, Marker, Path, Picture, Rect, Scene, Text, outline
from mpi.drawing.widths import text_width
from mpi.specs.template import Asset

ROUND_JOINS, NON_ZERO = 1, 1  # of PDF and of reportlab
FILLED, OUTLINED = None, 2  # how letters are painted
MANY = 500  # corners of a path
LEVEL = 4  # of compression: files are a fifteenth larger than at 6, and made in half the time


def pdf(drawings: Iterable[Scene]) -> bytes:
    """A file with a page for each drawing, the same bytes at every run; each is drawn when its turn comes.

    What the file says about itself is told by the first.

    Raises
    ------
    UsageError
        If reportlab or matplotlib, which has the font, is not installed.
    """
    need("reportlab"), need("matplotlib")
    from reportlab.pdfgen.canvas import Canvas

    _fonts()
    stream = io.BytesIO()
    pages = iter(drawings)
    first = next(pages)
    told = first.told
    canvas = Canvas(stream, invariant=1, pageCompression=1, initialFontName="Helvetica", lang=told.language or None)
    canvas.setProducer(""), canvas.setCreator("")
    # Without a text, reportlab says that the file is untitled and anonymous.
    canvas.setTitle(told.title), canvas.setSubject(told.description), canvas.setAuthor(told.author)
    for drawing in chain([first], pages):
        canvas.setPageSize((drawing.width, drawing.height))
        canvas.setLineJoin(ROUND_JOINS)
        _paint(canvas, drawing.elements, drawing.height, drawing.face)
        canvas.showPage()
    with _as_bytes():
        canvas.save()
    return stream.getvalue()


@contextmanager
def _as_bytes() -> Iterator[None]:
    """Streams as they are, not in letters, which take a fourth more; and compressed at `LEVEL`."""
    from reportlab import rl_config
    from reportlab.pdfbase.pdfdoc import PDFZCompress

    before, rl_config.useA85 = rl_config.useA85, 0
    PDFZCompress.encode = lambda text: zlib.compress(text.encode() if isinstance(text, str) else text, LEVEL)
    try:
        yield
    finally:
        rl_config.useA85 = before
        del PDFZCompress.encode


@cache
def _fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for bold in (False, True):
        # With the signs that occur alone, not with all of ASCII.
        pdfmetrics.registerFont(TTFont(_font(bold=bold), font_file(bold=bold), asciiReadable=0))


def _font(*, bold: bool) -> str:
    return "DejaVuSans-Bold" if bold else "DejaVuSans"


def _paint(canvas: Any, elements: Sequence[Element], height: float, face: Face | None) -> None:  # reportlab's
    """Elements, the lowest first; the look of those that follow each other is told once."""
    for look, run in groupby(elements, lambda one: getattr(one, "look", None)):
        if look is not None:
            _shapes(canvas, list(run), look, height)
            continue
        for one in run:
            if isinstance(one, Group):
                _group(canvas, one, height, face)
            elif isinstance(one, Text):
                _text(canvas, one, height, face)
            elif isinstance(one, Picture):
                _picture(canvas, one, height)


def _group(canvas: Any, one: Group, height: float, face: Face | None) -> None:  # reportlab's
    canvas.saveState()
    if one.clip is not None:
        left, top, right, bottom = one.clip
        clip = canvas.beginPath()
        clip.rect(left, height - bottom, right - left, bottom - top)
        canvas.clipPath(clip, stroke=0, fill=0)
    _paint(canvas, one.elements, height, face)
    canvas.restoreState()


def _shapes(canvas: Any, elements: Sequence[Element], look: Look, height: float) -> None:  # reportlab's
    stroked, filled = bool(look.stroke and look.width), bool(look.fill)
    if not (stroked or filled or look.hatch):
        return
    canvas.saveState()
    if filled:
        canvas.setFillColor(_colour(look.fill), look.opacity)
    if stroked:
        canvas.setStrokeColor(_colour(look.stroke), look.opacity)
        canvas.setLineWidth(look.width)
        if look.dash:
            canvas.setDash([part * look.width for part in look.dash])
    for one in elements:
        if look.hatch:  # between the ground and the outline
            if filled:
                canvas.drawPath(_path(canvas, one, height), stroke=0, fill=1, fillMode=NON_ZERO)
            _hatch(canvas, one, look, height)
        fill = filled and not look.hatch
        if stroked or fill:
            canvas.drawPath(_path(canvas, one, height), stroke=int(stroked), fill=int(fill), fillMode=NON_ZERO)
    canvas.restoreState()


@cache
def _colour(text: str) -> Any:  # reportlab's
    from reportlab.lib.colors import HexColor

    return HexColor(text)


def _hatch(canvas: Any, one: Element, look: Look, height: float) -> None:  # reportlab's
    from reportlab.pdfgen.pathobject import PDFPathObject

    lines = lines_of(one, look.hatch)
    if not len(lines):
        return
    canvas.saveState()
    canvas.setDash([])
    canvas.setStrokeColor(_colour(look.hatch_ink), 1)
    canvas.setLineWidth(stroke_of(look.hatch))
    form = "n" + " %.2f %.2f m %.2f %.2f l" * len(lines)
    upwards = lines * (1, -1) + (0, height)
    canvas.drawPath(PDFPathObject([form % tuple(upwards.ravel().tolist())]))
    canvas.restoreState()


def _path(canvas: Any, one: Element, height: float) -> Any:  # reportlab's
    if isinstance(one, Path):
        return _rings(one.points, one.starts, height, closed=one.closed)
    if isinstance(one, Marker) and one.kind != "o":
        return _rings(outline(one), np.zeros(1, np.int64), height, closed=one.kind not in OPEN)
    path = canvas.beginPath()
    if isinstance(one, Rect):
        path.rect(one.x, height - one.y - one.height, one.width, one.height)
    elif isinstance(one, Marker):
        path.circle(one.x, height - one.y, one.size / 2)
    return path


def _rings(points: Floats, starts: NDArray[np.int64], height: float, *, closed: bool) -> Any:  # reportlab's
    """Lines or rings as one text: a border of thousands of corners takes no call for each."""
    from reportlab.pdfgen.pathobject import PDFPathObject

    if len(points) < MANY:
        return PDFPathObject(["n", _lines(points, starts, height, closed=closed)])
    return PDFPathObject(["n", _kept(points.tobytes(), starts.tobytes(), height, closed=closed)])


@lru_cache(maxsize=16)
def _kept(points: bytes, starts: bytes, height: float, *, closed: bool) -> str:
    """The borders of a map are kept for its picture in another language, and for their hatches."""
    return _lines(np.frombuffer(points).reshape(-1, 2), np.frombuffer(starts, np.int64), height, closed=closed)


def _lines(points: Floats, starts: NDArray[np.int64], height: float, *, closed: bool) -> str:
    sizes = np.diff(starts, append=len(points)).tolist()
    end = " h" if closed else ""
    form = " ".join(f"%.2f %.2f m{' %.2f %.2f l' * (size - 1)}{end}" for size in sizes if size)
    upwards = np.column_stack([points[:, 0], height - points[:, 1]])
    return form % tuple(upwards.ravel().tolist())


def _text(canvas: Any, one: Text, height: float, face: Face | None) -> None:  # reportlab's
    canvas.setFillColor(_colour(one.ink), 1)
    name = _name_of(face, bold=one.bold)
    canvas.setFont(name, one.size)
    mode = FILLED
    if one.outline:
        mode = OUTLINED
        canvas.setStrokeColor(_colour(one.ink), 1)
        canvas.setLineWidth(2 * one.outline)
    for x, y, line in one.lines():
        late = 0.0 if face is None else _fitted(canvas, one, line, name)
        if one.upright:
            canvas.saveState()
            canvas.translate(x, height - y)
            canvas.rotate(90)
            canvas.drawString(late, 0, line, mode=mode)
            canvas.restoreState()
        else:
            canvas.drawString(x + late, height - y, line, mode=mode)


def _fitted(canvas: Any, one: Text, line: str, name: str) -> float:  # reportlab's
    """How much later a line of another font begins, which is set smaller where it would need more room."""
    room = text_width(line, one.size, bold=one.bold)
    own = float(canvas.stringWidth(line, name, one.size))
    canvas.setFont(name, one.size * min(1.0, room / max(own, 1e-6)))
    return SHARE[one.align or one.anchor] * max(room - own, 0.0)


def _picture(canvas: Any, one: Picture, height: float) -> None:  # reportlab's
    from reportlab.lib.utils import ImageReader

    image = ImageReader(io.BytesIO(one.content.content))
    canvas.drawImage(image, one.x, height - one.y - one.height, one.width, one.height, mask="auto")


def _name_of(face: Face | None, *, bold: bool) -> str:
    """The name of a font, which is registered when it is first met."""
    file = None if face is None else face.file(bold=bold)
    return _font(bold=bold) if file is None else _registered(file)


@cache
def _registered(file: Asset) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"office-{file.sha256[:16]}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(file.content), asciiReadable=0))
    return name
