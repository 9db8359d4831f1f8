"""Legends above a drawing: entries in as many columns as the page has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mpi.drawing.scene import Element, Look, Marker, Path, Rect, Text
from mpi.drawing.widths import fitted, text_width

SIZE, LEADING = 7.5, 1.15
HANDLE, HIGH = 15.0, 6.0  # points: the sample before a label
PLAIN = Look()
TO_LABEL, BETWEEN, UNDER = 6.0, 14.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An entry of a legend: a patch, a line, a marker, or a line with a marker on it.

    Attributes
    ----------
    gid : str
        What it explains.
    """

    label: str
    patch: Look | None = None
    line: Look | None = None
    marker: str = ""
    size: float = 5.0
    look: Look = PLAIN
    gid: str = ""


def legend(keys: Sequence[Key], left: float, top: float, width: float) -> tuple[tuple[Element, ...], float]:
    """The entries of a legend, and how high it is; nothing and 0 without entries."""
    if not keys:
        return (), 0.0
    keys = [replace(key, label=_within(key.label, width - HANDLE - TO_LABEL)) for key in keys]
    columns = _columns(keys, width)
    rows = [max(_height(column[i]) for column in columns if i < len(column)) for i in range(len(columns[0]))]
    found: list[Element] = []
    x = left
    for column in columns:
        y = top
        for key, height in zip(column, rows, strict=False):
            found += _entry(key, x, y)
            y += height
        x += _width(column) + BETWEEN
    return tuple(found), sum(rows)


def _within(label: str, room: float) -> str:
    """A label whose lines have room."""
    return "\n".join(fitted(line, SIZE, room) for line in label.split("\n"))


def _columns(keys: Sequence[Key], width: float) -> list[Sequence[Key]]:
    """The entries downwards in columns, as many as have room side by side."""
    for rows in range(1, len(keys) + 1):
        columns = [keys[i : i + rows] for i in range(0, len(keys), rows)]
        if sum(map(_width, columns)) + BETWEEN * (len(columns) - 1) <= width:
            return columns
    return [keys]


def _width(column: Sequence[Key]) -> float:
    return HANDLE + TO_LABEL + max(text_width(line, SIZE) for key in column for line in key.label.split("\n"))


def _height(key: Key) -> float:
    return SIZE * LEADING * (key.label.count("\n") + 1) + UNDER


def _entry(key: Key, x: float, y: float) -> list[Element]:
    middle = y + 0.33 * SIZE  # of small letters
    found: list[Element] = []
    if key.patch is not None:
        found.append(Rect(x, middle - HIGH / 2, HANDLE, HIGH, key.patch, gid="key-patch"))
    if key.line is not None:
        found.append(Path(np.array([[x, middle], [x + HANDLE, middle]]), key.line, gid="key-line"))
    if key.marker:
        found.append(Marker(x + HANDLE / 2, middle, key.marker, key.size, key.look, gid="key-marker"))
    label = Text(
        x=x + HANDLE + TO_LABEL, y=y - 0.1 * SIZE, text=key.label, size=SIZE, level="top", leading=LEADING,
        gid=f"key-{key.gid}" if key.gid else "key",
    )  # fmt: skip
    return [*found, label]
