"""Disclosure control of derived figures, of changes in parts and of rankings in publications."""

from __future__ import annotations

from dataclasses import replace

import pytest

import mpi
from mpi.disclosure import protect, protect_analyses
from mpi.disclosure.publishable import Publishable
from mpi.errors import UsageError
from mpi.publication.analysing import analyses_of
from mpi.specs.analyses import AnalysisSpec, DerivedSpec
from mpi.specs.study import Study
from tests.disclosure.test_protecting import LIGHT, MEASURE, RULES, profile_of, town
from tests.support.loops import at_least_one

HOUSES = [*town("A", 8, 9), *town("B", 1, 15), *town("C", 6, 20), *town("D", 8, 8, LIGHT), *town("E", 9, 9)]


def test_an_analysis_by_what_no_table_is_by_is_refused() -> None:
    profile = profile_of(HOUSES)
    for rules in (RULES, replace(RULES, complementary=False)):
        with pytest.raises(UsageError, match=r"MPI-E030 an analysis is by town, and no table is\n  give tables by it"):
            protect_analyses(
                [mpi.estimate(profile, MEASURE)], [mpi.analyse(profile, MEASURE, "bands", by="town")], rules
            )


def study(measure: mpi.Measure) -> Study:
    """A study of the towns, from the demo's: with what it is asked here."""
    spec = {
        "by": (("town",),),
        "changes_by": (("town",),),
        "units": ("persons",),
        "cutoffs": tuple(measure.cutoffs[:1]),
        "derive": (
            DerivedSpec(name="gap", expression="H - H[town=C]", title={}),
            DerivedSpec(name="other", expression="H - H[town=A]", title={}),
            DerivedSpec(name="whole", expression="H / H[total]", title={}),
        ),
        "analyses": (
            AnalysisSpec(name="decomposition", by=(("town",),)),
            AnalysisSpec(name="weights", by=(("town",),)),
            AnalysisSpec(name="orders", by=(("town",),)),
            AnalysisSpec(name="dominance", by=(("town",),)),
            AnalysisSpec(name="robustness", by=(("town",),), k=(mpi.Cutoff(measure.cutoffs[0].k / 2),)),
        ),
    }
    return replace(
        mpi.load_study("colombia_demo"), measure=measure, disclosure=RULES, reliability=None, rounds="independent",
        maps=(), targets=(), **spec,
    )  # fmt: skip


def hidden_towns(table: Publishable) -> set[str | None]:
    """The towns of which a rule hides a figure."""
    return {row["town"] for row in table.rows() if row["hidden_by"] not in (None, "precision")}


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, Publishable], set[str | None], set[str | None]]:
    """The analyses, and the hidden towns of both rounds: B is hidden in the first, C in the second."""
    later = [*town("A", 8, 9), *town("B", 6, 15), *town("C", 1, 20), *town("D", 8, 8, LIGHT), *town("E", 9, 9)]
    rounds = [replace(profile_of(houses), period=year) for houses, year in ((HOUSES, "2024"), (later, "2026"))]
    asked = study(MEASURE)
    estimates = [mpi.estimate(one, MEASURE, by="town", k=asked.cutoffs) for one in rounds]
    parts = [protect([one], RULES)[0] for one in estimates]
    before, after = (hidden_towns(one) for one in parts)
    assert "B" in before - after
    assert "C" in after - before
    return analyses_of(asked, rounds, [estimates[1]], parts), before, after


Made = tuple[dict[str, Publishable], set[str | None], set[str | None]]


def test_a_change_in_parts_is_hidden_where_a_figure_of_either_round_is(made: Made) -> None:
    found, before, after = made
    for row in at_least_one(found["decomposition"].rows()):
        gone = row["town"] in before | after
        assert (row["standing"] == "hidden") == gone
        if gone:
            assert all(
                row[name] is None for name in ("estimate", "se", "ci_low", "t", "df", "p", "n", "n_poor", "note")
            )
    assert None not in before | after


def test_a_derived_figure_is_hidden_where_a_group_is_that_it_reads(made: Made) -> None:
    found, _, after = made
    rows = at_least_one(found["derived"].rows())
    for row in rows:
        if row["town"] in after or row["expression"] == "gap":  # which reads C
            assert row["standing"] == "hidden"
            assert row["estimate"] is row["se"] is row["note"] is None
    assert {row["expression"] for row in rows if row["standing"] != "hidden"} == {"other", "whole"}


@pytest.mark.parametrize("name", ["robustness", "dominance", "weights", "orders"])
def test_rankings_are_of_towns_that_are_shown(name: str, made: Made) -> None:
    found, _, after = made
    rows = at_least_one(found[name].rows())
    met = {row[column] for row in rows for column in ("first", "second")} - {None}
    assert met == {"A", "B", "C", "D", "E"} - after
    assert not any(row["standing"] == "hidden" for row in rows)


def test_without_two_towns_that_are_shown_there_is_no_ranking() -> None:
    houses = [*town("A", 1, 9), *town("B", 1, 15), *town("C", 1, 20)]
    asked = replace(study(MEASURE), derive=())
    asked = replace(asked, analyses=tuple(one for one in asked.analyses if one.name != "decomposition"))
    profile = profile_of(houses)
    estimates = mpi.estimate(profile, MEASURE, by="town", k=asked.cutoffs)
    found = analyses_of(asked, [profile], [estimates], protect([estimates], RULES))
    assert {name: len(table) for name, table in found.items()} == dict.fromkeys(found, 0)
    assert len(found) == 4
