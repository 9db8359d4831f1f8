"""Changes between rounds: what must hold of them, row by row where rounds share PSUs, and what is refused."""

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

from mpi.changes import CHANGES, Changes, changes_between
from mpi.changes.rounds import decimal_year
from mpi.errors import DataError, UsageError
from mpi.estimates.estimates import by_sets
from mpi.inference.multiple_tests import holm
from mpi.pipeline.estimating import change, estimate
from mpi.profile import DeprivationProfile, replication
from mpi.profile.norm import measure_rules
from mpi.specs.measure import variables_of
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.province import MEASURE, cluster_variance, profile, province, rows_of
from tests.support.strategies import equal_measure, profile_of

RTOL = 1e-10  # sums of rows in another order, and differences of them
SHARED = ("same_psu", "rotating", "panel")


def rounds(
    *tables: pa.Table, times: Sequence[float] = (2018.0, 2020.5, 2024.0), **options: Any
) -> list[DeprivationProfile]:
    return [
        profile(table, period=f"{time:g}", time=time, **options) for table, time in zip(tables, times, strict=False)
    ]


def renamed(table: pa.Table, *columns: str) -> pa.Table:
    """The table with codes of the design that no other round has."""
    for name in columns:
        codes = pa.array([f"z{code}" for code in table[name].to_pylist()])
        table = table.set_column(table.column_names.index(name), name, codes)
    return table


def keyed(found: Changes) -> dict[tuple[Any, ...], dict[str, Any]]:
    names = (*found.domains, "k", "statistic", "dimension", "indicator", "change", "span", "from", "to")
    made = {tuple(row[name] for name in names): row for row in found.rows()}
    assert len(made) == len(found) > 0
    return made


def assert_same_figures(one: Changes, other: Changes, *figures: str) -> None:
    mine, theirs = keyed(one), keyed(other)
    assert mine.keys() == theirs.keys()
    for key, row in mine.items():
        for figure in figures:
            expected = theirs[key][figure]
            if expected is None or isinstance(expected, str):
                assert row[figure] == expected, (key, figure)
            else:
                assert row[figure] == pytest.approx(expected, rel=RTOL, abs=1e-13), (key, figure)


# Axioms.


@pytest.mark.parametrize("how", SHARED)
def test_a_round_does_not_change_against_itself(how: Any) -> None:
    table = province(unknown=0.05)
    found = change(rounds(table, table), MEASURE, by=["region", "region:zone"], rounds=how)
    rows = [row for row in found.rows() if row["estimate"] is not None]
    assert len(rows) > 1000
    for row in rows:
        assert row["estimate"] == 0
        assert row["se"] in (0, None), row
        assert (row["t"], row["p"], row["ci_low"]) == (None, None, None)
        assert row["note"]


def test_the_error_of_independent_rounds_is_that_of_a_sum_of_variances() -> None:
    made = rounds(province(1), province(2))
    first, last = (estimate(one, MEASURE, by="region") for one in made)
    found = change(made, MEASURE, by="region", rounds="independent").rows()
    kinds = [row for row in found if row["change"] == "absolute"]
    assert len(kinds) == len(first) == len(last)
    for row, one, other in zip(kinds, first.rows(), last.rows(), strict=True):
        assert (row["before"], row["after"]) == (one["estimate"], other["estimate"])
        assert row["estimate"] == pytest.approx(other["estimate"] - one["estimate"], rel=RTOL, abs=1e-15)
        assert row["se"] == pytest.approx(math.hypot(one["se"], other["se"]), rel=RTOL)
        assert row["df"] == one["df"] + other["df"]
        if row["se"]:
            assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["t"]), row["df"]), rel=1e-9)


@pytest.mark.parametrize("how", ["independent", "same_psu"])
def test_changes_of_estimates_by_more_domains_are_those_of_the_profiles(how: Any) -> None:
    made = rounds(province(1, unknown=0.05), province(2))
    wide = [estimate(one, MEASURE, by=["zone", "region:zone", "region"], reliability="cepal_2023") for one in made]
    sets = [("region",), ("region", "zone")]
    found = changes_between(made, [by_sets(one, sets) for one in wide], rounds=how, adjust="holm")
    expected = change(made, MEASURE, by=sets, rounds=how, adjust="holm", reliability="cepal_2023")
    assert found.table.schema == expected.table.schema
    assert found.rows() == expected.rows()
    assert (found.domains, found.notices, found.rounds) == (expected.domains, expected.notices, expected.rounds)
    for one, profile_ in at_least_one(list(zip(wide, made, strict=True))):
        part, own = by_sets(one, sets), estimate(profile_, MEASURE, by=sets, reliability="cepal_2023")
        assert part.rows() == own.rows()
        assert part.table.column_names == own.table.column_names
        chosen = [rows.only("M0").covariance().matrix for rows in (part, own)]
        np.testing.assert_array_equal(*chosen)


