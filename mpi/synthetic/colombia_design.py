"""The design of the synthetic ECV: strata, segments, weights.

Comes in: a wanted number of households. Goes out: where each sampled household lives and its weight.
Both years are drawn from the same strata and municipalities.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.synthetic.frame import DEPARTMENTS, municipality_codes, urban_share
from mpi.synthetic.population import Codes, Flags, Reals

# Classes of strata within a department.
CAPITAL, OTHER_TOWNS, RURAL = 1, 2, 3
SEGMENT_SIZE = 10
SECOND_HOUSEHOLDS = 0.006
GROWTH = 1.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Where n sampled households live, in the order of the files.

    Attributes
    ----------
    department : int64, shape (n,)
        Row of `DEPARTMENTS`.
    municipality : str, shape (n,)
        Five digits.
    stratum, psu : int64, shape (n,)
        Design; the number of the PSU restarts in each stratum.
    zone : int64, shape (n,)
        P3: 1 cabecera, 2 centro poblado, 3 rural disperso.
    population : float64, shape (n,)
        Persons of the household's stratum.
    inclination : float64, shape (n,)
        What the municipality and the PSU add to every deprivation.
    factor : float64, shape (n,)
        Relative weight of the PSU.
    """

    department: Codes
    municipality: NDArray[np.str_]
    stratum: Codes
    psu: Codes
    zone: Codes
    population: Reals
    inclination: Reals
    factor: Reals


def _strata() -> list[tuple[int, int, float]]:
    """Row of the department, class and persons of each stratum."""
    strata = []
    for row, department in enumerate(DEPARTMENTS):
        persons = department.population * 1000.0
        urban = urban_share(department)
        capital = 1.0 if department.municipalities == 1 else 0.5
        shares = {CAPITAL: urban * capital, OTHER_TOWNS: urban * (1 - capital), RURAL: 1 - urban}
        strata += [(row, kind, persons * share) for kind, share in shares.items() if share > 0]
    return strata


def draw_segments(households: int, rng: np.random.Generator) -> Drawn:
    """Segments of about ten households in every stratum, visited in a random order.

    Parameters
    ----------
    households : int
        Wanted number of households; there are two segments in every stratum at least.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Drawn
        One row a household, those of a segment together.
    """
    strata = _strata()
    department, kind = (np.array([s[i] for s in strata], dtype=np.int64) for i in (0, 1))
    population = np.array([s[2] for s in strata])
    # Between equal samples and proportional ones, as in surveys that must represent each department.
    share = np.sqrt(population) / np.sqrt(population).sum()
    segments = np.maximum(2, np.rint(share * households / SEGMENT_SIZE)).astype(np.int64)
    of_segment = np.repeat(np.arange(len(strata)), segments)
    number = np.arange(of_segment.size) - np.repeat(np.cumsum(segments) - segments, segments) + 1
    place = np.where(kind[of_segment] != RURAL, 1, rng.choice([2, 3], of_segment.size, p=[0.35, 0.65]))
    town = _towns(department[of_segment], kind[of_segment], number, rng)
    code = np.array([entry.number for entry in DEPARTMENTS])
    inclination = _town_effect(code[department[of_segment]], town) + rng.normal(0, 0.3, of_segment.size)
    factor = np.exp(rng.normal(0, 0.2, of_segment.size))
    size = rng.integers(SEGMENT_SIZE - 2, SEGMENT_SIZE + 3, of_segment.size)

    visited = rng.permutation(of_segment.size)
    row = np.repeat(visited, size[visited])
    stratum = of_segment[row]
    codes = [np.array(municipality_codes(entry)) for entry in DEPARTMENTS]
    names = np.array([codes[d][place] for d, place in zip(department[of_segment], town, strict=True)])
    return Drawn(
        department=department[stratum],
        municipality=names[row],
        stratum=(code[department] * 10 + kind)[stratum],
        psu=number[row],
        zone=place[row],
        population=population[stratum],
        inclination=inclination[row],
        factor=factor[row],
    )


def _towns(department: Codes, kind: Codes, number: Codes, rng: np.random.Generator) -> Codes:
    """Place of each segment's municipality in its department: each allowed one gets a segment, then by lot."""
    town = np.empty(department.size, np.int64)
    lot = rng.random(department.size)
    for row, entry in enumerate(DEPARTMENTS):
        places = np.arange(entry.municipalities)
        # Rural segments begin at the other end, so that small samples reach most municipalities.
        allowed = {CAPITAL: places[:1], OTHER_TOWNS: places[1:], RURAL: places[::-1]}
        for class_, choice in allowed.items():
            here = (department == row) & (kind == class_)
            turn, drawn = number[here] - 1, (lot[here] * choice.size).astype(np.int64)
            town[here] = choice[np.where(turn < choice.size, turn, drawn)]
    return town


def _town_effect(department: Codes, town: Codes) -> Reals:
    """Fixed inclination of each municipality, the same in every year, spread evenly over (-0.4, 0.4)."""
    golden = 0.6180339887498949
    number = (department * 1000 + np.maximum(1, 3 * town)).astype(np.float64)
    effect: Reals = 0.8 * (number * golden % 1.0 - 0.5)
    return effect


def second_households(drawn: Drawn, rng: np.random.Generator) -> Flags:
    """Households that share the dwelling of the one before them in the same segment.

    Parameters
    ----------
    drawn : Drawn
        The sampled households.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    bool, shape (n,)
        A few; never two in a row.
    """
    same = np.zeros(drawn.zone.size, dtype=np.bool_)
    same[1:] = (drawn.stratum[1:] == drawn.stratum[:-1]) & (drawn.psu[1:] == drawn.psu[:-1])
    second = same & (rng.random(same.size) < SECOND_HOUSEHOLDS)
    # Into a separate array: the mask may not change while rows are compared with it.
    after_another = np.zeros_like(second)
    after_another[1:] = second[:-1]
    return second & ~after_another


def household_weights(drawn: Drawn, size: Codes, year: int) -> Reals:
    """Household weights whose persons add up to the population of each stratum.

    Parameters
    ----------
    drawn : Drawn
        The sampled households.
    size : int64, shape (n,)
        Members of each household.
    year : int
        Year of the survey; the population grows from 2024 on.

    Returns
    -------
    float64, shape (n,)
        FEX_C, with eight decimals as in DANE's files.
    """
    strata, row = np.unique(drawn.stratum, return_inverse=True)
    sampled = np.bincount(row, drawn.factor * size, strata.size)
    growth = GROWTH ** (year - 2024)
    weight: Reals = np.round(growth * drawn.population * drawn.factor / sampled[row], 8)
    return weight
