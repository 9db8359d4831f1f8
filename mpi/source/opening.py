"""A survey's tables opened together: which columns there are, under this year's names, less the missing codes."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mpi.columns.arrow import Sort
from mpi.columns.values import LARGEST_EXACT, Mask, Number, Text, Truth, Values, where_label
from mpi.errors import (
    DataError,
    Fault,
    MpiError,
    Notice,
    Place,
    ResourceError,
    UsageError,
    another_name,
    listed,
    nearest,
)
from mpi.files.digests import State
from mpi.files.stores import location
from mpi.language import phrase
from mpi.source.aliases import MissingCodes, present_as
from mpi.source.composed import with_codes
from mpi.source.crosswalks import PREFIX, with_crosswalks
from mpi.source.databases import open_query
from mpi.source.files import NO_LAYOUT, below, find_files, one_path
from mpi.source.labelled import with_labels
from mpi.source.labels import missing_said
from mpi.source.lines import LINES, with_lines
from mpi.source.streams import is_tabular
from mpi.source.table_opening import open_frame, open_table
from mpi.source.tables import Asked, Opened
from mpi.specs.data_files import Dialect, Layout, Query
from mpi.specs.survey import Survey
from mpi.vocabulary.options import TABLES, TableName

SIGN = "\x1f"  # between a module and its column, in the names of the table that it is joined to
NUMBER = re.compile(r"-?\d{1,18}(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
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
    states : mapping of Path to State
        Of the files, before they were opened: whoever reads them does so inside `unchanged`.
    outside : OpenedSurvey or None
        The rows of the households outside the survey's universe, which stay in the design.
    counts : mapping of str to int
        Rows that each condition of the universe leaves out.
    remarks : tuple of Notice
        What was left out, or changed by a crosswalk.
    modules : mapping of str to Opened
        Further tables of persons or households, in files of their own.
    """

    survey: Survey
    tables: Mapping[str, Opened]
    columns: Mapping[str, Mapping[str, Sort]]
    physical: Mapping[tuple[str, str], str] = field(default_factory=dict)
    states: Mapping[Path, State] = field(default_factory=dict)
    outside: OpenedSurvey | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Notice, ...] = ()
    modules: Mapping[str, Opened] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was opened."""
        return tuple(file for table in self.everything.values() for file in table.files)

    @property
    def everything(self) -> dict[str, Opened]:
        """The tables and the modules."""
        return {**self.tables, **self.modules}

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The queries that gave rows."""
        return tuple(table.asked for table in self.everything.values() if table.asked is not None)

    @property
    def notices(self) -> list[Notice]:
        """What was found out about the files."""
        said = [Notice("MPI-N001", remark) for table in self.everything.values() for remark in table.remarks]
        for name, table in self.everything.items():
            if floats := sorted(table.keys & table.floats.keys()):
                text = phrase(
                    "keys of {name} are stored as decimal numbers, and all are whole: {names}",
                    name=name,
                    names=listed(floats),
                )
                said.append(Notice("MPI-N130", text, Place(table.label)))
            said += missing_said(name, table.label, table.tallies)
        return [*said, *self.remarks]

    def tables_with(self, column: str) -> list[TableName]:
        """The tables that have a column of this name."""
        return [name for name in TABLES if column in self.columns.get(name, {})]

    def stored(self, table: str) -> str:
        """The table in whose files a table lies: households may lie inside the persons' file."""
        if table in self.modules:
            return self.stored(self.survey.modules[table].of or "persons")
        return table if table in self.tables else "persons"

    def held(self, table: str) -> Opened:
        """The files in which the columns of a table, or of a module, lie."""
        return self.modules[table] if table in self.modules else self.tables[self.stored(table)]

    def read_name(self, table: str, column: str) -> str:
        """The name of a column in the files."""
        place = table if table in self.modules else self.stored(table)
        return self.physical.get((place, column), column)

    def refusal(self, table: str, column: str) -> Fault | None:
        """Why a column that is there cannot be read; None if it can."""
        return self.held(table).refused.get(self.read_name(table, column))

    def nearly(self, table: str, column: str) -> Fault | None:
        """Why a column is text although most of it may be numbers; None if there is nothing to say."""
        return self.held(table).nearly.get(self.read_name(table, column))

    def exact_below(self, table: str, column: str) -> float:
        """From which whole number on the decimal numbers of a column look like their neighbours."""
        return self.held(table).floats.get(self.read_name(table, column), LARGEST_EXACT)

    def cleaned(self, column: str, values: Values) -> Values:
        """A column with its missing codes turned into unknowns."""
        codes = self.survey.missing_codes.get(column)
        return _without_codes(values, codes) if codes else values


