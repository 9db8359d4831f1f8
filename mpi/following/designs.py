"""Designs that a panel does not have, and why: what is known of the units of one edition is not known of both."""

from __future__ import annotations

from mpi.errors import Fault
from mpi.language import phrase
from mpi.profile import Declared
from mpi.specs.survey import Survey


def without(declared: Declared, survey: Survey) -> list[Fault]:
    """What is wrong with each part of a design that panels do not have, and what to do.

    A panel counts each unit with the weight of one edition, those of the other edition alone with theirs, and keeps
    the differences of weights apart: all of it under one set of strata and PSUs.

    Parameters
    ----------
    declared : Declared
    survey : Survey
        Whose design it is.
    """
    name, period, place = survey.name, survey.period, survey.design.place
    found = list[Fault]()
    if declared.replication is not None:
        text = phrase(
            "{survey} {period}: replicate weights are of the units of one edition: nothing says which replicates of "
            "the other edition go with them, so a panel has none",
            survey=name,
            period=period,
        )
        remedy = phrase(
            "copy the survey file for the panel, and write strata and PSUs in its `design:` in place of `replicates:`"
        )
        found.append(Fault("MPI-E262", place, text, remedy))
    for key, there in (("fpc", declared.fpc), ("second_stage", declared.ssu_fpc)):
        if there is not None:
            text = phrase(
                "{survey} {period}: `{key}:` says how large the population of one edition is: nothing says it of the "
                "units of both, so a panel has no such correction",
                survey=name,
                period=period,
                key=key,
            )
            remedy = phrase(
                "copy the survey file for the panel, and leave `{key}:` out of its `design:`: errors are then too "
                "large rather than too small",
                key=key,
            )
            found.append(Fault("MPI-E262", place, text, remedy))
    if declared.calibration is not None:
        text = phrase(
            "{survey} {period}: the known totals of the calibration are of one edition, and a panel has the units of "
            "both",
            survey=name,
            period=period,
        )
        remedy = phrase(
            "copy the survey file for the panel, and leave `calibration:` out of its `design:`: errors then take the "
            "weights as fixed"
        )
        found.append(Fault("MPI-E262", place, text, remedy))
    if declared.single_psu == "collapse":
        text = phrase(
            "{survey} {period}: which strata are merged depends on the PSUs of one edition, and a panel has those of "
            "both",
            survey=name,
            period=period,
        )
        remedy = phrase(
            "copy the survey file for the panel, and write merged strata in its `design:`, or another `single_psu:`"
        )
        found.append(Fault("MPI-E262", place, text, remedy))
    return found
