"""A pass that may take so much memory: rows in no order are split into files, with the same figures; or refused."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census.generator import Census, write_census
from mpi.errors import DataError, UsageError
from mpi.profile import DeprivationProfile
from mpi.source import households_only, memory, reading
from mpi.specs.survey import Survey
from tests.support.limits import MOST

BENCH = Path(__file__).parents[2] / "benchmarks" / "census"
MEASURE = mpi.load_measure(BENCH / "measure.yaml")
SURVEY = mpi.load_survey(BENCH / "survey.yaml")
NAMES = ("persons", "households")


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("census")
    write_census(Census(20_000, unknown=0.01, row_group=4_000, shuffled=True), folder)
    return folder


@pytest.fixture
def _tight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Room for a seventh of the rows, whatever the process takes."""
    monkeypatch.setattr(households_only, "SMALL", 0)
    monkeypatch.setattr(households_only, "PERSONS", 1_500)
    monkeypatch.setattr(memory, "resident", lambda: 0)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def bytes_of(profile: DeprivationProfile, path: Path) -> bytes:
    profile.write(path, overwrite=True)
    return path.read_bytes()


def both(survey: Survey, folder: Path, tmp_path: Path, *, room: int = 1_000_000) -> tuple[bytes, bytes, list[str]]:
    """The bytes of a profile without and with a bound, and the stages of the second, one after the other."""
    stages: list[str] = []

    def report(stage: str, done: int, total: int) -> None:
        stages.extend([stage] if stages[-1:] != [stage] else [])
        assert 0 <= done <= total

    free = mpi.deprivation_profile(survey, MEASURE, folder)
    tight = mpi.deprivation_profile(survey, MEASURE, folder, memory=room, threads=2, report=report)
    return bytes_of(free, tmp_path / "free.parquet"), bytes_of(tight, tmp_path / "tight.parquet"), stages


