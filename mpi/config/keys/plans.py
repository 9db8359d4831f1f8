"""The keys of the plans of a study."""

from __future__ import annotations

from mpi.config.keys.shapes import AnyOf, Identifier, ListOf, MapOf, Number, OneOf, Text, Titles, Whole, key, keys
from mpi.language import template
from mpi.specs.plans import MOST_STEPS
from mpi.vocabulary.options import PLAN_ORDERS, PLAN_STATES, PLAN_STATISTICS

LEVEL = Number(least=0, most=1)
BOUND = (LEVEL, ListOf(LEVEL, least=2))
PLAN = keys("plan", template("a plan: deprivations that would be closed, reduced or raised, and what that costs"), (
    key("plan", Identifier(), template("its name"), required=True),
    key("title", Titles(), template("its title, as one text or by language; default: its name")),
    key("actions", ListOf(Text(), least=1), template(
        "sentences in their order: `close water in zone=rural`, `reduce water by 1/2 if poor`, `raise work by 10%`"
    ), examples=(["close water"],)),
    key("target", Number(least=0), template(
        "of the cheapest plan: what the statistic shall be at most, such as `8%`; at the least cost"
    ), examples=("8%",)),
    key("budget", Number(least=0), template(
        "of the plan that does most for its money: what may be spent, in the currency of the costs"
    )),
    key("statistic", OneOf(PLAN_STATISTICS), template("of `target` or `budget`: `H` (default), `M0` or `poor`")),
    key("levels_by", Text(), template(
        "of `target` or `budget`: the domain whose codes have levels of their own; default: one level for all"
    )),
    key("indicators", ListOf(Text(), least=1), template(
        "of `target` or `budget`: those that may be closed; default: all that have a cost"
    )),
    key("if", Text(), template("of `target` or `budget`: whom the plan may reach, such as `poor`")),
    key("bounds", MapOf(AnyOf((*BOUND, MapOf(AnyOf(BOUND), least=1))), least=1), template(
        "of `target` or `budget`: by indicator the highest level, or the lowest and the highest: "
        "`{{water: 1/2, floor: [1/4, 1]}}`; or by code of `levels_by`: `{{water: {{rural: 1/2}}}}`"
    )),
    key("steps", Whole(1, MOST_STEPS), template(
        "of `target` or `budget`: levels are multiples of 1/steps; default: 4"
    )),
    key("by", ListOf(Text()), template("domains or crossings, all of them in `by` of the study"), examples=(["zona"],)),
    key("state", OneOf(PLAN_STATES), template(
        "what conditions look at: the data `before` the plan (default), or what actions have made of it `so_far`"
    )),
    key("orders", OneOf(PLAN_ORDERS), template(
        "for the parts: of actions in the order of the `plan` (default), or in `all` orders"
    )),
    key("costs", AnyOf((Text(), MapOf(Number(least=0), least=1))), template(
        "the cost of lifting one household, by indicator: `{{water: 900}}`; or a table of such costs by area below the "
        "data folder, `costs.csv`"
    )),
    key("currency", Titles(), template("what costs are counted in, by language; needed with `costs`")),
    key("source", Titles(), template("where the costs come from, by language")),
), one_of=("actions", "target", "budget"))  # fmt: skip
