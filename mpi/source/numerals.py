"""How the numbers of a CSV column are written: its decimal sign and the one between thousands, never guessed.

A column is looked at as a whole, over all files of its table. It becomes numbers if all its cells are numbers in one
way of writing them; where two ways fit and give other numbers (`1.250`), the column is refused when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.language import phrase
from mpi.specs.data_files import Dialect

APOSTROPHES = "\u2019\u00b4`"
BLANKS = "\\s\u00a0\u2007\u2009\u202f"  # those of Unicode that stand between thousands too
INTEGER = r"^-?(0|[1-9]\d{0,18})$"
DIGITS = r"^-?\d+$"
DECIMALS = (".", ",")
KINDS = {".": phrase("dots"), ",": phrase("commas")}
SIGNS_OF_THOUSANDS = (".", ",", " ", "'")
THOUSANDS = (None, *SIGNS_OF_THOUSANDS)
# What those who write files put for a missing value: no value of a person, so that messages may quote it.
MARKS = frozenset({
    "na", "n/a", "n.a.", "#n/a", "nan", "null", "#null!", "none", "missing", "miss", "-", "--", ".", "..", "...", "*",
    "**", "?", "nd", "n.d.", "n/d", "ns", "nr", "ns/nr", "nsnr", "s/d", "sd", "sin dato", "sin datos", "no sabe",
    "no aplica", "unknown", "<na>", *(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
})  # fmt: skip
COMMON = 10  # cells; a text in so many is nobody's own
FIRST = 100  # cells that rule out most ways to write numbers, before all cells are looked at
BARE = np.isin(np.arange(256), np.frombuffer(b"0123456789+-.,eE", np.uint8))  # bytes that nothing is trimmed of

ONE_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)

Kind = Literal["empty", "whole", "decimal", "text", "doubtful"]


def one_number(text: str) -> Decimal | None:
    """The number that a cell of a small table is, exactly; None if it is none.

    Digits of ASCII with a decimal point, as people write numbers: none of what Python takes besides, such as `1_000`,
    `nan`, `infinity` or digits of other scripts.

    Examples
    --------
    >>> one_number("12.50"), one_number("1_000"), one_number("nan"), one_number("1,5")
    (Decimal('12.50'), None, None, None)
    """
    return Decimal(text) if ONE_NUMBER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to write numbers: the decimal sign, and the sign between thousands, if any."""

    decimal: str
    thousands: str | None = None

    @property
    def pattern(self) -> str:
        """What such a number looks like, as a regular expression."""
        point = "\\" + self.decimal
        plain = rf"(0|[1-9]\d*)({point}\d+)?([eE][+-]?\d{{1,3}})?|{point}\d+([eE][+-]?\d{{1,3}})?"
        if self.thousands is None:
            return rf"^-?({plain})$"
        sign = "\\" + self.thousands if self.thousands in DECIMALS else self.thousands
        return rf"^-?({plain}|[1-9]\d{{0,2}}({sign}\d{{3}})+({point}\d+)?)$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a column's cells are.

    Attributes
    ----------
    kind : str
        empty (all missing), whole, decimal, text, or doubtful: numbers that can be read in two ways.
    reading : Reading or None
        How its numbers are written, where signs stand in them.
    cells : int
        Cells that are not missing.
    odd : int
        Of a doubtful column the cells that can be read in two ways; of a text those that are no numbers, if others are.
    marks : tuple of str
        The texts of those cells that may be quoted, the commonest first.
    others : int
        How many further texts there are.
    mixed : bool
        Whether all are numbers, but not all written in one way.
    alone : Reading or None
        How all of them are written, where that is not as stated.
    """

    kind: Kind
    reading: Reading | None = None
    cells: int = 0
    odd: int = 0
    marks: tuple[str, ...] = ()
    others: int = 0
    mixed: bool = False
    alone: Reading | None = None


def trimmed(column: pa.ChunkedArray, missing: Sequence[str]) -> pa.ChunkedArray:
    """Cells without blanks around them; those that are blank or one of some texts are null."""
    import pyarrow.compute as pc

    plain = _is_plain(column)
    if plain and not missing:
        return column  # an empty cell is null already
    bare = column if plain else pc.utf8_trim_whitespace(column)
    gone = pc.is_in(bare, value_set=arrow.texts(["", *(text.strip() for text in missing)]))
    return pc.if_else(gone, arrow.NO_TEXT, bare)


def written(bare: pa.ChunkedArray, stated: Dialect) -> Written:
    """How a column's numbers are written.

    Parameters
    ----------
    bare : ChunkedArray
        Its cells in all files, as `trimmed` leaves them.
    stated : Dialect
        The signs that the survey states, which are obeyed.
    """
    import pyarrow.compute as pc

    cells = len(bare) - bare.null_count
    if not cells:
        return Written(kind="empty")
    if (decimal := _decimal(bare, stated)) is not None:
        return Written(kind="decimal", reading=Reading(decimal), cells=cells)
    whole = pc.match_substring_regex(bare, INTEGER)
    odd = _plain(bare.filter(pc.invert(whole)))
    if not len(odd):
        return Written(kind="whole" if _fits(bare) else "text", cells=cells)
    if pc.all(pc.match_substring_regex(odd, DIGITS)).as_py():  # codes with zeros before them, or longer than 64 bits
        return Written(kind="text", cells=cells)
    readings = [
        reading for reading in candidates(stated) if pc.all(pc.match_substring_regex(odd, reading.pattern)).as_py()
    ]
    if not readings:
        return _no_numbers(bare, odd, cells, stated)
    present = [sign for sign in (*DECIMALS, " ", "'") if pc.any(pc.match_substring(odd, sign)).as_py()]
    # Two ways differ where a sign that is there parts decimals in one and thousands in the other.
    roles = {reading.decimal if reading.decimal in present else None: reading for reading in reversed(readings)}
    if len(roles) > 1:
        signs = pc.or_(pc.match_substring(odd, "."), pc.match_substring(odd, ","))
        return Written(kind="doubtful", reading=readings[0], cells=cells, odd=int(pc.sum(signs).as_py()))
    reading = readings[0]
    used = reading if reading.thousands in present else Reading(reading.decimal)
    decimals = reading.decimal in present or pc.any(pc.match_substring_regex(odd, "[eE]")).as_py()
    return Written(kind="decimal" if decimals else "whole", reading=used if present else None, cells=cells)


def _decimal(bare: pa.ChunkedArray, stated: Dialect) -> str | None:
    """The decimal sign of a column whose cells are numbers without thousands, if its first cells allow no other sign.

    What follows in `written` comes to the same, but holds all cells against every way to write numbers.
    """
    import pyarrow.compute as pc

    first = _plain(bare.slice(0, FIRST).drop_null())
    odd = first.filter(pc.invert(pc.match_substring_regex(first, INTEGER)))
    fitting = [one for one in candidates(stated) if pc.all(pc.match_substring_regex(odd, one.pattern)).as_py()]
    if not len(odd) or not fitting or fitting[0].thousands is not None:
        return None
    plain = fitting[0]
    other = any(one.decimal != plain.decimal for one in fitting)
    if other or not pc.any(pc.match_substring(odd, plain.decimal)).as_py():
        return None
    return plain.decimal if pc.all(pc.match_substring_regex(bare, plain.pattern)).as_py() else None


def numbers(bare: pa.ChunkedArray, found: Written) -> pa.ChunkedArray:
    """The cells of a column as numbers."""
    import pyarrow.compute as pc

    if found.reading is not None:
        if found.reading.thousands is not None:
            bare = pc.replace_substring(_plain(bare), found.reading.thousands, "")
        if found.reading.decimal != ".":
            bare = pc.replace_substring(bare, found.reading.decimal, ".")
    return bare.cast(pa.int64() if found.kind == "whole" else pa.float64())


def _plain(bare: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells with one sort of blank and of apostrophe."""
    import pyarrow.compute as pc

    if _is_plain(bare):
        return bare
    one = pc.replace_substring_regex(bare, f"[{BLANKS}]", " ")
    return pc.replace_substring_regex(one, f"[{APOSTROPHES}]", "'")


