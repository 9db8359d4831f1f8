"""The tables of a panel: movements, transitions between bands, deprivations lifted, the change in parts.

Each is a plan of figures over sequences of patterns, as an analysis is one over patterns, so that the machine of the
estimates gives every figure its sampling error in the design of the panel, and a register none. All of it is
accounting: it says who moved, not why.

Alkire et al. (2015), chapter 9.3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.analysis.bands import usual
from mpi.counting import Scores
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates import By, Request
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived
from mpi.following.durations import chronic_plan, durations_of
from mpi.following.panel import TWO, Panel, compressed
from mpi.following.plans import change_plan, deprivations_plan, movements_plan, transitions_plan
from mpi.following.seen import Course
from mpi.language import phrase
from mpi.pipeline.estimating import rules_for
from mpi.profile import fitted, selected
from mpi.profile.fitting import moved
from mpi.specs.measure import Cutoff, K, Measure, cutoffs_of
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import MOVEMENT_TABLES, Adjust, DegreesOfFreedom, MovementTable, Unit, Variance

Planner = Callable[[Course, Sequence[Cutoff]], Plan]


@public
def movements(
    panel: Panel,
    measure: Measure,
    table: MovementTable = "movements",
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit | None = None,
    tau: str | Fraction | Sequence[str | Fraction] | None = None,
    between: Sequence[str] | None = None,
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
    adjust: Adjust = "none",
    reliability: str | Path | Reliability | None = None,
) -> Derived:
    """A table of what became of the units of a panel from one edition to a later one, with sampling errors.

    Parameters
    ----------
    panel : Panel
    measure : Measure
        With the rules that the panel was made by; weights, dimensions and cutoffs may be others.
    table : {"movements", "transitions", "deprivations", "change", "chronic"}
        `movements`: who stayed, came and went, who left poverty and who fell into it, exit and entry rates.
        `transitions`: from each band of the score to each. `deprivations`: of each indicator how many were lifted and
        fallen into. `change`: that of M0, H and the number of poor in parts. `chronic`: chronic and transient poverty
        over all editions.
    by : str or sequence of str
        Domains of the panel.
    k : str, Fraction or sequence, optional
        Cutoffs; those of the measure if left out; of `transitions` those between bands (1/5, the measure's first, 1/2).
    unit : {"persons", "households"}, optional
        What is counted; what the panel follows if left out. Persons of households that are followed are the members
        of the edition whose weights count.
    tau : str, Fraction or sequence, optional
        For `chronic`: shares of the editions in poverty from which on it is chronic; 1/2 and 1 if left out.
    between : sequence of str, optional
        Periods of the two editions that are compared, the earlier first: those of a survey's `period:`. The first and
        the last if left out. `chronic` is of all editions.
    level, df, variance, replicates, seed, reliability
        As for `mpi.estimate`.
    adjust : {"none", "holm", "bh"}
        Correction of the p-values of figures that are formulas over others.

    Returns
    -------
    Derived
        See the page "Accompany families" of the manual for the figures of each table. Registers have no errors.

    Raises
    ------
    UsageError
        If there is no such table, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.

    References
    ----------
    Alkire et al. (2015), chapters 9.3.1 and 9.4; Alkire, Apablaza, Chakravarty and Yalonetzky (2017), Journal of Policy
    Modeling 39.
    """
    if table not in MOVEMENT_TABLES:
        text = phrase("there is no table {table!r} of a panel", table=table)
        raise UsageError(
            Fault("MPI-E261", None, text, phrase("write one of {names}", names=", ".join(MOVEMENT_TABLES)))
        )
    if tau is not None and table != "chronic":
        text = phrase("the duration tau is used for the table chronic alone")
        raise UsageError(Fault("MPI-E261", None, text, phrase("leave it out, or ask for the table chronic")))
    check_adjust(adjust)
    ends = ends_of(panel, table, between)
    counted: Unit = unit or ("persons" if panel.link == "persons" else "households")
    if counted == "households" and panel.link == "persons":
        text = phrase("the panel follows persons, so households cannot be counted")
        remedy = phrase("use unit=persons, or follow households: --link same_key or majority")
        raise UsageError(Fault("MPI-E007", None, text, remedy))
    request = Request(
        measure=measure,
        rules=rules_for(panel._as_profile(), reliability),
        by=by,
        k=_cutoffs(measure, table, k),
        unit=counted,
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
        adjust=adjust,
    )
    planner = partial(chronic_plan, durations=durations_of(tau)) if table == "chronic" else TABLES[table]
    return table_of(panel, request, planner, None if between is None else ends)


def ends_of(panel: Panel, table: str, between: Sequence[str] | None) -> tuple[int, int]:
    """The places of the editions that a table compares.

    Raises
    ------
    UsageError
        If the panel has no such editions, in this order.
    """
    if between is None:
        return 0, len(panel.periods) - 1
    if table == "chronic":
        text = phrase("the table chronic is of all editions, and compares no two")
        raise UsageError(Fault("MPI-E261", None, text, phrase("leave `between` out")))
    named = [str(one) for one in between]
    places = [panel.periods.index(one) for one in named if one in panel.periods]
    if not len(named) == len(places) == TWO or places[0] >= places[1]:
        text = phrase("{names}: no two editions of the panel, the earlier first", names=" - ".join(named))
        remedy = phrase("name two of {names}, in this order", names=", ".join(panel.periods))
        raise UsageError(Fault("MPI-E261", None, text, remedy))
    return places[0], places[1]


def table_of(panel: Panel, request: Request, planner: Planner, ends: tuple[int, int] | None = None) -> Derived:
    """The table that a plan over the sequences of a panel makes, between two of its editions."""
    first, last = ends or (0, len(panel.periods) - 1)
    own = fitted_panel(panel, request.measure)
    made: list[Course] = []

    def scored(pattern: NDArray[np.uint64], unknown: NDArray[np.uint64]) -> Scores:
        course = Course(request.measure, own.sequences.take(pattern.astype(np.int64)), (first, last))
        made.append(course)
        return earlier_scores(course)

    def plan(patterns: Patterns) -> Plan:
        return planner(made[-1], patterns.cutoffs)

    profile = own._as_profile()
    if ends is not None:
        profile = replace(profile, period=f"{panel.periods[first]} - {panel.periods[last]}")
    return answer(profile, request, plan, scored=scored)


def _cutoffs(measure: Measure, table: str, k: K | Sequence[K] | None) -> list[Cutoff]:
    """The cutoffs of a table: those between bands, in their order, of transitions."""
    if table != "transitions":
        return list(cutoffs_of(measure, k))
    return sorted(cutoffs_of(measure, usual(measure) if k is None else k), key=lambda one: (one.k, one.strict))


def fitted_panel(panel: Panel, measure: Measure) -> Panel:
    """The panel with the indicators of a measure alone, in its order; see `mpi.profile.fitted`.

    Raises
    ------
    UsageError
        If the measure would give other patterns.
    """
    held = panel.held
    nobody = selected(held.cells, np.zeros(len(held.cells), np.bool_))
    fitted(replace(panel._as_profile(), cells=nobody), measure)
    if panel.indicators == measure.names:
        return panel
    places = [panel.indicators.index(name) for name in measure.names]
    places += [len(panel.indicators) + i for i in range(len(measure.states))]
    own = panel.sequences
    pattern, unknown = (moved(words, places) for words in (own.pattern, own.unknown))
    held, sequences = compressed(held, replace(own, pattern=pattern, unknown=unknown))
    return replace(panel, indicators=measure.names, held=held, sequences=sequences)


def earlier_scores(course: Course) -> Scores:
    """Scores of the first edition, by which poor units are counted; of everybody, as the panel is of all its units."""
    seen = course.first
    p, none = len(seen.which), np.zeros((len(seen.which), 0))
    flags = none.astype(np.bool_)
    return Scores(
        included=np.ones(p, np.bool_),
        units=np.where(seen.known, seen.scored.units[seen.which], 0),
        base=seen.scored.base[seen.which],
        score=seen.score,
        deprived=flags,
        known=flags,
        part=none,
        dimension_part=none,
        dimension_deprived=flags,
        dimension_known=flags,
        states=flags,
        states_known=flags,
        words=np.zeros(p, np.uint64),
        words_unknown=np.zeros(p, np.uint64),
    )


TABLES: Mapping[str, Planner] = {
    "movements": movements_plan,
    "transitions": transitions_plan,
    "deprivations": deprivations_plan,
    "change": change_plan,
}
