"""Early care and school in the synthetic ECV: answers from which DANE's rules give back the intended flags.

Comes in: members and intended deprivations. Goes out: why small children face a barrier, and the columns of
the questions on care, reading and school.

In all functions `members` are the m persons of n households, `flags` the intended deprivations of the households by
indicator (bool, shape (n,)), and `rng` is the source of chance.
"""

from collections.abc import Mapping

import numpy as np

from mpi.synthetic.colombia_work import ADULT, Columns
from mpi.synthetic.population import Codes, Flags, Members, any_of, carriers, count_of
from mpi.synthetic.tables import NOT_ASKED

MOST_YEARS = 21
MOST_YEARS_ILLITERATE = 5
LOW_SCHOOLING = np.array([0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 11])
HIGH_SCHOOLING = np.array([5, 8, 9, 11, 11, 11, 11, 12, 13, 13, 14, 16, 16, 16, 17, 18])
UNINSURED, UNCARED, UNFED = 1, 2, 3


def care_barrier(members: Members, flags: Mapping[str, Flags], rng: np.random.Generator) -> Codes:
    """Why a child under six faces a barrier to early care.

    Returns
    -------
    int64, shape (m,)
        UNINSURED, UNCARED or UNFED; 0 for all others.
    """
    barred = carriers(members, flags["atencion_integral"], members.age <= 5, rng, also=0.2)
    reasons = rng.choice([UNINSURED, UNCARED, UNFED], barred.size, p=[0.2, 0.4, 0.4])
    return np.where(barred, reasons, 0)


def care_answers(members: Members, reason: Codes, rng: np.random.Generator) -> Columns:
    """Answers on where children under five stay, and on their meals there.

    Parameters
    ----------
    reason : int64, shape (m,)
        What `care_barrier` gave.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        P51, P55, P774.
    """
    size = members.age.size
    asked = members.age <= 4
    place = rng.choice([1, 2, 4, 5, 8], size, p=[0.35, 0.48, 0.03, 0.12, 0.02])
    place = np.where(reason == UNCARED, rng.choice([3, 6, 7], size, p=[0.75, 0.2, 0.05]), place)
    place = np.where(reason == UNFED, 1, place)
    # Children outside a centre may go without a paid meal: only those inside count.
    fed = np.where(place == 1, reason != UNFED, rng.random(size) < 0.96)
    fed |= (reason == UNFED) & (rng.random(size) < 0.6)
    paid = np.where(place == 1, rng.choice([2, 3], size), rng.choice([1, 2, 4], size, p=[0.1, 0.05, 0.85]))
    paid = np.where(reason == UNFED, rng.choice([1, 4], size), paid)
    return {
        "P51": np.where(asked, place, NOT_ASKED),
        "P55": np.where(asked, 2 - fed, NOT_ASKED),
        "P774": np.where(asked & fed, paid, NOT_ASKED),
    }


def _schooling(members: Members, flags: Mapping[str, Flags], rng: np.random.Generator) -> tuple[Flags, Codes]:
    """Who cannot read (bool, shape (m,)), and years of schooling (int64, shape (m,))."""
    age, household = members.age, members.household
    adult = age >= ADULT
    adultless = ~any_of(members, adult)[household]
    low = flags["logro_educativo"][household]
    readers = np.where(adultless, age >= 15, adult)
    # A second reader stays wherever the mean of the adults must not be low.
    illiterate = carriers(members, flags["analfabetismo"], readers, rng, also=np.where(low, 0.08, 0.0))

    lagging = carriers(members, flags["rezago_escolar"], (age >= 7) & (age < ADULT), rng, also=0.2)
    further = rng.random(age.size)
    behind = np.where(lagging, 1 + (low & (further < 0.3)), 0)
    ahead = ~lagging & (further < 0.1)
    minor = np.clip(age - 6 - behind + ahead, 0, 11)
    # Teenagers on their own lag and lower the mean of a household that has no adult.
    minor = np.where(adultless & (age >= 15), rng.integers(4, 9, age.size), minor)

    years = np.where(low, rng.choice(LOW_SCHOOLING, age.size), rng.choice(HIGH_SCHOOLING, age.size))
    years = np.where(illiterate, rng.integers(0, 3, age.size), years)
    years = np.where(adult, years, minor)
    most = np.where(illiterate, MOST_YEARS_ILLITERATE, MOST_YEARS)
    return illiterate, _with_mean_schooling(members, years, flags["logro_educativo"], most)


def _with_mean_schooling(members: Members, years: Codes, low: Flags, most: Codes) -> Codes:
    """Years with adults moved, one at a time, until the mean of those 15+ is under 9 exactly where `low`."""
    household, adult = members.household, members.age >= ADULT
    counted = members.age >= 15
    number = count_of(members, counted)
    for _ in range(MOST_YEARS):
        total = np.add.reduceat(np.where(counted, years, 0), members.first)
        step = (~low & (total < 9 * number)).astype(np.int64) - (low & (total >= 9 * number))
        years = np.clip(years + np.where(adult, step[household], 0), 0, np.where(adult, most, MOST_YEARS))
    return years


