"""Files that a template of an office names: a PNG, an SVG, fonts, whole and damaged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from mpi.config.templates import load_template
from mpi.drawing.fonts import font_file
from mpi.specs.template import Template
from tests.support.shared import once

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="#0b5345"/></svg>'
GOOD = "template: own\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 30, height: int = 10, colour: bytes = b"\x0b\x53\x45") -> bytes:
    """A picture of one colour."""
    rows = zlib.compress((b"\x00" + colour * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@once
def font() -> bytes:
    """A TrueType font that is small enough: the first tables of DejaVu Sans, without those that nobody needs here."""
    return small_font(Path(font_file(bold=False)).read_bytes())


def small_font(content: bytes) -> bytes:
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont

    held = TTFont(BytesIO(content))
    cutter = subset.Subsetter()
    cutter.populate(text="".join(map(chr, range(0x20, 0x180))))
    cutter.subset(held)
    stream = BytesIO()
    held.save(stream)
    return stream.getvalue()


def templated(text: str, **files: bytes | str | Callable[[], bytes]) -> Callable[[Path], Template]:
    """Loads a template of a text; files are named by their name with `_` for the dot, and made when written."""

    def done(folder: Path) -> Template:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content() if callable(content) else content
            (folder / name.replace("_", ".")).write_bytes(data)
        (folder / "own.yaml").write_text(GOOD + text, encoding="utf-8")
        return load_template(folder / "own.yaml")

    return done
