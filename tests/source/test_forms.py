"""The same survey in every form that it may lie in gives the same profile: counts exactly, sums to rounding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import DataError
from mpi.pipeline.passing import deprivation_profile
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.source import blocks, open_survey
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import Tables, assert_same, poked, profile, replaced, survey

DATA = village.tables()
FOLDERS = (("persons.parquet", "persons"), ("households.parquet", "households"))
CSV = (("persons.parquet", "persons.csv"), ("households.parquet", "households.csv"))


def cut_small(monkeypatch: pytest.MonkeyPatch, persons: int) -> None:
    """Blocks and spans of a few persons, so that a village has many of them."""
    monkeypatch.setattr("mpi.source.households_only.SMALL", 0)
    monkeypatch.setattr("mpi.source.households_only.PERSONS", persons)
    monkeypatch.setattr("mpi.source.span.SPAN", 4 * persons)


@pytest.fixture(scope="module")
def expected() -> DeprivationProfile:
    return profile(DATA)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks of a few persons, so that households are cut and joined at every seam."""
    cut_small(monkeypatch, 5)
    yield


def shuffled(table: pa.Table, seed: int = 3) -> pa.Table:
    return table.take(np.random.default_rng(seed).permutation(table.num_rows))


def test_frames_of_every_library_give_the_same(expected: DeprivationProfile) -> None:
    persons, households = DATA["persons"], DATA["households"]
    connection = duckdb.connect()
    relation = {name: connection.from_arrow(table) for name, table in DATA.items()}
    readers = {name: pa.RecordBatchReader.from_batches(t.schema, t.to_batches(7)) for name, t in DATA.items()}
    for data in (
        {"persons": persons.to_pandas(), "households": households.to_pandas()},
        {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in DATA.items()},
        {"persons": pl.DataFrame(persons), "households": pl.DataFrame(households)},
        relation,
        readers,
    ):
        assert_same(profile(data), expected)


def test_one_parquet_file_a_table(tmp_path: Path, expected: DeprivationProfile) -> None:
    assert_same(profile(village.write(tmp_path, DATA)), expected)


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.usefixtures("small_blocks")
def test_row_groups_cut_households_across(tmp_path: Path, expected: DeprivationProfile, rows: int) -> None:
    assert_same(profile(village.write(tmp_path, DATA, rows=rows)), expected)


@pytest.mark.usefixtures("small_blocks")
def test_rows_in_any_order(tmp_path: Path, expected: DeprivationProfile) -> None:
    mixed = {name: shuffled(table) for name, table in DATA.items()}
    assert_same(profile(village.write(tmp_path, mixed, rows=10)), expected)


@pytest.mark.usefixtures("small_blocks")
def test_the_last_household_of_the_file_may_continue_the_first(expected: DeprivationProfile) -> None:
    persons = DATA["persons"]
    last = pa.concat_tables([persons.slice(1), persons.slice(0, 1)])
    assert_same(profile({**DATA, "persons": last}), expected)


@pytest.mark.usefixtures("small_blocks")
def test_many_files_with_households_split_over_them(tmp_path: Path, expected: DeprivationProfile) -> None:
    split(tmp_path, DATA)
    assert_same(profile(tmp_path, of=survey(*FOLDERS)), expected)
    pattern = survey(("persons.parquet", "persons/part-*.parquet"), ("households.parquet", "households"))
    assert_same(profile(tmp_path, of=pattern), expected)
    paths = {"persons": tmp_path / "persons", "households": str(tmp_path / "households")}
    assert_same(profile(paths), expected)


def split(folder: Path, data: Tables, parts: int = 4) -> None:
    for name, table in data.items():
        (folder / name).mkdir()
        (folder / name / "_SUCCESS").touch()
        (folder / name / ".hidden.parquet").touch()
        cuts = np.linspace(0, table.num_rows, parts + 1).astype(int)
        for number, (first, last) in enumerate(pairwise(cuts)):
            pq.write_table(table.slice(first, last - first), folder / name / f"part-{number}.parquet")


