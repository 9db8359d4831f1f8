"""How often verdicts are wrong, by simulation: no verdict may be false more often than its level says."""

from __future__ import annotations

import math
from collections import Counter
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


def drawn(rng: np.random.Generator, share: float, effect: np.ndarray[Any, Any]) -> pa.Table:
    """A sample of PSUs whose shares differ about a true one."""
    psu = np.repeat(np.arange(STRATA * PSUS), HOUSEHOLDS)
    flags = rng.random(len(psu)) < np.clip(share + effect, 0, 1)[psu]
    return pa.table({MEASURE.indicators[0].name: flags, "stratum": psu // PSUS, "psu": psu})


def round_of(samples: list[pa.Table], time: float) -> DeprivationProfile:
    """A round of a country in which each sample is one of an area: PSUs and strata lie in one, so figures, errors and
    degrees of freedom of an area are those of its sample alone, and all are judged in one call."""
    area = np.repeat(np.arange(len(samples)), len(samples[0]))
    table = pa.concat_tables(samples)
    for name in ("stratum", "psu"):
        own = [f"{one}.{code}" for one, code in zip(area.tolist(), table[name].to_pylist(), strict=True)]
        table = table.set_column(table.column_names.index(name), name, pa.array(own))
    table = table.append_column("area", pa.array([f"a{one}" for one in area.tolist()]))
    table = table.append_column("w", pa.array(np.ones(len(area))))
    return DeprivationProfile.from_flags(
        table, MEASURE, weight="w", stratum="stratum", psu="psu", by="area", time=time, period=f"{time:g}"
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
        {"statistic": "H", "value": repr(course), "year": 2022, "baseline": "2018", "path": "linear", "domain": "area"},
        {"statistic": "H", "value": repr(goal), "year": 2026, "baseline": "2018", "path": path, "domain": "area"},
    ]
    samples: tuple[list[pa.Table], list[pa.Table]] = [], []
    for _ in range(DRAWS):
        effect = rng.uniform(-0.15, 0.15, STRATA * PSUS)
        other = effect if how == "same_psu" else rng.uniform(-0.15, 0.15, STRATA * PSUS)
        samples[0].append(drawn(rng, first, effect))
        samples[1].append(drawn(rng, course, other))
    made = [round_of(own, time) for own, time in zip(samples, (2018.0, 2022.0), strict=True)]
    rows = progress(made, MEASURE, cells, rounds=how).rows()
    assert {row["df"] for row in rows} == {STRATA * (PSUS - 1)}
    counts = Counter((row["target_number"], row["verdict"]) for row in rows)
    assert sum(counts.values()) == 2 * DRAWS
    for key in ((1, "met"), (1, "off_track"), (2, "on_track"), (2, "off_track")):
        assert counts[key] / DRAWS <= MOST, (key, counts)
    assert counts[1, "on_track"] == 0  # its year has come
    for key in ((2, "on_track"), (2, "off_track")):  # not so careful that nothing is ever told
        assert counts[key] > 0, counts
