"""The shipped measures on real microdata: DANE's own flags, household by household; INE's columns of the ECH.

The data lie in the folder that MPI_REAL_DATA names; nothing of them is in the project.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import mpi
from tests.support.loops import at_least_one

REAL = Path(os.environ.get("MPI_REAL_DATA", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("MPI_REAL_DATA"), reason="real microdata: set MPI_REAL_DATA to the folder that holds them"
)


def test_all_official_flags_of_the_77_colombian_households_are_reproduced() -> None:
    folder = REAL / "colombia" / "microdata_sample"
    measure = mpi.load_measure("colombia_ipm")
    units = mpi.score(mpi.load_survey("colombia_ecv_2025"), measure, folder).to_pylist()
    ours = {(str(row["DIRECTORIO"]), str(row["SECUENCIA_P"])): row for row in units}
    with (folder / "HOGARES_2025_muestra.csv").open(encoding="utf-8-sig", newline="") as stream:
        official = list(csv.DictReader(stream))
    assert len(official) == len(ours) == 77
    flags = 0
    for row in official:
        own = ours[row["DIRECTORIO"], row["SECUENCIA_P"]]
        for name in measure.names:
            assert own[name] is (row[name] == "1"), (name, "differs from the official flag")
            flags += 1
        assert own["poor"] is (row["POBRE"] == "1")
        assert own["score_value"] == pytest.approx(float(row["IPM"]), abs=1e-12)
        assert own["person_weight"] == pytest.approx(float(row["FEXP"]), rel=1e-9)
    assert flags == 1155


def test_the_50_unflagged_colombian_households_run_without_unknowns() -> None:
    folder = REAL / "colombia" / "microdata_sample_unflagged"
    measure = mpi.load_measure("colombia_ipm")
    profile = mpi.deprivation_profile(mpi.load_survey("colombia_ecv_2025"), measure, folder)
    assert profile.counts["households"] == 50
    assert profile.counts["persons"] == 126
    assert not profile.cells.unknown.any()


def ech() -> pl.DataFrame:
    return pl.read_parquet(REAL / "uruguay" / "ech_2018_500_households.parquet")


def years() -> pl.Expr:
    """Years of schooling, written from the rule's text and apart from the survey's YAML."""

    def level(name: str) -> pl.Expr:
        return pl.when(pl.col(name) == 9).then(0).otherwise(pl.col(name))

    def course(entry: int) -> pl.Expr:
        return pl.when(pl.col("e51_7_1") == entry).then(level("e51_7")).otherwise(0)

    upper = pl.max_horizontal(level("e51_5"), level("e51_6"), course(2))
    return (
        pl.min_horizontal(level("e51_2") + level("e51_3"), pl.lit(6))
        + pl.min_horizontal(pl.max_horizontal(level("e51_4"), course(3)), pl.lit(3))
        + pl.min_horizontal(upper, pl.lit(3))
        + pl.max_horizontal(level("e51_8"), level("e51_9"), level("e51_10"))
        + level("e51_11")
    )


def persons_flags() -> dict[str, pl.Expr]:
    """Flags of persons and, repeated on their rows, of households."""
    age, activity = pl.col("e27"), pl.col("pobpcoac")
    attends = pl.any_horizontal(pl.col(f"e{n}") == 1 for n in (193, 197, 201, 212, 215, 218, 221, 224))
    draws = (pl.col("f124_1") == 1) | (pl.col("f124_2") == 1)
    required = pl.when(age >= 60).then(6).when(age >= 29).then(9).when(age >= 18).then(12)
    problems = pl.sum_horizontal((pl.col(f"c5_{i}") == 1).cast(pl.Int32) for i in range(1, 13))
    return {
        "asistencia": age.is_between(4, 17) & ~attends & (pl.col("years") < 12),
        "rezago": age.is_between(9, 20) & attends & (age - pl.col("years") >= 9),
        "escolaridad": (age >= 18) & (pl.col("years") < required),
        "hacinamiento": pl.col("ht19") > 2 * pl.col("d10"),
        "tenencia": pl.col("d8_1").is_in([3, 4, 9]),
        "materialidad": (pl.col("c2") == 6) | (pl.col("c3") == 6) | (pl.col("c4") == 5) | (problems >= 3),
        "internet": pl.col("d21_16") == 2,
        "calefaccion": pl.col("d260") == 6,
        "saneamiento": (pl.col("d13") == 3) | (pl.col("d15") == 2) | ~pl.col("d16").is_in([1, 2]),
        "pensiones": (age >= 65) & (activity != 2) & ~draws,
        "cuidados": age.is_between(18, 64) & (activity == 6),
        "menores": (age.min().over("numero") < 18) & ~((pl.col("f82") == 1) | draws).any().over("numero"),
        "desempleo": (age >= 18) & activity.is_in([3, 4, 5]),
        "subempleo": (age >= 18) & (pl.col("subempleo") == 1),
        "informalidad": (age >= 18) & (activity == 2) & (pl.col("f82") == 2),
    }


def test_the_uruguayan_count_equals_an_independent_reading_of_its_rules() -> None:
    measure, survey = mpi.load_measure("uruguay_ipm"), mpi.load_survey("uruguay_ech_2018")
    data = ech().with_columns(years=years())
    flags = data.select("numero", **persons_flags()).group_by("numero").agg(pl.all().any()).sort("numero")
    ours = (
        pl.DataFrame(mpi.score(survey, measure, REAL / "uruguay"))
        .with_columns(pl.col("numero").cast(pl.String))
        .sort("numero")
    )
    assert ours.height == flags.height == 500
    for name in at_least_one(measure.names):
        assert ours[name].null_count() == 0
        assert ours[name].to_list() == flags[name].to_list(), name
    count = flags.select(pl.sum_horizontal(pl.col(name).cast(pl.Int32) for name in measure.names)).to_series()
    assert ours["poor"].to_list() == (count >= 4).to_list()


def test_the_reconstructed_rights_equal_an_independent_reading_of_their_rules() -> None:
    measure, survey = mpi.load_measure("uruguay_derechos"), mpi.load_survey("uruguay_ech_2018")
    own = persons_flags()
    covered = pl.any_horizontal(pl.col(f"e45_{i}") == 1 for i in range(1, 8))
    poor_materials = (pl.col("c2") == 6) | (pl.col("c3") == 6) | (pl.col("c4") == 5)
    rights = {
        "educacion": own["asistencia"] | own["escolaridad"],
        "salud": ~covered,
        "seguridad_social": own["pensiones"] | own["desempleo"] | own["informalidad"],
        "vivienda": own["hacinamiento"]
        | own["tenencia"]
        | own["saneamiento"]
        | poor_materials
        | (pl.col("d12") != 1)
        | (pl.col("d18") > 2),
    }
    data = ech().with_columns(years=years())
    data = data.with_columns(**{f"{name}_": rule.fill_null(value=False) for name, rule in rights.items()}).sort(
        "numero", "nper"
    )
    number = sum(data[f"{name}_"].cast(pl.Int32) for name in rights)
    ours = pl.DataFrame(mpi.score(survey, measure, REAL / "uruguay")).with_columns(pl.col("numero").cast(pl.String))
    ours = ours.sort("numero", "nper")
    np.testing.assert_array_equal((ours["score_value"] * 4).to_numpy(), number.to_numpy())
    weight = data["pesoano"].to_numpy()
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, REAL / "uruguay"), measure, by="departamento")
    for least, k in enumerate(("1/4", "1/2", "3/4", "1"), start=1):
        expected = weight[number.to_numpy() >= least].sum() / weight.sum()
        assert estimates.value("H", k=k) == pytest.approx(expected, rel=1e-12)
    assert len(estimates.only("H", k="1/4").rows()) == 20
    assert all(row["se"] is not None for row in estimates.only("H", k="1/4").rows())