def test_partition_folders_are_text_with_leading_zeros(tmp_path: Path, expected: DeprivationProfile) -> None:
    village.write(tmp_path, DATA)
    partitioned(tmp_path / "households", DATA["households"], "region")
    assert_same(profile(tmp_path, of=survey(FOLDERS[1])), expected)
    pattern = survey(("households.parquet", "households/region=*/*.parquet"))
    assert_same(profile(tmp_path, of=pattern), expected)


def partitioned(folder: Path, table: pa.Table, column: str) -> None:
    for value in pc.unique(table.column(column)).to_pylist():
        name = "__HIVE_DEFAULT_PARTITION__" if value is None else value
        below = folder / f"{column}={name}"
        below.mkdir(parents=True)
        mask = pc.is_null(table.column(column)) if value is None else pc.equal(table.column(column), value)
        pq.write_table(table.filter(mask).drop_columns([column]), below / "data.parquet")


def test_the_partition_of_nulls_and_coded_values_are_what_they_were(tmp_path: Path) -> None:
    data = poked(DATA, "households", "region", (0, None), (3, "San Andrés"))
    village.write(tmp_path, data)
    pq.write_to_dataset(data["households"], tmp_path / "households", partition_cols=["region"])
    assert any("%20" in path.name for path in (tmp_path / "households").iterdir())
    assert_same(profile(tmp_path, of=survey(FOLDERS[1])), profile(data))


def test_a_column_may_be_all_null_in_one_file(tmp_path: Path) -> None:
    n = 20
    data = DATA
    for table, column in (
        ("households", "wall"),
        ("households", "rooms"),
        ("persons", "years"),
        ("households", "area"),
    ):
        data = poked(data, table, column, *((row, None) for row in range(n)))
    for name, table in data.items():
        (tmp_path / name).mkdir()
        first = table.slice(0, n)
        for column in ("wall", "rooms", "years", "area"):
            if column in first.column_names:
                first = first.set_column(first.column_names.index(column), column, pa.nulls(n))
        pq.write_table(first, tmp_path / name / "a.parquet")
        pq.write_table(table.slice(n), tmp_path / name / "b.parquet")
    assert_same(profile(tmp_path, of=survey(*FOLDERS)), profile(data))


def test_text_codes_and_truths_may_be_all_null_in_one_file(tmp_path: Path) -> None:
    words = DATA["households"].column("area").cast(pa.string()).to_pylist()
    data = replaced(DATA, "households", "area", [None] * 20 + words[20:])
    data = replaced(data, "persons", "school", pc.equal(DATA["persons"].column("school"), 1))
    data = poked(data, "persons", "school", *((row, None) for row in range(20)))
    as_text = (("attends: school = 1", "attends: school"), *FOLDERS)
    for name, table in data.items():
        (tmp_path / name).mkdir()
        first = table.slice(0, 20)
        for column in {"area", "school"} & set(table.column_names):
            first = first.set_column(first.column_names.index(column), column, pa.nulls(20))
        pq.write_table(first, tmp_path / name / "a.parquet")
        pq.write_table(table.slice(20), tmp_path / name / "b.parquet")
    assert_same(profile(tmp_path, of=survey(*as_text)), profile(data, of=survey(*as_text)))


def test_integer_widths_may_differ_over_files(tmp_path: Path, expected: DeprivationProfile) -> None:
    for name, table in DATA.items():
        (tmp_path / name).mkdir()
        half = table.num_rows // 2
        for number, (part, to) in enumerate(((table.slice(0, half), pa.int16()), (table.slice(half), pa.uint32()))):
            narrow = pa.schema(
                [field.with_type(to) if pa.types.is_integer(field.type) else field for field in part.schema]
            )
            pq.write_table(part.cast(narrow), tmp_path / name / f"{number}.parquet")
    assert_same(profile(tmp_path, of=survey(*FOLDERS)), expected)


