"""Numbers of small tables, such as published figures, costs and places: exact, and never guessed.

A column is read as a whole, as those of surveys are (`numerals`): where two ways to write numbers fit and give other
numbers (`1,250`), it is refused. A cell that its file holds as a number has one way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mpi.errors import Fault, Place, counted
from mpi.language import Phrase, phrase
from mpi.source.numerals import APOSTROPHES, BLANKS, KINDS, Reading, candidates, one_number
from mpi.specs.data_files import Dialect

UNSTATED = Dialect()
SIGNED = re.compile(r"[.,'\s]")  # what parts decimals or thousands


class Numeral(str):
    """The text of a cell that its file holds as a number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of a small table.

    Attributes
    ----------
    exact : tuple of (Decimal or None)
        None for a cell that is no number.
    sign : str
        What may part decimals or thousands in it; empty if there is one way to read it.
    odd : int
        Cells with this sign.
    """

    exact: tuple[Decimal | None, ...]
    sign: str = ""
    odd: int = 0


def numbers_of(cells: Sequence[str], stated: Dialect = UNSTATED) -> Numbers:
    """The numbers of a column, written in the one way that fits all its cells, or else most.

    Parameters
    ----------
    cells : sequence of str
    stated : Dialect
        Signs that are stated, which are obeyed.

    Examples
    --------
    >>> [numbers_of([text]).exact[0] for text in ("1,5", "1.234,5", "1 234", "1_000", "007")]
    [Decimal('1.5'), Decimal('1234.5'), Decimal('1234'), None, Decimal('7')]
    >>> numbers_of(["1,250", "3"]).sign, numbers_of(["1,250", "12.5"]).exact[0], numbers_of(["1.2500"]).sign
    (',', Decimal('1250'), '')
    """
    bare = [_bare(cell) for cell in cells]
    signed = {
        text for text, cell in zip(bare, cells, strict=True) if not isinstance(cell, Numeral) and SIGNED.search(text)
    }
    ways = [one for one in candidates(stated) if all(re.match(one.pattern, text) for text in signed)]
    if not ways:  # some cells are no numbers: as most of the others are written
        fits = [(sum(bool(re.match(one.pattern, text)) for text in signed), one) for one in candidates(stated)]
        ways = [one for number, one in fits if number == max(fits, key=lambda fit: fit[0])[0]]
    meant = {tuple(_number(text, way) for text in sorted(signed)) for way in ways}
    exact = (
        _number(text, ways[0]) if text in signed and not isinstance(cell, Numeral) else one_number(text)
        for text, cell in zip(bare, cells, strict=True)
    )
    if len(meant) == 1:
        return Numbers(tuple(exact))
    sign = next(one for one in (ways[0].decimal, ways[0].thousands or "") if any(one in text for text in signed))
    return Numbers(tuple(exact), sign, sum(sign in text for text in bare if text in signed))


def _bare(cell: str) -> str:
    """A cell with one sort of blank and of apostrophe, without blanks around it or a sign that says nothing."""
    text = re.sub(f"[{BLANKS}]", " ", cell.strip()).replace("\u2212", "-").removeprefix("+")
    return re.sub(f"[{APOSTROPHES}]", "'", text)


def _number(text: str, way: Reading) -> Decimal | None:
    if not re.match(way.pattern, text):
        return None
    whole = text if way.thousands is None else text.replace(way.thousands, "")
    return Decimal(whole.replace(way.decimal, "."))


def doubtful(column: str, found: Numbers, place: Place, remedy: Phrase | None = None) -> Fault:
    """The fault of a column that can be read in two ways."""
    text = phrase(
        "column {column!r} can be read in two ways: in {cells} {kinds} may part decimals or thousands "
        "(as in 1{sign}250)",
        column=column,
        cells=counted(found.odd, "cell"),
        kinds=KINDS[found.sign],
        sign=found.sign,
    )
    usual = phrase("write thousands without a sign (1250), and three decimals with a fourth (1.2500)")
    return Fault("MPI-D131", place, text, remedy or usual)
