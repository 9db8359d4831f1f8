"""Invented programmes for the synthetic ECV: who receives them, and the places that municipalities offer.

Comes in: the tables of a year with their intended deprivations, a random generator of their own, so that no other
file changes. Goes out: answers of households and of children, and a table of places by municipality. No programme of
any country is meant; coverage, leakage and gaps are drawn so that there is something to see.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mpi.synthetic.colombia import INDICATORS, POOR_FROM_HUNDREDTHS, ColombiaSample
from mpi.synthetic.population import Codes, Flags, Reals

YES, NO, UNKNOWN = 1, 2, 9
RURAL_CLASS = 3  # of the design strata, whose number ends with the class
OLD, SCHOOL_AGE, EARLY = 60, (6, 16), 5
NO_ANSWER = 0.03
# Shares that receive: the poor and the others of the cabecera, and of the rural area.
TRANSFER = ((0.42, 0.10), (0.63, 0.24))
PENSION = ((0.48, 0.22), (0.61, 0.33))
MEALS = ((0.52, 0.38), (0.74, 0.66))
SPREAD = 0.35  # of the municipalities' ways of doing, on the log scale
WITHOUT_TABLE = 0.06  # of the municipalities, which report no places
WIDE = {"DIRECTORIO": pa.int32()}


@dataclass(frozen=True, slots=True)
class Programmes:
    """What the programmes left in the files of a year.

    Attributes
    ----------
    households : pyarrow.Table
        TRANSFERENCIA and PENSION, 1 yes, 2 no, 9 unknown, by the key of a household.
    children : pyarrow.Table
        COMEDOR, of persons of school age, by their key.
    places : pyarrow.Table
        CUPOS, places for early childhood care, by MUNICIPIO.
    """

    households: pa.Table
    children: pa.Table
    places: pa.Table


def colombia_programmes(sample: ColombiaSample, rng: np.random.Generator) -> Programmes:
    """Draw who receives what, and where there are places.

    Parameters
    ----------
    sample : ColombiaSample
        With n households.
    rng : numpy.random.Generator
        Its state decides every byte.
    """
    own = sample.households
    hundredths = np.array([weight for weight, _, _ in INDICATORS.values()])
    poor = sample.flags @ hundredths >= POOR_FROM_HUNDREDTHS
    rural = _column(own, "ESTRATO") % 10 == RURAL_CLASS
    codes, municipality = np.unique(np.array(own["MUNICIPIO"].to_pylist()), return_inverse=True)
    way = np.exp(rng.normal(0, SPREAD, codes.size))[municipality]
    of_person, age = _households_of(sample), _column(sample.persons, "P6040")
    old = np.bincount(of_person[age >= OLD], minlength=poor.size) > 0
    key = {name: own[name] for name in ("DIRECTORIO", "SECUENCIA_P")}
    transfer = _answers(_share(TRANSFER, poor, rural) * way, rng)
    pension = np.where(old, _answers(_share(PENSION, poor, rural), rng), NO)
    school = np.flatnonzero((age >= SCHOOL_AGE[0]) & (age <= SCHOOL_AGE[1]))
    meals = _answers((_share(MEALS, poor, rural) * way)[of_person[school]], rng)
    persons = sample.persons.select(["DIRECTORIO", "SECUENCIA_P", "ORDEN"]).take(pa.array(school))
    return Programmes(
        pa.table({**key, "TRANSFERENCIA": pa.array(transfer, pa.int8()), "PENSION": pa.array(pension, pa.int8())}),
        persons.append_column("COMEDOR", pa.array(meals, pa.int8())),
        _places(sample, codes, municipality, poor, rng),
    )


def _places(
    sample: ColombiaSample, codes: np.ndarray, municipality: Codes, poor: Flags, rng: np.random.Generator
) -> pa.Table:
    """Places by municipality: some have too few, some too many, some report none, and two are not in the survey."""
    barrier = sample.flags[:, list(INDICATORS).index("atencion_integral")]
    weight = np.asarray(sample.households["FEX_C"]) * np.asarray(sample.households["PERSONAS"])
    demand = np.bincount(municipality, weight * (poor & barrier), codes.size)
    offered = np.round((demand + 40) * np.exp(rng.normal(-0.2, 0.6, codes.size))).astype(np.int64)
    reported = rng.random(codes.size) >= WITHOUT_TABLE
    rows = dict(zip(codes[reported].tolist(), offered[reported].tolist(), strict=True))
    elsewhere = [code for code in ("05002", "05004", "05021", "05030", "05031") if code not in set(codes.tolist())]
    rows |= dict.fromkeys(elsewhere[:2], 30)
    return pa.table({"MUNICIPIO": list(rows), "CUPOS": pa.array(list(rows.values()), pa.int64())})


def _share(shares: tuple[tuple[float, float], tuple[float, float]], poor: Flags, rural: Flags) -> Reals:
    urban, country = shares
    return np.where(rural, np.where(poor, *country), np.where(poor, *urban))


def _answers(share: Reals, rng: np.random.Generator) -> Codes:
    """1 with a probability, else 2; some do not answer."""
    answer = np.where(rng.random(share.size) < np.clip(share, 0, 1), YES, NO)
    return np.where(rng.random(share.size) < NO_ANSWER, UNKNOWN, answer)


def _households_of(sample: ColombiaSample) -> Codes:
    """The row of each person's household."""

    def key(table: pa.Table) -> Codes:
        return _column(table, "DIRECTORIO") * 100 + _column(table, "SECUENCIA_P")

    return np.searchsorted(key(sample.households), key(sample.persons))


def _column(table: pa.Table, name: str) -> Codes:
    return np.asarray(table[name]).astype(np.int64)
