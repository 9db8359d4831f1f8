"""A plan in words: its actions, what figures would be, what it costs, and that it is accounting, not impact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mpi.claims.basis import Basis
from mpi.claims.numbers import (
    Number,
    between_change,
    count_of,
    in_brackets,
    interval_name,
    name_of,
    not_shown,
    percent,
    signed,
    with_interval,
)
from mpi.claims.targets import value_text
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, joined, phrase, template
from mpi.specs.actions import Action
from mpi.vocabulary.options import PlanKind

KINDS: Mapping[PlanKind, str] = {
    "close": template("nobody deprived in “{indicator}”"),
    "reduce": template("{share} of the deprived in “{indicator}” lifted out of it"),
    "raise": template("{share} of those not deprived in “{indicator}” fall into it"),
}
FEWER: Mapping[bool, str] = {
    True: template("That is {count} fewer in poverty."),
    False: template("That is {count} more in poverty."),
}
BEST: Mapping[str, str] = {
    "target": template("No plan of these levels reaches the target at a lower cost."),
    "budget": template("No plan of these levels does more for this budget."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanClaim:
    """What is told of a plan for all units.

    Attributes
    ----------
    basis : Basis
    before, after, change : Figure
        Of H.
    poor : Figure
        Change of the number of poor.
    lifted, cost : Figure or None
        None where the plan has no costs.
    currency : str
    statistic : str
        That is aimed at; empty where the actions were given.
    target, budget : float or None
    needless : bool
        The target was met before.
    exact : bool or None
        Whether it is proved to be the best; None where nothing was looked for, or what was found is hidden.
    bound, reached : float or None
        The cost, or the statistic, that no plan is better than; that of the plan.
    """

    basis: Basis
    before: Figure
    after: Figure
    change: Figure
    poor: Figure
    lifted: Figure | None = None
    cost: Figure | None = None
    currency: str = ""
    statistic: str = ""
    target: float | None = None
    budget: float | None = None
    needless: bool = False
    exact: bool | None = None
    bound: float | None = None
    reached: float | None = None


def action_text(action: Action, indicator: str, places: Sequence[str]) -> Phrase:
    """An action in words: what changes, where, for whom.

    Parameters
    ----------
    action : Action
    indicator : str
        Its title.
    places : sequence of str
        Names of its groups.
    """
    share = percent(float(action.share), 0 if float(action.share * 100).is_integer() else 1)
    parts = [phrase(KINDS[action.kind], indicator=indicator, share=share)]
    if places:
        parts.append(phrase("in {places}", context="action", places=", ".join(places)))
    if action.condition:
        told = (
            phrase("among the poor", context="action")
            if action.condition.strip().lower() == "poor"
            else phrase("where {condition}", context="action", condition=action.condition)
        )
        parts.append(told)
    return joined(parts, ", ")


def plan_text(claim: PlanClaim) -> Phrase:
    """What a plan does to the figures of all units, and what it costs, in sentences."""
    told = [*_aimed(claim), _effect(claim), *_fewer(claim), *_paid(claim)]
    return joined(told, " ")


def accounting_text() -> Phrase:
    """How every figure of a plan is to be read."""
    return phrase(
        "This is accounting, not impact: what the figures would be if these deprivations changed and nothing else did. "
        "Nothing is known of whether a programme works, who takes part, or what follows from it."
    )


def effect_text(claim: PlanClaim) -> Phrase:
    """What a plan does to H, in a few words: from, to, change."""
    if claim.change.value is None or claim.after.value is None:
        return not_shown(phrase("the effect of the plan"), claim.change)
    before, after = percent(claim.before.value), percent(claim.after.value)
    return phrase("H from {before} to {after}, {change}", before=before, after=after,
                  change=signed("H", claim.change.value))  # fmt: skip


def plan_finding(title: str, change: float, number: int) -> Phrase:
    """Which of some plans lowers H most."""
    size = signed("H", change)
    if number == 1:
        return phrase("“{title}”: {size} in poverty", title=title, size=size)
    return phrase("Of these plans, “{title}” lowers poverty most: {size}", title=title, size=size)


def _effect(claim: PlanClaim) -> Phrase:
    level = claim.basis.level
    if claim.before.value is None or claim.after.value is None or claim.change.value is None:
        return phrase("{clause}.", clause=not_shown(phrase("The effect of the plan"), claim.change))
    ends = joined([])
    if claim.change.low is not None and claim.change.high is not None:
        interval = between_change(claim.change.low, claim.change.high, "H")
        ends = in_brackets(phrase("{name}: {interval}", name=interval_name(level), interval=interval))
    return phrase(
        "If that happened and nothing else changed, {statistic} would go from {before} to {after}: {change}{ends}.",
        statistic=name_of("H"),
        before=with_interval("H", claim.before, level),
        after=with_interval("H", claim.after, level),
        change=signed("H", claim.change.value),
        ends=ends,
    )


def _fewer(claim: PlanClaim) -> list[Phrase]:
    size = claim.poor.value
    if not size:
        return []
    count = count_of(abs(size), claim.basis.unit, exact=claim.basis.census)
    return [phrase(FEWER[size < 0], count=count)]


def _paid(claim: PlanClaim) -> list[Phrase]:
    if claim.cost is None or claim.lifted is None:
        return []
    if claim.cost.value is None or claim.lifted.value is None:
        return [phrase("{clause}.", clause=not_shown(phrase("The cost"), claim.cost))]
    cost = with_interval("poor", claim.cost, claim.basis.level)
    return [
        phrase(
            "Cost, in {currency}: {cost}, for households lifted out of a deprivation, each counted once for each "
            "action: {lifted}.",
            currency=claim.currency,
            cost=cost,
            lifted=Number(claim.lifted.value),
        )
    ]


def _aimed(claim: PlanClaim) -> list[Phrase]:
    """What was looked for, and how good what was found is."""
    if not claim.statistic:
        return []
    if claim.target is not None:
        goal = phrase("The cheapest plan for {statistic} at most {value}.", statistic=claim.statistic,
                      value=value_text(claim.statistic, claim.target))  # fmt: skip
    else:
        goal = phrase("The plan that brings {statistic} down most for a budget of {budget} ({currency}).",
                      statistic=claim.statistic, budget=Number(claim.budget), currency=claim.currency)  # fmt: skip
    if claim.needless:
        return [goal, phrase("The target is met before: nothing is needed.")]
    if claim.exact is None:
        return [goal]
    kind = "target" if claim.target is not None else "budget"
    if claim.exact:
        return [goal, phrase(BEST[kind])]
    if kind == "target":
        ends = Number(claim.bound), Number(claim.reached)
        return [goal, phrase("The least cost lies between {low} and {high}.", low=ends[0], high=ends[1])]
    low, high = (value_text(claim.statistic, one or 0.0) for one in (claim.bound, claim.reached))
    return [goal, phrase("The best that can be done lies between {low} and {high}.", low=low, high=high)]
