"""Estimates and changes for callers who name their rule set: it is read here, so that numerics read no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mpi.config.reliability import load_reliability
from mpi.errors.arguments import public
from mpi.estimates import By, Estimates, Request, estimates_of
from mpi.profile import DeprivationProfile
from mpi.specs.measure import K, Measure
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import Adjust, DegreesOfFreedom, Rounds, Unit, Variance

if TYPE_CHECKING:
    from mpi.changes import Changes
    from mpi.estimates.derived import Derived


@public
def estimate(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    reliability: str | Path | Reliability | None = None,
    statistics: str | Sequence[str] | None = None,
) -> Estimates:
    """Estimates with their sampling errors, from a profile; the microdata are not read again.

    Parameters
    ----------
    profile : DeprivationProfile or Microdata
        Of microdata (a frame, see `mpi.survey`) the profile is made first; make it yourself to use it again.
    measure : Measure
        With the rules that the profile was made by; weights, dimensions, cutoffs and rules for unknowns may be others,
        and indicators may be left out.
    by : str or sequence of str
        Domains. Each item is a table of its own: `"zona"`, or several crossed, `"zona:sexo"` or `("zona", "sexo")`
        inside a sequence. The total always comes first.
    k : str, Fraction or sequence, optional
        Cutoffs, as texts (`"1/3"`, `"4 of 15"`, a name of the measure); those of the measure if left out.
    unit : {"persons", "households"}
        What is counted.
    level : float
        Of the confidence intervals.
    df : {"domain", "design", "stata"} or int
        Degrees of freedom: PSUs less strata that hold a member of the domain; of the whole design; Stata's. With
        the survey's replicate weights: what it states, or the rank of the weights among the domain's rows less 1 (of
        all rows for "design"); or a number.
    variance : {"design", "jackknife", "bootstrap"}
        As the survey's design says: replicate weights if it has them, otherwise linearisation. Or from replicates made
        here of its strata and PSUs: the jackknife JKn, or the bootstrap of Rao and Wu.
    replicates, seed : int
        Of the bootstrap.
    reliability : str, Path or Reliability, optional
        Set of publication rules that fills the column `reliability`: a name that is shipped (`"cepal_2020"`), a file,
        `"none"`; that of the survey if left out.
    statistics : str or sequence of str, optional
        Names of those to compute, as in the column `statistic`; all if left out.

    Returns
    -------
    Estimates

    Raises
    ------
    UsageError
        If the measure would give other patterns than the profile holds, which are named; or a domain, cutoff, unit or
        option does not fit the profile.
    DataError
        If a stratum has one PSU and the survey's design does not say what to do.

    References
    ----------
    Ratios and their linearisation: Alkire et al. (2015), chapter 8.2; Lumley (2010), Complex Surveys, chapter 2.
    """
    made = profile_for(profile, measure, by)
    request = Request(
        measure=measure,
        rules=rules_for(made, reliability),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
    )
    return estimates_of(made, request, statistics=statistics)


def profile_for(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    by: str | By = (),
    *,
    marks: Sequence[str] = (),
    beside: Sequence[Measure] = (),
) -> DeprivationProfile:
    """The profile itself, or that of microdata by some domains, with programmes or `children`, and a second measure."""
    if isinstance(profile, DeprivationProfile):
        return profile
    from mpi.pipeline.passing import deprivation_profile  # estimates from a saved profile read no data

    sets = [item.split(":") if isinstance(item, str) else item for item in ([by] if isinstance(by, str) else by)]
    domains = list(dict.fromkeys(name for names in [*sets, marks] for name in names))
    return deprivation_profile(profile, measure, domains=domains, beside=beside)


@public
def derive(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    expressions: Mapping[str, str],
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    adjust: Adjust = "none",
    reliability: str | Path | Reliability | None = None,
) -> Derived:
    """Figures derived from estimates by expressions, with the errors that follow from their joint covariance.

    Parameters
    ----------
    profile, measure
        As for `estimate`.
    expressions : mapping of str to str
        Names of the figures and their expressions: numbers, `+ - * / ^`, parentheses, `log`, `exp`, `sqrt`, and
        figures. A figure is a statistic, in brackets its cutoff, its indicator or dimension, and its domain:
        `H[1/5] - H[1/3]`, `censored_headcount[health, 1/3] / H[1/3]`, `H[zona=2] - H[zona=1]`, `H / H[total]`.
        Without a domain it is that of the row; without a cutoff there is a row for each one of `k`.
    by, k, unit, level, df, variance, replicates, seed, reliability
        As for `estimate`. The degrees of freedom are those of the PSUs and strata with a member in any of the domains
        that are read.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of the whole table, which test whether a figure is 0.

    Returns
    -------
    Derived

    Raises
    ------
    UsageError
        If an expression cannot be read or names a figure that there is not; and as `estimate`.
    DataError
        As `estimate`.

    References
    ----------
    The delta method on linearised values: Lumley (2010), Complex Surveys, chapter 2; Alkire et al. (2015), 8.2.

    Examples
    --------
    >>> band = mpi.derive(profile, measure, {"vulnerable": "H[1/5] - H[1/3]"}, by="zona")  # doctest: +SKIP
    """
    from mpi.estimates.deriving import derive_of
    from mpi.estimates.expressions import domains_read

    made = (
        profile
        if isinstance(profile, DeprivationProfile)
        else profile_for(profile, measure, [*([by] if isinstance(by, str) else by), *domains_read(expressions)])
    )
    request = Request(
        measure=measure,
        rules=rules_for(made, reliability),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
        adjust=adjust,
    )
    return derive_of(made, request, expressions)


@public
def change(
    profiles: Sequence[DeprivationProfile | Microdata],
    measure: Measure,
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    rounds: Rounds | None = None,
    harmonised: bool = False,
    adjust: Adjust = "none",
    statistic: str | Sequence[str] | None = None,
    reliability: str | Path | Reliability | None = None,
) -> Changes:
    """Changes of every estimate between rounds of a survey, with their sampling errors.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile or Microdata
        Two rounds or more, in any order; they are sorted by time. Of microdata (frames, see `mpi.survey`; `period` and
        `time` tell them apart) the profiles are made first.
    measure : Measure
        One for all rounds, by whose rules they were judged; or one of them, if they are harmonised.
    by, k, unit, level, df, reliability
        As in `estimate`.
    rounds : {"independent", "same_psu", "rotating", "panel"}, optional
        How the samples relate; what the surveys declare if left out. All but `independent` take PSUs of equal strata
        and codes as the same, so that their covariance enters.
    harmonised : bool
        Rounds whose deprivation rules differ from the measure's in writing mean the same.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of each kind of change for their number: all groups, statistics and spans.
    statistic : str or sequence of str, optional
        Of `mpi.STATISTICS`; all of them if left out. The correction is for these alone.

    Returns
    -------
    Changes

    Raises
    ------
    UsageError
        If the relation of the rounds is not said, a round was not judged by the measure's rules, or an option does
        not fit.
    DataError
        As `estimate`; or if designs that are said to share PSUs differ.

    References
    ----------
    Alkire et al. (2015), chapter 9.2; Alkire, Roche and Vaz (2017), World Development 94, 232-249.
    """
    from mpi.changes import changes_of, in_order  # estimates of one round need none of it

    ordered = in_order([profile_for(one, measure, by) for one in profiles])
    return changes_of(
        ordered,
        measure,
        [rules_for(profile, reliability) for profile in ordered],
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        rounds=rounds,
        harmonised=harmonised,
        adjust=adjust,
        statistic=statistic,
    )


def rules_for(profile: DeprivationProfile, asked: str | Path | Reliability | None) -> Reliability:
    """The rule set that is asked for, else that of the profile's survey, else the one without rules.

    Raises
    ------
    ConfigError
        With every fault of its file.
    """
    chosen = asked if asked is not None else profile.reliability or "none"
    return chosen if isinstance(chosen, Reliability) else load_reliability(chosen)
