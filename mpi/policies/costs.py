"""Unit costs of lifting a household out of a deprivation, by area and indicator, and what a plan would cost.

Comes in: a table with a cost for each indicator, or for each area and indicator. Goes out: unit cost x household
weight x probability of being lifted, for every deprived household under the condition, poor or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.columns.values import Floats
from mpi.errors import DataError, Fault, UsageError, listed
from mpi.errors.arguments import public
from mpi.estimates import By, Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.policies.asking import Asked, actions_of, asked, domains_of, rows_by
from mpi.policies.outcomes import Outcomes, outcomes_of
from mpi.policies.what_if import accounting, unsure_notices, with_reading
from mpi.profile import DeprivationProfile
from mpi.source.small_numbers import Numbers, Numeral, doubtful, numbers_of
from mpi.source.small_tables import SmallTable, small_table
from mpi.specs.actions import Action
from mpi.specs.measure import K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import DegreesOfFreedom, PlanState, Variance

COST, INDICATOR, WHOLE = "cost", "indicator", "all"


@dataclass(frozen=True, slots=True)
class Costs:
    """Unit costs of households lifted.

    Attributes
    ----------
    area : str or None
        The domain whose areas differ; None: one cost everywhere.
    unit : mapping of (str or None, str) to float
        By code of the area, and indicator.
    """

    area: str | None
    unit: Mapping[tuple[str | None, str], float]

    def of_cells(self, profile: DeprivationProfile, indicator: str, *, needed: np.typing.NDArray[np.bool_]) -> Floats:
        """The unit cost of an indicator in each cell; shape (c,).

        Parameters
        ----------
        profile : DeprivationProfile
        indicator : str
        needed : bool, shape (c,)
            Cells whose households would be lifted: only their areas must have a cost.

        Raises
        ------
        DataError
            With every area, or the indicator, that has none.
        """
        if self.area is None:
            if (None, indicator) not in self.unit:
                raise DataError(_without(indicator))
            return np.full(len(profile.cells), self.unit[None, indicator])
        place = profile.domain(self.area)
        labels, codes = profile.domains[place].labels, profile.cells.domains[:, place]
        by_label = np.array([self.unit.get((label, indicator), np.nan) for label in labels])
        lacking = [labels[code] for code in np.unique(codes[needed]).tolist() if np.isnan(by_label[code])]
        if len(lacking) == len(labels) or (lacking and not np.isfinite(by_label).any()):
            raise DataError(_without(indicator))
        if lacking:
            text = phrase(
                "the table of costs has no cost of {indicator} in {area} {codes}",
                indicator=indicator,
                area=self.area,
                codes=listed(lacking),
            )
            raise DataError(Fault("MPI-E253", None, text, phrase("add a row for each; 0 where it costs nothing")))
        priced: Floats = np.nan_to_num(by_label)[codes]
        return priced


def _without(indicator: str) -> Fault:
    text = phrase("the table of costs has no cost of {indicator}", indicator=indicator)
    return Fault("MPI-E253", None, text, phrase("add it, with the cost of lifting one household"))


def costs_of(given: object, measure: Measure, domains: Sequence[str]) -> Costs:
    """Unit costs from a mapping of indicators to numbers, or from a table (a file, or a frame).

    Parameters
    ----------
    given
        A table has either the columns `indicator` and `cost`, or a column for each indicator; and, where costs differ
        by area, a column with the name of the domain whose codes it holds.
    measure : Measure
    domains : sequence of str
        That the profile has.

    Raises
    ------
    DataError, UsageError
        With all that is wrong.
    """
    if isinstance(given, Costs):
        return given
    if isinstance(given, Mapping) and not any(isinstance(value, list | tuple) for value in given.values()):
        given = {INDICATOR: [str(name) for name in given], COST: [Numeral(value) for value in given.values()]}
    table = small_table(given, phrase("the table of costs"))
    areas = [name for name in table.columns if name in domains]
    if len(areas) > 1:
        text = phrase("the table of costs has the codes of several domains: {names}", names=listed(areas))
        raise DataError(Fault("MPI-E253", table.head(areas[1]), text, phrase("keep the one whose areas differ")))
    area = areas[0] if areas else None
    faults: list[Fault] = []
    unit: dict[tuple[str | None, str], float] = {}
    numbers = _Numbers(table, faults)
    for row, column, indicator in _entries(table, measure, area, faults):
        code = None if area is None else table.columns[area][row]
        number = numbers.at(row, column)
        if (code, indicator) in unit and (other := _unknown_area(table, measure, area)):
            faults.append(other)
            break
        if (code, indicator) in unit:
            text = phrase("a second cost of {indicator} for the same area", indicator=indicator)
            faults.append(Fault("MPI-E253", table.place(row, column), text, phrase("keep one")))
        unit[code, indicator] = number
    if faults:
        raise DataError(*faults)
    return Costs(area, unit)


def _unknown_area(table: SmallTable, measure: Measure, area: str | None) -> Fault | None:
    """The column that tells costs apart, where it is of no domain that there is."""
    others = [name for name in table.columns if name not in (COST, INDICATOR, *measure.names)]
    if area is not None or not others:
        return None
    text = phrase("the table of costs differs by {name}, which is no domain of these figures", name=others[0])
    remedy = phrase("name the column as a domain that they are by, or make them by {name}", name=others[0])
    return Fault("MPI-E253", table.head(others[0]), text, remedy)


def _entries(table: SmallTable, measure: Measure, area: str | None, faults: list[Fault]) -> list[tuple[int, str, str]]:
    """Row, column of the cost, and indicator of every cost in a table."""
    rows = range(len(table))
    if INDICATOR in table.columns and COST in table.columns:
        found = []
        for row in rows:
            name = table.columns[INDICATOR][row].strip()
            if name in measure.names:
                found.append((row, COST, name))
            else:
                text = phrase("{measure} has no indicator {name!r}", measure=measure.name, name=name)
                remedy = phrase("there are {names}", names=listed(measure.names))
                faults.append(Fault("MPI-E253", table.place(row, INDICATOR), text, remedy))
        return found
    named = [name for name in table.columns if name in measure.names]
    if not named:
        text = phrase("the table of costs has neither the columns indicator and cost nor a column of an indicator")
        remedy = phrase("give it the columns {names}", names=listed([*([area] if area else []), INDICATOR, COST]))
        faults.append(Fault("MPI-E253", table.head(next(iter(table.columns), "")), text, remedy))
    return [(row, name, name) for row in rows for name in named if table.columns[name][row].strip()]


@dataclass(slots=True)
class _Numbers:
    """The costs of a table, each of its columns read in one way."""

    table: SmallTable
    faults: list[Fault]
    read: dict[str, Numbers] = field(default_factory=dict)

    def at(self, row: int, column: str) -> float:
        """A cost; NaN where it is told of."""
        if column not in self.read:
            self.read[column] = numbers_of(self.table.columns[column])
            if self.read[column].sign:
                self.faults.append(doubtful(column, self.read[column], self.table.head(column)))
        exact = self.read[column].exact[row]
        number = math.nan if exact is None else float(exact)
        if not (math.isfinite(number) and number >= 0):
            text = phrase("a cost that is not a number of 0 or more")
            remedy = phrase("write digits with a decimal point")
            self.faults.append(Fault("MPI-E253", self.table.place(row, column), text, remedy))
        return number


@public
def plan_costs(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    actions: str | Action | Sequence[str | Action],
    costs: object,
    *,
    state: PlanState = "before",
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    variance: Variance = "design",
    replicates: int = 500,
    seed: int = 0,
) -> Derived:
    """How many households each action of a plan lifts, and what that costs, with sampling errors.

    Parameters
    ----------
    profile, measure, actions, state, by, level, df, variance, replicates, seed
        As for `mpi.what_if`. The profile holds the domain of the areas that the costs name.
    costs : mapping of str to number, str, Path, or a frame
        The cost of lifting one household out of each indicator; or a table (CSV, spreadsheet, frame) with columns
        `indicator` and `cost`, or one for each indicator, and a column of codes, named as the domain, where areas
        differ.
    k : str, Fraction or Cutoff, optional
        At which conditions judge who is `poor`; the measure's first if left out.

    Returns
    -------
    Derived
        Figures `lifted` (households) and `cost`: a row for each `action`, and `all` for their sum, by domain. Every
        deprived household under the condition counts, poor or not; `raise` costs and earns nothing.

    Raises
    ------
    UsageError
        As `mpi.what_if`; or if the measure identifies persons.
    DataError
        If the table of costs is faulty, or lacks an area or an indicator that the plan needs, each named.
    """
    plan = actions_of([actions] if isinstance(actions, str | Action) else actions)
    names = [*([by] if isinstance(by, str) else by), *domains_of(plan)]
    if not isinstance(profile, DeprivationProfile):
        table = costs_of(costs, measure, list(profile.domains) or list(profile.table.column_names))
        names += [table.area] if table.area else []
    made = profile_for(profile, measure, names)
    request = Request(
        measure=measure,
        rules=rules_for(made, "none"),
        by=by,
        k=k,
        unit="households",
        level=level,
        df=df,
        variance=variance,
        replicates=replicates,
        seed=seed,
    )
    return costs_by(made, request, plan, costs_of(costs, measure, [one.name for one in made.domains]), state=state)


def costs_by(
    profile: DeprivationProfile,
    request: Request,
    actions: Sequence[Action],
    costs: Costs,
    *,
    state: PlanState = "before",
) -> Derived:
    """The table of what a plan costs; see `plan_costs`."""
    measure = request.measure
    rows = by_area(asked(profile, measure, actions, state=state), costs.area)
    outcomes = outcomes_of(measure, cutoffs_of(measure, request.k)[0], rows.start, actions, state)
    paid = _paid(rows, outcomes, actions, costs)
    made = answer(
        rows.profile, request, lambda patterns: _plan(patterns, actions, outcomes, paid), distinct=rows.distinct
    )
    return with_reading(made, [accounting(), *unsure_notices(rows, outcomes, actions, request.unit)])


def by_area(rows: Asked, area: str | None) -> Asked:
    """The rows of a profile apart by area."""
    if area is None:
        return rows
    place = rows.profile.domain(area)
    number = max(1, len(rows.profile.domains[place].labels))
    own = rows.region[rows.distinct.which] * number + rows.profile.cells.domains[:, place]
    _, first, region = np.unique(own, return_index=True, return_inverse=True)
    return rows_by(rows.profile, region.astype(np.int64), rows.start.inside[:, rows.distinct.which[first]])


def _paid(rows: Asked, outcomes: Outcomes, actions: Sequence[Action], costs: Costs) -> list[Floats]:
    """What a household of each row costs under each action; shape (r,) each."""
    found: list[Floats] = []
    faults: list[Fault] = []
    which = rows.distinct.which
    first = np.zeros(len(rows.start.pattern), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    for number, one in enumerate(actions):
        moved = outcomes.moved[number]
        if one.kind == "raise":
            found.append(np.zeros(len(moved)))
            continue
        try:
            unit = costs.of_cells(rows.profile, one.indicator, needed=moved[which] > 0)
        except DataError as error:
            faults += error.faults
            continue
        found.append(moved * unit[first])
    if faults:
        raise DataError(*dict.fromkeys(faults))
    return found


def _plan(patterns: Patterns, actions: Sequence[Action], outcomes: Outcomes, paid: Sequence[Floats]) -> Plan:
    plan, everyone = Plan(), np.ones(len(patterns.included), np.bool_)
    lifting = [number for number, one in enumerate(actions) if one.kind != "raise"]
    if not lifting:
        text = phrase(
            "no action of the plan lifts anybody, so there is nothing to pay: `raise` costs and earns nothing"
        )
        remedy = phrase(
            "leave the costs out: the figures without them say how many more are poor; or give an action that closes "
            "or reduces"
        )
        raise UsageError(Fault("MPI-E253", None, text, remedy))
    names = [f"{number + 1}. {actions[number].text}" for number in lifting]
    for figure, columns in (("lifted", outcomes.moved), ("cost", paid)):
        own = [np.asarray(columns[number], np.float64) for number in lifting]
        for name, column in zip([*names, WHOLE], [*own, np.sum(own, axis=0)], strict=True):
            plan.figure(
                {"figure": figure, "k": None, "action": name}, column, everyone, kind="total", counts_units=False
            )
    return plan