def open_tables(survey: Survey, data: object, states: Mapping[Path, State]) -> OpenedSurvey:
    """Open a survey's tables with all their rows; see `universe.open_survey`."""
    faults: list[Fault] = []
    tables: dict[str, Opened] = {}
    for name, source in _sources(survey, data).items():
        try:
            if isinstance(source, tuple):
                tables[name] = open_table(
                    name,
                    source[1],
                    source[0],
                    _dialect(survey, name),
                    MissingCodes(survey),
                    layout=_layout(survey, name),
                )
            elif isinstance(source, Query):
                tables[name] = open_query(name, source)
            else:
                tables[name] = open_frame(name, source)
        except ResourceError:
            raise
        except MpiError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    survey, told = with_crosswalks(survey, tables)
    survey = with_lines(survey, tables)
    tables = {name: table for name, table in tables.items() if name in survey.every_table}
    columns, physical = _named(survey, tables, faults)
    survey, unlabelled = with_labels(survey, tables, physical)
    faults += unlabelled
    for name, spec in survey.every_table.items():
        if spec.composed and name in tables:
            own = {column: stored for (table, column), stored in physical.items() if table == name}
            try:
                tables[name] = with_codes(tables[name], spec.composed, list(columns[name]), own, _cleaning(survey))
            except DataError as error:
                faults += error.faults
            columns[name] |= dict.fromkeys(spec.composed, "text")
    if faults:
        raise DataError(*dict.fromkeys(faults))
    tables = {name: replace(table, keys=_keys(survey, name, physical)) for name, table in tables.items()}
    modules = {name: tables.pop(name) for name in survey.modules}
    opened = OpenedSurvey(
        survey=survey, tables=tables, columns=columns, physical=physical, states=states, modules=modules, remarks=told
    )
    faults += _check_columns(opened)
    if faults:
        raise DataError(*dict.fromkeys(faults))
    return opened


def _cleaning(survey: Survey) -> Callable[[str, Values], Values]:
    """What turns the missing codes of a column into unknowns."""

    def cleaned(column: str, values: Values) -> Values:
        codes = survey.missing_codes.get(column)
        return _without_codes(values, codes) if codes else values

    return cleaned


def files_of(survey: Survey, data: str | Path | Mapping[str, object]) -> tuple[Path, ...]:
    """The files that `open_survey` would open, without opening them; those that it would refuse are left out."""
    found: list[Path] = []
    with contextlib.suppress(UsageError):
        for name, source in _sources(survey, data).items():
            if isinstance(source, tuple):
                with contextlib.suppress(DataError):
                    found += find_files(name, source[1], source[0], _layout(survey, name))
    return tuple(found)


def _sources(survey: Survey, data: object) -> dict[str, tuple[Path, str] | object]:
    """For each table its folder and path, its query, or its frame."""
    own: dict[str, str | Query] = {
        name: source
        for name, table in survey.every_table.items()
        if (source := table.path if table.query is None else table.query) is not None
    }
    own |= {PREFIX + name: spec.path for name, spec in survey.crosswalks.items()}
    own |= {LINES + name: spec.path for name, spec in survey.lines.items()}
    if isinstance(data, str | Path):
        folder = location(data)
        if not folder.is_dir():
            text = phrase("the data folder does not exist")
            remedy: str = phrase("name the folder that holds the survey's files; `mpi demo` writes one of sample data")
            raise UsageError(Fault("MPI-U001", Place(str(folder)), text, remedy))
        return {name: one if isinstance(one, Query) else below(folder, one) for name, one in own.items()}
    if len(own) == 1 and is_tabular(data):
        return dict.fromkeys(own, list(data) if isinstance(data, tuple) else data)  # a pair is a folder and a path
    if not isinstance(data, Mapping):
        text = phrase(
            "data is a {name}; the survey has the tables {names}", name=type(data).__name__, names=", ".join(own)
        )
        raise UsageError(
            Fault("MPI-U001", None, text, phrase("give a folder, or {{'persons': ..., 'households': ...}}"))
        )
    strange = [str(name) for name in data if name not in own]
    lacking = [name for name, one in own.items() if name not in data and not isinstance(one, Query)]
    if strange or lacking:
        what = (
            phrase("not known: {names}", names=listed(strange))
            if strange
            else phrase("not given: {names}", names=listed(lacking))
        )
        remedy = (nearest(strange[0], own) if strange else "") or phrase("give each of: {names}", names=", ".join(own))
        raise UsageError(
            Fault(
                "MPI-U001",
                None,
                phrase("the survey has the tables {names}; {what}", names=", ".join(own), what=what),
                remedy,
            )
        )
    return {name: one_path(data[name]) if name in data else one for name, one in own.items()}


def _keys(survey: Survey, stored: str, physical: Mapping[tuple[str, str], str]) -> frozenset[str]:
    """The columns of a file that are part of a key, under their names in it."""
    names: list[str] = []
    if stored in survey.modules:
        names += [*survey.modules[stored].key, *survey.modules[stored].reference]
    for table in survey.tables.values():
        if stored in (table.name, "" if table.apart else "persons"):
            names += table.key
    households, dwellings = survey.tables.get("households"), survey.tables.get("dwellings")
    if stored == "households" and households is not None and dwellings is not None:
        names += households.dwelling or dwellings.key
    return frozenset(physical.get((stored, column), column) for column in names)


