"""The errors of a real survey with many strata of one PSU, by a route of its own: rows, pandas, and no profile.

CASEN 2022 of Chile (a published sample of 10,000 households), its strata and PSUs, the ministry's deprivation flags.
"""

from __future__ import annotations

import os
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.errors import DataError
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import SinglePsu
from tests.support.strategies import measure_of

REAL = os.environ.get("MPI_REAL_DATA")
FILE = Path(REAL or "", "chile", "casen2022_sample_10000_households.parquet")
pytestmark = pytest.mark.skipif(
    REAL is None or not FILE.is_file(), reason="MPI_REAL_DATA names no folder with CASEN 2022"
)
DIMENSIONS = {
    "education": ["asis", "rez", "esc"], "health": ["mal", "prevs", "acc"], "work": ["act", "cot", "jub"],
    "housing": ["habitab", "servbas", "entorno"], "networks": ["appart", "tsocial", "seg"],
}  # fmt: skip
RTOL = 1e-11  # sums of the same numbers in another order


@cache
def households() -> pa.Table:
    return pq.read_table(FILE)


@cache
def measure() -> Measure:
    """The five-dimension measure: 22.5 % for four dimensions, 10 % for networks, poor from 22.5 %."""
    return measure_of(
        {
            name: {f"hh_d_{flag}": (Fraction(1, 10) if name == "networks" else Fraction(9, 40)) / 3 for flag in flags}
            for name, flags in DIMENSIONS.items()
        },
        [Cutoff(Fraction(9, 40))],
    )


def profile(single_psu: SinglePsu) -> DeprivationProfile:
    return DeprivationProfile.from_flags(
        households(),
        measure(),
        weight="expr",
        members="tot_per_h",
        by="region",
        stratum="varstrat",
        psu="varunit",
        single_psu=single_psu,
    )


@cache
def rows() -> pd.DataFrame:
    """Households with their weight for persons, score in fortieths of a third, whether known and poor."""
    table = households().to_pandas()
    weights = {f"hh_d_{flag}": 4 if name == "networks" else 9 for name, flags in DIMENSIONS.items() for flag in flags}
    flags = table[list(weights)].astype(float)
    units = (flags * pd.Series(weights)).sum(axis=1)
    return pd.DataFrame(
        {
            "w": table["expr"] * table["tot_per_h"],
            "known": flags.notna().all(axis=1),
            "poor": units >= 27,
            "score": units / 120,
            "region": table["region"],
            "stratum": table["varstrat"],
            "psu": table["varstrat"].astype(str) + "-" + table["varunit"].astype(str),
        }
    )


def by_hand(y: pd.Series, x: pd.Series, domain: pd.Series, single_psu: SinglePsu) -> tuple[float, float]:
    """A ratio of totals of y and x and its standard error, row by row; y and x are 0 outside the domain."""
    table = rows()
    total_y, total_x = (table["w"] * y).sum(), (table["w"] * x).sum()
    ratio = total_y / total_x
    z = (table["w"] * (y - ratio * x) / total_x).groupby([table["stratum"], table["psu"]]).sum()
    of_stratum = z.groupby(level=0)
    number, mean = of_stratum.transform("size"), of_stratum.transform("mean")
    parts = (number / (number - 1) * (z - mean) ** 2).where(number > 1, 0.0)
    variance = parts.sum()
    if single_psu == "centered":
        variance += ((z - z.mean()) ** 2)[number == 1].sum()
    if single_psu == "scaled":
        inside = domain.groupby(table["stratum"]).any()
        present = of_stratum.size()[inside]
        variance *= len(present) / (present > 1).sum()
    return float(ratio), float(np.sqrt(variance))


@pytest.mark.parametrize("single_psu", ["certainty", "centered", "scaled"])
def test_errors_of_a_real_survey_are_those_of_a_route_by_rows(single_psu: SinglePsu) -> None:
    found = estimate(profile(single_psu), measure(), by="region")
    table = rows()
    compared = 0
    for region in (None, *sorted(table["region"].unique())):
        inside = table["known"] & (table["region"].notna() if region is None else table["region"] == region)
        one, poor = inside.astype(float), (inside & table["poor"]).astype(float)
        score = poor * table["score"]
        for name, y, x in (("H", poor, one), ("A", score, poor), ("M0", score, one)):
            mine = found.row(name, region=None if region is None else str(region))
            ratio, se = by_hand(y, x, inside, single_psu)
            assert mine["estimate"] == pytest.approx(ratio, rel=RTOL)
            assert mine["se"] == pytest.approx(se, rel=RTOL), (name, region)
            compared += 1
    assert compared == 3 * 17


def test_the_ministrys_figure_lies_in_the_interval_of_its_sample() -> None:
    own = estimate(profile("certainty"), measure()).row("H")
    assert own["ci_low"] < 0.169 < own["ci_high"]  # 16.9 % in 2022, Ministerio de Desarrollo Social y Familia


def test_strata_with_one_psu_stop_the_estimate_unless_the_design_says_what_to_do() -> None:
    with pytest.raises(
        DataError, match=r"MPI-D039 49 of 740 strata have one PSU \(.*\), with 76 households and 0\.5% of"
    ):
        estimate(profile("fail"), measure())
