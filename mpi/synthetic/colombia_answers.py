"""Answers to DANE's questionnaire from which DANE's rules give back the intended deprivations.

Comes in: members, intended deprivations, who is active. Goes out: columns of codes with `NOT_ASKED` for
blanks. Health and housing are written here; care and school, and work, in separate modules.

In all functions `members` are the m persons of n households, `flags` the intended deprivations of the households by
indicator (bool, shape (n,)), and `rng` is the source of chance.
"""

from collections.abc import Mapping

import numpy as np

from mpi.synthetic.colombia_school import UNINSURED, care_answers, care_barrier, school_answers
from mpi.synthetic.colombia_work import Columns, Situation, work_answers
from mpi.synthetic.population import Codes, Flags, Members, carriers
from mpi.synthetic.tables import NOT_ASKED

KINSHIP = np.array([1, 2, 3, 4, 5, 7, 9, 14])


def person_answers(
    members: Members, flags: Mapping[str, Flags], situation: Situation, rng: np.random.Generator
) -> Columns:
    """Answers of all persons.

    Parameters
    ----------
    situation : Situation
        Work situation the deprivations were drawn with.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        Codes by column; `NOT_ASKED` where DANE leaves a blank.
    """
    reason = care_barrier(members, flags, rng)
    school = school_answers(members, flags, reason, rng)
    return (
        {"P6020": 1 + members.woman, "P6040": members.age, "P6051": KINSHIP[members.role]}
        | _health(members, flags, reason, rng)
        | care_answers(members, reason, rng)
        | school
        | work_answers(members, flags, situation, school["P8586"] == 1, rng)
        | {"P1082S2": _smartphone(members, rng)}
    )


def _health(members: Members, flags: Mapping[str, Flags], reason: Codes, rng: np.random.Generator) -> Columns:
    size = members.age.size
    uninsured = carriers(members, flags["aseguramiento_salud"], members.age > 5, rng, also=0.3)
    uninsured |= reason == UNINSURED
    barred = carriers(members, flags["barreras_acceso_salud"], np.full(size, True), rng, also=0.05)
    ill = barred | (rng.random(size) < 0.12)
    untreated = rng.choice([3, 4, 5, 6, 7, 8], size, p=[0.2, 0.03, 0.02, 0.3, 0.2, 0.25])
    treated = rng.choice([1, 2], size, p=[0.8, 0.2])
    return {
        "P6090": np.where(uninsured, rng.choice([2, 9], size, p=[0.92, 0.08]), 1),
        "P5665": np.where(ill, 1, 2),
        "P8563": np.where(ill, np.where(barred, untreated, treated), NOT_ASKED),
    }


def _smartphone(members: Members, rng: np.random.Generator) -> Codes:
    """P1082S2, blank where the person has no telephone of any kind."""
    age, size = members.age, members.age.size
    phone = np.select([age < 5, age < 9, age < 12, age < 15, age < 60], [0, 0.12, 0.3, 0.6, 0.95], default=0.8)
    smart = rng.random(size) < np.where(age < 60, 0.94, 0.6)
    return np.where(rng.random(size) < phone, 2 - smart, NOT_ASKED)


def dwelling_answers(flags: Mapping[str, Flags], zone: Codes, rng: np.random.Generator) -> Columns:
    """Answers of the dwelling, and of the household about its water and toilet.

    Parameters
    ----------
    zone : int64, shape (n,)
        P3: 1 cabecera, 2 centro poblado, 3 rural disperso.

    Returns
    -------
    dict of str to int64 array, each of shape (n,)
        P4005, P4015, P8520S3, P8520S5, P8526, P8530.
    """
    size = zone.size
    floor = rng.choice([1, 2, 3, 4, 5, 6], size, p=[0.01, 0.01, 0.01, 0.57, 0.05, 0.35])
    return {
        "P4005": _walls(flags["paredes"], zone == 1, rng),
        "P4015": np.where(flags["pisos"], 7, floor),
        **_pipes(flags["acueducto"], flags["alcantarillado"], zone == 1, rng),
    }


def _walls(poor: Flags, urban: Flags, rng: np.random.Generator) -> Codes:
    """P4005; rough boards (5) are poor in a cabecera and sound elsewhere."""
    size = poor.size
    poor_urban = rng.choice([5, 7, 8, 9, 10], size, p=[0.83, 0.01, 0.02, 0.13, 0.01])
    poor_rural = rng.choice([7, 8, 9, 10], size, p=[0.1, 0.4, 0.35, 0.15])
    sound_urban = rng.choice([1, 2, 3, 4, 6], size, p=[0.96, 0.01, 0.01, 0.01, 0.01])
    sound_rural = rng.choice([1, 2, 3, 4, 5, 6], size, p=[0.69, 0.03, 0.05, 0.05, 0.17, 0.01])
    return np.where(poor, np.where(urban, poor_urban, poor_rural), np.where(urban, sound_urban, sound_rural))


def _pipes(no_water: Flags, no_sewer: Flags, urban: Flags, rng: np.random.Generator) -> Columns:
    """Water and toilet: the connection counts in a cabecera, what the household uses counts elsewhere."""
    size = urban.size
    poor_source = rng.choice([4, 5, 6, 8, 9, 10], size)
    good_source = rng.choice([1, 2, 3, 7], size, p=[0.6, 0.3, 0.08, 0.02])
    # Bottled water in addition to a tap is not a deprivation.
    tap_or_bottle = rng.choice([1, 10], size, p=[0.9, 0.1])
    source = np.where(no_water, poor_source, np.where(urban, tap_or_bottle, good_source))
    poor_toilet = rng.choice([3, 5, 6], size, p=[0.3, 0.1, 0.6])
    unconnected = rng.choice([2, 3, 4, 5, 6], size)
    good_toilet = np.where(urban, 1, rng.choice([1, 2, 4], size, p=[0.2, 0.75, 0.05]))
    toilet = np.where(no_sewer, np.where(urban, unconnected, poor_toilet), good_toilet)
    piped = np.where(urban, ~no_water, (source <= 2) & (rng.random(size) < 0.9))
    return {"P8520S3": 2 - (toilet == 1), "P8520S5": 2 - piped, "P8526": toilet, "P8530": source}


def sleeping_rooms(crowded: Flags, urban: Flags, size: Codes, rng: np.random.Generator) -> Codes:
    """P5010: three or more persons a room (cabecera), more than three (rural), exactly where `crowded`.

    Parameters
    ----------
    crowded : bool, shape (n,)
        Intended deprivation; needs three members in a cabecera, four elsewhere.
    urban : bool, shape (n,)
        Cabecera.
    size : int64, shape (n,)
        Members of each household.

    Returns
    -------
    int64, shape (n,)
        At least one room.
    """
    most_when_crowded = np.where(urban, size // 3, (size - 1) // 3)
    least_otherwise = most_when_crowded + 1
    spare = rng.choice([0, 1, 2], crowded.size, p=[0.5, 0.4, 0.1])
    rooms: Codes = np.where(crowded, most_when_crowded - (spare == 2), np.minimum(least_otherwise + spare, size))
    return np.maximum(1, rooms)
