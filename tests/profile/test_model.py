"""Profiles: on disk, added, filtered, and made from ready-made flags."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.columns.values import Text
from mpi.config import load_measure
from mpi.errors import DataError, Notice, UsageError
from mpi.pipeline.estimating import estimate
from mpi.profile import MISSING_LEVEL, Cells, DeprivationProfile, Units, build, levels, merge
from mpi.profile import files as profile_files
from mpi.profile.cells import concatenated, grouped
from mpi.profile.sample import Declared
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.strategies import equal_measure, measure_of, profile_of

RTOL_SUM = 1e-12  # sums of some ten thousand floats, in another order

TWO = equal_measure(2)
ROWS = [
    Household((True, False), Fraction("12.5"), 3, "1", "1", {"region": "05", "zone": "u"}),
    Household((True, None), Fraction("10.25"), 1, "1", "2", {"region": "05", "zone": "r"}),
    Household((False, False), Fraction("0"), 2, "2", "1", {"region": "11", "zone": "u"}),
    Household((True, True), Fraction("7"), 5, "2", "2", {"region": "11", "zone": "u"}),
]


def profile() -> DeprivationProfile:
    return replace(profile_of(TWO, ROWS), notices=(Notice("MPI-N003", "1 household has weight 0"),))


def same_cells(a: Cells, b: Cells) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in Cells.__dataclass_fields__)


def same_profile(a: DeprivationProfile, b: DeprivationProfile) -> bool:
    plain = (
        "measure",
        "survey",
        "period",
        "indicators",
        "identification",
        "fingerprint",
        "domains",
        "counts",
        "notices",
    )
    design = ("strata", "psu_labels", "single_psu", "census", "weighted")
    return (
        all(getattr(a, name) == getattr(b, name) for name in plain)
        and all(getattr(a.sample, name) == getattr(b.sample, name) for name in design)
        and np.array_equal(a.sample.psus, b.sample.psus)
        and np.array_equal(a.sample.psu_stratum, b.sample.psu_stratum)
        and same_cells(a.cells, b.cells)
    )


# On disk


@pytest.mark.parametrize("clustered", [True, False])
def test_a_profile_comes_back_from_disk_as_it_was(tmp_path: Path, clustered: bool) -> None:
    own = profile_of(TWO, ROWS, clustered=clustered)
    own.write(tmp_path / "x.profile.parquet")
    back = DeprivationProfile.read(str(tmp_path / "x.profile.parquet"))
    assert same_profile(back, own)
    assert estimate(back, TWO, by="region:zone").table.equals(estimate(own, TWO, by="region:zone").table)


def test_notices_come_back_from_disk_without_their_places(tmp_path: Path) -> None:
    profile().write(tmp_path / "x.parquet")
    assert DeprivationProfile.read(tmp_path / "x.parquet").notices == profile().notices


def test_a_profile_of_64_indicators_without_domains_comes_back(tmp_path: Path) -> None:
    names = {f"i{j}": Fraction(1, 64) for j in range(64)}
    measure = measure_of({"x": names}, [Cutoff(Fraction(1, 2))])
    rows = [Household((True,) * 64), Household((False,) * 63 + (None,))]
    own = profile_of(measure, rows, clustered=False)
    own.write(tmp_path / "x.parquet")
    assert same_profile(DeprivationProfile.read(tmp_path / "x.parquet"), own)


def test_an_empty_profile_comes_back(tmp_path: Path) -> None:
    own = profile().filter(region="05", zone=["u"]).filter(zone="r")
    assert not len(own.cells)
    assert not len(own.keep_domains([]).cells)
    own.write(tmp_path / "x.parquet")
    assert same_profile(DeprivationProfile.read(tmp_path / "x.parquet"), own)


def test_the_same_profile_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        profile().write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_an_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_text("precious")
    with pytest.raises(UsageError, match="MPI-O002"):
        profile().write(path)
    assert path.read_text() == "precious"
    profile().write(path, overwrite=True)
    assert same_profile(DeprivationProfile.read(path), profile())


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        DeprivationProfile.read(path)
    return str(caught.value).replace(str(path), "x")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path / "x")
        == "MPI-D001 x: there is no such file\n  look at its name, or make one with `mpi profile`"
    )


def test_a_truncated_profile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    profile().write(path)
    whole = path.read_bytes()
    for size in (0, 3, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert refused(path) == (
            f"MPI-D051 x: not a complete deprivation profile ({size:,} bytes)\n  make it again with `mpi profile`"
        )


@pytest.mark.slow
def test_any_flipped_bit_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x"
    profile().write(path)
    whole = path.read_bytes()
    outcomes = {True: 0, False: 0}
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
        try:
            back = DeprivationProfile.read(path)
        except DataError as error:
            assert [fault.code for fault in error.faults] == ["MPI-D051"]
            outcomes[False] += 1
        else:
            assert same_profile(back, profile())
            outcomes[True] += 1
    assert outcomes[False] > outcomes[True]


def test_a_foreign_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    pq.write_table(pa.table({"a": [1]}), path)
    assert refused(path) == ("MPI-D051 x: a Parquet file, but not a deprivation profile\n  make one with `mpi profile`")


def test_a_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a;b\n1;2\n")
    assert refused(path).startswith("MPI-D051 x: not a complete deprivation profile (8 bytes)")


def rewritten(path: Path, change: Callable[[pa.Table], pa.Table]) -> Path:
    """The file with its table changed by somebody else's program, metadata kept."""
    profile().write(path)
    table = pq.read_table(path)
    pq.write_table(change(table), path)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.slice(1),
        lambda table: table.drop_columns(["persons"]),
        lambda table: table.set_column(0, table.column_names[0], pa.array([None] * len(table), pa.int64())),
        lambda table: table.set_column(0, table.column_names[0], pa.array(["a"] * len(table))),
        lambda table: table.set_column(0, table.column_names[0], pa.array([7] * len(table))),
        lambda table: table.replace_schema_metadata({**table.schema.metadata, b"mpi.sha256": b"0"}),
    ],
    ids=["a row less", "a column less", "nulls", "texts", "other codes", "another digest"],
)
def test_a_changed_profile_is_refused(tmp_path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    assert refused(rewritten(tmp_path / "x", change)).startswith("MPI-D051 x: not a complete deprivation profile")


def test_a_profile_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_files, "FORMAT", 1)
    profile().write(tmp_path / "x")
    monkeypatch.undo()
    assert refused(tmp_path / "x") == (
        "MPI-D051 x: a deprivation profile of format 1; this version reads 3 or 4\n  make it again with `mpi profile`"
    )


