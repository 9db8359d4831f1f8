"""The benchmark's census and race: one seed gives one census, and rivals are timed only with our figures."""

from __future__ import annotations

import importlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import mpi
from benchmarks.census import race, report
from benchmarks.census.agreement import disagreements, figures_of, own_figures
from benchmarks.census.generator import Census, write_census
from benchmarks.census.rivals import BASE, CUTOFFS, WEIGHTS, decode, engine, engine_flags
from benchmarks.census.running import Cost, run
from mpi.pipeline.binding import bind
from mpi.source import open_survey
from tests.support.limits import MOST

PERSONS = 20_000
TABLES = ("persons", "households")
KEYS = {"persons": ["household", "person"], "households": ["household"]}
RIVALS = [one for one in race.CONTESTANTS if one.family not in race.ALWAYS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("census") / "2e4"
    write_census(Census(PERSONS), path)
    return path


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("census") / "shuffled"
    write_census(Census(PERSONS, shuffled=True), path)
    return path


@pytest.fixture(scope="module")
def ours(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures") / "ours.parquet"
    engine.figures(folder, path, "engine")
    return path


def rows(folder: Path, name: str) -> pa.Table:
    files = sorted(folder.glob(f"{name}*.parquet"))
    return pa.concat_tables([pq.read_table(file) for file in files]).combine_chunks()


def test_one_seed_gives_the_same_bytes_and_another_seed_does_not(folder: Path, tmp_path: Path) -> None:
    write_census(Census(PERSONS), tmp_path / "again")
    write_census(Census(PERSONS, seed=1), tmp_path / "other")
    for name in TABLES:
        written, again, other = (
            (where / f"{name}.parquet").read_bytes() for where in (folder, tmp_path / "again", tmp_path / "other")
        )
        assert written == again
        assert written != other


@pytest.mark.parametrize("name", TABLES)
def test_a_shuffled_census_holds_the_same_rows_in_another_order(name: str, folder: Path, shuffled: Path) -> None:
    straight, mixed = rows(folder, name), rows(shuffled, name)
    assert not straight.equals(mixed)
    assert straight.equals(mixed.sort_by([(key, "ascending") for key in KEYS[name]]).combine_chunks())


def test_a_census_in_several_files_holds_the_same_rows_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.census.generator.PERSONS_IN_A_PART", 1_000)
    write_census(Census(5_000), tmp_path / "one")
    write_census(Census(5_000, files=2), tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == [
        "households-01.parquet",
        "households-02.parquet",
        "persons-01.parquet",
        "persons-02.parquet",
    ]
    for name in TABLES:
        assert rows(tmp_path / "one", name).equals(rows(tmp_path / "two", name))
    with pytest.raises(ValueError, match="do not fill 6 files"):
        write_census(Census(5_000, files=6), tmp_path / "six")


def test_decoding_reads_the_columns_that_our_engine_reads(folder: Path, tmp_path: Path) -> None:
    measure, survey = (
        load(engine.HERE / f"{name}.yaml")
        for load, name in ((mpi.load_measure, "measure"), (mpi.load_survey, "survey"))
    )
    needs = bind(measure, open_survey(survey, folder)).needs
    keys = {table: survey.tables[table].key for table in TABLES}
    read = {table: {*keys[table], *needs[table]} for table in TABLES}
    assert read == {table: set(columns) for table, columns in decode.COLUMNS.items()}
    decode.figures(folder, tmp_path / "rows.txt", "batches")
    assert int((tmp_path / "rows.txt").read_text()) == sum(rows(folder, name).num_rows for name in TABLES)


def test_the_rivals_constants_are_those_of_the_measure() -> None:
    measure = mpi.load_measure(engine.HERE / "measure.yaml")
    assert {i.name: i.weight * BASE for i in measure.indicators} == WEIGHTS
    assert [cutoff.text for cutoff in measure.cutoffs] == list(CUTOFFS)


own_figures_of = cache(own_figures)


@pytest.mark.parametrize("one", RIVALS, ids=lambda one: f"{one.module}-{one.how}")
def test_a_rival_gives_our_figures_of_all_domains(
    one: race.Contestant, folder: Path, shuffled: Path, ours: Path, tmp_path: Path
) -> None:
    rival = importlib.import_module(f"benchmarks.census.rivals.{one.module}")
    own = own_figures_of(ours)
    assert len({key[:2] for key in own}) > 1_000
    for data in [folder] if one.ordered else [folder, shuffled]:
        rival.figures(data, tmp_path / "theirs.parquet", one.how)
        assert disagreements(own, figures_of(tmp_path / "theirs.parquet")) == []


def test_a_rival_that_takes_order_for_granted_refuses_files_in_two_orders(
    folder: Path, shuffled: Path, tmp_path: Path
) -> None:
    ordered = [one for one in RIVALS if one.ordered]
    assert ordered
    (tmp_path / "persons.parquet").symlink_to(folder / "persons.parquet")
    (tmp_path / "households.parquet").symlink_to(shuffled / "households.parquet")
    for one in ordered:
        rival = importlib.import_module(f"benchmarks.census.rivals.{one.module}")
        with pytest.raises(SystemExit, match="not hold the same households"):
            rival.figures(tmp_path, tmp_path / "theirs.parquet", one.how)


def test_mpitb_gives_our_figures_from_ready_made_flags(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("mpitb", reason="mpitb 0.2 is not installed; it is no dependency")
    flags = importlib.import_module("benchmarks.census.rivals.flags")
    mpitb = importlib.import_module("benchmarks.census.rivals.mpitb")
    flags.figures(folder, tmp_path / "flags.parquet", "flags")
    every = pq.read_table(tmp_path / "flags.parquet")
    few = every.filter(pc.is_in(every["municipality"], pc.unique(every["municipality"])[:20]))
    pq.write_table(few, tmp_path / "flags.parquet")
    for rival in (engine_flags, mpitb):
        rival.figures(tmp_path / "flags.parquet", tmp_path / f"{rival.__name__}.parquet", "")
    own = own_figures(tmp_path / f"{engine_flags.__name__}.parquet")
    assert disagreements(own, figures_of(tmp_path / f"{mpitb.__name__}.parquet")) == []


@pytest.mark.parametrize(
    ("statistic", "by", "found"),
    [("poor", 1e-10, 1), ("H", 2e-9, 1), ("H", 1e-10, 0)],
    ids=["another number of poor", "another share", "a share's last digits"],
)
def test_one_figure_that_differs_is_seen(ours: Path, statistic: str, by: float, found: int) -> None:
    own = own_figures(ours)
    key = next(key for key in own if key[3] == statistic)
    assert len(disagreements(own, {**own, key: own[key] + by})) == found


def test_a_figure_that_is_not_there_is_seen(ours: Path) -> None:
    own = own_figures(ours)
    *others, last = own
    assert len(disagreements(own, {key: own[key] for key in others})) == 1
    assert len(disagreements({key: own[key] for key in others}, own)) == 1
    undefined = next(key for key, value in own.items() if value is None)
    assert disagreements(own, {**own, undefined: 0.0})
    assert last in own


def test_a_race_checks_then_times_and_leaves_its_readme_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "confine", lambda: None)  # it would bind the tests that follow
    (tmp_path / "2e4").symlink_to(folder)
    before = (race.ROOT / "benchmarks" / "README.md").read_text()
    race.main(["--sizes", "2e4", "--repeats", "1", "--only", "duckdb", "--data", str(tmp_path)])
    said = capsys.readouterr().out
    assert "2e4: 2 rivals give our figures of all domains" in said
    for name in (race.DECODE, race.OURS, "DuckDB, packed bits"):
        assert name in said
    assert (race.ROOT / "benchmarks" / "README.md").read_text() == before


def test_a_rival_with_other_figures_is_not_timed(
    folder: Path, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pq.read_table(ours)
    table = table.filter(pc.and_(pc.is_null(table["municipality"]), pc.is_null(table["zone"])))
    at = table.schema.get_field_index("estimate")
    runs = []

    def pretended(module: str, *arguments: object) -> Cost:
        runs.append(module)
        if module.endswith("agreement"):
            return run(module, *arguments)
        other = pc.add(table["estimate"], 1e-6) if module.endswith("polars") else table["estimate"]
        pq.write_table(table.set_column(at, "estimate", other), arguments[2])
        return Cost(1, 1, 1)

    monkeypatch.setattr(race, "run", pretended)
    (tmp_path / "2e4").symlink_to(folder)
    said = []
    with pytest.raises(SystemExit, match=r"agreement .* ended with code 1"):
        race.Race(tmp_path, ["polars"], 3, said.append).heat(PERSONS)
    assert runs[-1].endswith("agreement")
    assert said == []


def test_the_cost_of_a_run_is_its_own_processors_seconds_and_memory() -> None:
    # A process of its own, as in a race: what this one has taken so far would count into what it starts.
    code = """if True:
        from benchmarks.census.running import run
        idle, busy = run("this"), run("timeit", "-n", "1", "-r", "1", "bytearray(300_000_000).count(1)")
        assert 0 < idle.cpu < busy.cpu, (idle, busy)
        assert idle.peak + 290 < busy.peak < idle.peak + 400, (idle, busy)
    """
    subprocess.run([sys.executable, "-c", code], cwd=race.ROOT, check=True, timeout=MOST)
    with pytest.raises(SystemExit, match="no_such_module"):
        run("no_such_module")


def test_the_tables_name_everybody_and_the_short_one_the_fastest_of_a_family() -> None:
    costs = {"decoding alone": Cost(1, 1, 100), "mpi": Cost(2, 1, 300), "a": Cost(3, 2, 1), "b": Cost(6, 2, 1)}
    families = {"decoding alone": "decode", "mpi": "engine", "a": "rival", "b": "rival"}
    heat = report.Heat("1e7", costs, families)
    mixed = report.Heat("1e7, shuffled", {"mpi": Cost(3, 2, 300)}, {"mpi": "engine"})
    whole = report.page([heat, mixed], 5)
    assert "| b | 6.00 | 2.00 | 1 | 6.00 | 3.00 |" in whole
    assert "A shuffled file of 1e7 persons costs our engine 1.50 times a sorted one." in whole
    assert "| 1e7 | decoding alone | 1.00 |" in report.short([heat])
    assert "| a |" in report.short([heat])
    assert "| b |" not in report.short([heat])
    assert report.between_marks("x\n<!-- race -->\nold\n<!-- /race -->\ny", "new") == (
        "x\n<!-- race -->\nnew\n<!-- /race -->\ny"
    )
    with pytest.raises(ValueError, match="once each"):
        report.between_marks("no marks", "new")


def test_the_readme_has_the_marks_of_the_table() -> None:
    text = (race.ROOT / "benchmarks" / "README.md").read_text()
    assert report.between_marks(text, "new") != text
