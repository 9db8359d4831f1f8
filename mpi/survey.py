"""A survey: where a measure's variables are found in files, and how the sample was drawn.

Specs only: `mpi.config` reads and checks them, `mpi.source` opens the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mpi.errors import Place
from mpi.rules import Rule
from mpi.variance import SinglePsu

Titles: TypeAlias = Mapping[str, str]
TableName = Literal["persons", "households", "dwellings"]
PsuCodes = Literal["nested", "unique"]
TABLES: tuple[TableName, ...] = ("persons", "households", "dwellings")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; None where it is to be found out and reported."""

    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the survey.

    Attributes
    ----------
    path : str or None
        A file name or pattern below the data folder; None where the households are rows of the persons' file.
    key : tuple of str
        The columns that identify a row.
    household, dwelling : tuple of str
        The columns of this table that hold the key of its household, or of its dwelling, in that table's order.
    columns : tuple of str
        For households inside the persons' file: the columns that belong to the household.
    """

    name: TableName
    path: str | None
    key: tuple[str, ...]
    household: tuple[str, ...] = ()
    dwelling: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    dialect: Dialect = Dialect()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a variable or domain comes from raw columns: a rule, or one column with a list of codes.

    Attributes
    ----------
    rule : Rule or None
        A rule over raw columns and other variables of the survey.
    column, table : str or None
        One column, and its table where more than one has it.
    codes : mapping of str to str, or None
        From code, as text, to label; any other code in the data is an error.
    width : int or None
        Numbers become text, padded with zeros to this width.
    optional : bool
        The column may be absent from a file (domains only).
    """

    name: str
    rule: Rule | None = None
    column: str | None = None
    table: TableName | None = None
    codes: Mapping[str, str] | None = None
    width: int | None = None
    optional: bool = False
    title: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Design:
    """How the sample was drawn.

    Attributes
    ----------
    weight : Rule or None
        The expansion factor of a household or person; None if the survey declares `weight: none`.
    stratum, psu : tuple of Derivation
        The parts that together name the stratum and the primary sampling unit; empty if there is none, so that each
        household is its own PSU.
    psu_codes : str
        `nested`: PSU codes restart in each stratum; `unique`: a code in two strata is an error.
    single_psu : str
        What a stratum with one PSU adds to a variance; `fail` refuses it.
    census : bool
        Every unit was enumerated: no sampling error.
    """

    weight: Rule | None
    stratum: tuple[Derivation, ...] = ()
    psu: tuple[Derivation, ...] = ()
    psu_codes: PsuCodes = "nested"
    single_psu: SinglePsu = "fail"
    census: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Survey:
    """A household survey or census as it lies in files.

    Attributes
    ----------
    tables : mapping of str to Table
        `persons`, `households`, or both, and `dwellings`.
    missing_codes : mapping of str to tuple of str
        For a column, the codes (as text) that mean that the answer is unknown.
    aliases : mapping of str to tuple of str
        For a column, other names that it has in some files.
    variables, domains : mapping of str to Derivation
        What the measure reads; the groups for which figures are wanted.
    members : Rule or None
        Number of persons of a household where there is no table of persons.
    """

    name: str
    title: Titles
    source: str
    period: str
    tables: Mapping[TableName, Table]
    design: Design
    variables: Mapping[str, Derivation]
    domains: Mapping[str, Derivation]
    missing_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Rule | None = None
    note: str = ""
    place: Place | None = field(default=None, compare=False)

    @property
    def has_persons(self) -> bool:
        """Whether there is a table with one row a person."""
        return "persons" in self.tables
