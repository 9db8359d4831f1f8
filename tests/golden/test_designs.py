"""Corrections for finite populations, second stages, collapsed strata, calibrated weights: every golden value of R."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from mpi.errors import DataError, UsageError
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.golden_files import NOISE_R, compared, golden, indexed, measure, units

FPC, SINGLE = "households_fpc.csv", "households_single_fpc.csv"
CLUSTERED = {"stratum": "stratum", "psu": "psu"}
COLLAPSED = {**CLUSTERED, "single_psu": "collapse"}
BY_MAP = {**COLLAPSED, "collapse": {"11": "12"}}
BY_ORDER = {**COLLAPSED, "collapse_order": "place", "collapse_within": "area"}
COUNT = {"fpc": ("count", "N_psu")}
DESIGNS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "srs_fpc": (FPC, {"fpc": ("count", "N_households")}),
    "stratified_fpc": (FPC, {"stratum": "stratum", "fpc": ("count", "N_stratum")}),
    "stratified_clustered_fpc": (FPC, {**CLUSTERED, **COUNT}),
    "two_stage_households": (FPC, {**CLUSTERED, **COUNT, "ssu": "household", "ssu_fpc": ("count", "M_psu")}),
    "two_stage_segments": (FPC, {**CLUSTERED, **COUNT, "ssu": "ssu", "ssu_fpc": ("count", "N_ssu")}),
    "single_collapse_map": (SINGLE, BY_MAP),
    "single_collapse_map_fpc": (SINGLE, {**BY_MAP, **COUNT}),
    "single_collapse_order": (SINGLE, BY_ORDER),
    "single_collapse_order_fpc": (SINGLE, {**BY_ORDER, **COUNT}),
    "single_certainty_fpc": (SINGLE, {**CLUSTERED, **COUNT, "single_psu": "certainty"}),
    "single_adjust_fpc": (SINGLE, {**CLUSTERED, **COUNT, "single_psu": "centered"}),
    "single_average_fpc": (SINGLE, {**CLUSTERED, **COUNT, "single_psu": "scaled"}),
    "single_average_self": (SINGLE, {**CLUSTERED, "fpc": ("count", "N_self"), "single_psu": "scaled"}),
    "single_fail_self": (SINGLE, {**CLUSTERED, "fpc": ("count", "N_both_self")}),
}
# The same designs declared with fractions, and with PSU codes that are unique.
FRACTIONS = {"fpc": ("fraction", "f_psu")}
OTHERWISE: Mapping[str, list[Mapping[str, Any]]] = {
    "stratified_clustered_fpc": [{**CLUSTERED, **FRACTIONS}, {"stratum": "stratum", "psu": "psu_unique", **COUNT}],
    "two_stage_households": [{**CLUSTERED, **FRACTIONS, "ssu": "household", "ssu_fpc": ("fraction", "f_household")}],
    "two_stage_segments": [{**CLUSTERED, **FRACTIONS, "ssu": "ssu", "ssu_fpc": ("fraction", "f_ssu")}],
}
NOISE = {"se": NOISE_R}
# R iterates its calibrated weights to 1e-13 and solves by QR, we by normal equations.
RTOL_CALIBRATED = 1e-9


def profile(file: str, columns: Mapping[str, Any]) -> DeprivationProfile:
    return DeprivationProfile.from_flags(
        units(file), measure(), weight="weight", members="members", by="region", **columns
    )


@pytest.mark.parametrize("design", DESIGNS)
def test_designs_give_the_figures_of_R(design: str) -> None:
    made = profile(*DESIGNS[design])
    for unit in ("person", "household"):
        rows = [row for row in golden("designs.csv") if row["design"] == design and row["unit"] == unit]
        if not rows:
            continue
        ours = indexed(estimate(made, measure(), by="region", unit=f"{unit}s").table)  # type: ignore[arg-type]  # R's words
        number, wrong = compared(rows, ours, ("estimate", "se", "df"), NOISE)
        assert not wrong, f"{unit}: {len(wrong)} differ, first {wrong[:2]}"
        assert number["df"] == len(rows) >= 301


@pytest.mark.parametrize(("design", "place"), [(name, i) for name, ways in OTHERWISE.items() for i in range(len(ways))])
def test_a_design_declared_otherwise_is_the_same(design: str, place: int) -> None:
    one = estimate(profile(*DESIGNS[design]), measure(), by="region")
    other = estimate(profile(DESIGNS[design][0], OTHERWISE[design][place]), measure(), by="region")
    rows, others = one.rows(), other.rows()
    assert len(rows) == len(others) > 300
    for mine, theirs in zip(rows, others, strict=True):
        assert mine["estimate"] == theirs["estimate"]
        assert mine["df"] == theirs["df"]
        assert mine["se"] == pytest.approx(theirs["se"], rel=1e-12)


def test_psus_with_one_second_stage_unit_are_named() -> None:
    table = units(FPC)
    first = table["ssu"].to_pylist()
    alone = pa.array(
        [1 if unique == "1-1" else own for unique, own in zip(table["psu_unique"].to_pylist(), first, strict=True)]
    )
    changed = table.set_column(table.column_names.index("ssu"), "ssu", alone)
    columns = {**CLUSTERED, **COUNT, "ssu": "ssu", "ssu_fpc": ("count", "N_ssu")}
    made = DeprivationProfile.from_flags(changed, measure(), weight="weight", members="members", **columns)
    with pytest.raises(DataError) as refused:
        estimate(made, measure())
    assert str(refused.value) == (
        "MPI-D071 1 of 74 PSUs has one second-stage unit (1), drawn out of several: variance within them has no "
        "estimate\n"
        "  set `single_psu: certainty` to count them as 0, or leave the second stage out: the first stage "
        "alone gives the usual estimator"
    )
    made = DeprivationProfile.from_flags(
        changed, measure(), weight="weight", members="members", single_psu="certainty", **columns
    )
    assert estimate(made, measure()).row("H", k="1/3")["se"] > 0


CALIBRATED, PERSONS = "households_calibrated.csv", "persons_calibrated.csv"
GREG = ["one", "young", "adult"]
CALIBRATIONS: Mapping[str, tuple[str, str, list[str], Mapping[str, Any]]] = {
    "poststratified": (CALIBRATED, "w_poststratified", ["poststratum"], CLUSTERED),
    "greg": (CALIBRATED, "w_greg", GREG, CLUSTERED),
    "greg_fpc": (CALIBRATED, "w_greg", GREG, {**CLUSTERED, **COUNT}),
    "greg_stratified": (CALIBRATED, "w_greg", GREG, {"stratum": "stratum"}),
    "greg_srs": (CALIBRATED, "w_greg", GREG, {}),
    "raked": (CALIBRATED, "w_raked", ["head", "tenure"], CLUSTERED),
    "person_poststratified": (PERSONS, "w_person_poststratified", ["cell"], CLUSTERED),
    "person_raked": (PERSONS, "w_person_raked", ["sex", "age"], CLUSTERED),
    "person_households": (PERSONS, "w_person_poststratified", ["cell"], {"stratum": "stratum", "psu": "household"}),
}


@cache
def with_dummies(file: str, names: tuple[str, ...]) -> tuple[pa.Table, list[str]]:
    """The file with a column of 0 and 1 for each level of its texts, and the numeric calibration variables."""
    table, made = units(file), []
    for name in names:
        if not pa.types.is_string(table.schema.field(name).type):
            made.append(name)
            continue
        for level in sorted(set(table[name].to_pylist())):
            column = pa.array([float(value == level) for value in table[name].to_pylist()])
            table = table.append_column(f"{name}_{level}", column)
            made.append(f"{name}_{level}")
    return table, made


def calibrated(design: str) -> DeprivationProfile:
    file, weight, names, columns = CALIBRATIONS[design]
    table, variables = with_dummies(file, tuple(names))
    return DeprivationProfile.from_flags(
        table,
        measure(),
        weight=weight,
        members="members" if file == CALIBRATED else None,
        by="region",
        calibration=variables,
        design_weight="weight",
        **columns,
    )


@pytest.mark.parametrize("design", CALIBRATIONS)
def test_calibrated_weights_give_the_errors_of_R(design: str) -> None:
    made = calibrated(design)
    for unit in ("person", "household"):
        rows = [row for row in golden("calibration.csv") if row["design"] == design and row["unit"] == unit]
        if not rows:
            continue
        ours = indexed(estimate(made, measure(), by="region", unit=f"{unit}s").table)  # type: ignore[arg-type]  # R's words
        # The df of households that are their own PSUs count PSUs of R's rows.
        number, wrong = compared(rows, ours, ("estimate", "se", "df"), NOISE, rel=RTOL_CALIBRATED)
        assert not wrong, f"{unit}: {len(wrong)} differ, first {wrong[:2]}"
        assert number["df"] == len(rows) == 308


def test_a_calibrated_profile_is_not_filtered_for_its_errors_need_everyone() -> None:
    with pytest.raises(UsageError) as refused:
        calibrated("greg").filter(region="1")
    assert str(refused.value) == (
        "MPI-E015 the weights are calibrated, so units outside a domain are needed for its errors\n"
        "  estimate by the domain instead: by=..."
    )


def test_calibration_makes_errors_smaller_than_weights_taken_as_fixed() -> None:
    _, weight, _, columns = CALIBRATIONS["poststratified"]
    fixed = DeprivationProfile.from_flags(units(CALIBRATED), measure(), weight=weight, members="members", **columns)
    naive, own = (estimate(one, measure()).row("H", k="1/3") for one in (fixed, calibrated("poststratified")))
    assert own["estimate"] == pytest.approx(naive["estimate"], rel=1e-13)
    assert own["se"] < 0.8 * naive["se"]