# Addition


def test_profiles_that_differ_do_not_add_and_the_message_names_what_differs() -> None:
    own = profile()
    remedy = "\n  to compare two rounds, estimate each and compare the estimates"

    def difference(other: DeprivationProfile) -> str:
        with pytest.raises(DataError) as caught:
            own + other
        return str(caught.value)

    assert difference(replace(own, survey="ech", period="2018")) == (
        "MPI-D050 profiles cannot be added: they differ in survey (flags / ech 2018)" + remedy
    )
    assert difference(own.keep_domains(["region"])) == (
        "MPI-D050 profiles cannot be added: they differ in domains (region of households, zone of households / "
        "region of households)" + remedy
    )
    bare = replace(own.keep_domains([]), sample=replace(own.sample, declared=Declared(weighted=False)))
    assert difference(bare) == (
        "MPI-D050 profiles cannot be added: they differ in domains (region of households, zone of households / none), "
        "design (PSUs, weights, single_psu: certainty / PSUs, no weights, single_psu: fail)" + remedy
    )
    assert "design (PSUs, weights, single_psu: certainty / no PSUs, weights, single_psu: certainty)" in difference(
        profile_of(TWO, ROWS, clustered=False)
    )
    assert "/ census)" in difference(replace(own, sample=replace(own.sample, declared=Declared(census=True))))
    assert difference(replace(own, fingerprint="0" * 16)) == (
        f"MPI-D050 profiles cannot be added: they differ in measure (test, 2 indicators of households, rules "
        f"{own.fingerprint} / test, 2 indicators of households, rules {'0' * 16})" + remedy
    )
    assert "of households, rules" in difference(replace(own, identification="person"))


