"""How often verdicts are wrong, by simulation: no verdict may be false more often than its level says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.profile import DeprivationProfile
from mpi.targets.asking import progress
from tests.support.strategies import equal_measure

MEASURE = equal_measure(1, "1")
DRAWS, STRATA, PSUS, HOUSEHOLDS = 200, 4, 10, 20
LEVEL = 0.05
MOST = LEVEL + 3 * math.sqrt(LEVEL * (1 - LEVEL) / DRAWS)  # beyond it chance does not reach


def drawn(rng: np.random.Generator, share: float, time: float, effect: np.ndarray[Any, Any]) -> DeprivationProfile:
    """A sample of PSUs whose shares differ about a true one."""
    psu = np.repeat(np.arange(STRATA * PSUS), HOUSEHOLDS)
    flags = rng.random(len(psu)) < np.clip(share + effect, 0, 1)[psu]
    table = pa.table({
        "d0": flags,
        "w": np.ones(len(psu)),
        "stratum": [f"h{code}" for code in psu // PSUS],
        "psu": [f"p{code}" for code in psu],
    })  # fmt: skip
    name = MEASURE.indicators[0].name
    return DeprivationProfile.from_flags(
        table.rename_columns([name, "w", "stratum", "psu"]),
        MEASURE,
        weight="w",
        stratum="stratum",
        psu="psu",
        time=time,
        period=f"{time:g}",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "path"), [("same_psu", "linear"), ("independent", "constant_rate"), ("same_psu", "logistic")]
)
def test_a_figure_at_its_target_is_seldom_met_and_one_on_its_path_seldom_judged(how: Any, path: str) -> None:
    """The truth lies exactly at the target, then exactly on the path: every verdict but `cannot_tell` is false."""
    rng = np.random.default_rng(7)
    first, goal = 0.5, 0.2
    course = {
        "linear": (first + goal) / 2,
        "constant_rate": math.sqrt(first * goal),
        "logistic": 1 / (1 + math.exp(-0.5 * (math.log(first / (1 - first)) + math.log(goal / (1 - goal))))),
    }[path]
    cells = [
        {"statistic": "H", "value": repr(course), "year": 2022, "baseline": "2018", "path": "linear"},
        {"statistic": "H", "value": repr(goal), "year": 2026, "baseline": "2018", "path": path},
    ]
    counts: dict[tuple[int, str], int] = {}
    for _ in range(DRAWS):
        effect = rng.uniform(-0.15, 0.15, STRATA * PSUS)
        other = effect if how == "same_psu" else rng.uniform(-0.15, 0.15, STRATA * PSUS)
        made = [drawn(rng, first, 2018.0, effect), drawn(rng, course, 2022.0, other)]
        for row in progress(made, MEASURE, cells, rounds=how).rows():
            key = (row["target_number"], row["verdict"])
            counts[key] = counts.get(key, 0) + 1
    assert sum(counts.values()) == 2 * DRAWS
    for key in ((1, "met"), (1, "off_track"), (2, "on_track"), (2, "off_track")):
        assert counts.get(key, 0) / DRAWS <= MOST, (key, counts)
    assert counts.get((1, "on_track"), 0) == 0  # its year has come
    for key in ((2, "on_track"), (2, "off_track")):  # not so careful that nothing is ever told
        assert counts.get(key, 0) > 0, counts
