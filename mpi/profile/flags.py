"""A profile from ready-made deprivations: one column of 0, 1 and null an indicator, one row a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.errors import DataError, Fault, counted, nearest
from mpi.measure import Measure
from mpi.profile.adding import Units, build
from mpi.profile.model import DeprivationProfile
from mpi.survey import SinglePsu
from mpi.values import Number, Text, Truth, Values, codes_as_text, unknown_count


def from_flags(
    frame: object, measure: Measure, *, weight: str | None, by: Sequence[str], stratum: str | None, psu: str | None,
    members: str | None, single_psu: SinglePsu, survey: str, period: str,
) -> DeprivationProfile:  # fmt: skip
    """Build the profile; see `DeprivationProfile.from_flags`."""
    columns = _Columns(arrow.read_frame(frame))
    pattern, unknown = _patterns(columns, measure)
    n = columns.table.num_rows
    weights = columns.number(weight, "the weight") if weight is not None else np.ones(n)
    size = columns.number(members, "the number of members") if members is not None else np.ones(n)
    if n and not (weights > 0).any():
        columns.fault("MPI-D021", f"the weight {weight!r} is 0 in every row")
    if members is not None and ((size < 1) | (size != np.floor(size))).any():
        columns.fault("MPI-D022", f"the number of members {members!r} is not a whole number of at least 1 in "
                      f"{counted(int(((size < 1) | (size != np.floor(size))).sum()), 'row')}")  # fmt: skip
    if not n:
        columns.fault("MPI-D002", "the table has no row")
    domains = tuple((name, measure.level, columns.code(name, hole=True)) for name in by)
    strata = columns.code(stratum, hole=False) if stratum is not None else None
    psus = columns.code(psu, hole=False) if psu is not None else None
    if columns.faults:
        raise DataError(*columns.faults)
    units = Units(domains, strata, psus, pattern, unknown, size.astype(np.int64), np.ones(n, np.int64),
                  weights * size, weights)  # fmt: skip
    fingerprint = hashlib.sha256("|".join(["flags", *measure.names]).encode()).hexdigest()[:16]
    return build(units, measure, fingerprint, survey=survey, period=period, single_psu=single_psu,
                 weighted=weight is not None, counts={"rows": n})  # fmt: skip


class _Columns:
    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.faults: list[Fault] = []

    def fault(self, code: str, text: str, remedy: str = "") -> None:
        self.faults.append(Fault(code, None, text, remedy))

    def read(self, name: str, what: str) -> Values | None:
        if self.table.column_names.count(name) != 1:
            remedy = nearest(name, self.table.column_names)
            self.fault("MPI-D010", f"the table has no column {name!r}, {what}", remedy)
            return None
        try:
            return arrow.values_of(self.table.column(name))
        except arrow.Unreadable as error:
            self.fault("MPI-D012", f"column {name!r} {error}")
            return None

    def number(self, name: str, what: str) -> NDArray[np.float64]:
        values = self.read(name, what)
        n = self.table.num_rows
        if values is None:
            return np.ones(n)
        if not isinstance(values, Number):
            self.fault("MPI-D012", f"column {name!r}, {what}, does not hold numbers")
            return np.ones(n)
        if holes := unknown_count(values):
            self.fault("MPI-D020", f"column {name!r}, {what}, is null in {counted(holes, 'row')}")
        if negative := int((values.values < 0).sum()):
            self.fault("MPI-D020", f"column {name!r}, {what}, is negative in {counted(negative, 'row')}")
        return values.values.astype(np.float64)

    def code(self, name: str, *, hole: bool) -> Text:
        values = self.read(name, "a group or part of the design")
        if values is not None and not hole and (holes := unknown_count(values)):
            self.fault("MPI-D020", f"column {name!r} of the design is null in {counted(holes, 'row')}")
        try:
            return codes_as_text(values) if values is not None else Text(np.zeros(self.table.num_rows, np.int64), ("",))
        except ValueError:
            self.fault("MPI-D012", f"column {name!r} holds numbers with decimals, which are no codes")
            return Text(np.zeros(self.table.num_rows, np.int64), ("",))


def _patterns(columns: _Columns, measure: Measure) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    n = columns.table.num_rows
    pattern, unknown = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    for j, name in enumerate(measure.names):
        values = columns.read(name, f"an indicator of {measure.name}")
        bit = np.uint64(1) << np.uint64(j)
        if values is None:
            continue
        if isinstance(values, Text):
            columns.fault("MPI-D012", f"column {name!r} holds texts, not 0 and 1")
            continue
        flag = values.true if isinstance(values, Truth) else values.values
        other = int(((flag != 0) & (flag != 1)).sum())
        if other:
            columns.fault(
                "MPI-D023", f"column {name!r} holds something other than 0, 1 and null in {counted(other, 'row')}"
            )
        pattern |= np.where(flag == 1, bit, np.uint64(0))
        if values.known is not None:
            unknown |= np.where(values.known, np.uint64(0), bit)
    return pattern & ~unknown, unknown
