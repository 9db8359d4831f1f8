"""A synthetic census of Colombia's 1,122 municipalities, whose headcount ratios are those published for 2018.

Comes in: the published ratios, a random generator. Goes out: PERSONAS, HOGARES and VIVIENDAS in the shape of the
ECV, some sixty households a municipality. Each household stands for others, so that the ratio of each zone of each
municipality is the published one. No real person or household is behind them.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mpi.synthetic.calibration import Targets, calibrated_flags
from mpi.synthetic.colombia import (
    COMPOSITION,
    INDICATORS,
    POOR_FROM_HUNDREDTHS,
    ColombiaSample,
    answered,
    implications,
    propensities,
)
from mpi.synthetic.colombia_design import Drawn
from mpi.synthetic.colombia_work import draw_situation
from mpi.synthetic.frame import DEPARTMENTS
from mpi.synthetic.population import Codes, Flags, Reals, draw_members, household_sizes

CENSUS_YEAR = 2018
HOUSEHOLDS_EACH = 60
FEWEST = 12  # of a zone, so that each has poor and other households
# Deprivations were more frequent in 2018 than in 2024, whose published rates `INDICATORS` holds.
RATES = 1.3
# Populations of municipalities are invented: within a department they are smaller, where more are poor.
DECLINE = 0.12
DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The published zones of the municipalities, z in all.

    Attributes
    ----------
    municipality : str, shape (z,)
        Five digits.
    rural : bool, shape (z,)
    headcount : float64, shape (z,)
        Share of persons who are poor.
    population : float64, shape (z,)
        Persons; of departments of the real order, of municipalities invented.
    """

    municipality: NDArray[np.str_]
    rural: Flags
    headcount: Reals
    population: Reals


def published_zones(path: Path) -> Zones:
    """The zones of a file of published ratios, which has the columns mpio_code, ipm_total, ipm_cabecera, ipm_rural.

    Parameters
    ----------
    path : Path
        A CSV file with ratios in percent; `ipm_cabecera` may be empty.

    Returns
    -------
    Zones
        In the order of the codes, the cabecera of a municipality first.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["mpio_code"])
    persons = _populations({row["mpio_code"]: float(row["ipm_total"]) for row in rows})
    found = []
    for row in rows:
        code, total, rural = row["mpio_code"], float(row["ipm_total"]), float(row["ipm_rural"])
        urban = float(row["ipm_cabecera"] or rural)
        # The share of the cabecera that the three ratios imply, as far as their rounding tells it.
        share = float(np.clip((rural - total) / (rural - urban), 0.001, 0.999)) if rural != urban else 0.5
        if row["ipm_cabecera"]:
            found.append((code, False, urban / 100, persons[code] * share))
            found.append((code, True, rural / 100, persons[code] * (1 - share)))
        else:
            found.append((code, True, rural / 100, persons[code]))
    code, rural, headcount, population = zip(*found, strict=True)
    return Zones(
        municipality=np.array(code),
        rural=np.array(rural),
        headcount=np.array(headcount),
        population=np.array(population),
    )


def _populations(headcount: Mapping[str, float]) -> dict[str, float]:
    """Persons of each municipality: those of the department, shared out."""
    size = {code: float(np.exp(-DECLINE * value)) for code, value in headcount.items()}
    whole = {one.code: sum(value for code, value in size.items() if code[:2] == one.code) for one in DEPARTMENTS}
    persons = {one.code: one.population * 1000.0 for one in DEPARTMENTS}
    return {code: persons[code[:2]] * value / whole[code[:2]] for code, value in size.items()}


def colombia_census(zones: Zones, households: int, rng: np.random.Generator) -> ColombiaSample:
    """Make the synthetic census.

    Parameters
    ----------
    zones : Zones
        What is published.
    households : int
        Of each municipality, both zones together; a zone has `FEWEST` at least.
    rng : numpy.random.Generator
        Source of chance; its state decides every byte.

    Returns
    -------
    ColombiaSample
        Tables sorted by their keys, and the intended deprivations. FEX_C is the number of households that each stands
        for.
    """
    zone = np.repeat(np.arange(zones.rural.size), _sizes(zones, households))
    drawn = _drawn(zones, zone, rng)
    members = draw_members(zone.size, COMPOSITION, rng)
    size = household_sizes(members)
    situation = draw_situation(members, rng)
    second = np.zeros(zone.size, np.bool_)
    propensity = propensities(drawn, members, situation, second, rng)
    number = np.bincount(zone)
    table = np.array(list(INDICATORS.values()))
    targets = Targets(
        zone=zones.rural[zone].astype(np.int64),
        rates=np.minimum(0.95, RATES * table[:, 1:].T / 100),
        cell=zone,
        # At least one household is poor and one is not; weights do the rest.
        headcount=np.clip(zones.headcount, 2.5 / number, 1 - 2.5 / number),
        units=table[:, 0].astype(np.int64),
        minimum=POOR_FROM_HUNDREDTHS,
    )
    even = zones.population[zone] / np.bincount(zone, size)[zone]
    flags = calibrated_flags(propensity, targets, even, size, implications(members, situation))
    weight = _weights(zones, zone, flags @ targets.units >= targets.minimum, size)
    sample = answered(CENSUS_YEAR, drawn, (members, situation), second=second, flags=flags, weight=weight, rng=rng)
    return replace(sample, households=sample.households.drop_columns(["ESTRATO", "UPM"]))


def _sizes(zones: Zones, households: int) -> Codes:
    """Households of each zone: of a municipality together as many as wanted, in proportion as far as `FEWEST` lets."""
    _, of, zones_of = np.unique(zones.municipality, return_inverse=True, return_counts=True)
    share = zones.population / np.bincount(of, zones.population)[of]
    most = np.where(zones_of[of] == 1, households, households - FEWEST)
    return np.clip(np.rint(share * households), np.minimum(FEWEST, most), most).astype(np.int64)


def _drawn(zones: Zones, zone: Codes, rng: np.random.Generator) -> Drawn:
    """Where the households live; without a design, since all are counted."""
    department = {one.code: row for row, one in enumerate(DEPARTMENTS)}
    municipality = zones.municipality[zone]
    none = np.zeros(zone.size, np.int64)
    return Drawn(
        department=np.array([department[code[:2]] for code in zones.municipality])[zone],
        municipality=municipality,
        stratum=none,
        psu=none,
        zone=np.where(zones.rural[zone], rng.choice([2, 3], zone.size, p=[0.35, 0.65]), 1),
        population=zones.population[zone],
        inclination=np.zeros(zone.size),
        factor=np.ones(zone.size),
    )


def _weights(zones: Zones, zone: Codes, poor: Flags, size: Codes) -> Reals:
    """Households that each stands for: the poor of a zone make up the published share of its persons."""
    cells = zones.rural.size
    persons = np.stack([np.bincount(zone[kind], size[kind], cells) for kind in (~poor, poor)])
    wanted = zones.population * np.stack([1 - zones.headcount, zones.headcount])
    # A zone without one of the two kinds, which the calibration avoids, is all of the other kind.
    wanted = np.where(persons > 0, wanted, 0) * zones.population / np.where(persons > 0, wanted, 0).sum(axis=0)
    weight: Reals = np.round((wanted / np.maximum(persons, 1))[poor.astype(np.int64), zone], DECIMALS)
    return weight
