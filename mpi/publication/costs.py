"""The costs and conditions of the plans of a study, before the microdata are read."""

from __future__ import annotations

from pathlib import Path

from mpi.errors import Fault, MpiError, UsageError
from mpi.language import phrase
from mpi.policies.asking import faults_of_domain, faults_of_measure
from mpi.policies.costs import Costs
from mpi.policies.published import costs_of_plan
from mpi.profile import DeprivationProfile
from mpi.specs.actions import Action
from mpi.specs.plans import PlanSpec
from mpi.specs.study import Study


def tables_of_costs(study: Study, data: Path) -> tuple[Path, ...]:
    """The files of costs that its plans name, each once."""
    return tuple(dict.fromkeys(data / one.cost_table for one in study.plans if one.cost_table))


def costs_of_plans(study: Study, data: Path) -> dict[str, Costs]:
    """By the name of a plan what lifting a household costs, once conditions and costs are checked.

    Raises
    ------
    DataError, UsageError
        With the faults of all plans.
    """
    found: dict[str, Costs] = {}
    faults: list[Fault] = []
    kind: type[MpiError] = UsageError
    for one in study.plans:
        faults += _of_conditions(study, one)
        try:
            costs = costs_of_plan(one, data, study.measure, study.domains)
        except MpiError as error:
            faults, kind = [*faults, *error.faults], type(error)
            continue
        if costs is not None:
            faults += _unpriced(one, costs)
            found[one.name] = costs
    if faults:
        raise kind(*dict.fromkeys(faults))
    return found


def refuse_codes(study: Study, profile: DeprivationProfile) -> None:
    """Refuse codes of domains that actions name and the data do not have.

    Raises
    ------
    UsageError
        With all of them.
    """
    faults = [
        Fault(fault.code, plan.place, fault.text, fault.remedy)
        for plan in study.plans
        for one in plan.actions
        for name, codes in one.where
        for fault in faults_of_domain(profile, name, codes)
    ]
    if faults:
        raise UsageError(*dict.fromkeys(faults))


def _of_conditions(study: Study, plan: PlanSpec) -> list[Fault]:
    actions = list(plan.actions)
    if plan.aimed is not None and plan.aimed.condition:
        first = study.measure.names[0]
        actions.append(Action(kind="close", indicator=first, condition=plan.aimed.condition))
    return [Fault(one.code, plan.place, one.text, one.remedy) for one in faults_of_measure(actions, study.measure)]


def _unpriced(plan: PlanSpec, costs: Costs) -> list[Fault]:
    """The indicators that a plan lifts households out of, or may choose, and that have no cost anywhere."""
    priced = {name for _, name in costs.unit}
    names = [one.indicator for one in plan.actions if one.kind != "raise"]
    names += [] if plan.aimed is None else [*plan.aimed.indicators, *plan.aimed.bounds]
    return [
        Fault(
            "MPI-E253",
            plan.place,
            phrase("{plan}: the costs have no cost of {indicator}", plan=plan.name, indicator=name),
            phrase("add it, with the cost of lifting one household"),
        )
        for name in dict.fromkeys(names)
        if name not in priced
    ]
