"""The headline and the sampling errors in words."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.claims.basis import Basis, Sampling, Way
from mpi.claims.kinds import Errors, Headline
from mpi.claims.numbers import (
    MILLION,
    Capital,
    Number,
    Title,
    below_two,
    count_of,
    details,
    in_brackets,
    in_millions,
    interval_name,
    name_of,
    not_shown,
    percent,
    with_interval,
)
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, joined, number_phrase, phrase, template
from mpi.language.phrases import Sayable
from mpi.vocabulary.wording import DOUBTS

# How errors are computed from the design; a census has none, and replicate weights of the survey are another sentence.
WAYS: Mapping[Way, Phrase] = {
    "design": phrase("by Taylor linearisation"),
    "jackknife": phrase("by the jackknife"),
    "bootstrap": phrase("by the bootstrap"),
}
# What the design declares: whether strata, whether PSUs.
DESIGNS: Mapping[tuple[bool, bool], Phrase] = {
    (True, True): phrase("with the strata and PSUs of the design"),
    (True, False): phrase("with the strata of the design"),
    (False, True): phrase("with the PSUs of the design"),
}
INCIDENCE: Mapping[str, str] = {
    "persons": template("In {period}, {share} of persons{brackets} were multidimensionally poor (k = {k})."),
    "households": template("In {period}, {share} of households{brackets} were multidimensionally poor (k = {k})."),
}
NONE_POOR: Mapping[str, str] = {
    "persons": template(
        "In {period}, no one{sample} was multidimensionally poor (k = {k}): H is {share}{brackets}."
    ),
    "households": template(
        "In {period}, no household{sample} was multidimensionally poor (k = {k}): H is {share}{brackets}."
    ),
}  # fmt: skip
ALL_POOR: Mapping[str, str] = {
    "persons": template(
        "In {period}, everyone{sample} was multidimensionally poor (k = {k}): H is {share}{brackets}."
    ),
    "households": template(
        "In {period}, every household{sample} was multidimensionally poor (k = {k}): H is {share}{brackets}."
    ),
}  # fmt: skip
INTENSITY: Mapping[str, str] = {
    "persons": template("On average, the poor are deprived in {share} of the weighted indicators."),
    "households": template("On average, poor households are deprived in {share} of the weighted indicators."),
}


def errors_text(claim: Errors) -> Phrase:
    """Where the sampling errors come from."""
    sampling = claim.sampling
    if sampling.way == "census":
        return phrase("This is a census: figures have no sampling error, only errors of other kinds.")
    if sampling.way == "replicates":
        return phrase("Sampling errors are estimated from the survey's replicate weights.")
    how = [WAYS[sampling.way]]
    if sampling.strata or sampling.clustered:
        how.append(DESIGNS[sampling.strata, sampling.clustered])
    if sampling.fpc:
        how.append(phrase("with finite population correction"))
    if sampling.calibrated and sampling.way == "design":
        how.append(phrase("taking the calibration of the weights into account"))
    first = phrase("Sampling errors are estimated {how}.", how=joined(how, ", "))
    return joined([first, *_design_limits(sampling)], " ")


def _design_limits(sampling: Sampling) -> list[Phrase]:
    """How errors are biased without the strata or the PSUs of the sample."""
    if sampling.strata and sampling.clustered:
        return []
    if sampling.clustered:
        return [phrase("The survey declares no strata: if the sample had them, the errors may be too large.")]
    if sampling.strata:
        return [
            phrase(
                "The survey declares no PSUs, so each household is taken as a PSU: if the sample was clustered, "
                "the true errors are as a rule larger and the intervals wider."
            )
        ]
    return [
        phrase(
            "The survey declares neither strata nor PSUs, so each household is taken as a PSU: if the sample was "
            "clustered, the true errors are as a rule larger and the intervals wider."
        )
    ]


def headline_text(claim: Headline) -> Phrase:
    """H, the number of the poor, A and M0; a sentence each."""
    parts = [_incidence(claim), _poor(claim), _intensity(claim), _adjusted(claim)]
    return joined([part for part in parts if part], " ")


def _incidence(claim: Headline) -> Phrase:
    basis, incidence = claim.basis, claim.incidence
    if incidence.value is None:
        clause = not_shown(name_of("H"), incidence)
        return phrase("In {period}, {clause}.", period=basis.period, clause=clause)
    brackets = in_brackets(details("H", incidence, basis.level))
    if incidence.value in (0, 1):
        return _none_or_all(basis, incidence, brackets)
    return phrase(
        INCIDENCE[basis.unit], period=basis.period, share=percent(incidence.value), brackets=brackets, k=basis.k
    )


def _none_or_all(basis: Basis, incidence: Figure, brackets: Phrase) -> Phrase:
    """H of exactly 0 or 100 %: of a sample, it is the sample that has none or all, not the population."""
    table = ALL_POOR if incidence.value else NONE_POOR
    sample = joined([]) if basis.census else phrase(" in the sample")
    share = percent(incidence.value)
    return phrase(table[basis.unit], period=basis.period, sample=sample, k=basis.k, share=share, brackets=brackets)


def _poor(claim: Headline) -> Phrase | None:
    basis, poor = claim.basis, claim.poor
    if not poor.value:
        return None
    parts: list[Sayable] = []
    if poor.low is not None and poor.high is not None:
        ends = _ends(poor.low, poor.high, millions=not basis.census and poor.value >= MILLION)
        parts.append(phrase("{name}: {interval}", name=interval_name(basis.level), interval=ends))
    if poor.standing in DOUBTS:
        parts.append(Title(DOUBTS[poor.standing]))
    return number_phrase(
        round(poor.value),
        "That is {count}{brackets}.",
        "That is {count}{brackets}.",
        count=count_of(poor.value, basis.unit, exact=basis.census),
        brackets=in_brackets(joined(parts, "; ")),
    )


def _ends(low: float, high: float, *, millions: bool) -> Phrase:
    """The ends of the interval of a number of units."""
    if not millions:
        return phrase("{low} to {high}", low=Number(low), high=Number(high))
    first, last = in_millions(low), in_millions(high)
    if below_two(last):
        return phrase("{low} to {high} million", context="below two", low=first, high=last)
    return phrase("{low} to {high} million", low=first, high=last)


def _intensity(claim: Headline) -> Phrase | None:
    basis, intensity = claim.basis, claim.intensity
    if intensity.value is None:
        if claim.incidence.value == 0 and intensity.standing != "hidden":
            return phrase("Without poor there is no intensity (A).")
        return None if claim.incidence.value is None else _missing("A", intensity)
    return phrase(INTENSITY[basis.unit], share=with_interval("A", intensity, basis.level))


def _adjusted(claim: Headline) -> Phrase:
    adjusted = claim.adjusted
    if adjusted.value is None:
        return _missing("M0", adjusted)
    index = with_interval("M0", adjusted, claim.basis.level)
    return phrase(
        "The adjusted headcount ratio (M0), which combines how many are poor with how deprived they are, is {index}.",
        index=index,
    )


def _missing(statistic: str, hidden: Figure) -> Phrase:
    return phrase("{clause}.", clause=not_shown(Capital(name_of(statistic)), hidden))
