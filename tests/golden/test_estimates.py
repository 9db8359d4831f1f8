"""Every golden value of R's `survey` against `estimate`, by two routes where there are two.

tests/golden/README.md says how the values were made.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
import scipy.stats

from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.golden_files import NOISE_R, Key, Row, golden, indexed, key_of, measure, same, units
from tests.support.loops import at_least_one

# Sums of products, where households have no codes, lose digits that the centred form keeps.
RTOL_SQUARES = 1e-9
FIGURES = ("estimate", "se", "ci_low", "ci_high", "df", "deff")
OF_THE_NATION = ("population_share", "M0_share", "poor_share")
PROPORTIONS = ("H", "censored_headcount", "uncensored_headcount")
REASONS = {
    "nobody is poor",
    "no interval at 0 or 1",
    "the standard error is 0 by arithmetic, which is no precision",
    "no degrees of freedom: the variance has no estimate",
}


@dataclass(frozen=True)
class Design:
    file: str = "households.csv"
    columns: Mapping[str, Any] = field(default_factory=dict)


CLUSTERED = {"stratum": "stratum", "psu": "psu"}
DESIGNS = {
    "srs": Design(),
    "stratified": Design(columns={"stratum": "stratum"}),
    "clustered": Design(columns={"psu": "psu_unique"}),
    "stratified_clustered": Design(columns=CLUSTERED),
    "single_certainty": Design("households_single.csv", {**CLUSTERED, "single_psu": "certainty"}),
    "single_adjust": Design("households_single.csv", {**CLUSTERED, "single_psu": "centered"}),
    "single_average": Design("households_single.csv", {**CLUSTERED, "single_psu": "scaled"}),
}


@cache
def profile(design: str) -> DeprivationProfile:
    own = DESIGNS[design]
    return DeprivationProfile.from_flags(
        units(own.file), measure(), weight="weight", members="members", by=["region", "zone"], **own.columns
    )


@cache
def ours(design: str, unit: str) -> dict[Key, Row]:
    by = ["region", ("region", "zone")]
    return indexed(estimate(profile(design), measure(), by=by, unit=unit).table)  # type: ignore[arg-type]  # R's words


def unit_of(row: Row) -> str:
    return f"{row['unit']}s"


def deff_of_households(mine: Row, rows: int) -> float | None:
    """Our deff as R's, which was given one row a household: its n is of households where ours is of persons.

    The simple random variance has (N - n) / (n - 1): only this factor differs.
    """
    if mine["deff"] is None:
        return None
    people, population = mine["n"], mine["population"]
    return float(mine["deff"] * ((population - people) / (people - 1)) / ((population - rows) / (rows - 1)))


@cache
def household_counts(design: str) -> Mapping[str, int]:
    """Households of positive weight in each domain."""
    found: Counter[str] = Counter()
    for row in units(DESIGNS[design].file).to_pylist():
        if row["weight"] > 0:
            found.update(["", f"region={row['region']}", f"region={row['region']}|zone={row['zone']}"])
    return found


def figures_of(row: Row) -> Row:
    """Our figures for a golden row."""
    mine = ours(row["design"], unit_of(row)).get(key_of(row))
    assert mine is not None, f"no estimate for {row}"
    if row["unit"] == "household":
        return mine
    return {**mine, "deff": deff_of_households(mine, household_counts(row["design"])[row["domain"]])}


def test_every_golden_value_is_ours() -> None:
    compared: Counter[str] = Counter()
    below_zero: Counter[str] = Counter()
    wrong, nobody_poor = [], 0
    for row in golden("estimates.csv"):
        mine = figures_of(row)
        # With nobody poor R's t interval of their number is [0, 0], which says more than the data do: we give none.
        empty = row["statistic"] == "poor" and row["se"] == "0"
        nobody_poor += empty
        for figure in FIGURES:
            if row[figure] == "" or (empty and figure in ("ci_low", "ci_high")):
                continue
            if float(row["ci_low"] or 0) < 0 and figure in ("ci_low", "ci_high"):
                below_zero[figure] += 1  # a number of poor cannot be negative: ours is on the log scale
                sign = -1 if figure == "ci_low" else 1
                t = scipy.stats.t.ppf(0.975, float(row["df"]))
                ratio = float(row["se"]) / float(row["estimate"])
                assert same(mine[figure], float(row["estimate"]) * math.exp(sign * t * ratio)), row
                continue
            compared[figure] += 1
            if not same(mine[figure], float(row[figure]), noise=NOISE_R if figure == "se" else 0):
                wrong.append((row, figure, mine[figure]))
    assert not wrong, f"{len(wrong)} differ, first {wrong[:3]}"
    assert len(golden("estimates.csv")) == compared["df"] == 7585
    assert compared == {figure: sum(row[figure] != "" for row in golden("estimates.csv")) for figure in FIGURES} | {
        figure: sum(row[figure] != "" for row in golden("estimates.csv")) - nobody_poor - below_zero[figure]
        for figure in ("ci_low", "ci_high")
    }
    assert below_zero["ci_low"] == below_zero["ci_high"] > 0


def test_what_R_has_not_we_have_not_but_for_intervals_at_0_and_1() -> None:
    missing: Counter[str] = Counter()
    for row in at_least_one(golden("estimates.csv")):
        mine = figures_of(row)
        for figure in at_least_one(FIGURES[:4]):
            at_edge = mine["estimate"] in (0, 1) and row["statistic"] in PROPORTIONS and figure.startswith("ci")
            if row[figure] == "" and not at_edge:
                assert mine[figure] is None, (row, figure)
                assert mine["note"] in REASONS, (row, mine["note"])
                missing[mine["note"]] += 1
    assert missing.keys() == REASONS


def test_a_domain_is_the_same_as_a_filter() -> None:
    compared = 0
    for region in "123456":
        for zone in (None, "1", "2"):
            levels = {"region": region} | ({"zone": zone} if zone else {})
            part = profile("stratified_clustered").filter(**levels)
            where = "|".join(f"{name}={level}" for name, level in levels.items())
            for (_, *key), row in indexed(estimate(part, measure()).table).items():
                if row["statistic"] not in OF_THE_NATION:
                    other = ours("stratified_clustered", "persons")[(where, *key)]
                    for figure in (*FIGURES, "n", "n_poor", "psus"):
                        assert same(row[figure], other[figure]), (where, key, figure)
                    compared += 1
    # H, A, M0, poor, 10 headcounts, 10 numbers and 2 contributions of 13 at 3 cutoffs; 10 headcounts, 10 unknown,
    # and who is excluded.
    assert compared == 18 * (3 * (4 + 2 * 10 + 2 * 13) + 21)


def test_a_cutoff_of_the_measure_is_the_same_as_an_argument() -> None:
    for cutoff in at_least_one(measure().cutoffs):
        alone = replace(measure(), cutoffs=(cutoff,))
        own = estimate(profile("stratified_clustered"), alone, by="region")
        asked = estimate(profile("stratified_clustered"), measure(), by="region", k=cutoff.text)
        assert own.table.equals(asked.table)


@pytest.mark.parametrize("stratum", [None, "stratum"])
def test_households_as_psus_are_the_same_with_and_without_codes(stratum: str | None) -> None:
    arguments: dict[str, Any] = {"weight": "weight", "members": "members", "by": "region", "stratum": stratum}
    plain, coded = (
        indexed(
            estimate(
                DeprivationProfile.from_flags(units("households.csv"), measure(), psu=psu, **arguments),
                measure(),
                by="region",
            ).table
        )
        for psu in (None, "household")
    )
    assert plain.keys() == coded.keys()
    for key, row in plain.items():
        for figure in (*FIGURES, "n", "n_poor", "psus"):
            assert same(row[figure], coded[key][figure], rel=RTOL_SQUARES, noise=NOISE_R), (key, figure)
