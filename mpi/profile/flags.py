"""Units from ready-made deprivations: one column of 0, 1 and null an indicator, one row a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.errors import DataError, Fault, counted, nearest
from mpi.measure import Measure
from mpi.profile.adding import Units
from mpi.values import Number, Text, Truth, Values, codes_as_text, unknown_count


def units_of_flags(
    frame: object, measure: Measure, *, weight: str | None, by: Sequence[str], stratum: str | None, psu: str | None,
    members: str | None,
) -> Units:  # fmt: skip
    """The units of a frame; see `DeprivationProfile.from_flags`."""
    columns = _Columns(arrow.read_frame(frame))
    n = columns.table.num_rows
    if not n:
        columns.fault("MPI-D002", "the table has no row")
    pattern, unknown = _patterns(columns, measure)
    weights = columns.weight(weight) if weight is not None else np.ones(n)
    size = columns.size(members) if members is not None else np.ones(n)
    domains = tuple((name, measure.level, columns.group(name)) for name in by)
    strata, psus = (columns.design(name) if name is not None else None for name in (stratum, psu))
    if columns.faults:
        raise DataError(*columns.faults)
    return Units(domains, strata, psus, pattern, unknown, size.astype(np.int64), np.ones(n, np.int64), weights * size,
                 weights)  # fmt: skip


def flags_fingerprint(measure: Measure) -> str:
    """A short hash of the indicators' names: ready-made deprivations have no rules to hash."""
    return hashlib.sha256("|".join(["flags", *measure.names]).encode()).hexdigest()[:16]


class _Columns:
    """A table's columns, read one by one, with all that is wrong in them."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.faults: list[Fault] = []

    def fault(self, code: str, text: str, remedy: str = "") -> None:
        self.faults.append(Fault(code, None, text, remedy))

    def read(self, name: str, what: str) -> Values | None:
        """A column, or None with a fault."""
        names = self.table.column_names
        if names.count(name) > 1:
            self.fault("MPI-D011", f"the table has {names.count(name)} columns {name!r}, {what}", "rename all but one")
            return None
        if name not in names:
            self.fault("MPI-D010", f"the table has no column {name!r}, {what}", nearest(name, names))
            return None
        try:
            return arrow.values_of(self.table.column(name))
        except arrow.Unreadable as error:
            self.fault("MPI-D012", f"column {name!r}, {what}, {error}")
            return None

    def number(self, name: str, what: str) -> NDArray[np.float64] | None:
        """A column of known numbers, float64 of shape (n,), or None with a fault."""
        values = self.read(name, what)
        if values is None:
            return None
        if holes := unknown_count(values):
            self.fault("MPI-D020", f"column {name!r}, {what}, is null in {counted(holes, 'row')}")
            return None
        if not isinstance(values, Number):
            self.fault("MPI-D012", f"column {name!r}, {what}, does not hold numbers")
            return None
        return values.values.astype(np.float64)

    def weight(self, name: str) -> NDArray[np.float64]:
        found = self.number(name, "the weight")
        if found is None:
            return np.ones(self.table.num_rows)
        if negative := int((found < 0).sum()):
            self.fault("MPI-D020", f"column {name!r}, the weight, is negative in {counted(negative, 'row')}")
        elif len(found) and not found.any():
            self.fault("MPI-D021", f"column {name!r}, the weight, is 0 in every row")
        return found

    def size(self, name: str) -> NDArray[np.float64]:
        found = self.number(name, "the number of members")
        if found is None:
            return np.ones(self.table.num_rows)
        if wrong := int(((found < 1) | (found != np.floor(found))).sum()):
            self.fault("MPI-D022", f"column {name!r}, the number of members, is not a whole number of at least 1 in "
                       f"{counted(wrong, 'row')}")  # fmt: skip
        return found

    def group(self, name: str) -> Text:
        return self.code(name, "a group", self.read(name, "a group"))

    def design(self, name: str) -> Text:
        what = "a part of the design"
        values = self.read(name, what)
        if values is not None and (holes := unknown_count(values)):
            self.fault("MPI-D020", f"column {name!r}, {what}, is null in {counted(holes, 'row')}")
        return self.code(name, what, values)

    def code(self, name: str, what: str, values: Values | None) -> Text:
        try:
            if values is not None:
                return codes_as_text(values)
        except ValueError as error:
            self.fault("MPI-D012", f"column {name!r}, {what}, holds {error}, which are no codes")
        return Text(np.zeros(self.table.num_rows, np.int64), ("",))


def _patterns(columns: _Columns, measure: Measure) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Patterns and unknowns of the rows, uint64 of shape (n,) each."""
    n = columns.table.num_rows
    pattern, unknown = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    for j, name in enumerate(measure.names):
        values = columns.read(name, f"an indicator of {measure.name}")
        if values is None:
            continue
        if isinstance(values, Text):
            columns.fault("MPI-D012", f"column {name!r} holds texts, not 0 and 1")
            continue
        flag = values.true if isinstance(values, Truth) else values.values
        if other := int(((flag != 0) & (flag != 1)).sum()):
            rows = counted(other, "row")
            columns.fault("MPI-D023", f"column {name!r} holds something other than 0, 1 and null in {rows}")
        bit = np.uint64(1) << np.uint64(j)
        pattern[flag == 1] |= bit
        if values.known is not None:
            unknown[~values.known] |= bit
    pattern &= ~unknown
    return pattern, unknown
