"""Data that are refused: one clear message each, with code, place and remedy, and never a value of the data."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import DataError, MpiError, UsageError
from mpi.pipeline.passing import deprivation_profile
from mpi.profile.cells import arrays
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import Tables, poked, profile, replaced, survey

DATA = village.tables()
CANARY, NUMBER = "canary-7f3a", 731_731_731
INSIDE = (
    "  households: {path: households.parquet, key: [house]}",
    "  households: {from: persons, key: [house], columns: [region, area, rooms, wall, weight, stratum, segment]}",
)
DWELLINGS = (
    "  households: {path: households.parquet, key: [house]}",
    "  households: {path: households.parquet, key: [house], dwelling: [house]}\n"
    "  dwellings: {path: dwellings.parquet, key: [home]}",
)


@dataclass(frozen=True)
class Case:
    """Spoiled data, or a survey that does not fit them, and the whole message."""

    says: str
    expected: str
    data: Callable[[], Mapping[str, object]] = lambda: DATA
    survey: Survey | None = None

    def __str__(self) -> str:
        return self.says


def column(table: str, name: str) -> list[object]:
    return DATA[table].column(name).to_pylist()


def added(table: str, rows: pa.Table) -> Tables:
    return {**DATA, table: pa.concat_tables([DATA[table], rows])}


def renamed(table: str, **names: str) -> Tables:
    return {**DATA, table: DATA[table].rename_columns(names)}


def dwellings(**columns: object) -> Mapping[str, object]:
    home = DATA["households"].column("house")
    return {**DATA, "dwellings": pa.table({"home": home, "roof": np.arange(len(home)), **columns})}


CASES = [
    Case(
        "no row of persons",
        """\
MPI-D002 the table persons has no row
  copy the file again, or name another one as the `path:` of the table
""",
        lambda: {**DATA, "persons": DATA["persons"].slice(0, 0)},
    ),
    Case(
        "a frame that does not support Arrow",
        """\
MPI-D004 a piece of the table persons is a str that does not support Arrow
  give a path, or a pandas, polars, pyarrow or DuckDB table
""",
        lambda: {**DATA, "persons": [CANARY]},
    ),
    Case(
        "a frame with mixed types in a column",
        """\
MPI-D004 the table households cannot be read: column 'house' of its DataFrame mixes types, or has no Arrow type
  make each column only numbers, or only texts
""",
        lambda: {**DATA, "households": pd.DataFrame({"house": [1, CANARY]}, dtype=object)},
    ),
    Case(
        "several tables at once",
        """\
MPI-D004 a piece of the table persons is a str that does not support Arrow
  give a path, or a pandas, polars, pyarrow or DuckDB table
MPI-D002 the table households has no row
  copy the file again, or name another one as the `path:` of the table
""",
        lambda: {"persons": [CANARY], "households": DATA["households"].slice(0, 0)},
    ),
    Case(
        "two columns of one name",
        """\
MPI-D011 the frame 'persons': two columns are called age
  rename one of them
""",
        lambda: renamed("persons", years="age"),
    ),
    Case(
        "a key column that is not there",
        """\
MPI-D010 the frame 'persons': the table persons has no column 'house', part of its key
  did you mean 'hous'?
""",
        lambda: renamed("persons", house="hous"),
    ),
    Case(
        "two columns that are not there",
        """\
MPI-D010 village_2026.yaml:8:8: no table has the column 'age', which the variable age reads
  did you mean 'AGE'? (look at capitals, blanks and accents)
MPI-D010 village_2026.yaml:10:10: no table has the column 'years', which the variable years reads
  use one of the columns (house, region, area, rooms, wall, weight, stratum, segment, person, AGE, sex, schooling, school), or give its name there as `aliases: {years: [NAME]}`
""",
        lambda: renamed("persons", age="AGE", years="schooling"),
        survey(("missing_codes: {age: [99]}\n", "")),
    ),
    Case(
        "a column of another table",
        """\
MPI-D010 village_2026.yaml:13:9: the table persons has no column 'area', which the variable area reads
  leave `table:` out, or name one that has it: households
""",
        survey=survey(("{column: area, codes", "{column: area, table: persons, codes")),
    ),
    Case(
        "missing codes of a column that is not there",
        """\
MPI-D010 village_2026.yaml: no table has the column 'ages', for which `missing_codes` are declared
  did you mean 'age'?
""",
        survey=survey(("{age: [99]}", "{ages: [99]}")),
    ),
    Case(
        "a column under two names",
        """\
MPI-D011 the frame 'persons': column 'age' of persons is there under several names: age, years
  keep one of them, and remove the others from its list under `aliases:`
""",
        survey=survey(("missing_codes", "aliases: {age: [years]}\nmissing_codes")),
    ),
    Case(
        "a household column that is not among the persons'",
        """\
MPI-D010 the frame 'persons': the table persons has no column 'wal', a household column
  did you mean 'wall'?
