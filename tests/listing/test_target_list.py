"""Lists for targeting: ranks, quotas and classes against plain loops over the rows of `mpi.score`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mpi
from mpi.listing.making import TargetList, target_list
from mpi.runs.manifest import sealed
from tests.support import village
from tests.support.loops import at_least_one

Row = Mapping[str, Any]


@cache
def data() -> dict[str, Any]:
    return dict(village.tables(households=300, seed=11))


def made(*changes: tuple[str, str], **options: Any) -> TargetList:
    return target_list(village.survey(), village.measure(*changes), data(), **options)


def in_order(rows: list[Row]) -> list[Row]:
    """Score descending, tie-break descending, key ascending; those without a score last."""

    def depth(row: Row) -> tuple[Any, ...]:
        tie = row["tie_break"]
        score = Fraction(-1) if row["score"] is None else Fraction(row["score"])
        return -score, -(tie if tie is not None else -(10**9)), row["house"]

    return sorted(rows, key=depth)


def test_the_rows_are_those_of_the_scores() -> None:
    found = made(area="area_code", quotas=3)
    scores = mpi.score(village.survey(), village.measure(), data())
    own = {row["house"]: row for row in found.table.select(scores.column_names).to_pylist()}
    assert own == {row["house"]: row for row in scores.to_pylist()}


def test_ranks_are_by_score_then_children_then_key() -> None:
    rows = made(area="area_code").table.to_pylist()
    assert rows == in_order(rows)
    assert [row["rank"] for row in rows if row["score"] is not None] == list(
        range(1, 1 + sum(row["score"] is not None for row in rows))
    )
    assert all(row["rank"] is None for row in rows if row["score"] is None)
    for area in ("01", "02"):
        within = [row["rank_in_area"] for row in rows if row["area_code"] == area and row["score"] is not None]
        assert within == list(range(1, len(within) + 1))


def test_the_tie_break_counts_children() -> None:
    persons = data()["persons"].to_pylist()
    ages: dict[Any, list[Any]] = {}
    for row in persons:
        ages.setdefault(row["house"], []).append(row["age"])
    for row in at_least_one(made().table.to_pylist()):
        known = [age for age in ages[row["house"]] if age not in (None, 99)]
        if len(known) == len(ages[row["house"]]):
            assert row["tie_break"] == sum(age < 18 for age in known)


@pytest.mark.parametrize("ties", ["key", "all_or_none"])
@pytest.mark.parametrize("quota", [0, 1, 2, 5, 9, 17, 10_000])
def test_quotas_are_filled_by_the_poor_alone(ties: Any, quota: int) -> None:
    found = made(area="area_code", quotas=quota, ties=ties)
    rows = found.table.to_pylist()
    areas = {row["area"]: row for row in found.areas.to_pylist()}
    for area in ("01", "02"):
        poor = [row for row in in_order(rows) if row["area_code"] == area and row["poor"]]
        wanted = poor[:quota]
        if ties == "all_or_none" and 0 < quota < len(poor):
            after = (poor[quota]["score"], poor[quota]["tie_break"])
            if (wanted[-1]["score"], wanted[-1]["tie_break"]) == after:
                wanted = [row for row in wanted if (row["score"], row["tie_break"]) != after]
        assert {row["house"] for row in rows if row["area_code"] == area and row["selected"]} == {
            row["house"] for row in wanted
        }
        own = areas[area]
        assert own["selected"] + own["unfilled"] == own["quota"] == quota
        assert own["selected"] == len(wanted)
        assert own["left_at_tie"] == min(quota, len(poor)) - len(wanted)
        assert own["units"] == sum(row["area_code"] == area for row in rows)
        assert own["poor"] == len(poor)
        assert own["not_known"] == sum(row["area_code"] == area and row["poor"] is None for row in rows)


def test_some_ties_are_cut() -> None:
    """Else the test above would be of nothing."""
    left = [
        made(area="area_code", quotas=quota, ties="all_or_none").areas["left_at_tie"].to_pylist() for quota in (3, 5, 9)
    ]
    assert any(number for own in left for number in own)


def test_quotas_by_area_and_areas_without_one() -> None:
    with pytest.warns(mpi.MpiWarning, match="MPI-N255"):
        found = made(area="area_code", quotas={"01": 2, "moon": 4})
    areas = {row["area"]: row for row in found.areas.to_pylist()}
    assert (areas["01"]["selected"], areas["02"]["quota"], areas["02"]["selected"]) == (2, None, None)
    assert (areas["moon"]["units"], areas["moon"]["selected"], areas["moon"]["unfilled"]) == (0, 0, 4)
    told = " ".join(notice.text for notice in found.notices)
    assert "moon" in told
    assert "02" in told


def test_rows_that_are_kept() -> None:
    whole = made(area="area_code", quotas=4).table.to_pylist()
    for rows, keep in (("poor", lambda row: row["poor"]), ("selected", lambda row: row["selected"])):
        assert made(area="area_code", quotas=4, rows=rows).table.to_pylist() == [row for row in whole if keep(row)]


def test_classes_of_the_anonymity_check() -> None:
    with pytest.warns(mpi.MpiWarning, match="MPI-N256"):
        found = made(quasi=("area_code", "persons", "schooling"), anonymity=7)
    rows = found.table.to_pylist()
    sizes = Counter((row["area_code"], row["persons"], row["schooling"]) for row in rows)
    assert [row["class_size"] for row in rows] == [
        sizes[row["area_code"], row["persons"], row["schooling"]] for row in rows
    ]
    own = found.anonymity
    assert own is not None
    assert (own.rows, own.classes) == (len(rows), len(sizes))
    assert own.small_classes == sum(size < 7 for size in sizes.values())
    assert own.small_rows == sum(size for size in sizes.values() if size < 7)
    assert own.unique_rows == sum(size == 1 for size in sizes.values())
    assert not own.holds


def test_what_lifts_and_what_sinks_is_borne_out_by_the_scores() -> None:
    """Each set taken out of a poor row's flags leaves it below the cutoff, and none of its parts does."""
    measure = village.measure()
    weights = dict(zip(measure.names, measure.weights, strict=True))
    seen = 0
    for row in made().table.to_pylist():
        held = {name for name in measure.names if row[name]}
        if row["poor"]:
            sets = [frozenset(one.split(" + ")) for one in row["minimal_sets"].split("; ")]
            assert len(set(sets)) == row["minimal_sets_number"]
            assert min(map(len, sets)) == row["fewest"]
            for gone in sets:
                assert gone <= held
                left = sum(weights[name] for name in held - gone)
                assert left < Fraction(1, 3)
                assert all(left + weights[name] >= Fraction(1, 3) for name in gone)
                seen += 1
            alone = {name for name in held if sum(weights[other] for other in held - {name}) < Fraction(1, 3)}
            assert set(filter(None, row["lifts_alone"].split("; "))) == alone
        elif row["poor"] is False:
            assert (row["minimal_sets"], row["minimal_sets_number"], row["fewest"]) == ("", 0, None)
            more = {name for name in measure.names if name not in held}
            sinks = {name for name in more if sum(weights[one] for one in held | {name}) >= Fraction(1, 3)}
            assert set(filter(None, row["sinks_alone"].split("; "))) == sinks
        else:
            assert row["minimal_sets"] is None
            assert (row["minimal_sets_number"], row["distance"], row["rank"]) == (None, None, None)
        if row["score"] is not None:
            assert Fraction(row["distance"]) == Fraction(row["score"]) - Fraction(1, 3)
    assert seen > 20


