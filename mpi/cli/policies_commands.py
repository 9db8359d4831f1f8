"""Commands on programmes: what figures would be if deprivations changed. Accounting, not impact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.options import (
    adjust_option,
    by_option,
    check_output,
    cutoff_option,
    data_option,
    df_of,
    df_option,
    format_option,
    give,
    level_option,
    measure_argument,
    memory_option,
    output_option,
    overwrite_option,
    profile_of,
    replicates_option,
    rules_option,
    seed_option,
    source_argument,
    statistics_option,
    strict_option,
    threads_option,
    unit_option,
    variance_option,
)
from mpi.cli.saying import tell
from mpi.cli.words import command, option
from mpi.vocabulary.options import PLAN_STATES

if TYPE_CHECKING:
    from mpi.vocabulary.options import Adjust, FigureFormat

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
@measure_argument
@source_argument
@data_option
@action_option
@state_option
@option("--draw", type=int, help="Seed of one draw, whose figures are given; the exact expectation if left out.")
@threads_option
@memory_option
@by_option
@cutoff_option
@statistics_option
@unit_option
@level_option
@df_option
@variance_option
@replicates_option
@seed_option
@adjust_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def what_if(
    *,
    measure: str,
    source: str,
    data: Path | None,
    actions: tuple[str, ...],
    by: tuple[str, ...],
    cutoffs: tuple[str, ...],
    level: float,
    df: str,
    statistics: tuple[str, ...],
    adjust: Adjust | None,
    threads: int | None,
    memory: str | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    **options: Any,
) -> int:
    """Figures before and after deprivations are closed, reduced or raised, and their change: accounting, not impact."""
    from mpi.config import load_measure
    from mpi.policies.asking import actions_of, domains_of
    from mpi.policies.what_if import what_if as changed
    from mpi.tables.figures_screen import derived_as_text

    check_output(output, form)
    freedom = df_of(df)
    plan = actions_of(actions)
    loaded = load_measure(measure)
    made = profile_of(
        source,
        data,
        loaded,
        [*by, *domains_of(plan)],
        output=output,
        overwrite=overwrite,
        rules=options["reliability"],
        threads=threads,
        memory=memory,
    )
    correction = adjust or "none"
    options |= {"by": list(by), "k": list(cutoffs) or None, "level": level, "df": freedom, "adjust": correction}
    figures = changed(made, loaded, plan, statistics=statistics or ("H", "A", "M0", "poor"), **options)
    give(
        figures, lambda: derived_as_text(figures, level, correction), output, form, name="what_if", overwrite=overwrite
    )
    return tell(figures.notices, strict)
