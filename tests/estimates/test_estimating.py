"""Estimates: every figure against the exact twin, and what is said where something is undefined or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.columns.values import Text
from mpi.errors import DataError, UsageError
from mpi.estimates import COLUMNS, STATISTICS, Estimates
from mpi.estimates import rows as rows_module
from mpi.pipeline.estimating import estimate
from mpi.profile import Declared, DeprivationProfile, Units, build, levels
from mpi.specs.measure import Cutoff, Measure
from tests.support import naive
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.strategies import (
    MONITOR,
    cutoffs,
    equal_measure,
    frame_of,
    households,
    measure_of,
    measures,
    profile_of,
)

RTOL_SUM = 1e-12  # sums of up to a thousand floats, in another order
# Sums of products lose about 1e-16 of the squares that they subtract, and what is below 1e-12 of these counts as 0.
RTOL_VARIANCE, ATOL_VARIANCE = 1e-9, 1e-12


def key_of(row: Mapping[str, Any]) -> naive.Key:
    return row["k"], row["statistic"], row["dimension"], row["indicator"]


def by_domain(estimates: Estimates) -> dict[tuple[tuple[str, str], ...], dict[naive.Key, dict[str, Any]]]:
    """Rows by their domain, then by statistic."""
    found: dict[tuple[tuple[str, str], ...], dict[naive.Key, dict[str, Any]]] = {}
    for row in estimates.rows():
        where = tuple((name, row[name]) for name in estimates.domains if row[name] is not None)
        own = found.setdefault(where, {})
        assert key_of(row) not in own, "a row stands twice"
        own[key_of(row)] = row
    return found


def assert_like_the_twin(rows: Mapping[naive.Key, Mapping[str, Any]], twin: Mapping[naive.Key, naive.Figure]) -> None:
    assert rows.keys() == twin.keys()
    for key, exact in twin.items():
        row = rows[key]
        assert (row["n"], row["n_poor"]) == (exact.n, exact.n_poor), key
        assert row["df"] == exact.df, key
        assert row["population"] == pytest.approx(float(exact.population), rel=RTOL_SUM), key
        if exact.estimate is None or exact.variance is None:
            assert row["estimate"] is row["se"] is None, key
            assert row["note"], key
            continue
        assert row["estimate"] == pytest.approx(float(exact.estimate), rel=RTOL_SUM, abs=0), key
        if exact.df <= 0:
            figures = ("se", "ci_low", "ci_high", "cv", "log_cv", "deff", "n_eff")
            assert [row[name] for name in figures] == [None] * len(figures), key
            assert row["note"].endswith("variance has no estimate"), key
            continue
        if row["se"] == 0:
            assert row["cv"] is row["log_cv"] is row["deff"] is row["n_eff"] is None, key
            assert row["note"], key
        noise = ATOL_VARIANCE * max(1.0, float(exact.estimate)) ** 2
        assert row["se"] ** 2 == pytest.approx(float(exact.variance), rel=RTOL_VARIANCE, abs=noise), key


@pytest.mark.slow
@settings(max_examples=120)
@given(st.data(), st.sampled_from(["persons", "households"]), st.booleans(), st.booleans())
def test_every_figure_is_that_of_the_exact_twin(
    data: st.DataObject, unit: Any, clustered: bool, many_cells: bool
) -> None:
    measure = data.draw(measures(most=4))
    rows = data.draw(households(measure))
    chosen = data.draw(cutoffs([naive.score(measure, h.flags) or naive.ZERO for h in rows]))[:2]
    profile = profile_of(measure, rows, clustered=clustered)
    with patch.object(rows_module, "FEW", -1 if many_cells else rows_module.FEW):
        found = by_domain(estimate(profile, measure, k=chosen, by=["region", "region:zone"], unit=unit))
    domains = {(), *((("region", h.groups["region"]),) for h in rows)}
    domains |= {tuple(sorted(h.groups.items())) for h in rows}
    assert found.keys() == domains
    for where in data.draw(st.lists(st.sampled_from(sorted(domains)), min_size=1, max_size=3, unique=True)):
        assert_like_the_twin(found[where], naive.figures(measure, chosen, rows, dict(where), unit, clustered=clustered))


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_a_censored_headcount_is_no_more_than_the_headcount_and_the_uncensored_one(data: st.DataObject) -> None:
    measure = data.draw(measures(most=4))
    rows = data.draw(households(measure))
    for own in at_least_one(by_domain(estimate(profile_of(measure, rows), measure, by="region")).values()):
        for (k, statistic, dimension, indicator), found in at_least_one(own.items()):
            if statistic == "censored_headcount" and found["estimate"] is not None:
                headcount = own[k, "H", None, None]["estimate"]
                assert found["estimate"] <= headcount * (1 + RTOL_SUM), (k, dimension, indicator)
                whole = own[None, "uncensored_headcount", dimension, indicator]["estimate"]
                assert whole is None or found["estimate"] <= whole * (1 + RTOL_SUM), (k, dimension, indicator)


def test_under_reweight_a_censored_headcount_is_a_share_of_all_who_are_counted() -> None:
    measure = replace(TWO_OF_ONE, missing="reweight")
    rows = [row(True, None, "1"), row(None, True, "2"), row(False, False, "3"), row(False, None, "4")]
    found = estimate(profile_of(measure, rows), measure)
    assert found.value("H") == 0.5
    # Two of four are known in the second, one of them deprived and poor: 1/2 of those, 1/4 of all.
    assert found.value("uncensored_headcount", indicator="b") == 0.5
    assert [found.value("censored_headcount", indicator=name) for name in "ab"] == [0.25, 0.25]
    assert found.row("censored_headcount", indicator="b")["n"] == 8


@settings(max_examples=5)
@given(st.data())
def test_64_indicators_are_those_of_the_exact_twin(data: st.DataObject) -> None:
    measure = data.draw(measures(most=64).filter(lambda m: len(m.indicators) > 48))
    rows = data.draw(households(measure, most=8))
    profile = profile_of(measure, rows)
    found = by_domain(estimate(profile, measure))
    assert_like_the_twin(found[()], naive.figures(measure, measure.cutoffs, rows, {}, "persons", clustered=True))


# Undefined figures: null with a reason, never NaN


TWO_OF_ONE = measure_of({"x": {"a": Fraction(1, 2), "b": Fraction(1, 2)}}, [Cutoff(Fraction(1, 2), name="poor")])
TWO = measure_of({"x": {"a": Fraction(1, 2)}, "y": {"b": Fraction(1, 2)}}, [Cutoff(Fraction(1, 2), name="poor")])


def row(a: bool | None, b: bool | None, psu: str, stratum: str = "1", *, weight: str = "1", **groups: str) -> Household:
    return Household((a, b), Fraction(weight), 2, stratum, psu, groups or {"region": "n"})


SAMPLE = [
    row(True, False, "1", region="n"), row(False, False, "2", region="n"), row(True, True, "3", region="n"),
    row(False, False, "1", "2", region="s"), row(False, False, "2", "2", region="s"),
    row(True, False, "3", "2", region="w"),
    row(None, False, "4", "2", region="u"), row(None, True, "4", "2", region="u"),
]  # fmt: skip


def test_nothing_in_a_table_is_nan() -> None:
    table = estimate(profile_of(TWO, SAMPLE), TWO, by="region", k=["1/2", "1"]).table
    floats = [name for name in table.column_names if pa.types.is_floating(table.schema.field(name).type)]
    assert len(floats) == 9
    for name in floats:
        assert not np.isnan(table.column(name).drop_null().to_numpy()).any(), name


def test_a_psu_of_which_only_further_members_of_households_are_in_the_domain_is_present() -> None:
    """Men are the first of their households, which are counted with them; women are in as many PSUs."""
    psu, sex = np.repeat(np.arange(4), 2), Text(np.array([0, 1] * 4), ("man", "woman"))
    first = 1 - sex.codes
    units = Units(
        domains=(("sex", "person", sex),),
        stratum=None,
        psu=Text(psu, tuple("abcd")),
        pattern=np.arange(8, dtype=np.uint64) % 3 % 2,
        unknown=np.zeros(8, np.uint64),
        persons=np.ones(8, np.int64),
        households=first,
        person_weight=np.ones(8),
        household_weight=1.0 * first,
    )
    measure = equal_measure(1, k="1")
    profile = build(units, measure, "f", survey="s", period="", declared=Declared(single_psu="fail"))
    rows = estimate(profile, measure, by="sex").only("H").rows()
    assert [(row["sex"], row["n"], row["psus"], row["df"]) for row in rows] == [
        (None, 8, 4, 3),
        ("man", 4, 4, 3),
        ("woman", 4, 4, 3),
    ]


def test_what_is_missing_has_a_reason() -> None:
    for k in ("1/2", "1"):
        for found in at_least_one(estimate(profile_of(TWO, SAMPLE), TWO, by="region", k=k).rows()):
            reliable = found["ci_low"] is not None and found["se"] > 0
            assert (found["note"] is None) == reliable, found


def test_with_nobody_poor_H_and_M0_are_0_and_what_is_relative_to_the_poor_is_null() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region")
    south = {"region": "s"}
    assert (found.value("H", **south), found.value("M0", **south)) == (0, 0)
    for statistic in ("A", "percentage_contribution"):
        own = found.row(statistic, dimension="x" if statistic != "A" else None, **south)
        assert (own["estimate"], own["se"], own["cv"], own["note"]) == (None, None, None, "nobody is poor")
    h = found.row("H", **south)
    said = "0 or 1 in the whole sample: its standard error of 0 is no precision"
    assert (h["se"], h["ci_low"], h["cv"], h["deff"], h["note"]) == (0, 0, None, None, said)
    assert 0 < h["ci_high"] < 1  # Korn-Graubard
    assert found.row("M0", **south)["note"] == "no interval at 0 or 1"
    assert found.row("poor", **south)["note"] == "the standard error is 0 by arithmetic, which is no precision"


def test_a_level_without_an_included_unit_has_rows_with_n_0_and_the_reason() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region")
    for statistic in ("H", "A", "M0", "poor", "poor_share", "M0_share", "population_share"):
        own = found.row(statistic, region="u")
        assert (own["n"], own["psus"], own["population"]) == (0, 0, 0), statistic
        assert (own["estimate"], own["se"], own["note"]) == (None, None, "unknown for every unit"), statistic
    excluded = found.row("excluded", region="u")
    assert (excluded["estimate"], excluded["n"], excluded["psus"], excluded["population"]) == (1, 4, 1, 4)


def test_a_level_that_nobody_is_left_in_has_rows_with_n_0() -> None:
    profile = profile_of(TWO, SAMPLE).filter(region="n")
    found = estimate(profile, TWO, by="region")
    for statistic in ("H", "excluded", "population_share", "M0_share", "poor"):
        own = found.row(statistic, region="s")
        assert (own["estimate"], own["n"], own["note"]) == (None, 0, "no unit"), statistic


def test_a_profile_with_nobody_left_gives_nulls() -> None:
    rows = [replace(h, groups={"region": h.groups["region"], "zone": "u" if h.psu == "1" else "v"}) for h in SAMPLE]
    for clustered in (True, False):
        profile = profile_of(TWO, rows, clustered=clustered).filter(region="w", zone="u")
        assert not len(profile.cells)
        found = estimate(profile, TWO, by=["region", "region:zone"])
        assert {own["note"] for own in found.rows()} == {"no unit"}
        assert len(found) == 5 * len(found.only("H", region=None)) * len(set(map(key_of, found.rows())))


ONE_PSU = "one PSU: its variance has no estimate"
OF_ERRORS = ("se", "ci_low", "ci_high", "cv", "log_cv", "deff", "n_eff")


@pytest.mark.parametrize("df", ["domain", "design", "stata", 30])
def test_a_domain_in_one_psu_has_no_error_whatever_degrees_of_freedom_are_asked_for(df: Any) -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region", df=df, reliability="dane")
    checked = 0
    for own in found.rows():
        # Inside one PSU the linearised values add up to 0, whatever they are: that is no estimate of a variance.
        if own["region"] == "w" and own["estimate"] is not None and not own["statistic"].endswith("share"):
            assert [own[name] for name in OF_ERRORS] == [None] * len(OF_ERRORS), own
            assert own["note"].startswith(ONE_PSU), own
            assert own["reliability"] == (None if own["statistic"] in ("unknown", "excluded") else "review"), own
            checked += 1
    assert checked > 10
    h = found.row("H", region="w")
    assert (h["df"], h["psus"]) == ({"domain": 0, "design": 5, "stata": 3, 30: 30}[df], 1)


def test_a_share_of_a_domain_in_one_psu_has_the_error_of_the_full_design() -> None:
    share = estimate(profile_of(TWO, SAMPLE), TWO, by="region").row("population_share", region="w")
    assert share["se"] > 0
    assert share["df"] == 4  # of the full design, which the share is over; u has no included member
    mixed = [*SAMPLE, row(False, False, "3", "2", region="w")]
    h = estimate(profile_of(TWO, mixed), TWO, by="region").row("H", region="w")
    assert h["estimate"] == 0.5
    assert (h["se"], h["ci_low"], h["note"]) == (None, None, ONE_PSU)


def test_one_household_that_is_its_own_psu_and_psus_as_many_as_strata_have_no_error() -> None:
    rows = [replace(h, groups={"region": f"r{i}"}) for i, h in enumerate(SAMPLE)]
    h = estimate(profile_of(TWO, rows, clustered=False), TWO, by="region").row("H", region="r0")
    assert (h["se"], h["df"], h["note"]) == (None, 0, "one household: its variance has no estimate")
    rows = [replace(h, groups={"region": "one" if i in (0, 3) else "rest"}) for i, h in enumerate(SAMPLE)]
    h = estimate(profile_of(TWO, rows), TWO, by="region").row("H", region="one")
    assert (h["estimate"], h["psus"], h["df"]) == (0.5, 2, 0)
    assert (h["se"], h["note"]) == (None, "no degrees of freedom: the variance has no estimate")


def test_poor_who_share_one_score_have_an_intensity_with_an_error_of_0_and_no_cv() -> None:
    rows = [row(i % 2 == 0, False, str(psu), region="n") for psu in range(12) for i in range(4)]
    found = estimate(profile_of(TWO, rows), TWO, by="region", reliability="dane")
    for region in (None, "n"):
        a = found.row("A", region=region)
        assert (a["estimate"], a["se"], a["df"], a["cv"], a["deff"], a["ci_low"]) == (0.5, 0, 11, None, None, None)
        assert a["note"].startswith("the standard error is 0 by arithmetic, which is no precision; dane: ")
        assert a["reliability"] == "review"


def census(rows: Sequence[Household]) -> DeprivationProfile:
    n = len(rows)
    pattern = np.array([sum(1 << j for j, flag in enumerate(h.flags) if flag) for h in rows], np.uint64)
    unknown = np.array([sum(1 << j for j, flag in enumerate(h.flags) if flag is None) for h in rows], np.uint64)
    region = Text(np.array(["nswu".index(h.groups["region"]) for h in rows]), tuple("nswu"))
    ones = np.ones(n, np.int64)
    units = Units(
        domains=(("region", "household", region),),
        stratum=region,
        psu=region,
        pattern=pattern,
        unknown=unknown,
        persons=ones,
        households=ones,
        person_weight=np.ones(n),
        household_weight=np.ones(n),
    )
    return build(units, TWO, "f", survey="census", period="", declared=Declared(census=True))


def test_a_census_has_no_sampling_error_and_says_so() -> None:
    found = estimate(census(SAMPLE), TWO, by="region")
    for own in found.rows():
        assert own["se"] is own["ci_low"] is own["ci_high"] is own["cv"] is own["df"] is own["psus"] is own["deff"]
        assert own["se"] is None
    assert {own["note"] for own in found.rows() if own["estimate"] is not None} == {"census: no sampling error"}
    assert found.row("A", region="s")["note"] == "nobody is poor"
    assert found.row("H")["estimate"] == pytest.approx(3 / 6)


def test_every_stratum_with_one_psu_leaves_no_error_when_scaled() -> None:
    rows = [row(True, False, "1", "1"), row(False, False, "1", "2")]
    profile = DeprivationProfile.from_flags(
        frame_of(TWO, rows), TWO, weight="w", stratum="stratum", psu="psu", single_psu="scaled"
    )
    h = estimate(profile, TWO).row("H")
    assert (h["estimate"], h["se"], h["note"]) == (0.5, None, "no degrees of freedom: the variance has no estimate")


# Cutoffs


@pytest.mark.parametrize("k", ["1/3", Fraction(1, 3), Cutoff(Fraction(1, 3)), ["1/3"], (Fraction(1, 3),)])
def test_a_cutoff_is_a_text_a_fraction_or_several(k: Any) -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, k=k)
    assert {own["k"] for own in found.rows()} == {"1/3", None}


def test_a_cutoff_may_be_named_and_several_are_kept_apart_each_once() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, k=["poor", ">1/2", "0.5", "100%"])
    assert list(dict.fromkeys(own["k"] for own in found.rows() if own["k"])) == ["1/2", ">1/2", "1"]
    assert found.value("H", k=">1/2") == found.value("H", k="1") == pytest.approx(1 / 6)


def test_without_k_the_measures_cutoffs_are_taken() -> None:
    measure = replace(TWO, cutoffs=(Cutoff(Fraction(1, 2), name="poor"), Cutoff(Fraction(1), name="both")))
    assert {own["k"] for own in estimate(profile_of(TWO, SAMPLE), measure).rows()} == {"1/2", "1", None}


# What is refused, with the whole message


def refused(**arguments: Any) -> str:
    with pytest.raises(UsageError) as caught:
        estimate(arguments.pop("profile", profile_of(TWO, SAMPLE)), arguments.pop("measure", TWO), **arguments)
    return str(caught.value)


@pytest.mark.parametrize("k", [1 / 3, [1 / 3], 1, ["1/2", 0.5]])
def test_a_cutoff_that_is_no_text_is_refused(k: Any) -> None:
    shown, kind = {float: (0.5 if isinstance(k, list) and len(k) > 1 else 1 / 3, "float"), int: (1, "int")}[
        int if k == 1 else float
    ]
    assert refused(k=k) == (
        f"MPI-E001 k={shown!r} is a {kind}; write it as a text such as '1/3', so that it is exact\n"
        "  write 1/3, 0.25 or 33%, or name a cutoff of the measure: poor"
    )


def test_no_cutoff_at_all_is_refused() -> None:
    assert refused(k=[]) == "MPI-E001 k has no cutoff\n  leave it out for those of the measure"


def test_an_unknown_cutoff_is_refused() -> None:
    assert refused(k="severe").startswith("MPI-E001 k: 'severe' is not a number such as 1/3, 0.05 or 33%\n")
    assert refused(k="50").startswith("MPI-E001 k: 50 is outside (0, 1]; for a percentage write 50%\n")


def test_an_unknown_domain_is_refused() -> None:
    assert refused(by="regoin") == "MPI-E002 the profile has no domain 'regoin'\n  did you mean 'region'?"
    assert refused(by="x") == "MPI-E002 the profile has no domain 'x'\n  the profile has region"
    bare = DeprivationProfile.from_flags(frame_of(TWO, SAMPLE), TWO, weight="w")
    assert (
        refused(profile=bare, by="x")
        == "MPI-E002 the profile has no domain 'x'\n  make the profile with the domain 'x'"
    )


def test_a_domain_crossed_with_itself_is_refused() -> None:
    assert refused(by=["region:region"]) == "MPI-E002 a domain is repeated in region:region\n  write region"


def test_a_domain_named_like_a_column_of_the_result_is_refused() -> None:
    rows = [replace(h, groups={"k": "1"}) for h in SAMPLE]
    assert refused(profile=profile_of(TWO, rows), by="k") == (
        "MPI-E002 no figures by 'k': the results have a column of that name\n  give the domain another name"
    )


def test_an_unknown_code_is_refused() -> None:
    for times, told in ((12, "n, s, u, w"), (1, "4 too rare to name")):
        with pytest.raises(UsageError) as caught:
            profile_of(TWO, SAMPLE * times).filter(region=["n", "north"])
        assert str(caught.value) == f"MPI-E003 the domain 'region' has no code 'north'\n  there are {told}"


def test_another_measures_indicators_are_refused() -> None:
    remedy = "\n  make the profile again with this measure (`mpi profile`), or take the measure that it was made with"
    assert refused(measure=equal_measure(3)) == (
        "MPI-E005 test has indicators that the profile does not contain: c" + remedy
    )
    person = replace(TWO, identification="person")
    assert refused(measure=person) == "MPI-E005 the profile identifies households, test persons" + remedy


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_outside_0_and_1_is_refused(level: float) -> None:
    assert (
        refused(level=level) == f"MPI-E006 the confidence level {level} is not between 0 and 1\n  write 0.95 for 95 %"
    )


def test_an_unknown_unit_is_refused() -> None:
    assert refused(unit="person") == "MPI-E007 the unit 'person' is not known\n  count persons or households"


def test_households_cannot_be_counted_by_what_differs_inside_them() -> None:
    profile = profile_of(TWO, SAMPLE)
    domain = replace(profile.domains[0], level="person")
    assert refused(profile=replace(profile, domains=(domain,)), by="region", unit="households") == (
        "MPI-E007 'region' differs between the members of a household, so households cannot be counted by it\n"
        "  use unit=persons"
    )
    person = replace(TWO, identification="person")
    assert refused(profile=profile_of(person, SAMPLE), measure=person, unit="households") == (
        "MPI-E007 test identifies persons, so households cannot be counted\n  use unit=persons"
    )


def test_unknown_degrees_of_freedom_are_refused() -> None:
    assert refused(df="korn") == (
        "MPI-E008 there are no degrees of freedom 'korn'\n  write domain, design, stata or a whole number from 1"
    )


def test_strata_with_one_psu_are_refused_with_their_names_and_weight() -> None:
    rows = [row(True, False, "1", f"{h:02}") for h in range(1, 8)] + [row(False, False, p, "08") for p in "12"]
    rows *= 10
    profile = DeprivationProfile.from_flags(frame_of(TWO, rows), TWO, weight="w", stratum="stratum", psu="psu")
    with pytest.raises(DataError) as caught:
        estimate(profile, TWO)
    assert str(caught.value) == (
        "MPI-D039 7 of 8 strata have one PSU (01, 02, 03, 04, 05, 2 more), with 70 households and 77.8% of the "
        "weight: variance has no estimate there\n"
        "  set `single_psu:` in the survey's design to collapse, centered, certainty or scaled"
    )


def test_a_single_household_without_design_is_refused() -> None:
    with pytest.raises(DataError, match=r"1 of 1 stratum has one PSU \(the only one\), with 1 household and 100.0%"):
        estimate(DeprivationProfile.from_flags(frame_of(TWO, SAMPLE[:1]), TWO, weight="w"), TWO)


# Notices


def test_a_reader_is_told_when_many_are_left_out() -> None:
    notices = estimate(profile_of(TWO, SAMPLE), TWO, unit="households").notices
    assert [str(notice) for notice in notices] == [
        "MPI-N006 25.0% of the households (weighted) are left out: an indicator is unknown for them"
    ]
    assert not estimate(profile_of(TWO, SAMPLE[:6]), TWO).notices


def test_figures_of_nobody_are_refused() -> None:
    nobody = [Household((None, True), psu=p, stratum="1") for p in "12"]
    with pytest.raises(DataError) as refusal:
        estimate(profile_of(TWO, nobody), TWO)
    assert str(refusal.value) == (
        "MPI-D041 test.yaml: all persons are left out: a is unknown for each of them\n"
        "  look at the variables that its rule reads: what the survey maps to them is unknown in all rows; or write "
        "`weight: monitor` for it, and give its weight to others"
    )


def test_where_no_indicator_is_unknown_for_all_the_ones_that_leave_all_out_are_named() -> None:
    half = [Household(flags, psu=p, stratum="1") for p in "12" for flags in ((None, True), (True, None), (None, False))]
    with pytest.raises(DataError) as refusal:
        estimate(profile_of(TWO, half), TWO)
    assert str(refusal.value) == (
        "MPI-D041 test.yaml: all persons are left out: for each of them some indicator is unknown (a for 66.7%, "
        "b for 33.3%)\n  look at the variables that they read, or write `missing: reweight` in the measure"
    )


def test_a_simple_cutoff_just_above_a_decimal_score_was_not_rounded() -> None:
    measure = mpi.load_measure("colombia_ipm")
    survey = mpi.load_survey("colombia_demo_2025")
    data = Path(__file__).parent.parent.parent / "sample_data"
    profile = mpi.deprivation_profile(survey, measure, data, domains=[])
    assert not estimate(profile, measure).notices  # 1/3 stands just above 33/100, on purpose


def test_codes_stand_in_the_order_of_their_numbers() -> None:
    labels = ("60+", "18-28", "6-17", "0-5", "(missing)", "b", "05")
    text = Text(np.arange(7), labels)
    assert levels(text)[0] == ("0-5", "05", "6-17", "18-28", "60+", "b", "(missing)")


def test_a_cutoff_that_is_as_simple_as_the_score_below_it_is_not_called_rounded() -> None:
    measure = measure_of({"x": {"a": Fraction(33, 101)}, "y": {"b": Fraction(68, 101)}}, [Cutoff(Fraction(1, 2))])
    profile = profile_of(measure, SAMPLE)
    told = {
        k: [notice for notice in estimate(profile, measure, k=k).notices if notice.code == "MPI-N007"]
        for k in ("34/101", "66/202", "67/202")
    }
    assert {k: len(notices) for k, notices in told.items()} == {"34/101": 0, "66/202": 0, "67/202": 1}


def test_a_reader_is_told_of_scores_just_below_a_rounded_cutoff() -> None:
    measure = equal_measure(3, k="0.334")
    rows = [Household((a, False, False), psu=p, stratum="1", members=2) for a in (True, False) for p in "12"]
    notices = estimate(profile_of(measure, rows), measure).notices
    assert [str(notice) for notice in notices] == [
        "MPI-N007 k=167/500 is just above the score 1/3: 4 persons with that score are not poor"
    ]
    for k in ("1/3", ">1/3", "0.33", "0.4", "1/100"):
        assert not estimate(profile_of(measure, rows), measure, k=k).notices


def test_a_profiles_notices_come_along() -> None:
    from mpi.errors import Notice

    profile = replace(profile_of(TWO, SAMPLE[:6]), notices=(Notice("MPI-N003", "1 household has weight 0"),))
    assert [notice.code for notice in estimate(profile, TWO).notices] == ["MPI-N003"]


# Statistics


def test_a_monitored_indicator_is_reported_and_does_not_count() -> None:
    measure = measure_of({"x": {"a": Fraction(1), "b": MONITOR}}, [Cutoff(Fraction(1))])
    found = estimate(profile_of(measure, SAMPLE), measure)
    assert found.value("uncensored_headcount", indicator="b") == pytest.approx(1 / 6)
    assert not len(found.only("absolute_contribution", indicator="b"))


def test_n_of_a_headcount_is_the_units_whose_flag_is_known() -> None:
    measure = replace(TWO, missing="reweight")
    rows = [Household(flags, psu=p, stratum="1") for p in "123" for flags in [(True, False), (None, True)]]
    half = measure_of({"x": {"a": Fraction(1, 2), "b": Fraction(1, 2)}}, TWO.cutoffs, missing="reweight")
    found = estimate(profile_of(half, rows), half)
    assert measure.missing == half.missing
    assert found.row("uncensored_headcount", indicator="a")["n"] == 3
    assert found.row("uncensored_headcount", indicator="b")["n"] == found.row("H")["n"] == 6


@pytest.mark.parametrize(("rule", "df"), [("domain", 1), ("design", 5), ("stata", 2), (30, 30)])
def test_degrees_of_freedom_follow_the_rule(rule: Any, df: int) -> None:
    rows = [*SAMPLE[:2], replace(SAMPLE[2], groups={"region": "s"}), *SAMPLE[3:]]
    found = estimate(profile_of(TWO, rows), TWO, by="region", df=rule)
    assert found.row("H", region="n")["df"] == df


def test_a_design_effect_by_hand() -> None:
    rows = [
        row(a, False, p, weight="10")
        for a, p in [(True, "1"), (True, "1"), (False, "2"), (False, "2"), (True, "3"), (False, "3")]
    ]
    h = estimate(profile_of(TWO, rows), TWO, unit="households").row("H")
    # PSU totals of z = 10 (y - 1/2) / 60: 1/6, -1/6, 0, so V = 3/2 * 2/36 = 1/12; s^2 = 6/5 * 1/4 = 0.3, and a simple
    # random sample of 6 in 60 has 0.3 / 6 * 54/60 = 0.045.
    assert h["se"] ** 2 == pytest.approx(1 / 12, rel=RTOL_SUM)
    assert h["deff"] == pytest.approx(1 / 12 / 0.045, rel=RTOL_SUM)


def test_a_design_effect_needs_a_spread_and_expansion_factors() -> None:
    everybody = [row(True, True, p, weight="10") for p in "112233"]
    assert estimate(profile_of(TWO, everybody), TWO).row("H")["deff"] is None
    rescaled = [row(a, False, p, weight="0.1") for a, p in [(True, "1"), (False, "2"), (True, "3")]]
    found = estimate(profile_of(TWO, rescaled), TWO).row("H")
    assert found["se"] > 0
    assert found["deff"] is None


# The table


def test_the_columns_are_those_of_the_design() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region")
    assert found.table.column_names == [*COLUMNS[:8], "region", *COLUMNS[8:]]
    assert set(found.table.column("statistic").to_pylist()) == set(STATISTICS)
    assert pa.table(found).equals(found.table)  # speaks Arrow
    assert len(found.to_pandas()) == len(found)


def test_a_crossing_is_estimated_once_whatever_the_order_of_its_names() -> None:
    rows = [replace(h, groups={"region": h.groups["region"], "zone": "v"}) for h in SAMPLE]
    once = estimate(profile_of(TWO, rows), TWO, by=["region:zone"])
    twice = estimate(profile_of(TWO, rows), TWO, by=["region:zone", ("zone", "region"), ("region", "zone"), ()])
    assert twice.table.equals(once.table)


def test_only_selects_rows_and_refuses_what_is_not_there() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region", k=["1/2", "1"])
    assert len(found.only("H")) == 10
    assert len(found.only("H", k="1", region=None)) == 1
    assert not len(found.only("H", k="1/7"))
    assert not len(found.only("H", k="1/7").only("H", region="n"))
    with pytest.raises(UsageError) as caught:
        found.only("h")
    assert str(caught.value) == (
        "MPI-E004 there is no statistic 'h'\n  did you mean 'H'? (look at capitals, blanks and accents)"
    )
    with pytest.raises(UsageError) as caught:
        found.only("xyz")
    assert str(caught.value) == f"MPI-E004 there is no statistic 'xyz'\n  there are {', '.join(STATISTICS)}"
    with pytest.raises(UsageError) as caught:
        found.only("H", zone="1")
    assert str(caught.value) == (
        "MPI-E004 the figures have no column 'zone'\n  there are measure, survey, period, unit, k, statistic, "
        "dimension, indicator, region"
    )


def test_a_row_must_be_the_only_one() -> None:
    found = estimate(profile_of(TWO, SAMPLE), TWO, by="region", k=["1/2", "1"])
    assert found.row("censored_headcount", k="1", indicator="a")["dimension"] == "x"
    with pytest.raises(UsageError) as caught:
        found.row("H", region="n")
    assert str(caught.value) == (
        "MPI-E004 2 rows fit H with region=n, indicator=null, dimension=null\n"
        "  name the cutoff k, the indicator or the domain"
    )


def test_estimates_show_H_of_the_first_groups() -> None:
    shown = repr(estimate(profile_of(TWO, SAMPLE), TWO, by="region"))
    assert shown.splitlines() == [
        f"Estimates: {5 * 24} rows, domains: region; H of the first groups:",
        "  all, k=1/2: 0.5000 (se 0.2307)",
        "  region=n, k=1/2: 0.6667 (se 0.3333)",
        "  region=s, k=1/2: 0.0000 (se 0.0000)",
        "  region=u, k=1/2: null",
        "  region=w, k=1/2: 1.0000",
    ]
    assert "domains: none" in repr(estimate(profile_of(TWO, SAMPLE), TWO))
    assert "(se" not in repr(estimate(census(SAMPLE), TWO))


def test_memory_stays_bounded_by_taking_statistics_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from mpi.estimates import computing

    for clustered in (True, False):
        profile = profile_of(TWO, SAMPLE, clustered=clustered)
        whole = estimate(profile, TWO, by="region")
        with monkeypatch.context() as changed:
            changed.setattr(computing, "BLOCK", 1)
            assert estimate(profile, TWO, by="region").table.equals(whole.table)


@pytest.mark.parametrize("clustered", [True, False])
def test_some_statistics_are_those_of_all(clustered: bool) -> None:
    profile = profile_of(TWO, SAMPLE, clustered=clustered)
    whole = estimate(profile, TWO, by="region")
    some = estimate(profile, TWO, by="region", statistics=("M0", "censored_headcount", "poor_share"))
    wanted = [row for row in whole.rows() if row["statistic"] in ("M0", "censored_headcount", "poor_share")]
    assert some.rows() == wanted
    assert some.notices == whole.notices
    assert estimate(profile, TWO, statistics="H").rows() == estimate(profile, TWO).only("H").rows()
    pairs = {key: whole.only("M0").covariance().matrix[key] for key in [(0, 0), (1, 2)]}
    assert {key: some.only("M0").covariance().matrix[key] for key in pairs} == pytest.approx(pairs)


def test_a_statistic_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no statistic 'HH'"):
        estimate(profile_of(TWO, SAMPLE), TWO, statistics=["H", "HH"])
    with pytest.raises(UsageError, match="statistics names none"):
        estimate(profile_of(TWO, SAMPLE), TWO, statistics=[])


def test_any_number_of_cutoffs_leaves_each_figure_as_it_is() -> None:
    """Sums by band: each of 40 cutoffs together gives what it gives alone, exactly where weights are whole."""
    profile, measure = profile_of(TWO, SAMPLE), TWO
    ks = [f"{i}/40" for i in range(1, 41)]
    with patch.object(rows_module, "FEW", -1):
        together = estimate(profile, measure, k=ks, by="region").only("H")
    for k in ks:
        alone = estimate(profile, measure, k=k, by="region").only("H")
        text = alone.rows()[0]["k"]
        assert [r["estimate"] for r in together.rows() if r["k"] == text] == [r["estimate"] for r in alone.rows()]


@pytest.mark.parametrize("together", [1, 2, 5])
def test_flags_counted_together_add_up_as_each_alone(together: int) -> None:
    """All patterns of six indicators with whole weights: sums by combinations of flags are exact."""
    measure = measure_of({"z": {name: Fraction(1, 6) for name in "abcdef"}}, [Cutoff(Fraction(1, 3))])
    flags = [tuple(bool(number >> j & 1) for j in range(6)) for number in range(64)]
    rows = [Household(own, Fraction(1 + i * i % 7), 2, "1", str(i % 3), {"region": "n"}) for i, own in enumerate(flags)]
    profile = profile_of(measure, rows)
    with patch.object(rows_module, "FEW", -1), patch.object(rows_module, "MOST_FLAGS", together):
        found = estimate(profile, measure, k=["1/3", "2/3"], by="region")
    alone = estimate(profile, measure, k=["1/3", "2/3"], by="region")
    exact = ("H", "uncensored_headcount", "censored_headcount", "poor")
    for name in exact:
        own, other = (one.only(name).table["estimate"].to_pylist() for one in (found, alone))
        assert own == other
        assert len(own) >= 3


def test_a_measure_may_be_changed_without_a_second_pass() -> None:
    other: Measure = measure_of({"z": {"a": Fraction(1, 4), "b": Fraction(3, 4)}}, [Cutoff(Fraction(3, 4))])
    assert estimate(profile_of(TWO, SAMPLE), other).value("H") == pytest.approx(1 / 6)
