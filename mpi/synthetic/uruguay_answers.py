"""Answers to INE Uruguay's questionnaire from which the count of fifteen gives back the intended flags.

Comes in: members and intended deprivations. Goes out: columns of codes; 0 is "does not apply", as at INE.

In all functions `members` are the m persons of n households, `flags` the intended deprivations of the households by
indicator (bool, shape (n,)), and `rng` is the source of chance.
"""

from collections.abc import Mapping

import numpy as np

from mpi.synthetic.population import Codes, Flags, Members, Reals, any_of, carriers

ADULT = 18
PENSION_AGE = 65
SERVANT = 14
KINSHIP = np.array([1, 2, 3, 11, 7, 9, 12, 13])
COMPLETE_SECONDARY = 12
# In the years-passed columns 9 means "attends, no year passed yet".
NO_YEAR_PASSED = 9

# Monthly lines of one person in 2018, pesos, rounded: Montevideo, larger towns, smaller towns, country.
FOOD_LINE = np.array([3290, 3040, 3040, 2770])
OTHER_LINE = np.array([9650.0, 5300.0, 5300.0, 2950.0])

Columns = dict[str, Codes]


def school_answers(members: Members, flags: Mapping[str, Flags], rng: np.random.Generator) -> Columns:
    """Attendance and years passed at each level.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        e51_2 to e51_11, e193 to e224.
    """
    age, size = members.age, members.age.size
    # One only, so that a brother or sister is left who can be absent.
    behind = carriers(members, flags["rezago"], (age >= 9) & (age < ADULT), rng, also=0.0)
    absent = carriers(members, flags["asistencia"], (age >= 4) & (age < ADULT) & ~behind, rng)
    short = carriers(members, flags["escolaridad"], age >= ADULT, rng, also=0.35)
    required = np.select([age <= 28, age < 60], [12, 9], default=6)

    child = np.clip(age - 6 - (rng.random(size) < 0.15), 0, 11)
    child = np.where(behind, np.maximum(0, age - 9 - (rng.random(size) < 0.3)), child)
    below = required - 1 - rng.integers(0, 5, size)
    above = np.minimum(required + rng.choice([0, 0, 1, 3, 4, 5, 7, 10], size), 12 + np.maximum(0, age - ADULT))
    years = np.where(age < ADULT, child, np.where(short, np.maximum(0, below), above))
    goes_on = np.select([age < 25, age < 35], [0.5, 0.15], default=0.01)
    attends = np.where(
        age < ADULT,
        np.where(age < 4, rng.random(size) < np.clip(age - 2, 0, 1) * 0.7, ~absent),
        (years >= COMPLETE_SECONDARY) & (rng.random(size) < goes_on),
    )
    return _years_passed(years, attends, age, rng) | _attendance(years, attends, age)


def _years_passed(years: Codes, attends: Flags, age: Codes, rng: np.random.Generator) -> Columns:
    """Years by level, through general or technical schools."""
    size = years.size
    primary = np.clip(years, 0, 6)
    lower, upper = np.clip(years - 6, 0, 3), np.clip(years - 9, 0, 3)
    tertiary = np.clip(years - 12, 0, 5)
    postgraduate = np.clip(years - 17, 0, 4)
    special = (years < 6) & (age > 8) & ~attends & (rng.random(size) < 0.01)
    technical = ~attends & (rng.random(size) < 0.08)
    # One technical column serves two levels: e51_7_1 distinguishes upper (2) and lower (3) secondary.
    entry = np.select([technical & (upper > 0), technical & (lower > 0)], [2, 3], default=0)
    stream = rng.choice([5, 6], size, p=[0.93, 0.07])
    college = rng.choice([8, 9, 10], size, p=[0.15, 0.7, 0.15])
    starts = {level: attends & (years == level) for level in (0, 6, 9, 12)}
    primary = np.where(starts[0] & (age >= 6), NO_YEAR_PASSED, primary)
    lower = np.where(starts[6], NO_YEAR_PASSED, lower)
    upper = np.where(starts[9], NO_YEAR_PASSED, upper)
    tertiary = np.where(starts[12], NO_YEAR_PASSED, tertiary)
    return {
        "e51_2": np.where(special, 0, primary),
        "e51_3": np.where(special, primary, 0),
        "e51_4": np.where(entry == 3, 0, lower),
        "e51_5": np.where((entry == 2) | (stream != 5), 0, upper),
        "e51_6": np.where((entry == 2) | (stream != 6), 0, upper),
        "e51_7": np.select([entry == 2, entry == 3], [upper, lower], default=0),
        "e51_7_1": entry,
        "e51_8": np.where(college == 8, tertiary, 0),
        "e51_9": np.where(college == 9, tertiary, 0),
        "e51_10": np.where(college == 10, tertiary, 0),
        "e51_11": postgraduate,
    }


