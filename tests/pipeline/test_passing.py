"""From files to a profile and to one row a unit: weights, design, domains, unknowns, notices."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from mpi.errors import ConfigError, UsageError
from mpi.pipeline.passing import deprivation_profile
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff
from tests.support import village
from tests.support.loops import at_least_one
from tests.support.village import assert_same, poked, profile, replaced, survey

DATA = village.tables()
JOINED = pl.DataFrame(village.joined(DATA)).with_columns(pl.col("age").replace(99, None))
RTOL = 1e-12  # sums of the same numbers in another order


def flags() -> pl.DataFrame:
    """The village's flags household by household, written again from the measure's text; null is unknown."""
    adult, minor = pl.col("age") >= 15, pl.col("age") < 18
    absent = pl.col("school") != 1
    unsure_adult = pl.col("age").is_null().any() | (adult & pl.col("years").is_null()).any()
    mean = pl.col("years").filter(adult).mean()
    absent_minor = (minor & absent).fill_null(False).any()
    rural, w2 = (pl.col("area") == 2).first(), (pl.col("wall") == "w2").first()
    return JOINED.group_by("house", maintain_order=True).agg(
        schooling=pl.when((adult.fill_null(False)).any())
        .then(pl.when(unsure_adult).then(None).otherwise(mean < 6.5))
        .when(pl.col("age").is_null().any())
        .then(None)
        .otherwise(True),
        crowding=pl.len() / pl.col("rooms").first() > 2,
        walls=rural & w2,
        absent=absent_minor,
        weight=pl.col("weight").first(),
        size=pl.len(),
    )


def test_flags_equal_an_independent_reading_of_the_measure() -> None:
    ours, other = pl.DataFrame(score(survey(), village.measure(), DATA)), flags()
    assert ours["house"].to_list() == other["house"].to_list()
    for name in ("crowding", "walls"):
        assert ours[name].to_list() == other[name].to_list(), name
    schooling = zip(ours["schooling"].to_list(), other["schooling"].to_list(), strict=True)
    # A household may be unsure whether it has adults and be deprived all the same: without them, and with them.
    assert all(mine == theirs or theirs is None for mine, theirs in at_least_one(schooling))
    assert all(ours["attendance"].to_list()[i] for i, absent in enumerate(other["absent"]) if absent)


def test_a_score_is_exact_and_its_columns_agree() -> None:
    table = pl.DataFrame(score(survey(), village.measure(), DATA, k=["1/3", "> 1/2", "1/4"]))
    assert table.columns == [
        "house",
        "region",
        "area_code",
        "schooling",
        "attendance",
        "crowding",
        "walls",
        "score",
        "score_value",
        "poor",
        "censored_score",
        "poor_above_1_2",
        "censored_score_above_1_2",
        "poor_1_4",
        "censored_score_1_4",
        "persons",
        "weight",
        "person_weight",
    ]
    names = ["schooling", "attendance", "crowding", "walls"]
    rows = table.rows(named=True)
    assert len(rows) == 60 and any(row["score"] is None for row in rows)
    for row in rows:
        unknown = any(row[name] is None for name in names)
        assert (row["score"] is None) == (row["poor"] is None) == (row["score_value"] is None) == unknown
        if not unknown:
            exact = Fraction(sum(row[name] for name in names), 4)
            assert Fraction(row["score"]) == exact and row["score_value"] == float(exact)
            assert (row["poor"], row["poor_above_1_2"], row["poor_1_4"]) == (
                exact >= Fraction(1, 3),
                exact > Fraction(1, 2),
                exact >= Fraction(1, 4),
            )
            assert row["censored_score"] == (float(exact) if row["poor"] else 0)
        assert row["person_weight"] == row["persons"] * row["weight"]


def test_the_measure_s_own_cutoffs_carry_their_names() -> None:
    by = village.measure(("k: 1/3", "k: {poor: 1/3, severe: 1/2}"))
    assert {"poor", "poor_severe", "censored_score_severe"} <= set(score(survey(), by, DATA).column_names)
    assert score(survey(), by, DATA, k=[Cutoff(Fraction(1, 2))]).num_columns == 14
    with pytest.raises(UsageError, match="MPI-E001"):
        score(survey(), by, DATA, k=["some"])


def test_a_name_that_would_stand_twice_in_the_result_is_refused() -> None:
    of = survey(("  region: region", "  crowding: region"))
    assert deprivation_profile(of, village.measure(), DATA)
    with pytest.raises(ConfigError) as error:
        score(of, village.measure(), DATA)
    assert str(error.value) == (
        "MPI-S015 village_2026.yaml: two columns of the result would be called crowding: a key, domain, indicator or "
        "cutoff\n  rename the domain or the indicator"
    )


def cells(found: DeprivationProfile) -> dict[str, float]:
    return {
        name: float(getattr(found.cells, name).sum())
        for name in ("persons", "households", "person_weight", "household_weight")
    }


def test_the_profile_holds_every_household_with_its_weight() -> None:
    found, other = cells(profile(DATA)), flags()
    positive = other.filter(pl.col("weight") > 0)
    assert found["households"] == positive.height
    assert found["persons"] == positive["size"].sum()
    assert found["household_weight"] == pytest.approx(other["weight"].sum(), rel=RTOL)
    assert found["person_weight"] == pytest.approx((other["weight"] * other["size"]).sum(), rel=RTOL)


def test_zero_weights_are_counted_and_their_psus_stay() -> None:
    first = [i for i, segment in enumerate(DATA["households"]["segment"].to_pylist()) if segment == 0]
    data = poked(DATA, "households", "weight", *((i, 0.0) for i in first))
    found = profile(data)
    assert found.counts["zero_weight"] == len(first) > 0
    assert [str(n) for n in found.notices if n.code == "MPI-N003"] == [
        f"MPI-N003 {len(first)} households have weight 0: their PSUs count, but the households do not"
    ]
    np.testing.assert_array_equal(found.sample.psus, profile(DATA).sample.psus)


def test_profiles_of_parts_add_up_to_the_whole() -> None:
    houses = DATA["households"]["house"].to_pylist()
    parts = []
    for keep in (houses[:25], houses[25:]):
        mine = {name: table.filter(pa.compute.is_in(table["house"], pa.array(keep))) for name, table in DATA.items()}
        parts.append(profile(mine))
    assert_same(parts[0] + parts[1], profile(DATA))


def test_an_unweighted_analysis_counts_everybody_once() -> None:
    found = profile(DATA, of=survey(("weight: weight", "weight: none")))
    assert not found.sample.weighted
    assert cells(found) == {"persons": 204, "households": 60, "person_weight": 204, "household_weight": 60}


def test_a_census_has_no_design() -> None:
    found = profile(DATA, of=survey(("psu: segment}", "psu: segment, census: yes}")))
    assert found.sample.census and not found.sample.clustered


def test_without_psus_each_household_is_its_own_also_where_its_persons_are_apart() -> None:
    alone = (", psu: segment}", ", psu: null}")
    found = profile(DATA, of=survey(alone))
    assert found.sample.clustered and int(found.sample.psus.sum()) == 60
    whole = deprivation_profile(survey(alone), village.measure(), DATA, domains=["region"])
    assert not whole.sample.clustered
    np.testing.assert_array_equal(whole.sample.psus, found.sample.psus)


def test_unique_psu_codes_pass_where_they_are() -> None:
    unique = replaced(DATA, "households", "segment", np.arange(60) // 4)
    of = survey(("psu: segment}", "psu: segment, psu_codes: unique}"))
    assert len(profile(unique, of=of).sample.psu_labels) == 15


def test_persons_are_judged_one_by_one_under_person_identification() -> None:
    by = village.measure(
        ("identification: household", "identification: person"),
        ("MEAN(years) < 6.5", "years < 6.5"),
        ("ANY(NOT attends)", "NOT attends"),
    )
    units = pl.DataFrame(score(survey(), by, DATA))
    assert units.height == 204 and units.columns[:5] == ["house", "person", "region", "area_code", "sex"]
    for row, person in zip(units.rows(named=True), JOINED.rows(named=True), strict=True):
        assert (row["house"], row["person"]) == (person["house"], person["person"])
        age, years = person["age"], person["years"]
        adult = None if age is None else age >= 15
        low = None if years is None else years < 6.5
        expected = True if adult is False else low if adult else (True if low else None)
        assert row["schooling"] == expected
        assert row["weight"] == person["weight"]
    found = profile(DATA, by=by)
    assert found.identification == "person" and found.counts["persons"] == 204


def test_persons_may_have_weights_of_their_own_under_person_identification() -> None:
    by = village.measure(
        ("identification: household", "identification: person"),
        ("MEAN(years) < 6.5", "years < 6.5"),
        ("ANY(NOT attends)", "NOT attends"),
    )
    own = np.arange(204) / 8
    data = {
        "persons": DATA["persons"].append_column("weight", pa.array(own)),
        "households": DATA["households"].drop_columns(["weight"]),
    }
    found = cells(profile(data, by=by))
    assert found["person_weight"] == own.sum()
    first = DATA["persons"]["person"].to_numpy() == 1
    assert found["household_weight"] == own[first].sum()
    assert score(survey(), by, data)["weight"].to_pylist() == own.tolist()


def test_an_unknown_domain_code_is_a_level_of_its_own() -> None:
    found = profile(poked(DATA, "households", "region", (0, None)))
    assert found.domains[0].labels[-1] == "(missing)"


def test_rules_that_never_or_always_hold_are_noticed() -> None:
    data = replaced(DATA, "households", "rooms", pa.nulls(60, pa.int64()))
    by = village.measure(("area = 'rural' AND wall = 'w2'", "rooms > 0 OR COUNT() > 0"), ("NOT attends", "age < 0"))
    notices = [str(notice) for notice in profile(data, by=by).notices]
    assert notices == [
        "MPI-N004 village.yaml:15:47: attendance deprives no unit: is its rule right for these codes?",
        "MPI-N005 village.yaml:18:28: crowding is unknown for every unit",
        "MPI-N004 village.yaml:19:26: walls deprives every unit: is its rule right for these codes?",
    ]


def test_a_coded_column_of_nulls_is_unknown_for_all() -> None:
    found = profile(
        replaced(DATA, "households", "area", pa.nulls(60)), of=survey(("1: urban, 2: rural", "u: urban, r: rural"))
    )
    assert found.domains[1].labels == ("(missing)",)


def test_arithmetic_of_an_indicator_that_leaves_64_bits_is_refused() -> None:
    from mpi.errors import DataError

    with pytest.raises(DataError) as error:
        profile(DATA, by=village.measure(("COUNT() / rooms > 2", "COUNT() * 9000000000000000000 > 2")))
    assert str(error.value) == (
        "MPI-D040 village.yaml:18:28: crowding: an integer leaves 64 bits in 48 households\n"
        "  divide its inputs first, such as x / 1000"
    )


def test_nobody_may_be_unknown() -> None:
    by = village.measure(("eligible: minor", "eligible: age < 0"), ("nobody: not_deprived", "nobody: unknown"))
    found = profile(DATA, by=by)
    assert (found.cells.unknown & np.uint64(2)).all()
