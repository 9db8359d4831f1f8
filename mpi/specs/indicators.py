"""The parts of a measure: indicators with their rules, and dimensions, each with its exact weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from mpi.rules import Rule
from mpi.vocabulary.options import IndicatorMissing, Nobody, Titles


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far below its cutoff a cardinal achievement is: (z - y) / (z - b), from 0 at the cutoff to 1 at the bound.

    Attributes
    ----------
    achievement, cutoff, bound : Rule
        y, z and b: numbers of the unit. A bound above the cutoff says that more is worse.
    nobody : Rule or None
        The achievement of those without anybody eligible.

    References
    ----------
    Alkire and Foster (2011), Journal of Public Economics 95(7-8), 476-487, section 2.
    """

    achievement: Rule
    cutoff: Rule
    bound: Rule
    nobody: Rule | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them."""
        found = (self.achievement, self.cutoff, self.bound)
        return found if self.nobody is None else (*found, self.nobody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator with its deprivation rule.

    Attributes
    ----------
    weight : Fraction
        Share of the whole score; 0 for a monitored indicator, which is reported but not in the score, and for the
        indicators of a combined dimension, whose weight belongs to the dimension.
    eligible, nobody : Rule, str
        Which members the rule's aggregates see; what holds where there is none.
    missing : str
        What an unknown verdict counts as; "unknown" leaves it to the measure.
    words : mapping of str to str
        Who is deprived, in a sentence for readers, by language.
    gap : Gap, "ordinal" or None
        How far below its cutoff a unit is; "ordinal": 1 wherever it is deprived, by definition.
    """

    name: str
    dimension: str
    title: Titles
    weight: Fraction
    deprived: Rule
    eligible: Rule | None = None
    nobody: Nobody | None = None
    missing: IndicatorMissing = "unknown"
    monitor: bool = False
    legal_basis: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)
    words: Titles = field(default_factory=dict)
    gap: Gap | Literal["ordinal"] | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them: whom it is about, who is deprived, and how far."""
        found = (self.deprived,) if self.eligible is None else (self.eligible, self.deprived)
        return found if self.cardinal is None else (*found, *self.cardinal.rules)

    @property
    def amount(self) -> str:
        """What its gap is called among the amounts of a profile."""
        return f"gap {self.name}"

    @property
    def cardinal(self) -> Gap | None:
        """The gap of a cardinal achievement; None without one."""
        return self.gap if isinstance(self.gap, Gap) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A group of indicators with a weight in the score.

    Attributes
    ----------
    weight : Fraction
        Share of the whole score.
    at_least : int or None
        None: the weighted sum of its indicators. m: the whole weight counts as soon as m of its indicators are
        deprived (1 is the union, the number of its indicators the intersection).
    """

    name: str
    title: Titles
    weight: Fraction
    indicators: tuple[str, ...]
    at_least: int | None = None
    legal_basis: Titles = field(default_factory=dict)
    note: Titles = field(default_factory=dict)


def amounts_of(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """What cells hold of a unit beside its pattern, by name: the gap of each indicator that has one."""
    return tuple(one.amount for one in indicators if one.cardinal is not None)