def _literacy(members: Members, illiterate: Flags, rng: np.random.Generator) -> Codes:
    """P6160; children under 15 who cannot read yet do not count for the IPM."""
    age = members.age
    learning = (age <= 6) & (rng.random(age.size) < 0.5) | (age < 15) & (rng.random(age.size) < 0.02)
    return np.where(age < 5, NOT_ASKED, 1 + (illiterate | learning))


def school_answers(members: Members, flags: Mapping[str, Flags], reason: Codes, rng: np.random.Generator) -> Columns:
    """Answers on reading, attendance, the level attended or completed, and how classes and meals are taken.

    Parameters
    ----------
    reason : int64, shape (m,)
        What `care_barrier` gave.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        P6160, P8587 to P6180, P8586, P3336S1 to P3337.
    """
    age, size = members.age, members.age.size
    illiterate, years = _schooling(members, flags, rng)
    absent = carriers(members, flags["inasistencia_escolar"], (age >= 6) & (age <= 16), rng)
    # Pupils of virtual classes who lost touch with their teachers are absent for the IPM though they study.
    adrift = absent & (rng.random(size) < 0.15)
    of_age = np.select([age < 25, age < 36], [0.4, 0.1], default=0.01)
    studies = np.select(
        [age < 5, age == 5, age <= 16, age == 17],
        [False, reason != UNCARED, ~absent | adrift, rng.random(size) < 0.8],
        default=(years >= 11) & (rng.random(size) < of_age),
    )
    asked = age >= 5
    level, grade = _level_attended(age, years, rng)
    completed, last_grade = _level_completed(years, rng)
    meal = np.where(age == 5, reason != UNFED, rng.random(size) < np.where(level >= 5, 0.05, 0.6))
    mode = np.where(level >= 5, rng.choice(3, size, p=[0.8, 0.12, 0.08]), rng.choice([0, 2], size, p=[0.98, 0.02]))
    mode = np.where(adrift, 1, mode)
    in_touch = ~adrift & (rng.random(size) < 0.86)
    return {
        "P6160": _literacy(members, illiterate, rng),
        "P8587": np.where(asked & ~studies, completed, NOT_ASKED),
        "P8587S1": np.where(asked & ~studies, last_grade, NOT_ASKED),
        "P1088": np.where(studies, level, NOT_ASKED),
        "P1088S1": np.where(studies, grade, NOT_ASKED),
        "P6180": np.where(studies & ((level < 5) | (mode != 1)), 2 - meal, NOT_ASKED),
        "P8586": np.where(asked, 2 - studies, NOT_ASKED),
        "P3336S1": np.where(studies, 2 - (mode == 0), NOT_ASKED),
        "P3336S2": np.where(studies, 2 - (mode == 1), NOT_ASKED),
        "P3336S3": np.where(studies, 2 - (mode == 2), NOT_ASKED),
        "P3337": np.where(studies & ((level < 5) | adrift), 2 - in_touch, NOT_ASKED),
    }


def _level_attended(age: Codes, years: Codes, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """P1088 and P1088S1 of those who study, from the years they have passed."""
    preschool = (years == 0) & ((age == 5) | (age <= 7) & (rng.random(age.size) < 0.25))
    beyond = (years == 11) & (rng.random(age.size) < 0.06)
    tertiary = np.where(years <= 12, rng.choice([5, 6, 7], age.size, p=[0.35, 0.1, 0.55]), np.where(years == 13, 6, 7))
    level = np.select(
        [preschool, years <= 4, years <= 8, (years <= 10) | beyond, years <= 15], [1, 2, 3, 4, tertiary], default=8
    )
    grade = np.select(
        [level == 1, beyond, years <= 10, years <= 15],
        [rng.integers(1, 4, age.size), rng.integers(12, 14, age.size), years + 1, years - 10],
        default=years - 15,
    )
    return level, grade


def _level_completed(years: Codes, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """P8587 and P8587S1 of those who do not study, from the years they have passed."""
    size = years.size
    degree = np.select([years <= 13, years == 14], [7, 9], default=11)
    tertiary = np.where(rng.random(size) < 0.25, rng.choice([6, 8, 10], size), degree)
    level = np.select(
        [years == 0, years <= 5, years <= 9, years <= 11, years <= 16],
        [rng.choice([1, 2], size, p=[0.95, 0.05]), 3, 4, 5, tertiary],
        default=rng.choice([12, 13], size, p=[0.1, 0.9]),
    )
    beyond = (years == 11) & (rng.random(size) < 0.04)
    grade = np.select(
        [years == 0, beyond, years <= 11, years <= 16],
        [NOT_ASKED, rng.integers(12, 14, size), years, years - 11],
        default=years - 16,
    )
    return level, grade
