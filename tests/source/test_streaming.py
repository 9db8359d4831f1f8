"""A census read span by span: the same bits for any number of threads, and nothing left behind when it is stopped."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census.generator import Census, write_census
from mpi.errors import DataError, UsageError
from mpi.pipeline import passing
from mpi.profile import DeprivationProfile
from mpi.profile.cells import arrays
from mpi.rules import Name, Origin, Rule
from mpi.source import households_only, reading, span
from mpi.source.threads import cores
from mpi.specs.survey import Derivation

BENCH = Path(__file__).parents[2] / "benchmarks" / "census"
MEASURE = mpi.load_measure(BENCH / "measure.yaml")
SURVEY = mpi.load_survey(BENCH / "survey.yaml")


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small census whose row groups cut households."""
    folder = tmp_path_factory.mktemp("census")
    write_census(Census(30_000, unknown=0.01, row_group=4_000), folder)
    return folder


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(households_only, "SMALL", 0)
    monkeypatch.setattr(households_only, "PERSONS", 1_500)
    monkeypatch.setattr(span, "SPAN", 4_000)


def read(data: object, **options: Any) -> DeprivationProfile:
    return mpi.deprivation_profile(SURVEY, MEASURE, data, **options)  # type: ignore[arg-type]


def assert_same(a: DeprivationProfile, b: DeprivationProfile) -> None:
    assert a.domains == b.domains
    assert a.counts == b.counts
    assert a.sample.strata == b.sample.strata and a.sample.psu_labels == b.sample.psu_labels
    np.testing.assert_array_equal(a.sample.psus, b.sample.psus)
    for name, column in arrays(a.cells).items():
        np.testing.assert_array_equal(column, arrays(b.cells)[name], err_msg=name)


def tables(folder: Path) -> dict[str, pa.Table]:
    return {name: pq.read_table(folder / f"{name}.parquet") for name in ("persons", "households")}


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_spans_in_any_number_of_threads_say_what_one_block_says(
    census: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    spans = read(census, threads=threads)
    monkeypatch.setattr(households_only, "SMALL", 10**9)
    assert_same(spans, read(census))
    assert spans.counts["persons"] == pq.ParquetFile(census / "persons.parquet").metadata.num_rows


@pytest.mark.usefixtures("_small")
def test_weights_are_added_in_the_same_order_by_any_number_of_threads(census: Path) -> None:
    found = tables(census)
    rng = np.random.default_rng(3)
    households = found["households"].append_column("weight", pa.array(rng.lognormal(3, 1, len(found["households"]))))
    weight = Derivation(name="weight", rule=Rule("weight", Name("weight"), Origin("test", None, None)))
    weighted = dataclasses.replace(SURVEY.design, weight=weight, census=False, single_psu="certainty")
    survey = dataclasses.replace(SURVEY, design=weighted)
    data = {"persons": found["persons"], "households": households}
    one, four = (mpi.deprivation_profile(survey, MEASURE, data, threads=n) for n in (1, 4))
    assert_same(one, four)
    assert one.cells.household_weight.sum() == pytest.approx(households["weight"].to_numpy().sum(), rel=1e-12)


@pytest.mark.usefixtures("_small")
def test_rows_out_of_order_say_the_same(census: Path) -> None:
    rng = np.random.default_rng(1)
    for rows in ("persons", "households"):
        found = tables(census)
        found[rows] = found[rows].take(pa.array(rng.permutation(len(found[rows]))))
        assert_same(read(found), read(census))


@pytest.mark.usefixtures("_small")
def test_a_household_that_comes_back_in_a_file_that_promises_order_is_found(census: Path, tmp_path: Path) -> None:
    found = tables(census)
    persons = found["persons"]
    moved = pa.concat_tables([persons.slice(1, 2_000), persons.slice(0, 1), persons.slice(2_001)])
    pq.write_table(moved, tmp_path / "persons.parquet", row_group_size=4_000)
    pq.write_table(found["households"], tmp_path / "households.parquet", row_group_size=4_000)
    assert_same(read(tmp_path), read(census))


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize(("lost", "code"), [("persons", "MPI-D035"), ("households", "MPI-D036")])
def test_a_household_without_its_other_half_is_refused(census: Path, tmp_path: Path, lost: str, code: str) -> None:
    for name, table in tables(census).items():
        keys = table["household"].to_numpy()
        kept = table.filter(pa.array(keys != keys[len(keys) // 2])) if name == lost else table
        pq.write_table(kept, tmp_path / f"{name}.parquet", row_group_size=4_000)
    with pytest.raises(DataError, match=code):
        read(tmp_path)


@pytest.mark.usefixtures("_small")
def test_progress_is_told_by_the_calling_thread_up_to_the_last_row(census: Path) -> None:
    told: list[tuple[str, int, int]] = []
    threads: set[int] = set()

    def report(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        threads.add(threading.get_ident())

    rows = read(census, threads=3, report=report).counts["persons"]
    assert {(stage, total) for stage, _, total in told} == {(reading.STAGE, rows)}
    assert told[0][1] == 0 and told[-1][1] == rows
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert threads == {threading.get_ident()}


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("threads", [1, 3])
def test_an_interrupt_stops_all_threads_at_once(census: Path, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    judged, blocks = passing.judged_block, []

    def slowly(*arguments: Any) -> Any:
        blocks.append(arguments[-1].length)
        time.sleep(0.2)
        return judged(*arguments)

    def report(_: str, done: int, __: int) -> None:
        if done:
            raise KeyboardInterrupt

    monkeypatch.setattr(passing, "judged_block", slowly)
    with pytest.raises(KeyboardInterrupt):
        read(census, threads=threads, report=report)
    # Each thread ends the block that it is at; twenty and more were to come.
    assert 0 < sum(blocks) < 20_000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mpi")]


def test_no_thread_at_all_is_refused(census: Path) -> None:
    with pytest.raises(UsageError, match="MPI-U008"):
        read(census, threads=0)


@pytest.mark.parametrize(("told", "number"), [(6, 6), (None, 1)])
def test_where_a_system_knows_no_affinity_all_cores_count_and_one_if_it_knows_nothing(
    monkeypatch: pytest.MonkeyPatch, told: int | None, number: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: told)
    assert cores() == number
