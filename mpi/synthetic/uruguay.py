"""A synthetic Encuesta Continua de Hogares in the shape of INE Uruguay's file: one row a person.

Comes in: a number of households, a random generator. Goes out: the ECH columns that the fifteen-indicator
count and the rights-based count read, with the deprivations they were written from. No real household is
behind them.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.synthetic.calibration import Implication, Targets, calibrated_flags
from mpi.synthetic.population import (
    Codes,
    Composition,
    Flags,
    Members,
    Reals,
    Role,
    any_of,
    count_of,
    draw_members,
    household_sizes,
)
from mpi.synthetic.tables import Column, arrow_table
from mpi.synthetic.uruguay_answers import (
    ADULT,
    KINSHIP,
    PENSION_AGE,
    SERVANT,
    dwelling_answers,
    health_answers,
    income_answers,
    school_answers,
    work_answers,
)

# Indicator and per cent of households deprived, rounded: orders of magnitude of 2018, not official figures.
INDICATORS = {
    "asistencia": 2.0,
    "rezago": 3.0,
    "escolaridad": 41.0,
    "hacinamiento": 8.0,
    "tenencia": 5.5,
    "materialidad": 16.0,
    "internet": 27.0,
    "calefaccion": 10.0,
    "saneamiento": 2.5,
    "pensiones": 2.0,
    "cuidados": 13.5,
    "menores": 5.0,
    "desempleo": 9.0,
    "subempleo": 8.0,
    "informalidad": 23.0,
}
POOR_FROM_COUNT = 4

# Department (INE's numbers 1 to 19): thousands of inhabitants, design strata, headcount ratio, per cent.
# Published (INE 2025, for 2024) are 15.1 for Montevideo and 21.4 for the others together; each is invented.
DEPARTMENTS = (
    ("Montevideo", 1380, (1, 2, 3, 4, 5), 15.1),
    ("Artigas", 74, (7,), 29.0),
    ("Canelones", 580, (6, 8), 19.0),
    ("Cerro Largo", 90, (7,), 27.5),
    ("Colonia", 130, (10,), 16.5),
    ("Durazno", 59, (11,), 23.0),
    ("Flores", 27, (12,), 17.0),
    ("Florida", 69, (12,), 18.5),
    ("Lavalleja", 59, (12,), 19.5),
    ("Maldonado", 187, (8,), 17.0),
    ("Paysandú", 120, (9,), 23.5),
    ("Río Negro", 58, (9,), 22.5),
    ("Rivera", 110, (7,), 28.5),
    ("Rocha", 74, (8,), 23.0),
    ("Salto", 132, (9,), 26.0),
    ("San José", 116, (6, 10), 18.0),
    ("Soriano", 84, (10,), 20.5),
    ("Tacuarembó", 94, (11,), 26.5),
    ("Treinta y Tres", 51, (7,), 25.0),
)
YEAR = 2018
COMPOSITION = Composition(head_age=51.0, partnered=0.58, alone=0.17, fertility=1.3, minor_head=0.0)
# How much of a deprivation comes from the one poverty of the household.
LOADING = 0.45
PSU_SIZE = 8
WIDE = {"upm_id": pa.int32(), "pesoano": pa.int16(), "li_06": pa.int16()}


@dataclass(frozen=True, slots=True)
class UruguaySample:
    """One year of the survey.

    Attributes
    ----------
    persons : pyarrow.Table
        One row a person, sorted by (numero, nper); household answers are repeated.
    flags : bool, shape (n, 15)
        Intended deprivations of the n households in the order of the table, indicators as in `INDICATORS`.
    """

    persons: pa.Table
    flags: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Where n sampled households live.

    Attributes
    ----------
    department : int64, shape (n,)
        INE's number, 1 to 19.
    locality : int64, shape (n,)
        region_4: 1 Montevideo, 2 towns of 5,000 and more, 3 smaller ones, 4 rural.
    design_stratum, stratum, psu : int64, shape (n,)
        estred13, estrato, upm_id; the number of a PSU is unique in the country.
    inclination : float64, shape (n,)
        What the PSU adds to every deprivation.
    """

    department: Codes
    locality: Codes
    design_stratum: Codes
    stratum: Codes
    psu: Codes
    inclination: Reals


