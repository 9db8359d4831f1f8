"""Drawings as PNG: shapes by matplotlib's renderer without its figures and layout, texts by Pillow.

A page of text is a fourth of the time that way: Pillow keeps no layout, and a text that occurs often is drawn once.
The file has a palette of the colours of the drawing and of what lies between them, a third of the size of true colours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.drawing.fonts import font_file, need
from mpi.drawing.hatches import lines_of, stroke_of
from mpi.drawing.palette import INK, PAPER
from mpi.drawing.scene import (
    OPEN,
    SHARE,
    Box,
    Element,
    Face,
    Group,
    Look,
    Marker,
    Path,
    Picture,
    Rect,
    Scene,
    Text,
    Told,
    outline,
)
from mpi.drawing.widths import text_width
from mpi.specs.template import Asset

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.path import Path as AggPath
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont
    from PIL.PngImagePlugin import PngInfo

COLOURS = 256  # of a palette
CELL = 4  # steps of red, green and blue
LOGO_COLOURS = 32
TO_PAPER, TO_INK = 15, 7  # steps of a palette between a colour and these
INCH = 72.0
LEVEL = 3  # of compression: files are a fifth larger than at 6, and made in half the time


def png(drawing: Scene, dpi: int) -> bytes:
    """The file, with so many pixels an inch.

    Raises
    ------
    UsageError
        If matplotlib or Pillow is not installed.
    """
    need("matplotlib"), need("PIL")
    from matplotlib.backends.backend_agg import RendererAgg

    wide, high = (max(1, round(size * dpi / INCH)) for size in (drawing.width, drawing.height))
    renderer = RendererAgg(wide, high, dpi)  # type: ignore[no-untyped-call]
    canvas = _Canvas(renderer, dpi / INCH, high, drawing.face)
    pixels = np.asarray(canvas.renderer.buffer_rgba()).view(np.uint32)
    pixels.fill(np.frombuffer(bytes([*_rgb(PAPER), 255]), np.uint32)[0])
    canvas.paint(drawing.elements, None)
    painted = _in_palette(pixels[..., 0], palette_of(drawing))
    stream = io.BytesIO()
    painted.save(stream, "png", dpi=(dpi, dpi), compress_level=LEVEL, pnginfo=_about(drawing.told))
    return stream.getvalue()


def _in_palette(pixels: NDArray[np.uint32], colours: list[int]) -> Image:
    """An image in the colours of a palette that are nearest to opaque pixels, shape (high, wide): four bytes each.

    Pillow looks for the colours of runs of equal pixels: most of a picture is paper.
    """
    from PIL import Image

    high, wide = pixels.shape
    flat = pixels.reshape(-1)
    starts = np.concatenate([[0], np.flatnonzero(flat[1:] != flat[:-1]) + 1])
    runs = Image.frombytes("RGBA", (len(starts), 1), flat[starts].tobytes()).convert("RGB")
    key = Image.new("P", (1, 1))
    # Pillow compares colours by the lower corners of cells: so moved, those of the drawing are found exactly.
    key.putpalette([part // CELL * CELL for part in colours])
    places = np.frombuffer(runs.quantize(palette=key, dither=Image.Dither.NONE).tobytes(), np.uint8)
    found = Image.frombytes("P", (wide, high), np.repeat(places, np.diff(starts, append=flat.size)).tobytes())
    found.putpalette(colours)
    return found


def _about(told: Told) -> PngInfo:
    """What the file says about its picture, under the keywords of the PNG specification."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for name, text in {"Title": told.title, "Description": told.description, "Author": told.author}.items():
        if text:
            info.add_itxt(name, text, lang=told.language)
    return info