def _dialect(survey: Survey, name: str) -> Dialect:
    """How the files of a table, or of a crosswalk, are written."""
    table = survey.every_table.get(name)
    if table is not None:
        return table.dialect
    if name.startswith(LINES):
        return survey.lines[name.removeprefix(LINES)].dialect
    return survey.crosswalks[name.removeprefix(PREFIX)].dialect


def _layout(survey: Survey, name: str) -> Layout:
    """What else the survey says of the files of a table."""
    table = survey.every_table.get(name)
    return NO_LAYOUT if table is None else table.layout


def _named(
    survey: Survey, tables: Mapping[str, Opened], faults: list[Fault]
) -> tuple[dict[str, dict[str, Sort]], dict[tuple[str, str], str]]:
    """Columns under the survey's names, and what they are called in the files."""
    columns: dict[str, dict[str, Sort]] = {}
    physical: dict[tuple[str, str], str] = {}
    for name, table in tables.items():
        own: dict[str, Sort] = {}
        for stored, sort in table.columns.items():
            composed = unicodedata.normalize("NFC", stored)  # as configs are read
            if composed in own:
                text = phrase(
                    "two columns of {name} look the same, {composed!r}: one has its accents as separate characters",
                    name=name,
                    composed=composed,
                )
                faults.append(Fault("MPI-D130", Place(table.label), text, phrase("rename one of them, or remove it")))
            elif composed != stored:
                physical[name, composed] = stored
            own[composed] = sort
        for canonical, others in survey.aliases.items():
            present = present_as(canonical, others, own)
            if len(present) > 1:
                text = phrase(
                    "column {canonical!r} of {name} is there under several names: {names}",
                    canonical=canonical,
                    name=name,
                    names=listed(present),
                )
                remedy = phrase("keep one of them, and remove the others from its list under `aliases:`")
                faults.append(Fault("MPI-D011", Place(table.label), text, remedy))
            elif present and present[0] != canonical:
                own[canonical] = own.pop(present[0])
                physical[name, canonical] = physical.pop((name, present[0]), present[0])
        columns[name] = own
    households = survey.tables.get("households")
    if households is not None and not households.apart:
        persons = columns["persons"]
        for column in households.columns:
            if column not in persons:
                faults.append(
                    _no_column("persons", persons, tables["persons"].label, column, phrase("a household column"))
                )
        lifted = [column for column in (*households.key, *households.columns) if column in persons]
        columns["households"] = {column: persons[column] for column in lifted}
        columns["persons"] = {c: sort for c, sort in persons.items() if c in households.key or c not in lifted}
    return columns, physical


def _check_columns(opened: OpenedSurvey) -> list[Fault]:
    """Faults of keys and missing codes that are declared for columns that the files do not have."""
    survey, faults = opened.survey, []
    for name, table in survey.every_table.items():
        label = opened.held(name).label
        for column in dict.fromkeys([*table.key, *table.household, *table.dwelling, *table.reference]):
            if column not in opened.columns[name]:
                faults.append(_no_column(name, opened.columns[name], label, column, phrase("part of its key")))
            elif (fault := opened.refusal(name, column)) is not None:
                faults.append(fault)
    everywhere = {column for own in opened.columns.values() for column in own}
    for column in survey.missing_codes:
        if column not in everywhere:
            text = phrase("no table has the column {column!r}, for which `missing_codes` are declared", column=column)
            faults.append(
                Fault("MPI-D010", survey.place, text, nearest(column, everywhere) or phrase("remove the line"))
            )
    return faults


def _no_column(table: str, columns: Iterable[str], label: str, column: str, what: str) -> Fault:
    remedy = nearest(column, columns) or another_name(column, list(columns))
    return Fault(
        "MPI-D010",
        Place(label),
        phrase("the table {table} has no column {column!r}, {what}", table=table, column=column, what=what),
        remedy,
    )


def _without_codes(values: Values, codes: Sequence[str]) -> Values:
    """The column with some codes unknown: compared as numbers with numbers, as they stand with texts."""
    match values:
        case Text():
            hit = where_label(values, codes)
            return Text(np.where(hit, 0, values.codes), values.labels, _except(values.known, hit))
        case Number():
            hit = np.zeros(len(values), np.bool_)
            for code in filter(NUMBER.fullmatch, codes):
                hit |= values.values == (int(code) if code.lstrip("-").isdigit() else float(code))
            return Number(np.where(hit, 0, values.values), _except(values.known, hit))
        case Truth():
            return values


def _except(known: Mask | None, hit: Mask) -> Mask | None:
    if not hit.any():
        return known
    return ~hit if known is None else known & ~hit
