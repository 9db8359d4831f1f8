"""Options of commands that judge the same units by a second measure."""

from __future__ import annotations

import click

from mpi.cli.words import option
from mpi.vocabulary.options import INCLUSIONS

with_option = option(
    "--with",
    "others",
    multiple=True,
    metavar="MEASURE",
    help="Second measure that judges the same units, for agreement and destitution; repeatable.",
)
inclusion_option = option(
    "--inclusion",
    type=click.Choice(INCLUSIONS),
    default="refuse",
    show_default=True,
    help="Destitute who are not poor: refuse them, or report them and go on.",
)
