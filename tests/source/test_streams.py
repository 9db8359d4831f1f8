"""Rows that come once or piece by piece: the same figures as from a file, or one fault; nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.errors import MpiError
from mpi.source import spooling
from mpi.source.table_opening import open_frame
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import assert_same, profile

DATA = village.tables()


def chunks(table: pa.Table) -> Iterator[pd.DataFrame]:
    """As `pandas.read_csv(..., chunksize=97)` gives them: the type of a column differs from chunk to chunk."""
    for first in range(0, table.num_rows, 97):
        yield table.slice(first, 97).to_pandas()


def relation(table: pa.Table) -> Any:
    return duckdb.connect().from_arrow(table)


MAKERS: dict[str, Callable[[pa.Table], object]] = {
    "reader": lambda table: table.to_reader(max_chunksize=100),
    "dataset": pyarrow.dataset.dataset,
    "filtered dataset": lambda table: pyarrow.dataset.dataset(table).filter(pyarrow.dataset.field("house") >= 0),
    "scanner": lambda table: pyarrow.dataset.dataset(table).scanner(batch_size=100),
    "lazy frame": lambda table: pl.from_arrow(table).lazy(),  # type: ignore[union-attr]
    "relation": relation,
    "chunks": chunks,
    "list of frames": lambda table: list(chunks(table)),
    "record batches": lambda table: iter(table.to_batches(max_chunksize=100)),
    "categories": lambda table: (frame.astype({"wall": "category"}) if "wall" in frame else frame
                                 for frame in chunks(table)),
}  # fmt: skip


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_figures_come_from_every_stream(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(spooling, "AT_ONCE", 150)
    found = profile({name: MAKERS[kind](table) for name, table in DATA.items()})
    assert_same(found, profile(DATA))


def test_streams_of_rows_in_order_are_read_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "AT_ONCE", 50)
    persons = DATA["persons"].sort_by("house")
    opened = open_frame("persons", persons.to_reader(max_chunksize=20))
    ranges = [part.range("house") for part in opened.parts]
    first = 0
    assert len(ranges) > 2
    for part, found in zip(opened.parts, ranges, strict=True):
        own = persons["house"].slice(first, part.rows).to_pylist()
        assert found == (own[0], own[-1])
        first += part.rows
    assert opened.whole(["house"])["house"].values.tolist() == persons["house"].to_pylist()  # type: ignore[union-attr]


def test_a_stream_of_one_table_needs_no_mapping() -> None:
    rows = pa.table({"house": [1, 2, 3], "person": [1, 1, 1], "age": [20, 30, 40], "w": [1.0, 1.0, 1.0]})
    text = """\
survey: one
period: 2026
tables: {persons: {path: p.parquet, key: [house, person]}, households: {from: persons, key: [house], columns: [w]}}
design: {weight: w}
variables: {age: age}
"""
    measure = """\
measure: m
title: M
identification: household
k: 1/2
missing: exclude
variables: {person: {age: number}}
dimensions: {d: {indicators: {i: {deprived: ANY(age < 25)}}}}
"""
    from mpi.config.composing import compose
    from mpi.config.measures import read_measure
    from mpi.config.surveys import read_survey

    one: Survey = read_survey([compose(text, "s.yaml")])
    found = mpi.deprivation_profile(one, read_measure(compose(measure, "m.yaml")), data=rows.to_reader())
    assert found.counts["households"] == 3


def breaking(table: pa.Table) -> Iterator[pd.DataFrame]:
    yield table.slice(0, 40).to_pandas()
    raise ConnectionResetError("host secret.example, value 4711")


def mixed(table: pa.Table) -> Iterator[pd.DataFrame]:
    yield table.slice(0, 40).to_pandas()
    yield table.slice(40).to_pandas().astype({"house": str})


def spent(table: pa.Table) -> pa.RecordBatchReader:
    reader = table.to_reader()
    reader.read_all()
    return reader


REFUSED: dict[str, tuple[Callable[[pa.Table], object], str, str]] = {
    "it breaks off": (breaking, "MPI-D210", "broke off after 40 rows"),
    "no row": (lambda table: table.slice(0, 0).to_reader(), "MPI-D002", "no row"),
    "no chunk": (lambda _: iter(()), "MPI-D002", "no row"),
    "no tables": (lambda _: [1, 2], "MPI-D004", "does not support Arrow"),
    "doubled columns": (
        lambda table: pa.RecordBatchReader.from_batches(
            pa.schema([("house", pa.int64()), ("house", pa.int64())]),
            iter([pa.RecordBatch.from_arrays([pa.array([1]), pa.array([2])], names=["house", "house"])]),
        ),
        "MPI-D011",
        "two columns are called",
    ),
    "a key of two types": (mixed, "MPI-D013", "house"),
    "a reader that is read already": (spent, "MPI-D002", "no row"),
    "a frame that is lazy and wrong": (
        lambda table: pl.from_arrow(table).lazy().with_columns(pl.col("nothing")),  # type: ignore[union-attr]
        "MPI-D210",
        "after 0 rows",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_stream_that_fails_is_one_fault(kind: str) -> None:
    make, code, said = REFUSED[kind]
    with pytest.raises(MpiError) as caught:
        profile({**DATA, "persons": make(DATA["persons"])})
    text = str(caught.value)
    assert [fault.code for fault in caught.value.faults] == [code], text
    assert said in text
    assert "secret" not in text
    assert "4711" not in text


def test_nothing_is_left_and_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of a stream are in no folder, and never all in memory."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    batch = pa.RecordBatch.from_pydict({"house": range(2**16), "text": ["x" * 20] * 2**16})
    live: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(60):
            live.append(pa.total_allocated_bytes())
            yield pa.RecordBatch.from_pydict(batch.to_pydict()) if len(live) == 1 else batch

    opened = open_frame("persons", pa.RecordBatchReader.from_batches(batch.schema, batches()))
    assert opened.rows == 60 * 2**16
    assert max(live) - live[0] < 8 * batch.nbytes
    assert not list(tmp_path.iterdir())
    pq.write_table(pa.Table.from_batches([batch]), tmp_path / "x.parquet")  # the folder could be written to