def test_whole_numbers_may_be_stored_as_floats_of_32_bits_decimals_or_dictionaries(
    expected: DeprivationProfile,
) -> None:
    for to in (pa.float32(), pa.float64(), pa.decimal128(21, 2)):
        data = DATA
        for table, column in (("persons", "age"), ("persons", "sex"), ("households", "area"), ("households", "rooms")):
            data = replaced(data, table, column, DATA[table].column(column).cast(to))
        assert_same(profile(data), expected)
    data = DATA
    for table, column in (("persons", "age"), ("households", "wall"), ("households", "region"), ("households", "area")):
        data = replaced(data, table, column, DATA[table].column(column).dictionary_encode())
    assert_same(profile(data), expected)


def test_a_missing_code_with_decimals_is_found_in_32_bits() -> None:
    years = DATA["persons"].column("years").to_pylist()
    coded = pa.array([99.99 if value is None else value for value in years], pa.float32())
    of = survey(("{age: [99]}", "{age: [99], years: [99.99]}"))
    assert_same(profile(replaced(DATA, "persons", "years", coded), of=of), profile(DATA))


def test_nan_is_null(expected: DeprivationProfile) -> None:
    years = [float("nan") if value is None else value for value in DATA["persons"].column("years").to_pylist()]
    assert_same(profile(replaced(DATA, "persons", "years", years)), expected)


def rekeyed(data: Tables, name: Callable[[int], object], kind: pa.DataType) -> Tables:
    for table in ("persons", "households"):
        keys = [name(key) for key in data[table].column("house").to_pylist()]
        data = replaced(data, table, "house", pa.array(keys, kind))
    return data


