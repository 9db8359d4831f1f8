"""The analyses of a study: what is asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import (
    Demand,
    DerivedForm,
    Inclusion,
    Missing,
    Norm,
    Over,
    RankedStatistic,
    StudyAnalysis,
    Titles,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingSpec:
    """What a ranking is asked for; each has some of it, as `mpi.robustness` and its like.

    Attributes
    ----------
    statistic : {"H", "M0"} or None
        None: the ranking's own.
    lowest, highest : Cutoff or None
        Of `dominance`.
    draws : int or None
    """

    statistic: RankedStatistic | None = None
    weights: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    lowest: Cutoff | None = None
    highest: Cutoff | None = None
    draws: int = 10_000
    seed: int = 0
    over: Over = "indicators"
    norm: Norm = "l2"


RANKING = RankingSpec()  # of what is none, or asks for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSpec:
    """Places that are offered to those deprived in an indicator.

    Attributes
    ----------
    indicator : str
    table : str
        A file of codes and numbers below the folder of the data.
    code, column : str
        Its columns of codes and of places; empty: as `mpi.supply_demand` finds them.
    demand : {"poor_and_deprived", "deprived"}
        Who needs a place.
    """

    indicator: str
    table: str
    code: str = ""
    column: str = ""
    demand: Demand = "poor_and_deprived"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSpec:
    """One analysis of a study.

    Attributes
    ----------
    name : str
        As `mpi.analyse` has it, one of `mpi rank`, or `decomposition`.
    by : tuple of tuple of str
        Domains and crossings, all of them in the study's tables; none: of all units alone. Of a ranking one domain.
    k : tuple of Cutoff
        The analysis' own, if it is empty; of `robustness` the other cutoffs.
    powers : tuple of Fraction
        Of gaps and scores; the usual ones if it is empty.
    ranking : RankingSpec
        Of a ranking.
    others : tuple of Measure
        Of agreement and destitution: the second measure, or several.
    inclusion : {"refuse", "report"}
        Of destitution: what becomes of destitute who are not poor.
    offers : tuple of OfferSpec
        Of supply.
    """

    name: StudyAnalysis
    by: tuple[tuple[str, ...], ...] = ()
    k: tuple[Cutoff, ...] = ()
    powers: tuple[Fraction, ...] = ()
    ranking: RankingSpec = RANKING
    others: tuple[Measure, ...] = ()
    inclusion: Inclusion = "refuse"
    offers: tuple[OfferSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedSpec:
    """A figure of a study that is an expression over others.

    Attributes
    ----------
    name, expression : str
        As `mpi.derive` takes them.
    title : mapping of str to str
        By language.
    form : {"share", "number", "index"}
        How it is written: as a percentage, a number of units, or a number with decimals.
    """

    name: str
    expression: str
    title: Titles
    form: DerivedForm = "index"
