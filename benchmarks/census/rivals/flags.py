"""Ready-made deprivations of every household, for the rivals that only score and estimate."""

from __future__ import annotations

from pathlib import Path

from benchmarks.census.rivals import program
from benchmarks.census.rivals.polars import write_flags


def figures(folder: Path, output: Path, how: str) -> None:
    """Write municipality, zone, members and fifteen columns of 0 and 1, in the order of the places."""
    write_flags(folder, output)


if __name__ == "__main__":
    program(figures, ["flags"])
