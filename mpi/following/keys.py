"""Keys that units are linked by: of persons, of households, of the heads of households; and their buckets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns.values import (
    Ints,
    Mask,
    Number,
    Text,
    Truth,
    Values,
    codes_as_text,
    repeat,
    take,
    where_known,
    where_label,
)
from mpi.errors import DataError, Fault
from mpi.language import phrase
from mpi.rules import Frame
from mpi.source import column_name
from mpi.specs.survey import Survey

ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio
TAIL = 8  # last bytes of a text that its hash is made of: the first are often alike


def of_households(frame: Frame, key: Sequence[str]) -> list[Values]:
    """The key of each household."""
    return [frame.households[column_name("households", column)] for column in key]


def of_persons(survey: Survey, frame: Frame, column: str) -> Values:
    """A column of persons, which may be part of the reference to their household."""
    reference = reference_of(survey)
    if column in reference and column_name("persons", column) not in frame.persons:
        own = survey.tables["households"].key[reference.index(column)]
        return repeat(frame.households[column_name("households", own)], frame.sizes)
    return frame.persons[column_name("persons", column)]


def reference_of(survey: Survey) -> tuple[str, ...]:
    """The columns of persons that name their household."""
    if not survey.has_persons:
        return ()
    return tuple(survey.tables["persons"].household or survey.tables["households"].key)


def of_heads(survey: Survey, frame: Frame, key: Sequence[str], head: tuple[str, str]) -> list[Values]:
    """The key of each household's head, who has a code in a column; unknown in households without one, or several."""
    column, code = head
    values = of_persons(survey, frame, column)
    text = codes_as_text(values)
    is_head = where_label(text, {code}) & where_known(text)
    number = np.add.reduceat(is_head.astype(np.int64), frame.starts)
    first = np.maximum.reduceat(np.where(is_head, np.arange(frame.length), -1), frame.starts)
    one = number == 1
    found = []
    for name in key:
        own = take(of_persons(survey, frame, name), np.maximum(first, 0))
        found.append(with_known(own, one))
    return found


def without(keys: Sequence[Values]) -> int:
    """How many rows have no key."""
    return int(np.count_nonzero(~np.logical_and.reduce([where_known(values) for values in keys])))


def with_known(values: Values, keep: Mask) -> Values:
    """A column that is unknown where `keep` is False."""
    known = where_known(values) & keep
    match values:
        case Number():
            return Number(values.values, known)
        case Text():
            return Text(values.codes, values.labels, known)
        case Truth():
            return Truth(values.true & known, known)


def key_array(values: Values) -> pa.Array:
    """A column of a key: whole numbers, or texts."""
    match values:
        case Text():
            labels = pa.array(list(values.labels) or [""], pa.large_string())
            known = None if values.known is None else ~values.known
            return labels.take(pa.array(values.codes.astype(np.int64), mask=known))
        case Truth():
            return pa.array(values.true.astype(np.int64), mask=None if values.known is None else ~values.known)
        case Number():
            numbers = values.values
            if numbers.dtype.kind == "f":
                known = where_known(values)
                fraction = int(np.count_nonzero(known & (numbers != np.floor(numbers))))
                if fraction:
                    text = phrase(
                        "a key that editions are linked by has fractions in {number} of its rows", number=fraction
                    )
                    raise DataError(Fault("MPI-D262", None, text, phrase("name another column as --key")))
                numbers = np.where(known, numbers, 0)
            return pa.array(numbers.astype(np.int64), mask=None if values.known is None else ~values.known)


def bucket_of(keys: Sequence[pa.Array], number: int) -> Ints:
    """The bucket of each key; equal keys of one type are in one bucket."""
    mixed = np.zeros(len(keys[0]), np.uint64)
    for key in keys:
        if pa.types.is_integer(key.type):
            own = key.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
        else:
            own = _hashes(key)
        mixed = (mixed ^ own) * ODD
    return ((mixed >> np.uint64(32)) % np.uint64(number)).astype(np.int64)


def _hashes(texts: pa.Array) -> NDArray[np.uint64]:
    """A hash of the last letters of each text and of its length."""
    filled = pa.concat_arrays([texts.fill_null("")])
    offsets = np.frombuffer(filled.buffers()[1], np.int64)[filled.offset : filled.offset + len(filled) + 1]
    buffer = filled.buffers()[2]
    data = np.zeros(1, np.uint8) if buffer is None or not buffer.size else np.frombuffer(buffer, np.uint8)
    first, last = offsets[:-1], offsets[1:]
    found = (last - first).astype(np.uint64)
    for back in range(1, TAIL + 1):
        at = last - back
        letter = np.where(at >= first, data[np.clip(at, 0, len(data) - 1)], 0).astype(np.uint64)
        found = found * np.uint64(257) + letter
    return found
