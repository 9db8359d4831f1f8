"""Whole passes with kernels and without: the same profile, to the last bit, and the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census.generator import Census, write_census
from mpi.errors import DataError
from mpi.kernels.codes import CHUNK
from mpi.pipeline import compiled
from mpi.profile import DeprivationProfile
from mpi.source import gathered, households_only, span, unordered
from tests.support import village
from tests.support.kernels import cache_of

ROOT = Path(__file__).resolve().parent.parent.parent
CENSUS = ROOT / "benchmarks" / "census"
Make = Callable[[], DeprivationProfile]


@pytest.fixture(autouse=True)
def _kernels(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path_factory.mktemp("cache"))["XDG_CACHE_HOME"])


def with_and_without(make: Make, monkeypatch: pytest.MonkeyPatch, *, judged: bool | None = True) -> DeprivationProfile:
    """A profile made by the kernels, which is that of numpy; `judged` says whether they judge whole blocks, or None."""
    monkeypatch.setenv("MPI_KERNELS", "off")
    expected = make()
    monkeypatch.setenv("MPI_KERNELS", "on")
    ways: list[bool] = []
    original = compiled.Judge._words

    def watched(self, frame):  # type: ignore[no-untyped-def]
        found = original(self, frame)
        ways.append(found is not None)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(compiled.Judge, "_words", watched)
        found = make()
    assert judged is None or (ways and any(ways) == judged)
    assert found.counts == expected.counts and found.fingerprint == expected.fingerprint
    for one in fields(expected.cells):
        mine, theirs = getattr(found.cells, one.name), getattr(expected.cells, one.name)
        assert (mine is None) == (theirs is None)
        assert mine is None or (mine.dtype == theirs.dtype and mine.tobytes() == theirs.tobytes()), one.name
    return found


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("census")
    for name, options in (("whole", {}), ("partly", {"unknown": 0.05}), ("shuffled", {"shuffled": True})):
        write_census(Census(150_000, row_group=40_000, **options), folder / name)
    return folder


def census_profile(folder: Path, threads: int = 1) -> DeprivationProfile:
    measure, survey = mpi.load_measure(CENSUS / "measure.yaml"), mpi.load_survey(CENSUS / "survey.yaml")
    return mpi.deprivation_profile(survey, measure, folder, threads=threads)


@pytest.mark.parametrize("kind", ["whole", "partly", "shuffled"])
@pytest.mark.parametrize("threads", [1, 3])
def test_a_census_gives_the_same_cells(census: Path, kind: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_and_without(
        lambda: census_profile(census / kind, threads), monkeypatch, judged=None if kind == "shuffled" else True
    )


def small(patch: pytest.MonkeyPatch, persons: int = 3000, span_of: int = 40_000) -> None:
    """Let files be read in small blocks, of which a span has many."""
    patch.setattr(households_only, "SMALL", 0)
    patch.setattr(households_only, "PERSONS", persons)
    patch.setattr(span, "SPAN", span_of)


@pytest.mark.parametrize("kind", ["whole", "partly"])
@pytest.mark.parametrize("persons", [37, 3000, CHUNK])
def test_persons_are_folded_as_they_are_read(
    census: Path, kind: str, persons: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the ends of blocks, chunks and spans; most blocks come without the columns of persons."""
    small(monkeypatch, persons)
    blocks = watching(monkeypatch)
    few = census if persons > 37 else census.parent / "few"
    if few != census:
        write_census(Census(3000, row_group=700, unknown=0.05 if kind == "partly" else 0.0), few / kind)
    with_and_without(lambda: census_profile(few / kind, 2), monkeypatch)
    assert sum(blocks) > len(blocks) / 3


