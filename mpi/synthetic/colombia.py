"""A synthetic Encuesta Nacional de Calidad de Vida in the shape of DANE's three IPM files.

Comes in: a year, a number of households, a random generator. Goes out: PERSONAS, HOGARES and VIVIENDAS with
the deprivations their answers were written from. No real person or household is behind them, only published
rates.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mpi.synthetic.calibration import Implication, Targets, calibrated_flags
from mpi.synthetic.colombia_answers import dwelling_answers, person_answers, sleeping_rooms
from mpi.synthetic.colombia_design import Drawn, draw_segments, household_weights, second_households
from mpi.synthetic.colombia_work import ADULT, Columns, Situation, draw_situation
from mpi.synthetic.frame import BOGOTA_CITY_REGION, BOGOTA_RURAL_REGION, DEPARTMENTS
from mpi.synthetic.population import (
    Codes,
    Composition,
    Flags,
    Members,
    Reals,
    any_of,
    count_of,
    draw_members,
    household_sizes,
)
from mpi.synthetic.tables import NOT_ASKED, Column, arrow_table

# Indicator: weight in hundredths; deprived households in 2024 as published, per cent, cabecera and rural.
# DANE, Pobreza multidimensional 2024, annex "anex-PMultidimensional" (14-Apr-2026).
INDICATORS = {
    "logro_educativo": (10, 30.3, 68.0),
    "analfabetismo": (10, 4.8, 15.7),
    "inasistencia_escolar": (5, 1.5, 3.2),
    "rezago_escolar": (5, 20.7, 26.8),
    "atencion_integral": (5, 5.8, 5.3),
    "trabajo_infantil": (5, 0.7, 2.6),
    "desempleo_larga_duracion": (10, 13.7, 11.9),
    "empleo_formal": (10, 65.5, 89.5),
    "aseguramiento_salud": (10, 6.4, 4.4),
    "barreras_acceso_salud": (10, 3.0, 2.8),
    "acueducto": (4, 1.8, 33.7),
    "alcantarillado": (4, 6.2, 19.5),
    "pisos": (4, 1.3, 18.1),
    "paredes": (4, 2.1, 2.3),
    "hacinamiento": (4, 6.1, 6.1),
}
# The least whole number of hundredths that reaches 5/15.
POOR_FROM_HUNDREDTHS = 34
# The departments make 11.9 % with our rounded populations, also because DANE leaves the rural
# Amazonía-Orinoquía out of its 11.5 %: all of them are lowered a little.
LEVEL = 0.97
# H of each year relative to 2024, cabecera and rural: it fell from 7.8 to 6.3 and from 24.3 to 22.4.
TREND = {2024: (1.0, 1.0), 2025: (6.3 / 7.8, 22.4 / 24.3)}

COMPOSITION = Composition(head_age=47.0, partnered=0.62, alone=0.10, fertility=1.6, minor_head=0.001)
# How much of a deprivation comes from the one poverty of the household; 0.4 makes A about 40 %, as published.
LOADING = 0.4
# PERSONAS as in DANE's file; HOGARES and VIVIENDAS are put together below.
PERSON_COLUMNS = (
    *("DIRECTORIO", "SECUENCIA_ENCUESTA", "SECUENCIA_P", "ORDEN", "P6020", "P6040", "P6051", "P6090", "P5665"),
    *("P8563", "P51", "P55", "P774", "P6160", "P8587", "P8587S1", "P1088", "P1088S1", "P6180", "P6250", "P6260"),
    *("P6270", "P6351", "P7250", "P6920", "P8586", "P3336S1", "P3336S2", "P3336S3", "P3337", "P6240", "P1082S2"),
)
WIDE = {"DIRECTORIO": pa.int32(), "P7250": pa.int16(), "PERIODO": pa.int32(), "ESTRATO": pa.int16(), "UPM": pa.int16()}


@dataclass(frozen=True, slots=True)
class ColombiaSample:
    """One year of the survey.

    Attributes
    ----------
    persons, households, dwellings : pyarrow.Table
        PERSONAS, HOGARES, VIVIENDAS; keys DIRECTORIO, SECUENCIA_P, ORDEN.
    flags : bool, shape (n, 15)
        Intended deprivations of the n rows of `households`, in the order of `INDICATORS`.
    """

    persons: pa.Table
    households: pa.Table
    dwellings: pa.Table
    flags: Flags


def colombia_survey(year: int, households: int, rng: np.random.Generator) -> ColombiaSample:
    """Draw one year of the synthetic ECV.

    Parameters
    ----------
    year : int
        A key of `TREND`.
    households : int
        Wanted number of households; the sample comes near it, but every stratum has two segments at least,
        which makes some 2,000 households in all.
    rng : numpy.random.Generator
        Source of chance; its state decides every byte.

    Returns
    -------
    ColombiaSample
        Tables sorted by their keys, and the intended deprivations.
    """
    drawn = draw_segments(households, rng)
    members = draw_members(drawn.zone.size, COMPOSITION, rng)
    size = household_sizes(members)
    situation = draw_situation(members, rng)
    second = second_households(drawn, rng)
    weight = household_weights(drawn, size, year)
    propensity = propensities(drawn, members, situation, second, rng)
    flags = calibrated_flags(propensity, _targets(drawn, year), weight, size, implications(members, situation))
    return answered(year, drawn, (members, situation), second=second, flags=flags, weight=weight, rng=rng)


def answered(
    year: int,
    drawn: Drawn,
    people: tuple[Members, Situation],
    *,
    second: Flags,
    flags: Flags,
    weight: Reals,
    rng: np.random.Generator,
) -> ColombiaSample:
    """The three tables, with answers from which DANE's rules give back the intended deprivations.

    Parameters
    ----------
    year : int
        Of the keys and dates.
    drawn : Drawn
        Where the n households live.
    people : Members, Situation
        Their members, and what these do.
    second : bool, shape (n,)
        Households in the dwelling of the one before them.
    flags : bool, shape (n, 15)
        Intended deprivations.
    weight : float64, shape (n,)
        FEX_C.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ColombiaSample
        Tables sorted by their keys.
    """
    members, situation = people
    size = household_sizes(members)
    flag = dict(zip(INDICATORS, flags.T, strict=True))
    key = _keys(year, second, rng)
    persons = _person_key(key, members) | person_answers(members, flag, situation, rng)
    answers = {"SECUENCIA_ENCUESTA": size, "PERSONAS": size} | dwelling_answers(flag, drawn.zone, rng)
    answers["P5010"] = sleeping_rooms(flag["hacinamiento"], drawn.zone == 1, size, rng)
    answers |= _one_person_answers(size, year, rng)
    return ColombiaSample(
        arrow_table({name: persons[name] for name in PERSON_COLUMNS}, wide=WIDE),
        arrow_table(_household_columns(key | answers, drawn, weight), wide=WIDE),
        arrow_table(_dwelling_columns(key | answers, drawn), wide=WIDE),
        flags,
    )


def propensities(
    drawn: Drawn, members: Members, situation: Situation, second: Flags, rng: np.random.Generator
) -> Reals:
    """Inclination to each deprivation, float64, shape (n, 15); infinite where the rules leave no choice."""
    n = drawn.zone.size
    poverty = drawn.inclination + rng.normal(0, 1, n)
    own = rng.normal(0, 1, (n, len(INDICATORS)))
    value: Reals = LOADING * poverty[:, None] + np.sqrt(1 - LOADING**2) * own
    column = {name: j for j, name in enumerate(INDICATORS)}
    for name, eligible in _eligible(drawn, members, situation).items():
        value[~eligible, column[name]] = -np.inf
    for name, certain in _certain(members, situation).items():
        value[certain, column[name]] = np.inf
    # Two households under one roof have the same walls and pipes.
    later = np.flatnonzero(second)
    for name in ("acueducto", "alcantarillado", "pisos", "paredes"):
        value[later, column[name]] = value[later - 1, column[name]]
    return value


def _eligible(drawn: Drawn, members: Members, situation: Situation) -> dict[str, Flags]:
    """Households with a member who could be deprived, by indicator; for other indicators, all households can be."""
    age = members.age
    economic = ~situation.pensioners & ~situation.inactive
    return {
        "inasistencia_escolar": any_of(members, (age >= 6) & (age <= 16)),
        "rezago_escolar": any_of(members, (age >= 7) & (age < ADULT)),
        "atencion_integral": any_of(members, age <= 5),
        "trabajo_infantil": any_of(members, (age >= 12) & (age < ADULT)) & economic,
        "empleo_formal": ~situation.pensioners,
        "aseguramiento_salud": any_of(members, age > 5),
        "hacinamiento": household_sizes(members) >= np.where(drawn.zone == 1, 3, 4),
    }


def _certain(members: Members, situation: Situation) -> dict[str, Flags]:
    """Households that are deprived whatever they answer, by indicator."""
    age = members.age
    adultless = ~any_of(members, age >= ADULT)
    return {
        "logro_educativo": adultless,
        "rezago_escolar": adultless & any_of(members, (age >= 15) & (age < ADULT)),
        "analfabetismo": ~any_of(members, age >= 15),
        "desempleo_larga_duracion": situation.pensioners | situation.inactive,
        "empleo_formal": situation.inactive,
    }


def implications(members: Members, situation: Situation) -> list[Implication]:
    """Deprivations that follow from another one where the household has one adult."""
    names = list(INDICATORS)
    lone_reader = count_of(members, members.age >= ADULT) == 1
    lone_worker = count_of(members, situation.active) == 1
    return [
        Implication(names.index("analfabetismo"), names.index("logro_educativo"), lone_reader),
        # The only worker is unemployed: no one else in the labour force could have formal work.
        Implication(names.index("desempleo_larga_duracion"), names.index("empleo_formal"), lone_worker),
    ]


def _targets(drawn: Drawn, year: int) -> Targets:
    """Published rates and headcount ratios as the calibration wants them."""
    urban, rural = TREND[year]
    rural_zone = (drawn.zone > 1).astype(np.int64)
    headcount = [ratio for d in DEPARTMENTS for ratio in (d.urban * urban, (d.rural or 0.0) * rural)]
    table = np.array(list(INDICATORS.values()))
    # Rates fall half as fast as H, which reacts to their coming together.
    change = np.sqrt([[urban], [rural]])
    return Targets(
        zone=rural_zone,
        rates=table[:, 1:].T / 100 * change,
        cell=drawn.department * 2 + rural_zone,
        headcount=LEVEL * np.array(headcount) / 100,
        units=table[:, 0].astype(np.int64),
        minimum=POOR_FROM_HUNDREDTHS,
    )


def _keys(year: int, second: Flags, rng: np.random.Generator) -> Columns:
    """DIRECTORIO, with gaps, and SECUENCIA_P of each household."""
    step = np.where(second, 0, 1 + (rng.random(second.size) < 0.05))
    directory = (year % 100) * 1_000_000 + np.cumsum(step)
    return {"DIRECTORIO": directory, "SECUENCIA_P": 1 + second}


def _person_key(key: Columns, members: Members) -> Columns:
    order = np.arange(members.household.size) - members.first[members.household] + 1
    directory, sequence = (key[name][members.household] for name in ("DIRECTORIO", "SECUENCIA_P"))
    return {"DIRECTORIO": directory, "SECUENCIA_ENCUESTA": order, "SECUENCIA_P": sequence, "ORDEN": order}


def _one_person_answers(size: Codes, year: int, rng: np.random.Generator) -> Columns:
    """The columns that DANE's file fills for households of one person only: internet, computers, date."""
    owned = {"P1075": 0.6, "P1077S21": 0.08, "P1077S22": 0.2, "P1077S23": 0.06}
    answers = {"PERIODO": year * 10_000 + 700 + rng.integers(1, 32, size.size)}
    answers |= {name: 2 - (rng.random(size.size) < share) for name, share in owned.items()}
    return {name: np.where(size == 1, answer, NOT_ASKED) for name, answer in answers.items()}


