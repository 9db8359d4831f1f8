"""Estimates of every statistic, for any crossing of domains, from a profile; the microdata are not read again.

Cells are added up to one row per domain and PSU; all statistics of all domains are then matrix operations on these
rows. The number of persons does not matter here, only the number of cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.counting import DistinctPatterns, Scores, bits, distinct_patterns, scores
from mpi.errors import DataError, Fault, Notice, UsageError, counted, listed
from mpi.errors.findings import named
from mpi.errors.logs import now, tell
from mpi.estimates.basis import Basis
from mpi.estimates.computing import estimated
from mpi.estimates.estimates import Estimates
from mpi.estimates.line_errors import line_errors
from mpi.estimates.linearising import stages_of
from mpi.estimates.quantities import EVERYONE, INCLUDED, Quantities, quantities
from mpi.estimates.replicated import MAKERS, declared_replicates, made_replicates
from mpi.estimates.request import By, Request
from mpi.estimates.rounded import rounding_notices
from mpi.estimates.rows import check_unit, domain_sums, groups_of, rows_of
from mpi.estimates.tidy import COLUMNS, check_statistic, refuse_columns
from mpi.estimates.tidy_columns import tidy_table
from mpi.inference.variance import single_psu_strata
from mpi.language import number_phrase, phrase, template
from mpi.profile import DeprivationProfile, collapsed, fitted
from mpi.specs.measure import Cutoff, Measure, cutoffs_of
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import DEGREES_OF_FREEDOM, VARIANCES, DegreesOfFreedom, Unit, Variance

Maker = Callable[[Scores, Sequence[Cutoff], NDArray[np.bool_]], Quantities]
Scorer = Callable[[NDArray[np.uint64], NDArray[np.uint64]], Scores]
MOST_DF = 10**9
EXCLUDED_WARNING = 0.05
SURELY = 1e-12  # a share of weights that is 1 but for rounding


def estimates_of(
    profile: DeprivationProfile, request: Request, *, statistics: str | Sequence[str] | None = None
) -> Estimates:
    """Estimates with their sampling errors; see `mpi.estimate`.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
    statistics
        As for `mpi.estimate`.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    wanted = _statistics(statistics)
    return made_estimates(
        profile, request, lambda scored, cutoffs, unknown: quantities(request.measure, scored, cutoffs, unknown, wanted)
    )


def made_estimates(
    profile: DeprivationProfile,
    request: Request,
    statistics: Maker,
    *,
    distinct: DistinctPatterns | None = None,
    scored: Scorer | None = None,
) -> Estimates:
    """Estimates of any statistics of the patterns.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
    statistics : callable
        From the scored distinct patterns, the cutoffs, and the flags that are unknown in the data to the statistics.
    distinct : DistinctPatterns, optional
        Where patterns are to be told apart by more than their words, as by domain: rows of the caller, which may hold
        a pattern several times. The profile is then fitted and collapsed already.
    scored : callable, optional
        From distinct patterns and unknowns to their scores, where a pattern is no word of deprivations, but stands for
        several; the profile then is taken as it is.
    """
    measure, unit, variance = request.measure, request.unit, request.variance
    began, profile = now(), profile if scored else fitted(profile, measure)
    _check_options(request.level, request.df, variance)
    check_unit(profile, measure, unit)
    sets = [(), *sets_of(profile, request.by, unit)]
    basis = basis_of(
        profile,
        measure,
        sets=sets,
        cutoffs=cutoffs_of(measure, request.k),
        unit=unit,
        level=request.level,
        rule=request.df,
        statistics=statistics,
        distinct=distinct,
        scored=scored or partial(scores, measure),
    )
    if variance in MAKERS:
        stages = stages_of(basis.profile.sample)
        made = made_replicates(basis.profile, stages, variance, request.replicates, request.seed)
        basis = replace(basis, replicates=made)
    columns = tuple(dict.fromkeys(name for names in sets for name in names))
    parts, notices = [], list(profile.notices)
    undefined = 0
    for names in sets:
        rows = basis.rows(names) if names else basis.whole
        found = estimated(basis, rows, names)
        if not names and scored is None:
            notices += [*_much_excluded(basis, unit), *rounding_notices(basis)]
        undefined += int(np.count_nonzero(found.undefined))
        parts.append(tidy_table(basis, found, rows, names, columns=columns, rules=request.rules))
    if undefined:
        text = phrase(
            "in {estimates} some replicates have a denominator of 0 and are left out of the variance: see `note`",
            estimates=counted(undefined, "estimate"),
        )
        notices.append(Notice("MPI-N010", text))
    notices += _loosened(request.rules)
    whole_table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    given = Estimates(whole_table, columns, tuple(notices), basis, np.arange(whole_table.num_rows))
    text = phrase(
        "{rows} of estimates of {measure} in {survey} {period}",
        rows=counted(len(given), "row"),
        measure=measure.name,
        survey=profile.survey,
        period=profile.period,
    )
    tell("estimates", text, since=began)
    return given


