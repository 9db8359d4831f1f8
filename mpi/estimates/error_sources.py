"""What the sampling errors of estimates come from, in one line and in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.estimates import Estimates
from mpi.vocabulary.wording import Language, number

ERRORS: Mapping[Language, Mapping[str, str]] = {
    "en": {"census": "census: no sampling error", "errors": "errors", "linearised": "linearised",
           "own": "replicate weights of the survey", "made": "replicates made of the PSUs", "none": "no strata",
           "stratum": "stratum", "strata": "strata", "PSU": "PSU", "PSUs": "PSUs", "household": "household",
           "households": "households", "fpc": "finite population correction", "stages": "two stages",
           "calibrated": "calibrated weights"},
    "es": {"census": "censo: sin error de muestreo", "errors": "errores", "linearised": "linealización",
           "own": "ponderadores replicados de la encuesta", "made": "réplicas hechas de las UPM",
           "none": "sin estratos", "stratum": "estrato", "strata": "estratos",
           "PSU": "UPM", "PSUs": "UPM", "household": "hogar", "households": "hogares",
           "fpc": "corrección por población finita", "stages": "dos etapas", "calibrated": "ponderadores calibrados"},
}  # fmt: skip


def errors_from(estimates: Estimates, language: Language = "en") -> str:
    """What the sampling errors of estimates come from, in one line."""
    said = ERRORS[language]
    sample, replicates = estimates.basis.profile.sample, estimates.basis.replicates
    if sample.census:
        return said["census"]
    if replicates is not None:
        whose = said["own" if replicates.of_cells else "made"]
        return f"{said['errors']}: {number(replicates.number, language)} {whose}"
    strata, units, unit = len(sample.strata), int(sample.psus.sum()), sample.unit
    drawn = f"{number(strata, language)} {said['stratum' if strata == 1 else 'strata']}"
    parts = [
        drawn if any(sample.strata) else said["none"],
        f"{number(units, language)} {said[unit if units == 1 else f'{unit}s']}",
    ]
    parts += [said["fpc"]] if sample.declared.fpc else []
    parts += [said["stages"]] if sample.declared.ssu_fpc else []
    parts += [said["calibrated"]] if sample.declared.calibration else []
    return f"{said['errors']}: {said['linearised']}; {', '.join(parts)}"
