"""Weights that no double can add up are refused wherever they come from, without a warning of the arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mpi
from mpi.errors import DataError
from mpi.profile import replication
from tests.support.hamlet import write_hamlet
from tests.support.province import MEASURE, profile, province

N = len(province())
REMEDY = "divide the weights by one number"


@pytest.mark.parametrize("size", [1e308, 1e200, 1e150])
@pytest.mark.parametrize("what", ["weight", "members", "design_weight", "combined", "factors"])
def test_flags_with_weights_that_overflow_are_refused(what: str, size: float) -> None:
    heavy, light = np.full(N, size), np.ones(N)
    options: dict[str, Any] = {"stratum": None, "psu": None}
    columns: dict[str, Any] = {"r1": light, "r2": light, "d": light}
    if what in ("combined", "factors"):
        columns["r2"] = heavy
        options |= {"replicates": ["r1", "r2"], "replicates_are": what, "replication": replication("bootstrap", 2)}
    elif what == "design_weight":
        columns["d"] = heavy
        options = {"calibration": ["members"], "design_weight": "d"}
    elif what == "members":
        columns |= {"w": np.full(N, min(size, 1e300) / 1e10), "members": np.full(N, 10**12)}
    else:
        columns["w"] = heavy
    with pytest.raises(DataError) as error:
        profile(province(**columns), **options)
    assert {fault.code for fault in error.value.faults} == {"MPI-D040"}
    assert REMEDY in str(error.value)
    # As large as the squares of sums allow, they are read, and figures follow.
    made = profile(province(w=np.full(N, 1e140)))
    same = profile(province(w=light))
    one, other = (mpi.estimate(part, MEASURE).row("H") for part in (made, same))
    assert one["se"] == pytest.approx(other["se"], rel=1e-12)


def test_a_survey_with_weights_that_overflow_is_refused(tmp_path: Path) -> None:
    write_hamlet(tmp_path)
    households = tmp_path / "households.csv"
    lines = households.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("weight")
    rows = [line.split(",") for line in lines]
    for row in rows[1:]:
        row[place] = "1e308"
    households.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    survey, measure = mpi.load_survey(tmp_path / "village_2026.yaml"), mpi.load_measure(tmp_path / "village.yaml")
    with pytest.raises(DataError, match=f"MPI-D040 .*the weight is too large.*\n  {REMEDY}"):
        mpi.deprivation_profile(survey, measure, tmp_path)