def palette_of(drawing: Scene) -> list[int]:
    """Red, green and blue by turns: the drawing's colours, and steps from each to the paper and to the ink."""
    met, clear = dict.fromkeys([PAPER, INK]), set()
    for one in drawing.walk():
        if isinstance(one, Text):
            met[one.ink] = None
        elif isinstance(one, Picture):
            met |= dict.fromkeys(_colours_of(one.content))
        elif isinstance(one, Rect | Path | Marker):
            colours = (one.look.fill, one.look.stroke, one.look.hatch_ink if one.look.hatch else "")
            met |= dict.fromkeys(_over(colour, PAPER, one.look.opacity) for colour in colours if colour)
            clear |= {(colour, one.look.opacity) for colour in colours if colour and one.look.opacity < 1}
    met |= dict.fromkeys([_over(colour, ground, opacity) for colour, opacity in sorted(clear) for ground in met])
    own = np.array([_rgb(colour) for colour in met], np.float64)
    steps = [own]
    for count, end in ((TO_PAPER, PAPER), (TO_INK, INK)):
        share = np.arange(1, count + 1)[:, None, None] / (count + 1)
        steps.append((own * (1 - share) + np.array(_rgb(end)) * share).reshape(-1, 3))
    # Of two in a cell the first stays: one of the drawing.
    cells: dict[tuple[int, ...], tuple[int, ...]] = {}
    for colour in np.rint(np.concatenate(steps)).astype(int).tolist():
        cells.setdefault(tuple(part // CELL for part in colour), tuple(colour))
    chosen = list(cells.values())
    if len(chosen) > COLOURS:
        first = min(len(met), COLOURS)
        places = np.linspace(first, len(chosen) - 1, COLOURS - first).astype(int)
        chosen = [*chosen[:first], *(chosen[place] for place in places)]
    return [part for colour in chosen for part in colour]


@cache
def _colours_of(asset: Asset) -> tuple[str, ...]:
    """The main colours of a picture on paper."""
    from PIL import Image

    picture = _opened(asset)
    ground = Image.new("RGBA", picture.size, PAPER)
    flat = Image.alpha_composite(ground, picture).convert("RGB").quantize(LOGO_COLOURS)
    parts = bytes(flat.getpalette() or [])
    return tuple(f"#{parts[i : i + 3].hex()}" for i in range(0, 3 * len(flat.getcolors() or ()), 3))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _over(colour: str, ground: str, opacity: float) -> str:
    """A colour as it looks on another."""
    if opacity == 1:
        return colour
    pairs = zip(_rgb(colour), _rgb(ground), strict=True)
    return "#" + "".join(f"{round(one * opacity + other * (1 - opacity)):02x}" for one, other in pairs)


class _Canvas:
    """Pixels that elements are painted on.

    Attributes
    ----------
    renderer : matplotlib.backends.backend_agg.RendererAgg
    scale : float
        Pixels a point.
    high : int
        Pixels, from which matplotlib counts upwards.
    """

    def __init__(self, renderer: Any, scale: float, high: int, face: Face | None = None) -> None:  # matplotlib's
        from matplotlib.transforms import Affine2D, IdentityTransform

        self.renderer, self.scale, self.high, self.face = renderer, scale, high, face
        self.move = Affine2D().scale(scale, -scale).translate(0, high)
        self.still = IdentityTransform()

    def paint(self, elements: Sequence[Element], clip: Box | None) -> None:
        """Elements that look alike and follow each other are painted at once."""
        for look, run in groupby(elements, lambda one: getattr(one, "look", None)):
            if look is None:
                for one in run:
                    self._paint_other(one, clip)
            elif look.opacity < 1:  # where they overlap, both are seen
                for one in run:
                    self._shapes([one], look, clip)
            else:
                self._shapes(list(run), look, clip)

    def _paint_other(self, one: Element, clip: Box | None) -> None:
        if isinstance(one, Group):
            self.paint(one.elements, _narrowed(one.clip, clip))
        elif isinstance(one, Text):
            self._text(one, clip)
        elif isinstance(one, Picture):
            self._picture(one, clip)

    def _context(self, clip: Box | None) -> GraphicsContextBase:
        from matplotlib.transforms import Bbox

        context: GraphicsContextBase = self.renderer.new_gc()
        context.set_joinstyle("round")
        if clip is not None:
            corners = [[clip.left, clip.top], [clip.right, clip.bottom]]
            (x0, y0), (x1, y1) = self.move.transform(corners)
            context.set_clip_rectangle(Bbox([[x0, y1], [x1, y0]]))
        return context

    def _shapes(self, elements: Sequence[Element], look: Look, clip: Box | None) -> None:
        from matplotlib.path import Path as AggPath

        whole = AggPath.make_compound_path(*(_agg_path(one) for one in elements))
        context = self._context(clip)
        context.set_alpha(look.opacity)
        fill = tuple(part / 255 for part in _rgb(look.fill)) if look.fill else None
        if look.hatch:
            context.set_linewidth(0)
            if fill:
                self.renderer.draw_path(context, whole, self.move, fill)
            for one in elements:
                self._hatch(one, look, clip)
            fill = None
        if look.stroke and look.width:
            context.set_foreground(look.stroke)
            context.set_linewidth(look.width)
            if look.dash:
                context.set_dashes(0, [part * look.width for part in look.dash])
        else:
            context.set_linewidth(0)
        self.renderer.draw_path(context, whole, self.move, fill)

    def _hatch(self, one: Element, look: Look, clip: Box | None) -> None:
        from matplotlib.path import Path as AggPath

        lines = lines_of(one, look.hatch)
        if not len(lines):
            return
        context = self._context(clip)
        context.set_foreground(look.hatch_ink)
        context.set_linewidth(stroke_of(look.hatch))
        codes = np.tile(np.array([AggPath.MOVETO, AggPath.LINETO], np.uint8), len(lines))
        context.set_snap(False)
        self.renderer.draw_path(context, AggPath(lines.reshape(-1, 2), codes), self.move, None)

    def _text(self, one: Text, clip: Box | None) -> None:
        share = SHARE[one.align or one.anchor]
        font = None if self.face is None else self.face.file(bold=one.bold)
        for x, y, line in one.lines():
            size, long = one.size * self.scale, text_width(line, one.size, bold=one.bold) * self.scale
            if font is not None:  # another font may need more room than there is
                size *= min(1.0, long / max(_font(size, bold=one.bold, font=font).getlength(line), 1.0))
            glyphs = _glyphs(
                line, size, one.ink, one.outline * self.scale, bold=one.bold, upright=one.upright, font=font
            )
            if not glyphs.pixels.size:
                continue
            # Letters stand on whole pixels, so a line is a little longer or shorter than on paper.
            late = share * (long - glyphs.length)
            pixels = glyphs.pixels
            left = round(x * self.scale + (0 if one.upright else late)) + glyphs.across
            top = round(y * self.scale - (late if one.upright else 0)) + glyphs.down
            bottom = self.high - top - pixels.shape[0]
            self.renderer.draw_image(self._context(clip), left, bottom, pixels)

    def _picture(self, one: Picture, clip: Box | None) -> None:
        wide, high = (max(1, round(size * self.scale)) for size in (one.width, one.height))
        pixels = np.asarray(_opened(one.content).resize((wide, high)))[::-1]
        left, bottom = round(one.x * self.scale), self.high - round(one.y * self.scale) - high
        self.renderer.draw_image(self._context(clip), left, bottom, np.ascontiguousarray(pixels))


def _opened(asset: Asset) -> Image:
    from PIL import Image

    return Image.open(io.BytesIO(asset.content)).convert("RGBA")


def _narrowed(own: Box | None, other: Box | None) -> Box | None:
    """What is inside both."""
    if own is None or other is None:
        return own or other
    return Box(
        max(own.left, other.left), max(own.top, other.top), min(own.right, other.right), min(own.bottom, other.bottom)
    )


def _agg_path(one: Element) -> AggPath:
    from matplotlib.path import Path as AggPath

    if isinstance(one, Rect):
        x, y, right, bottom = one.x, one.y, one.x + one.width, one.y + one.height
        return AggPath(np.array([(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]), _ring(4))
    if isinstance(one, Marker) and one.kind == "o":
        circle = AggPath.unit_circle()
        return AggPath(np.asarray(circle.vertices) * (one.size / 2) + (one.x, one.y), circle.codes)
    if isinstance(one, Marker):
        return _joined([outline(one)], closed=one.kind not in OPEN)
    if isinstance(one, Path):
        return _joined(np.split(one.points, one.starts[1:]), closed=one.closed)
    return AggPath(np.zeros((0, 2)))


def _joined(parts: Sequence[Floats], *, closed: bool) -> AggPath:
    from matplotlib.path import Path as AggPath

    points, codes = [], []
    for part in parts:
        if closed:
            points.append(np.concatenate([part, part[:1]]))
            codes.append(_ring(len(part)))
        else:
            points.append(part)
            codes.append(_ring(len(part))[:-1])
    return AggPath(np.concatenate(points), np.concatenate(codes))


@cache
def _ring(corners: int) -> NDArray[np.uint8]:
    from matplotlib.path import Path as AggPath

    codes = np.full(corners + 1, AggPath.LINETO, np.uint8)
    codes[0], codes[-1] = AggPath.MOVETO, AggPath.CLOSEPOLY
    return codes


@lru_cache(maxsize=256)
def _font(size: float, *, bold: bool, font: Asset | None = None) -> FreeTypeFont:
    from PIL import ImageFont

    file = font_file(bold=bold) if font is None else io.BytesIO(font.content)
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


class _Glyphs(NamedTuple):
    """A line of text as pixels with their opacity, the last row first, as matplotlib paints images.

    `across` and `down` lead from the start of its baseline to its upper left corner; `length` is to the next letter.
    """

    pixels: NDArray[np.uint8]
    across: int
    down: int
    length: float


@lru_cache(maxsize=1024)  # about 15 MB
def _glyphs(
    line: str, size: float, ink: str, outline: float, *, bold: bool, upright: bool, font: Asset | None = None
) -> _Glyphs:
    letters = _font(size, bold=bold, font=font)
    mask, (across, down) = letters.getmask2(line, mode="L", anchor="ls", stroke_width=round(outline))
    wide, high = mask.size
    opacity = _opacity(mask) if wide and high else np.zeros((0, 0), np.uint8)
    if upright:
        opacity, across, down = np.rot90(opacity), down, -across - wide
    red, green, blue = _rgb(ink)
    pixels = opacity[::-1].astype("<u4", order="C") << 24 | (blue << 16 | green << 8 | red)
    return _Glyphs(pixels.view(np.uint8).reshape(*opacity.shape, 4), int(across), int(down), letters.getlength(line))


def _opacity(mask: Any) -> NDArray[np.uint8]:  # Pillow's
    """What a font gives, as an array: pasted whole, for by itself it gives one pixel at a time."""
    from PIL import Image

    found = Image.new("L", mask.size)
    found.paste(mask, (0, 0, *mask.size))
    return np.asarray(found)
