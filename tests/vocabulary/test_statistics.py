"""The table of statistics against what is made of it: estimates, the exact twin, the page, the manual."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from mpi import load_measure
from mpi.maps.live import SUMS
from mpi.pipeline.estimating import estimate
from mpi.vocabulary.options import STATISTIC_KINDS, UNITS, Unit
from mpi.vocabulary.statistics import (
    CONTRIBUTIONS,
    DEFINITIONS,
    HEADLINE,
    INDICATORS,
    LAYERS,
    OF_DATA,
    STATISTICS,
    Form,
    Quantity,
    by_cutoff,
    shown_in,
)
from mpi.vocabulary.wording import LANGUAGES
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.province import MEASURE, profile, province

RTOL_SUM = 1e-12  # sums of some hundred floats, in another order
MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "en"


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_is_whole(name: str) -> None:
    one = DEFINITIONS[name]
    assert one.kind in STATISTIC_KINDS
    assert one.form in get_args(Form)
    assert {one.numerator, one.denominator} <= set(get_args(Quantity))
    for titles in (one.title, *filter(None, (one.households, one.phrase, one.heading))):
        assert set(titles) == set(LANGUAGES)
        assert all(titles.values())
    assert (one.form == "number") == (one.kind == "total")


def test_the_exact_twin_knows_the_same_statistics_of_the_same_kinds() -> None:
    found: dict[str, set[str]] = {}
    for name in ("global_mpi", "uruguay_derechos"):
        measure = load_measure(name)
        for one in naive.statistics(measure, measure.cutoffs):
            k, statistic, dimension, indicator = one.key
            found.setdefault(statistic, set()).add(one.sort)
            assert by_cutoff(statistic) == (k is not None)
            part = "indicator" if indicator else "dimension" if dimension else "whole"
            assert part in DEFINITIONS[statistic].of
    assert found == {name: {one.kind} for name, one in DEFINITIONS.items()}


def test_tables_hold_what_they_are_about() -> None:
    assert HEADLINE == ("H", "A", "M0", "poor")
    assert INDICATORS[:2] == ("uncensored_headcount", "censored_headcount")  # of all, then of the poor
    assert CONTRIBUTIONS == ("absolute_contribution", "percentage_contribution")
    assert OF_DATA == ("excluded", "unknown")
    assert LAYERS[:4] == ("H", "M0", "A", "poor")
    assert {DEFINITIONS[name].form for name in shown_in("indicators", "percent")} == {"percent"}
    assert len({DEFINITIONS[name].layer for name in LAYERS}) == len(LAYERS)


def test_the_page_has_the_sums_of_every_statistic_that_it_computes_again() -> None:
    script = (files("mpi.maps") / "page" / "types.d.ts").read_text("utf-8")
    made = {"known", *re.findall(r"(\w+):", re.findall(r"interface Sums \{(.*?)\}", script, re.DOTALL)[0])}
    live = [one for one in DEFINITIONS.values() if one.live]
    assert {"H", "M0"} <= {name for name, one in DEFINITIONS.items() if one.live}
    for one in live:
        assert {SUMS.get(one.numerator, one.numerator), SUMS.get(one.denominator, one.denominator)} <= made


@pytest.mark.parametrize("page", ["reference.md", "disclosure.md"])
def test_the_manual_names_every_statistic(page: str) -> None:
    text = (MANUAL / page).read_text("utf-8")
    missing = [name for name in STATISTICS if f"`{name}`" not in text]
    assert not missing


@pytest.mark.parametrize("unit", UNITS)
def test_the_poor_and_deprived_are_their_share_of_the_population(unit: Unit) -> None:
    table = province(unknown=0.05)
    found = estimate(profile(table), MEASURE, by=["region", "zone"], unit=unit)
    keys = (*found.domains, "k", "dimension", "indicator")
    shares = {tuple(row[key] for key in keys): row for row in found.only("censored_headcount").rows()}
    numbers = {tuple(row[key] for key in keys): row for row in found.only("poor_and_deprived").rows()}
    assert shares.keys() == numbers.keys()
    for place, number in at_least_one(numbers.items()):
        share = shares[place]
        assert number["estimate"] == pytest.approx(share["estimate"] * share["population"], rel=RTOL_SUM)
        assert [number[name] for name in ("n", "n_poor", "population")] == [
            share[name] for name in ("n", "n_poor", "population")]  # fmt: skip
        if number["se"]:
            assert number["cv"] == pytest.approx(number["se"] / number["estimate"])
            assert number["ci_low"] < number["estimate"] < number["ci_high"]


def test_the_poor_and_deprived_are_counted_household_by_household() -> None:
    table = province(unknown=0.0)
    found = estimate(profile(table), MEASURE, by=["region"])
    for row in at_least_one(found.only("poor_and_deprived").rows()):
        counted = sum(
            one["w"] * one["members"] for one in table.to_pylist()
            if row["region"] in (None, one["region"]) and one[row["indicator"]]
            and 2 * one["a"] + one["b"] + one["c"] >= 2
        )  # fmt: skip
        assert row["estimate"] == pytest.approx(counted, rel=RTOL_SUM)
