"""The units of one edition of a register or panel: keys, patterns, places in domains and design, weights; no figures.

Rows come block by block. Those of persons are split by a hash of their key into buckets, in temporary files where they
are many, so that editions of any size are joined bucket by bucket; a household's rows take some thirty bytes in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Values
from mpi.errors import Fault, Place, listed, nearest
from mpi.following.books import Books
from mpi.following.keys import bucket_of, key_array, of_heads, of_households, of_persons, reference_of, without
from mpi.language import phrase
from mpi.pipeline.compiled import judge_of
from mpi.pipeline.design import weights_of
from mpi.pipeline.folding import fold_of
from mpi.pipeline.preparing import Prepared
from mpi.pipeline.units import judged_block, units_of
from mpi.pipeline.universe import counted_outside
from mpi.profile import Units
from mpi.rules import Frame
from mpi.source import Running, spans

AT_ONCE = 2**20  # rows that are split at once
NUMBERS = ("persons", "households", "person_weight", "household_weight")
NONE = ""  # the code where the design has no strata, or no PSUs


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is read of each edition.

    Attributes
    ----------
    by_person : bool
        Whether a unit is a person, else a household.
    key : tuple of str
        Columns that units are linked by; of households in the table of households, else of persons.
    member : tuple of str
        Columns of persons by which members of households are known again; empty where that is not asked.
    head : tuple of (str, str) or None
        Column of persons and the code of the head of a household.
    domains : tuple of str
    buckets : int
    folder : Path or None
        Where buckets are written; None: in memory.
    """

    by_person: bool
    key: tuple[str, ...]
    member: tuple[str, ...] = ()
    head: tuple[str, str] | None = None
    domains: tuple[str, ...] = ()
    buckets: int = 1
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """The rows of a span by bucket: in memory, or a file with a batch for each."""

    batches: tuple[pa.RecordBatch, ...] = ()
    path: Path | None = None

    def bucket(self, i: int) -> pa.RecordBatch:
        """The rows of one bucket."""
        if self.path is None:
            return self.batches[i]
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_file(file) as reader:
            return reader.get_batch(i)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition, read.

    Attributes
    ----------
    ready : Prepared
    units : list of Handle
        The units, by bucket of their key.
    members : list of (Handle, int)
        Members of households, by bucket of their key, with the number of households before them.
    counts : mapping of str to int
    """

    ready: Prepared
    units: list[Handle]
    members: list[tuple[Handle, int]]
    counts: Mapping[str, int]


def check_columns(ready: Prepared, table: str, columns: Sequence[str], what: str) -> list[Fault]:
    """The columns that a table does not have."""
    opened = ready.opened
    there = opened.columns.get(table, {})
    faults = []
    for column in columns:
        if column not in there:
            text = phrase(
                "{what}: there is no column {column!r} in the table {table}", what=what, column=column, table=table
            )
            remedy = nearest(column, list(there)) or phrase("write one of {names}", names=listed(sorted(there)))
            faults.append(Fault("MPI-E260", Place(opened.held(table).label), text, remedy))
    return faults


def read_edition(ready: Prepared, asked: Asked, books: Books, running: Running, numbers: Iterator[int]) -> Edition:
    """The units of an edition.

    Parameters
    ----------
    ready : Prepared
    asked : Asked
    books : Books
        To which codes are added.
    running : Running
    numbers : iterator of int
        Of files.

    Raises
    ------
    DataError
        As the pass over the microdata.
    """
    plan, survey = ready.plan, ready.opened.survey
    if asked.by_person:
        ready = replace(ready, by_person=True)
    needs = {table: list(columns) for table, columns in plan.needs.items()}
    wanted = [*asked.member, *((asked.head[0],) if asked.head else ()), *(asked.key if asked.by_person else ())]
    persons = [column for column in wanted if column not in reference_of(survey)]
    if persons:
        needs["persons"] = list(dict.fromkeys([*needs.get("persons", ()), *persons]))
    own = () if asked.by_person or asked.member else asked.key
    if extra := [column for column in own if column not in survey.tables["households"].key]:
        needs["households"] = list(dict.fromkeys([*needs.get("households", ()), *extra]))
    fold = None if persons or asked.by_person or asked.member else fold_of(ready, judge_of(ready))
    work = partial(_span, ready, asked, books, numbers)
    found = spans(ready.opened, needs, work, list, replicates=None, running=running, fold=fold)
    units, members, counts, before = [], [], dict[str, int](), 0
    for rows, own_members, told in found:
        units += rows
        members += [(handle, before) for handle in own_members]
        before += told["households"]
        for name, number in told.items():
            counts[name] = counts.get(name, 0) + number
    return Edition(ready=ready, units=units, members=members, counts=counts)


def _span(
    ready: Prepared, asked: Asked, books: Books, numbers: Iterator[int], frames: Iterator[Frame]
) -> tuple[list[Handle], list[Handle], dict[str, int]]:
    """The rows of a span of households, split into buckets, some at a time."""
    judge, survey, plan = judge_of(ready), ready.opened.survey, ready.plan
    units: list[pa.RecordBatch] = []
    members: list[pa.RecordBatch] = []
    made, known = list[Handle](), list[Handle]()
    split = asked if not asked.member else replace(asked, buckets=1, folder=None)  # households stay in memory
    counts = {"persons": 0, "households": 0, "without_key": 0}
    for frame in frames:
        if judge is None:
            judged, weights = judged_block(survey, ready.measure, plan, frame)
        else:
            judged = judge.judged(frame)
            weights = weights_of(plan.design, frame, ready.measure.identification, survey.design.place)
        rows = units_of(ready, frame, judged, weights)
        if frame.findings:
            continue
        keys = _unit_keys(ready, asked, frame)
        counts["without_key"] += without(keys)
        if asked.member:
            members.append(_members(ready, asked, frame, counts["households"]))
        units.append(_batch(rows, keys, books))
        if sum(batch.num_rows for batch in units) >= AT_ONCE:
            made.append(_handle(units, len(asked.key), split, numbers))
            units = []
        if sum(batch.num_rows for batch in members) >= AT_ONCE:
            known.append(_handle(members, len(asked.member), asked, numbers))
            members = []
        counts["persons"] += int(weights.sizes.sum())
        counts["households"] += len(frame.sizes)
        for name, number in counted_outside(plan, frame).items():
            counts[name] = counts.get(name, 0) + number
    if units:
        made.append(_handle(units, len(asked.key), split, numbers))
    if members:
        known.append(_handle(members, len(asked.member), asked, numbers))
    return made, known, counts


def _unit_keys(ready: Prepared, asked: Asked, frame: Frame) -> list[Values]:
    """The key of each unit; unknown where there is none."""
    survey = ready.opened.survey
    if asked.by_person:
        return [of_persons(survey, frame, column) for column in asked.key]
    if asked.head is None:
        return of_households(frame, asked.key)
    return of_heads(survey, frame, asked.key, asked.head)


def _members(ready: Prepared, asked: Asked, frame: Frame, before: int) -> pa.RecordBatch:
    """The key and the household of each person."""
    keys = [of_persons(ready.opened.survey, frame, column) for column in asked.member]
    household = np.repeat(np.arange(before, before + len(frame.sizes)), frame.sizes)
    return _with_keys(keys, {"household": arrow.numbers(household)})


def _batch(units: Units, keys: Sequence[Values], books: Books) -> pa.RecordBatch:
    """A block's units as a table of codes and numbers."""
    columns: dict[str, pa.Array] = {"pattern": arrow.numbers(books.patterns.of_words(units.pattern, units.unknown))}
    for name, _, text in units.domains:
        columns[f"domain:{name}"] = arrow.numbers(books.domains[name].of_text(text))
    for name, drawn, book in (("stratum", units.stratum, books.stratum), ("psu", units.psu, books.psu)):
        if drawn is not None:
            columns[name] = arrow.numbers(book.of_text(drawn))
    for name in NUMBERS:
        columns[name] = arrow.numbers(getattr(units, name))
    return _with_keys(keys, columns)


