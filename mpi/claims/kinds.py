"""The kinds of claims: what each compares, and on which basis. `mpi.claims.say` makes sentences of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mpi.claims.basis import Basis, Sampling
from mpi.claims.ranking import Member
from mpi.disclosure.figures import Figure


@dataclass(frozen=True, slots=True)
class Errors:
    """Where the sampling errors come from."""

    sampling: Sampling


@dataclass(frozen=True, slots=True)
class Headline:
    """H, the number of the poor, A and M0 of all units."""

    basis: Basis
    incidence: Figure
    poor: Figure
    intensity: Figure
    adjusted: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What every output says first: how many are poor, and whether they are more or fewer than in the round before.

    Attributes
    ----------
    incidence, poor : Figure
        H and the number of poor units.
    change : Figure or None
        Of H from the round before, if there is one.
    before : str
        Its period.
    place : str
        The name of the group that is told of; all units if empty.
    short : bool
        Without the interval, the number of the poor and the full stop, for the title of a picture.
    """

    basis: Basis
    incidence: Figure
    poor: Figure
    change: Figure | None = None
    before: str = ""
    place: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """The change of a statistic of all units between two rounds; `basis.period` is the later one.

    Attributes
    ----------
    statistic : str
        A ratio: the sentences of some languages count on its gender.
    short : bool
        In a few words, for a key figure.
    """

    basis: Basis
    statistic: str
    change: Figure
    before: str
    short: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """Which group has the highest and which the lowest estimate, of all groups of a domain.

    Attributes
    ----------
    statistic : str
        A ratio: the sentences of some languages count on its gender.
    members : tuple of Member
        All groups, also those that are not shown.
    tests : mapping of two codes to float, or None
        p-values of the differences of ranked groups, corrected for their number; None if none were tested.
    of : {"group", "area"}
        What the members are called.
    """

    basis: Basis
    statistic: str
    members: tuple[Member, ...]
    tests: Mapping[frozenset[str], float] | None = None
    of: Literal["group", "area"] = "group"


@dataclass(frozen=True, slots=True)
class Deprivations:
    """How many units are poor and deprived in each indicator, of all units and of the poor.

    Attributes
    ----------
    incidence : Figure
        H, by which rates of everybody are divided to get rates of the poor.
    indicators : tuple of Member
        Censored headcount ratios.
    short : bool
        The highest and the lowest alone, for a chart.
    """

    basis: Basis
    incidence: Figure
    indicators: tuple[Member, ...]
    short: bool = False


@dataclass(frozen=True, slots=True)
class Contributions:
    """Which dimension contributes most to M0."""

    basis: Basis
    dimensions: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Bundles:
    """The commonest exact combinations of deprivations of the poor.

    Attributes
    ----------
    shown : tuple of (titles, share)
        The commonest first; shares of the poor.
    hidden : int
        How many of the commonest are not shown.
    """

    basis: Basis
    shown: tuple[tuple[tuple[str, ...], float], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many indicators or groups a statistic fell, rose or stayed; `basis.period` is the later one.

    Attributes
    ----------
    statistic : str
        A ratio: the sentences of some languages count on its gender.
    changes : tuple of (name, Figure)
    """

    basis: Basis
    statistic: str
    changes: tuple[tuple[str, Figure], ...]
    before: str
    of: Literal["indicator", "group"] = "group"


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """H from the lowest cutoff to the highest.

    Attributes
    ----------
    incidence : tuple of (cutoff, Figure)
        By cutoff, the lowest first.
    """

    basis: Basis
    incidence: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How far the order of groups by M0 depends on the cutoff.

    Attributes
    ----------
    groups, all_groups : int
        Those with figures, which are compared; and all of them.
    sure : int
        Pairs that have the same order at all cutoffs.
    least : float or None
        Share of pairs that keep their order between the two cutoffs that differ most; None if none can be compared.
    whole : bool
        Whether all groups that are compared have a figure at every cutoff.
    """

    basis: Basis
    groups: int
    all_groups: int
    sure: int
    least: float | None
    whole: bool = True


Claim: TypeAlias = (
    Errors | Headline | Lead | Movement | Ranking | Deprivations | Contributions | Bundles | Tally | Cutoffs | Order
)
