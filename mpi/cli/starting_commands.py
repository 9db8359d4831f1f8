"""Commands for who begins with files of their own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mpi.cli.saying import say_result, tell
from mpi.cli.words import argument, command, language, option
from mpi.errors import printable
from mpi.vocabulary.options import MESSAGE_FORMATS


@command()
@argument("file", type=click.Path(path_type=Path), help="File of data, or a folder of files of one table.")
@option("--sheet", help="Sheet of a spreadsheet.")
@option("--member", help="Name or pattern of a member of an archive.")
@option(
    "--format",
    "form",
    type=click.Choice(MESSAGE_FORMATS),
    help="json: the description as one object on stdout, messages as objects on stderr.",
)
def describe(*, file: Path, sheet: str | None, member: str | None, form: str | None) -> None:
    """Show what a file of data holds: columns, labels, codes, missing values, candidates for keys and design.

    Shows no value that could be one person's: no keys, no rare codes, no texts of many values.
    """
    from mpi.starting.describing import describe as described

    found = described(file, sheet=sheet, member=member)
    if form == "json":
        say_result(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        from mpi.starting.telling import as_text

        say_result(printable(as_text(found, language())))
    tell(found.notices)
