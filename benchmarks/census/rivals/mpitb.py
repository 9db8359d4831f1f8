"""PyPI's `mpitb` 0.2 from ready-made flags: it scores and estimates, and does not read raw columns.

Its scores are floats. With weights in hundredths they are whole numbers, so that its comparison with the cutoff is
exact; a third of 100 is between 33 and 34, so 33.34 represents it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from mpitb.core import MPIToolbox

from benchmarks.census.rivals import BASE, INDICATORS, WEIGHTS, program

CUTOFFS = {3334: "1/3", 5000: "1/2", 2500: "1/4"}  # hundredths of the units of a score
STATISTICS = {"H": "H", "A": "A", "M0": "M0", "hdk": "censored_headcount", "hd": "uncensored_headcount"}


def figures(flags: Path, output: Path, how: str) -> None:
    """Write the figures of all domains and of the country."""
    units = pd.read_parquet(flags)
    units["place"] = units["municipality"].astype("int64") * 10 + units["zone"]
    toolbox = MPIToolbox()
    toolbox.svyset(weight="members")
    toolbox.set(name="measure", dimensions=[(list(INDICATORS), "all")])
    weights = {name: float(weight) for name, weight in WEIGHTS.items()}
    found = pd.DataFrame(
        toolbox.est(units, "measure", list(CUTOFFS), weights=weights, indmeasures=["hdk"], over=["place"], svy=True)
    )
    found = found[(found["measure"] != "hd") | (found["k"] == next(iter(CUTOFFS)))]  # the same for every cutoff
    everyone = units.groupby("place")["members"].sum()
    place = found["subg"].astype("Int64")
    table = pd.DataFrame(
        {
            "municipality": place // 10,
            "zone": place % 10,
            "k": found["k"].map(CUTOFFS).where(found["measure"] != "hd"),
            "statistic": found["measure"].map(STATISTICS),
            "indicator": found["indicator"],
            "estimate": found["b"] / found["measure"].isin(["A", "M0"]).map({True: BASE, False: 1}),
        }
    )
    # It gives shares only: a share times the population is the number of poor, up to the float's last digits.
    heads = table[table["statistic"] == "H"]
    population = place[heads.index].map(everyone).fillna(everyone.sum())
    poor = heads.assign(statistic="poor", estimate=(heads["estimate"] * population.astype(float)).round())
    # If no one is poor it gives an intensity of 0; it is undefined.
    undefined = (table["statistic"] == "A") & (table["estimate"] == 0)
    table["estimate"] = table["estimate"].mask(undefined)
    pd.concat([table, poor]).to_parquet(output)


if __name__ == "__main__":
    program(figures, ["mpitb"])