def test_blocks_at_the_ends_of_spans_are_folded_too(census: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the first of the survey, for whose columns the program is made, its last, and what spans share."""
    small(monkeypatch)
    blocks = watching(monkeypatch)
    monkeypatch.setenv("MPI_KERNELS", "on")
    assert len(census_profile(census / "whole").cells)
    assert len(blocks) > 40 and blocks.count(False) == 3


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("widths", [("int32", "int16"), ("int32", "int64"), ("int64", "int32")])
def test_keys_are_of_any_width(
    shuffled: bool, widths: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Persons are folded as they are read, and unknowns read as bits, whatever the integers of their keys."""
    write_census(Census(20_000, row_group=3_000, shuffled=shuffled, unknown=0.05), tmp_path)
    for table in ("persons", "households"):
        whole = pq.read_table(tmp_path / f"{table}.parquet")
        for name, width in zip(("household", "person"), widths, strict=True):
            if name in whole.column_names:
                place = whole.schema.get_field_index(name)
                whole = whole.set_column(place, name, whole[name].cast(getattr(pa, width)()))
        pq.write_table(whole, tmp_path / f"{table}.parquet", row_group_size=3_000)
    small(monkeypatch, 1000, 5_000)
    blocks = watching(monkeypatch)
    with_and_without(lambda: census_profile(tmp_path), monkeypatch, judged=None)
    assert blocks.count(False) <= 3 < len(blocks)


@pytest.mark.parametrize("fault", ["swapped", "twice", "lost", "apart"])
def test_rows_out_of_order_are_read_as_without_kernels(
    fault: str, census: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Persons of one household swapped, one twice, a household without a row, and one that comes again later."""
    small(monkeypatch)
    for table in ("persons", "households"):
        whole = pq.read_table(census / "whole" / f"{table}.parquet")
        if table == "persons":
            rows = np.arange(60_000)
            at = 31_000 + int(np.flatnonzero(np.diff(whole["household"].to_numpy()[31_000:31_100]) == 0)[0])
            if fault == "swapped":
                rows[[at, at + 1]] = rows[[at + 1, at]]
            elif fault == "twice":
                rows = np.insert(rows, at, rows[at])
            elif fault == "apart":
                rows = np.append(np.delete(rows, at), at)
            whole = whole.take(pa.array(rows))
        else:
            own = pq.read_table(census / "whole" / "persons.parquet", columns=["household"])["household"].to_numpy()
            kept = np.isin(whole["household"].to_numpy(), own[:60_000])
            kept[np.flatnonzero(kept)[9000]] = fault != "lost"
            whole = whole.filter(pa.array(kept))
        pq.write_table(whole, tmp_path / f"{table}.parquet", row_group_size=20_000)
    found = []
    for way in ("off", "on"):
        monkeypatch.setenv("MPI_KERNELS", way)
        try:
            found.append(str(census_profile(tmp_path, 2).cells.persons.tobytes()))
        except DataError as error:
            found.append(str(error))
    assert found[0] == found[1]
    assert ("MPI-D" in found[0]) == (fault in ("twice", "lost"))


def watching(patch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each block that the kernels judge has come with its verdicts."""
    blocks: list[bool] = []
    original = compiled.Judge.judged

    def watched(self, frame):  # type: ignore[no-untyped-def]
        blocks.append(frame.verdicts is not None)
        return original(self, frame)

    patch.setattr(compiled.Judge, "judged", watched)
    return blocks


@pytest.mark.parametrize("unknown", [0.0, 0.05])
@pytest.mark.parametrize(("threads", "long"), [(1, 7000), (3, 7000), (3, 6999)])
def test_persons_in_no_order_are_gathered_by_household(
    unknown: float, threads: int, long: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one thread or several, which read a row group each unless these are too long to be held."""
    monkeypatch.setattr(gathered, "LONG", long)
    write_census(Census(30_000, row_group=7000, shuffled=True, unknown=unknown), tmp_path)
    small(monkeypatch)
    monkeypatch.setattr(unordered, "PART", 8000)
    blocks = watching(monkeypatch)
    with_and_without(lambda: census_profile(tmp_path, threads), monkeypatch, judged=None)
    assert all(blocks) and len(blocks) > 8


HUGE = " * 1e30" * 11
UNUSUAL = {
    "twice": "MPI-D032", "orphan": "MPI-D036", "alone": "MPI-D035", "numbered": "", "late": "", "infinite": "MPI-D040",
    "large": "MPI-D040",
}  # fmt: skip


@pytest.mark.parametrize("fault", UNUSUAL)
def test_persons_in_no_order_of_whom_something_is_unusual_are_read_as_without_kernels(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person twice, one without a household, one alone, large numbers, unknowns that come late, overflows."""
    write_census(Census(30_000, shuffled=True), tmp_path)
    small(monkeypatch)
    persons, households = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("persons", "households"))
    columns = {name: persons[name].to_numpy(zero_copy_only=False).copy() for name in ("household", "person", "age")}
    measure = (CENSUS / "measure.yaml").read_text()
    match fault:
        case "twice":
            persons = pa.concat_tables([persons, persons.slice(5, 1)])
        case "orphan":
            columns["household"][20_000] = columns["household"].max() + 7
        case "alone":
            persons = persons.filter(pa.array(columns["household"] != columns["household"][20_000]))
        case "numbered":
            columns["person"][columns["person"] == 1] = 64
        case "infinite":
            measure = measure.replace("age <= 5 AND", f"age{HUGE} <= 5 AND")
        case "large":
            measure = measure.replace("members / rooms >= 3", f"members{HUGE} / rooms >= 3")
    if fault in ("orphan", "numbered"):
        for name in ("household", "person"):
            persons = persons.set_column(persons.schema.get_field_index(name), name, pa.array(columns[name]))
    if fault == "late":
        known = np.arange(len(persons)) != 25_000
        ages = pa.array(columns["age"], mask=~known)
        persons = persons.set_column(persons.schema.get_field_index("age"), "age", ages)
    pq.write_table(persons, tmp_path / "persons.parquet", row_group_size=7000)
    pq.write_table(households, tmp_path / "households.parquet")
    (tmp_path / "measure.yaml").write_text(measure)
    found = []
    for way in ("off", "on"):
        monkeypatch.setenv("MPI_KERNELS", way)
        pair = mpi.load_survey(CENSUS / "survey.yaml"), mpi.load_measure(tmp_path / "measure.yaml")
        try:
            found.append(mpi.deprivation_profile(*pair, tmp_path, threads=2).cells.persons.tobytes().hex())
        except DataError as error:
            found.append(str(error))
    assert found[0] == found[1]
    assert UNUSUAL[fault] in found[0] and ("MPI-D" in found[0]) == bool(UNUSUAL[fault])


def test_a_census_in_weights_by_household_gives_the_same_cells(
    census: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of weights depend on how blocks are cut, which the kernels do not change."""
    small(monkeypatch)
    households = pq.read_table(census / "partly" / "households.parquet")
    weights = pa.array(np.random.default_rng(1).random(len(households)) + 0.1)
    pq.write_table(households.append_column("w", weights), tmp_path / "households.parquet")
    pq.write_table(
        pq.read_table(census / "partly" / "persons.parquet"), tmp_path / "persons.parquet", row_group_size=40_000
    )
    text = (
        (CENSUS / "survey.yaml")
        .read_text()
        .replace("design: {weight: none, census: true}", "design: {weight: w, psu: [municipality]}")
    )
    (tmp_path / "survey.yaml").write_text(text)
    survey, measure = mpi.load_survey(tmp_path / "survey.yaml"), mpi.load_measure(CENSUS / "measure.yaml")
    with_and_without(lambda: mpi.deprivation_profile(survey, measure, tmp_path, threads=2), monkeypatch)


def _number_of_cells(folder: str) -> int:
    return len(census_profile(Path(folder)).cells)


def test_processes_use_the_kernels_side_by_side(census: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_KERNELS", "on")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_number_of_cells, [str(census / "whole")] * 2))
    assert found == [len(census_profile(census / "whole").cells)] * 2


@pytest.mark.parametrize("survey", ["colombia_demo_2024", "colombia_demo_2025"])
def test_the_sample_data_give_the_same_cells(survey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A survey with weights, strata and PSUs, whose rules have lists, CASE and a household's value in persons'."""
    pair = mpi.load_survey(survey), mpi.load_measure("colombia_ipm")
    with_and_without(lambda: mpi.deprivation_profile(*pair, ROOT / "sample_data"), monkeypatch)


def test_a_village_with_unknown_answers_gives_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    survey, measure, data = village.survey(), village.measure(), village.tables(400)
    with_and_without(lambda: mpi.deprivation_profile(survey, measure, data), monkeypatch)


def large_household(folder: Path) -> None:
    """All persons of a census' first households as one household of 300."""
    households = pq.read_table(folder / "households.parquet").slice(0, 200)
    persons = pq.read_table(folder / "persons.parquet")
    head = persons.slice(0, 300)
    first = households["household"][0].as_py()
    head = head.set_column(0, "household", pa.array(np.full(300, first, np.int64)))
    head = head.set_column(1, "person", pa.array(np.arange(300), persons.schema.field("person").type))
    pq.write_table(head, folder / "persons.parquet")
    pq.write_table(households.slice(0, 1), folder / "households.parquet")


def test_a_household_of_more_persons_than_a_byte_counts_is_left_to_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_census(Census(2000), tmp_path)
    persons = pq.read_table(tmp_path / "persons.parquet")
    wide = persons.set_column(1, "person", persons["person"].cast(pa.int16()))
    pq.write_table(wide, tmp_path / "persons.parquet")
    large_household(tmp_path)
    with_and_without(lambda: census_profile(tmp_path), monkeypatch, judged=False)


@pytest.mark.parametrize("wrong", ["schooling", "zone"])
def test_wrong_rows_are_refused_with_the_same_words(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arithmetic that overflows, and codes that their list does not have."""
    write_census(Census(20_000), tmp_path)
    table, code = ("persons", 2**63 - 1) if wrong == "schooling" else ("households", 9)
    whole = pq.read_table(tmp_path / f"{table}.parquet")
    place = whole.schema.get_field_index(wrong)
    values = whole[wrong].cast(pa.int64()).to_pylist()
    values[7] = values[4000] = code
    pq.write_table(whole.set_column(place, wrong, pa.array(values, pa.int64())), tmp_path / f"{table}.parquet")
    measure = (CENSUS / "measure.yaml").read_text().replace("schooling < age - 7", "schooling + schooling < age - 7")
    (tmp_path / "measure.yaml").write_text(measure)
    survey = mpi.load_survey(CENSUS / "survey.yaml")
    said = []
    for way in ("off", "on"):
        monkeypatch.setenv("MPI_KERNELS", way)
        with pytest.raises(DataError) as error:
            mpi.deprivation_profile(survey, mpi.load_measure(tmp_path / "measure.yaml"), tmp_path, threads=2)
        said.append(str(error.value))
    assert said[0] == said[1] and ("MPI-D040" if wrong == "schooling" else "MPI-D015") in said[0]
