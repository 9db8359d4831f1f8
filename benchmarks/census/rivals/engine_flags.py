"""Our engine from ready-made flags: the part of the job that `mpitb` does, errors included as there."""

from __future__ import annotations

from pathlib import Path

import mpi
from benchmarks.census.rivals import program
from benchmarks.census.rivals.engine import HERE, write


def figures(flags: Path, output: Path, how: str) -> None:
    """Write the figures of all domains and of the country, each household being drawn by itself."""
    import pyarrow.parquet as pq

    measure = mpi.load_measure(HERE / "measure.yaml")
    by = ["municipality", "zone"]
    profile = mpi.DeprivationProfile.from_flags(pq.read_table(flags), measure, weight=None, members="members", by=by)
    write(mpi.estimate(profile, measure, by="municipality:zone"), output)


if __name__ == "__main__":
    program(figures, ["engine"])
