"""Crosswalks of domains: figures are those of data in which somebody had changed the codes before."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi import distributed
from mpi.distributed import errand
from mpi.errors import ConfigError, DataError, MpiError
from mpi.pipeline.passing import deprivation_profile
from mpi.specs.survey import Survey
from tests.support import village

BEFORE, AFTER = ["01", "02", "03"], ["01", "01", "07"]
LISTED = pa.table({"old": BEFORE, "new": AFTER})


def survey(text: str = "from: old, to: new", *more: tuple[str, str], column: str = "column: region") -> Survey:
    change = ("  region: region\n", f"  region: {{{column}, crosswalk: {{path: areas.csv, {text}}}}}\n")
    return village.survey(change, *more)


def tables(crosswalk: pa.Table = LISTED) -> village.Tables:
    return {**village.tables(), "crosswalk_region": crosswalk}


def changed(becomes: dict[str, str] | None = None) -> village.Tables:
    """The village in whose file the codes were changed."""
    data = village.tables()
    becomes = becomes or dict(zip(BEFORE, AFTER, strict=True))
    codes = [becomes.get(code, code) for code in data["households"]["region"].to_pylist()]
    return village.replaced(data, "households", "region", codes)


def made(of: Survey, data: village.Tables) -> mpi.DeprivationProfile:
    return village.profile(data, of=of)


def refused(of: Survey, data: village.Tables) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as error:
        made(of, data)
    assert all(fault.remedy for fault in error.value.faults)
    return [(fault.code, fault.text) for fault in error.value.faults]


def test_codes_that_are_changed_and_merged_are_those_of_the_file_changed_before() -> None:
    found = made(survey(), tables())
    village.assert_same(found, village.profile(changed()))
    assert next(domain for domain in found.domains if domain.name == "region").labels == ("01", "07")


def test_codes_that_are_exchanged_are_changed_once() -> None:
    ring = pa.table({"old": BEFORE, "new": ["02", "03", "01"]})
    expected = village.profile(changed({"01": "02", "02": "03", "03": "01"}))
    village.assert_same(made(survey(), tables(ring)), expected)


@pytest.mark.parametrize("sort", ["texts without zeros", "numbers", "doubles"])
def test_the_width_of_the_domain_is_that_of_the_file(sort: str) -> None:
    old, new = [int(code) for code in BEFORE], [int(code) for code in AFTER]
    columns = {
        "texts without zeros": {"old": [str(code) for code in old], "new": [f" {code} " for code in new]},
        "numbers": {"old": old, "new": new},
        "doubles": {"old": [float(code) for code in old], "new": [float(code) for code in new]},
    }
    found = made(survey(column="column: region, width: 2"), tables(pa.table(columns[sort])))
    village.assert_same(found, village.profile(changed()))


def test_codes_of_several_columns_lead_to_one() -> None:
    parts = pa.table({"one": [0, 0, 0], "two": [1, 2, 3], "new": AFTER})
    text = "from: {columns: [{column: one, width: 1}, {column: two, width: 1}]}, to: {column: new, width: 2}"
    village.assert_same(made(survey(text), tables(parts)), village.profile(changed()))


def test_codes_that_are_not_listed_stay_only_where_that_is_said() -> None:
    only = LISTED.slice(1)
    village.assert_same(made(survey("from: old, to: new, others: keep"), tables(only)), village.profile(changed()))
    [(code, text)] = refused(survey(), tables(only))
    number = village.tables()["households"]["region"].to_pylist().count("01")
    assert code == "MPI-D142" and text.startswith(f"region: {number} rows with codes that the crosswalk does not list")
    assert refused(survey("from: old, to: new, others: refuse"), tables(only)) == [(code, text)]


def test_it_is_told() -> None:
    found = made(survey("from: old, to: new, vintage: {en: Areas of 2026, es: 2026}"), tables())
    told = [notice.text for notice in found.notices if notice.code == "MPI-N145"]
    assert told == ["region: the crosswalk changes 2 codes of 3, to Areas of 2026; areas put together: 01"]
    [more] = [
        notice
        for notice in made(survey("from: old, to: new, others: keep"), tables(LISTED.slice(2))).notices
        if notice.code == "MPI-N145"
    ]
    assert more.text == "region: the crosswalk changes 1 code of 1; codes that it does not list stay"


def test_one_that_no_code_of_the_data_is_in_is_told() -> None:
    other = pa.table({"old": ["001"], "new": ["007"]})
    found = made(survey("from: old, to: new, others: keep"), tables(other))
    told = [notice.text for notice in found.notices if notice.code == "MPI-N146"]
    assert told == ["no code of the domain region is in its crosswalk: are the columns and the width right?"]
    assert not [notice for notice in made(survey(), tables()).notices if notice.code == "MPI-N146"]


def test_what_it_says_is_part_of_the_rules_and_not_where_it_lies(tmp_path: Path) -> None:
    one, same = made(survey(), tables()), made(survey(), tables(LISTED.take([2, 0, 1])))
    other = made(survey(), tables(pa.table({"old": BEFORE, "new": BEFORE})))
    without = village.profile(village.tables())
    assert one.fingerprint == same.fingerprint
    assert len({one.fingerprint, other.fingerprint, without.fingerprint}) == 3


def test_a_round_of_older_codes_is_compared_with_one_of_the_new() -> None:
    old = made(survey("from: old, to: new", ("period: 2026", "period: 2024")), tables())
    new = village.profile(changed())
    found = mpi.change([old, new], village.measure(), by="region", rounds="independent")
    direct = mpi.change(
        [village.profile(changed(), of=village.survey(("period: 2026", "period: 2024"))), new],
        village.measure(),
        by="region",
        rounds="independent",
    )
    assert found.table.num_rows == direct.table.num_rows > 0
    assert found.table["change"].to_pylist() == direct.table["change"].to_pylist()


@pytest.mark.parametrize("name", ["areas.csv", "areas.parquet"])
def test_it_is_read_from_the_data_folder_by_any_number_of_threads(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.small_spans(monkeypatch)
    folder = village.write(tmp_path, village.tables(), rows=17)
    village.write(folder, {"areas": LISTED})
    (folder / "areas.csv").write_text("old;new\n01;01\n02;01\n03;07\n", encoding="utf-8")
    of = survey()
    if name.endswith("parquet"):
        (folder / "areas.csv").unlink()
        change = (
            "  region: region\n",
            f"  region: {{column: region, crosswalk: {{path: {name}, from: old, to: new}}}}\n",
        )
        of = village.survey(change)
    expected = village.profile(changed())
    for threads in (1, 3):
        village.assert_same(deprivation_profile(of, village.measure(), folder, threads=threads), expected)
    assert folder / name in mpi.source.files_of(of, folder)  # type: ignore[attr-defined]


def test_a_cluster_reads_it_beside_weights_of_persons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.small_spans(monkeypatch)
    monkeypatch.setattr(distributed, "SMALL", 0)
    monkeypatch.setattr(distributed, "SPAN", 25)
    data = village.tables()
    own = np.random.default_rng(5).integers(1, 300, data["persons"].num_rows) / 16
    data["persons"] = data["persons"].append_column("own", pa.array(own))
    folder = village.write(tmp_path, {**data, "areas": LISTED}, rows=17)
    change = (
        "  region: region\n",
        "  region: {column: region, crosswalk: {path: areas.parquet, from: old, to: new}}\n",
    )
    of = village.survey(change, ("weight: weight,", "weight: {persons: own, households: weight},"))

    def results(cluster: object, job: Any, numbers: range, patience: float, progress: object) -> Any:
        return nullcontext(("here", "read", errand.read_span(job, number)) for number in numbers)

    monkeypatch.setattr(distributed, "_results", results)
    found = distributed.deprivation_profile(of, village.measure(), folder, cluster=1)
    village.assert_same(found, mpi.deprivation_profile(of, village.measure(), folder))
    assert {notice.code for notice in found.notices} >= {"MPI-N144", "MPI-N145"}


def test_it_may_be_given_as_a_frame_and_only_by_its_name() -> None:
    made(survey(), tables())
    with pytest.raises(MpiError) as error:
        made(survey(), village.tables())
    assert "not given: crosswalk_region" in str(error.value)


@pytest.mark.parametrize(
    ("crosswalk", "text", "code", "said"),
    [
        (
            pa.table({"old": ["01", "02", "03", "03"], "new": ["01", "01", "07", "08"]}),
            "from: old, to: new",
            "MPI-D142",
            "1 code of the crosswalk would become several, so units cannot be assigned: 03 (07 / 08)",
        ),
        (
            pa.table({"old": ["01", "02", None], "new": ["01", " ", "07"]}),
            "from: old, to: new",
            "MPI-D142",
            "2 rows of the crosswalk lack a code",
        ),
        (LISTED, "from: odl, to: new", "MPI-D010", "the crosswalk has no column 'odl'"),
        (
            LISTED,
            "from: {column: old, width: 1}, to: new",
            "MPI-D140",
            "3 codes of the crosswalk's column 'old' longer than 1: 01, 02, 03",
        ),
        (
            pa.table({"old": [1.5, 2.0], "new": ["01", "02"]}),
            "from: {column: old, width: 2}, to: new",
            "MPI-D012",
            "the crosswalk's column 'old' holds numbers with decimals, not codes",
        ),
    ],
)
def test_a_file_that_does_not_say_what_each_code_becomes_is_refused(
    crosswalk: pa.Table, text: str, code: str, said: str
) -> None:
    assert refused(survey(text), tables(crosswalk)) == [(code, said)]


def test_rows_that_are_there_twice_say_the_same() -> None:
    found = made(survey(), tables(pa.concat_tables([LISTED, LISTED])))
    village.assert_same(found, made(survey(), tables()))


def test_a_file_that_is_missing_empty_or_damaged_is_refused_with_those_of_the_tables(tmp_path: Path) -> None:
    folder = village.write(tmp_path, village.tables())
    (folder / "households.parquet").write_bytes(b"PAR1 nothing")
    for content in (None, b"", b"PK\x03\x04 an archive"):
        if content is not None:
            (folder / "areas.csv").write_bytes(content)
        with pytest.raises(DataError) as error:
            deprivation_profile(survey(), village.measure(), folder)
        files = {fault.place.file for fault in error.value.faults if fault.place is not None}
        assert len(error.value.faults) == 2 and any("areas.csv" in str(file) for file in files)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ("crosswalk: {path: a.csv, from: x}", "MPI-C009", "the key 'to' is missing"),
        ("crosswalk: {path: a.csv, from: x, to: y, other: z}", "MPI-C003", "'other'"),
        ("crosswalk: {path: a.csv, from: x, to: y, others: drop}", "MPI-C006", "others"),
        ("crosswalk: {path: ../a.csv, from: x, to: y}", "MPI-S003", "outside the data folder"),
        ("codes: {1: a}, crosswalk: {path: a.csv, from: x, to: y}", "MPI-S006", "both change"),
        ("crosswalk: {path: a.csv, from: {width: 2}, to: y}", "MPI-C005", "`column` or `columns`"),
        (
            "crosswalk: {path: a.csv, from: {columns: [{column: a, width: 2}], width: 2}, to: y}",
            "MPI-C005",
            "each of `columns` has its own width",
        ),
        ("crosswalk: a.csv", "MPI-C005", "a mapping"),
    ],
)
def test_a_crosswalk_that_is_not_written_as_one_is_refused(change: str, code: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        village.survey(("region: region", f"region: {{column: region, {change}}}"))
    assert [fault.code for fault in error.value.faults if said in fault.text] == [code], str(error.value)


def test_only_a_domain_has_one() -> None:
    with pytest.raises(ConfigError) as error:
        village.survey(("rooms: rooms", "rooms: {column: rooms, crosswalk: {path: a.csv, from: x, to: y}}"))
    assert [(fault.code, fault.text) for fault in error.value.faults] == [
        ("MPI-S006", "rooms: only a domain has a crosswalk")
    ]


def test_households_whose_code_is_unknown_stay_unknown() -> None:
    data = village.tables()
    codes = data["households"]["region"].to_pylist()
    holes = np.random.default_rng(2).random(len(codes)) < 0.2
    some = village.replaced(data, "households", "region", pa.array(codes, mask=holes))
    becomes = dict(zip(BEFORE, AFTER, strict=True))
    other = village.replaced(data, "households", "region", pa.array([becomes[code] for code in codes], mask=holes))
    village.assert_same(made(survey(), {**some, "crosswalk_region": LISTED}), village.profile(other))
