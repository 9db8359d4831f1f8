"""Progress towards targets: every number against formulas row by row, and against replicates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from mpi.errors import DataError, UsageError
from mpi.pipeline.estimating import change, estimate
from mpi.profile import DeprivationProfile, replication
from mpi.targets.asking import progress
from mpi.targets.table import Progress
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of
from tests.support.strategies import equal_measure, profile_of

RTOL = 1e-9
FIRST, LAST, DUE = 2018.0, 2022.0, 2030.0
PATHS = ("linear", "constant_rate", "logistic")


def rounds(*tables: pa.Table, times: Sequence[float] = (FIRST, LAST), **options: Any) -> list[DeprivationProfile]:
    return [profile(table, period=f"{time:g}", time=time, **options) for table, time in zip(tables, times, strict=True)]


def one(found: Progress) -> Mapping[str, Any]:
    (row,) = found.rows()
    return row


def target(**cells: Any) -> list[dict[str, Any]]:
    return [{"statistic": "H", "value": "30%", "year": 2030, "baseline": "2018", **cells}]


# The slow twin: formulas and their derivatives, written out.

SCALE = {
    "linear": (lambda y: y, lambda y: 1.0),
    "constant_rate": (math.log, lambda y: 1 / y),
    "logistic": (lambda y: math.log(y / (1 - y)), lambda y: 1 / (y * (1 - y))),
}


def of_rows(table: pa.Table, statistic: str, region: str | None) -> tuple[float, np.ndarray[Any, Any]]:
    """A figure of a round, and what each of its rows adds to the error."""
    rows = rows_of(table)
    w = rows["person_weight"] * (1.0 if region is None else rows["region"] == region)
    value = rows["poor"] * (rows["score"] if statistic == "M0" else 1.0)
    y = (w * value).sum() / w.sum()
    return y, w * (value - y) / w.sum()


def by_hand(
    tables: Sequence[pa.Table], how: str, *, statistic: str, region: str | None, path: str, goal: float | None
) -> dict[str, float]:
    """Path distance, projection and distance to the target with their errors."""
    (y1, z1), (y2, z2) = (of_rows(table, statistic, region) for table in tables)
    g, d = SCALE[path]
    s = (LAST - FIRST) / (DUE - FIRST)
    aim = y1 / 2 if goal is None else goal
    slope_of_goal = d(aim) / 2 if goal is None else 0.0
    gradient = {
        "path_distance": (-(1 - s) * d(y1) - s * slope_of_goal, d(y2)),
        "yearly": (-d(y1) / (LAST - FIRST), d(y2) / (LAST - FIRST)),
        "projection": (-(1 / s - 1) * d(y1), d(y2) / s),
        "distance": (-0.5 if goal is None else 0.0, 1.0),
    }
    value = {
        "path_distance": g(y2) - (g(y1) + s * (g(aim) - g(y1))),
        "yearly": (g(y2) - g(y1)) / (LAST - FIRST),
        "projection": g(y2) + (g(y2) - g(y1)) / (LAST - FIRST) * (DUE - LAST),
        "distance": y2 - aim,
    }
    stratum, psu = (np.concatenate([rows_of(table)[name] for table in tables]) for name in ("stratum", "psu"))
    made: dict[str, float] = {}
    for name, (a, b) in gradient.items():
        if how == "independent":
            variances = [cluster_variance(slope * z, rows_of(table)["stratum"], rows_of(table)["psu"])
                         for slope, z, table in ((a, z1, tables[0]), (b, z2, tables[1]))]  # fmt: skip
            made[f"{name}_se"] = math.sqrt(sum(variances))
        elif a == 0:
            made[f"{name}_se"] = math.sqrt(
                cluster_variance(b * z2, rows_of(tables[1])["stratum"], rows_of(tables[1])["psu"])
            )
        else:
            made[f"{name}_se"] = math.sqrt(cluster_variance(np.concatenate([a * z1, b * z2]), stratum, psu))
        made[name] = value[name]
    return made


@pytest.mark.parametrize("how", ["independent", "same_psu", "panel"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("goal", [0.3, None])
@pytest.mark.parametrize(("statistic", "region"), [("H", None), ("M0", "n"), ("H", "s")])
def test_every_number_against_formulas_row_by_row(
    how: Any, path: str, goal: float | None, statistic: str, region: str | None
) -> None:
    tables = [province(1), province(2)]
    cells: dict[str, Any] = {"statistic": statistic, "path": path}
    cells |= {"value": goal} if goal else {"value": None, "halve": "yes"}
    cells |= {"domain": "region", "code": region} if region else {}
    row = one(progress(rounds(*tables), MEASURE, target(**cells), rounds=how))
    wanted = by_hand(tables, how, statistic=statistic, region=region, path=path, goal=goal)
    g, _ = SCALE[path]
    back = {"linear": lambda x: x, "constant_rate": math.exp, "logistic": lambda x: 1 / (1 + math.exp(-x))}[path]
    assert row["path_distance"] == pytest.approx(wanted["path_distance"], rel=RTOL)
    assert row["path_se"] == pytest.approx(wanted["path_distance_se"], rel=RTOL)
    assert row["distance"] == pytest.approx(wanted["distance"], rel=RTOL)
    assert row["distance_se"] == pytest.approx(wanted["distance_se"], rel=RTOL)
    assert row["projection"] == pytest.approx(back(wanted["projection"]), rel=RTOL)
    assert row["path_value"] == pytest.approx(back(g(row["estimate"]) - wanted["path_distance"]), rel=RTOL)
    half = stats.t.ppf(0.975, row["path_df"]) * wanted["projection_se"]
    assert row["projection_low"] == pytest.approx(back(wanted["projection"] - half), rel=1e-7)
    assert row["projection_high"] == pytest.approx(back(wanted["projection"] + half), rel=1e-7)
    told = math.expm1 if path == "constant_rate" else float
    assert row["yearly"] == pytest.approx(told(wanted["yearly"]), rel=RTOL)
    assert row["needed"] == pytest.approx(told((g(row["target"]) - g(row["estimate"])) / (DUE - LAST)), rel=RTOL)
    assert row["needed_from_baseline"] == pytest.approx(
        told((g(row["target"]) - g(row["baseline"])) / (DUE - FIRST)), rel=RTOL
    )
    for name, distance in (("path_p", "path_distance"), ("distance_p", "distance")):
        df = row["path_df" if name == "path_p" else "distance_df"]
        t = wanted[distance] / wanted[f"{distance}_se"]
        assert row[name] == pytest.approx(stats.t.cdf(t, df), rel=1e-8)
    better, worse = row["path_p"] < 0.05, 1 - row["path_p"] < 0.05
    verdict = "met" if row["distance_p"] < 0.05 else "on_track" if better else "off_track" if worse else "cannot_tell"
    assert row["verdict"] == verdict


def test_points_are_exact_fractions() -> None:
    measure = equal_measure(2, "1/2")
    first = [Household((True, True), Fraction(3), 2, "1", "1"), Household((False, False), Fraction(1), 5, "1", "2")]
    last = [Household((True, False), Fraction(1), 4, "1", "1"), Household((False, False), Fraction(7), 1, "1", "2")]
    made = [
        replace(profile_of(measure, [replace(h, groups={"region": "a"}) for h in rows]), period=str(year))
        for rows, year in ((first, 2020), (last, 2024))
    ]
    exact = [naive.figures(measure, measure.cutoffs, rows, {}, "persons", clustered=True) for rows in (first, last)]
    for statistic in ("H", "A", "M0", "poor"):
        y1, y2 = (own["1/2", statistic, None, None].estimate for own in exact)
        assert y1 is not None
        assert y2 is not None
        goal, s = Fraction(1, 8), Fraction(4, 10)
        cells = {"statistic": statistic, "value": "1/8", "baseline": "2020"}
        row = one(progress(made, measure, target(**cells), rounds="same_psu"))
        wanted = {
            "distance": y2 - goal,
            "path_value": y1 + s * (goal - y1),
            "path_distance": y2 - y1 - s * (goal - y1),
            "yearly": (y2 - y1) / 4,
            "needed": (goal - y2) / 6,
            "needed_from_baseline": (goal - y1) / 10,
            "projection": y2 + (y2 - y1) / 4 * 6,
        }
        for name, value in wanted.items():
            assert row[name] == pytest.approx(float(value), rel=1e-13, abs=1e-15), (statistic, name)
        if y2 != y1 and (y2 - y1) * (goal - y1) > 0:
            assert row["reached"] == pytest.approx(float(2024 + (goal - y2) / ((y2 - y1) / 4)), rel=1e-13)
        else:
            assert row["reached"] is None


# Identities.


@pytest.mark.parametrize("how", ["independent", "same_psu"])
@pytest.mark.parametrize("goal", ["30%", "10%", None])
def test_with_a_linear_path_the_three_tests_are_one(how: Any, goal: str | None) -> None:
    """Distance to the path now, observed against needed change, projection against target: the same t."""
    cells: dict[str, Any] = {"value": goal} if goal else {"value": None, "halve": "yes"}
    made = rounds(province(1), province(2))
    for row in at_least_one(progress(made, MEASURE, target(domain="region", **cells), rounds=how).rows()):
        s = (LAST - FIRST) / (DUE - FIRST)
        ahead = row["projection"] - row["target"]
        assert row["path_distance"] / s == pytest.approx(ahead, rel=1e-10)
        needed = (row["target"] - row["baseline"]) / (DUE - FIRST)
        assert row["path_distance"] == pytest.approx((row["yearly"] - needed) * (LAST - FIRST), rel=1e-10, abs=1e-15)
        if goal:  # the error of the projection is that of the distance, over the share of the way
            half = stats.t.ppf(0.975, row["path_df"]) * row["path_se"] / s
            assert row["projection_high"] - row["projection"] == pytest.approx(half, rel=1e-8)


def test_the_observed_change_is_that_of_changes() -> None:
    made = rounds(province(1), province(2))
    for how in ("independent", "same_psu"):
        found = change(made, MEASURE, by="region", rounds=how)
        rows = progress(made, MEASURE, target(domain="region"), rounds=how).rows()  # type: ignore[arg-type]
        for row in at_least_one(rows):
            own = found.row("H", region=row["region"], change="absolute_per_year")
            assert row["yearly"] == pytest.approx(own["estimate"], rel=RTOL)
            assert (row["yearly_low"], row["yearly_high"]) == pytest.approx((own["ci_low"], own["ci_high"]), rel=1e-7)
            assert row["path_df"] == own["df"]


def test_a_target_at_least_turns_the_signs() -> None:
    made = rounds(province(1), province(2))
    low, high = (one(progress(made, MEASURE, target(direction=way, value=goal), rounds="same_psu"))
                 for way, goal in (("at_most", "1%"), ("at_least", "1%")))  # fmt: skip
    assert low["distance"] == high["distance"]
    assert low["distance_p"] == pytest.approx(1 - high["distance_p"])
    assert low["path_p"] == pytest.approx(1 - high["path_p"])
    assert high["verdict"] == "met"


def test_the_state_and_a_given_target_have_the_error_of_the_later_round_alone() -> None:
    made = rounds(province(1), province(2))
    own = estimate(made[1], MEASURE).row("H")
    for how in ("independent", "same_psu"):
        row = one(progress(made, MEASURE, target(), rounds=how))  # type: ignore[arg-type]
        assert (row["estimate"], row["ci_low"], row["ci_high"]) == (own["estimate"], own["ci_low"], own["ci_high"])
        assert row["distance_se"] == pytest.approx(own["se"], rel=1e-12)
        assert row["distance_df"] == own["df"]


def test_a_given_baseline_is_taken_as_known_and_that_is_said() -> None:
    made = rounds(province(1), province(2))
    own = estimate(made[1], MEASURE).row("H")
    row = one(progress(made, MEASURE, target(baseline=None, baseline_year=2010, baseline_value="60%"), rounds="panel"))
    assert row["path_se"] == pytest.approx(own["se"], rel=1e-12)
    assert row["path_df"] == own["df"]
    assert "taken as known" in row["note"]
    half = one(progress(made, MEASURE, target(value=None, halve="yes", baseline=None, baseline_year=2010,
                                              baseline_value="60%"), rounds="panel"))  # fmt: skip
    assert half["target"] == 0.3
    assert half["distance_se"] == pytest.approx(own["se"], rel=1e-12)


# Replicates.


def left_out(table: pa.Table, psu: str) -> tuple[float, float]:
    """H without a PSU, the others of its stratum standing for it, and the factor of the stratum."""
    rows = rows_of(table)
    own = rows["stratum"] == rows["stratum"][rows["psu"] == psu][0]
    n = len(set(rows["psu"][own]))
    w = rows["person_weight"] * np.where(rows["psu"] == psu, 0.0, np.where(own, n / (n - 1), 1.0))
    return (w * rows["poor"]).sum() / w.sum(), (n - 1) / n


@pytest.mark.parametrize("path", PATHS)
def test_paired_errors_against_the_jackknife_of_both_rounds(path: str) -> None:
    tables = [province(1), province(2)]
    g, _ = SCALE[path]
    s = (LAST - FIRST) / (DUE - FIRST)

    def distance(y1: float, y2: float) -> float:
        return g(y2) - (g(y1) + s * (g(y1 / 2) - g(y1)))

    codes = sorted(set(rows_of(tables[0])["psu"]))
    found = [(distance(left_out(tables[0], psu)[0], left_out(tables[1], psu)[0]), left_out(tables[0], psu)[1])
             for psu in codes]  # fmt: skip
    values, factors = np.array([value for value, _ in found]), np.array([factor for _, factor in found])
    se = math.sqrt(float((factors * (values - values.mean()) ** 2).sum()))
    cells = target(value=None, halve="yes", path=path)
    jack = one(progress(rounds(*tables), MEASURE, cells, rounds="same_psu", variance="jackknife"))
    assert jack["path_se"] == pytest.approx(se, rel=1e-9 if path == "linear" else 0.05)
    linear = one(progress(rounds(*tables), MEASURE, cells, rounds="same_psu"))
    assert linear["path_se"] == pytest.approx(se, rel=0.1)
    apart = one(progress(rounds(*tables), MEASURE, cells, rounds="independent"))
    assert apart["path_se"] != pytest.approx(se, rel=1e-3)


def test_linked_replicates_of_the_survey_go_together() -> None:
    factors = np.random.default_rng(9).integers(0, 3, (20, 8))
    columns = {f"r{i}": factors[np.arange(160) // 8, i].astype(float) for i in range(8)}
    how: dict[str, Any] = {"stratum": None, "psu": None, "replicates": list(columns), "replicates_are": "factors",
                           "replication": replication("bootstrap", 8)}  # fmt: skip
    made = rounds(*[province(seed, **columns) for seed in (1, 2)], **how)
    row = one(progress(made, MEASURE, target(), rounds="same_psu"))
    values = []
    for seed in (1, 2):
        rows = rows_of(province(seed))
        w = rows["person_weight"][:, None] * factors[np.arange(160) // 8]
        values.append((w * rows["poor"][:, None]).sum(0) / w.sum(0))
    s = (LAST - FIRST) / (DUE - FIRST)
    assert row["path_se"] == pytest.approx(np.std(values[1] - (1 - s) * values[0], ddof=1), rel=RTOL)
    assert row["path_df"] == 7
    free = one(progress(made, MEASURE, target(), rounds="independent"))
    wanted = math.hypot(np.std(values[1], ddof=1), (1 - s) * np.std(values[0], ddof=1))
    assert free["path_se"] == pytest.approx(wanted, rel=RTOL)
    other = rounds(province(1, **columns), province(2, **columns), **how | {"replicates": list(columns)[:7],
                   "replication": replication("bootstrap", 7)})  # fmt: skip
    with pytest.raises(DataError, match="MPI-D070"):
        progress([made[0], other[1]], MEASURE, target(), rounds="same_psu")


# Registers, and what cannot be told.


def census_of(table: pa.Table, time: float) -> DeprivationProfile:
    return profile(table, stratum=None, psu=None, weight=None, census=True, time=time, period=f"{time:g}")


def test_registers_have_no_error_and_the_sign_decides() -> None:
    made = [census_of(province(seed), time) for seed, time in ((1, FIRST), (2, LAST))]
    y1, y2 = (estimate(one_, MEASURE).value("H") or 0 for one_ in made)
    s = (LAST - FIRST) / (DUE - FIRST)
    on_path = (y2 - (1 - s) * y1) / s  # the target whose path goes through the figure
    for goal, direction, wanted in (
        (y2, "at_most", "met"),
        (y2, "at_least", "met"),
        (y2 + 0.01, "at_most", "met"),
        (max(on_path, 0.0), "at_most", "on_track" if on_path < y2 else "met"),
        (max(on_path - 0.01, 0.0), "at_most", "off_track" if on_path < y2 else "met"),
    ):
        row = one(progress(made, MEASURE, target(value=repr(goal), direction=direction), rounds="panel"))
        assert row["verdict"] == wanted, goal
        assert [row[name] for name in ("distance_se", "distance_p", "path_se", "projection_low")] == [None] * 4
    due = one(progress(made, MEASURE, target(value=repr(y2 - 0.01), year=2022), rounds="panel"))
    assert due["verdict"] == "off_track"


def test_a_sample_after_a_register_has_the_error_of_the_sample() -> None:
    made = [census_of(province(1), FIRST), rounds(province(2), times=(LAST,))[0]]
    own = estimate(made[1], MEASURE).row("H")
    row = one(progress(made, MEASURE, target(), rounds="same_psu"))
    assert row["path_se"] == pytest.approx(own["se"], rel=1e-12)
    assert row["path_df"] == own["df"]


@pytest.mark.parametrize(
    ("cells", "verdict", "told"),
    [
        ({"baseline": None, "value": "30%"}, "cannot_tell", "no baseline"),
        ({"baseline": None, "value": "99%"}, "met", "no baseline"),
        ({"baseline": "2022", "value": "1%"}, "cannot_tell", "no round after the baseline"),
        ({"year": 2020, "value": "1%"}, "off_track", None),
        ({"year": 2022, "value": "1%"}, "off_track", None),
        ({"year": 2020, "value": "99%"}, "met", None),
    ],
)
def test_what_the_year_and_the_baseline_leave_open(cells: dict[str, Any], verdict: str, told: str | None) -> None:
    row = one(progress(rounds(province(1), province(2)), MEASURE, target(**cells), rounds="same_psu"))
    assert row["verdict"] == verdict
    assert (told or "") in (row["note"] or "")
    if cells.get("year"):
        assert [row[name] for name in ("needed", "projection")] == [None, None]


def test_a_figure_that_does_not_vary_has_no_test_and_an_empty_group_no_verdict() -> None:
    nobody = province(2, a=[False] * 160, b=[False] * 160, c=[False] * 160)
    row = one(progress(rounds(province(1), nobody), MEASURE, target(), rounds="same_psu"))
    assert (row["estimate"], row["verdict"], row["distance_p"]) == (0, "cannot_tell", None)
    assert row["note"]
    only = province(2, region=["n"] * 160)
    found = progress(rounds(province(1), only), MEASURE, target(domain="region"), rounds="same_psu").rows()
    assert [(row["region"], row["verdict"] is None) for row in found] == [("n", False), ("s", True), ("w", True)]
    assert all(row["note"] for row in found if row["verdict"] is None)
    log = one(progress(rounds(province(1), nobody), MEASURE, target(path="constant_rate"), rounds="same_psu"))
    assert log["path_distance"] is None
    assert "no place on a path" in log["note"]


def test_the_year_of_reaching_is_null_where_the_figure_moves_away() -> None:
    made = rounds(province(1), province(2))
    y1, y2 = (estimate(one_, MEASURE).value("H") or 0 for one_ in made)
    towards, away = (y2 + (y2 - y1), y1 - (y2 - y1))
    row = one(progress(made, MEASURE, target(value=repr(towards), direction="at_most" if y2 < y1 else "at_least"),
                       rounds="panel"))  # fmt: skip
    assert row["reached"] == pytest.approx(2 * LAST - FIRST)
    row = one(progress(made, MEASURE, target(value=repr(max(away, 0.01)), direction="at_least" if y2 < y1 else
                                             "at_most"), rounds="panel"))  # fmt: skip
    assert row["reached"] is None


def test_decimal_years_and_breaks_of_the_series() -> None:
    made = rounds(province(1), province(2), times=(2018.5, 2022.25))
    made[1] = replace(made[1], breaks={"2020": "new questionnaire"})
    row = one(progress(made, MEASURE, target(baseline="2018.5", year="2030.5"), rounds="same_psu"))
    assert row["needed"] == pytest.approx((0.3 - row["estimate"]) / (2030.5 - 2022.25))
    assert row["yearly"] == pytest.approx((row["estimate"] - row["baseline"]) / 3.75)
    assert "new questionnaire" in row["note"]


def test_tables_of_both_units_and_of_several_cutoffs_are_in_the_order_of_the_list() -> None:
    made = rounds(province(1), province(2))
    cells = [
        {"statistic": "H", "value": "30%", "year": 2030, "unit": "households", "k": "1/4"},
        {"indicator": "b", "value": "30%", "year": 2030},
        {"statistic": "H", "value": "30%", "year": 2030, "domain": "region:zone", "code": "n:u"},
        {"dimension": "living", "statistic": "percentage_contribution", "value": "30%", "year": 2030},
    ]
    rows = progress(made, MEASURE, cells, rounds="same_psu").rows()
    assert [row["target_number"] for row in rows] == [1, 2, 3, 4]
    last = made[1]
    wide = estimate(last, MEASURE, by=["region:zone"], k=["1/2", "1/4"])
    assert rows[0]["estimate"] == estimate(last, MEASURE, unit="households", k="1/4").value("H")
    assert rows[1]["estimate"] == wide.value("uncensored_headcount", indicator="b")
    assert rows[2]["estimate"] == wide.value("H", region="n", zone="u", k="1/2")
    assert rows[3]["estimate"] == wide.value("percentage_contribution", dimension="living", k="1/2")
    with pytest.raises(UsageError, match="no censored_headcount of living"):
        progress(made, MEASURE, [{**cells[3], "statistic": "censored_headcount"}], rounds="same_psu")


def test_targets_of_what_is_not_there_are_refused_all_at_once() -> None:
    made = rounds(province(1), province(2))
    cells = [
        {"statistic": "H", "value": "30%", "year": 2030, "domain": "region", "code": "x"},
        {"statistic": "H", "value": "30%", "year": 2030, "domain": "nowhere", "code": "x"},
        {"statistic": "H", "value": "30%", "year": 2030, "baseline": "1999"},
        {"statistic": "H", "value": "30%", "year": 2010, "baseline": "2018"},
    ]
    with pytest.raises(UsageError) as error:
        progress(made, MEASURE, cells, rounds="same_psu")
    assert [fault.code for fault in error.value.faults] == ["MPI-E220"] * 4
    assert [fault.place.line for fault in error.value.faults if fault.place] == [1, 2, 3, 4]
    with pytest.raises(UsageError, match="MPI-E013"):
        progress(made, MEASURE, target())