def test_merging_adds_counts_and_keeps_each_notice_once() -> None:
    both = profile() + profile()
    assert both.counts == {"rows": 2 * len(ROWS)}
    assert both.notices == profile().notices
    assert both.cells.persons.sum() == 2 * profile().cells.persons.sum()
    assert merge([profile()]).counts == {"rows": len(ROWS)}
    with pytest.raises(UsageError, match="MPI-U111 there is no profile to add"):
        merge([])


# Domains


def test_a_domains_codes_keep_their_zeros_and_unknown_is_a_level_of_its_own_last() -> None:
    text = Text(np.array([0, 1, 0, 2]), ("b", "a", "05"), np.array([True, True, False, True]))
    labels, codes = levels(text)
    assert labels == ("05", "a", "b", MISSING_LEVEL)
    assert codes.tolist() == [2, 1, 3, 0]


def test_numbers_inside_codes_are_ordered_as_numbers_whatever_their_length() -> None:
    long = "9" * 5000
    labels = ("18-28", "6-17", long, "a10", "a9", "05", "5", "1")
    assert levels(Text(np.arange(len(labels)), labels))[0] == ("1", "05", "5", "6-17", "18-28", long, "a9", "a10")


def test_a_code_that_reads_like_the_missing_level_joins_it() -> None:
    text = Text(np.array([0, 0]), (MISSING_LEVEL,), np.array([True, False]))
    assert levels(text)[0] == (MISSING_LEVEL,)
    assert levels(text)[1].tolist() == [0, 0]


def test_levels_of_a_column_without_any_value() -> None:
    labels, codes = levels(Text(np.zeros(2, np.int64), (), np.zeros(2, np.bool_)))
    assert labels == (MISSING_LEVEL,)
    assert codes.tolist() == [0, 0]


def test_filters_keep_the_design_and_refuse_what_is_not_there() -> None:
    part = profile().filter(region=["11"], zone="u")
    assert part.cells.persons.sum() == 5
    assert part.sample is not None
    assert part.sample.psus.tolist() == [2, 2]
    with pytest.raises(UsageError, match="MPI-E003 the domain 'zone' has no code 'x'\n  there are 2 too rare to name"):
        profile().filter(zone="x")
    with pytest.raises(UsageError, match="MPI-E002 the profile has no domain 'zona'\n  did you mean 'zone'"):
        profile().filter(zona="u")


def test_keeping_some_domains_adds_the_cells_up_over_the_others() -> None:
    rows = [*ROWS, replace(ROWS[0], groups={"region": "05", "zone": "r"})]
    part = profile_of(TWO, rows).keep_domains(["region"])
    assert len(part.cells) == 4
    assert [domain.name for domain in part.domains] == ["region"]
    assert estimate(part, TWO, by="region").table.equals(estimate(profile_of(TWO, rows), TWO, by="region").table)


def test_a_profile_shows_what_it_holds() -> None:
    assert repr(profile()) == (
        "DeprivationProfile('test', 'flags', '': 9 persons, 3 households, 4 cells; domains: region, zone)"
    )
    assert repr(profile().keep_domains([])).endswith("domains: none)")


