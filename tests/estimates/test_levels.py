"""Levels that a domain is declared to have and that no unit is in: a row with n = 0 and nulls, all else stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from mpi.checking.proofreading import survey_lines
from mpi.claims import Member
from mpi.claims.ranking import sorted_members
from mpi.config import load_disclosure
from mpi.disclosure import protect
from mpi.disclosure.figures import read
from mpi.errors import DataError, UsageError
from mpi.pipeline.estimating import change, estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.profile import DeprivationProfile, replication
from mpi.publication.computing import polygons_wanted
from tests.support import village
from tests.support.strategies import equal_measure

PLAIN = ("domains:\n", "domains:\n  place: {column: area, codes: {1: urban, 2: rural}}\n")
MORE = ("domains:\n", "domains:\n  place: {column: area, codes: {1: urban, 3: islands, 2: rural, 4: islands}}\n")
LEVELS = ["islands", "rural", "urban"]
NULL = ("estimate", "se", "ci_low", "ci_high", "cv", "deff", "reliability", "reliability_rule")
TWO = equal_measure(2)


def survey(*more: tuple[str, str]) -> Any:
    return village.survey(MORE, *more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return village.write(tmp_path_factory.mktemp("levels"), village.tables(), rows=20)


@pytest.fixture(scope="module")
def profile(folder: Path) -> DeprivationProfile:
    return village.profile(folder, of=survey())


def rows_of(table: pa.Table, **equal: Any) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in equal.items())]


def check_nobody(table: pa.Table, domain: str, level: str) -> None:
    """The rows of a level that nobody is in."""
    found = rows_of(table, **{domain: level})
    assert {row["statistic"] for row in found} >= {"H", "M0", "A"}
    for row in found:
        assert row["n"] == 0
        assert row["note"] == "no unit"
        assert row["population"] == 0
        # How many live there, or are poor, is as unknown as the share: nobody was asked.
        assert all(row[name] is None for name in NULL), row


def test_a_level_without_a_unit_has_a_row_and_moves_no_other(folder: Path, profile: DeprivationProfile) -> None:
    plain = estimate(village.profile(folder, of=village.survey(PLAIN)), village.measure(), by=["place", "sex"]).table
    found = estimate(profile, village.measure(), by=["place", "sex"]).table
    check_nobody(found, "place", "islands")
    there = [i for i, level in enumerate(found["place"].to_pylist()) if level != "islands"]
    assert found.take(there).to_pylist() == plain.to_pylist()


def test_crossings_stay_those_that_occur(profile: DeprivationProfile) -> None:
    found = estimate(profile, village.measure(), by=["place:sex"]).table
    assert set(found["place"].to_pylist()) == {None, "urban", "rural"}


def test_the_profile_keeps_the_levels(folder: Path, profile: DeprivationProfile, tmp_path: Path) -> None:
    profile.write(tmp_path / "p.parquet")
    read = DeprivationProfile.read(tmp_path / "p.parquet")
    for one in (read, read + profile, profile.filter(sex="man"), profile.keep_domains(["place"])):
        assert list(one.domains[one.domain("place")].labels) == LEVELS
        check_nobody(estimate(one, village.measure(), by="place").table, "place", "islands")
    with pytest.raises(UsageError, match=r"no code 'island'"):
        profile.filter(place="island")


def test_threads_blocks_and_clusters_give_the_same(folder: Path, profile: DeprivationProfile) -> None:
    of, measure = survey(), village.measure()
    village.assert_same(profile, deprivation_profile(of, measure, folder, threads=3))
    village.assert_same(profile, deprivation_profile(of, measure, village.tables()))


def test_a_level_that_only_rows_outside_have(folder: Path) -> None:
    where = ("path: households.parquet, key: [house]}", 'path: households.parquet, key: [house], where: "area = 1"}')
    found = village.profile(folder, of=survey(where))
    table = estimate(found, village.measure(), by="place").table
    for level in ("rural", "islands"):
        check_nobody(table, "place", level)


def test_a_code_that_means_missing_is_no_level(folder: Path) -> None:
    codes = ("missing_codes: {age: [99]}", "missing_codes: {age: [99], area: [2, 4]}")
    found = village.profile(
        folder,
        of=village.survey(
            codes,
            ("domains:\n", "domains:\n  place: {column: area, codes: {1: urban, 2: rural, 3: islands, 4: none}}\n"),
        ),
    )
    assert found.domains[found.domain("place")].labels == ("islands", "urban", "(missing)")


FRAME: dict[str, list[Any]] = {
    "a": [1, 0, 1, 0, 1, 1], "b": [0, 0, 1, 1, 0, 1], "w": [1.5, 2.0, 0.5, 3.0, 1.0, 2.0],
    "s": ["x", "x", "x", "y", "y", "y"], "town": [1, 1, 2, 2, 1, None], "r1": [1.0, 2, 0, 3, 1, 2],
    "r2": [2.0, 0, 1, 3, 1, 1], "p": [1, 2, 3, 4, 5, 6], "c": [1.0, 1, 1, 1, 1, 1], "d": [1.0, 2, 1, 3, 1, 2],
}  # fmt: skip


@pytest.mark.parametrize("design", [
    {"stratum": "s"}, {"census": True}, {"calibration": "c", "design_weight": "d"},
    {"replicates": ["r1", "r2"], "replication": replication("BRR", 2), "replicates_are": "combined"},
], ids=["strata", "census", "calibrated", "replicates"])  # fmt: skip
def test_flags_declare_levels(design: dict[str, Any]) -> None:
    found = DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": ["1", "2", "10"]}, **design)
    assert found.domains[0].labels == ("1", "2", "10", "(missing)")
    plain = DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by="town", **design)
    table = estimate(found, TWO, by="town").table
    check_nobody(table, "town", "10")
    there = [i for i, level in enumerate(table["town"].to_pylist()) if level != "10"]
    assert table.take(there).to_pylist() == estimate(plain, TWO, by="town").table.to_pylist()
    same = DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": []}, **design)
    assert same.domains == plain.domains


def test_replicates_made_here_leave_the_level_out() -> None:
    found = DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": ["1", "2", "3"]}, psu="p")
    for variance in ("jackknife", "bootstrap"):
        table = estimate(found, TWO, by="town", variance=variance, replicates=20).table  # type: ignore[arg-type]
        check_nobody(table, "town", "3")


def test_no_difference_is_tested_against_nobody() -> None:
    found = DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": ["1", "2", "3"]}, stratum="s")
    figures = estimate(found, TWO, by="town")
    table = figures.only("H").covariance().differences()
    with_nobody = [row for row in table.to_pylist() if "3" in row.values()]
    assert len(with_nobody) == 3  # towns 1 and 2, and those without one
    assert {(row["p"], row["note"]) for row in with_nobody} == {(None, "an estimate is undefined")}


HOUSES = {"a": [1] * 9 + [0] * 41, "b": [0] * 40 + [1] * 10, "town": ["A"] * 20 + ["B"] * 20 + ["C"] * 7 + ["D"] * 3}


@pytest.mark.parametrize("complementary", [False, True])
def test_nobody_is_neither_hidden_nor_hides(complementary: bool) -> None:
    rules = replace(load_disclosure("none"), persons=4, numerator=3, complementary=complementary)
    parts = []
    for by in ("town", {"town": ["A", "AA", "B", "C", "D", "Z"]}):
        made = DeprivationProfile.from_flags(pa.table(HOUSES), TWO, weight=None, by=by)
        (found,) = protect([estimate(made, TWO, by="town")], rules)
        parts.append([row for row in found.rows() if row["town"] not in ("AA", "Z")])
        nobody = [row for row in found.rows() if row["town"] in ("AA", "Z")]
        assert {(row["standing"], row["hidden_by"], row["n"], row["note"]) for row in nobody} <= {
            ("undefined", None, 0, "no unit")
        }
        assert {row["hidden_by"] for row in found.rows()} >= {"small_base", None}
    assert len(nobody) > 10
    assert parts[0] == parts[1]


def test_rounds_of_which_one_has_nobody_there() -> None:
    rounds = []
    for year, towns in ((2024, ["A"] * 50), (2025, ["A"] * 25 + ["B"] * 25)):
        frame = pa.table({**HOUSES, "town": towns})
        made = DeprivationProfile.from_flags(
            frame,
            TWO,
            weight=None,
            by={"town": ["A", "B", "C"]},
            survey="s",
            period=str(year),
            rounds="independent",
            time=float(year),
        )
        rounds.append(made)
    found = [row for row in change(rounds, TWO, by="town").only("H").rows() if row["change"] == "absolute"]
    assert {row["town"] for row in found} == {None, "A", "B", "C"}
    for row in found:
        known = row["estimate"] is not None
        assert known == (row["town"] not in ("B", "C")), row
        assert known or row["p"] is None


def test_a_map_wants_no_polygon_for_a_level_that_nobody_has() -> None:
    levels = ["A", "B", "C", "D", "E", "F"]
    made = DeprivationProfile.from_flags(pa.table(HOUSES), TWO, weight=None, by={"town": levels})
    areas = SimpleNamespace(codes=("A", "B", "C", "E", "G"))
    assert polygons_wanted(made, "town", areas) == ["A", "B", "C", "D", "E"]  # type: ignore[arg-type]


def test_a_ranking_names_those_with_nobody_in_the_sample() -> None:
    made = DeprivationProfile.from_flags(pa.table(HOUSES), TWO, weight=None, by={"town": ["A", "B", "C", "D", "E"]})
    (found,) = protect([estimate(made, TWO, by="town")], load_disclosure("none"))
    told = read(found).groups("H", ("town",), period="", unit="persons", k="1/3")
    assert {codes for codes, one in told.items() if one.nobody} == {("E",)}
    members = [Member(code, code, one) for (code,), one in told.items()]
    assert [one.code for one in sorted_members(members, census=False).nobody] == ["E"]
    assert not sorted_members(members, census=False).without


def test_a_group_of_unknowns_alone_is_not_a_group_of_nobody() -> None:
    frame = pa.table({**HOUSES, "a": [1] * 9 + [0] * 38 + [None] * 3})
    made = DeprivationProfile.from_flags(frame, TWO, weight=None, by={"town": ["A", "B", "C", "D", "E"]})
    (found,) = protect([estimate(made, TWO, by="town")], load_disclosure("none"))
    told = read(found).groups("H", ("town",), period="", unit="persons", k="1/3")
    assert {codes: one.nobody for codes, one in told.items() if one.value is None} == {("D",): False, ("E",): True}


def test_flags_outside_the_levels_are_refused() -> None:
    with pytest.raises(DataError, match=r"MPI-D015 column 'town', a group, has codes outside its 2 levels in 2 rows"):
        DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": ["1", "3"]})
    with pytest.raises(UsageError, match=r"MPI-U195 by: '\(missing\)' among the levels of 'town'"):
        DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": ["1", "2", "(missing)"]})
    with pytest.raises(UsageError, match=r"MPI-U110"):
        DeprivationProfile.from_flags(pa.table(FRAME), TWO, weight="w", by={"town": "12"})


def test_check_counts_the_codes_without_a_row(folder: Path) -> None:
    lines = survey_lines(village.measure(), survey(), folder).lines
    assert "  domain place (household): 3 codes: islands, rural, urban; 1 declared code has no row: islands" in lines
