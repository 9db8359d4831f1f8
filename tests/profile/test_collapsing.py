"""Strata with one PSU, merged with others by a map or by an ordering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.errors import DataError
from mpi.pipeline.estimating import estimate
from mpi.profile import Cells, Declared, DeprivationProfile, Units, build, collapsed, replication
from tests.support.designs import text
from tests.support.loops import at_least_one
from tests.support.strategies import equal_measure

ONE = equal_measure(1, k="1")
MAPPED = Declared(single_psu="collapse", collapse=(("31", "32"), ("32", "33"), ("7", "8")))
ROWS = [("31", "1"), ("32", "1"), ("33", "2"), ("33", "10"), ("7", "1"), ("8", "1"), ("8", "2"), ("9", "1"), ("9", "2")]


def units_of(rows: Sequence[tuple[str, str]], *, clustered: bool = True) -> Units:
    """One household a row, of weight 1, 2, 3, ...; every second one deprived."""
    n = len(rows)
    weight = np.arange(1.0, n + 1)
    return Units(
        domains=(),
        stratum=text(np.array([int(h) for h, _ in rows])),
        psu=text(np.array([int(i) for _, i in rows])) if clustered else None,
        pattern=np.arange(n, dtype=np.uint64) % 2,
        unknown=np.zeros(n, np.uint64),
        persons=np.ones(n, np.int64),
        households=np.ones(n, np.int64),
        person_weight=weight,
        household_weight=weight,
    )


def built(units: Units, declared: Declared) -> DeprivationProfile:
    return build(units, ONE, "f", survey="s", period="", declared=declared)


def named(profile: DeprivationProfile) -> list[tuple[str, str]]:
    sample = profile.sample
    return [(sample.strata[h], label) for h, label in zip(sample.psu_stratum, sample.psu_labels, strict=True)]


def refusal(profile: DeprivationProfile) -> str:
    with pytest.raises(DataError) as caught:
        collapsed(profile)
    return str(caught.value)


def test_a_map_merges_exactly_what_it_says_with_its_chains() -> None:
    whole = built(units_of(ROWS), MAPPED)
    own = collapsed(whole)
    assert own.sample.strata == ("7+8", "9", "31+32+33")
    assert own.sample.psus.tolist() == [3, 2, 4]
    assert own.sample.declared == Declared(single_psu="fail")
    assert named(own) == [
        ("7+8", "7/1"),
        ("7+8", "8/1"),
        ("7+8", "8/2"),
        ("9", "1"),
        ("9", "2"),
        ("31+32+33", "31/1"),
        ("31+32+33", "32/1"),
        ("31+32+33", "33/2"),
        ("31+32+33", "33/10"),
    ]
    assert own.sample.psu_stratum[own.cells.psu].tolist() == own.cells.stratum.tolist()
    assert own.cells.person_weight.tolist() == [5, 6, 7, 8, 9, 1, 2, 3, 4]
    assert whole.sample.strata == ("7", "8", "9", "31", "32", "33")  # the profile itself never changes
    assert collapsed(own) is own


def test_the_variance_is_that_of_a_file_with_the_merged_strata() -> None:
    merged = {"31": "33", "32": "33", "7": "8"}
    rows = [(merged.get(h, h), f"{h}{i}") for h, i in ROWS]
    expected = estimate(built(units_of(rows), Declared(single_psu="fail")), ONE).row("H")
    assert expected["se"] > 0
    found = estimate(collapsed(built(units_of(ROWS), MAPPED)), ONE).row("H")
    assert found["se"] == pytest.approx(expected["se"], rel=1e-12)
    assert (found["estimate"], found["df"]) == (expected["estimate"], expected["df"])


def test_psus_move_with_strata_whose_place_changes() -> None:
    """Strata 1 and 3 become 1+3, before 2: PSUs of 3 pass those of 2, in the cells as in the sample."""
    rows = [("1", "1"), ("2", "1"), ("2", "2"), ("2", "3"), ("3", "1"), ("3", "2"), ("3", "3")]
    own = collapsed(built(units_of(rows), Declared(single_psu="collapse", collapse=(("1", "3"),))))
    assert own.sample.psu_stratum[own.cells.psu].tolist() == own.cells.stratum.tolist()
    merged = built(units_of([("3" if h == "1" else h, f"{h}{i}") for h, i in rows]), Declared(single_psu="fail"))
    found, expected = estimate(own, ONE).row("H"), estimate(merged, ONE).row("H")
    assert found["se"] == pytest.approx(expected["se"], rel=1e-12) and found["se"] > 0
    assert (found["psus"], found["df"]) == (expected["psus"], expected["df"]) == (7, 5)


def test_counts_of_the_population_add_up_and_fractions_keep_them() -> None:
    counts = {"31": 3.0, "32": 4.0, "33": 8.0, "7": 5.0, "8": 2.0, "9": 7.0}
    drawn = {"31": 1, "32": 1, "33": 2, "7": 1, "8": 2, "9": 2}
    fpc = np.array([counts[h] for h, _ in ROWS])
    units = replace(units_of(ROWS), fpc=fpc)
    by_count = collapsed(built(units, replace(MAPPED, fpc="count"))).sample
    assert by_count.fpc.tolist() == [7, 7, 15]
    shares = replace(units, fpc=np.array([drawn[h] / counts[h] for h, _ in ROWS]))
    by_share = collapsed(built(shares, replace(MAPPED, fpc="fraction"))).sample
    assert by_share.fpc == pytest.approx([3 / 7, 2 / 7, 4 / 15], rel=1e-15)
    assert by_share.sampling_fractions == pytest.approx(by_count.sampling_fractions, rel=1e-15)


def test_second_stage_units_and_calibration_go_with_their_psus() -> None:
    units = units_of([*ROWS, ("33", "10")])
    n = len(units.pattern)
    counts = np.arange(n, dtype=np.float64) + 20
    counts[-1] = counts[3]  # the same PSU
    units = replace(
        units,
        fpc=np.full(n, 50.0),
        ssu=text(np.arange(n)),
        ssu_fpc=counts,
        calibration=np.arange(n)[:, None] / 2,
        design_person_weight=units.person_weight,
        design_household_weight=units.household_weight,
    )
    whole = built(units, replace(MAPPED, fpc="count", ssu_fpc="count", calibration="household"))
    own = collapsed(whole)

    def told(profile: DeprivationProfile) -> set[tuple[object, ...]]:
        sample, cells = profile.sample, profile.cells
        assert cells.ssu is not None and cells.calibration is not None
        assert sample.ssu_psu[cells.ssu].tolist() == cells.psu.tolist()
        assert (np.diff(sample.ssu_psu) >= 0).all() and (np.diff(sample.psu_stratum) >= 0).all()
        return {
            (sample.psu_labels[psu].split("/")[-1], sample.ssu_labels[ssu], sample.ssu_fpc[psu], w, b)
            for psu, ssu, w, b in zip(cells.psu, cells.ssu, cells.person_weight, cells.calibration, strict=True)
        }

    assert told(own) == told(whole)
    assert len(told(own)) == n
    assert own.sample.ssus.tolist() == [1, 1, 1, 1, 1, 1, 1, 1, 2]


def test_without_psus_the_households_of_merged_strata_count_together() -> None:
    rows = [("1", "0"), ("2", "0"), ("2", "0"), ("2", "0"), ("3", "0"), ("3", "0")]
    own = collapsed(built(units_of(rows, clustered=False), Declared(single_psu="collapse", collapse=(("1", "2"),))))
    assert own.sample.psus.tolist() == [4, 2]
    assert own.sample.strata == ("1+2", "3")
    assert own.cells.stratum.tolist() == [0, 0, 1, 1]
    assert own.cells.person_squares.tolist() == [1 + 9, 4 + 16, 25, 36]


def test_a_map_that_names_what_was_not_drawn_or_goes_in_a_ring_is_refused() -> None:
    strange = replace(MAPPED, collapse=(("31", "99"), ("x", "33")))
    assert refusal(built(units_of(ROWS), strange)) == (
        "MPI-D063 the map of collapsed strata names 99, x, of which the sample has no stratum\n"
        "  write the codes as they are in the data, or leave them out"
    )
    ring = replace(MAPPED, collapse=(("9", "8"), ("31", "32"), ("32", "33"), ("33", "31")))
    assert refusal(built(units_of(ROWS), ring)) == (
        "MPI-D063 the map of collapsed strata is circular: 31, 32, 33\n  make each of them end in a stratum that stays"
    )


def test_strata_that_a_map_or_an_ordering_leaves_alone_are_named() -> None:
    rows = replace(units_of(ROWS), persons=np.full(len(ROWS), 10))
    few = refusal(built(units_of(ROWS), replace(MAPPED, collapse=(("31", "33"),))))
    assert "left with one PSU after collapsing (2 too rare to name)" in few
    assert refusal(built(rows, replace(MAPPED, collapse=(("31", "33"),)))) == (
        "MPI-D039 2 strata are left with one PSU after collapsing (7, 32)\n"
        "  name in the map a stratum for each to join, or widen the region of the ordering"
    )
    units = replace(units_of([("1", "1"), ("2", "1"), ("2", "2")]), persons=np.full(3, 10))
    alone = replace(units, order=text(np.array([1, 2, 2])), within=text(np.array([1, 2, 2])))
    assert "1 stratum is left with one PSU after collapsing (1)" in refusal(
        built(alone, Declared(single_psu="collapse"))
    )
    assert "1 stratum is left" in refusal(built(units, Declared(single_psu="collapse")))  # neither map nor ordering


def ordered(sizes: Sequence[tuple[int, int]]) -> DeprivationProfile:
    """A stratum each: region and number of PSUs; codes run against the order."""
    n = len(sizes)
    rows = [(h, i) for h, (_, size) in enumerate(sizes) for i in range(size)]
    units = units_of([(str(n - h), str(i)) for h, i in rows])
    order, within = np.array([h + 8 for h, _ in rows]), np.array([sizes[h][0] for h, _ in rows])
    return built(replace(units, order=text(order), within=text(within)), Declared(single_psu="collapse"))


@pytest.mark.parametrize(
    ("sizes", "strata"),
    [
        ([(1, 2), (1, 1), (1, 3)], {"3", "1+2"}),  # the next one
        ([(1, 2), (1, 3), (1, 1)], {"3", "1+2"}),  # the last joins the one before
        ([(1, 1), (1, 1), (1, 3)], {"2+3", "1"}),  # two together are no single PSU
        ([(1, 1), (1, 1), (1, 1)], {"1+2+3"}),
        ([(1, 2), (1, 1), (2, 2), (2, 1)], {"3+4", "1+2"}),  # inside the region
        ([(1, 2), (1, 2)], {"1", "2"}),
    ],
)
def test_in_an_ordering_a_single_psu_joins_its_neighbour(sizes: list[tuple[int, int]], strata: set[str]) -> None:
    found = {"+".join(sorted(name.split("+"), key=int)) for name in collapsed(ordered(sizes)).sample.strata}
    assert found == strata


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 3)), min_size=1, max_size=8))
def test_an_ordering_loses_no_psu_and_no_weight_and_leaves_no_single(sizes: list[tuple[int, int]]) -> None:
    whole = ordered([*sizes, (1, 2), (2, 2)])
    own = collapsed(whole)
    assert own.sample.psus.min() > 1
    assert own.sample.psus.sum() == len(own.sample.psu_labels) == whole.sample.psus.sum()
    assert np.bincount(own.sample.psu_stratum).tolist() == own.sample.psus.tolist()
    assert len(own.cells) == len(whole.cells)
    assert sorted(own.cells.person_weight.tolist()) == sorted(whole.cells.person_weight.tolist())
    assert (own.sample.stratum_order, own.sample.stratum_within) == ((), ())
    keys = list(zip(own.cells.stratum.tolist(), own.cells.psu.tolist(), strict=True))
    assert keys == sorted(keys)


def test_designs_without_strata_and_other_options_stay_as_they_are() -> None:
    units = units_of(ROWS)
    certain = built(units, Declared(single_psu="certainty"))
    assert collapsed(certain) is certain
    census = collapsed(built(units, Declared(single_psu="collapse", census=True)))
    assert census.sample.declared == Declared(single_psu="fail", census=True)
    weights = np.ones((len(ROWS), 2))
    made = replication("BRR", 2)
    replicated = built(
        replace(units, person_replicates=weights, household_replicates=weights),
        Declared(single_psu="collapse", replication=made),
    )
    own = collapsed(replicated)
    assert own.sample.declared == Declared(single_psu="fail", replication=made)
    assert all(
        getattr(own.cells, part.name) is getattr(replicated.cells, part.name) for part in at_least_one(fields(Cells))
    )
