"""Targets: what a figure is to reach, by when, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from mpi.errors import Place
from mpi.vocabulary.options import Direction, TargetPath, Titles, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Where the path to a target starts.

    Attributes
    ----------
    period : str
        Of the round whose estimate it is; empty: the round of the year, or none.
    year : float or None
        Decimal; None: that of the round.
    value : Fraction or None
        A number that is taken as known; None: the estimate of the round.
    """

    period: str = ""
    year: float | None = None
    value: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a figure is to reach.

    Attributes
    ----------
    statistic : str
    indicator, dimension : str
        Of the measure; empty: the figure is of none.
    domains, codes : tuple of str
        The group; without codes every group of the domains; without domains all units.
    k : str
        Cutoff as the measure writes it; empty: the measure's first.
    unit : str
        `persons` or `households`; empty: that of the figures.
    value : Fraction or None
        None: half of the baseline.
    by : str
        The year, as written.
    year : float
        The same, decimal.
    direction : {"at_most", "at_least"}
    path : {"linear", "constant_rate", "logistic"}
        From the baseline to the target.
    baseline : Baseline or None
    source : mapping of str to str
        Where the target is laid down.
    place : Place or None
        Where it is written.
    """

    statistic: str
    indicator: str = ""
    dimension: str = ""
    domains: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    k: str = ""
    unit: Unit | None = None
    value: Fraction | None
    by: str
    year: float
    direction: Direction = "at_most"
    path: TargetPath = "linear"
    baseline: Baseline | None = None
    source: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)

    @property
    def halves(self) -> bool:
        """Whether it is half of the baseline."""
        return self.value is None
