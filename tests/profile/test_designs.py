"""Profiles with corrections, second stages, replicates and calibration: made, refused, written, collapsed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from mpi.errors import DataError
from mpi.profile import Cells, Declared, DeprivationProfile, Sample, Spaces, Units, build, checked, replication
from mpi.profile import cells as profile_cells
from tests.support.designs import KINDS, REPLICATES, declared_of, text, units_of
from tests.support.strategies import equal_measure

TWO = equal_measure(2)
Floats = NDArray[np.float64]


def built(units: Units, declared: Declared, **known: Any) -> DeprivationProfile:
    return build(units, TWO, "f", survey="s", period="", declared=declared, **known)


def profile_of_kind(kind: str) -> DeprivationProfile:
    return checked(built(units_of(kind, 1, 40), declared_of(kind)))


def assert_same(one: DeprivationProfile, other: DeprivationProfile) -> None:
    for part in fields(DeprivationProfile):
        if part.name not in ("sample", "cells", "spaces"):
            assert getattr(one, part.name) == getattr(other, part.name), part.name
    assert (one.spaces is None) == (other.spaces is None)
    kinds: list[tuple[Any, Any, Any]] = [(Sample, one.sample, other.sample), (Cells, one.cells, other.cells)]
    for kind, a, b in kinds if one.spaces is None else [*kinds, (Spaces, one.spaces, other.spaces)]:
        for part in fields(kind):
            own, its = getattr(a, part.name), getattr(b, part.name)
            if isinstance(own, np.ndarray):
                assert own.dtype == its.dtype
                assert own.shape == its.shape, part.name
                assert np.array_equal(own, its), part.name
            else:
                assert own == its, part.name


# On disk


@pytest.mark.parametrize("kind", KINDS)
def test_a_profile_of_every_design_comes_back_from_disk(tmp_path: Path, kind: str) -> None:
    own = profile_of_kind(kind)
    for name in "ab":
        own.write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert_same(DeprivationProfile.read(tmp_path / "a"), own)
    nobody = profile_cells.selected(own.cells, np.zeros(len(own.cells), np.bool_))
    empty = replace(own, cells=nobody, spaces=None)
    empty.write(tmp_path / "c")
    assert_same(DeprivationProfile.read(tmp_path / "c"), empty)


def test_rules_time_breaks_and_reliability_come_back_from_disk(tmp_path: Path) -> None:
    known = {"rules": {"deprived a": "abc"}, "time": 2010.5, "breaks": {"2011": "new frame"}, "reliability": "cepal"}
    own = built(units_of("plain", 1, 9), Declared(single_psu="certainty"), **known)
    own.write(tmp_path / "x")
    back = DeprivationProfile.read(tmp_path / "x")
    assert_same(back, own)
    assert {name: getattr(back, name) for name in known} == known


def test_what_a_design_does_not_have_is_not_in_the_file(tmp_path: Path) -> None:
    profile_of_kind("plain").write(tmp_path / "x")
    table = pq.read_table(tmp_path / "x")
    header = json.loads(table.schema.metadata[b"mpi.deprivation_profile"])
    assert header["sample"].keys() == {"declared", "strata", "psus", "psu_stratum", "psu_labels"}
    assert header["sample"]["declared"] == {"single_psu": "certainty"}
    assert not {"rules", "time", "breaks", "reliability"}.intersection(header)
    assert len(table.column_names) == 2 + 10
    profile_of_kind("replicates").write(tmp_path / "y")
    assert pq.read_table(tmp_path / "y").schema.field("person_replicates").type == pa.binary(8 * REPLICATES)


def test_an_explicit_map_and_the_factors_of_replicates_come_back(tmp_path: Path) -> None:
    declared = Declared(single_psu="collapse", collapse=(("0", "1"), ("2", "1")))
    own = built(units_of("plain", 1, 40), declared)
    own.write(tmp_path / "x")
    assert DeprivationProfile.read(tmp_path / "x").sample.declared == declared
    made = replication("JKn", REPLICATES, rscales=[0.1, 0.2, 1 / 3, 0.5, 0.75], mse=True)
    factors = built(units_of("replicates", 1, 40), Declared(replication=made))
    factors.write(tmp_path / "y")
    assert DeprivationProfile.read(tmp_path / "y").sample.declared.replication == made


@pytest.mark.parametrize("column", ["person_replicates", "household_replicates"])
def test_a_changed_replicate_weight_is_refused(tmp_path: Path, column: str) -> None:
    path = tmp_path / "x"
    profile_of_kind("replicates").write(path)
    table = pq.read_table(path)
    place = table.column_names.index(column)
    rows = table.column(place).to_pylist()
    rows[0] = bytes([rows[0][0] ^ 1]) + rows[0][1:]
    pq.write_table(table.set_column(place, table.field(place), pa.array(rows, table.field(place).type)), path)
    with pytest.raises(DataError, match=r"MPI-D051 .*not a complete deprivation profile"):
        DeprivationProfile.read(path)
    pq.write_table(table.set_column(place, column, pa.array(["a"] * len(rows))), path)
    with pytest.raises(DataError, match=r"MPI-D051 .*not a complete deprivation profile"):
        DeprivationProfile.read(path)


def test_wide_matrices_are_added_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = profile_of_kind("replicates")
    monkeypatch.setattr(profile_cells, "BLOCK", 90)  # two columns of 40 rows at a time
    assert_same(profile_of_kind("replicates"), whole)


# Designs that differ do not add


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (Declared(single_psu="certainty"), Declared(single_psu="certainty", rounds="panel"), r"design \(rounds\)"),
        (
            Declared(single_psu="collapse", collapse=(("0", "1"),)),
            Declared(single_psu="collapse", collapse=(("1", "0"),)),
            r"design \(collapse\)",
        ),
    ],
)
def test_designs_that_say_different_things_do_not_add(one: Declared, other: Declared, text: str) -> None:
    units = units_of("plain", 1, 20)
    with pytest.raises(DataError, match=f"MPI-D050 profiles cannot be added: they differ in {text}"):
        built(units, one) + built(units, other)


def test_kinds_of_designs_are_named_where_they_differ() -> None:
    described = {kind: profile_of_kind(kind).sample.described for kind in KINDS}
    assert described["everything"] == (
        "PSUs, weights, single_psu: collapse, fpc: count, ssu_fpc: fraction, strata in an order, 2 calibration "
        "variables of households"
    )
    assert described["replicates"] == "5 replicates of bootstrap, weights"
    assert described["census"] == "census"
    assert len(set(described.values())) == len(KINDS)


def test_times_breaks_and_reliability_rules_must_agree() -> None:
    own = profile_of_kind("plain")
    for changed, told in (
        ({"time": 2020.5}, r"time \(None / 2020.5\)"),
        ({"breaks": {"2011": "frame"}}, "breaks"),
        ({"reliability": "cepal"}, r"reliability \(None / cepal\)"),
    ):
        with pytest.raises(DataError, match=f"MPI-D050 profiles cannot be added: they differ in {told}"):
            own + replace(own, **changed)


# Corrections


def some(strata: list[int], psus: list[int] | None = None, **columns: Any) -> Units:
    """Rows of households of weight 1 in these strata and PSUs."""
    n = len(strata)
    ones, none = np.ones(n), np.zeros(n, np.uint64)
    arrays = {
        name: text(np.array(own)) if name in ("ssu", "order", "within") else np.array(own, np.float64)
        for name, own in columns.items()
    }
    return Units(
        domains=(),
        stratum=text(np.array(strata)),
        psu=None if psus is None else text(np.array(psus)),
        pattern=none,
        unknown=none,
        persons=np.ones(n, np.int64),
        households=np.ones(n, np.int64),
        person_weight=ones,
        household_weight=ones,
        **arrays,
    )


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        make()
    return str(caught.value)


def test_a_correction_that_differs_inside_a_stratum_is_refused_also_between_blocks() -> None:
    counts = Declared(single_psu="certainty", fpc="count")
    one = built(some([1, 1, 2], [1, 2, 1], fpc=[10, 10, 7]), counts)
    expected = (
        "MPI-D060 the finite population correction differs, or is unknown, inside 1 stratum (1)\n"
        "  give all rows of a stratum the same number"
    )
    assert refusal(lambda: built(some([1, 1, 2], [1, 2, 1], fpc=[10, 11, 7]), counts)) == expected
    assert refusal(lambda: built(some([1, 1, 2], [1, 2, 1], fpc=[np.nan, np.nan, 7]), counts)) == expected
    assert refusal(lambda: one + built(some([1, 2], [3, 3], fpc=[11, 7]), counts)) == expected
    assert (one + built(some([3, 2], [3, 3], fpc=[5, 7]), counts)).sample.fpc.tolist() == [10, 7, 5]


def test_a_second_stage_correction_that_differs_inside_a_psu_is_refused() -> None:
    declared = Declared(single_psu="certainty", fpc="fraction", ssu_fpc="count")

    def make(*counts: float) -> DeprivationProfile:
        return built(some([1] * 3, [1, 1, 2], fpc=[0.5] * 3, ssu=[1, 2, 1], ssu_fpc=counts), declared)

    own = make(9, 9, 4)
    assert own.sample.ssu_fpc.tolist() == [9, 4]
    assert own.sample.ssus.tolist() == [2, 1]
    assert "inside 1 PSU\n  give all rows of a PSU the same number" in refusal(lambda: make(9, 8, 4))
    assert "MPI-D060" in refusal(lambda: own + make(9, 9, 5))


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.0001, np.inf, 20.0])
def test_a_fraction_outside_0_to_1_is_refused(fraction: float) -> None:
    declared = Declared(single_psu="certainty", fpc="fraction")
    assert refusal(lambda: built(some([1, 2], fpc=[0.5, fraction]), declared)) == (
        "MPI-D061 the finite population correction is a fraction that is not above 0 and up to 1 in 1 stratum (2)\n"
        "  declare numbers of units in the population as `count`, sampled shares as `fraction`"
    )
    assert built(some([1, 2], fpc=[0.5, 1.0]), declared).sample.fpc.tolist() == [0.5, 1.0]
    both = replace(declared, ssu_fpc="fraction")
    units = some([1, 2], [1, 1], fpc=[0.5, 0.5], ssu=[1, 1], ssu_fpc=[0.5, fraction])
    assert "in 1 PSU" in refusal(lambda: built(units, both))


def test_more_drawn_than_there_are_is_refused_once_all_blocks_are_there() -> None:
    declared = Declared(single_psu="certainty", fpc="count")
    one, two = (built(some([1, 1], [psu, psu + 1], fpc=[3, 3]), declared) for psu in (1, 3))
    text = "MPI-D061 there are fewer PSUs in the population than were drawn in 1 stratum (1)\n  give the number"
    assert refusal(lambda: one + two).startswith(text)
    assert checked(one).sample.psus.tolist() == [2]
    alone = built(some([1, 1, 2], [1, 2, 1], fpc=[1, 1, 1]), declared)
    assert refusal(lambda: checked(alone)).startswith(text)
    households = built(some([1, 1, 2], fpc=[1, 1, 1]), declared)
    assert "fewer households in the population than were drawn in 1 stratum (1)" in refusal(lambda: checked(households))
    both = replace(declared, ssu_fpc="count")
    stages = built(some([1] * 2, [1, 1], fpc=[2, 2], ssu=[1, 2], ssu_fpc=[1, 1]), both)
    assert "fewer second-stage units in the population than were drawn in 1 PSU" in refusal(lambda: checked(stages))


def test_fractions_are_those_of_the_design() -> None:
    counts = checked(built(some([1, 1, 2], [1, 2, 1], fpc=[8, 8, 1]), Declared(single_psu="certainty", fpc="count")))
    assert counts.sample.sampling_fractions is not None
    assert counts.sample.sampling_fractions.tolist() == [0.25, 1.0]
    declared = Declared(single_psu="certainty", fpc="fraction", ssu_fpc="count")
    units = some([1] * 3, [1, 1, 2], fpc=[0.2] * 3, ssu=[1, 2, 1], ssu_fpc=[8, 8, 1])
    stages = checked(built(units, declared)).sample
    assert stages.sampling_fractions is not None and stages.ssu_fractions is not None
    assert (stages.sampling_fractions.tolist(), stages.ssu_fractions.tolist()) == ([0.2], [0.25, 1.0])
    plain = profile_of_kind("plain").sample
    assert plain.sampling_fractions is plain.ssu_fractions is None


def test_a_block_without_rows_has_no_row_of_calibration_variables() -> None:
    assert built(units_of("calibrated", 1, 0), declared_of("calibrated")).sample.calibration.shape == (0, 2)


@pytest.mark.parametrize("name", ["order", "within"])
def test_a_place_in_the_order_that_differs_inside_a_stratum_is_refused(name: str) -> None:
    declared = Declared(single_psu="collapse")
    same = {"order": [5, 5, 4], "within": [1, 1, 1]}
    own = built(some([1, 1, 2], [1, 2, 1], **same), declared)
    assert own.sample.stratum_order == ("5", "4")
    differing = {**same, name: [7, 8, 9]}
    what = {"order": "place in the order of strata", "within": "region"}[name]
    expected = f"MPI-D062 the {what} differs inside 1 stratum (1)\n  give all rows of a stratum the same code"
    assert refusal(lambda: built(some([1, 1, 2], [1, 2, 1], **differing), declared)) == expected
    moved = {"order": [5, 4], "within": [1, 1]}
    moved[name][0] = 7
    other = built(some([1, 2], [3, 3], **moved), declared)
    assert refusal(lambda: own + other) == expected


@pytest.mark.parametrize(
    ("units", "declared", "text"),
    [
        (some([1], [1]), Declared(fpc="count"), "`fpc` is declared and the units have not all"),
        (some([1], [1], fpc=[1]), Declared(), "`fpc` is declared not, but the units have some"),
        (some([1], [1], fpc=[1], ssu_fpc=[1]), Declared(fpc="count", ssu_fpc="count"), "`ssu_fpc` is declared"),
        (some([1], fpc=[1], ssu=[1], ssu_fpc=[1]), Declared(fpc="count", ssu_fpc="count"), "a second stage needs PSUs"),
        (some([1], [1], ssu=[1], ssu_fpc=[1]), Declared(ssu_fpc="count"), "a second stage needs PSUs"),
        (
            some([1], calibration=[[1]], design_person_weight=[1], design_household_weight=[1]),
            Declared(calibration="household"),
            "need PSUs",
        ),
        (
            some([1], [1], calibration=[[np.nan]], design_person_weight=[1], design_household_weight=[1]),
            Declared(calibration="household"),
            "finite",
        ),
        (
            some([1], person_replicates=[[1, 2]], household_replicates=[[1, 2]]),
            Declared(replication=replication("BRR", 3)),
            "a matrix of 3 replicate weights",
        ),
    ],
)
def test_units_that_do_not_fit_their_design_are_a_fault_of_the_caller(
    units: Units, declared: Declared, text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        built(units, declared)


def test_a_census_and_replicates_keep_nothing_else_of_the_design() -> None:
    units = units_of("everything", 1, 30)
    census = built(units, replace(declared_of("everything"), census=True)).sample
    assert census.declared == Declared(single_psu="collapse", census=True, rounds="rotating")
    made = replication("BRR", 2)
    weights = np.ones((30, 2))
    both = replace(units, person_replicates=weights, household_replicates=weights)
    bare = built(both, replace(declared_of("everything"), replication=made))
    assert bare.sample.declared == Declared(single_psu="collapse", replication=made, rounds="rotating")
    for sample in (census, bare.sample):
        assert (sample.strata, sample.psus.tolist(), sample.clustered) == (("",), [0], False)
        assert not len(sample.fpc) and not sample.calibration.size and not sample.stratum_order
    assert bare.cells.calibration is bare.cells.ssu is bare.cells.design_person_weight is None