""",
        lambda: {"persons": village.joined(DATA)},
        survey((INSIDE[0], INSIDE[1].replace("wall", "wal"))),
    ),
    Case(
        "a column of dates",
        """\
MPI-D012 village_2026.yaml:9:8: column 'age', which the variable age reads, is neither number, text nor yes/no
  store in it what is read: numbers, texts, or true and false
""",
        lambda: replaced(DATA, "persons", "age", pa.array([0] * 204, pa.date32())),
    ),
    Case(
        "infinite numbers",
        """\
MPI-D012 the frame 'persons': column 'years' holds infinite numbers
  store it as numbers or text
""",
        lambda: poked(DATA, "persons", "years", (3, float("inf"))),
    ),
    Case(
        "a text weight",
        """\
MPI-D012 village_2026.yaml:6:18: the weight is a text, not a number
  store it as numbers, with a point for decimals
""",
        lambda: replaced(DATA, "households", "weight", [CANARY] * 60),
    ),
    Case(
        "a code list of texts for a column of numbers",
        """\
MPI-D014 village_2026.yaml:13:9: the variable area: the column 'area' holds numbers, its list of codes texts
  write the codes as numbers
""",
        survey=survey(("codes: {1: urban, 2: rural}", "codes: {u: urban, r: rural}")),
    ),
    Case(
        "two codes of one number",
        """\
MPI-D014 village_2026.yaml:13:9: the variable area: two codes of the list are the same number
  write each number once, without leading zeros
""",
        survey=survey(("codes: {1: urban, 2: rural}", "codes: {1: urban, 01: rural}")),
    ),
    Case(
        "codes that the list does not hold",
        """\
MPI-D015 village_2026.yaml:13:9: area: 2 rows with codes that its list does not hold: 2 codes of fewer than 10 rows each (2 rows)
  add them to the list, or declare them under `missing_codes:`
MPI-D140 village_2026.yaml:18:14: area_code: codes longer than their width of 2, or below 0, in 2 rows
  write the width that the codes have, or declare those that mean no answer as `missing_codes:`
""",
        lambda: poked(DATA, "households", "area", (3, NUMBER), (5, -NUMBER)),
    ),
    Case(
        "a code between two codes",
        """\
MPI-D015 village_2026.yaml:13:9: area: 1 row with codes that its list does not hold: 1 code of fewer than 10 rows
  add them to the list, or declare them under `missing_codes:`
MPI-D012 village_2026.yaml:18:14: area_code: the column holds numbers with decimals, not codes, in 1 row
  store codes as whole numbers or as text
""",
        lambda: poked(replaced(DATA, "households", "area", np.ones(60)), "households", "area", (3, 1.5)),
    ),
    Case(
        "texts that the list does not hold",
        """\
MPI-D015 village_2026.yaml:13:9: area: 1 row with codes that its list does not hold: 1 code of fewer than 10 rows
  add them to the list, or declare them under `missing_codes:`
MPI-D140 village_2026.yaml:18:14: area_code: codes longer than their width of 2, or below 0, in 1 row
  write the width that the codes have, or declare those that mean no answer as `missing_codes:`
""",
        lambda: poked(replaced(DATA, "households", "area", ["1"] * 60), "households", "area", (3, CANARY)),
    ),
    Case(
        "texts that the measure does not declare",
        """\
MPI-D015 village_2026.yaml:13:9: area: 60 rows with texts that the measure does not declare: 'suburb' (60)
  add them to the measure's list, or declare them under `missing_codes:`
MPI-D140 village_2026.yaml:18:14: area_code: codes longer than their width of 2, or below 0, in 60 rows
  write the width that the codes have, or declare those that mean no answer as `missing_codes:`
""",
        lambda: replaced(DATA, "households", "area", ["suburb"] * 60),
        survey(("  area: {column: area, codes: {1: urban, 2: rural}}", "  area: area")),
    ),
    Case(
        "labels where codes are listed",
        """\
MPI-D015 village_2026.yaml:13:9: area: 60 rows with codes that its list does not hold: 'Town' (49), 'Country' (10), 1 code of fewer than 10 rows
  these are labels, and the list is one of codes: write the file with codes (pandas: convert_categoricals=False), or list the labels
MPI-D140 village_2026.yaml:18:14: area_code: codes longer than their width of 2, or below 0, in 60 rows
  write the width that the codes have, or declare those that mean no answer as `missing_codes:`
""",
        lambda: replaced(DATA, "households", "area", ["Town"] * 49 + [CANARY] + ["Country"] * 10),
    ),
    Case(
        "decimals where codes belong",
        """\
MPI-D012 village_2026.yaml:17:11: region: the column holds numbers with decimals, not codes, in 60 rows
  store codes as whole numbers or as text
""",
        lambda: replaced(DATA, "households", "region", np.arange(60) + 0.5),
    ),
    Case(
        "a null and a negative weight",
        """\
