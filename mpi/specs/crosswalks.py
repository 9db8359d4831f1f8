"""Files that lead on from codes: to those of another year, or to a number for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mpi.errors import Place
from mpi.specs.data_files import Dialect
from mpi.vocabulary.options import Titles


@dataclass(frozen=True, slots=True)
class CodePart:
    """One of the columns that make up a code, filled with zeros to its width."""

    column: str
    width: int
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """A file that leads from the codes of areas of one time to those of another: recoded, merged, or split (backwards).

    Attributes
    ----------
    path : str
        Below the data folder.
    source, target : tuple of CodePart
        The columns of the codes that there are, and of those that they become; a width of 0 is that of the codes.
    keep : bool
        Codes that are not listed stay as they are; else they are refused.
    vintage : mapping of str to str
        What the target codes are of, by language.
    codes : mapping of str to str
        What the file says, once it was read.
    """

    path: str
    source: tuple[CodePart, ...]
    target: tuple[CodePart, ...]
    keep: bool = False
    vintage: Titles = field(default_factory=dict)
    dialect: Dialect = field(default_factory=Dialect)
    place: Place | None = field(default=None, compare=False)
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A file that gives a number for each code, such as a poverty line by area and month.

    Attributes
    ----------
    path : str
        Below the data folder.
    source : tuple of CodePart
        The columns of the code; a width of 0 is that of the code in the data.
    value : str
        The column of the number.
    numbers : mapping of str to float
        What the file says, once it was read.
    """

    path: str
    source: tuple[CodePart, ...]
    value: str
    dialect: Dialect = field(default_factory=Dialect)
    place: Place | None = field(default=None, compare=False)
    numbers: Mapping[str, float] = field(default_factory=dict)