def test_each_kind_of_change_follows_from_both_estimates() -> None:
    years = 6.0
    found = keyed(change(rounds(province(1), province(2), times=(2018.0, 2024.0)), MEASURE, rounds="independent"))
    cases = 0
    for key, absolute in found.items():
        if "absolute" not in key:
            continue
        rows = {kind: found[tuple(kind if part == "absolute" else part for part in key)] for kind in CHANGES}
        y1, y2 = absolute["before"], absolute["after"]
        assert absolute["years"] == years
        assert rows["absolute_per_year"]["estimate"] == pytest.approx((y2 - y1) / years, rel=RTOL)
        if y1 > 0 and y2 > 0:
            cases += 1
            assert rows["relative"]["estimate"] == pytest.approx(y2 / y1 - 1, rel=RTOL)
            assert (1 + rows["relative_per_year"]["estimate"]) ** years == pytest.approx(y2 / y1, rel=RTOL)
            assert rows["log"]["estimate"] == pytest.approx(math.log(y2 / y1), rel=RTOL)
            # By the delta method the log's error is that of the ratio over the ratio.
            assert rows["log"]["se"] == pytest.approx(rows["relative"]["se"] / (y2 / y1), rel=RTOL)
    assert cases > 20


@pytest.mark.parametrize("how", SHARED)
def test_rounds_without_a_common_stratum_are_independent_whatever_is_said(how: Any) -> None:
    made = rounds(province(1, unknown=0.05), renamed(province(2, unknown=0.05), "stratum", "psu"))
    options: dict[str, Any] = {"by": ["region", "region:zone"], "k": ["1/2", "1/4"]}
    one, other = change(made, MEASURE, rounds=how, **options), change(made, MEASURE, rounds="independent", **options)
    assert_same_figures(one, other, "estimate", "se", "ci_low", "ci_high", "t", "df", "p", "note")


def test_points_are_exact_fractions() -> None:
    measure = equal_measure(2, "1/2")
    first = [Household((True, True), Fraction(3), 2, "1", "1"), Household((False, False), Fraction(1), 5, "1", "2")]
    last = [Household((True, False), Fraction(1), 4, "1", "1"), Household((False, False), Fraction(7), 1, "1", "2")]
    made = [
        replace(profile_of(measure, [replace(h, groups={"region": "a"}) for h in rows]), period=str(year))
        for rows, year in ((first, 2020), (last, 2024))
    ]
    found = change(made, measure, rounds="same_psu")
    exact = [naive.figures(measure, measure.cutoffs, rows, {}, "persons", clustered=True) for rows in (first, last)]
    for statistic in ("H", "A", "M0", "poor"):
        before, after = (one["1/2", statistic, None, None].estimate for one in exact)
        assert before is not None
        assert after is not None
        expected = {
            "absolute": after - before,
            "relative": after / before - 1,
            "absolute_per_year": (after - before) / 4,
        }
        for kind, value in expected.items():
            row = found.row(statistic, change=kind)
            assert row["estimate"] == pytest.approx(float(value), rel=1e-14), (statistic, kind)
            assert row["years"] == 4


# Rounds that share PSUs, row by row.


def linearised(table: pa.Table, statistic: str, region: str | None) -> tuple[float, np.ndarray[Any, Any]]:
    """A figure of a round, and what each of its rows adds to the error."""
    rows = rows_of(table)
    w = rows["person_weight"]
    inside = np.ones(len(w), bool) if region is None else rows["region"] == region
    value = rows["poor"] * (rows["score"] if statistic.startswith("M0") else 1.0)
    if statistic == "population_share":
        y, x = w * inside, w
    elif statistic == "M0_share":
        y, x = w * inside * value, w * value
    else:
        y, x = w * inside * value, w * inside
    return y.sum() / x.sum(), (y - y.sum() / x.sum() * x) / x.sum()