MPI-D020 village_2026.yaml:6:9: the weight is negative in 2 rows
  every household and person needs a weight of 0 or more
MPI-D020 village_2026.yaml:6:9: the weight is null in 1 row
  every household and person needs a weight of 0 or more
""",
        lambda: poked(DATA, "households", "weight", (0, None), (3, -1.0), (4, -0.5)),
    ),
    Case(
        "weights of 0 only",
        """\
MPI-D021 village_2026.yaml:6:9: the weight is 0 in every household
  name another column as `weight:`, or write `weight: none` to count every household once
""",
        lambda: replaced(DATA, "households", "weight", np.zeros(60)),
    ),
    Case(
        "a weight that differs inside a household",
        """\
MPI-D034 village_2026.yaml:6:9: the weight differs between the persons of 1 household
  list all columns of the household's key under `key:`, or give each household one value
""",
        lambda: {
            "persons": DATA["persons"].append_column("weight", pa.array([1.0, 2.0, *[1.0] * 201, 3.0])),
            "households": DATA["households"].drop_columns(["weight"]),
        },
    ),
    Case(
        "a PSU that is null",
        """\
MPI-D038 village_2026.yaml:6:9: the PSU is null in 2 households
  fill it in: every household needs its place in the design
""",
        lambda: poked(DATA, "households", "segment", (0, None), (59, None)),
    ),
    Case(
        "PSUs in two strata that are declared unique",
        """\
MPI-D037 village_2026.yaml:6:9: 5 PSUs are in more than one stratum, but declared unique
  write `psu_codes: nested` if codes restart
""",
        survey=survey(("psu: segment}", "psu: segment, psu_codes: unique}")),
    ),
    Case(
        "keys that are null",
        """\
MPI-D030 the frame 'persons': the key column 'house' of persons is null in 2 rows
  fill it in, or leave these rows out: `where: house IS NOT NULL` of the table
MPI-D030 the frame 'persons': the key column 'person' of persons is null in 1 row
  fill it in, or leave these rows out: `where: person IS NOT NULL` of the table
""",
        lambda: poked(poked(DATA, "persons", "house", (0, None), (9, None)), "persons", "person", (7, None)),
    ),
    Case(
        "keys that are null in the table of households",
        """\
MPI-D030 the frame 'households': the key column 'house' of households is null in 1 row
  fill it in
""",
        lambda: poked(DATA, "households", "house", (0, None)),
    ),
    Case(
        "keys that are declared missing",
        """\
MPI-D030 the frame 'persons': the key column 'person' of persons is null in 60 rows
  fill it in, or leave these rows out: `where: person IS NOT NULL` of the table
""",
        survey=survey(("{age: [99]}", "{age: [99], person: [1]}")),
    ),
    Case(
        "keys with decimals",
        """\
MPI-D031 the frame 'households': the key column 'house' of households holds decimal numbers that cannot be keys: 60 rows with a fraction
  store keys as whole numbers or as text
""",
        lambda: replaced(DATA, "households", "house", np.arange(60) + 0.5),
    ),
    Case(
        "keys that are yes or no",
        """\
MPI-D031 the frame 'persons': the key column 'person' of persons is yes or no in 204 rows
  store keys as whole numbers or as text
""",
        lambda: replaced(DATA, "persons", "person", [True, False] * 102),
    ),
    Case(
        "persons that come twice",
        """\
MPI-D032 the frame 'persons': 2 rows of persons with the key (house, person) of another row
  remove files and rows that are there twice, or add to `key:` the columns that tell them apart (year, municipality)
""",
        lambda: added("persons", DATA["persons"].slice(0, 2)),
    ),
    Case(
        "households that come twice",
        """\
MPI-D032 the frame 'households': 3 rows of households with the key (house) of another row
  remove files and rows that are there twice, or add to `key:` the columns that tell them apart (year, municipality)
""",
        lambda: added("households", DATA["households"].slice(0, 3)),
    ),
    Case(
        "more than one person a household where the key says one",
        """\
MPI-D032 the frame 'persons': 144 rows of persons with the key (house) of another row
  remove files and rows that are there twice, or add to `key:` the columns that tell them apart (year, municipality)
""",
        survey=survey(("key: [house, person]", "key: [house]")),
    ),
    Case(
        "keys that are text in one table and numbers in the other",
        """\
MPI-D033 the frame 'persons': the key column 'house' holds text, 'house' in the other table numbers
  store the key the same way in both tables
""",
        lambda: replaced(DATA, "persons", "house", DATA["persons"].column("house").cast(pa.string())),
    ),
    Case(
        "household columns that differ between the persons",
        """\
MPI-D034 the frame 'persons': column 'weight' differs between the persons of 1 household
  list all columns of the household's key under `key:`, or leave the column out of `columns:` to read it person by person
""",
        lambda: {"persons": poked({"persons": village.joined(DATA)}, "persons", "weight", (0, 77.0))["persons"]},
        survey(INSIDE),
    ),
    Case(
        "households without persons",
        """\