def basis_of(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    sets: Sequence[tuple[str, ...]],
    cutoffs: Sequence[Cutoff],
    unit: Unit,
    level: float,
    rule: DegreesOfFreedom,
    statistics: Maker | None = None,
    distinct: DistinctPatterns | None = None,
    scored: Scorer | None = None,
) -> Basis:
    """The statistics of a measure on a profile, with collapsed strata if the design asks for it.

    Parameters
    ----------
    profile, measure, unit, level
        As in `estimate`.
    sets : sequence of tuple of str
        Crossings of domains, the first of them empty.
    cutoffs : sequence of Cutoff
    rule : str or int
        Of the degrees of freedom.
    statistics : callable, optional
        As for `made_estimates`; those of the measure, all of them, if left out.
    distinct : DistinctPatterns, optional
    scored : callable, optional
        Both as for `made_estimates`.

    Raises
    ------
    DataError
        If a stratum has one PSU and the design does not say what to do.
    """
    profile = collapsed(profile)
    _check_single_psus(profile)
    _check_single_ssus(profile)
    if distinct is None:
        distinct = distinct_patterns(profile.cells.pattern, profile.cells.unknown)
    found = (scored or partial(scores, measure))(distinct.pattern, distinct.unknown)
    unknown = bits(distinct.unknown, len(measure.indicators))
    table = statistics(found, cutoffs, unknown) if statistics else quantities(measure, found, cutoffs, unknown)
    return Basis(
        profile=profile,
        measure=measure,
        unit=unit,
        cutoffs=cutoffs,
        level=level,
        rule=rule,
        table=table,
        scored=found,
        which=distinct.which,
        sets=sets,
        groups=[groups_of(profile, names) for names in sets],
        replicates=declared_replicates(profile, unit),
        whole=rows_of(profile, (), distinct.which, unit),
        lines=line_errors(profile, unit),
    )