def test_many_wide_keys_are_kept_apart() -> None:
    """Keys whose product is beyond 64 bits are ranked on the way."""
    n = 50
    rng = np.random.default_rng(1)
    wide = rng.integers(2**40, 2**63, n, np.uint64)
    once, weights = np.ones(n, np.int64), np.ones(n)
    cells = Cells(
        domains=rng.integers(0, 2**30, (n, 3)),
        stratum=rng.integers(0, 2**30, n),
        psu=rng.integers(0, 2**30, n),
        pattern=wide,
        unknown=wide,
        persons=once,
        households=once,
        person_weight=weights,
        household_weight=weights,
        person_squares=weights,
        household_squares=weights,
    )
    found = grouped(concatenated([cells, cells]))
    assert len(found) == n
    assert (found.persons == 2).all()
    keys = list(zip(*found.domains.T.tolist(), found.stratum.tolist(), strict=True))
    assert keys == sorted(keys)


# Ready-made flags


FRAME = {"a": [1, 0, None], "b": [True, False, True], "w": [1.5, 2.0, 0.5], "n": [2, 3, 1], "s": ["x", "x", "y"],
         "p": [1, 2, 1], "r": ["05", None, "11"]}  # fmt: skip


def flags(**changed: Any) -> DeprivationProfile:
    columns = {name: values for name, values in {**FRAME, **changed}.items() if values is not None}
    return from_table(pa.table(columns))


def from_table(frame: object, **arguments: Any) -> DeprivationProfile:
    chosen = {"weight": "w", "members": "n", "stratum": "s", "psu": "p", "by": "r", **arguments}
    return DeprivationProfile.from_flags(frame, TWO, **chosen)


