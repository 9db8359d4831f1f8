"""Commands on programmes: what figures would be if deprivations changed. Accounting, not impact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.asked import OUTPUT, PRECISION, Asked, asking
from mpi.cli.options import (
    adjust_option,
    by_option,
    cutoff_option,
    data_option,
    measure_argument,
    memory_option,
    rules_option,
    source_argument,
    statistics_option,
    threads_option,
    unit_option,
)
from mpi.cli.words import command, option
from mpi.errors import Fault, UsageError, listed
from mpi.language import phrase
from mpi.vocabulary.options import PLAN_ORDERS, PLAN_STATES, PLAN_STATISTICS

if TYPE_CHECKING:
    from mpi.estimates.derived import Derived
    from mpi.policies.questions import Bound, Bounds
    from mpi.profile import DeprivationProfile
    from mpi.specs.actions import Action
    from mpi.specs.measure import Measure
    from mpi.vocabulary.options import Adjust

action_option = option(
    "--action",
    "actions",
    multiple=True,
    required=True,
    metavar="SENTENCE",
    help="'close water', 'reduce water by 1/2 in zone=1,2 if poor', 'raise work by 10%'; repeatable, in their order.",
)
state_option = option(
    "--state",
    type=click.Choice(PLAN_STATES),
    default="before",
    show_default=True,
    help="What conditions look at: the data before the plan, or what the actions before have made of them.",
)


@command("what-if")
@asking(
    measure_argument,
    source_argument,
    data_option,
    action_option,
    state_option,
    option("--parts", is_flag=True, help="What each action does to H, M0 and the number of poor: parts that add up."),
    option(
        "--orders",
        type=click.Choice(PLAN_ORDERS),
        help="With --parts: of actions in the plan's order, or in all orders.",
    ),
    option(
        "--costs", type=click.Path(path_type=Path), help="Table of unit costs: households lifted, and what that costs."
    ),
    option("--draw", type=int, help="Seed of one draw, whose figures are given; the exact expectation if left out."),
    threads_option,
    memory_option,
    by_option,
    cutoff_option,
    statistics_option,
    unit_option,
    *PRECISION,
    adjust_option,
    rules_option,
    *OUTPUT,
)
def what_if(asked: Asked, *, actions: tuple[str, ...], costs: Path | None, **options: Any) -> int:
    """Figures before and after deprivations are closed, reduced or raised, and their change: accounting, not impact."""
    from mpi.policies.asking import actions_of, domains_of
    from mpi.tables.figures_screen import derived_as_text

    plan, adjust = actions_of(actions), asked.adjust or "none"
    make = _table_of({**options, "costs": costs, "reliability": asked.how["reliability"]})
    areas = _area_of(costs, asked.measure) if costs is not None else ()
    made = asked.profile([*domains_of(plan), *areas])
    figures, name = make(made, asked.measure, plan, adjust, {**asked.how, "state": options["state"]})
    return asked.give(figures, lambda: derived_as_text(figures, asked.level, adjust), name)


Made = tuple["Derived", str]
Maker = Callable[["DeprivationProfile", "Measure", "Sequence[Action]", "Adjust", Mapping[str, Any]], Made]


def _table_of(options: Mapping[str, Any]) -> Maker:
    """What is to be made: figures, parts, or costs; options of the others are refused."""
    wanted = [name for name in ("parts", "costs") if options[name]]
    lone = {"parts": ("orders",), "": ("draw", "statistics", "reliability")}
    given = [name for kind, names in lone.items() if kind != "".join(wanted) for name in names if options[name]]
    if len(wanted) > 1 or given:
        names = [f"--{name}" for name in (*wanted, *given)]
        text = (
            phrase("{names} do not go together", names=listed(names))
            if len(names) > 1
            else phrase("{name} belongs to another table", name=names[0])
        )
        raise UsageError(Fault("MPI-U111", None, text, phrase("ask for figures, --parts or --costs, each by itself")))

    def figures(
        profile: DeprivationProfile, measure: Measure, plan: Sequence[Action], adjust: Adjust, how: Mapping[str, Any]
    ) -> Made:
        if not wanted:
            from mpi.policies.what_if import what_if as changed

            statistics = options["statistics"] or ("H", "A", "M0", "poor")
            return changed(
                profile, measure, plan, statistics=statistics, draw=options["draw"], adjust=adjust, **how
            ), "what_if"
        own = {name: value for name, value in how.items() if name != "reliability"}
        if options["parts"]:
            from mpi.policies.parts import plan_parts

            return plan_parts(profile, measure, plan, orders=options["orders"] or "plan", adjust=adjust, **own), "parts"
        from mpi.policies.costs import plan_costs

        del own["unit"]  # households are lifted
        return plan_costs(profile, measure, plan, options["costs"], **own), "costs"

    return figures


def _area_of(costs: Path, measure: Measure) -> list[str]:
    """The domain whose codes a table of costs holds: its column that is neither a cost nor an indicator."""
    from mpi.policies.costs import COST, INDICATOR
    from mpi.source.small_tables import small_table

    table = small_table(costs, phrase("the table of costs"))
    return [name for name in table.columns if name not in (COST, INDICATOR, *measure.names)][:1]


@command()
@asking(
    measure_argument,
    source_argument,
    data_option,
    option(
        "--costs",
        required=True,
        type=click.Path(path_type=Path),
        help="Table of the costs of lifting a household, by area.",
    ),
    option("--budget", type=float, help="The most that may be spent: the statistic falls as far as it can."),
    option("--target", help="What the statistic shall be at most, as 8%: at the least cost."),
    option(
        "--statistic",
        type=click.Choice(PLAN_STATISTICS),
        default="H",
        show_default=True,
        help="Statistic of the target.",
    ),
    option("--by", "domain", help="Domain whose codes have levels of their own."),
    option(
        "--indicator", "indicators", multiple=True, help="Indicator that may be closed; all with a cost if left out."
    ),
    option("--if", "condition", default="", help="Whom the plan may reach: 'poor', 'water and not poor'."),
    option(
        "--bound",
        "bounds",
        multiple=True,
        metavar="NAME[:CODE]=LEVEL",
        help="Highest level: water=1/2; or lowest..highest; of a code of --by: water:rural=1/2.",
    ),
    option("--steps", type=int, default=4, show_default=True, help="Levels are multiples of 1 / STEPS."),
    option("--k", "k", help="Cutoff: 1/3, 33%, '4 of 15'; the measure's first if left out."),
    unit_option,
    threads_option,
    memory_option,
    *OUTPUT,
)
def plan(
    asked: Asked,
    *,
    costs: Path,
    bounds: tuple[str, ...],
    indicators: tuple[str, ...],
    domain: str | None,
    **options: Any,
) -> int:
    """The levels of closing that reach a target at the least cost, or do most for a budget: accounting, not impact."""
    from mpi.policies.cheapest import cheapest_plan
    from mpi.tables.plans_screen import plan_as_text

    options |= {"bounds": _bounds_of(bounds), "indicators": list(indicators) or None, "domain": domain, **asked.how}
    made = asked.profile([*([domain] if domain else []), *_area_of(costs, asked.measure)])
    found = cheapest_plan(made, asked.measure, costs, **options)
    return asked.give(found, lambda: plan_as_text(found), "plan")


def _bounds_of(texts: Sequence[str]) -> Bounds:
    """Bounds as they are written on the command line."""
    whole: dict[str, Bound] = {}
    by_code: dict[str, dict[str, Bound]] = {}
    for one in texts:
        target, equals, value = one.rpartition("=")
        name, colon, code = target.partition(":")
        if not name or not equals or not value or (colon and not code):
            text = phrase("the bound {text!r} names no indicator with its level", text=one)
            remedy = phrase("write --bound water=1/2, or water=1/4..1/2; for a code of --by water:rural=1/2")
            raise UsageError(Fault("MPI-E254", None, text, remedy))
        low, dots, high = value.partition("..")
        own: dict[str, Bound] = by_code.setdefault(name, {}) if colon else whole
        key, level = code if colon else name, (low, high) if dots else value
        if own.setdefault(key, level) != level or (name in whole and name in by_code):
            text = phrase("a second bound of {name} for the same units", name=name)
            raise UsageError(Fault("MPI-E254", None, text, phrase("keep one")))
    return {**whole, **by_code}
