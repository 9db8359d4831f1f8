"""A measure as its author would want to proofread it, and what a survey's files hold and lack for it; no figures."""

from __future__ import annotations

from fractions import Fraction

from mpi.binding import bind
from mpi.counting import attainable, bits, scores
from mpi.errors import Notice, counted, listed
from mpi.explain import entitled
from mpi.measure import Cutoff, Dimension, Indicator, Measure, Variable
from mpi.pipeline import Data, deprivation_profile
from mpi.profile import DeprivationProfile, collapsed
from mpi.source import open_survey
from mpi.survey import Survey
from mpi.variance import single_psu_strata
from mpi.wording import title_in

NEAREST = 5  # attainable scores shown on either side of a cutoff
CODES = 8  # codes of a domain that are listed


def measure_lines(measure: Measure, language: str = "en") -> list[str]:
    """Everything that decides a measure, in words and exact numbers."""
    lines = [f"{measure.name}: {title_in(measure.title, language, measure.name)}"]
    lines += _remarks("  ", source=measure.source, note=measure.note)
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
        lines += _cutoff(cutoff, reached)
    return lines


def survey_lines(
    measure: Measure, survey: Survey, data: Data, language: str = "en"
) -> tuple[list[str], tuple[Notice, ...]]:
    """What a survey's files hold and lack for a measure, after reading them as a run would, and what to notice.

    Raises
    ------
    ConfigError, DataError
        With every misfit of columns, names, types, keys, codes or weights.
    """
    opened = open_survey(survey, data)
    lines = [f"{survey.name}: {title_in(survey.title, language, survey.name)}, period {survey.period}"]
    for name, table in opened.tables.items():
        lines.append(f"  {name}: {table.label}, {counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}")
    bind(measure, opened, everything=True)
    profile = deprivation_profile(survey, measure, data)
    return [*lines, *_read(profile), *_design(profile, survey), *_unknown(profile, measure)], profile.notices


def _remarks(indent: str, **texts: str) -> list[str]:
    return [f"{indent}{name.replace('_', ' ')}: {text}" for name, text in texts.items() if text]


def _variable(variable: Variable, language: str) -> str:
    kind = " | ".join(sorted(variable.kind.labels)) if variable.kind.labels else variable.kind.type
    title = title_in(variable.title, language, "")
    return f"{variable.name}: {kind}" + "".join(f"; {text}" for text in (title, variable.note) if text)


def _dimension(measure: Measure, dimension: Dimension, language: str) -> list[str]:
    own = [indicator for indicator in measure.indicators if indicator.dimension == dimension.name]
    how = ""
    if dimension.at_least is not None:
        number = sum(not indicator.monitor for indicator in own)
        how = f"; deprived with {dimension.at_least} of {counted(number, 'indicator')}"
    made = [f"  {entitled(dimension.name, dimension.title, language)}: weight {dimension.weight}{how}"]
    made += _remarks("    ", legal_basis=dimension.legal_basis, note=dimension.note)
    for indicator in own:
        made += _indicator(indicator, dimension, language)
    return made


def _indicator(indicator: Indicator, dimension: Dimension, language: str) -> list[str]:
    weight = f"weight {indicator.weight}" if dimension.at_least is None else "counts within the dimension"
    if indicator.monitor:
        weight = "monitored, not in the score"
    made = [f"    {entitled(indicator.name, indicator.title, language)}: {weight}"]
    if indicator.eligible is not None:
        made.append(f"      eligible: {indicator.eligible.text}; nobody: {indicator.nobody}")
    made.append(f"      deprived: {indicator.deprived.text}")
    missing = "" if indicator.missing == "unknown" else indicator.missing
    return made + _remarks("      ", missing=missing, legal_basis=indicator.legal_basis, note=indicator.note)


def _cutoff(cutoff: Cutoff, reached: list[Fraction] | None) -> list[str]:
    name = f" ({cutoff.name})" if cutoff.name else ""
    head = f"  poor{name}: score {'>' if cutoff.strict else '>='} {cutoff.k}"
    if reached is None:
        return [f"{head}; too many attainable scores to list"]
    below = [score for score in reached if score < cutoff.k or (cutoff.strict and score == cutoff.k)]
    above = reached[len(below) :]
    return [
        f"{head}; {counted(len(reached), 'attainable score')}",
        f"    highest not poor: {', '.join(map(str, below[-NEAREST:])) or 'none'}",
        f"    lowest poor: {', '.join(map(str, above[:NEAREST])) or 'none'}",
    ]


def _read(profile: DeprivationProfile) -> list[str]:
    counts = profile.counts
    made = [
        f"  read: {counted(counts.get('persons', 0), 'person')} in {counted(counts.get('households', 0), 'household')}"
    ]
    if profile.sample.weighted:
        made.append(f"  weights: they add up to {profile.cells.person_weight.sum():,.1f} persons")
    else:
        made.append("  weights: none, as the survey declares")
    for domain in profile.domains:
        codes = f"{counted(len(domain.labels), 'code')}: {listed(domain.labels, CODES)}"
        made.append(f"  domain {domain.name} ({domain.level}): {codes}")
    return made


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
        names = listed([sample.strata[h] or "(the only one)" for h in singles])
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
        f"  unknown: {name} for {counted(int(number), 'person')} ({number / everyone:.1%})"
        for name, number in zip(measure.names, holes, strict=True)
        if number
    ]
    left_out = int(cells.persons[~scores(measure, cells.pattern, cells.unknown).included].sum())
    return [
        *made,
        f"  left out (missing: {measure.missing}): {counted(left_out, 'person')} ({left_out / everyone:.1%})",
    ]
