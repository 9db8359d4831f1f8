"""Weights of a spreadsheet as exact fractions; what looks rounded is asked about, never taken in silence.

`1/6` is exact, and so is what a formula `=1/6` leaves. 16.67 % may be a sixth: then the message shows the fractions,
and the user says whether they or the decimals are meant.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from unicodedata import normalize

from mpi.estimates.rounding import decimals, simpler, unrounded
from mpi.language import phrase
from mpi.specs.exact import fraction
from mpi.starting.grids import Cell

MOST_DENOMINATOR = 1000
LONG = 15  # digits of a number that a formula leaves; some programs store no more
PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Share:
    """A weight of a cell.

    Attributes
    ----------
    value : Fraction
    bare : bool
        Whether it is a number without %, so that the column says whether it is a percentage.
    """

    value: Fraction
    bare: bool


def share(cell: Cell) -> Share | None:
    """The exact weight of a cell; None if it is empty.

    Raises
    ------
    ValueError
        With a sentence, and the remedy, if it is no weight.
    """
    if isinstance(cell, bool):
        raise ValueError(phrase("no number"), phrase("write a fraction such as 1/6"))
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise ValueError(
            phrase("a date: programs make one of 1/6"),
            phrase("format the column as text and write 1/6 again, or write =1/6"),
        )
    if isinstance(cell, int | float):
        if not math.isfinite(cell) or cell < 0:
            raise ValueError(phrase("no weight"), phrase("write a fraction such as 1/6"))
        return Share(_of_number(float(cell)), bare=True)
    text = normalize("NFKC", str(cell)).strip().replace("\u2044", "/").replace(" ", "")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not text:
        return None
    try:
        return Share(fraction(text), bare="%" not in text and "/" not in text)
    except ValueError:
        raise ValueError(phrase("no number"), phrase("write a fraction such as 1/6")) from None


def _of_number(value: float) -> Fraction:
    """A number as it is shown; one of many digits is the quotient that a formula left, if there is one."""
    written = Fraction(repr(value))
    digits = repr(value).partition("e")[0].replace(".", "").strip("0")
    if len(digits) < LONG:
        return written
    near = Fraction(value).limit_denominator(MOST_DENOMINATOR)
    return near if abs(near - written) * 10 ** (decimals(written) or 0) <= 1 else written


def as_shares(cells: Mapping[int, Share]) -> dict[int, Fraction]:
    """Weights of a column by row; if a bare number is above 1, the bare numbers are percentages."""
    per_cent = any(one.bare and one.value > 1 for one in cells.values())
    return {row: one.value / PER_CENT if one.bare and per_cent else one.value for row, one in cells.items()}


def meant(weights: Sequence[Fraction], total: Fraction = Fraction(1)) -> tuple[Fraction, ...] | None:
    """The fractions that weights may be the rounding of, with the sum that they should have; None if they look exact.

    Examples
    --------
    >>> meant([Fraction("0.1667")] * 6)[0], meant([Fraction("0.25")] * 4)
    (Fraction(1, 6), None)
    """
    if sum(weights) == total:
        return unrounded(weights)
    places = max((found for weight in weights if (found := decimals(weight)) is not None), default=0)
    within = Fraction(1, 10**places) / 2
    near = tuple(simpler(weight, within) or weight for weight in weights)
    return near if sum(near) == total else None
