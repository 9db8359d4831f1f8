"""Numbers of the norm, read from their text into exact fractions; never through a float.

Weights and cutoffs decide who is poor, so 0.1 means one tenth and 1/3 means one third.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from mpi.language import phrase

MAX_CHARACTERS = 40
_FRACTION = re.compile(r"\s*([0-9]+)\s*/\s*([0-9]+)\s*")
_DECIMAL = re.compile(r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*(%?)\s*")


def fraction(text: str) -> Fraction:
    """The exact value of a number as written: `1/3`, `0.05`, `33%`.

    Parameters
    ----------
    text : str
        At most 40 characters, without sign and exponent.

    Raises
    ------
    ValueError
        If the text is not such a number, or divides by zero.

    Examples
    --------
    >>> fraction("0.1"), fraction("5/15"), fraction("33.3%")
    (Fraction(1, 10), Fraction(1, 3), Fraction(333, 1000))
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(phrase("a number of more than {most} characters", most=MAX_CHARACTERS))
    if match := _FRACTION.fullmatch(text):
        numerator, denominator = int(match[1]), int(match[2])
        if denominator == 0:
            raise ValueError(phrase("a fraction with denominator 0"))
        return Fraction(numerator, denominator)
    if match := _DECIMAL.fullmatch(text):
        value = Fraction(match[1])
        return value / 100 if match[2] else value
    raise ValueError(phrase("not a number such as 1/3, 0.05 or 33%"))


def least_common_denominator(fractions: list[Fraction]) -> int:
    """The smallest integer that turns all fractions into integers.

    Examples
    --------
    >>> least_common_denominator([Fraction(1, 10), Fraction(1, 25), Fraction(1, 20)])
    100
    """
    return math.lcm(*(value.denominator for value in fractions))
