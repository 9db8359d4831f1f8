"""Files of Stata, SPSS and SAS, read by pyreadstat in blocks of rows, only the columns that are wanted.

Values stay codes. Codes that the file declares missing, and missing values with a letter, become null and are counted.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, UsageError, installing
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source.items import Content, Item
from mpi.source.labels import Bounds, Labels, Tally, text_of
from mpi.source.tables import AGAIN, READING, Opened, Part, sorts, with_constants

PART = 2**18  # rows of a part
CELLS = 2**22  # cells that are read at once: as Python's numbers, some 130 MB
CARD = 80  # bytes of a record of a SAS transport file
NARROW = {"float": pa.float32()}  # types that pyreadstat widens
WHOLE = 2.0**53
# Days, seconds and milliseconds from these days on, by the letters that a format begins with.
DAY, SPSS_DAY, SECOND, MILLISECOND = "D", "D in s", "s", "ms"
SPSS_EPOCH, OTHER_EPOCH = -141428, -3653  # 14 October 1582 and 1 January 1960, in days from 1970 on
SECONDS = 86400
TIMES: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "dta": {"%tc": (MILLISECOND, OTHER_EPOCH), "%tC": (MILLISECOND, OTHER_EPOCH), "%td": (DAY, OTHER_EPOCH),
            "%d": (DAY, OTHER_EPOCH), "%-td": (DAY, OTHER_EPOCH), "%-d": (DAY, OTHER_EPOCH)},
    "sav": {"DATETIME": (SECOND, SPSS_EPOCH), "YMDHMS": (SECOND, SPSS_EPOCH),
            **dict.fromkeys(("DATE", "ADATE", "EDATE", "JDATE", "SDATE"), (SPSS_DAY, SPSS_EPOCH))},
    "sas": {"DATETIME": (SECOND, OTHER_EPOCH), **dict.fromkeys(
        ("DATE", "DDMMYY", "MMDDYY", "YYMMDD", "E8601DA", "WEEKDATE", "WORDDATE"), (DAY, OTHER_EPOCH))},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One of the formats.

    Attributes
    ----------
    function : str
        Of pyreadstat.
    times : str
        Whose formats of dates it has.
    tags : bool
        Whether pyreadstat can say what is missing in which way.
    """

    function: str
    times: str
    tags: bool = True


STATA = Kind(function="read_dta", times="dta")
SPSS = Kind(function="read_sav", times="sav")
SAS = Kind(function="read_sas7bdat", times="sas")
TRANSPORT = Kind(function="read_xport", times="sas", tags=False)


def opener(kind: Kind) -> Callable[[Item], Opened]:
    """What opens the files of a kind."""
    return lambda item: _open(item, kind)


@dataclass(frozen=True, slots=True)
class _File:
    """A file with what reads some of its rows."""

    item: Item
    kind: Kind
    source: str | Content

    def read(self, names: Sequence[str], offset: int, rows: int) -> tuple[dict[str, list[Any]], Any]:
        """Some rows of some columns as lists, and what is said of them; none of either if `rows` is 0."""
        options: dict[str, Any] = {"output_format": "dict", "disable_datetime_conversion": True}
        if (encoding := self.item.layout.encoding) is not None:
            options["encoding"] = codecs.lookup(encoding).name.upper()
        if self.kind.tags:
            options["user_missing"] = True
        if rows:
            options |= {"row_offset": offset, "row_limit": rows, "usecols": list(names)}
        else:
            options["metadataonly"] = True
        import pyreadstat

        function = getattr(pyreadstat, self.kind.function)
        try:
            source = self.source if isinstance(self.source, str) else BytesIO(self.source)
            values, said = function(source, **options)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, *READING) as error:
            raise_scarce(error, self.item.label)
            raise DataError(_fault(self.item, str(error))) from None
        return dict(values), said


def _fault(item: Item, said: str) -> Fault:
    """What pyreadstat says, without the values that it may quote."""
    text_at_fault = ("convert string", "character set", "codec", "decode")
    if any(word in said for word in text_at_fault):
        text = phrase("the texts of the file are not in the encoding that it states, or that `encoding:` states")
        return Fault("MPI-D005", item.place, text, phrase("state the right one, such as `encoding: cp1252`"))
    return Fault("MPI-D003", item.place, phrase("the file is damaged, or not complete: its data cannot be read"), AGAIN)


def _open(item: Item, kind: Kind) -> Opened:
    try:
        import pyreadstat
    except ImportError:
        text = phrase("reading this file needs pyreadstat, which is not installed")
        raise UsageError(Fault("MPI-U210", item.place, text, installing("files"))) from None
    del pyreadstat
    source = item.readable()
    size = item.file.stat().st_size if isinstance(source, str) else len(source)
    if kind is TRANSPORT and size % CARD:
        text = phrase("the file is not complete: it ends inside a record")
        raise DataError(Fault("MPI-D003", item.place, text, AGAIN))
    file = _File(item, kind, source)
    _, said = file.read((), 0, 0)
    columns = {name: _Column(name, said, kind) for name in said.column_names}
    schema = pa.schema([(name, column.type) for name, column in columns.items()])
    rows = _rows(file, said)
    tally = Tally()
    parts = [
        Part(
            label=item.label,
            rows=min(PART, rows - first),
            read=_reading(file, columns, first, min(PART, rows - first), tally),
            constants=item.constants,
        )
        for first in range(0, rows, PART)
    ]
    return Opened(
        name=item.table,
        label=item.label,
        columns=with_constants(sorts(schema, item.place), item.constants, item.label),
        parts=parts,
        files=(item.file,),
        labels={name: column.labels for name, column in columns.items()},
        tallies=(tally,),
    )


