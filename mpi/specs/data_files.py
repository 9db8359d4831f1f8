"""How the files of a table are written, as far as the survey says so; what it leaves out is found out and reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mpi.errors import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a CSV file is written; None where it is to be found out and reported.

    Attributes
    ----------
    delimiter, decimal, encoding : str or None
    thousands : str or None
        The sign between thousands: a dot, a comma, a blank (of any width) or an apostrophe.
    missing : tuple of str
        Texts of cells that mean that the value is unknown, in every column.
    columns : mapping of str to Dialect
        The signs of single columns that are written otherwise.
    """

    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] = ()
    columns: Mapping[str, Dialect] = field(default_factory=dict)

    def of(self, column: str) -> Dialect:
        """The signs of a column's numbers."""
        return self.columns.get(column, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the survey says of the files of a table, besides their path; None where it is found out, or not needed.

    Attributes
    ----------
    encoding : str or None
        Of the texts of a Stata, SPSS or SAS file that states a wrong one; of a text of fixed width.
    sheet : str or None
        The sheet of a spreadsheet.
    header : int or None
        Its row with the names of columns, from 1.
    member : str or None
        A name or pattern of members of an archive.
    fixed : mapping of str to (int, int)
        For a text of fixed width: the first place of each column, from 1, and its width.
    dictionary : str or None
        A file, beside the data, that says the same.
    """

    encoding: str | None = None
    sheet: str | None = None
    header: int | None = None
    member: str | None = None
    fixed: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    dictionary: str | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether the files are texts of fixed width."""
        return bool(self.fixed) or self.dictionary is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query whose rows are a table's.

    Attributes
    ----------
    sql : str
        One SELECT.
    database : str
        The name by which the environment, or a service file, says where the database is.
    """

    sql: str
    database: str
    place: Place | None = field(default=None, compare=False)
