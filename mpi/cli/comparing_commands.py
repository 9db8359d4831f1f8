"""The command that holds figures against figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mpi.cli.options import check_output, format_option, give, output_option, overwrite_option
from mpi.cli.saying import STRICT
from mpi.cli.words import argument, command, option, said
from mpi.errors import Fault, UsageError
from mpi.language import phrase

if TYPE_CHECKING:
    from mpi.vocabulary.options import FigureFormat


@command()
@argument(
    "results",
    type=click.Path(path_type=Path),
    help="Folder of `mpi run`, results.parquet, total.csv, estimates as CSV, or any table with --results-map.",
)
@argument(
    "published",
    required=False,
    type=click.Path(path_type=Path),
    help="Published table: CSV, Parquet or .xlsx; or the name of one that ships, such as colombia_ipm.",
)
@option("--map", "mapping", type=click.Path(path_type=Path), help="File that says how the published table is read.")
@option("--results-map", type=click.Path(path_type=Path), help="The same for RESULTS, if they are not of this program.")
@option("--self", "alone", is_flag=True, help="Look for contradictions within RESULTS instead.")
@output_option
@format_option
@overwrite_option
@option(
    "--strict", is_flag=True, help="Exit with 3 if a figure differs, is missing in RESULTS, or contradicts another."
)
def compare(
    *,
    results: Path,
    published: Path | None,
    mapping: Path | None,
    results_map: Path | None,
    alone: bool,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
) -> int:
    """Compare RESULTS with a PUBLISHED table at its rounding, or RESULTS with themselves (--self)."""
    if alone == (published is not None):
        text = phrase("compare takes either a PUBLISHED table or --self")
        raise UsageError(Fault("MPI-U198", None, text, phrase("name a published table, or write --self without one")))
    from mpi.comparing import compare as compared
    from mpi.comparing.screen import as_phrase
    from mpi.estimates import Tidy

    check_output(output, form)
    found = compared(results, published, mapping=mapping, results_mapping=results_map)
    rows = Tidy(found.table, (), ())
    give(rows, lambda: said(as_phrase(found)), output, form, name="comparison", overwrite=overwrite)
    return STRICT if strict and not found.clean else 0