def _rows(file: _File, said: Any) -> int:
    """How many rows there are: some formats do not say, so that one column is read."""
    if said.number_rows is not None and said.number_rows >= 0:
        return int(said.number_rows)
    rows = 0
    if said.column_names:
        while found := len(next(iter(file.read(said.column_names[:1], rows, PART)[0].values()))):
            rows += found
    return rows


def _reading(
    file: _File, columns: Mapping[str, _Column], first: int, rows: int, tally: Tally
) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
    def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        step = min(max(1, CELLS // len(names)), rows)
        for offset in range(first, first + rows, step):
            values, _ = file.read(names, offset, min(step, first + rows - offset))
            arrays = [columns[name].array(values.pop(name), counts[name]) for name in names]
            batch = pa.RecordBatch.from_arrays(arrays, names=list(names))
            for low in range(0, batch.num_rows, most):
                yield batch.slice(low, most)
        for name in names:
            tally.note(first, name, counts[name])

    return read


class _Column:
    """A column: its type, what is said of it, and its lists as arrays."""

    def __init__(self, name: str, said: Any, kind: Kind) -> None:
        place = said.column_names.index(name)
        self.stored = said.readstat_variable_types[name]
        self.time = None if self.stored == "string" else _time(said.original_variable_types[name] or "", kind)
        ranges: list[Bounds] = [(one["lo"], one["hi"]) for one in said.missing_ranges.get(name, ())]
        values = said.variable_value_labels.get(name, {})
        self.labels = Labels(
            title=(said.column_labels[place] or "").strip(),
            values={_code(code): str(label) for code, label in values.items()},
            missing=tuple(ranges),
        )

    @property
    def type(self) -> pa.DataType:
        """The type of the column; whole numbers come as integers, block by block."""
        if self.stored == "string":
            return pa.string()
        if self.time is not None:
            return pa.date32() if self.time[0] in (DAY, SPSS_DAY) else pa.timestamp("ms")
        return NARROW.get(self.stored, pa.float64())

    def array(self, values: list[Any], counts: Counter[str]) -> pa.Array:
        """A list as an array; what is declared missing is null and counted."""
        if self.stored == "string":
            return self._texts(values, counts)
        stored = np.int64 if self.stored.startswith("int") else np.float64  # what the list holds: half the time
        try:
            numbers = np.fromiter(values, stored, len(values)).astype(np.float64, copy=False)
        except (TypeError, ValueError):  # letters of missing values, or none
            counts.update(f".{value}" for value in values if isinstance(value, str))
            numbers = np.array([None if isinstance(value, str) else value for value in values], np.float64)
        known = ~np.isnan(numbers)
        for low, high in self.labels.missing:
            if not isinstance(low, str) and not isinstance(high, str):
                hit = known & (numbers >= low) & (numbers <= high)
                found, times = np.unique(numbers[hit], return_counts=True)
                counts.update({text_of(float(code)): int(n) for code, n in zip(found, times, strict=True)})
                known &= ~hit
        return self._numbers(np.where(known, numbers, 0.0), None if known.all() else known)

    def _texts(self, values: list[str | None], counts: Counter[str]) -> pa.Array:
        missing = {str(low) for low, _ in self.labels.missing}
        if missing:
            counts.update(value for value in values if value in missing)
            return arrow.texts([value if value and value not in missing else None for value in values])
        return arrow.texts([value or None for value in values])

    def _numbers(self, numbers: Any, known: Any) -> pa.Array:
        if self.time is not None:
            return _times(numbers, known, *self.time)
        if self.stored == "float":
            return _narrow(numbers, known)
        if np.isfinite(numbers).all() and (np.abs(numbers) < WHOLE).all() and (numbers == np.rint(numbers)).all():
            return arrow.numbers(numbers.astype(np.int64), known)
        return arrow.numbers(numbers, known)


def _code(code: float | str) -> str:
    """A labelled code as text; letters of missing values with their point."""
    return f".{code}" if isinstance(code, str) and len(code) == 1 and code.isalpha() else text_of(code)


def _narrow(numbers: Any, known: Any) -> pa.Array:
    """Numbers of 32 bits as the file has them, of which the shortest decimals are read."""
    validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.float32(), len(numbers), [validity, pa.py_buffer(numbers.astype(np.float32))])


def _time(format_: str, kind: Kind) -> tuple[str, int] | None:
    """Which unit of time, from which day on, a format shows; None if none."""
    known = TIMES[kind.times]
    name = format_.rstrip("0123456789.") if kind.times != "dta" else format_
    if kind.times == "dta":
        return next((found for head, found in known.items() if name.startswith(head)), None)
    return known.get(name)


def _times(numbers: Any, known: Any, unit: str, epoch: int) -> pa.Array:
    validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    if unit in (DAY, SPSS_DAY):
        days = np.floor(numbers / SECONDS if unit != DAY else numbers) + epoch
        days = days if known is None else np.where(known, days, 0)
        return pa.Array.from_buffers(pa.date32(), len(days), [validity, pa.py_buffer(days.astype(np.int32))])
    each = 1000 if unit == SECOND else 1
    found = np.rint(numbers * each) + epoch * SECONDS * 1000
    found = found if known is None else np.where(known, found, 0)
    return pa.Array.from_buffers(pa.timestamp("ms"), len(found), [validity, pa.py_buffer(found.astype(np.int64))])
