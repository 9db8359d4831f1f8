"""Rules of a plan besides those of indicators: whom the measure is about, and numbers that somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import phrase
from mpi.pipeline.binding.plan import UNIVERSE, Step
from mpi.pipeline.binding.plan_maker import Binder
from mpi.rules import Kind, Rule, check
from mpi.rules.syntax import Type


def add_others(binder: Binder, scope: Mapping[str, Kind]) -> None:
    """Steps for the measure's universe, and for the numbers that are asked for besides."""
    if binder.measure.universe is not None:
        _universe(binder, binder.measure.universe, scope)
    for name, rule in binder.also.items():
        kind = _step(binder, name, rule, scope, "number")
        if kind.level == "person" and binder.measure.level == "household":
            text = phrase("{rule} differs between the members of a household", rule=rule.text)
            remedy = phrase("write an aggregate, such as COUNT_IF(...), SUM(...) or MAX(...)")
            binder.faults.append(rule.origin.fault("MPI-S012", 0, text, remedy))


def _universe(binder: Binder, rule: Rule, scope: Mapping[str, Kind]) -> None:
    _step(binder, UNIVERSE, rule, scope, "truth")
    if binder.survey.design.calibration is not None:
        text = phrase("the weights are calibrated, so units outside the universe are needed for its errors")
        remedy = phrase("leave `universe:` out, declare a domain of those inside, and estimate by it")
        binder.faults.append(rule.origin.fault("MPI-S140", 0, text, remedy))


def _step(binder: Binder, name: str, rule: Rule, scope: Mapping[str, Kind], expected: Type) -> Kind:
    kind, found = check(rule.expression, scope, rule.origin, persons=binder.survey.has_persons, expected=expected)
    binder.faults += found
    binder.steps[name] = Step(
        name=name, level=kind.level or "household", expression=rule.expression, origin=rule.origin
    )
    return kind
