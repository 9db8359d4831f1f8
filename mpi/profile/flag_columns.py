"""The columns of a table of flags, read one by one, with all that is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Number, Text, Values, codes_as_text, unknown_count, where_known, where_label
from mpi.errors import Fault, counted, listed, nearest
from mpi.language import phrase
from mpi.profile.labels import MISSING_LEVEL
from mpi.profile.units import SMALLER, TOO_LARGE, too_large

KNOWN = phrase("fill it in: every row needs one")


class Columns:
    """A table's columns, read one by one, with all that is wrong in them."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.faults: list[Fault] = []

    def fault(self, code: str, text: str, remedy: str = "") -> None:
        """Note what is wrong; reading goes on."""
        self.faults.append(Fault(code, None, text, remedy))

    def read(self, name: str, what: str) -> Values | None:
        """A column, or None with a fault."""
        names = self.table.column_names
        if names.count(name) > 1:
            self.fault(
                "MPI-D011",
                phrase("the table has {count} columns {name!r}, {what}", count=names.count(name), name=name, what=what),
                phrase("rename all but one"),
            )
            return None
        if name not in names:
            remedy = nearest(name, names) or phrase("it has {names}", names=listed(names))
            self.fault("MPI-D010", phrase("the table has no column {name!r}, {what}", name=name, what=what), remedy)
            return None
        try:
            return arrow.values_of(self.table.column(name))
        except arrow.Unreadable as error:
            self.fault(
                "MPI-D012",
                phrase("column {name!r}, {what}, {error}", name=name, what=what, error=error),
                phrase("store it as numbers or text"),
            )
            return None

    def number(self, name: str, what: str) -> NDArray[np.float64] | None:
        """A column of known numbers, float64 of shape (n,), or None with a fault."""
        values = self.read(name, what)
        if values is None:
            return None
        if holes := unknown_count(values):
            self.fault(
                "MPI-D020",
                phrase("column {name!r}, {what}, is null in {rows}", name=name, what=what, rows=counted(holes, "row")),
                KNOWN,
            )
            return None
        if not isinstance(values, Number):
            self.fault(
                "MPI-D012",
                phrase("column {name!r}, {what}, does not hold numbers", name=name, what=what),
                phrase("store it as numbers"),
            )
            return None
        return values.values.astype(np.float64)

    def filled(self, name: str, what: str) -> NDArray[np.float64]:
        """A column of known numbers; of ones, with a fault, if it is not one."""
        found = self.number(name, what)
        return np.ones(self.table.num_rows) if found is None else found

    def weight(self, name: str, what: str) -> NDArray[np.float64]:
        """A column of weights, none negative and not all 0; float64 of shape (n,)."""
        found = self.filled(name, what)
        if negative := int((found < 0).sum()):
            text = phrase(
                "column {name!r}, {what}, is negative in {rows}", name=name, what=what, rows=counted(negative, "row")
            )
            self.fault("MPI-D020", text, phrase("every row needs one of 0 or more"))
        elif len(found) and not found.any():
            self.fault(
                "MPI-D021",
                phrase("column {name!r}, {what}, is 0 in every row", name=name, what=what),
                phrase("name another column"),
            )
        elif too_large(found):
            self.fault(
                "MPI-D040",
                phrase("column {name!r}, {what}, {too_large}", name=name, what=what, too_large=TOO_LARGE),
                SMALLER,
            )
        return found

    def replicates(
        self, names: Sequence[str], weights: NDArray[np.float64], *, factors: bool
    ) -> NDArray[np.float64] | None:
        """The weights of each replicate, shape (n, R)."""
        if not names:
            return None
        found = np.empty((self.table.num_rows, len(names)))
        for r, name in enumerate(names):
            found[:, r] = self.weight(name, phrase("a replicate weight"))
        if not factors:
            return found
        with np.errstate(over="ignore"):  # told of as too large
            return found * weights[:, None]

    def size(self, name: str) -> NDArray[np.float64]:
        """Members of each household, whole numbers from 1; float64 of shape (n,)."""
        found = self.filled(name, phrase("the number of members"))
        if wrong := int(((found < 1) | (found != np.floor(found))).sum()):
            self.fault(
                "MPI-D022",
                phrase(
                    "column {name!r}, the number of members, is not a whole number of at least 1 in {rows}",
                    name=name,
                    rows=counted(wrong, "row"),
                ),
                phrase("give each row a whole number from 1"),
            )
        return found

    def group(self, name: str, among: Sequence[str]) -> Text:
        """A column of codes to group by; with levels, of which each code has to be one."""
        faults = len(self.faults)
        found = self.code(name, phrase("a group"), self.read(name, phrase("a group")))
        if among and len(self.faults) == faults:
            strange = where_label(found, set(found.labels).difference(among, {MISSING_LEVEL})) & where_known(found)
            if number := int(np.count_nonzero(strange)):
                text = phrase(
                    "column {name!r}, a group, has codes outside its {levels} in {rows}",
                    name=name,
                    levels=counted(len(among), "level"),
                    rows=counted(number, "row"),
                )
                remedy = phrase("`by` declares {names}: add the codes that the column has", names=listed(among))
                self.fault("MPI-D015", text, remedy)
        if number := int(np.count_nonzero(where_label(found, {MISSING_LEVEL}) & where_known(found))):
            text = phrase(
                "column {name!r}, a group, holds {missing_level!r}, the word for those without a code, in {rows}",
                name=name,
                missing_level=MISSING_LEVEL,
                rows=counted(number, "row"),
            )
            self.fault("MPI-D133", text, phrase("give it another label, or null"))
        return found

    def design(self, name: str) -> Text:
        """A column of the design: codes, all known."""
        what = phrase("a part of the design")
        values = self.read(name, what)
        if values is not None and (holes := unknown_count(values)):
            self.fault(
                "MPI-D020",
                phrase("column {name!r}, {what}, is null in {rows}", name=name, what=what, rows=counted(holes, "row")),
                KNOWN,
            )
        return self.code(name, what, values)

    def code(self, name: str, what: str, values: Values | None) -> Text:
        """Values as codes; one empty code, with a fault, if they are none."""
        try:
            if values is not None:
                return codes_as_text(values, exact=arrow.exact_below(self.table.column(name).type))
        except ValueError as error:
            text = phrase(
                "column {name!r}, {what}, holds {error}, which are no codes", name=name, what=what, error=error
            )
            self.fault("MPI-D012", text, phrase("store codes as whole numbers or as text"))
        return Text(np.zeros(self.table.num_rows, np.int64), ("",))
