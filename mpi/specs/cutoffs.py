"""The exact cutoff k of a text: a fraction, a share in per cent, so many of so many indicators or dimensions."""

from __future__ import annotations

import re
from fractions import Fraction

from mpi.language import phrase
from mpi.specs.exact import MAX_CHARACTERS, fraction
from mpi.specs.indicators import Dimension, Indicator

HUNDRED = 100
_OF = re.compile(r"(\d+)\s+of\s+(\d+)")
_DIMENSIONS = re.compile(r"(\d+)\s+dimensions?")


def cutoff_value(text: str, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...]) -> Fraction:
    """The exact cutoff k of a text, in (0, 1].

    Parameters
    ----------
    text : str
        `1/3`, `0.33`, `33%`, `4 of 15` (needs 15 indicators of equal weight), `2 dimensions` (needs dimensions of
        equal weight, each combined).

    Raises
    ------
    ValueError
        With a sentence that says what is wrong and how to correct it.
    """
    text = text.strip()
    short = text if len(text) <= MAX_CHARACTERS else ""
    if match := _OF.fullmatch(short):
        count, total = int(match[1]), int(match[2])
        weighted = {indicator.weight for indicator in indicators if not indicator.monitor}
        number = sum(not indicator.monitor for indicator in indicators)
        if any(dimension.at_least for dimension in dimensions) or len(weighted) != 1 or number != total:
            raise ValueError(
                phrase(
                    "k: '{text}' needs {total} indicators of equal weight; write the fraction {count}/{total} instead",
                    text=text,
                    total=total,
                    count=count,
                )
            )
        return in_range(Fraction(count, total), text)
    if match := _DIMENSIONS.fullmatch(short):
        equal = len({dimension.weight for dimension in dimensions}) == 1
        if not equal or any(dimension.at_least is None for dimension in dimensions):
            raise ValueError(
                phrase(
                    "k: '{text}' needs dimensions of equal weight, each with `combine:`; write a fraction", text=text
                )
            )
        return in_range(Fraction(int(match[1]), len(dimensions)), text)
    try:
        value = fraction(text)
    except ValueError as error:
        raise ValueError(phrase("k: '{text}' is {fault}", text=text[:40], fault=error)) from None
    return in_range(value, text)


def in_range(value: Fraction, text: str) -> Fraction:
    """The cutoff itself; raises ValueError if it is outside (0, 1]."""
    if not 0 < value <= 1:
        percent = (
            phrase("; for a percentage write {text}%", text=text) if 1 < value <= HUNDRED and "%" not in text else ""
        )
        raise ValueError(phrase("k: {text} is outside (0, 1]{percent}", text=text, percent=percent))
    return value
