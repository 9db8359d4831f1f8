"""Colours as numbers: how well one is read on another, how different two are to every eye, and what lies between.

Colours are written `#rrggbb`.

References
----------
WCAG 2.2, "relative luminance" and "contrast ratio". Ottosson (2020), OKLab. Machado, Oliveira and Fernandes (2009),
IEEE Transactions on Visualization and Computer Graphics 15(6): colour vision without one kind of cone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

Triple: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = tuple[Triple, Triple, Triple]

LUMINANCE: Triple = (0.2126, 0.7152, 0.0722)
# From linear red, green and blue to the cones, from their cube roots to OKLab, and back.
TO_CONES: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
FROM_LAB: Matrix = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
FROM_CONES: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
# How linear red, green and blue look without the cones of long, middle and short waves.
VISIONS: Mapping[str, Matrix] = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 3), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1."""
    return sum(share * part for share, part in zip(LUMINANCE, _linear(colour), strict=True))


def difference(one: str, other: str, vision: str = "normal") -> float:
    """How different two colours look to an eye of `VISIONS`: the distance in OKLab, where 0.02 is hardly seen.

    Examples
    --------
    >>> round(difference("#ff0000", "#00aa00"), 2), round(difference("#ff0000", "#00aa00", "deuteranopia"), 2)
    (0.4, 0.02)
    """
    ends = [_lab(_times(VISIONS[vision], _linear(colour))) for colour in (one, other)]
    return math.dist(*ends)


@cache
def blended(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """So many colours at even steps through some others, in OKLab; the first and the last are the same.

    Parameters
    ----------
    colours : tuple of str
        Two or more.
    count : int
        Two or more.

    Examples
    --------
    >>> blended(("#ffffff", "#000000"), 3)
    ('#ffffff', '#636363', '#000000')
    """
    held = [_lab(_linear(colour)) for colour in colours]
    made = []
    for step in range(count):
        at = step * (len(colours) - 1) / (count - 1)
        low = min(int(at), len(colours) - 2)
        if at in (low, low + 1):
            made.append(colours[int(at)])
            continue
        share = at - low
        a, b, c = ((1 - share) * x + share * y for x, y in zip(held[low], held[low + 1], strict=True))
        made.append(_written((a, b, c)))
    return tuple(made)


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _expanded(red), _expanded(green), _expanded(blue)


def _expanded(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  of sRGB


def _times(matrix: Matrix, vector: Triple) -> Triple:
    a, b, c = (sum(one * part for one, part in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def _lab(linear: Triple) -> Triple:
    a, b, c = (max(part, 0.0) for part in linear)
    long, middle, short = _times(TO_CONES, (min(a, 1.0), min(b, 1.0), min(c, 1.0)))
    return _times(TO_LAB, (long ** (1 / 3), middle ** (1 / 3), short ** (1 / 3)))


def _written(lab: Triple) -> str:
    long, middle, short = _times(FROM_LAB, lab)
    parts = (min(max(part, 0.0), 1.0) for part in _times(FROM_CONES, (long**3, middle**3, short**3)))
    shown = (12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in parts)  # noqa: PLR2004
    return "#" + "".join(f"{round(255 * part):02x}" for part in shown)
