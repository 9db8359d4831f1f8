"""Modules: further tables of persons or households, joined by key as if their columns stood in the table itself.

A chapter of the questionnaire has one row a person or household; who has none there is unknown. Of rows of a level
below (the births of a woman) aggregates are made, which of nobody are those of no rows; they may use the columns of
the woman and of her household beside those of the births. Modules are held in memory.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.arrow import Sort
from mpi.columns.values import Number, Values, concatenate, take
from mpi.errors import DataError, Fault, MpiError, Notice, Place, ResourceError, counted, listed, nearest
from mpi.errors.findings import Findings, Wrong, refusal
from mpi.language import phrase
from mpi.rules import Frame, Kind, Literal, Overflow, Type, check, evaluate, names, overflowing
from mpi.source.households import SAME_SURVEY
from mpi.source.keys import index, is_key, keys_agree, lookup, repeated_keys, wrong_key
from mpi.source.opening import SIGN, OpenedSurvey
from mpi.source.tables import Opened, Part
from mpi.specs.survey import Table
from mpi.vocabulary.options import Unit

AT_ONCE = 2**17  # rows whose keys are looked up at once
SMALLER = phrase("divide its inputs first, such as x / 1000")
NOBODY = Literal(False, 0)


def with_modules(whole: OpenedSurvey, inside: OpenedSurvey) -> OpenedSurvey:
    """The survey with the columns of its modules beside those of persons and households.

    Parameters
    ----------
    whole : OpenedSurvey
        With all rows.
    inside : OpenedSurvey
        With those of its universe.

    Raises
    ------
    DataError
        If a module's key is null, repeats, or belongs to no person or household; or an aggregate does not fit its rows.
    """
    faults: list[Fault] = []
    for name, table in inside.survey.modules.items():
        try:
            inside = _Module(whole, name, table).beside(inside)
        except ResourceError:
            raise
        except MpiError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return inside


def kinds_of(opened: OpenedSurvey, name: str) -> dict[str, Kind]:
    """What the columns of a module are, each of one of its rows."""
    return {
        column: Kind(cast(Type, "unsure" if sort in ("empty", "other") else sort), "person")
        for column, sort in opened.columns[name].items()
    }


@dataclass(slots=True, eq=False)
class _Columns:
    """The columns of a module, one row for each of its keys, made as they are asked for; by any thread."""

    make: Callable[[str], Values]
    nobody: bool
    made: dict[str, pa.Array] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, column: str, rows: NDArray[np.int64]) -> pa.Array:
        """Some rows of a column; -1 is unknown, or what holds of nobody, the last row."""
        with self.lock:
            if column not in self.made:
                self.made[column] = arrow.array_of(self.make(column))
        found = self.made[column]
        if self.nobody:
            return found.take(pa.array(np.where(rows < 0, len(found) - 1, rows)))
        return found.take(pa.array(rows, mask=rows < 0))


class _Module:
    """One module, and which of its rows belongs to whom."""

    def __init__(self, whole: OpenedSurvey, name: str, table: Table) -> None:
        self.whole, self.name, self.table = whole, name, table
        self.opened, self.base = whole.modules[name], cast(Unit, table.of)
        self.names = table.reference or table.key
        tables = whole.survey.tables
        self.columns = tables[self.base].key
        if whole.stored(self.base) != self.base:  # households inside the persons' file
            self.columns = tables["persons"].household or tables["households"].key
        key = self._read(table.key)
        if not is_key(key):
            raise wrong_key(name, self.opened.label, table.key, [key])
        if repeated := index(key)[1]:
            raise repeated_keys(name, self.opened.label, table.key, repeated)
        if table.reference:
            key = self._read(table.reference)
            if not is_key(key):
                raise wrong_key(name, self.opened.label, table.reference, [key])
        self.lookup = lookup(self.names, key)
        self.first = self.lookup.find(self.names, key)  # the first row of each key stands for it
        self.heads = np.unique(self.first)
        self.owners = self._owners()
        self.rows_in: dict[str, NDArray[np.int64]] = {}  # of each row's owner, in the tables of owners
        self._check_rules()

    def _owners(self) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
        """The tables of a row's person and household: their key, and the columns of the module that hold it."""
        found: dict[str, tuple[Sequence[str], Sequence[str]]] = {self.base: (self.columns, self.names)}
        tables = self.whole.survey.tables
        if self.base == "persons" and self.whole.stored("households") == "persons":
            found["households"] = (self.columns, self.names)
        elif self.base == "persons":
            persons, key = tables["persons"], tables["households"].key
            places = [persons.key.index(column) for column in persons.household or key]
            found["households"] = (key, [self.names[place] for place in places])
        return found

    def _scope(self) -> dict[str, Kind]:
        """What an aggregate may use: columns of the module, then those of a row's person and household."""
        found: dict[str, Kind] = {}
        for name in (self.name, *self.owners):
            found = kinds_of(self.whole, name) | found
        return found

    def _read(self, columns: Sequence[str]) -> list[Values]:
        stored = [self.whole.read_name(self.name, column) for column in columns]
        found = self.opened.whole(stored)
        return [self.whole.cleaned(column, found[name]) for column, name in zip(columns, stored, strict=True)]

    def _used(self, column: str) -> Values:
        """A column that an aggregate uses, one value for each row of the module."""
        if column in self.whole.columns[self.name]:
            return self._read([column])[0]
        table = self._table_of(column)
        if table not in self.rows_in:
            key, names = self.owners[table]
            self.rows_in[table] = lookup(key, self._whole(table, key)).find(names, self._read(names))
        rows = self.rows_in[table]
        values = arrow.array_of(self._whole(table, [column])[0])
        return arrow.values_of(values.take(pa.array(rows, mask=rows < 0)))

    def _table_of(self, column: str) -> str:
        return next(name for name in (self.name, *self.owners) if column in self.whole.columns[name])

    def _whole(self, table: str, columns: Sequence[str]) -> list[Values]:
        stored = [self.whole.read_name(table, column) for column in columns]
        found = self.whole.held(table).whole(stored)
        return [self.whole.cleaned(column, found[name]) for column, name in zip(columns, stored, strict=True)]

    def _check_rules(self) -> None:
        faults: list[Fault] = []
        scope = self._scope()
        for rule in self.table.aggregates.values():
            for column, at in names(rule.expression).items():
                if column not in scope:
                    text = phrase(
                        "the module {name} has no column {column!r}, which an aggregate uses",
                        name=self.name,
                        column=column,
                    )
                    remedy = nearest(column, scope) or phrase("the module has {names}", names=listed(list(scope)))
                    faults.append(Fault("MPI-D010", rule.origin.at(at), text, remedy))
                elif (fault := self.whole.refusal(self._table_of(column), column)) is not None:
                    faults.append(fault)
            if not faults:
                faults += check(rule.expression, scope, rule.origin, level="household")[1]
        if faults:
            raise DataError(*faults)

    def beside(self, inside: OpenedSurvey) -> OpenedSurvey:
        """The survey with the columns of this module in the table that it is of."""
        stored = inside.stored(self.base)
        rows = list(self.rows_of(inside, stored))
        whole = (
            rows
            if inside.tables[stored].parts == self.whole.tables[stored].parts
            else (list(self.rows_of(self.whole, stored)))
        )
        self._check_owners(whole)
        columns, sorts = self._columns()
        tables = {**inside.tables, stored: _beside(inside.tables[stored], self.name, rows, columns, sorts)}
        found = replace(
            inside,
            tables=tables,
            columns={**inside.columns, self.name: sorts},
            remarks=(*inside.remarks, *self._told(rows)),
        )
        if inside.outside is not None and inside.outside.tables[stored].parts:
            own = inside.outside
            theirs = list(self.rows_of(own, stored))
            beside = _beside(own.tables[stored], self.name, theirs, columns, sorts)
            found = replace(found, outside=replace(own, tables={**own.tables, stored: beside}))
        return found

    def rows_of(self, opened: OpenedSurvey, stored: str) -> Iterator[NDArray[np.int64]]:
        """For each part of the table that it is of, the place of each row's key among those of the module, or -1."""
        table = opened.tables[stored]
        places = {column: opened.read_name(self.base, column) for column in self.columns}
        for part in table.parts:
            found = [np.zeros(0, np.int64)]
            for batch in table.batches(list(places.values()), AT_ONCE, [part]):
                key = [opened.cleaned(column, batch[name]) for column, name in places.items()]
                pairs = zip(self.names, self.lookup.key, self.columns, key, strict=True)
                wrong = (keys_agree((a, mine), (b, theirs), self.opened.label) for a, mine, b, theirs in pairs)
                if faults := [fault for fault in wrong if fault is not None]:
                    raise DataError(*faults)
                rows = self.lookup.find(self.columns, key)
                found.append(np.where(rows < 0, -1, np.searchsorted(self.heads, rows)))
            yield np.concatenate(found)

    def _check_owners(self, rows: Sequence[NDArray[np.int64]]) -> None:
        met = np.zeros(len(self.heads), np.bool_)
        for part in rows:
            met[part[part >= 0]] = True
        if not met.all():
            lost = int(np.count_nonzero(~met[np.searchsorted(self.heads, self.first)]))
            tail = phrase(
                " of the module {name} without a person ({names})"
                if self.base == "persons"
                else " of the module {name} without a household ({names})",
                name=self.name,
                names=", ".join(self.names),
            )
            raise refusal(
                Wrong(
                    code="MPI-D036", place=Place(self.opened.label), head="", noun="row", tail=tail, remedy=SAME_SURVEY
                ),
                lost,
            )

    def _told(self, rows: Sequence[NDArray[np.int64]]) -> list[Notice]:
        lacking, everyone = sum(int(np.count_nonzero(part < 0)) for part in rows), sum(map(len, rows))
        if self.table.aggregates or not lacking:
            return []
        one = "row" if self.base == "households" and self.whole.stored("households") == "persons" else self.base[:-1]
        text = phrase(
            "{lacking:,} of {units} have no row in the module {name}: unknown there",
            lacking=lacking,
            units=counted(everyone, one),
            name=self.name,
        )
        return [Notice("MPI-N143", text, Place(self.opened.label))]

    def _columns(self) -> tuple[_Columns, dict[str, Sort]]:
        """The columns that it gives, and their sorts."""
        if not self.table.aggregates:
            sorts = {column: sort for column, sort in self.whole.columns[self.name].items()}
            return _Columns(lambda column: self._read([column])[0], nobody=False), sorts
        scope, made = self._scope(), dict[str, Sort]()
        for name, rule in self.table.aggregates.items():
            kind = check(rule.expression, scope, rule.origin, level="household")[0].type
            made[name] = cast(Sort, kind) if kind in ("number", "text", "truth") else "empty"
        return _Columns(self._aggregate, nobody=True), made

    def _aggregate(self, name: str) -> Values:
        """An aggregate of the rows of each key, and at the end of no rows."""
        rule = self.table.aggregates[name]
        columns = {column: self._used(column) for column in names(rule.expression)}
        order = np.argsort(self.first, kind="stable")
        sizes = np.unique(self.first, return_counts=True)[1]
        sorted_ = {column: take(values, order) for column, values in columns.items()}
        one = {column: take(values, order[:1]) for column, values in columns.items()}
        frame, met, findings = Frame(sizes.astype(np.int64), sorted_, {}), list[Overflow](), Findings()
        found = evaluate(rule.expression, frame, "household", overflows=met)
        nobody = evaluate(rule.expression, Frame(np.ones(1, np.int64), one, {}), "household", NOBODY, overflows=[])
        for text, number in overflowing(met, frame, "person").items():
            findings.add(
                Wrong(
                    code="MPI-D040",
                    place=rule.origin.at(0),
                    head=phrase("{name}: {text} in", name=name, text=text),
                    noun="row",
                    remedy=SMALLER,
                ),
                number,
            )
        findings.refuse()
        return concatenate([found, _like(found, nobody)])


