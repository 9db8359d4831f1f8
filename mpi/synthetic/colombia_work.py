"""Work in the synthetic ECV: who is active, and answers from which DANE's rules give back the intended flags.

Comes in: members, then intended deprivations. Goes out: the work situation that limits what a household can
be deprived in, and the columns of the labour questions.

In all functions `members` are the m persons of n households, `flags` the intended deprivations of the households by
indicator (bool, shape (n,)), and `rng` is the source of chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mpi.synthetic.population import Codes, Flags, Members, any_of, carriers, count_of
from mpi.synthetic.tables import NOT_ASKED

ADULT = 18
LONG_TERM_WEEKS = 52
WEEKS_UNKNOWN = 999

Columns = dict[str, Codes]


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts that decide what a household can be deprived in before any answer is written.

    Attributes
    ----------
    pensioners : bool, shape (n,)
        Every member is a pensioner, which DANE's rules treat separately.
    inactive : bool, shape (n,)
        Nobody works or looks for work; excludes `pensioners`.
    active : bool, shape (m,)
        Adults who work or look for work: at least one in each other household.
    """

    pensioners: Flags
    inactive: Flags
    active: Flags


def draw_situation(members: Members, rng: np.random.Generator) -> Situation:
    """Work situation of households and adults.

    Returns
    -------
    Situation
        Households without an adult are inactive.
    """
    age, household = members.age, members.household
    adult = age >= ADULT
    n = members.first.size
    pensioners = ~any_of(members, age < 57) & (rng.random(n) < 0.16)
    resting = np.where(any_of(members, age < 60), 0.03, 0.36)
    inactive = ~pensioners & ((rng.random(n) < resting) | ~any_of(members, adult))
    participation = np.select(
        [age < 25, age < 60, age < 70], [0.62, np.where(members.woman, 0.66, 0.93), 0.42], default=0.14
    )
    economic = ~pensioners & ~inactive
    active = adult & economic[household] & (rng.random(age.size) < participation)
    active |= carriers(members, economic & ~any_of(members, active), adult, rng, also=0.0)
    return Situation(pensioners, inactive, active)


def work_answers(
    members: Members, flags: Mapping[str, Flags], situation: Situation, studies: Flags, rng: np.random.Generator
) -> Columns:
    """Answers on work, the search for it, and pension funds.

    Parameters
    ----------
    situation : Situation
        What `draw_situation` gave.
    studies : bool, shape (m,)
        Who attends school.

    Returns
    -------
    dict of str to int64 array, each of shape (m,)
        P6240 to P7250, P6920.
    """
    age, household, size = members.age, members.household, members.age.size
    economic = ~situation.pensioners & ~situation.inactive
    idle = carriers(members, economic & flags["desempleo_larga_duracion"], situation.active, rng, also=0.0)
    labour = situation.active & ~idle
    uncovered = carriers(members, economic & flags["empleo_formal"], labour, rng, also=0.6)
    teenager = (age >= 12) & (age < ADULT)
    child_worker = carriers(members, flags["trabajo_infantil"], teenager, rng)
    seeks = uncovered & (rng.random(size) < 0.1)
    # A young job seeker belongs to the labour force: only a household deprived in formal work can have one.
    informal = any_of(members, uncovered)[household]
    seeks |= informal & teenager & (age >= 15) & ~child_worker & (rng.random(size) < 0.03)
    occupied = labour & ~seeks | child_worker
    pension = _pension_fund(members, situation, labour & ~uncovered, rng)
    weeks = np.where(idle, _long_weeks(size, rng), rng.integers(1, LONG_TERM_WEEKS, size))
    return _activity(members, occupied, seeks | idle, studies, rng) | {
        "P7250": np.where(seeks | idle, weeks, NOT_ASKED),
        "P6920": pension,
    }


def _pension_fund(members: Members, situation: Situation, covered: Flags, rng: np.random.Generator) -> Codes:
    """P6920; never 3 for all members of a household unless it is one of pensioners."""
    age, household, size = members.age, members.household, members.age.size
    head = np.zeros(size, dtype=np.bool_)
    head[members.first] = True
    resting = ~situation.active & (age >= 57) & ~(situation.inactive[household] & head)
    pensioner = resting & (rng.random(size) < 0.35) | situation.pensioners[household]
    pensioner |= carriers(
        members,
        (count_of(members, covered) > 1) & (rng.random(members.first.size) < 0.2),
        covered & (age >= 55),
        rng,
        also=0.0,
    )
    voluntary = ~situation.active & (age >= ADULT) & (rng.random(size) < 0.05)
    return np.select([age < 15, pensioner, covered | voluntary], [NOT_ASKED, 3, 1], default=2)


def _long_weeks(size: int, rng: np.random.Generator) -> Codes:
    """Weeks of search that count as long: 52 and more, not known, or left blank."""
    weeks = rng.choice([52, 56, 60, 78, 104, 156, 208], size)
    lot = rng.random(size)
    return np.select([lot < 0.08, lot < 0.12], [WEEKS_UNKNOWN, NOT_ASKED], default=weeks)


def _activity(members: Members, occupied: Flags, seeks: Flags, studies: Flags, rng: np.random.Generator) -> Columns:
    """The chain of questions that finds out who worked last week and who looked for work."""
    age, size = members.age, members.age.size
    asked = age >= 12
    # Which question reveals the work: main activity, an hour paid, an absence, an hour unpaid.
    question = rng.choice(4, size, p=[0.92, 0.03, 0.03, 0.02])
    disabled = ~occupied & ~seeks & (rng.random(size) < np.where(age > 70, 0.1, 0.02))
    unavailable = ~occupied & ~seeks & ~disabled & asked & (age >= 15) & (rng.random(size) < 0.01)
    searching = seeks & (rng.random(size) < 0.85)
    home = np.where((age >= 60) & (rng.random(size) < 0.2), 6, 4)
    activity = np.select([occupied & (question == 0), searching, disabled, studies], [1, 2, 5, 3], default=home)
    hour_asked = asked & ~np.isin(activity, [1, 5])
    absence_asked = hour_asked & ~(occupied & (question == 1))
    unpaid_asked = absence_asked & ~(occupied & (question == 2))
    return {
        "P6250": np.where(hour_asked, np.where(absence_asked, 2, 1), NOT_ASKED),
        "P6260": np.where(absence_asked, np.where(unpaid_asked, 2, 1), NOT_ASKED),
        "P6270": np.where(unpaid_asked, np.where(occupied, 1, 2), NOT_ASKED),
        "P6351": np.select([seeks, unavailable], [1, 2], default=NOT_ASKED),
        "P6240": np.where(asked, activity, NOT_ASKED),
    }
