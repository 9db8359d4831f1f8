"""Which groups of a domain may be put in order, and what is left out of the order, for which reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mpi.disclosure.figures import Figure

RANKED = ("shown", "unjudged", "caution")  # standings
# Fewer degrees of freedom leave the standard error itself to chance, and the luckiest groups would lead the order.
FEWEST_DF = 8


@dataclass(frozen=True, slots=True)
class Member:
    """A group of a ranking: its code, its name, its estimate."""

    code: str
    name: str
    estimate: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The members of a ranking by what becomes of them.

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
    """Whether an estimate is precise enough to be put in order: by its verdict and its degrees of freedom, not by luck.

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
    """The members of a ranking by what becomes of them."""
    order = sorted(members, key=lambda one: (-float(one.estimate.value or 0), one.name, one.code))

    def those(keep: Iterable[bool]) -> tuple[Member, ...]:
        return tuple(one for one, kept in zip(order, keep, strict=True) if kept)

    found = [one.estimate for one in order]
    ranked = [rankable(one, census=census) for one in found]
    shown = [one.value is not None for one in found]
    review = [one.standing == "review" for one in found]
    hidden = [one.standing == "hidden" for one in found]
    empty = [one.nobody for one in found]
    by_precision = [one.hidden_by == "precision" for one in found]
    return Sorted(
        ranked=those(ranked),
        imprecise=those(a and not b and c for a, b, c in zip(shown, ranked, review, strict=True)),
        few_df=those(a and not b and not c for a, b, c in zip(shown, ranked, review, strict=True)),
        by_disclosure=those(a and not b for a, b in zip(hidden, by_precision, strict=True)),
        by_precision=those(a and b for a, b in zip(hidden, by_precision, strict=True)),
        without=those(not any(which) for which in zip(shown, hidden, empty, strict=True)),
        nobody=those(empty),
    )


def unparted(ranked: Sequence[Member], top: Member, tests: Mapping[frozenset[str], float], level: float) -> int:
    """How many ranked members do not differ significantly from one of them, or cannot be tested against it."""
    others = [one for one in ranked if one.estimate.value != top.estimate.value]
    return sum(tests.get(frozenset((top.code, one.code)), 1.0) >= 1 - level for one in others)


def beyond(aside: Sequence[Member], top: Member, bottom: Member) -> tuple[list[Member], list[Member]]:
    """Members that are not ranked whose whole interval lies above the highest ranked one's, or below the lowest's."""
    high, low = top.estimate, bottom.estimate
    above = [one for one in aside if _over(one.estimate, high)]
    below = [one for one in reversed(aside) if _over(low, one.estimate)]
    return above, below


def _over(first: Figure, second: Figure) -> bool:
    return first.low is not None and second.high is not None and first.low > second.high
