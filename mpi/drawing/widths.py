"""Widths of texts in DejaVu Sans, so that a drawing is laid out without the font and alike on every machine.

The advances are those of the font that matplotlib ships; a test compares them. Where a reader of an SVG has no DejaVu
Sans, Verdana has nearly its widths.
"""

from __future__ import annotations

import json
import textwrap
import unicodedata
from functools import cache
from importlib.resources import files

UNITS = 2048  # of the font, in its size
WIDE = 2048  # of a character that fills a square
UNKNOWN = 1229  # of the box that stands for a character that the font lacks


@cache
def advances(*, bold: bool) -> dict[str, int]:
    """The advance of each character that the table has, in units of the font."""
    held = json.loads(files("mpi.drawing").joinpath("dejavu_sans.json").read_text(encoding="utf-8"))
    runs: dict[str, list[int]] = held["bold" if bold else "regular"]
    return {chr(int(first) + i): advance for first, run in runs.items() for i, advance in enumerate(run)}


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text, in points as its size.

    Examples
    --------
    >>> text_width("M0", 10.24)
    15.35
    """
    known = advances(bold=bold)
    total = sum(known[sign] if sign in known else _other(sign) for sign in text)
    return total * size / UNITS


def _other(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Cc"):
        return 0
    return WIDE if unicodedata.east_asian_width(sign) in "WF" else UNKNOWN


def wrapped(text: str, width: int) -> str:
    r"""A text in lines of at most so many characters; a longer word is broken.

    Examples
    --------
    >>> wrapped("San Pedro de los Milagros", 12)
    'San Pedro de\nlos Milagros'
    """
    return "\n".join(textwrap.wrap(text, width, break_long_words=True)) or text


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    r"""A text in lines that are at most so many points long; a longer word is broken.

    Examples
    --------
    >>> fitted("Incidencia de pobreza (%)", 8, 80)
    'Incidencia de\npobreza (%)'
    """
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size, bold=bold) > room and len(line) > 1:
            fits = next((i for i in range(len(line), 1, -1) if text_width(line[:i], size, bold=bold) <= room), 1)
            lines.append(line[:fits])
            line = line[fits:]
    return "\n".join([*lines, line])
