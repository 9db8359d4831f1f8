"""Commands for who begins with files of their own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mpi.cli.options import LOCATION, messages_option, overwrite_option
from mpi.cli.saying import say, say_result, tell
from mpi.cli.words import argument, command, language, option, said
from mpi.errors import Fault, UsageError, nearest, printable
from mpi.language import phrase
from mpi.vocabulary.options import MESSAGE_FORMATS, STARTED, TAKEN, Taken


@command()
@argument("file", type=LOCATION, help="File of data, or a folder of files of one table.")
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
    type=LOCATION,
    multiple=True,
    help="With a survey: file of data whose columns are offered; repeatable.",
)
@option(
    "--from",
    "table",
    type=click.Path(path_type=Path),
    help="With a measure: spreadsheet of indicators, weights and cutoffs (.xlsx, .ods, .csv).",
)
@option("--sheet", help="With --from: the sheet with the indicators.")
@option(
    "--heading",
    "headings",
    multiple=True,
    help="With --from: FIELD=HEADING, what is in a column of another heading, such as words=Condition; repeatable.",
)
@option(
    "--weights",
    type=click.Choice(TAKEN),
    default="ask",
    help="With --from: weights that look rounded are refused (ask), taken as the fractions that the message names, or "
    "as they are written.",
)
@option("-o", "--output", type=click.Path(path_type=Path), help="File to write; NAME.yaml if left out.")
@messages_option
def init(
    *,
    kind: str,
    name: str,
    measure: str | None,
    survey: str | None,
    files: tuple[Path, ...],
    table: Path | None,
    sheet: str | None,
    headings: tuple[str, ...],
    weights: Taken,
    output: Path | None,
) -> None:
    """Write a commented YAML file of a measure, survey or study to begin with; never over another file.

    A measure can be checked as it is, and changed; or it is taken from a spreadsheet. In a survey and a study, FILL_IN
    stands for what you must write.
    """
    from mpi.starting.skeletons import Table, write

    if table is None and (sheet is not None or headings or weights != "ask"):
        text = phrase("--sheet, --heading and --weights belong to --from")
        raise UsageError(Fault("MPI-U231", None, text, phrase("add --from with the spreadsheet, or leave them out")))
    given = None if table is None else Table(table, sheet, _mapped(headings), weights)
    path = write(kind, name, output, measure=measure, survey=survey, data=files, table=given, language=language())
    say(said(phrase("{file}: now write what its comments say, then run `mpi check`", file=str(path))))


def _mapped(headings: tuple[str, ...]) -> dict[str, str]:
    """Fields by their headings."""
    from mpi.starting.headings import COLUMNS

    found = {}
    for given in headings:
        field, sign, heading = given.partition("=")
        if not sign or not heading or field not in COLUMNS:
            remedy = nearest(field, COLUMNS) or phrase("write one of: {options}", options=", ".join(COLUMNS))
            text = phrase("--heading is FIELD=HEADING, not {value!r}", value=given[:40])
            raise UsageError(Fault("MPI-U231", None, text, remedy))
        found[heading] = field
    return found


@command()
@argument("measure", help="YAML file or name of a measure.")
@option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write; ends in .xlsx.")
@overwrite_option
@messages_option
def export(*, measure: str, output: Path, overwrite: bool) -> None:
    """Write a measure as a workbook for people to read and sign: indicators, weights, rules, cutoffs, legal basis.

    `mpi init measure NAME --from` reads it back.
    """
    from mpi.config import load_measure
    from mpi.starting.signing import write_sheets

    write_sheets(load_measure(measure), output, language(), overwrite=overwrite)
    say(said(str(output)))
