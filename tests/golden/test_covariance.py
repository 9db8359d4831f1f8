"""Covariances, contrasts, Wald tests and corrected p-values against R's `survey`."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mpi.estimates import Covariance, Estimates
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.golden_files import RTOL_R, golden, measure, units

DESIGNS: dict[str, dict[str, Any]] = {
    "srs": {},
    "clustered": {"psu": "psu_unique"},
    "stratified_clustered": {"stratum": "stratum", "psu": "psu"},
    "two_stage_households": {
        "stratum": "stratum", "psu": "psu", "fpc": ("count", "N_psu"), "ssu": "household",
        "ssu_fpc": ("count", "M_psu"),
    },
}  # fmt: skip
# p-values far in the tail lose digits to the rounding of t.
RTOL_P = 1e-7


@cache
def estimates(design: str) -> Estimates:
    made = DeprivationProfile.from_flags(
        units("households_fpc.csv"),
        measure(),
        weight="weight",
        members="members",
        by=["region", "zone"],
        **DESIGNS[design],
    )
    return estimate(made, measure(), by=["region", "zone"], k="1/3")


def name_of(row: dict[str, Any]) -> str:
    where = next((f"{d}={row[d]}" for d in ("region", "zone") if row[d] is not None), "")
    indicator = "" if row["dimension"] is None or row["indicator"] is None else row["indicator"]
    return f"{row['statistic']}|{indicator}|{where}"


@cache
def joint(design: str) -> tuple[Covariance, dict[str, int]]:
    """The covariance of the estimates that R's file has, and their places."""
    whole = estimates(design)
    wanted = {row["name"] for row in golden("covariance_estimates.csv")}
    rows = [
        i
        for i, row in enumerate(whole.rows())
        if row["statistic"] != "unknown"
        and name_of(row) in wanted
        and not (row["indicator"] is None and row["dimension"] is not None)
    ]
    part = whole.take(np.array(rows))
    return part.covariance(), {name_of(row): i for i, row in enumerate(part.rows())}


@pytest.mark.parametrize("design", DESIGNS)
def test_covariances_are_those_of_R(design: str) -> None:
    covariance, place = joint(design)
    values = {row["name"]: float(row["estimate"]) for row in golden("covariance_estimates.csv")}
    assert place.keys() == values.keys()
    for name, i in place.items():
        assert covariance.values[i] == pytest.approx(values[name], rel=RTOL_R)
    rows = [row for row in golden("covariance.csv") if row["design"] == design]
    assert len(rows) == len(place) * (len(place) + 1) / 2
    size = np.sqrt(np.diag(covariance.matrix))
    for row in rows:
        i, j = place[row["name_a"]], place[row["name_b"]]
        expected = float(row["covariance"])
        assert covariance.matrix[i, j] == pytest.approx(expected, rel=RTOL_R, abs=RTOL_R * size[i] * size[j]), row


@pytest.mark.parametrize("design", DESIGNS)
def test_the_diagonal_is_the_variance_of_each_estimate(design: str) -> None:
    part = estimates(design)
    rows = np.array([i for i, row in enumerate(part.rows()) if row["se"] is not None])
    assert len(rows) > 500
    selected = part.take(rows)
    variances = np.diag(selected.covariance().matrix)
    # Sums of squares, where households have no codes, lose digits that the centred form keeps.
    np.testing.assert_allclose(np.sqrt(variances), selected.table["se"].to_numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("statistic", ["H", "M0"])
def test_differences_between_regions_are_those_of_R(design: str, statistic: str) -> None:
    rows = [row for row in golden("contrasts.csv") if row["design"] == design and row["statistic"] == statistic]
    if not rows:
        pytest.skip("R's file has no contrasts of this statistic")
    whole = estimates(design).only(statistic)
    part = whole.take(np.array([i for i, row in enumerate(whole.rows()) if row["region"] is not None]))
    tables = {adjust: part.covariance().differences(adjust=adjust).to_pylist() for adjust in ("holm", "bh")}  # type: ignore[arg-type]
    assert len(rows) == len(tables["holm"]) == 15
    mine = {
        (row["region"], row["region_other"]): (row, other)
        for row, other in zip(tables["holm"], tables["bh"], strict=True)
    }
    for row in rows:
        holm, bh = mine[row["from"], row["to"]]
        # Ours is the domain less the other; R's file has the second less the first.
        assert -holm["estimate"] == pytest.approx(float(row["estimate"]), rel=1e-9)
        assert holm["se"] == pytest.approx(float(row["se"]), rel=RTOL_R)
        assert -holm["t"] == pytest.approx(float(row["t"]), rel=1e-9)
        assert holm["df"] == int(float(row["df"]))
        assert holm["p"] == pytest.approx(float(row["p"]), rel=RTOL_P)
        assert holm["p_adjusted"] == pytest.approx(float(row["p_holm"]), rel=RTOL_P)
        assert bh["p_adjusted"] == pytest.approx(float(row["p_bh"]), rel=RTOL_P)


@pytest.mark.parametrize(
    "row", golden("wald.csv"), ids=lambda row: "-".join((row["design"], row["statistic"], row["convention"]))
)
def test_the_equality_of_regions_is_tested_as_in_R(row: dict[str, str]) -> None:
    whole = estimates(row["design"]).only(row["statistic"])
    part = whole.take(np.array([i for i, one in enumerate(whole.rows()) if one["region"] is not None]))
    found = part.covariance().wald(adjusted=row["convention"] == "adjusted_wald")
    assert (found.df1, found.df2) == (int(float(row["df1"])), int(float(row["df2"])))
    assert found.f == pytest.approx(float(row["F"]), rel=1e-8)
    assert found.p == pytest.approx(float(row["p"]), rel=1e-6)