def test_too_many_sets_are_counted() -> None:
    rows = made(most_sets=1).table.to_pylist()
    many = [row for row in rows if (row["minimal_sets_number"] or 0) > 1]
    assert many
    assert all(row["minimal_sets"] is None and row["fewest"] for row in many)


def test_a_list_of_persons() -> None:
    found = made(("identification: household", "identification: person"), ("MEAN(years) < 6.5", "years < 6.5"),
                 ("ANY(NOT attends)", "NOT attends"), area="area_code", quotas=5)  # fmt: skip
    rows = found.table.to_pylist()
    assert {"house", "person"} <= rows[0].keys()
    assert {row["tie_break"] for row in rows} <= {0, 1, None}
    assert sum(row["selected"] for row in rows) == 10


def test_words_are_in_the_language_that_is_asked_for() -> None:
    told = made(language="es").table["words"].to_pylist()
    assert any(text.startswith("Pobre: puntaje ") for text in told)
    assert not any("Poor" in text or "Deprived" in text for text in told)


def test_a_tie_break_of_ones_own_and_none() -> None:
    rows = made(tie_break="rooms").table.to_pylist()
    houses = {row["house"]: row["rooms"] for row in data()["households"].to_pylist()}
    assert [row["tie_break"] for row in at_least_one(rows)] == [houses[row["house"]] for row in rows]
    assert "tie_break" not in made(tie_break="").table.column_names


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"area": "regoin"}, "no domain 'regoin'"),
        ({"area": "sex", "quotas": 3}, "no column sex"),
        ({"quotas": {"01": 1}}, "no area is named"),
        ({"area": "area_code", "quotas": {"01": -1, "02": 1.5}}, "quota of 02"),
        ({"area": "area_code", "quotas": True}, "no whole number"),
        ({"quasi": ("persnos",)}, "no column 'persnos'"),
        ({"ties": "coin"}, "ties: 'coin'"),
        ({"rows": "rich"}, "rows: 'rich'"),
        ({"language": "xx"}, "language: 'xx'"),
        ({"quasi": ("area_code",), "anonymity": 0}, "below 1"),
        ({"tie_break": "age"}, "differs between the members"),
        ({"tie_break": "COUNT_IF("}, "MPI-R"),
        ({"tie_break": "COUNT_IF(salary > 3)"}, "salary"),
        ({"tie_break": "wall"}, "not a number"),
        ({"k": "5/0"}, "MPI-E"),
    ],
)
def test_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(mpi.MpiError) as stop:
        made(**options)
    assert said in str(stop.value)


