"""A survey's tables opened together: which columns there are, what they are called in this year's files, which codes
mean that the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np

from mpi.arrow import Sort
from mpi.errors import DataError, Fault, MpiError, Notice, Place, UsageError, listed, nearest
from mpi.source.tables import Opened, open_frame, open_table
from mpi.survey import TABLES, Survey, Table, TableName
from mpi.values import Number, Text, Truth, Values


@dataclass(frozen=True, slots=True)
class OpenedSurvey:
    """A survey whose files are open and whose columns are known.

    Attributes
    ----------
    tables : mapping of str to Opened
        persons, households, dwellings, as far as the survey has them in files of their own.
    columns : mapping of str to mapping of str to str
        For each table (households inside the persons' file included) the sort of each column, under the survey's
        name for it.
    physical : mapping of (str, str) to str
        The name that a column has in the files, where it differs.
    """

    survey: Survey
    tables: Mapping[str, Opened]
    columns: Mapping[str, Mapping[str, Sort]]
    physical: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was opened."""
        return tuple(file for table in self.tables.values() for file in table.files)

    @property
    def notices(self) -> list[Notice]:
        """What was found out about the files."""
        return [Notice("MPI-N001", remark) for table in self.tables.values() for remark in table.remarks]

    def tables_with(self, column: str) -> list[TableName]:
        """The tables that have a column of this name."""
        return [name for name in TABLES if column in self.columns.get(name, {})]

    def stored(self, table: str) -> str:
        """The table in whose files a table lies: households may lie inside the persons' file."""
        return table if table in self.tables else "persons"

    def read_name(self, table: str, column: str) -> str:
        """The name of a column in the files."""
        return self.physical.get((self.stored(table), column), column)

    def cleaned(self, table: str, column: str, values: Values) -> Values:
        """A column with its missing codes turned into unknowns."""
        codes = self.survey.missing_codes.get(column)
        return _without_codes(values, codes) if codes else values


def open_survey(survey: Survey, data: str | Path | Mapping[str, object]) -> OpenedSurvey:
    """Open a survey's tables.

    Parameters
    ----------
    survey : Survey
    data : str, Path or mapping
        The folder in which the survey's paths lie; or for each table a path or a frame (anything with
        `__arrow_c_stream__`).

    Raises
    ------
    DataError
        With every fault of every table.
    UsageError
        If a table is missing from the mapping or unknown.
    """
    faults: list[Fault] = []
    tables: dict[str, Opened] = {}
    for name, source in _sources(survey, data).items():
        table = survey.tables[name]
        try:
            if isinstance(source, tuple):
                tables[name] = open_table(name, source[1], source[0], table.dialect)
            else:
                tables[name] = open_frame(name, source)
        except MpiError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    columns, physical = _named(survey, tables, faults)
    _check_columns(survey, columns, faults)
    if faults:
        raise DataError(*faults)
    return OpenedSurvey(survey, tables, columns, physical)


def _sources(survey: Survey, data: str | Path | Mapping[str, object]) -> dict[TableName, tuple[Path, str] | object]:
    own = {name: table for name, table in survey.tables.items() if table.path is not None}
    if isinstance(data, str | Path):
        folder = Path(data)
        if not folder.is_dir():
            raise UsageError(Fault("MPI-U001", Place(str(data)), "the data folder does not exist", "look at --data"))
        return {name: (folder, cast(str, table.path)) for name, table in own.items()}
    if hasattr(data, "__arrow_c_stream__") and len(own) == 1:
        return dict.fromkeys(own, data)
    if not isinstance(data, Mapping):
        text = f"data is a {type(data).__name__}; the survey has the tables {', '.join(own)}"
        raise UsageError(Fault("MPI-U001", None, text, "give a folder, or {'persons': ..., 'households': ...}"))
    strange = [name for name in data if name not in own]
    lacking = [name for name in own if name not in data]
    if strange or lacking:
        text = f"the survey has the tables {', '.join(own)}; " + (
            f"not known: {listed(strange)}" if strange else f"not given: {listed(lacking)}"
        )
        raise UsageError(Fault("MPI-U001", None, text, nearest(strange[0], own) if strange else ""))
    found: dict[TableName, tuple[Path, str] | object] = {}
    for name, source in data.items():
        key = cast(TableName, name)
        found[key] = (Path(source).parent, Path(source).name) if isinstance(source, str | Path) else source
    return found


def _named(
    survey: Survey, tables: Mapping[str, Opened], faults: list[Fault]
) -> tuple[dict[str, dict[str, Sort]], dict[tuple[str, str], str]]:
    """Columns under the survey's names, and what they are called in the files."""
    columns: dict[str, dict[str, Sort]] = {}
    physical: dict[tuple[str, str], str] = {}
    for name, table in tables.items():
        own = dict(table.columns)
        for canonical, others in survey.aliases.items():
            present = [other for other in others if other in own]
            if canonical not in own and len(present) == 1:
                own[canonical] = own.pop(present[0])
                physical[name, canonical] = present[0]
            elif len(present) + (canonical in own) > 1:
                text = f"column {canonical!r} of {name} stands there under several names: {listed([*present])}"
                faults.append(Fault("MPI-D011", Place(table.label), text, "mend `aliases:`"))
        columns[name] = own
    households = survey.tables.get("households")
    if households is not None and households.path is None and "persons" in columns:
        lifted = [*households.key, *households.columns]
        columns["households"] = {c: columns["persons"][c] for c in lifted if c in columns["persons"]}
        for column in lifted:
            if column not in columns["persons"]:
                _no_column(faults, survey, "persons", tables["persons"].label, column, "a household column", columns)
            elif column not in households.key:
                del columns["persons"][column]
    return columns, physical


def _check_columns(survey: Survey, columns: Mapping[str, Mapping[str, Sort]], faults: list[Fault]) -> None:
    for name, table in survey.tables.items():
        if name not in columns:
            continue
        for column in dict.fromkeys([*table.key, *table.household, *table.dwelling]):
            if column not in columns[name] and table.path is not None:
                _no_column(faults, survey, name, _place(survey, table), column, "part of the key", columns)
    everywhere = {column for own in columns.values() for column in own}
    for column in survey.missing_codes:
        if column not in everywhere:
            text = f"no table has the column {column!r}, for which `missing_codes` are declared"
            faults.append(Fault("MPI-D010", survey.place, text, nearest(column, everywhere)))


def _place(survey: Survey, table: Table) -> str:
    return str(table.place.file if table.place else survey.name)


def _no_column(
    faults: list[Fault], survey: Survey, name: str, label: str, column: str, what: str,
    columns: Mapping[str, Mapping[str, Sort]],
) -> None:  # fmt: skip
    text = f"the table {name} has no column {column!r}, {what}"
    faults.append(Fault("MPI-D010", Place(label), text, nearest(column, columns.get(name, {}))))


def _without_codes(values: Values, codes: Sequence[str]) -> Values:
    """The column with some of its codes unknown; a code is compared as a number with numbers, as it stands with texts."""
    match values:
        case Text():
            hit = np.array([label in codes for label in values.labels] or [False])[values.codes]
        case Number():
            numbers = [float(code) for code in codes if _is_number(code)]
            hit = np.isin(values.values, numbers)
        case Truth():
            return values
    known = ~hit if values.known is None else values.known & ~hit
    match values:
        case Text():
            return Text(np.where(known, values.codes, 0), values.labels, known)
        case Number():
            return Number(np.where(known, values.values, 0), known)


def _is_number(code: str) -> bool:
    try:
        float(code)
    except ValueError:
        return False
    return True
