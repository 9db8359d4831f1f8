"""What adding, shuffling, filtering and crossing must leave as it is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mpi.columns.values import Text
from mpi.errors import DataError
from mpi.pipeline.estimating import estimate
from mpi.profile import Cells, DeprivationProfile, Sample, Units, build, checked, merge
from mpi.specs.measure import Cutoff, Measure
from tests.support.designs import KINDS, declared_of, rows_of, units_of
from tests.support.loops import at_least_one
from tests.support.naive import Household
from tests.support.strategies import equal_measure, households, measures, parts_of, profile_of

RTOL_SUM = 1e-13  # sums of some dozen floats, in another order
SUMS = ("person_weight", "household_weight", "person_squares", "household_squares", "design_person_weight",
        "design_household_weight", "person_replicates", "household_replicates")  # fmt: skip
OF_THE_WHOLE = ("population_share", "M0_share", "poor_share")
Survey = tuple[Measure, list[Household]]
TWO = equal_measure(2)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    measure = draw(measures(most=4))
    return measure, draw(households(measure))


def assert_same(found: DeprivationProfile, expected: DeprivationProfile) -> None:
    """Counts, codes and the design exactly; sums to rounding."""
    assert found.domains == expected.domains
    for part in fields(Sample):
        own, other = getattr(found.sample, part.name), getattr(expected.sample, part.name)
        if part.name == "gram" and own is not None:
            np.testing.assert_allclose(own, other, rtol=RTOL_SUM)
        elif isinstance(own, np.ndarray):
            assert own.dtype == other.dtype
            assert np.array_equal(own, other), part.name
        else:
            assert own == other, part.name
    assert found.counts == expected.counts
    for name in Cells.__dataclass_fields__:
        own, other = getattr(found.cells, name), getattr(expected.cells, name)
        assert (own is None) == (other is None), name
        if name in SUMS and own is not None:
            np.testing.assert_allclose(own, other, rtol=RTOL_SUM, err_msg=name)
        else:
            assert np.array_equal(own, other), name


def built(units: Units, kind: str) -> DeprivationProfile:
    return build(
        units,
        TWO,
        "f",
        survey="s",
        period="",
        declared=declared_of(kind),
        rules={"deprived a": "m"},
        time=2020.5,
        counts={"rows": len(units.pattern)},
    )


@given(st.sampled_from(KINDS), st.integers(0, 2**32), st.data())
@settings(max_examples=200)
def test_blocks_of_every_design_added_in_any_tree_are_the_whole(kind: str, seed: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30), label="rows")
    units = units_of(kind, seed, n)
    whole = built(units, kind)
    order = data.draw(st.permutations(range(n)))
    assert_same(built(rows_of(units, order), kind), whole)
    cuts = sorted(data.draw(st.sets(st.integers(1, n - 1), max_size=4))) if n > 1 else []
    blocks = [list(order[a:b]) for a, b in itertools.pairwise([0, *cuts, n])]
    profiles = [built(rows_of(units, block), kind) for block in blocks]
    assert_same(checked(merge(profiles)), checked(whole))
    finished = [checked(part) for part in profiles]
    assert_same(reduce(add, finished), checked(whole) if len(blocks) > 1 else finished[0])
    while len(profiles) > 1:  # a random tree
        i = data.draw(st.integers(0, len(profiles) - 2))
        profiles = [*profiles[:i], profiles[i] + profiles[i + 1], *profiles[i + 2 :]]
    assert_same(profiles[0], whole)


@given(st.sampled_from(KINDS), st.integers(0, 2**32), st.integers(1, 30))
@settings(max_examples=100)
def test_cells_are_the_units_added_up_by_their_keys(kind: str, seed: int, n: int) -> None:
    """The twin: a dictionary of lists, with no codes."""
    units = units_of(kind, seed, n)
    profile = built(units, kind)
    declared, sample, cells = profile.sample.declared, profile.sample, profile.cells
    bare = declared.census or declared.replication is not None

    def label(own: Text | None, i: int) -> str:
        return "" if own is None or bare else own.labels[own.codes[i]]

    expected: dict[tuple[Any, ...], NDArray[np.float64]] = {}
    for i in range(n):
        ssu = label(units.ssu, i)
        row = () if units.calibration is None else tuple((units.calibration[i] + 0.0).tolist())
        regions = tuple(own.labels[own.codes[i]] for _, _, own in units.domains)
        key = (*regions, label(units.stratum, i), label(units.psu, i), ssu, row, units.pattern[i], units.unknown[i])
        sums = [
            units.person_weight[i],
            units.household_weight[i],
            units.person_weight[i] ** 2,
            units.household_weight[i] ** 2,
        ]
        if units.design_person_weight is not None and units.design_household_weight is not None:
            sums += [units.design_person_weight[i], units.design_household_weight[i]]
        if units.person_replicates is not None and units.household_replicates is not None:
            sums += [*units.person_replicates[i], *units.household_replicates[i]]
        expected[key] = expected.get(key, np.zeros(len(sums))) + np.array(sums)
    found = {}
    for c in range(len(cells)):
        regions = tuple(d.labels[code] for d, code in zip(profile.domains, cells.domains[c], strict=True))
        psu = sample.psu_labels[cells.psu[c]] if sample.clustered else ""
        ssu = "" if cells.ssu is None else sample.ssu_labels[cells.ssu[c]]
        row = () if cells.calibration is None else tuple(sample.calibration[cells.calibration[c]].tolist())
        key = (*regions, sample.strata[cells.stratum[c]], psu, ssu, row, cells.pattern[c], cells.unknown[c])
        columns = [getattr(cells, name) for name in SUMS]
        assert key not in found
        found[key] = np.concatenate([np.atleast_1d(column[c]) for column in columns if column is not None])
        if cells.ssu is not None:
            assert sample.ssu_psu[cells.ssu[c]] == cells.psu[c]
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        np.testing.assert_allclose(found[key], sums, rtol=RTOL_SUM)


@given(st.sampled_from(KINDS), st.integers(0, 2**32), st.integers(1, 30))
def test_a_filter_and_fewer_domains_leave_the_sample_and_add_up_every_column(kind: str, seed: int, n: int) -> None:
    whole = built(units_of(kind, seed, n), kind)
    fewer = whole.keep_domains(["zone"])
    bare = whole.keep_domains([])
    code = whole.domains[0].labels[0]
    # A calibrated profile is not filtered: its errors need everyone.
    part = None if whole.sample.declared.calibration else whole.filter(region=code)
    assert fewer.sample is whole.sample
    assert part is None or part.sample is whole.sample
    inside = whole.cells.domains[:, 0] == 0
    for name in SUMS:
        column = getattr(whole.cells, name)
        if column is not None:
            for smaller in (fewer, bare):
                np.testing.assert_allclose(getattr(smaller.cells, name).sum(axis=0), column.sum(axis=0), rtol=1e-12)
            assert part is None or np.array_equal(getattr(part.cells, name), column[inside])
    assert_same(fewer.keep_domains([]), bare)


@given(surveys(), st.data(), st.booleans())
def test_any_split_added_in_any_tree_is_the_whole(survey: Survey, data: st.DataObject, clustered: bool) -> None:
    measure, rows = survey
    places = [data.draw(st.integers(0, 4), label="part") for _ in rows]
    parts = [[i for i, place in enumerate(places) if place == part] for part in sorted(set(places))]
    whole = profile_of(measure, rows, clustered=clustered)
    profiles = data.draw(st.permutations(parts_of(measure, rows, parts, clustered=clustered)))
    assert_same(merge(profiles), whole)
    assert_same(reduce(add, profiles), whole)
    while len(profiles) > 1:  # a random tree
        i = data.draw(st.integers(0, len(profiles) - 2))
        profiles = [*profiles[:i], profiles[i] + profiles[i + 1], *profiles[i + 2 :]]
    assert_same(profiles[0], whole)


@given(surveys(), st.data(), st.booleans())
def test_the_order_of_the_rows_does_not_matter(survey: Survey, data: st.DataObject, clustered: bool) -> None:
    measure, rows = survey
    shuffled = data.draw(st.permutations(rows))
    assert_same(profile_of(measure, shuffled, clustered=clustered), profile_of(measure, rows, clustered=clustered))


@given(surveys(), st.booleans())
def test_a_filter_is_the_row_of_the_domain_with_its_error(survey: Survey, clustered: bool) -> None:
    """The design is not subsetted: SE, degrees of freedom and PSUs are those of the domain in the whole sample."""
    measure, rows = survey
    whole = profile_of(measure, rows, clustered=clustered)
    rows_of = estimate(whole, measure, by=["region", "region:zone"]).rows()
    wheres = [{"region": h.groups["region"], "zone": None} for h in rows[-2:]] + [dict(h.groups) for h in rows[-2:]]
    for where in at_least_one(wheres):
        part = whole.filter(**{name: level for name, level in where.items() if level is not None})
        expected = [row for row in rows_of if (row["region"], row["zone"]) == (where["region"], where["zone"])]
        if [row["estimate"] for row in expected if row["statistic"] == "excluded"] == [1]:
            with pytest.raises(DataError, match="MPI-D041"):  # all are left out: refused where there is nobody else
                estimate(part, measure)
            continue
        found = estimate(part, measure).rows()
        assert len(found) == len(expected) > 0
        for one, other in zip(found, expected, strict=True):
            if one["statistic"] not in OF_THE_WHOLE:
                assert one == {name: v for name, v in other.items() if name not in ("region", "zone")}


@given(surveys())
def test_crossed_domains_are_the_domain_of_their_pairs(survey: Survey) -> None:
    measure, rows = survey
    paired = [replace(h, groups={**h.groups, "pair": f"{h.groups['region']}|{h.groups['zone']}"}) for h in rows]
    profile = profile_of(measure, paired)
    crossed = estimate(profile, measure, by="region:zone").rows()
    pairs = estimate(profile, measure, by="pair").rows()
    assert len(crossed) == len(pairs)
    for one, other in zip(crossed, pairs, strict=True):
        if one["region"] is not None:
            assert other["pair"] == f"{one['region']}|{one['zone']}"
        skipped = ("region", "zone", "pair")
        assert {k: v for k, v in one.items() if k not in skipped} == {
            k: v for k, v in other.items() if k not in skipped
        }


def row(flag: bool, stratum: str, psu: str, region: str = "a", weight: str = "1") -> Household:
    return Household((flag,), Fraction(weight), 2, stratum, psu, {"region": region})


ONE = equal_measure(1, k="1")


def H(rows: Sequence[Household], **where: str) -> dict[str, float | None]:
    found = estimate(profile_of(ONE, rows), ONE, by="region").row("H", **where)
    return {name: found[name] for name in ("estimate", "se", "df", "psus")}


def test_profiles_with_different_strata_and_psus_add() -> None:
    first = [row(True, "02", "9"), row(False, "02", "10"), row(True, "04", "1", "b")]
    second = [row(True, "01", "10", "c"), row(False, "01", "2", "a"), row(False, "02", "9"), row(True, "04", "7", "b")]
    both = profile_of(ONE, first) + profile_of(ONE, second)
    assert both.sample.strata == ("01", "02", "04")
    assert both.sample.psus.tolist() == [2, 2, 2]
    assert list(zip(both.sample.psu_stratum.tolist(), both.sample.psu_labels, strict=True)) == [
        (0, "2"),
        (0, "10"),
        (1, "9"),
        (1, "10"),
        (2, "1"),
        (2, "7"),
    ]
    assert_same(both, replace(profile_of(ONE, [*first, *second]), counts=both.counts))


def test_a_psu_without_an_included_member_counts_in_the_design() -> None:
    """Of weight 0, of unknown score, or outside the domain: the PSU was drawn all the same."""
    sample = [row(True, "1", "1"), row(False, "1", "2"), row(True, "1", "3")]
    three = H(sample)
    unknown = replace(row(True, "1", "4"), flags=(None,))
    elsewhere = row(True, "1", "4", "b")
    for fourth in (row(True, "1", "4", weight="0"), unknown):
        four = H([*sample, fourth])
        assert four["estimate"] == three["estimate"]
        assert (four["df"], four["psus"]) == (2, 3)
        # The z add up to 0, so only n / (n - 1) changes: from 3/2 to 4/3.
        assert four["se"] == pytest.approx((8 / 9) ** 0.5 * (three["se"] or 0), rel=1e-12)
    assert H([*sample, elsewhere], region="a")["se"] == pytest.approx((8 / 9) ** 0.5 * (three["se"] or 0), rel=1e-12)
    dropped = profile_of(ONE, [*sample, elsewhere]).filter(region="a")
    assert estimate(dropped, ONE).row("H")["se"] == pytest.approx((8 / 9) ** 0.5 * (three["se"] or 0), rel=1e-12)


def test_a_stratum_whose_psus_lose_all_members_adds_nothing_and_stays() -> None:
    sample = [row(True, "1", "1"), row(False, "1", "2"), row(True, "2", "1", "b"), row(False, "2", "2", "b")]
    whole = profile_of(ONE, sample)
    assert whole.filter(region="a").sample.psus.tolist() == [2, 2]
    assert H(sample, region="a") == H(sample[:2], region="a")
    assert estimate(whole.filter(region="a"), ONE, df="design").row("H")["df"] == 2


def test_the_cutoff_of_another_measure_needs_no_second_pass() -> None:
    rows = [Household((a, b), psu=str(i), stratum="1") for i, (a, b) in enumerate([(True, True), (True, False)] * 2)]
    own, other = equal_measure(2, k="1/2"), equal_measure(2, k="1")
    assert estimate(profile_of(own, rows), own, k=Cutoff(Fraction(1))).table.equals(
        estimate(profile_of(other, rows), other).table
    )
