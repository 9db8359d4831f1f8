"""Codes that stand in several columns, or come of a rule, with their leading zeros: from texts and numbers alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mpi.errors import ConfigError, DataError
from mpi.pipeline.estimating import estimate
from mpi.pipeline.scoring import score
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from mpi.specs.survey import Survey
from tests.support import village

MUNICIPIO = "{columns: [{column: dpto, width: 2}, {column: mpio, width: 3}]}"
DOMAINS = "domains:\n  municipio: "
RNG = np.random.default_rng(11)


def data(kind: pa.DataType | None = None, *, hole: bool = False) -> village.Tables:
    """The village with the department and the municipality of each household, as texts with zeros or as numbers."""
    found = village.tables()
    n = found["households"].num_rows
    dpto, mpio = RNG.permutation(np.arange(n) % 3 * 4 + 1), RNG.permutation(np.arange(n) % 4 * 31 + 1)
    texts = [f"{one:02}" for one in dpto], [f"{one:03}" for one in mpio]
    for name, numbers, text in zip(("dpto", "mpio"), (dpto, mpio), texts, strict=True):
        values = pa.array(text) if kind is None else pa.array(numbers).cast(kind)
        if hole and name == "mpio":
            values = pa.array([None, *values.to_pylist()[1:]], values.type)
        found["households"] = found["households"].append_column(name, values)
    return found


def expected(tables: village.Tables) -> list[str | None]:
    """The code of each household, the long way."""

    def text(value: object, width: int) -> str | None:
        return None if value is None else str(int(str(value).partition(".")[0])).rjust(width, "0")

    pairs = zip(tables["households"]["dpto"].to_pylist(), tables["households"]["mpio"].to_pylist(), strict=True)
    parts = [(text(dpto, 2), text(mpio, 3)) for dpto, mpio in pairs]
    return [None if dpto is None or mpio is None else dpto + mpio for dpto, mpio in parts]


def profile(of: village.Tables | Path, municipio: str = MUNICIPIO) -> DeprivationProfile:
    return village.profile(of, of=village.survey(("domains:\n", f"{DOMAINS}{municipio}\n")))


@pytest.mark.parametrize("kind", [None, pa.int8(), pa.int64(), pa.float64(), pa.dictionary(pa.int8(), pa.string())])
def test_parts_follow_one_another_with_their_zeros(kind: pa.DataType | None) -> None:
    tables = data(None if kind is not None and pa.types.is_dictionary(kind) else kind)
    made = profile(tables)
    assert made.domains[0].labels == tuple(sorted({code for code in expected(tables) if code}))
    rows = score(village.survey(("domains:\n", f"{DOMAINS}{MUNICIPIO}\n")), village.measure(), tables)
    assert rows["municipio"].to_pylist() == expected(tables)


def test_a_part_that_is_null_leaves_the_code_unknown() -> None:
    for kind in (None, pa.int64()):
        tables = data(kind, hole=True)
        assert expected(tables)[0] is None
        assert profile(tables).domains[0].labels[-1] == MISSING_LEVEL
    blank = village.poked(data(), "households", "mpio", (0, "  "))
    assert profile(blank).domains[0].labels[-1] == MISSING_LEVEL


def test_it_is_the_same_in_every_order_and_file(tmp_path: Path) -> None:
    tables = data(pa.int64())
    order = np.random.default_rng(1).permutation(tables["persons"].num_rows)
    village.assert_same(profile(tables), profile({**tables, "persons": tables["persons"].take(order)}))
    village.assert_same(profile(tables), profile(village.write(tmp_path, tables, rows=20)))
    kept = tmp_path / "kept.parquet"
    profile(tables).write(kept)
    village.assert_same(profile(tables), DeprivationProfile.read(kept))


def test_figures_are_those_of_the_glued_column() -> None:
    tables = data(pa.int64())
    glued = {**tables, "households": tables["households"].append_column("glued", pa.array(expected(tables)))}
    one, other = profile(tables), profile(glued, "glued")
    one, other = (estimate(made, village.measure(), by="municipio").table for made in (one, other))
    assert one.equals(other) and one.num_rows > 24


@pytest.mark.parametrize("municipio", ["{rule: dpto * 1000 + mpio, width: 5}"])
def test_a_rule_of_whole_numbers_takes_a_width(municipio: str) -> None:
    tables = data(pa.int64())
    village.assert_same(profile(tables), profile(tables, municipio))
    with pytest.raises(DataError, match=r"MPI-D140 .*municipio: codes longer than their width of 3"):
        profile(tables, municipio.replace("5}", "3}"))
    with pytest.raises(DataError, match=r"MPI-D012 .*municipio: the column holds numbers with decimals"):
        profile(tables, municipio.replace("* 1000", "/ 8"))


def test_a_list_of_codes_names_the_whole_code() -> None:
    tables = data(pa.int64())
    codes = sorted({code for code in expected(tables) if code})
    names = ", ".join(f'"{code}": M{i}' for i, code in enumerate(codes))
    made = profile(tables, MUNICIPIO.replace("]}", f"], codes: {{{names}}}}}"))
    assert made.domains[0].labels == tuple(f"M{i}" for i in range(len(codes)))
    with pytest.raises(DataError, match="MPI-D015"):
        profile(tables, MUNICIPIO.replace("]}", f'], codes: {{"{codes[0]}": one}}}}'))


def test_strata_psus_and_variables_take_several_columns() -> None:
    tables = data(pa.int64())
    glued = {**tables, "households": tables["households"].append_column("glued", pa.array(expected(tables)))}
    found = [
        village.profile(glued, of=village.survey(("stratum: stratum, psu: segment", f"stratum: null, psu: {psu}")))
        for psu in ("glued", MUNICIPIO, f"[{MUNICIPIO}]")
    ]
    village.assert_same(found[0], found[1])
    village.assert_same(found[0], found[2])
    norm = village.measure(("w2", "01001"))
    surveys = [village.survey(("wall: wall", f"wall: {wall}")) for wall in ("glued", MUNICIPIO)]
    walls = [village.profile(glued, of=survey, by=norm) for survey in surveys]
    village.assert_same(walls[0], walls[1])


def test_parts_of_persons_and_households_make_a_code_of_persons() -> None:
    tables = data(pa.int64())
    made = profile(tables, "{columns: [{column: dpto, width: 2}, {column: sex, width: 1, table: persons}]}")
    assert made.domains[0].level == "person" and set(made.domains[0].labels) == {
        f"{dpto:02}{sex}" for dpto in (1, 5, 9) for sex in (1, 2)
    }


@pytest.mark.parametrize(("row", "value"), [(0, 1000), (3, -1)])
def test_a_part_that_is_no_code_of_its_width_is_refused_with_its_number(row: int, value: int) -> None:
    wrong = village.poked(data(pa.int64()), "households", "mpio", (row, value))
    with pytest.raises(DataError) as caught:
        profile(wrong)
    assert str(caught.value).startswith(
        "MPI-D140 village_2026.yaml:17:14: municipio: codes longer than their width of 3"
    )
    assert "in 1 row" in str(caught.value)
    long = village.poked(data(), "households", "dpto", (1, "123"))
    with pytest.raises(DataError, match="width of 2, or below 0, in 1 row"):
        profile(long)


@pytest.mark.parametrize(("text", "said"), [
    ("{columns: []}", "there is no column"), ("{columns: [dpto, mpio]}", "MPI-C005"),
    ("{columns: [{column: dpto}]}", "the key 'width' is missing"),
    ("{columns: [{column: dpto, width: 2}], width: 5}", "each of `columns` has its own width"),
    ("{columns: [{column: dpto, width: 2}], column: dpto}", "either a `rule` or a `column`"),
    ("{column: [dpto, mpio], width: 5}", "columns: [{column: dpto, width: 2}, {column: mpio, width: 2}]"),
    ("{columns: [{column: dpt, width: 2}, {column: mpi, width: 3}]}", "no table has the column 'mpi'"),
    ("{rule: dpto, table: households}", "`table` can only be used with `column`"),
])  # fmt: skip
def test_what_is_no_code_of_several_columns_is_refused(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        profile(data(), text)
    assert said in str(caught.value)


def test_the_remedy_for_a_list_under_column_is_taken() -> None:
    with pytest.raises(ConfigError) as caught:
        profile(data(), "{column: [dpto, mpio]}")
    way = caught.value.faults[0].remedy.partition("`")[2].partition("`")[0]
    assert profile(data(), f"{{{way.replace('mpio, width: 2', 'mpio, width: 3')}}}").domains[0].name == "municipio"


KEY = "{columns: [{column: block, width: 2}, {column: number, width: 4}]}"


def keyed(kind: pa.DataType, *, whole_in_households: bool) -> tuple[village.Tables, Survey]:
    """The village with its household's key in two columns: in both tables, or in that of persons alone."""
    data = village.tables()
    made: village.Tables = {}
    for name, table in data.items():
        houses = table["house"].to_pylist()
        parts = {
            "block": pa.array([house // 100 for house in houses]).cast(kind),
            "number": pa.array([house for house in houses]).cast(kind),
        }
        rest = table.drop_columns(["house"])
        if name == "households" and whole_in_households:
            made[name] = rest.append_column("code", pa.array([f"{house // 100:02}{house:04}" for house in houses]))
        else:
            made[name] = rest.append_column("block", parts["block"]).append_column("number", parts["number"])
    of = village.survey(
        (
            "key: [house, person]}",
            f"key: [{KEY}, person]{', household: [' + KEY + ']' if whole_in_households else ''}}}",
        ),
        ("key: [house]}", f"key: [{'code' if whole_in_households else KEY}]}}"),
    )
    return made, of


@pytest.mark.parametrize("kind", [pa.int64(), pa.string(), pa.float64()])
@pytest.mark.parametrize("whole", [True, False])
def test_keys_stand_in_several_columns(kind: pa.DataType, whole: bool, tmp_path: Path) -> None:
    tables, of = keyed(kind, whole_in_households=whole)
    village.assert_same(village.profile(tables, of=of), village.profile(village.tables()))
    folder = village.write(tmp_path, tables, rows=17)
    village.assert_same(village.profile(folder, of=of), village.profile(village.tables()))
    rows = score(of, village.measure(), tables)
    assert rows.column_names[0] == ("code" if whole else "block+number") and rows[0][0].as_py() == "010100"


def test_a_part_of_a_key_that_is_wrong_is_refused() -> None:
    tables, of = keyed(pa.int64(), whole_in_households=False)
    with pytest.raises(DataError, match=r"MPI-D140 the frame 'households': number, part of the key block\+number"):
        village.profile(village.poked(tables, "households", "number", (2, 99_999)), of=of)
    with pytest.raises(DataError, match=r"MPI-D030 .*the key column 'block\+number' of households is null in 1 row"):
        village.profile(village.poked(tables, "households", "number", (2, None)), of=of)
    lost = {**tables, "households": tables["households"].rename_columns({"number": "nummer"})}
    with pytest.raises(DataError, match=r"MPI-D010 .*no column 'number', part of its key\n  did you mean 'nummer'"):
        village.profile(lost, of=of)
    for wrong in ("{columns: [number]}", "{columns: []}", "{column: number}"):
        with pytest.raises(ConfigError):
            village.survey(("key: [house]}", f"key: [{wrong}]}}"))