def faults(**changed: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        flags(**changed)
    assert all(fault.remedy for fault in caught.value.faults)  # tests/remedies/test_data.py follows them
    return [str(fault).splitlines()[0] for fault in caught.value.faults]


def test_frames_of_every_library_give_the_same_profile() -> None:
    table = pa.table(FRAME)
    expected = from_table(table)
    assert expected.cells.unknown.tolist().count(1) == 1
    assert expected.domains[0].labels == ("05", "11", MISSING_LEVEL)
    frame = pd.DataFrame(FRAME)
    assert frame["a"].isna().sum() == 1  # NaN, not null
    relation = duckdb.connect().from_arrow(table)
    for other in (frame, pl.DataFrame(FRAME), relation, table.to_reader(max_chunksize=1)):
        assert same_profile(from_table(other), expected)


def test_codes_are_the_same_as_numbers_texts_and_booleans() -> None:
    assert flags(p=["1", "2", "1"]).sample.psu_labels == flags().sample.psu_labels == ("1", "2", "1")
    assert flags(p=[1.0, 2.0, 1.0]).sample.psu_labels == ("1", "2", "1")
    assert flags(r=[True, False, None]).domains[0].labels == ("0", "1", MISSING_LEVEL)


def test_without_weight_members_and_design_a_row_is_a_person_and_a_psu() -> None:
    own = from_table(pa.table(FRAME), weight=None, members=None, stratum=None, psu=None, by=())
    assert own.cells.person_weight.sum() == own.cells.persons.sum() == 3
    assert not own.sample.weighted
    assert not own.sample.clustered
    assert own.sample.psus.tolist() == [3]


def test_domains_given_twice_are_kept_once() -> None:
    assert [domain.name for domain in from_table(pa.table(FRAME), by=["r", "s", "r"]).domains] == ["r", "s"]


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(DataError, match="MPI-D004 the table is a list that does not support Arrow"):
        from_table([1, 2])


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        from_table(pa.table(FRAME).slice(0, 0))
    assert str(caught.value) == "MPI-D002 the table has no row\n  give one row for each unit that was judged"


def test_missing_and_doubled_columns_are_refused_together() -> None:
    assert faults(a=None, w=None, p=None, weight_=[1, 2, 3]) == [
        "MPI-D010 the table has no column 'a', an indicator of test",
        "MPI-D010 the table has no column 'w', the weight",
        "MPI-D010 the table has no column 'p', a part of the design",
    ]
    assert faults(n=None, N=[1, 1, 1]) == ["MPI-D010 the table has no column 'n', the number of members"]
    doubled = pa.Table.from_arrays([pa.array([1])] * 4, ["a", "a", "b", "w"])
    with pytest.raises(DataError) as caught:
        DeprivationProfile.from_flags(doubled, TWO, weight="w")
    assert str(caught.value) == "MPI-D011 the table has 2 columns 'a', an indicator of test\n  rename all but one"


def test_columns_of_the_wrong_kind_are_refused() -> None:
    assert faults(a=["1", "0", "1"]) == ["MPI-D012 column 'a' holds texts, not 0 and 1"]
    assert faults(w=["1", "2", "3"]) == ["MPI-D012 column 'w', the weight, does not hold numbers"]
    assert faults(w=[1.0, float("inf"), 1.0]) == ["MPI-D012 column 'w', the weight, holds infinite numbers"]
    assert faults(n=[[1], [2], [3]])[0].startswith("MPI-D012 column 'n', the number of members, has the type list<")
    assert faults(p=[1.5, 2.0, 1.0]) == [
        "MPI-D012 column 'p', a part of the design, holds numbers with decimals, which are no codes"
    ]
    assert faults(r=[1.5, 2.0, None]) == [
        "MPI-D012 column 'r', a group, holds numbers with decimals, which are no codes"
    ]


def test_nulls_and_negative_weights_are_refused() -> None:
    assert faults(w=[None, 1.0, float("nan")]) == ["MPI-D020 column 'w', the weight, is null in 2 rows"]
    assert faults(w=[-1.0, 1.0, 0.0]) == ["MPI-D020 column 'w', the weight, is negative in 1 row"]
    assert faults(s=["x", None, "y"]) == ["MPI-D020 column 's', a part of the design, is null in 1 row"]
    assert faults(n=[1, None, 2]) == ["MPI-D020 column 'n', the number of members, is null in 1 row"]


def test_weights_that_are_all_0_are_refused() -> None:
    assert faults(w=[0, 0, 0]) == ["MPI-D021 column 'w', the weight, is 0 in every row"]


def test_sizes_that_are_not_whole_are_refused() -> None:
    assert faults(n=[0, 1.5, 2]) == [
        "MPI-D022 column 'n', the number of members, is not a whole number of at least 1 in 2 rows"
    ]


def test_flags_that_are_not_0_1_or_null_are_refused() -> None:
    assert faults(a=[1, 9, 2], b=[0.5, None, 1.0]) == [
        "MPI-D023 column 'a' holds something other than 0, 1 and null in 2 rows",
        "MPI-D023 column 'b' holds something other than 0, 1 and null in 1 row",
    ]


def test_a_weight_of_0_keeps_its_psu_and_no_more() -> None:
    own = profile()
    assert own.sample.psus.tolist() == [2, 2]
    assert own.cells.persons.sum() == 9
    assert own.cells.households.sum() == 3


# Builds


def units(own: DeprivationProfile, **changed: Any) -> Units:
    n = 2
    made = Units(
        domains=(),
        stratum=None,
        psu=None,
        pattern=np.array([1, 1], np.uint64),
        unknown=np.zeros(n, np.uint64),
        persons=np.ones(n, np.int64),
        households=np.ones(n, np.int64),
        person_weight=np.ones(n),
        household_weight=np.ones(n),
    )
    return replace(made, **changed)


def test_a_census_has_neither_strata_nor_psus() -> None:
    text = Text(np.array([0, 1]), ("a", "b"))
    own = build(
        units(profile(), stratum=text, psu=text), TWO, "f", survey="s", period="", declared=Declared(census=True)
    )
    assert own.sample.strata == ("",)
    assert own.sample.psus.tolist() == [0]
    assert not own.sample.clustered
    assert len(own.cells) == 1
    both = own + own
    assert both.sample.psus.tolist() == [0]
    assert both.cells.persons.tolist() == [4]


def test_a_household_split_by_its_persons_is_one_psu() -> None:
    """Persons with domains of their own: the household's weight and count lie on its first row."""
    sex = Text(np.array([0, 1, 0, 1]), ("m", "w"))
    psu = Text(np.array([0, 0, 1, 1]), ("1", "2"))
    pattern = np.array([1, 1, 0, 0], np.uint64)
    made = Units(
        domains=(("sex", "person", sex),),
        stratum=None,
        psu=psu,
        pattern=pattern,
        unknown=pattern * 0,
        persons=np.ones(4, np.int64),
        households=np.array([1, 0, 1, 0]),
        person_weight=np.full(4, 10.0),
        household_weight=np.array([10.0, 0, 10, 0]),
    )
    found = estimate(build(made, TWO, "f", survey="s", period=""), TWO, by="sex")
    assert found.row("H", sex="w")["psus"] == 2
    assert found.row("H", sex="w")["df"] == 1
    # z = 10 (1 - 1/2) / 20 and its opposite: 2 * 2 * (1/4)^2
    assert found.row("H", sex="w")["se"] ** 2 == pytest.approx(1 / 4, rel=RTOL_SUM)


# The whole against the twin


FLAGS = {
    "d_nutr": "nutrition", "d_cm": "child_mortality", "d_satt": "attendance", "d_educ": "years_schooling",
    "d_elct": "electricity", "d_sani": "sanitation", "d_wtr": "drinking_water", "d_hsg": "housing",
    "d_ckfl": "cooking_fuel", "d_asst": "assets",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MPI_REAL_DATA"), reason="set MPI_REAL_DATA to the folder of the microdata")
def test_the_synthetic_global_mpi_is_that_of_the_twin() -> None:
    table = pq.read_table(Path(os.environ["MPI_REAL_DATA"]) / "global" / "syn_cdta.parquet")
    table = table.rename_columns([FLAGS.get(name, name) for name in table.column_names])
    measure = load_measure("global_mpi")
    own = DeprivationProfile.from_flags(
        table, measure, weight="weight", stratum="stratum", psu="psu", by=["area", "region"]
    )
    found = estimate(own, measure, by=["area", "region", "area:region"])
    weight: dict[tuple[Any, ...], Fraction] = {}
    places = [table.column_names.index(name) for name in measure.names]
    columns = [table.column(place).to_pylist() for place in places]
    areas = table.column("area").to_pylist()
    for i, w in enumerate(table.column("weight").to_pylist()):
        key = (areas[i], *(None if column[i] is None else bool(column[i]) for column in columns))
        weight[key] = weight.get(key, Fraction(0)) + Fraction(w)
    for area in {None, *areas}:
        rows = [naive.Household(key[1:], total, groups={"area": str(int(key[0]))}) for key, total in weight.items()]
        where = {} if area is None else {"area": str(int(area))}
        twin = naive.figures(measure, measure.cutoffs[:1], rows, where, "persons", clustered=False, errors=False)
        for key, exact in at_least_one(twin.items()):
            row = found.row(key[1], k=key[0], dimension=key[2], indicator=key[3], **where)
            assert exact.estimate is not None
            assert row["estimate"] == pytest.approx(float(exact.estimate), rel=RTOL_SUM), (area, key)
    assert found.value("M0", k="1/3") == pytest.approx(float(twin_M0(measure, weight)), rel=RTOL_SUM)


def twin_M0(measure: Measure, weight: dict[tuple[Any, ...], Fraction]) -> Fraction:
    """M0 from its definition alone: the mean of the censored scores of those whose score is known."""
    total, censored = Fraction(0), Fraction(0)
    for (_, *flags), w in weight.items():
        c = naive.score(measure, tuple(flags))
        if c is not None:
            total += w
            censored += w * c * (c >= Fraction(1, 3))
    return censored / total
