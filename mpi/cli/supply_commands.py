"""The command on places: what is offered in each area against the poor who are deprived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mpi.cli.asked import OUTPUT, Asked, asking
from mpi.cli.options import (
    cutoff_option,
    data_option,
    df_option,
    level_option,
    measure_argument,
    memory_option,
    rules_option,
    source_argument,
    threads_option,
    unit_option,
    variance_option,
)
from mpi.cli.words import argument, command, option
from mpi.vocabulary.options import DEMANDS


@command()
@asking(
    measure_argument,
    source_argument,
    argument(
        "table",
        type=click.Path(path_type=Path),
        help="Table with a code and a number of places in each row (.csv, .parquet, .xlsx).",
    ),
    data_option,
    threads_option,
    memory_option,
    option("--by", required=True, help="Domain of the areas."),
    option("--indicator", required=True, metavar="NAME", help="Indicator in which they are deprived."),
    option(
        "--code", default="", metavar="COLUMN", help="Column of the codes; that of the domain's name, or the first."
    ),
    option("--places", default="", metavar="COLUMN", help="Column of the places; the only other one if left out."),
    option(
        "--demand",
        type=click.Choice(DEMANDS),
        default="poor_and_deprived",
        show_default=True,
        help="Who needs a place.",
    ),
    cutoff_option,
    unit_option,
    level_option,
    df_option,
    variance_option,
    rules_option,
    *OUTPUT,
)
def supply(asked: Asked, *, table: Path, **options: Any) -> int:
    """Compare places offered with the poor who are deprived, by area, with the error of demand."""
    from mpi.policies.supplying import one_cutoff, supply_demand
    from mpi.tables.supply_screen import supply_as_text

    how = asked.how | {"k": one_cutoff(asked.how["k"] or ())}
    found = supply_demand(asked.profile(), asked.measure, table, **how, **options)
    return asked.give(found, lambda: supply_as_text(found, asked.level), "supply")
