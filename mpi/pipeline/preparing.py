"""What a pass over the microdata does and keeps, decided before the first row is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mpi.pipeline.binding import Plan, bind
from mpi.pipeline.binding.beside import bind_all
from mpi.pipeline.design import declared_of
from mpi.pipeline.relative import measured
from mpi.profile import Declared
from mpi.source import OpenedSurvey, ReplicateWeights, Running, replicate_weights
from mpi.specs.measure import Measure


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """An opened survey and a measure that fit one another.

    Attributes
    ----------
    plan : Plan
        The columns to read, and what to make of them.
    replicates : ReplicateWeights or None
        The survey's replicate weights, which are read whole.
    declared : Declared
        What the survey says of its design.
    by_person : bool
        Whether a row of the profile's cells is of single persons: something that is kept differs inside households.
    """

    opened: OpenedSurvey
    measure: Measure
    plan: Plan
    replicates: ReplicateWeights | None
    declared: Declared
    by_person: bool


def prepared(
    opened: OpenedSurvey, measure: Measure, domains: Sequence[str] | None = None, running: Running | None = None
) -> Prepared:
    """The files of a survey, if they fit a measure; the incomes are read where they decide a line.

    Raises
    ------
    ConfigError
        With every misfit.
    DataError
        If the replicate weights are refused.
    """
    if measure.lines and not measure.found_lines:
        bind(measure, opened, domains)  # every misfit is told before incomes are read
        measure = measured(opened, measure, running)
    plan, design = bind_all(measure, opened, domains), opened.survey.design
    replicates = _replicates(opened, plan)
    declared = declared_of(design, None if replicates is None else replicates.weights.shape[1])
    levels = [measure.identification, plan.universe, *(level for _, level in plan.domains)]
    levels += [one.level for one in plan.beside]
    splits = "person" in levels
    by_person = splits or declared.calibration == "person"
    # Rows of one household, apart in the cells, still are one PSU where the design has none; and calibration
    # takes the residuals of households that have equal ones of its variables apart; what a household adds to the error
    # of a line is not told by its pattern.
    apart = by_person or declared.calibration is not None or bool(measure.lines)
    household_psus = apart and not (plan.design.psu or plan.design.replicates or design.census)
    return Prepared(
        opened=opened,
        measure=measure,
        plan=plan,
        replicates=replicates,
        declared=replace(declared, household_psus=household_psus),
        by_person=by_person,
    )


def _replicates(opened: OpenedSurvey, plan: Plan) -> ReplicateWeights | None:
    columns, how = plan.design.replicates, opened.survey.design.replicates
    if columns is None or how is None:
        return None
    return replicate_weights(opened, columns.table, columns.columns, how.place)
