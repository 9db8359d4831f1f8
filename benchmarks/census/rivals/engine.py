"""Our engine: the figures of the municipalities by zone, from the measure and the survey."""

from __future__ import annotations

from pathlib import Path

import mpi
from benchmarks.census.rivals import program

STATISTICS = ("H", "A", "M0", "poor", "censored_headcount", "uncensored_headcount", "excluded", "unknown")
HERE = Path(__file__).resolve().parent.parent


def figures(folder: Path, output: Path, how: str) -> None:
    """Write the estimates that the rivals make."""
    measure = mpi.load_measure(HERE / "measure.yaml")
    survey = mpi.load_survey(HERE / "survey.yaml")
    profile = mpi.deprivation_profile(survey, measure, data=folder)
    estimates = mpi.estimate(profile, measure, by="municipality:zone", statistics=STATISTICS)
    write(estimates, output)


def write(estimates: mpi.Estimates, output: Path) -> None:
    """Write estimates with the columns that the rivals have."""
    import pyarrow.parquet as pq

    wanted = ("department", "municipality", "zone", "k", "statistic", "indicator", "estimate")
    pq.write_table(estimates.table.select([name for name in wanted if name in estimates.table.column_names]), output)


if __name__ == "__main__":
    program(figures, ["engine"])
