"""The command on places: what is offered in each area against the poor who are deprived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.options import (
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
    rules_option,
    source_argument,
    strict_option,
    threads_option,
    unit_option,
    variance_option,
)
from mpi.cli.saying import tell
from mpi.cli.words import argument, command, option
from mpi.vocabulary.options import DEMANDS

if TYPE_CHECKING:
    from mpi.vocabulary.options import FigureFormat


@command()
@measure_argument
@source_argument
@argument(
    "table", type=click.Path(path_type=Path), help="Table with a code and a number of places in each row (.csv, "
    ".parquet, .xlsx)."
)  # fmt: skip
@data_option
@threads_option
@memory_option
@option("--by", required=True, help="Domain of the areas.")
@option("--indicator", required=True, metavar="NAME", help="Indicator in which they are deprived.")
@option("--code", default="", metavar="COLUMN", help="Column of the codes; that of the domain's name, or the first.")
@option("--places", default="", metavar="COLUMN", help="Column of the places; the only other one if left out.")
@option(
    "--demand", type=click.Choice(DEMANDS), default="poor_and_deprived", show_default=True, help="Who needs a place."
)
@cutoff_option
@unit_option
@level_option
@df_option
@variance_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def supply(
    *,
    measure: str,
    source: str,
    table: Path,
    data: Path | None,
    by: str,
    cutoffs: tuple[str, ...],
    level: float,
    df: str,
    threads: int | None,
    memory: str | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    **options: Any,
) -> int:
    """Compare places offered with the poor who are deprived, by area, with the error of demand."""
    from mpi.config import load_measure
    from mpi.supplying import as_text, one_cutoff, supply_demand

    check_output(output, form)
    freedom = df_of(df)
    loaded = load_measure(measure)
    k = one_cutoff(cutoffs)
    made = profile_of(
        source,
        data,
        loaded,
        [by],
        output=output,
        overwrite=overwrite,
        rules=options["reliability"],
        threads=threads,
        memory=memory,
    )
    found = supply_demand(made, loaded, table, by=by, k=k, level=level, df=freedom, **options)
    give(found, lambda: as_text(found, level), output, form, name="supply", overwrite=overwrite)
    return tell(found.notices, strict)
