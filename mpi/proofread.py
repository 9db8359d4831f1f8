"""A measure as its author would want to proofread it, and what a survey's files lack for it; no figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mpi.binding import bind
from mpi.counting import around, attainable
from mpi.errors import Notice, counted, listed
from mpi.explain import title_in
from mpi.measure import Cutoff, Dimension, Indicator, Measure
from mpi.pipeline import Data, deprivation_profile
from mpi.profile import DeprivationProfile
from mpi.source import open_survey
from mpi.survey import Survey
from mpi.variance import single_psu_strata
from mpi.worked import Outcome, run_examples, said

FEW = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """What there is to read, what to notice, and how the worked examples went."""

    lines: tuple[str, ...]
    notices: tuple[Notice, ...]
    outcome: Outcome


def check_measure(measure: Measure, language: str = "en") -> Proof:
    """Everything that decides the measure, in words and exact numbers, and its worked examples.

    Raises
    ------
    ConfigError
        If the file of examples cannot be understood.
    """
    outcome = run_examples(measure)
    lines = [f"{measure.name}: {title_in(measure.title, language, measure.name)}"]
    lines += [f"  source: {measure.source}"] if measure.source else []
    lines += [f"  note: {measure.note}"] if measure.note else []
    lines.append(f"  identification: {measure.identification}; missing: {measure.missing}")
    lines += _variables(measure)
    lines += [f"  derive {name}: {rule.text}" for name, rule in measure.derived.items()]
    for dimension in measure.dimensions:
        lines += _dimension(measure, dimension, language)
    for cutoff in measure.cutoffs:
        lines += _cutoff(measure, cutoff)
    lines.append(f"  {said(outcome)}")
    if outcome.without and outcome.number:
        lines.append(f"  indicators without an example: {', '.join(outcome.without)}")
    lines += [f"    {failure}" for failure in outcome.failures]
    return Proof(tuple(lines), (), outcome)


def check_survey(measure: Measure, survey: Survey, data: Data, language: str = "en") -> Proof:
    """Read a survey's files as a run would, and say what they hold and lack; no estimates.

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
    lines += _read(profile)
    lines += _design(profile)
    lines += _unknown(profile, measure)
    return Proof(tuple(lines), profile.notices, Outcome(0, (), ()))


def _variables(measure: Measure) -> list[str]:
    made = []
    for level in ("person", "household"):
        own = [v for v in measure.variables.values() if v.kind.level == level]
        if own:
            made.append(f"  {level} variables: " + ", ".join(
                f"{v.name} ({'|'.join(sorted(v.kind.labels)) if v.kind.labels else v.kind.type})" for v in own
            ))  # fmt: skip
    return made


def _dimension(measure: Measure, dimension: Dimension, language: str) -> list[str]:
    how = ""
    if dimension.at_least is not None:
        number = len(dimension.indicators)
        word = {1: "any", number: "all"}.get(dimension.at_least, f"at least {dimension.at_least}")
        how = f", combined: {word} of {number}"
    title = title_in(dimension.title, language, dimension.name)
    made = [f"  {dimension.name} ({title}): weight {dimension.weight}{how}"]
    made += [f"    legal basis: {dimension.legal_basis}"] if dimension.legal_basis else []
    made += [f"    note: {dimension.note}"] if dimension.note else []
    for indicator in measure.indicators:
        if indicator.dimension == dimension.name:
            made += _indicator(indicator, dimension, language)
    return made


def _indicator(indicator: Indicator, dimension: Dimension, language: str) -> list[str]:
    weight = "monitored, not in the score" if indicator.monitor else f"weight {indicator.weight}"
    if dimension.at_least is not None and not indicator.monitor:
        weight = "counts within the dimension"
    made = [f"    {indicator.name} ({title_in(indicator.title, language, indicator.name)}): {weight}"]
    if indicator.eligible is not None:
        made.append(f"      eligible: {indicator.eligible.text}; nobody: {indicator.nobody}")
    made.append(f"      deprived: {indicator.deprived.text}")
    if indicator.missing != "unknown":
        made.append(f"      missing: {indicator.missing}")
    made += [f"      legal basis: {indicator.legal_basis}"] if indicator.legal_basis else []
    made += [f"      note: {indicator.note}"] if indicator.note else []
    return made


def _cutoff(measure: Measure, cutoff: Cutoff) -> list[str]:
    sign = ">" if cutoff.strict else ">="
    name = f" ({cutoff.name})" if cutoff.name else ""
    reached = attainable(measure)
    if reached is None:
        return [f"  poor{name}: score {sign} {cutoff.k}; too many attainable scores to list"]
    below, above = around(measure, cutoff)
    near = [score for score in reached if abs(score - cutoff.k) <= Fraction(1, 10)]
    near = sorted(sorted(near, key=lambda score: abs(score - cutoff.k))[:FEW])
    shown = ", ".join(f"{score}{'*' if _poor(score, cutoff) else ''}" for score in near)
    return [
        f"  poor{name}: score {sign} {cutoff.k}; {counted(len(reached), 'attainable score')}, the highest that is not "
        f"poor {below if below is not None else 'none'}, the lowest that is {above if above is not None else 'none'}",
        f"    around it (* is poor): {shown}",
    ]


def _poor(score: Fraction, cutoff: Cutoff) -> bool:
    return score > cutoff.k if cutoff.strict else score >= cutoff.k


def _read(profile: DeprivationProfile) -> list[str]:
    counts = profile.counts
    persons, households = counts.get("persons", 0), counts.get("households", 0)
    made = [f"  read: {counted(persons, 'person')} in {counted(households, 'household')}"]
    if profile.sample.weighted:
        total = profile.cells.person_weight.sum()
        made.append(f"  weights: they add up to {total:,.1f} persons; {counts.get('zero_weight', 0):,} households have 0")
    else:
        made.append("  weights: none, as the survey declares")
    for domain in profile.domains:
        made.append(f"  domain {domain.name} ({domain.level}): {counted(len(domain.labels), 'code')}: "
                    f"{listed(domain.labels, 8)}")  # fmt: skip
    return made


def _design(profile: DeprivationProfile) -> list[str]:
    sample = profile.sample
    if sample.census:
        return ["  design: census, no sampling error"]
    strata, psus = len(sample.strata), int(sample.psus.sum())
    what = "PSU" if sample.clustered else "household as its own PSU"
    plural = "PSUs" if sample.clustered else "households, each its own PSU"
    made = [f"  design: {counted(strata, 'stratum', 'strata')}, {counted(psus, what, plural)}"]
    singles: Sequence[int] = single_psu_strata(sample.psus).tolist()
    if singles:
        names = listed([sample.strata[h] for h in singles])
        made.append(f"  {counted(len(singles), 'stratum has', 'strata have')} one PSU ({names}); single_psu: "
                    f"{sample.single_psu}")  # fmt: skip
    return made


def _unknown(profile: DeprivationProfile, measure: Measure) -> list[str]:
    cells = profile.cells
    made = []
    for j, indicator in enumerate(measure.indicators):
        number = int(cells.persons[(cells.unknown >> np.uint64(j)) & np.uint64(1) == 1].sum())
        if number:
            made.append(f"  {indicator.name}: unknown for {counted(number, 'person')}")
    return made or ["  no indicator is unknown for anybody"]