def test_a_column_that_the_survey_has_already() -> None:
    with pytest.raises(mpi.ConfigError, match="rank"):
        target_list(village.survey(("region: region", "rank: region")), village.measure(), data())


def test_the_folder_is_its_makers_alone(tmp_path: Path) -> None:
    found = made(area="area_code", quotas=4)
    folder = tmp_path / "list"
    told = mpi.write_list(found, folder, formats=("parquet", "csv"))
    assert set(told) == {"list.parquet", "list.csv", "areas.csv", "ACCESS.txt"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert pq.read_table(folder / "list.parquet").to_pylist() == found.table.to_pylist()
    access = (folder / "ACCESS.txt").read_text()
    assert "PERSONAL DATA" in access
    assert "DATOS PERSONALES" in access
    with pytest.raises(mpi.UsageError, match="MPI-O002"):
        mpi.write_list(found, folder)
    mpi.write_list(found, folder, overwrite=True)


@pytest.mark.parametrize("name", ["public_html", "www/lists", "WWW"])
def test_never_in_a_folder_for_the_web(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.parent.mkdir(exist_ok=True)
    with pytest.raises(mpi.UsageError, match="MPI-O250"):
        mpi.write_list(made(), folder)
    assert not folder.exists()


def test_never_in_a_publication(tmp_path: Path) -> None:
    (tmp_path / "out" / "inner").mkdir(parents=True)
    (tmp_path / "out" / "manifest.json").write_text("{}")
    with pytest.raises(mpi.UsageError, match="MPI-O250"):
        mpi.write_list(made(), tmp_path / "out" / "inner" / "list")
    assert not (tmp_path / "out" / "inner" / "list").exists()


def test_a_publication_is_never_replaced_by_a_list(tmp_path: Path) -> None:
    out = tmp_path / "out"
    mpi.write_list(made(), out)
    said = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    del said["options"]["personal_data"]
    (out / "manifest.json").write_text(json.dumps(sealed(said)), encoding="utf-8")
    before = sorted(path.name for path in out.iterdir())
    with pytest.raises(mpi.UsageError, match="MPI-O250"):
        mpi.write_list(made(), out, overwrite=True)
    assert sorted(path.name for path in out.iterdir()) == before


def test_a_notebook_shows_counts_alone() -> None:
    found = made(area="area_code", quotas=4)
    shown = found._repr_html_() + repr(found)
    for house in at_least_one(data()["households"]["house"].to_pylist()):
        assert f">{house}<" not in shown
    assert "01" in shown