MPI-D035 the frame 'households': 2 households without a person in the table of persons
  give files of the same survey and year, with all rows of both; if no interview was held in these households, leave them out by `where:` of the table of households
""",
        lambda: added("households", replaced({"h": DATA["households"].slice(0, 2)}, "h", "house", [NUMBER, 7])["h"]),
    ),
    Case(
        "persons without household",
        """\
MPI-D036 the frame 'persons': 3 persons in 2 households without a row in the table of households (house)
  give files of the same survey and year, with all rows of both
""",
        lambda: poked(DATA, "persons", "house", (0, NUMBER), (1, NUMBER), (203, -1)),
    ),
    Case(
        "households without dwelling",
        """\
MPI-D036 the frame 'households': 60 households without a row in the table of dwellings (house)
  give files of the same survey and year, with all rows of both
""",
        lambda: dwellings(home=np.arange(60) + NUMBER),
        survey(DWELLINGS),
    ),
    Case(
        "dwellings that come twice",
        """\
MPI-D032 the frame 'dwellings': 60 rows of dwellings with the key (home) of another row
  remove files and rows that are there twice, or add to `key:` the columns that tell them apart (year, municipality)
""",
        lambda: {**dwellings(), "dwellings": pa.concat_tables([dwellings()["dwellings"]] * 2)},
        survey(DWELLINGS),
    ),
    Case(
        "a dwelling's key that is null",
        """\
MPI-D030 the frame 'households': the key column 'rooms' of households is null in 7 rows
  fill it in
""",
        dwellings,
        survey((DWELLINGS[0], DWELLINGS[1].replace("dwelling: [house]", "dwelling: [rooms]"))),
    ),
    Case(
        "dwellings' keys of another kind",
        """\
MPI-D033 the frame 'households': the key column 'region' holds text, 'home' in the other table numbers
  store the key the same way in both tables
""",
        dwellings,
        survey((DWELLINGS[0], DWELLINGS[1].replace("dwelling: [house]", "dwelling: [region]"))),
    ),
    Case(
        "arithmetic beyond 64 bits",
        """\
MPI-D040 village_2026.yaml:14:10: rooms: an integer leaves 64 bits in 33 households
  divide its inputs first, such as x / 1000
