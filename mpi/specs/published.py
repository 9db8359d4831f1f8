"""How a published table is read: which column holds what, as a mapping file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where a word of a figure comes from: always the same, or a column.

    Attributes
    ----------
    constant, column : str
        One of them is empty.
    codes : mapping of str to str
        What a word of the column means; a row with a word that is not among them is left out.
    none : tuple of str
        Words that mean that there is none, such as the code of the total; an empty cell always does.
    others : str
        What the words mean that `codes` lacks; empty: they are left out, or stay as they are if there are no codes.
    """

    constant: str = ""
    column: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    others: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A column of numbers, perhaps with columns of its errors, and what is fixed for it alone."""

    column: str
    se: str = ""
    low: str = ""
    high: str = ""
    keys: Mapping[str, Reading] = field(default_factory=dict)
    domains: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table of figures that another program or office made.

    Attributes
    ----------
    only : mapping of str to tuple of str
        The rows that are read: words by column.
    keys : mapping of str to Reading
        Of `period`, `unit`, `k`, `statistic`, `dimension`, `indicator`.
    domains : mapping of str to Reading
    values : tuple of Values
    factors : mapping of str to Fraction
        By statistic, what a number is multiplied by to be a proportion, an index or a number of units; under an empty
        text that of all others.
    decimals : mapping of str to int
        By statistic, the digits behind the point to which numbers are rounded; under an empty text those of all others.
        Where it has neither, as many as most of its numbers have.
    sheet : str
        Of a spreadsheet; empty: the first.
    header : int
        Row of the headings of a spreadsheet, from 1.
    """

    name: str
    keys: Mapping[str, Reading]
    domains: Mapping[str, Reading]
    values: tuple[Values, ...]
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    factors: Mapping[str, Fraction] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    sheet: str = ""
    header: int = 1
