"""A small survey with everything in it that a real one has, made from a seed, and a measure for it.

Tests change one thing and ask whether the profile stays the same, or what is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.config.composing import compose
from mpi.config.measures import read_measure
from mpi.config.surveys import read_survey
from mpi.pipeline.passing import deprivation_profile
from mpi.profile import Cells, DeprivationProfile
from mpi.source import households_only, span
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey

RTOL = 1e-12  # sums of the same numbers in another order
MEASURE = """\
measure: village
title: Village
identification: household
k: 1/3
missing: exclude
variables:
  person: {age: number, sex: [man, woman], years: number, attends: truth}
  household: {area: [urban, rural], rooms: number, wall: text}
derive:
  minor: age < 18
dimensions:
  education:
    indicators:
      schooling: {eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived}
      attendance: {eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived}
  housing:
    indicators:
      crowding: {deprived: COUNT() / rooms > 2}
      walls: {deprived: "area = 'rural' AND wall = 'w2'"}
"""
SURVEY = """\
survey: village_2026
period: 2026
tables:
  persons: {path: persons.parquet, key: [house, person]}
  households: {path: households.parquet, key: [house]}
design: {weight: weight, stratum: stratum, psu: segment}
missing_codes: {age: [99]}
variables:
  age: age
  sex: {column: sex, codes: {1: man, 2: woman}}
  years: years
  attends: school = 1
  area: {column: area, codes: {1: urban, 2: rural}}
  rooms: rooms
  wall: wall
domains:
  region: region
  area_code: {column: area, width: 2}
  sex: {column: sex, codes: {1: man, 2: woman}}
"""
Tables = dict[str, pa.Table]


@cache
def measure(*replacements: tuple[str, str]) -> Measure:
    """The measure, with some of its text replaced."""
    return read_measure(compose(_replaced(MEASURE, replacements), "village.yaml"))


@cache
def survey(*replacements: tuple[str, str]) -> Survey:
    """The survey, with some of its text replaced."""
    return read_survey([compose(_replaced(SURVEY, replacements), "village_2026.yaml")])


def _replaced(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


def tables(households: int = 60, seed: int = 5) -> Tables:
    """Persons and households; keys ascend, weights are exact in binary."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, households)
    n = int(sizes.sum())
    house = np.arange(households) * 7 + 100
    stratum = np.arange(households) // (households // 3 or 1)
    return {
        "persons": pa.table(
            {
                "house": np.repeat(house, sizes),
                "person": np.arange(n) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1,
                "age": np.where(rng.random(n) < 0.05, 99, rng.integers(0, 80, n)),
                "sex": rng.integers(1, 3, n),
                "years": pa.array(rng.integers(0, 26, n) / 2, mask=rng.random(n) < 0.05),
                "school": pa.array(rng.integers(1, 3, n), mask=rng.random(n) < 0.1),
            }
        ),
        "households": pa.table(
            {
                "house": house,
                "region": [f"{code:02}" for code in rng.integers(1, 4, households)],
                "area": rng.integers(1, 3, households),
                "rooms": pa.array(rng.integers(1, 5, households), mask=rng.random(households) < 0.1),
                "wall": pa.array(
                    [f"w{code}" for code in rng.integers(1, 4, households)], mask=rng.random(households) < 0.1
                ),
                "weight": rng.integers(0, 400, households) / 16,
                "stratum": stratum,
                "segment": np.arange(households) // 4 - stratum * 3,
            }
        ),
    }


def write(folder: Path, data: Tables, *, rows: int | None = None) -> Path:
    """The tables as Parquet files with row groups of some rows."""
    for name, table in data.items():
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=rows, write_page_checksum=True)
    return folder


def profile(
    data: Path | Mapping[str, object], *, of: Survey | None = None, by: Measure | None = None
) -> DeprivationProfile:
    """The profile of some data under the survey and the measure."""
    return deprivation_profile(of or survey(), by or measure(), data)


def assert_same(one: DeprivationProfile, other: DeprivationProfile) -> None:
    """Two profiles hold the same: counts and codes exactly, sums to rounding."""
    assert one.domains == other.domains
    assert one.counts == other.counts
    for name in ("strata", "psu_labels", "single_psu", "census", "weighted"):
        assert getattr(one.sample, name) == getattr(other.sample, name), name
    np.testing.assert_array_equal(one.sample.psus, other.sample.psus)
    np.testing.assert_array_equal(one.sample.psu_stratum, other.sample.psu_stratum)
    assert len(one.cells) == len(other.cells) > 0
    for name in Cells.__dataclass_fields__:
        mine, yours = getattr(one.cells, name), getattr(other.cells, name)
        assert (mine is None) == (yours is None), name
        if mine is not None:
            np.testing.assert_allclose(mine, yours, rtol=RTOL if mine.dtype.kind == "f" else 0, err_msg=name)


def joined(data: Tables) -> pa.Table:
    """Persons with their household's columns repeated."""
    return data["persons"].join(data["households"], "house").sort_by([("house", "ascending"), ("person", "ascending")])


def replaced(data: Tables, table: str, column: str, values: object) -> Tables:
    """The tables with one column of other values."""
    old = data[table]
    made = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    return {**data, table: old.set_column(old.column_names.index(column), column, made)}


def poked(data: Tables, table: str, column: str, *rows: tuple[int, object]) -> Tables:
    """The tables with some cells of one column replaced."""
    values = data[table].column(column).to_pylist()
    for row, value in rows:
        values[row] = value
    return replaced(data, table, column, values)


def small_spans(patch: pytest.MonkeyPatch) -> None:
    """Let the village be read as a large survey is."""
    patch.setattr(households_only, "SMALL", 0)
    patch.setattr(households_only, "PERSONS", 30)
    patch.setattr(span, "SPAN", 25)
