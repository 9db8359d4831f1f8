"""Golden files of R's `survey` and their measure; tests/golden/README.md explains how they were made."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from mpi.specs.measure import Cutoff, Measure
from tests.support.strategies import measure_of

GOLDEN = Path(__file__).parent.parent / "golden"
# R and numpy add in different orders; the worst seen is 9e-13, in the ends of intervals.
RTOL_R = 1e-10
# R leaves standard errors of rounding size where ours are 0.
NOISE_R = 1e-12
SIXTH, EIGHTEENTH = Fraction(1, 6), Fraction(1, 18)

Row = Mapping[str, Any]
Key = tuple[str | None, ...]


@cache
def measure() -> Measure:
    """Ten indicators d1 to d10, of 1/6 (four) and 1/18 (six)."""
    return measure_of(
        {
            "health": {"d1": SIXTH, "d2": SIXTH},
            "education": {"d3": SIXTH, "d4": SIXTH},
            "living": {f"d{j}": EIGHTEENTH for j in range(5, 11)},
        },
        [Cutoff(Fraction(1, 3)), Cutoff(Fraction(1, 2)), Cutoff(Fraction(1, 5))],
    )


@cache
def units(file: str) -> pa.Table:
    """A file of households or persons; PSU codes that restart in each stratum are made unique."""
    table = pyarrow.csv.read_csv(GOLDEN / file)
    pairs = zip(table["stratum"].to_pylist(), table["psu"].to_pylist(), strict=True)
    unique = pa.array([f"{stratum}-{psu}" for stratum, psu in pairs])
    at = table.column_names.index("psu_unique") if "psu_unique" in table.column_names else None
    return table.append_column("psu_unique", unique) if at is None else table.set_column(at, "psu_unique", unique)


@cache
def golden(file: str) -> Sequence[Row]:
    """The rows of a file of R's figures."""
    with (GOLDEN / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def indexed(table: pa.Table, domains: Sequence[str] = ("region", "zone")) -> dict[Key, Row]:
    """Our rows by domain as R's files write it, cutoff, statistic, dimension and indicator."""
    found: dict[Key, Row] = {}
    for row in table.to_pylist():
        where = "|".join(f"{name}={row[name]}" for name in domains if row.get(name) is not None)
        key = (where, row["k"], row["statistic"], row["dimension"], row["indicator"])
        assert key not in found
        found[key] = row
    return found


def key_of(row: Row) -> Key:
    """The key of one of R's rows among ours."""
    without_k = row["statistic"] in ("uncensored_headcount", "population_share")
    k = None if without_k else row["k"]
    return row["domain"], k, row["statistic"], row["dimension"] or None, row["indicator"] or None


def same(found: float | None, expected: float | None, rel: float = RTOL_R, noise: float = 0) -> bool:
    """Whether a figure is R's; both may be null."""
    if found is None or expected is None:
        return found is expected
    return bool(found == pytest.approx(expected, rel=rel, abs=noise))


def compared(
    rows: Iterable[Row],
    ours: Mapping[Key, Row],
    figures: Sequence[str],
    noise: Mapping[str, float] | None = None,
    rel: float = RTOL_R,
) -> tuple[Counter[str], list[tuple[Row, str, Any]]]:
    """How many figures of R's were compared, and those that differ; what R has not is not compared."""
    number: Counter[str] = Counter()
    wrong = []
    for row in rows:
        mine = ours[key_of(row)]
        for figure in figures:
            if row[figure] == "":
                continue
            number[figure] += 1
            if not same(mine[figure], float(row[figure]), rel, (noise or {}).get(figure, 0.0)):
                wrong.append((row, figure, mine[figure]))
    return number, wrong
