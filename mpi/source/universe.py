"""The universe of a survey: which rows of its tables belong to it, by the `where:` of each table.

Comes in: an opened survey. Goes out: one whose tables hold the rows inside alone, as if there were no others, with the
households outside set apart: their primary sampling units were drawn and stay in the design. A person outside, or of a
household outside, belongs to no household; a household of which every person is outside is outside, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Values, take, truth_of, unknown_count, where_known
from mpi.errors import MOST_NAMES, DataError, Fault, MpiError, Notice, ResourceError, counted, listed, nearest, phrase
from mpi.errors.findings import Findings, Wrong
from mpi.rules import Frame, Kind, Overflow, Rule, Type, check, evaluate, names, overflowing
from mpi.source.keys import Lookup, index, lookup
from mpi.source.modules import SMALLER, with_modules
from mpi.source.opening import OpenedSurvey, files_of, open_tables
from mpi.source.tables import Opened, Part
from mpi.source.unchanged import states_of, unchanged
from mpi.source.views import Rows, view
from mpi.specs.survey import Survey
from mpi.vocabulary.options import TableName

AT_ONCE = 2**17  # rows that are judged at once
KNOWN = phrase("write the condition so that it is always known, with COALESCE(..., FALSE), IS NULL or IS NOT NULL")


def open_survey(survey: Survey, data: str | Path | Mapping[str, object]) -> OpenedSurvey:
    """Open a survey's tables, with the rows inside its universe.

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
    states = states_of(files_of(survey, data))
    with unchanged(states):
        opened = _chosen(open_tables(survey, data, states))
        return with_modules(opened, inside(opened))


def _chosen(opened: OpenedSurvey) -> OpenedSurvey:
    """The survey with the rows of its modules that their own conditions choose."""
    wanted = {name: table.where for name, table in opened.survey.modules.items() if table.where is not None}
    whole = replace(opened, tables=opened.everything, modules={})
    faults = [fault for name, rule in wanted.items() for fault in _misfits(opened, name, rule)]
    if faults:
        raise DataError(*faults)
    modules, told, counts = dict(opened.modules), list[Notice](), dict[str, int]()
    for name, rule in wanted.items():
        modules[name] = view(opened.modules[name], _judged(whole, name, rule))
        before, counts[f"outside_{name}"] = opened.modules[name].rows, opened.modules[name].rows - modules[name].rows
        text = phrase(
            "`where` of {name} excludes {counts:,} of {rows}",
            name=name,
            counts=counts[f"outside_{name}"],
            rows=counted(before, "row"),
        )
        told.append(Notice("MPI-N142", text, rule.origin.at(0)))
    return replace(opened, modules=modules, remarks=(*opened.remarks, *told), counts=counts)


def inside(opened: OpenedSurvey) -> OpenedSurvey:
    """The survey with the rows inside its universe alone; as it is where no table has a condition.

    Raises
    ------
    DataError
        If a condition does not fit its table, is unknown for a row, or holds for none.
    """
    conditions = {
        name: table.where
        for name, table in opened.survey.tables.items()
        if table.where is not None and name in opened.tables
    }
    if not conditions:
        return opened
    faults = [fault for name, rule in conditions.items() for fault in _misfits(opened, name, rule)]
    if faults:
        raise DataError(*faults)
    keep: dict[TableName, Rows] = {}
    for name, rule in conditions.items():
        try:
            keep[name] = _judged(opened, name, rule)
        except ResourceError:
            raise
        except MpiError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return _Households(opened, keep).split()


def _misfits(opened: OpenedSurvey, table: str, rule: Rule) -> list[Fault]:
    """Faults of a condition against the columns of its table."""
    columns, faults = dict(opened.columns[table]), []
    if table == opened.stored("households"):  # whose columns lie in the same file
        columns |= opened.columns.get("households", {})
    for name, at in names(rule.expression).items():
        if name not in columns:
            text = phrase("the table {table} has no column {name!r}, which its `where` uses", table=table, name=name)
            remedy = nearest(name, columns) or phrase(
                "use a column of this table: {names}", names=listed(list(columns), MOST_NAMES)
            )
            faults.append(Fault("MPI-D010", rule.origin.at(at), text, remedy))
        elif (fault := opened.refusal(table, name)) is not None:
            faults.append(fault)
    if faults:
        return faults
    kinds = {
        name: Kind(cast(Type, "unsure" if columns[name] in ("empty", "other") else columns[name]), "household")
        for name in names(rule.expression)
    }
    return check(rule.expression, kinds, rule.origin, level="household", expected="truth", persons=False)[1]


