"""The same task written by hand for other engines, and decoding alone, which is the minimum for all.

Each module is a program, `python -m benchmarks.census.rivals.<name> FOLDER -o out.parquet`, that reads a census of
`benchmarks.census.generator` and writes one row for each statistic, cutoff and indicator of each municipality x zone
and of the country (null in both): municipality, zone, k, statistic, indicator, estimate. Null answers count as not
deprived: the generated census has none but those of questions that were not asked.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

# In the order of the bits of a pattern: (name, weight in hundredths), as measure.yaml has them.
WEIGHTS = {
    "attainment": 10, "illiteracy": 10, "absence": 5, "delay": 5, "early_care": 5, "child_work": 5, "long_search": 10,
    "informality": 10, "no_insurance": 10, "no_treatment": 10, "water_source": 4, "sewerage": 4, "floors": 4,
    "outer_walls": 4, "crowding": 4,
}  # fmt: skip
BASE = 100
CUTOFFS = {"1/3": (1, 3), "1/2": (1, 2), "1/4": (1, 4)}
INDICATORS = tuple(WEIGHTS)
BIT = {name: j for j, name in enumerate(WEIGHTS)}

PERSONS = ("household", "age", "schooling", "literate", "attends", "activity", "weeks", "pension", "insured", "treated",
           "care")  # fmt: skip
HOUSEHOLDS = ("household", "municipality", "zone", "water", "sewage", "floor", "walls", "rooms")


def program(figures: Callable[[Path, Path, str], None], hows: Sequence[str]) -> None:
    """Run a rival from its command line; the first way of writing it is taken if none is named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, help="folder of the census, or file of flags")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--how", choices=hows, default=hows[0])
    asked = parser.parse_args()
    figures(asked.data, asked.output, asked.how)