def _like(model: Values, values: Values) -> Values:
    """One value in the type of others: whole numbers as decimals beside them."""
    if isinstance(model, Number) and isinstance(values, Number):
        return Number(values.values.astype(np.result_type(model.values, values.values)), values.known)
    return values


def _beside(
    table: Opened, module: str, rows: Sequence[NDArray[np.int64]], columns: _Columns, sorts: Mapping[str, Sort]
) -> Opened:
    """A table with the columns of a module, each as `module:column`."""
    own = {f"{module}{SIGN}{column}": sort for column, sort in sorts.items()}
    parts = [_widened(table, part, where, columns, own) for part, where in zip(table.parts, rows, strict=True)]
    return replace(table, columns={**table.columns, **own}, parts=parts)


def _widened(table: Opened, part: Part, rows: NDArray[np.int64], columns: _Columns, own: Mapping[str, Sort]) -> Part:
    anchor = next(name for name in table.columns if name not in table.refused and name not in part.constants)

    def read(wanted: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        stored = [name for name in wanted if name not in own] or [anchor]
        row = 0
        for batch in part.read(stored, most):
            some = rows[row : row + batch.num_rows]
            row += batch.num_rows
            arrays = [
                columns.taken(name.partition(SIGN)[2], some) if name in own else batch.column(name) for name in wanted
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=list(wanted))
        table.check_rows(part, row)

    def digest(wanted: Sequence[str]) -> str:
        found = hashlib.sha256(rows.tobytes())
        for name in sorted(own.keys() & set(wanted)):
            values = columns.taken(name.partition(SIGN)[2], rows)
            found.update(repr(values.to_pylist()).encode())
        return found.hexdigest() + part.digest([name for name in wanted if name not in own])

    return replace(part, read=read, digest=digest)