def _attendance(years: Codes, attends: Flags, age: Codes) -> Columns:
    """Attendance by level: 1 now, 2 earlier, 3 never, 0 not asked."""
    level = np.select([age < 6, years < 6, years < 12, years < 17], [0, 1, 2, 3], default=4)

    def answer(at: int, asked: Flags, passed: Flags) -> Codes:
        return np.where(~asked, 0, np.where(attends & (level == at), 1, np.where(passed, 2, 3)))

    secondary = age >= 12
    tertiary = years >= COMPLETE_SECONDARY
    return {
        "e193": answer(0, (age >= 6) | attends, age >= 6),
        "e197": answer(1, age >= 6, (years > 0) | (age > 6)),
        "e201": answer(2, secondary & (years >= 6), years > 6),
        "e212": np.where(secondary, 3, 0),
        "e215": np.where(tertiary, 3, 0),
        "e218": answer(3, tertiary, years > 12),
        "e221": np.where(tertiary, 3, 0),
        "e224": answer(4, years >= 16, years > 17),
    }


def work_answers(members: Members, flags: Mapping[str, Flags], servant: Flags, rng: np.random.Generator) -> Columns:
    """Activity, pension fund, underemployment and pensions received.

    Parameters
    ----------
    servant : bool, shape (m,)
        Live-in servants, who all work formally.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        pobpcoac, f82, subempleo, f124_1, f124_2.
    """
    age, household, size = members.age, members.household, members.age.size
    adult = age >= ADULT
    free = adult & (age < PENSION_AGE) & ~servant
    cares = carriers(members, flags["cuidados"], free, rng, also=0.0)
    jobless = carriers(members, flags["desempleo"], free & ~cares, rng, also=0.0)
    working_household = flags["informalidad"] | flags["subempleo"]
    worker = carriers(members, working_household, free & ~cares & ~jobless, rng, also=0.0)
    uncovered_children = flags["menores"][household]
    employable = adult & ~cares & ~jobless & (flags["informalidad"][household] | ~uncovered_children)
    at_work = np.select([age < 25, age < 60, age < PENSION_AGE, age < 75], [0.55, 0.85, 0.5, 0.12], default=0.02)
    destitute = carriers(members, flags["pensiones"], age >= PENSION_AGE, rng, also=0.0)
    employed = worker | servant | employable & ~destitute & (rng.random(size) < at_work)
    informal = carriers(members, flags["informalidad"], employed & free, rng, also=0.4)
    informal |= employed & uncovered_children
    young_worker = (age >= 15) & ~adult & ~uncovered_children & (rng.random(size) < 0.04)
    underemployed = carriers(members, flags["subempleo"], employed & adult & ~servant, rng)
    retired = (age >= PENSION_AGE) & ~destitute & (~employed | (rng.random(size) < 0.3))
    retired |= (age >= 57) & (age < PENSION_AGE) & ~employed & ~cares & ~jobless & ~uncovered_children
    widowed = retired & members.woman & (rng.random(size) < 0.3)
    covered = (employed & ~informal) | retired
    # Somebody in a household with children has cover unless it is meant to be deprived of it.
    exposed = any_of(members, age < ADULT) & ~flags["menores"] & ~any_of(members, covered)
    survivor = carriers(members, exposed, adult & ~destitute, rng, also=0.0)
    return {
        "pobpcoac": np.select(
            [age < 14, employed | young_worker, cares, jobless, widowed, retired],
            [1, 2, 6, rng.choice([3, 4, 5], size, p=[0.2, 0.7, 0.1]), 9, 10],
            default=_inactivity(age, rng),
        ),
        "f82": np.where(young_worker, 2, np.where(employed, 1 + informal, 0)),
        "subempleo": underemployed.astype(np.int64),
        "f124_1": np.where(age < 14, 0, 2 - (retired & ~widowed)),
        "f124_2": np.where(age < 14, 0, 2 - (widowed | survivor | retired & (rng.random(size) < 0.15))),
    }


def _inactivity(age: Codes, rng: np.random.Generator) -> Codes:
    """Codes of pobpcoac for those without work, search, household duties or pension: mostly students."""
    student = (age < 28) & (rng.random(age.size) < 0.85)
    return np.where(student, 7, rng.choice([8, 11], age.size, p=[0.15, 0.85]))


def health_answers(members: Members, rng: np.random.Generator) -> Columns:
    """Rights to health care, by institution.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        e45_1 to e45_7: 1 yes, 2 no; two in a hundred persons have none.
    """
    size = members.age.size
    shares = [0.02, 0.3, 0.585, 0.03, 0.06, 0.001, 0.002, 0.002]
    first, second = rng.choice(8, size, p=shares), rng.choice(8, size, p=shares)
    second = np.where((first > 0) & (rng.random(size) < 0.04), second, 0)
    return {f"e45_{i}": 2 - ((first == i) | (second == i)) for i in range(1, 8)}


