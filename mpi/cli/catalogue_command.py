"""The command that shows which measures come with the program."""

from __future__ import annotations

import json

import click

from mpi.cli.saying import say_result
from mpi.cli.words import command, language, option
from mpi.errors import printable
from mpi.vocabulary.options import MEASURE_KINDS, STATUSES_OF_MEASURES


@command()
@option("--country", help="Only those of a country: its three letters of ISO 3166-1, such as COL.")
@option("--status", type=click.Choice(STATUSES_OF_MEASURES), help="Only those of this status.")
@option("--kind", type=click.Choice(MEASURE_KINDS), help="Only those of this kind.")
@option("--json", "as_json", is_flag=True, help="The catalogue as a JSON array, with sources and notes.")
def measures(*, country: str | None, status: str | None, kind: str | None, as_json: bool) -> None:
    """Show the measures that come with the program, and which of them are official.

    Give a name to `mpi check` for its rules, and to the other commands as MEASURE.
    """
    from mpi.config.cataloguing import entries

    found = entries(country=country, status=status, kind=kind, language=language())
    if as_json:
        say_result(json.dumps(found, ensure_ascii=False, indent=1))
        return
    from mpi.tables.screen import render

    columns = ("measure", "status", "country", "years", "identification", "dimensions", "indicators", "k")
    body = [[str(row[name]) or "-" for name in columns] for row in found]
    say_result(printable(render(columns, body, text_columns=len(columns))))
