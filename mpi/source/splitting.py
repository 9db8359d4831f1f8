"""Tables in no order, split by a hash of the household's key into files that fit into memory, one after the other.

Every household lies wholly in one of them. The files are temporary, in a folder that nobody else can read.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Number, Text, Truth, Values
from mpi.errors.findings import Findings
from mpi.language import phrase
from mpi.source.households import Needs, orphaned, without_persons
from mpi.source.keys import index
from mpi.source.opening import OpenedSurvey
from mpi.source.tables import Opened, Part
from mpi.vocabulary.options import TableName

AT_ONCE = 2**16  # rows that are split at once
SAMPLE = 2_000  # rows of which the size in memory is looked at
LABEL = 90  # bytes of a text of a few letters in a list of labels, its place in a dictionary included
# Sorting holds every row twice, besides its number, its household's and the order: measured 1.9 to 2.3 times.
TIMES, APIECE = 2.3, 56
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: neighbours are spread over all buckets


def columns_of(opened: OpenedSurvey, needs: Needs) -> dict[TableName, tuple[list[str], list[str]]]:
    """For each table that is split the household's key in it, and all columns to keep, under the survey's names."""
    survey = opened.survey
    households = survey.tables["households"]
    found: dict[TableName, tuple[list[str], list[str]]] = {}
    if households.apart:
        dwellings = survey.tables.get("dwellings")
        reference = () if dwellings is None else households.dwelling or dwellings.key
        kept = [*households.key, *needs.get("households", ()), *reference]
        found["households"] = list(households.key), list(dict.fromkeys(kept))
    if survey.has_persons:
        persons = survey.tables["persons"]
        key = list(persons.household or households.key)
        inside = needs.get("households", ()) if not households.apart else ()
        kept = [*key, *persons.key, *needs.get("persons", ()), *inside]
        found["persons"] = key, list(dict.fromkeys(kept))
    return found


def bytes_in_memory(opened: OpenedSurvey, needs: Needs) -> int:
    """About how much memory it takes to read all rows and to sort them by household."""
    total = 0.0
    for name, (_, kept) in columns_of(opened, needs).items():
        table = opened.tables[name]
        sample = next(table.batches([opened.read_name(name, column) for column in kept], SAMPLE))
        rows = max(1, len(next(iter(sample.values()))))
        total += table.rows * (TIMES * sum(_bytes(values) for values in sample.values()) / rows + APIECE)
    return int(total)


def _bytes(values: Values) -> int:
    known = 0 if values.known is None else len(values)
    match values:
        case Number():
            return values.values.nbytes + known
        case Text():
            return 8 * len(values) + LABEL * len(values.labels) + known
    return len(values) + known


def split(
    opened: OpenedSurvey, needs: Needs, number: int, folder: Path, *, told: Callable[[int], None], findings: Findings
) -> list[OpenedSurvey]:
    """The survey in so many parts or fewer, each with all rows of its households.

    Parameters
    ----------
    opened, needs
        As for `blocks`.
    number : int
    folder : Path
        Where their files are written.
    told : callable
        Takes the number of rows that were written.
    findings : Findings
        Where the rows of a part are noted that lie in one of the tables alone; such parts are left out.

    Raises
    ------
    DataError
        If a table cannot be read.
    """
    tables: list[dict[str, Opened]] = [dict(opened.tables) for _ in range(number)]
    for name, (key, kept) in columns_of(opened, needs).items():
        table = opened.tables[name]
        stored = list(dict.fromkeys(opened.read_name(name, column) for column in kept))
        keys = [opened.read_name(name, column) for column in key]
        for i, parts in enumerate(_split_table(table, stored, keys, folder, number=number, told=told)):
            tables[i][name] = replace(table, parts=parts)
    found = [replace(opened, tables=own) for own in tables]
    names = tuple(columns_of(opened, needs))
    return [part for part in found if _has_partners(part, names, findings)]


def _has_partners(part: OpenedSurvey, names: Sequence[TableName], findings: Findings) -> bool:
    """Whether a part has rows in all its tables; rows in one of them alone, without a partner, are noted."""
    lone = [name for name in names if part.tables[name].parts]
    if not lone or len(lone) == len(names):
        return bool(lone)
    table = part.tables[lone[0]]
    if lone[0] == "persons":
        reference = part.survey.tables["persons"].household or part.survey.tables["households"].key
        stored = [part.read_name("persons", column) for column in reference]
        whole = table.whole(stored)
        households = table.rows - index([part.cleaned(c, whole[s]) for c, s in zip(reference, stored, strict=True)])[1]
        findings.add(orphaned(table.label, reference), table.rows, outer=households)
    else:
        findings.add(without_persons(table.label), table.rows)
    return False


def _split_table(
    table: Opened, stored: Sequence[str], keys: Sequence[str], folder: Path, *, number: int, told: Callable[[int], None]
) -> list[list[Part]]:
    """Write the rows of a table to the files of their buckets; the parts of each."""
    parts: list[list[Part]] = [[] for _ in range(number)]
    rows: dict[tuple[int, pa.Schema], int] = {}
    paths: dict[tuple[int, pa.Schema], Path] = {}
    with ExitStack() as stack:
        writers: dict[tuple[int, pa.Schema], pa.ipc.RecordBatchFileWriter] = {}
        for batch in table.raw(stored, AT_ONCE):
            own = _bucket([table.typed(key, batch.column(key), table.label) for key in keys], number)
            order = np.argsort(own, kind="stable")
            mixed = batch.take(arrow.numbers(order))
            edges = np.searchsorted(own[order], np.arange(number + 1)).tolist()
            for i, (first, last) in enumerate(itertools.pairwise(edges)):
                if first == last:
                    continue
                place = i, batch.schema  # files of one table may store a column in several widths
                if place not in writers:
                    path = folder / f"{table.name}-{i}-{len(writers)}.arrow"
                    path.touch(mode=0o600, exist_ok=False)
                    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
                    writers[place] = stack.enter_context(pa.ipc.new_file(str(path), batch.schema, options=options))
                    paths[place], rows[place] = path, 0
                writers[place].write_batch(mixed.slice(first, last - first))
                rows[place] += last - first
            told(batch.num_rows)
    for place, path in paths.items():
        label = phrase(
            "{label} (part {part} of {parts}, by household)", label=table.label, part=place[0] + 1, parts=number
        )
        parts[place[0]].append(Part(label=label, rows=rows[place], read=_reading(path)))
    return parts


def _reading(path: Path) -> Callable[[Sequence[str], int], Iterator[pa.RecordBatch]]:
    def read(names: Sequence[str], most: int) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            for i in range(reader.num_record_batches):
                batch = reader.get_batch(i).select(list(names))
                for first in range(0, batch.num_rows, most):
                    yield batch.slice(first, most)

    return read


def _bucket(key: Sequence[Values], number: int) -> NDArray[np.int64]:
    """The bucket of each key; that of a null is any, for it is refused later."""
    mixed = np.zeros(len(key[0]), np.uint64)
    for values in key:
        match values:
            case Text():
                hashes = np.array([zlib.crc32(label.encode()) for label in values.labels] or [0], np.uint64)
                own = hashes[values.codes]
            case Number():
                own = values.values.astype(np.int64).view(np.uint64)
            case Truth():
                own = values.true.astype(np.uint64)
        mixed = (mixed ^ own) * ODD
    return ((mixed >> np.uint64(32)) % np.uint64(number)).astype(np.int64)
