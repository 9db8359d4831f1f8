"""Our engine: the figures of departments, municipalities, zones and their crossing, from the measure and the survey."""

from __future__ import annotations

from pathlib import Path

import mpi
from benchmarks.census.rivals import program

HERE = Path(__file__).resolve().parent.parent


def figures(folder: Path, output: Path, how: str) -> None:
    """Write all estimates; contributions and shares of the population, which the rivals do not make, among them."""
    measure = mpi.load_measure(HERE / "measure.yaml")
    survey = mpi.load_survey(HERE / "survey.yaml")
    profile = mpi.deprivation_profile(survey, measure, data=folder)
    estimates = mpi.estimate(profile, measure, by=["department", "municipality", "zone", "municipality:zone"])
    write(estimates, output)


def write(estimates: mpi.Estimates, output: Path) -> None:
    """Write estimates with the columns that the rivals have."""
    import pyarrow.parquet as pq

    wanted = ("department", "municipality", "zone", "k", "statistic", "indicator", "estimate")
    pq.write_table(estimates.table.select([name for name in wanted if name in estimates.table.column_names]), output)


if __name__ == "__main__":
    program(figures, ["engine"])
