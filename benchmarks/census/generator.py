"""An invented census in Parquet, of any size: persons and households in geographic order, or shuffled.

A household has a latent hardship; its members' schooling, work and insurance and its dwelling follow it, so that
deprivations go together as they do in life. A part of a census depends on the seed, its number and the number of parts.
`python -m benchmarks.census.generator 1e6 FOLDER` writes one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mpi.columns import arrow

PERSONS_IN_A_PART = 1_000_000
DEPARTMENTS, MUNICIPALITIES, PSUS = 33, 1_122, 50_000
MEAN_SIZE = 3.3
SEED = 2026

Columns = dict[str, pa.Array]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Census:
    """How to invent one.

    Attributes
    ----------
    persons : int
        About how many.
    seed : int
    unknown : float
        Share of answers that are missing though they were due; 0 leaves only the nulls of questions not asked.
    shuffled : bool
        Persons and households in random order; they are then held in memory.
    row_group : int
        Persons in a row group.
    files : int
        Files of persons, and of households, that the parts of the country are spread over, in order.
    """

    persons: int
    seed: int = SEED
    unknown: float = 0.0
    shuffled: bool = False
    row_group: int = PERSONS_IN_A_PART
    files: int = 1


def write_census(census: Census, folder: Path) -> None:
    """Write `persons.parquet` and `households.parquet` into a folder; of several files `persons-01.parquet` and so on.

    Parameters
    ----------
    census : Census
    folder : Path
        Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = max(1, round(census.persons / PERSONS_IN_A_PART))
    if not 1 <= census.files <= parts or (census.shuffled and census.files > 1):
        raise ValueError(f"{parts} parts of a census do not fill {census.files} files; shuffled ones are one file")
    each = round(census.persons / parts / MEAN_SIZE)
    if census.shuffled:
        whole = _shuffled([_part(census, part, parts, each) for part in range(parts)], census.seed)
        _write(folder, "", census.row_group, iter([whole]))
        return
    for file in range(census.files):
        own = range(file * parts // census.files, (file + 1) * parts // census.files)
        made = (_part(census, part, parts, each) for part in own)
        _write(folder, f"-{file + 1:02d}" if census.files > 1 else "", census.row_group, made)


def _write(folder: Path, suffix: str, row_group: int, made: Iterator[dict[str, pa.Table]]) -> None:
    """One file of persons and one of households; each part ends a row group."""
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for tables in made:
            for name, table in tables.items():
                if name not in writers:
                    path = folder / f"{name}{suffix}.parquet"
                    writers[name] = stack.enter_context(pq.ParquetWriter(path, table.schema, compression="zstd"))
                writers[name].write_table(table, row_group_size=row_group)


def _shuffled(parts: list[dict[str, pa.Table]], seed: int) -> dict[str, pa.Table]:
    whole = {name: pa.concat_tables([part[name] for part in parts]) for name in parts[0]}
    rng = np.random.default_rng([seed, 1])
    return {name: table.take(arrow.numbers(rng.permutation(table.num_rows))) for name, table in whole.items()}


def _geography(seed: int) -> tuple[Ints, NDArray[np.float64]]:
    """Codes of the municipalities, ascending, and the share of the households up to each."""
    rng = np.random.default_rng([seed, 0])
    department = np.sort(
        np.concatenate([np.arange(DEPARTMENTS), rng.integers(0, DEPARTMENTS, MUNICIPALITIES - DEPARTMENTS)])
    )
    within = np.arange(MUNICIPALITIES) - np.searchsorted(department, department)
    size = rng.lognormal(0, 1.2, MUNICIPALITIES)
    return (department + 1) * 1000 + within + 1, np.cumsum(size) / size.sum()


def _part(census: Census, part: int, parts: int, number: int) -> dict[str, pa.Table]:
    """Persons and households of one part of the country."""
    rng = np.random.default_rng([census.seed, 2, part])
    codes, until = _geography(census.seed)
    place = (part + np.arange(number) / number) / parts  # in the order of the country's households
    at = np.searchsorted(until, place, side="right").clip(0, MUNICIPALITIES - 1)
    before = np.where(at > 0, until[at - 1], 0.0)
    inside = (place - before) / (until[at] - before)
    urban = 0.35 + 0.5 * np.random.default_rng([census.seed, 3]).random(MUNICIPALITIES)
    zone = np.where(inside < urban[at], 1, 2)
    hardship = rng.normal(0, 1, number) + 0.5 * (zone == 2) + rng_of_places(census.seed)[at]
    household = np.arange(number) * 3 + rng.integers(0, 3, number) + part * number * 3 + 10_000_001
    size = 1 + rng.poisson(MEAN_SIZE - 1, number).clip(0, 14)

    def has(rate: float, slope: float) -> NDArray[np.bool_]:
        """Which households have a characteristic related to hardship."""
        return rng.random(number) < _logistic(np.log(rate / (1 - rate)) + slope * hardship)

    houses = {
        "household": household,
        "department": codes[at] // 1000,
        "municipality": codes[at],
        "zone": zone,
        "psu": (place * PSUS).astype(np.int64),
        "stratum": (place * PSUS).astype(np.int64) // 25,
        "water": np.where(has(0.08, 1.1), rng.integers(4, 9, number), rng.integers(1, 4, number)),
        "sewage": np.where(has(0.10, 1.0), rng.integers(3, 7, number), rng.integers(1, 3, number)),
        "floor": np.where(has(0.05, 1.3), 6, rng.integers(1, 6, number)),
        "walls": np.where(has(0.03, 1.2), rng.integers(6, 9, number), rng.integers(1, 6, number)),
        "rooms": (1 + rng.poisson(1.5, number) - has(0.2, 0.8)).clip(1, 9),
        "cooking": rng.integers(1, 6, number),
        "tenure": rng.integers(1, 6, number),
        "electricity": np.where(has(0.02, 1.2), 2, 1),
        "internet": np.where(has(0.45, 1.0), 2, 1),
        "rubbish": rng.integers(1, 5, number),
    }
    wide = {
        "household": np.int64,
        "department": np.int16,
        "municipality": np.int32,
        "psu": np.int32,
        "stratum": np.int16,
    }
    households = arrow.table({n: _stored(v.astype(wide.get(n, np.int8)), None) for n, v in houses.items()})
    persons = _persons(census, rng, household, size, hardship)
    return {"persons": persons, "households": households}


def rng_of_places(seed: int) -> NDArray[np.float64]:
    """How much harder life is in each municipality."""
    return np.random.default_rng([seed, 4]).normal(0, 0.5, MUNICIPALITIES)


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))


