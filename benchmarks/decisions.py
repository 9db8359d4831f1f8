"""CPU time of coverage, lists and the following of a register of synthetic households, as ratios to its profile.

    python -m benchmarks.decisions 10_000_000
    python -m benchmarks.decisions 1_000_000

What each takes over reading and judging the households of one edition (`profile`); README.md has what was measured.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import mpi

AREAS, INDICATORS, CHANGED, MOVED = 1_100, 12, 0.05, 0.03  # of flags, and of households that are gone or new
NAMES = [f"i{j:02d}" for j in range(INDICATORS)]
SURVEY = """
survey: register
period: "{period}"
tables: {{households: {{path: "{period}.parquet", key: [home]}}}}
members: people
variables: {{{variables}}}
domains: {{area: {{column: area}}}}
programmes: {{transfer: receives = 1}}
design: {{weight: none, census: yes}}
"""


def measure() -> mpi.Measure:
    """Twelve indicators of equal weights, as flags."""
    return mpi.measure(
        dict.fromkeys(NAMES, f"1/{INDICATORS}"),
        k="1/3",
        rules={name: f"{name}_flag = 1" for name in NAMES},
        variables={"household": {f"{name}_flag": "number" for name in NAMES}},
    )


def editions(folder: Path, number: int) -> None:
    """Two editions: most households are in both, and some of their deprivations change."""
    rng = np.random.default_rng(1)
    whole = number + int(MOVED * number)
    shares = rng.beta(0.8, 3, INDICATORS)
    area, people = rng.integers(0, AREAS, whole).astype(np.int16), rng.integers(1, 7, whole).astype(np.int8)
    flags = [(rng.random(whole, np.float32) < share).astype(np.int8) for share in shares.tolist()]
    receives = (rng.random(whole, np.float32) < 0.1 + 0.4 * (np.mean(flags, axis=0) > 1 / 3)).astype(np.int8)
    for period, places in ((2024, slice(0, number)), (2025, slice(whole - number, whole))):
        columns = {"home": np.arange(whole)[places], "people": people[places], "area": area[places]}
        columns |= {f"{name}_flag": one[places] for name, one in zip(NAMES, flags, strict=True)}
        pq.write_table(pa.table({**columns, "receives": receives[places]}), folder / f"{period}.parquet")
        flags = [one ^ (rng.random(whole, np.float32) < CHANGED).astype(np.int8) for one in flags]


def timed(name: str, run: Callable[[], object], base: float | None = None) -> tuple[object, float]:
    """Run, and say how long the processor took, also over the base."""
    began = time.process_time()
    made = run()
    spent = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name:28} {spent:7.1f} s {spent / (base or spent):6.2f}   {most:5.1f} GB at most until then", flush=True)
    return made, spent


def main(number: int) -> None:
    """Time each."""
    variables = ", ".join(f"{name}_flag: {name}_flag" for name in NAMES)
    surveys = [mpi.survey(SURVEY.format(period=period, variables=variables)) for period in (2024, 2025)]
    own = measure()
    with TemporaryDirectory() as name:
        folder = Path(name)
        editions(folder, number)
        print(f"{number:,} households in {AREAS:,} areas, {INDICATORS} indicators")
        read = mpi.deprivation_profile
        _, base = timed("profile", lambda: read(surveys[1], own, folder, domains=["area"]))
        profile, _ = timed(
            "profile with a programme", lambda: read(surveys[1], own, folder, domains=["area", "transfer"]), base
        )
        timed("coverage by area", lambda: mpi.analyse(profile, own, "coverage", by="area"), base)  # type: ignore[arg-type]
        panel, _ = timed(
            "follow",
            lambda: mpi.follow(surveys, own, [folder] * 2, link="same_key", key=["home"], domains=["area"]),
            base,
        )
        for table in ("movements", "transitions", "deprivations"):
            timed(f"{table} by area", lambda table=table: mpi.movements(panel, own, table, by="area"), base)  # type: ignore[misc,arg-type]
        timed("score", lambda: mpi.score(surveys[1], own, folder), base)
        timed("list of the poor by quotas", lambda: mpi.target_list(surveys[1], own, folder, area="area", quotas=100,
              rows="poor"), base)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
