"""Households with wells: schooling, rooms, money; a measure of which each indicator has a gap; a seeded survey of them.

All numbers are whole or eighths, so that a test works with their exact fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

import mpi
from mpi.estimates.derived import Derived
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure

GAPS: Mapping[str, Mapping[str, object]] = {
    "schooling": {
        "eligible": "age >= 18",
        "nobody": "deprived",
        "deprived": "MEAN(years) < 6",
        "gap": {"achievement": "MEAN(years)", "cutoff": 6, "bound": 0, "nobody": 1},
    },
    "crowding": {"deprived": "members / rooms > 3", "gap": {"achievement": "members / rooms", "cutoff": 3, "bound": 8}},
    "money": {"deprived": "income < line", "gap": {"achievement": "income", "cutoff": "line", "bound": 0}},
}
WEIGHTS = {"schooling": "1/2", "crowding": "1/4", "money": "1/4"}
VARIABLES = {
    "person": {"age": "number", "years": "number"},
    "household": {"rooms": "number", "members": "number", "income": "number", "line": "number"},
}
DESIGN: Mapping[str, object] = {"weight": "w", "stratum": "stratum", "psu": "psu"}


def wells(changes: Mapping[str, Mapping[str, object]] | None = None, **keys: Any) -> Measure:
    """The measure, with some keys of indicators, or of the measure, replaced; None removes one."""
    indicators = {}
    for name, own in GAPS.items():
        whole = {"weight": WEIGHTS[name], **own, **(changes or {}).get(name, {})}
        indicators[name] = {key: value for key, value in whole.items() if value is not None}
    described = {
        "measure": "wells",
        "title": "Wells",
        "identification": "household",
        "k": {"poor": "1/4", "severe": "1/2"},
        "missing": "exclude",
        "variables": VARIABLES,
        "dimensions": {name: {"indicators": {name: own}} for name, own in indicators.items()},
    }
    return mpi.load_measure({**described, **keys})


def tables(seed: int = 1, households: int = 200, **columns: Any) -> dict[str, pa.Table]:
    """Households and persons: 5 strata of 5 PSUs; some columns of households replaced or added."""
    rng = np.random.default_rng(seed)
    n = households
    place = np.arange(n) * 25 // n
    size = rng.integers(1, 7, n)
    of = {
        "hid": np.arange(n),
        "psu": place,
        "stratum": place // 5,
        "w": rng.integers(8, 40, n) / 8,
        "rooms": rng.integers(1, 4, n),
        "members": size,
        "income": rng.integers(0, 160, n) / 2,
        "line": rng.choice([30.0, 40.0], n),
        "zone": rng.choice(["u", "r"], n),
    }
    household = np.repeat(np.arange(n), size)
    persons = {
        "hid": household,
        "pid": np.arange(len(household)),
        "age": rng.integers(0, 70, len(household)),
        "years": rng.integers(0, 13, len(household)).astype(np.float64),
        "sex": rng.choice(["f", "m"], len(household)),
    }
    return {"households": pa.table(of | columns), "persons": pa.table(persons)}


def surveyed(measure: Measure, data: Mapping[str, pa.Table], **keys: Any) -> DeprivationProfile:
    """The profile of the tables, by zone; some keys of the survey replaced."""
    described = {
        "survey": "wells",
        "title": "Wells",
        "period": "2020",
        "tables": {"households": {"path": "h", "key": "hid"}, "persons": {"path": "p", "key": ["hid", "pid"]}},
        "design": DESIGN,
        "variables": {name: name for level in VARIABLES.values() for name in level},
        "domains": {"zone": "zone"},
    }
    return mpi.deprivation_profile(mpi.load_survey({**described, **keys}), measure, data=dict(data))


def only(made: Derived, figure: str, **where: str | None) -> Any:
    """The one row of a figure."""
    (found,) = [row for row in made.rows() if row["figure"] == figure and where.items() <= row.items()]
    return found
