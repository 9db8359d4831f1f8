"""What a cheapest plan is asked for: which indicators may be closed, to which levels, where, and at what price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.counting import bits, counted_flags, scores
from mpi.errors import Fault, UsageError, listed, nearest
from mpi.errors.arguments import JUDGED
from mpi.estimates.rows import check_unit
from mpi.language import phrase
from mpi.policies.asking import Asked, faults_of_measure, rows_by
from mpi.policies.conditions import holds
from mpi.policies.costs import Costs
from mpi.policies.levels import MOST_CLOSED, Group
from mpi.profile import DeprivationProfile
from mpi.specs.actions import Action
from mpi.specs.exact import fraction
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.plans import MOST_STEPS
from mpi.vocabulary.options import PLAN_STATISTICS, PlanStatistic, Unit

Share: TypeAlias = str | Fraction | int | float
Bound: TypeAlias = Share | tuple[Share, Share]
Bounds: TypeAlias = Annotated[Mapping[str, Bound | Mapping[str, Bound]], JUDGED]
Grid: TypeAlias = Sequence[Sequence[Fraction]]
PAIR = 2
ROUNDING = 1e-6  # of a target that is computed


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    measure : Measure
    cutoff : Cutoff
    costs : Costs
    closed : sequence of str
        The indicators that may be closed.
    grids : sequence of sequence of sequence of Fraction
        In each code of the domain the levels of each, ascending.
    domain : str or None
        Whose codes have levels of their own.
    condition : str
    unit : {"persons", "households"}
    statistic : {"H", "M0", "poor"}
    """

    measure: Measure
    cutoff: Cutoff
    costs: Costs
    closed: Sequence[str]
    grids: Sequence[Grid]
    domain: str | None
    condition: str
    unit: Unit
    statistic: PlanStatistic


def closed_by(measure: Measure, costs: Costs, indicators: Sequence[str] | None) -> list[str]:
    """The indicators that a plan may close."""
    priced = {name for _, name in costs.unit}
    closed = (
        [name for name in measure.names if name in priced] if indicators is None else list(dict.fromkeys(indicators))
    )
    faults = faults_of_measure([Action(kind="close", indicator=name) for name in closed], measure)
    if len(closed) > MOST_CLOSED or not closed:
        text = phrase("a plan chooses among 1 to {most} indicators, not {number}", most=MOST_CLOSED, number=len(closed))
        faults.append(Fault("MPI-E254", None, text, phrase("name some of them: indicators=[...]")))
    if faults:
        raise UsageError(*faults)
    return closed


def _share(value: object, what: str) -> Fraction:
    try:
        found = fraction(value) if isinstance(value, str) else Fraction(str(value))
    except ValueError:
        found = Fraction(-1)
    if not 0 <= found <= 1:
        text = phrase("{what}: a level is a share from 0 to 1", what=what)
        raise UsageError(Fault("MPI-E254", None, text, phrase("write 1/2 or 50%")))
    return found


def grids_of(
    closed: Sequence[str], bounds: Bounds, steps: int, domain: str | None, codes: Sequence[str]
) -> list[list[list[Fraction]]]:
    """The levels of each indicator in each code of the domain, ascending.

    Raises
    ------
    UsageError
    """
    if not 1 <= steps <= MOST_STEPS:
        text = phrase("levels are in 1 to {most:,} steps, not {number}", most=MOST_STEPS, number=steps)
        raise UsageError(Fault("MPI-E254", None, text, phrase("write 4 for quarters, 1 for all or nothing")))
    if not isinstance(bounds, Mapping) or not all(isinstance(name, str) for name in bounds):
        text = phrase("bounds are a mapping of indicators to levels")
        raise UsageError(Fault("MPI-E254", None, text, phrase('write {{"water": "1/2"}}')))
    faults = []
    for name, given in bounds.items():
        if name not in closed:
            text = phrase("a bound of {name!r}, which the plan does not close", name=name)
            remedy = nearest(name, closed) or phrase("there are {names}", names=listed(closed))
            faults.append(Fault("MPI-E254", None, text, remedy))
        if isinstance(given, Mapping):
            faults += _of_codes(name, given, domain, codes)
    if faults:
        raise UsageError(*faults)
    return [[_levels(name, _bound(bounds.get(name, 1), code), steps) for name in closed] for code in codes]


def _of_codes(name: str, given: Mapping[str, Bound], domain: str | None, codes: Sequence[str]) -> list[Fault]:
    """What is wrong with the codes that a bound is given by."""
    if domain is None:
        text = phrase("{name}: bounds by code, and the plan has levels for everybody", name=name)
        return [Fault("MPI-E254", None, text, phrase("name the domain that levels are by, or give one bound"))]
    faults = []
    for code in given:
        if code not in codes:
            text = phrase("{name}: {domain} has no code {code!r}", name=name, domain=domain, code=code)
            near = nearest(str(code), codes) or phrase("there are {names}", names=listed(codes, 20))
            faults.append(Fault("MPI-E254", None, text, near))
    return faults