def _with_keys(keys: Sequence[Values], columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    whole = {f"key{i}": key_array(values) for i, values in enumerate(keys)} | dict(columns)
    return pa.RecordBatch.from_arrays(list(whole.values()), list(whole))


def _handle(rows: Sequence[pa.RecordBatch], keys: int, asked: Asked, numbers: Iterator[int]) -> Handle:
    """The rows of a span by bucket."""
    whole = pa.Table.from_batches(rows).combine_chunks().to_batches(max_chunksize=2**40)
    batch = whole[0] if whole else rows[0].slice(0, 0)
    if asked.buckets == 1:
        return Handle((batch,))
    bucket = bucket_of([batch.column(i) for i in range(keys)], asked.buckets)
    order = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[order], np.arange(asked.buckets + 1)).tolist()
    mixed = batch.take(pa.array(order))
    parts = tuple(mixed.slice(a, b - a) for a, b in pairwise(edges))
    if asked.folder is None:
        return Handle(parts)
    path = asked.folder / f"{next(numbers)}.arrow"
    path.touch(mode=0o600, exist_ok=False)
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema, options=options) as writer:
        for part in parts:
            writer.write_batch(part)
    return Handle((), path)


def file_numbers() -> Iterator[int]:
    """Numbers for files, each once."""
    return count()