def _judged(opened: OpenedSurvey, table: str, rule: Rule) -> Rows:
    """For which rows a condition holds, part by part."""
    wanted, own = list(names(rule.expression)), opened.tables[table]
    unknown, keep, findings, place = 0, [], Findings(), rule.origin.at(0)
    for part in own.parts:
        found = [np.zeros(0, np.bool_)]
        for columns in _batches(opened, table, wanted, part):
            rows = len(next(iter(columns.values()))) if columns else part.rows
            frame, met = Frame(np.ones(rows, np.int64), {}, columns), list[Overflow]()
            holds = truth_of(evaluate(rule.expression, frame, "household", overflows=met))
            for text, number in overflowing(met, frame, "household").items():
                head = phrase("the `where` of {table}: {text} in", table=table, text=text)
                findings.add(Wrong(code="MPI-D040", place=place, head=head, noun="row", remedy=SMALLER), number)
            unknown += unknown_count(holds)
            found.append(holds.true & where_known(holds))
        keep.append(np.concatenate(found))
    findings.refuse()
    faults = []
    if unknown:
        text = phrase(
            "the `where` of {table} is unknown for {rows} of {rows2:,} in {label}",
            table=table,
            rows=counted(unknown, "row"),
            rows2=own.rows,
            label=own.label,
        )
        faults.append(Fault("MPI-D141", place, text, KNOWN))
    elif not any(part.any() for part in keep):
        text = phrase("the `where` of {table} is true for no row of {label}", table=table, label=own.label)
        remedy = phrase("write one that is true for some: texts are compared exactly, with zeros and capitals")
        faults.append(Fault("MPI-D141", place, text, remedy))
    if faults:
        raise DataError(*faults)
    return keep


def _batches(opened: OpenedSurvey, table: str, columns: Sequence[str], part: Part) -> Iterator[dict[str, Values]]:
    """Some columns of a part under the survey's names, with unknown codes as such."""
    stored = {column: opened.read_name(table, column) for column in columns}
    if not stored:  # a condition of constants
        yield {}
        return
    for batch in opened.tables[table].batches(list(stored.values()), AT_ONCE, [part]):
        yield {column: opened.cleaned(column, batch[name]) for column, name in stored.items()}