def _bound(given: Bound | Mapping[str, Bound], code: str) -> Bound:
    """The bound in a code of the domain; all levels where the bounds name other codes alone."""
    return given.get(code, 1) if isinstance(given, Mapping) else given


def _levels(name: str, given: Bound, steps: int) -> list[Fraction]:
    """The multiples of 1 / steps within a bound, and its ends, ascending."""
    pair = given if isinstance(given, tuple | list) and len(given) == PAIR else (0, given)
    first, last = (_share(one, name) for one in pair)
    if first > last:
        text = phrase("{name}: the lowest level is above the highest", name=name)
        raise UsageError(Fault("MPI-E254", None, text, phrase("write the lowest first")))
    return sorted({first, last, *(s for i in range(steps + 1) if first <= (s := Fraction(i, steps)) <= last)})


def check_question(asked: Question, profile: DeprivationProfile, *, budget: float | None, target: Share | None) -> None:
    """Refuse what contradicts itself, the measure or the profile."""
    check_unit(profile, asked.measure, asked.unit)
    check_unit(profile, asked.measure, "households")  # whose lifting is paid
    faults = []
    if (budget is None) == (target is None):
        text = phrase("a plan has either a budget or a target")
        faults.append(Fault("MPI-E254", None, text, phrase("give one of them")))
    if target is not None and asked.statistic != "poor" and target_of(target) > 1 + ROUNDING:
        text = phrase("a target of {statistic} above 1", statistic=asked.statistic)
        faults.append(Fault("MPI-E254", None, text, phrase("write a proportion, such as 8% or 0.08")))
    if budget is not None and not 0 <= budget < float("inf"):
        text = phrase("a budget that is not a number of 0 or more")
        remedy = phrase("write what may be spent, in the currency of the costs")
        faults.append(Fault("MPI-E254", None, text, remedy))
    if asked.statistic not in PLAN_STATISTICS:
        text = phrase("a plan has no target of {name!r}", name=asked.statistic)
        remedy = phrase("write one of {names}", names=", ".join(PLAN_STATISTICS))
        faults.append(Fault("MPI-E254", None, text, remedy))
    if asked.domain is not None and profile.domains[profile.domain(asked.domain)].level == "person":
        text = phrase("{name!r} differs between the members of a household", name=asked.domain)
        faults.append(Fault("MPI-E254", None, text, phrase("choose levels by a domain of households")))
    looked = Action(kind="close", indicator=asked.measure.names[0], condition=asked.condition)
    faults += faults_of_measure([looked], asked.measure)
    if faults:
        raise UsageError(*faults)


def target_of(target: Share) -> float:
    """A target as a number."""
    try:
        found = float(fraction(target)) if isinstance(target, str) else float(target)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        text = phrase("a target that is not a number of 0 or more")
        raise UsageError(Fault("MPI-E254", None, text, phrase("write 1/10 or 10%")))
    return found


def rows_for(profile: DeprivationProfile, domain: str | None) -> Asked:
    """The distinct patterns of each code of a domain."""
    if domain is None:
        return rows_by(profile, np.zeros(len(profile.cells), np.int64), np.ones((1, 1), np.bool_))
    place = profile.domain(domain)
    region = profile.cells.domains[:, place]
    return rows_by(profile, region, np.ones((1, max(1, len(profile.domains[place].labels))), np.bool_))


def groups_of(asked: Question, rows: Asked) -> tuple[list[Group], NDArray[np.float64]]:
    """The units of each domain, and the households deprived in each indicator that may be lifted, by domain."""
    measure, closed, unit = asked.measure, asked.closed, asked.unit
    cells, which, words = rows.profile.cells, rows.distinct.which, rows.distinct
    number = len(measure.names)
    deprived, known = counted_flags(measure, bits(words.pattern, number), ~bits(words.unknown, number))
    reached = holds(asked.condition, measure, asked.cutoff, words.pattern, words.unknown).true
    included = scores(measure, words.pattern, words.unknown).included
    weight = np.bincount(which, cells.person_weight if unit == "persons" else cells.household_weight, len(reached))
    size = int(rows.region.max(initial=0)) + 1
    price, households = np.zeros((size, len(closed))), np.zeros((size, len(closed)))
    for i, name in enumerate(closed):
        j = measure.names.index(name)
        can = (deprived[:, j] & known[:, j] & reached)[which] & (cells.household_weight > 0)
        unit_cost = asked.costs.of_cells(rows.profile, name, needed=can)
        lifted = cells.household_weight * can
        price[:, i] = np.bincount(rows.region[which], lifted * unit_cost, size)
        households[:, i] = np.bincount(rows.region[which], lifted, size)
    found = []
    for g in range(size):
        own = rows.region == g
        found.append(
            Group(
                pattern=words.pattern[own],
                unknown=words.unknown[own],
                weight=weight[own] * included[own],
                reached=reached[own],
                price=price[g],
                levels=[np.array([float(one) for one in levels]) for levels in asked.grids[g]],
            )
        )
    return found, households
