"""The units of several editions joined by key: which row of each edition is one unit.

Keys are compared exactly, as whole numbers or as texts; a key that is unknown is of a unit of its own. Households are
linked by their own key, by the key of their head, or by their members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns.values import Ints, distinct
from mpi.errors import DataError, Fault, counted
from mpi.following.editions import Edition
from mpi.language import noun, phrase
from mpi.profile.labels import joint_code
from mpi.vocabulary.options import Level, Link

ABSENT = -1


@dataclass(frozen=True, slots=True)
class Joined:
    """Units of several editions.

    Attributes
    ----------
    tables : list of pyarrow.Table
        The rows of each edition.
    rows : int64, shape (u, T)
        The row of each unit in each edition; -1 where it is not.
    """

    tables: list[pa.Table]
    rows: Ints


def check_types(editions: Sequence[Edition], names: Sequence[str]) -> None:
    """Refuse keys that are numbers in one edition and texts in another: 7 and 007 may be one person, or two.

    Raises
    ------
    DataError
    """
    kinds: dict[str, set[str]] = {}
    for edition in editions:
        for handle in edition.units[:1]:
            batch = handle.bucket(0)
            for i, name in enumerate(names):
                kinds.setdefault(name, set()).add(
                    "text" if pa.types.is_large_string(batch.column(i).type) else "number"
                )
    if mixed := [name for name, found in kinds.items() if len(found) > 1]:
        text = phrase(
            "the key {names} holds numbers in one edition and texts in another: 7 and 007 may be one unit, or two",
            names=", ".join(mixed),
        )
        remedy = phrase("write the column with one type in both files (`mpi convert` does), or name another as --key")
        raise DataError(Fault("MPI-D261", None, text, remedy))


def bucket(editions: Sequence[Edition], i: int, keys: int) -> tuple[Joined, int]:
    """The units of one bucket, joined by key; and how many rows have a key that repeats in their edition."""
    tables = [pa.Table.from_batches([one.bucket(i) for one in edition.units]) for edition in editions]
    rows, repeated = _linked([table.select(list(range(keys))) for table in tables])
    return Joined([table.select(list(range(keys, table.num_columns))) for table in tables], rows), repeated


def _linked(keys: Sequence[pa.Table]) -> tuple[Ints, int]:
    """The rows of equal keys; see `bucket`."""
    code, known = codes_of(keys)
    edition = np.repeat(np.arange(len(keys)), [table.num_rows for table in keys])
    row = np.concatenate([np.arange(table.num_rows) for table in keys])
    found, which = distinct(code[known])
    rows = np.full((len(found), len(keys)), ABSENT, np.int64)
    times = np.bincount(which * len(keys) + edition[known], minlength=rows.size)
    rows[which, edition[known]] = row[known]
    alone = np.full((int(np.count_nonzero(~known)), len(keys)), ABSENT, np.int64)
    alone[np.arange(len(alone)), edition[~known]] = row[~known]
    return np.concatenate([rows, alone]), int(times[times > 1].sum())


def codes_of(keys: Sequence[pa.Table]) -> tuple[Ints, NDArray[np.bool_]]:
    """One code a row of all tables after one another, and whether its key is known."""
    whole = pa.concat_tables(keys)
    codes: list[Ints] = []
    known = np.ones(whole.num_rows, np.bool_)
    for column in whole.columns:
        array = column.combine_chunks()
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        known &= ~array.is_null().to_numpy(zero_copy_only=False)
        if pa.types.is_large_string(array.type):
            codes.append(array.dictionary_encode().indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64))
        else:
            numbers = array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
            low = int(numbers.min(initial=0))
            codes.append(numbers - low if low else numbers)
    return (codes[0] if len(codes) == 1 else joint_code(codes)), known


def refuse_repeated(number: int, level: Level) -> None:
    """Refuse keys that repeat inside an edition.

    Raises
    ------
    DataError
    """
    if number:
        text = phrase(
            "a key that editions are linked by repeats inside an edition, in {rows}", rows=counted(number, level)
        )
        remedy = phrase("name the columns that tell {units} apart: --key COLUMN, repeated", units=noun(level, 2))
        raise DataError(Fault("MPI-D260", None, text, remedy))


def households(editions: Sequence[Edition], keys: int, rule: Link, buckets: int) -> tuple[Joined, Mapping[str, int]]:
    """Households linked by a rule, with what became of them by their members.

    Returns
    -------
    Joined
    mapping of str to int
        Of each two editions that follow one another, added up: `linked`, `unlinked_earlier`, `unlinked_later`, `split`
        (earlier households whose members are found in several later ones) and `merged` (the reverse).
    """
    tables = [pa.Table.from_batches([one.bucket(0) for one in edition.units]) for edition in editions]
    shared = [_shared(editions[t], editions[t + 1], buckets) for t in range(len(editions) - 1)]
    if rule in ("majority", "pooled_majority"):
        sizes = [_sizes(edition, table.num_rows) for edition, table in zip(editions, tables, strict=True)]
        links = [_majority(one, sizes[t], sizes[t + 1], rule) for t, one in enumerate(shared)]
        rows = _chained(links, [table.num_rows for table in tables])
    else:
        rows, repeated = _linked([table.select(list(range(keys))) for table in tables])
        refuse_repeated(repeated, "household")
    counts = {"split": 0, "merged": 0}
    for one in shared:
        counts["split"] += int(np.count_nonzero(np.bincount(one.earlier, minlength=1) > 1))
        counts["merged"] += int(np.count_nonzero(np.bincount(one.later, minlength=1) > 1))
    return Joined([table.select(list(range(keys, table.num_columns))) for table in tables], rows), counts


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of households of two editions that share members, each once.

    Attributes
    ----------
    earlier, later, members : int64, shape (p,)
        Number of the households, and of the members that they share.
    """

    earlier: Ints
    later: Ints
    members: Ints


