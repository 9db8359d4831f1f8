"""Keys and codes stored as decimal numbers, as SPSS, Stata and pandas store them: the same figures, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.errors import DataError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from tests.source.test_forms import dwelling_survey, with_dwellings
from tests.support import village
from tests.support.village import Tables, assert_same, poked, profile, replaced, survey

DATA = village.tables()
KINDS = [pa.float64(), pa.float32(), pa.decimal128(20, 2), pa.decimal128(12, 0), pa.int32(), pa.uint64(), pa.uint16()]


@pytest.fixture(scope="module")
def expected() -> DeprivationProfile:
    return profile(DATA)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("mpi.source.households_only.SMALL", 0)
    monkeypatch.setattr("mpi.source.households_only.PERSONS", 5)
    monkeypatch.setattr("mpi.source.span.SPAN", 20)
    yield


def stored(data: Tables, table: str, column: str, kind: pa.DataType) -> Tables:
    values = data[table].column(column).to_pylist()
    wide = pa.array(values, pa.int64())
    return replaced(
        data,
        table,
        column,
        wide
        if kind == pa.int64()
        else wide.cast(pa.float64()).cast(kind)
        if not pa.types.is_integer(kind)
        else wide.cast(kind),
    )


def shuffled(data: Tables) -> Tables:
    rng = np.random.default_rng(4)
    return {name: table.take(pa.array(rng.permutation(len(table)))) for name, table in data.items()}


@pytest.mark.slow
@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_keys_of_any_type_of_whole_numbers_join_with_those_of_any_other(
    tmp_path: Path, expected: DeprivationProfile, kind: pa.DataType
) -> None:
    for tables in (["persons"], ["households"], ["persons", "households"]):
        data = DATA
        for table in tables:
            data = stored(data, table, "house", kind)
        data = stored(data, "persons", "person", kind)
        village.write(tmp_path, data, rows=16)  # streamed: in the order of the key, in row groups
        for own in (data, shuffled(data), tmp_path):
            assert_same(profile(own), expected)


def test_the_tables_really_are_streamed_where_their_keys_are_decimal_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: DeprivationProfile
) -> None:
    monkeypatch.setattr("mpi.source.households_only.SMALL", 0)
    monkeypatch.setattr("mpi.source.reading.Households", None)  # the table in memory is not asked for
    monkeypatch.setattr("mpi.source.persons.Households", type("Never", (), {}))
    data = stored(stored(DATA, "persons", "house", pa.float64()), "households", "house", pa.float64())
    assert_same(profile(village.write(tmp_path, data, rows=16)), expected)


def test_whole_keys_in_decimal_numbers_are_noted_and_told_as_whole_numbers() -> None:
    data = stored(stored(DATA, "persons", "house", pa.float64()), "households", "house", pa.float64())
    notes = [str(notice) for notice in profile(data).notices if notice.code == "MPI-N130"]
    assert notes == [
        "MPI-N130 the frame 'persons': keys of persons are stored as decimal numbers, and all are whole: house",
        "MPI-N130 the frame 'households': keys of households are stored as decimal numbers, and all are whole: house",
    ]
    assert score(survey(), village.measure(), data).column("house").type == pa.int64()


def test_files_of_one_table_may_store_a_key_in_several_types(tmp_path: Path, expected: DeprivationProfile) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons").mkdir()
    for i, kind in enumerate((pa.int64(), pa.float64(), pa.float32())):
        part = {"persons": DATA["persons"].slice(70 * i, 70)}
        pq.write_table(stored(part, "persons", "house", kind)["persons"], tmp_path / "persons" / f"{i}.parquet")
    assert_same(profile(tmp_path, of=survey(("persons.parquet", "persons"))), expected)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_reference_to_dwellings_that_is_no_key_of_households_joins_with_any_type(
    expected: DeprivationProfile, kind: pa.DataType
) -> None:
    data = with_dwellings()
    home = pa.array(range(100, 100 + data["households"].num_rows))
    names = dict(zip(data["households"].column("home").to_pylist(), home.to_pylist(), strict=True))
    dwellings = [names.get(name, 7) for name in data["dwellings"].column("dwelling").to_pylist()]
    data = replaced(replaced(data, "households", "home", home), "dwellings", "dwelling", pa.array(dwellings))
    assert_same(profile(stored(data, "households", "home", kind), of=dwelling_survey()), expected)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("form", ["frame", "file", "shuffled", "csv"])
def test_what_is_no_key_is_refused_with_what_it_is_and_how_often(tmp_path: Path, form: str) -> None:
    keys = pa.array(DATA["persons"].column("house").to_pylist(), pa.float64())
    wrong = [(3, 0.5), (70, 1.25), (90, 2.0**53), (91, -(2.0**60)), (92, 2.0**54)]
    wrong += [] if form == "csv" else [(100, float("nan")), (150, float("inf"))]
    data = poked(replaced(DATA, "persons", "house", keys), "persons", "house", *wrong)
    of = survey()
    if form == "csv":
        data["persons"].to_pandas().to_csv(tmp_path / "persons.csv", index=False)
        village.write(tmp_path, {"households": DATA["households"]})
        of = survey(("persons.parquet", "persons.csv"))
    elif form == "file":
        village.write(tmp_path, data, rows=16)
    with pytest.raises(DataError) as error:
        profile({"frame": data, "shuffled": shuffled(data)}.get(form, tmp_path), of=of)
    others = "" if form == "csv" else "1 row of NaN, 1 row of infinity, "
    assert [fault.code for fault in error.value.faults] == ["MPI-D031"]
    assert error.value.faults[0].text == (
        "the key column 'house' of persons holds decimal numbers that cannot be keys: 2 rows with a fraction, "
        f"{others}3 rows too large to be distinguished from its neighbours (9,007,199,254,740,992 or more)"
    )


def test_narrow_decimal_numbers_are_keys_up_to_their_own_bound() -> None:
    for kind, bound in ((pa.float32(), 2**24), (pa.float16(), 2**11)):
        keys = pa.array([np.float64(key + bound - 60) for key in range(60)], pa.float64())
        houses = replaced(
            DATA, "households", "house", keys.cast(pa.float32()).cast(kind) if bound < 2**20 else keys.cast(kind)
        )
        place = {key: i for i, key in enumerate(DATA["households"].column("house").to_pylist())}
        persons = [bound - 60 + place[key] for key in DATA["persons"].column("house").to_pylist()]
        data = replaced(houses, "persons", "house", persons)
        assert_same(profile(data), profile(DATA))
        beyond = poked(replaced(DATA, "households", "house", keys), "households", "house", (59, float(bound)))[
            "households"
        ]
        cast = (
            beyond.column("house").cast(pa.float32()).cast(kind) if bound < 2**20 else beyond.column("house").cast(kind)
        )
        with pytest.raises(
            DataError, match=rf"1 row too large to be distinguished from its neighbours \({bound:,} or more\)"
        ):
            profile(replaced(data, "households", "house", cast))


def test_codes_of_domains_and_of_the_design_in_decimal_numbers_are_codes(expected: DeprivationProfile) -> None:
    data = DATA
    for column in ("area", "stratum", "segment"):
        data = stored(data, "households", column, pa.float64())
    data = stored(data, "persons", "sex", pa.float32())
    assert_same(profile(data), expected)


def test_codes_in_32_bits_that_look_like_their_neighbours_are_refused() -> None:
    codes = pa.array([2.0**24 + 2 * i for i in range(60)], pa.float32())
    with pytest.raises(DataError, match=r"psu0: the column holds decimal numbers of 16,777,216 or more, .* in 60 rows"):
        profile(replaced(DATA, "households", "segment", codes))
    wide = replaced(DATA, "households", "segment", codes.cast(pa.float64()))
    assert len(profile(wide).sample.psu_labels) == 60


def test_a_column_with_one_gap_that_pandas_made_decimal_is_read(expected: DeprivationProfile) -> None:
    frames = {name: table.to_pandas() for name, table in DATA.items()}
    assert_same(profile({name: frame.astype({"house": float}) for name, frame in frames.items()}), expected)
    holes = frames["persons"].assign(house=frames["persons"]["house"].where(frames["persons"].index != 8))
    with pytest.raises(DataError, match=r"MPI-D030 .*is null in 1 row|MPI-D031 .*1 row of NaN"):
        profile({**frames, "persons": pd.DataFrame(holes)})
