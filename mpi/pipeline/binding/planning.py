"""A measure bound to a survey: each variable, domain and part of the design becomes a step, each misfit a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mpi.errors import Notice
from mpi.language import phrase
from mpi.pipeline.binding.designs import bind_design
from mpi.pipeline.binding.marking import mark_steps, with_children, without_marks
from mpi.pipeline.binding.others import add_others
from mpi.pipeline.binding.plan import UNIVERSE, Plan, distances_of, judgement_of, of_state
from mpi.pipeline.binding.plan_maker import Binder
from mpi.rules import Expression, Rule, shared
from mpi.source import SIGN, OpenedSurvey
from mpi.specs.measure import Measure, with_lines


def bind(
    measure: Measure,
    opened: OpenedSurvey,
    domains: Sequence[str] | None = None,
    *,
    everything: bool = False,
    also: Mapping[str, Rule] | None = None,
) -> Plan:
    """The plan for a measure on an opened survey.

    Parameters
    ----------
    measure : Measure
    opened : OpenedSurvey
    domains : sequence of str, optional
        Domains of the survey; all of them if left out (optional ones only where their column exists).
    everything : bool
        Check every variable of the survey, not only what is needed.
    also : mapping of str to Rule, optional
        Rules over the measure's variables that are computed besides, by the name of their column in a block.

    Raises
    ------
    ConfigError
        With every misfit: columns, names, types, levels, labels.
    """
    if measure.classes:
        from mpi.classifying import check_classes

        check_classes(measure)
    if measure.lines and not measure.found_lines:
        measure = with_lines(measure)
    binder = Binder(measure, opened, children=with_children(measure, opened.survey, domains), also=also)
    if measure.level == "person" and not opened.survey.has_persons:
        text = phrase("the measure {name!r} identifies persons, and the survey has no table of them", name=measure.name)
        remedy = phrase("give the survey a table of persons, or write `identification: household` in the measure")
        binder.faults.add("MPI-S011", opened.survey.place, text, remedy)
    wanted = binder.needed()
    for name in [*wanted, *(opened.survey.variables if everything else ())]:
        if name in binder.survey.variables:  # what the survey has for this measure alone too
            binder.variable(name)
    for name in wanted:
        binder.contract(name)
    if not binder.faults:
        add_others(binder, binder.derived())
    design = bind_design(binder)
    chosen = binder.domains(domains if domains is None else without_marks(binder, domains))
    groups, marks = mark_steps(binder, domains)
    binder.refuse()
    pool: dict[Expression, Expression] = {}

    steps = tuple(replace(step, expression=shared(step.expression, pool)) for step in binder.steps.values())
    doubled = tuple((own, other, wrong) for (own, other), wrong in binder.columns.doubled.items())
    told = [Notice("MPI-N141", _told(own, other)) for own, other, _ in doubled]
    return Plan(
        needs=binder.needs(),
        steps=steps,
        judgements=(
            *(judgement_of(i, pool) for i in measure.indicators),
            *(of_state(rule, pool) for rule in measure.states),
        ),
        domains=(*chosen, *groups),
        design=design,
        notices=tuple([*binder.notices, *told]),
        universe=binder.steps[UNIVERSE].level if UNIVERSE in binder.steps else None,
        distances=distances_of(measure.indicators, pool),
        doubled=doubled,
        marks=marks,
    )


def _told(own: str, other: str) -> str:
    table, column = _apart(own)
    second, _ = _apart(other)
    return phrase(
        "column {column!r} is in {table} and {second} with the same values: that of {table} is taken",
        column=column,
        table=table,
        second=second,
    )


def _apart(full: str) -> tuple[str, str]:
    """The table, or module, and the column of a name in a block."""
    table, _, column = full.partition(".")
    module, sign, own = column.partition(SIGN)
    return (module, own) if sign else (table, column)