@pytest.mark.parametrize("region", [None, "n", "s"])
@pytest.mark.parametrize("statistic", ["H", "M0", "population_share", "M0_share"])
def test_rounds_of_the_same_psus_against_their_rows(statistic: str, region: str | None) -> None:
    one, other = province(1), province(2)
    found = change(rounds(one, other), MEASURE, by="region", rounds="same_psu")
    (y1, z1), (y2, z2) = (linearised(table, statistic, region) for table in (one, other))
    stratum, psu = (np.concatenate([rows_of(table)[name] for table in (one, other)]) for name in ("stratum", "psu"))
    for kind, slope, divisor in (("absolute", 1.0, 1.0), ("log", y2 / y1, y2), ("relative", y2 / y1, y1)):
        row = found.row(statistic, region=region, change=kind)
        variance = cluster_variance(np.concatenate([-slope * z1, z2]), stratum, psu)
        if statistic == "population_share" and region is None:
            assert (row["estimate"], row["se"]) == (0, 0)
            continue
        if statistic == "M0_share" and region is None:
            assert row["se"] == 0
            continue
        assert row["se"] == pytest.approx(math.sqrt(variance) / divisor, rel=RTOL), kind
    free = change(rounds(one, other), MEASURE, by="region", rounds="independent").row(
        statistic, region=region, change="absolute"
    )
    assert free["se"] == 0 or row["se"] != pytest.approx(free["se"], rel=1e-3)


def test_psus_that_rotate_out_still_count_in_their_stratum() -> None:
    one, other = province(1), province(2)
    kept = [i for i, code in enumerate(one["psu"].to_pylist()) if code not in ("p00", "p07")]
    codes = [{"p00": "q00", "p10": "q10"}.get(code, code) for code in other["psu"].to_pylist()]
    new = other.set_column(other.column_names.index("psu"), "psu", pa.array(codes))
    one = one.take(kept)
    row = change(rounds(one, new), MEASURE, rounds="rotating").row("M0", change="absolute")
    (_, z1), (_, z2) = (linearised(table, "M0", None) for table in (one, new))
    stratum, psu = (np.concatenate([rows_of(table)[name] for table in (one, new)]) for name in ("stratum", "psu"))
    assert row["se"] == pytest.approx(math.sqrt(cluster_variance(np.concatenate([-z1, z2]), stratum, psu)), rel=RTOL)
    # 18 PSUs of the first round, 20 of the second of which 3 are new to it.
    assert row["df"] == len(set(psu)) - 4 == 17


def test_degrees_of_freedom_of_linked_rounds_are_about_those_whom_the_figure_is_about() -> None:
    # The flag b is unknown in the whole first PSU, in both rounds.
    b = pa.array([None] * 8 + [i % 3 == 0 for i in range(152)])
    measure_table = [province(seed, b=b) for seed in (1, 2)]
    made = rounds(*measure_table)
    found = change(made, MEASURE, rounds="same_psu")
    assert found.row("H", change="absolute")["df"] == 15
    # Whether a flag is unknown is asked of everyone.
    assert found.row("unknown", dimension="living", indicator="b", change="absolute")["df"] == 16
    assert found.row("excluded", change="absolute")["df"] == 16


@pytest.mark.parametrize("rule", ["domain", "design", "stata", 9])
def test_degrees_of_freedom_follow_the_rule(rule: Any) -> None:
    made = rounds(province(1), province(2))
    found = change(made, MEASURE, by="region", rounds="panel", df=rule)
    assert found.row("H", region=None, change="absolute")["df"] == (9 if rule == 9 else 16)
    total = found.row("H", region=None, change="absolute", indicator=None)
    half = stats.t.ppf(0.975, total["df"]) * total["se"]
    assert total["ci_high"] - total["estimate"] == pytest.approx(half, rel=1e-9)


def test_households_that_are_their_own_psus_can_be_a_panel() -> None:
    house = [f"i{i}" for i in range(160)]
    one, other = province(1, psu=house), province(2, psu=house)
    row = change(rounds(one, other), MEASURE, rounds="panel").row("H", change="absolute")
    (_, z1), (_, z2) = (linearised(table, "H", None) for table in (one, other))
    stratum, psu = rows_of(one)["stratum"], rows_of(one)["psu"]
    assert row["se"] == pytest.approx(math.sqrt(cluster_variance(z2 - z1, stratum, psu)), rel=RTOL)
    assert row["df"] == 156


