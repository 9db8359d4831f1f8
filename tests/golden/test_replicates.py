"""Replicate weights from a file, against R's `svrepdesign`: estimates, errors, degrees of freedom, undefined ones."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile, replication
from tests.support.golden_files import GOLDEN, NOISE_R, RTOL_R, Row, compared, golden, indexed, measure, units

RUNS = [(row["method"], row["form"], row["mse"], row["unit"]) for row in golden("replicate_designs.csv")]
FAY_RHO = "3/10"
SPECIAL = ("thin", "villages")


def described(method: str, form: str, mse: str, unit: str) -> Row:
    wanted = (method, form, mse, unit)
    return next(
        row
        for row in golden("replicate_designs.csv")
        if (row["method"], row["form"], row["mse"], row["unit"]) == wanted
    )


@cache
def profile(method: str, form: str, mse: str) -> DeprivationProfile:
    kind = "weights" if form == "combined" else "factors"
    replicates = pyarrow.csv.read_csv(GOLDEN / f"replicate_{kind}_{method}.csv")
    file = "brr_households.csv" if method in ("BRR", "Fay") else "replicate_households.csv"
    table = units(file)
    assert table["household"].equals(replicates["household"])
    names = [name for name in replicates.column_names if name != "household"]
    for name in names:
        table = table.append_column(name, replicates[name].cast(pa.float64()))
    design = described(method, form, mse, "person")
    own = {"Fay": {"rho": 0.3}, "JKn": {"rscales": [float(x) for x in design["rscales"].split()]}}
    options: dict[str, Any] = own.get(method, {})
    how = replication(method, len(names), mse=mse == "true", **options)  # type: ignore[arg-type]  # the file's word
    by = ["region", *(name for name in SPECIAL if name in table.column_names)]
    return DeprivationProfile.from_flags(
        table,
        measure(),
        weight="weight",
        members="members",
        by=by,
        replicates=names,
        replication=how,
        replicates_are=form,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "form", "mse", "unit"), RUNS)
def test_replicate_weights_give_the_figures_of_R(method: str, form: str, mse: str, unit: str) -> None:
    made = profile(method, form, mse)
    how, R = made.sample.declared.replication, described(method, form, mse, unit)
    assert how is not None
    assert how.scale == pytest.approx(float(R["scale"]), rel=1e-15)
    by = [domain.name for domain in made.domains]
    found = estimate(made, measure(), by=by, unit=f"{unit}s")  # type: ignore[arg-type]  # R's words
    rows = [
        row
        for row in golden("replicates.csv")
        if (row["method"], row["form"], row["mse"], row["unit"]) == (method, form, mse, unit)
    ]
    ours = indexed(found.table, by)
    rows = [{**row, "df": row["df_subset"]} for row in rows]
    number, wrong = compared(rows, ours, ("estimate", "se", "df"), {"se": NOISE_R})
    assert not wrong, f"{len(wrong)} differ, first {wrong[:2]}"
    assert number["df"] == len(rows) >= 264
    whole = estimate(made, measure(), by=by, unit=f"{unit}s", df="design", statistics="H")  # type: ignore[arg-type]
    assert {row["df"] for row in whole.rows()} == {int(R["df"])}
    dropped = 0
    for row in rows:
        note = (
            ours[
                row["domain"],
                None if row["statistic"].startswith("uncensored") else row["k"],
                row["statistic"],
                row["dimension"] or None,
                row["indicator"] or None,
            ]["note"]
            or ""
        )
        if row["dropped"] not in ("", "0") and row["se"]:
            assert f"{row['dropped']} replicates undefined" in note
            dropped += 1
    assert (dropped > 0) == any(notice.code == "MPI-N010" for notice in found.notices) or not dropped


def test_some_replicates_were_undefined_in_these_files() -> None:
    assert sum(row["dropped"] not in ("", "0") for row in golden("replicates.csv")) > 10


def test_the_covariance_of_bootstrap_estimates_is_that_of_R() -> None:
    rows = golden("replicate_covariance.csv")
    assert rows
    for form, mse, unit, among in {(row["form"], row["mse"], row["unit"], row["regions"]) for row in rows}:
        found = estimate(profile("bootstrap", form, mse), measure(), by="region", k="1/3", unit=f"{unit}s")  # type: ignore[arg-type]
        regions = {None, *among.split()}
        chosen = [
            i for i, row in enumerate(found.rows()) if row["statistic"] in ("H", "A", "M0") and row["region"] in regions
        ]
        part = found.take(np.array(chosen))
        place = {}
        for i, row in enumerate(part.rows()):
            where = "" if row["region"] is None else f"region={row['region']}"
            place[f"{row['statistic']}||{where}"] = i
        matrix = part.covariance().matrix
        number = 0
        for row in rows:
            if (row["form"], row["mse"], row["unit"], row["regions"]) != (form, mse, unit, among):
                continue
            i, j = place[row["name_a"]], place[row["name_b"]]
            noise = RTOL_R * np.sqrt(matrix[i, i] * matrix[j, j])
            assert matrix[i, j] == pytest.approx(float(row["covariance"]), rel=RTOL_R, abs=noise)
            number += 1
        assert number == len(place) * (len(place) + 1) / 2
