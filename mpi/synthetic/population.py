"""Households with members, and how facts about members become facts about households.

Comes in: a number of households, demographic levels, a random generator. Goes out: `Members`, who lives with
whom. What they are deprived of and what they answer is left to others.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]
Reals = NDArray[np.float64]

LOWEST_MINOR_HEAD = 12


class Role(IntEnum):
    """Place of a person in the household; each survey has its own kinship codes for these."""

    HEAD = 0
    PARTNER = 1
    CHILD = 2
    GRANDCHILD = 3
    PARENT = 4
    SIBLING = 5
    RELATIVE = 6
    OTHER = 7


# One column per possible member; a household is a row of this grid with holes.
SEATS = np.array(
    [Role.HEAD, Role.PARTNER]
    + [Role.CHILD] * 5
    + [Role.GRANDCHILD] * 2
    + [Role.PARENT, Role.SIBLING, Role.RELATIVE, Role.OTHER]
)


@dataclass(frozen=True, slots=True)
class Members:
    """The persons of a sample, sorted by household.

    Attributes
    ----------
    household : int64, shape (m,)
        Row of the person's household.
    first : int64, shape (n,)
        Row of each household's first person, its head.
    role : int64, shape (m,)
        A `Role`.
    age : int64, shape (m,)
        Completed years.
    woman : bool, shape (m,)
        Sex.
    """

    household: Codes
    first: Codes
    role: Codes
    age: Codes
    woman: Flags


class Composition(NamedTuple):
    """Demographic levels of one country.

    Attributes
    ----------
    head_age : float
        Mean age of heads, years.
    partnered : float
        Share of heads who live with a partner.
    alone : float
        Share of households that have one person by construction.
    fertility : float
        Factor on the probability that each of five children was born.
    minor_head : float
        Share of households whose oldest member is under 18.
    """

    head_age: float
    partnered: float
    alone: float
    fertility: float
    minor_head: float


def household_sizes(members: Members) -> Codes:
    """Number of members of each household.

    Parameters
    ----------
    members : Members
        The m persons of n households.

    Returns
    -------
    int64, shape (n,)
        At least one.
    """
    return np.diff(members.first, append=members.age.size)


def count_of(members: Members, condition: Flags) -> Codes:
    """Number of members of each household for whom the condition holds.

    Parameters
    ----------
    members : Members
        The m persons of n households.
    condition : bool, shape (m,)
        A fact about each person.

    Returns
    -------
    int64, shape (n,)
        From none to all members.
    """
    return np.add.reduceat(condition.astype(np.int64), members.first)


def any_of(members: Members, condition: Flags) -> Flags:
    """Whether the condition holds for some member of each household.

    Parameters
    ----------
    members : Members
        The m persons of n households.
    condition : bool, shape (m,)
        A fact about each person.

    Returns
    -------
    bool, shape (n,)
        A fact about each household.
    """
    return np.logical_or.reduceat(condition, members.first)


def carriers(
    members: Members, deprived: Flags, eligible: Flags, rng: np.random.Generator, *, also: float | Reals = 0.1
) -> Flags:
    """Persons through whom deprived households are deprived.

    Parameters
    ----------
    members : Members
        The persons.
    deprived : bool, shape (n,)
        The households that need at least one carrier.
    eligible : bool, shape (m,)
        The persons who can be one.
    rng : numpy.random.Generator
        Source of chance.
    also : float, or float64 of shape (m,)
        Probability that an eligible member besides the first carrier is one too.

    Returns
    -------
    bool, shape (m,)
        At least one person in each deprived household with an eligible member, none elsewhere.
    """
    lot = np.where(eligible, rng.random(eligible.size), -1.0)
    drawn: Flags = lot == np.maximum.reduceat(lot, members.first)[members.household]
    return eligible & deprived[members.household] & (drawn | (lot > 1.0 - also))


def draw_members(households: int, composition: Composition, rng: np.random.Generator) -> Members:
    """Household members with ages, sexes and roles.

    Parameters
    ----------
    households : int
        Number n of households.
    composition : Composition
        Demographic levels.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Members
        At least one person, the head, in each household.
    """
    shape = (households, SEATS.size)
    head = np.clip(rng.normal(composition.head_age, 16.0, households), 18, 95).astype(np.int64)
    age = _ages(head, rng)
    present = _presence(age, composition, rng)
    minor = rng.random(households) < composition.minor_head
    age[minor, 0] = rng.integers(LOWEST_MINOR_HEAD, 18, minor.sum())
    siblings = SEATS == Role.SIBLING
    age[np.ix_(minor, siblings)] = rng.integers(0, 15, (minor.sum(), 1))
    present[np.ix_(minor, ~siblings & (SEATS != Role.HEAD))] = False
    present[:, 0] = True

    woman = rng.random(shape) < 0.51
    woman[:, 0] = rng.random(households) < 0.42
    woman[:, 1] = woman[:, 0] ^ (rng.random(households) < 0.99)
    size = present.sum(axis=1)
    return Members(
        household=np.repeat(np.arange(households), size),
        first=np.cumsum(size) - size,
        role=np.broadcast_to(SEATS, shape)[present],
        age=age[present],
        woman=woman[present],
    )


def _ages(head: Codes, rng: np.random.Generator) -> Codes:
    """Ages by seat, int64, shape (n, seats); negative where the member cannot have been born."""
    shape = (head.size, SEATS.size)
    anyone = rng.integers(0, 80, shape)
    older = head[:, None]
    by_role = {
        Role.HEAD: older + np.zeros(shape, dtype=np.int64),
        Role.PARTNER: np.clip(older + rng.integers(-8, 6, shape), 18, 95),
        Role.CHILD: older - rng.integers(18, 40, shape),
        Role.GRANDCHILD: np.minimum(rng.integers(0, 20, shape), older - 40),
        Role.PARENT: np.minimum(older + rng.integers(18, 36, shape), 99),
        Role.SIBLING: np.clip(older + rng.integers(-12, 13, shape), 15, 95),
        Role.RELATIVE: anyone,
        Role.OTHER: np.clip(anyone, 18, 70),
    }
    return np.choose(np.broadcast_to(SEATS, shape), [by_role[role] for role in Role])


def _presence(age: Codes, composition: Composition, rng: np.random.Generator) -> Flags:
    """Whether each seat is taken, bool, shape (n, seats)."""
    head = age[:, :1]
    partnered = rng.random(head.shape) < composition.partnered * np.where(head > 70, 0.7, 1.0)
    born = np.array([0.75, 0.6, 0.34, 0.15, 0.07]) * composition.fertility * np.where(partnered, 1.0, 0.6)
    leaving = [-1, 18, 26, 36]
    at_home = np.array([0.0, 1.0, 0.55, 0.25, 0.08])
    chance = np.zeros(age.shape)
    chance[:, SEATS == Role.PARTNER] = partnered
    chance[:, SEATS == Role.CHILD] = born
    chance[:, SEATS == Role.GRANDCHILD] = np.where(head > 46, 0.14, 0.0)
    chance[:, SEATS == Role.PARENT] = np.where(head < 62, 0.07, 0.0)
    chance[:, SEATS == Role.SIBLING] = 0.04
    chance[:, SEATS == Role.RELATIVE] = 0.07
    chance[:, SEATS == Role.OTHER] = 0.012
    child = SEATS == Role.CHILD
    chance[:, child] *= at_home[np.searchsorted(leaving, age[:, child], side="right")]
    chance[rng.random(len(age)) < composition.alone] = 0.0
    return (rng.random(age.shape) < chance) & (age >= 0)
