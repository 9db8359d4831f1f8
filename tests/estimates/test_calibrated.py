"""Calibrated weights: what was calibrated to has no error left, and errors do not depend on how it was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mpi.errors import UsageError
from mpi.estimates.linearising import WholeDesign
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.loops import at_least_one
from tests.support.province import HOUSEHOLDS, MEASURE, PSUS, STRATA, cluster_variance, profile, province, rows_of

N = 160
RTOL = 1e-9  # normal equations lose half of the digits of their condition
DESIGNS = [{}, {"psu": None}, {"stratum": None, "psu": None}, {"stratum": None}]
TARGETS = {"n": 4000.0, "s": 2500.0, "w": 3500.0}


def poststratified(**options: Any) -> DeprivationProfile:
    """Weights calibrated so that the persons of each region come to a known number."""
    table = province(unknown=0.0)
    rows = rows_of(table)
    design = rows["w"]
    factor = np.empty(N)
    variables: dict[str, Any] = {}
    for region, target in TARGETS.items():
        inside = rows["region"] == region
        factor[inside] = target / (design * rows["members"])[inside].sum()
        variables[f"in_{region}"] = inside * rows["members"]  # persons of each household in the region
    columns = {"w": design * factor, "d": design, **variables}
    made = province(**columns)
    options = {"calibration": list(variables), "design_weight": "d", **options}
    return profile(made, **options)


@pytest.mark.parametrize("design", DESIGNS)
def test_what_was_calibrated_to_has_no_error(design: dict[str, Any]) -> None:
    made = poststratified(**design)
    found = estimate(made, MEASURE, by="region")
    total = sum(TARGETS.values())
    for region, target in TARGETS.items():
        row = found.row("population_share", region=region)
        assert row["estimate"] == pytest.approx(target / total, rel=RTOL)
        assert row["se"] == pytest.approx(0, abs=1e-12)
        assert row["ci_low"] is None or row["ci_high"] - row["ci_low"] < 1e-9
        assert found.row("H", region=region)["se"] > 0


def test_a_statistic_that_is_a_calibration_variable_has_no_error() -> None:
    rows = rows_of(province())
    poor_persons = rows["poor"] * rows["members"]
    made = profile(
        province(d=rows["w"], one=rows["members"], poor_persons=poor_persons),
        design_weight="d",
        calibration=["one", "poor_persons"],
    )
    found = estimate(made, MEASURE, by="zone")
    for statistic in ("H", "poor"):
        row = found.row(statistic, zone=None)
        assert row["se"] == 0, statistic
        assert row["note"] == "the standard error is 0 by arithmetic, which is no precision"
    assert found.row("M0", zone=None)["se"] > 0
    assert found.row("H", zone="u")["se"] > 0


@pytest.mark.parametrize("design", DESIGNS)
def test_redundant_variables_change_nothing(design: dict[str, Any]) -> None:
    plain = poststratified(**design)
    rows = rows_of(province())
    columns: dict[str, Any] = {f"in_{code}": (rows["region"] == code) * rows["members"] for code in TARGETS}
    columns |= {"all": rows["members"], "twice": 2.0 * columns["in_n"], "none": np.zeros(N)}
    weights = np.empty(N)
    for region, target in TARGETS.items():
        inside = rows["region"] == region
        weights[inside] = (rows["w"] * target / (rows["w"] * rows["members"])[inside].sum())[inside]
    table = province(w=weights, d=rows["w"], **columns)
    other = profile(table, calibration=list(columns), design_weight="d", **design)
    one, again = (estimate(p, MEASURE, by=["region", "zone"]) for p in (plain, other))
    assert len(one) == len(again) > 100
    for mine, theirs in zip(one.rows(), again.rows(), strict=True):
        assert theirs["estimate"] == (None if mine["estimate"] is None else pytest.approx(mine["estimate"], rel=1e-12))
        if mine["se"] is None:
            assert theirs["se"] is None
        else:
            size = max(1.0, mine["estimate"] or 0)
            assert theirs["se"] == pytest.approx(mine["se"], rel=1e-7, abs=1e-9 * size)


@pytest.mark.parametrize("region", [None, "s"])
def test_errors_are_those_of_residuals_of_the_rows(region: str | None) -> None:
    """Regression with the design weights of u = (y - R x) / X on the variables; residuals with the final weights."""
    found = estimate(poststratified(), MEASURE, by="region").row("M0", region=region)
    rows = rows_of(province())
    B = np.column_stack([(rows["region"] == code) * rows["members"] for code in TARGETS]).astype(float)
    d: NDArray[np.float64] = rows["w"]
    factors = np.array(list(TARGETS.values())) / (d[:, None] * B).sum(0)
    w = d * ((B > 0) @ factors)
    inside = np.ones(N, bool) if region is None else rows["region"] == region
    x = inside * rows["members"]
    y = x * rows["score"] * rows["poor"]
    m0 = (w * y).sum() / (w * x).sum()
    u = (y - m0 * x) / (w * x).sum()
    slope = np.linalg.solve(B.T @ (d[:, None] * B), B.T @ (d * u))
    variance = cluster_variance(w * (u - B @ slope), rows["stratum"], rows["psu"])
    assert found["estimate"] == pytest.approx(m0, rel=1e-12)
    assert found["se"] == pytest.approx(variance**0.5, rel=RTOL)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_diagonal_of_the_covariance_is_the_variance(design: dict[str, Any]) -> None:
    whole = estimate(poststratified(**design), MEASURE, by=["region", "zone"])
    part = whole.take(np.flatnonzero([row["se"] is not None for row in whole.rows()]))
    assert len(part) > 100
    size = np.maximum(1.0, part.table["estimate"].to_numpy())
    errors = np.sqrt(np.diag(part.covariance().matrix))
    np.testing.assert_allclose(errors / size, part.table["se"].to_numpy() / size, rtol=1e-8, atol=1e-12)


ONE_ALONE = [f"h{4 if code == PSUS * STRATA - 1 else code // PSUS}" for code in np.arange(N) // HOUSEHOLDS]


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ({}, {}),
        ({}, {"stratum": None}),
        ({"f": np.repeat([0.1, 1.0, 0.25, 0.9], N // STRATA)}, {"fpc": ("fraction", "f")}),
        ({"stratum": ONE_ALONE}, {"single_psu": "certainty"}),
        ({"stratum": ONE_ALONE}, {"single_psu": "scaled"}),
        ({"stratum": ONE_ALONE}, {"single_psu": "centered"}),
    ],
    ids=["plain", "one stratum", "fpc", "certainty", "scaled", "centered"],
)
def test_residuals_that_are_not_written_out_have_the_same_variance(
    columns: dict[str, Any], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = profile(
        province(unknown=0.05, d=province()["w"], one=[1.0] * N, size=province()["members"], **columns),
        calibration=["one", "size"],
        design_weight="d",
        **options,
    )
    by = ["region", "zone", "region:zone"]
    written: list[int] = []
    values = WholeDesign.values

    def counted(self: WholeDesign, rows: Any, domain: Any, statistic: Any) -> Any:
        written.append(len(domain))
        return values(self, rows, domain, statistic)

    monkeypatch.setattr(WholeDesign, "values", counted)
    found = estimate(made, MEASURE, by=by)
    some, written[:] = sum(written), []
    monkeypatch.setattr(WholeDesign, "apart", False)
    expected = estimate(made, MEASURE, by=by)
    assert (some < sum(written) / 4) == (options.get("single_psu") != "centered")
    assert sum(row["statistic"].endswith("share") for row in found.rows()) > 10
    for one, other in zip(at_least_one(found.rows()), expected.rows(), strict=True):
        size = max(1.0, other["estimate"] or 0.0)
        if other["se"] is None or other["se"] == 0:
            assert one["se"] == other["se"], other
        else:
            assert one["se"] == pytest.approx(other["se"], rel=RTOL, abs=1e-13 * size), other


def test_persons_can_be_calibrated_and_households_then_have_no_variance() -> None:
    made = profile(province(one=[1.0] * N, d=province()["w"]), calibration=["one"], design_weight="d")
    assert made.sample.declared.calibration == "household"
    assert estimate(made, MEASURE, unit="households").row("H")["se"] > 0
    declared = replace(made.sample.declared, calibration="person")
    by_person = replace(made, sample=replace(made.sample, declared=declared))
    assert estimate(by_person, MEASURE).row("H")["se"] > 0
    with pytest.raises(UsageError) as caught:
        estimate(by_person, MEASURE, unit="households")
    assert str(caught.value) == (
        "MPI-E007 the weights were calibrated person by person, so households have no calibrated variance\n"
        "  use unit=persons"
    )


def test_calibrated_profiles_survive_their_file(tmp_path: Any) -> None:
    made = poststratified()
    made.write(tmp_path / "made.parquet")
    one, other = (estimate(p, MEASURE, by="region") for p in (made, DeprivationProfile.read(tmp_path / "made.parquet")))
    assert one.table.equals(other.table)
