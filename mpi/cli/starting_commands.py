"""Commands for who begins with files of their own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mpi.cli.options import messages_option
from mpi.cli.saying import say, say_result, tell
from mpi.cli.words import argument, command, language, option, said
from mpi.errors import printable
from mpi.language import phrase
from mpi.vocabulary.options import MESSAGE_FORMATS, STARTED


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


@command()
@argument("kind", type=click.Choice(STARTED), help="Kind of file.")
@argument("name", help="Name of the measure, survey or study: letters, digits and underscores.")
@option("--measure", help="File or name of the measure; of a survey its variables are taken.")
@option("--survey", help="With a study: file or name of the survey.")
@option(
    "--data",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="With a survey: file of data whose columns are offered; repeatable.",
)
@option("-o", "--output", type=click.Path(path_type=Path), help="File to write; NAME.yaml if left out.")
@messages_option
def init(
    *, kind: str, name: str, measure: str | None, survey: str | None, files: tuple[Path, ...], output: Path | None
) -> None:
    """Write a commented YAML file of a measure, survey or study to begin with; never over another file.

    A measure can be checked as it is, and changed. In a survey and a study, FILL_IN stands for what you must write.
    """
    from mpi.starting.skeletons import write

    path = write(kind, name, output, measure=measure, survey=survey, data=files, language=language())
    say(said(phrase("{file}: now write what its comments say, then run `mpi check`", file=str(path))))