def income_answers(
    locality: Codes, relatives: Codes, poverty: Reals, rng: np.random.Generator
) -> dict[str, Codes | Reals]:
    """Household income and the lines it is held against, pesos a month.

    Parameters
    ----------
    locality : int64, shape (n,)
        region_4.
    relatives : int64, shape (n,)
        Members without live-in servants.
    poverty : float64, shape (n,)
        What makes the household inclined to deprivations.

    Returns
    -------
    dict of str to array, each of shape (n,)
        ht11 and lp_06 of the household, li_06 of one person, pobre06.
    """
    food, other = FOOD_LINE[locality - 1], OTHER_LINE[locality - 1]
    line = food * relatives + other * relatives**0.8
    income = np.rint(line * np.exp(1.05 - 0.45 * poverty + rng.normal(0, 0.6, poverty.size)))
    poor = (income < line).astype(np.int64)
    return {"ht11": income, "lp_06": line, "li_06": food, "pobre06": poor}


def dwelling_answers(flags: Mapping[str, Flags], relatives: Codes, rng: np.random.Generator) -> Columns:
    """Answers on the dwelling and its services.

    Parameters
    ----------
    relatives : int64, shape (n,)
        Members without live-in servants.

    Returns
    -------
    dict of str to int64 array, each of shape (n,)
        c2 to c5_12, d8_1, d10, d12 to d18, d21_16, d260.
    """
    size = relatives.size
    pairs = (relatives - 1) // 2
    spare = rng.choice([0, 1, 2], size, p=[0.5, 0.4, 0.1])
    bedrooms = np.where(flags["hacinamiento"], np.maximum(1, pairs - spare // 2), pairs + 1 + spare)
    owned = rng.choice([3, 4, 9], size, p=[0.1, 0.55, 0.35])
    secure = rng.choice([1, 2, 5, 6, 7, 8, 10], size, p=[0.1, 0.52, 0.18, 0.02, 0.01, 0.15, 0.02])
    heating = rng.choice([1, 2, 3, 4, 5], size, p=[0.28, 0.03, 0.26, 0.01, 0.42])
    return {
        **_materials(flags["materialidad"], rng),
        "d8_1": np.where(flags["tenencia"], owned, secure),
        "d10": bedrooms,
        "d12": rng.choice([1, 2, 3, 4], size, p=[0.985, 0.008, 0.004, 0.003]),
        **_sanitation(flags["saneamiento"], rng),
        "d18": rng.choice([1, 2, 3, 4], size, p=[0.995, 0.002, 0.001, 0.002]),
        "d21_16": 1 + flags["internet"],
        "d260": np.where(flags["calefaccion"], 6, heating),
    }


def _materials(deprived: Flags, rng: np.random.Generator) -> Columns:
    """Walls, roof, floor, and twelve possible problems, three of which make a deprivation."""
    size = deprived.size
    cause = np.where(deprived, rng.choice(["wall", "roof", "floor", "problems"], size, p=[0.02, 0.03, 0.1, 0.85]), "")
    number = np.where(cause == "problems", rng.integers(3, 8, size), rng.choice(3, size, p=[0.6, 0.25, 0.15]))
    rank = np.argsort(rng.random((size, 12)), axis=1)
    wall = rng.choice([1, 2, 3, 4, 5], size, p=[0.925, 0.05, 0.01, 0.01, 0.005])
    roof = rng.choice([1, 2, 3, 4, 5], size, p=[0.5, 0.1, 0.32, 0.07, 0.01])
    floor = rng.choice([1, 2, 3, 4], size, p=[0.88, 0.01, 0.08, 0.03])
    return {
        "c2": np.where(cause == "wall", 6, wall),
        "c3": np.where(cause == "roof", 6, roof),
        "c4": np.where(cause == "floor", 5, floor),
        **{f"c5_{i + 1}": 2 - (rank[:, i] < number) for i in range(12)},
    }


def _sanitation(deprived: Flags, rng: np.random.Generator) -> Columns:
    """Bathroom, its sharing and its evacuation; the last two do not apply without a bathroom."""
    size = deprived.size
    cause = np.where(deprived, rng.choice(["none", "shared", "drain"], size, p=[0.25, 0.35, 0.4]), "")
    drain = np.where(cause == "drain", rng.choice([3, 4], size), rng.choice([1, 2], size, p=[0.66, 0.34]))
    bathroom = rng.choice([1, 2], size, p=[0.98, 0.02])
    return {
        "d13": np.where(cause == "none", 3, bathroom),
        "d15": np.select([cause == "none", cause == "shared"], [0, 2], default=1),
        "d16": np.where(cause == "none", 0, drain),
    }
