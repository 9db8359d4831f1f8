"""Plans of a study: what would be closed, reduced or raised, in which order, at what cost; or which is the cheapest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.errors import Place
from mpi.specs.actions import Action
from mpi.vocabulary.options import PlanOrders, PlanState, PlanStatistic, Titles

Level = tuple[Fraction, Fraction]  # the lowest and the highest
MOST_STEPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Aimed:
    """What a cheapest plan is asked for, as `mpi.cheapest_plan` has it.

    Attributes
    ----------
    budget : float or None
    target : Fraction or None
        One of both.
    statistic : {"H", "M0", "poor"}
    levels_by : str
        The domain whose codes have levels of their own; empty: one level for all.
    indicators : tuple of str
        Those that may be closed; empty: those that have a cost.
    condition : str
    bounds : mapping of str to (Fraction, Fraction), or to a mapping of codes of `levels_by` to these
    steps : int
    """

    budget: float | None = None
    target: Fraction | None = None
    statistic: PlanStatistic = "H"
    levels_by: str = ""
    indicators: tuple[str, ...] = ()
    condition: str = ""
    bounds: Mapping[str, Level | Mapping[str, Level]] = field(default_factory=dict)
    steps: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSpec:
    """A plan of a study.

    Attributes
    ----------
    name : str
    title : mapping of str to str
    actions : tuple of Action
        In their order; none of a plan that is looked for.
    aimed : Aimed or None
        What is looked for; None where the actions are given.
    by : tuple of tuple of str
        Domains and crossings, all of them in the study's tables; none: of all units alone.
    state, orders
        As `mpi.what_if` and `mpi.plan_parts` have them.
    costs : mapping of str to float
        Of lifting one household, by indicator.
    cost_table : str
        A table of costs below the folder of the data, instead; empty: none.
    currency : mapping of str to str
        What costs are counted in.
    source : mapping of str to str
        Where the costs come from.
    place : Place or None
        Where it is written.
    """

    name: str
    title: Titles
    actions: tuple[Action, ...] = ()
    aimed: Aimed | None = None
    by: tuple[tuple[str, ...], ...] = ()
    state: PlanState = "before"
    orders: PlanOrders = "plan"
    costs: Mapping[str, float] = field(default_factory=dict)
    cost_table: str = ""
    currency: Titles = field(default_factory=dict)
    source: Titles = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)

    @property
    def priced(self) -> bool:
        """Whether it has costs."""
        return bool(self.costs or self.cost_table)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that its actions name, or whose codes have levels of their own."""
        own = [name for one in self.actions for name, _ in one.where]
        if self.aimed is not None and self.aimed.levels_by:
            own.append(self.aimed.levels_by)
        return tuple(dict.fromkeys(own))