def _shared(earlier: Edition, later: Edition, buckets: int) -> Shared:
    """The pairs of households that share members.

    Raises
    ------
    DataError
        If the key of a person repeats inside an edition.
    """
    found: list[tuple[Ints, Ints]] = []
    repeated = 0
    for i in range(buckets):
        tables = [_members(edition, i) for edition in (earlier, later)]
        rows, again = _linked([table.select(list(range(table.num_columns - 1))) for table in tables])
        repeated += again
        both = rows[(rows != ABSENT).all(axis=1)]
        before, after = (table.column("household").to_numpy()[both[:, t]] for t, table in enumerate(tables))
        found.append((before, after))
    refuse_repeated(repeated, "person")
    before, after = (np.concatenate([pair[t] for pair in found]) for t in range(2))
    if not len(before):
        return Shared(before, after, before)
    size = int(after.max()) + 1
    pairs, members = np.unique(before * size + after, return_counts=True)
    return Shared(pairs // size, pairs % size, members.astype(np.int64))


def _members(edition: Edition, i: int) -> pa.Table:
    """The members of one bucket, their households numbered over the whole edition."""
    parts = []
    for handle, before in edition.members:
        batch = handle.bucket(i)
        own = batch.column("household").to_numpy() + before
        parts.append(pa.Table.from_batches([batch]).drop(["household"]).append_column("household", pa.array(own)))
    return pa.concat_tables(parts)


def _sizes(edition: Edition, number: int) -> Ints:
    """The number of members of each household."""
    sizes = np.zeros(number, np.int64)
    for handle, before in edition.members:
        for i in range(len(handle.batches) or _buckets(handle)):
            own = handle.bucket(i).column("household").to_numpy() + before
            sizes += np.bincount(own, minlength=number)
    return sizes


def _buckets(handle: object) -> int:
    path = getattr(handle, "path", None)
    if path is None:
        return 0
    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
        return int(reader.num_record_batches)


def _majority(shared: Shared, earlier: Ints, later: Ints, rule: Link) -> tuple[Ints, Ints]:
    """The pairs of households that are one by their members; each household is in one pair at most."""
    twice, before, after = 2 * shared.members, earlier[shared.earlier], later[shared.later]
    pooled = rule == "pooled_majority"  # else the reciprocal majority
    kept = twice > before + after - shared.members if pooled else (twice > before) & (twice > after)
    return shared.earlier[kept], shared.later[kept]


def _chained(links: Sequence[tuple[Ints, Ints]], sizes: Sequence[int]) -> Ints:
    """Households followed from edition to edition; shape (units, T)."""
    unit = [np.arange(sizes[0])]
    number = sizes[0]
    for (before, after), size in zip(links, sizes[1:], strict=True):
        own = np.full(size, ABSENT, np.int64)
        own[after] = unit[-1][before]
        fresh = own == ABSENT
        own[fresh] = number + np.arange(int(fresh.sum()))
        number += int(fresh.sum())
        unit.append(own)
    rows = np.full((number, len(sizes)), ABSENT, np.int64)
    for t, own in enumerate(unit):
        rows[own, t] = np.arange(sizes[t])
    return rows