""",
        survey=survey(("  rooms: rooms", "  rooms: rooms * 9000000000000000000")),
    ),
]


def said(data: object, of: Survey | None = None) -> str:
    with pytest.raises(MpiError) as error:
        deprivation_profile(of or survey(), village.measure(), data)  # type: ignore[arg-type]  # wrong ones on purpose
    return f"{error.value}\n"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wrong_data_are_refused_with_one_clear_message(case: Case) -> None:
    message = said(case.data(), case.survey)
    assert message == case.expected
    assert CANARY not in message and str(NUMBER) not in message


def alone(*edits: tuple[str, str]) -> tuple[Survey, Measure]:
    """The village as a survey of households alone, and a measure for it."""
    lines = [line for line in village.SURVEY.splitlines() if "person" not in line and "missing_codes" not in line]
    lines = [line for line in lines if not line.strip().startswith(("age", "sex", "years", "attends"))]
    text = "\n".join([*lines, "members: rooms"])
    for old, new in edits:
        text = text.replace(old, new)
    of = read_survey([compose(text, "alone.yaml")])
    by = village.measure(
        ("  person: {age: number, sex: [man, woman], years: number, attends: truth}\n", ""),
        ("derive:\n  minor: age < 18\n", ""),
        ("      schooling: {eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived}\n", ""),
        (
            "      attendance: {eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived}\n",
            "      wall: {deprived: wall = 'w1'}\n",
        ),
        ("COUNT() / rooms > 2", "rooms < 2"),
    )
    return of, by


def test_a_survey_of_households_alone_is_checked_too() -> None:
    of, by = alone()

    def message(data: object) -> str:
        with pytest.raises(DataError) as error:
            deprivation_profile(of, by, data)  # type: ignore[arg-type]  # a frame by itself
        return str(error.value)

    rooms = np.ones(60)
    assert message(replaced(DATA, "households", "rooms", np.append(rooms[:57], [0, 1.5, np.nan]))["households"]) == (
        "MPI-D022 alone.yaml:5:9: the number of members is not a whole number of at least 1 in 3 households\n"
        "  give each a whole number from 1, or write as `members:` a column or rule that does"
    )
    whole = replaced(DATA, "households", "rooms", rooms)
    twice = pa.concat_tables([whole["households"], whole["households"].slice(0, 1)])
    assert message(twice).startswith("MPI-D032 the frame 'households': 1 row of households with the key (house)")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "no/such/folder",
            "MPI-U001 no/such/folder: the data folder does not exist\n  name the folder that holds the survey's files; `mpi demo` writes one of sample data\n",
        ),
        (
            7,
            "MPI-U001 data is a int; the survey has the tables persons, households\n"
            "  give a folder, or {'persons': ..., 'households': ...}\n",
        ),
        (
            {"persons": DATA["persons"]},
            "MPI-U001 the survey has the tables persons, households; not given: households\n"
            "  give each of: persons, households\n",
        ),
        (
            {**DATA, "household": DATA["households"]},
            "MPI-U001 the survey has the tables persons, households; not known: household\n  did you mean 'households'?\n",
        ),
        (
            {**DATA, 7: DATA["households"]},
            "MPI-U001 the survey has the tables persons, households; not known: 7\n  give each of: persons, households\n",
        ),
    ],
)
def test_data_that_are_no_data_are_a_wrong_argument(data: object, expected: str) -> None:
    assert said(data) == expected
    with pytest.raises(UsageError):
        profile(data)  # type: ignore[arg-type]  # wrong on purpose


def files(folder: Path, of: Survey | None = None) -> str:
    return said(folder, of).replace(f"{folder}/", "")


def test_files_that_are_not_there_or_of_no_known_kind_are_refused(tmp_path: Path) -> None:
    look = "  look at --data and at the survey's `path:`\n"
    assert files(tmp_path) == (
        f"MPI-D001 persons.parquet: no file of the table persons is found there\n{look}"
        f"MPI-D001 households.parquet: no file of the table households is found there\n{look}"
    )
    village.write(tmp_path, DATA)
    broken = survey(("persons.parquet", "'**x/persons'"), ("households.parquet", "'house*.zip'"))
    assert files(tmp_path, broken).count("MPI-D001") == 2
    (tmp_path / "notes.docx").touch()
    (tmp_path / "persons.csv").write_text("house,person\n1,1\n", encoding="utf-8")
    assert files(tmp_path, survey(("persons.parquet", "'*'"))) == (
        "MPI-D004 *: the table persons matches files of no kind that is read: notes.docx\n"
        "  make the path more specific\n"
    )
    assert files(tmp_path, survey(("persons.parquet", "p*"))) == (
        "MPI-D004 p*: the table persons matches files of several kinds: CSV and Parquet\n  make the path more specific\n"
    )


def in_two_files(folder: Path, second: pa.Table) -> Survey:
    village.write(folder, DATA)
    (folder / "persons").mkdir()
    pq.write_table(DATA["persons"].slice(0, 100), folder / "persons" / "a.parquet")
    pq.write_table(second, folder / "persons" / "b.parquet")
    return survey(("persons.parquet", "persons"))


def test_files_of_one_table_must_agree_in_the_columns_that_are_read(tmp_path: Path) -> None:
    rest = {"p": DATA["persons"].slice(100)}
    spoiled = replaced(rest, "p", "age", [CANARY] * 104)["p"].rename_columns({"years": "yeras"})
    assert files(tmp_path, in_two_files(tmp_path, spoiled)) == (
        "MPI-D013 persons/b.parquet: column 'age' of persons holds text here and number in persons/a.parquet\n"
        "  store it as number, or as text, in all of them\n"
        "MPI-D013 persons/b.parquet: column 'years' of persons is in persons/a.parquet and not in persons/b.parquet\n"
        "  give the column to all files, empty where it was not asked, or to none; declare files with other columns of the same rows as `modules:`\n"
    )


def test_a_key_that_one_of_several_files_lacks_is_refused(tmp_path: Path) -> None:
    lacking = DATA["persons"].slice(100).rename_columns({"person": "persona"})
    assert files(tmp_path, in_two_files(tmp_path, lacking)) == (
        "MPI-D013 persons/b.parquet: column 'person' of persons is in persons/a.parquet and not in persons/b.parquet\n"
        "  give the column to all files, empty where it was not asked, or to none; declare files with other columns of the same rows as `modules:`\n"
    )


def test_columns_that_nobody_reads_may_differ_between_files(tmp_path: Path) -> None:
    more = DATA["persons"].slice(100).append_column("extra", pa.array(["x"] * 104))
    for name, values in (("note", [1] * 104), ("only_here", [2.5] * 104)):
        more = more.append_column(name, pa.array(values))
    of = in_two_files(tmp_path, more)
    first = tmp_path / "persons" / "a.parquet"
    pq.write_table(pq.read_table(first).append_column("note", pa.array(["a text"] * 100)), first)
    village.assert_same(profile(tmp_path, of=of), profile(DATA))


def test_a_partition_s_column_must_not_stand_in_the_file_too(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    below = tmp_path / "h" / "region=05"
    below.mkdir(parents=True)
    (tmp_path / "households.parquet").rename(below / "a.parquet")
    assert files(tmp_path, survey(("households.parquet", "h"))) == (
        "MPI-D011 h/region=05/a.parquet: region is both in the file and in the name of its folder\n  rename one of them\n"
    )


def test_files_that_are_empty_truncated_or_no_parquet_are_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    persons, households = tmp_path / "persons.parquet", tmp_path / "households.parquet"
    whole = persons.read_bytes()
    persons.write_bytes(whole[: len(whole) // 2])
    households.write_bytes(b"")
    half = f"{len(whole) // 2:,}"
    assert files(tmp_path) == (
        f"MPI-D003 persons.parquet: this is not a complete Parquet file ({half} bytes)\n  copy it again from its source\n"
        "MPI-D003 households.parquet: this is not a complete Parquet file (0 bytes)\n  copy it again from its source\n"
    )


def test_a_table_without_rows_over_all_its_files_is_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons").mkdir()
    for name in ("a", "b"):
        pq.write_table(DATA["persons"].slice(0, 0), tmp_path / "persons" / f"{name}.parquet")
    assert files(tmp_path, survey(("persons.parquet", "persons"))) == (
        "MPI-D002 persons (2 files): the table persons has no row\n  copy the file again, or name another one as the `path:` of the table\n"
    )


def test_two_columns_of_one_name_in_a_parquet_file_are_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    village.write(tmp_path, {"persons": DATA["persons"].rename_columns({"years": "age"})})
    assert files(tmp_path) == "MPI-D011 persons.parquet: two columns are called age\n  rename one of them\n"


def test_a_page_that_is_damaged_is_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    path = tmp_path / "households.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 4] ^= 0x40
    path.write_bytes(raw)
    assert files(tmp_path) == (
        "MPI-D003 households.parquet: the file is damaged: its data cannot be read\n  copy it again from its source\n"
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a user who may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.parquet").chmod(0)
    assert (
        files(tmp_path)
        == "MPI-D001 persons.parquet: the file cannot be read\n  get permission to read it (chmod u+r), or copy it to a folder of yours\n"
    )


CSV_CASES = [
    ("empty", b"", "MPI-D002 persons.csv: the file is empty (0 bytes)\n  copy it again\n"),
    ("blank", b" \n\n", "MPI-D002 persons.csv: the file is empty (3 bytes)\n  copy it again\n"),
    (
        "header only",
        b"house,person\n",
        "MPI-D002 persons.csv: the table persons has no row\n  copy the file again, or name another one as the `path:` of the table\n",
    ),
    (
        "a short row",
        b"a,b,c\n1,2,3\n1,canary-7f3a\n",
        "MPI-D005 persons.csv: row 3 has 2 columns, the header 3\n  complete the row; write texts that contain the sign "
        'between columns in double quotes; or state another sign, such as `csv: {delimiter: ";"}`\n',
    ),
    (
        "a title above the names",
        b"Survey of 2026\na,b,c\n1,2,3\n",
        "MPI-D005 persons.csv: row 2 has 3 columns, the header 1\n  the first row must be the names of all columns: "
        "remove the lines above it, or add a name that lacks; write texts that contain the sign between columns in "
        'double quotes; or state another sign, such as `csv: {delimiter: ";"}`\n',
    ),
    (
        "a quote inside a text, and another rows below",
        b'a,b,c\n1,"canary-7f3a,2\n3,"4,5\n6,7,8\n',
        'MPI-D005 persons.csv:3: a quote inside a text makes rows run into each other\n  double it, as in "5"" pipe", '
        "or remove it\n",
    ),
    (
        "zero bytes after a copy that broke off",
        b"a,b\n1,2\n" + bytes(40),
        "MPI-D005 persons.csv:3: the file has zero bytes (40), which no text has: it is damaged\n  copy it again from its "
        "source, or state its encoding, such as `csv: {encoding: utf-16}`\n",
    ),
    (
        "an open quote",
        b'a,b\n1,"2\n3,4\n',
        "MPI-D005 persons.csv:2: a quote is opened and not closed\n  close it, or remove it: no line before has an odd number of quotes\n",
    ),
    (
        "two columns of one name",
        b"a,b,a\n1,2,3\n",
        "MPI-D011 persons.csv: two columns are called a\n  rename one of them\n",
    ),
    (
        "no text",
        b"a,b\n\x81\x8d,2\n",
        "MPI-D005 persons.csv: the file is not utf-8 or cp1252 text\n  state the encoding of the file, such as `csv: {encoding: latin-1}`, or copy it again\n",
    ),
]


@pytest.mark.parametrize(("raw", "expected"), [case[1:] for case in CSV_CASES], ids=[case[0] for case in CSV_CASES])
def test_csv_files_that_are_no_tables_are_refused(tmp_path: Path, raw: bytes, expected: str) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.csv").write_bytes(raw)
    assert files(tmp_path, survey(("persons.parquet", "persons.csv"))) == expected


def test_a_stated_encoding_must_hold(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.csv").write_bytes("año;x\n1;2\n".encode("cp1252"))
    of = survey(("persons.parquet, key: [house, person]", "persons.csv, key: [house, person], csv: {encoding: utf-8}"))
    assert files(tmp_path, of) == (
        "MPI-D005 persons.csv: the file is not utf-8 text\n  state the encoding of the file, such as `csv: {encoding: latin-1}`, or copy it again\n"
    )


def csv_columns(tmp_path: Path, text: str) -> dict[str, str]:
    from mpi.source.table_opening import open_table
    from mpi.specs.data_files import Dialect

    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    return dict(open_table("persons", "t.csv", tmp_path, Dialect()).columns)


def test_a_csv_column_is_numbers_only_if_all_its_values_are(tmp_path: Path) -> None:
    text = "a,b,c,d,e,f,g,h\n05,1,1.5,,1e3,1.,1234567890123456789,+1\n12,-2,.25,,-1E-2,2,1,2\n"
    assert csv_columns(tmp_path, text) == {
        "a": "text",
        "b": "number",
        "c": "number",
        "d": "empty",
        "e": "number",
        "f": "text",
        "g": "number",
        "h": "text",
    }


def test_a_csv_value_may_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    from mpi.source.table_opening import open_table
    from mpi.specs.data_files import Dialect

    (tmp_path / "t.csv").write_text('a,b\n1,"two\nlines, ""x"""\n2,y\n', encoding="utf-8")
    opened = open_table("persons", "t.csv", tmp_path, Dialect())
    assert opened.rows == 2 and opened.columns == {"a": "number", "b": "text"}


