"""CPU time of plans on a register of ten million synthetic households in 1,100 areas.

    python benchmarks/plans.py

On 1.04 million cells: all figures of a plan 2.9 s, H, A and M0 by area 0.9 s, parts of two actions 0.2 s,
costs by area 0.4 s; the cheapest plan of 3 indicators in each of 1,100 areas 13 s, proved to be the best.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

import mpi

HOUSEHOLDS, AREAS = 10_000_000, 1_100


def register(measure: mpi.Measure) -> mpi.DeprivationProfile:
    """The profile of a synthetic register, whose households are counted by area and pattern."""
    rng = np.random.default_rng(1)
    shares = rng.beta(0.6, 3, len(measure.names))
    code = rng.integers(0, AREAS, HOUSEHOLDS) << len(shares)
    for j, share in enumerate(shares.tolist()):
        code |= (rng.random(HOUSEHOLDS) < share).astype(np.int64) << j
    found, times = np.unique(code, return_counts=True)
    table = {name: (found >> j & 1).astype(bool) for j, name in enumerate(measure.names)}
    table |= {"w": times.astype(float), "members": np.full(len(found), 3)}
    table |= {"area": [f"{one:04d}" for one in (found >> len(shares)).tolist()]}
    return mpi.DeprivationProfile.from_flags(
        pa.table(table), measure, weight="w", members="members", by="area", census=True
    )


def timed(name: str, run: Callable[[], object]) -> None:
    """Run and say how long the processor took."""
    began = time.process_time()
    run()
    print(f"{name}: {time.process_time() - began:.1f} s of CPU")


def main() -> None:
    """Time each analysis."""
    measure = mpi.load_measure("colombia_ipm")
    profile = register(measure)
    first, second, third = measure.names[:3]
    plan, costs = [f"close {first}", f"reduce {second} by 1/2 if poor"], {first: 1, second: 2, third: 3}
    print(f"{HOUSEHOLDS:,} households in {len(profile.cells):,} cells")
    timed("what_if", lambda: mpi.what_if(profile, measure, plan))
    timed("what_if by area", lambda: mpi.what_if(profile, measure, plan, by="area", statistics=["H", "A", "M0"]))
    timed("plan_parts", lambda: mpi.plan_parts(profile, measure, plan))
    timed("plan_costs by area", lambda: mpi.plan_costs(profile, measure, plan, costs, by="area"))
    timed(
        "cheapest_plan by area", lambda: mpi.cheapest_plan(profile, measure, costs, budget=3e6, domain="area", steps=2)
    )


if __name__ == "__main__":
    main()
