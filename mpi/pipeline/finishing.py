"""What only a whole survey can tell: faults of all its rows, and what whoever reads its figures should know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from mpi.errors import DataError, Fault, Notice, counted, listed
from mpi.language import phrase
from mpi.pipeline.preparing import Prepared
from mpi.profile import DeprivationProfile, checked, selected
from mpi.source import uneven_weights
from mpi.specs.measure import Measure
from mpi.specs.standing import TOLD


def finished(prepared: Prepared, profile: DeprivationProfile) -> DeprivationProfile:
    """The profile of a whole survey, with its notices.

    Raises
    ------
    DataError
        With every fault.
    """
    if faults := [
        *_nobody(prepared, profile),
        *_weightless(prepared, profile),
        *_twice(prepared, profile),
        *_joined_to_nothing(prepared, profile),
    ]:
        raise DataError(*faults)
    notices = [
        *prepared.opened.notices,
        *prepared.plan.notices,
        *_never_or_always(profile, prepared.measure),
        *uneven_weights(prepared.opened),
        *_left_out(profile),
        *_outside(prepared, profile),
        *_not_official(prepared.measure),
        *_never_met(prepared, profile),
    ]
    return checked(replace(profile, notices=tuple(notices)))


def _nobody(prepared: Prepared, profile: DeprivationProfile) -> list[Fault]:
    """A universe without anybody."""
    rule = prepared.measure.universe
    if rule is None or profile.cells.persons.any() or profile.cells.households.any():
        return []
    text = phrase("nobody with a weight is in the universe of {name}", name=prepared.measure.name)
    return [rule.origin.fault("MPI-D145", 0, text, phrase("compare the rule with the codes of the data"))]


def _outside(prepared: Prepared, profile: DeprivationProfile) -> list[Notice]:
    """Whom the measure is not about."""
    rule, units = prepared.measure.universe, prepared.plan.universe
    if rule is None or units is None:
        return []
    text = phrase(
        "the universe is {rule}: {outside} outside are not counted, {unsure} of them because it is unknown; "
        "{persons} and {households} are inside",
        rule=rule.text,
        outside=counted(profile.counts.get(f"outside_{units}s", 0), units),
        unsure=profile.counts.get(f"outside_unknown_{units}s", 0),
        persons=counted(int(profile.cells.persons.sum()), "person"),
        households=counted(int(profile.cells.households.sum()), "household"),
    )
    return [Notice("MPI-N147", text, rule.origin.at(0))]


def _not_official(measure: Measure) -> list[Notice]:
    """What a measure is that no figure may be taken for an official one of."""
    told = TOLD.get(measure.status) if measure.status else None
    return [] if told is None else [Notice("MPI-N148", phrase(told, name=measure.name), measure.place)]


def _weightless(prepared: Prepared, profile: DeprivationProfile) -> list[Fault]:
    if _nobody(prepared, profile):
        return []
    cells, design = profile.cells, prepared.opened.survey.design
    remedy = phrase("name another column as `weight:`, or write `weight: none` to count every household once")
    of_persons, of_households = (bool((own > 0).any()) for own in (cells.person_weight, cells.household_weight))
    faults = []
    if not (of_persons if design.person_weight is None else of_households):
        faults.append(Fault("MPI-D021", design.place, phrase("the weight is 0 in every household"), remedy))
    if design.person_weight is not None and not of_persons:
        faults.append(Fault("MPI-D021", design.place, phrase("the weight of persons is 0 for everybody"), remedy))
    return faults


def _twice(prepared: Prepared, profile: DeprivationProfile) -> list[Fault]:
    design = prepared.opened.survey.design
    if design.psu_codes != "unique" or not prepared.plan.design.psu:
        return []
    twice = sum(strata > 1 for strata in Counter(profile.sample.psu_labels).values())
    text = phrase("{psus} are in more than one stratum, but declared unique", psus=counted(twice, "PSU"))
    return (
        [Fault("MPI-D037", design.place, text, phrase("write `psu_codes: nested` if codes restart"))] if twice else []
    )


def _joined_to_nothing(prepared: Prepared, profile: DeprivationProfile) -> list[Fault]:
    strata = set(profile.sample.strata)
    lost = [to for stratum, to in prepared.declared.collapse if stratum in strata and to not in strata]
    text = phrase("`collapse` joins strata to {names}, which is not in the data", names=listed(lost))
    remedy = phrase("write the codes as in the column, with their zeros")
    return [Fault("MPI-D028", prepared.opened.survey.design.place, text, remedy)] if lost else []


def _left_out(profile: DeprivationProfile) -> list[Notice]:
    """Households that count as PSUs alone, or not at all."""
    notices = []
    if zero := profile.counts["zero_weight"]:
        text = phrase(
            "{households} have weight 0: their PSUs count, but the households do not",
            households=counted(zero, "household"),
        )
        notices.append(Notice("MPI-N003", text))
    if alone := profile.counts.get("outside_psus", 0):
        text = phrase(
            "{sampling_units} without a household inside stay in the design, with zeros",
            sampling_units=counted(alone, "sampling unit"),
        )
        notices.append(Notice("MPI-N142", text))
    if unplaced := profile.counts.get("outside_unplaced", 0):
        text = phrase(
            "{households} outside have no known place in the design, and are left out of it",
            households=counted(unplaced, "household"),
        )
        notices.append(Notice("MPI-N142", text))
    return notices


def _never_met(prepared: Prepared, profile: DeprivationProfile) -> list[Notice]:
    """Crosswalks of which the data hold no code, as where codes have another width."""
    crosswalks, notices = prepared.opened.survey.crosswalks, []
    for domain in profile.domains:
        spec = crosswalks.get(domain.name)
        if spec is not None and not {*domain.labels} & {*spec.codes.values()}:
            text = phrase(
                "no code of the domain {name} is in its crosswalk: are the columns and the width right?",
                name=domain.name,
            )
            notices.append(Notice("MPI-N146", text, spec.place))
    return notices


def _never_or_always(profile: DeprivationProfile, measure: Measure) -> list[Notice]:
    cells, notices = profile.cells, list[Notice]()
    cells = selected(cells, (cells.persons > 0) | (cells.households > 0)) if profile.lines else cells
    unknown = np.bitwise_and.reduce(cells.unknown)  # of every unit; one pass each, for there may be millions of cells
    deprived = np.bitwise_or.reduce(cells.pattern)  # of any
    not_spared = np.bitwise_and.reduce(cells.pattern | cells.unknown)  # of every unit, as far as it is known
    for j, indicator in enumerate(measure.indicators):
        bit = np.uint64(1) << np.uint64(j)
        place = indicator.deprived.origin.at(0)
        if unknown & bit:
            notices.append(Notice("MPI-N005", phrase("{name} is unknown for every unit", name=indicator.name), place))
        elif not deprived & bit or not_spared & bit:
            text = phrase(
                "{name} deprives every unit: is its rule right for these codes?"
                if deprived & bit
                else "{name} deprives no unit: is its rule right for these codes?",
                name=indicator.name,
            )
            notices.append(Notice("MPI-N004", text, place))
    return notices
