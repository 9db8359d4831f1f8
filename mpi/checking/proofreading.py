"""A measure as its author would want to proofread it, and what a survey's files hold and lack for it; no figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from mpi.checking.attainable import attainable, nearest_scores, reclassified
from mpi.checking.explaining import entitled
from mpi.counting import bits, scores
from mpi.errors import Fault, MpiError, Notice, counted, listed
from mpi.errors.findings import named
from mpi.estimates.rounding import standing_for, unrounded_cutoff, unrounded_measure
from mpi.inference.variance import single_psu_strata
from mpi.language import phrase
from mpi.pipeline.binding import bind
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import Data, profile_of
from mpi.profile import DeprivationProfile, collapsed
from mpi.source import Running, open_survey
from mpi.specs.measure import Cutoff, Dimension, Indicator, Measure, Variable
from mpi.specs.survey import Survey
from mpi.vocabulary.wording import title_in

NEAREST = 5  # attainable scores shown on either side of a cutoff
CODES = 8  # codes of a domain that are listed
TWO = 2  # households that have a code at least, if it is listed


def measure_lines(measure: Measure, language: str = "en") -> list[str]:
    """Everything that decides a measure, in words and exact numbers."""
    lines = [f"{measure.name}: {title_in(measure.title, language, measure.name)}"]
    lines += _remarks("  ", language, source=measure.source, note=measure.note)
    lines.append(f"  identification: {measure.identification}")
    lines.append(f"  missing: {measure.missing}")
    for level in ("person", "household"):
        own = [variable for variable in measure.variables.values() if variable.kind.level == level]
        lines += [f"  variables of a {level}:"] if own else []
        lines += [f"    {_variable(variable, language)}" for variable in own]
    lines += ["  derived:"] if measure.derived else []
    lines += [f"    {name}: {rule.text}" for name, rule in measure.derived.items()]
    for dimension in measure.dimensions:
        lines += _dimension(measure, dimension, language)
    reached = attainable(measure)
    for cutoff in measure.cutoffs:
        lines += _cutoff(measure, cutoff, reached)
    return lines


def measure_notices(measure: Measure) -> tuple[Notice, ...]:
    """Rounding of weights or cutoffs that can decide who is poor, whatever the data."""
    exact = unrounded_measure(measure)
    weights = [] if exact is None else [f"the weights ({standing_for(measure, exact)})"]
    notices = []
    for cutoff in measure.cutoffs:
        simple = unrounded_cutoff(cutoff)
        if reclassified(measure, cutoff, exact or measure, simple or cutoff):
            looks = [*weights, *([] if simple is None else [f"k={cutoff.text} (for {simple.text})"])]
            verb = "look" if weights else "looks"
            text = f"{' and '.join(looks)} {verb} rounded, which can decide who is poor at k={cutoff.text}"
            notices.append(Notice("MPI-N007", phrase("{text}; write fractions such as 1/3", text=text)))
    return tuple(notices)


class Proof(NamedTuple):
    """What a survey holds and lacks for a measure, what to notice, and what estimates would be refused for."""

    lines: list[str]
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


def survey_lines(
    measure: Measure, survey: Survey, data: Data, language: str = "en", *, running: Running | None = None
) -> Proof:
    """What a survey's files hold and lack for a measure, after reading them and estimating as a run would.

    Raises
    ------
    ConfigError, DataError
        With every misfit of columns, names, types, keys, codes or weights.
    """
    opened = open_survey(survey, data)
    lines = [f"{survey.name}: {title_in(survey.title, language, survey.name)}, period {survey.period}"]
    for name, table in opened.everything.items():
        lines.append(f"  {name}: {table.label}, {counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}")
    bind(measure, opened, everything=True)
    profile = profile_of(opened, measure, running=running)
    lines += [*_read(profile, survey), *_design(profile, survey), *_unknown(profile, measure)]
    try:
        return Proof(lines, estimate(profile, measure, statistics="H").notices, ())
    except MpiError as error:
        return Proof(lines, profile.notices, error.faults)


def _remarks(indent: str, language: str, **texts: Mapping[str, str]) -> list[str]:
    found = {name: title_in(titles, language, "") for name, titles in texts.items()}
    return [f"{indent}{name.replace('_', ' ')}: {text}" for name, text in found.items() if text]


def _variable(variable: Variable, language: str) -> str:
    kind = " | ".join(sorted(variable.kind.labels)) if variable.kind.labels else variable.kind.type
    said = (title_in(titles, language, "") for titles in (variable.title, variable.note))
    return f"{variable.name}: {kind}" + "".join(f"; {text}" for text in said if text)


def _dimension(measure: Measure, dimension: Dimension, language: str) -> list[str]:
    own = [indicator for indicator in measure.indicators if indicator.dimension == dimension.name]
    how = ""
    if dimension.at_least is not None:
        number = sum(not indicator.monitor for indicator in own)
        how = f"; deprived with {dimension.at_least} of {counted(number, 'indicator')}"
    made = [f"  {entitled(dimension.name, dimension.title, language)}: weight {dimension.weight}{how}"]
    made += _remarks("    ", language, legal_basis=dimension.legal_basis, note=dimension.note)
    for indicator in own:
        made += _indicator(indicator, dimension, language)
    return made


def _indicator(indicator: Indicator, dimension: Dimension, language: str) -> list[str]:
    weight = f"weight {indicator.weight}" if dimension.at_least is None else "counts within the dimension"
    if indicator.monitor:
        weight = "monitored, not in the score"
    made = [f"    {entitled(indicator.name, indicator.title, language)}: {weight}"]
    made += _remarks("      ", language, words=indicator.words)
    if indicator.eligible is not None:
        made.append(f"      eligible: {indicator.eligible.text}; nobody: {indicator.nobody}")
    made.append(f"      deprived: {indicator.deprived.text}")
    made += [] if indicator.missing == "unknown" else [f"      missing: {indicator.missing}"]
    return made + _remarks("      ", language, legal_basis=indicator.legal_basis, note=indicator.note)


def _cutoff(measure: Measure, cutoff: Cutoff, reached: list[Fraction] | None) -> list[str]:
    name = f" ({cutoff.name})" if cutoff.name else ""
    head = f"  poor{name}: score {'>' if cutoff.strict else '>='} {cutoff.k}"
    beside = nearest_scores(measure, cutoff, NEAREST)
    if beside is None:
        return [f"{head}; too many attainable scores to list"]
    below, above = beside
    return [
        head if reached is None else f"{head}; {counted(len(reached), 'attainable score')}",
        f"    highest not poor: {', '.join(map(str, below)) or 'none'}",
        f"    lowest poor: {', '.join(map(str, above)) or 'none'}",
    ]


def _read(profile: DeprivationProfile, survey: Survey) -> list[str]:
    counts = profile.counts
    made = [
        f"  read: {counted(counts.get('persons', 0), 'person')} in {counted(counts.get('households', 0), 'household')}"
    ]
    if profile.sample.weighted:
        made.append(f"  weights: they add up to {profile.cells.person_weight.sum():,.1f} persons")
    else:
        made.append("  weights: none, as the survey declares")
    for place, domain in enumerate(profile.domains):
        declared = survey.domains[domain.name].codes is not None  # so that the labels are the survey's, not the data's
        told = listed(domain.labels, CODES) if declared else _codes(profile, place)
        codes = f"{counted(len(domain.labels), 'code')}: {told}{_never_met(profile, place)}"
        made.append(f"  domain {domain.name} ({domain.level}): {codes}")
    return made


def _never_met(profile: DeprivationProfile, place: int) -> str:
    """The codes of a domain that are declared and that no unit has, in words; nothing if there are none."""
    labels = profile.domains[place].labels
    units = np.bincount(profile.cells.domains[:, place], minlength=len(labels))
    empty = [label for label, number in zip(labels, units.tolist(), strict=True) if not number]
    number = counted(len(empty), "declared code has no row", "declared codes have no row")
    return f"; {number}: {listed(empty, CODES)}" if empty else ""


def _codes(profile: DeprivationProfile, place: int) -> str:
    """The codes of a domain that ten persons or more have, in two households or more; of others their number."""
    cells, domain = profile.cells, profile.domains[place]
    persons, households = (
        np.bincount(cells.domains[:, place], own, len(domain.labels)) for own in (cells.persons, cells.households)
    )
    alone = (households < TWO) if domain.level == "household" else np.zeros(len(persons), np.bool_)
    return named(domain.labels, np.where(alone, 0, persons).astype(np.int64), CODES)


def _design(profile: DeprivationProfile, survey: Survey) -> list[str]:
    sample = profile.sample
    if sample.census:
        return ["  design: census, no sampling error"]
    if (replication := sample.declared.replication) is not None:
        return [f"  design: {counted(replication.replicates, 'replicate weight')} ({replication.method})"]
    psus = int(sample.psus.sum())
    drawn = counted(psus, "PSU") if survey.design.psu else f"{counted(psus, 'household')}, each its own PSU"
    made = [f"  design: {counted(len(sample.strata), 'stratum', 'strata')}, {drawn}"]
    singles = single_psu_strata(sample.psus, sample.sampling_fractions).tolist()
    if singles:
        persons = np.bincount(profile.cells.stratum, profile.cells.persons, len(sample.strata))
        names = named([sample.strata[h] for h in singles], persons[singles])
        number = counted(len(singles), "stratum has", "strata have")
        made.append(f"  {number} one PSU ({names}); single_psu: {sample.single_psu}")
    if sample.single_psu == "collapse":
        left = counted(len(collapsed(profile).sample.strata), "stratum", "strata")
        made.append(f"  strata collapsed: {len(sample.strata):,} become {left}")
    for what, fractions in (("PSUs", sample.sampling_fractions), ("second-stage units", sample.ssu_fractions)):
        if fractions is not None and len(fractions):
            made.append(
                f"  drawn of the {what}: {fractions.min():.1%} to {fractions.max():.1%}, errors corrected for it"
            )
    if sample.declared.calibration is not None:
        number = counted(sample.calibration.shape[1], "calibration variable")
        made.append(f"  weights calibrated on {number} of {sample.declared.calibration}s: errors from residuals")
    if sample.declared.rounds is not None:
        made.append(f"  other rounds of the series: {sample.declared.rounds.replace('_', ' ')}")
    return made


def _unknown(profile: DeprivationProfile, measure: Measure) -> list[str]:
    """Which indicators are unknown for how many persons, and how many the measure leaves out for it."""
    cells = profile.cells
    holes = cells.persons @ bits(cells.unknown, len(measure.indicators))
    if not holes.any():
        return ["  unknown: no indicator, for nobody"]
    everyone = cells.persons.sum()
    made = [
        f"  unknown: {name} for {counted(int(number), 'person')} ({number / everyone:.1%} of the sample)"
        for name, number in zip(measure.names, holes, strict=True)
        if number
    ]
    weight = cells.person_weight
    out = ~scores(measure, cells.pattern, cells.unknown).included
    shares = f"{cells.persons[out].sum() / everyone:.1%}"
    if profile.sample.weighted and weight.any():
        shares += f" of the sample, {weight[out].sum() / weight.sum():.1%} with the weights"
    number = counted(int(cells.persons[out].sum()), "person")
    return [*made, f"  left out (missing: {measure.missing}): {number} ({shares})"]