def _statistics(asked: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if asked is None:
        return None
    names = (asked,) if isinstance(asked, str) else tuple(dict.fromkeys(asked))
    if not names:
        raise UsageError(Fault("MPI-E001", None, phrase("statistics names none"), phrase("leave it out for all")))
    for name in names:
        check_statistic(name)
    return names


def _loosened(rules: Reliability) -> list[Notice]:
    if not rules.rules or not rules.floor.loosened:
        return []
    floor = rules.floor
    text = phrase(
        "{name} lowers the floor below which nothing is better than review to {df} degrees of "
        "freedom and {units} sampled units: {because}",
        name=rules.name,
        df=floor.df,
        units=floor.units,
        because=floor.because,
    )
    return [Notice("MPI-N120", text)]


def _check_options(level: float, df: DegreesOfFreedom, variance: Variance) -> None:
    if variance not in VARIANCES:
        text = phrase("there is no variance {variance!r}", variance=variance)
        raise UsageError(Fault("MPI-E009", None, text, phrase("write {names}", names=", ".join(VARIANCES))))
    if not 0 < level < 1:
        text = phrase("the confidence level {level} is not between 0 and 1", level=level)
        raise UsageError(Fault("MPI-E006", None, text, phrase("write 0.95 for 95 %")))
    whole = isinstance(df, int) and not isinstance(df, bool)
    if not 0 < df < MOST_DF if whole else df not in DEGREES_OF_FREEDOM:  # type: ignore[operator]
        text = phrase("there are no degrees of freedom {df!r}", df=df)
        raise UsageError(Fault("MPI-E008", None, text, phrase("write domain, design, stata or a whole number from 1")))


def sets_of(profile: DeprivationProfile, by: str | By, unit: Unit) -> list[tuple[str, ...]]:
    """The sets of domains that are crossed, each once whatever the order of its names."""
    items = [by] if isinstance(by, str) else list(by)
    sets = [tuple(item.split(":")) if isinstance(item, str) else tuple(item) for item in items]
    for names in sets:
        if len(set(names)) < len(names):
            text = phrase("a domain is repeated in {names}", names=":".join(names))
            raise UsageError(
                Fault("MPI-E002", None, text, phrase("write {names}", names=":".join(dict.fromkeys(names))))
            )
        domains = [profile.domains[profile.domain(name)] for name in names]
        refuse_columns(names, COLUMNS)
        for name, domain in zip(names, domains, strict=True):
            if unit == "households" and domain.level == "person":
                text = phrase(
                    "{name!r} differs between the members of a household, so households cannot be counted by it",
                    name=name,
                )
                raise UsageError(Fault("MPI-E007", None, text, phrase("use unit=persons")))
    return list({frozenset(names): names for names in reversed(sets) if names}.values())[::-1]


def _check_single_psus(profile: DeprivationProfile) -> None:
    sample = profile.sample
    singles = single_psu_strata(sample.psus, sample.sampling_fractions)
    if sample.census or sample.declared.replication is not None or sample.single_psu != "fail" or not len(singles):
        return
    inside = np.isin(profile.cells.stratum, singles)
    persons = np.bincount(profile.cells.stratum, profile.cells.persons, len(sample.strata))
    names = named([sample.strata[h] for h in singles.tolist()], persons[singles])
    weight = profile.cells.person_weight
    share = weight[inside].sum() / weight.sum() if weight.any() else 0.0
    text = number_phrase(
        len(singles),
        "{number} of {strata} has one PSU ({names}), with {households} and {share:.1%} of "
        "the weight: variance has no estimate there",
        "{number} of {strata} have one PSU ({names}), with {households} and {share:.1%} of "
        "the weight: variance has no estimate there",
        strata=counted(len(sample.strata), "stratum", "strata"),
        names=names,
        households=counted(int(profile.cells.households[inside].sum()), "household"),
        share=share,
    )
    raise DataError(
        Fault(
            "MPI-D039",
            None,
            text,
            phrase("set `single_psu:` in the survey's design to collapse, centered, certainty or scaled"),
        )
    )


def _check_single_ssus(profile: DeprivationProfile) -> None:
    """Second-stage units that are alone in their PSU show no variance within it; only a whole PSU needs none."""
    sample = profile.sample
    first, second = sample.sampling_fractions, sample.ssu_fractions
    if first is None or second is None or sample.single_psu == "certainty":
        return
    alone = (sample.ssus == 1) & (second < 1) & (first[sample.psu_stratum] > 0)
    if alone.any():
        persons = np.bincount(profile.cells.psu, profile.cells.persons, len(alone))
        names = named([sample.psu_labels[i] for i in np.flatnonzero(alone).tolist()], persons[alone])
        text = number_phrase(
            int(alone.sum()),
            "{number} of {psus} has one second-stage unit ({names}), drawn out of several: "
            "variance within them has no estimate",
            "{number} of {psus} have one second-stage unit ({names}), drawn out of several: "
            "variance within them has no estimate",
            psus=counted(len(sample.psu_labels), "PSU"),
            names=names,
        )
        raise DataError(
            Fault(
                "MPI-D071",
                None,
                text,
                phrase(
                    "set `single_psu: certainty` to count them as 0, or leave the second stage out: the first "
                    "stage alone gives the usual estimator"
                ),
            )
        )


def _nobody_left(basis: Basis, unit: Unit) -> list[Fault]:
    """The faults of a measure that leaves out everybody: the indicators that are unknown for each, or for most."""
    cells = basis.profile.cells
    weight = cells.person_weight if unit == "persons" else cells.household_weight
    unknown = weight @ bits(cells.unknown, len(basis.measure.indicators)) / weight.sum()
    scored = [
        (share, one)
        for share, one in zip(unknown.tolist(), basis.measure.indicators, strict=True)
        if share > 0 and not one.monitor
    ]
    remedy = phrase(
        "look at the variables that its rule reads: what the survey maps to them is unknown in "
        "all rows; or write `weight: monitor` for it, and give its weight to others"
    )
    everywhere = [
        Fault(
            "MPI-D041",
            one.deprived.origin.at(0),
            phrase(
                "all persons are left out: {name} is unknown for each of them"
                if unit == "persons"
                else "all households are left out: {name} is unknown for each of them",
                name=one.name,
            ),
            remedy,
        )
        for share, one in scored
        if share >= 1 - SURELY
    ]
    if everywhere:
        return everywhere
    scored.sort(key=lambda pair: -pair[0])
    told = listed([phrase("{name} for {share:.1%}", name=one.name, share=float(share)) for share, one in scored])
    text = phrase(
        "all persons are left out: for each of them some indicator is unknown ({told})"
        if unit == "persons"
        else "all households are left out: for each of them some indicator is unknown ({told})",
        told=told,
    )
    place = scored[0][1].deprived.origin.at(0) if scored else None
    remedy = phrase("look at the variables that they read, or write `missing: reweight` in the measure")
    return [Fault("MPI-D041", place, text, remedy)]


# By the unit that is counted, and whether the survey has weights.
EXCLUDED: Mapping[tuple[Unit, bool], str] = {
    ("persons", False): template("{share:.1%} of the persons are left out: an indicator is unknown for them"),
    ("households", False): template("{share:.1%} of the households are left out: an indicator is unknown for them"),
    ("persons", True): template("{share:.1%} of the persons (weighted) are left out: an indicator is unknown for them"),
    ("households", True): template(
        "{share:.1%} of the households (weighted) are left out: an indicator is unknown for them"
    ),
}


def _much_excluded(basis: Basis, unit: Unit) -> list[Notice]:
    everyone, included = domain_sums(basis.whole, basis.table, [EVERYONE, INCLUDED])[0].tolist()
    share = (everyone - included) / everyone if everyone > 0 else 0.0
    if everyone > 0 and included == 0:
        raise DataError(*_nobody_left(basis, unit))
    if share <= EXCLUDED_WARNING:
        return []
    return [Notice("MPI-N006", phrase(EXCLUDED[unit, basis.profile.sample.weighted], share=share))]