def uruguay_survey(households: int, rng: np.random.Generator) -> UruguaySample:
    """Draw the synthetic ECH.

    Parameters
    ----------
    households : int
        Wanted number of households; every department has two PSUs at least in each of its design strata.
    rng : numpy.random.Generator
        Source of chance; its state decides every byte.

    Returns
    -------
    UruguaySample
        The table and the intended deprivations.
    """
    drawn = _draw_psus(households, rng)
    n = drawn.psu.size
    members = draw_members(n, COMPOSITION, rng)
    servant = _servants(members, rng)
    size = household_sizes(members)
    relatives = count_of(members, ~servant)
    weight = _weights(drawn, size, rng)
    poverty = drawn.inclination + rng.normal(0, 1, n)
    able = _able(members, servant, rng)
    flags = calibrated_flags(
        _propensity(poverty, able, relatives, rng), _targets(drawn), weight, size, _implications(able)
    )
    flag = dict(zip(INDICATORS, flags.T, strict=True))

    household = dwelling_answers(flag, relatives, rng)
    income = income_answers(drawn.locality, relatives, poverty, rng)
    columns = _identity(drawn, members, servant, rng)
    columns |= {"pesoano": weight.astype(np.int64)[members.household], "ht19": relatives[members.household]}
    columns |= {name: values[members.household] for name, values in (household | income).items()}
    columns |= school_answers(members, flag, rng)
    columns |= work_answers(members, flag, servant, rng)
    columns |= health_answers(members, rng)
    return UruguaySample(arrow_table(columns, wide=WIDE), flags)


def _draw_psus(households: int, rng: np.random.Generator) -> Drawn:
    """PSUs of about eight households in every department and design stratum."""
    share = np.array([thousands for _, thousands, _, _ in DEPARTMENTS]) / 3494
    place = [
        (number, stratum, max(2, round(share[number - 1] / len(strata) * households / PSU_SIZE)))
        for number, (_, _, strata, _) in enumerate(DEPARTMENTS, start=1)
        for stratum in strata
    ]
    psus = np.array([count for _, _, count in place])
    department, design_stratum = (np.repeat([p[i] for p in place], psus) for i in (0, 1))
    locality = rng.choice([2, 3, 4], department.size, p=[0.68, 0.2, 0.12])
    locality = np.where(department == 1, 1, locality)
    _, stratum = np.unique(design_stratum * 1000 + department * 10 + locality, return_inverse=True)
    size = rng.integers(PSU_SIZE - 2, PSU_SIZE + 3, department.size)
    # Interviews take place over the year, so neighbours in the file are not neighbours in the field.
    row = rng.permutation(np.repeat(np.arange(department.size), size))
    return Drawn(
        department=department[row],
        locality=locality[row],
        design_stratum=design_stratum[row],
        stratum=1 + stratum[row],
        psu=1 + row,
        inclination=rng.normal(0, 0.3, department.size)[row],
    )


def _weights(drawn: Drawn, size: Codes, rng: np.random.Generator) -> Reals:
    """Whole weights, equal inside a household, whose persons come near the population of each department."""
    factor = rng.uniform(0.8, 1.2, size.size)
    sampled = np.bincount(drawn.department - 1, factor * size, len(DEPARTMENTS))
    persons = np.array([1000.0 * thousands for _, thousands, _, _ in DEPARTMENTS])
    weight: Reals = np.maximum(1, np.rint(factor * (persons / sampled)[drawn.department - 1]))
    return weight


def _servants(members: Members, rng: np.random.Generator) -> Flags:
    """Live-in servants, whom INE leaves out of ht19 and ht11, bool, shape (m,)."""
    other: Flags = (members.role == Role.OTHER) & (members.age >= ADULT) & (members.age < PENSION_AGE)
    return other & (rng.random(other.size) < 0.15)