def _persons(
    census: Census, rng: np.random.Generator, household: Ints, size: Ints, hardship: NDArray[np.float64]
) -> pa.Table:
    of = np.repeat(np.arange(len(household)), size)
    n = len(of)
    number = np.arange(n) - np.repeat(np.cumsum(size) - size, size) + 1
    age = np.where(number <= 2, rng.integers(18, 80, n), rng.integers(0, 60, n))
    hard = hardship[of]

    def met(rate: float, slope: float) -> NDArray[np.bool_]:
        return rng.random(n) < _logistic(np.log(rate / (1 - rate)) + slope * hard)

    schooling = (rng.normal(9.5, 4, n) - 2 * hard).clip(0, 20).astype(np.int64)
    schooling = np.minimum(schooling, (age - 5).clip(0))
    activity = np.where(met(0.04, 0.6), 2, np.where(rng.random(n) < np.where(age < 18, 0.03, 0.6), 1, 3))
    answers: dict[str, tuple[Ints, NDArray[np.bool_] | None]] = {
        "household": (household[of], None),
        "person": (number, None),
        "age": (age, None),
        "sex": (rng.integers(1, 3, n), None),
        "kinship": (np.minimum(number, 9), None),
        "schooling": (schooling, age >= 3),
        "literate": (np.where(met(0.03, 1.0), 2, 1), age >= 5),
        "attends": (np.where((age < 18) ^ met(0.04, 0.9), 1, 2), age >= 5),
        "activity": (activity, age >= 10),
        "weeks": (rng.integers(1, 120, n), (age >= 10) & (activity == 2)),
        "pension": (np.where(met(0.35, 1.2), 2, 1), (age >= 10) & (activity == 1)),
        "insured": (np.where(met(0.05, 0.7), 2, 1), None),
        "treated": (np.where(met(0.06, 0.8), 2, 1), rng.random(n) < 0.12),
        "care": (rng.integers(1, 9, n), age <= 5),
        "ethnicity": (rng.integers(1, 7, n), None),
        "disability": (rng.integers(1, 3, n), None),
        "birthplace": (rng.integers(1, 1200, n), None),
        "income": (rng.integers(0, 5_000_000, n), None),
        "hours": (rng.integers(0, 80, n), None),
        "moved": (rng.integers(1, 3, n), None),
    }
    wide = {"household": np.int64, "weeks": np.int16, "birthplace": np.int16, "income": np.int32}
    columns = {}
    for name, (values, asked) in answers.items():
        known = asked
        if census.unknown and asked is not None:
            known = asked & (rng.random(n) >= census.unknown)
        columns[name] = _stored(values.astype(wide.get(name, np.int8)), known)
    return arrow.table(columns)


def _stored(values: NDArray[np.integer], known: NDArray[np.bool_] | None) -> pa.Array:
    return arrow.numbers(values if known is None else np.where(known, values, 0).astype(values.dtype), known)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.census.generator", description=__doc__.splitlines()[0])
    parser.add_argument("persons", type=lambda text: round(float(text)), help="about how many, such as 1e6")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--files", type=int, default=1)
    asked = parser.parse_args()
    census = Census(asked.persons, seed=asked.seed, shuffled=asked.shuffled, files=asked.files)
    write_census(census, asked.folder)


if __name__ == "__main__":
    main()