def _household_columns(answers: Columns, drawn: Drawn, weight: Reals) -> dict[str, Column]:
    """HOGARES, with the geography and the design that DANE's own file does not have."""
    names = ("DIRECTORIO", "SECUENCIA_P", "SECUENCIA_ENCUESTA", "P5010", "P8526", "P8530", "PERSONAS")
    late = ("PERIODO", "P1075", "P1077S21", "P1077S22", "P1077S23")
    region = np.array([d.region for d in DEPARTMENTS])[drawn.department]
    region = np.where((region == BOGOTA_CITY_REGION) & (drawn.zone > 1), BOGOTA_RURAL_REGION, region)
    return {
        **{name: answers[name] for name in names},
        "FEX_C": weight,
        **{name: answers[name] for name in late},
        "REGION": region,
        "DEPARTAMENTO": np.array([d.code for d in DEPARTMENTS])[drawn.department],
        "MUNICIPIO": drawn.municipality,
        "ESTRATO": drawn.stratum,
        "UPM": drawn.psu,
    }


def _dwelling_columns(answers: Columns, drawn: Drawn) -> dict[str, Column]:
    """VIVIENDAS: one row a dwelling; SECUENCIA_P is the number of its households, so it is not a key here."""
    _, first, count = np.unique(answers["DIRECTORIO"], return_index=True, return_counts=True)
    described = ("P4005", "P4015", "P8520S3", "P8520S5")
    return {
        "DIRECTORIO": answers["DIRECTORIO"][first],
        "SECUENCIA_ENCUESTA": answers["SECUENCIA_ENCUESTA"][first],
        "SECUENCIA_P": count,
        "P3": drawn.zone[first],
        **{name: answers[name][first] for name in described},
    }