FLIPS = 37  # every so many bytes one bit, as the project's rule for damaged files says


def small(folder: Path) -> bytes:
    data = {name: table.select([c for c in table.column_names if c != "region"]) for name, table in DATA.items()}
    village.write(folder, data, rows=100)
    return (folder / "persons.parquet").read_bytes()


def outcome(folder: Path, of: Survey) -> bytes | None:
    """The profile's numbers, or None for a refusal; any other exception is a fault of ours."""
    try:
        found = profile(folder, of=of)
    except MpiError as error:
        assert "Traceback" not in str(error)
        return None
    cells = found.cells
    return b"".join(array.tobytes() for array in arrays(cells).values())


@pytest.mark.slow
def test_a_flipped_bit_never_gives_another_number_in_silence(tmp_path: Path) -> None:
    whole, of = small(tmp_path), survey(("  region: region\n", ""))
    expected = outcome(tmp_path, of)
    assert expected is not None
    path, refused, silent = tmp_path / "persons.parquet", 0, []
    for place in range(0, len(whole), FLIPS):
        raw = bytearray(whole)
        raw[place] ^= 1 << (place % 8)
        path.write_bytes(raw)
        found = outcome(tmp_path, of)
        refused += found is None
        if found not in (None, expected):
            silent.append(place)
    assert not silent
    assert refused > 50


