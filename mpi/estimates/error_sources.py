"""What the sampling errors of estimates come from, in one line."""

from __future__ import annotations

from mpi.estimates import Estimates
from mpi.language import Language, joined, noun, phrase
from mpi.vocabulary.wording import number


def errors_from(estimates: Estimates, language: Language = "en") -> str:
    """What the sampling errors of estimates come from, in one line."""
    sample, replicates = estimates.basis.profile.sample, estimates.basis.replicates
    if sample.census:
        return phrase("census: no sampling error").to(language)
    if replicates is not None:
        count = number(replicates.number, language)
        if replicates.of_cells:
            return phrase("errors: {number} replicate weights of the survey", number=count).to(language)
        return phrase("errors: {number} replicates made of the PSUs", number=count).to(language)
    strata, units, unit = len(sample.strata), int(sample.psus.sum()), sample.unit
    parts: list[str] = [
        phrase("{number} {noun}", number=number(strata, language), noun=noun("stratum", strata))
        if any(sample.strata)
        else phrase("no strata"),
        phrase("{number} {noun}", number=number(units, language), noun=noun(unit, units)),
    ]
    parts += [phrase("finite population correction")] if sample.declared.fpc else []
    parts += [phrase("two stages")] if sample.declared.ssu_fpc else []
    parts += [phrase("calibrated weights")] if sample.declared.calibration else []
    return phrase("errors: linearised; {parts}", parts=joined(parts, ", ")).to(language)
