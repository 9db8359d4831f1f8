"""What a column of data holds, told without a value that could be one person's.

A code is shown with its number of rows from `RARE` rows on. Those with fewer are grouped, unless the file's own list of
labels names them. Numbers are shown by two rounded percentiles, other texts only by how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Text, Truth, Values, where_known
from mpi.errors import folded
from mpi.source.labels import Labels, text_of

FEW = 40  # different values up to which they are taken for codes
RARE = 10  # rows below which a code is not shown
SHOWN_FROM = 200  # rows from which percentiles are shown: ten rows lie outside on each side
OUTSIDE = 5  # per cent of the rows on each side
DIGITS = 2  # of percentiles
LARGE_GAP = 3  # a code so many times the next lower one may mean that the answer is unknown
NINES = {-9, -8, -1, 9, 98, 99, -99, 998, 999, -999, 9998, 9999, 99998, 99999, 999999}
UNKNOWN = ("no sabe", "ns/nr", "no responde", "no informa", "sin dato", "sin informacion", "ignorad", "nao sabe",
           "don't know", "dont know", "missing", "refused", "not stated", "no answer", "unknown")  # fmt: skip
Levels: TypeAlias = "NDArray[np.float64] | NDArray[np.int64] | tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Code:
    """A value that several rows have.

    Attributes
    ----------
    code, label : str
    rows : int or None
        None: fewer than `RARE`, or none.
    """

    code: str
    label: str
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column holds.

    Attributes
    ----------
    type : str
        number, text, truth, empty, or other (which is not read).
    title : str
        What the file calls it; often the question.
    missing : int
        Rows without a value, codes that the file declares missing among them.
    missing_codes : tuple of Code
        Those codes.
    perhaps_missing : tuple of str
        Codes that may mean that the answer is unknown, though the file does not say so.
    distinct : int
        Different values.
    whole : bool
        Whether all numbers are whole.
    codes : tuple of Code
        Values, if they are few; in their order.
    rare : int
        How many further values each have fewer than `RARE` rows.
    middle : tuple of float or None
        Of many numbers: the middle 90 % lie between these, rounded to two digits.
    """

    name: str
    type: str
    title: str = ""
    missing: int = 0
    missing_codes: tuple[Code, ...] = ()
    perhaps_missing: tuple[str, ...] = ()
    distinct: int = 0
    whole: bool = False
    codes: tuple[Code, ...] = ()
    rare: int = 0
    middle: tuple[float, float] | None = None

    @property
    def without_values(self) -> Column:
        """The same without codes and percentiles, for a column that identifies somebody."""
        return replace(self, codes=(), rare=0, middle=None, perhaps_missing=())


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as codes.

    Attributes
    ----------
    levels : array or tuple of str
        Its different values, in their order.
    codes : int32, shape (n,)
        Index into them; -1 where the value is unknown.
    """

    levels: Levels
    codes: NDArray[np.int32]

    @property
    def complete(self) -> bool:
        """Whether every row has a value."""
        return not self.codes.size or bool(self.codes.min() >= 0)

    @property
    def decimal(self) -> bool:
        """Whether some number is not whole."""
        return isinstance(self.levels, np.ndarray) and bool((self.levels != np.rint(self.levels)).any())

    @property
    def integers(self) -> bool:
        """Whether it holds whole numbers."""
        return isinstance(self.levels, np.ndarray) and not self.decimal


def coded(values: Values) -> Coded:
    """A column's different values, and which of them each row has."""
    known = where_known(values)
    codes = np.full(len(values), -1, np.int32)
    match values:
        case Number():
            levels, inverse = np.unique(values.values[known], return_inverse=True)
            codes[known] = inverse
            return Coded(levels.astype(np.float64) if levels.dtype.kind == "f" else levels.astype(np.int64), codes)
        case Truth():
            codes[known] = values.true[known]
            return Coded(("false", "true"), codes)
        case Text():
            used, inverse = np.unique(values.codes[known], return_inverse=True)
            texts = [values.labels[code] for code in used]
            order = sorted(range(len(texts)), key=texts.__getitem__)
            places = np.empty(len(order), np.int32)
            places[order] = np.arange(len(order), dtype=np.int32)
            codes[known] = places[inverse]
            return Coded(tuple(texts[i] for i in order), codes)


def column(name: str, sort: str, found: Coded, labels: Labels, missing: Mapping[str, int]) -> Column:
    """What a column holds.

    Parameters
    ----------
    name, sort : str
    found : Coded
    labels : Labels
        What the file says of it.
    missing : mapping of str to int
        How many rows hold each code that the file declares missing.
    """
    known = found.codes[found.codes >= 0]
    counts = np.bincount(known, minlength=len(found.levels))
    base = Column(
        name=name,
        type=sort,
        title=labels.title,
        missing=found.codes.size - known.size,
        missing_codes=tuple(Code(code, labels.values.get(code, ""), _shown(n)) for code, n in sorted(missing.items())),
        distinct=int((counts > 0).sum()),
        whole=found.integers,
    )
    if base.distinct <= FEW:
        return _with_codes(base, [_written(level) for level in found.levels], counts, labels.known)
    if isinstance(found.levels, np.ndarray) and known.size >= SHOWN_FROM:
        low, high = np.percentile(found.levels[known], [OUTSIDE, 100 - OUTSIDE])
        return replace(base, middle=(_rounded(float(low)), _rounded(float(high))))
    return base


def _with_codes(base: Column, levels: Sequence[str], counts: NDArray[np.int64], labels: Mapping[str, str]) -> Column:
    rows = {level: int(n) for level, n in zip(levels, counts, strict=True) if n}
    shown = {code: n for code, n in rows.items() if n >= RARE or code in labels}
    names = [*dict.fromkeys([*labels, *shown])] if len(labels) <= FEW else [*shown]
    codes = tuple(Code(code, labels.get(code, ""), _shown(rows.get(code, 0))) for code in sorted(names, key=_order))
    return replace(base, codes=codes, rare=len(rows.keys() - shown.keys()), perhaps_missing=_perhaps(base, codes))


def _perhaps(base: Column, codes: Sequence[Code]) -> tuple[str, ...]:
    """Codes whose label says that the answer is unknown, or that stand apart as 99 does after 12."""
    by_label = {one.code for one in codes if any(word in folded(one.label) for word in UNKNOWN)}
    if base.whole and not any(one.label for one in codes):
        numbers = sorted(int(one.code) for one in codes)
        least = next((n for n in reversed(numbers) if n not in NINES), 0)
        apart = {n for n in numbers if n in NINES and (n < 0 <= least or n > LARGE_GAP * max(least, 2))}
        by_label |= {str(n) for n in apart}
    return tuple(sorted(by_label, key=_order))


def _shown(rows: int) -> int | None:
    return rows if rows >= RARE else None


def _written(level: object) -> str:
    return level if isinstance(level, str) else text_of(float(level))  # type: ignore[arg-type]  # a number of numpy


def _order(code: str) -> tuple[float, str]:
    try:
        return float(code), code
    except ValueError:
        return float("inf"), code


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