@pytest.mark.parametrize(
    "data",
    [
        rekeyed(DATA, lambda key: f"H{key:05}", pa.string()),
        rekeyed(DATA, lambda key: f"H{key:05}", pa.large_string()),
        rekeyed(DATA, lambda key: 2**53 + key, pa.int64()),
        rekeyed(DATA, lambda key: 2**63 - 1 - key, pa.uint64()),
        rekeyed(DATA, lambda key: -(2**62) + 2**54 * key, pa.int64()),
        rekeyed(DATA, lambda key: key // 7, pa.int8()),
    ],
    ids=["texts", "large texts", "beyond 2**53", "descending unsigned", "far apart", "8 bits"],
)
@pytest.mark.usefixtures("small_blocks")
def test_keys_of_any_kind(data: Tables, expected: DeprivationProfile) -> None:
    assert_same(profile(data), expected)
    assert_same(profile({name: shuffled(table) for name, table in data.items()}), expected)


@pytest.mark.usefixtures("small_blocks")
def test_a_key_of_three_columns_whose_product_leaves_62_bits(expected: DeprivationProfile) -> None:
    rng = np.random.default_rng(1)
    parts = {key: rng.integers(0, 2**62, 3) for key in DATA["households"].column("house").to_pylist()}
    data = {}
    for table, columns in DATA.items():
        keys = columns.column("house").to_pylist()
        more = {name: pa.array([int(parts[key][i]) for key in keys]) for i, name in enumerate("abc")}
        data[table] = pa.table(dict(zip(columns.column_names, columns.columns, strict=True)) | more)
    of = survey(("key: [house, person]", "key: [a, b, c, person]"), ("key: [house]", "key: [a, b, c]"))
    assert_same(profile(data, of=of), expected)
    assert_same(profile({name: shuffled(table) for name, table in data.items()}, of=of), expected)


@pytest.mark.parametrize("most", [2, 50, 300, 2000])
@pytest.mark.usefixtures("small_blocks")
def test_codes_of_keys_are_made_dense_where_they_would_leave_their_range(
    monkeypatch: pytest.MonkeyPatch, expected: DeprivationProfile, most: int
) -> None:
    monkeypatch.setattr("mpi.source.keys.MAX_CODE", most)
    data = {}
    for table, columns in DATA.items():
        keys = columns.column("house").to_numpy()
        data[table] = columns.append_column("town", pa.array(keys % 9)).append_column("zone", pa.array(keys % 4))
    of = survey(
        ("key: [house, person]", "key: [town, zone, house, person]"), ("key: [house]", "key: [town, zone, house]")
    )
    assert_same(profile({name: shuffled(table) for name, table in data.items()}, of=of), expected)
    lost = {**data, "persons": poked(data, "persons", "town", (0, 77))["persons"]}
    with pytest.raises(DataError, match=r"MPI-D036 .*: 1 person in 1 household"):
        profile(lost, of=of)


def test_a_reference_of_another_name(expected: DeprivationProfile) -> None:
    data = {**DATA, "persons": DATA["persons"].rename_columns({"house": "hid"})}
    of = survey(("key: [house, person]", "key: [hid, person], household: [hid]"))
    assert_same(profile(data, of=of), expected)


def dwelling_survey(*replacements: tuple[str, str]) -> Survey:
    return survey(
        (
            "  households: {path: households.parquet, key: [house]}",
            "  households: {path: households.parquet, key: [house], dwelling: [home]}\n"
            "  dwellings: {path: dwellings.parquet, key: [dwelling]}",
        ),
        *replacements,
    )


def with_dwellings() -> Tables:
    households = DATA["households"]
    home = pa.array([f"D{key}" for key in households.column("house").to_pylist()])
    dwellings = pa.table({"dwelling": home, "wall": households.column("wall"), "region": households.column("region")})
    empty = pa.table({"dwelling": ["Dx"], "wall": ["w9"], "region": ["99"]})
    own = households.drop_columns(["wall", "region"]).append_column("home", home)
    return {"persons": DATA["persons"], "households": own, "dwellings": shuffled(pa.concat_tables([dwellings, empty]))}


def test_a_third_table_of_dwellings_of_which_some_are_empty(tmp_path: Path, expected: DeprivationProfile) -> None:
    assert_same(profile(with_dwellings(), of=dwelling_survey()), expected)
    assert_same(profile(village.write(tmp_path, with_dwellings()), of=dwelling_survey()), expected)


INSIDE = (
    "  households: {path: households.parquet, key: [house]}",
    "  households: {from: persons, key: [house], columns: [region, area, rooms, wall, weight, stratum, segment]}",
)


@pytest.mark.usefixtures("small_blocks")
def test_households_from_the_persons_file(tmp_path: Path, expected: DeprivationProfile) -> None:
    whole = village.joined(DATA)
    of = survey(INSIDE)
    assert_same(profile({"persons": whole}, of=of), expected)
    assert_same(profile({"persons": shuffled(whole)}, of=of), expected)
    assert_same(deprivation_profile(of, village.measure(), whole), expected)
    assert_same(profile(village.write(tmp_path, {"persons": whole}, rows=4), of=of), expected)
    texts = whole.set_column(0, "house", whole.column("house").cast(pa.string()))
    assert_same(profile({"persons": shuffled(texts)}, of=of), expected)


def test_weight_stratum_and_psu_may_stand_in_the_persons_table(expected: DeprivationProfile) -> None:
    whole = village.joined(DATA)
    persons = whole.select([*DATA["persons"].column_names, "weight", "stratum", "segment"])
    households = DATA["households"].drop_columns(["weight", "stratum", "segment"])
    assert_same(profile({"persons": persons, "households": households}), expected)


def test_a_weight_may_be_a_rule_over_variables(expected: DeprivationProfile) -> None:
    of = survey(("{weight: weight,", "{weight: doubled / 2,"), ("  age: age\n", "  age: age\n  doubled: weight * 2\n"))
    assert_same(profile(DATA, of=of), expected)


def test_a_stratum_of_two_columns_counts_their_pairs() -> None:
    pairs = profile(DATA, of=survey(("stratum: stratum", "stratum: [stratum, region]")))
    values = DATA["households"].select(["stratum", "region"]).to_pylist()
    assert set(pairs.sample.strata) == {f"{row['stratum']}|{row['region']}" for row in values}


def of_households() -> Measure:
    """A measure that reads nothing of persons."""
    return village.measure(
        ("  person: {age: number, sex: [man, woman], years: number, attends: truth}\n", ""),
        ("derive:\n  minor: age < 18\n", ""),
        ("      schooling: {eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived}\n", ""),
        (
            "      attendance: {eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived}\n",
            "      wall: {deprived: wall = 'w1'}\n",
        ),
        ("COUNT() / rooms > 2", "rooms < 2"),
    )


def test_a_survey_of_households_alone_says_how_many_members_there_are(tmp_path: Path) -> None:
    sizes = DATA["persons"].group_by("house").aggregate([("person", "count")]).sort_by("house")
    households = DATA["households"].append_column("size", sizes.column("person_count"))
    text = village.SURVEY.replace("  persons: {path: persons.parquet, key: [house, person]}\n", "members: size\n")
    text = "\n".join(
        line for line in text.splitlines() if not line.strip().startswith(("age", "sex", "years", "attends"))
    )
    text = text.replace("tables:\nmembers: size\n", "members: size\ntables:\n").replace(
        "missing_codes: {age: [99]}", ""
    )
    of = read_survey([compose(text, "alone.yaml")])
    by = of_households()
    alone = profile({"households": households}, of=of, by=by)
    assert_same(alone, profile(DATA, of=without_sex_domain(), by=by))
    assert_same(profile(village.write(tmp_path, {"households": households}, rows=9), of=of, by=by), alone)
    assert score(of, by, {"households": households}).column("persons").to_pylist() == sizes["person_count"].to_pylist()


def without_sex_domain() -> Survey:
    text = village.SURVEY
    return read_survey([compose(text[: text.rindex("  sex:")], "village_2026.yaml")])


def test_a_survey_of_households_alone_may_have_dwellings() -> None:
    data = with_dwellings()
    text = village.SURVEY.replace("  persons: {path: persons.parquet, key: [house, person]}\n", "")
    text = text.replace(
        "key: [house]}", "key: [house], dwelling: [home]}\n  dwellings: {path: d.parquet, key: [dwelling]}"
    )
    text = "\n".join(
        line for line in text.splitlines() if not line.strip().startswith(("age", "sex", "years", "attends"))
    )
    of = read_survey([compose(text.replace("missing_codes: {age: [99]}", "members: 1"), "alone.yaml")])
    by = of_households()
    found = profile({name: data[name] for name in ("households", "dwellings")}, of=of, by=by)
    walls = DATA["households"].column("wall").to_pylist()
    bit = found.indicators.index("wall")
    assert found.counts["households"] == len(walls)
    deprived = ((found.cells.pattern >> np.uint64(bit)) & np.uint64(1)).astype(bool)
    positive = [
        w == "w1" and weight > 0 for w, weight in zip(walls, DATA["households"]["weight"].to_pylist(), strict=True)
    ]
    assert found.cells.households[deprived].sum() == sum(positive)


def test_a_column_may_have_another_name_in_these_files(expected: DeprivationProfile) -> None:
    data = {
        "persons": DATA["persons"].rename_columns({"age": "EDAD", "house": "HOUSE"}),
        "households": DATA["households"].rename_columns({"rooms": "ROOMS", "house": "HOUSE"}),
    }
    aliases = ("missing_codes:", "aliases: {age: [EDAD, e27], rooms: [ROOMS], house: [HOUSE]}\nmissing_codes:")
    assert_same(profile(data, of=survey(aliases)), expected)
    assert_same(profile(DATA, of=survey(aliases)), expected)
    whole = village.joined(DATA).rename_columns({"rooms": "ROOMS", "house": "HOUSE"})
    assert_same(profile({"persons": whole}, of=survey(aliases, INSIDE)), expected)


def test_missing_codes_of_texts_and_of_numbers_beyond_doubles() -> None:
    data = poked(DATA, "households", "wall", (2, "DK"), (5, "NA"))
    of = survey(("{age: [99]}", "{age: [99], wall: [DK, NA, 7], rooms: [none, 9]}"))
    assert_same(profile(data, of=of), profile(poked(DATA, "households", "wall", (2, None), (5, None))))
    big = 2**53 + 1
    data = poked(DATA, "households", "rooms", (2, big), (5, big - 1))
    of = survey(("{age: [99]}", f"{{age: [99], rooms: [{big}]}}"))
    assert_same(profile(data, of=of), profile(poked(data, "households", "rooms", (2, None))))
    data = replaced(DATA, "persons", "school", pc.equal(DATA["persons"].column("school"), 1))
    yes_no = ("attends: school = 1", "attends: school")
    of = survey(yes_no, ("{age: [99]}", "{age: [99], school: [9]}"))
    assert_same(profile(data, of=of), profile(data, of=survey(yes_no)))


def test_an_optional_domain_is_left_out_and_said(expected: DeprivationProfile) -> None:
    of = survey(
        ("  region: region", "  region: {column: region, optional: yes}\n  late: {rule: nowhere, optional: yes}")
    )
    found = profile(DATA, of=of)
    assert [notice.text for notice in found.notices if notice.code == "MPI-N002"] == [
        "no domain 'late': the files have no column nowhere"
    ]
    assert_same(found, expected)


def write_csv(folder: Path, data: Tables, *, delimiter: str, decimal: str, encoding: str, suffix: str = "csv") -> Path:
    for name, table in data.items():
        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
        frame.to_csv(folder / f"{name}.{suffix}", sep=delimiter, decimal=decimal, encoding=encoding, index=False)
    return folder


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ((",", ".", "utf-8"), "read as utf-8, comma between columns, decimal '.'"),
        ((";", ",", "cp1252"), "read as cp1252, semicolon between columns, decimal ','"),
        (("\t", ",", "utf-8-sig"), "read as utf-8, tab between columns, decimal ','"),
        (("|", ".", "utf-16"), "read as utf-16, bar between columns, decimal '.'"),
    ],
)
def test_csv_in_every_dialect_is_found_out_and_said(
    tmp_path: Path, expected: DeprivationProfile, dialect: tuple[str, str, str], said: str
) -> None:
    data = {**DATA, "households": DATA["households"].append_column("note", pa.array(["año; \"dos\", 'x'"] * 60))}
    delimiter, decimal, encoding = dialect
    found = profile(write_csv(tmp_path, data, delimiter=delimiter, decimal=decimal, encoding=encoding), of=survey(*CSV))
    assert_same(found, expected)
    notices = [notice.text for notice in found.notices if notice.code == "MPI-N001"]
    assert [text.split(": ")[0] for text in notices] == ["persons.csv", "households.csv"]
    assert notices[1] == f"households.csv: {said}"


def test_a_stated_dialect_is_taken(tmp_path: Path, expected: DeprivationProfile) -> None:
    write_csv(tmp_path, DATA, delimiter="|", decimal=",", encoding="latin-1", suffix="tsv")
    stated = 'csv: {delimiter: "|", decimal: ",", encoding: latin-1}'
    of = survey(
        ("persons.parquet, key: [house, person]", f"persons.tsv, key: [house, person], {stated}"),
        ("households.parquet, key: [house]", f"households.tsv, key: [house], {stated}"),
    )
    assert_same(profile(tmp_path, of=of), expected)


def test_blocks_are_cut_at_households_and_near_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_small(monkeypatch, 20)
    sizes = blocks(open_survey(survey(), DATA), {}, lambda block: block.length)
    assert sum(sizes) == DATA["persons"].num_rows
    assert len(sizes) > 5 and max(sizes) <= 20 + 6
