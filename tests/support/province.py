"""A province whose households are made from a seed: strata of PSUs, regions that cut across strata, three indicators.

Small enough to be worked out again row by row in a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff
from tests.support.strategies import measure_of

MEASURE = measure_of(
    {"health": {"a": Fraction(1, 2)}, "living": {"b": Fraction(1, 4), "c": Fraction(1, 4)}}, [Cutoff(Fraction(1, 2))]
)
DESIGN = {"stratum": "stratum", "psu": "psu"}
STRATA, PSUS, HOUSEHOLDS = 4, 5, 8


def province(seed: int = 1, *, unknown: float = 0.0, **columns: Any) -> pa.Table:
    """One row a household: 4 strata of 5 PSUs of 8 households; some columns replaced or added.

    PSU codes are unique. Regions n, s and w cross the strata; zones u and r differ inside PSUs.
    """
    rng = np.random.default_rng(seed)
    n = STRATA * PSUS * HOUSEHOLDS
    psu = np.repeat(np.arange(STRATA * PSUS), HOUSEHOLDS)
    poorer = rng.random(STRATA * PSUS)[psu]
    flags = {name: rng.random(n) < 0.2 + 0.5 * poorer for name in "abc"}
    made: dict[str, Any] = {name: pa.array(flag, mask=rng.random(n) < unknown) for name, flag in flags.items()}
    made |= {
        "w": rng.integers(8, 80, n) / 8,
        "members": rng.integers(1, 7, n),
        "stratum": [f"h{code}" for code in psu // PSUS],
        "psu": [f"p{code:02}" for code in psu],
        "region": np.array(["n", "s", "w"])[(psu + rng.integers(0, 2, STRATA * PSUS)[psu]) % 3].tolist(),
        "zone": np.array(["u", "r"])[rng.integers(0, 2, n)].tolist(),
    }
    return pa.table(made | columns)


def profile(table: pa.Table, **options: Any) -> DeprivationProfile:
    """The profile of a province by region and zone, stratified and clustered by default."""
    chosen: Mapping[str, Any] = {"weight": "w", "members": "members", "by": ["region", "zone"], **DESIGN, **options}
    return DeprivationProfile.from_flags(table, MEASURE, **chosen)


def rows_of(table: pa.Table) -> dict[str, NDArray[Any]]:
    """The rows as arrays, with the person weight, the score of each household, and whether it is poor."""
    found = {name: np.array(table[name].to_pylist()) for name in table.column_names}
    found["person_weight"] = found["w"] * found["members"]
    found["score"] = found["a"] * 0.5 + found["b"] * 0.25 + found["c"] * 0.25
    found["poor"] = found["score"] >= 0.5  # halves and quarters are exact
    return found


def cluster_variance(z: NDArray[np.float64], stratum: NDArray[np.str_], psu: NDArray[np.str_]) -> float:
    """The ultimate cluster variance of values of rows: sum over strata of n / (n - 1) times the sum of squares."""
    found = 0.0
    for h in np.unique(stratum):
        totals = np.array([z[(stratum == h) & (psu == i)].sum() for i in np.unique(psu[stratum == h])])
        found += len(totals) / (len(totals) - 1) * float(((totals - totals.mean()) ** 2).sum())
    return found
