"""A measure as its author would want to proofread it, and what a survey's files hold and lack for it; no figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from mpi.checking.attainable import attainable, nearest_scores, reclassified
from mpi.checking.telling import MONITORED, entitled
from mpi.classifying import check_classes
from mpi.counting import bits, scores
from mpi.errors import Fault, MpiError, Notice, counted, joined, listed
from mpi.errors.findings import named
from mpi.estimates.rounding import standing_for, unrounded_cutoff, unrounded_measure
from mpi.inference.variance import single_psu_strata
from mpi.language import in_language, noun, number_phrase, phrase, template
from mpi.pipeline.binding import bind
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import Data, profile_of
from mpi.profile import DeprivationProfile, collapsed
from mpi.source import Running, open_survey
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Cutoff, Measure, Variable
from mpi.specs.standing import STATUSES, shown_title
from mpi.specs.survey import Survey
from mpi.vocabulary.wording import title_in

NEAREST = 5  # attainable scores shown on either side of a cutoff
CODES = 8  # codes of a domain that are listed
TWO = 2  # households that have a code at least, if it is listed
VARIABLES = {"person": template("  variables of a person:"), "household": template("  variables of a household:")}
TYPES = {
    "number": template("number"), "text": template("text"), "truth": template("truth"),
}  # fmt: skip
REMARKS = {
    "source": template("source: {text}"), "note": template("note: {text}"),
    "legal_basis": template("legal basis: {text}"), "words": template("words: {text}"),
}  # fmt: skip
NOBODY = {
    "deprived": phrase("deprived", context="nobody"), "not_deprived": phrase("not_deprived", context="nobody"),
    "unknown": phrase("unknown"),
}  # fmt: skip
SERIES = {
    "independent": template("independent", context="rounds"), "same_psu": template("same psu", context="rounds"),
    "rotating": template("rotating", context="rounds"), "panel": template("panel", context="rounds"),
}  # fmt: skip
# By whether the weights look rounded, and whether the cutoff does.
ROUNDED = {
    (True, False): template(
        "the weights ({weights}) look rounded, which can decide who is poor at k={k}; write fractions such as 1/3"
    ),
    (False, True): template(
        "k={k} (for {simple}) looks rounded, which can decide who is poor at k={k}; write fractions such as 1/3"
    ),
    (True, True): template(
        "the weights ({weights}) and k={k} (for {simple}) look rounded, which can decide who is poor at k={k}; "
        "write fractions such as 1/3"
    ),
}
DRAWN = {
    "psu": template("  drawn of the PSUs: {least:.1%} to {most:.1%}, errors corrected for it"),
    "ssu": template("  drawn of the second-stage units: {least:.1%} to {most:.1%}, errors corrected for it"),
}


def measure_lines(measure: Measure, language: str = "en") -> list[str]:
    """Everything that decides a measure, in words and exact numbers.

    Raises
    ------
    ConfigError
        If its classes leave a state out, or overlap.
    """
    check_classes(measure)
    lines: list[str] = [f"{measure.name}: {title_in(shown_title(measure), language, measure.name)}"]
    lines += _remarks("  ", language, source=measure.source, note=measure.note)
    lines += [phrase("  status: {status}", status=STATUSES[measure.status][language])] if measure.status else []
    lines.append(phrase("  identification: {level}", level=noun(measure.level, 1)))
    lines.append(phrase("  missing: {option}", option=measure.missing))
    lines += [] if measure.universe is None else [phrase("  universe: {rule}", rule=measure.universe.text)]
    lines += [] if measure.income_poor is None else [phrase("  income poor: {rule}", rule=measure.income_poor.text)]
    lines += [phrase("  classes:")] if measure.classes else []
    for one in measure.classes:
        lines.append(f"    {one.name}: {one.rule.text}")
        lines += [f"      {title_in(one.title, language, one.name)}"] if one.title else []
    for level, head in VARIABLES.items():
        own = [variable for variable in measure.variables.values() if variable.kind.level == level]
        lines += [phrase(head)] if own else []
        lines += [joined(("    ", _variable(variable, language))) for variable in own]
    lines += [phrase("  derived:")] if measure.derived else []
    lines += [f"    {name}: {rule.text}" for name, rule in measure.derived.items()]
    for dimension in measure.dimensions:
        lines += _dimension(measure, dimension, language)
    reached = attainable(measure)
    for cutoff in measure.cutoffs:
        lines += _cutoff(measure, cutoff, reached)
    return [in_language(line, language) for line in lines]


def measure_notices(measure: Measure) -> tuple[Notice, ...]:
    """Rounding of weights or cutoffs that can decide who is poor, whatever the data."""
    exact = unrounded_measure(measure)
    weights = None if exact is None else standing_for(measure, exact)
    notices = []
    for cutoff in measure.cutoffs:
        simple = unrounded_cutoff(cutoff)
        if reclassified(measure, cutoff, exact or measure, simple or cutoff):
            text = phrase(
                ROUNDED[weights is not None, simple is not None],
                weights=weights,
                k=cutoff.text,
                simple=None if simple is None else simple.text,
            )
            notices.append(Notice("MPI-N007", text))
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
    title = title_in(survey.title, language, survey.name)
    lines: list[str] = [phrase("{name}: {title}, period {period}", name=survey.name, title=title, period=survey.period)]
    for name, table in opened.everything.items():
        rows, columns = counted(table.rows, "row"), counted(len(table.columns), "column")
        lines.append(joined((f"  {name}: ", joined((table.label, rows, columns), ", "))))
    bind(measure, opened, everything=True)
    profile = profile_of(opened, measure, running=running)
    lines += [*_read(profile, survey), *_design(profile, survey), *_unknown(profile, measure)]
    lines = [in_language(line, language) for line in lines]
    try:
        return Proof(lines, estimate(profile, measure, statistics="H").notices, ())
    except MpiError as error:
        return Proof(lines, profile.notices, error.faults)


def _remarks(indent: str, language: str, **texts: Mapping[str, str]) -> list[str]:
    found = {name: title_in(titles, language, "") for name, titles in texts.items()}
    return [joined((indent, phrase(REMARKS[name], text=text))) for name, text in found.items() if text]


def _variable(variable: Variable, language: str) -> str:
    labels = variable.kind.labels
    kind = " | ".join(sorted(labels)) if labels else phrase(TYPES[variable.kind.type])
    said = (title_in(titles, language, "") for titles in (variable.title, variable.note))
    return joined((joined((f"{variable.name}: ", kind)), *(text for text in said if text)), "; ")


def _dimension(measure: Measure, dimension: Dimension, language: str) -> list[str]:
    own = [indicator for indicator in measure.indicators if indicator.dimension == dimension.name]
    called = entitled(dimension.name, dimension.title, language)
    if dimension.at_least is None:
        head = phrase("  {dimension}: weight {weight}", dimension=called, weight=dimension.weight)
    else:
        head = phrase(
            "  {dimension}: weight {weight}; deprived with {least} of {indicators}",
            dimension=called,
            weight=dimension.weight,
            least=dimension.at_least,
            indicators=counted(sum(not indicator.monitor for indicator in own), "indicator"),
        )
    made: list[str] = [head]
    made += _remarks("    ", language, legal_basis=dimension.legal_basis, note=dimension.note)
    for indicator in own:
        made += _indicator(indicator, dimension, language)
    return made


def _indicator(indicator: Indicator, dimension: Dimension, language: str) -> list[str]:
    if indicator.monitor:
        weight = MONITORED
    elif dimension.at_least is None:
        weight = phrase("weight {weight}", weight=indicator.weight)
    else:
        weight = phrase("counts within the dimension")
    made: list[str] = [joined(("    ", entitled(indicator.name, indicator.title, language), ": ", weight))]
    made += _remarks("      ", language, words=indicator.words)
    if indicator.eligible is not None:
        nobody = NOBODY[indicator.nobody or "unknown"]
        made.append(phrase("      eligible: {rule}; nobody: {verdict}", rule=indicator.eligible.text, verdict=nobody))
    made.append(phrase("      deprived: {rule}", rule=indicator.deprived.text))
    made += [] if indicator.missing == "unknown" else [phrase("      missing: {option}", option=indicator.missing)]
    return made + _remarks("      ", language, legal_basis=indicator.legal_basis, note=indicator.note)


def _cutoff(measure: Measure, cutoff: Cutoff, reached: list[Fraction] | None) -> list[str]:
    head = phrase(
        "  poor ({name}): score {sign} {k}" if cutoff.name else "  poor: score {sign} {k}",
        name=cutoff.name,
        sign=">" if cutoff.strict else ">=",
        k=cutoff.k,
    )
    beside = nearest_scores(measure, cutoff, NEAREST)
    if beside is None:
        return [phrase("{poor}; too many attainable scores to list", poor=head)]
    below, above = (", ".join(map(str, found)) or phrase("none") for found in beside)
    return [
        head if reached is None else joined((head, counted(len(reached), "attainable score")), "; "),
        phrase("    highest not poor: {scores}", scores=below),
        phrase("    lowest poor: {scores}", scores=above),
    ]


def _read(profile: DeprivationProfile, survey: Survey) -> list[str]:
    counts = profile.counts
    made: list[str] = [
        phrase(
            "  read: {persons} in {households}",
            persons=counted(counts.get("persons", 0), "person"),
            households=counted(counts.get("households", 0), "household"),
        )
    ]
    total, design = float(profile.cells.person_weight.sum()), survey.design
    if design.person_weight is not None and design.weight is not None:
        text = phrase(
            "  weights: those of persons ({persons}) add up to {total:,.1f}, "
            "those of households ({households}) to {sum:,.1f}",
            persons=design.person_weight.written,
            total=total,
            households=design.weight.written,
            sum=float(profile.cells.household_weight.sum()),
        )
        made.append(text)
    elif profile.sample.weighted:
        made.append(phrase("  weights: they add up to {total:,.1f} persons", total=total))
    else:
        made.append(phrase("  weights: none, as the survey declares"))
    for place, domain in enumerate(profile.domains):
        spec = survey.domains[domain.name]
        declared = spec.labelled or spec.codes is not None  # so that the labels are the survey's, not the data's
        told = listed(domain.labels, CODES) if declared else _codes(profile, place)
        codes = phrase("{codes}: {names}", codes=counted(len(domain.labels), "code"), names=told)
        made.append(
            phrase(
                "  domain {name} ({level}): {codes}",
                name=domain.name,
                level=noun(domain.level, 1),
                codes=joined((codes, *_never_met(profile, place)), "; "),
            )
        )
    return made


def _never_met(profile: DeprivationProfile, place: int) -> list[str]:
    """The codes of a domain that are declared and that no unit has, in words; nothing if there are none."""
    labels = profile.domains[place].labels
    units = np.bincount(profile.cells.domains[:, place], minlength=len(labels))
    empty = [label for label, number in zip(labels, units.tolist(), strict=True) if not number]
    if not empty:
        return []
    text = number_phrase(
        len(empty),
        "{number} declared code has no row: {codes}",
        "{number:,} declared codes have no row: {codes}",
        codes=listed(empty, CODES),
    )
    return [text]


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
        return [phrase("  design: census, no sampling error")]
    if (replication := sample.declared.replication) is not None:
        weights = counted(replication.replicates, "replicate weight")
        return [phrase("  design: {weights} ({method})", weights=weights, method=replication.method)]
    psus = int(sample.psus.sum())
    drawn = counted(psus, "PSU")
    if not survey.design.psu:
        drawn = phrase("{households}, each its own PSU", households=counted(psus, "household"))
    made: list[str] = [
        phrase("  design: {strata}, {psus}", strata=counted(len(sample.strata), "stratum", "strata"), psus=drawn)
    ]
    singles = single_psu_strata(sample.psus, sample.sampling_fractions).tolist()
    if singles:
        persons = np.bincount(profile.cells.stratum, profile.cells.persons, len(sample.strata))
        names = named([sample.strata[h] for h in singles], persons[singles])
        text = number_phrase(
            len(singles),
            "  {number} stratum has one PSU ({names}); single_psu: {option}",
            "  {number:,} strata have one PSU ({names}); single_psu: {option}",
            names=names,
            option=sample.single_psu,
        )
        made.append(text)
    if sample.single_psu == "collapse":
        left = counted(len(collapsed(profile).sample.strata), "stratum", "strata")
        made.append(phrase("  strata collapsed: {strata:,} become {left}", strata=len(sample.strata), left=left))
    for what, fractions in (("psu", sample.sampling_fractions), ("ssu", sample.ssu_fractions)):
        if fractions is not None and len(fractions):
            made.append(phrase(DRAWN[what], least=float(fractions.min()), most=float(fractions.max())))
    if sample.declared.calibration is not None:
        text = phrase(
            "  weights calibrated on {variables} of {units}: errors from residuals",
            variables=counted(sample.calibration.shape[1], "calibration variable"),
            units=noun(sample.declared.calibration, 2),
        )
        made.append(text)
    if sample.declared.rounds is not None:
        rounds = phrase(SERIES[sample.declared.rounds], context="rounds")
        made.append(phrase("  other rounds of the series: {rounds}", rounds=rounds))
    return made


def _unknown(profile: DeprivationProfile, measure: Measure) -> list[str]:
    """Which indicators are unknown for how many persons, and how many the measure leaves out for it."""
    cells = profile.cells
    holes = cells.persons @ bits(cells.unknown, len(measure.indicators))
    if not holes.any():
        return [phrase("  unknown: no indicator, for nobody")]
    everyone = float(cells.persons.sum())
    made: list[str] = [
        phrase(
            "  unknown: {name} for {persons} ({share:.1%} of the sample)",
            name=name,
            persons=counted(int(number), "person"),
            share=float(number) / everyone,
        )
        for name, number in zip(measure.names, holes, strict=True)
        if number
    ]
    weight = cells.person_weight
    out = ~scores(measure, cells.pattern, cells.unknown).included
    both = profile.sample.weighted and bool(weight.any())
    text = phrase(
        "  left out (missing: {option}): {persons} ({share:.1%} of the sample, {weighted:.1%} with the weights)"
        if both
        else "  left out (missing: {option}): {persons} ({share:.1%})",
        option=measure.missing,
        persons=counted(int(cells.persons[out].sum()), "person"),
        share=float(cells.persons[out].sum()) / everyone,
        weighted=float(weight[out].sum() / weight.sum()) if both else 0.0,
    )
    return [*made, text]