def test_a_truncated_file_is_always_refused(tmp_path: Path) -> None:
    whole, of = small(tmp_path), survey(("  region: region\n", ""))
    lengths = range(0, len(whole), FLIPS * 3)
    assert len(lengths) > 30
    for length in lengths:
        (tmp_path / "persons.parquet").write_bytes(whole[:length])
        assert outcome(tmp_path, of) is None, length


def test_texts_that_are_no_utf_8_are_a_damage() -> None:
    raw = pa.py_buffer(CANARY[:5].encode() + b"\xff\xfe")
    offsets = pa.py_buffer(np.array([0, *[7] * 60], np.int32))
    wall = pa.Array.from_buffers(pa.string(), 60, [None, offsets, raw])
    assert said(replaced(DATA, "households", "wall", wall)) == (
        "MPI-D003 the frame 'households': column 'wall' is damaged: its values cannot be read\n"
        "  copy it again from its source\n"
    )


def test_a_part_must_hold_the_rows_that_it_declares() -> None:
    from mpi.source.tables import Opened, Part

    part = Part(label="p.parquet", rows=205, read=lambda names, most: DATA["persons"].select(names).to_batches(most))
    with pytest.raises(DataError) as error:
        list(Opened(name="persons", label="p.parquet", columns={"age": "number"}, parts=[part]).batches(["age"]))
    assert str(error.value) == (
        "MPI-D003 p.parquet: the file declares 205 rows and contains 204\n  copy it again from its source"
    )


def test_a_file_s_groups_must_add_up_to_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.write(tmp_path, DATA, rows=100)
    group = pq.ParquetFile(tmp_path / "persons.parquet").metadata.row_group(0)

    class Footer:
        num_rows, num_row_groups, serialized_size = 204, 1, 0

        def row_group(self, _: int) -> object:
            return group

    class Reader:
        metadata, schema_arrow = Footer(), DATA["persons"].schema

        def __init__(self, _: Path) -> None: ...

        def __enter__(self) -> Reader:
            return self

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(pq, "ParquetFile", Reader)
    message = "MPI-D003 persons.parquet: the file declares 204 rows, its groups 100\n  copy it again from its source\n"
    assert files(tmp_path).startswith(message)