@dataclass(frozen=True, slots=True)
class Able:
    """Which of the deprivations each household can have, given who lives in it.

    Attributes
    ----------
    households : dict of str to bool array, each of shape (n,)
        By indicator; one that is not named can befall all.
    work : bool, shape (n,)
        Some adult can be employed without giving up the role that another deprivation needs.
    """

    households: dict[str, Flags]
    work: Flags


def _able(members: Members, servant: Flags, rng: np.random.Generator) -> Able:
    age = members.age
    pupils = count_of(members, (age >= 4) & (age < ADULT))
    older_pupil = any_of(members, (age >= 9) & (age < ADULT))
    # An only pupil cannot be both out of school and behind in it.
    behind = older_pupil & ((pupils > 1) | (rng.random(pupils.size) < 0.5))
    absent = (pupils > 1) | (pupils == 1) & ~behind
    # As many of these three roles as there are adults of working age, in an order drawn by lot.
    workers = count_of(members, (age >= ADULT) & (age < PENSION_AGE) & ~servant)
    order = np.argsort(rng.random((pupils.size, 3)) * np.array([1.3, 1.3, 0.8]), axis=1)
    rank = np.argsort(order, axis=1)
    carer, jobless, worker = (rank < workers[:, None]).T
    pensionable = any_of(members, age >= PENSION_AGE)
    children = any_of(members, age < ADULT)
    # Children whose only adult is an old person have cover through the pension.
    destitute = pensionable & (~children | any_of(members, (age >= ADULT) & (age < PENSION_AGE)))
    households = {
        "asistencia": absent,
        "rezago": behind,
        "escolaridad": any_of(members, age >= ADULT),
        "pensiones": destitute,
        "cuidados": carer,
        "menores": children & ~pensionable & ~any_of(members, servant),
        "desempleo": jobless,
        "subempleo": worker,
        "informalidad": worker,
    }
    return Able(households, worker)


def _propensity(poverty: Reals, able: Able, relatives: Codes, rng: np.random.Generator) -> Reals:
    """Inclination to each deprivation, float64, shape (n, 15); -inf where it is impossible."""
    own = rng.normal(0, 1, (poverty.size, len(INDICATORS)))
    value: Reals = LOADING * poverty[:, None] + np.sqrt(1 - LOADING**2) * own
    possible = able.households | {"hacinamiento": relatives >= 3}
    for j, name in enumerate(INDICATORS):
        if name in possible:
            value[~possible[name], j] = -np.inf
    return value


def _implications(able: Able) -> list[Implication]:
    """Children are without cover where those who work do so informally."""
    names = list(INDICATORS)
    return [Implication(names.index("menores"), names.index("informalidad"), able.work)]


def _targets(drawn: Drawn) -> Targets:
    """Rates and headcount ratios as the calibration wants them."""
    return Targets(
        zone=np.zeros(drawn.psu.size, dtype=np.int64),
        rates=np.array([list(INDICATORS.values())]) / 100,
        cell=drawn.department - 1,
        headcount=np.array([ratio for *_, ratio in DEPARTMENTS]) / 100,
        units=np.ones(len(INDICATORS), dtype=np.int64),
        minimum=POOR_FROM_COUNT,
    )


def _identity(drawn: Drawn, members: Members, servant: Flags, rng: np.random.Generator) -> dict[str, Column]:
    """Keys, place, design and demography of each person."""
    household = members.household
    number = np.arange(1, drawn.psu.size + 1) * 7
    text: NDArray[np.str_] = np.char.add(str(YEAR), np.char.zfill(number.astype(np.str_), 6))
    return {
        "numero": text[household],
        "nper": np.arange(household.size) - members.first[household] + 1,
        "anio": np.full(household.size, str(YEAR)),
        "mes": rng.integers(1, 13, drawn.psu.size)[household],
        "dpto": drawn.department[household],
        "region_4": drawn.locality[household],
        "estred13": drawn.design_stratum[household],
        "estrato": drawn.stratum[household],
        "upm_id": drawn.psu[household],
        "e26": 1 + members.woman,
        "e27": members.age,
        "e30": np.where(servant, SERVANT, KINSHIP[members.role]),
    }
