"""How a published table is read: which column holds what, as a mapping file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from mpi.files.digests import ConfigFile
from mpi.specs.data_files import Dialect
from mpi.vocabulary.options import NumberForm, Titles


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
    width : int
        Words of fewer digits get leading zeros up to it; 0: they stay as they are.
    """

    constant: str = ""
    column: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()
    others: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A column of numbers, perhaps with columns of its errors, and what is fixed for it alone.

    Attributes
    ----------
    column, se, cv, low, high : str
        Of the numbers, their standard errors, coefficients of variation and intervals; empty for none.
    keys, domains : mapping of str to Reading
        As of the table, for this column alone.
    title : mapping of str to str
        By language, on a map; the title of its statistic, or else its name, if left out.
    form : {"percent", "proportion", "number", "index"} or None
        What its numbers are, if no statistic and no factor of the table says it.
    breaks : tuple of float
        Of the classes of a map, in the numbers of the table.
    """

    column: str
    se: str = ""
    cv: str = ""
    low: str = ""
    high: str = ""
    keys: Mapping[str, Reading] = field(default_factory=dict)
    domains: Mapping[str, Reading] = field(default_factory=dict)
    title: Titles = field(default_factory=dict)
    form: NumberForm | None = None
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table of figures that another program or office made.

    Attributes
    ----------
    name : str
        Of the mapping; empty where no file says it.
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
    title, source, licence, note : mapping of str to str
        By language, what a map of the table says of it.
    level : Fraction
        Of the intervals.
    census : bool
        Whether everybody was counted, so that there are no sampling errors.
    edition : mapping of str to str
        Of the figures, by language.
    breaks : mapping of str to mapping of str to str
        Periods from which on figures are not comparable with earlier ones, and why, by language.
    measure : str
        The measure that the figures are of; empty: it does not say.
    table : Path or None
        The table itself, where the file names it.
    files : tuple of ConfigFile
        Those that were read.
    dialect : Dialect
        How the table is written, and its numbers.
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
    title: Titles = field(default_factory=dict)
    source: Titles = field(default_factory=dict)
    licence: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)
    level: Fraction = Fraction(95, 100)
    census: bool = False
    edition: Titles = field(default_factory=dict)
    breaks: Mapping[str, Titles] = field(default_factory=dict)
    measure: str = ""
    table: Path | None = None
    files: tuple[ConfigFile, ...] = ()
    dialect: Dialect = field(default_factory=Dialect)
