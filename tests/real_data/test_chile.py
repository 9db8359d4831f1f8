"""Chile's measures on 10,000 real households of CASEN 2022: the ministry's flags, and a count in exact fractions.

The data lie in the folder that MPI_REAL_DATA names; nothing of them is in the project.
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

import mpi
from tests.support.loops import at_least_one

REAL = Path(os.environ.get("MPI_REAL_DATA", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("MPI_REAL_DATA"), reason="real microdata: set MPI_REAL_DATA to the folder that holds them"
)
FILE = "casen2022_sample_10000_households.parquet"
# The ministry's own composites, where the measure computes them.
FIVE = {
    "educacion": (Fraction(9, 40), ("asis", "rez", "esc")),
    "salud": (Fraction(9, 40), ("mal", "prevs", "acc")),
    "trabajo": (Fraction(9, 40), ("act", "cot", "jub")),
    "vivienda": (Fraction(9, 40), ("habitab", "servbas", "entorno")),
    "redes": (Fraction(1, 10), ("appart", "tsocial", "seg")),
}
FOUR = {
    **{name: (Fraction(1, 4), FIVE[name][1]) for name in ("educacion", "salud", "trabajo")},
    "vivienda": (Fraction(1, 4), ("hacina", "estado", "servbas")),
}


@pytest.mark.parametrize(
    ("name", "dimensions", "cutoff"),
    [("chile_2015", FIVE, Fraction(9, 40)), ("chile_2013", FOUR, Fraction(1, 4))],
    ids=["five", "four"],
)
def test_every_flag_and_every_status_is_that_of_the_ministry_s_flags(
    name: str, dimensions: dict[str, tuple[Fraction, tuple[str, ...]]], cutoff: Fraction
) -> None:
    data = pl.read_parquet(REAL / "chile" / FILE).sort("folio")
    survey, measure = mpi.load_survey("chile_casen_2022_households"), mpi.load_measure(name)
    ours = pl.DataFrame(mpi.score(survey, measure, REAL / "chile")).with_columns(pl.col("folio").cast(pl.Int64))
    ours = ours.sort("folio")
    assert ours.height == data.height == 10_000
    assert ours["folio"].to_list() == data["folio"].to_list()
    flags = {one: data[f"hh_d_{one}"].to_list() for _, names in dimensions.values() for one in names}
    for one, official in at_least_one(flags.items()):
        assert ours[one].to_list() == [None if flag is None else flag == 1 for flag in official], one
    weighed, poor = 0, 0
    for place, (status, score) in enumerate(zip(ours["poor"].to_list(), ours["score"].to_list(), strict=True)):
        own = [(share / len(names), flags[one][place]) for share, names in dimensions.values() for one in names]
        if any(flag is None for _, flag in own):
            assert status is None, "a household with a flag missing is not classified"
            continue
        exact = sum((weight for weight, flag in own if flag == 1), Fraction(0))
        assert Fraction(score) == exact
        assert status is (exact >= cutoff)
        weight = data["expr"][place] * data["tot_per_h"][place]
        weighed, poor = weighed + weight, poor + weight * status
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, REAL / "chile"), measure)
    assert estimates.value("H") == pytest.approx(poor / weighed, rel=1e-12)
