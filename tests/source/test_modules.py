"""Modules: the figures are those of one table in which their columns stand, joined the long way."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

import mpi
from mpi import distributed
from mpi.distributed import errand
from mpi.errors import ConfigError, DataError, MpiError
from mpi.pipeline.passing import deprivation_profile
from mpi.pipeline.scoring import score
from mpi.specs.survey import Survey
from tests.support import village

EDUCATION = "educacion: {of: persons, path: educacion.parquet, key: [house, person]}"
BIRTHS = (
    "births: {of: persons, path: births.parquet, key: [house, woman, n], person: [house, woman], "
    "aggregates: {lost: COUNT_IF(died = 1), first: MIN(year), born: COUNT(), "
    "all_lost: ALL(died = 1)}}"
)


def survey(*more: tuple[str, str], modules: str = EDUCATION, inside: bool = True) -> Survey:
    text = f"tables:\n  modules:\n    {modules}\n" if inside else f"modules:\n  {modules}\ntables:\n"
    return village.survey(("tables:\n", text), *more)


def chapters(data: village.Tables, lacking: int = 0) -> village.Tables:
    """The persons without their answers on education, and these in a file of its own, in another order."""
    persons = data["persons"]
    own = persons.select(["house", "person", "years", "school"])
    order = np.random.default_rng(2).permutation(persons.num_rows)
    return {**data, "persons": persons.drop_columns(["years", "school"]), "educacion": own.take(order[lacking:])}


def blanked(data: village.Tables, lacking: int) -> village.Tables:
    """The same in one file, row by row: unknown for those who have no row."""
    there = {(row["house"], row["person"]) for row in chapters(data, lacking)["educacion"].to_pylist()}
    rows = [
        row if (row["house"], row["person"]) in there else row | {"years": None, "school": None}
        for row in data["persons"].to_pylist()
    ]
    return {**data, "persons": pa.Table.from_pylist(rows, data["persons"].schema)}


@pytest.mark.parametrize("inside", [True, False])
def test_chapters_are_as_one_file(inside: bool) -> None:
    data = village.tables()
    village.assert_same(village.profile(chapters(data), of=survey(inside=inside)), village.profile(data))


def test_who_has_no_row_there_is_unknown_there_and_told() -> None:
    data = village.tables()
    made = village.profile(chapters(data, 30), of=survey())
    village.assert_same(made, village.profile(blanked(data, 30)))
    told = [notice.text for notice in made.notices if notice.code == "MPI-N143"]
    assert told == [f"30 of {data['persons'].num_rows} persons have no row in the module educacion: unknown there"]


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    village.small_spans(monkeypatch)


@pytest.mark.usefixtures("_small")
def test_it_is_the_same_in_every_order_file_and_number_of_threads(tmp_path: Path) -> None:
    data = village.tables()
    expected = village.profile(blanked(data, 30))
    folder = village.write(tmp_path, chapters(data, 30), rows=17)
    mixed = {
        name: table.take(np.random.default_rng(7).permutation(table.num_rows))
        for name, table in chapters(data, 30).items()
    }
    for source in (folder, mixed):
        for threads in (1, 3):
            village.assert_same(deprivation_profile(survey(), village.measure(), source, threads=threads), expected)
    rows = score(survey(), village.measure(), folder).sort_by("house")
    other = score(village.survey(), village.measure(), blanked(data, 30)).sort_by("house")
    assert rows.to_pylist() == other.to_pylist() and rows.num_rows == 60


@pytest.mark.usefixtures("_small")
def test_rows_split_to_fit_memory_keep_their_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mpi.source import reading

    data = village.tables()
    mixed = {
        name: table.take(np.random.default_rng(7).permutation(table.num_rows))
        for name, table in chapters(data, 30).items()
    }
    folder = village.write(tmp_path, mixed, rows=17)
    monkeypatch.setattr(reading, "parts_within", lambda *_: 4)
    found = deprivation_profile(survey(), village.measure(), folder, threads=1, memory="4GB")
    village.assert_same(found, village.profile(blanked(data, 30)))


@pytest.mark.usefixtures("_small")
def test_a_cluster_reads_the_same_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "SMALL", 0)
    monkeypatch.setattr(distributed, "SPAN", 25)
    folder = village.write(tmp_path, chapters(village.tables(), 30), rows=17)

    def results(cluster: object, job: Any, numbers: range, patience: float, progress: object) -> Any:
        return nullcontext(("here", "read", errand.read_span(job, number)) for number in numbers)

    monkeypatch.setattr(distributed, "_results", results)
    found = distributed.deprivation_profile(survey(), village.measure(), folder, cluster=1)
    village.assert_same(found, mpi.deprivation_profile(survey(), village.measure(), folder))


def test_csv_files_other_names_and_missing_codes_hold_in_modules(tmp_path: Path) -> None:
    data = village.tables()
    own = chapters(data, 30)
    years = own["educacion"]["years"].to_pylist()
    told = own["educacion"].set_column(2, "p12", pa.array([99 if year is None else year for year in years]))
    folder = village.write(tmp_path, {name: own[name] for name in ("persons", "households")})
    pyarrow.csv.write_csv(told, folder / "educacion.csv")
    of = survey(
        ("missing_codes: {age: [99]}", "missing_codes: {age: [99], years: [99]}\naliases: {years: [p12]}"),
        modules=EDUCATION.replace("parquet", "csv"),
    )
    village.assert_same(village.profile(folder, of=of), village.profile(blanked(data, 30)))


def test_a_module_of_households_gives_columns_of_households() -> None:
    data = village.tables()
    households = data["households"]
    own = households.select(["house", "rooms", "wall", "segment"]).take(np.random.default_rng(3).permutation(60))
    parts = {**data, "households": households.drop_columns(["rooms", "wall", "segment"]), "home": own}
    module = "home: {of: households, path: home.parquet, key: [house]}"
    village.assert_same(village.profile(parts, of=survey(modules=module)), village.profile(data))
    flat = village.joined(data).drop_columns(["rooms", "wall", "segment"])
    inside = (
        f"{{path: households.parquet, {'key: [house]}'}",
        "{from: persons, key: [house], columns: [region, area, weight, stratum]}",
    )
    made = village.profile({"persons": flat, "home": own}, of=survey(inside, modules=module))
    village.assert_same(made, village.profile(data))
    rooms = own.slice(2).drop_columns(["segment"])
    persons = flat.append_column("segment", village.joined(data)["segment"])
    lacking = sum(house in own["house"].to_pylist()[:2] for house in flat["house"].to_pylist())
    with_segment = (inside[0], inside[1].replace("stratum", "stratum, segment"))
    for made, said in (
        (village.profile({**parts, "households": data["households"].drop_columns(["rooms", "wall"]), "home": rooms},
                         of=survey(modules=module)), "2 of 60 households have no row"),
        (village.profile({"persons": persons, "home": rooms}, of=survey(with_segment, modules=module)),
         f"{lacking} of {len(flat)} rows have no row"),
    ):  # fmt: skip
        told = [notice.text for notice in made.notices if notice.code == "MPI-N143"]
        assert told == [f"{said} in the module home: unknown there"]


def test_a_column_that_a_chapter_repeats_is_one_where_it_agrees() -> None:
    data = village.tables()
    own = chapters(data, 30)
    place = {(row["house"], row["person"]): row for row in data["persons"].to_pylist()}
    keys = zip(own["educacion"]["house"].to_pylist(), own["educacion"]["person"].to_pylist(), strict=True)
    sexes = [place[key]["sex"] for key in keys]
    alike = {**own, "educacion": own["educacion"].append_column("sex", pa.array(sexes))}
    made = village.profile(alike, of=survey())
    village.assert_same(made, village.profile(blanked(data, 30)))
    assert "is in persons and educacion" in next(n.text for n in made.notices if n.code == "MPI-N141")
    other = {**own, "educacion": own["educacion"].append_column("sex", pa.array([3 - sexes[0], *sexes[1:]]))}
    with pytest.raises(DataError, match=r"MPI-S009 .*is in persons, educacion, and differs") as caught:
        village.profile(other, of=survey())
    way = caught.value.faults[0].remedy.removeprefix("say which: ")
    assert way == "{column: sex, table: persons}"
    variable, domain = "  age: age\n  sex: {column: sex,", "column: area, width: 2}\n  sex: {column: sex,"
    of = survey((variable, f"{variable} table: persons,"), (domain, f"{domain} table: persons,"))
    village.assert_same(village.profile(other, of=of), village.profile(blanked(data, 30)))


def births(data: village.Tables) -> pa.Table:
    rng = np.random.default_rng(9)
    women = [row for row in data["persons"].to_pylist() if row["sex"] == 2]
    rows = [
        {
            "house": row["house"],
            "woman": row["person"],
            "n": n + 1,
            "died": int(rng.integers(0, 2)),
            "year": int(rng.integers(1990, 2026)),
        }
        for row in women
        for n in range(int(rng.integers(0, 4)))
    ]
    return pa.Table.from_pylist(rows).take(rng.permutation(len(rows)))


NORM = [
    ("  person: {age: number,", "  person: {lost: number, first: number, born: number, all_lost: truth, age: number,"),
    ("deprived: MEAN(years) < 6.5", "deprived: SUM(lost) > 1 OR MIN(first) < 1995"),
    ("deprived: ANY(NOT attends)", "deprived: ANY(all_lost) AND SUM(born) > 2"),
]
NAMED = ("variables:\n", "variables:\n  lost: lost\n  first: first\n  born: born\n  all_lost: all_lost\n")


def test_rows_of_a_level_below_are_read_as_aggregates() -> None:
    data = village.tables()
    own = births(data)
    made = village.profile({**data, "births": own}, of=survey(NAMED, modules=BIRTHS), by=village.measure(*NORM))
    by: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in own.to_pylist():
        by.setdefault((row["house"], row["woman"]), []).append(row)
    rows = []
    for row in data["persons"].to_pylist():
        mine = by.get((row["house"], row["person"]), [])
        rows.append(
            row
            | {
                "lost": sum(one["died"] for one in mine),
                "born": len(mine),
                "first": min((one["year"] for one in mine), default=None),
                "all_lost": all(one["died"] for one in mine),
            }
        )
    flat = {**data, "persons": pa.Table.from_pylist(rows)}
    village.assert_same(made, village.profile(flat, of=village.survey(NAMED), by=village.measure(*NORM)))
    assert not [notice for notice in made.notices if notice.code == "MPI-N143"]


RECENT = BIRTHS.replace("COUNT_IF(died = 1)", '"COUNT_IF(died = 1 AND asked - year < 12 AND age < 60 AND rooms > 1)"')


def asked(data: village.Tables) -> village.Tables:
    """The village whose households were interviewed in different years."""
    years = [2020 + i % 6 for i in range(data["households"].num_rows)]
    return {**data, "households": data["households"].append_column("asked", pa.array(years))}


def repeated(data: village.Tables, own: pa.Table) -> pa.Table:
    """The births with the columns of the woman and of her household repeated beside them."""
    women = {(row["house"], row["person"]): row for row in data["persons"].to_pylist()}
    houses = {row["house"]: row for row in data["households"].to_pylist()}
    rows = own.to_pylist()
    ages = [women[row["house"], row["woman"]]["age"] for row in rows]
    columns = {
        "age": pa.array([None if age == 99 else age for age in ages]),
        "asked": pa.array([houses[row["house"]]["asked"] for row in rows]),
        "rooms": pa.array([houses[row["house"]]["rooms"] for row in rows]),
    }
    for name, values in columns.items():
        own = own.append_column(name, values)
    return own


@pytest.mark.parametrize("stored", ["apart", "in the persons' file"])
def test_an_aggregate_may_use_columns_of_the_person_and_the_household(stored: str) -> None:
    data = asked(village.tables())
    own, by = births(data), village.measure(*NORM)
    edits, files = [NAMED], dict(data)
    if stored != "apart":
        flat = [name for name in data["households"].column_names if name != "house"]
        inside = f"{{from: persons, key: [house], columns: [{', '.join(flat)}]}}"
        edits.append(("{path: households.parquet, key: [house]}", inside))
        files = {"persons": village.joined(data)}
    made = village.profile({**files, "births": own}, of=survey(*edits, modules=RECENT), by=by)
    other = village.profile({**data, "births": repeated(data, own)}, of=survey(NAMED, modules=RECENT), by=by)
    np.testing.assert_array_equal(made.cells.pattern, other.cells.pattern)
    np.testing.assert_array_equal(made.cells.persons, other.cells.persons)
    every = village.profile({**files, "births": own}, of=survey(*edits, modules=BIRTHS), by=by)
    assert not np.array_equal(made.cells.pattern, every.cells.pattern)


def test_a_column_of_the_person_outside_of_an_aggregate_is_refused() -> None:
    data = asked(village.tables())
    of = survey(NAMED, modules=BIRTHS.replace("COUNT_IF(died = 1)", "COUNT_IF(died = 1) / asked"))
    with pytest.raises(MpiError) as caught:
        village.profile({**data, "births": births(data)}, of=of, by=village.measure(*NORM))
    assert [fault.code for fault in caught.value.faults] == ["MPI-R008"]


def test_a_column_of_nobody_is_refused() -> None:
    data = village.tables()
    of = survey(NAMED, modules=BIRTHS.replace("COUNT_IF(died = 1)", "COUNT_IF(aged = 1)"))
    with pytest.raises(MpiError) as caught:
        village.profile({**data, "births": births(data)}, of=of, by=village.measure(*NORM))
    assert [(fault.code, fault.remedy) for fault in caught.value.faults] == [("MPI-D010", "did you mean 'age'?")]


def test_a_module_has_a_universe_of_its_own() -> None:
    data = village.tables()
    own = births(data)
    recent = own.filter(pa.compute.greater(own["year"], 2000))
    of = survey(NAMED, modules=BIRTHS.replace("path:", 'where: "year > 2000", path:'))
    made = village.profile({**data, "births": own}, of=of, by=village.measure(*NORM))
    other = village.profile({**data, "births": recent}, of=survey(NAMED, modules=BIRTHS), by=village.measure(*NORM))
    assert made.counts["outside_births"] == own.num_rows - recent.num_rows > 0
    np.testing.assert_array_equal(made.cells.pattern, other.cells.pattern)
    np.testing.assert_array_equal(made.cells.persons, other.cells.persons)


def test_modules_and_the_universe_of_persons_go_together() -> None:
    data = village.tables()
    own = chapters(data, 30)
    of = survey(
        ("key: [house, person]}\n  households", 'key: [house, person], where: "age < 60"}\n  households'),
        ("missing_codes: {age: [99]}\n", ""),
    )
    young = {**blanked(data, 30)}
    young["persons"] = young["persons"].filter(pa.compute.less(young["persons"]["age"], 60))
    left = set(young["persons"]["house"].to_pylist())
    young["households"] = young["households"].filter(
        pa.compute.is_in(young["households"]["house"], pa.array(list(left)))
    )
    made, other = (
        village.profile(own, of=of),
        village.profile(young, of=village.survey(("missing_codes: {age: [99]}\n", ""))),
    )
    np.testing.assert_array_equal(made.cells.pattern, other.cells.pattern)
    np.testing.assert_array_equal(made.cells.unknown, other.cells.unknown)
    np.testing.assert_array_equal(made.cells.persons, other.cells.persons)


def wrong(kind: str) -> village.Tables:
    own = chapters(village.tables(), 30)
    first = own["educacion"].slice(0, 1)
    match kind:
        case "orphan":
            added = first.set_column(0, "house", pa.array([99_999]))
        case "twice":
            added = first
        case "null":
            added = first.set_column(1, "person", pa.nulls(1, first["person"].type))
        case _:
            texts = own["educacion"]["house"].cast(pa.string())
            return {**own, "educacion": own["educacion"].set_column(0, "house", texts)}
    return {**own, "educacion": pa.concat_tables([own["educacion"], added])}


@pytest.mark.parametrize(("kind", "said"), [
    ("orphan", "MPI-D036 the frame 'educacion': 1 row of the module educacion without a person (house, person)"),
    ("twice", "MPI-D032 the frame 'educacion': 1 row of educacion with the key (house, person)"),
    ("null", "MPI-D030 the frame 'educacion': the key column 'person' of educacion is null in 1 row"),
    ("text", "MPI-D033 the frame 'educacion': the key column 'house' holds text, 'house' in the other table numbers"),
])  # fmt: skip
def test_keys_of_modules_are_checked(kind: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        village.profile(wrong(kind), of=survey())
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(("modules", "said"), [
    ("educacion: {of: person, path: e.csv, key: [house, person]}", "MPI-C006"),
    ("educacion: {path: e.csv, key: [house, person]}", "the key 'of' is missing"),
    ("educacion: {of: persons, key: [house, person]}", "the key 'path' is missing"),
    ("educacion: {of: persons, path: e.csv, key: [house]}", "MPI-S005"),
    ("educacion: {of: persons, path: e.csv, key: [house, person, n]}", "write `person:` and `aggregates:`"),
    ("persons: {of: persons, path: e.csv, key: [house, person]}", "MPI-S141"),
    ("educacion: {of: persons, path: ../e.csv, key: [house, person]}", "MPI-S003"),
    ("e: {of: persons, path: e.csv, key: [house, person, n], aggregates: {n: COUNT()}}", "add `person: [...]`"),
    ("e: {of: persons, path: e.csv, key: [house, person, n], person: [house, person]}", "add `aggregates: {"),
    ("e: {of: persons, path: e.csv, key: [a, b, n], household: [a]}", "write `person:` instead of `household:`"),
    ("e: {of: persons, path: e.csv, key: [a, b, n], person: [a], aggregates: {n: COUNT()}}", "MPI-S005"),
])  # fmt: skip
def test_what_is_no_module_is_refused(modules: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        survey(modules=modules)
    assert said in str(caught.value)


def test_aggregates_fit_their_rows() -> None:
    data = {**village.tables(), "births": births(village.tables())}
    for rule, said in (("COUNT_IF(dyed = 1)", "MPI-D010"), ("died + 1", "MPI-R008"), ("COUNT_IF(died)", "MPI-R")):
        with pytest.raises(MpiError) as caught:
            village.profile(data, of=survey(modules=BIRTHS.replace("COUNT_IF(died = 1)", rule)))
        assert said in str(caught.value)


def test_a_table_that_nobody_knows_is_told() -> None:
    with pytest.raises(ConfigError, match=r"MPI-C006 .*table: 'educasion' is not known\n  did you mean 'educacion'"):
        survey(("years: years", "years: {column: years, table: educasion}"))
    village.assert_same(
        village.profile(
            chapters(village.tables()), of=survey(("years: years", "years: {column: years, table: educacion}"))
        ),
        village.profile(village.tables()),
    )


def test_two_files_of_other_columns_are_sent_to_modules(tmp_path: Path) -> None:
    own = chapters(village.tables())
    folder = village.write(
        tmp_path, {"persons_1": own["persons"], "persons_2": own["educacion"], "households": own["households"]}
    )
    with pytest.raises(MpiError) as caught:
        village.profile(folder, of=village.survey(("persons.parquet", "persons_*.parquet")))
    assert "declare files with other columns of the same rows as `modules:`" in str(caught.value)
    with pytest.raises(ConfigError) as told:
        village.survey(("path: persons.parquet", "path: [persons_1.parquet, persons_2.parquet]"))
    assert "declare files with other columns of the same rows as `modules:`" in str(told.value)
    module = "educacion: {of: persons, path: persons_2.parquet, key: [house, person]}"
    of = survey(("persons.parquet", "persons_1.parquet"), modules=module)
    village.assert_same(village.profile(folder, of=of), village.profile(village.tables()))