class _Households:
    """Which households, with their persons, are inside."""

    def __init__(self, opened: OpenedSurvey, keep: dict[TableName, Rows]) -> None:
        self.opened, self.keep, self.survey = opened, keep, opened.survey
        self.notices: list[Notice] = []
        self.counts: dict[str, int] = {}
        for name, rows in keep.items():
            left = sum(int(len(part) - np.count_nonzero(part)) for part in rows)
            self.counts[f"outside_{name}"] = left
            rule = self.survey.tables[name].where
            text = phrase(
                "`where` of {name} excludes {left:,} of {rows}",
                name=name,
                left=left,
                rows=counted(opened.tables[name].rows, "row"),
            )
            self.notices.append(Notice("MPI-N142", text, None if rule is None else rule.origin.at(0)))

    def split(self) -> OpenedSurvey:
        """The survey inside, with the households outside set apart."""
        persons = self.keep.get("persons", self._all("persons"))
        if "households" in self.opened.tables:
            households = self._by_dwelling()
            if self.survey.has_persons:
                persons, households = self._by_household(persons, households)
            self.keep["households"] = households
        elif self.survey.has_persons:
            self._emptied_inside(persons)
        if self.survey.has_persons:
            self.keep["persons"] = persons
        if "replicates" in self.opened.tables:
            self.keep["replicates"] = self._replicates()
        tables = dict(self.opened.tables) | {
            name: view(self.opened.tables[name], rows) for name, rows in self.keep.items()
        }
        self._check_left(tables)
        return replace(
            self.opened,
            tables=tables,
            outside=self._outside(),
            counts={**self.opened.counts, **self.counts},
            remarks=(*self.opened.remarks, *self.notices),
        )

    def _check_left(self, tables: dict[str, Opened]) -> None:
        lost = [name for name, table in tables.items() if not table.parts]
        if lost:
            text = phrase("the `where` conditions together leave no row of {lost}", lost=lost[0])
            remedy = phrase("write them so that some household, with its persons, fulfils all of them")
            raise DataError(Fault("MPI-D141", self.survey.place, text, remedy))

    def _all(self, table: TableName) -> Rows:
        parts = self.opened.tables[table].parts if table in self.opened.tables else []
        return [np.ones(part.rows, np.bool_) for part in parts]

    def _key(self, table: TableName, columns: Sequence[str], keep: Rows) -> Lookup:
        """The keys of the rows of a table for which a mask holds."""
        own = view(self.opened.tables[table], keep)
        stored = [self.opened.read_name(table, column) for column in columns]
        if not own.parts:
            return Lookup(tuple(columns), [], np.zeros(0, np.int64), None)
        whole = own.whole(stored)
        key = [self.opened.cleaned(column, whole[name]) for column, name in zip(columns, stored, strict=True)]
        return lookup(columns, key)

    def _found(self, table: TableName, columns: Sequence[str], *among: Lookup) -> Iterator[list[NDArray[np.int64]]]:
        """For each part of a table, the row of each of its rows' keys among others."""
        for part in self.opened.tables[table].parts:
            found: list[list[NDArray[np.int64]]] = [[np.zeros(0, np.int64)] for _ in among]
            for batch in _batches(self.opened, table, columns, part):
                key = [batch[column] for column in columns]
                for rows, other in zip(found, among, strict=True):
                    rows.append(other.find(columns, key))
            yield [np.concatenate(rows) for rows in found]

    def _by_dwelling(self) -> Rows:
        """The households inside: by their own condition, and by that of their dwelling."""
        households = self.keep.get("households", self._all("households"))
        dwellings = self.survey.tables.get("dwellings")
        if dwellings is None or "dwellings" not in self.keep:
            return households
        columns = self.survey.tables["households"].dwelling or dwellings.key
        own = self._key("dwellings", dwellings.key, self.keep["dwellings"])
        out = self._key("dwellings", dwellings.key, [~part for part in self.keep["dwellings"]])
        found = self._found("households", columns, own, out)
        return [keep & ~((mine < 0) & (lost >= 0)) for keep, (mine, lost) in zip(households, found, strict=True)]

    def _by_household(self, persons: Rows, households: Rows) -> tuple[Rows, Rows]:
        """The persons inside a household that is inside, and the households that still have one."""
        columns, key = self._reference(), self.survey.tables["households"].key
        own = self._key("households", key, households)
        out = self._key("households", key, [~part for part in households])
        n = sum(int(np.count_nonzero(part)) for part in households)
        met, left = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        kept: Rows = []
        for keep, (mine, lost) in zip(persons, self._found("persons", columns, own, out), strict=True):
            met[mine[mine >= 0]] = True
            kept.append(keep & ~((mine < 0) & (lost >= 0)))
            left[mine[kept[-1] & (mine >= 0)]] = True
        emptied = met & ~left
        self._tell_emptied(int(np.count_nonzero(emptied)))
        at, made = 0, []
        for part in households:
            some = int(np.count_nonzero(part))
            rows = part.copy()
            rows[part] = ~emptied[at : at + some]
            made.append(rows)
            at += some
        return kept, made

    def _reference(self) -> tuple[str, ...]:
        return self.survey.tables["persons"].household or self.survey.tables["households"].key

    def _emptied_inside(self, persons: Rows) -> None:
        """Count the households inside the persons' file of which nobody is left."""
        left = self._key("persons", self._reference(), persons)
        out = self._key("persons", self._reference(), [~part for part in persons])
        if out.index is None or left.index is None:
            return
        lost = [take(values, np.flatnonzero(left.find(out.names, out.key) < 0)) for values in out.key]
        self._tell_emptied(len(lost[0]) - index(lost)[1] if len(lost[0]) else 0)

    def _tell_emptied(self, number: int) -> None:
        self.counts["outside_emptied"] = number
        if number:
            text = phrase(
                "{households} have no person inside: they are left out, too", households=counted(number, "household")
            )
            self.notices.append(Notice("MPI-N142", text))

    def _replicates(self) -> Rows:
        """The rows of replicate weights that are not those of a household outside."""
        key = self.survey.tables["replicates"].key
        if "households" in self.keep:
            table: TableName = "households"
            columns = self.survey.tables["households"].key
        else:
            table, columns = "persons", self._reference()
        own = self._key(table, columns, self.keep[table])
        out = self._key(table, columns, [~part for part in self.keep[table]])
        return [~((mine < 0) & (lost >= 0)) for mine, lost in self._found("replicates", key, own, out)]

    def _outside(self) -> OpenedSurvey | None:
        """The rows of the households outside, with those of their persons."""
        tables: dict[str, Opened] = {}
        if "households" in self.opened.tables:
            out = [~part for part in self.keep["households"]]
            tables["households"] = view(self.opened.tables["households"], out)
            if not tables["households"].parts:
                return None
            if self.survey.has_persons:
                key = self._key("households", self.survey.tables["households"].key, out)
                found = self._found("persons", self._reference(), key)
                rows = [~keep & (mine >= 0) for keep, (mine,) in zip(self.keep["persons"], found, strict=True)]
                tables["persons"] = view(self.opened.tables["persons"], rows)
        else:
            left = self._key("persons", self._reference(), self.keep["persons"])
            found = self._found("persons", self._reference(), left)
            rows = [~keep & (mine < 0) for keep, (mine,) in zip(self.keep["persons"], found, strict=True)]
            tables["persons"] = view(self.opened.tables["persons"], rows)
            if not tables["persons"].parts:
                return None
        if "dwellings" in self.opened.tables:
            tables["dwellings"] = self.opened.tables["dwellings"]
        return replace(self.opened, tables=tables)