def _is_plain(column: pa.ChunkedArray) -> bool:
    """Whether the cells hold digits, signs of numbers in ASCII and nothing else; false for texts of over 2 GiB."""
    for chunk in column.chunks:
        if len(chunk) and not pa.types.is_string(chunk.type):
            return False
        if len(chunk):
            _, offsets, data = chunk.buffers()
            ends = np.frombuffer(offsets, np.int32, len(chunk) + 1, 4 * chunk.offset)
            if data is not None and not BARE[np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]].all():
                return False
    return True


def _fits(bare: pa.ChunkedArray) -> bool:
    try:
        bare.cast(pa.int64())
    except pa.ArrowInvalid:
        return False
    return True


def candidates(stated: Dialect) -> list[Reading]:
    """The ways to write numbers that what is stated leaves open, plain ones first."""
    decimals = DECIMALS if stated.decimal is None else (stated.decimal,)
    thousands = THOUSANDS if stated.thousands is None else (stated.thousands,)
    return [Reading(decimal, sign) for sign, decimal in product(thousands, decimals) if sign != decimal]


def _no_numbers(bare: pa.ChunkedArray, odd: pa.ChunkedArray, cells: int, stated: Dialect) -> Written:
    """A text, and if some of its cells are numbers, what the others are."""
    import pyarrow.compute as pc

    best, left = None, odd
    for reading in candidates(stated):
        rest = odd.filter(pc.invert(pc.match_substring_regex(odd, reading.pattern)))
        if best is None or len(rest) < len(left):
            best, left = reading, rest
    alone = None if stated == Dialect() else written(bare, Dialect())
    otherwise = alone.reading if alone is not None and alone.kind != "text" else None
    if len(left) == cells and otherwise is None:
        return Written(kind="text", cells=cells)
    numeral = pc.match_substring_regex(left, Reading(".").pattern)
    for reading in candidates(Dialect()):
        numeral = pc.or_(numeral, pc.match_substring_regex(left, reading.pattern))
    counts = sorted(((n, text) for text, n in _counts(left)), key=lambda pair: (-pair[0], pair[1]))
    marks = tuple(text for n, text in counts if text.casefold() in MARKS or n >= COMMON)
    return Written(
        kind="text",
        reading=best,
        cells=cells,
        odd=len(left),
        marks=marks,
        others=len(counts) - len(marks),
        mixed=bool(pc.all(numeral).as_py()),
        alone=otherwise,
    )


def _counts(cells: pa.ChunkedArray) -> list[tuple[str, int]]:
    import pyarrow.compute as pc

    found = pc.value_counts(cells)
    return list(zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True))
