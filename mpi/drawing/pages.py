"""Drawings as pages of a PDF, by reportlab: texts stay texts, in the part of DejaVu Sans that they need."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np

from mpi.drawing.fonts import font_file
from mpi.drawing.hatches import segments, stroke_of
from mpi.drawing.scene import OPEN, Element, Group, Look, Marker, Path, Rect, Scene, Text, outline

ROUND_JOINS, NON_ZERO = 1, 1  # of PDF and of reportlab


def pdf(drawings: Iterable[Scene]) -> bytes:
    """A file with a page for each drawing, the same bytes at every run; each is drawn when its turn comes."""
    from reportlab.pdfgen.canvas import Canvas

    font_file(bold=False)
    _fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1, pageCompression=1, initialFontName="Helvetica")
    for set_text in (canvas.setProducer, canvas.setCreator, canvas.setAuthor, canvas.setTitle, canvas.setSubject):
        set_text("")
    for drawing in drawings:
        canvas.setPageSize((drawing.width, drawing.height))
        canvas.setLineJoin(ROUND_JOINS)
        _paint(canvas, drawing.elements, drawing.height)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@cache
def _fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for bold in (False, True):
        pdfmetrics.registerFont(TTFont(_font(bold=bold), font_file(bold=bold)))


def _font(*, bold: bool) -> str:
    return "DejaVuSans-Bold" if bold else "DejaVuSans"


def _paint(canvas: Any, elements: Sequence[Element], height: float) -> None:  # reportlab is not typed
    for one in elements:
        if isinstance(one, Group):
            canvas.saveState()
            if one.clip is not None:
                left, top, right, bottom = one.clip
                clip = canvas.beginPath()
                clip.rect(left, height - bottom, right - left, bottom - top)
                canvas.clipPath(clip, stroke=0, fill=0)
            _paint(canvas, one.elements, height)
            canvas.restoreState()
        elif isinstance(one, Text):
            _text(canvas, one, height)
        elif isinstance(one, Rect | Path | Marker):
            _shape(canvas, one, one.look, height)


def _shape(canvas: Any, one: Element, look: Look, height: float) -> None:  # reportlab's
    canvas.saveState()
    if look.hatch:
        if look.fill:
            canvas.setFillColor(look.fill, look.opacity)
            canvas.drawPath(_path(canvas, one, height), stroke=0, fill=1, fillMode=NON_ZERO)
        _hatch(canvas, one, look, height)
    stroked, filled = bool(look.stroke and look.width), bool(look.fill and not look.hatch)
    if filled:
        canvas.setFillColor(look.fill, look.opacity)
    if stroked:
        canvas.setStrokeColor(look.stroke, look.opacity)
        canvas.setLineWidth(look.width)
        if look.dash:
            canvas.setDash([part * look.width for part in look.dash])
    if stroked or filled:
        canvas.drawPath(_path(canvas, one, height), stroke=int(stroked), fill=int(filled), fillMode=NON_ZERO)
    canvas.restoreState()


def _hatch(canvas: Any, one: Element, look: Look, height: float) -> None:  # reportlab's
    canvas.saveState()
    canvas.clipPath(_path(canvas, one, height), stroke=0, fill=0, fillMode=NON_ZERO)
    canvas.setStrokeColor(look.hatch_ink)
    canvas.setLineWidth(stroke_of(look.hatch))
    if isinstance(one, Rect):
        box = (one.x, one.y, one.x + one.width, one.y + one.height)
    else:
        corners = one.points if isinstance(one, Path) else np.array([(one.x, one.y)])  # type: ignore[attr-defined]
        box = (*corners.min(axis=0), *corners.max(axis=0))
    lines = segments(look.hatch, *box)
    canvas.lines([(x0, height - y0, x1, height - y1) for (x0, y0), (x1, y1) in lines.tolist()])
    canvas.restoreState()


def _path(canvas: Any, one: Element, height: float) -> Any:  # reportlab's
    path = canvas.beginPath()
    if isinstance(one, Rect):
        path.rect(one.x, height - one.y - one.height, one.width, one.height)
    elif isinstance(one, Marker) and one.kind == "o":
        path.circle(one.x, height - one.y, one.size / 2)
    elif isinstance(one, Marker):
        _ring(path, outline(one).tolist(), height, closed=one.kind not in OPEN)
    elif isinstance(one, Path):
        for part in np.split(one.points, one.starts[1:]):
            _ring(path, part.tolist(), height, closed=one.closed)
    return path


def _ring(path: Any, points: Sequence[Sequence[float]], height: float, *, closed: bool) -> None:  # reportlab's
    for i, (x, y) in enumerate(points):
        (path.lineTo if i else path.moveTo)(x, height - y)
    if closed:
        path.close()


def _text(canvas: Any, one: Text, height: float) -> None:  # reportlab's
    canvas.setFillColor(one.ink, 1)
    canvas.setFont(_font(bold=one.bold), one.size)
    for x, y, line in one.lines():
        if one.upright:
            canvas.saveState()
            canvas.translate(x, height - y)
            canvas.rotate(90)
            canvas.drawString(0, 0, line)
            canvas.restoreState()
        else:
            canvas.drawString(x, height - y, line)
