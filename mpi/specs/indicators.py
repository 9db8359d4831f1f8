"""The parts of a measure: indicators with their rules, and dimensions, each with its exact weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from mpi.rules import Rule
from mpi.vocabulary.options import IndicatorMissing, Nobody, Titles


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