def test_a_file_that_the_system_refuses_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", CANARY)

    village.write(tmp_path, DATA)
    (tmp_path / "persons.csv").write_text("a,b\n", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert files(tmp_path, survey(("persons.parquet", "persons.csv"))) == (
        "MPI-D001 persons.csv: the file cannot be read (Permission denied)\n  get permission to read it (chmod u+r), or copy it to a folder of yours\n"
    )
    monkeypatch.setattr(pq, "ParquetFile", refuse)
    assert files(tmp_path).startswith(
        "MPI-D001 persons.parquet: the file cannot be read\n  get permission to read it (chmod u+r), or copy it to a folder of yours\n"
    )


def test_a_truth_is_no_weight_and_no_file_s_weight_is_compared(tmp_path: Path) -> None:
    (tmp_path / "households").mkdir()
    village.write(tmp_path, DATA)
    for number in range(2):
        half = DATA["households"].slice(30 * number, 30)
        heavy = half.set_column(half.column_names.index("weight"), "weight", pa.array([0.0] * 30))
        pq.write_table(heavy, tmp_path / "households" / f"{number}.parquet")
    of = survey(("households.parquet", "households"))
    assert (
        files(tmp_path, of)
        == "MPI-D021 village_2026.yaml:6:9: the weight is 0 in every household\n  name another column as `weight:`, or write `weight: none` to count every household once\n"
    )


def _units(column: str, table: str = "households") -> list[int | None]:
    found: list[int | None] = DATA[table][column].to_pylist()
    return found


def _sizes() -> list[int]:
    houses = _units("house", "persons")
    return [houses.count(house) for house in _units("house")]


BIG = 9 * 10**18
# What leaves the range of numbers, or differs between two tables, with the units that it concerns counted by hand.
COUNTED: dict[str, tuple[Survey, Measure, village.Tables, str]] = {
    "a variable": (
        survey(("  rooms: rooms", f"  rooms: rooms * {BIG}")),
        village.measure(),
        DATA,
        f"an integer leaves 64 bits in {sum(1 for rooms in _units('rooms') if rooms and rooms > 1)} households",
    ),
    "a variable of persons": (
        survey(("  years: years", "  years: years" + " * 1e30" * 10 + " * 1e8")),
        village.measure(),
        DATA,
        f"a number becomes infinite in {sum(1 for years in _units('years', 'persons') if years and years > 1.797)} persons",
    ),
    "a derived variable": (
        survey(),
        village.measure(("  minor: age < 18", f"  minor: age * {BIG} > 0")),
        DATA,
        "an integer leaves 64 bits in "
        f"{sum(1 for age in _units('age', 'persons') if age is not None and age != 99 and age > 1)} persons",
    ),
    "an indicator": (
        survey(),
        village.measure(("COUNT() / rooms > 2", f"COUNT() * {BIG} > 2")),
        DATA,
        f"an integer leaves 64 bits in {sum(1 for size in _sizes() if size > 1)} households",
    ),
    "a sum over the members": (
        survey(),
        village.measure(("COUNT() / rooms > 2", f"SUM(CASE WHEN age >= 0 THEN {BIG} ELSE {BIG} END) > 2")),
        DATA,
        f"a sum of integers leaves 64 bits in {sum(1 for size in _sizes() if size > 1)} households",
    ),
    "constants alone": (
        survey(),
        village.measure(("COUNT() / rooms > 2", f"{BIG} * 9 > rooms")),
        DATA,
        "an integer leaves 64 bits in 60 households",
    ),
    "which rows": (
        survey(("key: [house]}", f'key: [house], where: "rooms * {BIG} > 0 OR rooms IS NULL"}}')),
        village.measure(),
        DATA,
        f"an integer leaves 64 bits in {sum(1 for rooms in _units('rooms') if rooms and rooms > 1)} rows",
    ),
    "a column of two tables": (
        survey(),
        village.measure(),
        {
            **DATA,
            "persons": DATA["persons"].append_column(
                "area",
                pa.array(
                    np.repeat([3 - area if row % 3 == 0 else area for row, area in enumerate(_units("area"))], _sizes())
                ),
            ),
        },  # type: ignore[operator]
        f"and differs between them in {sum(size for row, size in enumerate(_sizes()) if row % 3 == 0)} persons",
    ),
}


@pytest.mark.parametrize("rows", [None, 7])
@pytest.mark.parametrize("name", COUNTED)
def test_what_leaves_the_range_or_differs_is_counted_over_the_whole_input(
    name: str, rows: int | None, tmp_path: Path
) -> None:
    of, by, data, told = COUNTED[name]
    with pytest.raises(DataError) as caught:
        deprivation_profile(of, by, village.write(tmp_path, data, rows=rows))
    # What reads a number of no use may leave the range as well.
    messages = [str(fault).splitlines()[0] for fault in caught.value.faults]
    assert sum(message.endswith(told) for message in messages) == 1
