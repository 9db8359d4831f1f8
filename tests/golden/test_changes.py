"""Changes between rounds against R: independent samples, the same PSUs, rotating PSUs, a panel of households."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from mpi.changes import Changes
from mpi.pipeline.estimating import change
from mpi.profile import DeprivationProfile
from mpi.vocabulary.options import ROUNDS
from tests.support.golden_files import RTOL_R, golden, measure, units

TIMES = (2018.0, 2020.5, 2024.0)
KINDS = {"absolute": "absolute", "annual": "absolute_per_year", "relative": "relative",
         "relative_annual": "relative_per_year", "log": "log"}  # fmt: skip

# R leaves standard errors of rounding size where ours are 0.
NOISE_R = 1e-12
FLAT = "one of the rounds has a standard error of 0: no test"


@cache
def rounds(series: str) -> list[DeprivationProfile]:
    files = ["round_1.csv", f"round_{series}_2.csv", f"round_{series}_3.csv"]
    return [
        DeprivationProfile.from_flags(
            units(file),
            measure(),
            weight="weight",
            members="members",
            by="region",
            stratum="stratum",
            psu="psu_unique",
            period=str(int(time)),
            time=time,
        )
        for file, time in zip(files, TIMES, strict=True)
    ]


@cache
def changes(series: str) -> Changes:
    return change(rounds(series), measure(), by="region", k="1/3", rounds=series)  # type: ignore[arg-type]  # a literal


def figures(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("from", "to", "change", "region", "statistic", "indicator"))


@pytest.mark.parametrize("series", ROUNDS)
def test_changes_are_those_of_R(series: str) -> None:
    periods = {str(i + 1): str(int(time)) for i, time in enumerate(TIMES)}
    mine = {figures(row): row for row in changes(series).rows()}
    rows = [row for row in golden("changes.csv") if row["series"] == series and row["stack"] == "pair"]
    assert len(rows) == 3 * 5 * 35
    compared = flat = 0
    for row in rows:
        region = row["domain"].removeprefix("region=") or None
        key = (
            periods[row["from"]],
            periods[row["to"]],
            KINDS[row["change"]],
            region,
            row["statistic"],
            row["indicator"] or None,
        )
        own = mine[key]
        if row["estimate"] == "":  # R has none where an estimate is 0
            assert own["estimate"] is None or own["note"], key
            assert own["se"] is None, key
            continue
        expected = float(row["estimate"])
        assert own["estimate"] == pytest.approx(expected, rel=RTOL_R, abs=1e-13 * max(abs(float(row["y1"])), 1)), key
        if row["se"] == "":  # the second estimate is 0: -100 %, without an error
            assert own["se"] is None, key
            assert own["note"] == "the second estimate is 0", key
            continue
        assert own["se"] == pytest.approx(float(row["se"]), rel=RTOL_R), key
        assert own["df"] == int(float(row["df"])), key
        if own["note"] == FLAT:  # R tests with an error of 0 that only says that the sample does not vary
            assert own["t"] is own["p"] is own["ci_low"] is None, key
            assert min(float(row["v11"]), float(row["v22"])) < NOISE_R**2, key
            flat += 1
        elif row["p"]:
            assert own["p"] == pytest.approx(float(row["p"]), rel=1e-7), key
            compared += 1
    assert compared > 400
    assert flat < 40
