"""The headline and the sampling errors in words."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.claims.basis import Basis, Sampling, Way
from mpi.claims.kinds import Errors, Headline
from mpi.claims.numbers import (
    capital,
    count_of,
    inside,
    interval_name,
    millions,
    percent,
    phrase_of,
    pick,
    untold,
    with_interval,
)
from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.vocabulary.wording import DOUBTS, Language, number

MOST_NAMED = 3
# How errors are computed from the design; a census has none, and replicate weights of the survey are another sentence.
WAYS: Mapping[Way, tuple[str, str]] = {
    "linearised": ("por linealización de Taylor", "by Taylor linearisation"),
    "jackknife": ("por jackknife", "by the jackknife"),
    "bootstrap": ("por bootstrap", "by the bootstrap"),
}


def say_errors(claim: Errors, language: Language) -> str:
    """Where the sampling errors come from."""
    sampling = claim.sampling
    if sampling.way == "census":
        return phrase("This is a census: figures have no sampling error, only errors of other kinds.").to(language)
    if sampling.way == "replicates":
        return phrase("Sampling errors are estimated from the survey's replicate weights.").to(language)
    way = WAYS[sampling.way]
    told = pick(
        language,
        f"Los errores de muestreo se estiman {way[0]}{_with(sampling, language)}.",
        f"Sampling errors are estimated {way[1]}{_with(sampling, language)}.",
    )
    return " ".join([told, *_design_limits(sampling, language)])


def _with(sampling: Sampling, language: Language) -> str:
    known = {
        (True, True): (", con los estratos y las UPM del diseño", ", with the strata and PSUs of the design"),
        (True, False): (", con los estratos del diseño", ", with the strata of the design"),
        (False, True): (", con las UPM del diseño", ", with the PSUs of the design"),
        (False, False): ("", ""),
    }
    more = []
    if sampling.fpc:
        more.append(phrase("with finite population correction").to(language))
    if sampling.calibrated and sampling.way == "linearised":
        more.append(phrase("taking the calibration of the weights into account").to(language))
    return "".join([pick(language, *known[sampling.strata, sampling.clustered]), *(f", {one}" for one in more)])


def _design_limits(sampling: Sampling, language: Language) -> list[str]:
    """What errors are worth without the strata or the PSUs of the sample."""
    if sampling.strata and sampling.clustered:
        return []
    if sampling.clustered:
        return [
            phrase("The survey declares no strata: if the sample had them, the errors may be too large.").to(language)
        ]
    none = pick(
        language,
        "La encuesta no declara UPM" if sampling.strata else "La encuesta no declara estratos ni UPM",
        "The survey declares no PSUs" if sampling.strata else "The survey declares neither strata nor PSUs",
    )
    return [
        none
        + phrase(
            ", so each household is taken as a PSU: if the sample was clustered, the true errors are "
            "as a rule larger and the intervals wider."
        ).to(language)
    ]


def say_headline(claim: Headline, language: Language) -> str:
    """H, the number of the poor, A and M0; a sentence each."""
    parts = [_headline_incidence(claim, language), _headline_poor(claim, language)]
    parts += [_headline_intensity(claim, language), _headline_adjusted(claim, language)]
    return " ".join(part for part in parts if part)


def _headline_incidence(claim: Headline, language: Language) -> str:
    basis, found = claim.basis, claim.incidence
    if found.value is None:
        return pick(
            language,
            f"En {basis.period}, {phrase_of('H', 'es')} {untold(found, language)}.",
            f"In {basis.period}, {phrase_of('H', 'en')} {untold(found, language)}.",
        )
    if found.value in (0, 1):
        return _all_or_none(basis, found, language)
    share = with_interval(
        "H", found, basis.level, language, of=pick(language, f"de {basis.the_units('es')}", f"of {basis.units('en')}")
    )
    return phrase(
        "In {period}, {share} were multidimensionally poor (k = {k}).", period=basis.period, share=share, k=basis.k
    ).to(language)


def _all_or_none(basis: Basis, found: Figure, language: Language) -> str:
    """H of exactly 0 or 100 %: in a sample that says nothing of those who are not in it."""
    everybody = found.value == 1
    sample = "" if basis.census else phrase(" in the sample").to(language)
    brackets = inside("H", found, basis.level, language)
    of = f" ({brackets})" if brackets else ""
    spanish = {
        "persons": ("ninguna persona", "todas las personas"),
        "households": ("ningún hogar", "todos los hogares"),
    }
    who = pick(
        language,
        spanish[basis.unit][everybody],
        ("no one", "everyone")[everybody]
        if basis.unit == "persons"
        else ("no household", "every household")[everybody],
    )
    verb = pick(language, "estaban" if everybody else "estaba", "was")
    return pick(
        language,
        f"En {basis.period}, {who}{sample} {verb} en pobreza multidimensional (k = {basis.k}): H es"
        f" {percent(found.value, 'es')}{of}.",
        f"In {basis.period}, {who}{sample} {verb} multidimensionally poor (k = {basis.k}): H is"
        f" {percent(found.value, 'en')}{of}.",
    )


def _headline_poor(claim: Headline, language: Language) -> str:
    basis, found = claim.basis, claim.poor
    if not found.value:
        return ""
    count = count_of(found.value, language, exact=basis.census, units=basis.units(language))
    parts = []
    if found.low is not None and found.high is not None:
        ends = f"{number(found.low, language)} {phrase('to').to(language)} {number(found.high, language)}"
        if "mill" in count:
            both = f"{millions(found.low, language)} {phrase('to').to(language)} {millions(found.high, language)}"
            ends = f"{both} {pick(language, 'millones', 'million')}"
        parts.append(f"{interval_name(basis.level, language)}: {ends}")
    if found.standing in DOUBTS:
        parts.append(DOUBTS[found.standing][language])
    brackets = f" ({'; '.join(parts)})" if parts else ""
    return phrase("That is {count}{brackets}.", count=count, brackets=brackets).to(language)


def _headline_intensity(claim: Headline, language: Language) -> str:
    basis, found = claim.basis, claim.intensity
    if found.value is None:
        if claim.incidence.value == 0 and found.standing != "hidden":
            return phrase("Without poor there is no intensity (A).").to(language)
        return "" if claim.incidence.value is None else _nothing("A", found, language)
    share = with_interval("A", found, basis.level, language)
    who = {"persons": ("los pobres", "the poor"), "households": ("los hogares pobres", "poor households")}[basis.unit]
    return pick(
        language,
        f"En promedio, {who[0]} tienen privaciones en el {share} de los indicadores ponderados.",
        f"On average, {who[1]} are deprived in {share} of the weighted indicators.",
    )


def _headline_adjusted(claim: Headline, language: Language) -> str:
    found = claim.adjusted
    if found.value is None:
        return _nothing("M0", found, language)
    index = with_interval("M0", found, claim.basis.level, language)
    return phrase(
        "The adjusted headcount ratio (M0), which combines how many are poor with how deprived they are, is {index}.",
        index=index,
    ).to(language)


def _nothing(statistic: str, found: Figure, language: Language) -> str:
    return f"{capital(phrase_of(statistic, language))} {untold(found, language)}."
