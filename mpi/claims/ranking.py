"""Which groups of a domain can be ranked, and which are left out of the ranking, for which reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from mpi.disclosure.figures import Figure

RANKED = ("shown", "unjudged", "caution")  # standings that are precise enough
# With fewer degrees of freedom the standard error itself is too uncertain, and chance would decide the order.
FEWEST_DF = 8


@dataclass(frozen=True, slots=True)
class Member:
    """A group of a ranking: its code, its name, its estimate."""

    code: str
    name: str
    estimate: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The members of a ranking: those that are ranked, and the others by the reason.

    Attributes
    ----------
    ranked : tuple of Member
        The highest first; equal ones by name.
    imprecise, few_df : tuple of Member
        Shown and not ranked: because the rules of precision mark them, because they have too few degrees of freedom.
    by_disclosure, by_precision, without, nobody : tuple of Member
        Not shown for confidentiality, not shown for lack of precision, without a figure, with nobody in the sample.
    """

    ranked: tuple[Member, ...]
    imprecise: tuple[Member, ...]
    few_df: tuple[Member, ...]
    by_disclosure: tuple[Member, ...]
    by_precision: tuple[Member, ...]
    without: tuple[Member, ...]
    nobody: tuple[Member, ...]

    @property
    def aside(self) -> tuple[Member, ...]:
        """Those that are shown and not ranked."""
        return (*self.imprecise, *self.few_df)

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return len(self.by_disclosure) + len(self.by_precision)

    @property
    def shown(self) -> int:
        """How many are shown."""
        return len(self.ranked) + len(self.aside)


def rankable(estimate: Figure, *, census: bool) -> bool:
    """Whether an estimate is precise enough to be ranked, by its verdict and its degrees of freedom.

    Examples
    --------
    >>> rankable(Figure(value=0.2, low=0.1, high=0.3, standing="shown", df=3), census=False)
    False
    >>> (rankable(Figure(value=0.2, low=0.1, high=0.3, standing="caution", df=30), census=False),
    ...  rankable(Figure(value=0.2), census=True))
    (True, False)
    """
    if estimate.value is None or estimate.standing not in RANKED:
        return False
    return census or (estimate.df is not None and estimate.df >= FEWEST_DF)


def sorted_members(members: Sequence[Member], *, census: bool) -> Sorted:
    """The members of a ranking: those that are ranked, and the others by the reason."""
    groups: dict[str, list[Member]] = {}
    for one in sorted(members, key=lambda one: (-float(one.estimate.value or 0), one.name, one.code)):
        groups.setdefault(_group(one.estimate, census=census), []).append(one)
    return Sorted(**{one.name: tuple(groups.get(one.name, ())) for one in fields(Sorted)})


def _group(estimate: Figure, *, census: bool) -> str:
    """The field of `Sorted` to which a member with this estimate belongs."""
    if rankable(estimate, census=census):
        return "ranked"
    if estimate.value is not None:
        return "imprecise" if estimate.standing == "review" else "few_df"
    if estimate.standing == "hidden":
        return "by_precision" if estimate.hidden_by == "precision" else "by_disclosure"
    return "nobody" if estimate.nobody else "without"


def not_different(
    ranked: Sequence[Member], top: Member, tests: Mapping[frozenset[str], float], level: float
) -> list[Member]:
    """The ranked members that do not differ significantly from one of them, or cannot be tested against it."""
    others = [one for one in ranked if one.estimate.value != top.estimate.value]
    return [one for one in others if tests.get(frozenset((top.code, one.code)), 1.0) >= 1 - level]


def beyond(aside: Sequence[Member], top: Member, bottom: Member) -> tuple[list[Member], list[Member]]:
    """Members that are not ranked whose whole interval is above the highest ranked one's, or below the lowest's."""
    high, low = top.estimate, bottom.estimate
    above = [one for one in aside if _entirely_above(one.estimate, high)]
    below = [one for one in reversed(aside) if _entirely_above(low, one.estimate)]
    return above, below


def _entirely_above(first: Figure, second: Figure) -> bool:
    return first.low is not None and second.high is not None and first.low > second.high
