"""Results: tidy Arrow tables, one row an estimate or a change, and what a reader should know of them."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Mask, Text
from mpi.errors import Fault, Notice, UsageError, listed, nearest
from mpi.errors.arguments import public
from mpi.estimates import forms
from mpi.estimates.basis import Basis
from mpi.language import phrase
from mpi.vocabulary.statistics import STATISTICS

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from great_tables import GT

BEFORE = ("measure", "survey", "period", "unit", "k", "statistic", "dimension", "indicator")
AFTER = ("estimate", "se", "ci_low", "ci_high", "cv", "log_cv", "df", "deff", "n_eff", "n", "n_poor", "psus",
         "population", "reliability", "reliability_rule", "note")  # fmt: skip
COLUMNS = (*BEFORE, *AFTER)


class NoRowError(UsageError, IndexError):
    """A row that a table does not have; an IndexError, as of any sequence."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Tidy:
    """A tidy table of figures; supports Arrow, so pandas, polars and DuckDB read it directly.

    Attributes
    ----------
    table : pyarrow.Table
    domains : tuple of str
        The domain columns.
    notices : tuple of Notice
    """

    table: pa.Table
    domains: tuple[str, ...]
    notices: tuple[Notice, ...]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def _named_by(self) -> str:
        """The column that says which figure a row is."""
        return "statistic"

    def _check_name(self, name: str) -> None:
        """Refuse the name of a figure that there is not."""
        check_statistic(name)

    @property
    def _keys(self) -> tuple[str, ...]:
        """Columns of texts that a row can be chosen by."""
        return tuple(
            name
            for name in self.table.column_names
            if name not in ("note", "reliability", "reliability_rule")
            and pa.types.is_dictionary(self.table.schema.field(name).type)
        )

    @public
    def only(self, statistic: str | Sequence[str], **where: str | Sequence[str | None] | None) -> Self:
        """The rows of one statistic or several, and of some values of other columns.

        Parameters
        ----------
        statistic : str or sequence of str
            Of `mpi.STATISTICS`.
        **where : str, None or sequence
            Column and value, or several; None for null (a domain's total).

        Raises
        ------
        UsageError
            If the statistic or a column is not known.
        """
        return self.take(self._chosen(statistic, where))

    def _chosen(
        self, statistic: str | Sequence[str], where: Mapping[str, str | Sequence[str | None] | None]
    ) -> NDArray[np.int64]:
        """The numbers of the rows that `only` gives."""
        for name in (statistic,) if isinstance(statistic, str) else statistic:
            self._check_name(name)
        known = self._keys
        for name in where:
            if name not in known:
                remedy = nearest(name, known) or phrase("there are {names}", names=listed(known, 20))
                raise UsageError(
                    Fault("MPI-E004", None, phrase("the figures have no column {name!r}", name=name), remedy)
                )
        keep = np.ones(len(self), np.bool_)
        for name, wanted in {**where, self._named_by: statistic}.items():
            values = (wanted,) if wanted is None or isinstance(wanted, str) else wanted
            keep &= np.logical_or.reduce([_equal(self.table.column(name), value) for value in values] or [~keep])
        return np.flatnonzero(keep)

    @public
    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> Self:
        """Some of the rows, by their number from 0, in the order asked for.

        Raises
        ------
        UsageError
            If there is no such row.
        """
        return self._taken(places(rows, len(self)))

    def _taken(self, rows: NDArray[np.int64]) -> Self:
        return replace(self, table=arrow.taken(self.table, rows))

    def rows(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        names = self.table.column_names
        return [dict(zip(names, row, strict=True)) for row in zip(*map(arrow.listed, self.table.columns), strict=True)]

    @public
    def row(self, statistic: str, **where: str | None) -> Mapping[str, Any]:
        """The one row of a statistic; columns that are not named must be the same in all rows, or null.

        Raises
        ------
        UsageError
            If no row or more than one fits.
        """
        # No copy of its forty columns.
        (row,) = self.table.slice(self._place(statistic, where), 1).to_pylist()
        own: Mapping[str, Any] = row
        return own

    def _place(self, statistic: str, where: dict[str, str | None]) -> int:
        """The number of the one row that `row` gives."""
        known = self._keys
        for name in (*self.domains, "indicator", "dimension"):
            if name in known and name not in where and not (name == "dimension" and where.get("indicator")):
                where[name] = None
        found = self._chosen(statistic, where)
        if len(found) != 1:
            shown = ", ".join(f"{name}={'null' if value is None else value}" for name, value in where.items())
            text = phrase(
                "{number} rows fit {statistic} with {shown}", number=len(found), statistic=statistic, shown=shown
            )
            raise UsageError(Fault("MPI-E004", None, text, phrase("name the cutoff k, the indicator or the domain")))
        return int(found[0])

    @public
    def value(self, statistic: str, **where: str | None) -> float | None:
        """The estimate of one row, see `row`; None where it is undefined."""
        value: float | None = self.table["estimate"][self._place(statistic, where)].as_py()
        return value

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The rows as dictionaries, so that `pandas.DataFrame(estimates)` has their columns."""
        return iter(self.rows())

    @overload
    def __getitem__(self, at: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, at: slice) -> Self: ...

    def __getitem__(self, at: int | slice | str) -> dict[str, Any] | Self:
        """One row as a dictionary, or some rows as a table of the same kind.

        Raises
        ------
        UsageError
            If there is no such row, or a name is given.
        """
        if isinstance(at, str):
            text = phrase("rows are taken by number, not by {name!r}", name=at)
            remedy = phrase("for a figure write .only({name!r}), for a column .to_pandas()[{name!r}]", name=at)
            raise UsageError(Fault("MPI-E004", None, text, remedy))
        if isinstance(at, slice):
            return self._taken(np.arange(len(self), dtype=np.int64)[at])
        row = operator.index(at)
        if not -len(self) <= row < len(self):
            text = phrase("there is no row {row}: there are {rows:,}", row=row, rows=len(self))
            raise NoRowError(Fault("MPI-E004", None, text, phrase("rows are counted from 0, or from the end with -1")))
        return self._taken(np.arange(len(self), dtype=np.int64)[[row]]).rows()[0]

    def _repr_html_(self) -> str:
        return forms.as_html(self.table, self.domains, self.notices, repr(self).partition(";")[0])

    def to_arrow(self) -> pa.Table:
        """The table itself."""
        return self.table

    def to_pandas(self) -> pd.DataFrame:
        """The table as a pandas data frame."""
        return self.table.to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """The table as a polars data frame; polars must be installed."""
        import polars

        return polars.DataFrame(self)

    @public
    def wide(self, by: str, *, values: str = "estimate") -> pd.DataFrame:
        """One row for each group of a domain, one column for each statistic, cutoff and indicator that there is.

        Parameters
        ----------
        by : str
            A domain, or another column of texts; rows of other domains are left out. The whole is `total`.
        values : str
            The column of numbers to show.

        Returns
        -------
        pandas.DataFrame
            Indexed by `by`.

        Raises
        ------
        UsageError
            If there is no such column, or several figures would be one cell.
        """
        return forms.wide(self.table, by, self.domains, values).to_pandas().set_index(by)

    @public
    def to_csv(self, path: str | Path | None = None, *, overwrite: bool = False) -> str | None:
        """The whole table as CSV: a text, or a file that appears whole or not at all; texts are safe in spreadsheets.

        Raises
        ------
        UsageError
            If the file exists and is not to be replaced.
        """
        return forms.given(forms.as_csv(self.table).decode(), path, overwrite)

    @public
    def to_markdown(self, path: str | Path | None = None, *, overwrite: bool = False) -> str | None:
        """The figures to four decimals as a table of Markdown, a text or a file; see `to_csv`."""
        return forms.given(forms.as_markdown(self.table, self.domains), path, overwrite)

    @public
    def to_latex(self, path: str | Path | None = None, *, overwrite: bool = False) -> str | None:
        """The figures to four decimals as a LaTeX table (package booktabs), a text or a file; see `to_csv`."""
        return forms.given(forms.as_latex(self.table, self.domains), path, overwrite)

    @public
    def to_great_tables(self, title: str = "") -> GT:
        """The figures as a publication table of great_tables, which HTML, LaTeX and pictures are made from.

        Parameters
        ----------
        title : str
            Above the table; what the figures are if left out.

        Raises
        ------
        UsageError
            If great_tables is not installed.
        """
        return forms.as_great_table(self.table, self.domains, self.notices, title)

    @public
    def to_excel(self, path: str | Path, *, overwrite: bool = False) -> None:
        """The whole table as a sheet of an .xlsx file, and the notices as another.

        Raises
        ------
        UsageError
            If XlsxWriter is not installed, the file exists, or there are more rows than a sheet has.
        """
        forms.put(Path(path), lambda part: forms.write_sheet(self.table, self.notices, part), overwrite)


@dataclass(frozen=True, slots=True, eq=False)
class Placed(Tidy):
    """A tidy table with the position of each row in the basis from which it was computed.

    Attributes
    ----------
    basis : Basis
        What the estimates rest on, so that covariances and changes need no microdata.
    places : int64, shape (rows,)
        The place of each row in the whole table of the basis.
    """

    basis: Basis
    places: NDArray[np.int64]

    def _taken(self, rows: NDArray[np.int64]) -> Self:
        return replace(self, table=arrow.taken(self.table, rows), places=self.places[rows])


def places(rows: NDArray[np.int64] | Sequence[int], number: int) -> NDArray[np.int64]:
    """Rows as an array of numbers from 0, all of them below `number`.

    Raises
    ------
    UsageError
        If one is not.
    """
    try:
        found = np.array(rows, np.int64)
    except (OverflowError, TypeError, ValueError):
        found = np.array([-1])
    if found.ndim != 1 or ((found < 0) | (found >= number)).any():
        text = phrase("rows are a list of whole numbers from 0 to {value}", value=number - 1)
        raise UsageError(Fault("MPI-E004", None, text, phrase("take np.flatnonzero(...) of a column of the table")))
    return found


def refuse_columns(domains: Sequence[str], columns: Collection[str]) -> None:
    """Refuse domains that are called as a column of the results, which one of both would be lost of.

    Raises
    ------
    UsageError
    """
    for name in domains:
        if name in columns:
            text = phrase("no figures by {name!r}: the results have a column of that name", name=name)
            raise UsageError(Fault("MPI-E002", None, text, phrase("give the domain another name")))


def check_statistic(statistic: str) -> None:
    """Refuse a statistic that there is not.

    Raises
    ------
    UsageError
    """
    if statistic not in STATISTICS:
        remedy = nearest(statistic, STATISTICS) or phrase("there are {names}", names=", ".join(STATISTICS))
        raise UsageError(
            Fault("MPI-E004", None, phrase("there is no statistic {statistic!r}", statistic=statistic), remedy)
        )


def _equal(column: pa.ChunkedArray, value: str | None) -> Mask:
    """Where a column of texts holds a value, or null; bool, shape (rows,)."""
    found = arrow.places_of(column, value)
    if found is not None:
        return found
    texts = arrow.values_of(column)
    known = np.ones(len(texts), np.bool_) if texts.known is None else texts.known
    if value is None:
        return ~known
    if not isinstance(texts, Text) or value not in texts.labels:
        return np.zeros(len(texts), np.bool_)
    equal: Mask = known & (texts.codes == texts.labels.index(value))
    return equal