@pytest.mark.usefixtures("_tight")
def test_rows_in_no_order_are_split_with_the_same_figures(census: Path, tmp_path: Path) -> None:
    free, tight, stages = both(SURVEY, census, tmp_path)
    assert free == tight
    assert stages[-2].startswith("splitting households into ") and stages[-1] == reading.STAGE
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.usefixtures("_tight")
def test_keys_of_texts_and_files_of_several_widths_are_split(census: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for name in NAMES:
        table = pq.read_table(census / f"{name}.parquet")
        key = pc.utf8_lpad(table["household"].cast(pa.string()), 9, "0")
        key = key.dictionary_encode() if name == "persons" else key
        table = table.set_column(table.schema.get_field_index("household"), "household", key)
        (folder / name / "half=1").mkdir(parents=True)
        (folder / name / "half=2").mkdir(parents=True)
        half = table.num_rows // 2
        wide = "age" if name == "persons" else "rooms"
        wider = table.set_column(table.schema.get_field_index(wide), wide, table[wide].cast(pa.int64()))
        pq.write_table(table.slice(0, half), folder / name / "half=1" / "a.parquet")
        pq.write_table(wider.slice(half), folder / name / "half=2" / "b.parquet")
    tables = {name: replace(SURVEY.tables[name], path=name) for name in NAMES}
    free, tight, stages = both(replace(SURVEY, tables={**SURVEY.tables, **tables}), folder, tmp_path)
    assert free == tight
    assert stages[-2].startswith("splitting households into ")


@pytest.mark.usefixtures("_tight")
def test_temporary_files_are_private_and_a_full_disk_for_them_is_told(
    census: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = set()
    new_file = pa.ipc.new_file

    def opened(path: str, *arguments: object, **options: object) -> object:
        modes.add(Path(path).stat().st_mode & 0o777)
        return new_file(path, *arguments, **options)

    monkeypatch.setattr(pa.ipc, "new_file", opened)
    mpi.deprivation_profile(SURVEY, MEASURE, census, memory=1_000_000)
    assert modes == {0o600}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(DataError, match=r"MPI-O004 .*mpi-.*: temporary files cannot be written \(File too large\)"):
            mpi.deprivation_profile(SURVEY, MEASURE, census, memory=1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.usefixtures("_tight")
def test_faults_of_the_data_are_found_in_a_part(census: Path, tmp_path: Path) -> None:
    households = pq.read_table(census / "households.parquet")
    pq.write_table(households.slice(1), tmp_path / "households.parquet")
    pq.write_table(pq.read_table(census / "persons.parquet"), tmp_path / "persons.parquet", row_group_size=4_000)
    with pytest.raises(DataError, match=r"MPI-D036 persons\.parquet: \d+ persons? in 1 household without a row"):
        mpi.deprivation_profile(SURVEY, MEASURE, tmp_path, memory=1_000_000)
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.usefixtures("_tight")
@pytest.mark.parametrize(("name", "code"), [("persons", "MPI-D036"), ("households", "MPI-D035")])
def test_rows_in_a_part_without_partner_are_refused(name: str, code: str, census: Path, tmp_path: Path) -> None:
    other = NAMES[1 - NAMES.index(name)]
    pq.write_table(pq.read_table(census / f"{name}.parquet"), tmp_path / f"{name}.parquet", row_group_size=4_000)
    pq.write_table(pq.read_table(census / f"{other}.parquet").slice(0, 1), tmp_path / f"{other}.parquet")
    said = []
    for room in (50_000, 10**9):
        with pytest.raises(DataError, match=code) as error:
            mpi.deprivation_profile(SURVEY, MEASURE, tmp_path, memory=room)
        said.append(str(error.value))
    assert said[0] == said[1]  # all rows are counted, however many parts there are


@pytest.mark.usefixtures("_tight")
def test_households_without_a_table_of_persons_are_split(tmp_path: Path) -> None:
    n = 5_000
    frame = {
        "id": pa.array([f"h{i * 7919 % n:05d}" for i in range(n)]),
        "poor": pa.array([i % 3 for i in range(n)]),
        "size": pa.array([1 + i % 5 for i in range(n)]),
    }
    pq.write_table(pa.table(frame), tmp_path / "h.parquet")
    (tmp_path / "m.yaml").write_text(
        "measure: m\ntitle: {en: m}\nsource: invented\nidentification: household\nmissing: exclude\nk: {one: 1}\n"
        "variables: {household: {poor: {type: number}}}\n"
        "dimensions: {d: {weight: 1, indicators: {i: {deprived: poor = 1}}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "s.yaml").write_text(
        "survey: s\ntitle: {en: s}\nsource: invented\nperiod: 2026\nmembers: size\n"
        "tables: {households: {path: h.parquet, key: [id]}}\n"
        "design: {weight: none, census: true}\nvariables: {poor: poor}\n",
        encoding="utf-8",
    )
    measure, survey = mpi.load_measure(tmp_path / "m.yaml"), mpi.load_survey(tmp_path / "s.yaml")
    stages: dict[str, None] = {}
    tight = mpi.deprivation_profile(
        survey, measure, tmp_path, memory=200_000, report=lambda stage, *_: stages.setdefault(stage)
    )
    assert next(iter(stages)).startswith("splitting households into ")
    free = mpi.deprivation_profile(survey, measure, tmp_path)
    assert bytes_of(tight, tmp_path / "a.parquet") == bytes_of(free, tmp_path / "b.parquet")


@pytest.mark.usefixtures("_tight")
def test_what_fits_is_not_split(census: Path, tmp_path: Path) -> None:
    *_, stages = both(SURVEY, census, tmp_path, room=10**9)
    assert stages[-1].startswith("reading persons in memory, about ")


def test_more_than_the_bound_is_refused(census: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"MPI-U011 the run uses .* of memory, more than the 1 MB allowed"):
        mpi.deprivation_profile(SURVEY, MEASURE, census, memory="1MB")


@pytest.mark.parametrize("wrong", ["", "many", "0", 0, -5, "2 XB", True, "1.5.2GB"])
def test_what_is_no_size_is_refused(wrong: int | str) -> None:
    with pytest.raises(UsageError, match=r"MPI-U011 .* is not a size of memory"):
        memory.bytes_of(wrong)


def test_sizes_are_read_with_their_units() -> None:
    sizes = {"800MB": 800_000_000, "2 GB": 2 * 10**9, "1.5g": 1_500_000_000, "77": 77, 5: 5}
    assert {text: memory.bytes_of(text) for text in sizes} == sizes


@pytest.mark.slow
@pytest.mark.skipif(not memory.STATE.exists(), reason="the system does not say how much memory a process takes")
def test_the_bound_is_kept_by_a_process(tmp_path: Path) -> None:
    """2.6 million persons in no order take some 350 MB; a process that may take 230 MB gives the same profile."""
    write_census(Census(2_600_000, shuffled=True), tmp_path)
    script = (
        "import re, sys, mpi\n"
        "profile = mpi.deprivation_profile(mpi.load_survey(sys.argv[1]), mpi.load_measure(sys.argv[2]), sys.argv[3],\n"
        "                                  memory=sys.argv[4] or None, threads=1, domains=['department'])\n"
        "profile.write(sys.argv[5])\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"  # not its parent's, as getrusage
    )
    peaks = {}
    for room in ("", "230MB"):
        where = tmp_path / f"{room or 'free'}.parquet"
        command = [sys.executable, "-c", script, BENCH / "survey.yaml", BENCH / "measure.yaml", tmp_path, room, where]
        ran = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=MOST, cwd=Path(mpi.__file__).parents[1]
        )
        peaks[room] = int(ran.stdout) * 1024
    assert (tmp_path / "free.parquet").read_bytes() == (tmp_path / "230MB.parquet").read_bytes()
    assert peaks["230MB"] < 230 * 10**6 < peaks[""], peaks


@pytest.mark.parametrize(("room", "threads"), [(-1, 1), (0, 1), (1, 1), (2, 2), (2.9, 2), (7, 7), (8, 8), (9, 8)])
def test_as_many_threads_as_fit_and_one_in_any_case(monkeypatch: pytest.MonkeyPatch, room: float, threads: int) -> None:
    monkeypatch.setattr(memory, "resident", lambda: 10**9)
    assert memory.threads_within(10**9 + int(room * memory.A_THREAD), 8) == threads
    assert memory.threads_within(None, 8) == 8


@pytest.mark.parametrize(
    ("room", "need", "parts"), [(1000, 450, 1), (1000, 451, 3), (1000, 10**9, memory.MOST_PARTS), (0, 1, 1), (0, 2, 4)]
)
def test_rows_are_split_so_that_each_thread_can_hold_a_part(
    monkeypatch: pytest.MonkeyPatch, room: int, need: int, parts: int
) -> None:
    monkeypatch.setattr(memory, "resident", lambda: 10**9)
    assert memory.parts_within(10**9 + room, need, 2) == parts
    assert memory.parts_within(None, need, 2) == 1
    with pytest.raises(UsageError, match=r"MPI-U011 .* uses 1\.0 GB of memory, more than the 900 MB allowed"):
        memory.parts_within(9 * 10**8, need, 2)