# Replicates and censuses.


def replicated(*seeds: int, number: int = 8, **options: Any) -> list[DeprivationProfile]:
    factors = np.random.default_rng(9).integers(0, 3, (20, number))
    columns = {f"r{i}": factors[np.arange(160) // 8, i].astype(float) for i in range(number)}
    how: dict[str, Any] = {
        "stratum": None,
        "psu": None,
        "replicates": list(columns),
        "replicates_are": "factors",
        "replication": replication("bootstrap", number),
        **options,
    }
    return rounds(*[province(seed, **columns) for seed in seeds], **how)


def test_linked_replicates_give_the_spread_of_the_changes_themselves() -> None:
    one, other = replicated(1, 2)
    row = change([one, other], MEASURE, rounds="same_psu").row("M0", change="absolute")
    factors = np.random.default_rng(9).integers(0, 3, (20, 8))[np.arange(160) // 8]
    values = []
    for seed in (1, 2):
        rows = rows_of(province(seed))
        w = rows["person_weight"][:, None] * factors
        values.append((w * (rows["score"] * rows["poor"])[:, None]).sum(0) / w.sum(0))
    assert row["se"] == pytest.approx(np.std(values[1] - values[0], ddof=1), rel=RTOL)
    assert row["df"] == 7
    same = change(replicated(1, 1), MEASURE, rounds="panel").row("M0", change="absolute")
    assert (same["estimate"], same["se"]) == (0, 0)


def test_independent_replicates_add_up() -> None:
    made = replicated(1, 2)
    row = change(made, MEASURE, rounds="independent").row("M0", change="absolute")
    one, other = (estimate(profile, MEASURE).row("M0") for profile in made)
    assert row["se"] == pytest.approx(math.hypot(one["se"], other["se"]), rel=RTOL)
    assert row["df"] == one["df"] + other["df"] == 14


def census_of(table: pa.Table, time: float) -> DeprivationProfile:
    return profile(table, stratum=None, psu=None, weight=None, census=True, time=time, period=f"{time:g}")


@pytest.mark.parametrize("how", ["independent", "same_psu"])
def test_a_census_adds_no_error_to_a_change(how: Any) -> None:
    sample = rounds(province(2), times=(2024.0,))[0]
    own = estimate(sample, MEASURE).row("H")
    row = change([census_of(province(1), 2018.0), sample], MEASURE, rounds=how).row("H", change="absolute")
    assert (row["se"], row["df"]) == (own["se"], own["df"])
    row = change([census_of(province(1), 2030.0), sample], MEASURE, rounds=how).row("H", change="log")
    assert row["se"] == pytest.approx(own["se"] / own["estimate"], rel=RTOL)


@pytest.mark.parametrize("how", ["independent", "same_psu"])
def test_two_censuses_have_changes_without_an_error(how: Any) -> None:
    made = [census_of(province(seed), 2010.0 + seed) for seed in (1, 2)]
    row = change(made, MEASURE, rounds=how).row("H", change="absolute")
    assert row["estimate"] is not None
    assert [row[name] for name in ("se", "ci_low", "t", "df", "p")] == [None] * 5
    assert row["note"] == "no sampling error"


# Tables.


def test_three_rounds_give_changes_in_sequence_and_in_total_in_any_order_of_the_profiles() -> None:
    made = rounds(*[province(seed) for seed in (1, 2, 3)])
    found = change(made, MEASURE, by="region", rounds="same_psu")
    shuffled = change([made[2], made[0], made[1]], MEASURE, by="region", rounds="same_psu")
    assert found.table.equals(shuffled.table)
    spans = list(dict.fromkeys((row["span"], row["from"], row["to"], row["years"]) for row in found.rows()))
    assert spans == [
        ("sequence", "2018", "2020.5", 2.5),
        ("sequence", "2020.5", "2024", 3.5),
        ("total", "2018", "2024", 6),
    ]
    steps = [row["estimate"] for row in found.only("M0", region="s", change="absolute").rows()]
    assert steps[0] + steps[1] == pytest.approx(steps[2], rel=RTOL)
    logs = [row["estimate"] for row in found.only("M0", region="s", change="log").rows()]
    assert logs[0] + logs[1] == pytest.approx(logs[2], rel=RTOL)
    two = change([made[0], made[2]], MEASURE, by="region", rounds="same_psu")
    assert {row["span"] for row in two.rows()} == {"total"}
    total = found.only("H", span="total").rows()
    assert total == two.only("H").rows()


def test_a_region_in_one_round_alone_has_no_change_and_says_so() -> None:
    later = province(2, region=["new" if i < 24 else "n" if i % 2 else "s" for i in range(160)])
    for how in ("independent", "same_psu"):
        found = change(
            rounds(province(1), later), MEASURE, by=["region", "region:zone"], rounds=how, reliability="dane"
        )  # type: ignore[arg-type]
        rows = [row for row in found.rows() if row["region"] in ("new", "w")]
        assert len(rows) > 200
        for row in rows:
            assert [row[name] for name in ("estimate", "se", "ci_low", "ci_high", "t", "p")] == [None] * 6
            assert row["note"] in ("one of the rounds has no estimate", "neither round has an estimate")
            assert row["reliability"] is None
        h = found.row("H", region="new", zone=None, change="absolute")
        assert h["before"] is None
        assert h["after"] is not None


def test_nobody_poor_in_either_round_leaves_no_intensity_to_change() -> None:
    nobody = province(a=[False] * 160, b=[False] * 160)
    found = change(rounds(nobody, nobody), MEASURE, rounds="same_psu")
    assert found.row("A", change="absolute")["note"] == "neither round has an estimate"
    h = found.row("H", change="relative")
    assert (h["before"], h["estimate"], h["note"]) == (0, None, "the first estimate is 0")
    gone = change(rounds(province(), nobody), MEASURE, rounds="same_psu").row("H", change="relative")
    assert (gone["estimate"], gone["se"], gone["note"]) == (-1, None, "the second estimate is 0")


def test_no_figure_of_a_change_is_nan() -> None:
    nobody = province(a=[False] * 160, b=[False] * 160, region=["x"] * 160)
    found = change(rounds(nobody, province(2), nobody), MEASURE, by="region", rounds="rotating").table
    floats = [name for name in found.column_names if pa.types.is_floating(found.schema.field(name).type)]
    assert len(floats) == 10
    for name in floats:
        assert np.isfinite(found[name].drop_null().to_numpy()).all(), name


def test_p_values_are_corrected_for_all_changes_of_a_kind() -> None:
    made = rounds(*[province(seed) for seed in (1, 2, 3)])
    found = change(made, MEASURE, by="region", rounds="same_psu", adjust="holm").rows()
    for kind in CHANGES:
        rows = [row for row in found if row["change"] == kind]
        p = np.array([math.nan if row["p"] is None else row["p"] for row in rows])
        expected = holm(p)
        assert np.isfinite(p).sum() > 100
        mine = [math.nan if row["p_adjusted"] is None else row["p_adjusted"] for row in rows]
        np.testing.assert_allclose(mine, expected, rtol=1e-12)
    plain = change(made, MEASURE, by="region", rounds="same_psu").rows()
    assert all(row["p"] == row["p_adjusted"] for row in at_least_one(plain))


def test_the_reliability_of_a_change_is_the_worse_of_both() -> None:
    severity = [None, "publish", "caution", "review", "suppress"]
    made = rounds(province(1), province(2))
    found = change(made, MEASURE, by="region:zone", rounds="same_psu", reliability="dane")
    pairs = [estimate(one, MEASURE, by="region:zone", reliability="dane").rows() for one in made]
    rows = [row for row in found.rows() if row["change"] == "absolute"]
    assert len(rows) == len(pairs[0]) == len(pairs[1])
    seen = set()
    for row, one, other in zip(rows, *pairs, strict=True):
        both = [severity.index(one["reliability"]), severity.index(other["reliability"])]
        assert row["reliability"] == severity[max(both)], row
        seen.add((both[0] > both[1]) - (both[0] < both[1]))
    assert seen == {-1, 0, 1}


# Breaks and harmonised rounds.


def test_breaks_of_the_series_are_noted_between_their_rounds_whoever_tells_them() -> None:
    made = rounds(*[province(seed) for seed in (1, 2, 3)])
    made[1] = replace(made[1], breaks={"2020": "new questionnaire"})
    found = change(made, MEASURE, rounds="same_psu")
    note = "break of the series at 2020: new questionnaire"
    assert [str(notice) for notice in found.notices] == [f"MPI-N012 {note}"]
    h = found.only("H", change="absolute").rows()
    assert [(row["from"], row["to"], row["note"]) for row in h] == [
        ("2018", "2020.5", note),
        ("2020.5", "2024", None),
        ("2018", "2024", note),
    ]


def test_a_break_at_a_time_that_is_no_year_is_noted_everywhere_and_beside_other_notes() -> None:
    made = rounds(province(a=[False] * 160, b=[False] * 160), province(2))
    made[1] = replace(made[1], breaks={"T3": "new frame"})
    found = change(made, MEASURE, rounds="same_psu")
    a = found.row("A", change="absolute")
    assert a["note"] == "one of the rounds has no estimate; break of the series at T3: new frame"


def test_rounds_by_other_rules_are_refused_unless_declared_harmonised() -> None:
    one, other = rounds(province(1), province(2))
    own = measure_rules(MEASURE) | {f"variable {name}": "column" for name in variables_of(MEASURE)}
    one = replace(one, rules=own | {"deprived a": "abc", "derived b": "old"}, survey="ecv")
    other = replace(other, rules=own, survey="ecv")
    rules = "rounds were not measured by the rules of test: ecv 2018 (`deprived:` of a)"
    assert refused([one, other], rounds="same_psu") == (
        f"MPI-E014 {rules}\n"
        "  make the profiles with one measure, or declare them harmonised if their rules mean the same"
    )
    found = change([one, other], MEASURE, rounds="same_psu", harmonised=True)
    assert [str(notice) for notice in found.notices] == [f"MPI-N011 {rules}; declared harmonised"]
    plain = change(rounds(province(1), province(2)), MEASURE, rounds="same_psu")
    assert found.table.equals(plain.table)


# Refusals.


def refused(profiles: Sequence[DeprivationProfile], **options: Any) -> str:
    with pytest.raises((UsageError, DataError)) as caught:
        change(profiles, MEASURE, **options)
    return str(caught.value)


def test_one_round_or_none_is_no_change() -> None:
    for number in (0, 1):
        text = refused(rounds(province())[:number], rounds="independent")
        assert text == "MPI-E012 a change needs two rounds or more\n  give their profiles"


@pytest.mark.parametrize(("period", "time"), [("2018 T3", None), ("", None), ("2010/12", None), ("2018", math.nan)])
def test_without_a_year_changes_are_in_the_order_given_and_none_is_per_year(period: str, time: float | None) -> None:
    one, other = rounds(province(1), province(2))
    dated = change([other, one], MEASURE, rounds="independent", by="region")  # by time: one, then other
    one = replace(one, period=period, time=time, survey="ecv")
    for order, sign in (([one, other], 1), ([other, one], -1)):
        found = change(order, MEASURE, rounds="independent", by="region")
        for row, known in zip(found.rows(), dated.rows(), strict=True):
            assert row["years"] is None
            if row["change"].endswith("per_year"):
                assert [row[name] for name in ("estimate", "se", "ci_low", "p")] == [None] * 4
                assert row["note"] == "the years between the rounds are not known" or known["estimate"] is None
            elif row["change"] == "absolute" and known["estimate"] is not None:
                assert row["estimate"] == pytest.approx(sign * known["estimate"], rel=RTOL)
                assert (row["se"], row["df"]) == (pytest.approx(known["se"], rel=RTOL), known["df"])
        assert [str(notice) for notice in found.notices if notice.code == "MPI-N121"] == [
            f"MPI-N121 the time of {f'ecv {period}'.strip()} is not known: rounds in the order given, "
            "no changes per year"
        ]
    assert not [notice for notice in dated.notices if notice.code == "MPI-N121"]
    same = change([one, replace(one, survey="ecv 2")], MEASURE, rounds="independent").row(
        "H", change="relative_per_year"
    )
    assert same["estimate"] is None
    assert refused([one, one], rounds="independent").startswith("MPI-E012 two rounds have the same time: ")


def test_rounds_of_one_time_are_refused() -> None:
    one, other, third = rounds(province(1), province(2), province(3), times=(2018.0, 2018.0, 2020.0), survey="ecv")
    assert refused([one, other, third], rounds="independent") == (
        "MPI-E012 two rounds have the same time: ecv 2018, ecv 2018\n  give different rounds, or their `time:`"
    )


@pytest.mark.parametrize(
    ("period", "year"),
    [("2018", 2018.0), ("2010/11", 2010.5), ("2010/2011", 2010.5), ("1999/00", 1999.5), ("1999/2000", 1999.5),
     ("2018 T3", None), ("2010/12", None), ("2010/2111", None), ("2010-11", None), ("18", None), ("", None)],
)  # fmt: skip
def test_the_year_of_a_period(period: str, year: float | None) -> None:
    assert decimal_year(period) == year


def test_the_relation_of_the_rounds_is_never_guessed() -> None:
    made = rounds(province(1), province(2))
    remedy = "\n  write `rounds:` in their designs, or give it here: independent, same_psu, rotating, panel"
    assert refused(made) == "MPI-E013 the surveys do not say how the samples of their rounds relate" + remedy
    mixed = [*rounds(province(1), rounds="panel"), made[1]]
    assert (
        refused(mixed)
        == "MPI-E013 the surveys declare different relations between their rounds: nothing, panel" + remedy
    )
    assert refused(made, rounds="same") == (
        "MPI-E013 rounds are not 'same'\n  write independent, same_psu, rotating, panel"
    )
    said = rounds(province(1), province(2), rounds="same_psu")
    assert change(said, MEASURE).table.equals(change(made, MEASURE, rounds="same_psu").table)


def test_an_unknown_correction_is_refused() -> None:
    text = refused(rounds(province(1), province(2)), rounds="same_psu", adjust="bonferroni")
    assert text == "MPI-E011 there is no correction of p-values 'bonferroni'\n  write none, holm, bh"


REMEDY = "leave that out of both designs, or declare the rounds independent if they are"
F = [0.25] * 160
UNLINKED: Mapping[str, tuple[Mapping[str, Any], str, str]] = {
    "no PSUs": ({"psu": None}, "a profile keeps no PSUs",
                "declare `psu:` (the household's key for a panel of households)"),
    "second stage": ({"fpc": ("fraction", "f"), "ssu": "house", "ssu_fpc": ("fraction", "f")},
                     "a design corrects for a second stage", REMEDY),
    "calibrated": ({"calibration": ["f"], "design_weight": "w"}, "weights are calibrated", REMEDY),
}  # fmt: skip


@pytest.mark.parametrize("case", UNLINKED)
def test_designs_whose_covariance_is_not_known_are_refused(case: str) -> None:
    options, reason, remedy = UNLINKED[case]
    made = rounds(*[province(seed, f=F, house=list(range(160))) for seed in (1, 2)], **options)
    assert (
        refused(made, rounds="same_psu") == f"MPI-D070 the covariance of the rounds is not known: {reason}\n  {remedy}"
    )
    assert change(made, MEASURE, rounds="independent").row("H", change="absolute")["se"] > 0


def test_replicates_in_one_round_only_or_of_two_kinds_are_refused() -> None:
    one, other = replicated(1, 2)
    plain = rounds(province(1), province(2))
    assert refused([plain[0], other], rounds="same_psu") == (
        "MPI-D070 the covariance of the rounds is not known: one of them has replicate weights and the other has not\n"
        f"  {REMEDY}"
    )
    start = "MPI-D070 the covariance of the rounds is not known: their replicates do not go together "
    assert refused([one, replicated(1, 2, number=6)[1]], rounds="panel") == (
        start + "(8 and 6 of them)\n  declare the rounds independent if their samples are"
    )
    centred = replicated(1, 2, replication=replication("bootstrap", 8, mse=True))[1]
    assert refused([one, centred], rounds="panel").startswith(start + "(their `scale`, `rscales` or `mse` differ)\n")


def test_linked_designs_that_differ_are_refused() -> None:
    one, other = rounds(province(1), province(2))[0], rounds(province(1), province(2), single_psu="scaled")[1]
    assert refused([one, other], rounds="same_psu") == (
        "MPI-D070 the covariance of the rounds is not known: their designs differ (PSUs, weights, single_psu: fail / "
        "PSUs, weights, single_psu: scaled)\n  describe both rounds alike, or declare them independent if they are"
    )


def test_an_unknown_domain_of_a_round_is_refused() -> None:
    one, other = rounds(province(1), province(2))
    text = refused([one, other.keep_domains(["region"])], by="zone", rounds="same_psu")
    assert text == "MPI-E002 the profile has no domain 'zone'\n  the profile has region"
