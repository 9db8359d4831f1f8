"""Units added up as they come are those that are tabulated in one go, whatever the order of their codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns.values import Text
from mpi.pipeline.estimating import estimate
from mpi.profile import Declared, Tally, Units, tally
from mpi.profile.adding import tabulated
from mpi.profile.cells import Cells
from mpi.profile.units import some
from tests.support import village
from tests.support.designs import units_of
from tests.support.loops import at_least_one

RTOL_SUM = 1e-12  # the same sums in another order
LABELS = ("9", "10", "1", "-", "2")  # not in their natural order


def added(units: Units, declared: Declared, cuts: list[int], spans: int) -> Tally:
    """Blocks of some rows each, dealt out in a row to several tallies, of which the first absorbs the others."""
    n = len(units.pattern)
    ends = sorted({min(cut, n) for cut in cuts} | {n})
    blocks = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False) if end > start]
    assert blocks
    whole, share = Tally(declared), -(-len(blocks) // spans)
    for first in range(0, len(blocks), share):
        own = Tally(declared)
        for block in blocks[first : first + share]:
            own.add(some(units, block))
        whole.absorb(own)
    return whole


@pytest.fixture(scope="module", autouse=True)
def few_units_tell() -> Iterator[None]:
    """Blocks of a few units tell whether others are to be sorted, as those of thousands do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "TELLING", 3)
        yield


@given(
    n=st.integers(1, 40),
    seed=st.integers(0, 2**32),
    stratified=st.booleans(),
    clustered=st.booleans(),
    weighted=st.booleans(),
    cuts=st.lists(st.integers(1, 40), max_size=6),
    spans=st.integers(1, 3),
    labels=st.permutations(LABELS),
)
def test_a_tally_holds_what_a_table_in_one_go_holds(
    *,
    n: int,
    seed: int,
    stratified: bool,
    clustered: bool,
    weighted: bool,
    cuts: list[int],
    spans: int,
    labels: list[str],
) -> None:
    units, codes = units_of("plain", seed, n), np.random.default_rng(seed).integers(0, len(labels), n)
    units = replace(
        units, stratum=Text(codes, tuple(labels)) if stratified else None, psu=units.psu if clustered else None
    )
    if not weighted:
        units = replace(units, person_weight=units.persons.astype(np.float64), household_weight=np.ones(n))
    declared = Declared(single_psu="certainty", weighted=weighted)
    found, expected = added(units, declared, cuts, spans).finished(), tabulated(units, declared)
    assert found.domains == expected.domains
    assert (found.sample.strata, found.sample.psu_labels) == (expected.sample.strata, expected.sample.psu_labels)
    np.testing.assert_array_equal(found.sample.psus, expected.sample.psus)
    np.testing.assert_array_equal(found.sample.psu_stratum, expected.sample.psu_stratum)
    for name in at_least_one(Cells.__dataclass_fields__):
        own, other = getattr(found.cells, name), getattr(expected.cells, name)
        assert (own is None) == (other is None), name
        if own is not None:
            np.testing.assert_allclose(own, other, rtol=RTOL_SUM if weighted else 0, err_msg=name)


def test_strata_without_psus_keep_their_households_when_their_codes_come_in_another_order() -> None:
    units = replace(units_of("plain", 1, 8), psu=None, stratum=Text(np.array([0] * 5 + [1] * 3), ("south", "north")))
    sample = added(units, Declared(), [2, 4, 6], 2).finished().sample
    assert dict(zip(sample.strata, sample.psus.tolist(), strict=True)) == {"north": 3, "south": 5}


def test_without_weights_squares_of_households_are_their_number_and_of_persons_the_squares_of_sizes() -> None:
    one = units_of("plain", 1, 6)
    alike = Text(np.zeros(6, np.int64), ("x",))
    size = np.array([1, 2, 3, 4, 5, 6])
    units = replace(
        one,
        stratum=None,
        psu=None,
        domains=(("region", "household", alike),),
        persons=size,
        pattern=np.zeros(6, np.uint64),
        unknown=np.zeros(6, np.uint64),
        person_weight=size * 1.0,
        household_weight=np.ones(6),
    )
    cells = added(units, Declared(weighted=False), [3], 1).finished().cells
    assert cells.household_squares.tolist() == [6.0]
    assert cells.person_squares.tolist() == [pytest.approx(1 + 4 + 9 + 16 + 25 + 36)]


def test_psus_where_a_domain_of_persons_holds_no_first_member_of_a_household_count() -> None:
    data = village.tables()
    persons, households = data["persons"], data["households"]
    first = persons["person"].to_numpy() == 1
    sex = np.where(first, 2, persons["sex"].to_numpy())
    measure = village.measure(("missing: exclude", "missing: deprived"))
    profile = village.profile(village.replaced(data, "persons", "sex", sex), by=measure)
    row = estimate(profile, measure, by="sex").row("H", sex="man")
    of_person = np.searchsorted(households["house"].to_numpy(), persons["house"].to_numpy())
    there = (sex == 1) & (households["weight"].to_numpy()[of_person] > 0)
    places = {(households["stratum"][int(i)].as_py(), households["segment"][int(i)].as_py()) for i in of_person[there]}
    assert row["n"] == there.sum() > 0
    assert row["psus"] == len(places) > 0
    assert row["df"] == len(places) - len({stratum for stratum, _ in places})
